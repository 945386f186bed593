"""Whether nameplate, folio lines and imprint have room for what the issue says in them.

Their templates place them; how much room each has stands in the layout. Words that would run over
their neighbours are a fault of the source, found before anything is painted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from issue_publisher.composition.setter import Setter
from issue_publisher.issue import wording
from issue_publisher.issue.errors import SourceError
from issue_publisher.issue.model import Ear, Issue, Page, text
from issue_publisher.layout.model import Layout

_ROLE = "furniture"


def furniture_faults(issue: Issue, setter: Setter, file: str) -> list[SourceError]:
    """What does not fit its room, with what would."""
    return [
        SourceError(file, line, message, hint, code="overset")
        for line, message, hint in (
            *_ears(issue, setter),
            *_data(issue, setter),
            *(fault for page in issue.pages[1:] for fault in _folio(issue, page, setter)),
            *_imprint(issue, setter),
        )
    ]


Fault = tuple[int, str, str]


def _ears(issue: Issue, setter: Setter) -> Iterator[Fault]:
    room, ears = setter.layout.furniture, issue.nameplate.ears
    if not ears:
        return
    width = (room.ear_width_pt + room.ear_gap_pt) / len(ears) - room.ear_gap_pt - 2 * room.ear_pad_pt
    depth = room.ear_depth_pt - 2 * room.ear_pad_pt
    for ear in ears:
        if width < 4 * room.ear_size_pt:
            yield ear.line, f"the nameplate has no room for {len(ears)} ears", "leave out one ear"
            return
        over = _ear_depth(ear, setter, width) - depth
        if over > 0.01:
            lines = -int(-over // room.ear_leading_pt)
            characters = lines * int(width / room.ear_size_pt)
            yield ear.line, f"the ear is {lines} lines too long", f"cut about {characters} characters"


def _ear_depth(ear: Ear, setter: Setter, width: float) -> float:
    room = setter.layout.furniture
    lines = sum(
        len(setter.sized(text(paragraph.text.plain), _ROLE, room.ear_size_pt, width))
        for paragraph in ear.paragraphs
    )
    return lines * room.ear_leading_pt + (room.ear_head_leading_pt if ear.headline else 0.0)


def _data(issue: Issue, setter: Setter) -> Iterator[Fault]:
    """The line of date, numbers and level under the nameplate."""
    nameplate = issue.nameplate
    words = (*wording.date_line(nameplate), *wording.number_line(nameplate))
    gap = setter.layout.furniture.data_gap_pt
    page = wording.page_text(issue.pages[0]) if issue.pages else ""
    over = _side_by_side(words, setter, gap) + _wide(page, setter, size_pt=_place_pt(setter)) + gap
    over -= _measure(setter)
    if over > 0:
        hint = (
            "shorten date, level, serial number, edition or the page's title"
            f" by about {_characters(over, setter)} characters"
        )
        yield nameplate.line, "the line under the nameplate is too wide", hint


def _folio(issue: Issue, page: Page, setter: Setter) -> Iterator[Fault]:
    title = _wide(page.title, setter, "folio-title") * 1.3  # spaced by the template
    left = _wide("\u3000".join(wording.date_line(issue.nameplate)), setter)
    right = max(_wide(wording.editors_text(page.editors), setter), _wide(page.folio_line or "", setter))
    over = title + 2 * max(left + 4 * setter.role(_ROLE).size_pt, right) - _measure(setter)
    if over > 0:
        hint = f"shorten title, editors or folio line by about {_characters(over, setter)} characters"
        yield page.line, f"the folio line of page {page.number} is too wide", hint


def _imprint(issue: Issue, setter: Setter) -> Iterator[Fault]:
    room, leading = setter.layout.furniture, setter.role(_ROLE).leading_pt
    below = room_below(setter.layout)
    if issue.imprint is None and below <= 0:
        return
    size = setter.layout.furniture_pt.get("imprint_size", setter.role(_ROLE).size_pt)
    lines, used = 1, 0.0
    for words in (*wording.repeated_texts(issue), *wording.imprint_texts(issue.imprint)):
        wide = _wide(words, setter, size_pt=size) + room.imprint_gap_pt
        if used and used + wide > _measure(setter):
            lines, used = lines + 1, 0.0
        lines += int((wide - room.imprint_gap_pt) // _measure(setter))  # no datum is broken: it would run off
        used += wide
    depth = setter.layout.grid.depth_pt(room.imprint_lines) if issue.imprint else below
    over = lines - int(depth / leading)
    if over > 0:
        line, hint = issue.nameplate.line, "shorten sponsor, publisher or serial number"
        if issue.imprint:
            line, hint = issue.imprint.line, "leave out a note or shorten it"
        yield line, f"the imprint is {over} lines too long", hint


def room_below(layout: Layout) -> float:
    """How deep (pt) under the type area the data of an issue without an imprint may stand; 0: nowhere."""
    return layout.furniture_pt.get("imprint_below", 0.0)


def _place_pt(setter: Setter) -> float:
    """The size of the front page's number and title, where the layout has one of its own for them."""
    return setter.layout.furniture_pt.get("place_size", setter.role(_ROLE).size_pt)


def _measure(setter: Setter) -> float:
    grid = setter.layout.grid
    return grid.width_pt(grid.columns)


def _side_by_side(words: Sequence[str], setter: Setter, gap: float) -> float:
    return sum(_wide(one, setter) for one in words) + gap * len(words)


def _wide(words: str, setter: Setter, role: str = _ROLE, size_pt: float | None = None) -> float:
    lines = setter.sized(text(words), role, size_pt or setter.role(role).size_pt, 1e6) if words else ()
    return max(
        (line.runs[-1].x_pt + line.runs[-1].width_pt - line.runs[0].x_pt for line in lines), default=0.0
    )


def _characters(width: float, setter: Setter) -> int:
    return -int(-width // setter.role(_ROLE).size_pt)
