"""Replanning: a page by a plan that no longer fits it, with as much of the plan kept as can be.

A ladder. First only what does not fit gives way, in depth, with what stands below it; then it is
made up anew with all that touches it, while the others stand; then the rows of the whole page give
way; then everything but the widths; then everything. The first rung that gives a page without more
white than the plan had (and a little, `makeup.replan_blank`) is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from issue_publisher.composition.model import ComposedPage, Pin
from issue_publisher.composition.page import PageMaker
from issue_publisher.composition.plan import OldPlan
from issue_publisher.issue.errors import SourceErrors

_Pins = Mapping[str, Pin]


def remade(maker: PageMaker, plan: OldPlan) -> ComposedPage:
    """A page with as much of an old plan as can be kept. Raises SourceErrors when it holds no page at all."""
    here = {piece.id: plan.pins[piece.id] for piece in maker.pieces if piece.id in plan.pins}
    gone = [pin for pin in plan.gone if pin.page == maker.page.number]
    allowed = _white_of_plan(maker, [*here.values(), *gone]) + maker.setter.layout.makeup.replan_blank
    best: tuple[float, ComposedPage] | None = None
    for pins in _ladder(maker, here, gone):
        try:
            page = maker.make(pins)
        except SourceErrors:
            if pins:
                continue
            if best is None:
                raise
            break
        white = maker.white(page)
        if white <= allowed:
            return page
        if best is None or white < best[0]:
            best = white, page
    assert best is not None  # the last rung pins nothing: it gives a page or raises
    return best[1]


def _white_of_plan(maker: PageMaker, pins: Collection[Pin]) -> float:
    """The share of the page that a plan leaves empty; 0 when it does not say where everything stands."""
    if not pins or not all(pin.has_place for pin in pins):
        return 0.0
    # Not those in the ear, nor what stands in the corner of another.
    counted = [pin for pin in pins if (pin.row or 0) >= maker.area.top and not pin.inside]
    return max(0.0, 1 - sum((pin.columns or 0) * (pin.lines or 0) for pin in counted) / maker.room)


def _ladder(maker: PageMaker, here: _Pins, gone: Collection[Pin]) -> Iterator[_Pins]:
    """What to pin, rung by rung, each different from the last; at the end nothing."""
    misfits = maker.misfits(here)
    last: _Pins | None = None
    for rung in _rungs(maker, here, misfits, gone):
        if rung != last:
            yield rung
        last = rung
    if last != {}:
        yield {}


def _rungs(maker: PageMaker, here: _Pins, misfits: Collection[str], gone: Collection[Pin]) -> Iterator[_Pins]:
    if not misfits:
        yield here
    # From now on a misfit keeps its shape only if it can be set in it at some depth, else its width.
    kept = {name: maker.settable(pin) if name in misfits else pin for name, pin in here.items()}
    left = [*gone, *(here[name] for name in misfits)]
    yield {name: _beside(pin, left, gone) for name, pin in kept.items()}
    near = {name for name, pin in here.items() if any(_meet(pin, place) for place in left)}
    yield {name: pin for name, pin in here.items() if name not in near}
    yield {name: replace(pin, row=None, lines=None) for name, pin in kept.items()}
    yield {name: Pin(name, pin.page, columns=pin.columns, line=pin.line) for name, pin in kept.items()}


def _beside(pin: Pin, left: Collection[Pin], gone: Collection[Pin]) -> Pin:
    """A pin: free to move if it stands under a place that is left, free in depth above an empty one."""
    if any(_touches(pin, place) for place in left):
        return replace(pin, row=None, lines=None)
    if any(_touches(place, pin) for place in gone):
        return replace(pin, lines=None)
    return pin


def _touches(below: Pin, above: Pin) -> bool:
    """Whether one whole rectangle stands directly under another."""
    return _meet(below, above) and below.row == (above.row or 0) + (above.lines or 0)


def _meet(one: Pin, other: Pin) -> bool:
    """Whether two whole rectangles share an edge, or are one."""
    if not (one.has_place and other.has_place):
        return one.item == other.item
    across = _gap(one.column, one.columns, other.column, other.columns)
    down = _gap(one.row, one.lines, other.row, other.lines)
    return max(across, down) <= 0 and min(across, down) < 0


def _gap(start: int | None, length: int | None, other: int | None, other_length: int | None) -> int:
    """White between two stretches; 0 when they touch, less when they overlap."""
    a, b = start or 0, other or 0
    return max(b - a - (length or 0), a - b - (other_length or 0))
