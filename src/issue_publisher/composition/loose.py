"""Pages that no wall of pieces makes: with white that must be left, or with places that a page plan pins.

CP-SAT places the pieces freely, rectangles that must not overlap; what they leave of the grid has its price.
Slower than `beam` and blind to most rules: `solve` turns to it only where the beam finds nothing, and gives
what it finds its best depths.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from issue_publisher.composition.beam import Standing
from issue_publisher.composition.candidates import Candidate, Option
from issue_publisher.composition.objective import Room

NewModel = Callable[[], Any]
Run = Callable[[Any, float, bool], Any]  # model, deterministic time, with presolve → solver, or None
PlaceCost = Callable[[Candidate], tuple[float, float]]  # of a line further down, and a column to the right

_FIRST = 1.0  # deterministic time to find any page
_BETTER = 1.0  # and to make it a good one
_SCALE = 10  # the solver counts in tenths of a penalty


def loose_page(
    news: Sequence[Candidate], room: Room, white: float, place_cost: PlaceCost, new_model: NewModel, run: Run
) -> tuple[Standing, ...] | None:
    """Where every piece may stand, or None when no page holds them.

    `white` is the price of an empty line of one column; `new_model` and `run` are CP-SAT's, from `solve`.
    """
    found = None
    for cover in (True, False):  # pages without white are found only when they are asked for
        model = _Loose(news, room, new_model())
        model.limit_white(0 if cover else room.area)
        if (found := model.solve(run, _FIRST)) is not None:
            break
    if found is None:
        return None
    better = _Loose(news, room, new_model())
    better.price(white, place_cost)
    better.begin_from(found)
    return tuple(better.solve(run, _BETTER) or found)


@dataclass(frozen=True, slots=True)
class _Pick:
    """This option at this column, if its literal is true."""

    literal: Any
    option: Option
    column: int


class _Loose:
    """Every piece in one option, at one column, at some row."""

    def __init__(self, news: Sequence[Candidate], room: Room, model: Any) -> None:
        self.model = model
        self.news, self.room = news, room
        self.priced = False
        self.picks: list[list[_Pick]] = []
        self.rows: list[Any] = []
        across: list[Any] = []
        down: list[Any] = []
        for one in news:
            x, y = self._piece(one)
            across.append(x)
            down.append(y)
        self._fill_below(across, down)
        self.model.add_no_overlap_2d(across, down)

    def _fill_below(self, across: list[Any], down: list[Any]) -> None:
        """What stands at the foot of the page already."""
        for column, depth in enumerate(self.room.depths):
            if depth < self.room.lines:
                across.append(self.model.new_fixed_size_interval_var(column, 1, ""))
                down.append(self.model.new_fixed_size_interval_var(depth, self.room.lines - depth, ""))

    def _piece(self, one: Candidate) -> tuple[Any, Any]:
        """Its intervals across and down."""
        model, columns, lines = self.model, self.room.columns, self.room.lines
        picks = [
            _Pick(model.new_bool_var(""), option, column)
            for option in one.options
            for column in range(columns - option.columns + 1)
            if one.column in (None, column)
        ]
        model.add_exactly_one(pick.literal for pick in picks)
        width, depth = model.new_int_var(1, columns, ""), model.new_int_var(1, lines, "")
        x, right = model.new_int_var(0, columns - 1, ""), model.new_int_var(1, columns, "")
        y, foot = model.new_int_var(0, lines - 1, ""), model.new_int_var(1, lines, "")
        model.add(width == sum(pick.option.columns * pick.literal for pick in picks))
        model.add(depth == sum(pick.option.lines * pick.literal for pick in picks))
        model.add(x == sum(pick.column * pick.literal for pick in picks))
        if one.row is not None:
            model.add(y == one.row)
        self.picks.append(picks)
        self.rows.append(y)
        return model.new_interval_var(x, width, right, ""), model.new_interval_var(y, depth, foot, "")

    def _covered(self) -> Any:
        return sum(pick.option.area * pick.literal for picks in self.picks for pick in picks)

    def limit_white(self, most: int) -> None:
        """At most so many lines of one column stay empty."""
        self.model.add(self._covered() >= self.room.area - most)

    def price(self, white: float, place_cost: PlaceCost) -> None:
        """Ask for a good page: its shapes, its white, and heavy pieces near the upper left."""
        cost: list[Any] = [round(white * _SCALE) * (self.room.area - self._covered())]
        for one, picks, row in zip(self.news, self.picks, self.rows, strict=True):
            per_line, per_column = place_cost(one)
            cost.append(round(per_line * _SCALE) * row)
            cost += [
                round((pick.option.cost + per_column * pick.column) * _SCALE) * pick.literal for pick in picks
            ]
        self.model.minimize(sum(cost))
        self.priced = True

    def begin_from(self, found: Sequence[Standing]) -> None:
        """A page to begin from."""
        for standing in found:
            self.model.add_hint(self.rows[standing.piece], standing.row)
            for pick in self.picks[standing.piece]:
                if pick.column != standing.column or pick.option.columns != standing.columns:
                    self.model.add_hint(pick.literal, 0)

    def solve(self, run: Run, effort: float) -> list[Standing] | None:
        """Where everything stands, from the head down; None when nothing was found."""
        # Without presolve any page is found several times faster; and with it OR-Tools 9.15.6755 crashes
        # on some crowded pages that have no objective.
        solver = run(self.model, effort, self.priced)
        if solver is None:
            return None
        found = []
        for number, (picks, row) in enumerate(zip(self.picks, self.rows, strict=True)):
            pick = next(pick for pick in picks if solver.value(pick.literal))
            found.append(
                Standing(number, pick.column, pick.option.columns, solver.value(row), pick.option.lines)
            )
        return sorted(found, key=lambda standing: (standing.row, standing.column))
