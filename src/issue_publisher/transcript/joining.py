"""What columns tore: captions over two lines, credits below them, and paragraphs that a column's foot cut.

A seam is good when the characters on both sides of it stand side by side somewhere else in the transcript: no
dictionary is asked, the paper's own words are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from issue_publisher.transcript.model import Doubt, ImportFinding
from issue_publisher.transcript.pieces import Kind, Lines, Piece, joined, plain, said
from issue_publisher.transcript.profile import Profile

_MOST_CAPTION_LINES = 5
_CAPTIONS = (Kind.CAPTION, Kind.CREDIT)
_THREE_HAN = re.compile("[\u3400-\u9fff]{3}")

# How sure a joined paragraph is: a comma before the seam, words across it that stand elsewhere too, none.
COMMA, WORD, PAIR, UNSEEN = 0.98, 0.97, 0.9, 0.7


@dataclass(frozen=True, slots=True)
class Habits:
    """What the transcript itself says of its words: pairs and threes of characters, and how lines begin."""

    grams: Counter[str]
    starts: Counter[str]

    def seam(self, left: str, right: str) -> float:
        """How sure two texts are one, by the characters where they meet."""
        threes = (left[-2:] + right[:1], left[-1:] + right[:2])
        if any(_THREE_HAN.fullmatch(each) and self.grams[each] for each in threes):
            return WORD
        pair = left[-1:] + right[:1]
        return PAIR if len(pair) == 2 and self.grams[pair] else UNSEEN

    def is_start(self, text: str) -> bool:
        """Whether other paragraphs begin as this one does."""
        return self.starts[text[:3]] > 1


def habits(pieces: Sequence[Piece], lines: Lines, profile: Profile) -> Habits:
    """Count pairs and threes inside of lines: what only a seam would make is not among them."""
    grams: Counter[str] = Counter()
    starts: Counter[str] = Counter()
    ended = True
    for piece in pieces:
        text = said(piece.spans, lines)
        grams.update(text[at : at + 2] for at in range(len(text) - 1))
        grams.update(text[at : at + 3] for at in range(len(text) - 2))
        if ended:
            starts[text[:3]] += 1
        ended = text[-1:] in profile.marks.closing
    return Habits(grams, starts)


# --------------------------------------------------------------------------- captions


def join_captions(pieces: Sequence[Piece], lines: Lines, profile: Profile) -> tuple[Piece, ...]:
    """Captions with all their lines, and with the credit that stands below them."""
    whole: list[Piece] = []
    for piece in pieces:
        before = whole[-1] if whole else None
        if before is not None and before.kind is Kind.CAPTION and _goes_on(before, piece, lines, profile):
            credit = piece.words if piece.kind is Kind.CREDIT else ()
            if credit:
                piece = replace(piece, words=(), parts=(("credit", credit),))
            whole[-1] = joined(before, piece)
        else:
            whole.append(piece)
    # A credit that belongs to no caption is a line like any other.
    return tuple(
        replace(plain(piece, lines), kind=Kind.TITLE, sure=False)
        if piece.kind is Kind.CREDIT and piece.line.label is None
        else piece
        for piece in whole
    )


def _goes_on(caption: Piece, piece: Piece, lines: Lines, profile: Profile) -> bool:
    if caption.part("credit"):
        return False
    if piece.kind is Kind.CREDIT:
        return piece.blanks <= 1
    if caption.sure and caption.line.label is not None:
        return False
    text = said(caption.words, lines)
    return (
        text[-1] not in profile.marks.closing
        and piece.blanks == 0
        and piece.line.label is None
        and len({span.at for span in caption.words}) < _MOST_CAPTION_LINES
        and (piece.kind in (Kind.TITLE, Kind.PARAGRAPH) or (piece.kind is Kind.CAPTION and not piece.sure))
        and not any(name in ("dateline", "names") for name, _ in piece.parts)
        and len(said(piece.spans, lines)) <= profile.lengths.headline
    )


# --------------------------------------------------------------------------- paragraphs


def join_paragraphs(
    pieces: Sequence[Piece], lines: Lines, profile: Profile, ways: Habits
) -> tuple[tuple[Piece, ...], tuple[ImportFinding, ...]]:
    """Paragraphs that a column's foot cut as one; the captions that stood between follow it."""
    whole: list[Piece] = []
    findings: list[ImportFinding] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        open_at = _open_paragraph(whole, lines, profile)
        cut = _cut_start(pieces, at, lines, profile, ways) if piece.kind is Kind.TITLE else 0.0
        if open_at is not None and _continues(piece, pieces, at):
            left, right = _end(whole[open_at], lines), said(piece.spans[:1], lines)
            sure = _confidence(left, right, profile, ways)
            heading = piece.kind is Kind.TITLE and sure < PAIR
            if not heading and not (sure == UNSEEN and ways.is_start(right)):
                between = whole[open_at + 1 :]  # captions
                whole[open_at] = replace(joined(whole[open_at], piece), rejoined=bool(between))
                findings += _told(whole[open_at], piece, between, left, right, sure)
                at += 1
                continue
        if cut:
            piece = replace(piece, kind=Kind.PARAGRAPH, doubtful=False)
        whole.append(piece)
        at += 1
    return tuple(whole), tuple(findings)


