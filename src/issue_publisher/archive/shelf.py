"""A folder of issues as a catalogue's feeds: newest first, by year and month, by section, by series.

A feed either leads to others or lists books, a page of at most `PAGE` at a time. Of more than `MANY` books
the newest feed lists the newest, and a section or a series leads to its years: a new issue moves every book
after it to another place of its feed, and so touches the feeds of its own year alone. Nothing here knows how
a feed is written: see `opds1`, `opds2` and `front`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from issue_publisher.archive.book import Book

PAGE = 100  # books on a page of a feed
MANY = 1000  # a shelf, section or series of more books is parted by time
UNDATED = "undated"  # the feed of books that bear no date, where only feeds by time list all
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:issue-publisher:catalogue")
_NO_DATE = date(1970, 1, 1)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")  # RFC 3986, for an id
_SECTION_SERVES = 2  # issues: a rubric of one day leads to nothing that the day does not lead to


@dataclass(frozen=True, slots=True)
class Picture:
    """A cover as the catalogue's folder holds it."""

    file: str  # from the catalogue's folder
    mime: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A book on the shelf."""

    book: Book
    cover: Picture | None = None
    thumbnail: Picture | None = None

    @property
    def id(self) -> str:
        """The book's identifier as a URI, for those that are none."""
        known = self.book.identifier
        return known if _URI.fullmatch(known) else f"urn:uuid:{uuid.uuid5(_NAMES, known)}"


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one feed to another."""

    feed: str  # the other's name
    title: str
    words: str  # what is in it
    lists_books: bool
    updated: date


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of one feed. `name` is its file without ending."""

    name: str
    title: str
    updated: date
    links: tuple[Link, ...] = ()
    entries: tuple[Entry, ...] = ()
    total: int = 0  # books on all its pages
    page: int = 1
    pages: int = 1
    up: str | None = None  # the feed that leads here

    @property
    def id(self) -> str:
        """The same whenever the catalogue is written."""
        return f"urn:uuid:{uuid.uuid5(_NAMES, f'{self.name}/{self.title}')}"

    @property
    def lists_books(self) -> bool:
        """Whether it lists books, and leads nowhere."""
        return not self.links

    def page_name(self, page: int) -> str:
        """The name of another page of it."""
        return _page_name(self.name if self.page == 1 else self.name.rpartition("-")[0], page)


def _page_name(name: str, page: int) -> str:
    return name if page == 1 else f"{name}-{page}"


def make_feeds(entries: Iterable[Entry], title: str, root: str = "opds") -> tuple[Feed, ...]:
    """All feeds of a catalogue, the one to start from first.

    The newest issue stands first; of one day those come first whose place in their series is later.
    """
    shelf = sorted(entries, key=_newest)
    feeds: list[Feed] = []
    links = [_books(feeds, "new", "最新", shelf[:MANY], root)]
    links += _by_month(feeds, shelf, root)
    links += _by(feeds, "section", "按版面", shelf, root, lambda one: one.book.subjects, _SECTION_SERVES)
    links += _by(feeds, "series", "按报刊", shelf, root, _series_of)
    updated = _updated(shelf)
    return (Feed(root, title, updated, tuple(links), total=len(shelf)), *feeds)


def _newest(entry: Entry) -> tuple[int, float, str]:
    book = entry.book
    position = book.series.position if book.series and book.series.position is not None else 0.0
    return -(book.issued or _NO_DATE).toordinal(), -position, book.path


def _updated(entries: Sequence[Entry]) -> date:
    return max((entry.book.issued or _NO_DATE for entry in entries), default=_NO_DATE)


def _count(entries: Sequence[Entry]) -> str:
    return f"{len(entries)}期"


def _books(feeds: list[Feed], name: str, title: str, entries: Sequence[Entry], up: str) -> Link:
    """A feed that lists books, on as many pages as it takes; the link to it."""
    pages = max(1, ceil(len(entries) / PAGE))
    for page in range(1, pages + 1):
        shown = tuple(entries[(page - 1) * PAGE : page * PAGE])
        feeds.append(
            Feed(_page_name(name, page), title, _updated(entries), (), shown, len(entries), page, pages, up)
        )
    return Link(name, title, _count(entries), lists_books=True, updated=_updated(entries))


def _menu(
    feeds: list[Feed], name: str, title: str, links: Sequence[Link], entries: Sequence[Entry], up: str
) -> Link:
    """A feed that leads to others; the link to it."""
    feeds.append(Feed(name, title, _updated(entries), tuple(links), total=len(entries), up=up))
    return Link(name, title, _count(entries), lists_books=False, updated=_updated(entries))


def _by_month(feeds: list[Feed], shelf: Sequence[Entry], up: str) -> list[Link]:
    """Years, and in each its months."""
    dated = [(entry.book.issued, entry) for entry in shelf if entry.book.issued]
    if not dated:
        return []
    years = []
    for year in dict.fromkeys(day.year for day, _ in dated):
        within = [(day, entry) for day, entry in dated if day.year == year]
        months = [
            _books(
                feeds,
                f"month-{year:04}-{month:02}",
                f"{year}年{month}月",
                [entry for day, entry in within if day.month == month],
                f"year-{year:04}",
            )
            for month in dict.fromkeys(day.month for day, _ in within)
        ]
        entries = [entry for _, entry in within]
        years.append(_menu(feeds, f"year-{year:04}", f"{year}年", months, entries, "years"))
    listed = [entry for _, entry in dated]
    if len(shelf) > MANY and len(listed) < len(shelf):
        undated = [entry for entry in shelf if not entry.book.issued]
        years.append(_books(feeds, UNDATED, "日期不详", undated, "years"))
        listed = list(shelf)
    return [_menu(feeds, "years", "按年月", years, listed, up)]


def _listing(feeds: list[Feed], name: str, title: str, entries: Sequence[Entry], up: str) -> Link:
    """A feed that lists books; of many it leads to one for each of their years."""
    if len(entries) <= MANY:
        return _books(feeds, name, title, entries, up)
    of_year: dict[int | None, list[Entry]] = {}
    for entry in entries:
        of_year.setdefault(entry.book.issued.year if entry.book.issued else None, []).append(entry)
    links = [
        _books(
            feeds,
            f"{name}-{UNDATED if year is None else f'{year:04}'}",
            f"{title}　{'日期不详' if year is None else f'{year}年'}",
            found,
            name,
        )
        for year, found in of_year.items()
    ]
    return _menu(feeds, name, title, links, entries, up)


def _by(
    feeds: list[Feed],
    kind: str,
    title: str,
    shelf: Sequence[Entry],
    up: str,
    names_of: Callable[[Entry], Iterable[str]],
    least: int = 1,
) -> list[Link]:
    """A feed for each name that at least so many issues bear, the most frequent first."""
    bearing: dict[str, list[Entry]] = {}
    for entry in shelf:
        for name in names_of(entry):
            bearing.setdefault(name, []).append(entry)
    named = {name: entries for name, entries in bearing.items() if len(entries) >= least}
    if not named:
        return []
    order = sorted(named, key=lambda name: (-len(named[name]), name))
    links = [
        _listing(feeds, f"{kind}-{uuid.uuid5(_NAMES, name).hex[:8]}", name, named[name], f"{kind}-all")
        for name in order
    ]
    every = [entry for entry in shelf if any(name in named for name in names_of(entry))]
    return [_menu(feeds, f"{kind}-all", title, links, every, up)]


def _series_of(entry: Entry) -> tuple[str, ...]:
    return (entry.book.series.name,) if entry.book.series else ()
