"""Items → lines by optimum fit over the whole paragraph (Knuth & Plass 1981, with Chinese items).

Squeeze comes before stretch (CLREQ "Adjustment of punctuation marks"); stretch goes between characters,
never into spaces alone. Every text can be set: where no setting keeps the limits, the least bad one is
taken, and its lines say that they are forced.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate

from issue_publisher.layout.model import Align, LineEnd, Typesetting
from issue_publisher.typesetting.hyphens import can_hyphenate
from issue_publisher.typesetting.items import FORBIDDEN, Faces, Item, Known, cut, make_items, streaks
from issue_publisher.typesetting.lines import Line, Run, Style
from issue_publisher.typesetting.marks import HANGING, Kind

_EPSILON = 0.01  # pt
_NO_SENSE = 30.0  # price of a break inside a phrase, where breaks are asked for at marks
_LAST_RESORT = 5e4  # price of a break that prohibition forbids, where nothing else can be set
_WORST_STRETCH = 5e5  # still better than characters over each other
_STICKS_OUT = 1e6  # only if all else fails
_RUNT = 3000.0  # of a last line of one character (R10)
_DEAR = 400.0  # a line that costs more is worth a look beyond the limits
_LARGEST_PT = 5000.0  # no type is larger
_WIDEST_PT = 2e6  # a measure for words on one line

Pieces = Iterable[tuple[str, Style]]


class TextError(ValueError):
    """A text that cannot be set; the message names the line of the source and the character."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set: measure and indents in points. ValueError for what no page can hold."""

    measure_pt: float
    size_pt: float
    align: Align = Align.JUSTIFY
    indent_pt: float = 0.0  # first line
    break_at_marks: bool = False  # rather a short line than one that parts a phrase

    def __post_init__(self) -> None:
        for name, most in (("measure_pt", _WIDEST_PT), ("size_pt", _LARGEST_PT)):
            value = getattr(self, name)
            if not 0 < value <= most:
                raise ValueError(f"{name} is {value} (a length above 0 and up to {most:g} is needed)")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A paragraph in a number of lines of its own; `cost` is what that costs beyond the best setting."""

    lines: tuple[Line, ...]
    cost: float


def set_paragraph(
    pieces: Pieces, setting: Setting, faces: Faces, policy: Typesetting, source_line: int = 0
) -> tuple[Line, ...]:
    """Break a paragraph into lines.

    `pieces`: text with its style, in order. Every character of the text stands in exactly one line, in order;
    white space at line ends is dropped. Raises TextError for characters that cannot be set.
    """
    return prepare(pieces, faces, policy, source_line).lines(setting)


def prepare(
    pieces: Pieces, faces: Faces, policy: Typesetting, source_line: int = 0, known: Known | None = None
) -> Copy:
    """Cut and measure a paragraph once, to set it at many measures; arguments as for `set_paragraph`.

    `known`: as for `make_items`.
    """
    pieces = list(pieces)
    for text, style in pieces:
        if found := _UNSETTABLE.search(text):
            raise TextError(
                f"{source_line}: the text holds U+{ord(found[0]):04X}, which is no character that can be set "
                "(remove it)"
            )
        if not 0 < style.size_pt <= _LARGEST_PT:
            raise ValueError(
                f"the type size is {style.size_pt} pt (above 0 and up to {_LARGEST_PT:g} is needed)"
            )

    def copy(*, hyphens: bool) -> Copy:
        items = make_items(pieces, faces, policy, hyphens=hyphens, known=known)
        while items and items[-1].kind is Kind.SPACE:
            items.pop()
        return Copy(tuple(items), faces, policy, source_line)

    plain = copy(hyphens=False)
    if not any(can_hyphenate(text, style.lang) for text, style in pieces):
        return plain
    return replace(plain, hyphenated=lambda: copy(hyphens=True))


_UNSETTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Copy:
    """A paragraph (稿) cut and measured, ready to be set at any measure."""

    items: tuple[Item, ...]
    faces: Faces
    policy: Typesetting
    source_line: int = 0
    hyphenated: Callable[[], Copy] | None = field(default=None, compare=False)

    def lines(self, setting: Setting) -> tuple[Line, ...]:
        """The best lines at a measure."""
        if not self.items:
            return ()
        breaker, ends = self._best(setting)
        return breaker.lines(ends, self.source_line)

    def _best(self, setting: Setting) -> tuple[_Breaker, list[int]]:
        """The best breaks.

        Hyphens are thought of only where all lines together cost more than one hyphen, or where a word must
        come apart: opening a dictionary takes time.
        """
        if self.hyphenated is not None and _too_wide(self._sums, setting):
            breaker = self._hyphenated._breaker(setting)
            return breaker, breaker.best()
        breaker = self._breaker(setting)
        ends = breaker.best()
        if self.hyphenated is not None and breaker.price(ends) > self.policy.hyphen_penalty:
            other = self._hyphenated._breaker(setting)
            with_hyphens = other.best()
            if other.price(with_hyphens) < breaker.price(ends):
                return other, with_hyphens
        return breaker, ends

    @cached_property
    def _hyphenated(self) -> Copy:
        return self.hyphenated() if self.hyphenated else self

    def alternatives(self, setting: Setting) -> Mapping[int, Alternative]:
        """The paragraph one line shorter (−1), as it is best (0) and one line longer (1), with their costs.

        Only what keeps the layout's limits: a number of lines that would need more is left out.
        """
        if not self.items:
            return {}
        breaker, best = self._best(setting)
        found = {0: Alternative(breaker.lines(best, self.source_line), 0.0)}
        base = breaker.price(best)
        for change, (ends, cost) in breaker.by_count(len(best)).items():
            if change:
                found[change] = Alternative(breaker.lines(ends, self.source_line), max(0.0, cost - base))
        return found

    @cached_property
    def _sums(self) -> _Sums:
        return _Sums(self.items, self.policy)

    def _breaker(self, setting: Setting) -> _Breaker:
        sums = self._sums
        if wide := _too_wide(sums, setting):
            sums = _Sums(_settable(sums.items, wide, setting, self.faces, self.policy), self.policy)
        return _Breaker(sums, setting, self.policy)


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
        if at + 1 == len(result) or result[at + 1].kind is Kind.SPACE:
            continue
        if result[at].break_penalty == FORBIDDEN:
            result[at] = replace(result[at], break_penalty=_LAST_RESORT)
    return result


def _too_wide(sums: _Sums, setting: Setting) -> set[int]:
    """The items of every stretch that may not be parted and that no line can hold."""
    found: set[int] = set()
    start = 0
    for end, stop in zip(sums.breaks, sums.stops, strict=True):
        measure = setting.measure_pt - (setting.indent_pt if start == 0 else 0.0)
        wide = sums.width[stop] - sums.width[start]
        if (
            start < stop
            and wide > measure - sums.slack  # most stretches are one character
            and sums.natural(start, stop) - sums.squeezable(start, stop) > measure + _EPSILON
        ):
            found.update(range(start, stop))
        start = end
    return found


# --------------------------------------------------------------------------- figures of any line


class _Sums:
    """Running sums over the items, so that any line's figures cost a few additions."""

    def __init__(self, items: Sequence[Item], policy: Typesetting) -> None:
        hanging = policy.line_end is LineEnd.HANGING
        self.items = items
        self.width = [0.0, *accumulate(i.before + i.width + i.after for i in items)]
        self.squeeze = [0.0, *accumulate(i.squeeze_before + i.squeeze_after for i in items)]
        self.stretch = [0.0, *accumulate(i.stretch for i in items)]
        self.meetings = [0, *accumulate(map(_meets, items))]  # of Han and Latin
        self.mixed = self.meetings[-1] > 0
        # What a line gains or loses when an item stands at its edge.
        self.start_trim = [i.start_trim for i in items]
        self.end_trim = [
            i.width + i.before + i.after if hanging and i.text[0] in HANGING else i.end_trim for i in items
        ]
        self.start_squeeze = [i.squeeze_before if i.start_trim else 0.0 for i in items]
        self.end_squeeze = [i.squeeze_after if i.end_trim else 0.0 for i in items]
        self.slack = max(map(abs, (*self.start_trim, *self.end_trim)), default=0.0)
        # Where lines may end: behind which item, and the same without the space that a line's end drops.
        last = len(items) - 1
        self.breaks = [at + 1 for at, i in enumerate(items) if i.break_penalty != FORBIDDEN or at == last]
        self.stops = [self._without_space(end) for end in self.breaks]

    def _without_space(self, end: int) -> int:
        stop = end
        while stop > 1 and self.items[stop - 1].kind is Kind.SPACE:
            stop -= 1
        return stop

    def natural(self, start: int, end: int) -> float:
        """Width of the line, its edges trimmed."""
        return self.width[end] - self.width[start] - self.start_trim[start] - self.end_trim[end - 1]

    def squeezable(self, start: int, end: int) -> float:
        """How much its marks may give up beyond the trimmed edges."""
        return self.squeeze[end] - self.squeeze[start] - self.start_squeeze[start] - self.end_squeeze[end - 1]

    def places(self, start: int, end: int) -> float:
        """How many places can take on white."""
        return self.stretch[end - 1] - self.stretch[start]

    def share(self, need: float, start: int, end: int, first: float) -> tuple[float, float]:
        """What each place takes of the white that a line needs, and what places where Han meets Latin take.

        These take up to `first` points before the others take any (CLREQ "Spacing adjustment": the gap
        between Han and Latin before that between Han).
        """
        places, meetings = self.places(start, end), self.meetings[end - 1] - self.meetings[start]
        if not places:
            return (FORBIDDEN, FORBIDDEN)
        if meetings and need <= meetings * first:
            return 0.0, need / meetings
        if meetings and places > meetings:
            each = (need - meetings * first) / (places - meetings)
            if each <= first:
                return each, first
        return need / places, need / places

    @cached_property
    def streaks(self) -> list[int]:
        """Where each row of plain characters ends."""
        return streaks(self.items)

    @cached_property
    def offsets(self) -> list[int]:
        """Where each item begins in the text."""
        return [0, *accumulate(len(item.text) for item in self.items)]

    @cached_property
    def text(self) -> str:
        """All of the text."""
        return "".join(item.text for item in self.items)


