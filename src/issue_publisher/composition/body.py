"""The body of a piece in legs: its text with pictures and tables let in, at any depth.

Shapes that differ only in their heads have the same body, so a piece keeps its bodies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import pairwise
from math import ceil

from issue_publisher.composition import flow
from issue_publisher.composition.arrangement import (
    Arrangement,
    ShortLegs,
    Slot,
    Wanted,
    arrangements,
)
from issue_publisher.composition.figure import Sizes, figure_lines, figure_parts, modest_lines
from issue_publisher.composition.flow import Strip, is_crosshead, merged, moved
from issue_publisher.composition.legs import Filled, fill_legs, strays, without_strays
from issue_publisher.composition.model import Part, PictureAt, TextBlock
from issue_publisher.composition.over import level_around
from issue_publisher.composition.piece import Insert, Piece
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Figure, Table, Weight
from issue_publisher.layout.model import PT_PER_MM

_HAIR = 0.1  # of a line: no difference
_TRIED = 6  # ways to share out a depth, cheapest first, before it counts as impossible
_TRIED_WITH_EMPTY_PLACES = 2  # there are many, and nearly alike


class Spacing(Enum):
    """Where a line is left white to make a body deeper: the trade's last means, so the dearest."""

    NONE = 0
    CROSSHEADS = 1  # above crossheads
    PARAGRAPHS = 2  # between all paragraphs


@dataclass(frozen=True, slots=True)
class Filling:
    """A body filled to a depth."""

    lines: int  # to the foot of its legs; tables may stand under them
    cost: float
    slots: tuple[Slot, ...]
    depths: tuple[int, ...]  # lines of text that each leg holds
    filled: Filled  # where each leg ends, and the price of its feet
    spacing: Spacing = Spacing.NONE
    faults: int = 0  # legs too short or too long, that end too early, or with stray lines (hard rule 6)
    white: float = 0.0  # lines at the feet of legs that hold nothing to read


@dataclass(frozen=True)
class Legs:
    """The legs of a body, from its left edge."""

    count: int
    measure_pt: float
    gutter_pt: float

    def x_pt(self, leg: int) -> float:
        """Where a leg begins."""
        return leg * (self.measure_pt + self.gutter_pt)

    def width_pt(self, span: int) -> float:
        """Of so many legs together."""
        return span * self.measure_pt + (span - 1) * self.gutter_pt


