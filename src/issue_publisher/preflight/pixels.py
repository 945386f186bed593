"""Pixels: plates added up, pages drawn with the places of findings.

The one place here that knows Pillow and pdfium.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from issue_publisher.preflight.finding import Area, Finding, Severity
from issue_publisher.preflight.sheet import PT_PER_MM, Sheet

_FULL = 255  # of a plate, whose 0 is full ink
_CELL = 8  # pixels; places of too much ink closer than that are one
_MOST_PLACES = 50
_MOST_SIDE = 1_600  # pixels of a drawn page
_COLOURS = {Severity.ERROR: (200, 0, 30), Severity.WARNING: (225, 120, 0), Severity.NOTE: (0, 90, 200)}
_PAD_PX, _LINE_PX, _LABEL_PX = 3, 2, 12
_APART_MM = 3.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ink in percent of all plates together, and where it is too much: left, top, right, bottom in pixels."""

    mean: float  # highest mean of a square
    peak: float  # highest of a pixel
    places: tuple[tuple[int, int, int, int], ...] = ()


def coverage(plates: Sequence[bytes], limit: float, side_px: float) -> Coverage | None:
    """Plates as grey pictures (0 is full ink), added up; None when there are none that fit together."""
    from PIL import Image, UnidentifiedImageError

    try:
        opened = [Image.open(io.BytesIO(one)).convert("L") for one in plates]
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    if not opened or len({one.size for one in opened}) > 1:
        return None
    return _added(opened, limit, side_px)


def cmyk_coverage(
    data: bytes, size: tuple[int, int], side_px: float, *, is_jpeg: bool, inverted: bool
) -> Coverage | None:
    """The same of a picture in CMYK: a JPEG, or its samples as they are."""
    from PIL import Image, ImageChops, UnidentifiedImageError

    picture: Image.Image
    try:
        if is_jpeg:
            picture = Image.open(io.BytesIO(data))
            if picture.mode != "CMYK" or picture.size != size:
                return None
            picture.load()
            inverted ^= "adobe" in picture.info  # Pillow takes Adobe's CMYK for inverted, PDF does not
        else:
            picture = Image.frombytes("CMYK", size, data)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    bands = picture.split()
    plates = bands if inverted else tuple(ImageChops.invert(one) for one in bands)
    return _added(plates, 100.0 * len(plates) + 1, side_px)


def _added(plates: Sequence[Any], limit: float, side_px: float) -> Coverage:
    from PIL import ImageFilter, ImageMath

    def total(images: Sequence[Any]) -> Any:
        terms = {f"plate{at}": one for at, one in enumerate(images)}
        return ImageMath.lambda_eval(lambda values: sum(_FULL - values[name] for name in terms), **terms)

    blur = ImageFilter.BoxBlur(max(0.0, (side_px - 1) / 2))
    means = total([one.filter(blur) for one in plates]) if side_px > 1 else total(plates)
    peak, mean = (float(one.getextrema()[1]) * 100 / _FULL for one in (total(plates), means))
    places = tuple(_places(means, limit * _FULL / 100)) if mean > limit else ()
    return Coverage(mean, peak, places)


def _places(means: Any, limit: float) -> Iterator[tuple[int, int, int, int]]:
    """Boxes around the pixels above a limit that lie close together."""
    from PIL import ImageMath

    mask = ImageMath.lambda_eval(lambda values: (values["means"] > limit) * _FULL, means=means).convert("L")
    small = mask.reduce(_CELL)
    wide = small.size[0]
    left = {divmod(at, wide)[::-1] for at, value in enumerate(small.tobytes()) if value}
    count = 0
    while left and count < _MOST_PLACES:
        group = [left.pop()]
        for x, y in group:  # grows while it is walked
            near = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & left
            left -= near
            group += near
        xs, ys = [x for x, _ in group], [y for _, y in group]
        count += 1
        yield min(xs) * _CELL, min(ys) * _CELL, (max(xs) + 1) * _CELL, (max(ys) + 1) * _CELL


def marked_pages(
    data: bytes, sheets: Sequence[Sheet], findings: Sequence[Finding]
) -> Iterator[tuple[int, bytes]]:
    """Each page with something to be seen, as a PNG with the places marked and named. Raises ValueError."""
    import pypdfium2

    by_page: dict[int, list[Finding]] = {}
    for one in findings:
        if one.areas:
            by_page.setdefault(one.page, []).append(one)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error
    with closing(document):
        for sheet in sheets:
            if sheet.number in by_page and sheet.number <= len(document):
                yield sheet.number, _drawn(document, sheet, by_page[sheet.number])


def _drawn(document: Any, sheet: Sheet, findings: Sequence[Finding]) -> bytes:
    from PIL import ImageDraw

    page = document[sheet.number - 1]
    page.set_rotation(0)
    width, height = page.get_size()
    scale = min(2.0, _MOST_SIDE / max(width, height, 1))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    draw = ImageDraw.Draw(picture)
    shown = sheet.boxes.get("CropBox") or sheet.boxes.get("MediaBox") or sheet.trim
    left, top = (sheet.trim.x0 - shown.x0) * scale, (shown.y1 - sheet.trim.y1) * scale
    per_mm = PT_PER_MM * scale / sheet.unit
    for one in findings:
        colour, rule = _COLOURS[one.severity], one.tool.partition(" ")[2]
        for x0, y0, x1, y1 in _together(one.areas, _APART_MM):
            box = (x0 * per_mm + left - _PAD_PX, y0 * per_mm + top - _PAD_PX,
                   x1 * per_mm + left + _PAD_PX, y1 * per_mm + top + _PAD_PX)  # fmt: skip
            draw.rectangle(box, outline=colour, width=_LINE_PX)
            draw.text((box[0], max(0.0, box[1] - _LABEL_PX)), rule, fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _together(areas: Sequence[Area], apart: float) -> list[tuple[float, float, float, float]]:
    """Boxes around areas that lie closer than so many mm: one mark instead of a heap."""
    boxes: list[tuple[float, float, float, float]] = []
    for area in areas:
        box = area.left_mm, area.top_mm, area.left_mm + area.width_mm, area.top_mm + area.height_mm
        while near := [one for one in boxes if _touch(one, box, apart)]:
            boxes = [one for one in boxes if one not in near]
            near.append(box)
            box = (min(one[0] for one in near), min(one[1] for one in near),
                   max(one[2] for one in near), max(one[3] for one in near))  # fmt: skip
        boxes.append(box)
    return boxes


def _touch(one: tuple[float, ...], other: tuple[float, ...], apart: float) -> bool:
    return (
        one[0] - apart <= other[2] and other[0] - apart <= one[2]
        and one[1] - apart <= other[3] and other[1] - apart <= one[3]
    )  # fmt: skip
