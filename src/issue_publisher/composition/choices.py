"""What to try: the choices of width, legs, pictures and headline that suit a piece on the layout's grid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product
from math import ceil

from issue_publisher.composition.advertisement import lines_sold
from issue_publisher.composition.arrangement import possible
from issue_publisher.composition.figure import NO_SIZES, Sizes, legible_columns, wanted_columns
from issue_publisher.composition.head import Head, beside, headline_role
from issue_publisher.composition.model import Choice, PictureAt
from issue_publisher.composition.piece import Piece, box_margin_pt
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.side import side_head
from issue_publisher.issue.model import AdvertisementPlace, Figure, Weight
from issue_publisher.layout.model import PT_PER_MM, Grid

_SOUND = 0.3  # badness below which a headline is broken at sense
# Figures and units that would be squeezed into one square, or parted from one another, from top to bottom.
_NOT_UPRIGHT = re.compile(r"\d{4}|\d\s*[℃℉°%％‰]")
_NEARLY = 0.2  # of a column, by which legs of other widths may differ from their share of the columns
_NARROWEST = 6  # characters of a leg: below that no line is fit to print


def choices(piece: Piece, setter: Setter, sizes: Sizes = NO_SIZES) -> Iterator[Choice]:
    """The choices worth trying for a piece on the layout's grid; `sizes` are those of its pictures.

    Those in a box that make-up draws come last.
    """
    yield from _choices(piece, setter, sizes)
    if piece.may_box:
        for choice in _choices(replace(piece, boxed=True), setter, sizes):
            if not choice.vertical:  # parted from its neighbours already
                yield replace(choice, boxed=True)


def _choices(piece: Piece, setter: Setter, sizes: Sizes) -> Iterator[Choice]:
    grid = setter.layout.grid
    if piece.size is not None:
        columns = min(piece.size[0], grid.columns)
        for legs in range(1, columns + 1):  # the widest measure that holds its words
            yield Choice(columns, legs, 0.0, 1, (1,) * len(piece.inserts))
        return
    role = headline_role(piece, setter)
    wanted = piece.hint.columns if piece.hint else None
    low, high = role.min_columns, min(role.max_columns, grid.columns)
    if piece.kind == "pictures":  # as wide as its pictures want to be, one column less if need be
        figures = [insert for insert in piece.inserts if isinstance(insert, Figure)]
        asked = sum(
            max(figure.columns or 2, ceil(legible_columns(figure, sizes, setter))) for figure in figures
        )
        lost = sum(figure.missing for figure in figures)  # each may be a column narrower, or wider
        low = max(low, min(asked - max(1, lost), grid.columns))
        high = min(asked + max(1, lost), grid.columns)
    if low > 1 and _leaves_stubs(piece, setter, low):
        low -= 1
    if wanted:  # a hint that the weight's headline does not allow is met as nearly as may be
        wanted = max(low, min(wanted, high))
    for columns in range(low, high + 1):
        if wanted and abs(columns - wanted) > 1:
            continue
        headlines = _headline_choices(piece, setter, columns)
        sides = [setting for setting in headlines if _saves_lines(piece, setter, columns, *setting)]
        for legs in _legs(piece, setter, columns):
            for pictures in _picture_choices(piece, setter, sizes, columns, legs):
                for place in _places(piece, legs, pictures):
                    for size_pt, lines in headlines:
                        yield Choice(columns, legs, size_pt, lines, pictures, picture_at=place)
                    for size_pt, lines in sides:
                        yield Choice(
                            columns, legs, size_pt, lines, pictures, picture_at=place, deck_beside=True
                        )
                yield from _vertical_choices(piece, setter, Choice(columns, legs, pictures=pictures))


def _leaves_stubs(piece: Piece, setter: Setter, columns: int) -> bool:
    """Whether an article is so short that its legs are stubs at a width, in however few of them (hard 6)."""
    if piece.kind != "article" or piece.weight is Weight.BRIEF or piece.inserts:
        return False
    grid = setter.layout.grid
    legs = min(_legs(piece, setter, columns))
    measure = (grid.width_pt(columns) / grid.body_pt - (legs - 1) * grid.gutter_characters) / legs
    lines = piece.characters / measure / legs
    return lines * setter.leading_pt / PT_PER_MM < setter.layout.rules.leg_mm[0]


def _legs(piece: Piece, setter: Setter, columns: int) -> list[int]:
    """Columns of text that a width may be broken into, within the layout's measures."""
    makeup, grid = setter.layout.makeup, setter.layout.grid
    if piece.hint and piece.hint.legs and piece.hint.legs <= most_legs(columns, setter):
        return [piece.hint.legs]
    calm = piece.genre in ("comment", "essay", "voice", "feature")
    narrow, wide = makeup.comment_characters if calm else makeup.leg_characters
    result = []
    for legs in range(1, columns + 1):
        characters = (grid.width_pt(columns) / grid.body_pt - (legs - 1) * grid.gutter_characters) / legs
        if narrow <= characters <= wide:
            result.append(legs)
    result = result or [columns]
    if calm:
        return result[-3:-1] or result
    if columns <= 4:
        # A short lead wants the wide measure: in more legs it would be all headline, its legs stubs.
        return result[-3:] if piece.weight is Weight.LEAD else result[-2:]
    one_and_a_half = round(columns / 1.5)
    return sorted({*result[-2:-1], *([one_and_a_half] if one_and_a_half in result else [])})


