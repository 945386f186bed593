"""`regenerate` where sources and outputs lie in a store, an object store for one, and not on a disk.

What stands is told from the store's listing: each issue has a record of what its files were marked with when
it was last looked at. Where the marks differ a worker looks: it copies the issue in, finds out from the bytes
what is to be done (`state`), does it in a folder of its own, and puts the outputs back, the manifest last.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from issue_publisher.production import manifest
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import ISSUE_FILE, places_beside, shown
from issue_publisher.production.pool import Pool
from issue_publisher.production.program import FONTS, LAYOUTS, made_by
from issue_publisher.production.records import FOLDER, Stamp, stamp_of
from issue_publisher.production.regenerate import (
    Line,
    Run,
    Wanted,
    Watch,
    scratch_folder,
    task_for,
    worked_off,
)
from issue_publisher.production.state import IssueState, State, Today, state_of
from issue_publisher.production.store import Marks, Store, is_url
from issue_publisher.production.verify_files import RESULT, program_changes
from issue_publisher.production.work import Crew, Outcome, Said, Task, do, done, measured, warm

FORMAT = 1
_RECORDS = f"{FOLDER}/issues"
_NOT_KEPT = "not kept in a store"


@dataclass(frozen=True, slots=True)
class Known:
    """What an issue was like when it was last found to stand."""

    name: str  # of its folder below that of all sources
    issue: str
    sources: str  # digests of marks
    outputs: str
    own: str
    programs: Mapping[str, str]
    roles: tuple[str, ...]
    layout: str | None = None  # that was asked for instead of the issue's
    verified: str = ""


def regenerate_stored(
    source: str,
    dist: str,
    wanted: Wanted,
    *,
    jobs: int = 0,
    watch: Watch | None = None,
    crew: Crew | None = None,
) -> Run:
    """Bring all issues below the URL `source` up to date in the store `dist`; nothing else is kept there.

    `jobs`, `crew`: as for `regenerate`; workers must know `do_anywhere`.
    Stores know no locks: two runs at once do the same work twice, and nothing worse. Raises EnvironmentFault.
    """
    watch, started = watch or Watch(), time.monotonic()
    watch.step("looking")
    found = _states(Store(source), Store(dist), wanted)
    tasks = {}
    for state in found:
        if task := task_for(state, Path(dist), wanted):
            sure = wanted.everything or (wanted.programs and bool(state.programs_differ))
            place = Store(source).below(state.name).url
            tasks[replace(task, source=place, dist=dist, name=state.name, look=not sure)] = state
    watch.began(len(tasks), len(found))
    with scratch_folder() as scratch:
        if tasks and crew is None:
            warm(scratch / "source")
        hands = crew or Pool(do_anywhere, jobs or len(os.sched_getaffinity(0)), scratch, wanted.limit_s)
        worked, trouble = worked_off(tasks, hands, watch, lambda task, line: None)
    busy = {state.name for state in tasks.values()}
    lines = [*worked, *(Line(state, None) for state in found if state.name not in busy)]
    lines.sort(key=lambda line: line.before.name)
    return Run(tuple(lines), time.monotonic() - started, hands.size, _NOT_KEPT, _NOT_KEPT, (), trouble)


# --------------------------------------------------------------------------- how the issues stand


def _states(source: Store, dist: Store, wanted: Wanted) -> list[IssueState]:
    """How every issue stands, as far as marks tell."""
    issues = issues_in(source.files())
    if not issues:
        raise EnvironmentFault(f"{source.url}: no {ISSUE_FILE} in any folder below")
    outputs: dict[str, dict[str, str]] = defaultdict(dict)
    for name, mark in dist.files().items():
        folder, _, file = name.partition("/")
        outputs[folder][file] = mark
    places = [f"{FOLDER}/{name}" for name in outputs.pop(FOLDER, {}) if name.startswith("issues/")]
    records = {one.name: one for data in dist.read(places).values() if (one := _record(data))}
    own = _Own()
    return [
        _state(name, records.get(name), marks, outputs, own.digest(source.below(name)), wanted)
        for name, marks in sorted(issues.items())
    ]


def issues_in(files: Marks) -> dict[str, dict[str, str]]:
    """The files of each folder that holds an issue, by its name; nothing hidden, no issue within another."""
    seen = [PurePosixPath(name) for name in files if not _is_hidden(name)]
    folders = {path.parent for path in seen if path.name == ISSUE_FILE}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for path in seen:
        above = [parent for parent in path.parents if parent in folders]
        if above and above[-1].name:
            found[above[-1].as_posix()][path.relative_to(above[-1]).as_posix()] = files[path.as_posix()]
    return found


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _shown_files(files: Marks) -> dict[str, str]:
    return {name: mark for name, mark in files.items() if not _is_hidden(name)}


def _digest(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()


def _marked(files: Marks) -> str:
    return _digest(sorted(_shown_files(files).items()))


def _state(
    name: str,
    record: Known | None,
    marks: Marks,
    outputs: Mapping[str, Marks],
    own: str,
    wanted: Wanted,
) -> IssueState:
    last = name.rpartition("/")[2]
    if record is None:
        return IssueState(Path(name), name, last)
    state = State.VERIFIED if record.verified else State.BUILT
    why = ""
    if record.outputs != _marked(outputs.get(record.issue, {})):
        state, why = State.BROKEN, "outputs were altered since"
    elif record.sources != _marked(marks):
        state, why = State.CHANGED, "its folder was altered since"
    elif record.own != own or (wanted.layout and record.layout != wanted.layout):
        state, why = State.CHANGED, "layout or fonts were altered since"
    return IssueState(
        Path(name), name, record.issue, state=state, why=(why,) if why else (),
        built_by=record.programs.get("issue-publisher", ""),
        programs_differ=program_changes(record.programs, manifest.programs()),
        verified=record.verified, roles=frozenset(record.roles),
    )  # fmt: skip


def _record(data: bytes) -> Known | None:
    """What was written; None when it cannot be read: then a worker looks."""
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        told = json.loads(data)
        if told.pop("format") == FORMAT:
            record = Known(**told)
            return replace(record, programs=dict(record.programs), roles=tuple(record.roles))
    return None


@dataclass
class _Own:
    """The layouts and fonts that newspapers keep in the store, each folder listed once."""

    _found: dict[PurePosixPath, str] = field(default_factory=dict)

    def digest(self, issue: Store) -> str:
        """Tells whether they are what they were, those that come with the program too."""
        parent = PurePosixPath(issue.path).parent
        if parent not in self._found:
            self._found[parent] = _of_own(own_folders(issue))
        return self._found[parent]


def _of_own(folders: Mapping[str, Marks]) -> str:
    shipped = {name: sum_ for name, sum_ in made_by().items() if name in (LAYOUTS, FONTS)}
    return _digest((sorted((path, sorted(marks.items())) for path, marks in folders.items()), shipped))


def own_folders(issue: Store) -> dict[str, Marks]:
    """Where in the store an issue's newspaper keeps layouts and fonts of its own, and what lies there."""
    lead = "/" if issue.path.startswith("/") else ""
    found: dict[str, Marks] = {}
    for place in places_beside(PurePosixPath("/", issue.path.lstrip("/"))):
        for kind in ("layouts", "fonts"):
            path = f"{lead}{place.as_posix().lstrip('/')}/{kind}"
            if place.name and (marks := _shown_files(issue.at(path).files())):
                found[path] = marks
    return found


