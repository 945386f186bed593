"""Which terms a search index of Chinese should have, and what ours costs with many issues.

First the same pieces in full-text indexes of several kinds, against a plain scan: how much of what stands in
the text is found (recall), how much of what is found stands there (precision), size and time. Then our own
index of so many issues: issues a second, bytes an issue, milliseconds a search with its snippets.

The issues are the sample with its sentences shuffled and every thirtieth character another.
"""

import argparse
import random
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import rjieba

from issue_publisher.archive.folding import fold, pairs, phrase
from issue_publisher.archive.pieces import pieces_of
from issue_publisher.archive.query import read_query
from issue_publisher.issue.reader import read_issue
from issue_publisher.production.index import update_index
from issue_publisher.production.search import Filters, search

LENGTHS = range(1, 9)  # characters of a query
_PARAGRAPH = re.compile("(?<=<p>)[^<]*。(?=</p>)")
_HAN = re.compile("[一-鿿]")
_DAY_ONE = date(2020, 1, 6)


def changed(xml: str, number: int) -> str:
    """The sample as another week's issue."""
    lot = random.Random(number)
    day = (_DAY_ONE + timedelta(weeks=number)).isoformat()
    head, pages = re.sub('id="[0-9-]+" date="[0-9-]+"', f'id="{day}" date="{day}"', xml, count=1).split(
        "</nameplate>"
    )
    sentences = re.findall("[^。]*。", "".join(_PARAGRAPH.findall(pages)))
    lot.shuffle(sentences)
    pages = _PARAGRAPH.sub(lambda old: "".join(sentences.pop() for _ in range(old[0].count("。"))), pages)
    characters = _HAN.findall(pages)

    def other(character: re.Match[str]) -> str:
        return lot.choice(characters) if lot.random() < 1 / 30 else character[0]

    words = re.sub(">[^<]+", lambda text: _HAN.sub(other, text[0]), pages)
    return f"{head}</nameplate>{words}"


# --------------------------------------------------------------------------- kinds of terms


@dataclass(frozen=True)
class Kind:
    """A way to make terms of folded words, and to ask for some."""

    name: str
    options: str
    terms: Callable[[str], str]
    ask: Callable[[str], str | None]  # None: it cannot be asked for, all text must be read


def _ask_words(words: str) -> str:
    return '"' + " ".join(rjieba.cut(words)) + '"'


def _with_singles(words: str) -> str:
    return " ".join([*pairs(words), *words])


KINDS = (
    Kind("pairs", "tokenize='ascii'", lambda words: " ".join(pairs(words)), phrase),
    Kind("pairs, index of prefixes", "tokenize='ascii', prefix='1'", lambda w: " ".join(pairs(w)), phrase),
    Kind("pairs and singles", "tokenize='ascii'", _with_singles,
         lambda words: f'"{words}"' if len(words) == 1 else phrase(words)),
    Kind("trigram", "tokenize='trigram case_sensitive 1'", lambda words: words,
         lambda words: f'"{words}"' if len(words) > 2 else None),
    Kind("words (jieba)", "tokenize='ascii'", lambda words: " ".join(rjieba.cut(words)), _ask_words),
)  # fmt: skip


def made(kind: Kind, pieces: list[list[str]], path: Path) -> tuple[sqlite3.Connection, float]:
    """An index of that kind, and the seconds it took."""
    started = time.perf_counter()
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(body, content='', {kind.options})")
    rows = ((at, "\n".join(map(kind.terms, piece))) for at, piece in enumerate(pieces))
    connection.executemany("INSERT INTO words (rowid, body) VALUES (?, ?)", rows)
    connection.commit()
    return connection, time.perf_counter() - started


def queries(pieces: list[list[str]], each: int) -> dict[int, list[str]]:
    """So many runs of characters of every length, cut anywhere from the text."""
    lot = random.Random(1)
    found: dict[int, list[str]] = {length: [] for length in LENGTHS}
    for length, runs in found.items():
        while len(runs) < each:
            passage = lot.choice(lot.choice(pieces))
            if len(passage) >= length:
                start = lot.randrange(len(passage) - length + 1)
                runs.append(passage[start : start + length])
    return found


def scan(pieces: list[list[str]], words: str) -> set[int]:
    """What reading everything finds."""
    return {at for at, piece in enumerate(pieces) if any(words in passage for passage in piece)}


_RANKED = "SELECT rowid, bm25(words) AS score FROM words WHERE words MATCH ? ORDER BY score"


