"""Two files of one kind held against each other: which pages look otherwise, which files of a book differ."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from issue_publisher.archive.pdfium import Drawn, drawn_pages
from issue_publisher.preflight.container import open_container

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 100
_SEEN = 8  # of 255: less is the rounding of whoever drew the page
_GUTTER_PX = 12
_RED = (200, 0, 30)


@dataclass(frozen=True, slots=True)
class PageDifference:
    """A page that does not look as it did."""

    page: int  # 1-based
    share: float  # of its pixels that differ; 1 when there is but one of the two
    png: bytes = field(repr=False)  # was, is, and where they differ, side by side


def page_differences(was: bytes, now: bytes) -> Iterator[PageDifference]:
    """The pages of two PDFs that differ as pixels, one after the other. Raises UnreadableError."""
    pairs = zip_longest(drawn_pages(was, DPI), drawn_pages(now, DPI))
    for number, (before, after) in enumerate(pairs, 1):
        if before == after:
            continue
        share, png = _side_by_side(_image(before or after), _image(after or before))
        if before is None or after is None:
            share = 1.0
        if share:
            yield PageDifference(number, share, png)


@dataclass(frozen=True, slots=True)
class EntryDifference:
    """A file inside two books that is not the same, or is in one of them alone."""

    name: str
    how: str  # "differs", "is new", "is gone"


def entry_differences(was: bytes, now: bytes) -> tuple[EntryDifference, ...]:
    """The files inside two EPUBs that differ, by name. Raises UnreadableBookError and what damage raises."""
    before, after = _entries(was), _entries(now)
    return tuple(
        EntryDifference(
            name, "is gone" if name not in after else "is new" if name not in before else "differs"
        )
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )


def _entries(book: bytes) -> dict[str, bytes]:
    container = open_container(book, "")
    return {name: hashlib.sha256(container.read(name)).digest() for name in container.names}


def _image(drawn: Drawn | None) -> Image:
    from PIL import Image

    assert drawn is not None
    return Image.frombytes("RGB", (drawn.width_px, drawn.height_px), drawn.rows)


def _side_by_side(was: Image, now: Image) -> tuple[float, bytes]:
    """How much of two pages differs, and the picture that shows it."""
    from PIL import Image, ImageChops

    size = max(was.width, now.width), max(was.height, now.height)
    was, now = (_on_white(one, size) for one in (was, now))
    apart = ImageChops.difference(was, now).convert("L").point(lambda value: 255 if value > _SEEN else 0)
    share = apart.histogram()[255] / (size[0] * size[1])
    marked = Image.composite(
        Image.new("RGB", size, _RED), now.convert("L").convert("RGB").point(_paler), apart
    )
    sheet = Image.new("RGB", (3 * size[0] + 2 * _GUTTER_PX, size[1]), (128, 128, 128))
    for at, one in enumerate((was, now, marked)):
        sheet.paste(one, (at * (size[0] + _GUTTER_PX), 0))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return share, file.getvalue()


def _paler(value: float) -> float:
    return 160 + value * 95 // 255


def _on_white(image: Image, size: tuple[int, int]) -> Image:
    from PIL import Image as Images

    if image.size == size:
        return image
    sheet = Images.new("RGB", size, (255, 255, 255))
    sheet.paste(image, (0, 0))
    return sheet
