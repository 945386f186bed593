"""Keep the search index saying what the sources say: `issue-publisher index`.

It is made of issue.xml and page-plan.toml of every issue and of nothing else, and can be made anew from
them at any time. What has changed is told by their sha256. Each issue comes in, or leaves, in a transaction
of its own: killed at any moment, the index holds some issues as they are and the others as they were.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from issue_publisher.archive.folding import fold, pairs
from issue_publisher.archive.pieces import COLUMNS, WEIGHTS, Column, Passage, Piece, Place, pieces_of
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Issue
from issue_publisher.issue.reader import read_issue
from issue_publisher.production import index_file
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.index_file import DamagedIndexError, transaction
from issue_publisher.production.load import ISSUE_FILE, shown, sources_below
from issue_publisher.production.plan_places import places_of

PLAN_FILE = "page-plan.toml"  # of the issue's own layout


@dataclass(frozen=True, slots=True)
class Indexed:
    """What was done to an index."""

    index: Path
    added: int = 0
    refreshed: int = 0
    removed: int = 0
    unchanged: int = 0
    issues: int = 0  # that the index holds now
    pieces: int = 0
    findings: tuple[SourceError, ...] = ()  # of issues that cannot be read
    said: tuple[str, ...] = ()  # of the index: that it was damaged, or of another version


def update_index(
    index: Path,
    sources: Sequence[Path],
    *,
    rebuild: bool = False,
    on_step: Callable[[str], None] = lambda folder: None,
) -> Indexed:
    """Make the index say what `sources` say: folders of issues, at any depth, or issues' own folders.

    An entry leaves when its issue.xml is no longer there, below any of `sources` or beside one that is an
    issue's own; entries of other places stay. An issue that cannot be read is a finding, and its entry stays
    as it was. With `rebuild` nothing of the old index remains, and readers see it until the new one is whole.
    Several processes may do this at once. Raises EnvironmentFault.
    """
    _check(sources)
    before = index_file.identity(index)
    try:
        return _updated(index, sources, rebuild, on_step)
    except DamagedIndexError:
        said = index_file.set_aside(index, before)
    try:
        indexed = _updated(index, sources, False, on_step)
    except DamagedIndexError as damage:
        raise EnvironmentFault(f"{damage}, again, as soon as it was made; does the disk hold?") from damage
    return replace(indexed, said=(said, *indexed.said))


def _check(sources: Sequence[Path]) -> None:
    for folder in sources:
        if not folder.is_dir():
            raise EnvironmentFault(f"{shown(folder)}: no folder of issues")


def _updated(index: Path, sources: Sequence[Path], rebuild: bool, on_step: Callable[[str], None]) -> Indexed:
    with index_file.writing(index) as (connection, said):
        index_file.check_whole(connection)
        work = _Work(connection, index.resolve().parent)
        if rebuild:
            work.rebuild(_issue_folders(sources), on_step)
            index_file.tidy(connection)
        else:
            work.update(_issue_folders(sources), _roots(sources), on_step)
        if not (work.issues() or work.removed or work.findings):
            raise EnvironmentFault(f"{', '.join(map(shown, sources))}: no {ISSUE_FILE} in any folder below")
        return Indexed(
            index, work.added, work.refreshed, work.removed, work.unchanged, work.issues(),
            work.count("piece"), tuple(work.findings), (said,) if said else (),
        )  # fmt: skip


def _issue_folders(sources: Iterable[Path]) -> Iterator[Path]:
    """Every folder with an issue.xml in it, each once, in the order of their names; none that is hidden."""
    seen: set[Path] = set()
    for source in sources:
        for folder in sources_below(source):
            here = folder.resolve()
            if here not in seen:
                seen.add(here)
                yield folder


def _roots(sources: Iterable[Path]) -> list[Path]:
    """Folders that entries may leave from: an issue of its own may have been renamed beside itself."""
    whole = [source.resolve() for source in sources]
    return [source.parent if (source / ISSUE_FILE).is_file() else source for source in whole]


# --------------------------------------------------------------------------- the work on an open index


@dataclass(frozen=True, slots=True)
class _Files:
    """What an issue's entry is made of."""

    xml: bytes
    plan: bytes

    @property
    def hashes(self) -> tuple[str, str]:
        """As the index remembers them."""
        xml, plan = (hashlib.sha256(data).hexdigest() for data in (self.xml, self.plan))
        return xml, plan if self.plan else ""


def _files(folder: Path) -> _Files:
    plan = folder / PLAN_FILE
    return _Files((folder / ISSUE_FILE).read_bytes(), plan.read_bytes() if plan.is_file() else b"")


def _is_still(folder: Path, files: _Files) -> bool:
    try:
        return _files(folder) == files
    except OSError:
        return False