# --------------------------------------------------------------------------- on a worker


def do_anywhere(task: Task) -> Outcome:
    """Do a task in this process, wherever its files lie."""
    return measured(task, _done_here) if is_url(task.source) else do(task)


def _done_here(task: Task) -> Outcome:
    mirror = _Mirror(_root(task.source.partition("://")[0]), Store(task.source), Store(task.dist))
    with tempfile.TemporaryDirectory(prefix="dist-") as dist:
        try:
            sources = _shown_files(mirror.source.files())
            mirror.source.fetch(list(sources), mirror.folder)
            own = mirror.own()
            outcome, state = _worked(task, mirror, Path(dist))
            if state and state.state in (State.BUILT, State.VERIFIED):
                made = _marked(mirror.dist.below(state.issue).files())
                record = Known(
                    task.name, state.issue, _marked(sources), made, own, _programs(dist, state),
                    tuple(sorted(state.roles)), task.layout, state.verified,
                )  # fmt: skip
                told = json.dumps({"format": FORMAT, **asdict(record)}, ensure_ascii=False, indent=1)
                mirror.dist.put(f"{_RECORDS}/{state.issue}.json", told.encode())
        except EnvironmentFault as fault:
            raise EnvironmentFault(mirror.in_store(str(fault), dist)) from fault
        finally:
            shutil.rmtree(mirror.folder, ignore_errors=True)
    said = tuple(replace(one, text=mirror.in_store(one.text, dist)) for one in outcome.findings)
    return replace(outcome, findings=said, trouble=mirror.in_store(outcome.trouble, dist))


