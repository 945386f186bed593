"""What the printed pages say, as a tree in reading order, for those who do not see them.

Make-up parts a text into legs, sets pictures beside it, and may send its end to another page. This puts it
together again: page → article → headline, paragraphs, lists, tables, pictures, each one element however many
pieces it is painted in. The tags are those of PDF 1.7 (ISO 32000-1, 14.8.4).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from issue_publisher.composition.model import Frame, PictureBox, TextBlock, VerticalBlock
from issue_publisher.issue import wording
from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Block,
    Box,
    Briefs,
    Crosshead,
    Exchange,
    Figure,
    InlineKind,
    Item,
    ListBlock,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    Table,
    Text,
    Verse,
)
from issue_publisher.issue.notes import noted
from issue_publisher.typesetting.lines import Line, Style


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the structure; `inside` is the number of the one that holds it."""

    tag: str
    inside: int | None
    alt: str = ""  # of a Figure
    lang: str = ""  # where it is not that of its surroundings
    title: str = ""
    scope: str = ""  # of a TH: Column or Row
    actual: str = ""  # what it says, where that is not what is painted
    painted: bool = False  # whether it stands on paper itself, not only what is inside it


@dataclass
class Structure:
    """Collects the elements while pages are made; an element's number is its place in reading order."""

    lang: str
    elements: list[Element] = field(default_factory=list)
    _articles: dict[str, int] = field(default_factory=dict)
    _last: tuple[int, object, int] | None = None

    def add(
        self, tag: str, inside: int | None, *, alt: str = "", lang: str | None = None, title: str = "",
        scope: str = "", actual: str = "", painted: bool = False,
    ) -> int:  # fmt: skip
        """A new element; its number."""
        self.elements.append(Element(tag, inside, alt, lang or "", title, scope, actual, painted))
        return len(self.elements) - 1

    def article(self, article: Article, inside: int) -> tuple[int, bool]:
        """The element of an article, and whether this is its rest from another page (上接第N版)."""
        first = _first_part(article)
        if first in self._articles:
            return self._articles[first], True
        title = article.headline.plain if article.headline else ""
        number = self.add("Art", inside, lang=_other(article.lang, self.lang), title=title)
        self._articles[first] = number
        return number, False

    def inlines(self, line: Line, inside: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The element of each run of a line in `inside`, and the Ruby elements in it.

        A link or a foreign word that goes over to the next line stays one element.
        """
        found: list[int] = []
        rubies: list[int] = []
        around = self._lang_of(inside)
        for key, runs in groupby(line.runs, key=lambda run: _inline(run.style, around)):
            number = inside
            if key is not None:
                number = self._continued(inside, key) or self._inline(inside, key)
                if key.ruby:
                    rubies.append(number)
                    number = self.add("RB", number, painted=True)
            self._last = None if key is None or key.ruby else (inside, key, number)
            found += [number] * len(list(runs))
        if line.hyphen:
            said = line.runs[-1].text.removesuffix("-")
            found[-1] = self.add("Span", found[-1], actual=said, painted=True)
        return tuple(found), tuple(rubies)

    def _lang_of(self, number: int | None) -> str:
        """The language of an element: its own or that of the one around it."""
        while number is not None:
            if self.elements[number].lang:
                return self.elements[number].lang
            number = self.elements[number].inside
        return self.lang

    def _continued(self, inside: int, key: _Inline) -> int | None:
        return self._last[2] if self._last is not None and self._last[:2] == (inside, key) else None

    def _inline(self, inside: int, key: _Inline) -> int:
        number = inside
        if key.is_mark:
            return self.add("Reference", inside, painted=True)
        if key.leads_to:
            number = self.add("Link", number, lang=key.lang, painted=not key.ruby)
        if key.ruby:
            return self.add("Ruby", number, lang=key.lang)
        return number if key.leads_to else self.add("Span", number, lang=key.lang, painted=True)


@dataclass(frozen=True, slots=True)
class _Inline:
    """What makes some runs of a line an element of their own."""

    leads_to: str
    lang: str
    ruby: str
    is_mark: bool  # of a note


def _inline(style: Style, around: str) -> _Inline | None:
    lang, is_mark = _other(style.lang, around), InlineKind.NOTE in style.kinds
    key = _Inline("" if is_mark else style.to or style.href or "", lang, style.ruby or "", is_mark)
    return key if key.leads_to or key.lang or key.ruby or is_mark else None


def _other(lang: str | None, around: str) -> str:
    return lang if lang and lang != around else ""


def _first_part(article: Article) -> str:
    """The id of an article's first part, whichever part of a jump this is."""
    link = article.continued_line
    targets = [span.to for span in link.spans() if span.to] if link is not None else []
    return targets[0] if targets else article.id


# --------------------------------------------------------------------------- the parts of a frame

Of = tuple[tuple[int, ...], ...]  # for each part of a frame the element of each of its lines


@dataclass(frozen=True, slots=True)
class Tagged:
    """A frame's own element, and those that its lines and pictures belong to."""

    number: int
    of: Of


def tag_frame(frame: Frame, item: Item | None, page: int, structure: Structure) -> Tagged:
    """Find the elements of everything in a frame. `page`: the number of its page's element.

    `item`: what stands in it; None when that is no item of the page.
    """
    tagger = _Tagger(frame, structure)
    number = tagger.item(item, page) if item is not None else structure.add("Art", page)
    tagger.leftovers(number)
    return Tagged(number, tuple(tuple(numbers) for numbers in tagger.of))


_Place = tuple[int, int]  # a part of the frame, and a line of it
_OF_PICTURES = frozenset({"caption", "credit"})
_PICTURE = "图片"  # said of one that nobody has described
_OF_TABLES = frozenset({"table-caption", "table-head", "table"})


class _Tagger:
    """Goes through an item in the order of the source and finds where each of its texts is painted.

    Of each kind the texts are painted in the order of the source; only pictures and tables are let in where
    there is room.
    """

    def __init__(self, frame: Frame, structure: Structure) -> None:
        self.structure, self.frame = structure, frame
        self.of = [[-1] * _lines(part) for part in frame.parts]
        self.texts: dict[str, deque[list[_Place]]] = defaultdict(deque)
        self.pictures: dict[str, deque[tuple[int, dict[str, list[_Place]]]]] = defaultdict(deque)
        self.cells: list[tuple[str, str, list[_Place]]] = []
        captions: dict[str, list[_Place]] = {}
        for at, part in enumerate(frame.parts):
            match part:
                case PictureBox():
                    captions = {}
                    self.pictures[part.src].append((at, captions))
                case TextBlock() if part.kind in _OF_PICTURES:
                    captions[part.kind] = [(at, line) for line in range(len(part.lines))]
                case TextBlock() if part.kind in _OF_TABLES:
                    words = "".join(line.text for line in part.lines)
                    self.cells.append((part.kind, words, [(at, line) for line in range(len(part.lines))]))
                case TextBlock() | VerticalBlock():
                    self._note(at, part)

    def _note(self, at: int, block: TextBlock | VerticalBlock) -> None:
        texts = self.texts[block.kind]
        starts = block.starts if isinstance(block, TextBlock) else (0,)
        for line in range(_lines(block)):
            if line in starts or not texts:
                texts.append([])
            texts[-1].append((at, line))

    # ------------------------------------------------------------- elements

    def take(self, kind: str, tag: str, inside: int, text: Text | None = None) -> None:
        """The next text of a kind as an element; nothing when `text` has nothing to print."""
        if self.texts[kind] and (text is None or text.plain.strip()):
            self._mark(self.texts[kind].popleft(), tag, inside)

    def _mark(self, places: Iterable[_Place], tag: str, inside: int, scope: str = "") -> int:
        number = self.structure.add(tag, inside, scope=scope, painted=True)
        for part, line in places:
            self.of[part][line] = number
        return number

    def leftovers(self, inside: int) -> None:
        """Whatever nothing in the source was found for is not lost."""
        for texts in self.texts.values():
            for places in texts:
                self._mark(places, "P", inside)
        for at, (part, numbers) in enumerate(zip(self.frame.parts, self.of, strict=True)):
            places = [(at, line) for line, number in enumerate(numbers) if number < 0]
            if places and isinstance(part, PictureBox):
                alt = part.alt or part.words or _PICTURE
                numbers[0] = self.structure.add("Figure", inside, alt=alt, painted=True)
            elif places:
                self._mark(places, "P", inside)

    # ------------------------------------------------------------- items

    def item(self, item: Item, page: int) -> int:
        """The element of a whole item."""
        match item:
            case Article():
                return self._article(item, page)
            case Briefs():
                return self._briefs(item, page)
            case PictureItem():
                title = item.headline.plain if item.headline else item.rubric or ""
                number = self.structure.add("Art", page, title=title)
                self._head(number)
                self.blocks((*item.text, *item.figures), number, 3)
                return number
            case Advertisement():
                title = item.headline.plain if item.headline else ""
                number = self.structure.add("Sect", page, title=title)
                self.take("ad-label", "P", number)
                self.take("advertisement-head", "H2", number)
                self.blocks(item.blocks, number, 3, "advertisement")
                return number

    def _article(self, article: Article, page: int) -> int:
        article = noted(article)
        number, is_rest = self.structure.article(article, page)
        # The headline of a rest says again what the article's own has said: no heading.
        self._head(number, "P" if is_rest else "H2", decks=len(article.decks))
        self.take("byline", "P", number)
        if article.editors_note:
            note = self.structure.add("Div", number)
            for paragraph in article.editors_note:
                self.take("editors-note", "P", note, paragraph.text)
        self.take("standfirst", "P", number)
        self.blocks(wording.body_as_printed(article), number, 3)
        for text in (article.affiliation, article.signature):
            if text is not None:
                self.take("signature", "P", number, text)
        self._notes(article, number)
        self.take("jump", "P", number)
        return number

    def _briefs(self, briefs: Briefs, page: int) -> int:
        group = self.structure.add("Sect", page, title=briefs.rubric)
        self.take("band", "H2", group)
        for brief in map(noted, briefs.articles):
            number, _ = self.structure.article(brief, group)
            if brief.headline is not None:
                self.take("brief-head", "H3", number, brief.headline)
            if wording.head_text(brief):
                self.take("byline", "P", number)
            self.blocks(wording.body_as_printed(brief), number, 4)
            if brief.signature is not None:
                self.take("signature", "P", number, brief.signature)
            self._notes(brief, number)
        return group

    def _notes(self, article: Article, inside: int) -> None:
        for _ in article.notes:
            self.take("note", "Note", inside)

    def _head(self, inside: int, tag: str = "H2", decks: int = 0) -> None:
        self.take("rubric", "P", inside)
        self.take("kicker", "P", inside)
        self.take("headline", tag, inside)
        for _ in range(decks):
            self.take("deck", "P", inside)

    # ------------------------------------------------------------- blocks

    def blocks(self, blocks: Iterable[Block], inside: int, level: int, paragraph: str = "body") -> None:
        """The elements of a body; `level`: of its crossheads. `paragraph`: what its paragraphs are set as."""
        for block in blocks:
            self._block(block, inside, level, paragraph)

    def _block(self, block: Block, inside: int, level: int, paragraph: str) -> None:
        match block:
            case Paragraph():
                self.take(paragraph, "P", inside, block.text)
            case Crosshead():
                self.take("crosshead", f"H{level}", inside, block.text)
            case ListBlock():
                whole = self.structure.add("L", inside)
                for _ in block.items:
                    self.take("list", "LBody", self.structure.add("LI", whole))
            case Quotation():
                quoted = self.structure.add("BlockQuote", inside)
                for one in block.paragraphs:
                    self.take("quotation", "P", quoted, one.text)
                self._source("quotation-source", block.source, quoted)
            case PullQuote():
                quoted = self.structure.add("BlockQuote", inside)
                self.take("pull-quote", "P", quoted, block.text)
                self._source("pull-quote-source", block.source, quoted)
            case Exchange():
                for kind, paragraphs in (("question", block.question), ("answer", block.answer)):
                    for _ in paragraphs:
                        self.take(kind, "P", inside)
            case Verse():
                for verse in (verse for stanza in block.stanzas for verse in stanza):
                    self.take("verse", "P", inside, verse)
            case Box():
                box = self.structure.add("Sect", inside)
                if block.headline is not None:
                    self.take("box-head", f"H{level}", box, block.headline)
                self.blocks(block.blocks, box, level + (block.headline is not None), "box")
            case Table():
                self._table(block, inside)
            case Figure():
                self._figure(block, inside)

    def _source(self, kind: str, source: Text | None, inside: int) -> None:
        if source is not None:
            self.take(kind, "P", inside, source)

    def _figure(self, figure: Figure, inside: int) -> None:
        if not self.pictures[figure.src]:
            return
        at, captions = self.pictures[figure.src].popleft()
        alt = figure.alt or (figure.caption.plain if figure.caption else "")
        part = self.frame.parts[at]
        if isinstance(part, PictureBox) and part.words:  # what is not seen is said first
            alt = f"{part.words}：{alt}" if alt else part.words
        alt = alt or _PICTURE
        group = self.structure.add("Div", inside) if captions else inside
        self.of[at][0] = self.structure.add("Figure", group, alt=alt, painted=True)
        if captions:
            caption = self.structure.add("Caption", group)
            for places in captions.values():
                self._mark(places, "P", caption)

    def _table(self, table: Table, inside: int) -> None:
        """A table: the painted cells that say what its own do, wherever it was let in."""
        wanted = [("table-caption", table.caption.plain)] if table.caption else []
        wanted += [
            ("table-head" if cell.head else "table", cell.text.plain) for row in table.rows for cell in row
        ]
        start = self._found(wanted)
        if start is None:
            return
        found = iter(self.cells[start : start + len(wanted)])
        number = self.structure.add("Table", inside)
        if table.caption:
            self._mark(next(found)[2], "P", self.structure.add("Caption", number))
        for row in table.rows:
            line = self.structure.add("TR", number)
            scope = "Column" if all(cell.head for cell in row) else "Row"
            for cell in row:
                tag = "TH" if cell.head else "TD"
                self._mark(next(found)[2], tag, line, scope if cell.head else "")
        del self.cells[start : start + len(wanted)]

    def _found(self, wanted: Sequence[tuple[str, str]]) -> int | None:
        said = [(kind, _bare(words)) for kind, words, _ in self.cells]
        sought = [(kind, _bare(words)) for kind, words in wanted]
        places = range(len(said) - len(sought) + 1)
        return next((at for at in places if said[at : at + len(sought)] == sought), None)


def _lines(part: object) -> int:
    """Lines of a part that can belong to elements; a picture and vertical words are one."""
    if isinstance(part, TextBlock):
        return len(part.lines)
    return 1 if isinstance(part, VerticalBlock | PictureBox) else 0


def _bare(words: str) -> str:
    return "".join(words.split())
