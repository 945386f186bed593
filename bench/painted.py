"""Where a line was set and where pdfium finds it in the finished PDF: what census and tests measure with.

All places are in points from the upper left corner of the page; a character's place is the origin of
its glyph, on the baseline.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from issue_publisher.composition.model import ComposedIssue, Rule, TextBlock
from issue_publisher.fonts.subset import ASCENT_EM
from issue_publisher.layout.model import PT_PER_MM, Layout
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Style
from rendering_press.places import Glyph, line_places, painted


@dataclass(frozen=True)
class SetLine:
    """A composed line at its place on the page; `left_pt` is the left edge of its measure."""

    page: int  # its number in the PDF, from 0
    item: str
    block: TextBlock
    at: int
    left_pt: float
    top_pt: float
    tinted: bool = False  # whether it stands in a tinted box

    @property
    def line(self) -> Line:
        """The line itself."""
        return self.block.lines[self.at]

    @property
    def kind(self) -> str:
        """What it is: body, caption …"""
        return self.block.kind

    @cached_property
    def style(self) -> Style:
        """The style of most of its block, whose baseline all of the block stands on."""
        count: dict[Style, int] = defaultdict(int)
        for line in self.block.lines:
            for run in line.runs:
                count[run.style] += len(run.text)
        return max(count, key=lambda style: (not style.raise_pt, count[style]))

    @property
    def baseline_pt(self) -> float:
        """Its baseline: an em box in the middle of the leading, its ascent as our subsets have it."""
        size = self.style.size_pt
        return self.top_pt + (self.block.leading_pt - size) / 2 + ASCENT_EM * size


def set_lines(composed: ComposedIssue, layout: Layout, page: int) -> Iterator[SetLine]:
    """Every line of a page's frames, in reading order."""
    left, top = layout.left_mm * PT_PER_MM, layout.page.top_mm * PT_PER_MM
    for frame in composed.pages[page].frames:
        x = left + layout.grid.x_pt(frame.placement.column)
        y = top + layout.grid.depth_pt(frame.placement.row)
        tints = [part for part in frame.parts if isinstance(part, Rule) and not part.border_pt]
        for part in frame.parts:
            if isinstance(part, TextBlock):
                tinted = any(_covers(tint, part) for tint in tints)
                for at in range(len(part.lines)):
                    down = y + part.y_pt + at * part.leading_pt
                    yield SetLine(page, frame.placement.item, part, at, x + part.x_pt, down, tinted)


def _covers(tint: Rule, block: TextBlock) -> bool:
    """Whether a block stands on a tint."""
    within = tint.x_pt <= block.x_pt < tint.x_pt + tint.width_pt
    return within and tint.y_pt <= block.y_pt and block.y_pt + block.depth_pt <= tint.y_pt + tint.depth_pt


# --------------------------------------------------------------------------- where characters were set


def set_glyphs(line: SetLine, faces: PaperFaces, gap_em: float) -> list[Glyph]:
    """Every character of a line but white space, where typesetting means it to stand.

    `gap_em`: the white between Han and Latin that some runs carry in their first or last glyph.
    """
    return [
        # A superscript is raised in its glyph, whose origin stays on the baseline; a subscript is lowered.
        Glyph(char, line.left_pt + x, line.baseline_pt - min(0.0, run.style.raise_pt))
        for char, x, run in line_places(line.line, faces, gap_em)
        if not _joins(char)
    ]


def _joins(char: str) -> bool:
    """Whether a character is painted with the one before it."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def right_edge(
    line: SetLine, glyphs: Sequence[Glyph], faces: PaperFaces, gap_em: float, hanging: str = ""
) -> float:
    """Where a line's last character ends: closing marks take half an em there, interpuncts half an em.

    `hanging`: the marks that hang outside the measure; before them the line ends where they begin.
    """
    char, x, _ = glyphs[-1]
    if char in hanging:
        return x
    run = line.line.runs[-1]
    style = run.style
    em = style.size_pt * style.scale
    wide = faces.char_em(char, style.font, style.lang)
    if char in "·・‧•":
        return x + (wide + (0.5 - wide) / 2) * em
    if char in "、，。．；：？！）》〉」』】〕〗］｝”’" and wide > 0.75:
        centred = char in "、，。．；：？！" and (style.lang or "").startswith("zh-Hant")
        return x + (0.75 if centred else 0.5) * em
    own = gap_em if run.gap_before and len(run.text) == 1 else 0.0  # white that the glyph itself brings
    return x + (wide + own) * em


# --------------------------------------------------------------------------- where they were painted


class PaintedPage:
    """A page's characters, to be asked for by place."""

    def __init__(self, pdf: bytes, page: int) -> None:
        found = list(enumerate(painted(pdf, page)))
        self._glyphs = sorted((glyph.y_pt, glyph.x_pt, at, glyph) for at, glyph in found)
        self._depths = [y for y, *_ in self._glyphs]

    def along(self, glyphs: Sequence[Glyph], near_pt: float = 2.0) -> list[Glyph]:
        """What is painted along these set characters, in the order of the PDF's content.

        That is everything on their baselines, from the first to the last of them, `near_pt` round about.
        """
        left = min(x for _, x, _ in glyphs) - near_pt
        right = max(x for _, x, _ in glyphs) + near_pt
        found: dict[int, Glyph] = {}
        for baseline in {y for _, _, y in glyphs}:
            start = bisect_left(self._depths, baseline - near_pt / 2)
            stop = bisect_left(self._depths, baseline + near_pt / 2)
            found |= {at: glyph for _, x, at, glyph in self._glyphs[start:stop] if left <= x <= right}
        return [found[at] for at in sorted(found)]


def one_by_one(glyphs: Sequence[Glyph], size_pt: float) -> list[Glyph]:
    """The same, the second — of a —— that a face paints as one glyph an em behind the first."""
    found: list[Glyph] = []
    for glyph in glyphs:
        last = found[-1] if found else None
        if last and glyph.char == last.char and glyph.char in "—…" and abs(glyph.x_pt - last.x_pt) < 0.01:
            glyph = Glyph(glyph.char, last.x_pt + size_pt, glyph.y_pt)
        found.append(glyph)
    return found


def runs_forward(glyphs: Sequence[Glyph]) -> bool:
    """Whether characters follow each other from left to right."""
    return all(one.x_pt <= other.x_pt + 0.01 for one, other in pairwise(glyphs))
