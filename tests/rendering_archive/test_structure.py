"""The archive PDF as it is heard: every text of the source once, whole and in its order."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from composition.issues import FILE, AnyPicture, quick
from composition.issues import composed as made_of
from composition.test_jumps import ONE_SHEET, TWO_PAGES
from composition.walk import said
from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.model import ComposedIssue, TextBlock
from issue_publisher.issue import wording
from issue_publisher.issue.model import Article, Briefs, Figure, InlineKind, Paragraph, Table
from issue_publisher.pictures import open_picture
from issue_publisher.production.load import Source
from issue_publisher.rendering.archive_pdf import render_archive
from issue_publisher.rendering.templates import TemplateFault
from rendering_archive.conftest import WORDS, inline, made_up, painted, with_words
from rendering_archive.reading import Heard, Reading
from rendering_epub.whole_issue import ISSUE, PICTURES
from rendering_press.test_notes import ISSUE as NOTED
from typesetting.paper import faces, layout

HEADINGS = tuple(f"H{level}" for level in range(1, 7))


def bare(words: str) -> str:
    return "".join(words.split())


def without_readings(element: Heard) -> str:
    """Its words, no reading of ruby among them."""
    return "".join(
        kid if isinstance(kid, str) else without_readings(kid) if kid.tag != "RT" else ""
        for kid in element.kids
    )


@pytest.fixture(scope="session")
def articles(reading: Reading) -> dict[str, Heard]:
    return {one.title: one for one in reading.document.all("Art")}


def test_pages_hold_articles_in_the_order_of_the_source(source: Source, reading: Reading) -> None:
    pages = reading.document.kids
    assert [page.tag for page in pages] == ["Sect"] * 4
    assert [page.title for page in pages] == [wording.page_text(page) for page in source.issue.pages]
    for page, heard in zip(source.issue.pages, pages, strict=True):
        wanted = [item.headline.plain for item in page.items if isinstance(item, Article)]
        assert [one.title for one in heard.kids if one.tag == "Art" and one.title in wanted] == wanted
    assert len(list(reading.document.all("Art"))) >= len(list(source.issue.articles()))


def test_every_text_of_the_source_is_one_element(composed: ComposedIssue, reading: Reading) -> None:
    """However many lines, legs and pieces it is painted in; only labels share one with other words."""
    whole = {bare(without_readings(one)) for one in reading.document.all()}
    leaves = [bare(without_readings(one)) for one in reading.document.all("P", "LBody")]
    wanted = [bare(words) for page in composed.issue.pages for item in page.items for words in said(item)]
    wanted = [words for words in wanted if words]
    assert len(wanted) > 400
    shared = [words for words in wanted if words not in whole]
    assert len(shared) < 40
    assert [words for words in shared if not any(words in leaf for leaf in leaves)] == []


def test_paragraphs_of_an_article_stand_in_their_order(source: Source, articles: dict[str, Heard]) -> None:
    parted = 0
    for article in source.issue.articles():
        if article.headline is None:
            continue
        texts = [bare(without_readings(one)) for one in articles[article.headline.plain].all()]
        body = wording.body_as_printed(article)
        wanted = [bare(block.text.plain) for block in body if isinstance(block, Paragraph)]
        places = [texts.index(words) for words in wanted]
        assert places == sorted(places), article.id
        parted += len(places)
    assert parted > 100


def test_pictures_and_tables_stand_where_the_source_has_them(
    source: Source, articles: dict[str, Heard]
) -> None:
    for article in source.issue.articles():
        if article.headline is None:
            continue
        heard = articles[article.headline.plain]
        wanted = [type(block) for block in article.body if isinstance(block, Figure | Table | Paragraph)]
        kinds = {"Div": Figure, "Figure": Figure, "Table": Table, "P": Paragraph}
        # What stands before the body, and behind it, is no paragraph of it.
        found = [kinds[one.tag] for one in heard.kids if isinstance(one, Heard) and one.tag in kinds]
        assert re.search(names(wanted), names(found)), article.id


def names(kinds: list[type]) -> str:
    return "".join(kind.__name__[0] for kind in kinds)


def test_headings_leave_out_no_level(reading: Reading) -> None:
    levels = [int(one.tag[1]) for one in reading.document.all(*HEADINGS)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert set(levels) == {1, 2, 3}
    heads = [one.words for one in reading.document.all("H1")]
    assert heads == ["天工新材报", "专题·案例", "人物·亲历", "副刊·百工"]


def test_every_article_begins_with_its_heading(source: Source, articles: dict[str, Heard]) -> None:
    for article in source.issue.articles():
        if article.headline is not None:
            heading = next(articles[article.headline.plain].all(*HEADINGS))
            assert bare(heading.words) == bare(article.headline.plain)


def test_every_picture_has_its_words(source: Source, reading: Reading) -> None:
    wanted = [figure.alt for page in source.issue.pages for figure in figures(page.items)]
    assert sorted(one.alt for one in reading.document.all("Figure")) == sorted(wanted)
    assert len(wanted) > 20
    for group in reading.document.all("Div"):
        if any(one.tag == "Figure" for one in group.kids if isinstance(one, Heard)):
            assert [one.tag for one in group.kids] == ["Figure", "Caption"]


def figures(items: object) -> list[Figure]:
    if isinstance(items, Figure):
        return [items]
    if isinstance(items, tuple):
        return [found for part in items for found in figures(part)]
    fields = getattr(items, "__dataclass_fields__", {})
    return [found for name in fields for found in figures(getattr(items, name))]


def test_tables_have_rows_and_heads(source: Source, reading: Reading) -> None:
    tables = [
        block for article in source.issue.articles() for block in article.body if isinstance(block, Table)
    ]
    heard = list(reading.document.all("Table"))
    assert len(heard) == len(tables) > 0
    for table, one in zip(tables, heard, strict=True):
        rows = [[(cell.tag, cell.scope, bare(cell.words)) for cell in row.kids] for row in one.all("TR")]
        assert rows == [
            [
                ("TH", "Column", bare(cell.text.plain)) if cell.head else ("TD", "", bare(cell.text.plain))
                for cell in row
            ]
            for row in table.rows
        ]
        assert one.kids[0].tag == "Caption"


def test_running_heads_are_no_part_of_it(source: Source, reading: Reading) -> None:
    """The date is heard on the front page, not on each."""
    for words in wording.date_line(source.issue.nameplate):
        assert sum(one.words == words for one in reading.document.all("P")) == 1
    for page, heard in list(zip(source.issue.pages, reading.document.kids, strict=True))[1:]:
        assert heard.kids[0].words == page.title
        assert heard.kids[1].tag == "Art"


def test_foreign_words_say_their_language(reading: Reading) -> None:
    spans = {(one.lang, one.words) for one in reading.document.all("Span")}
    assert {("en", "color deconvolution"), ("de", "Friedrich Mohs")} <= spans
    assert str(reading.pdf.Root.Lang) == "zh-CN"


def test_readings_stand_beside_their_bases(reading: Reading) -> None:
    rubies = [[(kid.tag, kid.words) for kid in one.kids] for one in reading.document.all("Ruby")]
    assert [("RB", "匣钵"), ("RT", "xiábō")] in rubies
    assert all([tag for tag, _ in kids] == ["RB", "RT"] for kids in rubies)


def test_there_are_few_elements(composed: ComposedIssue, reading: Reading) -> None:
    """One a text, and one mark for each leg that it stands in: not one for each run of each line."""
    runs = sum(
        len(line.runs)
        for page in composed.pages
        for frame in page.frames
        for part in frame.parts
        if isinstance(part, TextBlock)
        for line in part.lines
    )
    assert runs > 2000
    assert reading.marks() < 700
    assert len(list(reading.document.all())) < 800


# --------------------------------------------------------------------------- small issues


def test_an_article_in_two_parts_is_one() -> None:
    made = compose_issue(TWO_PAGES, ONE_SHEET, faces(), AnyPicture(), file=FILE)
    reading = Reading(render_archive(made, ONE_SHEET, faces(), {}, ()))
    lead = next(reading.document.all("Art"))
    wanted = [bare(block.text.plain) for block in TWO_PAGES.pages[0].items[0].body]
    heard = [bare(one.words) for one in lead.all("P")]
    places = [heard.index(words) for words in wanted]
    assert places == sorted(places)
    assert {page for one in lead.all() for page in one.pages} == {0, 1}
    assert len(list(lead.all("H2"))) == 1  # the second part's headline only says it again
    links = list(lead.all("Link"))
    assert [one.words for one in links] == ["（下转第2版）", "（上接第1版）"]
    assert all(one.links for one in links)
    said = {str(link.Contents) for page in reading.pdf.pages for link in page.Annots}
    assert said == {one.words for one in links}


def test_words_of_a_stretched_line_have_their_spaces() -> None:
    reading = painted(made_up(with_words("据报道，", inline(InlineKind.FOREIGN, WORDS, lang="en"), "。")))
    spans = [one.words for one in reading.document.all("Span") if one.lang == "en"]
    assert spans == [WORDS]


def test_a_broken_word_is_heard_whole() -> None:
    words = "Donaudampfschifffahrtsgesellschaftskapitän " * 6
    reading = painted(made_up(with_words("据报道，", inline(InlineKind.FOREIGN, words.strip(), lang="de"))))
    [span] = [one for one in reading.document.all("Span") if one.lang == "de"]
    assert "-" in span.painted
    assert span.words == words.strip()


def test_a_link_over_two_lines_is_one_element() -> None:
    words = "一个很长很长的网址说明文字" * 4
    link = inline(InlineKind.LINK, words, href="https://example.org/")
    reading = painted(made_up(with_words("请看：", link, "。")))
    [found] = reading.document.all("Link")
    assert (found.words, found.links > 1) == (words, True)


def test_briefs_are_articles_of_their_own(source: Source, reading: Reading) -> None:
    group = next(item for item in source.issue.items() if isinstance(item, Briefs))
    [heard] = [one for one in reading.document.all("Sect") if one.title == group.rubric]
    articles = [one for one in heard.kids if isinstance(one, Heard) and one.tag == "Art"]
    assert [one.title for one in articles] == [brief.headline.plain for brief in group.articles]


def test_a_template_that_paints_without_the_structure_is_told(
    source: Source, composed: ComposedIssue, tmp_path: Path
) -> None:
    folder = tmp_path / "broadsheet"
    shutil.copytree(source.layout.folder, folder)
    template = folder / "print" / "issue.html.j2"
    template.write_text(template.read_text("utf-8").replace(' data-in="{{ p.element }}"', ""), "utf-8")
    one = replace(composed, pages=composed.pages[:1])
    changed = replace(source.layout, folder=folder)
    with pytest.raises(TemplateFault, match=r"issue\.html\.j2:1: \d+ texts or pictures .*data-in"):
        render_archive(one, changed, faces(), source.pictures, ())


def test_everything_that_an_issue_may_hold_is_heard() -> None:
    pictures = {src: open_picture(src, one.data, layout().pictures) for src, one in PICTURES.items()}
    made = compose_issue(ISSUE, layout(), faces(), pictures, file=FILE)
    document = Reading(render_archive(made, layout(), faces(), pictures, ())).document
    heard: dict[str, list[str]] = {one.tag: [] for one in document.all()}
    for one in document.all():
        heard[one.tag].append(without_readings(one))
    everything = bare(without_readings(document))
    lost = [
        words
        for page in made.issue.pages
        for item in page.items
        for words in said(item)
        if bare(words) not in everything
    ]
    assert lost == []
    assert "A Note to Our Readers Abroad" in heard["H2"]
    assert {"1. 同一个人，同一把尺", "■ 不赶工", "■ 中性盐雾"} <= set(heard["LBody"])
    assert any("器利而后事可久。" in words for words in heard["BlockQuote"])
    assert {"什么叫盐雾试验", "一张表"} <= set(heard["H3"])
    assert "注中注" in heard["H4"]
    assert {"《慢一点》", "公开网页"} <= set(heard["Link"])
    assert {"炉火不问归期，", "明天：晴，三到九度。", "编辑部：000-0001", "广告"} <= set(heard["P"])
    assert [one.scope for one in document.all("TH")] == ["Column"] * 3 + ["Row"] * 3
    assert {one.lang for one in document.all("Art")} == {"", "en"}
    assert not [one for one in document.all("Span") if one.lang == "en" and one.words == "An English brief."]
    assert all(one.words for one in document.all("P"))


def test_notes_stand_at_the_end_of_their_article() -> None:
    document = painted(made_of(NOTED, made_for=quick())).document
    lead = next(document.all("Art"))
    notes = [bare(one.words) for one in lead.all("Note")]
    assert notes[:2] == ["注：①第一条注，说的是炉温。", "②第二条注。"]
    assert len(notes) == 5
    assert [one.words for one in lead.all("Reference")] == ["①", "②", "③", "④", "⑤"]
    assert lead.kids[-1].tag == "Note"
    assert [len(list(one.all("Note"))) for one in document.all("Art")][2:] == [1, 1]
