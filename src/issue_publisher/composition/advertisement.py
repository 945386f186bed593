"""Advertisements: how large each was sold, where it stands, and what the desk is told when that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from issue_publisher.composition.model import Choice, Placement
from issue_publisher.issue.errors import SourceError
from issue_publisher.issue.model import Advertisement, AdvertisementPlace, Issue, Page
from issue_publisher.layout.model import PT_PER_MM, Layout

if TYPE_CHECKING:
    from issue_publisher.composition.setter import Setter

Fault = tuple[int, str, str]
_LEFT, _RIGHT = AdvertisementPlace.FOOT_LEFT, AdvertisementPlace.FOOT_RIGHT


def sold_size(item: Advertisement, layout: Layout) -> tuple[int, float]:
    """Basic columns and millimetres of an advertisement, as large as the page at most.

    A size that the layout does not know is a fault (`advertisement_faults`); it is as good as one column.
    """
    grid = layout.grid
    if item.in_ear:
        room = ear_room(layout)
        return room.choice.columns, grid.depth_pt(room.lines) / PT_PER_MM
    named = layout.advertisement.sizes.get(item.size) if item.size else None
    columns = named.columns if named else item.columns or 1
    depth = named.depth_mm if named else item.depth_mm or grid.leading_pt / PT_PER_MM
    return min(columns, grid.columns), depth


def lines_sold(size: tuple[int, float], setter: Setter) -> int:
    """Depth of a size on the grid, in lines; the label that the law asks for needs three."""
    return max(3, round(size[1] * PT_PER_MM / setter.leading_pt))


def ear_room(layout: Layout, name: str = "") -> Placement:
    """The room of the ears (报眼) in whole columns and lines of the grid, at the upper right of page one."""
    grid, room = layout.grid, layout.furniture
    columns = int((room.ear_width_pt + grid.gutter_pt) / (grid.column_pt + grid.gutter_pt) + 1e-6)
    foot = layout.furniture_pt.get("ear_top", 0.0) + room.ear_depth_pt
    columns, lines = max(1, columns), max(1, int(foot / grid.leading_pt + 1e-6))
    return Placement(name, grid.columns - columns, 0, lines, Choice(columns, 1))


def advertisement_faults(
    issue: Issue, page: Page, layout: Layout, free_lines: int, file: str
) -> list[SourceError]:
    """Advertisements that cannot stand on a page with so many lines for its items; what would be right."""
    here = [item for item in page.items if isinstance(item, Advertisement)]
    return [
        SourceError(file, line, message, hint, code="advertisement")
        for line, message, hint in (
            *(fault for item in here for fault in _size(item, page, layout, free_lines)),
            *_ear([item for item in here if item.in_ear], issue, page),
            *_corners([item for item in here if not item.in_ear], page, layout),
        )
    ]


def _size(item: Advertisement, page: Page, layout: Layout, free_lines: int) -> Iterator[Fault]:
    grid = layout.grid
    if item.in_ear:
        return
    if item.size is not None and item.size not in layout.advertisement.sizes:
        known = ", ".join(layout.advertisement.sizes)
        hint = f"write columns= and depth-mm=, or one of {known}"
        yield item.line, f"the layout {layout.name} has no size {item.size} for {item.id}", hint
        return
    if item.columns is not None and item.columns > grid.columns:
        message = f"advertisement {item.id} is {item.columns} columns wide, and the page has {grid.columns}"
        yield item.line, message, f'columns="{grid.columns}" is the full width'
    depth, room = sold_size(item, layout)[1], grid.depth_pt(free_lines) / PT_PER_MM
    if round(depth * PT_PER_MM / grid.leading_pt) > free_lines:
        yield (
            item.line,
            f"advertisement {item.id} is {depth:g} mm deep, and page {page.number} has {int(room)} mm",
            f'depth-mm="{int(room)}" at most, or move it to another page',
        )


def _ear(items: Sequence[Advertisement], issue: Issue, page: Page) -> Iterator[Fault]:
    for item in items:
        if page is not issue.pages[0]:
            message = f"advertisement {item.id} stands in the ear, and page {page.number} has none"
            yield item.line, message, 'move it to the first page, or give it a size and place="foot"'
        elif ears := issue.nameplate.ears:
            message = f"advertisement {item.id} stands in the ear, where <ear> (报眼) says something already"
            yield (
                item.line,
                message,
                f'leave out the <ear> of line {ears[0].line}, or place="foot" with a size',
            )
    for item in items[1:]:
        message = f"advertisement {item.id} stands in the ear, where {items[0].id} stands already"
        yield item.line, message, 'give it a size and place="foot"'


def _corners(items: Sequence[Advertisement], page: Page, layout: Layout) -> Iterator[Fault]:
    """Two advertisements in one corner, or corners so wide that they meet."""
    corners = {place: [item for item in items if item.place is place] for place in (_LEFT, _RIGHT)}
    for place, there in corners.items():
        for item in there[1:]:
            message = (
                f"advertisement {item.id} stands at {place} of page {page.number}, as {there[0].id} does"
            )
            yield item.line, message, 'place="foot" lets make-up find room for one of them'
    for left, right in zip(corners[_LEFT], corners[_RIGHT], strict=False):
        over = sum(sold_size(item, layout)[0] for item in (left, right)) - layout.grid.columns
        if over > 0:
            message = (
                f"advertisements {left.id} and {right.id} are {over} columns too wide to stand side by side"
            )
            yield right.line, message, 'place="foot" lets make-up find room for one of them'
