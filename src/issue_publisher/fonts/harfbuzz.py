"""The one place that speaks to HarfBuzz: looking up glyphs, shaping text, cutting a face down.

HarfBuzz carries no types, so its objects stay behind these functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import uharfbuzz as hb

# Ordinary shaping, Chinese marks, vertical headlines, figures. The rest only adds glyphs nobody asked for.
FEATURES = (
    *("ccmp", "locl", "liga", "clig", "calt", "kern", "mark", "mkmk"),
    *("halt", "vhal", "chws", "vchw", "palt", "vpal", "vert", "vrt2", "vkrn"),
    *("lnum", "tnum", "pnum", "sups", "subs", "frac", "numr", "dnom"),
)


# Name records 0, 13, 14: copyright, licence and its address. They stay, as the Open Font License asks.
LEGAL_NAMES = (0, 13, 14)


@dataclass(frozen=True, slots=True)
class Extents:
    """Vertical measures of a face in em, as Pango will use them; descent is positive downwards."""

    ascent_em: float
    descent_em: float
    line_gap_em: float
    cap_height_em: float
    x_height_em: float


class Shaper:
    """One opened face. Opening costs microseconds: nothing is parsed before it is asked for."""

    def __init__(self, data: bytes) -> None:
        self._face: Any = hb.Face(data)
        self._font: Any = hb.Font(self._face)
        self._em: int = self._face.upem

    @property
    def glyph_count(self) -> int:
        """Number of glyphs; 0 when the bytes are no font."""
        return int(self._face.glyph_count)

    def has(self, char: str) -> bool:
        """Whether the face has a glyph of its own for this character."""
        return bool(self._font.get_nominal_glyph(ord(char)))

    def codes(self) -> frozenset[int]:
        """Every code point of the face (slow for big faces; `has` answers for one)."""
        return frozenset(self._face.unicodes)

    def advance_em(self, text: str, language: str, features: Mapping[str, bool]) -> float:
        """Advance of shaped text in em, laid out from left to right in one run."""
        if not text:
            return 0.0  # HarfBuzz has no positions then, not even none
        units: int = sum(
            position.x_advance for position in self._shaped(text, language, features).glyph_positions
        )
        return units / self._em

    def ink_em(
        self, text: str, language: str, features: Mapping[str, bool]
    ) -> tuple[float, tuple[float, float, float, float] | None]:
        """Advance of shaped text in em, and its ink: left, bottom, right and top from the origin, y upwards.

        No ink is None.
        """
        if not text:
            return 0.0, None
        buffer, at, boxes = self._shaped(text, language, features), 0, []
        for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            box = self._font.get_glyph_extents(glyph.codepoint)
            if box is not None and box.width:
                left, top = at + position.x_offset + box.x_bearing, position.y_offset + box.y_bearing
                boxes.append((left, top + box.height, left + box.width, top))
            at += position.x_advance
        if not boxes:
            return at / self._em, None
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        ink = (min(lefts), min(bottoms), max(rights), max(tops))
        return at / self._em, tuple(edge / self._em for edge in ink)

    def replaces(self, text: str, language: str, feature: str) -> bool:
        """Whether a feature gives the text other glyphs."""
        if not text:
            return False
        plain, changed = (
            [glyph.codepoint for glyph in self._shaped(text, language, features).glyph_infos]
            for features in ({}, {feature: True})
        )
        return plain != changed

    def outline(
        self, text: str, language: str, features: Mapping[str, bool] = MappingProxyType({})
    ) -> tuple[list[tuple[str, tuple[float, ...]]], float]:
        """Shaped text as M, L, Q, C and Z with their points in em, y upwards; and its advance in em."""
        commands: list[tuple[str, tuple[float, ...]]] = []
        if not text:
            return commands, 0.0
        buffer, at, em = self._shaped(text, language, features), 0, self._em
        for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            x, y = at + position.x_offset, position.y_offset
            for command, numbers in self._glyph(glyph.codepoint):
                moved = [0.0] * len(numbers)
                moved[::2] = [(number + x) / em for number in numbers[::2]]
                moved[1::2] = [(number + y) / em for number in numbers[1::2]]
                commands.append((command, tuple(moved)))
            at += position.x_advance
        return commands, at / self._em

    def _glyph(self, glyph: int) -> list[tuple[str, tuple[float, ...]]]:
        drawn: list[tuple[str, tuple[float, ...]]] = []
        self._font.draw_glyph(glyph, _DRAWING, drawn)
        return drawn

    def _shaped(self, text: str, language: str, features: Mapping[str, bool]) -> Any:
        buffer: Any = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        if buffer.script is None or buffer.script in ("Zyyy", "Zinh"):
            # Marks and digits belong to the Chinese text around them.
            buffer.script = "Hani"
        buffer.direction = "ltr"
        buffer.language = language
        hb.shape(self._font, buffer, dict(features))
        return buffer

    def extents(self) -> Extents:
        """Vertical measures."""
        line = self._font.get_font_extents("ltr")
        metric = self._font.get_metric_position_with_fallback
        return Extents(
            ascent_em=line.ascender / self._em,
            descent_em=-line.descender / self._em,
            line_gap_em=line.line_gap / self._em,
            cap_height_em=metric(hb.OTMetricsTag.CAP_HEIGHT) / self._em,
            x_height_em=metric(hb.OTMetricsTag.X_HEIGHT) / self._em,
        )

    def subset(self, codes: Iterable[int]) -> bytes:
        """The face with only these code points and the glyphs that FEATURES make of them."""
        wanted: Any = hb.SubsetInput()
        wanted.unicode_set.update(codes)
        wanted.layout_feature_tag_set.clear()
        wanted.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in FEATURES)
        wanted.name_id_set.clear()
        wanted.name_id_set.update(LEGAL_NAMES)
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        return bytes(hb.subset(self._face, wanted).blob.data)


def _drawing() -> Any:
    """Notes what HarfBuzz draws, a command with its points, in a list."""
    drawing: Any = hb.DrawFuncs()
    drawing.set_move_to_func(lambda x, y, drawn: drawn.append(("M", (x, y))))
    drawing.set_line_to_func(lambda x, y, drawn: drawn.append(("L", (x, y))))
    drawing.set_quadratic_to_func(lambda *to: to[-1].append(("Q", to[:-1])))
    drawing.set_cubic_to_func(lambda *to: to[-1].append(("C", to[:-1])))
    drawing.set_close_path_func(lambda drawn: drawn.append(("Z", ())))
    return drawing


_DRAWING = _drawing()
