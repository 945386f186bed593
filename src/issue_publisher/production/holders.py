"""Who is at work in a folder: locks that end with their holder, whatever ended it.

The lock is the kernel's (flock), and what stands in the file is for people. A lock goes with the last process
that has it open, so that whoever gets it knows that the one before is dead; no clock and no process number is
asked. Over a network it holds as far as the file system carries it (NFS 4 does).
"""

from __future__ import annotations

import errno
import fcntl
import getpass
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from issue_publisher.production.faults import EnvironmentFault


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock."""

    host: str
    process: int
    user: str
    since: str  # as its clock said

    def __str__(self) -> str:
        return f"process {self.process} of {self.user} on {self.host}, since {self.since}"


def ourselves() -> Holder:
    """This process."""
    return Holder(
        socket.gethostname(), os.getpid(), _user(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    )


def _user() -> str:
    """The name of who runs this process; its number where nobody gave that a name."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return str(os.getuid())


class HeldError(EnvironmentFault):
    """Somebody else is at work here."""


@contextmanager
def held(path: Path, what: str) -> Iterator[str]:
    """Hold the lock file for as long as the `with` lasts; what is to be said of a holder who died.

    `what` is going on there, for messages. Raises HeldError naming the holder when there is one, and
    EnvironmentFault when the file cannot be written or its file system knows no locks.
    """
    number = _opened(path)
    try:
        before = _locked(number, path, what)
        _write(number, json.dumps(asdict(ourselves())).encode(), path)
        try:
            yield f"{path}: {before} ended without a word; its {what} is taken over" if before else ""
        finally:
            with suppress(OSError):
                os.ftruncate(number, 0)
    finally:
        os.close(number)


def close_in_child(path: Path) -> None:
    """A forked process lets go of its copy of the lock, which is its parent's alone."""
    with suppress(OSError):
        same = path.stat()
        for entry in Path("/proc/self/fd").iterdir():
            with suppress(OSError, ValueError):
                status = os.fstat(int(entry.name))
                if (status.st_dev, status.st_ino) == (same.st_dev, same.st_ino):
                    os.close(int(entry.name))


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EnvironmentFault(f"{path}: cannot be written: {why} (--output names another folder)") from error


def _locked(number: int, path: Path, what: str) -> Holder | None:
    """The one who held it before and is dead, if there was one."""
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(number)
        raise HeldError(f"{path}: {what} is going on here: {holder or 'somebody else'}") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EnvironmentFault(f"{path}: its file system keeps no locks: {why} (--output another)") from error
    holder = _holder(number)
    if holder is not None and holder.host != socket.gethostname():
        # A file system that carries no locks between machines would give us this one too.
        raise HeldError(
            f"{path}: {what} is going on here, or broke off: {holder}"
            f" (if nothing is at work there any more, remove {path})"
        )
    return holder


def _holder(number: int) -> Holder | None:
    with suppress(OSError, ValueError, TypeError):
        return Holder(**json.loads(os.pread(number, 4096, 0)))
    return None


def _write(number: int, data: bytes, path: Path) -> None:
    try:
        os.ftruncate(number, 0)
        os.pwrite(number, data, 0)
    except OSError as error:
        why = "the disk is full" if error.errno == errno.ENOSPC else (error.strerror or str(error)).lower()
        raise EnvironmentFault(f"{path}: cannot be written: {why}") from error


# --------------------------------------------------------------------------- folders for a while


@contextmanager
def folder_for_now(prefix: str, place: Path) -> Iterator[Path]:
    """A new folder that lasts until its maker clears it away, or `cleared` finds that its maker is dead."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        with suppress(OSError):  # where folders know no locks, `cleared` gets none either
            fcntl.flock(number, fcntl.LOCK_SH)
        if _is_still(folder, number):  # and was not taken for one left behind, in the moment between
            break
        os.close(number)
    try:
        yield folder
    finally:
        os.close(number)


def _is_still(folder: Path, number: int) -> bool:
    try:
        return os.path.samestat(folder.stat(), os.fstat(number))
    except FileNotFoundError:
        return False


def cleared(folders: Iterable[Path]) -> int:
    """Remove those of the folders whose makers are dead; how many there were."""
    gone = 0
    for folder in folders:
        with suppress(OSError):
            number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
                gone += not folder.exists()
            finally:
                os.close(number)
    return gone
