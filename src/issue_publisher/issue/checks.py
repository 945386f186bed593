"""What the schema cannot see in an issue: its characters, its marks, its dates and its pictures.

Every passage is looked at, attributes included: the walk goes through all fields of the model that hold
words, so that a field added tomorrow is checked tomorrow.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from enum import Enum
from typing import TypeVar

from issue_publisher.issue import calendar_words
from issue_publisher.issue.characters import (
    VARIATION_SELECTORS,
    called,
    code_point,
    lookalike,
    unprintable,
)
from issue_publisher.issue.errors import Severity, SourceError, in_order
from issue_publisher.issue.model import (
    Figure,
    Inline,
    InlineKind,
    Issue,
    Lines,
    Paragraph,
    Table,
    Text,
    Verse,
)
from issue_publisher.issue.parts import part_names, walk
from issue_publisher.issue.terms import tag
from issue_publisher.issue.whitespace import CHINESE, HAN


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is known of a picture that can be used; a drawing (`is_vector`) is sharp at any size."""

    width_px: int
    height_px: int
    is_vector: bool = False
    needed_width_px: int | None = None  # for the largest use the layout may make of it


@dataclass(frozen=True, slots=True)
class PictureProblem:
    """Why a picture cannot be used, in the words of whoever tried to open it."""

    message: str
    hint: str = ""
    code: str = "picture"


def check_issue(
    issue: Issue,
    file: str,
    *,
    missing_glyphs: Callable[[str], Collection[str]] | None = None,
    pictures: Mapping[str, PictureFacts | PictureProblem] | None = None,
    strict: bool = False,
) -> tuple[SourceError, ...]:
    """Everything questionable in an issue, by line; with `strict` the warnings are errors too.

    `missing_glyphs` says which characters of a string no font of the layout has; `pictures` says what is
    known of the picture of each `src`. Either check is left out when it is not given.
    """
    chains = list(_chains(issue))
    words = sorted({char for chain in chains for passage in chain for char in passage.words})
    missing = frozenset(missing_glyphs("".join(words)) if missing_glyphs else ()) - VARIATION_SELECTORS
    findings: list[Finding] = []
    for chain in chains:
        for passage in chain:
            findings += _characters(passage, missing)
            findings += _half_width_marks(passage)
            findings += _stray_spaces(passage)
        findings += _unbalanced_marks(chain)
    findings += _nameplate_dates(issue)
    findings += _pictures(issue, pictures)
    findings += _ragged_tables(issue)
    errors = [SourceError(file, *finding) for finding in dict.fromkeys(findings)]
    if strict:
        errors = [replace(error, severity="error") for error in errors]
    return in_order(errors)


Finding = tuple[int, str, str, Severity, str]  # as SourceError has them: line, message, hint, severity, code

# --------------------------------------------------------------------------- passages


@dataclass(frozen=True, slots=True)
class Passage:
    """Some words that are read in one go, and where they stand in the source."""

    words: str
    starts: tuple[int, ...]  # offsets at which a new piece begins
    lines: tuple[int, ...]  # the line of each piece
    not_chinese: tuple[range, ...] = ()  # foreign words and links
    is_verse: bool = False

    def line(self, offset: int) -> int:
        """The line of a character."""
        return self.lines[bisect.bisect_right(self.starts, offset) - 1]

    def is_chinese(self, offset: int) -> bool:
        """Whether the rules of Chinese marks and spaces hold for a character."""
        return not any(offset in stretch for stretch in self.not_chinese)


T = TypeVar("T")
Chain = tuple[Passage, ...]  # paragraphs that follow each other, so that a quotation may run on

# Fields that hold names for programs, not words for readers.
_NOT_WORDS = {"id", "lang", "layout", "version", "src", "genre", "to", "href", "variant", "place"}


def _chains(value: object, line: int = 0) -> Iterator[Chain]:
    """All words of a value and of everything in it, in the order of the model's fields."""
    if isinstance(value, Text):
        yield from _text_chains([value])
    elif isinstance(value, Verse):
        yield from _verse_chains(value)
    elif isinstance(value, tuple):
        yield from _text_chains([each.text for each in value if isinstance(each, Paragraph)])
        for each in value:
            if not isinstance(each, Paragraph):
                yield from _chains(each, line)
    elif isinstance(value, str) and not isinstance(value, Enum):
        yield (Passage(value, (0,), (line,)),)
    elif is_dataclass(value):
        own_line: int = getattr(value, "line", line)
        known: Lines = getattr(value, "lines", ())
        lines = dict(known)
        for name in part_names(value):
            if name in _NOT_WORDS or name in ("lines", "line"):
                continue
            content = getattr(value, name)
            if name == "notes":
                for at, note in enumerate(content):
                    yield from _chains(note, lines.get(f"notes[{at}]", own_line))
            else:
                yield from _chains(content, lines.get(name, own_line))


