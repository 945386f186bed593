"""How a newspaper words what the model keeps as data: bylines, folio lines, labels, the imprint.

Pure and without layout, so that the print pages and the e-book say the same. Whatever the desk wrote
comes out verbatim; only labels and brackets are added, and none that the desk has written already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .model import (
    AdvertisementKind,
    Article,
    Author,
    Block,
    Box,
    Byline,
    BylinePlace,
    Editor,
    Figure,
    Imprint,
    Inline,
    InlineKind,
    Issue,
    Nameplate,
    Page,
    Paragraph,
    PullQuote,
    Relation,
    SeriesPart,
    Telephone,
    Text,
)

IDEOGRAPHIC_SPACE = "\u3000"

ADVERTISEMENT_LABELS = {
    AdvertisementKind.ADVERTISEMENT: "广告",
    AdvertisementKind.NOTICE: "公告",
    AdvertisementKind.PUBLIC_SERVICE: "公益广告",
}

# What a link is called in the article that holds it, and in the article it leads to.
RELATION_LABELS = {
    Relation.COMMENT_ON: "本文所评",
    Relation.EDITORS_NOTE_TO: "按语所及",
    Relation.CONTINUES: "系列前篇",
    Relation.RELATED: "相关报道",
}
BACK_RELATION_LABELS = {
    Relation.COMMENT_ON: "相关评论",
    Relation.EDITORS_NOTE_TO: "编者按",
    Relation.CONTINUES: "系列后篇",
    Relation.RELATED: "相关报道",
}

NOTES_LABEL = "注："  # before the first note at an article's end, in print

BESIDE_THE_TEXT = (Figure, PullQuote, Box)  # blocks that are no part of the running text

# --------------------------------------------------------------------------- bylines


def byline_text(byline: Byline | None, dateline: str | None = None) -> str:
    """The byline as its place wants it.

    opening: 本报讯（记者 郭某 通讯员 李某）   head: 记者 郭某　通讯员 李某   end: （记者 郭某）
    The dateline (电头) belongs to the opening alone; see `opening_text`.
    """
    if byline is None or not byline.authors:
        return ""
    match byline.place:
        case BylinePlace.OPENING:
            return f"{dateline or ''}（{_authors(byline.authors, ' ', '〔〕')}）"
        case BylinePlace.HEAD:
            return _authors(byline.authors, IDEOGRAPHIC_SPACE, "（）")
        case BylinePlace.END:
            return f"（{_authors(byline.authors, ' ', '〔〕')}）"


def opening_text(article: Article) -> str:
    """What runs into the first paragraph: dateline and opening byline, or the dateline and a space."""
    if article.byline is not None and article.byline.place is BylinePlace.OPENING:
        return byline_text(article.byline, article.dateline)
    return f"{article.dateline}{IDEOGRAPHIC_SPACE}" if article.dateline else ""


def head_text(article: Article) -> str:
    """The byline that stands under the headline, or nothing."""
    return _byline_at(BylinePlace.HEAD, article)


def head_line(article: Article) -> Text | None:
    """The same as it is set, behind its mark and with its short names marked, so that none is parted."""
    words = head_text(article)
    return _with_names(f"□ {words}", article, article.line) if words else None


def end_text(article: Article) -> str:
    """The byline that stands after the last paragraph, or nothing."""
    return _byline_at(BylinePlace.END, article)


def body_as_printed(article: Article) -> tuple[Block, ...]:
    """The body with opening and end byline run into it, as paragraphs of their own where there is none."""
    body, opening, end = list(article.body), opening_text(article), end_text(article)
    if opening:
        at = opening_paragraph(body)
        if at is None:
            body.insert(0, Paragraph(_with_names(opening, article, article.line), line=article.line))
        else:
            body[at] = _with_text(body[at], article, before=opening)
    if end:
        at = closing_paragraph(body)
        if at is None:
            body.append(Paragraph(_with_names(end, article, article.line), line=article.line))
        else:
            body[at] = _with_text(body[at], article, after=end)
    return tuple(body)


def opening_paragraph(body: Sequence[Block]) -> int | None:
    """Where the opening byline goes: the first block of running text, if that is a paragraph."""
    return _text_paragraph(body, range(len(body)))


def closing_paragraph(body: Sequence[Block]) -> int | None:
    """Where the end byline goes: the last block of running text, if that is a paragraph."""
    return _text_paragraph(body, range(len(body) - 1, -1, -1))


def _text_paragraph(body: Sequence[Block], order: range) -> int | None:
    for at in order:
        if not isinstance(body[at], BESIDE_THE_TEXT):
            return at if isinstance(body[at], Paragraph) else None
    return None


def _with_text(block: Block, article: Article, before: str = "", after: str = "") -> Block:
    assert isinstance(block, Paragraph)
    first, last = (_with_names(words, article, block.line).parts for words in (before, after))
    return replace(block, text=replace(block.text, parts=first + block.text.parts + last))


_NAME = re.compile("[\u4e00-\u9fff\u3400-\u4dbf·]{2,4}")  # longer ones are offices, or names from abroad
_SHORT = 4  # characters of an affiliation that stays in one with its brackets: 已退休
_SHORT_ROLE = 3  # of a role: 编谜, 通讯员


def _with_names(words: str, article: Article, line: int) -> Text:
    """A byline's words with its short names and roles marked, so that none is parted at a line's end."""
    authors = article.byline.authors if article.byline is not None else ()
    names = {author.name for author in authors if _NAME.fullmatch(author.name)}
    short = [author.affiliation for author in authors if 0 < len(author.affiliation or "") <= _SHORT]
    names |= {author.role for author in authors if author.role and len(author.role) <= _SHORT_ROLE}
    names |= {f"{left}{words}{right}" for words in short for left, right in ("（）", "〔〕")}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", words) if names else [words]
    return Text(
        tuple(Inline(InlineKind.TEXT, part, whole=part in names, line=line) for part in parts if part), line
    )


# What a line of a credit must not part: 本报, and who took, drew or coloured the picture.
_IN_CREDITS = re.compile(
    "(本报|[\u4e00-\u9fff\u3400-\u4dbf·]{2,4}(?=[ \u3000/／]?(?:摄|绘|制图|供图|着色|改绘|译)))"
)


# What a caption must not part.
_IN_CAPTIONS = re.compile("(资料图片|资料照片)")


# Who said what is quoted: a name after office and white space, at the end.
_AT_END_OF_SOURCES = re.compile("(?<=[ \u3000])([\u4e00-\u9fff\u3400-\u4dbf·]{2,4})$")


def credit_text(credit: Text) -> Text:
    """A credit (署名) as the desk wrote it, with 本报 and short names marked, so that none is parted."""
    return _with_wholes(credit, _IN_CREDITS)


def caption_text(caption: Text) -> Text:
    """A caption as the desk wrote it, with 资料图片 marked, so that it is not parted."""
    return _with_wholes(caption, _IN_CAPTIONS)


def source_text(source: Text) -> Text:
    """Whose words are quoted, as the desk wrote it, with the name marked, so that it is not parted."""
    return _with_wholes(source, _AT_END_OF_SOURCES)


def _with_wholes(text: Text, wholes: re.Pattern[str]) -> Text:
    """A text with all that matches a pattern's one group marked as what no line parts."""
    parts: list[Inline] = []
    for part in text.parts:
        if part.kind is not InlineKind.TEXT or part.children:
            parts.append(part)
            continue
        for at, words in enumerate(wholes.split(part.text)):
            if words:
                parts.append(replace(part, text=words, whole=part.whole or at % 2 == 1))
    return replace(text, parts=tuple(parts))


