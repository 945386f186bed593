"""What was made before and is kept: a value that remembers bytes, and the keys that they are found by.

A key says all that goes into what is made, and no more. So whoever finds it again has the same bytes, and
whether anything is kept changes the time that a build takes and nothing else. Where things are kept, and by
which versions they were made, is the business of whoever hands the value in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Protocol


class Kept(Protocol):
    """Remembers bytes by key; it may forget any of them at any time."""

    def get(self, key: str) -> bytes | None:
        """The bytes of a key as they were put, or None."""

    def put(self, key: str, data: bytes) -> None:
        """Remember bytes, if that can be."""


class _Nothing:
    def get(self, _key: str) -> bytes | None:
        return None

    def put(self, _key: str, _data: bytes) -> None:
        pass


NOTHING_KEPT: Kept = _Nothing()


def key_of(what: str, *parts: object) -> str:
    """The key of something made of these parts: numbers, texts, None, and lists and mappings of such.

    Bytes go in as their sha256.
    """
    text = json.dumps([what, *parts], ensure_ascii=True, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def made_once(kept: Kept, key: str, make: Callable[[], bytes]) -> bytes:
    """The bytes of a key: those that are kept, or else made and kept."""
    data = kept.get(key)
    if data is None:
        data = make()
        kept.put(key, data)
    return data
