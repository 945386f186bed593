"""Screen colours become press colours: inks as the layout mixes them, greys in black, never too much ink."""

from __future__ import annotations

import random
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from issue_publisher.layout.model import Intent, Layout
from issue_publisher.layout.reader import read_layout
from issue_publisher.pictures.press_colour import (
    PressColours,
    PressInk,
    limited,
    peak_tones,
    profile_opens,
    within,
)

FOLDER = Path(__file__).resolve().parents[2] / "layouts" / "broadsheet"
PROFILE = (FOLDER / "press" / "coldset-newsprint-tr002.icc").read_bytes()
LAYOUT = read_layout((FOLDER / "layout.toml").read_bytes(), "layout.toml", FOLDER)
COLOURS = PressColours(PROFILE, LAYOUT)

tone = st.integers(0, 255)
rgb = st.tuples(tone, tone, tone)


def colours(layout: Layout = LAYOUT, **changed: object) -> PressColours:
    return PressColours(PROFILE, replace(layout, press=replace(layout.press, **changed)))


def ink_bytes(image: Image.Image) -> list[tuple[int, ...]]:
    data = image.tobytes()
    return [tuple(data[at : at + 4]) for at in range(0, len(data), 4)]


def noise(seed: int = 1, size: tuple[int, int] = (120, 90)) -> Image.Image:
    """Every pixel another saturated colour: the most that a picture can ask of the press."""
    choose = random.Random(seed)
    data = bytes(choose.choice((0, 255)) for _ in range(size[0] * size[1] * 3))
    return Image.frombytes("RGB", size, data)


@pytest.mark.parametrize("name", LAYOUT.inks)
def test_every_ink_comes_back_as_the_layout_mixes_it(name: str) -> None:
    ink = COLOURS.of(LAYOUT.screen_inks[name])
    assert (ink.cyan, ink.magenta, ink.yellow, ink.black) == tuple(part / 100 for part in LAYOUT.inks[name])


@given(rgb)
def test_no_colour_lays_on_more_ink_than_the_limit(colour: tuple[int, int, int]) -> None:
    ink = COLOURS.of(colour)
    assert all(0 <= part <= 1 for part in (ink.cyan, ink.magenta, ink.yellow, ink.black))
    assert ink.total <= LAYOUT.press.ink_percent / 100 + 1e-9
    assert COLOURS.of(colour, grey=True).total <= 1


