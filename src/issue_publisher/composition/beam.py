"""First pages: whole ones, found by filling the skyline.

A page is filled as a mason lays a wall: the next piece always goes into the lowest notch. Every dissection
of the page into rectangles arises in such an order. Of the many half-built pages only the most promising are
kept (beam search), so that hundreds of whole pages with the rules of make-up in mind are there in the time
that a solver takes to find its first. No chance is involved: the same pages each time.

Depths are only near here. A notch is taken for level when it is so but for `beam_tolerance_lines`:
the solver makes them even, because most pieces can be somewhat deeper or shallower. The depths that the
pieces of each column can add up to are kept, so that little is built that no depths could make even.

Half-built pages of different area are comparable because area has a price: the one at which the pieces, each
in its best shape, would just fill the page. A piece then costs what it is dearer than its best: its regret.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import NamedTuple

from issue_publisher.composition.candidates import Candidate, Option
from issue_publisher.composition.objective import (
    BESIDE,
    BUMPING,
    CONTACT,
    CUT_ACROSS,
    CUT_DOWN,
    INTO,
    LEAD,
    NEAR_CUT,
    PILED,
    PLAINLY_LEVEL,
    RANK,
    Room,
    ends_with_picture,
    largest_under,
    lines_that_part,
    place_cost_per,
    price,
)
from issue_publisher.layout.model import Layout

Rows = tuple[int, int]  # first line, and first below
_NONE: Rows = (0, 0)
_HUGE = 1e9
_HAIR = 1e-6  # rounding
_MENDABLE = 60.0  # most that a half-built page is charged for what other depths may still mend
_LEVELLED = 1 / 3  # of the price of an edge that jogs by a few lines, which other depths mostly mend
_LIKELY = 0.4  # of the price of a cut, when a gutter that nothing crosses is nearly at the foot
_AT_HAND = 13  # pieces that are tried next
_SPARE = 60  # lines of one column by which estimated areas may miss the page's


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a piece of a page stands; row and depth are only near."""

    piece: int  # its number
    column: int
    columns: int
    row: int
    lines: int  # near, too


class _Column(NamedTuple):
    """What the foot of a half-built column shows to its neighbours."""

    depth: int = 0
    can: int = 1  # the depths that its pieces can add up to, as bits
    band: Rows = _NONE  # headline of the piece at its foot
    picture: Rows = _NONE  # pictures of that piece which reach into this column
    upright: Rows = _NONE  # its vertical headline, in its first column


class _Half(NamedTuple):
    """A half-built page."""

    cost: float
    used: int  # pieces, as bits
    columns: tuple[_Column, ...]
    depths: tuple[int, ...]  # the skyline
    held: int  # column boundaries that a piece crosses, as bits
    sizes: tuple[float, ...]  # smallest headline so far, by width
    most_pt: float  # largest headline that others may have beside the lead's, once that stands
    tops: int  # headlines side by side at the head
    places: tuple[Standing, ...]


class _Choice(NamedTuple):
    """One option with its regret."""

    option: Option
    lines: int
    regret: float
    hangs: bool


