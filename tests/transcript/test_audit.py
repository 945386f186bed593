"""The account of characters notices what an import loses, adds or moves."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from issue_publisher.issue.model import Article, Issue, Paragraph, text
from issue_publisher.transcript import importer
from issue_publisher.transcript.audit import LossyImportError, audit
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.ledger import Ledger
from issue_publisher.transcript.profile import GENERAL, Profile
from transcript.texts import WHOLE, transcript

DAY = datetime.date(2026, 5, 12)


def first_article(issue: Issue, change: Callable[[Article], Article]) -> Issue:
    page = issue.pages[0]
    article = page.items[0]
    assert isinstance(article, Article)
    return replace(issue, pages=(replace(page, items=(change(article), *page.items[1:])), *issue.pages[1:]))


def turned(article: Article) -> Article:
    return replace(article, body=tuple(reversed(article.body)))


def shortened(article: Article) -> Article:
    return replace(article, body=article.body[:-1])


def longer(article: Article) -> Article:
    return replace(article, body=(*article.body, Paragraph(text("谁也没有写过这一句。"))))


def retitled(article: Article) -> Article:
    return replace(article, headline=text("三号炉大修提前五天点火"))


def without_author(article: Article) -> Article:
    return replace(article, byline=None)


@pytest.mark.parametrize(
    "change", [turned, shortened, longer, retitled, without_author], ids=lambda c: c.__name__
)
def test_an_issue_that_says_something_else_never_ships(
    change: Callable[[Article], Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(issue: Issue, ledger: Ledger, profile: Profile) -> object:
        return audit(first_article(issue, change), ledger, profile)

    monkeypatch.setattr(importer, "audit", spoiled)
    with pytest.raises(LossyImportError):
        import_issue(transcript(WHOLE), GENERAL)


@pytest.mark.parametrize("spoil", ["entry", "left", "twice"])
def test_a_ledger_that_forgets_or_repeats_never_ships(spoil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoiled(issue: Issue, ledger: Ledger, profile: Profile) -> object:
        if spoil == "entry":
            del ledger.entries[-1]
        elif spoil == "left":
            del ledger.left[-1]
        else:
            ledger.entries.append(ledger.entries[-1])
        return audit(issue, ledger, profile)

    monkeypatch.setattr(importer, "audit", spoiled)
    with pytest.raises(LossyImportError, match=r"is lost|is used twice"):
        import_issue(transcript(WHOLE), GENERAL)
