"""What an archive PDF encloses, so that the issue can be built again from it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from issue_publisher.production import manifest
from issue_publisher.production.load import ISSUE_FILE, Source
from issue_publisher.rendering.enclosures import DATA, SOURCE, Enclosure

MADE = "made/"  # before the name of the page plan that the pages were made up by


def enclosures(source: Source, plan: bytes) -> tuple[Enclosure, ...]:
    """The files of a source, and what its pages were made with: the `plan` and the manifest of inputs."""
    return tuple(_enclosures(source, plan))


def _enclosures(source: Source, plan: bytes) -> Iterator[Enclosure]:
    yield Enclosure(ISSUE_FILE, source.xml, SOURCE, "The issue: every text, with its headings and captions")
    if source.plan is not None:
        yield Enclosure(source.plan_name, source.plan, SOURCE, "Page plan that came with the issue")
    if source.layout.archive.originals:
        # An issue may write one file in two ways: pictures/a.jpg and ./pictures/a.jpg.
        files = {PurePosixPath(src).as_posix(): picture.data for src, picture in source.pictures.items()}
        for name, data in sorted(files.items()):
            yield Enclosure(name, data, SOURCE, "Picture as it was handed in")
    yield Enclosure(MADE + source.plan_name, plan, DATA, "Where every piece stands on these pages")
    record = manifest.manifest_of_inputs(source)
    yield Enclosure(manifest.NAME, record, DATA, "Every input by SHA-256, with the versions of the programs")
