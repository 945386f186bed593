"""The picture of the comparison: every column by every engine side by side, faults marked in red."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from compare_engines import LEADING_PT, MARGIN_PT, SIZE_PT, Column
from compare_measure import Kind, SetColumn
from issue_publisher.resources import shipped_fonts

PPI = 150
WIDE_GAP_EM = 0.2  # a gap from which the eye sees a hole
RED = (205, 20, 30)
_PALE = (255, 205, 200)
_GREY = (120, 120, 120)
_GUTTER_PT = 18.0
_HEAD_PT = 17.0
_TOP_PT = 22.0
_BELOW_PT = 4.0  # from the last baseline to the end of its ink

Made = tuple[str, Path, Sequence[SetColumn]]  # an engine's name, its PDF, its columns


@dataclass(frozen=True)
class Mark:
    """A place to mark, in points from the column's left and the page's upper edge: a hole or a stroke."""

    left_pt: float
    top_pt: float
    right_pt: float
    bottom_pt: float
    hole: bool


def marks(made: SetColumn) -> Iterator[Mark]:
    """What is marked in a column: holes and short ends filled, wrong characters with a stroke."""
    for line, fault in made.faults:
        top, bottom = line.y_pt - SIZE_PT * 0.86, line.y_pt + SIZE_PT * 0.14
        if fault.kind in (Kind.EDGE, Kind.OPEN):
            yield Mark(fault.left_pt, top, fault.right_pt, bottom, hole=True)
        else:
            yield Mark(fault.left_pt, bottom + 0.5, fault.right_pt, bottom + 1.5, hole=False)
    for line in made.lines:
        for at, white in line.excess_em:
            if white > WIDE_GAP_EM:
                left, right = line.body(at - 1)[1], line.body(at)[0]
                yield Mark(left, line.y_pt - SIZE_PT * 0.86, right, line.y_pt + SIZE_PT * 0.14, hole=True)


def draw(results: Sequence[Made], given: Sequence[Column]) -> Image.Image:
    """Texts under each other; beside each other the engines, at the first measure, then at the next."""
    names = list(dict.fromkeys(column.name for column in given))
    measures = list(dict.fromkeys(column.characters for column in given))
    cells = [(measure, at) for measure in measures for at in range(len(results))]
    lefts = [_GUTTER_PT]
    for measure, _ in cells:
        lefts.append(lefts[-1] + measure * SIZE_PT + _GUTTER_PT)
    place = {(column.name, column.characters): at for at, column in enumerate(given)}
    depths = [
        max(_depth_pt(result[2][place[name, measure]]) for result in results for measure in measures)
        for name in names
    ]
    tops = [_TOP_PT]
    for depth in depths:
        tops.append(tops[-1] + _HEAD_PT + depth + LEADING_PT)
    sheet = Image.new("RGB", (_px(lefts[-1]), _px(tops[-1])), "white")
    pen = ImageDraw.Draw(sheet)
    pages = [_Pages(path) for _, path, _ in results]
    for (measure, at), left in zip(cells, lefts, strict=False):
        engine, _, columns = results[at]
        pen.text((_px(left), _px(5)), engine, fill="black", font=_font(10))
        for name, top in zip(names, tops, strict=False):
            number = place[name, measure]
            pen.text((_px(left), _px(top)), f"{name}, {measure} characters", fill=_GREY, font=_font(6.5))
            cell = pages[at].column(number, columns[number], measure * SIZE_PT)
            sheet.paste(cell, (_px(left) - _px(SIZE_PT), _px(top + _HEAD_PT - LEADING_PT / 2)))
    for top in tops[1:-1]:
        y = _px(top - LEADING_PT / 2)
        pen.line([(_px(_GUTTER_PT), y), (sheet.width - _px(_GUTTER_PT), y)], _GREY)
    for page in pages:
        page.close()
    return sheet


class _Pages:
    """The pages of an engine's PDF as pixels."""

    def __init__(self, path: Path) -> None:
        self._document = pypdfium2.PdfDocument(path)

    def column(self, number: int, made: SetColumn, measure_pt: float) -> Image.Image:
        """A column with its marks and an em of white on either side."""
        grey = self._document[number].render(scale=PPI / 72).to_pil().convert("L")
        # Press black is not the darkest that a screen has: all engines in the same black.
        page = ImageOps.autocontrast(grey).convert("RGB")
        pen = ImageDraw.Draw(page)
        tint = Image.new("RGB", page.size, "white")
        tinter = ImageDraw.Draw(tint)
        for mark in marks(made):
            box = [
                *(_px(MARGIN_PT + mark.left_pt), _px(mark.top_pt)),
                *(
                    max(_px(MARGIN_PT + mark.right_pt), _px(MARGIN_PT + mark.left_pt) + 2),
                    _px(mark.bottom_pt),
                ),
            ]
            if mark.hole:
                tinter.rectangle(box, fill=_PALE)
                pen.line([(box[0], box[3]), (box[2], box[3])], fill=RED, width=2)
            else:
                pen.rectangle(box, fill=RED)
        edge = _px(MARGIN_PT + measure_pt)
        for x in (_px(MARGIN_PT), edge):
            tinter.line([(x, 0), (x, page.height)], fill=(225, 235, 245), width=1)
        page = ImageChops.multiply(page, tint)
        top = made.lines[0].y_pt - LEADING_PT
        depth = made.lines[-1].y_pt + _BELOW_PT
        return page.crop(
            (_px(MARGIN_PT - SIZE_PT), _px(top), _px(MARGIN_PT + measure_pt + SIZE_PT), _px(depth))
        )

    def close(self) -> None:
        """Let go of the file."""
        self._document.close()


def _depth_pt(made: SetColumn) -> float:
    """From above its first line to below its last."""
    return made.lines[-1].y_pt - made.lines[0].y_pt + LEADING_PT + _BELOW_PT


def _px(length_pt: float) -> int:
    return round(length_pt * PPI / 72)


def _font(size_pt: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(shipped_fonts() / "issue-hei.otf"), _px(size_pt))
