"""Characters that no line of a transcript holds: those that nobody sees, and those that end a line."""

from __future__ import annotations

import re

# What `issue.characters.unprintable` knows, but for tab and line ends.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f\ufdd0-\ufdef\ufffe\uffff]+"
)
# They stand for a character that is not known: private use, and what a decoder left.
LOST = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]")
LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
NOT_IN_A_LINE = re.compile(rf"{UNSEEN.pattern}|[\n\r\v\f\x85\u2028\u2029]")


def in_a_line(text: str) -> str:
    """A text as one line holds it: what ends a line becomes a space, what nobody sees is left out."""
    return NOT_IN_A_LINE.sub(lambda found: "" if UNSEEN.match(found[0]) else " ", text)
