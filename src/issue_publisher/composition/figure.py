"""Figures: a picture with its caption and credit, cropped to whole lines of the grid."""

from __future__ import annotations

from typing import Protocol

from issue_publisher.composition.flow import moved
from issue_publisher.composition.model import Part, PictureBox, TextBlock
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Figure
from issue_publisher.pictures.crop import WHOLE, crop_for


class PictureSize(Protocol):
    """What make-up must know of a picture."""

    @property
    def width_px(self) -> int: ...
    @property
    def height_px(self) -> int: ...
    @property
    def is_vector(self) -> bool: ...


def figure_lines(figure: Figure, size: PictureSize, width_pt: float, setter: Setter) -> tuple[int, int, int]:
    """Fewest, natural and most lines of the grid that a figure takes at a width, cropped within the limit."""
    around = _around(figure, width_pt, setter)
    ideal = width_pt * size.height_px / size.width_px
    natural = setter.depth_lines(ideal + around)
    if size.is_vector:
        return natural, natural, natural + 1
    limit = setter.layout.pictures.crop_limit
    fewest = setter.depth_lines(ideal * (1 - limit) + around)
    most = int((ideal / (1 - limit) + around) / setter.leading_pt)
    return fewest, natural, max(natural, most)


def figure_parts(
    figure: Figure, size: PictureSize, x_pt: float, y_pt: float, width_pt: float, lines: int, setter: Setter
) -> list[Part]:
    """The figure at its place, exactly so many lines deep with its white."""
    around = _around(figure, width_pt, setter)
    depth = lines * setter.leading_pt - around
    top = y_pt + setter.leading_pt * setter.layout.figure.white_lines * 0.4
    limit = setter.layout.pictures.crop_limit
    crop = (
        WHOLE
        if size.is_vector
        else crop_for(size.width_px, size.height_px, width_pt / depth, figure.focal, limit)
    )
    parts: list[Part] = [
        PictureBox(figure.src, x_pt, top, width_pt, depth, crop, figure.alt or "", figure.line)
    ]
    y = top + depth + setter.layout.figure.caption_gap_pt
    for block in _captions(figure, width_pt, setter):
        parts.append(moved(block, x_pt, y))
        y += block.y_pt + block.depth_pt
    return parts


def _captions(figure: Figure, width: float, setter: Setter) -> list[TextBlock]:
    """Caption, and the credit behind it on its last line when there is room."""
    role = setter.role("caption")
    lines = setter.lines(figure.caption, "caption", width) if figure.caption else ()
    blocks = [TextBlock("caption", 0.0, 0.0, width, role.leading_pt, lines)] if lines else []
    if figure.credit is not None:
        credit = setter.lines(figure.credit, "credit", width)
        room = width - (lines[-1].end_pt if lines else 0.0) - role.size_pt
        wide = max(line.end_pt - line.runs[0].x_pt for line in credit) if credit else 0.0
        raised = -role.leading_pt if lines and len(credit) == 1 and wide <= room else 0.0
        blocks.append(TextBlock("credit", 0.0, raised, width, role.leading_pt, credit))
    return blocks


def _around(figure: Figure, width: float, setter: Setter) -> float:
    """Depth of all but the picture itself."""
    look = setter.layout.figure
    captions = _captions(figure, width, setter)
    depth = sum(block.y_pt + block.depth_pt for block in captions) + (
        look.caption_gap_pt if captions else 0.0
    )
    return depth + look.white_lines * setter.leading_pt
