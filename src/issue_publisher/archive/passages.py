"""What an issue's XML says, passage by passage, as it must be found in everything made of it.

Read from the elements themselves and not through the model: what the reader forgot would be forgotten here
too. White space is left out, as the format gives it to whoever edits the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from issue_publisher.issue.notes import MARKS
from issue_publisher.issue.source import Characters, Element, parse_xml

NAMESPACE = "urn:issue-publisher:issue"
_INLINE = frozenset({"em", "strong", "dots", "ruby", "foreign", "sup", "sub", "a", "ref", "glyph", "break"})
_ITEMS = frozenset({"article", "brief", "briefs", "pictures", "advertisement"})
_FURNITURE = frozenset({"nameplate", "imprint"})  # pieces without an id
_NUMBERED = frozenset({"article", "brief"})  # whose notes begin with ①
# Of the running text of an article, which stands in its order: all but what stands beside it.
_RUNNING = frozenset({"p", "crosshead", "item", "verse-line"})
_BESIDE = frozenset(
    {"nameplate", "figure", "box", "pull-quote", "table", "editors-note", "advertisement", "pictures"}
)
# Attributes with words that are printed; a role that several share is printed once, so they are only sought.
_PRINTED = {
    "editor": ("role",), "author": ("role", "affiliation"), "telephone": ("label",),
    "question": ("by",), "answer": ("by",), "ruby": ("reading",),
    "series": ("name",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand together: a paragraph, a headline, a cell."""

    item: str  # the id of the article or other piece that it belongs to, or nameplate, imprint; else ""
    line: int  # of the XML
    kind: str  # its element; of an attribute element and attribute: editor role=
    words: str  # without white space
    optional: bool = False  # print may leave it out
    instead: tuple[str, ...] = ()  # what print may have in its place: shorter headlines
    running: bool = False  # of the running text, which stands in its order
    repaged: str = (
        ""  # a pattern of the same words with the page numbers of other sheets than the XML's pages
    )


@dataclass(frozen=True, slots=True)
class Said:
    """All that an issue says."""

    passages: tuple[Passage, ...]
    attributes: tuple[Passage, ...]  # printed words of attributes
    descriptions: tuple[Passage, ...]  # of pictures, for those who hear them


def said_by(xml: bytes, file: str) -> Said:
    """What the XML of an issue says. Raises SourceErrors when it cannot be read."""
    root, _ = parse_xml(xml, file, NAMESPACE)
    walk = _Walk()
    walk.element(root, _Around())
    return Said(tuple(walk.passages), tuple(walk.attributes), tuple(walk.descriptions))


def bare(words: str) -> str:
    """Words without white space and what no glyph stands for: selectors of variants, soft hyphens."""
    return _NOTHING.sub("", words).translate(_SAME)


