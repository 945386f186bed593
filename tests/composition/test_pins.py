"""Partial page plans: what is pinned stays, the rest is made up; and every pin that cannot hold."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from composition.issues import (
    BRIEFS,
    MAJOR,
    NOTICE,
    article,
    composed,
    figure,
    issue_of,
    paragraphs,
    quick,
)
from composition.walk import check
from issue_publisher.composition.model import (
    Choice,
    ComposedIssue,
    ComposedPage,
    Frame,
    PictureAt,
    Pin,
    Placement,
)
from issue_publisher.composition.plan import pages_of, plan_name, read_plan, rewritten, write_plan
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Issue, Weight, text

ISSUE = issue_of([MAJOR, article("short", 300, 1), BRIEFS])
QUICK = quick()


def table(name: str, page: int = 1, **values: object) -> str:
    """One table of a plan."""
    lines = [f"{key} = {str(value).lower()}" for key, value in values.items()]
    return "\n".join([f"[page-{page}.{name}]", *lines, ""])


def place_of(made: ComposedIssue, name: str) -> Placement:
    return next(f.placement for page in made.pages for f in page.frames if f.placement.item == name)


def said(place: Placement) -> dict[str, Any]:
    """A placement in the keys of a plan."""
    choice = place.choice
    return {
        "column": place.column,
        "columns": choice.columns,
        "row": place.row,
        "lines": place.lines,
        "legs": choice.legs,
        "headline_pt": choice.headline_pt,
        "headline_lines": choice.headline_lines,
        "pictures": list(choice.pictures),
        "vertical": choice.vertical,
    }


def wrong(issue: Issue, plan: str) -> tuple[SourceError, ...]:
    """What is said of a plan that cannot hold; each error at a table of the plan, with a hint."""
    with pytest.raises(SourceErrors) as caught:
        composed(issue, plan.encode(), made_for=QUICK)
    for error in caught.value:
        assert error.file == "page-plan.toml"
        assert plan.splitlines()[error.line - 1].startswith("[page-")
        assert error.hint
        assert error.code == "plan"
    return caught.value.errors


# --------------------------------------------------------------------------- written and read

_counts = st.integers(1, 9)
_choices = st.builds(
    Choice,
    _counts,
    _counts,
    st.integers(4, 400).map(lambda quarters: quarters / 4),
    _counts,
    st.lists(st.integers(0, 9), max_size=4).map(tuple),
    st.booleans(),
    st.sampled_from(PictureAt),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
_names = st.lists(st.from_regex(r"[\w][\w.·-]{0,8}", fullmatch=True), min_size=1, max_size=5, unique=True)


@given(st.data(), _names)
def test_a_plan_written_and_read_is_the_same_plan(data: st.DataObject, names: list[str]) -> None:
    issue = issue_of([article(name, 20) for name in names])
    placements = [
        Placement(name, *data.draw(st.tuples(st.integers(0, 9), st.integers(0, 99), _counts, _choices)))
        for name in names
    ]
    frames = tuple(Frame(place, "article", ()) for place in placements)
    written = write_plan(ComposedIssue(issue, (ComposedPage(issue.pages[0], frames),)))
    pins = read_plan(written, "page-plan.toml", issue, issue.layout)
    assert list(pins) == names
    assert pages_of(written) == dict.fromkeys(names, 1)
    for pin, place in zip(pins.values(), placements, strict=True):
        whole = replace(pin, pictures=pin.pictures or ())  # an item without pictures has no key for them
        assert whole.is_full
        assert whole.placement() == place


def test_the_pages_of_a_plan_are_read_whatever_else_is_in_it() -> None:
    assert pages_of(b'issue = "x"\n[page-3.one]\n[page-12."a.b"]\ncolumn = -3\n[other.two]\n') == {
        "one": 3,
        "a.b": 12,
    }
    assert pages_of(b"\xff") == pages_of(b"[[") == pages_of(b"page-1 = 3") == {}


def test_each_layout_has_a_plan_of_its_own() -> None:
    assert plan_name(ISSUE, "broadsheet") == "page-plan.toml"
    assert plan_name(ISSUE, "tabloid") == "page-plan-tabloid.toml"


def test_a_rewritten_plan_keeps_the_notes_of_tables_that_are_the_same() -> None:
    old = (
        '# our plan\nissue = "2026-11-30"\nlayout = "broadsheet"\n\n# stays at the top\n[page-1.major]\n'
        "row = 13 # by the chief\ncolumn = 0\n\n# moved twice\n[page-1.short]\nrow = 40\n"
        "[page-1.gone]\nrow = 1\n"
    )
    new = (
        '# Page plan\nissue = "2026-11-30"\nlayout = "broadsheet"\n\n[page-1.major]\ncolumn = 0\nrow = 13\n\n'
        "[page-1.short]\nrow = 41\n"
    )
    merged = rewritten(old.encode(), new.encode()).decode()
    assert merged == (
        '# our plan\nissue = "2026-11-30"\nlayout = "broadsheet"\n\n# stays at the top\n[page-1.major]\n'
        "row = 13 # by the chief\ncolumn = 0\n\n[page-1.short]\nrow = 41\n"
    )
    assert rewritten(b"page-1.major.row = 13\n", new.encode()).decode() == new


# --------------------------------------------------------------------------- what is pinned stays


@settings(max_examples=12, phases=[Phase.generate])  # to shrink a failure would take minutes
@given(st.data())
def test_a_pinned_piece_stays_pinned_whatever_else_is_on_the_page(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(80, 500), max_size=2))
    others = [article(f"other{n}", length, n) for n, length in enumerate(lengths)]
    weight = data.draw(st.sampled_from([Weight.NORMAL, Weight.MAJOR]))
    pinned = article("pinned", 400, 3, weight=weight, body=(figure(1), *paragraphs(400, 3)))
    values: dict[str, Any] = {"columns": data.draw(st.integers(3, 6))}
    values |= {
        "column": data.draw(st.integers(0, 8 - values["columns"])),
        "row": data.draw(st.integers(13, 50)),
        "legs": data.draw(st.integers(2, values["columns"])),
        "headline_pt": data.draw(st.sampled_from([20, 24, 25.5])),
        "headline_lines": 1,
        "vertical": False,
    }
    values["pictures"] = [data.draw(st.integers(0, values["legs"]))]
    kept = data.draw(st.sets(st.sampled_from(sorted(values)), min_size=1))
    values = {key: value for key, value in values.items() if key in kept}
    at = data.draw(st.integers(0, len(others)))
    issue = issue_of([*others[:at], pinned, *others[at:]])
    made = composed(issue, table("pinned", **values).encode())
    check(made)
    place = said(place_of(made, "pinned"))
    assert {key: place[key] for key in values} == values


def test_a_shape_that_make_up_would_not_think_of_is_made_when_it_is_pinned() -> None:
    issue = issue_of([MAJOR, article("short", 300, 1)])
    plan = table("major", headline_pt=33, pictures=[3]) + table("short", columns=6, headline_pt=33)
    made = composed(issue, plan.encode(), made_for=QUICK)
    check(made)
    major, short = place_of(made, "major").choice, place_of(made, "short").choice
    assert (major.headline_pt, major.pictures) == (33, (3,))
    assert (short.columns, short.headline_pt) == (6, 33)


def test_a_lead_gives_its_corner_to_what_is_pinned_there() -> None:
    lead = article("lead", 500, 3, weight=Weight.LEAD)
    issue = issue_of([lead, article("short", 300, 1)])
    made = composed(issue, table("short", column=0, row=13, columns=3, lines=14).encode(), made_for=QUICK)
    check(made)
    assert (place_of(made, "short").column, place_of(made, "short").row) == (0, 13)


def test_an_advertisement_is_pinned_where_the_desk_wants_it() -> None:
    made = composed(issue_of([MAJOR, NOTICE]), table("notice", column=6, row=20).encode(), made_for=QUICK)
    check(made)
    assert (place_of(made, "notice").column, place_of(made, "notice").row) == (6, 20)


def test_a_new_headline_changes_only_its_own_frame_when_there_is_a_plan() -> None:
    made = composed(ISSUE, made_for=QUICK)
    short = replace(article("short", 300, 1), headline=text("一炉合金的百年"))
    edited = replace(ISSUE, pages=(replace(ISSUE.pages[0], items=(MAJOR, short, BRIEFS)),))
    again = composed(edited, write_plan(made), made_for=QUICK)
    for was, now in zip(made.pages[0].frames, again.pages[0].frames, strict=True):
        assert was.placement == now.placement
        assert (was.parts == now.parts) == (was.placement.item != "short")
    assert again.pages[0].rules == made.pages[0].rules


# --------------------------------------------------------------------------- pins that cannot hold

SHORT = {"column": 0, "columns": 3, "row": 13, "lines": 14}


@pytest.mark.parametrize(
    ("plan", "message", "hint"),
    {
        "two at one place": (
            table("short", **SHORT) + table("briefs", column=2, columns=1, row=20, lines=25),
            "page 1: briefs overlaps short",
            "correct the place of one of them",
        ),
        "right of the page": (table("short", column=8), "short leaves the page", "columns 0 to 8"),
        "too wide for its column": (table("short", column=5, columns=4), "short leaves the page", "0 to 8"),
        "in the nameplate": (table("short", row=12), "short leaves the page", "rows 13 to 102"),
        "below the foot": (table("short", row=100, lines=10), "short leaves the page", "rows 13 to 102"),
        "deeper than the page": (table("short", lines=90), "short leaves the page", "rows 13 to 102"),
        "a headline too large": (
            table("short", columns=2, headline_pt=120),
            "the headline of short does not fit 2 columns at 120 pt",
            "headline_pt = ",
        ),
        "a headline of too many lines": (
            table("short", columns=2, headline_lines=9, headline_pt=24),
            "the headline of short does not fit 2 columns at 24 pt in 9 lines",
            "headline_lines = 1",
        ),
        "too many pictures": (table("major", pictures=[1, 1]), "major has 1 pictures, not 2", "one number"),
        "a picture wider than its text": (
            table("major", legs=2, pictures=[3]),
            "a picture of major spans 3 legs",
            "at most the 2",
        ),
        "legs that nobody can read": (table("short", columns=2, legs=7), "short has 7 legs", "at most 4"),
        "no such item": (table("shirt", column=0), "page-1 has no item shirt", "short"),
    }.values(),
)  # fmt: skip
def test_a_pin_that_cannot_hold_is_named(plan: str, message: str, hint: str) -> None:
    (error,) = wrong(ISSUE, plan)
    assert message in error.message
    assert hint in error.hint


def test_the_headline_that_is_said_to_fit_does() -> None:
    (error,) = wrong(ISSUE, table("short", columns=2, headline_pt=120))
    size = re.search(r"headline_pt = (\d+)", error.hint)
    assert size is not None
    plan = table("short", columns=2, headline_pt=size[1])
    check(composed(ISSUE, plan.encode(), made_for=QUICK))
    wrong(ISSUE, table("short", columns=2, headline_pt=int(size[1]) + 1))


def test_a_depth_that_cannot_be_reached_is_told_with_the_nearest() -> None:
    (error,) = wrong(ISSUE, table("short", columns=3, lines=60))
    assert "short cannot be 60 lines deep in 3 columns" in error.message
    near = re.search(r"lines = (\d+)", error.hint)
    assert near is not None
    check(composed(ISSUE, table("short", columns=3, lines=near[1]).encode(), made_for=QUICK))


def test_a_width_that_an_article_cannot_have_is_told_with_those_that_it_can() -> None:
    long = article("long", 2_600, 3)
    (error,) = wrong(issue_of([long]), table("long", columns=1))
    assert "long cannot be set in 1 columns on this page" in error.message
    widths = re.findall(r"\d+", error.hint)
    assert widths
    check(composed(issue_of([long]), table("long", columns=widths[0]).encode(), made_for=QUICK))


def test_pins_that_leave_no_make_up_are_named() -> None:
    issue = issue_of([article("one", 900, 1), article("two", 900, 2), article("three", 3_000, 3)])
    plan = table("one", column=0, row=50) + table("two", columns=5, column=3, row=40)
    plan += table("three", columns=5)
    (error,) = wrong(issue, plan)
    assert "page 1: no make-up keeps what is pinned: one, two, three" in error.message
    assert "--replan" in error.hint


def test_all_pins_that_cannot_hold_are_named_at_once() -> None:
    errors = wrong(ISSUE, table("short", row=5) + table("major", columns=3, headline_pt=300))
    assert [error.line for error in errors] == [1, 3]


def test_a_pin_without_its_shape_has_no_placement() -> None:
    assert not Pin("one", column=0, columns=2, row=3, lines=4).is_full
    with pytest.raises(ValueError, match="one is not pinned whole"):
        Pin("one", column=0, columns=2, row=3, lines=4).placement()
