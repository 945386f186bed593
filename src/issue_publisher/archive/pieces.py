"""An issue as the index holds it: pieces, each a reader's hit, made of passages with their words.

A piece is an article, a brief by itself, a picture item or an advertisement. A passage is what stands
together in the source: a headline, a paragraph, a caption, a table's cell. No hit reaches into the next.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Block,
    Box,
    Briefs,
    Crosshead,
    Exchange,
    Figure,
    Inline,
    InlineKind,
    Issue,
    Item,
    ListBlock,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    Table,
    Text,
    Verse,
    line_of,
)


class Column(StrEnum):
    """What is weighed alike; the columns of the full-text index."""

    HEADLINE = "headline"
    HEADS = "heads"
    PEOPLE = "people"
    CAPTIONS = "captions"
    BODY = "body"
    NOTES = "notes"


# A word in a headline says more of what a piece is about than the same word somewhere in its body.
WEIGHTS = {
    Column.HEADLINE: 10.0,
    Column.HEADS: 5.0,
    Column.PEOPLE: 4.0,
    Column.CAPTIONS: 2.0,
    Column.BODY: 1.0,
    Column.NOTES: 0.5,
}

# What a passage is, in the words of the source's elements, and the column that it stands in.
COLUMNS = {
    "headline": Column.HEADLINE,
    "headline-alternative": Column.HEADS,
    "kicker": Column.HEADS,
    "deck": Column.HEADS,
    "rubric": Column.HEADS,
    "series": Column.HEADS,
    "standfirst": Column.HEADS,
    "crosshead": Column.HEADS,
    "author": Column.PEOPLE,
    "affiliation": Column.PEOPLE,
    "signature": Column.PEOPLE,
    "credit": Column.PEOPLE,
    "caption": Column.CAPTIONS,
    "figure": Column.CAPTIONS,  # its words for those who cannot see it
    "editors-note": Column.BODY,
    "dateline": Column.BODY,
    "body": Column.BODY,
    "table": Column.BODY,
    "note": Column.NOTES,
}


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand together; `lines`: offsets at which a line of the source begins, and its number."""

    field: str  # one of COLUMNS
    words: str
    lines: tuple[tuple[int, int], ...]

    def line(self, offset: int) -> int:
        """The line of the source on which a character stands."""
        at = bisect.bisect_right(self.lines, offset, key=lambda line: line[0]) - 1
        return self.lines[max(at, 0)][1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece stands in print, as its page plan says."""

    page: int
    words: str = ""  # 右上, 下部通栏; empty where the plan does not say
    columns: tuple[int, int] | None = None  # first and last basic column, counted from 1


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that can be found."""

    id: str
    kind: str  # article, brief, pictures, advertisement
    headline: str
    page: int | None  # as printed, if a plan says it; none for copy that waits for a page
    page_title: str
    place: Place | None
    rubric: str
    authors: tuple[str, ...]
    genre: str
    line: int
    passages: tuple[Passage, ...]


def pieces_of(issue: Issue, places: Mapping[str, Place]) -> Iterator[Piece]:
    """All pieces of an issue in order of reading; `places`: where the plan puts each item."""
    for page in issue.pages:
        for item in page.items:
            yield from _pieces(item, page.number, page.title, places.get(item.id))
    for copy in issue.copy:
        for item in copy.items:
            yield from _pieces(item, None, copy.section, places.get(item.id))


def _pieces(item: Item, number: int | None, title: str, place: Place | None) -> Iterator[Piece]:
    if isinstance(item, Briefs):
        for brief in item.articles:
            yield _piece(brief, "brief", number, title, place, _line(item.rubric, line_of(item, "rubric")))
    else:
        kind = {Article: "article", PictureItem: "pictures", Advertisement: "advertisement"}[type(item)]
        yield _piece(item, kind, number, title, place)


def _piece(
    item: Article | PictureItem | Advertisement,
    kind: str,
    number: int | None,
    title: str,
    place: Place | None,
    rubric: Text | None = None,  # of the briefs that it is one of
) -> Piece:
    passages = tuple(_with_words((*_one("rubric", rubric), *_passages(item))))
    byline = item.byline if isinstance(item, Article) else None
    return Piece(
        id=item.id,
        kind=kind,
        headline=item.headline.plain if item.headline else "",
        page=place.page if place else number,
        page_title=title,
        place=place,
        rubric=next((passage.words for passage in passages if passage.field == "rubric"), ""),
        authors=tuple(author.name for author in byline.authors) if byline else (),
        genre=(item.genre or "") if isinstance(item, Article) else "",
        line=item.line,
        passages=passages,
    )


def _with_words(passages: Iterable[Passage]) -> Iterator[Passage]:
    return (passage for passage in passages if passage.words.strip())


def _passages(item: Article | PictureItem | Advertisement) -> Iterator[Passage]:
    """All its words, each once, in order of reading."""
    if isinstance(item, Article):
        yield from _article(item)
    elif isinstance(item, PictureItem):
        yield from _one("rubric", _line(item.rubric, line_of(item, "rubric")))
        yield from _one("headline", item.headline)
        yield from _blocks((*item.figures, *item.text))
    else:
        yield from _one("headline", item.headline)
        yield from _blocks(item.blocks)


def _article(article: Article) -> Iterator[Passage]:
    yield from _one("rubric", _line(article.rubric, line_of(article, "rubric")))
    yield from _one("kicker", article.kicker)
    yield from _one("headline", article.headline)
    yield from _all("headline-alternative", article.alternatives)
    yield from _all("deck", article.decks)
    if article.series:
        series = article.series
        yield from _one("series", _line(f"{series.name} {series.label}", series.line))
    for author in article.byline.authors if article.byline else ():
        said = (author.role, author.name, author.affiliation)
        yield from _one("author", _line(" ".join(filter(None, said)), author.line))
    yield from _all("editors-note", (paragraph.text for paragraph in article.editors_note))
    yield from _one("standfirst", article.standfirst)
    yield from _one("dateline", _line(article.dateline, line_of(article, "dateline")))
    yield from _blocks(article.body)
    yield from _one("signature", article.signature)
    yield from _one("affiliation", article.affiliation)


def _blocks(blocks: Iterable[Block]) -> Iterator[Passage]:
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Passage]:
    match block:
        case Paragraph():
            yield from _one("body", block.text)
        case Crosshead():
            yield from _one("crosshead", block.text)
        case ListBlock():
            yield from _all("body", block.items)
        case Quotation():
            yield from _all("body", (*(each.text for each in block.paragraphs), block.source))
        case PullQuote():
            yield from _all("body", (block.text, block.source))
        case Exchange():
            yield from _exchange(block)
        case Verse():
            yield from _all("body", (line for stanza in block.stanzas for line in stanza))
        case Table():
            yield from _one("caption", block.caption)
            yield from _all("table", (cell.text for row in block.rows for cell in row))
        case Figure():
            yield from _one("caption", block.caption)
            yield from _one("credit", block.credit)
            yield from _one("figure", _line(block.alt, block.line))
        case Box():
            yield from _one("crosshead", block.headline)
            yield from _blocks(block.blocks)


