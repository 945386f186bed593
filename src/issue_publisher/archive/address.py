"""Addresses inside a catalogue: relative to its folder, or whole below a base."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urljoin

FOLDER = "catalogue"  # beside the issues


@dataclass(frozen=True, slots=True)
class Addresses:
    """`base`: where the folder of issues can be reached, ending in /; None: links are relative."""

    base: str | None = None

    def own(self, file: str) -> str:
        """Of a file in the catalogue's folder."""
        return urljoin(self.base, quote(f"{FOLDER}/{file}")) if self.base else quote(file)

    def book(self, path: str) -> str:
        """Of a book below the folder of issues."""
        return urljoin(self.base, quote(path)) if self.base else quote(f"../{path}")