def _text_chains(texts: list[Text]) -> Iterator[Chain]:
    if texts:
        yield tuple(map(_passage, texts))
    for text in texts:
        for inline in _inlines(text.parts):
            if inline.ruby:
                yield (Passage(inline.ruby, (0,), (inline.line,)),)
            if inline.kind is InlineKind.NOTE:
                yield (_passage(Text(inline.children, inline.line)),)


def _verse_chains(verse: Verse) -> Iterator[Chain]:
    lines = [line for stanza in verse.stanzas for line in stanza]
    yield tuple(replace(_passage(line), is_verse=True) for line in lines)
    for line in lines:
        yield from list(_text_chains([line]))[1:]


def _inlines(parts: tuple[Inline, ...]) -> Iterator[Inline]:
    for part in parts:
        yield part
        yield from _inlines(part.children)


def _passage(text: Text) -> Passage:
    words = ""
    starts, lines = [0], [text.line]
    not_chinese: list[range] = []

    def read(parts: tuple[Inline, ...]) -> None:
        nonlocal words
        for part in parts:
            start = len(words)
            if part.text:
                places = (start, *(start + offset for offset in part.line_starts))
                starts.extend(places)
                lines.extend(range(part.line, part.line + len(places)))
                words += part.text
            if part.kind is not InlineKind.NOTE:  # a passage of its own
                read(part.children)
            if part.kind in (InlineKind.FOREIGN, InlineKind.LINK):
                not_chinese.append(range(start, len(words)))

    read(text.parts)
    return Passage(words, tuple(starts), tuple(lines), tuple(not_chinese))


# --------------------------------------------------------------------------- characters


def _characters(passage: Passage, missing: Collection[str]) -> Iterator[Finding]:
    for offset, char in enumerate(passage.words):
        if " " <= char <= "~" and char not in missing:
            continue
        bad, likeness = unprintable(char), lookalike(char)
        if bad is None and likeness is None and char not in missing:
            continue
        line = passage.line(offset)
        name = f"{code_point(char)}, {called(char)}"
        if bad is not None:
            kind, code = bad
            hint = "write a space, or delete it" if char == "\t" else "delete it"
            yield line, f"{kind} {name}{_near(passage, offset)}", hint, "error", code
        elif likeness is not None:
            kind, code, ordinary = likeness
            instead = f" instead of “{ordinary}” ({code_point(ordinary)})" if ordinary else ""
            hint = f"write {ordinary}; the two look alike" if ordinary else "write the ordinary character"
            yield line, f"{kind} “{char}” ({code_point(char)}){instead}", hint, "error", code
        else:
            message = f"no font of the layout has “{char}” ({name})"
            yield line, message, "add a font that has it, or write it otherwise", "error", "missing-glyph"


def _near(passage: Passage, offset: int) -> str:
    """The words around an invisible character, so that it can be found."""
    before = "".join(char for char in passage.words[max(offset - 6, 0) : offset] if unprintable(char) is None)
    return f" after “{before}”" if before.strip() else ""


# --------------------------------------------------------------------------- marks and spaces

FULL_WIDTH = dict(zip(",.:;!?()", "，。：；！？（）", strict=True))
LATIN_STRETCH = re.compile(r"[a-z][a-z0-9+.-]*://[!-~]+|www\.[!-~]+|[!-~]+@[!-~]+", re.IGNORECASE)
HALF_WIDTH = re.compile(
    f"(?<=[{HAN}”’」』》〉）】])[,.:;!?]"  # after a Han character or a closing mark
    f"|(?<=[0-9A-Za-z%])[,;!?](?=[{HAN}“‘「『《〈])"  # between Latin and Han
    rf"|\((?=[{HAN}])|(?<=[{HAN}])\(|(?<=[{HAN}])\)"
)


def _half_width_marks(passage: Passage) -> Iterator[Finding]:
    addresses = [range(*match.span()) for match in LATIN_STRETCH.finditer(passage.words)]
    for match in HALF_WIDTH.finditer(passage.words):
        at = match.start()
        if passage.is_chinese(at) and not any(at in address for address in addresses):
            yield (
                passage.line(at),
                f"half-width {match[0]} in Chinese text: 「{_around(passage.words, at, at + 1)}」",
                f"write {FULL_WIDTH[match[0]]}",
                "warning",
                "half-width-mark",
            )


