"""The rival of the benchmark: the same issue as one would hand it to WeasyPrint without us.

CSS columns for every article, `text-align: justify`, the same pictures, the whole font files by `@font-face`.
"""

import tomllib
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Block,
    Box,
    Briefs,
    Crosshead,
    Exchange,
    Figure,
    Issue,
    Item,
    ListBlock,
    Page,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    Table,
    Text,
    Verse,
)
from issue_publisher.issue.wording import (
    body_as_printed,
    date_line,
    editors_text,
    head_text,
    imprint_texts,
    page_text,
)

FACES = ("song", "song-heavy", "hei", "kai", "brush")  # the roles that the style sheet below uses

STYLE = """
@page { size: 390mm 545mm; margin: 27mm 20mm }
html { font: 9pt/13.5pt song; text-align: justify }
section { break-after: page }
section:last-child { break-after: auto }
header, footer { font: 8pt/13.5pt hei }
header h1 { font: 64pt/81pt brush; text-align: center; margin: 0 }
h2 { font: 20pt/27pt song-heavy; margin: 6pt 0 0; text-align: center }
.lead h2 { font-size: 40pt; line-height: 54pt }
h3, .kicker, .deck, .rubric { font: 11pt/13.5pt hei; margin: 0; text-align: center }
.body { columns: 6; column-gap: 4mm; border-bottom: 0.5pt solid; padding-bottom: 4pt }
p { margin: 0; text-indent: 2em }
figure { margin: 0; break-inside: avoid }
img { width: 100%; max-height: 60mm; object-fit: contain }
figcaption, .note, blockquote { font-family: kai; margin: 0 }
table { width: 100%; border-collapse: collapse; font: 8pt/13.5pt hei }
ul, ol { margin: 0; padding-left: 1.5em }
"""


def bare_html(issue: Issue, fonts: Path) -> str:
    """The issue as one HTML document, pages, headings and bodies in the order of the source."""
    faces = tomllib.loads((fonts / "fonts.toml").read_text(encoding="utf-8"))["face"]
    font_faces = "\n".join(
        f"@font-face {{ font-family: {face['role']}; src: url({(fonts / face['file']).as_uri()}) }}"
        for face in faces
        if face["role"] in FACES
    )
    pages = "".join(_page(page, issue) for page in issue.pages)
    head = f"<meta charset='utf-8'><title>{escape(issue.nameplate.title)}</title>"
    return f"<!doctype html><html lang=zh>{head}<style>{font_faces}{STYLE}</style>{pages}</html>"


def _page(page: Page, issue: Issue) -> str:
    head = f"{escape(page_text(page))} {escape(editors_text(page.editors))}"
    foot = ""
    if page.number == 1:
        ears = "".join(_paragraphs(ear.paragraphs) for ear in issue.nameplate.ears)
        dates = escape(" ".join(date_line(issue.nameplate)))
        head = f"<h1>{escape(issue.nameplate.title)}</h1>{dates} {ears}{head}"
    if page is issue.pages[-1] and issue.imprint:
        foot = f"<footer>{escape(' '.join(imprint_texts(issue.imprint)))}</footer>"
    return f"<section><header>{head}</header>{''.join(map(_item, page.items))}{foot}</section>"


def _item(item: Item) -> str:
    match item:
        case Article():
            return _article(item)
        case Briefs():
            return f"<h3>{escape(item.rubric)}</h3>" + "".join(map(_article, item.articles))
        case PictureItem():
            body = "".join(map(_block, item.figures)) + _paragraphs(item.text)
            return f"{_line('h2', item.headline)}<div class=body>{body}</div>"
        case Advertisement():
            return f"{_line('h2', item.headline)}<div class=body>{''.join(map(_block, item.blocks))}</div>"


def _article(article: Article) -> str:
    headings = [
        f"<div class=rubric>{escape(article.rubric)}</div>" if article.rubric else "",
        _line("div class=kicker", article.kicker),
        _line("h2", article.headline),
        *(_line("div class=deck", deck) for deck in article.decks),
        f"<div class=deck>{escape(head_text(article))}</div>",
        _line("p class=note", article.standfirst),
    ]
    note = f"<div class=note>{_paragraphs(article.editors_note)}</div>" if article.editors_note else ""
    body = "".join(map(_block, body_as_printed(article))) + _line("p", article.signature)
    return f"<article class={article.weight}>{''.join(headings)}<div class=body>{note}{body}</div></article>"


def _block(block: Block) -> str:
    match block:
        case Paragraph(text=text):
            return _line("p", text)
        case Crosshead(text=text):
            return _line("h3", text)
        case ListBlock():
            return _line_each("ol" if block.ordered else "ul", "li", block.items)
        case Quotation():
            return f"<blockquote>{_paragraphs(block.paragraphs)}{_line('p', block.source)}</blockquote>"
        case PullQuote():
            return f"<blockquote>{_line('p', block.text)}{_line('p', block.source)}</blockquote>"
        case Exchange():
            return _paragraphs(block.question) + _paragraphs(block.answer)
        case Verse():
            return "".join(_line_each("div", "div", stanza) for stanza in block.stanzas)
        case Table():
            rows = (_line_each("tr", "td", (cell.text for cell in row)) for row in block.rows)
            return f"{_line('h3', block.caption)}<table>{''.join(rows)}</table>"
        case Figure():
            words = f"{_plain(block.caption)} {_plain(block.credit)}"
            return f"<figure><img src='{escape(block.src)}'><figcaption>{words}</figcaption></figure>"
        case Box():
            return f"{_line('h3', block.headline)}{''.join(map(_block, block.blocks))}"


def _paragraphs(paragraphs: Iterable[Paragraph]) -> str:
    return "".join(_line("p", paragraph.text) for paragraph in paragraphs)


def _line_each(outer: str, inner: str, texts: Iterable[Text]) -> str:
    return f"<{outer}>{''.join(_line(inner, text) for text in texts)}</{outer}>"


def _line(tag: str, text: Text | None) -> str:
    return f"<{tag}>{_plain(text)}</{tag.split()[0]}>" if text else ""


def _plain(text: Text | None) -> str:
    return escape(text.plain) if text else ""


def words_of(html: str) -> Iterator[str]:
    """The characters of the document's text, to show that both sides set the same."""
    within = html.partition("</style>")[2]
    for piece in within.split("<"):
        yield from "".join(piece.partition(">")[2].split())
