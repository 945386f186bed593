"""The numbered parts of a series are known, and kept in order on a page and from page to page."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from composition.issues import article
from composition.test_solve import (
    ROOM,
    Drawn,
    layout,
    option,
    page_of,
    piece,
    solved_by_model,
    without_cuts_down,
)
from issue_publisher.composition import solve as solving
from issue_publisher.composition.allot import Load, allot
from issue_publisher.composition.matter import Matter
from issue_publisher.composition.objective import objective
from issue_publisher.composition.series import Part, ordered_pairs, parts_of_series
from issue_publisher.issue.model import Article, SeriesPart


def with_rubric(name: str, rubric: str) -> Article:
    return replace(article(name, 100), rubric=rubric)


@pytest.mark.parametrize(
    ("rubrics", "numbers"),
    [
        (("案例一", "案例二"), [1, 2]),
        (("案例 3", "案例12"), [3, 12]),
        (("之十", "之二十一"), [10, 21]),
        (("案例一", "故事二"), []),  # two series, of one part each
        (("快评", "快评"), []),
        (("一", "二"), []),  # nothing says what they are parts of
    ],
)
def test_rubrics_that_differ_in_their_number_make_a_series(
    rubrics: tuple[str, str], numbers: list[int]
) -> None:
    found = parts_of_series([with_rubric(f"a{at}", rubric) for at, rubric in enumerate(rubrics)])
    assert [part.number for part in found.values()] == numbers


def test_so_do_parts_that_the_source_names() -> None:
    parts = {
        name: replace(article(name, 100), series=SeriesPart("石头记事", number, f"之{number}"))
        for name, number in (("a", 2), ("b", 1))
    }
    found = parts_of_series(parts.values())
    assert ordered_pairs(["a", "b"], found) == [("b", "a")]


def test_equals_have_no_order() -> None:
    assert ordered_pairs(["a", "b"], {"a": Part("s", 1), "b": Part("s", 1)}) == []


# --------------------------------------------------------------------------- on a page

HALF, WHOLE = option(3, 12), option(6, 12)
PAGES = {
    "beside": page_of(a=(0, 0, HALF), b=(3, 0, HALF), c=(0, 12, WHOLE)),
    "under": page_of(c=(0, 0, WHOLE), a=(0, 12, HALF), b=(3, 12, HALF)),
    "steps": page_of(a=(0, 0, option(3, 14)), b=(3, 0, option(3, 10)), c=(3, 10, option(3, 14))),
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_the_model_prices_each_inversion_as_the_objective_does(page: str, order: tuple[int, ...]) -> None:
    candidates, places = PAGES[page]
    numbered = tuple(replace(one, part=Part("s", n)) for one, n in zip(candidates, order, strict=True))
    house = layout()
    more = objective(numbered, places, ROOM, house) - objective(candidates, places, ROOM, house)
    read = sorted(zip(candidates, order, strict=True), key=lambda pair: (places[pair[0].id].row, pair[0].id))
    numbers = [number for _, number in read]
    wrong = sum(a > b for at, a in enumerate(numbers) for b in numbers[at + 1 :])
    assert more == pytest.approx(house.penalties.series_order * wrong)
    _, value = solved_by_model(Drawn(numbered, places), house, held=True)
    assert value == pytest.approx(without_cuts_down(numbered, places, ROOM, house), abs=0.1)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_pieces_of_one_shape_come_out_in_order(order: tuple[int, ...]) -> None:
    numbered = [replace(piece(f"a{n}", option(6, 8)), part=Part("s", n)) for n in order]
    made = solving.solve(numbered, 6, 24, layout())
    rows = {one.id: made[0].places[one.id].row for one in numbered}
    assert [rows[f"a{n}"] for n in (1, 2, 3)] == [0, 8, 16]


# --------------------------------------------------------------------------- from page to page


def test_no_later_part_stands_on_an_earlier_page() -> None:
    sizes = (50, 10, 30, 10, 20, 40)  # the third and the sixth would go best with the first
    loads = [Load(Matter(size - 2, size, size + 40), (0, 1), strong=True, picture=True) for size in sizes]
    rules = layout().pages
    ordered = [(a, b) for a in range(6) for b in range(a + 1, 6)]
    answer = allot(loads, (100, 100), (), rules, ordered)
    assert list(answer) == sorted(answer)
    assert set(answer) == {0, 1}
    free = allot(loads, (100, 100), (), replace(rules, penalty_series=0.0), ordered)
    assert list(free) != sorted(free)