@dataclass(frozen=True)
class Body:
    """A piece's body in legs, each insert over so many of them (0: it is none of the body's)."""

    piece: Piece
    setter: Setter
    sizes: Sizes
    legs: Legs
    spans: tuple[int, ...]  # of the piece's inserts, in their order
    picture_at: PictureAt
    clear: bool = False  # its pictures must end so far above the foot that they meet nothing below
    short: ShortLegs | None = None  # the last ones, which end above another item

    @staticmethod
    def of(
        piece: Piece,
        setter: Setter,
        sizes: Sizes,
        legs: Legs,
        spans: tuple[int, ...],
        where: PictureAt,
        *,
        clear: bool = False,
        short: ShortLegs | None = None,
    ) -> Body:
        """The body so made, the same for every shape of a piece that asks for it."""
        key = (legs, spans, where, clear, short)
        if key not in piece.bodies:
            piece.bodies[key] = Body(piece, setter, sizes, legs, spans, where, clear, short)
        found = piece.bodies[key]
        assert isinstance(found, Body)
        return found

    # ------------------------------------------------------------- what is in it

    @cached_property
    def strips(self) -> list[Strip]:
        """Its strips at the legs' measure."""
        return self.piece.strips(round(self.legs.measure_pt, 3))

    @cached_property
    def text_lines(self) -> int:
        """Lines of its text in one leg."""
        return sum(strip.lines for strip in self.strips)

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """Its inserts, with the legs and lines that each may take."""
        return tuple(
            Wanted(insert, span, *self._insert_lines(insert, width), self._modest_lines(insert, width))
            for insert, span in zip(self.piece.inserts, self.spans, strict=True)
            if span
            for width in (self.legs.width_pt(span),)
        )

    def _insert_lines(self, insert: Insert, width_pt: float) -> tuple[int, int, int]:
        """Fewest, natural and most lines of the grid that an insert takes at a width."""
        if isinstance(insert, Table):
            lines = flow.table_strip(insert, self.setter, width_pt, self.piece.lang).lines
            return lines, lines, lines
        return figure_lines(insert, self.sizes, width_pt, self.setter, self._around_pt)

    @cached_property
    def _around_pt(self) -> float:
        """Depth that captions have in a row of pictures; 0 where each has its own."""
        if self.picture_at is not PictureAt.ROW:
            return 0.0
        spans = zip(self.piece.inserts, self.spans, strict=True)
        row = [(one, self.legs.width_pt(span)) for one, span in spans if span and isinstance(one, Figure)]
        return level_around(row, self.sizes, self.setter)

    def _modest_lines(self, insert: Insert, width_pt: float) -> int:
        return 0 if isinstance(insert, Table) else modest_lines(insert, width_pt, self.setter)

    @cached_property
    def least_lines(self) -> int:
        """Fewer lines than any depth that could hold it."""
        area = self.text_lines + sum(one.fewest * one.span for one in self.wanted)
        area += self.short.lines * self.short.count if self.short else 0
        return max(1, -(-area // self.legs.count))

    @property
    def spare_lines(self) -> int:
        """Lines by which empty places can make it deeper."""
        places = [one for one in self.wanted if one.modest]
        return sum((one.most - one.fewest) * one.span for one in places) // self.legs.count

    @cached_property
    def _tables_fit(self) -> bool:
        return all(
            flow.table_fits(one.insert, self.setter, self.legs.width_pt(one.span))
            for one in self.wanted
            if isinstance(one.insert, Table)
        )

    # ------------------------------------------------------------- filling

    def fill(self, lines: int) -> Filling | None:
        """The best way to make it exactly so deep, or None."""
        if lines not in self._filled:
            self._filled[lines] = self._fill(lines) if lines >= 0 and self._tables_fit else None
        return self._filled[lines]

    @cached_property
    def _filled(self) -> dict[int, Filling | None]:
        return {}

    def _fill(self, lines: int) -> Filling | None:
        price_of_leg = self.setter.layout.makeup.price_of_leg
        best: Filling | None = None
        tried = _TRIED_WITH_EMPTY_PLACES if any(one.modest for one in self.wanted) else _TRIED
        for cost, arranged, spacing, expected in sorted(self._ways(lines), key=lambda way: way[0])[:tried]:
            strips = self._spaced(spacing)
            foot = lines - arranged.foot
            depths = tuple(foot - taken for taken in arranged.sky)
            filled = fill_legs(strips, depths)
            if filled is None:
                continue
            mended = without_strays(strips, depths, filled)  # as it is laid out
            texts = self._texts(*mended)
            if self.short and min(texts[-self.short.count :]) < self._shortest:
                continue  # nothing but text may stand above what is in the corner
            faults = self._faults(texts, depths, foot) + self._strays(*mended)
            price = cost + filled[1] / 40 + (faults - expected) * price_of_leg
            if best is None or price < best.cost:
                white = sum(depths) - sum(texts) + arranged.under
                slots = arranged.slots_of(lines)
                best = Filling(foot, price, slots, depths, filled, spacing, faults, white)
            if not faults:
                break  # what follows is dearer, or as faulty as was expected
        return best

    def _strays(self, strips: Sequence[Strip], ends: Sequence[int]) -> int:
        """Legs that begin or end as none may."""
        if self.piece.kind != "article":
            return 0
        justified_pt = self.setter.layout.typesetting.justify_from_em * self.setter.role("body").size_pt
        return strays(strips, ends, justified=self.legs.measure_pt >= justified_pt - _HAIR)

    def _spaced(self, spacing: Spacing) -> list[Strip]:
        """The strips with white lines between paragraphs; each belongs to what stands above it."""
        if spacing is Spacing.NONE:
            return self.strips
        spaced = list(self.strips)
        for at in self._gaps[spacing]:
            spaced[at] = replace(spaced[at], lines=spaced[at].lines + 1)
        return spaced

    @cached_property
    def _gaps(self) -> dict[Spacing, tuple[int, ...]]:
        """For each spacing the strips under which a line may be left white."""
        crossheads = [at for at, strip in enumerate(self.strips[1:]) if is_crosshead(strip)]
        paragraphs = [
            at
            for at, strip in enumerate(self.strips[1:])
            if strip.paragraph is not None and not is_crosshead(self.strips[at])
        ]
        every = tuple(sorted({*crossheads, *paragraphs}))
        found: dict[Spacing, tuple[int, ...]] = {Spacing.NONE: ()}
        if crossheads:
            found[Spacing.CROSSHEADS] = tuple(crossheads)
        # Briefs are parted by white already; and a text of short paragraphs would fall to pieces.
        most = self.setter.layout.makeup.spacing_share * self.text_lines
        if paragraphs and self.piece.kind != "briefs" and len(every) <= most:
            found[Spacing.PARAGRAPHS] = every
        return found

    @property
    def most_spacing(self) -> int:
        """Lines by which white between paragraphs can make it deeper."""
        return -(-max(map(len, self._gaps.values())) // self.legs.count)

    def _ways(self, lines: int) -> Iterator[tuple[float, Arrangement, Spacing, int]]:
        """Every arrangement whose legs could hold the text, with its price and how many legs are wrong.

        The price is that of white, pictures and legs.
        """
        for arranged in self._arrangements(lines):
            if self.clear:
                arranged = arranged.closed(lines, self._clear_lines)
                if arranged.meets(lines, self._clear_lines):
                    continue
            room = lines * self.legs.count - arranged.taken - self.text_lines
            if room < 0 or lines < arranged.deepest or not self._legs_long_enough(lines, arranged):
                continue
            for spacing, gaps in self._gaps.items():
                left = room - len(gaps)
                if left < 0:
                    continue
                # One line may be short at each foot but one.
                foot = lines - arranged.foot
                white = max(0, left - sum(taken < foot for taken in arranged.sky) + 1)
                wrong = self._expected_faults(foot, arranged, bool(left))
                price = arranged.price + wrong * self.setter.layout.makeup.price_of_leg
                price += spacing.value * 1.5 + len(gaps) * self.setter.layout.makeup.price_of_spacing
                yield white * 1.5 + white * white * 0.3 + price + left * 0.1, arranged, spacing, wrong

    def _arrangements(self, lines: int) -> tuple[Arrangement, ...]:
        """The inserts in their places; most stand the same whatever the body's depth."""
        key = lines if self.picture_at in (PictureAt.BESIDE, PictureAt.LEFT) else None
        if key not in self._arranged:
            found = arrangements(self.wanted, self.legs.count, self.picture_at, lines, self._clear_lines)
            notched = found if self.short is None else (one.notched(self.short) for one in found)
            self._arranged[key] = tuple(one for one in notched if one is not None)
        return self._arranged[key]

    @property
    def _clear_lines(self) -> int:
        """Lines over its foot at which a picture no longer meets what stands below (hard rule 12)."""
        return ceil(self.setter.layout.rules.contact_lines)

    @cached_property
    def _arranged(self) -> dict[int | None, tuple[Arrangement, ...]]:
        return {}

    def _legs_long_enough(self, lines: int, arranged: Arrangement) -> bool:
        """A leg under a picture holds some lines or none; no stub of text."""
        foot = lines - arranged.foot
        if self.short and any(foot - taken < self._shortest for taken in arranged.sky[-self.short.count :]):
            return False
        return all(not 0 < foot - taken < self._shortest for taken in arranged.sky)

    @property
    def _shortest(self) -> int:
        """Lines of the shortest leg that is set at all."""
        return min(self.setter.layout.makeup.leg_min_lines, self.text_lines)

    def _texts(self, strips: Sequence[Strip], ends: Sequence[int]) -> tuple[float, ...]:
        """Lines of each leg down to the foot of its text."""
        starts = (0, *ends)
        return tuple(
            _text_lines(strips[start:end], self.setter.leading_pt) for start, end in pairwise(starts)
        )

    def _faults(self, texts: tuple[float, ...], depths: tuple[int, ...], lines: int) -> int:
        """Breaches of hard rule 6: legs that end too far above the foot, and legs too short or too long."""
        inner, last = self.setter.layout.rules.leg_short_lines
        feet = [lines - depth + text for text, depth in zip(texts, depths, strict=True)]
        found = 0
        for number, (text, depth, foot) in enumerate(zip(texts, depths, feet, strict=True), 1):
            found += lines - foot > (last if number == len(feet) else inner) + _HAIR
            found += self._is_wrong(text, under_picture=depth < lines)
        return found

    def _expected_faults(self, lines: int, arranged: Arrangement, uneven: bool) -> int:
        """The same before it is filled; one that ends early counts as the shorter leg that it is."""
        return sum(self._is_wrong(lines - taken - uneven, under_picture=taken > 0) for taken in arranged.sky)

    def _is_wrong(self, used: float, *, under_picture: bool) -> bool:
        """Whether a leg is too short or too long to read with ease; briefs and verse are as they are."""
        if used <= 0 or self.piece.weight is Weight.BRIEF or self.piece.genre == "verse":
            return False
        rules, depth = self.setter.layout.rules, used * self.setter.leading_pt / PT_PER_MM
        least = rules.leg_under_picture_mm if under_picture else rules.leg_mm[0]
        return not least <= depth <= rules.leg_mm[1]

    # ------------------------------------------------------------- laying out

    def text_parts(self, filling: Filling) -> list[Part]:
        """Its text from its upper left corner, in reading order."""
        leading = self.setter.leading_pt
        parts: list[Part] = []
        start = 0
        strips, ends = without_strays(self._spaced(filling.spacing), filling.depths, filling.filled)
        for leg, end in enumerate(ends):
            y = (filling.lines - filling.depths[leg] - self._under(leg)) * leading
            for strip in strips[start:end]:
                parts += [moved(part, self.legs.x_pt(leg), y) for part in strip.parts]
                y += strip.lines * leading
            start = end
        return merged(parts)

    def _under(self, leg: int) -> int:
        """Lines of another item that stands under a leg."""
        ends_early = self.short is not None and leg >= self.legs.count - self.short.count
        return self.short.lines if self.short and ends_early else 0

    def inserted_parts(self, filling: Filling) -> list[Part]:
        """Pictures and tables from its upper left corner."""
        return [part for slot in filling.slots for part in self._slot_parts(slot)]

    def _slot_parts(self, slot: Slot) -> list[Part]:
        x, y = self.legs.x_pt(slot.first), slot.top * self.setter.leading_pt
        width = self.legs.width_pt(slot.span)
        if isinstance(slot.insert, Table):
            strip = flow.table_strip(slot.insert, self.setter, width, self.piece.lang)
            return [moved(part, x, y) for part in strip.parts]
        around = self._around_pt
        return figure_parts(slot.insert, self.sizes, x, y, width, slot.lines, self.setter, around)


def _text_lines(strips: Sequence[Strip], leading_pt: float) -> float:
    """Lines to the foot of the last text: white and rules at the foot of a leg hold nothing to read."""
    if not strips:
        return 0.0
    *above, last = strips
    blocks = [part for part in last.parts if isinstance(part, TextBlock)]
    foot = max((block.y_pt + len(block.lines) * block.leading_pt for block in blocks), default=0.0)
    return sum(strip.lines for strip in above) + foot / leading_pt
