"""The lettering of drawings: how large its smallest letters are, against the width that it is set in.

Type in a drawing is scaled with it. What is read here is what WeasyPrint draws of it: `font-size` from
attributes, style sheets and `style`, inherited, with every transform and viewport above it. Letters that are
outlines are no type, and nobody can tell how small they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import cos, hypot, isfinite, pi, radians, sin, tan
from typing import Any
from xml.etree import ElementTree

import cssselect2
import tinycss2

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_MEDIUM = 16.0  # font-size where nothing is said: CSS, "medium"
_NOTE_CHARACTERS = 8  # of a superscript or an index at most, as preflight takes them

# What is not drawn where it stands.
_ASIDE = frozenset(
    f"{_SVG}{name}"
    for name in (
        "defs", "symbol", "clipPath", "mask", "pattern", "marker", "filter", "linearGradient",
        "radialGradient", "style", "title", "desc", "metadata",
    )
)  # fmt: skip
_TEXT, _USE, _ROOT, _SYMBOL = (f"{_SVG}{name}" for name in ("text", "use", "svg", "symbol"))
_WORDLESS = frozenset((f"{_SVG}title", f"{_SVG}desc"))

_UNITS = {
    "": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0,
    "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6,
}  # fmt: skip
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*([A-Za-z]*|%)\s*")
_ANGLES = {"": pi / 180, "deg": pi / 180, "rad": 1.0, "grad": pi / 200, "turn": 2 * pi}
_TRANSFORM = re.compile(r"(\w+)\s*\(([^)]*)\)")
_VALUE = re.compile(rf"({_NUMBER})([A-Za-z]*|%)")

# Where the units across and down come to lie. Places do not matter here.
_Matrix = tuple[float, float, float, float]
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0)


def smallest_lettering(data: bytes, ratio: float) -> float | None:
    """Size (em) of the smallest type that a good drawing shows, in widths of the drawing; None: it has none.

    `ratio`: width over height of the place that the drawing is made for. A superscript or an index, a few
    characters beside larger type of the same text, is not counted: the press takes it smaller.
    """
    tree = ElementTree.fromstring(data)
    if next(tree.iter(_TEXT), None) is None:
        return None
    return min(_Drawing(tree).sizes(ratio), default=None)


@dataclass(frozen=True, slots=True)
class _Here:
    """What an element has from those above it."""

    said: str  # font-size as it was said last: relative ones count again at each level, as WeasyPrint has it
    size: float  # what came of it, in units of the element
    matrix: _Matrix  # from these units to widths of the drawing
    frame: tuple[float, float]  # width and height of the viewport, that percentages are of
    visible: bool = True

    @property
    def em(self) -> float:
        """The size of type as it is drawn: how deep it is, as preflight measures it."""
        return self.size * hypot(*self.matrix[2:])


_Visit = tuple[Any, _Here, tuple[float, float] | None]  # an element, what it has, the room it is given


class _Drawing:
    """A drawing on the way to its texts."""

    def __init__(self, tree: ElementTree.Element) -> None:
        self.root = cssselect2.ElementWrapper.from_xml_root(tree)
        self.by_id: dict[str, cssselect2.ElementWrapper] = {}
        self.of_interest: set[ElementTree.Element] = set()  # what holds text, and what is drawn again
        for element in self.root.iter_subtree():
            self.by_id.setdefault(element.etree_element.get("id") or "", element)
            if element.etree_element.tag in (_TEXT, _USE):
                up = element
                while up is not None and up.etree_element not in self.of_interest:
                    self.of_interest.add(up.etree_element)
                    up = up.parent
        self.matchers = _matchers(tree)
        self.declared: dict[ElementTree.Element, Mapping[str, str]] = {}

    def sizes(self, ratio: float) -> Iterator[float]:
        """The size of each text that is seen, in widths of the drawing."""
        # A stack of its own: <use> may lead deeper than Python calls.
        page = 1.0, 1 / ratio
        open_: list[_Visit] = [(self.root, _Here("1em", _MEDIUM, _SAME, page), page)]
        while open_:
            element, above, room = open_.pop()
            tag = element.etree_element.tag
            own = self._declared(element)
            if own.get("display") == "none" or tag in _ASIDE - {_SYMBOL}:
                continue
            here = _entered(own, above)
            if tag in (_ROOT, _SYMBOL):
                here = _scaled(own, here, room)
            if tag == _TEXT:
                yield from _counted(self._runs(element, here))
            elif tag == _USE:
                name = _reference(element.etree_element)
                target = self.by_id.get(name) if name else None
                if target is not None and target.etree_element in self.of_interest:
                    open_.append((target, here, _lengths(own, here)))
            else:
                inside = (child for child in element.iter_children() if child.etree_element.tag not in _ASIDE)
                open_ += [
                    (child, here, _lengths(self._declared(child), here))
                    for child in inside
                    if child.etree_element in self.of_interest
                ]

    def _runs(self, element: cssselect2.ElementWrapper, here: _Here) -> Iterator[tuple[float, int, bool]]:
        """Size and characters of what a text says, part by part, and whether it follows what is before it."""
        own = self._declared(element)
        follows = element.etree_element.tag != _TEXT and not own.keys() & {"x", "y"}
        if here.visible and (words := (element.etree_element.text or "").strip()):
            yield here.em, len(words), follows
        for child in element.iter_children():
            inside = self._declared(child)
            if inside.get("display") != "none" and child.etree_element.tag not in _WORDLESS:
                yield from self._runs(child, _entered(inside, here))
            if here.visible and (words := (child.etree_element.tail or "").strip()):
                yield _entered({}, here).em, len(words), follows

    def _declared(self, element: cssselect2.ElementWrapper) -> Mapping[str, str]:
        """What is said of an element itself: attributes, style sheets, its style, the later the stronger."""
        found = self.declared.get(element.etree_element)
        if found is None:
            style, important_style = _declarations(element.etree_element.get("style", ""))
            normal, important = (
                [pair for match in matcher.match(element) for pair in match[-1]] for matcher in self.matchers
            )
            given = dict(element.etree_element.attrib)
            found = given | dict(normal) | dict(style) | dict(important) | dict(important_style)
            self.declared[element.etree_element] = found
        return found


# --------------------------------------------------------------------------- styles

_Declared = list[tuple[str, str]]


def _matchers(tree: ElementTree.Element) -> tuple[cssselect2.Matcher, cssselect2.Matcher]:
    """What the drawing's style sheets say: usual declarations, and important ones."""
    matchers = cssselect2.Matcher(), cssselect2.Matcher()
    for style in tree.iter(f"{_SVG}style"):
        for rule in tinycss2.parse_stylesheet(style.text or "", skip_comments=True, skip_whitespace=True):
            if rule.type != "qualified-rule":
                continue
            declared = _declarations(rule.content)
            try:
                selectors = cssselect2.compile_selector_list(rule.prelude)
            except cssselect2.SelectorError:
                continue
            for selector in selectors:
                if selector.pseudo_element is None and not selector.never_matches:
                    for matcher, pairs in zip(matchers, declared, strict=True):
                        matcher.add_selector(selector, pairs)
    return matchers


