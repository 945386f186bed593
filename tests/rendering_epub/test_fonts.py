"""Fonts in the e-book: every character that is shown has a glyph in them, and none is there unasked."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from issue_publisher.layout.model import Layout
from issue_publisher.rendering.ebook_style import StyleSheet
from issue_publisher.rendering.epub import render_epub
from rendering_epub.book import XHTML, Opened, epubcheck
from rendering_epub.whole_issue import COVER, ISSUE, PICTURES
from typesetting.paper import faces


@pytest.fixture(scope="module")
def with_fonts(layout: Layout) -> bytes:
    return render_epub(ISSUE, layout, PICTURES, COVER, faces(), embed_fonts=True)


@cache
def glyphs(font: bytes) -> frozenset[str]:
    return frozenset(map(chr, TTFont(io.BytesIO(font)).getBestCmap()))


def test_every_character_has_a_glyph_in_the_book(with_fonts: bytes) -> None:
    book = Opened(with_fonts)
    fonts = [name for name in book.zip.namelist() if name.startswith("EPUB/fonts/")]
    assert len(fonts) >= 4
    there = frozenset.union(*(glyphs(book.zip.read(name)) for name in fonts))
    for name in book.spine:
        shown = "".join(book.xml(name).find(f"{XHTML}body").itertext())
        assert {char for char in shown if not char.isspace()} <= there
    assert sum(len(book.zip.read(name)) for name in fonts) < 2_000_000  # subsets


def test_the_style_sheet_asks_for_them_first_and_apple_is_told(with_fonts: bytes, book: Opened) -> None:
    style = Opened(with_fonts).zip.read("EPUB/style.css").decode()
    assert style.count("@font-face") >= 4
    assert 'font-family: "issue-' in style
    assert "META-INF/com.apple.ibooks.display-options.xml" in Opened(with_fonts).zip.namelist()
    plain = book.zip.read("EPUB/style.css").decode()
    assert "@font-face" not in plain
    assert "issue-" not in plain
    assert not [name for name in book.zip.namelist() if "font" in name or "apple" in name]


def test_epubcheck_only_notes_that_there_are_fonts(with_fonts: bytes, tmp_path: Path) -> None:
    (tmp_path / "fonts.epub").write_bytes(with_fonts)
    said = epubcheck(tmp_path / "fonts.epub")
    assert said
    assert all(one.startswith("USAGE CSS-028 ") for one in said)


def test_the_same_bytes(with_fonts: bytes, layout: Layout) -> None:
    assert render_epub(ISSUE, layout, PICTURES, COVER, faces(), embed_fonts=True) == with_fonts


def typed(css: str, body: str) -> list[tuple[str | None, bool, str]]:
    document = f'<html xmlns="http://www.w3.org/1999/xhtml"><head/><body>{body}</body></html>'.encode()
    return [
        (one.family, one.bold, one.text)
        for one in StyleSheet(css, ("song", "kai", "hei"), "song").texts(document)
    ]


@pytest.mark.parametrize(
    ("css", "body", "found"),
    [
        ("", "<p>甲<strong>乙</strong>丙</p>", [("song", False, "甲丙"), ("song", True, "乙")]),
        (
            '.k { font-family: "kai", KaiTi, serif } .k b { font-weight: normal }',
            '<div class="k x"><h2>甲</h2><b>乙</b></div>',
            [("kai", True, "甲"), ("kai", False, "乙")],
        ),
        (
            '.a .b, nav > a { font-family: "hei" }',
            '<p class="b">甲</p><p class="a"><i class="b">乙</i></p><nav><a>丙</a><i><a>丁</a></i></nav>',
            [("song", False, "甲"), ("hei", False, "乙"), ("hei", False, "丙"), ("song", False, "丁")],
        ),
        ("p { font-family: monospace } em { font-family: inherit }", "<p>甲<em>乙</em></p>",
         [(None, False, "甲"), (None, False, "乙")]),
        ("p { font-weight: 700 } p.p { font-weight: 300 }", '<p>甲</p><p class="p">乙</p>',
         [("song", True, "甲"), ("song", False, "乙")]),
        ('p { font-family: "kai" } #one { font-family: "hei" } p { font-weight: bold }',
         '<p id="one">甲　乙 丙</p>', [("hei", True, "甲　乙丙")]),
        ('p::first-letter, p:nonsense(2), p { font-family: "kai" } @media print { p { font-weight: 900 } }',
         "<p>甲</p>", [("song", False, "甲")]),  # one bad selector spoils the rule, as in every browser
    ],
)  # fmt: skip
def test_the_style_sheet_is_asked_which_text_wants_which_font(
    css: str, body: str, found: list[tuple[str | None, bool, str]]
) -> None:
    assert typed(css, body) == found


def test_a_layout_s_own_style_sheet_decides(with_fonts: bytes, layout: Layout, tmp_path: Path) -> None:
    """Signatures in 黑 instead of 楷: their characters move from one font to the other."""

    def has(data: bytes, font: str, char: str) -> bool:
        return any(
            char in glyphs(Opened(data).zip.read(name))
            for name in Opened(data).zip.namelist()
            if f"fonts/{font}." in name
        )

    shutil.copytree(layout.folder, tmp_path / "own")
    sheet = tmp_path / "own" / "ebook" / "style.css"
    sheet.write_text(
        sheet.read_text("utf-8") + "\n.signature { font-family: {{ fonts.before('hei') }}sans-serif; }\n",
        "utf-8",
    )
    own = replace(layout, folder=tmp_path / "own")
    data = render_epub(ISSUE, own, PICTURES, COVER, faces(), embed_fonts=True)
    assert (has(with_fonts, "kai", "笔"), has(with_fonts, "hei", "笔")) == (True, False)
    assert (has(data, "kai", "笔"), has(data, "hei", "笔")) == (False, True)
