"""`report.json`: what the make-up of an issue is like, as data; docs/make-up.md says what each key means.

Keys stand in a fixed order and numbers are rounded, so that two reports can be compared line by line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from issue_publisher.composition.report import PageReport, Rung, Solved, Verdict
from issue_publisher.issue.errors import SourceError
from issue_publisher.issue.model import Page
from issue_publisher.production.load import Source
from issue_publisher.rendering.ebook_plan import item_title

NAME = "report.json"
FORMAT = 1

ReportData = dict[str, Any]


def make_report(
    source: Source,
    printed: Sequence[Page],
    pages: Sequence[PageReport],
    findings: Sequence[SourceError] = (),
) -> ReportData:
    """The report of an issue: its pages in their order, those that could not be made with the findings alone.

    `printed`: the pages that were to be made; `pages`: what is said of those that were; `findings`: what kept
    the others from being made, and warnings of make-up. Findings that cannot be laid at the door of one page
    stand with the issue.
    """
    reports = {report.page: report for report in pages}
    placed = _by_page(source.file, printed, findings)
    plan = None if source.plan is None else _sha256(source.plan)
    return {
        "format": FORMAT,
        "issue": source.issue.id,
        "layout": {"name": source.layout.name, "version": source.layout.version},
        "source_sha256": _sha256(source.xml),
        "plan_sha256": plan,
        "made": not any(finding.severity == "error" for finding in findings),
        "findings": [asdict(finding) for finding in placed[None]],
        "pages": [_page(page, reports.get(page.number), placed[page.number]) for page in printed],
    }


def _page(page: Page, report: PageReport | None, findings: Sequence[SourceError]) -> ReportData:
    titles = {item.id: item_title(item) for item in page.items}
    head = {"page": page.number, "title": page.title, "made": report is not None}
    said = [asdict(finding) for finding in findings]
    if report is None:
        return {**head, "findings": said}
    return {
        **head,
        "fill": round(report.fill, 4),
        "blank": round(report.blank, 4),
        "overset_lines": report.overset_lines,
        "penalty": _number(sum(verdict.penalty for verdict in report.verdicts)),
        "ladder": [_rung(rung, titles) for rung in report.ladder],
        "rules": [_verdict(verdict) for verdict in report.verdicts],
        "solved": _solved(report.solved),
        "findings": said,
    }


def _rung(rung: Rung, titles: Mapping[str, str]) -> ReportData:
    return {
        "item": rung.item,
        "headline": titles.get(rung.item, ""),
        "size_pt": rung.size_pt,
        "lines": rung.lines,
        "columns": rung.columns,
        "row": rung.row,
    }


def _verdict(verdict: Verdict) -> ReportData:
    return {
        "rule": verdict.rule,
        "hard": verdict.hard,
        "kept": verdict.kept,
        "penalty": _number(verdict.penalty),
        "items": list(verdict.items),
        "words": verdict.words,
    }


def _solved(solved: Solved | None) -> ReportData | None:
    if solved is None:
        return None
    return {
        "status": solved.status,
        "objective": _number(solved.objective),
        "bound": _number(solved.bound),
        "deterministic_time": _number(solved.deterministic_time),
        "rounds": solved.rounds,
    }


def _by_page(
    file: str, printed: Sequence[Page], findings: Sequence[SourceError]
) -> dict[int | None, list[SourceError]]:
    """Findings by the page whose lines of the XML they point to; None: by no page.

    Sheets that share a page of the source share its line, too: the first of them has what is said of it.
    """
    found: dict[int | None, list[SourceError]] = {page.number: [] for page in printed}
    found[None] = []
    begins = {item.line: page.number for page in reversed(printed) for item in page.items}
    begins |= {page.line: page.number for page in reversed(printed)}
    for finding in findings:
        above = [line for line in begins if 0 < line <= finding.line and finding.file == file]
        found[begins[max(above)] if above else None].append(finding)
    return found


def _number(value: float) -> float:
    return round(value, 3) + 0.0  # no −0.0


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
