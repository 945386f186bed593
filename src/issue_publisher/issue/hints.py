"""The desk's hints, counted in the basic columns of another layout.

A desk that writes `columns="5"` thinks of the grid of the layout that the issue names. On another
grid the wish is the same share of the page's width.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from issue_publisher.issue.model import Advertisement, Figure, Hint, Issue
from issue_publisher.issue.parts import part_names


def hints_in_columns(issue: Issue, written_for: int, set_on: int) -> Issue:
    """The issue with its hints counted for a page of `set_on` basic columns instead of `written_for`.

    Widths of articles and pictures and numbers of legs keep their share of the page, at least one
    column each. An advertisement keeps the columns it was sold in.
    """
    if written_for == set_on:
        return issue
    scaled: Issue = _scaled(issue, set_on / written_for)
    return scaled


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, tuple):
        parts = tuple(_scaled(part, factor) for part in value)
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
    if isinstance(value, Advertisement):
        return value
    changed: dict[str, Any] = {}
    for name in part_names(value):
        old = getattr(value, name)
        is_hint = isinstance(value, Hint | Figure) and name in ("columns", "legs")
        new = _share(old, factor) if is_hint and old is not None else _scaled(old, factor)
        if new is not old:
            changed[name] = new
    return replace(value, **changed) if changed else value


def _share(count: int, factor: float) -> int:
    """Halves up: rather a column too wide than a picture too small to be seen."""
    return max(1, int(count * factor + 0.5))
