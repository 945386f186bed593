"""The values of this room: a picture as it came, a picture made ready, and what is wrong with one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


class PictureError(Exception):
    """A picture that cannot be printed: what is wrong, and what would be right."""

    def __init__(self, message: str, hint: str = "", code: str = "picture") -> None:
        super().__init__(message, hint, code)
        self.message = message
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        return self.message + (f" ({self.hint})" if self.hint else "")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was opened, decoded to its end and found good; its bytes are those of the file."""

    src: str
    format: str  # JPEG, PNG, TIFF, WEBP, GIF, BMP, JPEG2000 or SVG
    mime: str
    width_px: int  # as it stands upright; of an SVG only the ratio to the height means something
    height_px: int
    is_vector: bool
    sha256: str
    data: bytes = field(repr=False)
    lettering: float | None = None  # size of a drawing's smallest type in widths of it; None: it has no type

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.width_px / self.height_px


WHOLE_JPEG = "JPEG"


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture as rows of samples of eight bits, or as a whole JPEG file."""

    data: bytes = field(repr=False)
    width_px: int
    height_px: int
    mode: str  # RGB, L or CMYK; or WHOLE_JPEG, which says so itself
    is_photograph: bool


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture as it goes into an output: upright, cropped, small enough, sRGB or grey, no metadata."""

    data: bytes = field(repr=False)
    mime: str
    width_px: int
    height_px: int
    pixels: Pixels | None = field(default=None, repr=False)  # before JPEG took from them, for the plates

    @property
    def suffix(self) -> str:
        """The usual ending of its file name, with the dot."""
        return {"image/jpeg": ".jpg", "image/png": ".png", "image/svg+xml": ".svg"}[self.mime]

    def to_bytes(self) -> bytes:
        """All of it, for `from_bytes`: a line with kind and size, then the file."""
        return f"{self.mime} {self.width_px} {self.height_px}\n".encode() + self.data

    @classmethod
    def from_bytes(cls, data: bytes) -> PreparedPicture | None:
        """What `to_bytes` wrote; None of anything else."""
        head = _HEAD.match(data)
        if head is None:
            return None
        return cls(data[head.end() :], head[1].decode(), int(head[2]), int(head[3]))


_HEAD = re.compile(rb"(image/jpeg|image/png|image/svg\+xml) ([1-9][0-9]{0,6}) ([1-9][0-9]{0,6})\n")
