"""The header of an ICC profile, before a colour engine meets it: is it one of a press, and whole?"""

from __future__ import annotations

import struct

# ICC.1:2022, 7.2 "Profile header" and 7.3 "Tag table".
_HEADER_BYTES = 128
_TAG_BYTES = 12
_MOST_TAGS = 200
_NEEDED = (b"A2B0", b"B2A0", b"B2A1")  # a press profile both ways, for both intents
_KINDS = {
    b"prtr": "a press or printer", b"mntr": "a screen", b"scnr": "a scanner or camera",
    b"link": "two devices, linked", b"spac": "a colour space", b"abst": "an effect", b"nmcl": "named colours",
}  # fmt: skip
_HINT = "ask the printer for the ICC profile (CMYK) of this press and paper"

Fault = tuple[str, str]  # what is wrong, what would be right


def profile_fault(data: bytes) -> Fault | None:
    """What is wrong with the bytes of a press profile, or None."""
    if len(data) < _HEADER_BYTES + 4 or data[36:40] != b"acsp":
        return "this is no ICC profile", _HINT
    (size,) = struct.unpack_from(">I", data)
    if size > len(data):
        return f"it is truncated: it should have {size} bytes and has {len(data)}", "fetch it again"
    kind, space = data[12:16], data[16:20].decode("latin-1").strip()
    if space != "CMYK":
        return f"it is a profile for {space}, not for CMYK", _HINT
    if kind != b"prtr":
        return f"it is a profile of {_KINDS.get(kind, 'an unknown device')}, not of a press", _HINT
    return _tag_fault(data, size)


def _tag_fault(data: bytes, size: int) -> Fault | None:
    (count,) = struct.unpack_from(">I", data, _HEADER_BYTES)
    if count > _MOST_TAGS or _HEADER_BYTES + 4 + count * _TAG_BYTES > size:
        return "it is damaged: its table of contents is no good", "fetch it again"
    names = set()
    for at in range(count):
        name, start, length = struct.unpack_from(">4sII", data, _HEADER_BYTES + 4 + at * _TAG_BYTES)
        if start + length > size:
            return f"it is damaged: its part {name.decode('latin-1')} lies outside the file", "fetch it again"
        names.add(name)
    lacking = [name.decode() for name in _NEEDED if name not in names]
    if lacking:
        return f"it lacks {', '.join(lacking)}", _HINT
    return None
