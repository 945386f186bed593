"""Placing a page's pieces with CP-SAT (OR-Tools), the one module that knows the solver.

Every piece exactly once, in one of its shapes at one depth, without overlap, the grid covered to
the last line. One worker, a fixed seed and deterministic limits: the same page on every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from issue_publisher.composition.model import Choice
from issue_publisher.layout.model import Makeup

_SCALE = 10  # the solver counts in whole numbers: tenths of a penalty
_FIRST = 0.4  # share of the effort to find any page
_ROUND = 0.025  # share of the effort for each neighbourhood
_ROUNDS = 36
_FREED = 4  # pieces taken up in a round, up to two more later


@dataclass(frozen=True, slots=True)
class Option:
    """A piece in one shape at one depth."""

    choice: Choice
    lines: int
    cost: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece to be placed: its options, what it deserves, and where it must stand if that is fixed."""

    id: str
    options: tuple[Option, ...]
    rank: float  # larger: nearer to the upper left
    column: int | None = None
    row: int | None = None
    at_foot: bool = False
    sinks: bool = False  # drawn to the foot, as advertisements are


@dataclass(frozen=True, slots=True)
class Place:
    """What the solver says of one piece."""

    column: int
    row: int
    option: Option


def solve(
    candidates: Sequence[Candidate], columns: int, lines: int, makeup: Makeup
) -> Mapping[str, Place] | None:
    """Places for all pieces on a grid of `columns` × `lines`, or None when none was found.

    First any page at all: one that covers the grid, or else one with white, which is dear. Then it
    is improved a neighbourhood at a time: some pieces that touch are taken up and placed anew while
    the others stand. On crowded pages that beats one long search.
    """
    found = None
    for cover in (True, False):
        model = _Model(candidates, columns, lines, makeup, cover, any_page=True)
        if (found := model.solve(makeup.effort * _FIRST)) is not None:
            break
    if found is None:
        return None
    for number in range(_ROUNDS if len(candidates) > _FREED else 1):
        freed = _neighbourhood(candidates, found.places, number)
        here = [c if c.id in freed else _fixed(c, found.places[c.id]) for c in candidates]
        model = _Model(here, columns, lines, makeup, cover=False)
        better = model.solve(makeup.effort * _ROUND, start=found.places)
        if better is not None and (number == 0 or better.cost < found.cost):
            found = better
    return found.places


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that was found, and its cost in the model with white."""

    places: Mapping[str, Place]
    cost: float


def _fixed(candidate: Candidate, place: Place) -> Candidate:
    """A piece that stays where it is."""
    return replace(candidate, options=(place.option,), column=place.column, row=place.row)


def _neighbourhood(
    candidates: Sequence[Candidate], places: Mapping[str, Place], number: int
) -> frozenset[str]:
    """Pieces to take up in one round: each in turn is the centre, the dearest first, with its nearest."""
    by_cost = sorted(candidates, key=lambda c: -places[c.id].option.cost)
    centre = places[by_cost[number % len(by_cost)].id]

    def distance(candidate: Candidate) -> tuple[float, str]:
        place = places[candidate.id]
        across = _gap(place.column, place.option.choice.columns, centre.column, centre.option.choice.columns)
        down = _gap(place.row, place.option.lines, centre.row, centre.option.lines)
        return (max(across * 12, down) + 0.1 * (across * 12 + down), candidate.id)

    count = _FREED + number // len(by_cost) % 3
    return frozenset(candidate.id for candidate in sorted(candidates, key=distance)[:count])


def _gap(start: int, length: int, other: int, other_length: int) -> int:
    """White between two stretches; 0 when they touch or overlap."""
    return max(0, other - start - length, start - other - other_length)


@dataclass(frozen=True, slots=True)
class _Pick:
    """One variable of the model: this option at this column."""

    literal: Any
    option: Option
    column: int


class _Model:
    def __init__(
        self,
        candidates: Sequence[Candidate],
        columns: int,
        lines: int,
        makeup: Makeup,
        cover: bool,
        *,
        any_page: bool = False,
    ) -> None:
        from ortools.sat.python import cp_model  # late: heavy, and not needed when a page plan is given

        self.cp: Any = cp_model
        self.model: Any = cp_model.CpModel()
        self.any_page = any_page
        self.candidates, self.columns, self.lines, self.makeup = candidates, columns, lines, makeup
        self.taken: list[list[Any]] = [[] for _ in range(columns)]  # depth × used, by basic column
        self.cost: list[Any] = []
        self.picks: list[list[_Pick]] = []
        self.rows: list[Any] = []
        self.intervals: tuple[list[Any], list[Any]] = ([], [])
        for candidate in candidates:
            self._add(candidate)
        self.model.add_no_overlap_2d(*self.intervals)
        if not any_page:
            self._through_cuts()
        for used in self.taken:
            if cover:
                self.model.add(sum(used) == lines)
            else:
                self.model.add(sum(used) <= lines)
                self.cost.append(int(makeup.penalty_slack * _SCALE) * (lines - sum(used)))
        if not any_page:  # the first page is found many times faster when it need not be good
            self.model.minimize(sum(self.cost))

    def _number(self, low: int, high: int, name: str) -> Any:
        return self.model.new_int_var(low, high, name)

    def _yes_or_no(self, name: str) -> Any:
        return self.model.new_bool_var(name)

    def _add(self, candidate: Candidate) -> None:
        model, name = self.model, candidate.id
        x = self._number(0, self.columns - 1, f"{name}.x")
        y = self._number(0, self.lines - 1, f"{name}.y")
        picks = self._options(candidate)
        model.add_exactly_one(pick.literal for pick in picks)
        width = self._number(1, self.columns, f"{name}.w")
        depth = self._number(1, self.lines, f"{name}.h")
        right, foot = self._number(1, self.columns, f"{name}.r"), self._number(1, self.lines, f"{name}.f")
        model.add(width == sum(pick.option.choice.columns * pick.literal for pick in picks))
        model.add(depth == sum(pick.option.lines * pick.literal for pick in picks))
        model.add(x == sum(pick.column * pick.literal for pick in picks))
        self.intervals[0].append(model.new_interval_var(x, width, right, f"{name}.ix"))
        self.intervals[1].append(model.new_interval_var(y, depth, foot, f"{name}.iy"))
        if candidate.row is not None:
            model.add(y == candidate.row)
        if candidate.at_foot:
            model.add(foot == self.lines)
        elif candidate.sinks:
            self.cost.append(int(self.makeup.penalty_slack * _SCALE) * (self.lines - foot))
        else:
            self.cost.append(int(self.makeup.penalty_place * candidate.rank * _SCALE * 0.05 + 0.5) * y)
        self.picks.append(picks)
        self.rows.append(y)

    def _options(self, candidate: Candidate) -> list[_Pick]:
        """Every option at every column where it may stand, with its price and the grid it takes."""
        picks: list[_Pick] = []
        for number, option in enumerate(candidate.options):
            for column in range(self.columns - option.choice.columns + 1):
                if candidate.column is not None and column != candidate.column:
                    continue
                pick = _Pick(self._yes_or_no(f"{candidate.id}.{number}.{column}"), option, column)
                picks.append(pick)
                for under in range(column, column + option.choice.columns):
                    self.taken[under].append(option.lines * pick.literal)
                price = option.cost + self.makeup.penalty_place * candidate.rank * column * 0.5
                self.cost.append(int(price * _SCALE) * pick.literal)
        return picks

    def _through_cuts(self) -> None:
        """A boundary from edge to edge in the middle of the page has its price.

        A piece that crosses a row holds it together; a row that no piece crosses is a through cut.
        Only the middle rows matter: strips at the head and the foot are sound make-up.
        """
        price = int(self.makeup.penalty_through_cut * _SCALE)
        if not price or len(self.candidates) < 5:
            return
        depths = [sum(pick.option.lines * pick.literal for pick in picks) for picks in self.picks]
        for row in range(self.lines // 4, self.lines * 4 // 5):
            crossing = []
            for number, (y, depth) in enumerate(zip(self.rows, depths, strict=True)):
                holds = self._yes_or_no(f"cut.{row}.{number}")
                self.model.add(y < row).only_enforce_if(holds)
                self.model.add(y + depth > row).only_enforce_if(holds)
                crossing.append(holds)
            cut = self._yes_or_no(f"cut.{row}")
            self.model.add_bool_or([*crossing, cut])
            self.cost.append(price * cut)

    def solve(self, effort: float, start: Mapping[str, Place] | None = None) -> _Page | None:
        """The best page that the effort finds; `start` is one to begin from."""
        for candidate, picks, y in zip(self.candidates, self.picks, self.rows, strict=True):
            if start is not None:
                place = start[candidate.id]
                self.model.add_hint(y, place.row)
                for pick in picks:
                    self.model.add_hint(
                        pick.literal, (pick.option, pick.column) == (place.option, place.column)
                    )
        solver = self._run(effort)
        if solver is None:
            return None
        found: dict[str, Place] = {}
        for candidate, picks, y in zip(self.candidates, self.picks, self.rows, strict=True):
            pick = next(pick for pick in picks if solver.value(pick.literal))
            found[candidate.id] = Place(pick.column, solver.value(y), pick.option)
        return _Page(found, solver.objective_value)

    def _run(self, effort: float) -> Any | None:
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.makeup.seed % (2**31)
        solver.parameters.max_deterministic_time = effort
        # Without presolve any page is found several times faster; and with it OR-Tools 9.15.6755 crashes
        # on some crowded pages that have no objective.
        solver.parameters.cp_model_presolve = not self.any_page
        # CP-SAT would take Ctrl-C for itself and hand back whatever it has. So it runs in a thread, where
        # this one can be interrupted; an executor, because in Python 3.11 an interrupted Thread.join
        # leaves the thread looking finished.
        solver.parameters.catch_sigint_signal = False
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(solver.solve, self.model)
            try:
                status = running.result()
            except BaseException:
                solver.stop_search()
                raise
        return solver if status in (self.cp.OPTIMAL, self.cp.FEASIBLE) else None
