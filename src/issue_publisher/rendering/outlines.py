"""Drawings whose writing is drawn with our own faces.

An SVG that an e-book shows as a picture is set in whatever faces the e-reader has; where it has no Chinese,
readers see boxes. So every <text> becomes a group of outlines that says in `aria-label` what it reads.
Only what a text says about type (place, face, size, anchor) is worked out here: fill, opacity, transform and
the like stay as attributes of the group, and are inherited as before.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from lxml import etree

from issue_publisher.fonts import Face, FontError, text_path
from issue_publisher.fonts.measures import CHINESE
from issue_publisher.fonts.subset import ASCENT_EM
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept, key_of, made_once
from issue_publisher.typesetting.faces import PaperFaces

_SVG = "{http://www.w3.org/2000/svg}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_HEAVY = 600  # font-weight from which a family's heavy face is taken
_WEIGHTS = {"normal": 400, "bold": 700, "lighter": 300, "bolder": 700}
_FAMILIES = {"serif": "song", "sans-serif": "hei"}  # generic families → role; others name their role
_DEFAULT_FAMILY = "hei"

_PX = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]*|%)", re.IGNORECASE)
_FONT = re.compile(
    r"(?P<before>.*?)(?P<size>[\d.]+(?:[a-z]+|%))(?:\s*/\s*\S+)?\s+(?P<family>.+)", re.IGNORECASE
)

# How far below the alphabetic one each baseline of SVG lies, in em; faces stand 0.88 em above it.
_BASELINES = {
    "alphabetic": 0.0,
    "auto": 0.0,
    "baseline": 0.0,
    "middle": -0.27,  # half of x-height
    "central": 0.5 - ASCENT_EM,
    "hanging": -0.8,
    "text-before-edge": -ASCENT_EM,
    "before-edge": -ASCENT_EM,
    "text-top": -ASCENT_EM,
    "top": -ASCENT_EM,
    "text-after-edge": 1 - ASCENT_EM,
    "after-edge": 1 - ASCENT_EM,
    "text-bottom": 1 - ASCENT_EM,
    "bottom": 1 - ASCENT_EM,
    "ideographic": 1 - ASCENT_EM,
}
_SHIFTS = {"baseline": 0.0, "sub": -0.2, "super": 0.35}  # upwards, in em
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}

_PLACES = ("x", "y", "dx", "dy")
# What a text says about its type alone; on outlines it means nothing.
_OF_TYPE = frozenset(
    (
        "dominant-baseline",
        "alignment-baseline",
        "baseline-shift",
        "text-anchor",
        "letter-spacing",
        "word-spacing",
    )
) | frozenset(
    ("font", "font-family", "font-size", "font-style", "font-weight", "font-variant", "font-stretch")
)
_GONE = _OF_TYPE.union(_PLACES, ("rotate", f"{_XML}space"))
# What outlines would not keep: a text that has it stays text.
_BEYOND = frozenset(("writing-mode", "text-decoration", "textLength", "glyph-orientation-vertical"))
_HARMLESS = frozenset(("", "none", "normal", "0", "lr", "lr-tb", "horizontal-tb"))
_INSIDE = frozenset((f"{_SVG}tspan", f"{_SVG}a"))


class _BeyondError(Exception):
    """A text that cannot become outlines without looking different."""


def outlined(svg: bytes, faces: PaperFaces, kept: Kept = NOTHING_KEPT) -> bytes:
    """The drawing with outlines for its texts; the same bytes for the same drawing and faces.

    Texts on a path, turned letter by letter, stretched to a length, vertical or underlined stay text, and so
    does a text with a character that no face has. A drawing whose style sheet asks for more than elements,
    classes and ids stays as it is. What is made of one is `kept`.
    """
    roles = [(role, face.sha256) for role, face in sorted(faces.fonts.faces.items())]
    key = key_of("outlined", hashlib.sha256(svg).hexdigest(), roles, dict(faces.latin_fonts))
    return made_once(kept, key, lambda: _drawn(svg, faces))


def _drawn(svg: bytes, faces: PaperFaces) -> bytes:
    root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    try:
        sheet = tuple(chain.from_iterable(_rules("".join(e.itertext())) for e in root.iter(f"{_SVG}style")))
    except _BeyondError:
        return svg
    drawn = 0
    for text in tuple(root.iter(f"{_SVG}text")):
        if any(parent.tag == f"{_SVG}clipPath" for parent in text.iterancestors()):
            continue  # may hold no group
        try:
            paths = tuple(_paths(_pieces(text, sheet), faces))
        except (_BeyondError, FontError):
            continue
        if paths:
            _replace(text, paths, sheet)
            drawn += 1
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True) if drawn else svg


# --------------------------------------------------------------------------- styles

Declarations = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of the drawing's style sheet: an element, a class or an id, and what it gets."""

    element: str
    mark: str  # #id, .class or nothing
    declarations: tuple[tuple[str, str], ...]

    @property
    def weight(self) -> tuple[bool, bool, bool]:
        """Specificity."""
        return self.mark.startswith("#"), self.mark.startswith("."), self.element not in ("", "*")

    def fits(self, element: etree._Element) -> bool:
        """Whether it speaks of this element."""
        if self.element not in ("", "*", etree.QName(element).localname):
            return False
        if self.mark.startswith("."):
            return self.mark[1:] in element.get("class", "").split()
        return not self.mark or element.get("id") == self.mark[1:]


