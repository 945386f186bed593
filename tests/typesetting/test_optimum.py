"""The best lines are the best there are: held against every way of breaking short texts, one by one.

What a line costs is added up here from its items alone, without the sums and the search of `paragraph`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issue_publisher.layout.model import Align, LineEnd, Typesetting
from issue_publisher.typesetting.items import Item, make_items
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.marks import Kind
from issue_publisher.typesetting.paragraph import Copy, Setting, prepare
from typesetting.anything import PLAIN, SIZE
from typesetting.paper import policy, replace
from typesetting.stub import SquareFaces
from typesetting.texts import levels, line_ends

RUNT, DEAR, WORST = 3000.0, 400.0, 5e5  # a last line of one character; a line worth a look beyond the limits


@dataclass(frozen=True)
class Trial:
    """One way of setting a paragraph, and what it costs."""

    lines: tuple[str, ...]
    costs: tuple[float, ...]

    @property
    def price(self) -> float:
        return sum(self.costs)


@dataclass(frozen=True)
class BruteForce:
    """Every way through the items, one by one."""

    items: list[Item]
    setting: Setting
    rules: Typesetting

    def trials(self, reach_em: float, start: int = 0) -> Iterator[Trial]:
        """All settings whose lines stretch by `reach_em` a place at most."""
        for end in range(start + 1, len(self.items) + 1):
            last = end == len(self.items)
            if not last and self.items[end - 1].break_penalty == inf:
                continue
            row = self.items[start:end]
            while not last and len(row) > 1 and row[-1].kind is Kind.SPACE:
                row = row[:-1]
            cost = self.cost(row, start, reach_em, last=last)
            if cost == inf:
                continue
            if not last:
                cost += self.items[end - 1].break_penalty
            text = "".join(item.text for item in row)
            if last:
                yield Trial((text,), (cost,))
            else:
                for rest in self.trials(reach_em, end):
                    yield Trial((text, *rest.lines), (cost, *rest.costs))

    def cost(self, row: list[Item], start: int, reach_em: float, *, last: bool) -> float:
        """Price of one line; infinite when it cannot be set so."""
        rules, measure = self.rules, self.setting.measure_pt - (self.setting.indent_pt if start == 0 else 0.0)
        need = measure - self.natural(row)
        runt = RUNT if last and start and self.characters(row) < rules.last_line_characters else 0.0
        if need < -0.01:
            give = sum(item.squeeze_before + item.squeeze_after for item in row)
            give -= row[0].squeeze_before if row[0].start_trim else 0.0
            give -= row[-1].squeeze_after if self.end_trim(row[-1]) else 0.0
            if give + need < -0.01:
                return inf
            dear = rules.squeeze_penalty if self.setting.align is Align.JUSTIFY else 1.0
            return dear * 30 * (need / give) ** 2 + runt
        if last:
            return runt
        if self.setting.align is not Align.JUSTIFY:
            return 100 * (need / self.setting.measure_pt) ** 2
        if need <= 0.01:
            return 0.0
        places = sum(item.stretch for item in row[:-1])
        return self.stretched(need / places / SIZE if places > 0 else inf, reach_em)

    def stretched(self, each: float, reach_em: float) -> float:
        rules = self.rules
        if each > reach_em:
            return inf
        if each <= rules.tracking_stretch_em:
            return rules.stretch_penalty * 60 * (each / rules.tracking_stretch_em) ** 2
        if each <= rules.emergency_stretch_em:
            return rules.stretch_penalty * 60 + 4000 * (each / rules.tracking_stretch_em - 1)
        return min(1e5 * each, WORST)

    def natural(self, row: list[Item]) -> float:
        width = sum(item.before + item.width + item.after for item in row)
        return width - row[0].start_trim - self.end_trim(row[-1])

    def end_trim(self, item: Item) -> float:
        if self.rules.line_end is LineEnd.HANGING and item.text[0] in "，。、；：":
            return item.before + item.width + item.after
        return item.end_trim

    def characters(self, row: list[Item]) -> int:
        counted = (Kind.HAN, Kind.SUFFIX, Kind.PREFIX)
        return sum(len(i.text) if i.kind is Kind.LATIN else i.kind in counted for i in row)

    def needs_nothing_forced(self) -> bool:
        """Whether every row of items that must stay together fits into a line."""
        row: list[Item] = []
        for item in self.items:
            row.append(item)
            if item.break_penalty != inf:
                if self.natural(row) > self.setting.measure_pt - self.setting.indent_pt:
                    return False
                row = []
        return not row or self.natural(row) <= self.setting.measure_pt - self.setting.indent_pt


ENGLISH_STYLE: Style = replace(PLAIN, lang="en")
_bits = st.one_of(
    st.text("中国新材料报天宫", min_size=1, max_size=3).map(lambda text: (text, PLAIN)),
    st.sampled_from("，。：“”（）《》·？").map(lambda mark: (mark, PLAIN)),
    st.sampled_from(["——", " ", "15", "年", "Al-Li", "a", "％"]).map(lambda text: (text, PLAIN)),
    st.sampled_from(["international", "compositor"]).map(lambda word: (word, ENGLISH_STYLE)),
)
_mixed = st.lists(_bits, min_size=6, max_size=12)
_plain = st.text("中国新材料，。：", min_size=8, max_size=16).map(lambda text: [(text, PLAIN)])
short = _plain | _mixed
measures = st.integers(14, 32).map(lambda quarters: quarters / 4)
aligns = st.sampled_from([Align.JUSTIFY, Align.JUSTIFY, Align.JUSTIFY, Align.LEFT])
stretches = st.sampled_from([0.1, 0.2, 0.3])  # em: narrow columns leave no choice within less
indents = st.sampled_from([0.0, 0.0, 1.0])


def every_way(pieces, em, level, line_end, stretch, align, indent) -> tuple[BruteForce, Copy, Setting] | None:
    """The brute force and our own of the same paragraph; None where it is too long or must be forced."""
    # White in one measure for every place: how gaps come first is tested by itself.
    rules = policy(level, line_end, tracking_stretch_em=stretch, gap_stretch_em=0.0)
    setting = Setting(em * SIZE, SIZE, align, indent * SIZE)
    items = make_items(pieces, SquareFaces(), rules)
    while items and items[-1].kind is Kind.SPACE:
        items.pop()
    force = BruteForce(items, setting, rules)
    if not 1 < len(items) <= 16 or items[0].kind is Kind.SPACE or not force.needs_nothing_forced():
        return None
    return force, prepare(pieces, SquareFaces(), rules), setting


def as_trial(lines: tuple[Line, ...], trials: list[Trial]) -> Trial:
    """The brute force's own account of our lines."""
    wanted = tuple(line.text for line in lines)
    return min((trial for trial in trials if trial.lines == wanted), key=lambda trial: trial.price)


