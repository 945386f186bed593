"""The search index as a file: one SQLite database, opened, made, and told from what it is not.

Tables: `issue`, one row for each source; `piece`, what can be found; `passage`, its words as they were
written; `words`, the full-text index (FTS5) of their folded pairs, which holds no text of its own. Writers
take turns a transaction at a time (write-ahead log), and readers see what was true before.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from issue_publisher.archive import folding
from issue_publisher.archive.pieces import WEIGHTS
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import shown

DEFAULT = Path("dist") / "search.sqlite"
FORMAT = 1  # of the tables
_OURS = 0x49507331  # PRAGMA application_id: IPs1
_PATIENCE_S = 120.0  # while another process writes
_ENDINGS = ("-wal", "-shm", "-journal")
_MAKE = "issue-publisher index SOURCE_DIR makes one"
_MAKE_AGAIN = "issue-publisher index SOURCE_DIR makes it anew"

COLUMNS = ", ".join(WEIGHTS)
_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE issue (
  key INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, xml TEXT NOT NULL, plan TEXT NOT NULL,
  id TEXT NOT NULL, date TEXT NOT NULL, paper TEXT NOT NULL, paper_folded TEXT NOT NULL);
CREATE TABLE piece (
  key INTEGER PRIMARY KEY, issue INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL,
  kind TEXT NOT NULL, headline TEXT NOT NULL, page INTEGER, page_title TEXT NOT NULL,
  print_place TEXT NOT NULL, first_column INTEGER, last_column INTEGER,
  rubric TEXT NOT NULL, rubric_folded TEXT NOT NULL,
  authors TEXT NOT NULL, people_folded TEXT NOT NULL, genre TEXT NOT NULL, line INTEGER NOT NULL);
CREATE INDEX piece_of_issue ON piece (issue);
CREATE TABLE passage (
  piece INTEGER NOT NULL, place INTEGER NOT NULL, field TEXT NOT NULL, words TEXT NOT NULL,
  lines TEXT NOT NULL, PRIMARY KEY (piece, place)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5({COLUMNS}, content='', tokenize='ascii');
"""
_VERSIONS = {"format": str(FORMAT), "folding": folding.VERSION}


class DamagedIndexError(Exception):
    """The file is an index no more."""


@contextmanager
def writing(path: Path) -> Iterator[tuple[sqlite3.Connection, str]]:
    """The index at `path`, made if there is none, and what had to be done to have it, in words, if anything.

    Raises EnvironmentFault when the file cannot be written or is something else, DamagedIndexError when
    damage shows later on: then `set_aside` and come again.
    """
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection, words = _opened(path)
        try:
            yield connection, words
        finally:
            connection.close()


def _opened(path: Path) -> tuple[sqlite3.Connection, str]:
    connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
    try:
        with transaction(connection, "DEFERRED"):  # one look, while another process may be making it
            _state(connection, path)  # before anything is changed in what may be somebody else's
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"):
            connection.execute(statement)
        with transaction(connection):
            stands = _state(connection, path)
            if stands:
                make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection, stands if stands != "new" else ""


def _state(connection: sqlite3.Connection, path: Path) -> str:
    """Nothing of an index of ours and of this version, "new" of an empty file, else what is to be said."""
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == _OURS
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if not ours and tables:
        raise EnvironmentFault(
            f"{shown(path)}: a database of something else, not a search index (--index names another file)"
        )
    if not ours:
        return "new"
    if _versions(connection) == _VERSIONS:
        return ""
    return f"{shown(path)}: an index of another version; made anew"


def _versions(connection: sqlite3.Connection) -> dict[str, str]:
    try:
        return dict(connection.execute("SELECT key, value FROM meta").fetchall())
    except sqlite3.OperationalError:
        return {}


def make_tables(connection: sqlite3.Connection) -> None:
    """Empty tables in the place of any others, within a transaction of the caller's.

    Until it ends readers see the old ones.
    """
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    for name in ["words", *(row[0] for row in connection.execute(names))]:
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", _VERSIONS.items())
    connection.execute(f"PRAGMA application_id = {_OURS}")


def check_whole(connection: sqlite3.Connection) -> None:
    """Look at every page of the file; a damaged one may answer for a long while before anybody notices."""
    if (row := connection.execute("PRAGMA quick_check(1)").fetchone()) and row[0] != "ok":
        raise DamagedIndexError(row[0])


