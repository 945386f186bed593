"""Articles in the form of an L: an article with a turn and what stands in it as one rectangle.

The trade allows an article one turn, to the right: its headline covers all of its legs, the first ones run
deep, and under the shorter ones at their right stands another item, as wide as they are. Both together are a
rectangle, a *pair*. So wall, changes and depths place pairs as they place any piece; what they find is taken
apart again, and priced as the items that it is. Pairs are tried only where no page of rectangles is good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from issue_publisher.composition.candidates import Candidate, Option, turned_options, worth_trying_among
from issue_publisher.composition.choices import legs_in_whole_columns
from issue_publisher.composition.figure import Sizes
from issue_publisher.composition.model import Choice, Pin, Turn
from issue_publisher.composition.objective import COVER, Place, Places, place_cost_per
from issue_publisher.composition.piece import Piece
from issue_publisher.composition.pins import in_turn_of
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Region
from issue_publisher.composition.solve import Made, priced, solve
from issue_publisher.layout.model import Layout

_SHAPES = 4  # of an article at a width, cheapest first, that are tried with a turn
_DEPTHS = 5  # of what stands in the turn, at a width
_SHARE = 0.6  # what stands in a turn is smaller than the article by so much at least


@dataclass(frozen=True, slots=True)
class Pair(Option):
    """An article with a turn and what stands in it, as one rectangle."""

    outer: Option = field(kw_only=True)
    inner: Option = field(kw_only=True)


Solve = Callable[[Sequence[Candidate]], tuple[Made, ...]]


def solve_with_turns(
    candidates: Sequence[Candidate],
    pins: Mapping[str, Pin],
    pieces: Mapping[str, Piece],
    columns: int,
    lines: int,
    setter: Setter,
    sizes: Sizes,
) -> tuple[Made, ...]:
    """Pages for all pieces on a grid of `columns` × `lines`, the best first; none when no page holds them.

    `pins`, `pieces`: by the candidates' ids. A pair that is pinned stays one. Where the layout has turns and
    the best page of rectangles is white or breaks a hard rule, pages with one turn are looked for, too.
    """
    layout = setter.layout
    fixed = tuple(_pinned(candidates, pins, layout))

    def found(pairs: Sequence[_PairOf]) -> tuple[Made, ...]:
        if not pairs:
            return solve(candidates, columns, lines, layout)
        made = solve(_joined(candidates, pairs), columns, lines, layout)
        return tuple(_apart(one, candidates, columns, lines, layout) for one in made)

    made = found(fixed)
    if not layout.makeup.turns or (made and _is_good(made[0], candidates, columns * lines, layout)):
        return made
    every = list(made)
    tries = 0
    for outer, inner in _likely(candidates, pins, pieces):
        pair = _pair(outer, inner, pieces[outer.id], lines, setter, sizes, len(candidates))
        if pair is not None and tries < layout.makeup.turn_pairs:
            tries += 1
            every += found([*fixed, pair])
    return _best(every, layout)


def _is_good(made: Made, candidates: Sequence[Candidate], area: int, layout: Layout) -> bool:
    """Whether a page breaks no hard rule and is no whiter than a page may be."""
    area -= sum(one.options[0].area for one in candidates if one.at_foot)
    uncovered = sum(one.times for one in made.yielded if one.rule == COVER)
    white = uncovered + sum(place.option.white for place in made.places.values())
    wrong = any(one.rule != COVER for one in made.yielded)
    wrong = wrong or any(place.option.faults for place in made.places.values())
    return not wrong and white <= layout.rules.white_share * area


def _best(made: Sequence[Made], layout: Layout) -> tuple[Made, ...]:
    """The best pages of several searches; what was spent on them is told of all, the bound is the lowest."""
    if not made:
        return ()
    searches = {(one.solved.deterministic_time, one.solved.rounds) for one in made}
    time, rounds = (sum(one[at] for one in searches) for at in (0, 1))
    bound = min(one.solved.bound for one in made)
    best = sorted(made, key=lambda one: one.solved.objective)[: layout.makeup.keep]
    return tuple(
        replace(
            one,
            solved=replace(
                one.solved,
                status="optimal" if one.solved.objective <= bound else "feasible",
                bound=bound,
                deterministic_time=round(time, 3),
                rounds=int(rounds),
            ),
        )
        for one in best
    )


# --------------------------------------------------------------------------- pairs


@dataclass(frozen=True, slots=True)
class _PairOf:
    """Two candidates as one."""

    outer: str
    inner: str
    candidate: Candidate


def _likely(
    candidates: Sequence[Candidate], pins: Mapping[str, Pin], pieces: Mapping[str, Piece]
) -> Iterator[tuple[Candidate, Candidate]]:
    """Articles that may turn, each with what may stand in the turn: a long one with a short one first.

    What is pinned stands where it is pinned, boxes are rectangles, and what begins the page holds its corner.
    """
    areas = {one.id: min(one.options, key=lambda option: option.cost).area for one in candidates}
    free = [one for one in candidates if one.id not in pins and not pieces[one.id].boxed]
    pairs = [
        (areas[inner.id] / areas[outer.id], at, outer, inner)
        for at, (outer, inner) in enumerate((outer, inner) for outer in free for inner in free)
        if outer is not inner
        and pieces[outer.id].kind == "article"
        and inner.column is None
        and inner.rank <= outer.rank
        and areas[inner.id] <= _SHARE * areas[outer.id]
    ]
    for _, _, outer, inner in sorted(pairs, key=lambda pair: pair[:2]):
        yield outer, inner


def _pair(
    outer: Candidate,
    inner: Candidate,
    piece: Piece,
    lines: int,
    setter: Setter,
    sizes: Sizes,
    pieces: int,
) -> _PairOf | None:
    """An article with another item in its turn, in all shapes worth trying; None when there are none."""
    found = _pairs(outer, inner, piece, lines, setter, sizes)
    options = tuple(worth_trying_among(found, setter.layout, pieces))
    return _PairOf(outer.id, inner.id, _together(outer, inner, options)) if options else None


def _together(outer: Candidate, inner: Candidate, options: tuple[Option, ...]) -> Candidate:
    """The candidate of a pair: it stands where its article must, and is drawn as both are."""
    name = f"{outer.id} + {inner.id}"  # no id has a space
    rank, related = outer.rank + inner.rank, outer.related | inner.related
    return Candidate(name, options, rank, outer.column, outer.row, related=related)


def _pairs(
    outer: Candidate, inner: Candidate, piece: Piece, lines: int, setter: Setter, sizes: Sizes
) -> Iterator[Option]:
    makeup = setter.layout.makeup
    for choice in _shapes(outer, piece, setter):
        for turn, inside in _turns(choice, inner):
            tried = [replace(choice, turn=turn)]
            for option in turned_options(piece, setter, sizes, tried, lines):
                turned = replace(option, cost=option.cost + makeup.price_of_turn)
                for one in inside:
                    if one.choice.headline_pt < choice.headline_pt:
                        yield _as_one(turned, one, inner, setter.layout)


def _shapes(outer: Candidate, piece: Piece, setter: Setter) -> Iterator[Choice]:
    """The cheapest shapes of an article at every width, in legs of which some are whole basic columns."""
    by_width: dict[int, list[Choice]] = {}
    for option in sorted(outer.options, key=lambda option: option.cost):
        at_width = by_width.setdefault(option.columns, [])
        if not option.choice.vertical and option.choice not in at_width and len(at_width) < _SHAPES:
            at_width.append(option.choice)
    for columns, tried in sorted(by_width.items()):
        counts = legs_in_whole_columns(piece, setter, columns)
        yield from dict.fromkeys(_in_legs(choice, legs) for choice in tried for legs in counts)


def _in_legs(choice: Choice, legs: int) -> Choice:
    """A shape in another number of legs, its pictures about as wide as they were."""
    pictures = tuple(
        max(1, min(legs - 1, round(span * legs / choice.legs))) if span else 0 for span in choice.pictures
    )
    return replace(choice, legs=legs, pictures=pictures)


def _turns(choice: Choice, inner: Candidate) -> Iterator[tuple[Turn, list[Option]]]:
    """The turns of a shape that what stands in it may have, each with its shapes; it is the narrower half."""
    by_size: dict[tuple[int, int], list[Option]] = {}
    depths: dict[int, set[int]] = {}
    for option in sorted(inner.options, key=lambda option: option.cost):
        known = depths.setdefault(option.columns, set())
        if option.lines in known or len(known) < _DEPTHS:
            known.add(option.lines)
            by_size.setdefault((option.columns, option.lines), []).append(option)
    for (columns, lines), options in sorted(by_size.items()):
        deep = choice.columns - columns
        if deep >= columns and deep * choice.legs % choice.columns == 0:
            yield Turn(deep * choice.legs // choice.columns, lines), options


def _as_one(outer: Option, inner: Option, candidate: Candidate, layout: Layout) -> Pair:
    """A pair as the search sees it: what of both its neighbours must respect."""
    notch = outer.choice.notch(outer.lines)
    assert notch is not None
    pictures = tuple(
        Region(
            region.left + notch.column,
            region.right + notch.column,
            region.top + notch.row,
            region.foot + notch.row,
        )
        for region in inner.outline.pictures
    )
    band = inner.outline.band
    outline = replace(
        outer.outline,
        pictures=(*outer.outline.pictures, *pictures),
        alone=inner.outline.alone,
        low_band=band and (band[0] + notch.row, band[1] + notch.row),
    )
    per_line, per_column = place_cost_per(candidate, layout)
    return Pair(
        replace(outer.choice, turn=None),
        outer.lines,
        outer.cost + inner.cost + notch.row * per_line + notch.column * per_column,
        outline,
        outer.faults + inner.faults,
        outer.white + inner.white,
        outer=outer,
        inner=inner,
    )


# --------------------------------------------------------------------------- together and apart


def _pinned(candidates: Iterable[Candidate], pins: Mapping[str, Pin], layout: Layout) -> Iterator[_PairOf]:
    """Articles that the plan gives a turn, with what it puts in it (`pins.pin_faults` has seen to that)."""
    known = {one.id: one for one in candidates}
    for outer in known.values():
        pin = pins.get(outer.id)
        inside = in_turn_of(pin, pins) if pin is not None else None
        if inside is None or inside.item not in known:
            continue
        inner = known[inside.item]
        options = tuple(
            _as_one(one, other, inner, layout) for one in outer.options for other in inner.options
        )
        yield _PairOf(outer.id, inner.id, _together(outer, inner, options))


def _joined(candidates: Sequence[Candidate], pairs: Sequence[_PairOf]) -> list[Candidate]:
    """The candidates with pairs in the place of what they are made of."""
    outer = {pair.outer: pair.candidate for pair in pairs}
    inner = {pair.inner for pair in pairs}
    return [outer.get(one.id, one) for one in candidates if one.id not in inner]


def _apart(made: Made, candidates: Sequence[Candidate], columns: int, lines: int, layout: Layout) -> Made:
    """A page of pairs as a page of items, at the price that it has as such."""
    places = dict(_places(made.places))
    value, yielded = priced(candidates, places, columns, lines, layout)
    bound = min(made.solved.bound, round(value, 1))
    status = "optimal" if value <= bound else "feasible"
    solved = replace(made.solved, status=status, objective=round(value, 1), bound=bound)
    return Made(places, solved, yielded)


def _places(places: Places) -> Iterator[tuple[str, Place]]:
    for name, place in places.items():
        option = place.option
        if not isinstance(option, Pair):
            yield name, place
            continue
        outer, inner = name.split(" + ")
        notch = option.outer.choice.notch(option.lines)
        assert notch is not None
        yield outer, Place(place.column, place.row, option.outer)
        yield inner, Place(place.column + notch.column, place.row + notch.row, option.inner)