_FULL_WIDTH_MARKS = "，。：；！？、（）《》〈〉「」『』【】〔〕“”"
_SPACE = "[ \u00a0\u2000-\u200a\u202f\u205f]"
_STRAY_SPACES = re.compile(
    f"(?<=[{HAN}]){_SPACE}+(?=[{HAN}])"
    f"|(?<=[{_FULL_WIDTH_MARKS}]){_SPACE}+(?=[{CHINESE}])|(?<=[{CHINESE}]){_SPACE}+(?=[{_FULL_WIDTH_MARKS}])"
    f"|(?<=[{CHINESE}])[{_SPACE[1:-1]}\u3000]{{2,}}(?=[{CHINESE}])"
)
_INDENT = re.compile(r"^\u3000+|\u3000+$")


def _stray_spaces(passage: Passage) -> Iterator[Finding]:
    for match in _STRAY_SPACES.finditer(passage.words):
        if passage.is_chinese(match.start()):
            yield (
                passage.line(match.start()),
                f"stray space in Chinese text: 「{_around(passage.words, *match.span())}」",
                "delete it; where a gap is meant, as in a name of two characters, write one U+3000",
                "warning",
                "stray-space",
            )
    if not passage.is_verse and passage.words.strip("\u3000"):
        for match in _INDENT.finditer(passage.words):
            yield (
                passage.line(match.start()),
                f"spaces U+3000 at the {'end' if match.start() else 'beginning'} of a text",
                "delete them; the layout indents paragraphs",
                "warning",
                "stray-space",
            )


def _around(words: str, start: int, end: int) -> str:
    return words[max(start - 4, 0) : end + 4]


PAIRS = dict(zip("“‘「『《〈（【〔", "”’」』》〉）】〕", strict=True))
OPENING = {closing: opening for opening, closing in PAIRS.items()}
_NUMBERED = re.compile(r"(?:^|[，。：；、\s])[0-9A-Za-z一二三四五六七八九十]{1,3}$")
_MAY_RUN_ON = "“「"  # a quotation of several paragraphs opens each of them and closes the last


def _unbalanced_marks(chain: Chain) -> Iterator[Finding]:
    if chain and chain[0].is_verse:
        chain = (_joined(chain),)
    for at, passage in enumerate(chain):
        following = chain[at + 1].words if at + 1 < len(chain) else ""
        opened, closing_only = unpaired(passage.words)
        if (
            opened
            and passage.words[opened[0]] in _MAY_RUN_ON
            and following.startswith(passage.words[opened[0]])
        ):
            opened = opened[1:]
        for offset in sorted(opened + closing_only):
            mark = passage.words[offset]
            lacks = f"{PAIRS[mark]} that closes it" if mark in PAIRS else f"{OPENING[mark]} that opens it"
            hint = f"add the {lacks}"
            if mark in _MAY_RUN_ON:
                hint += ", or open the next paragraph with it when the quotation goes on"
            yield (
                passage.line(offset),
                f"unbalanced {mark} in 「{_around(passage.words, offset, offset + 1)}」",
                hint,
                "warning",
                "unbalanced-mark",
            )


def unpaired(words: str) -> tuple[list[int], list[int]]:
    """The offsets of marks that are opened and never closed, and of those closed and never opened."""
    opened: dict[str, list[int]] = {opening: [] for opening in PAIRS}
    closing_only: list[int] = []
    for offset, char in enumerate(words):
        if char in PAIRS:
            opened[char].append(offset)
        elif char in OPENING:
            if opened[OPENING[char]]:
                opened[OPENING[char]].pop()
            elif not _stands_alone(words, offset):
                closing_only.append(offset)
    return sorted(offset for offsets in opened.values() for offset in offsets), closing_only


def _stands_alone(words: str, offset: int) -> bool:
    """Whether a closing mark is an apostrophe (don’t), or ends the number of a list (1）)."""
    before = words[max(0, offset - 8) : offset]  # a number is short
    if words[offset] == "’":
        return before[-1:].isascii() and before[-1:].isalnum()
    return words[offset] == "）" and _NUMBERED.search(before) is not None


def _joined(chain: Chain) -> Passage:
    """Passages as one, for marks that run over the lines of a poem."""
    words, starts, lines = "", list[int](), list[int]()
    for passage in chain:
        starts += [len(words) + start for start in passage.starts]
        lines += passage.lines
        words += passage.words
    return Passage(words, tuple(starts), tuple(lines), is_verse=True)


