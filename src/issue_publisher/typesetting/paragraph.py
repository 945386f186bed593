"""Items → lines by optimum fit over the whole paragraph (Knuth & Plass 1981, with Chinese items).

Squeeze comes before stretch (CLREQ "Compression of punctuation marks"); stretch goes between
characters, never into spaces alone. Every text can be set: where no setting keeps the limits, the
least bad one is taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from issue_publisher.layout.model import Align, LineEnd, Typesetting
from issue_publisher.typesetting.items import FORBIDDEN, Faces, Item, cut, make_items
from issue_publisher.typesetting.lines import Line, Run, Style
from issue_publisher.typesetting.marks import Kind

_EPSILON = 0.01  # pt
_NO_SENSE = 30.0  # price of a break inside a phrase, where breaks are asked for at marks
_LAST_RESORT = 5e4  # price of a break that prohibition forbids, where nothing else can be set
_WORST_STRETCH = 5e5  # still better than characters over each other


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set: measure and indents in points."""

    measure_pt: float
    size_pt: float
    align: Align = Align.JUSTIFY
    indent_pt: float = 0.0  # first line
    break_at_marks: bool = False  # rather a short line than one that parts a phrase


def set_paragraph(
    pieces: Iterable[tuple[str, Style]],
    setting: Setting,
    faces: Faces,
    policy: Typesetting,
    source_line: int = 0,
) -> tuple[Line, ...]:
    """Break a paragraph into lines.

    `pieces`: text with its style, in order. Every character of the text stands in exactly one
    line, in order; white space at line ends is dropped.
    """
    items = make_items(pieces, faces, policy)
    while items and items[-1].kind is Kind.SPACE:
        items.pop()
    if not items:
        return ()
    sums = _Sums(items, policy)
    if wide := _too_wide(sums, setting):
        items = _settable(items, wide, setting, faces, policy)
        sums = _Sums(items, policy)
    ends = _optimum(sums, setting, policy)
    lines, start = [], 0
    for end in ends:
        lines.append(_line(items, start, end, setting, policy, last=end == len(items), first=start == 0))
        start = end
    return tuple(replace(line, source_line=source_line) for line in lines)


def _settable(
    items: Sequence[Item], wide: set[int], setting: Setting, faces: Faces, policy: Typesetting
) -> list[Item]:
    """Items that lines can hold: of the `wide` ones, words come apart into letters, dashes into pairs.

    Where marks alone are too wide, even prohibition gives way: a mark in the wrong place can be read,
    characters over each other cannot.
    """
    parts = (cut(item, faces) if at in wide else [item] for at, item in enumerate(items))
    result = [part for cut_up in parts for part in cut_up]
    for at in _too_wide(_Sums(result, policy), setting):
        if result[at].break_penalty == FORBIDDEN and at + 1 < len(result):
            result[at] = replace(result[at], break_penalty=_LAST_RESORT)
    return result


def _too_wide(sums: _Sums, setting: Setting) -> set[int]:
    """The items of every stretch that may not be parted and that no line can hold."""
    found: set[int] = set()
    start, last = 0, len(sums.items) - 1
    for at, item in enumerate(sums.items):
        if item.break_penalty == FORBIDDEN and at < last:
            continue
        stop = at if item.kind is Kind.SPACE and at > start else at + 1
        measure = setting.measure_pt - (setting.indent_pt if start == 0 else 0.0)
        if sums.natural(start, stop) - sums.squeezable(start, stop) > measure + _EPSILON:
            found.update(range(start, stop))
        start = at + 1
    return found


# --------------------------------------------------------------------------- choosing the breaks


