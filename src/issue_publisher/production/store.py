"""A folder in any store that fsspec knows: an object store, or a disk; named by its URL.

Few verbs: list, read, fetch, put. What is put is there whole or not at all where the store lets us: an object
comes into being with its last byte, a file is written aside and moved. All of fsspec is in this module.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from issue_publisher.archive.record import unsafe_name
from issue_publisher.production.faults import EnvironmentFault

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# What stores say of a file's content, and what they say of when it was written.
_SUMS = ("ETag", "etag", "md5Hash", "content_md5", "md5")
_TIMES = ("mtime", "created", "LastModified", "last_modified", "updated", "ino")

Marks = Mapping[str, str]  # of files, by path: a mark changes when the file does


def is_url(given: str | Path) -> bool:
    """Whether a folder is named by a URL."""
    return "://" in str(given)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder in a store. Everything raises EnvironmentFault, naming the place."""

    url: str

    def below(self, name: str) -> Store:
        """A folder in it."""
        return Store(f"{self.url.rstrip('/')}/{name}")

    def at(self, path: str) -> Store:
        """Another folder of the same store, by its whole path there."""
        return Store(str(self._system().unstrip_protocol(path)))

    @property
    def path(self) -> str:
        """Its whole path in the store."""
        return _opened(self.url, os.getpid())[1].rstrip("/")

    def files(self) -> dict[str, str]:
        """Every file at any depth with its mark, in the order of names; hidden ones too."""
        with self._told("cannot be listed"):
            self._system().invalidate_cache()
            found: Mapping[str, Mapping[str, Any]] = {}
            with suppress(FileNotFoundError, NotADirectoryError):
                found = self._system().find(self.path, detail=True)
        start = len(self.path) + 1
        names = {path[start:]: info for path, info in sorted(found.items()) if len(path) > start}
        if wrong := next(filter(unsafe_name, names), None):
            raise EnvironmentFault(f"{self.url}: a file is called {wrong!r}, which leads out of its folder")
        return {name: _mark(info) for name, info in names.items()}

    def read(self, names: Sequence[str]) -> dict[str, bytes]:
        """What is in files, as many at a time as the store lets us; one that is gone is left out."""
        if not names:
            return {}
        with self._told("cannot be read"):
            found = self._system().cat([self._place(name) for name in names], on_error="return")
        start = len(self.path) + 1
        fault = next((one for one in found.values() if isinstance(one, Exception)), None)
        if fault is not None and not isinstance(fault, FileNotFoundError):
            raise EnvironmentFault(f"{self.url}: cannot be read: {_why(fault)}") from fault
        return {path[start:]: data for path, data in found.items() if isinstance(data, bytes)}

    def fetch(self, names: Sequence[str], folder: Path) -> None:
        """Copy files into a folder of the disk."""
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with self._told("cannot be read"):
            if names:
                there, here = map(self._place, names), (str(folder / name) for name in names)
                self._system().get(list(there), list(here))

    def put(self, name: str, data: bytes) -> None:
        """Write a file whole."""
        place = self._place(name)
        with self._told("cannot be written"):
            system = self._system()
            system.makedirs(place.rpartition("/")[0], exist_ok=True)
            if not _is_disk(system):
                system.pipe_file(place, data)
                return
            folder, _, last = place.rpartition("/")
            waiting = f"{folder}/.{last}.{os.getpid()}"
            try:
                system.pipe_file(waiting, data)
                system.mv(waiting, place)
            finally:
                with suppress(OSError):
                    system.rm_file(waiting)

    def _place(self, name: str) -> str:
        return f"{self.path}/{name}"

    def _system(self) -> AbstractFileSystem:
        return _opened(self.url, os.getpid())[0]

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Each store has exceptions of its own."""
        try:
            yield
        except EnvironmentFault:
            raise
        except Exception as error:
            raise EnvironmentFault(f"{self.url}: {what}: {_why(error)}") from error


@lru_cache(maxsize=64)
def _opened(url: str, process: int) -> tuple[AbstractFileSystem, str]:
    """The file system of a URL and the path there; no process takes over another's connections."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise EnvironmentFault(
            f"{url}: a URL needs fsspec, which is not installed (pip install 'issue-publisher[cluster]')"
        ) from error
    try:
        system, path = url_to_fs(url)
    except Exception as error:  # a library that lacks, a protocol that nobody knows, credentials
        raise EnvironmentFault(f"{url}: cannot be opened: {_why(error)}") from error
    return system, str(path)


def _is_disk(system: AbstractFileSystem) -> bool:
    from fsspec.implementations.local import LocalFileSystem

    return isinstance(system, LocalFileSystem)


def _mark(info: Mapping[str, Any]) -> str:
    """Tells whether a file is the one it was: by its content where the store says so, else by its times."""
    known = [name for name in _SUMS if info.get(name)][:1] or [name for name in _TIMES if info.get(name)]
    return " ".join(str(info[name]) for name in ("size", *known))


def _why(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(said).splitlines()[0]
