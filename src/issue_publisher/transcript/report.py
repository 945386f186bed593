"""The import report: what was joined, mended, doubted or left out, for people and for programs.

Every finding names a line of the transcript and, once the XML is written, one of the XML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath
from typing import Any

from issue_publisher.issue.characters import code_point
from issue_publisher.issue.model import Issue
from issue_publisher.transcript.characters import UNSEEN
from issue_publisher.transcript.model import Audit, Doubt, ImportFinding, Transcript

FORMAT = 1  # of the report as data

# What each kind of finding is about, in the words of the text.
KINDS = {
    Doubt.CUT_PARAGRAPH: "a paragraph cut where a column ended",
    Doubt.MISSING_START: "begins in the middle of a sentence",
    Doubt.MISSING_END: "ends in the middle of a sentence",
    Doubt.MISPLACED: "stands where it does not belong",
    Doubt.FOREIGN_WORD: "a foreign word left by the recogniser",
    Doubt.HALF_WIDTH: "half-width marks beside Chinese",
    Doubt.STRAY_SPACE: "a stray space",
    Doubt.UNBALANCED: "quotation marks or brackets that do not pair",
    Doubt.NO_PICTURE: "a picture that is lost",
    Doubt.NO_CAPTION: "a picture without words",
    Doubt.GUESSED: "taken for something by its looks",
    Doubt.UNKNOWN: "set as a paragraph for want of better",
    Doubt.INVISIBLE: "a character that nobody sees, or that stands for a lost one",
    Doubt.LEFT_OUT: "no text of the paper",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be said of one import."""

    transcript: Transcript
    sha256: str  # of the transcript as it was handed in
    issue: Issue
    findings: tuple[ImportFinding, ...]
    places: tuple[tuple[int, str, str], ...] = ()
    profile: str | None = None  # the file of the paper's profile, if there is one
    audit: Audit | None = None


# --------------------------------------------------------------------------- for people


def report_text(report: Report, transcript: str, xml: str, *, every: bool = True) -> str:
    """The report as text, by kind; `transcript` and `xml` are the files as the archivist knows them.

    Without `every`, one row stands for a safe change on many lines: a screen is for what needs a person.
    """
    lines = [f"{transcript} → {xml}: {summary(report)}"]
    if report.audit is not None:
        lines.append(_account(report.audit))
    for doubt, found in _by_kind(report.findings).items():
        lines += ["", f"{doubt}: {KINDS[doubt]} ({_counts(found)})"]
        rows = _rows if every else _few_rows
        lines += [f"  {line}" for line in rows(found, PurePath(transcript).name, PurePath(xml).name)]
    return "\n".join(lines) + "\n"


def _account(audit: Audit) -> str:
    """Where the transcript's characters are, and which of the issue's it does not have."""
    said = f"characters: {audit.characters} in the transcript, {audit.kept} of them in the issue"
    if audit.left_out:
        left = ", ".join(f"{kind} {count}" for kind, count in audit.left_out)
        said += f"; label words, which the layout prints again: {left}"
    if audit.given:
        given = ", ".join(f"{item} {place} “{_shown(words)}”".strip() for item, place, words in audit.given)
        said += f"; words that no line of it has: {given}"
    return said


def summary(report: Report) -> str:
    """One line for the whole import."""
    issue = report.issue
    articles = sum(1 for _ in issue.articles())
    counts = [
        _count(len(issue.pages), "page"),
        _count(articles, "article"),
        _count(len(report.findings), "finding"),
    ]
    states = Counter(state(finding) for finding in report.findings)
    said = ", ".join(f"{states[name]} {name}" for name in STATES if states[name])
    return f"issue {issue.id}, {', '.join(counts)}" + (f" ({said})" if said else "")


STATES = ("done", "proposed", "doubtful")


def state(finding: ImportFinding) -> str:
    """Whether something was done, would be done, or is only doubted."""
    if finding.done:
        return "done"
    return "proposed" if finding.after != finding.before else "doubtful"


def _by_kind(findings: Sequence[ImportFinding]) -> Mapping[Doubt, list[ImportFinding]]:
    kinds = {doubt: [finding for finding in findings if finding.doubt is doubt] for doubt in Doubt}
    return {
        doubt: sorted(found, key=lambda each: (each.line, each.before, each.after, each.offset))
        for doubt, found in kinds.items()
        if found
    }


