"""Notes (注释) taken out of an article's text: a mark (①) in it for each, their words at the article's end.

In the source a note stands where it belongs, inside the text. Print and e-book both want it apart, numbered
from 1 in each article in the order of the source; what was left out of an article takes its notes along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from issue_publisher.issue.model import Article, Inline, InlineKind, Note, Text
from issue_publisher.issue.parts import part_names

# Unicode has circled numbers up to fifty, in three rows.
MARKS = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))))
MOST_NOTES = len(MARKS)


def noted(article: Article, ids: str | None = None) -> Article:
    """The article with a mark in the place of each note, and the notes themselves in `notes`.

    An article without notes, or one whose notes are out already, comes back as it is. With `ids` each note
    has an id that begins so, and its mark knows it. They stand in the editor's note and the body only.
    """
    taking = _Taking(ids, list(article.notes))
    editors_note, body = taking.out_of(article.editors_note), taking.out_of(article.body)
    if editors_note is article.editors_note and body is article.body:
        return article
    return replace(article, editors_note=editors_note, body=body, notes=tuple(taking.notes))


def has_marks(text: Text) -> bool:
    """Whether marks of notes stand in a text whose notes were taken out."""
    return any(part.kind is InlineKind.NOTE and part.text for part in _inlines(text.parts))


def note_ids(value: Any) -> frozenset[str]:
    """Ids of the notes whose marks stand in a value of the model."""
    if isinstance(value, tuple):
        return frozenset[str]().union(*map(note_ids, value))
    if isinstance(value, Inline) and value.kind is InlineKind.NOTE:
        return frozenset({value.to}) if value.to else frozenset()
    names = part_names(value)
    return note_ids(tuple(getattr(value, name) for name in names)) if names else frozenset()


def _inlines(parts: tuple[Inline, ...]) -> Iterator[Inline]:
    for part in parts:
        yield part
        yield from _inlines(part.children)


@dataclass
class _Taking:
    """Notes being taken out of an article, in order of the source."""

    ids: str | None
    notes: list[Note] = field(default_factory=list)

    def out_of(self, value: Any) -> Any:
        """A value of the model without its notes; the same value when it has none."""
        if isinstance(value, tuple):
            parts = tuple(self.out_of(part) for part in value)
            return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
        if isinstance(value, Inline) and value.kind is InlineKind.NOTE:
            return self._mark(value) if value.children else value
        held = {name: getattr(value, name) for name in part_names(value)}
        changed = {name: new for name, old in held.items() if (new := self.out_of(old)) is not old}
        return replace(value, **changed) if changed else value

    def _mark(self, note: Inline) -> Inline:
        number = len(self.notes) + 1
        mark = MARKS[number - 1] if number <= MOST_NOTES else f"[{number}]"  # the reader lets no more pass
        its_id = None if self.ids is None else f"{self.ids}{number}"
        self.notes.append(Note(mark, Text(note.children, note.line), its_id, note.line))
        return Inline(InlineKind.NOTE, mark, to=its_id, line=note.line)
