"""Every layout that comes with the program: the same issue in each, whole, on its own page and grid."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from issue_publisher.composition.area import page_area
from issue_publisher.composition.model import ComposedIssue, ComposedPage
from issue_publisher.fonts import Measures
from issue_publisher.layout.model import PT_PER_MM
from issue_publisher.production.build import Output, build
from issue_publisher.production.load import Source, load
from issue_publisher.rendering.furniture import FurnitureFrame, FurnitureRun, furniture_of
from issue_publisher.resources import shipped_layouts
from issue_publisher.typesetting.faces import PaperFaces
from production.newspaper import jpeg
from rendering_epub.book import Opened
from rendering_press.places import painted

LAYOUTS = sorted(path.parent.name for path in shipped_layouts().glob("*/layout.toml"))
MARK = "稻"  # in running text alone
PROSE = f"九月末的{MARK}田一片金黄，收割机从东头开到西头，用了一个上午；{MARK}谷当天进仓。" * 6
ISSUE = f"""<?xml version="1.0" encoding="UTF-8"?>
<issue xmlns="urn:issue-publisher:issue" version="1.0" id="2026-11-30" date="2026-11-30">
  <nameplate>
    <title>晨渡周报</title><motto>渡人渡己</motto><date>2026年11月30日</date><weekday>星期一</weekday>
    <running-number>1862</running-number><serial-number>CN 00-0862</serial-number>
    <sponsor>晨渡航运学会主办</sponsor><ear><headline>导读</headline><p>老粮仓里开出图书馆</p></ear>
  </nameplate>
  <page number="1" title="要闻">
    <editor role="责编">宋知味</editor>
    <article id="ferry" weight="lead">
      <hint columns="8"/>
      <kicker>停航四个月</kicker>
      <headline>晨渡码头今晨复航</headline>
      <deck>首班船载客二百一十人</deck>
      <body><p>{PROSE}</p><figure src="pictures/river.jpg" columns="4" alt="江面"/><p>{PROSE}</p></body>
    </article>
    <article id="library" genre="feature">
      <rubric>北岸</rubric>
      <headline>老粮仓里开出图书馆</headline>
      <body><p>{PROSE}</p></body>
    </article>
    <briefs id="short" weight="brief"><rubric>简明新闻</rubric>
      <brief id="one"><headline>桥灯亮了</headline><body><p>{PROSE[:90]}</p></body></brief>
      <brief id="two"><headline>集市照开</headline><body><p>{PROSE[:70]}</p></body></brief>
    </briefs>
  </page>
  <page number="2" title="综合">
    <editor role="责编">邬半夏</editor>
    <article id="school" weight="lead">
      <headline>乡村小学添了天文台</headline>
      <body><p>{PROSE}</p></body>
    </article>
    <advertisement id="notice" kind="notice" size="strip">
      <headline>迁址公告</headline><p>本社自下月一日起迁至北岸路六号办公。</p>
    </advertisement>
  </page>
  <imprint><address>北岸路六号</address><price>每份一元</price></imprint>
</issue>
"""


def one_worker(layout: str) -> Any:
    """One worker builds a layout's issue."""
    return pytest.param(layout, marks=pytest.mark.xdist_group(f"layout-{layout}"))


@pytest.fixture(scope="module", params=list(map(one_worker, LAYOUTS)))
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp(request.param) / "source" / "2026-11-30"
    (folder / "pictures").mkdir(parents=True)
    (folder / "issue.xml").write_text(ISSUE, encoding="utf-8")
    (folder / "pictures" / "river.jpg").write_bytes(jpeg(1600, 1050))
    loaded = load(folder, request.param)
    assert not loaded.findings
    assert loaded.source is not None
    return loaded.source


