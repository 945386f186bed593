"""Notes of an issue in both products: every sentence once and in order, and marks that begin no line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from composition.issues import AnyPicture, article, composed, issue_of, note, paragraphs, prose, quick, rich
from composition.walk import check, shown
from extracted import EXTRACTORS, sentences
from issue_publisher.composition.model import ComposedIssue, TextBlock
from issue_publisher.issue.model import (
    Briefs,
    InlineKind,
    Issue,
    ListBlock,
    Paragraph,
    Quotation,
    Table,
    Weight,
    text,
)
from issue_publisher.issue.model import Cell as TableCell
from issue_publisher.rendering.epub import render_epub
from issue_publisher.rendering.pages import render_pages
from rendering_epub.book import Opened, squeezed
from typesetting.paper import faces, layout

BODY = (
    *paragraphs(700, 1),
    Paragraph(rich(prose(60, 2), note("第一条注，说的是", "炉温", "。"), prose(90, 3), note("第二条注。"))),
    ListBlock((rich("不赶工", note("第三条注，登记簿扉页上的话。")), text("不挑样"))),
    Quotation((Paragraph(rich("工欲善其事。", note("第四条注，见《论语》。"))),)),
    Table(((TableCell(text("年份")), TableCell(rich("失重", note("第五条注，单位毫克。")))),)),
    *paragraphs(300, 4),
)
ISSUE = issue_of(
    [
        article("lead", 10, weight=Weight.LEAD, body=BODY, signature=text("执笔郭远")),
        article("plain", 900, 5),
        Briefs(
            "briefs",
            "简讯",
            tuple(
                article(f"b{at}", 10, 6 + at, body=(Paragraph(rich(f"第{at}条简讯。", note(f"简注{at}。"))),))
                for at in (1, 2)
            ),
        ),
    ],
)


@pytest.fixture(scope="module")
def made() -> ComposedIssue:
    return composed(ISSUE, made_for=quick())


@pytest.fixture(scope="module")
def pdf(made: ComposedIssue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("notes") / "press.pdf"
    path.write_bytes(render_pages(made, layout(), faces(), AnyPicture()))
    return path


def wanted(issue: Issue, holder: str) -> list[str]:
    """The sentences of the notes of an article, and of all its running text with the marks."""
    (item,) = [item for item in issue.pages[0].items if item.id == holder]
    return sentences(replace(issue, pages=(replace(issue.pages[0], items=(item,)),)))


def test_the_pages_hold_all_of_it_in_good_order(made: ComposedIssue) -> None:
    check(made)
    (frame,) = [frame for frame in made.pages[0].frames if frame.placement.item == "lead"]
    notes = (
        "注：①第一条注，说的是炉温。②第二条注。③第三条注，登记簿扉页上的话。"
        "④第四条注，见《论语》。⑤第五条注，单位毫克。"
    )
    assert f"执笔郭远{notes}" in shown(frame)


def test_marks_are_small_and_raised_and_begin_no_line(made: ComposedIssue) -> None:
    marks = 0
    for frame in made.pages[0].frames:
        for block in (part for part in frame.parts if isinstance(part, TextBlock)):
            for line in block.lines:
                for at, run in enumerate(line.runs):
                    if InlineKind.NOTE in run.style.kinds:
                        marks += 1
                        assert at > 0
                        assert run.style.raise_pt > 0
                        assert run.style.size_pt < line.runs[0].style.size_pt
    assert marks == 7


@pytest.mark.parametrize("reader", EXTRACTORS)
def test_every_sentence_is_in_the_pdf_once(pdf: Path, reader: str) -> None:
    printed = re.sub(r"\s", "", EXTRACTORS[reader](pdf))
    for one in sentences(ISSUE):
        if "注" in one:
            assert printed.count(one) == 1, one
        assert one in printed


def test_notes_follow_in_order_in_print_and_book(pdf: Path) -> None:
    printed = re.sub(r"\s", "", EXTRACTORS["pdftotext -raw"](pdf))
    book = Opened(render_epub(ISSUE, layout(), {}))
    notes = [f"{mark}第{number}条注" for mark, number in zip("①②③④⑤", "一二三四五", strict=True)]
    for said in (printed, squeezed("".join(book.xml("article-lead.xhtml").itertext()))):
        places = [said.index(words) for words in ("执笔郭远", *notes)]
        assert places == sorted(places)


def test_every_sentence_is_in_the_book_once() -> None:
    book = Opened(render_epub(ISSUE, layout(), {}))
    said = squeezed("".join(book.xml("article-lead.xhtml").find(".//{*}article").itertext()))
    for one in wanted(ISSUE, "lead"):
        assert one in said
        if "注" in one:
            assert said.count(one) == 1, one
