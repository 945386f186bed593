"""The files of a built issue held against its manifest: outputs, enclosures, and today's inputs."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from issue_publisher.archive.record import (
    MOST_BYTES,
    Entry,
    NotARecordError,
    Record,
    read_record,
    unsafe_name,
)
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.source import parse_xml
from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.production import manifest
from issue_publisher.production.enclosed import MADE
from issue_publisher.production.faults import FAULTS, EnvironmentFault, findings_of
from issue_publisher.production.load import (
    ISSUE_FILE,
    fonts_folder,
    layout_files,
    named_layout,
    shown,
)
from issue_publisher.rendering.enclosures import SOURCE, EnclosureError, enclosures_of

MOST_FILE = 2 << 30  # bytes of an output
RESULT = "verification.json"
PICTURES = "verification"  # folder of pictures of pages that differ
# What is made beside the outputs, and is no output: the record of a check, proofs, a library's format.
_BESIDE = frozenset({manifest.NAME, RESULT, PICTURES, "report.json", "proof", "mets"})
_LAYOUT, _FONTS = "layout/", "fonts/"


@dataclass(frozen=True)
class Held:
    """An issue's folder whose manifest can be read, and what is known of it so far."""

    folder: Path
    record: Record
    digest: str  # sha256 of the manifest
    findings: tuple[Finding, ...] = ()
    enclosed: Mapping[str, bytes] = field(default_factory=dict, repr=False)  # the source, as it was

    def file(self, name: str) -> str:
        """A file of it, as the desk knows it."""
        return shown(self.folder / name)


def error(file: str, message: str, hint: str = "", line: int = 0) -> Finding:
    """What may not be."""
    return Finding(file, "", line, Severity.ERROR, message, hint)


def warning(file: str, message: str, hint: str = "", line: int = 0) -> Finding:
    """What is not as it was, and may be meant so."""
    return Finding(file, "", line, Severity.WARNING, message, hint)


def note(file: str, message: str, hint: str = "", line: int = 0) -> Finding:
    """What should be known."""
    return Finding(file, "", line, Severity.NOTE, message, hint)


# --------------------------------------------------------------------------- manifest and outputs


def held(folder: Path) -> Held | tuple[Finding, ...]:
    """The folder with its manifest, its outputs hashed; or what is wrong with the manifest."""
    path = folder / manifest.NAME
    if not path.exists():
        hint = "build writes it last; a folder without one was never finished"
        return (error(shown(path), "there is no such file", hint),)
    if outside := _outside(folder, manifest.NAME):
        return (outside,)
    data = read_bytes(path, MOST_BYTES + 1)
    try:
        record = read_record(data)
    except NotARecordError as fault:
        return tuple(error(shown(path), one.message, one.hint, one.line) for one in fault.faults)
    found = Held(folder, record, hashlib.sha256(data).hexdigest())
    return Held(folder, record, found.digest, (*_named(found), *_outputs(found), *_strays(found)))


def _named(issue: Held) -> Iterator[Finding]:
    if issue.record.issue != issue.folder.resolve().name:
        hint = f"build puts it into a folder called {issue.record.issue}"
        yield note(issue.file(manifest.NAME), f"it is the manifest of {issue.record.issue}", hint)
    if not issue.record.outputs:
        yield error(issue.file(manifest.NAME), "it names no output", "build the issue again")


def _outputs(issue: Held) -> Iterator[Finding]:
    """Every output that is not as it was written."""
    for entry in issue.record.outputs:
        file = issue.file(entry.name)
        if outside := _outside(issue.folder, entry.name):
            yield outside
        elif not (issue.folder / entry.name).is_file():
            yield error(file, "there is no such file, and the manifest names it", _BACK)
        elif said := _altered(issue.folder / entry.name, entry):
            yield error(file, said, _BACK)


_BACK = "put back a copy that is whole, or build the issue again"


def _altered(path: Path, entry: Entry) -> str:
    """How a file differs from what was written; nothing when it does not."""
    size, digest = measured(path)
    if size != entry.size:
        how = "cut short" if size < entry.size else "longer"
        return f"{how}: it has {size} bytes, and {entry.size} were written"
    return "" if digest == entry.sha256 else "altered: its sha256 is not the one that was written"


def measured(path: Path) -> tuple[int, str]:
    """Size and sha256 of a file, which is read piece by piece."""
    try:
        with path.open("rb") as file:
            return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise EnvironmentFault(f"{shown(path)}: cannot be read: {(fault.strerror or '').lower()}") from fault