def _rows(found: Sequence[ImportFinding], transcript: str, xml: str) -> Iterator[str]:
    """A row each; the same change several times on one line is one row (the data have them one by one)."""
    for _, same in groupby(found, key=_sameness):
        first, *others = same
        times = f" ({len(others) + 1} times)" if others else ""
        yield f"{_place(first, transcript, xml)}: {_said(first)}{times}"


_FEW = 3  # rows of one change


def _few_rows(found: Sequence[ImportFinding], transcript: str, xml: str) -> Iterator[str]:
    """As `_rows`, but for safe changes that more than a few lines want: those are counted."""
    alike: dict[tuple[str, str, bool], list[ImportFinding]] = {}
    others: list[ImportFinding] = []
    for finding in found:
        if finding.safe and finding.before != finding.after:
            alike.setdefault((finding.before, finding.after, finding.done), []).append(finding)
        else:
            others.append(finding)
    for same in alike.values():
        lines = sorted({finding.line for finding in same})
        if len(lines) <= _FEW:
            others += same
            continue
        yield (
            f"{transcript}:{lines[0]} to {lines[-1]}: {_said(same[0])}, and {len(same) - 1} more like it"
            f" on {len(lines)} lines"
        )
    yield from _rows(sorted(others, key=lambda each: each.line), transcript, xml)


def _sameness(finding: ImportFinding) -> tuple[object, ...]:
    """Findings that are told in one row; what changes nothing is told one by one."""
    change = (finding.before, finding.after, finding.done)
    return finding.line, *(change if finding.before != finding.after else (finding.message,))


def _counts(found: Sequence[ImportFinding]) -> str:
    states = Counter(map(state, found))
    return ", ".join(f"{states[name]} {name}" for name in STATES if states[name])


def _place(finding: ImportFinding, transcript: str, xml: str) -> str:
    place = f"{transcript}:{finding.line}" if finding.line else transcript
    return f"{place} → {xml}:{finding.xml_line}" if finding.xml_line else place


def _said(finding: ImportFinding) -> str:
    change = ""
    if finding.after != finding.before:
        change = f": “{_shown(finding.before)}” → “{_shown(finding.after)}”"
    fix = ", --fix does it" if finding.safe and not finding.done else ""
    return f"{finding.message}{change}, {state(finding)}{fix}, confidence {finding.confidence:.2g}"


_SHOWN = 40  # characters of a change


def _shown(words: str) -> str:
    seen = UNSEEN.sub(lambda found: " ".join(map(code_point, found[0])), words).replace("\n", "⏎")
    return seen if len(seen) <= _SHOWN else f"{seen[: _SHOWN // 2]}…{seen[-_SHOWN // 2 :]}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


# --------------------------------------------------------------------------- for programs


def report_data(report: Report, program: str) -> dict[str, Any]:
    """The report as data; it says nothing of the machine it was made on."""
    transcript = report.transcript
    return {
        "format": FORMAT,
        "program": program,
        "transcript": {
            "name": PurePath(transcript.name).name,
            "sha256": report.sha256,
            "encoding": transcript.encoding,
            "kind": transcript.kind,
            "lines": transcript.lines[-1].number if transcript.lines else 0,
        },
        "profile": PurePath(report.profile).name if report.profile else None,
        "issue": {
            "id": report.issue.id,
            "date": report.issue.date.isoformat(),
            "pages": len(report.issue.pages),
            "articles": sum(1 for _ in report.issue.articles()),
        },
        "characters": _account_data(report.audit),
        "findings": [_finding_data(finding) for finding in report.findings],
        "lines": [list(place) for place in report.places],
    }


def _account_data(audit: Audit | None) -> dict[str, Any] | None:
    if audit is None:
        return None
    return {
        "transcript": audit.characters,
        "issue": audit.kept,
        "left_out": dict(audit.left_out),
        "given": [{"item": item, "place": place, "words": words} for item, place, words in audit.given],
    }


def _finding_data(finding: ImportFinding) -> dict[str, Any]:
    return {
        "doubt": str(finding.doubt),
        "state": state(finding),
        "line": finding.line,
        "offset": finding.offset,
        "xml_line": finding.xml_line,
        "message": finding.message,
        "before": finding.before,
        "after": finding.after,
        "confidence": finding.confidence,
        "safe": finding.safe,
    }
