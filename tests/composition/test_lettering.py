"""Lettering of drawings on the page: no drawing so narrow that the press cannot print its letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composition.issues import FILE, Size, article, composed, figure, issue_of, paragraphs
from composition.walk import check
from issue_publisher.composition.candidates import TooDeepError, candidate
from issue_publisher.composition.choices import choices
from issue_publisher.composition.model import Choice, ComposedIssue, PictureBox
from issue_publisher.composition.piece import Piece, make_piece
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Shape
from issue_publisher.issue.errors import SourceError
from issue_publisher.issue.model import Article, Item, PictureItem, Weight
from typesetting.paper import faces, layout

SETTER = Setter(layout(), faces())
GRID, FLOOR = layout().grid, layout().press.smallest_pt
SLACK = 0.05  # of a point, which preflight does not see either


def legible_at(columns: float) -> float:
    """The lettering of a drawing that can be printed from so many columns on."""
    return FLOOR / (columns * (GRID.column_pt + GRID.gutter_pt) - GRID.gutter_pt)


def chart(lettering: float | None, width: int = 1200, depth: int = 800) -> dict[str, Size]:
    return {"chart.svg": Size(width, depth, True, lettering), "a.jpg": Size()}


def with_chart(columns: int | None = 1, characters: int = 600, **more: object) -> Article:
    body = (figure(1, src="chart.svg", columns=columns), *paragraphs(characters, 2))
    return article("one", 10, body=body, **more)


def boxes(made: ComposedIssue) -> list[PictureBox]:
    return [
        part
        for page in made.pages
        for frame in page.frames
        for part in frame.parts
        if isinstance(part, PictureBox)
    ]


def warnings(made: ComposedIssue) -> list[SourceError]:
    return [finding for finding in made.findings if finding.code == "small-lettering"]


def plan_of(**values: object) -> bytes:
    lines = [f"{key} = {value}" for key, value in values.items()]
    head = ['issue = "2026-11-30"', 'layout = "broadsheet"', "", "[page-1.one]"]
    return "\n".join([*head, *lines, ""]).encode()


# --------------------------------------------------------------------------- what is offered


def widths(piece: Piece, sizes: Mapping[str, Size], setter: Setter = SETTER) -> list[float]:
    """The width of the drawing in each shape that a piece is offered in."""
    options = candidate(piece, setter, sizes, GRID.lines).options
    one_of_each = {option.choice: option.lines for option in options}
    return [
        width for choice, lines in one_of_each.items() for width in drawn(piece, choice, lines, sizes, setter)
    ]


def drawn(
    piece: Piece, choice: Choice, lines: int, sizes: Mapping[str, Size], setter: Setter = SETTER
) -> list[float]:
    shape = Shape(piece, choice, setter, sizes)
    fit = shape.fit(lines)
    assert fit is not None
    parts = shape.lay_out(fit)
    return [part.width_pt for part in parts if isinstance(part, PictureBox) and part.src == "chart.svg"]


@st.composite
def items(draw: st.DrawFn) -> Item:
    """A piece with a drawing, alone or beside a photograph."""
    columns = draw(st.sampled_from([None, 1, 2, 3]))
    figures = [figure(1, src="chart.svg", columns=columns)]
    if draw(st.booleans()):
        figures.insert(draw(st.integers(0, 1)), figure(2, src="a.jpg", columns=2))
    if draw(st.integers(0, 3)) == 0:
        return PictureItem("one", tuple(figures), headline=None)
    body = (*figures, *paragraphs(draw(st.sampled_from([300, 700])), 2))
    return article("one", 10, body=body, weight=draw(st.sampled_from([Weight.NORMAL, Weight.MAJOR])))


@given(items(), st.floats(0.3, 12.0), st.sampled_from([(1200, 800), (1200, 300), (700, 900)]))
@settings(max_examples=15, deadline=None)
def test_no_option_is_narrower_than_the_letters_allow_unless_there_is_no_other(
    item: Item, columns: float, shape: tuple[int, int]
) -> None:
    sizes, piece = chart(legible_at(columns), *shape), make_piece(item, SETTER)
    try:
        found = widths(piece, sizes)
    except TooDeepError:
        return  # no shape of it is as shallow as the page
    least = (FLOOR - SLACK) / legible_at(columns) - 1e-6
    if min(found) < least:
        assert max(found) - min(found) < 1  # point: nothing narrower than the widest there is
        shapes = [Shape(piece, choice, SETTER, sizes) for choice in choices(piece, SETTER, sizes)]
        wider = [one for one in shapes if one.legibility == 1.0]
        assert not any(fit.lines <= GRID.lines for one in wider for fit in one.depths())


@given(items(), st.sampled_from([None, 0.2, 0.05]))
@settings(max_examples=5, deadline=None)
def test_large_letters_and_outlines_change_nothing(item: Item, lettering: float | None) -> None:
    plain, lettered = (
        candidate(make_piece(item, SETTER), SETTER, sizes, GRID.lines).options
        for sizes in (chart(None), chart(lettering))
    )
    if lettering is None or lettering * GRID.column_pt / 2 > FLOOR:
        assert lettered == plain
    else:
        assert {one.choice for one in lettered} & {one.choice for one in plain}


# --------------------------------------------------------------------------- on the page


@pytest.mark.parametrize("columns", [1.5, 2, 2.6])
def test_a_drawing_that_was_asked_for_too_narrow_is_set_wide_enough_to_be_read(columns: float) -> None:
    sizes = chart(legible_at(columns))
    made = composed(issue_of([with_chart(1)]), sizes=sizes)
    check(made)
    (box,) = boxes(made)
    assert box.width_pt * legible_at(columns) >= FLOOR - SLACK
    assert warnings(made) == []


def test_what_is_asked_for_is_given_where_the_letters_allow_it() -> None:
    """The cheapest shape, which is what a page would like, has the drawing in the width of its hint."""

    def liked(sizes: Mapping[str, Size]) -> float:
        piece = make_piece(with_chart(1, 900), SETTER)
        best = min(candidate(piece, SETTER, sizes, GRID.lines).options, key=lambda option: option.cost)
        (width,) = drawn(piece, best.choice, best.lines, sizes)
        return width

    assert liked(chart(None)) == pytest.approx(GRID.width_pt(1), rel=0.3)
    assert liked(chart(legible_at(0.8))) == liked(chart(None))
    assert liked(chart(legible_at(2))) >= GRID.width_pt(2) - 1


def test_a_drawing_alone_is_as_wide_as_its_letters_need() -> None:
    item = PictureItem("one", (figure(1, src="chart.svg", columns=1),))
    made = composed(issue_of([item, article("two", 1200, 2)]), sizes=chart(legible_at(4)))
    (box,) = boxes(made)
    assert box.width_pt >= GRID.width_pt(4) - 1
    assert warnings(made) == []


def test_where_no_width_is_enough_the_widest_is_taken_and_the_desk_is_told() -> None:
    lettering = legible_at(40)
    made = composed(issue_of([with_chart(2)]), sizes=chart(lettering))
    (box,) = boxes(made)
    assert box.width_pt >= GRID.width_pt(2) - 1
    (warning,) = warnings(made)
    assert (warning.file, warning.line, warning.severity) == (FILE, box.line, "warning")
    size = f"{box.width_pt * lettering:.1f}".removesuffix(".0")
    assert warning.message.startswith(f"page 1: the lettering of chart.svg is {size} pt at ")
    assert warning.message.endswith(" columns, too small for the press")
    assert "times as large" in warning.hint
    assert "it is 7 pt" not in warning.hint  # on this page it never is


PINNED = {"columns": 4, "legs": 4, "pictures": [1]}


def test_a_plan_that_pins_it_narrower_is_followed_and_warned_of() -> None:
    made = composed(issue_of([with_chart(2)]), plan_of(**PINNED), sizes=chart(legible_at(1.8)))
    (box,) = boxes(made)
    assert box.width_pt == pytest.approx(GRID.width_pt(1), abs=0.5)
    (warning,) = warnings(made)
    assert warning.line == box.line > 0
    assert "pt at 1 column, too small for the press" in warning.message
    assert warning.hint.startswith("it is 7 pt at 1.8 columns; or draw its letters ")


def test_a_full_plan_is_kept_to_the_line_and_warned_of() -> None:
    issue = issue_of([with_chart(2)])
    free = composed(issue, plan_of(**PINNED), sizes=chart(None))
    (frame,) = free.pages[0].frames
    place, choice = frame.placement, frame.placement.choice
    said = {"column": place.column, "row": place.row, "lines": place.lines, **PINNED}
    said |= {"headline_pt": choice.headline_pt, "headline_lines": choice.headline_lines}
    kept = composed(issue, plan_of(**said), sizes=chart(legible_at(1.8)))
    assert kept.pages == free.pages
    assert len(warnings(kept)) == 1
    assert warnings(free) == []


def test_a_pin_of_the_width_leaves_the_place_that_can_be_read() -> None:
    made = composed(issue_of([with_chart(1)]), plan_of(columns=3), sizes=chart(legible_at(1.8)))
    (box,) = boxes(made)
    assert box.width_pt * legible_at(1.8) >= FLOOR - SLACK
    assert warnings(made) == []


def test_another_press_wants_other_widths() -> None:
    """Twice the least size is twice the width."""
    coarse = replace(layout(), press=replace(layout().press, smallest_pt=FLOOR * 2))
    piece, sizes = make_piece(with_chart(1), SETTER), chart(legible_at(1))
    for made_for, least in ((layout(), 1.0), (coarse, 2 * GRID.width_pt(1) / GRID.width_pt(2))):
        setter = Setter(made_for, faces())
        narrowest = min(widths(piece, sizes, setter))
        assert narrowest >= least * GRID.width_pt(1 if least == 1 else 2) - 1
        assert narrowest < GRID.width_pt(1) * (1.6 if least == 1 else 3)
