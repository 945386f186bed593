"""The plan of an e-book: which documents an issue becomes, what they are called and what links where.

A pure function from `Issue` to `Book`; nothing here knows of XHTML or of the container.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import inf

from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Briefs,
    Ear,
    Figure,
    Inline,
    InlineKind,
    Issue,
    Page,
    Paragraph,
    PictureItem,
    Relation,
    Text,
    Weight,
)
from issue_publisher.issue.notes import noted
from issue_publisher.issue.parts import walk
from issue_publisher.issue.wording import advertisement_text, page_text, relation_text, running_number_text
from issue_publisher.layout.model import Layout
from issue_publisher.rendering.ebook_parts import divided

_PART = "-part-"  # in the names of the second and further documents of a long article
# What a kicker ends with whose sentence goes on in the headline: an open mark, or a verb of speech.
_OPEN_MARKS = ("：", ":", "，", "、", "—", "…")
_SPEECH_VERBS = ("强调", "指出", "表示", "提出", "认为", "宣布", "呼吁", "要求", "透露", "获悉")


class Part(StrEnum):
    """The kinds of documents; the values name their templates (`ebook/<part>.xhtml.j2`)."""

    COVER = "cover"
    OPENING = "opening"
    CONTENTS = "contents"
    SECTION = "section"
    ARTICLE = "article"
    BRIEFS = "briefs"
    PICTURES = "pictures"
    NOTICES = "notices"
    IMPRINT = "imprint"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the book; `item` is what of the issue it shows, `page` the page that this stood on."""

    part: Part
    file: str
    title: str
    lang: str
    page: Page | None = None
    item: Article | Briefs | PictureItem | tuple[Advertisement, ...] | None = None
    number: int = 1  # which of the parts of a long article it is
    parts: int = 1  # how many there are

    @property
    def summary(self) -> tuple[Text, ...]:
        """What the desk says of an article in a line or two: its standfirst, or else its decks."""
        if not isinstance(self.item, Article):
            return ()
        return (self.item.standfirst,) if self.item.standfirst else self.item.decks

    @property
    def kicker(self) -> Text | None:
        """What stands above the title in a list with room for it (引题): none that `title` has already."""
        item = self.item
        return item.kicker if isinstance(item, Article) and not lead_in(item) else None

    @property
    def is_first(self) -> bool:
        """Whether an article begins here."""
        return self.number == 1

    @property
    def is_last(self) -> bool:
        """Whether it ends here."""
        return self.number == self.parts

    @property
    def id(self) -> str:
        """Its id in the package document."""
        return self.file.removesuffix(".xhtml")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: a document and, of a page, the documents of its items."""

    document: Document
    documents: tuple[Document, ...] = ()

    @property
    def children(self) -> tuple[Document, ...]:
        """The lines below it: of an article in parts the first."""
        return tuple(document for document in self.documents if document.is_first)


@dataclass(frozen=True, slots=True)
class Related:
    """A link to another piece of the issue, with what it is called and the piece's title."""

    label: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Book:
    """All documents in order of reading, the contents, and the links between them."""

    title: str
    documents: tuple[Document, ...]
    contents: tuple[Entry, ...]
    places: Mapping[str, str]  # id of an item or article → where it stands
    related: Mapping[str, tuple[Related, ...]]  # id of an item or article → its links

    def of(self, part: Part) -> Document | None:
        """The first document of a kind."""
        return next((document for document in self.documents if document.part == part), None)

    @property
    def sections(self) -> tuple[Entry, ...]:
        """The contents' pages."""
        return tuple(entry for entry in self.contents if entry.document.part is Part.SECTION)

    @property
    def pieces(self) -> tuple[Document, ...]:
        """The documents that hold the issue's items, in order."""
        return tuple(document for document in self.documents if document.item is not None)

    @property
    def highlights(self) -> tuple[Document, ...]:
        """What the opening page announces: leads and majors, and the first piece of a page without any."""
        chosen: list[Document] = []
        for entry in self.sections:
            heavy = [child for child in entry.children if _weight(child) in (Weight.LEAD, Weight.MAJOR)]
            chosen.extend(heavy or entry.children[:1])
        return tuple(chosen)

    def beside(self, document: Document, steps: int) -> Document | None:
        """The opening of the page so many pages after (or, negative, before) this one's."""
        sections = [entry.document for entry in self.sections]
        at = sections.index(document) + steps
        return sections[at] if 0 <= at < len(sections) else None

    def section_of(self, document: Document) -> Document:
        """The opening of the page that a document belongs to."""
        return next(entry.document for entry in self.sections if document in entry.documents)

    def before(self, document: Document) -> Document | None:
        """The piece before this one, over the borders of pages, or the part before this part."""
        at = self.pieces.index(document)
        return self.pieces[at - 1] if at else None

    def after(self, document: Document) -> Document | None:
        """The piece after this one, or the part after this part."""
        following = self.pieces[self.pieces.index(document) + 1 :]
        return following[0] if following else None


