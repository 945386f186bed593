"""Which piece is printed on which page: everything once, in order, level, and the same on every run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composition.issues import (
    BRIEFS,
    FILE,
    NOTICE,
    WHOLE,
    AnyPicture,
    article,
    composed,
    figure,
    inline,
    issue_of,
    quick,
    rich,
)
from composition.walk import check
from issue_publisher.composition.compose import Wishes, compose_issue
from issue_publisher.composition.distribute import distribute, printed_rooms
from issue_publisher.composition.matter import Matter, matter_of
from issue_publisher.composition.plan import write_plan
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Copy,
    Ear,
    InlineKind,
    Issue,
    Item,
    Link,
    Page,
    Paragraph,
    Relation,
    SeriesPart,
    Text,
    Weight,
    text,
)
from issue_publisher.layout.model import Layout
from issue_publisher.production.load import load
from issue_publisher.rendering.pages import pages_html
from typesetting.paper import faces, layout


def tabloid(most: int = 2) -> Layout:
    """Half a broadsheet: six columns, one page of the source on two sheets."""
    made = quick()
    sizes = {
        weight: replace(
            role,
            sizes_pt=tuple(round(size * 0.75) for size in role.sizes_pt),
            max_columns=min(6, role.max_columns),
        )
        for weight, role in made.headline.items()
    }
    return replace(
        made,
        grid=replace(made.grid, columns=6, column_characters=12, lines=75),
        headline=sizes,
        pages=replace(made.pages, most_per_source_page=most),
    )


def by_length(item: Item) -> Matter:
    """A guess at the room of an item, quicker than setting it."""
    if isinstance(item, Advertisement):
        return Matter(60, 60, 60)
    assert isinstance(item, Article)
    cells = 12 + sum(len(block.text.plain) for block in item.body if hasattr(block, "text")) // 12
    cells += 30 * len(item.figures)
    return Matter(cells, cells * 6 // 5, cells * 2)


def never(item: Item) -> Matter:
    raise AssertionError(f"{item.id} was measured, and nothing had to be decided")


def ids(issue: Issue) -> list[list[str]]:
    return [[item.id for item in page.items] for page in issue.pages]


def spread(issue: Issue, made_for: Layout | None = None, **more: object) -> Issue:
    matter = more.pop("matter", by_length)
    return distribute(issue, made_for or tabloid(), matter, file=FILE, **more)  # type: ignore[arg-type]


def faults(issue: Issue, made_for: Layout | None = None, **more: object) -> tuple[SourceError, ...]:
    with pytest.raises(SourceErrors) as caught:
        spread(issue, made_for, **more)
    return caught.value.errors


def titled(issue: Issue, *titles: str) -> Issue:
    pages = (replace(page, title=title) for page, title in zip(issue.pages, titles, strict=True))
    return replace(issue, pages=tuple(pages))


def waiting(section: str, *items: Item, line: int = 70) -> Copy:
    return Copy(section, items, line)


def page_of(issue: Issue, identity: str) -> int:
    return next(page.number for page in issue.pages if identity in [item.id for item in page.items])


# --------------------------------------------------------------------------- nothing to decide


def test_a_page_of_the_source_that_is_a_sheet_stays_as_it_is() -> None:
    assert distribute(WHOLE, layout(), never, file=FILE) is WHOLE


def test_a_full_plan_decides_everything() -> None:
    """Even the number of sheets: nothing is measured."""
    issue = issue_of([article(f"a{n}", 900, n) for n in range(6)], [article("z", 500)])
    planned = {"a0": 1, "a1": 2, "a2": 1, "a3": 2, "a4": 2, "a5": 1, "z": 3}
    made = distribute(issue, tabloid(), never, file=FILE, planned=planned)
    assert ids(made) == [["a0", "a2", "a5"], ["a1", "a3", "a4"], ["z"]]


def test_a_plan_moves_a_piece_among_the_sheets_of_its_page_only() -> None:
    """What it has on another page is left to the reader of the plan, which says that it is not there."""
    issue = issue_of([article(f"a{n}", 900, n) for n in range(6)], [article("z", 500)])
    free = spread(issue)
    place = page_of(free, "a3")
    moved = spread(issue, planned={"a3": 3 - place, "z": 1})
    assert page_of(moved, "a3") == 3 - place
    assert page_of(moved, "z") == 3


# --------------------------------------------------------------------------- one page on several sheets


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    """Issues of up to three pages, with copy that waits for one of them or two."""
    number = 0

    def articles(most: int) -> list[Item]:
        nonlocal number
        found: list[Item] = []
        for _ in range(draw(st.integers(1, most))):
            number += 1
            weight = draw(st.sampled_from(Weight))
            inserts = (figure(number),) * draw(st.integers(0, 1))
            made = article(f"a{number}", draw(st.integers(80, 690)), number, weight=weight)
            if number > 1 and draw(st.booleans()):
                made = replace(made, links=(Link(f"a{draw(st.integers(1, number - 1))}"),))
            found.append(replace(made, body=(*inserts, *made.body)))
        return found

    made = issue_of(*(articles(7) for _ in range(draw(st.integers(1, 3)))), imprint=draw(st.booleans()))
    made = titled(made, *["要闻", "综合", "副刊"][: len(made.pages)])
    sections = draw(st.sets(st.sampled_from([page.title for page in made.pages])))
    return replace(made, copy=tuple(waiting(section, *articles(2)) for section in sorted(sections)))


@settings(max_examples=60, deadline=None)
@given(issues(), st.integers(1, 3))
def test_every_piece_is_on_one_page_in_order(issue: Issue, most: int) -> None:
    try:
        made = spread(issue, tabloid(most), plan_pages=True)
    except SourceErrors:
        assert most < 3  # three sheets hold all that is drawn here
        return
    order = [item.id for item in issue.items()]
    assert sorted(order) == sorted(item.id for page in made.pages for item in page.items)
    assert all(page == sorted(page, key=order.index) for page in ids(made))
    assert [page.number for page in made.pages] == list(range(1, len(made.pages) + 1))
    titles = {item.id: page.title for page in issue.pages for item in page.items}
    titles |= {item.id: copy.section for copy in issue.copy for item in copy.items}
    assert all(titles[item.id] == page.title for page in made.pages for item in page.items)
    assert not made.copy
    assert made == spread(issue, tabloid(most), plan_pages=True)
    planned = {item.id: page.number for page in made.pages for item in page.items}
    assert made == distribute(issue, tabloid(most), never, file=FILE, planned=planned)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(200, 1200), min_size=6, max_size=12))
def test_no_page_is_too_full_when_all_can_be_held(lengths: list[int]) -> None:
    issue = issue_of([article(f"a{n}", length, n) for n, length in enumerate(lengths)])
    made = spread(issue, tabloid(4))
    rooms = printed_rooms(issue, [len(made.pages)], tabloid())
    taken = [sum(by_length(item).least for item in page.items) for page in made.pages]
    if sum(taken) < sum(rooms) * 0.8:
        assert all(least <= room for least, room in zip(taken, rooms, strict=True))


def test_each_sheet_has_a_piece_that_holds_it_and_a_picture() -> None:
    pieces = [
        article("lead", 900, 0, weight=Weight.LEAD),
        article("major", 800, 1, weight=Weight.MAJOR),
        *(article(f"n{n}", 700, n) for n in range(6)),
    ]
    pieces = [replace(piece, body=(figure(), *piece.body)) for piece in pieces[:3]] + pieces[3:]
    made = spread(issue_of(pieces))
    assert len(made.pages) == 2
    assert page_of(made, "lead") == 1
    assert page_of(made, "major") == 2
    for page in made.pages:
        assert any(item.figures for item in page.items if isinstance(item, Article))


def majors(page: Page) -> list[str]:
    return [item.id for item in page.items if isinstance(item, Article) and item.weight is Weight.MAJOR]


def test_the_desks_first_article_leads_a_sheet_that_has_no_other_head() -> None:
    """Its headline is then the largest there; the source does not change."""
    pieces = [
        article("lead", 1500, weight=Weight.LEAD),
        *(article(f"n{n}", 700 + 40 * n, n) for n in range(6)),
    ]
    made = spread(issue_of(pieces))
    second = [item for item in made.pages[1].items if isinstance(item, Article)]
    assert len(second) > 1
    assert majors(made.pages[1]) == [second[0].id]


def test_neither_a_feature_nor_a_short_piece_leads_where_news_can() -> None:
    pieces = [
        article("lead", 1500, weight=Weight.LEAD),
        article("feature", 1000, 1, genre="feature"),
        article("short", 250, 2),
        article("news", 800, 3),
        article("more", 800, 4),
    ]
    issue = issue_of(pieces)
    planned = {"lead": 1, **{piece.id: 2 for piece in pieces[1:]}}
    made = spread(issue, planned=planned)
    assert majors(made.pages[1]) == ["news"]


def test_what_comes_first_in_the_source_comes_first_in_print() -> None:
    """Equals are spread in the desk's order, where the sheets come out level."""
    pieces = [article("lead", 900, weight=Weight.LEAD), *(article(f"n{n}", 700, n) for n in range(7))]
    made = spread(issue_of(pieces))
    assert [item.id for page in made.pages for item in page.items] == [piece.id for piece in pieces]


