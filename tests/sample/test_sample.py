"""The sample issue: the face of the project. Built as the desk would, and looked at from outside."""

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from census import Census, take_census
from extracted import everything, sentences
from issue_publisher.archive.passages import bare, said_by
from issue_publisher.archive.pdfium import read_pdf
from issue_publisher.archive.witness import witness
from issue_publisher.issue.model import Advertisement, Article, Briefs, Figure, Issue, Text
from issue_publisher.issue.reader import read_issue
from issue_publisher.production.load import load
from issue_publisher.production.verify import verify_issue

ISSUE = "2026-11-23"
pytestmark = pytest.mark.xdist_group("sample")  # one worker builds it


@pytest.fixture(scope="session")
def sample(repository: Path) -> Issue:
    """The sample as read."""
    xml = repository / "source" / ISSUE / "issue.xml"
    return read_issue(xml.read_bytes(), str(xml))


@pytest.fixture(scope="session")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its outputs."""
    dist, temporary = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("temporary")
    command = [sys.executable, "-m", "issue_publisher", "build", f"source/{ISSUE}", "--output", str(dist)]
    where = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run(command, cwd=repository, env=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(temporary.iterdir()) == []  # nothing is left lying about
    return dist / ISSUE


@pytest.fixture(scope="session")
def census(repository: Path) -> Census:
    """What a compositor would count on its pages."""
    source = load(repository / "source" / ISSUE).source
    assert source is not None
    return take_census(source)


def test_is_a_whole_newspaper(sample: Issue) -> None:
    articles = list(sample.articles())
    characters = sum(len(re.sub(r"\s", "", text.plain)) for text in everything(sample, Text))
    assert len(sample.pages) == 4
    assert len(articles) >= 24
    assert characters >= 15_000
    assert len(list(everything(sample, Figure))) >= 14
    assert len(list(everything(sample, Advertisement))) == 2
    assert any(article.series for article in articles)
    assert any(article.editors_note for article in articles)
    assert any(isinstance(item, Briefs) for item in sample.pages[0].items)
    lead = sample.pages[0].items[0]
    assert isinstance(lead, Article)
    assert lead.kicker
    assert lead.decks


def test_every_picture_has_alternative_text_and_a_record(sample: Issue, repository: Path) -> None:
    record = (repository / "source" / ISSUE / "pictures" / "LICENCES.md").read_text(encoding="utf-8")
    for figure in everything(sample, Figure):
        assert figure.alt
        assert figure.caption
        assert Path(figure.src).name in record


def test_validates_without_a_warning(repository: Path) -> None:
    command = [sys.executable, "-m", "issue_publisher", "validate", f"source/{ISSUE}", "--strict", "--json"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_sentence_is_in_the_press_pdf(sample: Issue, built: Path) -> None:
    command = ["pdftotext", "-raw", str(built / f"{ISSUE}-press.pdf"), "-"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    printed = re.sub(r"\s", "", printed)
    assert [one for one in sentences(sample) if one not in printed] == []


def test_every_sentence_is_in_the_epub(sample: Issue, built: Path) -> None:
    with zipfile.ZipFile(built / f"{ISSUE}.epub") as book:
        pages = [book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml")]
    text = "".join(
        re.sub(r"<rt>.*?</rt>", "", re.sub(r"<head>.*?</head>", "", page, flags=re.S)) for page in pages
    )
    text = re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", text)))
    assert [one for one in sentences(sample) if one not in text] == []


def test_pages_are_broadsheet_and_fonts_are_embedded_subsets(built: Path) -> None:
    pdf = str(built / f"{ISSUE}-press.pdf")
    facts = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Pages:\s+4$", facts, re.M)
    width, depth = map(float, re.search(r"Page size:\s+([\d.]+) x ([\d.]+) pts", facts).groups())
    assert (width, depth) == pytest.approx((390 / 25.4 * 72, 545 / 25.4 * 72), abs=0.1)
    fonts = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(fonts) > 6
    assert all(re.search(r"\byes\s+yes\s+yes\b", line) for line in fonts[2:]), fonts
    subprocess.run(["qpdf", "--check", pdf], capture_output=True, check=True)


def test_press_pdf_passes_preflight_without_a_warning(built: Path) -> None:
    """Drawings too: their lettering is scaled with them, and only a preflight reads what size it comes to."""
    pdf = str(built / f"{ISSUE}-press.pdf")
    command = [sys.executable, "-m", "issue_publisher", "check", "--strict", pdf]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_manifest_names_every_output_and_input(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    text = json.dumps(manifest)
    for name in ("issue.xml", "page-plan.toml", "p1-rocket.jpg", f"{ISSUE}-press.pdf", f"{ISSUE}.epub"):
        assert name in text
    assert str(Path.cwd()) not in text


ZERO = {  # what a count's name begins with; each is taken as set, as painted, or by each extractor
    "begins with a closing mark": 2,
    "ends with an opening mark": 2,
    "—— or …… split": 2,
    "number parted from unit": 2,
    "last line of one character": 2,
    "full line off the edge": 2,
    "body baseline off the grid": 2,
    "leg begins with a paragraph's last line": 1,
    "leg ends with a crosshead": 1,
    "leg ends with a lone first line": 1,
    "line painted with other characters": 1,
    "line painted more than": 1,
    "sentence not verbatim": 3,
}


@pytest.mark.parametrize("name", ZERO)
def test_a_compositor_would_sign_its_pages(census: Census, name: str) -> None:
    counts = {full: counted.found for full, counted in census.zero.items() if full.startswith(name)}
    assert len(counts) == ZERO[name]
    assert not any(counts.values()), counts


def test_the_census_covers_every_line_and_count(census: Census) -> None:
    assert census.lines == sum(census.by_kind.values()) > 1_000
    assert census.natural + census.squeezed + census.stretched == census.full_lines > 500
    assert sum(census.stretch_histogram.values()) == census.full_lines
    assert sum(ZERO.values()) == len(census.zero)
    assert census.sentences > 500


def test_from_the_archive_pdf_alone_come_the_same_bytes_on_another_machine(
    built: Path, tmp_path: Path
) -> None:
    """`docs/reproducibility.md`: its source taken out and built elsewhere, with everything otherwise."""

    def otherwise() -> None:
        os.umask(0o077)
        os.sched_setaffinity(0, list(os.sched_getaffinity(0))[:1])

    home = tmp_path / "另一台 机器"
    home.mkdir()
    where = {**os.environ, "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "HOME": str(home)}
    where |= {"USER": "archivist", "SOURCE_DATE_EPOCH": "1", "COLUMNS": "40"}
    program = [sys.executable, "-m", "issue_publisher"]
    for command in (
        ["extract", str(built / f"{ISSUE}-archive.pdf"), "--output", str(home / ISSUE)],
        ["build", str(home / ISSUE), "--output", str(home / "dist")],
    ):
        done = subprocess.run(
            [*program, *command], cwd=home, env=where, preexec_fn=otherwise, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
    for name in (f"{ISSUE}-press.pdf", f"{ISSUE}-archive.pdf", f"{ISSUE}.epub", "page-plan.toml"):
        assert (home / "dist" / ISSUE / name).read_bytes() == (built / name).read_bytes(), name


def test_nothing_of_it_is_lost(built: Path, repository: Path) -> None:
    found = verify_issue(built, source=repository / "source")
    assert found.findings == ()
    assert (found.passages, found.read) == (457, ("press", "archive", "epub"))


def test_whatever_is_lost_of_it_is_named(built: Path, repository: Path) -> None:
    """Each of some passages taken out of what pdfium reads, and one character of it changed."""
    xml = repository / "source" / ISSUE / "issue.xml"
    said = said_by(xml.read_bytes(), str(xml))
    reading = read_pdf((built / f"{ISSUE}-press.pdf").read_bytes())
    pages = tuple(map(bare, reading.pages))
    for passage in said.passages[::16]:
        at = next(number for number, page in enumerate(pages) if passage.words in page)
        middle = len(passage.words) // 2
        for instead in ("", passage.words[:middle] + "囍" + passage.words[middle + 1 :]):
            page = pages[at].replace(passage.words, instead)
            spoiled = (*pages[:at], page, *pages[at + 1 :])
            lost = witness(said, replace(reading, pages=spoiled), is_print=True).losses
            assert passage in [loss.passage for loss in lost], passage
