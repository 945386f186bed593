"""What stands in a finished PDF, as pdfium finds it, and what a compositor would mark in it.

One code for all engines, and no engine is asked: from a PDF come characters with their origins, from the two
font files the advances, from the source text which line ends a paragraph. The tables of prohibition are
written out here from W3C CLREQ and are not our program's.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import median, pstdev

import pypdfium2
import pypdfium2.raw as pdfium

# W3C CLREQ, "Prohibition rules for line start and line end"; GB/T 15834-2011. A whole —— or …… may begin a
# line at all levels but the strictest, so it is not held against anyone; a half of one is (see `_parted`).
NOT_AT_START = frozenset("、，。．；：？！）》〉」』】〕］｝”’·～/％‰℃%")
NOT_AT_END = frozenset("（《〈「『【〔［｛“‘￥")
# CLREQ, "Compression of punctuation marks": the empty half of an em stands behind these, or before those.
CLOSING = frozenset("、，。．；：）》〉」』】〕］｝”’？！")
OPENING = frozenset("（《〈「『【〔［｛“‘")
WHOLE_ALLOWED = frozenset("？！")  # may keep their em at a line's end
# R3: a figure and what it counts or measures stay together (% and ℃ begin no line anyway).
UNITS = frozenset("年月日时分秒届次个名位项种条台套件篇部级版米克吨升公千毫瓦元角万亿倍")
TOLERANCE_PT = 0.25
_BY_INK = CLOSING | OPENING | {"·"}
_SAME_LINE_PT = 4.0
_DOT_WHITE_EM = 0.087  # · in half an em: white on either side of its own 0.33 em


class Kind(StrEnum):
    """What can be wrong with a line."""

    EDGE = "off the edge"
    OPEN = "whole mark at the edge"
    PROHIBITED = "prohibition"
    RUNT = "last line of one character"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a line; it stands from `left_pt` to `right_pt` (from the column's left edge)."""

    kind: Kind
    what: str
    left_pt: float
    right_pt: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as painted: where its em begins and its baseline, from the page's upper left corner."""

    char: str
    x_pt: float
    y_pt: float


@dataclass(frozen=True, slots=True)
class Widths:
    """Advance and white before the ink, in em: of the Latin face for ASCII, else of the Chinese face."""

    song: Mapping[int, tuple[float, float]]
    latin: Mapping[int, tuple[float, float]]

    def __call__(self, char: str) -> float:
        return self._of(char)[0]

    def bearing(self, char: str) -> float:
        """White before the ink."""
        return self._of(char)[1]

    def _of(self, char: str) -> tuple[float, float]:
        face = self.latin if char.isascii() else self.song
        return face.get(ord(char), (1.0, 0.0))


def read_widths(song: Path, latin: Path) -> Widths:
    """The advances and bearings of two font files."""
    from fontTools.ttLib import TTFont

    def metrics(path: Path) -> dict[int, tuple[float, float]]:
        with TTFont(path, lazy=True) as font:
            units, table = font["head"].unitsPerEm, font["hmtx"]
            names = font.getBestCmap().items()
            return {code: (table[name][0] / units, table[name][1] / units) for code, name in names}

    return Widths(metrics(song), metrics(latin))


# --------------------------------------------------------------------------- from PDF to lines


def glyphs_of(page: pypdfium2.PdfPage, widths: Widths, size_pt: float) -> Iterator[Glyph]:
    """Every character of a page that leaves ink, in the order of the file.

    Marks and Latin are where their ink is, whatever white their glyph has in this PDF: an engine may trim a
    mark by a glyph of its own, and ours gives Latin the white that parts it from Han as part of a glyph.
    """
    text, depth = page.get_textpage(), page.get_height()
    x, y, left, right, bottom, top = (ctypes.c_double() for _ in range(6))
    for at in range(text.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text.raw, at))
        if pdfium.FPDFText_IsGenerated(text.raw, at) == 1 or not char.strip() or char in "\u00ad\u0002\ufffe":
            continue
        pdfium.FPDFText_GetCharOrigin(text.raw, at, x, y)
        at_pt = x.value
        if char.isascii() or char in _BY_INK:
            pdfium.FPDFText_GetCharBox(text.raw, at, left, right, bottom, top)
            at_pt = left.value - widths.bearing(char) * size_pt
        yield Glyph(char, at_pt, depth - y.value)


def lines_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs with one baseline together, from the top down; within a line in the order of the file."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y_pt):  # stable: keeps the order within a baseline
        if lines and glyph.y_pt - lines[-1][0].y_pt < _SAME_LINE_PT:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return lines


class TextDiffers(Exception):  # noqa: N818
    """A column does not hold the text it was given."""


