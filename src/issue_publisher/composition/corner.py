"""L-shapes: an article whose last legs end above another item, which stands boxed in its lower right corner.

The article turns once. Its headline covers all its legs and nothing else, none of them hangs under a
neighbour (下辫子), and what is in the corner is told from it by its box. To the search the two are one
rectangle; only a layout that says so (`[makeup] l_shapes`) has them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from issue_publisher.composition.arrangement import Notch
from issue_publisher.composition.candidates import Candidate, Guest, Option, TooDeepError, worth_trying
from issue_publisher.composition.model import Pin, Placement
from issue_publisher.composition.piece import Piece
from issue_publisher.composition.pins import Fault, UnreachableError
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Figure, Weight

_TRIED = 8  # ways to set what is in the corner
_PAIRS = 2  # of article and item in its corner that make-up thinks of by itself
_TIMES = 2  # so many times as long is an article as what stands in its corner


def pairs(pieces: Sequence[Piece], related: Mapping[str, Collection[str]]) -> Sequence[tuple[Piece, Piece]]:
    """Articles and what may stand in their corners, likeliest first: linked ones, then long ones."""
    articles = [piece for piece in pieces if piece.kind == "article" and piece.headline is not None]
    guests = [
        piece
        for piece in articles
        if (piece.may_box or piece.boxed)
        and piece.weight is not Weight.LEAD
        and not any(isinstance(insert, Figure) for insert in piece.inserts)
    ]
    found = [
        (host, guest)
        for guest in guests
        for host in articles
        if host is not guest
        and not host.boxed
        and host.genre != "verse"
        and host.characters >= _TIMES * guest.characters
    ]
    found.sort(key=lambda pair: (pair[1].id not in related.get(pair[0].id, ()), -pair[0].characters))
    return found[:_PAIRS]


def as_one(
    guest: Candidate, host: Callable[[Notch], Candidate], setter: Setter, most_lines: int
) -> Candidate | None:
    """An article with another in its corner as one rectangle; None where no shape of them is an L.

    `host`: gives the article's candidate around a notch; may raise TooDeepError or pins.UnreachableError.
    """
    boxed = [option for option in guest.options if option.outline.boxed and option.lines < most_lines]
    found: list[Option] = []
    whole: Candidate | None = None
    for option in sorted(boxed, key=lambda option: option.cost)[:_TRIED]:
        try:
            whole = host(Notch(option.columns, option.lines))
        except (TooDeepError, UnreachableError):
            continue
        found += (
            replace(
                around,
                cost=around.cost + option.cost,
                faults=around.faults + option.faults,
                white=around.white + option.white,
                guest=Guest(guest.id, option),
            )
            for around in whole.options
        )
    if whole is None:
        return None
    dearest, near = setter.layout.makeup.dearest_option, setter.layout.rules.contact_lines
    return replace(whole, options=tuple(worth_trying(found, dearest, near)))


def guest_placement(host: Placement, guest: Guest) -> Placement:
    """Where an item stands in the corner of an article that has its place."""
    option = guest.option
    column = host.column + host.choice.columns - option.columns
    row = host.row + host.lines - option.lines
    return Placement(guest.item, column, row, option.lines, option.choice, inside=host.item)


def notch_of(item: str, places: Iterable[Placement]) -> Notch | None:
    """The notch of an article for what stands in its corner."""
    found = (Notch(place.choice.columns, place.lines) for place in places if place.inside == item)
    return next(found, None)


# --------------------------------------------------------------------------- what a plan says


def pinned_notch(item: str, pins: Iterable[Pin]) -> Notch | None:
    """The notch of an article for what a plan puts in its corner, as far as it says how large that is."""
    found = (pin for pin in pins if pin.inside == item and pin.columns is not None and pin.lines is not None)
    return next((Notch(pin.columns or 1, pin.lines or 1) for pin in found), None)


def followed(pins: Mapping[str, Pin]) -> dict[str, Pin]:
    """Pins of which those in a corner stand where their article's corner is; free if it has no place yet."""
    return {
        name: replace(pin, column=corner[0], row=corner[1])
        if pin.inside and (corner := _corner(pin, pins)) is not None
        else pin
        for name, pin in pins.items()
    }


def _corner(pin: Pin, pins: Mapping[str, Pin]) -> tuple[int | None, int | None] | None:
    """Column and row of a pin in the corner of another item."""
    host = pins.get(pin.inside or "")
    if host is None or not host.has_place or pin.columns is None or pin.lines is None:
        return None, None
    return (
        (host.column or 0) + (host.columns or 0) - pin.columns,
        (host.row or 0) + (host.lines or 0) - pin.lines,
    )


def corner_faults(pins: Mapping[str, Pin], pieces: Sequence[Piece], setter: Setter) -> Iterator[Fault]:
    """Pins that put an item in a corner where none can stand."""
    by_id = {piece.id: piece for piece in pieces}
    inside = [pin for pin in pins.values() if pin.inside]
    for at, pin in enumerate(inside):
        host, guest = by_id.get(pin.inside or ""), by_id[pin.item]
        message = f"{pin.item} cannot stand in the corner of {pin.inside}"
        if not setter.layout.makeup.l_shapes:
            hint = "leave inside out, or set l_shapes = true"
            yield Fault(pin, f"{message}: the layout has no L-shapes", hint)
        elif host is None or host is guest or {host.kind, guest.kind} != {"article"}:
            yield Fault(pin, f"{message}: both must be articles of the page", "leave inside out")
        elif any(other.inside in (pin.inside, pin.item) for other in inside[:at]) or pin.inside in {
            other.item for other in inside
        }:
            yield Fault(pin, f"{message}: an article has one corner for one item", "leave inside out")
        elif host.boxed or _is_no_l(pins.get(host.id)):
            hint = "leave inside out, or vertical, boxed and picture_clear of the other"
            yield Fault(pin, f"{message}, which has no corner for it", hint)
        elif not guest.boxed and (pin.boxed is False or (_is_whole(pin) and not pin.boxed)):
            yield Fault(pin, f"{message} without a box", "boxed = true")
        elif (corner := _corner(pin, pins)) is not None and _elsewhere(pin, corner):
            yield Fault(pin, message + " and elsewhere", f"column = {corner[0]} and row = {corner[1]}")


def _is_no_l(pin: Pin | None) -> bool:
    """Whether an article is pinned in a shape that has no corner for another."""
    if pin is None:
        return False
    return bool(pin.vertical or pin.boxed or pin.picture_clear)


def _is_whole(pin: Pin) -> bool:
    """Whether a pin in a corner leaves nothing to choose once that has its place."""
    return replace(pin, column=0, row=0).is_full


def _elsewhere(pin: Pin, corner: tuple[int | None, int | None]) -> bool:
    """Whether a pin names another place than its corner."""
    pairs_of = zip((pin.column, pin.row), corner, strict=True)
    return any(None not in (said, right) and said != right for said, right in pairs_of)
