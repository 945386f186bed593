"""What the layout's templates place themselves: nameplate, folio lines, imprint, line by line.

Their HTML alone is laid out by WeasyPrint, which breaks their lines and knows where they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from issue_publisher.composition.model import ComposedIssue
from issue_publisher.fonts.subset import ASCENT_EM
from issue_publisher.layout.model import Layout
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept
from issue_publisher.rendering.pages import FURNITURE_ROLES, pages_html
from issue_publisher.rendering.pdf import read_pages
from issue_publisher.rendering.printed import Place, PrintedLine, Sign
from issue_publisher.rendering.words import Looks, Styled, words_of
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Run, Style
from issue_publisher.typesetting.places import placed_characters

_PT_PER_PX = 0.75
_AREA = "area"  # the class of the element that holds a page's furniture and frames


@dataclass(frozen=True, slots=True)
class FurnitureRun:
    """Characters that WeasyPrint painted together."""

    text: str
    x_pt: float
    baseline_pt: float
    width_pt: float
    size_pt: float
    spacing_pt: float  # behind each character
    font: str  # role
    ink: str  # of the layout


@dataclass(frozen=True, slots=True)
class FurnitureText:
    """A block of the template: its lines."""

    kind: str
    lines: tuple[tuple[FurnitureRun, ...], ...]
    leading_pt: float
    align: str


@dataclass(frozen=True, slots=True)
class FurnitureFrame:
    """Nameplate, folio line or imprint."""

    kind: str  # the class that its template gives it
    texts: tuple[FurnitureText, ...]


def furniture_of(
    composed: ComposedIssue, layout: Layout, faces: PaperFaces, kept: Kept = NOTHING_KEPT
) -> tuple[tuple[FurnitureFrame, ...], ...]:
    """The furniture of each page; fonts cut down for it are `kept`.

    Raises what `pages_html` and `write_pdf` raise.
    """
    bare = replace(composed, pages=tuple(replace(page, frames=(), rules=()) for page in composed.pages))
    sheets = pages_html(bare, layout, faces, {}, kept)
    fonts = {faces.chain(layout.type[name].font, None): layout.type[name].font for name in FURNITURE_ROLES}
    inks = {layout.screen_inks[name]: name for name in reversed(list(layout.inks))}

    def read(document: Any) -> tuple[tuple[FurnitureFrame, ...], ...]:
        return tuple(_Reader(fonts, inks).page(page._page_box) for page in document.pages)

    return read_pages(sheets.html, sheets.resources, read)


@dataclass
class _Reader:
    """Goes through the boxes of a page."""

    fonts: Mapping[tuple[str, ...], str]
    inks: Mapping[tuple[int, int, int], str]
    _lines: dict[int, list[tuple[FurnitureRun, ...]]] = field(default_factory=lambda: defaultdict(list))
    _blocks: dict[int, Any] = field(default_factory=dict)  # in the order in which they are met
    _kinds: dict[int, tuple[str, str]] = field(default_factory=dict)  # of a block: its frame's and its own

    def page(self, box: Any) -> tuple[FurnitureFrame, ...]:
        self._read(box, ())
        frames: dict[str, list[FurnitureText]] = {}
        for key, block in self._blocks.items():
            frame, kind = self._kinds[key]
            style = block.style
            align = {"end": "right", "right": "right", "center": "centre"}.get(
                style["text_align_all"], "left"
            )
            leading = self._lines[key]
            text = FurnitureText(kind, tuple(leading), _leading_pt(block), align)
            frames.setdefault(frame, []).append(text)
        return tuple(FurnitureFrame(kind, tuple(texts)) for kind, texts in frames.items())

    def _read(self, box: Any, classes: tuple[tuple[str, ...], ...]) -> None:
        """`classes`: of the elements round the box, from the area inwards."""
        box = getattr(box, "_box", box)  # a placeholder of an absolutely placed box
        if type(box).__name__ == "LineBox":
            return
        own = classes
        if box.element is not None and box.element_tag == box.element.tag:
            named = tuple((box.element.get("class") or "").split())
            if _AREA in named or classes:
                own = (*classes, named)
        for child in getattr(box, "children", ()):
            if type(child).__name__ == "LineBox":
                self._line(child, box, own)
            else:
                self._read(child, own)

    def _line(self, line: Any, block: Any, classes: tuple[tuple[str, ...], ...]) -> None:
        runs = tuple(self._runs(line, classes))
        if runs and len(classes) > 1:
            key = id(block.element)
            if key not in self._blocks:
                self._blocks[key] = block
                self._kinds[key] = classes[1][0] if classes[1] else "furniture", _kind(classes)
            self._lines[key].append(runs)

    def _runs(self, box: Any, classes: tuple[tuple[str, ...], ...]) -> Iterator[FurnitureRun]:
        for child in box.children:
            if hasattr(child, "_box") or not (hasattr(child, "text") or type(child).__name__ == "InlineBox"):
                self._read(child, classes)
            elif hasattr(child, "text"):
                if child.text.strip():
                    yield self._run(child)
            else:
                yield from self._runs(child, classes)

    def _run(self, box: Any) -> FurnitureRun:
        style = box.style
        spacing = style["letter_spacing"]
        color = style["color"]
        red, green, blue = (round(255 * part) for part in color.coordinates[:3])
        families = tuple(style["font_family"])
        return FurnitureRun(
            box.text,
            box.position_x * _PT_PER_PX,
            (box.position_y + box.baseline) * _PT_PER_PX,
            box.width * _PT_PER_PX,
            style["font_size"] * _PT_PER_PX,
            0.0 if spacing == "normal" else spacing * _PT_PER_PX,
            self.fonts.get(families, families[0]),
            self.inks.get((red, green, blue), "black"),
        )


def _leading_pt(block: Any) -> float:
    height = next((child.height for child in block.children if type(child).__name__ == "LineBox"), 0.0)
    return float(height * _PT_PER_PX)


def _kind(classes: tuple[tuple[str, ...], ...]) -> str:
    """The innermost class that says what it is; classes of type roles (t-…) say how it looks."""
    for named in reversed(classes[1:]):
        own = [name for name in named if not name.startswith("t-")]
        if own:
            return own[0]
    return "furniture"


def lines_of(text: FurnitureText, looks: Looks) -> Iterator[PrintedLine]:
    """The lines of a block, with each character at its place."""
    for runs in text.lines:
        styled = [one for run in _with_spaces(runs) for one in _characters(run, looks)]
        words = tuple(words_of(styled, looks, "", space_at_end=False))
        yield PrintedLine(words, max(run.baseline_pt for run in runs))


def _with_spaces(runs: tuple[FurnitureRun, ...]) -> Iterator[FurnitureRun]:
    """Runs of a line; those that stand apart are words of their own, though white alone is between them."""
    last: FurnitureRun | None = None
    for run in sorted(runs, key=lambda run: run.x_pt):
        if last is not None:
            end = last.x_pt + last.width_pt
            if run.x_pt - end > 0.2 * run.size_pt:
                yield replace(run, text=" ", x_pt=end, width_pt=run.x_pt - end)
        yield run
        last = run


def _characters(run: FurnitureRun, looks: Looks) -> Iterator[Styled]:
    style = Style(run.font, run.size_pt, run.ink)
    top, set_run = run.baseline_pt - ASCENT_EM * run.size_pt, Run(run.text, style, 0.0, run.width_pt)
    line = Line((replace(set_run, tracking_pt=run.spacing_pt),), run.width_pt, run.width_pt)
    for one in placed_characters(line, looks.faces, 0.0):
        yield Styled(Sign(one.text, Place(run.x_pt + one.x_pt, top, one.width_pt, run.size_pt)), style)
