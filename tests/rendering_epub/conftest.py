"""The shipped layout, and a book of the whole issue."""

from pathlib import Path

import pytest

from issue_publisher.layout.model import Layout
from issue_publisher.layout.reader import read_layout
from issue_publisher.rendering.epub import render_epub
from rendering_epub.book import Opened
from rendering_epub.whole_issue import COVER, ISSUE, PICTURES


@pytest.fixture(scope="session")
def layout(repository: Path) -> Layout:
    """layouts/broadsheet"""
    folder = repository / "layouts" / "broadsheet"
    return read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder)


@pytest.fixture(scope="session")
def data(layout: Layout) -> bytes:
    """The whole issue as an EPUB."""
    return render_epub(ISSUE, layout, PICTURES, COVER)


@pytest.fixture(scope="session")
def book(data: bytes) -> Opened:
    """The same, opened."""
    return Opened(data)
