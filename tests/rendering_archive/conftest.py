"""What the tests of the archive PDF share: the sample issue, and one that has everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from composition.issues import FILE, AnyPicture, article, issue_of
from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.fonts import Measures
from issue_publisher.issue.model import Inline, InlineKind, Issue, Paragraph, Text, text
from issue_publisher.production.load import Source, load
from issue_publisher.rendering.archive_pdf import render_archive
from issue_publisher.rendering.enclosures import DATA, Enclosure
from issue_publisher.typesetting.faces import PaperFaces
from once import once
from rendering_archive.reading import Reading
from typesetting.paper import faces, layout

ENCLOSED = (
    Enclosure("issue.xml", b"<issue/>", description="the issue"),
    Enclosure("pictures/图一.jpg", b"\xff\xd8\xff" + bytes(range(256)) * 40),
    Enclosure("manifest.json", b"{}\n", DATA),
)
WORDS = (
    "The quick brown fox jumps over the lazy dog while extraordinarily complicated international"
    " characterisation measurements continue for several uninterrupted months in the laboratory, and nobody"
    " complains about it."
)


@pytest.fixture(scope="session")
def source(repository: Path) -> Source:
    found = load(repository / "source" / "2026-11-23", None).source
    assert found is not None
    return found


@pytest.fixture(scope="session")
def composed(source: Source) -> ComposedIssue:
    measures = PaperFaces(Measures(source.fonts), source.layout.latin_fonts)
    return compose_issue(
        source.issue, source.layout, measures, source.pictures, file=source.file, plan=source.plan
    )


@pytest.fixture(scope="session")
def archive(source: Source, composed: ComposedIssue, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    measures = PaperFaces(Measures(source.fonts), source.layout.latin_fonts)
    return once(
        tmp_path_factory,
        "sample-archive",
        lambda: render_archive(composed, source.layout, measures, source.pictures, ENCLOSED),
    )


@pytest.fixture(scope="session")
def reading(archive: bytes) -> Reading:
    return Reading(archive)


def made_up(issue: Issue) -> ComposedIssue:
    return compose_issue(issue, layout(), faces(), AnyPicture(), file=FILE)


def painted(made: ComposedIssue) -> Reading:
    """An issue without pictures as it is heard."""
    return Reading(render_archive(made, layout(), faces(), {}, ()))


def with_words(*parts: str | Inline) -> Issue:
    """An issue of one article whose first paragraph is of these parts."""
    inlines = tuple(text(part).parts[0] if isinstance(part, str) else part for part in parts)
    made = article("a", 500, 1)
    return issue_of([replace(made, body=(Paragraph(Text(inlines)), *made.body))])


def inline(kind: InlineKind, words: str, **more: str) -> Inline:
    return Inline(kind, children=(Inline(InlineKind.TEXT, words),), **more)  # type: ignore[arg-type]