@pytest.mark.parametrize("bond", ["link", "series"])
def test_what_belongs_together_stays_together(bond: str) -> None:
    pieces = [article(f"n{n}", 700, n) for n in range(8)]
    if bond == "link":
        pieces[7] = replace(pieces[7], links=(Link("n0", Relation.COMMENT_ON),))
    else:
        pieces[0] = replace(pieces[0], series=SeriesPart("炉前三代", 1, "上"))
        pieces[7] = replace(pieces[7], series=SeriesPart("炉前三代", 2, "下"))
    made = spread(issue_of(pieces))
    assert len(made.pages) == 2
    assert page_of(made, "n0") == page_of(made, "n7")


def test_an_advertisement_keeps_to_the_last_sheet_of_its_page() -> None:
    made = spread(issue_of([NOTICE, *(article(f"n{n}", 700, n) for n in range(8))], [article("z", 600)]))
    assert len(made.pages) == 3
    assert page_of(made, "notice") == 2


def test_the_number_of_sheets_is_that_of_the_matter() -> None:
    long, short = [article(f"n{n}", 900, n) for n in range(8)], [article("m", 900), article("o", 900, 1)]
    made = spread(titled(issue_of(long, short), "要闻", "副刊"))
    assert [page.title for page in made.pages] == ["要闻", "要闻", "副刊"]


