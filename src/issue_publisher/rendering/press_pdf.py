"""The archive PDF → the press PDF: PDF/X-4 in press colours, derived from the very same pages.

WeasyPrint paints once, tagged and in screen colours. This pass takes those bytes, sets every colour and
picture for the press (`press_content`, `pictures`), and leaves out what paper has no use for: tags, links,
bookmarks, attachments, scripts. What it cannot print faithfully is an error with its remedy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from issue_publisher.composition.model import ComposedIssue
from issue_publisher.layout.model import PT_PER_MM, Layout
from issue_publisher.pictures import (
    WHOLE_JPEG,
    PictureError,
    Pixels,
    Plates,
    PressColours,
    plates_of,
    stays_whole,
)
from issue_publisher.pictures.crop import PT_PER_INCH
from issue_publisher.rendering import press_marks, press_papers
from issue_publisher.rendering.pdf import RenderError, Resource
from issue_publisher.rendering.pdf_objects import Array, Dictionary, Name, Object, Page, Pdf, opened, written
from issue_publisher.rendering.press_content import Key, Placed, PressDrawing

_VERSION = "1.6"  # what PDF/X-4 (ISO 15930-7) is built on
_KEPT_OF_PAGES = ("/Type", "/Parent")
_KEPT_OF_CATALOG = ("/Type", "/Pages", "/PageLabels")
_SUBSET = re.compile(r"/[A-Z]{6}\+")
# A large font of which few glyphs are shown was embedded whole: ours have some 300 bytes a glyph.
_MOST_FONT_BYTES = 1_000_000
_MOST_BYTES_A_GLYPH = 3_000
_NOTDEF = (0, 0)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the file says of itself."""

    paper: str
    date: date
    pages: tuple[int, ...]  # their printed numbers


def imprint_of(composed: ComposedIssue) -> Imprint:
    """What the press file of an issue says of itself."""
    numbers = tuple(made.page.number for made in composed.pages)
    return Imprint(composed.issue.nameplate.title, composed.issue.date, numbers)


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph's pixels before it was a JPEG, and its plates in colour if they were begun already."""

    pixels: Pixels
    plates: Future[Plates] | None = None


Photographs = Mapping[bytes, Photograph]  # by the sha256 of the JPEG


def photographs_of(
    resources: Iterable[Resource], layout: Layout, profile: bytes, pool: Executor
) -> Photographs:
    """The photographs among what the pages are painted with, as the press wants them.

    Their plates are begun in the `pool`: Pillow leaves Python alone, so that they are made while WeasyPrint
    paints.
    """
    colours = PressColours(profile, layout)

    def begun(pixels: Pixels) -> Future[Plates]:
        size_px, quality = (pixels.width_px, pixels.height_px), layout.pictures.press_quality
        return pool.submit(plates_of, pixels, size_px, colours, quality, grey=False)

    return {
        hashlib.sha256(one.data).digest(): Photograph(one.pixels, begun(one.pixels))
        for one in resources
        if one.pixels
    }


def press_pdf(
    archive: bytes, layout: Layout, profile: bytes, imprint: Imprint, photographs: Photographs | None = None
) -> bytes:
    """The press PDF of an archive PDF in screen colours; the same input gives the same bytes.

    `profile`: the ICC profile that `layout.press` names. `photographs`: what to make plates of instead of
    the JPEG that the archive holds of them; WeasyPrint passes JPEGs on byte for byte, so that is told by
    their sha256. Raises RenderError with everything that would not print as it should, a line each.
    """
    with opened(archive) as pdf:
        drawing = PressDrawing(pdf, PressColours(profile, layout), layout.press)
        for page, number in zip(pdf.pages, imprint.pages, strict=True):
            _page(page, number, drawing)
        _pictures(drawing, layout, photographs or {})
        _fonts(drawing)
        if drawing.problems:
            raise RenderError("\n".join(_told(drawing.problems)))
        for name in set(pdf.Root.keys()) - set(_KEPT_OF_CATALOG):
            del pdf.Root[name]
        press_papers.add(pdf, layout.press, profile, imprint, _identity(pdf, drawing))
        del pdf.trailer["/ID"]  # the archive's, which knows of its enclosures
        return written(pdf, _VERSION)


