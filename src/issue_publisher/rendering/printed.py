"""What stands where on the printed pages, in reading order: the values that ALTO and METS are written from.

A page holds frames, a frame texts, pictures and rules, a text lines, a line words, a word characters; each
with its place on the paper, and each text with the element of the structure (`rendering.structure`) it is of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from issue_publisher.rendering.structure import Element


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle, in points from the upper left corner of the page."""

    x_pt: float
    y_pt: float
    width_pt: float
    depth_pt: float

    @property
    def right_pt(self) -> float:
        """Its right edge."""
        return self.x_pt + self.width_pt

    @property
    def foot_pt(self) -> float:
        """Its lower edge."""
        return self.y_pt + self.depth_pt


def around(places: Iterable[Place]) -> Place:
    """The rectangle round several."""
    found = list(places)
    x, y = min(place.x_pt for place in found), min(place.y_pt for place in found)
    right, foot = max(place.right_pt for place in found), max(place.foot_pt for place in found)
    return Place(x, y, right - x, foot - y)


@dataclass(frozen=True, slots=True)
class Look:
    """How characters look."""

    family: str
    size_pt: float
    ink: str  # rrggbb
    styles: tuple[str, ...] = ()  # bold, italics, superscript, subscript


@dataclass(frozen=True, slots=True)
class Sign:
    """A character at its place, with those that join it."""

    text: str
    place: Place


class Half(StrEnum):
    """Which half of a word that is broken at a line's end."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Word:
    """Characters of one look between two spaces."""

    signs: tuple[Sign, ...]
    look: Look
    lang: str = ""  # where it is not that of its text
    reading: str = ""  # 注音
    half: Half | None = None
    whole: str = ""  # the word that it is half of
    space_after: bool = False

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(sign.text for sign in self.signs)

    @property
    def place(self) -> Place:
        """The rectangle round its characters."""
        return around(sign.place for sign in self.signs)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line, or a column of vertical text."""

    words: tuple[Word, ...]
    baseline_pt: float | None = None
    hyphen: Place | None = None
    is_vertical: bool = False

    @property
    def place(self) -> Place:
        """The rectangle round its words, a hyphen included."""
        places = [word.place for word in self.words]
        return around([*places, self.hyphen] if self.hyphen else places)


@dataclass(frozen=True, slots=True)
class PrintedText:
    """Lines of one text of the source under each other; one that goes on elsewhere has several of these."""

    id: str
    kind: str  # headline, kicker, body, caption …; of furniture the class its template gives it
    lines: tuple[PrintedLine, ...]
    element: int  # of the structure; -1: of furniture
    leading_pt: float
    align: str = ""  # left, right, centre, justify
    lang: str = ""  # where it is not the issue's

    @property
    def place(self) -> Place:
        """The rectangle round its lines."""
        return around(line.place for line in self.lines)


@dataclass(frozen=True, slots=True)
class PrintedPicture:
    """A picture; with `lost` the empty place of one, and these words are all that stands in it (原图缺)."""

    id: str
    place: Place
    element: int
    src: str
    lost: str = ""


@dataclass(frozen=True, slots=True)
class PrintedRule:
    """A rule, the border of a box, or a tint."""

    id: str
    place: Place


PrintedPart = PrintedText | PrintedPicture | PrintedRule


@dataclass(frozen=True, slots=True)
class PrintedFrame:
    """An item of the page, or a piece of its furniture (nameplate, folio, imprint), in reading order."""

    id: str
    kind: str  # article, briefs, pictures, advertisement; of furniture the class its template gives it
    item: str  # its id; of furniture ""
    place: Place
    parts: tuple[PrintedPart, ...]
    is_furniture: bool = False

    @property
    def read(self) -> tuple[PrintedText | PrintedPicture, ...]:
        """What is read or looked at."""
        return tuple(part for part in self.parts if not isinstance(part, PrintedRule))


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page; its head is read first, its foot last."""

    at: int  # which sheet side it is, from 1
    number: int  # as printed
    element: int
    width_pt: float
    depth_pt: float
    area: Place  # 版心
    frames: tuple[PrintedFrame, ...]
    rules: tuple[PrintedRule, ...]


@dataclass(frozen=True, slots=True)
class PrintedIssue:
    """All pages, with the structure that their texts belong to."""

    lang: str
    pages: tuple[PrintedPage, ...]
    structure: tuple[Element, ...]
