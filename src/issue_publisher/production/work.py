"""One issue's share of a bulk run: a task that any process can be handed, and what came of it.

Both are plain values that travel between processes and machines; of paths a task knows those it is given.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from issue_publisher.issue.errors import SourceError
from issue_publisher.production.build import ALL_OUTPUTS, Output, build
from issue_publisher.production.cache import NO_CACHE, Cache
from issue_publisher.production.faults import FAULTS, EnvironmentFault, findings_of
from issue_publisher.production.load import fonts_folder, fonts_of, load
from issue_publisher.production.verify import verify_issue, write_verification


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done to one issue."""

    source: str  # its folder
    dist: str
    issue: str  # the name of its folder in dist, as long as it is not built
    wanted: frozenset[Output] = ALL_OUTPUTS
    layout: str | None = None
    build: bool = True
    verify: bool = True
    strict: bool = False
    cache: str | None = None  # a folder
    look: bool = False  # whoever handed it out does not know whether it must be built (`stored`)
    name: str = ""  # of its folder below that of all


@dataclass(frozen=True, slots=True)
class Said:
    """A finding, ready to be shown."""

    severity: str
    text: str  # file:line: what is wrong (what would be right)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task."""

    issue: str
    built: bool = False
    verified: bool | None = None  # None: it was not looked at
    findings: tuple[Said, ...] = ()
    trouble: str = ""  # with the machine, not with the source
    seconds: float = 0.0
    processor_seconds: float = 0.0
    peak_mib: float = 0.0  # most memory of its process while at it
    mib: float = 0.0  # and what that holds afterwards

    @property
    def ok(self) -> bool:
        """All that was to be done is done."""
        return not self.trouble and self.verified is not False and not self.errors

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(one.severity == "error" for one in self.findings)


class CrewGoneError(EnvironmentFault):
    """Those who do the tasks are no more; what they finished stands."""


class Crew(Protocol):
    """Who does the tasks of a run, side by side."""

    @property
    def size(self) -> int:
        """How many tasks are done at a time."""

    def outcomes(self, tasks: Iterable[Task]) -> Generator[tuple[Task, Outcome], None, None]:
        """Each task with what came of it, as they come. Raises CrewGoneError."""


def do(task: Task) -> Outcome:
    """Do a task in this process; whatever goes wrong is in what comes of it."""
    return measured(task, done)


def measured(task: Task, work: Callable[[Task], Outcome]) -> Outcome:
    """What comes of a task, faults of the machine and of the program too, and what it took."""
    started, processors = time.monotonic(), time.process_time()
    _forget_peak()
    try:
        outcome = work(task)
    except EnvironmentFault as fault:
        outcome = Outcome(task.issue, trouble=str(fault))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        outcome = Outcome(task.issue, trouble=f"{place}{(error.strerror or str(error)).lower()}")
    except Exception as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        outcome = Outcome(task.issue, trouble=f"{task.source}: a fault of the program: {said}")
    return replace(
        outcome,
        seconds=time.monotonic() - started,
        processor_seconds=time.process_time() - processors,
        peak_mib=_memory_mib("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        mib=_memory_mib("VmRSS"),
    )


def done(task: Task) -> Outcome:
    """Build and verify, as the task says. Raises EnvironmentFault and OSError."""
    outcome = Outcome(task.issue)
    if task.build:
        outcome = _built(task)
        if not outcome.built:
            return outcome
    if not task.verify:
        return outcome
    now = datetime.now(UTC)
    folder = Path(task.dist) / outcome.issue
    verified = verify_issue(folder, source=Path(task.source), now=now)
    write_verification(folder, verified, now)
    # A finding of a check says itself whether it is a warning; here that is said beside it.
    said = tuple(
        Said(str(one.severity), str(one).replace(f"{one.severity}: ", "", 1))
        for one in verified.findings
        if one.severity != "note"
    )
    good = verified.stands(strict=task.strict)
    return replace(outcome, verified=good, findings=outcome.findings + said)


def _built(task: Task) -> Outcome:
    cache = Cache(Path(task.cache)) if task.cache else NO_CACHE
    loaded = load(Path(task.source), task.layout, kept=cache)
    said, source = loaded.findings, loaded.source
    if source is None or not loaded.stands(strict=task.strict):
        return Outcome(task.issue, findings=_said(said, task.strict))
    try:
        dist = Path(task.dist)
        built = build(source, dist, task.wanted, strict=task.strict, cache=cache, forks=False)
    except FAULTS as fault:
        return Outcome(task.issue, findings=_said((*said, *findings_of(fault)), task.strict))
    return Outcome(built.issue_id, built=True, findings=_said((*said, *built.findings), task.strict))


def _said(findings: tuple[SourceError, ...], strict: bool) -> tuple[Said, ...]:
    return tuple(Said("error" if strict else one.severity, str(one)) for one in findings)


def warm(source: Path) -> None:
    """Import and read what every task needs, so that processes that are forked later share it.

    `source`: of one of the issues, which have their fonts in common.
    """
    from issue_publisher.composition import compose
    from issue_publisher.fonts import gap
    from issue_publisher.rendering import archive_pdf, cover, epub, pdf, press_pdf, tags
    from issue_publisher.typesetting.words import words

    assert all((compose, gap, archive_pdf, cover, epub, press_pdf, tags))
    pdf.warm()
    words("")  # reads the dictionary, of 40 MB
    with suppress(*FAULTS):  # each issue will say it
        fonts_of(fonts_folder(source))


def _forget_peak() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _memory_mib(name: str) -> float:
    with suppress(OSError, ValueError, IndexError):
        status = Path(f"/proc/{os.getpid()}/status").read_text(encoding="utf-8")
        return int(status.partition(f"{name}:")[2].split()[0]) / 1024
    return 0.0
