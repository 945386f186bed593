"""The tables of marks against a second reading of the requirements, and what a slip in any of them breaks.

What each character must do is written out here from the sources and not taken from our tables; it is held
against lines that were really set. Then every table is spoilt in every way, and that must be noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest

from issue_publisher.layout.model import LineEnd, Strictness
from issue_publisher.typesetting import items, marks, paragraph
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.marks import Table
from issue_publisher.typesetting.paragraph import Setting, set_paragraph
from typesetting.paper import policy
from typesetting.stub import SquareFaces

SIZE = 10.0
LEVELS = (Strictness.STRICT, Strictness.NORMAL, Strictness.LOOSE)


@dataclass(frozen=True)
class Conduct:
    """What a character does in lines."""

    no_start: tuple[bool, ...]  # begins no line at the strict, normal, loose level
    no_end: tuple[bool, ...]
    gives: str = (
        ""  # which half it gives up beside a mark: left, right, both (in Traditional: ¼ on each side)
    )
    half: bool = False  # stands in half an em between Han
    pairs: bool = False  # a row of them comes apart in pairs only
    hangs: bool = False  # may stand outside the measure
    behind_figure: bool = False  # stays with a figure before it
    before_figure: bool = False  # stays with a figure behind it
    moves_on: bool = False  # may be parted from the figure before it and goes on with the one behind it
    closed_up: bool = False  # no white comes between a figure and it


# --------------------------------------------------------------------------- a second reading of the sources

ALL, NONE, STRICT_ONLY, NOT_LOOSE = (True,) * 3, (False,) * 3, (True, False, False), (True, True, False)

# CLREQ, "Prohibition Rules for Line Start and Line End": pause and stop marks, closing quotation marks,
# brackets, book title marks, connectors, interpuncts and the solidus begin no line, opening ones end none.
# CSS Text 3, `line-break`: what is only strict, and what loose allows. Rows: characters, begin no line, end
# no line.
EDGES: list[tuple[str, tuple[bool, ...], tuple[bool, ...]]] = [
    ("、，。．｡､", ALL, NONE),
    ("！？：；", NOT_LOOSE, NONE),
    ("”’）》〉］〕】』」〗｝〙〛｠〞〟⦆⁆｣", ALL, NONE),
    ("“‘（《〈［〔【『「〖｛〘〚｟〝⦅⁅‚„｢", NONE, ALL),
    ("·‧•—―⸺～", ALL, NONE),
    ("・･‥…⋯․–‐‼⁇⁈⁉々〻ゝゞヽヾ", NOT_LOOSE, NONE),
    ("／", ALL, NOT_LOOSE),
    ("〜゠ーｰぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ", STRICT_ONLY, NONE),
    ("".join(map(chr, range(0x31F0, 0x3200))) + "ｧｨｩｪｫｬｭｮｯ", STRICT_ONLY, NONE),
    ("°℃℉‰％′″‵¢￠﹪", NOT_LOOSE, NONE),
    ("￥¥€£￡＄﹩￦₩№±＋－$", NONE, ALL),
    ("〃゛゜〼ﾞﾟ", ALL, NONE),
    ("︵︷︹︻︽︿﹁﹃﹇﹙﹛﹝", NONE, ALL),
    ("︶︸︺︼︾﹀﹂﹄﹈﹚﹜﹞︐︑︒﹐﹑﹒", ALL, NONE),
    ("︓︔︕︖︙﹔﹕﹖﹗", NOT_LOOSE, NONE),
    ("([{", NONE, ALL),
    (")]}!%,.:;?/", ALL, NONE),
    ("µ‑", NONE, NONE),
    ("国中①★□㎡龘𠮷A7", NONE, NONE),  # no marks
]
# CLREQ, "Adjustment of Punctuation Marks": full-width marks with an empty half.
LEFT_HALF = "“‘（《〈［〔【『「〖｛〘〚｟〝⦅⁅‚„"
RIGHT_HALF = "、，。．！？：；”’）》〉］〕】』」〗｝〙〛｠〞〟⦆⁆"
# CLREQ, "Position of Punctuation Marks": in the middle of their square in Traditional Chinese.
IN_THE_MIDDLE = "、，。．！？：；"
HALF_EM = "·‧•・"  # GB/T 15834, 5.1.7
HALF_AS_THEY_ARE = "ｧｨｩｪｫｬｭｮｯｰ･｡､｢｣ﾞﾟ"
TWINS = "—―⸺…⋯․‥"  # GB/T 15834, 5.1.4 and 5.1.5
OUTSIDE = "，。、；："  # CLREQ, "Hanging Punctuation"
MEASURES = (
    "年月日时分秒号届次个名位弧天岁周页级款辆架艘层间册亩顷小摄项种条台套件只家座米克吨升斤里尺"
    "寸度倍瓦伏安赫帕焦元角万亿千百毫微纳厘公平立枚粒颗株棵匹头例份批轮期支根块片张人"
)
FORMULA = "＝＋－×÷±≈≠≤≥＜＞"
SIGNS_BEFORE = "￥¥€£￡＄﹩￦₩№±＋－$︵︷︹︻︽︿﹁﹃﹇﹙﹛﹝"
LETTERS = "µ‑A7"


def expected() -> dict[str, Conduct]:
    """Every character that the sources name, and what it must do."""
    edges = {char: (start, end) for row, start, end in EDGES for char in row}
    for char in MEASURES + FORMULA:
        edges.setdefault(char, (NONE, NONE))
    return {char: _conduct(char, start, end) for char, (start, end) in edges.items()}


def _conduct(char: str, start: tuple[bool, ...], end: tuple[bool, ...]) -> Conduct:
    word = char in LETTERS or (char.isascii() and char not in "$")
    fast = char in FORMULA or char in HALF_EM or word
    suffix = start != NONE and char not in RIGHT_HALF + HALF_EM + TWINS + "｡､｣" and not word
    return Conduct(
        start,
        end,
        gives="both" if char in IN_THE_MIDDLE
        else "left" if char in LEFT_HALF else "right" if char in RIGHT_HALF else "",
        half=char in HALF_EM + HALF_AS_THEY_ARE + "µ" or char.isascii(),
        pairs=char in TWINS,
        hangs=char in OUTSIDE,
        behind_figure=fast or start[0] or char in MEASURES or char in SIGNS_BEFORE,
        before_figure=fast or end[0] or char == "’",
        moves_on=char in LEFT_HALF + "｢±＋－",
        closed_up=suffix or word,
    )  # fmt: skip


EXPECTED = expected()


# --------------------------------------------------------------------------- what it really does


def lines_of(
    text: str,
    em: float,
    level: Strictness = Strictness.STRICT,
    line_end: LineEnd = LineEnd.HALF_WIDTH,
    lang: str | None = None,
) -> list[Line]:
    rules = policy(level, line_end, gap_stretch_em=0.0, gap_squeeze_em=0.0)  # one white for every place
    style = Style("song", SIZE, lang=lang)
    return list(set_paragraph([(text, style)], Setting(em * SIZE, SIZE), SquareFaces(), rules))


def place(line: Line, char: str) -> float:
    """Where a character begins, in em."""
    for run in line.runs:
        if char in run.text:
            return (run.x_pt + run.text.rindex(char) * run.width_pt / len(run.text)) / SIZE
    raise AssertionError(f"{char} is not in {line.text}")


def apart(left: str, right: str, *, lang: str | None = None) -> float:
    """How far apart two characters begin in the midst of a line, in em."""
    (line,) = lines_of(f"文{left}{right}字", 20, lang=lang)
    return round(place(line, right) - place(line, left), 2)


def begins_none(char: str, level: Strictness) -> bool:
    """Whether no line begins with it where that would be the best place to break."""
    found = (lines_of("文" * many + char + "字" * 9, 6, level) for many in (5, 6))
    return not any(line.text.startswith(char) for lines in found for line in lines[1:])


def ends_none(char: str, level: Strictness) -> bool:
    found = (lines_of("文" * 5 + char + "字" * 9, em, level) for em in (5.5, 5.5 + GAP, 6, 6 + GAP))
    return not any(lines[0].text.endswith(char) for lines in found)


GAP = policy().han_latin_gap_em


def never_parted(left: str, right: str) -> bool:
    """Whether no line ends between the two, though the line would be full there."""
    text, many = left + right, 38
    for em in {many + 0.5 * at for at in range(1, 8)} | {many + GAP + 0.5 * at for at in range(1, 8)}:
        sofar = 0
        for line in lines_of("文" * many + text + "字" * 60, em):
            sofar += len(line.text)
            if sofar == many + len(left):
                return False
    return True


def gives(char: str) -> str:
    if apart("《" if char == "（" else "（", char) == 0.5:
        return "left"
    if apart(char, "（", lang="zh-Hant") == 0.75 and apart(char, "（") == 0.5:
        return "both"
    return "right" if apart(char, "（") == 0.5 and apart(char, "国") == 1.0 else ""


def closed_up(char: str) -> bool:
    """In a line that is spread, whether figure and sign are not spread apart."""
    line = lines_of("文" * 20 + "15" + char + "字" * 60, 41.6)[0]
    figure = next(run for run in line.runs if "15" in run.text)
    if char in figure.text:
        return True
    sign = next(run for run in line.runs if char in run.text)
    between = sign.x_pt - sign.before_pt - figure.x_pt - figure.width_pt
    return line.stretch_pt > 0.05 and between < 0.01


def in_pairs(char: str) -> bool:
    rows = [line.text for em in (5, 5.5) for line in lines_of(char * 14, em)]
    return all(len(row) % 2 == 0 for row in rows)


def half_an_em(char: str) -> bool:
    (line,) = lines_of(f"文{char}字", 20)
    return place(line, "字") < 1.5 + 2 * GAP + 0.01


def observed(char: str) -> Conduct:
    return Conduct(
        tuple(begins_none(char, level) for level in LEVELS),
        tuple(ends_none(char, level) for level in LEVELS),
        gives=gives(char),
        half=half_an_em(char),
        pairs=in_pairs(char),
        hangs=len(lines_of("文" * 5 + char, 5, line_end=LineEnd.HANGING)) == 1,
        behind_figure=never_parted("15", char),
        before_figure=never_parted("15" + char, "7"),
        moves_on=[line.text for line in lines_of(f"15{char}23", 2)] == ["15", f"{char}23"],
        closed_up=closed_up(char),
    )


def amiss(characters: Iterable[str]) -> Iterator[str]:
    """The checker: what does not do as the sources ask."""
    for char in characters:
        is_now, must = observed(char), EXPECTED[char]
        if is_now != must:
            yield f"{char} U+{ord(char):04X}: {is_now} instead of {must}"


def test_every_character_does_as_the_sources_ask() -> None:
    assert list(amiss(EXPECTED)) == []


def test_the_second_reading_knows_every_character_of_the_tables() -> None:
    assert {char for table in marks.TABLES for char in table.characters} <= EXPECTED.keys()


def has_edges(table: Table) -> bool:
    """Whether prohibition is asked for its characters; Han beside Han is not looked at."""
    return table.kind is not None or table.characters.isascii()


def test_each_table_has_its_source_and_no_character_two_classes() -> None:
    assert len({table.name for table in marks.TABLES}) == len(marks.TABLES)
    classed = [char for table in marks.TABLES if table.kind for char in table.characters]
    assert len(classed) == len(set(classed))
    for table in marks.TABLES:
        assert len(set(table.characters)) == len(table.characters), table.name
        assert has_edges(table) or not (table.not_at_start or table.not_at_end), table.name
        assert any(name in table.source for name in ("CLREQ", "GB", "CSS", "UAX", "R3")), table.name


# --------------------------------------------------------------------------- spoilt tables


def install(patch: pytest.MonkeyPatch, spoilt: Table) -> None:
    """Our typesetting with one table exchanged."""
    tables = tuple(spoilt if table.name == spoilt.name else table for table in marks.TABLES)
    patch.setattr(marks, "TABLES", tables)
    patch.setattr(marks, "_KINDS", marks._kinds())
    patch.setattr(marks, "_AT_NO_START", marks._edge_levels("not_at_start"))
    patch.setattr(marks, "_AT_NO_END", marks._edge_levels("not_at_end"))
    patch.setattr(marks, "_LATIN", marks._of_kind(marks.Kind.LATIN))
    patch.setattr(items, "CENTRED", marks.characters("centred"))
    patch.setattr(items, "UNITS", marks.characters("units"))
    patch.setattr(items, "OPERATORS", marks.characters("operators"))
    patch.setattr(paragraph, "HANGING", marks.characters("hanging"))


def is_noticed(spoilt: Table, characters: str) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        install(patch, spoilt)
        return any(amiss(characters))


each_table = pytest.mark.parametrize("table", marks.TABLES, ids=lambda table: table.name)


@each_table
def test_an_unspoilt_table_makes_no_complaint(table: Table) -> None:
    assert not is_noticed(table, table.characters)


@each_table
def test_an_emptied_table_is_noticed(table: Table) -> None:
    assert is_noticed(replace(table, characters=""), table.characters)


@each_table
def test_a_character_lost_from_a_table_is_noticed(table: Table) -> None:
    kept = [
        char
        for char in table.characters
        if not is_noticed(replace(table, characters=table.characters.replace(char, "")), char)
    ]
    assert kept == []


@each_table
def test_a_character_too_many_in_a_table_is_noticed(table: Table) -> None:
    # Only closing marks stand in the middle of their square; for a Han character the table says nothing.
    stranger = "》" if table.name == "centred" else "国"
    assert is_noticed(replace(table, characters=table.characters + stranger), stranger)


@each_table
def test_another_level_is_noticed(table: Table) -> None:
    if not has_edges(table):
        return  # what begins or ends no line stands in tables that have a class: see above
    levels = (marks.NEVER, marks.STRICT, marks.NORMAL, marks.ALWAYS)
    for edge in ("not_at_start", "not_at_end"):
        for other in levels:
            changed = replace(table, **{edge: other})
            same = other == getattr(table, edge)
            assert is_noticed(changed, table.characters) is not same, (edge, other)


@each_table
def test_another_class_is_noticed(table: Table) -> None:
    if table.kind is not None:
        assert is_noticed(replace(table, kind=None), table.characters)
