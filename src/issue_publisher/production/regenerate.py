"""`issue-publisher regenerate`: everything below a folder that is new, changed, broken or unverified.

What is to be done is read from the disk each time, so that a run that was killed goes on where it was. Issues
are done in processes side by side (`pool`), each by `work.do`; the catalogue and the search index follow.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from issue_publisher import __version__
from issue_publisher.archive.address import FOLDER as CATALOGUE
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.production.aside import Aside, can_fork
from issue_publisher.production.build import ALL_OUTPUTS, Output
from issue_publisher.production.catalogue import write_catalogue
from issue_publisher.production.counted import counted
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.holders import cleared, close_in_child, folder_for_now, held
from issue_publisher.production.index import update_index
from issue_publisher.production.load import shown, sources_below
from issue_publisher.production.outputs import UNFINISHED, replace_file
from issue_publisher.production.pool import LIMIT_S, Pool
from issue_publisher.production.records import (
    FOLDER,
    Failure,
    Remembered,
    contents,
    recall,
    remember,
)
from issue_publisher.production.state import (
    OUTPUTS,
    SOURCE,
    IssueState,
    State,
    Today,
    outputs_of,
    state_of,
)
from issue_publisher.production.work import Crew, CrewGoneError, Outcome, Said, Task, do, warm

INDEX = "search.sqlite"
LOCK = "lock"
_SCRATCH = "issue-publisher-run-"
_MOST_TROUBLE = 3  # in a row: then the machine is at fault, and the rest would only meet the same
_WAITING_FILE = re.compile(r"\..+\.(\d+)")  # what `replace_file` calls a file until it is whole


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the archivist asks for."""

    outputs: frozenset[Output] = ALL_OUTPUTS
    layout: str | None = None
    verify: bool = True
    everything: bool = False  # also what stands
    programs: bool = False  # also what other versions built
    strict: bool = False
    cache: str | None = None
    limit_s: float = LIMIT_S  # of one issue, on this machine: then it is given up


@dataclass(frozen=True, slots=True)
class Line:
    """One issue in the report of a run."""

    before: IssueState
    outcome: Outcome | None  # None: there was nothing to do

    @property
    def ok(self) -> bool:
        """Whether it stands now."""
        return self.outcome is None or self.outcome.ok

    @property
    def done(self) -> str:
        """What was done to it."""
        if self.outcome is None:
            return "nothing to do"
        if not self.ok:
            return "not verified" if self.outcome.built and not self.outcome.trouble else "not built"
        done = [
            word for word, was in (("built", self.outcome.built), ("verified", self.outcome.verified)) if was
        ]
        return " and ".join(done) or "looked at"


@dataclass(frozen=True)
class Run:
    """What came of a run."""

    lines: tuple[Line, ...]
    seconds: float
    jobs: int
    catalogue: str = ""  # what became of it
    index: str = ""
    said: tuple[str, ...] = ()  # of the run itself: a lock taken over, what was cleared away
    trouble: tuple[str, ...] = ()  # with the machine

    @property
    def ok(self) -> bool:
        """Everything stands."""
        return not self.trouble and all(line.ok for line in self.lines)

    @property
    def worked(self) -> tuple[Line, ...]:
        """Issues that something was done to."""
        return tuple(line for line in self.lines if line.outcome is not None)


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom a run tells how it goes."""

    began: Callable[[int, int], None] = lambda to_do, of: None
    done: Callable[[Line, int], None] = lambda line, left: None
    step: Callable[[str], None] = lambda words: None


def regenerate(
    source: Path,
    dist: Path,
    wanted: Wanted,
    *,
    jobs: int = 0,
    watch: Watch | None = None,
    work: Callable[[Task], Outcome] = do,
    crew: Crew | None = None,
) -> Run:
    """Bring all issues below `source` up to date in `dist`, and catalogue and index with them.

    `jobs`: processes; as many as there are cores without it. `work`: what each of them does to a task.
    `crew`: who does the tasks instead, on other machines too. Raises EnvironmentFault when nothing can be
    done at all: no issue below `source`, `dist` cannot be written, somebody else is at it.
    """
    watch, started = watch or Watch(), time.monotonic()
    jobs = crew.size if crew else jobs or len(os.sched_getaffinity(0))
    if crew:  # which works in other folders than we do
        source, dist = source.absolute(), dist.absolute()
    folders = list(_sources(source))
    lock = dist / FOLDER / LOCK
    with held(lock, "regenerate") as taken_over, scratch_folder() as scratch:
        # What other machines are at, from a run that lost them, does not show here as alive.
        said = tuple(words for words in (taken_over, "" if crew else _cleared(dist)) if words)
        watch.step("looking")
        states, lines = _states(folders, source, dist, Today(wanted.layout))
        tasks = {task: state for state in states if (task := task_for(state, dist, wanted))}
        busy = {state.name for state in tasks.values()}
        lines += [Line(state, None) for state in states if state.name not in busy]
        watch.began(len(tasks), len(states))
        if crew is None and tasks:
            warm(next(iter(tasks.values())).source)
        hands = crew or Pool(work, jobs, scratch, wanted.limit_s, in_child=partial(close_in_child, lock))
        worked, trouble = _worked(tasks, hands, dist, watch, ours=crew is None)
        # The cluster's threads would not be there in a process of our own.
        beside = partial(close_in_child, lock) if crew is None and can_fork() else None
        catalogue, index, wrong = _afterwards(source, dist, watch, beside)
    lines = sorted([*lines, *worked], key=lambda line: line.before.name)
    trouble += wrong
    return Run(tuple(lines), time.monotonic() - started, jobs, catalogue, index, said, trouble)


def _sources(source: Path) -> Iterable[Path]:
    if not source.is_dir():
        raise EnvironmentFault(f"{shown(source)}: no folder of issues")
    found = list(sources_below(source))
    if not found:
        raise EnvironmentFault(f"{shown(source)}: no issue.xml in any folder below")
    return found


def name_below(folder: Path, source: Path) -> str:
    """The path of an issue's source below the folder of all."""
    below = folder.relative_to(source).as_posix()
    return folder.resolve().name if below == "." else below


