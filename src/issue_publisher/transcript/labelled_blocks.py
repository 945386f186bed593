"""The blocks of a body out of the lines of a labelled transcript."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import (
    Block,
    Box,
    Cell,
    Crosshead,
    Exchange,
    Figure,
    ListBlock,
    Paragraph,
    PullQuote,
    Quotation,
    Table,
    Text,
    Verse,
)
from issue_publisher.transcript.labelled_lines import LabelledLine, LineReading
from issue_publisher.transcript.labels import part_cells
from issue_publisher.transcript.model import Label, TranscriptLine

BLOCKS = {
    Label.PARAGRAPH, Label.CROSSHEAD, Label.LIST_ITEM, Label.QUOTATION, Label.SOURCE, Label.PULL_QUOTE,
    Label.QUESTION, Label.ANSWER, Label.VERSE, Label.TABLE_CAPTION, Label.TABLE_ROW, Label.FIGURE,
    Label.CREDIT, Label.BOX, Label.BOX_END,
}  # fmt: skip
_MOST_BOXES = 16  # one inside another
_BELONGS = {
    Label.SOURCE: "a quotation 〔引文〕 or a pull quote 〔摘引〕",
    Label.ANSWER: "a question 〔问〕",
    Label.CREDIT: "a picture 〔图〕",
    Label.BOX_END: "the lines of a box 〔花边框〕",
}


class BlockReading(LineReading):
    """Reads the blocks of a body."""

    def blocks(self, lines: Iterable[LabelledLine]) -> tuple[Block, ...]:
        """The blocks of a body; lines of other kinds are passed over."""
        waiting = _Waiting([line for line in lines if line.label in BLOCKS])
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

    def _exchange(self, first: LabelledLine, waiting: _Waiting) -> Exchange:
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

    def _verse(self, first: LabelledLine, waiting: _Waiting) -> Verse:
        stanzas: list[list[Text]] = [[]]
        for at, line in enumerate((first, *waiting.run(Label.VERSE))):
            if at and self.flag(line.line, "stanza"):
                stanzas.append([])
            stanzas[-1].append(self.must(line))
        return Verse(tuple(map(tuple, stanzas)), first.number)

    def _table(self, first: LabelledLine, waiting: _Waiting) -> Table:
        has_caption = first.label is Label.TABLE_CAPTION
        rows = waiting.run(Label.TABLE_ROW)
        if has_caption and not rows:
            self.wrong(first.number, "a table without rows", "put 〔表行〕 behind its caption")
        if not has_caption:
            rows = [first, *rows]
        return Table(
            tuple(self._row(row) for row in rows), self.text(first) if has_caption else None, first.number
        )

    def _row(self, row: LabelledLine) -> tuple[Cell, ...]:
        heads = (row.line.attribute("head") or "").split(",")
        cells = []
        for number, words in enumerate(part_cells(row.line.text), 1):
            notes = [note for note in row.notes if note.attribute("cell") == str(number)]
            is_head = heads == ["true"] or str(number) in heads
            cells.append(Cell(self.annotated(words, notes, row.number), is_head, row.number))
        for note in row.notes:
            if note.attribute("cell") not in [str(number) for number in range(1, len(cells) + 1)]:
                self.wrong(note.number, "a note in no cell", f"write cell=1 to cell={len(cells)}")
        return tuple(cells)

    def _figure(self, line: LabelledLine, credit: Text | None) -> Figure:
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

    def _box(self, head: LabelledLine, waiting: _Waiting) -> Box:
        blocks: list[Block] = []
        waiting.boxes += 1
        if waiting.boxes > _MOST_BOXES:
            hint = "put 〔框止〕 behind the last line of each"
            raise SourceErrors([*self.faults, self.fault(head.number, "boxes deep in one another", hint)])
        while waiting and not waiting.next_is(Label.BOX_END):
            blocks += self._block(waiting)
        waiting.boxes -= 1
        if waiting.next_if(Label.BOX_END) is None:
            self.wrong(head.number, "a box that does not end", "put 〔框止〕 behind its last line")
        return Box(tuple(blocks), self.text(head), head.number)


class _Waiting:
    """Lines that are still to be read."""

    def __init__(self, lines: Sequence[LabelledLine]) -> None:
        self._lines, self._at = lines, 0
        self.boxes = 0  # that are open

    def __bool__(self) -> bool:
        return self._at < len(self._lines)

    def take(self) -> LabelledLine:
        self._at += 1
        return self._lines[self._at - 1]

    def next_is(self, label: Label) -> bool:
        return bool(self) and self._lines[self._at].label is label

    def next_if(self, label: Label) -> LabelledLine | None:
        return self.take() if self.next_is(label) else None

    def run(self, label: Label) -> list[LabelledLine]:
        """The lines with a label that follow, up to one that begins anew."""
        found = []
        while self.next_is(label) and self._lines[self._at].line.attribute("new") != "true":
            found.append(self.take())
        return found


def cells_of(line: TranscriptLine) -> tuple[Cell, ...]:
    """The cells of a table's row (TABLE_ROW) of any transcript."""
    return BlockReading("")._row(LabelledLine(line))
