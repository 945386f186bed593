"""The four engines of the comparison, each with its best settings, each a whole process that writes one PDF.

Every engine gets the same `Job`: the same two font files, size, leading, indent and measures. One page for
each column; the column begins `MARGIN_PT` from the left and upper edges of the page.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

SIZE_PT = 9.0
LEADING_PT = 13.5
INDENT_EM = 2
MARGIN_PT = 20.0
PAGE_WIDTH_PT = 283.0  # two basic columns and the margins
PAGE_DEPTH_PT = 720.0
LATIN = "U+0020-007E"  # what the Latin face sets, so that “ ” · — … stay the Chinese face's


@dataclass(frozen=True)
class Column:
    """One column to set: a text's name, its paragraphs, and its measure in characters."""

    name: str
    paragraphs: tuple[str, ...]
    characters: int

    @property
    def measure_pt(self) -> float:
        """Its width."""
        return self.characters * SIZE_PT


@dataclass(frozen=True)
class Job:
    """All columns, the font files, and the folder that inputs and PDFs are written to."""

    columns: tuple[Column, ...]
    song: Path
    latin: Path
    folder: Path


class Failed(Exception):  # noqa: N818 - the program goes on with the others
    """An engine wrote no PDF; the message says what it said."""


@dataclass(frozen=True)
class Engine:
    """A way from a job to a PDF. `absent` is why it cannot run here, if it cannot."""

    name: str

    def absent(self) -> str | None:
        """What is missing and what would bring it, or None."""
        raise NotImplementedError

    def prepare(self, job: Job) -> list[str]:
        """Write the engine's input; returns the command that makes `pdf(job)` of it."""
        raise NotImplementedError

    def pdf(self, job: Job) -> Path:
        """Where its PDF goes."""
        return job.folder / f"{self.name.lower()}.pdf"

    def set(self, command: list[str], job: Job) -> float:
        """Run the command; returns its seconds by the clock. Raises Failed."""
        self.pdf(job).unlink(missing_ok=True)
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        seconds = time.perf_counter() - started
        if done.returncode or not self.pdf(job).exists():
            said = (done.stderr or done.stdout).strip().splitlines()
            raise Failed(f"{self.name} ended with {done.returncode}: {said[-1] if said else 'no word'}")
        return seconds


class Ours(Engine):
    """set_paragraph, painted by the press renderer."""

    def absent(self) -> str | None:
        return None

    def prepare(self, job: Job) -> list[str]:
        path = job.folder / "ours.json"
        columns = [[c.name, list(c.paragraphs), c.characters] for c in job.columns]
        path.write_text(json.dumps(columns, ensure_ascii=False), encoding="utf-8")
        ours = Path(__file__).with_name("compare_ours.py")
        return [sys.executable, str(ours), str(path), str(self.pdf(job))]


# --------------------------------------------------------------------------- rivals by CSS

_SHEET = """
@font-face { font-family: song; src: url("%(song)s") }
@font-face { font-family: latin; src: url("%(latin)s"); unicode-range: %(range)s }
@page { size: %(width)spt %(depth)spt; margin: 0 }
html, body { margin: 0 }
section { break-after: page; padding: %(margin)spt 0 0 %(margin)spt }
section:last-child { break-after: auto }
p { margin: 0; font: %(size)spt/%(leading)spt latin, song; text-indent: %(indent)sem; text-align: justify }
"""
# What Chromium has beyond plain justification. Of text-spacing-trim it does trim-start; trim-both is for the
# day it knows that too, and overrides it then.
_CHROMIUM = """
p { text-justify: inter-character; line-break: strict; text-wrap: pretty; text-autospace: normal;
    text-spacing-trim: trim-start; text-spacing-trim: trim-both }
"""


def _html(job: Job, more: str = "", words: Callable[[str], str] = escape) -> str:
    """The columns as a page of HTML; `words` turns a paragraph's text into markup."""
    sheet = _SHEET % {
        "song": job.song.resolve().as_uri(),
        "latin": job.latin.resolve().as_uri(),
        "range": LATIN,
        "width": PAGE_WIDTH_PT,
        "depth": PAGE_DEPTH_PT,
        "margin": MARGIN_PT,
        "size": SIZE_PT,
        "leading": LEADING_PT,
        "indent": INDENT_EM,
    }
    sections = "".join(
        f'<section><div style="width:{column.measure_pt}pt">'
        + "".join(f"<p>{words(paragraph)}</p>" for paragraph in column.paragraphs)
        + "</div></section>"
        for column in job.columns
    )
    head = f"<meta charset=utf-8><title>columns</title><style>{sheet}{more}</style>"
    return f"<!doctype html><html lang=zh-Hans><head>{head}</head><body>{sections}</body></html>"


