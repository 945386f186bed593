"""Which heading of a piece is which: rubric, kicker, headline, subtitle, series."""

from __future__ import annotations

from dataclasses import dataclass, replace

from issue_publisher.transcript.pieces import Kind, Lines, Piece, plain, said
from issue_publisher.transcript.profile import Profile
from issue_publisher.transcript.structure import Draft

_NO_KICKER = 3  # characters, of the first of three headings


@dataclass(frozen=True, slots=True)
class Heads:
    """The headings of a draft, each in its place."""

    headline: Piece | None = None
    rubric: Piece | None = None
    kicker: Piece | None = None
    decks: tuple[Piece, ...] = ()
    series: Piece | None = None
    guessed: str = ""  # how headings were taken that do not say which they are
    sure: float = 1.0


def heads_of(draft: Draft, lines: Lines, profile: Profile) -> Heads:
    """By what they say of themselves, then by their number, length and order."""
    said_so = Heads(draft.headline, draft.rubric, draft.kicker, tuple(draft.decks), draft.series)
    if draft.headline is not None:
        return _around(said_so, draft.headline, draft.titles)
    if not draft.titles:
        return _alone(said_so, draft, lines)
    return _by_order(said_so, draft.titles, lines, profile)


def _around(heads: Heads, headline: Piece, titles: list[Piece]) -> Heads:
    """Headings beside one that says it is the headline: kicker and rubric above, subtitles below."""
    above = [piece for piece in titles if piece.at < headline.at]
    below = [piece for piece in titles if piece.at > headline.at]
    kicker = heads.kicker or (above.pop() if above else None)
    rubric = heads.rubric or (above.pop(0) if above else None)
    decks = sorted([*above, *below, *heads.decks], key=lambda piece: piece.at)
    return replace(heads, kicker=kicker, rubric=rubric, decks=tuple(decks))


def _alone(heads: Heads, draft: Draft, lines: Lines) -> Heads:
    """A series, a kicker or a rubric that stands alone above a text is its headline."""
    if heads.series is not None:
        return replace(heads, series=None, headline=all_of(heads.series, lines))
    if heads.kicker is not None:
        return replace(heads, kicker=None, headline=all_of(heads.kicker, lines))
    if heads.rubric is not None and not draft.brief:
        return replace(heads, rubric=None, headline=all_of(heads.rubric, lines))
    return heads


def _by_order(heads: Heads, titles: list[Piece], lines: Lines, profile: Profile) -> Heads:
    """引题, 主题; or 栏目, 引题, 主题; or 引题, 主题, 副题."""
    first, rest = titles[0], titles[1:]
    if not rest:
        return replace(heads, headline=first)
    if heads.kicker is not None:
        decks = (*rest, *heads.decks)
        return replace(heads, headline=first, decks=decks, guessed="headline and subtitles", sure=0.5)
    if len(titles) == 2:
        return replace(heads, kicker=first, headline=rest[0], guessed="kicker and headline", sure=0.7)
    lengths = [len(said(piece.words, lines)) for piece in titles]
    may_be_rubric = heads.rubric is None and lengths[0] <= profile.lengths.rubric
    # A headline is seldom shorter than its kicker, nor longer than its subtitle; a kicker has some words.
    if may_be_rubric and (lengths[0] <= _NO_KICKER or lengths[1] < lengths[0] or lengths[2] <= lengths[1]):
        return replace(
            heads, rubric=first, kicker=rest[0], headline=rest[1], decks=(*rest[2:], *heads.decks),
            guessed="rubric, kicker and headline", sure=0.5,
        )  # fmt: skip
    return replace(
        heads, kicker=first, headline=rest[0], decks=(*rest[1:], *heads.decks),
        guessed="kicker, headline and subtitles", sure=0.5,
    )  # fmt: skip


def all_of(piece: Piece, lines: Lines) -> Piece:
    """A heading with all that stands on its line, labels too."""
    return replace(plain(piece, lines), kind=Kind.HEADLINE)
