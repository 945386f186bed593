"""Where a word of another language may be hyphenated (R12, R23): Pyphen, with LibreOffice's dictionaries.

Only languages that the source marks are asked; an unmarked Latin word in Chinese text stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]{5,}")  # shorter words are not worth a hyphen
_NO_BREAKS: frozenset[int] = frozenset()


def hyphenation(parts: Sequence[str], lang: str | None) -> tuple[list[str], frozenset[int]]:
    """The parts of a word, cut further where its language hyphenates.

    `lang`: BCP 47 tag that the source gives the word; Chinese and None hyphenate nothing. Returns the parts
    in order and the indices of those behind which a hyphen is to be added.
    """
    dictionary = _dictionary(lang) if lang else None
    if dictionary is None:
        return list(parts), _NO_BREAKS
    result: list[str] = []
    hyphens: set[int] = set()
    for part in parts:
        start = 0
        for word in _WORD.finditer(part):
            for place in dictionary.positions(word[0]):
                result.append(part[start : word.start() + place])
                start = word.start() + place
                hyphens.add(len(result) - 1)
        result.append(part[start:])
    return result, frozenset(hyphens)


def can_hyphenate(text: str, lang: str | None) -> bool:
    """Whether it is worth asking: long words of a language other than Chinese. Opens no dictionary."""
    return lang is not None and not lang.startswith("zh") and _WORD.search(text) is not None


@cache
def _dictionary(lang: str) -> Any:
    """Pyphen's dictionary for a language, or None when it has none."""
    from pyphen import Pyphen, language_fallback  # late: most issues never need it

    found = language_fallback(lang.replace("-", "_"))
    return Pyphen(lang=found, left=2, right=3) if found else None
