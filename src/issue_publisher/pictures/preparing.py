"""Make a picture ready for an output: small enough, sharp enough, and the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from PIL import Image

from issue_publisher.layout.model import Pictures
from issue_publisher.pictures import raster
from issue_publisher.pictures.crop import PT_PER_INCH, WHOLE, Crop
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept, key_of
from issue_publisher.pictures.picture import Picture, Pixels, PreparedPicture

_PNG_WORTH = 2  # times the size of the JPEG


def picture_for_press(
    picture: Picture,
    box_width_pt: float,
    box_height_pt: float,
    crop: Crop,
    settings: Pictures,
    kept: Kept = NOTHING_KEPT,
) -> PreparedPicture:
    """The cropped part of a picture at the press's resolution for a box of that size; never enlarged.

    A photograph also keeps its pixels, for plates made of a JPEG would lose twice. An SVG passes as it is:
    it has no resolution, and drawings are not cropped.
    """
    if picture.is_vector:
        return _as_it_is(picture)

    def make() -> PreparedPicture:
        image, lossless = raster.upright(picture.data, crop)
        width_px, height_px = image.size
        scale = settings.press_ppi / PT_PER_INCH * max(box_width_pt / width_px, box_height_pt / height_px)
        return _encoded(image, min(scale, 1.0), lossless, settings.press_quality, full_colour=True)

    box = (box_width_pt, box_height_pt, crop)
    return _made_once(kept, key_of("press", picture.sha256, box, asdict(settings)), make)


def picture_for_screen(picture: Picture, settings: Pictures, kept: Kept = NOTHING_KEPT) -> PreparedPicture:
    """The whole picture for e-readers, its long side within the layout's limit; never enlarged."""
    if picture.is_vector:
        return _as_it_is(picture)

    def make() -> PreparedPicture:
        image, lossless = raster.upright(picture.data, WHOLE)
        scale = settings.ebook_long_side_px / max(image.size)
        return _encoded(image, min(scale, 1.0), lossless, settings.ebook_quality, full_colour=False)

    return _made_once(kept, key_of("screen", picture.sha256, asdict(settings)), make)


def _made_once(kept: Kept, key: str, make: Callable[[], PreparedPicture]) -> PreparedPicture:
    """The picture of a key. All settings are part of keys, so that none can be forgotten there."""
    data = kept.get(key)
    if data is not None and (found := PreparedPicture.from_bytes(data)) is not None:
        return found
    made = make()
    if made.pixels is None:  # which are many times larger than the picture, and as quickly made as read
        kept.put(key, made.to_bytes())
    return made


def drawn_for_screen(pixels: bytes, width_px: int, height_px: int, settings: Pictures) -> PreparedPicture:
    """A drawing that was drawn elsewhere, given as rows of red, green and blue bytes.

    PNG keeps its lines sharp; only where that is far larger, since it holds a photograph, JPEG.
    """
    image = Image.frombytes("RGB", (width_px, height_px), pixels)
    png = raster.as_png(image)
    jpeg = raster.as_jpeg(image, settings.ebook_quality, full_colour=True)
    if len(png) > _PNG_WORTH * len(jpeg):
        return PreparedPicture(jpeg, "image/jpeg", width_px, height_px)
    return PreparedPicture(png, "image/png", width_px, height_px)


def _as_it_is(picture: Picture) -> PreparedPicture:
    return PreparedPicture(picture.data, picture.mime, picture.width_px, picture.height_px)


def _encoded(
    image: Image.Image, scale: float, lossless: bool, quality: int, *, full_colour: bool
) -> PreparedPicture:
    """PNG for flat graphics whose source kept every tone; JPEG for all else."""
    flat = lossless and raster.is_flat(image)
    width_px, height_px = (max(1, round(side * scale)) for side in image.size)
    image = raster.resampled(image, width_px, height_px)
    if flat:
        return PreparedPicture(raster.as_png(image), "image/png", width_px, height_px)
    data = raster.as_jpeg(image, quality, full_colour=full_colour)
    pixels = Pixels(image.tobytes(), *image.size, image.mode, is_photograph=True) if full_colour else None
    return PreparedPicture(data, "image/jpeg", width_px, height_px, pixels)
