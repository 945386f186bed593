"""Grounds that text stands on: type reversed out of them (反白字) fills up in print when it is too small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from issue_publisher.layout.model import Press
from issue_publisher.pictures import PressInk

_LIGHT = 0.2  # of all inks: type in so little is seen only as the ground round it
_ROUNDING_PT = 0.01

Box = tuple[float, float, float, float]  # left, bottom, right, top in points of the page


def box_of(across: Sequence[float], down: Sequence[float]) -> Box:
    """The box round some points."""
    return min(across), min(down), max(across), max(down)


@dataclass
class Grounds:
    """The surfaces that were painted on a page so far, the last one uppermost."""

    press: Press
    _painted: list[tuple[Box, PressInk | None]] = field(default_factory=list)

    def lay(self, box: Box, ink: PressInk | None) -> None:
        """A surface in an ink; None is a picture or a pattern, of several."""
        self._painted.append((box, ink))

    def too_small(self, x: float, y: float, size_pt: float, ink: PressInk) -> tuple[str, str] | None:
        """What is wrong with type that begins there, and what would be right; None: it can be printed."""
        if ink.total > _LIGHT:
            return None
        under = [ground for box, ground in self._painted if box[0] <= x <= box[2] and box[1] <= y <= box[3]]
        if not under or (under[-1] is not None and under[-1].total <= _LIGHT):
            return None
        alone = under[-1] is not None and under[-1].is_one_ink
        key = "reversed_black_pt" if alone else "reversed_inks_pt"
        least = float(getattr(self.press, key))
        if size_pt >= least - _ROUNDING_PT:
            return None
        what = "one ink" if alone else "several inks"
        return f"type of {size_pt:.1f} pt is reversed out of {what}", f"at least {least:g} pt, press.{key}"
