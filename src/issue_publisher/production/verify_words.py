"""Whether every word of an issue's XML is in its PDFs and its e-book, as extractors by others read them."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lxml import etree

from issue_publisher.archive.epub_text import read_epub
from issue_publisher.archive.passages import Said, bare, said_by
from issue_publisher.archive.pdfium import UnreadableError, read_pdf
from issue_publisher.archive.record import Entry
from issue_publisher.archive.witness import Evidence, Loss, Reading, witness
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.preflight.container import UnreadableBookError
from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.production.aside import Aside, can_fork
from issue_publisher.production.check import Ran
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import ISSUE_FILE, shown
from issue_publisher.production.verify_files import (
    Held,
    error,
    items_with_less,
    note,
    read_bytes,
    warning,
    words_of_layout,
)

_SECONDS = 120  # that a tool may take
_MOST_TEXT = 256 << 20  # bytes that a tool may give
_MOST_ADDED = 10  # places with words of nobody's that are named
_MOST_LOSSES = 30  # passages of one file that are named
# Other people's programs that read PDFs, with how each is asked for the words in the order of painting.
_TOOLS: dict[str, tuple[str, ...]] = {
    "pdftotext": ("-raw", "-q", "-enc", "UTF-8", "{file}", "-"),
    "mutool": ("draw", "-q", "-F", "text", "{file}"),
}
_PACKAGES = {"pdftotext": "poppler-utils", "mutool": "mupdf-tools"}
_SVG_TEXT = "{http://www.w3.org/2000/svg}text"


@dataclass(frozen=True)
class Words:
    """What was found of the words."""

    findings: tuple[Finding, ...]
    passages: int  # that the XML has
    files: tuple[str, ...]  # roles of the files that were read
    tools: tuple[Ran, ...]
    left_out: bool  # print does without something optional


def words_found(issue: Held, source: Path) -> Words:
    """Hold the words of the XML against PDFs and e-book, each read in a process of its own."""
    found = _xml(issue, source)
    if found is None:
        hint = f"neither the archive PDF nor {shown(source)} has the {ISSUE_FILE} that the manifest names"
        return Words(
            (error(issue.file("manifest.json"), "the words cannot be checked", hint),), 0, (), (), False
        )
    xml, file = found
    try:
        said = said_by(xml, file)
    except SourceErrors as fault:
        return Words(
            tuple(error(one.file, one.message, one.hint, one.line) for one in fault), 0, (), (), False
        )
    tools = {name: path for name in _TOOLS if (path := shutil.which(name))}
    entries = [entry for role in ("press", "archive", "epub") if (entry := issue.record.of(role))]
    entries = [entry for entry in entries if _is_own(issue, entry.name)]
    lettering = (*_lettering(issue, source), *words_of_layout(issue, source))
    tasks = [partial(_alone, issue, entry.role, entry.name, said, tools, lettering) for entry in entries]
    results = _each(issue, entries, tasks)
    less = items_with_less(issue)
    findings = [one for result in results for one in result.findings(file, less)]
    missing = [
        Ran(name, f"it is not installed (Debian: apt-get install {_PACKAGES[name]})", needed=False)
        for name in _TOOLS
        if name not in tools
    ]
    return Words(
        tuple(findings),
        len(said.passages),
        tuple(entry.role for entry in entries),
        (Ran("pdfium"), *map(Ran, tools), *missing),
        any(account.left_out for result in results for account in result.accounts),
    )


def _each(issue: Held, entries: Sequence[Entry], tasks: Sequence[Callable[[], _Result]]) -> list[_Result]:
    """What each task gives, in a process of its own: a reader that a damaged file breaks is a finding."""
    if not can_fork():
        return [task() for task in tasks]
    found = []
    with ExitStack() as stack:
        running = [stack.enter_context(Aside(lambda _, task=task: task())) for task in tasks]  # type: ignore[misc]
        for entry, one in zip(entries, running, strict=True):
            try:
                found.append(one.result(lambda _: None))
            except EnvironmentFault as fault:
                file = issue.file(entry.name)
                found.append(
                    _Result(file, (), (error(file, f"its words could not be read: {fault}", _DAMAGED),))
                )
    return found


def _is_own(issue: Held, name: str) -> bool:
    """Whether a file is there, in the folder itself."""
    path = issue.folder / name
    return path.is_file() and path.resolve().is_relative_to(issue.folder.resolve())


def _xml(issue: Held, source: Path) -> tuple[bytes, str] | None:
    """The XML that the manifest names, from the source or else the archive PDF, and what it is called."""
    wanted = next(one.sha256 for one in issue.record.inputs_of("issue"))
    place = source / ISSUE_FILE
    beside = read_bytes(place) if place.is_file() else None
    if beside is not None and hashlib.sha256(beside).hexdigest() == wanted:
        return beside, shown(place)
    enclosed = issue.enclosed.get(ISSUE_FILE)
    archive = issue.record.of("archive")
    if archive is not None and enclosed is not None and hashlib.sha256(enclosed).hexdigest() == wanted:
        return enclosed, f"{issue.file(archive.name)}!/{ISSUE_FILE}"
    return None


def _lettering(issue: Held, source: Path) -> tuple[str, ...]:
    """Words that drawings bring with them: no text of the issue."""
    found: list[str] = []
    for entry in issue.record.inputs_of("picture"):
        if not entry.name.lower().endswith(".svg"):
            continue
        place = source / entry.name
        data = issue.enclosed.get(entry.name) or (read_bytes(place) if place.is_file() else b"")
        try:
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            continue
        for text in root.iter(_SVG_TEXT):
            found += ["".join(text.itertext()), *(part for part in text.itertext() if part.strip())]
    return tuple(dict.fromkeys(found))


# --------------------------------------------------------------------------- one file


@dataclass(frozen=True)
class _Result:
    """What every extractor that ran says of one file; or why the file cannot be read."""

    file: str
    accounts: tuple[Evidence, ...] = ()
    trouble: tuple[Finding, ...] = ()

    def findings(self, xml: str, less: frozenset[str] | None) -> Iterator[Finding]:
        yield from self.trouble
        accounts = [_optional(one, less) for one in self.accounts]
        losses = list(self._losses(accounts, xml))
        losses.sort(key=lambda one: one.severity is not Severity.ERROR)
        yield from losses[:_MOST_LOSSES]
        if more := losses[_MOST_LOSSES:]:
            worst = error if any(one.severity is Severity.ERROR for one in more) else warning
            yield worst(self.file, f"and {len(more)} more passages are not there as they were written")
        yield from _told(
            self.file, xml, [(one.tool, one.moved) for one in accounts], Severity.ERROR,
            "{item}{kind} “{found}” stands before “{wanted}”, which it should follow",
        )  # fmt: skip
        yield from _told(
            self.file, xml, [(one.tool, one.left_out) for one in accounts], Severity.NOTE,
            "{item}{kind} “{wanted}” was left out, as the issue allows",
        )  # fmt: skip
        if accounts:
            for page, words in accounts[0].added[:_MOST_ADDED]:
                hint = "of a template of its own? then all is well"
                said = warning(self.file, f"“{words}”: words that the XML does not have", hint)
                yield replace(said, page=page, tool=accounts[0].tool)

    def _losses(self, accounts: Sequence[Evidence], xml: str) -> Iterator[Finding]:
        """An error where most of those who read the file miss a passage; a warning where fewer do."""
        missed: dict[tuple[str, int, str, str], list[tuple[str, Loss]]] = {}
        for one in accounts:
            for loss in one.losses:
                key = (loss.passage.item, loss.passage.line, loss.passage.kind, loss.passage.words)
                missed.setdefault(key, []).append((one.tool, loss))
        for told in missed.values():
            grave = 2 * len(told) > len(accounts)
            words = "{item}{kind} “{wanted}” is not there" + (", but “{found}”" if told[0][1].found else "")
            yield from _told(
                self.file, xml, [(tool, (loss,)) for tool, loss in told],
                Severity.ERROR if grave else Severity.WARNING, words,
            )  # fmt: skip


def _optional(account: Evidence, less: frozenset[str] | None) -> Evidence:
    """The same, with what was left out of pieces that the page plan has whole among the losses."""
    if less is None:
        return account
    lost = tuple(one for one in account.left_out if one.passage.item not in less)
    kept = tuple(one for one in account.left_out if one.passage.item in less)
    return replace(account, losses=(*account.losses, *lost), left_out=kept)


def _told(
    file: str,
    xml: str,
    told: Iterable[tuple[str, Iterable[Loss]]],
    severity: Severity,
    words: str,
) -> Iterator[Finding]:
    """One finding a passage, with the extractors that say so."""
    by_place: dict[tuple[int, str, str], tuple[Loss, list[str]]] = {}
    for tool, losses in told:
        for loss in losses:
            key = loss.passage.line, loss.passage.kind, loss.passage.words
            by_place.setdefault(key, (loss, []))[1].append(tool)
    for loss, tools in by_place.values():
        passage = loss.passage
        message = words.format(
            item=f"{passage.item}: " if passage.item else "",
            kind=passage.kind,
            wanted=loss.wanted,
            found=loss.found,
        )
        yield Finding(
            file, "", 0, severity, message, "", ", ".join(tools), f"{xml}:{passage.line}", page=loss.page
        )


def _alone(
    issue: Held, role: str, name: str, said: Said, tools: Mapping[str, str], lettering: Sequence[str]
) -> _Result:
    """One file read by all that can; a reader that fails on it is a finding, not the end of the check."""
    path, file = issue.folder / name, issue.file(name)
    data = read_bytes(path)
    try:
        readings = [read_epub(data, file) if role == "epub" else read_pdf(data)]
    except UnreadableError as fault:
        return _Result(file, (), (error(file, f"pdfium cannot read it: {fault}", _DAMAGED),))
    except UnreadableBookError as fault:
        said_of_it = fault.findings or (
            error(file, f"its documents cannot be read: {fault.__cause__ or fault}", _DAMAGED),
        )
        return _Result(file, (), said_of_it)
    trouble: list[Finding] = []
    if role != "epub":
        for tool, program in tools.items():
            text = _text_by(tool, program, path)
            if isinstance(text, str):
                readings.append(Reading(tool, tuple(text.split("\f"))))
            else:
                trouble.append(replace(text, file=file))
    is_print = role != "epub"
    accounts = [witness(said, one, is_print=is_print, lettering=lettering) for one in readings]
    trouble += _described(said, readings[0], file) if role != "press" else ()
    return _Result(file, tuple(accounts), tuple(trouble))


_DAMAGED = "put back a copy that is whole, or build the issue again"


def _text_by(tool: str, program: str, path: Path) -> str | Finding:
    """What a tool reads in a PDF, or what is to be said of it."""
    command = [program, *(part.format(file=path) for part in _TOOLS[tool])]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return note("", f"{tool} took more than {_SECONDS} s and was stopped")
    except OSError as fault:
        raise EnvironmentFault(f"{tool} cannot be started: {fault.strerror or fault}") from fault
    if done.returncode or len(done.stdout) > _MOST_TEXT:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return warning("", f"{tool} cannot read it: {lines[0] if lines else 'without a word'}", _DAMAGED)
    return done.stdout.decode("utf-8", "replace")


def _described(said: Said, reading: Reading, file: str) -> Iterator[Finding]:
    """Descriptions of pictures that those who hear the file would not get."""
    heard = bare(reading.descriptions)
    for one in said.descriptions:
        if one.words not in heard and not one.optional:
            words = one.words[:30] + ("…" if len(one.words) > 30 else "")
            found = error(file, f"{one.item}: the description “{words}” of a picture is not there")
            yield replace(found, tool=reading.tool)
