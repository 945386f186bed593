"""Characters at their places → words: what stands between two spaces and looks alike.

Chinese is written without spaces, and no dictionary is asked: a line of it is one word, or several where the
look, the language or a reading changes, with no space between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Layout
from issue_publisher.rendering.printed import Look, Sign, Word
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.marks import is_latin

_BOLD_FROM = 600  # weights of faces


@dataclass(frozen=True, slots=True)
class Styled:
    """A character at its place, in its style."""

    sign: Sign
    style: Style


@dataclass
class Looks:
    """How the styles of typesetting look on paper."""

    layout: Layout
    faces: PaperFaces
    _known: dict[tuple[str, Style], Look] = field(default_factory=dict)

    def of(self, char: str, style: Style) -> Look:
        """The look of a character."""
        key = char, style
        if key not in self._known:
            face, _ = next(iter(self.faces.runs(char, style.font, style.lang)))
            styles = ["bold"] if face.weight >= _BOLD_FROM else []
            styles += ["italics"] if "Italic" in face.family else []
            if style.kinds & {InlineKind.SUPERSCRIPT, InlineKind.NOTE}:
                styles.append("superscript")
            elif InlineKind.SUBSCRIPT in style.kinds:
                styles.append("subscript")
            ink = self.layout.ink_rgb(style.ink).removeprefix("#")
            self._known[key] = Look(face.family, round(style.size_pt, 2), ink, tuple(styles))
        return self._known[key]


def words_of(characters: Sequence[Styled], looks: Looks, lang: str, space_at_end: bool) -> Iterator[Word]:
    """The words of a line. `lang`: of its text. `space_at_end`: behind it the text has a space."""
    words: list[list[Styled]] = [[]]
    spaced: list[bool] = []  # whether a space follows each word
    for one in characters:
        last = words[-1][-1] if words[-1] else None
        if not one.sign.text.strip():
            if last is not None:
                words.append([])
                spaced.append(True)
        elif last is not None and _alike(last.style) != _alike(one.style):
            words.append([one])
            spaced.append(False)
        else:
            words[-1].append(one)
    if not words[-1]:
        words.pop()
    spaced = [*spaced, False][: len(words)]
    if space_at_end and words:
        spaced[-1] = True
    for signs, space in zip(words, spaced, strict=True):
        yield replace(_word(signs, looks, lang), space_after=space)


def _alike(style: Style) -> tuple[object, ...]:
    return style.font, style.size_pt, style.ink, style.lang, style.kinds, style.raise_pt, style.ruby


def _word(characters: Sequence[Styled], looks: Looks, lang: str) -> Word:
    """A word looks as its Chinese does, if it has any: Latin beside it has a face of its own."""
    named = next((one for one in characters if not is_latin(one.sign.text[0])), characters[0])
    style = characters[0].style
    other = style.lang if style.lang and style.lang != lang else ""
    signs = tuple(one.sign for one in characters)
    return Word(signs, looks.of(named.sign.text[0], style), other or "", style.ruby or "")
