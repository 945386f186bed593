"""OPDS 1.2: feeds as Atom, in the forms that KOReader, Thorium and Moon+ accept.

KOReader wants elements without a prefix, `rel` of navigation absent or `subsection` and that of a book in
full; Thorium takes an entry with an author for a publication; Moon+ rejects prefixes that are not declared.
"""

from __future__ import annotations

from datetime import date

from lxml import etree

from issue_publisher.archive.address import Addresses
from issue_publisher.archive.shelf import Entry, Feed, Link, Picture

ENDING = ".xml"
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/terms/"
_SPACES = {None: _ATOM, "dc": _DC, "opds": "http://opds-spec.org/2010/catalog"}
_TYPE = "application/atom+xml;profile=opds-catalog;kind="
_REL = "http://opds-spec.org"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_feed(feed: Feed, addresses: Addresses, root: str, author: str) -> bytes:
    """One page of a feed; `root` is the name of the feed to start from, `author` who offers it."""
    element = etree.Element(f"{{{_ATOM}}}feed", nsmap=_SPACES)
    element.set(_XML_LANG, "zh")
    _add(element, "id", feed.id)
    _add(element, "title", feed.title)
    _add(element, "updated", _moment(feed.updated))
    _add(_add(element, "author"), "name", author)
    kind = _kind(feed.lists_books)
    _link(element, "self", addresses.own(feed.name + ENDING), kind)
    _link(element, "start", addresses.own(root + ENDING), _kind(lists_books=False))
    if feed.up:
        _link(element, "up", addresses.own(feed.up + ENDING), _kind(lists_books=False))
    if feed.pages > 1:
        for rel, page in (
            ("first", 1),
            ("previous", feed.page - 1),
            ("next", feed.page + 1),
            ("last", feed.pages),
        ):
            if 1 <= page <= feed.pages and not (rel in ("previous", "next") and page == feed.page):
                _link(element, rel, addresses.own(feed.page_name(page) + ENDING), kind)
    for link in feed.links:
        _navigation(element, link, addresses)
    for entry in feed.entries:
        _book(element, entry, addresses)
    return bytes(etree.tostring(element, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _kind(lists_books: bool) -> str:
    return _TYPE + ("acquisition" if lists_books else "navigation")


def _navigation(parent: etree._Element, link: Link, addresses: Addresses) -> None:
    entry = _add(parent, "entry")
    _add(entry, "title", link.title)
    _add(entry, "id", Feed(link.feed, link.title, link.updated).id)
    _add(entry, "updated", _moment(link.updated))
    _add(entry, "content", link.words).set("type", "text")
    _link(entry, "subsection", addresses.own(link.feed + ENDING), _kind(link.lists_books))


def _book(parent: etree._Element, one: Entry, addresses: Addresses) -> None:
    book, entry = one.book, _add(parent, "entry")
    _add(entry, "title", book.title)
    _add(entry, "id", one.id)
    _add(entry, "updated", _moment(book.issued))
    for author in book.authors[:1]:  # KOReader shows the last of several
        _add(_add(entry, "author"), "name", author)
    for name, words in (
        ("language", book.language),
        ("publisher", book.publisher),
        ("issued", book.issued.isoformat() if book.issued else ""),
    ):
        if words:
            _add(entry, name, words, _DC)
    for subject in book.subjects:
        category = _add(entry, "category")
        category.set("term", subject)
        category.set("label", subject)
    if book.description:
        _add(entry, "summary", book.description).set("type", "text")
    _picture(entry, f"{_REL}/image", one.cover, addresses)
    _picture(entry, f"{_REL}/image/thumbnail", one.thumbnail, addresses)
    link = _link(entry, f"{_REL}/acquisition/open-access", addresses.book(book.path), "application/epub+zip")
    link.set("length", str(book.size))
    link.set("title", "EPUB")


def _picture(entry: etree._Element, rel: str, picture: Picture | None, addresses: Addresses) -> None:
    if picture is not None:
        _link(entry, rel, addresses.own(picture.file), picture.mime)


def _moment(day: date | None) -> str:
    return f"{(day or date(1970, 1, 1)).isoformat()}T00:00:00Z"


def _add(parent: etree._Element, name: str, words: str | None = None, space: str = _ATOM) -> etree._Element:
    element = etree.SubElement(parent, f"{{{space}}}{name}")
    if words is not None:
        element.text = words
    return element


def _link(parent: etree._Element, rel: str, href: str, kind: str) -> etree._Element:
    link = _add(parent, "link")
    link.set("rel", rel)
    link.set("href", href)
    link.set("type", kind)
    return link