def plan_book(issue: Issue, *, with_cover: bool, most_bytes: float = inf) -> Book:
    """Divide an issue into the documents of its e-book, none of them much larger than `most_bytes`."""
    names = _Names()
    front = [
        Document(part, names.take(part), title, issue.lang)
        for part, title, wanted in (
            (Part.COVER, "封面", with_cover),
            (Part.OPENING, "今日导读", True),
            (Part.CONTENTS, "目录", True),
        )
        if wanted
    ]
    places: dict[str, str] = {}
    sections = [_section(issue, page, names, places, most_bytes) for page in issue.pages]
    plate = issue.nameplate
    has_imprint = issue.imprint or plate.sponsor or plate.publisher or plate.serial_number
    back = [Document(Part.IMPRINT, names.take(Part.IMPRINT), "出版信息", issue.lang)] if has_imprint else []
    documents = [*front]
    for section in sections:
        documents += [section.document, *section.documents]
    return Book(
        title=book_title(issue),
        documents=(*documents, *back),
        contents=(
            *(Entry(document) for document in front if document.part is not Part.CONTENTS),
            *sections,
            *(Entry(document) for document in back),
        ),
        places=places,
        related=_related(issue, places),
    )


def numbers_are_printed(issue: Issue, layout: Layout) -> bool:
    """Whether the source's page numbers are those in print, for certain.

    Another layout than the issue's own may take several sheets for a page, and so may its own, if that is one
    that shares pages out: on how many sheets a page goes, only make-up finds out, and no book waits for that.
    """
    return issue.layout in (layout.name, layout.folder.name) and layout.pages.most_per_source_page == 1


def book_title(issue: Issue) -> str:
    """材料与空间 2026年11月23日 总第862期: what stands on the shelf."""
    plate = issue.nameplate
    number = "" if plate.running_number is None else running_number_text(plate.running_number)
    return " ".join(part for part in (plate.title, plate.date_text, number) if part)


def item_title(item: Article | Briefs | PictureItem | Advertisement) -> str:
    """What an item is called in contents and links; a piece without a headline goes by its first words."""
    match item:
        case Briefs():
            return item.rubric.strip() or "简讯"
        case Advertisement():
            return item.headline.plain if item.headline else advertisement_text(item.kind)
        case PictureItem():
            captions = (figure.caption.plain for figure in item.figures if figure.caption)
            named = item.headline.plain if item.headline else item.rubric or ""
            return named.strip() or _opening(captions) or "图片"
        case Article():
            named = item.headline.plain if item.headline else ""
            words = (block.text.plain for block in item.body if isinstance(block, Paragraph))
            return named.strip() or _opening(words) or "简讯"


def lead_in(article: Article) -> str:
    """The kicker with what parts it from the headline, where that cannot do without: 院长在会上强调　…

    That is where one sentence runs through both. All other headlines stand alone in a line of contents: a
    kicker before them would push them out of a reader's narrow panel.
    """
    words = article.kicker.plain.strip() if article.kicker else ""
    if not (article.headline and article.headline.plain.strip()):
        return ""
    if words.endswith(_OPEN_MARKS):
        return words
    return f"{words}\u3000" if words.endswith(_SPEECH_VERBS) else ""


def listed_title(item: Article | Briefs | PictureItem) -> str:
    """An item's title in contents and links."""
    return (lead_in(item) if isinstance(item, Article) else "") + item_title(item)


def guide_lines(ear: Ear, places: Mapping[str, str]) -> tuple[tuple[Paragraph, str], ...]:
    """The lines of an ear that is a guide (导读), each with where it leads; nothing of any other ear.

    It is one when each of its lines refers to one piece of the book.
    """
    lines = []
    for paragraph in ear.paragraphs:
        targets = {places[one.to] for one in _references(paragraph) if one.to and one.to in places}
        if len(targets) != 1:
            return ()
        lines.append((paragraph, targets.pop()))
    return tuple(lines)


def _references(value: object) -> Iterator[Inline]:
    return (one for one in walk(value) if isinstance(one, Inline) and one.kind is InlineKind.REFERENCE)


def rubric_of(document: Document) -> str:
    """What a list of pieces says before the title, so that a comment is not taken for news: 快评."""
    rubric = document.item.rubric if isinstance(document.item, Article | PictureItem) else None
    return rubric if rubric and rubric != document.title else ""


def entry_title(document: Document) -> str:
    """What the contents call a document: 快评　十一次开裂也是成果"""
    return "\u3000".join(filter(None, (rubric_of(document), document.title)))


def figures(issue: Issue) -> Iterator[Figure]:
    """Every picture of the issue in order of reading, those inside boxes included."""
    return (value for value in walk(issue) if isinstance(value, Figure))


def anchor(number: int) -> str:
    """The id of the so-manieth piece inside a document."""
    return f"piece-{number}"


def first_part(file: str) -> str:
    """The document that an article begins in, of one that may be a further part."""
    return re.sub(rf"{_PART}\d+(?=\.xhtml$)", "", file)