def _latin_apart(text: str) -> str:
    """Latin and digits in an element of their own."""
    return re.sub(r"[!-~]+(?: [!-~]+)*", lambda words: f"<i>{escape(words[0])}</i>", text)


class WeasyPrint(Engine):
    """Bare WeasyPrint: its own line breaking and justification."""

    def absent(self) -> str | None:
        return None if importlib.util.find_spec("weasyprint") else "the Python package weasyprint is missing"

    def prepare(self, job: Job) -> list[str]:
        path = job.folder / "weasyprint.html"
        # A run in another font would raise its line: without a line height of its own it keeps the leading.
        sheet = "p { font-family: song } i { font: normal 1em/0 latin }"
        path.write_text(_html(job, sheet, _latin_apart), encoding="utf-8")
        return [sys.executable, "-m", "weasyprint", "--quiet", str(path), str(self.pdf(job))]


_CHROMIUM_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",  # or it would not take the fonts
)


class Chromium(Engine):
    """Chromium without a window, printing to PDF."""

    @staticmethod
    def _program() -> str | None:
        return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

    def absent(self) -> str | None:
        return None if self._program() else "no Chromium here (Debian package chromium)"

    def prepare(self, job: Job) -> list[str]:
        path = job.folder / "chromium.html"
        path.write_text(_html(job, _CHROMIUM), encoding="utf-8")
        profile = job.folder / "chromium-profile"
        shutil.rmtree(profile, ignore_errors=True)
        return [
            self._program() or "chromium",
            "--headless",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            *_CHROMIUM_FLAGS,
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={self.pdf(job)}",
            path.resolve().as_uri(),
        ]


# --------------------------------------------------------------------------- Typst

_TYPST = """
#set page(width: %(width)spt, height: %(depth)spt, margin: (top: %(margin)spt, left: %(margin)spt, rest: 0pt))
#set text(font: ((name: "Issue Latin", covers: regex("[ -~]")), "Issue Song"), size: %(size)spt, lang: "zh",
  region: "cn", cjk-latin-spacing: auto, top-edge: 0.8em, bottom-edge: -0.2em, costs: (runt: 1000%%))
#set par(justify: true, linebreaks: "optimized", first-line-indent: (amount: %(indent)sem, all: true),
  leading: %(gap)spt, spacing: %(gap)spt)
"""


class Typst(Engine):
    """Typst from its Python package; its own optimum fit."""

    def absent(self) -> str | None:
        if importlib.util.find_spec("typst"):
            return None
        return "the Python package typst is missing (make compare installs it)"

    def prepare(self, job: Job) -> list[str]:
        setup = _TYPST % {
            "width": PAGE_WIDTH_PT,
            "depth": PAGE_DEPTH_PT,
            "margin": MARGIN_PT,
            "size": SIZE_PT,
            "gap": LEADING_PT - SIZE_PT,
            "indent": INDENT_EM,
        }
        blocks = (
            f"#block(width: {column.measure_pt}pt)[\n{_typst_paragraphs(column)}\n]" for column in job.columns
        )
        path = job.folder / "typst.typ"
        path.write_text(setup + "\n#pagebreak()\n".join(blocks), encoding="utf-8")
        fonts = job.folder / "typst-fonts"
        fonts.mkdir(exist_ok=True)
        for font in (job.song, job.latin):
            shutil.copy(font, fonts)
        program = (
            "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]], "
            "ignore_system_fonts=True)"
        )
        return [sys.executable, "-c", program, str(path), str(self.pdf(job)), str(fonts)]


def _typst_paragraphs(column: Column) -> str:
    """The paragraphs as Typst's strings, so that no character of them is markup."""
    return "\n\n".join(f"#par({json.dumps(p, ensure_ascii=False)})" for p in column.paragraphs)


ENGINES: tuple[Engine, ...] = (
    WeasyPrint("WeasyPrint"),
    Chromium("Chromium"),
    Typst("Typst"),
    Ours("Ours"),
)


def versions() -> dict[str, str]:
    """Engine → version, of those that are here, as they say it themselves."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for package, name in (("weasyprint", "WeasyPrint"), ("typst", "Typst"), ("issue-publisher", "Ours")):
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            continue
    if program := Chromium._program():
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        if number := re.search(r"\d+(\.\d+)+", said):
            found["Chromium"] = number[0]
    return found
