"""A finished page is judged: each rule by a page that keeps it and one that breaks it, and the report."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composition.pages import FOOT, GRID, TOP, Made, line, page_of, report, verdict
from composition.test_any_issue import small_issues, tried
from issue.strategies import issues
from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.judge import RULES, judge
from issue_publisher.composition.model import ComposedIssue, PictureBox, Rule, TextBlock
from issue_publisher.composition.report import PageReport, Verdict
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Article, Verse, Weight, text
from issue_publisher.production.load import load
from typesetting.paper import faces, layout

A = Made("a", 0, TOP, 4, 40)
B = Made("b", 4, TOP + 12, 4, 40)
C = Made("c", 4, TOP, 4, 52)
ALL = FOOT - TOP
MIDDLE = TOP + ALL // 2

Pieces = tuple[Made, ...]

# By rule: a page that keeps it, and one that breaks it.
CASES: dict[str, tuple[Pieces, Pieces]] = {
    "grid": ((A, B), (A, replace(B, column=3))),
    "module": ((A,), (replace(A, pictures=((3, 2, 4, 10),)),)),
    "covering": ((A,), (replace(A, head_columns=2),)),
    "bumping-headlines": ((A, B), (replace(A, row=TOP + 10), B)),
    "through-cut-horizontal": (
        (A, replace(A, id="c", column=4), Made("b", 0, TOP + 40, 8, 30)),
        (A, replace(A, id="c", column=4), replace(A, id="d", row=TOP + 40), replace(B, row=TOP + 40)),
    ),
    "through-cut-vertical": (
        (Made("a", 0, TOP, 2, ALL), Made("b", 2, TOP, 6, ALL)),
        (Made("a", 0, TOP, 4, ALL), Made("b", 4, TOP, 4, ALL)),
    ),
    "legs": ((A,), (replace(A, lines=12),)),
    "level-feet": ((replace(A, short=(0, 0, 1, 2)),), (replace(A, short=(0, 3, 0, 0)),)),
    "stray-lines": ((A,), (replace(A, strays=True),)),
    "headline-band": ((A,), (replace(A, head=9),)),
    "headline-breaks": (
        (replace(A, headline=("新材料", "获国家大奖")),),
        (replace(A, headline=("新材", "料获国家大奖")),),
    ),
    "rank": (
        (replace(A, weight=Weight.LEAD, size=42), B),
        (replace(A, weight=Weight.LEAD, size=42), replace(B, size=36)),
    ),
    "equal-width-rank": ((A, B), (A, replace(B, size=27))),
    "kicker-deck": ((replace(A, kicker=12),), (replace(A, kicker=20),)),
    "picture-place": ((replace(A, pictures=((2, 2, 4, 12),)),), (replace(A, pictures=((2, 2, 20, 20),)),)),
    "foreign-contact": (
        (replace(A, pictures=((3, 1, 4, 12),)), replace(B, pictures=((2, 2, 4, 12),))),
        (replace(A, pictures=((3, 1, 4, 20),)), replace(B, pictures=((0, 1, 4, 12),))),
    ),
    "type-floor": ((A,), (replace(A, body=7),)),
    "by-law": (
        (Made("ad", 0, FOOT - 20, 4, 20, sold=True),),
        (Made("ad", 0, FOOT - 20, 4, 20, sold=True, label=False),),
    ),
    "advertisements": (
        (A, Made("ad", 0, FOOT - 20, 4, 20, sold=True)),
        (Made("ad", 0, TOP, 4, 20, sold=True), replace(A, row=TOP + 20)),
    ),
    "near-cuts": (
        (A, C, Made("d", 0, TOP + 40, 4, 20), replace(B, row=TOP + 52)),
        (A, replace(C, lines=42), Made("d", 0, TOP + 40, 4, 20), replace(B, row=TOP + 42)),
    ),
    "hole": ((A, replace(B, row=TOP + 3)), (A, replace(B, row=TOP + 4))),
    "top-pairs": ((A, B), (A, replace(B, row=TOP))),
    "headline-into-vertical": (
        (A, replace(B, row=TOP + 20, vertical=True)),
        (A, replace(B, row=TOP, vertical=True)),
    ),
    "piled-verticals": (
        (replace(A, vertical=True), Made("d", 2, TOP + 40, 4, 20, vertical=True)),
        (replace(A, vertical=True), Made("d", 0, TOP + 40, 4, 20, vertical=True)),
    ),
    "linked-headlines": (
        (replace(A, links=("b",)), replace(B, row=TOP)),
        (replace(A, links=("b",), row=TOP + 10), replace(B, row=TOP + 10)),
    ),
    "picture-beside-headline": (
        (replace(A, pictures=((3, 1, 20, 10),)), B),
        (replace(A, pictures=((3, 1, 6, 10),)), B),
    ),
    "series-order": (
        (replace(A, rubric="案例一"), replace(B, rubric="案例二")),
        (replace(A, rubric="案例二"), replace(B, rubric="案例一")),
    ),
    "position": (
        (replace(A, weight=Weight.LEAD), replace(B, weight=Weight.BRIEF, row=MIDDLE)),
        (replace(A, weight=Weight.BRIEF), replace(B, weight=Weight.LEAD, row=MIDDLE)),
    ),
    "ladder": (
        (replace(A, weight=Weight.MAJOR, size=30), B),
        (replace(A, weight=Weight.MAJOR, size=24), replace(B, size=30)),
    ),
    "dominant-picture": (
        (replace(A, pictures=((1, 3, 4, 20),)), replace(B, pictures=((3, 1, 4, 10),))),
        (replace(A, pictures=((1, 3, 4, 20),)), replace(B, pictures=((1, 3, 4, 20),))),
    ),
    "picture-share": (
        (Made("a", 0, TOP, 8, ALL, pictures=((2, 6, 4, 35),)),),
        (Made("a", 0, TOP, 8, ALL, pictures=((6, 2, 4, 15),)),),
    ),
    "grey": ((replace(A, crosshead=9),), (A,)),
    "headlines-everywhere": (
        (A, replace(B, row=TOP), replace(A, id="c", row=60), replace(B, id="d", row=60)),
        (A,),
    ),
    "corners": (
        (
            A,
            replace(B, row=TOP, pictures=((2, 2, 4, 12),)),
            Made("c", 0, FOOT - 20, 4, 20, sold=True),
            Made("d", 4, FOOT - 30, 4, 30, boxed=True),
        ),
        (A, Made("d", 4, TOP, 4, ALL, size=18)),
    ),
    "balance": ((Made("a", 0, TOP, 8, ALL),), (Made("a", 0, TOP, 3, ALL),)),
    "straight-runs": (
        (A, replace(B, lines=20)),
        (A, replace(A, id="c", column=4), replace(A, id="d", row=TOP + 40), replace(B, row=TOP + 40)),
    ),
    "upright-shapes": (
        (replace(A, lines=20), replace(B, lines=20)),
        (replace(A, columns=2, lines=60), replace(B, columns=2, lines=60)),
    ),
    "narrow-headlines": (
        tuple(Made(f"{n}", n, TOP, 1, 40) for n in range(2)),
        tuple(Made(f"{n}", n, TOP, 1, 40) for n in range(3)),
    ),
    "stacks": (
        tuple(Made(f"{n}", 0, TOP + 20 * n, 2, 20) for n in range(3)),
        tuple(Made(f"{n}", 0, TOP + 20 * n, 2, 20) for n in range(4)),
    ),
    "headline-fill": ((Made("a", 0, TOP, 2, 40),), (Made("a", 0, TOP, 4, 40),)),
    "headline-area": ((replace(A, lines=20),), (replace(A, lines=60),)),
    "faces": (
        (A, replace(B, font="hei-heavy", size=21)),
        tuple(Made(f"{n}", n, TOP, 1, 30, size=12 + n) for n in range(6)),
    ),
    "vertical-headlines": (
        (replace(A, vertical=True),),
        tuple(Made(f"{n}", 2 * n, TOP, 2, 30, vertical=True) for n in range(3)),
    ),
    "boxes": (
        (replace(A, boxed=True, lines=20),),
        tuple(Made(f"{n}", 2 * n, TOP, 2, 30, boxed=True) for n in range(3)),
    ),
    "white": ((Made("a", 0, TOP, 8, ALL),), (Made("a", 0, TOP, 8, ALL, short=(0, 0, 60, 0)),)),
    "measure": ((A,), (replace(A, legs=1),)),
    "fold": ((A,), (replace(A, row=50),)),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_page_that_keeps_a_rule_is_told_from_one_that_breaks_it(rule: str) -> None:
    keeping, breaking = CASES[rule]
    kept, broken = verdict(rule, *keeping), verdict(rule, *breaking)
    assert kept is not None
    assert kept.kept, kept.words
    assert kept.penalty == 0
    assert kept.words
    assert broken is not None
    assert not broken.kept
    assert broken.penalty > 0
    assert set(broken.items) <= {made.id for made in breaking}


def test_every_rule_is_tried_here() -> None:
    assert {rule.name for rule in RULES} - {"likeness"} == set(CASES)


def test_the_papers_name_every_rule_and_every_limit(repository: Path) -> None:
    said = (repository / "docs" / "make-up.md").read_text(encoding="utf-8")
    names = {rule.name for rule in RULES} | {field.name for field in fields(layout().rules)}
    assert not {name for name in names if f"`{name}`" not in said}


def test_every_penalty_is_that_of_a_rule() -> None:
    soft = {rule.name.replace("-", "_") for rule in RULES if not rule.hard}
    assert {field.name for field in fields(layout().penalties)} == soft | {"hard"}


# --------------------------------------------------------------------------- 4 bumping headlines


def test_one_pair_of_headlines_at_the_top_is_let_pass_and_said() -> None:
    found = verdict("bumping-headlines", A, replace(B, row=TOP))
    assert found is not None
    assert found.kept
    assert "a and b" in found.words


def test_two_pairs_at_the_top_are_too_many() -> None:
    found = verdict("bumping-headlines", *(Made(c, 2 * n, TOP, 2, 40) for n, c in enumerate("abc")))
    assert found is not None
    assert found.penalty == 2 * layout().penalties.hard


@pytest.mark.parametrize(
    "left",
    [
        replace(A, row=B.row, links=("b",)),
        replace(A, row=B.row, boxed=True),
        replace(A, row=B.row, pictures=((3, 1, 0, 6),)),  # at the gutter, beside the headline
        replace(A, row=B.row, columns=3),  # no gutter in common
        replace(A, row=B.row - 7),
    ],
    ids=["linked", "boxed", "picture", "apart", "higher"],
)  # fmt: skip
def test_what_parts_two_headlines(left: Made) -> None:
    found = verdict("bumping-headlines", left, B)
    assert found is not None
    assert found.kept, found.words


def test_headlines_bump_up_to_the_layouts_distance() -> None:
    left = replace(A, row=B.row - 5)
    near, far = (verdict("bumping-headlines", left, B, bump_lines=lines) for lines in (4, 2))
    assert near is not None
    assert far is not None
    assert (near.kept, far.kept) == (False, True)


# --------------------------------------------------------------------------- 5 through cuts, 12 contact


@pytest.mark.parametrize(("jog", "kept"), [(0, True), (1, False), (3, False), (4, True), (12, True)])
def test_an_edge_across_the_page_that_jogs_by_a_few_lines_is_seen_as_one(jog: int, kept: bool) -> None:
    """Without a jog it breaks the hard rule."""
    right = replace(A, id="c", column=4, lines=A.lines + jog)
    below = Made("d", 0, TOP + 40, 4, 40), Made("e", 4, TOP + 40 + jog, 4, 40 - jog)
    near = verdict("near-cuts", A, right, *below, cut_step_lines=3)
    hard = verdict("through-cut-horizontal", A, right, *below)
    assert near is not None
    assert hard is not None
    assert (near.kept, hard.kept) == (kept, jog > 0)


def test_a_strip_of_advertisements_may_lie_under_a_cut() -> None:
    foot = [Made(f"ad{n}", 4 * n, TOP + 40, 4, 20, sold=True) for n in range(2)]
    for rule in ("through-cut-horizontal", "straight-runs"):
        found = verdict(rule, A, replace(B, row=TOP), *foot)
        assert found is not None
        assert found.kept, found.words


@pytest.mark.parametrize(("leg", "kept"), [(0, False), (3, True)])
def test_a_table_may_not_lie_before_the_first_paragraph(leg: int, kept: bool) -> None:
    measure = GRID.column_pt
    words = line("一组三百炉", GRID.body_pt, measure)
    at = leg * (measure + GRID.gutter_pt), GRID.depth_pt(4)
    cells = TextBlock("table", *at, measure, GRID.leading_pt, (words,) * 6)
    made = replace(A, more=(cells,), pictures=((leg, 1, 4, 8),))  # it stands where a picture would
    page, issue = page_of(made)
    parts = tuple(part for part in page.frames[0].parts if not isinstance(part, PictureBox))
    page = replace(page, frames=(replace(page.frames[0], parts=parts),))
    (found,) = (one for one in judge(page, issue, layout()).verdicts if one.rule == "picture-place")
    assert found.kept is kept
    assert ("before the first paragraph" in found.words) is not kept


def test_a_picture_may_not_lie_between_headline_and_text() -> None:
    found = verdict("picture-place", replace(A, pictures=((0, 4, 4, 12),)))
    assert found is not None
    assert "between headline and text" in found.words


def test_boxes_that_touch_are_in_contact() -> None:
    found = verdict("foreign-contact", replace(A, boxed=True), replace(B, boxed=True))
    assert found is not None
    assert found.items == ("a", "b")


def test_a_picture_right_over_anothers_headline_is_in_contact() -> None:
    story = Made("a", 0, TOP, 4, 20, pictures=((0, 4, 4, 16),))
    found = verdict("foreign-contact", story, replace(A, id="c", row=TOP + 20))
    assert found is not None
    assert "over the headline of c" in found.words


# --------------------------------------------------------------------------- what does not apply


def test_rules_that_nothing_is_under_say_nothing() -> None:
    names = {found.rule for found in report(A).verdicts}
    silent = {
        "rank",
        "advertisements",
        "by-law",
        "picture-place",
        "dominant-picture",
        "boxes",
        "likeness",
        "position",
    }
    assert not names & silent
    assert {"grid", "legs", "white"} <= names


def test_the_last_page_is_told_what_its_imprint_lacks() -> None:
    """It is no breach, since make-up cannot cure it."""
    page, issue = page_of(A, B)
    (found,) = (
        one
        for one in judge(page, replace(issue, pages=(page.page,)), layout()).verdicts
        if one.rule == "by-law"
    )
    assert found.kept
    assert found.words == (
        "the paper's name is the largest; the imprint lacks sponsor, publisher, serial-number,"
        " running-number, address, printer, distribution, price"
    )


def test_likeness_is_judged_against_the_last_issue() -> None:
    page, issue = page_of(A, B)
    places = [frame.placement for frame in page.frames]
    alike = judge(page, issue, layout(), last=places).verdicts[-1]
    other = judge(page, issue, layout(), last=[replace(p, row=p.row + 7) for p in places]).verdicts[-1]
    assert (alike.rule, alike.kept, alike.penalty) == ("likeness", False, layout().penalties.likeness)
    assert other.kept


# --------------------------------------------------------------------------- fill, white, ladder


def test_ladder_begins_with_the_largest_headline() -> None:
    found = report(A, replace(B, size=30, headline=("一炉合金", "的十年"))).ladder
    assert [(rung.item, rung.size_pt, rung.lines, rung.columns) for rung in found] == [
        ("b", 30, 2, 4),
        ("a", 24, 1, 4),
    ]
    assert found[1].row == TOP + 1


def test_grid_that_nothing_covers_is_blank() -> None:
    found = report(Made("a", 0, TOP, 8, ALL // 2))
    assert found.fill == pytest.approx(0.5)
    assert found.blank == pytest.approx(0.5)


def test_a_full_page_has_no_white() -> None:
    assert report(Made("a", 0, TOP, 8, ALL, pictures=((5, 3, 4, 30),))).blank == 0


def test_empty_feet_and_holes_are_blank_line_by_line() -> None:
    cells = ALL * GRID.columns
    assert report(Made("a", 0, TOP, 8, ALL, short=(0, 0, 5, 2))).blank == pytest.approx(7 / cells)
    hole = Made("a", 0, TOP, 8, ALL, begins=6)  # white under the head
    assert report(hole).blank == pytest.approx(6 * 8 / cells, rel=0.4)


def test_white_of_a_head_counts_from_where_it_is_more_than_its_places_may_have() -> None:
    blank = [report(Made("a", 0, TOP, 8, ALL, head=head)).blank * ALL for head in (4, 5, 8, 9)]
    assert blank[0] == blank[1] == 0
    assert blank[3] - blank[2] == pytest.approx(1)


def test_trapped_white_costs_more_than_white_at_the_edge() -> None:
    hole = Made("a", 0, TOP, 8, ALL, pictures=((2, 1, 4, 20), (2, 1, 50, 48)))  # nothing between them
    trapped = verdict("white", hole, white_share=0.0)
    edge = verdict("white", Made("a", 0, TOP, 8, ALL, short=(0, 0, 26)), white_share=0.0)
    assert trapped is not None
    assert edge is not None
    assert trapped.penalty == pytest.approx(edge.penalty * layout().rules.trapped_times)


def test_no_gutter_lets_white_out_of_a_hole() -> None:
    """Reported of a page with a hole in its middle: no white of it was trapped."""
    round_it = (Made("a", 0, TOP, 3, ALL), Made("b", 3, TOP, 2, 30), Made("d", 5, TOP, 3, ALL))
    closed = verdict("white", *round_it, Made("c", 3, TOP + 40, 2, ALL - 40))
    open_ = verdict("white", *round_it, Made("c", 3, TOP + 30, 2, ALL - 40))
    assert closed is not None
    assert open_ is not None
    assert closed.words.split(", ")[0] == open_.words.split(", ")[0]
    share = 10 * 2 / (ALL * GRID.columns)
    assert closed.words.endswith(f"{share:.1%} of it trapped")
    assert open_.words.endswith("0.0% of it trapped")
    assert open_.kept  # within `white_share`
    assert not closed.kept


def test_a_major_article_with_a_normal_one_s_headline_is_half_a_step_down() -> None:
    major, normal = replace(A, weight=Weight.MAJOR), replace(B, weight=Weight.NORMAL)
    found = verdict("ladder", major, normal, replace(B, id="c", row=60))
    assert found is not None
    assert found.items == ("a",)
    assert found.penalty == layout().penalties.ladder / 2
    assert "0 larger" in found.words


@pytest.mark.parametrize(
    ("column", "row", "kept"),
    [(4, TOP, True), (4, TOP + 30, True), (0, TOP + 40, True)],
    ids=["right", "lower", "under"],
)
def test_a_series_is_read_down_and_to_the_right(column: int, row: int, kept: bool) -> None:
    first, second = replace(A, rubric="案例一"), replace(A, id="b", column=column, row=row, rubric="案例二")
    found = verdict("series-order", first, second)
    turned = verdict("series-order", replace(first, rubric="案例二"), replace(second, rubric="案例一"))
    assert found is not None
    assert turned is not None
    assert (found.kept, turned.kept) == (kept, not kept)


# --------------------------------------------------------------------------- 6 stray lines


def parted(*kinds: str, opening: TextBlock | None = None, item: Article | None = None) -> Verdict:
    """The verdict on two legs: the first ends with lines of these kinds, the second opens as given."""
    measure, leading = GRID.column_pt, GRID.leading_pt
    words = line("字" * 13, GRID.body_pt, measure, flush=True)
    made = replace(A, columns=2, legs=2)
    page, issue = page_of(made)
    frame = page.frames[0]
    first = [part for part in frame.parts if not part.x_pt]
    second = [part for part in frame.parts if part.x_pt]
    foot = [
        replace(part, kind=kind, lines=(words,))
        for part, kind in zip(first[-len(kinds) :], kinds, strict=True)
        if isinstance(part, TextBlock)
    ]
    if opening is not None:
        opening = replace(
            opening, x_pt=second[0].x_pt, y_pt=second[0].y_pt, width_pt=measure, leading_pt=leading
        )
        second[0] = opening
    parts = (*first[: -len(kinds)], *foot, *second)
    page = replace(page, frames=(replace(frame, parts=parts),))
    if item is not None:
        inner = replace(page.page, items=(item,))
        page, issue = replace(page, page=inner), replace(issue, pages=(*issue.pages[:-1], inner))
    (found,) = (one for one in judge(page, issue, layout()).verdicts if one.rule == "stray-lines")
    return found


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("crosshead", "body", "body"), None),
        (("crosshead", "body"), "one line under a crosshead"),
        (("body", "crosshead"), "ends with a crosshead"),
        (("pull-quote", "body"), "one line under a pull quote"),
        (("body", "pull-quote"), None),
    ],
)
def test_two_lines_at_least_follow_what_is_displayed(kinds: tuple[str, ...], words: str | None) -> None:
    found = parted(*kinds)
    assert found.kept is (words is None)
    assert (words or "none") in found.words


@pytest.mark.parametrize(
    ("x", "flush", "kept"), [(9.0, False, False), (9.0, True, True), (27.0, False, True)]
)  # fmt: skip
def test_the_last_line_of_a_quotation_is_told_by_its_indent(x: float, flush: bool, kept: bool) -> None:
    words = line("字" * 4, GRID.body_pt, GRID.column_pt, x=x, flush=flush)
    block = TextBlock("quotation", 0, 0, 0, 0, (words,))
    assert parted("quotation", opening=block).kept is kept


@pytest.mark.parametrize(
    ("before", "count", "kept"), [("verse", 1, False), ("verse", 2, True), ("body", 1, True)]
)
def test_no_leg_opens_with_the_last_verse_of_a_stanza(before: str, count: int, kept: bool) -> None:
    block = TextBlock("verse", 0, 0, 0, 0, (line("字" * 5, GRID.body_pt, GRID.column_pt),) * count)
    assert parted(before, opening=block).kept is kept


def test_a_stanza_of_one_verse_may_open_a_leg() -> None:
    block = TextBlock("verse", 0, 0, 0, 0, (line("字" * 5, GRID.body_pt, GRID.column_pt),))
    alone = Article("a", text("诗"), body=(Verse(((text("一"),), (text("二"),))),))
    assert parted("verse", opening=block, item=alone).kept


# --------------------------------------------------------------------------- 12 pictures beside headlines


@pytest.mark.parametrize(
    "left",
    [
        replace(A, pictures=((2, 1, 6, 10),)),  # a leg of text between
        replace(A, pictures=((3, 1, 6, 10),), links=("b",)),
        replace(A, pictures=((3, 1, 6, 10),), boxed=True),
        replace(A, pictures=((3, 1, 6, 10),), columns=3),  # no gutter in common
    ],
    ids=["inside", "linked", "boxed", "apart"],
)
def test_what_parts_a_picture_from_another_headline(left: Made) -> None:
    found = verdict("picture-beside-headline", left, B)
    assert found is not None
    assert found.kept, found.words


def test_a_picture_right_of_another_headline_is_seen_too() -> None:
    found = verdict("picture-beside-headline", A, replace(B, row=TOP, pictures=((0, 1, 1, 8),)))
    assert found is not None
    assert set(found.items) == {"a", "b"}
    assert found.penalty == layout().penalties.picture_beside_headline


@pytest.mark.parametrize(("at_left", "kept"), [(True, False), (False, True)])
def test_a_picture_left_of_a_vertical_headline_is_seen_too(at_left: bool, kept: bool) -> None:
    shown, upright = replace(A, pictures=((3, 1, 6, 10),)), replace(B, row=TOP, vertical=True)
    if not at_left:
        shown = replace(shown, column=4, pictures=((0, 1, 6, 10),))
        upright = replace(upright, column=0)
    found = verdict("picture-beside-headline", shown, upright)
    assert found is not None
    assert found.kept == kept, found.words


@pytest.mark.parametrize(("first", "kept"), [("a", False), ("b", True)])
def test_a_headline_runs_into_a_vertical_one_at_its_right(first: str, kept: bool) -> None:
    upright = replace(B, row=TOP, column=4 if first == "a" else 0, vertical=True)
    found = verdict("headline-into-vertical", replace(A, column=0 if first == "a" else 4), upright)
    assert found is not None
    assert found.kept == kept, found.words


# --------------------------------------------------------------------------- 17 holes


def test_columns_side_by_side_are_one_hole() -> None:
    over, under = Made("a", 0, TOP, 8, 20), Made("d", 0, TOP + 50, 8, ALL - 50)
    parts = (Made("b", 0, TOP + 20, 2, 30), Made("c", 2, TOP + 20, 3, 20), Made("e", 5, TOP + 20, 1, 30))
    found = verdict("hole", over, *parts, under)
    assert found is not None
    assert found.penalty == 2 * layout().penalties.hard
    assert found.words == f"3 × 10 at line {TOP + 40} of column 3; 2 × 30 at line {TOP + 20} of column 7"
    assert set(found.items) == {"a", "c", "d"}


def test_white_over_an_advertisement_is_a_hole_and_at_the_foot_of_the_page_none() -> None:
    sold = verdict("hole", replace(A, columns=8, lines=60), Made("ad", 0, FOOT - 20, 8, 20, sold=True))
    free = verdict("hole", replace(A, columns=8, lines=60))
    assert sold is not None
    assert free is not None
    assert (sold.kept, free.kept) == (False, True)


# --------------------------------------------------------------------------- any page


def judged(made: ComposedIssue) -> list[PageReport]:
    return [judge(page, made.issue, layout()) for page in made.pages]


def sound(found: PageReport) -> None:
    assert 0 <= found.blank <= found.fill + 1
    assert all(one.penalty >= 0 and one.kept == (one.penalty == 0) for one in found.verdicts)
    names = [one.rule for one in found.verdicts]
    assert len(names) == len(set(names))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=3)
@given(small_issues())
def test_any_page_of_articles_is_judged(issue):
    found = tried(issue)
    if not isinstance(found, SourceErrors):
        for one in judged(found):
            sound(one)
            assert {v.rule: v.kept for v in one.verdicts}["grid"]


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10)
@given(issues())
def test_any_issue_is_judged(issue):
    found = tried(issue)
    if not isinstance(found, SourceErrors):
        for one in judged(found):
            sound(one)


@st.composite
def made_anyhow(draw: st.DrawFn) -> Made:
    """Items that no make-up would place so: over each other, outside, empty, with parts anywhere."""
    number = st.integers(-2, 9)
    size = st.floats(0, 60)
    parts = st.one_of(
        st.builds(Rule, size, size, size, size, st.just("black"), st.sampled_from([0.0, 1.0])),
        st.builds(
            TextBlock,
            st.sampled_from(["body", "headline", "deck", "caption", "box", "odd"]),
            size, size, size, size, st.just(()),
        ),
    )  # fmt: skip
    return Made(
        draw(st.sampled_from("abcdef")), draw(number), draw(st.integers(0, 110)), draw(st.integers(1, 9)),
        draw(st.integers(0, 100)), size=draw(size), head=draw(st.integers(0, 6)),
        headline=draw(st.sampled_from([(), ("炉台",), ("炉", "台")])),
        pictures=tuple(draw(st.lists(st.tuples(number, number, number, number), max_size=2))),
        weight=draw(st.sampled_from(Weight)), boxed=draw(st.booleans()), sold=draw(st.booleans()),
        vertical=draw(st.booleans()), more=tuple(draw(st.lists(parts, max_size=3))),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.lists(made_anyhow(), max_size=6), st.booleans())
def test_whatever_stands_on_a_page_is_judged(made: list[Made], front: bool) -> None:
    found = report(*made, front=front)
    assert all(one.penalty >= 0 for one in found.verdicts)


# --------------------------------------------------------------------------- the sample


@pytest.fixture(scope="module")
def sample(repository: Path) -> ComposedIssue:
    """The sample's four pages by their plan."""
    folder = repository / "source" / "2026-11-23"
    source = load(folder).source
    assert source is not None
    return compose_issue(source.issue, layout(), faces(), source.pictures, file=source.file, plan=source.plan)


def test_the_samples_pages_are_judged_as_a_reviewer_judges_them(sample: ComposedIssue) -> None:
    front, *_ = pages = judged(sample)
    assert all(page.fill > 0.985 and page.blank < 0.03 for page in pages)
    assert [rung.item for page in pages for rung in page.ladder[:1]] == [
        "p1-lead", "p2-hubble", "p3-kiln", "p4-glaze",
    ]  # fmt: skip
    assert [(p.page, v.rule, v.items) for p in pages for v in p.verdicts if v.hard and not v.kept] == []
    kept = {v.rule for v in front.verdicts if v.kept}
    assert {"through-cut-horizontal", "through-cut-vertical", "rank", "covering", "stray-lines"} <= kept
    assert {"bumping-headlines", "foreign-contact", "legs", "level-feet"} <= kept


def test_a_page_is_judged_quickly(sample: ComposedIssue) -> None:
    judged(sample)  # the dictionary is read once
    before = process_time()
    judged(sample)
    assert (process_time() - before) / len(sample.pages) < 0.5  # 0.02 s on an idle machine
