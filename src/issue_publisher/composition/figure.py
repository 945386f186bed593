"""Figures: a picture with its caption and credit, cropped to whole lines of the grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Protocol

from issue_publisher.composition.flow import evenly, moved
from issue_publisher.composition.model import ComposedPage, Part, PictureBox, TextBlock
from issue_publisher.composition.setter import Setter
from issue_publisher.issue import wording
from issue_publisher.issue.errors import SourceError
from issue_publisher.issue.model import Figure
from issue_publisher.issue.wording import names_people
from issue_publisher.pictures.crop import WHOLE, Crop, crop_for


class PictureSize(Protocol):
    """What make-up must know of a picture."""

    @property
    def width_px(self) -> int: ...
    @property
    def height_px(self) -> int: ...
    @property
    def is_vector(self) -> bool: ...
    @property
    def lettering(self) -> float | None:
        """Size of a drawing's smallest type in widths of the drawing; None: it has none."""


Sizes = Mapping[str, PictureSize]  # src → size, of every figure that is not lost
NO_SIZES: Sizes = {}
_ROUND_PT = 0.05  # of type: sizes are told to a tenth of a point, as preflight has them (GWG2015)


def figure_lines(
    figure: Figure, sizes: Sizes, width_pt: float, setter: Setter, around_pt: float = 0.0
) -> tuple[int, int, int]:
    """Fewest, natural and most lines of the grid that a figure takes at a width, cropped within the limit.

    `around_pt`: depth of caption and white in a row of figures; less than its own is its own.
    """
    around = max(around_pt, around_of(figure, width_pt, setter))
    if figure.missing:
        return _place_lines(figure, width_pt, setter, around)
    size = sizes[figure.src]
    ideal = width_pt * size.height_px / size.width_px
    natural = setter.depth_lines(ideal + around)
    if size.is_vector:
        return natural, natural, natural + 1
    limit = setter.layout.pictures.crop_limit
    fewest = setter.depth_lines(ideal * (1 - limit) + around)
    most = int((ideal / (1 - limit) + around) / setter.leading_pt)
    return fewest, natural, max(natural, most)


def _place_lines(figure: Figure, width_pt: float, setter: Setter, around: float) -> tuple[int, int, int]:
    """The same of the empty place of a picture that is lost: any depth within the layout's shapes."""
    look, grid, leading = setter.layout.lost_picture, setter.layout.grid, setter.leading_pt
    # Half a column more than one: legs of one and a half hold a place as legs of one do.
    least, most = look.ratio if width_pt <= grid.column_pt * 1.6 else look.broad_ratio
    fewest = ceil((width_pt / most + around) / leading - 0.01)
    largest = look.most_share * _page_pt2(setter) / width_pt
    deepest = max(fewest, int((min(width_pt / least, largest) + around) / leading))
    natural = round((width_pt / look.natural_ratio + around) / leading)
    return fewest, max(fewest, min(deepest, natural, modest_lines(figure, width_pt, setter))), deepest


def modest_lines(figure: Figure, width_pt: float, setter: Setter) -> int:
    """Lines beyond which an empty place of a width stands out on the page; 0 of a picture, which may."""
    if not figure.missing:
        return 0
    look = setter.layout.lost_picture
    share = look.portrait_share if shows_people(figure) else look.share
    depth = share * _page_pt2(setter) / width_pt
    return max(1, int((depth + around_of(figure, width_pt, setter)) / setter.leading_pt))


def _page_pt2(setter: Setter) -> float:
    grid = setter.layout.grid
    return grid.width_pt(grid.columns) * grid.depth_pt(grid.lines)


def shows_people(figure: Figure) -> bool:
    """Whether the caption of a lost picture says that one or two people were seen: such a one stays small."""
    return figure.missing and figure.caption is not None and names_people(figure.caption.plain)


def wanted_columns(figure: Figure) -> int:
    """Basic columns that a figure would like to be wide."""
    return figure.columns or (1 if shows_people(figure) else 2)


# --------------------------------------------------------------------------- lettering


def legibility(figure: Figure, sizes: Sizes, width_pt: float, setter: Setter) -> float:
    """A drawing's smallest lettering at a width, against the least that the press prints; 1: none is smaller.

    Of a photograph, of letters that are outlines and of a picture that is lost nothing is known: 1.
    """
    lettering = lettering_of(figure, sizes)
    least = setter.layout.press.smallest_pt
    if lettering is None or lettering * width_pt >= least - _ROUND_PT:
        return 1.0
    return lettering * width_pt / least


