"""Placing a page's pieces with CP-SAT (OR-Tools), the one module that knows the solver.

Every piece stands exactly once, in one of its shapes at one depth, without overlap. A beam of half-built
pages gives hundreds of whole ones; for each, CP-SAT finds the best depths and shapes while every piece keeps
its columns and its neighbours; then pieces of the best pages change places as long as that helps.
One worker, a fixed seed and deterministic limits: the same page on every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, combinations, pairwise, product, zip_longest
from math import ceil
from typing import Any, NamedTuple

from issue_publisher.composition.beam import Beam, Rows, Standing, least_cost
from issue_publisher.composition.candidates import Candidate, Option
from issue_publisher.composition.loose import loose_page
from issue_publisher.composition.objective import (
    BESIDE,
    BUMPING,
    CONTACT,
    COVER,
    CUT_ACROSS,
    FEW,
    HOLE,
    INTO,
    LEAD,
    LINKED,
    NEAR_CUT,
    PILED,
    PLAINLY_LEVEL,
    RANK,
    SERIES,
    Broken,
    Place,
    Places,
    Room,
    begins_with_mark,
    broken,
    ends_with_picture,
    in_order,
    largest_under,
    lines_that_part,
    objective,
    pictures_at_left,
    pictures_at_right,
    place_cost_per,
    price,
    white_beyond,
)
from issue_publisher.composition.report import Solved
from issue_publisher.layout.model import Layout

_SCALE = 100  # the solver counts in whole numbers: hundredths of a penalty
_WHITE = 0.02  # share of the page that is no reason to search on
# Deterministic time of a search for depths: the first, and those of the best pages before and after changes.
_FIRST, _SECOND, _THIRD = 0.015, 0.08, 0.2
# Of all searches of a page, for each of its pieces, and for a page of few: what is begun is ended.
_PATIENCE, _LEAST_PATIENCE = 0.75, 4.5
_AT_ONCE = 0.5  # share of what is left of it that one kind of walls may take
# Options a piece, on average, from which a page's depths are found sooner with a linear relaxation at hand.
_MANY_OPTIONS = 15


class _Attempt(NamedTuple):
    """Walls of one kind: the next are built when the best page breaks a hard rule."""

    wider: int = 1  # times the layout's width
    tolerance: int = 0  # which of the layout's
    strict: tuple[bool, ...] = (False,)  # these three as `Beam` has them; walls of each, tried in turn
    wary: bool = False
    lenient: bool = False
    aside: bool = False  # the lead is at the head, and in any column


# Of headlines that bump depths mend some, and then the page is often the better one; others they do not.
_ATTEMPTS = (
    _Attempt(strict=(False, True)),
    _Attempt(strict=(True,), wider=3),
    _Attempt(strict=(True,), wider=3, aside=True),
    _Attempt(wider=3, aside=True),
    _Attempt(wider=6),
    _Attempt(strict=(True,), tolerance=1, wary=True),
    _Attempt(tolerance=1, lenient=True),
)


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was found: its places, how, and the hard rules that had to yield."""

    places: Places
    solved: Solved
    yielded: tuple[Broken, ...]


def solve(candidates: Sequence[Candidate], columns: int, lines: int, layout: Layout) -> tuple[Made, ...]:
    """Pages for all pieces on a grid of `columns` × `lines`, the best first; none when no page holds them."""
    advertisements = stand_at_foot(candidates, columns, lines)
    if advertisements is None:
        return ()
    room = _room(advertisements, columns, lines)
    news = [one for one in candidates if not one.at_foot]
    if not news:
        return (Made(advertisements, Solved("optimal", 0.0, 0.0, 0.0, 0), ()),)
    search = _Search(news, room, layout)
    search.run()
    bound = least_cost(news, room.area)
    return tuple(
        Made(
            {**places, **advertisements},
            _solved(value, min(value, bound), search),
            broken(news, places, room, layout),
        )
        for value, places in ((page.value, page.places) for page in search.best)
    )


def _solved(value: float, bound: float, search: _Search) -> Solved:
    status = "optimal" if value - bound < 1 / _SCALE else "feasible"
    return Solved(status, round(value, 1), round(bound, 1), round(search.time, 3), search.tried)


# --------------------------------------------------------------------------- advertisements