def _identity(pdf: Pdf, drawing: PressDrawing) -> bytes:
    """Made of what is printed: what an archive PDF encloses besides is none of the press's business."""
    printed = [page.Contents.read_raw_bytes() for page in pdf.pages]
    printed += [placed.target.read_raw_bytes() for _, placed in sorted(drawing.pictures.items())]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in printed)).digest()


def _told(problems: Mapping[str, set[int]]) -> Iterator[str]:
    for what, numbers in problems.items():
        named = ", ".join(map(str, sorted(numbers)))
        yield f"page{'s' * (len(numbers) > 1)} {named}: {what}"


# --------------------------------------------------------------------------- pages


def _page(page: Page, number: int, drawing: PressDrawing) -> None:
    """Replace a page's stream and resources, and give it its boxes; all else that it holds is for screens."""
    press = drawing.press
    drawn = drawing.page(page, number, grey=number in press.grey_pages)
    trim = [round(float(edge), 3) for edge in page.trimbox]
    for name in set(page.obj.keys()) - set(_KEPT_OF_PAGES):
        del page.obj[name]
    bleed = press.bleed_mm * PT_PER_MM
    around = bleed + (press_marks.MARGIN_MM * PT_PER_MM if press.marks else 0)
    page.obj.MediaBox = _larger(trim, around)
    page.obj.BleedBox = _larger(trim, bleed)
    page.obj.TrimBox = _larger(trim, 0)
    content, resources = b"q\n" + drawn.content + b"\nQ\n", drawn.resources
    if press.marks:
        spaces = resources.get("/ColorSpace", Dictionary())
        spaces[press_marks.SPACE] = press_marks.all_plates(drawing.pdf)
        resources.ColorSpace = spaces
        content += press_marks.marks(trim, bleed)
    page.obj.Resources = resources
    page.obj.Contents = drawing.pdf.make_stream(content)


def _larger(box: list[float], by: float) -> Array:
    left, bottom, right, top = box
    return Array([round(edge, 3) for edge in (left - by, bottom - by, right + by, top + by)])


# --------------------------------------------------------------------------- pictures


def _pictures(drawing: PressDrawing, layout: Layout, photographs: Photographs) -> None:
    """Put the press's pictures where the archive's stood, made side by side: Pillow leaves Python alone."""
    sources: dict[Key, Photograph] = {}
    for key, placed in sorted(drawing.pictures.items()):
        for number in sorted(placed.pages):
            drawing.number = number
            if (found := _source(placed, drawing, photographs)) is not None:
                sources[key] = found

    def made(key: Key) -> Plates | PictureError:
        placed, source, grey = drawing.pictures[key], sources[key], key[1]
        px_per_pt, pixels = layout.pictures.press_ppi / PT_PER_INCH, source.pixels
        most_px = placed.width_pt * px_per_pt, placed.height_pt * px_per_pt
        try:
            if source.plates and not grey and stays_whole((pixels.width_px, pixels.height_px), most_px):
                return source.plates.result()
            return plates_of(pixels, most_px, drawing.colours, layout.pictures.press_quality, grey=grey)
        except PictureError as error:
            return error

    with ThreadPoolExecutor() as pool:
        plates = dict(zip(sources, pool.map(made, sources), strict=True))
    for key, result in plates.items():
        drawing.number = min(drawing.pictures[key].pages)
        if isinstance(result, PictureError):
            drawing.wrong(result.message, result.hint)
        else:
            _write(drawing.pictures[key].target, result)