def compared(xmls: list[str], each: int) -> Iterator[str]:
    """A row of the table for each kind."""
    pieces = [
        [words for passage in piece.passages if (words := fold(passage.words))]
        for xml in xmls
        for piece in pieces_of(read_issue(xml.encode(), "issue.xml"), {})
    ]
    asked = queries(pieces, each)
    truth = {words: scan(pieces, words) for runs in asked.values() for words in runs}
    yield f"{len(xmls)} issues, {len(pieces)} pieces; {each} queries of each length, cut anywhere\n"
    yield "| terms | recall 1 | 2 | 3–8 | precision | kB an issue | ms 1 | 2 | 3–8 | worst |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "index.sqlite"
            connection, _ = made(kind, pieces, path)
            yield _row(kind, connection, asked, truth, pieces, path.stat().st_size / len(xmls))
            connection.close()


def _row(
    kind: Kind,
    connection: sqlite3.Connection,
    asked: dict[int, list[str]],
    truth: dict[str, set[int]],
    pieces: list[list[str]],
    size: float,
) -> str:
    recalls: dict[int, list[float]] = {}
    taken: dict[int, list[float]] = {}
    precisions: list[float] = []
    for length, runs in asked.items():
        group = min(length, 3)
        for words in runs:
            started = time.perf_counter()
            match = kind.ask(words)
            if match is None:
                found = scan(pieces, words)
            else:
                found = {row[0] for row in connection.execute(_RANKED, [match])}
            taken.setdefault(group, []).append((time.perf_counter() - started) * 1000)
            recalls.setdefault(group, []).append(len(found & truth[words]) / len(truth[words]))
            if found:
                precisions.append(len(found & truth[words]) / len(found))
    recall = " | ".join(f"{sum(values) / len(values):.3f}" for values in recalls.values())
    times = " | ".join(f"{median(values):.1f}" for values in taken.values())
    worst = max(max(values) for values in taken.values())
    precision = sum(precisions) / len(precisions)
    return f"| {kind.name} | {recall} | {precision:.3f} | {size / 1000:.0f} | {times} | {worst:.0f} |"


# --------------------------------------------------------------------------- our index


def ours(xmls: list[str], plan: bytes, each: int) -> Iterator[str]:
    """Rate, size and times of the index that the program makes."""
    with tempfile.TemporaryDirectory() as place:
        source, index = Path(place) / "source", Path(place) / "dist" / "search.sqlite"
        for number, xml in enumerate(xmls):
            folder = source / f"{number:05}"
            folder.mkdir(parents=True)
            (folder / "issue.xml").write_text(xml, encoding="utf-8")
            (folder / "page-plan.toml").write_bytes(plan)
        for words, rebuild in (("new", False), ("nothing to do", False), ("made anew", True)):
            started = time.perf_counter()
            done = update_index(index, [source], rebuild=rebuild)
            seconds = time.perf_counter() - started
            size = index.stat().st_size / len(xmls) / 1000
            yield (
                f"{words}: {done.issues} issues, {done.pieces} pieces in {seconds:.1f} s, "
                f"{len(xmls) / seconds:.1f} issues a second; {size:.0f} kB an issue"
            )
        pieces = [
            [words for passage in piece.passages if (words := fold(passage.words))]
            for xml in xmls[::30]
            for piece in pieces_of(read_issue(xml.encode(), "issue.xml"), {})
        ]
        yield "\n| characters | hits, median | ms, median | worst |\n|---|---|---|---|"
        for length, runs in queries(pieces, each).items():
            yield _times(index, length, runs)


def _times(index: Path, length: int, runs: list[str]) -> str:
    totals, taken = [], []
    for words in runs:
        started = time.perf_counter()
        totals.append(search(index, read_query(f'"{words}"'), Filters(), 20).total)
        taken.append((time.perf_counter() - started) * 1000)
    return f"| {length} | {median(totals):.0f} | {median(taken):.1f} | {max(taken):.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sample", type=Path, help="the sample issue's folder")
    parser.add_argument("--issues", type=int, default=300)
    parser.add_argument("--queries", type=int, default=40, help="of each length")
    asked = parser.parse_args()
    sample = (asked.sample / "issue.xml").read_text(encoding="utf-8")
    xmls = [changed(sample, number) for number in range(asked.issues)]
    for line in compared(xmls, asked.queries):
        print(line, flush=True)
    print()
    for line in ours(xmls, (asked.sample / "page-plan.toml").read_bytes(), asked.queries):
        print(line, flush=True)


if __name__ == "__main__":
    main()
