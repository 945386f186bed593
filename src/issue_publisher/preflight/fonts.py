"""Fonts of a PDF: whether they travel with it, how wide their glyphs are, and which text these stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from issue_publisher.preflight.objects import Node

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange|cidrange|cidchar|codespacerange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<[0-9A-Fa-f\s]*>|\[|\]|-?\d+")
_MOST_MAP = 4 << 20  # bytes of a map from codes to text
_MOST_RANGE = 0x10000
_MOST_TOLD = 4 * _MOST_RANGE  # codes, each time that they are told
STANDARD = frozenset({"WinAnsiEncoding", "MacRomanEncoding", "StandardEncoding", "MacExpertEncoding"})


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the file."""

    name: str  # without the tag of a subset
    kind: str  # Type1, TrueType, Type0, Type3 …
    embedded: bool
    subset: bool
    program_bytes: int  # of the font file, as packed in the PDF
    wide: bool  # two bytes a code
    vertical: bool
    widths: Mapping[int, float]  # of a code, in em
    default_width: float
    text: Mapping[int, str] | None  # what a code stands for; None when the file does not say
    box_height: float = 1.0  # of a Type 3 font's glyphs, in em
    glyphs: Node | None = None  # CharProcs of a Type 3 font
    resources: Node | None = None
    matrix: tuple[float, ...] = (0.001, 0, 0, 0.001, 0, 0)

    def codes(self, string: bytes) -> Iterator[int]:
        """The codes of a shown string."""
        if not self.wide:
            yield from string
            return
        for at in range(0, len(string) - 1, 2):
            yield string[at] << 8 | string[at + 1]

    def width(self, code: int) -> float:
        return self.widths.get(code, self.default_width)


def read_font(node: Node) -> Font:
    """A font's dictionary."""
    kind = _name(node, "/Subtype")
    base = _name(node, "/BaseFont")
    name = _SUBSET.sub("", base)
    text = _text_of(node, kind)
    if kind == "Type0":
        below = node.get("/DescendantFonts")
        inner = below.array[0] if below and below.array else node
        size, embedded = _program(inner.get("/FontDescriptor"))
        widths, default = _wide_widths(inner)
        encoding = _name(node, "/Encoding")
        vertical = encoding.endswith("-V") or (encoding == "V")
        return Font(
            name, kind, embedded, bool(_SUBSET.match(base)), size, wide=True, vertical=vertical,
            widths=widths, default_width=default, text=text,
        )  # fmt: skip
    size, embedded = _program(node.get("/FontDescriptor"))
    matrix = (node.get("/FontMatrix") or node).numbers or (0.001, 0, 0, 0.001, 0, 0)
    scale = matrix[0] if kind == "Type3" and len(matrix) == 6 else 0.001
    box = (node.get("/FontBBox") or node).numbers
    height = abs(box[3] - box[1]) * abs(matrix[3]) if kind == "Type3" and len(box) == 4 else 0.0
    return Font(
        name or "Type 3", kind, embedded or kind == "Type3", bool(_SUBSET.match(base)) or kind == "Type3",
        size, wide=False, vertical=False, widths=_narrow_widths(node, scale), default_width=0.5, text=text,
        box_height=height or 1.0, glyphs=node.get("/CharProcs") if kind == "Type3" else None,
        resources=node.get("/Resources"), matrix=matrix if len(matrix) == 6 else (0.001, 0, 0, 0.001, 0, 0),
    )  # fmt: skip


def _name(node: Node, key: str) -> str:
    found = node.get(key)
    return found.name if found else ""


def _program(descriptor: Node | None) -> tuple[int, bool]:
    """The size of the embedded program, and whether there is one."""
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        found = descriptor.get(key) if descriptor else None
        if found is not None and found.is_stream:
            return found.raw_length, True
    return 0, False


def _narrow_widths(node: Node, scale: float) -> Mapping[int, float]:
    first, widths = node.get("/FirstChar"), node.get("/Widths")
    start = int(first.number or 0) if first else 0
    return {start + at: width * scale for at, width in enumerate(widths.numbers if widths else ())}