def _meets(item: Item) -> bool:
    """Whether the place behind it takes white first; one that is spaced letter by letter has its own way."""
    return item.gap_place and item.stretch == 1.0


# --------------------------------------------------------------------------- choosing the breaks


class _Breaker:
    """Chooses the breaks of one paragraph at one measure. A break is an index into `sums.breaks`."""

    def __init__(self, sums: _Sums, setting: Setting, policy: Typesetting) -> None:
        self.sums, self.setting, self.policy = sums, setting, policy
        items, width, squeeze = sums.items, sums.width, sums.squeeze
        self.justify = setting.align is Align.JUSTIFY
        self.limit = policy.tracking_stretch_em * setting.size_pt
        self.first = policy.gap_stretch_em * setting.size_pt
        # Where no line need be full, there is little reason to squeeze one.
        self.squeezed = 30.0 * (policy.squeeze_penalty if self.justify else 1.0)
        self.penalty = [items[end - 1].break_penalty for end in sums.breaks]
        if setting.break_at_marks:
            sense = (Kind.CLOSING, Kind.SPACE, Kind.DASH)
            self.penalty = [
                penalty + (0.0 if items[end - 1].kind in sense else _NO_SENSE)
                for end, penalty in zip(sums.breaks, self.penalty, strict=True)
            ]
        self.penalty[-1] = 0.0
        # What a line's figures owe to its end; its start takes its own share away.
        self.end_width = [width[stop] - sums.end_trim[stop - 1] for stop in sums.stops]
        self.end_squeeze = [squeeze[stop] - sums.end_squeeze[stop - 1] for stop in sums.stops]
        self.end_places = [sums.stretch[stop - 1] for stop in sums.stops]
        self.narrowest = [width[stop] - squeeze[stop] for stop in sums.stops]
        self.runt = self._runt()

    def best(self) -> list[int]:
        """The breaks of the best setting: within the limits if they allow a good one, else beyond them."""
        found = self._shortest(self.limit) if self.justify else self._shortest(FORBIDDEN)
        if not self.justify:
            return found or []
        if found is None or any(cost > _DEAR for cost in self._costs(found, self.limit)):
            beyond = self.policy.emergency_stretch_em * self.setting.size_pt
            wider = self._shortest(beyond)
            if wider is not None and (found is None or self.price(wider) < self.price(found)):
                found = wider
        return found or self._shortest(FORBIDDEN) or []  # without limits something is always found

    def price(self, ends: Sequence[int]) -> float:
        """What a setting costs."""
        return sum(self._costs(ends, FORBIDDEN))

    def _costs(self, ends: Sequence[int], reach: float) -> list[float]:
        starts = (-1, *ends[:-1])
        lines = zip(starts, ends, strict=True)
        return [dict(self._lines_from(start, reach)).get(end, _STICKS_OUT) for start, end in lines]

    def _shortest(self, reach: float) -> list[int] | None:
        """The cheapest way through, with lines that stretch no further than `reach` points a place.

        None when there is none; without a limit there always is one.
        """
        count = len(self.penalty)
        best, before = [FORBIDDEN] * count, [-2] * count
        for start in range(-1, count - 1):
            sofar = best[start] if start >= 0 else 0.0
            if sofar == FORBIDDEN:
                continue
            for end, cost in self._lines_from(start, reach):
                if sofar + cost < best[end]:
                    best[end], before[end] = sofar + cost, start
        if best[-1] == FORBIDDEN:
            return None
        ends, at = [], count - 1
        while at >= 0:
            ends.append(at)
            at = before[at]
        return ends[::-1]

    def by_count(self, around: int) -> dict[int, tuple[list[int], float]]:
        """The cheapest ways in one line fewer than `around`, as many and one more, with their prices."""
        count = len(self.penalty)
        reach = self.limit if self.justify else FORBIDDEN
        # For each break: number of lines so far → price, and the break before it.
        best: list[dict[int, tuple[float, int]]] = [{} for _ in range(count)]
        for start in range(-1, count - 1):
            sofar = best[start] if start >= 0 else {0: (0.0, -1)}
            if not sofar:
                continue
            for end, cost in self._lines_from(start, reach):
                for lines, (price, _) in sofar.items():
                    known = best[end].get(lines + 1)
                    if lines <= around and (known is None or price + cost < known[0]):
                        best[end][lines + 1] = price + cost, start
        found = {}
        for lines in (around - 1, around, around + 1):
            if lines in best[-1] and best[-1][lines][0] < _DEAR * lines:
                ends, at = [], count - 1
                for left in range(lines, 0, -1):
                    ends.append(at)
                    at = best[at][left][1]
                found[lines - around] = ends[::-1], best[-1][lines][0]
        return found

    def _lines_from(self, start: int, reach: float) -> Iterator[tuple[int, float]]:
        """Every line that begins behind a break and keeps its limits: where it ends and its price.

        No place is stretched beyond `reach` points. Without a limit a piece that no line holds sticks out.
        """
        sums, count = self.sums, len(self.penalty)
        at = sums.breaks[start] if start >= 0 else 0
        measure = self.setting.measure_pt - (self.setting.indent_pt if at == 0 else 0.0)
        width, squeeze = sums.width[at] + sums.start_trim[at], sums.squeeze[at] + sums.start_squeeze[at]
        places, penalty = sums.stretch[at], self.penalty
        ends, gives, takes = self.end_width, self.end_squeeze, self.end_places
        stop = bisect_right(
            self.narrowest, measure + width - squeeze + sums.slack + _EPSILON, start + 1, count
        )
        first = start + 1
        if reach != FORBIDDEN:
            first = self._first_full(first, stop, width + measure, places, reach)
            first = min(first, count - 1)  # the last line need not be full
        none = True
        for end in range(first, stop):
            need = measure - ends[end] + width
            if need < -_EPSILON:
                squeezable = gives[end] - squeeze
                if squeezable + need < -_EPSILON:
                    continue
                none = False
                ratio = need / squeezable
                cost = self.squeezed * ratio * ratio
                yield end, cost + penalty[end] + (self._last(at) if end == count - 1 else 0.0)
            elif end == count - 1:
                yield end, self._last(at)
            elif not self.justify:
                yield end, 100.0 * (need / self.setting.measure_pt) ** 2 + penalty[end]
            elif need <= _EPSILON:
                yield end, penalty[end]
            else:
                # `share`, but for the call: nearly all lines pass here, and few texts mix Han with Latin.
                if not sums.mixed:
                    among = takes[end] - places
                    each = meeting = need / among if among else FORBIDDEN
                else:
                    each, meeting = sums.share(need, at, sums.stops[end], self.first)
                if each <= reach:
                    yield end, self._stretched(max(each, meeting / 4)) + penalty[end]
            none = False
        if none and reach == FORBIDDEN:
            yield start + 1, _STICKS_OUT

    def _first_full(self, first: int, stop: int, edge: float, places: float, reach: float) -> int:
        """The first break at which a line, stretched as far as it goes, comes near the edge."""
        ends, takes = self.end_width, self.end_places
        low, high, edge = first, stop, edge - 2 * self.sums.slack + reach * places
        while low < high:
            middle = (low + high) // 2
            if ends[middle] + reach * takes[middle] < edge:
                low = middle + 1
            else:
                high = middle
        return low

    def _stretched(self, each: float) -> float:
        """Price of so much white at each place: 96 is as far as the layout likes to go."""
        policy, size = self.policy, self.setting.size_pt
        if each <= self.limit:
            return policy.stretch_penalty * 60.0 * (each / self.limit) ** 2
        if each <= policy.emergency_stretch_em * size:
            return policy.stretch_penalty * 60.0 + 4000.0 * (each - self.limit) / self.limit
        return min(1e5 * each / size, _WORST_STRETCH)

    def _last(self, at: int) -> float:
        return _RUNT if at and at >= self.runt else 0.0

    def _runt(self) -> int:
        """R10: a last line that begins at this item or later holds too few characters."""
        fewest, count = self.policy.last_line_characters, 0
        for at in range(len(self.sums.items) - 1, -1, -1):
            item = self.sums.items[at]
            if item.kind in (Kind.HAN, Kind.SUFFIX, Kind.PREFIX):
                count += 1
            elif item.kind is Kind.LATIN:
                count += len(item.text)
            if count >= fewest:
                return at + 1
        return 0

    # ----------------------------------------------------------------------- setting the lines

    def lines(self, ends: Sequence[int], source_line: int) -> tuple[Line, ...]:
        """The lines that end at these breaks."""
        starts = (0, *(self.sums.breaks[end] for end in ends[:-1]))
        last = len(self.penalty) - 1
        return tuple(
            self._line(start, self.sums.stops[end], end == last, source_line)
            for start, end in zip(starts, ends, strict=True)
        )

    def _line(self, start: int, stop: int, last: bool, source_line: int) -> Line:
        """Place the items of one line: squeeze, stretch, indent, align."""
        sums, setting = self.sums, self.setting
        stop = max(stop, start + 1)
        indent = setting.indent_pt if start == 0 else 0.0
        need = setting.measure_pt - indent - sums.natural(start, stop)
        squeezable, places = sums.squeezable(start, stop), sums.places(start, stop)
        squeeze = min(1.0, -need / squeezable) if need < -_EPSILON and squeezable > 0 else 0.0
        flush = self.justify and not last
        stretch = meeting = 0.0
        if flush and places:
            stretch, meeting = sums.share(max(0.0, need), start, stop, self.first)
        overfull = need < -_EPSILON and squeezable + need < -_EPSILON
        if overfull and places:
            stretch = meeting = (need + squeezable) / places  # emergency: too wide even when squeezed
            flush = True
        free = 0.0 if flush else max(0.0, need)
        shift = indent + {Align.CENTRE: free / 2, Align.RIGHT: free}.get(setting.align, 0.0)
        return Line(
            _runs(sums, start, stop, _White(squeeze, stretch, meeting), shift),
            setting.measure_pt,
            setting.measure_pt - indent - free + shift,
            flush,
            squeeze_pt=squeeze * squeezable,
            stretch_pt=stretch,
            places=places,
            forced=overfull or stretch > self.limit + _EPSILON or (flush and need > _EPSILON and not places),
            hyphen=sums.items[stop - 1].hyphen and not last,
            space=not last and sums.items[stop].text == " ",
            source_line=source_line,
        )


