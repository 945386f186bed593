"""Writing made alike, so that what looks the same to a reader is found by the same words.

- Full-width and half-width, upper and lower case, letters with and without accents, ligatures, circled and
  raised numbers, radicals and compatibility ideographs are one (Unicode's NFKD and case folding).
- Spaces, quotation marks, the marks of titles and the dot in foreign names count for nothing.
- Every other mark is a character like any, as wide as it likes: 2.25 is not 225, no word reaches across 。

Simplified and Traditional are not one: which form a character has depends on the word.

Every two neighbours of the folded words are one term of the index, and the last character one more. A run of
any length then stands in the index as terms that follow each other, and a single character as the beginning
of some: whatever stands in a text is found, and nothing has to know where a Chinese word ends.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cache

VERSION = f"1 of Unicode {unicodedata.unidata_version}"  # an index made with another one is made anew

_NOTHING = frozenset("\"'`´“”‘’‚‛„‟′″«»‹›「」『』｢｣﹁﹂﹃﹄〝〞〟《》〈〉⟨⟩·•‧∙⋅・･")
_NO_CATEGORY = frozenset(("Cc", "Cf", "Cs", "Me", "Mn", "Zl", "Zp", "Zs"))
_TO_FULL_WIDTH = 0xFEE0  # from a mark of ASCII to the same mark of Chinese


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded words, and where each of their characters stands in the words as they were written."""

    words: str
    source: str = field(repr=False)
    at: tuple[int, ...] = field(repr=False)

    def stretch(self, start: int, length: int) -> tuple[int, int]:
        """Where so many folded characters begin and end in the source."""
        end = self.at[start + length - 1] + 1
        while end < len(self.source) and unicodedata.category(self.source[end]) in ("Mn", "Me"):
            end += 1  # an accent that is a character of its own
        return self.at[start], end


def folded(source: str) -> Folded:
    """Some words, folded."""
    words: list[str] = []
    at: list[int] = []
    for offset, character in enumerate(source):
        for one in _folded(character):
            words.append(one)
            at.append(offset)
    return Folded("".join(words), source, tuple(at))


def fold(source: str) -> str:
    """The folded words alone."""
    return "".join(map(_folded, source))


@cache
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(map(_kept, plain.casefold()))


def _kept(character: str) -> str:
    if character in _NOTHING or unicodedata.category(character) in _NO_CATEGORY:
        return ""
    if character.isascii() and not character.isalnum():
        return chr(ord(character) + _TO_FULL_WIDTH)
    return character


def pairs(words: str) -> list[str]:
    """The terms of folded words as the index holds them."""
    return [words[at : at + 2] for at in range(len(words))]


def phrase(words: str) -> str:
    """Folded words as the full-text index is asked for them.

    Folded words hold neither spaces nor marks of ASCII, so that nothing in them means anything there.
    """
    return f'"{words}" *' if len(words) == 1 else f'"{" ".join(pairs(words)[:-1])}"'
