"""Rivals of make-up on the same shapes and the same objective: a greedy filler, and the best guillotine page.

Greedy: heaviest piece first, each in its cheapest shape that fits, at the highest and then leftmost free
place. Once is unfair, since the cheapest shapes of all pieces are seldom as large as the page: it is done
at several prices of a line, and the best page is taken.

Guillotine (after Gange, Marriott & Stuckey 2012): pages that cuts from edge to edge of a rectangle take
apart, by dynamic programming over subsets of the pieces, widths in basic columns and depths in lines.
What is exact: prices of shapes, of places (they are linear, so that a block that is moved pays for the sum
of its pieces), of white at the foot of any block, and of the first cut, which goes through the whole page.
No guillotine page has less of these, so that the least is a bound for all of them.
What is not: bumping headlines, further cuts, rank and contact depend on two pieces or more. So the best
pages of some hundred first cuts are judged by the whole objective, and mended while that helps: blocks at
either side of a cut change places, pieces exchange theirs, or take their other shape of the same size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, count

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from issue_publisher.composition.beam import area_price
from issue_publisher.composition.candidates import Candidate, Option
from issue_publisher.composition.objective import (
    COVER,
    CUT_ACROSS,
    CUT_DOWN,
    Place,
    Places,
    Room,
    objective,
    place_cost,
    place_cost_per,
    price,
)
from issue_publisher.layout.model import Layout

_JUDGED = 400  # guillotine pages that the whole objective judges
_NEAR = 1e-6
_MENDED = 40  # the best of them, which are mended
_SURCHARGES = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # on the price of a line, tried by the greedy filler


@dataclass(frozen=True)
class Page:
    """A page made up, with all its penalties."""

    places: Places
    value: float


# --------------------------------------------------------------------------- greedy


def greedy(candidates: Sequence[Candidate], room: Room, layout: Layout) -> Page | None:
    """The best page that a greedy filler makes; None when it has no room for some piece."""
    per_line = area_price(candidates, room.area)
    made = (_filled(candidates, room, layout, per_line + more) for more in _SURCHARGES)
    pages = [Page(places, objective(candidates, places, room, layout)) for places in made if places]
    return min(pages, key=lambda page: page.value, default=None)


def _filled(candidates: Sequence[Candidate], room: Room, layout: Layout, per_line: float) -> Places | None:
    depths = [0] * room.columns
    places: dict[str, Place] = {}
    for one in sorted(candidates, key=lambda one: -one.rank):
        found = min(_fitting(one, depths, room, layout, per_line), key=lambda pair: pair[0], default=None)
        if found is None:
            return None
        place = places[one.id] = found[1]
        depths[place.column : place.right] = [place.foot] * place.option.columns
    return places


def _fitting(
    one: Candidate, depths: Sequence[int], room: Room, layout: Layout, per_line: float
) -> Iterator[tuple[tuple[float, int, int], Place]]:
    """Each shape at the highest place that it has, with its price: what is white above it is lost."""
    white = price(COVER, layout)
    for option in one.options:
        starts = range(room.columns - option.columns + 1) if one.column is None else [one.column]
        row, column = min((max(depths[at : at + option.columns]), at) for at in starts)
        place = Place(column, row, option)
        if place.foot > min(room.depths[column : place.right]) or one.row not in (None, row):
            continue
        lost = option.columns * row - sum(depths[column : place.right])
        cost = option.cost + place_cost(one, place, layout) + white * lost + per_line * option.area
        yield (cost, row, column), place


# --------------------------------------------------------------------------- guillotine


@dataclass(frozen=True)
class Leaf:
    """One piece in one shape."""

    piece: int
    option: Option


@dataclass(frozen=True)
class Cut:
    """Two blocks: the second below the first, or to the right of it, so many lines or columns on."""

    below: bool
    first: Block
    second: Block
    offset: int


Block = Leaf | Cut


@dataclass(frozen=True)
class Guillotine:
    """The best guillotine page found, and what no guillotine page can do with less than."""

    page: Page
    bound: float


def guillotine(candidates: Sequence[Candidate], room: Room, layout: Layout) -> Guillotine | None:
    """The best guillotine page that was found; None when there is none without advertisements in the way."""
    if len(set(room.depths)) > 1:
        raise ValueError("only for pages that are a rectangle")
    table = _Table(candidates, room, layout)
    trees, bound = table.pages(_JUDGED)
    if not trees:
        return None

    def judged(tree: Block) -> Page:
        places = _places(tree, candidates)
        return Page(places, objective(candidates, places, room, layout))

    pages = sorted(((judged(tree), at) for at, tree in enumerate(trees)), key=lambda one: one[0].value)
    mended = (_mended(trees[at], page, candidates, judged) for page, at in pages[:_MENDED])
    return Guillotine(min(mended, key=lambda page: page.value), bound)


class _Table:
    """Least prices of every set of pieces (as bits) at every width and depth.

    `raw` of a set is an array of widths 0…columns by depths 0…lines whose last line is full; `cost` may have
    white at its foot.
    """

    def __init__(self, candidates: Sequence[Candidate], room: Room, layout: Layout) -> None:
        self.candidates, self.columns, self.lines = candidates, room.columns, room.lines
        self.white = price(COVER, layout)
        self.size = (self.columns + 1, self.lines + 1)
        self.all = (1 << len(candidates)) - 1
        drawn = [place_cost_per(one, layout) for one in candidates]
        self.down, self.across = (self._sums([pair[at] for pair in drawn]) for at in (0, 1))
        # What must begin the page, whose block is always the first of two.
        self.first = sum(1 << n for n, one in enumerate(candidates) if (one.column, one.row) == (0, 0))
        self.leaves = [self._options(one) for one in candidates]
        self.raw: dict[int, np.ndarray] = {}
        self.cost: dict[int, np.ndarray] = {}
        for pieces in range(1, self.all + 1):
            self.raw[pieces] = self._least(pieces)
            self.cost[pieces] = self._with_white(self.raw[pieces])
        self.node = lru_cache(maxsize=None)(self._node)
        self.prices = {rule: price(rule, layout) for rule in (CUT_ACROSS, CUT_DOWN)}
        self.strip = layout.rules.strip_columns

    def _sums(self, each: Sequence[float]) -> list[float]:
        found = [0.0]
        for price_of in each:
            found += [price_of + rest for rest in found]
        return found

    def _options(self, one: Candidate) -> Mapping[tuple[int, int], Option]:
        """The cheapest shape of each width and depth."""
        found: dict[tuple[int, int], Option] = {}
        for option in one.options:
            key = option.columns, option.lines
            if option.lines <= self.lines and (key not in found or option.cost < found[key].cost):
                found[key] = option
        return found

    def _splits(self, pieces: int) -> Iterator[tuple[int, int]]:
        """Every way to part a set in two, either part first."""
        part = pieces
        while part := (part - 1) & pieces:
            if not (pieces ^ part) & self.first:
                yield part, pieces ^ part

    def _least(self, pieces: int) -> np.ndarray:
        found = np.full(self.size, np.inf)
        if pieces & (pieces - 1) == 0:
            for key, option in self.leaves[pieces.bit_length() - 1].items():
                found[key] = option.cost
            return found
        for first, second in self._splits(pieces):
            np.minimum(found, self._stacked(first, second).min(axis=2), out=found)
            beside = self._beside(first, second)
            for at in range(1, self.columns):
                # The first at columns wide; what is left of the page's width goes to the second.
                width = self.columns - at
                np.minimum(found[at + 1 :], beside[at, 1 : width + 1], out=found[at + 1 :])
        return found

    def _stacked(self, first: int, second: int) -> np.ndarray:
        """Prices by width, depth and depth of the upper block."""
        upper = self.cost[first] + np.arange(self.lines + 1) * self.down[second]
        padded = np.full((self.size[0], 2 * self.lines + 1), np.inf)
        padded[:, : self.lines + 1] = self.cost[second][:, ::-1]
        lower = sliding_window_view(padded, self.lines + 1, axis=1)[:, ::-1]
        return np.asarray(upper[:, None, :] + lower)

    def _beside(self, first: int, second: int) -> np.ndarray:
        """Prices by width of the left block, width of the right one, and depth."""
        left = self.cost[first] + (np.arange(self.columns + 1) * self.across[second])[:, None]
        return np.asarray(left[:, None, :] + self.cost[second][None, :, :])

    def _with_white(self, raw: np.ndarray) -> np.ndarray:
        white = self.white * np.arange(self.columns + 1)[:, None] * np.arange(self.lines + 1)
        return np.asarray(np.minimum.accumulate(raw - white, axis=1) + white)

    def pages(self, most: int) -> tuple[list[Block], float]:
        """The best page of every first cut, at most so many, cheapest first; and the first one's price."""
        whole = self.columns, self.lines
        if self.all & (self.all - 1) == 0:
            price_of = float(self.cost[self.all][whole])
            return ([self.node(self.all, *whole)] if np.isfinite(price_of) else []), price_of
        found: list[tuple[float, int, bool, int, int]] = []
        number = count()
        for first, second in self._splits(self.all):
            single = min(first.bit_count(), second.bit_count()) == 1
            stacked = self._stacked(first, second)[whole] + (0 if single else self.prices[CUT_ACROSS])
            found += [(float(v), next(number), True, first, at) for at, v in enumerate(stacked)]
            beside = self._beside(first, second)[:, ::-1, self.lines].diagonal() + self._cut_down()
            found += [(float(v), next(number), False, first, at) for at, v in enumerate(beside)]
        best = sorted(one for one in found if np.isfinite(one[0]))[:most]
        trees: list[Block] = [
            self._cut(self.all, below, first, offset, *whole) for _, _, below, first, offset in best
        ]
        return trees, best[0][0] if best else np.inf

    def _cut_down(self) -> np.ndarray:
        """What a cut from head to foot costs, by its column."""
        at = np.arange(self.columns + 1)
        return np.where((at > self.strip) & (at < self.columns - self.strip), self.prices[CUT_DOWN], 0.0)

    def _cut(self, pieces: int, below: bool, first: int, offset: int, width: int, depth: int) -> Cut:
        second = pieces ^ first
        if below:
            return Cut(
                True, self.node(first, width, offset), self.node(second, width, depth - offset), offset
            )
        return Cut(False, self.node(first, offset, depth), self.node(second, width - offset, depth), offset)

    def _node(self, pieces: int, width: int, depth: int) -> Block:
        """The best block of a set at a width and depth, found again from the table."""
        value = self.cost[pieces][width, depth]
        while not _same(self.raw[pieces][width, depth], value):  # white at the foot
            depth, value = depth - 1, value - width * self.white
        if pieces & (pieces - 1) == 0:
            piece = pieces.bit_length() - 1
            return Leaf(piece, self.leaves[piece][width, depth])
        for first, second in self._splits(pieces):
            stacked = self._stacked(first, second)[width, depth]
            if _same(stacked.min(), value):
                return self._cut(pieces, True, first, int(stacked.argmin()), width, depth)
            beside = self._beside(first, second)[: width + 1, width::-1, depth].diagonal()
            if _same(beside.min(), value):
                return self._cut(pieces, False, first, int(beside.argmin()), width, depth)
        raise AssertionError("a block that is in the table can be found again")


