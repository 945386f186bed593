"""Outputs come into `dist/<id>/` whole and together, or not at all.

They are written into a folder of their own beside it, and moved only when every byte is on the disk.
Whatever goes wrong before or during the move leaves the earlier outputs as they were. An output in a
sub-folder brings the whole folder with it: nothing that an earlier build left in there stays behind.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from issue_publisher.issue.errors import SourceError
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.holders import folder_for_now

UNFINISHED = ".building-"  # how a folder is called in which outputs wait
_HELD = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


@dataclass(frozen=True, slots=True)
class Product:
    """One finished output."""

    name: str  # of its file below the issue's folder: 2026-11-23.epub, proof/page-1.png
    role: str  # press, epub, page-plan, proof, report, manifest
    data: bytes = field(repr=False)
    findings: tuple[SourceError, ...] = ()  # what the desk should know of it


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder beside `target` where outputs wait until they are whole."""

    target: Path  # dist/<id>
    folder: Path

    def put_in_place(self, products: Iterable[Product]) -> None:
        """Write all products to the disk, then move them to the target in their order, last the last."""
        products = tuple(products)
        for product in products:
            self.write(product.name, product.data)
        self.move_in_place(dict.fromkeys(product.name.partition("/")[0] for product in products))

    def write(self, name: str, data: bytes) -> None:
        """Write one file to the disk, here; what bore the name before and has others keeps its content."""
        with _told(self.target):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            _write(path, data)

    def move_in_place(self, names: Iterable[str]) -> None:
        """Move files and folders that wait here to the target in their order, last the last."""
        with _told(self.target), _signals_held():
            self._move(list(names))

    def _move(self, names: list[str]) -> None:
        """Move files and folders; if one will not go, put back those that were there."""
        kept = self.folder / ".before"
        kept.mkdir()
        is_new = not self.target.is_dir()
        if is_new:
            self.target.mkdir()
        moved: list[str] = []
        try:
            for name in names:
                _keep(self.target / name, kept / name, is_folder=(self.folder / name).is_dir())
                moved.append(name)
                (self.folder / name).replace(self.target / name)
            _flush_folder(self.target)
        except BaseException:
            for name in reversed(moved):
                self._take_back(name, kept / name)
            if is_new:
                self.target.rmdir()
            raise

    def _take_back(self, name: str, kept: Path) -> None:
        """Put an earlier output in its place again; a file at once, a folder when the new one has left."""
        if not (self.folder / name).exists() and not kept.is_file():
            (self.target / name).rename(self.folder / name)
        if kept.exists():
            kept.replace(self.target / name)


@contextmanager
def workshop(dist: Path, issue_id: str) -> Iterator[Workshop]:
    """Prepare `dist` for the outputs of an issue, and leave nothing behind but those put in place."""
    target = dist / issue_id
    with _told(target):
        made = _make_folder(dist)
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "is a file, not a folder", str(target))
        if target.is_dir() and not os.access(target, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
    with ExitStack() as stack:
        stack.callback(_cleared_away, made)
        with _told(target):
            folder = stack.enter_context(folder_for_now(UNFINISHED, dist))
        stack.callback(_cleared_away, [], folder)
        yield Workshop(target, folder)


def _cleared_away(made: list[Path], folder: Path | None = None) -> None:
    with _signals_held():
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        _remove_folders(made)


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; the ones that were made, innermost first."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_folders(folders: list[Path]) -> None:
    """Remove folders that we made and that nothing came into."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def replace_file(path: Path, data: bytes) -> None:
    """Write a single file whole or not at all."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    with _told(path):
        try:
            _write(waiting, data)
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _keep(path: Path, kept: Path, *, is_folder: bool) -> None:
    """A second name for an earlier output, so that it can come back; a copy where links are unknown.

    A folder cannot have two names, nor be replaced while it holds anything: it is moved out of the way.
    """
    if not path.exists():
        return
    if is_folder and path.is_dir():
        path.rename(kept)
        return
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems do not know it
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let Ctrl-C wait until the move, which takes a moment, is over."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_WHY = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "it is not ours to write",
    errno.EPERM: "it is not ours to write",
    errno.EROFS: "the disk can only be read",
    errno.ENOTDIR: "a file stands where a folder should",
    errno.EEXIST: "a file stands where a folder should",
    errno.EISDIR: "a folder stands where a file should",
    errno.ENAMETOOLONG: "the name is too long",
}


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = _WHY.get(error.errno or 0, error.strerror or str(error))
        raise EnvironmentFault(
            f"{target}: cannot be written: {why}"
            " (earlier outputs are as they were; --output names another folder)"
        ) from error
