"""`index.html`: the catalogue for people, one page that needs nothing but itself and the covers.

Of a shelf of many books it shows the newest, and leads to a page for each month.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from issue_publisher.archive.address import Addresses
from issue_publisher.archive.shelf import Entry

Ways = tuple[tuple[str, str], ...]  # what a page is called, and its file


def write_front(
    entries: Iterable[Entry],
    title: str,
    addresses: Addresses,
    feeds: tuple[str, str],
    ways: tuple[Ways, ...] = (),
) -> bytes:
    """The page; `feeds` are the files to start from, Atom and JSON. Newest first, a heading a month.

    `ways`: to other such pages, a line each.
    """
    templates = Environment(
        loader=PackageLoader("issue_publisher", "archive"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    months = [(name, list(found)) for name, found in groupby(entries, key=_month)]
    page = templates.get_template("index.html.j2").render(
        title=title, months=months, addresses=addresses, feeds=feeds, ways=ways, megabytes=_megabytes
    )
    return page.encode()


def _month(entry: Entry) -> str:
    day = entry.book.issued
    return f"{day.year}年{day.month}月" if day else "日期不详"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