def _same(one: float, other: float) -> bool:
    return bool(abs(one - other) < _NEAR)


def _places(tree: Block, candidates: Sequence[Candidate], column: int = 0, row: int = 0) -> dict[str, Place]:
    """Where every piece of a block stands."""
    if isinstance(tree, Leaf):
        return {candidates[tree.piece].id: Place(column, row, tree.option)}
    on = (column, row + tree.offset) if tree.below else (column + tree.offset, row)
    return {**_places(tree.first, candidates, column, row), **_places(tree.second, candidates, *on)}


# --------------------------------------------------------------------------- mending


def _mended(
    tree: Block, page: Page, candidates: Sequence[Candidate], judged: Callable[[Block], Page]
) -> Page:
    """The page with blocks, pieces and shapes changed as long as that makes it better."""
    width = max(place.right for place in page.places.values())
    depth = max(place.foot for place in page.places.values())
    while True:
        better = None
        for other in (*_turned(tree, width, depth), *_exchanged(tree, candidates)):
            tried = judged(other)
            if _stands(tried, candidates) and tried.value < page.value - _NEAR:
                better, page = other, tried
        if better is None:
            return page
        tree = better


def _stands(page: Page, candidates: Sequence[Candidate]) -> bool:
    """Whether all that is fixed is where it must be."""
    return all(
        one.column in (None, page.places[one.id].column) and one.row in (None, page.places[one.id].row)
        for one in candidates
    )


