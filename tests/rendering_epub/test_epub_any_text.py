"""Whatever stands in an issue, the book is well-formed and says the same."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from issue_publisher.issue.model import (
    Article,
    Author,
    Byline,
    BylinePlace,
    Inline,
    InlineKind,
    Issue,
    ListBlock,
    Nameplate,
    Page,
    Paragraph,
    Text,
)
from issue_publisher.issue.notes import noted
from issue_publisher.layout.model import Layout
from issue_publisher.rendering.epub import render_epub
from rendering_epub.book import XHTML, Opened

PIECES = st.sampled_from(
    [
        "<",
        "&",
        ">",
        "]]>",
        '"',
        "'",
        "&amp;",
        "<![CDATA[",
        "<!--",
        "-->",
        "{{",
        "}}",
        "{%",
        "#}",
        "😀",
        "👩‍🚀",
        "𠮷",
        "𪚥",
        "字",
        " ",
        "a",
    ]
)
ANY = st.characters(exclude_categories=("Cc", "Cs", "Cn"))
WORDS = st.lists(PIECES | ANY, max_size=12).map("".join)
WRAPPED = st.sampled_from([kind for kind in InlineKind if kind not in (InlineKind.TEXT, InlineKind.BREAK)])


def _wrap(children: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inline]:
    return st.builds(
        Inline,
        kind=WRAPPED,
        children=st.lists(children, max_size=3).map(tuple),
        lang=st.none() | st.just("en"),
        href=st.none() | WORDS | WORDS.map("https://e.org/".__add__),
        to=st.none() | st.just("a") | WORDS,
        ruby=st.none() | WORDS,
    )


INLINES = st.recursive(st.builds(Inline, kind=st.just(InlineKind.TEXT), text=WORDS), _wrap, max_leaves=6)
TEXTS = st.builds(Text, st.lists(INLINES, max_size=4).map(tuple))


@settings(max_examples=40)
@given(headline=TEXTS, said=TEXTS, item=TEXTS, name=WORDS, place=st.sampled_from(BylinePlace))
def test_any_text_is_well_formed_and_intact(
    layout: Layout, headline: Text, said: Text, item: Text, name: str, place: BylinePlace
) -> None:
    article = Article(
        "a",
        headline,
        rubric=name,
        byline=Byline((Author(name, name, name),), place),
        body=(ListBlock((item,)), Paragraph(said)),
    )
    plate = Nameplate("报" + name, name, site=name)
    book = Opened(
        render_epub(Issue("i", date(2026, 11, 23), plate, (Page(1, name, (article,)),)), layout, {})
    )
    document = book.xml("article-a.xhtml")
    article = noted(article)
    (items, last) = article.body
    assert isinstance(items, ListBlock)
    assert isinstance(last, Paragraph)
    for ruby in document.iter(f"{XHTML}rt"):
        ruby.text = ""
        for inside in list(ruby):
            ruby.remove(inside)
    for mark in document.iter(f"{XHTML}span"):
        if mark.get("class") in ("dateline", "ending"):
            mark.text = ""
    assert _said(next(document.iter(f"{XHTML}li"))) == _normal(items.items[0].plain)
    paragraphs = [_said(p) for p in document.find(f".//{XHTML}div[@class='body']").iter(f"{XHTML}p")]
    assert _normal(last.text.plain) in paragraphs
    notes = [_said(aside).strip("\n") for aside in document.iter(f"{XHTML}aside") if aside.get("id")]
    assert notes == [_normal(note.mark + note.text.plain).strip("\n") for note in article.notes]
    if headline.plain.strip():
        assert _said(next(document.iter(f"{XHTML}h1"))) == _normal(headline.plain)


def _said(element: object) -> str:
    return "".join(element.itertext())  # type: ignore[attr-defined]


def _normal(words: str) -> str:
    """What an XML parser makes of line ends."""
    return words.replace("\r\n", "\n").replace("\r", "\n")
