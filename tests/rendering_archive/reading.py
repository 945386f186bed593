"""A tagged PDF as a reader's software hears it: its elements in order, each with its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any

import pikepdf


@dataclass
class Heard:
    """An element with what is in it."""

    tag: str
    kids: list[Heard | str] = field(default_factory=list)
    alt: str = ""
    lang: str = ""
    title: str = ""
    scope: str = ""
    actual: str | None = None  # what it says, where that is not what is painted
    links: int = 0
    pages: set[int] = field(default_factory=set)

    @property
    def words(self) -> str:
        """Everything in it; readings of ruby in their place."""
        if self.actual is not None:
            return self.actual
        return "".join(kid if isinstance(kid, str) else kid.words for kid in self.kids)

    @property
    def painted(self) -> str:
        """The same as it is painted, with hyphens at the ends of lines."""
        return "".join(kid if isinstance(kid, str) else kid.painted for kid in self.kids)

    def all(self, *tags: str) -> Iterator[Heard]:
        """Every element with one of these tags, in reading order; itself too."""
        if not tags or self.tag in tags:
            yield self
        for kid in self.kids:
            if isinstance(kid, Heard):
                yield from kid.all(*tags)

    def outline(self, depth: int = 0) -> Iterator[str]:
        """A line an element, for people."""
        own = "".join(kid if isinstance(kid, str) else f"<{kid.tag}>" for kid in self.kids)
        yield f"{'  ' * depth}{self.tag} {self.lang}{self.alt}: {own[:60]}"
        for kid in self.kids:
            if isinstance(kid, Heard):
                yield from kid.outline(depth + 1)


class Reading:
    """An opened PDF."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(data))
        self._marks = [dict(_marked(page)) for page in self.pdf.pages]
        self._numbers = {page.obj.objgen: at for at, page in enumerate(self.pdf.pages)}

    @cached_property
    def document(self) -> Heard:
        """The whole tree."""
        return self._heard(self.pdf.Root.StructTreeRoot.K[0])

    def marks(self) -> int:
        """How many marked sequences there are."""
        return sum(len(marks) for marks in self._marks)

    def _heard(self, element: Any) -> Heard:
        found = Heard(
            str(element.S)[1:], [], str(element.get("/Alt", "")), str(element.get("/Lang", "")),
            str(element.get("/T", "")), str(element.get("/A", {}).get("/Scope", ""))[1:],
            str(element.ActualText) if "/ActualText" in element else None,
        )  # fmt: skip
        own = self._numbers.get(element.Pg.objgen) if "/Pg" in element else None
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                assert own is not None
                self._mark(found, own, kid)
            elif kid.get("/Type") == "/MCR":
                self._mark(found, self._numbers[kid.Pg.objgen], int(kid.MCID))
            elif kid.get("/Type") == "/OBJR":
                found.links += 1
            else:
                assert kid.P.objgen == element.objgen
                found.kids.append(self._heard(kid))
        return found

    def _mark(self, element: Heard, page: int, mark: int) -> None:
        element.kids.append(self._marks[page][mark])
        element.pages.add(page)


def _marked(page: Any) -> Iterator[tuple[int, str]]:
    """Every marked sequence of a page with its words; nothing is painted outside of one."""
    fonts = {name: _unicode(font) for name, font in page.Resources.Font.items()}
    stack: list[int | None] = []
    words: dict[int, list[str]] = {}
    letters: dict[str, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                mark = operands[1].get("/MCID") if len(operands) > 1 else None
                stack.append(None if mark is None else int(mark))
                if mark is not None:
                    words[int(mark)] = []
            case "EMC":
                stack.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case "TJ" | "Tj":
                assert stack, "words outside of any mark"
                if stack[-1] is not None:
                    strings = operands[0] if str(operator) == "TJ" else operands
                    for part in strings:
                        if isinstance(part, pikepdf.String):
                            code = bytes(part).hex()
                            words[stack[-1]] += [
                                letters.get(code[at : at + 4], "\ufffd") for at in range(0, len(code), 4)
                            ]
            case "f" | "f*" | "S" | "B" | "Do" | "s" | "b":
                assert stack, f"{operator} outside of any mark"
    return ((mark, "".join(said)) for mark, said in words.items())


def _unicode(font: Any) -> dict[str, str]:
    """Code → letters, as the font's own table says."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    found: dict[str, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for code, letters in re.findall(r"<(\w+)>\s*<(\w*)>", block):
            found[code.lower()] = bytes.fromhex(letters).decode("utf-16-be")
    return found
