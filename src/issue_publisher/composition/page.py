"""One page: its pieces become candidates, a plan or the solver places them, and each is laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from issue_publisher.composition.candidates import Candidate, TooDeepError, candidate
from issue_publisher.composition.choices import advertisement_lines, most_legs
from issue_publisher.composition.figure import PictureSize
from issue_publisher.composition.model import ComposedPage, Frame, Placement, Rule
from issue_publisher.composition.objective import Place
from issue_publisher.composition.piece import Piece, make_piece
from issue_publisher.composition.report import Solved
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Shape
from issue_publisher.composition.solve import solve
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Article, Issue, Item, Page
from issue_publisher.layout.model import Layout


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a page's grid that articles may fill: rows from `top`, `lines` deep."""

    top: int
    lines: int


def page_area(issue: Issue, page: Page, layout: Layout) -> Area:
    """What nameplate, folio line and imprint leave of a page."""
    furniture = layout.furniture
    top = furniture.nameplate_lines if page is issue.pages[0] else furniture.folio_lines
    foot = furniture.imprint_lines if page is issue.pages[-1] and issue.imprint else 0
    return Area(top, layout.grid.lines - top - foot)


class PageOversetError(SourceErrors):
    """Items do not fit their places on a page; `page` is the page with holes for them, for a proof."""

    def __init__(self, errors: Iterable[SourceError], page: ComposedPage | None = None) -> None:
        super().__init__(errors)
        self.page = page


