"""Text → items: the smallest pieces that a line is made of, with their widths.

An item is one Han character or mark, one Latin word or a part of one, one space, or a pair such as ——. Widths
are in points, from the faces that are really used. What an item may give up or take on follows from its kind
(`marks`), CLREQ "Adjustment of punctuation marks" and the layout's limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Protocol

from issue_publisher.fonts.catalogue import is_traditional
from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Strictness, Typesetting
from issue_publisher.typesetting.hyphens import hyphenation
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.marks import (
    CENTRED,
    GLUE,
    JOINING,
    OPERATORS,
    UNITS,
    ZERO_WIDTH_SPACE,
    Kind,
    forbidden_at_end,
    forbidden_at_start,
    joins_previous,
    kind,
)


class Faces(Protocol):
    """What typesetting asks of fonts. Widths in em of the style's size."""

    def char_em(self, char: str, font: str, lang: str | None) -> float:
        """Advance of one character, from the face that has it."""

    def word_em(self, word: str, font: str, lang: str | None) -> float:
        """Advance of a Latin word, shaped with kerning."""


FORBIDDEN = float("inf")
_MULTIPLES = frozenset("十百千万亿")  # GB/T 15835: stand behind figures, before the unit
CLOSE = 2500.0  # price of a break between a number and its unit, inside a formula or a name
_CUT = 500.0  # of a break inside a word that is too long for its measure
_PART = 60.0  # of a break behind a mark of an address or a long name


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a line; all lengths in points.

    The white between Han and Latin is part of a Latin item: `width` holds it, the trims give it up at the
    edges of a line.
    """

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
    stretch: float = 1.0  # share of the line's stretch that the place behind it takes
    gap_before: bool = False  # its first glyph brings the white between Han and Latin
    gap_after: bool = False
    gap_place: bool = False  # Han and Latin meet behind it
    hyphen: bool = False  # a line that ends behind it shows a hyphen


# Places in an address or a long name where a line may end (R23): behind these marks, and round brackets.
_ADDRESS_BREAK = re.compile(
    r"(?<=[/.\-_?&=:@,;+~#%\])}])(?=[^/.\-_?&=:@,;+~#%\])}])|(?<=[0-9A-Za-z])(?=[(\[{])"
)
_LONG_WORD = 12  # letters; a shorter name stays whole but for its hyphens
_ADDRESS = re.compile(r"://|^www\.|\.\w+/|\w@\w")
_HYPHENATED = re.compile(r"(?<=[A-Za-z]-)(?=[A-Za-z])")
_NUMBER = re.compile(r"[\d.,:/\-]+%?")
_SMALL = frozenset({InlineKind.SUPERSCRIPT, InlineKind.SUBSCRIPT, InlineKind.NOTE})


Known = dict[Style, dict[str, Item]]


def make_items(
    pieces: Iterable[tuple[str, Style]],
    faces: Faces,
    policy: Typesetting,
    *,
    hyphens: bool = True,
    known: Known | None = None,
) -> list[Item]:
    """The items of a paragraph.

    `pieces`: its text in order with the style of each piece. `hyphens`: whether words come apart where their
    language hyphenates them. `known`: characters of texts set before in these faces, which may come again.
    Returns items whose fixed adjustments (adjacent marks, the gap between Han and Latin) and break penalties
    are set.
    """
    known = {} if known is None else known
    items: list[Item] = []
    inside: set[int] = set()  # items behind which a name would be parted
    for text, style in pieces:
        painted = replace(style, whole=False) if style.whole else style  # as its surroundings are
        fresh = list(_split(text, painted, faces, policy, hyphens, known.setdefault(painted, {})))
        if style.whole:
            inside.update(range(len(items), len(items) + len(fresh) - 1))
        items += _with_reading(fresh, painted, faces, policy) if style.ruby and fresh else fresh
    if not items:
        return []
    # Han beside Han is most of any text and needs no look at its neighbours.
    plain = [
        item.kind is Kind.HAN and len(item.text) == 1 and not (item.style.kinds or item.style.ruby)
        for item in items
    ]
    plain.append(False)
    around: list[Item | None] = [None, *items, None]
    fitted = [
        item if plain[at] and plain[at + 1] else _fit(item, around[at], around[at + 2], policy)
        for at, item in enumerate(items)
    ]
    for at in inside:
        fitted[at] = replace(fitted[at], break_penalty=max(CLOSE, fitted[at].break_penalty))
    return fitted


# --------------------------------------------------------------------------- cutting the text up


def _split(
    text: str, style: Style, faces: Faces, policy: Typesetting, hyphens: bool, seen: dict[str, Item]
) -> Iterator[Item]:
    """Items of a text; `seen`: a character of one style is the same item wherever it stands."""
    at, end = 0, len(text)
    while at < end:
        if (known := seen.get(text[at])) is not None and not (at + 1 < end and joins_previous(text[at + 1])):
            yield known
            at += 1
            continue
        found = kind(text[at])
        stop = _end_of_item(text, at, found)
        word = text[at:stop]
        if found is Kind.LATIN:
            yield from _latin_items(word, style, faces, policy, style.lang if hyphens else None)
        else:
            item = _single(word, style, found, faces)
            if len(word) == 1 and found is not Kind.DASH:
                seen[word] = item
            yield item
        at = stop


def _end_of_item(text: str, at: int, found: Kind) -> int:
    """Where the item that begins at an offset ends: words and rows of dashes are more than one character."""
    stop, end = at + 1, len(text)
    if found is Kind.SPACE:
        return stop
    while True:
        # A combining mark, variation selector or invisible joiner belongs to the character before it.
        while stop < end and joins_previous(text[stop]):
            stop += 1
        if stop >= end:
            return stop
        same_dash = found is Kind.DASH and text[stop] == text[at]
        if not (same_dash or (found is Kind.LATIN and kind(text[stop]) is Kind.LATIN)):
            return stop
        stop += 1


def _latin_items(
    word: str, style: Style, faces: Faces, policy: Typesetting, lang: str | None
) -> Iterator[Item]:
    """A Latin word as one item, or as the parts between which a line may end; `lang` hyphenates it."""
    if _NUMBER.fullmatch(word):
        parts, hyphens, loose = [word], frozenset[int](), False
    else:
        loose = len(word) > _LONG_WORD or bool(_ADDRESS.search(word))
        parts = (_ADDRESS_BREAK if loose else _HYPHENATED).split(word)
        parts, hyphens = hyphenation(parts, lang)
    if len(parts) == 1:
        yield _latin(word, style, faces)
        return
    loose = loose and not hyphens
    # Parts are painted as one word, kerned over their joints: each is as wide as it makes the word wider. At
    # the start of a line it stands alone.
    size, before = _size(style), ""
    for number, part in enumerate(parts):
        joined, alone = _behind(before, part, style, faces), _word_width(part, style, faces)
        hyphen = number in hyphens
        yield Item(
            part, style, Kind.LATIN, joined,
            start_trim=joined - alone,
            end_trim=-faces.word_em("-", style.font, style.lang) * size if hyphen else 0.0,
            break_penalty=policy.hyphen_penalty if hyphen else _PART,
            # A long word that comes apart takes on white between its letters, not between its parts.
            stretch=len(part) if loose else 1.0,
            hyphen=hyphen,
        )  # fmt: skip
        before = part


def _behind(before: str, part: str, style: Style, faces: Faces) -> float:
    """How much wider a part makes what it is painted behind: its own width, and the kerning of the joint.

    Only its neighbour is looked at, so that a word of any length costs as much as its letters.
    """
    if not before:
        return _word_width(part, style, faces)
    return _word_width(before + part, style, faces) - _word_width(before, style, faces)


def _size(style: Style) -> float:
    return style.size_pt * style.scale


def _word_width(word: str, style: Style, faces: Faces) -> float:
    return (faces.word_em(word, style.font, style.lang) + len(word) * style.tracking_em) * _size(style)


def _latin(word: str, style: Style, faces: Faces) -> Item:
    return Item(word, style, Kind.LATIN, _word_width(word, style, faces))


def cut(item: Item, faces: Faces) -> list[Item]:
    """A word as its letters, a row of dashes as its pairs, for a measure that cannot hold it whole."""
    if item.kind is Kind.LATIN:
        parts, before = [], ""
        letters = _LETTERS.findall(item.text)
        for letter, following in zip_longest(letters, letters[1:], fillvalue=" "):
            # Letters are painted with their kerning: each is as wide as it makes the one before it wider.
            joined, alone = (
                _behind(before, letter, item.style, faces),
                _word_width(letter, item.style, faces),
            )
            kept = forbidden_at_end(letter[0]) or forbidden_at_start(following[0], Strictness.STRICT)
            parts.append(
                Item(
                    letter, item.style, Kind.LATIN, joined,
                    start_trim=joined - alone, break_penalty=FORBIDDEN if kept else _CUT,
                )
            )  # fmt: skip
            before = letter
        gap = item.width - sum(
            part.width for part in parts
        )  # white between Han and Latin, before, behind or both
        if item.gap_before:
            share = gap / 2 if item.gap_after else gap
            first = parts[0]
            parts[0] = replace(first, width=first.width + share, start_trim=share, gap_before=True)
            gap -= share
        last = parts[-1]
        parts[-1] = replace(
            last, width=last.width + gap, end_trim=item.end_trim, gap_after=item.gap_after,
            break_penalty=item.break_penalty, stretch=item.stretch, hyphen=item.hyphen,
        )  # fmt: skip
        return parts
    if item.kind is Kind.DASH:
        parts = [_single(pair, item.style, item.kind, faces) for pair in _PAIRS.findall(item.text)]
        parts[-1] = replace(parts[-1], break_penalty=item.break_penalty, stretch=item.stretch)
        return parts
    return [item]


_LETTERS = re.compile(f".[{JOINING}]*")
_PAIRS = re.compile(f"..?[{JOINING}]*")


def _single(char: str, style: Style, found: Kind, faces: Faces) -> Item:
    size = _size(style)
    tracking = style.tracking_em * size
    width = (
        sum(faces.char_em(c, style.font, style.lang) for c in char if not joins_previous(c)) * size + tracking
    )
    if found is Kind.SPACE:
        penalty = FORBIDDEN if char == "\u00a0" else 0.0
        return Item(" ", style, found, width, break_penalty=penalty)
    if found is Kind.MIDDLE:  # R15: set in half an em, whatever the face says
        side = (0.5 * size - (width - tracking)) / 2
        return Item(char, style, found, width, before=side, after=side)
    half = size / 2 if width - tracking > 0.75 * size else 0.0  # a proportional mark has no empty half
    if found is Kind.OPENING:
        return Item(char, style, found, width, start_trim=half, squeeze_before=half)
    if found is Kind.CLOSING and char[0] in CENTRED and is_traditional(style.lang):
        side = half / 2  # the mark stands in the middle of its em, a quarter of it empty on either side
        return Item(char, style, found, width, end_trim=side, squeeze_before=side, squeeze_after=side)
    if found is Kind.CLOSING:
        return Item(char, style, found, width, end_trim=half, squeeze_after=half)
    return Item(char, style, found, width, break_penalty=0.0 if found is Kind.HAN else FORBIDDEN)


# --------------------------------------------------------------------------- readings (R17)

_OVERHANG_EM = (
    0.25  # of the base: how far a reading may reach over neighbours without readings (CLREQ "Ruby")
)
_APART_EM = 0.125  # white between the readings of two neighbours


def _with_reading(items: list[Item], style: Style, faces: Faces, policy: Typesetting) -> list[Item]:
    """Bases made as wide as their readings ask for, in the line and not over it (R17, CLREQ "Ruby").

    A word of the reading for each character stands over that character; any other reading stands over the
    whole base, which is spread evenly when it is the narrower.
    """
    size, words = _size(style), (style.ruby or "").split()
    if not words:
        return items
    small = size * policy.ruby_em
    wide = [faces.word_em(word, policy.ruby_font, None) * small for word in words]
    last = len(items) - 1
    if len(words) != len(items):
        base = sum(item.before + item.width + item.after for item in items)
        over = (
            faces.word_em(style.ruby or "", policy.ruby_font, None) * small - base - 2 * _OVERHANG_EM * size
        )
        share = max(0.0, over) / (2 * len(items))
        return [replace(i, before=i.before + share, after=i.after + share) for i in items]
    fitted = []
    for at, (item, width) in enumerate(zip(items, wide, strict=True)):
        over = width - item.width
        left = over / 2 + _APART_EM * size / 2 if at else over / 2 - _OVERHANG_EM * size
        right = over / 2 + _APART_EM * size / 2 if at < last else over / 2 - _OVERHANG_EM * size
        fitted.append(replace(item, before=item.before + max(0.0, left), after=item.after + max(0.0, right)))
    return fitted


# --------------------------------------------------------------------------- what depends on the neighbours


def _fit(item: Item, previous: Item | None, following: Item | None, policy: Typesetting) -> Item:
    """Set what depends on the neighbours."""
    before, after, width = item.before, item.after, item.width
    squeeze_before = min(item.squeeze_before, policy.mark_squeeze_em * item.style.size_pt)
    squeeze_after = min(item.squeeze_after, policy.mark_squeeze_em * item.style.size_pt)
    start_trim, end_trim = item.start_trim, item.end_trim
    # Adjacent marks (CLREQ "Adjustment of punctuation marks", R4): between a closing mark and
    # any other mark, and between two opening marks, one empty half is taken away.
    # The mark of a note (①) stands as near to what it belongs to.
    if item.kind is Kind.CLOSING and following and (following.kind in _MARKS or _marks_a_note(following)):
        after, squeeze_after, end_trim = after - item.end_trim, 0.0, 0.0
    if item.kind is Kind.OPENING and previous and previous.kind in (Kind.OPENING, Kind.MIDDLE):
        before, squeeze_before, start_trim = before - item.start_trim, 0.0, 0.0
    gap_before = previous is not None and _wants_gap(previous, item)
    gap_after = following is not None and _wants_gap(item, following)
    # Behind a raised figure the same white looks like a word space, to readers of the PDF, too.
    meets = gap_after and not item.style.kinds & _SMALL
    if item.kind is Kind.LATIN:
        gap = policy.han_latin_gap_em * _size(item.style)
        squeeze_before, squeeze_after = (
            policy.gap_squeeze_em * _size(item.style) * gaps for gaps in (gap_before, gap_after)
        )
        width += gap * (gap_before + gap_after)
        start_trim, end_trim = start_trim + gap * gap_before, end_trim + gap * gap_after
    else:
        gap_before = gap_after = False
    return Item(
        item.text, item.style, item.kind, width, before, after, start_trim, end_trim,
        squeeze_before, squeeze_after,
        _penalty(item, previous, following, policy) if following else item.break_penalty,
        0.0 if following and _one_word(item, following) else item.stretch,
        gap_before, gap_after, meets, item.hyphen,
    )  # fmt: skip


_MARKS = (Kind.CLOSING, Kind.OPENING, Kind.MIDDLE)


def _marks_a_note(item: Item) -> bool:
    return InlineKind.NOTE in item.style.kinds


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
    level = policy.strictness
    if forbidden_at_end(_last_character(last.text), level) or forbidden_at_start(following.text[0], level):
        return FORBIDDEN
    if joins_previous(following.text[0]) and (following.text[0] != ZERO_WIDTH_SPACE or item is last):
        return FORBIDDEN  # where the style changes inside a character
    if item.kind is Kind.SPACE:
        return item.break_penalty
    if item.text[-1] in GLUE:
        return FORBIDDEN
    if item.kind is Kind.LATIN and following.kind is Kind.LATIN:
        # Two Latin items touch inside a long word or address, or where the style changes in a word.
        return item.break_penalty if item.style == following.style else FORBIDDEN
    if item.text[0] == "’" and following.kind is Kind.LATIN and previous and previous.kind is Kind.LATIN:
        return FORBIDDEN  # an apostrophe
    if item.style.ruby is not None and item.style == following.style:
        return FORBIDDEN
    if following.style.kinds & _SMALL:
        return FORBIDDEN
    if item.kind is Kind.LATIN and item.text[-1].isdigit() and following.text[0] in UNITS:
        return CLOSE
    if following.text[0] in UNITS and _ends_a_figure(item, previous):
        return CLOSE
    kinds = {item.kind, following.kind}
    if Kind.LATIN in kinds and (Kind.MIDDLE in kinds or {item.text, following.text} & OPERATORS):
        return CLOSE  # inside a formula
    if item.kind is Kind.LATIN and following.kind is Kind.PREFIX:
        return FORBIDDEN  # US$, 100€ (UAX #14, LB24 and LB25)
    return 0.0


def _ends_a_figure(item: Item, previous: Item | None) -> bool:
    """Whether a character is the 万 or 亿 of a figure: 330万|枚, 1.2万亿|元."""
    if item.text not in _MULTIPLES or previous is None:
        return False
    return previous.text in _MULTIPLES or (previous.kind is Kind.LATIN and previous.text[-1].isdigit())


def _last_character(text: str) -> str:
    """The last character with a place of its own."""
    return next((char for char in reversed(text) if not joins_previous(char)), text[-1])


def streaks(items: Sequence[Item]) -> list[int]:
    """For every item the end of the row of plain Han characters of one style that it stands in.

    Such a row is painted as it is; most of any text is in one. An item that is none ends where it begins.
    """
    ends = list(range(len(items) + 1))
    for at in range(len(items) - 1, -1, -1):
        item = items[at]
        if item.kind is not Kind.HAN or item.before or item.after or item.style.ruby:
            continue
        if item.stretch != 1.0 or item.gap_place:
            continue
        joined = ends[at + 1] > at + 1 and items[at + 1].style is item.style
        ends[at] = ends[at + 1] if joined else at + 1
    return ends
