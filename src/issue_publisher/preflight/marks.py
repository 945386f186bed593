"""What stands on a page when a content stream has been read: marks in the order they are painted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from issue_publisher.preflight.colour import UNKNOWN, Colour
from issue_publisher.preflight.fonts import Font
from issue_publisher.preflight.objects import Node

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points of the page, y upwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def centre(self) -> Point:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def within(self, other: Box, slack: float = 0.0) -> bool:
        return (
            self.x0 >= other.x0 - slack and self.y0 >= other.y0 - slack
            and self.x1 <= other.x1 + slack and self.y1 <= other.y1 + slack
        )  # fmt: skip

    def common(self, other: Box) -> Box | None:
        """What both cover; None when they do not touch."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        return Box(x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None

    def holds(self, point: Point) -> bool:
        return self.x0 <= point[0] <= self.x1 and self.y0 <= point[1] <= self.y1


EVERYWHERE = Box(-1e9, -1e9, 1e9, 1e9)


NO_COLOUR = Colour(UNKNOWN)


class Kind(StrEnum):
    """What a mark is."""

    TEXT = "text"
    FILL = "area"
    STROKE = "line"
    PICTURE = "picture"
    SHADING = "shading"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is placed."""

    width: int
    height: int
    bits: int  # of a part
    ppi: float  # the smaller of both directions
    is_mask: bool  # painted in the current colour
    node: Node


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is painted."""

    kind: Kind
    box: Box  # what of it can be seen
    colour: Colour = NO_COLOUR
    overprint: bool = False
    overprint_mode: int = 0
    transparency: str = ""  # what is transparent about it
    size_pt: float = 0.0  # of text
    line_pt: float | None = None  # width of a line, or of an area that looks like one
    font: Font | None = None
    codes: tuple[int, ...] = ()
    text: str = ""
    outline: tuple[tuple[Point, ...], ...] = ()  # of an area
    picture: Picture | None = None
    content_id: int | None = None  # MCID: which structure element it belongs to
    scope: tuple[int, int] = (0, 0)  # the stream that this number counts in, when it is a form
    is_artifact: bool = False  # furniture, not content

    def covers(self, point: Point) -> bool:
        """Whether this mark lies at a point of the page."""
        if not self.box.holds(point):
            return False
        return not self.outline or _winds(self.outline, point)


def _winds(outline: tuple[tuple[Point, ...], ...], point: Point) -> bool:
    """Whether an outline winds around a point (the non-zero rule)."""
    x, y = point
    winding = 0
    for line in outline:
        for (ax, ay), (bx, by) in zip(line, line[1:] + line[:1], strict=True):
            if (ay <= y) != (by <= y):
                side = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
                winding += 1 if (side > 0) == (by > ay) and by > ay else 0
                winding -= 1 if (side > 0) == (by > ay) and by < ay else 0
    return winding != 0


def multiplied(first: Matrix, second: Matrix) -> Matrix:
    """`first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def moved(matrix: Matrix, x: float, y: float) -> Point:
    """A point through a matrix."""
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def boxed(matrix: Matrix, x0: float, y0: float, x1: float, y1: float) -> Box:
    """The box of a rectangle that goes through a matrix."""
    return around(tuple(moved(matrix, x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))))


def around(points: tuple[Point, ...]) -> Box:
    xs, ys = [one[0] for one in points], [one[1] for one in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def least_scale(matrix: Matrix) -> float:
    """By how much a matrix enlarges in the direction where it does so least."""
    a, b, c, d = matrix[:4]
    total, across = a * a + b * b + c * c + d * d, a * d - b * c
    root = math.sqrt(max(0.0, total * total - 4 * across * across))
    return math.sqrt(max(0.0, (total - root) / 2))
