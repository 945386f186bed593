"""Pull quotes and crossheads: even lines broken at sense, rather a short one than one that parts a phrase."""

from __future__ import annotations

import pytest

from issue_publisher.layout.model import Align
from issue_publisher.typesetting.headline import set_short
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.paragraph import Setting, set_paragraph
from typesetting.paper import faces, layout

SIZE = 14.0


def broken(words: str, measure_em: float, *, at_marks: bool) -> list[str]:
    setting = Setting(measure_em * SIZE, SIZE, Align.LEFT, break_at_marks=at_marks)
    pieces = [(words, Style("song-heavy", SIZE))]
    return [line.text for line in set_paragraph(pieces, setting, faces(), layout().typesetting)]


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("它磨得极其精确，只是精确地错了。", ["它磨得极其精确，", "只是精确地错了。"]),
        ("渡船靠岸以前，先听水声，再看灯。", ["渡船靠岸以前，", "先听水声，再看灯。"]),
    ],
)
def test_breaks_stand_at_marks(words: str, lines: list[str]) -> None:
    assert broken(words, 11, at_marks=True) == lines
    assert broken(words, 11, at_marks=False) != lines


def test_a_phrase_longer_than_the_line_is_broken_all_the_same() -> None:
    words = "一条没有任何标点而又比一行长得多的话"
    assert "".join(broken(words, 8, at_marks=True)) == words
    assert len(broken(words, 8, at_marks=True)) == 3


def short(words: str, measure_em: float, *, at_marks: bool = False) -> tuple[Line, ...]:
    pieces = [(words, Style("song-heavy", SIZE))]
    measure, policy = measure_em * SIZE, layout().typesetting
    return set_short(pieces, (), measure, Align.CENTRE, faces(), policy, break_at_marks=at_marks)


@pytest.mark.parametrize(
    ("words", "measure_em", "lines"),
    [
        ("资源哪里就是取之不尽的", 8, ["资源哪里", "就是取之不尽的"]),
        ("人掉下去只有一个，扳手掉下去，底下一船人都要抬头", 13, [
            "人掉下去只有一个，", "扳手掉下去，", "底下一船人都要抬头",
        ]),
        ("烟乌里带黄，像煮坏的粥，就对了", 8, ["烟乌里带黄，", "像煮坏的粥，", "就对了"]),
    ],
)  # fmt: skip
def test_a_pull_quote_breaks_at_sense(words: str, measure_em: float, lines: list[str]) -> None:
    assert [line.text for line in short(words, measure_em, at_marks=True)] == lines


@pytest.mark.parametrize("measure_em", [8, 10, 12, 14])
def test_an_ideographic_space_is_a_welcome_break_and_not_printed_there(measure_em: float) -> None:
    lines = short("坚持绿色转型\u3000夯实低碳发展根基", measure_em)
    assert [line.text for line in lines] == ["坚持绿色转型", "夯实低碳发展根基"]
    for line in lines:  # in the middle, as if no space had been there
        assert line.runs[0].x_pt == pytest.approx(line.measure_pt - line.end_pt, abs=0.1)


def test_on_one_line_an_ideographic_space_is_printed() -> None:
    assert [line.text for line in short("绿色转型\u3000夯实根基", 12)] == ["绿色转型\u3000夯实根基"]
