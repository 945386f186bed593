"""Pictures made ready: upright, cropped round the focal point, no larger than needed, ever the same bytes."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from issue_publisher.layout.model import Pictures
from issue_publisher.layout.reader import read_layout
from issue_publisher.pictures import (
    WHOLE,
    PreparedPicture,
    crop_for,
    effective_ppi,
    open_picture,
    picture_for_press,
    picture_for_screen,
)


@pytest.fixture(scope="module")
def settings(repository: Path) -> Pictures:
    folder = repository / "layouts" / "broadsheet"
    return read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder).pictures


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(prepared: PreparedPicture) -> Image.Image:
    image = Image.open(BytesIO(prepared.data))
    assert image.size == (prepared.width_px, prepared.height_px)
    return image


def quarters() -> Image.Image:
    """Red, green / blue, white: so that one sees how a picture was turned."""
    image = Image.new("RGB", (160, 120), "white")
    image.paste("red", (0, 0, 80, 60))
    image.paste("lime", (80, 0, 160, 60))
    image.paste("blue", (0, 60, 80, 120))
    return image


def close(one: object, other: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))  # type: ignore[call-overload]


def test_a_picture_lying_on_its_side_stands_upright(settings: Pictures) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned; the top of the scene is on the right of the data
    data = encoded(quarters(), "JPEG", exif=exif.tobytes(), quality=95)
    picture = open_picture("a.jpg", data, settings)
    for prepared in (
        picture_for_press(picture, 500, 500 * 4 / 3, WHOLE, settings),
        picture_for_screen(picture, settings),
    ):
        image = opened(prepared).convert("RGB")
        assert image.size == (120, 160)
        assert close(image.getpixel((30, 40)), (0, 0, 255))
        assert close(image.getpixel((90, 40)), (255, 0, 0))
        assert not image.getexif()


def test_press_resolution_is_kept_and_never_exceeded(settings: Pictures) -> None:
    picture = open_picture("a.jpg", encoded(Image.effect_noise((1600, 1200), 60), "JPEG"), settings)
    small = opened(picture_for_press(picture, 72, 54, WHOLE, settings))
    assert small.size == (settings.press_ppi, settings.press_ppi * 3 / 4)
    large = opened(picture_for_press(picture, 7200, 5400, WHOLE, settings))
    assert large.size == (1600, 1200)


def test_screen_pictures_keep_to_the_long_side(settings: Pictures) -> None:
    picture = open_picture("a.jpg", encoded(Image.effect_noise((300, 1200), 60), "JPEG"), settings)
    assert opened(picture_for_screen(picture, replace(settings, ebook_long_side_px=600))).size == (150, 600)
    assert opened(picture_for_screen(picture, settings)).size == (300, 1200)


def test_crop_shows_its_part(settings: Pictures) -> None:
    picture = open_picture("a.png", encoded(quarters(), "PNG"), settings)
    image = opened(picture_for_press(picture, 100, 75, (0.5, 0.0, 1.0, 0.5), settings)).convert("RGB")
    assert image.getpixel((10, 10)) == (0, 255, 0)
    assert image.getcolors() == [(image.width * image.height, (0, 255, 0))]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_same_bytes_twice(kind: str, settings: Pictures) -> None:
    data = encoded(Image.linear_gradient("L").convert("RGB"), kind)
    once, twice = (open_picture("a", data, settings) for _ in range(2))
    box = (120.0, 90.0, (0.0, 0.1, 1.0, 0.9), settings)
    assert picture_for_press(once, *box) == picture_for_press(twice, *box)
    assert picture_for_screen(once, settings) == picture_for_screen(twice, settings)


def test_photographs_become_jpeg_and_flat_drawings_stay_png(settings: Pictures) -> None:
    photograph = Image.merge("RGB", [Image.effect_noise((300, 200), 50) for _ in range(3)])
    as_png = open_picture("a.png", encoded(photograph, "PNG"), settings)
    assert picture_for_press(as_png, 100, 66, WHOLE, settings).mime == "image/jpeg"
    drawing = open_picture("b.png", encoded(quarters(), "PNG"), settings)
    assert picture_for_press(drawing, 20, 15, WHOLE, settings).mime == "image/png"


def test_what_is_transparent_stands_on_paper(settings: Pictures) -> None:
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    picture = open_picture("a.png", encoded(image, "PNG"), settings)
    assert opened(picture_for_screen(picture, settings)).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_keep_their_tones(settings: Pictures) -> None:
    row = b"".join(int(i * 65535 / 255).to_bytes(2, "little") for i in range(256))
    picture = open_picture("a.png", encoded(Image.frombytes("I;16", (256, 16), row * 16), "PNG"), settings)
    image = opened(picture_for_screen(picture, settings)).convert("L")
    assert [image.getpixel((x, 8)) for x in (0, 64, 128, 255)] == [0, 64, 128, 255]


def test_grey_stays_grey_and_inks_become_srgb(settings: Pictures) -> None:
    grey = open_picture("a.jpg", encoded(Image.linear_gradient("L"), "JPEG"), settings)
    assert opened(picture_for_press(grey, 300, 300, WHOLE, settings)).mode == "L"
    inks = open_picture("b.jpg", encoded(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG"), settings)
    red = opened(picture_for_press(inks, 300, 300, WHOLE, settings))
    assert red.mode == "RGB"
    assert close(red.getpixel((20, 20)), (254, 0, 0), by=40)


def test_an_embedded_profile_is_applied_and_dropped(settings: Pictures) -> None:
    # sRGB with its red and blue exchanged, under another name.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for was, becomes in ((b"rXYZ", b"...."), (b"bXYZ", b"rXYZ"), (b"....", b"bXYZ"), (b"\0s\0R", b"\0x\0R")):
        profile = profile.replace(was, becomes)
    plain = encoded(Image.new("RGB", (40, 40), (40, 90, 200)), "PNG")
    tagged = encoded(Image.new("RGB", (40, 40), (40, 90, 200)), "PNG", icc_profile=profile)
    one = opened(picture_for_screen(open_picture("a", plain, settings), settings))
    other = opened(picture_for_screen(open_picture("a", tagged, settings), settings))
    assert "icc_profile" not in other.info
    assert close(other.convert("RGB").getpixel((9, 9)), (200, 90, 40))
    broken = encoded(Image.new("RGB", (40, 40), (40, 90, 200)), "PNG", icc_profile=b"no profile")
    same = opened(picture_for_screen(open_picture("a", broken, settings), settings))
    assert one.convert("RGB").getpixel((9, 9)) == same.convert("RGB").getpixel((9, 9))


def test_only_the_first_frame_of_a_film_counts(settings: Pictures) -> None:
    frames = [Image.new("P", (40, 40), number) for number in (3, 200)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = open_picture("a.gif", data, settings)
    assert picture.mime == "image/gif"
    assert picture_for_screen(picture, settings).mime == "image/png"


def test_drawings_pass_as_they_are(settings: Pictures) -> None:
    data = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"/>'
    picture = open_picture("a.svg", data, settings)
    assert picture_for_press(picture, 10, 10, WHOLE, settings).data == data
    assert picture_for_screen(picture, settings).data == data


sides = st.integers(8, 4000)
fractions = st.floats(0, 1)


@given(sides, sides, st.floats(0.1, 10), st.tuples(fractions, fractions), st.floats(0, 0.9))
def test_a_crop_keeps_the_focal_point_and_the_limit(
    width: int, height: int, ratio: float, focal: tuple[float, float], limit: float
) -> None:
    left, top, right, bottom = crop_for(width, height, ratio, focal, limit)
    assert 0 <= left <= focal[0] <= right + 1e-9 <= 1 + 1e-9
    assert 0 <= top <= focal[1] <= bottom + 1e-9 <= 1 + 1e-9
    shown_width, shown_height = right - left, bottom - top
    assert min(shown_width, shown_height) >= 1 - limit - 1e-9
    assert max(shown_width, shown_height) > 1 - 1e-9  # only one side is cut
    if min(shown_width, shown_height) > 1 - limit + 1e-9:
        assert shown_width * width / (shown_height * height) == pytest.approx(ratio)


def test_effective_resolution() -> None:
    assert effective_ppi(400, 144) == 200
    assert effective_ppi(400, 144, (0.25, 0, 0.75, 1)) == 100
