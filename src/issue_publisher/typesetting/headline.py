"""Headlines: lines broken at sense, balanced, condensed within limits (R19, CLREQ "Headings").

First the places that the desk marked with <break/>; without them the marks of the headline itself
(a space, a comma, after a colon); last any place that prohibition allows, near the middle, with
no line shorter than three characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from issue_publisher.layout.model import Align, HeadlineRole, Typesetting
from issue_publisher.typesetting.items import FORBIDDEN, Faces, Item, make_items
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.marks import Kind
from issue_publisher.typesetting.paragraph import Setting, set_paragraph

Pieces = Sequence[tuple[str, Style]]
_FEWEST = 3  # characters in a line
_NO_SENSE = 0.35  # price of a break that nobody marked, against raggedness 0–1
_BAD_STARTS = "的了地得们"


@dataclass(frozen=True, slots=True)
class HeadlineSetting:
    """One way to set a headline."""

    size_pt: float
    leading_pt: float
    lines: tuple[Line, ...]
    badness: float  # 0 broken at sense and filled well; above 1 only if nothing else is left
    fill: float  # longest line against the measure

    @property
    def depth_pt(self) -> float:
        """Depth of its lines."""
        return len(self.lines) * self.leading_pt


def set_headline(
    pieces: Pieces,
    preferred: Sequence[int],
    count: int,
    measure_pt: float,
    role: HeadlineRole,
    faces: Faces,
    policy: Typesetting,
    source_line: int = 0,
) -> HeadlineSetting | None:
    """The best setting in `count` lines at the pieces' size, or None when none fits the measure.

    `preferred`: offsets into the text where the desk would break.
    """
    text = "".join(piece for piece, _ in pieces)
    if not text or (count > 1 and len(text) < count * _FEWEST):
        return None
    size = max(style.size_pt for _, style in pieces)  # a headline may begin with an index
    widths_of = _Widths(pieces, faces, policy)
    best: tuple[float, tuple[int, ...], float, float] | None = None
    for cuts, price in _cuts(widths_of.items, text, preferred, count):
        edges = (0, *cuts, len(text))
        widths = [widths_of.between(a, b) for a, b in pairwise(edges)]
        scale = min(1.0, measure_pt / max(widths))
        if scale < role.condense_to - 1e-9:
            continue
        ragged = 1 - min(widths) / max(widths)
        badness = price + (max(0.0, ragged - 0.3) + 0.05 * ragged if count > 1 else 0.0) + (1 - scale)
        if best is None or badness < best[0] - 1e-9:
            best = (badness, cuts, scale, max(widths) * scale / measure_pt)
    if best is None:
        return None
    badness, cuts, scale, fill = best
    edges = (0, *cuts, len(text))
    parts = [_slice(pieces, a, b) for a, b in pairwise(edges)]
    lines = tuple(
        line for part in parts for line in _set(part, scale, measure_pt, faces, policy, source_line)
    )
    if len(lines) != count:
        return None
    return HeadlineSetting(size, size * role.leading_em, lines, badness, fill)


class _Widths:
    """Widths of any stretch of a headline, from running sums over its items."""

    def __init__(self, pieces: Pieces, faces: Faces, policy: Typesetting) -> None:
        self.items = make_items(pieces, faces, policy)
        self._sum = [0.0]
        self._index = {0: 0}
        at = 0
        for number, item in enumerate(self.items, 1):
            self._sum.append(self._sum[-1] + item.before + item.width + item.after)
            at += len(item.text)
            self._index[at] = number

    def between(self, start: int, end: int) -> float:
        """Width of the characters from one offset to another, as a line of their own."""
        first, stop = self._index[start], self._index[end]
        while stop > first and self.items[stop - 1].kind is Kind.SPACE:
            stop -= 1
        while first < stop and self.items[first].kind is Kind.SPACE:
            first += 1
        if first == stop:
            return 0.0
        trims = self.items[first].start_trim + self.items[stop - 1].end_trim
        return self._sum[stop] - self._sum[first] - trims


def _cuts(
    items: Sequence[Item], text: str, preferred: Sequence[int], count: int
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Ways to cut the text into `count` lines, with the price of each."""
    if count == 1:
        yield (), 0.0
        return
    prices = _break_prices(items, text)
    prices.update({at: 0.0 for at in preferred if at in prices or _ends_an_item(items, at)})
    places = sorted(prices)
    if len(places) > 40:  # a very long headline: only the cheap places, near even lines
        even = [len(text) * part / count for part in range(1, count)]
        places.sort(key=lambda at: (prices[at], min(abs(at - mark) for mark in even)))
        places = sorted(places[:40])
    for cuts in combinations(places, count - 1):
        edges = (0, *cuts, len(text))
        if all(len(text[a:b].strip()) >= _FEWEST for a, b in pairwise(edges)):
            yield cuts, sum(prices[at] for at in cuts)


def _ends_an_item(items: Sequence[Item], at: int) -> bool:
    """Whether an offset inside the text stands between two items."""
    end = 0
    for item in items[:-1]:
        end += len(item.text)
        if end >= at:
            return end == at
    return False


def _break_prices(items: Sequence[Item], text: str) -> dict[int, float]:
    """Offset → price of every break that prohibition allows."""
    prices, at = {}, 0
    for item in items:
        at += len(item.text)
        if at < len(text) and item.break_penalty != FORBIDDEN:
            sense = item.kind is Kind.SPACE or item.text in "，。；：！？、　"
            prices[at] = 0.05 if sense else _NO_SENSE + (0.5 if text[at] in _BAD_STARTS else 0.0)
    return prices


def _slice(pieces: Pieces, start: int, end: int) -> list[tuple[str, Style]]:
    result, at = [], 0
    for piece, style in pieces:
        part = piece[max(0, start - at) : max(0, end - at)]
        if part:
            result.append((part, style))
        at += len(piece)
    if result:  # white space that stood at the break
        result[0] = (result[0][0].lstrip(" "), result[0][1])
        result[-1] = (result[-1][0].rstrip(" "), result[-1][1])
    return [piece for piece in result if piece[0]]


def _set(
    pieces: Pieces, scale: float, measure: float, faces: Faces, policy: Typesetting, source_line: int
) -> tuple[Line, ...]:
    condensed = [(text, replace(style, scale=scale)) for text, style in pieces]
    setting = Setting(measure + 0.02, pieces[0][1].size_pt, Align.CENTRE)
    return set_paragraph(condensed, setting, faces, policy, source_line)