def _opening(texts: Iterator[str], length: int = 18) -> str:
    words = next((words.strip() for words in texts if words.strip()), "")
    stops = "，、；：。 "
    return words.rstrip(stops) if len(words) <= length else words[:length].rstrip(stops) + "…"


def _weight(document: Document) -> Weight | None:
    return None if document.item is None or isinstance(document.item, tuple) else document.item.weight


def _section(issue: Issue, page: Page, names: _Names, places: dict[str, str], most_bytes: float) -> Entry:
    opening = Document(Part.SECTION, names.take(f"page-{page.number}"), page_text(page), issue.lang, page)
    documents: list[Document] = []
    for item in page.items:
        if isinstance(item, Advertisement):
            continue
        documents += _documents(item, issue, page, names, places, most_bytes)
    notices = tuple(item for item in page.items if isinstance(item, Advertisement))
    if notices:
        title = "·".join(dict.fromkeys(advertisement_text(notice.kind) for notice in notices))
        document = Document(
            Part.NOTICES, names.take(f"page-{page.number}-notices"), title, issue.lang, page, notices
        )
        documents.append(document)
        for number, notice in enumerate(notices, 1):
            places[notice.id] = f"{document.file}#{anchor(number)}"
    return Entry(opening, tuple(documents))


def _documents(
    item: Article | Briefs | PictureItem,
    issue: Issue,
    page: Page,
    names: _Names,
    places: dict[str, str],
    most_bytes: float,
) -> Iterator[Document]:
    """The document of an item; of a long article its parts."""
    part = {Article: Part.ARTICLE, Briefs: Part.BRIEFS, PictureItem: Part.PICTURES}[type(item)]
    lang = (item.lang if isinstance(item, Article) else None) or issue.lang
    title, name = listed_title(item), f"{part}-{item.id}"
    item = _with_notes_apart(item)
    document = Document(part, names.take(name), title, lang, page, item)
    places[item.id] = document.file
    if isinstance(item, Briefs):
        for number, article in enumerate(item.articles, 1):
            places[article.id] = f"{document.file}#{anchor(number)}"
    parts = divided(item, most_bytes) if isinstance(item, Article) else (item,)
    yield replace(document, item=parts[0], parts=len(parts))
    for number, further in enumerate(parts[1:], 2):
        file = names.take(f"{name}{_PART}{number}")
        titled = f"{title}（{number}／{len(parts)}）"
        yield Document(part, file, titled, lang, page, further, number, len(parts))


def _with_notes_apart(item: Article | Briefs | PictureItem) -> Article | Briefs | PictureItem:
    """An item whose notes stand at the end of each article, with ids that are its own in the document."""
    match item:
        case Article():
            return noted(item, "note-")
        case Briefs():
            numbered = enumerate(item.articles, 1)
            return replace(
                item, articles=tuple(noted(brief, f"{anchor(at)}-note-") for at, brief in numbered)
            )
        case PictureItem():
            return item


def _related(issue: Issue, places: Mapping[str, str]) -> dict[str, tuple[Related, ...]]:
    """Links between pieces, both ways, and those between the parts of a series."""
    titles: dict[str, str] = {}
    links: list[tuple[str, str, Relation]] = []
    series: dict[str, list[Article]] = {}
    for page in issue.pages:
        for item in page.items:
            titles[item.id] = item_title(item)
    for article in issue.articles():
        titles[article.id] = listed_title(article)
        links += [(article.id, link.to, link.relation) for link in article.links]
        if article.series and article.series.name:
            series.setdefault(article.series.name, []).append(article)
    for parts in series.values():
        ordered = sorted(parts, key=lambda article: article.series.part if article.series else 0)
        links += [(later.id, earlier.id, Relation.CONTINUES) for earlier, later in pairwise(ordered)]

    links.sort(key=lambda link: link[2] is Relation.RELATED)  # of two links between the same, the telling one
    found: dict[str, dict[str, Related]] = {}
    for origin, target, relation in links:
        if target not in places or origin not in places or origin == target:
            continue
        for here, there, back in ((origin, target, False), (target, origin, True)):
            found.setdefault(here, {}).setdefault(
                there, Related(relation_text(relation, back=back), titles[there], places[there])
            )
    return {id_: tuple(related.values()) for id_, related in found.items()}


class _Names:
    """File names from ids: ASCII, safe in every zip and file system, never the same twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str, ending: str = ".xhtml") -> str:
        stem = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-") or "x"
        name, number = stem, 2
        while name in self._taken:
            name, number = f"{stem}-{number}", number + 1
        self._taken.add(name)
        return name + ending


def picture_names(issue: Issue) -> dict[str, str]:
    """A file name without ending for each picture of the issue that is not lost, by its source."""
    names = _Names()
    return {
        src: names.take(re.sub(r"\.\w+$", "", src.rsplit("/", 1)[-1]), "")
        for src in dict.fromkeys(figure.src for figure in figures(issue) if not figure.missing)
    }
