"""Lines of a labelled transcript with their notes, and what their labels say: numbers, flags, choices."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from issue_publisher.issue.errors import SourceError
from issue_publisher.issue.model import Inline, InlineKind, Relation, Text
from issue_publisher.transcript.model import Label, TranscriptLine


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A line with the notes (注释) that stand in it."""

    line: TranscriptLine
    notes: tuple[TranscriptLine, ...] = ()

    @property
    def label(self) -> Label:
        return self.line.label or Label.PARAGRAPH

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def words(self) -> str | None:
        return self.line.text or None


HINT = ("columns", "legs", "place", "box", "jump", "hint")
LINKS = tuple(relation.value for relation in Relation)
# What the label of a line may say more of.
_ATTRIBUTES: dict[Label, tuple[str, ...]] = {
    Label.ISSUE: ("id", "date", "layout", "lang", "version"),
    Label.NAMEPLATE: ("part",),
    Label.IMPRINT: ("part", "label"),
    Label.PAGE: ("number",),
    Label.EDITOR: ("role",),
    Label.BRIEFS: ("id", "weight", *HINT),
    Label.PICTURES: ("id", "weight", *HINT),
    Label.ARTICLE: ("id", "weight", "genre", "lang", *HINT, *LINKS),
    Label.BRIEF: ("id", "lang", "weight", "genre", *HINT, *LINKS),
    Label.ADVERTISEMENT: ("id", "kind", "columns", "depth-mm", "size", "place"),
    Label.SERIES: ("name", "part"),
    Label.BYLINE: ("place", "role", "affiliation"),
    Label.PARAGRAPH: ("optional",),
    Label.PULL_QUOTE: ("optional",),
    Label.LIST_ITEM: ("new", "ordered"),
    Label.QUOTATION: ("new",),
    Label.QUESTION: ("by",),
    Label.ANSWER: ("by",),
    Label.VERSE: ("new", "stanza"),
    Label.TABLE_ROW: ("new", "head"),
    Label.FIGURE: ("src", "missing", "alt", "focal", "optional", "columns"),
    Label.NOTE: ("at", "cell"),
}

_WITH_NOTES = {
    Label.PARAGRAPH, Label.EDITORS_NOTE, Label.LIST_ITEM, Label.QUOTATION, Label.QUESTION, Label.ANSWER,
    Label.VERSE, Label.TABLE_ROW,
}  # fmt: skip
_WITHOUT_TEXT = {
    Label.ISSUE, Label.ARTICLE, Label.BRIEF, Label.PICTURES, Label.ADVERTISEMENT, Label.BOX_END,
}  # fmt: skip

_Choice = TypeVar("_Choice", bound=StrEnum)
_Number = TypeVar("_Number", int, float)


