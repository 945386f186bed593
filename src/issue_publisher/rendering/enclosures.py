"""Files inside a PDF: put in with their relationship (PDF/A-3, ISO 19005-3, 6.8), and taken out again."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

SOURCE = "Source"  # what the pages were made from
DATA = "Data"  # what says how
_MOST_BYTES = 1_000_000_000  # of one file
_IN_MEMORY = re.compile(r"(?:stream )?<_io\.BytesIO object at 0x[0-9a-f]+>(?:: )?")  # what qpdf calls it
_KINDS = {
    ".xml": "text/xml", ".toml": "text/plain", ".json": "application/json", ".svg": "image/svg+xml",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
    ".tif": "image/tiff", ".tiff": "image/tiff", ".webp": "image/webp", ".bmp": "image/bmp",
}  # fmt: skip
_PACKED = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp"})  # no smaller for being compressed again


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file inside a PDF."""

    name: str  # its path, with "/"
    data: bytes = field(repr=False)
    relationship: str = SOURCE
    description: str = ""


class EnclosureError(Exception):
    """A PDF whose files cannot be taken out: what is wrong, and what would be right."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint


# --------------------------------------------------------------------------- in


def enclose(pdf: Any, enclosures: Iterable[Enclosure], day: date) -> None:
    """Put files into a pydyf PDF, in the order of their names as a name tree wants it."""
    import pydyf

    names, files = pydyf.Array(), pydyf.Array()
    for one in sorted(enclosures, key=lambda one: _key(one.name)):
        described = _file(pdf, one, day)
        names += [_hex(_key(one.name)), described.reference]
        files.append(described.reference)
    tree = pydyf.Dictionary({"Names": names})
    pdf.add_object(tree)
    pdf.catalog.setdefault("Names", pydyf.Dictionary())["EmbeddedFiles"] = tree.reference
    pdf.catalog["AF"] = files


def _file(pdf: Any, one: Enclosure, day: date) -> Any:
    import pydyf

    suffix = PurePosixPath(one.name).suffix.lower()
    stamp, kind = pydyf.String(f"D:{day:%Y%m%d}000000Z"), _KINDS.get(suffix, "application/octet-stream")
    extra = {
        "Type": "/EmbeddedFile",
        "Subtype": "/" + kind.replace("/", "#2f").replace("+", "#2b"),
        "Params": pydyf.Dictionary(
            {
                "CheckSum": f"<{hashlib.md5(one.data, usedforsecurity=False).hexdigest()}>",
                "Size": len(one.data),
                "CreationDate": stamp,
                "ModDate": stamp,
            }
        ),
    }
    stream = pydyf.Stream([one.data], extra, compress=suffix not in _PACKED)
    pdf.add_object(stream)
    described = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": pydyf.String(one.name),
            "UF": pydyf.String(one.name),
            "EF": pydyf.Dictionary({"F": stream.reference, "UF": stream.reference}),
            "Desc": pydyf.String(one.description),
            "AFRelationship": f"/{one.relationship}",
        }
    )
    pdf.add_object(described)
    return described


def _key(name: str) -> bytes:
    return name.encode("ascii") if name.isascii() else b"\xfe\xff" + name.encode("utf-16-be")


def _hex(data: bytes) -> str:
    return f"<{data.hex()}>"


# --------------------------------------------------------------------------- out


def enclosures_of(pdf: bytes) -> tuple[Enclosure, ...]:
    """The files inside a PDF, each checked against its length and checksum.

    Raises EnclosureError when this is no PDF, or a damaged or encrypted one, when a file is not what it says,
    and when two have one name.
    """
    from issue_publisher.rendering.pdf_objects import PasswordError, PdfError, opened  # late: it is heavy

    try:
        with opened(pdf) as document:
            found = tuple(_read(document))
    except PasswordError:
        raise EnclosureError("the PDF is encrypted", "an archive PDF of ours is not") from None
    except (PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        said = _IN_MEMORY.sub("", said)
        raise EnclosureError(f"not a PDF, or a damaged one: {said}", "fetch it again") from None
    names = [one.name for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise EnclosureError(f"it holds {', '.join(twice)} twice", "it is not as it was written")
    return found


def _read(document: Any) -> Iterator[Enclosure]:
    for described in document.Root.get("/AF", ()):
        name = str(described.UF)
        stream = described.EF.F
        params = stream.get("/Params", {})
        size = int(params.Size)
        if not 0 <= size <= _MOST_BYTES:
            raise EnclosureError(f"{name} says that it has {size} bytes", "it is not as it was written")
        data = _unpacked(stream, size, name)
        sum_ = hashlib.md5(data, usedforsecurity=False).digest()
        if len(data) != size or sum_ != bytes(params.CheckSum):
            raise EnclosureError(f"{name} is not what it was when it was enclosed", "fetch the PDF again")
        relationship = str(described.AFRelationship).removeprefix("/")
        yield Enclosure(name, data, relationship, str(described.get("/Desc", "")))


def _unpacked(stream: Any, size: int, name: str) -> bytes:
    """A stream's bytes, at most one more than it says of itself: no small file becomes a huge one."""
    raw: bytes = stream.read_raw_bytes()
    packing = stream.get("/Filter")
    if packing is None:
        return raw
    if str(packing) != "/FlateDecode" or stream.get("/DecodeParms") is not None:
        raise EnclosureError(f"{name} is packed in a way that we do not use", "it is not as it was written")
    try:
        return zlib.decompressobj().decompress(raw, size + 1)
    except zlib.error:
        raise EnclosureError(f"{name} is damaged", "fetch the PDF again") from None
