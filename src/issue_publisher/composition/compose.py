"""Articles and grid → `ComposedIssue`: read or find the page plan, then lay every item out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from issue_publisher.composition.area import page_area
from issue_publisher.composition.distribute import distribute, with_lead
from issue_publisher.composition.figure import PictureSize, small_lettering
from issue_publisher.composition.fit import explained, fitted, planned, warnings_of, with_names
from issue_publisher.composition.furniture import furniture_faults
from issue_publisher.composition.jumps import jump_place
from issue_publisher.composition.matter import matter_of
from issue_publisher.composition.model import (
    NO_WISHES,
    ComposedIssue,
    ComposedPage,
    PagesNotMadeError,
    Pin,
    Wishes,
)
from issue_publisher.composition.page import PageMaker, PageOversetError
from issue_publisher.composition.plan import OldPlan, pages_of, read_old_plan, read_plan
from issue_publisher.composition.remedies import DoesNotFit, Need, Room, errors_of, warning_of
from issue_publisher.composition.replan import remade
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.sharing import best_sharing
from issue_publisher.composition.spare import Spare, page_without
from issue_publisher.issue.errors import SourceError, SourceErrors, in_order
from issue_publisher.issue.model import Issue, Item, Page
from issue_publisher.layout.model import Layout
from issue_publisher.typesetting.vertical import VerticalFaces

__all__ = ["NO_WISHES", "PagesNotMadeError", "Wishes", "compose_issue", "page_area"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one page: made up, or what is wrong with it. Plain, to travel between processes."""

    number: int
    made: ComposedPage | None = None
    room: Room | None = None  # what its items take of it; None where the plan says how all stands
    gone: tuple[Spare, ...] = ()  # what was left out
    faults: tuple[SourceError, ...] = ()  # beside what `room` says
    holed: ComposedPage | None = None  # with holes for what does not fit its place


SideBySide = Callable[[Sequence[Callable[[], Outcome]]], Iterable[Outcome]]


def one_by_one(tasks: Sequence[Callable[[], Outcome]]) -> Iterable[Outcome]:
    """What each of the tasks gives, one after the other."""
    return [task() for task in tasks]


def compose_issue(
    issue: Issue,
    layout: Layout,
    faces: VerticalFaces,
    pictures: Mapping[str, PictureSize],
    *,
    file: str,
    plan: bytes | None = None,
    plan_file: str = "page-plan.toml",
    wishes: Wishes = NO_WISHES,
    side_by_side: SideBySide = one_by_one,
) -> ComposedIssue:
    """Make up all pages of an issue.

    `pictures`: src → size, of every figure. `file`: the issue's XML as the desk knows it, for
    messages. With a `plan` (the bytes of page-plan.toml) everything stands as it says, and what it
    does not say is made up, all pages `side_by_side` when that can be had. The pages of what comes out are
    the printed ones; what the plan or `wishes.fit` leave out is missing in them, and `findings` name it.
    Raises SourceErrors when pieces cannot be shared out among the pages, PagesNotMadeError naming each
    article that does not fit its page and by how many lines, and for each page what would help.
    """
    setter = Setter(layout, faces)
    source, measured = (
        issue,
        cache(partial(matter_of, setter=setter, sizes=pictures, lines=layout.grid.lines)),
    )
    share = partial(
        distribute,
        source,
        layout,
        measured,
        file=file,
        plan_pages=wishes.plan_pages,
        jump_place=partial(jump_place, setter=setter),
    )
    issue = share(planned=pages_of(plan) if plan is not None else None)
    name = layout.folder.name
    old = read_old_plan(plan, plan_file, issue, name) if wishes.replan and plan is not None else None
    pins = read_plan(plan, plan_file, issue, name) if plan is not None and old is None else {}
    faults = furniture_faults(issue, setter, file)

    def make_up(issue: Issue, pages: Sequence[Page]) -> tuple[Outcome, ...]:
        trials = [_Trial(issue, page, setter, pictures, file, plan_file, pins, old, wishes) for page in pages]
        solved = any(not trial.is_planned for trial in trials)
        tasks = [trial.outcome for trial in trials]
        return tuple(side_by_side(tasks) if solved else one_by_one(tasks))

    outcomes = make_up(issue, issue.pages)
    if plan is None:
        issue, outcomes = _better_shared(issue, outcomes, layout, share, make_up)
    said = tuple(_said(issue, outcomes, file, layout.makeup.remedies))
    faults += [finding for finding in said if finding.severity == "error"]
    pages = tuple(outcome.made for outcome in outcomes if outcome.made)
    holed = tuple(outcome.holed for outcome in outcomes if outcome.holed)
    printed = issue
    for made in (*pages, *holed):
        printed = _with(printed, made.page)
    if faults:
        raise PagesNotMadeError(faults, printed, pages, holed)
    small = tuple(warning for page in pages for warning in small_lettering(page, pictures, setter, file))
    return ComposedIssue(printed, pages, in_order((*said, *small)))


