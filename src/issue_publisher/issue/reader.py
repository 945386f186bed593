"""From the bytes of an issue's XML to an Issue; everything wrong with it is reported at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.grammar import issue_grammar, validate
from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementKind,
    AdvertisementPlace,
    AdvertisementSize,
    Article,
    Author,
    Block,
    Box,
    Briefs,
    Byline,
    BylinePlace,
    Cell,
    Copy,
    Crosshead,
    Ear,
    Editor,
    Exchange,
    Figure,
    Hint,
    Imprint,
    Inline,
    InlineKind,
    Issue,
    Item,
    Lines,
    Link,
    ListBlock,
    Nameplate,
    Page,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    Relation,
    SeriesPart,
    Table,
    Telephone,
    Text,
    Verse,
    Weight,
)
from issue_publisher.issue.notes import MOST_NOTES
from issue_publisher.issue.source import Characters, Element, parse_xml
from issue_publisher.issue.terms import NAMESPACE, tag
from issue_publisher.issue.whitespace import WHITE_SPACE, attribute_words, kept_characters, line_words

MAJOR, MINOR = 1, 0  # the version of the format that this program knows


def read_issue(data: bytes, file: str) -> Issue:
    """Read an issue from the bytes of its XML; `file` is its name as the desk knows it, for messages.

    Raises SourceErrors with everything found wrong: encoding, well-formedness, the schema, dates, page
    numbers, ids and links. Nothing outside `data` is ever read, and a DOCTYPE is refused.
    """
    root, errors = parse_xml(data, file, NAMESPACE)
    newer = _newer_version(root, file)
    schema_errors = validate(root, file)
    if newer:
        schema_errors = [replace(error, hint=f"{error.hint}; {newer}") for error in schema_errors]
    errors += schema_errors
    beyond = _beyond_the_schema(root, file)
    if errors or any(error.code not in _HARMLESS_TO_READING for error in beyond):
        raise SourceErrors([*errors, *beyond])
    if beyond:
        raise SourceErrors(beyond, _issue(root))
    return _issue(root)


# Faults that leave an issue to be looked at further, so that all is said at once.
_HARMLESS_TO_READING = {"duplicate-id", "dead-link", "page-number", "empty-article", "no-section"}


def _newer_version(root: Element, file: str) -> str:
    """A remark for errors of a file whose minor version is newer than ours; another major one is refused."""
    version = re.fullmatch(r"\s*([0-9]{1,9})\.([0-9]{1,9})\s*", root.attributes.get("version", ""))
    if root.name != "issue" or not version:
        return ""
    if int(version[1]) != MAJOR:
        message = f"version {version[0].strip()} of the issue format is not known"
        hint = f"this program reads versions {MAJOR}.x; use one made for version {version[1]}"
        raise SourceErrors([SourceError(file, root.line, message, hint, code="version")])
    if int(version[2]) > MINOR:
        return f"the file is of version {version[0].strip()}, this program knows {MAJOR}.{MINOR}"
    return ""


# --------------------------------------------------------------------------- what the schema cannot say

# Elements whose words are none of the text that they stand in.
_ASIDE = {"source", "note"}
# Elements that may hold notes.
_RUNNING = {"p", "item", "verse-line", "cell", "head-cell"}
# Elements that may stand without words.
_MAY_BE_EMPTY = {"cell", "head-cell"}
_WITH_ID = {"article", "brief", "briefs", "pictures", "advertisement"}


def _beyond_the_schema(root: Element, file: str) -> list[SourceError]:
    found: list[SourceError] = []
    for line, message, hint, code in (
        *_dates(root),
        *_page_numbers(root),
        *_sections(root),
        *_identifiers(root),
        *_emptiness(root),
        *_values(root),
        *_notes(root),
        *_readings(root),
    ):
        found.append(SourceError(file, line, message, hint, code=code))
    return found


Fault = tuple[int, str, str, str]  # line, message, hint, code


def _dates(root: Element) -> Iterator[Fault]:
    value = root.attributes.get("date", "").strip()
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            date.fromisoformat(value)
        except ValueError:
            yield (
                root.line,
                f"there is no day {value}",
                "write the date of the issue, year-month-day",
                "impossible-date",
            )


def _page_numbers(root: Element) -> Iterator[Fault]:
    seen: dict[int, int] = {}
    highest = 0
    for page in root.elements:
        value = page.attributes.get("number", "").strip()
        if page.name != "page" or not re.fullmatch("[0-9]{1,9}", value):
            continue
        number = int(value)
        if number in seen:
            yield (
                page.line,
                f"a second page {number}",
                f"the first is in line {seen[number]}; number them in order",
                "page-number",
            )
        elif number < highest:
            yield (
                page.line,
                f"page {number} stands after page {highest}",
                "put the pages in order of their numbers",
                "page-number",
            )
        seen.setdefault(number, page.line)
        highest = max(highest, number)


def _sections(root: Element) -> Iterator[Fault]:
    """Copy waits for a section that there is, and a page without pieces has copy to wait for."""
    pages = [element for element in root.elements if element.name == "page"]
    titles = {_attribute(page, "title") or "": None for page in pages}
    waited = {_attribute(each, "section") or "" for each in root.elements if each.name == "copy"}
    for each in root.elements:
        section = _attribute(each, "section") or ""
        if each.name == "copy" and section.strip() and section not in titles:
            near = difflib.get_close_matches(section, titles, 1)
            hint = f"did you mean “{near[0]}”?" if near else "one of " + ", ".join(titles)
            yield each.line, f"{tag('copy')}: no page has the title “{section}”", hint, "no-section"
    for page in pages:
        title = _attribute(page, "title") or ""
        if not any(child.name in _ITEMS for child in page.elements) and title not in waited:
            yield (
                page.line,
                f"{tag('page')} “{page.attributes.get('number', '').strip()}” is empty",
                f'give it a piece, or <copy section="{title}"> to fill it from',
                "empty-page",
            )


def _identifiers(root: Element) -> Iterator[Fault]:
    lines: dict[str, Element] = {}
    for element in root.walk():
        identity = element.attributes.get("id", "").strip()
        if element.name not in _WITH_ID or not identity:
            continue
        if identity in lines:
            first = lines[identity]
            yield (
                element.line,
                f"id “{identity}” of {tag(element.name)} is given twice",
                f"{tag(first.name)} of line {first.line} has it too; give each its own",
                "duplicate-id",
            )
        lines.setdefault(identity, element)
    for holder, element in _with_holders(root):
        to = element.attributes.get("to", "").strip()
        if element.name not in ("link", "ref") or not to:
            continue
        if to not in lines:
            near = difflib.get_close_matches(to, lines, 1)
            hint = f"did you mean “{near[0]}”?" if near else "write the id of an article of this issue"
            yield (
                element.line,
                f"{tag(element.name)} to “{to}” leads nowhere: no piece has this id",
                hint,
                "dead-link",
            )
        elif to == holder:
            yield (
                element.line,
                f"{tag(element.name)} leads from “{to}” to itself",
                "write the id of another article, or delete it",
                "dead-link",
            )


def _with_holders(element: Element, holder: str = "") -> Iterator[tuple[str, Element]]:
    """Each element with the id of the piece it stands in."""
    if element.name in _WITH_ID:
        holder = element.attributes.get("id", "").strip()
    yield holder, element
    for child in element.elements:
        yield from _with_holders(child, holder)


def _emptiness(root: Element) -> Iterator[Fault]:
    grammar = issue_grammar()
    holds_words = {each.name for each in grammar.declarations() if each.holds_words} - _MAY_BE_EMPTY

    def inside(element: Element) -> Iterator[Fault]:
        if element.name in ("article", "brief"):
            body = next((child for child in element.elements if child.name == "body"), None)
            if (
                body
                and body.elements
                and not any(_has_words(block) for block in body.elements if block.name != "figure")
            ):
                identity = element.attributes.get("id", "")
                yield (
                    element.line,
                    f"{tag(element.name)} “{identity}” is empty: its body has no words",
                    "write its text; pictures that stand alone are <pictures> (图片新闻)",
                    "empty-article",
                )
                return
        if element.name in holds_words and not _has_words(element):
            yield (
                element.line,
                f"{tag(element.name)} is empty",
                "write its words, or delete it",
                "empty-element",
            )
            return
        for child in element.elements:
            yield from inside(child)

    yield from inside(root)
    required = {name: each.required for each in grammar.declarations() for name in [each.name]}
    for element in root.walk():
        for name in required.get(element.name, ()):
            if name in element.attributes and not element.attributes[name].strip():
                yield (
                    element.line,
                    f"{name}= of {tag(element.name)} is empty",
                    "write its words",
                    "empty-attribute",
                )


def _has_words(element: Element) -> bool:
    """Whether it says anything itself; the source of a pull quote and notes do not count."""
    return any(
        child.name not in _ASIDE and _has_words(child)
        if isinstance(child, Element)
        else bool(child.text.strip())
        for child in element.children
    )


def _values(root: Element) -> Iterator[Fault]:
    for element in root.walk():
        attributes = element.attributes
        if element.name == "figure":
            fractions = re.fullmatch(
                r"\s*([01](?:\.[0-9]+)?)\s+([01](?:\.[0-9]+)?)\s*", attributes.get("focal", "")
            )
            if fractions and max(map(float, fractions.groups())) > 1:
                yield (
                    element.line,
                    f"focal=“{attributes['focal']}” lies outside the picture",
                    "write two fractions between 0 and 1",
                    "bad-value",
                )
        if element.name == "hint" and (jump := attributes.get("jump", "").strip()):
            numbers = [
                page.attributes.get("number", "").strip() for page in root.elements if page.name == "page"
            ]
            if jump not in numbers:
                yield (
                    element.line,
                    f"jump=“{jump}”: the issue has no such page",
                    "write one of " + ", ".join(numbers),
                    "bad-value",
                )
        if element.name == "advertisement":
            depth = attributes.get("depth-mm", "").strip()
            if (
                re.fullmatch(r"[+-]?[0-9.]+", depth)
                and depth.count(".") <= 1
                and depth.strip("+-.")
                and float(depth) <= 0
            ):
                yield (
                    element.line,
                    f"depth-mm=“{depth}” is no depth",
                    "write millimetres, more than 0",
                    "bad-value",
                )
            if wrong := _size_of_an_advertisement(attributes):
                yield element.line, *wrong, "bad-value"


def _notes(root: Element) -> Iterator[Fault]:
    """Notes stand in articles, behind a word, and no article has more of them than there are marks."""
    for piece in root.walk():
        if piece.name == "advertisement":
            for note in _notes_in(piece):
                yield (
                    note.line,
                    f"{tag('note')} in {tag('advertisement')}: its words have no place to stand",
                    "write them in a paragraph of the advertisement",
                    "misplaced-note",
                )
        elif piece.name in ("article", "brief"):
            found = list(_notes_in(piece))
            for note in found[MOST_NOTES : MOST_NOTES + 1]:
                yield (
                    note.line,
                    f"{tag(piece.name)} “{piece.attributes.get('id', '').strip()}” has {len(found)} notes,"
                    f" and marks there are {MOST_NOTES}",
                    "write some of them into the text, or make two articles of it",
                    "too-many-notes",
                )
        elif piece.name in _RUNNING:
            yield from _notes_at_the_beginning(piece)


def _readings(root: Element) -> Iterator[Fault]:
    """The nameplate is laid out by the layout's templates, which print words and nothing above them."""
    for ear in (element for element in root.walk() if element.name == "ear"):
        for ruby in (element for element in ear.walk() if element.name == "ruby"):
            reading = ruby.attributes.get("reading", "").strip()
            yield (
                ruby.line,
                f"{tag('ruby')} in {tag('ear')}: nothing is printed above the words of an ear",
                f"write the reading behind them: （{reading}）",
                "misplaced-reading",
            )