def _exchange(block: Exchange) -> Iterator[Passage]:
    for speaker, paragraphs in ((block.asker, block.question), (block.answerer, block.answer)):
        yield from _one("body", _line(speaker, block.line))
        yield from _all("body", (paragraph.text for paragraph in paragraphs))


# --------------------------------------------------------------------------- one text


def _all(field: str, texts: Iterable[Text | None]) -> Iterator[Passage]:
    for text in texts:
        yield from _one(field, text)


def _one(field: str, text: Text | None) -> Iterator[Passage]:
    """A text, and behind it what its notes say."""
    if text is not None:
        lines = dict(_lines(text.parts, 0, text.line))  # of several at one offset the last
        yield Passage(field, text.plain, tuple({0: text.line, **lines}.items()))
        for note in text.notes:
            yield from _one("note", note)


def _line(words: str | None, line: int) -> Text | None:
    """Words that the source has without markup, as a text."""
    return Text((Inline(InlineKind.TEXT, words, line=line),), line) if words else None


def _lines(parts: tuple[Inline, ...], at: int, line: int) -> Iterator[tuple[int, int]]:
    """Offsets of a text at which the source's lines begin or markup does."""
    for part in parts:
        line = part.line or line
        yield at, line
        for number, start in enumerate(part.line_starts, line + 1):
            yield at + start, number
        if part.kind is not InlineKind.NOTE:  # a passage of its own
            yield from _lines(part.children, at + len(part.text), line)
        at += len(part.plain)
