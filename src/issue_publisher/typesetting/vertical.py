"""Vertical text (直排): headlines and column heads from top to bottom, columns from right to left (R18).

Every character stands in a square of one em. By CLREQ, "Vertical writing mode": marks take their vertical
forms, pause and stop marks stand in the upper right of their square, —— and …… run down the column, two or
three digits stand side by side in one square (纵中横), longer numbers and Latin words are turned. Adjacent
marks are squeezed as in lines. What a face does with a mark is measured, not assumed: where it has no
vertical form, a bracket is turned and a pause mark moved.

A setting says where each glyph stands, so that rendering only paints. All lengths in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import pairwise
from typing import Protocol

from issue_publisher.fonts.catalogue import is_traditional
from issue_publisher.fonts.measures import Ink
from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Typesetting
from issue_publisher.typesetting.items import FORBIDDEN, Faces, Item, make_items
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.marks import CENTRED, Kind


class VerticalFaces(Faces, Protocol):
    """What vertical typesetting asks of fonts besides."""

    def ink(self, marks: str, font: str, lang: str | None, *, vertical: bool = False) -> Ink:
        """Advance and ink of a mark, or of a row of one mark, painted by itself."""

    def has_vertical_form(self, char: str, font: str, lang: str | None) -> bool:
        """Whether the face that has a character draws it otherwise in vertical text."""


class Stand(Enum):
    """How a run stands in its column."""

    UPRIGHT = auto()  # in its vertical form where the face has one
    TURNED = auto()  # a quarter to the right
    TOGETHER = auto()  # 纵中横: figures side by side in one square
    WHITE = auto()  # a space: part of the text, not painted


@dataclass(frozen=True, slots=True)
class VerticalRun:
    """Characters painted together.

    `start_pt` and `length_pt` are their room in the column. `x_pt`, `y_pt` is the upper left corner of their
    em box, from the setting's upper left corner; a turned run's box turns about that corner, so that it lies
    left of it. `scale` is against their advance: what makes figures fit their square and dashes meet.
    """

    text: str
    style: Style
    stand: Stand
    start_pt: float
    length_pt: float
    x_pt: float
    y_pt: float
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class VerticalColumn:
    """One column of a setting: runs from top to bottom."""

    x_pt: float  # left edge of its squares, from the setting's left edge
    length_pt: float
    runs: tuple[VerticalRun, ...]

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class VerticalSetting:
    """A text in vertical columns, the first one at the right."""

    size_pt: float
    columns: tuple[VerticalColumn, ...]
    width_pt: float
    depth_pt: float  # of the longest column
    badness: float  # 0 broken at sense and balanced; above 1 only if nothing else is left
    source_line: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """All characters in reading order."""
        return "".join(column.text for column in self.columns)


# UTR #50 (Vertical_Orientation R and Tr): what is turned when the face has no vertical form of it.
_TURNING = frozenset("（《〈「『【〔〖〘〚“‘［｛｟〝）》〉」』】〕〗〙〛”’］｝｠〞〟—―…⸺⋯‥～〜–‐＝ー°′″")
_STROKES = "—―⸺"  # dashes, painted as one stroke; the points of …… are squares of their own
_CHARACTERS = re.compile(".[\u0300-\u036f\u200b-\u200f\u2060\ufe00-\ufe0f\U000e0100-\U000e01ef]*")
_FIGURES = re.compile(r"\d{1,3}|[A-Za-z]")  # 纵中横, and a single letter upright (CLREQ)
_FEWEST = 3  # characters in a column when there are several
_SPACE_EM = 0.5  # a pause in a vertical headline
_NO_SENSE = 0.35  # price of a break that nobody marked, against raggedness 0–1
_BAD_STARTS = "的了地得们"
_TOGETHER_EM = 0.94  # most that figures side by side take of their square
_APART_EM = 0.125  # white between the readings of two neighbours
_SMALL = {InlineKind.SUPERSCRIPT: 1.0, InlineKind.SUBSCRIPT: 0.0}  # to the right and the left of the column


def set_vertical(
    pieces: Sequence[tuple[str, Style]],
    count: int,
    depth_pt: float,
    pitch_em: float,
    faces: VerticalFaces,
    policy: Typesetting,
    *,
    preferred: Sequence[int] = (),
    source_line: int = 0,
) -> VerticalSetting | None:
    """A text in exactly `count` vertical columns no deeper than `depth_pt`, or None when it cannot be.

    `pieces`: the text in order with each piece's style. `pitch_em`: from column to column, of the largest
    size. `preferred`: offsets into the text where the desk would break. Line-start and line-end prohibition
    hold at the ends of columns.
    """
    text = "".join(piece for piece, _ in pieces)
    if not text.strip() or count < 1 or (count > 1 and len(text) < count * _FEWEST):
        return None
    size = max(style.size_pt for _, style in pieces)
    if not 0 < size <= depth_pt:
        return None
    tokens = _tokens(pieces, size, faces, policy)
    found = _cuts(tokens, text, preferred, count, depth_pt)
    if found is None:
        return None
    cuts, price = found
    edges = (0, *cuts, len(tokens))
    columns = []
    for number, (start, end) in enumerate(pairwise(edges)):
        columns.append(_column(tokens[start:end], (count - 1 - number) * pitch_em * size))
    lengths = [column.length_pt for column in columns]
    ragged = 1 - min(lengths) / max(lengths)
    return VerticalSetting(
        size,
        tuple(columns),
        ((count - 1) * pitch_em + 1) * size,
        max(lengths),
        price + max(0.0, ragged - 0.3) + 0.05 * ragged,
        source_line,
    )


# --------------------------------------------------------------------------- characters to tokens


@dataclass(frozen=True, slots=True)
class _Token:
    """What keeps together in a column: `x`, `y` place its em box against its room's upper left corner."""

    text: str
    style: Style
    kind: Kind
    stand: Stand
    length: float
    x: float
    y: float = 0.0
    scale: float = 1.0
    start_trim: float = 0.0  # given up at a column's start
    end_trim: float = 0.0
    penalty: float = FORBIDDEN  # of ending a column behind it


