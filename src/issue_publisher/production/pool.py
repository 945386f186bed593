"""Processes that take tasks one after another, and are replaced when they die, hang or grow.

A worker is forked from a process that has imported everything, so that a new one is warm at once. The
standard library's executors lack two things: that one dead worker costs its own task alone, and that a worker
leaves when its memory has grown. It ends with its parent, whatever ends that.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING

from issue_publisher.production.aside import die_with
from issue_publisher.production.work import Outcome, Task

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

_FORK = multiprocessing.get_context("fork")
_ATTEMPTS = 2  # at a task whose process died
_MOST_TASKS = 25  # of one process: the libraries keep some 5 MB of each, and a new one costs a second
_MOST_MIB = 1500.0  # that a process may hold when it has nothing to do
_TICK_S = 1.0
LIMIT_S = 1800.0  # of one task

Do = Callable[[Task], Outcome]


@dataclass(frozen=True)
class Pool:
    """How many processes, and what they do.

    `scratch`: their folder for temporary files. `hangs_after_s`: a task that takes longer is given up.
    `in_child`: called first in every process.
    """

    do: Do
    jobs: int
    scratch: Path
    hangs_after_s: float = LIMIT_S
    most_tasks: int = _MOST_TASKS
    in_child: Callable[[], None] = lambda: None

    @property
    def size(self) -> int:
        """How many tasks are done at a time."""
        return self.jobs

    def outcomes(self, tasks: Iterable[Task]) -> Generator[tuple[Task, Outcome], None, None]:
        """Each task with what came of it, as they come. When it is closed, all processes end."""
        gc.collect()
        gc.freeze()  # what is there now is shared with the workers, and never looked through again
        run = _Run(self, deque((task, 1) for task in tasks))
        try:
            while run.waiting or run.workers:
                yield from run.turn()
        finally:
            for worker in run.workers:
                worker.end()
            gc.unfreeze()


@dataclass
class _Worker:
    """A process, and what it is at."""

    process: ForkProcess
    line: Connection
    task: Task | None = None
    attempt: int = 1
    since: float = 0.0
    done: int = 0

    def give(self, task: Task, attempt: int) -> None:
        self.task, self.attempt, self.since = task, attempt, time.monotonic()
        with suppress(OSError):  # it has died: the next look tells
            self.line.send(task)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.line.close()


@dataclass
class _Run:
    """Tasks that wait, and workers at work."""

    pool: Pool
    waiting: deque[tuple[Task, int]]
    workers: list[_Worker] = field(default_factory=list)

    def turn(self) -> Iterator[tuple[Task, Outcome]]:
        """Hand out what can be handed out, and take what comes."""
        self._hand_out()
        busy = [worker for worker in self.workers if worker.task is not None]
        ready = set(wait([worker.line for worker in busy], timeout=_TICK_S))
        for worker in busy:
            assert worker.task is not None
            if worker.line in ready:
                yield from self._taken(worker, worker.task)
            elif time.monotonic() - worker.since > self.pool.hangs_after_s:
                yield from self._lost(worker, worker.task, "took too long and was given up")
        for worker in [one for one in self.workers if one.task is None and not self.waiting]:
            self._dismiss(worker)

    def _hand_out(self) -> None:
        while self.waiting:
            idle = next((worker for worker in self.workers if worker.task is None), None)
            if idle is None and len(self.workers) < self.pool.jobs:
                idle = self._hired()
            if idle is None:
                return
            idle.give(*self.waiting.popleft())

    def _hired(self) -> _Worker:
        here, there = _FORK.Pipe()
        process = _FORK.Process(target=_serve, args=(self.pool, there, os.getpid()))
        process.start()
        there.close()
        worker = _Worker(process, here)
        self.workers.append(worker)
        return worker

    def _taken(self, worker: _Worker, task: Task) -> Iterator[tuple[Task, Outcome]]:
        try:
            outcome: Outcome = worker.line.recv()
        except (EOFError, OSError):
            yield from self._lost(worker, task, "was ended from outside (is memory short?)")
            return
        worker.task = None
        worker.done += 1
        if worker.done >= self.pool.most_tasks or outcome.mib > _MOST_MIB:
            self._dismiss(worker)
        yield task, outcome

    def _lost(self, worker: _Worker, task: Task, how: str) -> Iterator[tuple[Task, Outcome]]:
        """A process that is no more: its task is tried once again, in another."""
        attempt, seconds = worker.attempt, time.monotonic() - worker.since
        self._dismiss(worker)
        if attempt < _ATTEMPTS:
            self.waiting.append((task, attempt + 1))
        else:
            said = f"{task.source}: its process {how}, {attempt} times"
            yield task, Outcome(task.issue, trouble=said, seconds=seconds)

    def _dismiss(self, worker: _Worker) -> None:
        worker.end()
        self.workers.remove(worker)


def _serve(pool: Pool, line: Connection, parent: int) -> None:
    """What a worker does until it is dismissed."""
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent ends this one
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGHUP})
    pool.in_child()
    gc.disable()
    tempfile.tempdir = str(pool.scratch)
    is_first = True
    while True:
        try:
            task: Task = line.recv()
        except (EOFError, OSError):
            os._exit(0)
        line.send(pool.do(task))
        gc.collect()  # between tasks, and at no other time
        if is_first:
            gc.freeze()  # what stays after a task stays for good
        is_first = False
