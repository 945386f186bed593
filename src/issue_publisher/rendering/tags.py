"""The structure of a tagged PDF, written through WeasyPrint in place of its own.

WeasyPrint makes an element of every run of every line, each paragraph begins anew in every leg, and what was
let in beside the text stands where it is painted. Here the pages' HTML says with `data-in` which element of a
`Structure` its words belong to ("7", or "7*2 9*5": two lines of element 7, five of element 9), and lines that
follow each other in one element are one marked sequence. Furniture says it in plain HTML: headings, p, lists,
`aria-hidden="true"` for what is repeated on every page. Whatever belongs to no element is an artefact.

`rendering.pdf` lets WeasyPrint call it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from issue_publisher.rendering.structure import Element

# Elements that hold elements, and no words of their own.
_GROUPS = frozenset({"Document", "Sect", "Art", "Div", "L", "LI", "Table", "TR"})
_TAG_OF = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    "p": "P", "ul": "L", "ol": "L", "table": "Table", "tr": "TR", "th": "TH", "td": "TD",
    "section": "Sect", "article": "Art", "blockquote": "BlockQuote", "figcaption": "Caption",
    "a": "Link", "img": "Figure",
}  # fmt: skip
_INLINE = frozenset({"span", "em", "strong", "b", "i", "br", "sup", "sub", "small"})
_PT_PER_PX = 0.75
_MARK = "_issue_element"  # attribute of a box: the element of its words

Kid = int | tuple[int, Any]  # an element; or a page with a marked sequence or an annotation on it


@dataclass(frozen=True)
class _Around:
    """What a box inherits from those around it."""

    element: int | None = None
    lines: Sequence[int] | None = None  # the element of each line of the block
    block: Any = None  # the HTML element that a paragraph would be made of
    hidden: bool = False


@dataclass
class Tagger:
    """Finds the element of everything that is painted, and writes the tree."""

    elements: list[Element]
    page_numbers: Sequence[int]
    _known: int = field(init=False)
    _of: dict[int, int] = field(init=False, default_factory=dict)  # id of an HTML element → its number
    _kids: dict[int | None, list[Kid]] = field(init=False, default_factory=lambda: defaultdict(list))
    _placed: set[int] = field(init=False, default_factory=set)
    _links: list[tuple[int, int, Any]] = field(init=False, default_factory=list)  # page, element, box
    _pictures: dict[int, tuple[int, Any]] = field(init=False, default_factory=dict)  # element → page and box

    def __post_init__(self) -> None:
        self._known = len(self.elements)

    # ------------------------------------------------------------- before painting

    def read(self, document: Any) -> None:
        """Give every painted box its element."""
        for at, page in enumerate(document.pages):
            self._read(page._page_box, at, _Around())

    def _read(self, box: Any, page: int, around: _Around) -> None:
        box = getattr(box, "_box", box)  # a placeholder of an absolutely placed box
        here = self._around(box, around)
        is_picture = hasattr(box, "replacement")
        if is_picture or hasattr(box, "text"):
            number = self._painted(here, is_picture or bool(box.text.strip()))
            setattr(box, _MARK, number)
            if is_picture and number is not None:
                self._pictures[number] = (page, box)
            return
        if here.element is not None and box.element is not None and box.element.get("data-place"):
            self._pictures.setdefault(here.element, (page, box))
        if here.element is not None and box.element_tag == "a" and box.element is not None:
            self._links.append((page, here.element, box))
        for at, child in enumerate(box.children):
            within = here
            if here.lines is not None and type(child).__name__ == "LineBox":
                within = replace(here, element=here.lines[min(at, len(here.lines) - 1)], lines=None)
            self._read(child, page, within)

    def _around(self, box: Any, around: _Around) -> _Around:
        html = box.element
        if html is None or around.hidden or html is around.block:
            return around
        if html.get("aria-hidden") == "true":
            return _Around(hidden=True)
        if asked := html.get("data-in"):
            lines = _numbers(asked)
            whole = lines if len(lines) > 1 else None
            return _Around(lines[0], whole, html)
        if around.element is None:
            return around
        return self._furniture(html, box.element_tag, around)

    def _furniture(self, html: Any, tag: str, around: _Around) -> _Around:
        """Plain HTML: its own element, or none but a block that may become a paragraph."""
        if tag != html.tag:  # a box made for the element, such as a marker
            return around
        if id(html) in self._of:
            return replace(around, element=self._of[id(html)], block=html)
        if tag == "span" and _only_spans(around.block):
            return replace(around, element=self._add(html, Element("P", around.element)), block=html)
        if tag in _INLINE:
            return around
        if tag == "li":
            item = self._add(html, Element("LI", around.element))
            number = self._add(html, Element("LBody", item, painted=True))
            return replace(around, element=number, block=html)
        if tag in _TAG_OF:
            alt = html.get("alt") or html.get("title") or ""
            name = "Div" if tag == "p" and _only_spans(html) else _TAG_OF[tag]
            found = Element(name, around.element, alt=alt, lang=html.get("lang") or "")
            return replace(around, element=self._add(html, found), block=html)
        return replace(around, block=html)

    def _painted(self, here: _Around, says: bool) -> int | None:
        """The element of words; in a group they make a paragraph of the block that they stand in.

        `says`: whether they are more than white space.
        """
        if here.hidden or here.element is None:
            return None
        if self.elements[here.element].tag not in _GROUPS:
            return here.element
        if not says:
            return None
        return self._of.get(id(here.block)) or self._add(here.block, Element("P", here.element))

    def _add(self, html: Any, element: Element) -> int:
        self.elements.append(element)
        number = self._of[id(html)] = len(self.elements) - 1
        return number

    # ------------------------------------------------------------- while painting

    @contextmanager
    def marked(self, stream: Any, box: Any) -> Iterator[None]:
        """A marked sequence; the last one goes on if it was of the same element and nothing came between.

        `box`: what is painted; None for rules, tints and backgrounds, which are artefacts.
        """
        number = getattr(box, _MARK, None)
        written = stream.stream
        if written and written[-1] == b"EMC" and stream.__dict__.get(_MARK, -1) == number:
            written.pop()
        elif number is None:
            stream.begin_marked_content("Artifact")
        else:
            tags = stream._tags
            stream.begin_marked_content(self.elements[number].tag, b"<</MCID %d>>" % len(tags))
            tags[len(tags)] = number
        yield
        stream.end_marked_content()
        setattr(stream, _MARK, number)

    # ------------------------------------------------------------- the tree

    def write(self, pdf: Any, document: Any, streams: Sequence[Any]) -> None:
        """Put the tree, the parents of the marks, language and page labels into the PDF."""
        import pydyf

        for page, stream in enumerate(streams):
            for mark, number in stream._tags.items():
                self._place(number)
                self._kids[number].append((page, mark))
        said: dict[int, str] = defaultdict(str)
        for _, number, box in self._links:
            said[number] += _words(box)
        for page, number, box in self._links:
            if getattr(box, "link_annotation", None) is not None:
                self._place(number)
                self._kids[number].append((page, box.link_annotation))
                box.link_annotation["Contents"] = pydyf.String(said[number])
        self._in_order()
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        pdf.add_object(root)
        whole = pydyf.Dictionary({"Type": "/StructElem", "S": "/Document", "P": root.reference})
        pdf.add_object(whole)
        root["K"] = pydyf.Array([whole.reference])
        made = {number: pydyf.Dictionary({"Type": "/StructElem"}) for number in self._reading_order(None)}
        for element in made.values():
            pdf.add_object(element)
        tree = _Tree(pdf, document, whole, [{} for _ in streams])
        whole["K"] = pydyf.Array(made[kid].reference for kid in self._kids[None] if isinstance(kid, int))
        for number in made:
            self._fill(number, made, tree)
        root["ParentTree"] = tree.parents()
        pdf.catalog["StructTreeRoot"] = root.reference
        pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
        pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        pdf.catalog["PageLabels"] = _page_labels(self.page_numbers)

    def _place(self, number: int) -> None:
        """Hang an element, and those that hold it, into the tree when it is first met."""
        while number not in self._placed:
            self._placed.add(number)
            inside = self.elements[number].inside
            self._kids[inside].append(number)
            if inside is None:
                return
            number = inside

    def _in_order(self) -> None:
        """What the structure holds stands in the order of the source, wherever it was painted first."""
        for inside, kids in self._kids.items():
            known = [kid for kid in kids if isinstance(kid, int) and kid < self._known]
            if inside is not None and len(known) == len(kids):
                self._kids[inside] = [*sorted(known)]
        level = 0
        for number in self._reading_order(None):
            tag = self.elements[number].tag
            if tag[0] == "H" and tag[1:].isdigit():
                level = min(int(tag[1:]), level + 1)  # no level is left out
                self.elements[number] = replace(self.elements[number], tag=f"H{level}")

    def _reading_order(self, inside: int | None) -> Iterator[int]:
        for kid in self._kids.get(inside, ()):
            if isinstance(kid, int):
                yield kid
                yield from self._reading_order(kid)

    def unpainted(self) -> list[Element]:
        """Elements whose words or picture should have been painted and were not."""
        return [
            element
            for number, element in enumerate(self.elements)
            if element.painted and number not in self._placed
        ]

    def _fill(self, number: int, made: dict[int, Any], tree: _Tree) -> None:
        """Write an element: what it is, where it hangs, what hangs on it."""
        import pydyf

        said, element, pages = self.elements[number], made[number], tree.pdf.page_references
        element["S"] = f"/{said.tag}"
        element["P"] = (tree.whole if said.inside is None else made[said.inside]).reference
        kids = self._kids[number]
        own = next((kid[0] for kid in kids if isinstance(kid, tuple)), None)
        if own is not None:
            element["Pg"] = pages[own]
        element["K"] = pydyf.Array(
            made[kid].reference if isinstance(kid, int) else tree.leaf(*kid, element, own) for kid in kids
        )
        texts = {"Alt": said.alt, "Lang": said.lang, "T": said.title, "ActualText": said.actual}
        element.update({key: pydyf.String(words) for key, words in texts.items() if words})
        if said.tag == "Note":  # PDF/UA wants each to have a name
            element["ID"] = pydyf.String(f"note-{number}")
        if said.scope:
            element["A"] = pydyf.Dictionary({"O": "/Table", "Scope": f"/{said.scope}"})
        if number in self._pictures:
            page, box = self._pictures[number]
            element["A"] = _place_of(box, tree.document.pages[page])


@dataclass
class _Tree:
    """The tree being written, with the way back: which element a mark or an annotation belongs to."""

    pdf: Any
    document: Any
    whole: Any  # the element of the document
    marks: list[dict[int, Any]]  # of each page
    annotations: list[Any] = field(default_factory=list)

    def leaf(self, page: int, mark: Any, element: Any, own: int | None) -> Any:
        """What an element says of a mark or an annotation on it; `own`: the page that need not be named."""
        import pydyf

        on = self.pdf.page_references[page]
        if not isinstance(mark, int):
            mark["StructParent"] = len(self.marks) + len(self.annotations)
            self.annotations.append(element.reference)
            return pydyf.Dictionary({"Type": "/OBJR", "Obj": mark.reference, "Pg": on})
        self.marks[page][mark] = element.reference
        return mark if page == own else pydyf.Dictionary({"Type": "/MCR", "Pg": on, "MCID": mark})

    def parents(self) -> Any:
        """The parent tree."""
        import pydyf

        numbers = pydyf.Array()
        for page, marks in enumerate(self.marks):
            numbers += [page, pydyf.Array(marks[mark] for mark in sorted(marks))]
        for at, element in enumerate(self.annotations, start=len(self.marks)):
            numbers += [at, element]
        found = pydyf.Dictionary({"Nums": numbers})
        self.pdf.add_object(found)
        return found.reference


def _only_spans(html: Any) -> bool:
    """Whether a block of furniture is a row of data, each in a span, with white between them and no words."""
    if html.get("data-in"):
        return False
    spans = list(html)
    words = (html.text, *(span.tail for span in spans))
    return (
        len(spans) > 1
        and not any(text and text.strip() for text in words)
        and all(span.tag in ("span", "div") for span in spans)
    )


def _numbers(asked: str) -> list[int]:
    """7*2 9 → 7 7 9"""
    found: list[int] = []
    for part in asked.split():
        number, _, count = part.partition("*")
        found += [int(number)] * int(count or 1)
    return found


def _words(box: Any) -> str:
    """The words in a box."""
    return getattr(box, "text", None) or "".join(_words(child) for child in box.children)


def _place_of(box: Any, page: Any) -> Any:
    """Where a picture stands, in points from the lower left corner of its page."""
    import pydyf

    x, y = box.content_box_x(), box.content_box_y()
    edges = (x, page.height - y - box.height, x + box.width, page.height - y)
    corner = pydyf.Array(round(edge * _PT_PER_PX, 2) for edge in edges)
    return pydyf.Dictionary({"O": "/Layout", "BBox": corner, "Placement": "/Block"})


def _page_labels(numbers: Sequence[int]) -> Any:
    """The pages are called what is printed on them."""
    import pydyf

    labels = pydyf.Array()
    for at, number in enumerate(numbers):
        if at == 0 or number != numbers[at - 1] + 1:
            labels += [at, pydyf.Dictionary({"S": "/D", "St": number})]
    return pydyf.Dictionary({"Nums": labels})
