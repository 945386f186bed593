"""Where every character of a set line should stand, and where pdfium finds it."""

from __future__ import annotations

import ctypes
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
import uharfbuzz as hb

from issue_publisher.composition.model import ComposedPage, TextBlock
from issue_publisher.fonts.catalogue import Face, script_runs
from issue_publisher.fonts.gap import trimmed
from issue_publisher.fonts.subset import SPACE_EM
from issue_publisher.layout.model import PT_PER_MM, Layout
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Run


class Glyph(NamedTuple):
    """A character and the origin of its glyph."""

    char: str
    x_pt: float
    y_pt: float


Found = Mapping[str, list[tuple[float, float]]]  # character → places


def painted(pdf: bytes, page: int = 0) -> Iterator[Glyph]:
    """Every character of a page but white space, in the order of the PDF's content."""
    sheet = pypdfium2.PdfDocument(pdf)[page]
    text, depth = sheet.get_textpage(), sheet.get_height()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for at in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text.raw, at)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + (high - 0xD800) * 0x400 + code - 0xDC00
        char = {0x02: "-", 0xFFFE: "-"}.get(code, chr(code))  # pdfium's own sign for a hyphen at a line's end
        if char.strip():
            pdfium.FPDFText_GetCharOrigin(text.raw, at, x, y)
            yield Glyph(char, x.value, depth - y.value)


def by_character(places: Iterator[Glyph]) -> Found:
    """Places by character."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for char, x, y in places:
        found[char].append((x, y))
    return found


@lru_cache(maxsize=32)
def _font(face: Face) -> hb.Font:
    return hb.Font(hb.Face(face.data))


@lru_cache(maxsize=65536)
def shaped(face: Face, text: str) -> tuple[tuple[float, ...], float]:
    """Origin of each character of a text of one face and script, and its advance, in em.

    A character that is part of another's glyph (an accent, the i of fi) has that glyph's origin.
    """
    font, buffer = _font(face), hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    if buffer.script in (None, "Zyyy", "Zinh"):
        buffer.script = "Hani"
    buffer.direction, buffer.language = "ltr", face.language
    hb.shape(font, buffer, {})
    origins: dict[int, float] = {}
    x = 0
    for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        origins.setdefault(glyph.cluster, (x + position.x_offset) / font.face.upem)
        x += SPACE_EM * font.face.upem if text[glyph.cluster] == " " else position.x_advance
    filled, last = [], 0.0
    for at in range(len(text)):
        last = origins.get(at, last)
        filled.append(last)
    return tuple(filled), x / font.face.upem


def run_places(run: Run, faces: PaperFaces, gap_em: float) -> Iterator[tuple[str, float]]:
    """Every character of a run and its origin from the line's left edge, in points."""
    style = run.style
    size, x, white, first = style.size_pt * style.scale, run.x_pt, 0.0, True
    for face, text in faces.runs(run.text, style.font, style.lang):
        for part in (piece for run_text in script_runs(text) for piece in _ROWS.split(run_text) if piece):
            origins, advance = shaped(face, part)
            row = _ROWS.fullmatch(part)
            for char, origin in zip(part, origins, strict=True):
                yield char, x + origin * size + white
                white += (0.0 if row else run.tracking_pt) + (
                    gap_em * size if run.gap_before and first else 0.0
                )
                first = False
            x += advance * size
            if row:  # white inside —— stands behind it
                alone = part == run.text
                white += run.width_pt - advance * size if alone else run.tracking_pt


_ROWS = re.compile("([—…]{2,})")


def line_places(line: Line, faces: PaperFaces, gap_em: float) -> Iterator[tuple[str, float, Run]]:
    """Every visible character of a line, its origin from the line's left edge in points, and its run."""
    for number, run in enumerate(line.runs):
        shift = _trimmed(run, number == len(line.runs) - 1, faces) if number else 0.0
        for place, (char, x) in enumerate(run_places(run, faces, gap_em)):
            if char.strip():
                yield char, x + (0.0 if place else shift), run


def _trimmed(run: Run, last: bool, faces: PaperFaces) -> float:
    """How much white before a squeezed mark its glyph gives up: its origin is so much farther right."""
    size = run.style.size_pt
    if run.before_pt >= 0:
        return 0.0
    advance = faces.char_em(run.text[0], run.style.font, run.style.lang)
    after = run.after_pt if len(run.text) == 1 and not last else 0.0
    scale = size * run.style.scale
    trim = trimmed(run.text[0], advance, run.before_pt / scale, after / scale)
    return trim.before * scale if trim else 0.0


def blocks(page: ComposedPage, layout: Layout) -> Iterator[tuple[TextBlock, float, float]]:
    """Every text block of a page and its upper left corner on the paper, in points."""
    left, top = layout.left_mm * PT_PER_MM, layout.page.top_mm * PT_PER_MM
    for frame in page.frames:
        x = left + layout.grid.x_pt(frame.placement.column)
        y = top + layout.grid.depth_pt(frame.placement.row)
        for part in frame.parts:
            if isinstance(part, TextBlock):
                yield part, x + part.x_pt, y + part.y_pt


def off_place(
    block: TextBlock, left: float, top: float, found: Found, faces: PaperFaces, gap_em: float
) -> Iterator[tuple[float, str, str, str]]:
    """How far each character of a block is painted from where it was set, in points; it, line and kind."""
    for at, line in enumerate(block.lines):
        above, below = top + at * block.leading_pt, top + (at + 1) * block.leading_pt
        for char, x, _ in line_places(line, faces, gap_em):
            near = (abs(px - left - x) for px, y in found.get(char, ()) if above < y < below)
            yield min(near, default=99.0), char, line.text, block.kind


# --------------------------------------------------------------------------- what three readers extract


def extracted(pdf: bytes, folder: Path) -> dict[str, str]:
    """The text of a PDF as pdfium, poppler and MuPDF read it."""
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    document = pypdfium2.PdfDocument(pdf)
    commands = {
        "poppler": ("pdftotext", "-raw", "-nopgbrk", str(file), "-"),
        "mutool": ("mutool", "draw", "-q", "-F", "text", "-o", "-", str(file)),
    }
    read = {name: subprocess.run(words, capture_output=True, check=True) for name, words in commands.items()}
    # MuPDF says on its error channel what glyphs it does not find.
    assert b"Load_Glyph" not in read["mutool"].stderr, read["mutool"].stderr[:300]
    texts = {name: done.stdout.decode() for name, done in read.items()}
    return {"pdfium": "\n".join(page.get_textpage().get_text_range() for page in document), **texts}


def as_read(lines: Iterable[Line]) -> re.Pattern[str]:
    """Text as a reader must give it: verbatim, with white space of its own only where a line ends."""
    texts = ("".join(run.text for run in line.runs).strip() for line in lines)
    # An ideographic space is white space to readers, of whatever width.
    return re.compile(r"\s*".join(r"\s+".join(map(re.escape, re.split("\u3000+", text))) for text in texts))
