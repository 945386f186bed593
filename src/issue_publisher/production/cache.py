"""The cache: pictures, fonts cut down, drawings, covers of earlier builds, in a folder of the user's.

It is there to save time and for nothing else: the same bytes come out with it and without it. An entry is
found by all that it was made of and all that made it, and carries a sha256 of itself; one that is damaged,
or was laid there under another name, is thrown away and made anew. A folder that cannot be read or written
is a cache that is not there. Nothing in it is an input or an output, so no manifest names it.

`diskcache` is the library that there is for this. It keeps pickles in SQLite, so that a foreign entry may be
code that runs, and it does not look whether bytes are those that were put: the wrapper would be longer.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

MOST_BYTES = 500_000_000  # an issue like the sample takes 5 MB

_MARK = b"issue-publisher cache 1\n"
_SUM_BYTES = hashlib.sha256().digest_size
_ENTRY = re.compile(r"[0-9a-f]{64}")
_SHELF = re.compile(r"[0-9a-f]{2}")
_WAITING = ".waiting-"  # what an entry is called until it is whole
_LEFT_BEHIND_S = 3600.0  # after so long whoever wrote a waiting entry has ended


def user_folder() -> Path | None:
    """Where the XDG base directory specification wants a program's cache; None where there is no home."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if named and Path(named).is_absolute():
        return Path(named) / "issue-publisher"
    with suppress(RuntimeError):
        return Path.home() / ".cache" / "issue-publisher"
    return None


class Cache:
    """A folder of entries; fit for `pictures.Kept`, for several threads and for several processes at once.

    `folder`: None keeps nothing. `maker`: what makes the entries; those of another are not found.
    """

    def __init__(
        self, folder: Path | None, *, maker: str | None = None, most_bytes: int = MOST_BYTES
    ) -> None:
        self._folder = folder
        self._maker = maker
        self._most_bytes = most_bytes
        self._grew = False

    def get(self, key: str) -> bytes | None:
        """The bytes that were put; None when there are none, or not whole."""
        if self._folder is None:
            return None
        path = self._path(key)
        try:
            entry = path.read_bytes()
        except OSError:
            return None
        data = _data(path.name, entry)
        with suppress(OSError):
            if data is None:
                path.unlink()
            else:
                os.utime(path)  # the oldest go first
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes, if the disk lets us: written aside, and moved into place when they are whole."""
        if self._folder is None:
            return
        path = self._path(key)
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            number, waiting = tempfile.mkstemp(prefix=_WAITING, dir=path.parent)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(_entry(path.name, data))
                Path(waiting).replace(path)
                self._grew = True
            finally:
                Path(waiting).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Let the entries go that were not asked for the longest, until the rest is within bounds.

        Only if something was put; other files in the folder are left alone.
        """
        if self._folder is None or not self._grew:
            return
        self._grew = False
        found = sorted(_entries(self._folder), key=lambda one: (one[1].st_mtime_ns, one[0]))
        size = sum(status.st_size for _, status in found)
        now = time.time()
        for path, status in found:
            left_behind = path.name.startswith(_WAITING)
            if left_behind and now - status.st_mtime < _LEFT_BEHIND_S:
                continue
            if left_behind or size > self._most_bytes:
                with suppress(OSError):
                    path.unlink()
                    size -= status.st_size

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        name = hashlib.sha256(f"{self._maker or this_program()}\n{key}".encode()).hexdigest()
        return self._folder / name[:2] / name


NO_CACHE = Cache(None)


def _entry(name: str, data: bytes) -> bytes:
    return _MARK + _sum(name, data) + data


def _data(name: str, entry: bytes) -> bytes | None:
    """What an entry holds, if it is one and is whole."""
    start = len(_MARK) + _SUM_BYTES
    data = entry[start:]
    return data if entry[:start] == _MARK + _sum(name, data) else None


def _sum(name: str, data: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + data).digest()


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Our own files in the folder; others may come and go meanwhile."""
    with suppress(OSError):
        for shelf in folder.iterdir():
            if _SHELF.fullmatch(shelf.name) and not shelf.is_symlink():
                with suppress(OSError):
                    for path in shelf.iterdir():
                        if _ENTRY.fullmatch(path.name) or path.name.startswith(_WAITING):
                            with suppress(OSError):
                                yield path, path.lstat()


@cache
def this_program() -> str:
    """The versions of all that has a say in bytes, and our own code, whose changes are versions too."""
    from issue_publisher.production.manifest import programs

    return f"{sorted(programs().items())} {our_code()}"


@cache
def our_code() -> str:
    """The sha256 of this program's own code."""
    return _code_sum(resources.files("issue_publisher"))


def _code_sum(package: Traversable) -> str:
    """The sha256 of a package's modules, by their names and what is in them."""
    code = hashlib.sha256()
    for name, file in sorted(_code(package, ""), key=lambda one: one[0]):
        code.update(f"{name}\n".encode() + hashlib.sha256(file.read_bytes()).digest())
    return code.hexdigest()


def _code(folder: Traversable, below: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir() and each.name not in {"__pycache__", "starter", "_shipped"}:
            yield from _code(each, f"{below}{each.name}/")
        elif each.name.endswith((".py", ".j2")):
            yield f"{below}{each.name}", each