def _byline_at(place: BylinePlace, article: Article) -> str:
    return byline_text(article.byline) if article.byline and article.byline.place is place else ""


def _authors(authors: Sequence[Author], between: str, brackets: str) -> str:
    """Authors with their roles; a role that several share in a row is said once."""
    words, role = "", None
    for author in authors:
        name = author.name
        if author.affiliation:
            name += f"{brackets[0]}{author.affiliation}{brackets[1]}"
        shared = author.role is not None and author.role == role
        role = author.role
        words += (between if words and not shared else " " if words else "") + (
            name if shared or not role else f"{role} {name}"
        )
    return words


# --------------------------------------------------------------------------- furniture


def running_number_text(number: int) -> str:
    """总第862期"""
    return f"总第{number}期"


def serial_number_text(serial_number: str) -> str:
    """国内统一连续出版物号 CN 41-0063, whether or not the desk has written the label."""
    return f"国内统一连续出版物号 {serial_number}" if serial_number.startswith("CN") else serial_number


def date_line(nameplate: Nameplate) -> tuple[str, ...]:
    """Date, weekday and lunar date, those that are there."""
    return tuple(part for part in (nameplate.date_text, nameplate.weekday, nameplate.lunar_date) if part)


def number_line(nameplate: Nameplate) -> tuple[str, ...]:
    """Serial number, running number, edition and level, those that are there."""
    parts = (
        nameplate.level,
        serial_number_text(nameplate.serial_number) if nameplate.serial_number else None,
        running_number_text(nameplate.running_number) if nameplate.running_number is not None else None,
        nameplate.edition,
    )
    return tuple(part for part in parts if part)


