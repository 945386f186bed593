"""Headlines: broken where desk or sense would have it, no line of one or two characters, never too wide."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from issue_publisher.layout.model import HeadlineLines, HeadlineRole, Strictness
from issue_publisher.typesetting.headline import HeadlineSetting, set_headline
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.words import HURTS, better_break, break_prices, hurt_by
from typesetting.headlines import HELD_OUT, NEW_WORDS, TWO_LINES
from typesetting.paper import faces, layout, policy
from typesetting.prohibition import NOT_AT_END, NOT_AT_START
from typesetting.texts import HAN

SIZE = 30.0
ROLE: HeadlineRole = layout().headline["major"]


def headline(
    text: str, count: int, measure_em: float, preferred: tuple[int, ...] = ()
) -> HeadlineSetting | None:
    """A headline in the face and with the limits of major articles; the measure in em."""
    pieces = [(text, Style(ROLE.font, SIZE))]
    return set_headline(pieces, preferred, count, measure_em * SIZE, ROLE, faces(), policy())


def texts(setting: HeadlineSetting | None) -> list[str]:
    assert setting is not None
    return [line.text for line in setting.lines]


clauses = st.text(HAN, min_size=2, max_size=9)
signs = st.sampled_from(["“天宫”", "《报》", "NASA", "3.5%", "2026年", "——", "：", "，"])
words = st.lists(clauses | signs, min_size=1, max_size=5)
headlines = words.map("".join) | words.map(" ".join)


@given(headlines, st.integers(1, 3), st.integers(4, 30))
def test_a_headline_has_all_its_characters_within_the_measure(text, count, measure):
    setting = headline(text, count, measure)
    assume(setting is not None)
    assert "".join(texts(setting)).replace(" ", "") == text.replace(" ", "")
    assert len(setting.lines) == count
    for line in setting.lines:
        assert line.runs[0].style.scale >= ROLE.condense_to - 1e-9
        assert line.runs[-1].x_pt + line.runs[-1].width_pt <= measure * SIZE + SIZE / 2 + 0.05
        assert all(run.tracking_pt > -1e-6 for run in line.runs)


@given(headlines, st.integers(2, 3), st.integers(4, 30))
def test_no_line_holds_one_or_two_characters(text, count, measure):
    setting = headline(text, count, measure)
    assume(setting is not None)
    assert min(len(line) for line in texts(setting)) >= 3


@given(headlines, st.integers(2, 3), st.integers(4, 30))
def test_prohibition_holds_in_headlines(text, count, measure):
    setting = headline(text, count, measure)
    assume(setting is not None)
    first, *rest = texts(setting)
    assert all(line[0] not in NOT_AT_START[Strictness.STRICT] for line in rest)
    assert all(line[-1] not in NOT_AT_END for line in [first, *rest[:-1]])


@given(headlines, st.integers(1, 3), st.integers(4, 30))
def test_the_same_headline_is_always_set_the_same(text, count, measure):
    assert headline(text, count, measure) == headline(text, count, measure)


@given(clauses, clauses)
def test_the_desk_is_obeyed(first, second):
    assume(min(len(first), len(second)) >= 3)
    assume(max(len(first), len(second)) <= 2.5 * min(len(first), len(second)))
    assert texts(headline(first + second, 2, 12, (len(first),))) == [first, second]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("新合金下海 失重率降六成", ["新合金下海", "失重率降六成"]),
        ("材料先行，装备才能致远", ["材料先行，", "装备才能致远"]),
        ("院士谈材料：慢一点才走得远", ["院士谈材料：", "慢一点才走得远"]),
        ("一炉好钢、一张好表", ["一炉好钢、", "一张好表"]),
    ],
)
def test_without_the_desk_it_breaks_at_its_own_marks(text: str, lines: list[str]) -> None:
    assert texts(headline(text, 2, 12)) == lines


@pytest.mark.parametrize("char", "的了地得们")
def test_no_line_begins_with_a_particle_when_it_can_be_helped(char: str) -> None:
    assert not texts(headline("新材料报" + char + "天宫舱实", 2, 12))[1].startswith(char)


def test_two_lines_are_balanced() -> None:
    assert sorted(map(len, texts(headline("中国新材料报天宫舱实验室", 2, 12)))) == [6, 6]


def test_a_headline_that_is_slightly_too_wide_is_condensed() -> None:
    setting = headline("中国新材料报天宫舱实", 1, 9.5)
    assert setting is not None
    scale = setting.lines[0].runs[0].style.scale
    assert scale == pytest.approx(0.95 * ROLE.widest)
    assert setting.fill == pytest.approx(ROLE.widest)


@given(headlines, st.integers(1, 3), st.integers(4, 30), st.sampled_from(HeadlineLines))
def test_a_headline_leaves_white_at_both_edges_of_its_measure(text, count, measure, lines):
    """White that keeps it from the rule beside it; a share of the measure, whatever the size."""
    role = replace(ROLE, lines=lines)
    pieces = [(text, Style(role.font, SIZE))]
    setting = set_headline(pieces, (), count, measure * SIZE, role, faces(), policy())
    assume(setting is not None)
    assert setting.fill <= role.widest + 1e-9
    white = (1 - role.widest) / 2 * measure * SIZE
    for line in setting.lines:
        assert line.runs[0].x_pt - line.runs[0].before_pt >= white - 0.05
        assert line.end_pt <= measure * SIZE - white + 0.05


def test_what_does_not_fit_is_not_set() -> None:
    assert headline("中国新材料报天宫舱实", 1, 8) is None
    assert headline("中国新材料报天宫舱实", 2, 4) is None
    assert headline("中国新", 2, 12) is None
    assert headline("", 1, 12) is None


def test_a_break_that_cannot_be_is_passed_over() -> None:
    """The desk's break inside a word, or before a closing mark, does not stop the press."""
    assert len(texts(headline("中国新材料，天宫舱实验", 2, 12, (5,)))) == 2
    assert len(texts(headline("材料NASATEST天宫舱实验", 2, 12, (4,)))) == 2