def stand_at_foot(candidates: Sequence[Candidate], columns: int, lines: int) -> Places | None:
    """The advertisements on the foot and on each other, widest lowest; None when there is no room."""
    free = [lines] * columns  # first line below what is free
    found: dict[str, Place] = {}
    order = sorted(
        ((number, one) for number, one in enumerate(candidates) if one.at_foot),
        # Of equal ones the first in the source comes last, so that it stands furthest to the left.
        key=lambda pair: (-pair[1].options[0].columns, -pair[1].options[0].lines, -pair[0]),
    )
    for _, one in order:
        option = one.options[0]
        starts = [one.column] if one.column is not None else range(columns - option.columns + 1)
        foot, column = max((min(free[c : c + option.columns]), c) for c in starts)
        if foot < option.lines:
            return None
        row = one.row if one.row is not None else foot - option.lines
        found[one.id] = Place(column, row, option)
        free[column : column + option.columns] = [row] * option.columns
    return found


def _room(advertisements: Places, columns: int, lines: int) -> Room:
    depths = [lines] * columns
    for place in advertisements.values():
        for column in range(place.column, place.right):
            depths[column] = min(depths[column], place.row)
    return Room(tuple(depths))


# --------------------------------------------------------------------------- the search


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that was found."""

    value: float  # its price
    yields: bool  # whether a hard rule is broken, between its pieces or in one, or it is too white
    white: int  # lines of one column that it leaves uncovered
    standings: tuple[Standing, ...]
    places: Places
    proved: bool  # no other depths of it are cheaper

    @property
    def rank(self) -> tuple[bool, float]:
        """The lower the better: no price makes up for a rule that another page keeps."""
        return self.yields, self.value


_Stacks = tuple[tuple[int, ...], ...]  # numbers of the pieces in each basic column, from the head down


@dataclass
class _Search:
    """Pages that were tried, and the best of them."""

    news: Sequence[Candidate]
    room: Room
    layout: Layout
    left: int = 0  # tries
    time: float = 0.0  # deterministic
    until: float = 0.0  # time at which walls of another kind are tried
    tried: int = 0
    best: list[_Page] = field(default_factory=list)
    proved: set[_Stacks] = field(default_factory=set)  # pages of which all depths are known
    figures: dict[tuple[str, int], _Figures] = field(default_factory=dict)
    free: Sequence[Candidate] = field(init=False)  # the news, as free as the walls that are tried leave them

    def __post_init__(self) -> None:
        self.free = self.news

    def run(self) -> None:
        """Find the best pages with `tries` searches, and as many again of other walls if need be."""
        found: list[_Page] = []
        for attempt in _ATTEMPTS:
            if found and (attempt.lenient or self.time > self._patience):
                break
            self.best = []  # else the changes would only go on from the pages that are not good enough
            self.until = self.time + (self._patience - self.time) * _AT_ONCE
            self._attempt(attempt)
            new = [page for page in self.best if all(page.places != other.places for other in found)]
            found = sorted([*found, *new], key=lambda page: page.rank)[: self.layout.makeup.keep]
            self.best = found
            if found and not found[0].yields and found[0].white <= self.room.area * _WHITE:
                break

    def _attempt(self, attempt: _Attempt) -> None:
        """The best pages that come of one kind of walls."""
        self.free = [_aside(one) for one in self.news] if attempt.aside else self.news
        self.left = self.layout.makeup.tries
        for standings in self._walls(attempt)[: self.left // 2]:
            if self.best and self.time > self.until:
                return
            self._try(standings)
        if not self.best and attempt.lenient and (loose := self._loose()) is not None:
            self._try(loose)
        self._polish(_SECOND)
        self._change()
        self._polish(_THIRD)

    def _walls(self, attempt: _Attempt) -> list[tuple[Standing, ...]]:
        """Whole pages of one kind, the most promising first; of several kinds in turn, each page once."""
        makeup = self.layout.makeup
        width, level = makeup.beam_width * attempt.wider, makeup.beam_tolerance_lines[attempt.tolerance]
        beam = partial(Beam, self.free, self.room, self.layout, width, level)
        kinds = [
            beam(strict=strict, wary=attempt.wary, lenient=attempt.lenient).pages()
            for strict in attempt.strict
        ]
        found: dict[_Stacks, tuple[Standing, ...]] = {}
        for standings in chain.from_iterable(zip_longest(*kinds)):
            if standings is not None:
                found.setdefault(_stacks(standings, self.room), standings)
        return list(found.values())

    @property
    def _patience(self) -> float:
        """Deterministic time after which no more is tried."""
        return max(_LEAST_PATIENCE, _PATIENCE * len(self.news))

    def _page(self, places: Places, *, proved: bool) -> _Page:
        found = broken(self.news, places, self.room, self.layout)
        yields = (
            any(place.option.faults for place in places.values())
            or bool(white_beyond(places, self.room, self.layout))
            or any(one.rule != COVER for one in found)
        )
        value = objective(self.news, places, self.room, self.layout)
        white = sum(one.times for one in found if one.rule == COVER)
        return _Page(value, yields, white, _as_placed(self.news, places), places, proved)

    def _loose(self) -> tuple[Standing, ...] | None:
        """A page that no wall makes: with white, or with places that a page plan pins."""

        def run(model: Any, effort: float, presolve: bool) -> Any:
            run = run_model(model, self.layout.makeup.seed, effort, presolve=presolve)
            self.time += run.time
            return run.solver

        drawn = partial(place_cost_per, layout=self.layout)
        return loose_page(self.news, self.room, price(COVER, self.layout), drawn, new_model, run)

    def _try(self, standings: tuple[Standing, ...]) -> bool:
        """Give a page its best depths; whether it is the best so far."""
        self.tried += 1
        self.left -= 1
        stacks = _stacks(standings, self.room)
        if stacks in self.proved:
            return False
        full = len(self.best) >= self.layout.makeup.keep
        limit = max(page.value for page in self.best) if full else None
        found = self._depths(standings, limit).solve(_FIRST)
        self.time += found.time
        if found.proved:
            self.proved.add(stacks)
        if found.places is None or any(found.places == other.places for other in self.best):
            return False
        page = self._page(found.places, proved=found.proved)
        self.best.append(page)
        self.best.sort(key=lambda page: page.rank)
        del self.best[self.layout.makeup.keep :]
        return self.best[0] is page

    def _depths(self, standings: Iterable[Standing], limit: float | None) -> _Depths:
        return _Depths(self.free, standings, self.room, self.layout, limit, self.figures)

    def _polish(self, effort: float) -> None:
        """Search the best pages again, longer: those of which it is not known that none is better."""
        polished = []
        for page in self.best:
            if not page.proved and self.time < self.until:
                found = self._depths(page.standings, page.value).solve(effort)
                self.time += found.time
                if found.places is not None:
                    better = self._page(found.places, proved=found.proved)
                    page = replace(better, standings=page.standings)
                else:
                    page = replace(page, proved=found.proved)
            polished.append(page)
        self.best = sorted(polished, key=lambda page: page.rank)

    def _change(self) -> None:
        """Let pieces of the best pages change places and widths, two at a time, the best page first."""
        done: set[tuple[Standing, ...]] = set()
        while self.left > 0:
            page = next((page for page in self.best if page.standings not in done), None)
            if page is None:
                return
            done.add(page.standings)
            for standings in _changes(self.free, page.standings, self._wrong(page.places)):
                if self.left <= 0 or self.time > self.until:
                    return
                if standings not in done:
                    done.add(standings)
                    if self._try(standings):
                        break  # go on from the better page at once

    def _wrong(self, places: Places) -> frozenset[int]:
        """Numbers of the pieces that break a hard rule."""
        items = {item for one in broken(self.news, places, self.room, self.layout) for item in one.items}
        return frozenset(number for number, one in enumerate(self.news) if one.id in items)


def _aside(one: Candidate) -> Candidate:
    """The lead at the head of the page, and not in its corner if need be; others as they are."""
    return replace(one, column=None) if one.opens else one


def _as_placed(news: Sequence[Candidate], places: Places) -> tuple[Standing, ...]:
    """A page as it is built: its pieces from the head down."""
    standings = [
        Standing(number, place.column, place.option.columns, place.row, place.option.lines)
        for number, place in ((number, places[one.id]) for number, one in enumerate(news))
    ]
    return tuple(sorted(standings, key=lambda s: (s.row, s.column)))


def _stacks(standings: Iterable[Standing], room: Room) -> _Stacks:
    """What decides of a page's depths: which pieces stand in each basic column."""
    ordered = sorted(standings, key=lambda s: (s.row, s.column))
    return tuple(
        tuple(s.piece for s in ordered if s.column <= column < s.column + s.columns)
        for column in range(room.columns)
    )


