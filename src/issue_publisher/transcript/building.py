"""Drafts become the items of an issue. Every word goes through the ledger, which remembers where it stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from issue_publisher.issue.calendar_words import number as number_of
from issue_publisher.issue.model import (
    Article,
    Author,
    Block,
    Briefs,
    Byline,
    BylinePlace,
    Cell,
    Crosshead,
    Figure,
    Hint,
    Inline,
    InlineKind,
    Item,
    ListBlock,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    SeriesPart,
    Table,
    Text,
    Verse,
    Weight,
)
from issue_publisher.transcript.heads import all_of, heads_of
from issue_publisher.transcript.ledger import Ledger
from issue_publisher.transcript.model import Doubt, ImportFinding
from issue_publisher.transcript.names import people
from issue_publisher.transcript.pieces import Kind, Lines, Piece, Span, Words, plain, said, stripped, whole
from issue_publisher.transcript.profile import Profile
from issue_publisher.transcript.structure import Draft

_PARTS = {"上": 1, "中": 2, "下": 3}


# --------------------------------------------------------------------------- a page


@dataclass(slots=True)
class Builder:
    """Makes the items of the pages, and says what it doubts."""

    ledger: Ledger
    profile: Profile
    findings: list[ImportFinding] = field(default_factory=list)
    places: list[tuple[int, str, str]] = field(default_factory=list)
    pictures: int = 0  # of the page that is made
    page: int = 1

    @property
    def lines(self) -> Lines:
        """The transcript's."""
        return self.ledger.lines

    def items(self, number: int, drafts: Sequence[Draft], *, first: bool) -> tuple[Item, ...]:
        """The items of a page."""
        self.page, self.pictures = number, 0
        items: list[Item] = []
        at = 0
        lead_given = False
        first = first and not any(draft.rule and draft.rule.weight is Weight.LEAD for draft in drafts)
        while at < len(drafts):
            draft, id_ = drafts[at], f"p{number}-{len(items) + 1}"
            group = self._group(drafts, at) if draft.brief else 0
            if group:
                items.append(self._briefs(id_, drafts[at : at + group]))
                at += group
                continue
            if not has_words(draft):
                items.append(self._pictures(id_, draft))
            else:
                weight = self._weight(draft, opens_issue=first and not lead_given, opens_page=not lead_given)
                lead_given = True
                items.append(self._article(id_, draft, weight))
            at += 1
        return tuple(items)

    def _weight(self, draft: Draft, *, opens_issue: bool, opens_page: bool) -> Weight:
        weights = self.profile.weights
        if draft.rule is not None and draft.rule.weight is not None:
            return draft.rule.weight
        return weights.first if opens_issue else weights.page if opens_page else weights.other

    def _group(self, drafts: Sequence[Draft], at: int) -> int:
        """How many drafts from here on are briefs of one group; 0 when the first is none."""
        dated = _is_dated(drafts[at])
        count = 0
        for draft in drafts[at:]:
            length = sum(len(said(piece.words, self.lines)) for piece in draft.body)
            opens = draft is drafts[at]
            if not self._fits_brief(draft, opens=opens) or length > self.profile.lengths.brief:
                break
            if dated and not _is_dated(draft):
                break
            count += 1
        return count

    def _fits_brief(self, draft: Draft, *, opens: bool) -> bool:
        """Whether a brief can hold all that a draft has."""
        more = (
            draft.series,
            draft.kicker,
            draft.standfirst,
            draft.affiliation,
            None if opens else draft.rubric,
        )
        headline = len(draft.titles) + (draft.headline is not None)
        return (
            all(each is None for each in more)
            and not (draft.decks or draft.alternatives or draft.note or draft.bylines)
            and headline <= 1
            and (draft.rubric is not None or not opens)
            and has_words(draft)
            and not (draft.headline and draft.headline.part("rubric"))
        )

    # ----------------------------------------------------------------- words

    def _enter(self, piece: Piece, item: str, kind: Kind | None = None) -> None:
        self.ledger.leave_out(piece.left)
        ats = {span.at for span in (*piece.spans, *(span for _, span in piece.left))}
        self.places += [(self.lines[at].number, kind or piece.kind, item) for at in sorted(ats)]

    def _text(self, item: str, name: str, words: Words, line: int) -> Text:
        plain_words = self.ledger.say(item, name, words)
        return Text((Inline(InlineKind.TEXT, plain_words, line=line),) if plain_words else (), line)

    def _said(self, item: str, name: str, piece: Piece | None) -> Text | None:
        if piece is None:
            return None
        self._enter(piece, item, Kind(name) if name in list(Kind) else None)
        return self._text(item, name, piece.words, piece.line.number)

    def _line(self, item: str, name: str, piece: Piece | None) -> str | None:
        text = self._said(item, name, piece)
        return text.plain if text is not None else None

    def _doubt(self, doubt: Doubt, line: int, message: str, sure: float) -> None:
        self.findings.append(ImportFinding(doubt, line, message, sure, done=True))

    # ----------------------------------------------------------------- items

    def _briefs(self, id_: str, drafts: Sequence[Draft]) -> Briefs:
        opener = drafts[0].rubric
        assert opener is not None
        rubric = self._line(id_, "rubric", opener)
        line = opener.line.number
        articles = tuple(self._brief(f"{id_}-{n}", draft) for n, draft in enumerate(drafts, 1))
        rule = drafts[0].rule
        weight = rule.weight if rule is not None and rule.weight else self.profile.weights.briefs
        return Briefs(id_, rubric or "", articles, weight, line=line, lines=(("rubric", line),))

    def _brief(self, id_: str, draft: Draft) -> Article:
        line = (draft.pieces[1] if draft.rubric and len(draft.pieces) > 1 else draft.pieces[0]).line.number
        headline = draft.headline or (draft.titles[0] if draft.titles else None)
        head = self._said(id_, "headline", headline)
        dateline, byline, body = self._body(id_, draft)
        return Article(
            id_, head, dateline=dateline, byline=byline, body=body,
            signature=self._said(id_, "signature", _whole_signature(draft.signature, self.lines)),
            weight=Weight.BRIEF, line=line,
        )  # fmt: skip

    def _article(self, id_: str, draft: Draft, weight: Weight) -> Article:
        heads = heads_of(draft, self.lines, self.profile)
        line = draft.pieces[0].line.number
        if heads.guessed:
            self._doubt(
                Doubt.GUESSED, line, f"headings one below the other, taken for {heads.guessed}", heads.sure
            )
        rubric = self._line(id_, "rubric", heads.rubric)
        head = heads.headline
        if head is not None and head.part("rubric"):
            if rubric is None:
                rubric = self.ledger.say(id_, "rubric", head.part("rubric"))
            else:
                head = all_of(head, self.lines)
        kicker = self._said(id_, "kicker", heads.kicker)
        headline = self._headline(id_, head, line)
        decks = tuple(text for piece in heads.decks if (text := self._said(id_, "deck", piece)))
        series = self._series(id_, heads.series)
        alternatives = tuple(
            t for p in draft.alternatives if (t := self._said(id_, "headline alternative", p))
        )
        note = self._note(id_, draft)
        standfirst = self._said(id_, "standfirst", draft.standfirst)
        dateline, byline, body = self._body(id_, draft)
        affiliation = self._said(id_, "affiliation", draft.affiliation)
        signature = self._said(id_, "signature", _whole_signature(draft.signature, self.lines))
        return Article(
            id_, headline, alternatives, kicker, decks, rubric, series, note, standfirst, dateline, byline,
            affiliation, signature, body, hint=Hint(jump=draft.hint_page) if draft.hint_page else None,
            weight=weight, genre=self._genre(draft, dateline), line=line,
        )  # fmt: skip

    def _headline(self, id_: str, piece: Piece | None, line: int) -> Text:
        if piece is not None:
            self._enter(piece, id_, Kind.HEADLINE)
            return self._text(id_, "headline", piece.words, piece.line.number)
        untitled = self.ledger.give(id_, "headline", self.profile.paper.untitled)
        self._doubt(Doubt.MISSING_START, line, f"a piece without a headline: “{untitled}” stands for it", 0.6)
        return Text((Inline(InlineKind.TEXT, untitled, line=line),), line)

    def _genre(self, draft: Draft, dateline: str | None) -> str | None:
        genres, page = self.profile.genres, self.profile.page(self.page)
        if draft.rule is not None and draft.rule.genre:
            return draft.rule.genre
        if dateline:
            return genres.dateline
        if page is not None and page.genre:
            return page.genre
        if draft.signature or draft.affiliation:
            return genres.signed
        if any(piece.kind is Kind.CROSSHEAD for piece in draft.body):
            return genres.crossheads
        return None

    def _series(self, id_: str, piece: Piece | None) -> SeriesPart | None:
        if piece is None:
            return None
        self._enter(piece, id_)
        name, label = piece.part("name"), piece.part("label")
        if not label:  # said by a label of the transcript, without a part
            words = self.ledger.say(id_, "series", piece.words)
            return SeriesPart(self.ledger.give(id_, "series name", words), 1, words, piece.line.number)
        said_name, said_label = (
            self.ledger.say(id_, "series name", name),
            self.ledger.say(id_, "series", label),
        )
        bare = re.sub("[（()）〔〕之]", "", said_label)
        part = _PARTS.get(bare) or number_of(bare) or 1
        return SeriesPart(" ".join(said_name.split(" ")), part, said_label, piece.line.number)

    def _note(self, id_: str, draft: Draft) -> tuple[Paragraph, ...]:
        if not any(piece.words for piece in draft.note):
            return ()
        paragraphs = []
        for piece in draft.note:
            self._enter(piece, id_, Kind.NOTE)
            if piece.words:
                text = self._text(id_, "editor's note", piece.words, piece.line.number)
                paragraphs.append(Paragraph(text, line=piece.line.number))
        return tuple(paragraphs)

    def _pictures(self, id_: str, draft: Draft) -> PictureItem:
        heads = heads_of(draft, self.lines, self.profile)
        rubric = self._line(id_, "rubric", heads.rubric)
        headline = self._said(id_, "headline", heads.headline)
        others = [p for p in (heads.kicker, *heads.decks, heads.series, draft.standfirst, *draft.bylines,
                              *draft.alternatives, *draft.note, draft.affiliation, draft.signature)
                  if p is not None]  # fmt: skip
        figures = [piece for piece in draft.body if piece.kind is Kind.CAPTION]
        made = tuple(self._figure(id_, piece) for piece in figures)
        rest = sorted([*others, *(p for p in draft.body if p.kind is not Kind.CAPTION)], key=lambda p: p.at)
        text = tuple(self._paragraph(id_, plain(piece, self.lines)) for piece in rest)
        line = draft.pieces[0].line.number
        return PictureItem(id_, made, rubric, headline, text, self.profile.weights.other, line=line)

    # ----------------------------------------------------------------- body

    def _body(self, id_: str, draft: Draft) -> tuple[str | None, Byline | None, tuple[Block, ...]]:
        """Dateline, byline and blocks. An article has one byline; what else says who wrote it stays text."""
        pieces = list(draft.body)
        if draft.note and not any(piece.words for piece in draft.note):
            pieces += [plain(piece, self.lines) for piece in draft.note]
            pieces.sort(key=lambda piece: piece.at)
        if not any(piece.kind not in (Kind.CAPTION, Kind.PULL_QUOTE) for piece in pieces):
            pieces = [plain(p, self.lines) if p.kind is Kind.PULL_QUOTE else p for p in pieces]
        dateline = self._line(id_, "dateline", draft.dateline)
        byline = self._byline(id_, draft.bylines, BylinePlace.HEAD) if draft.bylines else None
        first = next((n for n, piece in enumerate(pieces) if piece.kind is Kind.PARAGRAPH), None)
        for n, piece in enumerate(pieces):
            dated, names, closing = piece.part("dateline"), piece.part("names"), piece.part("closing")
            if (dated or names) and (n != first or (names and byline) or (dated and dateline)):
                pieces[n] = plain(piece, self.lines)
                continue
            if dated:
                dateline = self.ledger.say(id_, "dateline", dated)
            if names:
                byline = self._people(id_, names, BylinePlace.OPENING, piece.line.number)
            if closing and (byline is not None or n != len(pieces) - 1):
                pieces[n] = self._with_closing(piece)
            elif closing:
                byline = self._people(id_, closing, BylinePlace.END, piece.line.number)
        return dateline, byline, tuple(self._blocks(id_, pieces))

    def _with_closing(self, piece: Piece) -> Piece:
        """A paragraph whose byline at the end stays text, brackets and all."""
        last = piece.words[-1]
        words = piece.words[:-1] + stripped(
            Span(last.at, last.start, len(self.lines[last.at].text)), self.lines[last.at].text
        )
        left = tuple((name, span) for name, span in piece.left if (span.at, span.start) < (last.at, last.end))
        parts = tuple((name, words) for name, words in piece.parts if name != "closing")
        return replace(piece, words=words, parts=parts, left=left)

    def _blocks(self, id_: str, pieces: Sequence[Piece]) -> Iterable[Block]:
        at = 0
        while at < len(pieces):
            kind = pieces[at].kind
            end = at + 1
            while kind in _RUNS and end < len(pieces) and pieces[end].kind in _RUNS[kind]:
                end += 1
            yield self._run(id_, pieces[at:end])
            at = end

    def _run(self, id_: str, pieces: Sequence[Piece]) -> Block:
        piece, line = pieces[0], pieces[0].line.number
        match piece.kind:
            case Kind.CAPTION:
                return self._figure(id_, piece)
            case Kind.CROSSHEAD:
                self._enter(piece, id_)
                return Crosshead(self._text(id_, "crosshead", piece.words, line), line)
            case Kind.PULL_QUOTE:
                self._enter(piece, id_)
                source = piece.part("source")
                words = self._text(id_, "pull quote", piece.words, line)
                return PullQuote(
                    words, self._text(id_, "source", source, line) if source else None, line=line
                )
            case Kind.LIST_ITEM:
                items = tuple(self._entered(id_, "item", each) for each in pieces)
                return ListBlock(items, piece.line.attribute("ordered") == "true", line)
            case Kind.VERSE:
                return Verse(tuple(self._stanzas(id_, pieces)), line)
            case Kind.TABLE_ROW:
                return Table(tuple(self._row(id_, each) for each in pieces), line=line)
            case Kind.QUOTATION:
                source_piece = pieces[-1] if pieces[-1].kind is Kind.SOURCE else None
                quoted = pieces[:-1] if source_piece else pieces
                paragraphs = tuple(
                    Paragraph(self._entered(id_, "quotation", each), line=each.line.number) for each in quoted
                )
                source_text = self._entered(id_, "source", source_piece) if source_piece else None
                return Quotation(paragraphs, source_text, line)
        return self._paragraph(id_, piece if piece.kind is Kind.PARAGRAPH else plain(piece, self.lines))

    def _entered(self, id_: str, name: str, piece: Piece) -> Text:
        self._enter(piece, id_)
        return self._text(id_, name, piece.words, piece.line.number)

    def _paragraph(self, id_: str, piece: Piece) -> Paragraph:
        return Paragraph(self._entered(id_, "paragraph", piece), line=piece.line.number)

    def _stanzas(self, id_: str, pieces: Sequence[Piece]) -> Iterable[tuple[Text, ...]]:
        usual = min(piece.blanks for piece in pieces[1:]) if len(pieces) > 1 else 0
        stanza: list[Text] = []
        for piece in pieces:
            if stanza and piece.blanks > usual:
                yield tuple(stanza)
                stanza = []
            stanza.append(self._entered(id_, "verse line", piece))
        yield tuple(stanza)

    def _row(self, id_: str, piece: Piece) -> tuple[Cell, ...]:
        self._enter(piece, id_)
        (span,) = piece.words or whole(piece.at, piece.line)
        cells, reached = [], 0
        text = self.lines[span.at].text
        border = r"(?<!\\)｜" if piece.line.label is not None else r"\s+"
        for mark in [*re.finditer(border, text), None]:
            end = mark.start() if mark else len(text)
            words = stripped(Span(span.at, reached, end), text)
            head = piece.line.attribute("head") == "true"
            cells.append(Cell(self._text(id_, "cell", words, piece.line.number), head, piece.line.number))
            if mark:
                borders = stripped(Span(span.at, *mark.span()), text)
                self.ledger.leave_out(("cell border", border) for border in borders)
                reached = mark.end()
        return tuple(cells)

    def _figure(self, id_: str, piece: Piece) -> Figure:
        self._enter(piece, id_)
        self.pictures += 1
        line = piece.line
        src = line.source or f"pictures/p{self.page}-{self.pictures}.jpg"
        caption = self._text(id_, "caption", piece.words, line.number) if piece.words else None
        credit = piece.part("credit")
        credit_text = self._text(id_, "credit", credit, line.number) if credit else None
        alt = line.attribute("alt")
        if caption is None:
            self._doubt(Doubt.NO_CAPTION, line.number, f"a picture without a caption: {src}", 0.9)
        if line.source is None:
            self._doubt(
                Doubt.NO_PICTURE,
                line.number,
                f"a caption without its picture; an empty place stands for {src}",
                1.0,
            )
        return Figure(
            src, caption, credit_text, self.ledger.give(id_, "alt", alt) if alt else None,
            missing=line.source is None, line=line.number,
        )  # fmt: skip

    # ----------------------------------------------------------------- bylines

    def _byline(self, id_: str, pieces: Sequence[Piece], place: BylinePlace) -> Byline:
        authors: list[Author] = []
        for piece in pieces:
            self._enter(piece, id_)
            authors += self._people(id_, piece.part("names") or piece.words, place, piece.line.number).authors
        return Byline(tuple(authors), place, pieces[0].line.number)

    def _people(self, id_: str, words: Words, place: BylinePlace, line: int) -> Byline:
        named = people(words, self.lines, self.profile)
        authors, role = [], None
        for each in named:
            if each.role and each.shares_role and role:
                self.ledger.give(id_, "role", role)  # of several people, and printed once
            else:
                role = self.ledger.say(id_, "role", each.role) if each.role else None
            authors.append(Author(self.ledger.say(id_, "author", each.name), role, line=line))
        used = sorted(
            span for each in named for span in (*each.name, *(() if each.shares_role else each.role))
        )
        self.ledger.leave_out(("byline", span) for span in between(words, used, self.lines))
        return Byline(tuple(authors), place, line)


