"""Where every character of a transcript went: the account that the audit checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from issue_publisher.transcript.pieces import Lines, Span, Words, needs_space

_WHITE = re.compile(r"[\t\r\n\v\f\x1c-\x1f\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a line that are mended: `start` to `end` become `words`."""

    start: int
    end: int
    words: str


Edits = Mapping[int, Sequence[Edit]]  # by line, in order, none over another


@dataclass(frozen=True, slots=True)
class Entry:
    """Words of a transcript that stand in one place of the issue."""

    item: str  # its id; nameplate, imprint, page-2
    field: str
    words: Words


@dataclass(slots=True)
class Ledger:
    """Collects what was used for what, while the issue is made."""

    lines: Lines
    edits: Edits
    entries: list[Entry] = field(default_factory=list)
    left: list[tuple[str, Span]] = field(default_factory=list)  # label words, by what they are
    given: list[tuple[str, str, str]] = field(default_factory=list)  # item, field, words no transcript has

    def say(self, item: str, field: str, words: Words) -> str:
        """The words of a place of the issue, mended, and entered."""
        self.entries.append(Entry(item, field, words))
        return _WHITE.sub(" ", edited(words, self.lines, self.edits)).strip()

    def give(self, item: str, field: str, words: str) -> str:
        """Words that stand in no line: of the profile, or of the order."""
        if words:
            self.given.append((item, field, words))
        return words

    def leave_out(self, left: Iterable[tuple[str, Span]]) -> None:
        """Words that the layout prints again, or that only say what a line is."""
        self.left += left


def edited(words: Iterable[Span], lines: Lines, edits: Edits) -> str:
    """The words of spans as they are once mended. An edit over the end of a span is not done."""
    parts, before, end = [], -1, ""
    for span in words:
        text = lines[span.at].text
        if before not in (-1, span.at) and needs_space(end, text[span.start : span.end]):
            parts.append(" ")
        parts.append(_mended(span, text, edits.get(span.at, ())))
        before, end = span.at, text[span.start : span.end][-1:]
    return "".join(parts)


def _mended(span: Span, text: str, edits: Sequence[Edit]) -> str:
    parts, reached = [], span.start
    for edit in edits:
        if span.start <= edit.start and edit.end <= span.end:
            parts += [text[reached : edit.start], edit.words]
            reached = edit.end
    return "".join([*parts, text[reached : span.end]])
