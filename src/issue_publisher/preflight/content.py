"""Content streams, read as a printer's RIP reads them: what is painted where, in which colour and how.

Forms, tiling patterns, shadings, Type 3 glyphs and inline pictures are followed, with the graphics state that
they inherit. Clips count as their boxes. Nothing is rendered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from issue_publisher.preflight.colour import CMYK, GREY, RGB, UNKNOWN, Colour, Space, space_of
from issue_publisher.preflight.fonts import Font, read_font
from issue_publisher.preflight.graphics import State, Tag
from issue_publisher.preflight.marks import (
    EVERYWHERE,
    IDENTITY,
    Box,
    Kind,
    Mark,
    Matrix,
    Picture,
    Point,
    around,
    boxed,
    least_scale,
    moved,
    multiplied,
)
from issue_publisher.preflight.objects import MOST_DEPTH, Budget, Instruction, Node, PdfFile, inherited

_MOST_OUTLINE = 2_000  # points of an area that is remembered by more than its box
_CURVE = (0.25, 0.5, 0.75, 1.0)  # where a curve is sampled
_INVISIBLE = 3  # text rendering modes
_STROKED = (1, 2, 5, 6)
_UNSEEN = 7


@dataclass(frozen=True, slots=True)
class PageContent:
    """All that a page paints."""

    marks: tuple[Mark, ...]
    postscript: int  # XObjects that only a PostScript device paints
    group_spaces: tuple[Space, ...]  # blend spaces of transparency groups on the way
    broken: bool = False  # some of it cannot be read


def read_page(file: PdfFile, page: Node, budget: Budget, fonts: dict[tuple[int, int], Font]) -> PageContent:
    """The marks of a page. `fonts` remembers what was read before. Raises UnreadablePdfError."""
    painter = _Painter(file, budget, fonts)
    contents, broken = page.get("/Contents"), budget.broken
    resources = inherited(page, "/Resources")
    group = page.get("/Group")
    painter.take_group(group, resources)
    if contents is not None:
        painter.run(file.instructions(contents, budget), resources, ())
    spaces = tuple(painter.group_spaces)
    return PageContent(tuple(painter.marks), painter.postscript, spaces, budget.broken > broken)


@dataclass(slots=True)
class _Painter:
    """Runs content streams and gathers what they paint."""

    file: PdfFile
    budget: Budget
    fonts: dict[tuple[int, int], Font]
    state: State = field(default_factory=State)
    marks: list[Mark] = field(default_factory=list)
    postscript: int = 0
    group_spaces: list[Space] = field(default_factory=list)
    resources: Node | None = None
    base: Matrix = IDENTITY  # what patterns are laid out in
    within: tuple[tuple[int, int], ...] = ()  # the streams that are being run
    stack: list[State] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    path: list[list[Point]] = field(default_factory=list)
    here: Point = (0.0, 0.0)
    clipping: bool = False
    text: Matrix = IDENTITY
    line: Matrix = IDENTITY
    seen: set[tuple[int, ...]] = field(default_factory=set)  # Type 3 glyphs

    _DO: ClassVar[dict[str, Callable[..., None]]] = {}

    def run(
        self, instructions: Iterable[Instruction], resources: Node | None, within: tuple[tuple[int, int], ...]
    ) -> None:
        """Paint what a stream says; the state is the caller's affair."""
        before = self.resources, self.within, self.stack, self.tags
        self.resources, self.within, self.stack = resources, within, []
        self.tags = list(before[3])
        for one in instructions:
            do = self._DO.get(one.operator)
            if do is not None:
                try:
                    do(self, *one.operands)
                except (TypeError, ValueError, IndexError, OverflowError, AttributeError):
                    continue  # operands that make no sense; a RIP passes them over too
        if self.stack:
            self.state = self.stack[0]
        self.resources, self.within, self.stack, self.tags = before

    def resource(self, kind: str, name: str) -> Node | None:
        return self.resources.path(f"/{kind}", name) if self.resources else None

    # ------------------------------------------------------------------ state

    def save(self) -> None:
        self.stack.append(self.state.copy())
        if len(self.stack) > 10_000:
            del self.stack[0]

    def restore(self) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def transform(self, *matrix: float) -> None:
        if len(matrix) == 6:
            self.state.matrix = multiplied(matrix, self.state.matrix)

    def external_state(self, name: str) -> None:
        """gs: PDF 32000-1, table 58."""
        given = self.resource("ExtGState", name)
        if given is None:
            return
        state = self.state
        stroked, filled = given.get("/OP"), given.get("/op")
        if stroked is not None:
            state.stroke_overprint = stroked.truth
            state.fill_overprint = stroked.truth if filled is None else state.fill_overprint
        if filled is not None:
            state.fill_overprint = filled.truth
        for key, setting in (("/CA", "stroke_alpha"), ("/ca", "fill_alpha"), ("/LW", "line_width")):
            found = given.get(key)
            if found is not None and found.number is not None:
                setattr(state, setting, found.number)
        mode, blend, mask, font = given.get("/OPM"), given.get("/BM"), given.get("/SMask"), given.get("/Font")
        state.overprint_mode = int(mode.number or 0) if mode else state.overprint_mode
        if blend is not None:
            state.blend = blend.name or next((one.name for one in blend.array), "Normal")
        if mask is not None:
            state.soft_mask = mask.is_dictionary
            self.take_group(mask.path("/G", "/Group"), self.resources)
        if font is not None and len(font.array) == 2:
            self.state.font, self.state.size = self.read_font(font.array[0]), font.array[1].number or 0.0

    def take_group(self, group: Node | None, resources: Node | None) -> None:
        """The space in which a transparency group is blended."""
        space = group.get("/CS") if group else None
        if space is not None:
            self.group_spaces.append(space_of(space, resources.get("/ColorSpace") if resources else None))

    # ------------------------------------------------------------------ colour

    def space(self, name: str, *, stroke: bool = False) -> None:
        found = space_of(name, self.resources.get("/ColorSpace") if self.resources else None)
        self.paint(Colour(found, found.initial), None, stroke=stroke)

    def paint(self, colour: Colour, pattern: Node | None, *, stroke: bool) -> None:
        if stroke:
            self.state.stroke, self.state.stroke_pattern = colour, pattern
        else:
            self.state.fill, self.state.fill_pattern = colour, pattern

    def components(self, *given: Any, stroke: bool = False) -> None:
        """sc, scn and their capitals."""
        now = (self.state.stroke if stroke else self.state.fill).space
        values = tuple(one for one in given if isinstance(one, float))
        if given and isinstance(given[-1], str):
            space = Space("Pattern", 0, (), now.base if now.kind == "Pattern" else None)
            self.paint(
                Colour(space, values, pattern=True), self.resource("Pattern", given[-1]), stroke=stroke
            )
            return
        self.paint(Colour(now, values), None, stroke=stroke)

    def device(self, space: Space, *values: float, stroke: bool = False) -> None:
        self.paint(Colour(space, values), None, stroke=stroke)

    # ------------------------------------------------------------------ paths

    def move_to(self, x: float, y: float) -> None:
        self.here = x, y
        self.path.append([moved(self.state.matrix, x, y)])

    def line_to(self, x: float, y: float) -> None:
        if not self.path:
            self.move_to(x, y)
            return
        self.here = x, y
        self.path[-1].append(moved(self.state.matrix, x, y))

    def curve(self, x1: float, y1: float, x2: float, y2: float, x3: float, y3: float) -> None:
        x0, y0 = self.here
        for t in _CURVE:
            u = 1 - t
            a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            self.line_to(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        matrix = self.state.matrix
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.path.append([moved(matrix, *corner) for corner in corners])
        self.here = x, y

    def end_path(self, *, fill: bool = False, stroke: bool = False) -> None:
        """Any operator that paints a path, or ends one that only clips."""
        outline = tuple(tuple(line) for line in self.path if line)
        if outline:
            box = around(tuple(point for line in outline for point in line))
            if fill:
                self.fill_area(outline, box)
            if stroke:
                self.stroke_line(box)
            if self.clipping:
                self.state.clip = box.common(self.state.clip) or Box(0.0, 0.0, -1.0, -1.0)
        self.path, self.clipping = [], False

    def fill_area(self, outline: tuple[tuple[Point, ...], ...], box: Box) -> None:
        thin = min(box.width, box.height) if len(outline) == 1 and _is_upright(outline[0]) else None
        points = sum(len(line) for line in outline)
        kept = outline if thin is None and points <= _MOST_OUTLINE else ()
        self.area(box, self.state.fill, self.state.fill_pattern, line_pt=thin, outline=kept)

    def stroke_line(self, box: Box) -> None:
        width = self.state.line_width * least_scale(self.state.matrix)
        half = width / 2
        grown = Box(box.x0 - half, box.y0 - half, box.x1 + half, box.y1 + half)
        self.area(grown, self.state.stroke, self.state.stroke_pattern, line_pt=width, stroke=True)

    def area(
        self, box: Box, colour: Colour, pattern: Node | None, *, stroke: bool = False,
        line_pt: float | None = None, outline: tuple[tuple[Point, ...], ...] = (),
    ) -> None:  # fmt: skip
        if colour.pattern and pattern is not None:
            seen = self.seen_part(box)
            if seen is not None:
                self.pattern(pattern, colour, seen)
            return
        self.mark(
            Kind.STROKE if stroke else Kind.FILL, box, colour, stroke=stroke, line_pt=line_pt, outline=outline
        )

    def seen_part(self, box: Box) -> Box | None:
        return box.common(self.state.clip)

    def mark(self, kind: Kind, box: Box, colour: Colour, *, stroke: bool = False, **more: Any) -> None:
        """Remember what is painted, unless it is clipped away."""
        seen = self.seen_part(box)
        if seen is None:
            return
        state, tag = self.state, self.tags[-1] if self.tags else Tag()
        transparency = more.pop("transparency", "") or state.transparency(stroke=stroke)
        overprint = state.stroke_overprint if stroke else state.fill_overprint
        scope = self.within[-1] if self.within else (0, 0)
        self.marks.append(
            Mark(kind, seen, colour, overprint, state.overprint_mode, transparency, content_id=tag.content_id,
                 scope=scope, is_artifact=tag.is_artifact, **more)
        )  # fmt: skip

    # ------------------------------------------------------------------ patterns, shadings, objects

    def pattern(self, pattern: Node, colour: Colour, box: Box) -> None:
        """What a pattern paints, once, as if it filled the box."""
        shading = pattern.get("/Shading")
        if shading is not None:
            self.shade(shading, box)
            return
        if pattern.is_stream:
            matrix = _matrix(pattern.get("/Matrix"))
            inner = self.inside(pattern, multiplied(matrix, self.base), EVERYWHERE, uncoloured=colour)
            kept = {(one.kind, one.colour, one.size_pt, one.line_pt): replace(one, box=box) for one in inner}
            self.marks += kept.values()

    def shade(self, shading: Node, box: Box) -> None:
        spaces = self.resources.get("/ColorSpace") if self.resources else None
        self.mark(Kind.SHADING, box, Colour(space_of(shading.get("/ColorSpace"), spaces), pattern=True))

    def shading(self, name: str) -> None:
        """sh: fills what the clip leaves."""
        found = self.resource("Shading", name)
        if found is not None:
            self.shade(found, self.state.clip)

    def inside(
        self, stream: Node, matrix: Matrix, clip: Box, *, uncoloured: Colour | None = None,
        resources: Node | None = None,
    ) -> list[Mark]:  # fmt: skip
        """The marks of a stream that is painted by another: a form, a pattern, a glyph."""
        key = stream.reference
        if key in self.within or len(self.within) >= MOST_DEPTH:
            return []
        state, marks = self.state, self.marks
        self.state, self.marks = state.copy(), []
        self.state.matrix, self.state.clip = matrix, clip
        if uncoloured is not None and uncoloured.space.base is not None:
            self.state.fill = self.state.stroke = Colour(uncoloured.space.base, uncoloured.values)
        text = self.text, self.line
        self.run(
            self.file.instructions(stream, self.budget),
            stream.get("/Resources") or resources or self.resources,
            (*self.within, key),
        )
        found, self.marks, self.state, (self.text, self.line) = self.marks, marks, state, text
        return found

    def object(self, name: str) -> None:
        """Do."""
        found = self.resource("XObject", name)
        kind = found.get("/Subtype") if found else None
        if found is None or kind is None:
            return
        if kind.name == "Image":
            self.picture(found)
        elif kind.name == "PS":
            self.postscript += 1
        elif kind.name == "Form":
            group = found.get("/Group")
            self.take_group(group, found.get("/Resources"))
            matrix = multiplied(_matrix(found.get("/Matrix")), self.state.matrix)
            corners = (found.get("/BBox") or found).numbers
            box = boxed(matrix, *corners) if len(corners) == 4 else EVERYWHERE
            clip = box.common(self.state.clip)
            if clip is not None:
                self.marks += self.inside(found, matrix, clip)

    def picture(self, node: Node) -> None:
        """An image XObject or an inline picture."""
        matrix = self.state.matrix
        width, height = (int(_first(node, *keys) or 0) for keys in (("/Width", "/W"), ("/Height", "/H")))
        mask = node.get("/ImageMask") or node.get("/IM")
        is_mask = mask is not None and mask.truth
        across, down = math.hypot(*matrix[:2]), math.hypot(*matrix[2:4])
        ppi = min(width * 72 / across if across else math.inf, height * 72 / down if down else math.inf)
        bits = 1 if is_mask else int(_first(node, "/BitsPerComponent", "/BPC") or 8)
        spaces = self.resources.get("/ColorSpace") if self.resources else None
        space = node.get("/ColorSpace") or node.get("/CS")
        colour = self.state.fill if is_mask else Colour(space_of(space, spaces), pattern=True)
        soft = node.get("/SMask")
        self.mark(
            Kind.PICTURE, boxed(matrix, 0, 0, 1, 1), colour,
            picture=Picture(width, height, bits, ppi, is_mask, node),
            transparency="a soft mask" if soft is not None and soft.is_stream else "",
        )  # fmt: skip

    # ------------------------------------------------------------------ text

    def begin_text(self) -> None:
        self.text = self.line = IDENTITY

    def set_font(self, name: str, size: float) -> None:
        found = self.resource("Font", name)
        self.state.font, self.state.size = (self.read_font(found) if found else None), size

    def read_font(self, node: Node) -> Font:
        key = node.reference
        if key == (0, 0):
            return read_font(node)
        if key not in self.fonts:
            self.fonts[key] = read_font(node)
        return self.fonts[key]

    def text_matrix(self, *matrix: float) -> None:
        if len(matrix) == 6:
            self.text = self.line = matrix

    def next_line(self, x: float = 0.0, y: float | None = None) -> None:
        """Td, and T* without operands."""
        self.line = multiplied((1, 0, 0, 1, x, -self.state.leading if y is None else y), self.line)
        self.text = self.line

    def next_line_leading(self, x: float, y: float) -> None:
        self.state.leading = -y
        self.next_line(x, y)

    def show(self, string: bytes) -> None:
        self.show_parts((string,))

    def show_on_next_line(self, string: bytes) -> None:
        self.next_line()
        self.show(string)

    def show_spaced(self, word: float, char: float, string: bytes) -> None:
        self.state.word_space, self.state.char_space = word, char
        self.show_on_next_line(string)

    def show_array(self, array: Node) -> None:
        parts = tuple(one.number if one.number is not None else one.string for one in array.array)
        self.show_parts(parts)

    def show_parts(self, parts: tuple[bytes | float, ...]) -> None:
        """Strings with the white between them: one mark."""
        state = self.state
        font = state.font
        if font is None:
            return
        advance, codes, vertical = 0.0, [], font.vertical
        stretch = 1.0 if vertical else state.stretch
        for part in parts:
            if isinstance(part, float):
                advance -= part / 1000 * state.size * stretch
                continue
            for code in font.codes(part):
                width = 1.0 if vertical else font.width(code)
                space = state.char_space + (state.word_space if code == 32 and not font.wide else 0.0)
                advance += (width * state.size + space) * stretch
                codes.append(code)
        if codes:
            self.text_mark(font, tuple(codes), advance)
        shift: Matrix = (1, 0, 0, 1, 0, -advance) if vertical else (1, 0, 0, 1, advance, 0)
        self.text = multiplied(shift, self.text)

    def text_mark(self, font: Font, codes: tuple[int, ...], advance: float) -> None:
        state = self.state
        if state.mode == _UNSEEN:
            return
        matrix = multiplied(self.text, state.matrix)
        em = state.size * font.box_height
        size = abs(em) * math.hypot(*matrix[2:4])
        if font.vertical:
            box = boxed(matrix, -em / 2, -advance, em / 2, 0)
        else:
            box = boxed(matrix, 0, state.rise - 0.12 * em, advance, state.rise + 0.88 * em)
        known = font.text
        text = "".join(known.get(code, "\ufffd") for code in codes) if known is not None else ""
        tag = self.tags[-1] if self.tags else Tag()
        if tag.replacement is not None:  # said once, however many strings it stands for
            text, self.tags[-1] = tag.replacement, replace(tag, replacement="")
        if font.glyphs is not None:
            self.glyphs(font, codes, matrix, box)
        stroke = state.mode in _STROKED and state.mode in (1, 5)
        colour, pattern = (state.stroke, state.stroke_pattern) if stroke else (state.fill, state.fill_pattern)
        if colour.pattern and pattern is not None and pattern.get("/Shading") is not None:
            colour = Colour(space_of(pattern.path("/Shading", "/ColorSpace"), None), pattern=True)
        if state.mode == _INVISIBLE:
            colour = Colour(UNKNOWN)
        self.mark(Kind.TEXT, box, colour, stroke=stroke, size_pt=size, font=font, codes=codes, text=text)

    def glyphs(self, font: Font, codes: tuple[int, ...], matrix: Matrix, box: Box) -> None:
        """What the glyphs of a Type 3 font paint, each glyph once a page: colours, lines, pictures."""
        for _, glyph in font.glyphs.items() if font.glyphs else ():
            if glyph.reference in self.seen or not glyph.is_stream:
                continue
            self.seen.add(glyph.reference)
            scale = multiplied((self.state.size, 0, 0, self.state.size, 0, 0), matrix)
            inner = self.inside(
                glyph, multiplied(_six(font.matrix), scale), EVERYWHERE, resources=font.resources
            )
            self.marks += [replace(one, box=box, line_pt=None, outline=()) for one in inner]

    # ------------------------------------------------------------------ marked content

    def begin_tag(self, name: str, properties: Any = None) -> None:
        found = self.resource("Properties", properties) if isinstance(properties, str) else properties
        inner = found if isinstance(found, Node) else None
        number, text = (inner.get("/MCID"), inner.get("/ActualText")) if inner else (None, None)
        before = self.tags[-1] if self.tags else Tag()
        content_id = int(number.number or 0) if number else before.content_id
        replacement = text.text if text is not None else before.replacement
        self.tags.append(Tag(content_id, name == "/Artifact" or before.is_artifact, replacement))

    def end_tag(self) -> None:
        if self.tags:
            self.tags.pop()


def _is_upright(line: tuple[Point, ...]) -> bool:
    """Whether four corners (or five, the last closing) make an upright rectangle, or a mitred border."""
    corners = line[:-1] if len(line) == 5 and line[0] == line[4] else line
    sides = zip(corners, corners[1:] + corners[:1], strict=True)
    straight = sum(abs(ax - bx) < 1e-3 or abs(ay - by) < 1e-3 for (ax, ay), (bx, by) in sides)
    return len(corners) == 4 and straight >= 2


def _six(numbers: tuple[float, ...]) -> Matrix:
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _matrix(node: Node | None) -> Matrix:
    return _six(node.numbers) if node and len(node.numbers) == 6 else IDENTITY


def _first(node: Node, *keys: str) -> float | None:
    return next((found.number for key in keys if (found := node.get(key)) is not None), None)


def _setting(name: str, scale: float = 1.0) -> Callable[[_Painter, float], None]:
    def do(painter: _Painter, value: float) -> None:
        setattr(painter.state, name, value * scale)

    return do


def _mode(painter: _Painter, value: float) -> None:
    painter.state.mode = int(value)


def _close(painter: _Painter) -> None:
    if painter.path and painter.path[-1][0] != painter.path[-1][-1]:
        painter.path[-1].append(painter.path[-1][0])


def _clip(painter: _Painter) -> None:
    painter.clipping = True


def _painted(*, fill: bool = False, stroke: bool = False, close: bool = False) -> Callable[[_Painter], None]:
    def do(painter: _Painter) -> None:
        if close:
            _close(painter)
        painter.end_path(fill=fill, stroke=stroke)

    return do


_P = _Painter
_Painter._DO = {
    "q": _P.save, "Q": _P.restore, "cm": _P.transform, "gs": _P.external_state, "w": _setting("line_width"),
    "cs": _P.space, "CS": lambda p, name: p.space(name, stroke=True),
    "sc": _P.components, "scn": _P.components,
    "SC": lambda p, *v: p.components(*v, stroke=True), "SCN": lambda p, *v: p.components(*v, stroke=True),
    "g": lambda p, *v: p.device(GREY, *v), "G": lambda p, *v: p.device(GREY, *v, stroke=True),
    "rg": lambda p, *v: p.device(RGB, *v), "RG": lambda p, *v: p.device(RGB, *v, stroke=True),
    "k": lambda p, *v: p.device(CMYK, *v), "K": lambda p, *v: p.device(CMYK, *v, stroke=True),
    "m": _P.move_to, "l": _P.line_to, "c": _P.curve, "re": _P.rectangle, "h": _close,
    "v": lambda p, x2, y2, x3, y3: p.curve(*p.here, x2, y2, x3, y3),
    "y": lambda p, x1, y1, x3, y3: p.curve(x1, y1, x3, y3, x3, y3),
    "W": _clip, "W*": _clip, "n": _painted(),
    "f": _painted(fill=True), "F": _painted(fill=True), "f*": _painted(fill=True),
    "S": _painted(stroke=True), "s": _painted(stroke=True, close=True),
    "B": _painted(fill=True, stroke=True), "B*": _painted(fill=True, stroke=True),
    "b": _painted(fill=True, stroke=True, close=True), "b*": _painted(fill=True, stroke=True, close=True),
    "Do": _P.object, "sh": _P.shading, "INLINE": _P.picture,
    "BT": _P.begin_text, "Tf": _P.set_font, "Tm": _P.text_matrix,
    "Td": _P.next_line, "TD": _P.next_line_leading, "T*": _P.next_line,
    "Tc": _setting("char_space"), "Tw": _setting("word_space"), "Tz": _setting("stretch", 0.01),
    "TL": _setting("leading"), "Ts": _setting("rise"), "Tr": _mode,
    "Tj": _P.show, "TJ": _P.show_array, "'": _P.show_on_next_line, '"': _P.show_spaced,
    "BDC": _P.begin_tag, "BMC": _P.begin_tag, "EMC": _P.end_tag,
}  # fmt: skip
