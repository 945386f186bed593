"""Fonts in the e-book: every character that is shown has a glyph in them, and none is there unasked."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from issue_publisher.layout.model import Layout
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
