"""Mends done and undone: a finding that was done holds what stood there before, and where.

Only findings that change characters count. They are told by the numbers of lines, which a plain text has each
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from issue_publisher.transcript.model import ImportFinding


def mend(lines: Sequence[tuple[int, str]], findings: Iterable[ImportFinding]) -> tuple[tuple[int, str], ...]:
    """Lines of a transcript, each with its number, as they are once mended."""
    by_line = _changes(findings)
    return tuple((number, _changed(text, by_line.get(number, ()), undo=False)) for number, text in lines)


def undo(lines: Sequence[tuple[int, str]], findings: Iterable[ImportFinding]) -> tuple[tuple[int, str], ...]:
    """Mended lines as they stood in the transcript: `undo(mend(lines, findings), findings) == lines`."""
    by_line = _changes(findings)
    return tuple((number, _changed(text, by_line.get(number, ()), undo=True)) for number, text in lines)


def _changes(findings: Iterable[ImportFinding]) -> dict[int, list[ImportFinding]]:
    changes: dict[int, list[ImportFinding]] = {}
    for finding in sorted(findings, key=lambda each: (each.line, each.offset)):
        if finding.done and finding.before != finding.after:
            changes.setdefault(finding.line, []).append(finding)
    return changes


def _changed(text: str, findings: Iterable[ImportFinding], *, undo: bool) -> str:
    parts, reached, shift = [], 0, 0
    for finding in findings:
        old, new = (finding.after, finding.before) if undo else (finding.before, finding.after)
        start = finding.offset + (shift if undo else 0)
        if text[start : start + len(old)] != old:
            raise ValueError(f"line {finding.line}: “{old}” does not stand at {start}")
        parts += [text[reached:start], new]
        reached = start + len(old)
        shift += len(finding.after) - len(finding.before)
    return "".join([*parts, text[reached:]])
