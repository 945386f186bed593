"""Kill regenerate, index and build at moments drawn by lot, whole process group, and look at what is left.

Each time: no output in place is half a file, nothing that stood before is lost, and the next run finishes the
work and leaves nothing unfinished behind. The issues are small, so that a kill meets every stage.
"""

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from production.newspaper import ISSUE, jpeg

FIRST = date(2026, 11, 30)
ISSUES = 4
KINDS = ("regenerate", "index", "build")
_IN_DIST = re.compile(r"\.building-.*|.*\.\d+")


@dataclass(frozen=True)
class Paper:
    """A folder of small issues and what is built of them."""

    folder: Path
    only: str = "press,archive,epub"

    @property
    def source(self) -> Path:
        return self.folder / "source"

    @property
    def dist(self) -> Path:
        return self.folder / "dist"

    def command(self, kind: str) -> list[str]:
        """What is started and killed."""
        python = [sys.executable, "-m", "issue_publisher"]
        if kind == "build":
            issues = [str(path) for path in sorted(self.source.iterdir())]
            return [*python, "build", *issues, "--output", str(self.dist), "--no-cache", "--only", self.only]
        if kind == "index":
            return [*python, "index", str(self.source), "--index", str(self.dist / "search.sqlite")]
        more = ["--output", str(self.dist), "--jobs", "2", "--only", self.only]
        return [*python, "regenerate", str(self.source), *more]


def make_paper(folder: Path, issues: int = ISSUES, **more: str) -> Paper:
    """Sources of some issues, each a week after the one before."""
    paper = Paper(folder, **more)
    picture = jpeg()
    for number in range(issues):
        day = FIRST + timedelta(weeks=number)
        place = paper.source / day.isoformat()
        (place / "pictures").mkdir(parents=True)
        (place / "pictures" / "river.jpg").write_bytes(picture)
        words = f"{day.year}年{day.month}月{day.day}日"
        xml = ISSUE.replace(FIRST.isoformat(), day.isoformat()).replace("2026年11月30日", words)
        (place / "issue.xml").write_text(xml, "utf-8")
    return paper


def altered(paper: Paper, number: int) -> None:
    """Change a text, so that there is something to do."""
    issues = sorted(paper.source.iterdir())
    path = issues[number % len(issues)] / "issue.xml"
    xml = path.read_text("utf-8")
    path.write_text(re.sub("清晨六时(第\\d+班)?整", f"清晨六时第{number}班整", xml), "utf-8")


def killed(command: list[str], after_s: float) -> bool:
    """Start a command, and kill all its processes after so long; False when it had ended before."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def faults(paper: Paper, known: set[str]) -> list[str]:
    """What may not be, right after a kill: half a file in place, or an index that cannot be read.

    `known`: sha256 of every output that a whole build of these sources gave, now or before.
    """
    found = []
    for path in sorted(paper.dist.glob("*/*")):
        if path.parent.name.startswith(".") or path.parent.name == "catalogue" or path.is_dir():
            continue
        if path.suffix in (".pdf", ".epub") and (said := _half(path)):
            found.append(f"{path}: {said}")
        if path.suffix == ".json" and not path.name.startswith("."):
            try:
                json.loads(path.read_bytes())
            except ValueError:
                found.append(f"{path}: half a file")
    return (
        found
        + [f"{each} was there before and is lost" for each in sorted(known - _names(paper))]
        + [*_index_faults(paper.dist / "search.sqlite")]
    )


def _names(paper: Paper) -> set[str]:
    return {
        path.relative_to(paper.dist).as_posix()
        for path in paper.dist.glob("*/*")
        if path.suffix in (".pdf", ".epub") or path.name == "manifest.json"
    }


def _half(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix == ".pdf":
        return "" if data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF") else "half a PDF"
    return "" if data.startswith(b"PK") and b"PK\x05\x06" in data[-100:] else "half an EPUB"


def _index_faults(index: Path) -> list[str]:
    if not index.exists():
        return []
    try:
        with sqlite3.connect(f"file:{index}?mode=ro", uri=True) as connection:
            (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        said = str(error)
    return [] if said == "ok" else [f"{index}: {said}"]


def unfinished(paper: Paper) -> list[str]:
    """What a finished run may not leave: an issue that does not stand, or something half made."""
    listed = subprocess.run(
        [
            sys.executable,
            "-m",
            "issue_publisher",
            "list",
            str(paper.source),
            "--output",
            str(paper.dist),
            "--json",
        ],
        capture_output=True,
        check=True,
    )
    states = {one["issue"]: one["state"] for one in json.loads(listed.stdout)}
    found = [f"{issue} is {state}" for issue, state in states.items() if state != "verified"]
    left = [path for path in paper.dist.rglob(".*") if _IN_DIST.fullmatch(path.name)]
    return found + [f"{path} was left behind" for path in left]


def finished(paper: Paper) -> list[str]:
    """Let the next run finish the work; what is wrong with it."""
    done = subprocess.run(paper.command("regenerate"), capture_output=True, check=False, text=True)
    said = [f"the next run ended with {done.returncode}: {done.stderr}"] if done.returncode else []
    return said + unfinished(paper)


def digests(paper: Paper) -> dict[str, str]:
    """The sha256 of every output."""
    return {
        name: hashlib.sha256((paper.dist / name).read_bytes()).hexdigest()
        for name in sorted(_names(paper))
        if not name.endswith("manifest.json")
    }


def kill_often(paper: Paper, kills: int, longest_s: dict[str, float], seed: int) -> Counter[str]:
    """So many kills; how many met each kind at work. Raises SystemExit with what was wrong."""
    draw, met = random.Random(seed), Counter[str]()
    known: set[str] = set()
    number = 0
    while met.total() < kills:
        kind, number = KINDS[number % len(KINDS)], number + 1
        altered(paper, number)
        moment = draw.uniform(0.0, longest_s[kind])
        if not killed(paper.command(kind), moment):
            longest_s[kind] *= 0.9
            continue
        met[kind] += 1
        wrong = faults(paper, known)
        if met.total() % 5 == 0 or met.total() == kills:
            wrong += finished(paper)
            known = _names(paper)
        if wrong:
            raise SystemExit("\n".join([f"kill {met.total()}, of {kind} after {moment:.2f} s:", *wrong]))
    return met


def main() -> None:
    """Kill, look, finish, and compare with what one undisturbed run gives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        paper = make_paper(Path(temporary) / "paper")
        longest_s: dict[str, float] = {}
        for kind in reversed(KINDS):
            started = time.perf_counter()
            subprocess.run(paper.command(kind), check=True, capture_output=True)
            longest_s[kind] = time.perf_counter() - started
        met = kill_often(paper, options.kills, longest_s, options.seed)
        after = digests(paper)
        shutil.rmtree(paper.dist)
        subprocess.run(paper.command("regenerate"), check=True, capture_output=True)
        if digests(paper) != after:
            raise SystemExit("the outputs are not those of a run that nobody disturbed")
    counts = ", ".join(f"{count} of {kind}" for kind, count in sorted(met.items()))
    print(f"{met.total()} kills ({counts}): no half file, nothing lost, every next run finished the work")


if __name__ == "__main__":
    main()
