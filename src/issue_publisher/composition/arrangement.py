"""Where pictures and tables stand in the legs of a piece, in whole lines and legs; nothing of type or points.

Nothing stands between headline and opening (NAVY): the leg that the text begins in is free at its head. A
table as wide as the whole body stands at its foot; only a picture so wide stands over the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from issue_publisher.composition.model import PictureAt
from issue_publisher.composition.piece import Insert
from issue_publisher.issue.model import Figure

_CHANGES = range(-4, 7)  # lines that a picture in the body is made shallower or deeper by
_CROP = 0.4  # price of a line that a picture is made shallower or deeper by
_EMPTY = 0.01  # of the square of those lines of an empty place, which has no shape of its own
_LARGE = (
    6.0  # of the square of the times that one is larger than is modest: many somewhat, before one by much
)
_CLEAR = 1.5  # of a line of white of one leg, under a picture
_HOLE = 3.0  # price of a line of white over an insert


@dataclass(frozen=True, slots=True)
class Slot:
    """An insert let into the body: legs `first` to `first + span`, from line `top`, `lines` deep."""

    insert: Insert
    first: int
    span: int
    top: int
    lines: int
    at_foot: bool = False  # under the text

    @property
    def foot(self) -> int:
        """The first line below it."""
        return self.top + self.lines


@dataclass(frozen=True, slots=True)
class Notch:
    """The corner at the lower right of an article in which another item stands: the article is an L."""

    columns: int  # basic columns
    lines: int


@dataclass(frozen=True, slots=True)
class ShortLegs:
    """The last legs of an L, which end so many lines above its foot."""

    count: int
    lines: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The inserts of a body in their places."""

    slots: tuple[Slot, ...]
    price: float
    sky: tuple[int, ...]  # lines of each leg that they take at its head
    foot: int = 0  # lines at the foot of all legs, which tables take; their slots' tops count from there
    under: int = 0  # lines of white of one leg under pictures, which no text may fill

    def closed(self, lines: int, clear: int) -> Arrangement:
        """The same in a body so deep, without text where a picture ends `clear` lines above its foot.

        So few lines of text would be a stub; as white they part the picture from what stands below.
        """
        under = [
            leg
            for leg, taken in enumerate(self.sky)
            if clear
            and not self.foot
            and taken == lines - clear
            and any(
                slot.foot == taken and slot.first <= leg < slot.first + slot.span
                for slot in self.slots
                if isinstance(slot.insert, Figure)
            )
        ]
        if not under:
            return self
        sky = tuple(lines if leg in under else taken for leg, taken in enumerate(self.sky))
        white = clear * len(under)
        return replace(self, sky=sky, price=self.price + _CLEAR * white, under=self.under + white)

    def meets(self, lines: int, clear: int) -> bool:
        """Whether a picture stands nearer to the foot of a body so deep."""
        return any(slot.foot > lines - clear for slot in self.slots if isinstance(slot.insert, Figure))

    def notched(self, short: ShortLegs) -> Arrangement | None:
        """The same with shorter legs; None where a table stands under all of them."""
        if self.foot:
            return None
        whole = len(self.sky) - short.count
        return replace(self, sky=(*self.sky[:whole], *(taken + short.lines for taken in self.sky[whole:])))

    @property
    def taken(self) -> int:
        """Lines of all legs together."""
        return sum(self.sky) + self.foot * len(self.sky)

    def slots_of(self, lines: int) -> tuple[Slot, ...]:
        """The inserts of a body so deep."""
        return tuple(
            replace(slot, top=lines - self.foot + slot.top) if slot.at_foot else slot for slot in self.slots
        )

    @property
    def deepest(self) -> int:
        """Lines of the leg that has the most of them."""
        return max(self.sky) + self.foot


@dataclass(frozen=True, slots=True)
class Wanted:
    """An insert that is to be placed: the legs it spans, and how many lines it may take."""

    insert: Insert
    span: int
    fewest: int
    natural: int
    most: int
    modest: int = 0  # of an empty place: lines from which it stands out

    @property
    def is_picture(self) -> bool:
        """Whether it may be cropped, and placed as pictures are; else it is a table."""
        return isinstance(self.insert, Figure)

    def near(self, lines: int) -> int:
        """So many lines, or as near as its limits allow."""
        return max(self.fewest, min(self.most, lines))


def price_of_depth(lines: int, natural: int, modest: int = 0) -> float:
    """What it costs that a picture is deeper or shallower than is natural; `modest`: of an empty place."""
    if not modest:
        return _CROP * abs(lines - natural)
    return _EMPTY * (lines - natural) ** 2 + _LARGE * max(0.0, lines / modest - 1) ** 2