def legible_columns(figure: Figure, sizes: Sizes, setter: Setter) -> float:
    """Basic columns from which on a drawing's lettering can be printed; 0: it has none, or none will do."""
    lettering, grid = lettering_of(figure, sizes), setter.layout.grid
    if lettering is None:
        return 0.0
    columns = _columns((setter.layout.press.smallest_pt - _ROUND_PT) / lettering, setter)
    return columns if columns <= grid.columns else 0.0


def lettering_of(figure: Figure, sizes: Sizes) -> float | None:
    """Size of a figure's smallest type in widths of the figure; None: it is no drawing, or has none."""
    size = None if figure.missing else sizes.get(figure.src)
    return None if size is None else size.lettering


def _columns(width_pt: float, setter: Setter) -> float:
    """A width in basic columns; those between whole ones have their part of the gutters."""
    grid = setter.layout.grid
    return (width_pt + grid.gutter_pt) / (grid.column_pt + grid.gutter_pt)


def small_lettering(page: ComposedPage, sizes: Sizes, setter: Setter, file: str) -> Iterator[SourceError]:
    """Warnings of the drawings of a page whose lettering is too small for the press, each at its figure."""
    least = setter.layout.press.smallest_pt
    for box in (part for frame in page.frames for part in frame.parts if isinstance(part, PictureBox)):
        size = sizes.get(box.src)  # of a lost picture there is none
        lettering = None if size is None else size.lettering
        if lettering is None or lettering * box.width_pt >= least - _ROUND_PT:
            continue
        size_pt, columns = lettering * box.width_pt, round(_columns(box.width_pt, setter), 1)
        message = f"page {page.page.number}: the lettering of {box.src} is {round(size_pt, 1):g} pt"
        message += f" at {columns:g} column{'' if columns == 1 else 's'}, too small for the press"
        hint = f"draw its letters {ceil(least / size_pt * 10) / 10:g} times as large"
        needed = ceil((_columns(least / lettering, setter)) * 10) / 10
        if needed <= setter.layout.grid.columns:
            hint = f"it is {least:g} pt at {needed:g} columns; or {hint}"
        yield SourceError(file, box.line, message, hint, "warning", "small-lettering")


# --------------------------------------------------------------------------- laid out


def figure_parts(
    figure: Figure,
    sizes: Sizes,
    x_pt: float,
    y_pt: float,
    width_pt: float,
    lines: int,
    setter: Setter,
    around_pt: float = 0.0,
) -> list[Part]:
    """The figure at its place, so many lines deep with its white; `around_pt` as in `figure_lines`."""
    depth = lines * setter.leading_pt - max(around_pt, around_of(figure, width_pt, setter))
    top = y_pt + setter.leading_pt * setter.layout.figure.white_lines * 0.4
    words = setter.layout.lost_picture.words if figure.missing else ""
    crop = WHOLE if figure.missing else _crop(figure, sizes[figure.src], width_pt / depth, setter)
    parts: list[Part] = [
        PictureBox(figure.src, x_pt, top, width_pt, depth, crop, figure.alt or "", figure.line, words)
    ]
    y = top + depth + setter.layout.figure.caption_gap_pt
    for block in _captions(figure, width_pt, setter):
        parts.append(moved(block, x_pt, y))
        y += block.y_pt + block.depth_pt
    return parts


def _crop(figure: Figure, size: PictureSize, ratio: float, setter: Setter) -> Crop:
    if size.is_vector:
        return WHOLE
    limit = setter.layout.pictures.crop_limit
    return crop_for(size.width_px, size.height_px, ratio, figure.focal, limit)


def _captions(figure: Figure, width: float, setter: Setter) -> list[TextBlock]:
    """Caption, and the credit behind it on its last line when there is room."""
    role = setter.role("caption")
    lines = setter.lines(wording.caption_text(figure.caption), "caption", width) if figure.caption else ()
    blocks = [TextBlock("caption", 0.0, 0.0, width, role.leading_pt, lines)] if lines else []
    if figure.credit is not None:
        credit = evenly(wording.credit_text(figure.credit), setter, "credit", width)
        room = width - (lines[-1].end_pt if lines else 0.0) - role.size_pt
        wide = max(line.end_pt - line.runs[0].x_pt for line in credit) if credit else 0.0
        raised = -role.leading_pt if lines and len(credit) == 1 and wide <= room else 0.0
        blocks.append(TextBlock("credit", 0.0, raised, width, role.leading_pt, credit))
    return blocks


def around_of(figure: Figure, width: float, setter: Setter) -> float:
    """Depth of all but the picture itself, in points: caption, credit and white."""
    look = setter.layout.figure
    captions = _captions(figure, width, setter)
    depth = sum(block.y_pt + block.depth_pt for block in captions) + (
        look.caption_gap_pt if captions else 0.0
    )
    return depth + look.white_lines * setter.leading_pt
