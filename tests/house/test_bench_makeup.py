"""The benchmark of make-up: its rivals make fair pages, and it prints and draws what it found."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from itertools import combinations, product
from pathlib import Path

import pytest
from lxml import etree

import makeup
import rivals
from composition.random_pages import candidates_of, random_page
from issue_publisher.composition.candidates import Candidate, Option
from issue_publisher.composition.model import Choice
from issue_publisher.composition.objective import Place, Places, Room, objective
from issue_publisher.composition.setter import Setter
from typesetting.paper import faces, layout

SVG = "{http://www.w3.org/2000/svg}"


def piece(name: str, *shapes: tuple[int, int, float], **more: object) -> Candidate:
    """A piece without headline or picture: columns, lines and price of each shape."""
    options = tuple(Option(Choice(columns), lines, cost) for columns, lines, cost in shapes)
    return replace(Candidate(name, options, rank=1.0), **more)  # type: ignore[arg-type]


def overlap(places: Places) -> bool:
    return any(
        a.column < b.right and b.column < a.right and a.row < b.foot and b.row < a.foot
        for a, b in combinations(places.values(), 2)
    )


def inside(places: Places, room: Room) -> bool:
    return all(place.foot <= min(room.depths[place.column : place.right]) for place in places.values())


# --------------------------------------------------------------------------- the rivals


@pytest.mark.parametrize("rival", ["greedy", "guillotine"])
def test_a_rivals_page_is_a_page(rival: str) -> None:
    candidates, lines = candidates_of(random_page(0, 5), Setter(layout(), faces()))
    room = Room((lines,) * layout().grid.columns)
    made = getattr(rivals, rival)(candidates, room, layout())
    page = made.page if rival == "guillotine" else made
    assert set(page.places) == {one.id for one in candidates}
    assert not overlap(page.places)
    assert inside(page.places, room)
    assert all(page.places[one.id].option in one.options for one in candidates)
    assert (page.places["a0"].column, page.places["a0"].row) == (0, 0)
    assert page.value == objective(candidates, page.places, room, layout())


def test_no_guillotine_page_is_cheaper_than_the_bound_and_the_best_is_found() -> None:
    shapes = [[(4, 3, 9.0), (2, 5, 3.0)], [(4, 3, 1.0), (2, 5, 2.0)], [(4, 2, 5.0), (2, 3, 2.0)]]
    candidates = [piece(f"a{number}", *of) for number, of in enumerate(shapes)]
    room = Room((8,) * 4)
    found = rivals.guillotine(candidates, room, layout())
    every = [
        objective(candidates, places, room, layout())
        for options in product(*(one.options for one in candidates))
        for at in product(product(range(4), range(8)), repeat=3)
        if all(c + o.columns <= 4 and r + o.lines <= 8 for (c, r), o in zip(at, options, strict=True))
        and not overlap(
            places := {
                one.id: Place(*where, option)
                for one, where, option in zip(candidates, at, options, strict=True)
            }
        )
    ]
    assert found is not None
    assert found.bound <= found.page.value == pytest.approx(min(every))  # of three pieces all are guillotine


def test_a_pinwheel_is_no_guillotine_page() -> None:
    sizes = {"a": (3, 2), "b": (2, 3), "c": (3, 2), "d": (2, 3), "e": (1, 1)}
    candidates = [piece(name, (*size, 0.0)) for name, size in sizes.items()]
    assert rivals.guillotine(candidates, Room((5,) * 5), layout()) is None


def test_what_must_begin_the_page_begins_it() -> None:
    candidates = [piece("a", (2, 5, 0.0)), piece("lead", (2, 5, 0.0), column=0, row=0)]
    found = rivals.guillotine(candidates, Room((5,) * 4), layout())
    assert found is not None
    assert (found.page.places["lead"].column, found.page.places["lead"].row) == (0, 0)


def test_the_filler_gives_up_a_page_that_is_too_full() -> None:
    candidates = [piece("a", (2, 5, 0.0)), piece("b", (2, 6, 0.0))]
    assert rivals.greedy(candidates, Room((5,) * 4), layout()) is None


# --------------------------------------------------------------------------- the program


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The folder of a quick run, what it printed, and what it fails with."""
    folder, printed, fault = tmp_path_factory.mktemp("makeup") / "bench", StringIO(), ""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.setattr(sys, "argv", ["makeup.py", "--quick", "--output", str(folder)])
        try:
            makeup.main()
        except SystemExit as end:
            fault = str(end)
    return folder, printed.getvalue(), fault


@pytest.mark.xdist_group("bench of make-up")
def test_it_leaves_a_table_and_curves(run: tuple[Path, str, str]) -> None:
    folder, printed, _ = run
    assert (folder / "makeup.txt").read_text(encoding="utf-8") == printed
    assert "load" in printed
    assert "total ours/greedy" in printed
    assert "total ours/guillotine" in printed
    drawn = etree.fromstring((folder / "makeup.svg").read_bytes())
    assert len(drawn.findall(f".//{SVG}circle")) == sum(map(len, (makeup.QUICK, (*makeup.SHARES, 1))))


@pytest.mark.xdist_group("bench of make-up")
def test_no_rival_makes_a_better_page(run: tuple[Path, str, str]) -> None:
    assert run[2] == ""


def test_a_page_that_is_worse_than_a_rivals_is_named() -> None:
    row = makeup.Row(5, 3, 1.0, 400, 2.0, 171.2, 12.0, 0, 1, 900.0, 171.1, 60.0, 0.1)
    assert row.worse
    assert "OURS IS WORSE" in "\n".join(makeup.comparison([row]))
    assert not replace(row, guillotine=171.2).worse
