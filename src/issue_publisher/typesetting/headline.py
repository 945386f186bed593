"""Headlines: broken at sense, even or stepped, condensed or spaced within limits (R19, CLREQ "Headings").

First the places that the desk marked with <break/>; without them the marks of the headline itself
(a space, a comma, behind a colon); else between words, where `words` says that sense suffers least.
Inside a word, a number or a name only when nothing else fits; the setting then says so.

Even lines: the nearer in length the better, and down to seven tenths of the longest line they cost
next to nothing, so that sense comes first (a rule of make-up: shorter ÷ longer at least 0.7). Both
正梯形 (the lower line longer) and 倒梯形 (the upper longer) are good; of two that differ in nothing
else the former is taken, since it stands on its longer line. Of three lines the middle one should
not be the shortest: a headline with a waist reads as two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from issue_publisher.layout.model import Align, HeadlineLines, HeadlineRole, Typesetting
from issue_publisher.typesetting import words
from issue_publisher.typesetting.items import FORBIDDEN, Faces, Item, make_items
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.marks import Kind, kind
from issue_publisher.typesetting.paragraph import Setting, set_paragraph

Pieces = Sequence[tuple[str, Style]]
_FEWEST = 3  # characters in a line
_BROKEN = 1.0  # price from which a break hurts the sense
_UNASKED = 0.6  # price of a break beside those that the desk marked, where it marked enough
_UNMARKED = 0.3  # price of a break beside the headline's own marks, likewise
_RAGGED = 0.3  # unevenness that costs next to nothing: shorter ÷ longer 0.7
_INVERTED = 0.005  # price of the longer line above: decides only between equals
_WAIST = 0.03  # price of a middle line shorter than both others
_SPACES = " \u3000"
_OWN_MARKS = "，。；：？！" + _SPACES
_MOST_PLACES = 40  # break places that are looked at; a longer headline is no headline
_MOST_LINES = 6  # of a kicker or deck; a longer one is set as a paragraph


@dataclass(frozen=True, slots=True)
class HeadlineSetting:
    """One way to set a headline, for make-up to choose from."""

    size_pt: float
    leading_pt: float
    lines: tuple[Line, ...]
    badness: float  # 0 broken at sense and filled well; above 1 only if nothing else is left
    fill: float  # longest line, or a stepped headline from left to right, against the measure
    broken: bool = False  # whether a line ends where sense forbids it: inside a word, a number, a name

    @property
    def depth_pt(self) -> float:
        """Depth of its lines."""
        return len(self.lines) * self.leading_pt


@dataclass(frozen=True, slots=True)
class _Cut:
    """A way to part a headline into lines."""

    edges: tuple[int, ...]  # offsets, with 0 and the end
    price: float
    broken: bool


@dataclass(frozen=True, slots=True)
class _Fit:
    """How lines of some widths stand in their measure."""

    scale: float
    block: float  # from the left of the leftmost to the right of the rightmost line, condensed
    price: float


def set_headline(
    pieces: Pieces,
    preferred: Sequence[int],
    count: int,
    measure_pt: float,
    role: HeadlineRole,
    faces: Faces,
    policy: Typesetting,
    source_line: int = 0,
    *,
    align: Align = Align.CENTRE,
) -> HeadlineSetting | None:
    """The best setting in `count` lines at the pieces' size, or None when none fits the measure.

    `preferred`: offsets into the text where the desk would break. `align` is how even lines stand in the
    measure, of which they fill at most the role's `widest`; stepped lines stand in its middle as a block.
    """
    text = "".join(piece for piece, _ in pieces)
    if not text or (count > 1 and len(text) < count * _FEWEST):
        return None
    size = max(style.size_pt for _, style in pieces)  # a headline may begin with an index
    step = role.step_em * size if role.lines is HeadlineLines.STEPPED else 0.0
    room = role.widest * measure_pt
    widths_of = _Widths(pieces, faces, policy)
    best: tuple[float, _Cut, _Fit] | None = None
    for cut in _cuts(widths_of, text, preferred, count, room / role.condense_to):
        widths = [widths_of.between(a, b) for a, b in pairwise(cut.edges)]
        fit = _fit(widths, room, role, step)
        if fit is not None and (best is None or cut.price + fit.price < best[0] - 1e-9):
            best = (cut.price + fit.price, cut, fit)
    if best is None:
        return None
    badness, cut, fit = best
    parts = [_slice(pieces, a, b) for a, b in pairwise(cut.edges)]
    steps = step * (count - 1)
    space = 0.0
    if fit.block < role.fill_from * measure_pt:
        widths = [widths_of.between(a, b) for a, b in pairwise(cut.edges)]
        space = _space(parts, widths, role.fill_from * measure_pt - steps, role.space_to_em * size)
    lines = tuple(
        line
        for part in parts
        for line in _set(part, fit.scale, space, measure_pt, align, faces, policy, source_line)
    )
    if len(lines) != count:
        return None
    lines = tuple(
        replace(line, space=end < len(text) and " " in text[end - 1 : end + 1])
        for line, end in zip(lines, cut.edges[1:], strict=True)
    )
    block = min(room, max(map(_width, lines)) + steps)
    if steps:
        lines = _stepped(lines, block, measure_pt)
    return HeadlineSetting(size, size * role.leading_em, lines, badness, block / measure_pt, cut.broken)


def set_short(
    pieces: Pieces,
    preferred: Sequence[int],
    measure_pt: float,
    align: Align,
    faces: Faces,
    policy: Typesetting,
    source_line: int = 0,
    *,
    break_at_marks: bool = False,
) -> tuple[Line, ...]:
    """A few words (引题、副题、小标题、摘引) in as few even lines as hold them, broken as headlines are.

    `preferred`: offsets into the text where the desk would break. In one line more if that keeps a word
    whole or, with `break_at_marks`, a phrase. What needs more than six lines is a paragraph, and set as one.
    """
    size = max((style.size_pt for _, style in pieces), default=1.0)
    role = HeadlineRole("", (size,), _MOST_LINES, 1, 1)
    fewest: HeadlineSetting | None = None
    for count in range(1, _MOST_LINES + 1):
        found = set_headline(
            pieces, preferred, count, measure_pt, role, faces, policy, source_line, align=align
        )
        if fewest is not None:
            better = found is not None and found.badness < fewest.badness
            return found.lines if found is not None and better else fewest.lines
        if found is not None and not found.broken and not (break_at_marks and count > 1):
            return found.lines
        fewest = found
    if fewest is not None:
        return fewest.lines
    setting = Setting(measure_pt, size, align, break_at_marks=break_at_marks)
    return set_paragraph(pieces, setting, faces, policy, source_line)


def narrowest(
    pieces: Pieces,
    preferred: Sequence[int],
    count: int,
    faces: Faces,
    policy: Typesetting,
    source_line: int = 0,
) -> float | None:
    """The measure in points that a kicker or deck needs in `count` lines broken at sense; None: in none."""
    size = max((style.size_pt for _, style in pieces), default=1.0)
    role = HeadlineRole("", (size,), _MOST_LINES, 1, 1)
    wide = size * sum(len(text) for text, _ in pieces) + size
    found = set_headline(pieces, preferred, count, wide, role, faces, policy, source_line, align=Align.LEFT)
    return max(map(_width, found.lines)) if found is not None and not found.broken else None


# --------------------------------------------------------------------------- where to cut


class _Widths:
    """Widths of any stretch of a headline, from running sums over its items."""

    def __init__(self, pieces: Pieces, faces: Faces, policy: Typesetting) -> None:
        self.items = make_items(pieces, faces, policy)
        self.own = policy.words
        self._sum = [0.0]
        self._index = {0: 0}
        at = 0
        for number, item in enumerate(self.items, 1):
            self._sum.append(self._sum[-1] + item.before + item.width + item.after)
            at += len(item.text)
            self._index[at] = number
        self._known: dict[tuple[int, int], float] = {}

    def ends_an_item(self, at: int) -> bool:
        """Whether an offset inside the text stands between two items."""
        return 0 < self._index.get(at, 0) < len(self.items)

    def between(self, start: int, end: int) -> float:
        """Width of the characters from one offset to another, as a line of their own."""
        known = self._known.get((start, end))
        if known is None:
            known = self._known[start, end] = self._measure(start, end)
        return known

    def _measure(self, start: int, end: int) -> float:
        first, stop = self._index[start], self._index[end]
        while stop > first and _blank(self.items[stop - 1]):
            stop -= 1
        while first < stop and _blank(self.items[first]):
            first += 1
        if first == stop:
            return 0.0
        trims = self.items[first].start_trim + self.items[stop - 1].end_trim
        return self._sum[stop] - self._sum[first] - trims


def _blank(item: Item) -> bool:
    """Whether it is white space, narrow or of a whole em (全角空格), which stands at no edge of a line."""
    return item.kind is Kind.SPACE or item.text in _SPACES


def _cuts(widths: _Widths, text: str, preferred: Sequence[int], count: int, widest: float) -> Iterator[_Cut]:
    """Ways to cut the text into `count` lines no wider than `widest`; sense is broken only if need be."""
    if count == 1:
        if widths.between(0, len(text)) <= widest + 1e-6:
            yield _Cut((0, len(text)), 0.0, broken=False)
        return
    prices = _break_prices(widths.items, text, widths.own)
    marked = {at for at in preferred if widths.ends_an_item(at)}
    prices.update(dict.fromkeys(marked, 0.0))
    kept = {at: price for at, price in prices.items() if price < _BROKEN}
    own = {at for at in kept if text[at - 1] in _OWN_MARKS}
    found = False
    for places in (kept, prices):
        for edges in _ways(_likely(places, text, count), text, count, widths, widest):
            inner = edges[1:-1]
            price = sum(prices[at] for at in inner)
            price += _UNASKED * _needless(inner, marked) or _UNMARKED * _needless(inner, own)
            found = True
            yield _Cut(edges, price, broken=any(prices[at] >= _BROKEN for at in inner))
        if found:
            return


def _needless(inner: Sequence[int], offered: set[int]) -> int:
    """How many breaks of a headline stand elsewhere than where it offers them, beyond what its lines need."""
    elsewhere = sum(at not in offered for at in inner)
    return max(0, elsewhere - max(0, len(inner) - len(offered))) if offered else 0


def _ways(
    places: Sequence[int], text: str, count: int, widths: _Widths, widest: float
) -> Iterator[tuple[int, ...]]:
    """Every choice of `count - 1` places that leaves no line too wide or too short."""

    def fits(start: int, end: int) -> bool:
        return len(text[start:end].strip()) >= _FEWEST and widths.between(start, end) <= widest + 1e-6

    def lines_from(start: int, first: int, left: int) -> Iterator[tuple[int, ...]]:
        if left == 1:
            if fits(start, len(text)):
                yield (len(text),)
            return
        for number in range(first, len(places)):
            at = places[number]
            if widths.between(start, at) > widest + 1e-6:
                return
            if fits(start, at):
                for rest in lines_from(at, number + 1, left - 1):
                    yield (at, *rest)

    for ends in lines_from(0, 0, count):
        yield (0, *ends)


def _likely(prices: dict[int, float], text: str, count: int) -> list[int]:
    """All places, or of a very long text the cheap ones nearest to even lines."""
    places = sorted(prices)
    most = _MOST_PLACES if count <= 3 else _MOST_PLACES // 2
    if len(places) > most:
        even = [len(text) * part / count for part in range(1, count)]
        places.sort(key=lambda at: (round(prices[at]), min(abs(at - mark) for mark in even)))
        places = sorted(places[:most])
    return places


def _break_prices(items: Sequence[Item], text: str, own: tuple[str, ...]) -> dict[int, float]:
    """Offset → price of every break that prohibition allows."""
    sense = words.break_prices(text, own)
    prices, at = {}, 0
    for item in items:
        at += len(item.text)
        if at < len(text) and item.break_penalty != FORBIDDEN:
            # What the layout's typesetting holds together (a number and its unit) sense does not part.
            prices[at] = max(sense[at], words.TOGETHER) if item.break_penalty > 0 else sense[at]
    return prices


# --------------------------------------------------------------------------- how the lines stand


def _fit(widths: Sequence[float], measure: float, role: HeadlineRole, step: float) -> _Fit | None:
    """How the lines stand in the measure, or None if they are too wide even condensed."""
    longest = max(widths)
    block = longest + step * (len(widths) - 1)
    if step and block > measure:  # rather smaller steps than narrower letters, down to half a step
        block = max(measure, longest + step * (len(widths) - 1) / 2)
    scale = min(1.0, measure / block)
    if scale < role.condense_to - 1e-9:
        return None
    ragged = 1 - min(widths) / longest
    price = 1 - scale
    if len(widths) > 1:
        price += 0.1 * ragged + 1.25 * max(0.0, ragged - _RAGGED)
        price += _INVERTED if widths[0] > widths[-1] + 0.01 else 0.0
    if len(widths) == 3 and widths[1] < min(widths[0], widths[2]) - 0.01:
        price += _WAIST
    return _Fit(scale, block * scale, price)


def _space(parts: Sequence[Pieces], widths: Sequence[float], room: float, most: float) -> float:
    """Letter space in points that a short headline takes on, the same in all its lines (疏排).

    `room`: what its longest line should fill; `most`: the layout's limit. A reading stands over its
    characters as they are, so that headlines with ruby take on none.
    """
    if any(style.ruby for part in parts for _, style in part):
        return 0.0
    places = [_places(part) for part in parts]
    wanted = [(room - width) / count for width, count in zip(widths, places, strict=True) if count]
    return max(0.0, min(most, *wanted)) if wanted else 0.0


def _places(pieces: Pieces) -> int:
    """Places of a line that take on letter space: between all characters but those of words and dashes."""
    parts = [part for part, _ in _by_spacing(pieces, 0.0)]
    return sum(1 if whole else len(part) for part, whole in zip(parts, map(_whole, parts), strict=True)) - 1


def _whole(text: str) -> bool:
    """Whether a part takes no letter space inside: a Latin word or phrase, a dash."""
    return kind(text[0]) in (Kind.LATIN, Kind.DASH, Kind.SPACE)


def _by_spacing(pieces: Pieces, space: float) -> list[tuple[str, Style]]:
    """The pieces parted into what takes on letter space and what does not."""
    result = []
    for text, style in pieces:
        wide = replace(style, tracking_em=style.tracking_em + space / (style.size_pt * style.scale))
        for whole, chars in groupby(text, key=_whole):
            part = "".join(chars)
            result.append((part, style if whole else wide))
    return result


def _slice(pieces: Pieces, start: int, end: int) -> list[tuple[str, Style]]:
    result, at = [], 0
    for piece, style in pieces:
        part = piece[max(0, start - at) : max(0, end - at)]
        if part:
            result.append((part, style))
        at += len(piece)
    if result:  # white space that stood at the break
        result[0] = (result[0][0].lstrip(_SPACES), result[0][1])
        result[-1] = (result[-1][0].rstrip(_SPACES), result[-1][1])
    return [piece for piece in result if piece[0]]


def _set(
    pieces: Pieces,
    scale: float,
    space: float,
    measure: float,
    align: Align,
    faces: Faces,
    policy: Typesetting,
    source_line: int,
) -> tuple[Line, ...]:
    """One line of a headline, condensed and spaced."""
    styled = [(text, replace(style, scale=scale)) for text, style in pieces]
    setting = Setting(measure + 0.02, pieces[0][1].size_pt, align)
    if not space:
        return set_paragraph(styled, setting, faces, policy, source_line)
    left = replace(setting, align=Align.LEFT)
    lines = set_paragraph(_by_spacing(styled, space), left, faces, policy, source_line)
    return tuple(_aligned(_evened(line, space), align) for line in lines)


def _evened(line: Line, space: float) -> Line:
    """A spaced line with the space behind its Latin words as well, and none behind its last character."""
    shift, runs = 0.0, []
    for at, run in enumerate(line.runs):
        last = at + 1 == len(line.runs)
        placed = replace(run, x_pt=run.x_pt + shift)
        if _whole(run.text) and not last and not _whole(line.runs[at + 1].text):
            placed = replace(placed, after_pt=placed.after_pt + space)
            shift += space
        runs.append(placed)
    trailing = 0.0 if _whole(line.runs[-1].text) else space
    return replace(line, runs=tuple(runs), end_pt=line.end_pt + shift - trailing)


def _width(line: Line) -> float:
    """From where its first character's advance begins to where its ink may end."""
    first = line.runs[0]
    return line.end_pt - (first.x_pt - first.before_pt)


def _aligned(line: Line, align: Align) -> Line:
    free = line.measure_pt - line.end_pt
    return line.shifted({Align.CENTRE: free / 2, Align.RIGHT: free}.get(align, 0.0))


def _stepped(lines: Sequence[Line], block: float, measure: float) -> tuple[Line, ...]:
    """Stepped lines (梯形题): the first at the block's left, the last at its right, the others between."""
    left, last = (measure - block) / 2, len(lines) - 1
    placed = []
    for number, line in enumerate(lines):
        first = line.runs[0]
        x = left + (block - _width(line)) * number / last
        placed.append(line.shifted(x - (first.x_pt - first.before_pt)))
    return tuple(placed)