class _Sums:
    """Running sums over the items, so that any line's figures cost a few additions."""

    def __init__(self, items: Sequence[Item], policy: Typesetting) -> None:
        hanging = policy.line_end is LineEnd.HANGING
        self.items = items
        self.width = [0.0, *accumulate(i.before + i.width + i.after + i.gap for i in items)]
        self.squeeze = [0.0, *accumulate(i.squeeze_before + i.squeeze_after for i in items)]
        self.stretch = [0.0, *accumulate(i.stretch for i in items)]
        # What a line gains or loses when an item stands at its edge.
        self.start_trim = [i.start_trim for i in items]
        self.end_trim = [
            i.gap + (i.width + i.before + i.after if hanging and i.text in _HANGING else i.end_trim)
            for i in items
        ]
        self.start_squeeze = [i.squeeze_before if i.start_trim else 0.0 for i in items]
        self.end_squeeze = [i.squeeze_after if i.end_trim else 0.0 for i in items]

    def natural(self, start: int, end: int) -> float:
        """Width of the line, its edges trimmed."""
        return self.width[end] - self.width[start] - self.start_trim[start] - self.end_trim[end - 1]

    def squeezable(self, start: int, end: int) -> float:
        """How much its marks may give up beyond the trimmed edges."""
        return self.squeeze[end] - self.squeeze[start] - self.start_squeeze[start] - self.end_squeeze[end - 1]

    def places(self, start: int, end: int) -> float:
        """How many places can take on white."""
        return self.stretch[end - 1] - self.stretch[start]


_HANGING = frozenset("，。、；：")


def _optimum(sums: _Sums, setting: Setting, policy: Typesetting) -> list[int]:
    """Ends of the lines, the last being the number of items."""
    items = sums.items
    count = len(items)
    best = [FORBIDDEN] * (count + 1)
    before = [0] * (count + 1)
    best[0] = 0.0
    penalties = [item.break_penalty for item in items]
    if setting.break_at_marks:
        sense = (Kind.CLOSING, Kind.SPACE, Kind.DASH)
        penalties = [
            penalty + (0.0 if item.kind in sense else _NO_SENSE)
            for item, penalty in zip(items, penalties, strict=True)
        ]
    penalties[-1] = 0.0
    spaces = [item.kind is Kind.SPACE for item in items]
    far = setting.size_pt * 2.5
    for start in range(count):
        if best[start] == FORBIDDEN or (start and spaces[start]):
            continue
        measure = setting.measure_pt - (setting.indent_pt if start == 0 else 0.0)
        # Lines far too short for their measure are never chosen while a fuller one can be had.
        end = max(start + 1, bisect_right(sums.width, sums.width[start] + measure * 0.6) - 1)
        if setting.align is not Align.JUSTIFY or end >= count:
            end = start + 1
        shortest, filled = end, False
        while True:
            while end <= count:
                penalty = penalties[end - 1]
                stop = end - 1 if spaces[end - 1] and end - 1 > start else end
                need = measure - sums.natural(start, stop)
                if penalty != FORBIDDEN:
                    cost = (
                        best[start] + penalty + _cost(sums, start, stop, need, end == count, setting, policy)
                    )
                    filled = filled or need + sums.squeezable(start, stop) >= -_EPSILON
                    if cost < best[end]:
                        best[end], before[end] = cost, start
                if need + sums.squeezable(start, stop) < -far and end > start + 1:
                    break
                end += 1
            if filled or shortest == start + 1:
                break
            end, shortest = start + 1, start + 1  # no full line to be had: try the short ones after all
    ends, at = [], count
    while at:
        ends.append(at)
        at = before[at]
    return ends[::-1]


def _cost(
    sums: _Sums, start: int, end: int, need: float, last: bool, setting: Setting, policy: Typesetting
) -> float:
    """Badness of one line; 0 is perfect, 100 is as far as the layout likes to go."""
    if need < -_EPSILON:
        squeezable = sums.squeezable(start, end)
        if squeezable + need < -_EPSILON:
            return 1e6 * (1 - (squeezable + need) / setting.size_pt)  # sticks out: only if all else fails
        ratio = -need / squeezable
        cost = policy.squeeze_penalty * 30 * ratio * ratio
        return cost + (_runt(sums, start, end, policy) if last else 0.0)
    if last:
        return _runt(sums, start, end, policy)
    if setting.align is not Align.JUSTIFY:
        return 100 * (need / setting.measure_pt) ** 2
    if need <= _EPSILON:
        return 0.0
    places = sums.places(start, end)
    each = need / places / setting.size_pt if places else 10.0
    limit = policy.tracking_stretch_em
    if each <= limit:
        return policy.stretch_penalty * 60 * (each / limit) ** 2
    if each <= policy.emergency_stretch_em:
        return policy.stretch_penalty * 60 + 4000 * (each - limit) / limit
    return min(1e5 * each, _WORST_STRETCH)


