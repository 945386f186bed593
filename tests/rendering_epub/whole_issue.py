"""An issue that uses every element of the model, and pictures for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date

from PIL import Image

from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementKind,
    Article,
    Author,
    Box,
    Briefs,
    Byline,
    BylinePlace,
    Cell,
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

K = InlineKind


def inline(kind: InlineKind, words: str, **more: str) -> Inline:
    return Inline(kind, children=(Inline(K.TEXT, words),), **more)  # type: ignore[arg-type]


def words(*parts: str | Inline) -> Text:
    return Text(tuple(Inline(K.TEXT, part) if isinstance(part, str) else part for part in parts))


def note(*parts: str | Inline) -> Inline:
    return Inline(K.NOTE, children=words(*parts).parts)


def paragraph(*parts: str | Inline) -> Paragraph:
    return Paragraph(words(*parts))


LEAD = Article(
    "lead",
    words("给材料做一次", Inline(K.BREAK), "慢慢的体检"),
    kicker=words("十年跟踪 三千组数据"),
    decks=(words("实验室把一炉合金放进盐雾箱"), words("结果写成一张谁都看得懂的表")),
    rubric="本期关注",
    series=SeriesPart("看不见的材料", 1, "上"),
    editors_note=(paragraph("从今天起，本报分两次刊出这组报道。"), paragraph("读者来信请寄编辑部。")),
    standfirst=words("耐心，也是一种", inline(K.EMPHASIS, "仪器"), "。"),
    dateline="本报讯",
    byline=Byline(
        (Author("郭远", "记者"), Author("王小满", "记者"), Author("李禾", "通讯员", "江滨实验学校")),
        BylinePlace.OPENING,
    ),
    body=(
        Figure(
            "pictures/furnace.jpg",
            caption=words("炉前取样。", inline(K.STRONG, "温度约七百度"), "。"),
            credit=words("田宇 摄"),
            alt="一位戴面罩的工人站在炉口前，用长柄勺取出一勺发亮的金属液。",
        ),
        paragraph(
            "十一月的一个早晨，",
            inline(K.STRONG, "第三实验室"),
            "的门照例在七点半打开。",
            note("实验室建于1986年，原是一间", inline(K.EMPHASIS, "锅炉房"), "。"),
            "架上的试片已经在盐雾里",
            "待了十年，编号从一排到三千。负责登记的人换过四位，登记的格式却没有变：日期、温度、湿度、重量，最后一栏",
            "叫作“",
            inline(K.EMPHASIS, "手感"),
            "”。",
        ),
        paragraph(
            "“手感不是玄学，”负责人说，“",
            inline(K.DOTS, "是没有来得及写成数字的经验"),
            "。”她把一片试片翻过来，背面的",
            inline(K.RUBY, "铌", ruby="ní"),
            "元素标记已经看不清了。这种合金的化学式写作 Al",
            inline(K.SUBSCRIPT, "3"),
            "Sc，晶粒直径约 10",
            inline(K.SUPERSCRIPT, "−6"),
            " 米，英文叫 ",
            inline(K.FOREIGN, "scandium-strengthened aluminium", lang="en"),
            "。",
        ),
        Crosshead(words("一张表")),
        Table(
            (
                (Cell(words("年份"), True), Cell(words("试片"), True), Cell(words("失重（毫克）"), True)),
                (Cell(words("2016"), True), Cell(words("300")), Cell(words("0.8"))),
                (Cell(words("2021"), True), Cell(words("298")), Cell(words("1.1"))),
                (Cell(words("2026"), True), Cell(words("295")), Cell(words("1.3"))),
            ),
            caption=words("十年里的变化"),
        ),
        paragraph("表里的数字很平静。平静正是他们想要的结果。"),
        PullQuote(words("平静的曲线，才是最难画的曲线。"), words("实验室日记")),
        Crosshead(words("三条", inline(K.DOTS, "经验"))),
        ListBlock(
            (
                words("同一个人，同一把尺"),
                words("先记录，后解释", note("登记簿扉页上的话。")),
                words("坏数据也留着"),
            ),
            ordered=True,
        ),
        ListBlock((words("不赶工"), words("不挑样"))),
        Quotation(
            (paragraph("工欲善其事，必先利其器。"), paragraph("器利而后事可久。")), words("《论语》及旧注")
        ),
        Box(
            (
                paragraph("盐雾试验把盐水吹成雾，让金属在里面慢慢生锈。"),
                ListBlock((words("中性盐雾"), words("醋酸盐雾"))),
                Figure(
                    "pictures/chart.svg", caption=words("盐雾箱示意图"), alt="箱体、喷嘴与试片架的示意图。"
                ),
                Box((paragraph("盒中还有一盒。"),), words("注中注")),
            ),
            words("什么叫盐雾试验"),
        ),
        paragraph(
            "本报另有评论，见",
            inline(K.REFERENCE, "《慢一点》", to="comment"),
            "；数据见",
            inline(K.LINK, "公开网页", href="https://example.org/数据?x=1&y=2"),
            "，旧址",
            inline(K.LINK, "已停用", href="ftp nowhere"),
            "。作者名中的异体字写作",
            inline(K.GLYPH, "邉", variant="E0101"),
            "，人名用字有“𠮷”和“𫍯”。",
        ),
    ),
    affiliation=words("作者单位：江滨材料研究所"),
    signature=words("执笔：郭远"),
    links=(Link("later"),),
    weight=Weight.LEAD,
    genre="news",
    hint=Hint(columns=5, legs=4, place="top-left", box=True),
)

COMMENT = Article(
    "comment",
    words("慢一点"),
    rubric="快评",
    byline=Byline((Author("周知行", affiliation="本报特约评论员"),), BylinePlace.HEAD),
    body=(
        paragraph("快有快的道理，慢有慢的尊严。"),
        Verse(
            (
                (words("炉火不问归期，"), words("盐雾也不问；")),
                (words("只有登记簿，"), words("一页一页地答。")),
            )
        ),
    ),
    links=(Link("lead", Relation.COMMENT_ON),),
    weight=Weight.MAJOR,
    genre="comment",
)

NOTE = Article(
    "note",
    words("写在前面"),
    body=(paragraph("编辑部的话：这是一组关于耐心的稿件。"),),
    links=(Link("lead", Relation.EDITORS_NOTE_TO), Link("later", Relation.EDITORS_NOTE_TO)),
    weight=Weight.BRIEF,
)

LATER = Article(
    "later",
    words("下一个十年"),
    series=SeriesPart("看不见的材料", 2, "下"),
    byline=Byline((Author("郭远", "文"), Author("田宇", "图")), BylinePlace.END),
    body=(
        Exchange(
            (paragraph("下一个十年做什么？"),),
            (paragraph("继续登记。"), paragraph("把格式传下去。")),
            "记者",
            "负责人",
        ),
        Exchange((paragraph("就这些？"),), (paragraph("就这些。"),)),
        paragraph("说完，她合上了登记簿。"),
        Figure("pictures/portrait.png", credit=words("资料图片")),
    ),
    links=(Link("lead", Relation.CONTINUES),),
)

ENGLISH = Article(
    "english",
    words("A Note to Our Readers Abroad"),
    dateline="北京电",
    body=(ListBlock((words("We print on Mondays."),)), paragraph("And this is the last line.")),
    lang="en",
)

ISSUE = Issue(
    "2026-11-23",
    date(2026, 11, 23),
    Nameplate(
        "江滨材料报",
        "2026年11月23日",
        subtitle="JIANGBIN CAILIAO BAO",
        motto="把难懂的写清楚",
        weekday="星期一",
        lunar_date="丙午年十月十五",
        edition="今日2版",
        running_number=862,
        serial_number="CN 00-0000",
        level="行业周报",
        sponsor="江滨材料学会主管主办",
        publisher="江滨材料报社出版",
        site="https://paper.example.org",
        ears=(
            Ear((paragraph("明天：晴，三到九度。"), paragraph("宜读报。")), words("天气")),
            Ear((paragraph("本报每周一出版。"),)),
        ),
    ),
    (
        Page(
            1,
            "要闻",
            (
                LEAD,
                COMMENT,
                Advertisement(
                    "ad",
                    4,
                    80,
                    headline=words("登记簿用纸"),
                    blocks=(paragraph("一页能写五十年。"), Figure("pictures/chart.svg", alt="一叠纸。")),
                ),
                Briefs(
                    "briefs",
                    "简明新闻",
                    (
                        Article(
                            "b1",
                            words("新展厅开放"),
                            dateline="本报讯",
                            body=(paragraph("江滨博物馆新展厅开放。", note("在旧馆东侧。")),),
                        ),
                        Article(
                            "b2",
                            byline=Byline((Author("陈一", "记者"),), BylinePlace.OPENING),
                            body=(paragraph("没有标题的一条简讯，也要有自己的位置，还要能在目录里找到。"),),
                            signature=words("本报综合"),
                        ),
                        Article("b3", words("In Brief"), body=(paragraph("An English brief."),), lang="en"),
                    ),
                ),
            ),
            editors=(
                Editor("赵敏", "责编"),
                Editor("钱进", "版式"),
                Editor("孙立", "校对"),
                Editor("孙小立", "校对"),
            ),
            folio_line="新闻热线 000-0000",
        ),
        Page(
            2,
            "专版",
            (
                PictureItem(
                    "pics",
                    (
                        Figure(
                            "pictures/furnace.jpg",
                            caption=words("清晨的炉台。"),
                            credit=words("田宇 摄"),
                            alt="炉台。",
                        ),
                        Figure("pictures/portrait.png", caption=words("老登记员。"), alt="一位老人的肖像。"),
                    ),
                    rubric="图片新闻",
                    headline=words("炉台", Inline(K.BREAK), "一日"),
                    text=(paragraph("从清晨到黄昏，炉台没有熄过火。"),),
                ),
                PictureItem("pics2", (Figure("pictures/strip.png", caption=words("瀑布。"), alt="瀑布。"),)),
                LATER,
                NOTE,
                ENGLISH,
                Advertisement(
                    "notice",
                    2,
                    40,
                    AdvertisementKind.NOTICE,
                    blocks=(paragraph("遗失登记簿一本，声明作废。"),),
                ),
                Advertisement(
                    "psa", 2, 40, AdvertisementKind.PUBLIC_SERVICE, words("惜纸"), (paragraph("纸短情长。"),)
                ),
            ),
        ),
    ),
    Imprint(
        "江滨市盐雾路1号",
        "000000",
        (Telephone("000-0001", "编辑部"), Telephone("000-0002")),
        "每份1.00元",
        "江滨印刷厂",
        "江滨邮政局",
        ("广告许可证 000号", "法律顾问 某某"),
    ),
)


@dataclass(frozen=True)
class Picture:
    data: bytes
    mime: str
    width_px: int
    height_px: int


def _raster(width: int, height: int, form: str) -> Picture:
    kept = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(kept, form)
    return Picture(kept.getvalue(), f"image/{form.lower()}", width, height)


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 240">'
    b'<path d="M20 220L120 150L220 180L380 40" fill="none" stroke="#246" stroke-width="8"/></svg>'
)
PICTURES = {
    "pictures/furnace.jpg": _raster(1200, 800, "JPEG"),
    "pictures/portrait.png": _raster(600, 800, "PNG"),
    "pictures/strip.png": _raster(200, 800, "PNG"),
    "pictures/chart.svg": Picture(SVG, "image/svg+xml", 400, 240),
}
COVER = _raster(1200, 1600, "JPEG").data

# Fields that nobody reads: they steer, they point, or they are numbers with a wording of their own.
SILENT = {
    "id", "src", "lang", "layout", "version", "href", "to", "variant", "genre", "hint", "date", "weight",
    "kind", "relation", "place", "running_number", "number", "part", "line", "lines", "line_starts",
    "focal", "columns", "depth_mm", "ordered", "head", "optional", "alternatives", "links",
}  # fmt: skip


def texts(value: object) -> Iterator[str]:
    """Every text of a value of the model: a `Text` as one, and each string that a reader should find."""
    if isinstance(value, Text):
        yield value.plain
        yield from (span.ruby for span in value.spans() if span.ruby)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif is_dataclass(value):
        for attribute in fields(value):
            if attribute.name not in SILENT or isinstance(value, Telephone):
                yield from texts(getattr(value, attribute.name))