def _tokens(
    pieces: Iterable[tuple[str, Style]], size: float, faces: VerticalFaces, policy: Typesetting
) -> list[_Token]:
    items = _words(make_items(pieces, faces, policy))
    tokens = [
        _token(
            item,
            _beyond(items[max(0, at - 2) : at][::-1]),
            _beyond(items[at + 1 : at + 3]),
            size,
            faces,
            policy,
        )
        for at, item in enumerate(items)
    ]
    return _with_readings([_fit(token, at, tokens) for at, token in enumerate(tokens)], faces, policy)


def _beyond(items: Sequence[Item]) -> Item | None:
    """The neighbour: across a space only a Latin word, to whose name a number belongs."""
    first, second = (*items[:2], None, None)[:2]
    if first and first.kind is Kind.SPACE and second and second.kind is Kind.LATIN:
        return second
    return first


def _words(items: Iterable[Item]) -> list[Item]:
    """Items with the parts of each Latin word put together again."""
    words: list[Item] = []
    for item in items:
        last = words[-1] if words else None
        if last and last.kind is item.kind is Kind.LATIN and last.style == item.style:
            words[-1] = replace(item, text=last.text + item.text)
        elif item.kind is Kind.DASH and item.text[0] not in _STROKES:
            points = _CHARACTERS.findall(item.text)
            words += [replace(item, text=point, break_penalty=FORBIDDEN) for point in points[:-1]]
            words.append(replace(item, text=points[-1]))
        else:
            words.append(item)
    return words


def _token(
    item: Item,
    before: Item | None,
    after: Item | None,
    size: float,
    faces: VerticalFaces,
    policy: Typesetting,
) -> _Token:
    own = item.style.size_pt
    left = (size - own) * next((at for kind, at in _SMALL.items() if kind in item.style.kinds), 0.5)
    if item.kind is Kind.SPACE:
        white = _SPACE_EM * own
        return _Token(
            item.text, item.style, item.kind, Stand.WHITE, white, left, 0.0, 1.0, white, white,
            item.break_penalty,
        )  # fmt: skip
    if item.kind is Kind.LATIN:
        return _latin(item, before, after, left, faces, policy)
    if item.kind is Kind.DASH and item.text[0] in _STROKES:
        return _dash(item, left, faces)
    return _upright(item, left, faces)


def _latin(
    item: Item,
    before: Item | None,
    after: Item | None,
    left: float,
    faces: VerticalFaces,
    policy: Typesetting,
) -> _Token:
    """Short figures side by side in one square, other words turned."""
    style, own = item.style, item.style.size_pt
    wide = faces.word_em(item.text, style.font, style.lang)
    alone = not any(near and near.kind is Kind.LATIN for near in (before, after))
    if _FIGURES.fullmatch(item.text) and alone:
        scale = min(1.0, _TOGETHER_EM / wide)
        x = left + (1 - wide * scale) / 2 * own
        stand = Stand.UPRIGHT if len(item.text) == 1 else Stand.TOGETHER
        return _Token(
            item.text, replace(style, tracking_em=0.0), item.kind, stand, own * (1 + style.tracking_em), x,
            scale=scale, penalty=item.break_penalty,
        )  # fmt: skip
    # R11 holds in columns too: white between Han and a turned word, none at the column's ends.
    gap = policy.han_latin_gap_em * own
    first, last = (bool(near and near.kind is Kind.HAN) for near in (before, after))
    length = (wide + len(item.text) * style.tracking_em) * own + gap * (first + last)
    return _Token(
        item.text, style, item.kind, Stand.TURNED, length, left + own + style.raise_pt, gap * first, 1.0,
        gap * first, gap * last, item.break_penalty,
    )  # fmt: skip