@dataclass(frozen=True, slots=True)
class _White:
    """How a line is fitted: the share of what its marks can give up, and points of white at places."""

    squeeze: float
    each: float
    meeting: float  # at places where Han and Latin meet

    def behind(self, item: Item) -> float:
        """The white behind an item."""
        return max(self.meeting, self.each) if _meets(item) else self.each * item.stretch


def _runs(sums: _Sums, start: int, stop: int, white: _White, x: float) -> tuple[Run, ...]:
    """Items to runs; neighbours of one style and letter space become one run."""
    stretch = white.each
    items, streak, width, offsets = sums.items, sums.streaks, sums.width, sums.offsets
    runs: list[Run] = []
    at = start
    while at < stop:
        item = items[at]
        style = item.style
        own = style.tracking_em * style.size_pt * style.scale
        end = min(streak[at], stop - 1 if stretch else stop)  # a line's last character takes on no white
        if end > at:
            count = end - at
            run = Run(
                sums.text[offsets[at] : offsets[end]], style, x,
                width[end] - width[at] + stretch * count, own + stretch,
            )  # fmt: skip
            at = end
        else:
            run = _run(item, own, white, x, first=at == start, last=at == stop - 1)
            at += 1
        x = run.x_pt + run.width_pt + run.after_pt
        if runs and _joinable(runs[-1], run):
            runs[-1] = _join(runs[-1], run)
        else:
            runs.append(run)
    return tuple(runs)


