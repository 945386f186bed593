"""Which piece goes on which page: the best of all ways for a few pieces, a good one for many.

Values only, and no chance in it: the same pieces and pages give the same answer on every run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from issue_publisher.composition.matter import Matter
from issue_publisher.layout.model import Pages

_AVOIDED = float("inf")
_WITHOUT = 1e7  # a page without any piece
_OVER = 1e4  # a cell that a page can never hold
_TIGHT = _OVER / 200  # a cell by which a page is so full that its pieces can hardly be laid out
_UNDER = 1e3  # a cell that its pieces can never fill
_NODES = 20_000  # partial answers that are looked at beyond the first good one


@dataclass(frozen=True, slots=True)
class Load:
    """One piece, and the pages (by their index) that it may stand on, in order."""

    matter: Matter
    pages: tuple[int, ...]
    rank: float = 0.0  # larger: rather on an earlier page
    strong: bool = False  # its headline can hold a page
    picture: bool = False
    advertisement: bool = False  # rather on the last of its pages


Answer = tuple[int, ...]  # the page of each load


def allot(
    loads: Sequence[Load],
    rooms: Sequence[int],
    bonds: Sequence[tuple[int, int]],
    rules: Pages,
    ordered: Sequence[tuple[int, int]] = (),
    avoid: frozenset[Answer] = frozenset(),
) -> Answer:
    """The page of each load.

    `rooms`: cells of each page. `bonds`: pairs of loads that belong together. `ordered`: pairs of
    which the second stands on no earlier page. `avoid`: answers that are given only when there is no other.
    Of answers that cost the same the one that keeps earlier loads on earlier pages.
    """
    search = _Search(loads, rooms, bonds, rules, ordered, avoid)
    return search.proved(search.improved(search.first()))


def too_full(loads: Sequence[Load], rooms: Sequence[int], answer: Answer) -> list[int]:
    """By how many cells each page cannot hold its loads; negative: so many are free."""
    least = [0] * len(rooms)
    for load, page in zip(loads, answer, strict=True):
        least[page] += load.matter.least
    return [taken - room for taken, room in zip(least, rooms, strict=True)]


@dataclass(frozen=True)
class _Search:
    loads: Sequence[Load]
    rooms: Sequence[int]
    bonds: Sequence[tuple[int, int]]
    rules: Pages
    ordered: Sequence[tuple[int, int]]
    avoid: frozenset[Answer]

    @cached_property
    def shares(self) -> list[tuple[float, float]]:
        """Least and natural cells that each page would hold if all were equally full."""
        cells, room = _sums(self.loads), sum(self.rooms)
        return [(each * cells.least / room, each * cells.natural / room) for each in self.rooms]

    def first(self) -> Answer:
        """The largest first, each on the page that has most room left."""
        left = [natural for _, natural in self.shares]
        found = [0] * len(self.loads)
        for at in self._largest_first():
            load = self.loads[at]
            page = max(load.pages, key=lambda page: (left[page], -page))
            left[page] -= load.matter.natural
            found[at] = page
        return tuple(found)

    def improved(self, answer: Answer) -> Answer:
        """Move one load, or let two change places, as long as that helps."""
        best = self._rated(answer)
        while True:
            before = best
            for at, load in enumerate(self.loads):
                for page in load.pages:
                    best = min(best, self._rated(_with(best[1], {at: page})))
            for one, other in combinations(range(len(self.loads)), 2):
                here, there = best[1][one], best[1][other]
                if here != there and there in self.loads[one].pages and here in self.loads[other].pages:
                    best = min(best, self._rated(_with(best[1], {one: there, other: here})))
            if best == before:
                return best[1]

    def proved(self, answer: Answer) -> Answer:
        """Look through all answers, leaving out what cannot be better; no more than so many."""
        order = self._largest_first()
        best = self._rated(answer)
        pages: list[int] = [-1] * len(self.loads)
        least, natural = [0] * len(self.rooms), [0] * len(self.rooms)
        nodes = 0

        def descend(depth: int, spent: float) -> None:
            nonlocal best, nodes
            nodes += 1
            if nodes > _NODES or spent + self._over(least, natural) > best[0]:
                return
            if depth == len(order):
                best = min(best, self._rated(tuple(pages)))
                return
            at = order[depth]
            matter = self.loads[at].matter
            for page in self.loads[at].pages:
                pages[at] = page
                least[page] += matter.least
                natural[page] += matter.natural
                descend(depth + 1, spent + self._own(at, page))
                least[page] -= matter.least
                natural[page] -= matter.natural

        descend(0, 0.0)
        return best[1]

    def _largest_first(self) -> list[int]:
        return sorted(range(len(self.loads)), key=lambda at: (-self.loads[at].matter.natural, at))

    def _rated(self, answer: Answer) -> tuple[float, Answer]:
        return _AVOIDED if answer in self.avoid else round(self._cost(answer), 6), answer

    def _cost(self, answer: Answer) -> float:
        held: list[list[Load]] = [[] for _ in self.rooms]
        for load, page in zip(self.loads, answer, strict=True):
            held[page].append(load)
        cost = sum(self._own(at, page) for at, page in enumerate(answer))
        cost += sum(map(self._page, held, self.rooms, self.shares))
        cost += self.rules.penalty_series * sum(answer[a] > answer[b] for a, b in self.ordered)
        cost += self.rules.penalty_parted * sum(answer[a] != answer[b] for a, b in self.bonds)
        return cost + self.rules.penalty_order * self._out_of_order(answer)

    def _out_of_order(self, answer: Answer) -> float:
        """Pieces on an earlier page than one before them that is as heavy, counted by how much heavier it is.

        Equals count once: the order of the source is the desk's. One that can hold a page has a place of
        honour on a later one too; advertisements have no rank.
        """
        count = 0.0
        for at, behind in enumerate(self.loads):
            passed = (
                1 + before.rank - behind.rank
                for before, page in zip(self.loads[:at], answer[:at], strict=True)
                if page > answer[at] and not before.strong and before.rank >= behind.rank > 0
            )
            count += max(passed, default=0.0)
        return count

    def _own(self, at: int, page: int) -> float:
        """What a load's page costs by itself."""
        load = self.loads[at]
        if load.advertisement:
            return self.rules.penalty_advertisement * (load.pages[-1] - page)
        return self.rules.penalty_later * load.rank * (page - load.pages[0])

    def _page(self, loads: Sequence[Load], room: int, share: tuple[float, float]) -> float:
        if not loads:
            return _WITHOUT
        cells = _sums(loads)
        cost = _OVER * max(0, cells.least - room) + _UNDER * max(0, room - cells.most)
        cost += _TIGHT * max(0.0, cells.least - self.rules.least_share * room)
        uneven = abs(cells.least - share[0]) + abs(cells.natural - share[1])
        cost += self.rules.penalty_area * uneven
        cost += 0.0 if any(load.strong for load in loads) else self.rules.penalty_strong_head
        return cost + (0.0 if any(load.picture for load in loads) else self.rules.penalty_picture)

    def _over(self, least: Sequence[int], natural: Sequence[int]) -> float:
        """What pages cost that are too full already, whatever else comes on them."""
        cost = 0.0
        for room, share, fewest, liked in zip(self.rooms, self.shares, least, natural, strict=True):
            uneven = max(0.0, fewest - share[0]) + max(0.0, liked - share[1])
            cost += _OVER * max(0, fewest - room) + self.rules.penalty_area * uneven
        return cost


def _sums(loads: Sequence[Load]) -> Matter:
    def of(part: Callable[[Matter], int]) -> int:
        return sum(part(load.matter) for load in loads)

    return Matter(of(lambda m: m.least), of(lambda m: m.natural), of(lambda m: m.most))


def _with(answer: Answer, changes: dict[int, int]) -> Answer:
    return tuple(changes.get(at, page) for at, page in enumerate(answer))