def _rules(css: str) -> Iterator[_Rule]:
    css = re.sub(r"/\*.*?\*/|<!--|-->", "", css, flags=re.DOTALL)
    for block in filter(str.strip, css.split("}")):
        selectors, brace, body = block.partition("{")
        for selector in selectors.split(","):
            simple = re.fullmatch(r"\s*(\*|[a-zA-Z]*)([.#][\w-]+)?\s*", selector)
            if not simple or not brace or not selector.strip() or "!important" in body:
                raise _BeyondError
            yield _Rule(simple[1], simple[2] or "", tuple(_declarations(body).items()))


def _declarations(css: str) -> Declarations:
    pairs = (part.partition(":") for part in css.split(";"))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon and value.strip()}


def _own(element: etree._Element, sheet: tuple[_Rule, ...]) -> Declarations:
    """What is said of an element itself: attributes, the style sheet, its style, the later the stronger."""
    found = {str(key): str(value).strip() for key, value in element.attrib.items()}
    for rule in sorted((rule for rule in sheet if rule.fits(element)), key=lambda rule: rule.weight):
        found.update(rule.declarations)
    return found | _declarations(element.get("style", ""))


@dataclass(frozen=True, slots=True)
class _Type:
    """The type that an element inherits or sets."""

    family: str = _DEFAULT_FAMILY
    weight: int = 400
    size: float = 16.0
    anchor: float = 0.0
    spacing: float = 0.0
    below: float = 0.0  # how far the text's baseline stands below its place
    lang: str | None = None
    preserve: bool = False

    def of(self, own: Mapping[str, str]) -> _Type:
        """The same after an element's own declarations."""
        own = {key: value for key, value in own.items() if value != "inherit"}
        if any(own.get(key, "").lower() not in _HARMLESS for key in _BEYOND):
            raise _BeyondError
        if short := _FONT.fullmatch(own.get("font", "")):
            weight = next(
                (word for word in short["before"].split() if word in _WEIGHTS or word.isdigit()), "400"
            )
            own = {"font-size": short["size"], "font-family": short["family"], "font-weight": weight} | own
        size = _length(own["font-size"], self.size, self.size) if "font-size" in own else self.size
        weight_name = own.get("font-weight", str(self.weight))
        space = own.get(f"{_XML}space", "preserve" if self.preserve else "")
        here = replace(
            self,
            family=own.get("font-family", self.family),
            weight=_WEIGHTS.get(weight_name) or int(_number(weight_name)),
            size=size,
            anchor=_ANCHORS.get(own.get("text-anchor", ""), self.anchor),
            lang=own.get(f"{_XML}lang") or own.get("lang") or self.lang,
            preserve=space == "preserve" or own.get("white-space", "").startswith("pre"),
        )
        if "letter-spacing" in own:
            spacing = own["letter-spacing"]
            here = replace(here, spacing=0.0 if spacing == "normal" else _length(spacing, size, size))
        if own.get("word-spacing", "normal") not in _HARMLESS:
            raise _BeyondError
        return replace(here, below=self._below(own, size))

    def _below(self, own: Mapping[str, str], size: float) -> float:
        below = self.below
        name = own.get("alignment-baseline") or own.get("dominant-baseline")
        if name is not None:
            below = -_BASELINES.get(name, 0.0) * size
        shift = own.get("baseline-shift")
        if shift is not None:
            below -= _SHIFTS[shift] * self.size if shift in _SHIFTS else _length(shift, size, size)
        return below

    def role(self, faces: PaperFaces) -> str:
        """The face's role: the first family that names one, its heavy one for heavy type."""
        known = faces.fonts.faces
        names = [name.strip().strip("\"'").lower() for name in self.family.split(",")]
        role = next((n for n in (_FAMILIES.get(n, n) for n in names) if n in known), _DEFAULT_FAMILY)
        heavy = f"{role}-heavy"
        return heavy if self.weight >= _HEAVY and heavy in known else role


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise _BeyondError from None


