"""Articles and grid → `ComposedIssue`: read or find the page plan, then lay every item out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from issue_publisher.composition.figure import PictureSize
from issue_publisher.composition.furniture import furniture_faults
from issue_publisher.composition.model import ComposedIssue, ComposedPage
from issue_publisher.composition.page import PageMaker, PageOversetError, page_area
from issue_publisher.composition.plan import read_plan
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Issue
from issue_publisher.layout.model import Layout
from issue_publisher.typesetting.vertical import VerticalFaces

__all__ = ["PagesNotMadeError", "compose_issue", "page_area"]


class PagesNotMadeError(SourceErrors):
    """Some pages could not be made up.

    For a proof: `made` are those that could; `holed` those on which some items do not fit their places,
    with frames for these that hold nothing.
    """

    def __init__(
        self,
        errors: Iterable[SourceError],
        made: tuple[ComposedPage, ...] = (),
        holed: tuple[ComposedPage, ...] = (),
    ) -> None:
        super().__init__(errors)
        self.made, self.holed = made, holed


def compose_issue(
    issue: Issue,
    layout: Layout,
    faces: VerticalFaces,
    pictures: Mapping[str, PictureSize],
    *,
    file: str,
    plan: bytes | None = None,
    plan_file: str = "page-plan.toml",
) -> ComposedIssue:
    """Make up all pages of an issue.

    `pictures`: src → size, of every figure. `file`: the issue's XML as the desk knows it, for
    messages. With a `plan` (the bytes of page-plan.toml) its items stand as it says; pages that
    it does not mention are made up automatically. Raises PagesNotMadeError naming each article that
    does not fit and by how many lines.
    """
    placements = read_plan(plan, plan_file, issue) if plan is not None else {}
    setter = Setter(layout, faces)
    pages: list[ComposedPage] = []
    holed: list[ComposedPage] = []
    faults = furniture_faults(issue, setter, file)
    for page in issue.pages:
        maker = PageMaker(issue, page, setter, pictures, file, plan_file)
        try:
            pages.append(maker.make(placements))
        except SourceErrors as errors:
            faults.extend(errors)
            if isinstance(errors, PageOversetError) and errors.page is not None:
                holed.append(errors.page)
    if faults:
        raise PagesNotMadeError(faults, tuple(pages), tuple(holed))
    return ComposedIssue(issue, tuple(pages))
