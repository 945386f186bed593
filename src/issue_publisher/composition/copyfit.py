"""How deep a piece is before it is placed: its lines at every width, as make-up will set them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from issue_publisher.composition.flow import Strip, body_strips
from issue_publisher.composition.legs import fill_legs
from issue_publisher.composition.model import TextBlock
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Article, Paragraph, text
from issue_publisher.layout.model import PT_PER_MM

_PT_PER_CM = PT_PER_MM * 10
_FEW = 3  # characters that a sub-editor cuts without a thought


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line as a sub-editor reads it; lengths in em of its type."""

    text: str
    squeeze_em: float  # given up by its marks together
    stretch_em: float  # white at each place between characters
    forced: bool  # nothing within the layout's limits could be set
    hyphen: bool  # ends with a hyphen that is not in the text


@dataclass(frozen=True, slots=True)
class Short:
    """A paragraph whose last line is so short that a small cut saves the line."""

    paragraph: int  # from 1
    characters: int  # in its last line


@dataclass(frozen=True, slots=True)
class Width:
    """A piece at one width."""

    columns: int  # basic columns (基本栏)
    measure_characters: float  # of the whole width as one column (通栏)
    lines: int  # of the grid, in one column of that width
    depth_cm: float
    legs_lines: int  # lines deep in as many legs of one basic column each, level at the foot
    legs_depth_cm: float
    last_line_characters: int  # in the last line of the one column
    short: tuple[Short, ...]
    set_lines: tuple[SetLine, ...]


@dataclass(frozen=True, slots=True)
class Copyfit:
    """A piece at several widths."""

    name: str  # an article's id, or the file
    characters: int  # 字数: with marks, without spaces
    paragraphs: int
    widths: tuple[Width, ...]


def copyfit_article(article: Article, setter: Setter, columns: Sequence[int]) -> Copyfit:
    """The body of an article at widths in basic columns, with its crossheads, signature and notes."""
    piece = make_piece(article, setter)
    words = "".join(block.text.plain_with_notes for block in article.body if isinstance(block, Paragraph))
    count = sum(isinstance(block, Paragraph) for block in article.body)
    widths = tuple(_width(piece.strips, setter, number) for number in columns)
    return Copyfit(article.id, _characters(words), count, widths)


def copyfit_text(
    name: str, paragraphs: Sequence[tuple[int, str]], setter: Setter, columns: Sequence[int]
) -> Copyfit:
    """Plain paragraphs, each with its line in the file, as a body at widths in basic columns."""
    blocks = [Paragraph(text(words, line)) for line, words in paragraphs]
    widths = tuple(
        _width(lambda measure: body_strips(blocks, setter, measure), setter, number) for number in columns
    )
    return Copyfit(name, sum(_characters(words) for _, words in paragraphs), len(blocks), widths)


def _characters(words: str) -> int:
    return len("".join(words.split()))


def _width(strips_at: Callable[[float], list[Strip]], setter: Setter, columns: int) -> Width:
    """A body at one width: as one column, and in legs of a basic column each."""
    grid = setter.layout.grid
    wide = strips_at(grid.width_pt(columns))
    narrow = strips_at(grid.column_pt)
    lines, legs = sum(strip.lines for strip in wide), _level(narrow, columns)
    found = tuple(_set_lines(wide))
    return Width(
        columns,
        grid.width_pt(columns) / grid.body_pt,
        lines,
        grid.depth_pt(lines) / _PT_PER_CM,
        legs,
        grid.depth_pt(legs) / _PT_PER_CM,
        _characters(found[-1].text) if found else 0,
        tuple(_short(wide)),
        found,
    )


def _level(strips: Sequence[Strip], legs: int) -> int:
    """The fewest lines in which level legs hold a body."""
    depth = -(-sum(strip.lines for strip in strips) // legs)
    while fill_legs(strips, (depth,) * legs) is None:
        depth += 1
    return depth


def _set_lines(strips: Sequence[Strip]) -> list[SetLine]:
    lines = [
        line for strip in strips for part in strip.parts if isinstance(part, TextBlock) for line in part.lines
    ]
    return [
        SetLine(
            line.text,
            line.squeeze_pt / line.runs[0].style.size_pt,
            line.stretch_pt / line.runs[0].style.size_pt,
            line.forced,
            line.hyphen,
        )
        for line in lines
        if line.runs
    ]


def _short(strips: Sequence[Strip]) -> list[Short]:
    """Paragraphs of more than one line that end with a few characters."""
    found, number = [], 0
    for at, strip in enumerate(strips):
        if strip.paragraph is None:
            continue
        number += 1
        last = _set_lines(strips[at + strip.paragraph.count - 1 : at + strip.paragraph.count])
        if strip.paragraph.count > 1 and last and _characters(last[-1].text) <= _FEW:
            found.append(Short(number, _characters(last[-1].text)))
    return found
