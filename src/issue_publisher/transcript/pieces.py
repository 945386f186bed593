"""What lines are taken for: pieces, each with the places in the transcript that its words come from.

No piece holds words of its own. All it has are spans of lines, so that it can be told at any time what became
of each character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from issue_publisher.transcript.model import TranscriptLine

Lines = tuple[TranscriptLine, ...]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters of a line: `at` counts the transcript's lines from 0, whatever their numbers."""

    at: int
    start: int
    end: int


Words = tuple[Span, ...]


class Kind(StrEnum):
    """What a line was taken for; the values are the words of the report."""

    NAMEPLATE = "nameplate"
    FOLIO = "folio line"
    IMPRINT = "imprint"
    PAGE = "page"
    EDITOR = "page editor"
    ARTICLE = "article"  # a label alone: a piece begins
    BRIEFS = "briefs"
    PICTURES = "pictures"
    RUBRIC = "rubric"
    SERIES = "series"
    KICKER = "kicker"
    HEADLINE = "headline"
    ALTERNATIVE = "headline alternative"
    DECK = "deck"
    TITLE = "heading"  # some heading, which one is not known yet
    NOTE = "editor's note"
    STANDFIRST = "standfirst"
    DATELINE = "dateline"
    BYLINE = "byline"
    PARAGRAPH = "paragraph"
    CROSSHEAD = "crosshead"
    PULL_QUOTE = "pull quote"
    QUOTATION = "quotation"
    SOURCE = "source"
    LIST_ITEM = "list item"
    VERSE = "verse line"
    TABLE_ROW = "table row"
    CAPTION = "caption"
    CREDIT = "credit"
    AFFILIATION = "affiliation"
    SIGNATURE = "signature"
    JUMP = "jump line"  # 下转第2版
    CONTINUED = "continued line"  # 上接第1版


@dataclass(frozen=True, slots=True)
class Piece:
    """A line or several, taken for something."""

    kind: Kind
    line: TranscriptLine  # the first of them
    words: Words
    parts: tuple[tuple[str, Words], ...] = ()  # by name: names, dateline, closing, label, credit …
    left: tuple[tuple[str, Span], ...] = ()  # words that are no text of the paper's, by what they are
    blanks: int = 0  # blank lines before it
    sure: bool = False  # a label or a pattern says so, not its looks
    doubtful: bool = False  # of a heading: a spoken sentence may look the same
    rejoined: bool = False  # captions that stood inside of it follow it now

    def part(self, name: str) -> Words:
        """One of its parts, or nothing."""
        return dict(self.parts).get(name, ())

    @property
    def at(self) -> int:
        """Where it begins."""
        spans = [
            *self.words,
            *(span for _, words in self.parts for span in words),
            *(s for _, s in self.left),
        ]
        return min(spans).at if spans else -1

    @property
    def spans(self) -> Words:
        """All its words, in order."""
        return tuple(sorted([*self.words, *(span for _, words in self.parts for span in words)]))


def whole(at: int, line: TranscriptLine) -> Words:
    """All of a line."""
    return stripped(Span(at, 0, len(line.text)), line.text)


def stripped(span: Span, text: str) -> Words:
    """A span without the white space at its ends; nothing when it holds nothing else."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    end = span.end - (len(words) - len(words.rstrip()))
    return (Span(span.at, start, end),) if start < end else ()


def taken(match: re.Match[str], at: int, name: str) -> tuple[dict[str, Words], tuple[tuple[str, Span], ...]]:
    """The named groups of a match as spans, and what stands outside of them, which is `name`'s label."""
    groups = {
        group: stripped(Span(at, *match.span(group)), match.string)
        for group in match.re.groupindex
        if match[group] is not None
    }
    left: list[Span] = []
    reached = match.start()
    for span in sorted(span for words in groups.values() for span in words):
        left += stripped(Span(at, reached, span.start), match.string)
        reached = span.end
    left += stripped(Span(at, reached, match.end()), match.string)
    return groups, tuple((name, span) for span in left)


def said(words: Iterable[Span], lines: Lines) -> str:
    """The words of spans as they stand in the transcript; lines are joined as they are read."""
    parts, before, end = [], -1, ""
    for span in words:
        more = lines[span.at].text[span.start : span.end]
        if before not in (-1, span.at) and needs_space(end, more):
            parts.append(" ")
        parts.append(more)
        before, end = span.at, more[-1:]
    return "".join(parts)


def needs_space(end: str, more: str) -> bool:
    """Whether a line's end is a space between two words: those of Latin script are parted by one."""
    return _BETWEEN_WORDS.match(end + more[:1]) is not None


_BETWEEN_WORDS = re.compile(r"[A-Za-zÀ-ɏ,.;:!?%)][A-Za-zÀ-ɏ(]|[A-Za-zÀ-ɏ,.;:!?%)][0-9]|[0-9][A-Za-zÀ-ɏ(]")


def joined(one: Piece, other: Piece) -> Piece:
    """Two pieces as one; the first says what it is."""
    return replace(
        one, words=one.words + other.words, parts=one.parts + other.parts, left=one.left + other.left
    )


def plain(piece: Piece, lines: Lines) -> Piece:
    """A piece as a paragraph of all that stands on its lines, labels and brackets with it."""
    spans: list[Span] = []
    for span in (*piece.spans, *(span for _, span in piece.left)):
        if span.at not in [each.at for each in spans]:
            spans += stripped(Span(span.at, 0, len(lines[span.at].text)), lines[span.at].text)
    return Piece(Kind.PARAGRAPH, piece.line, tuple(sorted(spans)), blanks=piece.blanks, sure=piece.sure,
                 rejoined=piece.rejoined)  # fmt: skip