def publisher_line(nameplate: Nameplate) -> tuple[str, ...]:
    """Sponsor, publisher and site, those that are there."""
    return tuple(part for part in (nameplate.sponsor, nameplate.publisher, nameplate.site) if part)


def page_number_text(number: int) -> str:
    """第2版"""
    return f"第{number}版"


def jump_text(number: int) -> str:
    """（下转第3版）"""
    return f"（下转{page_number_text(number)}）"


def continued_text(number: int) -> str:
    """（上接第1版）"""
    return f"（上接{page_number_text(number)}）"


def page_text(page: Page) -> str:
    """第2版　要闻"""
    return f"{page_number_text(page.number)}{IDEOGRAPHIC_SPACE}{page.title}".rstrip()


def editors_text(editors: Sequence[Editor]) -> str:
    """责编 王某　版式 李某"""
    words, role = "", None
    for editor in editors:
        if editor.role == role:
            words += f" {editor.name}"
        else:
            words += (IDEOGRAPHIC_SPACE if words else "") + f"{editor.role} {editor.name}".strip()
        role = editor.role
    return words


def series_text(series: SeriesPart) -> str:
    """看不见的材料（上）, 看不见的材料之三: the series and which part of it this is.

    A label that names the series itself (“看不见的材料”专题) stands alone.
    """
    if series.name in series.label:
        return series.label
    if series.label.startswith(("之", "（", "(", "·")):
        return series.name + series.label
    return f"{series.name}（{series.label}）" if series.label else series.name


def speaker_text(speaker: str | None) -> str:
    """问："""
    if not speaker:
        return ""
    return speaker if speaker.endswith(("：", ":")) else f"{speaker}："


def labelled(label: str, words: str, mark: str = "：") -> str:
    """地址：…, unless the desk has written the label itself."""
    return words if not label or words.startswith(label) else f"{label}{mark}{words}"


def telephone_text(telephone: Telephone) -> str:
    """编辑部：010-…"""
    return labelled(telephone.label or "", telephone.number)


