"""`ComposedIssue` → `PrintedIssue`: the place on paper of every character, by the structure's elements.

Frames are placed as make-up set them, with the measures that their lines were set by; nothing is rendered for
it. What the layout's templates place themselves (nameplate, folio lines, imprint) comes from
`rendering.furniture`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from issue_publisher.composition.model import (
    ComposedIssue,
    ComposedPage,
    Frame,
    PictureBox,
    Rule,
    TextBlock,
    VerticalBlock,
)
from issue_publisher.fonts.subset import ASCENT_EM
from issue_publisher.issue import wording
from issue_publisher.layout.model import PT_PER_MM, Align, Layout
from issue_publisher.rendering.furniture import FurnitureFrame, lines_of
from issue_publisher.rendering.printed import (
    Half,
    Place,
    PrintedFrame,
    PrintedIssue,
    PrintedLine,
    PrintedPage,
    PrintedPart,
    PrintedPicture,
    PrintedRule,
    PrintedText,
    Sign,
    Word,
    around,
)
from issue_publisher.rendering.structure import Structure, Tagged, tag_frame
from issue_publisher.rendering.words import Looks, Styled, words_of
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.places import placed_characters
from issue_publisher.typesetting.vertical import Stand, VerticalColumn, VerticalRun

_FOOT = "imprint"  # the furniture that is read last
_BROKEN = re.compile(r"[^\W\d_][\w'’]*$")  # the word at the end of a line
_REST = re.compile(r"^[\w'’]*[^\W\d_]")


def printed_issue(
    composed: ComposedIssue,
    layout: Layout,
    faces: PaperFaces,
    furniture: Sequence[Sequence[FurnitureFrame]],
) -> PrintedIssue:
    """Every text, picture and rule of the pages; `furniture`: of each page."""
    structure = Structure(composed.issue.lang)
    placer = _Placer(layout, Looks(layout, faces), structure)
    pages = tuple(
        placer.page(at, made, own)
        for at, (made, own) in enumerate(zip(composed.pages, furniture, strict=True), start=1)
    )
    return PrintedIssue(composed.issue.lang, _mended(pages), tuple(structure.elements))


@dataclass
class _Placer:
    """Places pages one after the other; texts are numbered by page."""

    layout: Layout
    looks: Looks
    structure: Structure
    _count: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def _id(self, page: int, kind: str) -> str:
        key = f"P{page}_{kind}"
        self._count[key] += 1
        return f"{key}{self._count[key]:05}"

    def page(self, at: int, made: ComposedPage, furniture: Iterable[FurnitureFrame]) -> PrintedPage:
        grid, size = self.layout.grid, self.layout.page
        left, top = self.layout.left_mm * PT_PER_MM, size.top_mm * PT_PER_MM
        number = self.structure.add("Sect", None, title=wording.page_text(made.page))
        items = {item.id: item for item in made.page.items}
        own = [self._furniture(at, frame) for frame in furniture]
        frames = []
        for frame in made.frames:
            tagged = tag_frame(frame, items.get(frame.placement.item), number, self.structure)
            frames.append(self._frame(at, frame, tagged, left, top))
        frames.sort(key=lambda frame: min((part.element for part in frame.read), default=0))
        return PrintedPage(
            at,
            made.page.number,
            number,
            size.width_mm * PT_PER_MM,
            size.height_mm * PT_PER_MM,
            Place(left, top, grid.width_pt(grid.columns), grid.depth_pt(grid.lines)),
            (
                *(frame for frame in own if frame.kind != _FOOT),
                *frames,
                *(frame for frame in own if frame.kind == _FOOT),
            ),
            tuple(self._rule(at, rule, left, top) for rule in made.rules),
        )

    def _furniture(self, at: int, frame: FurnitureFrame) -> PrintedFrame:
        name = self._id(at, "CB")
        texts = tuple(
            PrintedText(
                self._id(at, "TB"),
                text.kind,
                tuple(lines_of(text, self.looks)),
                -1,
                text.leading_pt,
                text.align,
            )
            for text in frame.texts
        )
        return PrintedFrame(name, frame.kind, "", around(text.place for text in texts), texts, True)

    # ------------------------------------------------------------- frames

    def _frame(self, at: int, frame: Frame, tagged: Tagged, left: float, top: float) -> PrintedFrame:
        grid, place = self.layout.grid, frame.placement
        x, y = left + grid.x_pt(place.column), top + grid.depth_pt(place.row)
        name = self._id(at, "CB")
        parts: list[PrintedPart] = []
        for number, part in enumerate(frame.parts):
            match part:
                case TextBlock():
                    parts += self._texts(at, part, tagged.of[number], x, y)
                case VerticalBlock():
                    parts += self._vertical(at, part, tagged.of[number][0], x, y)
                case PictureBox():
                    box = Place(x + part.x_pt, y + part.y_pt, part.width_pt, part.depth_pt)
                    element = tagged.of[number][0]
                    parts.append(PrintedPicture(self._id(at, "IL"), box, element, part.src, part.words))
                case Rule():
                    parts.append(self._rule(at, part, x, y))
        rules = [part for part in parts if isinstance(part, PrintedRule)]
        read = [part for part in parts if not isinstance(part, PrintedRule)]
        read.sort(key=lambda part: part.element)  # the order of the source; legs stay in theirs
        whole = Place(x, y, grid.width_pt(place.choice.columns), grid.depth_pt(place.lines))
        inside = around([whole, *(part.place for part in parts)])
        return PrintedFrame(name, frame.kind, place.item, inside, (*_joined(read), *rules))

    def _rule(self, at: int, rule: Rule, left: float, top: float) -> PrintedRule:
        place = Place(left + rule.x_pt, top + rule.y_pt, rule.width_pt, rule.depth_pt)
        return PrintedRule(self._id(at, "GE"), place)

    def _texts(
        self, at: int, block: TextBlock, elements: Sequence[int], left: float, top: float
    ) -> Iterator[PrintedText]:
        """A block, cut where another element begins."""
        base = _base_style(block.lines)
        for element, numbers in groupby(range(len(block.lines)), key=lambda number: elements[number]):
            lang = self._lang(element)
            lines = []
            for number in numbers:
                down = top + block.y_pt + number * block.leading_pt
                baseline = down + (block.leading_pt - base.size_pt) / 2 + ASCENT_EM * base.size_pt
                lines.append(self._line(block.lines[number], left + block.x_pt, baseline, lang))
            found = tuple(line for line in lines if line.words)
            if found:
                align = self._align(block, element, elements)
                other = "" if lang == self.structure.lang else lang
                yield PrintedText(
                    self._id(at, "TB"), block.kind, found, element, block.leading_pt, align, other
                )

    def _align(self, block: TextBlock, element: int, elements: Sequence[int]) -> str:
        if any(line.flush for line, own in zip(block.lines, elements, strict=True) if own == element):
            return Align.JUSTIFY.value
        role = self.layout.type.get(block.kind)
        return "" if role is None or role.align is Align.JUSTIFY else role.align.value

    def _lang(self, element: int) -> str:
        """The language of an element: its own or that of the one around it."""
        at: int | None = element
        while at is not None and at >= 0:
            if self.structure.elements[at].lang:
                return self.structure.elements[at].lang
            at = self.structure.elements[at].inside
        return self.structure.lang

    def _line(self, line: Line, left: float, baseline: float, lang: str) -> PrintedLine:
        gap = self.layout.typesetting.han_latin_gap_em
        styled = [
            Styled(_em_box(one.text, left + one.x_pt, one.width_pt, baseline, one.style), one.style)
            for one in placed_characters(line, self.looks.faces, gap)
        ]
        hyphen = styled.pop().sign.place if line.hyphen and styled else None
        return PrintedLine(tuple(words_of(styled, self.looks, lang, line.space)), baseline, hyphen)

    # ------------------------------------------------------------- vertical text

    def _vertical(
        self, at: int, block: VerticalBlock, element: int, left: float, top: float
    ) -> Iterator[PrintedText]:
        lang = self._lang(element)
        columns = block.setting.columns
        lines = tuple(
            PrintedLine(
                tuple(
                    words_of(
                        [
                            one
                            for run in column.runs
                            for one in _upright(run, column, left + block.x_pt, top + block.y_pt, self.looks)
                        ],
                        self.looks,
                        lang,
                        space_at_end=False,
                    )
                ),
                is_vertical=True,
            )
            for column in columns
        )
        pitch = columns[0].x_pt - columns[1].x_pt if len(columns) > 1 else block.setting.size_pt
        other = "" if lang == self.structure.lang else lang
        found = tuple(line for line in lines if line.words)
        if found:
            yield PrintedText(self._id(at, "TB"), block.kind, found, element, pitch, lang=other)


def _em_box(text: str, x: float, width: float, baseline: float, style: Style) -> Sign:
    """A character in the em box of its size, on the baseline or off it as indices are."""
    top = baseline - style.raise_pt - ASCENT_EM * style.size_pt
    return Sign(text, Place(x, top, width, style.size_pt))


def _upright(
    run: VerticalRun, column: VerticalColumn, left: float, top: float, looks: Looks
) -> Iterator[Styled]:
    """The characters of a vertical run: one under the other, or side by side in one square (纵中横)."""
    size, y, depth = run.style.size_pt, top + run.start_pt, run.length_pt
    if run.stand is Stand.UPRIGHT and depth > size:  # letter space belongs to no character
        y, depth = top + run.y_pt, size
    x = left + (column.x_pt if run.stand is not Stand.UPRIGHT else run.x_pt)
    shares = [max(looks.faces.char_em(char, run.style.font, run.style.lang), 0.01) for char in run.text]
    total, before = sum(shares), 0.0
    for char, share in zip(run.text, shares, strict=True):
        here, part = before / total, share / total
        before += share
        if run.stand is Stand.TOGETHER:
            place = Place(x + here * size, y, part * size, depth)
        else:
            place = Place(x, y + here * depth, size, part * depth)
        yield Styled(Sign(" " if run.stand is Stand.WHITE else char, place), run.style)


# --------------------------------------------------------------------------- put together


def _base_style(lines: Iterable[Line]) -> Style:
    """The style of most characters of a block, whose baseline the whole block stands on."""
    count: dict[Style, int] = defaultdict(int)
    for line in lines:
        for run in line.runs:
            count[run.style] += len(run.text)
    return max(count, key=lambda style: (not style.raise_pt, count[style]))


def _joined(parts: Iterable[PrintedText | PrintedPicture]) -> list[PrintedText | PrintedPicture]:
    """Pieces of one text that stand directly under each other are one: make-up works in single lines."""
    found: list[PrintedText | PrintedPicture] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(last, PrintedText) and isinstance(part, PrintedText) and _goes_on(last, part):
            found[-1] = replace(last, lines=last.lines + part.lines, align=last.align or part.align)
        else:
            found.append(part)
    return found


def _goes_on(one: PrintedText, other: PrintedText) -> bool:
    ends, begins = one.lines[-1].baseline_pt, other.lines[0].baseline_pt
    return (
        (one.element, one.kind, one.leading_pt) == (other.element, other.kind, other.leading_pt)
        and ends is not None
        and begins is not None
        and abs(begins - ends - one.leading_pt) < 0.01
        and one.place.x_pt < other.place.right_pt
        and other.place.x_pt < one.place.right_pt
    )


def _mended(pages: Sequence[PrintedPage]) -> tuple[PrintedPage, ...]:
    """The pages with both halves of every broken word knowing the whole."""
    of_element: dict[int, list[tuple[str, int]]] = defaultdict(list)
    lines: dict[tuple[str, int], PrintedLine] = {}
    for page in pages:
        for frame in page.frames:
            for text in frame.read:
                if isinstance(text, PrintedText) and text.element >= 0:
                    names = [(text.id, at) for at in range(len(text.lines))]
                    of_element[text.element] += names
                    lines |= zip(names, text.lines, strict=True)
    broken = False
    for names in of_element.values():
        for one, other in pairwise(names):
            if lines[one].hyphen is not None:
                lines[one], lines[other] = _halved(lines[one], lines[other])
                broken = True
    return tuple(_with_lines(page, lines) for page in pages) if broken else tuple(pages)


def _halved(one: PrintedLine, other: PrintedLine) -> tuple[PrintedLine, PrintedLine]:
    """A line that ends in the first half of a word, and the line that begins with the second."""
    first, second = one.words[-1], other.words[0]
    start = _BROKEN.search(first.text)
    end = _REST.match(second.text)
    if start is None or end is None:
        return one, other
    whole = start[0] + end[0]
    before, half = _cut(first, start.start())
    rest, after = _cut(second, end.end())
    half = replace(half, half=Half.FIRST, whole=whole)
    rest = replace(rest, half=Half.SECOND, whole=whole)
    tail = (after,) if after.signs else ()
    head = (before,) if before.signs else ()
    return (
        replace(one, words=(*one.words[:-1], *head, half)),
        replace(other, words=(rest, *tail, *other.words[1:])),
    )


def _cut(word: Word, at: int) -> tuple[Word, Word]:
    """A word in two, at a place in its text."""
    done, number = 0, 0
    while done < at:
        done += len(word.signs[number].text)
        number += 1
    first = replace(
        word, signs=word.signs[:number], space_after=word.space_after and number == len(word.signs)
    )
    return first, replace(word, signs=word.signs[number:])


def _with_lines(page: PrintedPage, lines: Mapping[tuple[str, int], PrintedLine]) -> PrintedPage:
    def mended(part: PrintedPart) -> PrintedPart:
        if not isinstance(part, PrintedText):
            return part
        found = tuple(lines.get((part.id, at), line) for at, line in enumerate(part.lines))
        return replace(part, lines=found)

    frames = tuple(replace(frame, parts=tuple(mended(part) for part in frame.parts)) for frame in page.frames)
    return replace(page, frames=frames)
