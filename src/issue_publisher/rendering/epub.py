"""An issue as an EPUB 3: the plan of the book, its documents through Jinja, and the container.

Issue → Book (ebook_plan) → XHTML (layouts/<name>/ebook) → Package → bytes (ebook_package)
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from jinja2 import Environment
from lxml import etree
from markupsafe import Markup

from issue_publisher import __version__
from issue_publisher.issue import wording
from issue_publisher.issue.model import Figure, Inline, InlineKind, Issue
from issue_publisher.issue.parts import walk
from issue_publisher.layout.model import Layout
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept
from issue_publisher.rendering.ebook_drawings import drawing_for_readers
from issue_publisher.rendering.ebook_fonts import ASKED, NO_FONTS, book_fonts
from issue_publisher.rendering.ebook_package import File, Meta, Package, write_package
from issue_publisher.rendering.ebook_plan import (
    Book,
    Document,
    Part,
    anchor,
    entry_title,
    figures,
    guide_lines,
    lead_in,
    numbers_are_printed,
    picture_names,
    plan_book,
    rubric_of,
)
from issue_publisher.rendering.templates import TemplateFault, environment, render
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.marks import UNITS, joins_previous

ZERO_WIDTH_JOINER = "\u200d"
_XHTML = "application/xhtml+xml"
_SVG = "{http://www.w3.org/2000/svg}svg"
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/svg+xml": ".svg"}
_IDENTIFIERS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:issue-publisher:issue")
_TALL, _STRIP = 0.85, 0.6  # width ÷ height below which a picture is set narrow
# A figure with its unit or measure word, which no line's end may part (GB/T 15835; print keeps them together
# too): 1.9倍, 0.8毫米, 330万枚, 25对. Units of several characters stay whole.
_COUNTED = re.compile(
    r"(?<![A-Za-z0-9.,])[0-9][0-9.,]*[十百千万亿]*[余多]?"
    r"(?:(?:平方|立方)?(?:[毫微纳厘千分]米|公里|米)|[毫微千]克|公斤|公顷|毫升|[千兆]帕|角[秒分]|摄氏度|小时"
    rf"|分钟|[毫微纳]秒|[千兆]瓦时?|个月|[{''.join(sorted(UNITS))}对])"
)
_SMALL_PX = 480  # pictures narrower than this are shown as they are, not stretched


class ScreenPicture(Protocol):
    """A picture made for screens."""

    @property
    def data(self) -> bytes:
        """The file."""

    @property
    def mime(self) -> str:
        """image/jpeg, image/png, image/gif or image/svg+xml."""

    @property
    def width_px(self) -> int:
        """Its width."""

    @property
    def height_px(self) -> int:
        """Its height."""


@dataclass(frozen=True, slots=True)
class BookPicture:
    """A picture as the templates see it: where it lies and how it is shaped."""

    file: str
    width_px: int
    height_px: int

    @property
    def is_drawing(self) -> bool:
        """Whether it is an SVG: it has no pixels to be stretched, and perhaps no ground of its own."""
        return self.file.endswith(".svg")

    @property
    def shape(self) -> str:
        """small, strip, tall or wide: the class that the style sheet sizes it by."""
        if self.width_px < _SMALL_PX and not self.is_drawing:
            return "small"
        ratio = self.width_px / self.height_px if self.height_px else 1.0
        return "strip" if ratio < _STRIP else "tall" if ratio < _TALL else "wide"


def render_epub(
    issue: Issue,
    layout: Layout,
    pictures: Mapping[str, ScreenPicture],
    cover: bytes | None = None,
    faces: PaperFaces | None = None,
    *,
    embed_fonts: bool = False,
    kept: Kept = NOTHING_KEPT,
) -> bytes:
    """The EPUB of an issue; the same bytes for the same issue, layout, pictures and cover.

    `pictures` holds a picture for the `src` of every figure; `cover` is a JPEG or PNG, and without
    it the book begins with its opening page. With `faces`, what drawings write becomes outlines, since
    an e-reader has its own fonts only, and a drawing that some reader cannot show becomes pixels; what is
    made of it is `kept`; with
    `embed_fonts` subsets of them travel in the book too. Raises `TemplateFault` when the layout's templates
    are at fault, LookupError when a picture is missing from `pictures`, RenderError when a drawing cannot be
    drawn, and FontError when no face has a character of an embedded text.
    """
    book = plan_book(issue, with_cover=cover is not None, most_bytes=layout.ebook.document_kb * 1000)
    book_pictures, picture_files = _pictures(issue, layout, pictures, faces, kept)
    cover_file = _cover(cover) if cover is not None else None
    templates = environment(*layout.template_folders)
    templates.tests["web_address"] = lambda href: web_address(href) is not None
    templates.filters["web_address"] = web_address
    templates.filters["last_character"] = last_character
    templates.filters["unparted"] = unparted
    values = {
        "issue": issue,
        "layout": layout,
        "book": book,
        "pictures": book_pictures,
        "wording": wording,
        "anchor": anchor,
        "entry_title": entry_title,
        "guide_lines": guide_lines,
        "lead_in": lead_in,
        "has_page_list": numbers_are_printed(issue, layout),
        "rubric_of": rubric_of,
        "cover": cover_file.name if cover_file else None,
        "lost": any(figure.missing for figure in figures(issue)),
    }
    documents = [_document(templates, document, values) for document in book.documents]
    fonts = NO_FONTS
    if embed_fonts and faces is not None:
        asking = render(templates, "ebook/style.css", fonts=ASKED, **values)
        fonts = book_fonts((document.data for document in documents), asking, faces, issue.lang)
    sheet = render(templates, "ebook/style.css", fonts=fonts, **values)
    style = File("style", "style.css", "text/css", sheet.encode())
    font_files = tuple(File(font.id, font.file, font.mime, font.data) for font in fonts.files)
    return write_package(
        Package(
            identifier=f"urn:uuid:{uuid.uuid5(_IDENTIFIERS, _serial(issue))}",
            title=book.title,
            lang=issue.lang,
            date=issue.date,
            generator=f"issue-publisher {__version__}",
            metas=tuple(
                _metas(
                    issue,
                    book,
                    has_cover=cover is not None,
                    has_page_list=numbers_are_printed(issue, layout),
                )
            ),
            files=(*documents, style, *font_files, *([cover_file] if cover_file else ()), *picture_files),
            contents=[(entry.document.id, [child.id for child in entry.children]) for entry in book.contents],
            guide=_guide(book),
        )
    )


def web_address(href: str | None) -> str | None:
    """An address that a reader can follow, or None: other schemes and relative places lead nowhere here."""
    href = (href or "").strip()
    if re.match(r"(https?://|mailto:|tel:)[^\s/]", href, re.IGNORECASE) is None:
        return None
    return quote(href, safe="%/:=&?~#+!$,;'@()*[]")


def unparted(words: str) -> Markup:
    """Words as XHTML, in which a figure and its unit stay on one line.

    By a style and not by U+2060, which would stand in the way of a reader's search, and which browsers do not
    heed between a digit and an ideograph.
    """
    parts, at = [], 0
    for found in _COUNTED.finditer(words):
        parts += [
            Markup.escape(words[at : found.start()]),
            Markup('<span class="n">{}</span>').format(found[0]),
        ]
        at = found.end()
    return Markup("").join([*parts, Markup.escape(words[at:])])


def last_character(words: str) -> str:
    """The last character of a text with all that is joined to it, which must not be parted from it."""
    at = len(words) - 1
    while at > 0 and (joins_previous(words[at]) or words[at - 1] == ZERO_WIDTH_JOINER):
        at -= 1
    return words[max(at, 0) :]


# --------------------------------------------------------------------------- documents


def _document(templates: Environment, document: Document, values: Mapping[str, object]) -> File:
    template = f"ebook/{document.part}.xhtml.j2"
    data = render(templates, template, document=document, **values).encode("utf-8", "xmlcharrefreplace")
    try:
        tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(templates, template, document, data, error) from error
    properties = ["nav"] if document.part is Part.CONTENTS else []
    if next(tree.iter(_SVG), None) is not None:
        properties.append("svg")
    return File(
        document.id, document.file, _XHTML, data, entry_title(document), tuple(properties), in_spine=True
    )


def _not_well_formed(
    templates: Environment, template: str, document: Document, data: bytes, error: etree.XMLSyntaxError
) -> TemplateFault:
    lines = data.decode().splitlines()
    at = error.lineno or 1
    shown = lines[at - 1].strip()[:120] if at <= len(lines) else ""
    file = str(Path(templates.get_template(template).filename or template))
    what = re.sub(r", line \d+, column \d+.*", "", error.msg or "not XML")
    return TemplateFault(
        file, 1, f"what it makes of {document.file} is not well-formed: {what}", f"near {shown!r}"
    )


def _pictures(
    issue: Issue,
    layout: Layout,
    pictures: Mapping[str, ScreenPicture],
    faces: PaperFaces | None,
    kept: Kept,
) -> tuple[dict[str, BookPicture], tuple[File, ...]]:
    names = picture_names(issue)
    absent = [src for src in names if src not in pictures]
    if absent:
        raise LookupError(f"no screen picture for {', '.join(absent)}")
    shown: dict[str, BookPicture] = {}
    files = []
    for src, name in names.items():
        picture = pictures[src]
        if picture.mime not in _ENDINGS:
            raise ValueError(f"{src}: {picture.mime} is safe on no e-reader (JPEG, PNG, GIF and SVG are)")
        if faces is not None and picture.mime == "image/svg+xml":
            picture = drawing_for_readers(
                picture.data, picture.width_px, picture.height_px, layout, faces, kept
            )
        file = f"images/{name}{_ENDINGS[picture.mime]}"
        shown[src] = BookPicture(file, picture.width_px, picture.height_px)
        files.append(File(f"picture-{name}", file, picture.mime, picture.data))
    return shown, tuple(files)


def _cover(cover: bytes) -> File:
    mime = "image/jpeg" if cover.startswith(b"\xff\xd8") else "image/png"
    if mime == "image/png" and not cover.startswith(b"\x89PNG"):
        raise ValueError("a cover is a JPEG or a PNG")
    return File("cover-image", f"cover{_ENDINGS[mime]}", mime, cover, properties=("cover-image",))


def _guide(book: Book) -> dict[str, str]:
    marked = {"cover": book.of(Part.COVER), "toc": book.of(Part.CONTENTS), "text": book.of(Part.OPENING)}
    return {kind: document.id for kind, document in marked.items() if document}


# --------------------------------------------------------------------------- metadata


def _serial(issue: Issue) -> str:
    """What makes this issue this one among all newspapers."""
    plate = issue.nameplate
    return "\n".join((plate.serial_number or plate.title, issue.id, issue.date.isoformat()))


def _metas(issue: Issue, book: Book, *, has_cover: bool, has_page_list: bool) -> Iterator[Meta]:
    plate = issue.nameplate
    position = str(plate.running_number or f"{issue.date:%Y%m%d}")
    yield Meta("dc:creator", plate.title, id="paper")
    yield Meta("dc:publisher", wording.body_name(plate.publisher or plate.sponsor or plate.title))
    yield Meta("dc:date", issue.date.isoformat())
    yield Meta("dc:description", "；".join(document.title for document in book.highlights[:8]))
    for subject in _subjects(issue):
        yield Meta("dc:subject", subject)
    # The shelf: EPUB's own collection, and calibre's, which KOReader's engine prefers (series before index).
    yield Meta("belongs-to-collection", plate.title, id="series")
    yield Meta("collection-type", "series", refines="series")
    yield Meta("group-position", position, refines="series")
    if plate.serial_number:
        yield Meta("dcterms:identifier", plate.serial_number, refines="series")
    yield Meta("calibre:series", plate.title)
    yield Meta("calibre:series_index", position)
    if has_cover:
        yield Meta("cover", "cover-image")
    if has_page_list:
        yield Meta("pageBreakSource", f"{book.title} 印刷版")
    yield from _accessibility(issue, has_page_list=has_page_list)


def _subjects(issue: Issue) -> tuple[str, ...]:
    """Titles of pages and rubrics, each once."""
    found = []
    for page in issue.pages:
        found.append(page.title)
        found += [item.rubric or "" for item in page.items if hasattr(item, "rubric")]
    return tuple(subject for subject in dict.fromkeys(found) if subject)


def _accessibility(issue: Issue, *, has_page_list: bool) -> Iterator[Meta]:
    """EPUB Accessibility 1.1, saying only what is so; no claim of conformance, which wants a certifier."""
    values = tuple(walk(issue))
    printed = tuple(value for value in values if isinstance(value, Figure))
    pictures = tuple(picture for picture in printed if not picture.missing)
    described = all(picture.alt for picture in pictures)
    worded = all(picture.alt or picture.caption for picture in pictures)
    yield Meta("schema:accessMode", "textual")
    if pictures:
        yield Meta("schema:accessMode", "visual")
    yield Meta("schema:accessModeSufficient", "textual" if worded else "textual,visual")
    features = ["tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability"]
    features += ["pageBreakMarkers", "pageNavigation"] if has_page_list else []
    if pictures and described:
        features.append("alternativeText")
    if any(isinstance(value, Inline) and value.kind is InlineKind.RUBY for value in values):
        features.append("rubyAnnotations")
    for feature in features:
        yield Meta("schema:accessibilityFeature", feature)
    yield Meta("schema:accessibilityHazard", "none")
    words = "全部文字可由屏幕阅读软件读出，字体、字号和行距可以改变；目录按版和稿件分两级"
    words += "，并有报纸的版次。" if has_page_list else "。"
    if pictures:
        words += "每幅图片都有文字描述。" if described else "部分图片只有图片说明，没有另写的描述。"
    if len(pictures) < len(printed):
        words += "原图已缺的，有文字标明。"
    yield Meta("schema:accessibilitySummary", words)
