"""Replanning: what a page plan that no longer fits its issue still decides, and what gives way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from composition.issues import (
    BRIEFS,
    FILE,
    LATER,
    MAJOR,
    NOTICE,
    AnyPicture,
    article,
    composed,
    issue_of,
    paragraphs,
    quick,
)
from composition.walk import check
from issue_publisher.composition.compose import Wishes, compose_issue
from issue_publisher.composition.model import ComposedIssue, Placement
from issue_publisher.composition.plan import changes, write_plan
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Issue, Item, Weight, text
from once import once
from typesetting.paper import faces

SHORT = article("short", 300, 1)
FULL = (MAJOR, article("one", 900, 1), article("two", 1_300, 2), article("three", 1_700, 3), BRIEFS)
PLAN_FILE = "page-plan.toml"


def with_items(issue: Issue, items: Iterable[Item]) -> Issue:
    return replace(issue, pages=(replace(issue.pages[0], items=tuple(items)), *issue.pages[1:]))


def replanned(issue: Issue, plan: bytes) -> ComposedIssue:
    made = compose_issue(
        issue,
        quick(),
        faces(),
        AnyPicture(),
        file=FILE,
        plan=plan,
        plan_file=PLAN_FILE,
        wishes=Wishes(replan=True),
    )
    check(made)
    assert composed(issue, write_plan(made)) == made  # what it wrote is a full plan of these pages
    return made


def places(made: ComposedIssue) -> Mapping[str, Placement]:
    return {f.placement.item: f.placement for page in made.pages for f in page.frames}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ComposedIssue:
    return once(
        tmp_path_factory, "replanned", lambda: composed(issue_of([MAJOR, SHORT, BRIEFS], [LATER, NOTICE]))
    )


@pytest.fixture(scope="module")
def plan(made: ComposedIssue) -> bytes:
    return write_plan(made)


def test_a_plan_that_still_fits_is_followed_to_the_letter(made: ComposedIssue, plan: bytes) -> None:
    assert replanned(made.issue, plan) == made
    assert changes(plan, plan, PLAN_FILE, made.issue) == ()


def test_only_the_depth_of_what_does_not_fit_gives_way(made: ComposedIssue) -> None:
    """There is white under the article that has grown."""
    apart = b"""
        [page-1.major]
        column = 0
        row = 13
        [page-1.short]
        column = 0
        columns = 3
        row = 66
        [page-1.briefs]
        column = 7
        columns = 1
        row = 13
    """
    made = composed(with_items(made.issue, [MAJOR, SHORT, BRIEFS]), apart)
    plan = write_plan(made)
    longer = replace(SHORT, body=(*SHORT.body, *paragraphs(400, 9)))
    issue = with_items(made.issue, [MAJOR, longer, BRIEFS])
    with pytest.raises(SourceErrors, match=r"article short is \d+ lines too long .*--replan"):
        composed(issue, plan)
    again = replanned(issue, plan)
    before, after = places(made), places(again)
    assert {name for name in before if before[name] != after[name]} == {"short"}
    assert replace(after["short"], lines=before["short"].lines) == before["short"]
    (said,) = changes(plan, write_plan(again), PLAN_FILE, issue)
    assert said.severity == "warning"
    assert said.message == (f"short had lines {before['short'].lines}, now lines {after['short'].lines}")
    assert plan.decode().splitlines()[said.line - 1] == "[page-1.short]"


def test_an_article_cut_by_half_is_too_short_for_its_place(made: ComposedIssue, plan: bytes) -> None:
    cut = replace(SHORT, body=SHORT.body[: len(SHORT.body) // 2])
    issue = with_items(made.issue, [MAJOR, cut, BRIEFS])
    with pytest.raises(SourceErrors, match=r"article short is \d+ lines too short for its place on page 1"):
        composed(issue, plan)
    now, was = places(replanned(issue, plan))["short"], places(made)["short"]
    assert now.lines * now.choice.columns < was.lines * was.choice.columns


def test_a_headline_that_no_longer_fits_its_size_keeps_its_width(made: ComposedIssue, plan: bytes) -> None:
    wordy = replace(SHORT, headline=text("炉台上的登记员把十年的数据一行一行重新抄写了一遍又复核了一遍"))
    issue = with_items(made.issue, [MAJOR, wordy, BRIEFS])
    with pytest.raises(SourceErrors, match="the headline of short does not fit"):
        composed(issue, plan)
    before, after = places(made), places(replanned(issue, plan))
    assert after["short"].choice.columns == before["short"].choice.columns
    assert after["short"].column == before["short"].column
    assert after["later"] == before["later"]


def test_what_is_gone_is_left_out_and_said(made: ComposedIssue, plan: bytes) -> None:
    issue = with_items(made.issue, [MAJOR, BRIEFS])
    with pytest.raises(SourceErrors, match="page-1 has no item short"):
        composed(issue, plan)
    again = replanned(issue, plan)
    assert set(places(again)) == set(places(made)) - {"short"}
    said = changes(plan, write_plan(again), PLAN_FILE, issue)
    assert "page-1 no longer has short: its place is given to others" in [one.message for one in said]


def test_what_is_new_is_made_up_beside_the_rest(made: ComposedIssue, plan: bytes) -> None:
    issue = with_items(made.issue, [MAJOR, SHORT, BRIEFS, article("new", 300, 7)])
    again = replanned(issue, plan)
    before, after = places(made), places(again)
    assert all(after[name] == before[name] for name in before)
    (said,) = changes(plan, write_plan(again), PLAN_FILE, issue)
    assert said.message.startswith("new is new to the plan of page-1: column ")


def test_an_item_that_has_gone_to_another_page_is_new_there(made: ComposedIssue, plan: bytes) -> None:
    first, second = made.issue.pages
    pages = (replace(first, items=(MAJOR, BRIEFS)), replace(second, items=(*second.items, SHORT)))
    again = replanned(replace(made.issue, pages=pages), plan)
    assert "short" in {frame.placement.item for frame in again.pages[1].frames}


def test_a_crowded_page_gives_way_as_far_as_it_must_and_other_pages_stay() -> None:
    """Nothing holds the new article beside the rest: the page is made up anew, its neighbour is not."""
    issue = issue_of(FULL, [SHORT])
    made = composed(issue)
    crowded = with_items(issue, [*FULL, article("new", 900, 8, weight=Weight.MAJOR)])
    again = replanned(crowded, write_plan(made))
    assert "new" in places(again)
    assert places(again)["short"] == places(made)["short"]


def test_a_page_that_cannot_hold_its_items_at_all_says_so(made: ComposedIssue, plan: bytes) -> None:
    issue = with_items(made.issue, [MAJOR, SHORT, BRIEFS, article("flood", 40_000, 7)])
    with pytest.raises(SourceErrors, match=r"article flood is \d+ lines too long for page 1"):
        replanned(issue, plan)


@pytest.mark.parametrize(
    ("old", "new"), [(b'layout = "broadsheet"', b'layout = "tabloid"'), (b"row = ", b"row = 'x' # ")]
)
def test_what_is_no_plan_of_this_issue_is_not_replanned(
    made: ComposedIssue, plan: bytes, old: bytes, new: bytes
) -> None:
    with pytest.raises(SourceErrors, match=PLAN_FILE):
        replanned(made.issue, plan.replace(old, new, 1))
