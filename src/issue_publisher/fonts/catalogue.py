"""Roles → faces: reads `fonts.toml` and answers which face has a character."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from issue_publisher.fonts.harfbuzz import Shaper

CATALOGUE = "fonts.toml"
TEXT_ROLE = "song"  # has every ordinary character
TRADITIONAL_ROLE = "hant"
# Asked in this order when a role's own face lacks a character; roles that a folder has not are passed over.
FALLBACKS = (TEXT_ROLE, TRADITIONAL_ROLE, "rare", "latin")

_REQUIRED = {
    "role": str,
    "family": str,
    "weight": int,
    "file": str,
    "sha256": str,
    "version": str,
    "licence": str,
}
# Tags of Traditional Chinese: by script, or by the places that write it.
_TRADITIONAL = re.compile(r"(zh|yue|nan|hak)\b(?!.*-hans).*-(hant|tw|hk|mo)\b", re.IGNORECASE)
# Characters that say how their neighbour looks, or where a line may break: they need no glyph of their own.
_WITHOUT_GLYPH = frozenset(
    map(
        chr,
        (
            *(0x09, 0x0A, 0x0D, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)


class FontError(Exception):
    """What is wrong with the fonts: each problem as `file:line: what is wrong (what would be right)`."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Face:
    """One font file (字体) and the role it plays in the paper."""

    role: str
    family: str
    weight: int  # 100–900, as in CSS
    path: Path
    sha256: str
    version: str
    licence: str  # SPDX
    data: bytes = field(repr=False, compare=False)

    @property
    def language(self) -> str:
        """The language that the face sets all text in: marks that languages share have one form here."""
        return "zh-Hant" if self.role == TRADITIONAL_ROLE else "zh-Hans"

    @property
    def shaper(self) -> Shaper:
        """The face opened for measuring."""
        return _opened(self)

    def has(self, char: str) -> bool:
        """Whether the face really has this character."""
        return char in _WITHOUT_GLYPH or self.shaper.has(char)


@lru_cache(maxsize=64)
def _opened(face: Face) -> Shaper:
    # Same sha256, same bytes: a face is opened once, whoever asks.
    return Shaper(face.data)


@dataclass(frozen=True, repr=False, eq=False)
class FontSet:
    """All faces of a folder, by role. Two that were read apart are two: nobody compares 60 MB."""

    faces: Mapping[str, Face]

    def __repr__(self) -> str:
        # The roles alone: whatever prints a value with all its fields would print 60 MB of fonts.
        return f"FontSet({', '.join(self.faces)})"

    def face(self, role: str) -> Face:
        """The face of a role; FontError when the folder has none."""
        try:
            return self.faces[role]
        except KeyError:
            raise FontError(
                f"{CATALOGUE}: no face has the role {role} (there are: {', '.join(self.faces)})"
            ) from None

    @cached_property
    def _answers(self) -> dict[tuple[str, str, bool], Face | None]:
        return {}

    def face_for(self, role: str, char: str, lang: str | None = "zh-Hans") -> Face | None:
        """The face that sets this character: the role's own, or the first fallback that has it, or None.

        Han characters and Chinese marks of Traditional text come from the Traditional face, which draws
        them its own way (骨, 直, centred ，。), whatever the role.
        """
        key = (role, char, is_traditional(lang))
        try:
            return self._answers[key]
        except KeyError:
            answer = self._answers[key] = self._search(*key)
            return answer

    def _search(self, role: str, char: str, traditional: bool) -> Face | None:
        first = [self.face(role)]
        if traditional and TRADITIONAL_ROLE in self.faces and is_chinese(char):
            first.insert(0, self.faces[TRADITIONAL_ROLE])
        rest = (self.faces[name] for name in FALLBACKS if name in self.faces)
        return next((face for face in (*first, *rest) if face.has(char)), None)

    def runs(self, role: str, text: str, lang: str | None = "zh-Hans") -> tuple[tuple[Face, str], ...]:
        """Text cut where the face changes; FontError naming the characters that no face has.

        Marks that belong to the character before them (accents, variation selectors) stay with it.
        """
        runs: list[tuple[Face, str]] = []
        for char in text:
            face = self.face_for(role, char, lang)
            if face is None:
                raise FontError(*map(_no_glyph, sorted(self.missing(text))))
            if runs and (runs[-1][0] is face or (_belongs_to_previous(char) and runs[-1][0].has(char))):
                runs[-1] = (runs[-1][0], runs[-1][1] + char)
            else:
                runs.append((face, char))
        return tuple(runs)

    def missing(self, text: Iterable[str]) -> set[str]:
        """The characters that no face has, whatever the role."""
        return {
            char
            for char in set(text)
            if not any(self.faces[name].has(char) for name in FALLBACKS if name in self.faces)
            and not any(face.has(char) for face in self.faces.values())
        }


def script_runs(text: str) -> tuple[str, ...]:
    """Text cut where its letters change between Latin, Greek, Cyrillic, Han …

    Pango shapes each script by itself, without kerning between them; signs and figures go with the
    letters before them, at the start with those behind.
    """
    if text.isascii() or len(text) == 1:
        return (text,)
    parts, last = [""], ""
    for char in text:
        script = _script(char)
        if last and script and script != last:
            parts.append("")
        parts[-1] += char
        last = script or last
    return tuple(parts)


