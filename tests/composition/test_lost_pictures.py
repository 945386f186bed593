"""Empty places of lost pictures: any depth, no file, never the main thing; the page comes out full."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composition.issues import FILE, figure, quick
from composition.lost import TWO_PEOPLE, lost, lost_issue, lost_issue_made_up, with_lost
from composition.pages import FOOT, TOP, Made, page_of
from issue_publisher.composition.choices import choices
from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.figure import figure_lines, figure_parts, wanted_columns
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import ComposedIssue, PictureAt, PictureBox
from issue_publisher.composition.over import Over, PictureRow, rows_of
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.plan import write_plan
from issue_publisher.composition.report import PageReport
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Shape
from issue_publisher.issue.model import Figure, PictureItem, text
from issue_publisher.issue.wording import names_people
from typesetting.paper import faces, layout

LOST = layout().lost_picture


@cache
def setter() -> Setter:
    return Setter(layout(), faces())


@pytest.fixture(scope="module")
def made() -> ComposedIssue:
    return lost_issue_made_up()


def boxes(made: ComposedIssue) -> list[PictureBox]:
    parts = (part for page in made.pages for frame in page.frames for part in frame.parts)
    return [part for part in parts if isinstance(part, PictureBox)]


# --------------------------------------------------------------------------- one place


@given(
    st.floats(110, 990), st.sampled_from([None, TWO_PEOPLE, text("图为" + "很长的说明" * 20)]), st.booleans()
)
def test_a_place_fills_every_depth_that_it_offers(width: float, caption: object, credit: bool) -> None:
    place = lost(caption=caption, credit=text("沈禾　摄") if credit else None)
    fewest, natural, most = figure_lines(place, {}, width, setter())
    assert 1 <= fewest <= natural <= most
    for lines in range(fewest, most + 1):
        box, *words = figure_parts(place, {}, 3.0, 5.0, width, lines, setter())
        assert isinstance(box, PictureBox)
        assert box.words == LOST.words
        foot = max([box.y_pt + box.depth_pt, *(part.y_pt + part.depth_pt for part in words)])  # type: ignore[union-attr]
        room = 5.0 + lines * setter().leading_pt
        assert room - setter().leading_pt < foot <= room
        assert min(LOST.ratio[0], LOST.broad_ratio[0]) - 0.01 <= width / box.depth_pt
        assert width / box.depth_pt <= max(LOST.ratio[1], LOST.broad_ratio[1]) + 0.01


def test_a_place_has_more_depths_than_a_photograph_and_none_beyond_its_share() -> None:
    grid = layout().grid
    page = grid.width_pt(grid.columns) * grid.depth_pt(grid.lines)
    for columns in range(1, grid.columns + 1):
        width = grid.width_pt(columns)
        fewest, _, most = figure_lines(lost(), {}, width, setter())
        box = figure_parts(lost(), {}, 0, 0, width, most, setter())[0]
        assert most > fewest or width * width / LOST.broad_ratio[1] > LOST.most_share * page
        assert most == fewest or width * box.depth_pt <= LOST.most_share * page  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("caption", "small"),
    [
        ("图为沈禾（左）与田宇。", True),
        ("图为沈禾(右)在车间。", True),
        ("沈禾近照。", True),
        ("图为沈禾（左二）与工友交流。", False),
        ("图为会议现场。", False),
        ("图为左岸码头。", False),
    ],
)
def test_a_caption_tells_whether_one_or_two_people_were_seen(caption: str, small: bool) -> None:
    assert names_people(caption) is small
    assert wanted_columns(lost(caption=text(caption))) == (1 if small else 2)
    assert wanted_columns(lost(caption=text(caption), columns=3)) == 3


# --------------------------------------------------------------------------- rows


def story(*figures: Figure) -> PictureItem:
    return PictureItem("story", figures, line=50)


def test_places_of_a_picture_story_may_stand_in_two_rows_and_photographs_in_one() -> None:
    lost_ones = make_piece(story(lost(1), lost(2), lost(3)), setter())
    mixed = make_piece(story(lost(1), lost(2), figure(3)), setter())
    alone = make_piece(story(lost(1)), setter())
    places = [
        {choice.picture_at for choice in choices(piece, setter())} for piece in (lost_ones, mixed, alone)
    ]
    assert places == [{PictureAt.RIGHT, PictureAt.ROWS}, {PictureAt.RIGHT}, {PictureAt.RIGHT}]
    in_rows = [choice for choice in choices(lost_ones, setter()) if choice.picture_at is PictureAt.ROWS]
    assert all(next(Shape(lost_ones, choice, setter(), {}).depths(), None) for choice in in_rows)


@pytest.mark.parametrize(("count", "above"), [(2, 1), (3, 1), (4, 2), (5, 2)])
def test_two_rows_share_every_depth(count: int, above: int) -> None:
    figures = tuple(lost(number) for number in range(1, count + 1))
    rows = rows_of(figures, PictureAt.ROWS)
    assert [len(row) for row in rows] == [above, count - above]
    width = layout().grid.width_pt(5)
    over = Over(tuple(PictureRow(row, 5, width, {}, setter()) for row in rows))
    depths = [lines for lines, _ in over.depths]
    assert depths == list(range(depths[0], depths[-1] + 1))
    assert over.spare_lines == depths[-1] - depths[0] > 10
    for lines in depths[:: len(depths) // 4]:
        found = [part for part in over.parts(0.0, 0.0, lines) if isinstance(part, PictureBox)]
        assert [box.src for box in found] == [one.src for one in figures]
        tops = sorted({box.y_pt for box in found})
        assert len(tops) == 2
        assert all(box.y_pt + box.depth_pt < tops[1] for box in found[:above])
        assert max(box.y_pt + box.depth_pt for box in found) < lines * setter().leading_pt


# --------------------------------------------------------------------------- the page


def test_a_page_of_lost_pictures_is_full_and_keeps_the_hard_rules(made: ComposedIssue) -> None:
    report = judge(made.pages[0], made.issue, layout())
    assert report.blank <= 0.03
    assert [verdict.rule for verdict in report.verdicts if verdict.hard and not verdict.kept] == []


def test_every_lost_picture_has_its_place_with_its_words_and_no_other(made: ComposedIssue) -> None:
    found = boxes(made)
    assert sorted(box.src for box in found) == [f"pictures/{number}.jpg" for number in range(1, 9)]
    assert {box.words for box in found} == {LOST.words}
    assert {box.crop for box in found} == {(0.0, 0.0, 1.0, 1.0)}


def test_the_plan_gives_the_same_pages(made: ComposedIssue) -> None:
    again = compose_issue(lost_issue(), quick(), faces(), {}, file=FILE, plan=write_plan(made, "broadsheet"))
    assert [page.frames for page in again.pages] == [page.frames for page in made.pages]


def test_a_hole_is_filled_by_what_the_places_can_do() -> None:
    """The same piece has more depths with its pictures lost than with photographs."""
    printed = with_lost("a", 900, 2, figure(1), figure(2))
    gone = with_lost("a", 900, 2, lost(1), lost(2))
    sizes = {f"pictures/{number}.jpg": _Photograph() for number in (1, 2)}
    counts = []
    for item in (printed, gone):
        piece = make_piece(item, setter())
        offered = [choice for choice in choices(piece, setter()) if choice.columns == 4]
        shapes = (Shape(piece, choice, setter(), sizes) for choice in offered)
        counts.append(len({fit.lines for shape in shapes for fit in shape.depths()}))
    assert counts[1] > counts[0] * 1.3


class _Photograph:
    width_px, height_px, is_vector, lettering = 1200, 800, False, None


# --------------------------------------------------------------------------- the judge


def seen(*made: Made, empty: tuple[int, ...] = ()) -> PageReport:
    """The report on a page whose pictures of these numbers, in order of its items, are lost."""
    page, issue = page_of(*made)
    numbers = iter(range(100))
    frames = tuple(
        replace(
            frame,
            parts=tuple(
                replace(part, words=LOST.words)
                if isinstance(part, PictureBox) and next(numbers) in empty
                else part
                for part in frame.parts
            ),
        )
        for frame in page.frames
    )
    return judge(replace(page, frames=frames), issue, layout())


def words_of(report: PageReport, rule: str) -> tuple[bool, str]:
    found = next(verdict for verdict in report.verdicts if verdict.rule == rule)
    return found.penalty == 0, found.words


WIDE = Made("a", 0, TOP, 8, 40, pictures=((3, 5, 0, 30),))  # a large picture
SMALL = Made("b", 0, TOP + 40, 8, FOOT - TOP - 40, pictures=((5, 3, 0, 10),))


def test_an_empty_place_never_dominates_over_a_picture() -> None:
    assert words_of(seen(WIDE, SMALL), "dominant-picture")[0]
    kept, words = words_of(seen(WIDE, SMALL, empty=(0,)), "dominant-picture")
    assert not kept
    assert "505% of the largest" in words
    assert words_of(seen(WIDE, SMALL, empty=(1,)), "dominant-picture")[0]


def test_a_picture_story_that_is_lost_in_part_is_one_picture() -> None:
    both = replace(WIDE, pictures=((1, 3, 0, 30), (5, 2, 0, 30)))
    page, issue = page_of(both, SMALL)
    first, second = page.frames
    parts = [part for part in first.parts if isinstance(part, PictureBox)]
    gone = tuple(replace(part, words=LOST.words) if part is parts[1] else part for part in first.parts)
    frames = (replace(first, kind="pictures", parts=gone), second)
    kept, words = words_of(judge(replace(page, frames=frames), issue, layout()), "dominant-picture")
    assert kept
    assert "33% of the largest" in words


def test_where_all_pictures_are_lost_the_largest_is_modest() -> None:
    kept, words = words_of(seen(WIDE, SMALL, empty=(0, 1)), "dominant-picture")
    assert not kept
    assert "the largest empty place" in words
    assert words_of(seen(SMALL, empty=(0,)), "dominant-picture")[0]


def test_few_pictures_are_no_fault_where_some_are_lost() -> None:
    assert not words_of(seen(SMALL), "picture-share")[0]
    assert words_of(seen(SMALL, empty=(0,)), "picture-share")[0]


def test_an_empty_place_is_light() -> None:
    """The centre of ink moves away from it."""
    heavy, light = (
        float(words_of(seen(WIDE, SMALL, empty=empty), "balance")[1].split("%")[0]) for empty in ((), (0,))
    )
    assert light < heavy