# --------------------------------------------------------------------------- nameplate


def _nameplate_dates(issue: Issue) -> Iterator[Finding]:
    nameplate, day = issue.nameplate, issue.date
    lines = dict(nameplate.lines)

    def differs(name: str, words: str | None, agrees: bool | None, right: str) -> Iterator[Finding]:
        if words is None or agrees:
            return
        element = tag({"date_text": "date"}.get(name, name.replace("_", "-")))
        wrong = "cannot be understood" if agrees is None else f"does not agree with date=“{day}”"
        code = "date-text" if name == "date_text" else name.replace("_", "-")
        line = lines.get(name, nameplate.line)
        yield line, f"{element} “{words}” {wrong}", f"it is {right}", "warning", code

    yield from differs(
        "date_text",
        nameplate.date_text,
        calendar_words.says_date(nameplate.date_text, day),
        f"{day.year}年{day.month}月{day.day}日",
    )
    if nameplate.weekday is not None:
        agrees = calendar_words.says_weekday(nameplate.weekday, day)
        yield from differs("weekday", nameplate.weekday, agrees, calendar_words.weekday(day))
    if nameplate.lunar_date is not None and day.year >= calendar_words.FIRST_YEAR:
        lunar = calendar_words.lunar_day(day)
        agrees = calendar_words.says_lunar_day(nameplate.lunar_date, lunar)
        yield from differs("lunar_date", nameplate.lunar_date, agrees, str(lunar))
    said = re.search("([0-9]+|[一二三四五六七八九十]+)版", nameplate.edition or "")
    if said and calendar_words.number(said[1]) != len(issue.pages):
        yield (
            lines.get("edition", nameplate.line),
            f"{tag('edition')} says “{nameplate.edition}”, but the pages of the issue are {len(issue.pages)}",
            f"write {said[0].replace(said[1], str(len(issue.pages)))}, or add the pages",
            "warning",
            "edition",
        )


# --------------------------------------------------------------------------- pictures and tables


def _inside(value: object, kind: type[T]) -> Iterator[T]:
    """All values of a kind, however deep."""
    return (each for each in walk(value) if isinstance(each, kind))


def _pictures(
    issue: Issue, pictures: Mapping[str, PictureFacts | PictureProblem] | None
) -> Iterator[Finding]:
    for figure in _inside(issue, Figure):
        shown = f"picture “{figure.src}”"
        if not figure.alt and not figure.missing:
            yield (
                figure.line,
                f"{shown} has no alternative text",
                'add alt="…": what the picture shows, for readers who cannot see it',
                "warning",
                "missing-alt",
            )
        if outside := _outside(figure.src):
            yield (
                figure.line,
                f"{shown} {outside}",
                "put it into the issue's folder and write its path from there, with /",
                "error",
                "picture-outside",
            )
            continue
        if pictures is None or figure.missing:
            continue
        facts = pictures.get(figure.src)
        if facts is None:
            yield (
                figure.line,
                f"{shown} is missing",
                "put it into the issue's folder",
                "error",
                "picture-missing",
            )
        elif isinstance(facts, PictureProblem):
            yield figure.line, f"{shown}: {facts.message}", facts.hint, "error", facts.code
        elif not facts.is_vector and facts.needed_width_px and facts.width_px < facts.needed_width_px:
            yield (
                figure.line,
                f"{shown} is only {facts.width_px} pixels wide",
                f"its largest use needs {facts.needed_width_px}; find a larger one, or print it smaller",
                "warning",
                "picture-resolution",
            )


def _outside(src: str) -> str:
    """Why a path leads out of the issue's folder; "" when it does not."""
    if re.match("[A-Za-z][A-Za-z0-9+.-]*:", src) or src.startswith("//"):
        return "is an address, not a file"
    if src.startswith(("/", "~")):
        return "is an absolute path"
    if "\\" in src:
        return "is written with a backslash"
    if ".." in src.split("/"):
        return "lies outside the issue's folder"
    return ""


def _ragged_tables(issue: Issue) -> Iterator[Finding]:
    for table in _inside(issue, Table):
        width = len(table.rows[0])
        for row in table.rows[1:]:
            if len(row) != width:
                yield (
                    row[0].line,
                    f"a row of {len(row)} cells in a table whose first row has {width}",
                    "give every row the same number of cells; <cell/> is an empty one",
                    "warning",
                    "ragged-table",
                )
