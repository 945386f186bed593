"""What the tests of the press PDF share: the sample issue."""

from __future__ import annotations

from pathlib import Path

import pytest

from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.fonts import Measures
from issue_publisher.production.load import Source, load
from issue_publisher.rendering.pages import render_pages
from issue_publisher.typesetting.faces import PaperFaces
from once import once


@pytest.fixture(scope="session")
def source(repository: Path) -> Source:
    """The sample issue with its pictures, layout and fonts."""
    found = load(repository / "source" / "2026-11-23", None).source
    assert found is not None
    return found


@pytest.fixture(scope="session")
def faces(source: Source) -> PaperFaces:
    return PaperFaces(Measures(source.fonts), source.layout.latin_fonts)


@pytest.fixture(scope="session")
def composed(source: Source, faces: PaperFaces) -> ComposedIssue:
    return compose_issue(
        source.issue, source.layout, faces, source.pictures, file=source.file, plan=source.plan
    )


@pytest.fixture(scope="session")
def press(
    source: Source, faces: PaperFaces, composed: ComposedIssue, tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    return once(
        tmp_path_factory,
        "sample-pages",
        lambda: render_pages(composed, source.layout, faces, source.pictures),
    )
