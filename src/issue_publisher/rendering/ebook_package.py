"""EbookLib, and all that it must be helped with: from ready documents to the bytes of an EPUB.

Workarounds for EbookLib 0.20 (none has a setting there):
- it parses every document anew as HTML and writes it indented: `_Ready` hands ours over untouched;
- its navigation document has no classes, fixed headings and no place for more than a list: ours comes
  from a template, as an ordinary document with the property `nav`; the NCX is EbookLib's own;
- it has no place for `xml:lang` on `package`, and declares the depth of the NCX as 0: `_Writer`;
- it stamps the zip's entries with the time of the run: `_container` writes them again, with the
  issue's date, one order and one set of attributes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ebooklib import epub
from lxml import etree

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_STORED = frozenset({"image/jpeg", "image/png", "image/gif"})  # nothing to be won by deflating them
# Apple Books shows a book's own fonts only when told so here.
_APPLE = "META-INF/com.apple.ibooks.display-options.xml"
_APPLE_OPTIONS = b"""<?xml version="1.0" encoding="utf-8"?>
<display_options><platform name="*"><option name="specified-fonts">true</option></platform></display_options>
"""
_EARLIEST = date(1980, 1, 1)  # that a zip can say


@dataclass(frozen=True, slots=True)
class File:
    """One file of the book, ready to be written."""

    id: str
    name: str
    mime: str
    data: bytes
    title: str = ""
    properties: tuple[str, ...] = ()
    in_spine: bool = False


@dataclass(frozen=True, slots=True)
class Meta:
    """One statement about the book: Dublin Core (`dc:title`), an EPUB property, or an old-style name."""

    name: str
    value: str
    id: str | None = None
    refines: str | None = None
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """Everything that the container holds."""

    identifier: str
    title: str
    lang: str
    date: date
    generator: str
    metas: Sequence[Meta]
    files: Sequence[File]
    contents: Sequence[tuple[str, Sequence[str]]]  # ids of documents, two levels
    guide: Mapping[str, str] = field(default_factory=dict)  # kind (cover, toc, text) → id of a document


class _Ready(epub.EpubHtml):  # type: ignore[misc]
    """A document that is written as it is."""

    def get_content(self, default: bytes | None = None) -> bytes:
        content: bytes = self.content
        return content


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer with what it cannot be told."""

    def _write_opf_file(self, root: Any) -> None:
        root.set(_XML_LANG, self.book.language)
        super()._write_opf_file(root)

    def _get_ncx(self) -> bytes:
        ncx = etree.fromstring(super()._get_ncx())
        ncx.set(_XML_LANG, self.book.language)
        for meta in ncx.iter("{*}meta"):
            if meta.get("name") == "dtb:depth":
                meta.set("content", "2")
        return etree.tostring(ncx, encoding="utf-8", xml_declaration=True)


def write_package(package: Package) -> bytes:
    """The EPUB's bytes: the same for the same package, whenever and wherever they are written."""
    book = epub.EpubBook()
    book.metadata.clear()  # EbookLib's generator and a random identifier
    book.set_identifier(package.identifier)
    book.set_title(package.title)
    book.set_language(package.lang)
    for meta in package.metas:
        _add_meta(book, meta)
    book.add_metadata(None, "meta", "", {"name": "generator", "content": package.generator})

    documents: dict[str, _Ready] = {}
    for file in package.files:
        if file.mime == "application/xhtml+xml":
            item = documents[file.id] = _Ready(file.id, file.name, file.mime, title=file.title)
        else:
            item = epub.EpubItem(file.id, file.name, file.mime)
        item.content = file.data
        item.properties = list(file.properties)
        book.add_item(item)
        if file.in_spine:
            book.spine.append(item)
    book.add_item(epub.EpubNcx())
    book.toc = [
        (documents[top], [documents[child] for child in children]) if children else documents[top]
        for top, children in package.contents
    ]
    book.guide = [
        {"type": kind, "href": documents[id_].file_name, "title": documents[id_].title}
        for kind, id_ in package.guide.items()
    ]

    written = io.BytesIO()
    moment = datetime(package.date.year, package.date.month, package.date.day)  # noqa: DTZ001 - a date, not a moment
    options = {"mtime": moment, "play_order": {"enabled": True, "start_from": 1}}
    writer = _Writer(written, book, options | {"compresslevel": 0})  # `_container` packs
    writer.process()
    writer.write()
    stored = {f"{book.FOLDER_NAME}/{file.name}" for file in package.files if file.mime in _STORED}
    more = {_APPLE: _APPLE_OPTIONS} if any(file.mime.startswith("font/") for file in package.files) else {}
    return _container(written.getvalue(), package.date, stored, more)


def _add_meta(book: Any, meta: Meta) -> None:
    attributes = {"id": meta.id} if meta.id else {}
    if meta.name.startswith("dc:"):
        book.add_metadata("DC", meta.name.removeprefix("dc:"), meta.value, attributes)
    elif meta.name == "cover" or meta.name.startswith("calibre:"):
        book.add_metadata(None, "meta", "", {"name": meta.name, "content": meta.value})
    else:
        if meta.refines:
            attributes["refines"] = f"#{meta.refines}"
        if meta.scheme:
            attributes["scheme"] = meta.scheme
        book.add_metadata(None, "meta", meta.value, {"property": meta.name, **attributes})


def _container(written: bytes, day: date, stored: set[str], more: Mapping[str, bytes]) -> bytes:
    """The same zip and `more` files, with fixed times, order and attributes; `mimetype` first and stored."""
    day = max(day, _EARLIEST)
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as source, zipfile.ZipFile(result, "w") as target:
        names = [*source.namelist(), *more]
        names.sort(
            key=lambda name: (name != "mimetype", not name.startswith("META-INF/"), not name.endswith(".opf"))
        )
        for name in names:
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            plain = name == "mimetype" or name in stored
            entry.compress_type = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
            data = more[name] if name in more else source.read(name)
            target.writestr(entry, data, compresslevel=9)
    return result.getvalue()