def test_one_break_too_few_or_too_many_does_not_matter() -> None:
    assert len(texts(headline("中国新材料报天宫舱实验室", 3, 12, (6,)))) == 3
    assert len(texts(headline("中国新材料报天宫舱实验室", 2, 12, (4, 8)))) == 2


def test_a_very_long_headline_is_broken_in_reasonable_time() -> None:
    assert len(texts(headline("中国新材料报天宫舱实验室晶体合金" * 8, 3, 60))) == 3


def test_depth_is_lines_times_leading() -> None:
    setting = headline("中国新材料报天宫舱实验室", 2, 12)
    assert setting is not None
    assert setting.depth_pt == pytest.approx(2 * SIZE * ROLE.leading_em)


# --------------------------------------------------------------------------- broken at sense


def breaks_well(row: str) -> bool:
    """Whether a headline of the list is parted at one of its strokes."""
    text = row.replace("/", "")
    allowed = {len(row[:at].replace("/", "")) for at, char in enumerate(row) if char == "/"}
    first, _ = texts(headline(text, 2, 40))
    return len(first) in allowed


def rows(table: str) -> list[str]:
    return table.split()


def test_headlines_of_the_trade_are_broken_as_a_sub_editor_would() -> None:
    found = rows(TWO_LINES)
    assert len(found) >= 60
    bad = [row for row in found if not breaks_well(row)]
    assert len(bad) <= 2, bad


def test_most_headlines_never_seen_are_broken_well() -> None:
    bad = [row for row in rows(HELD_OUT) if not breaks_well(row)]
    assert len(bad) <= 3, bad


def test_headlines_with_new_words_are_broken_well() -> None:
    bad = [row for row in rows(NEW_WORDS) if not breaks_well(row)]
    assert len(bad) <= 2, bad


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("正确政绩观", "政绩观"), ("第七轮巡视", "第七轮巡视"), ("年产330万枚", "330万枚"),
        ("新质生产力", "新质生产力"),
        ("共建一带一路", "一带一路"), ("第十五届全运会", "第十五届全运会"), ("投资1.2万亿元", "1.2万亿元"),
    ],
)  # fmt: skip
def test_what_is_one_thing_is_never_parted_at_sense(word: str, text: str) -> None:
    start = word.index(text)
    prices = break_prices(word)
    assert all(prices[at] >= HURTS for at in range(start + 1, start + len(text)))


