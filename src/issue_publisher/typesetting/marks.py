"""Chinese marks and how they behave at the edges of a line and beside each other.

Tables, not branches: `TABLES` is all that is known about characters, each table with its source. CLREQ is W3C
"Requirements for Chinese Text Layout" (its sections by title), GB is GB/T 15834-2011, CSS is W3C "CSS Text 3"
(`line-break`), UAX is Unicode Standard Annex #14 (its classes).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
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
    SUFFIX = auto()  # ℃ ‰ and other signs that belong to what stands before them, with no half to give up
    PREFIX = auto()  # ￥ № and other signs that belong to what stands after them


Levels = frozenset[Strictness]
NEVER: Levels = frozenset()
STRICT: Levels = frozenset({Strictness.STRICT})
NORMAL: Levels = STRICT | {Strictness.NORMAL}  # at the normal level and above
ALWAYS: Levels = NORMAL | {Strictness.LOOSE}


@dataclass(frozen=True, slots=True)
class Table:
    """A class of characters (字符类) that are treated alike.

    `kind`: their class; None when another table or Unicode says it. `not_at_start` and `not_at_end`: the
    levels at which they begin or end no line; for characters of the class HAN they would not be asked.
    """

    name: str
    characters: str
    source: str
    kind: Kind | None = None
    not_at_start: Levels = NEVER
    not_at_end: Levels = NEVER


_EDGES = "CLREQ “Prohibition Rules for Line Start and Line End”"
_SQUEEZE = "CLREQ “Adjustment of Punctuation Marks”"

TABLES = (
    # Marks with an empty half. Vertical and small forms follow below: their white lies elsewhere.
    Table("opening", "（《〈「『【〔〖〘〚“‘［｛｟〝⦅⁅‚„｢",
          f"{_EDGES}; {_SQUEEZE}; GB 5.1.3; UAX OP", Kind.OPENING, not_at_end=ALWAYS),
    Table("stops", "、，。．｡､", f"{_EDGES}; {_SQUEEZE}; GB 5.1.1; UAX CL",
          Kind.CLOSING, not_at_start=ALWAYS),
    Table("marks between and behind clauses", "；：？！",
          f"{_EDGES}; {_SQUEEZE}; GB 5.1.1, 5.1.2; CSS lets them begin a line at the loose level",
          Kind.CLOSING, not_at_start=NORMAL),
    Table("closing", "）》〉」』】〕〗〙〛”’］｝｠〞〟⦆⁆｣",
          f"{_EDGES}; {_SQUEEZE}; GB 5.1.3; UAX CL", Kind.CLOSING, not_at_start=ALWAYS),
    # Marks that fill their space.
    Table("two marks in one", "‼⁇⁈⁉", "GB 5.1.2: two in the space of one; UAX NS; CSS as for ！？",
          Kind.SUFFIX, not_at_start=NORMAL),
    Table("interpuncts", "·‧•", f"{_EDGES}; GB 5.1.7: half an em", Kind.MIDDLE, not_at_start=ALWAYS),
    Table("interpuncts of katakana", "・", f"{_EDGES}; CSS lets it begin a line at the loose level",
          Kind.MIDDLE, not_at_start=NORMAL),
    Table("dashes", "—―⸺", f"{_EDGES}, strict; CLREQ “Unbreakable Marks”; GB 5.1.4",
          Kind.DASH, not_at_start=ALWAYS),
    Table("ellipses", "…⋯․‥", f"{_EDGES}, strict; CLREQ “Unbreakable Marks”; GB 5.1.5; CSS, UAX IN",
          Kind.DASH, not_at_start=NORMAL),
    Table("connectors", "～", f"{_EDGES}; GB 5.1.6", Kind.SUFFIX, not_at_start=ALWAYS),
    Table("hyphens", "–‐", f"{_EDGES}; GB 5.1.6; CSS lets them begin a line at the loose level",
          Kind.SUFFIX, not_at_start=NORMAL),
    Table("connectors of Japanese", "〜゠", "CSS: begin no line at the strict level",
          Kind.SUFFIX, not_at_start=STRICT),
    Table("solidus", "／", f"{_EDGES}, GB style; GB 5.1.9: at neither edge",
          Kind.SUFFIX, not_at_start=ALWAYS, not_at_end=NORMAL),
    Table("signs behind figures", "°℃℉‰％′″‵¢￠﹪", "GB/T 15835: they stay with their figure; CSS, UAX PO",
          Kind.SUFFIX, not_at_start=NORMAL),
    Table("signs before figures", "￥¥€£￡＄$﹩￦₩№±＋－", "GB/T 15835; UAX PR, and OP for №’s sake",
          Kind.PREFIX, not_at_end=ALWAYS),
    # Signs of repetition and small kana: not CLREQ’s, but quoted Japanese must look right.
    Table("iteration marks", "々〻ゝゞヽヾ", "CSS: may begin a line at the loose level only; UAX NS",
          Kind.SUFFIX, not_at_start=NORMAL),
    Table("marks of sound", "〃゛゜〼ﾞﾟ", "UAX NS", Kind.SUFFIX, not_at_start=ALWAYS),
    Table("small kana",
          "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶーㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯｰ",
          "CSS, UAX CJ: begin no line at the strict level", Kind.SUFFIX, not_at_start=STRICT),
    Table("interpunct of half-width katakana", "･", "CSS as for ・; half an em as it is",
          Kind.SUFFIX, not_at_start=NORMAL),
    # Compatibility forms. Their white does not lie where that of （ and ， lies, so they give none up.
    Table("vertical and small opening forms", "︵︷︹︻︽︿﹁﹃﹇﹙﹛﹝", f"{_EDGES}; UAX OP",
          Kind.PREFIX, not_at_end=ALWAYS),
    Table("vertical and small closing forms", "︶︸︺︼︾﹀﹂﹄﹈﹚﹜﹞︐︑︒﹐﹑﹒", f"{_EDGES}; UAX CL",
          Kind.SUFFIX, not_at_start=ALWAYS),
    Table("vertical and small forms of stops", "︓︔︕︖︙﹔﹕﹖﹗", f"{_EDGES}; CSS as for ；：？！…",
          Kind.SUFFIX, not_at_start=NORMAL),
    # ASCII: Latin characters, but beside Han they keep the same rule.
    Table("ASCII opening", "([{", f"{_EDGES}; UAX OP", not_at_end=ALWAYS),
    Table("ASCII closing", "!%),.:;?]}/", f"{_EDGES}; UAX CL, CP, EX, IS, SY", not_at_start=ALWAYS),
    # What stands in a Latin word though Unicode calls it no letter.
    Table("Latin signs", "‑", "UAX GL: a hyphen that ends no line", Kind.LATIN),
    # What else is known of characters that have their class.
    Table("centred", "、，。．；：？！",
          "CLREQ “Position of Punctuation Marks”: in the middle of their em in Traditional Chinese"),
    Table("hanging", "，。、；：", "CLREQ “Hanging Punctuation”: may stand outside the measure"),
    Table("units",
          "年月日时分秒号届次个名位弧天岁周页级款辆架艘层间册亩顷小摄项种条台套件只家座米克吨升斤里尺寸度倍瓦伏安赫帕焦元角万亿千百毫微纳厘公平立"
          "枚粒颗株棵匹头例份批轮期支根块片张人",
          "GB/T 15835: stay with their figure (R3); not forbidden to part, but dear"),
    Table("operators", "＝＋－×÷±≈≠≤≥＜＞", "hold a formula together (R3); not forbidden to part, but dear"),
)  # fmt: skip


def characters(*names: str) -> frozenset[str]:
    """The characters of these tables together. Raises KeyError for a name that there is not."""
    tables = {table.name: table.characters for table in TABLES}
    return frozenset("".join(tables[name] for name in names))


def _of_kind(wanted: Kind) -> frozenset[str]:
    return frozenset("".join(table.characters for table in TABLES if table.kind is wanted))


def _edge_levels(edge: str) -> dict[str, Levels]:
    """Character → the levels at which it may not stand at an edge: `not_at_start` or `not_at_end`."""
    return {char: levels for table in TABLES if (levels := getattr(table, edge)) for char in table.characters}


def _kinds() -> dict[str, Kind]:
    return {char: table.kind for table in TABLES if table.kind for char in table.characters}


OPENING, CLOSING = _of_kind(Kind.OPENING), _of_kind(Kind.CLOSING)
MIDDLE, DASH = _of_kind(Kind.MIDDLE), _of_kind(Kind.DASH)
PREFIX, SUFFIX = _of_kind(Kind.PREFIX), _of_kind(Kind.SUFFIX)
CENTRED, HANGING = characters("centred"), characters("hanging")
UNITS, OPERATORS = characters("units"), characters("operators")

_LATIN = _of_kind(Kind.LATIN)
_AT_NO_START, _AT_NO_END = _edge_levels("not_at_start"), _edge_levels("not_at_end")
_KINDS = _kinds()  # and what was asked since


# Characters without a place of their own, first and last of each row. Unicode: combining marks of every
# alphabet and of symbols, tone and voicing marks, zero-width characters, variation selectors, skin tones (UAX
# #14, classes CM, ZWJ, WJ, EM).
_JOINING_ROWS = (
    ("\u0300", "\u036f"), ("\u1ab0", "\u1aff"), ("\u1dc0", "\u1dff"), ("\u200b", "\u200f"),
    ("\u2060", "\u2064"), ("\u20d0", "\u20ff"), ("\u302a", "\u302f"), ("\u3099", "\u309a"),
    ("\ufe00", "\ufe0f"), ("\ufe20", "\ufe2f"), ("\ufeff", "\ufeff"), ("\U0001f3fb", "\U0001f3ff"),
    ("\U000e0100", "\U000e01ef"),
)  # fmt: skip
JOINING = "".join(f"{first}-{last}" for first, last in _JOINING_ROWS)  # for use in a regular expression
_JOINING = frozenset(chr(code) for first, last in _JOINING_ROWS for code in range(ord(first), ord(last) + 1))
ZERO_WIDTH_SPACE = "\u200b"
GLUE = frozenset("\u200d\u2060\ufeff")  # UAX #14, LB8a and LB11: nothing behind them goes to another line


def joins_previous(char: str) -> bool:
    """Whether a character has no place of its own: combining marks, variation selectors, joiners."""
    return char >= "\u0300" and char in _JOINING


def is_latin(char: str) -> bool:
    """Whether the character belongs to a Latin, Greek or Cyrillic word or number."""
    if char < "\x7f":
        return char > " "
    if char < "\u2e80" and unicodedata.category(char)[0] in "LM":
        return True
    return char in _LATIN


def kind(char: str) -> Kind:
    """The class of a character."""
    found = _KINDS.get(char)
    if found is None:
        found = _KINDS[char] = _classify(char)
    return found


def _classify(char: str) -> Kind:
    """The class of a character that no table names."""
    if char in " \t\n\u00a0":
        return Kind.SPACE
    if joins_previous(char):
        return Kind.SUFFIX
    return Kind.LATIN if is_latin(char) else Kind.HAN


def forbidden_at_start(char: str, strictness: Strictness) -> bool:
    """Whether a line may not begin with the character (line-start prohibition, 行首禁则)."""
    return strictness in _AT_NO_START.get(char, NEVER)


def forbidden_at_end(char: str, strictness: Strictness = Strictness.STRICT) -> bool:
    """Whether a line may not end with the character (line-end prohibition, 行尾禁则)."""
    return strictness in _AT_NO_END.get(char, NEVER)
