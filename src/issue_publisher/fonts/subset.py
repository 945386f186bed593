"""Faces cut down to the characters of one issue, ready for `@font-face`."""

from __future__ import annotations

import io
from collections.abc import Iterable

from fontTools.ttLib import TTFont

from issue_publisher.fonts.catalogue import Face, FontError, named_characters

_WINDOWS, _UNICODE_BMP, _ENGLISH = 3, 1, 0x409
# Copyright, licence and its address stay in the subset, as the Open Font License asks.
_KEPT_NAMES = (0, 13, 14)


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
    kept = [(name_id, table.getDebugName(name_id)) for name_id in _KEPT_NAMES]
    table.names = []
    postscript = family.replace(" ", "")
    given = [(1, family), (2, "Regular"), (3, postscript), (4, family), (6, postscript)]
    for name_id, text in sorted((*kept, *given)):
        if text:
            table.setName(text, name_id, _WINDOWS, _UNICODE_BMP, _ENGLISH)
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def font_face_css(family: str, weight: int, url: str) -> str:
    """One `@font-face` rule. Both names come from us, so quoting need not be clever."""
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{url}"); }}'
