"""Our side of the comparison as a whole process: columns as JSON in, PDF out.

The lines come from `set_paragraph` with the broadsheet's policy and are painted by the press renderer as an
issue is, on pages of the comparison's size with no furniture.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from compare_engines import INDENT_EM, LEADING_PT, MARGIN_PT, PAGE_DEPTH_PT, PAGE_WIDTH_PT, SIZE_PT
from issue_publisher.composition.model import Choice, ComposedIssue, ComposedPage, Frame, Placement, TextBlock
from issue_publisher.fonts import Measures, read_fonts
from issue_publisher.issue.model import Issue, Nameplate, Page
from issue_publisher.layout.model import PT_PER_MM, Layout, PageSize
from issue_publisher.layout.reader import read_layout
from issue_publisher.rendering.pages import render_pages
from issue_publisher.resources import shipped_fonts, shipped_layouts
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.paragraph import Setting, set_paragraph

FURNITURE = ("nameplate", "folio", "imprint")


def bare_layout(shipped: Path, folder: Path) -> Layout:
    """The broadsheet with its policies and templates, on the comparison's page, without furniture."""
    layout = read_layout((shipped / "layout.toml").read_bytes(), "layout.toml", shipped)
    shutil.copytree(shipped, folder, dirs_exist_ok=True)
    for name in FURNITURE:
        (folder / "print" / f"{name}.html.j2").write_text("", encoding="utf-8")
    page = PageSize(PAGE_WIDTH_PT / PT_PER_MM, PAGE_DEPTH_PT / PT_PER_MM, MARGIN_PT / PT_PER_MM)
    return replace(layout, page=page, grid=replace(layout.grid, columns=2), folder=folder)


def column(paragraphs: list[str], measure_pt: float, layout: Layout, faces: PaperFaces) -> tuple[Line, ...]:
    """The lines of one column."""
    style = Style(layout.type["body"].font, SIZE_PT)
    setting = Setting(measure_pt, SIZE_PT, indent_pt=INDENT_EM * SIZE_PT)
    return tuple(
        line
        for paragraph in paragraphs
        for line in set_paragraph([(paragraph, style)], setting, faces, layout.typesetting)
    )


def composed_page(number: int, lines: tuple[Line, ...], measure_pt: float) -> ComposedPage:
    """A page with one column of body text in its upper left corner."""
    block = TextBlock("body", 0.0, 0.0, measure_pt, LEADING_PT, lines)
    place = Placement(f"column-{number}", 0, 0, len(lines), Choice(1))
    return ComposedPage(Page(number, "", ()), (Frame(place, "article", (block,)),))


def main() -> None:
    """compare_ours.py COLUMNS.json OUT.pdf"""
    columns = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        layout = bare_layout(shipped_layouts() / "broadsheet", Path(temporary))
        faces = PaperFaces(Measures(read_fonts(shipped_fonts())), layout.latin_fonts)
        pages = []
        for number, (_, paragraphs, characters) in enumerate(columns, 1):
            measure_pt = characters * SIZE_PT
            pages.append(composed_page(number, column(paragraphs, measure_pt, layout, faces), measure_pt))
        issue = Issue("columns", date(2026, 1, 1), Nameplate("columns", ""), tuple(p.page for p in pages))
        pdf = render_pages(ComposedIssue(issue, tuple(pages)), layout, faces, {})
    Path(sys.argv[2]).write_bytes(pdf)


if __name__ == "__main__":
    main()