def _notes_in(piece: Element) -> Iterator[Element]:
    return (element for element in piece.walk() if element.name == "note")


def _notes_at_the_beginning(element: Element) -> Iterator[Fault]:
    """A mark never begins a line, so some word must stand before it."""
    for child in element.children:
        if isinstance(child, Characters):
            if child.text.strip(WHITE_SPACE):
                return
        elif child.name == "note":
            yield (
                child.line,
                f"{tag('note')} at the beginning of {tag(element.name)}: its mark would begin a line",
                "put it behind the word that it explains",
                "misplaced-note",
            )
        elif _has_words(child):
            return


def _size_of_an_advertisement(attributes: Mapping[str, str]) -> tuple[str, str] | None:
    """An advertisement says its size once and whole: in columns and millimetres, by name, or in the ear."""
    size, place = attributes.get("size", "").strip(), attributes.get("place", "").strip()
    measured = [name for name in ("columns", "depth-mm") if name in attributes]
    if "ear" in (size, place):
        if measured or size not in ("", "ear") or place not in ("", "ear"):
            return "an advertisement in the ear has no other size or place", 'write place="ear" alone'
    elif size and measured:
        return f"size= and {measured[0]}= say its size twice", "keep size=, or columns= and depth-mm="
    elif not size and len(measured) < 2:
        return "the advertisement has no size", 'write columns= and depth-mm=, or a size= such as "strip"'
    return None