@dataclass(frozen=True)
class SetLine:
    """A line as painted. Lengths in points from the column's left edge."""

    glyphs: tuple[Glyph, ...]
    left_pt: float  # of the column, on the page
    measure_pt: float
    size_pt: float
    widths: Widths
    first: bool  # of its paragraph
    last: bool
    after: str = ""  # what follows its end in the paragraph, a space included
    spaces: frozenset[int] = field(default_factory=frozenset)  # glyphs with a space of the source before them

    @property
    def text(self) -> str:
        """Its characters, as painted."""
        return "".join(glyph.char for glyph in self.glyphs)

    @property
    def y_pt(self) -> float:
        """Its baseline, from the top of the page."""
        return self.glyphs[0].y_pt

    def origin(self, at: int) -> float:
        """Where a character's em begins."""
        return self.glyphs[at].x_pt - self.left_pt

    def body(self, at: int) -> tuple[float, float]:
        """Left and right edge of what a character takes up without its empty half, if it has one."""
        char, x = self.glyphs[at].char, self.origin(at)
        if char in OPENING:
            return x + self.size_pt / 2, x + self.size_pt
        if char == "—" and (half := self._half_of_dash(at)):
            return x + (half - 1) * self.size_pt, x + half * self.size_pt
        wide = 0.5 if char in CLOSING else self.widths(char)
        return x, x + wide * self.size_pt

    def _half_of_dash(self, at: int) -> int:
        """1 or 2 for the halves of a —— that is one glyph of two em, else 0; pdfium gives both its origin."""
        for half, other in ((2, at - 1), (1, at + 1)):
            if 0 <= other < len(self.glyphs) and self.glyphs[other] == self.glyphs[at]:
                return half
        return 0

    def right_edges(self) -> tuple[float, ...]:
        """Where the line may be said to end: at its last character's advance, its half, or before it."""
        last = len(self.glyphs) - 1
        char, (left, right) = self.glyphs[last].char, self.body(last)
        if char in CLOSING:
            return right, left + self.size_pt, left
        if char == "·":
            return right, right + _DOT_WHITE_EM * self.size_pt
        if char in "—…":
            return right, left + self.size_pt
        return (right,)

    @property
    def short_pt(self) -> float:
        """How far the line ends from the right edge: positive when short of it, negative beyond it."""
        return min((self.measure_pt - edge for edge in self.right_edges()), key=abs)

    @property
    def late_pt(self) -> float:
        """How far the line begins from the left edge; a mark's empty half may be gone."""
        char, (left, _) = self.glyphs[0].char, self.body(0)
        if char in OPENING:
            return min((left, left - self.size_pt / 2), key=abs)
        return 0.0 if char in NOT_AT_START else left  # what may not stand here is told elsewhere

    @cached_property
    def excess_em(self) -> tuple[tuple[int, float], ...]:
        """White beyond the natural before each glyph but the first, in em; between Han and Latin aside."""
        found = []
        for at in range(1, len(self.glyphs)):
            a, b = self.glyphs[at - 1].char, self.glyphs[at].char
            if at not in self.spaces and a.isascii() != b.isascii() and not {a, b} & (CLOSING | OPENING):
                continue
            white = (self.body(at)[0] - self.body(at - 1)[1]) / self.size_pt
            found.append((at, white - self._natural_em(at, a, b)))
        return tuple(found)

    def _natural_em(self, at: int, a: str, b: str) -> float:
        """White that belongs between two characters: a mark's one half, a word space."""
        natural = 0.5 if (a in CLOSING and b not in CLOSING) or (b in OPENING and a not in OPENING) else 0.0
        natural += _DOT_WHITE_EM * ((a == "·") + (b == "·"))
        return natural + (self.widths(" ") if at in self.spaces else 0.0)

    @property
    def letter_space_em(self) -> float | None:
        """Mean white between neighbouring Han characters, what the line falls short shared out among them."""
        han = [white for at, white in self.excess_em if _han(self.text[at - 1]) and _han(self.text[at])]
        return sum(han, max(0.0, self.short_pt) / self.size_pt) / len(han) if han else None

    def faults(self) -> Iterator[Fault]:
        """All that is wrong with it."""
        text, last = self.text, len(self.glyphs) - 1
        right = self.body(last)[1]
        if not self.last:
            if abs(self.short_pt) > TOLERANCE_PT:
                where = sorted((self.measure_pt, self.measure_pt - self.short_pt))
                yield Fault(Kind.EDGE, f"{self.short_pt:+.2f} pt short", *where)
            elif (
                text[-1] in CLOSING - WHOLE_ALLOWED
                and abs(self.measure_pt - self.body(last)[0] - self.size_pt) < TOLERANCE_PT
            ):
                yield Fault(Kind.OPEN, f"{text[-1]} keeps its em", right, self.measure_pt)
            if text[-1] in NOT_AT_END:
                yield Fault(Kind.PROHIBITED, f"line ends with {text[-1]}", right - self.size_pt / 2, right)
            if parted := _parted(text, self.after):
                yield Fault(Kind.PROHIBITED, parted, right - self.size_pt, right)
        if not self.first:
            left, ends = self.body(0)
            if abs(self.late_pt) > TOLERANCE_PT:
                yield Fault(Kind.EDGE, f"begins {self.late_pt:+.2f} pt late", *sorted((0.0, left)))
            elif text[0] in OPENING and abs(left - self.size_pt / 2) < TOLERANCE_PT:
                yield Fault(Kind.OPEN, f"{text[0]} keeps its em", 0.0, left)
            if text[0] in NOT_AT_START:
                yield Fault(Kind.PROHIBITED, f"line begins with {text[0]}", left, ends)
        if self.last and not self.first and len([c for c in text if c not in CLOSING | OPENING]) <= 1:
            yield Fault(Kind.RUNT, text, 0.0, right)


