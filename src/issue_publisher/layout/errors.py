"""What is wrong in a `layout.toml`, said so that the desk can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayoutError:
    """One finding, in the same words and order as those about an issue's XML."""

    file: str
    line: int
    message: str
    hint: str = ""
    severity: str = "error"
    code: str = "layout"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class LayoutErrors(Exception):  # noqa: N818 - several of them, as the name says
    """All that is wrong in a layout, together."""

    def __init__(self, errors: Iterable[LayoutError]) -> None:
        self.errors = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))
