"""`issue-publisher catalogue`: a folder of issues becomes one that any static file server can offer.

Everything lies in `catalogue/` beside the issues, and replaces what an earlier run left there. Times are
those of the issues, so the same folder gives the same bytes.

The folder is made beside the old one and takes its place whole. Of that it takes over, by a second name
(link) for the same file, whatever would come out as it is: pictures of books that were not touched, feeds
that list the same in the same words (`catalogued` remembers). Where links are unknown, everything is made.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from issue_publisher.archive import opds1, opds2
from issue_publisher.archive.address import FOLDER, Addresses
from issue_publisher.archive.book import Book, read_book
from issue_publisher.archive.front import Ways, write_front
from issue_publisher.archive.shelf import MANY, UNDATED, Entry, Feed, Picture, make_feeds
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.layout.model import Pictures
from issue_publisher.pictures import PictureError, open_picture, picture_for_screen
from issue_publisher.preflight.container import UnreadableBookError
from issue_publisher.production.catalogued import (
    Memory,
    book_stamp,
    entry_of,
    file_stamp,
    recall,
    remember,
    told,
)
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import shown
from issue_publisher.production.outputs import Workshop, workshop

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
    written: int = 0  # files that are not those of the catalogue before


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
    # The whole folder is one output: nothing of an earlier run stays in it but what is linked.
    whole = dist.resolve()
    before = recall(dist)
    with workshop(whole.parent, whole.name) as shop:
        making = _Making(shop, whole / FOLDER, before)
        making.prepare()
        entries, findings = making.entries(dist)
        if strict and findings:
            raise SourceErrors(findings)
        named = title or _name(entries) or "报纸"
        addresses = Addresses.below(base_url)
        feeds = make_feeds(entries, named, ROOT)
        for feed in feeds:
            making.feed(feed, addresses, named)
        making.pages(feeds, len(entries), addresses, named)
        making.stamp()
        shop.move_in_place([FOLDER])
    remember(dist, before, making.now)
    return Catalogue(
        dist / FOLDER, len(entries), len(making.now.files), tuple(findings), written=making.written
    )


@dataclass
class _Making:
    """A catalogue that is being made, of the one `before` what would come out the same."""

    shop: Workshop
    old: Path
    before: Memory
    now: Memory = field(default_factory=Memory)
    written: int = 0
    _told: dict[str, bytes] = field(default_factory=dict)  # by path of a book: a sum of all that it says

    # ------------------------------------------------------------- files

    def prepare(self) -> None:
        """Make the folder that the files wait in."""
        (self.shop.folder / FOLDER).mkdir()

    def _file(self, name: str, made_of: str, make: Callable[[], bytes]) -> None:
        """A file of the catalogue, made if the one before was made of something else."""
        known = self.before.files.get(name)
        if known is None or known[0] != made_of or not self._linked(name):
            self._write(name, make())
        self.now.files[name] = made_of, ""

    def _write(self, name: str, data: bytes) -> None:
        self.shop.write(f"{FOLDER}/{name}", data)
        self.written += 1

    def _linked(self, name: str) -> bool:
        """Whether the file before could be taken over: it is there, and nobody has touched it."""
        old, new = self.old / name, self.shop.folder / FOLDER / name
        try:
            if file_stamp(old) != self.before.files[name][1]:
                return False
            os.link(old, new)
        except (OSError, KeyError):
            return False
        return True

    def stamp(self) -> None:
        """Note how every file stands, before it is moved, which changes nothing of it."""
        for name, (made_of, _) in self.now.files.items():
            self.now.files[name] = made_of, file_stamp(self.shop.folder / FOLDER / name)

    # ------------------------------------------------------------- books

    def entries(self, dist: Path) -> tuple[list[Entry], list[SourceError]]:
        """All books of the folder, with their pictures in place; and what is wrong with others."""
        found: list[Entry] = []
        findings: list[SourceError] = []
        for path in _paths(dist):
            name = path.relative_to(dist).as_posix()
            entry = self._untouched(path, name)
            if entry is None:
                entry, faults = self._read(path, name)
                findings += faults
            if entry is not None:
                self._told[name] = hashlib.sha256(self.now.books[name][1].encode()).digest()
                found.append(entry)
        return found, findings

    def _untouched(self, path: Path, name: str) -> Entry | None:
        """What a book said before, if it was not touched since and its pictures are there."""
        known = self.before.books.get(name)
        if known is None:
            return None
        try:
            if book_stamp(path) != known[0]:
                return None
            entry = entry_of(known[1])
        except (OSError, ValueError, TypeError, KeyError):
            return None
        pictures = [picture.file for picture in (entry.cover, entry.thumbnail) if picture]
        if not all(map(self._linked, pictures)):
            return None
        self.now.books[name] = known
        self.now.files |= dict.fromkeys(pictures, (name, ""))
        return entry

    def _read(self, path: Path, name: str) -> tuple[Entry | None, tuple[SourceError, ...]]:
        """A book, read; its pictures are made."""
        try:
            stamp = book_stamp(path)
            book = read_book(path.read_bytes(), name)
        except OSError as error:
            return None, _left_out(path, [(error.strerror or str(error)).lower()])
        except UnreadableBookError as fault:
            return None, _left_out(path, [one.message for one in fault.findings])
        entry, pictures = _entry(book)
        for file, data in pictures.items():
            self._write(file, data)
            self.now.files[file] = name, ""
        self.now.books[name] = stamp, told(entry)
        return entry, ()

    # ------------------------------------------------------------- feeds and pages

    def feed(self, feed: Feed, addresses: Addresses, author: str) -> None:
        """A page of a feed, in both forms."""
        made_of = self._made_of(feed.entries, replace(feed, entries=()), addresses, author)
        self._file(feed.name + opds1.ENDING, made_of, lambda: opds1.write_feed(feed, addresses, ROOT, author))
        self._file(feed.name + opds2.ENDING, made_of, lambda: opds2.write_feed(feed, addresses, ROOT))

    def pages(self, feeds: Sequence[Feed], books: int, addresses: Addresses, title: str) -> None:
        """The page for people; of many books it shows the newest, and every month has one of its own."""
        newest = [entry for feed in feeds if feed.up == ROOT and feed.name.startswith("new")
                  for entry in feed.entries]  # fmt: skip
        months = _months(feeds) if books > MANY else {}
        by_year: dict[str, list[tuple[str, str]]] = {}
        for name, (words, _) in months.items():
            by_year.setdefault(name[: len("month-2026")], []).append((words, f"{name}.html"))
        self._page("index.html", newest, title, addresses, tuple(map(tuple, by_year.values())))
        for name, (_, entries) in months.items():
            self._page(f"{name}.html", entries, title, addresses, ((("最新", "index.html"),),))

    def _page(
        self, file: str, entries: Sequence[Entry], title: str, addresses: Addresses, ways: tuple[Ways, ...]
    ) -> None:
        starts = (addresses.own(ROOT + opds1.ENDING), addresses.own(ROOT + opds2.ENDING))
        made_of = self._made_of(entries, title, addresses, ways)
        self._file(file, made_of, lambda: write_front(entries, title, addresses, starts, ways))

    def _made_of(self, entries: Iterable[Entry], *others: object) -> str:
        """A sum of all that goes into a file: the words of its books, and others by how they are shown."""
        found = hashlib.sha256(repr(others).encode())
        for entry in entries:
            found.update(self._told[entry.book.path])
        return found.hexdigest()


def _months(feeds: Sequence[Feed]) -> dict[str, tuple[str, list[Entry]]]:
    """Each month's feed, all its pages together: its title and books. Books without a date are the last."""
    found: dict[str, tuple[str, list[Entry]]] = {}
    for feed in feeds:
        if feed.name.startswith(("month-", UNDATED)):
            found.setdefault(feed.page_name(1), (feed.title, []))[1].extend(feed.entries)
    return found


