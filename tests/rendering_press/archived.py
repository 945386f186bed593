"""A small archive PDF to make a press PDF of: tagged, in screen colours, PDF/A-3a."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image, ImageChops
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from issue_publisher.fonts.catalogue import read_fonts
from issue_publisher.fonts.subset import subset_face
from issue_publisher.layout.model import Layout
from issue_publisher.layout.reader import read_layout
from issue_publisher.rendering.pdf import BASE, Resource, _fetcher
from issue_publisher.rendering.press_pdf import Imprint, Photographs, press_pdf

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "layouts" / "broadsheet"
LAYOUT = read_layout((FOLDER / "layout.toml").read_bytes(), "layout.toml", FOLDER)
PROFILE = (FOLDER / "press" / LAYOUT.press.profile).read_bytes()
WIDTH_MM, HEIGHT_MM = 100, 70
DPI = 144
INKS = ("Cyan", "Magenta", "Yellow", "Black")

needs_ghostscript = pytest.mark.skipif(
    shutil.which("gs") is None, reason="Ghostscript draws the separations: apt-get install ghostscript"
)


@cache
def font(text: str) -> bytes:
    """The body's face with these characters."""
    face = read_fonts(REPOSITORY / "fonts").face("hei-heavy")
    return subset_face(face, set(text), "Issue hei")


def archive(*pages: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Pages of 100 × 70 mm; each is the inside of a body, measured in mm from the upper left."""
    resources = {"font/hei": Resource(font("报纸叠印反白字样一二三"), "font/ttf")}
    resources |= {name: Resource(data, _MIMES[Path(name).suffix]) for name, data in (pictures or {}).items()}
    sheets = "".join(f'<section class="page">{page}</section>' for page in pages)
    html = f"""<!DOCTYPE html><html lang="zh"><head><title>晨渡周报 2026年11月30日</title>
<meta name="author" content="晨渡周报社"><meta name="generator" content="issue-publisher">
<style>
@font-face {{ font-family: hei; src: url("{BASE}font/hei") }}
@page {{ size: {WIDTH_MM}mm {HEIGHT_MM}mm; margin: 0 }}
html {{ color: {LAYOUT.ink_rgb("black")}; font: 12pt hei }} body {{ margin: 0 }}
.page {{ position: relative; height: {HEIGHT_MM}mm; break-after: page }}
.page:last-child {{ break-after: auto }}
.page > * {{ position: absolute; margin: 0 }}
</style></head><body>{sheets}</body></html>"""
    fonts = FontConfiguration()
    page = HTML(string=html, base_url=BASE, url_fetcher=_fetcher(resources))
    data = page.render(font_config=fonts).write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=b"1" * 16)
    assert data is not None
    return bytes(data)


_MIMES = {".jpg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml"}


def box(x: float, y: float, width: float, height: float, ink: str, inside: str = "", css: str = "") -> str:
    """A rectangle in an ink of the layout or in a colour of CSS."""
    colour = LAYOUT.ink_rgb(ink) if ink in LAYOUT.inks else ink
    place = f"left:{x}mm;top:{y}mm;width:{width}mm;height:{height}mm"
    return f'<div style="{place};background:{colour};{css}">{inside}</div>'


def text(x: float, y: float, words: str, ink: str = "black", size_pt: float = 24) -> str:
    """A line of text in an ink of the layout."""
    colour = LAYOUT.ink_rgb(ink)
    return f'<p style="left:{x}mm;top:{y}mm;color:{colour};font-size:{size_pt}pt;line-height:1">{words}</p>'


def image(x: float, y: float, width: float, height: float, src: str) -> str:
    """A picture that fills its box."""
    place = f"left:{x}mm;top:{y}mm;width:{width}mm;height:{height}mm"
    return f'<img style="{place}" src="{BASE}{src}" alt="字样">'


def jpeg(picture: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=95, **options)
    return file.getvalue()


def for_press(
    data: bytes,
    layout: Layout = LAYOUT,
    pages: int = 1,
    photographs: Photographs | None = None,
    **press: object,
) -> bytes:
    """The press PDF of an archive PDF; `press` changes limits of the layout."""
    changed = replace(layout, press=replace(layout.press, **press))
    imprint = Imprint("晨渡周报", date(2026, 11, 30), tuple(range(1, pages + 1)))
    return press_pdf(data, changed, PROFILE, imprint, photographs)


def separations(pdf: bytes, page: int = 1) -> dict[str, Image.Image]:
    """The plates of a page by the name of their ink, 255 where it is solid; drawn with overprint."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "in.pdf").write_bytes(pdf)
        command = [
            "gs", "-q", "-dNOPAUSE", "-dBATCH", "-dPDFSTOPONERROR", "-sDEVICE=tiffsep", f"-r{DPI}",
            f"-dFirstPage={page}", f"-dLastPage={page}", f"-sOutputFile={folder / 'out.tif'}",
            str(folder / "in.pdf"),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        plates = {}
        for file in folder.glob("out(*).tif"):
            with Image.open(file) as plate:
                plates[file.stem[4:-1]] = ImageChops.invert(plate.convert("L"))
        return plates


def at_mm(plates: Mapping[str, Image.Image], x: float, y: float) -> tuple[int, ...]:
    """Cyan, magenta, yellow and black in percent at a place of the page."""
    pixel = round(x / 25.4 * DPI), round(y / 25.4 * DPI)
    return tuple(round(plates[ink].getpixel(pixel) / 2.55) for ink in INKS)


def part(plate: Image.Image, x: float, y: float, width: float, height: float) -> Image.Image:
    """A part of a plate, measured in mm."""
    return plate.crop(tuple(round(edge / 25.4 * DPI) for edge in (x, y, x + width, y + height)))


def peak_percent(plates: Mapping[str, Image.Image]) -> float:
    """Most ink in one pixel of a page."""
    rows = zip(*(plate.tobytes() for plate in plates.values()), strict=True)
    return max(map(sum, rows)) / 2.55
