"""Drawings in SVG: read without fetching or running anything, and refused when they ask for it."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from lxml import etree

from issue_publisher.layout.model import Pictures
from issue_publisher.pictures import raster
from issue_publisher.pictures.picture import Picture, PictureError

MIME = "image/svg+xml"
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"

# Elements that have no place in a printed drawing, and why.
_FORBIDDEN = {
    "script": "holds a script",
    "handler": "holds a script",
    "listener": "holds a script",
    "foreignObject": "holds foreign content (foreignObject)",
    "iframe": "holds foreign content (iframe)",
    "object": "holds foreign content (object)",
    "embed": "holds foreign content (embed)",
    "audio": "holds sound",
    "video": "holds a film",
    "animate": "is animated",
    "animateColor": "is animated",
    "animateMotion": "is animated",
    "animateTransform": "is animated",
    "set": "is animated",
    "textPath": "sets letters along a path, which must be outlines,",  # WeasyPrint ignores the path
}
_PX = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
}
_LENGTH = re.compile(r"\s*([+]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z]*)\s*")

_CSS_COMMENT = re.compile(r"/\*.*?(\*/|$)", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_CSS_URL = re.compile(r"""\b(?:url|src)\(\s*["']?\s*([^"')]*)""", re.IGNORECASE)
_CSS_FETCH = re.compile(r"@import|(?:image|image-set|cross-fade)\(", re.IGNORECASE)
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpeg|jpg)\s*(;base64)?\s*,(.*)", re.DOTALL | re.IGNORECASE)

# What some e-readers leave out, or draw wrongly, of a drawing that prints well; most draw SVG 1.1 without its
# filters (EPUB reading systems are not bound to more than "static mode").
_HAZARDS = {
    "filter": "has filters",
    "mask": "has masks",
    "image": "holds a picture of pixels",
    "text": "has lettering that is no outlines",
}
_HAZARDOUS_CSS = re.compile(
    r"@(?!charset)[a-z-]+"  # @keyframes, @media, @font-face …
    r"|(?<![\w-])(?:animation|transition|filter|backdrop-filter|mask|mix-blend-mode)(?:-[a-z]+)*\s*:(?!\s*none)"
    r"|(?<![\w-])(?:var|calc)\(",
    re.IGNORECASE,
)
_HAZARDOUS_ATTRIBUTES = ("filter", "mask")

_MOST_DRAWN = 200_000  # elements, those drawn again by <use> counted each time
_LONG_SIDE_PX = 1000  # small drawings are measured finer, so that their ratio survives whole pixels


def looks_like_svg(data: bytes) -> bool:
    """Whether these bytes mean to be XML, and so SVG."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data[2:1000].decode(codec, "ignore").lstrip().startswith("<")
    return data[:1000].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def check_svg(data: bytes, settings: Pictures) -> tuple[int, int]:
    """Width and height of a drawing that stands alone; raises `PictureError`."""
    _check_doctype(data)
    root = _parse(data)
    _check_elements(root, settings)
    _check_repetition(root)
    return _size(root)


def svg_text(picture: Picture) -> str:
    """All characters that a drawing writes, so that the fonts can hold them."""
    return text_in_svg(picture.data)


def text_in_svg(data: bytes) -> str:
    """The same of the drawing's bytes."""
    root = _parse(data)
    return "".join("".join(element.itertext()) for element in root.iter(f"{_SVG}text"))


def reader_hazard(data: bytes, most_kb: float, most_shapes: int) -> str | None:
    """Why some e-reader would not show a good drawing as it is, or None."""
    if len(data) > most_kb * 1000:
        return f"has {len(data) / 1000:.0f} kB"
    root = _parse(data)
    if (shapes := _drawn(root)) > most_shapes:
        return f"draws {shapes} shapes"
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if element.tag == f"{_SVG}{name}" and name in _HAZARDS:
            return _HAZARDS[name]
        styles = "".join(element.itertext()) if name == "style" else element.get("style", "")
        if found := _HAZARDOUS_CSS.search(_CSS_COMMENT.sub("", styles)):
            return f"has {found[0].rstrip('(: ')} in its styles"
        for key in _HAZARDOUS_ATTRIBUTES:
            if element.get(key, "none").strip() not in ("none", ""):
                return f"has a {key}"
    return None


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        why = re.sub(r", line \d+, column \d+.*", "", error.msg or "not XML")
        raise PictureError(
            f"the SVG is broken in its line {line}: {why}", "export it again", "svg-broken"
        ) from error
    except ValueError as error:
        raise PictureError("the SVG is broken", "save it as UTF-8", "svg-broken") from error
    if root.tag != f"{_SVG}svg":
        name = etree.QName(root).localname
        raise PictureError(
            f"this is XML, but not SVG: its root <{name}> is not of SVG's namespace"
            if name == "svg"
            else f"this is XML, but not SVG: its root is <{name}>",
            'an SVG begins with <svg xmlns="http://www.w3.org/2000/svg" viewBox="…">',
            "svg-broken",
        )
    return root


def _check_doctype(data: bytes) -> None:
    """The W3C's own DOCTYPE without anything of its own is harmless, and many programs write it.

    Expat is asked, for it tells whether there is anything inside without reading that.
    """

    def doctype(_name: str, _system: str | None, public: str | None, has_own: int) -> None:
        if has_own or not (public or "").startswith("-//W3C//DTD SVG 1."):
            raise PictureError(
                "the SVG has a DOCTYPE with declarations of its own", "delete the <!DOCTYPE …>", "svg-outside"
            )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise PictureError(
            f"the SVG is broken in its line {error.lineno}: {expat.ErrorString(error.code)}",
            "export it again",
            "svg-broken",
        ) from error


def _check_elements(root: etree._Element, settings: Pictures) -> None:
    for node in root.getroottree().xpath("//processing-instruction()"):
        if node.target == "xml-stylesheet":
            raise _outside(node, "a style sheet", "write the styles into the SVG")
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name in _FORBIDDEN:
            raise PictureError(
                f"the SVG {_FORBIDDEN[name]} in its line {element.sourceline}",
                "export it as a plain drawing",
                "svg-active",
            )
        if name == "style":
            _check_css(element, "".join(element.itertext()), settings)
        for key, value in element.attrib.items():
            _check_attribute(element, etree.QName(key), str(value), settings)


def _check_attribute(element: etree._Element, key: etree.QName, value: str, settings: Pictures) -> None:
    name = key.localname
    if name.lower().startswith("on") and key.namespace is None:
        raise PictureError(
            f"the SVG holds a script in its line {element.sourceline}: {name}",
            "export it as a plain drawing",
            "svg-active",
        )
    if name == "base" and key.namespace:
        raise _outside(element, f"xml:base {_short(value)}", "delete it")
    if name in {"href", "src"}:
        _check_reference(element, value, settings)
    else:
        _check_css(element, value, settings)


def _check_css(element: etree._Element, css: str, settings: Pictures) -> None:
    css = _CSS_ESCAPE.sub(_unescaped, _CSS_COMMENT.sub("", css))
    if fetch := _CSS_FETCH.search(css):
        raise _outside(element, fetch[0].rstrip("("), "write the styles into the SVG")
    for url in _CSS_URL.findall(css):
        _check_reference(element, url, settings)


def _unescaped(escape: re.Match[str]) -> str:
    code = int(escape[1], 16) if escape[1] else 0
    return chr(code) if 0 < code < 0x110000 else escape[2] or "\ufffd"


def _check_reference(element: etree._Element, target: str, settings: Pictures) -> None:
    """A reference may point into the drawing itself, or hold a PNG or JPEG whole."""
    target = target.strip()
    if target.startswith("#") or not target:
        return
    held = _DATA_PICTURE.fullmatch(target)
    if held is None:
        raise _outside(element, _short(target), "embed it, or draw it in the SVG itself")
    try:
        data = unquote_to_bytes(held[2])
        data = base64.b64decode(b"".join(data.split()), validate=True) if held[1] else data
        if raster.raster_format(data) not in {"PNG", "JPEG"}:
            raise PictureError("it is neither PNG nor JPEG", "embed a PNG or a JPEG")
        raster.check_raster(data, settings)
    except (binascii.Error, PictureError) as error:
        why = error.message if isinstance(error, PictureError) else "not base64"
        raise PictureError(
            f"the picture embedded in the SVG's line {element.sourceline} is no good: {why}",
            "embed it again",
            "svg-broken",
        ) from error


def _outside(node: etree._Element, what: str, hint: str) -> PictureError:
    return PictureError(
        f"the SVG refers outside itself in its line {node.sourceline}: {what}", hint, "svg-outside"
    )


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:59] + "…"


