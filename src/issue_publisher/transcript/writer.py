"""From an issue to a labelled transcript: plain text that people read and `labelled` reads back the same.

Every piece of the issue stands on a line of its own behind a label; the paragraphs of a body stand bare. What
plain text cannot hold, mark-up inside a line above all, is counted and named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

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
    Table,
    Text,
    Verse,
    Weight,
)
from issue_publisher.transcript.characters import NOT_IN_A_LINE, in_a_line
from issue_publisher.transcript.labels import WHITE, join_cells, write_label
from issue_publisher.transcript.model import Label

Lines = Iterator[str]
Said = tuple[tuple[str, str | None], ...]  # attributes of a label


def write_transcript(issue: Issue) -> tuple[bytes, tuple[str, ...]]:
    """A labelled transcript in UTF-8, and what of the issue plain text cannot hold, each with its count."""
    return ("\n".join(_issue(issue)) + "\n").encode(), tuple(_lost(issue))


# --------------------------------------------------------------------------- one line


def _line(label: Label, text: str | None = "", said: Iterable[tuple[str, str | None]] = ()) -> Lines:
    """A line with its label; nothing when there is no text for it."""
    if text is not None:
        yield write_label(
            label,
            in_a_line(text).strip(WHITE),
            ((name, None if value is None else in_a_line(value)) for name, value in said),
        )


def _text(label: Label, text: Text | None, said: Said = ()) -> Lines:
    """A line of text, and one for each note in it."""
    if text is not None:
        plain = in_a_line(text.plain)
        if label is Label.PARAGRAPH and not said and plain == plain.strip() and plain[:1] not in ("", "〔"):
            yield plain
        else:
            yield from _line(label, plain, said)
        yield from _notes(text)


def _notes(text: Text, more: Said = ()) -> Lines:
    """The notes of a text: `at` says behind how many of its characters each stands."""
    at = 0
    for part in text.parts:
        if part.kind is InlineKind.NOTE:
            words = "".join(child.plain for child in part.children)
            yield from _line(Label.NOTE, words, (("at", str(at)), *more))
        else:
            at += len(in_a_line(part.plain))


def _flag(value: bool) -> str | None:
    return "true" if value else None


def _yes_or_no(value: bool | None) -> str | None:
    return None if value is None else "true" if value else "false"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}" if float(f"{value:g}") == value else repr(value)


# --------------------------------------------------------------------------- issue and pages


def _issue(issue: Issue) -> Lines:
    said = (
        ("id", issue.id),
        ("date", issue.date.isoformat()),
        ("layout", None if issue.layout == "broadsheet" else issue.layout),
        ("lang", None if issue.lang == "zh-Hans" else issue.lang),
        ("version", None if issue.version == "1.0" else issue.version),
    )
    yield from _line(Label.ISSUE, "", said)
    yield from _nameplate(issue.nameplate)
    for page in issue.pages:
        yield from _page(page)
    for copy in issue.copy:
        yield ""
        yield from _line(Label.COPY, copy.section)
        yield from _items(copy.items)
    if issue.imprint:
        yield ""
        yield from _imprint(issue.imprint)


# Fields of the nameplate and of the imprint, in the order of the format, by the names of their elements.
NAMEPLATE = {
    "title": "title",
    "subtitle": "subtitle",
    "motto": "motto",
    "date": "date_text",
    "weekday": "weekday",
    "lunar-date": "lunar_date",
    "edition": "edition",
    "running-number": "running_number",
    "serial-number": "serial_number",
    "level": "level",
    "sponsor": "sponsor",
    "publisher": "publisher",
    "site": "site",
}
IMPRINT = {
    "address": "address",
    "post-code": "post_code",
    "price": "price",
    "printer": "printer",
    "distribution": "distribution",
}


def _nameplate(nameplate: Nameplate) -> Lines:
    for part, name in NAMEPLATE.items():
        value = getattr(nameplate, name)
        yield from _line(Label.NAMEPLATE, None if value is None else str(value), (("part", part),))
    for ear in nameplate.ears:
        yield ""
        yield from _text(Label.EAR, ear.headline or Text())
        for paragraph in ear.paragraphs:
            yield from _text(Label.PARAGRAPH, paragraph.text)


def _imprint(imprint: Imprint) -> Lines:
    for part, name in IMPRINT.items():
        yield from _line(Label.IMPRINT, getattr(imprint, name), (("part", part),))
    for telephone in imprint.telephones:
        said = (("part", "telephone"), ("label", telephone.label))
        yield from _line(Label.IMPRINT, telephone.number, said)
    if imprint == Imprint():
        yield from _line(Label.IMPRINT)
    for note in imprint.notes:
        yield from _line(Label.IMPRINT, note, (("part", "note"),))


def _page(page: Page) -> Lines:
    yield ""
    yield from _line(Label.PAGE, f"{page.number} {page.title}")
    for editor in page.editors:
        role = None if editor.role == Label.EDITOR else editor.role
        yield from _line(Label.EDITOR, editor.name, (("role", role),))
    yield from _line(Label.FOLIO_LINE, page.folio_line)
    yield from _items(page.items)


def _items(items: Iterable[Item]) -> Lines:
    for item in items:
        yield ""
        match item:
            case Article():
                yield from _article(item, Label.ARTICLE)
            case Briefs():
                yield from _briefs(item)
            case PictureItem():
                yield from _picture_item(item)
            case Advertisement():
                yield from _advertisement(item)


# --------------------------------------------------------------------------- items


def _article(article: Article, label: Label) -> Lines:
    weight = None if label is Label.BRIEF or article.weight is Weight.NORMAL else article.weight
    links = ((link.relation, link.to) for link in article.links)
    genre, lang = ("genre", article.genre), ("lang", article.lang)
    yield from _line(
        label, "", (("id", article.id), ("weight", weight), genre, lang, *_hint(article.hint), *links)
    )
    yield from _line(Label.RUBRIC, article.rubric)
    if series := article.series:
        yield from _line(Label.SERIES, series.label, (("name", series.name), ("part", str(series.part))))
    yield from _text(Label.KICKER, article.kicker)
    yield from _text(Label.HEADLINE, article.headline)
    for alternative in article.alternatives:
        yield from _text(Label.ALTERNATIVE, alternative)
    for deck in article.decks:
        yield from _text(Label.DECK, deck)
    for paragraph in article.editors_note:
        yield from _text(Label.EDITORS_NOTE, paragraph.text)
    yield from _text(Label.STANDFIRST, article.standfirst)
    yield from _line(Label.DATELINE, article.dateline)
    yield from _byline(article.byline)
    yield from _blocks(article.body)
    yield from _text(Label.AFFILIATION, article.affiliation)
    yield from _text(Label.SIGNATURE, article.signature)


def _hint(hint: Hint | None) -> Said:
    if hint is None:
        return ()
    said = (
        ("columns", _number(hint.columns)),
        ("legs", _number(hint.legs)),
        ("place", hint.place),
        ("box", _yes_or_no(hint.box)),
        ("jump", _number(hint.jump)),
    )
    return said if any(value for _, value in said) else (("hint", "true"),)


def _byline(byline: Byline | None) -> Lines:
    if byline is None:
        return
    place = None if byline.place is BylinePlace.HEAD else byline.place
    for at, author in enumerate(byline.authors):
        said = (("place", None if at else place), ("role", author.role), ("affiliation", author.affiliation))
        yield from _line(Label.BYLINE, author.name, said)


def _briefs(briefs: Briefs) -> Lines:
    weight = None if briefs.weight is Weight.NORMAL else briefs.weight
    said = (("id", briefs.id), ("weight", weight), *_hint(briefs.hint))
    yield from _line(Label.BRIEFS, briefs.rubric, said)
    for article in briefs.articles:
        yield ""
        yield from _article(article, Label.BRIEF)


def _picture_item(item: PictureItem) -> Lines:
    weight = None if item.weight is Weight.NORMAL else item.weight
    yield from _line(Label.PICTURES, "", (("id", item.id), ("weight", weight), *_hint(item.hint)))
    yield from _line(Label.RUBRIC, item.rubric)
    yield from _text(Label.HEADLINE, item.headline)
    yield from _blocks(item.figures)
    for paragraph in item.text:
        yield from _text(Label.PARAGRAPH, paragraph.text)


def _advertisement(item: Advertisement) -> Lines:
    said = (
        ("id", item.id),
        ("kind", None if item.kind is AdvertisementKind.ADVERTISEMENT else item.kind),
        ("columns", _number(item.columns)),
        ("depth-mm", _number(item.depth_mm)),
        ("size", item.size),
        ("place", None if item.place is AdvertisementPlace.FOOT else item.place),
    )
    yield from _line(Label.ADVERTISEMENT, "", said)
    yield from _text(Label.HEADLINE, item.headline)
    yield from _blocks(item.blocks)


# --------------------------------------------------------------------------- blocks


def _blocks(blocks: Iterable[Block]) -> Lines:
    """Blocks in their order; one that would run on from its like before begins anew."""
    before: Block | None = None
    for block in blocks:
        new: Said = (("new", "true"),) if type(block) is type(before) else ()
        yield from _block(block, new)
        before = block


def _block(block: Block, new: Said) -> Lines:
    optional: Said = (("optional", "true"),) if getattr(block, "optional", False) else ()
    match block:
        case Paragraph():
            yield from _text(Label.PARAGRAPH, block.text, optional)
        case Crosshead():
            yield from _text(Label.CROSSHEAD, block.text)
        case ListBlock():
            said = (*new, ("ordered", "true")) if block.ordered else new
            yield from _run(Label.LIST_ITEM, block.items, said)
        case Quotation():
            yield from _run(Label.QUOTATION, [each.text for each in block.paragraphs], new)
            yield from _text(Label.SOURCE, block.source)
        case PullQuote():
            yield from _text(Label.PULL_QUOTE, block.text, optional)
            yield from _text(Label.SOURCE, block.source)
        case Exchange():
            for label, part, by in (
                (Label.QUESTION, block.question, block.asker),
                (Label.ANSWER, block.answer, block.answerer),
            ):
                yield from _run(label, [each.text for each in part], () if by is None else (("by", by),))
        case Verse():
            for at, stanza in enumerate(block.stanzas):
                yield from _run(Label.VERSE, stanza, (("stanza", "true"),) if at else new)
        case Table():
            yield from _table(block, new)
        case Figure():
            yield from _figure(block)
        case Box():
            yield from _text(Label.BOX, block.headline or Text())
            yield from _blocks(block.blocks)
            yield from _line(Label.BOX_END)


def _run(label: Label, texts: Iterable[Text], said: Said) -> Lines:
    """Lines that belong together; the first says what there is to say of all."""
    for text in texts:
        yield from _text(label, text, said)
        said = ()


def _table(table: Table, new: Said) -> Lines:
    yield from _text(Label.TABLE_CAPTION, table.caption)
    said = () if table.caption else new
    for row in table.rows:
        heads = [str(number) for number, cell in enumerate(row, 1) if cell.head]
        head = "true" if len(heads) == len(row) else ",".join(heads)
        cells = [in_a_line(cell.text.plain) for cell in row]
        yield from _line(Label.TABLE_ROW, join_cells(cells), (*said, ("head", head or None)))
        for number, cell in enumerate(row, 1):
            yield from _notes(cell.text, (("cell", str(number)),))
        said = ()


def _figure(figure: Figure) -> Lines:
    focal = None if figure.focal == (0.5, 0.5) else " ".join(str(_number(each)) for each in figure.focal)
    said = (
        ("src", figure.src),
        ("missing", _flag(figure.missing)),
        ("alt", figure.alt),
        ("focal", focal),
        ("optional", _flag(figure.optional)),
        ("columns", _number(figure.columns)),
    )
    yield from _text(Label.FIGURE, figure.caption or Text(), said)
    yield from _text(Label.CREDIT, figure.credit)


# --------------------------------------------------------------------------- what plain text cannot hold

_NAMES = {
    InlineKind.EMPHASIS: "emphasis <em>",
    InlineKind.STRONG: "strong emphasis <strong>",
    InlineKind.DOTS: "emphasis dots <dots>",
    InlineKind.RUBY: "reading over a word <ruby>",
    InlineKind.FOREIGN: "language of words <foreign>",
    InlineKind.SUPERSCRIPT: "superscript <sup>",
    InlineKind.SUBSCRIPT: "subscript <sub>",
    InlineKind.LINK: "address of a link <a>",
    InlineKind.REFERENCE: "reference to another piece <ref>",
    InlineKind.GLYPH: "variant of a character <glyph>",
    InlineKind.BREAK: "place to break a headline <break>",
}


def _lost(issue: Issue) -> Lines:
    counts: Counter[InlineKind | str] = Counter()
    for value in _values(issue):
        if isinstance(value, Inline) and value.kind in _NAMES:
            counts[value.kind] += 1
        elif isinstance(value, str):
            counts["character"] += len(NOT_IN_A_LINE.findall(value))
    yield from (f"{name}: {counts[kind]}" for kind, name in _NAMES.items() if counts[kind])
    if counts["character"]:
        yield f"invisible character or line end inside a text: {counts['character']}"


def _values(value: object) -> Iterator[object]:
    """A value and all in it."""
    yield value
    if isinstance(value, tuple):
        for each in value:
            yield from _values(each)
    elif is_dataclass(value):
        for each in fields(value):
            if each.compare:
                yield from _values(getattr(value, each.name))
