"""Filling legs: strips into columns of given depths, level at the foot, nothing parted that must stay.

Where the legs' feet part what must stay together, a paragraph is set a line shorter or longer (R22).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from issue_publisher.composition.flow import KEEP, ORPHAN, WIDOW, Strip, is_crosshead
from issue_publisher.composition.model import RUNNING, TextBlock

_WHITE = 12.0  # price of a foot that is one line short; grows with the square
_EARLY = 0.1  # more for each leg that stands after it: of equal ways the last legs are the short ones


_COST = 0.1  # a paragraph's own price of being set shorter or longer, in the currency of legs
_TRIES = 12  # paragraphs before a bad foot that are tried, nearest first
_ROUNDS = 3
_NEVER = float("inf")
_JUSTIFIED = RUNNING | {"quotation"}  # text whose last line shows that it is one

Filled = tuple[tuple[int, ...], float]


def without_strays(
    strips: Sequence[Strip], depths: Sequence[int], filled: Filled
) -> tuple[Sequence[Strip], tuple[int, ...]]:
    """Legs that neither begin with a paragraph's last line nor end with its first or with a crosshead (R22).

    `filled`: what `fill_legs` gave for these strips and depths. Paragraphs are set a line shorter or longer,
    one after the other, as long as that makes the legs better. Returns the strips and where each leg ends.
    """
    ends, price = filled
    for _ in range(_ROUNDS):
        if not any(strips[end - 1].price_after >= ORPHAN for end in ends[:-1] if 0 < end < len(strips)):
            break
        better = min(
            (
                (found[1] + cost * _COST, at, changed, found[0])
                for at, changed, cost in _changes(strips, ends)
                if (found := fill_legs(changed, depths)) is not None
            ),
            key=lambda way: way[:2],
            default=None,
        )
        if better is None or better[0] >= price:
            break
        price, _, strips, ends = better
    return strips, ends


def strays(strips: Sequence[Strip], ends: Sequence[int], *, justified: bool) -> int:
    """Legs that open with a paragraph's or stanza's last line, or part display from its text (hard rule 6).

    `ends`: where each leg ends, an index into `strips`. A last line that reaches the edge shows nothing, and
    where lines are not `justified` it looks like any other.
    """
    inner = [(strips[end - 1], strips[end]) for end in ends[:-1] if 0 < end < len(strips)]
    return sum(
        is_crosshead(above)
        or above.price_after >= KEEP
        or (above.price_after == WIDOW and (_is_verse(below) or (justified and _is_short(below))))
        for above, below in inner
    )


def _is_short(strip: Strip) -> bool:
    """Whether a line of running text does not reach the edge."""
    texts = [part for part in strip.parts if isinstance(part, TextBlock) and part.kind in _JUSTIFIED]
    return any(not text.lines[0].flush for text in texts)


def _is_verse(strip: Strip) -> bool:
    return any(isinstance(part, TextBlock) and part.kind == "verse" for part in strip.parts)


def _changes(strips: Sequence[Strip], ends: Sequence[int]) -> Iterator[tuple[int, list[Strip], float]]:
    """Every way to set one paragraph before a bad foot a line shorter or longer, with its cost."""
    bad = max(end for end in ends[:-1] if 0 < end < len(strips) and strips[end - 1].price_after >= ORPHAN)
    starts = [at for at in range(min(bad + 1, len(strips))) if strips[at].paragraph is not None]
    for at in starts[: -_TRIES - 1 : -1]:
        paragraph = strips[at].paragraph
        if paragraph is None:
            continue
        for new, cost in paragraph.others().values():
            # A paragraph is changed once: the one that takes its place offers nothing more.
            yield at, [*strips[:at], *new, *strips[at + paragraph.count :]], cost


def fill_legs(strips: Sequence[Strip], depths: Sequence[int]) -> Filled | None:
    """Where each leg ends (an index into `strips`) and what that costs, or None when they do not fit.

    `depths`: lines that each leg holds. The best way is the one with the most even feet and the
    fewest parted paragraphs; found by dynamic programming over legs and strips.
    """
    count = len(strips)
    total = [0, *accumulate(strip.lines for strip in strips)]
    slack = sum(depths) - total[-1]
    if slack < 0:
        return None
    # The price of ending a leg here; none where all begins and ends.
    parted = [0.0, *(strip.price_after for strip in strips[:-1]), 0.0]
    best = [(0, 0.0)]  # where a leg may end, and the least price of that
    history: list[list[int]] = []
    filled = 0
    for number, depth in enumerate(depths):
        filled += depth
        last = number == len(depths) - 1
        early = _EARLY * (len(depths) - 1 - number)
        # All legs together hold the slack as white, so no leg ends more than that above its foot.
        low = count if last else bisect_left(total, filled - slack)
        high = min(bisect_right(total, filled), count + 1)
        fresh, origin = [_NEVER] * (count + 1), [0] * (count + 1)
        for start, before in best:
            foot = depth + total[start]
            for end in range(max(low, start), min(high, bisect_right(total, foot))):
                white = foot - total[end]
                price = before + _WHITE * white * white + early * white + parted[end]
                if price < fresh[end]:
                    fresh[end], origin[end] = price, start
        best = [(end, fresh[end]) for end in range(low, high) if fresh[end] < _NEVER]
        history.append(origin)
    if not best or best[-1][0] != count:
        return None
    back, at = [], count
    for origin in reversed(history):
        back.append(at)
        at = origin[at]
    return tuple(reversed(back)), best[-1][1]