_NOTHING = re.compile("[\\s\u00ad\u200b-\u200d\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
# Forms of one character for a place in a line: upright marks of vertical lines, ligatures.
_SAME = {
    **dict(zip(map(ord, "︐︑︒︓︔︕︖︗︘︙"), "，、。：；！？〖〗…", strict=True)),
    **dict(
        zip(
            map(ord, "︱︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄"),
            "—_（）｛｝〔〕【】《》〈〉「」『』",
            strict=True,
        )
    ),
    **dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
}


@dataclass(frozen=True, slots=True)
class _Around:
    """What an element inherits from those around it."""

    item: str = ""
    optional: bool = False
    beside: bool = False


# Around a page number that print may change. The format has no private characters: they cannot be the desk's.
_FROM, _TO = "\ue000", "\ue001"
_UNMARKED = dict.fromkeys(map(ord, (_FROM, _TO)))
_PAGE = re.compile("第?(?:[0-9]+|[一二三四五六七八九十]+)版")
_NUMBER = "[0-9一二三四五六七八九十]+"


def _repaged(marked: str, kind: str) -> str:
    """The pattern of words with page numbers, or "" when there are none."""
    if kind == "edition":  # 今日4版, of the pages that there are
        return re.sub(_NUMBER, _NUMBER, re.escape(marked))
    if _FROM not in marked:
        return ""
    parts = re.split(f"{_FROM}[^{_TO}]*{_TO}", marked)
    return f"第?{_NUMBER}版".join(re.escape(part.translate(_UNMARKED)) for part in parts)


class _Walk:
    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.attributes: list[Passage] = []
        self.descriptions: list[Passage] = []
        self.count = 0  # notes of the piece so far

    def element(self, element: Element, around: _Around) -> None:
        name, told = element.name, element.attributes
        if name in _NUMBERED:
            self.count = 0
        around = _Around(
            name if name in _FURNITURE else told.get("id", around.item) if name in _ITEMS else around.item,
            around.optional or told.get("optional") == "true",
            around.beside or name in _BESIDE,
        )
        self._attributes(element, around)
        if name != "headline-alternative":  # print may have it in the headline's place: see _instead
            self._own_words(element, around)
            for child in element.elements:
                if not _is_inline(child, element):
                    self.element(child, around)
        if name == "article":
            self._instead(element)

    def _attributes(self, element: Element, around: _Around) -> None:
        for key in _PRINTED.get(element.name, ()):
            words = element.attributes.get(key, "")
            # A reading stands over its characters word by word.
            for one in words.split() if element.name == "ruby" else filter(None, [bare(words)]):
                kind = f"{element.name} {key}="
                self.attributes.append(Passage(around.item, element.line, kind, one, around.optional))
        if element.name == "page" and (words := bare(element.attributes.get("title", ""))):
            is_front = element.attributes.get("number") == "1"  # whose place has the nameplate in print
            self.attributes.append(Passage("", element.line, "page title=", words, is_front))
        if element.name == "figure" and (words := bare(element.attributes.get("alt", ""))):
            self.descriptions.append(
                Passage(around.item, element.line, "figure alt=", words, around.optional)
            )

    def _own_words(self, element: Element, around: _Around) -> None:
        """The words of an element that are not those of elements in it; notes apart, behind them."""
        notes: list[tuple[Element, str]] = []
        marked = bare("".join(self._words(element, notes, around)))
        words = marked.translate(_UNMARKED)
        pattern = _repaged(marked, element.name)
        running = element.name in _RUNNING and not around.beside
        if words:
            self.passages.append(
                Passage(
                    around.item,
                    element.line,
                    element.name,
                    words,
                    around.optional,
                    running=running,
                    repaged=pattern,
                )
            )
        for note, said in notes:
            self.passages.append(Passage(around.item, note.line, "note", said, around.optional))

    def _words(self, element: Element, notes: list[tuple[Element, str]], around: _Around) -> Iterator[str]:
        for child in element.children:
            if isinstance(child, Characters):
                yield child.text
            elif child.name == "note" and element.name != "imprint":
                self.count += 1
                yield MARKS[self.count - 1] if self.count <= len(MARKS) else f"[{self.count}]"
                notes.append((child, bare("".join(self._words(child, notes, around)))))
            elif _is_inline(child, element):
                self._attributes(child, around)
                said = "".join(self._words(child, notes, around))
                is_page = child.name == "ref" and _PAGE.fullmatch(bare(said))
                yield f"{_FROM}{said}{_TO}" if is_page else said

    def _instead(self, article: Element) -> None:
        """Note with the headline of an article what may stand in its place."""
        others = tuple(
            bare(_plain(child)) for child in article.elements if child.name == "headline-alternative"
        )
        lines = {child.line for child in article.elements if child.name == "headline"}
        if others:
            self.passages = [
                replace(one, instead=others) if one.kind == "headline" and one.line in lines else one
                for one in self.passages
            ]


def _is_inline(element: Element, inside: Element) -> bool:
    return element.name in _INLINE or (element.name == "note" and inside.name != "imprint")


def _plain(element: Element) -> str:
    return "".join(
        child.text if isinstance(child, Characters) else _plain(child) for child in element.children
    )
