"""The house's layout and fonts, read once, and texts set with them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from issue_publisher.fonts import Measures, read_fonts
from issue_publisher.layout.model import Align, Layout, LineEnd, Strictness, Typesetting
from issue_publisher.layout.reader import read_layout
from issue_publisher.resources import shipped_fonts, shipped_layouts
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.paragraph import Setting, set_paragraph

SIZE = 9.0
SONG = Style("song", SIZE)


@cache
def layout() -> Layout:
    """layouts/broadsheet"""
    folder = shipped_layouts() / "broadsheet"
    return read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder)


@cache
def faces() -> PaperFaces:
    """The faces of the house."""
    return PaperFaces(Measures(read_fonts(shipped_fonts())), layout().latin_fonts)


def policy(
    strictness: Strictness = Strictness.STRICT, line_end: LineEnd = LineEnd.HALF_WIDTH, **more: float
) -> Typesetting:
    """The layout's policy of typesetting at another level."""
    return replace(layout().typesetting, strictness=strictness, line_end=line_end, **more)


def lines_of(
    text: str | list[tuple[str, Style]],
    measure_em: float,
    rules: Typesetting | None = None,
    *,
    align: Align = Align.JUSTIFY,
    indent: float = 0.0,
) -> tuple[Line, ...]:
    """The lines of a text in the body's face; measure and indent in em."""
    pieces = [(text, SONG)] if isinstance(text, str) else text
    setting = Setting(measure_em * SIZE, SIZE, align, indent * SIZE)
    return set_paragraph(pieces, setting, faces(), rules or policy())


def texts_of(
    text: str, measure_em: float, rules: Typesetting | None = None, *, indent: float = 0.0
) -> list[str]:
    """The same as strings."""
    return [line.text for line in lines_of(text, measure_em, rules, indent=indent)]
