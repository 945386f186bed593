"""Pieces that went on on another page: 下转第2版 and 上接第1版 find each other, and are one again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from issue_publisher.issue.calendar_words import number as number_of
from issue_publisher.transcript.joining import COMMA
from issue_publisher.transcript.model import Doubt, ImportFinding
from issue_publisher.transcript.pieces import Kind, Lines, Piece, Words, joined, plain, said
from issue_publisher.transcript.profile import Profile
from issue_publisher.transcript.structure import Draft

Pages = Sequence[tuple[int, list[Draft]]]


def join_jumps(pages: Pages, lines: Lines, profile: Profile) -> list[ImportFinding]:
    """Put each second part behind its first; what finds no partner stays text, and is said."""
    found: list[ImportFinding] = []
    for number, drafts in pages:
        for draft in drafts:
            to = _page(draft, "jump", lines, profile)
            if to is None:
                continue
            rest = _rest(pages, number, to, draft, lines, profile)
            if rest is not None:
                found += _put_behind(draft, rest, to, lines, profile)
                next(each for _, each in pages if rest in each).remove(rest)
    for _, drafts in pages:
        for draft in drafts:
            found += _alone(draft, lines, profile)
    return found


def _words(draft: Draft, name: str) -> Words:
    own = draft.jump if name == "jump" else draft.continued
    pieces = [own] if own is not None else [piece for piece in draft.body if piece.part(name)]
    return pieces[0].part(name) if pieces else ()


def _page(draft: Draft, name: str, lines: Lines, profile: Profile) -> int | None:
    """The page that a draft says it goes on on, or comes from."""
    text = said(_words(draft, name), lines)
    for pattern in profile.patterns.get(name, ()):
        if match := pattern.fullmatch(text):
            return number_of(match["number"])
    return None


def _rest(pages: Pages, number: int, to: int, draft: Draft, lines: Lines, profile: Profile) -> Draft | None:
    """The only piece on that page that says it comes from here; none when there are several."""
    jumping = [
        each
        for n, drafts in pages
        if n == number
        for each in drafts
        if _page(each, "jump", lines, profile) == to
    ]
    coming = [
        each for n, drafts in pages if n == to for each in drafts
        if _page(each, "continued", lines, profile) == number and each is not draft
    ]  # fmt: skip
    if len(jumping) != 1 or len(coming) != 1 or not coming[0].body:
        return None
    return coming[0] if coming[0].pieces[0].at > draft.pieces[-1].at else None


def _put_behind(
    draft: Draft, rest: Draft, to: int, lines: Lines, profile: Profile
) -> Iterator[ImportFinding]:
    first = [_without(piece, "jump") for piece in draft.body]
    second = _second_part(draft, rest, lines)
    for name, own in (("jump", draft.jump), ("continued", rest.continued)):
        if own is not None:
            bare = Piece(Kind.PARAGRAPH, own.line, (), left=(("jump line", own.part(name)[0]),))
            first[-1] = joined(first[-1], bare)
    number, line = draft.pieces[0].line.number, rest.pieces[0].line.number
    message = f"the second part of the piece of line {number} was put behind it"
    yield ImportFinding(Doubt.MISPLACED, line, message, 0.95, done=True)
    cut = said(first[-1].words[-1:], lines)[-1:] not in profile.marks.closing
    if cut and first[-1].kind is second[0].kind is Kind.PARAGRAPH:
        message = f"the paragraph of line {first[-1].line.number} goes on here: the two were joined"
        yield ImportFinding(Doubt.CUT_PARAGRAPH, second[0].line.number, message, COMMA, done=True)
        first[-1] = joined(first[-1], second.pop(0))
    draft.body = sorted([*first, *second], key=lambda piece: piece.at)
    draft.jump, draft.hint_page, draft.ended = rest.jump, to, rest.ended


def _second_part(draft: Draft, rest: Draft, lines: Lines) -> list[Piece]:
    """The body of the second part, its headings among it; who signed it, signed the whole."""
    if draft.signature is None:
        draft.signature, rest.signature = rest.signature, None
    if draft.affiliation is None:
        draft.affiliation, rest.affiliation = rest.affiliation, None
    body = {id(piece) for piece in rest.body}
    second = [_without(piece, "continued") for piece in rest.body]
    for piece in rest.pieces:
        if id(piece) not in body and piece is not rest.continued and piece is not rest.jump:
            kind = Kind.CROSSHEAD if piece.kind in _HEADINGS else Kind.PARAGRAPH
            second.append(replace(plain(piece, lines), kind=kind))
    return sorted(second, key=lambda piece: piece.at)


_HEADINGS = (Kind.RUBRIC, Kind.SERIES, Kind.KICKER, Kind.HEADLINE, Kind.TITLE, Kind.DECK)


def _without(piece: Piece, name: str) -> Piece:
    """A paragraph whose jump line the layout prints again."""
    words = piece.part(name)
    if not words:
        return piece
    parts = tuple(part for part in piece.parts if part[0] != name)
    return replace(piece, parts=parts, left=(*piece.left, *(("jump line", span) for span in words)))


def _alone(draft: Draft, lines: Lines, profile: Profile) -> Iterator[ImportFinding]:
    """Jump lines without a partner become text again."""
    for name, doubt, message in (
        (
            "jump",
            Doubt.MISSING_END,
            "goes on on another page, and no piece there says that it comes from here",
        ),
        (
            "continued",
            Doubt.MISSING_START,
            "comes from another page, and no piece there says that it goes on here",
        ),
    ):
        if words := _words(draft, name):
            yield ImportFinding(doubt, lines[words[0].at].number, message, 0.8)
    draft.body = [
        plain(piece, lines) if piece.part("jump") or piece.part("continued") else piece
        for piece in draft.body
    ]
    own = [piece for piece in (draft.jump, draft.continued) if piece is not None]
    draft.body = sorted([*draft.body, *(plain(piece, lines) for piece in own)], key=lambda piece: piece.at)
    draft.jump = draft.continued = None
