"""Long paragraphs: the time for a character does not grow with their length, and nothing recurses."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice

import pytest

from issue_publisher.layout.model import Align
from issue_publisher.typesetting.paragraph import Setting, prepare
from typesetting.anything import PLAIN, SIZE
from typesetting.paper import policy
from typesetting.stub import SquareFaces

MIXED = (
    "本报讯（记者 江南）11月20日，我国自主研制的新一代钛合金“天工-3”在海试平台上完成1,000小时耐蚀试验，"
    "失重率仅为0.8%——比上一代降低六成。《材料·前沿》的 Alonso 写道：“数据很平静，平静正是我们想要的……”"
    "详见https://www.example.org/materials/2026/11/index.html?query=alloy。"
)
KINDS = {
    "mixed": MIXED,
    "Han": "新一代钛合金在海试平台上完成耐蚀试验",
    "one word": "a",
    "marks": "，。“”（）《》·——……！",
    "one mark": "，",
    "opening marks": "（",
    "dashes": "—",
    "figures": "3",
    "spaces between letters": "a b ",
    "combining marks": "e\u0301",
    "an address": "materials/2026/",
}
LONG = 100_000
TIMED = 30_000


def paragraph(kind: str, length: int) -> str:
    return "".join(islice(cycle(KINDS[kind]), length)).strip()


def tries(text: str, em: float) -> Iterator[float]:
    """Processor seconds of each of three tries: what else runs on the machine only makes them more."""
    for _ in range(3):
        started = time.process_time()
        lines = prepare([(text, PLAIN)], SquareFaces(), policy()).lines(Setting(em * SIZE, SIZE))
        took = time.process_time() - started
        assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
        yield took


@pytest.mark.parametrize("em", [13, 111])
@pytest.mark.parametrize("kind", ["mixed", "Han", "one word", "marks"])
def test_ten_times_the_text_takes_ten_times_the_time(kind: str, em: float) -> None:
    short = min(tries(paragraph(kind, TIMED // 10), em))
    # A try that is quick enough settles it: the others could only be so, too.
    assert any(long / TIMED < 2.5 * short / (TIMED // 10) for long in tries(paragraph(kind, TIMED), em))


@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_thousand_characters_can_be_set(kind: str) -> None:
    depth = sys.getrecursionlimit()
    sys.setrecursionlimit(200)  # far less than the lines there are
    try:
        text = paragraph(kind, LONG)
        copy = prepare([(text, PLAIN)], SquareFaces(), policy())
        for align in (Align.JUSTIFY, Align.LEFT):
            lines = copy.lines(Setting(13 * SIZE, SIZE, align))
            assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
            assert len(lines) > 1000
    finally:
        sys.setrecursionlimit(depth)


def test_alternatives_of_a_long_paragraph_take_linear_time() -> None:
    """Not asked of the longest: they count lines, and a paragraph of so many has no use for one more."""
    took = []
    for length in (500, 2000):
        copy = prepare([(paragraph("mixed", length), PLAIN)], SquareFaces(), policy())
        started = time.process_time()
        copy.alternatives(Setting(13 * SIZE, SIZE))
        took.append(time.process_time() - started)
    assert took[1] < 16 * took[0] * 2
