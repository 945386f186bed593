"""Words folded, asked for and shown; without any index on a disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass
from enum import Enum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issue.strategies import issues
from issue_publisher.archive.folding import fold, folded, pairs, phrase
from issue_publisher.archive.pieces import Passage, pieces_of
from issue_publisher.archive.query import Query, QueryError, read_query
from issue_publisher.archive.snippets import line_of_hit, marked, snippet
from issue_publisher.issue.model import Issue, Text
from rendering_epub.whole_issue import ISSUE

# Of every block that a newspaper may meet, and some that it will not.
_ODD = "𠮷𪚥〇がé e\u0301ßﬁK℃①²ＡａZ９0 \u3000\n，。．.…—“”《》·（)[]*\"'^:-+\ufe0f\u200b한"
ANY_WORDS = st.text(
    st.sampled_from("新材料钛合金研究院報紙" + _ODD) | st.characters(exclude_categories=("Cs",)), max_size=30
)


# --------------------------------------------------------------------------- folding


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("ＴＣ４钛合金", "tc4钛合金"),
        ("《天工开物》重印", "天工开物重印"),
        ("“砰”的一声", "砰的一声"),
        ("约翰·史密斯", "约翰史密斯"),
        ("王 伟　说", "王伟说"),
        ("Al₂CuLi", "al2culi"),
        ("10²¹个", "1021个"),
        ("零下196℃", "零下196°C"),
        ("⽇前", "日前"),
        ("Café", "cafe\u0301"),
        ("（记者", "(记者"),
    ],
)
def test_what_looks_the_same_is_the_same(written: str, asked: str) -> None:
    assert fold(written) == fold(asked)


@pytest.mark.parametrize(
    ("one", "other"), [("2.25", "225"), ("研究。院", "研究院"), ("钛，镁", "钛镁"), ("報", "报")]
)
def test_what_means_something_else_is_something_else(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY_WORDS)
def test_folded_words_know_where_they_come_from(written: str) -> None:
    words = folded(written)
    assert words.words == fold(written)
    for at in range(len(words.words)):
        start, end = words.stretch(at, 1)
        assert words.words[at] in fold(written[start:end])


@given(st.lists(ANY_WORDS, min_size=1, max_size=4), st.data())
def test_whatever_stands_in_a_text_is_found_and_nothing_else(
    passages: list[str], data: st.DataObject
) -> None:
    kept = [fold(passage) for passage in passages]
    terms = " ".join(" ".join(pairs(words)) for words in kept)
    whole = data.draw(st.sampled_from(kept))
    start = data.draw(st.integers(0, len(whole)))
    run = whole[start : start + data.draw(st.integers(1, 8))]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(body, content='', tokenize='ascii')")
        connection.execute("INSERT INTO words (rowid, body) VALUES (1, ?)", [terms])
        for asked in filter(None, (run, run[::-1])):
            found = connection.execute("SELECT rowid FROM words WHERE words MATCH ?", [phrase(asked)])
            assert bool(found.fetchall()) == any(asked in words for words in kept), asked


# --------------------------------------------------------------------------- what a piece is made of


def all_words(value: object) -> Iterator[str]:
    """Every text of a value and of everything in it, notes included."""
    if isinstance(value, Text):
        yield value.plain
        for note in value.notes:
            yield from all_words(note)
    elif isinstance(value, tuple):
        for each in value:
            yield from all_words(each)
    elif isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.name not in {"id", "lang", "src", "genre", "to", "lines", "line", "hint", "links"}:
                yield from all_words(getattr(value, each.name))


def assert_nothing_is_left_out(issue: Issue) -> None:
    indexed = "\n".join(fold(each.words) for piece in pieces_of(issue, {}) for each in piece.passages)
    for words in all_words(tuple(issue.items())):
        assert fold(words) in indexed, words


def test_no_word_of_an_item_is_left_out() -> None:
    assert_nothing_is_left_out(ISSUE)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(issues())
def test_no_word_of_any_item_is_left_out(issue: Issue) -> None:
    assert_nothing_is_left_out(issue)


# --------------------------------------------------------------------------- queries


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("铝锂 合金", Query((("铝锂",), ("合金",)))),
        ("铝锂　合金", Query((("铝锂",), ("合金",)))),
        ('"铝锂 合金"', Query((("铝锂合金",),))),
        ("“铝锂 合金” 箱底", Query((("铝锂合金",), ("箱底",)))),
        ("钛 OR 镁 合金", Query((("钛", "镁"), ("合金",)))),
        ("钛 OR 镁 OR 铝", Query((("钛", "镁", "铝"),))),
        ("合金 -高熵 －“低 温”", Query((("合金",),), ("高熵", "低温"))),
        ("TC-4 or", Query((("tc－4",), ("or",)))),
        ('"OR"', Query((("or",),))),
        ('"-253"', Query((("－253",),))),
        ("《 天工", Query((("天工",),))),
        ("NEAR(a b) body:c*", Query((("near（a",), ("b）",), ("body：c＊",)))),
    ],
)
def test_a_query_is_read_as_it_was_meant(asked: str, query: Query) -> None:
    assert read_query(asked) == query


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("", "no word"),
        ("《》", "no word"),
        ("-钛", "-钛"),
        ('"铝锂', "铝锂"),
        ("钛 -", "dash"),
        ("--钛", "dash"),
        ("OR 钛", "between"),
        ("钛 OR", "between"),
        ("钛 OR OR 镁", "between"),
        ("钛 OR -镁", "not wanted"),
        ("钛" * 600, "too many"),
        ("钛 " * 50, "too many"),
    ],
)
def test_a_query_that_asks_for_nothing_is_told_why(asked: str, why: str) -> None:
    with pytest.raises(QueryError, match=why):
        read_query(asked)


@given(st.text("钛 \"“”'()*^:+-－ORNEAT{}~;，《》\\%\0\ud800", max_size=20) | ANY_WORDS)
def test_nothing_of_a_query_means_anything_to_the_database(asked: str) -> None:
    try:
        query = read_query(asked)
    except QueryError:
        return
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(body, content='', tokenize='ascii')")
        connection.execute("SELECT rowid FROM words WHERE words MATCH ?", [query.expression]).fetchall()


# --------------------------------------------------------------------------- snippets


def test_marks_stand_round_what_was_written_not_round_what_was_folded() -> None:
    words = "他说：“ＴＣ４ 钛”合金Cafe\u0301。"
    assert marked(words, ("tc4钛合金", "cafe")).shown(
        "〔", "〕"
    ) == "他说：“〔ＴＣ４ 钛”合金〕〔Cafe\u0301〕。".replace("〕〔", "")


def test_marks_that_overlap_are_one() -> None:
    assert marked("哈哈哈哈", ("哈哈",)).shown("〔", "〕") == "〔哈哈哈哈〕"


def test_a_snippet_is_the_passage_that_shows_most_cut_round_it() -> None:
    long = "江水涨了又退，" * 20
    passages = (
        Passage("headline", "渡口与新桥", ((0, 3),)),
        Passage("body", f"渡口的旧船。{long}", ((0, 5),)),
        Passage("body", f"{long}新桥通车那天，渡口还开着。{long}", ((0, 6), (60, 7), (145, 8))),
    )
    shown = snippet(passages, ("渡口", "新桥"))
    assert shown is not None
    text = shown.text.shown("〔", "〕")
    assert "〔新桥〕通车那天，〔渡口〕还开着。" in text
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(shown.text.words) < 70
    assert shown.line == 7
    assert line_of_hit(passages, ("渡口",)) == 3