class _Work:
    """An update going on, and what it has come to."""

    def __init__(self, connection: sqlite3.Connection, home: Path) -> None:
        self.connection, self.home = connection, home
        self.added = self.refreshed = self.removed = self.unchanged = 0
        self.findings: list[SourceError] = []

    def update(self, folders: Iterable[Path], roots: Sequence[Path], on_step: Callable[[str], None]) -> None:
        """Bring in what is new or changed, then take out what is gone."""
        for folder in folders:
            on_step(shown(folder))
            while not self._refreshed(folder):
                pass  # it was being written meanwhile
        for key, source in self.connection.execute("SELECT key, source FROM issue").fetchall():
            folder = (self.home / source).resolve()
            if any(folder.is_relative_to(root) for root in roots) and not (folder / ISSUE_FILE).exists():
                with transaction(self.connection):
                    self.removed += self._take_out(key)

    def rebuild(self, folders: Iterable[Path], on_step: Callable[[str], None]) -> None:
        """Everything anew, in one transaction."""
        with transaction(self.connection):
            index_file.make_tables(self.connection)
            for folder in folders:
                on_step(shown(folder))
                read = self._read(folder)
                if read:
                    self._put(self._name(folder), *read)
                    self.added += 1
            self.connection.execute("INSERT INTO words (words) VALUES ('optimize')")

    def issues(self) -> int:
        """How many issues the index holds."""
        return self.count("issue")

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _name(self, folder: Path) -> str:
        """The folder as the index calls it: from where the index lies, so that both may move together."""
        return Path(os.path.relpath(folder.resolve(), self.home)).as_posix()

    def _entry(self, name: str) -> tuple[int, tuple[str, str]] | None:
        row = self.connection.execute("SELECT key, xml, plan FROM issue WHERE source = ?", [name]).fetchone()
        return (row[0], (row[1], row[2])) if row else None

    def _refreshed(self, folder: Path) -> bool:
        """Bring one issue up to date; False when its files changed in the meantime."""
        name = self._name(folder)
        read = self._read(folder, self._entry(name))
        if read is None:
            return True
        with transaction(self.connection):
            entry = self._entry(name)  # another process may have been here
            if entry and entry[1] == read[0].hashes:
                self.unchanged += 1
                return True
            if not _is_still(folder, read[0]):
                return False
            if entry:
                self._take_out(entry[0])
            self._put(name, *read)
        self.refreshed += bool(entry)
        self.added += not entry
        return True

    def _read(
        self, folder: Path, entry: tuple[int, tuple[str, str]] | None = None
    ) -> tuple[_Files, Issue] | None:
        """The issue if it is not in the index as it is now and can be read."""
        file = shown(folder / ISSUE_FILE)
        try:
            files = _files(folder)
            if entry and entry[1] == files.hashes:
                self.unchanged += 1
                return None
            return files, read_issue(files.xml, file)
        except SourceErrors as fault:
            if fault.issue is not None:
                return files, fault.issue
            self.findings += fault.errors
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            self.findings.append(SourceError(file, 0, why, code="missing-file"))
        what = "the index says of it what it said before" if entry else "it is left out of the index"
        said = f"cannot be read; {what}"
        self.findings.append(SourceError(file, 0, said, severity="warning", code="index"))
        return None

    # ----- rows; within a transaction

    def _put(self, name: str, files: _Files, issue: Issue) -> None:
        paper = issue.nameplate.title
        key = self.connection.execute(
            "INSERT INTO issue VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
            [name, *files.hashes, issue.id, issue.date.isoformat(), paper, fold(paper)],
        ).lastrowid
        for place, piece in enumerate(pieces_of(issue, places_of(files.plan, issue))):
            self._put_piece(key or 0, place, piece)

    def _put_piece(self, issue: int, place: int, piece: Piece) -> None:
        printed = piece.place or Place(0)
        first, last = printed.columns or (None, None)
        key = self.connection.execute(
            f"INSERT INTO piece VALUES (NULL{', ?' * 16})",
            [
                issue, place, piece.id, piece.kind, piece.headline, piece.page, piece.page_title,
                printed.words, first, last, piece.rubric, fold(piece.rubric),
                json.dumps(piece.authors, ensure_ascii=False), _people(piece.passages),
                piece.genre, piece.line,
            ],
        ).lastrowid  # fmt: skip
        self.connection.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?)",
            (
                (key, at, passage.field, passage.words, json.dumps(passage.lines, separators=(",", ":")))
                for at, passage in enumerate(piece.passages)
            ),
        )
        columns = f"rowid, {index_file.COLUMNS}"
        self.connection.execute(
            f"INSERT INTO words ({columns}) VALUES (?{', ?' * len(WEIGHTS)})", [key, *_terms(piece.passages)]
        )

    def _take_out(self, issue: int) -> bool:
        """Remove an entry; the full-text index wants to be told the terms again."""
        keys = self.connection.execute("SELECT key FROM piece WHERE issue = ?", [issue]).fetchall()
        for (key,) in keys:
            values = [key, *_terms(passages_of(self.connection, key))]
            self.connection.execute(
                f"INSERT INTO words (words, rowid, {index_file.COLUMNS})"
                f" VALUES ('delete', ?{', ?' * len(WEIGHTS)})",
                values,
            )
            self.connection.execute("DELETE FROM passage WHERE piece = ?", [key])
        self.connection.execute("DELETE FROM piece WHERE issue = ?", [issue])
        return self.connection.execute("DELETE FROM issue WHERE key = ?", [issue]).rowcount > 0


def passages_of(connection: sqlite3.Connection, piece: int) -> tuple[Passage, ...]:
    """The words of a piece as they were written."""
    rows = connection.execute(
        "SELECT field, words, lines FROM passage WHERE piece = ? ORDER BY place", [piece]
    )
    return tuple(
        Passage(field, words, tuple((at, line) for at, line in json.loads(lines)))
        for field, words, lines in rows
    )


def _terms(passages: Iterable[Passage]) -> list[str]:
    """What the full-text index is given of a piece, a text for each of its columns."""
    found: dict[Column, list[str]] = {column: [] for column in WEIGHTS}
    for passage in passages:
        found[COLUMNS[passage.field]] += pairs(fold(passage.words))
    return [" ".join(terms) for terms in found.values()]


def _people(passages: Iterable[Passage]) -> str:
    """Everybody named at the piece, folded."""
    return "\n".join(fold(each.words) for each in passages if COLUMNS[each.field] is Column.PEOPLE)