def _source(placed: Placed, drawing: PressDrawing, photographs: Photographs) -> Photograph | None:
    """What a picture's plates are made of, if it can be printed."""
    source, width, height = placed.source, int(placed.source.Width), int(placed.source.Height)
    ppi = min(width / placed.width_pt, height / placed.height_pt) * PT_PER_INCH
    if ppi < drawing.press.least_ppi:
        drawing.wrong(
            f"a picture of {width} × {height} pixels is printed {placed.width_pt / PT_PER_MM:.0f} mm wide,"
            f" at {ppi:.0f} pixels to the inch",
            f"at least {drawing.press.least_ppi:g}, press.least_ppi: a larger picture, or fewer columns",
        )
    if _is_transparent(source):
        drawing.wrong(
            f"a picture of {width} × {height} pixels is transparent", "lay it on the colour that it stands on"
        )
    if source.get("/Filter") == Name.DCTDecode:
        data = source.read_raw_bytes()
        found = photographs.get(hashlib.sha256(data).digest())
        return found or Photograph(Pixels(data, width, height, WHOLE_JPEG, is_photograph=True))
    mode = _MODES.get(_parts(source.get("/ColorSpace")))
    if mode is None or int(source.get("/BitsPerComponent", 1)) != 8:
        drawing.wrong(
            f"a picture of {width} × {height} pixels is of an unknown kind", "save it as JPEG or PNG"
        )
        return None
    return Photograph(Pixels(source.read_bytes(), width, height, mode, is_photograph=False))


_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_PARTS = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/DeviceCMYK": 4}


def _parts(space: Any) -> int:
    """How many samples a pixel has, or 0 when its colour space is not one of ours."""
    if isinstance(space, Array):
        return int(space[1].N) if space[0] == Name.ICCBased else _PARTS.get(str(space[0]), 0)
    return _PARTS.get(str(space), 0)


def _is_transparent(source: Any) -> bool:
    """Whether any pixel is; a mask that hides nothing is none."""
    if "/SMask" in source:
        return min(source.SMask.read_bytes(), default=255) < 255
    return "/Mask" in source or bool(source.get("/ImageMask", False))


def _write(target: Any, plates: Plates) -> None:
    target.Type, target.Subtype = Name.XObject, Name.Image
    target.Width, target.Height = plates.width_px, plates.height_px
    target.ColorSpace = Name.DeviceGray if plates.is_grey else Name.DeviceCMYK
    target.BitsPerComponent = 8
    if plates.is_jpeg and not plates.is_grey:
        target.Decode = Array([1, 0] * 4)
    target.write(plates.data, filter=Name.DCTDecode if plates.is_jpeg else Name.FlateDecode)


# --------------------------------------------------------------------------- fonts


def _fonts(drawing: PressDrawing) -> None:
    """Every font embedded, and of each only what is shown; no glyph that stands for a missing one."""
    for objgen, codes in sorted(drawing.fonts.items()):
        font = drawing.pdf.get_object(objgen)
        name = str(font.get("/BaseFont", "/?"))
        program = _program(font)
        if program is None or not _SUBSET.match(name):
            drawing.wrong(f"the font {name[1:]} is not embedded", "set it in a face of fonts.toml")
            continue
        size = len(program.read_bytes())
        if size > max(_MOST_FONT_BYTES, _MOST_BYTES_A_GLYPH * len(codes)):
            drawing.wrong(
                f"the font {name[1:]} was embedded whole: {size / 1e6:.1f} MB for {len(codes)} glyphs",
                "install HarfBuzz's subset library, libharfbuzz-subset0",
            )
        if _NOTDEF in codes:
            drawing.wrong(
                f"a character has no glyph in the font {name[1:]}", "see which face lacks it: validate"
            )


def _program(font: Object) -> Object | None:
    descendants = font.get("/DescendantFonts")
    descriptor = (descendants[0] if descendants else font).get("/FontDescriptor", Dictionary())
    return next(
        (descriptor[name] for name in ("/FontFile", "/FontFile2", "/FontFile3") if name in descriptor), None
    )
