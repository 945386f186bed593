"""Markdown (CommonMark, with tables) → the lines of a transcript, by markdown-it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from issue_publisher.issue.whitespace import line_words
from issue_publisher.transcript.hypertext import html_lines
from issue_publisher.transcript.labels import join_cells
from issue_publisher.transcript.model import Attributes, Label, TranscriptLine
from issue_publisher.transcript.omitted import Omitted, picture

if TYPE_CHECKING:
    from markdown_it.token import Token

Lines = tuple[TranscriptLine, ...]


def markdown_lines(text: str, omitted: Omitted) -> Lines:
    """The lines of a text in Markdown; `omitted` is told what of it is left out."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
    breaks = [number for number, line in enumerate(text.split("\n"), 1) if "\f" in line]
    walk = _Walk(omitted)
    walk.blocks(parser.parse(text.replace("\f", "")))
    return tuple(_with_page_breaks(walk.lines, breaks))


def _with_page_breaks(lines: Sequence[TranscriptLine], breaks: list[int]) -> Iterator[TranscriptLine]:
    """Form feeds, which mean nothing to Markdown, back in their places."""
    left = list(breaks)
    for line in lines:
        while left and left[0] <= line.number:
            yield TranscriptLine(left.pop(0), "", page_break=True)
        yield line
    yield from (TranscriptLine(number, "", page_break=True) for number in left)


@dataclass
class _Walk:
    """Goes through the blocks and gathers lines, blank ones between them."""

    omitted: Omitted
    lines: list[TranscriptLine] = field(default_factory=list)

    def blocks(self, tokens: list[Token]) -> None:
        around: list[str] = []  # the containers that a block stands in
        row: list[str] = []
        begins = False  # whether the next line is the first of its container
        for token in tokens:
            match token.type:
                case (
                    "bullet_list_open" | "ordered_list_open" | "blockquote_open" | "table_open" | "thead_open"
                ):
                    begins = begins or token.type != "thead_open"
                    around.append(token.type.removesuffix("_open"))
                case "bullet_list_close" | "ordered_list_close" | "blockquote_close" | "table_close":
                    around.pop()
                case "thead_close":
                    around.pop()
                case "tr_open":
                    row = []
                case "tr_close":
                    self._row(row, token, head=around[-1:] == ["thead"], new=begins)
                    begins = False
                case "inline" if "table" in around:
                    row.append(" ".join(line.text for line in self._inline(token) if line.text))
                    self._at = _first(token)
                case "inline":
                    self._paragraph(token, around, new=begins)
                    begins = False
                case "heading_open":
                    self._level = int(token.tag[1])
                case "heading_close":
                    self._level = 0
                case "hr":
                    self._add([TranscriptLine(_first(token), "", page_break=True)])
                case "code_block" | "fence":
                    start = _first(token) + (token.type == "fence")
                    lines = enumerate(token.content.split("\n"), start)
                    self._add([TranscriptLine(at, line.strip()) for at, line in lines if line.strip()])
                case "html_block":
                    self._html(token)
                case _:
                    pass

    _level: int = 0
    _at: int = 1

    def _add(self, lines: Sequence[TranscriptLine], *, joined: bool = False) -> None:
        """Take lines over, parted from those before by a blank one."""
        if not lines:
            return
        if self.lines and not joined:
            last = self.lines[-1].number
            self.lines.append(TranscriptLine(min(last + 1, lines[0].number), ""))
        self.lines += lines

    def _html(self, token: Token) -> None:
        omitted, before = Omitted(), _first(token) - 1
        lines = html_lines(f"<body>{token.content}", omitted)
        self._add([replace(line, number=line.number + before) for line in lines])
        self.omitted.take(omitted, before)

    def _paragraph(self, token: Token, around: list[str], *, new: bool) -> None:
        lines = self._inline(token)
        if self._level:  # a heading is one line, however it is broken
            words = "\n".join(line.text for line in lines if line.label is None)
            figures = [line for line in lines if line.label is Label.FIGURE]
            self._add([TranscriptLine(_first(token), line_words(words), level=self._level), *figures])
            return
        label, more = _container(around)
        if label is None:
            self._add(lines)
            return
        start: Attributes = (("new", "true"),) if new else ()
        inside = [
            line if line.label else replace(line, label=label, attributes=more, strong=False)
            for line in lines
        ]
        first = next((at for at, line in enumerate(inside) if line.label is label), None)
        if first is not None:
            inside[first] = replace(inside[first], attributes=start + more)
        self._add(inside, joined=not new)

    def _row(self, cells: list[str], token: Token, *, head: bool, new: bool) -> None:
        attributes: Attributes = (("new", "true"),) * new + (("head", "true"),) * head
        line = TranscriptLine(self._at, join_cells(cells), Label.TABLE_ROW, attributes=attributes)
        self._add([line], joined=not new)

    def _inline(self, token: Token) -> list[TranscriptLine]:
        """The lines of a paragraph: a soft break is none, a hard one is; pictures stand by themselves."""
        run = _Run(_first(token))
        for child in token.children or ():
            match child.type:
                case "text" | "code_inline":
                    run.words(child.content)
                case "softbreak":
                    run.words("\n")
                case "hardbreak":
                    run.end(new_line=True)
                case "strong_open" | "strong_close":
                    run.depth += child.nesting
                case "em_open" | "s_open":
                    self.omitted.add("emphasis inside a line", run.number)
                case "link_open":
                    self.omitted.add("address of a link", run.number, str(child.attrGet("href") or ""))
                case "image":
                    run.pictures.append(_picture(child, run.number))
                case "html_inline":
                    self._tag(child.content, run)
                case _:
                    pass
        if run.partly_strong:
            self.omitted.add("emphasis inside a line", run.start)
        run.end()
        return run.lines

    def _tag(self, tag: str, run: _Run) -> None:
        if tag.lower().replace(" ", "").replace("/", "") == "<br>":
            run.end(new_line=False)
        elif tag.startswith("<!--"):
            self.omitted.add("comment", run.number, tag)
        elif not tag.startswith("</"):
            self.omitted.add("mark-up inside a line", run.number, tag)


