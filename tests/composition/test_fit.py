"""--fit: as little as helps of what is optional, in the layout's order, and never without a word."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composition.issues import (
    BRIEFS,
    FILE,
    PICTURES,
    AnyPicture,
    article,
    composed,
    figure,
    issue_of,
    note,
    paragraphs,
    quick,
    rich,
)
from composition.walk import check_words
from issue.strategies import articles
from issue_publisher.composition.compose import Wishes, compose_issue
from issue_publisher.composition.fit import fitted, warnings_of
from issue_publisher.composition.jumps import parts
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.composition.plan import write_plan
from issue_publisher.composition.remedies import DoesNotFit, Need, Room
from issue_publisher.composition.spare import Spare, crossheads_gone, may_go, page_without, spares, without
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import (
    Article,
    Briefs,
    Crosshead,
    Figure,
    Issue,
    Item,
    Page,
    Paragraph,
    PictureItem,
    PullQuote,
    Weight,
    text,
)
from issue_publisher.issue.notes import noted
from issue_publisher.layout.model import FitStep
from typesetting.paper import faces

ORDER = (FitStep.PULL_QUOTES, FitStep.HEADLINES, FitStep.PICTURES, FitStep.PARAGRAPHS)
SPARE_PARAGRAPH = Paragraph(text("这一段版面放得下才登。" * 6), optional=True, line=80)
SPARE_QUOTE = PullQuote(text("每一炉都不一样"), optional=True, line=81)
SPARE_PICTURE = figure(1, optional=True, line=82)


def optional_article(identity: str, weight: Weight = Weight.NORMAL, **more: object) -> Article:
    """An article with one of everything that may be left out."""
    made = article(identity, 300, 1, weight=weight)
    body = (SPARE_PICTURE, *made.body, SPARE_QUOTE, SPARE_PARAGRAPH)
    made = replace(made, body=body, headline=text("一个很长很长的标题"), alternatives=(text("短题", 83),))
    return replace(made, **more)  # type: ignore[arg-type]


# --------------------------------------------------------------------------- without a solver


def size(item: Item) -> int:
    """Lines that an item takes in these tests: plain to reckon with."""
    if not isinstance(item, Article):
        return 40
    lines = len(item.headline.plain) if item.headline else 0
    for block in item.body:
        match block:
            case Figure():
                lines += 30
            case PullQuote():
                lines += 5
            case Paragraph():
                lines += len(block.text.plain) // 13 + 1
    return lines


def needed(item: Item) -> Need:
    weight = item.weight if isinstance(item, Article) else Weight.NORMAL
    return Need(item.id, "article", 1, weight, size(item), size(item) + 20, 9)


def room_of(page: Page, area: int) -> Room:
    return Room(page.number, 1, 1, area, 13, tuple(map(needed, page.items)))


def leave_out(page: Page, area: int, order: tuple[FitStep, ...] = ORDER) -> tuple[Page, tuple[Spare, ...]]:
    """Fit a page to so many lines, where every page that is small enough can be made up."""

    def make(page: Page) -> Page:
        if not room_of(page, area).holds:
            raise DoesNotFit(room_of(page, area))
        return page

    makeup: Any = SimpleNamespace(fit=order, fit_tries=5)
    return fitted(page, DoesNotFit(room_of(page, area)), make, needed, makeup)


def page_of(*items: Item) -> Page:
    return Page(1, "要闻", items)


WHOLE = page_of(optional_article("heavy", Weight.MAJOR), optional_article("light", Weight.BRIEF))
ALL = sum(map(size, WHOLE.items))


@pytest.mark.parametrize(
    ("over", "names"),
    [
        (1, ["light: pull quote 1"]),
        (6, ["heavy: pull quote 1", "light: pull quote 1"]),
        (11, ["light: headline 1", "light: pull quote 1"]),
        (30, ["light: picture 1"]),
    ],
)
def test_the_least_goes_in_the_order_of_the_layout_light_articles_first(over: int, names: list[str]) -> None:
    _, gone = leave_out(WHOLE, ALL - over)
    assert sorted(f"{spare.item}: {spare.name}" for spare in gone) == names


def test_the_order_is_the_layout_s() -> None:
    _, gone = leave_out(WHOLE, ALL - 1, (FitStep.PARAGRAPHS, FitStep.PULL_QUOTES))
    assert [spare.step for spare in gone] == [FitStep.PARAGRAPHS]


def test_a_kind_that_the_layout_does_not_name_stays() -> None:
    with pytest.raises(DoesNotFit) as caught:
        leave_out(WHOLE, ALL - 40, (FitStep.PULL_QUOTES,))
    assert caught.value.room.fitted
    assert {spare.step for spare in caught.value.gone} == {FitStep.PULL_QUOTES}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Weight), st.lists(st.integers(10, 200), min_size=1, max_size=4), st.booleans()
        ),
        min_size=1, max_size=4,
    ),
    st.integers(1, 120),
    st.permutations(ORDER),
)  # fmt: skip
def test_nothing_goes_that_need_not(drawn: list[Any], over: int, order: list[FitStep]) -> None:
    items = []
    for number, (weight, lengths, quoted) in enumerate(drawn):
        body = (
            *(Paragraph(text("字" * length), at % 2 == 1, line=at) for at, length in enumerate(lengths)),
            *((SPARE_QUOTE,) if quoted else ()),
            replace(SPARE_PICTURE, optional=quoted),
        )
        items.append(optional_article(f"a{number}", weight, body=body))
    page = page_of(*items)
    area = sum(map(size, items)) - over
    try:
        made, gone = leave_out(page, area, tuple(order))
    except DoesNotFit:
        every = [spare for item in items for spare in spares(item) if spare.optional]
        assert not room_of(page_without(page, every), area).holds
        return
    assert room_of(made, area).holds
    assert all(spare.optional for spare in gone)
    for spare in gone:
        assert not room_of(page_without(page, [other for other in gone if other != spare]), area).holds
    assert len(warnings_of(page, gone, FILE)) == len(gone)


@pytest.mark.parametrize("enough", range(1, 7))
def test_where_no_make_up_is_found_more_goes_and_what_need_not_comes_back(enough: int) -> None:
    lines = sorted(
        {sum(map(size, page_without(WHOLE, _first(count)).items)) for count in range(7)}, reverse=True
    )
    tried: list[int] = []

    def make(page: Page) -> Page:
        tried.append(sum(map(size, page.items)))
        if tried[-1] > lines[enough]:
            raise DoesNotFit(room_of(page, ALL))
        return page

    makeup: Any = SimpleNamespace(fit=ORDER, fit_tries=6)
    _, gone = fitted(WHOLE, DoesNotFit(room_of(WHOLE, ALL)), make, needed, makeup)
    assert len(gone) == enough
    assert len(tried) <= 6


def _first(count: int) -> list[Spare]:
    """What goes from WHOLE when so many parts are to go."""
    order = [(step, item) for step in ORDER for item in ("light", "heavy")]
    every = [spare for item in WHOLE.items for spare in spares(item) if spare.optional]
    return sorted(every, key=lambda spare: order.index((spare.step, spare.item)))[:count]


def test_paragraphs_that_save_nothing_alone_go_together() -> None:
    """A page's legs are whole lines: half a line less is no line less."""
    body = (*paragraphs(200), *(Paragraph(text("字" * 60), optional=True, line=at) for at in range(3)))
    page = page_of(article("a", 1, body=body))

    def coarse(item: Item) -> Need:
        lines = -(-size(item) // 10) * 10
        return replace(needed(item), least=lines, most=lines)

    whole = Room(1, 1, 1, coarse(page.items[0]).least - 10, 13, (coarse(page.items[0]),))
    makeup: Any = SimpleNamespace(fit=ORDER, fit_tries=1)
    _, gone = fitted(page, DoesNotFit(whole), lambda page: page, coarse, makeup)
    assert coarse(page_without(page, gone).items[0]).least <= whole.area
    assert 0 < len(gone) < 3


def test_make_ups_are_not_tried_for_ever() -> None:
    tried: list[Page] = []

    def make(page: Page) -> Page:
        tried.append(page)
        raise DoesNotFit(room_of(page, ALL))

    makeup: Any = SimpleNamespace(fit=ORDER, fit_tries=2)
    with pytest.raises(DoesNotFit) as caught:
        fitted(WHOLE, DoesNotFit(room_of(WHOLE, ALL)), make, needed, makeup)
    assert len(tried) == 2
    assert caught.value.room.holds


# --------------------------------------------------------------------------- what may go


def words_of(item: Item) -> Counter[str]:
    found = Counter[str]()

    def take(value: Any) -> None:
        if isinstance(value, Paragraph | PullQuote | Crosshead):
            found[value.text.plain] += 1
        elif isinstance(value, Figure):
            found[value.src] += 1
        elif isinstance(value, tuple):
            for each in value:
                take(each)
        elif hasattr(value, "blocks"):
            take(value.blocks)

    if isinstance(item, Briefs):
        for brief in item.articles:
            take(brief.body)
    else:
        take(item.figures if isinstance(item, PictureItem) else item.body)  # type: ignore[union-attr]
    return found


@given(articles(), st.data())
def test_an_item_without_some_parts_has_all_the_others(item: Article, data: st.DataObject) -> None:
    gone: list[Spare] = []
    for spare in data.draw(st.permutations(spares(item))):
        if may_go(item, gone, spare) and data.draw(st.booleans()):
            gone.append(spare)
    less = without(item, gone)
    left = words_of(item) - words_of(less)
    assert sum(left.values()) == len([s for s in gone if s.at]) + len(crossheads_gone(item, gone))
    assert any(isinstance(block, Paragraph) for block in item.body) <= bool(less.body)
    chosen = next((spare for spare in gone if not spare.at), None)
    assert less.headline == (item.alternatives[chosen.number - 1] if chosen else item.headline)


def test_a_crosshead_goes_with_the_last_paragraph_under_it_and_is_named() -> None:
    body = (*paragraphs(200), Crosshead(text("下一个十年"), 30), SPARE_PARAGRAPH)
    item = article("a", 1, body=body)
    gone = [spare for spare in spares(item) if spare.optional]
    assert without(item, gone).body == body[:-2]
    said = [str(warning) for warning in warnings_of(page_of(item), gone, FILE)]
    assert any("30: left out to fit: the crosshead “下一个十年” of a" in line for line in said)


def test_a_paragraph_takes_its_notes_along_and_those_left_are_numbered_anew() -> None:
    spare = Paragraph(rich("可登可不登的一段。", note("先去的注。")), optional=True)
    item = article(
        "a", 1, body=(spare, *paragraphs(200), Paragraph(rich("留下的一段。", note("留下的注。"))))
    )
    gone = [spare for spare in spares(item) if spare.optional]
    assert [spare.characters for spare in gone] == [len("可登可不登的一段。先去的注。")]
    less = without(item, gone)
    assert isinstance(less, Article)
    assert [each.text.plain for each in noted(less).notes] == ["留下的注。"]
    assert [each.mark for each in noted(less).notes] == ["①"]


def test_a_part_of_a_jump_keeps_the_paragraphs_whose_notes_stand_on_the_other_page() -> None:
    spare = Paragraph(rich("可登可不登的一段。", note("注。")), optional=True)
    whole = article("a", 1, body=(*paragraphs(200), spare, SPARE_PARAGRAPH, *paragraphs(200, 2)))
    first, rest = parts(whole, len(whole.body) - 1)
    assert [spare.words for spare in spares(first) if spare.optional] == [_opening(SPARE_PARAGRAPH)]
    assert [each.mark for each in rest.notes] == ["①"]


def _opening(paragraph: Paragraph) -> str:
    return paragraph.text.plain[:12] + "…"


@pytest.mark.parametrize("item", [BRIEFS, PICTURES, article("a", 1, body=(SPARE_PARAGRAPH,))])
def test_something_stays_of_every_item(item: Item) -> None:
    gone: list[Spare] = []
    for spare in spares(item):
        if may_go(item, gone, spare):
            gone.append(spare)
    assert words_of(without(item, gone))


# --------------------------------------------------------------------------- with the solver


def crowded() -> Issue:
    """A page of one long article, too full by its optional matter."""
    long = article("long", 8_000, 3, weight=Weight.LEAD)
    return issue_of([replace(long, body=(*long.body[:-1], *[replace(SPARE_PARAGRAPH)] * 8, long.body[-1]))])


def made(issue: Issue, plan: bytes | None = None, **wishes: bool) -> ComposedIssue:
    return compose_issue(issue, quick(), faces(), AnyPicture(), file=FILE, plan=plan, wishes=Wishes(**wishes))


def test_every_word_that_was_not_left_out_is_printed_and_the_plan_gives_the_same_page() -> None:
    issue = crowded()
    with pytest.raises(SourceErrors, match="build with --fit"):
        made(issue)
    page = made(issue, fit=True)
    check_words(page)
    names = page.pages[0].frames[0].placement.left_out
    said = [finding for finding in page.findings if finding.code == "left-out"]
    assert 0 < len(names) == len(said) < 8
    before, after = words_of(issue.pages[0].items[0]), words_of(page.pages[0].page.items[0])
    assert sum((before - after).values()) == len(names)
    plan = write_plan(page)
    again = made(issue, plan)
    assert [each.frames for each in again.pages] == [each.frames for each in page.pages]
    assert again.findings == tuple(said)


def test_what_fits_whole_is_printed_whole() -> None:
    issue = issue_of([optional_article("a"), article("b", 900, 2)])
    page = made(issue, fit=True)
    assert page.issue == issue
    assert not [finding for finding in page.findings if finding.code == "left-out"]
    assert page == composed(issue, made_for=quick())


def test_a_plan_that_leaves_out_what_is_not_optional_is_refused() -> None:
    plan = b'[page-1.a]\ncolumn = 0\ncolumns = 3\nrow = 14\nlines = 12\nleft_out = ["paragraph 1"]\n'
    with pytest.raises(SourceErrors, match="left_out names paragraph 1, which is not there or not optional"):
        made(issue_of([optional_article("a")]), plan)