def _paths(dist: Path) -> Iterator[Path]:
    """Every EPUB of the folder and of its issues' folders, in the order of their names."""
    for path in sorted({*dist.glob("*.epub"), *dist.glob("*/*.epub")}):
        hidden = path.parent.name.startswith(".") or path.parent == dist / FOLDER
        if not hidden and path.is_file():
            yield path


def _left_out(path: Path, said: Iterable[str]) -> tuple[SourceError, ...]:
    return tuple(
        SourceError(shown(path), 0, words, "left out of the catalogue", "warning", "book") for words in said
    )


def _entry(book: Book) -> tuple[Entry, dict[str, bytes]]:
    """A book without its cover's bytes, and its cover and thumbnail as files of the catalogue, by name."""
    plain = replace(book, cover=None)
    if book.cover is None:
        return Entry(plain), {}
    try:
        picture = open_picture(book.path, book.cover, _SETTINGS)
        large = picture_for_screen(picture, _SETTINGS)
        small = picture_for_screen(picture, replace(_SETTINGS, ebook_long_side_px=_THUMBNAIL_PX))
    except PictureError:
        return Entry(plain), {}
    name = hashlib.sha256(book.path.encode()).hexdigest()[:16]
    found, files = [], {}
    for kind, made in (("cover", large), ("thumbnail", small)):
        ending = ".png" if made.mime == "image/png" else ".jpg"
        file = f"{kind}-{name}{ending}"
        found.append(Picture(file, made.mime, made.width_px, made.height_px))
        files[file] = made.data
    return Entry(plain, *found), files


def _name(entries: list[Entry]) -> str:
    names = Counter(entry.book.series.name for entry in entries if entry.book.series)
    return min(names, key=lambda name: (-names[name], name), default="")