@pytest.fixture(scope="module")
def built(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(source, tmp_path_factory.mktemp("dist")).folder


def test_there_are_two() -> None:
    assert {"broadsheet", "tabloid"} <= set(LAYOUTS)


def test_pages_have_the_layout_s_size(source: Source, built: Path) -> None:
    pdf = pypdfium2.PdfDocument(built / "2026-11-30-press.pdf")
    size = (source.layout.page.width_mm * PT_PER_MM, source.layout.page.height_mm * PT_PER_MM)
    assert len(pdf) == 2
    assert all(page.get_size() == pytest.approx(size, abs=0.1) for page in pdf)
    assert source.layout.name != "tabloid" or size == pytest.approx((270 * PT_PER_MM, 390 * PT_PER_MM))


def test_body_lines_stand_on_the_grid(source: Source, built: Path) -> None:
    top, leading = source.layout.page.top_mm * PT_PER_MM, source.layout.grid.leading_pt
    pdf = (built / "2026-11-30-press.pdf").read_bytes()
    offsets = {
        round((glyph.y_pt - top) % leading, 1)
        for page in (0, 1)
        for glyph in painted(pdf, page)
        if glyph.char == MARK
    }
    assert len(offsets) == 1  # every line of every leg on both pages


def test_every_page_says_what_it_must(source: Source, built: Path) -> None:
    pdf = pypdfium2.PdfDocument(built / "2026-11-30-press.pdf")
    front, inside = (re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pdf)
    for words in (
        "晨渡周报",
        "2026年11月30日",
        "总第1862期",
        "国内统一连续出版物号CN00-0862",
        "晨渡航运学会主办",
        "第1版",
        "要闻",
    ):
        assert words in front
    for words in ("2", "综合", "晨渡周报", "2026年11月30日", "责编邬半夏", "公告", "地址：北岸路六号"):
        assert words in inside
    foot = inside[inside.rindex("晨渡航运学会主办") :]  # the imprint says again what the nameplate says
    for words in ("国内统一连续出版物号CN00-0862", "2026年11月30日", "总第1862期", "今日2版", "每份一元"):
        assert words in foot


def runs_of(frames: Sequence[FurnitureFrame], kind: str) -> list[FurnitureRun]:
    (frame,) = (frame for frame in frames if frame.kind == kind)
    return [run for text in frame.texts for line in text.lines for run in line]


def test_furniture_of_an_issue_without_an_imprint(source: Source) -> None:
    """The front's number is smaller than the name; the nameplate's data stand under the type area, within the
    page, and articles have the whole of it.
    """
    layout = source.layout
    issue = replace(source.issue, imprint=None)
    bare = ComposedIssue(issue, tuple(ComposedPage(page, ()) for page in issue.pages))
    front, last = furniture_of(bare, layout, PaperFaces(Measures(source.fonts), layout.latin_fonts))
    head = runs_of(front, "nameplate")
    (number,) = (run for run in head if "第1版" in run.text)
    (name,) = (run for run in head if "晨渡周报" in run.text)
    assert layout.type["furniture"].size_pt < number.size_pt < name.size_pt / 4
    runs = runs_of(last, "imprint")
    said = "".join(run.text for run in runs)
    for words in ("晨渡航运学会主办", "CN 00-0862", "2026年11月30日", "总第1862期", "今日2版"):
        assert words in said
    page, grid = layout.page, layout.grid
    area = page.top_mm * PT_PER_MM + grid.depth_pt(grid.lines)
    assert page_area(issue, issue.pages[-1], layout).lines == grid.lines - layout.furniture.folio_lines
    assert all(area < run.baseline_pt < page.height_mm * PT_PER_MM - 5 * PT_PER_MM for run in runs)


def test_the_name_is_larger_than_any_headline_and_the_lead_than_the_next(source: Source) -> None:
    sizes = {weight: role.sizes_pt for weight, role in source.layout.headline.items()}
    largest = max(size for row in sizes.values() for size in row)
    assert source.layout.type["nameplate"].size_pt > largest
    assert min(sizes["lead"]) - max(sizes["major"]) >= (12 if source.layout.name == "tabloid" else 8)
    assert min(sizes["major"]) >= max(sizes["normal"])
    assert min(sizes["normal"]) > max(sizes["brief"])


def test_the_book_is_whole(built: Path) -> None:
    book = Opened((built / "2026-11-30.epub").read_bytes())
    read = "".join(book.text(name) for name in book.spine)
    for words in ("晨渡码头今晨复航", "老粮仓里开出图书馆", "桥灯亮了", "迁址公告", "北岸路六号"):
        assert words in read
    assert book.zip.read("EPUB/cover.jpg")
    assert "None" not in book.zip.read("EPUB/style.css").decode()


def test_twice_the_same_bytes(source: Source, built: Path, tmp_path: Path) -> None:
    again = build(source, tmp_path).folder
    assert [(again / path.name).read_bytes() for path in sorted(built.iterdir())] == [
        path.read_bytes() for path in sorted(built.iterdir())
    ]


def test_the_nameplate_of_the_docs_is_all_a_layout_need_have(
    repository: Path, tmp_path: Path, source: Source
) -> None:
    words = (repository / "docs" / "layouts.md").read_text(encoding="utf-8")
    [nameplate] = re.findall(r"^```jinja\n(.*?)^```$", words, re.M | re.S)
    [head] = re.findall(r"^```toml\n(.*?)^```$", words, re.M | re.S)
    name = source.layout.name
    folder = tmp_path / "layouts" / "mine"
    (folder / "print").mkdir(parents=True)
    (folder / "print" / "nameplate.html.j2").write_text(nameplate, encoding="utf-8")
    values = (shipped_layouts() / name / "layout.toml").read_text(encoding="utf-8")
    values = re.sub(r"\A.*?(?=^\[)", "", values, flags=re.M | re.S)
    toml = head.replace("broadsheet", name) + values
    (folder / "layout.toml").write_text(toml, encoding="utf-8")
    shutil.copytree(source.folder, tmp_path / "source" / "2026-11-30")
    mine = load(tmp_path / "source" / "2026-11-30", "mine").source
    assert mine is not None
    assert mine.layout_files["print/nameplate.html.j2"].decode() == nameplate
    assert mine.layout_files["ebook/style.css"]
    made = build(mine, tmp_path / "dist", frozenset([Output.PRESS]))
    command = ["pdftotext", "-l", "1", str(made.folder / "2026-11-30-press.pdf"), "-"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "总第1862期" in printed
    assert "导读" not in printed  # this nameplate has no ears


def test_the_sample_is_fit_for_every_layout(repository: Path) -> None:
    for name in LAYOUTS:
        loaded = load(repository / "source" / "2026-11-23", name)
        assert [str(finding) for finding in loaded.findings] == []
