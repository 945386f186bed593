"""Content streams of the archive PDF → those of the press PDF: press colours, overprint, no tags.

Every colour that a stream sets is set in press colours. What is solid black alone prints over what lies below
(叠印), so that no white rim shows where the plates do not meet; only black surfaces do not, for with all inks
under them they would be more than the paper takes. `PressDrawing` holds what streams of one document share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import hypot, sqrt
from typing import Any

from issue_publisher.layout.model import Press
from issue_publisher.pictures import PressColours, PressInk
from issue_publisher.rendering.pdf_objects import (
    Array,
    Dictionary,
    Name,
    Operator,
    Page,
    Pdf,
    String,
    parse_content_stream,
    unparse_content_stream,
)
from issue_publisher.rendering.press_grounds import Grounds, box_of

Matrix = tuple[float, float, float, float, float, float]
Key = tuple[tuple[int, int], bool]  # an object of the archive PDF, and whether it is printed in black alone

UNMOVED: Matrix = (1, 0, 0, 1, 0, 0)
_SURFACE_PT = 14.0  # black that reaches so far both ways is a surface, and no line or letter
_DRAW_IT_SO = "draw it in the tint that it should have on paper"


def times(inner: Sequence[Any], outer: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer` (PDF 32000-1, 8.3.4)."""
    a, b, c, d, e, f = map(float, inner)
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stream that was rewritten: its bytes, what they name, and the pictures with where they stand."""

    content: bytes
    resources: Dictionary
    pictures: tuple[tuple[Key, Matrix], ...]


@dataclass
class Placed:
    """A picture of the archive PDF, and the stream that will hold it for the press."""

    source: Any
    target: Any
    width_pt: float = 0.0  # as large as it is printed anywhere
    height_pt: float = 0.0
    pages: set[int] = field(default_factory=set)


@dataclass
class PressDrawing:
    """What the streams of one document share: colours, pictures, forms, fonts, and what is wrong."""

    pdf: Pdf
    colours: PressColours
    press: Press
    pictures: dict[Key, Placed] = field(default_factory=dict)
    fonts: dict[tuple[int, int], set[tuple[int, int]]] = field(
        default_factory=dict
    )  # and the codes they show
    problems: dict[str, set[int]] = field(default_factory=dict)  # and the pages that have them
    number: int = 0  # of the page at work
    _inner: dict[Key, tuple[Drawn, Any]] = field(default_factory=dict)
    _states: dict[tuple[bool, bool], Any] = field(default_factory=dict)
    _spots: dict[str, Any] = field(default_factory=dict)

    def page(self, page: Page, number: int, *, grey: bool) -> Drawn:
        """The stream of a page; its pictures are noted with the size that they have there."""
        self.number = number
        drawn = _Stream(self, page.obj.Resources, grey).rewritten(page.obj, start=True)
        for key, matrix in drawn.pictures:
            placed = self.pictures[key]
            placed.width_pt = max(placed.width_pt, hypot(matrix[0], matrix[1]))
            placed.height_pt = max(placed.height_pt, hypot(matrix[2], matrix[3]))
            placed.pages.add(number)
        return drawn

    def wrong(self, what: str, remedy: str) -> None:
        """Note a problem of the page at work."""
        self.problems.setdefault(f"{what} ({remedy})", set()).add(self.number)

    def picture(self, source: Any, *, grey: bool) -> Key:
        """The key of a picture."""
        key = source.objgen, grey
        if key not in self.pictures:
            self.pictures[key] = Placed(source, self.pdf.make_stream(b""))
        return key

    def inner(self, source: Any, *, grey: bool) -> tuple[Drawn, Any]:
        """A form or a tiling pattern, rewritten once for colour and once for grey pages."""
        key = source.objgen, grey
        if key not in self._inner:
            drawn = _Stream(self, source.get("/Resources", Dictionary()), grey).rewritten(source)
            kept = {name: source[name] for name in _KEPT_OF_FORMS if name in source}
            stream = self.pdf.make_stream(drawn.content, kept | {"/Resources": drawn.resources})
            self._inner[key] = drawn, stream
        return self._inner[key]

    def overprint(self, stroke: bool, fill: bool) -> Any:
        """The graphics state in which strokes or fills print over what lies below, or not."""
        if (stroke, fill) not in self._states:
            state = Dictionary(Type=Name.ExtGState, OP=stroke, op=fill, OPM=1)
            self._states[stroke, fill] = self.pdf.make_indirect(state)
        return self._states[stroke, fill]

    def spot(self, ink: PressInk) -> Any:
        """The colour space of a spot colour, with the process inks that stand for it on a proof."""
        name = ink.spot or ""
        if name not in self._spots:
            solid = Array([ink.cyan, ink.magenta, ink.yellow, ink.black])
            tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=solid, N=1)
            space = Array([Name.Separation, Name("/" + name), Name.DeviceCMYK, tint])
            self._spots[name] = self.pdf.make_indirect(space)
        return self._spots[name]

    def shading(self, source: Any, *, grey: bool) -> Any:
        """A gradient in press colours, blended in them."""
        made = Dictionary(source)
        made.ColorSpace = Name.DeviceCMYK
        made.Function = self._blend(source.Function, grey=grey)
        if "/Background" in made:
            del made.Background
        return self.pdf.make_indirect(made)

    def _blend(self, function: Any, *, grey: bool) -> Any:
        made = Dictionary(function)
        kind = int(function.get("/FunctionType", -1))
        if kind == 3:
            made.Functions = Array([self._blend(one, grey=grey) for one in function.Functions])
        elif kind == 2 and len(function.C0) in _SCREEN_PARTS:
            for name in (Name.C0, Name.C1):
                ink = self.colours.of(_rgb(function[name]), grey=grey)
                made[name] = Array([ink.cyan, ink.magenta, ink.yellow, ink.black])
        else:
            self.wrong("a gradient is written in a way that is not known here", _DRAW_IT_SO)
        return made


_SCREEN_PARTS = (1, 3)  # components of grey and of red, green and blue
_KEPT_OF_FORMS = (
    "/Type", "/Subtype", "/BBox", "/Matrix", "/FormType",
    "/PatternType", "/PaintType", "/TilingType", "/XStep", "/YStep",
)  # fmt: skip
_NO_MASK = Name("/None")
_FORGOTTEN = frozenset({"MP", "DP", "ri"})  # points of tags, and intents that screens ask for
_PLAIN_STATES = frozenset({"/Type", "/ca", "/CA", "/BM", "/SMask", "/AIS"})
_SPACES = {"/DeviceRGB": 3, "/CalRGB": 3, "/DeviceGray": 1, "/CalGray": 1, "/DeviceCMYK": 4}


def _rgb(parts: Iterable[Any]) -> tuple[int, int, int]:
    """One or three parts of 0–1 as tones of red, green and blue."""
    tones = [min(max(round(float(part) * 255), 0), 255) for part in parts]
    red, green, blue = tones if len(tones) == 3 else tones * 3
    return red, green, blue


def _faults_of_state(state: Any) -> Iterator[tuple[str, str]]:
    """What a graphics state asks for that paper cannot do, each with its remedy."""
    opacity = min(float(state.get("/ca", 1)), float(state.get("/CA", 1)))
    if opacity < 1:
        yield f"something is transparent (opacity {opacity:g})", _DRAW_IT_SO
    if state.get("/SMask", _NO_MASK) != _NO_MASK:
        yield "something fades into what lies below it (a soft mask)", _DRAW_IT_SO
    if state.get("/BM", Name.Normal) not in (Name.Normal, Name.Compatible):
        yield f"something is blended with what lies below it ({state.BM})", _DRAW_IT_SO
    if others := sorted(set(state.keys()) - _PLAIN_STATES):
        yield f"a graphics state sets {', '.join(others)}", "this is a fault of the program"


_BLACK = PressInk(0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class _State:
    """What `q` keeps and `Q` brings back."""

    matrix: Matrix = UNMOVED
    stroke_over: bool | None = None  # None: not known yet, as at the start of a form
    fill_over: bool | None = None
    stroke_space: str | int = 1
    fill_space: str | int = 1
    fill: PressInk | None = _BLACK  # None: a pattern
    size_pt: float = 0.0
    font: tuple[int, int] | None = None


@dataclass
class _Stream:
    """One content stream on its way."""

    drawing: PressDrawing
    old: Any  # the resources that it names
    grey: bool
    out: list[Any] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    kept: list[_State] = field(default_factory=list)
    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: list[tuple[Key, Matrix]] = field(default_factory=list)
    across: list[float] = field(default_factory=list)  # where the outline at work has been
    down: list[float] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)  # where it goes on from
    grounds: Grounds | None = None  # of a page
    tags: list[bool] = field(default_factory=list)  # those that are open: whether each is a picture
    text_matrix: Matrix = UNMOVED
    sound: set[str] = field(default_factory=set)  # graphics states that have nothing of a screen's

    def rewritten(self, source: Any, *, start: bool = False) -> Drawn:
        """The stream for the press; `start`: of a page, which begins in black."""
        if start:
            self.grounds = Grounds(self.drawing.press)
            for stroke in (True, False):
                self._ink(_BLACK, stroke)
        for instruction in parse_content_stream(source):
            operator = str(instruction.operator)
            if operator in _FORGOTTEN:
                continue
            if (take := _TAKES.get(operator)) is not None:
                take(self, instruction.operands, instruction)
            else:
                self.out.append(instruction)
        resources = Dictionary({kind: Dictionary(held) for kind, held in sorted(self.new.items())})
        return Drawn(unparse_content_stream(self.out), resources, tuple(self.pictures))

    # ------------------------------------------------------------------ state

    def save(self, _operands: Any, instruction: Any) -> None:
        self.kept.append(self.state)
        self.out.append(instruction)

    def restore(self, _operands: Any, instruction: Any) -> None:
        if self.kept:
            self.state = self.kept.pop()
        self.out.append(instruction)

    def transform(self, operands: Any, instruction: Any) -> None:
        self.state = replace(self.state, matrix=times(operands, self.state.matrix))
        self.out.append(instruction)

    def set_state(self, operands: Any, _instruction: Any) -> None:
        """Screen states hold nothing but transparency, and paper has none."""
        name = str(operands[0])
        if name in self.sound:
            return
        faults = tuple(_faults_of_state(self.old.ExtGState[name]))
        for what, remedy in faults:
            self.drawing.wrong(what, remedy)
        if not faults:
            self.sound.add(name)

    def tag(self, operands: Any, _instruction: Any) -> None:
        """Tags are for readers; the lettering of a picture is scaled with it, and has sizes of its own."""
        self.tags.append(operands[0] == Name.Figure)

    def end_tag(self, _operands: Any, _instruction: Any) -> None:
        if self.tags:
            self.tags.pop()

    def line_width(self, operands: Any, instruction: Any) -> None:
        a, b, c, d, _, _ = self.state.matrix
        scale = sqrt(abs(a * d - b * c)) or 1.0
        least = self.drawing.press.hairline_pt / scale
        if float(operands[0]) < least:
            self._write([round(least, 4)], "w")
        else:
            self.out.append(instruction)

    # ------------------------------------------------------------------ colour

    def rgb(self, operands: Any, instruction: Any) -> None:
        """`rg`, `RG`, `g` and `G`."""
        stroke = str(instruction.operator).isupper()
        self._ink(self.drawing.colours.of(_rgb(operands), grey=self.grey), stroke)

    def cmyk(self, operands: Any, instruction: Any) -> None:
        """`k` and `K`: press colours already."""
        cyan, magenta, yellow, black = map(float, operands)
        self._mixed(cyan, magenta, yellow, black, str(instruction.operator) == "K")

    def space(self, operands: Any, instruction: Any) -> None:
        stroke = str(instruction.operator) == "CS"
        space = self._space(operands[0])
        was = self.state
        self.state = replace(was, stroke_space=space) if stroke else replace(was, fill_space=space)
        if isinstance(space, int):  # it begins in black
            self._ink(_BLACK, stroke)

    def colour(self, operands: Any, instruction: Any) -> None:
        stroke = str(instruction.operator).isupper()
        space = self.state.stroke_space if stroke else self.state.fill_space
        if space == "/Pattern":
            self._pattern(operands[-1], stroke)
        elif space == 4:
            cyan, magenta, yellow, black = map(float, operands)
            self._mixed(cyan, magenta, yellow, black, stroke)
        elif space in _SCREEN_PARTS and len(operands) == space:
            self._ink(self.drawing.colours.of(_rgb(operands), grey=self.grey), stroke)
        else:
            self.drawing.wrong(f"a colour is given in {space}", "write it as #rrggbb")

    def _space(self, name: Any) -> str | int:
        """How many parts a colour of a space has, or the space's name where that does not tell."""
        if (plain := str(name)) in _SPACES:
            return _SPACES[plain]
        held = self.old.get("/ColorSpace", Dictionary()).get(plain)
        if isinstance(held, Array) and held[0] == Name.ICCBased:
            return int(held[1].N)
        if isinstance(held, Array) and str(held[0]) in _SPACES:
            return _SPACES[str(held[0])]
        return plain

    def _mixed(self, cyan: float, magenta: float, yellow: float, black: float, stroke: bool) -> None:
        if self.grey and (cyan or magenta or yellow):
            self.drawing.wrong("a page in black alone holds a colour of four inks", "write it as #rrggbb")
        self._ink(PressInk(cyan, magenta, yellow, black), stroke)

    def _ink(self, ink: PressInk, stroke: bool) -> None:
        if not stroke:
            self.state = replace(self.state, fill=ink)
        solid = ink.black * 100 >= self.drawing.press.overprint_percent
        self._overprint(ink.is_black_alone and solid, stroke)
        if ink.spot:
            space = self._name("/ColorSpace", f"/{ink.spot.replace(' ', '-')}", self.drawing.spot(ink))
            self._write([space], "CS" if stroke else "cs")
            self._write([1], "SCN" if stroke else "scn")
        else:
            self._write([_short(part) for part in _parts(ink)], "K" if stroke else "k")

    def _overprint(self, over: bool, stroke: bool) -> None:
        strokes = over if stroke else bool(self.state.stroke_over)
        fills = bool(self.state.fill_over) if stroke else over
        if (strokes, fills) != (self.state.stroke_over, self.state.fill_over):
            name = f"/over{int(strokes)}{int(fills)}"
            self._write([self._name("/ExtGState", name, self.drawing.overprint(strokes, fills))], "gs")
            self.state = replace(self.state, stroke_over=strokes, fill_over=fills)

    def _pattern(self, name: Any, stroke: bool) -> None:
        source = self.old.Pattern[name]
        if int(source.PatternType) == 1:
            _, made = self.drawing.inner(source, grey=self.grey)
        else:
            made = self.drawing.pdf.make_indirect(Dictionary(source))
            made.Shading = self.drawing.shading(source.Shading, grey=self.grey)
            if "/ExtGState" in made:
                del made.ExtGState
        if not stroke:
            self.state = replace(self.state, fill=None)
        self._overprint(False, stroke)
        self._write([Name.Pattern], "CS" if stroke else "cs")
        self._write([self._name("/Pattern", str(name), made)], "SCN" if stroke else "scn")

    def shade(self, operands: Any, _instruction: Any) -> None:
        made = self.drawing.shading(self.old.Shading[operands[0]], grey=self.grey)
        self._overprint(False, False)
        self._write([self._name("/Shading", str(operands[0]), made)], "sh")

    # ------------------------------------------------------------------ pictures, forms and text

    def draw(self, operands: Any, _instruction: Any) -> None:
        source = self.old.XObject[operands[0]]
        if source.Subtype == Name.Image:
            self._picture(str(operands[0]), source)
        else:
            self._form(str(operands[0]), source)

    def _picture(self, name: str, source: Any) -> None:
        key = self.drawing.picture(source, grey=self.grey)
        self.pictures.append((key, self.state.matrix))
        before = self.state.stroke_over, self.state.fill_over
        self._overprint(False, False)
        self._write([self._name("/XObject", name, self.drawing.pictures[key].target)], "Do")
        self._lay([0.0, 1.0], [0.0, 1.0], None)
        self._overprint(bool(before[1]), False)

    def _form(self, name: str, source: Any) -> None:
        drawn, form = self.drawing.inner(source, grey=self.grey)
        matrix = times(source.get("/Matrix", UNMOVED), self.state.matrix)
        self.pictures += [(key, times(place, matrix)) for key, place in drawn.pictures]
        if drawn.content.strip():
            self._write([self._name("/XObject", name, form)], "Do")

    def path(self, operands: Any, instruction: Any) -> None:
        """Part of an outline; how far it reaches tells what is a surface, and what text stands on."""
        numbers, operator = list(map(float, operands)), str(instruction.operator)
        if operator == "re":
            numbers[2:] = numbers[0] + numbers[2], numbers[1] + numbers[3]
        if operator == "m":  # nothing of it is seen before something is drawn from there
            self.begun = numbers
        else:
            self.across += [*self.begun[::2], *numbers[::2]]
            self.down += [*self.begun[1::2], *numbers[1::2]]
            self.begun = []
        self.out.append(instruction)

    def paint(self, _operands: Any, instruction: Any) -> None:
        """A black surface does not print over what lies below; lines and letters do."""
        fills = str(instruction.operator) not in {"S", "s", "n"} and bool(self.across)
        surface = fills and bool(self.state.fill_over) and self._is_surface()
        if surface:
            self._overprint(False, False)
        self.out.append(instruction)
        if surface:
            self._overprint(True, False)
        if fills:
            self._lay(self.across, self.down, self.state.fill)
        self.across, self.down, self.begun = [], [], []

    def _lay(self, across: Sequence[float], down: Sequence[float], ink: PressInk | None) -> None:
        """Note a surface of the page that text may stand on."""
        if self.grounds is not None:
            left, bottom, right, top = box_of(across, down)
            corners = [
                times((1, 0, 0, 1, x, y), self.state.matrix) for x in (left, right) for y in (bottom, top)
            ]
            self.grounds.lay(box_of([c[4] for c in corners], [c[5] for c in corners]), ink)

    def _is_surface(self) -> bool:
        a, b, c, d, _, _ = self.state.matrix
        sides = (max(values, default=0.0) - min(values, default=0.0) for values in (self.across, self.down))
        return min(sides) * sqrt(abs(a * d - b * c)) > _SURFACE_PT

    def inline_picture(self, _operands: Any, _instruction: Any) -> None:
        self.drawing.wrong("a picture stands in the page's own stream", "this is a fault of the program")

    def font(self, operands: Any, instruction: Any) -> None:
        font = self.old.Font[operands[0]]
        self._name("/Font", str(operands[0]), font)
        self.state = replace(self.state, font=font.objgen, size_pt=float(operands[1]))
        self.out.append(instruction)

    def text_begins(self, operands: Any, instruction: Any) -> None:
        """`BT` and `Tm`."""
        self.text_matrix = times(operands, UNMOVED) if len(operands) else UNMOVED
        self.out.append(instruction)

    def _check_reversed(self) -> None:
        state = self.state
        if self.grounds is None or any(self.tags) or state.fill is None:
            return
        a, b, c, d, _, _ = matrix = times(self.text_matrix, state.matrix)
        size_pt = state.size_pt * sqrt(abs(a * d - b * c))
        middle = times(
            (1, 0, 0, 1, state.size_pt / 4, state.size_pt / 4), matrix
        )  # of the first letter, about
        if found := self.grounds.too_small(middle[4], middle[5], size_pt, state.fill):
            self.drawing.wrong(*found)

    def text(self, operands: Any, instruction: Any) -> None:
        """Text passes as it is; the codes of its glyphs are noted, of two bytes each."""
        self._check_reversed()
        codes = self.drawing.fonts.setdefault(self.state.font or (0, 0), set())
        shown = operands[-1]
        for piece in shown if isinstance(shown, Array) else (shown,):
            if isinstance(piece, String):
                data = bytes(piece)
                codes.update(zip(data[::2], data[1::2], strict=False))
        self.out.append(instruction)

    def _name(self, kind: str, name: str, held: Any) -> Name:
        self.new.setdefault(kind, {})[name] = held
        return Name(name)

    def _write(self, operands: list[Any], operator: str) -> None:
        self.out.append((operands, Operator(operator)))


