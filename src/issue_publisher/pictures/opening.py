"""Open a picture: find out what it is, and refuse what cannot be printed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from issue_publisher.layout.model import Pictures
from issue_publisher.pictures import raster, svg
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept, key_of
from issue_publisher.pictures.lettering import smallest_lettering
from issue_publisher.pictures.picture import Picture, PictureError

# What people hand in that is no picture for us, by its first bytes.
_OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"8BPS", "a Photoshop document"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a compressed file (.svgz?)"),
)
_OUR_KINDS = (
    b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM",
    b"\0\0\0\x0cjP  ", b"\xffO\xffQ",
)  # fmt: skip
_LITTLE_TEXT = 4096  # bytes that tell a text file


def open_picture(src: str, data: bytes, settings: Pictures, kept: Kept = NOTHING_KEPT) -> Picture:
    """The picture of a file's bytes, decoded to its end; `src` is what the issue calls it.

    That the same bytes were good before is `kept`; what was wrong with others is found again. Raises
    `PictureError` with what is wrong and what would be right.
    """
    if not data:
        raise PictureError("the picture's file is empty", "export or fetch it again", "picture-empty")
    if len(data) > settings.max_file_mb * 1e6:
        raise PictureError(
            f"the picture's file has {len(data) / 1e6:.1f} MB",
            f"at most {settings.max_file_mb:g} MB; save it smaller",
            "picture-too-large",
        )
    sha256 = hashlib.sha256(data).hexdigest()
    key = key_of("good", sha256, asdict(settings))
    facts = _facts_of(kept.get(key))
    if facts is None:
        facts = _checked(data, settings)
        kept.put(key, json.dumps(facts).encode())
    kind, width_px, height_px, lettering = facts
    is_vector = kind == "SVG"
    return Picture(src, kind, _MIMES[kind], width_px, height_px, is_vector, sha256, data, lettering)


_Facts = tuple[str, int, int, float | None]  # format, width, height and lettering
_MIMES = raster.MIMES | {"SVG": svg.MIME}


def _checked(data: bytes, settings: Pictures) -> _Facts:
    if svg.looks_like_svg(data):
        width_px, height_px = svg.check_svg(data, settings)
        return "SVG", width_px, height_px, smallest_lettering(data, width_px / height_px)
    if kind := raster.raster_format(data):
        return kind, *raster.check_raster(data, settings), None
    raise _not_a_picture(data)


def _facts_of(kept: bytes | None) -> _Facts | None:
    try:
        facts = json.loads(kept or b"null")
    except ValueError:
        return None
    match facts:
        case [str(kind), int(width_px), int(height_px), float() | None as lettering] if kind in _MIMES:
            return kind, width_px, height_px, lettering
    return None


def _not_a_picture(data: bytes) -> PictureError:
    hint = "save it as JPEG, PNG or SVG"
    for start, kind in _OTHER_KINDS:
        if data.startswith(start):
            return PictureError(f"this is {kind}, not a picture", hint, "picture-unknown-format")
    if data[4:8] == b"ftyp":
        kind = data[8:12].decode("ascii", "replace")
        return PictureError(f"a picture of the format {kind} is not read", hint, "picture-unknown-format")
    if data.startswith(_OUR_KINDS) or data[8:12] == b"WEBP":
        return PictureError(
            "the picture is damaged or truncated, and cannot be read", "fetch it again", "picture-damaged"
        )
    if b"\0" not in data[:_LITTLE_TEXT]:
        return PictureError("this is a text file, not a picture", hint, "picture-text")
    return PictureError("this is no picture in a format that is read", hint, "picture-unknown-format")
