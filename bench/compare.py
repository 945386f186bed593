"""The same columns by bare WeasyPrint, Chromium, Typst and ours: one table, one picture.

Texts of our own (compare_samples.toml), set to one basic column and to two; same font files, size, leading
and indent. Every figure but the seconds is read from the finished PDFs by pdfium, with the same code for all.
A rival that is not here is named, and the others are compared.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from PIL import Image

from compare_engines import (
    ENGINES,
    INDENT_EM,
    LEADING_PT,
    MARGIN_PT,
    SIZE_PT,
    Column,
    Engine,
    Failed,
    Job,
    versions,
)
from compare_measure import Kind, SetColumn, TextDiffers, read_columns, read_widths, unevenness_em
from compare_picture import draw
from issue_publisher.resources import shipped_fonts

HERE = Path(__file__).parent
CHARACTERS = (13, 27)  # a basic column, and two with the gutter between them
PITCH_TOLERANCE_PT = 0.05


@dataclass(frozen=True)
class Result:
    """What one engine made of all columns."""

    engine: str
    pdf: Path
    columns: tuple[SetColumn, ...]
    seconds: float


@dataclass(frozen=True)
class Figure:
    """A column of the table; the smallest number is the best."""

    name: str
    of: Callable[[Sequence[SetColumn]], float]
    form: str = "{:.0f}"


def _faults(kind: Kind) -> Callable[[Sequence[SetColumn]], float]:
    return lambda columns: sum(column.count(kind) for column in columns)


FIGURES = (
    Figure("lines off the edge", _faults(Kind.EDGE)),
    Figure("whole marks at edges", _faults(Kind.OPEN)),
    Figure("prohibitions broken", _faults(Kind.PROHIBITED)),
    Figure("widest gap, em", lambda columns: max(column.widest[2] for column in columns), "{:.3f}"),
    Figure("last lines of one character", _faults(Kind.RUNT)),
    Figure("lines used", lambda columns: sum(len(column.lines) for column in columns)),
    Figure("unevenness, em", unevenness_em, "{:.4f}"),
)

LEGEND = f"""\
- Columns of {" and ".join(map(str, CHARACTERS))} characters, {SIZE_PT:g} pt on {LEADING_PT:g} pt, indent
  {INDENT_EM} em; Issue Song, Latin and digits from Issue Latin.
- *lines off the edge*: full lines that end more than 0.25 pt short of the right edge or beyond it, or begin
  off the left one. A closing mark may reach the edge with its em or its inked half, or hang.
- *whole marks at edges*: lines that end with a closing mark or begin with an opening one whose empty half
  leaves a hole of half an em at the edge (R5, R6; ？ and ！ may).
- *prohibitions broken*: lines that begin or end with a mark that may not, a —— or …… parted, a number
  parted, or from its % or unit, a Latin word without a hyphen (R1–R3).
- *widest gap*: white between two neighbours beyond what belongs there (a mark's empty half, a word space);
  between Han and Latin aside.
- *unevenness*: standard deviation, over full lines, of the white between Han characters; what a line falls
  short counts as shared out in it.
- *seconds*: the whole process for all columns, median of the rounds; the engines take turns.
"""


def main() -> None:
    """Set, measure, print the table, write it with the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="processes per engine (default 3)")
    parser.add_argument("--picture", type=Path, default=Path("dist/compare/compare.png"))
    parser.add_argument("--markdown", type=Path, default=Path("dist/compare/compare.md"))
    parser.add_argument("--keep", type=Path, help="folder to leave the engines' inputs and PDFs in")
    parser.add_argument("--faults", metavar="ENGINE", help="print every fault of one engine")
    options = parser.parse_args()
    for path in (options.picture, options.markdown):
        path.parent.mkdir(parents=True, exist_ok=True)

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        fonts = shipped_fonts()
        job = Job(columns(), fonts / "issue-song.otf", fonts / "issue-latin.ttf", folder)
        results, notes = compare(job, max(1, options.rounds))
        for note in notes:
            print(note)
        summary = table(results, job.columns)
        print(summary)
        by_text = texts_table(results, job.columns)
        for line in faults(results, job.columns, options.faults) if options.faults else []:
            print(line)
        picture = draw([(r.engine, r.pdf, r.columns) for r in results], job.columns)
        picture.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            options.picture, optimize=True
        )
    remarks = "".join(f"- {note}\n" for note in notes)
    options.markdown.write_text(
        f"# The same columns by {len(results)} engines\n\n{summary}\n{remarks}\n"
        f"## How to read it\n{LEGEND}\n## Text by text\n{by_text}",
        encoding="utf-8",
    )
    print(f"{options.picture}\n{options.markdown}")


