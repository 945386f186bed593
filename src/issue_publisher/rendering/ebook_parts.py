"""Very long articles in several documents: readers lay out a document whole, and choke on a large one.

The parts of an article are articles: the first has its head, the last its signature, and each a piece of the
body, so that a template need not know that there are several.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from issue_publisher.issue.model import Article, Block, Byline, BylinePlace, Crosshead, Note
from issue_publisher.issue.notes import note_ids
from issue_publisher.issue.parts import part_names

_MARKUP = 12  # bytes of tags that a value of the model becomes, about
_LEAST = 0.5  # of the even share: a part that ends at a crosshead may be so short


def divided(article: Article, most_bytes: float) -> tuple[Article, ...]:
    """The article in parts of at most about so many bytes of XHTML, divided at crossheads if possible.

    A block is never divided, so one that is larger is a part of its own.
    """
    bodies = _bodies(article.body, most_bytes)
    if len(bodies) < 2:
        return (article,)
    opening, ending = _bylines(article.byline)
    first = replace(article, body=bodies[0], byline=opening, affiliation=None, signature=None)
    bare = Article(article.id, weight=article.weight, genre=article.genre, lang=article.lang)
    middle = [replace(bare, body=body, line=body[0].line) for body in bodies[1:]]
    last = replace(middle[-1], byline=ending, affiliation=article.affiliation, signature=article.signature)
    return tuple(_with_its_notes(part, article.notes) for part in (first, *middle[:-1], last))


def _with_its_notes(part: Article, notes: tuple[Note, ...]) -> Article:
    """A note stands in the document of its mark: only there can a reader show it over the text."""
    here = note_ids((part.editors_note, part.body))
    return replace(part, notes=tuple(note for note in notes if note.id in here))


def _bylines(byline: Byline | None) -> tuple[Byline | None, Byline | None]:
    """It in the first part or in the last, wherever it stands."""
    at_end = byline is not None and byline.place is BylinePlace.END
    return (None, byline) if at_end else (byline, None)


def _bodies(body: tuple[Block, ...], most: float) -> list[tuple[Block, ...]]:
    sizes = [_bytes(block) for block in body]
    found, start = [], 0
    while sum(sizes[start:]) > most and start < len(body) - 1:
        end = _cut(body, sizes, start, most)
        found.append(body[start:end])
        start = end
    return [*found, body[start:]] if body[start:] else found


def _cut(body: tuple[Block, ...], sizes: list[int], start: int, most: float) -> int:
    """Where the part that begins at `start` ends: so that the parts are even, and before a crosshead."""
    left = sum(sizes[start:])
    share = left / ceil(left / most)
    size = dict(zip(range(start + 1, len(body)), _sums(sizes[start:]), strict=False))
    fitting = [at for at in size if size[at] <= most]
    # A crosshead begins what it stands over; it never ends a part.
    crossheads = [at for at in fitting if isinstance(body[at], Crosshead) and size[at] >= share * _LEAST]
    between = [at for at in fitting if not isinstance(body[at - 1], Crosshead)]
    places = [at for at in crossheads if not isinstance(body[at - 1], Crosshead)] or between or [start + 1]
    return min(places, key=lambda at: (abs(size[at] - share), at))


def _sums(sizes: list[int]) -> list[int]:
    total, sums = 0, []
    for size in sizes:
        total += size
        sums.append(total)
    return sums


def _bytes(value: object) -> int:
    """About as many bytes as a value of the model has as XHTML."""
    if isinstance(value, str):
        return len(value.encode(errors="replace"))
    if isinstance(value, tuple):
        return sum(map(_bytes, value))
    names = part_names(value)
    return _MARKUP + sum(_bytes(getattr(value, name)) for name in names) if names else 0