def _turned(block: Block, width: int, depth: int) -> Iterator[Block]:
    """The block with the two sides of one cut in each other's place."""
    if isinstance(block, Leaf):
        return
    at = block.offset
    first, second = ((width, at), (width, depth - at)) if block.below else ((at, depth), (width - at, depth))
    yield Cut(block.below, block.second, block.first, (depth if block.below else width) - at)
    yield from (replace(block, first=other) for other in _turned(block.first, *first))
    yield from (replace(block, second=other) for other in _turned(block.second, *second))


def _exchanged(block: Block, candidates: Sequence[Candidate]) -> Iterator[Block]:
    """The block with two pieces in each other's place, or one in another shape of the same size."""
    leaves = list(_leaves(block))
    for one in leaves:
        for option in _of_size(candidates[one.piece], one.option):
            if option is not one.option:
                yield _with(block, {one.piece: Leaf(one.piece, option)})
    for one, other in combinations(leaves, 2):
        here, there = (
            _of_size(candidates[other.piece], one.option),
            _of_size(candidates[one.piece], other.option),
        )
        if here and there:
            yield _with(
                block, {one.piece: Leaf(other.piece, here[0]), other.piece: Leaf(one.piece, there[0])}
            )


def _of_size(one: Candidate, wanted: Option) -> list[Option]:
    """Its shapes of the same width and depth, the cheapest first."""
    size = wanted.columns, wanted.lines
    same = [option for option in one.options if (option.columns, option.lines) == size]
    return sorted(same, key=lambda option: option.cost)


def _leaves(block: Block) -> Iterator[Leaf]:
    if isinstance(block, Leaf):
        yield block
    else:
        yield from _leaves(block.first)
        yield from _leaves(block.second)


def _with(block: Block, leaves: Mapping[int, Leaf]) -> Block:
    """The block with other leaves where these pieces were."""
    if isinstance(block, Leaf):
        return leaves.get(block.piece, block)
    return replace(block, first=_with(block.first, leaves), second=_with(block.second, leaves))
