"""An issue as plain text can hold it: without mark-up inside a line."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from issue_publisher.issue.model import Inline, InlineKind, Text


def plain(value: Any) -> Any:
    """A value of the model, its texts without mark-up but for notes."""
    if isinstance(value, Text):
        return Text(_parts(value.parts))
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if is_dataclass(value) and not isinstance(value, type):
        inside = {each.name: plain(getattr(value, each.name)) for each in fields(value) if each.compare}
        return replace(value, **inside)
    return value


def _parts(parts: tuple[Inline, ...]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for part in parts:
        if part.kind is InlineKind.NOTE:
            words = "".join(child.plain for child in part.children)
            found.append(Inline(InlineKind.NOTE, children=(Inline(InlineKind.TEXT, words),)))
        elif found and found[-1].kind is InlineKind.TEXT:
            found[-1] = replace(found[-1], text=found[-1].text + part.plain)
        elif part.plain:
            found.append(Inline(InlineKind.TEXT, part.plain))
    return tuple(found)
