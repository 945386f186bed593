"""What an issue is: frozen values in the trade's words, without any layout.

Every value remembers the line of the XML it came from (`line`, 1-based, 0 when it was not read
from a file), so that any later stage can point the desk to it. Plain strings that have an element of
their own keep its line in their holder's `lines`, by field name (`line_of`). Lines are left out of
comparison: two issues are equal when they say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


def _line() -> int:
    return field(default=0, compare=False, repr=False)


Lines = tuple[tuple[str, int], ...]  # (field name, line)


# --------------------------------------------------------------------------- text inside a line


class InlineKind(StrEnum):
    """The kinds of inline markup; the values are the element names of the XML."""

    TEXT = "text"
    EMPHASIS = "em"  # 强调（楷体）
    STRONG = "strong"  # 加重（黑体）
    DOTS = "dots"  # 着重号
    RUBY = "ruby"  # 注音
    FOREIGN = "foreign"  # 外文
    SUPERSCRIPT = "sup"  # 上标
    SUBSCRIPT = "sub"  # 下标
    LINK = "a"  # 网址
    REFERENCE = "ref"  # 见某篇
    GLYPH = "glyph"  # 异体字形
    NOTE = "note"  # 注释
    BREAK = "break"  # 标题中宜断行处


@dataclass(frozen=True, slots=True)
class Inline:
    """A piece of text (`kind` TEXT, in `text`) or an element with `children`.

    A NOTE holds what it says in `children`; once the article's notes are taken out of its text
    (`notes.noted`), it holds only its mark, in `text`.
    """

    kind: InlineKind
    text: str = ""
    children: tuple[Inline, ...] = ()
    lang: str | None = None  # of FOREIGN
    href: str | None = None  # of LINK
    to: str | None = None  # of REFERENCE: the id of an article; of a NOTE's mark: of its words
    ruby: str | None = None  # of RUBY: the reading over the base text
    variant: str | None = None  # of GLYPH: a variation selector as hex, or an OpenType feature
    whole: bool = False  # of TEXT that wording adds: a name, which stands on one line if it can
    line: int = _line()
    # Offsets into `text` where the source's next lines begin.
    line_starts: tuple[int, ...] = field(default=(), compare=False, repr=False)

    @property
    def plain(self) -> str:
        """The text alone, without a headline's break places, ruby readings and what a note says."""
        if self.kind is InlineKind.NOTE:
            return self.text
        return self.text + "".join(child.plain for child in self.children)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters that share all their inline markup, as typesetting wants it."""

    text: str
    kinds: frozenset[InlineKind] = frozenset()
    lang: str | None = None
    href: str | None = None
    to: str | None = None
    ruby: str | None = None
    variant: str | None = None
    whole: bool = False
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Text:
    """A line or paragraph of text with inline markup."""

    parts: tuple[Inline, ...] = ()
    line: int = _line()

    @property
    def plain(self) -> str:
        """The characters alone."""
        return "".join(part.plain for part in self.parts)

    @property
    def notes(self) -> tuple[Text, ...]:
        """What its notes say, in their order."""
        return tuple(_notes(self.parts))

    @property
    def plain_with_notes(self) -> str:
        """The characters alone, and behind them those of its notes."""
        return self.plain + "".join(note.plain for note in self.notes)

    @property
    def breaks(self) -> tuple[int, ...]:
        """Offsets into `plain` where the desk would like a headline to break."""
        places, at = [], 0
        for span in self.spans(with_breaks=True):
            if InlineKind.BREAK in span.kinds:
                places.append(at)
            at += len(span.text)
        return tuple(places)

    def spans(self, *, with_breaks: bool = False) -> Iterator[Span]:
        """The text as runs of equal markup, in reading order."""
        for part in self.parts:
            yield from _spans(part, Span(""), with_breaks)


def _notes(parts: tuple[Inline, ...]) -> Iterator[Text]:
    for part in parts:
        if part.kind is not InlineKind.NOTE:
            yield from _notes(part.children)
        elif part.children:
            yield Text(part.children, part.line)


def _spans(part: Inline, around: Span, with_breaks: bool) -> Iterator[Span]:
    kinds = around.kinds if part.kind is InlineKind.TEXT else around.kinds | {part.kind}
    here = Span(
        part.text,
        kinds,
        lang=part.lang or around.lang,
        href=part.href or around.href,
        to=part.to or around.to,
        ruby=part.ruby or around.ruby,
        variant=part.variant or around.variant,
        whole=part.whole or around.whole,
        line=part.line or around.line,
    )
    if part.text or (with_breaks and part.kind is InlineKind.BREAK):
        yield here
    if part.kind is not InlineKind.NOTE:  # what it says stands elsewhere
        for child in part.children:
            yield from _spans(child, here, with_breaks)


def text(plain: str, line: int = 0) -> Text:
    """A `Text` without markup."""
    return Text((Inline(InlineKind.TEXT, plain, line=line),) if plain else (), line)


# --------------------------------------------------------------------------- blocks of a body


@dataclass(frozen=True, slots=True)
class Paragraph:
    """段落"""

    text: Text
    optional: bool = False  # of a body: print may leave it out when the page is too full
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Crosshead:
    """小标题"""

    text: Text
    line: int = _line()


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; `ordered` lists are numbered by the layout."""

    items: tuple[Text, ...]
    ordered: bool = False
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Quotation:
    """引文: a quotation set off from the text."""

    paragraphs: tuple[Paragraph, ...]
    source: Text | None = None
    line: int = _line()