def test_the_nameplate_says_how_many_pages_are_printed() -> None:
    issue = issue_of([article(f"n{n}", 900, n) for n in range(8)])
    issue = replace(issue, nameplate=replace(issue.nameplate, edition="今日1版"))
    assert spread(issue).nameplate.edition == "今日2版"
    other = replace(issue, nameplate=replace(issue.nameplate, edition="本期16开"))
    assert spread(other).nameplate.edition == "本期16开"


def test_a_reference_that_says_a_page_says_the_printed_one() -> None:
    def reference(to: str, words: str) -> Text:
        return rich("见", inline(InlineKind.REFERENCE, words, to=to), "。")

    issue = issue_of([article(f"n{n}", 900, n) for n in range(8)], [article("z", 900), BRIEFS])
    ear = Ear((Paragraph(reference("z", "2版")), Paragraph(reference("b2", "第二版"))))
    first = replace(issue.pages[0].items[0], body=(Paragraph(reference("z", "这篇稿")),))
    pages = (replace(issue.pages[0], items=(first, *issue.pages[0].items[1:])), issue.pages[1])
    issue = replace(issue, nameplate=replace(issue.nameplate, ears=(ear,)), pages=pages)
    made = spread(issue, matter=lambda item: Matter(90, 100, 180))
    assert page_of(made, "z") == page_of(made, "briefs") > 2
    said = [paragraph.text.plain for paragraph in made.nameplate.ears[0].paragraphs]
    assert said == [f"见{page_of(made, 'z')}版。", f"见第{page_of(made, 'z')}版。"]
    assert made.pages[0].items[0] == first


# --------------------------------------------------------------------------- copy that waits


def two_sections() -> Issue:
    made = issue_of([article("a", 3000, 0, weight=Weight.LEAD)], [article("b", 3000, 1)])
    copy = (
        waiting("要闻", article("w1", 900, 2), article("w2", 900, 3), line=70),
        waiting("副刊", article("w3", 900, 4), line=90),
    )
    return replace(titled(made, "要闻", "副刊"), copy=copy)


def test_copy_is_given_a_page_of_its_section() -> None:
    made = spread(two_sections(), layout(), plan_pages=True)
    assert ids(made) == [["a", "w1", "w2"], ["b", "w3"]]


def test_copy_goes_where_there_is_room_among_the_pages_of_a_title() -> None:
    made = issue_of([article("a", 4000, 0, weight=Weight.LEAD)], [article("b", 1000, 1)])
    made = replace(made, copy=(waiting("要闻", article("w1", 2000, 2), article("w2", 900, 3)),))
    assert ids(spread(made, layout(), plan_pages=True)) == [["a"], ["b", "w1", "w2"]]


