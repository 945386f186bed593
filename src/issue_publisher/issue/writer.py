"""From an Issue to its XML: always the same bytes for the same issue, laid out for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementKind,
    AdvertisementPlace,
    Article,
    Block,
    Box,
    Briefs,
    Byline,
    BylinePlace,
    Cell,
    Crosshead,
    Exchange,
    Figure,
    Hint,
    Imprint,
    Inline,
    InlineKind,
    Issue,
    Item,
    ListBlock,
    Nameplate,
    Page,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    Relation,
    Table,
    Text,
    Verse,
    Weight,
)
from issue_publisher.issue.reader import read_issue
from issue_publisher.issue.terms import NAMESPACE

Lines = Iterator[str]


def write_issue(issue: Issue) -> bytes:
    """The XML of an issue in UTF-8: one line for each line of text, two spaces for each level.

    What is written is read again before it is given out. Raises SourceErrors when it would not be
    accepted (an article without text, an id given twice …), and ValueError when the format cannot hold all
    of it (a kicker on a brief, a line break inside a paragraph): nothing is ever lost without a word.
    """
    data = ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(_issue(issue)) + "\n").encode()
    back = read_issue(data, f"{issue.id} as written")
    if back != issue:
        raise ValueError(f"issue {issue.id}: the format cannot hold all of {_difference(issue, back)}")
    return data


def _difference(issue: Issue, back: Issue) -> str:
    """Names the first piece that does not come back as it was."""
    for item, item_back in zip(issue.items(), back.items(), strict=True):
        if item != item_back:
            return f"“{item.id}”"
    for page, page_back in zip(issue.pages, back.pages, strict=True):
        if page != page_back:
            return f"page {page.number}"
    return "its nameplate, imprint or attributes"


# --------------------------------------------------------------------------- elements and text


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _tag(name: str, attributes: dict[str, str | None]) -> str:
    said = {key: value for key, value in attributes.items() if value is not None}
    return name + "".join(f' {key}="{_quoted(value)}"' for key, value in said.items())


def _quoted(value: str) -> str:
    return _escaped(value).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")


def _element(name: str, children: Iterable[str], **attributes: str | None) -> Lines:
    """An element that holds elements."""
    start = _tag(name, {_ATTRIBUTES.get(key, key): value for key, value in attributes.items()})
    inside = [f"  {line}" for line in children]
    if inside:
        yield from (f"<{start}>", *inside, f"</{name}>")
    else:
        yield f"<{start}/>"


_ATTRIBUTES = {"lang": "xml:lang", "depth_mm": "depth-mm"}


def _line(element: str, content: str | None, /, **attributes: str | None) -> Lines:
    """An element that holds one line of text without markup; nothing when there is none."""
    if content is not None:
        yield f"<{_tag(element, attributes)}>{_escaped(content)}</{element}>"


def _text(name: str, text: Text | None, more: Iterable[str] = (), **attributes: str | None) -> Lines:
    """An element that holds text with markup; nothing when there is none."""
    if text is not None:
        yield f"<{_tag(name, attributes)}>{''.join(map(_inline, text.parts))}{''.join(more)}</{name}>"


def _inline(inline: Inline) -> str:
    if inline.kind is InlineKind.TEXT:
        return _escaped(inline.text)
    start = _tag(
        inline.kind,
        {
            "xml:lang": inline.lang,
            "href": inline.href,
            "to": inline.to,
            "reading": inline.ruby,
            "variant": inline.variant,
        },
    )
    inside = _escaped(inline.text) + "".join(map(_inline, inline.children))
    return f"<{start}>{inside}</{inline.kind}>" if inside else f"<{start}/>"


def _unless(value: str, usual: str) -> str | None:
    """A value, or nothing when it is what the format takes for granted."""
    return None if value == usual else value


def _number(value: float) -> str:
    """A number as a person writes it: 120, 82.5, never 1e2."""
    plain = format(Decimal(repr(value)), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _optional_number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _flag(value: bool) -> str | None:
    return "true" if value else None


def _yes_or_no(value: bool | None) -> str | None:
    return None if value is None else "true" if value else "false"


# --------------------------------------------------------------------------- issue and pages


def _issue(issue: Issue) -> Lines:
    def children() -> Lines:
        yield from _nameplate(issue.nameplate)
        for page in issue.pages:
            yield from _page(page)
        for copy in issue.copy:
            waiting = [line for item in copy.items for line in _item(item)]
            yield from _element("copy", waiting, section=copy.section)
        if issue.imprint:
            yield from _imprint(issue.imprint)

    yield from _element(
        "issue",
        children(),
        xmlns=NAMESPACE,
        version=issue.version,
        id=issue.id,
        date=issue.date.isoformat(),
        layout=issue.layout,
        lang=issue.lang,
    )


def _nameplate(nameplate: Nameplate) -> Lines:
    def children() -> Lines:
        yield from _line("title", nameplate.title)
        yield from _line("subtitle", nameplate.subtitle)
        yield from _line("motto", nameplate.motto)
        yield from _line("date", nameplate.date_text)
        yield from _line("weekday", nameplate.weekday)
        yield from _line("lunar-date", nameplate.lunar_date)
        yield from _line("edition", nameplate.edition)
        yield from _line("running-number", _optional_number(nameplate.running_number))
        yield from _line("serial-number", nameplate.serial_number)
        yield from _line("level", nameplate.level)
        yield from _line("sponsor", nameplate.sponsor)
        yield from _line("publisher", nameplate.publisher)
        yield from _line("site", nameplate.site)
        for ear in nameplate.ears:
            yield from _element("ear", [*_text("headline", ear.headline), *_paragraphs(ear.paragraphs)])

    yield from _element("nameplate", children())


def _imprint(imprint: Imprint) -> Lines:
    def children() -> Lines:
        yield from _line("address", imprint.address)
        yield from _line("post-code", imprint.post_code)
        for telephone in imprint.telephones:
            yield from _line("telephone", telephone.number, label=telephone.label)
        yield from _line("price", imprint.price)
        yield from _line("printer", imprint.printer)
        yield from _line("distribution", imprint.distribution)
        for note in imprint.notes:
            yield from _line("note", note)

    yield from _element("imprint", children())


def _page(page: Page) -> Lines:
    def children() -> Lines:
        for editor in page.editors:
            yield from _line("editor", editor.name, role=editor.role)
        yield from _line("folio-line", page.folio_line)
        for item in page.items:
            yield from _item(item)

    yield from _element("page", children(), number=str(page.number), title=page.title)


def _item(item: Item) -> Lines:
    match item:
        case Article():
            yield from _article(item)
        case Briefs():
            yield from _briefs(item)
        case PictureItem():
            yield from _picture_item(item)
        case Advertisement():
            yield from _advertisement(item)


# --------------------------------------------------------------------------- items


def _article(article: Article) -> Lines:
    def children() -> Lines:
        yield from _hint(article.hint)
        for link in article.links:
            yield from _element("link", (), to=link.to, rel=_unless(link.relation, Relation.RELATED))
        yield from _line("rubric", article.rubric)
        yield from _text("kicker", article.kicker)
        yield from _text("headline", article.headline)
        for alternative in article.alternatives:
            yield from _text("headline-alternative", alternative)
        for deck in article.decks:
            yield from _text("deck", deck)
        if series := article.series:
            yield from _line("series", series.label, name=series.name, part=str(series.part))
        if article.editors_note:
            yield from _element("editors-note", _paragraphs(article.editors_note))
        yield from _text("standfirst", article.standfirst)
        yield from _line("dateline", article.dateline)
        yield from _byline(article.byline)
        yield from _element("body", _blocks(article.body))
        yield from _text("affiliation", article.affiliation)
        yield from _text("signature", article.signature)

    yield from _element(
        "article",
        children(),
        id=article.id,
        weight=_unless(article.weight, Weight.NORMAL),
        genre=article.genre,
        lang=article.lang,
    )


def _brief(article: Article) -> Lines:
    """An article of a group of briefs; it holds less, and what it cannot hold `write_issue` notices."""

    def children() -> Lines:
        yield from _text("headline", article.headline)
        yield from _line("dateline", article.dateline)
        yield from _byline(article.byline)
        yield from _element("body", _blocks(article.body))
        yield from _text("signature", article.signature)

    yield from _element("brief", children(), id=article.id, lang=article.lang)


def _byline(byline: Byline | None) -> Lines:
    if byline:
        authors = (
            _line("author", author.name, role=author.role, affiliation=author.affiliation)
            for author in byline.authors
        )
        yield from _element(
            "byline",
            (line for author in authors for line in author),
            place=_unless(byline.place, BylinePlace.HEAD),
        )


def _briefs(briefs: Briefs) -> Lines:
    def children() -> Lines:
        yield from _hint(briefs.hint)
        yield from _line("rubric", briefs.rubric)
        for article in briefs.articles:
            yield from _brief(article)

    yield from _element("briefs", children(), id=briefs.id, weight=_unless(briefs.weight, Weight.NORMAL))


def _picture_item(item: PictureItem) -> Lines:
    def children() -> Lines:
        yield from _hint(item.hint)
        yield from _line("rubric", item.rubric)
        yield from _text("headline", item.headline)
        yield from _blocks(item.figures)
        yield from _paragraphs(item.text)

    yield from _element("pictures", children(), id=item.id, weight=_unless(item.weight, Weight.NORMAL))


def _advertisement(advertisement: Advertisement) -> Lines:
    yield from _element(
        "advertisement",
        [*_text("headline", advertisement.headline), *_blocks(advertisement.blocks)],
        id=advertisement.id,
        kind=_unless(advertisement.kind, AdvertisementKind.ADVERTISEMENT),
        columns=_optional_number(advertisement.columns),
        depth_mm=None if advertisement.depth_mm is None else _number(advertisement.depth_mm),
        size=advertisement.size,
        place=_unless(advertisement.place, AdvertisementPlace.FOOT),
    )


def _hint(hint: Hint | None) -> Lines:
    if hint:
        yield from _element(
            "hint",
            (),
            columns=_optional_number(hint.columns),
            legs=_optional_number(hint.legs),
            place=hint.place,
            box=_yes_or_no(hint.box),
            jump=_optional_number(hint.jump),
        )


# --------------------------------------------------------------------------- blocks


def _blocks(blocks: Iterable[Block]) -> Lines:
    for block in blocks:
        yield from _block(block)


def _paragraphs(paragraphs: Iterable[Paragraph]) -> Lines:
    for paragraph in paragraphs:
        yield from _text("p", paragraph.text)


def _block(block: Block) -> Lines:
    match block:
        case Paragraph():
            yield from _text("p", block.text, optional=_flag(block.optional))
        case Crosshead():
            yield from _text("crosshead", block.text)
        case ListBlock():
            items = (line for item in block.items for line in _text("item", item))
            yield from _element("list", items, ordered=_flag(block.ordered))
        case Quotation():
            yield from _element("quotation", [*_paragraphs(block.paragraphs), *_text("source", block.source)])
        case PullQuote():
            yield from _text(
                "pull-quote",
                block.text,
                _text("source", block.source),
                optional=_flag(block.optional),
            )
        case Exchange():
            question = _element("question", _paragraphs(block.question), by=block.asker)
            answer = _element("answer", _paragraphs(block.answer), by=block.answerer)
            yield from _element("exchange", [*question, *answer])
        case Verse():
            stanzas = (
                _element(
                    "stanza", (line for verse_line in stanza for line in _text("verse-line", verse_line))
                )
                for stanza in block.stanzas
            )
            yield from _element("verse", (line for stanza in stanzas for line in stanza))
        case Table():
            rows = (line for row in block.rows for line in _element("row", _cells(row)))
            yield from _element("table", [*_text("caption", block.caption), *rows])
        case Figure():
            yield from _figure(block)
        case Box():
            yield from _element("box", [*_text("headline", block.headline), *_blocks(block.blocks)])


def _cells(row: Iterable[Cell]) -> Lines:
    for cell in row:
        yield from _text("head-cell" if cell.head else "cell", cell.text)


def _figure(figure: Figure) -> Lines:
    yield from _element(
        "figure",
        [*_text("caption", figure.caption), *_text("credit", figure.credit)],
        src=figure.src,
        alt=figure.alt,
        focal=_unless(" ".join(map(_number, figure.focal)), "0.5 0.5"),
        optional=_flag(figure.optional),
        columns=_optional_number(figure.columns),
        missing=_flag(figure.missing),
    )
