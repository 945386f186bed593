"""The sample issue, typed off its pages, comes back piece by piece; the general profile has never seen it."""

from __future__ import annotations

from pathlib import Path

import pytest

from issue_publisher.issue.model import Briefs, Issue
from issue_publisher.issue.reader import read_issue
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.model import Doubt
from issue_publisher.transcript.profile import GENERAL
from transcript.printed import typed_off
from transcript.texts import transcript

# It has neither byline nor dateline, and stands below a piece that does not say where it ends.
MERGED = "今天十五，月亮明晚圆"


@pytest.fixture(scope="module")
def sample(repository: Path) -> Issue:
    return read_issue((repository / "source" / "2026-11-23" / "issue.xml").read_bytes(), "issue.xml")


def headlines(issue: Issue) -> list[tuple[int, str]]:
    return [
        (page.number, article.headline.plain.replace("\u3000", " ") if article.headline else "")
        for page in issue.pages
        for item in page.items
        for article in (item.articles if isinstance(item, Briefs) else [item])
        if hasattr(article, "body")
    ]


@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["blank lines", "no blank lines"])
def test_the_sample_typed_off_its_pages_comes_back(sample: Issue, gap: str) -> None:
    result = import_issue(transcript(typed_off(sample, gap)), GENERAL)
    wanted = [each for each in headlines(sample) if each[1] != MERGED]
    assert headlines(result.issue) == wanted
    assert [page.title for page in result.issue.pages] == [page.title for page in sample.pages]
    assert [page.editors for page in result.issue.pages] == [page.editors for page in sample.pages]
    assert result.issue.nameplate.running_number == sample.nameplate.running_number
    assert result.issue.imprint is not None
    assert any(finding.doubt is Doubt.GUESSED for finding in result.findings)
