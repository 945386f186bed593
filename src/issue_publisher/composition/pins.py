"""What a page plan pins: the shapes and places that are left to choose from, and pins that cannot hold.

Pure functions over pins, pieces and candidates; `plan` reads the pins, `page` makes up the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING

from issue_publisher.composition.advertisement import ear_room
from issue_publisher.composition.area import Area
from issue_publisher.composition.arrangement import possible
from issue_publisher.composition.choices import advertisement_lines, can_stand_in_rows, choices, most_legs
from issue_publisher.composition.figure import Sizes
from issue_publisher.composition.head import beside, headline_role
from issue_publisher.composition.model import Choice, PictureAt, Pin
from issue_publisher.composition.piece import Piece
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Fit, Shape
from issue_publisher.composition.side import side_head
from issue_publisher.issue.model import Figure

if TYPE_CHECKING:
    from issue_publisher.composition.candidates import Candidate, Option

# Keys that pin and choice share.
_HEAD = ("headline_pt", "headline_lines", "vertical", "deck_beside")
_SHAPE = ("columns", "legs", *_HEAD, "picture_at", "picture_clear", "boxed")


@dataclass(frozen=True, slots=True)
class Fault:
    """A pin that cannot hold."""

    pin: Pin
    message: str
    hint: str


class UnreachableError(Exception):
    """No shape of a piece does what its pin says."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


# --------------------------------------------------------------------------- what is pinned


def completed(pin: Pin, piece: Piece) -> Pin:
    """The pin with what goes without saying: no headline has no size, no pictures have no widths."""
    if piece.kind == "advertisement":
        pin = replace(pin, headline_pt=0.0, headline_lines=1, vertical=False, deck_beside=False)
        return pin if pin.pictures is not None else replace(pin, pictures=(1,) * len(piece.inserts))
    if piece.headline is None:
        pin = replace(pin, headline_pt=0.0, headline_lines=1, vertical=False, deck_beside=False)
    if not _figures(piece) and pin.pictures is None:
        pin = replace(pin, pictures=())
    return pin


def fixes_shape(pin: Pin) -> bool:
    """Whether anything of its shape is pinned beyond what goes without saying."""
    said = (
        pin.columns,
        pin.lines,
        pin.legs,
        pin.headline_pt or None,
        pin.pictures or None,
        pin.vertical or None,
        pin.picture_at,
        pin.deck_beside or None,
        pin.picture_clear or None,
        pin.boxed or None,
    )
    return said != (None,) * len(said)


def _figures(piece: Piece) -> int:
    return sum(isinstance(insert, Figure) for insert in piece.inserts)


def _agrees(choice: Choice, pin: Pin) -> bool:
    """Whether a choice is what the pin says; pictures that it does not mention are free."""
    shape = all(getattr(pin, key) in (None, getattr(choice, key)) for key in _SHAPE)
    return shape and choice.pictures[: len(pin.pictures or ())] == (pin.pictures or ())


# --------------------------------------------------------------------------- shapes


def tries(
    offered: Sequence[Choice], pin: Pin | None, piece: Piece, setter: Setter
) -> Iterator[Sequence[Choice]]:
    """Choices to try, the next only when nothing comes of the last: the usual ones, then those by hand."""
    if pin is None:
        yield offered
        return
    yield tuple(choice for choice in offered if _agrees(choice, pin))
    yield tuple(by_hand(offered, pin, piece, setter))


def by_hand(offered: Sequence[Choice], pin: Pin, piece: Piece, setter: Setter) -> Iterator[Choice]:
    """The usual choices with what is pinned put in their place, as far as it can be set at all."""
    if piece.size is not None:
        return
    near = [choice for choice in offered if pin.columns in (None, choice.columns)]
    near = near or list(_unusual(pin.columns or 1, offered, setter))
    seen: set[Choice] = set()
    for base in near:
        wanted = pin.pictures or ()
        legs = pin.legs or max(base.legs, *wanted, 0)
        if legs > most_legs(base.columns, setter):
            continue
        spans = (*wanted, *(min(span, legs) for span in base.pictures[len(wanted) :]))
        if max(wanted, default=0) > legs:
            continue
        where = pin.picture_at or base.picture_at
        if not _can_stand(spans, legs, where, piece):
            continue
        clear, boxed = bool(pin.picture_clear), base.boxed if pin.boxed is None else pin.boxed
        shape = replace(base, legs=legs, pictures=spans, picture_at=where, picture_clear=clear, boxed=boxed)
        for choice in _headlines(shape, pin, piece, setter):
            if choice not in seen:
                seen.add(choice)
                yield choice