def _check_repetition(root: etree._Element) -> None:
    """A few lines of nested <use> can ask for billions of shapes, or for themselves."""
    total = _drawn(root)
    if total > _MOST_DRAWN:
        raise PictureError(
            f"the SVG draws {total} shapes", f"at most {_MOST_DRAWN}; simplify it", "picture-too-large"
        )


def _drawn(root: etree._Element) -> int:
    """How many elements are drawn, those behind <use> counted each time."""
    by_id: dict[str, etree._Element] = {}  # of several the first, which WeasyPrint finds
    for element in root.iter(etree.Element):
        by_id.setdefault(element.get("id") or "", element)
    drawn: dict[etree._Element, int] = {}
    open_: set[etree._Element] = set()

    def count(element: etree._Element) -> int:
        if element in drawn:
            return drawn[element]
        if element in open_:
            raise PictureError(
                f"the SVG's <use> of line {element.sourceline} repeats itself",
                "export it again",
                "svg-broken",
            )
        open_.add(element)
        total = 1 + sum(count(child) for child in element.iterchildren(etree.Element))
        if element.tag == f"{_SVG}use":
            target = by_id.get(_reference(element)) if _reference(element) else None
            total += count(target) if target is not None else 0
        open_.discard(element)
        drawn[element] = total
        return total

    try:
        return count(root)
    except RecursionError as error:
        raise PictureError("the SVG is nested too deeply", "export it again", "svg-broken") from error


