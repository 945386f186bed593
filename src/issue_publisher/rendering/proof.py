"""Proofs (校样): each page as it is printed with its grid, frames and blanks laid over, and a sheet to read.

The overlay is drawn from the `ComposedIssue` alone and painted over the press PDF's own pages, so a proof
cannot show anything else than what is printed. Its templates lie in the package and not in a layout: a
proof looks the same whatever the layout.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from issue_publisher.composition.compose import page_area
from issue_publisher.composition.model import (
    ComposedIssue,
    ComposedPage,
    Frame,
    Part,
    PictureBox,
    Placement,
    Rule,
    TextBlock,
    VerticalBlock,
)
from issue_publisher.composition.report import unnamed
from issue_publisher.fonts.subset import subset_face
from issue_publisher.issue.model import Issue
from issue_publisher.layout.model import PT_PER_MM, Grid, Layout
from issue_publisher.pictures import pixels_as_png
from issue_publisher.rendering.ebook_plan import item_title
from issue_publisher.rendering.pdf import BASE, Resource, write_pdf
from issue_publisher.rendering.pixels import draw_pages
from issue_publisher.rendering.templates import environment, render
from issue_publisher.typesetting.faces import PaperFaces

WIDTH_PX = 1100  # of a proof page: the body can be read, and a page fits a screen
_TEMPLATES = Path(__file__).with_name("proof_pages")
_ROLE = "furniture"  # type role whose face labels are set in: every layout has it
_HEADING = ("kicker", "headline", "deck")  # what a headline band holds
_SHORT_LEG_LINES = 0.9  # so much white at the foot of a leg is a line that lacks


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the page, in points from its upper left corner."""

    x: float
    y: float
    width: float
    depth: float