def _open_paragraph(whole: Sequence[Piece], lines: Lines, profile: Profile) -> int | None:
    """The last piece, captions apart, if it is a paragraph that has not ended."""
    for at in range(len(whole) - 1, -1, -1):
        piece = whole[at]
        if piece.kind in _CAPTIONS:
            continue
        if piece.kind is not Kind.PARAGRAPH or piece.part("closing"):
            return None
        if piece.line.label is not None:
            return None
        return None if _end(piece, lines)[-1:] in profile.marks.closing else at
    return None


def _end(piece: Piece, lines: Lines) -> str:
    """The last of its lines."""
    return said(piece.words[-1:], lines)


def _continues(piece: Piece, pieces: Sequence[Piece], at: int) -> bool:
    """Whether a piece may be the rest of a paragraph: it begins nothing of its own."""
    if piece.line.label is not None or piece.part("dateline") or piece.part("names"):
        return False
    if piece.kind is Kind.PARAGRAPH:
        return True
    follows = _after(pieces, at)
    heads = follows is not None and (follows.kind in _HEADED or bool(follows.part("dateline")))
    return piece.kind is Kind.TITLE and not heads


_HEADED = (Kind.BYLINE, Kind.DECK, Kind.NOTE, Kind.HEADLINE, Kind.SERIES)


def _after(pieces: Sequence[Piece], at: int) -> Piece | None:
    return next((pieces[n] for n in range(at + 1, len(pieces)) if pieces[n].kind not in _CAPTIONS), None)


def _confidence(left: str, right: str, profile: Profile, ways: Habits) -> float:
    if left[-1] in profile.marks.runs_on or right[0] in profile.marks.runs_on:
        return COMMA
    return ways.seam(left, right)


def _cut_start(pieces: Sequence[Piece], at: int, lines: Lines, profile: Profile, ways: Habits) -> float:
    """How sure a short line is no heading but the beginning of the paragraph that follows.

    Below the end of a piece it is a heading, whatever its words.
    """
    before = next((pieces[n] for n in range(at - 1, -1, -1) if pieces[n].kind not in _CAPTIONS), None)
    if before is None or before.kind not in (Kind.PARAGRAPH, Kind.BYLINE) or before.part("closing"):
        return 0.0
    follows = _after(pieces, at)
    if follows is None or follows.kind is not Kind.PARAGRAPH or not _continues(follows, (), 0):
        return 0.0
    text = said(pieces[at].words, lines)
    if pieces[at].doubtful or text[-1] in profile.marks.closing:
        return 0.0
    sure = ways.seam(text, said(follows.spans[:1], lines))
    commas = sum(text.count(mark) for mark in profile.marks.runs_on)
    likely = commas > 1 or (commas and (len(text) > profile.lengths.crosshead or sure >= PAIR))
    return sure if sure >= WORD or likely else 0.0


def _told(
    whole: Piece, rest: Piece, between: Sequence[Piece], left: str, right: str, sure: float
) -> Iterator[ImportFinding]:
    where = f"“…{left[-6:]}” and “{right[:6]}…”"
    yield ImportFinding(
        Doubt.CUT_PARAGRAPH,
        rest.line.number,
        f"the paragraph of line {whole.line.number} goes on here: {where} were joined",
        sure,
        before=right[:6],
        after=right[:6],
        done=True,
    )
    for caption in between:
        yield ImportFinding(
            Doubt.MISPLACED,
            caption.line.number,
            f"a caption stood inside the paragraph of line {whole.line.number}; it follows it now",
            0.95,
            done=True,
        )
