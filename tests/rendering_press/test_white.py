"""White that belongs to glyphs, in a real PDF: between Han and Latin, and taken from squeezed marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from issue_publisher.composition.model import Choice, ComposedIssue, ComposedPage, Frame, Placement, TextBlock
from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Align
from issue_publisher.production.load import Source
from issue_publisher.rendering.pages import render_pages
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.paragraph import Setting, set_paragraph
from rendering_press.places import as_read, blocks, by_character, extracted, off_place, painted

FACES = ("song", "song-heavy", "hei", "hei-heavy", "kai")
SENTENCES = (
    "课题组3月16日在2026年用Ti-6Al-4V合金试制出第7件样件。",
    "作者Alonso 让我把A4纸、U盘和MOX芯片寄到B座office，全价99.5%。",
    "“——他说”，《材料》（第3版）：“轻、强、韧”。——完……",
    "粒径0.5μm的β相与α-Fe并存；比例Δt与Δx见图1。",
)
LEADING = 13.5


def pages(source: Source, *columns: tuple[Line, ...]) -> ComposedIssue:
    """One page of the sample with these lines on it, and nothing else."""
    page = source.issue.pages[1]
    parts = tuple(
        TextBlock("body", 10.0 + 260 * (at % 3), 90.0 + 400 * (at // 3), 240.0, LEADING, lines)
        for at, lines in enumerate(columns)
    )
    frame = Frame(Placement("probe", 0, 0, 90, Choice(8)), "article", parts)
    return ComposedIssue(source.issue, (ComposedPage(page, (frame,)),))


def check(source: Source, faces: PaperFaces, composed: ComposedIssue, folder: Path) -> None:
    """Every character at its place; every line verbatim for every reader."""
    pdf = render_pages(composed, source.layout, faces, source.pictures)
    found, gap = by_character(painted(pdf, 0)), source.layout.typesetting.han_latin_gap_em
    texts = extracted(pdf, folder)
    for block, left, top in blocks(composed.pages[0], source.layout):
        far = max(off_place(block, left, top, found, faces, gap))
        assert far[0] < 0.05, far
        for line in block.lines:
            for reader, text in texts.items():
                assert as_read((line,)).search(text), (reader, line.text)


def one_line(text: str, style: Style, source: Source, faces: PaperFaces) -> Line:
    setting = Setting(900.0, style.size_pt, Align.LEFT)
    (line,) = set_paragraph([(text, style)], setting, faces, source.layout.typesetting)
    return line


def test_white_is_an_eighth_and_no_reader_takes_it_for_a_space(
    source: Source, faces: PaperFaces, tmp_path: Path
) -> None:
    assert source.layout.typesetting.han_latin_gap_em == 0.125
    columns = [tuple(one_line(text, Style(font, 9.0), source, faces) for text in SENTENCES) for font in FACES]
    assert any(run.gap_before and run.gap_after for line in columns[0] for run in line.runs)
    check(source, faces, pages(source, *columns), tmp_path)


@pytest.mark.parametrize("font", FACES)
def test_stretched_and_squeezed_lines_are_read_as_they_were_set(
    source: Source, faces: PaperFaces, font: str, tmp_path: Path
) -> None:
    style, policy = Style(font, 9.0), source.layout.typesetting
    policy = replace(policy, tracking_stretch_em=0.09, emergency_stretch_em=0.09)
    text = "".join(SENTENCES) * 2
    columns = []
    for measure in (13.0, 15.5, 18.25, 21.4, 26.0):
        lines = set_paragraph([(text, style)], Setting(measure * 9.0, 9.0), faces, policy)
        columns.append(tuple(line for line in lines if not line.forced))
    lines = [line for column in columns for line in column]
    assert max(line.stretch_pt for line in lines) > 0.04 * 9
    assert max(line.squeeze_pt for line in lines) > 0.2 * 9
    check(source, faces, pages(source, *columns), tmp_path)


def test_condensed_headlines_with_white(source: Source, faces: PaperFaces, tmp_path: Path) -> None:
    """Condensed, spaced, large: the white is condensed and spaced with its letters."""
    text = "用3张Al-Li合金板，造“一次成形”——箱底"
    styles = [
        Style(font, 10.0, scale=scale, tracking_em=spaced)
        for font in ("song-heavy", "hei-heavy", "kai")
        for scale, spaced in ((0.9, 0.0), (1.0, 0.05))
    ]
    columns = [(one_line(text, style, source, faces),) for style in styles]
    check(source, faces, pages(source, *columns), tmp_path)


@pytest.mark.parametrize(("font", "lang"), [*((font, None) for font in FACES), ("song", "zh-Hant")])
def test_marks_alone_in_their_element(source: Source, faces: PaperFaces, font: str, lang: str | None) -> None:
    """A dash or quotation mark in red, or at the edge of a line, is as wide as in black among Han."""
    red, black = Style(font, 9.0, ink="red", lang=lang), Style(font, 9.0, lang=lang)
    setting, policy = Setting(900.0, 9.0, Align.LEFT), source.layout.typesetting
    lines = [
        line
        for mark in ("——", "……", "“", "”", "’", "·", "26")
        for pieces in (
            [("天", black), (mark, red), ("地", black)],
            [(mark, red), ("地玄黄", black)],
            [("天地玄", black), (mark, red)],
        )
        for line in set_paragraph(pieces, setting, faces, policy)
    ]
    composed = pages(source, tuple(lines))
    found = by_character(painted(render_pages(composed, source.layout, faces, source.pictures), 0))
    for block, left, top in blocks(composed.pages[0], source.layout):
        far = max(off_place(block, left, top, found, faces, 0.125))
        assert far[0] < 0.05, far
    dash = lines[0].runs[1]
    assert dash.text == "——"
    assert dash.width_pt == pytest.approx(18.0)


def test_superscripts_stand_in_their_line(source: Source, faces: PaperFaces, tmp_path: Path) -> None:
    """1021 with its exponent raised is read as one line, and the exponent stands 0.36 em above it."""
    policy, columns = source.layout.typesetting, []
    for font in FACES:
        base = Style(font, 9.0)
        raised = base.marked(frozenset({InlineKind.SUPERSCRIPT}), policy)
        lowered = base.marked(frozenset({InlineKind.SUBSCRIPT}), policy)
        pieces = [
            ("约1.6×10", base), ("21", raised), ("个原子，把Fe", base), ("3+", raised), ("变成CO", base),
            ("2", lowered), ("。", base),
        ]  # fmt: skip
        columns.append(set_paragraph(pieces, Setting(400.0, 9.0, Align.LEFT), faces, policy))
    check(source, faces, pages(source, *columns), tmp_path)
    pdf = render_pages(pages(source, columns[0]), source.layout, faces, source.pictures)
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    at = page.get_text_range().index("1021")
    bottoms = [page.get_charbox(at + place)[1] for place in (1, 2)]  # ink of the 0 and of the raised 2
    assert bottoms[1] - bottoms[0] == pytest.approx(0.36 * 9, abs=0.15)
