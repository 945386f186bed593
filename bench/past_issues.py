"""Many past issues: made from the sample, regenerated, looked up; time and memory against their number.

Issue number n is the sample with the Chinese characters of its text exchanged one for one, so that its lines
break alike and its page plan fits, with a date and a running number of its own and with pictures that are no
other issue's. What is made is the same on every machine. A table is printed; the curves come into `--output`.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image, ImageOps

from chart import Chart, charts_svg
from issue_publisher.fonts import FontSet, read_fonts
from issue_publisher.issue.calendar_words import lunar_day, weekday
from issue_publisher.resources import shipped_fonts

FIRST = date(1998, 1, 5)
ROLES = ("song", "song-heavy", "hei", "hei-heavy", "kai")
# Figures, and what follows figures and never leaves them: exchanged, they would break lines elsewhere.
STAY = frozenset("零〇一二三四五六七八九十百千万亿两半几第年月日时分秒点米克吨度元倍条块张件个台")
HAN = re.compile("[\u4e00-\u9fff]")
# What is never exchanged: tags, and what is broken between words (headings, quotes), for other characters are
# other words, and would break elsewhere than the sample's plan allows.
KEPT = re.compile(r"<(headline|kicker|deck|crosshead|pull-quote)\b.*?</\1>|<[^>]*>", re.DOTALL)


# --------------------------------------------------------------------------- making the issues


@dataclass(frozen=True)
class Pattern:
    """The sample as it is, and the characters that may stand for its own."""

    folder: Path
    xml: str
    plan: str
    own: tuple[str, ...]  # its Chinese characters, the most frequent first
    all: tuple[str, ...]  # what every face has

    def exchanged(self, number: int) -> dict[int, str]:
        """Each character of the sample with the one that stands for it in an issue."""
        start = number * 131 % len(self.all)
        return {ord(char): self.all[(start + at) % len(self.all)] for at, char in enumerate(self.own)}


def pattern_of(folder: Path, fonts: FontSet) -> Pattern:
    """Read the sample; of other characters those that GB 2312 calls common and every face has."""
    xml = (folder / "issue.xml").read_text("utf-8")
    counted = Counter(HAN.findall(xml)).most_common()
    own = [char for char, _ in counted if char not in STAY]
    common = [bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xD8)
              for cell in range(0xA1, 0xFF)]  # fmt: skip
    known = [char for char in common if char and char not in STAY]
    known = [char for char in known if all(fonts.face(role).has(char) for role in ROLES)]
    return Pattern(folder, xml, (folder / "page-plan.toml").read_text("utf-8"), tuple(own), tuple(known))


def make_issue(pattern: Pattern, number: int, place: Path) -> Path:
    """The source of one issue; its folder."""
    day = FIRST + timedelta(weeks=number)
    folder = place / day.isoformat()
    (folder / "pictures").mkdir(parents=True)
    (folder / "issue.xml").write_text(_xml(pattern, number, day), "utf-8")
    (folder / "page-plan.toml").write_text(_dated(pattern.plan, day), "utf-8")
    for picture in sorted((pattern.folder / "pictures").iterdir()):
        if picture.suffix in (".jpg", ".png"):
            (folder / "pictures" / picture.name).write_bytes(_picture(picture, number))
        elif picture.suffix == ".svg":
            drawing = picture.read_text("utf-8")
            (folder / "pictures" / picture.name).write_text(f"{drawing}<!-- {number} -->\n", "utf-8")
    return folder


def _dated(text: str, day: date) -> str:
    return text.replace("2026-11-23", day.isoformat())


def _xml(pattern: Pattern, number: int, day: date) -> str:
    head, end, rest = pattern.xml.partition("</nameplate>")
    for name, words in (
        ("date", f"{day.year}年{day.month}月{day.day}日"),
        ("weekday", weekday(day)),
        ("lunar-date", str(lunar_day(day))),
        ("running-number", str(number + 1)),
        ("serial-number", f"CN 00-{number + 1:04}"),
    ):
        head = re.sub(f"<{name}>.*?</{name}>", f"<{name}>{words}</{name}>", head)
    return _dated(head, day) + end + "".join(_exchanged(rest, pattern.exchanged(number)))


def _exchanged(xml: str, table: dict[int, str]) -> Iterator[str]:
    at = 0
    for kept in KEPT.finditer(xml):
        yield xml[at : kept.start()].translate(table)
        yield kept[0]
        at = kept.end()
    yield xml[at:].translate(table)


def _picture(path: Path, number: int) -> bytes:
    """The same picture in another light, and for every other issue mirrored."""
    with Image.open(path) as opened:
        kind, image = opened.format or "JPEG", opened.convert("RGB" if opened.mode == "P" else opened.mode)
        shift = number % 23 - 11
        image = image.point([min(max(tone + shift, 0), 255) for tone in range(256)] * len(image.getbands()))
        if number % 2:
            image = ImageOps.mirror(image)
        out = BytesIO()
        image.save(out, kind, **({"quality": 90} if kind == "JPEG" else {}))
    return out.getvalue()


# --------------------------------------------------------------------------- measuring


@dataclass(frozen=True)
class Moment:
    """A look at a run: when, how many issues stand, and what its processes hold."""

    seconds: float
    issues: int
    parent_mib: float
    largest_mib: float  # of one worker
    all_mib: float  # of all together, what they share counted once


def moments(process: subprocess.Popen[bytes], dist: Path) -> Iterator[Moment]:
    """A look each second for as long as a run lasts."""
    started = time.perf_counter()
    while process.poll() is None:
        held = {one: memory_mib(one) for one in (process.pid, *children(process.pid))}
        workers = [resident for one, (resident, _) in held.items() if one != process.pid]
        yield Moment(
            time.perf_counter() - started,
            sum(1 for _ in dist.glob("*/manifest.json")),
            held[process.pid][0],
            max(workers, default=0.0),
            sum(share for _, share in held.values()),
        )
        time.sleep(1)


def children(process: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    try:
        told = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    except OSError:
        return []
    return [each for child in map(int, told.split()) for each in (child, *children(child))]


def memory_mib(process: int) -> tuple[float, float]:
    """What a process holds, and its share of that where several hold the same."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0, 0.0
    found = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", told, re.MULTILINE))
    return int(found.get("Rss", 0)) / 1024, int(found.get("Pss", 0)) / 1024