def columns() -> tuple[Column, ...]:
    """Every text at every measure: all narrow ones, then all wide ones."""
    samples = tomllib.loads((HERE / "compare_samples.toml").read_text(encoding="utf-8"))["sample"]
    return tuple(
        Column(sample["name"], tuple(sample["paragraphs"]), characters)
        for characters in CHARACTERS
        for sample in samples
    )


def compare(job: Job, rounds: int) -> tuple[list[Result], list[str]]:
    """What every engine that is here made of the job, and a note for each that is not, or failed."""
    notes, commands = [], {}
    for engine in ENGINES:
        if absent := engine.absent():
            notes.append(f"{engine.name} is not compared: {absent}.")
        else:
            commands[engine] = engine.prepare(job)
    seconds: dict[Engine, list[float]] = {engine: [] for engine in commands}
    for _ in range(rounds):
        for engine in list(seconds):
            try:
                seconds[engine].append(engine.set(commands[engine], job))
            except Failed as failed:
                notes.append(f"{engine.name} is not compared: {failed}.")
                del seconds[engine]
    widths = read_widths(job.song, job.latin)
    texts = [(column.paragraphs, column.measure_pt) for column in job.columns]
    results, known = [], versions()
    for engine, taken in seconds.items():
        name = f"{engine.name} {known.get(engine.name, '')}".strip()
        try:
            made = read_columns(engine.pdf(job), texts, left_pt=MARGIN_PT, size_pt=SIZE_PT, widths=widths)
        except TextDiffers as differs:
            notes.append(f"{name} is not compared: {differs}.")
            continue
        if off := [made_ for made_ in made if abs(made_.pitch_pt - LEADING_PT) > PITCH_TOLERANCE_PT]:
            notes.append(f"{name} does not keep the leading in {len(off)} columns.")
        results.append(Result(name, engine.pdf(job), tuple(made), median(taken)))
    return results, notes


# --------------------------------------------------------------------------- tables


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "| " + " | ".join([first, *rest]) + " |\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that reads well on a terminal and as markdown."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = [("-" * width) if at == 0 else "-" * (width - 1) + ":" for at, width in enumerate(widths)]
    return "".join(_row(row, widths) for row in (head, rule, *rows))


def _of(result: Result, wanted: Sequence[Column], given: Sequence[Column]) -> list[SetColumn]:
    return [made for made, column in zip(result.columns, given, strict=True) if column in wanted]


def table(results: Sequence[Result], given: Sequence[Column]) -> str:
    """Engines × figures, at each measure; seconds are for all of them together."""
    parts = []
    for characters in dict.fromkeys(column.characters for column in given):
        wanted = [column for column in given if column.characters == characters]
        rows = [
            [
                result.engine,
                *(figure.form.format(figure.of(_of(result, wanted, given))) for figure in FIGURES),
                f"{result.seconds:.2f}",
            ]
            for result in results
        ]
        head = [f"{characters} characters", *(figure.name for figure in FIGURES), "seconds"]
        parts.append(_table(head, rows))
    return "\n".join(parts)


def texts_table(results: Sequence[Result], given: Sequence[Column]) -> str:
    """The same for each text: what every engine has in it, in the order of the engines."""
    head = ["text", "characters", "engine", *(figure.name for figure in FIGURES)]
    rows = [
        [
            column.name,
            str(column.characters),
            result.engine,
            *(figure.form.format(figure.of(_of(result, [column], given))) for figure in FIGURES),
        ]
        for column in given
        for result in results
    ]
    return _table(head, rows)


def faults(results: Sequence[Result], given: Sequence[Column], engine: str) -> list[str]:
    """Every fault and the widest gap of an engine, with the line it is in."""
    found = []
    for result in results:
        if not result.engine.lower().startswith(engine.lower()):
            continue
        for column, made in zip(given, result.columns, strict=True):
            where = f"{column.name}, {column.characters}"
            found += [f"{where}: {fault.kind} ({fault.what}): {line.text}" for line, fault in made.faults]
            line, at, white = made.widest
            found.append(f"{where}: widest gap {white:.3f} em: {line.text[:at]} {line.text[at:]}")
    return found


if __name__ == "__main__":
    main()
