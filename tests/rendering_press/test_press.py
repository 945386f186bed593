"""The press PDF as pdfium sees it: characters stand where they were set, edges are flush, black is black."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from issue_publisher.composition.model import ComposedIssue, TextBlock
from issue_publisher.production.load import Source
from issue_publisher.rendering.archive_pdf import archive_pdf
from issue_publisher.rendering.pages import pages_html, render_pages
from issue_publisher.rendering.pdf import RenderError, Resource, write_pdf
from issue_publisher.rendering.press_pdf import imprint_of, press_pdf
from issue_publisher.rendering.templates import TemplateFault
from issue_publisher.typesetting.faces import PaperFaces
from rendering_press.places import as_read, blocks, by_character, extracted, off_place, painted

# What a page of the sample sets in lines of its own; pages differ.
KINDS = {"body", "headline", "caption", "byline"}
_SPACED_EM = 0.1  # readers take more white than that for a word space


def body_lines(
    composed: ComposedIssue, source: Source, number: int
) -> Iterator[tuple[TextBlock, int, float, float]]:
    """Every body line of a page: its block, its number, and where it begins on the paper."""
    for block, left, top in blocks(composed.pages[number], source.layout):
        if block.kind == "body":
            for at in range(len(block.lines)):
                yield block, at, left, top + at * block.leading_pt


@pytest.mark.parametrize("number", range(4))
def test_characters_stand_where_they_were_set(
    composed: ComposedIssue, source: Source, faces: PaperFaces, press: bytes, number: int
) -> None:
    found, gap = by_character(painted(press, number)), source.layout.typesetting.han_latin_gap_em
    off = [
        place
        for block, left, top in blocks(composed.pages[number], source.layout)
        for place in off_place(block, left, top, found, faces, gap)
    ]
    assert len(off) > 3000
    assert {kind for _, _, _, kind in off} >= KINDS
    assert max(off)[0] < 0.05, sorted(off)[-5:]


def test_readers_find_the_text_as_it_was_set(
    composed: ComposedIssue, source: Source, press: bytes, tmp_path: Path
) -> None:
    texts, checked, spaced = extracted(press, tmp_path), 0, 0
    for page in composed.pages:
        for block, _, _ in blocks(page, source.layout):
            wide = [line for line in block.lines if line.stretch_pt > _SPACED_EM * line.runs[0].style.size_pt]
            spaced += len(wide)
            if not wide:
                checked += len(block.lines)
                for reader, text in texts.items():
                    assert as_read(block.lines).search(text), (reader, block.kind, block.lines[0].text)
    assert checked > 1000
    assert spaced < 10  # lines that could not be set otherwise are read with their white


@pytest.mark.parametrize("number", range(4))
def test_lines_that_should_reach_the_edge_reach_it(
    composed: ComposedIssue, source: Source, press: bytes, number: int
) -> None:
    characters = list(painted(press, number))
    for block, at, left, top in body_lines(composed, source, number):
        line = block.lines[at]
        last = line.text.rstrip()[-1]
        if not line.flush or not "\u4e00" <= last <= "\u9fff":
            continue
        right = left + line.measure_pt - line.runs[-1].style.size_pt  # where the last character should begin
        near = [
            abs(x - right) for char, x, y in characters if char == last and top < y < top + block.leading_pt
        ]
        assert min(near) < 0.25, line.text


def test_all_columns_stand_on_one_baseline_grid(
    composed: ComposedIssue, source: Source, press: bytes
) -> None:
    offsets = Counter()
    for number in range(4):
        characters = [place for place in painted(press, number) if "\u4e00" <= place[0] <= "\u9fff"]
        first = min(top for _, _, _, top in body_lines(composed, source, number))
        for block, at, left, top in body_lines(composed, source, number):
            here = set(block.lines[at].text)
            for char, x, y in characters:
                if char in here and left - 1 < x < left + block.width_pt and top < y < top + block.leading_pt:
                    offsets[round((y - first) % block.leading_pt, 1)] += 1
    assert sum(offsets.values()) > 10_000
    assert max(offsets) - min(offsets) < 0.11, offsets


def test_text_is_black_ink_alone(source: Source, faces: PaperFaces, composed: ComposedIssue) -> None:
    sheets = pages_html(composed, source.layout, faces, source.pictures)
    archive = archive_pdf(sheets, composed.issue, source.layout, ())
    press = press_pdf(archive, source.layout, source.press_profile, imprint_of(composed))
    pikepdf_free = pypdfium2.PdfDocument(press)
    inks = Counter()
    for number in range(4):
        for thing in pikepdf_free[number].get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3):
            red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
            pdfium.FPDFPageObj_GetFillColor(thing.raw, red, green, blue, alpha)
            inks[red.value, green.value, blue.value] += 1
    assert inks.most_common(1)[0][0] == (35, 31, 32)  # what pdfium shows for 100 % K, not RGB black
    assert (0, 0, 0) not in inks


def test_the_same_pages_twice(
    source: Source, faces: PaperFaces, composed: ComposedIssue, press: bytes
) -> None:
    assert render_pages(composed, source.layout, faces, source.pictures) == press


def test_a_template_that_asks_for_what_is_not_there(
    source: Source, faces: PaperFaces, composed: ComposedIssue, tmp_path: Path
) -> None:
    import shutil
    from dataclasses import replace

    folder = tmp_path / "broadsheet"
    shutil.copytree(source.layout.folder, folder)
    template = folder / "print" / "folio.html.j2"
    template.write_text(template.read_text(encoding="utf-8") + "\n{{ page.colour }}\n", encoding="utf-8")
    line = len(template.read_text(encoding="utf-8").splitlines())
    with pytest.raises(TemplateFault, match=rf"folio\.html\.j2:{line}: .*colour"):
        render_pages(composed, replace(source.layout, folder=folder), faces, source.pictures)


@pytest.mark.parametrize(
    "address", ["http://example.org/a.png", "file:///etc/passwd", "issue:/picture/none.png"]
)
def test_nothing_is_fetched_but_what_the_issue_holds(address: str) -> None:
    with pytest.raises(RenderError, match=re.escape(address)):
        write_pdf(f'<img src="{address}">', {}, identifier=b"0" * 16)


def test_a_missing_glyph_is_a_fault(source: Source) -> None:
    from issue_publisher.fonts.subset import subset_face

    font = Resource(subset_face(source.fonts.face("song"), "有", "Issue only"), "font/ttf")
    html = (
        '<style>@font-face{font-family:only;src:url("issue:/f")}p{font-family:only}</style><p>\U000f0000</p>'
    )
    with pytest.raises(RenderError):
        write_pdf(html, {"f": font}, identifier=b"0" * 16)
