"""METS and ALTO as a library reads them, with an XML parser and nothing of ours (`make check-library`).

It holds delivered folders against the schemas, follows every reference and checksum, and measures every line
against what pdfium reads out of the archive PDF in the folder. Exit code 1 when anything is wrong, 2 when
the schemas are not at hand.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import math
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
METS = "{http://www.loc.gov/METS/}"
MODS = "{http://www.loc.gov/mods/v3}"
HREF = "{http://www.w3.org/1999/xlink}href"
FROM, TO = (f"{{http://www.w3.org/1999/xlink}}{end}" for end in ("from", "to"))
MM_PER_PT = 25.4 / 72
BLOCKS = ("TextBlock", "Illustration", "GraphicalElement", "ComposedBlock")


class Box(NamedTuple):
    """Edges in mm."""

    left: float
    top: float
    right: float
    foot: float

    def holds(self, other: Box, tolerance: float) -> bool:
        return (
            self.left <= other.left + tolerance
            and self.top <= other.top + tolerance
            and self.right >= other.right - tolerance
            and self.foot >= other.foot - tolerance
        )


def box(element: etree._Element) -> Box:
    left, top, width, depth = (float(element.get(name)) / 10 for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return Box(left, top, left + width, top + depth)


def words_of(line: etree._Element) -> str:
    """What a line says: strings follow each other without a space where no SP stands."""
    words = ""
    for part in line:
        words += (
            part.get("CONTENT") if part.tag == f"{ALTO}String" else " " if part.tag == f"{ALTO}SP" else ""
        )
    return words


@dataclass(frozen=True)
class Page:
    """An ALTO file."""

    data: bytes

    @cached_property
    def root(self) -> etree._Element:
        return etree.fromstring(self.data)

    def all(self, *names: str) -> Iterator[etree._Element]:
        return self.root.iter(*(f"{ALTO}{name}" for name in names))

    @cached_property
    def by_id(self) -> dict[str, etree._Element]:
        found = [element.get("ID") for element in self.root.iter() if element.get("ID")]
        assert len(found) == len(set(found)), "an ID stands twice"
        return {element.get("ID"): element for element in self.root.iter() if element.get("ID")}

    def text_of(self, block: str) -> str:
        """The text of a block, lines put together as Chinese is: without a space unless one is said."""
        return "".join(words_of(line) for line in self.by_id[block].iter(f"{ALTO}TextLine"))


@dataclass(frozen=True)
class Package:
    """A METS file with the files that it lists, by their paths."""

    mets: bytes
    files: dict[str, bytes]

    @cached_property
    def root(self) -> etree._Element:
        return etree.fromstring(self.mets)

    @cached_property
    def pages(self) -> dict[str, Page]:
        """ALTO files by their ID."""
        files = self.root.iter(f"{METS}file")
        return {
            file.get("ID"): Page(self.files[unquote(place.get(HREF))])
            for file in files
            for place in file
            if file.get("ID").startswith("ALTO")
        }

    def map(self, kind: str) -> etree._Element:
        return next(found for found in self.root.iter(f"{METS}structMap") if found.get("TYPE") == kind)

    def divs(self, kind: str, inside: etree._Element | None = None) -> list[etree._Element]:
        around = self.map("LOGICAL") if inside is None else inside
        return [div for div in around.iter(f"{METS}div") if div.get("TYPE") == kind]

    def text(self, div: etree._Element) -> str:
        """All that a division says, in its order."""
        return "".join(
            self.pages[area.get("FILEID")].text_of(area.get("BEGIN")) for area in div.iter(f"{METS}area")
        )


# --------------------------------------------------------------------------- held against the painted page


class Ink(NamedTuple):
    """A painted character: where its glyph begins on its baseline, and the edges of its ink, in mm."""

    x: float
    y: float
    box: Box


def inks(pdf: bytes, number: int) -> dict[str, list[Ink]]:
    """Every character of a page as pdfium finds it, by character."""
    sheet = pypdfium2.PdfDocument(pdf)[number]
    text, depth = sheet.get_textpage(), sheet.get_height()
    found: dict[str, list[Ink]] = defaultdict(list)
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for at in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text.raw, at)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + (high - 0xD800) * 0x400 + code - 0xDC00
        pdfium.FPDFText_GetCharOrigin(text.raw, at, x, y)
        left, foot, right, top = text.get_charbox(at)
        edges = Box(*(edge * MM_PER_PT for edge in (left, depth - top, right, depth - foot)))
        found[chr(code)].append(Ink(x.value * MM_PER_PT, (depth - y.value) * MM_PER_PT, edges))
    return found


@dataclass
class Off:
    """How far characters are painted from where an ALTO file says that they stand, in mm, line by line."""

    x: list[float]
    y: list[float]
    ink: list[float]  # how far ink stands out of its character's box at a side
    lines: list[str]

    @property
    def worst(self) -> float:
        return max(*self.x, *self.y, *self.ink)


_WIDE_SIGNS = "×±÷"
_GIVE_WAY = frozenset(
    "、，。．；：？！）》〉」』】〕（《〈「『【〔“”‘’·—…"
)  # glyphs without the white beside them


def off_place(page: Page, pdf: bytes, number: int) -> Off:
    """Every line of a page against what pdfium reads out of the PDF, character by character.

    Of each character the nearest painted one counts. Its glyph begins where its box does, and its baseline
    is the line's: but for marks that were squeezed, and where Han and Latin meet, since those glyphs bring
    white of their own or give it up. The ink of them all stands in their boxes.
    """
    found = inks(pdf, number)
    off = Off([], [], [], [])
    for line in page.all("TextLine"):
        across, down, out = _line_off(line, found)
        off.x.append(max(across, default=0.0))
        off.y.append(max(down, default=0.0))
        off.ink.append(max(out, default=0.0))
        off.lines.append(words_of(line))
    return off


def _line_off(
    line: etree._Element, found: dict[str, list[Ink]]
) -> tuple[list[float], list[float], list[float]]:
    across, down, out = [], [], []
    is_vertical = line.get("BASEDIRECTION") == "ttb"
    before = ""
    for char, place in _glyphs(line):
        near = min(found.get(char, ()), key=lambda ink: _apart(ink.box, place), default=None)
        if near is None:
            return [99.0], [99.0], [99.0]
        out.append(max(place.left - near.box.left, near.box.right - place.right))
        if not is_vertical:
            if char not in _GIVE_WAY and (not before or _is_latin(before) == _is_latin(char)):
                across.append(abs(near.x - place.left))
            size = place.foot - place.top
            down.append(abs(near.y - (place.top + 0.88 * size)) if _is_plain(line, size) else 0.0)
        before = char
    return across, down, out


def _glyphs(line: etree._Element) -> Iterator[tuple[str, Box]]:
    """Its characters with their boxes; a —— that is painted as one stroke is one."""
    char, place = "", Box(0, 0, 0, 0)
    for glyph in line.iter(f"{ALTO}Glyph"):
        if glyph.get("CONTENT") == char and char in "—…":
            place = Box(place.left, place.top, *box(glyph)[2:])
            continue
        if char:
            yield char, place
        char, place = glyph.get("CONTENT"), box(glyph)
    yield char, place


def _is_latin(char: str) -> bool:
    """Whether it stands apart from Han; signs that are as wide as a Han stand apart from figures."""
    return char < "\u2e80" and char not in _WIDE_SIGNS


def _is_plain(line: etree._Element, size: float) -> bool:
    """Whether a character is as large as its line: indices are moved in their glyphs."""
    return abs(size - float(line.get("HEIGHT")) / 10) < 0.05


def _apart(one: Box, other: Box) -> float:
    return math.hypot(
        one.left + one.right - other.left - other.right, one.top + one.foot - other.top - other.foot
    )


# --------------------------------------------------------------------------- what is wrong

TOLERANCE_MM = 0.5
_REFERENCES = ("STYLEREFS", "TAGREFS", "PROCESSINGREFS", "REF", "IDNEXT")


def read_package(folder: Path) -> Package:
    """A folder as it was delivered."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    mets = files.pop("mets.xml").read_bytes()
    return Package(mets, {name: path.read_bytes() for name, path in files.items()})