@given(short, measures, levels, line_ends, stretches, aligns, indents)
@settings(max_examples=400)
def test_no_other_way_of_breaking_is_cheaper(pieces, em, level, line_end, stretch, align, indent):
    if (found := every_way(pieces, em, level, line_end, stretch, align, indent)) is None:
        return
    force, copy, setting = found
    ours = copy.lines(setting)
    justify = align is Align.JUSTIFY
    within = list(force.trials(force.rules.tracking_stretch_em if justify else inf))
    beyond = list(force.trials(force.rules.emergency_stretch_em if justify else inf))
    best_within = min((trial.price for trial in within), default=inf)
    best_beyond = min((trial.price for trial in beyond), default=inf)
    if not beyond:
        everything = list(force.trials(inf))
        assert as_trial(ours, everything).price == pytest.approx(min(t.price for t in everything))
        return
    price = as_trial(ours, beyond).price
    # The cheapest of all; but where every line keeps the limits at a fair price, nobody looks beyond them.
    fair = any(t.price == pytest.approx(best_within) and max(t.costs) <= DEAR for t in within)
    assert price == pytest.approx(best_beyond) or (fair and price == pytest.approx(best_within))
    assert any(line.forced for line in ours) is not any(t.lines == lines_text(ours) for t in within)


def lines_text(lines: tuple[Line, ...]) -> tuple[str, ...]:
    return tuple(line.text for line in lines)


@given(short, measures, levels, line_ends, stretches, aligns, indents)
@settings(max_examples=400)
def test_one_line_more_or_fewer_is_the_cheapest_of_its_count(
    pieces, em, level, line_end, stretch, align, indent
):
    if (found := every_way(pieces, em, level, line_end, stretch, align, indent)) is None:
        return
    force, copy, setting = found
    alternatives = copy.alternatives(setting)
    reach = force.rules.tracking_stretch_em if align is Align.JUSTIFY else inf
    within = list(force.trials(reach))
    everything = list(force.trials(inf))
    best = as_trial(alternatives[0].lines, everything)
    for change in (-1, 1):
        wanted = len(best.lines) + change
        cheapest = min((trial.price for trial in within if len(trial.lines) == wanted), default=inf)
        if cheapest < DEAR * wanted - 1e-6:
            other = alternatives[change]
            assert as_trial(other.lines, within).price == pytest.approx(cheapest)
            assert other.cost == pytest.approx(max(0.0, cheapest - best.price), abs=1e-6)
        elif cheapest > DEAR * wanted + 1e-6:
            assert change not in alternatives


def test_the_brute_force_tries_every_way() -> None:
    force = BruteForce(make_items([("中" * 6, PLAIN)], SquareFaces(), policy()), Setting(30, SIZE), policy())
    ways = {trial.lines for trial in force.trials(inf)}
    assert ("中中中", "中中中") in ways
    assert len(ways) == 24  # the compositions of six into parts of at most three


def test_a_line_that_fits_exactly_is_not_lost_for_the_space_behind_it() -> None:
    copy = prepare([("abcdefgh ijklmnop", PLAIN)], SquareFaces(), policy())
    lines = copy.lines(Setting(4 * SIZE, SIZE))
    assert [line.text for line in lines] == ["abcdefgh", "ijklmnop"]
    assert not any(line.forced for line in lines)
