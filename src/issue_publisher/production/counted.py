"""Numbers as they are said."""

from __future__ import annotations


def counted(number: int, word: str) -> str:
    """A number with its word: 1 issue, 2 issues."""
    return f"{number} {word}{'' if number == 1 else 's'}"
