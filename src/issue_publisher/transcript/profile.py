"""A paper's profile: how its transcripts are read, as data. GENERAL knows what any Chinese newspaper does.

The dataclasses are the schema: their names are the tables and keys of the TOML, their types the types.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Weight
from issue_publisher.toml_lines import Keys, lines_of_keys
from issue_publisher.transcript.model import Doubt

Patterns = Mapping[str, tuple[re.Pattern[str], ...]]
_NONE: Patterns = {}


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper, as far as a transcript may not say it."""

    unnamed: str
    untitled: str
    untitled_page: str
    name: str | None = None  # 报名
    id: str | None = None  # begins the ids of its issues: tiangong-2026-11-23
    motto: str | None = None  # 报头口号, if its transcripts have it
    level: str | None = None
    layout: str | None = None
    lang: str | None = None  # zh-Hans, zh-Hant; told by the characters unless named


@dataclass(frozen=True, slots=True)
class PageRule:
    """What is known of a page before any issue of it."""

    number: int
    title: str = ""  # 版名
    opens: str | None = None  # a line in which this is found opens the page
    genre: str | None = None


@dataclass(frozen=True, slots=True)
class RubricRule:
    """A rubric that the paper has, and what stands below it."""

    name: str
    genre: str | None = None
    briefs: bool = False
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What the desk's order says of a piece's weight."""

    first: Weight
    page: Weight
    other: Weight
    briefs: Weight


@dataclass(frozen=True, slots=True)
class Genres:
    """What a piece's looks say of its genre."""

    dateline: str | None = None
    crossheads: str | None = None
    signed: str | None = None


@dataclass(frozen=True, slots=True)
class Lengths:
    """In characters, but for `head`, which counts lines."""

    headline: int
    crosshead: int
    rubric: int
    brief: int
    caption: int
    pull_quote: int
    opening: int
    closing: int
    head: int
    wrapped: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Sets of marks."""

    closing: str
    runs_on: str
    sentence: str
    open_end: str
    doubtful_end: str
    speaker: str  # a pattern


@dataclass(frozen=True, slots=True)
class Labels:
    """Words that say what a line is; the layout prints them again."""

    words: tuple[str, ...]
    roles: str


@dataclass(frozen=True, slots=True)
class Mends:
    """What is mended, and what --fix may do of it."""

    safe: tuple[Doubt, ...]
    foreign: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """Characters that tell the two scripts apart."""

    traditional: str
    simplified: str


@dataclass(frozen=True, slots=True)
class Names:
    """How names of people begin."""

    surnames: str
    compound: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """All rules by which a transcript is read."""

    file: str
    paper: Paper
    weights: Weights
    genres: Genres
    lengths: Lengths
    marks: Marks
    labels: Labels
    mends: Mends
    language: Language
    names: Names
    patterns: Patterns = field(default_factory=dict)
    nameplate: Patterns = field(default_factory=dict)
    imprint: Patterns = field(default_factory=dict)
    pages: tuple[PageRule, ...] = ()
    rubrics: tuple[RubricRule, ...] = ()

    def rubric(self, words: str) -> RubricRule | None:
        """The rubric of this name; marks and spaces around it are not looked at."""
        bare = _bare(words)
        return next((rubric for rubric in self.rubrics if _bare(rubric.name) == bare), None)

    def page(self, number: int) -> PageRule | None:
        """What is known of a page."""
        return next((page for page in self.pages if page.number == number), None)


def _bare(words: str) -> str:
    return re.sub(r"[\s【】〖〗\[\]■□◆◇●○·・“”《》]", "", words)


# The groups that each kind of pattern must name; `?` may be missing.
_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "patterns": {
        "page": ("number", "title?"), "editor": ("role", "name"), "rubric": ("words",),
        "rubric_headline": ("rubric", "words"), "series": ("name", "label"),
        "editors_note": ("words", "label?"),
        "kicker": ("words",), "headline": ("words",), "deck": ("words",), "standfirst": ("words",),
        "crosshead": ("words",), "byline": ("names",), "opening": ("dateline?", "names?"),
        "closing": ("names",),
        "caption": ("words",), "credit": ("credit",), "credit_line": ("credit",), "affiliation": ("words",),
        "signature": ("name", "office?"), "pull_quote": ("words", "source?"),
        "jump": ("number",), "continued": ("number",), "broken_start": (), "paragraph": ("words",),
    },
    "nameplate": dict.fromkeys(
        ("serial_number", "running_number", "date", "weekday", "lunar_date", "edition", "site", "sponsor",
         "publisher", "level", "motto", "subtitle", "title"), ("words",),
    ),
    "imprint": {
        **dict.fromkeys(("address", "post_code", "price", "printer", "distribution", "note"), ("words",)),
        "telephone": ("words", "label?"),
    },
}  # fmt: skip
_MOST_BYTES = 1_000_000


def read_profile(data: bytes, file: str) -> Profile:
    """A paper's profile, laid over the general one. Raises SourceErrors with all that is wrong in it."""
    return _profile(data, file, _GENERAL)


