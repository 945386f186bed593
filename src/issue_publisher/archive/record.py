"""`manifest.json` read critically: it may have been edited by hand, and names in it may lead anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unicodedata import category

FORMAT = 1  # that we know
MOST_BYTES = 16 << 20
_SHA256 = re.compile("[0-9a-f]{64}")
_DRIVE = re.compile("[A-Za-z]:")
_INPUT_ROLES = frozenset({"issue", "picture", "page-plan", "layout", "template", "font"})
_OUTPUT_ROLES = frozenset({"press", "archive", "epub", "page-plan"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as the manifest knows it."""

    role: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Font:
    """A face as the manifest knows it."""

    role: str
    family: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a manifest says."""

    issue: str
    date: date
    layout: str
    layout_version: str
    inputs: tuple[Entry, ...]
    outputs: tuple[Entry, ...]
    fonts: tuple[Font, ...]
    programs: Mapping[str, str] = field(repr=False)

    def of(self, role: str) -> Entry | None:
        """The output of a role."""
        return next((one for one in self.outputs if one.role == role), None)

    def inputs_of(self, *roles: str) -> tuple[Entry, ...]:
        """The inputs of some roles."""
        return tuple(one for one in self.inputs if one.role in roles)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a manifest, and what would be right."""

    line: int  # 1-based; 0 when it has none
    message: str
    hint: str = ""