def _parts(ink: PressInk) -> tuple[float, float, float, float]:
    return ink.cyan, ink.magenta, ink.yellow, ink.black


def _short(part: float) -> float | int:
    """A number without a needless point."""
    part = round(part, 4)
    return int(part) if part == int(part) else part


_TAKES: dict[str, Callable[[_Stream, Any, Any], None]] = {
    "q": _Stream.save, "Q": _Stream.restore, "cm": _Stream.transform, "gs": _Stream.set_state,
    "w": _Stream.line_width, "BDC": _Stream.tag, "BMC": _Stream.tag, "EMC": _Stream.end_tag,
    "m": _Stream.path, "l": _Stream.path, "c": _Stream.path, "v": _Stream.path, "y": _Stream.path,
    "re": _Stream.path, **dict.fromkeys(("f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "n"), _Stream.paint),
    "rg": _Stream.rgb, "RG": _Stream.rgb, "g": _Stream.rgb, "G": _Stream.rgb,
    "k": _Stream.cmyk, "K": _Stream.cmyk, "cs": _Stream.space, "CS": _Stream.space,
    "sc": _Stream.colour, "SC": _Stream.colour, "scn": _Stream.colour, "SCN": _Stream.colour,
    "sh": _Stream.shade, "Do": _Stream.draw, "INLINE IMAGE": _Stream.inline_picture,
    "BT": _Stream.text_begins, "Tm": _Stream.text_begins,
    "Tf": _Stream.font, "Tj": _Stream.text, "TJ": _Stream.text, "'": _Stream.text, '"': _Stream.text,
}  # fmt: skip
