"""Every page has a lead: one that the desk named, or the first of its major articles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composition.issues import NOTICE, article, composed, issue_of, quick
from issue_publisher.composition.distribute import with_lead
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.composition.plan import write_plan
from issue_publisher.issue.model import Article, Issue, Page, Weight, text

HEAD = 'issue = "2026-11-30"\nlayout = "broadsheet"\n'
LEAD = quick().headline["lead"].sizes_pt


def page(major: Weight = Weight.MAJOR, **more: object) -> Issue:
    items = [
        article("first", 700, 1),
        article("heavy", 1500, 2, weight=major, **more),
        article("heavy too", 900, 3, weight=major),
        article("last", 900, 4),
    ]
    return issue_of(items)


def sizes(made: ComposedIssue) -> dict[str, float]:
    return {
        frame.placement.item: frame.placement.choice.headline_pt
        for made_page in made.pages
        for frame in made_page.frames
    }


def test_the_first_major_article_is_set_as_the_lead() -> None:
    found = sizes(composed(page()))
    assert found["heavy"] in LEAD
    others = [size for name, size in found.items() if name != "heavy"]
    assert max(others) <= found["heavy"] - quick().rules.lead_step_pt


def test_a_layout_may_leave_pages_without_a_lead() -> None:
    without = replace(quick(), pages=replace(quick().pages, page_leads=False))
    assert sizes(composed(page(), made_for=without))["heavy"] not in LEAD


def test_a_page_that_cannot_hold_such_a_headline_is_made_all_the_same() -> None:
    words = text(
        "一个很长很长的标题要说的事情实在太多了因此无论如何也不能够用那样大的字号排成两行来刊登出来的可是编辑部仍然坚持一个字也不肯删去",
        7,
    )
    found = sizes(composed(page(headline=words)))
    assert set(found) == {"first", "heavy", "heavy too", "last"}
    assert found["heavy"] in quick().headline["major"].sizes_pt


def test_the_plan_of_a_page_with_a_lead_gives_the_same_page() -> None:
    made = composed(page())
    again = composed(page(), write_plan(made, quick().folder.name))
    assert [made_page.frames for made_page in again.pages] == [made_page.frames for made_page in made.pages]


def test_a_plan_may_give_the_article_the_size_of_its_weight() -> None:
    size = quick().headline["major"].sizes_pt[0]
    assert (
        sizes(composed(page(), f"{HEAD}[page-1.heavy]\nheadline_pt = {size:g}\n".encode()))["heavy"] == size
    )


WEIGHTS = st.lists(st.sampled_from(list(Weight)), min_size=1, max_size=7)


@settings(max_examples=200)
@given(WEIGHTS)
def test_one_article_at_most_is_raised_and_nothing_else_changes(weights: list[Weight]) -> None:
    items = (*(article(f"a{at}", 60, weight=weight) for at, weight in enumerate(weights)), NOTICE)
    before = Page(1, "要闻", items)
    after = with_lead(before, quick(), {})
    changed = [(old, new) for old, new in zip(before.items, after.items, strict=True) if old != new]
    if Weight.LEAD in weights or Weight.MAJOR not in weights:
        assert changed == []
        return
    ((old, new),) = changed
    assert isinstance(old, Article)
    assert old.id == f"a{weights.index(Weight.MAJOR)}"
    assert new == replace(old, weight=Weight.LEAD)


@pytest.mark.parametrize("weight", [Weight.NORMAL, Weight.BRIEF])
def test_equals_stay_equal(weight: Weight) -> None:
    assert with_lead(page(weight).pages[0], quick(), {}) == page(weight).pages[0]