def most_legs(columns: int, setter: Setter) -> int:
    """As many legs as so many basic columns can be broken into at all."""
    grid = setter.layout.grid
    gutter = grid.gutter_characters
    return int((grid.width_pt(columns) / grid.body_pt + gutter) / (_NARROWEST + gutter))


def _picture_choices(
    piece: Piece, setter: Setter, sizes: Sizes, columns: int, legs: int
) -> list[tuple[int, ...]]:
    figures = [insert for insert in piece.inserts if isinstance(insert, Figure)]
    if not figures:
        return [()]
    if piece.kind == "pictures" or not piece.characters:
        return [(0,) * len(figures)]
    options: list[list[int]] = []
    for at, figure in enumerate(figures):
        least = legible_columns(figure, sizes, setter)
        wanted = max(wanted_columns(figure), least)
        wide_enough = [span for span in range(1, legs) if span * columns / legs >= least - _NEARLY]
        possible_spans = wide_enough or range(1, legs)
        spans = sorted(possible_spans, key=lambda span: abs(span * columns / legs - wanted))[:3]
        if at == 0 and (legs == 1 or abs(columns - wanted) <= (2 if figure.missing else 1)):
            spans = [*spans[:1], 0]
        options.append(spans or [0])
    found: Iterable[tuple[int, ...]] = product(*options)
    if len(options) > 2:  # from the second on all alike, if they can be
        alike = [span for span in options[1] if all(span in each for each in options[1:])]
        if alike:
            found = ((first, *[span] * (len(options) - 1)) for first in options[0] for span in alike)
    return list(islice(found, 6))


def _headline_choices(piece: Piece, setter: Setter, columns: int) -> list[tuple[float, int]]:
    """For each number of lines the largest size, and one smaller."""
    if piece.headline is None:
        return [(0.0, 1)]
    role = headline_role(piece, setter)
    width = setter.layout.grid.width_pt(columns) - 2 * box_margin_pt(setter, boxed=piece.boxed)
    found = setter.headlines(piece.headline, role, piece.genre, width, piece.lang)
    best: dict[int, tuple[float, int]] = {}
    sound = [setting for setting in found if setting.badness < _SOUND]
    for setting in sound or found:
        if setting.fill >= 0.35:
            best.setdefault(len(setting.lines), (setting.size_pt, len(setting.lines)))
    if not best and (
        short := sound or found
    ):  # too short to fill any line well: large, on one line if it may
        fewest = min(short, key=lambda setting: (len(setting.lines), -setting.size_pt))
        best = {0: (fewest.size_pt, len(fewest.lines))}
    return sorted(best.values(), reverse=True)[:2]


def _places(piece: Piece, legs: int, pictures: tuple[int, ...]) -> list[PictureAt]:
    """Where pictures of these spans may stand in the body; those above the headline have one place."""
    spans = [span for span in pictures if span]
    if can_stand_in_rows(piece):
        return [PictureAt.RIGHT, PictureAt.ROWS]
    tables = any(not isinstance(insert, Figure) for insert in piece.inserts)
    return [
        place
        for place in PictureAt
        if place is PictureAt.RIGHT or (spans and not tables and possible(spans, legs, place))
    ]


