"""Fonts that travel in the e-book: subsets of the layout's faces for the characters that its documents show.

Three families are asked for by the style sheet: 宋 for text, 楷 for what stands round it, 黑 for labels; what
is bold has the heavy face of the same family. Which text is set in which, the style sheet itself is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from issue_publisher.fonts.subset import subset_face
from issue_publisher.rendering.ebook_style import StyleSheet
from issue_publisher.typesetting.faces import PaperFaces

FAMILIES = ("song", "kai", "hei")
_HEAVY = "-heavy"
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
# A style sheet made with these tells what it asks for.
ASKED = BookFonts((), {family: (family,) for family in FAMILIES})


def book_fonts(documents: Iterable[bytes], asking: str, faces: PaperFaces, lang: str) -> BookFonts:
    """Fonts for XHTML documents; the same bytes for the same documents, style sheet and faces.

    `asking`: the style sheet rendered with `ASKED`. Raises FontError when no face at all has a character.
    """
    used: dict[str, set[str]] = defaultdict(set)
    sheet = StyleSheet(asking, FAMILIES, FAMILIES[0])
    for document in documents:
        for typed in sheet.texts(document):
            if typed.family is not None:
                role = typed.family + _HEAVY if typed.bold else typed.family
                used[role if role in faces.fonts.faces else typed.family].update(typed.text)
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


def _family(role: str) -> str:
    return f"issue-{role.removesuffix(_HEAVY)}"


def _file(role: str, characters: set[str], faces: PaperFaces) -> BookFont:
    bold = role.endswith(_HEAVY)
    family = _family(role)
    data = subset_face(faces.fonts.face(role), characters, family)
    mime, ending = _MIMES.get(data[:4], _TRUETYPE)
    return BookFont(family, bold, f"fonts/{role}{ending}", mime, data)
