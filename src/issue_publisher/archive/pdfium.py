"""pdfium, behind one module: what a PDF says, page by page, and what its pages look like.

It has no part in making our PDFs, and reads them as browsers do.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from issue_publisher.archive.witness import Reading

MOST_PAGES = 1_000
_MOST_SIDE_PX = 6_000  # of a page that is drawn
_DEEPEST = 64  # elements inside one another
_PT_PER_INCH = 72


class UnreadableError(Exception):
    """A file that an extractor cannot open; why."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as pixels: rows of red, green and blue bytes."""

    width_px: int
    height_px: int
    rows: bytes = field(repr=False)


def read_pdf(data: bytes) -> Reading:
    """The words of a PDF in the order that they are painted in, and its pictures' descriptions."""
    pages, descriptions = [], []
    with _opened(data) as document:
        for number in range(len(document)):
            page = document[number]
            with closing(page), closing(page.get_textpage()) as text:
                pages.append(text.get_text_range())
                descriptions += _descriptions(page)
    return Reading("pdfium", tuple(pages), "\n".join(descriptions))


def drawn_pages(data: bytes, dpi: int) -> Iterator[Drawn]:
    """Every page on white."""
    import pypdfium2

    with _opened(data) as document:
        for number in range(len(document)):
            with closing(document[number]) as page:
                scale = min(dpi / _PT_PER_INCH, _MOST_SIDE_PX / max(1, *page.get_size()))
                bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=_RGB(pypdfium2))
                yield Drawn(bitmap.width, bitmap.height, _rows(bitmap))


def _RGB(pypdfium2: Any) -> int:  # noqa: N802 - a constant of a library that is loaded late
    return int(pypdfium2.raw.FPDFBitmap_BGR)


def _rows(bitmap: Any) -> bytes:
    """The bytes of a bitmap without the filling at the end of its rows."""
    data = memoryview(bitmap.buffer).cast("B")
    used = bitmap.width * 3
    return b"".join(data[at : at + used] for at in range(0, bitmap.height * bitmap.stride, bitmap.stride))


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    import pypdfium2  # late: it loads a large library

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(str(error)) from error
    with closing(document):
        if len(document) > MOST_PAGES:
            raise UnreadableError(f"it has {len(document)} pages, and at most {MOST_PAGES} are read")
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise UnreadableError(str(error)) from error


def _descriptions(page: Any) -> list[str]:
    """Alternative texts of a page's structure."""
    import pypdfium2

    raw = pypdfium2.raw
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    try:
        tops = (
            raw.FPDF_StructTree_GetChildAtIndex(tree, at)
            for at in range(raw.FPDF_StructTree_CountChildren(tree))
        )
        return [text for top in tops for text in _alternatives(raw, top, 0)]
    finally:
        raw.FPDF_StructTree_Close(tree)


def _alternatives(raw: Any, element: Any, depth: int) -> Iterator[str]:
    if not element or depth > _DEEPEST:
        return
    length = raw.FPDF_StructElement_GetAltText(element, None, 0)
    if length > 2:  # bytes of UTF-16 with its end
        buffer = ctypes.create_string_buffer(length)
        raw.FPDF_StructElement_GetAltText(element, buffer, length)
        yield buffer.raw[: length - 2].decode("utf-16-le", "replace")
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        yield from _alternatives(raw, raw.FPDF_StructElement_GetChildAtIndex(element, at), depth + 1)