def _wide_widths(inner: Node) -> tuple[Mapping[int, float], float]:
    """PDF 32000-1, 9.7.4.3: `c [w …]` and `c1 c2 w`."""
    default = inner.get("/DW")
    standard = (default.number if default else None) or 1000.0
    found: dict[int, float] = {}
    array = inner.get("/W")
    parts = array.array if array else ()
    at = told = 0
    while at + 1 < len(parts):
        first = int(parts[at].number or 0)
        if parts[at + 1].is_array:
            found.update({first + n: w / 1000 for n, w in enumerate(parts[at + 1].numbers)})
            at += 2
        elif at + 2 < len(parts) and told < _MOST_TOLD:
            last = min(int(parts[at + 1].number or 0), first + _MOST_RANGE)
            told += max(0, last - first)
            found.update(dict.fromkeys(range(first, last + 1), (parts[at + 2].number or 0.0) / 1000))
            at += 3
        else:
            break
    return found, standard / 1000


# --------------------------------------------------------------------------- codes and text


def _text_of(node: Node, kind: str) -> Mapping[int, str] | None:
    """What each code stands for: the map in the file, or a standard encoding."""
    given = node.get("/ToUnicode")
    if given is not None and given.is_stream:
        data = given.data()
        return read_map(data) if data is not None and len(data) <= _MOST_MAP else {}
    if kind in ("Type0", "Type3"):
        return None
    encoding = node.get("/Encoding")
    base = encoding.get("/BaseEncoding") if encoding and encoding.is_dictionary else encoding
    if encoding is not None and encoding.is_dictionary and encoding.get("/Differences") is not None:
        return None
    codec = {"MacRomanEncoding": "mac-roman"}.get(base.name if base else "", "cp1252")
    if base is not None and base.name not in STANDARD:
        return None
    return {code: bytes([code]).decode(codec, "replace") for code in range(32, 256)}


def read_map(data: bytes) -> Mapping[int, str]:
    """A ToUnicode map: codes → text."""
    found: dict[int, str] = {}
    told = 0
    for kind, body in _BLOCK.findall(data):
        if kind == b"bfchar":
            pairs = _HEX.findall(body)
            for code, text in zip(pairs[::2], pairs[1::2], strict=False):
                found[_code(code)] = _utf16(code=text)
        elif kind == b"bfrange":
            told = _ranges(_TOKEN.findall(body), found, told)
    return found


def _ranges(tokens: list[bytes], found: dict[int, str], told: int) -> int:
    """Take over ranges of codes; `told` are those of earlier ones. Returns the sum."""
    at = 0
    while at + 2 < len(tokens) and told < _MOST_TOLD:
        first, last = _code(tokens[at]), _code(tokens[at + 1])
        last = min(last, first + _MOST_RANGE)
        told += max(0, last - first)
        if tokens[at + 2] == b"[":
            end = next((n for n in range(at + 3, len(tokens)) if tokens[n] == b"]"), len(tokens))
            for code, text in zip(range(first, last + 1), tokens[at + 3 : end], strict=False):
                found[code] = _utf16(text.strip(b"<>"))
            at = end + 1
            continue
        start = _utf16(tokens[at + 2].strip(b"<>"))
        for code in range(first, last + 1):
            end_char = ord(start[-1]) + code - first if start else 0
            found[code] = start[:-1] + chr(end_char) if start and end_char <= 0x10FFFF else ""
        at += 3
    return told


def _code(token: bytes) -> int:
    digits = token.strip(b"<>").translate(None, b" \t\r\n\f")
    try:
        return int(digits or b"0", 16)
    except ValueError:
        return 0


def _utf16(code: bytes) -> str:
    digits = code.translate(None, b" \t\r\n\f")
    try:
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")).decode(
            "utf-16-be", "replace"
        )
    except ValueError:
        return ""