class PageMaker:
    """Makes up one page: `make` gives it whole, or says what does not fit."""

    def __init__(
        self,
        issue: Issue,
        page: Page,
        setter: Setter,
        sizes: Mapping[str, PictureSize],
        file: str,
        plan_file: str,
    ) -> None:
        self.page, self.setter, self.sizes, self.file, self.plan_file = page, setter, sizes, file, plan_file
        self.grid = setter.layout.grid
        self.area = page_area(issue, page, setter.layout)
        self.pieces = [make_piece(item, setter) for item in page.items]
        self.related = related_items(page.items)

    def make(self, placements: Mapping[str, Placement]) -> ComposedPage:
        solved: Solved | None = None
        here = {piece.id: placements[piece.id] for piece in self.pieces if piece.id in placements}
        if len(here) < len(self.pieces):
            if here:
                line = min(place.line for place in here.values())
                hint = "give its place, or delete the page's tables to have it made up anew"
                raise SourceErrors(
                    SourceError(
                        self.plan_file,
                        line,
                        f"the plan of page {self.page.number} lacks {piece.id}",
                        hint,
                        code="plan",
                    )
                    for piece in self.pieces
                    if piece.id not in here
                )
            here, solved = self._automatic()
        self._check(here)
        frames: list[Frame] = []
        faults: list[SourceError] = []
        for piece in self.pieces:
            try:
                frames.append(self._frame(piece, here[piece.id]))
            except SourceErrors as errors:
                faults.extend(errors)
                frames.append(Frame(here[piece.id], piece.kind, ()))
        made = ComposedPage(self.page, tuple(frames), tuple(self._rules(frames)), solved)
        if faults:
            raise PageOversetError(faults, made)
        return made

    # ------------------------------------------------------------- automatic

    def _automatic(self) -> tuple[dict[str, Placement], Solved]:
        """Places that the solver finds, and how it found them."""
        candidates: list[Candidate] = []
        faults: list[SourceError] = []
        for piece in self.pieces:
            try:
                candidates.append(self._candidate(piece))
            except TooDeepError as fault:
                faults.append(self._overset(piece, fault.over))
        if faults:
            raise SourceErrors(faults)
        self._check_room(candidates)
        made = solve(candidates, self.grid.columns, self.area.lines, self.setter.layout)
        if made is None:
            raise SourceErrors([self._page_overset(candidates, "no make-up holds all its items")])
        return {piece.id: self._placement(piece, made.places[piece.id]) for piece in self.pieces}, made.solved

    def _placement(self, piece: Piece, place: Place) -> Placement:
        option = place.option
        return Placement(piece.id, place.column, place.row + self.area.top, option.lines, option.choice)

    def _candidate(self, piece: Piece) -> Candidate:
        """The piece's options; the lead of the page, the heaviest and first, begins it."""
        found = candidate(
            piece, self.setter, self.sizes, self.area.lines, self.related.get(piece.id, frozenset())
        )
        return replace(found, column=0, row=0) if piece is self._lead else found

    @cached_property
    def _lead(self) -> Piece | None:
        """What the page opens with: the heaviest article, the first of equals."""
        news = [piece for piece in self.pieces if piece.kind == "article"]
        return max(news, key=lambda piece: self.setter.layout.makeup.rank[piece.weight.value], default=None)

    def _check_room(self, candidates: Sequence[Candidate]) -> None:
        least = sum(min(o.choice.columns * o.lines for o in c.options) for c in candidates)
        if least > self.grid.columns * self.area.lines:
            raise SourceErrors([self._page_overset(candidates, "its items do not fit")])

    def _page_overset(self, candidates: Sequence[Candidate], what: str) -> SourceError:
        room = self.grid.columns * self.area.lines
        least = sum(min(o.choice.columns * o.lines for o in c.options) for c in candidates)
        over = least - room
        if over > 0:
            longest = max(self.pieces, key=lambda piece: piece.characters)
            characters = over * self.grid.column_characters
            hint = f"cut about {over} lines ({characters} characters), most easily from {longest.id}"
        else:
            hint = (
                f"{-over} lines of one column are free, but no arrangement fits: "
                "change the width of a picture or an article, or cut some lines"
            )
        return SourceError(
            self.file, self.page.line, f"page {self.page.number}: {what}", hint, code="overset"
        )

    def _overset(self, piece: Piece, over: int) -> SourceError:
        """An article that no shape holds on this page: `over` lines too long, or in one piece too large."""
        if over > 0:
            what = f"is {over} lines too long for page {self.page.number} by itself"
            hint = f"cut about {over * self.grid.column_characters} characters"
        else:
            what = f"cannot be set on page {self.page.number}, even by itself"
            hint = "shorten its headline, or make its largest table, box or picture smaller"
        return SourceError(self.file, piece.line, f"article {piece.id} {what}", hint, code="overset")

    # ------------------------------------------------------------- frames

    def _check(self, placements: Mapping[str, Placement]) -> None:
        """No frame leaves the page's area, none overlaps another, none has more legs than can be read."""
        faults = [fault for piece in self.pieces if (fault := self._wrong_size(piece, placements[piece.id]))]
        places = list(placements.values())
        top, foot = self.area.top, self.area.top + self.area.lines
        for at, place in enumerate(places):
            right = place.column + place.choice.columns
            if right > self.grid.columns or place.row < top or place.row + place.lines > foot:
                free = f"columns 0 to {self.grid.columns}, rows {top} to {foot} are free"
                faults.append((place, f"{place.item} leaves the page", free))
            faults += [
                (place, f"{place.item} overlaps {other.item}", "correct the place of one of them")
                for other in places[:at]
                if _overlap(place, other)
            ]
            most = most_legs(place.choice.columns, self.setter)
            if place.choice.legs > most:
                faults.append(
                    (place, f"{place.item} has {place.choice.legs} legs", f"at most {most} in its columns")
                )
        if faults:
            raise SourceErrors(
                SourceError(
                    self.plan_file, place.line, f"page {self.page.number}: {fault}", hint, code="plan"
                )
                for place, fault, hint in faults
            )

    def _wrong_size(self, piece: Piece, place: Placement) -> tuple[Placement, str, str] | None:
        """An advertisement is as large as it was sold: the plan says where it stands, not how large it is."""
        if piece.size is None:
            return None
        columns, lines = min(piece.size[0], self.grid.columns), advertisement_lines(piece, self.setter)
        if (place.choice.columns, place.lines) == (columns, lines):
            return None
        return (
            place,
            f"{piece.id} has not the size it was sold in",
            f"columns = {columns} and lines = {lines}",
        )

    def _frame(self, piece: Piece, place: Placement) -> Frame:
        shape = Shape(piece, place.choice, self.setter, self.sizes)
        fit = shape.fit(place.lines)
        if fit is None:
            raise SourceErrors([self._too_long(piece, place, shape)])
        return Frame(place, piece.kind, shape.lay_out(fit))

    def _too_long(self, piece: Piece, place: Placement, shape: Shape) -> SourceError:
        """How many lines of text an item is over, or under, at the place that the plan gives it."""
        least = next((f for f in (shape.fit(n) for n in range(place.lines + 1, place.lines + 60)) if f), None)
        if least is not None:
            over = (least.lines - place.lines) * place.choice.legs
            characters = over * int(shape.leg_pt / self.grid.body_pt)
            message = f"article {piece.id} is {over} lines too long for its place on page {self.page.number}"
            hint = (
                f"cut about {characters} characters, or make it {least.lines} lines deep in {self.plan_file}"
            )
        else:
            message = f"article {piece.id} does not fit its place on page {self.page.number}"
            hint = f"give it another depth or shape in {self.plan_file}"
        return SourceError(self.file, piece.line, message, hint, code="overset")

    # ------------------------------------------------------------- rules

    def _rules(self, frames: Sequence[Frame]) -> list[Rule]:
        """Cut-off rules over frames that stand under others, column rules between neighbours."""
        makeup, grid = self.setter.layout.makeup, self.grid
        rules: list[Rule] = []
        for frame in frames:
            place = frame.placement
            x, width = grid.x_pt(place.column), grid.width_pt(place.choice.columns)
            y, depth = grid.depth_pt(place.row), grid.depth_pt(place.lines)
            boxed = self._boxed(place.item)
            if place.row > self.area.top and not boxed:
                rules.append(Rule(x, y + grid.leading_pt * 0.3, width, makeup.rule_pt, makeup.rule_ink))
            if place.column > 0 and not boxed and not self._boxed_at_left(frame, frames):
                rules.append(
                    Rule(
                        x - grid.gutter_pt / 2,
                        y + grid.leading_pt * 1.1,
                        makeup.rule_pt,
                        depth - grid.leading_pt * 1.1,
                        makeup.rule_ink,
                    )
                )
        return rules

    def _boxed(self, item: str) -> bool:
        return next(piece.boxed for piece in self.pieces if piece.id == item)

    def _boxed_at_left(self, frame: Frame, frames: Sequence[Frame]) -> bool:
        """Whether only boxes stand to the left: their border parts them from this frame already."""
        place = frame.placement
        left = [
            f.placement for f in frames if f.placement.column + f.placement.choice.columns == place.column
        ]
        beside = [p for p in left if p.row < place.row + place.lines and place.row < p.row + p.lines]
        return bool(beside) and all(self._boxed(p.item) for p in beside)


def _overlap(one: Placement, other: Placement) -> bool:
    return (
        one.column < other.column + other.choice.columns
        and other.column < one.column + one.choice.columns
        and one.row < other.row + other.lines
        and other.row < one.row + one.lines
    )


def related_items(items: Sequence[Item]) -> Mapping[str, frozenset[str]]:
    """Items whose headlines may stand side by side: one links to the other, or both are parts of one series."""
    articles = [item for item in items if isinstance(item, Article)]
    found: dict[str, frozenset[str]] = {}
    for one in articles:
        others = {link.to for link in one.links}
        others |= {other.id for other in articles if any(link.to == one.id for link in other.links)}
        if one.series is not None:
            others |= {o.id for o in articles if o.series and o.series.name == one.series.name}
        found[one.id] = frozenset(others - {one.id})
    return found
