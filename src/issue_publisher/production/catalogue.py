"""`issue-publisher catalogue`: a folder of issues becomes one that any static file server can offer.

Everything lies in `catalogue/` beside the issues, and replaces what an earlier run left there. Times are
those of the issues, so the same folder gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from issue_publisher.archive import opds1, opds2
from issue_publisher.archive.address import FOLDER, Addresses
from issue_publisher.archive.book import Book, read_book
from issue_publisher.archive.front import write_front
from issue_publisher.archive.shelf import Entry, Picture, make_feeds
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.layout.model import Pictures
from issue_publisher.pictures import PictureError, open_picture, picture_for_screen
from issue_publisher.preflight.container import UnreadableBookError
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import shown
from issue_publisher.production.outputs import Product, workshop

ROOT = "opds"
_COVER_PX, _THUMBNAIL_PX = 1600, 400  # long sides
_SETTINGS = Pictures(
    press_ppi=200, press_quality=88, warn_below_ppi=1, max_megapixels=64, max_file_mb=32,
    ebook_long_side_px=_COVER_PX, ebook_quality=82, ebook_most_mb=45, crop_limit=0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What was written, and which books could not be read."""

    folder: Path
    books: int
    files: int
    findings: tuple[SourceError, ...]


def write_catalogue(
    dist: Path, *, base_url: str | None = None, title: str | None = None, strict: bool = False
) -> Catalogue:
    """Write `dist/catalogue/`: OPDS 1.2, OPDS 2.0, covers and a page for people.

    `base_url`: where `dist` can be reached, for readers that mind relative links. `title`: of the catalogue;
    without it the name that most of its issues bear. Unreadable books are findings; with `strict` they are
    errors and nothing is written. Raises SourceErrors then, and EnvironmentFault for a folder that cannot
    be read or written.
    """
    if not dist.is_dir():
        raise EnvironmentFault(f"{shown(dist)}: no folder of issues")
    findings: list[SourceError] = []
    products: list[Product] = []
    entries: list[Entry] = []
    for book, fault in _books(dist):
        findings += fault
        if book is not None:
            entry, pictures = _entry(book)
            entries.append(entry)
            products += pictures
    if strict and findings:
        raise SourceErrors(findings)
    named = title or _name(entries) or "报纸"
    addresses = Addresses.below(base_url)
    feeds = make_feeds(entries, named, ROOT)
    for feed in feeds:
        data = opds1.write_feed(feed, addresses, ROOT, named)
        products.append(Product(feed.name + opds1.ENDING, "opds-1.2", data))
        data = opds2.write_feed(feed, addresses, ROOT)
        products.append(Product(feed.name + opds2.ENDING, "opds-2.0", data))
    newest = [
        entry for feed in feeds if feed.up == ROOT and feed.name.startswith("new") for entry in feed.entries
    ]
    starts = (addresses.own(ROOT + opds1.ENDING), addresses.own(ROOT + opds2.ENDING))
    products.append(Product("index.html", "catalogue", write_front(newest, named, addresses, starts)))
    # The whole folder is one output: nothing of an earlier run stays in it.
    whole = dist.resolve()
    with workshop(whole.parent, whole.name) as shop:
        shop.put_in_place([replace(product, name=f"{FOLDER}/{product.name}") for product in products])
    return Catalogue(dist / FOLDER, len(entries), len(products), tuple(findings))


def _books(dist: Path) -> Iterator[tuple[Book | None, tuple[SourceError, ...]]]:
    """Every EPUB of the folder and of its issues' folders, one at a time, in the order of their names."""
    paths = sorted({*dist.glob("*.epub"), *dist.glob("*/*.epub")})
    for path in paths:
        if path.parent.name.startswith(".") or path.parent == dist / FOLDER or not path.is_file():
            continue
        name = path.relative_to(dist).as_posix()
        try:
            yield read_book(path.read_bytes(), name), ()
        except OSError as error:
            what = (error.strerror or str(error)).lower()
            yield None, (SourceError(shown(path), 0, what, "left out of the catalogue", "warning", "book"),)
        except UnreadableBookError as fault:
            yield (
                None,
                tuple(
                    SourceError(shown(path), 0, one.message, "left out of the catalogue", "warning", "book")
                    for one in fault.findings
                ),
            )


def _entry(book: Book) -> tuple[Entry, list[Product]]:
    """A book without its cover's bytes, and its cover and thumbnail as files of the catalogue."""
    plain = replace(book, cover=None)
    if book.cover is None:
        return Entry(plain), []
    try:
        picture = open_picture(book.path, book.cover, _SETTINGS)
        large = picture_for_screen(picture, _SETTINGS)
        small = picture_for_screen(picture, replace(_SETTINGS, ebook_long_side_px=_THUMBNAIL_PX))
    except PictureError:
        return Entry(plain), []
    name = hashlib.sha256(book.path.encode()).hexdigest()[:16]
    found, products = [], []
    for kind, made in (("cover", large), ("thumbnail", small)):
        ending = ".png" if made.mime == "image/png" else ".jpg"
        file = f"{kind}-{name}{ending}"
        found.append(Picture(file, made.mime, made.width_px, made.height_px))
        products.append(Product(file, kind, made.data))
    return Entry(plain, *found), products


def _name(entries: list[Entry]) -> str:
    names = Counter(entry.book.series.name for entry in entries if entry.book.series)
    return min(names, key=lambda name: (-names[name], name), default="")
