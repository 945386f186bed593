"""`build --fit`: a page that is too full does without what the source marks as optional, as little as helps.

Kind by kind in the order of the layout's `makeup.fit`, light articles before heavy ones. Nothing goes that
need not, and nothing goes without a word: each part left out has its warning and stands in the page plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from issue_publisher.composition.model import ComposedPage, Pin
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.remedies import DoesNotFit, Need, Room, Saving
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.spare import (
    Spare,
    all_optional,
    crossheads_gone,
    may_go,
    page_without,
    spares,
    without,
)
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Item, Page, Weight
from issue_publisher.layout.model import FitStep, Makeup

_LIGHT_FIRST = (Weight.BRIEF, Weight.NORMAL, Weight.MAJOR, Weight.LEAD)
_Made = TypeVar("_Made")


def fitted(
    page: Page,
    full: DoesNotFit,
    make: Callable[[Page], _Made],
    need: Callable[[Item], Need],
    makeup: Makeup,
) -> tuple[_Made, tuple[Spare, ...]]:
    """A page that did not fit whole, made up without some of its optional matter, and what was left out.

    `full`: how it failed. `make` makes a page up or raises DoesNotFit; `need` says what an item takes of this
    page. First goes the least that makes the items small enough; where no make-up is found with that, one
    part more, three, seven …, and then fewer again by halves, at most `makeup.fit_tries` make-ups in all.
    Raises DoesNotFit with the room as it was in the end.
    """
    choosing = _Choosing(page, full.room, need, makeup.fit)
    needed = choosing.needed(full.room)
    if needed is None:
        every = choosing.all_that_helps()
        raise DoesNotFit(replace(choosing.room(full.room, every), fitted=True), full, every)
    further: tuple[Spare, ...] = ()
    failed = 0 if full.room.holds else -1  # so many of the further parts were too few
    works: int | None = None  # and so many were enough
    made: _Made | None = None
    for _ in range(makeup.fit_tries):
        if failed >= 0 and not further:
            further = choosing.further(needed)
        count = min(2 * failed + 1, len(further)) if works is None else (failed + works) // 2
        count = max(count, failed + 1)
        if count == works or count > len(further):
            break
        try:
            made, works = make(page_without(page, (*needed, *further[:count]))), count
        except DoesNotFit:
            failed = count
    gone = _in_order((*needed, *further[: max(failed, 0) if works is None else works]))
    if made is None:
        raise DoesNotFit(replace(choosing.room(full.room, gone), fitted=True), full, gone)
    return made, gone


def _in_order(gone: Iterable[Spare]) -> tuple[Spare, ...]:
    """In the order of the source."""
    return tuple(sorted(gone, key=lambda spare: (spare.line, spare.at)))


@dataclass(frozen=True, slots=True)
class _Way:
    """One more part to leave out, and the lines that it saves as things stand."""

    spare: Spare
    lines: int

    @property
    def weight(self) -> int:
        return _LIGHT_FIRST.index(self.spare.weight)


class _Choosing:
    """What to leave out of one page, by what its items take."""

    def __init__(
        self, page: Page, room: Room, need: Callable[[Item], Need], order: Sequence[FitStep]
    ) -> None:
        counted = {each.item for each in room.needs}  # an advertisement in the ear takes nothing of the page
        self.order = order
        self.items: Mapping[str, Item] = {item.id: item for item in page.items if item.id in counted}
        self._need, self._needs = need, dict[tuple[str, frozenset[Spare]], Need]()

    def needed(self, room: Room) -> tuple[Spare, ...] | None:
        """The least that makes the page's items small enough; None when nothing optional is enough."""
        gone: list[Spare] = []
        while not (here := self.room(room, gone)).holds:
            chosen = self._next(gone, here.over)
            if chosen is None:
                return None
            gone.append(chosen)
        for spare in sorted(gone, key=self._last_first):  # what turned out to be needless comes back
            fewer = [other for other in gone if other != spare]
            if self.room(room, fewer).holds:
                gone = fewer
        return tuple(gone)

    def further(self, gone: Sequence[Spare]) -> tuple[Spare, ...]:
        """What could go beyond that, in turn: of the first kind that helps the smallest."""
        more: list[Spare] = []
        while (chosen := self._next([*gone, *more], 1)) is not None:
            more.append(chosen)
        return tuple(more)

    def all_that_helps(self) -> tuple[Spare, ...]:
        """Everything that could go."""
        return _in_order(self.further(()))

    def _next(self, gone: Sequence[Spare], over: int) -> Spare | None:
        """The next part: of the first kind that helps, the smallest that is enough, else the largest."""
        for step in self.order:
            ways = [way for spare in self._left(step, gone) if (way := self._way(spare, gone)).lines > 0]
            if enough := [way for way in ways if way.lines >= over]:
                return min(enough, key=lambda way: (way.weight, way.lines, -way.spare.number)).spare
            if ways:
                return min(ways, key=lambda way: (way.weight, -way.lines, -way.spare.number)).spare
        # Whole lines in every leg: a paragraph may save nothing by itself, and two of them a line in each.
        for step in self.order:
            rest = [spare for spare in self._left(step, gone) if spare.characters]
            if rest:
                return min(rest, key=lambda s: (_LIGHT_FIRST.index(s.weight), -s.characters, -s.number))
        return None

    def _left(self, step: FitStep, gone: Sequence[Spare]) -> list[Spare]:
        """Optional parts of one kind that may still go."""
        return [
            spare
            for item in self.items.values()
            for spare in spares(item)
            if spare.optional and spare.step is step and may_go(item, self._gone_of(item, gone), spare)
        ]

    def _last_first(self, spare: Spare) -> tuple[int, int, int, int]:
        """What comes back first: the last kind, of a kind the heaviest article's."""
        weight = _LIGHT_FIRST.index(spare.weight)
        return (-self.order.index(spare.step), -weight, -spare.characters, spare.line)

    # ------------------------------------------------------------- what things take

    def _way(self, spare: Spare, gone: Sequence[Spare]) -> _Way:
        item = self.items[spare.item]
        now = self._need_without(item, gone)
        then = self._need_without(item, [*gone, spare])
        unset = now.over is not None and then.over is None  # a headline that no measure held, say
        return _Way(spare, max(now.least - then.least, int(unset)))

    def room(self, room: Room, gone: Sequence[Spare]) -> Room:
        """The page's room without some parts."""
        needs = tuple(self._need_without(item, gone) for item in self.items.values())
        return replace(room, needs=needs)

    def _need_without(self, item: Item, gone: Sequence[Spare]) -> Need:
        here = frozenset(self._gone_of(item, gone))
        if (item.id, here) not in self._needs:
            self._needs[item.id, here] = self._need(without(item, here))
        return self._needs[item.id, here]

    @staticmethod
    def _gone_of(item: Item, gone: Sequence[Spare]) -> list[Spare]:
        return [spare for spare in gone if spare.item == item.id]