def imprint_texts(imprint: Imprint | None) -> tuple[str, ...]:
    """The imprint (报尾), one text for each thing it says; nothing where there is none."""
    if imprint is None:
        return ()
    texts = [
        labelled("地址", imprint.address or "") if imprint.address else "",
        labelled("邮编", imprint.post_code) if imprint.post_code else "",
        *(telephone_text(telephone) for telephone in imprint.telephones),
        labelled("发行", imprint.distribution) if imprint.distribution else "",
        labelled("定价", imprint.price) if imprint.price else "",
        labelled("印刷", imprint.printer) if imprint.printer else "",
        *imprint.notes,
    ]
    return tuple(words for words in texts if words)


# What is said behind the name of a body that answers for a paper: …主办, …出版.
_OFFICE = re.compile(r"(?:主管|主办|主辦|编辑|編輯|出版|[、\u3000 ])+$")


def body_name(printed: str) -> str:
    """The name alone in 天工新材报社出版."""
    return _OFFICE.sub("", printed) or printed


def page_count_text(pages: int) -> str:
    """今日4版"""
    return f"今日{pages}版"


def repeated_texts(issue: Issue) -> tuple[str, ...]:
    """What an imprint says again of the nameplate, save what the desk has written there itself.

    Sponsor, publisher, serial number, date, running number and page count: the rules for newspapers
    (报纸出版管理规定, 2005, and its standard of quality, 2020) ask for them among the data of publication.
    """
    plate = issue.nameplate
    serial, running = plate.serial_number, plate.running_number
    said = "".join("".join(imprint_texts(issue.imprint)).split())
    texts = (  # each with what tells that the imprint has it
        (plate.sponsor, plate.sponsor or ""),
        (plate.publisher, plate.publisher or ""),
        (serial_number_text(serial) if serial else None, serial or ""),
        (plate.date_text, plate.date_text),
        (running_number_text(running) if running is not None else None, running_number_text(running or 0)),
        (plate.edition or page_count_text(len(issue.pages)),) * 2,
    )
    return tuple(words for words, told in texts if words and "".join(told.split()) not in said)


def lacking_data(issue: Issue) -> tuple[str, ...]:
    """What the imprint should say and neither it nor the nameplate does, by the names of the elements."""
    plate, imprint = issue.nameplate, issue.imprint
    wanted = {
        "sponsor": plate.sponsor,
        "publisher": plate.publisher,
        "serial-number": plate.serial_number,
        "running-number": plate.running_number,
        "address": imprint and imprint.address,
        "printer": imprint and imprint.printer,
        "distribution": imprint and imprint.distribution,
        "price": imprint and imprint.price,
    }
    return tuple(name for name, words in wanted.items() if words is None or words == "")


def advertisement_text(kind: AdvertisementKind) -> str:
    """广告, 公告 or 公益广告. 公告 is for notices that nobody pays for: a paid one is an `advertisement`, and
    says 广告, as the law wants (广告法, article 14).
    """
    return ADVERTISEMENT_LABELS[kind]


def relation_text(relation: Relation, *, back: bool = False) -> str:
    """What a link between articles is called; `back` in the article that it leads to."""
    return (BACK_RELATION_LABELS if back else RELATION_LABELS)[relation]


# --------------------------------------------------------------------------- labels inside an article


def editors_note_label(note: Sequence[Paragraph]) -> str:
    """编者按, unless the desk has begun the note with a label of its own (编者按, 编后, 编者的话 …)."""
    return "" if not note or note[0].text.plain.lstrip("【[（( ").startswith("编") else "编者按"


def source_dash(source: Text) -> str:
    """The dash before a quotation's source, unless the desk has written it."""
    return "" if source.plain.startswith(("—", "―", "-", "–")) else "——"


# One or two people, told apart by their sides; 左二 is one of a row of people.
_SIDE = re.compile(r"[（(][左右][）)]")
_LIKENESS = re.compile(r"(?:近照|肖像|本人照片)[。.]?$")


def names_people(caption: str) -> bool:
    """Whether a caption says that its picture shows one or two people and little else."""
    return bool(_SIDE.search(caption) or _LIKENESS.search(caption))
