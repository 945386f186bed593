"""Printer's marks of our own (裁切线、套准线): outside the page, in registration colour, on every plate."""

from __future__ import annotations

from collections.abc import Iterator

from issue_publisher.layout.model import PT_PER_MM
from issue_publisher.rendering.pdf_objects import Array, Dictionary, Name, Object, Pdf

SPACE = "/all-plates"
MARGIN_MM = 12.0  # of paper round the page and its bleed that the marks need
_GAP_MM = 3.0  # from the page's edge, or its bleed, to a mark
_LENGTH_MM = 6.0
_CROSS_MM = 3.0  # from the middle of a register cross to its ends
_RULE_PT = 0.25


def all_plates(pdf: Pdf) -> Object:
    """Registration colour: the solid of every plate, process or spot."""
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return pdf.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, tint]))


def marks(trim: list[float], bleed_pt: float) -> bytes:
    """Crop marks at the corners and register crosses at the middle of the sides, as a content stream."""
    lines = [f"q {SPACE} CS 1 SCN {_RULE_PT} w"]
    for x1, y1, x2, y2 in (*_crop_marks(trim, bleed_pt), *_crosses(trim, bleed_pt)):
        lines.append(f"{x1:.3f} {y1:.3f} m {x2:.3f} {y2:.3f} l S")
    return ("\n".join([*lines, "Q"]) + "\n").encode()


def _crop_marks(trim: list[float], bleed_pt: float) -> Iterator[tuple[float, float, float, float]]:
    left, bottom, right, top = trim
    gap = bleed_pt + _GAP_MM * PT_PER_MM
    end = gap + _LENGTH_MM * PT_PER_MM
    for x, outwards in ((left, -1), (right, 1)):
        for y in (bottom, top):
            yield x + outwards * gap, y, x + outwards * end, y
    for y, outwards in ((bottom, -1), (top, 1)):
        for x in (left, right):
            yield x, y + outwards * gap, x, y + outwards * end


def _crosses(trim: list[float], bleed_pt: float) -> Iterator[tuple[float, float, float, float]]:
    left, bottom, right, top = trim
    away, arm = bleed_pt + (_GAP_MM + _CROSS_MM) * PT_PER_MM, _CROSS_MM * PT_PER_MM
    across, up = (left + right) / 2, (bottom + top) / 2
    for x, y in ((left - away, up), (right + away, up), (across, bottom - away), (across, top + away)):
        yield x - arm, y, x + arm, y
        yield x, y - arm, x, y + arm
