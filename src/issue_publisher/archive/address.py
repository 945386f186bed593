"""Addresses inside a catalogue: relative to its folder, or whole below a base."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

FOLDER = "catalogue"  # beside the issues


@dataclass(frozen=True, slots=True)
class Addresses:
    """`base`: where the folder of issues can be reached, ending in /; None: links are relative."""

    base: str | None = None

    @classmethod
    def below(cls, address: str | None) -> Addresses:
        """Below an address as people write it: a URI has no Chinese and no spaces."""
        if not address:
            return cls()
        parts = urlsplit(address)
        try:
            host = parts.netloc.encode("idna").decode()
        except UnicodeError:  # no name of a host: as it is, percents for all that is not ASCII
            host = quote(parts.netloc, safe="%:@[]")
        path = quote(parts.path.rstrip("/") + "/", safe="%/:@!$&'()*+,;=~")
        return cls(urlunsplit((parts.scheme, host, path, "", "")))

    def own(self, file: str) -> str:
        """Of a file in the catalogue's folder."""
        return urljoin(self.base, quote(f"{FOLDER}/{file}")) if self.base else quote(file)

    def book(self, path: str) -> str:
        """Of a book below the folder of issues."""
        return urljoin(self.base, quote(path)) if self.base else quote(f"../{path}")