def arrangements(
    wanted: Sequence[Wanted], legs: int, where: PictureAt, body: int, clear: int = 0
) -> Iterator[Arrangement]:
    """The ways to place the inserts of a body `body` lines deep, each once, the natural depths among them.

    `clear`: lines over the foot at which a picture as deep as the body no longer meets what stands below. An
    empty place may end there, since it can be of any depth.
    """
    if where in (PictureAt.BESIDE, PictureAt.LEFT):
        for short in (0, clear) if clear and any(one.modest for one in wanted) else (0,):
            found = _full_depth(wanted, legs, where, body, short)
            if found is not None:
                yield found
        return
    seen: set[tuple[int, ...]] = set()
    for change in _changes(wanted):
        found = _row(wanted, legs, change) if where is PictureAt.ROW else _let_in(wanted, legs, where, change)
        if found is not None and (depths := tuple(slot.lines for slot in found.slots)) not in seen:
            seen.add(depths)
            yield found


def _changes(wanted: Sequence[Wanted]) -> range:
    """By how many lines pictures are made shallower or deeper: empty places by all that they may be."""
    places = [one for one in wanted if one.modest]
    least = min((one.fewest - one.natural for one in places), default=0)
    most = max((one.most - one.natural for one in places), default=0)
    return range(min(least, _CHANGES.start), max(most + 1, _CHANGES.stop)) if places else _CHANGES


def possible(spans: Sequence[int], legs: int, where: PictureAt) -> bool:
    """Whether pictures of these spans can stand so in so many legs, if their depths allow it."""
    match where:
        case PictureAt.RIGHT:
            return True
        case PictureAt.INSIDE:
            return bool(spans) and max(spans) + 2 <= legs
        case PictureAt.ROWS:  # of a body there are none
            return False
        case PictureAt.ROW:
            return len(spans) > 1 and sum(spans) < legs
        case _:
            return len(spans) == 1 and spans[0] < legs


# --------------------------------------------------------------------------- places


def _let_in(wanted: Sequence[Wanted], legs: int, where: PictureAt, change: int) -> Arrangement | None:
    """Each insert at the lowest place, `change` lines deeper than natural where it can be; None: none can."""
    body = _Body(legs)
    moved_any = change == 0
    for one in wanted:
        lines = one.near(one.natural + change)
        moved_any = moved_any or lines == one.natural + change
        inside = where is PictureAt.INSIDE and one.is_picture
        if not body.add(one, lines, inside=inside):
            return None
    return body.arranged() if moved_any else None


def _row(wanted: Sequence[Wanted], legs: int, change: int) -> Arrangement | None:
    """All pictures of one depth side by side at the upper right, in the source's order; tables below."""
    pictures = [one for one in wanted if one.is_picture]
    first = legs - sum(one.span for one in pictures)
    lines = common_lines([(one.fewest, one.natural, one.most) for one in pictures])
    if first < 1 or len(pictures) < 2 or lines is None:
        return None
    lines += change
    if any(one.near(lines) != lines for one in pictures):
        return None
    body = _Body(legs)
    for one in pictures:
        body.put(one, first, 0, lines)
        first += one.span
    for one in wanted:
        if not one.is_picture and not body.add(one, one.natural):
            return None
    return body.arranged()


def _full_depth(
    wanted: Sequence[Wanted], legs: int, where: PictureAt, body: int, short: int
) -> Arrangement | None:
    """The first picture as deep as the body, at its right or left; all else in the legs beside it.

    Where it is an empty place it may be `short` of that by some lines.
    """
    picture = next((one for one in wanted if one.is_picture), None)
    lines = body - short
    if (
        picture is None
        or picture.span >= legs
        or picture.near(lines) != lines
        or (short and not picture.modest)
    ):
        return None
    left = where is PictureAt.LEFT
    first = 0 if left else legs - picture.span
    found = _Body(legs, picture.span if left else 0, legs if left else first)
    found.put(picture, first, 0, lines)
    found.price += _CLEAR * short * picture.span
    found.sky[first : first + picture.span] = [body] * picture.span
    for one in wanted:
        if one is not picture and not found.add(one, one.natural):
            return None
    return replace(found.arranged(), under=short * picture.span)