@given(tone, st.integers(0, 10), st.integers(0, 10))
def test_near_greys_print_in_black_alone(grey: int, more: int, less: int) -> None:
    ink = COLOURS.of((grey, min(255, grey + more), max(0, grey - less // 4)))
    assert (ink.cyan, ink.magenta, ink.yellow) == (0, 0, 0)


@given(rgb)
def test_on_a_grey_page_all_is_black_alone(colour: tuple[int, int, int]) -> None:
    ink = COLOURS.of(colour, grey=True)
    assert (ink.cyan, ink.magenta, ink.yellow, ink.spot) == (0, 0, 0, None)


def test_greys_darken_without_a_step_back_from_paper_to_solid() -> None:
    without_inks = PressColours(PROFILE, replace(LAYOUT, inks={}))
    blacks = [without_inks.of((grey,) * 3).black for grey in range(255, -1, -1)]
    assert blacks == sorted(blacks)
    assert (blacks[0], blacks[-1]) == (0, 1)
    assert len(set(blacks)) > 60


def test_a_grey_is_as_light_on_paper_as_on_screen_between_paper_and_solid() -> None:
    to_lab = ImageCms.buildTransform(
        BytesIO(PROFILE), ImageCms.createProfile("LAB"), "CMYK", "LAB", renderingIntent=1
    )

    def luminance(black: float) -> float:
        pixel = Image.new("CMYK", (1, 1), (0, 0, 0, round(black * 255)))
        lightness = to_lab.apply(pixel).tobytes()[0] / 2.55
        return ((lightness + 16) / 116) ** 3

    solid = luminance(1)
    for grey, wanted in ((119, 0.184), (188, 0.503), (220, 0.716)):  # of sRGB, IEC 61966-2-1
        printed = (luminance(COLOURS.of((grey,) * 3).black) - solid) / (1 - solid)
        assert printed == pytest.approx(wanted, abs=0.02)


@given(st.tuples(*[st.floats(0, 1)] * 4), st.floats(1.5, 4))
def test_colours_give_way_evenly_and_black_stays(parts: tuple[float, ...], most: float) -> None:
    ink = PressInk(*parts)
    less = within(ink, most)
    assert less.black == ink.black
    assert less.total <= max(most, ink.black) + 1e-9
    if ink.total > most and min(parts) > 0.2:
        assert less.cyan / less.magenta == pytest.approx(ink.cyan / ink.magenta, rel=0.1)


@pytest.mark.parametrize("percent", [220, 180, 150, 110])
@pytest.mark.parametrize("intent", Intent)
def test_saturated_noise_keeps_to_the_limit(percent: float, intent: Intent) -> None:
    made = colours(ink_percent=percent, intent=intent).plates(noise(), grey=False, drawn=False)
    assert made.mode == "CMYK"
    assert percent * 0.7 < peak_tones(made) / 2.55 <= percent


def test_a_limit_takes_from_the_colours_what_is_too_much_and_leaves_other_pixels() -> None:
    image = Image.new("CMYK", (2, 1), (200, 100, 100, 100))
    image.putpixel((1, 0), (10, 20, 30, 40))
    strong, light = ink_bytes(limited(image, 300))
    assert light == (10, 20, 30, 40)
    assert strong == (100, 50, 50, 100)


def test_paper_gets_no_ink_and_pictures_differ_by_intent() -> None:
    assert ink_bytes(COLOURS.plates(Image.new("RGB", (1, 1), "white"), grey=False, drawn=True)) == [(255,)]
    photograph = Image.new("RGB", (1, 1), (250, 60, 20))
    one, other = (
        ink_bytes(colours(intent=intent).plates(photograph, grey=False, drawn=False)) for intent in Intent
    )
    assert one != other


def test_the_black_point_opens_the_shadows() -> None:
    shadow = Image.new("RGB", (2, 1), (60, 20, 20))
    shadow.putpixel((1, 0), (10, 4, 4))
    with_point, without = (
        ink_bytes(colours(black_point=point).plates(shadow, grey=False, drawn=False))
        for point in (True, False)
    )
    tell_apart = [sum(pixels[1]) - sum(pixels[0]) for pixels in (with_point, without)]
    assert tell_apart[0] > tell_apart[1]


def test_a_grey_photograph_is_one_plate_and_a_coloured_one_on_a_grey_page_too() -> None:
    grey = Image.linear_gradient("L").convert("RGB")
    assert COLOURS.plates(grey, grey=False, drawn=False).mode == "L"
    assert COLOURS.plates(noise(), grey=True, drawn=False).mode == "L"


def test_black_lettering_of_a_drawing_in_pixels_is_black_alone() -> None:
    drawing = Image.new("RGB", (2, 1), (20, 20, 20))
    drawing.putpixel((1, 0), (200, 30, 30))
    lettering, red = ink_bytes(COLOURS.plates(drawing, grey=False, drawn=True))
    assert lettering[:3] == (0, 0, 0)
    assert lettering[3] > 230
    assert red[1] > 150


def test_a_spot_colour_counts_as_one_ink_and_is_grey_on_a_grey_page() -> None:
    with_spot = colours(spots={"red": "PANTONE 485 C"})
    red = LAYOUT.screen_inks["red"]
    assert with_spot.of(red).spot == "PANTONE 485 C"
    assert with_spot.of(red).total == 1
    assert with_spot.of(red, grey=True).spot is None


def test_a_profile_that_the_engine_cannot_use_is_found() -> None:
    assert profile_opens(PROFILE)
    for data in (b"", b"acsp" * 100, PROFILE[:20_000], ImageCms.ImageCmsProfile(
        ImageCms.createProfile("sRGB")).tobytes()):  # fmt: skip
        assert not profile_opens(data)


def test_the_record_of_profiles_is_true() -> None:
    import hashlib
    import tomllib

    for folder in FOLDER.parent.glob("*/press"):
        entries = tomllib.loads((folder / "profiles.toml").read_text(encoding="utf-8"))["profile"]
        assert {entry["file"] for entry in entries} == {path.name for path in folder.glob("*.icc")}
        for entry in entries:
            assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
            assert entry["licence"]
            assert entry["origin"]