# --------------------------------------------------------------------------- from elements to values


def _issue(root: Element) -> Issue:
    imprint = _child(root, "imprint")
    return Issue(
        id=_token(root, "id"),
        date=date.fromisoformat(_token(root, "date")),
        nameplate=_nameplate(_children(root, "nameplate")[0]),
        pages=tuple(map(_page, _children(root, "page"))),
        imprint=_imprint(imprint) if imprint else None,
        copy=tuple(
            Copy(_attribute(each, "section") or "", _items(each), each.line)
            for each in _children(root, "copy")
        ),
        lang=_optional_token(root, "xml:lang") or "zh-Hans",
        layout=_optional_token(root, "layout") or "broadsheet",
        version=_token(root, "version"),
        line=root.line,
    )


def _nameplate(element: Element) -> Nameplate:
    running_number = _words_in(element, "running-number")
    return Nameplate(
        title=_words_in(element, "title") or "",
        date_text=_words_in(element, "date") or "",
        subtitle=_words_in(element, "subtitle"),
        motto=_words_in(element, "motto"),
        weekday=_words_in(element, "weekday"),
        lunar_date=_words_in(element, "lunar-date"),
        edition=_words_in(element, "edition"),
        running_number=int(running_number) if running_number else None,
        serial_number=_words_in(element, "serial-number"),
        level=_words_in(element, "level"),
        sponsor=_words_in(element, "sponsor"),
        publisher=_words_in(element, "publisher"),
        site=_words_in(element, "site"),
        ears=tuple(
            Ear(_paragraphs(ear), _text_in(ear, "headline"), ear.line) for ear in _children(element, "ear")
        ),
        line=element.line,
        lines=_lines(element, date="date_text"),
    )


