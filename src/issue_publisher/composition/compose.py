"""Articles and grid → `ComposedIssue`: read or find the page plan, then lay every item out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from issue_publisher.composition.area import page_area
from issue_publisher.composition.distribute import distribute
from issue_publisher.composition.figure import PictureSize
from issue_publisher.composition.furniture import furniture_faults
from issue_publisher.composition.jumps import jump_place
from issue_publisher.composition.matter import matter_of
from issue_publisher.composition.model import ComposedIssue, ComposedPage, Pin
from issue_publisher.composition.page import PageMaker, PageOversetError
from issue_publisher.composition.plan import OldPlan, pages_of, read_old_plan, read_plan
from issue_publisher.composition.replan import remade
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Issue
from issue_publisher.layout.model import Layout
from issue_publisher.typesetting.vertical import VerticalFaces

__all__ = ["NO_WISHES", "PagesNotMadeError", "Wishes", "compose_issue", "page_area"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the desk asks of make-up beyond the plan."""

    replan: bool = False  # the plan is kept only as far as it still fits the issue
    plan_pages: bool = False  # copy that waits in a section is given a page of it


NO_WISHES = Wishes()


class PagesNotMadeError(SourceErrors):
    """Some pages could not be made up.

    For a proof: `printed` is the issue with the pages that were to be made; `made` are those that could;
    `holed` those on which some items do not fit their places, with frames for these that hold nothing.
    """

    def __init__(
        self,
        errors: Iterable[SourceError],
        printed: Issue,
        made: tuple[ComposedPage, ...] = (),
        holed: tuple[ComposedPage, ...] = (),
    ) -> None:
        super().__init__(errors)
        self.printed, self.made, self.holed = printed, made, holed


Outcome = ComposedPage | SourceErrors
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
    does not say is made up, all pages `side_by_side` when that can be had. The pages of what comes out are the printed ones. Raises SourceErrors when
    pieces cannot be shared out among the pages, PagesNotMadeError naming each article that does not fit
    its page and by how many lines.
    """
    setter = Setter(layout, faces)
    issue = distribute(
        issue,
        layout,
        partial(matter_of, setter=setter, sizes=pictures, lines=layout.grid.lines),
        file=file,
        planned=pages_of(plan) if plan is not None else None,
        plan_pages=wishes.plan_pages,
        jump_place=partial(jump_place, setter=setter),
    )
    name = layout.folder.name
    old = read_old_plan(plan, plan_file, issue, name) if wishes.replan and plan is not None else None
    pins = read_plan(plan, plan_file, issue, name) if plan is not None and old is None else {}
    faults = furniture_faults(issue, setter, file)
    pages: list[ComposedPage] = []
    holed: list[ComposedPage] = []
    makers = [PageMaker(issue, page, setter, pictures, file, plan_file) for page in issue.pages]
    tasks = [partial(_page_or_faults, maker, pins, old) for maker in makers]
    solved = any(not maker.is_planned(pins) for maker in makers)
    for outcome in side_by_side(tasks) if solved else one_by_one(tasks):
        if isinstance(outcome, ComposedPage):
            pages.append(outcome)
            continue
        faults.extend(outcome)
        if isinstance(outcome, PageOversetError) and outcome.page is not None:
            holed.append(outcome.page)
    if faults:
        raise PagesNotMadeError(faults, issue, tuple(pages), tuple(holed))
    return ComposedIssue(issue, tuple(pages))


def _page_or_faults(maker: PageMaker, pins: Mapping[str, Pin], old: OldPlan | None) -> Outcome:
    """A page made up, or everything that is wrong with it."""
    try:
        maker.check_advertisements()
        return maker.make(pins) if old is None else remade(maker, old)
    except SourceErrors as errors:
        return errors
