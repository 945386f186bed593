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

from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.fonts import Measures
from issue_publisher.production.load import Source, load
from issue_publisher.rendering.pdf import RenderError, Resource, write_pdf
from issue_publisher.rendering.press import render_press
from issue_publisher.rendering.templates import TemplateFault
from issue_publisher.typesetting.faces import PaperFaces
from painted import SetLine, painted, set_lines


@pytest.fixture(scope="session")
def source(repository: Path) -> Source:
    """The sample issue with its pictures, layout and fonts."""
    found = load(repository / "source" / "2026-11-23", None).source
    assert found is not None
    return found


@pytest.fixture(scope="session")
def faces(source: Source) -> PaperFaces:
    return PaperFaces(Measures(source.fonts), source.layout.latin_fonts)


@pytest.fixture(scope="session")
def composed(source: Source, faces: PaperFaces) -> ComposedIssue:
    return compose_issue(
        source.issue, source.layout, faces, source.pictures, file=source.file, plan=source.plan
    )


@pytest.fixture(scope="session")
def press(source: Source, faces: PaperFaces, composed: ComposedIssue) -> bytes:
    return render_press(composed, source.layout, faces, source.pictures)


def body_lines(composed: ComposedIssue, source: Source, number: int) -> Iterator[SetLine]:
    """Every body line of a page."""
    return (line for line in set_lines(composed, source.layout, number) if line.kind == "body")


@pytest.mark.parametrize("number", range(4))
def test_characters_stand_where_they_were_set(
    composed: ComposedIssue, source: Source, press: bytes, number: int
) -> None:
    found: dict[str, list[tuple[float, float]]] = {}
    for char, x, y in painted(press, number):
        found.setdefault(char, []).append((x, y))
    off = []
    for line in body_lines(composed, source, number):
        top, leading = line.top_pt, line.block.leading_pt
        for run in line.line.runs:
            first = run.text[0]
            if first in "（《“‘「『【" or not first.strip():
                continue  # pdfium counts the empty half of an opening mark its own way
            x = line.left_pt + run.x_pt
            near = [abs(px - x) for px, py in found.get(first, []) if top < py < top + leading]
            off.append((min(near, default=99.0), run.text[:6], run.style.font))
    assert len(off) > 300
    assert max(off)[0] < 0.05, max(off)


@pytest.mark.parametrize("number", range(4))
def test_lines_that_should_reach_the_edge_reach_it(
    composed: ComposedIssue, source: Source, press: bytes, number: int
) -> None:
    characters = list(painted(press, number))
    for each in body_lines(composed, source, number):
        line, top, leading = each.line, each.top_pt, each.block.leading_pt
        last = line.text.rstrip()[-1]
        if not line.flush or not "\u4e00" <= last <= "\u9fff":
            continue
        right = (
            each.left_pt + line.measure_pt - line.runs[-1].style.size_pt
        )  # where the last one should begin
        near = [abs(x - right) for char, x, y in characters if char == last and top < y < top + leading]
        assert min(near) < 0.25, line.text


def test_all_columns_stand_on_one_baseline_grid(
    composed: ComposedIssue, source: Source, press: bytes
) -> None:
    offsets = Counter()
    for number in range(4):
        characters = [place for place in painted(press, number) if "\u4e00" <= place[0] <= "\u9fff"]
        first = min(line.top_pt for line in body_lines(composed, source, number))
        for line in body_lines(composed, source, number):
            here, block, left, top = set(line.line.text), line.block, line.left_pt, line.top_pt
            for char, x, y in characters:
                if char in here and left - 1 < x < left + block.width_pt and top < y < top + block.leading_pt:
                    offsets[round((y - first) % block.leading_pt, 1)] += 1
    assert sum(offsets.values()) > 10_000
    assert max(offsets) - min(offsets) < 0.11, offsets


def test_text_is_black_ink_alone(press: bytes) -> None:
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
    assert render_press(composed, source.layout, faces, source.pictures) == press


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
        render_press(composed, replace(source.layout, folder=folder), faces, source.pictures)


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
