"""What the solver is given of a piece: every depth that it can have at every width, each at its best.

Prices are penalties in the layout's currency (`[makeup]`): white that the text does not need, a headline
below the largest, a picture smaller than asked for, a slab.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from issue_publisher.composition import pins as pinning
from issue_publisher.composition.arrangement import Notch
from issue_publisher.composition.choices import (
    advertisement_lines,
    advertisement_wish,
    choices,
    headline_price,
)
from issue_publisher.composition.figure import Sizes, lettering_of
from issue_publisher.composition.model import Choice, Pin
from issue_publisher.composition.piece import Piece
from issue_publisher.composition.series import Part
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Fit, Outline, Shape
from issue_publisher.issue.model import Figure, Weight

_KINDS = 3  # shapes of one width and depth
_MANY = 8  # pieces on a page for which `dearest_option` holds
NO_OUTLINE = Outline(None, (), False)


@dataclass(frozen=True, slots=True)
class Guest:
    """An item in the corner of an article, as it is set there."""

    item: str  # its id
    option: Option


@dataclass(frozen=True, slots=True)
class Option:
    """A piece in one shape at one depth."""

    choice: Choice
    lines: int
    cost: float
    outline: Outline = NO_OUTLINE
    faults: int = 0  # hard rules that it breaks within itself, whatever stands beside it
    white: float = 0.0  # at the feet of its legs, in lines of one basic column
    guest: Guest | None = None  # of an L: what stands in its corner, whose price and faults are in these

    @property
    def columns(self) -> int:
        """Basic columns wide."""
        return self.choice.columns

    @property
    def area(self) -> int:
        """Lines of one basic column that it covers."""
        return self.choice.columns * self.lines


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece to be placed: its options, what it deserves, and where it must stand if that is fixed."""

    id: str
    options: tuple[Option, ...]
    rank: float  # larger: nearer to the upper left
    column: int | None = None
    row: int | None = None
    leads: bool = False  # the page's lead, or one of two: its headline is the largest
    opens: bool = False  # the page's lead: it would rather begin in `column`, and need not
    at_foot: bool = False  # an advertisement: no news beneath it
    related: frozenset[str] = frozenset()  # items whose headline may stand beside its own
    part: Part | None = None  # of a series whose others are on the page


_Edges = tuple[bool, bool, bool, bool]


def _edges(option: Option, near_lines: float) -> _Edges:
    """Whether a picture reaches its left, its right edge, and its foot, where it may meet another's.

    The fourth: whether its headline stands over its text and in no box, where it may bump.
    """
    outline = option.outline
    pictures = () if outline.boxed else outline.pictures  # a border parts them from its neighbours
    return (
        any(region.left == 0 for region in pictures),
        any(region.right == option.columns for region in pictures),
        any(region.foot > option.lines - near_lines for region in pictures),
        not (option.choice.vertical or outline.boxed),
    )


class TooDeepError(Exception):
    """No shape of a piece is as shallow as the page: `over` lines of one column too long, 0 when unknown."""

    def __init__(self, over: int) -> None:
        super().__init__(over)
        self.over = over


def candidate(
    piece: Piece,
    setter: Setter,
    sizes: Sizes,
    most_lines: int,
    related: frozenset[str] = frozenset(),
    pin: Pin | None = None,
    pieces: int = _MANY,
    notch: Notch | None = None,
) -> Candidate:
    """A piece with all the options on a page `most_lines` deep that its pin leaves.

    With few `pieces` on the page each has more options, since they must make up for one another. With a
    `notch` its last legs end above what stands there.
    Raises TooDeepError when there are none, or pins.UnreachableError when the pin is why.
    """
    makeup = setter.layout.makeup
    if piece.size is not None:
        column, _ = advertisement_wish(piece, setter.layout.grid)  # they all stand on the foot
        sold = _as_sold(piece, setter, sizes, pin)
        return Candidate(piece.id, (sold,), 0.0, column=column, at_foot=True)
    near = setter.layout.rules.contact_lines
    dearest = makeup.dearest_option * max(1.0, _MANY / pieces)
    offered = _options(piece, setter, sizes, most_lines, pin, notch)
    if any(isinstance(insert, Figure) and insert.missing for insert in piece.inserts):
        offered = _without_faults(offered)
    options = tuple(worth_trying(offered, dearest, near))
    leads = piece.weight is Weight.LEAD
    return Candidate(piece.id, options, makeup.rank[piece.weight.value], leads=leads, related=related)


