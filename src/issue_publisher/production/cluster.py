"""The tasks of a run done by a Dask cluster: workers on any machines, each with the same program as ours.

A task travels as a plain value, and what is called by its name: no code of ours is sent, the workers import
the package that they have. All of Dask is in this module.
"""

from __future__ import annotations

import atexit
import gc
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.holders import cleared, folder_for_now
from issue_publisher.production.program import digest_of, made_by
from issue_publisher.production.verify_files import program_changes
from issue_publisher.production.work import CrewGoneError, Outcome, Task, do

if TYPE_CHECKING:
    from distributed import Client, Future

_IN_FLIGHT = 2  # tasks a worker: one that it is at, and the next
_CONNECT_S = 10
_TICK_S = 1.0
_WITHOUT_WORKERS_S = 120.0  # then nobody will come back
_MOST_SILENT_S = 3600.0  # nothing has come for so long: the rest hangs
_SCRATCH = "issue-publisher-worker-"
_SAME = "install the same lock file everywhere"
_ADVICE = "is the scheduler running there, and are certificates wanted? docs/bulk.md tells how"


class OtherProgramError(Exception):
    """A worker would make other bytes."""


# --------------------------------------------------------------------------- on a worker


_one_at_a_time = threading.Lock()  # libraries below know one thread a process
_settled: list[Any] = []  # the folder for temporary files, once there is one


def serve(work: Callable[[Task], Outcome], task: Task, digest: str) -> Outcome:
    """Do a task in this process. Raises OtherProgramError when it does not have the program of `digest`."""
    if digest_of(made_by()) != digest:
        raise OtherProgramError
    with _one_at_a_time:
        _settle()
        try:
            return work(task)
        finally:
            gc.collect()  # a build looks for no cycles


def _settle() -> None:
    """Temporary files of this process lie in a folder that goes when it is dead, however it died."""
    if not _settled:
        place = Path(tempfile.gettempdir())
        cleared(place.glob(f"{_SCRATCH}*"))
        folder = folder_for_now(_SCRATCH, place)
        tempfile.tempdir = str(folder.__enter__())
        atexit.register(shutil.rmtree, tempfile.tempdir, ignore_errors=True)
        _settled.append(folder)


# --------------------------------------------------------------------------- here


@contextmanager
def cluster_at(address: str, work: Callable[[Task], Outcome] = do) -> Iterator[Cluster]:
    """The cluster whose scheduler is at an address, as a crew.

    Raises EnvironmentFault when there is none, nobody works there, or somebody has another program than we.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise EnvironmentFault(
            "--scheduler needs Dask, which is not installed (pip install 'issue-publisher[cluster]')"
        ) from error
    _hush()
    try:
        client = Client(address, timeout=_CONNECT_S, set_as_default=False, name="issue-publisher")
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise EnvironmentFault(f"{address}: no cluster answers ({_ADVICE})") from error
    try:
        yield _looked_at(client, address, work)
    finally:
        with suppress(Exception):
            client.close(timeout=_TICK_S)


def _hush() -> None:
    """Dask's loggers each have a level and a way to the terminal of their own; what goes wrong, we say."""
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _looked_at(client: Client, address: str, work: Callable[[Task], Outcome]) -> Cluster:
    """A cluster whose workers have our program."""
    ours = made_by()
    try:
        size = len(client.nthreads())
        if not size:
            raise EnvironmentFault(
                f"{address}: the cluster has no workers (`dask worker {address}` starts one)"
            )
        theirs = {"the scheduler": client.run_on_scheduler(made_by), **client.run(made_by)}
    except EnvironmentFault:
        raise
    except ImportError as error:
        raise EnvironmentFault(f"{address}: {error} there ({_SAME})") from error
    except Exception as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        raise EnvironmentFault(f"{address}: the cluster does not answer: {said}") from error
    for who, programs in theirs.items():
        if said := program_changes(programs, ours).replace("(today ", "(here "):
            raise EnvironmentFault(f"{who} would make other bytes: it has {said} ({_SAME})")
    return Cluster(client, address, size, digest_of(ours), work)


@dataclass(frozen=True)
class Cluster:
    """A crew of Dask's workers."""

    client: Client
    address: str
    size: int
    digest: str  # of our program
    work: Callable[[Task], Outcome] = do

    def outcomes(self, tasks: Iterable[Task]) -> Generator[tuple[Task, Outcome], None, None]:
        """Each task with what came of it, as they come; so many are on their way that no worker waits.

        A task whose worker dies goes to another, as often as the scheduler's `allowed-failures` says.
        """
        waiting = iter(tasks)
        ready: SimpleQueue[Future] = SimpleQueue()
        at_work: dict[Future, Task] = {}
        try:
            while True:
                for task in islice(waiting, max(self._room() - len(at_work), 0)):
                    future = self._handed_out(task)
                    at_work[future] = task
                    future.add_done_callback(ready.put)
                if not at_work:
                    return
                future = self._next(ready)
                task = at_work.pop(future)
                outcome = self._outcome(task, future)
                future.release()
                yield task, outcome
        finally:
            with suppress(Exception):
                self.client.cancel(list(at_work), force=True)

    def _room(self) -> int:
        """How many tasks may be on their way: workers come and go."""
        with self._told():
            return _IN_FLIGHT * max(len(self.client.nthreads()), 1)

    def _handed_out(self, task: Task) -> Future:
        with self._told():
            return self.client.submit(serve, self.work, task, self.digest, pure=False, key=_key(task))

    def _next(self, ready: SimpleQueue[Future]) -> Future:
        """The next task that is done, whatever came of it."""
        began = seen = time.monotonic()
        while True:
            with suppress(Empty):
                return ready.get(timeout=_TICK_S)
            now = time.monotonic()
            with self._told():
                seen = now if self.client.nthreads() else seen
            if now - seen > _WITHOUT_WORKERS_S:
                raise CrewGoneError(f"{self.address}: the cluster has no workers left")
            if now - began > _MOST_SILENT_S:
                raise CrewGoneError(f"{self.address}: nothing was finished for an hour")

    def _outcome(self, task: Task, future: Future) -> Outcome:
        from distributed import KilledWorker

        with self._told():
            if future.status in ("cancelled", "lost"):
                raise CrewGoneError(self._gone())
            error = future.exception(timeout=_MOST_SILENT_S)
            if error is None:
                outcome: Outcome = future.result(timeout=_MOST_SILENT_S)
                return outcome
        if isinstance(error, OtherProgramError):
            raise CrewGoneError(f"{self.address}: a worker that came later would make other bytes ({_SAME})")
        if isinstance(error, KilledWorker):
            times = error.allowed_failures + 1
            said = f"its worker was ended from outside, {times} times (is memory short?)"
        else:
            said = f"a fault of the program: {type(error).__name__}: {error}".splitlines()[0]
        return Outcome(task.issue, trouble=f"{task.source}: {said}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever Dask says while it loses its scheduler, said in one way."""
        try:
            if self.client.status != "running":
                raise CrewGoneError(self._gone())
            yield
        except CrewGoneError:
            raise
        except Exception as error:
            raise CrewGoneError(self._gone()) from error

    def _gone(self) -> str:
        return f"{self.address}: the cluster does not answer any more"


def _key(task: Task) -> str:
    """What Dask's dashboard calls it; a run that was lost may still be at the same issue."""
    return f"issue-{task.issue}-{time.time_ns()}"
