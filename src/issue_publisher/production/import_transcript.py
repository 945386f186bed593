"""`issue-publisher import`: a transcript becomes a folder of source, with report and transcript.

The transcript is kept byte for byte beside the issue, and the report names its sha256: whoever doubts a word
can look it up in what was handed in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from issue_publisher import __version__
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Figure, Issue, Text
from issue_publisher.issue.reader import read_issue
from issue_publisher.issue.writer import write_issue
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import ISSUE_FILE, shown
from issue_publisher.production.outputs import Product, workshop
from issue_publisher.production.working_folder import whole_folder
from issue_publisher.transcript.audit import LossyImportError
from issue_publisher.transcript.decoding import MOST_BYTES
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.model import Doubt, Imported, ImportFinding
from issue_publisher.transcript.profile import GENERAL, Profile, read_profile
from issue_publisher.transcript.reader import read_transcript
from issue_publisher.transcript.report import Report, report_data, report_text
from issue_publisher.transcript.xml_lines import with_xml_lines

PROFILE_FILE = "transcript.toml"  # beside `source/`
REPORT_FILE = "import-report.json"
TRANSCRIPT_FOLDER = "transcript"
PROGRAM = f"issue-publisher {__version__}"
_MOST_PICTURE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class ImportedIssue:
    """What an import has put into a folder."""

    folder: Path
    files: tuple[Path, ...]  # below it
    replaced: tuple[Path, ...]  # those of them that were there before
    report: Report

    @property
    def xml(self) -> Path:
        """The issue's XML."""
        return self.folder / ISSUE_FILE


def import_transcript(
    given: Path,
    output: Path,
    *,
    profile: Path | None = None,
    fix: bool = False,
    issue_id: str | None = None,
    day: date | None = None,
    force: bool = False,
) -> ImportedIssue:
    """Make `output`/<id>/ out of a transcript: its XML, the report, the transcript and pictures beside it.

    The folder comes into its place whole or not at all, and never over an issue that is there, unless `force`
    says so. Raises SourceErrors when the transcript or the profile is at fault, EnvironmentFault when an
    issue is there already or nothing can be written.
    """
    name = shown(given)
    data = _bytes(given, MOST_BYTES, "a transcript")
    rules, rules_file = _profile(output, profile)
    transcript = read_transcript(data, name)
    try:
        made = import_issue(transcript, rules, fix=fix, issue_id=issue_id, date=day)
    except LossyImportError as fault:
        said = f"{name}: a fault of the program, which would have lost words: {fault} (nothing was written)"
        raise EnvironmentFault(said) from fault
    made, pictures = _with_pictures(made, given.parent)
    xml = _xml(made.issue, name)
    written = read_issue(xml, ISSUE_FILE)
    findings = (*transcript.findings, *made.findings)
    report = Report(
        transcript,
        sha256(data).hexdigest(),
        written,
        with_xml_lines(transcript, findings, made, xml.decode(), written),
        made.places,
        rules_file,
        made.audit,
    )
    products = (
        *(Product(src, "picture", picture) for src, picture in pictures.items()),
        Product(f"{TRANSCRIPT_FOLDER}/{given.name}", "transcript", data),
        Product(REPORT_FILE, "report", _as_json(report)),
        Product(ISSUE_FILE, "issue", xml),  # the last that comes: with it the folder is an issue
    )
    return _put(products, output, written.id, report, force=force)


def as_text(made: ImportedIssue, *, every: bool = True) -> str:
    """The report for people."""
    return report_text(made.report, made.report.transcript.name, shown(made.xml), every=every)


def as_data(made: ImportedIssue) -> dict[str, Any]:
    """The report for programs, with the folder that was made."""
    files = [file.as_posix() for file in made.files]
    return {
        "folder": str(made.folder),
        "files": files,
        "replaced": [file.as_posix() for file in made.replaced],
        **report_data(made.report, PROGRAM),
    }


def _xml(issue: Issue, name: str) -> bytes:
    """The XML of an issue; what the format does not allow is told of the transcript."""
    try:
        return write_issue(issue)
    except SourceErrors as faults:
        xml = f"{issue.id} as written"
        told = [
            replace(fault, file=name, line=0, message=f"{fault.message} (line {fault.line} of its XML)")
            for fault in faults
            if fault.file == xml
        ]
        raise SourceErrors(told or faults.errors) from faults
    except ValueError as fault:
        raise SourceErrors([SourceError(name, 0, str(fault), code="transcript")]) from fault


def _as_json(report: Report) -> bytes:
    data = report_data(report, PROGRAM)
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


# --------------------------------------------------------------------------- reading


