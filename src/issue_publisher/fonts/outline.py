"""Text as outlines, for places where our fonts cannot follow: drawings inside an e-book."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
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
    at_x = at_y = 0
    for command, numbers in commands:
        if command == "Z":
            yield "z"
            continue
        rights = [round((x + em * size) * grain) for em in numbers[::2]]
        downs = [round((y - em * size) * grain) for em in numbers[1::2]]
        if command == "M":
            at_x, at_y = rights[0], downs[0]
            yield "M" + _numbers((at_x, at_y), grain)
            continue
        steps = [0] * len(numbers)
        steps[::2] = [right - at_x for right in rights]
        steps[1::2] = [down - at_y for down in downs]
        at_x, at_y = rights[-1], downs[-1]
        if command != "L":
            yield command.lower() + _numbers(steps, grain)
        elif steps[1] == 0:
            if steps[0]:
                yield "h" + _numbers(steps[:1], grain)
        elif steps[0] == 0:
            yield "v" + _numbers(steps[1:], grain)
        else:
            yield "l" + _numbers(steps, grain)


def _numbers(grains: Iterable[int], grain: int) -> str:
    """Numbers as short as path data may have them: 1-2.5.5 means 1, -2.5, 0.5."""
    written, behind = "", 0
    for number in grains:
        forms, kind = _number(number, grain)
        written += forms[behind]
        behind = kind
    return written


@lru_cache(maxsize=1 << 15)  # the steps of outlines are small, and the same ones come again and again
def _number(grains: int, grain: int) -> tuple[tuple[str, str, str], int]:
    """A number as it is written first, behind a whole number, and behind one with a point; and which it is.

    That is 1 for a whole number and 2 for one with a point: where the form of the next number is found.
    """
    text = f"{grains / grain:.6f}".rstrip("0").rstrip(".")
    text = text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    spaced = text if text[0] == "-" else f" {text}"
    return (text, spaced, text if text[0] == "." else spaced), 2 if "." in text else 1