def common_lines(bounds: Sequence[tuple[int, int, int]]) -> int | None:
    """The depth that several pictures can all be cropped to, nearest to what is natural; None if none is.

    `bounds`: fewest, natural and most lines of each.
    """
    if not bounds:
        return None
    low, high = max(fewest for fewest, _, _ in bounds), min(most for _, _, most in bounds)
    if low > high:
        return None
    middle = sorted(natural for _, natural, _ in bounds)[len(bounds) // 2]
    return max(low, min(high, middle))


class _Body:
    """Legs that fill with inserts from the head down; others than given by hand stand in `low` to `high`."""

    def __init__(self, legs: int, low: int = 0, high: int | None = None) -> None:
        self.sky = [0] * legs
        self.low, self.high = low, legs if high is None else high
        self.slots: list[Slot] = []
        self.price = 0.0
        self.foot = 0

    def add(self, one: Wanted, lines: int, *, inside: bool = False) -> bool:
        """An insert at the lowest place, level ground first, the rightmost of equals; whether it has one.

        What stands side by side reads from left to right in the order of the source.
        """
        room = self.high - self.low
        span = min(one.span, room)
        if not one.is_picture and span == room:  # at its head it would part headline and text
            return self._add_at_foot(one, lines)
        places = range(self.low + 1 if span < room else self.low, self.high - span + (0 if inside else 1))
        tried = [first for first in places if self._keeps_order(first, span, lines, places)]

        def rank(first: int) -> tuple[int, int, int]:
            under = self.sky[first : first + span]
            return (max(under) * len(under) - sum(under), max(under), -first)

        if span != one.span or not tried:
            return False
        first = min(tried, key=rank)
        ground = self.sky[first : first + span]
        top = max(ground)
        for slot in self._row(first + span, top):  # what stands in a row with it makes room at its right
            self.slots[self.slots.index(slot)] = replace(slot, first=first)
            self.sky[first : first + slot.span] = [slot.foot] * slot.span
            first += slot.span
            self.sky[first : first + span] = ground
        self.put(one, first, top, lines)
        return True

    def _add_at_foot(self, one: Wanted, lines: int) -> bool:
        """A table as wide as the body under its text; whether it is so wide."""
        if one.span < len(self.sky):
            return False
        self.slots.append(Slot(one.insert, 0, one.span, self.foot, lines, at_foot=True))
        self.foot += lines
        return True

    def _keeps_order(self, first: int, span: int, lines: int, places: range) -> bool:
        """Whether nothing that comes before it in the source stands at its right, or can make room for it."""
        top = max(self.sky[first : first + span])
        right = [
            slot
            for slot in self.slots
            if not slot.at_foot
            and first + span <= slot.first < self.high
            and slot.top < top + lines
            and top < slot.foot
        ]
        row = self._row(first + span, top)
        return len(row) == len(right) and first + sum(slot.span for slot in row) in places

    def _row(self, leg: int, top: int) -> list[Slot]:
        """What stands in a row from a leg to the right, each with nothing beneath it."""
        row: list[Slot] = []
        for slot in sorted(self.slots, key=lambda slot: slot.first):
            under = self.sky[slot.first : slot.first + slot.span]
            if (
                not slot.at_foot
                and slot.first == leg
                and slot.top == top
                and set(under) == {slot.foot}
                and leg < self.high
            ):
                row.append(slot)
                leg += slot.span
        return row

    def put(self, one: Wanted, first: int, top: int, lines: int) -> None:
        """An insert at a place."""
        self.price += price_of_depth(lines, one.natural, one.modest)
        self.price += _HOLE * sum(top - taken for taken in self.sky[first : first + one.span])
        self.slots.append(Slot(one.insert, first, one.span, top, lines))
        self.sky[first : first + one.span] = [top + lines] * one.span

    def arranged(self) -> Arrangement:
        return Arrangement(tuple(self.slots), self.price, tuple(self.sky), self.foot)


# --------------------------------------------------------------------------- pictures above the headline


def widths_of_a_row(
    count: int, columns: int, bounds: Callable[[int, float], tuple[int, int, int]]
) -> tuple[float, ...]:
    """Shares of a width, in columns, at which pictures side by side can be cropped to one depth.

    `bounds`: fewest, natural and most lines of a picture at a share. Equal shares if they do; else whole
    columns, those that need the least cropping; equal shares when none will do.
    """
    equal = (columns / count,) * count
    if count < 2 or common_lines([bounds(at, share) for at, share in enumerate(equal)]) is not None:
        return equal
    best: tuple[int, tuple[float, ...]] | None = None
    for shares in _parted(columns, count):
        here = [bounds(at, share) for at, share in enumerate(shares)]
        lines = common_lines(here)
        if lines is None:
            continue
        off = sum(abs(lines - natural) for _, natural, _ in here)
        if best is None or off < best[0]:
            best = off, shares
    return best[1] if best is not None else equal


def _parted(columns: int, count: int) -> Iterator[tuple[float, ...]]:
    """All ways to part columns among so many pictures, each at least one."""
    if count == 1:
        if columns > 0:
            yield (float(columns),)
        return
    for first in range(1, columns - count + 2):
        for rest in _parted(columns - first, count - 1):
            yield (float(first), *rest)
