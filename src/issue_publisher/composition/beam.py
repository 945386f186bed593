"""First pages: whole, covering the grid to the last line, found by filling the skyline.

A page is filled as a mason lays a wall: the next piece always stands at the left end of the lowest notch.
Every dissection of the page into rectangles arises in exactly one such order. Of the many half-built pages
only the most promising are kept (beam search), so that hundreds of whole pages with the rules of make-up
in mind are there in the time that a solver takes to find its first. The solver then gives each the best
depths. No chance is involved: the same page each time.

Half-built pages of different area are comparable because area has a price: the one at which the pieces, each
in its best shape, would just fill the page. A piece then costs what it is dearer than its best (its regret).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from issue_publisher.composition.candidates import Candidate, Option
from issue_publisher.composition.objective import (
    BUMPING,
    CONTACT,
    CUT_ACROSS,
    CUT_DOWN,
    RANK,
    Place,
    Room,
    price,
)
from issue_publisher.layout.model import Layout


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a piece of a page stands but for its depth: the row is only near."""

    piece: int  # its number
    column: int
    columns: int
    row: int


Rows = tuple[int, int]  # first line, and first below
_NONE: Rows = (0, 0)
_HUGE = 1e9


@dataclass(frozen=True, slots=True)
class _Choice:
    """One option with its regret."""

    piece: int
    option: Option
    regret: float


@dataclass(frozen=True, slots=True)
class _Column:
    """What the foot of a half-built column shows to its neighbours."""

    depth: int = 0
    least: int = 0  # its depth if every piece over it were as shallow as can be
    most: int = 0
    band: Rows = _NONE  # of the piece at its foot
    picture: Rows = _NONE  # of that piece, reaching into this column
    head_pt: float = 0.0


@dataclass(frozen=True, slots=True)
class _Half:
    """A half-built page."""

    cost: float
    used: int  # pieces, as bits
    columns: tuple[_Column, ...]
    held: int  # column boundaries that a piece crosses, as bits
    sizes: tuple[float, ...]  # smallest headline so far, by width
    tops: int  # headlines side by side at the head
    places: tuple[Standing, ...]

    @property
    def order(self) -> tuple[tuple[int, int, int], ...]:
        """How it was built: to have an order among equals."""
        return tuple((standing.piece, standing.column, standing.columns) for standing in self.places)

    @property
    def depths(self) -> tuple[int, ...]:
        """The skyline."""
        return tuple(column.depth for column in self.columns)


def area_price(candidates: Sequence[Candidate], area: int) -> float:
    """The price of a line of one column at which the pieces' best shapes just fill the page."""
    low, high = -40.0, 40.0
    for _ in range(40):
        middle = (low + high) / 2
        if sum(_best(one, middle).area for one in candidates) > area:
            low = middle
        else:
            high = middle
    return high


def least_cost(candidates: Sequence[Candidate], area: int) -> float:
    """A bound: no page that covers the area costs less than this.

    The shapes of the pieces may be chosen freely, as long as their areas add up; the price of area makes
    that a choice for each alone (Lagrange). What places and rules cost comes on top, and is never negative.
    """
    per_line = area_price(candidates, area)
    return max(
        sum(min(o.cost + rate * o.area for o in one.options) for one in candidates) - rate * area
        for rate in (per_line, 0.0)
    )


def _best(candidate: Candidate, per_line: float) -> Option:
    return min(candidate.options, key=lambda option: (option.cost + per_line * option.area, option.area))


