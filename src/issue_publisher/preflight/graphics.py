"""The graphics state of a content stream, and what is open around a mark while it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from issue_publisher.preflight.colour import GREY, Colour
from issue_publisher.preflight.fonts import Font
from issue_publisher.preflight.marks import EVERYWHERE, IDENTITY, Box, Matrix
from issue_publisher.preflight.objects import Node

_OPAQUE = 0.999
BLACK = Colour(GREY, (0.0,))


@dataclass(slots=True)
class State:
    """The graphics state; `copy` on q."""

    matrix: Matrix = IDENTITY
    clip: Box = EVERYWHERE
    fill: Colour = BLACK
    stroke: Colour = BLACK
    fill_pattern: Node | None = None
    stroke_pattern: Node | None = None
    line_width: float = 1.0
    fill_overprint: bool = False
    stroke_overprint: bool = False
    overprint_mode: int = 0
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    blend: str = "Normal"
    soft_mask: bool = False
    font: Font | None = None
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0

    def copy(self) -> State:
        return replace(self)

    def transparency(self, *, stroke: bool = False) -> str:
        """What lets shine through what is painted now; "" for nothing."""
        alpha = self.stroke_alpha if stroke else self.fill_alpha
        said = [f"opacity {alpha:.0%}"] if alpha < _OPAQUE else []
        said += [f"blend mode {self.blend}"] if self.blend not in ("Normal", "Compatible") else []
        said += ["a soft mask"] if self.soft_mask else []
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Tag:
    """A marked-content sequence that is open."""

    content_id: int | None = None
    is_artifact: bool = False
    replacement: str | None = None  # ActualText
