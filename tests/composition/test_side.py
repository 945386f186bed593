"""Vertical words beside their text: a band down a group of briefs, a headline (R18)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from issue_publisher.composition.choices import choices
from issue_publisher.composition.model import Choice, Part, Rule, TextBlock, VerticalBlock
from issue_publisher.composition.piece import Piece, make_piece
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Shape
from issue_publisher.composition.side import side_head
from issue_publisher.layout.model import Direction, Layout
from issue_publisher.production.load import Source, load
from typesetting.paper import faces, layout


@pytest.fixture(scope="module")
def source(repository: Path) -> Source:
    """The sample issue."""
    found = load(repository / "source" / "2026-11-23", None).source
    assert found is not None
    return found


def piece_of(source: Source, name: str, setter: Setter) -> Piece:
    (item,) = [item for page in source.issue.pages for item in page.items if item.id == name]
    return replace(make_piece(item, setter), inserts=())


def laid_out(source: Source, name: str, choice: Choice, look: Layout) -> tuple[tuple[Part, ...], float]:
    """The parts of a piece at its least depth, and that depth."""
    setter = Setter(look, faces())
    shape = Shape(piece_of(source, name, setter), choice, setter, source.pictures)
    fit = next(shape.depths())
    return shape.lay_out(fit), fit.lines * setter.leading_pt


def test_a_vertical_band_stands_left_of_all_text(source: Source) -> None:
    look = replace(layout(), head=replace(layout().head, band=Direction.VERTICAL))
    parts, depth = laid_out(source, "p1-briefs", Choice(3, 3), look)
    (band,) = [part for part in parts if isinstance(part, VerticalBlock)]
    ground, below = [part for part in parts if isinstance(part, Rule)][:2]
    assert band.setting.text == "简明新闻"
    assert ground.x_pt < band.x_pt
    assert band.x_pt + band.width_pt < ground.x_pt + ground.width_pt
    white = band.y_pt - ground.y_pt  # a strong ground ends with the words, a lighter one goes on to the foot
    assert ground.y_pt + ground.depth_pt == pytest.approx(band.y_pt + band.depth_pt + white)
    assert (ground.ink, below.ink) == (look.head.side_ink, look.box.ink)
    assert (below.x_pt, below.y_pt) == (ground.x_pt, pytest.approx(ground.y_pt + ground.depth_pt))
    assert below.y_pt + below.depth_pt == pytest.approx(depth)
    text = [part for part in parts if isinstance(part, TextBlock)]
    assert min(part.x_pt for part in text) >= ground.x_pt + ground.width_pt + look.grid.body_pt - 0.01
    assert max(part.x_pt + part.width_pt for part in text) <= look.grid.width_pt(3) + 0.01
    assert not any(part.kind == "band" for part in text)


@pytest.mark.parametrize("vertical", [True, False])
def test_a_byline_over_text_with_a_vertical_headline_stands_at_it(source: Source, vertical: bool) -> None:
    parts, _ = laid_out(source, "p3-silver", Choice(3, 2, 24.0, 1, (), vertical), layout())
    (byline,) = (part for part in parts if isinstance(part, TextBlock) and part.kind == "byline")
    left = byline.lines[0].runs[0].x_pt
    assert left == pytest.approx(0.0, abs=0.5) if vertical else left > byline.width_pt / 3


@pytest.mark.parametrize("lines", [1, 2])
def test_a_vertical_headline_has_a_character_of_white_above_and_below(source: Source, lines: int) -> None:
    parts, depth = laid_out(source, "p1-perovskite", Choice(4, 3, 24.0, lines, (), True), layout())
    headline, deck = (part for part in parts if isinstance(part, VerticalBlock))
    assert (headline.kind, deck.kind) == ("headline", "deck")
    assert len(headline.setting.columns) == lines
    assert headline.y_pt >= 24.0
    assert headline.y_pt + headline.depth_pt + 24.0 <= depth + 0.01
    assert deck.x_pt + deck.width_pt < headline.x_pt  # the deck is read after it
    assert deck.depth_pt <= headline.depth_pt
    body = [part for part in parts if isinstance(part, TextBlock)]
    assert min(part.x_pt for part in body) > headline.x_pt + headline.width_pt
    assert not any(part.kind == "headline" for part in body)


def test_a_vertical_headline_takes_on_letter_space_to_fill_its_share_of_the_depth(source: Source) -> None:
    setter = Setter(layout(), faces())
    piece, choice = piece_of(source, "p1-perovskite", setter), Choice(4, 3, 24.0, 2, (), True)

    def depth(room_pt: float) -> float:
        side = side_head(piece, choice, setter, room_pt)
        assert side is not None
        return dict(side.words)["headline"].depth_pt

    plain, most = depth(0.0), setter.layout.head.side_space_to_em
    fill = setter.layout.headline["normal"].fill_from
    assert depth(plain / fill) == plain
    for room in (1.1 * plain / fill, 1.2 * plain / fill):
        assert plain < depth(room) <= fill * room + 0.01
    assert plain * 1.2 < depth(9 * plain) <= plain * (1 + most) + 0.01


def test_make_up_tries_vertical_headlines_only_where_the_layout_allows_them(source: Source) -> None:
    plain, setter = (
        Setter(
            replace(layout(), headline={n: replace(r, vertical=may) for n, r in layout().headline.items()}),
            faces(),
        )
        for may in (False, True)
    )
    piece = piece_of(source, "p1-perovskite", plain)
    assert not any(choice.vertical for choice in choices(piece, plain))
    tried = [choice for choice in choices(piece, setter) if choice.vertical]
    assert tried
    for choice in tried:
        shape = Shape(piece, choice, setter, source.pictures)
        assert shape.leg_pt >= layout().makeup.leg_characters[0] * layout().grid.body_pt - 0.01