# Kinds that make one block together, and what may follow in it.
_RUNS: dict[Kind, tuple[Kind, ...]] = {
    Kind.LIST_ITEM: (Kind.LIST_ITEM,),
    Kind.VERSE: (Kind.VERSE,),
    Kind.TABLE_ROW: (Kind.TABLE_ROW,),
    Kind.QUOTATION: (Kind.QUOTATION, Kind.SOURCE),
}


def between(words: Words, used: Sequence[Span], lines: Lines) -> list[Span]:
    """What of some words is not used, white space apart."""
    rest: list[Span] = []
    for span in words:
        reached = span.start
        for each in used:
            if each.at == span.at and span.start <= each.start < span.end:
                rest += stripped(Span(span.at, reached, each.start), lines[span.at].text)
                reached = each.end
        rest += stripped(Span(span.at, reached, span.end), lines[span.at].text)
    return rest


def has_words(draft: Draft) -> bool:
    """Whether there is enough text for an article; a few words under pictures without a heading are not."""
    text = [piece for piece in draft.body if piece.kind is not Kind.CAPTION]
    if draft.pictures and len(text) < len(draft.body):
        return False
    return bool(text) or bool(draft.note and not any(piece.words for piece in draft.note))


def _is_dated(draft: Draft) -> bool:
    return draft.dateline is not None or any(piece.part("dateline") for piece in draft.body)


def _whole_signature(piece: Piece | None, lines: Lines) -> Piece | None:
    """A signature is printed as it stands: office, gap and name."""
    return replace(plain(piece, lines), kind=Kind.SIGNATURE) if piece is not None else None