def _profile(data: bytes, file: str, below: Mapping[str, Any]) -> Profile:
    text, raw = _parsed(data, file)
    reading = _Reading(file, text)
    own = {kind: reading.patterns(kind, raw.get(kind, {})) for kind in _GROUPS}
    over = {key: value for key, value in raw.items() if key not in _GROUPS}
    # What the paper's own file says is judged with its own lines; the general one is known to be good.
    reading.judge(Profile, over, ())
    if reading.errors:
        raise SourceErrors(reading.errors)
    merged = _merged({key: value for key, value in below.items() if key not in _GROUPS}, over)
    values = reading.fields_of(Profile, merged, (), given={"file": file, **dict.fromkeys(_GROUPS, _NONE)})
    if reading.errors:
        raise SourceErrors(reading.errors)
    replaced = {kind: raw.get(kind, {}).get("replace", []) for kind in _GROUPS}
    for kind in _GROUPS:
        values[kind] = _laid_over(own[kind], _compiled(below.get(kind, {})), replaced[kind])
    return Profile(**values)


def _laid_over(own: Patterns, below: Patterns, replaced: list[str]) -> Patterns:
    """The paper's patterns before those below them; of kinds that it replaces, its own alone."""
    return {
        name: own.get(name, ()) + (() if name in replaced else below.get(name, ()))
        for name in (*below, *(name for name in own if name not in below))
    }


def _compiled(raw: Mapping[str, list[str]]) -> Patterns:
    return {name: tuple(map(re.compile, patterns)) for name, patterns in raw.items() if name != "replace"}