def _imprint(element: Element) -> Imprint:
    notes = _children(element, "note")
    return Imprint(
        address=_words_in(element, "address"),
        post_code=_words_in(element, "post-code"),
        telephones=tuple(
            Telephone(_words(each), _attribute(each, "label"), each.line)
            for each in _children(element, "telephone")
        ),
        price=_words_in(element, "price"),
        printer=_words_in(element, "printer"),
        distribution=_words_in(element, "distribution"),
        notes=tuple(map(_words, notes)),
        line=element.line,
        lines=_lines(element) + tuple((f"notes[{at}]", note.line) for at, note in enumerate(notes)),
    )


def _page(element: Element) -> Page:
    return Page(
        number=int(_token(element, "number")),
        title=_attribute(element, "title") or "",
        items=_items(element),
        editors=tuple(
            Editor(_words(each), _attribute(each, "role") or "", each.line)
            for each in _children(element, "editor")
        ),
        folio_line=_words_in(element, "folio-line"),
        line=element.line,
        lines=_lines(element),
    )


def _items(element: Element) -> tuple[Item, ...]:
    return tuple(_ITEMS[child.name](child) for child in element.elements if child.name in _ITEMS)


def _article(element: Element) -> Article:
    note, byline, series = (
        _child(element, "editors-note"),
        _child(element, "byline"),
        _child(element, "series"),
    )
    return Article(
        id=_token(element, "id"),
        headline=_text_in(element, "headline"),
        alternatives=tuple(map(_text, _children(element, "headline-alternative"))),
        kicker=_text_in(element, "kicker"),
        decks=tuple(map(_text, _children(element, "deck"))),
        rubric=_words_in(element, "rubric"),
        series=_series(series) if series else None,
        editors_note=_paragraphs(note) if note else (),
        standfirst=_text_in(element, "standfirst"),
        dateline=_words_in(element, "dateline"),
        byline=_byline(byline) if byline else None,
        affiliation=_text_in(element, "affiliation"),
        signature=_text_in(element, "signature"),
        body=_blocks(_children(element, "body")[0]),
        links=tuple(
            Link(_token(each, "to"), Relation(_optional_token(each, "rel") or "related"), each.line)
            for each in _children(element, "link")
        ),
        weight=Weight.BRIEF if element.name == "brief" else _weight(element),
        genre=_optional_token(element, "genre"),
        lang=_optional_token(element, "xml:lang"),
        hint=_hint(element),
        line=element.line,
        lines=_lines(element),
    )


