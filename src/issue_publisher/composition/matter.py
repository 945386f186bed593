"""How much of a page an item takes, before it has a place: the areas of the shapes that it can be set in."""

from __future__ import annotations

from dataclasses import dataclass

from issue_publisher.composition.candidates import TooDeepError, candidate
from issue_publisher.composition.figure import Sizes
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Item


@dataclass(frozen=True, slots=True)
class Matter:
    """Room that an item takes, in cells of the grid (a basic column × a line)."""

    least: int
    natural: int  # in the shape that it would like best
    most: int


def matter_of(item: Item, setter: Setter, sizes: Sizes, lines: int) -> Matter:
    """What an item takes of pages that are `lines` deep at most.

    `sizes`: src → size, of every figure. An item that no shape holds counts by its words alone: make-up
    says what is wrong with it.
    """
    piece = make_piece(item, setter)
    try:
        options = candidate(piece, setter, sizes, lines).options
    except TooDeepError:
        cells = max(1, -(-piece.characters // setter.layout.grid.column_characters))
        return Matter(cells, cells, cells)
    areas = [option.area for option in options]
    return Matter(min(areas), min((option.cost, option.area) for option in options)[1], max(areas))