@dataclass
class _Run:
    """The words of a paragraph as they come."""

    start: int
    depth: int = 0  # of strong around what comes
    lines: list[TranscriptLine] = field(default_factory=list)
    pictures: list[TranscriptLine] = field(default_factory=list)
    partly_strong: bool = False

    def __post_init__(self) -> None:
        self.number = self.start
        self._parts: list[tuple[str, bool]] = []

    def words(self, words: str) -> None:
        if not self._parts:
            self.start = self.number
        self._parts.append((words, self.depth > 0))
        self.number += words.count("\n")

    def end(self, *, new_line: bool = False) -> None:
        """The line is complete."""
        text = line_words("".join(words for words, _ in self._parts)).strip()
        weights = {strong for words, strong in self._parts if words.strip()}
        self.partly_strong = self.partly_strong or len(weights) > 1
        if text:
            self.lines.append(TranscriptLine(self.start, text, strong=weights == {True}))
        self.lines += self.pictures
        self.pictures, self._parts = [], []
        self.number += new_line


def _container(around: list[str]) -> tuple[Label | None, Attributes]:
    """What a line is by what it stands in; the outermost container has its way."""
    for name in around:
        match name:
            case "bullet_list":
                return Label.LIST_ITEM, ()
            case "ordered_list":
                return Label.LIST_ITEM, (("ordered", "true"),)
            case "blockquote":
                return Label.QUOTATION, ()
    return None, ()


def _picture(token: Token, number: int) -> TranscriptLine:
    alt = "".join(child.content for child in token.children or () if child.type in ("text", "code_inline"))
    return picture(number, str(token.attrGet("src") or ""), alt, str(token.attrGet("title") or ""))


def _first(token: Token) -> int:
    return (token.map[0] if token.map else 0) + 1
