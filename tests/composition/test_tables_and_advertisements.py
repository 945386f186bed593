"""Tables keep their numbers whole; advertisements stand at the foot, in as many rows as they need."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composition.issues import article, composed, issue_of
from composition.walk import check
from issue_publisher.composition.arrangement import Wanted, arrangements
from issue_publisher.composition.flow import table_fits
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import Frame, PictureAt, TextBlock
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Advertisement, Article, Cell, Figure, Paragraph, Table, text
from typesetting.paper import faces, layout

SETTER = Setter(layout(), faces())


def table(columns: int) -> Table:
    head = tuple(Cell(text(f"第{number}组"), head=True) for number in range(columns))
    return Table((head, tuple(Cell(text(str(1000 + number))) for number in range(columns))))


def with_table(columns: int) -> Article:
    plain = article("a", 400)
    return replace(plain, body=(*plain.body, table(columns)))


def advertisement(name: str, columns: int, depth_mm: float) -> Advertisement:
    return Advertisement(name, columns, depth_mm, blocks=(Paragraph(text("渡船复航，风雨无阻。")),))


def test_a_table_fits_while_its_numbers_stay_whole() -> None:
    assert table_fits(table(4), SETTER, 117)
    assert not table_fits(table(12), SETTER, 117)


def test_numbers_in_a_made_up_table_are_whole() -> None:
    page = composed(issue_of([with_table(6)]))
    cells = [
        line.text
        for frame in page.pages[0].frames
        for part in frame.parts
        if getattr(part, "kind", "") == "table"
        for line in part.lines
    ]
    assert cells == [str(1000 + number) for number in range(6)]


@pytest.mark.parametrize("columns", [3, 12, 30])
def test_no_table_stands_before_the_first_paragraph(columns: int) -> None:
    """Reported: a table as wide as the text stood between byline and opening. It stands under the text."""
    made = composed(issue_of([with_table(columns)]))
    check(made)
    (frame,) = made.pages[0].frames
    blocks = [part for part in frame.parts if isinstance(part, TextBlock)]
    cells = [part for part in blocks if part.kind.startswith("table")]
    texts = [part for part in blocks if part.kind == "body"]
    opening = min(texts, key=lambda part: (part.x_pt, part.y_pt))
    assert not any(
        cell.y_pt < opening.y_pt and cell.x_pt < opening.x_pt + opening.width_pt and cell.depth_pt
        for cell in cells
    )
    if (
        max(cell.x_pt + cell.width_pt for cell in cells) - min(cell.x_pt for cell in cells)
        > frame_pt(frame) * 0.9
    ):
        assert min(cell.y_pt for cell in cells) >= max(text.y_pt + text.depth_pt for text in texts)
    (found,) = (
        one for one in judge(made.pages[0], made.issue, layout()).verdicts if one.rule == "picture-place"
    )
    assert found.kept, found.words


def frame_pt(frame: Frame) -> float:
    return layout().grid.width_pt(frame.placement.choice.columns)


def wanted(*, table_legs: int, picture_legs: int = 0) -> list[Wanted]:
    found = [Wanted(table(3), table_legs, 5, 5, 5)]
    return [Wanted(Figure("a.jpg"), picture_legs, 8, 10, 12), *found] if picture_legs else found


def test_a_table_as_wide_as_the_body_stands_at_its_foot() -> None:
    (found, *_) = arrangements(wanted(table_legs=3), 3, PictureAt.RIGHT, 30)
    (slot,) = found.slots_of(30)
    assert (slot.first, slot.top, slot.lines) == (0, 25, 5)
    assert (found.sky, found.taken, found.deepest) == ((0, 0, 0), 15, 5)


def test_a_narrower_one_stands_over_other_legs_than_the_first() -> None:
    (found, *_) = arrangements(wanted(table_legs=2), 3, PictureAt.RIGHT, 30)
    (slot,) = found.slots_of(30)
    assert (slot.first, slot.top) == (1, 0)
    assert found.sky == (0, 5, 5)


def test_beside_a_picture_as_deep_as_the_body_no_table_takes_all_that_is_left() -> None:
    assert list(arrangements(wanted(table_legs=2, picture_legs=1), 3, PictureAt.BESIDE, 10)) == []
    assert list(arrangements(wanted(table_legs=1, picture_legs=1), 3, PictureAt.BESIDE, 10))


def test_a_table_wider_than_the_page_is_said() -> None:
    with pytest.raises(SourceErrors, match="article a cannot be set on page 1"):
        composed(issue_of([with_table(60)]))


@pytest.mark.parametrize("rows", [1, 2])
def test_advertisements_in_rows(rows: int) -> None:
    ads = [advertisement(f"ad{number}", 4, 70) for number in range(2 * rows)]
    made = composed(issue_of([article("a", 900), article("b", 900), article("c", 900)], ads))
    check(made)
    feet = {place.row + place.lines for place in (frame.placement for frame in made.pages[1].frames)}
    assert max(feet) == layout().grid.lines
    assert len(feet) == rows
