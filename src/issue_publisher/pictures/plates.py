"""A picture of the archive PDF → the same picture for the press's plates (印版)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from PIL import Image, ImageFilter

from issue_publisher.layout.model import Press
from issue_publisher.pictures import raster
from issue_publisher.pictures.picture import WHOLE_JPEG, PictureError, Pixels
from issue_publisher.pictures.press_colour import PressColours, limited, peak_tones

_ATTEMPTS = 3  # at a JPEG that keeps the limit of ink; noise may not let it
_MARGIN = 2  # tones: so much lower than its overshoot the next attempt begins
_ENOUGH = 1.02  # a picture with so many more pixels than needed is left as it is


@dataclass(frozen=True, slots=True)
class Plates:
    """A picture as the press PDF holds it."""

    data: bytes = field(repr=False)
    width_px: int
    height_px: int
    is_grey: bool  # black alone; else cyan, magenta, yellow and black
    is_jpeg: bool  # whose four inks stand inverted in it, as Adobe began; else deflated samples
    ink_percent: float  # most ink in one pixel


def plates_of(
    pixels: Pixels, most_px: tuple[float, float], colours: PressColours, quality: int, *, grey: bool
) -> Plates:
    """A picture in press colours, with no more than `most_px` pixels across and down; never enlarged.

    `grey`: it stands on a page that prints in black alone. Only photographs are sharpened and become JPEG.
    Raises PictureError when the JPEG cannot be decoded.
    """
    image = _reduced(_opened(pixels), most_px)
    if pixels.is_photograph:
        image = _sharpened(image, colours.press)
    made = colours.plates(image, grey=grey, drawn=not pixels.is_photograph)
    if pixels.is_photograph and (found := _as_jpeg(made, quality, colours.most_tones)):
        return found
    return Plates(zlib.compress(made.tobytes(), 9), *made.size, made.mode == "L", False, _ink_percent(made))


def _opened(pixels: Pixels) -> Image.Image:
    if pixels.mode == WHOLE_JPEG:
        return raster.decoded_jpeg(pixels.data)
    size = pixels.width_px, pixels.height_px
    try:
        return Image.frombytes(pixels.mode, size, pixels.data)
    except ValueError as error:
        said = f"a picture of {size[0]} × {size[1]} pixels has {len(pixels.data)} bytes of them"
        raise PictureError(said, "build it again", "picture-damaged") from error


def stays_whole(size_px: tuple[int, int], most_px: tuple[float, float]) -> bool:
    """Whether a picture of that size has hardly more pixels than `most_px`, and so keeps them all."""
    return _scale(size_px, most_px) * _ENOUGH >= 1


def _scale(size_px: tuple[int, int], most_px: tuple[float, float]) -> float:
    return max(most / has for most, has in zip(most_px, size_px, strict=True))


def _reduced(image: Image.Image, most_px: tuple[float, float]) -> Image.Image:
    if stays_whole(image.size, most_px):
        return image
    scale = _scale(image.size, most_px)
    width_px, height_px = (max(1, round(side * scale)) for side in image.size)
    return raster.resampled(image, width_px, height_px)


def _sharpened(image: Image.Image, press: Press) -> Image.Image:
    if not press.sharpen_percent or image.mode == "CMYK":
        return image
    mask = ImageFilter.UnsharpMask(
        press.sharpen_radius_px, round(press.sharpen_percent), press.sharpen_threshold
    )
    return image.filter(mask)


def _as_jpeg(image: Image.Image, quality: int, most_tones: float) -> Plates | None:
    """A JPEG that keeps the limit of ink after decoding too: its waves lay on a little more in places."""
    aim, tried = most_tones, image  # which keeps the limit before it is a JPEG
    for _ in range(_ATTEMPTS):
        data = raster.as_jpeg(tried, quality, full_colour=True)
        if tried.mode == "L":
            return Plates(data, *tried.size, True, True, _ink_percent(tried))
        peak = peak_tones(raster.decoded_jpeg(data))
        if peak <= most_tones:
            return Plates(data, *tried.size, False, True, peak / 2.55)
        aim -= peak - most_tones + _MARGIN
        tried = limited(image, aim)
    return None


def _ink_percent(image: Image.Image) -> float:
    return peak_tones(image) / 2.55
