"""Make-up against two rivals, and how its time grows, on pages drawn by lot.

Draws the solver's time against the number of articles and against the number of shapes; and puts the
objective of the page that we find beside those of a greedy filler and of the best guillotine page, on the
same shapes: see rivals.py. Ours must never be worse: the program says where it is, and fails.
Seconds are the process's own (two pages at a time, whatever else the machine does); the load is printed.
"""

import argparse
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from random import Random

from chart import Chart, charts_svg
from composition.random_pages import candidates_of, random_page
from issue_publisher.composition.candidates import Candidate
from issue_publisher.composition.objective import COVER, Room, broken, objective
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.solve import solve
from issue_publisher.layout.model import Layout
from issue_publisher.production.aside import side_by_side
from rivals import greedy, guillotine
from typesetting.paper import faces, layout

# Articles of a page → which pages of so many; the long ones first, so that no core waits for them.
PAGES = {24: (0,), 16: (0,), 12: (0,), 10: (1,), 8: (0, 1), 7: (0, 1), 6: (0, 1), 5: (0, 1), 4: (0, 1)}
QUICK = {5: (0,), 4: (1,)}
GUILLOTINE = 8  # with more articles a table of all their subsets is too large for Python
SHARES = (1 / 8, 1 / 4, 1 / 2)  # of a page's shapes that are left
THINNED = 8  # articles of the page that is made up with fewer shapes
_NEAR = 0.005  # penalties are compared to two places


@dataclass(frozen=True)
class Row:
    """One page: how long we took for it, and everyone's penalties; None: no page of theirs, or not tried."""

    articles: int
    seed: int
    share: float  # of the shapes
    shapes: int
    seconds: float
    ours: float | None
    bound: float
    broken: int  # hard rules, but for white
    white: int  # lines of one column
    greedy: float | None
    guillotine: float | None
    least: float | None  # that any guillotine page can have
    rivals_seconds: float

    @property
    def name(self) -> str:
        """How a person finds it again."""
        return f"{self.articles} articles, seed {self.seed}"

    @property
    def worse(self) -> bool:
        """Whether a rival's page is better than ours."""
        rivals = [value for value in (self.greedy, self.guillotine) if value is not None]
        ours = math.inf if self.ours is None else self.ours
        return any(ours > value + _NEAR for value in rivals)


def measured(articles: int, seed: int, share: float, patient: Layout, *, rivals: bool = True) -> Row:
    """One page made up by all."""
    candidates, lines = candidates_of(random_page(seed, articles), Setter(patient, faces()))
    candidates = [_thinned(one, share, seed) for one in candidates]
    room = Room((lines,) * patient.grid.columns)
    started = time.process_time()
    made = solve(candidates, room.columns, lines, patient)
    seconds = time.process_time() - started
    started = time.process_time()
    filled = greedy(candidates, room, patient) if rivals else None
    cut = guillotine(candidates, room, patient) if rivals and articles <= GUILLOTINE else None
    rivals_seconds = time.process_time() - started
    wrong = broken(candidates, made[0].places, room, patient) if made else ()
    return Row(
        articles,
        seed,
        share,
        sum(len(one.options) for one in candidates),
        seconds,
        objective(candidates, made[0].places, room, patient) if made else None,
        made[0].solved.bound if made else 0.0,
        sum(one.rule != COVER for one in wrong),
        sum(one.times for one in wrong if one.rule == COVER),
        filled.value if filled else None,
        cut.page.value if cut else None,
        cut.bound if cut else None,
        rivals_seconds,
    )


def _thinned(one: Candidate, share: float, seed: int) -> Candidate:
    """A piece with a share of its shapes: the cheapest, and others by lot; a larger share holds a smaller."""
    if share == 1:
        return one
    first, *others = sorted(one.options, key=lambda option: option.cost)
    Random(f"{seed} {one.id}").shuffle(others)
    kept = {id(option) for option in [first, *others][: math.ceil(len(one.options) * share)]}
    return replace(one, options=tuple(option for option in one.options if id(option) in kept))


# --------------------------------------------------------------------------- what is printed


def growth(rows: Sequence[Row]) -> Sequence[str]:
    """Our time and page, row by row."""
    lines = ["articles  seed  shapes  seconds  objective    bound  broken  white lines"]
    lines += [
        f"{row.articles:8}  {row.seed:4}  {row.shapes:6}  {row.seconds:7.1f}  {_number(row.ours):>9}"
        f"  {row.bound:7.1f}  {row.broken:6}  {row.white:11}"
        for row in sorted(rows, key=lambda row: (row.articles, row.seed, row.share))
    ]
    return lines


