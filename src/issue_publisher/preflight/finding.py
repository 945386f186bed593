"""What a check finds in a finished file, in the desk's form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

MOST_AREAS = 500  # of one finding; a page full of the same fault is one fault


class Severity(StrEnum):
    """How bad a finding is; the worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Area:
    """A place on a page in mm, from the upper left corner of its trim."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a tool or we ourselves have to say of a file."""

    file: str  # as the desk knows it
    inner: str  # the file inside it, or ""
    line: int  # 1-based, of the inner file; 0 when it has none
    severity: Severity
    message: str  # what is wrong
    hint: str = ""  # what would be right
    tool: str = ""  # who says so, with the name of the rule: EPUBCheck OPF-045
    source: str = ""  # where it comes from, when that is known: source/2026-11-23/issue.xml:33
    page: int = 0  # 1-based, of a PDF; 0 when it is the whole file's
    areas: tuple[Area, ...] = ()  # where on the page
    value: str = ""  # what was measured: 72 ppi
    limit: str = ""  # what it is held against: 150 ppi

    def __str__(self) -> str:
        place = f"{self.file}!/{self.inner}" if self.inner else self.file
        place += f":{self.line}" if self.line else ""
        said = f"{place}: {self._on_page()}{self.severity}: {self.message}"
        told = "; ".join(part for part in (self.hint, f"from {self.source}" if self.source else "") if part)
        said += f" ({told})" if told else ""
        return f"{said} [{self.tool}]" if self.tool else said

    def _on_page(self) -> str:
        if not self.page:
            return ""
        if not self.areas:
            return f"page {self.page}: "
        first, more = self.areas[0], len(self.areas) - 1
        at = f"page {self.page}, {first.left_mm:.1f} mm from the left, {first.top_mm:.1f} mm from the top"
        return f"{at}{f' and {more} more' if more else ''}: "


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity, then by place, each once."""
    order = list(Severity)
    kept = dict.fromkeys(findings)
    return tuple(sorted(kept, key=lambda one: (order.index(one.severity), one.page, one.inner, one.line)))


def gathered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What differs in its place on a page alone becomes one finding with all these places."""
    places: dict[Finding, dict[Area, None]] = {}
    for one in findings:
        kept = places.setdefault(replace(one, areas=()), {})
        if len(kept) < MOST_AREAS:
            kept.update(dict.fromkeys(one.areas))
    return tuple(replace(one, areas=tuple(areas)) for one, areas in places.items())
