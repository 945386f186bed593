"""The parts that a value of the model is made of, for whoever looks through all of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache


def part_names(value: object) -> tuple[str, ...]:
    """The attributes of a value, in the order of the source; none of plain values."""
    kind: type = type(value)
    return _names(kind)


@cache  # a page has ten thousand values of a dozen kinds
def _names(kind: type) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in fields(kind)) if is_dataclass(kind) else ()


def walk(value: object) -> Iterator[object]:
    """Every value inside a value of the model, itself the first, in the order of the source."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, tuple):
            waiting.extend(reversed(value))
        elif names := part_names(value):
            waiting.extend([getattr(value, name) for name in reversed(names)])
