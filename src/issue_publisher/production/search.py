"""Find pieces in the search index: `issue-publisher search`."""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from issue_publisher.archive.folding import fold
from issue_publisher.archive.pieces import WEIGHTS
from issue_publisher.archive.query import Query
from issue_publisher.archive.snippets import Marked, Snippet, line_of_hit, marked, snippet
from issue_publisher.production import index_file
from issue_publisher.production.index import passages_of
from issue_publisher.production.load import ISSUE_FILE, shown


@dataclass(frozen=True, slots=True)
class Filters:
    """Which pieces may be hits at all; names may be given in part."""

    since: date | None = None
    until: date | None = None
    page: int | None = None
    rubric: str | None = None
    author: str | None = None  # anybody named at the piece: author, photographer, who signed it
    paper: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """A piece that was found."""

    issue: str
    date: date
    paper: str
    page: int | None  # as printed; none for copy that waits for a page
    page_title: str
    place: str  # on the page, as its plan says: 右上; empty when there is no plan
    columns: tuple[int, int] | None  # first and last, counted from 1
    id: str
    kind: str
    genre: str
    rubric: str
    authors: tuple[str, ...]
    headline: Marked
    snippet: Snippet | None
    file: str  # the issue's XML, as messages call it
    line: int  # where what was asked for stands in it
    score: float  # higher is better; 0 when only filters were given


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]


# Ranked apart from what is counted, which SQLite does not do at once.
_RANKED = f"""
WITH found AS MATERIALIZED (
  SELECT rowid AS key, round(-bm25(words, {", ".join(map(str, WEIGHTS.values()))}), 6) AS score
  FROM words WHERE words MATCH ?)
"""
_ALL = "WITH found AS (SELECT key, 0.0 AS score FROM piece)"
_ROWS = """
SELECT piece.key AS key, score, count(*) OVER () AS total, issue.id AS issue, date, paper, source,
       page, page_title, print_place, first_column, last_column, piece.id AS id, kind, genre, rubric, authors,
       headline, line
FROM found JOIN piece USING (key) JOIN issue ON issue.key = piece.issue
WHERE {conditions}
ORDER BY score DESC, date DESC, page IS NULL, page, paper, issue.id, source, piece.place
LIMIT ?
"""
_CONDITIONS = {
    "since": "date >= ?",
    "until": "date <= ?",
    "page": "page = ?",
    "rubric": "instr(rubric_folded, ?)",
    "author": "instr(people_folded, ?)",
    "paper": "instr(paper_folded, ?)",
}


def search(index: Path, query: Query | None, filters: Filters, limit: int) -> Found:
    """The best hits for a query; for filters alone newest first, then by page. Raises EnvironmentFault."""
    conditions: list[str] = []
    values: list[int | str] = [query.expression] if query else []
    for name, condition in _CONDITIONS.items():
        if (wanted := getattr(filters, name)) is not None:
            conditions.append(condition)
            values.append(_value(wanted))
    statement = (_RANKED if query else _ALL) + _ROWS.format(conditions=" AND ".join(conditions) or "1")
    wanted_words = query.wanted if query else ()
    with index_file.reading(index) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")  # hits and their words are of one moment
        rows = connection.execute(statement, [*values, limit]).fetchall()
        connection.row_factory = None
        hits = tuple(_hit(connection, row, index, wanted_words) for row in rows)
    return Found(rows[0]["total"] if rows else 0, hits)


def _value(wanted: date | int | str) -> int | str:
    if isinstance(wanted, date):
        return wanted.isoformat()
    return fold(wanted) if isinstance(wanted, str) else wanted


def _hit(connection: sqlite3.Connection, row: Any, index: Path, wanted: tuple[str, ...]) -> Hit:
    passages = passages_of(connection, row["key"])
    shows = snippet(passages, wanted)
    line = shows.line if shows and shows.text.marks else line_of_hit(passages, wanted)
    file = Path(os.path.normpath(index.absolute().parent / row["source"])) / ISSUE_FILE
    columns = (row["first_column"], row["last_column"])
    return Hit(
        issue=row["issue"],
        date=date.fromisoformat(row["date"]),
        paper=row["paper"],
        page=row["page"],
        page_title=row["page_title"],
        place=row["print_place"],
        columns=columns if columns[0] is not None else None,
        id=row["id"],
        kind=row["kind"],
        genre=row["genre"],
        rubric=row["rubric"],
        authors=tuple(json.loads(row["authors"])),
        headline=marked(row["headline"], wanted),
        snippet=shows,
        file=shown(file),
        line=line or row["line"],
        score=row["score"],
    )