def _states(
    folders: list[Path], source: Path, dist: Path, today: Today
) -> tuple[list[IssueState], list[Line]]:
    """How every issue stands; and those that would overwrite another one's outputs."""
    states: dict[str, IssueState] = {}
    twice = []
    for folder in folders:
        state = state_of(folder, dist, today, name_below(folder, source))
        if (other := states.setdefault(state.issue, state)) is not state:
            said = f"{shown(folder)}/issue.xml:1: the id {state.issue} is also that of {shown(other.source)}"
            findings = (Said("error", f"{said} (ids tell issues apart: give it one of its own)"),)
            twice.append(Line(state, Outcome(state.issue, findings=findings)))
    return list(states.values()), twice


def task_for(state: IssueState, dist: Path, wanted: Wanted) -> Task | None:
    """What is to be done to an issue; None when it stands."""
    build = (
        wanted.everything
        or state.state in (State.NEW, State.CHANGED, State.BROKEN)
        or not {output.value for output in wanted.outputs} <= state.roles
        or (wanted.programs and bool(state.programs_differ))
    )
    if not build and (not wanted.verify or state.state is State.VERIFIED):
        return None
    return Task(
        str(state.source), str(dist), state.issue, wanted.outputs, wanted.layout, build, wanted.verify,
        wanted.strict, wanted.cache,
    )  # fmt: skip


# --------------------------------------------------------------------------- the work


def worked_off(
    tasks: Mapping[Task, IssueState], crew: Crew, watch: Watch, remembered: Callable[[Task, Line], None]
) -> tuple[list[Line], tuple[str, ...]]:
    """All tasks done, or as many as the machines let us, and why no more."""
    lines: list[Line] = []
    in_a_row = 0
    left = len(tasks)
    try:
        with closing(crew.outcomes(tasks)) as outcomes:
            for task, outcome in outcomes:
                line = Line(tasks[task], outcome)
                lines.append(line)
                remembered(task, line)
                left = len(tasks) - len(lines)
                watch.done(line, left)
                in_a_row = in_a_row + 1 if outcome.trouble else 0
                if in_a_row >= _MOST_TROUBLE and left:
                    said = f"stopped: {in_a_row} issues in a row failed through the machine; {left} are left"
                    return lines, (said,)
    except CrewGoneError as gone:
        return lines, (f"stopped: {gone}; {left} are left (what is finished stands, the next run goes on)",)
    return lines, ()


def _worked(
    tasks: Mapping[Task, IssueState], crew: Crew, dist: Path, watch: Watch, *, ours: bool
) -> tuple[list[Line], tuple[str, ...]]:
    """The same, and what the crew left half finished is cleared away once nobody of it is at work any more.

    `ours`: its processes end with the run, whatever ends it; those of other machines may be at it still.
    """
    is_over = ours
    try:
        lines, trouble = worked_off(tasks, crew, watch, _remembered)
        is_over = ours or not trouble
        return lines, trouble
    finally:
        if is_over:
            _cleared(dist)