def explained(room: Room, page: Page, setter: Setter, need: Callable[[Item], Need]) -> Room:
    """A page's room with the lines of each item's text, and what each would take less without a part of it.

    For messages: what `remedies` then names was tried.
    """
    items = {item.id: item for item in page.items}
    return replace(room, needs=tuple(_explained(each, items[each.item], setter, need) for each in room.needs))


def _explained(now: Need, item: Item, setter: Setter, need: Callable[[Item], Need]) -> Need:
    strips = make_piece(item, setter).strips(setter.layout.grid.column_pt)
    savings: list[Saving] = []
    headlines: list[Saving] = []  # of several alternatives only one can be taken
    for spare in spares(item):
        if not may_go(item, (), spare) or (spare.step is FitStep.PARAGRAPHS and not spare.optional):
            continue  # texts are cut by lines, not by paragraphs
        lines = now.least - need(without(item, (spare,))).least
        if spare.step is FitStep.HEADLINES:
            headlines.append(Saving(f"take alternative {spare.name} of {item.id}", lines, optional=True))
        else:
            savings.append(Saving(f"leave out {spare.name} of {item.id}", lines, spare.optional))
    headlines.sort(key=lambda saving: -saving.lines)
    text = sum(strip.lines for strip in strips)
    optional = max(0, now.least - need(without(item, all_optional(item))).least)
    return replace(now, text=text, optional=optional, savings=(*headlines[:1], *savings))


def planned(page: Page, pins: Mapping[str, Pin], plan_file: str) -> tuple[Spare, ...]:
    """What the page plan leaves out of a page; SourceErrors where that is not there, or not optional."""
    found: list[Spare] = []
    faults: list[SourceError] = []
    for item in page.items:
        pin = pins.get(item.id)
        may = {spare.name: spare for spare in spares(item) if spare.optional}
        for name in pin.left_out if pin else ():
            if name in may and may_go(item, [spare for spare in found if spare.item == item.id], may[name]):
                found.append(may[name])
            else:
                said = f"{item.id}: left_out names {name}, which is not there or not optional"
                hint = "there is " + ", ".join(may) if may else "delete left_out"
                faults.append(SourceError(plan_file, pin.line if pin else 0, said, hint, code="plan"))
    if faults:
        raise SourceErrors(faults)
    return tuple(found)


def with_names(made: ComposedPage, gone: Sequence[Spare]) -> ComposedPage:
    """A page whose placements say what was left out, for its plan."""
    names: dict[str, tuple[str, ...]] = {}
    for spare in gone:
        names[spare.item] = (*names.get(spare.item, ()), spare.name)
    frames = tuple(
        replace(f, placement=replace(f.placement, left_out=names.get(f.placement.item, ())))
        for f in made.frames
    )
    return replace(made, frames=frames)


def warnings_of(page: Page, gone: Sequence[Spare], file: str) -> tuple[SourceError, ...]:
    """What a page was made up without, a warning each."""
    found = [
        SourceError(
            file, spare.line, f"left out to fit: {_said(spare)}", f"page {page.number}", "warning", "left-out"
        )
        for spare in gone
    ]
    for item in page.items:
        for crosshead in crossheads_gone(item, [spare for spare in gone if spare.item == item.id]):
            said = f"the crosshead “{crosshead.text.plain}” of {item.id}, which nothing is left under"
            found.append(
                SourceError(
                    file,
                    crosshead.line,
                    f"left out to fit: {said}",
                    f"page {page.number}",
                    "warning",
                    "left-out",
                )
            )
    return tuple(found)


def _said(spare: Spare) -> str:
    match spare.step:
        case FitStep.HEADLINES:
            return f"the headline of {spare.item}, “{spare.words}”; its alternative {spare.number} is printed"
        case FitStep.PICTURES:
            return f"{spare.name} of {spare.item}, {spare.words}"
        case _:
            return f"{spare.name} of {spare.item}, “{spare.words}”, {spare.characters} characters"
