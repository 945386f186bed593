"""The text of a finished PDF as three extractors give it, and the sentences of an issue sought in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2

from issue_publisher.issue.model import Article, Briefs, Issue, Page, Text
from issue_publisher.issue.notes import noted


def everything(value: object, kind: type) -> Iterator:
    """All values of a kind inside another."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, tuple):
        for part in value:
            yield from everything(part, kind)
    elif is_dataclass(value):
        for field in fields(value):
            yield from everything(getattr(value, field.name), kind)


def with_notes_apart(value: Any) -> Any:
    """An issue as readers find it: marks in the text, the notes of each article at its end."""
    if isinstance(value, Article):
        return noted(value)
    if isinstance(value, tuple):
        return tuple(map(with_notes_apart, value))
    if not isinstance(value, Issue | Page | Briefs):
        return value
    held = {each.name: with_notes_apart(getattr(value, each.name)) for each in fields(value)}
    return replace(value, **held)


def sentences(issue: Issue, *, spaces: bool = False) -> list[str]:
    """Every sentence of the issue's texts, without white space or (`spaces`) with it as it is written."""
    texts = everything(with_notes_apart(issue), Text)
    whole = [text.plain if spaces else re.sub(r"\s", "", text.plain) for text in texts]
    found = (one.strip() for text in whole for one in re.findall(r"[^。！？]+[。！？]*[”’）》」]*", text))
    return [one for one in found if one]


# --------------------------------------------------------------------------- extractors


def by_pdfium(pdf: Path) -> str:
    """As browsers and many readers copy it."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def by_poppler(pdf: Path) -> str:
    """As `pdftotext -raw` gives it, in the order of the content."""
    return _run("pdftotext", "poppler-utils", "-raw", str(pdf), "-")


def by_mupdf(pdf: Path) -> str:
    """As `mutool draw -F text` gives it."""
    return _run("mutool", "mupdf-tools", "draw", "-F", "text", str(pdf))


EXTRACTORS: dict[str, Callable[[Path], str]] = {
    "pdfium": by_pdfium,
    "pdftotext -raw": by_poppler,
    "mutool": by_mupdf,
}


def _run(program: str, package: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        raise SystemExit(f"{program} is missing; it comes with Debian's {package}")
    done = subprocess.run([program, *arguments], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


# --------------------------------------------------------------------------- comparing


def not_verbatim(wanted: list[str], text: str) -> list[str]:
    """The sentences that a text does not hold, character for character and space for space.

    Only at the end of a line may a space have gone, or the hyphen of a parted word have come. Spaces of
    any width count as one space, since no extractor keeps U+3000.
    """
    lines = _SPACES.sub(" ", re.sub(r"[\r\f\n]+", "\n", text)).replace("\x02", "-").replace("\ufffe", "-")
    lines = re.sub(" *\n *", "\n", lines)
    joined = lines.replace("\n", "")
    return [one for one in wanted if not _holds(_SPACES.sub(" ", _SELECTORS.sub("", one)), lines, joined)]


_SPACES = re.compile("[\u3000\u00a0\u2002\u2003]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def _holds(sentence: str, lines: str, joined: str) -> bool:
    if sentence in joined:
        return True
    if not sentence.isascii() and re.sub("[ -]", "", sentence) not in re.sub("[ -]", "", joined):
        return False
    signs = [" ?\n| " if sign == " " else re.escape(sign) for sign in sentence]
    return re.search("(?:-?\n)?".join(f"(?:{sign})" for sign in signs), lines) is not None
