"""An issue as somebody would type it off the printed page: no labels, no marks but those of the paper."""

from __future__ import annotations

from collections.abc import Iterator

from issue_publisher.issue import wording
from issue_publisher.issue.model import (
    Article,
    Block,
    Box,
    Briefs,
    Exchange,
    Figure,
    Issue,
    Item,
    ListBlock,
    PictureItem,
    PullQuote,
    Quotation,
    Table,
    Verse,
)


def typed_off(issue: Issue, gap: str = "\n\n") -> str:
    """The issue's text, a line for each thing that is printed, with `gap` between."""
    return gap.join(line.replace("\u3000", " ") for line in _issue(issue) if line)


def _issue(issue: Issue) -> Iterator[str]:
    plate = issue.nameplate
    yield from (plate.title, plate.subtitle or "", plate.level or "")
    yield " ".join(wording.date_line(plate))
    yield wording.serial_number_text(plate.serial_number or "")
    yield f"{wording.running_number_text(plate.running_number or 1)} {plate.edition or ''}"
    yield " ".join(wording.publisher_line(plate))
    for page in issue.pages:
        yield wording.page_text(page)
        yield wording.editors_text(page.editors)
        for item in page.items:
            yield from _item(item)
    if issue.imprint is not None:
        yield " ".join(wording.imprint_texts(issue.imprint))


def _item(item: Item) -> Iterator[str]:
    match item:
        case Article():
            yield from _article(item)
        case Briefs():
            yield item.rubric
            for article in item.articles:
                yield from _article(article)
        case PictureItem():
            yield item.rubric or ""
            yield item.headline.plain if item.headline else ""
            yield from (line for figure in item.figures for line in _block(figure))
            yield from (paragraph.text.plain for paragraph in item.text)


def _article(article: Article) -> Iterator[str]:
    yield article.rubric or ""
    yield wording.series_text(article.series) if article.series else ""
    yield from (text.plain for text in (article.kicker, article.headline) if text)
    yield from (f"——{deck.plain.lstrip('—')}" for deck in article.decks)
    label = wording.editors_note_label(article.editors_note)
    for number, paragraph in enumerate(article.editors_note):
        yield f"{label} {paragraph.text.plain}" if label and number == 0 else paragraph.text.plain
    yield article.standfirst.plain if article.standfirst else ""
    if names := wording.head_text(article):
        yield f"□ {names}"
    yield from (line for block in wording.body_as_printed(article) for line in _block(block))
    yield from (text.plain for text in (article.affiliation, article.signature) if text)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Figure():
            yield "▲" + "".join(text.plain for text in (block.caption, block.credit) if text)
        case PullQuote():
            yield block.text.plain + (f"——{block.source.plain}" if block.source else "")
        case Quotation():
            yield from (paragraph.text.plain for paragraph in block.paragraphs)
            yield f"——{block.source.plain}" if block.source else ""
        case Exchange():
            for speaker, paragraphs in ((block.asker, block.question), (block.answerer, block.answer)):
                yield wording.speaker_text(speaker) + paragraphs[0].text.plain
                yield from (paragraph.text.plain for paragraph in paragraphs[1:])
        case ListBlock():
            yield from (item.plain for item in block.items)
        case Verse():
            yield from (line.plain for stanza in block.stanzas for line in stanza)
        case Table():
            yield from (" ".join(cell.text.plain for cell in row) for row in block.rows)
        case Box():
            yield block.headline.plain if block.headline else ""
            yield from (line for inner in block.blocks for line in _block(inner))
        case _:
            yield block.text.plain
