"""How much of a page articles may fill."""

from __future__ import annotations

from dataclasses import dataclass

from issue_publisher.issue.model import Issue, Page
from issue_publisher.layout.model import Layout


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a page's grid that articles may fill: rows from `top`, `lines` deep."""

    top: int
    lines: int


def page_area(issue: Issue, page: Page, layout: Layout) -> Area:
    """What nameplate, folio line and imprint leave of a page."""
    furniture = layout.furniture
    top = furniture.nameplate_lines if page.number == issue.pages[0].number else furniture.folio_lines
    foot = furniture.imprint_lines if page.number == issue.pages[-1].number and issue.imprint else 0
    return Area(top, layout.grid.lines - top - foot)
