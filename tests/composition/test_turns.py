"""Articles in the form of an L (拐弯): another item stands in the turn, and the page is full."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from composition.issues import FILE, AnyPicture, article, composed, figure, issue_of, paragraphs, quick
from composition.test_pins import place_of, table, wrong_in
from composition.walk import bare, blocks_of, check, check_frames, check_parts, said, shown
from issue_publisher.composition.candidates import Option
from issue_publisher.composition.choices import choices, legs_in_whole_columns
from issue_publisher.composition.compose import Wishes, compose_issue
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import (
    Choice,
    ComposedIssue,
    ComposedPage,
    Frame,
    PictureAt,
    Placement,
    Turn,
)
from issue_publisher.composition.objective import Place, bumps
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.plan import write_plan
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Fit, Outline, Shape
from issue_publisher.issue.model import Article, Hint, Issue, Weight, text
from issue_publisher.layout.model import PT_PER_MM, Layout
from issue_publisher.rendering.alto import Software, write_alto
from issue_publisher.rendering.placing import printed_issue
from issue_publisher.rendering.proof import page_marks
from typesetting.paper import faces, layout

GRID = layout().grid
MOST_WHITE = 0.03  # of the page's area for articles


def turning(**more: float) -> Layout:
    """The broadsheet with little patience, in which articles may turn."""
    made = quick(**more)
    return replace(made, makeup=replace(made.makeup, turns=True))


def issue_with(*items: Article) -> Issue:
    """An inside page of these items."""
    return issue_of((article("front", 400, weight=Weight.LEAD),), items)


def issue_of_four(*lengths: int) -> Issue:
    """An inside page of a lead, a major article and two others of these lengths."""
    weights = [Weight.LEAD, Weight.MAJOR, Weight.NORMAL, Weight.NORMAL]
    return issue_with(
        *(article(name, lengths[at], at, weight=weights[at]) for at, name in enumerate(("a", "b", "c", "d")))
    )


# One of few pieces is so short that rectangles have no place for it.
ISSUE = issue_of_four(3769, 2726, 928, 442)
# Rectangles fill this page only with two headlines side by side.
BUMPING = issue_of_four(3800, 2900, 1100, 520)
OUTER: dict[str, Any] = {
    "column": 2,
    "columns": 6,
    "row": 50,
    "lines": 52,
    "legs": 6,
    "headline_pt": 30,
    "headline_lines": 1,
    "turn": "{ legs = 3, lines = 18 }",
}
INNER: dict[str, Any] = {
    "column": 5,
    "columns": 3,
    "row": 84,
    "lines": 18,
    "legs": 2,
    "headline_pt": 24,
    "headline_lines": 1,
}
LEAD = {"column": 0, "columns": 8, "row": 4, "lines": 46, "legs": 5, "headline_pt": 46, "headline_lines": 1}
REST = {"column": 0, "columns": 2, "row": 59, "lines": 43, "legs": 2, "headline_pt": 24, "headline_lines": 1}


def plan_of(**items: dict[str, Any]) -> bytes:
    """A plan of these items of page 2."""
    return "".join(table(name, 2, **values) for name, values in items.items()).encode()


@cache
def planned() -> ComposedIssue:
    """The page with its turn, by a plan that says everything of it."""
    plan = plan_of(a=LEAD, b=OUTER, c=REST, d=INNER)
    return composed(ISSUE, plan, made_for=turning())


def report_of(page: ComposedPage, issue: Issue, made_for: Layout) -> Any:
    return judge(page, issue, made_for)


def verdicts(page: ComposedPage, issue: Issue, made_for: Layout) -> dict[str, Any]:
    return {one.rule: one for one in report_of(page, issue, made_for).verdicts}


# --------------------------------------------------------------------------- shapes


@cache
def setter() -> Setter:
    return Setter(layout(), faces())


@cache
def piece_of(item: Article) -> Any:
    return make_piece(item, setter())


@dataclass(frozen=True)
class Case:
    """An article, a shape of it with a turn, and how it was made to fit."""

    item: Article = field(repr=False)
    shape: Shape = field(repr=False)
    fit: Fit = field(repr=False)
    choice: Choice


@st.composite
def turned(draw: st.DrawFn) -> Case:
    """An article of any length in any shape that is offered, with any turn, at any depth."""
    length, seed = draw(st.sampled_from([700, 1300, 2100])), draw(st.integers(0, 3))
    pictures = (figure(seed, columns=2),) if draw(st.booleans()) else ()
    weight = draw(st.sampled_from([Weight.LEAD, Weight.MAJOR]))
    item = article("one", 10, seed, weight=weight, body=(*pictures, *paragraphs(length, seed)))
    piece = piece_of(item)
    choice = draw(st.sampled_from([one for one in choices(piece, setter()) if not one.vertical]))
    counts = legs_in_whole_columns(piece, setter(), choice.columns)
    assume(counts)
    legs = draw(st.sampled_from(counts))
    deep = draw(st.sampled_from([k for k in range(1, legs) if choice.columns * k % legs == 0]))
    spans = tuple(min(span, legs - 1) for span in choice.pictures)
    turn = Turn(deep, draw(st.integers(5, 30)))
    shape = Shape(piece, replace(choice, legs=legs, pictures=spans, turn=turn), setter(), AnyPicture())
    fits = list(shape.depths())
    event(f"{len(fits) > 0} with a place at {choice.picture_at}")
    assume(fits)
    return Case(item, shape, draw(st.sampled_from(fits)), shape.choice)


@settings(max_examples=25, deadline=None)
@given(turned())
def test_an_article_that_turns_is_as_deep_as_it_promised(case: Case) -> None:
    item, shape, fit = case.item, case.shape, case.fit
    turn = shape.choice.turn
    assert turn is not None
    frame = Frame(Placement("one", 0, 0, fit.lines, shape.choice), "article", shape.lay_out(fit))
    issue = issue_of((item,))
    page = ComposedPage(issue.pages[0], (frame,))
    check_frames(page)
    check_parts(page)
    # Every word once, and in its order; a leg begins where the one before it ends.
    for words in said(item):
        assert bare(words) in shown(frame)
    body = "".join(bare(block.text.plain) for block in item.body if hasattr(block, "text"))
    assert body in "".join(bare(line.text) for b in blocks_of(frame) if b.kind == "body" for line in b.lines)
    # Its legs end as promised: at its foot, and over the turn, but for the white that was counted.
    feet: dict[float, float] = {}
    for block in blocks_of(frame):
        if block.kind == "body":
            foot = (block.y_pt + block.depth_pt) / GRID.leading_pt
            feet[block.x_pt] = max(feet.get(block.x_pt, 0.0), foot)
    step = (shape.width_pt + GRID.gutter_pt) / shape.choice.legs
    white, promised = (
        fit.filling.white,
        [fit.lines] * turn.legs + [fit.lines - turn.lines] * shape.choice.legs,
    )
    legs = {int(x / step + 0.05): foot for x, foot in feet.items()}
    for leg in range(shape.choice.legs):
        short = promised[leg] - legs[leg] if leg in legs else fit.filling.depths[leg]
        assert short > -0.01
        white -= short
    assert abs(white) < 3.01  # three paragraphs before a bad foot may be set a line shorter or longer
    # What stands in the turn meets no picture: under each there is text.
    notch = shape.choice.notch(fit.lines)
    assert notch is not None
    assert all(region.foot < notch.row for region in shape.outline(fit).pictures)


def test_an_area_without_the_turn_is_that_of_its_two_parts() -> None:
    choice = Choice(6, 3, turn=Turn(1, 10))
    assert choice.area(30) == 6 * 30 - 4 * 10
    cells = choice.cells(30)
    assert sum(one.area for one in cells) == choice.area(30)
    assert not cells[0].meets(cells[1])
    notch = choice.notch(30)
    assert notch is not None
    assert (notch.column, notch.columns, notch.row, notch.lines) == (2, 4, 20, 10)
    assert not any(notch.meets(one) for one in cells)


@pytest.mark.parametrize("where", [PictureAt.BESIDE, PictureAt.LEFT])
def test_a_picture_as_deep_as_the_text_leaves_no_room_for_a_turn(where: PictureAt) -> None:
    item = article("one", 10, weight=Weight.MAJOR, body=(figure(1), *paragraphs(900)))
    choice = Choice(4, 4, 24, 1, (1,), picture_at=where, turn=Turn(2, 8))
    assert list(Shape(piece_of(item), choice, setter(), AnyPicture()).depths()) == []


# --------------------------------------------------------------------------- found


@pytest.fixture(scope="module")
def found() -> ComposedIssue:
    """The page as it is found where articles may turn."""
    return composed(ISSUE, made_for=turning(turn_pairs=2))


@pytest.mark.xdist_group("a page with a turn")
def test_a_page_that_rectangles_leave_white_is_filled_with_a_turn(found: ComposedIssue) -> None:
    rectangles = composed(ISSUE, made_for=quick())
    plain = report_of(rectangles.pages[1], rectangles.issue, quick())
    assert all(frame.placement.choice.turn is None for frame in rectangles.pages[1].frames)
    assert 1 - plain.fill > MOST_WHITE
    check(found)
    turned = report_of(found.pages[1], found.issue, turning())
    assert [frame for frame in found.pages[1].frames if frame.placement.choice.turn]
    assert 1 - turned.fill <= MOST_WHITE
    assert turned.blank < plain.blank
    assert [one.words for one in turned.verdicts if one.hard and not one.kept] == []
    solved, before = found.pages[1].solved, rectangles.pages[1].solved
    assert solved is not None
    assert before is not None
    assert solved.bound <= solved.objective < before.objective
    assert solved.rounds > before.rounds


def test_a_page_on_which_rectangles_break_a_hard_rule_is_made_with_a_turn() -> None:
    rectangles = composed(BUMPING, made_for=quick())
    plain = verdicts(rectangles.pages[1], BUMPING, quick())
    assert not plain["bumping-headlines"].kept
    made = composed(BUMPING, made_for=turning(turn_pairs=2))
    check(made)
    assert [frame for frame in made.pages[1].frames if frame.placement.choice.turn]
    found = verdicts(made.pages[1], BUMPING, turning())
    assert [one.words for one in found.values() if one.hard and not one.kept] == []


@pytest.mark.xdist_group("a page with a turn")
def test_a_page_with_a_turn_comes_out_the_same_by_its_plan(found: ComposedIssue) -> None:
    plan = write_plan(found)
    assert b"\nturn = { legs = " in plan
    again = composed(ISSUE, plan, made_for=turning())
    assert again.pages == found.pages
    assert write_plan(again) == plan


# --------------------------------------------------------------------------- judged


def test_a_page_with_a_turn_keeps_the_hard_rules() -> None:
    made = planned()
    check(made)
    found = verdicts(made.pages[1], made.issue, turning())
    assert [one.words for one in found.values() if one.hard and not one.kept] == []
    assert found["module"].words == "b turns to the right"


def test_what_turns_is_held_against_a_layout_without_turns() -> None:
    made = planned()
    found = verdicts(made.pages[1], made.issue, layout())["module"]
    assert (found.kept, found.items) == (False, ("b",))
    assert "b turns, which the layout does not allow" in found.words


def test_a_turn_that_nothing_fills_breaks_the_module() -> None:
    made = planned()
    page = made.pages[1]
    frames = tuple(frame for frame in page.frames if frame.placement.item != "d")
    found = verdicts(replace(page, frames=frames), made.issue, turning())["module"]
    assert found.words == "no item fills the turn of b"


def test_what_reaches_into_a_turn_is_seen() -> None:
    made = planned()
    page = made.pages[1]
    deeper = [
        replace(frame, placement=replace(frame.placement, choice=replace(frame.placement.choice, turn=turn)))
        if frame.placement.item == "b"
        else frame
        for frame, turn in ((frame, Turn(3, 20)) for frame in page.frames)
    ]
    found = verdicts(replace(page, frames=tuple(deeper)), made.issue, turning())["module"]
    assert "b reaches into its turn" in found.words


def test_legs_are_level_on_either_side_of_a_turn() -> None:
    made = planned()
    page = made.pages[1]
    plain = [
        replace(frame, placement=replace(frame.placement, choice=replace(frame.placement.choice, turn=None)))
        for frame in page.frames
    ]
    assert verdicts(page, made.issue, turning())["level-feet"].kept
    found = verdicts(replace(page, frames=tuple(plain)), made.issue, turning())
    assert "leg 4 of b ends" in found["level-feet"].words
    assert "d overlaps b" in found["grid"].words


def test_white_of_a_page_with_a_turn_is_what_is_painted_nowhere() -> None:
    """The room of the turn is white as long as nothing stands in it, and no white of its article."""
    made = planned()
    page, area = made.pages[1], 8 * 98
    whole = report_of(page, made.issue, turning())
    frames = tuple(frame for frame in page.frames if frame.placement.item != "d")
    holed = report_of(replace(page, frames=frames), made.issue, turning())
    assert whole.fill - holed.fill == pytest.approx(0, abs=1e-9)  # the frame of b still goes round it
    assert holed.blank - whole.blank == pytest.approx(3 * 18 / area, abs=0.02)


def test_a_headline_in_a_turn_bumps_into_that_of_a_neighbour() -> None:
    choice = Choice(4, 4, 24)
    pair = Option(choice, 40, 0.0, Outline((0, 6), (), False, low_band=(28, 33)))
    other = Option(choice, 40, 0.0, Outline((0, 5), (), False))
    left = Place(0, 10, pair)
    assert not bumps(left, Place(4, 20, other), 3)
    assert bumps(left, Place(4, 35, other), 3)
    assert not bumps(Place(4, 10, pair), Place(0, 35, other), 3)  # the turn is at the right


# --------------------------------------------------------------------------- shown


def test_the_proof_outlines_an_article_that_turns() -> None:
    made = planned()
    marks = {one.item: one for one in page_marks(made.pages[1], made.issue, turning()).frames}
    outer, inner = marks["b"], marks["d"]
    assert inner.corners == ()
    (x, y), (right, _), (_, short), (deep, _), (_, foot), _ = outer.corners
    assert (x, y) == (outer.box.x, outer.box.y)
    assert right == pytest.approx(inner.box.x + inner.box.width)
    assert short == pytest.approx(inner.box.y)
    assert deep == pytest.approx(inner.box.x - GRID.gutter_pt)
    assert foot == pytest.approx(inner.box.y + inner.box.depth)
    assert all(box.y + box.depth <= short + 0.01 for box in outer.feet if box.x > deep)
    assert outer.outline.count("L") == 5


def test_the_rules_round_what_stands_in_a_turn_meet_in_a_corner() -> None:
    page = planned().pages[1]
    left, top = GRID.x_pt(5) - GRID.gutter_pt / 2, GRID.depth_pt(84) + 0.3 * GRID.leading_pt
    here = [rule for rule in page.rules if (rule.x_pt, rule.y_pt) == pytest.approx((left, top))]
    across, down = sorted(here, key=lambda rule: -rule.width_pt)
    assert across.x_pt + across.width_pt == pytest.approx(GRID.width_pt(8))
    assert down.y_pt + down.depth_pt == pytest.approx(GRID.depth_pt(102))
    thick = layout().makeup.rule_pt
    assert (across.depth_pt, down.width_pt) == (thick, thick)


def test_alto_says_the_form_of_an_article_that_turns() -> None:
    from lxml import etree

    made, on = planned(), turning()
    printed = printed_issue(made, on, faces(), [()] * len(made.pages))
    alto = write_alto(printed.pages[1], printed, made.issue, Software("issue-publisher", "0"), "page.png")
    root = etree.fromstring(alto)
    [polygon] = root.iterfind(".//{*}ComposedBlock/{*}Shape/{*}Polygon")
    block = polygon.getparent().getparent()
    points = [tuple(map(float, point.split(","))) for point in polygon.get("POINTS").split()]
    left, top = float(block.get("HPOS")), float(block.get("VPOS"))
    assert points[0] == (left, top)
    assert len(points) == 6
    step = 10 / PT_PER_MM
    assert points[2][1] - top == pytest.approx((52 - 18) * GRID.leading_pt * step, abs=0.2)
    for one, other in pairwise([*points, points[0]]):
        assert one[0] == other[0] or one[1] == other[1]


# --------------------------------------------------------------------------- the page plan


def test_a_turn_that_is_pinned_stays_while_the_rest_is_found() -> None:
    made = composed(ISSUE, plan_of(b=OUTER, d=INNER), made_for=turning())
    check(made)
    outer, inner = place_of(made, "b"), place_of(made, "d")
    assert (outer.column, outer.row, outer.lines, outer.choice.turn) == (2, 50, 52, Turn(3, 18))
    assert (inner.column, inner.row, inner.lines) == (5, 84, 18)
    assert made.pages[1].solved is not None


BOXED = replace(ISSUE.pages[1].items[1], hint=Hint(box=True))


@pytest.mark.parametrize(
    ("changed", "message", "hint"),
    {
        "half a plan": ({"lines": None, "legs": None}, "place and shape are not whole", "add lines, legs"),
        "between two columns": (
            {"legs": 4, "turn": "{ legs = 1, lines = 18 }"},
            "b cannot turn behind leg 1, 18 lines above its foot",
            "legs = 2",
        ),
        "behind the last leg": (
            {"turn": "{ legs = 6, lines = 18 }"},
            "b cannot turn behind leg 6",
            "legs = 1 or 2 or 3 or 4 or 5",
        ),
        "above its head": (
            {"turn": "{ legs = 3, lines = 52 }"},
            "52 lines above its foot",
            "lines from 1 to 51",
        ),
        "nothing in it": (
            {"turn": "{ legs = 3, lines = 17 }"},
            "nothing stands in the turn of b",
            "column = 5, columns = 3, row = 85, lines = 17",
        ),
    }.values(),
)  # fmt: skip
def test_a_turn_that_cannot_be_is_refused(changed: dict[str, Any], message: str, hint: str) -> None:
    outer = {key: value for key, value in (OUTER | changed).items() if value is not None}
    errors = wrong_in(ISSUE, plan_of(b=outer, d=INNER).decode(), turning())
    assert any(message in error.message and hint in error.hint for error in errors), errors


def test_a_layout_without_turns_refuses_one() -> None:
    (error,) = wrong_in(ISSUE, plan_of(b=OUTER, d=INNER).decode(), quick())
    assert "b turns, and this layout lets no article turn" in error.message


def test_a_box_does_not_turn() -> None:
    items = tuple(BOXED if item.id == "b" else item for item in ISSUE.pages[1].items)
    issue = replace(ISSUE, pages=(ISSUE.pages[0], replace(ISSUE.pages[1], items=items)))
    errors = wrong_in(issue, plan_of(b=OUTER, d=INNER).decode(), turning())
    assert any("b cannot turn" in error.message for error in errors)


@pytest.mark.parametrize("said", ["3", "[3, 18]", "{ legs = 3 }", "{ legs = 0, lines = 1 }", '"right"'])
def test_what_is_no_turn_is_told(said: str) -> None:
    (error,) = wrong_in(ISSUE, plan_of(b=OUTER | {"turn": said}).decode(), turning(), at="turn")
    assert "b: turn is" in error.message
    assert "{ legs = 2, lines = 14 }" in error.hint


def test_replanning_gives_up_a_turn_whose_text_has_grown() -> None:
    longer = article("b", 3100, 1, weight=Weight.MAJOR)
    items = tuple(longer if item.id == "b" else item for item in ISSUE.pages[1].items)
    items = tuple(replace(item, headline=text("短题")) if item.id == "d" else item for item in items)
    issue = replace(ISSUE, pages=(ISSUE.pages[0], replace(ISSUE.pages[1], items=items)))
    plan = plan_of(a=LEAD, b=OUTER, c=REST, d=INNER)
    made = compose_issue(
        issue,
        turning(turn_pairs=1),
        faces(),
        AnyPicture(),
        file=FILE,
        plan=plan,
        wishes=Wishes(replan=True),
    )
    check(made)
    assert {frame.placement.item for frame in made.pages[1].frames} == {"a", "b", "c", "d"}
