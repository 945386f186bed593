"""Text → items: the smallest pieces that a line is made of, with their widths.

An item is one Han character or mark, one Latin word, one space, or a pair such as ——. Widths are
in points, from the faces that are really used. What an item may give up or take on follows from
its kind (`marks`), CLREQ "Compression of punctuation marks" and the layout's limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from issue_publisher.fonts.catalogue import is_traditional
from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Typesetting
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.marks import (
    CENTRED,
    OPERATORS,
    UNITS,
    Kind,
    forbidden_at_end,
    forbidden_at_start,
    kind,
)


class Faces(Protocol):
    """What typesetting asks of fonts. Widths in em of the style's size."""

    def char_em(self, char: str, font: str, lang: str | None) -> float:
        """Advance of one character, from the face that has it."""

    def word_em(self, word: str, font: str, lang: str | None) -> float:
        """Advance of a Latin word, shaped with kerning."""


FORBIDDEN = float("inf")
_CLOSE = 250.0  # price of a break between a number and its unit, or inside a formula


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a line; all lengths in points."""

    text: str
    style: Style
    kind: Kind
    width: float  # advance as painted, without what follows
    before: float = 0.0  # fixed adjustments, negative where an empty half is taken away
    after: float = 0.0
    start_trim: float = 0.0  # given up at a line's start
    end_trim: float = 0.0  # given up at a line's end
    squeeze_before: float = 0.0  # may be given up inside a line
    squeeze_after: float = 0.0
    break_penalty: float = FORBIDDEN  # of ending a line behind it
    gap: float = 0.0  # white behind it inside a line, between Han and Latin
    stretch: float = 1.0  # share of the line's stretch that the place behind it takes


# A word ends at a space or a Han character; a URL may also break behind these.
_URL_BREAK = re.compile(r"(?<=[/.\-_?&=:@])(?=[^/.\-_?&=:@])")
_LONG_WORD = 12
_HYPHENATED = re.compile(r"(?<=[A-Za-z]-)(?=[A-Za-z])")
_NUMBER = re.compile(r"[\d.,:/\-]+%?")
_CUT_PENALTY = 500.0  # of a break inside a word that is too long for its measure
_SMALL = frozenset({InlineKind.SUPERSCRIPT, InlineKind.SUBSCRIPT})


def make_items(pieces: Iterable[tuple[str, Style]], faces: Faces, policy: Typesetting) -> list[Item]:
    """The items of a paragraph.

    `pieces`: its text in order with the style of each piece. Returns items whose fixed
    adjustments (adjacent marks, the gap between Han and Latin) and break penalties are set.
    """
    items = [item for text, style in pieces for item in _split(text, style, faces)]
    if not items:
        return []
    # Han beside Han is most of any text and needs no look at its neighbours.
    plain = [item.kind is Kind.HAN and not (item.style.kinds or item.style.ruby) for item in items]
    plain.append(False)
    around: list[Item | None] = [None, *items, None]
    return [
        item if plain[at] and plain[at + 1] else _fit(item, around[at], around[at + 2], policy)
        for at, item in enumerate(items)
    ]


def _split(text: str, style: Style, faces: Faces) -> Iterator[Item]:
    at, end = 0, len(text)
    seen: dict[str, Item] = {}  # a character of one style is the same item wherever it stands
    while at < end:
        if (known := seen.get(text[at])) is not None and not (at + 1 < end and _joins(text[at + 1])):
            yield known
            at += 1
            continue
        found = kind(text[at])
        stop = at + 1
        if found in (Kind.LATIN, Kind.DASH):
            while (
                stop < end and kind(text[stop]) is found and (found is Kind.LATIN or text[stop] == text[at])
            ):
                stop += 1
        # A combining mark or variation selector belongs to the character before it.
        while stop < end and _joins(text[stop]):
            stop += 1
        word = text[at:stop]
        if found is Kind.LATIN:
            parts = _word_parts(word)
            for part in parts:
                # A long word that comes apart takes on white between its letters, not between its parts.
                yield _latin(part, style, faces, stretch=len(part) if len(parts) > 1 else 1)
        else:
            item = _single(word, style, found, faces)
            if len(word) == 1 and found is not Kind.DASH:
                seen[word] = item
            yield item
        at = stop


def _joins(char: str) -> bool:
    return (
        "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u0300" <= char <= "\u036f"
    )


def _word_parts(word: str) -> list[str]:
    if _NUMBER.fullmatch(word):
        return [word]
    if len(word) > _LONG_WORD or "://" in word or "www." in word:
        return _URL_BREAK.split(word)
    return _HYPHENATED.split(word)


def _size(style: Style) -> float:
    return style.size_pt * style.scale


def _latin(word: str, style: Style, faces: Faces, stretch: float = 1.0) -> Item:
    size = _size(style)
    width = faces.word_em(word, style.font, style.lang) * size + len(word) * style.tracking_em * size
    return Item(word, style, Kind.LATIN, width, stretch=stretch)


def cut(item: Item, faces: Faces) -> list[Item]:
    """A word as its letters, a row of dashes as its pairs, for a measure that cannot hold it whole."""
    if item.kind is Kind.LATIN:
        parts, before = [], ""
        for letter in _LETTERS.findall(item.text):
            # Letters are painted with their kerning: each is as wide as it makes the one before it wider.
            width = _latin(before + letter, item.style, faces).width - _latin(before, item.style, faces).width
            parts.append(Item(letter, item.style, Kind.LATIN, width, break_penalty=_CUT_PENALTY))
            before = letter
    elif item.kind is Kind.DASH:
        parts = [_single(pair, item.style, item.kind, faces) for pair in _PAIRS.findall(item.text)]
    else:
        return [item]
    last = replace(parts[-1], gap=item.gap, break_penalty=item.break_penalty, stretch=item.stretch)
    return [*parts[:-1], last]


_JOINED = "[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
_LETTERS = re.compile(f".{_JOINED}")
_PAIRS = re.compile(f"..?{_JOINED}")


def _single(char: str, style: Style, found: Kind, faces: Faces) -> Item:
    size = _size(style)
    tracking = style.tracking_em * size
    width = sum(faces.char_em(c, style.font, style.lang) for c in char if not _joins(c)) * size + tracking
    if found is Kind.SPACE:
        penalty = FORBIDDEN if char == "\u00a0" else 0.0
        return Item(" ", style, found, width, break_penalty=penalty, stretch=3.0)
    if found is Kind.MIDDLE:  # R15: set in half an em, whatever the face says
        side = (0.5 * size - (width - tracking)) / 2
        return Item(char, style, found, width, before=side, after=side)
    half = size / 2 if width - tracking > 0.75 * size else 0.0  # a proportional mark has no empty half
    if found is Kind.OPENING:
        return Item(char, style, found, width, start_trim=half, squeeze_before=half)
    if found is Kind.CLOSING and char in CENTRED and is_traditional(style.lang):
        side = half / 2  # the mark stands in the middle of its em, a quarter of it empty on either side
        return Item(char, style, found, width, end_trim=side, squeeze_before=side, squeeze_after=side)
    if found is Kind.CLOSING:
        return Item(char, style, found, width, end_trim=half, squeeze_after=half)
    return Item(char, style, found, width, break_penalty=0.0 if found is Kind.HAN else FORBIDDEN)


def _fit(item: Item, previous: Item | None, following: Item | None, policy: Typesetting) -> Item:
    """Set what depends on the neighbours."""
    before, after = item.before, item.after
    squeeze_before = min(item.squeeze_before, policy.mark_squeeze_em * item.style.size_pt)
    squeeze_after = min(item.squeeze_after, policy.mark_squeeze_em * item.style.size_pt)
    start_trim, end_trim = item.start_trim, item.end_trim
    # Adjacent marks (CLREQ "Compression of punctuation marks", R4): between a closing mark and
    # any other mark, and between two opening marks, one empty half is taken away.
    if (
        item.kind is Kind.CLOSING
        and following
        and following.kind in (Kind.CLOSING, Kind.OPENING, Kind.MIDDLE)
    ):
        after, squeeze_after, end_trim = after - item.end_trim, 0.0, 0.0
    if item.kind is Kind.OPENING and previous and previous.kind in (Kind.OPENING, Kind.MIDDLE):
        before, squeeze_before, start_trim = before - item.start_trim, 0.0, 0.0
    gap, penalty, stretch = 0.0, item.break_penalty, item.stretch
    if following and _wants_gap(item, following):
        gap = policy.han_latin_gap_em * min(item.style.size_pt, following.style.size_pt)
    if following and _one_word(item, following):
        stretch = 0.0
    if following:
        penalty = _penalty(item, previous, following, policy)
    return Item(
        item.text, item.style, item.kind, item.width, before, after, start_trim, end_trim,
        squeeze_before, squeeze_after, penalty, gap, stretch,
    )  # fmt: skip


def _wants_gap(item: Item, following: Item) -> bool:
    """R11: a gap between Han and Latin, none beside marks or before a raised figure."""
    return {item.kind, following.kind} == {Kind.HAN, Kind.LATIN} and not following.style.kinds & _SMALL


def _one_word(item: Item, following: Item) -> bool:
    """Whether no white may come between two items: the halves of a word, a figure and its sign or index."""
    if following.style.kinds & _SMALL:
        return True
    joined = item.kind is Kind.LATIN and following.kind in (Kind.LATIN, Kind.SUFFIX)
    return joined and item.stretch == 1


def _penalty(item: Item, previous: Item | None, following: Item, policy: Typesetting) -> float:
    """What it costs to end a line behind `item`; `FORBIDDEN` where it may not."""
    if following.kind is Kind.SPACE:
        return FORBIDDEN  # the break comes behind the space
    last = previous if item.kind is Kind.SPACE and previous else item  # what stands at the line's end
    if forbidden_at_end(last.text[-1]) or forbidden_at_start(following.text[0], policy.strictness):
        return FORBIDDEN
    if item.kind is Kind.SPACE:
        return item.break_penalty
    if item.kind is Kind.LATIN and following.kind is Kind.LATIN:
        # Two Latin items touch inside a URL or long name, or where the style changes in a word.
        return 60.0 if item.style == following.style else FORBIDDEN
    if item.style.ruby is not None and item.style == following.style:
        return FORBIDDEN
    if following.style.kinds & _SMALL:
        return FORBIDDEN
    if item.kind is Kind.LATIN and item.text[-1].isdigit() and following.text[0] in UNITS:
        return _CLOSE
    kinds = {item.kind, following.kind}
    if Kind.LATIN in kinds and (Kind.MIDDLE in kinds or {item.text, following.text} & OPERATORS):
        return _CLOSE  # inside a formula
    return 0.0