def _dash(item: Item, left: float, faces: VerticalFaces) -> _Token:
    """—— turned: an em for each, its ends meeting the edges of its squares alike in every face."""
    style, own = replace(item.style, tracking_em=0.0), item.style.size_pt
    ink = faces.ink(item.text, style.font, style.lang)
    marks = len(item.text) if item.text[0] != "⸺" else 2 * len(item.text)
    scale = marks / ink.advance_em
    # Latin dashes lie lower than Chinese ones: the stroke goes to the middle of the column.
    off = (ink.top_em + ink.bottom_em) / 2 - 0.5
    return _Token(
        item.text, style, item.kind, Stand.TURNED, marks * own * (1 + item.style.tracking_em),
        left + own + off * own, 0.0, scale, penalty=item.break_penalty,
    )  # fmt: skip


def _upright(item: Item, left: float, faces: VerticalFaces) -> _Token:
    """A character or mark in its square, the empty half of a mark known from its ink."""
    style, own, char = item.style, item.style.size_pt, item.text[0]
    room = own * (1 + style.tracking_em)
    token = _Token(item.text, style, item.kind, Stand.UPRIGHT, room, left, penalty=item.break_penalty)
    if item.kind is Kind.HAN and char not in _TURNING:
        return token
    formed = faces.has_vertical_form(char, style.font, style.lang)
    if not formed and char in _TURNING:
        return _turned_mark(token, left, faces)
    ink = faces.ink(char, style.font, style.lang, vertical=True)
    x, y, top, bottom = left + (1 - ink.advance_em) / 2 * own, 0.0, ink.top_em, ink.bottom_em
    if not formed and char in CENTRED and bottom > top > 0.5 and not is_traditional(style.lang):
        x, y = x + own / 2, -own / 2  # a pause mark without a vertical form goes to the upper right
        top, bottom = top - 0.5, bottom - 0.5
    if item.kind is Kind.MIDDLE:  # R15: half an em
        return replace(token, x=x, y=-own / 4, length=own * (0.5 + style.tracking_em))
    half = own / 2
    return replace(
        token, x=x, y=y,
        start_trim=half if item.kind is Kind.OPENING and top >= 0.5 else 0.0,
        end_trim=half if item.kind is Kind.CLOSING and bottom <= 0.5 else 0.0,
    )  # fmt: skip


def _turned_mark(token: _Token, left: float, faces: VerticalFaces) -> _Token:
    """A bracket or ellipsis that the face has no vertical form of, turned as it is."""
    style, own = token.style, token.style.size_pt
    ink = faces.ink(token.text, style.font, style.lang)
    whole = ink.advance_em > 0.75
    length = max(1.0, round(ink.advance_em)) * own if whole else own / 2
    half = own / 2 if whole else 0.0
    return replace(
        token, stand=Stand.TURNED, x=left + own, y=(length - ink.advance_em * own) / 2, length=length,
        style=replace(style, tracking_em=0.0),
        start_trim=half if token.kind is Kind.OPENING else 0.0,
        end_trim=half if token.kind is Kind.CLOSING else 0.0,
    )  # fmt: skip


_MARKS = (Kind.CLOSING, Kind.OPENING, Kind.MIDDLE)