def _can_stand(spans: Sequence[int], legs: int, where: PictureAt, piece: Piece) -> bool:
    """Whether a body's pictures of these spans can stand so; among tables they stand in one way only."""
    if where is PictureAt.ROWS:
        return can_stand_in_rows(piece)
    in_body = [span for span in spans if span]
    tables = any(not isinstance(insert, Figure) for insert in piece.inserts)
    return where is PictureAt.RIGHT or (not tables and possible(in_body, legs, where))


def _unusual(columns: int, offered: Sequence[Choice], setter: Setter) -> Iterator[Choice]:
    """Choices of a width that make-up itself would not think of: every measure, pictures as elsewhere."""
    pictures = dict.fromkeys(choice.pictures for choice in offered)
    makeup, grid = setter.layout.makeup, setter.layout.grid
    narrowest, widest = makeup.leg_characters
    counts = range(1, most_legs(columns, setter) + 1)
    measures = {
        legs: (grid.width_pt(columns) / grid.body_pt - (legs - 1) * grid.gutter_characters) / legs
        for legs in counts
    }
    fair = [legs for legs, measure in measures.items() if narrowest <= measure <= widest]
    for legs, spans in product(fair or counts, pictures):
        yield Choice(columns, legs, pictures=tuple(min(span, legs) for span in spans))


def _headlines(shape: Choice, pin: Pin, piece: Piece, setter: Setter) -> Iterator[Choice]:
    """A shape with every headline setting that the pin leaves and the width holds."""
    if piece.headline is None:
        yield replace(shape, headline_pt=0.0, headline_lines=1, vertical=False)
        return
    role = headline_role(piece, setter)
    sizes = role.all_sizes_pt if pin.headline_pt is None else (pin.headline_pt,)
    counts = range(1, role.max_lines + 1) if pin.headline_lines is None else (pin.headline_lines,)
    vertical = shape.vertical if pin.vertical is None else pin.vertical
    sides = shape.deck_beside if pin.deck_beside is None else pin.deck_beside
    for size, count in product(sizes, counts):
        choice = replace(
            shape,
            headline_pt=size,
            headline_lines=count,
            vertical=vertical,
            deck_beside=sides and not vertical,
        )
        if headline_fits(choice, piece, setter):
            yield choice


def headline_fits(choice: Choice, piece: Piece, setter: Setter) -> bool:
    """Whether the headline can be set in the size and the number of lines of a choice."""
    if piece.headline is None or not choice.headline_pt:
        return True
    role = headline_role(piece, setter)
    if choice.vertical:
        side = side_head(piece, choice, setter)
        return side is not None and side.possible
    width = Shape(piece, choice, setter, {}).width_pt
    if choice.deck_beside:
        return beside(piece, choice, setter, width) is not None
    size, count = choice.headline_pt, choice.headline_lines
    return setter.headline(piece.headline, role, piece.genre, width, size, count, piece.lang) is not None


def fits(shape: Shape, pin: Pin | None) -> Iterator[Fit]:
    """The depths of a shape that the pin leaves: the usual ones, or the pinned one."""
    if pin is None or pin.lines is None:
        yield from shape.depths()
    elif (fit := shape.fit(pin.lines)) and pin.lines <= deepest(shape):
        yield fit


def deepest(shape: Shape) -> int:
    """The most lines that a shape can be made deep within the layout's slack; an advertisement any number."""
    page = shape.setter.layout.grid.lines
    return page if shape.piece.size else max((fit.lines for fit in shape.depths()), default=page)


# --------------------------------------------------------------------------- places


def placed(candidate: Candidate, pin: Pin | None, area: Area) -> Candidate:
    """A candidate that stands where its pin says, and elsewhere than make-up thinks of only if it must."""
    if pin is None or (pin.column is None and pin.row is None):
        return candidate
    column, row = _pinned_place(pin, area)
    if row is None and column == candidate.column:
        row = candidate.row
    if column is None and row == candidate.row:
        column = candidate.column
    # An advertisement that is pinned off the foot is placed as news are.
    at_foot = candidate.at_foot and row in (None, area.lines - candidate.options[0].lines)
    return replace(candidate, column=column, row=row, opens=False, at_foot=at_foot)


def _pinned_place(pin: Pin | None, area: Area) -> tuple[int | None, int | None]:
    """Column and row of the area that are pinned."""
    if pin is None:
        return None, None
    return pin.column, None if pin.row is None else pin.row - area.top


