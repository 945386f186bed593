"""Characters of the transcript against characters of the issue: none lost, none added, none out of order.

The issue is walked by itself, field by field of the model, and what is found is held against the ledger, and
the ledger against the lines. Label words that the layout prints again are left out by name, and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

from issue_publisher.issue.model import Article, Briefs, Inline, Issue, Item, PictureItem, Text
from issue_publisher.transcript.ledger import Ledger, edited
from issue_publisher.transcript.model import Audit
from issue_publisher.transcript.pieces import Lines, Span
from issue_publisher.transcript.profile import Profile

_WHITE = re.compile(r"\s+")
# Fields of the model that hold no words of the paper.
_NO_WORDS = frozenset(
    ["id", "lang", "layout", "version", "src", "genre", "to", "href", "variant", "place", "line", "lines",
     "part", "number", "weight", "focal", "columns", "optional", "missing", "ordered", "head", "links",
     "hint", "size", "kind", "relation"]
)  # fmt: skip
_BODY = frozenset(
    ["paragraph", "crosshead", "pull quote", "source", "item", "verse line", "cell", "quotation", "caption",
     "credit"]
)  # fmt: skip


class LossyImportError(Exception):
    """A fault of this program: an import would lose, add or reorder characters. Nothing is made of it."""


def audit(issue: Issue, ledger: Ledger, profile: Profile) -> Audit:
    """The account of every character. Raises LossyImportError when it does not come out even."""
    lines = ledger.lines
    _each_character_once(ledger, lines)
    counted = Counter(name for name, _ in ledger.left for _ in ())
    for name, span in ledger.left:
        counted[name] += len(bare(lines[span.at].text[span.start : span.end]))
    _words_agree(issue, ledger)
    _bodies_agree(issue, ledger)
    whole = sum(len(bare(line.text)) for line in lines)
    kept = whole - sum(counted.values())
    return Audit(whole, kept, tuple(sorted(counted.items())), tuple(ledger.given))


def bare(words: str) -> str:
    """Without white space."""
    return _WHITE.sub("", words)


def unlabelled(ledger: Ledger, profile: Profile, furniture: Iterable[str]) -> tuple[tuple[str, Span], ...]:
    """Words that a pattern leaves out though they are no labels; `furniture` is what folio lines repeat."""
    one = re.compile("(?:" + "|".join(f"(?:{each})" for each in profile.labels.words) + r"|\s)+")
    known = {bare(words) for words in furniture}
    return tuple(
        (name, span)
        for name, span in ledger.left
        if not one.fullmatch(words := ledger.lines[span.at].text[span.start : span.end])
        and bare(words) not in known
    )


def _each_character_once(ledger: Ledger, lines: Lines) -> None:
    """Every character that is no white space lies in exactly one span, and spans of a place go forward."""
    spans: dict[int, list[Span]] = {}
    for entry in ledger.entries:
        if list(entry.words) != sorted(entry.words):
            raise LossyImportError(f"{entry.item}, {entry.field}: out of order")
        for span in entry.words:
            spans.setdefault(span.at, []).append(span)
    for _, span in ledger.left:
        spans.setdefault(span.at, []).append(span)
    for at, line in enumerate(lines):
        reached = 0
        for span in sorted(spans.get(at, ())):
            if span.start < reached:
                raise LossyImportError(
                    f"line {line.number}: “{line.text[span.start : reached]}” is used twice"
                )
            _nothing_between(line.text[reached : span.start], line.number)
            reached = span.end
        _nothing_between(line.text[reached:], line.number)


def _nothing_between(words: str, number: int) -> None:
    if words.strip():
        raise LossyImportError(f"line {number}: “{words.strip()[:40]}” is lost")


def _words_agree(issue: Issue, ledger: Ledger) -> None:
    """What stands in each item is what the ledger says of it: the same words, as often."""
    wanted: dict[str, Counter[str]] = {}
    for entry in ledger.entries:
        words = bare(edited(entry.words, ledger.lines, ledger.edits))
        wanted.setdefault(entry.item, Counter())[words] += 1
    for item, _, words in ledger.given:
        wanted.setdefault(item, Counter())[bare(words)] += 1
    found: dict[str, Counter[str]] = {}
    for item, words in _words_of_issue(issue):
        if bare(words):
            found.setdefault(item, Counter())[bare(words)] += 1
    for counter in wanted.values():
        del counter[""]
    for item in wanted.keys() | found.keys():
        lost, added = Counter(wanted.get(item)), Counter(found.get(item))
        lost.subtract(found.get(item, Counter()))
        added.subtract(wanted.get(item, Counter()))
        for words in sorted(+lost):
            raise LossyImportError(f"{item}: “{words[:40]}” is not in the issue")
        for words in sorted(+added):
            raise LossyImportError(f"{item}: “{words[:40]}” is in no transcript")


def _bodies_agree(issue: Issue, ledger: Ledger) -> None:
    """The blocks of each body stand in the order of the transcript."""
    articles = {article.id: article for article in issue.articles()}
    wanted: dict[str, list[str]] = {}
    reached: dict[tuple[str, str], Span] = {}
    for entry in ledger.entries:
        if entry.field in _BODY and entry.words:
            words = bare(edited(entry.words, ledger.lines, ledger.edits))
            wanted.setdefault(entry.item, []).append(words)
            row = (entry.item, "" if entry.item in articles else entry.field)
            if entry.words[0] < reached.get(row, entry.words[0]):
                raise LossyImportError(f"{entry.item}: “{words[:40]}” stands out of order")
            reached[row] = entry.words[0]
    for id_, article in articles.items():
        found = [bare(words) for words in _words(article.body) if bare(words)]
        for item, place, words in ledger.given:
            if item == id_ and place == "alt":
                found.remove(bare(words))
        if found != [words for words in wanted.get(id_, []) if words]:
            raise LossyImportError(f"{id_}: its body is not in the order of the transcript")


# --------------------------------------------------------------------------- all words of an issue


def _words_of_issue(issue: Issue) -> Iterator[tuple[str, str]]:
    """Every text of an issue with the item it stands in, by the fields of the model."""
    yield from (("nameplate", words) for words in _words(issue.nameplate))
    if issue.imprint is not None:
        yield from (("imprint", words) for words in _words(issue.imprint))
    for page in issue.pages:
        yield f"page-{page.number}", page.title
        yield from ((f"page-{page.number}", words) for words in _words((page.editors, page.folio_line)))
        for item in page.items:
            yield from _words_of_item(item)


def _words_of_item(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item, Briefs):
        yield item.id, item.rubric
        for article in item.articles:
            yield from _words_of_item(article)
    elif isinstance(item, Article | PictureItem):
        yield from ((item.id, words) for words in _words(item))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, Text):
        yield value.plain
    elif isinstance(value, Inline):
        raise LossyImportError("inline markup outside of a text")
    elif isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _words(each)
    elif is_dataclass(value):
        for each in fields(value):
            if each.name == "running_number" and getattr(value, each.name) is not None:
                yield str(getattr(value, each.name))
            elif each.name not in _NO_WORDS or (each.name == "number" and _is_text(value)):
                yield from _words(getattr(value, each.name))


def _is_text(value: object) -> bool:
    """Whether `number` is words: a telephone's."""
    return isinstance(getattr(value, "number", None), str)