def _series(element: Element) -> SeriesPart:
    return SeriesPart(
        _attribute(element, "name") or "", int(_token(element, "part")), _words(element), element.line
    )


def _byline(element: Element) -> Byline:
    return Byline(
        tuple(
            Author(_words(each), _attribute(each, "role"), _attribute(each, "affiliation"), each.line)
            for each in _children(element, "author")
        ),
        BylinePlace(_optional_token(element, "place") or "head"),
        element.line,
    )


def _briefs(element: Element) -> Briefs:
    return Briefs(
        id=_token(element, "id"),
        rubric=_words_in(element, "rubric") or "",
        articles=tuple(map(_article, _children(element, "brief"))),
        weight=_weight(element),
        hint=_hint(element),
        line=element.line,
        lines=_lines(element),
    )


def _picture_item(element: Element) -> PictureItem:
    return PictureItem(
        id=_token(element, "id"),
        figures=tuple(map(_figure, _children(element, "figure"))),
        rubric=_words_in(element, "rubric"),
        headline=_text_in(element, "headline"),
        text=_paragraphs(element),
        weight=_weight(element),
        hint=_hint(element),
        line=element.line,
        lines=_lines(element),
    )


def _advertisement(element: Element) -> Advertisement:
    columns, depth, size = (_optional_token(element, name) for name in ("columns", "depth-mm", "size"))
    return Advertisement(
        id=_token(element, "id"),
        columns=int(columns) if columns else None,
        depth_mm=float(depth) if depth else None,
        kind=AdvertisementKind(_optional_token(element, "kind") or "advertisement"),
        headline=_text_in(element, "headline"),
        blocks=_blocks(element),
        size=AdvertisementSize(size) if size else None,
        place=AdvertisementPlace(_optional_token(element, "place") or "foot"),
        line=element.line,
    )


def _hint(element: Element) -> Hint | None:
    hint = _child(element, "hint")
    if hint is None:
        return None
    return Hint(
        columns=_number(hint, "columns"),
        legs=_number(hint, "legs"),
        place=_optional_token(hint, "place"),
        box=None if _optional_token(hint, "box") is None else _flag(hint, "box"),
        jump=_number(hint, "jump"),
        line=hint.line,
    )


def _weight(element: Element) -> Weight:
    return Weight(_optional_token(element, "weight") or "normal")


# --------------------------------------------------------------------------- blocks


def _blocks(element: Element) -> tuple[Block, ...]:
    return tuple(_BLOCKS[child.name](child) for child in element.elements if child.name in _BLOCKS)


def _paragraph(element: Element) -> Paragraph:
    return Paragraph(_text(element), _flag(element, "optional"), element.line)


def _paragraphs(element: Element) -> tuple[Paragraph, ...]:
    return tuple(map(_paragraph, _children(element, "p")))


def _crosshead(element: Element) -> Crosshead:
    return Crosshead(_text(element), element.line)


def _list(element: Element) -> ListBlock:
    return ListBlock(tuple(map(_text, _children(element, "item"))), _flag(element, "ordered"), element.line)


def _quotation(element: Element) -> Quotation:
    return Quotation(_paragraphs(element), _text_in(element, "source"), element.line)


def _pull_quote(element: Element) -> PullQuote:
    return PullQuote(_text(element), _text_in(element, "source"), _flag(element, "optional"), element.line)


def _exchange(element: Element) -> Exchange:
    question, answer = _children(element, "question")[0], _children(element, "answer")[0]
    return Exchange(
        _paragraphs(question),
        _paragraphs(answer),
        _attribute(question, "by"),
        _attribute(answer, "by"),
        element.line,
    )


def _verse(element: Element) -> Verse:
    return Verse(
        tuple(tuple(map(_text, _children(stanza, "verse-line"))) for stanza in _children(element, "stanza")),
        element.line,
    )


def _table(element: Element) -> Table:
    rows = tuple(
        tuple(Cell(_text(cell), cell.name == "head-cell", cell.line) for cell in row.elements)
        for row in _children(element, "row")
    )
    return Table(rows, _text_in(element, "caption"), element.line)


def _figure(element: Element) -> Figure:
    left, top = (_optional_token(element, "focal") or "0.5 0.5").split()
    return Figure(
        src=_token(element, "src"),
        caption=_text_in(element, "caption"),
        credit=_text_in(element, "credit"),
        alt=_attribute(element, "alt"),
        focal=(float(left), float(top)),
        optional=_flag(element, "optional"),
        columns=_number(element, "columns"),
        missing=_flag(element, "missing"),
        line=element.line,
    )


