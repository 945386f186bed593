"""Filling legs: strips into columns of given depths, level at the foot, nothing parted that must stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from issue_publisher.composition.flow import Strip

_WHITE = 12.0  # price of a foot that is one line short; grows with the square
_EARLY = 0.1  # more for each leg that stands after it: of equal ways the last legs are the short ones


def fill_legs(strips: Sequence[Strip], depths: Sequence[int]) -> tuple[tuple[int, ...], float] | None:
    """Where each leg ends (an index into `strips`) and what that costs, or None when they do not fit.

    `depths`: lines that each leg holds. The best way is the one with the most even feet and the
    fewest parted paragraphs; found by dynamic programming over legs and strips.
    """
    count = len(strips)
    total = [0, *accumulate(strip.lines for strip in strips)]
    infinite = float("inf")
    best = [infinite] * (count + 1)
    best[0] = 0.0
    history: list[list[int]] = []
    for number, depth in enumerate(depths):
        last = number == len(depths) - 1
        early = _EARLY * (len(depths) - 1 - number)
        fresh, origin = [infinite] * (count + 1), [0] * (count + 1)
        for start in range(count + 1):
            if best[start] == infinite:
                continue
            for end in range(count if last else start, count + 1):
                white = depth - (total[end] - total[start])
                if white < 0:
                    break
                price = best[start] + _WHITE * white * white + early * white
                if 0 < end < count:
                    price += strips[end - 1].price_after
                if price < fresh[end]:
                    fresh[end], origin[end] = price, start
        best = fresh
        history.append(origin)
    if best[count] == infinite:
        return None
    ends, at = [], count
    for origin in reversed(history):
        ends.append(at)
        at = origin[at]
    return tuple(reversed(ends)), best[count]
