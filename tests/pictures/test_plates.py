"""Whatever kind of picture comes in, the press gets upright plates within its limits."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from issue_publisher.pictures import (
    WHOLE,
    PictureError,
    Pixels,
    Plates,
    open_picture,
    picture_for_press,
    plates_of,
)
from issue_publisher.pictures.press_colour import PressColours
from pictures.test_press_colour import COLOURS, LAYOUT, PROFILE, noise

SETTINGS = LAYOUT.pictures


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def scene(mode: str = "RGB") -> Image.Image:
    """Above a red and a blue half, below black and white; large enough for its middles to be plain."""
    image = Image.new("RGB", (160, 120), "white")
    image.paste((200, 30, 30), (0, 0, 80, 60))
    image.paste((30, 60, 160), (80, 0, 160, 60))
    image.paste("black", (0, 60, 80, 120))
    return image.convert(mode)


def printed(
    data: bytes, colours: PressColours = COLOURS, *, grey: bool = False
) -> tuple[Plates, Image.Image]:
    """A picture as the press gets it, by way of the archive; and its plates as CMYK or black tones."""
    picture = open_picture("a", data, SETTINGS)
    archived = picture_for_press(picture, 40, 30, WHOLE, SETTINGS)
    is_jpeg = archived.mime == "image/jpeg"
    image = Image.open(BytesIO(archived.data))
    drawn = Pixels(image.tobytes(), *image.size, image.mode, is_photograph=False)
    assert (archived.pixels is not None) == is_jpeg
    pixels = archived.pixels or drawn
    return plate(pixels, colours, grey=grey)


def plate(
    pixels: Pixels, colours: PressColours = COLOURS, *, grey: bool = False, most: float = 1000
) -> tuple[Plates, Image.Image]:
    plates = plates_of(pixels, (most, most), colours, SETTINGS.press_quality, grey=grey)
    if plates.is_jpeg:
        shown = Image.open(BytesIO(plates.data))
    else:
        import zlib

        mode = "L" if plates.is_grey else "CMYK"
        shown = Image.frombytes(mode, (plates.width_px, plates.height_px), zlib.decompress(plates.data))
    assert shown.size == (plates.width_px, plates.height_px)
    return plates, shown


def sixteen_bits() -> Image.Image:
    row = b"".join(int(x * 65535 / 159).to_bytes(2, "little") for x in range(160))
    return Image.frombytes("I;16", (160, 120), row * 120)


def with_orientation() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    return encoded(scene().rotate(180), "JPEG", exif=exif.tobytes(), quality=95)


IN_COLOUR = {
    "jpeg": lambda: encoded(scene(), "JPEG", quality=95),
    "progressive": lambda: encoded(scene(), "JPEG", quality=95, progressive=True),
    "jpeg in cmyk": lambda: encoded(scene("CMYK"), "JPEG", quality=95),
    "tiff in cmyk": lambda: encoded(scene("CMYK"), "TIFF"),
    "indexed": lambda: encoded(scene().quantize(16), "PNG"),
    "with alpha": lambda: encoded(scene("RGBA"), "PNG"),
    "broken profile": lambda: encoded(scene(), "JPEG", quality=95, icc_profile=b"acsp" * 80),
    "truncated profile": lambda: encoded(scene(), "JPEG", quality=95, icc_profile=PROFILE[:900]),
    "profile of another kind": lambda: encoded(scene(), "JPEG", quality=95, icc_profile=PROFILE),
    "own profile": lambda: encoded(
        scene(), "JPEG", quality=95,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    ),
    "jpeg 2000": lambda: encoded(scene(), "JPEG2000", quality_mode="rates", quality_layers=[4]),
    "webp": lambda: encoded(scene(), "WEBP", quality=95),
    "upside down": with_orientation,
}  # fmt: skip


@pytest.mark.parametrize("kind", IN_COLOUR)
def test_a_coloured_picture_comes_out_upright_in_four_inks(kind: str) -> None:
    plates, shown = printed(IN_COLOUR[kind]())
    assert shown.mode == "CMYK"
    assert not plates.is_grey
    width, height = shown.size
    red, blue, black, white = (
        shown.getpixel((int(width * x), int(height * y)))
        for x, y in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
    )
    assert min(red[1], red[2]) > 150 > red[0]
    assert blue[0] > 150 > blue[2]
    assert black[3] > 200
    assert max(white) < 12
    assert plates.ink_percent <= LAYOUT.press.ink_percent


@pytest.mark.parametrize(
    "data",
    [
        encoded(scene("L"), "JPEG", quality=95),
        encoded(scene("L").convert("RGB"), "JPEG", quality=95),
        encoded(scene("LA"), "PNG"),
        encoded(scene("1"), "PNG"),
        encoded(scene("L"), "JPEG2000"),
    ],
    ids=["jpeg", "grey in colour", "alpha", "line art", "jpeg 2000"],
)
def test_a_grey_picture_is_black_alone(data: bytes) -> None:
    plates, shown = printed(data)
    assert (plates.is_grey, shown.mode) == (True, "L")
    width, height = shown.size
    assert shown.getpixel((width // 4, height * 3 // 4)) < 8
    assert shown.getpixel((width * 3 // 4, height * 3 // 4)) > 247


def test_sixteen_bits_keep_their_gradation() -> None:
    _, shown = printed(encoded(sixteen_bits(), "PNG"))
    row = [shown.getpixel((x, shown.height // 2)) for x in range(shown.width)]
    assert row == sorted(row)
    assert row[0] < 5
    assert row[-1] > 250
    assert len(set(row)) > 60


def test_a_picture_on_a_grey_page_has_no_colour() -> None:
    plates, shown = printed(IN_COLOUR["jpeg"](), grey=True)
    assert plates.is_grey
    red, blue = (shown.getpixel((shown.width * at // 4, shown.height // 4)) for at in (1, 3))
    assert 0 < blue < red < 200


@pytest.mark.parametrize("quality", [60, 88])
def test_saturated_noise_keeps_to_the_limit_after_decoding(quality: int) -> None:
    image = noise(size=(200, 160))
    pixels = Pixels(encoded(image, "JPEG", quality=95, subsampling=0), 200, 160, "JPEG", True)
    for percent in (220, 150):
        colours = PressColours(PROFILE, replace(LAYOUT, press=replace(LAYOUT.press, ink_percent=percent)))
        plates = plates_of(pixels, (1000, 1000), colours, quality, grey=False)
        assert percent * 0.5 < plates.ink_percent <= percent


def test_a_picture_finer_than_the_press_is_resampled_and_a_coarse_one_never_enlarged() -> None:
    pixels = Pixels(encoded(scene(), "JPEG"), 160, 120, "JPEG", True)
    assert plate(pixels, most=80)[1].size == (107, 80)  # by the side that needs more
    assert plate(pixels, most=4000)[1].size == (160, 120)


def test_photographs_are_sharpened_and_drawings_are_not() -> None:
    edge = Image.new("RGB", (64, 64), (90, 60, 60))
    edge.paste((170, 110, 110), (32, 0, 64, 64))
    soft = PressColours(PROFILE, replace(LAYOUT, press=replace(LAYOUT.press, sharpen_percent=0)))
    jpeg = Pixels(encoded(edge, "JPEG", quality=98, subsampling=0), 64, 64, "JPEG", True)
    drawn = Pixels(edge.tobytes(), 64, 64, "RGB", False)

    def step(pixels: Pixels, colours: PressColours) -> int:
        _, shown = plate(pixels, colours)
        return abs(sum(shown.getpixel((31, 32))) - sum(shown.getpixel((32, 32))))

    assert step(jpeg, COLOURS) > step(jpeg, soft) + 5
    assert step(drawn, COLOURS) == step(drawn, soft)


def test_drawings_in_pixels_keep_every_tone() -> None:
    drawn = Pixels(scene().tobytes(), 160, 120, "RGB", False)
    plates, shown = plate(drawn)
    assert not plates.is_jpeg
    assert len(shown.getcolors() or ()) == 4


def test_the_same_picture_gives_the_same_bytes() -> None:
    data = IN_COLOUR["jpeg"]()
    assert printed(data)[0] == printed(data)[0]


def test_samples_that_are_missing_are_said() -> None:
    with pytest.raises(PictureError, match="160 × 120 pixels"):
        plate(Pixels(b"\0" * 100, 160, 120, "RGB", False))
    with pytest.raises(PictureError, match="cannot be decoded"):
        plate(Pixels(b"\xff\xd8\xff\xe0 nothing", 160, 120, "JPEG", True))
