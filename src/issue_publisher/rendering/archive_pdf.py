"""`ComposedIssue` → archive PDF: the printed pages in screen colours, tagged, with all they were made from.

PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) in one file. Its dates are the issue's, its identifiers are
made of what is in it: the same issue gives the same bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from issue_publisher.composition.model import ComposedIssue
from issue_publisher.issue.model import Issue
from issue_publisher.layout.model import Layout
from issue_publisher.pictures import Picture
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept
from issue_publisher.rendering.enclosures import Enclosure, enclose
from issue_publisher.rendering.pages import Sheets, pages_html
from issue_publisher.rendering.pdf import write_pdf
from issue_publisher.rendering.tags import Tagger
from issue_publisher.rendering.templates import TemplateFault
from issue_publisher.rendering.xmp import archive_xmp
from issue_publisher.typesetting.faces import PaperFaces


def render_archive(
    composed: ComposedIssue,
    layout: Layout,
    faces: PaperFaces,
    pictures: Mapping[str, Picture],
    enclosures: Sequence[Enclosure],
    kept: Kept = NOTHING_KEPT,
) -> bytes:
    """The archive PDF of an issue that is made up, with the files that it encloses.

    Raises what `pages_html` and `archive_pdf` raise.
    """
    return archive_pdf(
        pages_html(composed, layout, faces, pictures, kept), composed.issue, layout, enclosures
    )


def archive_pdf(sheets: Sheets, issue: Issue, layout: Layout, enclosures: Sequence[Enclosure]) -> bytes:
    """The archive PDF of an issue's pages, with the files that it encloses.

    Raises TemplateFault when a template paints words without their element, RenderError when WeasyPrint
    complains.
    """
    identifier = _identifier(sheets, enclosures)
    tagger = _Archive(
        list(sheets.structure),
        sheets.page_numbers,
        issue=issue,
        enclosures=enclosures,
        identifier=identifier,
    )
    data = write_pdf(sheets.html, sheets.resources, identifier=identifier, tagging=tagger)
    _all_painted(tagger, layout)
    return data


@dataclass(kw_only=True)
class _Archive(Tagger):
    """Tags the pages, and puts metadata and enclosures into the PDF."""

    issue: Issue
    enclosures: Sequence[Enclosure]
    identifier: bytes
    variant: str = "pdf/a-3a"

    def finish(self, document: Any, pdf: Any) -> None:
        """Metadata in the place of WeasyPrint's, and the files."""
        import pydyf

        metadata = document.metadata
        packet = archive_xmp(
            self.issue,
            title=metadata.title,
            creator=", ".join(metadata.authors),
            tool=metadata.generator,
            producer=pdf.info["Producer"].string,
            identifier=str(uuid.UUID(bytes=self.identifier, version=5)),
        )
        stream = pydyf.Stream([packet], {"Type": "/Metadata", "Subtype": "/XML"})
        pdf.add_object(stream)
        pdf.catalog["Metadata"] = stream.reference
        enclose(pdf, self.enclosures, self.issue.date)


def _identifier(sheets: Sheets, enclosures: Iterable[Enclosure]) -> bytes:
    """Made of everything that goes into the file."""
    found = hashlib.sha256(sheets.html.encode())
    found.update(repr(sheets.structure).encode())
    for one in enclosures:
        found.update(f"{one.name} {one.relationship} {len(one.data)}\n".encode() + one.data)
    return found.digest()[:16]


def _all_painted(tagger: Tagger, layout: Layout) -> None:
    """Words without an element are mute: no template may lose one silently."""
    lost = tagger.unpainted()
    if lost:
        places = [folder / "print" / "issue.html.j2" for folder in layout.template_folders]
        file = next((place for place in places if place.is_file()), places[0])
        kinds = ", ".join(sorted({element.tag for element in lost}))
        raise TemplateFault(
            str(file),
            1,
            f"{len(lost)} texts or pictures ({kinds}) are painted without their place in the structure",
            "give whatever is painted data-in, as the broadsheet's template does",
        )
