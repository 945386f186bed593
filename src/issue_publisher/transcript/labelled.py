"""A transcript that is labelled throughout → its issue: every line says what it is, and nothing is guessed.

The reverse of `writer`. Structure comes from the lines that begin something (〔版〕, 〔稿件〕, 〔简讯〕 …);
within a piece headings, byline and the like may stand in any order, the blocks of its body stand in theirs.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementKind,
    AdvertisementPlace,
    AdvertisementSize,
    Article,
    Author,
    Block,
    Box,
    Briefs,
    Byline,
    BylinePlace,
    Cell,
    Copy,
    Crosshead,
    Ear,
    Editor,
    Exchange,
    Figure,
    Hint,
    Imprint,
    Inline,
    InlineKind,
    Issue,
    Item,
    Link,
    ListBlock,
    Nameplate,
    Page,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    Relation,
    SeriesPart,
    Table,
    Telephone,
    Text,
    Verse,
    Weight,
)
from issue_publisher.transcript.labels import part_cells
from issue_publisher.transcript.model import Imported, Label, Transcript, TranscriptLine
from issue_publisher.transcript.writer import IMPRINT, NAMEPLATE


def issue_of_labelled(transcript: Transcript) -> Issue:
    """The issue that a labelled transcript holds; its values carry the transcript's lines.

    Raises SourceErrors with everything that is wrong: labels in the wrong place, twice where one may stand,
    attributes that say nothing sensible. Whether the issue is valid `write_issue` says.
    """
    reading = _Reading(transcript.name)
    lines = [line for line in transcript.lines if not line.is_blank]
    if not lines or lines[0].label is not Label.ISSUE:
        number = lines[0].number if lines else 0
        reading.wrong(number, "a labelled transcript does not begin so", "begin with 〔一期 id=… date=…〕")
        raise SourceErrors(reading.faults)
    issue = reading.issue(lines[0], reading.with_notes(lines[1:]))
    if reading.faults:
        raise SourceErrors(reading.faults)
    return issue


def import_labelled(
    transcript: Transcript, *, issue_id: str | None = None, day: date | None = None
) -> Imported:
    """The same as an import: without a finding, and with the place of every line."""
    issue = issue_of_labelled(transcript)
    issue = replace(issue, id=issue_id or issue.id, date=day or issue.date)
    return Imported(issue, (), tuple(_places(transcript.lines)))


def _places(lines: Iterable[TranscriptLine]) -> Iterator[tuple[int, str, str]]:
    item = ""
    for line in lines:
        if line.label in _ITEMS | {Label.BRIEF}:
            item = line.attribute("id") or ""
        elif line.label in (Label.PAGE, Label.COPY, Label.IMPRINT):
            item = ""
        if line.label is not None:
            yield line.number, line.label.name.lower().replace("_", "-"), item


@dataclass(frozen=True, slots=True)
class _Line:
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


_ITEMS = {Label.ARTICLE, Label.BRIEFS, Label.PICTURES, Label.ADVERTISEMENT}
_BLOCKS = {
    Label.PARAGRAPH, Label.CROSSHEAD, Label.LIST_ITEM, Label.QUOTATION, Label.SOURCE, Label.PULL_QUOTE,
    Label.QUESTION, Label.ANSWER, Label.VERSE, Label.TABLE_CAPTION, Label.TABLE_ROW, Label.FIGURE,
    Label.CREDIT, Label.BOX, Label.BOX_END,
}  # fmt: skip
_BRIEF = {Label.HEADLINE, Label.DATELINE, Label.BYLINE, Label.SIGNATURE} | _BLOCKS
_ARTICLE = _BRIEF | {
    Label.RUBRIC, Label.SERIES, Label.KICKER, Label.ALTERNATIVE, Label.DECK, Label.EDITORS_NOTE,
    Label.STANDFIRST, Label.AFFILIATION,
}  # fmt: skip
_PICTURES = {Label.RUBRIC, Label.HEADLINE, Label.FIGURE, Label.CREDIT, Label.PARAGRAPH}
_HINT = ("columns", "legs", "place", "box", "jump", "hint")
_LINKS = tuple(relation.value for relation in Relation)
# What the label of a line may say more of.
_ATTRIBUTES: dict[Label, tuple[str, ...]] = {
    Label.ISSUE: ("id", "date", "layout", "lang", "version"),
    Label.NAMEPLATE: ("part",),
    Label.IMPRINT: ("part", "label"),
    Label.PAGE: ("number",),
    Label.EDITOR: ("role",),
    Label.BRIEFS: ("id", "weight", *_HINT),
    Label.PICTURES: ("id", "weight", *_HINT),
    Label.ARTICLE: ("id", "weight", "genre", "lang", *_HINT, *_LINKS),
    Label.BRIEF: ("id", "lang", "weight", "genre", *_HINT, *_LINKS),
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

_Choice = TypeVar("_Choice", bound=StrEnum)
_Number = TypeVar("_Number", int, float)


@dataclass
class _Reading:
    """Reads lines into values and gathers what is wrong with them."""

    name: str
    faults: list[SourceError] = field(default_factory=list)

    def wrong(self, line: int, message: str, hint: str) -> None:
        self.faults.append(SourceError(self.name, line, message, hint, code="labelled"))

    # ----------------------------------------------------------------------- lines

    def with_notes(self, lines: Iterable[TranscriptLine]) -> list[_Line]:
        """The lines, each with its notes; attributes that a label does not know are wrong."""
        found: list[_Line] = []
        for line in lines:
            self._known_attributes(line)
            if line.label is not Label.NOTE:
                found.append(_Line(line))
            elif found:
                found[-1] = replace(found[-1], notes=(*found[-1].notes, line))
            else:
                self.wrong(
                    line.number, "a note without a line before it", "put it behind the line it stands in"
                )
        return found

    def _known_attributes(self, line: TranscriptLine) -> None:
        known = _ATTRIBUTES.get(line.label or Label.PARAGRAPH, ())
        for name, _ in line.attributes:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = f"is {near[0]} meant?" if near else "it may say " + (", ".join(known) or "nothing")
                self.wrong(line.number, f"〔{line.label}〕 does not know {name}=", hint)

    def only(self, lines: Iterable[_Line], allowed: Collection[Label], where: str) -> list[_Line]:
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

    def one(self, lines: Sequence[_Line], label: Label) -> _Line | None:
        """The line with a label of which there may be one."""
        found = [line for line in lines if line.label is label]
        for line in found[1:]:
            self.wrong(line.number, f"a second 〔{label}〕", f"the first stands in line {found[0].number}")
        return found[0] if found else None

    def text(self, line: _Line | None) -> Text | None:
        """The text of a line with its notes; None when there is none."""
        if line is None or not line.line.text:
            return None
        return self._annotated(line.line.text, line.notes, line.number)

    def must(self, line: _Line) -> Text:
        """The text of a line; an empty one is for the check of the issue to find."""
        return self.text(line) or Text((), line.number)

    def _annotated(self, words: str, notes: Sequence[TranscriptLine], number: int) -> Text:
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

    # ----------------------------------------------------------------------- issue and pages

    def issue(self, head: TranscriptLine, lines: list[_Line]) -> Issue:
        self._known_attributes(head)
        day = date.min
        try:
            day = date.fromisoformat(head.attribute("date") or "")
        except ValueError:
            self.wrong(head.number, "〔一期〕 without the day of the issue", "write date=2026-11-23")
        apart = {Label.NAMEPLATE, Label.IMPRINT}
        imprint = [line for line in lines if line.label is Label.IMPRINT]
        rest = [line for line in lines if line.label not in apart]
        before, parts = _parted(rest, {Label.EAR, Label.PAGE, Label.COPY})
        self.only(before, (), "the head of the issue")
        return Issue(
            id=self.id(head),
            date=day,
            nameplate=self._nameplate(
                [line for line in lines if line.label is Label.NAMEPLATE],
                tuple(self._ear(*part) for part in parts if part[0].label is Label.EAR),
            ),
            pages=tuple(self._page(*part) for part in parts if part[0].label is Label.PAGE),
            imprint=self._imprint(imprint) if imprint else None,
            copy=tuple(
                Copy(line.line.text, self._items(within, "待排"), line.number)
                for line, within in parts
                if line.label is Label.COPY
            ),
            lang=head.attribute("lang") or "zh-Hans",
            layout=head.attribute("layout") or "broadsheet",
            version=head.attribute("version") or "1.0",
            line=head.number,
        )

    def _fields(self, lines: list[_Line], known: Collection[str]) -> dict[str, _Line]:
        """Lines by the part of nameplate or imprint that they are."""
        found: dict[str, _Line] = {}
        for line in lines:
            part = line.line.attribute("part") or ""
            if part not in known:
                hint = "part= is one of " + ", ".join(known)
                self.wrong(line.number, f"〔{line.label} part={part}〕 is not known", hint)
            elif part in found:
                said = f"the first stands in line {found[part].number}"
                self.wrong(line.number, f"a second 〔{line.label} part={part}〕", said)
            found.setdefault(part, line)
        return found

    def _nameplate(self, lines: list[_Line], ears: tuple[Ear, ...]) -> Nameplate:
        found = self._fields(lines, NAMEPLATE)
        words = {NAMEPLATE[part]: line.line.text for part, line in found.items() if part in NAMEPLATE}
        running = words.pop("running_number", None)
        if running is not None and not (running.isascii() and running.isdigit()):
            self.wrong(found["running-number"].number, f"“{running}” is no number", "write digits: 1024")
            running = None
        for part in ("title", "date"):
            if part not in found:
                self.wrong(0, f"there is no 〔报头 part={part}〕", "write it under 〔一期〕")
        return Nameplate(
            title=words.pop("title", ""),
            date_text=words.pop("date_text", ""),
            running_number=int(running) if running else None,
            ears=ears,
            line=lines[0].number if lines else 0,
            lines=tuple((NAMEPLATE[part], line.number) for part, line in found.items() if part in NAMEPLATE),
            **words,
        )

    def _imprint(self, lines: list[_Line]) -> Imprint:
        many = {"telephone", "note"}
        single = [line for line in lines if line.line.attribute("part") not in many and line.line.attributes]
        found = self._fields(single, (*IMPRINT, "telephone", "note"))
        notes = [line for line in lines if line.line.attribute("part") == "note"]
        return Imprint(
            telephones=tuple(
                Telephone(line.line.text, line.line.attribute("label"), line.number)
                for line in lines
                if line.line.attribute("part") == "telephone"
            ),
            notes=tuple(line.line.text for line in notes),
            line=lines[0].number,
            lines=tuple((IMPRINT[part], line.number) for part, line in found.items() if part in IMPRINT)
            + tuple((f"notes[{at}]", line.number) for at, line in enumerate(notes)),
            **{IMPRINT[part]: line.line.text for part, line in found.items() if part in IMPRINT},
        )

    def _ear(self, head: _Line, lines: list[_Line]) -> Ear:
        return Ear(self._paragraphs(lines, "an ear (报眼)"), self.text(head), head.number)

    def _paragraphs(self, lines: list[_Line], where: str) -> tuple[Paragraph, ...]:
        kept = self.only(lines, {Label.PARAGRAPH}, where)
        return tuple(Paragraph(self.must(line), line=line.number) for line in kept)

    def _page(self, head: _Line, lines: list[_Line]) -> Page:
        number, _, title = head.line.text.partition(" ")
        if not (number.isascii() and number.isdigit()) or not title:
            self.wrong(
                head.number, f"〔版〕{head.line.text}", "number and title with a space between: 〔版〕1 要闻"
            )
        furniture = {Label.EDITOR, Label.FOLIO_LINE}
        folio = self.one(lines, Label.FOLIO_LINE)
        return Page(
            number=int(number) if number.isascii() and number.isdigit() else 0,
            title=title,
            items=self._items([line for line in lines if line.label not in furniture], "版"),
            editors=tuple(
                Editor(line.line.text, line.line.attribute("role") or str(Label.EDITOR), line.number)
                for line in lines
                if line.label is Label.EDITOR
            ),
            folio_line=folio.words if folio else None,
            line=head.number,
            lines=(("folio_line", folio.number),) if folio else (),
        )

    def _items(self, lines: list[_Line], where: str) -> tuple[Item, ...]:
        before, parts = _parted(lines, _ITEMS)
        self.only(before, (), f"〔{where}〕, outside its pieces")
        readers: dict[Label, Callable[[_Line, list[_Line]], Item]] = {
            Label.ARTICLE: self._article,
            Label.BRIEFS: self._briefs,
            Label.PICTURES: self._pictures,
            Label.ADVERTISEMENT: self._advertisement,
        }
        return tuple(readers[head.label](head, within) for head, within in parts)

    # ----------------------------------------------------------------------- items

    def _article(self, head: _Line, lines: list[_Line]) -> Article:
        is_brief = head.label is Label.BRIEF
        lines = self.only(lines, _BRIEF if is_brief else _ARTICLE, f"〔{head.label}〕")
        rubric, dateline = self.one(lines, Label.RUBRIC), self.one(lines, Label.DATELINE)
        weight = self.choice(head.line, "weight", Weight.NORMAL)
        return Article(
            id=self.id(head.line),
            headline=self.text(self.one(lines, Label.HEADLINE)),
            alternatives=self._all(lines, Label.ALTERNATIVE),
            kicker=self.text(self.one(lines, Label.KICKER)),
            decks=self._all(lines, Label.DECK),
            rubric=rubric.words if rubric else None,
            series=self._series(lines),
            editors_note=tuple(
                Paragraph(self.must(line), line=line.number)
                for line in lines
                if line.label is Label.EDITORS_NOTE
            ),
            standfirst=self.text(self.one(lines, Label.STANDFIRST)),
            dateline=dateline.words if dateline else None,
            byline=self._byline([line for line in lines if line.label is Label.BYLINE]),
            affiliation=self.text(self.one(lines, Label.AFFILIATION)),
            signature=self.text(self.one(lines, Label.SIGNATURE)),
            body=self.blocks(lines),
            links=tuple(
                Link(value, Relation(name), head.number)
                for name, value in head.line.attributes
                if name in _LINKS
            ),
            weight=Weight.BRIEF if is_brief else weight,
            genre=head.line.attribute("genre"),
            lang=head.line.attribute("lang"),
            hint=self._hint(head.line),
            line=head.number,
            lines=tuple(
                (name, line.number) for name, line in (("rubric", rubric), ("dateline", dateline)) if line
            ),
        )

    def _all(self, lines: list[_Line], label: Label) -> tuple[Text, ...]:
        return tuple(self.must(line) for line in lines if line.label is label)

    def _series(self, lines: list[_Line]) -> SeriesPart | None:
        line = self.one(lines, Label.SERIES)
        if line is None:
            return None
        part = self.number(line.line, "part", int)
        if part is None:
            self.wrong(
                line.number, "〔系列〕 without the number of the part", "write 〔系列 name=… part=3〕之三"
            )
        return SeriesPart(line.line.attribute("name") or "", part or 0, line.line.text, line.number)

    def _byline(self, lines: list[_Line]) -> Byline | None:
        if not lines:
            return None
        authors = tuple(
            Author(
                line.line.text, line.line.attribute("role"), line.line.attribute("affiliation"), line.number
            )
            for line in lines
        )
        return Byline(authors, self.choice(lines[0].line, "place", BylinePlace.HEAD), lines[0].number)

    def _hint(self, line: TranscriptLine) -> Hint | None:
        if not any(name in _HINT for name, _ in line.attributes):
            return None
        return Hint(
            columns=self.number(line, "columns", int),
            legs=self.number(line, "legs", int),
            place=line.attribute("place"),
            box=self.flag(line, "box"),
            jump=self.number(line, "jump", int),
            line=line.number,
        )

    def _briefs(self, head: _Line, lines: list[_Line]) -> Briefs:
        before, parts = _parted(lines, {Label.BRIEF})
        self.only(before, (), "〔简讯〕, outside its pieces 〔一则〕")
        return Briefs(
            id=self.id(head.line),
            rubric=head.line.text,
            articles=tuple(self._article(*part) for part in parts),
            weight=self.choice(head.line, "weight", Weight.NORMAL),
            hint=self._hint(head.line),
            line=head.number,
            lines=(("rubric", head.number),),
        )

    def _pictures(self, head: _Line, lines: list[_Line]) -> PictureItem:
        lines = self.only(lines, _PICTURES, "〔图片新闻〕")
        rubric = self.one(lines, Label.RUBRIC)
        figures = self.blocks([line for line in lines if line.label in (Label.FIGURE, Label.CREDIT)])
        return PictureItem(
            id=self.id(head.line),
            figures=tuple(figure for figure in figures if isinstance(figure, Figure)),
            rubric=rubric.words if rubric else None,
            headline=self.text(self.one(lines, Label.HEADLINE)),
            text=self._paragraphs([line for line in lines if line.label is Label.PARAGRAPH], "〔图片新闻〕"),
            weight=self.choice(head.line, "weight", Weight.NORMAL),
            hint=self._hint(head.line),
            line=head.number,
            lines=(("rubric", rubric.number),) if rubric else (),
        )

    def _advertisement(self, head: _Line, lines: list[_Line]) -> Advertisement:
        lines = self.only(lines, {Label.HEADLINE} | _BLOCKS, "〔广告〕")
        return Advertisement(
            id=self.id(head.line),
            columns=self.number(head.line, "columns", int),
            depth_mm=self.number(head.line, "depth-mm", float),
            kind=self.choice(head.line, "kind", AdvertisementKind.ADVERTISEMENT),
            headline=self.text(self.one(lines, Label.HEADLINE)),
            blocks=self.blocks(lines),
            size=self.optional_choice(head.line, "size", AdvertisementSize),
            place=self.choice(head.line, "place", AdvertisementPlace.FOOT),
            line=head.number,
        )

    # ----------------------------------------------------------------------- blocks

    def blocks(self, lines: Iterable[_Line]) -> tuple[Block, ...]:
        """The blocks of a body; lines of other kinds are passed over."""
        waiting = _Waiting([line for line in lines if line.label in _BLOCKS])
        blocks: list[Block] = []
        while waiting:
            blocks += self._block(waiting)
        return tuple(blocks)

    def _block(self, waiting: _Waiting) -> Iterator[Block]:
        line = waiting.take()
        match line.label:
            case Label.PARAGRAPH:
                yield Paragraph(self.must(line), self.flag(line.line, "optional"), line.number)
            case Label.CROSSHEAD:
                yield Crosshead(self.must(line), line.number)
            case Label.LIST_ITEM:
                items = [self.must(each) for each in (line, *waiting.run(line.label))]
                yield ListBlock(tuple(items), self.flag(line.line, "ordered"), line.number)
            case Label.QUOTATION:
                said = [line, *waiting.run(line.label)]
                source = self.text(waiting.next_if(Label.SOURCE))
                yield Quotation(
                    tuple(Paragraph(self.must(p), line=p.number) for p in said), source, line.number
                )
            case Label.PULL_QUOTE:
                source = self.text(waiting.next_if(Label.SOURCE))
                yield PullQuote(self.must(line), source, self.flag(line.line, "optional"), line.number)
            case Label.QUESTION:
                yield self._exchange(line, waiting)
            case Label.VERSE:
                yield self._verse(line, waiting)
            case Label.TABLE_CAPTION | Label.TABLE_ROW:
                yield self._table(line, waiting)
            case Label.FIGURE:
                yield self._figure(line, self.text(waiting.next_if(Label.CREDIT)))
            case Label.BOX:
                yield self._box(line, waiting)
            case _:
                before = _BELONGS[line.label]
                self.wrong(line.number, f"〔{line.label}〕 stands alone", f"it belongs behind {before}")

    def _exchange(self, first: _Line, waiting: _Waiting) -> Exchange:
        questions = [first, *waiting.run(Label.QUESTION)]
        answers = waiting.run(Label.ANSWER)
        if not answers:
            self.wrong(first.number, "a question without an answer", "put 〔答〕 behind it")
        question, answer = (
            tuple(Paragraph(self.must(line), line=line.number) for line in lines)
            for lines in (questions, answers)
        )
        answerer = answers[0].line.attribute("by") if answers else None
        return Exchange(question, answer, first.line.attribute("by"), answerer, first.number)

    def _verse(self, first: _Line, waiting: _Waiting) -> Verse:
        stanzas: list[list[Text]] = [[]]
        for at, line in enumerate((first, *waiting.run(Label.VERSE))):
            if at and self.flag(line.line, "stanza"):
                stanzas.append([])
            stanzas[-1].append(self.must(line))
        return Verse(tuple(map(tuple, stanzas)), first.number)

    def _table(self, first: _Line, waiting: _Waiting) -> Table:
        has_caption = first.label is Label.TABLE_CAPTION
        rows = waiting.run(Label.TABLE_ROW)
        if has_caption and not rows:
            self.wrong(first.number, "a table without rows", "put 〔表行〕 behind its caption")
        if not has_caption:
            rows = [first, *rows]
        return Table(
            tuple(self._row(row) for row in rows), self.text(first) if has_caption else None, first.number
        )

    def _row(self, row: _Line) -> tuple[Cell, ...]:
        heads = (row.line.attribute("head") or "").split(",")
        cells = []
        for number, words in enumerate(part_cells(row.line.text), 1):
            notes = [note for note in row.notes if note.attribute("cell") == str(number)]
            is_head = heads == ["true"] or str(number) in heads
            cells.append(Cell(self._annotated(words, notes, row.number), is_head, row.number))
        for note in row.notes:
            if note.attribute("cell") not in [str(number) for number in range(1, len(cells) + 1)]:
                self.wrong(note.number, "a note in no cell", f"write cell=1 to cell={len(cells)}")
        return tuple(cells)

    def _figure(self, line: _Line, credit: Text | None) -> Figure:
        if not line.line.source:
            self.wrong(line.number, "〔图〕 without its file", "write 〔图 src=pictures/….jpg〕")
        focal = (0.5, 0.5)
        if (said := line.line.attribute("focal")) is not None:
            try:
                left, top = map(float, said.split(" "))
                focal = (left, top)
            except ValueError:
                self.wrong(line.number, f"focal={said}", 'write two fractions: focal="0.4 0.25"')
        return Figure(
            src=line.line.source or "",
            caption=self.text(line),
            credit=credit,
            alt=line.line.attribute("alt"),
            focal=focal,
            optional=self.flag(line.line, "optional"),
            columns=self.number(line.line, "columns", int),
            missing=self.flag(line.line, "missing"),
            line=line.number,
        )

    def _box(self, head: _Line, waiting: _Waiting) -> Box:
        blocks: list[Block] = []
        while waiting and not waiting.next_is(Label.BOX_END):
            blocks += self._block(waiting)
        if waiting.next_if(Label.BOX_END) is None:
            self.wrong(head.number, "a box that does not end", "put 〔框止〕 behind its last line")
        return Box(tuple(blocks), self.text(head), head.number)


_BELONGS = {
    Label.SOURCE: "a quotation 〔引文〕 or a pull quote 〔摘引〕",
    Label.ANSWER: "a question 〔问〕",
    Label.CREDIT: "a picture 〔图〕",
    Label.BOX_END: "the lines of a box 〔花边框〕",
}


class _Waiting:
    """Lines that are still to be read."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines, self._at = lines, 0

    def __bool__(self) -> bool:
        return self._at < len(self._lines)

    def take(self) -> _Line:
        self._at += 1
        return self._lines[self._at - 1]

    def next_is(self, label: Label) -> bool:
        return bool(self) and self._lines[self._at].label is label

    def next_if(self, label: Label) -> _Line | None:
        return self.take() if self.next_is(label) else None

    def run(self, label: Label) -> list[_Line]:
        """The lines with a label that follow, up to one that begins anew."""
        found = []
        while self.next_is(label) and self._lines[self._at].line.attribute("new") != "true":
            found.append(self.take())
        return found


def _parted(
    lines: list[_Line], heads: Collection[Label]
) -> tuple[list[_Line], list[tuple[_Line, list[_Line]]]]:
    """What stands before the first head, and each head with the lines up to the next."""
    before: list[_Line] = []
    parts: list[tuple[_Line, list[_Line]]] = []
    for line in lines:
        if line.label in heads:
            parts.append((line, []))
        else:
            (parts[-1][1] if parts else before).append(line)
    return before, parts


def cells_of(line: TranscriptLine) -> tuple[Cell, ...]:
    """The cells of a table's row (TABLE_ROW) of any transcript."""
    return _Reading("")._row(_Line(line))
