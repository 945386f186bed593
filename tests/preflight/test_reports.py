"""What EPUBCheck and Ace say, in the desk's form."""

from __future__ import annotations

import json

import pytest

from issue_publisher.preflight.finding import Severity, in_order
from issue_publisher.preflight.reports import NoReportError, ace_findings, epubcheck_findings

EPUBCHECK = {
    "messages": [
        {
            "ID": "RSC-005",
            "severity": "ERROR",
            "message": "Error while parsing\n file",
            "suggestion": "Close it",
            "locations": [{"path": "EPUB/a.xhtml", "line": 7}, {"path": "EPUB/b.xhtml", "line": 9}],
        },
        {
            "ID": "PKG-016",
            "severity": "WARNING",
            "message": "Name",
            "locations": [{"path": "x.epub", "line": -1}],
        },
        {"ID": "CSS-028", "severity": "USAGE", "message": "Font", "locations": []},
        {"ID": "X", "severity": "SUPPRESSED", "message": "Silent", "locations": []},
    ]
}
ACE = {
    "assertions": [
        {
            "earl:testSubject": {"url": "a.xhtml"},
            "assertions": [
                {
                    "earl:test": {
                        "dct:title": "image-alt",
                        "earl:impact": "critical",
                        "help": {"dct:description": "Describe it"},
                    },
                    "earl:result": {"earl:outcome": "fail", "dct:description": "No alternative text"},
                },
                {"earl:test": {"dct:title": "x"}, "earl:result": {"earl:outcome": "pass"}},
            ],
        }
    ]
}


def test_epubcheck_s_messages_each_with_its_place() -> None:
    found = in_order(epubcheck_findings(json.dumps(EPUBCHECK).encode(), "x.epub"))
    assert [str(one) for one in found] == [
        "x.epub!/EPUB/a.xhtml:7: error: Error while parsing file (Close it) [EPUBCheck RSC-005]",
        "x.epub!/EPUB/b.xhtml:9: error: Error while parsing file (Close it) [EPUBCheck RSC-005]",
        "x.epub: warning: Name [EPUBCheck PKG-016]",
        "x.epub: note: Font [EPUBCheck CSS-028]",
    ]


def test_ace_s_violations() -> None:
    (found,) = ace_findings(json.dumps(ACE).encode(), "x.epub")
    assert found.severity is Severity.ERROR
    assert str(found) == "x.epub!/a.xhtml: error: No alternative text (Describe it) [Ace image-alt]"


@pytest.mark.parametrize("report", [b"", b"Exception in thread", b"[1]"])
def test_a_tool_that_leaves_no_report_is_told(report: bytes) -> None:
    with pytest.raises(NoReportError):
        list(epubcheck_findings(report, "x.epub"))
    with pytest.raises(NoReportError):
        list(ace_findings(report, "x.epub"))
