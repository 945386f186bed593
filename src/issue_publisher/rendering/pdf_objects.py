"""pikepdf, behind one module: PDF files that are there already, opened, changed object by object, written.

qpdf, which it carries, is what prepress tools trust for this.
"""

from __future__ import annotations

from io import BytesIO

from pikepdf import (
    Array,
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    Operator,
    Page,
    PasswordError,
    Pdf,
    PdfError,
    String,
    parse_content_stream,
    unparse_content_stream,
)

__all__ = [
    "Array",
    "Dictionary",
    "Name",
    "Object",
    "Operator",
    "Page",
    "PasswordError",
    "Pdf",
    "PdfError",
    "String",
    "opened",
    "parse_content_stream",
    "unparse_content_stream",
    "written",
]


def opened(pdf: bytes, *, mended: bool = False) -> Pdf:
    """A file; of a damaged one only if it may be `mended`. Raises PasswordError or PdfError."""
    return Pdf.open(BytesIO(pdf), attempt_recovery=mended, suppress_warnings=True)


def written(pdf: Pdf, version: str) -> bytes:
    """The file's bytes: the same objects give the same bytes, its identifier included."""
    file = BytesIO()
    pdf.save(
        file,
        force_version=version,
        deterministic_id=True,
        object_stream_mode=ObjectStreamMode.generate,
    )
    return file.getvalue()
