"""A stage at work beside the main one, in a process of its own.

Press PDF and e-book do not depend on each other, and Python runs on one core: side by side they take
little longer than the press PDF alone. The process is forked, so nothing is copied to it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from issue_publisher.production.faults import EnvironmentFault

if TYPE_CHECKING:  # imported where it is used: a book alone needs no second process
    from multiprocessing.connection import Connection

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)

Result = TypeVar("Result")
OnStep = Callable[[str], None]
Stage = Callable[[OnStep], Result]


def can_fork() -> bool:
    """Whether a stage can be run aside: not in a process that may have no children, nor from a second thread.

    Dask's workers are both, and do one issue each anyway.
    """
    import multiprocessing

    alone = threading.current_thread() is threading.main_thread()
    is_free = not multiprocessing.current_process().daemon
    return alone and is_free and "fork" in multiprocessing.get_all_start_methods()


class Aside(Generic[Result]):
    """Runs `stage` in a forked process for as long as the `with` lasts; `result` waits for it."""

    def __init__(self, stage: Stage[Result]) -> None:
        import multiprocessing

        context = multiprocessing.get_context("fork")
        self._here, there = context.Pipe(duplex=False)
        # Such a process ends without clearing up, so what its libraries leave on the disk is cleared here.
        self._scratch = tempfile.TemporaryDirectory(prefix="issue-publisher-")
        arguments = (stage, there, self._scratch.name, os.getpid())
        self._process = context.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        there.close()

    def __enter__(self) -> Aside[Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Not terminate(): a SIGTERM that comes before the process has put back what is done at one is lost,
        # and it then waits for ever for somebody who reads its result.
        self._process.kill()
        self._process.join()
        self._here.close()
        self._scratch.cleanup()

    def result(self, on_step: OnStep) -> Result:
        """What the stage gave, after the steps it has told of; raises what it raised."""
        while True:
            try:
                kind, found = self._here.recv()
            except EOFError:
                raise EnvironmentFault(
                    "a process of the build was ended from outside (is memory short?)"
                ) from None
            if kind == "step":
                on_step(found)
            elif kind == "fault":
                raise found
            else:
                result: Result = found
                return result


def side_by_side(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each task gives, in their order; as many at a time as there are cores. Raises what one raises."""
    if len(tasks) < 2 or not can_fork():
        return [task() for task in tasks]
    found: list[Result] = []
    with ExitStack() as stack:
        waiting = deque(tasks)
        running: deque[Aside[Result]] = deque()
        while waiting or running:
            while waiting and len(running) < len(os.sched_getaffinity(0)):
                task = waiting.popleft()
                running.append(stack.enter_context(Aside(lambda _, task=task: task())))  # type: ignore[misc]
            found.append(running.popleft().result(lambda _: None))
    return found


def die_with(parent: int) -> None:
    """End when the parent does; where the kernel does not offer that, when there is nobody to talk to."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _work(stage: Stage[Result], there: Connection, scratch: str, parent: int) -> None:
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the main process ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    tempfile.tempdir = scratch
    try:
        found = stage(lambda step: there.send(("step", step)))
    except BaseException as error:
        error.add_note(traceback.format_exc())  # a traceback does not travel
        there.send(("fault", error))
    else:
        there.send(("result", found))
