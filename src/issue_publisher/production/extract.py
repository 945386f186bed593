"""`issue-publisher extract`: the source of an issue out of its archive PDF, byte for byte."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from unicodedata import category

from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.production import manifest
from issue_publisher.production.enclosed import MADE
from issue_publisher.production.load import ISSUE_FILE, shown
from issue_publisher.production.working_folder import whole_folder
from issue_publisher.rendering.enclosures import SOURCE, Enclosure, EnclosureError, enclosures_of

_MOST_BYTES = 2_000_000_000  # of an archive PDF
_DRIVE = re.compile("[A-Za-z]:")
_OTHER_LAYOUT = re.compile(re.escape(MADE) + r"page-plan-(.+)\.toml")


@dataclass(frozen=True, slots=True)
class Extracted:
    """A source that was put back."""

    folder: Path
    files: tuple[Path, ...]  # below it
    issue_id: str
    layout: str | None  # that the pages were made with, if it is not the one that the issue asks for


def extract(archive: Path, folder: Path | None = None, *, made_plan: bool = False) -> Extracted:
    """Put the source enclosed in an archive PDF into a new folder, by default one with the issue's name.

    The files are those that came with the issue; with `made_plan` also the page plan that its pages were made
    up by, in the place of the issue's own. The folder is made whole or not at all. Raises SourceErrors when
    this is no archive PDF of ours or a damaged one, EnvironmentFault when the folder cannot be made.
    """
    name = shown(archive)
    try:
        found = {one.name: one for one in enclosures_of(_bytes(archive))}
        issue_id = _told(found)
        layout = next((other[1] for other in map(_OTHER_LAYOUT.fullmatch, found) if other), None)
        files = {one.name: one.data for one in found.values() if one.relationship == SOURCE}
        if made_plan:
            plans = (one for one in found.values() if one.name.startswith(MADE))
            files |= {one.name.removeprefix(MADE): one.data for one in plans}
        paths = {_path(file): data for file, data in files.items()}
        _no_file_is_a_folder(paths)
    except EnclosureError as fault:
        raise SourceErrors([SourceError(name, 0, fault.message, fault.hint, code="extract")]) from None
    target = folder if folder is not None else Path(issue_id)
    _put(paths, target)
    return Extracted(target, tuple(sorted(Path(path) for path in paths)), issue_id, layout)


def _bytes(archive: Path) -> bytes:
    try:
        if archive.stat().st_size > _MOST_BYTES:
            raise EnclosureError("too large for an archive PDF", f"at most {_MOST_BYTES // 1_000_000} MB")
        return archive.read_bytes()
    except OSError as error:
        raise EnclosureError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error


def _told(found: dict[str, Enclosure]) -> str:
    """The issue's id, as the enclosed manifest tells it; every picture that it names must be there."""
    hint = "extract takes an archive PDF that build has written: <issue>-archive.pdf"
    issue = found.get(ISSUE_FILE)
    if issue is None or issue.relationship != SOURCE or manifest.NAME not in found:
        raise EnclosureError(f"it encloses no {ISSUE_FILE} with its {manifest.NAME}", hint)
    try:
        told = json.loads(found[manifest.NAME].data)
        issue_id = str(told["issue"])
        names = [str(entry["name"]) for entry in told["inputs"] if entry["role"] == "picture"]
        pictures = {PurePosixPath(name).as_posix() for name in names}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EnclosureError(f"its {manifest.NAME} is not one of ours", hint) from None
    if missing := sorted(pictures - found.keys()):
        raise EnclosureError(
            f"it does not enclose {', '.join(missing)}",
            "it was built with [archive] originals = false; the pictures must come from elsewhere",
        )
    if len(_path(issue_id).parts) != 1:
        raise EnclosureError(f"its issue is called {issue_id!a}", hint)
    return issue_id


def _path(name: str) -> PurePosixPath:
    """A name as a path below the issue's folder; whatever leads out of it is refused."""
    parts = name.split("/")
    bad = any(part in ("", ".", "..") for part in parts) or name.startswith("~") or "\\" in name
    if bad or _DRIVE.match(name) or any(category(char) in ("Cc", "Cs") for char in name):
        raise EnclosureError(f"it encloses a file named {name!a}", "no such name is taken: it is not ours")
    return PurePosixPath(name)


def _no_file_is_a_folder(paths: dict[PurePosixPath, bytes]) -> None:
    for path in paths:
        for above in path.parents:
            if above in paths:
                raise EnclosureError(f"{above} is a file and a folder in it", "it is not as it was written")


def _put(paths: dict[PurePosixPath, bytes], target: Path) -> None:
    """Write all files into a folder of their own, then give it its name."""
    with whole_folder(target.absolute(), "--output names") as whole:
        for path, data in paths.items():
            place = whole.joinpath(*path.parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
