"""Small issues for make-up: articles of any length, every kind of item, pictures without files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from issue_publisher.composition.compose import NO_WISHES, Wishes, compose_issue
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementKind,
    Article,
    Author,
    Block,
    Box,
    Briefs,
    Byline,
    BylinePlace,
    Cell,
    Crosshead,
    Exchange,
    Figure,
    Hint,
    Imprint,
    Inline,
    InlineKind,
    Issue,
    Item,
    ListBlock,
    Nameplate,
    Page,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    SeriesPart,
    Table,
    Text,
    Verse,
    Weight,
    text,
)
from issue_publisher.layout.model import Layout
from typesetting.paper import faces, layout

FILE = "source/2026-11-30/issue.xml"

_WHO = ["实验室", "课题组", "测试中心", "年轻的工程师", "老师傅们", "南岸炉台", "登记员", "评审专家"]
_DOES = ["记录了", "复核了", "比较了", "公布了", "重新测量了", "整理出", "保存着", "解释了"]
_WHAT = [
    "三千组数据",
    "一炉合金的温度",
    "晶体的照片",
    "盐雾箱里的试片",
    "十年的登记簿",
    "样品的重量",
    "曲线的拐点",
]
_THEN = [
    "结果很平静",
    "误差不到千分之三",
    "没有人着急",
    "大家松了一口气",
    "这还只是开始",
    "下一步更难",
    "读者可以放心",
]


def prose(characters: int, seed: int = 0) -> str:
    """About so many characters of plain newspaper prose; another seed, other words."""
    chance = Random(seed)
    words = f"第{seed + 1}号试样。"
    while len(words) < characters:
        parts = [chance.choice(pool) for pool in (_WHO, _DOES, _WHAT, _THEN)]
        words += f"{parts[0]}{parts[1]}{parts[2]}，{parts[3]}。"
        if chance.random() < 0.2:
            words += f"“{chance.choice(_THEN)}，”{chance.choice(_WHO)}说，“{chance.choice(_THEN)}。”"
    return words[: max(2, characters - 1)] + "。"


def paragraphs(characters: int, seed: int = 0, each: int = 130) -> tuple[Paragraph, ...]:
    """A body of plain paragraphs."""
    count = max(1, characters // each)
    return tuple(
        Paragraph(text(prose(characters // count, seed * 100 + number), 10 + number))
        for number in range(count)
    )


def article(
    identity: str, characters: int, seed: int = 0, *, weight: Weight = Weight.NORMAL, **more: object
) -> Article:
    """An article of about so many characters."""
    made = Article(
        identity,
        text(
            ["炉台上的数据很平静", "一炉合金的十年", "试片背面的编号", "盐雾里的登记簿", "曲线拐弯的地方"][
                seed % 5
            ],
            7,
        ),
        body=paragraphs(characters, seed),
        weight=weight,
        line=7,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def figure(number: int = 1, **more: object) -> Figure:
    """A picture with caption and credit."""
    made = Figure(
        f"pictures/{number}.jpg",
        text(f"图{number}：登记员在核对试片的编号，身后是盐雾箱。"),
        text(f"摄影{number}号 摄"),
        alt="登记员和试片。",
        line=9,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def issue_of(*pages: Iterable[Item], imprint: bool = False) -> Issue:
    """An issue of these pages."""
    made = tuple(Page(number, "要闻", tuple(items), line=5 * number) for number, items in enumerate(pages, 1))
    return Issue(
        "2026-11-30",
        date(2026, 11, 30),
        Nameplate("晨渡周报", "2026年11月30日"),
        made,
        Imprint("晨渡路一号") if imprint else None,
    )


@dataclass(frozen=True)
class Size:
    """What make-up asks of a picture."""

    width_px: int = 1200
    height_px: int = 800
    is_vector: bool = False
    lettering: float | None = None


class AnyPicture(dict[str, Size]):
    """Every name is a picture: drawings end in .svg, upright ones begin with `tall`."""

    def __missing__(self, src: str) -> Size:
        upright = "tall" in src
        return Size(800 if upright else 1200, 1200 if upright else 800, src.endswith(".svg"))


def quick(**more: float) -> Layout:
    """The broadsheet with little patience."""
    patience = {"beam_width": 40, "tries": 20, **more}
    return replace(layout(), makeup=replace(layout().makeup, **patience))  # type: ignore[arg-type]


def composed(
    issue: Issue,
    plan: bytes | None = None,
    *,
    made_for: Layout | None = None,
    wishes: Wishes = NO_WISHES,
    sizes: Mapping[str, Size] | None = None,
) -> ComposedIssue:
    """The issue made up, with little patience unless a plan is given."""
    return compose_issue(
        issue,
        made_for or quick(),
        faces(),
        AnyPicture() if sizes is None else sizes,
        file=FILE,
        plan=plan,
        wishes=wishes,
    )


# --------------------------------------------------------------------------- a page of everything


def inline(kind: InlineKind, words: str, **more: str) -> Inline:
    return Inline(kind, children=(Inline(InlineKind.TEXT, words),), **more)  # type: ignore[arg-type]


def rich(*parts: str | Inline) -> Text:
    return Text(tuple(Inline(InlineKind.TEXT, part) if isinstance(part, str) else part for part in parts))


def note(*parts: str | Inline) -> Inline:
    return Inline(InlineKind.NOTE, children=rich(*parts).parts)


TABLE = Table(
    (
        (Cell(text("年份"), True), Cell(text("试片（片）"), True), Cell(text("失重"), True)),
        (Cell(text("2016")), Cell(text("三百零一")), Cell(text("0.81毫克"))),
        (Cell(text("2026")), Cell(text("二百九十五")), Cell(text("1.32毫克"))),
    ),
    caption=text("表一　十年记录"),
)
BLOCKS: tuple[Block, ...] = (
    Paragraph(
        rich(
            "炉前的", inline(InlineKind.STRONG, "黑体强调"), "与", inline(InlineKind.EMPHASIS, "楷体强调"),
            "之外，还有", inline(InlineKind.DOTS, "着重加点"), "和", inline(InlineKind.RUBY, "铌", ruby="ní"),
            "元素，化学式 Al", inline(InlineKind.SUBSCRIPT, "3"), "Sc，密度 2.7×10",
            inline(InlineKind.SUPERSCRIPT, "3"), "，网址",
            inline(InlineKind.LINK, "www.example.org/alloys/2026/register.html", href="https://example.org/"),
            "，英文", inline(InlineKind.FOREIGN, "scandium", lang="en"), "，繁体",
            inline(InlineKind.FOREIGN, "「鈧」的讀音", lang="zh-Hant"), "，以及“𠮷”字。",
        )
    ),
    Crosshead(text("小标题甲")),
    Paragraph(
        rich(
            prose(80, 901),
            note("注文甲，盐雾试验按", inline(InlineKind.EMPHASIS, "本厂规程"), "做。"),
            prose(80, 903),
        )
    ),
    ListBlock((text("列表第一条，同一个人"), rich("列表第二条，同一把尺", note("注文乙。"))), ordered=True),
    ListBlock((text("不赶工的要点"), text("不挑样的要点"))),
    Quotation(
        (Paragraph(rich("引文：工欲善其事，必先利其器。", note("注文丙，见《论语》。"))),),
        source=text("引文出处《论语》"),
    ),
    PullQuote(text("摘引：平静的曲线最难画"), source=text("摘引出处")),
    Exchange(
        (Paragraph(text("提问：下一个十年做什么？")),),
        (Paragraph(text("回答：继续登记。")),),
        "记者甲",
        "负责人乙",
    ),
    Verse(((text("诗行一炉火不问归期"), text("诗行二盐雾也不问")), (text("诗行三只有登记簿"),))),
    Box((Paragraph(text("花边框里的一段说明文字。")), TABLE), text("框题什么叫盐雾")),
    Crosshead(text("小标题乙")),
    Paragraph(text(prose(200, 902))),
)  # fmt: skip
OUTER_TABLE = replace(
    TABLE,
    caption=text("表二　外表的题"),
    rows=tuple(tuple(replace(c, text=text("外" + c.text.plain)) for c in r) for r in TABLE.rows),
)
EVERYTHING: Article = article(
    "everything",
    10,
    weight=Weight.LEAD,
    headline=rich("给材料做一次", Inline(InlineKind.BREAK), "慢慢的体检"),
    kicker=text("引题十年跟踪"),
    decks=(text("副题一盐雾箱"), text("副题二登记簿")),
    rubric="本期栏目",
    series=SeriesPart("系列名称", 1, "上"),
    editors_note=(Paragraph(text("从今天起刊出这组报道，按语第一段。")), Paragraph(text("按语第二段。"))),
    standfirst=rich("提要：耐心也是一种", inline(InlineKind.EMPHASIS, "仪器"), "。"),
    dateline="本报电头",
    byline=Byline((Author("郭远", "记者"), Author("李禾", "通讯员", "实验学校")), BylinePlace.OPENING),
    affiliation=text("作者单位材料研究所"),
    signature=text("落款执笔郭远"),
    body=(figure(1, columns=2), *BLOCKS, OUTER_TABLE, figure(2, src="pictures/2.svg", columns=1)),
)
COMMENT = article(
    "comment",
    420,
    3,
    genre="comment",
    headline=text("慢一点才走得远"),
    byline=Byline((Author("周知行", affiliation="特约评论员"),), BylinePlace.HEAD),
    hint=Hint(box=True),
)
BRIEFS = Briefs(
    "briefs",
    "简明新闻栏",
    (
        article("b1", 90, 21, headline=text("简讯甲标题"), weight=Weight.BRIEF, dateline="简讯电头甲"),
        article(
            "b2",
            80,
            22,
            headline=None,
            weight=Weight.BRIEF,
            signature=text("简讯落款"),
            body=(Paragraph(rich(prose(80, 22), note("简讯的注。"))),),
        ),
        article("b3", 70, 23, headline=text("简讯丙标题"), weight=Weight.BRIEF),
    ),
    line=40,
)
PICTURES = PictureItem(
    "pictures",
    (figure(5, src="pictures/5.jpg"), figure(6, src="pictures/6.jpg")),
    rubric="图片新闻栏",
    headline=text("炉台一日"),
    text=(Paragraph(text("从清晨到黄昏，炉台没有熄过火。")),),
    line=50,
)
NOTICE = Advertisement(
    "notice",
    2,
    60,
    AdvertisementKind.NOTICE,
    text("遗失声明"),
    (Paragraph(text("遗失登记簿一本，编号零零七，声明作废。")),),
    line=60,
)
LATER = article(
    "later",
    520,
    4,
    headline=text("下一个十年从登记开始"),
    byline=Byline((Author("田宇", "文"), Author("陈一", "图")), BylinePlace.END),
    body=(*paragraphs(520, 4), figure(7, src="pictures/tall-7.jpg", columns=1)),
)
MAJOR = article(
    "major",
    900,
    2,
    weight=Weight.MAJOR,
    headline=text("新合金下海　失重率降六成"),
    body=(figure(8, columns=2), *paragraphs(900, 2)),
)
WHOLE = issue_of(
    [EVERYTHING, MAJOR, COMMENT, BRIEFS], [LATER, PICTURES, NOTICE, article("short", 300, 1)], imprint=True
)
