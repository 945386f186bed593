"""`ComposedIssue`: every line, picture and rule of the issue at its place on its page.

Places are in points from the upper left corner of the type area (版心), y downwards. This is what
every renderer works from: the press PDF today, ALTO and page pictures later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from issue_publisher.composition.report import Solved
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Issue, Page

if TYPE_CHECKING:  # a plan is read, and a book made, without any typesetting
    from issue_publisher.typesetting.lines import Line
    from issue_publisher.typesetting.vertical import VerticalSetting


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Ready lines under each other; the first line's box begins at `y_pt`, each is `leading_pt` deep.

    `starts`: which of its lines begin a text of the source. A block may begin in the middle of a paragraph,
    and hold several.
    """

    kind: str  # what it is: headline, kicker, deck, byline, body, crosshead, caption …
    x_pt: float
    y_pt: float
    width_pt: float
    leading_pt: float
    lines: tuple[Line, ...]
    starts: tuple[int, ...] = (0,)

    @property
    def depth_pt(self) -> float:
        """Depth of all its lines."""
        return len(self.lines) * self.leading_pt


@dataclass(frozen=True, slots=True)
class VerticalBlock:
    """Text from top to bottom (直排): its columns stand from the right edge of its setting to the left."""

    kind: str  # headline, band …
    x_pt: float  # upper left corner of the setting
    y_pt: float
    setting: VerticalSetting

    @property
    def width_pt(self) -> float:
        """Width of all columns."""
        return self.setting.width_pt

    @property
    def depth_pt(self) -> float:
        """Depth of the longest column."""
        return self.setting.depth_pt


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A picture cropped to a place; `crop` is left, top, right, bottom as fractions of the picture.

    With `words` the place is empty: its picture is lost, and they are printed in its middle.
    """

    src: str
    x_pt: float
    y_pt: float
    width_pt: float
    depth_pt: float
    crop: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    alt: str = ""
    line: int = field(default=0, compare=False)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule (水线、栏线) or, with `border_pt`, a frame (花边框); `ink` fills it, or draws its border."""

    x_pt: float
    y_pt: float
    width_pt: float
    depth_pt: float
    ink: str
    border_pt: float = 0.0


Part = TextBlock | VerticalBlock | PictureBox | Rule

RUNNING = frozenset({"body", "list", "question", "answer"})  # text blocks that a grey field is made of


class PictureAt(StrEnum):
    """Where the pictures of a body stand. Those above the headline are not meant."""

    RIGHT = "right"  # at the right, as high as may be
    INSIDE = "inside"  # with a leg of text at its right, so that it touches no neighbour
    ROW = "row"  # several side by side at the right, all of one depth
    BESIDE = "beside"  # as deep as the whole body, at its right
    LEFT = "left"  # as deep as the whole body, at its left
    ROWS = "rows"  # of a picture story whose pictures are lost: in two rows, the fewer above


@dataclass(frozen=True, slots=True)
class Choice:
    """The shape that make-up gave an item; with place and depth it is all that a page plan holds."""

    columns: int  # basic columns wide
    legs: int = 1  # columns of text
    headline_pt: float = 0.0
    headline_lines: int = 1
    pictures: tuple[
        int, ...
    ] = ()  # legs that each picture spans, in order of the source; 0: above the headline
    vertical: bool = False  # the headline stands from top to bottom at the left of the text (竖题)
    picture_at: PictureAt = PictureAt.RIGHT
    deck_beside: bool = False  # kicker and deck stand at the sides of the headline, not over and under it
    picture_clear: bool = False  # pictures end so far above the foot that they meet nothing below
    boxed: bool = False  # make-up set it in a box (加框)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an item stands on the page's grid."""

    item: str  # its id
    column: int  # first basic column, from 0
    row: int  # first line of the grid, from 0 at the top of the type area
    lines: int  # depth
    choice: Choice
    line: int = field(default=0, compare=False)  # of the page plan that says so; 0 when make-up found it
    left_out: tuple[str, ...] = ()  # names of its optional parts that print does without: picture 2
    inside: str = ""  # id of the article in whose corner, lower right, it stands: that one is an L


@dataclass(frozen=True, slots=True)
class Pin:
    """What a page plan says of an item; what it leaves out (None) is make-up's to choose."""

    item: str  # its id
    page: int = 0  # number of the page that the plan puts it on
    column: int | None = None  # units as in `Placement` and `Choice`
    columns: int | None = None
    row: int | None = None
    lines: int | None = None
    legs: int | None = None
    headline_pt: float | None = None
    headline_lines: int | None = None
    pictures: tuple[int, ...] | None = None
    vertical: bool | None = None
    picture_at: PictureAt | None = None
    deck_beside: bool | None = None
    picture_clear: bool | None = None
    boxed: bool | None = None
    left_out: tuple[str, ...] = ()  # names of its optional parts that are not printed
    inside: str | None = None  # id of the article in whose corner it stands
    line: int = field(default=0, compare=False)  # of the page plan

    @property
    def has_place(self) -> bool:
        """Whether its rectangle is pinned whole."""
        return None not in (self.column, self.columns, self.row, self.lines)

    @property
    def is_full(self) -> bool:
        """Whether nothing is left to choose; of what has a usual way, no word means that way."""
        shape = (self.legs, self.headline_pt, self.headline_lines, self.pictures)
        return self.has_place and None not in shape

    def placement(self) -> Placement:
        """Place and shape of a full pin. Raises ValueError when something is left to choose."""
        place = (self.column, self.columns, self.row, self.lines)
        column, columns, row, lines = (number for number in place if number is not None)
        if None in (self.legs, self.headline_pt, self.headline_lines, self.pictures):
            raise ValueError(f"{self.item} is not pinned whole")
        choice = Choice(
            columns,
            self.legs or 1,
            self.headline_pt or 0.0,
            self.headline_lines or 1,
            self.pictures or (),
            bool(self.vertical),
            self.picture_at or PictureAt.RIGHT,
            bool(self.deck_beside),
            bool(self.picture_clear),
            bool(self.boxed),
        )
        return Placement(self.item, column, row, lines, choice, self.line, self.left_out, self.inside or "")


@dataclass(frozen=True, slots=True)
class Frame:
    """One item of a page, set: its rectangle and everything in it, in reading order."""

    placement: Placement
    kind: str  # article, briefs, pictures, advertisement
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ComposedPage:
    """A page made up."""

    page: Page
    frames: tuple[Frame, ...]
    rules: tuple[Rule, ...] = ()  # between the frames
    solved: Solved | None = field(default=None, compare=False)  # how it was found; None: by the page plan

    def corner_of(self, frame: Frame) -> Placement | None:
        """The place of what stands in the corner of an item (an L)."""
        places = (other.placement for other in self.frames)
        return next((place for place in places if place.inside == frame.placement.item), None)


@dataclass(frozen=True, slots=True)
class ComposedIssue:
    """An issue made up. `issue` is what is printed: the source's without what was left out."""

    issue: Issue
    pages: tuple[ComposedPage, ...]
    # Warnings: pages that stay partly white, what was left out.
    findings: tuple[SourceError, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the desk asks of make-up beyond the plan."""

    fit: bool = False  # a page that is too full does without what the source marks as optional
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
