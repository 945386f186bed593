"""How an issue stands: new, changed, built, verified or broken. What lies on the disk says so, nothing else.

Layouts and fonts are hashed once a run (`Today`); an issue's own files when they were touched (`records`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from issue_publisher.archive.record import (
    MOST_BYTES,
    Entry,
    NotARecordError,
    Record,
    read_record,
    unsafe_name,
)
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.source import Characters, parse_xml
from issue_publisher.production import manifest
from issue_publisher.production.faults import FAULTS, findings_of
from issue_publisher.production.load import (
    ISSUE_FILE,
    fonts_folder,
    fonts_of,
    layout_files,
    named_layout,
    own_places,
    shown,
)
from issue_publisher.production.records import (
    Head,
    Remembered,
    contents,
    recall,
    remember,
)
from issue_publisher.production.verify_files import RESULT, changes, program_changes

_NAMESPACE = "urn:issue-publisher:issue"
_LAYOUT = "broadsheet"  # unless the issue asks for another
OUTPUTS, SOURCE = "dist", "source"  # before the names of files that are remembered
_OWN_ROLES = ("issue", "picture", "page-plan")


class State(StrEnum):
    """Words of `list`."""

    NEW = "new"
    CHANGED = "changed"
    BUILT = "built"
    VERIFIED = "verified"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class IssueState:
    """All that a list says of an issue."""

    source: Path
    name: str  # of the source, as a path below the folder of all
    issue: str  # id; the name of the folder when the XML cannot be read
    date: str = ""
    paper: str = ""
    pages: int = 0
    state: State = State.NEW
    why: tuple[str, ...] = ()
    built_by: str = ""
    programs_differ: str = ""  # from today's
    verified: str = ""  # when
    size: int = 0  # of all outputs
    roles: frozenset[str] = frozenset()  # of outputs that are there


@dataclass
class Today:
    """The layouts and fonts of a run, each hashed once."""

    layout: str | None = None  # instead of those that the issues ask for
    _found: dict[tuple[tuple[Path, ...], str], dict[str, str]] = field(default_factory=dict)

    def inputs(self, source: Path, layout: str) -> Mapping[str, str]:
        """sha256 by name, as a manifest has them. Raises one of FAULTS when there is no such layout."""
        key = tuple(own_places(source)), layout
        if key not in self._found:
            files = layout_files(named_layout(source, layout, shown(source / ISSUE_FILE)))
            fonts = fonts_of(fonts_folder(source))
            self._found[key] = {
                **{f"layout/{name}": hashlib.sha256(data).hexdigest() for name, data in files.items()},
                **{f"fonts/{face.path.name}": face.sha256 for face in fonts.faces.values()},
            }
        return self._found[key]


def state_of(source: Path, dist: Path, today: Today, name: str = "") -> IssueState:
    """How the issue in a folder stands to what was built of it.

    `name`: its path below the folder of all issues. Hashes made on the way are remembered in `dist`.
    """
    name = name or source.name
    remembered = recall(dist, name)
    known = dict(remembered.hashes)
    try:
        head = _head(source, remembered)
    except SourceErrors as fault:
        return IssueState(source, name, source.name, state=State.BROKEN, why=tuple(map(str, fault.errors)))
    new = IssueState(source, name, head.issue, head.date, head.paper, head.pages)
    found = _Look(new, head, dist / head.issue, today, remembered).state()
    if remembered.hashes != known:
        remember(dist, name, remembered)
    return found


def _head(source: Path, remembered: Remembered) -> Head:
    path = source / ISSUE_FILE
    try:
        sha256 = remembered.sha256(path, within=SOURCE)
        if remembered.head and remembered.head.sha256 == sha256:
            return remembered.head
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    root, _ = parse_xml(data, shown(path), _NAMESPACE)
    given = root.attributes
    title = next((one for one in root.walk() if one.name == "title"), root)  # the nameplate's comes first
    paper = "".join(part.text for part in title.children if isinstance(part, Characters)).strip()
    pages = sum(one.name == "page" for one in root.elements)
    issue = given.get("id", "")
    if not issue or unsafe_name(issue, folders=False) or issue.startswith("."):
        issue = source.name  # a build will say what is wrong with it
    head = Head(sha256, issue, given.get("date", ""), paper, pages, given.get("layout", _LAYOUT))
    remembered.head = head
    return head


def _unreadable(path: Path, error: OSError) -> SourceErrors:
    why = (error.strerror or str(error)).lower()
    return SourceErrors([SourceError(shown(path), 0, f"cannot be read: {why}", code="missing-file")])


@dataclass
class _Look:
    """One look at an issue and its outputs."""

    new: IssueState
    head: Head
    folder: Path
    today: Today
    remembered: Remembered

    def state(self) -> IssueState:
        """Broken comes before changed, and that before built."""
        try:
            data = (self.folder / manifest.NAME).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return self._as(State.BROKEN if (why := self._failed()) else State.NEW, why)
        except OSError as error:
            said = f"cannot be read: {(error.strerror or str(error)).lower()}"
            return self._as(State.BROKEN, (f"{shown(self.folder / manifest.NAME)}: {said}",))
        try:
            record = read_record(data[: MOST_BYTES + 1])
        except NotARecordError as fault:
            file = shown(self.folder / manifest.NAME)
            return self._as(State.BROKEN, tuple(f"{file}:{one.line}: {one.message}" for one in fault.faults))
        broken = tuple(self._broken(record)) or self._failed()
        changed = () if broken else tuple(self._changed(record))
        state = State.BROKEN if broken else State.CHANGED if changed else State.BUILT
        when = ""
        if state is State.BUILT:
            state, when, broken = self._verification(hashlib.sha256(data).hexdigest())
        return self._as(state, broken or changed, record, when)

    def _as(
        self, state: State, why: tuple[str, ...] = (), record: Record | None = None, when: str = ""
    ) -> IssueState:
        new = self.new
        if record is None:
            return IssueState(new.source, new.name, new.issue, new.date, new.paper, new.pages, state, why)
        return IssueState(
            new.source, new.name, new.issue, new.date, new.paper, new.pages, state, why,
            record.programs.get("issue-publisher", ""),
            program_changes(record.programs, manifest.programs()),
            when,
            sum(one.size for one in record.outputs),
            frozenset(one.role for one in record.outputs if (self.folder / one.name).is_file()),
        )  # fmt: skip

    def _failed(self) -> tuple[str, ...]:
        """Why the last build failed, if nothing was touched since."""
        failure = self.remembered.failure
        if failure is None or failure.of != contents(self.new.source, self.remembered, SOURCE):
            return ()
        return failure.why

    def _broken(self, record: Record) -> Iterator[str]:
        """Outputs that are not as they were written."""
        if not record.outputs:
            yield f"{shown(self.folder / manifest.NAME)}: it names no output"
        for entry in record.outputs:
            if said := self._fault(self.folder / entry.name, entry, OUTPUTS):
                yield f"{shown(self.folder / entry.name)}: {said}"

    def _fault(self, path: Path, entry: Entry, within: str) -> str:
        try:
            if path.stat().st_size != entry.size:
                return f"has {path.stat().st_size} bytes instead of {entry.size}"
            same = self.remembered.sha256(path, within=within) == entry.sha256
        except OSError as error:
            gone = isinstance(error, FileNotFoundError | NotADirectoryError)
            return "is gone" if gone else f"cannot be read: {(error.strerror or '').lower()}"
        return "" if same else "is altered"

    def _changed(self, record: Record) -> Iterator[str]:
        """Inputs that are not those of the manifest."""
        source = self.new.source
        for entry in record.inputs_of(*_OWN_ROLES):
            within = f"{SOURCE}/{entry.name.rpartition('/')[0]}".rstrip("/")
            if said := self._fault(source / entry.name, entry, within):
                yield f"{entry.name} {said}"
        yield from self._new_plan(record)
        try:
            now = self.today.inputs(source, self.today.layout or self.head.layout)
        except FAULTS as fault:
            yield from map(str, findings_of(fault))
            return
        was = {one.name: one.sha256 for one in record.inputs if one.role not in _OWN_ROLES}
        if differ := changes(was, dict(now)):
            yield differ

    def _new_plan(self, record: Record) -> Iterator[str]:
        """A page plan that came since; the one that these pages were made up by is no news."""
        made = record.of("page-plan")
        if made is None or record.inputs_of("page-plan"):
            return
        path = self.new.source / made.name
        if path.is_file() and self.remembered.sha256(path, within=SOURCE) != made.sha256:
            yield f"{made.name} new"

    def _verification(self, digest: str) -> tuple[State, str, tuple[str, ...]]:
        """Whether the last check was of this very manifest, when, and what it found."""
        try:
            told = json.loads((self.folder / RESULT).read_bytes())
            if told["manifest"] != digest:
                return State.BUILT, "", ()
            if told["good"] is not True:
                return State.BROKEN, "", (f"verify had {int(told['findings'])} findings (verify says which)",)
            return State.VERIFIED, str(told["verified"]), ()
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return State.BUILT, "", ()


def outputs_of(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Name, size and sha256 of each output that an issue's manifest names; none when it cannot be read."""
    try:
        record = read_record((folder / manifest.NAME).read_bytes())
    except (OSError, NotARecordError):
        return
    for entry in record.outputs:
        yield entry.name, entry.size, entry.sha256