def _changes(
    news: Sequence[Candidate], page: tuple[Standing, ...], wrong: frozenset[int]
) -> Iterator[tuple[Standing, ...]]:
    """The page with two pieces in each other's place, or the gutter between two moved by a column.

    `wrong`: numbers of pieces that break a rule; what changes these comes first.
    """
    widths = [{option.columns for option in one.options} for one in news]
    pairs = list(combinations(range(len(page)), 2))
    for a, b in sorted(pairs, key=lambda pair: -len(wrong & {page[at].piece for at in pair})):
        one, other = page[a], page[b]
        if any(news[s.piece].column is not None or news[s.piece].row is not None for s in (one, other)):
            moved: list[tuple[Standing, Standing]] = []
        else:
            moved = [(replace(one, piece=other.piece), replace(other, piece=one.piece))]
        moved += _moved_gutters(one, other)
        for first, second in moved:
            if any(news[s.piece].column not in (None, s.column) for s in (first, second)):
                continue  # a pinned piece stays in its column
            if first.columns in widths[first.piece] and second.columns in widths[second.piece]:
                changed = list(page)
                changed[a], changed[b] = first, second
                yield tuple(changed)


def _moved_gutters(one: Standing, other: Standing) -> list[tuple[Standing, Standing]]:
    """Two neighbours, one a column wider and the other narrower."""
    if other.column + other.columns == one.column:
        return [(second, first) for first, second in _moved_gutters(other, one)]
    if one.column + one.columns != other.column:
        return []
    return [
        (
            replace(one, columns=one.columns + by),
            replace(other, column=other.column + by, columns=other.columns - by),
        )
        for by in (1, -1)
    ]


