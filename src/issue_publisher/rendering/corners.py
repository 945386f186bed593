"""The corners of frames that are no rectangles: those of an article that turns, in the form of an L."""

from __future__ import annotations

from issue_publisher.composition.model import Placement
from issue_publisher.layout.model import Grid

Corner = tuple[float, float]


def corners_of(place: Placement, grid: Grid, left_pt: float = 0.0, top_pt: float = 0.0) -> tuple[Corner, ...]:
    """Six corners in points, clockwise from the upper left one; none of a rectangle.

    `left_pt`, `top_pt`: where the type area begins. The legs that run to the foot end a gutter before the
    item that stands in the turn.
    """
    notch = place.choice.notch(place.lines)
    if notch is None:
        return ()
    x, y = left_pt + grid.x_pt(place.column), top_pt + grid.depth_pt(place.row)
    right, foot = x + grid.width_pt(place.choice.columns), y + grid.depth_pt(place.lines)
    deep, short = x + grid.width_pt(notch.column), y + grid.depth_pt(notch.row)
    return (x, y), (right, y), (right, short), (deep, short), (deep, foot), (x, foot)