def _box(element: Element) -> Box:
    return Box(_blocks(element), _text_in(element, "headline"), element.line)


_ITEMS: dict[str, Callable[[Element], Item]] = {
    "article": _article,
    "briefs": _briefs,
    "pictures": _picture_item,
    "advertisement": _advertisement,
}
_BLOCKS: dict[str, Callable[[Element], Block]] = {
    "p": _paragraph,
    "crosshead": _crosshead,
    "list": _list,
    "quotation": _quotation,
    "pull-quote": _pull_quote,
    "exchange": _exchange,
    "verse": _verse,
    "table": _table,
    "figure": _figure,
    "box": _box,
}

# --------------------------------------------------------------------------- text


def _text(element: Element) -> Text:
    """The text of an element with its inline markup; the source of a pull quote is not part of it."""
    return Text(_own_inlines(element), element.line)


def _own_inlines(element: Element) -> tuple[Inline, ...]:
    """The markup of a text of its own: white space is looked at from its beginning to its end."""
    kept = iter(kept_characters("".join(piece.text for piece in _pieces(element))))
    return _inlines(element, kept)


def _pieces(element: Element) -> Iterator[Characters]:
    for child in element.children:
        if isinstance(child, Characters):
            yield child
        elif child.name not in _ASIDE:
            yield from _pieces(child)


def _inlines(element: Element, kept: Iterator[str]) -> tuple[Inline, ...]:
    inlines: list[Inline] = []
    run: list[Characters] = []
    for child in element.children:
        if isinstance(child, Characters):
            words = "".join(next(kept) for _ in child.text)
            if words:
                run.append(Characters(words, child.line))
        elif child.name != "source":
            inlines += _run(run)
            run = []
            inlines.append(_note(child) if child.name == "note" else _inline(child, kept))
    return (*inlines, *_run(run))


def _run(pieces: list[Characters]) -> list[Inline]:
    """Pieces of text that no markup parts, as one."""
    if not pieces:
        return []
    starts: list[int] = []
    offset, line = 0, pieces[0].line
    for piece in pieces:
        starts += [offset] * (piece.line - line)
        line = piece.line
        offset += len(piece.text)
    words = "".join(piece.text for piece in pieces)
    return [Inline(InlineKind.TEXT, words, line=pieces[0].line, line_starts=tuple(starts))]


def _inline(element: Element, kept: Iterator[str]) -> Inline:
    return Inline(
        InlineKind(element.name),
        children=_inlines(element, kept),
        lang=_optional_token(element, "xml:lang"),
        href=_optional_token(element, "href"),
        to=_optional_token(element, "to"),
        ruby=_attribute(element, "reading"),
        variant=_attribute(element, "variant"),
        line=element.line,
    )


def _note(element: Element) -> Inline:
    return Inline(InlineKind.NOTE, children=_own_inlines(element), line=element.line)


def _words(element: Element) -> str:
    return line_words("".join(piece.text for piece in _pieces(element)))


# --------------------------------------------------------------------------- children and attributes


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element.elements if child.name == name]


def _child(element: Element, name: str) -> Element | None:
    return next(iter(_children(element, name)), None)


def _words_in(element: Element, name: str) -> str | None:
    child = _child(element, name)
    return _words(child) if child else None


def _text_in(element: Element, name: str) -> Text | None:
    child = _child(element, name)
    return _text(child) if child else None


def _lines(element: Element, **renamed: str) -> Lines:
    """The lines of an element's children, by the names of the fields that hold their words."""
    return tuple(
        dict.fromkeys(
            (renamed.get(child.name, child.name.replace("-", "_")), child.line) for child in element.elements
        )
    )


def _attribute(element: Element, name: str) -> str | None:
    """The words of an attribute; an empty one is as good as none."""
    return attribute_words(element.attributes.get(name, "")) or None


def _optional_token(element: Element, name: str) -> str | None:
    return " ".join(element.attributes.get(name, "").split()) or None


def _token(element: Element, name: str) -> str:
    return _optional_token(element, name) or ""


def _number(element: Element, name: str) -> int | None:
    value = _optional_token(element, name)
    return int(value) if value else None


def _flag(element: Element, name: str) -> bool:
    return _optional_token(element, name) in ("true", "1")