# --------------------------------------------------------------------------- depths of one page


class _Stretch(NamedTuple):
    """Rows of a piece that must keep apart from a neighbour's, for each of its options."""

    first: list[int]
    below: list[int]
    there: list[int]  # 1 where the option has such rows


class _Figures:
    """What the model asks of a piece's options at one width: the same on every page that is tried."""

    def __init__(self, candidate: Candidate, columns: int, layout: Layout) -> None:
        self.options = tuple(option for option in candidate.options if option.columns == columns)
        self.lines = [option.lines for option in self.options]
        self.areas = [option.area for option in self.options]
        self.whites = [round(option.white * _SCALE) for option in self.options]
        self.headlines = [option.choice.headline_pt for option in self.options]
        self.sizes = sorted({size for size in self.headlines if size})
        self.boxed, self.band = self._stretch(_boxed), self._stretch(_band)
        self.upright = self._stretch(_upright)
        self.at_left, self.at_right = self._stretches(pictures_at_left), self._stretches(pictures_at_right)
        self.at_head, self.at_foot = (
            [[int(of(option, column, layout)) for option in self.options] for column in range(columns)]
            for of in (begins_with_mark, ends_with_picture)
        )
        self.seen_left, self.seen_right = self._stretches(_seen_left), self._stretches(_seen_right)

    def _stretches(self, of: Callable[[Option], Sequence[Rows]]) -> list[_Stretch]:
        """One for the first such rows of every option, one for the second of those that have more."""
        rows = [of(option) for option in self.options]
        found = (
            self._stretch(lambda option, at=at: dict(enumerate(of(option))).get(at))  # type: ignore[misc]
            for at in range(max(map(len, rows)))
        )
        return [stretch for stretch in found if stretch]

    def _stretch(self, of: Callable[[Option], Rows | None]) -> _Stretch | None:
        """None when no option has such rows."""
        found = [of(option) for option in self.options]
        if not any(found):
            return None
        rows = [one or (0, 0) for one in found]
        return _Stretch([row[0] for row in rows], [row[1] for row in rows], [int(bool(one)) for one in found])


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece in the model: where it stands, and which option it takes."""

    candidate: Candidate
    column: int
    columns: int
    row: Any
    lines: Any
    figures: _Figures
    literals: tuple[Any, ...]
    weighted_sum: Any  # CP-SAT's

    @property
    def right(self) -> int:
        return self.column + self.columns

    @property
    def options(self) -> tuple[Option, ...]:
        return self.figures.options

    def sum_of(self, values: Sequence[int]) -> Any:
        """What the option that is taken has, of these values of all options."""
        return self.weighted_sum(self.literals, values)


class _Found(NamedTuple):
    """What a search for depths came to."""

    places: Places | None
    time: float  # deterministic
    proved: bool  # there are no better ones


class _Depths:
    """CP-SAT: the best depth and shape of every piece of a page, while all keep columns and neighbours."""

    def __init__(
        self,
        news: Sequence[Candidate],
        standings: Iterable[Standing],
        room: Room,
        layout: Layout,
        limit: float | None,
        figures: dict[tuple[str, int], _Figures] | None = None,  # kept from page to page
    ) -> None:
        from ortools.sat.python import cp_model  # late: heavy, and not needed when a page plan is given

        self.cp: Any = cp_model
        self.model: Any = cp_model.CpModel()
        self.room, self.layout = room, layout
        self.figures = {} if figures is None else figures
        self.cost: list[Any] = []
        self.tops: list[Any] = []  # pairs of headlines at the head
        self.wrong: dict[tuple[str, str, str], Any] = {}  # by pieces and rule
        ordered = sorted(standings, key=lambda s: (s.row, s.column))
        self.pieces = [self._piece(news[standing.piece], standing) for standing in ordered]
        literals = sum(len(piece.literals) for piece in self.pieces)
        self.linear = literals >= _MANY_OPTIONS * len(self.pieces)
        self._stack()
        pairs = list(combinations(self.pieces, 2))
        for one, other in pairs:
            if one.right == other.column:
                self._at_gutter(one, other)
            elif other.right == one.column:
                self._at_gutter(other, one)
            if one.columns == other.columns:
                self._rank(one, other)
                self._rank(other, one)
        self._lead()
        by_id = {piece.candidate.id: piece for piece in self.pieces}
        for earlier, later in in_order([piece.candidate for piece in self.pieces]):
            self._order(by_id[earlier], by_id[later])
        self._cuts_across()
        for piece, standing in zip(self.pieces, ordered, strict=True):
            self._hint(piece, standing)
        self._white_beyond()
        total = sum(self.cost)
        if limit is not None:
            self.model.add(total < int(limit * _SCALE))
        self.model.minimize(total)

    def _price(self, rule: str) -> int:
        return int(price(rule, self.layout) * _SCALE)

    def _yes_or_no(self) -> Any:
        return self.model.new_bool_var("")

    def _piece(self, one: Candidate, standing: Standing) -> _Piece:
        key = one.id, standing.columns
        figures = self.figures.get(key) or self.figures.setdefault(key, _Figures(one, key[1], self.layout))
        literals = tuple(self._yes_or_no() for _ in figures.options)
        self.model.add_exactly_one(literals)
        row = self.model.new_int_var(0, self.room.lines, "")
        if one.row is not None:
            self.model.add(row == one.row)
        per_line, per_column = place_cost_per(one, self.layout)
        across = per_column * standing.column
        piece = _Piece(
            one, standing.column, standing.columns, row, 0, figures, literals, self.cp.LinearExpr.weighted_sum
        )
        self.cost.append(piece.sum_of([round((option.cost + across) * _SCALE) for option in figures.options]))
        self.cost.append(round(per_line * _SCALE) * row)
        return replace(piece, lines=piece.sum_of(figures.lines))

    def _hint(self, piece: _Piece, standing: Standing) -> None:
        """Begin the search at the depth that the piece has nearly."""
        near = min(piece.options, key=lambda option: (abs(option.lines - standing.lines), option.cost))
        self.model.add_hint(piece.row, standing.row)
        for option, literal in zip(piece.options, piece.literals, strict=True):
            self.model.add_hint(literal, option is near)

    def _stack(self) -> None:
        """In each basic column the pieces stand under each other; what they leave white is dear."""
        over: dict[tuple[str, str], tuple[_Piece, _Piece]] = {}
        white: dict[tuple[str, str, int], Any] = {}  # lines of it that something lies beneath
        for column, depth in enumerate(self.room.depths):
            stack = [piece for piece in self.pieces if piece.column <= column < piece.right]
            foot = stack[-1].row + stack[-1].lines if stack else 0
            if depth < self.room.lines:
                white[stack[-1].candidate.id if stack else "", "", depth] = depth - foot
            if not stack:
                continue
            white["", stack[0].candidate.id, 0] = stack[0].row
            for upper, lower in pairwise(stack):
                self.model.add(lower.row >= upper.row + upper.lines)
                over.setdefault((upper.candidate.id, lower.candidate.id), (upper, lower))
            self.model.add(foot <= depth)
        for upper, lower in over.values():  # boxes, an edge in common
            self._part(upper, lower, upper.figures.boxed, lower.figures.boxed, 1, CONTACT)
            white[upper.candidate.id, lower.candidate.id, 0] = lower.row - upper.row - upper.lines
            self._over_each_other(upper, lower)
        for lines in white.values():
            self._hole(lines)
        if self.linear:
            self.uncovered = sum(map(self._white_in, range(self.room.columns)))
        else:
            covered = sum(piece.sum_of(piece.figures.areas) for piece in self.pieces)
            self.uncovered = self.room.area - covered
        self.cost.append(self._price(COVER) * self.uncovered)

    def _white_in(self, column: int) -> Any:
        """Lines of a basic column that no piece covers; an equation for each column gives a better bound."""
        depth = self.room.depths[column]
        white = self.model.new_int_var(0, depth, "")
        stack = [piece.lines for piece in self.pieces if piece.column <= column < piece.right]
        self.model.add(sum(stack) + white == depth)
        return white

    def _hole(self, lines: Any) -> None:
        """So many lines of white that something lies beneath are none, or few."""
        hole = self._yes_or_no()
        self.model.add(lines <= self.layout.rules.hole_lines - 1).only_enforce_if(hole.negated())
        self.cost.append(self._price(HOLE) * hole)

    def _order(self, earlier: _Piece, later: _Piece) -> None:
        """Of two parts of a series the later is not read before the earlier."""
        wrong = self._yes_or_no()
        keeps = [later.row + later.lines >= earlier.row + 1]
        if later.column < earlier.column:
            keeps.append(later.row >= earlier.row + earlier.lines)
        for keep in keeps:
            self.model.add(keep).only_enforce_if(wrong.negated())
        self.cost.append(self._price(SERIES) * wrong)

    def _at_gutter(self, left: _Piece, right: _Piece) -> None:
        """What two pieces at one gutter must not show each other: headlines, pictures, boxes."""
        related = right.candidate.id in left.candidate.related or left.candidate.id in right.candidate.related
        one, other = left.figures, right.figures
        near = ceil(self.layout.rules.bump_lines)
        self._part(left, right, one.band, other.band, near, LINKED if related else BUMPING)
        if not related:
            self._part(left, right, one.band, other.upright, 0, INTO)
            for seen in one.seen_right:
                self._part(left, right, seen, other.band, 0, BESIDE)
                self._part(left, right, seen, other.upright, 0, BESIDE)
            for seen in other.seen_left:
                self._part(right, left, seen, one.band, 0, BESIDE)
        for of_left, of_right in product(one.at_right, other.at_left):
            self._part(left, right, of_left, of_right, 1 - PLAINLY_LEVEL, CONTACT)
        self._part(left, right, one.boxed, other.boxed, 0, CONTACT)

    def _part(
        self,
        left: _Piece,
        right: _Piece,
        of_left: _Stretch | None,
        of_right: _Stretch | None,
        gap: int,
        rule: str,
    ) -> None:
        """Two stretches of rows keep apart, or the rule is broken."""
        if of_left is None or of_right is None:
            return
        (a0, a1, a), (b0, b1, b) = self._stretch(left, of_left), self._stretch(right, of_right)
        over, under, wrong = self._yes_or_no(), self._yes_or_no(), self._wrong(left, right, rule)
        self.model.add(a1 + gap <= b0).only_enforce_if(over)
        self.model.add(b1 + gap <= a0).only_enforce_if(under)
        ways = [over, under, wrong]
        if rule in (BUMPING, LINKED):  # a picture at the gutter parts two, and at the head a pair is allowed
            ways.append(self._top(left, right, rule))
            ways += [self._parts(left, seen, right, of_right) for seen in left.figures.at_right]
            ways += [self._parts(right, seen, left, of_left) for seen in right.figures.at_left]
        # Both stretches are there: then one of the ways must be taken.
        self.model.add(sum(ways) + 2 >= 1 + a + b)

    def _parts(self, piece: _Piece, picture: _Stretch, other: _Piece, band: _Stretch) -> Any:
        """Whether a picture is there and stands beside enough of another's headline to part the two."""
        (first, below, there), parts = self._stretch(piece, picture), self._yes_or_no()
        top, foot, _ = self._stretch(other, band)
        least = other.sum_of([lines_that_part(rows) for rows in zip(band.first, band.below, strict=True)])
        self.model.add(there >= parts)
        for apart in (below - first, below - top, foot - first):
            self.model.add(apart >= least).only_enforce_if(parts)
        return parts

    def _over_each_other(self, upper: _Piece, lower: _Piece) -> None:
        """A picture at the foot of a piece meets a picture or headline at the head of the next.

        And a vertical headline at its edge another.
        """
        one, other = upper.figures.upright, lower.figures.upright
        if one and other and upper.column == lower.column:
            both = upper.sum_of(one.there) + lower.sum_of(other.there)
            self.model.add(both <= 1 + self._wrong(upper, lower, PILED))
        at_foot, at_head = upper.figures.at_foot, lower.figures.at_head
        columns = range(max(upper.column, lower.column), min(upper.right, lower.right))
        meeting = [(at_foot[c - upper.column], at_head[c - lower.column]) for c in columns]
        meeting = [(foot, head) for foot, head in meeting if any(foot) and any(head)]
        if not meeting:
            return
        apart = self._yes_or_no()
        self.model.add(lower.row > upper.row + upper.lines).only_enforce_if(apart)
        either = apart + self._wrong(upper, lower, CONTACT)
        for foot, head in meeting:
            self.model.add(upper.sum_of(foot) + lower.sum_of(head) <= 1 + either)

    def _wrong(self, one: _Piece, other: _Piece, rule: str) -> Any:
        """Whether two pieces break a rule, which costs once, in however many ways they do."""
        key = one.candidate.id, other.candidate.id, rule
        if key not in self.wrong:
            self.wrong[key] = self._yes_or_no()
            self.cost.append(self._price(rule) * self.wrong[key])
        return self.wrong[key]

    def _stretch(self, piece: _Piece, of: _Stretch) -> tuple[Any, Any, Any]:
        """First row, first row below, and whether there is such a stretch at all."""
        first, below = piece.row + piece.sum_of(of.first), piece.row + piece.sum_of(of.below)
        return first, below, piece.sum_of(of.there)

    def _top(self, left: _Piece, right: _Piece, rule: str) -> Any:
        """Whether two stand at the head of the page; linked ones as many as there are, for nothing."""
        at_top = self._yes_or_no()
        self.model.add(left.row == 0).only_enforce_if(at_top)
        self.model.add(right.row == 0).only_enforce_if(at_top)
        if rule == BUMPING:
            self.cost.append(int(self.layout.penalties.top_pairs * _SCALE) * at_top)
            self.tops.append(at_top)
        return at_top

    def _white_beyond(self) -> None:
        """White at the feet of legs and between pieces is dear beyond what the page may have."""
        white = _SCALE * self.uncovered + sum(piece.sum_of(piece.figures.whites) for piece in self.pieces)
        most = round(self.layout.rules.white_share * self.room.area * _SCALE)
        beyond = self.model.new_int_var(0, self.room.area * _SCALE, "")
        self.model.add(beyond >= white - most)
        self.cost.append(int(self.layout.makeup.penalty_white_beyond) * beyond)

    def _rank(self, one: _Piece, other: _Piece) -> None:
        """Where `other` has the larger headline it stands no lower than `one`."""
        for small in one.figures.sizes:
            if not other.figures.sizes or other.figures.sizes[-1] <= small:
                continue
            is_small = one.sum_of([int(size == small) for size in one.figures.headlines])
            is_larger = other.sum_of([int(size > small) for size in other.figures.headlines])
            above, wrong = self._yes_or_no(), self._yes_or_no()
            self.model.add(other.row <= one.row).only_enforce_if(above)
            self.model.add(is_small + is_larger <= 1 + above + wrong)
            self.cost.append(self._price(RANK) * wrong)

    def _lead(self) -> None:
        """No headline comes nearer to a lead's than the step, or the rule is broken, once for each piece."""
        leads = [piece for piece in self.pieces if piece.candidate.leads]
        for other in self.pieces:
            if other.candidate.leads:
                continue
            sizes, wrong = other.figures.headlines, None
            for lead in leads:
                for lead_pt in lead.figures.sizes:
                    most = largest_under(lead_pt, self.layout)
                    if max(sizes) <= most:
                        continue
                    wrong = self._yes_or_no() if wrong is None else wrong
                    is_so = lead.sum_of([int(size == lead_pt) for size in lead.figures.headlines])
                    too_large = other.sum_of([int(size > most) for size in sizes])
                    self.model.add(is_so + too_large <= 1 + wrong)
            if wrong is not None:
                self.cost.append(self._price(LEAD) * wrong)

    def _cuts_across(self) -> None:
        """Whatever row a piece begins at, another crosses it, or only one stands above, or below.

        One that crosses it by a few lines does not to the eye, which costs less.
        """
        if len(self.pieces) < FEW:
            return
        for number, piece in enumerate(self.pieces):
            beside = [other for other in self.pieces if _beside(other, piece)]
            cut, near, at_head = self._yes_or_no(), self._yes_or_no(), self._yes_or_no()
            self.model.add(piece.row == 0).only_enforce_if(at_head)
            # Of pieces that begin at one row the first answers for all: it is one cut.
            ways = [at_head, cut, *self._alone(piece)]
            ways += [self._begins_with(other, piece) for other in self.pieces[:number] if other in beside]
            crosses = [self._crosses(other, piece) for other in beside]
            deep = [self._deep(other, piece, plainly) for other, plainly in zip(beside, crosses, strict=True)]
            self.model.add_bool_or(ways + crosses)
            self.model.add_bool_or([*ways, near, *deep])
            self.cost.append(self._price(CUT_ACROSS) * cut)
            self.cost.append(self._price(NEAR_CUT) * near)

    def _alone(self, piece: _Piece) -> Iterator[Any]:
        """Whether a piece from edge to edge is the only one above another's head, or below it."""
        if piece.columns == self.room.columns:
            alone = self._yes_or_no()
            self.model.add(piece.row + piece.lines == self.room.lines).only_enforce_if(alone)
            yield alone
        for other in self.pieces:
            if other is not piece and other.columns == self.room.columns:
                alone = self._yes_or_no()
                self.model.add(other.row == 0).only_enforce_if(alone)
                self.model.add(other.lines == piece.row).only_enforce_if(alone)
                yield alone

    def _crosses(self, other: _Piece, piece: _Piece) -> Any:
        crosses = self._yes_or_no()
        self.model.add(other.row < piece.row).only_enforce_if(crosses)
        self.model.add(other.row + other.lines > piece.row).only_enforce_if(crosses)
        return crosses

    def _deep(self, other: _Piece, piece: _Piece, crosses: Any) -> Any:
        """Whether it crosses the row at which a piece begins, and does not end a few lines below."""
        deep = self._yes_or_no()
        few = int(self.layout.rules.cut_step_lines)
        self.model.add_implication(deep, crosses)
        self.model.add(other.row + other.lines > piece.row + few).only_enforce_if(deep)
        return deep

    def _begins_with(self, other: _Piece, piece: _Piece) -> Any:
        begins = self._yes_or_no()
        self.model.add(other.row == piece.row).only_enforce_if(begins)
        return begins

    def solve(self, effort: float) -> _Found:
        """The best places, if there are any below the limit."""
        if self.tops:
            self.model.add(sum(self.tops) <= 1)
        run = run_model(self.model, self.layout.makeup.seed, effort, linear=self.linear)
        if run.solver is None:
            return _Found(None, run.time, run.proved)
        places = {piece.candidate.id: self._place(piece, run.solver) for piece in self.pieces}
        return _Found(places, run.time, run.proved)

    @staticmethod
    def _place(piece: _Piece, solver: Any) -> Place:
        pairs = zip(piece.options, piece.literals, strict=True)
        taken = next(option for option, literal in pairs if solver.value(literal))
        return Place(piece.column, solver.value(piece.row), taken)