def comparison(rows: Sequence[Row]) -> Sequence[str]:
    """Our objective beside the rivals', page by page and in total."""
    head = "page                   ours   greedy    ratio  guillotine    ratio   no guillotine page below"
    lines = [head]
    rows = sorted(rows, key=lambda row: (row.articles, row.seed))
    for row in rows:
        proven = row.least is not None and row.ours is not None and row.ours <= row.least + _NEAR
        lines.append(
            f"{row.name:20} {_number(row.ours):>6}"
            f"  {_number(row.greedy):>7}  {_ratio(row.ours, row.greedy):>7}"
            f"  {_number(row.guillotine):>10}  {_ratio(row.ours, row.guillotine):>7}  {_number(row.least):>8}"
            f"{'  ours is proven best' if proven else ''}{'  OURS IS WORSE' if row.worse else ''}"
        )
    for name in ("greedy", "guillotine"):
        both = [(row.ours, getattr(row, name)) for row in rows if None not in (row.ours, getattr(row, name))]
        ours, theirs = (sum(pair[at] for pair in both) for at in (0, 1))
        never = sum(getattr(row, name) is None for row in rows)
        left = f"; no page of it for {never}" if never else ""
        if both:
            lines.append(
                f"total ours/{name:10} {ours:8.1f} / {theirs:.1f} = {ours / theirs:.3f}"
                f" on {len(both)} pages{left}"
            )
    return lines


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _ratio(ours: float | None, theirs: float | None) -> str:
    return "–" if ours is None or theirs is None else f"{ours / theirs:.3f}"


def drawn(rows: Sequence[Row], thinned: Sequence[Row]) -> str:
    """Time against articles, the mean of each number, and against shapes."""
    whole = sorted(rows, key=lambda row: row.articles)
    means = []
    for articles, group in groupby(whole, key=lambda row: row.articles):
        taken = [row.seconds for row in group]
        means.append((float(articles), sum(taken) / len(taken)))
    shapes = [(float(row.shapes), row.seconds) for row in thinned]
    return charts_svg(
        [
            Chart("Time against articles", "articles", "seconds", means),
            Chart(f"Time against shapes, {thinned[0].articles} articles", "shapes", "seconds", shapes),
        ]
    )


def load() -> str:
    """How much else the machine has to do."""
    return f"load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores"


def main() -> None:
    """Measure, print, and leave tables and curves in a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("dist/bench"), help="folder of table and curves")
    parser.add_argument("--quick", action="store_true", help="two small pages and less patience, for a test")
    options = parser.parse_args()

    from ortools.sat.python import cp_model  # noqa: F401 - so that no page's time has its import in it

    patient, pages, thinned = layout(), PAGES, THINNED
    if options.quick:
        patience = replace(patient.makeup, beam_width=40, tries=20)
        patient, pages, thinned = replace(patient, makeup=patience), QUICK, max(QUICK)
    seed = pages[thinned][0]
    tasks: list[Callable[[], Row]] = [
        partial(measured, articles, one, 1.0, patient) for articles, seeds in pages.items() for one in seeds
    ]
    tasks += [partial(measured, thinned, seed, share, patient, rivals=False) for share in SHARES]
    before = load()
    found = side_by_side(tasks)
    rows, fewer = found[: -len(SHARES)], found[-len(SHARES) :]
    of_shapes = [*fewer, *(row for row in rows if (row.articles, row.seed) == (thinned, seed))]
    said = [
        f"make-up: pages by lot on the broadsheet; {before}, at the end {load()}",
        "\nseconds of the solver's own process, all shapes",
        *growth(rows),
        f"\nthe page of {thinned} articles with an eighth, a quarter, a half and all of its shapes",
        *growth(of_shapes),
        "\npenalties on the same shapes and the same objective; the lower the better",
        *comparison(rows),
    ]
    print("\n".join(said))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "makeup.txt").write_text("\n".join(said) + "\n", encoding="utf-8")
    (options.output / "makeup.svg").write_text(drawn(rows, of_shapes), encoding="utf-8")
    if worse := [row.name for row in rows if row.worse]:
        sys.exit(f"ours is worse than a rival: {'; '.join(worse)}")


if __name__ == "__main__":
    main()