@pytest.mark.parametrize("name", ["约翰森·格兰特", "安德烈·马丁内斯", "段向东", "高向东"])
def test_no_line_ends_inside_a_name(name: str) -> None:
    headline = f"协会秘书长{name}到访"
    start = headline.index(name)
    first = name.partition("·")[0]
    kept = range(start + 1, start + len(first) + ("·" in name))
    assert all(break_prices(headline)[at] >= HURTS for at in kept)


def test_a_newspaper_has_words_of_its_own() -> None:
    assert break_prices("钢花乐园开张")[2] < HURTS
    assert break_prices("钢花乐园开张", ("钢花乐园",))[2] >= HURTS
    own = replace(policy(), words=("钢花乐园",))
    pieces = [("炉前老街钢花乐园开张了", Style(ROLE.font, SIZE))]
    setting = set_headline(pieces, (), 2, 40 * SIZE, ROLE, faces(), own)
    assert any("钢花乐园" in line for line in texts(setting))


@pytest.mark.parametrize(
    ("text", "at", "why", "better"),
    [
        ("树立和践行正确政绩观", 8, "inside 政绩观", 5),
        ("第七轮巡视完成进驻", 3, "between 第七轮 and what it counts", 5),
        ("年产330万枚极片项目投产", 6, "330万枚", 7),
        ("让老百姓用得起的国产钛眼镜", 7, "before 的", 8),
    ],
)
def test_a_mark_of_the_desk_that_hurts_sense_is_explained(text: str, at: int, why: str, better: int) -> None:
    assert why in str(hurt_by(text, at))
    assert better_break(text, at) == better
    assert hurt_by(text, better) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [("一张铝锂合金板旋出火箭整体箱底", 7), ("管子一热壁厚虚高半毫米", 4), ("尺子也要有人来量", 4)],
)
def test_the_desk_is_not_held_to_what_the_dictionary_guesses(text: str, at: int) -> None:
    assert hurt_by(text, at) is None


@pytest.mark.parametrize("row", rows(TWO_LINES) + rows(HELD_OUT))
@pytest.mark.parametrize("count", [2, 3])
def test_no_number_is_parted_from_its_measure(row: str, count: int) -> None:
    text = row.replace("/", "")
    setting = headline(text, count, 30)
    lines = texts(setting) if setting else [text]
    for left, right in pairwise(lines):
        assert not re.fullmatch(r"[0-9.]{2}|[0-9.][吨个年米度%]|第[0-9一二三四五]", left[-1] + right[0])


def test_a_short_headline_is_spaced_and_stands_in_the_middle() -> None:
    setting = headline("钢水出炉", 1, 8)
    assert setting is not None
    (line,) = setting.lines
    assert line.runs[0].tracking_pt > 0.05 * SIZE
    assert setting.fill > 4 / 8
    left = line.runs[0].x_pt
    right = 8 * SIZE - (line.runs[-1].x_pt + line.runs[-1].width_pt - line.runs[-1].tracking_pt)
    assert left == pytest.approx(right, abs=0.06 * SIZE)


def test_lines_are_stepped_where_the_layout_says_so() -> None:
    stepped = replace(ROLE, lines=HeadlineLines.STEPPED)
    pieces = [("钛屑回炉一次熔成三吨扁锭", Style(ROLE.font, SIZE))]
    setting = set_headline(pieces, (4,), 2, 14 * SIZE, stepped, faces(), policy())
    assert setting is not None
    first, second = setting.lines
    assert second.runs[-1].x_pt + second.runs[-1].width_pt > first.runs[-1].x_pt + first.runs[-1].width_pt
    assert first.runs[0].x_pt < second.runs[0].x_pt
