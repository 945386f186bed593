"""The page plan: written, read back, edited by hand; and all that can be wrong with one, at its line."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

import pytest

from composition.issues import BRIEFS, MAJOR, NOTICE, article, composed, figure, issue_of, paragraphs
from composition.walk import check
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.composition.plan import write_plan
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Hint, text
from once import once

LATER = article("later", 10, 4, body=(*paragraphs(520, 4), figure(7, src="pictures/tall-7.jpg", columns=1)))
ISSUE = issue_of([MAJOR, article("short", 300, 1), BRIEFS], [LATER, NOTICE])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ComposedIssue:
    return once(tmp_path_factory, "planned", lambda: composed(ISSUE))


@pytest.fixture(scope="module")
def plan(made: ComposedIssue) -> str:
    return write_plan(made).decode()


def test_a_plan_written_and_read_gives_the_same_pages(
    made: ComposedIssue, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is solved: the solver is not even there."""
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    again = composed(ISSUE, plan.encode())
    assert again == made
    assert write_plan(again).decode() == plan


def test_a_plan_says_what_it_is(plan: str) -> None:
    assert plan.startswith("# ")
    assert 'issue = "2026-11-30"' in plan
    assert 'layout = "broadsheet"' in plan
    assert plan.count("[page-1.") == 3
    assert plan.endswith("\n")


@pytest.mark.parametrize("identity", ["稿一", "p1.lead", "a-1_b"])
def test_any_id_can_be_planned(identity: str) -> None:
    issue = issue_of([article(identity, 200)])
    made = composed(issue)
    assert composed(issue, write_plan(made)) == made


def test_a_plan_written_by_hand_is_followed() -> None:
    """A short plan: legs and headline are found, and a depth that cannot be reached is told."""
    issue = issue_of([article("one", 500, 1), article("two", 500, 2)])
    plan = """
        [page-1.one]
        column = 4
        columns = 4
        row = 40
        lines = 8
        [page-1.two]
        column = 0
        columns = 2
        row = 14
        lines = 15
        legs = 1
        headline_pt = 18
    """
    with pytest.raises(SourceErrors) as caught:
        composed(issue, plan.encode())
    for error in caught.value:
        said = re.search(r"(one|two) cannot be (\d+) lines deep in \d columns", error.message)
        near = re.findall(r"lines = (\d+)", error.hint)
        assert said is not None
        assert "lines too long" in error.message or "characters" in error.message
        table = plan.index(f"[page-1.{said[1]}]")
        assert plan.splitlines()[error.line - 1].strip() == f"[page-1.{said[1]}]"
        plan = plan[:table] + plan[table:].replace(f"lines = {said[2]}", f"lines = {near[0]}", 1)
    assert len(caught.value.errors) == 2
    made = composed(issue, plan.encode())
    check(made)
    one, two = (frame.placement for frame in made.pages[0].frames)
    assert (one.column, one.row, one.choice.columns) == (4, 40, 4)
    assert (two.column, two.row, two.choice.columns, two.choice.legs) == (0, 14, 2, 1)
    assert two.choice.headline_pt == 18


def test_pages_without_a_plan_are_made_up(made: ComposedIssue, plan: str) -> None:
    only_first = plan[: plan.index("[page-2.")]
    again = composed(ISSUE, only_first.encode())
    assert again.pages[0] == made.pages[0]
    check(again)
    assert composed(ISSUE, b"") == made


# --------------------------------------------------------------------------- plans that are wrong