def _length(value: str, em: float, whole: float) -> float:
    """A length in user units."""
    match = _LENGTH.fullmatch(value.strip())
    if not match:
        raise _BeyondError
    number, unit = float(match[1]), match[2].lower()
    if unit == "%":
        return number / 100 * whole
    if unit in ("em", "rem", "ex"):
        return number * em * (0.5 if unit == "ex" else 1.0)
    if unit not in _PX:
        raise _BeyondError
    return number * _PX[unit]


# --------------------------------------------------------------------------- placing


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters that follow each other, what holds them (or has them as its tail), where the first is put."""

    text: str
    holder: etree._Element
    in_tail: bool
    type: _Type
    place: tuple[float | None, float | None, float, float]  # x, y, dx, dy


def _pieces(text: etree._Element, sheet: tuple[_Rule, ...]) -> tuple[_Piece, ...]:
    inherited = _Type()
    for parent in reversed(tuple(text.iterancestors())):
        inherited = inherited.of(_own(parent, sheet))
    pieces: list[_Piece] = []
    for letter in _letters(text, sheet, inherited):
        last = pieces[-1] if pieces else None
        joined = last and (last.holder, last.in_tail) == (letter.holder, letter.in_tail)
        if last and joined and letter.place == (None, None, 0.0, 0.0):
            pieces[-1] = replace(last, text=last.text + letter.text)
        else:
            pieces.append(letter)
    return tuple(pieces)


def _letters(text: etree._Element, sheet: tuple[_Rule, ...], inherited: _Type) -> Iterator[_Piece]:
    """The characters that are painted, one by one, each with its place.

    White space as SVG 1.1 has it ("White space handling"): line breaks fall away, spaces become one.
    """
    lists: dict[int, dict[str, float]] = {}
    found: list[tuple[str, etree._Element, bool, _Type]] = []

    def add(words: str | None, holder: etree._Element, in_tail: bool, here: _Type) -> None:
        words = words or ""
        words = (
            re.sub(r"[\n\r\t]", " ", words)
            if here.preserve
            else re.sub(r"[\n\r]", "", words).replace("\t", " ")
        )
        for char in words:
            if char == " " and not here.preserve and (not found or found[-1][0] == " "):
                continue
            found.append((char, holder, in_tail, here))

    def visit(element: etree._Element, above: _Type) -> None:
        own = _own(element, sheet)
        here, first = above.of(own), len(found)
        if own.get("rotate", "0").strip() not in ("", "0"):
            raise _BeyondError
        width, height = _frame(element)
        for name in _PLACES:
            for at, value in enumerate(own.get(name, "").replace(",", " ").split()):
                whole = width if name.endswith("x") else height
                lists.setdefault(first + at, {})[name] = _length(value, here.size, whole)
        add(element.text, element, False, here)
        for child in element:
            if child.tag in _INSIDE:
                visit(child, here)
            elif isinstance(child.tag, str) and child.tag not in (f"{_SVG}title", f"{_SVG}desc"):
                raise _BeyondError
            add(child.tail, child, True, here)

    visit(text, inherited)
    while found and found[-1][0] == " " and not found[-1][3].preserve:
        found.pop()
    for at, (char, holder, in_tail, here) in enumerate(found):
        given = lists.get(at, {})
        place = given.get("x"), given.get("y"), given.get("dx", 0.0), given.get("dy", 0.0)
        yield _Piece(char, holder, in_tail, here, place)


def _frame(element: etree._Element) -> tuple[float, float]:
    """Width and height of the viewport, which percentages are of."""
    for parent in element.iterancestors(f"{_SVG}svg"):
        numbers = [float(number) for number in re.findall(r"[-+.\deE]+", parent.get("viewBox", ""))]
        if len(numbers) == 4:
            return numbers[2], numbers[3]
    return 0.0, 0.0


def _paths(pieces: tuple[_Piece, ...], faces: PaperFaces) -> Iterator[tuple[_Piece, str]]:
    """Path data of each piece; a chunk that begins at a place of its own is anchored there."""
    starts = [at for at, piece in enumerate(pieces) if at == 0 or piece.place[:2] != (None, None)]
    x = y = 0.0
    for start, end in pairwise((*starts, len(pieces))):
        runs = [tuple(_runs(piece, faces)) for piece in pieces[start:end]]
        widths = [sum(run.advance for run in of_piece) for of_piece in runs]
        first = pieces[start].place
        x, y = (given if given is not None else at for given, at in zip(first[:2], (x, y), strict=True))
        width = sum(widths) + sum(piece.place[2] for piece in pieces[start + 1 : end])
        x -= pieces[start].type.anchor * width
        for piece, of_piece in zip(pieces[start:end], runs, strict=True):
            x, y = x + piece.place[2], y + piece.place[3]
            data = ""
            for run in of_piece:
                lang = piece.type.lang or CHINESE
                data += text_path(run.face, run.text, piece.type.size, x, y + piece.type.below, lang)[0]
                x += run.advance
            yield piece, data


@dataclass(frozen=True, slots=True)
class _Run:
    face: Face
    text: str
    advance: float


def _runs(piece: _Piece, faces: PaperFaces) -> Iterator[_Run]:
    """A piece cut where the face changes; letter by letter where these are spaced."""
    here = piece.type
    for face, words in faces.runs(piece.text, here.role(faces), here.lang):
        for part in words if here.spacing else (words,):
            advance = faces.measures.shape_advance_em(face, part, lang=here.lang or CHINESE) * here.size
            yield _Run(face, part, advance + here.spacing)


# --------------------------------------------------------------------------- groups for texts


def _replace(text: etree._Element, paths: Iterable[tuple[_Piece, str]], sheet: tuple[_Rule, ...]) -> None:
    """Make a text the group of its outlines, and each <tspan> a group inside."""
    data: dict[tuple[etree._Element, bool], str] = {}
    words = ""
    for piece, path in paths:
        words += piece.text
        at = piece.holder, piece.in_tail
        data[at] = data.get(at, "") + path
    elements = tuple(text.iter(f"{_SVG}text", *_INSIDE))
    for element in elements:
        element.text = None
        for child in element:
            child.tail = None
    for (holder, in_tail), path in data.items():
        if not path:
            continue  # nothing but spaces
        outline = etree.Element(f"{_SVG}path", {"d": path})
        parent = holder.getparent()
        if not in_tail:
            holder.insert(0, outline)
        elif parent is not None:
            parent.insert(parent.index(holder) + 1, outline)
    for element in elements:
        _as_group(element, sheet)
    text.set("role", "img")
    text.set("aria-label", words.strip())
    text.set("fill-rule", "nonzero")  # as glyphs are meant, whatever the drawing says of its shapes


def _as_group(element: etree._Element, sheet: tuple[_Rule, ...]) -> None:
    """The element without what it says of type."""
    style: Declarations = {}
    rules = sorted((rule for rule in sheet if rule.fits(element)), key=lambda rule: rule.weight)
    if any(rule.element in ("text", "tspan") for rule in rules):  # they will speak of it no more
        for rule in rules:
            style.update(rule.declarations)
    style |= _declarations(element.get("style", ""))
    for name in tuple(element.attrib):
        if name in _GONE:
            del element.attrib[name]
    kept = ";".join(f"{name}:{value}" for name, value in style.items() if name not in _GONE)
    if kept:
        element.set("style", kept)
    else:
        element.attrib.pop("style", None)
    if element.tag != f"{_SVG}a":
        element.tag = f"{_SVG}g"
