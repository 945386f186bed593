"""The e-book of an issue, as its readers, their programs and the archive see it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extracted import with_notes_apart
from issue_publisher.issue.model import (
    Article,
    Ear,
    Inline,
    InlineKind,
    Issue,
    Nameplate,
    Page,
    Paragraph,
    Text,
    text,
)
from issue_publisher.layout.model import Layout
from issue_publisher.rendering.ebook_plan import book_title
from issue_publisher.rendering.epub import render_epub, web_address
from issue_publisher.rendering.templates import TemplateFault
from rendering_epub.book import OPF, XHTML, Opened, epubcheck, squeezed
from rendering_epub.whole_issue import (
    COVER,
    ISSUE,
    LEAD,
    PICTURES,
    Picture,
    note,
    paragraph,
    texts,
    words,
)

EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
BARE = Issue(
    "x1", date(1956, 7, 1), Nameplate("小报", "1956年7月1日"), (Page(1, "", (Article("a", words("一")),)),)
)
MANY = replace(
    BARE,
    pages=(
        Page(
            1,
            "一版",
            tuple(Article(f"a{n}", words(f"第{n}篇"), body=(paragraph("话。"),)) for n in range(400)),
        ),
    ),
)
ODD = replace(
    BARE,
    pages=(
        Page(1, "版<&\"'>", (Article("稿一", words("<b>&amp;\"'")), Article("稿二", words("]]>")))),
        Page(2, "版", (Article("A.1", words("大")), Article("a-1", words("小"))), folio_line="<!--"),
        Page(3, "", BARE.pages[0].items),
    ),
)


@pytest.mark.parametrize(
    ("issue", "cover"),
    [(ISSUE, COVER), (MANY, COVER), (ODD, None)],
    ids=["whole", "400-articles", "odd-and-without-cover"],
)
def test_epubcheck_has_nothing_to_say(
    issue: Issue, cover: bytes | None, layout: Layout, tmp_path: Path
) -> None:
    book = tmp_path / "book.epub"
    book.write_bytes(render_epub(issue, layout, PICTURES, cover))
    assert epubcheck(book) == []


def test_every_word_of_the_issue_is_in_the_book(book: Opened) -> None:
    lost = [said for said in texts(with_notes_apart(ISSUE)) if squeezed(said) not in book.all_text]
    assert lost == []
    assert "总第862期" in book.all_text


def shown(element: Any) -> str:
    """What an element reads, readings over its words left out."""
    return squeezed("".join(element.xpath(".//text()[not(ancestor::*[local-name() = 'rt'])]")))


def test_every_sentence_is_in_the_documents_once_and_in_order(book: Opened) -> None:
    """The opening page and the contents only announce: what they say again is counted where it belongs."""
    bodies = [name for name in book.spine if re.match(r"article|briefs|pictures", name)]
    whole = "".join(shown(book.xml(name).find(f"{XHTML}body")) for name in bodies)
    at = 0
    for article in with_notes_apart(ISSUE).articles():
        texts = [block.text.plain for block in article.body if isinstance(block, Paragraph)]
        heads = [words.plain for words in (*article.decks, article.standfirst) if words is not None]
        notes = [note.text.plain for note in article.notes]
        for said in map(squeezed, (*heads, *texts, *notes)):
            assert whole.count(said) == 1, said
            at = whole.index(said, at) + len(said)


def test_the_opening_page_tells_what_the_desk_says_of_a_story_and_no_more(
    book: Opened, layout: Layout
) -> None:
    def told(opened: Opened) -> list[tuple[str, list[str]]]:
        found: list[tuple[str, list[str]]] = []
        for p in opened.xml("opening.xhtml").iterfind(f".//{XHTML}section/{XHTML}p"):
            if (p.get("class") or "").startswith("headline"):
                found.append((shown(p[0]), []))
            elif p.get("class") == "summary":
                found[-1][1].append(shown(p))
        return found

    assert told(book) == [
        ("给材料做一次慢慢的体检", ["耐心，也是一种仪器。"]),
        ("慢一点", []),
        ("炉台一日", []),
    ]
    lead = replace(ISSUE.pages[0].items[0], standfirst=None)  # type: ignore[arg-type, type-var]
    first = replace(ISSUE.pages[0], items=(lead, *ISSUE.pages[0].items[1:]))
    decks = Opened(render_epub(replace(ISSUE, pages=(first, *ISSUE.pages[1:])), layout, PICTURES))
    assert told(decks)[0][1] == ["实验室把一炉合金放进盐雾箱", "结果写成一张谁都看得懂的表"]


def kickered(layout: Layout, kicker: str) -> Opened:
    """The book of the issue with another kicker over its lead."""
    lead = replace(LEAD, kicker=words(kicker))
    first = replace(ISSUE.pages[0], items=(lead, *ISSUE.pages[0].items[1:]))
    return Opened(render_epub(replace(ISSUE, pages=(first, *ISSUE.pages[1:])), layout, PICTURES))


def test_a_kicker_stands_over_its_headline_where_a_list_has_room(book: Opened) -> None:
    for document in ("opening.xhtml", "page-1.xhtml"):
        said = shown(book.xml(document).find(f"{XHTML}body"))
        assert said.count("十年跟踪三千组数据") == 1
        assert re.search("十年跟踪三千组数据给材料做一次慢慢的体检", said)
    assert "本期关注十年跟踪三千组数据给" in shown(book.xml("page-1.xhtml").find(f"{XHTML}body"))
    assert "十年跟踪" not in book.text("contents.xhtml")


@pytest.mark.parametrize(
    ("kicker", "lead_in"),
    [
        ("实验室主任在恳谈会上强调", "实验室主任在恳谈会上强调　"),
        ("实验室主任：", "实验室主任："),
        ("十年，三千组数据——", "十年，三千组数据——"),
        ("主任强调的三件事", ""),
        ("", ""),
    ],
)
def test_a_kicker_whose_sentence_goes_on_in_the_headline_is_never_parted_from_it(
    layout: Layout, kicker: str, lead_in: str
) -> None:
    opened = kickered(layout, kicker)
    title = f"{lead_in}给材料做一次慢慢的体检"
    assert opened.nav() == opened.ncx()
    assert opened.nav()[1][2][0][0] == f"本期关注　{title}"
    assert opened.xml("article-lead.xhtml").findtext(f".//{XHTML}title") == title
    (link,) = opened.xml("article-comment.xhtml").iterfind(
        f".//{XHTML}aside[@class='related']/{XHTML}p/{XHTML}a"
    )
    assert link.text == title
    for document in ("opening.xhtml", "page-1.xhtml"):  # and it is said once
        said = shown(opened.xml(document).find(f"{XHTML}body"))
        assert squeezed(title) in said
        assert not kicker or said.count(squeezed(kicker)) == 1


def test_the_articles_stand_in_the_order_of_the_paper(book: Opened) -> None:
    bodies = [name for name in book.spine if re.match(r"article|briefs|pictures|page-\d-notices", name)]
    assert bodies == [
        "article-lead.xhtml", "article-comment.xhtml", "briefs-briefs.xhtml", "page-1-notices.xhtml",
        "pictures-pics.xhtml", "pictures-pics2.xhtml", "article-later.xhtml", "article-note.xhtml",
        "article-english.xhtml", "page-2-notices.xhtml",
    ]  # fmt: skip


def test_bylines_stand_where_the_desk_put_them(book: Opened) -> None:
    assert "本报讯（记者郭远王小满通讯员李禾〔江滨实验学校〕）十一月的一个早晨" in book.text(
        "article-lead.xhtml"
    )
    assert "慢一点周知行（本报特约评论员）快有快的道理" in book.text("article-comment.xhtml")
    assert "她合上了登记簿。（文郭远图田宇）" in book.text("article-later.xhtml")
    assert "本报讯江滨博物馆新展厅开放。" in book.text("briefs-briefs.xhtml")


def test_no_stray_space_inside_han_text(book: Opened) -> None:
    for document in book.spine:
        for element in book.xml(document).iter(f"{XHTML}p", f"{XHTML}h1", f"{XHTML}td"):
            said = "".join(element.itertext())
            assert "\n" not in said.strip("\n"), (document, said)


def test_nav_and_ncx_agree_on_two_levels(book: Opened) -> None:
    assert book.nav() == book.ncx()
    assert [title for title, _, _ in book.nav()] == [
        "封面",
        "今日导读",
        "第1版　要闻",
        "第2版　专版",
        "出版信息",
    ]
    assert [title for title, _, _ in book.nav()[2][2]] == [
        "本期关注　给材料做一次慢慢的体检",
        "快评　慢一点",
        "简明新闻",
        "广告",
    ]


def test_links_between_pieces_lead_both_ways(book: Opened) -> None:
    def linked(document: str) -> set[tuple[str, str]]:
        related = book.xml(document).iterfind(f".//{XHTML}aside[@class='related']/{XHTML}p")
        return {(p[0].text, p[1].get("href")) for p in related}

    assert linked("article-comment.xhtml") == {("本文所评", "article-lead.xhtml")}
    assert linked("article-lead.xhtml") == {
        ("编者按", "article-note.xhtml"),
        ("系列后篇", "article-later.xhtml"),
    }
    # The piece that comes next is named once, with what it is to this one.
    (following,) = book.xml("article-lead.xhtml").iterfind(f".//{XHTML}p[@class='next']")
    assert (following[0].text, following[1].get("href")) == ("下一篇·相关评论", "article-comment.xhtml")
    assert ("系列前篇", "article-lead.xhtml") in linked("article-later.xhtml")


def test_every_link_inside_the_book_has_a_target(book: Opened) -> None:
    for document in book.spine:
        for a in book.xml(document).iter(f"{XHTML}a"):
            file, _, fragment = a.get("href").partition("#")
            if ":" not in file:
                target = book.xml(file or document)
                assert not fragment or target.xpath("//*[@id=$id]", id=fragment), a.get("href")


def test_every_piece_leads_on_and_back(book: Opened) -> None:
    ways = [
        a.get("href") for a in book.xml("article-comment.xhtml").iterfind(f".//{XHTML}div[@role]//{XHTML}a")
    ]
    assert ways == ["briefs-briefs.xhtml", "article-lead.xhtml", "page-1.xhtml", "contents.xhtml"]


def test_metadata_say_what_is_so(book: Opened) -> None:
    package = book.package
    assert package.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
    assert package.findtext(".//{*}title") == "江滨材料报 2026年11月23日 总第862期"
    assert book.meta("dcterms:modified") == ["2026-11-23T00:00:00Z"]
    assert book.meta("belongs-to-collection") == ["江滨材料报"]
    assert book.meta("group-position") == book.meta("calibre:series_index") == ["862"]
    assert book.meta("pageBreakSource") == ["江滨材料报 2026年11月23日 总第862期 印刷版"]
    assert book.meta("schema:accessMode") == ["textual", "visual"]
    assert "alternativeText" not in book.meta(
        "schema:accessibilityFeature"
    )  # one picture has neither alt nor caption
    assert book.meta("schema:accessModeSufficient") == ["textual,visual"]
    assert not book.meta("dcterms:conformsTo")  # nobody has certified anything


def test_metadata_of_an_issue_without_pictures(layout: Layout) -> None:
    bare = Opened(render_epub(BARE, layout, {}))
    assert bare.meta("schema:accessMode") == bare.meta("schema:accessModeSufficient") == ["textual"]
    assert bare.meta("group-position") == ["19560701"]  # no running number: the date counts


def test_page_list_leads_to_the_printed_pages(book: Opened) -> None:
    nav = book.xml("contents.xhtml").xpath("//*[@id='pages']//*[local-name()='a']")
    assert [(a.text, a.get("href")) for a in nav] == [
        ("1", "page-1.xhtml#print-page"),
        ("2", "page-2.xhtml#print-page"),
    ]


def test_the_cover_fits_any_screen(book: Opened) -> None:
    """A percentage of height counts only when every box around the picture has a height, up to the root."""
    root = book.xml("cover.xhtml")
    css = book.zip.read("EPUB/style.css").decode()
    assert root.get("class") == "whole-screen"
    assert ".whole-screen, .whole-screen body, .cover-picture { height: 100%; }" in css
    (drawing,) = root.iter("{http://www.w3.org/2000/svg}svg")
    assert drawing.getparent().get("class") == "cover-picture"
    assert (drawing.get("width"), drawing.get("height")) == ("100%", "100%")
    assert (drawing.get("role"), drawing.get("aria-label")) == ("img", f"{book_title(ISSUE)}，封面")
    (picture,) = drawing
    assert drawing.get("viewBox").split()[2:] == [picture.get("width"), picture.get("height")]
    assert book.zip.read("EPUB/" + picture.get("{http://www.w3.org/1999/xlink}href")) == COVER
    properties = {item.get("href"): item.get("properties") for item in book.package.iter(f"{OPF}item")}
    assert properties["cover.xhtml"] == "svg"
    assert properties["opening.xhtml"] is None


def test_container_is_in_order(book: Opened) -> None:
    entries = book.zip.infolist()
    assert entries[0].filename == "mimetype"
    assert entries[0].compress_type == 0
    assert not entries[0].extra
    assert {entry.date_time for entry in entries} == {(2026, 11, 23, 0, 0, 0)}
    manifest = {item.get("href") for item in book.package.iter(f"{OPF}item")}
    inside = {entry.filename.removeprefix("EPUB/") for entry in entries if entry.filename.startswith("EPUB/")}
    assert manifest == inside - {"content.opf"}


def test_an_issue_older_than_zip_files(layout: Layout) -> None:
    assert {entry.date_time[0] for entry in Opened(render_epub(BARE, layout, {})).zip.infolist()} == {1980}


def test_same_bytes_whatever_the_day_folder_and_hash_seed(
    data: bytes, repository: Path, tmp_path: Path
) -> None:
    program = (
        "import hashlib, sys, pathlib\n"
        "from rendering_epub.whole_issue import COVER, ISSUE, PICTURES\n"
        "from issue_publisher.layout.reader import read_layout\n"
        "from issue_publisher.rendering.epub import render_epub\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "layout = read_layout((folder / 'layout.toml').read_bytes(), 'layout.toml', folder)\n"
        "print(hashlib.sha256(render_epub(ISSUE, layout, PICTURES, COVER)).hexdigest())\n"
    )
    elsewhere = tmp_path / "抽屉"
    shutil.copytree(repository / "layouts" / "broadsheet", elsewhere)
    path = os.pathsep.join(str(repository / part) for part in ("src", "tests"))
    for seed, zone in (("0", "UTC"), ("4711", "Asia/Shanghai")):
        run = subprocess.run(
            [sys.executable, "-c", program, str(elsewhere)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == hashlib.sha256(data).hexdigest()


def test_identifiers_differ_between_issues_and_papers(layout: Layout) -> None:
    others = [
        BARE,
        replace(BARE, id="x2"),
        replace(BARE, date=date(1956, 7, 2)),
        replace(BARE, nameplate=replace(BARE.nameplate, serial_number="CN 00-0001")),
    ]
    found = {Opened(render_epub(issue, layout, {})).package.findtext(".//{*}identifier") for issue in others}
    assert len(found) == len(others)


# --------------------------------------------------------------------------- what a layout may do wrong


def edited(layout: Layout, folder: Path, name: str, old: str, new: str) -> Layout:
    shutil.copytree(layout.folder, folder / "broadsheet")
    template = folder / "broadsheet" / "ebook" / name
    before = template.read_text(encoding="utf-8")
    assert old in before
    template.write_text(before.replace(old, new, 1), encoding="utf-8")
    return replace(layout, folder=folder / "broadsheet")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "article.xhtml.j2",
            "article.rubric",
            "article.rubrik",
            r"article\.xhtml\.j2:8: .*'rubrik' \(is rubric meant",
        ),
        (
            "text.xhtml.j2",
            "{{ inline(it.text.parts) }}",
            "{{ inlin(it) }}",
            r"text\.xhtml\.j2:\d+: 'inlin' is undef",
        ),
        ("imprint.xhtml.j2", "{% endfor %}", "", r"imprint\.xhtml\.j2:\d+: .*endblock.*endfor"),
        (
            "imprint.xhtml.j2",
            "</section>",
            "",
            r"imprint\.xhtml\.j2:1: what it makes of imprint\.xhtml is not well",
        ),
        (
            "opening.xhtml.j2",
            "ebook/text.xhtml.j2",
            "ebook/tekst.xhtml.j2",
            r"opening\.xhtml\.j2:\d+: there is no temp",
        ),
        ("style.css", "'nameplate'", "'nameplat'", r"style\.css:\d+: "),
    ],
)
def test_a_faulty_template_is_named_with_its_line(
    name: str, old: str, new: str, message: str, layout: Layout, tmp_path: Path
) -> None:
    with pytest.raises(TemplateFault, match=message):
        render_epub(ISSUE, edited(layout, tmp_path, name, old, new), PICTURES, COVER)


def test_a_control_character_is_an_error_and_no_broken_book(layout: Layout) -> None:
    for bad in ("\x0b", "\ud800", "\uffff"):
        with pytest.raises(TemplateFault, match="not well-formed"):
            render_epub(replace(BARE, pages=(Page(1, bad, BARE.pages[0].items),)), layout, {})


def test_a_missing_or_unsafe_picture_is_named(layout: Layout) -> None:
    with pytest.raises(LookupError, match=r"pictures/furnace\.jpg, pictures/chart\.svg"):
        render_epub(ISSUE, layout, {"pictures/portrait.png": PICTURES["pictures/portrait.png"],
                                    "pictures/strip.png": PICTURES["pictures/strip.png"]})  # fmt: skip
    with pytest.raises(ValueError, match="webp"):
        render_epub(ISSUE, layout, {**PICTURES, "pictures/furnace.jpg": Picture(b"", "image/webp", 1, 1)})
    with pytest.raises(ValueError, match="cover"):
        render_epub(BARE, layout, {}, b"GIF89a")


# --------------------------------------------------------------------------- the style sheet


def test_the_style_sheet_has_nothing_that_readers_choke_on(book: Opened) -> None:
    css = re.sub(r"/\*.*?\*/", "", book.zip.read("EPUB/style.css").decode(), flags=re.DOTALL)
    layout_of_screens = r"flex|grid|columns?\b|(?<![\w-])position|@supports|@media|@import|@font-face|:root"
    assert not re.findall(layout_of_screens + r"|var\(|calc\(|\dpx|\dvh|url\(", css)
    assert css.count("{") == css.count("}")
    # The text's own family is the reader's choice, and no ground but a drawing's.
    assert "font-family" not in re.search(r"\nbody \{[^}]*\}", css)[0]  # type: ignore[index]
    assert re.findall(r"([^{}]+)\{[^}]*background", css) == ["\n.drawing img "]


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://example.org/数据?x=1&y=2", "https://example.org/%E6%95%B0%E6%8D%AE?x=1&y=2"),
        ("http://example.org/%20a", "http://example.org/%20a"),
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        ("https://exa mple.org/ a", "https://exa%20mple.org/%20a"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("page.html", None),
        ("", None),
        (None, None),
    ],
)
def test_web_addresses(href: str | None, address: str | None) -> None:
    assert web_address(href) == address


def test_a_genre_never_borrows_the_style_of_a_block(layout: Layout) -> None:
    poem = replace(BARE, pages=(Page(1, "副刊", (Article("a", words("诗"), genre="verse"),)),))
    article = Opened(render_epub(poem, layout, {})).xml("article-a.xhtml").find(f".//{XHTML}article")
    assert article.get("class") == "genre-verse"


def test_headlines_break_where_the_desk_would_have_it(book: Opened) -> None:
    for document in ("article-lead.xhtml", "opening.xhtml", "page-1.xhtml"):
        assert "给材料做一次<wbr/>慢慢的体检" in book.zip.read(f"EPUB/{document}").decode()


def _paragraph(layout: Layout, *parts: Inline) -> Any:
    """A paragraph of these parts as it stands in a book."""
    said = Paragraph(Text(parts))
    article = Article("a", text("题"), body=(said,))
    issue = Issue("i", date(2026, 11, 23), Nameplate("报", "社"), (Page(1, "要闻", (article,)),))
    document = Opened(render_epub(issue, layout, {})).xml("article-a.xhtml")
    return next(document.find(f".//{XHTML}div[@class='body']").iter(f"{XHTML}p"))


@pytest.mark.parametrize(
    ("base", "reading", "over"),
    [
        ("匣钵", "xiá bō", [("匣", "xiá"), ("钵", "bō")]),
        ("坩", "gān", [("坩", "gān")]),
        ("莱氏体", "Ledeburite", [("莱氏体", "Ledeburite")]),
        ("莱氏", "one two three", [("莱氏", "one two three")]),
    ],
)
def test_readings_stand_over_their_characters(
    layout: Layout, base: str, reading: str, over: list[tuple[str, str]]
) -> None:
    (ruby,) = _paragraph(layout, Inline(InlineKind.RUBY, base, ruby=reading)).iter(f"{XHTML}ruby")
    bases = [ruby.text, *(rt.tail for rt in ruby)][: len(over)]
    assert list(zip(bases, (rt.text for rt in ruby), strict=True)) == over


def test_emphasis_dots_are_never_lost(layout: Layout, book: Opened) -> None:
    """Prefixed and unprefixed below the character; a reader that knows none of it shows an <em>."""
    (dots,) = _paragraph(layout, Inline(InlineKind.DOTS, "此路不通")).iter(f"{XHTML}em")
    assert (dots.get("class"), dots.text) == ("dots", "此路不通")
    css = book.zip.read("EPUB/style.css").decode()
    (rules,) = re.findall(r"\nem\.dots \{([^}]*)\}", css)
    for prefix in ("-epub-", "-webkit-", ""):
        assert re.search(rf"(?<![\w-]){prefix}text-emphasis-style: filled dot;", rules)
        assert re.search(rf"(?<![\w-]){prefix}text-emphasis-position: under", rules)
    assert "font" not in rules  # of <em>, which is seen without dots too


def test_marks_lead_to_their_notes_and_back(book: Opened) -> None:
    marks_of = {"article-lead.xhtml": "①②", "briefs-briefs.xhtml": "①"}
    for name, expected in marks_of.items():
        document = book.xml(name)
        marks = [a for a in document.iter(f"{XHTML}a") if a.get(EPUB_TYPE) == "noteref"]
        notes = [aside for aside in document.iter(f"{XHTML}aside") if aside.get(EPUB_TYPE) == "footnote"]
        assert "".join(mark.text for mark in marks) == expected
        assert [mark.get("href") for mark in marks] == [f"#{aside.get('id')}" for aside in notes]
        assert {mark.get("role") for mark in marks} == {"doc-noteref"}
        assert {aside.get("role") for aside in notes} == {"doc-footnote"}
        for mark, aside in zip(marks, notes, strict=True):
            (back,) = aside.iter(f"{XHTML}a")
            assert (back.get("href"), back.get("role")) == (f"#{mark.get('id')}", "doc-backlink")
            assert back.text == mark.text
    said = ["".join(aside.itertext()).strip() for aside in notes]
    assert said == ["①在旧馆东侧。"]


def test_notes_stand_at_the_end_of_their_article(book: Opened) -> None:
    words = squeezed("".join(book.xml("article-lead.xhtml").itertext()))
    assert words.index("执笔：郭远") < words.index("①实验室建于1986年，原是一间锅炉房。②登记簿扉页上的话。")
    assert "打开。①架上的试片" in words


@pytest.mark.parametrize(
    ("before", "kept"),
    [("合金", "金"), ("合金。", "。"), ("葛\U000e0101", "葛\U000e0101"), ("看👩\u200d🚀", "👩\u200d🚀")],
)
def test_a_mark_is_not_parted_from_the_character_before_it(layout: Layout, before: str, kept: str) -> None:
    said = _paragraph(layout, Inline(InlineKind.TEXT, before), note("注。"), Inline(InlineKind.TEXT, "后文"))
    (span,) = [each for each in said.iter(f"{XHTML}span") if each.get("class") == "with-mark"]
    assert "".join(span.itertext()) == f"{kept}①"
    assert "".join(said.itertext()) == f"{before}①后文"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("压到设计值的1.9倍才裂", ["1.9倍"]),
        ("差0.8毫米，共330万枚", ["0.8毫米", "330万枚"]),
        ("钻25对孔，11月20日，25400斤", ["25对", "11月", "20日", "25400斤"]),
        ("Al2张、第2版、3：2", []),
        ("<3米 & 5<6", ["3米"]),
    ],
)
def test_a_figure_is_not_parted_from_its_unit(layout: Layout, words: str, kept: list[str]) -> None:
    """By a style: no character is added, so a reader's search finds the words."""
    said = _paragraph(layout, Inline(InlineKind.TEXT, words))
    assert [each.text for each in said.iter(f"{XHTML}span") if each.get("class") == "n"] == kept
    assert "".join(said.itertext()) == words