def can_stand_in_rows(piece: Piece) -> bool:
    """Whether it is a picture story of empty places, which take any shape."""
    places = [insert for insert in piece.inserts if isinstance(insert, Figure) and insert.missing]
    return piece.kind == "pictures" and len(places) == len(piece.inserts) > 1


def _saves_lines(piece: Piece, setter: Setter, columns: int, size_pt: float, lines: int) -> bool:
    """Whether kicker and deck can stand at a headline's sides, and the head is less deep for it."""
    look, grid = setter.layout.head, setter.layout.grid
    if columns < look.beside_columns or not size_pt or piece.headline is None:
        return False
    width = grid.width_pt(columns) - 2 * box_margin_pt(setter, boxed=piece.boxed)
    sides = beside(piece, Choice(columns, columns, size_pt, lines), setter, width)
    if sides is None or sides.headline.badness >= _SOUND or sides.headline.fill < look.beside_fill:
        return False
    role = headline_role(piece, setter)
    plain = setter.headline(piece.headline, role, piece.genre, width, size_pt, lines, piece.lang)
    depths = [
        setter.depth_lines(Head(piece, setter, width, 0.0, plain, under_picture=False, sides=kind).build()[1])
        for kind in (None, sides)
    ]
    return depths[1] < depths[0]


def _vertical_choices(piece: Piece, setter: Setter, plain: Choice) -> Iterator[Choice]:
    """The same choice with its headline at the left from top to bottom, where the layout allows that."""
    role = headline_role(piece, setter)
    if not (role.vertical and piece.headline is not None and piece.kind == "article"):
        return
    grid = setter.layout.grid
    if _NOT_UPRIGHT.search(piece.headline.plain):
        return
    for count in range(1, role.max_lines + 1):
        choice = replace(plain, headline_pt=role.sizes_pt[0], headline_lines=count, vertical=True)
        side = side_head(piece, choice, setter)
        if side is None or not side.possible or dict(side.words)["headline"].badness >= _SOUND:
            continue
        room = (grid.width_pt(plain.columns) - side.taken_pt) / grid.body_pt
        legs = min(
            plain.legs,
            int(
                (room + grid.gutter_characters)
                / (setter.layout.makeup.leg_characters[0] + grid.gutter_characters)
            ),
        )
        # A picture leaves a leg of text free: the opening, which fewer legs would take.
        if legs > max(plain.pictures, default=0) and side.taken_pt < grid.width_pt(plain.columns) / 3:
            yield replace(choice, legs=legs)
            return


def advertisement_lines(piece: Piece, setter: Setter) -> int:
    """Depth of an advertisement on the grid, in lines."""
    assert piece.size is not None
    return lines_sold(piece.size, setter)


def advertisement_wish(piece: Piece, grid: Grid) -> tuple[int | None, bool]:
    """The basic column that an advertisement must begin in, if any, and whether it must end at the foot.

    One that says no more than `foot` is drawn to the foot by its price. One in the ear stands outside the
    area of articles (`advertisement.ear_room`), and has no wish.
    """
    assert piece.size is not None
    match piece.place:
        case AdvertisementPlace.FOOT_LEFT:
            return 0, True
        case AdvertisementPlace.FOOT_RIGHT:
            return grid.columns - min(piece.size[0], grid.columns), True
        case _:
            return None, False


def headline_price(piece: Piece, choice: Choice, offered: Sequence[Choice], setter: Setter) -> float:
    """What a headline setting costs: a size below the largest, dearest for the lead; a needless turn.

    The largest of its width; of other widths such as every width may have.
    """
    if not choice.headline_pt:
        return 0.0
    usual_pt = headline_role(piece, setter).sizes_pt[0]
    others = [other for other in offered if other.columns == choice.columns]
    sizes = [other.headline_pt for other in others] + [min(other.headline_pt, usual_pt) for other in offered]
    largest = max(sizes)
    rank = {Weight.LEAD: 4.0, Weight.MAJOR: 2.0, Weight.NORMAL: 1.0, Weight.BRIEF: 0.5}[piece.weight]
    price = rank * (largest - choice.headline_pt) / largest * 5
    turned = any(
        o.headline_pt == choice.headline_pt and o.headline_lines < choice.headline_lines for o in others
    )
    return price + (0.6 if turned else 0.0)
