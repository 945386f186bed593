"""Placing a page's pieces with CP-SAT (OR-Tools), the one module that knows the solver.

Every piece exactly once, in one of its shapes at one depth, without overlap, the grid covered to
the last line. One worker, a fixed seed and a deterministic limit: the same page on every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from issue_publisher.composition.model import Choice
from issue_publisher.layout.model import Makeup

_SCALE = 10  # the solver counts in whole numbers: tenths of a penalty


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

    First the whole grid must be covered; when no such page exists, white at the page's foot is
    allowed, dearly.
    """
    for cover in (True, False):
        found = _Model(candidates, columns, lines, makeup, cover).solve()
        if found is not None:
            return found
    return None


class _Model:
    def __init__(
        self, candidates: Sequence[Candidate], columns: int, lines: int, makeup: Makeup, cover: bool
    ) -> None:
        from ortools.sat.python import cp_model  # late: heavy, and not needed when a page plan is given

        self.cp = cp_model
        self.model = cp_model.CpModel()
        self.candidates, self.columns, self.lines, self.makeup = candidates, columns, lines, makeup
        self.taken: list[list[object]] = [[] for _ in range(columns)]  # depth × used, by basic column
        self.cost: list[object] = []
        self.picked: list[list[tuple[object, Option, int]]] = []
        self.rows: list[object] = []
        intervals: tuple[list[object], list[object]] = ([], [])
        for candidate in candidates:
            self._add(candidate, intervals)
        self.model.AddNoOverlap2D(*intervals)
        self._through_cuts()
        for used in self.taken:
            if cover:
                self.model.Add(sum(used) == lines)
            else:
                self.model.Add(sum(used) <= lines)
                self.cost.append(int(makeup.penalty_slack * _SCALE) * (lines - sum(used)))
        self.model.Minimize(sum(self.cost))

    def _add(self, candidate: Candidate, intervals: tuple[list[object], list[object]]) -> None:
        model, name = self.model, candidate.id
        x = model.NewIntVar(0, self.columns - 1, f"{name}.x")
        y = model.NewIntVar(0, self.lines - 1, f"{name}.y")
        picked: list[tuple[object, Option, int]] = []
        for number, option in enumerate(candidate.options):
            for column in range(self.columns - option.choice.columns + 1):
                if candidate.column is not None and column != candidate.column:
                    continue
                literal = model.NewBoolVar(f"{name}.{number}.{column}")
                picked.append((literal, option, column))
                for under in range(column, column + option.choice.columns):
                    self.taken[under].append(option.lines * literal)
                price = option.cost + self.makeup.penalty_place * candidate.rank * column * 0.5
                self.cost.append(int(price * _SCALE) * literal)
        model.AddExactlyOne(literal for literal, _, _ in picked)
        width = model.NewIntVar(1, self.columns, f"{name}.w")
        depth = model.NewIntVar(1, self.lines, f"{name}.h")
        model.Add(width == sum(o.choice.columns * literal for literal, o, _ in picked))
        model.Add(depth == sum(o.lines * literal for literal, o, _ in picked))
        model.Add(x == sum(column * literal for literal, _, column in picked))
        right, foot = (
            model.NewIntVar(1, self.columns, f"{name}.r"),
            model.NewIntVar(1, self.lines, f"{name}.f"),
        )
        intervals[0].append(model.NewIntervalVar(x, width, right, f"{name}.ix"))
        intervals[1].append(model.NewIntervalVar(y, depth, foot, f"{name}.iy"))
        if candidate.row is not None:
            model.Add(y == candidate.row)
        if candidate.at_foot:
            model.Add(foot == self.lines)
        else:
            self.cost.append(int(self.makeup.penalty_place * candidate.rank * _SCALE * 0.05 + 0.5) * y)
        self.picked.append(picked)
        self.rows.append(y)

    def _through_cuts(self) -> None:
        """No boundary from edge to edge near the middle of the page costs nothing; each costs its price.

        A piece that crosses a row holds it together; a row that no piece crosses is a through cut.
        Only the middle rows matter: strips at the head and the foot are sound make-up.
        """
        price = int(self.makeup.penalty_through_cut * _SCALE)
        if not price or len(self.candidates) < 5:
            return
        for row in range(self.lines // 4, self.lines * 4 // 5):
            crossing = []
            for number, picked in enumerate(self.picked):
                y = self.rows[number]
                depth = sum(option.lines * literal for literal, option, _ in picked)
                holds = self.model.NewBoolVar(f"cut.{row}.{number}")
                self.model.Add(y < row).OnlyEnforceIf(holds)
                self.model.Add(y + depth > row).OnlyEnforceIf(holds)
                crossing.append(holds)
            cut = self.model.NewBoolVar(f"cut.{row}")
            self.model.AddBoolOr([*crossing, cut])
            self.cost.append(price * cut)

    def solve(self) -> Mapping[str, Place] | None:
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.makeup.seed % (2**31)
        solver.parameters.max_deterministic_time = self.makeup.effort
        status = solver.Solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        found: dict[str, Place] = {}
        for candidate, picked, y in zip(self.candidates, self.picked, self.rows, strict=True):
            option, column = next((o, c) for literal, o, c in picked if solver.Value(literal))
            found[candidate.id] = Place(column, solver.Value(y), option)
        return found