def tidy(connection: sqlite3.Connection) -> None:
    """Give back the room of what was taken out; when others use the index, not now."""
    with suppress(sqlite3.OperationalError):
        connection.execute("VACUUM")


@contextmanager
def transaction(connection: sqlite3.Connection, how: str = "IMMEDIATE") -> Iterator[None]:
    """All or nothing; IMMEDIATE: from the beginning no other process writes."""
    connection.execute(f"BEGIN {how}")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):  # after some faults SQLite has rolled back by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The index at `path`, to be read only. Raises EnvironmentFault when there is none to be read."""
    if not path.is_file():
        raise EnvironmentFault(f"{shown(path)}: there is no index ({_MAKE})")
    try:
        with _told(path):
            connection = _opened_to_read(path)
            try:
                yield connection
            finally:
                connection.close()
    except DamagedIndexError as damage:
        raise EnvironmentFault(f"{damage} ({_MAKE_AGAIN})") from damage


def _opened_to_read(path: Path) -> sqlite3.Connection:
    """A write-ahead log needs files beside the index even to be read; where none can be made, nobody writes.

    Opened as if to write, so that these files leave again with the last reader.
    """
    try:
        return _looked_at(path, "mode=rw")
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        if _code(error) not in _NOT_OURS or (log.exists() and log.stat().st_size):
            raise
        return _looked_at(path, "mode=ro&immutable=1")


def _looked_at(path: Path, how: str) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.absolute()))}?{how}"
    connection = sqlite3.connect(uri, uri=True, timeout=_PATIENCE_S, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only = 1")
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == _OURS
        if not ours:
            raise EnvironmentFault(f"{shown(path)}: no search index (--index names another file)")
        if _versions(connection) != _VERSIONS:
            raise EnvironmentFault(f"{shown(path)}: an index of another version ({_MAKE_AGAIN})")
    except BaseException:
        connection.close()
        raise
    return connection


# --------------------------------------------------------------------------- what goes wrong


def _is_damage(error: sqlite3.Error) -> bool:
    """Whether the file's content is at fault, not the machine."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _code(error: sqlite3.Error) -> int:
    """SQLite's result code without its finer distinctions."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Faults of SQLite and the disk in words for people."""
    try:
        yield
    except sqlite3.Error as error:
        if _is_damage(error):
            raise DamagedIndexError(f"{shown(path)}: the index is damaged") from error
        why = _WHY.get(_code(error))
        if why is None:
            raise
        raise EnvironmentFault(f"{shown(path)}: {why}") from error
    except OSError as error:
        raise EnvironmentFault(f"{shown(path)}: {(error.strerror or str(error)).lower()}") from error


_NOT_OURS = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_WHY = {
    sqlite3.SQLITE_BUSY: "another process is writing the index, and goes on for long (try again later)",
    sqlite3.SQLITE_LOCKED: "another process is writing the index, and goes on for long (try again later)",
    sqlite3.SQLITE_FULL: "the disk is full (the index is as it was before the last issue)",
    sqlite3.SQLITE_READONLY: "the index can only be read (--index names another file)",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened (may files be made in its folder?)",
    sqlite3.SQLITE_PERM: "it is not ours to write (--index names another file)",
    sqlite3.SQLITE_IOERR: "the disk does not read or write as it should",
}


def identity(path: Path) -> int:
    """Which file it is that bears this name now; 0 for none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def set_aside(path: Path, damaged: int) -> str:
    """Move the index that was found damaged (its `identity`) out of the way, to `<name>.damaged`.

    Gives back what to say of it. Only what is called .sqlite: a file that is no database may be anything that
    somebody named by mistake. Two processes that find the damage do not take away what the other made since.
    """
    if path.suffix != ".sqlite":
        raise EnvironmentFault(f"{shown(path)}: no search index (--index names another file)")
    aside = path.with_name(path.name + ".damaged")
    lock = path.with_name(f".{path.name}.lock")
    with _told(path), lock.open("wb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if identity(path) == damaged:
            for ending in _ENDINGS:
                path.with_name(path.name + ending).unlink(missing_ok=True)
            path.replace(aside)
        lock.unlink(missing_ok=True)
    return f"{shown(path)}: the index was damaged; made anew (the old one is {aside.name})"
