"""What is remembered of a catalogue between runs: what each book said, and what each file was made of.

It saves reading books, cutting covers and writing feeds that would come out as they are; nothing is listed
or left out because of it alone. It lies in one SQLite file in `dist/.regenerate/`, a row a book and a row a
file, so that a run writes as much as has changed. One that is damaged, of another program or not ours to
write is one that is not there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from issue_publisher.archive.book import Book, Series
from issue_publisher.archive.shelf import Entry, Picture
from issue_publisher.production.cache import this_program
from issue_publisher.production.records import FOLDER, stamp_of

_FILE = "catalogue.sqlite"
_PATIENCE_S = 10.0  # for another run that writes it
_TABLES = {
    "maker": "(name TEXT)",
    "book": "(path TEXT PRIMARY KEY, stamp TEXT, told TEXT) WITHOUT ROWID",
    "file": "(name TEXT PRIMARY KEY, made_of TEXT, stamp TEXT) WITHOUT ROWID",
}

Row = tuple[str, str]


@dataclass
class Memory:
    """Of each book its stamp and its entry when it was read; of each file what it was made of, its stamp."""

    books: dict[str, Row] = field(default_factory=dict)
    files: dict[str, Row] = field(default_factory=dict)


def book_stamp(path: Path) -> str:
    """Changes whenever a book is written or replaced. Raises OSError."""
    return " ".join(map(str, stamp_of(path)))


def file_stamp(path: Path) -> str:
    """The same of a file of the catalogue, but for its ctime, which a second name (link) changes too."""
    return " ".join(map(str, stamp_of(path)[:3]))


def told(entry: Entry) -> str:
    """An entry in words; its cover's bytes are a file of the catalogue."""
    plain = replace(entry, book=replace(entry.book, cover=None))
    return json.dumps(asdict(plain), ensure_ascii=False, default=date.isoformat)


def entry_of(words: str) -> Entry:
    """The entry that was told. Raises ValueError, TypeError or KeyError when it is none."""
    found: dict[str, Any] = json.loads(words)
    book = found["book"]
    series, issued = book["series"], book["issued"]
    book |= {
        "authors": tuple(book["authors"]),
        "subjects": tuple(book["subjects"]),
        "issued": date.fromisoformat(issued) if issued else None,
        "series": Series(**series) if series else None,
    }
    pictures = (Picture(**one) if one else None for one in (found["cover"], found["thumbnail"]))
    return Entry(Book(**book), *pictures)


def recall(dist: Path) -> Memory:
    """What is remembered; nothing if there is nothing, or another program wrote it."""
    path = dist / FOLDER / _FILE
    if not path.is_file():
        return Memory()
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as rows:
        if _is_ours(rows):
            return Memory(
                {path: (stamp, words) for path, stamp, words in rows.execute("SELECT * FROM book")},
                {name: (made_of, stamp) for name, made_of, stamp in rows.execute("SELECT * FROM file")},
            )
    return Memory()


def _is_ours(rows: sqlite3.Connection) -> bool:
    """Whether this very program wrote it: another one's books and files may come out otherwise."""
    try:
        return rows.execute("SELECT name FROM maker").fetchall() == [(this_program(),)]
    except sqlite3.OperationalError:  # no such table
        return False


def remember(dist: Path, before: Memory, now: Memory) -> None:
    """Keep it, if the disk lets us; `before` is what was recalled, and only what differs is written."""
    path = dist / FOLDER / _FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)) as rows:
            _remember(rows, before, now)
    except (sqlite3.OperationalError, OSError):  # in somebody's hands, or not ours to write
        pass
    except sqlite3.DatabaseError:  # damaged: the next run begins anew
        with suppress(OSError):
            path.unlink()


def _remember(rows: sqlite3.Connection, before: Memory, now: Memory) -> None:
    """One transaction: all of it is kept, or nothing."""
    with rows:
        rows.execute("BEGIN IMMEDIATE")
        if not _is_ours(rows) or before == Memory():
            before = Memory()
            for table, columns in _TABLES.items():
                rows.execute(f"DROP TABLE IF EXISTS {table}")
                rows.execute(f"CREATE TABLE {table} {columns}")
            rows.execute("INSERT INTO maker VALUES (?)", (this_program(),))
        _differences(rows, "book", "path", before.books, now.books)
        _differences(rows, "file", "name", before.files, now.files)


def _differences(
    rows: sqlite3.Connection, table: str, key: str, before: Mapping[str, Row], now: Mapping[str, Row]
) -> None:
    gone = [(name,) for name in before if name not in now]
    rows.executemany(f"DELETE FROM {table} WHERE {key} = ?", gone)
    other = [(name, *row) for name, row in now.items() if before.get(name) != row]
    rows.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", other)
