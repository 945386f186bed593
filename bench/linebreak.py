"""The outside suite of line breaking (W3C's and xeCJK's cases, Unicode's samples) over our typesetting.

At each level every case of CLREQ's core must hold. In the wider profiles each failure must have its reason in
linebreak.toml; one without a reason makes the command fail, and so does a reason whose case holds.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from issue_publisher.fonts import FontError, Measures, read_fonts
from issue_publisher.layout.model import Layout, Strictness
from issue_publisher.layout.reader import read_layout
from issue_publisher.resources import shipped_fonts, shipped_layouts
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.paragraph import Setting, set_paragraph

SIZE = 9.0
SUITE = Path(__file__).parents[2] / "shared" / "linebreak"
REASONS = Path(__file__).with_suffix(".toml")
MEASURES = [6, 12, 17]  # em, the suite's own
Breaker = Callable[[str, float], list[str]]
LevelBreaker = Callable[[str, float, Strictness], list[str]]


class AnyFaces:
    """The house's faces; a character that none of them has is as wide as East Asian text takes it."""

    def __init__(self, faces: PaperFaces) -> None:
        self.faces = faces

    def char_em(self, char: str, font: str, lang: str | None) -> float:
        """Advance of one character in em."""
        try:
            return self.faces.char_em(char, font, lang)
        except FontError:
            return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5

    def word_em(self, word: str, font: str, lang: str | None) -> float:
        """Advance of a word in em."""
        try:
            return self.faces.word_em(word, font, lang)
        except FontError:
            return sum(self.char_em(char, font, lang) for char in word)


@cache
def house() -> tuple[Layout, AnyFaces]:
    """The broadsheet's layout and faces."""
    folder = shipped_layouts() / "broadsheet"
    layout = read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder)
    return layout, AnyFaces(PaperFaces(Measures(read_fonts(shipped_fonts())), layout.latin_fonts))


def breaker(text: str, measure_em: float, level: Strictness = Strictness.STRICT) -> list[str]:
    """The lines of a text, no indent; what the suite's own program asks for."""
    layout, faces = house()
    policy = replace(layout.typesetting, strictness=level)
    lines = set_paragraph([(text, Style("song", SIZE))], Setting(measure_em * SIZE, SIZE), faces, policy)
    return [line.text for line in lines]


# --------------------------------------------------------------------------- running the suite


@dataclass
class Outcome:
    """What came of one level and profile: how many cases hold, and the others with what was seen."""

    name: str
    held: int = 0
    failed: dict[str, str] = field(default_factory=dict)

    def note(self, case: str, holds: bool, seen: str) -> None:
        """Count a case."""
        if holds:
            self.held += 1
        else:
            self.failed[case] = seen


def outcomes(suite: Path, breaks: LevelBreaker = breaker) -> list[Outcome]:
    """All of the suite: each level, CLREQ's core first, then all; Unicode's samples at the strict level."""
    runner = _runner(suite)
    cases = json.loads((suite / "zh.json").read_text("utf-8"))
    found = []
    for level in Strictness:
        core, whole = Outcome(f"{level}, core, clreq"), Outcome(f"{level}, all, wpt")
        set_at = _at(breaks, level)
        for case in cases:
            if level not in case["applies_to"]:
                continue
            result = runner.run_case(set_at, case, MEASURES)
            whole.note(case["id"], *result)
            if case["block"] == "core" and not case.get("overruled_by"):
                core.note(case["id"], *result)
        found += [core, whole]
    samples = json.loads((suite / "uax14.json").read_text("utf-8"))
    tally, failed = runner.run_uax(_at(breaks, Strictness.STRICT), samples, "clreq")
    held = sum(count for name, count in tally.items() if name.endswith("hold"))
    return [*found, Outcome("strict, uax14", held, {text: seen for _, text, seen in failed})]


def _at(breaks: LevelBreaker, level: Strictness) -> Breaker:
    return lambda text, measure_em: breaks(text, measure_em, level)


def _runner(suite: Path) -> Any:
    """The suite's own program, as a module."""
    spec = importlib.util.spec_from_file_location("linebreak_suite", suite / "run.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{suite / 'run.py'} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --------------------------------------------------------------------------- reasons


@dataclass(frozen=True)
class Reason:
    """Why some cases fail on purpose."""

    why: str
    source: str
    cases: tuple[str, ...]


@cache
def reasons() -> tuple[Reason, ...]:
    """The table of reasons."""
    rows = tomllib.loads(REASONS.read_text("utf-8"))["reason"]
    return tuple(
        Reason(row["why"], row["source"], (*row.get("cases", ()), *row.get("texts", ()))) for row in rows
    )


def faults(found: list[Outcome]) -> Iterator[str]:
    """What is wrong: core cases that fail, failures without a reason, reasons without a failure."""
    explained = {case for reason in reasons() for case in reason.cases}
    for outcome in found:
        for case, seen in outcome.failed.items():
            if "core, clreq" in outcome.name:
                yield f"{outcome.name}: {case} must hold: {seen}"
            elif case not in explained:
                yield f"{outcome.name}: {case} fails without a reason in {REASONS.name}: {seen}"
    failed = {case for outcome in found for case in outcome.failed}
    yield from (f"{case} has a reason in {REASONS.name}, but holds" for case in sorted(explained - failed))


def report(found: list[Outcome]) -> Iterator[str]:
    """How many cases hold, and the failures by their reasons."""
    for outcome in found:
        count = outcome.held + len(outcome.failed)
        yield f"{outcome.name:<22} {outcome.held:4} of {count:4} hold"
        why = Counter(r.why for case in outcome.failed for r in reasons() if case in r.cases)
        yield from (f"    {number:3} fail: {text}" for text, number in why.items())
    yield ""
    for reason in reasons():
        yield f"{reason.why}\n    by {reason.source}\n    {', '.join(reason.cases)}"


def main() -> int:
    """Run the suite; 0 when all is held or explained, 1 when not, 2 when the suite is not at hand."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite", type=Path, nargs="?", default=SUITE, help="folder of the suite")
    suite = parser.parse_args().suite
    if not (suite / "run.py").is_file():
        print(f"the outside suite of line breaking is not at hand: no {suite / 'run.py'}", file=sys.stderr)
        print("(name its folder: make check-linebreak LINEBREAK_SUITE=…)", file=sys.stderr)
        return 2
    found = outcomes(suite)
    print("\n".join(report(found)))
    wrong = list(faults(found))
    print("\n".join(["", *wrong, f"{len(wrong)} failures that must not be"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
