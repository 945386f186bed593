"""Ten odd issues as books. `make check-epub` holds each against EPUBCheck and Ace (CHECK_EPUB=1)."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Briefs,
    Cell,
    Exchange,
    Figure,
    Issue,
    ListBlock,
    Nameplate,
    Page,
    PictureItem,
    Quotation,
    Table,
    Verse,
    Weight,
    text,
)
from issue_publisher.layout.model import Layout
from issue_publisher.production.check import check_book
from issue_publisher.rendering.epub import render_epub
from rendering_epub.book import XHTML, Opened
from rendering_epub.whole_issue import COVER, PICTURES, K, inline, note, paragraph, words

SRC = next(iter(PICTURES))


def piece(name: str, title: str = "一篇", *blocks: object, **more: object) -> Article:
    return Article(name, words(title), body=blocks or (paragraph("话。"),), **more)  # type: ignore[arg-type]


def issue(*items: object, **more: object) -> Issue:
    page = Page(1, "一版", items)  # type: ignore[arg-type]
    return replace(Issue("x1", date(1956, 7, 1), Nameplate("小报", "1956年7月1日"), (page,)), **more)  # type: ignore[arg-type]


MARKS = "“标题”<&\">'’ ]]> <!-- 与 &amp;"
ODD = {
    "one article": issue(piece("a")),
    "no pictures": issue(piece("a"), piece("b"), piece("c")),
    "four hundred articles": issue(*(piece(f"a{n}", f"第{n}篇") for n in range(400))),
    "marks in titles": issue(piece("a", MARKS, kicker=words(MARKS), rubric=MARKS)),
    "a caption of 2,000 characters": issue(
        piece("a", "图", Figure(SRC, caption=text("字" * 1999 + "。"), alt="说明"), paragraph("话。"))
    ),
    "only briefs": issue(
        Briefs("b", "简讯", tuple(replace(piece(f"b{n}"), weight=Weight.BRIEF) for n in range(40)))
    ),
    "only a picture": issue(PictureItem("p", (Figure(SRC, alt="说明"),))),
    "only an advertisement": issue(Advertisement("ad", 8, 100.0, headline=words("征订启事"))),
    "as many notes as there are marks": issue(
        piece(
            "a", "注",
            paragraph(*(part for n in range(44) for part in (f"第{n}句。", note(f"第{n}条注。")))),
            ListBlock((words("一条", note("条目的注")),)),
            Quotation((paragraph("引一句。", note("出处，见", inline(K.LINK, "网页", href="https://example.org/"))),)),
            Table(((Cell(words("格", note("格中的注"))), Cell(words("又一格"))),)),
            Verse(((words("一行", note("诗行的注")), text("二行")),)),
            Exchange((paragraph("问？", note("问的注")),), (paragraph("答。", note("答的注")),)),
        ),
        Briefs(
            "b", "简讯",
            tuple(
                replace(piece(f"b{n}", "题", paragraph("话", note("简讯的注"))), weight=Weight.BRIEF)
                for n in range(3)
            ),
        ),
    ),
    "verse": issue(piece("a", "诗", Verse(((text("一行"), text("　　又一行")), (text("第二节"),))))),
    "traditional": issue(piece("a", "臺灣的報紙"), lang="zh-Hant"),
    "English inside": issue(piece("a", "A Letter", paragraph("Dear editor, it rained."), lang="en")),
    "seven pages": replace(
        issue(piece("a")), pages=tuple(Page(n, "" if n % 2 else "版", (piece(f"a{n}"),)) for n in range(1, 8))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_issue_is_a_whole_book(name: str, layout: Layout, tmp_path: Path) -> None:
    data = render_epub(ODD[name], layout, PICTURES, COVER)
    book = Opened(data)
    for document in book.spine:  # every link has a target
        for link in book.xml(document).iter(f"{XHTML}a"):
            target, _, anchor = (link.get("href") or "").partition("#")
            if ":" in target:
                continue
            ids = {element.get("id") for element in book.xml(target or document).iter()}
            assert not anchor or anchor in ids
    if os.environ.get("CHECK_EPUB"):
        path = tmp_path / "odd.epub"
        path.write_bytes(data)
        found = check_book(path)
        assert [ran.missing for ran in found.tools] == ["", ""]
        assert [str(one) for one in found.findings] == []
