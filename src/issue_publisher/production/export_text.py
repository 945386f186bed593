"""`issue-publisher export --to text`: an issue as a labelled transcript."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from issue_publisher.production.load import read_source
from issue_publisher.transcript.writer import write_transcript


@dataclass(frozen=True, slots=True)
class TextOfIssue:
    """A labelled transcript of an issue."""

    data: bytes = field(repr=False)
    file: str  # the issue's XML, as messages call it
    lost: tuple[str, ...]  # what plain text cannot hold, each with its count


def export_text(given: Path) -> TextOfIssue:
    """The transcript of the issue that the user named, its folder or its XML.

    Raises SourceErrors when the XML is at fault.
    """
    issue, file = read_source(given)
    data, lost = write_transcript(issue)
    return TextOfIssue(data, file, lost)
