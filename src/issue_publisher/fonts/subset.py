"""Faces cut down to the characters of one issue, ready for `@font-face`."""

from __future__ import annotations

import io
from collections.abc import Iterable

from fontTools.ttLib import TTFont

from issue_publisher.fonts.catalogue import Face, FontError, named_characters
from issue_publisher.fonts.harfbuzz import LEGAL_NAMES

_WINDOWS, _UNICODE_BMP, _ENGLISH = 3, 1, 0x409
SPACE_EM = 0.25  # of every subset: which face a renderer takes a space from is its own choice
ASCENT_EM = 0.88  # of every subset; the em square of Chinese faces stands so on the baseline


def subset_face(face: Face, characters: Iterable[str], family: str) -> bytes:
    """The face with only these characters, under another family name; the same input gives the same bytes.

    Shaping features stay (half-width and contextual marks, vertical forms, kerning, ligatures), so the subset
    sets every text of these characters exactly as the whole face does. The family name is the caller's, so
    neither a reserved name nor a font of the system can be meant by it. FontError names characters that the
    face lacks.
    """
    wanted = {" "} if face.has(" ") else set()  # WeasyPrint measures the space of every font it uses
    wanted.update(characters)
    if absent := {char for char in wanted if not face.has(char)}:
        raise FontError(f"{face.path}: no glyph for {', '.join(named_characters(absent))}")
    return _renamed(face.shaper.subset(map(ord, wanted)), family)


def _renamed(data: bytes, family: str) -> bytes:
    """The font under another name. Tables that are not touched are copied as they are."""
    font = TTFont(io.BytesIO(data), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    table = font["name"]
    kept = [(name_id, table.getDebugName(name_id)) for name_id in LEGAL_NAMES]
    table.names = []
    postscript = family.replace(" ", "")
    given = [(1, family), (2, "Regular"), (3, postscript), (4, family), (6, postscript)]
    for name_id, text in sorted((*kept, *given)):
        if text:
            table.setName(text, name_id, _WINDOWS, _UNICODE_BMP, _ENGLISH)
    _level(font)
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def _level(font: TTFont) -> None:
    """Give every face the same ascent and descent, one em together.

    A line that falls back to another face would otherwise be set higher or lower than its neighbours:
    WeasyPrint places each run by its own face's vertical measures.
    """
    if "BASE" in font:  # Pango lowers a line that begins in a face with baselines of its own
        del font["BASE"]
    em = font["head"].unitsPerEm
    ascent, descent = round(ASCENT_EM * em), round((1 - ASCENT_EM) * em)
    if space := (font.getBestCmap() or {}).get(ord(" ")):
        font["hmtx"][space] = (round(SPACE_EM * em), 0)
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ascent, -descent, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, descent


def font_face_css(family: str, weight: int, url: str) -> str:
    """One `@font-face` rule. Both names come from us, so quoting need not be clever."""
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{url}"); }}'
