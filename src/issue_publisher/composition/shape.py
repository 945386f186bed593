"""Shapes: a piece tried at a width, with a headline setting and pictures, at any depth.

`Shape.fit(lines)` says whether the piece can be made exactly so deep and what that costs in white;
`Shape.lay_out(lines)` does it. Lines that are over are shared out as the trade does: picture depth
first, then white round the headline; what is left stands at the feet of the legs, one line each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Protocol

from issue_publisher.composition import flow
from issue_publisher.composition.flow import Strip, moved
from issue_publisher.composition.legs import fill_legs
from issue_publisher.composition.model import Choice, Part, PictureBox, Rule, TextBlock
from issue_publisher.composition.piece import Insert, Piece
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Figure, Table, Text, Weight
from issue_publisher.layout.model import PT_PER_MM, Align, HeadlineRole
from issue_publisher.typesetting.headline import HeadlineSetting

_PICTURE_GAP_PT = 4.0  # between a picture and its caption
_SOUND = 0.3  # badness below which a headline is broken at sense
_HEAD_EXTRA_LINES = 3  # most white that a head takes on beyond its own


class PictureSize(Protocol):
    """What make-up must know of a picture."""

    @property
    def width_px(self) -> int: ...  # noqa: D102
    @property
    def height_px(self) -> int: ...  # noqa: D102
    @property
    def is_vector(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Slot:
    """An insert let into the body: legs `first` to `first + span`, from line `top`, `lines` deep."""

    insert: Insert
    first: int
    span: int
    top: int
    lines: int


@dataclass(frozen=True, slots=True)
class Fit:
    """How a shape is filled to a depth."""

    lines: int
    cost: float
    head_extra: int  # lines of white added to the head
    body: int  # lines of the body's region
    over: int  # lines of the pictures above the headline
    slots: tuple[Slot, ...]
    ends: tuple[int, ...]  # where each leg ends


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
        """Measure of the whole piece, inside its box if it has one."""
        return self.setter.layout.grid.width_pt(self.choice.columns) - 2 * self._inset_pt

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
        return self._inset_pt + leg * (self.leg_pt + self._gutter_pt)

    def _span_pt(self, span: int) -> float:
        return span * self.leg_pt + (span - 1) * self._gutter_pt

    # ------------------------------------------------------------- what is in it

    @cached_property
    def strips(self) -> list[Strip]:
        """The body's strips at the leg's measure."""
        return self.piece.strips(self.leg_pt)

    @cached_property
    def _text_lines(self) -> int:
        return sum(strip.lines for strip in self.strips)

    @cached_property
    def _over(self) -> tuple[Insert, ...]:
        return tuple(i for i, span in self._spans() if span == 0)

    def _spans(self) -> Iterator[tuple[Insert, int]]:
        """Every insert with the legs it spans; 0 when it stands above the headline."""
        spans = iter(self.choice.pictures)
        for insert in self.piece.inserts:
            if isinstance(insert, Figure):
                yield insert, min(next(spans, 1), self.choice.legs)
            else:
                yield insert, self._table_span(insert)

    def _table_span(self, table: Table) -> int:
        size = self.setter.role("table").size_pt
        count = max(len(row) for row in table.rows)
        widest = [0] * count
        for row in table.rows:
            for at, cell in enumerate(row):
                widest[at] = max(widest[at], min(len(cell.text.plain), 10))
        wanted = sum(widest) * size + count * 6
        span = 1
        while span < self.choice.legs and self._span_pt(span) < wanted:
            span += 1
        return span

    @cached_property
    def headline(self) -> HeadlineSetting | None:
        """The headline in the size and number of lines that were chosen."""
        if self.piece.headline is None:
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
        return _Head(self).build()

    @cached_property
    def _head_lines(self) -> int:
        return self.setter.depth_lines(self.head[1])

    def insert_lines(self, insert: Insert, width_pt: float) -> tuple[int, int, int]:
        """Fewest, natural and most lines of the grid that an insert takes at a width."""
        if isinstance(insert, Table):
            lines = flow.table_strip(insert, self.setter, width_pt, self.piece.lang).lines
            return lines, lines, lines
        size = self.sizes[insert.src]
        caption = self._caption_depth(insert, width_pt)
        ideal = width_pt * size.height_px / size.width_px
        leading = self.setter.leading_pt
        natural = self.setter.depth_lines(ideal + caption + leading * 0.4)
        if size.is_vector:
            return natural, natural, natural + 1
        limit = self.setter.layout.pictures.crop_limit
        fewest = self.setter.depth_lines(ideal * (1 - limit) + caption + leading * 0.4)
        most = int((ideal / (1 - limit) + caption + leading * 0.4) / leading)
        return fewest, natural, max(natural, most)

    @cached_property
    def picture_price(self) -> float:
        """How far its figures are from the widths that the desk asked for, in basic columns."""
        price, columns = 0.0, self.choice.columns
        for insert, span in self._spans():
            if isinstance(insert, Figure) and insert.columns:
                width = columns / max(1, len(self._over)) if span == 0 else span * columns / self.choice.legs
                # A drawing made narrower makes its lettering smaller; a photograph only loses presence.
                narrow = 5.0 if self.sizes[insert.src].is_vector else 2.0
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

    def _fit(self, lines: int) -> Fit | None:
        candidates: list[tuple[float, int, int, int, tuple[Slot, ...], list[int]]] = []
        foot = 1 if self.piece.boxed else 0
        most = lines if self.piece.size else _HEAD_EXTRA_LINES  # an advertisement's white is its own
        for extra in range(most + 1):
            for over, over_price in self._over_depths():
                body = lines - self._head_lines - extra - over - foot
                if body < 0:
                    continue
                for change in range(-4, 7):
                    found = self._slots(change)
                    if found is None:
                        continue
                    slots, price, sky = found
                    depths = [body - taken for taken in sky]
                    left = sum(depths) - self._text_lines
                    if left < 0 or min(depths) < 0 or not self._legs_long_enough(depths):
                        continue
                    white = max(0, left - len(depths) + 1)
                    cost = (
                        white * 1.5
                        + white * white * 0.3
                        + extra * (0.2 if self.piece.size else 1.2)
                        + price
                        + over_price
                        + left * 0.1
                    )
                    candidates.append((cost, extra, body, over, slots, depths))
                    if not slots:
                        break
        for cost, extra, body, over, slots, depths in sorted(candidates, key=lambda c: c[:4])[:6]:
            filled = fill_legs(self.strips, depths)
            if filled is not None:
                return Fit(lines, cost + filled[1] / 40, extra, body, over, slots, filled[0])
        return None

    def _legs_long_enough(self, depths: list[int]) -> bool:
        """A leg under a picture holds some lines or none; no stub of text."""
        shortest = self.setter.layout.makeup.leg_min_lines
        return all(depth == 0 or depth >= min(shortest, self._text_lines) for depth in depths)

    def _over_depths(self) -> Iterator[tuple[int, float]]:
        """Lines for the pictures above the headline, with the price of cropping."""
        if not self._over:
            yield 0, 0.0
            return
        width = self._over_width()
        bounds = [self.insert_lines(insert, width) for insert in self._over]
        natural = max(bound[1] for bound in bounds)
        fewest = min(natural, max(bound[0] for bound in bounds))
        most = max(natural, min(bound[2] for bound in bounds))
        cutoff = self.setter.layout.makeup.cutoff_lines
        for lines in range(fewest, most + 1):
            yield lines + cutoff, 0.4 * abs(lines - natural)

    def _over_width(self) -> float:
        gutter, count = self.setter.layout.grid.gutter_pt, len(self._over)
        return (self.width_pt - (count - 1) * gutter) / count

    def _slots(self, change: int) -> tuple[tuple[Slot, ...], float, list[int]] | None:
        """Inserts in the upper right of the body, each `change` lines deeper than natural where it can be."""
        sky = [0] * self.choice.legs
        slots: list[Slot] = []
        price, moved_any = 0.0, change == 0
        for insert, span in self._spans():
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
        if not moved_any:
            return None
        return tuple(slots), price, sky

    @staticmethod
    def _place(sky: list[int], span: int) -> int:
        """The lowest place for a span, level ground first, the rightmost of equals."""

        def rank(first: int) -> tuple[int, int, int]:
            under = sky[first : first + span]
            return (max(under) * len(under) - sum(under), max(under), -first)

        return min(range(len(sky) - span + 1), key=rank)

    def depths(self) -> Iterator[Fit]:
        """The fits from the least deep on, as many as the layout's slack allows."""
        inserts = [self.insert_lines(i, self._span_pt(s))[0] * s for i, s in self._spans() if s]
        over = min((depth for depth, _ in self._over_depths()), default=0)
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

    # ------------------------------------------------------------- laying out

    def lay_out(self, fit: Fit) -> tuple[Part, ...]:
        """All parts from the piece's upper left corner, in reading order."""
        leading = self.setter.leading_pt
        total_pt = fit.lines * leading
        parts: list[Part] = []
        if self.piece.boxed:
            grid = self.setter.layout.grid
            parts.append(
                Rule(
                    0.0,
                    leading * 0.5,
                    grid.width_pt(self.choice.columns),
                    total_pt - leading * 0.5,
                    "black",
                    0.6,
                )
            )
        over_parts = self._lay_out_over(fit)
        head, head_pt = self.head
        room = (self._head_lines + fit.head_extra) * leading
        drop = fit.over * leading + (room - head_pt) * 0.5
        parts += [moved(part, 0.0, drop) for part in head]
        top = (fit.over + self._head_lines + fit.head_extra) * leading
        parts += self._lay_out_legs(fit, top)
        parts += over_parts
        for slot in fit.slots:
            parts += self._lay_out_slot(slot, top)
        return tuple(parts)

    def _lay_out_over(self, fit: Fit) -> list[Part]:
        parts: list[Part] = []
        width, gutter = self._over_width() if self._over else 0.0, self.setter.layout.grid.gutter_pt
        skip, leading = self.setter.layout.makeup.cutoff_lines, self.setter.leading_pt
        for at, insert in enumerate(self._over):
            x = self._inset_pt + at * (width + gutter)
            if isinstance(insert, Figure):
                parts += self._figure(insert, x, skip * leading, width, fit.over - skip)
        return parts

    def _lay_out_legs(self, fit: Fit, top: float) -> list[Part]:
        leading = self.setter.leading_pt
        parts: list[Part] = []
        start = 0
        for leg, end in enumerate(fit.ends):
            taken = max((s.top + s.lines for s in fit.slots if s.first <= leg < s.first + s.span), default=0)
            y = top + taken * leading
            for strip in self.strips[start:end]:
                parts += [moved(part, self._leg_x(leg), y) for part in strip.parts]
                y += strip.lines * leading
            start = end
        return _merged(parts)

    def _lay_out_slot(self, slot: Slot, top: float) -> list[Part]:
        leading = self.setter.leading_pt
        x, y, width = self._leg_x(slot.first), top + slot.top * leading, self._span_pt(slot.span)
        if isinstance(slot.insert, Table):
            strip = flow.table_strip(slot.insert, self.setter, width, self.piece.lang)
            return [moved(part, x, y) for part in strip.parts]
        return self._figure(slot.insert, x, y, width, slot.lines)

    def _figure(self, figure: Figure, x: float, y: float, width: float, lines: int) -> list[Part]:
        """A picture with its caption and credit, exactly so many lines deep with white below."""
        leading = self.setter.leading_pt
        captions = self._captions(figure, width)
        caption_pt = self._caption_depth(figure, width)
        depth = lines * leading - caption_pt - leading * 0.4
        box_y = y + leading * 0.15
        size = self.sizes[figure.src]
        parts: list[Part] = [
            PictureBox(
                figure.src,
                x,
                box_y,
                width,
                depth,
                _crop(size, width, depth, figure.focal),
                figure.alt or "",
                figure.line,
            )
        ]
        caption_y = box_y + depth + _PICTURE_GAP_PT
        for block in captions:
            parts.append(moved(block, x, caption_y))
            caption_y += block.depth_pt
        return parts

    def _captions(self, figure: Figure, width: float) -> list[TextBlock]:
        """Caption, and the credit behind it on its last line when there is room."""
        setter, role = self.setter, self.setter.role("caption")
        lines = setter.lines(figure.caption, "caption", width) if figure.caption else ()
        blocks = [TextBlock("caption", 0.0, 0.0, width, role.leading_pt, lines)] if lines else []
        if figure.credit is not None:
            credit = setter.lines(figure.credit, "credit", width)
            room = width - (lines[-1].end_pt if lines else 0.0) - role.size_pt
            wide = credit[0].end_pt - (credit[0].runs[0].x_pt if credit[0].runs else 0.0) if credit else 0.0
            raised = -role.leading_pt if lines and len(credit) == 1 and wide <= room else 0.0
            blocks.append(TextBlock("credit", 0.0, raised, width, role.leading_pt, credit))
        return blocks

    def _caption_depth(self, figure: Figure, width: float) -> float:
        blocks = self._captions(figure, width)
        return sum(block.depth_pt + block.y_pt for block in blocks) + (_PICTURE_GAP_PT if blocks else 0.0)


