"""The pictures of docs/typesetting.md are what we set today. `make pictures` renews them.

A failure leaves three files in build/pictures/: was (the picture in docs), is (today's) and the difference.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from requirements.gallery import (
    FOLDER,
    MARGIN_PT,
    PPI,
    SHARE,
    WIDEST_PX,
    as_png,
    difference,
    glyphs,
    painted,
    renewing,
    set_specimen,
)
from requirements.setting import Specimen
from requirements.specimens import SPECIMENS

pytestmark = pytest.mark.xdist_group("requirements")
MOST_BYTES = 1_500_000  # all together


def left_behind(repository: Path, specimen: Specimen, was: Image.Image, off: Image.Image) -> Path:
    """Write was, is and difference; returns their folder."""
    folder = repository / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in (("was", was), ("is", painted(specimen.number)), ("difference", off)):
        picture.save(folder / f"{specimen.name}-{name}.png")
    return folder


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen.name)
def test_the_picture_is_what_we_set_today(specimen: Specimen, repository: Path) -> None:
    now, file = painted(specimen.number), FOLDER / specimen.picture
    assert now.width <= WIDEST_PX
    if renewing():
        if not file.exists() or difference(Image.open(file).convert("RGB"), now)[0] > 0:
            FOLDER.mkdir(exist_ok=True)
            file.write_bytes(as_png(now))
        return
    assert file.exists(), f"{file.name} is not in docs/typesetting (run: make pictures)"
    was = Image.open(file).convert("RGB")
    share, off = difference(was, now)
    if share > SHARE:
        folder = left_behind(repository, specimen, was, off)
        pytest.fail(
            f"{specimen.name} is not set as in its picture: {share:.0%} of a spot differs (at most "
            f"{SHARE:.0%}); was, is and difference are in {folder}. If it is better now: make pictures"
        )


def test_the_folder_holds_these_pictures_and_they_are_small() -> None:
    files = sorted(FOLDER.glob("*"))
    assert [file.name for file in files] == sorted(specimen.picture for specimen in SPECIMENS)
    assert sum(file.stat().st_size for file in files) < MOST_BYTES


# --------------------------------------------------------------------------- the comparison itself


@pytest.mark.parametrize("number", [1, 11, 17])
def test_the_kept_picture_with_its_few_colours_passes(number: int) -> None:
    now = painted(number)
    assert difference(Image.open(io.BytesIO(as_png(now))).convert("RGB"), now)[0] == 0


@pytest.mark.parametrize("number", [4, 16, 21])
def test_greys_of_another_release_pass(number: int) -> None:
    """Half a pixel, which no eye sees, lighter and darker edges."""
    now = painted(number)
    for across, down in ((1, 0), (0, 1)):
        moved = Image.blend(now, ImageChops.offset(now, across, down), 0.5)
        assert difference(now, moved)[0] <= SHARE
    assert difference(now, now.point(lambda level: round(255 * (level / 255) ** 1.3)))[0] <= SHARE


@pytest.mark.parametrize("number", [1, 4, 12])
def test_one_character_a_point_off_fails(number: int) -> None:
    """The second character of the first line."""
    now, size = painted(number), 9 * PPI / 72
    found = set_specimen(number)[0]
    top = round(MARGIN_PT * PPI / 72 + 3.4 * PPI / 72) + (round(13.5 * PPI / 72) if number == 1 else 0)
    left = round(MARGIN_PT * PPI / 72 + 3 * size)
    box = (left, top, left + round(size), top + round(13.5 * PPI / 72))
    spoilt = now.copy()
    spoilt.paste((255, 255, 255), box)
    spoilt.paste(now.crop(box), (box[0] + round(PPI / 72), box[1]))
    assert found.lines[0].text[1:2].strip()
    assert difference(now, spoilt)[0] > SHARE


def without(number: int, x: float, y: float, wide: float, deep: float) -> Image.Image:
    """A picture with a white box in it; points from the specimen's corner."""
    sides = (x + MARGIN_PT, y + MARGIN_PT, x + wide + MARGIN_PT, y + deep + MARGIN_PT)
    spoilt = painted(number).copy()
    spoilt.paste((255, 255, 255), tuple(round(side * PPI / 72) for side in sides))
    return spoilt


def test_a_comma_or_a_dot_that_is_gone_fails() -> None:
    line = set_specimen(21)[1].lines[0]
    comma = 16 * 9 + 30 + (line.text.index("，") + 2) * 9
    assert difference(painted(21), without(21, comma, 3.4, 4.2, 13.5))[0] > SHARE
    _, x, y, size = next(glyph for glyph in glyphs(16) if glyph[0] == "先")
    assert (
        difference(painted(16), without(16, x + 0.35 * size, y + 0.13 * size, 0.3 * size, 0.3 * size))[0]
        > SHARE
    )