def test_a_page_may_be_filled_from_copy_alone() -> None:
    made = titled(issue_of([article("a", 900)], []), "要闻", "副刊")
    made = replace(made, copy=(waiting("副刊", article("w", 900, 1)),))
    assert ids(spread(made, layout(), plan_pages=True)) == [["a"], ["w"]]


def test_without_the_option_copy_that_waits_is_an_error_that_names_it() -> None:
    first, second = faults(two_sections(), layout())
    assert (first.file, first.line, first.code) == (FILE, 70, "no-page")
    assert "w1, w2 have no page" in first.message
    assert "--plan-pages" in first.hint
    assert (second.line, second.message) == (90, "<copy> (待排稿): w3 has no page")


def test_a_plan_that_places_all_copy_needs_no_option() -> None:
    planned = {"a": 1, "b": 2, "w1": 1, "w2": 1, "w3": 2}
    assert ids(spread(two_sections(), layout(), planned=planned, matter=never)) == [
        ["a", "w1", "w2"],
        ["b", "w3"],
    ]


def test_a_section_that_is_full_says_what_to_take_out_and_where_there_is_room() -> None:
    made = issue_of([article("a", 8000)], [article("b", 900, 1)])
    copy = waiting("要闻", article("small", 300, 2), article("large", 2900, 3))
    (fault,) = faults(replace(titled(made, "要闻", "副刊"), copy=(copy,)), layout(), plan_pages=True)
    assert (fault.line, fault.code) == (70, "overset")
    assert fault.message.startswith("要闻 is ")
    assert fault.hint.startswith(
        "take out large and small (289 lines), or let it wait for 副刊, where about "
    )
    roomier = replace(made, pages=(replace(made.pages[0], items=(article("a", 6000),)), made.pages[1]))
    (fault,) = faults(replace(titled(roomier, "要闻", "副刊"), copy=(copy,)), layout(), plan_pages=True)
    assert fault.hint.startswith("take out large (252 lines)")


# --------------------------------------------------------------------------- made up


@pytest.fixture(scope="module")
def half_size() -> Issue:
    """A page for two sheets, one piece of it waiting."""
    pieces = [
        article("lead", 1300, 0, weight=Weight.LEAD),
        article("major", 1100, 1, weight=Weight.MAJOR),
        *(article(f"n{n}", 520 + 40 * n, n) for n in range(6)),
    ]
    made = issue_of(pieces, imprint=True)
    return replace(made, copy=(waiting("要闻", article("w", 700, 9, headline=text("等版面的一篇"))),))


def test_the_sheets_are_made_up_and_their_plan_gives_them_again(half_size: Issue) -> None:
    made = compose_issue(
        half_size, tabloid(), faces(), AnyPicture(), file=FILE, wishes=Wishes(plan_pages=True)
    )
    assert [page.page.number for page in made.pages] == [1, 2]
    check(made)
    again = composed(half_size, write_plan(made), made_for=tabloid())
    assert again.issue == made.issue
    assert [page.frames for page in again.pages] == [page.frames for page in made.pages]
    html = pages_html(made, tabloid(), faces(), {}).html
    assert html.count('<header class="nameplate') == html.count('class="folio"') == 1
    assert html.count('class="imprint') == 1
    assert html.index('<header class="nameplate') < html.index('class="folio"') < html.index('class="imprint')


def test_the_sample_is_eight_tabloid_pages_that_can_be_filled(repository) -> None:  # type: ignore[no-untyped-def]
    source = load(repository / "source/2026-11-23").source
    assert source is not None
    made_for = tabloid()
    setter = Setter(made_for, faces())
    known = {
        item.id: matter_of(item, setter, source.pictures, made_for.grid.lines)
        for item in source.issue.items()
    }
    made = distribute(source.issue, made_for, lambda item: known[item.id], file=FILE)
    assert [page.title for page in made.pages] == [page.title for page in source.issue.pages for _ in "ab"]
    for page, room in zip(made.pages, printed_rooms(made, [1] * 8, made_for), strict=True):
        least = sum(known[item.id].least for item in page.items)
        most = sum(known[item.id].most for item in page.items)
        assert least <= room * 0.91, page.number
        assert most >= room * 1.2, page.number
