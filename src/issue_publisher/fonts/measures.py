"""Advances of characters and words, from the very bytes that are painted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from issue_publisher.fonts.catalogue import Face, FontError, FontSet, named_characters, script_runs
from issue_publisher.fonts.harfbuzz import Extents
from issue_publisher.fonts.subset import ASCENT_EM

CHINESE = "zh-Hans"
NO_FEATURES: Mapping[str, bool] = MappingProxyType({})
_HALF_WIDTH: Mapping[str, bool] = MappingProxyType({"halt": True})


_VERTICAL: Mapping[str, bool] = MappingProxyType({"vert": True})


@dataclass(frozen=True, slots=True)
class Ink:
    """Advance of a text and the box of its ink, in em from the upper left of its em square, y downwards."""

    advance_em: float
    left_em: float
    top_em: float
    right_em: float
    bottom_em: float


@dataclass(frozen=True)
class FaceMeasures:
    """Measures of one face, remembered once asked. All lengths in em."""

    face: Face

    @cached_property
    def _advances(self) -> dict[tuple[str, str], float]:
        return {}

    @cached_property
    def _shaped(self) -> dict[tuple[str, str, tuple[tuple[str, bool], ...]], float]:
        return {}

    def advance_em(self, char: str, lang: str | None = None) -> float:
        """Advance of one character standing in Chinese text; FontError when the face lacks it.

        `lang`: another language than the face's own; its subsets know none but that.
        """
        lang = lang or self.face.language
        try:
            return self._advances[char, lang]
        except KeyError:
            self._require(char)
            advance = self._advances[char, lang] = self.face.shaper.advance_em(char, lang, NO_FEATURES)
            return advance

    def shape_advance_em(
        self, text: str, features: Mapping[str, bool] = NO_FEATURES, lang: str | None = None
    ) -> float:
        """Advance of text as painted in one run, with kerning, ligatures and the features given."""
        lang = lang or self.face.language
        key = (text, lang, tuple(sorted(features.items())))
        try:
            return self._shaped[key]
        except KeyError:
            self._require(text)
            advance = self._shaped[key] = self.face.shaper.advance_em(text, lang, features)
            return advance

    def half_width_em(self, mark: str, lang: str | None = None) -> float:
        """Advance of a mark set with `halt`; its full advance when the face has no half-width form of it."""
        return self.shape_advance_em(mark, _HALF_WIDTH, lang)

    @cached_property
    def _inks(self) -> dict[tuple[str, str, bool], Ink]:
        return {}

    def ink(self, mark: str, lang: str = CHINESE, *, vertical: bool = False) -> Ink:
        """Advance and ink of marks painted by themselves, in their vertical forms if asked for (`vert`).

        Marks without ink have the box of their advance.
        """
        key = (mark, lang, vertical)
        if key not in self._inks:
            self._require(mark)
            features = _VERTICAL if vertical else NO_FEATURES
            advance, box = self.face.shaper.ink_em(mark, lang, features)
            left, bottom, right, top = box or (0.0, ASCENT_EM - 1, advance, ASCENT_EM)
            self._inks[key] = Ink(advance, left, ASCENT_EM - top, right, ASCENT_EM - bottom)
        return self._inks[key]

    def has_vertical_form(self, char: str, lang: str = CHINESE) -> bool:
        """Whether the face draws the character otherwise in vertical text (feature `vert`)."""
        return self.face.shaper.replaces(char, lang, "vert")

    @cached_property
    def extents(self) -> Extents:
        """Ascent, descent, line gap, cap height and x-height."""
        return self.face.shaper.extents()

    def _require(self, text: str) -> None:
        if absent := {char for char in text if not self.face.has(char)}:
            names = ", ".join(named_characters(absent))
            raise FontError(
                f"{self.face.path}: no glyph for {names} (ask the font set for a face that has it)"
            )


@dataclass(frozen=True)
class Measures:
    """Measures of a whole font set: what typesetting asks. All lengths in em of the type size."""

    fonts: FontSet

    @cached_property
    def _by_role(self) -> dict[str, FaceMeasures]:
        return {}

    @cached_property
    def _characters(self) -> dict[tuple[str, str, str | None], float]:
        return {}

    def of(self, face: Face | str) -> FaceMeasures:
        """The measures of a face or of a role's own face."""
        role = face if isinstance(face, str) else face.role
        try:
            return self._by_role[role]
        except KeyError:
            found = self._by_role[role] = FaceMeasures(self.fonts.face(role))
            return found

    def advance_em(self, face: Face | str, char: str, lang: str | None = None) -> float:
        """Advance of one character in exactly this face (no fallback)."""
        return self.of(face).advance_em(char, lang)

    def shape_advance_em(
        self,
        face: Face | str,
        text: str,
        features: Mapping[str, bool] = NO_FEATURES,
        lang: str | None = None,
    ) -> float:
        """Advance of text in exactly this face, with kerning, ligatures and the features given."""
        return self.of(face).shape_advance_em(text, features, lang)

    def half_width(self, face: Face | str, mark: str, lang: str | None = None) -> float:
        """Advance of a mark set with `halt` in exactly this face."""
        return self.of(face).half_width_em(mark, lang)

    def extents(self, face: Face | str) -> Extents:
        """Vertical measures of a face."""
        return self.of(face).extents

    def char_em(self, char: str, font: str, lang: str | None = None) -> float:
        """Advance of one character in the role's face, or in the fallback that has it."""
        key = (char, font, lang)
        try:
            return self._characters[key]
        except KeyError:
            advance = self._characters[key] = self.word_em(char, font, lang)
            return advance

    def word_em(self, word: str, font: str, lang: str | None = None) -> float:
        """Advance of a word with kerning, from the role's face and fallbacks for what it lacks.

        `lang` chooses the face (Traditional text has its own); each face is painted in its own language.
        """
        return sum(
            self.of(face).shape_advance_em(part)
            for face, text in self.fonts.runs(font, word, lang)
            for part in script_runs(text)
        )
