"""Where a page plan puts every piece, in the words of somebody who turns the pages: 第2版 右上."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from issue_publisher.archive.pieces import Place
from issue_publisher.composition.plan import pages_of
from issue_publisher.issue.model import Issue

_WIDE = 0.9  # of the type area's width: across the whole page
_THIRDS = (0.4, 0.6)  # of a page, between which a piece's middle is neither left nor right, up nor down
_WORDS = {
    ("左", "上"): "左上", ("", "上"): "上部", ("右", "上"): "右上",
    ("左", ""): "左侧", ("", ""): "中部", ("右", ""): "右侧",
    ("左", "下"): "左下", ("", "下"): "下部", ("右", "下"): "右下",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Area:
    """Part of a page: columns and lines of the grid, each from and up to."""

    left: int
    right: int
    top: int
    bottom: int


def places_of(plan: bytes, issue: Issue) -> dict[str, Place]:
    """Item id → its place. What the plan leaves open is left open; a plan that is none has no places.

    Never raises: what is wrong with the file is `validate`'s to say. How large a page is follows from what
    stands on it, and it is known only of a page that the plan fills.
    """
    said = dict(_numbers(plan))
    pages = pages_of(plan)
    known = {item.id for item in issue.items()}
    areas = {item: area for item, numbers in said.items() if (area := _area(numbers))}
    found: dict[str, Place] = {}
    for item in filter(known.__contains__, pages):  # not the rest of one that jumps, nor an older issue's
        here = [other for other, page in pages.items() if page == pages[item]]
        whole = [areas[other] for other in here if other in areas]
        words = _words(areas[item], whole) if len(whole) == len(here) > 1 else ""
        found[item] = Place(pages[item], words, _columns(said.get(item, {})))
    return found


def _numbers(plan: bytes) -> Iterator[tuple[str, dict[str, int]]]:
    """What a plan says of each item in whole numbers."""
    try:
        tables = tomllib.loads(plan.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return
    for items in tables.values():
        for name, table in items.items() if isinstance(items, dict) else ():
            if isinstance(table, dict):
                yield name, {key: value for key, value in table.items() if isinstance(value, int)}


def _area(numbers: dict[str, int]) -> _Area | None:
    if not {"column", "columns", "row", "lines"} <= numbers.keys():
        return None
    left, top = numbers["column"], numbers["row"]
    return _Area(left, left + numbers["columns"], top, top + numbers["lines"])


def _columns(numbers: dict[str, int]) -> tuple[int, int] | None:
    if not {"column", "columns"} <= numbers.keys():
        return None
    return numbers["column"] + 1, numbers["column"] + numbers["columns"]


def _words(area: _Area, page: list[_Area]) -> str:
    left, right = min(each.left for each in page), max(each.right for each in page)
    top, bottom = min(each.top for each in page), max(each.bottom for each in page)
    width, depth = max(right - left, 1), max(bottom - top, 1)
    up = _third((area.top + area.bottom) / 2 - top, depth, "上", "下")
    if area.right - area.left >= _WIDE * width:
        return _WORDS["", up] + "通栏"
    return _WORDS[_third((area.left + area.right) / 2 - left, width, "左", "右"), up]


def _third(middle: float, whole: int, first: str, last: str) -> str:
    share = middle / whole
    return first if share < _THIRDS[0] else last if share > _THIRDS[1] else ""
