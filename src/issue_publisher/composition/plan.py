"""The page plan: a make-up as a small file that a person can read, edit and keep.

TOML, because a sub-editor can change a number in it without knowing markup, and a comment is a
line that begins with #. One table per item: where it stands on the grid and in which shape.
Any key and any table may be left out: what is there stays (a pin), the rest is solved. With a
full plan nothing is solved.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from issue_publisher.composition.jumps import rest_id
from issue_publisher.composition.model import ComposedIssue, PictureAt, Pin
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Issue

_NUMBERS = {"column": 0, "columns": 1, "row": 0, "lines": 1, "legs": 1, "headline_lines": 1}  # least value
_SWITCHES = ("vertical", "deck_beside", "picture_clear", "boxed")
_KEYS = (*_NUMBERS, "headline_pt", "pictures", "picture_at", *_SWITCHES, "inside", "left_out")
_LARGEST_PT = 400  # of a headline, whatever the layout
_PAGE = re.compile("page-([1-9][0-9]{0,3})")
_HEADER = re.compile(r"\s*\[")


def plan_name(issue: Issue, layout: str) -> str:
    """The file name of an issue's plan for a layout: the issue's own layout has the plain name."""
    return "page-plan.toml" if layout == issue.layout else f"page-plan-{layout}.toml"


# --------------------------------------------------------------------------- writing


def write_plan(composed: ComposedIssue, layout: str | None = None) -> bytes:
    """The plan of an issue made up in a layout (the issue's own, if none is named)."""
    out = [
        "# Page plan: where every item of the issue stands. Columns are basic columns, counted from 0 at",
        "# the left; rows and lines are lines of the grid, counted from 0 at the head of the type area.",
        "# What is deleted here is chosen anew; what stays is kept.",
        "# vertical = true: the headline stands at the left of the text, its lines are columns.",
        "# deck_beside = true: kicker and deck stand at the sides of the headline.",
        "# pictures: the legs each picture spans, in order of the source; 0 stands above the headline.",
        '# picture_at: where those in the text stand: "right", "inside" (text at its right), "row" (side by',
        '# side), "beside" (as deep as the text, at its right), "left" (likewise, at its left).',
        "# picture_clear = true: they end above the foot, with white under them, and meet nothing below.",
        "# boxed = true: make-up set it in a box.",
        "# inside: the article in whose lower right corner it stands; that one's last legs end above it.",
        "# left_out: optional parts of the item that are not printed, by kind and number in the source.",
        f'issue = "{composed.issue.id}"',
        f'layout = "{layout or composed.issue.layout}"',
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
            if choice.picture_clear:
                out.append("picture_clear = true")
            if choice.boxed:
                out.append("boxed = true")
            if place.inside:
                out.append(f'inside = "{place.inside}"')
            if place.left_out:
                out.append("left_out = [" + ", ".join(f'"{name}"' for name in place.left_out) + "]")
    return ("\n".join(out) + "\n").encode()


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else f'"{name}"'


def rewritten(old: bytes, new: bytes) -> bytes:
    """A new plan with the desk's own lines of the old one, comments and all, wherever a table is the same."""
    kept = {header: (text, tables) for header, text, tables in _blocks(old.decode("utf-8-sig"))}
    parts = []
    for header, text, tables in _blocks(new.decode()):
        earlier = kept.get(header)
        parts.append(earlier[0] if earlier and earlier[1] == tables else text)
    merged = "\n\n".join(part.strip("\n") for part in parts) + "\n"
    same = _tables(merged) == _tables(new.decode())  # else the old plan is written in a way of its own
    return merged.encode() if same else new


def _blocks(text: str) -> Iterator[tuple[str, str, Any]]:
    """Every table of a plan with its header, its lines, comments before it included, and its values."""
    lines = text.splitlines()
    starts = [0]
    for at, line in enumerate(lines):
        if _HEADER.match(line):
            while at > 1 and lines[at - 1].lstrip().startswith("#"):
                at -= 1
            starts.append(at)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        block = lines[start:end]
        header = next((line.split("#")[0].strip() for line in block if _HEADER.match(line)), "")
        yield header, "\n".join(block), _tables("\n".join(block))


def _tables(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


# --------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class OldPlan:
    """A plan that need not fit the issue any more."""

    pins: Mapping[str, Pin]  # of items that stand on the page that the plan says
    gone: tuple[Pin, ...]  # of items that the issue, or that page of it, no longer has


def read_plan(data: bytes, file: str, issue: Issue, layout: str | None = None) -> Mapping[str, Pin]:
    """Item id → what is pinned of it. Raises SourceErrors, all at once, with lines.

    `issue` has the printed pages, `layout` is the one that it is made up in.
    """
    found = _Reader(data, file, issue, layout).read()
    pages = {page.number: {item.id for item in page.items} for page in issue.pages}
    _raise([_unknown(pin, pages[pin.page], file) for pin in found if pin.item not in pages[pin.page]])
    return {pin.item: pin for pin in found}


def check_plan(data: bytes, file: str, issue: Issue, layout: str) -> None:
    """Raises SourceErrors for what is wrong with a plan on whatever pages the issue will be printed."""
    found = _Reader(data, file, issue, layout, any_pages=True).read()
    known = {item.id for page in issue.pages for item in page.items}
    known |= {item.id for copy in issue.copy for item in copy.items}
    rests = {rest_id(item) for item in known}  # where the layout lets an article jump
    _raise([_unknown(pin, known, file) for pin in found if pin.item not in known | rests])


def _unknown(pin: Pin, known: Iterable[str], file: str) -> SourceError:
    hint = "delete the table, correct the id, or build with --replan; there are " + ", ".join(sorted(known))
    return SourceError(file, pin.line, f"page-{pin.page} has no item {pin.item}", hint, code="plan")


def read_old_plan(data: bytes, file: str, issue: Issue, layout: str | None = None) -> OldPlan:
    """A plan of which the issue may have grown away. Raises SourceErrors for what is no plan at all."""
    found = _Reader(data, file, issue, layout, any_pages=True).read()
    here = {(page.number, item.id) for page in issue.pages for item in page.items}
    pins = {pin.item: pin for pin in found if (pin.page, pin.item) in here}
    return OldPlan(pins, tuple(pin for pin in found if (pin.page, pin.item) not in here))


def pages_of(data: bytes) -> Mapping[str, int]:
    """Item id → number of the page that a plan puts it on, known or not.

    Never raises: what is wrong with the file is `read_plan`'s to say.
    """
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    found: dict[str, int] = {}
    for page, items in tables.items():
        if (named := _PAGE.fullmatch(page)) and isinstance(items, dict):
            for name in items:
                found.setdefault(name, int(named[1]))
    return found


class _Reader:
    """Reads the pins of a plan and collects what is wrong with it."""

    def __init__(
        self, data: bytes, file: str, issue: Issue, layout: str | None, *, any_pages: bool = False
    ) -> None:
        self.file, self.issue, self.layout, self.any_pages = file, issue, layout, any_pages
        self.faults: list[SourceError] = []
        try:
            text = data.decode("utf-8")
            self.tables = tomllib.loads(text)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self._say(_line_of(str(error)), f"not a page plan: {error}", "TOML in UTF-8")
            raise SourceErrors(self.faults) from None
        self.lines = text.splitlines()

    def read(self) -> list[Pin]:
        """All pins in their order. Raises SourceErrors."""
        tables = dict(self.tables)
        if tables.pop("issue", self.issue.id) != self.issue.id:
            self._say(self._find("issue"), "the plan of another issue", f'issue = "{self.issue.id}"')
        made_for = tables.pop("layout", self.layout)
        if self.layout is not None and made_for != self.layout:
            hint = f"build with --layout {made_for}, or keep it as {plan_name(self.issue, str(made_for))}"
            message = f"the plan of layout {made_for}, and this is {self.layout}"
            self._say(self._find("layout"), message, hint)
        found = [pin for page, items in tables.items() for pin in self._page(page, items)]
        _raise([*self.faults, *self._twice(found)])
        return found

    def _page(self, page: str, items: Any) -> Iterator[Pin]:
        known = [f"page-{page.number}" for page in self.issue.pages]
        named = _PAGE.fullmatch(page)
        if not named or not isinstance(items, dict) or not (self.any_pages or page in known):
            line = self._find(rf"\[?\s*\"?{re.escape(page)}\b")
            self._say(line, f"no page {page} in the issue", "one of " + ", ".join(known))
            return
        for name, table in items.items():
            line = self._find(rf"\[\s*{page}\s*\.\s*\"?{re.escape(name)}\"?\s*\]")
            if fault := _fault(table):
                key, message, hint = fault
                at = self._find(rf"{key}\b", line) if key and key in table else line
                self._say(at, f"{name}: {message}", hint)
            else:
                yield _pin(name, int(named[1]), table, line)

    def _twice(self, pins: Iterable[Pin]) -> Iterator[SourceError]:
        """An item that is planned on two pages."""
        seen: dict[str, Pin] = {}
        for pin in pins:
            first = seen.setdefault(pin.item, pin)
            if first is not pin and not self.any_pages:
                message = f"{pin.item} is planned on page-{first.page} and page-{pin.page}"
                yield SourceError(self.file, pin.line, message, "delete one of the tables", code="plan")

    def _say(self, line: int, message: str, hint: str) -> None:
        self.faults.append(SourceError(self.file, line, message, hint, code="plan"))

    def _find(self, pattern: str, after: int = 0) -> int:
        """The first line behind line `after` that begins so; the first of all when there is none."""
        begins = re.compile(rf"\s*{pattern}")
        numbered = enumerate(self.lines[after:], after + 1)
        return next((n for n, line in numbered if begins.match(line)), after or 1)


def _raise(faults: list[SourceError]) -> None:
    if faults:
        raise SourceErrors(faults)


def _fault(table: Any) -> tuple[str, str, str] | None:
    """The key that is at fault, what is wrong with it, and what would be right."""
    if not isinstance(table, dict):
        return "", "not a table", "any of " + ", ".join(_KEYS)
    for key, value in table.items():
        if key not in _KEYS:
            return key, f"unknown key {key}", "known are " + ", ".join(_KEYS)
        if key in _NUMBERS and not _is_number(value, _NUMBERS[key]):
            return key, f"{key} is {value!r}", f"a whole number, {_NUMBERS[key]} or more"
    size = table.get("headline_pt", 1)
    if isinstance(size, bool) or not isinstance(size, int | float) or not 1 <= size <= _LARGEST_PT:
        return "headline_pt", f"headline_pt is {size!r}", f"a size in points, 1 to {_LARGEST_PT}"
    pictures = table.get("pictures", [])
    if not isinstance(pictures, list) or not all(_is_number(legs, 0) for legs in pictures):
        return "pictures", f"pictures is {pictures!r}", "a list of whole numbers, such as [2, 1]"
    left_out = table.get("left_out", [])
    if not isinstance(left_out, list) or not all(isinstance(name, str) for name in left_out):
        return "left_out", f"left_out is {left_out!r}", 'a list of names, such as ["picture 2"]'
    if not isinstance(table.get("inside", ""), str):
        return "inside", f"inside is {table['inside']!r}", "the id of an article"
    for key in _SWITCHES:
        if not isinstance(table.get(key, False), bool):
            return key, f"{key} is {table[key]!r}", "true or false"
    if table.get("picture_at", "right") not in list(PictureAt):
        return "picture_at", f"picture_at is {table['picture_at']!r}", "one of " + ", ".join(PictureAt)
    return None


def _is_number(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _pin(name: str, page: int, table: Mapping[str, Any], line: int) -> Pin:
    values = dict(table)
    values["left_out"] = tuple(values.get("left_out", ()))
    if "headline_pt" in values:
        values["headline_pt"] = float(values["headline_pt"])
        values.setdefault("vertical", False)  # a size is that of a headline over the text
        values.setdefault("deck_beside", False)  # and of one over which its kicker stands
    if "pictures" in values:
        values["pictures"] = tuple(values["pictures"])
        values["picture_at"] = PictureAt(values.get("picture_at", PictureAt.RIGHT))
        values.setdefault("picture_clear", False)
    elif "picture_at" in values:
        values["picture_at"] = PictureAt(values["picture_at"])
    return Pin(name, page, line=line, **values)


def _line_of(message: str) -> int:
    """The line that the TOML reader's message names."""
    named = re.search(r"at line (\d+)", message)
    return int(named[1]) if named else 1


# --------------------------------------------------------------------------- what replanning changed


def changes(old: bytes, new: bytes, file: str, issue: Issue) -> tuple[SourceError, ...]:
    """What a new plan keeps no longer of the old one, as warnings at the old plan's lines."""
    before, after = (
        {pin.item: pin for pin in _Reader(data, file, issue, None, any_pages=True).read()}
        for data in (old, new)
    )

    def warning(line: int, message: str) -> SourceError:
        return SourceError(file, line, message, severity="warning", code="replan")

    found = [
        warning(pin.line, f"page-{pin.page} no longer has {pin.item}: its place is given to others")
        for name, pin in before.items()
        if name not in after
    ]
    for name, pin in after.items():
        if name not in before:
            found.append(warning(0, f"{name} is new to the plan of page-{pin.page}: {_words(pin, _KEYS)}"))
        elif differing := _differing(before[name], pin):
            said = f"{name} had {_words(before[name], differing)}, now {_words(pin, differing)}"
            found.append(warning(before[name].line, said))
    return tuple(sorted(found, key=lambda one: one.line))


def _differing(was: Pin, now: Pin) -> list[str]:
    """Keys whose value has changed; one that the old plan left out has not."""
    pairs = [(one.name, getattr(was, one.name), getattr(now, one.name)) for one in fields(Pin) if one.compare]
    return [key for key, had, has in pairs if had not in (None, has) and (had or has)]


def _words(pin: Pin, keys: Iterable[str]) -> str:
    """Some of a pin's values as the plan writes them."""
    values = [(key, getattr(pin, key)) for key in keys]
    return ", ".join(f"{key} {_value(value)}" for key, value in values if value not in (None, ()))


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return str(list(value))
    return f"{value:g}" if isinstance(value, float) else str(value).lower()