def _crop(
    size: PictureSize, width: float, depth: float, focal: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The part of a picture that fills a box, with the focal point as near the middle as can be."""
    if size.is_vector:
        return (0.0, 0.0, 1.0, 1.0)
    ratio = (size.width_px / size.height_px) / (width / depth)
    if ratio > 1:  # too wide: cut left and right
        share = 1 / ratio
        left = min(max(focal[0] - share / 2, 0.0), 1 - share)
        return (left, 0.0, left + share, 1.0)
    top = min(max(focal[1] - ratio / 2, 0.0), 1 - ratio)
    return (0.0, top, 1.0, top + ratio)


def _merged(parts: list[Part]) -> list[Part]:
    """Body lines that follow each other in a leg as one block: fewer elements for the renderer."""
    result: list[Part] = []
    for part in parts:
        last = result[-1] if result else None
        if (
            isinstance(part, TextBlock)
            and isinstance(last, TextBlock)
            and part.kind == last.kind
            and part.leading_pt == last.leading_pt
            and abs(part.x_pt - last.x_pt) < 1e-6
            and abs(last.y_pt + last.depth_pt - part.y_pt) < 1e-6
        ):
            result[-1] = TextBlock(
                last.kind, last.x_pt, last.y_pt, last.width_pt, last.leading_pt, last.lines + part.lines
            )
        else:
            result.append(part)
    return result


# --------------------------------------------------------------------------- heads


def headline_price(piece: Piece, choice: Choice, offered: Iterable[Choice]) -> float:
    """What a headline setting costs: sizes below the largest offered, dearest for the lead; a needless turn."""
    if not choice.headline_pt:
        return 0.0
    others = [other for other in offered if other.columns == choice.columns]
    largest = max(other.headline_pt for other in offered)
    rank = {Weight.LEAD: 4.0, Weight.MAJOR: 2.0, Weight.NORMAL: 1.0, Weight.BRIEF: 0.5}[piece.weight]
    price = rank * (largest - choice.headline_pt) / largest * 5
    turned = any(
        o.headline_pt == choice.headline_pt and o.headline_lines < choice.headline_lines for o in others
    )
    return price + (0.6 if turned else 0.0)


def headline_role(piece: Piece, setter: Setter) -> tuple[HeadlineRole, str]:
    """The headline role of a piece's weight, and the face that its genre asks for."""
    role = setter.layout.headline[piece.weight.value]
    return role, setter.layout.genre_fonts.get(piece.genre or "", role.font)


class _Head:
    """Stacks a head: rubric, kicker, headline, deck, byline, editor's note, standfirst."""

    def __init__(self, shape: Shape) -> None:
        self.shape, self.piece, self.setter = shape, shape.piece, shape.setter
        self.width, self.x = shape.width_pt, shape._inset_pt
        self.leading = shape.setter.leading_pt
        self.y = self.setter.layout.makeup.cutoff_lines * self.leading
        self.parts: list[Part] = []

    def build(self) -> tuple[tuple[Part, ...], float]:
        piece = self.piece
        if piece.kind == "advertisement":
            return self._advertisement()
        if self.shape._over:
            self.y = 0.4 * self.leading  # the pictures above it hold the cut-off rule's line
        if piece.kind == "briefs":
            self._band(piece.rubric or "")
        elif piece.rubric:
            self._rubric(piece.rubric)
        self._headline()
        if piece.byline is not None:
            self._add("byline", piece.byline, before=0.15, after=0.35)
        if piece.editors_note:
            self._note()
        if piece.standfirst is not None:
            self._standfirst(piece.standfirst)
        return tuple(self.parts), self.y

    def _add(
        self, role_name: str, text: Text, *, before: float, after: float, size_pt: float | None = None
    ) -> None:
        role = self.setter.role(role_name)
        if size_pt is None:
            lines, leading = (
                self.setter.lines(text, role_name, self.width, lang=self.piece.lang),
                role.leading_pt,
            )
        else:
            sized = self.setter.sized(text, role_name, size_pt, self.width, lang=self.piece.lang)
            lines, leading = sized, size_pt * 1.35
        self.y += before * self.leading
        self.parts.append(TextBlock(role_name, self.x, self.y, self.width, leading, lines))
        self.y += len(lines) * leading + after * self.leading

    def _rubric(self, words: str) -> None:
        role = self.setter.role("rubric")
        line = self.setter.lines(self.setter.plain(words, "rubric"), "rubric", self.width, align=Align.LEFT)
        wide = max(one.end_pt for one in line) + role.size_pt
        depth = role.leading_pt * len(line) + 3.0
        x = self.x + (self.width - wide) / 2
        self.parts.append(Rule(x, self.y, wide, depth, "red"))
        self.parts.append(
            TextBlock(
                "rubric",
                x + role.size_pt / 2 + role.size_pt * role.tracking_em / 2,
                self.y + 1.5,
                wide,
                role.leading_pt,
                line,
            )
        )
        self.y += depth + 0.35 * self.leading

    def _band(self, words: str) -> None:
        """A rubric over a whole piece: words large, a rule beneath."""
        lines = self.setter.lines(self.setter.plain(words, "band"), "band", self.width)
        leading = self.setter.role("band").leading_pt
        self.parts.append(TextBlock("band", self.x, self.y, self.width, leading, lines))
        self.y += leading * len(lines) + 2
        self.parts.append(Rule(self.x, self.y, self.width, 1.5, self.setter.role("band").ink))
        self.y += 0.5 * self.leading

    def _headline(self) -> None:
        setting = self.shape.headline
        if setting is None:
            return
        role, _ = headline_role(self.piece, self.setter)
        self.y += role.space_above_lines * 0.4 * self.leading
        if self.piece.kicker is not None:
            size = max(10.5, round(setting.size_pt * role.kicker_em * 2) / 2)
            self._add("kicker", self.piece.kicker, before=0.0, after=0.25, size_pt=size)
        block = TextBlock("headline", self.x, self.y, self.width, setting.leading_pt, setting.lines)
        self.parts.append(block)
        self.y += setting.depth_pt
        for deck in self.piece.decks:
            size = max(10.5, round(setting.size_pt * role.deck_em * 2) / 2)
            self._add("deck", deck, before=0.2, after=0.0, size_pt=size)
        self.y += role.space_below_lines * 0.5 * self.leading

    def _note(self) -> None:
        """编者按 over the whole width, in as many legs as its measure asks for, a rule above and below."""
        self.y += 0.2 * self.leading
        self.parts.append(Rule(self.x, self.y, self.width, 0.4, "black"))
        self.y += 0.4 * self.leading
        legs = max(1, round(self.width / (30 * self.setter.role("editors-note").size_pt)))
        gutter = self.setter.layout.grid.gutter_pt * 2
        measure = (self.width - (legs - 1) * gutter) / legs
        strips = flow.editors_note_strips(self.piece.editors_note, self.setter, measure, self.piece.lang)
        depth = -(-sum(strip.lines for strip in strips) // legs)
        while (filled := fill_legs(strips, [depth] * legs)) is None:
            depth += 1
        start = 0
        for leg, end in enumerate(filled[0]):
            y = self.y
            placed: list[Part] = []
            for strip in strips[start:end]:
                placed += [moved(part, self.x + leg * (measure + gutter), y) for part in strip.parts]
                y += strip.lines * self.leading
            self.parts += _merged(placed)
            start = end
        self.y += depth * self.leading + 0.4 * self.leading
        self.parts.append(Rule(self.x, self.y, self.width, 0.4, "black"))
        self.y += 0.5 * self.leading

    def _standfirst(self, text: Text) -> None:
        role = self.setter.role("standfirst")
        inner = self.width - 4 * role.size_pt if self.width > 30 * role.size_pt else self.width
        inset = (self.width - inner) / 2
        lines = self.setter.lines(text, "standfirst", inner, lang=self.piece.lang)
        self.parts.append(TextBlock("standfirst", self.x + inset, self.y, inner, role.leading_pt, lines))
        self.y += len(lines) * role.leading_pt + 0.5 * self.leading

    def _advertisement(self) -> tuple[tuple[Part, ...], float]:
        """The label that the law asks for in the upper right corner, the headline as large as it goes on one line."""
        caption = self.setter.role("caption")
        label = self.setter.lines(
            self.setter.plain(self.piece.rubric or "", "caption"), "caption", self.width, align=Align.RIGHT
        )
        self.y = 0.75 * self.leading
        self.parts.append(TextBlock("ad-label", self.x, self.y, self.width, caption.leading_pt, label))
        if self.piece.headline is not None:
            role = self.setter.role("advertisement-head")
            longest = len(self.piece.headline.plain)
            size = min(role.size_pt, int(2 * self.width / max(1, longest)) / 2)
            fits = size >= role.size_pt * 0.6
            self._add(
                "advertisement-head",
                self.piece.headline,
                before=0.8,
                after=0.7,
                size_pt=size if fits else role.size_pt * 0.75,
            )
        return tuple(self.parts), self.y


# --------------------------------------------------------------------------- what to try


def choices(piece: Piece, setter: Setter, sizes: Mapping[str, PictureSize]) -> Iterator[Choice]:
    """The choices worth trying for a piece on the layout's grid."""
    grid = setter.layout.grid
    if piece.size is not None:
        columns = min(piece.size[0], grid.columns)
        for legs in range(1, columns + 1):  # the widest measure that holds its words
            yield Choice(columns, legs, 0.0, 1, (1,) * len(piece.inserts))
        return
    role, _ = headline_role(piece, setter)
    wanted = piece.hint.columns if piece.hint else None
    low, high = role.min_columns, min(role.max_columns, grid.columns)
    if piece.kind == "pictures":  # as wide as its pictures want to be, one column less if need be
        asked = sum(insert.columns or 2 for insert in piece.inserts if isinstance(insert, Figure))
        low, high = max(low, min(asked - 1, grid.columns)), min(asked + 1, grid.columns)
    for columns in range(low, high + 1):
        if wanted and abs(columns - wanted) > 1:
            continue
        for legs in _legs(piece, setter, columns):
            for pictures in _picture_choices(piece, columns, legs, sizes):
                for size_pt, lines in _headline_choices(piece, setter, columns):
                    yield Choice(columns, legs, size_pt, lines, pictures)


def _legs(piece: Piece, setter: Setter, columns: int) -> list[int]:
    """Columns of text that a width may be broken into, within the layout's measures."""
    if piece.hint and piece.hint.legs:
        return [piece.hint.legs]
    makeup, grid = setter.layout.makeup, setter.layout.grid
    calm = piece.genre in ("comment", "essay", "voice", "feature")
    narrow, wide = makeup.comment_characters if calm else makeup.leg_characters
    result = []
    for legs in range(1, columns + 1):
        characters = (grid.width_pt(columns) / grid.body_pt - (legs - 1) * grid.gutter_characters) / legs
        if narrow <= characters <= wide:
            result.append(legs)
    result = result or [columns]
    if calm:
        return result[-3:-1] or result
    return result[-2:] if columns <= 4 else result[-2:-1]


def _picture_choices(
    piece: Piece, columns: int, legs: int, sizes: Mapping[str, PictureSize]
) -> list[tuple[int, ...]]:
    figures = [insert for insert in piece.inserts if isinstance(insert, Figure)]
    if not figures:
        return [()]
    if piece.kind == "pictures" or not piece.characters:
        return [(0,) * len(figures)]
    options: list[list[int]] = []
    for at, figure in enumerate(figures):
        wanted = figure.columns or 2
        spans = sorted(range(1, legs), key=lambda span: abs(span * columns / legs - wanted))[:2]
        if at == 0 and (legs == 1 or abs(columns - wanted) <= 1):
            spans = [*spans[:1], 0]
        options.append(spans or [0])
    found = [tuple(combination) for combination in product(*options)]
    kept = [c for c in found if len(c) < 3 or len(set(c[1:])) == 1]
    return kept[:6]


def _headline_choices(piece: Piece, setter: Setter, columns: int) -> list[tuple[float, int]]:
    """For each number of lines the largest size, and one smaller."""
    if piece.headline is None:
        return [(0.0, 0)]
    role, font = headline_role(piece, setter)
    width = setter.layout.grid.width_pt(columns) - (2 * setter.layout.grid.body_pt if piece.boxed else 0)
    found = setter.headlines(piece.headline, role, font, width, piece.lang)
    best: dict[int, tuple[float, int]] = {}
    sound = [setting for setting in found if setting.badness < _SOUND]
    for setting in sound or found:
        if setting.fill >= 0.35:
            best.setdefault(len(setting.lines), (setting.size_pt, len(setting.lines)))
    if not best and (
        short := sound or found
    ):  # too short to fill any line well: large, on one line if it may
        fewest = min(short, key=lambda setting: (len(setting.lines), -setting.size_pt))
        best = {0: (fewest.size_pt, len(fewest.lines))}
    return sorted(best.values(), reverse=True)[:2]


def advertisement_lines(piece: Piece, setter: Setter) -> int:
    """Depth of an advertisement on the grid, in lines."""
    assert piece.size is not None
    return max(3, round(piece.size[1] * PT_PER_MM / setter.leading_pt))


__all__ = ["Fit", "PictureSize", "Shape", "Weight", "advertisement_lines", "choices"]