@dataclass(frozen=True, slots=True)
class PullQuote:
    """摘引: words lifted out of the article and set large; not part of its running text."""

    text: Text
    source: Text | None = None
    optional: bool = False  # print may leave it out when the page is too full
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Exchange:
    """问答: one question and its answer."""

    question: tuple[Paragraph, ...]
    answer: tuple[Paragraph, ...]
    asker: str | None = None  # as printed: 问、记者
    answerer: str | None = None  # as printed: 答、李明
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Verse:
    """诗行: stanzas of lines that must not be run together."""

    stanzas: tuple[tuple[Text, ...], ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell."""

    text: Text
    head: bool = False
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Table:
    """A small table."""

    rows: tuple[tuple[Cell, ...], ...]
    caption: Text | None = None
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Figure:
    """图片: a picture with its caption (图片说明), credit (摄影) and words for those who cannot see it."""

    src: str  # path relative to the issue's folder, with "/"
    caption: Text | None = None
    credit: Text | None = None
    alt: str | None = None
    focal: tuple[float, float] = (0.5, 0.5)  # what must stay in view, as fractions from top left
    optional: bool = False  # print may leave it out when the page is too full
    columns: int | None = None  # hint: basic columns wide
    missing: bool = False  # it was printed and is lost: an empty place stands for it, and no file is read
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Box:
    """花边框: a ruled or tinted box inside an article (sidebar, background, definitions)."""

    blocks: tuple[Block, ...]
    headline: Text | None = None
    line: int = _line()


Block = Paragraph | Crosshead | ListBlock | Quotation | PullQuote | Exchange | Verse | Table | Figure | Box

# --------------------------------------------------------------------------- items of a page


class Weight(StrEnum):
    """What the desk thinks of an article."""

    LEAD = "lead"
    MAJOR = "major"
    NORMAL = "normal"
    BRIEF = "brief"


class BylinePlace(StrEnum):
    """Where the byline is printed."""

    OPENING = "opening"  # 本报讯（记者 …）: in the first paragraph, after the dateline
    HEAD = "head"  # a line of its own under the headline
    END = "end"  # （…） after the last paragraph


@dataclass(frozen=True, slots=True)
class Author:
    """One person of a byline; `role` as printed: 记者, 通讯员, 见习记者, 文, 图."""

    name: str
    role: str | None = None
    affiliation: str | None = None
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Byline:
    """署名"""

    authors: tuple[Author, ...]
    place: BylinePlace = BylinePlace.HEAD
    line: int = _line()


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """系列: which part of which series, `label` as printed (之三、上、下)."""

    name: str
    part: int
    label: str
    line: int = _line()


class Relation(StrEnum):
    """What a link between articles says, from the article that holds it to its target."""

    COMMENT_ON = "comment-on"  # 本篇是对它的评论
    EDITORS_NOTE_TO = "editors-note-to"  # 本篇是它的编者按
    CONTINUES = "continues"  # 系列的上一篇
    RELATED = "related"  # 相关报道


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another article of the issue."""

    to: str
    relation: Relation = Relation.RELATED
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Hint:
    """What the desk would like of the make-up; never binding."""

    columns: int | None = None  # basic columns wide
    legs: int | None = None  # columns of text
    place: str | None = None  # top, bottom, left, right, top-left …
    box: bool | None = None  # set the whole article in a box, or in none; None: as make-up likes
    jump: int | None = None  # number of the page of the source that its second half may go to (下转第N版)
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Note:
    """注释 of an article, taken out of its text: what it says, and the mark (①) that stands there for it."""

    mark: str
    text: Text
    id: str | None = None  # in a book, what its mark leads to
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Article:
    """稿件: one article with its headings, body and pictures."""

    id: str
    headline: Text | None = None  # only a brief may lack it
    alternatives: tuple[Text, ...] = ()  # 备用标题, for a page that is too full; the e-book has the headline
    kicker: Text | None = None  # 引题
    decks: tuple[Text, ...] = ()  # 副题
    rubric: str | None = None  # 栏目
    series: SeriesPart | None = None
    editors_note: tuple[Paragraph, ...] = ()  # 编者按
    standfirst: Text | None = None  # 提要
    dateline: str | None = None  # 电头
    byline: Byline | None = None
    affiliation: Text | None = None  # 作者单位
    signature: Text | None = None  # 落款
    body: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    weight: Weight = Weight.NORMAL
    genre: str | None = None  # news, comment, feature, essay, case, voice, verse …
    lang: str | None = None
    hint: Hint | None = None
    notes: tuple[Note, ...] = ()  # 注释, once they are taken out of the text; not in any source
    jump_line: Text | None = None  # 下转第N版, of a part that make-up parted from its rest; not in any source
    continued_line: Text | None = None  # 上接第N版, of that rest
    line: int = _line()
    lines: Lines = field(default=(), compare=False, repr=False)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its pictures in the order of the source."""
        return tuple(block for block in self.body if isinstance(block, Figure))


@dataclass(frozen=True, slots=True)
class Briefs:
    """简讯: several short pieces under one rubric, made up as one."""

    id: str
    rubric: str
    articles: tuple[Article, ...]
    weight: Weight = Weight.NORMAL
    hint: Hint | None = None
    line: int = _line()
    lines: Lines = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PictureItem:
    """图片新闻: pictures that stand alone, with a headline and a few words at most."""

    id: str
    figures: tuple[Figure, ...]
    rubric: str | None = None
    headline: Text | None = None
    text: tuple[Paragraph, ...] = ()
    weight: Weight = Weight.NORMAL
    hint: Hint | None = None
    line: int = _line()
    lines: Lines = field(default=(), compare=False, repr=False)


class AdvertisementKind(StrEnum):
    """What the law wants said of it."""

    ADVERTISEMENT = "advertisement"  # 广告
    NOTICE = "notice"  # 公告、启事
    PUBLIC_SERVICE = "public-service"  # 公益广告


class AdvertisementSize(StrEnum):
    """A size of the rate card; how large it is stands in the layout."""

    FULL = "full"  # 整版
    HALF = "half"  # 半版
    QUARTER = "quarter"  # 四分之一版
    STRIP = "strip"  # 通栏
    HALF_STRIP = "half-strip"  # 半通栏
    EAR = "ear"  # 报眼


class AdvertisementPlace(StrEnum):
    """Where an advertisement stands."""

    FOOT = "foot"  # at the foot, wherever make-up has room
    FOOT_LEFT = "foot-left"
    FOOT_RIGHT = "foot-right"
    EAR = "ear"  # in the room of the ears beside the nameplate (报眼)


@dataclass(frozen=True, slots=True)
class Advertisement:
    """广告: a piece of the size it was sold in.

    `columns` basic columns wide and `depth_mm` deep, or of a `size` by name; one in the ear needs neither.
    """

    id: str
    columns: int | None = None
    depth_mm: float | None = None
    kind: AdvertisementKind = AdvertisementKind.ADVERTISEMENT
    headline: Text | None = None
    blocks: tuple[Block, ...] = ()
    size: AdvertisementSize | None = None
    place: AdvertisementPlace = AdvertisementPlace.FOOT
    line: int = _line()

    @property
    def in_ear(self) -> bool:
        """Whether it stands in the ear."""
        return self.size is AdvertisementSize.EAR or self.place is AdvertisementPlace.EAR


Item = Article | Briefs | PictureItem | Advertisement

# --------------------------------------------------------------------------- pages and the issue


@dataclass(frozen=True, slots=True)
class Editor:
    """One of a page's editors; `role` as printed: 责编, 版式, 校对."""

    name: str
    role: str
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Page:
    """版: a page with its number, its title (版名) and its items in order of reading."""

    number: int
    title: str
    items: tuple[Item, ...]
    editors: tuple[Editor, ...] = ()
    folio_line: str | None = None  # a line of the desk's own in the folio, beside date and title
    line: int = _line()
    lines: Lines = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Copy:
    """待排稿: pieces that have a section and no page yet, in order of the source."""

    section: str  # the title (版名) of the pages that they may stand on
    items: tuple[Item, ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Ear:
    """报眼: what stands beside the nameplate."""

    paragraphs: tuple[Paragraph, ...]
    headline: Text | None = None
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Nameplate:
    """报头: the paper's name and the issue's data, each as printed."""

    title: str
    date_text: str  # 2026年11月23日
    subtitle: str | None = None  # 外文或拼音报名
    motto: str | None = None  # 报头口号
    weekday: str | None = None  # 星期一
    lunar_date: str | None = None  # 丙午年十月十五
    edition: str | None = None  # 今日4版
    running_number: int | None = None  # 总第…期
    serial_number: str | None = None  # 国内统一连续出版物号 CN …
    level: str | None = None  # 一级报纸
    sponsor: str | None = None  # 主管、主办
    publisher: str | None = None  # 出版
    site: str | None = None
    ears: tuple[Ear, ...] = ()
    line: int = _line()
    lines: Lines = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone of the imprint; `label` as printed: 编辑部."""

    number: str
    label: str | None = None
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Imprint:
    """报尾"""

    address: str | None = None
    post_code: str | None = None
    telephones: tuple[Telephone, ...] = ()
    price: str | None = None
    printer: str | None = None
    distribution: str | None = None  # 发行
    notes: tuple[str, ...] = ()  # licences, legal counsel and other lines of the imprint
    line: int = _line()
    lines: Lines = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Issue:
    """一期报纸"""

    id: str
    date: date
    nameplate: Nameplate
    pages: tuple[Page, ...]
    imprint: Imprint | None = None
    copy: tuple[Copy, ...] = ()
    lang: str = "zh-Hans"
    layout: str = "broadsheet"
    version: str = "1.0"
    line: int = _line()

    def articles(self) -> Iterator[Article]:
        """All articles in order of reading, those inside briefs included, waiting copy last."""
        for item in self.items():
            if isinstance(item, Article):
                yield item
            elif isinstance(item, Briefs):
                yield from item.articles

    def items(self) -> Iterator[Item]:
        """All items, page by page, waiting copy last."""
        for page in self.pages:
            yield from page.items
        for copy in self.copy:
            yield from copy.items

    def in_sections(self) -> Issue:
        """The same issue with no copy waiting: each piece at the end of the first page of its section.

        For products that have sections and no sheets of paper, so that they do not depend on a layout's room.
        """
        if not self.copy:
            return self
        first = {page.title: page.number for page in reversed(self.pages)}
        pages = (
            replace(
                page,
                items=page.items
                + tuple(
                    item
                    for copy in self.copy
                    if copy.section == page.title and first[page.title] == page.number
                    for item in copy.items
                ),
            )
            for page in self.pages
        )
        return replace(self, pages=tuple(page for page in pages if page.items), copy=())


Holder = Nameplate | Imprint | Page | Article | Briefs | PictureItem


def line_of(holder: Holder, name: str) -> int:
    """The line of a holder's plain string: `line_of(article, "rubric")`; the holder's own when unknown."""
    return dict(holder.lines).get(name, holder.line)