@dataclass(frozen=True)
class Measured:
    """A run over a number of issues."""

    seconds: float
    moments: tuple[Moment, ...]
    told: dict[str, object]


def run(source: Path, dist: Path, more: list[str]) -> Measured:
    """Regenerate once, and watch."""
    command = [sys.executable, "-m", "issue_publisher", "regenerate", str(source), "--output", str(dist)]
    report = dist.with_suffix(".json")
    started = time.perf_counter()
    process = subprocess.Popen([*command, *more, "--report", str(report)], stdout=subprocess.DEVNULL)
    seen = tuple(moments(process, dist))
    seconds = time.perf_counter() - started
    # 1: an issue does not stand; it is counted, and stops nothing.
    if process.returncode not in (0, 1):
        raise SystemExit(f"regenerate failed with {process.returncode}")
    return Measured(seconds, seen, json.loads(report.read_bytes()))


def search_ms(index: Path, words: str, rounds: int = 9) -> float:
    """The median time of a search, as a process that runs already would take."""
    from issue_publisher.archive.query import read_query
    from issue_publisher.production.search import Filters, search

    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        search(index, read_query(words), Filters(), 20)
        taken.append(time.perf_counter() - started)
    return median(taken) * 1000


def said(first: Measured, again: Measured, count: int, dist: Path) -> list[str]:
    """The table."""
    issues = [one for one in first.told["issues"] if "seconds" in one]  # type: ignore[attr-defined]
    processor = median(one["processor_seconds"] for one in issues)
    third = max(len(issues) // 3, 1)
    early, late = (max(one["peak_mib"] for one in part) for part in (issues[:third], issues[-third:]))
    index = dist / "search.sqlite"
    built = sum(1 for _ in dist.glob("*/manifest.json"))
    return [
        f"{built} of {count} issues stand",
        f"{count} issues in {first.seconds:.0f} s: {count / first.seconds * 60:.1f} a minute",
        f"processor time of an issue     {processor:6.2f} s, the median",
        f"parent, most                   {max(one.parent_mib for one in first.moments):6.0f} MiB",
        f"a worker, most                 {max(one.largest_mib for one in first.moments):6.0f} MiB",
        f"together, shared counted once  {max(one.all_mib for one in first.moments):6.0f} MiB",
        f"a worker's peak, first third   {early:6.0f} MiB, last third {late:.0f} MiB",
        f"again, with nothing to do      {again.seconds:6.1f} s",
        f"outputs                        {size_mb(dist):6.0f} MB, index {index.stat().st_size / 1e6:.1f} MB",
    ]


def size_mb(folder: Path) -> float:
    """What all files of the issues take."""
    return sum(path.stat().st_size for path in folder.glob("*/*") if path.is_file()) / 1e6


def curves(first: Measured) -> str:
    """Time and memory against the number of issues."""
    at = {one.issues: one for one in first.moments}  # the last look at each number
    seen = [one for number, one in sorted(at.items()) if number]
    return charts_svg(
        [
            Chart("time", "issues", "s", [(one.issues, one.seconds) for one in seen]),
            Chart("memory, all processes", "issues", "MiB", [(one.issues, one.all_mib) for one in seen]),
            Chart("memory, largest worker", "issues", "MiB", [(one.issues, one.largest_mib) for one in seen]),
        ]
    )


def main() -> None:
    """Make the issues, regenerate them twice, search, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sample", type=Path, help="folder of the sample issue")
    parser.add_argument("--issues", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="press,epub")
    parser.add_argument("--verify", action="store_true", help="verify them too")
    parser.add_argument("--output", type=Path, default=Path("dist/bench"), help="where the curves go")
    parser.add_argument("--keep", type=Path, help="folder to leave sources and outputs in")
    options = parser.parse_args()

    pattern = pattern_of(options.sample, read_fonts(shipped_fonts()))
    with tempfile.TemporaryDirectory() as temporary:
        place = options.keep or Path(temporary)
        source, dist = place / "source", place / "dist"
        for number in range(options.issues):
            if not (source / (FIRST + timedelta(weeks=number)).isoformat()).exists():
                make_issue(pattern, number, source)
        shutil.rmtree(dist, ignore_errors=True)
        more = ["--jobs", str(options.jobs), "--only", options.only]
        more += [] if options.verify else ["--no-verify"]
        first, again = run(source, dist, more), run(source, dist, more)
        print(*said(first, again, options.issues, dist), sep="\n")
        for words in ("".join(pattern.all[:2]), "公有领域", f"{FIRST.year}"):
            print(f"search {words}  {search_ms(dist / 'search.sqlite', words):.1f} ms")
        options.output.mkdir(parents=True, exist_ok=True)
        chart = options.output / "past-issues.svg"
        chart.write_text(curves(first), "utf-8")
        print(chart)


if __name__ == "__main__":
    main()
