"""A transcript that is labelled throughout → its issue: every line says what it is, and nothing is guessed.

The reverse of `writer`. Structure comes from the lines that begin something (〔版〕, 〔稿件〕, 〔简讯〕 …);
within a piece headings, byline and the like may stand in any order, the blocks of its body stand in theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementKind,
    AdvertisementPlace,
    AdvertisementSize,
    Article,
    Author,
    Briefs,
    Byline,
    BylinePlace,
    Copy,
    Ear,
    Editor,
    Figure,
    Hint,
    Imprint,
    Issue,
    Item,
    Link,
    Nameplate,
    Page,
    Paragraph,
    PictureItem,
    Relation,
    SeriesPart,
    Telephone,
    Text,
    Weight,
)
from issue_publisher.transcript.labelled_blocks import BLOCKS, BlockReading
from issue_publisher.transcript.labelled_lines import HINT, LINKS, LabelledLine
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


_ITEMS = {Label.ARTICLE, Label.BRIEFS, Label.PICTURES, Label.ADVERTISEMENT}
_BRIEF = {Label.HEADLINE, Label.DATELINE, Label.BYLINE, Label.SIGNATURE} | BLOCKS
_ARTICLE = _BRIEF | {
    Label.RUBRIC, Label.SERIES, Label.KICKER, Label.ALTERNATIVE, Label.DECK, Label.EDITORS_NOTE,
    Label.STANDFIRST, Label.AFFILIATION,
}  # fmt: skip
_PICTURES = {Label.RUBRIC, Label.HEADLINE, Label.FIGURE, Label.CREDIT, Label.PARAGRAPH}


class _Reading(BlockReading):
    """Reads the issue, its pages and their pieces."""

    def issue(self, head: TranscriptLine, lines: list[LabelledLine]) -> Issue:
        self.with_notes([head])
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

    def _fields(self, lines: list[LabelledLine], known: Collection[str]) -> dict[str, LabelledLine]:
        """Lines by the part of nameplate or imprint that they are."""
        found: dict[str, LabelledLine] = {}
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

    def _nameplate(self, lines: list[LabelledLine], ears: tuple[Ear, ...]) -> Nameplate:
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

    def _imprint(self, lines: list[LabelledLine]) -> Imprint:
        many = {"telephone", "note"}
        single = [
            line
            for line in lines
            if line.line.attribute("part") not in many and (line.line.attributes or line.words)
        ]
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

    def _ear(self, head: LabelledLine, lines: list[LabelledLine]) -> Ear:
        return Ear(self._paragraphs(lines, "an ear (报眼)"), self.text(head), head.number)

    def _paragraphs(self, lines: list[LabelledLine], where: str) -> tuple[Paragraph, ...]:
        kept = self.only(lines, {Label.PARAGRAPH}, where)
        return tuple(Paragraph(self.must(line), line=line.number) for line in kept)

    def _page(self, head: LabelledLine, lines: list[LabelledLine]) -> Page:
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

    def _items(self, lines: list[LabelledLine], where: str) -> tuple[Item, ...]:
        before, parts = _parted(lines, _ITEMS)
        self.only(before, (), f"〔{where}〕, outside its pieces")
        readers: dict[Label, Callable[[LabelledLine, list[LabelledLine]], Item]] = {
            Label.ARTICLE: self._article,
            Label.BRIEFS: self._briefs,
            Label.PICTURES: self._pictures,
            Label.ADVERTISEMENT: self._advertisement,
        }
        return tuple(readers[head.label](head, within) for head, within in parts)

    # ----------------------------------------------------------------------- items

    def _article(self, head: LabelledLine, lines: list[LabelledLine]) -> Article:
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
                if name in LINKS
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

    def _all(self, lines: list[LabelledLine], label: Label) -> tuple[Text, ...]:
        return tuple(self.must(line) for line in lines if line.label is label)

    def _series(self, lines: list[LabelledLine]) -> SeriesPart | None:
        line = self.one(lines, Label.SERIES)
        if line is None:
            return None
        part = self.number(line.line, "part", int)
        if part is None:
            self.wrong(
                line.number, "〔系列〕 without the number of the part", "write 〔系列 name=… part=3〕之三"
            )
        return SeriesPart(line.line.attribute("name") or "", part or 0, line.line.text, line.number)

    def _byline(self, lines: list[LabelledLine]) -> Byline | None:
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
        if not any(name in HINT for name, _ in line.attributes):
            return None
        return Hint(
            columns=self.number(line, "columns", int),
            legs=self.number(line, "legs", int),
            place=line.attribute("place"),
            box=self.optional_flag(line, "box"),
            jump=self.number(line, "jump", int),
            line=line.number,
        )

    def _briefs(self, head: LabelledLine, lines: list[LabelledLine]) -> Briefs:
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

    def _pictures(self, head: LabelledLine, lines: list[LabelledLine]) -> PictureItem:
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

    def _advertisement(self, head: LabelledLine, lines: list[LabelledLine]) -> Advertisement:
        lines = self.only(lines, {Label.HEADLINE} | BLOCKS, "〔广告〕")
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


def _parted(
    lines: list[LabelledLine], heads: Collection[Label]
) -> tuple[list[LabelledLine], list[tuple[LabelledLine, list[LabelledLine]]]]:
    """What stands before the first head, and each head with the lines up to the next."""
    before: list[LabelledLine] = []
    parts: list[tuple[LabelledLine, list[LabelledLine]]] = []
    for line in lines:
        if line.label in heads:
            parts.append((line, []))
        else:
            (parts[-1][1] if parts else before).append(line)
    return before, parts