WRONG = {
    "text for a number": ("\nrow = ", '\nrow = "3" # ', "row", "row is '3'"),
    "a fraction": ("\nlines = ", "\nlines = 1.5 # ", "lines", "lines is 1.5"),
    "a negative number": ("\nrow = ", "\nrow = -", "row", "row is -"),
    "no lines": ("\nlines = ", "\nlines = 0 # ", "lines", "lines is 0"),
    "true for a number": ("\nlegs = ", "\nlegs = true # ", "legs", "legs is True"),
    "no legs": ("\nlegs = ", "\nlegs = 0 # ", "legs", "legs is 0"),
    "unknown key": ("\nrow = ", "\nwidth = 3\nrow = ", "width", "unknown key width"),
    "unknown item": ("[page-1.short]", "[page-1.shirt]", "[page-1.shirt]", "page-1 has no item shirt"),
    "item of another page": (
        "[page-1.short]",
        "[page-2.short]",
        "[page-2.short]",
        "page-2 has no item short",
    ),
    "unknown page": ("[page-1.short]", "[page-9.short]", "[page-9.short]", "no page page-9"),
    "missing item": ("[page-1.short]", "[page-1.briefs]", None, ""),
    "no table": ("[page-1.major]", "[page-1]\nshort = 3\n[page-1.major]", None, ""),
    "another issue": ('issue = "', 'issue = "x', "issue = ", "the plan of another issue"),
    "another layout": ('layout = "', 'layout = "x', "layout = ", "the plan of layout xbroadsheet"),
    "no TOML": ('issue = "', "issue = ", "issue = ", "not a page plan"),
    "not a number": ("headline_pt = ", "headline_pt = nan # ", "headline_pt", "headline_pt is nan"),
    "no size": ("headline_pt = ", "headline_pt = inf # ", "headline_pt", "headline_pt is inf"),
    "a negative size": ("headline_pt = ", "headline_pt = -", "headline_pt", "headline_pt is -"),
    "neither true nor false": ("\nrow = ", "\nvertical = 1\nrow = ", "vertical", "vertical is 1"),
    "pictures no list": ("pictures = [", "pictures = 3 # [", "pictures", "pictures is 3"),
    "pictures no numbers": ("pictures = [", 'pictures = ["a"] # [', "pictures", "pictures is ['a']"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_at_its_line(plan: str, name: str) -> None:
    old, new, place, message = WRONG[name]
    wrong = plan.replace(old, new, 1)
    assert wrong != plan
    with pytest.raises(SourceErrors) as caught:
        composed(ISSUE, wrong.encode())
    error = caught.value.errors[0]
    assert error.file == "page-plan.toml"
    assert error.hint
    assert message in error.message
    assert error.line > 0
    if place is not None:
        assert wrong.splitlines()[error.line - 1].startswith(place)


def test_overlapping_frames_are_named_with_a_line(made: ComposedIssue, plan: str) -> None:
    first, second, *_ = (frame.placement for frame in made.pages[0].frames)
    table = plan.index(f"[page-1.{second.item}]")
    wrong = plan[:table] + plan[table:].replace(f"column = {second.column}", f"column = {first.column}", 1)
    wrong = wrong[:table] + wrong[table:].replace(f"row = {second.row}", f"row = {first.row}", 1)
    with pytest.raises(SourceErrors, match=f"{second.item} overlaps {first.item}") as caught:
        composed(ISSUE, wrong.encode())
    assert wrong.splitlines()[caught.value.errors[0].line - 1] == f"[page-1.{second.item}]"


@pytest.mark.parametrize("change", ["row = 99", "column = 7", "lines = 9999"])
def test_a_frame_outside_the_page_is_named_with_a_line(plan: str, change: str) -> None:
    key = change.split()[0]
    wrong = plan.replace(f"\n{key} = ", f"\n{change} # ", 1)
    with pytest.raises(SourceErrors, match="leaves the page") as caught:
        composed(ISSUE, wrong.encode())
    error = next(error for error in caught.value if "leaves" in error.message)
    assert wrong.splitlines()[error.line - 1] == "[page-1.major]"
    assert "are free" in error.hint


def test_an_item_that_the_plan_lacks_is_made_up_in_the_room_that_is_left(
    made: ComposedIssue, plan: str
) -> None:
    at = plan.index("[page-1.short]")
    again = composed(ISSUE, (plan[:at] + plan[plan.index("[page-1.briefs]") :]).encode())
    check(again)
    assert {f.placement.item for f in again.pages[0].frames} == {"major", "short", "briefs"}
    for was, now in zip(made.pages[0].frames, again.pages[0].frames, strict=True):
        assert was == now or was.placement.item == "short"


def test_more_legs_than_can_be_read_are_refused(plan: str) -> None:
    with pytest.raises(SourceErrors, match="legs"):
        composed(ISSUE, plan.replace("\nlegs = ", "\nlegs = 5", 1).encode())


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"\x00", "issue".encode("utf-16"), b"page-1 = 3", b"[page-1", b"[[page-1]]"]
)
def test_what_is_no_plan_is_an_error_with_a_line(data: bytes) -> None:
    with pytest.raises(SourceErrors) as caught:
        composed(ISSUE, data)
    assert all(error.line > 0 and error.hint for error in caught.value)


def test_everything_that_is_wrong_is_said_at_once(plan: str) -> None:
    wrong = plan.replace("[page-1.short]", "[page-1.shirt]").replace("\nlines = ", "\nlines = 0 # ")
    with pytest.raises(SourceErrors) as caught:
        composed(ISSUE, wrong.encode())
    assert len(caught.value.errors) == 5
    assert [error.line for error in caught.value] == sorted(error.line for error in caught.value)


def test_a_hint_in_the_source_does_not_move_what_is_planned(made: ComposedIssue, plan: str) -> None:
    hinted = replace(MAJOR, hint=Hint(columns=6))
    issue = replace(
        ISSUE, pages=(replace(ISSUE.pages[0], items=(hinted, *ISSUE.pages[0].items[1:])), ISSUE.pages[1])
    )
    again = composed(issue, plan.encode())
    assert [f.placement for f in again.pages[0].frames] == [f.placement for f in made.pages[0].frames]


def test_text_changed_a_little_still_fits_its_planned_place(made: ComposedIssue, plan: str) -> None:
    """A corrected word does not undo a page; what no longer fits is named."""
    short = article("short", 300, 1)
    longer = replace(short, body=(*short.body, *paragraphs(400, 9)))
    issue = replace(ISSUE, pages=(replace(ISSUE.pages[0], items=(MAJOR, longer, BRIEFS)), ISSUE.pages[1]))
    with pytest.raises(SourceErrors, match=r"article short is \d+ lines too long for its place on page 1"):
        composed(issue, plan.encode())
    corrected = replace(short, headline=text("一炉合金的百年"))
    issue = replace(ISSUE, pages=(replace(ISSUE.pages[0], items=(MAJOR, corrected, BRIEFS)), ISSUE.pages[1]))
    check(composed(issue, plan.encode()))
