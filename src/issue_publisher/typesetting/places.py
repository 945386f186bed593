"""Where every character of a set line stands: for those who must say it and do not paint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from issue_publisher.fonts.catalogue import Face, script_runs
from issue_publisher.fonts.subset import SPACE_EM
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Run, Style
from issue_publisher.typesetting.marks import is_latin, joins_previous

_ROWS = re.compile("([—―⸺…⋯]{2,})")  # painted as one stroke or row; white inside it stands behind it


@dataclass(frozen=True, slots=True)
class PlacedCharacter:
    """A character with those that join it, from its line's left edge, without white that it gives up."""

    text: str
    style: Style
    x_pt: float
    width_pt: float


def placed_characters(line: Line, faces: PaperFaces, gap_em: float) -> Iterator[PlacedCharacter]:
    """The characters of a line in their order, spaces too.

    `gap_em`: the white between Han and Latin that some runs carry in their first or last glyph.
    """
    for run in line.runs:
        yield from _run(run, faces, gap_em)


def _run(run: Run, faces: PaperFaces, gap_em: float) -> list[PlacedCharacter]:
    style = run.style
    em = style.size_pt * style.scale
    x = run.x_pt + (gap_em * em if run.gap_before else 0.0)
    found: list[PlacedCharacter] = []
    for face, text in faces.runs(run.text, style.font, style.lang):
        for part in (piece for same in script_runs(text) for piece in _ROWS.split(same) if piece):
            is_row = bool(_ROWS.fullmatch(part))
            for char, advance in zip(part, _advances_em(face, part, faces), strict=True):
                if found and joins_previous(char):
                    found[-1] = replace(found[-1], text=found[-1].text + char)
                    continue
                found.append(PlacedCharacter(char, style, x, advance * em))
                x += advance * em + (0.0 if is_row else run.tracking_pt)
            if is_row:
                x += run.tracking_pt
    return _without_white(found, run)


def _without_white(found: list[PlacedCharacter], run: Run) -> list[PlacedCharacter]:
    """A squeezed mark stands in what it keeps of its square."""
    if found and run.before_pt < 0:
        first = found[0]
        found[0] = replace(first, x_pt=first.x_pt - run.before_pt, width_pt=first.width_pt + run.before_pt)
    if found and run.after_pt < 0:
        found[-1] = replace(found[-1], width_pt=found[-1].width_pt + run.after_pt)
    return found


def _advances_em(face: Face, part: str, faces: PaperFaces) -> Iterator[float]:
    """What each character adds to the width of a text of one face and script: letters are kerned."""
    measures = faces.measures.of(face)
    if not any(map(is_latin, part)):
        yield from (SPACE_EM if char == " " else measures.advance_em(char) for char in part)
        return
    before = 0.0
    for at, char in enumerate(part):
        if char == " ":
            yield SPACE_EM
            continue
        after = measures.shape_advance_em(part[: at + 1].replace(" ", ""))
        yield after - before
        before = after
