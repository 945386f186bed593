"""Characters that must not reach the page: invisible ones, private ones, and those that pass for others.

A radical or a compatibility ideograph looks like an ordinary character and often shares its glyph, so
that a PDF gives back the wrong one when its text is searched or copied.
"""

from __future__ import annotations

import unicodedata

# Unicode 15.0, EquivalentUnifiedIdeograph.txt: the CJK Radicals Supplement, run by run. Kangxi radicals and
# compatibility ideographs have a compatibility mapping of their own, which NFKC knows.
_SUPPLEMENT = (
    (0x2E81, "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵"),
    (0x2E9B, "旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀"),
    (0x2EBB, "聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页"),
    (0x2EDB, "风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"),
)
_SUPPLEMENT_TABLE = {
    chr(start + offset): ordinary for start, run in _SUPPLEMENT for offset, ordinary in enumerate(run)
}
# Twelve characters of the compatibility block are ordinary unified ideographs (Unicode, chapter 18.1).
_UNIFIED_AFTER_ALL = frozenset("\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29")
_LOOKALIKES = (
    ("\u2e80", "\u2eff", "radical", "radical"),
    ("\u2f00", "\u2fd5", "Kangxi radical", "kangxi-radical"),
    ("\uf900", "\ufaff", "compatibility ideograph", "compatibility-ideograph"),
    ("\U0002f800", "\U0002fa1f", "compatibility ideograph", "compatibility-ideograph"),
)
VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


def code_point(char: str) -> str:
    """U+4E00"""
    return f"U+{ord(char):04X}"


def called(char: str) -> str:
    """Its name in Unicode, as far as it has one."""
    return unicodedata.name(char, "a character without a name")


def lookalike(char: str) -> tuple[str, str, str] | None:
    """What kind of lookalike a character is, its code, and the ordinary character ("" when there is none)."""
    for first, last, kind, code in _LOOKALIKES:
        if first <= char <= last and char not in _UNIFIED_AFTER_ALL:
            ordinary = _SUPPLEMENT_TABLE.get(char) or unicodedata.normalize("NFKC", char)
            return kind, code, "" if ordinary == char else ordinary
    return None


def unprintable(char: str) -> tuple[str, str] | None:
    """What kind of unprintable character this is, and its code; None for one that can be printed."""
    category = unicodedata.category(char)
    if category == "Cc":
        return "control character", "control-character"
    if category in ("Cf", "Zl", "Zp"):
        return "invisible character", "invisible-character"
    if category == "Co":
        return "private use character", "private-use"
    if category == "Cs" or ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef":
        return "code point that is no character", "control-character"
    if char == "\ufffd":
        return "replacement character, left where another was lost,", "lost-character"
    return None