# Letters that are not named after their script (Unicode, Scripts.txt); "" has none.
_SCRIPTS = {
    **dict.fromkeys(("FEMININE", "MASCULINE", "KELVIN", "ANGSTROM", "TURNED"), "LATIN"),
    **dict.fromkeys(("MICRO", "MODIFIER", "DOUBLE-STRUCK", "SCRIPT", "BLACK-LETTER", "EULER"), ""),
    "OHM": "GREEK",
}


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """The script of a letter, by its name; nothing for signs, figures and accents, which have none."""
    if unicodedata.category(char)[0] != "L":
        return ""
    found = unicodedata.name(char, "").partition(" ")[0]
    return _SCRIPTS.get(found, found)


def is_traditional(lang: str | None) -> bool:
    """Whether a language tag (BCP 47) means Traditional Chinese: zh-Hant, zh-TW, zh-HK …"""
    return lang is not None and _TRADITIONAL.match(lang) is not None


def is_chinese(char: str) -> bool:
    """Whether a character is Han, or a mark that Chinese faces draw on the em square."""
    return (
        unicodedata.east_asian_width(char) in "WF"  # Han, 。「」 and full-width forms
        or char in "“”‘’—…·"
    )


def read_fonts(folder: Path) -> FontSet:
    """Read `fonts.toml` and the faces it names; FontError with everything that is wrong, together."""
    catalogue = folder / CATALOGUE
    try:
        text = catalogue.read_text(encoding="utf-8")
        entries = tomllib.loads(text).get("face", [])
    except FileNotFoundError:
        raise FontError(
            f"{catalogue}: there is no such file (each folder of fonts lists its faces there)"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FontError(f"{catalogue}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise FontError(f"{catalogue}:{line[1] if line else 1}: not TOML: {error}") from None
    if not isinstance(entries, list) or not entries:
        raise FontError(f"{catalogue}:1: no face is listed (write a [[face]] table for each)")
    lines = _table_lines(text)
    places = [f"{catalogue}:{line}" for line in lines] + [str(catalogue)] * (len(entries) - len(lines))
    # Hashing lets go of the interpreter, so two cores halve the time of some 60 MB.
    with ThreadPoolExecutor() as pool:
        read = list(pool.map(lambda job: _read_face(folder, *job), zip(entries, places, strict=False)))
    problems = [problem for _, found in read for problem in found]
    faces: dict[str, Face] = {}
    for (face, _), place in zip(read, places, strict=False):
        if face is not None and faces.setdefault(face.role, face) is not face:
            problems.append(f"{place}: the role {face.role} is given twice (a role has one face)")
    if TEXT_ROLE not in faces and not problems:
        problems.append(f"{catalogue}:1: no face has the role {TEXT_ROLE} (every folder of fonts needs one)")
    if problems:
        raise FontError(*problems)
    return FontSet(faces)


def _read_face(folder: Path, entry: Any, place: str) -> tuple[Face | None, list[str]]:
    """One [[face]] table and its file: the face, or what is wrong with it."""
    if not isinstance(entry, dict):
        return None, [f"{place}: face is not a table (write [[face]])"]
    problems = [
        f"{place}: {key} is {'missing' if key not in entry else 'not ' + _KIND[kind]}"
        for key, kind in _REQUIRED.items()
        if type(entry.get(key)) is not kind
    ]
    if problems:
        return None, problems
    path = folder / entry["file"]
    if not path.resolve().is_relative_to(folder.resolve()):
        return None, [f"{place}: {entry['file']} lies outside the folder (put the file beside {CATALOGUE})"]
    if "licence_file" in entry and not (folder / str(entry["licence_file"])).is_file():
        problems.append(
            f"{place}: the licence {entry['licence_file']} is not there (a face travels with its licence)"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [*problems, f"{place}: {entry['file']} cannot be read: {error.strerror}"]
    found = hashlib.sha256(data).hexdigest()
    if found != entry["sha256"]:
        return None, [
            *problems,
            f"{place}: {entry['file']} has sha256 {found} (fonts.toml says {entry['sha256']})",
        ]
    if Shaper(data).glyph_count == 0:
        return None, [*problems, f"{place}: {entry['file']} is not a font (TrueType or OpenType is needed)"]
    known = {key: entry[key] for key in ("role", "family", "weight", "sha256", "version", "licence")}
    return Face(path=path, data=data, **known), problems


_KIND = {str: "text in quotation marks", int: "a whole number"}


def _table_lines(text: str) -> list[int]:
    """Lines where the [[face]] tables begin: the TOML reader does not say."""
    return [
        number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*face\s*\]\]", line)
    ]


def _belongs_to_previous(char: str) -> bool:
    return char in _WITHOUT_GLYPH or unicodedata.category(char) in ("Mn", "Me", "Mc")


def _no_glyph(char: str) -> str:
    return f"no face has {char} U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()


def named_characters(characters: Iterable[str]) -> Iterator[str]:
    """Characters as messages name them: 㐂 U+3402."""
    return (f"{char} U+{ord(char):04X}" for char in sorted(characters))