def new_model() -> Any:
    """An empty model of CP-SAT."""
    from ortools.sat.python import cp_model  # late: heavy, and not needed when a page plan is given

    return cp_model.CpModel()


class Run(NamedTuple):
    """What CP-SAT made of a model."""

    solver: Any | None  # with the page that it found, if it did
    time: float  # deterministic
    proved: bool  # searched to the end: there is no better page, or none


def run_model(model: Any, seed: int, effort: float, *, presolve: bool = True, linear: bool = False) -> Run:
    """The best page that CP-SAT finds in some deterministic time; `linear`: with a linear relaxation."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % (2**31)
    solver.parameters.max_deterministic_time = effort
    solver.parameters.cp_model_presolve = presolve
    # Small models are searched best without much thought before: twice as good in the same time. Those of
    # many options are not; with an equation for each column, too, most are proved in half the time.
    solver.parameters.linearization_level = int(linear)
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0  # no two pieces are alike: looking for symmetries finds none
    # CP-SAT would take Ctrl-C for itself and hand back whatever it has. So it runs in a thread, where
    # this one can be interrupted; an executor, because in Python 3.11 an interrupted Thread.join
    # leaves the thread looking finished.
    solver.parameters.catch_sigint_signal = False
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(solver.solve, model)
        try:
            status = running.result()
        except BaseException:
            solver.stop_search()
            raise
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    proved = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return Run(solver if found else None, solver.response_proto.deterministic_time, proved)


def _beside(one: _Piece, other: _Piece) -> bool:
    """Whether two pieces have no basic column in common."""
    return one.right <= other.column or other.right <= one.column


def _boxed(option: Option) -> Rows | None:
    return (0, option.lines) if option.outline.boxed else None


def _band(option: Option) -> Rows | None:
    return None if option.outline.boxed else option.outline.band


def _upright(option: Option) -> Rows | None:
    return None if option.outline.boxed else option.outline.upright


def _seen_right(option: Option) -> Sequence[Rows]:
    """The same of pictures that a neighbour's headline may seem to belong to."""
    return () if option.outline.boxed or option.outline.alone else pictures_at_right(option)


def _seen_left(option: Option) -> Sequence[Rows]:
    return () if option.outline.boxed or option.outline.alone else pictures_at_left(option)
