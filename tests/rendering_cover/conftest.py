"""The shipped layout and the fonts of the house."""

from pathlib import Path

import pytest

from issue_publisher.fonts import Measures, read_fonts
from issue_publisher.layout.model import Layout
from issue_publisher.layout.reader import read_layout
from issue_publisher.resources import shipped_fonts
from issue_publisher.typesetting.faces import PaperFaces


@pytest.fixture(scope="session")
def layout(repository: Path) -> Layout:
    """layouts/broadsheet"""
    folder = repository / "layouts" / "broadsheet"
    return read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder)


@pytest.fixture(scope="session")
def faces(layout: Layout) -> PaperFaces:
    """The faces of that paper."""
    return PaperFaces(Measures(read_fonts(shipped_fonts())), layout.latin_fonts)
