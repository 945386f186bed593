"""Shapes: a piece tried at a width, with a headline setting and pictures, at any depth.

`Shape.fit(lines)` says whether the piece can be made exactly so deep and what that costs in white;
`Shape.lay_out(lines)` does it. Lines that are over are shared out as the trade does: picture depth
first, then white round the headline; what is left stands at the feet of the legs, one line each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from issue_publisher.composition import flow
from issue_publisher.composition.figure import PictureSize, figure_lines, figure_parts
from issue_publisher.composition.flow import Strip, merged, moved
from issue_publisher.composition.head import Head, headline_role
from issue_publisher.composition.legs import Filled, fill_legs, without_strays
from issue_publisher.composition.model import Choice, Part, Rule, TextBlock
from issue_publisher.composition.piece import Insert, Piece
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.side import SideHead, side_head
from issue_publisher.issue.model import Figure, Table
from issue_publisher.typesetting.headline import HeadlineSetting

_CHANGES = range(-4, 7)  # lines that a picture in the body is made shallower or deeper by
_TRIED = 6  # ways to share out a depth, cheapest first, before it counts as impossible


@dataclass(frozen=True, slots=True)
class Slot:
    """An insert let into the body: legs `first` to `first + span`, from line `top`, `lines` deep."""

    insert: Insert
    first: int
    span: int
    top: int
    lines: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The inserts of a body in their places."""

    slots: tuple[Slot, ...]
    price: float
    sky: tuple[int, ...]  # lines of each leg that they take

    @property
    def taken(self) -> int:
        """Lines of all legs together."""
        return sum(self.sky)

    @property
    def deepest(self) -> int:
        """Lines of the leg that has the most of them."""
        return max(self.sky)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a shape is filled to a depth."""

    lines: int
    cost: float
    head_extra: int  # lines of white added to the head
    body: int  # lines of the body's region
    over: int  # lines of the pictures above the headline
    slots: tuple[Slot, ...]
    depths: tuple[int, ...]  # lines that each leg holds
    filled: Filled  # where each leg ends, and the price of its feet


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


@dataclass(frozen=True)
class Shape:
    """A piece in one choice of width, legs, headline and pictures."""

    piece: Piece
    choice: Choice
    setter: Setter
    sizes: Mapping[str, PictureSize]

    # ------------------------------------------------------------- measures

    @cached_property
    def _inset_pt(self) -> float:
        return self.setter.layout.grid.body_pt if self.piece.boxed else 0.0

    @cached_property
    def width_pt(self) -> float:
        """Measure of the whole piece, inside its box and beside its vertical words if it has any."""
        taken = self._side.taken_pt if self._side else 0.0
        return self.setter.layout.grid.width_pt(self.choice.columns) - 2 * self._inset_pt - taken

    @cached_property
    def _side(self) -> SideHead | None:
        """Vertical words at its left: a column head, or its headline."""
        return side_head(self.piece, self.choice, self.setter)

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
    def _gutter_pt(self) -> float:
        legs = self.choice.legs
        return (self.width_pt - legs * self.leg_pt) / (legs - 1) if legs > 1 else 0.0

    def _leg_x(self, leg: int) -> float:
        return self._left_pt + leg * (self.leg_pt + self._gutter_pt)

    def _span_pt(self, span: int) -> float:
        return span * self.leg_pt + (span - 1) * self._gutter_pt

    # ------------------------------------------------------------- what is in it

    @cached_property
    def strips(self) -> list[Strip]:
        """The body's strips at the leg's measure."""
        return self.piece.strips(round(self.leg_pt, 3))

    @cached_property
    def _text_lines(self) -> int:
        return sum(strip.lines for strip in self.strips)

    @cached_property
    def _over(self) -> tuple[Insert, ...]:
        return tuple(i for i, span in self._spans if span == 0)

    @cached_property
    def _head_first(self) -> bool:
        """Whether the head stands over the pictures: a picture story's title belongs above its captions."""
        return self.piece.kind == "pictures"

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
            self._span_pt(span) >= wanted and flow.table_fits(table, self.setter, self._span_pt(span))
        ):
            span += 1
        return span

    @cached_property
    def headline(self) -> HeadlineSetting | None:
        """The headline in the size and number of lines that were chosen; none when it stands at the left."""
        if self.piece.headline is None or self.choice.vertical:
            return None
        role, font = headline_role(self.piece, self.setter)
        size, count = self.choice.headline_pt, self.choice.headline_lines
        text, lang = self.piece.headline, self.piece.lang
        chosen = self.setter.headline(text, role, font, self.width_pt, size, count, lang) if size else None
        if chosen is not None:
            return chosen
        found = self.setter.headlines(text, role, font, self.width_pt, lang)
        return found[0] if found else None

    @cached_property
    def head(self) -> tuple[tuple[Part, ...], float]:
        """The head's parts from the piece's upper left corner, and its depth in points."""
        return Head(
            self.piece,
            self.setter,
            self.width_pt,
            self._left_pt,
            self.headline,
            under_picture=bool(self._over) and not self._head_first,
            beside=self._side is not None,
        ).build()

    @cached_property
    def _head_lines(self) -> int:
        return self.setter.depth_lines(self.head[1])

    def insert_lines(self, insert: Insert, width_pt: float) -> tuple[int, int, int]:
        """Fewest, natural and most lines of the grid that an insert takes at a width."""
        key = (id(insert), round(width_pt, 3))
        if key not in self._insert_lines:
            if isinstance(insert, Table):
                lines = flow.table_strip(insert, self.setter, width_pt, self.piece.lang).lines
                self._insert_lines[key] = (lines, lines, lines)
            else:
                size = self.sizes[insert.src]
                self._insert_lines[key] = figure_lines(insert, size, width_pt, self.setter)
        return self._insert_lines[key]

    @cached_property
    def _insert_lines(self) -> dict[tuple[int, float], tuple[int, int, int]]:
        return {}

    @cached_property
    def picture_price(self) -> float:
        """How far its figures are from the widths that the desk asked for, in basic columns."""
        price, columns = 0.0, self.choice.columns
        for insert, span in self._spans:
            if isinstance(insert, Figure) and insert.columns:
                width = columns / max(1, len(self._over)) if span == 0 else span * columns / self.choice.legs
                # A drawing made narrower makes its lettering smaller; a photograph only loses presence.
                narrow = 12.0 if self.sizes[insert.src].is_vector else 2.0
                price += abs(width - insert.columns) * (narrow if width < insert.columns else 1.0)
        return price

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

    @cached_property
    def _tables_fit(self) -> bool:
        tables = [(table, span) for table, span in self._spans if isinstance(table, Table)]
        return all(flow.table_fits(table, self.setter, self._span_pt(span)) for table, span in tables)

    def _fit(self, lines: int) -> Fit | None:
        if not self._tables_fit or not self._side_fits(lines):
            return None
        candidates: list[tuple[float, int, int, int, Arrangement]] = []
        foot = 1 if self.piece.boxed else 0
        # An advertisement's white is its own.
        most = lines if self.piece.size else self.setter.layout.makeup.head_extra_lines
        legs, text = self.choice.legs, self._text_lines
        for extra in range(most + 1):
            for over, over_price in self._over_depths:
                body = lines - self._head_lines - extra - over - foot
                for arranged in self._arrangements:
                    left = body * legs - arranged.taken - text
                    if left < 0 or body < arranged.deepest or not self._legs_long_enough(body, arranged):
                        continue
                    white = max(0, left - legs + 1)
                    cost = (
                        white * 1.5
                        + white * white * 0.3
                        + extra * (0.2 if self.piece.size else 1.2)
                        + arranged.price
                        + over_price
                        + left * 0.1
                    )
                    candidates.append((cost, extra, body, over, arranged))
        for cost, extra, body, over, arranged in nsmallest(_TRIED, candidates, key=lambda c: c[:4]):
            depths = tuple(body - taken for taken in arranged.sky)
            filled = fill_legs(self.strips, depths)
            if filled is not None:
                return Fit(lines, cost + filled[1] / 40, extra, body, over, arranged.slots, depths, filled)
        return None

    def _side_fits(self, lines: int) -> bool:
        top, bottom = self._side_edges(lines)
        return self._side is None or (self._side.possible and self._side.depth_pt <= bottom - top + 0.01)

    def _side_edges(self, lines: int) -> tuple[float, float]:
        """From where to where vertical words may stand."""
        leading = self.setter.leading_pt
        return self.setter.layout.makeup.cutoff_lines * leading, (lines - bool(self.piece.boxed)) * leading

    def _legs_long_enough(self, body: int, arranged: Arrangement) -> bool:
        """A leg under a picture holds some lines or none; no stub of text."""
        shortest = min(self.setter.layout.makeup.leg_min_lines, self._text_lines)
        return all(not 0 < body - taken < shortest for taken in arranged.sky)

    @cached_property
    def _over_depths(self) -> tuple[tuple[int, float], ...]:
        """Lines for the pictures above the headline, with the price of cropping."""
        if not self._over:
            return ((0, 0.0),)
        width = self._over_width()
        bounds = [self.insert_lines(insert, width) for insert in self._over]
        natural = max(bound[1] for bound in bounds)
        fewest = min(natural, max(bound[0] for bound in bounds))
        most = max(natural, min(bound[2] for bound in bounds))
        cutoff = 0 if self._head_first else self.setter.layout.makeup.cutoff_lines
        return tuple((lines + cutoff, 0.4 * abs(lines - natural)) for lines in range(fewest, most + 1))

    def _over_width(self) -> float:
        gutter, count = self.setter.layout.grid.gutter_pt, len(self._over)
        return (self.width_pt - (count - 1) * gutter) / count

    @cached_property
    def _arrangements(self) -> tuple[Arrangement, ...]:
        """Its inserts in the body, in every depth that cropping gives them, each once."""
        found: dict[tuple[int, ...], Arrangement] = {}
        for change in _CHANGES:
            if (arranged := self._arranged(change)) is not None:
                found.setdefault(tuple(slot.lines for slot in arranged.slots), arranged)
        return tuple(found.values())

    def _arranged(self, change: int) -> Arrangement | None:
        """Inserts in the upper right of the body, each `change` lines deeper than natural where it can be."""
        sky = [0] * self.choice.legs
        slots: list[Slot] = []
        price, moved_any = 0.0, change == 0
        for insert, span in self._spans:
            if span == 0:
                continue
            fewest, natural, most = self.insert_lines(insert, self._span_pt(span))
            lines = max(fewest, min(most, natural + change))
            moved_any = moved_any or lines == natural + change
            price += 0.4 * abs(lines - natural)
            first = self._place(sky, span)
            top = max(sky[first : first + span])
            price += 3.0 * sum(top - taken for taken in sky[first : first + span])
            slots.append(Slot(insert, first, span, top, lines))
            sky[first : first + span] = [top + lines] * span
        return Arrangement(tuple(slots), price, tuple(sky)) if moved_any else None

    @staticmethod
    def _place(sky: list[int], span: int) -> int:
        """The lowest place for a span, level ground first, the rightmost of equals.

        The first leg begins with text: nothing stands between headline and opening (NAVY).
        """

        def rank(first: int) -> tuple[int, int, int]:
            under = sky[first : first + span]
            return (max(under) * len(under) - sum(under), max(under), -first)

        return min(range(1 if span < len(sky) else 0, len(sky) - span + 1), key=rank)

    def depths(self) -> Iterator[Fit]:
        """The fits from the least deep on, as many as the layout's slack allows."""
        inserts = [self.insert_lines(i, self._span_pt(s))[0] * s for i, s in self._spans if s]
        over = self._over_depths[0][0]
        area = self._text_lines + sum(inserts)
        start = self._head_lines + over + max(1, -(-area // self.choice.legs)) - 1
        found = 0
        for lines in range(max(2, start), start + 24):
            fit = self.fit(lines)
            if fit is not None:
                yield fit
                found += 1
            if found > self.setter.layout.makeup.slack_lines + (3 if self.choice.pictures else 0):
                return

    def outline(self, fit: Fit) -> Outline:
        """Headline and pictures of the piece at a depth, on the page's grid."""
        columns = self.choice.columns
        head = fit.over if not self._head_first else 0
        band = (head, head + self._head_lines + fit.head_extra)
        top = fit.over + self._head_lines + fit.head_extra
        regions: list[Region] = []
        if fit.over:
            over = band[1] if self._head_first else 0
            regions.append(Region(0, columns, over, over + fit.over))
        for slot in fit.slots:
            if not isinstance(slot.insert, Figure):
                continue
            left, width = self._leg_x(slot.first), self._span_pt(slot.span)
            first, last = self._column_at(left), self._column_at(left + width - 0.5)
            regions.append(Region(first, last + 1, top + slot.top, top + slot.top + slot.lines))
        has_head = self.piece.headline is not None and not self.choice.vertical and self.piece.size is None
        return Outline(band if has_head else None, tuple(regions), self.piece.boxed)

    def _column_at(self, x_pt: float) -> int:
        """The basic column of the piece that a place lies in."""
        grid = self.setter.layout.grid
        return min(self.choice.columns - 1, int(x_pt / (grid.column_pt + grid.gutter_pt)))

    # ------------------------------------------------------------- laying out

    def lay_out(self, fit: Fit) -> tuple[Part, ...]:
        """All parts from the piece's upper left corner, in reading order."""
        leading = self.setter.leading_pt
        total_pt = fit.lines * leading
        parts: list[Part] = []
        if self.piece.boxed:
            grid, look = self.setter.layout.grid, self.setter.layout.box
            parts.append(
                Rule(
                    0.0,
                    leading * 0.5,
                    grid.width_pt(self.choice.columns),
                    total_pt - leading * 0.5,
                    look.border_ink,
                    look.border_pt,
                )
            )
        if self._side is not None:
            top_pt, bottom_pt = self._side_edges(fit.lines)
            parts += self._side.parts(self._inset_pt, top_pt, bottom_pt)
        over_parts = self._lay_out_over(fit)
        head, head_pt = self.head
        room = (self._head_lines + fit.head_extra) * leading
        drop = (0.0 if self._head_first else fit.over * leading) + (room - head_pt) * 0.5
        parts += [moved(part, 0.0, 0.0 if _stays(part) else drop) for part in head]
        top = (fit.over + self._head_lines + fit.head_extra) * leading
        parts += self._lay_out_legs(fit, top)
        parts += over_parts
        for slot in fit.slots:
            parts += self._lay_out_slot(slot, top)
        return tuple(parts)

    def _lay_out_over(self, fit: Fit) -> list[Part]:
        parts: list[Part] = []
        width, gutter = self._over_width() if self._over else 0.0, self.setter.layout.grid.gutter_pt
        leading = self.setter.leading_pt
        skip = 0 if self._head_first else self.setter.layout.makeup.cutoff_lines
        top = self._head_lines + fit.head_extra if self._head_first else skip
        for at, insert in enumerate(self._over):
            x = self._left_pt + at * (width + gutter)
            if isinstance(insert, Figure):
                parts += self._figure(insert, x, top * leading, width, fit.over - skip)
        return parts

    def _lay_out_legs(self, fit: Fit, top: float) -> list[Part]:
        leading = self.setter.leading_pt
        parts: list[Part] = []
        start = 0
        strips, ends = without_strays(self.strips, fit.depths, fit.filled)
        for leg, end in enumerate(ends):
            y = top + (fit.body - fit.depths[leg]) * leading
            for strip in strips[start:end]:
                parts += [moved(part, self._leg_x(leg), y) for part in strip.parts]
                y += strip.lines * leading
            start = end
        return merged(parts)

    def _lay_out_slot(self, slot: Slot, top: float) -> list[Part]:
        leading = self.setter.leading_pt
        x, y, width = self._leg_x(slot.first), top + slot.top * leading, self._span_pt(slot.span)
        if isinstance(slot.insert, Table):
            strip = flow.table_strip(slot.insert, self.setter, width, self.piece.lang)
            return [moved(part, x, y) for part in strip.parts]
        return self._figure(slot.insert, x, y, width, slot.lines)

    def _figure(self, figure: Figure, x: float, y: float, width: float, lines: int) -> list[Part]:
        return figure_parts(figure, self.sizes[figure.src], x, y, width, lines, self.setter)


def _stays(part: Part) -> bool:
    """Whether a part keeps its corner when the head is given white: the label of an advertisement."""
    return isinstance(part, TextBlock) and part.kind == "ad-label"
