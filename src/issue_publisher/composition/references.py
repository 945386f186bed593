"""References that say a page (见2版): on paper they say the page on which the piece is printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from issue_publisher.issue.model import Inline, InlineKind
from issue_publisher.issue.parts import part_names

T = TypeVar("T")

_PAGE = re.compile("(第?)(?:[0-9]+|[一二三四五六七八九十]+)版")


def repaged(value: T, pages: Mapping[str, int]) -> T:
    """A value of the model in which every `<ref>` whose words are a page number says that of its piece.

    `pages`: id → number of the printed page. Everything else stays the same value.
    """
    if isinstance(value, Inline) and value.kind is InlineKind.REFERENCE:
        said = _PAGE.fullmatch(value.plain)
        number = pages.get(value.to or "")
        if said and number:
            words = Inline(InlineKind.TEXT, f"{said[1]}{number}版", line=value.line)
            return replace(value, text="", children=(words,), line_starts=())
        return value
    made: T = _inside(value, pages)
    return made


def _inside(value: Any, pages: Mapping[str, int]) -> Any:
    if isinstance(value, tuple):
        made = tuple(repaged(each, pages) for each in value)
        return value if all(a is b for a, b in zip(made, value, strict=True)) else made
    held = {name: getattr(value, name) for name in part_names(value)}
    changed = {name: new for name, old in held.items() if (new := repaged(old, pages)) is not old}
    return replace(value, **changed) if changed else value
