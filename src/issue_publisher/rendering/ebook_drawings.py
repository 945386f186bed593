"""Drawings for e-readers: as SVG where every reader draws it, else as pixels, drawn as for the press."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from issue_publisher.fonts.subset import subset_face
from issue_publisher.layout.model import Layout
from issue_publisher.pictures import PreparedPicture, drawn_for_screen, reader_hazard, text_in_svg
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept
from issue_publisher.rendering.outlines import outlined
from issue_publisher.rendering.pdf import BASE, Resource, write_pdf
from issue_publisher.rendering.pixels import draw_pages
from issue_publisher.typesetting.faces import PaperFaces

_SVG = "image/svg+xml"
_FONTS = ("hei", "hei-heavy")  # families that drawings may name, as in the press PDF
_LONG_SIDE_PT = 400


def drawing_for_readers(
    svg: bytes,
    width_px: int,
    height_px: int,
    layout: Layout,
    faces: PaperFaces,
    kept: Kept = NOTHING_KEPT,
) -> PreparedPicture:
    """The drawing with outlines for letters, or its pixels where that is no safe SVG for e-readers.
    Its outlines are `kept`.

    Raises RenderError when WeasyPrint cannot draw it without a complaint.
    """
    drawing = outlined(svg, faces, kept)
    if reader_hazard(drawing, layout.ebook.svg_kb, layout.ebook.svg_shapes) is None:
        return PreparedPicture(drawing, _SVG, width_px, height_px)
    long_side = max(width_px, height_px)
    wide, deep = (_LONG_SIDE_PT * side / long_side for side in (width_px, height_px))
    fonts = _fonts(drawing, faces)
    html = (
        "<!DOCTYPE html><html><head><meta charset=utf-8><style>"
        f"@page{{size:{wide:.3f}pt {deep:.3f}pt;margin:0}}body{{margin:0}}"
        f"img{{display:block;width:{wide:.3f}pt;height:{deep:.3f}pt}}{_font_faces(fonts)}"
        f'</style></head><body><img src="{BASE}drawing" alt=""></body></html>'
    )
    resources = {"drawing": Resource(drawing, _SVG), **fonts}
    pdf = write_pdf(html, resources, identifier=hashlib.sha256(drawing).digest()[:16])
    shown_px = round(layout.pictures.ebook_long_side_px * wide / _LONG_SIDE_PT)
    (drawn,) = draw_pages(pdf, max(1, shown_px))
    return drawn_for_screen(drawn.rows, drawn.width_px, drawn.height_px, layout.pictures)


def _fonts(drawing: bytes, faces: PaperFaces) -> dict[str, Resource]:
    """Subsets for the lettering that could not become outlines, by their paths."""
    used: dict[str, set[str]] = defaultdict(set)
    for role in _FONTS:
        for face, part in faces.runs(text_in_svg(drawing), role, None):
            used[face.role].update(part)
    return {
        f"font/{role}": Resource(
            subset_face(faces.fonts.face(role), used[role], f"Drawing {role}"), "font/ttf"
        )
        for role in sorted(used)
    }


def _font_faces(fonts: dict[str, Resource]) -> str:
    """Every face by its own name, and the heavy one as the bold of its family."""
    rules = [(path.removeprefix("font/"), "normal", path) for path in fonts]
    if "font/hei-heavy" in fonts:
        rules.append(("hei", "bold", "font/hei-heavy"))
    return "".join(
        f'@font-face{{font-family:{family};font-weight:{weight};src:url("{BASE}{path}")}}'
        for family, weight, path in rules
    )