@dataclass
class LineReading:
    """Reads single lines and gathers what is wrong with them."""

    name: str
    faults: list[SourceError] = field(default_factory=list)

    def wrong(self, line: int, message: str, hint: str) -> None:
        self.faults.append(self.fault(line, message, hint))

    def fault(self, line: int, message: str, hint: str) -> SourceError:
        return SourceError(self.name, line, message, hint, code="labelled")

    # ----------------------------------------------------------------------- lines

    def with_notes(self, lines: Iterable[TranscriptLine]) -> list[LabelledLine]:
        """The lines, each with its notes; what a label does not know, or has no place for, is wrong."""
        found: list[LabelledLine] = []
        for line in lines:
            self.known_attributes(line)
            if line.label is not Label.NOTE:
                self._no_text(line)
                found.append(LabelledLine(line))
            elif found and found[-1].label in _WITH_NOTES:
                found[-1] = replace(found[-1], notes=(*found[-1].notes, line))
            else:
                where = (
                    f"〔{found[-1].label}〕 holds no notes" if found else "a note without a line before it"
                )
                self.wrong(line.number, where, "put it behind the line of the text that it stands in")
        return found

    def _no_text(self, line: TranscriptLine) -> None:
        if line.label in _WITHOUT_TEXT and line.text:
            hint = "write the text on a line below, with its own label"
            self.wrong(line.number, f"〔{line.label}〕 holds no text: {line.text[:12]}", hint)

    def known_attributes(self, line: TranscriptLine) -> None:
        known = _ATTRIBUTES.get(line.label or Label.PARAGRAPH, ())
        for name, _ in line.attributes:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = f"is {near[0]} meant?" if near else "it may say " + (", ".join(known) or "nothing")
                self.wrong(line.number, f"〔{line.label}〕 does not know {name}=", hint)

    def only(
        self, lines: Iterable[LabelledLine], allowed: Collection[Label], where: str
    ) -> list[LabelledLine]:
        """The lines that may stand here; the others are wrong."""
        kept = []
        for line in lines:
            if line.label in allowed:
                kept.append(line)
            else:
                short = "" if len(line.line.text) <= 12 else "…"
                said = f"〔{line.label}〕{line.line.text[:12]}{short} cannot stand in {where}"
                self.wrong(line.number, said, "put it where it belongs, or give it another label")
        return kept

    def one(self, lines: Sequence[LabelledLine], label: Label) -> LabelledLine | None:
        """The line with a label of which there may be one."""
        found = [line for line in lines if line.label is label]
        for line in found[1:]:
            self.wrong(line.number, f"a second 〔{label}〕", f"the first stands in line {found[0].number}")
        return found[0] if found else None

    def text(self, line: LabelledLine | None) -> Text | None:
        """The text of a line with its notes; None when there is none."""
        if line is None or not line.line.text:
            return None
        return self.annotated(line.line.text, line.notes, line.number)

    def must(self, line: LabelledLine) -> Text:
        """The text of a line; an empty one is for the check of the issue to find."""
        return self.text(line) or Text((), line.number)

    def annotated(self, words: str, notes: Sequence[TranscriptLine], number: int) -> Text:
        parts: list[Inline] = []
        done = 0
        for note in notes:
            at = self.number(note, "at", int)
            if at is None or not done <= at <= len(words):
                self.wrong(
                    note.number, "a note without a place", f"at= counts characters, {done} to {len(words)}"
                )
                continue
            if at > done:
                parts.append(Inline(InlineKind.TEXT, words[done:at], line=number))
            said = Inline(InlineKind.TEXT, note.text, line=note.number)
            parts.append(Inline(InlineKind.NOTE, children=(said,), line=note.number))
            done = at
        if words[done:]:
            parts.append(Inline(InlineKind.TEXT, words[done:], line=number))
        return Text(tuple(parts), number)

    # ----------------------------------------------------------------------- attributes

    def number(self, line: TranscriptLine, name: str, kind: Callable[[str], _Number]) -> _Number | None:
        value = line.attribute(name)
        try:
            return None if value is None else kind(value)
        except ValueError:
            self.wrong(line.number, f"{name}={value} is no number", "write digits")
            return None

    def flag(self, line: TranscriptLine, name: str) -> bool:
        value = line.attribute(name)
        if value not in (None, "true", "false"):
            self.wrong(line.number, f"{name}={value}", "write true or false")
        return value == "true"

    def optional_flag(self, line: TranscriptLine, name: str) -> bool | None:
        return self.flag(line, name) if line.attribute(name) is not None else None

    def choice(self, line: TranscriptLine, name: str, usual: _Choice) -> _Choice:
        return self.optional_choice(line, name, type(usual)) or usual

    def optional_choice(self, line: TranscriptLine, name: str, kind: type[_Choice]) -> _Choice | None:
        value = line.attribute(name)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError:
            self.wrong(line.number, f"{name}={value}", "one of " + ", ".join(kind))
            return None

    def id(self, line: TranscriptLine) -> str:
        value = line.attribute("id")
        if not value:
            self.wrong(line.number, f"〔{line.label}〕 without an id", f"write 〔{line.label} id=…〕")
        return value or ""