def _fit(token: _Token, at: int, tokens: Sequence[_Token]) -> _Token:
    """Adjacent marks give up one empty half (R4, CLREQ "Adjustment of punctuation marks")."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at - 1] if at else None
    if token.kind is Kind.CLOSING and after and after.kind in _MARKS:
        return replace(token, length=token.length - token.end_trim, end_trim=0.0)
    if token.kind is Kind.OPENING and before and before.kind in (Kind.OPENING, Kind.MIDDLE):
        give = token.start_trim
        return replace(token, length=token.length - give, y=token.y - give, start_trim=0.0)
    return token


def _with_readings(tokens: Sequence[_Token], faces: VerticalFaces, policy: Typesetting) -> list[_Token]:
    """Bases made as long as the readings at their right."""
    result: list[_Token] = []
    start = 0
    while start < len(tokens):
        style, end = tokens[start].style, start + 1
        while style.ruby and end < len(tokens) and tokens[end].style.ruby == style.ruby:
            end += 1
        group = tokens[start:end]
        result += _with_reading(group, style.ruby or "", faces, policy) if style.ruby else group
        start = end
    return result


def _with_reading(
    group: Sequence[_Token], ruby: str, faces: VerticalFaces, policy: Typesetting
) -> Iterator[_Token]:
    words, small = ruby.split(), group[0].style.size_pt * policy.ruby_em
    wide = [faces.word_em(word, policy.ruby_font, None) * small for word in words]
    if len(words) == len(group):
        white = _APART_EM * group[0].style.size_pt if len(group) > 1 else 0.0
        wanted = [length + white for length in wide]
    else:
        whole = faces.word_em(ruby, policy.ruby_font, None) * small
        share = max(0.0, whole - sum(token.length for token in group)) / len(group)
        wanted = [token.length + share for token in group]
    for token, length in zip(group, wanted, strict=True):
        more = max(0.0, length - token.length)
        yield replace(token, length=token.length + more, y=token.y + more / 2)


# --------------------------------------------------------------------------- tokens to columns


def _length(tokens: Sequence[_Token]) -> float:
    """Of tokens as a column of their own."""
    start, end = _inside(tokens)
    inner = tokens[start:end]
    if not inner:
        return 0.0
    last = inner[-1]
    trims = inner[0].start_trim + last.end_trim + last.style.tracking_em * last.style.size_pt
    return sum(token.length for token in inner) - trims


def _inside(tokens: Sequence[_Token]) -> tuple[int, int]:
    """Without white at either end."""
    start, end = 0, len(tokens)
    while start < end and tokens[start].stand is Stand.WHITE:
        start += 1
    while end > start and tokens[end - 1].stand is Stand.WHITE:
        end -= 1
    return start, end


def _cuts(
    tokens: Sequence[_Token], text: str, preferred: Sequence[int], count: int, depth: float
) -> tuple[tuple[int, ...], float] | None:
    """The best token numbers at which columns begin, with the price of breaking there."""
    prices = _break_prices(tokens, text, preferred)
    target = _length(tokens) / count
    places = [0, *sorted(prices), len(tokens)]
    best: dict[int, tuple[float, float, tuple[int, ...]]] = {0: (0.0, 0.0, ())}
    for number in range(count):
        following: dict[int, tuple[float, float, tuple[int, ...]]] = {}
        for start, (cost, price, cuts) in best.items():
            for end in places:
                if end <= start or (number == count - 1) != (end == len(tokens)):
                    continue
                column = tokens[start:end]
                length = _length(column)
                if length > depth + 1e-6:
                    break
                if count > 1 and sum(len(token.text.strip()) for token in column) < _FEWEST:
                    continue
                paid = prices.get(end, 0.0)
                # Two columns of three and seven characters weigh almost as much as a break without sense.
                total = cost + paid + ((length - target) / target) ** 2 if target else cost + paid
                if end not in following or total < following[end][0] - 1e-9:
                    following[end] = (total, price + paid, (*cuts, end))
        best = following
    if len(tokens) not in best:
        return None
    _, price, cuts = best[len(tokens)]
    return cuts[:-1], price


def _break_prices(tokens: Sequence[_Token], text: str, preferred: Sequence[int]) -> dict[int, float]:
    """Token number → price of beginning a column there."""
    prices, at = {}, 0
    for number, token in enumerate(tokens[:-1], 1):
        at += len(token.text)
        if at in preferred:
            prices[number] = 0.0
        elif token.penalty != FORBIDDEN:
            sense = token.kind in (Kind.SPACE, Kind.DASH) or token.text in "，。；：！？、　"
            close = 1.0 if token.penalty > 0 else 0.0
            prices[number] = 0.05 if sense else _NO_SENSE + close + (0.5 if text[at] in _BAD_STARTS else 0.0)
    return prices


def _column(tokens: Sequence[_Token], x: float) -> VerticalColumn:
    start, end = _inside(tokens)
    y, runs = 0.0, []
    for at, token in enumerate(tokens):
        outside = not start <= at < end
        length = 0.0 if outside else token.length
        y -= token.start_trim if at == start else 0.0
        runs.append(
            VerticalRun(
                token.text, token.style, token.stand, y, length, x + token.x, y + token.y, token.scale
            )
        )
        y += length
    return VerticalColumn(x, _length(tokens), tuple(runs))
