"""Vertical text (R18): columns from right to left, turned marks, figures side by side."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issue_publisher.layout.model import Strictness
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.vertical import Stand, VerticalRun, VerticalSetting, set_vertical
from typesetting.paper import faces, policy
from typesetting.prohibition import CLOSING, NOT_AT_END, NOT_AT_START, POINTS
from typesetting.texts import any_text

SIZE = 30.0
HEAVY = Style("song-heavy", SIZE)


def vertical(
    text: str | list[tuple[str, Style]],
    count: int = 1,
    depth_em: float = 100,
    preferred: tuple[int, ...] = (),
) -> VerticalSetting | None:
    pieces = [(text, HEAVY)] if isinstance(text, str) else text
    return set_vertical(pieces, count, depth_em * SIZE, 1.25, faces(), policy(), preferred=preferred)


def runs(text: str | list[tuple[str, Style]], count: int = 1) -> list[VerticalRun]:
    setting = vertical(text, count)
    assert setting is not None
    return [run for column in setting.columns for run in column.runs]


def run_of(text: str, within: str) -> VerticalRun:
    return next(run for run in runs(within) if run.text == text)


counts = st.integers(1, 4)
depths = st.integers(3, 40)


@given(any_text, counts, depths)
def test_every_character_once_and_in_order_no_column_too_deep(text: str, count: int, depth: int) -> None:
    setting = vertical(text, count, depth)
    if setting is None:
        return
    assert setting.text == text
    assert len(setting.columns) == count
    for column in setting.columns:
        assert column.length_pt <= depth * SIZE + 0.001
        last = column.runs[-1]
        assert (
            last.start_pt + last.length_pt <= depth * SIZE + SIZE / 2 + 0.001
        )  # half of a mark may be empty
    assert setting.depth_pt == max(column.length_pt for column in setting.columns)


@given(any_text, st.integers(2, 4), depths)
def test_no_column_begins_or_ends_with_what_it_may_not(text: str, count: int, depth: int) -> None:
    setting = vertical(text, count, depth)
    if setting is None:
        return
    for above, below in pairwise(setting.columns):
        assert below.text.lstrip()[0] not in NOT_AT_START[Strictness.STRICT], setting
        assert above.text.rstrip()[-1] not in NOT_AT_END, setting


@given(any_text, counts)
def test_squares_never_overlap(text: str, count: int) -> None:
    setting = vertical(text, count)
    for column in setting.columns if setting else ():
        for above, below in pairwise(column.runs):
            assert below.start_pt == pytest.approx(above.start_pt + above.length_pt, abs=SIZE / 2 + 1e-6)
            assert below.start_pt >= above.start_pt - SIZE / 2 - 1e-6


def test_what_fits_in_one_column_fits() -> None:
    setting = vertical("探月工程三期", depth_em=6)
    assert setting is not None
    assert setting.depth_pt == pytest.approx(6 * SIZE)
    assert vertical("探月工程三期", depth_em=5.9) is None


def test_the_first_column_stands_at_the_right() -> None:
    setting = vertical("“天宫”里炼出单晶——我国空间材料实验28项全部完成", 2)
    assert setting is not None
    assert [column.text for column in setting.columns] == [
        "“天宫”里炼出单晶——",
        "我国空间材料实验28项全部完成",
    ]
    first, second = setting.columns
    assert first.x_pt - second.x_pt == pytest.approx(1.25 * SIZE)
    assert setting.width_pt == pytest.approx(2.25 * SIZE)


def test_the_desk_breaks_where_it_wants() -> None:
    setting = vertical("铜原子凌晨两点亮了灯", 2, preferred=(3,))
    assert setting is not None
    assert [column.text for column in setting.columns] == ["铜原子", "凌晨两点亮了灯"]


@pytest.mark.parametrize("number", ["8", "28", "253"])
def test_short_numbers_stand_upright_in_one_square(number: str) -> None:
    run = run_of(number, f"实验{number}项")
    assert run.stand in (Stand.UPRIGHT, Stand.TOGETHER)
    assert run.length_pt == SIZE
    wide = faces().word_em(number, "song-heavy", None) * run.scale * SIZE
    assert wide <= SIZE
    assert run.x_pt + wide / 2 == pytest.approx(SIZE / 2)  # in the middle of the column


@pytest.mark.parametrize("word", ["2026", "NASA", "98.6%", "Al-Li"])
def test_long_numbers_and_words_are_turned_and_whole(word: str) -> None:
    run = run_of(word, f"我国{word}实验")
    assert run.stand is Stand.TURNED
    assert run.length_pt > faces().word_em(word, "song-heavy", None) * SIZE
    assert run.scale == 1.0


def test_a_number_in_a_name_is_turned_with_it() -> None:
    assert [run.stand for run in runs("Wi-Fi 6路由器")][:3] == [Stand.TURNED, Stand.WHITE, Stand.TURNED]


def test_dashes_are_one_stroke_two_squares_long() -> None:
    for font in ("song-heavy", "hei-heavy", "kai"):
        (run,) = [run for run in runs([("单晶——我国", Style(font, SIZE))]) if "—" in run.text]
        assert (run.text, run.stand, run.length_pt) == ("——", Stand.TURNED, 2 * SIZE)
        ink = faces().ink("——", font, None)
        assert ink.advance_em * run.scale == pytest.approx(2)
        middle = run.x_pt - (ink.top_em + ink.bottom_em) / 2 * SIZE  # turned: down becomes left
        assert middle == pytest.approx(SIZE / 2, abs=0.01)


def test_points_of_an_ellipsis_run_down_the_column() -> None:
    first, second = (run for run in runs("我国……好") if run.text == "…")
    assert first.stand is second.stand is Stand.UPRIGHT
    assert (first.x_pt, second.y_pt - first.y_pt) == (0.0, SIZE)


@pytest.mark.parametrize("font", ["song", "song-heavy", "hei", "hei-heavy", "kai"])
@pytest.mark.parametrize("mark", list("，。、"))
def test_points_stand_in_the_upper_right_of_their_square(font: str, mark: str) -> None:
    (run,) = [run for run in runs([(f"国{mark}国", Style(font, SIZE))]) if run.text == mark]
    ink = faces().ink(mark, font, None, vertical=True)
    assert (run.x_pt, run.y_pt) == (0.0, SIZE)
    assert ink.left_em > 0.5
    assert ink.bottom_em < 0.5


def test_quotation_marks_keep_their_characters_and_turn_by_form_alone() -> None:
    opening, closing = (run for run in runs("称“天宫”号") if run.text in "“”")
    assert opening.stand is closing.stand is Stand.UPRIGHT
    assert faces().has_vertical_form("“", "song-heavy", None)
    ink = faces().ink("“", "song-heavy", None, vertical=True)
    assert ink.top_em > 0.5  # 『: at the foot of its square, against what it opens
    assert faces().ink("”", "song-heavy", None, vertical=True).bottom_em < 0.5


def test_marks_beside_each_other_give_up_their_empty_half() -> None:
    assert sum(run.length_pt for run in runs("国》，“国")) == pytest.approx((2 + 0.5 + 0.5 + 1) * SIZE)
    assert sum(run.length_pt for run in runs("国（“国")) == pytest.approx((2 + 1 + 0.5) * SIZE)


def test_a_mark_that_fills_its_square_gives_up_nothing() -> None:
    assert run_of("？", "国？”国").length_pt == SIZE


def test_marks_at_the_ends_of_a_column_stand_against_them() -> None:
    setting = vertical("“天宫”")
    assert setting is not None
    assert setting.depth_pt == pytest.approx(3 * SIZE)
    ink = faces().ink("“", "song-heavy", None, vertical=True)
    first = setting.columns[0].runs[0]
    assert 0 <= first.y_pt + ink.top_em * SIZE < SIZE / 4


def test_interpuncts_take_half_a_square_in_the_middle() -> None:
    run = run_of("·", "李·王")
    ink = faces().ink("·", "song-heavy", None, vertical=True)
    assert run.length_pt == SIZE / 2
    assert run.x_pt + (ink.left_em + ink.right_em) / 2 * SIZE == pytest.approx(SIZE / 2, abs=0.02 * SIZE)
    assert run.start_pt < run.y_pt + ink.top_em * SIZE < run.y_pt + ink.bottom_em * SIZE
    assert run.y_pt + ink.bottom_em * SIZE < run.start_pt + run.length_pt


def test_a_face_without_vertical_forms_turns_brackets_and_moves_points() -> None:
    """The brush face has none."""
    brush = Style("brush", SIZE)
    opening, _, closing, point, _ = runs([("《国》。国", brush)])
    assert opening.stand is closing.stand is Stand.TURNED
    ink = faces().ink("。", "brush", None, vertical=True)
    assert point.stand is Stand.UPRIGHT
    assert point.x_pt + ink.left_em * SIZE >= SIZE / 2
    assert point.y_pt + ink.bottom_em * SIZE <= point.start_pt + SIZE / 2


def test_traditional_points_stand_in_the_middle() -> None:
    hant = Style("song", SIZE, lang="zh-Hant")
    (run,) = [run for run in runs([("讀者，來信", hant)]) if run.text == "，"]
    ink = faces().ink("，", "song", "zh-Hant", vertical=True)
    assert run.x_pt + (ink.left_em + ink.right_em) / 2 * SIZE == pytest.approx(SIZE / 2, abs=0.05 * SIZE)
    assert run.length_pt == SIZE


def test_readings_make_their_bases_long_enough() -> None:
    style = Style("song-heavy", SIZE, ruby="zhuāng bō")
    first, second = runs([("装钵", style)])
    small = SIZE * policy().ruby_em
    assert first.length_pt >= faces().word_em("zhuāng", policy().ruby_font, None) * small
    assert second.length_pt >= SIZE


@pytest.mark.parametrize(
    ("text", "count", "depth"),
    [("", 1, 10), (" ", 1, 10), ("天宫", 2, 10), ("天宫", 0, 10), ("天", 1, 0.5), ("天", 1, -3)],
)
def test_what_cannot_be_set_is_none(text: str, count: int, depth: float) -> None:
    assert vertical(text, count, depth) is None


def test_a_word_longer_than_the_column_is_none() -> None:
    assert vertical("polyvinylidenefluoride", depth_em=5) is None


@given(st.text(POINTS + CLOSING + "“（《", min_size=1, max_size=20))
def test_marks_alone_are_set_in_one_column_or_not_at_all(text: str) -> None:
    setting = vertical(text)
    assert setting is not None
    assert setting.text == text