def _programs(dist: str, state: IssueState) -> dict[str, str]:
    """The versions that an issue's manifest names."""
    told = json.loads((Path(dist) / state.issue / manifest.NAME).read_bytes())
    return dict(told["programs"])


def _worked(task: Task, mirror: _Mirror, dist: Path) -> tuple[Outcome, IssueState | None]:
    """What came of a task whose sources are here, and how the issue stands now; its outputs are put back."""
    look: Callable[[], IssueState] = lambda: state_of(mirror.folder, dist, Today(task.layout), task.name)  # noqa: E731
    issue = look().issue
    if other := _other_of(mirror, issue, task.name):
        hint = "ids tell issues apart: give it one of its own"
        said = f"{task.source}/{ISSUE_FILE}:1: the id {issue} is also that of {other} ({hint})"
        return Outcome(issue, findings=(Said("error", said),)), None
    mirror.dist.below(issue).fetch(list(_shown_files(mirror.dist.below(issue).files())), dist / issue)
    before = _stamps(dist / issue)
    local: Task | None = replace(task, source=str(mirror.folder), dist=str(dist), issue=issue)
    if task.look:
        wanted = Wanted(task.wanted, task.layout, task.verify, strict=task.strict, cache=task.cache)
        local = task_for(look(), dist, wanted)
    outcome = done(local) if local else Outcome(issue)
    after = _stamps(dist / issue)
    new = [name for name, stamp in after.items() if before.get(name) != stamp]
    for name in sorted(new, key=lambda name: (name == RESULT, name == manifest.NAME, name)):
        mirror.dist.put(f"{issue}/{name}", (dist / issue / name).read_bytes())
    return outcome, look()


def _stamps(folder: Path) -> dict[str, Stamp]:
    """Of every file below a folder, by its path there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): stamp_of(path) for path in files}
    return {name: stamp for name, stamp in found.items() if not _is_hidden(name)}


def _other_of(mirror: _Mirror, issue: str, name: str) -> str:
    """Another source of the same id, if it is still there."""
    place = f"{_RECORDS}/{issue}.json"
    record = next(map(_record, mirror.dist.read([place]).values()), None)
    if record is None or record.name == name:
        return ""
    other = mirror.source.at(mirror.source.path.removesuffix(name) + record.name)
    return other.url if ISSUE_FILE in other.files() else ""


@lru_cache
def _root(protocol: str) -> Path:
    """Where this process keeps what it copies from a store, as deep as it lies there."""
    return Path(tempfile.mkdtemp(prefix=f"{protocol}-")).resolve()


_kept: dict[Path, Marks] = {}  # layouts and fonts that this process has copied in


@dataclass(frozen=True, slots=True)
class _Mirror:
    """An issue of a store, on the disk for as long as somebody is at it."""

    root: Path
    source: Store
    dist: Store

    @property
    def folder(self) -> Path:
        """Where its files come."""
        return self.root / self.source.path.lstrip("/")

    def own(self) -> str:
        """Copy in what its newspaper has of its own, unless it is here already; its digest."""
        folders = own_folders(self.source)
        for path, marks in folders.items():
            local = self.root / path.lstrip("/")
            if _kept.get(local) != marks:
                _kept.pop(local, None)
                shutil.rmtree(local, ignore_errors=True)
                self.source.at(path).fetch(list(marks), local)
                _kept[local] = marks
        for local in [one for one in _kept if one.is_relative_to(self.root)]:
            if local.relative_to(self.root).as_posix() not in {path.lstrip("/") for path in folders}:
                _kept.pop(local)
                shutil.rmtree(local, ignore_errors=True)
        return _of_own(folders)

    def in_store(self, words: str, dist: str) -> str:
        """Words that name places on the disk, with the names that these have in the store."""
        path = self.source.path
        start = self.source.at(path).url.removesuffix(path.lstrip("/"))
        for place, name in ((Path(dist), f"{self.dist.url}/"), (self.root, start)):
            for said in (str(place), shown(place)):
                words = words.replace(f"{said}/", name)
        return words
