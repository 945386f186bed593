"""L-shapes: an article whose last legs end above another item, boxed in its lower right corner."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from composition.issues import BRIEFS, AnyPicture, article, composed, figure, issue_of, quick
from composition.pages import FOOT, TOP, Made, verdict
from composition.test_pins import place_of, table, wrong
from composition.walk import check, check_corner, feet, shown
from issue_publisher.composition.arrangement import Notch
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import (
    Choice,
    ComposedIssue,
    ComposedPage,
    Frame,
    Placement,
    Wishes,
)
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.plan import write_plan
from issue_publisher.composition.report import PageReport
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Shape
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Weight
from issue_publisher.layout.model import Layout
from typesetting.paper import faces, layout

QUICK = quick()
LONG = article("long", 3_600, 1, weight=Weight.MAJOR)
NOTE = article("note", 480, 2, genre="comment")
REST = (article("other", 1_500, 3), article("last", 1_100, 4), BRIEFS)
ISSUE = issue_of([LONG, NOTE, *REST])
# Basic columns of an article, its legs, and columns of a corner as wide as whole legs.
CORNERS = [
    (columns, legs, corner)
    for columns, legs, corner in product(range(2, 9), range(2, 7), range(1, 5))
    if legs <= columns and corner < columns and corner * legs % columns == 0
]
# A page of four: as rectangles it is cut through and has legs that are too deep.
DEEP = article("deep", 2_937, 2)
HARD = issue_of(
    [
        article("comment", 480, 2, genre="comment"),
        article("lead", 1_769, 0, weight=Weight.LEAD),
        article("wide", 2_292, 1),
        replace(DEEP, body=(DEEP.body[0], figure(3, columns=2), *DEEP.body[1:])),
    ]
)
INSIDE = table("note", inside='"long"')


def without_l() -> Layout:
    return replace(QUICK, makeup=replace(QUICK.makeup, l_shapes=False))


def report(made: ComposedIssue, layout_of: Layout = QUICK) -> PageReport:
    return judge(made.pages[0], made.issue, layout_of)


@cache
def an_l() -> ComposedIssue:
    return composed(ISSUE, INSIDE.encode(), made_for=QUICK)


# --------------------------------------------------------------------------- an L by the plan


def test_an_article_ends_above_what_the_plan_puts_in_its_corner() -> None:
    made = an_l()
    check(made)  # all words once, nothing over the corner
    long, note = place_of(made, "long"), place_of(made, "note")
    assert note.inside == "long"
    assert note.choice.boxed
    assert note.column + note.choice.columns == long.column + long.choice.columns
    assert note.row + note.lines == long.row + long.lines
    assert note.row - long.row >= QUICK.makeup.leg_min_lines
    legs = feet(next(f for f in made.pages[0].frames if f.placement.item == "long")).values()
    whole, short = max(legs), min(legs)
    assert whole - short == pytest.approx(note.lines, abs=QUICK.rules.leg_short_lines[1])


def test_the_judge_lets_an_l_pass_and_says_so() -> None:
    verdicts = {verdict.rule: verdict for verdict in report(an_l()).verdicts}
    for rule in ("grid", "module", "level-feet", "covering"):
        assert verdicts[rule].kept, verdicts[rule].words
    assert verdicts["module"].words == "every item is a rectangle but long, an L round note"


def test_the_plan_of_an_l_gives_the_same_page() -> None:
    made = an_l()
    plan = write_plan(made)
    assert b'inside = "long"' in plan
    again = composed(ISSUE, plan, made_for=QUICK)
    assert again == composed(ISSUE, plan, made_for=QUICK)
    for was, now in zip(made.pages[0].frames, again.pages[0].frames, strict=True):
        assert (was.placement, shown(was)) == (now.placement, shown(now))
    assert again.pages[0].solved is None  # nothing was searched


def test_a_corner_follows_its_article_when_the_plan_sets_that_free() -> None:
    plan = write_plan(an_l()).decode()
    start = plan.index("[page-1.long]")
    freed = plan[:start] + plan[plan.index("[page-1.note]") :]
    made = composed(ISSUE, freed.encode(), made_for=QUICK)
    check(made)
    assert place_of(made, "note").inside == "long"
    assert place_of(made, "note").choice == place_of(an_l(), "note").choice


def test_an_l_is_kept_when_its_text_is_cut() -> None:
    cut = issue_of([replace(LONG, body=LONG.body[:-2]), NOTE, *REST])
    made = composed(cut, write_plan(an_l()), made_for=QUICK, wishes=Wishes(replan=True))
    check(made)
    assert place_of(made, "note").inside == "long"
    assert place_of(made, "note").choice.columns == place_of(an_l(), "note").choice.columns


HOST = Made("host", 0, TOP, 6, FOOT - TOP, short=(0, 0, 0, 0, 24, 24), weight=Weight.MAJOR)
GUEST = Made("guest", 4, FOOT - 24, 2, 24, inside="host", boxed=True)
STRIP = Made("strip", 6, TOP, 2, FOOT - TOP)


@pytest.mark.parametrize(
    ("rule", "made"),
    {
        "its legs over the corner end early": ("level-feet", replace(HOST, short=(0, 0, 0, 0, 20, 20))),
        "its text in the corner": ("grid", replace(HOST, short=(0, 0, 0, 0, 24, 22))),
        "its corner elsewhere": ("grid", replace(GUEST, row=FOOT - 30)),
        "another's corner": ("grid", replace(GUEST, inside="strip")),
    }.values(),
)  # fmt: skip
def test_an_l_that_is_none_breaks_a_rule(rule: str, made: Made) -> None:
    page = {one.id: one for one in (HOST, GUEST, STRIP)}
    kept = verdict(rule, *page.values())
    assert kept is not None
    assert kept.kept, kept.words
    broken = verdict(rule, *{**page, made.id: made}.values())
    assert broken is not None
    assert not broken.kept


# --------------------------------------------------------------------------- an L that make-up finds


def test_an_l_is_made_where_rectangles_break_a_rule() -> None:
    rectangles = composed(HARD, made_for=without_l())
    assert not any(frame.placement.inside for frame in rectangles.pages[0].frames)
    assert not all(verdict.kept for verdict in report(rectangles, without_l()).verdicts if verdict.hard)
    made = composed(HARD, made_for=QUICK)
    check(made)
    assert [frame.placement.inside for frame in made.pages[0].frames if frame.placement.inside]
    assert broken(made) < broken(rectangles)
    assert composed(HARD, made_for=QUICK) == made


def broken(made: ComposedIssue) -> int:
    return sum(not verdict.kept for verdict in report(made).verdicts if verdict.hard)


def test_where_rectangles_keep_all_rules_there_is_no_l() -> None:
    made = composed(ISSUE, made_for=QUICK)
    assert not any(frame.placement.inside for frame in made.pages[0].frames)


# --------------------------------------------------------------------------- depth promised, depth made


@settings(max_examples=40)
@given(
    each=st.integers(280, 520),
    widths=st.sampled_from(CORNERS),
    lines=st.integers(8, 20),
    picture=st.booleans(),
)
def test_an_l_is_as_deep_as_it_promises(
    each: int, widths: tuple[int, int, int], lines: int, picture: bool
) -> None:
    columns, legs, corner = widths
    setter = Setter(layout(), faces())
    one = article("one", each * columns, 1, weight=Weight.MAJOR)
    one = replace(one, body=(figure(1), *one.body)) if picture else one
    piece = make_piece(one, setter)
    spans = (1,) if picture else ()
    shape = Shape(piece, Choice(columns, legs, 24.0, 1, spans), setter, AnyPicture(), Notch(corner, lines))
    fits = [fit for fit in shape.depths() if fit.lines <= 89]
    assume(fits)
    for fit in fits[:3]:
        place = Placement("one", 0, 13, fit.lines, shape.choice)
        frame = Frame(place, "article", shape.lay_out(fit))
        below = Placement("note", columns - corner, 13 + fit.lines - lines, lines, Choice(corner))
        check_corner(frame, below)
        page = ComposedPage(issue_of([one]).pages[0], (frame,))
        check(ComposedIssue(issue_of([one]), (page,)))
        ends = feet(frame).values()
        assert max(ends) <= fit.lines
        assert len(ends) == legs  # each holds text


# --------------------------------------------------------------------------- corners that cannot be


@pytest.mark.parametrize(
    ("plan", "message", "hint"),
    {
        "no such item": (table("note", inside='"longer"'), "both must be articles of the page", "leave"),
        "in itself": (table("note", inside='"note"'), "both must be articles of the page", "leave"),
        "briefs": (table("briefs", inside='"long"'), "both must be articles of the page", "leave"),
        "in briefs": (table("note", inside='"briefs"'), "both must be articles of the page", "leave"),
        "two in one": (
            table("note", inside='"long"') + table("other", inside='"long"'),
            "other cannot stand in the corner of long: an article has one corner",
            "leave inside out",
        ),
        "one in another in a third": (
            table("note", inside='"other"') + table("other", inside='"long"'),
            "an article has one corner for one item",
            "leave inside out",
        ),
        "without a box": (table("note", inside='"long"', boxed=False), "without a box", "boxed = true"),
        "in a box": (
            table("note", inside='"long"') + table("long", boxed=True),
            "note cannot stand in the corner of long, which has no corner for it",
            "leave inside out",
        ),
        "elsewhere": (
            table("note", inside='"long"', column=0, columns=2, row=14, lines=20)
            + table("long", column=0, columns=4, row=13, lines=60),
            "note cannot stand in the corner of long and elsewhere",
            "column = 2 and row = 53",
        ),
        "too long for it": (
            table("long", inside='"note"'),
            "note has no shape on this page with long in its corner",
            "leave inside out",
        ),
    }.values(),
)  # fmt: skip
def test_a_corner_that_cannot_be_is_named(plan: str, message: str, hint: str) -> None:
    first, *_ = wrong(ISSUE, plan)
    assert message in first.message
    assert hint in first.hint


def test_a_layout_without_l_shapes_says_so() -> None:
    with pytest.raises(SourceErrors) as caught:
        composed(ISSUE, INSIDE.encode(), made_for=without_l())
    assert "the layout has no L-shapes" in str(caught.value)