def _declarations(css: str | Iterable[object]) -> tuple[_Declared, _Declared]:
    """The declarations of a block, usual and important."""
    normal: _Declared = []
    important: _Declared = []
    for one in tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True):
        if one.type == "declaration":
            pair = one.lower_name, tinycss2.serialize(one.value).strip()
            (important if one.important else normal).append(pair)
    return normal, important


def _entered(own: Mapping[str, str], above: _Here) -> _Here:
    """What an element has after what it says of itself."""
    said = own.get("font-size", above.said)
    if "font" in own:
        parts = (part.split("/")[0] for part in own["font"].split())
        said = next((part for part in parts if re.fullmatch(rf"{_NUMBER}([A-Za-z]+|%)", part)), said)
    said = above.said if said == "inherit" else said
    visible = own.get("visibility", "inherit")
    return replace(
        above,
        said=said,
        size=_length(said, above.size, above.size, above.size),
        matrix=_multiplied(above.matrix, _transform(own.get("transform", ""))),
        visible=above.visible if visible == "inherit" else visible == "visible",
    )


def _length(value: str, em: float, whole: float, otherwise: float) -> float:
    """A length in user units; `otherwise` where it is none, or below nothing."""
    match = _LENGTH.fullmatch(value)
    if match is None:
        return otherwise
    number, unit = float(match[1]), match[2].lower()
    scales = {"%": whole / 100, "em": em, "rem": em, "ex": em / 2, **_UNITS}
    found = number * scales.get(unit, -1.0)
    return found if isfinite(found) and found >= 0 else otherwise


