"""What EPUBCheck and Ace report, as findings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from issue_publisher.preflight.finding import Finding, Severity

_OF_EPUBCHECK = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "USAGE": Severity.NOTE,
    "INFO": Severity.NOTE,
}
_OF_ACE = {
    "critical": Severity.ERROR,
    "serious": Severity.ERROR,
    "moderate": Severity.WARNING,
    "minor": Severity.NOTE,
}


class NoReportError(Exception):
    """A tool ran and left nothing that can be read."""


def epubcheck_findings(report: bytes, file: str) -> Iterator[Finding]:
    """From EPUBCheck's `--json`. Raises NoReportError."""
    for message in _read(report, "EPUBCheck").get("messages", []):
        severity = _OF_EPUBCHECK.get(message.get("severity", ""))
        if severity is None:  # suppressed
            continue
        words, hint = _words(message.get("message")), _words(message.get("suggestion"))
        tool = f"EPUBCheck {message.get('ID', '')}".strip()
        places = message.get("locations") or [{}]
        for place in places:
            inner = _inner(place.get("path") or "", file)
            yield Finding(file, inner, max(0, int(place.get("line") or 0)), severity, words, hint, tool)


def ace_findings(report: bytes, file: str) -> Iterator[Finding]:
    """From Ace's report.json. Raises NoReportError."""
    for subject in _read(report, "Ace").get("assertions", []):
        inner = str(subject.get("earl:testSubject", {}).get("url", ""))
        for assertion in subject.get("assertions", []):
            test, result = assertion.get("earl:test", {}), assertion.get("earl:result", {})
            if result.get("earl:outcome", "fail") == "pass":
                continue
            severity = _OF_ACE.get(test.get("earl:impact", ""), Severity.WARNING)
            words = _words(result.get("dct:description")) or _words(test.get("dct:description"))
            hint = _words(
                test.get("help", {}).get("dct:description") or test.get("help", {}).get("dct:title")
            )
            yield Finding(file, inner, 0, severity, words, hint, f"Ace {test.get('dct:title', '')}".strip())


def _read(report: bytes, tool: str) -> dict[str, Any]:
    try:
        found = json.loads(report)
    except ValueError as error:
        raise NoReportError(f"{tool} left no report that can be read") from error
    if not isinstance(found, dict):
        raise NoReportError(f"{tool} left no report that can be read")
    return found


def _words(value: object) -> str:
    return re.sub(r"\s+", " ", str(value or "")).strip()


def _inner(path: str, file: str) -> str:
    """EPUBCheck calls the container by its file's name."""
    return "" if path.rsplit("/", 1)[-1] == file.rsplit("/", 1)[-1] else path
