"""A page of every kind of item, made up automatically: all there, level, on one grid, the same each time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composition.issues import (
    BRIEFS,
    EVERYTHING,
    MAJOR,
    NOTICE,
    PICTURES,
    TABLE,
    WHOLE,
    article,
    composed,
    figure,
    issue_of,
    paragraphs,
    quick,
)
from composition.walk import (
    bare,
    blocks_of,
    check,
    check_baselines,
    check_captions,
    check_frames,
    check_parts,
    check_words,
    feet,
    pictures_of,
    shown,
)
from issue_publisher.composition.compose import page_area
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import ComposedIssue, Frame, Rule
from issue_publisher.issue.model import (
    Article,
    Author,
    Box,
    Byline,
    BylinePlace,
    Cell,
    Crosshead,
    Hint,
    Paragraph,
    Table,
    Text,
    Weight,
    text,
)
from once import once
from typesetting.paper import layout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ComposedIssue:
    """Two pages with every element of the model."""
    return once(tmp_path_factory, "made-up-whole", lambda: composed(WHOLE))


def frame_of(composed_issue: ComposedIssue, identity: str) -> Frame:
    frames = [frame for page in composed_issue.pages for frame in page.frames]
    return next(frame for frame in frames if frame.placement.item == identity)


# --------------------------------------------------------------------------- the whole


def test_every_word_and_picture_is_there_once(made: ComposedIssue) -> None:
    check_words(made)


def test_frames_do_not_overlap_and_stay_in_their_area(made: ComposedIssue) -> None:
    for page in made.pages:
        check_frames(page)
        area = page_area(made.issue, page.page, layout())
        for frame in page.frames:
            assert frame.placement.row >= area.top
            assert frame.placement.row + frame.placement.lines <= area.top + area.lines


def test_lines_and_pictures_stay_in_their_frame_and_off_each_other(made: ComposedIssue) -> None:
    for page in made.pages:
        check_parts(page)


def test_all_columns_of_a_page_share_one_baseline_grid(made: ComposedIssue) -> None:
    for page in made.pages:
        check_baselines(page)
    kinds = {block.kind for page in made.pages for frame in page.frames for block in blocks_of(frame)}
    assert {"body", "list", "verse", "question", "answer", "quotation"} <= kinds


def test_captions_stand_under_their_pictures(made: ComposedIssue) -> None:
    for page in made.pages:
        check_captions(page)


def test_rules_part_neighbours_and_cross_nothing(made: ComposedIssue) -> None:
    grid = layout().grid
    for page in made.pages:
        assert page.rules
        for rule in page.rules:
            inside = [
                frame
                for frame in page.frames
                if rule.width_pt < 1  # column rules stand in gutters
                and grid.x_pt(frame.placement.column) < rule.x_pt - 0.01
                and rule.x_pt
                < grid.x_pt(frame.placement.column) + grid.width_pt(frame.placement.choice.columns)
                and rule.y_pt < grid.depth_pt(frame.placement.row + frame.placement.lines)
                and rule.y_pt + rule.depth_pt > grid.depth_pt(frame.placement.row)
            ]
            assert not inside


def test_a_table_is_printed_once_and_whole(made: ComposedIssue) -> None:
    """In a box and on its own: cells and caption."""
    frame = frame_of(made, "everything")
    lines = (
        line.text for block in blocks_of(frame) if block.kind.startswith("table") for line in block.lines
    )
    words = bare("".join(lines))
    for row in TABLE.rows:
        for cell in map(bare, (cell.text.plain for cell in row)):
            assert words.count(cell) == 2, cell  # once in each table; the second says 外 before it
            assert words.count(f"外{cell}") == 1, cell
    assert words.count("表一十年记录") == words.count("表二外表的题") == 1


def test_the_lead_stands_at_the_upper_left(made: ComposedIssue) -> None:
    place = frame_of(made, "everything").placement
    assert (place.column, place.row) == (0, page_area(WHOLE, WHOLE.pages[0], layout()).top)


def test_a_notice_stands_at_the_foot_at_its_own_size(made: ComposedIssue) -> None:
    place = frame_of(made, "notice").placement
    area = page_area(WHOLE, WHOLE.pages[1], layout())
    assert place.row + place.lines == area.top + area.lines
    assert place.choice.columns == NOTICE.columns
    assert place.lines * layout().grid.leading_pt == pytest.approx(NOTICE.depth_mm * 72 / 25.4, abs=7)


def test_headlines_are_broken_where_the_desk_would_have_it(made: ComposedIssue) -> None:
    headline = next(block for block in blocks_of(frame_of(made, "everything")) if block.kind == "headline")
    assert [line.text for line in headline.lines] in (
        ["给材料做一次", "慢慢的体检"],
        ["给材料做一次慢慢的体检"],
    )


def test_the_same_issue_is_always_made_up_the_same(made: ComposedIssue) -> None:
    assert composed(WHOLE) == made


# --------------------------------------------------------------------------- legs, pictures, white


@pytest.mark.parametrize("characters", [260, 700, 1500])
@pytest.mark.parametrize("legs", [2, 3, 4])
def test_legs_of_plain_text_end_level(characters: int, legs: int) -> None:
    hint = Hint(columns=4, legs=legs)
    made = composed(issue_of([article("one", characters, 3, hint=hint)]))
    found = feet(frame_of(made, "one"))
    assert len(found) == legs
    assert max(found.values()) - min(found.values()) <= 2
    assert max(found.values()) >= frame_of(made, "one").placement.lines - 1


def test_no_leg_begins_with_the_last_line_of_a_paragraph() -> None:
    made = composed(issue_of([article("one", 1500, 3, hint=Hint(columns=4, legs=4))]))
    blocks = [block for block in blocks_of(frame_of(made, "one")) if block.kind == "body"]
    starts = {round(block.x_pt, 1): block for block in reversed(blocks)}
    assert len(starts) == 4
    for block in starts.values():
        assert block.lines[0].flush or len(block.lines) == 1


def test_no_leg_ends_with_a_crosshead() -> None:
    for length in range(100, 400, 60):
        body = (*paragraphs(length, 1), Crosshead(text("小标题")), *paragraphs(500, 2))
        made = composed(issue_of([article("one", 10, body=body, hint=Hint(columns=3, legs=3))]))
        frame = frame_of(made, "one")
        head = next(block for block in blocks_of(frame) if block.kind == "crosshead")
        below = [b for b in blocks_of(frame) if abs(b.x_pt - head.x_pt) < 1 and b.y_pt > head.y_pt]
        assert below


@pytest.mark.parametrize("src", ["a.jpg", "tall.jpg"])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_photographs_are_cropped_within_the_limit_and_never_distorted(src: str, columns: int) -> None:
    body = (figure(1, src=src, columns=columns, focal=(0.3, 0.2)), *paragraphs(800, 2))
    made = composed(issue_of([article("one", 10, body=body, weight=Weight.MAJOR)]))
    (box,) = pictures_of(frame_of(made, "one"))
    left, top, right, foot = box.crop
    width, height = (800, 1200) if "tall" in src else (1200, 800)
    assert (right - left) * width / ((foot - top) * height) == pytest.approx(
        box.width_pt / box.depth_pt, rel=0.01
    )
    assert 0 <= left < right <= 1.0001
    assert 0 <= top < foot <= 1.0001
    assert min(right - left, foot - top) >= 1 - layout().pictures.crop_limit - 0.01
    assert left <= 0.3 <= right
    assert top <= 0.2 <= foot


def test_drawings_are_never_cropped() -> None:
    body = (figure(1, src="chart.svg", columns=2), *paragraphs(600, 2))
    made = composed(issue_of([article("one", 10, body=body)]))
    (box,) = pictures_of(frame_of(made, "one"))
    assert box.crop == (0, 0, 1, 1)
    assert box.width_pt / box.depth_pt == pytest.approx(1.5, rel=0.25)


def filled(*characters: int, vertical: bool = True) -> tuple[ComposedIssue, int, int]:
    """A page of articles so long, the first two with a picture; the lines that they cover, and all it has.

    `vertical`: whether headlines may be vertical, as the layout has it.
    """

    def piece(number: int, length: int) -> Article:
        weight = Weight.MAJOR if number < 2 else Weight.NORMAL
        pictures = (figure(number, columns=2),) if number < 2 else ()
        body = (*pictures, *paragraphs(length, number))
        return article(f"a{number}", 10, number, weight=weight, body=body)

    issue = issue_of([piece(*two) for two in enumerate(characters)])
    roles = {
        name: replace(role, vertical=role.vertical and vertical) for name, role in quick().headline.items()
    }
    made = composed(issue, made_for=replace(quick(), headline=roles))
    check(made)
    room = page_area(issue, issue.pages[0], layout()).lines * layout().grid.columns
    return made, sum(f.placement.lines * f.placement.choice.columns for f in made.pages[0].frames), room


def test_a_page_that_can_be_filled_is_filled_to_the_last_line() -> None:
    _, covered, room = filled(2100, 1800, 1300, 1100, 800)
    assert covered == room


def test_a_page_of_four_is_rather_cut_from_top_to_foot_than_left_with_a_hole() -> None:
    """Four rectangles that fill a page cut it through (通线); four that do not leave a hole (天窗).

    Which of the two yields is the layout's to say, and so is that an edge from side to side (断版) is worse.
    """
    made, covered, room = filled(2600, 2000, 1500, 1200, vertical=False)
    assert covered == room
    verdicts = judge(made.pages[0], made.issue, layout()).verdicts
    assert {verdict.rule for verdict in verdicts if verdict.hard and not verdict.kept} == {
        "through-cut-vertical"
    }


# --------------------------------------------------------------------------- items one at a time

ONE_ITEM = {
    "a brief": article("x", 120, 4, weight=Weight.BRIEF),
    "no headline": article("x", 120, 4, weight=Weight.BRIEF, headline=None),
    "a headline of one character": article("x", 500, headline=text("题")),
    "a very long headline": article("x", 500, headline=text("很长的标题" * 12)),
    "only a picture": article("x", 10, body=(figure(1, columns=8),)),
    "only a table": article("x", 10, body=(TABLE,)),
    "six pictures": article("x", 10, body=(*paragraphs(400, 1), *(figure(n) for n in range(6)))),
    "an uneven table": article(
        "x", 10, body=(Table(((Cell(Text()), Cell(text("甲"))), (Cell(text("乙")),))), *paragraphs(200, 3))
    ),
    "a picture in a box": article(
        "x", 10, body=(*paragraphs(400, 1), Box((Paragraph(text("框里的话。")), figure(9)), text("框题")))
    ),
    "a hint out of reach": article("x", 600, hint=Hint(columns=12, legs=40)),
    "a hint below reach": article("x", 600, hint=Hint(columns=1, legs=1)),
    "English": article("x", 300, body=(Paragraph(text("We print on Mondays. " * 20)),), lang="en"),
    "Traditional": article(
        "x", 300, body=(Paragraph(text("繁體中文的引文，「登記簿」。" * 12)),), lang="zh-Hant"
    ),
    "pictures alone": replace(PICTURES, text=(), headline=None, rubric=None),
    "pictures with much text": replace(PICTURES, text=paragraphs(400, 4)),
    "a notice of many words": replace(NOTICE, columns=8, depth_mm=300, blocks=paragraphs(800, 3)),
    "everything, end byline": replace(
        EVERYTHING, byline=replace(EVERYTHING.byline, place=BylinePlace.END) if EVERYTHING.byline else None
    ),
}


@pytest.mark.parametrize("name", ONE_ITEM)
def test_one_item_alone_on_a_page(name: str) -> None:
    check(composed(issue_of([ONE_ITEM[name]]), made_for=quick()))


def test_a_brief_has_its_own_byline() -> None:
    names = Byline((Author("郭远", "记者"),), BylinePlace.HEAD)
    item = replace(BRIEFS, articles=(replace(BRIEFS.articles[0], byline=names), *BRIEFS.articles[1:]))
    made = composed(issue_of([item]))
    check(made)
    assert "□记者郭远" in shown(made.pages[0].frames[0])


def test_a_boxed_article_has_its_border_round_all_its_lines() -> None:
    made = composed(issue_of([article("one", 500, hint=Hint(box=True))]))
    frame = made.pages[0].frames[0]
    (border,) = [part for part in frame.parts if isinstance(part, Rule) and part.border_pt]
    for block in blocks_of(frame):
        assert block.x_pt >= border.x_pt + 1
        assert block.x_pt + block.width_pt <= border.x_pt + border.width_pt - 1 + 0.1
        assert border.y_pt <= block.y_pt
        assert block.y_pt + block.depth_pt <= border.y_pt + border.depth_pt + 0.1


def test_no_cut_off_rule_doubles_the_border_of_a_box_above() -> None:
    """As one stands between two articles without boxes."""
    for boxed in (False, True):
        hint = Hint(box=True) if boxed else None
        plan = 'issue = "2026-11-30"\nlayout = "broadsheet"\n'
        plan += "".join(f"[page-1.{name}]\ncolumn = 0\ncolumns = 6\n" for name in ("one", "two"))
        issue = issue_of([article("one", 900, hint=hint), article("two", 900, 1)])
        (page,) = composed(issue, plan.encode()).pages
        upper, lower = sorted((frame.placement for frame in page.frames), key=lambda place: place.row)
        assert lower.row >= upper.row + upper.lines
        rules = [rule for rule in page.rules if rule.width_pt > rule.depth_pt]
        assert len(rules) == (not boxed)


def test_what_a_plan_says_of_a_box_is_kept() -> None:
    """Also of an article that make-up itself would box, or never would."""
    for genre, boxed in (("comment", True), ("comment", False), ("news", True)):
        plan = f'issue = "2026-11-30"\nlayout = "broadsheet"\n[page-1.one]\nboxed = {str(boxed).lower()}\n'
        issue = issue_of([article("one", 500, genre=genre), article("two", 900, 1), article("three", 700, 2)])
        frame = next(
            frame for frame in composed(issue, plan.encode()).pages[0].frames if frame.placement.item == "one"
        )
        borders = [part for part in frame.parts if isinstance(part, Rule) and part.border_pt]
        assert len(borders) == frame.placement.choice.boxed == boxed


def test_major_articles_stand_above_normal_ones() -> None:
    items = [article("late", 700, 1), replace(MAJOR, id="big"), article("later", 700, 3)]
    made = composed(issue_of(items), made_for=quick(beam_width=80, tries=40))
    rows = {frame.placement.item: frame.placement.row for frame in made.pages[0].frames}
    assert rows["big"] == min(rows.values())