# --------------------------------------------------------------------------- scales


def _transform(said: str) -> _Matrix:
    """What a list of transforms does to sizes; one that is not understood does nothing."""
    matrix = _SAME
    for name, inside in _TRANSFORM.findall(said):
        values = [(float(number), unit.lower()) for number, unit in _VALUE.findall(inside)]
        if values:
            matrix = _multiplied(matrix, _one_transform(name.lower(), values))
    return matrix if all(map(isfinite, matrix)) else _SAME


def _one_transform(name: str, values: list[tuple[float, str]]) -> _Matrix:
    first, last = values[0][0], values[min(1, len(values) - 1)][0]
    turn = first * _ANGLES.get(values[0][1], radians(1))
    match name:
        case "matrix" if len(values) == 6:
            return values[0][0], values[1][0], values[2][0], values[3][0]
        case "scale":
            return first, 0.0, 0.0, last
        case "scalex":
            return first, 0.0, 0.0, 1.0
        case "scaley":
            return 1.0, 0.0, 0.0, first
        case "rotate":
            return cos(turn), sin(turn), -sin(turn), cos(turn)
        case "skewx":
            return 1.0, 0.0, tan(turn), 1.0
        case "skewy":
            return 1.0, tan(turn), 0.0, 1.0
    return _SAME


def _multiplied(outer: _Matrix, inner: _Matrix) -> _Matrix:
    a, b, c, d = outer
    e, f, g, h = inner
    return a * e + c * f, b * e + d * f, a * g + c * h, b * g + d * h


def _lengths(own: Mapping[str, str], here: _Here) -> tuple[float, float] | None:
    """Width and height that are said of an element, in the units around it; None: not both are."""
    width, height = (
        _length(own.get(name, ""), here.size, whole, 0.0)
        for name, whole in zip(("width", "height"), here.frame, strict=True)
    )
    return (width, height) if width and height else None


def _scaled(own: Mapping[str, str], here: _Here, room: tuple[float, float] | None) -> _Here:
    """What is within a viewport as large as `room`. One of no size is drawn as large as it is."""
    numbers = [float(number) for number in re.findall(_NUMBER, own.get("viewBox", ""))]
    frame = (numbers[2], numbers[3]) if len(numbers) == 4 and min(numbers[2:]) > 0 else None
    if frame is None or room is None:
        return replace(here, frame=frame or room or here.frame)
    across, down = room[0] / frame[0], room[1] / frame[1]
    fitting = own.get("preserveAspectRatio", "").split()
    if fitting[:1] != ["none"]:
        across = down = max(across, down) if fitting[1:2] == ["slice"] else min(across, down)
    return replace(here, matrix=_multiplied(here.matrix, (across, 0.0, 0.0, down)), frame=frame)


# --------------------------------------------------------------------------- texts


def _counted(runs: Iterable[tuple[float, int, bool]]) -> Iterator[float]:
    """Sizes of a text's parts but for superscripts: a few characters that follow larger ones."""
    found = [run for run in runs if run[0] > 0]
    largest = max((size for size, _, _ in found), default=0.0)
    for size, characters, follows in found:
        if not (follows and characters <= _NOTE_CHARACTERS and size < largest):
            yield size


def _reference(element: ElementTree.Element) -> str:
    """The id that a <use> draws again, where `svg` has looked that none leads to itself."""
    return (element.get(f"{_XLINK}href") or element.get("href") or "")[1:]
