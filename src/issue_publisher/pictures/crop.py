"""Which part of a picture is shown in a box of another shape: plain arithmetic."""

from __future__ import annotations

PT_PER_INCH = 72

# Left, top, right and bottom edge of what is shown, as fractions of width and height from the top left.
Crop = tuple[float, float, float, float]
WHOLE: Crop = (0.0, 0.0, 1.0, 1.0)


def crop_for(
    width_px: int, height_px: int, box_ratio: float, focal: tuple[float, float], crop_limit: float
) -> Crop:
    """The part of a picture that fills a box of `box_ratio` (width over height), around the focal point.

    No more than `crop_limit` (0–1) of the width or height is cut away; a picture for which that is not
    enough keeps a shape of its own between its and the box's.
    """
    wanted = box_ratio * height_px / width_px  # of the width, were the height kept whole
    shown_width = max(min(wanted, 1.0), 1 - crop_limit)
    shown_height = max(min(1 / wanted, 1.0), 1 - crop_limit)
    left, right = _stretch_around(focal[0], shown_width)
    top, bottom = _stretch_around(focal[1], shown_height)
    return left, top, right, bottom


def _stretch_around(focal: float, length: float) -> tuple[float, float]:
    """A stretch of 0–1 of the given length, with the focal point as near its middle as the ends allow."""
    start = min(max(focal - length / 2, 0.0), 1.0 - length)
    return start, min(start + length, 1.0)


def effective_ppi(width_px: int, width_pt: float, crop: Crop = WHOLE) -> float:
    """How many pixels stand on an inch when so much of a picture is printed `width_pt` wide."""
    return width_px * (crop[2] - crop[0]) * PT_PER_INCH / width_pt