class NotARecordError(Exception):
    """A manifest that nothing can be held against; `faults` say why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(one.message for one in faults))
        self.faults = faults


_AGAIN = "build the issue again, or fetch the file as build wrote it"


def read_record(data: bytes, *, has_outputs: bool = True) -> Record:
    """The record of a manifest's bytes. Raises NotARecordError with all that is wrong with it.

    Without `has_outputs` it is the one that an archive PDF encloses, which knows of inputs alone.
    """
    if len(data) > MOST_BYTES:
        raise NotARecordError(Fault(0, f"larger than {MOST_BYTES >> 20} MB", "a manifest has some 20 kB"))
    try:
        text = data.decode()
        told = json.loads(text, object_pairs_hook=_each_key_once)
    except UnicodeDecodeError:
        raise NotARecordError(Fault(0, "not UTF-8", _AGAIN)) from None
    except json.JSONDecodeError as error:
        raise NotARecordError(Fault(error.lineno, f"not JSON: {error.msg}", _AGAIN)) from None
    except (_TwiceError, RecursionError, ValueError) as error:
        raise NotARecordError(Fault(0, str(error) or type(error).__name__, _AGAIN)) from None
    reader = _Reader(text, has_outputs)
    record = reader.record(told)
    if reader.faults or record is None:
        raise NotARecordError(*reader.faults)
    return record


class _TwiceError(ValueError):
    """A key that is there twice."""


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise _TwiceError(f"{', '.join(twice)} is there twice in one object")
    return found


class _Reader:
    def __init__(self, text: str, has_outputs: bool) -> None:
        self.text, self.has_outputs = text, has_outputs
        self.faults: list[Fault] = []

    def fault(self, message: str, hint: str = _AGAIN, near: str = "") -> None:
        at = self.text.find(json.dumps(near, ensure_ascii=False)) if near else -1
        self.faults.append(Fault(self.text.count("\n", 0, at) + 1 if at >= 0 else 0, message, hint))

    def record(self, told: object) -> Record | None:
        if not isinstance(told, dict):
            self.fault("not an object", 'a manifest begins with {"format": 1, …}')
            return None
        if told.get("format") != FORMAT or isinstance(told.get("format"), bool):
            known = f"this program knows format {FORMAT}; a later one may know this"
            self.fault(f"format {_shown(told.get('format'))}", known, "format")
            return None
        layout = told.get("layout") if isinstance(told.get("layout"), dict) else {}
        assert isinstance(layout, dict)
        inputs = self._entries(told, "inputs", _INPUT_ROLES)
        outputs = self._entries(told, "outputs", _OUTPUT_ROLES) if self.has_outputs else ()
        issue = self._words(told, "issue")
        if issue and unsafe_name(issue, folders=False):
            self.fault(f"the issue is called {_shown(issue)}", "an id is the name of a folder", "issue")
        if sum(one.role == "issue" for one in inputs) != 1 and not self.faults:
            self.fault("inputs name no issue.xml, or several", near="inputs")
        return Record(
            issue,
            self._date(told),
            self._words(layout, "name", "layout: name"),
            self._words(layout, "version", "layout: version"),
            inputs,
            outputs,
            self._fonts(told),
            self._programs(told),
        )

    def _words(self, told: dict[str, Any], key: str, called: str = "") -> str:
        value = told.get(key)
        if isinstance(value, str) and value:
            return value
        self.fault(f"{called or key} is {_shown(value)}, not words", near=key)
        return ""

    def _date(self, told: dict[str, Any]) -> date:
        value = told.get("date")
        try:
            if isinstance(value, str) and len(value) == len("2026-11-23"):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fault(f"date is {_shown(value)}", "a day, as 2026-11-23", "date")
        return date.min

    def _list(self, told: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
        value = told.get(key)
        if not isinstance(value, list):
            self.fault(f"{key} is {_shown(value)}, not a list", near=key)
            return
        for at, one in enumerate(value, 1):
            if isinstance(one, dict):
                yield one
            else:
                self.fault(f"{key}: number {at} is {_shown(one)}, not an object", near=key)

    def _entries(self, told: dict[str, Any], key: str, roles: frozenset[str]) -> tuple[Entry, ...]:
        found: list[Entry] = []
        for one in self._list(told, key):
            name = one.get("name")
            shown, near = _shown(name), name if isinstance(name, str) else key
            if not isinstance(name, str) or unsafe_name(name):
                self.fault(f"{key}: a file is called {shown}", "a path below the folder, with /", near)
                continue
            size, sha256, role = one.get("size"), one.get("sha256"), one.get("role")
            if not isinstance(size, int) or isinstance(size, bool) or size < 0:
                self.fault(f"{key}: {name} has the size {_shown(size)}", "its number of bytes", near)
            elif not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
                self.fault(f"{key}: {name} has the sha256 {_shown(sha256)}", "64 digits 0-9 a-f", near)
            elif not isinstance(role, str) or role not in roles:
                self.fault(f"{key}: {name} has the role {_shown(role)}", ", ".join(sorted(roles)), near)
            else:
                found.append(Entry(role, name, size, sha256))
        self._no_name_twice(found, key)
        return tuple(found)

    def _no_name_twice(self, found: list[Entry], key: str) -> None:
        names = [one.name for one in found]
        for name in sorted({name for name in names if names.count(name) > 1}):
            # Faces of one file are told one by one.
            if key == "outputs" or len({(one.size, one.sha256) for one in found if one.name == name}) > 1:
                self.fault(f"{key}: {name} is there twice", "each file once", name)
        if key == "outputs":
            roles = [one.role for one in found]
            for role in sorted({role for role in roles if roles.count(role) > 1}):
                self.fault(f"outputs: the role {role} is there twice", "one file for each role", role)

    def _fonts(self, told: dict[str, Any]) -> tuple[Font, ...]:
        found = []
        for one in self._list(told, "fonts"):
            values = [one.get(key) for key in ("role", "family", "version", "sha256")]
            if all(isinstance(value, str) for value in values) and _SHA256.fullmatch(str(values[3])):
                found.append(Font(*map(str, values)))
            else:
                self.fault(f"fonts: {_shown(one)} is no face", "role, family, version and sha256", "fonts")
        return tuple(found)

    def _programs(self, told: dict[str, Any]) -> dict[str, str]:
        value = told.get("programs")
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            self.fault("programs are not names with versions", near="programs")
            return {}
        return value


def unsafe_name(name: str, *, folders: bool = True) -> bool:
    """Whether a name leads out of its folder, or into none."""
    parts = name.split("/")
    return (
        any(part in ("", "..") for part in parts)
        or name == "."
        or name.startswith("~")
        or "\\" in name
        or (not folders and len(parts) > 1)
        or _DRIVE.match(name) is not None
        or any(category(char) in ("Cc", "Cs") for char in name)
    )


def _shown(value: object) -> str:
    """A value as it may stand in a message."""
    if value is None:
        return "missing"
    words = json.dumps(value, ensure_ascii=True)
    return words if len(words) <= 60 else words[:57] + "…"
