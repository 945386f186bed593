"""What an issue is made of, in the words of newspaper METS: issue → page's section → article → heading, body.

It is the structure that the archive PDF is heard by, and which of the printed texts each of its elements
stands in, across legs and pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from issue_publisher.composition.model import ComposedIssue
from issue_publisher.issue.model import Article, Briefs, Item
from issue_publisher.rendering.printed import PrintedFrame, PrintedIssue, PrintedPage, PrintedPicture


@dataclass(frozen=True, slots=True)
class Area:
    """A block of a page's ALTO."""

    page: int  # which sheet side, from 1
    block: str


@dataclass(frozen=True, slots=True)
class Division:
    """A part of the issue; its own areas in reading order, and the parts inside it."""

    type: str
    label: str = ""
    areas: tuple[Area, ...] = ()
    inside: tuple[Division, ...] = ()
    article: Article | None = None  # that is described by itself
    section: str = ""  # 版名 of such an article's page

    def all_areas(self) -> Iterator[Area]:
        """Its areas and those of what it holds."""
        yield from self.areas
        for division in self.inside:
            yield from division.all_areas()


# What a printed text is called; whatever is not here is a paragraph.
_HEADING = {
    "rubric": "OVERLINE",
    "kicker": "OVERLINE",
    "headline": "TITLE",
    "deck": "SUBTITLE",
    "byline": "AUTHOR",
    "ad-label": "OVERLINE",
    "advertisement-head": "TITLE",
    "band": "TITLE",
    "brief-head": "TITLE",
}
_TYPES = {
    "crosshead": "CROSSHEAD",
    "box-head": "CROSSHEAD",
    "caption": "CAPTION",
    "table-caption": "CAPTION",
    "credit": "CREDIT",
    "signature": "SIGNATURE",
    "note": "FOOTNOTE",
    "jump": "CONTINUATION",
    "standfirst": "ABSTRACT",
    "verse": "LINE",
    "headline": "CONTINUATION",  # of the rest on another page: it says again what the article's own has said
    "kicker": "CONTINUATION",
}
_GROUPS = {"BlockQuote": "QUOTATION", "L": "LIST", "Table": "TABLE", "TR": "TABLE_ROW", "Sect": "BOX"}
# An empty place is no image: whoever counts or fetches images passes it by.
_IMAGES = {"picture": "IMAGE", "lost-picture": "LOST_IMAGE"}
_THROUGH = frozenset({"LI", "Caption"})  # what they hold stands in their place
_FURNITURE = {"nameplate": "TITLE_SECTION", "folio": "RUNNING_TITLE", "imprint": "PUBLISHING_STATEMENT"}
_OF_ITEM = {
    "article": "ARTICLE",
    "briefs": "SECTION",
    "pictures": "ARTICLE",
    "advertisement": "ADVERTISEMENT",
}


def divided(composed: ComposedIssue, printed: PrintedIssue) -> Division:
    """The issue with all its parts."""
    return _Divider(composed, printed).issue()


