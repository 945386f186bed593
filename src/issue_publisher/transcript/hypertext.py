"""HTML → the lines of a transcript, by lxml's parser, which takes whatever browsers take.

Nothing is fetched, and nothing of it is run.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from issue_publisher.issue.whitespace import line_words
from issue_publisher.transcript.labels import join_cells
from issue_publisher.transcript.model import Attributes, Label, TranscriptLine
from issue_publisher.transcript.omitted import Omitted, picture

if TYPE_CHECKING:
    from lxml.etree import _Element

Lines = tuple[TranscriptLine, ...]

# fmt: off
_BLOCKS = frozenset({
    "html", "body", "address", "article", "aside", "blockquote", "caption", "center", "dd", "details",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})
# fmt: on
_NO_TEXT = {  # left out, under these names
    "script": "script",
    "style": "style sheet",
    "template": "template",
    "noscript": "words for browsers without scripts",
    "rt": "reading over a word (ruby)",
    "rp": "bracket of a reading",
    "title": "title of the document",
    "svg": "drawing inside the HTML",
    "math": "formula inside the HTML",
    "iframe": "frame",
    "object": "object",
    "video": "film",
    "audio": "sound",
    "select": "form",
    "textarea": "form",
    "button": "form",
    "input": "form",
}
_STRONG = {"b", "strong"}
_EMPHASIS = {"em", "i", "u", "mark", "sup", "sub", "s", "del", "font"}
_CONTAINERS: dict[str, tuple[Label, Attributes]] = {
    "ul": (Label.LIST_ITEM, ()),
    "menu": (Label.LIST_ITEM, ()),
    "ol": (Label.LIST_ITEM, (("ordered", "true"),)),
    "blockquote": (Label.QUOTATION, ()),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def html_lines(text: str, omitted: Omitted) -> Lines:
    """The lines of a text in HTML, a whole document or a part of one; `omitted` is told what is left out."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True)
    root = etree.fromstring(text.encode(), parser)
    walk = _Walk(omitted)
    if root is not None:
        walk.document(root)
    while walk.lines and walk.lines[-1].is_blank and not walk.lines[-1].page_break:
        walk.lines.pop()
    return tuple(walk.lines)


