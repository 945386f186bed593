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

    The values are the words of the labels: 〔引题〕取消6条纵缝. Those below NOTE stand in transcripts that
    are labelled from beginning to end, as `writer` writes them and `labelled` reads them.
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
    ISSUE = (
        "一期"  # first of all: the whole transcript is labelled, and a line without a label is a paragraph
    )
    EAR = "报眼"
    FOLIO_LINE = "版头"
    COPY = "待排"
    BRIEF = "一则"  # a piece of a group of briefs begins
    ADVERTISEMENT = "广告"
    ALTERNATIVE = "备用标题"
    DATELINE = "电头"
    SOURCE = "出处"  # of a quotation or a pull quote
    QUESTION = "问"
    ANSWER = "答"
    TABLE_CAPTION = "表题"
    BOX = "花边框"  # a box begins; its headline stands behind it
    BOX_END = "框止"


Attributes = tuple[tuple[str, str], ...]  # (name, value), of a label


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of a transcript without white space around it; an empty one parts what stands around it.

    Numbers never go down; several lines share one where mark-up stands on one line, and where a page ends
    within a line. A page's end (form feed, `<hr>`, `---`) is a blank line of its own with `page_break`.
    """

    number: int  # 1-based, of the file as it was handed in
    text: str
    label: Label | None = None  # None: the line does not say what it is
    level: int = 0  # of a heading in Markdown or HTML: 1 to 6
    strong: bool = False  # the whole line stands in bold
    source: str | None = None  # of FIGURE: the picture's file, if the transcript names one
    attributes: Attributes = ()  # of its label: 〔稿件 id=p1-lead weight=lead〕
    page_break: bool = False  # a blank line at which a page of the transcript ends

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written on it."""
        return not self.text and self.label is None

    def attribute(self, name: str) -> str | None:
        """What its label says of `name`."""
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript as it was read: decoded, its lines without ends."""

    name: str  # of the file, for messages
    lines: tuple[TranscriptLine, ...]
    encoding: str = "utf-8"
    kind: str = "text"  # text, markdown, html
    findings: tuple[ImportFinding, ...] = ()  # what reading it left out or doubts

    @property
    def is_labelled(self) -> bool:
        """Whether each of its lines says what it is: `labelled` reads it, and nothing is guessed."""
        written = [line for line in self.lines if not line.is_blank]
        return bool(written) and written[0].label is Label.ISSUE


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
    INVISIBLE = "invisible"  # a character that nobody sees, or that stands for one that was lost
    LEFT_OUT = "left-out"  # a part of the file that is no text of the paper: scripts, comments


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
class Audit:
    """The account of a transcript's characters, white space apart. An import that loses one makes nothing."""

    characters: int  # of the transcript
    kept: int  # of them stand in the issue
    left_out: tuple[tuple[str, int], ...] = ()  # label words, by what they are: byline, page number …
    given: tuple[
        tuple[str, str, str], ...
    ] = ()  # item, place and words that stand in no line of the transcript


@dataclass(frozen=True, slots=True)
class Imported:
    """An issue out of a transcript, with the report on how it came about."""

    issue: Issue
    findings: tuple[ImportFinding, ...]
    # Where each non-blank line of the transcript went: (line, what it was taken for, id of the item or "").
    places: tuple[tuple[int, str, str], ...] = field(default=(), repr=False)
    audit: Audit | None = None  # None: the transcript was labelled, and nothing was guessed
