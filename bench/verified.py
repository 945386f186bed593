"""`verify` without and with --rebuild against the build of the same issue, alternately, as whole processes.

None of them keeps pictures from one round to the next. Two marks are set: half of a build's processor time,
and with --rebuild one and a half times.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench import Run, measure

MARKS = {"verify": 0.5, "verify --rebuild": 1.5}  # of the build's processor time, at most


def ratio(ours: list[Run], theirs: list[Run]) -> float:
    """The median of the rounds' own ratios of processor time."""
    return median(one.cpu_seconds / other.cpu_seconds for one, other in zip(ours, theirs, strict=True))


def main() -> None:
    """Build and verify for as many rounds as asked, then print medians, ratios and marks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder of the issue")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as dist:
        program = [sys.executable, "-m", "issue_publisher"]
        check = [*program, "verify", dist, "--source", str(options.source)]
        commands = {
            "build": [*program, "build", str(options.source), "--output", dist, "--no-cache"],
            "verify": check,
            "verify --rebuild": [*check, "--rebuild"],
        }
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                runs[name].append(measure(command))
    for name, done in runs.items():
        seconds, peak = median(one.cpu_seconds for one in done), median(one.peak_mib for one in done)
        print(f"{name:17} {seconds:6.2f} s of the processor, peak {peak:4.0f} MiB")
    for name, mark in MARKS.items():
        found = ratio(runs[name], runs["build"])
        print(f"ratio {name}/build  {found:5.2f} (at most {mark:g}: {'met' if found <= mark else 'MISSED'})")


if __name__ == "__main__":
    main()
