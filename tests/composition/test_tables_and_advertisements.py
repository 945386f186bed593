"""Tables keep their numbers whole; advertisements stand at the foot, in as many rows as they need."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composition.issues import article, composed, issue_of
from composition.walk import check
from issue_publisher.composition.flow import table_fits
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Advertisement, Article, Cell, Paragraph, Table, text
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
