"""The solver on small pages made by hand or drawn by lot: what its models say, the one objective says too.

Nothing is typeset: a piece is a handful of rectangles with a band, pictures and a box, so that a page takes
milliseconds and every other make-up of it can be tried beside the one that was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise, permutations
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from issue_publisher.composition import solve as solving
from issue_publisher.composition.beam import Beam, Standing, least_cost
from issue_publisher.composition.candidates import Candidate, Option
from issue_publisher.composition.model import Choice
from issue_publisher.composition.objective import (
    BUMPING,
    CONTACT,
    COVER,
    CUT_ACROSS,
    CUT_DOWN,
    HOLE,
    LEAD,
    RANK,
    RULES,
    Place,
    Places,
    Room,
    broken,
    objective,
    price,
)
from issue_publisher.composition.shape import Outline, Region
from issue_publisher.layout.model import Layout
from typesetting.paper import layout as broadsheet

COLUMNS, LINES = 6, 24
ROOM = Room((LINES,) * COLUMNS)
ROUNDED = 0.02  # of a penalty, by piece: the solver counts in hundredths
EFFORT = 1.0  # deterministic time in which every page here is searched through
seeds = st.integers(0, 2**32)
few = settings(max_examples=40)
fewer = settings(max_examples=4)


def layout(**makeup: object) -> Layout:
    """The broadsheet, less patient and with a finer eye: pages here are small."""
    house = broadsheet()
    patience: dict[str, object] = {"beam_width": 20, "tries": 16, "beam_tolerance_lines": (0, 1), **makeup}
    return replace(house, makeup=replace(house.makeup, **patience))  # type: ignore[arg-type]


# --------------------------------------------------------------------------- pieces and pages


def option(
    columns: int,
    lines: int,
    cost: float = 0.0,
    *,
    pt: float = 0.0,
    band: tuple[int, int] | None = None,
    pictures: Sequence[tuple[int, int, int, int]] = (),
    boxed: bool = False,
    alone: bool = False,
    upright: tuple[int, int] | None = None,
) -> Option:
    """A shape; `pictures` as left, right, top and foot within it."""
    regions = tuple(Region(*sides) for sides in pictures)
    outline = Outline(band, regions, boxed, alone, upright)
    return Option(Choice(columns, headline_pt=pt, vertical=bool(upright)), lines, cost, outline)


def piece(name: str, *options: Option, rank: float = 0.0, **more: object) -> Candidate:
    return replace(Candidate(name, options, rank), **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Drawn:
    """A page drawn by lot: it is full when every piece takes its first option."""

    candidates: tuple[Candidate, ...]
    places: Places

    @property
    def standings(self) -> tuple[Standing, ...]:
        places = [self.places[one.id] for one in self.candidates]
        return tuple(
            Standing(number, place.column, place.option.columns, place.row, place.option.lines)
            for number, place in enumerate(places)
        )


def drawn(
    seed: int, pieces: int = 5, room: Room = ROOM, *, spread: int = 3, kinds: int = 3, boxes: bool = True
) -> Drawn:
    """The area parted at random; every piece could also be up to `spread` lines deeper or shallower.

    `boxes`: some pieces stand in a box, or are pictures alone.
    """
    chance = Random(seed)
    parts = [Region(0, room.columns, 0, room.lines)]
    while len(parts) < pieces:
        part = max(parts, key=lambda part: (part.right - part.left) * (part.foot - part.top))
        parts.remove(part)
        parts += _parted(part, chance, pinwheel=pieces - len(parts) >= 5)
    parts.sort(key=lambda part: (part.top, part.left))
    candidates, places = [], {}
    for number, part in enumerate(parts):
        columns, lines = part.right - part.left, part.foot - part.top
        depths = {max(4, lines + chance.randint(-spread, spread)) for _ in range(kinds - 1)} - {lines}
        options = tuple(_option(columns, depth, chance, boxes=boxes) for depth in (lines, *sorted(depths)))
        name = f"a{number}"
        candidates.append(piece(name, *options, rank=chance.choice([0.6, 2.0, 12.0])))
        places[name] = Place(part.left, part.top, options[0])
    if chance.random() < 0.3:
        candidates[0] = replace(candidates[0], related=frozenset({candidates[-1].id}))
    for number in range(chance.choice([0, 0, 1, 2])):
        candidates[number] = replace(candidates[number], leads=True)
    return Drawn(tuple(candidates), places)


def _parted(part: Region, chance: Random, *, pinwheel: bool) -> list[Region]:
    """Two parts of one, beside or over each other; or five that turn round the middle one."""
    left, right, top, foot = part.left, part.right, part.top, part.foot
    wide, deep = right - left, foot - top
    if pinwheel and wide >= 3 and deep >= 16 and chance.random() < 0.7:
        a, b = sorted(chance.sample(range(left + 1, right), 2))
        c = chance.randint(top + 5, top + deep // 2 - 1)
        d = chance.randint(c + 4, foot - 5)
        return [
            Region(left, b, top, c),
            Region(b, right, top, d),
            Region(a, right, d, foot),
            Region(left, a, c, foot),
            Region(a, b, c, d),
        ]
    if wide > 1 and (deep < 10 or chance.random() < 0.5):
        at = chance.randint(left + 1, right - 1)
        return [Region(left, at, top, foot), Region(at, right, top, foot)]
    at = chance.randint(top + 5, foot - 5) if deep >= 10 else top + deep // 2
    return [Region(left, right, top, at), Region(left, right, at, foot)]


def _option(columns: int, lines: int, chance: Random, *, boxes: bool) -> Option:
    """A headline mostly, a picture often, a box now and then; two pictures where there is no headline.

    Of the headlines some stand beside their text.
    """
    deep = min(lines, chance.randint(2, 4))
    band = (0, deep) if chance.random() < 0.8 else None
    upright = (1, lines) if band and chance.random() < 0.2 else None
    band = None if upright else band
    pictures = []
    if chance.random() < 0.5 and lines > deep:
        left, right = sorted(chance.sample(range(columns + 1), 2))
        top = chance.randint(deep, lines - 1)
        pictures.append((left, right, top, chance.randint(top + 1, lines)))
        if band is None and upright is None:  # another over it
            pictures.append((*sorted(chance.sample(range(columns + 1), 2)), 0, chance.randint(1, top)))
    return option(
        columns,
        lines,
        chance.randint(0, 30) + chance.choice([0.0, 0.25, 0.126]),
        pt=chance.choice([18.0, 24.0, 30.0]),
        band=band,
        pictures=pictures,
        boxed=boxes and chance.random() < 0.15,
        alone=boxes and chance.random() < 0.1,
        upright=upright,
    )


def without_cuts_down(candidates: Sequence[Candidate], places: Places, room: Room, house: Layout) -> float:
    """What a page costs but for cuts from head to foot, which no depths change."""
    cuts = sum(one.rule == CUT_DOWN for one in broken(candidates, places, room, house))
    return objective(candidates, places, room, house) - cuts * price(CUT_DOWN, house)


def solved_by_model(
    page: Drawn, house: Layout, room: Room = ROOM, *, held: bool = False
) -> tuple[Places, float]:
    """The best depths that CP-SAT finds, and the price that its model gives them.

    `held`: everything stays as the page has it, so that the price is that of this very page.
    """
    depths = solving._Depths(page.candidates, page.standings, room, house, None)
    if depths.tops:
        depths.model.add(sum(depths.tops) <= 1)
    if held:
        for one in depths.pieces:
            place = page.places[one.candidate.id]
            depths.model.add(one.row == place.row)
            depths.model.add(one.literals[one.options.index(place.option)] == 1)
    solver, _, proved = solving.run_model(depths.model, house.makeup.seed, EFFORT)
    assert solver is not None
    assert proved  # searched to the end
    return {one.candidate.id: depths._place(one, solver) for one in depths.pieces}, (
        solver.objective_value / solving._SCALE
    )


def overlapping(rectangles: Sequence[Region]) -> list[tuple[Region, Region]]:
    return [
        (a, b)
        for a, b in combinations(rectangles, 2)
        if a.left < b.right and b.left < a.right and a.top < b.foot and b.top < a.foot
    ]


def rectangles(places: Places) -> list[Region]:
    return [Region(place.column, place.right, place.row, place.foot) for place in places.values()]


# --------------------------------------------------------------------------- model and objective


def cut(page: Drawn, places: Places, room: Room = ROOM) -> bool:
    return any(one.rule == CUT_ACROSS for one in broken(page.candidates, places, room, layout()))


@few
@given(seeds)
def test_the_model_gives_a_page_the_price_that_the_objective_gives_it(seed: int) -> None:
    page = drawn(seed, 4 + seed % 5, boxes=False)
    assume(not cut(page, page.places))
    assert_priced_alike(page)


@few
@given(seeds)
def test_and_so_with_cuts_across_and_boxes(seed: int) -> None:
    assert_priced_alike(drawn(seed, 4 + seed % 5))


def assert_priced_alike(page: Drawn) -> None:
    _, value = solved_by_model(page, layout(), held=True)
    wanted = without_cuts_down(page.candidates, page.places, ROOM, layout())
    assert value == pytest.approx(wanted, abs=ROUNDED * len(page.candidates))


@few
@given(seeds)
def test_the_page_found_has_the_model_s_price_and_no_other_depths_are_cheaper(seed: int) -> None:
    room = Room((14,) * 4)
    page = drawn(seed, 3 + seed % 2, room, spread=2, boxes=False)
    assume(not any(cut(page, places, room) for places in every_depth(page, room)))
    assert_cheapest(page, room)


@few
@given(seeds)
def test_and_so_where_cuts_across_and_boxes_are_possible(seed: int) -> None:
    room = Room((14,) * 4)
    assert_cheapest(drawn(seed, 3 + seed % 2, room, spread=2), room)


def assert_cheapest(page: Drawn, room: Room) -> None:
    house, slack = layout(), ROUNDED * len(page.candidates)
    places, value = solved_by_model(page, house, room)
    wanted = without_cuts_down(page.candidates, places, room, house)
    others = [without_cuts_down(page.candidates, other, room, house) for other in every_depth(page, room)]
    assert value == pytest.approx(wanted, abs=slack)
    assert min(others) - slack <= wanted <= min(others) + slack


def every_depth(page: Drawn, room: Room) -> Iterator[Places]:
    """The page in all depths and rows in which every piece keeps its columns and what is above it."""

    def more(number: int, free: tuple[int, ...], done: dict[str, Place]) -> Iterator[Places]:
        if number == len(page.candidates):
            yield dict(done)
            return
        one = page.candidates[number]
        column = page.places[one.id].column
        for choice in one.options:
            columns = range(column, column + choice.columns)
            head, foot = max(free[c] for c in columns), min(room.depths[c] for c in columns)
            for row in range(head, foot - choice.lines + 1):
                below = tuple(row + choice.lines if c in columns else d for c, d in enumerate(free))
                yield from more(number + 1, below, {**done, one.id: Place(column, row, choice)})

    yield from more(0, (0,) * room.columns, {})  # from the head down, as the pieces stand in the page


# --------------------------------------------------------------------------- the rules


HEAD = (0, 3)
PLAIN = option(6, 6)


def page_of(**places: tuple[int, int, Option]) -> tuple[list[Candidate], Places]:
    """Pieces, each with its column, its row and its only shape."""
    return (
        [piece(name, shape) for name, (_, _, shape) in places.items()],
        {name: Place(column, row, shape) for name, (column, row, shape) in places.items()},
    )


def rules_of(made: tuple[list[Candidate], Places], room: Room = ROOM) -> list[str]:
    return [one.rule for one in broken(*made, room, layout())]


def slab(**middle: tuple[int, int, Option]) -> tuple[list[Candidate], Places]:
    """A piece over the whole width at head and foot, and something between."""
    return page_of(head=(0, 0, PLAIN), **middle, foot=(0, 18, PLAIN))


def led_by_a(**pieces: tuple[int, int, Option]) -> tuple[list[Candidate], Places]:
    candidates, places = page_of(**pieces)
    return [replace(one, leads=one.id == "a") for one in candidates], places


# rule → a page that keeps it and, but for one thing, the same page that breaks it
PAGES = {
    BUMPING: (
        slab(a=(0, 6, option(2, 12, band=HEAD)), b=(2, 6, option(4, 12, band=(6, 9)))),
        slab(a=(0, 6, option(2, 12, band=HEAD)), b=(2, 6, option(4, 12, band=(5, 8)))),
    ),
    CUT_ACROSS: (
        page_of(
            a=(0, 0, option(2, 12)),
            b=(2, 0, option(4, 13)),
            c=(0, 12, option(2, 12)),
            d=(2, 13, option(4, 11)),
        ),
        page_of(
            a=(0, 0, option(2, 12)),
            b=(2, 0, option(4, 12)),
            c=(0, 12, option(2, 12)),
            d=(2, 12, option(4, 12)),
        ),
    ),
    CUT_DOWN: (
        page_of(a=(0, 0, option(2, 24)), b=(2, 0, option(4, 24))),
        page_of(a=(0, 0, option(3, 24)), b=(3, 0, option(3, 24))),
    ),
    RANK: (
        page_of(a=(0, 0, option(6, 12, pt=24, band=HEAD)), b=(0, 12, option(6, 12, pt=24, band=HEAD))),
        page_of(a=(0, 0, option(6, 12, pt=24, band=HEAD)), b=(0, 12, option(6, 12, pt=25, band=HEAD))),
    ),
    CONTACT: (
        slab(
            a=(0, 6, option(2, 12, pictures=[(0, 2, 2, 6)])), b=(2, 6, option(4, 12, pictures=[(0, 4, 5, 9)]))
        ),
        slab(
            a=(0, 6, option(2, 12, pictures=[(0, 2, 2, 6)])), b=(2, 6, option(4, 12, pictures=[(0, 4, 4, 9)]))
        ),
    ),
    LEAD: (
        led_by_a(a=(0, 0, option(6, 12, pt=36)), b=(0, 12, option(6, 12, pt=24, boxed=True))),
        led_by_a(a=(0, 0, option(6, 12, pt=36)), b=(0, 12, option(6, 12, pt=25, boxed=True))),
    ),
    HOLE: (
        page_of(a=(0, 0, option(6, 12)), b=(0, 12, option(6, 12))),
        page_of(a=(0, 0, option(6, 12)), b=(0, 16, option(6, 8))),
    ),
    COVER: (
        page_of(a=(0, 0, option(6, 12)), b=(0, 12, option(6, 12))),
        page_of(a=(0, 0, option(6, 12)), b=(0, 12, option(6, 11))),
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_kept_by_one_page_and_broken_by_another(rule: str) -> None:
    keeps, breaks = PAGES[rule]
    assert rules_of(keeps) == []
    assert rules_of(breaks) == ([HOLE, COVER] if rule == HOLE else [rule])  # a hole is white, too


@pytest.mark.parametrize(
    "lower",
    [
        option(6, 12, pt=25, band=HEAD),
        option(6, 12, pt=25, upright=(0, 10)),
        option(6, 12, pt=25, boxed=True),
    ],
    ids=["level", "vertical", "boxed"],
)
def test_a_larger_headline_of_any_kind_stands_no_lower_than_a_smaller(lower: Option) -> None:
    """Of pieces of one width, as the judge counts them."""
    upper = option(6, 12, pt=24, band=HEAD)
    assert rules_of(page_of(a=(0, 0, upper), b=(0, 12, lower))) == [RANK]
    assert rules_of(page_of(a=(0, 0, lower), b=(0, 12, upper))) == []
    solved = solving.solve([piece("a", upper), piece("b", lower)], COLUMNS, LINES, layout())
    assert solved[0].places["b"].row == 0
    assert not solved[0].yielded


def test_what_a_page_breaks_is_named_and_counted() -> None:
    for rule, items, times in (
        (BUMPING, ("a", "b"), 1),
        (RANK, ("a", "b"), 1),
        (CONTACT, ("a", "b"), 1),
        (LEAD, ("a", "b"), 1),
        (COVER, (), COLUMNS),
    ):
        (found,) = broken(*PAGES[rule][1], ROOM, layout())
        assert (found.items, found.times) == (items, times)


@pytest.mark.parametrize(
    ("one", "times"),
    [
        (option(2, 12, pictures=[(0, 2, 0, 6)]), 1),
        (option(2, 12, pictures=[(0, 2, 6, 9)]), 0),  # below the headline
        (option(2, 12, pictures=[(0, 1, 0, 6)]), 0),  # away from the gutter
        (option(2, 12, pictures=[(0, 2, 0, 6)], boxed=True), 0),
        (option(2, 12, pictures=[(0, 2, 0, 6)], alone=True), 0),
    ],
    ids=["level", "lower", "away", "boxed", "alone"],
)
@pytest.mark.parametrize("left", [True, False])
def test_a_picture_level_with_another_headline_has_a_price(one: Option, times: int, left: bool) -> None:
    other = option(4, 12, band=HEAD)
    if not left:
        one = replace(one, outline=replace(one.outline, pictures=tuple(map(_mirrored, one.outline.pictures))))
    made = slab(a=(0 if left else 4, 6, one), b=(2 if left else 0, 6, other))
    dear = replace(layout(), penalties=replace(layout().penalties, picture_beside_headline=1000.0))
    free = replace(layout(), penalties=replace(layout().penalties, picture_beside_headline=0.0))
    assert objective(*made, ROOM, dear) - objective(*made, ROOM, free) == 1000 * times
    linked = [replace(item, related=frozenset("ab")) for item in made[0]]
    assert objective(linked, made[1], ROOM, dear) == objective(linked, made[1], ROOM, free)


@pytest.mark.parametrize(
    ("upright", "at_left", "times"),
    [((1, 9), True, 1), ((7, 11), True, 0), ((1, 9), False, 0)],
    ids=["level", "lower", "at its other side"],
)
def test_a_picture_level_with_a_vertical_headline_has_a_price(
    upright: tuple[int, int], at_left: bool, times: int
) -> None:
    pictured, headed = option(2, 12, pictures=[(0, 2, 0, 6)]), option(4, 12, upright=upright)
    made = slab(a=(0 if at_left else 4, 6, pictured), b=(2 if at_left else 0, 6, headed))
    dear = replace(layout(), penalties=replace(layout().penalties, picture_beside_headline=1000.0))
    free = replace(layout(), penalties=replace(layout().penalties, picture_beside_headline=0.0))
    assert objective(*made, ROOM, dear) - objective(*made, ROOM, free) == 1000 * times


def test_a_vertical_headline_parts_its_pictures_from_those_at_its_left() -> None:
    left, shown = option(2, 12, pictures=[(0, 2, 2, 9)]), [(0, 4, 2, 9)]
    for right, met in (
        (option(4, 12, pictures=shown), 1),
        (option(4, 12, pictures=shown, upright=(1, 9)), 0),
    ):
        made = slab(a=(0, 6, left), b=(2, 6, right))
        assert sum(one.rule == CONTACT for one in broken(*made, ROOM, layout())) == met


@pytest.mark.parametrize(
    ("left", "right", "times"),
    [
        (option(3, 12, band=HEAD), option(3, 12, upright=(1, 9)), 1),
        (option(3, 12, band=HEAD), option(3, 12, upright=(5, 11)), 0),
        (option(3, 12, upright=(1, 9)), option(3, 12, band=HEAD), 0),
    ],
    ids=["level", "lower", "with text between"],
)
def test_a_headline_that_runs_into_a_vertical_one_has_a_price(
    left: Option, right: Option, times: int
) -> None:
    made = slab(a=(0, 6, left), b=(3, 6, right))
    assert not [one for one in broken(*made, ROOM, layout()) if one.rule == BUMPING]
    dear = replace(layout(), penalties=replace(layout().penalties, headline_into_vertical=1000.0))
    free = replace(layout(), penalties=replace(layout().penalties, headline_into_vertical=0.0))
    assert objective(*made, ROOM, dear) - objective(*made, ROOM, free) == 1000 * times


def _mirrored(region: Region) -> Region:
    return replace(region, left=2 - region.right, right=2 - region.left)


@pytest.mark.parametrize(
    ("room", "places", "holes"),
    [
        (ROOM, {"a": (0, 0, option(6, 12)), "b": (0, 15, option(6, 9))}, []),
        (ROOM, {"a": (0, 0, option(6, 12)), "b": (0, 12, option(6, 6))}, []),  # open to the foot
        (ROOM, {"a": (0, 4, option(6, 20))}, [("a",)]),  # at the head of the page
        (
            ROOM,
            {"a": (0, 0, option(3, 8)), "c": (3, 0, option(3, 12)), "b": (0, 12, option(6, 12))},
            [("a", "b")],
        ),
        (Room((18,) * 3 + (24,) * 3), {"a": (0, 0, option(6, 14))}, [("a",)]),  # over an advertisement
        (Room((18,) * 3 + (24,) * 3), {"a": (3, 0, option(3, 24))}, [()]),
    ],
    ids=["shallow", "open", "head", "between", "sold", "nothing"],
)
def test_white_that_something_lies_beneath_is_a_hole(
    room: Room, places: dict[str, tuple[int, int, Option]], holes: list[tuple[str, ...]]
) -> None:
    candidates, placed = page_of(**places)
    found = [one.items for one in broken(candidates, placed, room, layout()) if one.rule == HOLE]
    assert found == holes
    page = Drawn(tuple(candidates), placed)
    _, value = solved_by_model(page, layout(), room, held=True)  # and so the model has it
    assert value == pytest.approx(without_cuts_down(candidates, placed, room, layout()), abs=ROUNDED * 2)


@pytest.mark.parametrize(("jog", "times"), [(0, 0), (1, 1), (3, 1), (4, 0)])
@pytest.mark.parametrize("left", [True, False])
def test_an_edge_across_the_page_that_jogs_by_a_few_lines_has_a_price(
    jog: int, times: int, left: bool
) -> None:
    upper, lower = (10, 10 + jog) if left else (10 + jog, 10)
    candidates, places = page_of(
        a=(0, 0, option(3, upper)),
        b=(3, 0, option(3, lower)),
        c=(0, upper, option(3, LINES - upper)),
        d=(3, lower, option(3, LINES - lower)),
    )
    house = layout()
    level = replace(house, penalties=replace(house.penalties, near_cuts=0.0))
    prices = [objective(candidates, places, ROOM, one) for one in (house, level)]
    assert prices[0] - prices[1] == pytest.approx(times * house.penalties.near_cuts)
    _, value = solved_by_model(Drawn(tuple(candidates), places), house, held=True)  # and so the model has it
    assert value == pytest.approx(without_cuts_down(candidates, places, ROOM, house), abs=ROUNDED * 2)


def test_white_beyond_what_a_page_may_have_costs_more_than_white_within() -> None:
    house = layout(penalty_white=1, penalty_white_beyond=50)
    room = Room((100,) * 6)  # a page of which eighteen lines may be white
    paid = []
    for lines in (97, 96, 95):
        candidates, places = page_of(a=(0, 0, option(6, lines)))
        paid.append(objective(candidates, places, room, house))
    assert paid[1] - paid[0] == pytest.approx(6 + 6 * 50)
    assert paid[2] - paid[1] == pytest.approx(6 + 6 * 50)
    candidates, places = page_of(a=(0, 0, option(6, 98)))
    assert paid[0] - objective(candidates, places, room, house) == pytest.approx(6)


def test_a_hole_is_closed_even_by_a_shape_that_is_dear() -> None:
    shallow, deep = option(3, 12), option(3, 20, cost=300.0)
    pieces = (piece("a", shallow, deep), piece("b", option(3, 20)), piece("c", option(6, 4)))
    standing = {"a": Place(0, 0, deep), "b": Place(3, 0, option(3, 20)), "c": Place(0, 20, option(6, 4))}
    house = layout(penalty_white=1, penalty_white_beyond=0)
    places, _ = solved_by_model(Drawn(pieces, standing), house)
    assert places["a"].option == deep
    blind = replace(house, rules=replace(house.rules, hole_lines=LINES))
    places, _ = solved_by_model(Drawn(pieces, standing), blind)
    assert places["a"].option == shallow


boxed = option(2, 12, boxed=True)
EXCEPTIONS = {
    "one pair of headlines at the head": page_of(
        a=(0, 0, option(2, 24, band=HEAD)), b=(2, 0, option(4, 24, band=HEAD))
    ),
    "a box parts headlines": slab(
        a=(0, 6, option(2, 12, band=HEAD, boxed=True)), b=(2, 6, option(4, 12, band=HEAD))
    ),
    "a full-width piece over two": page_of(
        a=(0, 0, option(6, 12)), b=(0, 12, option(2, 12)), c=(2, 12, option(4, 12))
    ),
    "a picture at the foot of the page": page_of(
        a=(0, 0, option(6, 12)), b=(0, 12, option(6, 12, pictures=[(0, 6, 6, 12)]))
    ),
    "a picture over running text": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 2, 6, 12)])), b=(0, 12, option(6, 12))
    ),
    "a picture over a box": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 2, 6, 12)])), b=(0, 12, option(6, 12, band=HEAD, boxed=True))
    ),
    "a picture clear of the headline below": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 2, 4, 10)])), b=(0, 12, option(6, 12, band=HEAD))
    ),
    "a headline with white over it under a picture": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 2, 6, 12)])), b=(0, 12, option(6, 12, band=(2, 5)))
    ),
    "a picture story, its captions over a headline": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 6, 6, 12)], alone=True)),
        b=(0, 12, option(6, 12, band=HEAD)),
    ),
    "pictures level by a line": slab(
        a=(0, 6, option(2, 12, pictures=[(0, 2, 2, 6)])), b=(2, 6, option(4, 12, pictures=[(0, 4, 5, 9)]))
    ),
    "a picture at the gutter parts headlines": slab(
        a=(0, 6, option(2, 12, band=HEAD)),
        b=(2, 6, option(4, 12, band=(2, 5), pictures=[(0, 1, 0, 2)])),
    ),
    "a larger headline, but wider": page_of(
        a=(0, 0, option(2, 12, pt=24, band=(8, 11))),
        c=(0, 12, option(2, 12)),
        b=(2, 0, option(4, 24, pt=30, band=(15, 18))),
    ),
}


def test_of_two_leads_the_smaller_is_held_against_the_others_and_none_against_the_other() -> None:
    a, b, c = (option(2, 24, pt=size) for size in (42, 36, 25))
    candidates, places = page_of(a=(0, 0, a), b=(2, 0, b), c=(4, 0, c))
    two = [replace(one, leads=one.id != "c") for one in candidates]
    assert [one.items for one in broken(two, places, ROOM, layout())] == [("b", "c")]


def test_a_page_whose_lead_stands_out_is_found_though_others_would_like_to_be_larger() -> None:
    """As cheap as may be the lead would have 30 pt over 24; a step apart are 36 over 24, and 30 over 18."""
    lead = piece("t", option(6, 8, 0, pt=30), option(6, 8, 9, pt=36), leads=True, column=0, row=0)
    others = [piece(name, option(3, 16, 0, pt=24), option(3, 16, 6, pt=18)) for name in "ab"]
    made = solving.solve([lead, *others], COLUMNS, LINES, layout())
    sizes = {name: place.option.choice.headline_pt for name, place in made[0].places.items()}
    assert sizes == {"t": 36, "a": 24, "b": 24}
    assert LEAD not in {broke.rule for broke in made[0].yielded}


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_what_the_rules_allow(name: str) -> None:
    assert rules_of(EXCEPTIONS[name]) == []


def test_a_picture_beside_less_than_half_of_a_headline_does_not_part_two() -> None:
    a = (0, 6, option(2, 12, band=(0, 6)))
    below, beside = ([(0, 1, 4, 9)], [(0, 1, 2, 9)])
    assert rules_of(slab(a=a, b=(2, 6, option(4, 12, band=(0, 4), pictures=below)))) == [BUMPING]
    assert rules_of(slab(a=a, b=(2, 6, option(4, 12, band=(0, 2), pictures=beside)))) == []


def test_related_headlines_may_stand_side_by_side() -> None:
    candidates, places = PAGES[BUMPING][1]
    related = [replace(one, related=frozenset({"b"})) if one.id == "a" else one for one in candidates]
    assert rules_of((related, places)) == []
    apart = PAGES[BUMPING][0]
    price = [objective(*page, ROOM, layout()) for page in ((related, places), apart)]
    assert price[0] - price[1] == pytest.approx(layout().penalties.linked_headlines)


def test_related_headlines_cost_nothing_at_the_head() -> None:
    def made(row: int, *, related: bool) -> float:
        candidates, places = page_of(
            a=(0, 0, option(2, 12, band=HEAD)), b=(2, 0, option(4, 12, band=(row, row + 3)))
        )
        if related:
            candidates = [replace(one, related=frozenset({"a", "b"})) for one in candidates]
        return objective(candidates, places, ROOM, layout())

    assert made(0, related=True) == made(9, related=True) == made(9, related=False) < made(0, related=False)


CONTACTS = {
    "a picture over a headline": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 2, 6, 12)])), b=(0, 12, option(6, 12, band=(1, 4)))
    ),
    "boxes side by side": slab(a=(0, 6, boxed), b=(2, 6, option(4, 12, boxed=True))),
    "boxes over each other": page_of(
        a=(0, 0, option(6, 12, boxed=True)), b=(0, 12, option(6, 12, boxed=True))
    ),
    "pictures over each other": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 6, 6, 11)])),
        b=(0, 12, option(6, 12, pictures=[(0, 6, 1, 4)])),
    ),
}


@pytest.mark.parametrize("name", CONTACTS)
def test_what_must_not_touch(name: str) -> None:
    assert rules_of(CONTACTS[name]) == [CONTACT]


BY_HAND = {
    **{f"keeps {rule}": keeps for rule, (keeps, _) in PAGES.items()},
    **{f"breaks {rule}": breaks for rule, (_, breaks) in PAGES.items()},
    **EXCEPTIONS,
    **CONTACTS,
    "a picture between two of its neighbour's": slab(
        a=(0, 6, option(2, 12, pictures=[(0, 2, 2, 4), (0, 2, 8, 10)])),
        b=(2, 6, option(4, 12, pictures=[(0, 4, 5, 7)])),
    ),
    "boxes whose pictures touch": slab(
        a=(0, 6, option(2, 12, boxed=True, pictures=[(0, 2, 2, 6)])),
        b=(2, 6, option(4, 12, boxed=True, pictures=[(0, 4, 2, 6)])),
    ),
    "a picture at a foot over a picture at a head": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 6, 6, 12)])), b=(0, 12, option(6, 12, pictures=[(0, 6, 0, 4)]))
    ),
    "pictures over each other in other columns": page_of(
        a=(0, 0, option(6, 12, pictures=[(0, 3, 6, 12)], alone=True)),
        b=(0, 12, option(6, 12, pictures=[(3, 6, 0, 4)])),
    ),
    "pictures over each other in two columns, at a gutter too": page_of(
        a=(0, 0, option(3, 12, pictures=[(0, 3, 6, 12)], alone=True)),
        b=(3, 0, option(3, 11, pictures=[(0, 1, 4, 5), (0, 1, 7, 11)], alone=True)),
        c=(0, 12, option(6, 12, pictures=[(0, 2, 0, 4), (4, 6, 0, 4)])),
    ),
    "a line between pictures over each other": page_of(
        a=(0, 0, option(6, 11, pictures=[(0, 6, 6, 11)], alone=True)),
        b=(0, 12, option(6, 12, pictures=[(0, 6, 0, 4)])),
    ),
    "three pictures at a gutter, two that join": slab(
        a=(0, 6, option(2, 12, pictures=[(0, 2, 1, 3), (0, 2, 3, 5), (1, 2, 9, 11)])),
        b=(2, 6, option(4, 12, pictures=[(0, 4, 5, 7), (0, 4, 10, 12)])),
    ),
    "two narrow pieces, one not to the foot": page_of(
        a=(0, 0, option(2, 10)), b=(2, 0, option(4, 10)), c=(0, 10, option(4, 14)), d=(4, 10, option(2, 9))
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_model_prices_pages_made_by_hand_as_the_objective_does(name: str) -> None:
    candidates, places = BY_HAND[name]
    assert_priced_alike(Drawn(tuple(candidates), places))


@pytest.mark.parametrize("seed", range(12))
def test_a_model_with_an_equation_for_each_column_prices_and_finds_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room((14,) * 4)
    small = drawn(seed, 3 + seed % 2, room, spread=2)
    plain = solved_by_model(small, layout(), room)[1]
    monkeypatch.setattr(solving, "_MANY_OPTIONS", 0)
    assert solving._Depths(small.candidates, small.standings, room, layout(), None).linear
    assert_priced_alike(drawn(seed, 4 + seed % 5))
    assert solved_by_model(small, layout(), room)[1] == pytest.approx(plain)


# --------------------------------------------------------------------------- the bound


@few
@given(seeds)
def test_no_full_page_is_cheaper_than_the_bound(seed: int) -> None:
    page, house = drawn(seed, 3 + seed % 6), layout()
    assert least_cost(page.candidates, ROOM.area) <= objective(page.candidates, page.places, ROOM, house)


@fewer
@given(seeds)
def test_pages_found_keep_the_bound_are_as_they_are_said_to_be_and_none_better_is_missed(seed: int) -> None:
    page, house = drawn(seed, 5 + seed % 3), layout(beam_width=150, tries=160)
    made = solving.solve(page.candidates, COLUMNS, LINES, house)
    assert made
    for one in made:
        assert one.solved.bound <= one.solved.objective
        value = objective(page.candidates, one.places, ROOM, house)
        assert one.solved.objective == pytest.approx(value, abs=0.06)  # to a tenth
        assert one.yielded == broken(page.candidates, one.places, ROOM, house)
        assert not overlapping(rectangles(one.places))
        assert all(place.foot <= LINES and place.right <= COLUMNS for place in one.places.values())
        assert all(one.places[each.id].option in each.options for each in page.candidates)
    assert made[0].solved.objective <= objective(page.candidates, page.places, ROOM, house) + 0.06
    values = [one.solved.objective for one in made]
    assert values == sorted(values)


# --------------------------------------------------------------------------- the beam


@few
@given(seeds, st.integers(0, 4))
def test_pages_of_the_beam_are_whole_and_nothing_overlaps(seed: int, tolerance: int) -> None:
    pieces = 4 + seed % 5
    page, house = drawn(seed, pieces), layout()
    for standings in Beam(page.candidates, ROOM, house, 30, tolerance).pages():
        stand = [Region(s.column, s.column + s.columns, s.row, s.row + s.lines) for s in standings]
        assert sorted(standing.piece for standing in standings) == list(range(pieces))
        assert not overlapping(stand)
        assert all(region.right <= COLUMNS and region.foot <= LINES for region in stand)


@few
@given(seeds)
def test_pieces_that_fill_the_page_exactly_are_laid(seed: int) -> None:
    page = drawn(seed, 3 + seed % 4, kinds=1)
    assert Beam(page.candidates, ROOM, layout(), 150, 0).pages()


@few
@given(seeds, st.integers(0, 7))
def test_the_beam_leaves_what_is_pinned_in_its_place(seed: int, which: int) -> None:
    page = drawn(seed, 5)
    page = pinned(page, which % 5)
    tolerance = 2
    place = page.places[page.candidates[which % 5].id]
    pages = Beam(page.candidates, ROOM, layout(), 60, tolerance).pages()
    for standings in pages:
        (standing,) = [s for s in standings if s.piece == which % 5]
        assert standing.column == place.column
        assert abs(standing.row - place.row) <= tolerance


def pinned(page: Drawn, number: int) -> Drawn:
    """The page with a piece pinned to where it stands."""
    one = page.candidates[number]
    place = page.places[one.id]
    held = replace(one, column=place.column, row=place.row)
    return replace(page, candidates=(*page.candidates[:number], held, *page.candidates[number + 1 :]))


# --------------------------------------------------------------------------- the solver


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_pieces_make_the_same_pages(seed: int) -> None:
    candidates = drawn(seed, 7).candidates
    once, again = (solving.solve(candidates, COLUMNS, LINES, layout()) for _ in range(2))
    assert once == again
    assert len(once) > 1


def test_depths_that_are_proved_best_are_not_searched_again() -> None:
    page = drawn(3, 5)
    search = solving._Search(page.candidates, ROOM, layout())
    assert search._try(page.standings)
    (found,) = search.best
    assert found.proved
    time = search.time
    deeper = tuple(replace(one, row=one.row + 1) for one in page.standings)  # the same columns
    assert not search._try(deeper)
    search._polish(EFFORT)
    assert (search.time, search.best, search.tried) == (time, [found], 2)


def test_a_search_ends_when_its_patience_does(monkeypatch: pytest.MonkeyPatch) -> None:
    page = drawn(3, 7)
    whole = solving.solve(page.candidates, COLUMNS, LINES, layout())[0].solved
    monkeypatch.setattr(solving, "_LEAST_PATIENCE", whole.deterministic_time / 2)
    monkeypatch.setattr(solving, "_PATIENCE", 0.0)
    short = solving.solve(page.candidates, COLUMNS, LINES, layout())[0].solved
    # What is begun is ended.
    assert short.deterministic_time <= whole.deterministic_time / 2 + solving._THIRD
    assert short.rounds < whole.rounds


@fewer
@given(seeds, st.integers(0, 4))
def test_a_pinned_piece_stays(seed: int, which: int) -> None:
    page = pinned(drawn(seed, 5), which)
    name = page.candidates[which].id
    made = solving.solve(page.candidates, COLUMNS, LINES, layout())
    assert made
    for one in made:
        assert one.places[name].column == page.places[name].column
        assert one.places[name].row == page.places[name].row


sizes = st.lists(st.tuples(st.integers(1, COLUMNS), st.integers(2, 5)), min_size=1, max_size=5)


@given(sizes)
def test_advertisements_stand_on_the_foot_or_on_each_other(sizes: Sequence[tuple[int, int]]) -> None:
    sold = [piece(f"ad{n}", option(*size), at_foot=True) for n, size in enumerate(sizes)]
    stand = solving.stand_at_foot(sold, COLUMNS, LINES + 1)
    assert stand is not None
    parts = rectangles(stand)
    assert not overlapping(parts)
    for part in parts:
        under = [
            one.top for one in parts if one.left < part.right and part.left < one.right and one is not part
        ]
        assert part.foot in (LINES + 1, *under)


@pytest.mark.parametrize("size", [(6, 4), (4, 4), (2, 6)])
def test_no_news_stands_beneath_an_advertisement(size: tuple[int, int]) -> None:
    sold = [piece("ad", option(*size), at_foot=True), piece("small", option(2, 3), at_foot=True)]
    news = [
        piece("a", *(option(6, lines) for lines in range(4, 9))),
        piece("b", *(option(2, lines) for lines in range(8, 21))),
        piece("c", *(option(4, lines) for lines in range(8, 21))),
        piece("d", *(option(2, lines) for lines in range(4, 9))),
    ]
    made = solving.solve([*news, *sold], COLUMNS, LINES, layout())
    assert made
    for one in made:
        parts = {name: place for name, place in one.places.items() if name in ("ad", "small")}
        assert not overlapping(rectangles(one.places))
        for ad in parts.values():
            assert not [
                name
                for name, place in one.places.items()
                if name not in parts
                and place.row >= ad.foot
                and place.column < ad.right
                and ad.column < place.right
            ]


def test_what_no_page_holds_gives_none() -> None:
    assert (
        solving.solve([piece("a", option(6, 20)), piece("b", option(6, 5))], COLUMNS, LINES, layout()) == ()
    )
    sold = [piece(f"ad{n}", option(6, 13), at_foot=True) for n in range(2)]
    assert solving.solve(sold, COLUMNS, LINES, layout()) == ()


# --------------------------------------------------------------------------- the lead's corner


def led_page(pictures: bool) -> list[Candidate]:
    """A lead of four columns, a piece of two beside it and one below; with pictures that would meet."""
    at_right, at_left = ([(3, 4, 4, 9)], [(0, 1, 4, 9)]) if pictures else ([], [])
    lead = piece("a", option(4, 14, pt=36, pictures=at_right), rank=12.0, leads=True)
    return [
        replace(lead, column=0, row=0, opens=True),
        piece("b", option(2, 14, pt=20, pictures=at_left)),
        piece("c", option(6, 10, pt=20)),
    ]


def test_a_lead_opens_the_page_in_its_corner() -> None:
    (made, *_) = solving.solve(led_page(pictures=False), COLUMNS, LINES, layout())
    assert (made.places["a"].column, made.places["a"].row) == (0, 0)


def test_a_lead_leaves_its_corner_for_the_upper_right_where_it_would_break_a_rule() -> None:
    (made, *_) = solving.solve(led_page(pictures=True), COLUMNS, LINES, layout())
    assert (made.places["a"].column, made.places["a"].row) == (2, 0)
    assert not made.yielded


def test_a_lead_that_is_pinned_stays_where_it_is() -> None:
    lead, *others = led_page(pictures=True)
    made = solving.solve([replace(lead, opens=False), *others], COLUMNS, LINES, layout())
    assert all(one.places["a"].column == 0 for one in made)
    assert {broke.rule for broke in made[0].yielded} == {CONTACT}


# --------------------------------------------------------------------------- what yields


# rule → the shapes of four pieces which only fill the page so that this rule, and no other, is broken
ONLY = {
    RANK: {
        "t": option(6, 5, pt=20, band=HEAD),
        "a": option(2, 8),
        "b": option(4, 8),
        "c": option(6, 11, pt=30, band=HEAD),
    },
    CONTACT: {
        "t": option(6, 6),
        "a": option(2, 11, boxed=True),
        "b": option(4, 11, boxed=True),
        "c": option(6, 7),
    },
    BUMPING: {
        "t": option(6, 3),
        "a": option(2, 19, band=HEAD),
        "b": option(4, 19, band=HEAD),
        "c": option(6, 2),
    },
    CUT_ACROSS: {"t": option(2, 12), "a": option(4, 12), "b": option(2, 12), "c": option(4, 12)},
    LEAD: {  # the lead is "a"; without bands nothing is said of equal widths
        "t": option(6, 7, pt=20),
        "a": option(2, 9, pt=30),
        "b": option(4, 9),
        "c": option(6, 8),
    },
    CUT_DOWN: {"t": option(3, 16), "a": option(3, 9), "b": option(3, 15), "c": option(3, 8)},
}
YIELDS = tuple(broadsheet().makeup.yields)


def test_what_may_yield_is_what_the_layout_orders() -> None:
    assert {*YIELDS, COVER} == set(RULES)
    prices = [price(rule, broadsheet()) for rule in YIELDS]
    assert all(2 * less == more for less, more in pairwise(prices))


@pytest.mark.parametrize(("one", "other"), [*permutations([rule for rule in YIELDS if rule != HOLE], 2)])
def test_of_two_rules_the_one_that_the_layout_names_earlier_yields(one: str, other: str) -> None:
    """Of two pages, each of which breaks one rule; in whichever order a layout has them."""
    order = (one, other, *(rule for rule in YIELDS if rule not in (one, other)))
    candidates = [piece(name, ONLY[one][name], ONLY[other][name]) for name in "tabc"]
    candidates[0] = replace(candidates[0], column=0, row=0)
    candidates[1] = replace(candidates[1], leads=True)  # it has a headline on the page that breaks its rule
    made = solving.solve(candidates, COLUMNS, LINES, layout(yields=order, penalty_white=5_000))
    assert made
    assert {broke.rule for broke in made[0].yielded} == {one}
