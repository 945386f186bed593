"""The e-book alone against the press PDF alone, alternately, as whole processes: time, memory, ratios.

Both builds read and check the XML, and both find in the cache what the other rounds left there. Two marks are
set for the book: a fifth of the press PDF's time, and twice its memory.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench import Run, measure

MARKS = {"time": 0.2, "processor time": 0.2, "peak memory": 2.0}  # of the press PDF's, at most
# What the build of a book loads. An interpreter that does no more than this is idle.
IMPORTS = """
from issue_publisher import cli
from issue_publisher.production import build, cache, load
from issue_publisher.rendering import epub
"""


def ratios(book: list[Run], press: list[Run]) -> dict[str, float]:
    """The book's part of the press PDF's time and memory: the medians of the rounds' own ratios."""
    rounds = list(zip(book, press, strict=True))
    return {
        "time": median(ours.seconds / theirs.seconds for ours, theirs in rounds),
        "processor time": median(ours.cpu_seconds / theirs.cpu_seconds for ours, theirs in rounds),
        "peak memory": median(ours.peak_mib / theirs.peak_mib for ours, theirs in rounds),
    }


def verdict(name: str, ratio: float) -> str:
    """A ratio beside its mark."""
    mark = MARKS[name]
    return f"ratio book/press  {ratio:5.2f} {name} (at most {mark:g}: {'met' if ratio <= mark else 'MISSED'})"


def memory(book_peak_mib: float, idle_peak_mib: float, book_mib: float) -> str:
    """How much of a peak is the book's own, and how many times the book's file that is."""
    own = book_peak_mib - idle_peak_mib
    return (
        f"peak of the book {book_peak_mib:.0f} MiB, of an idle interpreter with its imports "
        f"{idle_peak_mib:.0f} MiB; the rest is {own / book_mib:.0f} times the book's {book_mib:.1f} MiB"
    )


def main() -> None:
    """Fill the cache, compare for as many rounds as asked, then print medians, ratios and marks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder of the issue")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        folder, kept = Path(temporary), ["--cache", f"{temporary}/cache"]
        build = [sys.executable, "-m", "issue_publisher", "build", str(options.source), "--output", temporary]
        commands = {
            "without": [*build, "--only", "epub", "--no-cache"],
            "book": [*build, "--only", "epub", *kept],
            "press": [*build, "--only", "press", *kept],
            "idle": [sys.executable, "-c", IMPORTS],
        }
        print(f"{options.source}: the book alone and the press PDF alone, each with its pictures cached;")
        print("without: the book without a cache; idle: an interpreter with the book's imports\n")
        for name in ("book", "press"):
            measure(commands[name])
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for number in range(1, options.rounds + 1):
            for name, command in commands.items():
                run = measure(command)
                runs[name].append(run)
                print(f"round {number}  {_shown(name, run)}", flush=True)
        (book,) = folder.glob("*/*.epub")
        book_mib = book.stat().st_size / 2**20

    print()
    middle = {name: _median(of) for name, of in runs.items()}
    for name, run in middle.items():
        print(f"median   {_shown(name, run)}")
    for name, ratio in ratios(runs["book"], runs["press"]).items():
        print(verdict(name, ratio))
    print(memory(middle["book"].peak_mib, middle["idle"].peak_mib, book_mib))


def _median(runs: list[Run]) -> Run:
    return Run(*(median(getattr(run, name) for run in runs) for name in Run.__annotations__))


def _shown(name: str, run: Run) -> str:
    return f"{name:8} {run.seconds:6.2f} s  {run.cpu_seconds:6.2f} s of processors  {run.peak_mib:6.0f} MiB"


if __name__ == "__main__":
    main()
