"""Faces that know every character: for texts that no font has, and for figures that a reader can add up."""

from __future__ import annotations

import unicodedata


class SquareFaces:
    """Han, full-width marks and whatever is unknown: 1 em. Latin, spaces and half-width forms: ½ em."""

    def char_em(self, char: str, font: str, lang: str | None) -> float:
        """Advance of one character in em."""
        if char.isascii() or "\uff61" <= char <= "\uff9f":
            return 0.5
        return 0.5 if char < "\u2000" and unicodedata.category(char)[0] == "L" else 1.0

    def word_em(self, word: str, font: str, lang: str | None) -> float:
        """Advance of a word in em, without kerning."""
        return sum(self.char_em(char, font, lang) for char in word if unicodedata.category(char) != "Mn")
