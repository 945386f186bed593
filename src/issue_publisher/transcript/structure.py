"""Pieces of a page become drafts of its items: which heading opens one, and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from issue_publisher.transcript.joining import Habits
from issue_publisher.transcript.model import Doubt, ImportFinding
from issue_publisher.transcript.names import is_name
from issue_publisher.transcript.pieces import Kind, Lines, Piece, Span, plain, said, stripped
from issue_publisher.transcript.profile import Profile, RubricRule

_TABLE_ROWS, _TABLE_CELLS = 3, 3  # at least
_VERSE_LINES = 4  # so many headings one below the other, and no text: lines of a poem


@dataclass(slots=True)
class Draft:
    """An item while its pieces are gathered."""

    rubric: Piece | None = None
    rule: RubricRule | None = None  # what the profile knows of its rubric
    series: Piece | None = None
    kicker: Piece | None = None
    headline: Piece | None = None
    alternatives: list[Piece] = field(default_factory=list)
    titles: list[Piece] = field(default_factory=list)  # headings that do not say which they are
    decks: list[Piece] = field(default_factory=list)
    note: list[Piece] = field(default_factory=list)
    standfirst: Piece | None = None
    dateline: Piece | None = None
    bylines: list[Piece] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    affiliation: Piece | None = None
    signature: Piece | None = None
    jump: Piece | None = None  # 下转第2版: a paragraph that ends with it, or a line of its own
    continued: Piece | None = None  # 上接第1版
    hint_page: int | None = None  # where its second half stood
    ended: bool = False  # by its byline, its signature, its author's office
    brief: bool = False  # opens a group of briefs by itself
    pictures: bool = False  # said to be pictures alone

    @property
    def has_text(self) -> bool:
        """Whether anything of its running text is there."""
        return any(piece.kind not in (Kind.CAPTION, Kind.PULL_QUOTE) for piece in self.body)

    @property
    def pieces(self) -> list[Piece]:
        """Everything in it, in order of the transcript."""
        return sorted(self._pieces(), key=lambda piece: piece.at)

    def _pieces(self) -> Iterator[Piece]:
        single = (self.rubric, self.series, self.kicker, self.headline, self.standfirst, self.dateline,
                  self.affiliation, self.signature, self.jump, self.continued)  # fmt: skip
        several = (*self.alternatives, *self.titles, *self.decks, *self.note, *self.bylines, *self.body)
        yield from (piece for piece in (*single, *several) if piece is not None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return next(self._pieces(), None) is None


class Structure:
    """The pieces of one page, one after the other."""

    def __init__(self, pieces: Sequence[Piece], lines: Lines, profile: Profile, ways: Habits) -> None:
        self.pieces, self.lines, self.profile, self.ways = pieces, lines, profile, ways
        self.drafts: list[Draft] = [Draft()]
        self.findings: list[ImportFinding] = []
        self.in_note = False
        self.in_briefs = False
        self.spaced = _is_spaced(pieces)
        self._takers: dict[Kind, Callable[[Piece], None]] = {
            Kind.ARTICLE: self._article, Kind.BRIEFS: self._briefs, Kind.PICTURES: self._pictures,
            Kind.RUBRIC: self._rubric, Kind.SERIES: self._series, Kind.KICKER: self._kicker,
            Kind.HEADLINE: self._headline, Kind.ALTERNATIVE: self._alternative, Kind.DECK: self._deck,
            Kind.NOTE: self._note, Kind.STANDFIRST: self._standfirst, Kind.DATELINE: self._dateline,
            Kind.BYLINE: self._byline, Kind.CAPTION: self._caption, Kind.PARAGRAPH: self._paragraph,
            Kind.AFFILIATION: self._affiliation, Kind.JUMP: self._jump, Kind.CONTINUED: self._continued,
        }  # fmt: skip

    @property
    def draft(self) -> Draft:
        """The one that is open."""
        return self.drafts[-1]

    def read(self) -> list[Draft]:
        """All drafts of the page."""
        at = 0
        while at < len(self.pieces):
            piece = self.pieces[at]
            if piece.kind is Kind.SIGNATURE and self._signs(piece):
                self.draft.signature, self.draft.ended = piece, True
            elif piece.kind in (Kind.TITLE, Kind.SIGNATURE) or (
                piece.kind in (Kind.DECK, Kind.AFFILIATION) and self._is_stray(piece)
            ):
                at = self._headings(at)
                continue
            else:
                self._takers.get(piece.kind, self._block)(piece)
            at += 1
        return [draft for draft in self.drafts if not draft.is_empty]

    def _doubt(self, doubt: Doubt, piece: Piece, message: str, sure: float, *, done: bool = True) -> None:
        self.findings.append(ImportFinding(doubt, piece.line.number, message, sure, done=done))

    def _start(self, *, keep_briefs: bool = True) -> Draft:
        """A new draft, unless the open one is still empty."""
        self.in_note = False
        if not keep_briefs:
            self.in_briefs = False
        if not self.draft.is_empty or self.draft.brief or self.draft.pictures:
            self.drafts.append(Draft())
        return self.draft

    def _heading(self) -> Draft:
        """The draft that a heading belongs to: a new one once the open one has more than headings."""
        below = any(piece.kind is not Kind.PULL_QUOTE for piece in self.draft.body)
        return self._start() if below or self.draft.ended else self.draft

    # ----------------------------------------------------------------- what says what it is

    def _article(self, piece: Piece) -> None:
        self._start()

    def _briefs(self, piece: Piece) -> None:
        draft = self._start(keep_briefs=False)
        draft.brief, draft.rubric, self.in_briefs = True, piece if piece.words else None, True

    def _pictures(self, piece: Piece) -> None:
        draft = self._start(keep_briefs=False)
        draft.pictures = True
        if piece.words:
            draft.rubric = piece

    def _rubric(self, piece: Piece) -> None:
        if self.draft.rubric is not None or self.draft.body or self.draft.ended:
            self._start(keep_briefs=False)
        draft = self.draft
        self.in_note = False
        draft.rubric, draft.rule = piece, self.profile.rubric(said(piece.words, self.lines))
        if draft.rule is not None:
            draft.brief = self.in_briefs = draft.rule.briefs

    def _series(self, piece: Piece) -> None:
        self.in_briefs = False
        draft = self._heading()
        if draft.series is not None:
            draft.titles.append(self._title(piece))
        else:
            draft.series = piece

    def _kicker(self, piece: Piece) -> None:
        self.in_briefs = False
        draft = self._heading()
        if draft.kicker is not None or draft.headline is not None:
            draft = self._start()
        draft.kicker = piece

    def _headline(self, piece: Piece) -> None:
        draft = self._heading()
        if draft.headline is not None:
            draft = self._start()
        draft.headline, self.in_note = piece, False
        if rubric := piece.part("rubric"):
            draft.rule = self.profile.rubric(said(rubric, self.lines))

    def _alternative(self, piece: Piece) -> None:
        self._heading().alternatives.append(piece)

    def _deck(self, piece: Piece) -> None:
        self.in_briefs = False
        self._heading().decks.append(piece)

    def _standfirst(self, piece: Piece) -> None:
        self.in_briefs = False
        draft = self._heading()
        if draft.standfirst is None:
            draft.standfirst = piece
        else:
            self._block(replace(piece, kind=Kind.PARAGRAPH))

    def _dateline(self, piece: Piece) -> None:
        if self.draft.has_text:
            self._start()
        self.draft.dateline = piece

    def _note(self, piece: Piece) -> None:
        self.in_briefs = False
        draft = self._heading() if self.draft.has_text or self.draft.ended else self.draft
        draft.note.append(piece)  # where its label stands alone, the note begins with the next line
        self.in_note = piece.line.label is None and (not piece.words or not _has_title(draft))

    def _byline(self, piece: Piece) -> None:
        self.in_briefs = False
        draft = self.draft
        self.in_note = False
        if not draft.has_text:
            draft.bylines.append(piece)
        elif draft.signature is None and not draft.ended:
            draft.signature, draft.ended = replace(piece, kind=Kind.SIGNATURE), True
        else:
            self._lost(piece)

    def _affiliation(self, piece: Piece) -> None:
        self.in_briefs = False
        if self.draft.affiliation is not None:
            self._lost(piece)
            return
        self.draft.affiliation = piece
        self.draft.ended = self.draft.has_text

    def _jump(self, piece: Piece) -> None:
        if self.draft.jump is not None or not self.draft.has_text:
            self._lost(piece)
            return
        self.draft.jump, self.draft.ended = piece, True

    def _continued(self, piece: Piece) -> None:
        draft = self._heading()
        if draft.continued is not None:
            self._lost(piece)
            return
        draft.continued = piece

    def _lost(self, piece: Piece) -> None:
        self._doubt(Doubt.UNKNOWN, piece, "nothing says what this line is: it was set as a paragraph", 0.3)
        self.draft.body.append(plain(piece, self.lines))

    # ----------------------------------------------------------------- text and pictures

    def _block(self, piece: Piece) -> None:
        self.draft.body.append(piece)

    def _paragraph(self, piece: Piece) -> None:
        if self.in_note and not piece.part("dateline"):
            self.draft.note.append(plain(piece, self.lines))
            if _has_title(self.draft):
                self.in_note = False
            return
        opens = bool(piece.part("dateline")) and self.draft.has_text and piece.line.label is None
        if opens:
            self._start()
        if self.draft.ended and piece.line.label is None:
            message = "text after the end of its piece, without a heading: it was left with that piece"
            self._doubt(Doubt.MISPLACED, piece, message, 0.4, done=False)
        if self.draft.has_text and (piece.part("dateline") or piece.part("names")):
            piece = _without_opening(piece, self.lines)
        if piece.part("continued") and not self.draft.is_empty and self.draft.has_text:
            self._start()
        self.draft.body.append(piece)
        if piece.part("closing") or piece.part("jump"):
            self.draft.ended = True

    def _caption(self, piece: Piece) -> None:
        draft = self.draft
        alone = draft.is_empty or (bool(draft.body) and not draft.has_text and not _has_title(draft))
        if not draft.ended or draft.pictures or alone or _is_kin(piece, draft, self.lines, self.profile):
            draft.body.append(piece)
        else:
            self._start(keep_briefs=False).body.append(piece)

    # ----------------------------------------------------------------- headings that do not say which

    def _signs(self, piece: Piece) -> bool:
        return self.draft.has_text and not self.draft.ended and self.draft.signature is None

    def _is_stray(self, piece: Piece) -> bool:
        """Whether a deck or an affiliation stands where it can be none."""
        if piece.line.label is not None:
            return False
        if piece.kind is Kind.DECK:
            return bool(self.draft.body) or not (_has_title(self.draft) or self.draft.series)
        return self.draft.is_empty

    def _headings(self, at: int) -> int:
        """A run of headings: the head of a new piece, crossheads, a poem, or text after all."""
        end = at + 1
        while end < len(self.pieces) and self.pieces[end].kind in (Kind.TITLE, Kind.SIGNATURE):
            end += 1
        run = [self._title(piece) for piece in self.pieces[at:end]]
        rest = range(end, len(self.pieces))
        after = next((self.pieces[n] for n in rest if self.pieces[n].kind is not Kind.CAPTION), None)
        for above in (0, 1):  # a line that is no row may stand above them
            if self.draft.has_text and (rows := self._rows_of_a_table(run[above:], run[:above])):
                return at + above + rows
        signed = bool(self.draft.bylines) and not self.draft.has_text  # its text must still come
        fresh = self.draft.ended or not (self.draft.has_text or signed)
        if _opens(after) or (fresh and len(run) <= _VERSE_LINES):
            self._as_head(run, fresh=fresh)
        elif len(run) >= _VERSE_LINES:
            self._as_verse(run, after, fresh=fresh)
        elif len(run) > 1 and not signed and not any(piece.doubtful for piece in run):
            self._guess_head(run, "headings one below the other", 0.6)
        else:
            for piece in run:
                self._single(piece, after)
        return end

    def _rows_of_a_table(self, run: list[Piece], above: list[Piece]) -> int:
        """How many lines from here on are rows of as many cells, parted by spaces; 0 when too few are."""
        cells = [len(said(piece.words, self.lines).split()) for piece in run]
        rows = next((n for n, count in enumerate(cells) if count != cells[0]), len(cells))
        if rows < _TABLE_ROWS or cells[0] < _TABLE_CELLS:
            return 0
        for piece in above:
            self._text(piece)
        message = f"{rows} lines of {cells[0]} words each were taken for a table"
        self._doubt(Doubt.GUESSED, run[0], message, 0.7)
        self.draft.body += [replace(piece, kind=Kind.TABLE_ROW) for piece in run[:rows]]
        return rows

    def _title(self, piece: Piece) -> Piece:
        """A piece as a heading of some kind, whatever it was taken for before."""
        if piece.kind is Kind.TITLE:
            return piece
        return replace(plain(piece, self.lines), kind=Kind.TITLE)

    def _as_head(self, run: list[Piece], *, fresh: bool) -> None:
        """Headings that open a piece; spoken sentences before them still belong to the text above."""
        while not fresh and len(run) > 1 and run[0].doubtful:
            self._text(run.pop(0))
        draft = self._heading()
        if draft.bylines:
            draft = self._start()
        self.in_note = False
        draft.titles += run

    def _guess_head(self, run: list[Piece], why: str, sure: float) -> None:
        self._doubt(Doubt.GUESSED, run[0], f"a new piece was taken to begin here: {why}", sure)
        draft = self._heading()
        draft.titles += run

    def _as_verse(self, run: list[Piece], after: Piece | None, *, fresh: bool) -> None:
        if fresh and not _has_title(self.draft):
            self._as_head([run.pop(0)], fresh=True)
        head = [run.pop()] if after is not None and after.kind is Kind.PARAGRAPH else []
        message = f"{len(run)} short lines without a text below them were taken for lines of a poem"
        self._doubt(Doubt.GUESSED, run[0], message, 0.5)
        self.draft.body += [replace(piece, kind=Kind.VERSE) for piece in run]
        if head:
            self._guess_head(head, "it stands between a poem and a text", 0.5)

    def _single(self, piece: Piece, after: Piece | None) -> None:
        """One heading inside a text: a crosshead, unless its length or the gap before it say more."""
        words = said(piece.words, self.lines)
        plain_after = after is not None and after.kind is Kind.PARAGRAPH
        if not plain_after or (piece.doubtful and (words[-1] in '”」』"' or words[0] in '“「『"')):
            self._text(piece)
        elif self.in_briefs:
            self._as_head([piece], fresh=False)
        elif self._stands_apart(piece, after):
            self._guess_head([piece], "more room is above it than above other lines", 0.75)
        elif len(words) > self.profile.lengths.crosshead and not piece.doubtful:
            self._guess_head([piece], "a heading too long for a crosshead", 0.6)
        elif len(words) > self.profile.lengths.crosshead:
            self._text(piece)
        else:
            self._doubt(Doubt.GUESSED, piece, "taken for a crosshead", 0.6 if piece.doubtful else 0.8)
            self.draft.body.append(replace(piece, kind=Kind.CROSSHEAD))

    def _stands_apart(self, piece: Piece, after: Piece | None) -> bool:
        if self.spaced:
            return piece.blanks > 1 and after is not None and after.blanks <= 1
        return piece.blanks > 0 and after is not None and after.blanks == 0

    def _text(self, piece: Piece) -> None:
        words = said(piece.words, self.lines)
        if not (piece.doubtful or words[-1] in self.profile.marks.closing):
            self._doubt(Doubt.UNKNOWN, piece, "a short line, set as a paragraph for want of better", 0.4)
        self._paragraph(replace(piece, kind=Kind.PARAGRAPH))


# --------------------------------------------------------------------------- helpers


def _is_spaced(pieces: Sequence[Piece]) -> bool:
    """Whether blank lines part paragraphs, so that one alone says nothing."""
    gaps = [
        after.blanks
        for before, after in pairwise(pieces)
        if before.kind is Kind.PARAGRAPH and after.kind is Kind.PARAGRAPH
    ]
    return 2 * sum(gap > 0 for gap in gaps) >= len(gaps) if gaps else True


def _opens(after: Piece | None) -> bool:
    """Whether what follows headings says that they open a piece."""
    if after is None:
        return False
    if after.kind is Kind.PARAGRAPH:
        return bool(after.part("dateline") or after.part("names"))
    return after.kind in (Kind.BYLINE, Kind.DECK, Kind.NOTE, Kind.STANDFIRST, Kind.DATELINE, Kind.SERIES)


def _has_title(draft: Draft) -> bool:
    return bool(draft.titles or draft.headline)


def _is_kin(caption: Piece, draft: Draft, lines: Lines, profile: Profile) -> bool:
    """Whether a caption is of the piece above: a name, a foreign word or four characters in common."""
    words = re.sub(r"^[左右上下]?[图圖][为為中是]*", "", said(caption.words, lines))
    text = "\n".join(said(piece.spans, lines) for piece in draft.pieces if piece.kind is not Kind.CAPTION)
    if any(word in text for word in re.findall("[A-Za-zÀ-ÿ]{4,}", words)):
        return True
    signed = [word for piece in (draft.signature, *draft.bylines) if piece for word in _names(piece, lines)]
    if any(word in words for word in signed if is_name(word, profile.names)):
        return True
    runs = re.findall("[\u3400-\u9fff]{4,}", words)
    return any(run[at : at + 4] in text for run in runs for at in range(len(run) - 3))


def _names(piece: Piece, lines: Lines) -> list[str]:
    return re.split(r"[\s、，]+", said(piece.part("name") or piece.part("names") or piece.words, lines))


def _without_opening(piece: Piece, lines: Lines) -> Piece:
    """A paragraph whose dateline and names are words of its text; the byline at its end stays one."""
    closing = piece.part("closing")
    if not closing:
        return plain(piece, lines)
    bare = plain(piece, lines)
    labels = [(name, span) for name, span in piece.left if span.at == closing[0].at]
    end = min(span.start for _, span in labels if span.start >= piece.words[-1].start)
    last = bare.words[-1]
    words = bare.words[:-1] + stripped(Span(last.at, last.start, end), lines[last.at].text)
    left = tuple((name, span) for name, span in labels if span.start >= end)
    return replace(bare, words=words, parts=(("closing", closing),), left=left)
