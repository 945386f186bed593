"""Other ways to share a page of the source out among its sheets, where the first one makes no good pages.

Which piece goes on which sheet is decided by areas (`allot`), before anything is made up; that all hard
rules can be kept there shows only afterwards. Where they are not, the next best ways are tried, and the
one whose pages are judged best is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from issue_publisher.composition.distribute import Sharing
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import ComposedPage
from issue_publisher.issue.model import Issue, Page
from issue_publisher.layout.model import Layout

_NOT_MADE = 1e6  # of a page, in points of the judge

Share = Callable[[Sequence[Sharing]], Issue]  # the issue as it is printed when these ways are avoided
MakeUp = Callable[[Issue, Sequence[Page]], Sequence[ComposedPage | None]]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way, and what its pages are worth."""

    sharing: Sharing
    points: float  # the judge's penalties
    good: bool  # all are made, keep the hard rules and are no whiter than a page may be


def best_sharing(
    issue: Issue,
    made: Mapping[int, ComposedPage | None],
    layout: Layout,
    share: Share,
    make_up: MakeUp,
) -> dict[str, int] | None:
    """The printed page of every item, where another way is better than that of `issue`; None: it is not.

    `made`: the pages of `issue` by number. Up to `[pages]` `sharings` ways are made up for each page of the
    source that takes several sheets and has one that is not good.
    """
    first = {line: _way(pages, made, issue, layout) for line, pages in _groups(issue).items()}
    best = dict(first)
    avoid = [way.sharing for way in first.values() if not way.good]
    for _ in range(layout.pages.sharings - 1):
        poor = {line for line, way in best.items() if not way.good}
        if not poor:
            break
        other = share(avoid)
        groups = {line: pages for line, pages in _groups(other).items() if line in poor}
        groups = {line: pages for line, pages in groups.items() if _sharing(pages) not in avoid}
        if not groups:
            break  # there is no other way
        pages = [page for group in groups.values() for page in group]
        tried = dict(zip((page.number for page in pages), make_up(other, pages), strict=True))
        for line, group in groups.items():
            way = _way(group, tried, other, layout)
            avoid.append(way.sharing)
            if (not way.good, way.points) < (not best[line].good, best[line].points):
                best[line] = way
    if best == first:
        return None
    whole = {item.id: page.number for page in issue.pages for item in page.items}
    return whole | {item: number for way in best.values() for item, number in way.sharing}


def _groups(issue: Issue) -> dict[int, list[Page]]:
    """The sheets of each page of the source (by its line) that takes several."""
    found: dict[int, list[Page]] = {}
    for page in issue.pages:
        found.setdefault(page.line, []).append(page)
    return {line: pages for line, pages in found.items() if len(pages) > 1}


def _sharing(pages: Sequence[Page]) -> Sharing:
    return frozenset((item.id, page.number) for page in pages for item in page.items)


def _way(
    pages: Sequence[Page], made: Mapping[int, ComposedPage | None], issue: Issue, layout: Layout
) -> _Way:
    points, good = 0.0, True
    for page in pages:
        composed = made[page.number]
        if composed is None:
            points, good = points + _NOT_MADE, False
            continue
        report = judge(composed, issue, layout)
        points += sum(verdict.penalty for verdict in report.verdicts)
        good &= all(verdict.kept for verdict in report.verdicts if verdict.hard)
        good &= report.blank <= layout.rules.white_share
    return _Way(_sharing(pages), points, good)