def _better_shared(
    issue: Issue,
    outcomes: tuple[Outcome, ...],
    layout: Layout,
    share: Callable[..., Issue],
    make_up: Callable[[Issue, Sequence[Page]], tuple[Outcome, ...]],
) -> tuple[Issue, tuple[Outcome, ...]]:
    """The issue with its pieces on other sheets, where its pages come out better so."""
    places = best_sharing(
        issue,
        {outcome.number: outcome.made for outcome in outcomes},
        layout,
        lambda avoid: share(avoid=avoid),
        lambda other, pages: [outcome.made for outcome in make_up(other, pages)],
    )
    if places is None:
        return issue, outcomes
    better = share(planned=places)
    known = dict(zip(issue.pages, outcomes, strict=True))
    new = [page for page in better.pages if page not in known]
    known |= zip(new, make_up(better, new), strict=True)
    return better, tuple(known[page] for page in better.pages)


@dataclass(frozen=True)
class _Trial:
    """One page about to be made up."""

    issue: Issue
    page: Page
    setter: Setter
    pictures: Mapping[str, PictureSize]
    file: str
    plan_file: str
    pins: Mapping[str, Pin]
    old: OldPlan | None
    wishes: Wishes

    @property
    def is_planned(self) -> bool:
        """Whether the plan says everything of the page, so that nothing is to be found."""
        return self._maker(self._led).is_planned(self.pins)

    @property
    def _kept(self) -> Mapping[str, Pin]:
        """What the page plan pins, or what an old one did."""
        return self.pins if self.old is None else self.old.pins

    @property
    def _led(self) -> Page:
        """The page with a lead of its own, if the desk has named none."""
        return with_lead(self.page, self.setter.layout, self._kept)

    def outcome(self) -> Outcome:
        """The page made up, whole or without what may go, or everything that is wrong with it.

        A page that cannot be made with a lead of its own is made with the weights that the desk gave.
        """
        led = self._led
        if led is not self.page:
            whole = replace(self, wishes=replace(self.wishes, fit=False))  # nothing is left out for a size
            found = whole._outcome(led)
            if found.made is not None or found.faults:
                return found
        return self._outcome(self.page)

    def _outcome(self, page: Page) -> Outcome:
        number = page.number
        try:
            gone = planned(page, self._kept, self.plan_file)
            maker = self._maker(page_without(page, gone))
            maker.check_advertisements()
            return self._made(maker, gone)
        except PageOversetError as errors:
            return Outcome(number, faults=errors.errors, holed=errors.page)
        except SourceErrors as errors:
            return Outcome(number, faults=errors.errors)

    def _made(self, maker: PageMaker, gone: tuple[Spare, ...]) -> Outcome:
        """The page made up; or its room, explained, when its items do not fit."""
        number, page = self.page.number, maker.page
        need = partial(self._need, maker)
        try:
            made = self._make(maker)
            maker.let_go()
            return Outcome(number, with_names(made, gone), maker.space, gone)
        except DoesNotFit as fault:
            full = fault
        if self.wishes.fit:
            try:
                made, more = fitted(page, full, self._make_page, need, self.setter.layout.makeup)
                return Outcome(number, with_names(made, (*gone, *more)), None, (*gone, *more))
            except DoesNotFit as fault:
                full = fault
        return Outcome(
            number, None, explained(full.room, page_without(page, full.gone), self.setter, need), gone
        )

    def _maker(self, page: Page) -> PageMaker:
        issue = _with(self.issue, page)
        return PageMaker(issue, page, self.setter, self.pictures, self.file, self.plan_file)

    def _make(self, maker: PageMaker) -> ComposedPage:
        return maker.make(self.pins) if self.old is None else remade(maker, self.old)

    def _make_page(self, page: Page) -> ComposedPage:
        return self._make(self._maker(page))

    def _need(self, maker: PageMaker, item: Item) -> Need:
        return maker.need(item, self.pins)


def _with(issue: Issue, page: Page) -> Issue:
    """The issue with a page in the place of the one of its number."""
    return replace(issue, pages=tuple(page if page.number == old.number else old for old in issue.pages))


def _said(issue: Issue, outcomes: Sequence[Outcome], file: str, most: int) -> Iterator[SourceError]:
    """Errors of pages that do not fit, warnings of those that stay white and of what was left out."""
    pages = {page.number: page for page in issue.pages}
    for outcome in outcomes:
        others = [other.room for other in outcomes if other.room and other is not outcome]
        yield from outcome.faults
        yield from warnings_of(pages[outcome.number], outcome.gone, file)
        if outcome.room is None:
            continue
        if outcome.made is None:
            yield from errors_of(outcome.room, others, file, most=most)
        elif warning := warning_of(outcome.room, others, file, most=most):
            yield warning