def _han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _parted(text: str, after: str) -> str:
    """What a line's end cuts that belongs together (R3), in words; empty when nothing."""
    end = text[-1]
    if end == after and end in "—…":
        row = len(text) - len(text.rstrip(end))
        return f"{end}{end} parted" if row % 2 else ""
    if re.fullmatch(r"[0-9.,]", end) and re.fullmatch(r"[0-9.,]", after):
        return f"number parted: …{text[-3:]}|{after}"
    if end.isascii() and end.isalpha() and after.isascii() and after.isalpha():
        return f"word parted: …{text[-3:]}|{after}"
    if end.isdigit() and end.isascii() and after in UNITS:
        return f"number from its unit: …{text[-3:]}|{after}"
    return ""


# --------------------------------------------------------------------------- a column and its figures


@dataclass(frozen=True)
class SetColumn:
    """A column as painted."""

    lines: tuple[SetLine, ...]

    @cached_property
    def faults(self) -> tuple[tuple[SetLine, Fault], ...]:
        """All faults, with their lines."""
        return tuple((line, fault) for line in self.lines for fault in line.faults())

    def count(self, kind: Kind) -> int:
        """How many faults of a kind."""
        return sum(fault.kind is kind for _, fault in self.faults)

    @cached_property
    def widest(self) -> tuple[SetLine, int, float]:
        """The widest gap: its line, the glyph behind it, and the white beyond the natural in em."""
        found = ((line, at, white) for line in self.lines for at, white in line.excess_em)
        return max(found, key=lambda gap: gap[2])

    @property
    def letter_spaces_em(self) -> list[float]:
        """The letter space of every full line that has one."""
        found = (line.letter_space_em for line in self.lines if not line.last)
        return [space for space in found if space is not None]

    @property
    def pitch_pt(self) -> float:
        """From baseline to baseline."""
        return median(b.y_pt - a.y_pt for a, b in pairwise(self.lines))


def unevenness_em(columns: Sequence[SetColumn]) -> float:
    """Standard deviation of the letter space over all full lines."""
    return pstdev(space for column in columns for space in column.letter_spaces_em)


def read_column(
    page: pypdfium2.PdfPage,
    paragraphs: Sequence[str],
    *,
    left_pt: float,
    measure_pt: float,
    size_pt: float,
    widths: Widths,
) -> SetColumn:
    """The one column of a page, its lines matched with the source.

    Raises TextDiffers when the page holds other characters than the paragraphs, or parts them otherwise.
    """
    rows = lines_of(list(glyphs_of(page, widths, size_pt)))
    lines: list[SetLine] = []
    for paragraph in paragraphs:
        rest = paragraph.strip()
        first = True
        while rest:
            if not rows:
                raise TextDiffers(f"the page ends before {rest[:12]}")
            row = rows.pop(0)
            taken, spaces = _take(rest, row)
            after, rest = rest[taken : taken + 1], rest[taken:].lstrip()
            lines.append(
                SetLine(tuple(row), left_pt, measure_pt, size_pt, widths, first, not rest, after, spaces)
            )
            first = False
    if rows:
        raise TextDiffers("the page holds more than its text: " + "".join(g.char for g in rows[0])[:12])
    return SetColumn(tuple(lines))


def _take(rest: str, row: list[Glyph]) -> tuple[int, frozenset[int]]:
    """How much of the source a row of glyphs shows, and before which glyphs the source has a space."""
    at, spaces = 0, set()
    for number, glyph in enumerate(row):
        if at < len(rest) and rest[at] == " ":
            at += 1
            spaces.add(number)
        if at < len(rest) and rest[at] == glyph.char:
            at += 1
        elif number == len(row) - 1 and glyph.char in "-‐":  # a hyphen that the engine added
            break
        else:
            shown = "".join(glyph.char for glyph in row)
            raise TextDiffers(f"painted {shown!r}, where the text has {rest[: len(row)]!r}")
    return at, frozenset(spaces)


def read_columns(
    pdf: Path,
    texts: Sequence[tuple[Sequence[str], float]],
    *,
    left_pt: float,
    size_pt: float,
    widths: Widths,
) -> list[SetColumn]:
    """The columns of a PDF, one on each page; `texts` are their paragraphs and measures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        if len(document) != len(texts):
            raise TextDiffers(f"{len(document)} pages instead of {len(texts)}")
        return [
            read_column(
                page, paragraphs, left_pt=left_pt, measure_pt=measure_pt, size_pt=size_pt, widths=widths
            )
            for page, (paragraphs, measure_pt) in zip(document, texts, strict=True)
        ]
    finally:
        document.close()
