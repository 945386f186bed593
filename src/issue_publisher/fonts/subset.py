"""Faces cut down to the characters of one issue, ready for `@font-face`."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from issue_publisher.fonts.catalogue import Face, FontError, named_characters
from issue_publisher.fonts.harfbuzz import LEGAL_NAMES

if TYPE_CHECKING:  # fontTools is imported where it is used: a book without fonts of its own needs none of it
    from fontTools.ttLib import TTFont

_WINDOWS, _UNICODE_BMP, _ENGLISH = 3, 1, 0x409
SPACE_EM = 0.25  # of every subset: which face a renderer takes a space from is its own choice
_CHINESE = ("ZHS ", "ZHT ")  # language systems, the first that a face has is its own
ASCENT_EM = 0.88  # of every subset; the em square of Chinese faces stands so on the baseline


def subset_face(
    face: Face,
    characters: Iterable[str],
    family: str,
    *,
    gap_em: float = 0.0,
    raised: Collection[str] = (),
    raise_em: float = 0.0,
) -> bytes:
    """The face with only these characters, under another family name; the same input gives the same bytes.

    `gap_em`: white that the features GAPB and GAPA put before and behind a Latin run (see `gap`); 0: none.
    `raised`: those of the characters that the feature RAIS puts `raise_em` of their own size above the line.

    Shaping features stay (half-width and contextual marks, vertical forms, kerning, ligatures), so the subset
    sets every text of these characters exactly as the whole face does. The family name is the caller's, so
    neither a reserved name nor a font of the system can be meant by it. FontError names characters that the
    face lacks.
    """
    from issue_publisher.fonts.gap import add_features

    wanted = {" "} if face.has(" ") else set()  # WeasyPrint measures the space of every font it uses
    wanted.update(characters)
    if absent := {char for char in wanted if not face.has(char)}:
        raise FontError(f"{face.path}: no glyph for {', '.join(named_characters(absent))}")
    font = _finished(face.shaper.subset(map(ord, wanted)), family)
    em = font["head"].unitsPerEm
    add_features(font, round(gap_em * em), raised, round(raise_em * em))
    out = io.BytesIO()
    font.save(out, reorderTables=None)  # as they are written, which needs no second copy
    font.tables.clear()  # some of which hold the font: now it goes at once
    return out.getvalue()


def _finished(data: bytes, family: str) -> TTFont:
    """The font renamed and even with its neighbours. Tables that are not touched are copied as they are."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    _number_by_place(font)
    table = font["name"]
    kept = [(name_id, table.getDebugName(name_id)) for name_id in LEGAL_NAMES]
    table.names = []
    postscript = family.replace(" ", "")
    given = [(1, family), (2, "Regular"), (3, postscript), (4, family), (6, postscript)]
    for name_id, text in sorted((*kept, *given)):
        if text:
            table.setName(text, name_id, _WINDOWS, _UNICODE_BMP, _ENGLISH)
    _level(font)
    _settle_language(font)
    return font


def _number_by_place(font: TTFont) -> None:
    """Let the numbers (CID) of a CFF font's glyphs be their places in it.

    WeasyPrint names glyphs by their places. Some readers of a PDF, MuPDF among them, look them up by
    their numbers, which in a subset are those of the whole font: they then find no glyph and no width.
    """
    if "CFF " not in font or not hasattr(top := font["CFF "].cff[0], "ROS"):
        return
    order = [".notdef", *(f"cid{place:05d}" for place in range(1, len(top.charset)))]
    top.charset, top.CIDCount = order, len(order)
    top.CharStrings.charStrings = {name: place for place, name in enumerate(order)}
    font.setGlyphOrder(order)


def _level(font: TTFont) -> None:
    """Give every face the same ascent and descent, one em together.

    A line that falls back to another face would otherwise be set higher or lower than its neighbours:
    WeasyPrint places each run by its own face's vertical measures.
    """
    from issue_publisher.fonts.gap import unkern

    if "BASE" in font:  # Pango lowers a line that begins in a face with baselines of its own
        del font["BASE"]
    em = font["head"].unitsPerEm
    ascent, descent = round(ASCENT_EM * em), round((1 - ASCENT_EM) * em)
    if space := (font.getBestCmap() or {}).get(ord(" ")):
        font["hmtx"][space] = (round(SPACE_EM * em), 0)
        _empty_of_width(font, space, round(SPACE_EM * em))
        unkern(font, space)
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ascent, -descent, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, descent


def _empty_of_width(font: TTFont, glyph: str, advance: int) -> None:
    """An empty glyph of a CFF font says how wide it is itself, and PDF/A wants it to say the same."""
    if "CFF " not in font:
        return
    drawn, _ = font["CFF "].cff[0].CharStrings.getItemAndSelector(glyph)
    width = [] if advance == drawn.private.defaultWidthX else [advance - drawn.private.nominalWidthX]
    drawn.setProgram([*width, "endchar"])


def _settle_language(font: TTFont) -> None:
    """Let a Chinese face set every text as Chinese, whatever Pango takes its script for.

    A mark or figure alone in its element has no script of its own. Pango then asks for the default
    script, which has no Chinese forms: —— shrinks from 2 em to 1.7.
    """
    from fontTools.ttLib.tables import otTables

    for tag in ("GSUB", "GPOS"):
        if tag not in font:
            continue
        table = font[tag].table
        scripts = {record.ScriptTag: record.Script for record in table.ScriptList.ScriptRecord}
        if not (script := scripts.get("hani")):
            continue
        # A face knows Chinese of one place only (the subset of a 宋 face has ZHS, of a Traditional one ZHT).
        systems = {record.LangSysTag: record.LangSys for record in script.LangSysRecord}
        chosen = next((systems[name] for name in _CHINESE if name in systems), script.DefaultLangSys)
        if chosen is None:
            continue
        record = otTables.ScriptRecord()
        record.ScriptTag, record.Script = "DFLT", otTables.Script()
        record.Script.DefaultLangSys, record.Script.LangSysRecord = chosen, []
        record.Script.LangSysCount = 0
        table.ScriptList.ScriptRecord, table.ScriptList.ScriptCount = [record], 1


def font_face_css(family: str, weight: int, url: str) -> str:
    """One `@font-face` rule. Both names come from us, so quoting need not be clever."""
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{url}"); }}'
