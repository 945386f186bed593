"""Text as outlines, for places where our fonts cannot follow: drawings inside an e-book."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from issue_publisher.fonts.catalogue import Face
from issue_publisher.fonts.measures import CHINESE


def text_path(
    face: Face, text: str, size: float, x: float = 0.0, y: float = 0.0, lang: str = CHINESE
) -> tuple[str, float]:
    """Shaped text as SVG path data with its origin at (x, y), y downwards; and its advance.

    Numbers are rounded to a thousandth of the size, and each step starts from the rounded point before it,
    so that nothing drifts. Characters must be the face's own (`FontSet.runs`).
    """
    if not text or size <= 0:
        return "", 0.0
    commands, advance_em = face.shaper.outline(text, lang)
    decimals = max(0, math.ceil(-math.log10(size / 1000)))
    return "".join(_data(commands, size, x, y, 10**decimals)), advance_em * size


def _data(
    commands: list[tuple[str, tuple[float, ...]]], size: float, x: float, y: float, grain: int
) -> Iterator[str]:
    """Path data, relative; reckoned in whole grains, of which so many make one unit."""
    at = (0, 0)
    for command, numbers in commands:
        if command == "Z":
            yield "z"
            continue
        points = [
            (round((x + em_x * size) * grain), round((y - em_y * size) * grain))
            for em_x, em_y in zip(numbers[::2], numbers[1::2], strict=True)
        ]
        if command == "M":
            yield "M" + _numbers(points[0], grain)
            at = points[0]
            continue
        steps = [step for right, down in points for step in (right - at[0], down - at[1])]
        at = points[-1]
        if command != "L":
            yield command.lower() + _numbers(steps, grain)
        elif steps[1] == 0:
            if steps[0]:
                yield "h" + _numbers(steps[:1], grain)
        elif steps[0] == 0:
            yield "v" + _numbers(steps[1:], grain)
        else:
            yield "l" + _numbers(steps, grain)


def _numbers(grains: list[int] | tuple[int, ...], grain: int) -> str:
    """Numbers as short as path data may have them: 1-2.5.5 means 1, -2.5, 0.5."""
    written, point_before = "", True
    for number in grains:
        text, begins, point = _number(number, grain)
        if written and begins != "-" and not (begins == "." and point_before):
            written += " "
        written += text
        point_before = point
    return written


@lru_cache(maxsize=1 << 15)  # the steps of outlines are small, and the same ones come again and again
def _number(grains: int, grain: int) -> tuple[str, str, bool]:
    """A number as it is written, what it begins with, and whether it has a point."""
    text = f"{grains / grain:.6f}".rstrip("0").rstrip(".")
    text = text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    return text, text[0], "." in text
