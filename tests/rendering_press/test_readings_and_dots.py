"""Readings over their bases (R17) and emphasis dots under theirs (R16) in the press PDF."""

from __future__ import annotations

from itertools import pairwise

import pypdfium2
import pytest

from issue_publisher.composition.model import TextBlock
from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Align
from issue_publisher.production.load import Source
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.paragraph import Setting, set_paragraph
from rendering_press.places import painted
from rendering_press.sheet import ink, origin, page
from typesetting.paper import faces, policy

X = 60.0  # of the block in its frame
Pieces = list[tuple[str, Style]]
DOTS = frozenset({InlineKind.DOTS})


def body(**more: object) -> Style:
    return Style("song", 9.0, **more)  # type: ignore[arg-type]


def block(pieces: Pieces, measure: float, size: float = 9.0, leading: float = 13.5) -> TextBlock:
    lines = set_paragraph(pieces, Setting(measure, size, Align.JUSTIFY), faces(), policy())
    return TextBlock("body", X, 0.0, measure, leading, lines)


def dark(pdf: bytes, left: float, top: float, right: float, bottom: float) -> bool:
    try:
        ink(pdf, left, top, right, bottom)
    except AssertionError:
        return False
    return True


LONG = "坩埚里装着料，每一回都要先看火候，再看颜色，三十二个钟头以后才知道分晓"


@pytest.mark.parametrize("more", [{"ruby": "gān"}, {"kinds": DOTS}])
def test_the_grid_does_not_move(source: Source, more: dict[str, object]) -> None:
    """Characters stand on the same baselines with and without a reading or dots in the first line."""
    plain = page(source, (block([(LONG, body())], 117),))
    marked = page(source, (block([(LONG[0], body(**more)), (LONG[1:], body())], 117),))
    levels = [
        {round(y, 2) for char, x, y in painted(pdf) if char in "火候颜色三十" and y > origin(source)[1]}
        for pdf in (plain, marked)
    ]
    assert levels[0] == levels[1]


@pytest.mark.parametrize(("size", "leading"), [(9.0, 13.5), (30.0, 37.5), (46.0, 55.2)])
def test_readings_keep_clear_of_the_line_above(source: Source, size: float, leading: float) -> None:
    """Between two lines of headlines as between two lines of the body."""
    base, read = Style("song-heavy", size), Style("song-heavy", size, ruby="bō")
    part = block([("国国国国", base), ("钵", read), ("国国国", base)], 4 * size, size, leading)
    assert len(part.lines) == 2
    left, top = origin(source)
    pdf = page(source, (part,))
    above, below = top + leading / 2 + size / 2, top + leading * 1.5 - size / 2  # two em squares
    step, start = leading / 300, above - 0.1 * size
    rows = [
        dark(
            pdf,
            left + X,
            above - 0.1 * size + at * step,
            left + X + size,
            above - 0.1 * size + (at + 1) * step,
        )
        for at in range(int((below - start) / step))
    ]
    ends = [at for at, (before, now) in enumerate(pairwise(rows), 1) if before and not now]
    starts = [at for at, (before, now) in enumerate(pairwise(rows), 1) if now and not before]
    # The feet of the character above end, white follows, and only then the reading begins.
    assert ends
    assert any(start > ends[0] for start in starts)


def test_a_reading_stays_inside_the_measure(source: Source) -> None:
    long, measure = "chuāng", 90.0
    part = block([("窗", body(ruby=long)), ("前明月光也照", body()), ("窗", body(ruby=long))], measure)
    left, top = origin(source)
    pdf = page(source, (part,))
    box = ink(pdf, left + X - 20, top - 6, left + X + measure + 20, top + 2)
    assert box[0] >= 20 - 0.3
    assert box[2] <= 20 + max(part.lines[0].measure_pt, part.lines[0].end_pt) + 0.3


def test_a_word_for_each_character_stands_over_it(source: Source) -> None:
    part = block([("看", body()), ("匣钵", body(ruby="xiá bō")), ("里", body())], 90)
    left, top = origin(source)
    pdf = page(source, (part,))
    for run in part.lines[0].runs[1:3]:
        x = left + X + run.x_pt
        box = ink(pdf, x, top - 2.5, x + 9, top + 2)
        assert (box[0] + box[2]) / 2 == pytest.approx(4.5, abs=0.4)


def dots(source: Source, pieces: Pieces, size: float, leading: float, char: str) -> tuple[float, ...]:
    """Ink under a character, against where it was set."""
    part = block(pieces, 400, size, leading)
    pdf = page(source, (part,))
    top = origin(source)[1]
    (run,) = [run for run in part.lines[0].runs if char in run.text]
    wide = size * pieces[0][1].scale
    at = origin(source)[0] + X + run.x_pt + run.text.index(char) * wide
    under = top + leading / 2 + size * 0.505
    return ink(pdf, at, under, at + wide, top + leading + size * 0.3)


@pytest.mark.parametrize("scale", [1.0, 0.9])
@pytest.mark.parametrize("font", ["song-heavy", "hei-heavy"])
def test_dots_under_headlines_stand_under_the_middle_of_their_characters(
    source: Source, font: str, scale: float
) -> None:
    pieces = [
        ("把", Style(font, 30.0, scale=scale)),
        ("国中国", Style(font, 30.0, scale=scale, kinds=DOTS)),
    ]
    box = dots(source, pieces, 30.0, 37.5, "中")
    assert (box[0] + box[2]) / 2 == pytest.approx(15 * scale, abs=0.6)
    assert box[2] - box[0] == pytest.approx(30 * policy().dot_em, abs=0.6)


def test_dots_of_a_run_with_words_in_it_stand_under_their_own_characters(source: Source) -> None:
    box = dots(source, [("看Li中", Style("song", 20.0, kinds=DOTS))], 20.0, 30.0, "中")
    assert (box[0] + box[2]) / 2 == pytest.approx(10, abs=0.6)


@pytest.mark.parametrize("mark", list("，。”》、 "))
def test_no_dots_under_marks(source: Source, mark: str) -> None:
    dotted = page(source, (block([(f"中{mark}国", body(kinds=DOTS))], 90),))
    left, top = origin(source)
    bitmap = pypdfium2.PdfDocument(dotted)[0].render(scale=8, grayscale=True).to_pil()
    y = round((top + 6.75 + 9 * 0.6) * 8)
    row = [bitmap.getpixel((x, y)) < 128 for x in range(round((left + X) * 8), round((left + X + 60) * 8))]
    count = sum(1 for before, now in pairwise(row) if now and not before)
    assert count == 2


def test_dots_keep_clear_of_descenders(source: Source) -> None:
    size, leading = 20.0, 30.0
    part = block([("gyp", Style("song", size, kinds=DOTS))], 200, size, leading)
    left, top = origin(source)
    pdf = page(source, (part,))
    feet = top + leading / 2 + (faces().ink("g", "song", None).bottom_em - 0.5) * size
    assert dark(pdf, left + X, feet + 0.5, left + X + 40, feet + 4.5)
    rows = [dark(pdf, left + X, feet + at / 8, left + X + 40, feet + (at + 1) / 8) for at in range(-8, 8)]
    assert False in rows
