"""Pull quotes and the like: rather a short line than one that parts a phrase."""

from __future__ import annotations

import pytest

from issue_publisher.layout.model import Align
from issue_publisher.typesetting.lines import Style
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
