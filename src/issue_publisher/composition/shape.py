"""Shapes: a piece tried at a width, with a headline setting and pictures, at any depth.

`Shape.fit(lines)` says whether the piece can be made exactly so deep and what that costs in white;
`Shape.lay_out(lines)` does it. Lines that are over are shared out as the trade does: picture depth
first, then white round the headline; what is left stands at the feet of the legs, one line each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from issue_publisher.composition import flow
from issue_publisher.composition.arrangement import Notch, ShortLegs
from issue_publisher.composition.body import Body, Filling, Legs
from issue_publisher.composition.figure import Sizes, legibility, wanted_columns
from issue_publisher.composition.flow import moved
from issue_publisher.composition.head import HEADING, Beside, Head, beside, headline_role, places_in_head
from issue_publisher.composition.model import Choice, Part, Rule, TextBlock, VerticalBlock
from issue_publisher.composition.over import Over, PictureRow, rows_of
from issue_publisher.composition.piece import Insert, Piece, box_margin_pt
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.side import SideHead, side_head
from issue_publisher.issue.model import Figure, Table
from issue_publisher.layout.model import BoxedPiece
from issue_publisher.typesetting.headline import HeadlineSetting

_FAULTY = 2  # depths that break a hard rule, after others that do not: what is deeper still only breaks more
_WHITE_IN_A_HEAD = 1.2  # price of a line
_WHITE_OF_AN_ADVERTISEMENT = 0.2
_HAIR = 0.01  # of a line: rounding


@dataclass(frozen=True, slots=True)
class Fit:
    """How a shape is filled to a depth."""

    lines: int
    cost: float
    head_extra: int  # lines of white added to the head
    over: int  # lines of the pictures above the headline
    filling: Filling  # of the body
    faults: int = 0  # hard rules that it breaks within itself

    def white(self, choice: Choice) -> float:
        """White at the feet of its legs, in lines of one basic column."""
        return self.filling.white * choice.columns / choice.legs


@dataclass(frozen=True, slots=True)
class Region:
    """Part of a piece on the page's grid: basic columns and lines from the piece's upper left corner."""

    left: int
    right: int
    top: int
    foot: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a piece its neighbours must respect: its headline, its pictures, its box."""

    band: tuple[int, int] | None  # lines of kicker, headline and deck: first, and first below
    pictures: tuple[Region, ...]  # whole basic columns that a picture reaches into
    boxed: bool
    alone: bool = False  # pictures without an article, with a title of their own
    upright: tuple[int, int] | None = None  # lines of a vertical headline: no picture is at the left edge


