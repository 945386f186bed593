"""R22: no leg begins with a paragraph's last line or ends with its first line or with a crosshead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from composition.issues import AnyPicture, issue_of
from composition.issues import article as an_article
from issue_publisher.composition.choices import choices
from issue_publisher.composition.flow import KEEP, ORPHAN, WIDOW, Strip, body_strips, closing_strips
from issue_publisher.composition.hard_rules import stray_lines
from issue_publisher.composition.legs import fill_legs, without_strays
from issue_publisher.composition.model import ComposedPage, Frame, Placement, TextBlock
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Fit, Shape
from issue_publisher.composition.sight import Sight
from issue_publisher.issue.model import Article, Crosshead, Issue, Paragraph, Quotation, Verse, text
from issue_publisher.issue.reader import read_issue
from typesetting.paper import SIZE, faces, layout

SENTENCES = (
    "炉温升到一千二百度，观察窗里的钢水由红转白，老周摘下墨镜，说这一炉可以出了。",
    "第二天一早，化验单送到了车间，硫和磷都在线下，碳比要求低了万分之三。",
    "大家围着那张薄薄的纸看了又看，谁也没有先开口，最后还是班长把它钉到了黑板上。",
    "从那以后，每一炉钢都有了自己的一页纸。",
    "纸上写着配料、温度、时间和当班人的名字，二十年过去，铁皮柜里已经存了三万多页，"
    "新来的学徒头一个月不碰炉子，只读这些纸。",
)


def strips_of(*paragraphs: str, measure_em: float = 13) -> list[Strip]:
    """A body of paragraphs at a measure; a paragraph between ※ is a crosshead."""
    setter = Setter(layout(), faces())
    blocks = [
        Crosshead(text(words.strip("※"))) if words.startswith("※") else Paragraph(text(words))
        for words in paragraphs
    ]
    return body_strips(blocks, setter, measure_em * SIZE)


def words_of(strips: list[Strip] | tuple[Strip, ...]) -> str:
    return "".join(
        line.text
        for strip in strips
        for part in strip.parts
        if isinstance(part, TextBlock)
        for line in part.lines
    )


def strays(strips: list[Strip], ends: tuple[int, ...]) -> int:
    return sum(strips[end - 1].price_after >= ORPHAN for end in ends[:-1] if 0 < end < len(strips))


def bodies(issue: Issue) -> Iterator[tuple[list[Strip], tuple[int, ...]]]:
    """The bodies of an issue's articles in level legs that hold them with hardly a line to spare."""
    setter = Setter(layout(), faces())
    articles = [item for page in issue.pages for item in page.items if isinstance(item, Article)]
    for article in articles:
        for measure in (13, 15, 17, 20):
            strips = body_strips(article.body, setter, measure * SIZE)
            total = sum(strip.lines for strip in strips)
            yield from ((strips, (-(-total // legs),) * legs) for legs in (2, 3, 4) if total > 5 * legs)


def test_a_quotation_keeps_its_source_in_the_same_leg() -> None:
    setter = Setter(layout(), faces())
    blocks = (
        Paragraph(text(SENTENCES[0])),
        Quotation((Paragraph(text(SENTENCES[1])),), text("《炉前记事》")),
        Paragraph(text(SENTENCES[2])),
    )
    strips = body_strips(blocks, setter, 13 * SIZE)
    kinds = [next(p.kind for p in one.parts if isinstance(p, TextBlock)) for one in strips]
    source = kinds.index("quotation-source")
    assert strips[source - 1].price_after == KEEP
    assert words_of(strips[: source + 1]).endswith("《炉前记事》")
    alone = body_strips((Quotation((Paragraph(text(SENTENCES[1])),)), blocks[2]), setter, 13 * SIZE)
    assert max(one.price_after for one in alone) < KEEP


def test_closings_of_two_lines_are_of_about_one_length() -> None:
    setter = Setter(layout(), faces())
    words = text("（之一《炉边的脾气》见上期，之三《水为什么会报时》将刊于下期）")
    for characters in range(16, 30):
        strips = closing_strips((words,), setter, characters * SIZE, None)
        lines = [p.lines[0] for one in strips for p in one.parts if isinstance(p, TextBlock)]
        assert words_of(strips) == words.plain
        assert len(lines) == 2
        widths = [line.end_pt - line.runs[0].x_pt for line in lines]
        assert all(line.end_pt <= characters * SIZE + 0.01 for line in lines)
        assert min(widths) > 0.6 * max(widths)


@pytest.fixture(scope="session")
def sample(repository: Path) -> Issue:
    file = repository / "source" / "2026-11-23" / "issue.xml"
    return read_issue(file.read_bytes(), str(file))


def test_strays_are_helped_by_setting_a_paragraph_shorter_or_longer(sample: Issue) -> None:
    before = after = 0
    for strips, depths in bodies(sample):
        if (filled := fill_legs(strips, depths)) is None:
            continue  # a box or quotation is deeper than what is left of a leg
        better, ends = without_strays(strips, depths, filled)
        assert words_of(list(better)) == words_of(strips)
        assert len(ends) == len(depths)
        for (start, end), depth in zip(pairwise((0, *ends)), depths, strict=True):
            assert sum(strip.lines for strip in better[start:end]) <= depth
        assert strays(list(better), ends) <= strays(strips, filled[0])
        before += strays(strips, filled[0])
        after += strays(list(better), ends)
    # Where every leg is full, only paragraphs that can be a line shorter help.
    assert before > 50
    assert after < before


def test_legs_without_strays_are_left_alone() -> None:
    strips = strips_of(*SENTENCES)
    filled = fill_legs(strips, (40,))
    assert filled is not None
    same, ends = without_strays(strips, (40,), filled)
    assert same is strips
    assert ends == filled[0]


@pytest.mark.parametrize("legs", [2, 3])
def test_no_leg_ends_with_a_crosshead(legs: int) -> None:
    strips = strips_of(*SENTENCES[:3], "※一页纸的分量※", *SENTENCES[3:], *SENTENCES[:2])
    total = sum(strip.lines for strip in strips)
    for spare in range(3):
        depths = (-(-total // legs) + spare,) * legs
        filled = fill_legs(strips, depths)
        assert filled is not None
        better, ends = without_strays(strips, depths, filled)
        for end in ends[:-1]:
            assert not any(
                isinstance(part, TextBlock) and part.kind == "crosshead" for part in better[end - 1].parts
            )


# --------------------------------------------------------------------------- what a shape that has them costs


# Paragraphs of two lines, an odd number of them: where every leg is full, one of them is parted.
OF_TWO_LINES = replace(
    an_article("strays", 10), body=(Paragraph(text("从那以后，这里的每一炉钢都有了自己的一页纸。")),) * 13
)


def shapes(columns: int) -> Iterator[tuple[Shape, Fit]]:
    """An article of short paragraphs, at all depths of a width."""
    setter = Setter(layout(), faces())
    piece = make_piece(OF_TWO_LINES, setter)
    for choice in choices(piece, setter):
        if choice.columns == columns:
            shape = Shape(piece, choice, setter, AnyPicture())
            yield from ((shape, fit) for fit in shape.depths())


def judged(shape: Shape, fit: Fit) -> bool:
    """Whether the judge finds stray lines in an article that stands on a page."""
    issue = issue_of((OF_TWO_LINES,))
    place = Placement(OF_TWO_LINES.id, 0, 0, fit.lines, shape.choice)
    page = ComposedPage(issue.pages[0], (Frame(place, "article", shape.lay_out(fit)),))
    found = stray_lines(Sight(page, issue, layout(), ()))
    return found is not None and found.amount > 0


def test_a_shape_with_stray_lines_has_the_price_of_a_broken_rule() -> None:
    """What the judge will hold against a page, the search must know of the shape."""
    price = layout().makeup.price_of_leg
    strays = [fit for columns in (2, 3, 4) for shape, fit in shapes(columns) if judged(shape, fit)]
    assert strays
    assert all(fit.faults and fit.cost >= price for fit in strays)


def test_what_an_article_is_made_of_without_stray_lines_has_no_such_price() -> None:
    others = [fit for columns in (2, 3, 4) for shape, fit in shapes(columns) if not judged(shape, fit)]
    assert any(not fit.faults for fit in others)


# --------------------------------------------------------------------------- display and what follows it


def test_a_crosshead_is_kept_with_two_lines_however_they_are_set() -> None:
    strips = strips_of(SENTENCES[0], "※出炉※", SENTENCES[2])
    (at,) = [at for at, strip in enumerate(strips) if "出炉" in words_of([strip])]
    assert [strip.price_after >= KEEP for strip in strips[at : at + 3]] == [True, True, False]
    paragraph = strips[at + 1].paragraph
    assert paragraph is not None
    assert all(other[0].price_after >= KEEP for other, _ in paragraph.others().values())


def test_a_paragraph_of_one_line_under_a_crosshead_brings_another_with_it() -> None:
    strips = strips_of(SENTENCES[0], "※出炉※", "都在线下。", SENTENCES[2])
    (at,) = [at for at, strip in enumerate(strips) if "都在线下。" in words_of([strip])]
    lines = sum(strip.lines for strip in strips)
    above = sum(strip.lines for strip in strips[: at + 1])
    found = fill_legs(strips, (above, lines - above + 3))
    assert found is not None
    assert found[0][0] != at + 1


def test_a_stanza_s_last_verse_is_a_widow() -> None:
    verse = Verse((tuple(text(words) for words in ("炉火照天地", "红星乱紫烟", "赧郎明月夜")),))
    strips = body_strips([verse], Setter(layout(), faces()), 13 * SIZE)
    assert [strip.price_after for strip in strips] == [ORPHAN, WIDOW, 0.0]


@pytest.mark.parametrize("characters", range(12, 30))
def test_a_closing_of_two_lines_parts_no_word(characters: int) -> None:
    affiliation = text("作者单位：西岭光学仪器厂（已退休）")
    strips = closing_strips((affiliation,), Setter(layout(), faces()), characters * SIZE, None)
    lines = [line.text for strip in strips for part in strip.parts for line in part.lines]
    assert len(lines) < 3
    assert any("仪器厂（已退休）" in line for line in lines), lines
