"""The specimens as pictures: painted by the press renderer on newspaper pages, cut out by pdfium."""

from __future__ import annotations

import ctypes
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageFilter

from issue_publisher.composition.flow import moved
from issue_publisher.composition.model import (
    Choice,
    ComposedIssue,
    ComposedPage,
    Frame,
    Part,
    Placement,
    TextBlock,
)
from issue_publisher.composition.setter import Setter
from issue_publisher.layout.model import PT_PER_MM
from issue_publisher.rendering.pages import render_pages
from requirements.setting import PANEL_GAP_PT, SetPanel, Specimen, issue, paper, set_panel
from requirements.specimens import BY_NUMBER, SPECIMENS
from typesetting.paper import faces

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "typesetting"
RENEW = "RENEW_PICTURES"  # environment variable: write the pictures instead of comparing them
PPI = 160  # the body's em is 20 pixels, its leading 30
MARGIN_PT = 9.0
COLOURS = 32
WIDEST_PX = 900

_ROW = 8  # of the grid, where each specimen begins on its page, below the folio line


@dataclass(frozen=True)
class Place:
    """Where a specimen stands on the pages: page from 0, box in points from the type area's upper left."""

    page: int
    x: float
    y: float
    width: float
    depth: float


@cache
def set_specimen(number: int) -> tuple[SetPanel, ...]:
    """All panels of a requirement's specimen, set."""
    specimen = BY_NUMBER[number]
    return tuple(set_panel(panel, specimen.guides) for panel in specimen.panels)


def _parts(specimen: Specimen) -> tuple[tuple[Part, ...], float, float]:
    """The panels side by side under their labels; their parts, width and depth."""
    setter = Setter(paper(), faces())
    leading = setter.leading_pt
    top = leading if any(panel.label for panel in specimen.panels) else 0.0
    parts: list[Part] = []
    x = depth = 0.0
    for panel, found in zip(specimen.panels, set_specimen(specimen.number), strict=True):
        if panel.label:
            label = setter.lines(setter.plain(panel.label, "caption"), "caption", found.width_pt)
            parts.append(TextBlock("caption", x, 0.0, found.width_pt, leading * 0.75, label))
        parts += [moved(part, x, top + leading * 0.25) for part in found.parts]
        x += found.width_pt + PANEL_GAP_PT
        depth = max(depth, top + leading * 0.25 + found.depth_pt)
    return tuple(parts), x - PANEL_GAP_PT, depth


def place_all(specimens: Iterable[Specimen]) -> tuple[ComposedIssue, dict[int, Place]]:
    """Each specimen on a newspaper page of its own, at one place, so that none depends on the others."""
    grid, first = paper().grid, issue().pages[0]
    pages = [ComposedPage(first, ())]  # the front page, with its nameplate
    places: dict[int, Place] = {}
    for specimen in specimens:
        parts, width, depth = _parts(specimen)
        placement = Placement(specimen.name, 0, _ROW, -int(-depth // grid.leading_pt), Choice(grid.columns))
        places[specimen.number] = Place(len(pages), 0.0, grid.depth_pt(_ROW), width, depth)
        page = replace(first, number=len(pages) + 1)
        pages.append(ComposedPage(page, (Frame(placement, "article", parts),)))
    made = replace(issue(), pages=tuple(page.page for page in pages))
    return ComposedIssue(made, tuple(pages)), places


@cache
def press() -> tuple[bytes, dict[int, Place]]:
    """The PDF with all specimens, and where each stands."""
    composed, places = place_all(SPECIMENS)
    return render_pages(composed, paper(), faces(), {}), places


def place_of(number: int) -> Place:
    """Where a specimen stands."""
    return press()[1][number]


@cache
def painted(number: int) -> Image.Image:
    """The picture of a specimen as it is set today."""
    place = place_of(number)
    page = pypdfium2.PdfDocument(press()[0])[place.page]
    left = paper().left_mm * PT_PER_MM + place.x - MARGIN_PT
    top = paper().page.top_mm * PT_PER_MM + place.y - MARGIN_PT
    right = page.get_width() - left - place.width - 2 * MARGIN_PT
    bottom = page.get_height() - top - place.depth - 2 * MARGIN_PT
    bitmap = page.render(scale=PPI / 72, crop=(left, bottom, right, top))
    return bitmap.to_pil().convert("RGB")


Glyph = tuple[str, float, float, float]  # character, x and baseline from the specimen's corner, size; points


@cache
def glyphs(number: int) -> tuple[Glyph, ...]:
    """What pdfium finds in a specimen's box."""
    place = place_of(number)
    page = pypdfium2.PdfDocument(press()[0])[place.page]
    left, top = paper().left_mm * PT_PER_MM + place.x, paper().page.top_mm * PT_PER_MM + place.y
    text, depth, found = page.get_textpage(), page.get_height(), []
    x, y = ctypes.c_double(), ctypes.c_double()
    for at in range(text.count_chars()):
        pdfium.FPDFText_GetCharOrigin(text.raw, at, x, y)
        across, down = x.value - left, depth - y.value - top
        char = chr(pdfium.FPDFText_GetUnicode(text.raw, at))
        if char.strip() and -20 < across < place.width + 20 and -6 < down < place.depth + 6:
            size = pdfium.FPDFText_GetFontSize(text.raw, at) * 0.75  # WeasyPrint counts in CSS pixels
            found.append((char, across, down, size))
    return tuple(found)


def as_png(picture: Image.Image) -> bytes:
    """A small file: few colours, all of them greys and the guides' blue."""
    out = io.BytesIO()
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


# --------------------------------------------------------------------------- comparison

# Other releases of the rasteriser place the grey along the edge of a stroke a little differently, and the
# kept picture has few colours: after a blur of one pixel that, or a shift by half a pixel, stays below 48 of
# 255 levels; a stroke that moved by a pixel (0.45 pt) does not. Not the whole picture is asked, where a comma
# would be lost, but every spot of the size of a character: there one pixel in a hundred may differ by more. A
# comma that is gone is worth five in a hundred, an emphasis dot two.
LEVELS = 48
SPOT_PX = 20
SHARE = 0.01


def difference(was: Image.Image, now: Image.Image) -> tuple[float, Image.Image]:
    """The largest share of any spot that differs, and a picture of it (black where nothing does)."""
    if was.size != now.size:
        return 1.0, now
    blurred = [picture.convert("RGB").filter(ImageFilter.BoxBlur(1)) for picture in (was, now)]
    bands = ImageChops.difference(*blurred).split()
    worst = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    mask = worst.point(lambda level: 255 if level > LEVELS else 0)
    share = mask.filter(ImageFilter.BoxBlur(SPOT_PX // 2)).getextrema()[1] / 255
    return share, worst.point(lambda level: min(255, level * 3))


def renewing() -> bool:
    """Whether the pictures are to be written anew."""
    return bool(os.environ.get(RENEW))
