"""What the desk reads of a page that is too full or too empty: by how much, and what would help."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from issue_publisher.composition.remedies import (
    Need,
    Room,
    Saving,
    What,
    errors_of,
    loosening,
    remedies,
    warning_of,
)
from issue_publisher.issue.model import Weight

FILE = "issue.xml"


def need(item: str, least: int, text: int = 0, **more: object) -> Need:
    made = Need(item, "article", 7, Weight.NORMAL, least, least + 20, 12, text=text)
    return replace(made, **more)  # type: ignore[arg-type]


def room(*needs: Need, page: int = 1, lines: int = 90) -> Room:
    return Room(page, 5 * page, 8, lines, 13, needs)


def test_the_longest_text_is_cut_where_only_cuts_help() -> None:
    full = room(need("short", 300, 280), need("long", 440, 400))
    (cut,) = remedies(full, (), most=3)
    assert (cut.what, cut.item, cut.lines, cut.characters) == (What.CUT, "long", 20, 260)


def test_a_page_that_wants_an_item_is_named_before_anything_is_lost() -> None:
    full = room(need("stays", 600, 580), need("goes", 140, 120))
    empty = room(need("other", 300), page=3)
    best, *_ = remedies(full, [empty], most=3)
    assert (best.what, best.item, best.page) == (What.MOVE, "goes", 3)
    assert best.words == "move goes to page 3, where 420 lines are free"


def test_nothing_is_moved_to_a_page_that_has_no_room_for_it() -> None:
    full = room(need("one", 400, 380), need("two", 400, 380))
    assert all(
        remedy.what is not What.MOVE for remedy in remedies(full, [room(need("x", 500), page=2)], most=9)
    )


def test_lead_and_advertisements_stay_where_they_are() -> None:
    full = room(need("lead", 400, 380, weight=Weight.LEAD), need("ad", 400, 0, kind="advertisement"))
    assert {remedy.what for remedy in remedies(full, [room(page=2)], most=9)} == {What.CUT}


def test_a_part_that_is_enough_is_named_with_what_it_saves() -> None:
    saving = Saving("leave out picture 2 of one", 45)
    full = room(need("one", 400, 60, savings=(saving,)), need("two", 350, 50))
    found = remedies(full, (), most=3)
    assert "leave out picture 2 of one (45 lines)" in [remedy.words for remedy in found]


def test_one_line_is_one_line() -> None:
    (error,) = errors_of(room(need("one", 721, 700)), (), FILE, most=3)
    assert "1 line (13 characters) too long" in error.message
    assert " 1 lines" not in str(error)


def test_a_page_too_empty_takes_from_the_one_that_is_too_full() -> None:
    empty, full = room(need("x", 400), page=2), room(need("a", 500, 480), need("b", 300, 280))
    best, *_ = remedies(empty, [full], most=3)
    assert (best.what, best.item, best.page) == (What.TAKE, "b", 1)
    warning = warning_of(empty, [full], FILE, most=3)
    assert warning is not None
    assert (warning.severity, warning.line) == ("warning", 10)
    assert "300 lines (3900 characters) of text are missing" in warning.message


def test_a_page_too_empty_to_be_made_up_says_what_is_missing() -> None:
    (error,) = errors_of(room(need("x", 400)), (), FILE, most=3)
    assert (error.severity, error.code) == ("error", "underset")
    assert "300 lines (3900 characters) of text are missing" in error.message


def test_a_page_that_can_be_full_has_no_warning() -> None:
    assert warning_of(room(need("one", 710)), (), FILE, most=3) is None


def test_where_no_make_up_was_found_the_stiffest_item_is_named() -> None:
    stiff = room(need("supple", 300, 280, sizes=30, most=420), need("stiff", 300, 280, sizes=2))
    best, *_ = loosening(stiff, most=3)
    assert (best.what, best.item) == (What.LOOSEN, "stiff")
    (error,) = errors_of(stiff, (), FILE, most=3)
    assert "no make-up was found, though 120 lines of one column are free" in error.message


def test_items_too_long_by_themselves_have_a_line_each() -> None:
    long = need("long", 800, 790, over=80, sizes=0, line=30)
    one, two = errors_of(room(long, need("x", 100, 90)), (), FILE, most=3)
    assert one.line == 30
    assert "article long is 80 lines too long for page 1 by itself" in one.message
    assert "page 1: its items are 180 lines" in two.message
    assert len(errors_of(room(long), (), FILE, most=3)) == 1


needs = st.builds(
    lambda item, least, share, kind, weight, savings: need(
        item, least, int(least * share), kind=kind, weight=weight, savings=tuple(savings)
    ),
    st.text("abcdef", min_size=1, max_size=4),
    st.integers(10, 400),
    st.floats(0, 0.95),
    st.sampled_from(["article", "briefs", "pictures", "advertisement"]),
    st.sampled_from(Weight),
    st.lists(
        st.builds(Saving, st.just("leave out picture 1"), st.integers(-5, 60), st.booleans()), max_size=2
    ),
)
rooms = st.builds(
    lambda needs, page: room(*needs, page=page),
    st.lists(needs, max_size=8, unique_by=lambda each: each.item),
    st.integers(2, 4),
)


@given(rooms, st.lists(rooms, max_size=2), st.integers(1, 4))
def test_what_is_named_is_enough(here: Room, others: list[Room], most: int) -> None:
    found = remedies(here, others, most=most)
    if here.over:
        assert sum(remedy.lines for remedy in found) >= here.over
        assert all(remedy.lines > 0 and remedy.words for remedy in found)
        for remedy in found:
            if remedy.page is not None:
                assert any(other.page == remedy.page and other.free >= remedy.lines for other in others)
    elif not here.under:
        assert found == ()


@given(rooms, st.lists(rooms, max_size=2), st.integers(1, 4))
def test_a_page_has_at_most_one_line_and_it_says_what_would_help(
    here: Room, others: list[Room], most: int
) -> None:
    errors = errors_of(here, others, FILE, most=most)
    assert len(errors) == (1 if here.over or here.needs else len(errors))
    assert all(error.hint for error in errors if here.needs)
    assert all(error.line == here.line for error in errors)
