"""The sample issue in both layouts, from no page plan: as its reference pictures show it, by all hard rules.

A reference picture is no larger than a stamp: it shows where headlines, pictures and text stand, and no
letter. `make pictures` renews them. A failure leaves was, is and difference in build/pictures/.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter

from issue_publisher.composition.area import page_area
from issue_publisher.production.build import Output, build
from issue_publisher.production.load import Source, load
from issue_publisher.rendering.pixels import draw_pages
from requirements.gallery import renewing

ISSUE = Path(__file__).resolve().parents[2] / "source" / "2026-11-23"
FOLDER = Path(__file__).with_name("reference")
PAGES = {"broadsheet": 4, "tabloid": 8}
MOST_BLANK = 0.03  # of the area for articles
MOST_BYTES = 15_000

WIDTH_PX = 110
FINER = 4  # pages are drawn so much larger, then every square of pixels becomes their mean
STEP = 8  # greys of the kept picture
# The mean difference, of 255 levels, in the spot of a tenth of the page's width where it is largest. Strokes
# that move by half a pixel as drawn make 7 of it, somewhat darker ones 13; a block of text some lines lower
# 20 to 100, another make-up 120 and more.
SPOT_PX = 11
TOLERANCE = 15


@dataclass(frozen=True)
class MadeUp:
    """The sample in a layout."""

    source: Source
    pdf: bytes
    plan: dict[str, Any]
    report: dict[str, Any]

    def page(self, number: int) -> dict[str, Any]:
        """What the report says of a page."""
        (found,) = [page for page in self.report["pages"] if page["page"] == number]
        return found


@cache
def made_up(name: str) -> MadeUp:
    """Built as by the desk where no plan lies beside the issue; its pages side by side in processes."""
    source = load(ISSUE, name).source
    assert source is not None
    source = replace(source, plan=None)
    with tempfile.TemporaryDirectory() as dist:
        built = build(source, Path(dist), frozenset({Output.PRESS}), proof=True)
    products = {product.role: product.data for product in built.products}
    assert built.report is not None
    return MadeUp(source, products["press"], tomllib.loads(products["page-plan"].decode()), built.report)


def by_layout(*given: object, name: str) -> Any:
    """A case; all of a layout go to the same worker, which makes it up once."""
    marks = (pytest.mark.slow, pytest.mark.xdist_group("made-up"))
    return pytest.param(*given, marks=marks, id="-".join(map(str, given)))


of_each_layout = pytest.mark.parametrize("name", [by_layout(name, name=name) for name in PAGES])
of_each_page = pytest.mark.parametrize(
    ("name", "number"),
    [by_layout(name, page + 1, name=name) for name, count in PAGES.items() for page in range(count)],
)


# --------------------------------------------------------------------------- what must hold


@of_each_layout
def test_all_pages_are_made_up(name: str) -> None:
    report = made_up(name).report
    assert report["made"]
    assert report["plan_sha256"] is None
    assert [page["page"] for page in report["pages"]] == list(range(1, PAGES[name] + 1))
    assert all(page["made"] and page["solved"] for page in report["pages"])


@of_each_page
def test_nothing_is_overset_and_hardly_anything_blank(name: str, number: int) -> None:
    page = made_up(name).page(number)
    assert page["overset_lines"] == 0
    assert page["blank"] <= MOST_BLANK


@of_each_page
def test_every_hard_rule_is_kept(name: str, number: int) -> None:
    rules = [rule for rule in made_up(name).page(number)["rules"] if rule["hard"]]
    assert len(rules) > 10
    assert [f"{rule['rule']}: {rule['words']}" for rule in rules if not rule["kept"]] == []


@of_each_page
def test_no_frame_lies_over_another(name: str, number: int) -> None:
    covered = Counter(_cells(made_up(name).plan[f"page-{number}"]))
    assert [cell for cell, times in covered.items() if times > 1] == []


@of_each_page
def test_frames_cover_the_page(name: str, number: int) -> None:
    made = made_up(name)
    covered = set(_cells(made.plan[f"page-{number}"]))
    issue, grid = made.source.issue, made.source.layout.grid
    printed = tuple(replace(issue.pages[0], number=page["page"]) for page in made.report["pages"])
    area = page_area(replace(issue, pages=printed), printed[number - 1], made.source.layout)
    rows = range(area.top, area.top + area.lines)
    empty = [(column, row) for row in rows for column in range(grid.columns) if (column, row) not in covered]
    assert len(empty) <= MOST_BLANK * len(rows) * grid.columns


def _cells(page: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Basic column and line of every cell of the grid that an item stands on."""
    for item in page.values():
        for column in range(item["column"], item["column"] + item["columns"]):
            for row in range(item["row"], item["row"] + item["lines"]):
                yield column, row


