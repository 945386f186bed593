"""What goes through the import: a transcript's lines, what they were taken for, and what is said of them.

A transcript is what is left of a printed issue: its text, typed off or recognised, line by line. Nothing
of it is lost: every line stands in exactly one place of the issue or in a finding, and every mend says what
stood there before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from issue_publisher.issue.model import Issue


class Label(StrEnum):
    """What a line says that it is: by a label of a labelled transcript, or by mark-up of Markdown or HTML.

    The values are the words of the labels: 〔引题〕取消6条纵缝.
    """

    NAMEPLATE = "报头"
    IMPRINT = "报尾"
    PAGE = "版"  # 1 要闻
    EDITOR = "责编"
    BRIEFS = "简讯"  # a group begins; its rubric stands behind it
    PICTURES = "图片新闻"  # a picture item begins
    ARTICLE = "稿件"  # an article begins
    RUBRIC = "栏目"
    SERIES = "系列"
    KICKER = "引题"
    HEADLINE = "主题"
    DECK = "副题"
    EDITORS_NOTE = "编者按"
    STANDFIRST = "提要"
    BYLINE = "署名"
    AFFILIATION = "单位"
    SIGNATURE = "落款"
    PARAGRAPH = "文"
    CROSSHEAD = "小标题"
    PULL_QUOTE = "摘引"
    QUOTATION = "引文"
    FIGURE = "图"  # a picture; its caption stands behind it
    CREDIT = "摄影"
    LIST_ITEM = "列项"
    VERSE = "诗行"
    TABLE_ROW = "表行"
    NOTE = "注释"


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of a transcript without white space around it; an empty one parts what stands around it."""

    number: int  # 1-based, of the file as it was handed in
    text: str
    label: Label | None = None  # None: the line does not say what it is
    level: int = 0  # of a heading in Markdown or HTML: 1 to 6
    strong: bool = False  # the whole line stands in bold
    source: str | None = None  # of FIGURE: the picture's file, if the transcript names one

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written on it."""
        return not self.text and self.label is None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript as it was read: decoded, its lines without ends."""

    name: str  # of the file, for messages
    lines: tuple[TranscriptLine, ...]
    encoding: str = "utf-8"
    kind: str = "text"  # text, markdown, html


class Doubt(StrEnum):
    """The kinds of what the import joins, mends or doubts."""

    CUT_PARAGRAPH = "cut-paragraph"  # the foot of a column cut it; it was joined
    MISSING_START = "missing-start"  # begins in the middle of a sentence
    MISSING_END = "missing-end"  # ends in the middle of a sentence
    MISPLACED = "misplaced"  # stands where it does not belong
    FOREIGN_WORD = "foreign-word"  # a word left by the recogniser
    HALF_WIDTH = "half-width"  # half-width marks beside Chinese
    STRAY_SPACE = "stray-space"  # a space inside a name or between Chinese characters
    UNBALANCED = "unbalanced"  # quotation marks or brackets
    NO_PICTURE = "no-picture"  # a caption whose picture is lost
    NO_CAPTION = "no-caption"  # a picture without words
    GUESSED = "guessed"  # taken for something by its looks: a headline, a crosshead, a page
    UNKNOWN = "unknown"  # set as a paragraph for want of better


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """Something that the import did or would do, with its place in transcript and XML."""

    doubt: Doubt
    line: int  # of the transcript
    message: str  # for the archivist: what is there and what was done
    confidence: float  # 0 to 1: that what was done, or is proposed, is right
    before: str = ""  # the characters as they stand in the transcript
    after: str = ""  # as they would be right; the same as `before` where nothing is to be changed
    safe: bool = False  # `--fix` may do it: it changes no word
    done: bool = False  # it was done
    offset: int = 0  # of `before` in the line's text
    xml_line: int = 0  # of the issue that was written; 0 before


@dataclass(frozen=True, slots=True)
class Imported:
    """An issue out of a transcript, with the report on how it came about."""

    issue: Issue
    findings: tuple[ImportFinding, ...]
    # Where each non-blank line of the transcript went: (line, what it was taken for, id of the item or "").
    places: tuple[tuple[int, str, str], ...] = field(default=(), repr=False)
