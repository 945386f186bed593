"""Shapes: what a piece promises of its depth, headline and pictures is what is laid out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations, islice, pairwise, product

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from composition.issues import AnyPicture, Size, article, figure, issue_of, paragraphs
from composition.walk import check
from issue_publisher.composition.arrangement import Wanted, arrangements
from issue_publisher.composition.body import Spacing
from issue_publisher.composition.candidates import candidate
from issue_publisher.composition.choices import choices, headline_price
from issue_publisher.composition.figure import figure_parts
from issue_publisher.composition.flow import KEEP, ORPHAN, WIDOW, Strip, body_strips, box_strip
from issue_publisher.composition.head import Head
from issue_publisher.composition.judge import judge
from issue_publisher.composition.legs import fill_legs
from issue_publisher.composition.model import (
    Choice,
    ComposedIssue,
    ComposedPage,
    Frame,
    Part,
    PictureAt,
    PictureBox,
    Placement,
    Rule,
    TextBlock,
    VerticalBlock,
)
from issue_publisher.composition.piece import Piece, make_piece
from issue_publisher.composition.plan import read_plan, write_plan
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Fit, Shape
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import (
    Article,
    Author,
    Block,
    Box,
    Briefs,
    Byline,
    BylinePlace,
    Crosshead,
    Figure,
    Hint,
    Issue,
    Paragraph,
    PullQuote,
    Text,
    Weight,
    text,
)
from issue_publisher.layout.model import BoxedPiece
from issue_publisher.typesetting.lines import Line
from typesetting.paper import faces, layout

SIZES = {
    "pictures/wide.jpg": Size(1500, 800),
    "pictures/plain.jpg": Size(1200, 800),
    "pictures/tall.jpg": Size(800, 1200),
    "pictures/drawing.svg": Size(1000, 640, is_vector=True),
}


@cache
def setter() -> Setter:
    """One for all examples, so that every text is set once."""
    return Setter(layout(), faces())


@dataclass(frozen=True)
class Case:
    """A piece, one choice for it, and how it was made to fit."""

    item: Article
    shape: Shape = field(repr=False)
    fit: Fit = field(repr=False)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.shape.lay_out(self.fit)


@cache
def piece_of(item: Article) -> Piece:
    return make_piece(item, setter())


@cache
def offered(item: Article) -> tuple[Choice, ...]:
    return tuple(choices(piece_of(item), setter()))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """An article of any length with up to three pictures, in any choice that is offered, at any depth."""
    pictures = draw(st.lists(st.sampled_from(sorted(SIZES)), max_size=3, unique=True))
    seed = draw(st.integers(0, 4))
    figures = tuple(
        figure(at, src=src, columns=draw(st.sampled_from([None, 1, 2, 3]))) for at, src in enumerate(pictures)
    )
    item = article(
        "one",
        10,
        seed,
        weight=draw(st.sampled_from([Weight.LEAD, Weight.MAJOR, Weight.NORMAL])),
        genre=draw(st.sampled_from([None, "comment"])),
        kicker=draw(st.sampled_from([None, text("十年的跟踪与登记")])),
        decks=draw(st.sampled_from([(), (text("盐雾箱里的试片经过两千小时仍然完好"),)])),
        body=(*figures, *paragraphs(draw(st.sampled_from([160, 420, 800, 1300])), seed)),
        hint=draw(st.sampled_from([None, Hint(box=True)])),
    )
    choice = draw(st.sampled_from(offered(item)))
    shape = Shape(piece_of(item), choice, setter(), SIZES)
    fits = [fit for fit in shape.depths() if fit.lines <= layout().grid.lines]  # as make-up tries them
    assume(fits)  # a picture as deep as its text is offered before anyone knows how deep that is
    return Case(item, shape, draw(st.sampled_from(fits)))


LEADING = layout().grid.leading_pt


def blocks(case: Case, *kinds: str) -> list[TextBlock]:
    return [part for part in case.parts if isinstance(part, TextBlock) and part.kind in kinds]


def boxes(case: Case) -> list[PictureBox]:
    return [part for part in case.parts if isinstance(part, PictureBox)]


# --------------------------------------------------------------------------- any shape at any depth


@settings(max_examples=150)
@given(cases())
def test_a_shape_is_laid_out_as_deep_as_promised(case: Case) -> None:
    """All words and pictures once, inside the rectangle, off each other, on the grid, captions in place."""
    choice, lines = case.shape.choice, case.fit.lines
    frame = Frame(Placement("one", 0, 0, lines, choice), "article", case.parts)
    issue = issue_of([case.item])
    check(ComposedIssue(issue, (ComposedPage(issue.pages[0], (frame,)),)))


@settings(max_examples=100)
@given(cases())
def test_legs_end_where_promised(case: Case) -> None:
    """Legs stand right under the head or a picture, and end at the foot, but for the white promised."""
    filling = case.fit.filling
    top = case.fit.lines - filling.lines - case.shape.piece.boxed
    body = blocks(case, "body")
    legs = sorted({round(block.x_pt, 1) for block in body})
    slack = sum(filling.depths) - case.shape.body.text_lines
    ends = filling.filled[0]
    filled = [leg for leg, (start, end) in enumerate(pairwise((0, *ends))) if start < end]
    for leg, x in zip(filled, legs, strict=True):
        here = [block for block in body if round(block.x_pt, 1) == x]
        head = min(block.y_pt for block in here) / LEADING
        foot = max(block.y_pt + block.depth_pt for block in here) / LEADING
        assert head == pytest.approx(top + filling.lines - filling.depths[leg])
        assert top + filling.lines - slack - 1.01 <= foot <= top + filling.lines + 0.01
    assert min(block.y_pt for block in body if round(block.x_pt, 1) == legs[0]) == pytest.approx(
        top * LEADING
    )  # nothing stands between headline and opening


WITHIN = {"legs", "level-feet", "headline-band"}  # hard rules that a piece keeps or breaks by itself


@settings(max_examples=150)
@given(cases())
def test_a_shape_without_faults_has_none_in_the_judges_eyes(case: Case) -> None:
    frame = Frame(Placement("one", 0, 0, case.fit.lines, case.shape.choice), "article", case.parts)
    issue = issue_of([case.item])
    report = judge(ComposedPage(issue.pages[0], (frame,)), issue, layout())
    broken = [one for one in report.verdicts if one.rule in WITHIN and not one.kept]
    event("faulty" if case.fit.faults else "sound")
    assert case.fit.faults or not broken


@settings(max_examples=100)
@given(cases())
def test_pictures_are_cropped_within_the_limit(case: Case) -> None:
    limit = layout().pictures.crop_limit
    for box in boxes(case):
        size = SIZES[box.src]
        left, top, right, bottom = box.crop
        if size.is_vector:
            assert box.crop == (0.0, 0.0, 1.0, 1.0)
            continue
        assert right - left >= 1 - limit - 1e-9
        assert bottom - top >= 1 - limit - 1e-9
        shown = size.width_px * (right - left) / (size.height_px * (bottom - top))
        assert shown == pytest.approx(box.width_pt / box.depth_pt, rel=0.02)  # not stretched


@settings(max_examples=100)
@given(cases())
def test_the_outline_tells_headline_and_pictures_truly(case: Case) -> None:
    grid, outline = layout().grid, case.shape.outline(case.fit)
    hair = 0.01 * LEADING  # what rounding to whole lines lets pass
    upright = [part for part in case.parts if isinstance(part, VerticalBlock)]
    band = outline.upright if upright else outline.band
    assert band is not None
    for block in [*upright, *blocks(case, "kicker", "headline", "deck")]:
        assert band[0] * LEADING <= block.y_pt + hair
        assert block.y_pt + block.depth_pt <= band[1] * LEADING + hair
    places = [
        (
            grid.x_pt(region.left) - 0.1,
            region.top * LEADING - 0.1,
            grid.x_pt(region.right - 1) + grid.column_pt + 0.1,
            region.foot * LEADING + 0.1,
        )
        for region in outline.pictures
    ]
    for box in boxes(case):
        assert any(
            left <= box.x_pt
            and top <= box.y_pt
            and box.x_pt + box.width_pt <= right
            and box.y_pt + box.depth_pt <= foot
            for left, top, right, foot in places
        )
    for left, top, right, foot in places:
        inside = [box for box in boxes(case) if left < box.x_pt + box.width_pt and box.x_pt < right]
        inside = [box for box in inside if top < box.y_pt + box.depth_pt and box.y_pt < foot]
        # Beside vertical words one may begin in the gutter behind the column.
        assert min(box.x_pt for box in inside) < left + grid.column_pt + grid.gutter_pt
        assert max(box.x_pt + box.width_pt for box in inside) > right - grid.column_pt


@settings(max_examples=100)
@given(cases())
def test_pictures_stand_where_the_choice_says(case: Case) -> None:
    choice, slots = case.shape.choice, case.fit.filling.slots
    match choice.picture_at:
        case PictureAt.INSIDE:  # a leg of text at either side
            assert all(slot.first > 0 and slot.first + slot.span < choice.legs for slot in slots)
        case PictureAt.ROW:  # one depth, no hole between them, in the order of the source
            assert {slot.top for slot in slots} == {0}
            assert len({slot.lines for slot in slots}) == 1
            assert [slot.first + slot.span for slot in slots] == [
                *(slot.first for slot in slots[1:]),
                choice.legs,
            ]
        case PictureAt.BESIDE | PictureAt.LEFT:
            (slot,) = slots
            assert (slot.top, slot.lines) == (0, case.fit.filling.lines)
            assert slot.first == (0 if choice.picture_at is PictureAt.LEFT else choice.legs - slot.span)
        case PictureAt.RIGHT:
            assert all(slot.first > 0 for slot in slots)


@settings(max_examples=100)
@given(cases())
def test_pictures_side_by_side_read_in_the_order_of_the_source(case: Case) -> None:
    order = [insert.src for insert in case.item.body if isinstance(insert, Figure)]
    placed = sorted(boxes(case), key=lambda box: order.index(box.src))
    for one, other in combinations(placed, 2):
        if one.y_pt < other.y_pt + other.depth_pt and other.y_pt < one.y_pt + one.depth_pt:
            assert one.x_pt < other.x_pt


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(3, 12)), min_size=1, max_size=5),
    st.integers(2, 7),
    st.sampled_from([PictureAt.RIGHT, PictureAt.INSIDE]),
)
def test_inserts_lie_one_upon_another_and_have_their_price(
    sizes: list[tuple[int, int]], legs: int, where: PictureAt
) -> None:
    wanted = [Wanted(figure(at), span, lines - 1, lines, lines + 2) for at, (span, lines) in enumerate(sizes)]
    for found in arrangements(wanted, legs, where, 60):
        cells = [
            (leg, line)
            for slot in found.slots
            for leg in range(slot.first, slot.first + slot.span)
            for line in range(slot.top, slot.foot)
        ]
        assert len(cells) == len(set(cells))
        assert found.sky == tuple(
            max((line + 1 for at, line in cells if at == leg), default=0) for leg in range(legs)
        )
        holes = sum(found.sky) - len(cells)
        cropped = sum(abs(slot.lines - one.natural) for slot, one in zip(found.slots, wanted, strict=True))
        assert found.price == pytest.approx(3.0 * holes + 0.4 * cropped)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_equal_pictures_in_the_text_stand_in_a_row_in_the_order_of_the_source(count: int) -> None:
    row = [Wanted(figure(number), 1, 8, 8, 8) for number in range(count)]
    found = next(arrangements(row, count + 1, PictureAt.RIGHT, 30))
    assert [(slot.first, slot.insert) for slot in found.slots] == [
        (1 + number, one.insert) for number, one in enumerate(row)
    ]


# --------------------------------------------------------------------------- words set large in a leg


def lines_in_a_leg(block: Block, kind: str) -> list[str]:
    """The words of a block, line by line, in a leg of one basic column."""
    strips = body_strips([block], setter(), layout().grid.column_pt)
    parts = [part for strip in strips for part in strip.parts]
    found = [part for part in parts if isinstance(part, TextBlock) and part.kind == kind]
    return [line.text for part in found for line in part.lines]


def test_pull_quotes_and_crossheads_break_at_sense() -> None:
    quote = PullQuote(text("我们的资源哪里就是取之不尽的"))
    assert lines_in_a_leg(quote, "pull-quote") == ["我们的资源哪里", "就是取之不尽的"]
    crosshead = Crosshead(text("坚持绿色转型\u3000夯实低碳发展根基"))
    assert lines_in_a_leg(crosshead, "crosshead") == ["坚持绿色转型", "夯实低碳发展根基"]


# --------------------------------------------------------------------------- widths of pictures


def portrait(weight: Weight) -> Article:
    """An article with a portrait that the desk wants one column wide."""
    body = (figure(1, src="pictures/tall.jpg", columns=1), *paragraphs(900, 1))
    return article("one", 10, weight=weight, headline=text("盐雾里的登记簿"), body=body)


def picture_price(item: Article, columns: int) -> float:
    """What it costs to print the picture of an article so wide."""
    shape = Shape(piece_of(item), Choice(5, 5, 24.0, 1, (columns,)), setter(), SIZES)
    return shape.picture_price


def test_a_picture_much_wider_than_asked_is_the_last_resort() -> None:
    prices = [picture_price(portrait(Weight.NORMAL), columns) for columns in (1, 2, 3, 4)]
    steps = [wider - narrower for narrower, wider in pairwise(prices)]
    assert prices[0] == pytest.approx(0)
    assert 0 < 2 * steps[0] < steps[1] < steps[2]


def test_the_picture_of_a_lead_may_grow_by_a_column() -> None:
    lead, normal = ([picture_price(portrait(w), n) for n in (2, 3)] for w in (Weight.LEAD, Weight.NORMAL))
    assert lead[0] < normal[0] / 3
    assert lead[1] > 4 * lead[0]


@pytest.mark.parametrize("weight", [Weight.LEAD, Weight.MAJOR, Weight.NORMAL])
def test_no_portrait_is_blown_up_to_fill_white(weight: Weight) -> None:
    made, widest = candidate(piece_of(portrait(weight)), setter(), SIZES, layout().grid.lines), 0.0
    for option in made.options:
        shape = Shape(piece_of(portrait(weight)), option.choice, setter(), SIZES)
        fit = shape.fit(option.lines)
        assert fit is not None
        (box,) = [part for part in shape.lay_out(fit) if isinstance(part, PictureBox)]
        widest = max(widest, box.width_pt)
    assert widest <= layout().grid.width_pt(3 if weight is Weight.LEAD else 2)


# --------------------------------------------------------------------------- faces of headlines


@pytest.mark.parametrize("weight", Weight)
def test_a_large_headline_stands_in_the_face_of_its_weight_whatever_its_genre(weight: Weight) -> None:
    """Thin letters look weak when they are large."""
    role = layout().headline[weight.value]
    for size in role.sizes_pt:
        setting = setter().headline(text("慢一点才走得远"), role, "essay", 1000.0, size, 1)
        assert setting is not None
        large = size > layout().head.genre_fonts_to_pt
        expected = role.font if large else layout().genre_fonts["essay"]
        assert {run.style.font for line in setting.lines for run in line.runs} == {expected}
        assert large == (weight is Weight.LEAD)


# --------------------------------------------------------------------------- briefs


def brief_strips(*headlines: str) -> list[Strip]:
    """A group of briefs with these headlines in a leg of one basic column."""
    briefs = tuple(
        article(f"b{at}", 90, at, headline=text(words), weight=Weight.BRIEF)
        for at, words in enumerate(headlines)
    )
    return make_piece(Briefs("briefs", "简明新闻", briefs), setter()).strips(layout().grid.column_pt)


def is_head(strip: Strip) -> bool:
    return any(isinstance(part, TextBlock) and part.kind == "brief-head" for part in strip.parts)


def test_white_stands_above_every_brief_but_the_first() -> None:
    strips = brief_strips("简讯甲标题", "简讯乙标题", "简讯丙标题")
    heads = [at for at, strip in enumerate(strips) if is_head(strip)]
    assert heads[0] == 0
    assert len(heads) == 3
    deeper = [at for at, strip in enumerate(strips) if strip.lines > 1]
    assert deeper == [at - 1 for at in heads[1:]]  # under the brief before: none at the head of a leg
    assert {strips[at].lines for at in deeper} == {1 + layout().head.brief_gap_lines}


def test_white_between_briefs_stays_when_a_paragraph_is_set_a_line_longer() -> None:
    strips = brief_strips("简讯甲标题", "简讯乙标题")
    paragraph = strips[1].paragraph
    assert paragraph is not None
    others = paragraph.others()
    assert others
    for changed, _ in others.values():
        assert [strip.lines for strip in changed] == [1] * (len(changed) - 1) + [2]


def test_no_white_parts_the_paragraphs_of_briefs() -> None:
    piece = make_piece(
        Briefs(
            "briefs", "简明新闻", tuple(article(f"b{at}", 90, at, weight=Weight.BRIEF) for at in range(4))
        ),
        setter(),
    )
    spacings = {
        fit.filling.spacing
        for choice in choices(piece, setter())
        for fit in Shape(piece, choice, setter(), SIZES).depths()
    }
    assert spacings == {Spacing.NONE}


def test_a_brief_headline_of_two_lines_is_balanced() -> None:
    strips = brief_strips("国家主席同来访的客人举行会谈")
    parts = [part for strip in strips for part in strip.parts if is_head(strip)]
    lines = [line.text for part in parts if isinstance(part, TextBlock) for line in part.lines]
    assert lines == ["国家主席同来访的", "客人举行会谈"]


# --------------------------------------------------------------------------- what is offered


LONG = article(
    "long",
    10,
    weight=Weight.MAJOR,
    headline=text("盐雾里的登记簿"),
    kicker=text("十年跟踪"),
    decks=(text("试片经过两千小时盐雾之后，失重率仍然不到千分之三"),),
    body=(figure(1, src="pictures/wide.jpg", columns=2), *paragraphs(1300, 1)),
)


def options(item: Article, **wanted: object) -> list[Choice]:
    return [c for c in offered(item) if all(getattr(c, name) == value for name, value in wanted.items())]


@pytest.mark.parametrize("where", [place for place in PictureAt if not place.startswith("row")])
def test_every_place_is_offered_and_fits_somewhere(where: PictureAt) -> None:
    item = replace(LONG, body=(figure(1, src="pictures/plain.jpg", columns=2), *paragraphs(700, 1)))
    shapes = [Shape(piece_of(item), choice, setter(), SIZES) for choice in options(item, picture_at=where)]
    assert any(next(shape.depths(), None) for shape in shapes)


def test_two_pictures_may_stand_in_a_row() -> None:
    pair = (
        figure(1, src="pictures/wide.jpg", columns=2),
        figure(2, src="pictures/plain.jpg", columns=2, caption=LONG_CAPTION),
    )
    item = replace(LONG, body=(*pair, *paragraphs(1300, 1)))
    shapes = [Shape(piece_of(item), c, setter(), SIZES) for c in options(item, picture_at=PictureAt.ROW)]
    made = [Case(item, shape, fit) for shape in shapes for fit in islice(shape.depths(), 1)]
    assert made
    level = 0
    for case in made:
        one, other = boxes(case)
        assert one.y_pt == pytest.approx(other.y_pt)
        level += one.depth_pt == pytest.approx(other.depth_pt)
    assert level > len(made) / 2  # in some the long caption would leave too little of the other picture


LONG_CAPTION = text(
    "登记员在核对试片的编号，身后是盐雾箱，左面的架子上放着十年里的登记簿，一本也没有少。" * 2
)


@pytest.mark.parametrize("captions", [{}, {"caption": LONG_CAPTION}])
def test_pictures_of_unlike_shape_over_a_headline_are_of_one_depth(captions: dict[str, Text]) -> None:
    """The upright one is given fewer columns, so that neither leaves a hole under it; captions may differ."""
    pair = (figure(1, src="pictures/tall.jpg"), figure(2, src="pictures/wide.jpg", **captions))
    item = replace(LONG, body=(*pair, *paragraphs(1300, 1)))
    shape = Shape(piece_of(item), Choice(5, 4, 27.0, 1, (0, 0)), setter(), SIZES)
    case = Case(item, shape, next(shape.depths()))
    tall, wide = boxes(case)
    assert tall.depth_pt == pytest.approx(wide.depth_pt)
    assert tall.y_pt == wide.y_pt
    assert wide.x_pt == pytest.approx(tall.x_pt + tall.width_pt + layout().grid.gutter_pt)
    assert wide.x_pt + wide.width_pt == pytest.approx(layout().grid.width_pt(5))


def test_a_wide_article_may_have_a_larger_headline() -> None:
    role = layout().headline["normal"]
    item = replace(LONG, weight=Weight.NORMAL, headline=text("盐雾里的登记簿"))
    sizes = {
        columns: {c.headline_pt for c in options(item, columns=columns, vertical=False)}
        for columns in (role.large_columns - 1, role.large_columns)
    }
    narrow, wide = sizes.values()
    assert max(narrow) == role.sizes_pt[0]
    assert max(wide) == role.large_sizes_pt[0] > max(narrow)


def test_a_larger_headline_of_wide_articles_makes_no_narrow_one_dearer() -> None:
    item = replace(LONG, weight=Weight.NORMAL, headline=text("盐雾里的登记簿"))
    role, found = layout().headline["normal"], offered(item)
    prices = {
        choice.headline_pt: headline_price(piece_of(item), choice, found, setter())
        for choice in found
        if choice.columns == role.large_columns - 1 and choice.headline_lines == 1
    }
    assert prices[role.sizes_pt[0]] == 0.0


def test_an_editor_s_note_stands_over_the_byline() -> None:
    authors = (Author("段望川", role="文"),)
    item = article("one", 600, byline=Byline(authors, BylinePlace.HEAD), editors_note=paragraphs(80, 2))
    parts, _ = Head(
        piece_of(item), setter(), layout().grid.width_pt(4), 0.0, None, under_picture=False
    ).build()
    tops = {part.kind: part.y_pt for part in parts if isinstance(part, TextBlock)}
    assert tops["editors-note"] < tops["byline"]


@pytest.mark.parametrize("characters", range(8, 30))
def test_no_caption_parts_what_belongs_together_and_no_credit_leaves_a_rest(characters: int) -> None:
    width = characters * layout().grid.body_pt
    one = figure(1, caption=text("一杯浓缩咖啡，在电镜室里，它的旅程到屏蔽门外为止。资料图片"))
    one = replace(one, credit=text("数据：渡口大学显微中心，本报记者着色"))
    blocks = [
        p for p in figure_parts(one, AnyPicture(), 0, 0, width, 40, setter()) if isinstance(p, TextBlock)
    ]
    caption, credit = (next(b for b in blocks if b.kind == kind) for kind in ("caption", "credit"))
    assert any("资料图片" in line.text for line in caption.lines)
    wide = [line.end_pt - line.runs[0].x_pt for line in credit.lines]
    assert min(wide) > max(wide) * 0.5


def test_a_box_in_the_text_has_as_much_white_below_as_above() -> None:
    box = Box(paragraphs(120, 3), text("四个容易混的词"))
    for characters in range(11, 28):
        strip = box_strip(box, setter(), characters * layout().grid.body_pt)
        ground, *inside = strip.parts
        texts = [part for part in inside if isinstance(part, TextBlock)]
        foot = ground.y_pt + ground.depth_pt - max(part.y_pt + part.depth_pt for part in texts)
        head = min(part.y_pt for part in texts) - ground.y_pt
        assert 0 < foot < LEADING
        assert abs(foot - head) < LEADING


@pytest.mark.parametrize(("columns", "legs"), [(3, 2), (5, 3), (6, 4)])
def test_news_may_be_set_in_columns_of_one_and_a_half(columns: int, legs: int) -> None:
    item = replace(LONG, weight=Weight.MAJOR)
    assert options(item, columns=columns, legs=legs)


# --------------------------------------------------------------------------- kicker and deck beside


def test_kicker_and_deck_stand_beside_a_wide_short_headline_and_save_lines() -> None:
    found = options(LONG, deck_beside=True)
    assert found
    assert all(choice.columns >= layout().head.beside_columns for choice in found)
    for choice in found[:4]:
        shape = Shape(piece_of(LONG), choice, setter(), SIZES)
        plain = Shape(piece_of(LONG), replace(choice, deck_beside=False), setter(), SIZES)
        fit, least = next(shape.depths(), None), next(plain.depths(), None)
        if fit is None or least is None:
            continue
        assert fit.lines < least.lines
        case = Case(LONG, shape, fit)
        (kicker,), (headline,), (deck,) = (blocks(case, kind) for kind in ("kicker", "headline", "deck"))
        assert kicker.x_pt + kicker.width_pt < headline.x_pt
        assert headline.x_pt + headline.width_pt < deck.x_pt
        for side in (kicker, deck):
            assert side.y_pt >= headline.y_pt - 0.01
            assert side.y_pt + side.depth_pt <= headline.y_pt + headline.depth_pt + 0.01
        lefts = {round(line.runs[0].x_pt) for line in deck.lines}
        assert len(lefts) == 1  # set to the left
        gap = layout().head.beside_gap_em * choice.headline_pt  # no white but that parts them
        begins = headline.x_pt + min(line.runs[0].x_pt for line in headline.lines)
        ends = headline.x_pt + max(line.end_pt for line in headline.lines)
        assert begins - (kicker.x_pt + max(line.end_pt for line in kicker.lines)) == pytest.approx(gap, abs=4)
        assert deck.x_pt + min(lefts) - ends == pytest.approx(gap, abs=4)


def test_a_headline_with_kicker_and_deck_beside_it_covers_its_text() -> None:
    issue = issue_of([LONG])
    for choice in options(LONG, deck_beside=True):
        shape = Shape(piece_of(LONG), choice, setter(), SIZES)
        if (fit := next(shape.depths(), None)) is None:
            continue
        frame = Frame(Placement("long", 0, 13, fit.lines, choice), "article", shape.lay_out(fit))
        report = judge(ComposedPage(issue.pages[0], (frame,)), issue, layout())
        assert {verdict.rule: verdict.kept for verdict in report.verdicts}["covering"]
        return
    raise AssertionError("none fits")


def test_a_kicker_beside_its_headline_is_broken_at_sense() -> None:
    headline = text("盐雾箱里十年登记簿的来历")
    item = replace(LONG, headline=headline, kicker=text("十年跟踪观察"), decks=())
    found = options(item, deck_beside=True)
    assert found
    for choice in found[:3]:
        shape = Shape(piece_of(item), choice, setter(), SIZES)
        (kicker,) = (part for part in shape.head[0] if isinstance(part, TextBlock) and part.kind == "kicker")
        lines = [line.text for line in kicker.lines]
        assert lines in (["十年跟踪观察"], ["十年", "跟踪观察"], ["十年跟踪", "观察"])


def test_a_headline_without_kicker_and_deck_has_nothing_beside_it() -> None:
    assert not options(replace(LONG, kicker=None, decks=()), deck_beside=True)


# --------------------------------------------------------------------------- in the page plan


def planned(choice: Choice) -> tuple[bytes, Issue]:
    """The plan of a page with one article in this choice."""
    issue = issue_of([LONG])
    frame = Frame(Placement("long", 0, 14, 30, choice), "article", ())
    return write_plan(ComposedIssue(issue, (ComposedPage(issue.pages[0], (frame,)),))), issue


@pytest.mark.parametrize("where", list(PictureAt))
@pytest.mark.parametrize("sides", [True, False])
def test_a_plan_keeps_where_pictures_and_deck_stand(where: PictureAt, sides: bool) -> None:
    choice = Choice(5, 4, 27.0, 1, (2,), picture_at=where, deck_beside=sides)
    data, issue = planned(choice)
    assert read_plan(data, "page-plan.toml", issue)["long"].placement().choice == choice


@pytest.mark.parametrize(
    ("right", "wrong", "hint"),
    [
        ('picture_at = "inside"', 'picture_at = "middle"', "inside"),
        ('picture_at = "inside"', "picture_at = [1]", "inside"),
        ("deck_beside = true", "deck_beside = 1", "true or false"),
    ],
)
def test_a_plan_that_says_it_wrong_is_told(right: str, wrong: str, hint: str) -> None:
    data, issue = planned(Choice(5, 4, 27.0, 1, (2,), picture_at=PictureAt.INSIDE, deck_beside=True))
    spoilt = data.decode().replace(right, wrong)
    with pytest.raises(SourceErrors) as caught:
        read_plan(spoilt.encode(), "page-plan.toml", issue)
    (fault,) = caught.value
    assert spoilt.splitlines()[fault.line - 1] == wrong
    assert hint in fault.hint


# --------------------------------------------------------------------------- boxes


@pytest.mark.parametrize(
    ("genre", "weight", "hint", "boxed"),
    [
        ("comment", Weight.NORMAL, None, {False, True}),
        ("comment", Weight.NORMAL, Hint(columns=3), {False, True}),
        ("comment", Weight.NORMAL, Hint(box=False), {False}),
        ("comment", Weight.NORMAL, Hint(box=True), {False}),  # the source's own: make-up draws no second
        ("comment", Weight.LEAD, None, {False}),
        ("news", Weight.NORMAL, None, {False}),
    ],
)
def test_a_comment_may_be_boxed_where_nobody_says_otherwise(
    genre: str, weight: Weight, hint: Hint | None, boxed: set[bool]
) -> None:
    item = replace(LONG, genre=genre, weight=weight, hint=hint)
    assert {choice.boxed for choice in offered(item)} == boxed
    assert not any(choice.boxed and choice.vertical for choice in offered(item))


@pytest.mark.parametrize("margins", [(1, 1), (1.5, 2)])
@pytest.mark.parametrize("kind", list(BoxedPiece))
def test_a_box_is_ruled_or_tinted_with_its_margins(kind: BoxedPiece, margins: tuple[float, int]) -> None:
    sides, foot = margins
    box = replace(layout().box, piece=kind, margin_characters=sides, margin_lines=foot)
    look = replace(layout(), box=box)
    own = Setter(look, faces())
    item = replace(LONG, hint=Hint(box=True))
    shape = Shape(make_piece(item, own), Choice(4, 3, 27.0, 1, (2,)), own, SIZES)
    fit = next(shape.depths())
    ground, *inside = shape.lay_out(fit)
    assert isinstance(ground, Rule)  # under everything
    assert (ground.ink, ground.border_pt) == (
        (box.ink, 0.0) if kind is BoxedPiece.TINTED else (box.border_ink, box.border_pt)
    )
    assert ground.width_pt == look.grid.width_pt(4)
    assert ground.y_pt + ground.depth_pt == pytest.approx(fit.lines * LEADING)
    white = sides * look.grid.body_pt
    for part in inside:
        assert isinstance(part, TextBlock | PictureBox)
        assert part.x_pt >= white - 0.01
        assert part.x_pt + part.width_pt <= ground.width_pt - white + 0.01
        assert part.y_pt + part.depth_pt <= (fit.lines - foot) * LEADING + 0.01
        if isinstance(part, TextBlock) and part.kind == "body":
            assert part.y_pt / LEADING == pytest.approx(round(part.y_pt / LEADING))


# --------------------------------------------------------------------------- filling legs


@settings(max_examples=200)
@given(
    st.lists(
        st.builds(Strip, st.integers(1, 3), st.just(()), st.sampled_from([0.0, ORPHAN, WIDOW, KEEP])),
        max_size=9,
    ),
    st.lists(st.integers(0, 9), min_size=1, max_size=3),
)
def test_legs_are_filled_in_the_best_of_all_ways(strips: list[Strip], depths: list[int]) -> None:
    """Compared with trying every way."""

    def price(ends: tuple[int, ...]) -> float:
        total, start = 0.0, 0
        for leg, (end, depth) in enumerate(zip(ends, depths, strict=True)):
            white = depth - sum(strip.lines for strip in strips[start:end])
            if white < 0 or end < start:
                return float("inf")
            total += 12.0 * white * white + 0.1 * (len(depths) - 1 - leg) * white
            total += strips[end - 1].price_after if 0 < end < len(strips) else 0.0
            start = end
        return total

    ways = product(range(len(strips) + 1), repeat=len(depths) - 1)
    least = min(price((*way, len(strips))) for way in ways)
    filled = fill_legs(strips, depths)
    if least == float("inf"):
        assert filled is None
    else:
        assert filled is not None
        assert filled[1] == pytest.approx(least)
        assert price(filled[0]) == pytest.approx(least)


# --------------------------------------------------------------------------- names in bylines


def byline_lines(item: Article, characters: int) -> list[Line]:
    """Those of the line under its headline, in a head so wide."""
    head = Head(piece_of(item), setter(), characters * layout().grid.body_pt, 0.0, None, under_picture=False)
    return [
        line
        for part in head.build()[0]
        if isinstance(part, TextBlock) and part.kind == "byline"
        for line in part.lines
    ]


def test_no_name_under_a_headline_is_parted_nor_a_short_affiliation() -> None:
    authors = (
        Author("段望川", role="水务局党组书记、局长"),
        Author("欧阳石", affiliation="已退休", role="通讯员"),
    )
    item = article("one", 10, byline=Byline(authors, BylinePlace.HEAD))
    seen = set()
    for characters in range(11, 40):
        lines = byline_lines(item, characters)
        seen.add(len(lines))
        for kept in ("段望川", "欧阳石", "（已退休）"):
            assert any(kept in line.text for line in lines), (kept, [line.text for line in lines])
    assert len(seen) > 1  # lines were broken


@pytest.mark.parametrize(("place", "names"), [(BylinePlace.OPENING, 1), (BylinePlace.END, 2)])
def test_no_name_or_role_in_a_byline_is_parted_at_a_line_s_end(place: BylinePlace, names: int) -> None:
    """In legs of any width, and painted like the text round it."""
    authors = (Author("王德国", role="编谜"), Author("欧阳望川", role="通讯员"))[:names]
    words = Paragraph(text("渡口的石阶上站满了人，船还在对岸，雾没有散。"))
    item = article("one", 10, byline=Byline(authors, place), dateline="本报讯", body=(words,))
    for characters in range(11, 40):
        strips = piece_of(item).strips(characters * layout().grid.body_pt)
        lines = [line for strip in strips for part in strip.parts for line in part.lines]
        for author in authors:
            for kept in (author.name, author.role or ""):
                assert any(kept in line.text for line in lines), (kept, [line.text for line in lines])
        assert len({run.style for line in lines for run in line.runs}) == 1


@settings(max_examples=60)
@given(characters=st.integers(20, 320), columns=st.integers(2, 6))
def test_an_editors_note_leaves_no_hole_beside_its_words(characters: int, columns: int) -> None:
    item = article("noted", 10, 1, editors_note=paragraphs(characters, 2))
    width = layout().grid.width_pt(columns)
    head = Head(piece_of(item), setter(), width, 0.0, None, under_picture=False)
    words = [part for part in head.build()[0] if isinstance(part, TextBlock) and part.kind == "editors-note"]
    legs = Counter(part.x_pt for part in words for _ in part.lines)
    assert max(legs.values()) - min(legs.values()) <= 1
    assert max(part.x_pt + part.width_pt for part in words) == pytest.approx(width)
