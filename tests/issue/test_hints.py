"""Hints that were written for one grid, read on another."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from issue_publisher.issue.hints import hints_in_columns
from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Box,
    Figure,
    Hint,
    Issue,
    Nameplate,
    Page,
    Paragraph,
    text,
)


def issue(columns: int, legs: int | None = None) -> Issue:
    picture = Figure("a.jpg", columns=columns)
    body = (Paragraph(text("话")), picture, Box(blocks=(picture,)))
    items = (
        Article("a", text("题"), body=body, hint=Hint(columns, legs, "top-left", line=7)),
        Advertisement("ad", columns, 70, blocks=(picture,)),
    )
    return Issue("x", date(2026, 11, 23), Nameplate("报", "今天"), (Page(1, "要闻", items),))


def wishes(found: Issue) -> tuple[int | None, ...]:
    article = found.pages[0].items[0]
    assert isinstance(article, Article)
    assert article.hint is not None
    box = article.body[2]
    assert isinstance(box, Box)
    return (article.hint.columns, article.hint.legs, article.body[1].columns, box.blocks[0].columns)  # type: ignore[union-attr]


def test_eight_columns_on_six() -> None:
    assert [wishes(hints_in_columns(issue(n), 8, 6))[0] for n in range(1, 9)] == [1, 2, 2, 3, 4, 5, 5, 6]


def test_articles_pictures_and_boxes_alike_but_no_advertisement() -> None:
    found = hints_in_columns(issue(4, 8), 8, 6)
    assert wishes(found) == (3, 6, 3, 3)
    assert found.pages[0].items[1] == issue(4).pages[0].items[1]
    article = found.pages[0].items[0]
    assert isinstance(article, Article)
    assert article.hint == Hint(3, 6, "top-left", line=7)  # nothing else changes


def test_on_its_own_grid_it_is_the_same_issue() -> None:
    given_issue = issue(5)
    assert hints_in_columns(given_issue, 8, 8) is given_issue


@given(st.integers(1, 24), st.integers(1, 24), st.data())
def test_a_hint_within_the_page_stays_within_it(own: int, other: int, data: st.DataObject) -> None:
    columns = data.draw(st.integers(1, own))
    [found, legs, *_] = wishes(hints_in_columns(issue(columns), own, other))
    assert found is not None
    assert 1 <= found <= other
    assert legs is None