def test_the_desk_s_guide_is_the_opening_page_s(layout: Layout) -> None:
    """An ear of references is no second guide: its lines stand in the first, and are links as wholes."""

    def line(words: str, to: str) -> Paragraph:
        return Paragraph(
            Text((Inline(InlineKind.TEXT, words), Inline(InlineKind.REFERENCE, "（1版）", to=to)))
        )

    guide = Ear((line("慢也有道理", "comment"), line("炉台边的一天", "pics")), text("导读"))
    weather = Ear((Paragraph(text("明天：晴")),), text("天气"))
    issue = replace(ISSUE, nameplate=replace(ISSUE.nameplate, ears=(guide, weather)))
    opening = Opened(render_epub(issue, layout, PICTURES)).xml("opening.xhtml")
    links = [shown(a) for a in opening.iterfind(f".//{XHTML}section/{XHTML}p/{XHTML}a")]
    assert links == ["给材料做一次慢慢的体检", "慢也有道理（1版）", "炉台边的一天（1版）", "全部目录"]
    assert [shown(h2) for h2 in opening.iter(f"{XHTML}h2")] == ["导读", "天气"]


def test_the_publisher_is_named_without_what_it_does(book: Opened) -> None:
    assert book.package.findtext(".//{*}publisher") == "江滨材料报社"
    imprint = "".join(book.xml("imprint.xhtml").itertext())
    assert "江滨材料报社出版" in imprint  # as printed
    assert imprint.count("2026年11月23日") == 1


def test_no_vertical_lines_on_screens(book: Opened) -> None:
    assert "writing-mode" not in book.zip.read("EPUB/style.css").decode()
