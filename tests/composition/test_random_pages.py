"""Pages drawn by lot come out whole: all set, nothing over anything, nearly full, by every hard rule.

`make test` makes up a few; `make check-pages` all sixty, and leaves their proofs for a contact sheet.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from composition.issues import composed
from composition.random_pages import candidates_of, proof_of, random_items, random_page
from composition.walk import check
from issue_publisher.composition.compose import page_area
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.composition.report import PageReport
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Figure, Weight
from typesetting.paper import faces, layout

ALL, SOME, TWICE = range(60), range(5), (2,)
FOLDER = os.environ.get("CHECK_PAGES")  # where the proofs of all pages go
SEEDS = ALL if FOLDER else SOME
MOST_BLANK = 0.03  # of the type area


def made_up(seed: int) -> ComposedIssue:
    """An issue with the page drawn, made up with the layout's own patience."""
    return composed(random_page(seed), made_for=layout())


@cache
def made_up_once(seed: int) -> ComposedIssue:
    return made_up(seed)


# --------------------------------------------------------------------------- made up


def one_worker(seed: int) -> Any:
    """A page that is made up once for all who look at it."""
    return pytest.param(seed, marks=pytest.mark.xdist_group(f"page-{seed}"))


@pytest.mark.parametrize("seed", list(map(one_worker, SEEDS)))
def test_a_page_drawn_by_lot_is_made_up_whole(seed: int) -> None:
    made = made_up_once(seed)
    report = judge(made.pages[1], made.issue, layout(), solved=made.pages[1].solved)
    faults = list(_faults(report))
    if FOLDER:
        _leave(Path(FOLDER), seed, made, report)
    check(made)  # every word and picture once, within its frame; no frame over another
    area = page_area(made.issue, made.pages[1].page, layout())
    assert all(frame.placement.row >= area.top and frame.parts for frame in made.pages[1].frames)
    assert faults == []


@pytest.mark.parametrize("seed", list(map(one_worker, TWICE)))
def test_a_page_comes_out_the_same_again(seed: int) -> None:
    once, again = made_up_once(seed), made_up(seed)
    assert once.pages == again.pages
    assert [page.solved for page in once.pages] == [page.solved for page in again.pages]


def _faults(report: PageReport) -> Iterator[str]:
    """What a page must not have: overset, too much white, a hard rule broken."""
    if report.overset_lines:
        yield f"{report.overset_lines} lines overset"
    if report.blank > MOST_BLANK:
        yield f"{report.blank:.1%} blank"
    yield from (f"{one.rule}: {one.words}" for one in report.verdicts if one.hard and not one.kept)


def _leave(folder: Path, seed: int, made: ComposedIssue, report: PageReport) -> None:
    """The page's proof, and what is to be said of it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"page-{seed:02}.png").write_bytes(proof_of(made, Setter(layout(), faces())))
    solved = report.solved
    said = {
        "seed": seed,
        "articles": len(made.pages[1].frames),
        "blank": round(report.blank, 4),
        "faults": list(_faults(report)),
        "penalty": round(sum(one.penalty for one in report.verdicts), 1),
        "objective": solved.objective if solved else None,
        "bound": solved.bound if solved else None,
    }
    (folder / f"page-{seed:02}.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


# --------------------------------------------------------------------------- the pages as they are drawn


def weights(seed: int, articles: int | None = None) -> list[Weight]:
    return [item.weight for item in random_items(seed, articles)]


@pytest.mark.parametrize("seed", ALL)
def test_the_pages_drawn_are_like_a_papers(seed: int) -> None:
    items = random_items(seed)
    ranks = weights(seed)
    assert 5 <= len(items) <= 12
    assert ranks.count(Weight.LEAD) == 1
    assert ranks.count(Weight.MAJOR) in (1, 2)
    assert all(8 <= len(item.headline.plain) <= 20 for item in items)
    assert all(295 <= _characters(item.body) <= 3000 for item in items)
    assert all(sum(isinstance(block, Figure) for block in item.body) <= 3 for item in items)


@pytest.mark.parametrize("seed", range(4))
def test_a_page_of_twelve_has_three_to_five_briefs(seed: int) -> None:
    assert 3 <= weights(seed, 12).count(Weight.BRIEF) <= 5


@pytest.mark.parametrize("articles", [4, 8, 12, 24])
def test_what_is_drawn_neither_overfills_a_page_nor_leaves_it_empty(articles: int) -> None:
    candidates, lines = candidates_of(random_page(1, articles), Setter(layout(), faces()))
    areas = [[option.area for option in one.options] for one in candidates]
    least, most = (sum(map(of, areas)) / (lines * layout().grid.columns) for of in (min, max))
    assert len(candidates) == articles
    assert 0.7 < least < 0.95
    assert most > 1.2


def _characters(body: Sequence[object]) -> int:
    return sum(len(block.text.plain) for block in body if hasattr(block, "text"))
