"""The page plan: a make-up as a small file that a person can read, edit and keep.

TOML, because a sub-editor can change a number in it without knowing markup, and a comment is a
line that begins with #. One table per item: where it stands on the grid and in which shape.
With a plan nothing is solved.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from issue_publisher.composition.model import Choice, ComposedIssue, PictureAt, Placement
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Issue

_NUMBERS = {"column": 0, "columns": 1, "row": 0, "lines": 1}
_OPTIONAL = {"legs", "headline_pt", "headline_lines", "pictures", "vertical", "picture_at", "deck_beside"}
_LARGEST_PT = 400  # of a headline, whatever the layout


def write_plan(composed: ComposedIssue) -> bytes:
    """The plan of an issue made up."""
    out = [
        "# Page plan: where every item of the issue stands. Columns are basic columns, counted from 0 at",
        "# the left; rows and lines are lines of the grid, counted from 0 at the head of the type area.",
        "# vertical = true: the headline stands at the left of the text, its lines are columns.",
        "# deck_beside = true: kicker and deck stand at the sides of the headline.",
        "# pictures: the legs each picture spans, in order of the source; 0 stands above the headline.",
        '# picture_at: where those in the text stand: "right", "inside" (text at its right), "row" (side by',
        '# side), "beside" (as deep as the text, at its right), "left" (likewise, at its left).',
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
            if choice.vertical:
                out.append("vertical = true")
            if choice.deck_beside:
                out.append("deck_beside = true")
            if choice.pictures:
                out.append(f"pictures = [{', '.join(map(str, choice.pictures))}]")
            if choice.picture_at is not PictureAt.RIGHT:
                out.append(f'picture_at = "{choice.picture_at}"')
    return ("\n".join(out) + "\n").encode()


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else f'"{name}"'


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
            line = _find(lines, rf"\[?\s*\"?{re.escape(page)}\b")
            faults.append(SourceError(file, line, f"no page {page} in the issue", hint))
            continue
        for name, table in items.items():
            line = _find(lines, rf"\[\s*{page}\s*\.\s*\"?{re.escape(name)}\"?\s*\]")
            if name not in known[page]:
                hint = "delete the table, or correct the id: " + ", ".join(sorted(known[page]))
                faults.append(SourceError(file, line, f"{page} has no item {name}", hint))
            elif fault := _fault(table):
                key, message, hint = fault
                at = _find(lines, rf"{key}\b", line) if key and key in table else line
                faults.append(SourceError(file, at, f"{name}: {message}", hint))
            else:
                found[name] = _placement(name, table, line)
    if faults:
        raise SourceErrors(faults)
    return found


def _fault(table: Any) -> tuple[str, str, str] | None:
    """The key that is at fault, what is wrong with it, and what would be right."""
    if not isinstance(table, dict):
        return "", "not a table", "column, columns, row and lines"
    for key in table:
        if key not in _NUMBERS and key not in _OPTIONAL:
            known = ", ".join([*_NUMBERS, *sorted(_OPTIONAL)])
            return key, f"unknown key {key}", f"known are {known}"
    for key, least in {**_NUMBERS, "legs": 1, "headline_lines": 1}.items():
        value = table.get(key, None if key in _NUMBERS else least)
        if not _is_number(value, least):
            said = "missing" if value is None else repr(value)
            return key, f"{key} is {said}", f"a whole number, {least} or more"
    size = table.get("headline_pt", 1)
    if isinstance(size, bool) or not isinstance(size, int | float) or not 1 <= size <= _LARGEST_PT:
        return "headline_pt", f"headline_pt is {size!r}", f"a size in points, 1 to {_LARGEST_PT}"
    pictures = table.get("pictures", [])
    if not isinstance(pictures, list) or not all(_is_number(legs, 0) for legs in pictures):
        return "pictures", f"pictures is {pictures!r}", "a list of whole numbers, such as [2, 1]"
    for key in ("vertical", "deck_beside"):
        if not isinstance(table.get(key, False), bool):
            return key, f"{key} is {table[key]!r}", "true or false"
    if table.get("picture_at", "right") not in list(PictureAt):
        return "picture_at", f"picture_at is {table['picture_at']!r}", "one of " + ", ".join(PictureAt)
    return None


def _is_number(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _placement(name: str, table: Mapping[str, Any], line: int) -> Placement:
    choice = Choice(
        table["columns"],
        table.get("legs", table["columns"]),
        float(table.get("headline_pt", 0)),
        table.get("headline_lines", 1),
        tuple(table.get("pictures", ())),
        table.get("vertical", False),
        PictureAt(table.get("picture_at", "right")),
        table.get("deck_beside", False),
    )
    return Placement(name, table["column"], table["row"], table["lines"], choice, line)


def _find(lines: list[str], pattern: str, after: int = 0) -> int:
    """The first line behind line `after` that begins so; the first of all when there is none."""
    begins = re.compile(rf"\s*{pattern}")
    return next((n for n, line in enumerate(lines[after:], after + 1) if begins.match(line)), after or 1)


def _line_of(message: str) -> int:
    """The line that the TOML reader's message names."""
    named = re.search(r"at line (\d+)", message)
    return int(named[1]) if named else 1


def pages_of(data: bytes) -> Mapping[str, int]:
    """Item id → number of the page that a plan puts it on; what is wrong in the plan, `read_plan` says."""
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    found: dict[str, int] = {}
    for page, items in tables.items():
        number = re.fullmatch("page-([1-9][0-9]{0,3})", page)
        if number and isinstance(items, dict):
            for name in items:
                found.setdefault(name, int(number[1]))
    return found