def _remembered(task: Task, line: Line) -> None:
    """Note what was written, so that the next run need not read it again; or why nothing was."""
    outcome, dist = line.outcome, Path(task.dist)
    if outcome is None or not task.build:
        return
    remembered = recall(dist, line.before.name)
    remembered.failure = None
    if outcome.built:
        _know_outputs(dist / outcome.issue, remembered)
    elif outcome.findings:
        why = tuple(one.text for one in outcome.findings if one.severity == "error")
        remembered.failure = Failure(why, contents(line.before.source, remembered, SOURCE))
    remember(dist, line.before.name, remembered)


def _know_outputs(folder: Path, remembered: Remembered) -> None:
    for name, size, sha256 in outputs_of(folder):
        with suppress(OSError):
            if (folder / name).stat().st_size == size:
                remembered.know(folder / name, sha256, within=OUTPUTS)


# --------------------------------------------------------------------------- before and after


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the temporary files of all processes; those of runs that were killed go."""
    place = Path(tempfile.gettempdir())
    cleared(place.glob(f"{_SCRATCH}*"))
    with folder_for_now(_SCRATCH, place) as folder:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _cleared(dist: Path) -> str:
    """Clear away what killed processes left half finished."""
    count = cleared(dist.glob(f"{UNFINISHED}*"))
    for path in (*dist.glob("*/.*"), *dist.glob(f"{FOLDER}/issues/**/.*")):
        named = _WAITING_FILE.fullmatch(path.name)
        if named and path.is_file() and not _is_alive(int(named[1])):
            with suppress(OSError):
                path.unlink()
                count += 1
    return (
        f"{shown(dist)}: {count} half-finished folders or files of a killed run cleared away" if count else ""
    )


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _afterwards(
    source: Path, dist: Path, watch: Watch, in_child: Callable[[], None] | None
) -> tuple[str, str, tuple[str, ...]]:
    """Catalogue and index, once the issues stand: what became of them, and what is wrong; it stops nothing.

    Neither asks anything of the other: with `in_child`, which a process then calls first, they are made side
    by side.
    """
    watch.step("writing catalogue and index")
    if in_child is None:
        made, indexed = _catalogued(dist), _indexed(source, dist)
    else:

        def stage(_: Callable[[str], None]) -> tuple[str, str]:
            in_child()
            return _indexed(source, dist)

        with Aside(stage) as beside:
            made = _catalogued(dist)
            try:
                indexed = beside.result(watch.step)
            except EnvironmentFault as fault:
                indexed = _NO_INDEX, str(fault)
    return made[0], indexed[0], tuple(wrong for _, wrong in (made, indexed) if wrong)


_NO_INDEX = "not up to date"


def _catalogued(dist: Path) -> tuple[str, str]:
    """Write the catalogue, unless it is that of these very books; what became of it, and what is wrong."""
    books = _books(dist)
    mark = dist / FOLDER / "catalogue"
    if not books or (_text(mark) == books and (dist / CATALOGUE).is_dir()):
        return "as it was" if books else "no book", ""
    try:
        made = write_catalogue(dist)
        replace_file(mark, books.encode())
    except (EnvironmentFault, SourceErrors) as fault:
        return "not written", str(fault)
    left_out = f", {len(made.findings)} left out" if made.findings else ""
    return counted(made.books, "issue") + left_out, ""


def _indexed(source: Path, dist: Path) -> tuple[str, str]:
    """Bring the index up to date, which knows itself what has changed; the same of it."""
    try:
        made = update_index(dist / INDEX, [source])
    except EnvironmentFault as fault:
        return _NO_INDEX, str(fault)
    counts = Counter(new=made.added, changed=made.refreshed, gone=made.removed)
    said = ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "as it was"
    return f"{counted(made.issues, 'issue')}, {said}", ""


def _books(dist: Path) -> str:
    """Tells whether the books of a folder are the same as before, for the same program."""
    found = hashlib.sha256(__version__.encode())
    empty = True
    for path in sorted({*dist.glob("*.epub"), *dist.glob("*/*.epub")}):
        with suppress(OSError):
            status = path.stat()
            name = path.relative_to(dist).as_posix()
            found.update(f"{name} {status.st_size} {status.st_ino} {status.st_mtime_ns}\n".encode())
            empty = False
    return "" if empty else found.hexdigest()


def _text(path: Path) -> str:
    with suppress(OSError, ValueError):
        return path.read_text("ascii")
    return ""


def states_of(source: Path, dist: Path, layout: str | None = None) -> list[IssueState]:
    """How every issue below `source` stands. Raises EnvironmentFault when there is none."""
    today = Today(layout)
    return [state_of(folder, dist, today, name_below(folder, source)) for folder in _sources(source)]