def read_bytes(path: Path, most: int = MOST_FILE) -> bytes:
    """The bytes of a file, at most so many. Raises EnvironmentFault."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as fault:
        raise EnvironmentFault(f"{shown(path)}: cannot be read: {(fault.strerror or '').lower()}") from fault


def _outside(folder: Path, name: str) -> Finding | None:
    """What is said of a link that leads out of the folder."""
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        inside = False
    if inside:
        return None
    return error(shown(path), "a link that leads out of the folder", "put the file itself there")


def _strays(issue: Held) -> Iterator[Finding]:
    named = {entry.name.partition("/")[0] for entry in issue.record.outputs} | _BESIDE
    try:
        names = sorted(path.name for path in issue.folder.iterdir())
    except OSError as fault:
        raise EnvironmentFault(f"{shown(issue.folder)}: {(fault.strerror or '').lower()}") from fault
    for name in names:
        if name not in named:
            yield warning(
                issue.file(name), "no manifest names it", "build did not write it: keep it elsewhere"
            )


# --------------------------------------------------------------------------- the archive PDF's source


def with_enclosures(issue: Held) -> Held:
    """The same with the source that the archive PDF gives back, held against the manifest."""
    entry = issue.record.of("archive")
    if entry is None or not (issue.folder / entry.name).is_file() or _outside(issue.folder, entry.name):
        return issue
    file = issue.file(entry.name)
    try:
        found = {one.name: one for one in enclosures_of(read_bytes(issue.folder / entry.name))}
    except EnclosureError as fault:
        return _more(issue, [error(file, f"it does not give its source back: {fault.message}", fault.hint)])
    source = {name: one.data for name, one in found.items() if one.relationship == SOURCE}
    said = list(_given_back(issue, file, source))
    said += _plan_and_record(issue, file, {name: one.data for name, one in found.items()})
    return Held(issue.folder, issue.record, issue.digest, (*issue.findings, *said), source)


def _given_back(issue: Held, file: str, source: Mapping[str, bytes]) -> Iterator[Finding]:
    """Inputs that the archive PDF does not give back byte for byte, and what it holds besides."""
    wanted = {
        PurePosixPath(one.name).as_posix(): one
        for one in issue.record.inputs_of("issue", "picture", "page-plan")
    }
    pictures = [name for name, one in wanted.items() if one.role == "picture"]
    left_out = bool(pictures) and not any(name in source for name in pictures)
    if left_out:
        hint = "it was built with [archive] originals = false: keep the pictures elsewhere"
        yield note(file, f"it encloses none of {len(pictures)} pictures", hint)
    for name, entry in wanted.items():
        if name not in source:
            if not (left_out and name in pictures):
                yield error(file, f"it does not enclose {name}, which the manifest names", _NOT_ONE)
        elif hashlib.sha256(source[name]).hexdigest() != entry.sha256:
            yield error(file, f"it encloses another {name} than the manifest names", _NOT_ONE)
    for name in sorted(source.keys() - wanted.keys()):
        yield error(file, f"it encloses {name}, which the manifest does not name", _NOT_ONE)


_NOT_ONE = "manifest and archive PDF are not of one build: build the issue again"


def _plan_and_record(issue: Held, file: str, found: Mapping[str, bytes]) -> Iterator[Finding]:
    """What is enclosed beside the source: the plan of the pages, and the manifest of inputs."""
    plan = issue.record.of("page-plan")
    if plan is not None:
        data = found.get(MADE + plan.name)
        if data is None or hashlib.sha256(data).hexdigest() != plan.sha256:
            yield error(file, f"{plan.name} is not the page plan that it encloses", _NOT_ONE)
    try:
        enclosed = read_record(found.get(manifest.NAME, b""), has_outputs=False)
    except NotARecordError as fault:
        yield error(file, f"the {manifest.NAME} that it encloses: {fault}", _NOT_ONE)
        return
    for key in ("issue", "date", "layout", "layout_version", "inputs", "fonts", "programs"):
        if getattr(enclosed, key) != getattr(issue.record, key):
            message = f"{key.replace('_', ' ')}: not what the archive PDF encloses of it"
            yield error(issue.file(manifest.NAME), message, _NOT_ONE)


def _more(issue: Held, findings: Iterable[Finding]) -> Held:
    return Held(issue.folder, issue.record, issue.digest, (*issue.findings, *findings), issue.enclosed)


# --------------------------------------------------------------------------- the inputs of today


def source_place(issue: Held, given: Path | None) -> Path:
    """Where the issue's source lies or would lie: as `given`, or source/<id> beside dist/."""
    name = issue.record.issue
    if given is not None:
        return given if (given / ISSUE_FILE).is_file() or not (given / name).is_dir() else given / name
    above = list(issue.folder.resolve().parents)[:3]
    places = [place / "source" / name for place in above]
    return next(
        (place for place in places if (place / ISSUE_FILE).is_file()), places[1 if len(places) > 1 else 0]
    )


def inputs_of_today(issue: Held, source: Path, *, is_given: bool) -> Iterator[Finding]:
    """Which inputs are not what they were when the issue was built."""
    if source.is_dir():
        yield from _source(issue, source)
    elif is_given:
        raise EnvironmentFault(f"{shown(source)}: there is no such folder (--source names the issue's)")
    else:
        hint = "the archive PDF has it" if issue.enclosed else "--source names its folder"
        yield note(shown(source), "the source is not there, and was not looked at", hint)
    yield from _layout(issue, source)
    yield from _fonts(issue, source)
    yield from _programs(issue)