@dataclass(frozen=True, slots=True)
class FrameMark:
    """What is laid over one frame."""

    item: str
    kind: str  # article, briefs, pictures, advertisement
    title: str
    columns: int
    lines: int
    headline_pt: float  # 0: it has none
    box: Box
    band: Box | None  # of its headline, with kicker and decks, to whole lines of the grid
    feet: tuple[Box, ...]  # white at the feet of its legs
    is_overset: bool  # what should stand in it does not fit

    @property
    def label(self) -> str:
        """Its id, columns × lines, and the size of its headline."""
        size = f", {self.headline_pt:g} pt" if self.headline_pt else ""
        over = ", overset" if self.is_overset else ""
        return f"{self.item}  {self.columns} × {self.lines}{size}{over}"


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What is laid over one page. `columns` and `rows` are counted from 0, as the page plan counts them."""

    number: int
    title: str
    width: float
    depth: float
    pixel: float  # of the proof, in points
    area: Box
    columns: tuple[Box, ...]
    rows: tuple[float, ...]  # upper edge of every line of the grid, and the foot of the last
    frames: tuple[FrameMark, ...]
    blanks: tuple[Box, ...]  # cells of the grid that no frame covers


def page_marks(made: ComposedPage, issue: Issue, layout: Layout) -> PageMarks:
    """The marks of a page that is made up."""
    grid, page = layout.grid, layout.page
    width, depth = page.width_mm * PT_PER_MM, page.height_mm * PT_PER_MM
    left, top = layout.left_mm * PT_PER_MM, page.top_mm * PT_PER_MM
    titles = {item.id: item_title(item) for item in made.page.items}
    deep = grid.depth_pt(grid.lines)
    return PageMarks(
        made.page.number,
        made.page.title,
        width,
        depth,
        width / WIDTH_PX,
        Box(left, top, grid.width_pt(grid.columns), deep),
        tuple(Box(left + grid.x_pt(column), top, grid.column_pt, deep) for column in range(grid.columns)),
        tuple(top + grid.depth_pt(row) for row in range(grid.lines + 1)),
        tuple(
            _frame_mark(frame, titles[frame.placement.item], grid, left, top, made.corner_of(frame))
            for frame in made.frames
        ),
        tuple(_blanks(made, issue, layout, left, top)),
    )


def _frame_mark(
    frame: Frame, title: str, grid: Grid, left: float, top: float, corner: Placement | None
) -> FrameMark:
    place = frame.placement
    x, y = left + grid.x_pt(place.column), top + grid.depth_pt(place.row)
    width, depth = grid.width_pt(place.choice.columns), grid.depth_pt(place.lines)
    taken = (width, 0.0)
    if corner is not None:
        taken = (width - grid.width_pt(corner.choice.columns), grid.depth_pt(corner.lines))
    return FrameMark(
        place.item,
        frame.kind,
        title,
        place.choice.columns,
        place.lines,
        _headline_pt(frame.parts) or place.choice.headline_pt,
        Box(x, y, width, depth),
        _band(frame.parts, grid, x, y, width),
        tuple(_feet(frame.parts, depth, grid.leading_pt, x, y, taken)),
        is_overset=not frame.parts,
    )


def _headline_pt(parts: Sequence[Part]) -> float:
    """The size that its headline is set in."""
    sizes = [0.0]
    for part in parts:
        if isinstance(part, TextBlock) and part.kind == "headline":
            sizes += [run.style.size_pt for line in part.lines for run in line.runs]
        elif isinstance(part, VerticalBlock) and part.kind == "headline":
            sizes.append(part.setting.size_pt)
    return max(sizes)


def _band(parts: Sequence[Part], grid: Grid, x: float, y: float, width: float) -> Box | None:
    """The headline's rows over the whole frame; of a vertical headline the room that it takes itself."""
    heading = [part for part in parts if not isinstance(part, Rule | PictureBox) and part.kind in _HEADING]
    if not heading:
        return None
    if any(isinstance(part, VerticalBlock) for part in heading):
        left, right = min(p.x_pt for p in heading), max(p.x_pt + p.width_pt for p in heading)
        first, last = min(p.y_pt for p in heading), max(p.y_pt + p.depth_pt for p in heading)
        return Box(x + left, y + first, right - left, last - first)
    first = min(part.y_pt for part in heading) // grid.leading_pt
    last = -(-max(part.y_pt + part.depth_pt for part in heading) // grid.leading_pt)
    return Box(x, y + grid.depth_pt(first), width, grid.depth_pt(last - first))


def _feet(
    parts: Sequence[Part], depth: float, leading: float, x: float, y: float, taken: tuple[float, float]
) -> Iterator[Box]:
    """White of a line or more below the last part of each leg.

    `taken`: from where to the right another item stands at the foot, and how deep it is.
    """
    bordered = any(isinstance(part, Rule) and part.border_pt for part in parts)
    foot = depth - leading if bordered else depth  # a box keeps a line inside its border
    filling = [part for part in parts if not (isinstance(part, Rule) and part.border_pt)]
    bodies = [part for part in parts if isinstance(part, TextBlock) and part.kind == "body"]
    legs = {round(part.x_pt, 1): part.width_pt for part in sorted(bodies, key=lambda body: body.width_pt)}
    for left, width in sorted(legs.items()):
        beside = [p for p in filling if p.x_pt < left + width - 1 and p.x_pt + p.width_pt > left + 1]
        last = max(part.y_pt + part.depth_pt for part in beside)
        white = foot - last - (taken[1] if left + width > taken[0] else 0.0)
        if white > _SHORT_LEG_LINES * leading:
            yield Box(x + left, y + last, width, white)


def _blanks(made: ComposedPage, issue: Issue, layout: Layout, left: float, top: float) -> Iterator[Box]:
    """Cells that no frame covers, those under one another as one box."""
    area, grid = page_area(issue, made.page, layout), layout.grid
    rows = range(area.top, area.top + area.lines)
    places = [frame.placement for frame in made.frames]
    for column in range(grid.columns):
        here = [place for place in places if 0 <= column - place.column < place.choice.columns]
        taken = {row for place in here for row in range(place.row, place.row + place.lines)}
        for free, run in groupby(rows, key=lambda row: row not in taken):
            if free:
                first, *rest = run
                lines = 1 + len(rest)
                yield Box(
                    left + grid.x_pt(column), top + grid.depth_pt(first), grid.column_pt, grid.depth_pt(lines)
                )


# --------------------------------------------------------------------------- pictures


def draw_proof(
    press_pdf: bytes, composed: ComposedIssue, layout: Layout, faces: PaperFaces
) -> tuple[bytes, ...]:
    """A PNG of each page of a composed issue: the press PDF's page with its marks laid over it.

    1,100 pixels wide; the same bytes for the same input. Raises RenderError when WeasyPrint complains.
    """
    marks = [page_marks(page, composed.issue, layout) for page in composed.pages]
    over = _overlay(marks, layout, faces)
    return tuple(
        pixels_as_png(page.rows, page.width_px, page.height_px)
        for page in draw_pages(press_pdf, WIDTH_PX, over)
    )


def _overlay(marks: Sequence[PageMarks], layout: Layout, faces: PaperFaces) -> bytes:
    """The marks as a PDF, a page for a page."""
    font = layout.type[_ROLE].font
    labels = "".join(frame.label for page in marks for frame in page.frames)
    unknown = faces.fonts.missing(labels)  # an id may be made of letters that no text of the issue has
    subsets = _subsets(labels + "0123456789?", font, faces)
    html = render(
        environment(_TEMPLATES),
        "overlay.html.j2",
        pages=marks,
        base=BASE,
        faces=list(subsets),
        family=_family(font, faces, subsets),
        known=lambda label: "".join("?" if char in unknown else char for char in label),
        colours=COLOURS,
    )
    resources = {f"font/{role}": Resource(data, "font/ttf") for role, data in subsets.items()}
    return write_pdf(html, resources, identifier=hashlib.sha256(html.encode()).digest()[:16])


def _subsets(words: str, font: str, faces: PaperFaces) -> dict[str, bytes]:
    """Role → face cut down to those of these characters that it sets; what no face has is left out."""
    characters: dict[str, set[str]] = {}
    shown = "".join(sorted(set(words) - faces.fonts.missing(words)))
    for face, part in faces.runs(shown, font, None):
        characters.setdefault(face.role, set()).update(part)
    return {
        role: subset_face(faces.fonts.face(role), part, f"Proof {role}")
        for role, part in sorted(characters.items())
    }


def _family(font: str, faces: PaperFaces, subsets: Mapping[str, bytes]) -> str:
    return ",".join(role for role in faces.chain(font, None) if role in subsets)


# Colours of the overlay on paper, far from the inks of a page.
COLOURS: Mapping[str, str] = {
    "article": "#0a63c9",
    "briefs": "#0b7d3e",
    "pictures": "#8a2bb5",
    "advertisement": "#b35a00",
    "grid": "#00a3c4",
    "headline": "#f2b600",
    "white": "#e0007a",
    "overset": "#d40000",
}


# --------------------------------------------------------------------------- the sheet


def proof_html(
    composed: ComposedIssue,
    layout: Layout,
    faces: PaperFaces,
    report: Mapping[str, Any],
    picture_names: Mapping[int, str],
) -> str:
    """The sheet: every page that was made beside what is to be said of it.

    `report`: what `report.json` holds. `picture_names`: page number → its PNG, from the sheet's folder.
    A page that could not be made shows the desk's findings alone. Chinese is set in a face that the sheet
    carries, cut down to what it says: it can be read on any machine, and is not missing on one.
    """
    issue = composed.issue
    marks = {page.page.number: page_marks(page, issue, layout) for page in composed.pages}
    font = layout.type[_ROLE].font
    said = json.dumps(report, ensure_ascii=False) + issue.nameplate.title
    subsets = _subsets("".join(char for char in said if not char.isascii()), font, faces)
    return render(
        environment(_TEMPLATES),
        "proof.html.j2",
        issue=issue,
        layout=layout,
        report=report,
        marks=marks,
        pictures=picture_names,
        colours=COLOURS,
        unnamed=unnamed,
        fonts={role: b64encode(data).decode() for role, data in subsets.items()},
        family=_family(font, faces, subsets),
        most_frames=max((len(page.frames) for page in composed.pages), default=0),
    )
