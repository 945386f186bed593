"""Our build of an issue against bare WeasyPrint, alternately, as whole processes: time, memory, ratios.

Ours reads and checks the XML, makes up the pages, sets the lines, and writes press PDF, archive PDF, EPUB and
manifest; `press` is the press PDF alone, `pdfs` both PDFs. The cache is as a second build finds it.
Bare WeasyPrint takes HTML that was made beforehand, with CSS columns, and writes a PDF: see bare.py.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bare import bare_html, words_of
from issue_publisher.issue.reader import read_issue
from issue_publisher.resources import shipped_fonts


@dataclass(frozen=True)
class Run:
    """One process: seconds by the clock and of the processors, and the most memory it held."""

    seconds: float
    cpu_seconds: float  # with its child processes
    peak_mib: float


def measure(command: list[str]) -> Run:
    """Run a command to its end; its peak covers the largest of its child processes too."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed with {process.returncode}: {' '.join(command)}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Compare for as many rounds as asked, then print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder of the issue")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder to leave both outputs in")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        html, pdf = folder / "bare.html", folder / "bare.pdf"
        xml = options.source / "issue.xml"
        html.write_text(bare_html(read_issue(xml.read_bytes(), str(xml)), shipped_fonts()), encoding="utf-8")
        python = [sys.executable, "-m"]
        base = f"{options.source.resolve().as_uri()}/"
        build = [*python, "issue_publisher", "build", str(options.source), "--output", str(folder)]
        commands = {
            "ours": build,
            "press": [*build, "--only", "press"],
            "pdfs": [*build, "--only", "press,archive"],
            "bare": [*python, "weasyprint", "--quiet", "--base-url", base, str(html), str(pdf)],
        }
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        print(f"{options.source}: {sum(1 for _ in words_of(html.read_text(encoding='utf-8'))):,} characters")
        print("ours: PDFs, EPUB and manifest from XML; bare: PDF from HTML with CSS columns\n")
        for number in range(1, options.rounds + 1):
            for name, command in commands.items():
                run = measure(command)
                runs[name].append(run)
                print(f"round {number}  {name:5}  {run.seconds:6.2f} s  {run.peak_mib:6.0f} MiB", flush=True)

    seconds = {name: median(run.seconds for run in of) for name, of in runs.items()}
    peak = {name: median(run.peak_mib for run in of) for name, of in runs.items()}
    print()
    for name in commands:
        print(f"median   {name:5}  {seconds[name]:6.2f} s  {peak[name]:6.0f} MiB")
    for name in ("ours", "press", "pdfs"):
        time_ratio, memory_ratio = (of[name] / of["bare"] for of in (seconds, peak))
        print(f"ratio {name}/bare  {time_ratio:.2f} time  {memory_ratio:.2f} memory")


if __name__ == "__main__":
    main()