def _reference(element: etree._Element) -> str:
    """The id that a <use> draws again; of two names the one that WeasyPrint follows."""
    return (element.get(f"{_XLINK}href") or element.get("href") or "")[1:]


def _size(root: etree._Element) -> tuple[int, int]:
    """From the viewBox, without which a drawing cannot be scaled into its columns."""
    numbers = [match for match in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if match]
    try:
        _, _, width, height = map(float, numbers)
    except ValueError:
        lengths = list(_lengths(root))
        example = f"0 0 {lengths[0]:g} {lengths[1]:g}" if len(lengths) == 2 else "0 0 WIDTH HEIGHT"
        raise PictureError(
            "the SVG has no viewBox and cannot be scaled", f'add viewBox="{example}" to <svg>', "svg-size"
        ) from None
    lengths = list(_lengths(root))
    if len(lengths) == 2:
        width, height = lengths
    if not (0 < width < 1e6 and 0 < height < 1e6) or max(width, height) > 20 * min(width, height):
        raise PictureError(
            f"the SVG is {width:g} × {height:g} large", "give it a sensible viewBox", "picture-absurd"
        )
    finer = max(1, -(-_LONG_SIDE_PX // int(max(width, height, 1))))
    return max(1, round(width * finer)), max(1, round(height * finer))


def _lengths(root: etree._Element) -> Iterator[float]:
    """Width and height in CSS pixels, those that are given as lengths."""
    for name in ("width", "height"):
        match = _LENGTH.fullmatch(root.get(name, ""))
        if match and match[2].lower() in _PX:
            yield float(match[1]) * _PX[match[2].lower()]