def _runt(sums: _Sums, start: int, end: int, policy: Typesetting) -> float:
    """R10: no last line of one character, or of a character and a mark."""
    if start == 0:
        return 0.0
    characters = sum(
        1
        if item.kind in (Kind.HAN, Kind.SUFFIX, Kind.PREFIX)
        else len(item.text)
        if item.kind is Kind.LATIN
        else 0
        for item in sums.items[start:end]
    )
    return 0.0 if characters >= policy.last_line_characters else 3000.0


# --------------------------------------------------------------------------- setting one line


def _line(
    items: Sequence[Item],
    start: int,
    end: int,
    setting: Setting,
    policy: Typesetting,
    *,
    last: bool,
    first: bool,
) -> Line:
    """Place the items of one line: squeeze, stretch, indent, align."""
    while end - 1 > start and items[end - 1].kind is Kind.SPACE:
        end -= 1
    sums = _Sums(items[start:end], policy)
    count = end - start
    indent = setting.indent_pt if first else 0.0
    need = setting.measure_pt - indent - sums.natural(0, count)
    squeezable = sums.squeezable(0, count)
    squeeze = min(1.0, -need / squeezable) if need < -_EPSILON and squeezable > 0 else 0.0
    flush = setting.align is Align.JUSTIFY and not last
    places = sums.places(0, count)
    stretch = max(0.0, need) / places if flush and places else 0.0
    if need < -_EPSILON and squeezable + need < -_EPSILON and places:
        stretch = (need + squeezable) / places  # emergency: too wide even when squeezed
        flush = True
    free = 0.0 if flush else max(0.0, need)
    shift = indent + {Align.CENTRE: free / 2, Align.RIGHT: free}.get(setting.align, 0.0)
    runs = _runs(items[start:end], squeeze, stretch, shift)
    return Line(runs, setting.measure_pt, setting.measure_pt - indent - free + shift, flush)


def _runs(items: Sequence[Item], squeeze: float, stretch: float, x: float) -> tuple[Run, ...]:
    """Items to runs; neighbours of one style and letter space become one run."""
    runs: list[Run] = []
    count = len(items)
    gap = 0.0  # carried from a Han character to the word behind it, which is a run of its own anyway
    for at, item in enumerate(items):
        first, last = at == 0, at == count - 1
        before = item.before - item.squeeze_before * squeeze + gap
        behind = 0.0 if last else item.gap
        gap = behind if item.kind is not Kind.LATIN else 0.0
        after = item.after - item.squeeze_after * squeeze + behind - gap
        if first and item.start_trim:
            before = item.before - item.start_trim
        if last and item.end_trim:
            after = item.after
        own = item.style.tracking_em * item.style.size_pt * item.style.scale
        extra = 0.0 if last else stretch * item.stretch
        run = _run(item, own, before, after, extra, x)
        x = run.x_pt + run.width_pt + run.after_pt
        if runs and _joinable(runs[-1], run):
            runs[-1] = _join(runs[-1], run)
        else:
            runs.append(run)
    return tuple(runs)


def _run(item: Item, own: float, before: float, after: float, extra: float, x: float) -> Run:
    """A run of one item; `extra` is the stretch of the place behind it."""
    if item.kind is Kind.LATIN and item.stretch <= 1 and len(item.text) > 1:  # no stretch inside a word
        return Run(item.text, item.style, x + before, item.width, own, before, after + extra)
    return Run(
        item.text, item.style, x + before, item.width + extra, own + extra / len(item.text), before, after
    )


def _joinable(left: Run, right: Run) -> bool:
    return (
        left.style == right.style
        and left.style.ruby is None
        and abs(left.after_pt) < 1e-6
        and abs(right.before_pt) < 1e-6
        and abs(left.tracking_pt - right.tracking_pt) < 1e-6
    )


def _join(left: Run, right: Run) -> Run:
    return replace(
        left, text=left.text + right.text, width_pt=left.width_pt + right.width_pt, after_pt=right.after_pt
    )
