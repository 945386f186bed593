"""The cover: a stamp that tells this paper and this issue from others, whatever the issue holds."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Figure,
    Inline,
    InlineKind,
    Issue,
    Nameplate,
    Page,
    Paragraph,
    PictureItem,
    Text,
    Weight,
    text,
)
from issue_publisher.layout.model import Layout
from issue_publisher.layout.reader import read_layout
from issue_publisher.pictures import Picture, open_picture
from issue_publisher.rendering.cover import Block, Cover, draw_cover
from issue_publisher.rendering.epub import render_epub
from issue_publisher.rendering.templates import TemplateFault
from issue_publisher.typesetting.faces import PaperFaces

GREEN = (20, 160, 60)
SETTINGS = read_layout(
    (Path(__file__).parents[2] / "layouts/broadsheet/layout.toml").read_bytes(), "layout.toml", Path()
).pictures


def picture(src: str, width: int, height: int, colour: tuple[int, int, int] = GREEN) -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return open_picture(src, file.getvalue(), SETTINGS)


def broken(*lines: str) -> Text:
    parts = [part for line in lines for part in (Inline(InlineKind.BREAK), Inline(InlineKind.TEXT, line))]
    return Text(tuple(parts[1:]))


def article(id_: str, title: Text, weight: Weight = Weight.NORMAL, *figures: Figure) -> Article:
    words = Paragraph(text("炉火照着墙上的表，" * 30))
    return Article(id_, title, body=(*figures, words), weight=weight, dateline="本报讯")


SIDE, MAIN = Figure("side.png", columns=2), Figure("main.png", columns=3)
LEAD = replace(
    article("lead", broken("一炉新合金", "走完三百次考核"), Weight.LEAD, SIDE, MAIN),
    kicker=text("十年跟踪 三千组数据"),
    decks=(text("每一次失败都记在同一本登记簿上"),),
)
ISSUE = Issue(
    "2026-11-23",
    date(2026, 11, 23),
    Nameplate("江滨材料报", "2026年11月23日", weekday="星期一", edition="今日3版", running_number=862),
    (
        Page(
            1,
            "要闻",
            (article("a", text("次要的消息")), LEAD, article("b", text("更重的消息"), Weight.MAJOR)),
        ),
        Page(2, "综合", (article("c", text("二版头条"), Weight.LEAD), Advertisement("ad", 2, 80))),
        Page(3, "副刊", (article("d", text("三版之一")), article("e", text("三版之二")))),
    ),
)
PICTURES = {"main.png": picture("main.png", 900, 600), "side.png": picture("side.png", 2000, 900, (0, 0, 0))}


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size, image.mode) == ("JPEG", (1200, 1600), "RGB")
    return image


def share_of(colour: tuple[int, int, int], image: Image.Image) -> float:
    """How much of the picture has about this colour."""
    small = image.resize((120, 160), Image.Resampling.BOX)
    near = [
        all(abs(a - b) < 30 for a, b in zip(pixel, colour, strict=True))
        for pixel in small.get_flattened_data()
    ]
    return sum(near) / len(near)


@pytest.fixture(scope="module")
def drawn(layout: Layout, faces: PaperFaces) -> bytes:
    return draw_cover(ISSUE, layout, faces, PICTURES)


def test_a_newspaper_front_in_little(drawn: bytes) -> None:
    image = opened(drawn)
    assert len(drawn) < 600_000
    assert 0.15 < share_of(GREEN, image) < 0.5  # the photograph dominates, the words hold their own
    assert share_of((230, 11, 34), image) > 0.04  # nameplate and band are red


def test_as_a_grey_stamp_the_nameplate_and_headline_still_stand_out(drawn: bytes) -> None:
    stamp = opened(drawn).convert("L").resize((150, 200), Image.Resampling.LANCZOS)
    nameplate, headline = stamp.crop((0, 0, 150, 32)), stamp.crop((10, 55, 140, 95))
    for part in (nameplate, headline):
        darkest, lightest = part.getextrema()
        assert darkest < 100
        assert lightest > 240
        assert ImageStat.Stat(part).stddev[0] > 40


def test_the_headline_breaks_where_the_desk_would_have_it(layout: Layout, faces: PaperFaces) -> None:
    cover = Cover(ISSUE, layout, faces, {})
    block = cover.fit(LEAD.headline or "", "song-heavy", range(144, 44, -4), 1088, 3)
    assert ["".join(piece.text for piece in line) for line in block.lines] == ["一炉新合金", "走完三百次考核"]


def said(block: Block) -> list[str]:
    return ["".join(piece.text for piece in line) for line in block.lines]


def test_stories_side_by_side_have_one_size_and_their_own_breaks(layout: Layout, faces: PaperFaces) -> None:
    cover = Cover(ISSUE, layout, faces, {})
    titles = [broken("哈勃的镜子", "错在哪里"), text("一微米是怎么量准的，谁说了算"), text("短题")]
    blocks = cover.fit_alike(titles, "song-heavy", range(54, 30, -2), 340, 2)
    assert len({block.size for block in blocks}) == 1
    assert said(blocks[0]) == ["哈勃的镜子", "错在哪里"]
    assert ["".join(said(block)) for block in blocks] == [title.plain for title in titles]


def test_a_long_heading_is_set_smaller_and_never_cut(layout: Layout, faces: PaperFaces) -> None:
    cover = Cover(ISSUE, layout, faces, {})
    long = "正确政绩观学习教育读书班开班仪式暨专题辅导报告会在总部机关隆重举行并作动员部署"
    block = cover.fit(long, "hei-heavy", range(46, 28, -2), 340, 2)
    assert block.size < 30
    assert "".join(said(block)) == long


def test_the_running_text_ends_with_a_sentence(layout: Layout, faces: PaperFaces) -> None:
    cover = Cover(ISSUE, layout, faces, {})
    sentence = "炉火照着墙上的表，指针走完了一圈。"
    story = Article("a", text("题"), body=tuple(Paragraph(text(sentence * 4)) for _ in range(3)))
    for most in range(3, 24):
        words = "".join(said(cover.column(story, "song", 30, 500, most)))
        assert words.endswith("圈。")
        assert len(cover.column(story, "song", 30, 500, most).lines) <= most
    endless = Article("a", text("题"), body=(Paragraph(text("一句话说个没完，" * 40)),))
    assert "".join(said(cover.column(endless, "song", 30, 500, 4))).endswith("没完……")


def test_in_another_layout_than_the_issue_s_own_stories_have_sections(
    layout: Layout, faces: PaperFaces
) -> None:
    """Its print may have more pages than the source: no number is better than a wrong one."""
    for own, places in (("broadsheet", ["1版", "2版", "3版"]), ("tabloid", ["要闻", "综合", "副刊"])):
        issue = replace(ISSUE, layout=own)
        cover = Cover(issue, layout, faces, {})
        assert [cover.place(story) for story in cover.others(3)] == places
        book = zipfile.ZipFile(io.BytesIO(render_epub(issue, layout, PICTURES)))
        assert (b"page-list" in book.read("EPUB/contents.xhtml")) == (own == "broadsheet")
        assert (b"pageBreakSource" in book.read("EPUB/content.opf")) == (own == "broadsheet")


def test_nor_are_there_numbers_where_a_page_may_take_several_sheets(
    layout: Layout, faces: PaperFaces
) -> None:
    """The tabloid prints one page of the source on two, also of an issue that names it as its own."""
    shared = replace(layout, pages=replace(layout.pages, most_per_source_page=2))
    cover = Cover(ISSUE, shared, faces, {})
    assert [cover.place(story) for story in cover.others(3)] == ["要闻", "综合", "副刊"]
    book = zipfile.ZipFile(io.BytesIO(render_epub(ISSUE, shared, PICTURES)))
    assert b"page-list" not in book.read("EPUB/contents.xhtml")
    assert b"pageBreak" not in book.read("EPUB/content.opf")


def test_what_it_announces(layout: Layout, faces: PaperFaces) -> None:
    cover = Cover(ISSUE, layout, faces, PICTURES)
    assert cover.lead is not None
    assert cover.lead.title == LEAD.headline
    assert [(story.page, story.title.plain) for story in cover.others(3)] == [
        (1, "更重的消息"),
        (2, "二版头条"),
        (3, "三版之一"),
    ]
    assert [story.page for story in cover.others(9)] == [1, 1, 2, 3, 3]  # no advertisement


def test_the_photograph_is_the_lead_s_dominant_one(layout: Layout, faces: PaperFaces) -> None:
    def chosen(issue: Issue, pictures: Mapping[str, Picture]) -> str | None:
        figure = Cover(issue, layout, faces, pictures).figure
        return figure.src if figure else None

    assert chosen(ISSUE, PICTURES) == "main.png"
    assert chosen(ISSUE, {"side.png": PICTURES["side.png"]}) == "side.png"
    assert chosen(ISSUE, {}) is None
    first = ISSUE.pages[0]
    beside = PictureItem("p", (Figure("beside.png"),))
    with_item = replace(ISSUE, pages=(replace(first, items=(*first.items, beside)), *ISSUE.pages[1:]))
    large, small = picture("beside.png", 800, 600), picture("main.png", 120, 90)
    assert chosen(with_item, {"main.png": small, "beside.png": large}) == "beside.png"
    assert chosen(with_item, {"main.png": small}) == "main.png"
    svg = open_picture(
        "main.png", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 6"/>', layout.pictures
    )
    assert chosen(ISSUE, {"main.png": svg}) is None


def renamed(**named: object) -> Issue:
    return replace(ISSUE, nameplate=replace(ISSUE.nameplate, **named))  # type: ignore[arg-type]


def with_lead(**said: object) -> Issue:
    lead = replace(LEAD, **said)  # type: ignore[arg-type]
    return replace(ISSUE, pages=(replace(ISSUE.pages[0], items=(lead,)), *ISSUE.pages[1:]))


ANY = [
    renamed(title="报", weekday=None, edition=None, running_number=None),
    renamed(title="Materials & Space 材料与空间科学技术周报"),
    renamed(title="𠮷祥報", date_text="丙午年十月"),
    with_lead(headline=text("关于" + "一件很长很长的事情，" * 12)),
    with_lead(headline=None, kicker=None, decks=()),
    with_lead(headline=text("春"), body=()),
    with_lead(kicker=text("说了又说，" * 20), decks=(text("再说一遍，" * 30),)),
    replace(ISSUE, pages=()),
    replace(ISSUE, pages=(Page(1, "要闻", ()),)),
    replace(ISSUE, pages=(Page(1, "要闻", (LEAD,)),)),
    replace(ISSUE, lang="zh-Hant"),
]


@pytest.mark.parametrize("issue", ANY)
@pytest.mark.parametrize("shape", [None, (600, 1400)])
def test_whatever_an_issue_holds(
    issue: Issue, shape: tuple[int, int] | None, layout: Layout, faces: PaperFaces
) -> None:
    pictures = {"main.png": picture("main.png", *shape)} if shape else {}
    image = opened(draw_cover(issue, layout, faces, pictures))
    corners = [image.getpixel((x, y)) for x in (3, 1196) for y in (3, 1596)]
    assert all(min(corner) > 245 for corner in corners)  # type: ignore[type-var]
    for left in (0, 1200 - 40):
        margin = image.crop((left, 480, left + 40, 1600)).convert("L")
        assert margin.getextrema()[0] > 200  # nothing runs off the page


@pytest.mark.parametrize("issue", ANY)
@pytest.mark.parametrize("shape", [None, (600, 1400)])
def test_the_tabloid_s_holds_it_too(
    issue: Issue, shape: tuple[int, int] | None, repository: Path, faces: PaperFaces
) -> None:
    folder = repository / "layouts" / "tabloid"
    layout = read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder)
    pictures = {"main.png": picture("main.png", *shape)} if shape else {}
    image = opened(draw_cover(issue, layout, faces, pictures))
    stamp = image.convert("L").resize((150, 200), Image.Resampling.LANCZOS).crop((0, 0, 150, 30))
    assert stamp.getextrema()[1] > 240  # the name stands out of the red even in grey
    assert all(image.getpixel((x, 3))[0] > 180 > image.getpixel((x, 3))[1] for x in (3, 1196))  # type: ignore[index]


def test_it_is_the_cover_of_the_book(drawn: bytes, layout: Layout) -> None:
    bare = replace(ISSUE, pages=tuple(replace(page, items=()) for page in ISSUE.pages))
    book = zipfile.ZipFile(io.BytesIO(render_epub(bare, layout, {}, drawn)))
    assert book.read("EPUB/cover.jpg") == drawn


def test_a_slip_in_the_template_is_named(layout: Layout, faces: PaperFaces, tmp_path: Path) -> None:
    (tmp_path / "ebook").mkdir()
    (tmp_path / "ebook/cover-page.html.j2").write_text("<p>\n{{ cover.leed.title }}", encoding="utf-8")
    with pytest.raises(TemplateFault, match=r"cover-page\.html\.j2:2: .*is lead meant"):
        draw_cover(ISSUE, replace(layout, folder=tmp_path), faces, {})


def test_same_bytes_whatever_the_day_and_hash_seed(drawn: bytes, repository: Path, tmp_path: Path) -> None:
    program = (
        "import hashlib\n"
        "from issue_publisher.fonts import Measures, read_fonts\n"
        "from issue_publisher.layout.reader import read_layout\n"
        "from issue_publisher.rendering.cover import draw_cover\n"
        "from issue_publisher.resources import shipped_fonts, shipped_layouts\n"
        "from issue_publisher.typesetting.faces import PaperFaces\n"
        "from rendering_cover.test_cover import ISSUE, PICTURES\n"
        "folder = shipped_layouts() / 'broadsheet'\n"
        "layout = read_layout((folder / 'layout.toml').read_bytes(), 'layout.toml', folder)\n"
        "faces = PaperFaces(Measures(read_fonts(shipped_fonts())), layout.latin_fonts)\n"
        "print(hashlib.sha256(draw_cover(ISSUE, layout, faces, PICTURES)).hexdigest())\n"
    )
    path = os.pathsep.join(str(repository / part) for part in ("src", "tests"))
    for seed, zone in (("0", "UTC"), ("4711", "Asia/Shanghai")):
        run = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == hashlib.sha256(drawn).hexdigest()
