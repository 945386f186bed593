"""What a reviewer says of a finished page: fill, white, the ladder of headlines, and a verdict on every rule.

Pure and independent of how the page was made up: it looks at frames and parts alone (`sight`), so that a
page by hand, by the solver or by a plan is judged alike. Limits stand in the layout's [rules], prices in
[penalties].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from issue_publisher.composition import hard_rules, soft_rules
from issue_publisher.composition.hard_rules import Measured
from issue_publisher.composition.model import ComposedPage, Placement
from issue_publisher.composition.report import PageReport, Rung, Solved, Verdict
from issue_publisher.composition.sight import Sight
from issue_publisher.issue.model import Issue
from issue_publisher.layout.model import Layout


@dataclass(frozen=True, slots=True)
class MakeupRule:
    """A rule of make-up: name, number among the trade's hard or soft rules, and how it is measured."""

    name: str
    hard: bool
    number: int
    measure: Callable[[Sight], Measured | None]  # None: nothing on the page is under the rule


def _hard(name: str, number: int, measure: Callable[[Sight], Measured | None]) -> MakeupRule:
    return MakeupRule(name, True, number, measure)


def _soft(name: str, number: int, measure: Callable[[Sight], Measured | None]) -> MakeupRule:
    return MakeupRule(name, False, number, measure)


# Hard 17 and soft 19 are our own. Not among them: 15, jumps, which no page has yet; that faces look into the
# page and keep out of the fold, which only eyes see; that neighbours' headlines differ in face.
RULES: tuple[MakeupRule, ...] = (
    _hard("grid", 1, hard_rules.grid),
    _hard("module", 2, hard_rules.module),
    _hard("covering", 3, hard_rules.covering),
    _hard("bumping-headlines", 4, hard_rules.bumping_headlines),
    _hard("through-cut-horizontal", 5, hard_rules.through_cut_horizontal),
    _hard("through-cut-vertical", 5, hard_rules.through_cut_vertical),
    _hard("legs", 6, hard_rules.legs),
    _hard("level-feet", 6, hard_rules.level_feet),
    _hard("stray-lines", 6, hard_rules.stray_lines),
    _hard("headline-band", 7, hard_rules.headline_band),
    _hard("headline-breaks", 8, hard_rules.headline_breaks),
    _hard("rank", 9, hard_rules.rank),
    _hard("equal-width-rank", 9, hard_rules.equal_width_rank),
    _hard("kicker-deck", 10, hard_rules.kicker_deck),
    _hard("picture-place", 11, hard_rules.picture_place),
    _hard("foreign-contact", 12, hard_rules.foreign_contact),
    _hard("type-floor", 13, hard_rules.type_floor),
    _hard("by-law", 14, hard_rules.by_law),
    _hard("advertisements", 16, hard_rules.advertisements),
    _hard("hole", 17, hard_rules.hole),
    _soft("top-pairs", 4, soft_rules.top_pairs),
    _soft("near-cuts", 5, soft_rules.near_cuts),
    _soft("picture-beside-headline", 12, soft_rules.picture_beside_headline),
    _soft("headline-into-vertical", 4, soft_rules.headline_into_vertical),
    _soft("piled-verticals", 13, soft_rules.piled_verticals),
    _soft("linked-headlines", 4, soft_rules.linked_headlines),
    _soft("series-order", 19, soft_rules.series_order),
    _soft("position", 1, soft_rules.position),
    _soft("ladder", 9, soft_rules.ladder),
    _soft("dominant-picture", 2, soft_rules.dominant_picture),
    _soft("picture-share", 3, soft_rules.picture_share),
    _soft("grey", 4, soft_rules.grey),
    _soft("headlines-everywhere", 5, soft_rules.headlines_everywhere),
    _soft("corners", 6, soft_rules.corners),
    _soft("balance", 7, soft_rules.balance),
    _soft("straight-runs", 8, soft_rules.straight_runs),
    _soft("upright-shapes", 9, soft_rules.upright_shapes),
    _soft("narrow-headlines", 9, soft_rules.narrow_headlines),
    _soft("stacks", 9, soft_rules.stacks),
    _soft("headline-fill", 10, soft_rules.headline_fill),
    _soft("headline-area", 11, soft_rules.headline_area),
    _soft("faces", 12, soft_rules.faces),
    _soft("vertical-headlines", 13, soft_rules.vertical_headlines),
    _soft("boxes", 14, soft_rules.boxes),
    _soft("white", 15, soft_rules.white),
    _soft("measure", 16, soft_rules.measure),
    _soft("fold", 17, soft_rules.fold),
    _soft("likeness", 18, soft_rules.likeness),
)


def judge(
    page: ComposedPage,
    issue: Issue,
    layout: Layout,
    *,
    solved: Solved | None = None,
    last: Sequence[Placement] = (),
) -> PageReport:
    """The report on a finished page of an issue.

    `solved`: how the solver came to it, None by a page plan. `last`: how the last issue's page was made up;
    without it the likeness is not judged. Rules that nothing on the page is under are left out.
    """
    sight = Sight(page, issue, layout, tuple(last))
    verdicts = [verdict for rule in RULES if (verdict := _verdict(rule, sight)) is not None]
    return PageReport(
        page=page.page.number,
        fill=sight.fill,
        blank=sight.white.share,
        overset_lines=0,  # a page that was made has none
        ladder=_ladder(sight),
        verdicts=tuple(verdicts),
        solved=solved,
    )


def _verdict(rule: MakeupRule, sight: Sight) -> Verdict | None:
    found = rule.measure(sight)
    if found is None:
        return None
    prices = sight.layout.penalties
    price: float = prices.hard if rule.hard else getattr(prices, rule.name.replace("-", "_"))
    return Verdict(rule.name, rule.hard, found.amount == 0, found.amount * price, found.items, found.words)


def _ladder(sight: Sight) -> tuple[Rung, ...]:
    """Headlines from the largest down; of equal sizes the higher one first."""
    leading = sight.layout.grid.leading_pt
    rungs = []
    for seen in sight.headed:
        lines = len(hard_rules.headline_lines(seen))
        top = seen.band.top if seen.band else seen.rect.top
        rungs.append(Rung(seen.id, seen.headline_pt, lines, len(seen.columns), int(top / leading + 0.02)))
    return tuple(sorted(rungs, key=lambda rung: (-rung.size_pt, rung.row, rung.item)))
