"""Parts painted on a page of their own, and what pdfium finds there."""

from __future__ import annotations

import pypdfium2

from issue_publisher.composition.model import Choice, ComposedIssue, ComposedPage, Frame, Part, Placement
from issue_publisher.layout.model import PT_PER_MM
from issue_publisher.production.load import Source
from issue_publisher.rendering.pages import render_pages
from typesetting.paper import faces

ROW = 40  # of the frame, below nameplate and folio
DPI = 288


def page(source: Source, parts: tuple[Part, ...]) -> bytes:
    """A page that holds one frame of these parts."""
    frame = Frame(Placement("vertical", 0, ROW, 60, Choice(8)), "article", parts)
    composed = ComposedIssue(source.issue, (ComposedPage(source.issue.pages[1], (frame,)),))
    return render_pages(composed, source.layout, faces(), source.pictures)


def origin(source: Source) -> tuple[float, float]:
    layout = source.layout
    top = layout.page.top_mm * PT_PER_MM + layout.grid.depth_pt(ROW)
    return layout.left_mm * PT_PER_MM, top


def ink(pdf: bytes, left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    """The box of the ink in a region, in points from the region's upper left corner."""
    bitmap = pypdfium2.PdfDocument(pdf)[0].render(scale=DPI / 72, grayscale=True).to_pil()
    zoom = DPI / 72
    part = bitmap.crop(tuple(round(edge * zoom) for edge in (left, top, right, bottom)))
    box = part.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert box is not None
    return tuple(edge / zoom for edge in box)
