"""Ready lines: what typesetting hands to composition and rendering.

A line knows the place of every character. Rendering paints runs as they stand; it never breaks,
justifies or measures again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Typesetting

_RAISED = frozenset({InlineKind.SUPERSCRIPT, InlineKind.NOTE})


@dataclass(frozen=True, slots=True)
class Style:
    """How characters are painted: font role, size and inline markup."""

    font: str  # role in fonts.toml
    size_pt: float
    ink: str = "black"
    tracking_em: float = 0.0
    scale: float = 1.0  # horizontal scale of condensed headlines
    kinds: frozenset[InlineKind] = frozenset()
    lang: str | None = None
    href: str | None = None
    to: str | None = None
    ruby: str | None = None
    variant: str | None = None
    raise_pt: float = 0.0  # of superscripts; below the baseline when negative
    whole: bool = False  # a name that stands on one line if it can; nothing of how it is painted

    def marked(self, kinds: frozenset[InlineKind], policy: Typesetting) -> Style:
        """The style with this markup: indices and the marks of notes are small and off the baseline."""
        if kinds & _RAISED:
            size, up = self.size_pt * policy.super_size_em, self.size_pt * policy.super_raise_em
        elif InlineKind.SUBSCRIPT in kinds:
            size, up = self.size_pt * policy.super_size_em, -self.size_pt * policy.sub_lower_em
        else:
            size, up = self.size_pt, self.raise_pt
        return replace(self, kinds=kinds, size_pt=size, raise_pt=up)


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style set with one letter space.

    `x_pt` is where its first character's advance begins, from the line's left edge (indents
    included). `before_pt` and `after_pt` are added outside the characters: negative where a mark
    gives up an empty half, positive where a reading or a stretched line asks for white. With `gap_before` or
    `gap_after` the first or last glyph itself brings the white between Han and Latin: it is part of the
    glyph's advance, so that no reader of the PDF takes it for a space; `width_pt` holds it.
    """

    text: str
    style: Style
    x_pt: float
    width_pt: float
    tracking_pt: float = 0.0
    before_pt: float = 0.0
    after_pt: float = 0.0
    gap_before: bool = False
    gap_after: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One set line. `end_pt` is where its ink may end at the right; the measure when it is flush.

    How it came to fit: its marks gave up `squeeze_pt` together, and `stretch_pt` went to each of its `places`
    between characters. `forced`: no setting of its paragraph kept the layout's limits. `hyphen`: it shows a
    hyphen at its end that is not in the text. `space`: behind it the text has a space, which the end
    of a line drops.
    """

    runs: tuple[Run, ...]
    measure_pt: float
    end_pt: float
    flush: bool = True  # whether it should reach the right edge
    squeeze_pt: float = 0.0
    stretch_pt: float = 0.0
    places: float = 0.0
    forced: bool = False
    hyphen: bool = False
    space: bool = False
    source_line: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """Its characters, without the hyphen that a broken word shows."""
        text = "".join(run.text for run in self.runs)
        return text[:-1] if self.hyphen else text

    def shifted(self, dx_pt: float) -> Line:
        """The same line further to the right."""
        if not dx_pt:
            return self
        runs = tuple(replace(run, x_pt=run.x_pt + dx_pt) for run in self.runs)
        return replace(self, runs=runs, end_pt=self.end_pt + dx_pt)
