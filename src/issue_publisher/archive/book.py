"""What an EPUB says of itself: the package document's metadata and its cover, ours or not.

EPUB 3.3 section 5 (package document); of EPUB 2 what every book has, and the cover by its old name.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from lxml import etree

from issue_publisher.preflight.container import DAMAGED, Container, UnreadableBookError, open_container
from issue_publisher.preflight.finding import Finding, Severity

_MOST_PACKAGE = 16 << 20
_MOST_COVER = 32 << 20
_PICTURES = ("image/jpeg", "image/png", "image/gif")


@dataclass(frozen=True, slots=True)
class Series:
    """The periodical that a book is an issue of, and its place in it."""

    name: str
    position: float | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """A book as a catalogue names it."""

    path: str  # from the folder of issues, with /
    size: int  # bytes
    identifier: str
    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    language: str = ""
    issued: date | None = None
    subjects: tuple[str, ...] = ()
    series: Series | None = None
    description: str = ""
    cover: bytes | None = None
    cover_mime: str = ""


def read_book(data: bytes, path: str) -> Book:
    """The book of a file's bytes. Raises UnreadableBookError naming what is wrong with it.

    `path` is its place below the folder of issues. A missing title, identifier or date is no fault of ours:
    the file's name stands in for the first two.
    """
    container = open_container(data, path)
    try:
        root = etree.fromstring(
            container.read(container.package, _MOST_PACKAGE),
            etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False),
        )
    except (etree.XMLSyntaxError, KeyError, *DAMAGED) as error:
        what = f"the package document cannot be read: {getattr(error, 'msg', error)}"
        raise UnreadableBookError(
            (Finding(path, container.package, 0, Severity.ERROR, what, "", "container"),)
        ) from error
    name = posixpath.basename(path).removesuffix(".epub")
    cover, mime = _cover(root, container)
    return Book(
        path,
        len(data),
        _first(root, "identifier") or f"urn:x-file:{name}",
        _first(root, "title") or name,
        tuple(dict.fromkeys(_all(root, "creator"))),
        _first(root, "publisher"),
        _language(root),
        _issued(root),
        tuple(dict.fromkeys(_all(root, "subject"))),
        _series(root),
        _first(root, "description"),
        cover,
        mime,
    )


def _all(root: etree._Element, name: str) -> list[str]:
    texts = ("".join(found.itertext()) for found in root.iterfind(f"{{*}}metadata//{{*}}{name}"))
    return [words for text in texts if (words := re.sub(r"\s+", " ", text).strip())]


def _first(root: etree._Element, name: str) -> str:
    return next(iter(_all(root, name)), "")


def _language(root: etree._Element) -> str:
    """A tag of BCP 47, also of a book that writes zh_CN; feeds know no others."""
    tag = _first(root, "language").replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag) else ""


def _issued(root: etree._Element) -> date | None:
    for words in _all(root, "date"):
        if found := re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", words):
            try:
                return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
            except ValueError:
                continue
    return None


def _series(root: etree._Element) -> Series | None:
    """EPUB 3's collection, or else what calibre writes."""
    metas = list(root.iterfind("{*}metadata/{*}meta"))
    for meta in metas:
        if meta.get("property") == "belongs-to-collection" and (meta.text or "").strip():
            mark = f"#{meta.get('id')}"
            position = next(
                (
                    other.text
                    for other in metas
                    if other.get("refines") == mark and other.get("property") == "group-position"
                ),
                None,
            )
            return Series((meta.text or "").strip(), _number(position))
    named = {meta.get("name"): meta.get("content") for meta in metas}
    if name := (named.get("calibre:series") or "").strip():
        return Series(name, _number(named.get("calibre:series_index")))
    return None


def _number(words: str | None) -> float | None:
    try:
        return float(words) if words else None
    except ValueError:
        return None


def _cover(root: etree._Element, container: Container) -> tuple[bytes | None, str]:
    """The cover's picture, when it is one that a catalogue can show."""
    items = list(root.iterfind("{*}manifest/{*}item"))
    old = next(
        (meta.get("content") for meta in root.iterfind("{*}metadata/{*}meta") if meta.get("name") == "cover"),
        None,
    )
    for item in sorted(items, key=lambda item: "cover-image" not in (item.get("properties") or "").split()):
        is_cover = "cover-image" in (item.get("properties") or "").split() or item.get("id") == old
        if not is_cover or item.get("media-type") not in _PICTURES:
            continue
        folder = posixpath.dirname(container.package)
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        try:
            return container.read(name, _MOST_COVER), str(item.get("media-type"))
        except (KeyError, *DAMAGED):
            return None, ""
    return None, ""
