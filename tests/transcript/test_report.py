"""The import report: every finding with its lines, in rows for people and one by one for programs."""

from __future__ import annotations

import json
from dataclasses import replace

from issue_publisher.issue.reader import read_issue
from issue_publisher.issue.writer import write_issue
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.model import Doubt, ImportFinding
from issue_publisher.transcript.profile import GENERAL
from issue_publisher.transcript.reader import read_transcript
from issue_publisher.transcript.report import KINDS, Report, report_data, report_text, state
from issue_publisher.transcript.xml_lines import with_xml_lines
from transcript.papers import PLAIN

SCARRED = (
    PLAIN.replace("班长陈静说，", "班长陈静说,")
    .replace("出两炉钢水，", "出两炉钢水,")
    .replace("砖是工人们一块", "砖是工人们\n\n一块")
)


def report_of(text: str) -> tuple[Report, list[str]]:
    """The report on a transcript, and the lines of its XML."""
    transcript = read_transcript(text.encode(), "old/paper.txt")
    made = import_issue(transcript, GENERAL)
    xml = write_issue(made.issue).decode()
    written = read_issue(xml.encode(), "issue.xml")
    findings = with_xml_lines(transcript, (*transcript.findings, *made.findings), made, xml, written)
    report = Report(transcript, "ab" * 32, written, findings, made.places, audit=made.audit)
    return report, xml.split("\n")


def test_every_finding_leads_to_the_words_in_the_xml() -> None:
    report, xml = report_of(SCARRED)
    found = {finding.doubt: finding for finding in report.findings}
    assert {Doubt.CUT_PARAGRAPH, Doubt.HALF_WIDTH, Doubt.NO_PICTURE} <= found.keys()
    assert "砖是工人们一块一块" in xml[found[Doubt.CUT_PARAGRAPH].xml_line - 1]
    assert "班长陈静说," in xml[found[Doubt.HALF_WIDTH].xml_line - 1]
    assert "图为工人在炉前取样" in xml[found[Doubt.NO_PICTURE].xml_line - 1]
    assert all(finding.xml_line for finding in report.findings)


def test_a_line_that_went_to_caption_and_credit_leads_to_the_right_one() -> None:
    report, xml = report_of(PLAIN)
    line = next(each for each in report.transcript.lines if each.text.startswith("图为"))
    made = import_issue(report.transcript, GENERAL)
    finding = ImportFinding(Doubt.STRAY_SPACE, line.number, "", 1, " ", "　", offset=line.text.index(" "))
    credit = replace(finding, offset=len(line.text) - 1, before="摄")
    first, second = with_xml_lines(
        report.transcript, (replace(finding, offset=4), credit), made, "\n".join(xml), report.issue
    )
    assert "<caption>" in xml[first.xml_line - 1]
    assert "<credit>" in xml[second.xml_line - 1]


def test_the_text_tells_by_kind_what_was_done() -> None:
    report, _ = report_of(SCARRED)
    text = report_text(report, "old/paper.txt", "source/2026-11-23/issue.xml")
    head, *rows = text.splitlines()
    assert head.startswith(
        "old/paper.txt → source/2026-11-23/issue.xml: issue 2026-11-23, 2 pages, 4 articles, "
    )
    assert f"cut-paragraph: {KINDS[Doubt.CUT_PARAGRAPH]} (1 done)" in rows
    (row,) = [row for row in rows if "“,” → “，”" in row]
    assert row.startswith("  paper.txt:17 → issue.xml:")
    assert row.endswith(", proposed, --fix does it, confidence 0.98 (2 times)")


def test_on_a_screen_a_safe_change_of_many_lines_is_one_row_and_what_wants_a_person_is_not_lost() -> None:
    report, _ = report_of(PLAIN.replace("，", ",").replace("砖是工人们一块", "砖是工人们\n\n一块"))
    rows = report_text(report, "paper.txt", "issue.xml", every=False).splitlines()
    commas = [finding for finding in report.findings if finding.before == ","]
    (row,) = [row for row in rows if "“,” → “，”" in row]
    lines = {finding.line for finding in commas}
    assert len(lines) > 3
    assert row.endswith(f", and {len(commas) - 1} more like it on {len(lines)} lines")
    whole = report_text(report, "paper.txt", "issue.xml").splitlines()
    assert [row for row in whole if "“,” → “，”" not in row] == [
        each for each in rows if "“,” → “，”" not in each
    ]


def test_the_data_have_each_finding_and_each_line() -> None:
    report, _ = report_of(SCARRED)
    data = json.loads(json.dumps(report_data(report, "issue-publisher 0"), ensure_ascii=False))
    assert data["transcript"] == {
        "name": "paper.txt", "sha256": "ab" * 32, "encoding": "utf-8", "kind": "text",
        "lines": SCARRED.count("\n") + 1,
    }  # fmt: skip
    assert len(data["findings"]) == len(report.findings)
    half_width = [each for each in data["findings"] if each["doubt"] == "half-width"]
    assert [(each["before"], each["after"], each["state"]) for each in half_width] == [
        (",", "，", "proposed")
    ] * 2
    written = [line.number for line in report.transcript.lines if not line.is_blank]
    assert sorted({line for line, _, _ in data["lines"]}) == written


def test_the_account_of_the_characters() -> None:
    report, _ = report_of(SCARRED)
    account = report_data(report, "issue-publisher 0")["characters"]
    assert account["transcript"] == sum(not char.isspace() for char in SCARRED)
    assert account["transcript"] == account["issue"] + sum(account["left_out"].values())
    assert account["left_out"]["byline"] == len("（）（）（）□")
    second = report_text(report, "paper.txt", "issue.xml").splitlines()[1]
    assert second.startswith(
        f"characters: {account['transcript']} in the transcript, {account['issue']} of them"
    )


def test_states() -> None:
    doubt = ImportFinding(Doubt.UNBALANCED, 1, "", 0.5, "”", "”")
    assert [state(each) for each in (doubt, replace(doubt, after="“"), replace(doubt, done=True))] == [
        "doubtful",
        "proposed",
        "done",
    ]


def test_every_kind_has_words() -> None:
    assert set(KINDS) == set(Doubt)


def test_what_nobody_sees_is_shown_by_its_number() -> None:
    report, _ = report_of(PLAIN.replace("炉子不会老", "炉子\u200b不会老"))
    assert ": “U+200B” → “”, done, confidence 1" in report_text(report, "paper.txt", "issue.xml")
