"""Whatever the issue: its pages hold all of it in good order, or the desk is told what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composition.issues import (
    BRIEFS,
    NOTICE,
    OUTER_TABLE,
    PICTURES,
    article,
    composed,
    figure,
    issue_of,
    note,
    paragraphs,
    prose,
    quick,
    rich,
)
from composition.walk import check
from issue.strategies import issues
from issue_publisher.composition.compose import Wishes
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Box, Hint, Inline, Issue, Item, Paragraph, PullQuote, Weight, text


@st.composite
def articles(draw: st.DrawFn, number: int) -> Item:
    """An article of any length with pictures, a table, a box or a quotation here and there."""
    body = list(paragraphs(draw(st.integers(20, 800)), number))
    for at in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        src = draw(st.sampled_from(["a.jpg", "tall.jpg", "chart.svg"]))
        columns = draw(st.sampled_from([None, 1, 2, 3, 5]))
        body.insert(
            draw(st.integers(0, len(body))),
            figure(10 * number + at, src=f"{number}/{at}/{src}", columns=columns),
        )
    if draw(st.integers(0, 4)) == 0:
        body.insert(draw(st.integers(0, len(body))), OUTER_TABLE)
    if draw(st.integers(0, 4)) == 0:
        body.append(PullQuote(text("摘引：平静的曲线最难画"), source=text("摘引出处")))
    if draw(st.integers(0, 2)) == 0:
        said = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4))
        body.insert(draw(st.integers(0, len(body))), Paragraph(rich(*_with_notes(said))))
    if draw(st.integers(0, 4)) == 0:
        body.append(Box((Paragraph(text("花边框里的一段说明文字。")),), text("框题")))
    return article(
        f"a{number}",
        10,
        number,
        weight=draw(st.sampled_from([Weight.MAJOR, Weight.NORMAL, Weight.NORMAL, Weight.BRIEF])),
        genre=draw(st.sampled_from([None, "comment", "feature"])),
        hint=draw(
            st.none() | st.builds(Hint, st.none() | st.integers(1, 8), st.none(), st.none(), st.booleans())
        ),
        kicker=draw(st.sampled_from([None, text("引题十年跟踪")])),
        decks=draw(st.sampled_from([(), (text("副题一盐雾箱"),)])),
        rubric=draw(st.sampled_from([None, "栏目"])),
        body=tuple(body),
    )


def _with_notes(lengths: list[int]) -> Iterator[str | Inline]:
    for number, length in enumerate(lengths):
        yield prose(20 + length, number)
        yield note(prose(length, 7 + number))


@st.composite
def small_issues(draw: st.DrawFn) -> Issue:
    """A page of two to five articles, and perhaps other items."""
    items = [draw(articles(number)) for number in range(draw(st.integers(2, 5)))]
    if draw(st.booleans()):
        items[0] = replace(items[0], weight=Weight.LEAD)
    items += draw(st.sampled_from([[], [BRIEFS], [NOTICE], [PICTURES], [BRIEFS, NOTICE]]))
    return issue_of(items, imprint=draw(st.booleans()))


def tried(issue: Issue) -> ComposedIssue | SourceErrors:
    """The issue made up, or what the desk is told; any other exception is a fault of ours."""
    try:
        return composed(issue, made_for=quick(), wishes=Wishes(plan_pages=True))
    except SourceErrors as errors:
        return errors


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=6)
@given(small_issues())
def test_a_page_of_articles_is_made_up_or_said_to_be_too_full(issue):
    found = tried(issue)
    if isinstance(found, SourceErrors):
        assert {error.code for error in found} == {"overset"}
        assert all(error.hint and error.line for error in found)
    else:
        check(found)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(issues())
def test_any_issue_that_can_be_written_can_be_made_up(issue):
    found = tried(issue)
    if isinstance(found, SourceErrors):
        assert {error.code for error in found} <= {"overset", "advertisement"}
    else:
        check(found)
