"""The page plan: a make-up as a small file that a person can read, edit and keep.

TOML, because a sub-editor can change a number in it without knowing markup, and a comment is a
line that begins with #. One table per item: where it stands on the grid and in which shape.
With a plan nothing is solved.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from issue_publisher.composition.model import Choice, ComposedIssue, Placement
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Issue

_NUMBERS = {"column": 0, "columns": 1, "row": 0, "lines": 1}
_OPTIONAL = {"legs", "headline_pt", "headline_lines", "pictures"}


def write_plan(composed: ComposedIssue) -> bytes:
    """The plan of an issue made up."""
    out = [
        "# Page plan: where every item of the issue stands. Columns are basic columns, counted from 0 at",
        "# the left; rows and lines are lines of the grid, counted from 0 at the head of the type area.",
        "# pictures: the legs each picture spans, in order of the source; 0 stands above the headline.",
        f'issue = "{composed.issue.id}"',
    ]
    for page in composed.pages:
        for frame in page.frames:
            place, choice = frame.placement, frame.placement.choice
            out += [
                "",
                f"[page-{page.page.number}.{_key(place.item)}]",
                f"column = {place.column}",
                f"columns = {choice.columns}",
                f"row = {place.row}",
                f"lines = {place.lines}",
                f"legs = {choice.legs}",
            ]
            if choice.headline_pt:
                out += [f"headline_pt = {choice.headline_pt:g}", f"headline_lines = {choice.headline_lines}"]
            if choice.pictures:
                out.append(f"pictures = [{', '.join(map(str, choice.pictures))}]")
    return ("\n".join(out) + "\n").encode()


def _key(name: str) -> str:
    return f'"{name}"' if "." in name else name


def read_plan(data: bytes, file: str, issue: Issue) -> Mapping[str, Placement]:
    """Item id → placement. Raises SourceErrors, all at once, with lines."""
    try:
        text = data.decode("utf-8")
        tables = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceErrors(
            [SourceError(file, _line_of(str(error)), f"not a page plan: {error}", "TOML in UTF-8")]
        ) from None
    faults: list[SourceError] = []
    found: dict[str, Placement] = {}
    known = {f"page-{page.number}": {item.id for item in page.items} for page in issue.pages}
    lines = text.splitlines()
    if tables.pop("issue", issue.id) != issue.id:
        faults.append(
            SourceError(file, _find(lines, "issue"), "the plan of another issue", f'issue = "{issue.id}"')
        )
    for page, items in tables.items():
        if page not in known or not isinstance(items, dict):
            hint = "one of " + ", ".join(known)
            faults.append(SourceError(file, _find(lines, page), f"no page {page} in the issue", hint))
            continue
        for name, table in items.items():
            line = _find(lines, f"[{page}.{_key(name)}")
            if name not in known[page]:
                hint = "delete the table, or correct the id: " + ", ".join(sorted(known[page]))
                faults.append(SourceError(file, line, f"{page} has no item {name}", hint))
            elif fault := _fault(table):
                faults.append(SourceError(file, line, f"{name}: {fault[0]}", fault[1]))
            else:
                found[name] = _placement(name, table)
    if faults:
        raise SourceErrors(faults)
    return found


def _fault(table: Any) -> tuple[str, str] | None:
    if not isinstance(table, dict):
        return "not a table", "column, columns, row and lines"
    for key, least in _NUMBERS.items():
        value = table.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            return (
                f"{key} is {'missing' if value is None else repr(value)}",
                f"a whole number, {least} or more",
            )
    for key in table:
        if key not in _NUMBERS and key not in _OPTIONAL:
            return f"unknown key {key}", "known are " + ", ".join([*_NUMBERS, *sorted(_OPTIONAL)])
    for key in ("legs", "headline_lines"):
        if not isinstance(table.get(key, 1), int) or table.get(key, 1) < 1:
            return f"{key} is {table[key]!r}", "a whole number, 1 or more"
    if not isinstance(table.get("headline_pt", 0), int | float):
        return f"headline_pt is {table['headline_pt']!r}", "a size in points"
    pictures = table.get("pictures", [])
    if not isinstance(pictures, list) or not all(isinstance(p, int) and p >= 0 for p in pictures):
        return f"pictures is {pictures!r}", "a list of whole numbers, such as [2, 1]"
    return None


def _placement(name: str, table: Mapping[str, Any]) -> Placement:
    choice = Choice(
        table["columns"],
        table.get("legs", table["columns"]),
        float(table.get("headline_pt", 0)),
        table.get("headline_lines", 1),
        tuple(table.get("pictures", ())),
    )
    return Placement(name, table["column"], table["row"], table["lines"], choice)


def _find(lines: list[str], start: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if line.strip().startswith(start)), 1)


def _line_of(message: str) -> int:
    _, _, rest = message.partition("line ")
    digits = rest.split(",")[0].split(")")[0].strip()
    return int(digits) if digits.isdigit() else 1
