"""What a hit shows: its best passage, cut to a line round the words that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from issue_publisher.archive.folding import Folded, fold, folded
from issue_publisher.archive.pieces import COLUMNS, Column, Passage

_BEFORE, _LENGTH = 14, 56  # characters before the first mark, and in all
_MORE = "…"
# Of passages that show as much, the one that tells a reader most; a hit shows its headline anyway.
_TELLING = (Column.PEOPLE, Column.NOTES, Column.HEADS, Column.CAPTIONS, Column.BODY)
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """Words, and the stretches of them that were asked for."""

    words: str
    marks: tuple[Stretch, ...] = ()

    def shown(self, before: str, behind: str) -> str:
        """The words with something before and behind each mark."""
        out, at = "", 0
        for start, end in self.marks:
            out += self.words[at:start] + before + self.words[start:end] + behind
            at = end
        return out + self.words[at:]


@dataclass(frozen=True, slots=True)
class Snippet:
    """What is shown of a piece."""

    field: str  # what the passage is: body, caption …
    text: Marked
    line: int  # of the source, where the first mark stands


def marked(words: str, wanted: Sequence[str]) -> Marked:
    """Words with everything marked that was asked for; `wanted` is folded."""
    return Marked(words, _stretches(folded(words), wanted))


def snippet(passages: Sequence[Passage], wanted: Sequence[str]) -> Snippet | None:
    """The passage that shows most of what was asked for; with nothing asked for, how the piece begins.

    None when there is nothing but a headline.
    """
    others = [passage for passage in passages if passage.field != "headline"]
    best = max(others, key=lambda passage: _worth(passage, wanted), default=None)
    if best is None:
        return None
    marks = _stretches(folded(best.words), wanted)
    text, start = _cut(best.words, marks)
    return Snippet(best.field, text, best.line(marks[0][0] if marks else start))


def line_of_hit(passages: Sequence[Passage], wanted: Sequence[str]) -> int | None:
    """The first line of the source on which something stands that was asked for, headlines before all."""
    for passage in sorted(passages, key=lambda passage: passage.field != "headline"):
        if marks := _stretches(folded(passage.words), wanted):
            return passage.line(marks[0][0])
    return None


def _worth(passage: Passage, wanted: Sequence[str]) -> tuple[int, int, bool]:
    """How many different words it shows, and how much it tells."""
    words = fold(passage.words)
    shown = sum(word in words for word in wanted)
    return shown, _TELLING.index(COLUMNS[passage.field]), passage.field == "body"


def _stretches(words: Folded, wanted: Sequence[str]) -> tuple[Stretch, ...]:
    """Where the words stand; those that touch or overlap are one."""
    found: list[Stretch] = []
    for word in wanted:
        at = words.words.find(word)
        while at >= 0:
            found.append(words.stretch(at, len(word)))
            at = words.words.find(word, at + 1)
    joined: list[Stretch] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _cut(words: str, marks: Sequence[Stretch]) -> tuple[Marked, int]:
    """A line of the words, and the offset at which it begins."""
    first = marks[0] if marks else (0, 0)
    start = max(0, min(first[0] - _BEFORE, len(words) - _LENGTH))
    end = max(min(start + _LENGTH, len(words)), first[1])
    before, behind = _MORE if start else "", _MORE if end < len(words) else ""
    shift = len(before) - start
    inside = tuple((mark + shift, min(last, end) + shift) for mark, last in marks if mark < end)
    return Marked(before + words[start:end] + behind, inside), start
