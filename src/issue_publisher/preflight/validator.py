"""What veraPDF reports of a PDF's conformance to PDF/A and PDF/UA, as findings.

The program veraPDF writes JSON; the driver of its library, tools/verapdf, a line for each broken rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.preflight.reports import NoReportError

_PAGE = re.compile(r"pages\[(\d+)\]")
_MOST = 5  # places of one rule that are told


def verapdf_findings(report: bytes, file: str, flavour: str) -> Iterator[Finding]:
    """From veraPDF's `--format json`. Raises NoReportError."""
    try:
        jobs = json.loads(report)["report"]["jobs"]
        results = [one for job in jobs for one in _listed(job.get("validationResult"))]
        broken = [job["taskException"] for job in jobs if job.get("taskException")]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoReportError("veraPDF left no report that can be read") from error
    if broken or not results:
        said = broken[0].get("exceptionMessage", "") if broken and isinstance(broken[0], dict) else ""
        raise NoReportError(f"veraPDF could not read the file{f': {said}' if said else ''}")
    for result in results:
        for rule in result.get("details", {}).get("ruleSummaries", []):
            if rule.get("ruleStatus", "FAILED") == "FAILED":
                yield from _of_rule(rule, file, flavour)


def library_findings(report: bytes, file: str) -> Iterator[Finding]:
    """From the driver of the library: FILE PROFILE rule CLAUSE-TEST TIMES PLACE WORDS, with tabs between.

    Raises NoReportError when it says of no profile whether the file passes.
    """
    lines = [line.split("\t") for line in report.decode(errors="replace").splitlines()]
    verdicts = [line for line in lines if len(line) > 2 and line[2] in ("pass", "fail")]
    broken = [line[3] for line in lines if len(line) > 3 and line[2] == "unreadable"]
    if broken or not verdicts:
        raise NoReportError("veraPDF could not read the file" + (f": {broken[0]}" if broken else ""))
    for line in lines:
        if len(line) >= 7 and line[2] == "rule":
            _, profile, _, rule, times, place, words = line[:7]
            found = _PAGE.search(place)
            said = f"{words} ({times} times)" if times != "1" else words
            page = int(found[1]) + 1 if found else 0
            yield Finding(file, "", 0, Severity.ERROR, said, "", f"veraPDF {profile} {rule}", "", page)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _of_rule(rule: dict[str, Any], file: str, flavour: str) -> Iterator[Finding]:
    """A rule that is broken, once for each page."""
    tool = f"veraPDF {flavour} {rule.get('clause', '')}-{rule.get('testNumber', '')}"
    pages: dict[int, str] = {}
    checks = rule.get("checks", [])
    for check in checks:
        found = _PAGE.search(str(check.get("context", "")))
        pages.setdefault(int(found[1]) + 1 if found else 0, str(check.get("errorMessage") or ""))
    failed = int(rule.get("failedChecks") or len(checks))
    words = re.sub(r"\s+", " ", str(rule.get("description", ""))).strip()
    for page, message in list(pages.items() or [(0, "")])[:_MOST]:
        said = f"{message or words} ({failed} times)" if failed > 1 else message or words
        yield Finding(file, "", 0, Severity.ERROR, said, words if message else "", tool, "", page)
