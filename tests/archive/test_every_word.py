"""A book with everything that the format knows: all its words are found, and none that nobody wrote."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from issue_publisher.archive.difference import EntryDifference, entry_differences
from issue_publisher.archive.epub_text import read_epub
from issue_publisher.archive.passages import Said, said_by
from issue_publisher.archive.witness import witness
from issue_publisher.issue.writer import _issue
from issue_publisher.preflight.container import UnreadableBookError
from issue_publisher.rendering.epub import render_epub
from rendering_epub.whole_issue import ISSUE, PICTURES
from typesetting.paper import layout


@pytest.fixture(scope="module")
def said() -> Said:
    # The format keeps no notes that were taken out already, so `write_issue` will not write this one.
    return said_by("\n".join(_issue(ISSUE)).encode(), "issue.xml")


@pytest.fixture(scope="module")
def book() -> bytes:
    return render_epub(ISSUE, layout(), PICTURES)


def changed(book: bytes, old: str, new: str) -> bytes:
    """A book with some words of its documents changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as was, zipfile.ZipFile(file, "w") as now:
        for info in was.infolist():
            data = was.read(info)
            if info.filename.endswith(".xhtml"):
                data = data.replace(old.encode(), new.encode())
            now.writestr(info, data)
    return file.getvalue()


def test_all_of_it_is_in_the_book(said: Said, book: bytes) -> None:
    found = witness(said, read_epub(book, "x.epub"), is_print=False)
    assert found.passages == len(said.passages) > 130
    assert (found.losses, found.left_out, found.moved, found.added) == ((), (), (), ())


def test_a_word_less_in_the_book_is_named(said: Said, book: bytes) -> None:
    spoiled = changed(book, "实验室把一炉合金放进盐雾箱", "实验室把一炉合金放进箱")
    [loss] = witness(said, read_epub(spoiled, "x.epub"), is_print=False).losses
    assert "盐雾箱" in loss.wanted
    differing = entry_differences(book, spoiled)
    assert EntryDifference("EPUB/article-lead.xhtml", "differs") in differing
    assert {one.how for one in differing} == {"differs"}


def test_a_book_that_cannot_be_read_is_told(book: bytes) -> None:
    for data in (b"", book[: len(book) // 2], changed(book, "<html", "<html<")):
        with pytest.raises(UnreadableBookError):
            read_epub(data, "x.epub")
