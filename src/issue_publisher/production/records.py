"""What is remembered of an issue between runs: hashes of files not touched since, and why its build failed.

It saves time and says why; nothing is built, kept or left because of it alone. A file counts as untouched
when it has the size, the inode and both times that it had when it was hashed. The time of status (ctime) is
the kernel's: no program sets it back with the others. What this cannot see, a disk that forgets, `verify`
sees, which reads everything.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.outputs import replace_file

FOLDER = ".regenerate"  # in dist/
FORMAT = 1

Stamp = tuple[int, int, int, int]
Hashes = dict[str, tuple[Stamp, str]]  # by path: its stamp when it was hashed, and its sha256


@dataclass(frozen=True, slots=True)
class Head:
    """What a list says of an issue: from its XML, of which `sha256` this is."""

    sha256: str
    issue: str
    date: str
    paper: str
    pages: int
    layout: str


@dataclass(frozen=True, slots=True)
class Failure:
    """The last build failed."""

    why: tuple[str, ...]
    of: str  # what it was built from: a later look sees whether that has changed


@dataclass
class Remembered:
    """Of one issue; `hashes` grows while files are looked at."""

    head: Head | None = None
    failure: Failure | None = None
    hashes: Hashes = field(default_factory=dict)

    def sha256(self, path: Path, *, within: str) -> str:
        """The sha256 of a file, read only if it was touched since. Raises OSError.

        `within`: before its name, to tell files of source and outputs apart.
        """
        name, stamp = f"{within}/{path.name}", stamp_of(path)
        if (known := self.hashes.get(name)) and known[0] == stamp:
            return known[1]
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if stamp_of(path) == stamp:
            self.hashes[name] = stamp, found
        return found

    def know(self, path: Path, sha256: str, *, within: str) -> None:
        """Note what was just written."""
        with suppress(OSError):
            self.hashes[f"{within}/{path.name}"] = stamp_of(path), sha256


def stamp_of(path: Path) -> Stamp:
    """Changes whenever a file is written, replaced, or given other times."""
    status = path.stat()
    return status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def _place(dist: Path, issue: str) -> Path:
    return dist / FOLDER / "issues" / f"{issue}.json"


def recall(dist: Path, issue: str) -> Remembered:
    """What is remembered of an issue, named by its path below the folder of all; it may be nothing."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        told: Any = json.loads(_place(dist, issue).read_bytes())
        if told["format"] == FORMAT:
            return Remembered(
                Head(**told["head"]) if told["head"] else None,
                Failure(tuple(told["failure"]["why"]), told["failure"]["of"]) if told["failure"] else None,
                {str(name): (_stamp(stamp), str(sha256)) for name, (stamp, sha256) in told["hashes"].items()},
            )
    return Remembered()


def _stamp(told: Any) -> Stamp:
    size, inode, written, changed = map(int, told)
    return size, inode, written, changed


def remember(dist: Path, issue: str, what: Remembered) -> None:
    """Keep it, if the disk lets us: without it the next look takes longer."""
    data = {
        "format": FORMAT,
        "head": asdict(what.head) if what.head else None,
        "failure": asdict(what.failure) if what.failure else None,
        "hashes": dict(sorted(what.hashes.items())),
    }
    path = _place(dist, issue)
    with suppress(EnvironmentFault, OSError):
        if dist.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, json.dumps(data, ensure_ascii=False, indent=1).encode())


def contents(folder: Path, remembered: Remembered, within: str) -> str:
    """Tells whether a source is as it was: a sha256 of all its files; hidden ones are nobody's."""
    found = hashlib.sha256()
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(place).relative_to(folder).as_posix()
        for name in sorted(name for name in names if not name.startswith(".")):
            with suppress(OSError):
                where = within if below == "." else f"{within}/{below}"
                sha256 = remembered.sha256(Path(place, name), within=where)
                found.update(f"{below}/{name} {sha256}\n".encode(errors="surrogateescape"))
    return found.hexdigest()