def released(candidates: Sequence[Candidate], pins: Mapping[str, Pin], area: Area) -> list[Candidate]:
    """Candidates without the places of their own (the lead's corner, the foot) that pins have taken."""
    taken = [pin for pin in pins.values() if pin.has_place]
    news = {candidate.id for candidate in candidates if not candidate.at_foot}
    foot = any(
        pin.item in news and (pin.row or 0) + (pin.lines or 0) == area.top + area.lines for pin in taken
    )
    found = []
    for given in candidates:
        candidate = replace(given, at_foot=False) if foot else given
        column, row = _pinned_place(pins.get(candidate.id), area)
        if not _has_room(candidate, taken, area):
            candidate = replace(candidate, column=column, row=row)
        found.append(candidate)
    return found


def _has_room(candidate: Candidate, taken: Iterable[Pin], area: Area) -> bool:
    """Whether a candidate with a corner of its own can stand there beside what is pinned."""
    if candidate.column is None or candidate.row is None:
        return True

    def stands(option: Option) -> bool:
        here = Pin(
            candidate.id,
            column=candidate.column,
            columns=option.choice.columns,
            row=(candidate.row or 0) + area.top,
            lines=option.lines,
        )
        return not any(_overlap(here, pin) for pin in taken if pin.item != candidate.id)

    return any(stands(option) for option in candidate.options)


def _overlap(one: Pin, other: Pin) -> bool:
    """Whether two whole rectangles share a cell."""
    return _meet(one.column, one.columns, other.column, other.columns) and _meet(
        one.row, one.lines, other.row, other.lines
    )


def _meet(start: int | None, length: int | None, other: int | None, other_length: int | None) -> bool:
    if start is None or length is None or other is None or other_length is None:
        return False
    return start < other + other_length and other < start + length


# --------------------------------------------------------------------------- pins that cannot hold


def pin_faults(
    pins: Mapping[str, Pin], pieces: Sequence[Piece], area: Area, setter: Setter
) -> Iterator[Fault]:
    """Everything that is wrong with a page's pins before anything is set between them."""
    for piece in pieces:
        if pin := pins.get(piece.id):
            yield from _ear_faults(pin, setter) if piece.in_ear else _place_faults(pin, area, setter)
            if piece.size is not None:
                yield from _sold_size(pin, piece, setter)
            yield from _shape_faults(pin, piece, setter)
            yield from _headline_faults(pin, piece, setter)
    whole = [pin for pin in pins.values() if pin.has_place]
    for other, pin in combinations(whole, 2):
        if _overlap(pin, other) and other.item != pin.inside and pin.item != other.inside:
            yield Fault(pin, f"{pin.item} overlaps {other.item}", "correct the place of one of them")


def _place_faults(pin: Pin, area: Area, setter: Setter) -> Iterator[Fault]:
    """No frame leaves the page's area."""
    columns, top, foot = setter.layout.grid.columns, area.top, area.top + area.lines
    right = (pin.column or 0) + (pin.columns or 1)
    row = top if pin.row is None else pin.row
    if right > columns or row < top or row + (pin.lines or 1) > foot:
        free = f"columns 0 to {columns}, rows {top} to {foot} are free"
        yield Fault(pin, f"{pin.item} leaves the page", free)


def _ear_faults(pin: Pin, setter: Setter) -> Iterator[Fault]:
    """What was sold for the ear stands there."""
    room = ear_room(setter.layout)
    if pin.column not in (None, room.column) or pin.row not in (None, room.row):
        stands = f"column = {room.column} and row = {room.row}"
        yield Fault(pin, f"{pin.item} does not stand in the ear", stands)


def _sold_size(pin: Pin, piece: Piece, setter: Setter) -> Iterator[Fault]:
    """An advertisement is as large as it was sold: the plan says where it stands, not how large it is."""
    assert piece.size is not None
    columns = min(piece.size[0], setter.layout.grid.columns)
    lines = advertisement_lines(piece, setter)
    if pin.columns not in (None, columns) or pin.lines not in (None, lines):
        yield Fault(
            pin, f"{piece.id} has not the size it was sold in", f"columns = {columns} and lines = {lines}"
        )


def _shape_faults(pin: Pin, piece: Piece, setter: Setter) -> Iterator[Fault]:
    """Legs that can be read, a width for each picture and no more, none wider than the text."""
    most = most_legs(pin.columns or setter.layout.grid.columns, setter)
    if pin.legs is not None and pin.legs > most:
        yield Fault(pin, f"{pin.item} has {pin.legs} legs", f"at most {most} in its columns")
    if piece.kind == "advertisement" or not pin.pictures:
        return
    figures = _figures(piece)
    if len(pin.pictures) > figures:
        yield Fault(
            pin, f"{pin.item} has {figures} pictures, not {len(pin.pictures)}", "one number for each picture"
        )
    widest = pin.legs or most
    if max(pin.pictures) > widest:
        yield Fault(
            pin,
            f"a picture of {pin.item} spans {max(pin.pictures)} legs",
            f"at most the {widest} that it has; 0 stands above the headline",
        )
    where = pin.picture_at or PictureAt.RIGHT
    if len(pin.pictures) == figures and not _can_stand(pin.pictures, widest, where, piece):
        message = f'the pictures of {pin.item} cannot stand "{where}" in {widest} legs'
        yield Fault(pin, message, "leave picture_at out, or give them other widths")


