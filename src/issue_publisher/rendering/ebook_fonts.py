"""Fonts that travel in the e-book: subsets of the layout's faces for the characters that its documents show.

Three families are asked for by the style sheet: 宋 for text, 楷 for what stands round it, 黑 for labels; what
is bold has the heavy face of the same family. A character missed here is set in the reader's own font.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from issue_publisher.fonts.subset import subset_face
from issue_publisher.typesetting.faces import PaperFaces

FAMILIES = ("song", "kai", "hei")
_HEAVY = "-heavy"
# Classes and elements whose text style.css sets in 楷 or 黑, and those that it makes bold.
_FAMILY = dict.fromkeys(
    ("kicker", "deck", "byline", "standfirst", "editors-note", "signature", "dateline", "ending", "motto",
     "verse", "em"), "kai",
) | dict.fromkeys(
    ("label", "folio", "rubric", "page-number", "data", "caption", "credit", "where", "series"), "hei"
)  # fmt: skip
_BOLD = frozenset(
    {"h1", "h2", "h3", "h4", "strong", "th", "li", "a", "span", "label", "rubric", "headline", "heavy",
     "question", "pull-quote", "speaker"}
)  # fmt: skip
_MIMES = {b"OTTO": ("font/otf", ".otf")}
_TRUETYPE = ("font/ttf", ".ttf")


@dataclass(frozen=True, slots=True)
class BookFont:
    """One file of a family."""

    family: str
    bold: bool
    file: str
    mime: str
    data: bytes

    @property
    def id(self) -> str:
        """Its id in the package document."""
        return f"font-{self.family}{'-bold' if self.bold else ''}"


@dataclass(frozen=True, slots=True)
class BookFonts:
    """All fonts of a book, and which of their families set a text, in the order to be asked."""

    files: tuple[BookFont, ...]
    chains: Mapping[str, tuple[str, ...]]  # song, kai, hei → names of families

    def before(self, family: str) -> Markup:
        """The embedded families for the head of a CSS list, each with its comma; names are our own."""
        return Markup("".join(f'"{name}", ' for name in self.chains.get(family, ())))


NO_FONTS = BookFonts((), {})


def book_fonts(documents: Iterable[bytes], faces: PaperFaces, lang: str) -> BookFonts:
    """Fonts for XHTML documents; the same bytes for the same documents and faces.

    Raises FontError when no face at all has a character.
    """
    used: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for family, bold, characters in _texts(etree.fromstring(document)):
            role = family + _HEAVY if bold else family
            used[role if role in faces.fonts.faces else family].update(characters)
    subsets: dict[str, set[str]] = defaultdict(set)
    for role, shown in used.items():
        for face, part in faces.runs("".join(sorted(shown)), role, lang):
            subsets[face.role].update(part)
    files = tuple(_file(role, subsets[role], faces) for role in sorted(subsets) if subsets[role])
    there = {one.family for one in files}
    chains = {}
    for family in FAMILIES:
        roles = (*faces.chain(family, lang), *faces.chain(family + _HEAVY, lang))
        chains[family] = tuple(dict.fromkeys(name for name in map(_family, roles) if name in there))
    return BookFonts(files, chains)


def _texts(root: etree._Element) -> Iterator[tuple[str, bool, str]]:
    """Every text of a document's body with its family and whether it is bold."""

    def walk(element: etree._Element, family: str, bold: bool) -> Iterator[tuple[str, bool, str]]:
        if not isinstance(element.tag, str):
            return
        names = [etree.QName(element).localname, *(element.get("class") or "").split()]
        family = next((_FAMILY[name] for name in reversed(names) if name in _FAMILY), family)
        bold = bold or any(name in _BOLD for name in names)
        texts = [element.text or ""]
        for child in element:
            yield from walk(child, family, bold)
            texts.append(child.tail or "")
        shown = "".join(char for text in texts for char in text if not char.isspace() or char == "\u3000")
        if shown:
            yield family, bold, shown
            if bold:  # a link or a span is bold in some places and not in others
                yield family, False, shown

    body = root.find("{*}body")
    if body is not None:
        yield from walk(body, FAMILIES[0], False)


def _family(role: str) -> str:
    return f"issue-{role.removesuffix(_HEAVY)}"


def _file(role: str, characters: set[str], faces: PaperFaces) -> BookFont:
    bold = role.endswith(_HEAVY)
    family = _family(role)
    data = subset_face(faces.fonts.face(role), characters, family)
    mime, ending = _MIMES.get(data[:4], _TRUETYPE)
    return BookFont(family, bold, f"fonts/{role}{ending}", mime, data)
