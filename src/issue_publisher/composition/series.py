"""The numbered parts of a series (系列): pieces that a reader expects in order.

Parts of one series are articles whose `series` has one name, or whose rubrics are alike but for the number at
their end (案例一、案例二). A number alone among them makes no series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from issue_publisher.issue.model import Article, Item

_NUMBERED = re.compile(
    r"(.*?)\s*(?:([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])|(\d{1,3}))"
)
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of which series."""

    series: str
    number: int


def parts_of_series(items: Iterable[Item]) -> Mapping[str, Part]:
    """By id the parts among these items whose series has at least two of them."""
    parts = {item.id: part for item in items if isinstance(item, Article) for part in _parts(item)}
    rubrics = {item.id: _by_rubric(item) for item in items if isinstance(item, Article)}
    found: dict[str, Part] = {}
    for one in (parts, {name: part for name, part in rubrics.items() if part is not None}):
        several = [part.series for part in one.values()]
        found |= {name: part for name, part in one.items() if several.count(part.series) > 1}
    return found


def ordered_pairs(names: Sequence[str], parts: Mapping[str, Part]) -> list[tuple[str, str]]:
    """Of pieces those that belong in an order, by twos: the one with the smaller number first."""
    pairs = []
    for one, other in combinations([name for name in names if name in parts], 2):
        a, b = parts[one], parts[other]
        if a.series == b.series and a.number != b.number:
            pairs.append((one, other) if a.number < b.number else (other, one))
    return pairs


def _parts(article: Article) -> list[Part]:
    series = article.series
    return [Part(f"series {series.name}", series.part)] if series is not None else []


def _by_rubric(article: Article) -> Part | None:
    found = _NUMBERED.fullmatch(article.rubric or "")
    if found is None or not found[1]:
        return None
    return Part(f"rubric {found[1]}", int(found[3]) if found[3] else _number(found[2]))


def _number(numeral: str) -> int:
    """一 to 九十九."""
    tens, has_tens, ones = numeral.rpartition("十")
    if not has_tens:
        return _DIGITS.index(numeral)
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
