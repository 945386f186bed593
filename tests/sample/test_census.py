"""The census itself: it counts what is wrong, and nothing that is right."""

from itertools import pairwise

import pytest

from census import Census, Seen, count_last_lines, count_legs, count_prohibitions
from extracted import not_verbatim
from issue_publisher.composition.model import TextBlock
from issue_publisher.typesetting.lines import Line, Run
from painted import Glyph, SetLine, one_by_one
from typesetting.paper import SIZE, SONG, layout


def paragraph(*texts: str, legs: tuple[int, ...] = (), kind: str = "body") -> list[Seen]:
    """Lines of a paragraph, each in the leg given for it, ten ems wide."""
    seen = []
    for at, text in enumerate(texts):
        line = Line((Run(text, SONG, 0, SIZE * len(text)),), 10 * SIZE, 10 * SIZE, flush=at + 1 < len(texts))
        x = 11 * SIZE * (legs[at] if legs else 0)
        block = TextBlock(kind, x, 0.0, 10 * SIZE, 13.5, (line,))
        seen.append(Seen(SetLine(0, "item", block, 0, x, 13.5 * at), text, ()))
    return seen


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("钢水出炉的时候", "，全厂都静了。"), "begins with a closing mark"),
        (("他给这炉钢起名“", "晚霞”，写在簿上。"), "ends with an opening mark"),
        (("等待的只有一样—", "—时间。"), "—— or …… split"),
        (("这炉钢重约100", "吨，是最大的一炉。"), "number parted from unit"),
        (("容器耐压120", "MPa，不漏。"), "number parted from unit"),
    ],
)
def test_broken_prohibitions_are_counted(lines: tuple[str, ...], name: str) -> None:
    census = Census()
    count_prohibitions([paragraph(*lines)], layout(), census, "set")
    assert len(census.zero[f"{name} (set)"]) == 1


def test_good_lines_are_not_counted() -> None:
    census = Census()
    good = paragraph("钢水出炉的时候，", "全厂都静了，只有", "100吨的钢在响。")
    count_prohibitions([good], layout(), census, "set")
    count_last_lines([good], census, "set")
    count_legs([good], census)
    assert census.good


@pytest.mark.parametrize(("last", "counted"), [("了。", 1), ("静", 1), ("静了。", 0), ("40%。", 0)])
def test_last_lines_of_one_character_are_counted(last: str, counted: int) -> None:
    census = Census()
    count_last_lines([paragraph("钢水出炉的时候，全厂", last)], census, "set")
    assert len(census.zero["last line of one character (set)"]) == counted


def test_legs_that_begin_or_end_badly_are_counted() -> None:
    census = Census()
    widow = paragraph("钢水出炉的时候，全厂", "都静了，只有钢在响。", "夜深。", legs=(0, 0, 1))
    orphan = paragraph("第二炉钢水出得迟些，", "天已经亮了，人也都", "散了。", legs=(0, 1, 1))
    head = paragraph("从夜到明", legs=(0,), kind="crosshead")
    count_legs([widow, orphan, head, paragraph("又一炉。", legs=(1,))], census)
    assert {name: len(count) for name, count in census.zero.items()} == {
        "leg begins with a paragraph's last line": 1,
        "leg ends with a crosshead": 1,
        "leg ends with a lone first line": 1,
    }


def test_a_dash_painted_as_one_glyph_takes_two_ems() -> None:
    pair = one_by_one([Glyph("—", 10.0, 0.0), Glyph("—", 10.0, 0.0)], SIZE)
    assert [other.x_pt - one.x_pt for one, other in pairwise(pair)] == [SIZE]


@pytest.mark.parametrize(
    "text",
    [
        "炉温升到1600℃，Alonso 让我看火。",
        "炉温升到\n1600℃，\r\nAlonso\n让我看火。",
        "炉温升到1600℃，Alon-\nso 让我看火。",
    ],
)
def test_a_sentence_may_be_broken_at_line_ends(text: str) -> None:
    assert not_verbatim(["炉温升到1600℃，Alonso 让我看火。"], text) == []


@pytest.mark.parametrize(
    "text",
    [
        "炉温升到 1600℃，Alonso 让我看火。",  # a space too many
        "炉温升到1600℃，Alonso让我看火。",  # one too few
        "炉温升到1600℃，Alonso 让我 看火。",
        "炉温升到1600℃，Alonso 让我火看。",
    ],
)
def test_a_sentence_with_other_spaces_is_not_verbatim(text: str) -> None:
    assert not_verbatim(["炉温升到1600℃，Alonso 让我看火。"], text) != []