def _run(item: Item, own: float, white: _White, x: float, *, first: bool, last: bool) -> Run:
    """A run of one item at a place in its line."""
    before = item.before - item.squeeze_before * white.squeeze
    after = item.after - item.squeeze_after * white.squeeze
    extra = 0.0 if last else white.behind(item)
    if item.kind is Kind.LATIN:
        width, text = item.width, item.text
        before = item.before if first else before
        after = item.after if last else after
        if first:  # neither the white before a word nor its kerning with the part before it
            width -= item.start_trim
        if last:
            width -= item.end_trim
            text += "-" if item.hyphen else ""
        gaps = item.gap_before and not first, item.gap_after and not last
        if item.stretch <= 1 and len(text) > 1:  # no stretch inside a word
            return Run(text, item.style, x + before, width, own, before, after + extra, *gaps)
        return Run(text, item.style, x + before, width + extra, own + extra / len(text), before, after, *gaps)
    if first and item.start_trim:
        before = item.before - item.start_trim
    if last and item.end_trim:
        after = item.after
    return Run(
        item.text, item.style, x + before, item.width + extra, own + extra / len(item.text), before, after
    )


def _joinable(left: Run, right: Run) -> bool:
    return (
        (left.style is right.style or left.style == right.style)
        and left.style.ruby is None
        and not (left.gap_after or right.gap_before)
        and abs(left.after_pt) < 1e-6
        and abs(right.before_pt) < 1e-6
        and abs(left.tracking_pt - right.tracking_pt) < 1e-6
    )


def _join(left: Run, right: Run) -> Run:
    return Run(
        left.text + right.text, left.style, left.x_pt, left.width_pt + right.width_pt, left.tracking_pt,
        left.before_pt, right.after_pt, left.gap_before, right.gap_after,
    )  # fmt: skip