@dataclass
class _Walk:
    """Goes through a document as a browser sets it: blocks begin and end lines, and so does `<br>`."""

    omitted: Omitted
    lines: list[TranscriptLine] = field(default_factory=list)
    number: int = 1
    level: int = 0
    label: Label | None = None  # of what stands in a list or a quotation
    attributes: Attributes = ()
    new: bool = False  # the next line is the first of its list or quotation
    _around: list[tuple[int, Label | None, Attributes]] = field(default_factory=list)
    _parts: list[tuple[str, bool]] = field(default_factory=list)
    _start: int = 1
    _strong: int = 0
    _pre: int = 0  # line ends count
    _wants_blank: bool = False

    def document(self, root: _Element) -> None:
        """All of it. Not by recursion: unclosed tags of old pages stand hundreds deep in one another."""
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end", "comment"))
        whole = None  # an element that was taken as a whole
        for event, element in walk:
            if event == "comment":
                self.number = max(self.number, element.sourceline or 0)
                self.omitted.add("comment", self.number, element.text or "")
                self._words(element.tail)
            elif event == "start":
                self.number = max(self.number, element.sourceline or 0)
                if self._taken_whole(element):
                    whole = element
                    walk.skip_subtree()
                else:
                    self._open(element)
                    self._words(element.text)
            else:
                if element is not whole:
                    self._close(str(element.tag))
                if element is not root:
                    self._words(element.tail)
        self.end()

    def _taken_whole(self, element: _Element) -> bool:
        name = str(element.tag)
        if name in _NO_TEXT:
            content = "".join(str(words) for words in element.itertext())
            self.omitted.add(_NO_TEXT[name], self.number, content)
        elif name == "br":
            if self.level:  # a heading is one line, however it is broken
                self._parts.append(("\n", self._strong > 0))
            else:
                self.end()
        elif name == "hr":
            self.end(block=True)
            self._add(TranscriptLine(self.number, "", page_break=True))
        elif name == "img":
            self._picture(element)
        elif name == "figure" and len(list(element.iter("img"))) == 1 and not _says_more(element):
            self._figure(element)
        elif name == "table" and _holds_data(element):
            self._table(element)
        else:
            return False
        return True

    def _open(self, element: _Element) -> None:
        name = str(element.tag)
        if name in _BLOCKS:
            self.end(block=True)
            self._around.append((self.level, self.label, self.attributes))
            self.level = _HEADINGS.get(name, self.level)
            self._pre += name == "pre"
            if name in _CONTAINERS and self.label is None:
                self.label, self.attributes = _CONTAINERS[name]
                self.new = True
            return
        if name in _EMPHASIS:
            self.omitted.add("emphasis inside a line", self.number)
        if name == "a" and (href := element.get("href")):
            self.omitted.add("address of a link", self.number, href)
        self._strong += name in _STRONG

    def _close(self, name: str) -> None:
        if name in _BLOCKS:
            self.end(block=True)
            self.level, self.label, self.attributes = self._around.pop()
            self._pre -= name == "pre"
        else:
            self._strong -= name in _STRONG

    def _words(self, words: str | None) -> None:
        if not words:
            return
        if not any(part.strip() for part, _ in self._parts):
            self._start = self.number + words[: len(words) - len(words.lstrip())].count("\n")
        for at, line in enumerate(words.split("\n")) if self._pre else ((0, words),):
            if at:
                self.end()
                self.number += 1
                self._start = self.number
            self._parts.append((line, self._strong > 0))
        self.number += 0 if self._pre else words.count("\n")

    def _picture(self, element: _Element, caption: str = "") -> None:
        self.end()
        source = element.get("src") or element.get("data-src") or ""
        caption = caption or element.get("title") or ""
        self._add(picture(self.number, source, element.get("alt") or "", caption))

    def _figure(self, element: _Element) -> None:
        self.end(block=True)
        said = next(element.iter("figcaption"), None)
        caption = "" if said is None else line_words("".join(str(words) for words in said.itertext()))
        self._picture(next(element.iter("img")), caption.strip())
        self.end(block=True)

    def _table(self, table: _Element) -> None:
        self.end(block=True)
        said = next(table.iter("caption"), None)
        if said is not None and (words := _plain(said)):
            self._add(TranscriptLine(self.number, words, Label.TABLE_CAPTION))
        for at, row in enumerate(table.iter("tr")):
            self.number = max(self.number, row.sourceline or 0)
            cells = list(row.iterchildren("td", "th"))
            heads = [str(n) for n, cell in enumerate(cells, 1) if cell.tag == "th"]
            head = "true" if len(heads) == len(cells) else ",".join(heads)
            attributes: Attributes = (("new", "true"),) if at == 0 and said is None else ()
            attributes += (("head", head),) if head else ()
            text = join_cells(map(_plain, cells))
            self._add(TranscriptLine(self.number, text, Label.TABLE_ROW, attributes=attributes))
        self.end(block=True)

    def end(self, *, block: bool = False) -> None:
        """What came so far is a line; a block is parted from the next by a blank one."""
        text = line_words("".join(words for words, _ in self._parts)).strip()
        weights = {strong for words, strong in self._parts if words.strip()}
        self._parts = []
        if text:
            if len(weights) > 1:
                self.omitted.add("emphasis inside a line", self._start)
            line = TranscriptLine(self._start, text, strong=weights == {True} and not self.level)
            if self.level and self.label is None:
                line = replace(line, level=self.level)
            elif self.label is not None:
                start: Attributes = (("new", "true"),) if self.new else ()
                line = replace(line, label=self.label, attributes=start + self.attributes, strong=False)
                self.new = False
            self._add(line)
        self._wants_blank = self._wants_blank or (block and bool(self.lines))

    def _add(self, line: TranscriptLine) -> None:
        goes_on = self.lines and self.lines[-1].label is line.label is not None and not line.attribute("new")
        if self._wants_blank and self.lines and not goes_on:
            last = self.lines[-1].number
            self.lines.append(TranscriptLine(min(last + 1, line.number), ""))
        self._wants_blank = False
        self.lines.append(line)


def _holds_data(table: _Element) -> bool:
    """Whether it is a table to be read, not one that an old page is laid out by."""
    cells = list(table.iter("td", "th"))
    return len(cells) > 1 and not any(
        child.tag in _BLOCKS or child.tag == "img" for cell in cells for child in cell.iterdescendants()
    )


def _says_more(figure: _Element) -> bool:
    """Whether words stand in a figure beside its caption."""
    captions = [words for said in figure.iter("figcaption") for words in said.itertext()]
    return len("".join(map(str, figure.itertext())).split()) > len("".join(map(str, captions)).split())


def _plain(element: _Element) -> str:
    return line_words("".join(str(words) for words in element.itertext())).strip()
