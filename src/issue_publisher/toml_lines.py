"""On which line of a TOML file a key stands, for messages: tomllib does not tell."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

Keys = tuple[str | int, ...]  # the keys that lead to a value, from the top of the file; of a row its number


def lines_of_keys(text: str) -> dict[Keys, int]:
    """The line, from 1, of each key and table of a valid TOML text; a row of [[tables]] by its number.

    A statement is as many lines as it takes to be TOML by itself. Of a key of several rows its name alone
    leads to the first of them.
    """
    places: dict[Keys, int] = {}
    table: Keys = ()
    rows: Counter[Keys] = Counter()
    waiting: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        waiting.append(line)
        try:
            statement = tomllib.loads("\n".join(waiting))
        except tomllib.TOMLDecodeError:
            continue
        started, waiting = number - len(waiting) + 1, []
        paths = list(_paths(statement))
        if started == number and line.lstrip().startswith("["):
            table = paths[-1]
            if line.lstrip().startswith("[["):
                rows[table] += 1
                table = (*table, rows[table] - 1)
            paths = [table[:depth] for depth in range(1, len(table) + 1)]
        else:
            paths = [table + path for path in paths]
        for path in paths:
            places.setdefault(path, started)
    return places


def _paths(value: Any) -> Iterator[Keys]:
    """The paths of all keys of nested tables, outer before inner."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (key,)
            yield from ((key, *path) for path in _paths(inner))
