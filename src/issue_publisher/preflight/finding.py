"""What a check finds in a finished file, in the desk's form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is; the worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


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

    def __str__(self) -> str:
        place = f"{self.file}!/{self.inner}" if self.inner else self.file
        place += f":{self.line}" if self.line else ""
        said = f"{place}: {self.severity}: {self.message}"
        told = "; ".join(part for part in (self.hint, f"from {self.source}" if self.source else "") if part)
        said += f" ({told})" if told else ""
        return f"{said} [{self.tool}]" if self.tool else said


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity, then by place, each once."""
    order = list(Severity)
    kept = dict.fromkeys(findings)
    return tuple(sorted(kept, key=lambda one: (order.index(one.severity), one.inner, one.line)))