@dataclass
class _Divider:
    """Finds the areas of every element, and names it."""

    composed: ComposedIssue
    printed: PrintedIssue
    _areas: dict[int, list[Area]] = field(default_factory=lambda: defaultdict(list))
    _kinds: dict[int, str] = field(default_factory=dict)
    _kids: dict[int | None, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for number, element in enumerate(self.printed.structure):
            self._kids[element.inside].append(number)
        for page in self.printed.pages:
            for frame in page.frames:
                for part in frame.read:
                    if part.element >= 0:
                        self._areas[part.element].append(Area(page.at, part.id))
                        kind = _picture(part) if isinstance(part, PrintedPicture) else part.kind
                        self._kinds.setdefault(part.element, kind)

    def issue(self) -> Division:
        issue = self.composed.issue
        heads: list[Division] = []
        sections: list[Division] = []
        feet: list[Division] = []
        for made, page in zip(self.composed.pages, self.printed.pages, strict=True):
            own = [(frame.kind, _furniture(frame, page)) for frame in page.frames if frame.is_furniture]
            heads += [division for kind, division in own if kind == "nameplate"]
            feet += [division for kind, division in own if kind == "imprint"]
            running = [division for kind, division in own if kind not in ("nameplate", "imprint")]
            items = {item.id: item for item in made.page.items}
            sections.append(
                Division(
                    "SECTION", made.page.title, (), (*running, *self._items(page, items, made.page.title))
                )
            )
        content = Division("CONTENT", "", (), tuple(sections))
        label = f"{issue.nameplate.title} {issue.nameplate.date_text}"
        return Division("ISSUE", label, (), (*heads, content, *feet))

    def _items(self, page: PrintedPage, items: Mapping[str, Item], section: str) -> Iterator[Division]:
        """The items that begin on a page, in reading order."""
        frames = {self._top(frame, page): frame for frame in page.frames if not frame.is_furniture}
        for number in filter(self._holds, self._kids[page.element]):
            frame = frames.get(number)
            item = items.get(frame.item) if frame else None
            yield self._item(number, frame.kind if frame else "article", item, section)

    def _top(self, frame: PrintedFrame, page: PrintedPage) -> int | None:
        """The element of a frame's item, if that begins on its page."""
        for part in frame.read:
            number: int | None = part.element
            while number is not None and self.printed.structure[number].inside != page.element:
                number = self.printed.structure[number].inside
            if number is not None:
                return number
        return None

    def _item(self, number: int, kind: str, item: Item | None, section: str) -> Division:
        title = self.printed.structure[number].title
        if isinstance(item, Briefs):
            briefs = iter(item.articles)
            inside: list[Division] = []
            for kid in self._kids[number]:
                if self.printed.structure[kid].tag == "Art":
                    inside.append(self._piece(kid, "ARTICLE", next(briefs, None), section))
                else:
                    inside.append(self._heading([kid]))
            return Division("SECTION", title, (), tuple(inside))
        article = item if isinstance(item, Article) else None
        return self._piece(number, _OF_ITEM.get(kind, "ARTICLE"), article, section)

    def _piece(self, number: int, kind: str, article: Article | None, section: str) -> Division:
        """An article: what stands over its text, and its text."""
        kids = [kid for kid in self._kids[number] if self._holds(kid)]
        split = next((at for at, kid in enumerate(kids) if self._kinds.get(kid) not in _HEADING), len(kids))
        head = [self._heading(kids[:split])] if split else []
        body = tuple(division for kid in kids[split:] for division in self._divisions(kid))
        text = [Division("BODY", "", (), (Division("BODY_CONTENT", "", (), body),))] if body else []
        title = self.printed.structure[number].title
        return Division(kind, title, (), (*head, *text), article, section)

    def _heading(self, kids: Iterable[int]) -> Division:
        parts = (Division(_HEADING[self._kinds[kid]], "", tuple(self._areas[kid])) for kid in kids)
        return Division("HEADING", "", (), tuple(parts))

    def _holds(self, number: int) -> bool:
        """Whether anything of an element is printed."""
        return bool(self._areas.get(number)) or any(map(self._holds, self._kids.get(number, ())))

    def _divisions(self, number: int) -> Iterator[Division]:
        """What an element of a body is; nothing when it holds nothing."""
        element, kids = self.printed.structure[number], self._kids.get(number, [])
        if areas := tuple(self._areas.get(number, ())):
            yield self._leaf(number, areas)
            return
        inside = tuple(division for kid in kids for division in self._divisions(kid))
        if element.tag in _THROUGH:
            yield from inside
        elif inside:
            kind = _GROUPS.get(element.tag, "TEXT")
            if element.tag == "Div":
                is_picture = any(division.type in _IMAGES.values() for division in inside)
                kind = "ILLUSTRATION" if is_picture else "EDITORS_NOTE"
            yield Division(kind, element.title, (), inside)

    def _leaf(self, number: int, areas: tuple[Area, ...]) -> Division:
        element, kind = self.printed.structure[number], self._kinds[number]
        if element.tag == "Figure":
            picture = Division(_IMAGES[kind], element.alt, areas)
            inside = element.inside
            grouped = inside is not None and self.printed.structure[inside].tag == "Div"
            return picture if grouped else Division("ILLUSTRATION", "", (), (picture,))
        if element.tag in ("TH", "TD"):
            return Division("TABLE_CELL", "", areas)
        return Division("LIST_ITEM" if element.tag == "LBody" else _TYPES.get(kind, "PARAGRAPH"), "", areas)


def _picture(part: PrintedPicture) -> str:
    return "lost-picture" if part.lost else "picture"


def _furniture(frame: PrintedFrame, page: PrintedPage) -> Division:
    parts = tuple(
        Division("HEADLINE" if part.kind == "name" else "PARAGRAPH", "", (Area(page.at, part.id),))
        for part in frame.read
        if not isinstance(part, PrintedPicture)
    )
    return Division(_FURNITURE.get(frame.kind, "TEXT"), "", (), parts)
