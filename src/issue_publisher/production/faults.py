"""Whatever the rooms call what is wrong, said in one way: as findings with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable

from issue_publisher.fonts.catalogue import FontError
from issue_publisher.issue.errors import SourceError, SourceErrors, in_order
from issue_publisher.layout.errors import LayoutErrors
from issue_publisher.rendering.pdf import RenderError
from issue_publisher.rendering.templates import TemplateFault

_PLACED = re.compile(r"(?P<file>.+?)(?::(?P<line>\d+))?: (?P<message>.+?)(?: \((?P<hint>.*)\))?", re.DOTALL)


class EnvironmentFault(Exception):  # noqa: N818 - neither the source nor the program is at fault
    """The machine does not let us: a folder that cannot be written, a full disk, a library that lacks."""


def _of_source(fault: SourceErrors) -> list[SourceError]:
    return list(fault.errors)


def _of_layout(fault: LayoutErrors) -> list[SourceError]:
    return [SourceError(e.file, e.line, e.message, e.hint, code=e.code) for e in fault.errors]


def _of_template(fault: TemplateFault) -> list[SourceError]:
    return [SourceError(fault.file, fault.line, fault.message, fault.hint, code="template")]


def _of_fonts(fault: FontError) -> list[SourceError]:
    findings = []
    for problem in fault.problems:
        if placed := _PLACED.fullmatch(problem):
            where = placed["file"], int(placed["line"] or 0)
            findings.append(SourceError(*where, placed["message"], placed["hint"] or "", code="fonts"))
        else:
            findings.append(SourceError("fonts.toml", 0, problem, code="fonts"))
    return findings


def _of_painting(fault: RenderError) -> list[SourceError]:
    return [SourceError("press.pdf", 0, line, code="render") for line in str(fault).splitlines()]


_KINDS: dict[type[Exception], Callable[..., list[SourceError]]] = {
    SourceErrors: _of_source,
    LayoutErrors: _of_layout,
    TemplateFault: _of_template,
    FontError: _of_fonts,
    RenderError: _of_painting,
}
FAULTS = tuple(_KINDS)


def findings_of(fault: Exception) -> tuple[SourceError, ...]:
    """The findings of one of `FAULTS`, by file and line."""
    told = next(told for kind, told in _KINDS.items() if isinstance(fault, kind))
    return in_order(told(fault))