class _Family:
    """All options of a piece at one width."""

    def __init__(self, piece: int, columns: int, choices: Sequence[_Choice]) -> None:
        self.piece, self.columns = piece, columns
        self.by_lines = sorted(choices, key=lambda choice: choice.lines)
        self.lines = [choice.lines for choice in self.by_lines]
        self.shallowest, self.deepest = self.lines[0], self.lines[-1]
        self.depths = sorted(set(self.lines))
        self.best = min(choices, key=lambda choice: (choice.regret, choice.lines))
        self._nearest: dict[int, _Choice] = {}

    def feet(self, rows: int) -> int:
        """The depths that a column can have below the piece, when it can begin at these; both as bits."""
        found = 0
        for lines in self.depths:
            found |= rows << lines
        return found

    def nearest(self, lines: int) -> _Choice:
        """The option whose depth is nearest."""
        if lines not in self._nearest:
            at = bisect_left(self.lines, lines)
            around = self.by_lines[max(0, at - 1) : at + 1] or self.by_lines[-1:]
            self._nearest[lines] = min(around, key=lambda choice: abs(choice.lines - lines))
        return self._nearest[lines]


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

    def __init__(
        self,
        candidates: Sequence[Candidate],
        room: Room,
        layout: Layout,
        width: int,
        tolerance: int,
        *,
        strict: bool = False,
        wary: bool = False,
        lenient: bool = False,
    ) -> None:
        """`strict`: no other depths mend headlines that bump; `lenient`: white and holes are let pass.

        `wary`: what is not crossed yet may become a cut from head to foot.
        """
        self.strict, self.wary = strict, wary
        self.candidates, self.room, self.layout, self.width = candidates, room, layout, width
        self.limits = room.depths
        self.tolerance = tolerance
        per_line = area_price(candidates, room.area)
        self.families = [self._families(number, per_line) for number in range(len(candidates))]
        self.areas = [
            (
                min(family.shallowest * family.columns for family in families),
                max(family.deepest * family.columns for family in families),
            )
            for families in self.families
        ]
        # What no piece can fill is white, and no reason to give a page up.
        self.sparse = max(0, room.area - sum(most for _, most in self.areas))
        if lenient:
            self.sparse = max(self.sparse, room.area // 4)
        self.lenient = lenient
        self.most_white = max(self.sparse, _SPARE)
        self.within = [(1 << limit + 1) - 1 for limit in range(room.lines + 1)]
        self.prices = {rule: price(rule, layout) for rule in (CUT_DOWN, RANK, BESIDE, INTO, PILED)}
        self.prices |= {
            rule: min(price(rule, layout), _MENDABLE) for rule in (BUMPING, CONTACT, CUT_ACROSS, LEAD)
        }
        self.prices[NEAR_CUT] = price(NEAR_CUT, layout) * _LEVELLED
        self.fixed = [
            (number, one.column, one.row)
            for number, one in enumerate(candidates)
            if one.column is not None and one.row is not None
        ]
        self.hung = [  # fixed at a row, and in no column: they need so many side by side
            (number, one.row, min(option.columns for option in one.options))
            for number, one in enumerate(candidates)
            if one.column is None and one.row is not None
        ]
        # Of very many pieces only those are tried next that are due by their rank.
        self.order = sorted(range(len(candidates)), key=lambda number: -candidates[number].rank)
        self.all = (1 << len(candidates)) - 1
        self.dearest = _HUGE  # rank of a half-built page that is kept
        strip = layout.rules.strip_columns
        self.boundaries = range(strip + 1, room.columns - strip) if len(candidates) > 1 else range(0)
        self.drawn = [place_cost_per(one, layout) for one in candidates]  # by line and column

    def _families(self, number: int, per_line: float) -> list[_Family]:
        candidate = self.candidates[number]
        best = _best(candidate, per_line)
        least = best.cost + per_line * best.area
        found: dict[int, list[_Choice]] = {}
        for option in candidate.options:
            regret = option.cost + per_line * option.area - least
            found.setdefault(option.columns, []).append(
                _Choice(option, option.lines, regret, _hangs(option, self.layout))
            )
        return [_Family(number, columns, choices) for columns, choices in sorted(found.items())]

    def pages(self) -> list[tuple[Standing, ...]]:
        """Whole pages, the most promising first; none when the pieces cannot be laid so."""
        start = tuple(_Column() for _ in self.limits)
        sizes = (_HUGE,) * (self.room.columns + 1)
        halves = [_Half(0.0, 0, start, (0,) * len(start), 0, sizes, _HUGE, 0, ())]
        for _ in self.candidates:
            halves = self._step(halves)
        return [half.places for half in sorted(halves, key=lambda half: (self._whole(half), _order(half)))]

    def _whole(self, half: _Half) -> float:
        """What a whole page costs: what shows only now comes on top."""
        white = sum(limit - depth for depth, limit in zip(half.depths, self.limits, strict=True))
        cuts = sum(not half.held >> boundary & 1 for boundary in self.boundaries)
        return half.cost + cuts * self.prices[CUT_DOWN] + white * self.layout.makeup.penalty_white

    def _step(self, halves: Sequence[_Half]) -> list[_Half]:
        """One piece more on each; the best of those that show the same skyline with the same pieces left."""
        left = len(self.candidates) - halves[0].used.bit_count() - 1 if halves else 0
        # Towards the end each has few ways to go on, so that more can be kept at the same cost.
        most = self.width * max(1, 8 - left if left <= 5 else 1)
        kept: dict[object, tuple[float, _Half]] = {}
        self.dearest, looked = _HUGE, most
        for half in halves:
            for child in self._children(half):
                rank = child.cost + self._promise(child)
                # On a whole page the way it is built is all that tells it from others.
                key = (
                    _order(child) if child.used == self.all else (child.used, *[d // 3 for d in child.depths])
                )
                if key not in kept or rank < kept[key][0]:
                    kept[key] = (rank, child)
            if len(kept) > 1.1 * looked:  # what is dearer than so many is not built
                looked = len(kept)
                self.dearest = sorted(rank for rank, _ in kept.values())[most - 1] + _HAIR
        best = sorted(kept.values(), key=lambda pair: (pair[0], pair[1].depths, pair[1].used))
        return [half for _, half in best[:most]]

    def _promise(self, half: _Half) -> float:
        """What the pieces that are left will cost for standing lower: about half of what is still free."""
        covered = sum(half.depths)
        row = (covered + self.room.area) / 2 / self.room.columns
        drawn = sum(
            per_line for number, (per_line, _) in enumerate(self.drawn) if not half.used >> number & 1
        )
        return row * drawn + (self._open_cuts(half) if self.wary else 0.0)

    def _open_cuts(self, half: _Half) -> float:
        """What gutters that nothing crosses yet may cost: the further down, the less can still cross them."""
        open_ = [at for at in self.boundaries if not half.held >> at & 1]
        shares = [min(half.depths[at - 1], half.depths[at]) / self.room.lines for at in open_]
        return self.prices[CUT_DOWN] * _LIKELY * sum(share * share for share in shares)

    def _children(self, half: _Half) -> Iterator[_Half]:
        free = self.room.area - sum(half.depths)
        left = [number for number in self.order if not half.used >> number & 1]
        least, most = (sum(self.areas[number][at] for number in left) for at in (0, 1))
        row = (sum(half.depths) + self.room.area) / 2 / self.room.columns
        promise = row * sum(self.drawn[number][0] for number in left)
        for first, low, end in self._notches(half):
            for number in left[:_AT_HAND]:
                if not self._allowed(number, first, half):
                    continue
                per_line, per_column = self.drawn[number]
                later = promise - row * per_line  # its promise is the half's, but for this piece, or more
                cost = half.cost + later + half.depths[low] * per_line + first * per_column
                for family in self.families[number]:
                    if not low - first < family.columns <= end - first:
                        continue
                    for choice, foot in self._depths(family, half, first):
                        rest = free - choice.option.area
                        if least - self.areas[number][0] > rest + _SPARE:
                            continue
                        if rest - _SPARE - self.sparse > most - self.areas[number][1]:
                            continue
                        if cost + choice.regret > self.dearest:
                            break  # the others are dearer
                        child = self._laid(half, family, choice, first, foot, later)
                        if child is None or self._buries(child):
                            continue
                        if self.sparse or self._steps(child) < len(left):
                            yield child

    def _notches(self, half: _Half) -> Iterator[tuple[int, int, int]]:
        """The lowest notch with what is level with it, from each step on: first, lowest column, end."""
        depths, limits = half.depths, self.limits
        open_ = [column for column, limit in enumerate(limits) if depths[column] < limit]
        if not open_:
            return
        low = min(open_, key=lambda column: (depths[column], column))
        row = depths[low] + self.tolerance
        first = end = low
        while first > 0 and depths[first - 1] <= row and depths[first - 1] < limits[first - 1]:
            first -= 1
        while end < len(depths) and depths[end] <= row and depths[end] < limits[end]:
            end += 1
        for start in range(first, low + 1):
            if start == first or depths[start] != depths[start - 1]:
                yield start, low, end

    def _allowed(self, number: int, first: int, half: _Half) -> bool:
        """Whether a piece that is fixed would stand where it must."""
        one = self.candidates[number]
        if one.column is not None and one.column != first:
            return False
        return one.row is None or abs(one.row - half.depths[first]) <= self.tolerance

    def _buries(self, half: _Half) -> bool:
        """Whether something stands where a piece is fixed that is still to come."""
        return any(
            not half.used >> number & 1 and half.depths[column] > row + self.tolerance
            for number, column, row in self.fixed
        ) or any(
            not half.used >> number & 1 and _side_by_side(half.depths, row + self.tolerance) < columns
            for number, row, columns in self.hung
        )

    def _steps(self, half: _Half) -> int:
        """Steps of the skyline: each needs a piece of its own, so that there may be no more of them."""
        steps, before = 0, -_SPARE
        for depth, limit in zip(half.depths, self.limits, strict=True):
            if depth >= limit:
                before = -_SPARE
            else:
                steps += abs(depth - before) > self.tolerance
                before = depth
        return steps

    def _depths(self, family: _Family, half: _Half, first: int) -> Iterator[tuple[_Choice, int]]:
        """The depths worth trying, each with its foot: the best, and those level with a neighbour."""
        depths, end = half.depths, first + family.columns
        row, limit = max(depths[first:end]), min(self.limits[first:end])
        found = [family.best, family.nearest(limit - row)]
        if first > 0:
            found.append(family.nearest(depths[first - 1] - row))
        if end < len(depths):
            found.append(family.nearest(depths[end] - row))
        choices = {id(choice): choice for choice in found}.values()  # each once; to compare values takes long
        for choice in sorted(choices, key=lambda choice: (choice.regret, choice.lines)):
            foot = row + choice.lines
            if abs(foot - limit) <= 2.5 * self.tolerance:
                foot = limit
            if foot <= limit:
                yield choice, foot

    def _laid(
        self, half: _Half, family: _Family, choice: _Choice, first: int, foot: int, later: float
    ) -> _Half | None:
        """The page with a piece more; None when no depths could make it even, or it is too dear.

        `later`: what the other pieces cost for standing lower, at least.
        """
        option, end = choice.option, first + family.columns
        under = half.columns[first:end]
        limit = min(self.limits[first:end])
        rows, gap = self._rows(under)
        feet = family.feet(rows) & self.within[limit]
        short = limit - feet.bit_length() + 1 if foot == limit else 0  # what the foot of the page lacks
        white = gap + short * family.columns
        if not feet or white > self.most_white:
            return None
        row = max(column.depth for column in under)
        per_line, per_column = self.drawn[family.piece]
        # What is not level, or does not reach the foot, some piece must make up for.
        uneven = sum(row - column.depth for column in under) + family.columns * abs(foot - row - option.lines)
        cost = half.cost + choice.regret + row * per_line + first * per_column
        cost += uneven * self.layout.makeup.penalty_uneven + white * self.layout.makeup.penalty_white
        if cost + later > self.dearest:
            return None
        band = _NONE
        if option.outline.band and not option.outline.boxed:
            band = (row + option.outline.band[0], row + option.outline.band[1])
        # What is quickly said first: most are too dear by then.
        rules = self.prices[CONTACT] if foot < limit and choice.hangs else 0.0
        if under[0].upright is not _NONE and _upright_in(option, 0, row) is not _NONE:
            rules += self.prices[PILED]
        sizes = half.sizes
        if size := option.choice.headline_pt:
            if size > sizes[family.columns]:
                rules += self.prices[RANK]
            else:
                sizes = (*sizes[: family.columns], size, *sizes[family.columns + 1 :])
        if size > half.most_pt and not self.candidates[family.piece].leads:
            rules += self.prices[LEAD]
        rules += self._cut_price(half, row)
        if cost + later + rules > self.dearest:
            return None
        beside, tops = self._at_gutters(half, option, first, row, band)
        rules += beside
        if cost + later + rules > self.dearest:
            return None
        fresh = tuple(
            _Column(foot, feet, band, _picture_in(option, column, row), _upright_in(option, column, row))
            for column in range(family.columns)
        )
        return _Half(
            cost + rules,
            half.used | 1 << family.piece,
            (*half.columns[:first], *fresh, *half.columns[end:]),
            (*half.depths[:first], *[foot] * family.columns, *half.depths[end:]),
            half.held | ((1 << end) - (1 << (first + 1))),
            sizes,
            self._most_pt(half, family.piece, option),
            half.tops + tops,
            (*half.places, Standing(family.piece, first, family.columns, row, foot - row)),
        )

    def _rows(self, under: Sequence[_Column]) -> tuple[int, int]:
        """Where a piece can begin under these columns, as bits, and the fewest lines of white that it leaves.

        Columns that cannot be even may end some lines apart, as long as that is no hole.
        """
        cans = [column.can for column in under]
        for gap in range(self.layout.rules.hole_lines):
            rows = reduce(and_, cans)
            if rows:
                return rows, gap
            cans = [can | can << 1 for can in cans]
        return (reduce(and_, cans), 0) if self.lenient else (0, 0)

    def _most_pt(self, half: _Half, piece: int, option: Option) -> float:
        """The largest headline that the pieces to come may have: the lead, which says so, begins the page."""
        size = option.choice.headline_pt
        if not (size and self.candidates[piece].leads):
            return half.most_pt
        return min(half.most_pt, largest_under(size, self.layout))

    def _at_gutters(self, half: _Half, option: Option, first: int, row: int, band: Rows) -> tuple[float, int]:
        """What headlines and pictures at either side cost, and the pairs at the head."""
        cost, tops = 0.0, 0
        for column, own in ((first - 1, 0), (first + option.columns, option.columns - 1)):
            if not 0 <= column < len(self.limits):
                continue
            beside, at_left = half.columns[column], column < first
            picture = _picture_in(option, own, row)
            # A headline at the left of a vertical one meets it; between it and one at its right is text.
            mine = _either(band, _upright_in(option, 0, row) if at_left else _NONE)
            other = _either(beside.band, _NONE if at_left else beside.upright)
            bands = mine is band and other is beside.band
            near = self.layout.rules.bump_lines if bands else 0.0
            lines = min(mine[1] + near - other[0], other[1] + near - mine[0])
            parted = bands and (_parts(picture, other) or _parts(beside.picture, mine))
            if mine is not _NONE and other is not _NONE and lines > 0 and not parted:
                if not bands:
                    cost += self.prices[INTO]
                elif row == 0 and half.tops + tops == 0:
                    cost, tops = cost + self.layout.penalties.top_pairs, tops + 1
                else:
                    cost += self._bump_price(lines)
            if min(picture[1], beside.picture[1]) - max(picture[0], beside.picture[0]) >= PLAINLY_LEVEL:
                cost += self.prices[CONTACT]
            if not (option.outline.boxed or option.outline.alone):
                cost += self.prices[BESIDE] * _meet(picture, other)
            cost += self.prices[BESIDE] * _meet(beside.picture, mine)
        return cost, tops

    def _bump_price(self, lines: float) -> float:
        """Of two headlines that are so many lines too near: few, other depths may mend."""
        if self.strict:
            return min(price(BUMPING, self.layout) / 2, self.prices[RANK] * lines)
        return self.prices[BUMPING]

    def _cut_price(self, half: _Half, row: int) -> float:
        """Of a row at which the page is level from edge to edge, or nearly, several pieces on either side."""
        used = half.used.bit_count()
        if not row or used < 2 or len(self.candidates) - used < 2:
            return 0.0
        # Over advertisements the page is as level as they are.
        depths = [
            depth
            for depth, limit in zip(half.depths, self.limits, strict=True)
            if depth < limit or limit == self.room.lines
        ]
        if min(depths, default=0) < row:
            return 0.0
        deepest = max(depths)
        if deepest <= row:
            return self.prices[CUT_ACROSS]
        return self.prices[NEAR_CUT] if deepest <= row + self.layout.rules.cut_step_lines else 0.0


def _side_by_side(depths: Sequence[int], row: int) -> int:
    """Most neighbouring columns in which nothing stands below a row yet."""
    most = free = 0
    for depth in depths:
        free = free + 1 if depth <= row else 0
        most = max(most, free)
    return most


def _either(band: Rows, upright: Rows) -> Rows:
    """The rows of a headline over its text, or else of one beside it."""
    return upright if band is _NONE else band


def _meet(picture: Rows, band: Rows) -> bool:
    """Whether a picture stands level with a headline; neither may be there at all."""
    return picture[0] < band[1] and band[0] < picture[1]


def _parts(picture: Rows, band: Rows) -> bool:
    """Whether it stands beside so much of the headline that it parts it from its neighbour."""
    return min(picture[1], band[1]) - max(picture[0], band[0]) >= lines_that_part(band)


def _hangs(option: Option, layout: Layout) -> bool:
    """Whether a picture reaches the foot of its piece, where the next may begin with headline or picture."""
    return any(ends_with_picture(option, column, layout) for column in range(option.columns))


def _order(half: _Half) -> tuple[tuple[int, int, int], ...]:
    """How a page is built."""
    return tuple((standing.piece, standing.column, standing.columns) for standing in half.places)


def _picture_in(option: Option, column: int, row: int) -> Rows:
    """Rows of the page in which a picture of a piece reaches into one of its columns.

    None at a left edge where a vertical headline stands.
    """
    away = option.outline.boxed or (column == 0 < option.columns - 1 and option.outline.upright)
    for region in () if away else option.outline.pictures:
        if region.left <= column < region.right:
            return row + region.top, row + region.foot
    return _NONE


def _upright_in(option: Option, column: int, row: int) -> Rows:
    """Rows of the page that its vertical headline takes in one of its columns: the first."""
    if column or option.outline.boxed or option.outline.upright is None:
        return _NONE
    first, below = option.outline.upright
    return row + first, row + below