class Beam:
    """Fills a page's skyline, keeping the `width` best half-built pages of each number of pieces."""

    def __init__(self, candidates: Sequence[Candidate], room: Room, layout: Layout, width: int) -> None:
        self.candidates, self.room, self.layout, self.width = candidates, room, layout, width
        self.tolerance, self.uneven_price = 6, 1.0
        self.per_line = area_price(candidates, room.area)
        self.choices = [self._choices(number) for number in range(len(candidates))]
        self.least = [
            min(choice.option.area for choices in w.values() for choice in choices) for w in self.choices
        ]
        self.most = [
            max(choice.option.area for choices in w.values() for choice in choices) for w in self.choices
        ]
        self.shallowest = [
            {w: min(c.option.lines for c in cs) for w, cs in by.items()} for by in self.choices
        ]
        self.deepest = [{w: max(c.option.lines for c in cs) for w, cs in by.items()} for by in self.choices]
        self.prices = {
            rule: min(price(rule, layout), 60.0 if rule != RANK else 150.0)
            for rule in (BUMPING, CONTACT, CUT_ACROSS, CUT_DOWN, RANK)
        }
        # What no piece can fill is white, and no reason to give a page up.
        self.spare = max(0, room.area - sum(self.most)) + 60
        self.all = (1 << len(candidates)) - 1
        self.boundaries = range(layout.rules.strip_columns + 1, room.columns - layout.rules.strip_columns)

    def _choices(self, number: int) -> dict[int, list[_Choice]]:
        """The options of a piece by width."""
        candidate = self.candidates[number]
        best = _best(candidate, self.per_line)
        least = best.cost + self.per_line * best.area
        found: dict[int, list[_Choice]] = {}
        for option in candidate.options:
            regret = option.cost + self.per_line * option.area - least
            found.setdefault(option.columns, []).append(_Choice(number, option, regret))
        return found

    def pages(self) -> list[tuple[Standing, ...]]:
        """Whole pages, the most promising first; none when the pieces cannot be laid so."""
        columns = tuple(_Column() for _ in self.room.depths)
        halves = [_Half(0.0, 0, columns, 0, (_HUGE,) * (self.room.columns + 1), 0, ())]
        for _ in self.candidates:
            halves = self._step(halves)
        return [half.places for half in sorted(halves, key=lambda half: (self._whole(half), half.order))]

    def _whole(self, half: _Half) -> float:
        """What a whole page costs: what shows only now comes on top."""
        white = sum(limit - depth for depth, limit in zip(half.depths, self.room.depths, strict=True))
        return half.cost + self._down(half) + white * self.layout.makeup.penalty_white

    def _down(self, half: _Half) -> float:
        return sum(self.prices[CUT_DOWN] for b in self.boundaries if not half.held >> b & 1)

    def _step(self, halves: Sequence[_Half]) -> list[_Half]:
        """One piece more on each; the best of those that show the same skyline with the same pieces left."""
        kept: dict[tuple[object, ...], tuple[float, _Half]] = {}
        for half in halves:
            for child in self._children(half):
                rank = child.cost + self._promise(child)
                # On a whole page the way it is built is all that tells it from others.
                key = (child.used, tuple(depth // 3 for depth in child.depths))
                if child.used == self.all:
                    key = (*key, child.order)
                if key not in kept or rank < kept[key][0]:
                    kept[key] = (rank, child)
        best = sorted(kept.values(), key=lambda pair: (pair[0], pair[1].depths))
        # Towards the end each has few ways to go on, so that more can be kept at the same cost.
        left = len(self.candidates) - best[0][1].used.bit_count() if best else 0
        return [half for _, half in best[: self.width * (1 if left > 5 else 8 - left)]]

    def _promise(self, half: _Half) -> float:
        """What the pieces that are left will cost for standing lower: about half of what is still free."""
        free = self.room.area - sum(half.depths)
        row = (sum(half.depths) + free / 2) / self.room.columns
        return sum(
            self.layout.makeup.penalty_place * one.rank * row * self.layout.makeup.place_per_line
            for number, one in enumerate(self.candidates)
            if not half.used >> number & 1
        )

    def _notches(self, half: _Half) -> Iterator[tuple[int, int]]:
        """The lowest notch with its neighbours that are level but for the tolerance: first column, and end."""
        depths = half.depths
        open_ = [c for c, limit in enumerate(self.room.depths) if depths[c] < limit]
        if not open_:
            return
        low = min(open_, key=lambda column: (depths[column], column))
        first = end = low
        while first > 0 and self._level(half, first - 1, depths[low]):
            first -= 1
        while end < len(depths) and self._level(half, end, depths[low]):
            end += 1
        # A piece fills the lowest column itself; it may begin further to the left.
        for start in range(first, low + 1):
            if start == first or depths[start] != depths[start - 1]:
                yield start, end

    def _level(self, half: _Half, column: int, row: int) -> bool:
        depth = half.depths[column]
        return depth < self.room.depths[column] and depth - row <= self.tolerance

    def _children(self, half: _Half) -> Iterator[_Half]:
        free = self.room.area - sum(half.depths)
        left = [n for n in range(len(self.candidates)) if not half.used >> n & 1]
        least, most = sum(self.least[n] for n in left), sum(self.most[n] for n in left)
        depths = half.depths
        for first, end in self._notches(half):
            low = min(range(first, end), key=lambda column: depths[column])
            for number in left:
                for width, choices in self.choices[number].items():
                    if not low - first < width <= end - first or not self._allowed(number, first, half):
                        continue
                    for choice, foot in self._depths(choices, half, first, width):
                        rest = free - choice.option.area
                        if (
                            not least - self.least[number] <= rest + 60
                            or not rest - self.spare <= most - self.most[number]
                        ):
                            continue
                        child = self._laid(half, choice, first, foot)
                        if child is not None and (self._steps(child) < len(left) or self.spare > 60):
                            yield child

    def _allowed(self, number: int, first: int, half: _Half) -> bool:
        """Whether a piece that is fixed would stand where it must."""
        one = self.candidates[number]
        if one.column is not None and one.column != first:
            return False
        return one.row is None or abs(one.row - half.depths[first]) <= self.tolerance

    def _steps(self, half: _Half) -> int:
        """Steps of the skyline: each needs a piece of its own, so there may not be more of them than pieces."""
        steps, before = 0, None
        for depth, limit in zip(half.depths, self.room.depths, strict=True):
            if depth < limit and (before is None or abs(depth - before) > self.tolerance):
                steps += 1
            before = depth if depth < limit else None
        return steps

    def _depths(
        self, choices: Sequence[_Choice], half: _Half, first: int, width: int
    ) -> Iterator[tuple[_Choice, int]]:
        """The depths worth trying, each with the row of its foot: the best, those level with a neighbour."""
        depths = half.depths
        row = max(depths[first : first + width])
        limit = min(self.room.depths[first : first + width])
        ordered = sorted(choices, key=lambda choice: (choice.regret, choice.option.lines))
        targets = {depths[c] for c in (first - 1, first + width) if 0 <= c < len(depths)} | {limit}
        best = ordered[0]
        tried = set()
        for choice in [
            best,
            *(min(choices, key=lambda c, t=t: abs(row + c.option.lines - t)) for t in sorted(targets)),
        ]:
            foot = row + choice.option.lines
            if abs(foot - limit) <= 2.5 * self.tolerance:
                foot = limit
            if foot > limit or (choice.option.lines, foot) in tried:
                continue
            tried.add((choice.option.lines, foot))
            yield choice, foot

    def _laid(self, half: _Half, choice: _Choice, first: int, foot: int) -> _Half | None:
        option, candidate = choice.option, self.candidates[choice.piece]
        under = half.depths[first : first + option.columns]
        row = max(under)
        span = range(first, first + option.columns)
        least = max(half.columns[c].least for c in span) + self.shallowest[choice.piece][option.columns]
        most = min(half.columns[c].most for c in span) + self.deepest[choice.piece][option.columns]
        limit = min(self.room.depths[c] for c in span)
        if (
            least > limit
            or (foot == limit and most < limit)
            or most < max(half.columns[c].least for c in span) + option.lines
        ):
            return None
        place = Place(first, row, option)
        # What is not level, or does not reach the foot, some piece must make up for.
        uneven = sum(row - depth for depth in under) + option.columns * abs(foot - place.foot)
        cost = (
            half.cost
            + choice.regret
            + self.layout.makeup.penalty_place
            * candidate.rank
            * (row * self.layout.makeup.place_per_line + first * self.layout.makeup.place_per_column)
        )
        cost += uneven * self.uneven_price
        gutter, tops = self._at_gutters(half, place)
        cost += gutter
        size = option.choice.headline_pt
        sizes = list(half.sizes)
        if place.band:
            if size > sizes[option.columns]:
                cost += self.prices[RANK]
            sizes[option.columns] = min(size, sizes[option.columns])
        if row and self._cuts(half, place):
            cost += self.prices[CUT_ACROSS]
        held = half.held
        for boundary in range(first + 1, place.right):
            held |= 1 << boundary
        columns = list(half.columns)
        for column in range(first, place.right):
            columns[column] = _Column(
                foot, least, most, place.band or _NONE, _picture_in(place, column), size
            )
        return _Half(
            cost, half.used | 1 << choice.piece, tuple(columns), held, tuple(sizes), half.tops + tops,
            (*half.places, Standing(choice.piece, first, option.columns, row)),
        )  # fmt: skip

    def _at_gutters(self, half: _Half, place: Place) -> tuple[float, int]:
        """What headlines and pictures at either side cost, and the pairs at the head."""
        cost, tops = 0.0, 0
        gap = self.layout.rules.bump_lines
        for column, own in ((place.column - 1, place.column), (place.right, place.right - 1)):
            if not 0 <= column < self.room.columns:
                continue
            beside = half.columns[column]
            band = place.band
            if (
                band
                and beside.band != _NONE
                and band[0] < beside.band[1] + gap
                and beside.band[0] < band[1] + gap
            ):
                if place.row == 0 and half.tops + tops == 0:
                    cost, tops = cost + self.layout.penalties.top_pairs, tops + 1
                else:
                    cost += self.prices[BUMPING]
            picture = _picture_in(place, own)
            if picture[0] < beside.picture[1] and beside.picture[0] < picture[1]:
                cost += self.prices[CONTACT]
        return cost, tops

    def _cuts(self, half: _Half, place: Place) -> bool:
        """Whether the page is level here from edge to edge, with more than one piece on either side."""
        depths, limits = half.depths, self.room.depths
        left = len(self.candidates) - half.used.bit_count()
        level = all(d == place.row or d >= limit for d, limit in zip(depths, limits, strict=True))
        return level and half.used.bit_count() > 1 and left > 1


def _picture_in(place: Place, column: int) -> Rows:
    """Rows of the page in which a picture of the piece reaches into a column."""
    for region in place.option.outline.pictures:
        if region.left <= column - place.column < region.right:
            return place.row + region.top, place.row + region.foot
    return _NONE