def _as_sold(piece: Piece, setter: Setter, sizes: Sizes, pin: Pin | None) -> Option:
    """An advertisement has one size; its words stand in the widest measure that holds them."""
    lines = advertisement_lines(piece, setter)
    widest = setter.layout.advertisement.widest_characters * setter.layout.grid.body_pt
    tried = [Shape(piece, choice, setter, sizes) for choice in choices(piece, setter)]
    if pin is not None and pin.legs is not None:
        tried = [shape for shape in tried if shape.choice.legs == pin.legs] or tried
    fitting = [shape for shape in tried if shape.leg_pt <= widest and shape.fit(lines)]
    return Option((fitting or tried)[0].choice, lines, 0.0, replace(NO_OUTLINE, boxed=piece.boxed))


def _options(
    piece: Piece, setter: Setter, sizes: Sizes, most_lines: int, pin: Pin | None, notch: Notch | None
) -> Iterable[Option]:
    grid, near = setter.layout.grid, setter.layout.rules.contact_lines
    over = -(-piece.characters // grid.column_characters) - grid.columns * most_lines
    if over > 0:
        raise TooDeepError(over)
    found: dict[tuple[int, int, _Edges], Option] = {}
    least: list[int] = []  # lines too long, of every shape that is too deep
    offered = tuple(choices(piece, setter, sizes))
    for tried in _most_legible_first(pinning.tries(offered, pin, piece, setter), piece, setter, sizes):
        for option in _offered(piece, setter, sizes, tried, offered or tried, pin, notch):
            if option.lines > most_lines:
                least.append((option.lines - most_lines) * option.columns)
                continue
            # What neighbours see of it may decide where it can stand at all.
            key = (option.columns, option.lines, _edges(option, near))
            if key not in found or option.cost < found[key].cost:
                found[key] = option
        if found:
            break
    if not found:
        if pin is not None and pinning.fixes_shape(pin):
            raise pinning.UnreachableError(pinning.unreachable(pin, piece, most_lines, setter, sizes))
        raise TooDeepError(min(least, default=0))
    return found.values()


def _most_legible_first(
    tries: Iterable[Sequence[Choice]], piece: Piece, setter: Setter, sizes: Sizes
) -> Iterator[Sequence[Choice]]:
    """Choices to try, those first in which all lettering of drawings is large enough for the press.

    Of the others each next smaller lettering is for when nothing comes of the last.
    """
    figures = [insert for insert in piece.inserts if isinstance(insert, Figure)]
    if all(lettering_of(figure, sizes) is None for figure in figures):
        yield from tries
        return
    for tried in tries:
        by_legibility: dict[float, list[Choice]] = {}
        for choice in tried:
            legibility = round(Shape(piece, choice, setter, sizes).legibility, 3)
            by_legibility.setdefault(legibility, []).append(choice)
        for legibility in sorted(by_legibility, reverse=True):
            yield by_legibility[legibility]


def _without_faults(options: Iterable[Option]) -> Iterator[Option]:
    """At each width those that break no hard rule within themselves, if there are any.

    With an empty place, which takes any depth, there are so many that the others only stand in their way.
    """
    by_width: dict[int, list[Option]] = {}
    for option in options:
        by_width.setdefault(option.columns, []).append(option)
    for at_width in by_width.values():
        yield from [option for option in at_width if not option.faults] or at_width


def worth_trying(options: Iterable[Option], dearest: float, near_lines: float) -> Iterator[Option]:
    """At each width those that are not much dearer than the best; at each depth the best of its kind.

    Another of the same depth is of use only when its pictures keep away from an edge that the best's reach,
    or its headline stands beside the text where the best's stands over it.
    """
    cheapest: dict[int, float] = {}
    by_depth: dict[tuple[int, int], list[Option]] = {}
    for option in sorted(options, key=lambda option: (option.cost, _edges(option, near_lines))):
        cheapest.setdefault(option.columns, option.cost)
        at_depth = by_depth.setdefault((option.columns, option.lines), [])
        # What cures a hard rule may cost more.
        cures = bool(at_depth) or option.choice.vertical or option.choice.boxed
        if option.cost > cheapest[option.columns] + dearest * (2.5 if cures else 1.0):
            continue
        if all(_keeps_away(option, other, near_lines) for other in at_depth):
            at_depth.append(option)
    for key in sorted(by_depth):
        yield from by_depth[key][:_KINDS]


def _keeps_away(option: Option, other: Option, near_lines: float) -> bool:
    """Whether its pictures, or its headline, keep away from an edge that another's reach."""
    pairs = zip(_edges(option, near_lines), _edges(other, near_lines), strict=True)
    return any(theirs and not its for its, theirs in pairs)


def _offered(
    piece: Piece,
    setter: Setter,
    sizes: Sizes,
    tried: Sequence[Choice],
    offered: Sequence[Choice],
    pin: Pin | None,
    notch: Notch | None,
) -> Iterator[Option]:
    """Some choices at all their depths, each with its price against all that are offered."""
    layout, makeup, grid = setter.layout, setter.layout.makeup, setter.layout.grid
    for choice in tried:
        shape = Shape(piece, choice, setter, sizes, notch)
        price = makeup.penalty_headline * headline_price(piece, choice, offered, setter)
        if piece.hint and piece.hint.columns:
            price += abs(piece.hint.columns - choice.columns) * makeup.penalty_picture
        price += shape.picture_price + makeup.penalty_box * choice.boxed
        if shape.headline is not None:  # a headline about as wide as its text
            price += makeup.penalty_fill * max(0.0, layout.rules.headline_fill[0] - shape.headline.fill)
        for made, fit, outline in _made(shape, pin):
            slab = (fit.lines * grid.leading_pt) / shape.width_pt
            cost = price + makeup.penalty_slack * fit.cost + makeup.penalty_shape * max(0.0, slab - 1.1) * 6
            if choice.vertical:
                fill = shape.vertical_fill(fit.lines)
                if fill < makeup.vertical_fill and not (pin and pin.vertical):
                    continue
                lacks = max(0.0, layout.rules.headline_fill[0] - fill)
                cost += makeup.penalty_vertical + makeup.penalty_fill * lacks
            yield Option(made, fit.lines, cost, outline, fit.faults, fit.white(choice))


def _made(shape: Shape, pin: Pin | None) -> Iterator[tuple[Choice, Fit, Outline]]:
    """A shape at its depths; where a picture reaches the foot, the same with the picture clear of it, too."""
    near = shape.setter.layout.rules.contact_lines
    may_be_clear = not shape.choice.picture_clear and (pin is None or pin.picture_clear is None)
    may_be_clear = may_be_clear and shape.notch is None
    clear = replace(shape, choice=replace(shape.choice, picture_clear=True))
    for fit in pinning.fits(shape, pin):
        outline = shape.outline(fit)
        yield shape.choice, fit, outline
        reaches = any(region.foot > fit.lines - near for region in outline.pictures)
        if may_be_clear and reaches and not (outline.boxed or outline.alone):
            cleared = clear.fit(fit.lines)
            if cleared is not None:
                yield clear.choice, cleared, clear.outline(cleared)
