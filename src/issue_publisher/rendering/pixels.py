"""pdfium, behind one function: the pages of a PDF as pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pixels:
    """A page drawn: rows of red, green and blue bytes."""

    width_px: int
    height_px: int
    rows: bytes = field(repr=False)


def draw_pages(pdf: bytes, width_px: int, over: bytes | None = None) -> Iterator[Pixels]:
    """Every page of a PDF so many pixels wide on white; with `over`, that PDF's same page laid over it.

    What `over` does not paint stays as it is below, and half-transparent ink lets it shine through.
    """
    import pypdfium2  # late: it loads a large library

    white, raw = (255, 255, 255, 255), pypdfium2.raw
    with ExitStack() as stack:
        layers = [
            stack.enter_context(closing(pypdfium2.PdfDocument(data)))
            for data in (pdf, over)
            if data is not None
        ]
        for number in range(len(layers[0])):
            wide, deep = layers[0][number].get_size()
            width, height = width_px, round(deep * width_px / wide)
            bitmap = pypdfium2.PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGR, rev_byteorder=True)
            bitmap.fill_rect(white, 0, 0, width, height)
            for layer in layers:
                place = (0, 0, width, height, 0)
                raw.FPDF_RenderPageBitmap(bitmap, layer[number], *place, raw.FPDF_REVERSE_BYTE_ORDER)
            yield Pixels(width, height, _rows(bitmap.buffer, width * 3, height, bitmap.stride))


def _rows(buffer: object, used: int, height: int, stride: int) -> bytes:
    """The bytes of a bitmap without the filling at the end of its rows."""
    data = memoryview(buffer).cast("B")  # type: ignore[arg-type]
    return b"".join(data[at : at + used] for at in range(0, height * stride, stride))
