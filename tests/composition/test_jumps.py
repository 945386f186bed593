"""Jumps (下转第N版): an article in two parts says everything once, and each part leads to the other."""

from __future__ import annotations

from ctypes import c_int
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composition.issues import FILE, AnyPicture, article, issue_of, note, paragraphs, prose, rich
from composition.test_distribute import by_length, ids, never, tabloid
from composition.walk import check, shown
from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.distribute import distribute
from issue_publisher.composition.jumps import jump_place, parts
from issue_publisher.composition.model import ComposedIssue, TextBlock
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.plan import write_plan
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import (
    Article,
    Author,
    Byline,
    BylinePlace,
    Crosshead,
    Hint,
    Issue,
    Paragraph,
    Weight,
    text,
)
from issue_publisher.issue.notes import noted
from issue_publisher.issue.wording import body_as_printed
from issue_publisher.layout.model import PT_PER_MM, Layout
from issue_publisher.rendering.pages import render_pages
from once import once
from typesetting.paper import faces, layout


def jumping(**more: float | bool) -> Layout:
    """The tabloid, with jumps."""
    made = tabloid()
    return replace(made, pages=replace(made.pages, jumps=True, **more))


def text_mm(item: Article, setter: Setter) -> float:
    """Depth of an article's text in basic columns."""
    from issue_publisher.composition.flow import body_strips

    strips = body_strips(item.body, setter, setter.layout.grid.column_pt)
    return setter.layout.grid.depth_pt(sum(strip.lines for strip in strips)) / PT_PER_MM


def said(item: Article) -> str:
    return "".join(block.text.plain for block in body_as_printed(item) if hasattr(block, "text"))


# --------------------------------------------------------------------------- parting


@settings(max_examples=25, deadline=None)
@given(st.integers(200, 2000), st.integers(40, 300), st.sets(st.integers(0, 20), max_size=3))
def test_parts_say_everything_once_and_are_long_enough(length: int, each: int, crossheads: set[int]) -> None:
    setter = Setter(layout(), faces())
    body = list(paragraphs(length, 3, each))
    for at in sorted(crossheads, reverse=True):
        body.insert(min(at, len(body)), Crosshead(text("小标题")))  # type: ignore[arg-type]
    whole = article("x", 10, body=tuple(body))
    at = jump_place(whole, setter)
    if at is None:
        rules = layout().pages
        assert text_mm(whole, setter) < rules.jump_before_mm + rules.jump_after_mm + max(
            text_mm(replace(whole, body=(block,)), setter) for block in whole.body
        ) * (1 + len(crossheads))
        return
    first, rest = parts(whole, at)
    assert said(first) + said(rest) == said(whole)
    assert not isinstance(first.body[-1], Crosshead)
    assert text_mm(first, setter) >= layout().pages.jump_before_mm
    assert text_mm(rest, setter) >= layout().pages.jump_after_mm


def test_what_closes_an_article_closes_its_second_part() -> None:
    whole = article(
        "x",
        900,
        dateline="本报讯",
        byline=Byline((Author("田宇", "文"),), BylinePlace.END),
        signature=text("执笔田宇"),
        rubric="特稿",
    )
    first, rest = parts(whole, 3)
    assert said(first).startswith("本报讯")
    assert said(rest).endswith("（文 田宇）")
    assert said(first) + said(rest) == said(whole)
    assert (first.signature, rest.signature) == (None, whole.signature)
    assert (first.rubric, rest.rubric) == ("特稿", None)
    assert (rest.headline, rest.weight) == (whole.headline, Weight.BRIEF)


def test_notes_are_numbered_through_and_stand_at_the_end_of_the_second_part() -> None:
    body = [Paragraph(rich(prose(200, at), note(f"第{at}条注。"))) for at in range(1, 5)]
    whole = article("x", 10, body=tuple(body), signature=text("执笔田宇"))
    first, rest = parts(whole, 2)
    assert [said(part)[-1] for part in (first, rest)] == ["②", "④"]
    assert (len(first.notes), [each.mark for each in rest.notes]) == (0, list("①②③④"))
    assert said(first) + said(rest) == said(noted(whole))
    setter = Setter(layout(), faces())
    strips = make_piece(rest, setter).strips(layout().grid.column_pt)
    kinds = [part.kind for strip in strips for part in strip.parts if isinstance(part, TextBlock)]
    assert kinds[kinds.index("signature") :] == ["signature", *["note"] * (len(kinds) - kinds.index("note"))]


# --------------------------------------------------------------------------- which page


LONG = article("long", 3200, 1, weight=Weight.LEAD)