def _source(issue: Held, source: Path) -> Iterator[Finding]:
    hint = "build the issue again if it is meant so; else extract puts back what the archive PDF encloses"
    for entry in issue.record.inputs_of("issue", "picture", "page-plan"):
        path = source / entry.name
        if not path.is_file():
            yield error(shown(path), "there is no such file, and the issue was built from it", hint)
        elif outside := _outside(source, entry.name):
            yield outside
        elif said := _altered(path, entry):
            yield error(shown(path), f"not what the issue was built from; {said}", hint)
    made = issue.record.of("page-plan")
    if made is not None and not issue.record.inputs_of("page-plan"):
        path = source / made.name
        if path.is_file() and not unsafe_name(made.name):
            same = measured(path)[1] == made.sha256
            yield (note if same else warning)(
                shown(path),
                "a page plan has come since, " + ("the one of these pages" if same else "another one"),
                "a build takes it as an input: outputs of the same pages then enclose it",
            )


def layout_name(issue: Held) -> str:
    """The folder of the layout that the pages were made with."""
    if (plan := issue.record.of("page-plan")) is not None and not _outside(issue.folder, plan.name):
        try:
            told = tomllib.loads((issue.folder / plan.name).read_text("utf-8")).get("layout")
        except (OSError, ValueError):
            told = None
        if isinstance(told, str) and told:
            return told
    return _asked_for(issue.enclosed.get(ISSUE_FILE)) or issue.record.layout


def _asked_for(xml: bytes | None) -> str:
    if xml is None:
        return ""
    try:
        return parse_xml(xml, ISSUE_FILE, "urn:issue-publisher:issue")[0].attributes.get(
            "layout", "broadsheet"
        )
    except SourceErrors:
        return ""


def words_of_layout(issue: Held, source: Path) -> tuple[str, ...]:
    """What the layout itself prints into pages and book: the words in the empty places of lost pictures."""
    try:
        layout = named_layout(source, layout_name(issue), issue.file(manifest.NAME))
    except FAULTS:
        return ()
    return (layout.lost_picture.words,)


def _layout(issue: Held, source: Path) -> Iterator[Finding]:
    """One warning with the files of the layout that are not what they were."""
    name = layout_name(issue)
    try:
        layout = named_layout(source, name, issue.file(manifest.NAME))
        files = layout_files(layout)
    except FAULTS as fault:
        said = "; ".join(one.message for one in findings_of(fault))
        yield warning(issue.file(manifest.NAME), f"today's layout cannot be looked at: {said}")
        return
    was = {one.name: one.sha256 for one in issue.record.inputs_of("layout", "template")}
    now = {_LAYOUT + file: hashlib.sha256(data).hexdigest() for file, data in files.items()}
    if changed := changes(was, now):
        hint = "--rebuild says what comes of it"
        yield warning(shown(layout.folder), f"not what the issue was built with: {changed}", hint)


def _fonts(issue: Held, source: Path) -> Iterator[Finding]:
    folder = fonts_folder(source)
    was = {one.name: one.sha256 for one in issue.record.inputs_of("font")}
    now = {
        name: measured(path)[1]
        for name in was
        if (path := folder / name.removeprefix(_FONTS)).is_file() and not _outside(folder, path.name)
    }
    if changed := changes(was, now):
        hint = "--rebuild says what comes of it"
        yield warning(shown(folder), f"not what the issue was built with: {changed}", hint)


def _programs(issue: Held) -> Iterator[Finding]:
    if changed := program_changes(issue.record.programs, manifest.programs()):
        yield note(issue.file(manifest.NAME), f"built by {changed}", "--rebuild says what comes of it")


def changes(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What differs between two sets of files, by name."""
    parts = (
        ("changed", sorted(name for name in was.keys() & now.keys() if was[name] != now[name])),
        ("gone", sorted(was.keys() - now.keys())),
        ("new", sorted(now.keys() - was.keys())),
    )
    return "; ".join(f"{', '.join(names)} {word}" for word, names in parts if names)


def program_changes(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    """WeasyPrint 69.0 (today 70.0), …"""
    return ", ".join(
        f"{name} {was.get(name, 'none')} (today {now.get(name, 'none')})"
        for name in sorted(was.keys() | now.keys())
        if was.get(name, "none") != now.get(name, "none")
    )


def items_with_less(issue: Held) -> frozenset[str] | None:
    """Ids of the pieces that print does not have whole, as the page plan tells; None when there is none."""
    plan = issue.record.of("page-plan")
    if plan is None or _outside(issue.folder, plan.name):
        return None
    try:
        told = tomllib.loads((issue.folder / plan.name).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    pages = [page for page in told.values() if isinstance(page, dict)]
    return frozenset(
        item for page in pages for item, keys in page.items() if isinstance(keys, dict) and "left_out" in keys
    )


def earlier_result(issue: Held) -> dict[str, object] | None:
    """What an earlier check left in the folder, if it can be read."""
    path = issue.folder / RESULT
    if not path.is_file() or _outside(issue.folder, RESULT):
        return None
    try:
        told = json.loads(read_bytes(path, MOST_BYTES))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