def _headline_faults(pin: Pin, piece: Piece, setter: Setter) -> Iterator[Fault]:
    """A headline that is too large for its width, or cannot be broken into so many lines."""
    if piece.headline is None or not pin.headline_pt:
        return
    widest = setter.layout.grid.columns
    columns = min(pin.columns or widest, widest)
    if _headline_counts(pin, pin.headline_pt, columns, piece, setter):
        return
    over = replace(pin, deck_beside=False)
    if pin.deck_beside and _headline_counts(over, pin.headline_pt, columns, piece, setter):
        message = f"the kicker and deck of {pin.item} cannot stand at the sides of its headline"
        yield Fault(pin, message, "leave deck_beside out, or make the headline shorter")
        return
    lines = "" if pin.headline_lines is None else f" in {pin.headline_lines} lines"
    smaller = range(int(pin.headline_pt), 0, -1)
    fitting = next((n for n in smaller if _headline_counts(pin, n, columns, piece, setter)), None)
    if fitting is None:
        other = _headline_counts(replace(pin, headline_lines=None), pin.headline_pt, columns, piece, setter)
        hint = f"headline_lines = {other[0]}" if other else "leave headline_lines out"
    else:
        hint = f"headline_pt = {fitting} fits, or leave it out"
    yield Fault(
        pin,
        f"the headline of {pin.item} does not fit {columns} columns at {pin.headline_pt:g} pt{lines}",
        hint,
    )


def _headline_counts(pin: Pin, size_pt: float, columns: int, piece: Piece, setter: Setter) -> list[int]:
    """The numbers of lines in which a size fits a width."""
    role = headline_role(piece, setter)
    counts = range(1, role.max_lines + 1) if pin.headline_lines is None else [pin.headline_lines]
    return [
        count
        for count in counts
        if headline_fits(
            Choice(
                columns,
                1,
                size_pt,
                count,
                vertical=bool(pin.vertical),
                deck_beside=bool(pin.deck_beside),
                boxed=bool(pin.boxed),
            ),
            piece,
            setter,
        )
    ]


def unreachable(pin: Pin, piece: Piece, most_lines: int, setter: Setter, sizes: Sizes) -> Fault:
    """Why no shape of a piece at most so deep does what its pin says, and what would do."""
    offered = tuple(choices(piece, setter, sizes))

    def depths(pinned: Pin) -> set[int]:
        shapes = (Shape(piece, choice, setter, sizes) for choice in by_hand(offered, pinned, piece, setter))
        return {fit.lines for shape in shapes for fit in shape.depths() if fit.lines <= most_lines}

    wide = f"{pin.columns} columns" if pin.columns else "any width"
    if pin.lines is not None and (found := depths(replace(pin, lines=None))):
        below = max((lines for lines in found if lines < pin.lines), default=None)
        above = min((lines for lines in found if lines > pin.lines), default=None)
        near = [f"lines = {lines}" for lines in (below, above) if lines is not None]
        message = f"{piece.id} cannot be {pin.lines} lines deep in {wide}"
        if above is not None and below is None:
            over, characters = too_long(pin, above, setter)
            message += f": it is {over} lines ({characters} characters) too long"
        return Fault(pin, message, " or ".join(near) + ", or leave it out")
    if pin.columns is not None:
        widths = range(1, setter.layout.grid.columns + 1)
        others = [n for n in widths if n != pin.columns and depths(replace(pin, columns=n, lines=None))]
        said = ", ".join(map(str, others))
        hint = f"it can in {said}" if others else "leave its headline_pt, legs or pictures out"
        return Fault(pin, f"{piece.id} cannot be set in {wide} on this page", hint)
    return Fault(pin, f"{piece.id} cannot be set as it is pinned", "leave out one of its keys")


def too_long(pin: Pin, lines: int, setter: Setter) -> tuple[int, int]:
    """Lines of all legs, and characters, that an item of so many lines is over its pinned depth."""
    grid = setter.layout.grid
    columns, legs = pin.columns or 1, pin.legs or pin.columns or 1
    over = (lines - (pin.lines or lines)) * legs
    measure = (grid.width_pt(columns) / grid.body_pt - (legs - 1) * grid.gutter_characters) / legs
    return over, over * int(measure)
