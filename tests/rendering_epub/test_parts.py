"""Articles too long for one document of the e-book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issue_publisher.issue.model import (
    Article,
    Author,
    Byline,
    BylinePlace,
    Crosshead,
    Inline,
    InlineKind,
    Issue,
    Link,
    Nameplate,
    Page,
    Paragraph,
    Relation,
    SeriesPart,
    Table,
    Text,
    text,
)
from issue_publisher.issue.notes import noted
from issue_publisher.layout.model import Layout
from issue_publisher.rendering.ebook_parts import divided
from issue_publisher.rendering.ebook_plan import first_part
from issue_publisher.rendering.epub import render_epub
from rendering_epub.book import XHTML, Opened, epubcheck, squeezed
from rendering_epub.whole_issue import words

SENTENCE = (
    "第{}页登记簿上写着当天的温度、湿度和风向，也写着值班人的姓名；"
    "后来的人就凭这些字，把一炉合金的来历一步步找了回来。"
)
CHAPTERS, PARAGRAPHS, SENTENCES = 12, 18, 5


def paragraph(number: int) -> Paragraph:
    return Paragraph(
        text("".join(SENTENCE.format(number * SENTENCES + at) for at in range(SENTENCES))), line=number + 10
    )


def chapters() -> tuple[Crosshead | Paragraph, ...]:
    blocks: list[Crosshead | Paragraph] = []
    for chapter in range(CHAPTERS):
        blocks.append(Crosshead(text(f"第{chapter + 1}本登记簿")))
        blocks += [paragraph(chapter * PARAGRAPHS + at) for at in range(PARAGRAPHS)]
    return tuple(blocks[1:])  # it does not begin with a crosshead


LONG = Article(
    "long",
    words("登记簿里的六十年"),
    kicker=words("一座实验室的底账"),
    standfirst=words("字写得慢，事就记得牢。"),
    dateline="本报讯",
    byline=Byline((Author("郭远", "记者"),), BylinePlace.END),
    series=SeriesPart("底账", 1, "上"),
    signature=words("执笔：郭远"),
    body=chapters(),
)
LATER = Article("later", words("登记还在继续"), series=SeriesPart("底账", 2, "下"), body=(paragraph(9999),))
COMMENT = Article(
    "comment", words("慢有慢的道理"), body=(paragraph(8888),), links=(Link("long", Relation.COMMENT_ON),)
)
ISSUE = Issue(
    "x", date(2026, 11, 23), Nameplate("小报", "2026年11月23日"), (Page(1, "要闻", (COMMENT, LONG, LATER)),)
)


@pytest.fixture(scope="module")
def made(layout: Layout) -> bytes:
    return render_epub(ISSUE, layout, {})


@pytest.fixture(scope="module")
def book(made: bytes) -> Opened:
    return Opened(made)


@pytest.fixture(scope="module")
def parts(book: Opened) -> list[str]:
    return [name for name in book.spine if name.startswith("article-long")]


def test_sixty_thousand_characters_are_several_documents(
    book: Opened, parts: list[str], layout: Layout
) -> None:
    assert sum(len(block.text.plain) for block in LONG.body) > 60_000  # type: ignore[union-attr]
    assert parts == ["article-long.xhtml", "article-long-part-2.xhtml"]
    sizes = [len(book.zip.read(f"EPUB/{name}")) for name in parts]
    assert max(sizes) < layout.ebook.document_kb * 1000
    assert min(sizes) > 0.7 * max(sizes)  # and not a long one with a tail
    at = book.spine.index(parts[0])
    assert book.spine[at : at + 2] == parts


def test_every_sentence_is_there_once_and_in_order(book: Opened, parts: list[str]) -> None:
    said = "".join(
        squeezed("".join(p.itertext()))
        for name in parts
        for p in book.xml(name).find(f".//{XHTML}div[@class='body']")
    )
    wanted = "".join(block.text.plain for block in LONG.body)  # type: ignore[union-attr]
    assert said == squeezed("本报讯" + wanted + "（记者 郭远）")
    for once in ("一座实验室的底账", "字写得慢，事就记得牢。", "执笔：郭远"):
        assert "".join(book.text(name) for name in parts).count(once) == 1
    assert "执笔" in book.text(parts[-1])


def test_a_part_begins_with_a_crosshead_and_says_which_it_is(book: Opened, parts: list[str]) -> None:
    second = book.xml(parts[1])
    assert next(iter(second.find(f".//{XHTML}div[@class='body']"))).tag == f"{XHTML}h2"
    assert [h.text for h in second.iter(f"{XHTML}h1")] == ["登记簿里的六十年（2／2）"]
    assert second.findtext(f".//{XHTML}title") == "登记簿里的六十年（2／2）"


def ways(book: Opened, name: str) -> list[tuple[str, str]]:
    foot = book.xml(name).find(f".//{XHTML}div[@class='ways']")
    return [(a.text, a.get("href")) for a in foot.iter(f"{XHTML}a")]


def test_parts_lead_to_each_other_and_to_the_neighbours(book: Opened) -> None:
    first, second = "article-long.xhtml", "article-long-part-2.xhtml"
    back = [("第1版", "page-1.xhtml"), ("目录", "contents.xhtml")]
    assert ways(book, first) == [
        ("登记簿里的六十年（2／2）", second), ("上一篇", "article-comment.xhtml"), *back,
    ]  # fmt: skip
    assert ways(book, second) == [("登记还在继续", "article-later.xhtml"), ("上一部分", first), *back]
    assert ways(book, "article-later.xhtml") == [("上一篇", second), *back]
    labels = [book.xml(name).findtext(f".//{XHTML}p[@class='next']/{XHTML}span") for name in (first, second)]
    assert labels == ["下一部分", "下一篇·系列后篇"]


def test_everything_that_leads_into_the_article_leads_to_its_beginning(
    book: Opened, parts: list[str]
) -> None:
    assert [(title, href) for title, href, _ in book.nav()[1][2]] == [
        ("慢有慢的道理", "article-comment.xhtml"),
        ("登记簿里的六十年", "article-long.xhtml"),
        ("登记还在继续", "article-later.xhtml"),
    ]
    assert book.nav() == book.ncx()

    def related(name: str) -> list[str]:
        return [
            a.get("href") for a in book.xml(name).iterfind(f".//{XHTML}aside[@class='related']//{XHTML}a")
        ]

    assert related("article-later.xhtml") == ["article-long.xhtml"]
    assert related("article-comment.xhtml") == []  # it is the next piece, and named as that
    assert ways(book, "article-comment.xhtml")[0] == ("登记簿里的六十年", "article-long.xhtml")
    assert related(parts[0]) == []
    assert related(parts[1]) == ["article-comment.xhtml"]  # the later part is the next piece
    others = [name for name in book.spine if name not in parts and name != "article-later.xhtml"]
    leading = {a.get("href") for name in others for a in book.xml(name).iter(f"{XHTML}a")}
    assert parts[1] not in leading


def test_epubcheck_has_nothing_to_say(made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "long.epub"
    path.write_bytes(made)
    assert epubcheck(path) == []


def test_an_article_that_fits_is_one_document() -> None:
    assert divided(LATER, 1e6) == (LATER,)
    assert divided(replace(LATER, body=()), 1.0) == (replace(LATER, body=()),)


def test_without_crossheads_it_is_divided_between_paragraphs_and_a_block_stays_whole() -> None:
    plain = replace(LONG, body=tuple(paragraph(at) for at in range(40)))
    found = divided(plain, 10_000)
    assert [len(part.body) for part in found] == [10, 10, 10, 10]
    huge = Table(tuple((text("字" * 5000),) for _ in range(3)))  # type: ignore[arg-type]
    among = replace(LONG, body=(paragraph(1), huge, paragraph(2)))  # type: ignore[arg-type]
    assert [part.body for part in divided(among, 10_000)] == [(block,) for block in among.body]


def test_names_of_parts_lead_back_and_hurt_no_other_article(layout: Layout) -> None:
    assert (
        first_part("article-long-part-12.xhtml") == first_part("article-long.xhtml") == "article-long.xhtml"
    )
    other = Article("long-part-2", words("同名"), body=(paragraph(1),))
    issue = replace(ISSUE, pages=(Page(1, "要闻", (LONG, other)),))
    spine = Opened(render_epub(issue, layout, {})).spine
    assert len(set(spine)) == len(spine)
    assert sum(name.startswith("article-long") for name in spine) == 3


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 400)), min_size=1, max_size=30),
    st.integers(100, 2000),
)
def test_whatever_is_divided_is_whole_and_no_crosshead_ends_a_part(
    blocks: list[tuple[bool, int]], most: int
) -> None:
    body: Any = tuple(
        Crosshead(text("题" * (size % 20 + 1))) if is_head else Paragraph(text("字" * size))
        for is_head, size in blocks
    )
    found = divided(replace(LONG, body=body), most)
    assert tuple(block for part in found for block in part.body) == body
    assert all(part.body for part in found)
    assert [part.id for part in found] == ["long"] * len(found)
    for part in found[:-1]:
        alone = len(part.body) == 1
        assert alone or not isinstance(part.body[-1], Crosshead)


def with_note(number: int) -> Paragraph:
    note = Inline(InlineKind.NOTE, children=text(f"第{number}条注文。").parts)
    return Paragraph(Text((*text("登记簿" * 20).parts, note, *text("还在。").parts)))


def test_a_note_stands_in_the_part_of_its_mark_and_is_numbered_through() -> None:
    article = noted(replace(LONG, body=tuple(map(with_note, range(1, 7)))), "note-")
    parts = divided(article, 700)
    assert len(parts) > 1
    assert [note.mark for part in parts for note in part.notes] == list("①②③④⑤⑥")
    for part in parts:
        marks = "".join(block.text.plain for block in part.body)  # type: ignore[union-attr]
        assert [note.mark for note in part.notes] == [char for char in marks if char in "①②③④⑤⑥"]
