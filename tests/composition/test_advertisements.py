"""Advertisements at their places: at the foot, in its corners, in the ear; sizes by name; what cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composition.issues import article, composed, issue_of
from composition.walk import check
from issue_publisher.composition.compose import page_area
from issue_publisher.composition.model import ComposedIssue, Placement
from issue_publisher.composition.plan import write_plan
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementPlace,
    AdvertisementSize,
    Ear,
    Issue,
    Paragraph,
    text,
)
from typesetting.paper import layout

GRID = layout().grid


def advertisement(name: str = "ad", line: int = 60, **more: object) -> Advertisement:
    made = Advertisement(name, blocks=(Paragraph(text("渡船复航，风雨无阻。")),), line=line)
    return replace(made, **more)  # type: ignore[arg-type]


def page_with(*ads: Advertisement) -> Issue:
    """A front page of two articles and advertisements."""
    return issue_of([article("one", 700, 1), article("two", 700, 2), *ads])


def places(made: ComposedIssue) -> dict[str, Placement]:
    return {frame.placement.item: frame.placement for page in made.pages for frame in page.frames}


def faults(issue: Issue) -> tuple[SourceError, ...]:
    with pytest.raises(SourceErrors) as caught:
        composed(issue)
    return tuple(caught.value)


# --------------------------------------------------------------------------- places


def test_one_in_the_ear_stands_beside_the_nameplate_and_is_as_large_as_the_ears() -> None:
    issue = page_with(advertisement(place=AdvertisementPlace.EAR))
    made = composed(issue)
    place = places(made)["ad"]
    room = layout().furniture
    assert GRID.x_pt(place.column) + GRID.width_pt(place.choice.columns) == pytest.approx(
        GRID.width_pt(GRID.columns)
    )
    assert GRID.width_pt(place.choice.columns) <= room.ear_width_pt + 0.01
    assert GRID.depth_pt(place.row + place.lines) <= layout().furniture_pt["ear_top"] + room.ear_depth_pt
    assert place.row + place.lines <= page_area(issue, issue.pages[0], layout()).top
    check(made)
    assert composed(issue, write_plan(made)) == made


def test_the_two_corners_of_the_foot() -> None:
    """Side by side on the foot whatever their depth, so that the shallower has no news beneath."""
    left = advertisement("left", columns=3, depth_mm=60, place=AdvertisementPlace.FOOT_LEFT)
    right = advertisement("right", columns=4, depth_mm=95, place=AdvertisementPlace.FOOT_RIGHT)
    made = composed(page_with(right, left))
    area = page_area(made.issue, made.issue.pages[0], layout())
    found = places(made)
    assert found["left"].column == 0
    assert found["right"].column == GRID.columns - 4
    assert {found[name].row + found[name].lines for name in ("left", "right")} == {area.top + area.lines}
    assert found["left"].lines < found["right"].lines
    check(made)


@pytest.mark.parametrize(
    "size", [size for size in AdvertisementSize if size.value in ("quarter", "strip", "half-strip")]
)
def test_a_size_by_name_is_the_layouts(size: AdvertisementSize) -> None:
    place = places(composed(page_with(advertisement(size=size))))["ad"]
    sold = layout().advertisement.sizes[size]
    assert place.choice.columns == sold.columns
    assert place.lines == round(sold.depth_mm * 72 / 25.4 / GRID.leading_pt)


def test_a_whole_page_is_one_advertisement() -> None:
    issue = issue_of([article("one", 700, 1)], [advertisement(size=AdvertisementSize.FULL)])
    place = places(composed(issue))["ad"]
    area = page_area(issue, issue.pages[1], layout())
    assert (place.column, place.choice.columns, place.row) == (0, GRID.columns, area.top)
    assert place.lines == area.lines


# --------------------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("more", "message", "hint"),
    [
        ({"columns": 9, "depth_mm": 40.0}, "9 columns wide, and the page has 8", 'columns="8"'),
        ({"columns": 2, "depth_mm": 500.0}, "500 mm deep, and page 1 has 423 mm", 'depth-mm="423"'),
        ({"size": AdvertisementSize.FULL}, "466 mm deep, and page 1 has 423 mm", "another page"),
    ],
)
def test_one_larger_than_the_page_says_so(more: dict[str, object], message: str, hint: str) -> None:
    (fault,) = faults(page_with(advertisement(**more)))
    assert fault.line == 60
    assert message in fault.message
    assert hint in fault.hint


def test_one_in_the_ear_and_an_ear_do_not_both_have_room() -> None:
    issue = page_with(advertisement(place=AdvertisementPlace.EAR))
    ears = (Ear((Paragraph(text("今日导读")),), None, 4),)
    (fault,) = faults(replace(issue, nameplate=replace(issue.nameplate, ears=ears)))
    assert fault.line == 60
    assert "leave out the <ear> of line 4" in fault.hint


def test_only_the_first_page_has_an_ear() -> None:
    issue = issue_of(
        [article("one", 300, 1)], [article("two", 300, 2), advertisement(size=AdvertisementSize.EAR)]
    )
    (fault,) = faults(issue)
    assert "page 2 has none" in fault.message


def test_the_ear_holds_one() -> None:
    ear = AdvertisementPlace.EAR
    (fault,) = faults(page_with(advertisement("a", 60, place=ear), advertisement("b", 61, place=ear)))
    assert (fault.line, "where a stands already" in fault.message) == (61, True)


def test_too_many_words_for_the_ear_are_told() -> None:
    words = advertisement(place=AdvertisementPlace.EAR, blocks=(Paragraph(text("渡船复航，" * 60)),))
    (fault,) = faults(page_with(words))
    assert "ad " in fault.message


def test_corners_that_meet_are_told() -> None:
    left = advertisement("left", 60, columns=5, depth_mm=60, place=AdvertisementPlace.FOOT_LEFT)
    right = advertisement("right", 61, columns=4, depth_mm=60, place=AdvertisementPlace.FOOT_RIGHT)
    again = replace(left, id="again", line=62)
    told = {fault.line: fault for fault in faults(page_with(left, right, again))}
    assert set(told) == {61, 62}
    assert "1 columns too wide" in told[61].message
    assert all("foot" in fault.hint for fault in told.values())


def test_a_size_that_the_layout_does_not_know_is_told() -> None:
    sizes = {"strip": layout().advertisement.sizes["strip"]}
    look = replace(layout(), advertisement=replace(layout().advertisement, sizes=sizes))
    with pytest.raises(SourceErrors) as caught:
        composed(page_with(advertisement(size=AdvertisementSize.HALF)), made_for=look)
    (fault,) = caught.value
    assert "no size half" in fault.message
    assert "strip" in fault.hint
