"""Which face sets which character: the wall between typesetting and the fonts room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from issue_publisher.fonts.catalogue import FALLBACKS, TRADITIONAL_ROLE, Face, FontSet, is_traditional
from issue_publisher.fonts.measures import CHINESE, Ink, Measures
from issue_publisher.fonts.subset import SPACE_EM
from issue_publisher.typesetting.marks import is_latin


@dataclass(frozen=True)
class PaperFaces:
    """The fonts of a paper, with Latin letters and digits from the faces that its layout names.

    `latin_fonts`: font role → role whose face sets its Latin. Widths are in em.
    """

    measures: Measures
    latin_fonts: Mapping[str, str]

    @property
    def fonts(self) -> FontSet:
        """The faces behind it."""
        return self.measures.fonts

    def role_for(self, char: str, font: str) -> str:
        """The role that a character is looked up in first."""
        return self.latin_fonts.get(font, font) if is_latin(char) or char == " " else font

    def char_em(self, char: str, font: str, lang: str | None) -> float:
        """Advance of one character from the face that has it."""
        if char == " ":
            return SPACE_EM
        return self.measures.char_em(char, self.role_for(char, font), lang)

    def word_em(self, word: str, font: str, lang: str | None) -> float:
        """Advance of a Latin word, shaped with kerning."""
        return self.measures.word_em(word, self.latin_fonts.get(font, font), lang)

    def ink(self, marks: str, font: str, lang: str | None, *, vertical: bool = False) -> Ink:
        """Advance and ink of a mark, or of a row of one mark, painted by itself."""
        face, _ = next(iter(self.fonts.runs(self.role_for(marks[0], font), marks[0], lang)))
        return self.measures.of(face).ink(marks, lang or CHINESE, vertical=vertical)

    def has_vertical_form(self, char: str, font: str, lang: str | None) -> bool:
        """Whether the face that has a character draws it otherwise in vertical text."""
        face, _ = next(iter(self.fonts.runs(self.role_for(char, font), char, lang)))
        return self.measures.of(face).has_vertical_form(char, lang or CHINESE)

    def runs(self, text: str, font: str, lang: str | None) -> Iterator[tuple[Face, str]]:
        """Text cut where the face changes."""
        for role, characters in groupby(text, key=lambda char: self.role_for(char, font)):
            yield from self.fonts.runs(role, "".join(characters), lang)

    def chain(self, font: str, lang: str | None) -> tuple[str, ...]:
        """Roles in the order in which a renderer must look for a character to find the same face."""
        first = [self.latin_fonts[font]] if font in self.latin_fonts else []
        if is_traditional(lang):
            first.append(TRADITIONAL_ROLE)
        wanted = (*first, font, *FALLBACKS)
        return tuple(dict.fromkeys(role for role in wanted if role in self.fonts.faces))
