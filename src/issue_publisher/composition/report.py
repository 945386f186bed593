"""What a finished page is like, in numbers: the report that the desk reads and that a program can check.

Values only. `judge` makes the rules' verdicts, `solve` says how the page was found, `remedies` what is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Solved:
    """How the solver came to a page. Time is deterministic: the same on every machine."""

    status: str  # optimal, feasible
    objective: float  # price of the page found, in the layout's currency
    bound: float  # no full page can cost less
    deterministic_time: float  # of all searches together
    rounds: int  # whole pages that were given their best depths


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule of make-up on one page."""

    rule: str  # its name in layout.toml: bumping-headlines, through-cut …
    hard: bool
    kept: bool
    penalty: float  # of a soft rule, or of a hard one that yielded; 0 when it is kept
    items: tuple[str, ...] = ()  # ids concerned
    words: str = ""  # what was measured, with units, for a person


def unnamed(items: Iterable[str], words: str) -> tuple[str, ...]:
    """Those of a verdict's items that its words do not name, so that nobody reads an id twice."""
    named = set(re.findall(r"[\w.-]+", words))
    return tuple(item for item in items if item not in named)


@dataclass(frozen=True, slots=True)
class Rung:
    """One headline of the page's ladder."""

    item: str
    size_pt: float
    lines: int
    columns: int  # basic columns that it spans
    row: int  # line of the grid that its band begins on


@dataclass(frozen=True, slots=True)
class PageReport:
    """One page. Areas are shares of the page's area for articles (0–1)."""

    page: int
    fill: float  # covered by frames
    blank: float  # empty cells (basic column × line) beyond the white that the layout asks for
    overset_lines: int  # always 0 on a page that was made
    ladder: tuple[Rung, ...]  # largest first
    verdicts: tuple[Verdict, ...]
    solved: Solved | None  # None: by the page plan
