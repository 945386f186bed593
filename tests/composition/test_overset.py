"""What does not fit: the error names the article, its line, and by how many lines it is too long."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from composition.issues import FILE, NOTICE, article, composed, issue_of, paragraphs, quick
from composition.walk import check
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Cell, Issue, Table, text


def overset(issue: Issue, plan: bytes | None = None) -> tuple[SourceError, ...]:
    with pytest.raises(SourceErrors) as caught:
        composed(issue, plan, made_for=quick())
    for error in caught.value:
        assert error.code == "overset"
        assert error.hint
        assert error.line > 0
    return caught.value.errors


def test_forty_thousand_characters_on_one_page() -> None:
    (error,) = overset(issue_of([article("flood", 40_000)]))
    said = re.search(r"article flood is (\d+) lines too long for page 1", error.message)
    assert error.file == FILE
    assert error.line == 7
    assert said is not None
    assert int(said[1]) > 2000
    assert re.search(r"cut about \d+ characters", error.hint)


def test_an_article_too_long_for_any_shape_says_by_how_much() -> None:
    (error,) = overset(issue_of([article("long", 9_000)]))
    said = re.search(r"article long is (\d+) lines too long for page 1 by itself", error.message)
    assert said is not None
    cut = re.search(r"cut about (\d+) characters", error.hint)
    assert cut is not None
    shorter = article("long", 9_000 - int(cut[1]) - 300)
    check(composed(issue_of([shorter]), made_for=quick()))


def test_articles_that_fit_alone_but_not_together_name_the_longest() -> None:
    (error,) = overset(
        issue_of([article("one", 4_000, 1), article("two", 4_500, 2), article("three", 3_000, 3)])
    )
    assert error.message.startswith("page 1: ")
    assert re.search(r"cut about \d+ lines .*from two|no arrangement fits", error.hint)


def test_every_page_that_does_not_fit_is_named_at_once() -> None:
    errors = overset(issue_of([article("one", 40_000)], [article("two", 300)], [article("three", 40_000, 3)]))
    assert [re.findall("one|two|three", error.message) for error in errors] == [["one"], ["three"]]


def test_an_advertisement_of_too_many_words_says_so() -> None:
    (error,) = overset(issue_of([replace(NOTICE, blocks=paragraphs(900, 3))]))
    assert re.search(r"notice is \d+ lines too long for its place", error.message)
    assert error.line == NOTICE.line


def test_a_place_in_the_plan_that_is_too_small_says_so() -> None:
    plan = b"[page-1.one]\ncolumn = 0\ncolumns = 3\nrow = 14\nlines = 12\nlegs = 3\n"
    plan += b"headline_pt = 24\nheadline_lines = 1\n"
    (error,) = overset(issue_of([article("one", 1_500)]), plan)
    said = re.search(r"article one is (\d+) lines too long for its place on page 1", error.message)
    assert said is not None
    deep = re.search(r"make it (\d+) lines deep", error.hint)
    assert deep is not None
    assert "--replan" in error.hint
    check(
        composed(
            issue_of([article("one", 1_500)]), plan.replace(b"lines = 12", b"lines = " + deep[1].encode())
        )
    )


def test_a_headline_that_no_measure_holds_is_named() -> None:
    (error,) = overset(issue_of([article("wide", 300, headline=text("A" * 200))]))
    assert "article wide" in error.message
    assert "headline" in error.hint


def test_a_table_deeper_than_the_page_is_named() -> None:
    table = Table(tuple((Cell(text(f"第{row}行")), Cell(text("一个值"))) for row in range(130)))
    (error,) = overset(issue_of([article("deep", 10, body=(table,))]))
    assert "article deep" in error.message