# --------------------------------------------------------------------------- pictures


@cache
def drawn(name: str) -> tuple[Image.Image, ...]:
    """The pages in grey, so many times finer than their pictures."""
    pages = draw_pages(made_up(name).pdf, WIDTH_PX * FINER)
    return tuple(
        Image.frombytes("RGB", (page.width_px, page.height_px), page.rows).convert("L") for page in pages
    )


def picture(name: str, number: int) -> Image.Image:
    """A page as a small picture."""
    return drawn(name)[number - 1].reduce(FINER)


def kept(picture: Image.Image) -> bytes:
    """As a small file, of few greys at equal steps."""
    out = BytesIO()
    picture.point(lambda level: level // STEP * STEP + STEP // 2).save(out, "PNG", optimize=True)
    return out.getvalue()


def difference(was: Image.Image, now: Image.Image) -> tuple[int, Image.Image]:
    """The mean absolute difference in the worst spot, and a picture of all differences."""
    if was.size != now.size:
        return 255, now
    off = ImageChops.difference(*(picture.filter(ImageFilter.BoxBlur(1)) for picture in (was, now)))
    return int(off.filter(ImageFilter.BoxBlur(SPOT_PX // 2)).getextrema()[1]), off


@of_each_page
def test_the_page_is_made_up_as_its_reference_picture_shows(name: str, number: int, repository: Path) -> None:
    now, file = picture(name, number), FOLDER / f"{name}-{number}.png"
    if renewing():
        FOLDER.mkdir(exist_ok=True)
        if not file.exists() or difference(Image.open(file), now)[0] > TOLERANCE // 2:
            file.write_bytes(kept(now))
        return
    assert file.exists(), f"{file.name} is not in {FOLDER.name} (run: make pictures)"
    was = Image.open(file)
    most, off = difference(was, now)
    if most > TOLERANCE:
        folder = repository / "build" / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        for which, shown in (("was", was), ("is", now), ("difference", off)):
            shown.save(folder / f"{name}-{number}-{which}.png")
        pytest.fail(
            f"page {number} of the {name} is made up otherwise than its picture shows: a spot differs by "
            f"{most} levels (at most {TOLERANCE}); was, is and difference are in {folder}. If it is better "
            "now: make pictures"
        )


def references(name: str) -> list[Image.Image]:
    return [Image.open(FOLDER / f"{name}-{number}.png") for number in range(1, PAGES[name] + 1)]


def test_the_folder_holds_a_small_grey_picture_of_every_page() -> None:
    files = sorted(FOLDER.iterdir())
    assert [file.stem for file in files] == [f"{n}-{page}" for n in PAGES for page in range(1, PAGES[n] + 1)]
    assert all(file.stat().st_size <= MOST_BYTES for file in files)
    assert all((one.mode, one.width) == ("L", WIDTH_PX) for name in PAGES for one in references(name))


# --------------------------------------------------------------------------- the comparison itself


@pytest.mark.parametrize("name", PAGES)
def test_two_pages_differ_by_far_more_than_is_let_pass(name: str) -> None:
    assert all(difference(*pair)[0] > 4 * TOLERANCE for pair in combinations(references(name), 2))


@pytest.mark.parametrize("name", PAGES)
def test_a_block_that_stands_elsewhere_fails(name: str) -> None:
    """Some lines lower, or two blocks in each other's place."""
    for page in references(name):
        lower, swapped = page.copy(), page.copy()
        lower.paste(page.crop((10, 60, 50, 130)), (10, 64))
        swapped.paste(page.crop((10, 30, 50, 70)), (60, 100))
        swapped.paste(page.crop((60, 100, 100, 140)), (10, 30))
        assert difference(page, lower)[0] > TOLERANCE
        assert difference(page, swapped)[0] > TOLERANCE


@of_each_page
def test_other_hinting_and_darker_strokes_pass(name: str, number: int) -> None:
    """All strokes half a pixel to the side or lower, as drawn; all greys darker; fewer greys."""
    page, finer = picture(name, number), drawn(name)[number - 1]
    for across, down in ((1, 0), (0, 1)):
        moved = Image.blend(finer, ImageChops.offset(finer, across, down), 0.5).reduce(FINER)
        assert difference(page, moved)[0] <= TOLERANCE
    assert difference(page, page.point(lambda level: round(255 * (level / 255) ** 1.15)))[0] <= TOLERANCE
    assert difference(page, Image.open(BytesIO(kept(page))))[0] <= TOLERANCE // 2