def faults(package: Package) -> Iterator[str]:
    """References that lead nowhere, files that are not as METS says, boxes that stand outside of theirs."""
    yield from _file_faults(package)
    for name, page in package.pages.items():
        for fault in _page_faults(page):
            yield f"{name}: {fault}"
    names = [element.get("ID") for element in package.root.iter() if element.get("ID")]
    yield from (f"mets.xml: {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1}))
    known = set(names)
    for element in package.root.iter(f"{METS}*"):
        wanted = [element.get(FROM), element.get(TO)] if element.tag == f"{METS}smLink" else []
        wanted += [*(element.get("DMDID") or "").split(), element.get("FILEID")]
        yield from (f"mets.xml: no {name}" for name in wanted if name and name not in known)
    yield from _area_faults(package)


def _file_faults(package: Package) -> Iterator[str]:
    listed = set()
    for file in package.root.iter(f"{METS}file"):
        path = unquote(file[0].get(HREF))
        listed.add(path)
        data = package.files.get(path)
        if data is None:
            yield f"{path}: is not there"
        elif (str(len(data)), hashlib.sha256(data).hexdigest()) != (file.get("SIZE"), file.get("CHECKSUM")):
            yield f"{path}: is not as mets.xml says"
    yield from (f"{path}: mets.xml does not list it" for path in sorted(set(package.files) - listed))


def _area_faults(package: Package) -> Iterator[str]:
    """Every text and picture stands in the logical map, once."""
    pointed = [(area.get("FILEID"), area.get("BEGIN")) for area in package.map("LOGICAL").iter(f"{METS}area")]
    there = [
        (name, block.get("ID"))
        for name, page in package.pages.items()
        for block in page.all("TextBlock", "Illustration")
    ]
    yield from (f"{name}: {block} is in no division" for name, block in sorted(set(there) - set(pointed)))
    yield from (f"{name}: no {block}" for name, block in sorted(set(pointed) - set(there)))
    if len(pointed) != len(set(pointed)):
        yield "mets.xml: a block stands in two divisions"


def _page_faults(page: Page) -> Iterator[str]:
    known = set(page.by_id)
    for element in page.root.iter():
        for name in _REFERENCES:
            yield from (f"no {one}" for one in (element.get(name) or "").split() if one not in known)
    sheet = next(page.all("Page"))
    paper = Box(0, 0, float(sheet.get("WIDTH")) / 10, float(sheet.get("HEIGHT")) / 10)
    for block in page.all("PrintSpace", *BLOCKS):
        if not paper.holds(box(block), 0.0):
            yield f"{block.get('ID')} is not on the page"
    for inner in page.all("TextBlock", "Illustration", "TextLine", "String", "Glyph", "HYP"):
        outer = inner.getparent()
        if outer.get("HPOS") and not box(outer).holds(box(inner), TOLERANCE_MM):
            yield f"{inner.get('ID') or inner.get('CONTENT')} is not inside {outer.get('ID')}"
    read = [ref.get("REF") for ref in page.all("ElementRef")]
    if read != [block.get("ID") for block in page.all("TextBlock", "Illustration")]:
        yield "the reading order is not that of the blocks"


def schema_faults(package: Package, schemas: Path) -> Iterator[str]:
    """What the schemas of METS and ALTO say, and that of MODS if it is there."""
    kinds = [
        ("mets.xml", schemas / "mets.xsd", [package.root]),
        ("alto", schemas / "alto-4-4.xsd", [page.root for page in package.pages.values()]),
    ]
    if (mods := mods_schema(schemas)) is not None:
        kinds.append(("mets.xml, mods", mods, list(package.root.iter(f"{MODS}mods"))))
    for name, file, roots in kinds:
        schema = _schema(file)
        for root in roots:
            if not schema.validate(root):
                yield from (f"{name}:{fault.line}: {fault.message}" for fault in schema.error_log)


def mods_schema(schemas: Path) -> Path | None:
    """The newest schema of MODS in a folder: mods-3-8.xsd before mods-3-7.xsd; None if there is none."""
    found = schemas.glob("mods*.xsd")
    return max(
        found, key=lambda path: [int(number) for number in re.findall("[0-9]+", path.name)], default=None
    )


_XML_SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    targetNamespace="http://www.w3.org/XML/1998/namespace">
  <xs:attribute name="lang" type="xs:string"/>
  <xs:attribute name="space" type="xs:NCName"/>
</xs:schema>"""


class _Beside(etree.Resolver):
    """Schemas name each other by addresses on the network: the files beside them stand for these."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def resolve(self, address: str, _public_id: str | None, context: object) -> object:
        beside = self.folder / address.rpartition("/")[2]
        if beside.is_file():
            return self.resolve_filename(str(beside), context)
        return self.resolve_string(_XML_SCHEMA, context) if beside.name == "xml.xsd" else None


def _schema(file: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside(file.parent))
    return etree.XMLSchema(etree.parse(file, parser))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schemas", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    given = parser.parse_args()
    if not (given.schemas / "alto-4-4.xsd").is_file():
        print(f"The schemas of METS and ALTO are not at hand: no {given.schemas / 'alto-4-4.xsd'}")
        return 2
    mods = mods_schema(given.schemas)
    print(
        f"MODS is held against {mods.name}"
        if mods
        else f"MODS is not validated: no mods*.xsd in {given.schemas}"
    )
    wrong = 0
    for folder in given.folders:
        package = read_package(folder)
        found = [*faults(package), *schema_faults(package, given.schemas)]
        pdf = next(data for path, data in package.files.items() if path.startswith("pdf/"))
        offs = [off_place(page, pdf, at) for at, page in enumerate(package.pages.values())]
        lines = [line for off in offs for line in off.lines]
        print(f"{folder}: {len(package.pages)} pages, {len(lines)} lines")
        for name in ("x", "y", "ink"):
            values = [value for off in offs for value in getattr(off, name)]
            print(f"  {name:4} off, mm: median {statistics.median(values):.3f}, worst {max(values):.3f}")
        found += [
            f"{line}: {max(values):.2f} mm off"
            for off in offs
            for line, *values in zip(off.lines, off.x, off.y, off.ink, strict=True)
            if max(values) > TOLERANCE_MM
        ]
        for fault in found:
            print(f"  {fault}")
        wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