def _bytes(path: Path, most: int, what: str) -> bytes:
    try:
        if path.is_dir():
            raise _one(shown(path), f"this is a folder, not {what}", "name its file")
        if path.stat().st_size > most:
            raise _one(shown(path), f"too large for {what}", f"at most {most // 1_000_000} MB")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _one(shown(path), "there is no such file", f"name {what}") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise _one(shown(path), f"cannot be read: {why}", "is it yours to read?") from error


def _one(file: str, message: str, hint: str) -> SourceErrors:
    return SourceErrors([SourceError(file, 0, message, hint, code="transcript")])


def _profile(output: Path, named: Path | None) -> tuple[Profile, str | None]:
    """The rules that were named, those that the paper keeps beside its `source/`, or the general ones."""
    path = named or output.absolute().parent / PROFILE_FILE
    if named is None and not path.is_file():
        return GENERAL, None
    return read_profile(_bytes(path, MOST_BYTES, "a profile"), shown(path)), shown(path)


# --------------------------------------------------------------------------- pictures

_Value = TypeVar("_Value")
_OURS = {ISSUE_FILE, REPORT_FILE, TRANSCRIPT_FOLDER}


def _with_pictures(made: Imported, beside: Path) -> tuple[Imported, dict[str, bytes]]:
    """The pictures that a transcript names and that lie beside it; the others are said to be missing."""
    pictures: dict[str, bytes] = {}
    found: list[ImportFinding] = []

    def looked_up(figure: Figure) -> Figure:
        if figure.missing:
            return figure
        data = _picture(beside, figure.src) if _lies_below(figure.src) else None
        if data is not None:
            pictures[figure.src] = data
            return figure
        message = f"{figure.src} does not lie beside the transcript: an empty place stands for it"
        found.append(
            ImportFinding(Doubt.NO_PICTURE, figure.line, message, 1.0, figure.src, figure.src, done=True)
        )
        return replace(figure, src=_place_of(figure.src), missing=True)

    issue = _with_figures(made.issue, looked_up)
    return replace(made, issue=issue, findings=(*made.findings, *found)), pictures


def _with_figures(value: _Value, change: Callable[[Figure], Figure]) -> _Value:
    """A value of the model with each figure in it changed."""
    if isinstance(value, Figure):
        return change(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_with_figures(each, change) for each in value)  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type | Text):
        return value
    inside = {each.name: getattr(value, each.name) for each in fields(value) if each.compare}
    changed = {name: _with_figures(each, change) for name, each in inside.items()}
    return replace(value, **{name: each for name, each in changed.items() if each is not inside[name]})


def _lies_below(src: str) -> bool:
    """Whether a picture's name is a path that stays below the issue's folder and takes no place of ours."""
    parts = src.split("/")
    return not (
        any(part in ("", ".", "..") or not part.isprintable() for part in parts)
        or any(mark in src for mark in ':\\?#"<>|*')
        or parts[0].startswith((".", "~"))
        or parts[0].lower() in _OURS
    )


def _place_of(src: str) -> str:
    """Where a lost picture would lie."""
    if _lies_below(src):
        return src
    name = re.sub(r"[^\w.-]+", "-", re.split(r"[/\\]", src)[-1]).strip(".-")
    return f"pictures/{name[-60:] or 'lost.jpg'}"


def _picture(beside: Path, src: str) -> bytes | None:
    path = beside / src
    try:
        if not path.resolve().is_relative_to(beside.resolve()) or path.stat().st_size > _MOST_PICTURE_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


# --------------------------------------------------------------------------- writing


def _put(
    products: Sequence[Product], output: Path, issue_id: str, report: Report, *, force: bool
) -> ImportedIssue:
    target = output / issue_id
    if (target / ISSUE_FILE).exists() and not force:
        raise EnvironmentFault(
            f"{shown(target)}: an issue is there already (--force replaces it, --output names another folder)"
        )
    files = tuple(sorted(Path(product.name) for product in products))
    replaced = tuple(file for file in files if (target / file).is_file())
    if target.exists():
        with workshop(output, issue_id) as shop:
            shop.put_in_place((*_beside(target, products), *products))
    else:
        with whole_folder(target.absolute(), "--output names") as whole:
            for product in products:
                place = whole / product.name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(product.data)
    return ImportedIssue(target, files, replaced, report)


def _beside(target: Path, products: Sequence[Product]) -> Iterator[Product]:
    """What stays in folders that change: earlier transcripts, pictures that were put there by hand."""
    ours = {product.name for product in products}
    for folder in sorted({name.partition("/")[0] for name in ours if "/" in name}):
        for path in sorted((target / folder).rglob("*")):
            name = path.relative_to(target).as_posix()
            if path.is_file() and name not in ours:
                yield Product(name, "kept", path.read_bytes())
