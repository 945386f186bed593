"""How much of a page an item takes, before it has a place: the areas of the shapes that it can be set in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from issue_publisher.composition.choices import advertisement_lines, choices, headline_price
from issue_publisher.composition.figure import PictureSize
from issue_publisher.composition.piece import Piece, make_piece
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Shape
from issue_publisher.issue.model import Item


@dataclass(frozen=True, slots=True)
class Matter:
    """Room that an item takes, in cells of the grid (a basic column × a line)."""

    least: int
    natural: int  # in the shape that it would like best
    most: int


def matter_of(item: Item, setter: Setter, sizes: Mapping[str, PictureSize], lines: int) -> Matter:
    """What an item takes of pages that are `lines` deep at most.

    `sizes`: src → size, of every figure. An item that no shape holds counts by its words alone: make-up
    says what is wrong with it.
    """
    piece = make_piece(item, setter)
    grid = setter.layout.grid
    if piece.size is not None:
        cells = min(piece.size[0], grid.columns) * advertisement_lines(piece, setter)
        return Matter(cells, cells, cells)
    found = list(_areas(piece, setter, sizes, lines))
    if not found:
        cells = max(1, -(-piece.characters // grid.column_characters))
        return Matter(cells, cells, cells)
    areas = [cells for _, cells in found]
    return Matter(min(areas), min(found)[1], max(areas))


def _areas(
    piece: Piece, setter: Setter, sizes: Mapping[str, PictureSize], lines: int
) -> list[tuple[float, int]]:
    """(Price, cells) of each shape at each depth that it can have."""
    makeup = setter.layout.makeup
    offered = tuple(choices(piece, setter))
    found: list[tuple[float, int]] = []
    for choice in offered:
        shape = Shape(piece, choice, setter, sizes)
        price = makeup.penalty_headline * headline_price(piece, choice, offered)
        price += makeup.penalty_picture * shape.picture_price
        for fit in shape.depths():
            if fit.lines > lines:
                break
            found.append((price + makeup.penalty_slack * fit.cost, choice.columns * fit.lines))
    return found
