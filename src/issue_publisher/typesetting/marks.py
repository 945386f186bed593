"""Chinese marks and how they behave at the edges of a line and beside each other.

Tables, not branches. Sources: W3C CLREQ, "Prohibition rules for line start and line end",
"Compression of punctuation marks", "Spacing between Han and Latin"; GB/T 15834-2011.
"""

from __future__ import annotations

import unicodedata
from enum import Enum, auto

from issue_publisher.layout.model import Strictness


class Kind(Enum):
    """What a character is to line breaking."""

    HAN = auto()  # may begin and end a line
    OPENING = auto()  # （《“: empty left half
    CLOSING = auto()  # ，。）》”: empty right half
    MIDDLE = auto()  # ·: set in half an em, never at a line's start
    DASH = auto()  # —— and ……: pairs stay together, never at a line's start
    LATIN = auto()  # letters, digits and their signs: words
    SPACE = auto()
    SUFFIX = auto()  # ℃ ‰ and other signs that belong to what stands before them
    PREFIX = auto()  # ￥ № and other signs that belong to what stands after them


OPENING = frozenset("（《〈「『【〔〖〘〚“‘［｛｟〝⦅⁅‚„")
CLOSING = frozenset("、，。．；：？！）》〉」』】〕〗〙〛”’］｝｠〞〟⦆‼⁇⁈⁉⁆")
# In Traditional Chinese these stand in the middle of their em (CLREQ, "Positions of punctuation marks").
CENTRED = frozenset("、，。．；：？！")
MIDDLE = frozenset("·・‧•")
DASH = frozenset("—―…⸺⋯․‥")
# Behind what they belong to; CLREQ strict adds the connectors ～ 〜 – and the slash.
SUFFIX = frozenset("℃℉‰％′″‵〃々〻ー°¢￠")
SUFFIX_STRICT = frozenset("～〜–‐／ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ゛゜ゝゞヽヾ")
# ！？：； may begin a line at the loose level only (CSS Text 3, line-break: loose).
LOOSE_AT_START = frozenset("！？：；・〜‐–…⋯‥․々〻°‰′″‵℃℉％￠¢‼⁇⁈⁉")
NORMAL_AT_START = frozenset("〜ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")
PREFIX = frozenset("￥¥€£＄$№±＋－")

# Units that stay with their number (R3): not forbidden to part, but dear.
UNITS = frozenset(
    "年月日时分秒号届次个名位弧项种条台套件只家座米克吨升斤里尺寸度倍瓦伏安赫帕焦元角万亿千百毫微纳厘公平立"
)

# Signs that hold a formula together.
OPERATORS = frozenset("＝＋－×÷±≈≠≤≥＜＞")

# ASCII marks beside Han text follow the same rule.
ASCII_OPENING = frozenset("([{")
ASCII_CLOSING = frozenset("!%),.:;?]}")


def joins_previous(char: str) -> bool:
    """Whether a character has no place of its own: combining marks, variation selectors, joiners."""
    return char >= "\u0300" and (
        char <= "\u036f"
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
        or "\u200b" <= char <= "\u200f"
        or char in "\u2060\ufeff"
    )


def is_latin(char: str) -> bool:
    """Whether the character belongs to a Latin, Greek or Cyrillic word or number."""
    if char < "\x7f":
        return char > " "
    if char < "\u2e80" and unicodedata.category(char)[0] in "LM":
        return True
    return char in "µ"


def kind(char: str) -> Kind:
    """The class of a character."""
    found = _KINDS.get(char)
    if found is None:
        found = _KINDS[char] = _classify(char)
    return found


_KINDS: dict[str, Kind] = {}


def _classify(char: str) -> Kind:
    tables = (
        (OPENING, Kind.OPENING),
        (CLOSING, Kind.CLOSING),
        (MIDDLE, Kind.MIDDLE),
        (DASH, Kind.DASH),
        (PREFIX, Kind.PREFIX),
        (SUFFIX | SUFFIX_STRICT, Kind.SUFFIX),
    )
    for table, found in tables:
        if char in table:
            return found
    if char in " \t\n\u00a0":
        return Kind.SPACE
    return Kind.LATIN if is_latin(char) else Kind.HAN


def forbidden_at_start(char: str, strictness: Strictness) -> bool:
    """Whether a line may not begin with the character (line-start prohibition, 行首禁则)."""
    if strictness is Strictness.LOOSE and char in LOOSE_AT_START:
        return False
    if strictness is not Strictness.STRICT and char in NORMAL_AT_START:
        return False
    return kind(char) in _NOT_AT_START or char in ASCII_CLOSING


_NOT_AT_START = {Kind.CLOSING, Kind.MIDDLE, Kind.DASH, Kind.SUFFIX}


def forbidden_at_end(char: str) -> bool:
    """Whether a line may not end with the character (line-end prohibition, 行尾禁则)."""
    return kind(char) in (Kind.OPENING, Kind.PREFIX) or char in ASCII_OPENING