def two_pages(**more: object) -> Issue:
    """The lead of page 1 is far too long for a tabloid's page."""
    lead = replace(LONG, **more)  # type: ignore[arg-type]
    return issue_of([lead, article("a", 700, 2)], [article("b", 1500, 3), article("c", 1200, 4)])


def spread(issue: Issue, made_for: Layout, **more: object) -> Issue:
    return distribute(
        issue,
        made_for,
        more.pop("matter", by_length),  # type: ignore[arg-type]
        file=FILE,
        jump_place=lambda item: len(item.body) // 2,
        **more,  # type: ignore[arg-type]
    )


def test_an_article_too_long_for_its_page_goes_on_on_another() -> None:
    single = jumping(most_per_source_page=1)
    made = spread(two_pages(), single)
    assert ids(made) == [["long", "a"], ["b", "c", "long--2"]]
    first, rest = made.pages[0].items[0], made.pages[1].items[-1]
    assert isinstance(first, Article)
    assert isinstance(rest, Article)
    assert first.jump_line is not None
    assert first.jump_line.plain == "（下转第2版）"
    assert rest.continued_line is not None
    assert rest.continued_line.plain == "（上接第1版）"


def test_a_page_on_two_sheets_keeps_both_parts_on_different_ones() -> None:
    made = spread(two_pages(body=paragraphs(3600, 1)), jumping())
    place = {item: page for page, items in enumerate(ids(made)) for item in items}
    assert place["long"] < place["long--2"]
    assert made.pages[place["long"]].title == made.pages[place["long--2"]].title


def test_the_desk_may_ask_for_a_jump_and_layouts_refuse() -> None:
    issue = issue_of([article("x", 500, hint=Hint(jump=2)), article("a", 600, 1)], [article("b", 800, 2)])
    made = spread(issue, jumping())
    assert ids(made)[-1] == ["b", "x--2"]
    assert spread(issue, replace(tabloid(1))) == issue


def test_a_plan_decides_whether_an_article_is_in_two() -> None:
    single = jumping(most_per_source_page=1)
    planned = {"long": 1, "a": 1, "b": 2, "c": 2}
    assert ids(spread(two_pages(), single, planned=planned, matter=never)) == [["long", "a"], ["b", "c"]]
    made = spread(two_pages(), single, planned={**planned, "long--2": 2}, matter=never)
    assert ids(made) == [["long", "a"], ["b", "c", "long--2"]]


# --------------------------------------------------------------------------- made up


TWO_PAGES = issue_of(
    [
        article("x", 1500, 1, weight=Weight.LEAD, hint=Hint(jump=2)),
        *(article(f"a{n}", 880, n) for n in (2, 3, 4)),
    ],
    [article("b", 900, 5, weight=Weight.LEAD), *(article(f"c{n}", 680, n) for n in (6, 7, 8))],
)
ONE_SHEET = jumping(most_per_source_page=1, jump_above=1.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ComposedIssue:
    """Two pages, the lead of the first in two parts."""
    return once(
        tmp_path_factory,
        "jumping",
        lambda: compose_issue(TWO_PAGES, ONE_SHEET, faces(), AnyPicture(), file=FILE),
    )


def test_both_parts_are_made_up_with_their_lines(made: ComposedIssue) -> None:
    check(made)
    frames = {frame.placement.item: frame for page in made.pages for frame in page.frames}
    assert {"x", "x--2"} <= set(frames)
    last = [part for part in frames["x"].parts if isinstance(part, TextBlock)][-1]
    assert (last.kind, last.lines[0].text) == ("jump", "（下转第2版）")
    assert "（上接第1版）" in shown(frames["x--2"])
    sizes = {name: frames[name].placement.choice.headline_pt for name in ("x", "x--2")}
    assert sizes["x--2"] < sizes["x"]


def test_the_plan_gives_the_same_pages_again(made: ComposedIssue) -> None:
    again = compose_issue(TWO_PAGES, ONE_SHEET, faces(), AnyPicture(), file=FILE, plan=write_plan(made))
    assert again.issue == made.issue
    assert [page.frames for page in again.pages] == [page.frames for page in made.pages]


def test_a_click_leads_from_either_part_to_the_other(made: ComposedIssue) -> None:
    document = pdfium.PdfDocument(render_pages(made, jumping(), faces(), {}))
    assert [linked_pages(document, page) for page in range(len(document))] == [{1}, {0}]


def linked_pages(document: pdfium.PdfDocument, page: int) -> set[int]:
    """The pages that the links of a page lead to."""
    found: set[int] = set()
    at, link = c_int(0), raw.FPDF_LINK()
    loaded = document[page]
    while raw.FPDFLink_Enumerate(loaded, at, link):
        found.add(raw.FPDFDest_GetDestPageIndex(document, raw.FPDFLink_GetDest(document, link)))
    return found
