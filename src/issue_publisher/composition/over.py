"""Pictures above the headline, or under that of a picture story: side by side, all of one depth.

Those whose pictures are lost may also stand in two rows, since they take any shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from issue_publisher.composition.arrangement import common_lines, price_of_depth, widths_of_a_row
from issue_publisher.composition.figure import Sizes, around_of, figure_lines, figure_parts, modest_lines
from issue_publisher.composition.model import Part, PictureAt
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Figure

_APART = 20.0  # price of pictures that cannot be cropped to one depth


def level_around(row: Sequence[tuple[Figure, float]], sizes: Sizes, setter: Setter) -> float:
    """Depth of the deepest caption of figures side by side (with widths in points), so that all end level.

    0 where that leaves them no common depth: each keeps its own.
    """
    around = max((around_of(figure, width, setter) for figure, width in row), default=0.0)
    bounds = [figure_lines(figure, sizes, width, setter, around) for figure, width in row]
    return around if common_lines(bounds) is not None else 0.0


@dataclass(frozen=True)
class PictureRow:
    """Pictures side by side on a width of so many basic columns."""

    figures: tuple[Figure, ...]
    columns: int
    width_pt: float
    sizes: Sizes
    setter: Setter

    @cached_property
    def widths_pt(self) -> tuple[float, ...]:
        """Widths of the pictures, so that all can be of one depth if that may be."""
        gutter, count = self.setter.layout.grid.gutter_pt, len(self.figures)
        column = (self.width_pt + gutter) / self.columns

        def bounds(at: int, share: float) -> tuple[int, int, int]:
            return self._lines(self.figures[at], share * column - gutter)

        return tuple(share * column - gutter for share in widths_of_a_row(count, self.columns, bounds))

    def _lines(self, figure: Figure, width_pt: float, around_pt: float = 0.0) -> tuple[int, int, int]:
        return figure_lines(figure, self.sizes, width_pt, self.setter, around_pt)

    @cached_property
    def _around_pt(self) -> float:
        """Depth that captions have in the row; 0 where each has its own."""
        pairs = [*zip(self.figures, self.widths_pt, strict=True)]
        return level_around(pairs, self.sizes, self.setter)

    @cached_property
    def depths(self) -> tuple[tuple[int, float], ...]:
        """Lines that it can take, with the price of cropping."""
        around = self._around_pt
        bounds = [self._lines(*pair, around) for pair in zip(self.figures, self.widths_pt, strict=True)]
        natural = common_lines(bounds)
        apart = natural is None  # no depth suits all of them: the shallower leave white, which is dear
        if natural is None:
            natural = max(bound[1] for bound in bounds)
        fewest = natural if apart else max(bound[0] for bound in bounds)
        most = natural if apart else min(bound[2] for bound in bounds)
        return tuple(
            (lines, self._price(lines, natural) + (_APART if apart else 0.0))
            for lines in range(fewest, most + 1)
        )

    def _price(self, lines: int, natural: int) -> float:
        """Of the depth; where all places are empty each has its price, else the pictures set it."""
        modest = [modest_lines(*pair, self.setter) for pair in zip(self.figures, self.widths_pt, strict=True)]
        if not all(modest):
            return price_of_depth(lines, natural)
        return sum(price_of_depth(lines, natural, each) for each in modest)

    def parts(self, x_pt: float, y_pt: float, lines: int) -> Iterator[Part]:
        """Its pictures so many lines deep, each as near to that as it can be."""
        for figure, width in zip(self.figures, self.widths_pt, strict=True):
            fewest, _, most = self._lines(figure, width, self._around_pt)
            deep = max(fewest, min(most, lines))
            around = self._around_pt
            yield from figure_parts(figure, self.sizes, x_pt, y_pt, width, deep, self.setter, around)
            x_pt += width + self.setter.layout.grid.gutter_pt


@dataclass(frozen=True)
class Over:
    """The rows of pictures, one over the other."""

    rows: tuple[PictureRow, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All pictures, in the order of the source."""
        return tuple(figure for row in self.rows for figure in row.figures)

    @property
    def widths_pt(self) -> tuple[float, ...]:
        """The width of each."""
        return tuple(width for row in self.rows for width in row.widths_pt)

    @cached_property
    def _shared(self) -> dict[int, tuple[float, tuple[int, ...]]]:
        """For each depth of all rows together the cheapest way to share it out, with its price."""
        found: dict[int, tuple[float, tuple[int, ...]]] = {}
        for rows in product(*(row.depths for row in self.rows)):
            lines = tuple(lines for lines, _ in rows)
            price = sum(price for _, price in rows)
            if sum(lines) not in found or (price, lines) < found[sum(lines)]:
                found[sum(lines)] = price, lines
        return found

    @cached_property
    def depths(self) -> tuple[tuple[int, float], ...]:
        """Lines that they can take, with their price."""
        return tuple((lines, self._shared[lines][0]) for lines in sorted(self._shared))

    @property
    def spare_lines(self) -> int:
        """Lines by which empty places can make it deeper."""
        lost = any(figure.missing for figure in self.figures)
        return self.depths[-1][0] - self.depths[0][0] if lost else 0

    def parts(self, x_pt: float, y_pt: float, lines: int) -> list[Part]:
        """All pictures, so many lines deep."""
        found: list[Part] = []
        for row, deep in zip(self.rows, self._shared[lines][1], strict=True):
            found += row.parts(x_pt, y_pt, deep)
            y_pt += deep * row.setter.leading_pt
        return found


def rows_of(figures: tuple[Figure, ...], where: PictureAt) -> tuple[tuple[Figure, ...], ...]:
    """Pictures in the rows that they stand in: one, or two with the fewer above."""
    if where is not PictureAt.ROWS or len(figures) < 2:
        return (figures,)
    half = len(figures) // 2
    return figures[:half], figures[half:]
