"""One page: its pieces become candidates, a plan or the solver places them, and each is laid out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from issue_publisher.composition import corner
from issue_publisher.composition import pins as pinning
from issue_publisher.composition.advertisement import advertisement_faults, ear_room
from issue_publisher.composition.area import page_area
from issue_publisher.composition.arrangement import Notch
from issue_publisher.composition.candidates import Candidate, TooDeepError, candidate
from issue_publisher.composition.figure import Sizes
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import ComposedPage, Frame, Pin, Placement, Rule
from issue_publisher.composition.objective import Place
from issue_publisher.composition.piece import Piece, make_piece
from issue_publisher.composition.pins import Fault, UnreachableError
from issue_publisher.composition.remedies import DoesNotFit, Need, Room, errors_of, need_of
from issue_publisher.composition.report import Solved
from issue_publisher.composition.series import parts_of_series
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.shape import Fit, Shape
from issue_publisher.composition.solve import Made, solve
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.model import Article, Issue, Item, Page


class PageOversetError(SourceErrors):
    """Items do not fit their places on a page; `page` is the page with holes for them, for a proof."""

    def __init__(self, errors: Iterable[SourceError], page: ComposedPage | None = None) -> None:
        super().__init__(errors)
        self.page = page


@dataclass(frozen=True, slots=True)
class _Found:
    """A page that the solver found, as the judge sees it."""

    places: Mapping[str, Placement]
    solved: Solved
    price: float
    keeps: bool  # all hard rules, and no more white than is allowed


class PageMaker:
    """Makes up one page: `make` gives it whole, or says what does not fit."""

    def __init__(
        self,
        issue: Issue,
        page: Page,
        setter: Setter,
        sizes: Sizes,
        file: str,
        plan_file: str,
    ) -> None:
        self.issue = issue
        self.page, self.setter, self.sizes, self.file, self.plan_file = page, setter, sizes, file, plan_file
        self.grid = setter.layout.grid
        self.area = page_area(issue, page, setter.layout)
        self.pieces = [make_piece(item, setter) for item in page.items]
        self.related = related_items(page.items)
        self.parts = parts_of_series(page.items)
        self.space: Room | None = None  # what its items take of it, once make-up was tried

    def make(self, pins: Mapping[str, Pin]) -> ComposedPage:
        """The page with everything that is pinned (item id → pin) where and as it is pinned.

        Raises SourceErrors naming each pin that cannot hold and each article that does not fit.
        """
        here = {
            piece.id: pinning.completed(pins[piece.id], piece) for piece in self.pieces if piece.id in pins
        }
        self._check(here)
        here = corner.followed(here)
        in_ear, free = self._parted_by_ear()
        if all(piece.id in here and here[piece.id].is_full for piece in free):
            return self._laid_out(in_ear | {piece.id: here[piece.id].placement() for piece in free}, None)
        return self._laid_out(*self._automatic(here))

    def let_go(self) -> None:
        """Part the pieces from their bodies, which hold one another: both go when the page is made."""
        for piece in self.pieces:
            piece.bodies.clear()

    def is_planned(self, pins: Mapping[str, Pin]) -> bool:
        """Whether the plan says everything of the page, so that nothing is to be found."""
        _, free = self._parted_by_ear()
        pins = corner.followed(pins)
        return all(piece.id in pins and pinning.completed(pins[piece.id], piece).is_full for piece in free)

    def check_advertisements(self) -> None:
        """Raise SourceErrors naming each advertisement that the page cannot hold as it was sold."""
        wrong = advertisement_faults(self.issue, self.page, self.setter.layout, self.area.lines, self.file)
        if wrong:
            raise SourceErrors(wrong)

    @property
    def room(self) -> int:
        """Lines of one basic column that the page has for its items."""
        return self.grid.columns * self.area.lines

    def white(self, page: ComposedPage) -> float:
        """The share of the page's room that no frame covers."""
        in_ear, _ = self._parted_by_ear()
        places = [
            frame.placement
            for frame in page.frames
            if frame.placement.item not in in_ear and not frame.placement.inside
        ]
        return 1 - sum(place.choice.columns * place.lines for place in places) / self.room

    def misfits(self, pins: Mapping[str, Pin]) -> frozenset[str]:
        """Ids of the pinned items that cannot stand as they are pinned, whatever the others do."""
        return frozenset(
            piece.id
            for piece in self.pieces
            if piece.id in pins and not self._holds(piece, pins[piece.id], pins)
        )

    def settable(self, pin: Pin) -> Pin:
        """A pin without its depth and, if it must be, without its shape or even its width."""
        piece = next(piece for piece in self.pieces if piece.id == pin.item)
        place = Pin(pin.item, pin.page, pin.column, pin.columns, pin.row, line=pin.line)
        tried = (replace(pin, lines=None), place)
        return next((less for less in tried if self._holds(piece, less, {})), replace(place, columns=None))

    def _holds(self, piece: Piece, pin: Pin, others: Mapping[str, Pin]) -> bool:
        """Whether a piece can be made as its pin says, at its place among other pins."""
        pin = pinning.completed(pin, piece)
        every = {**others, piece.id: pin}
        faults = [*pinning.pin_faults(every, self.pieces, self.area, self.setter)]
        faults += corner.corner_faults(every, self.pieces, self.setter)
        if any(fault.pin.item == piece.id for fault in faults):
            return False
        if piece.in_ear:
            return True
        try:
            notch = corner.pinned_notch(piece.id, others.values())
            pin = corner.followed(every)[piece.id]
            if pin.is_full:
                self._set(piece, pin.placement(), notch)
            else:
                self._candidate(piece, pin, notch)
        except (SourceErrors, TooDeepError, UnreachableError):
            return False
        return True

    def _laid_out(self, places: Mapping[str, Placement], solved: Solved | None) -> ComposedPage:
        """The page with every item at its place. Raises PageOversetError when some do not fit theirs."""
        frames: list[Frame] = []
        faults: list[SourceError] = []
        for piece in self.pieces:
            try:
                frames.append(self._frame(piece, places[piece.id], places))
            except SourceErrors as errors:
                faults.extend(errors)
                frames.append(Frame(places[piece.id], piece.kind, ()))
        made = ComposedPage(self.page, tuple(frames), tuple(self._rules(frames)), solved)
        if faults:
            raise PageOversetError(faults, made)
        return made

    # ------------------------------------------------------------- automatic

    def _automatic(self, pins: Mapping[str, Pin]) -> tuple[dict[str, Placement], Solved]:
        """Places that the solver finds, and how it found them. Raises DoesNotFit when there are none."""
        tried: list[tuple[Candidate | None, Need]] = []
        faults: list[SourceError] = []
        _, free = self._parted_by_ear()
        guests = {piece.id: pins[piece.id].inside for piece in free if piece.id in pins}
        for piece in free:
            guest = next((one for one in free if guests.get(one.id) == piece.id), None)
            try:
                if guest is not None:
                    tried.append(self._tried_as_one(piece, guest, pins))
                elif not guests.get(piece.id):
                    tried.append(self._tried(piece, pins.get(piece.id)))
            except UnreachableError as fault:
                faults.append(self._at_plan(fault.fault))
        if faults:
            raise SourceErrors(faults)
        self.space = self._space([need for _, need in tried])
        if not self.space.holds:
            raise self._does_not_fit(self.space, pins)
        candidates = pinning.released([found for found, _ in tried if found], pins, self.area)
        found = [self._solved(candidates)]
        if not any(page.keeps for page in found[0]):
            found += [self._solved(one) for one in self._with_a_corner(candidates, pins)]
        if not any(found):
            raise self._does_not_fit(self.space, pins)
        best = min((page for pages in found for page in pages), key=lambda page: page.price)
        time = round(sum(pages[0].solved.deterministic_time for pages in found if pages), 3)
        return dict(best.places), replace(best.solved, deterministic_time=time)

    def _solved(self, candidates: Sequence[Candidate]) -> list[_Found]:
        """The few best pages that the solver finds for candidates."""
        in_ear, _ = self._parted_by_ear()
        made = solve(candidates, self.grid.columns, self.area.lines, self.setter.layout)
        return [self._judged(in_ear | self._placements(one), one.solved) for one in made]

    def _with_a_corner(
        self, candidates: Sequence[Candidate], pins: Mapping[str, Pin]
    ) -> Iterator[list[Candidate]]:
        """The candidates with one of them in the corner of another (an L), where the layout allows that."""
        if not self.setter.layout.makeup.l_shapes or any(pin.inside for pin in pins.values()):
            return
        _, free = self._parted_by_ear()
        loose = [piece for piece in free if piece.id not in pins]
        for host, guest in corner.pairs(loose, self.related):
            try:
                one = self._as_one(host, guest, pins)
            except TooDeepError:
                continue
            if one is not None:
                others = [other for other in candidates if other.id != guest.id]
                yield [one if other.id == host.id else other for other in others]

    def _as_one(self, host: Piece, guest: Piece, pins: Mapping[str, Pin]) -> Candidate | None:
        """An article with another in its corner, or None. Raises TooDeepError, UnreachableError of a pin."""
        pin = pins.get(guest.id, Pin(guest.id))
        if not guest.boxed:  # nothing else tells it from the article round it
            pin = replace(pin, boxed=True)
        inner = self._candidate(guest, pin)
        return corner.as_one(
            inner,
            lambda notch: self._candidate(host, pins.get(host.id), notch),
            self.setter,
            self.area.lines,
        )

    def _tried_as_one(
        self, host: Piece, guest: Piece, pins: Mapping[str, Pin]
    ) -> tuple[Candidate | None, Need]:
        """The same where the plan says so. Raises UnreachableError when the article cannot be such an L."""
        try:
            found = self._as_one(host, guest, pins)
        except TooDeepError:
            found = None
        if found is None:
            pin = pins[guest.id]
            message = f"{host.id} has no shape on this page with {guest.id} in its corner"
            raise UnreachableError(Fault(pin, message, "leave inside out"))
        return found, need_of(host.id, host.kind, host.line, host.weight, found.options)

    def _placements(self, made: Made) -> dict[str, Placement]:
        found: dict[str, Placement] = {}
        for piece_id, place in made.places.items():
            found[piece_id] = self._placement(piece_id, place)
            if (guest := place.option.guest) is not None:
                found[guest.item] = corner.guest_placement(found[piece_id], guest)
        return found

    def _judged(self, placements: Mapping[str, Placement], solved: Solved) -> _Found:
        """What a reviewer holds against a page: of the few best the one is taken that looks best, too.

        A hard rule that only the judge sees costs as much as one that the search sees.
        """
        layout = self.setter.layout
        frames = [self._frame(piece, placements[piece.id], placements) for piece in self.pieces]
        page = ComposedPage(self.page, tuple(frames), tuple(self._rules(frames)))
        report = judge(page, self.issue, layout)
        hard = layout.makeup.penalty_hard / layout.penalties.hard
        penalties = sum(verdict.penalty * (hard if verdict.hard else 1.0) for verdict in report.verdicts)
        keeps = all(verdict.kept for verdict in report.verdicts if verdict.hard)
        keeps = keeps and report.blank <= layout.rules.white_share
        return _Found(placements, solved, solved.objective + penalties, keeps)

    def _parted_by_ear(self) -> tuple[dict[str, Placement], list[Piece]]:
        """Advertisements in the ear, which have their place, and the pieces that fill the page's area."""
        in_ear = {p.id: ear_room(self.setter.layout, p.id) for p in self.pieces if p.in_ear}
        return in_ear, [piece for piece in self.pieces if piece.id not in in_ear]

    def _placement(self, item: str, place: Place) -> Placement:
        option = place.option
        return Placement(item, place.column, place.row + self.area.top, option.lines, option.choice)

    def _candidate(self, piece: Piece, pin: Pin | None, notch: Notch | None = None) -> Candidate:
        """The piece's options; the page's lead, the heaviest and first, opens it unless it is pinned."""
        related = self.related.get(piece.id, frozenset())
        lines, count = self.area.lines, len(self.pieces)
        found = candidate(piece, self.setter, self.sizes, lines, related, pin, count, notch)
        found = replace(found, part=self.parts.get(piece.id))
        found = replace(found, column=0, row=0, opens=True) if piece is self._lead else found
        return pinning.placed(found, pin, self.area)

    @cached_property
    def _lead(self) -> Piece | None:
        """What the page opens with: the heaviest article, the first of equals."""
        news = [piece for piece in self.pieces if piece.kind == "article"]
        return max(news, key=lambda piece: self.setter.layout.makeup.rank[piece.weight.value], default=None)

    def _tried(self, piece: Piece, pin: Pin | None) -> tuple[Candidate | None, Need]:
        """A piece as the solver wants it, if it has any shape on this page, and what it takes."""
        known = (piece.id, piece.kind, piece.line, piece.weight)
        try:
            found = self._candidate(piece, pin)
            return found, need_of(*known, found.options)
        except TooDeepError as fault:
            text = -(-piece.characters // self.grid.column_characters)
            least = self.room + fault.over if fault.over else text
            return None, Need(*known, least, least, 0, fault.over)

    def need(self, item: Item, pins: Mapping[str, Pin]) -> Need:
        """What an item takes of this page, in lines of one basic column."""
        piece = make_piece(item, self.setter)
        try:
            return self._tried(piece, pins.get(item.id))[1]
        except UnreachableError:  # pinned for another matter
            return Need(piece.id, piece.kind, piece.line, piece.weight, self.room, self.room, 0, 0)

    def _space(self, needs: Sequence[Need]) -> Room:
        grid, page = self.grid, self.page
        return Room(
            page.number, page.line, grid.columns, self.area.lines, grid.column_characters, tuple(needs)
        )

    def _does_not_fit(self, space: Room, pins: Mapping[str, Pin]) -> SourceErrors:
        """Why there is no page: its items, or what the plan pins of them."""
        if pins and all(need.over is None for need in space.needs):
            _, free = self._parted_by_ear()
            if self._space([self._tried(piece, None)[1] for piece in free]).holds:
                return SourceErrors([self._at_plan(self._no_page_for(pins))])
        return DoesNotFit(space, errors_of(space, (), self.file, most=self.setter.layout.makeup.remedies))

    def _no_page_for(self, pins: Mapping[str, Pin]) -> Fault:
        first = min(pins.values(), key=lambda pin: pin.line)
        others = ", ".join(piece.id for piece in self.pieces if piece.id not in pins)
        message = "no make-up keeps what is pinned: " + ", ".join(pins)
        message += f"; besides it must hold {others}" if others else ""
        return Fault(first, message, "set one of them free, or build with --replan")

    # ------------------------------------------------------------- frames

    def _check(self, pins: Mapping[str, Pin]) -> None:
        """No pin leaves the page's area, none overlaps another, none asks for what cannot be set."""
        faults = [
            self._at_plan(fault) for fault in pinning.pin_faults(pins, self.pieces, self.area, self.setter)
        ]
        faults += [self._at_plan(fault) for fault in corner.corner_faults(pins, self.pieces, self.setter)]
        if faults:
            raise SourceErrors(faults)

    def _at_plan(self, fault: Fault) -> SourceError:
        message = f"page {self.page.number}: {fault.message}"
        return SourceError(self.plan_file, fault.pin.line, message, fault.hint, code="plan")

    def _frame(self, piece: Piece, place: Placement, places: Mapping[str, Placement]) -> Frame:
        shape, fit = self._set(piece, place, corner.notch_of(piece.id, places.values()))
        return Frame(place, piece.kind, shape.lay_out(fit))

    def _set(self, piece: Piece, place: Placement, notch: Notch | None) -> tuple[Shape, Fit]:
        """A piece set to its place. Raises SourceErrors when it is too long for it, or too short."""
        shape = Shape(piece, place.choice, self.setter, self.sizes, notch)
        fit = shape.fit(place.lines)
        if fit is None:
            raise SourceErrors([self._too_long(piece, place, shape)])
        if place.line and place.lines > (deepest := pinning.deepest(shape)):  # make-up itself never does that
            raise SourceErrors([self._too_short(piece, place, shape, deepest)])
        return shape, fit

    def _too_short(self, piece: Piece, place: Placement, shape: Shape, deepest: int) -> SourceError:
        """How many lines of text an item is under at the place that the plan gives it."""
        under = (place.lines - deepest) * place.choice.legs
        characters = under * int(shape.leg_pt / self.grid.body_pt)
        message = f"article {piece.id} is {under} lines too short for its place on page {self.page.number}"
        hint = f"add about {characters} characters, make it {deepest} lines deep in {self.plan_file}"
        hint += ", or build with --replan"
        return SourceError(self.file, piece.line, message, hint, code="underset")

    def _too_long(self, piece: Piece, place: Placement, shape: Shape) -> SourceError:
        """How many lines of text an item is over, or under, at the place that the plan gives it."""
        least = next((f for f in (shape.fit(n) for n in range(place.lines + 1, place.lines + 60)) if f), None)
        if least is not None:
            over = (least.lines - place.lines) * place.choice.legs
            characters = over * int(shape.leg_pt / self.grid.body_pt)
            message = f"article {piece.id} is {over} lines too long for its place on page {self.page.number}"
            hint = f"cut about {characters} characters"
            planned = f"make it {least.lines} lines deep in {self.plan_file}"
        else:
            message = f"article {piece.id} does not fit its place on page {self.page.number}"
            hint, planned = "shorten it", f"give it another depth or shape in {self.plan_file}"
        if place.line:  # of the plan
            hint = ", ".join(filter(None, (hint, planned, "or build with --replan")))
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
            boxed = self._boxed(frame)
            if place.row > self.area.top and not boxed and not self._boxed_above(frame, frames):
                rules.append(Rule(x, y + grid.leading_pt * 0.3, width, makeup.rule_pt, makeup.rule_ink))
            if place.column > 0 and not boxed and not self._boxed_at_left(frame, frames):
                rules.append(
                    Rule(
                        x - grid.gutter_pt * (1 - makeup.rule_at),
                        y + grid.leading_pt * 1.1,
                        makeup.rule_pt,
                        depth - grid.leading_pt * 1.1,
                        makeup.rule_ink,
                    )
                )
        return rules

    def _boxed(self, frame: Frame) -> bool:
        place = frame.placement
        return place.choice.boxed or next(piece.boxed for piece in self.pieces if piece.id == place.item)

    def _boxed_above(self, frame: Frame, frames: Sequence[Frame]) -> bool:
        """Whether it stands right under boxes alone, whose borders a rule would double."""
        place = frame.placement
        above = [
            f
            for f in frames
            if f.placement.row + f.placement.lines == place.row
            and f.placement.column < place.column + place.choice.columns
            and place.column < f.placement.column + f.placement.choice.columns
        ]
        return bool(above) and all(map(self._boxed, above))

    def _boxed_at_left(self, frame: Frame, frames: Sequence[Frame]) -> bool:
        """Whether only boxes stand to the left: their border parts them from this frame already."""
        place = frame.placement
        left = [
            f
            for f in frames
            if f.placement.column + f.placement.choice.columns == place.column
            and f.placement.row < place.row + place.lines
            and place.row < f.placement.row + f.placement.lines
        ]
        return bool(left) and all(map(self._boxed, left))


def related_items(items: Sequence[Item]) -> Mapping[str, frozenset[str]]:
    """Items whose headlines may stand side by side: linked ones, and the parts of one series."""
    articles = [item for item in items if isinstance(item, Article)]
    found: dict[str, frozenset[str]] = {}
    for one in articles:
        others = {link.to for link in one.links}
        others |= {other.id for other in articles if any(link.to == one.id for link in other.links)}
        if one.series is not None:
            others |= {o.id for o in articles if o.series and o.series.name == one.series.name}
        found[one.id] = frozenset(others - {one.id})
    return found
