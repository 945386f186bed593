"""What a reader asks for: words side by side are all wanted.

铝锂 合金            both, anywhere in the same piece
"铝锂 合金"          just so (“铝锂 合金” too)
钛 OR 镁 合金        one of the two beside OR, and 合金
合金 -高熵           not the one behind the dash
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from issue_publisher.archive.folding import fold, phrase

MOST_CHARACTERS, MOST_WORDS = 500, 40
_OPENING, _CLOSING = '"“”＂', '"”＂'
_WORD = re.compile(
    rf"(?P<dash>[-－]?)(?:[{_OPENING}](?P<quoted>[^{_CLOSING}]*)(?P<end>[{_CLOSING}]?)"
    rf"|(?P<plain>(?![-－])[^\s{_OPENING}]+))|(?P<alone>[-－])"
)


class QueryError(Exception):
    """A query that asks for nothing that could be found; the message says why."""


@dataclass(frozen=True, slots=True)
class Query:
    """Folded words: of each group one is wanted, and none of `without`."""

    groups: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """All words that a hit may show, each once."""
        return tuple(dict.fromkeys(word for group in self.groups for word in group))

    @property
    def expression(self) -> str:
        """The same for the full-text index."""
        wanted = " AND ".join(f"({' OR '.join(map(phrase, group))})" for group in self.groups)
        return f"({wanted})" + "".join(f" NOT {phrase(word)}" for word in self.without)


@dataclass(frozen=True, slots=True)
class _Word:
    words: str  # folded; of one that says nothing, such as a mark of a title, empty
    shown: str
    dash: bool = False
    quoted: bool = False

    @property
    def is_or(self) -> bool:
        return self.shown == "OR" and not self.quoted and not self.dash


def read_query(asked: str) -> Query:
    """Read what was asked. Raises QueryError."""
    if len(asked) > MOST_CHARACTERS:
        raise QueryError(f"{len(asked)} characters are too many ({MOST_CHARACTERS} at most)")
    words = list(_words(asked))
    if len(words) > MOST_WORDS:
        raise QueryError(f"{len(words)} words are too many ({MOST_WORDS} at most)")
    groups: list[tuple[str, ...]] = []
    for at, word in enumerate(words):
        if word.is_or:
            _check_or(words, at)
        elif not word.dash:
            joined = at > 0 and words[at - 1].is_or
            groups[len(groups) - joined :] = [(*(groups[-1] if joined else ()), word.words)]
    without = tuple(word.words for word in words if word.dash)
    if not groups:
        if without:
            raise QueryError(f"-{words[0].shown} is not wanted, and nothing is (a word that is, before it)")
        raise QueryError("no word to look for (spaces, quotation marks and the like count for nothing)")
    return Query(tuple(groups), without)


def _words(asked: str) -> Iterator[_Word]:
    for found in _WORD.finditer(asked):
        if found["alone"]:
            raise QueryError("a dash with no word behind it (-词, with no space between)")
        if found["quoted"] is not None and not found["end"]:
            raise QueryError(f"a quotation mark opens before {found['quoted'] or 'nothing'} and none closes")
        shown = found["plain"] if found["quoted"] is None else found["quoted"]
        word = _Word(fold(shown), shown, bool(found["dash"]), found["quoted"] is not None)
        if word.words:
            yield word


def _check_or(words: list[_Word], at: int) -> None:
    """OR stands between two words that are wanted."""
    beside = [*words[max(at - 1, 0) : at], *words[at + 1 : at + 2]]
    if len(beside) < 2 or any(word.is_or for word in beside):
        raise QueryError('OR stands between two words (for the word itself, "OR")')
    if any(word.dash for word in beside):
        raise QueryError("OR beside a word that is not wanted (钛 OR 镁 -合金)")
