"""Vertical text in the press PDF: characters where they were set, marks in their vertical forms."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from issue_publisher.composition.model import (
    Choice,
    ComposedIssue,
    ComposedPage,
    Frame,
    Placement,
    VerticalBlock,
)
from issue_publisher.issue.model import InlineKind
from issue_publisher.production.load import Source
from issue_publisher.rendering.pages import render_pages
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.vertical import Stand, VerticalRun, set_vertical
from rendering_press.places import painted
from rendering_press.sheet import ROW, ink, origin, page
from typesetting.paper import faces, policy

SIZE = 40.0
TEXTS = {
    "song-heavy": "“天宫”里炼出单晶——我国（空间）材料实验28项、253次全部完成……",
    "hei-heavy": "《探月》：2026年，NASA与“高熵合金”见面！",
    "kai": "铜·锡——“八成三”？15℃下再看",
}


def block(pieces: list[tuple[str, Style]], x: float, count: int = 2) -> VerticalBlock:
    setting = set_vertical(pieces, count, 800, 1.3, faces(), policy())
    assert setting is not None
    return VerticalBlock("headline", x, 0.0, setting)


@pytest.fixture(scope="module")
def blocks() -> list[VerticalBlock]:
    return [
        block([(text, Style(font, SIZE))], 20 + 150 * at) for at, (font, text) in enumerate(TEXTS.items())
    ]


@pytest.fixture(scope="module")
def pdf(source: Source, blocks: list[VerticalBlock]) -> bytes:
    return page(source, tuple(blocks))


def expected(run: VerticalRun) -> tuple[float, float]:
    """Where a run's first glyph has its origin: on the baseline, 0.88 em below the top of its em box."""
    if run.stand is Stand.TURNED:
        return run.x_pt - 0.88 * run.style.size_pt, run.y_pt
    return run.x_pt, run.y_pt + 0.88 * run.style.size_pt


def test_characters_stand_where_they_were_set(
    source: Source, blocks: list[VerticalBlock], pdf: bytes
) -> None:
    left, top = origin(source)
    found = list(painted(pdf))
    off = []
    for part in blocks:
        for column in part.setting.columns:
            for run in column.runs:
                x, y = expected(run)
                x, y = left + part.x_pt + x, top + part.y_pt + y
                near = [max(abs(px - x), abs(py - y)) for char, px, py in found if char == run.text[0]]
                off.append((min(near), run.text))
    assert len(off) > 60
    assert max(off)[0] < 0.05, max(off)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("“", "lower"), ("”", "upper"), ("《", "lower"), ("》", "upper"), ("（", "lower"), ("）", "upper"),
        ("，", "upper right"), ("。", "upper right"), ("、", "upper right"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("font", list(TEXTS))
def test_marks_are_painted_in_their_vertical_forms(source: Source, font: str, text: str, where: str) -> None:
    """Squares: 国, the mark, 国."""
    part = block([(f"国{text}国", Style(font, SIZE))], 20, 1)
    left, top = origin(source)
    x, y = left + part.x_pt, top + SIZE
    box = ink(page(source, (part,)), x - 1, y, x + SIZE + 1, y + SIZE)
    if "upper" in where:
        assert box[3] < SIZE / 2 + 0.5
    if "lower" in where:
        assert box[1] > SIZE / 2 - 0.5
    if "right" in where:
        assert box[0] > SIZE / 2


@pytest.mark.parametrize("font", list(TEXTS))
def test_a_dash_is_one_stroke_down_the_middle(source: Source, font: str) -> None:
    part = block([("国——国", Style(font, SIZE))], 20, 1)
    left, top = origin(source)
    x, y = left + part.x_pt, top + SIZE
    pdf = page(source, (part,))
    box = ink(pdf, x, y + 0.1 * SIZE, x + SIZE, y + 1.9 * SIZE)
    assert (box[0] + box[2]) / 2 == pytest.approx(SIZE / 2, abs=0.03 * SIZE)
    assert box[2] - box[0] < 0.15 * SIZE
    assert box[3] - box[1] == pytest.approx(1.8 * SIZE, abs=0.1 * SIZE)
    for at in range(2, 36):  # unbroken
        ink(pdf, x, y + at * SIZE / 20, x + SIZE, y + (at + 1) * SIZE / 20)


def test_the_text_stays_the_text(source: Source, pdf: bytes) -> None:
    everything = "".join(char for char, _, _ in painted(pdf))
    for text in TEXTS.values():
        assert text in everything


@pytest.mark.skipif(which("pdftotext") is None, reason="poppler's pdftotext is not installed")
def test_poppler_reads_it_in_order(pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "page.pdf"), "-"], capture_output=True, check=True
    )
    everything = "".join(said.stdout.decode().split())
    for text in TEXTS.values():
        assert text in everything


def test_emphasis_dots_stand_at_the_right_beside_characters_alone(source: Source) -> None:
    style = Style("hei-heavy", SIZE, kinds=frozenset({InlineKind.DOTS}))
    part = block([("一根，没断", style)], 20, 1)
    left, top = origin(source)
    x = left + part.x_pt + SIZE
    pdf = page(source, (part,))
    for at, char in enumerate("一根，没断"):
        y = top + at * SIZE
        if char == "，":
            with pytest.raises(AssertionError):
                ink(pdf, x + 1, y, x + SIZE / 2, y + SIZE)
            continue
        box = ink(pdf, x + 0.5, y, x + SIZE / 2, y + SIZE)
        assert box[2] - box[0] == pytest.approx(policy().dot_em * SIZE, abs=1)
        assert (box[1] + box[3]) / 2 == pytest.approx(SIZE / 2, abs=1)


def test_readings_stand_at_the_right_beside_their_characters(source: Source) -> None:
    part = block([("匣钵", Style("hei-heavy", SIZE, ruby="xiá bō"))], 20, 1)
    left, top = origin(source)
    x, y = left + part.x_pt + SIZE, top
    pdf = page(source, (part,))
    for _ in "匣钵":
        box = ink(pdf, x + 0.5, y, x + SIZE, y + SIZE)
        assert (box[1] + box[3]) / 2 == pytest.approx(SIZE / 2, abs=0.1 * SIZE)
        assert box[2] < 0.6 * SIZE
        y += part.setting.columns[0].runs[0].length_pt


def test_a_face_with_latin_of_its_own(source: Source, blocks: list[VerticalBlock]) -> None:
    """The sheet of a layout without Latin faces finds the same characters."""
    plain = PaperFaces(faces().measures, {})
    setting = set_vertical([("2026年", Style("song-heavy", SIZE))], 1, 400, 1.3, plain, policy())
    assert setting is not None
    frame = Frame(
        Placement("vertical", 0, ROW, 60, Choice(8)), "article", (VerticalBlock("headline", 0, 0, setting),)
    )
    composed = ComposedIssue(source.issue, (ComposedPage(source.issue.pages[1], (frame,)),))
    layout = replace(source.layout, latin_fonts={})
    pdf = render_pages(composed, layout, plain, source.pictures)
    assert "2026年" in "".join(char for char, _, _ in painted(pdf))