@dataclass(frozen=True)
class Shape:
    """A piece in one choice of width, legs, headline and pictures."""

    piece: Piece
    choice: Choice
    setter: Setter
    sizes: Sizes
    notch: Notch | None = None  # where another item stands in its corner

    # ------------------------------------------------------------- measures

    @cached_property
    def _inset_pt(self) -> float:
        return box_margin_pt(self.setter, boxed=self._boxed)

    @property
    def _boxed(self) -> bool:
        """Whether it stands in a box: the source's, or make-up's."""
        return self.piece.boxed or self.choice.boxed

    @property
    def _foot_lines(self) -> int:
        """White at the foot, inside its box."""
        return self.setter.layout.box.margin_lines if self._boxed else 0

    @cached_property
    def width_pt(self) -> float:
        """Measure of the whole piece, inside its box and beside its vertical words if it has any."""
        taken = self._side.taken_pt if self._side else 0.0
        return self.setter.layout.grid.width_pt(self.choice.columns) - 2 * self._inset_pt - taken

    @cached_property
    def _side(self) -> SideHead | None:
        """Vertical words at its left: a column head, or its headline."""
        return side_head(self.piece, self.choice, self.setter)

    def _side_at(self, lines: int) -> SideHead | None:
        """The same at a depth in lines: a vertical headline takes on letter space to fill its share of it."""
        top, bottom = self._side_edges(lines)
        return side_head(self.piece, self.choice, self.setter, bottom - top)

    @cached_property
    def _left_pt(self) -> float:
        """Where its text begins."""
        return self._inset_pt + (self._side.taken_pt if self._side else 0.0)

    @cached_property
    def leg_pt(self) -> float:
        """Measure of a leg: whole characters of the body (QB: breaking n columns into k)."""
        grid, legs = self.setter.layout.grid, self.choice.legs
        characters = (self.width_pt / grid.body_pt - (legs - 1) * grid.gutter_characters) / legs
        return int(characters + 1e-6) * grid.body_pt if legs > 1 or not self._inset_pt else self.width_pt

    @cached_property
    def _legs(self) -> Legs:
        legs = self.choice.legs
        gutter = (self.width_pt - legs * self.leg_pt) / (legs - 1) if legs > 1 else 0.0
        return Legs(legs, self.leg_pt, gutter)

    @cached_property
    def body(self) -> Body:
        """Its text with what is let into it."""
        spans = tuple(span for _, span in self._spans)
        at, clear = self.choice.picture_at, self.choice.picture_clear
        return Body.of(
            self.piece, self.setter, self.sizes, self._legs, spans, at, clear=clear, short=self._short_legs
        )

    # ------------------------------------------------------------- what is in it

    @cached_property
    def _over(self) -> Over | None:
        """The pictures above the headline."""
        figures = tuple(insert for insert, span in self._spans if span == 0 and isinstance(insert, Figure))
        if not figures:
            return None
        rows = rows_of(figures, self.choice.picture_at)
        columns, width, sizes = self.choice.columns, self.width_pt, self.sizes
        return Over(tuple(PictureRow(row, columns, width, sizes, self.setter) for row in rows))

    @cached_property
    def _head_first(self) -> bool:
        """Whether the head stands over the pictures: a picture story's title belongs above its captions.

        So do rubric and byline beside a vertical headline: between picture and text they would be lost.
        """
        return self.piece.kind == "pictures" or self.choice.vertical

    @cached_property
    def _spans(self) -> tuple[tuple[Insert, int], ...]:
        """Every insert with the legs it spans; 0 when it stands above the headline."""
        spans = iter(self.choice.pictures)
        return tuple(
            (insert, min(next(spans, 1), self.choice.legs))
            if isinstance(insert, Figure)
            else (insert, self._table_span(insert))
            for insert in self.piece.inserts
        )

    def _table_span(self, table: Table) -> int:
        size = self.setter.role("table").size_pt
        count = max(len(row) for row in table.rows)
        widest = [0] * count
        for row in table.rows:
            for at, cell in enumerate(row):
                widest[at] = max(widest[at], min(len(cell.text.plain), 10))
        wanted = sum(widest) * size + count * 6
        span = 1
        while span < self.choice.legs and not (
            self._legs.width_pt(span) >= wanted
            and flow.table_fits(table, self.setter, self._legs.width_pt(span))
        ):
            span += 1
        return span

    @cached_property
    def headline(self) -> HeadlineSetting | None:
        """The headline in the size and number of lines that were chosen; none when it stands at the left."""
        if self.piece.headline is None or self.choice.vertical:
            return None
        role = headline_role(self.piece, self.setter)
        size, count = self.choice.headline_pt, self.choice.headline_lines
        text, genre, lang = self.piece.headline, self.piece.genre, self.piece.lang
        if size:
            chosen = self.setter.headline(text, role, genre, self.width_pt, size, count, lang)
            if chosen is not None:
                return chosen
        found = self.setter.headlines(text, role, genre, self.width_pt, lang)
        return found[0] if found else None

    @cached_property
    def _sides(self) -> Beside | None:
        """Kicker and decks at the sides of the headline, where they were chosen to stand there and can."""
        if not self.choice.deck_beside or self.choice.vertical:
            return None
        return beside(self.piece, self.choice, self.setter, self.width_pt)

    @cached_property
    def head(self) -> tuple[tuple[Part, ...], float]:
        """The head's parts from the piece's upper left corner, and its depth in points."""
        return Head(
            self.piece,
            self.setter,
            self.width_pt,
            self._left_pt,
            self.headline,
            under_picture=self._over is not None and not self._head_first,
            beside=self._side is not None,
            sides=self._sides,
        ).build()

    @cached_property
    def _head_lines(self) -> int:
        return self.setter.depth_lines(self.head[1])

    @cached_property
    def picture_price(self) -> float:
        """What it costs that its figures are not as wide as the desk asked for.

        One a little wider is only off; one much wider was blown up to fill white, and is the last resort.
        """
        makeup, columns = self.setter.layout.makeup, self.choice.columns
        price, free = 0.0, makeup.picture_wider_columns[self.piece.weight.value]
        over = iter(self._over.widths_pt if self._over else ())
        for insert, span in self._spans:
            share = next(over) / self.width_pt if span == 0 else span / self.choice.legs
            width = columns * share
            if isinstance(insert, Figure) and insert.missing:
                price += (width - wanted_columns(insert)) ** 2
            elif isinstance(insert, Figure) and insert.columns:
                # A drawing made narrower makes its lettering smaller; a photograph only loses presence.
                narrow = makeup.drawing_narrower if self._is_drawing(insert) else 2.0
                off = abs(width - insert.columns) * (narrow if width < insert.columns else 1.0)
                blown_up = max(0.0, width - insert.columns - free)
                price += makeup.penalty_picture * off + makeup.penalty_picture_wide * blown_up * blown_up
        return price

    @property
    def legibility(self) -> float:
        """The smallest lettering of its drawings against the least of the press; 1: none is smaller."""
        over = iter(self._over.widths_pt if self._over else ())
        widths = (
            (insert, next(over) if span == 0 else self._legs.width_pt(span))
            for insert, span in self._spans
            if isinstance(insert, Figure)
        )
        found = (legibility(figure, self.sizes, width, self.setter) for figure, width in widths)
        return min(found, default=1.0)

    def _is_drawing(self, figure: Figure) -> bool:
        return not figure.missing and self.sizes[figure.src].is_vector

    # ------------------------------------------------------------- fitting

    def fit(self, lines: int) -> Fit | None:
        """The best way to make the piece exactly so deep, or None."""
        found = self._fits.get(lines)
        if found is None and lines not in self._fits:
            found = self._fits[lines] = self._fit(lines)
        return found

    @cached_property
    def _fits(self) -> dict[int, Fit | None]:
        return {}

    def _fit(self, lines: int) -> Fit | None:
        if not self._side_fits(lines) or not self._turns:
            return None
        best: Fit | None = None
        room = lines - self._head_lines - self._foot_lines
        # An advertisement's white is its own.
        most = room if self.piece.size else self.setter.layout.makeup.head_extra_lines
        price = _WHITE_OF_AN_ADVERTISEMENT if self.piece.size else _WHITE_IN_A_HEAD
        for extra in range(most + 1):
            padded = not self.piece.size and extra > self._head_takes
            for over, over_price in self._over_tried:
                cost = extra * price + over_price + padded * self.setter.layout.makeup.price_of_leg
                if best is not None and best.cost <= cost:
                    continue
                filling = self.body.fill(room - extra - over)
                if filling is not None and (best is None or filling.cost + cost < best.cost):
                    faults = filling.faults + padded
                    best = Fit(lines, filling.cost + cost, extra, over, filling, faults)
        return best

    @property
    def _turns(self) -> bool:
        """Whether its last legs can end above another item."""
        choice = self.choice
        if self.notch is None:
            return True
        plain = not (choice.vertical or choice.picture_clear)
        return plain and not self._boxed and self._short_legs is not None

    @cached_property
    def _short_legs(self) -> ShortLegs | None:
        """The legs over what stands in its corner; None where that is not as wide as whole legs."""
        if self.notch is None:
            return None
        count, rest = divmod(self.notch.columns * self.choice.legs, self.choice.columns)
        return ShortLegs(count, self.notch.lines) if not rest and count < self.choice.legs else None

    @cached_property
    def _head_takes(self) -> int:
        """Lines of white that the head can take on before its band holds too much of it (hard rule 7)."""
        places = places_in_head(self.head[0])
        if not places:  # a hole over the text, or beside vertical words
            return 0
        leading = self.setter.leading_pt
        filled = sum(depth for _, depth in places)
        most = self.setter.layout.rules.band_white_lines[1] * (sum(count for count, _ in places) + 1)
        return max(0, int(most - (self._head_lines * leading - filled) / leading + 0.01))

    def _side_fits(self, lines: int) -> bool:
        top, bottom = self._side_edges(lines)
        return self._side is None or (self._side.possible and self._side.depth_pt <= bottom - top + 0.01)

    def _side_edges(self, lines: int) -> tuple[float, float]:
        """From where to where vertical words may stand."""
        leading = self.setter.leading_pt
        return self.setter.layout.makeup.cutoff_lines * leading, (lines - self._foot_lines) * leading

    def vertical_fill(self, lines: int) -> float:
        """The share of a depth in lines that its vertical headline fills (0–1); 1 when it has none."""
        if self._side is None or not self._side.words:
            return 1.0
        top, bottom = self._side_edges(lines)
        return max(setting.depth_pt for _, setting in self._side.words) / (bottom - top)

    @property
    def _skip(self) -> int:
        """White over the pictures, for the cut-off rule; the head over those of a picture story holds it."""
        return 0 if self._head_first else self.setter.layout.makeup.cutoff_lines

    @cached_property
    def _over_depths(self) -> tuple[tuple[int, float], ...]:
        """Lines for the pictures above the headline, with the price of cropping."""
        if self._over is None:
            return ((0, 0.0),)
        return tuple((lines + self._skip, price) for lines, price in self._over.depths)

    @cached_property
    def _over_tried(self) -> tuple[tuple[int, float], ...]:
        """The same in the order in which they are tried: of many the cheapest first."""
        depths = self._over_depths
        return tuple(sorted(depths, key=lambda one: one[1])) if self._has_empty_places else depths

    @cached_property
    def _has_empty_places(self) -> bool:
        """Whether a picture of it is lost, which gives it many more depths."""
        return any(isinstance(insert, Figure) and insert.missing for insert in self.piece.inserts)

    def depths(self) -> Iterator[Fit]:
        """The fits from the least deep on, as many as the layout's slack allows."""
        around = self._head_lines + self._over_depths[0][0] + self._foot_lines
        start = around + self.body.least_lines - 1
        found = 0
        slack = self.setter.layout.makeup.slack_lines + (3 if self.choice.pictures else 0)
        spare = self.body.most_spacing + self.body.spare_lines
        spare += self._over.spare_lines if self._over else 0
        slack += spare
        faultless = faulty = 0
        for lines in range(max(2, start), start + 24 + spare):
            fit = self.fit(lines)
            if fit is not None:
                yield fit
                found += 1
                faultless += not fit.faults
                faulty += bool(fit.faults and faultless)
            if found > slack or (self._has_empty_places and faulty > _FAULTY):
                return

    def outline(self, fit: Fit) -> Outline:
        """Headline and pictures of the piece at a depth, on the page's grid."""
        columns = self.choice.columns
        top = fit.over + self._head_lines + fit.head_extra
        legs = self._legs
        regions: list[Region] = []
        if fit.over:
            over = self._head_lines + fit.head_extra if self._head_first else 0
            white = 0 if self._head_first else self.setter.layout.makeup.cutoff_lines
            first = self._column_at(self._left_pt)
            regions.append(Region(first, columns, over + white, over + fit.over))
        for slot in fit.filling.slots:
            if not isinstance(slot.insert, Figure):
                continue
            left, width = self._left_pt + legs.x_pt(slot.first), legs.width_pt(slot.span)
            first, last = self._column_at(left), self._column_at(left + width - 0.5)
            regions.append(Region(first, last + 1, top + slot.top, top + slot.top + slot.lines))
        alone = self.piece.kind == "pictures"
        return Outline(self._band(fit), tuple(regions), self._boxed, alone, self._upright(fit))

    def _upright(self, fit: Fit) -> tuple[int, int] | None:
        """The lines of a vertical headline."""
        side = self._side_at(fit.lines) if self.choice.vertical else None
        if side is None:
            return None
        leading, edges = self.setter.leading_pt, self._side_edges(fit.lines)
        blocks = [part for part in side.parts(0.0, *edges) if isinstance(part, VerticalBlock)]
        top = min(block.y_pt for block in blocks)
        foot = max(block.y_pt + block.depth_pt for block in blocks)
        return int(top / leading + _HAIR), ceil(foot / leading - _HAIR)

    def _band(self, fit: Fit) -> tuple[int, int] | None:
        """The lines of the headline band that have something of it; none where it has no such band."""
        if self.piece.headline is None or self.choice.vertical or self.piece.size is not None:
            return None
        leading, drop = self.setter.leading_pt, self._drop_pt(fit)
        band = [part for part in self.head[0] if isinstance(part, TextBlock) and part.kind in HEADING]
        top = min(part.y_pt for part in band) + drop
        foot = max(part.y_pt + part.depth_pt for part in band) + drop
        return int(top / leading + _HAIR), ceil(foot / leading - _HAIR)

    def _drop_pt(self, fit: Fit) -> float:
        """How far below the piece's top its head begins: under pictures, amid the white that it has."""
        room = (self._head_lines + fit.head_extra) * self.setter.leading_pt
        over = 0.0 if self._head_first else fit.over * self.setter.leading_pt
        return over + (room - self.head[1]) * 0.5

    def _column_at(self, x_pt: float) -> int:
        """The basic column of the piece that a place lies in, or in the gutter behind it."""
        grid = self.setter.layout.grid
        return min(self.choice.columns - 1, int(x_pt / (grid.column_pt + grid.gutter_pt)))

    # ------------------------------------------------------------- laying out

    def lay_out(self, fit: Fit) -> tuple[Part, ...]:
        """All parts from the piece's upper left corner, in reading order."""
        leading = self.setter.leading_pt
        parts: list[Part] = [self._box(fit.lines)] if self._boxed else []
        if (side := self._side_at(fit.lines)) is not None:
            parts += side.parts(self._inset_pt, *self._side_edges(fit.lines))
        drop = self._drop_pt(fit)
        parts += [moved(part, 0.0, 0.0 if _stays(part) else drop) for part in self.head[0]]
        top = (fit.over + self._head_lines + fit.head_extra) * leading
        parts += [moved(part, self._left_pt, top) for part in self.body.text_parts(fit.filling)]
        parts += self._lay_out_over(fit)
        parts += [moved(part, self._left_pt, top) for part in self.body.inserted_parts(fit.filling)]
        return tuple(parts)

    def _box(self, lines: int) -> Rule:
        """What an article in a box stands on or within; an advertisement is always within rules."""
        leading, look = self.setter.leading_pt, self.setter.layout.box
        width = self.setter.layout.grid.width_pt(self.choice.columns)
        top, depth = leading * 0.5, (lines - 0.5) * leading
        if look.piece is BoxedPiece.TINTED and self.piece.size is None:
            return Rule(0.0, top, width, depth, look.ink)
        return Rule(0.0, top, width, depth, look.border_ink, look.border_pt)

    def _lay_out_over(self, fit: Fit) -> list[Part]:
        if self._over is None:
            return []
        top = self._head_lines + fit.head_extra if self._head_first else self._skip
        return self._over.parts(self._left_pt, top * self.setter.leading_pt, fit.over - self._skip)


def _stays(part: Part) -> bool:
    """Whether a part keeps its corner when the head is given white: the label of an advertisement."""
    return isinstance(part, TextBlock) and part.kind == "ad-label"
