"""Errors for the desk: file, line, what is wrong, what would be right. Collected, then shown together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from issue_publisher.issue.model import Issue

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class SourceError:
    """One thing wrong in a file that a person wrote."""

    file: str  # as the desk knows it, relative to where it works
    line: int  # 1-based; 0 when the fault has no line
    message: str  # what is wrong
    hint: str = ""  # what would be right
    severity: Severity = "error"
    code: str = "source"  # a short slug for programs: duplicate-id, kangxi-radical …

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class SourceErrors(Exception):  # noqa: N818 (the plural says what it holds)
    """Everything found wrong in one go, by file and line.

    `issue` is what could be read all the same, for the checks that come after; nothing is made from it.
    """

    def __init__(self, errors: Iterable[SourceError], issue: Issue | None = None) -> None:
        self.errors: tuple[SourceError, ...] = in_order(errors)
        self.issue = issue
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))

    def __iter__(self) -> Iterator[SourceError]:
        return iter(self.errors)


def in_order(errors: Iterable[SourceError]) -> tuple[SourceError, ...]:
    """By file and line, as a person reads them; those of one line stay in the order found."""
    return tuple(sorted(errors, key=lambda error: (error.file, error.line)))