def _merged(below: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables key by key, rows of tables by name or number, everything else replaced."""
    merged = dict(below)
    for key, value in over.items():
        old = below.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            merged[key] = _merged(old, value)
        elif key in ("pages", "rubrics"):
            name = "number" if key == "pages" else "name"
            named = [row[name] for row in value]
            merged[key] = [row for row in old or [] if row[name] not in named] + list(value)
        else:
            merged[key] = value
    return merged


# --------------------------------------------------------------------------- TOML and its lines


def _parsed(data: bytes, file: str) -> tuple[str, dict[str, Any]]:
    def wrong(line: int, message: str, hint: str) -> SourceErrors:
        return SourceErrors([SourceError(file, line, message, hint, code="profile")])

    if len(data) > _MOST_BYTES:
        raise wrong(1, "too large for a profile", "at most 1 MB")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise wrong(line, "not UTF-8", "save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        message, line = str(error), text.count("\n") + 1
        if place := re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message):
            message, line = message[: place.start()], int(place[1] or line)
        raise wrong(line, f"not TOML: {message}", "name = \"text\", name = ['pattern'] or [table]") from error
    except RecursionError as error:
        raise wrong(1, "not TOML: nested too deeply", "keys of tables need no more") from error


# --------------------------------------------------------------------------- values, by their types

_WORDS = {str: "a text in quotation marks", int: "a whole number from 1 to 100000", bool: "true or false"}
_WRONG = object()


class _Reading:
    """One reading of one file: collects what is wrong."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.errors: list[SourceError] = []

    @cached_property
    def lines(self) -> dict[Keys, int]:
        """Where its keys stand; asked only when something is wrong."""
        return lines_of_keys(self.text)

    def wrong(self, path: Keys, message: str, hint: str = "") -> object:
        while path and path not in self.lines:
            path = path[:-1]
        self.errors.append(SourceError(self.file, self.lines.get(path, 1), message, hint, code="profile"))
        return _WRONG

    def judge(self, kind: type, raw: Any, path: Keys) -> None:
        """Look at what is given, and not at what is missing."""
        self.fields_of(kind, raw, path, given={"file": "", **dict.fromkeys(_GROUPS)}, whole=False)

    def fields_of(
        self,
        kind: type,
        raw: Mapping[str, Any],
        path: Keys,
        given: Mapping[str, Any] | None = None,
        *,
        whole: bool = True,
    ) -> dict[str, Any]:
        """The values of a dataclass's fields, those that are right."""
        types = get_type_hints(kind)
        known = {each.name: each for each in fields(kind) if each.name not in (given or {})}
        for key in raw.keys() - known.keys():
            near = get_close_matches(key, [*known, *_GROUPS] if not path else list(known), 1, 0.6)
            hint = f"is {near[0]} meant?" if near else "there are " + ", ".join(known)
            self.wrong((*path, key), f"unknown key {_dotted((*path, key))}", hint)
        values: dict[str, Any] = dict(given or {})
        for name, each in known.items():
            if name in raw:
                value = self.value(types[name], raw[name], (*path, name), whole=whole)
                if value is not _WRONG:
                    values[name] = value
            elif each.default is MISSING and each.default_factory is MISSING and (whole or _is_row(path)):
                self.wrong((*path, name), f"{_dotted((*path, name))} is missing", f"add {name} = …")
        return values

    def value(self, kind: Any, raw: Any, path: Keys, *, whole: bool) -> Any:
        """One value of the type `kind`, or `_WRONG` after reporting."""
        origin = get_origin(kind)
        if origin is UnionType:
            kind = next(one for one in get_args(kind) if one is not NoneType)
        if origin is tuple:
            return self._rows(get_args(kind)[0], raw, path, whole=whole)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            if not isinstance(raw, dict) or not all(isinstance(each, str) for each in raw.values()):
                return self.wrong(path, f"{_dotted(path)} is no table of texts", 'word = "text"')
            return dict(raw)
        if is_dataclass(kind) and isinstance(kind, type):
            if not isinstance(raw, dict):
                return self.wrong(path, f"{_dotted(path)} is no table", f"[{_dotted(path)}]")
            before = len(self.errors)
            values = self.fields_of(kind, raw, path, whole=whole)
            return _WRONG if len(self.errors) > before or not whole else kind(**values)
        return self._plain(kind, raw, path)

    def _rows(self, kind: Any, raw: Any, path: Keys, *, whole: bool) -> Any:
        if not isinstance(raw, list):
            hint = f"[[{_dotted(path)}]]" if is_dataclass(kind) else "texts in brackets"
            return self.wrong(path, f"{_dotted(path)} is no row", hint)
        rows = [self.value(kind, each, (*path, at), whole=whole) for at, each in enumerate(raw)]
        return _WRONG if _WRONG in rows else tuple(rows)

    def _plain(self, kind: Any, raw: Any, path: Keys) -> Any:
        if issubclass(kind, StrEnum):
            if raw not in [member.value for member in kind]:
                return self.wrong(path, f"{_dotted(path)} is {raw!r}", "one of " + ", ".join(kind))
            return kind(raw)
        if type(raw) is not kind or (kind is int and not 1 <= raw <= 100_000):
            return self.wrong(path, f"{_dotted(path)} is {raw!r}", _WORDS[kind])
        if kind is str:
            return self._text(raw, path)
        return raw

    def _text(self, raw: str, path: Keys) -> Any:
        if path[-1] in ("opens", "roles", "speaker") or path[:2] == ("labels", "words"):
            return raw if self._pattern(raw, path) else _WRONG
        if path == ("paper", "id") and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,60}", raw):
            return self.wrong(path, f"paper.id is {raw!r}", "letters, digits, “.”, “_” and “-”")
        if path[-1] == "genre" and not re.fullmatch(r"[^\W\d][\w.\-]*", raw):
            return self.wrong(path, f"{_dotted(path)} is {raw!r}", "a name such as news, comment, feature")
        if not raw.strip() and path[-1] != "title" and path[:2] != ("mends", "foreign"):
            return self.wrong(path, f"{_dotted(path)} is empty", _WORDS[str])
        return raw

    # ----------------------------------------------------------------- patterns

    def patterns(self, kind: str, raw: Any) -> Patterns:
        """The patterns of one of the tables of patterns, each with its groups."""
        known = _GROUPS[kind]
        if not isinstance(raw, dict):
            self.wrong((kind,), f"{kind} is no table", f"[{kind}]")
            return {}
        read: dict[str, tuple[re.Pattern[str], ...]] = {}
        for name, patterns in raw.items():
            path = (kind, name)
            if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
                self.wrong(path, f"{kind}.{name} is no row of texts", f"{name} = ['pattern', …]")
            elif name == "replace":
                for each in set(patterns) - known.keys():
                    self.wrong(path, f"{kind}.replace: there is no {each}", "one of " + ", ".join(known))
            elif name not in known:
                near = get_close_matches(name, known, 1, 0.6)
                hint = f"is {near[0]} meant?" if near else "one of " + ", ".join(known)
                self.wrong(path, f"unknown key {kind}.{name}", hint)
            else:
                found = [self._pattern(each, path, known[name]) for each in patterns]
                read[name] = tuple(each for each in found if each)
        return read

    def _pattern(self, raw: str, path: Keys, groups: tuple[str, ...] | None = None) -> re.Pattern[str] | None:
        try:
            pattern = re.compile(raw)
        except re.error as error:
            self.wrong(path, f"{_dotted(path)}: not a pattern: {error}", "a regular expression of Python")
            return None
        if groups is None:
            return pattern
        needed = {each for each in groups if not each.endswith("?")}
        allowed = {each.rstrip("?") for each in groups}
        if not needed <= pattern.groupindex.keys() <= allowed:
            hint = ", ".join(f"(?P<{each.rstrip('?')}>…)" for each in groups) or "none"
            self.wrong(path, f"{_dotted(path)}: the named groups are not those that it must have", hint)
            return None
        return pattern


def _is_row(path: Keys) -> bool:
    return bool(path) and isinstance(path[-1], int)


def _dotted(path: Keys) -> str:
    return ".".join(str(each) for each in path if isinstance(each, str))


_SHIPPED = (files("issue_publisher.transcript") / "general.toml").read_bytes()
_GENERAL: Mapping[str, Any] = tomllib.loads(_SHIPPED.decode("utf-8"))
GENERAL = _profile(_SHIPPED, "general.toml", {})
