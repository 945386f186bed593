"""What a reviewer sees of a finished page: headline bands, pictures, legs and white, where they are in ink.

Nothing here knows how the page was made up. Places are in points from the upper left corner of the type area,
or in basic columns and lines of the grid where a name says so. `white` draws the page in squares of one
character by one line, a row of bits for each line, and finds those that nothing fills.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from issue_publisher.composition.area import Area, page_area
from issue_publisher.composition.head import HEADING
from issue_publisher.composition.model import (
    RUNNING,
    ComposedPage,
    Frame,
    Part,
    PictureBox,
    Placement,
    Rule,
    TextBlock,
    VerticalBlock,
)
from issue_publisher.issue.model import Advertisement, Article, Issue, Item, Weight
from issue_publisher.layout.model import Layout
from issue_publisher.typesetting.lines import Line

# Kinds of text blocks.
HEAD = HEADING | {"band", "editors-note", "standfirst", "ad-label", "advertisement-head"}
CAPTION = frozenset({"caption", "credit"})
TABLE = frozenset({"table", "table-head", "table-caption"})
BELOW = RUNNING | {"verse", "quotation", "quotation-source", "signature", "note"}  # text that stands in legs

NEAR_PT = 0.5  # what a rounded place may differ


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on the page."""

    left: float
    top: float
    right: float
    foot: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def depth(self) -> float:
        return self.foot - self.top

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.depth)

    def shared_width(self, other: Rect) -> float:
        """How far the two lie under each other."""
        return min(self.right, other.right) - max(self.left, other.left)

    def shared_depth(self, other: Rect) -> float:
        """How far the two lie beside each other; less than 0 is the distance between them."""
        return min(self.foot, other.foot) - max(self.top, other.top)

    def meets(self, other: Rect) -> bool:
        """Whether they have an area in common."""
        return self.shared_width(other) > NEAR_PT and self.shared_depth(other) > NEAR_PT


def around(rects: Iterable[Rect]) -> Rect | None:
    """The smallest rectangle that holds all of them."""
    found = list(rects)
    if not found:
        return None
    return Rect(
        min(r.left for r in found),
        min(r.top for r in found),
        max(r.right for r in found),
        max(r.foot for r in found),
    )


@dataclass(frozen=True, slots=True)
class Leg:
    """One column of text: from its first line to the foot of its last."""

    rect: Rect
    blocks: tuple[TextBlock, ...]
    picture_over: bool  # or a table
    picture_inside: bool  # text stands above a picture, in the middle or at the foot of the leg


@dataclass(frozen=True)
class Seen:
    """One item of a page as it is seen."""

    frame: Frame
    item: Item | None
    layout: Layout

    @property
    def id(self) -> str:
        return self.frame.placement.item

    @property
    def place(self) -> Placement:
        return self.frame.placement

    @property
    def columns(self) -> range:
        """Basic columns that it stands in."""
        return range(self.place.column, self.place.column + self.place.choice.columns)

    @property
    def rows(self) -> range:
        """Lines of the grid that it stands in."""
        return range(self.place.row, self.place.row + self.place.lines)

    @property
    def is_advertisement(self) -> bool:
        return self.frame.kind == "advertisement"

    @property
    def weight(self) -> Weight:
        """What the desk thinks of it; an item without a weight of its own is a brief."""
        return self.item.weight if isinstance(self.item, Article) else Weight.BRIEF

    @cached_property
    def rect(self) -> Rect:
        grid, place = self.layout.grid, self.place
        left, top = grid.x_pt(place.column), grid.depth_pt(place.row)
        width = grid.width_pt(place.choice.columns)
        return Rect(left, top, left + width, top + grid.depth_pt(place.lines))

    @cached_property
    def boxed(self) -> bool:
        """Whether a border goes round the whole item, or a ground lies under it."""
        return self.is_advertisement or any(
            isinstance(part, Rule)
            and part.width_pt > self.rect.width - NEAR_PT
            and (part.border_pt > 0 or part.depth_pt > self.rect.depth - self.layout.grid.leading_pt)
            for part in self.frame.parts
        )

    def rect_of(self, part: Part) -> Rect:
        """Where a part stands on the page; a block of text is as wide as its measure."""
        left, top = self.rect.left + part.x_pt, self.rect.top + part.y_pt
        return Rect(left, top, left + part.width_pt, top + part.depth_pt)

    # ------------------------------------------------------------- head

    @cached_property
    def blocks(self) -> tuple[TextBlock, ...]:
        return tuple(part for part in self.frame.parts if isinstance(part, TextBlock))

    @cached_property
    def head(self) -> tuple[TextBlock, ...]:
        """Blocks of the head: everything of its kinds that stands above the first line of text."""
        text_top = min((block.y_pt for block in self.blocks if block.kind in BELOW), default=float("inf"))
        return tuple(block for block in self.blocks if block.kind in HEAD and block.y_pt < text_top)

    @cached_property
    def headline(self) -> TextBlock | VerticalBlock | None:
        """The headline; that of an advertisement is none of the newspaper's."""
        found = (
            part
            for part in self.frame.parts
            if isinstance(part, TextBlock | VerticalBlock) and part.kind == "headline"
        )
        return next(found, None)

    @cached_property
    def headline_pt(self) -> float:
        """Size of its headline, 0 without one."""
        return size_pt(self.headline) if self.headline is not None else 0.0

    @cached_property
    def headline_ink(self) -> Rect | None:
        """Where the headline's characters are."""
        if isinstance(self.headline, TextBlock):
            return self.ink_of(self.headline)
        return self.rect_of(self.headline) if self.headline is not None else None

    @cached_property
    def band(self) -> Rect | None:
        """The headline band: from rubric or kicker to deck or byline, as wide as its measure.

        A group of briefs has none: its column head is no headline. A vertical headline is none either.
        """
        if not isinstance(self.headline, TextBlock):
            return None
        return around(self.rect_of(block) for block in self.head if block.kind in HEADING)

    def ink_of(self, block: TextBlock) -> Rect:
        """From the first to the last character of a block's lines."""
        box = self.rect_of(block)
        spans = [ink_span(line) for line in block.lines if line.runs]
        if not spans:
            return box
        return Rect(
            box.left + min(span[0] for span in spans),
            box.top,
            box.left + max(span[1] for span in spans),
            box.foot,
        )

    # ------------------------------------------------------------- pictures

    @cached_property
    def pictures(self) -> tuple[Rect, ...]:
        """Pictures without their captions."""
        return tuple(self.rect_of(part) for part in self.frame.parts if isinstance(part, PictureBox))

    @cached_property
    def empty_places(self) -> tuple[Rect, ...]:
        """Those of them whose picture is lost."""
        return tuple(
            self.rect_of(part) for part in self.frame.parts if isinstance(part, PictureBox) and part.words
        )

    @cached_property
    def figures(self) -> tuple[tuple[Rect, Rect, tuple[Rect, ...]], ...]:
        """Each picture; the picture with its caption and credit; and these one by one."""
        found: list[tuple[Rect, list[Rect]]] = []
        for part in self.frame.parts:
            if isinstance(part, PictureBox):
                found.append((self.rect_of(part), []))
            elif isinstance(part, TextBlock) and part.kind in CAPTION and found:
                found[-1][1].append(self.rect_of(part))
        return tuple((box, around([box, *words]) or box, tuple(words)) for box, words in found)

    # ------------------------------------------------------------- text

    @cached_property
    def tints(self) -> tuple[Rect, ...]:
        """Grounds of boxes inside the item."""
        leading = self.layout.grid.leading_pt
        return tuple(
            self.rect_of(part)
            for part in self.frame.parts
            if isinstance(part, Rule) and not part.border_pt and part.depth_pt > 2 * leading
        )

    def in_a_box(self, block: TextBlock) -> bool:
        """Whether a block stands on a ground of its own."""
        box = self.rect_of(block)
        return any(tint.meets(box) for tint in self.tints)

    @cached_property
    def cells(self) -> tuple[Rect, ...]:
        """Cells and captions of its tables."""
        return tuple(self.rect_of(block) for block in self.blocks if block.kind in TABLE)

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """Columns of text from left to right; those without a line are none."""
        texts = [
            (self.rect_of(block), block)
            for block in self.blocks
            if block not in self.head and block.kind not in CAPTION | TABLE and block.lines
        ]
        spans: list[Rect] = []
        for box, block in sorted(texts, key=lambda one: (one[0].left, -one[0].width)):
            if block.kind in BELOW and not self.in_a_box(block):
                if any(span.shared_width(box) > min(span.width, box.width) / 2 for span in spans):
                    continue
                spans.append(box)
        return tuple(self._leg(span, texts) for span in spans)

    def _leg(self, span: Rect, texts: Sequence[tuple[Rect, TextBlock]]) -> Leg:
        def stands_in(box: Rect) -> bool:
            return span.shared_width(box) > min(span.width, box.width) / 2

        inside = sorted(
            ((box, block) for box, block in texts if stands_in(box)),
            key=lambda one: (one[0].top, one[0].left),
        )
        solid = [box for box, _ in inside] + [tint for tint in self.tints if stands_in(tint)]
        top, foot = min(box.top for box in solid), max(box.foot for box in solid)
        pictures = [whole for _, whole, _ in self.figures if stands_in(whole)]
        leading = self.layout.grid.leading_pt
        return Leg(
            Rect(span.left, top, span.right, foot),
            tuple(block for _, block in inside),
            any(box.foot < top + leading for box in pictures)
            or any(box.foot < top + leading and stands_in(box) for box in self.cells),
            any(box.top > top + leading / 2 for box in pictures),
        )


def size_pt(block: TextBlock | VerticalBlock) -> float:
    """The largest type of a block."""
    if isinstance(block, VerticalBlock):
        return block.setting.size_pt
    return max((run.style.size_pt for line in block.lines for run in line.runs), default=0.0)


def ink_span(line: Line) -> tuple[float, float]:
    """Where a line's characters begin and end, from its left edge."""
    return line.runs[0].x_pt, max(line.end_pt, line.runs[0].x_pt)


# --------------------------------------------------------------------------- the page


@dataclass(frozen=True)
class Sight:
    """A finished page as it is seen."""

    page: ComposedPage
    issue: Issue
    layout: Layout
    last: Sequence[Placement] = ()  # the same page of the last issue

    @cached_property
    def area(self) -> Area:
        return page_area(self.issue, self.page.page, self.layout)

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """All items of the page's area; an advertisement in the ear belongs to the nameplate."""
        items = {item.id: item for item in self.page.page.items}
        in_ear = {one.id for one in items.values() if isinstance(one, Advertisement) and one.in_ear}
        return tuple(
            Seen(frame, items.get(frame.placement.item), self.layout)
            for frame in self.page.frames
            if frame.placement.item not in in_ear
        )

    @cached_property
    def news(self) -> tuple[Seen, ...]:
        """All items but advertisements."""
        return tuple(seen for seen in self.seen if not seen.is_advertisement)

    @cached_property
    def headed(self) -> tuple[Seen, ...]:
        """Items with a headline of the newspaper's."""
        return tuple(seen for seen in self.news if seen.headline is not None)

    @cached_property
    def rect(self) -> Rect:
        """The page's area for articles."""
        grid, area = self.layout.grid, self.area
        top = grid.depth_pt(area.top)
        return Rect(0.0, top, grid.width_pt(grid.columns), top + grid.depth_pt(area.lines))

    @cached_property
    def rows(self) -> range:
        """Lines of the grid in the page's area."""
        return range(self.area.top, self.area.top + self.area.lines)

    @cached_property
    def white(self) -> White:
        return White(self)

    @cached_property
    def fill(self) -> float:
        """Share of the page's area that frames cover."""
        columns = range(self.layout.grid.columns)
        covered = {
            (c, r) for s in self.seen for c in s.columns for r in s.rows if c in columns and r in self.rows
        }
        return len(covered) / (len(columns) * max(1, len(self.rows)))

    def neighbours(self) -> Iterator[tuple[Seen, Seen]]:
        """Items that share a gutter: the left one first."""
        for left in self.seen:
            for right in self.seen:
                if left.columns.stop == right.columns.start and left.rect.shared_depth(right.rect) > 0:
                    yield left, right

    def in_corner(self, seen: Seen) -> Seen | None:
        """What stands in the corner of an article, which is an L."""
        return next((other for other in self.seen if other.place.inside == seen.id), None)

    def under(self, seen: Seen, leg: Leg) -> float:
        """Depth of another item that stands under a leg, in the corner of an article."""
        inner = self.in_corner(seen)
        return inner.rect.depth if inner is not None and inner.rect.shared_width(leg.rect) > 0 else 0.0

    def stacked(self) -> Iterator[tuple[Seen, Seen]]:
        """Items of which one stands right on the other: the upper one first."""
        for upper in self.seen:
            for lower in self.seen:
                if upper.rows.stop == lower.rows.start and upper.rect.shared_width(lower.rect) > 0:
                    yield upper, lower

    def joined(self, one: Seen, other: Seen) -> bool:
        """Whether a link of the source joins two items, either way."""
        links = [(seen.id, link.to) for seen in (one, other) for link in getattr(seen.item, "links", ())]
        return (one.id, other.id) in links or (other.id, one.id) in links


# --------------------------------------------------------------------------- white


class White:
    """The page in squares, one character wide and one line deep, and which of them are empty.

    A square is full when something painted lies in it, and when it is white that has a reason:
    - between two things side by side, at most `gutter_most_characters` wide: a gutter, a box's margin;
    - between two things one above the other, at most `white_most_lines` deep: round crossheads, pictures;
    - in a head, up to the white that its band may have (`band_white_lines` at each place): `over_lines`
      tells what goes beyond;
    - over and under a vertical headline; in an advertisement, whose white is its own.
    All else is empty: grid that no frame covers, the feet of legs, holes beside pictures.
    """

    def __init__(self, sight: Sight) -> None:
        self.sight, self.rules = sight, sight.layout.rules
        grid = sight.layout.grid
        self.unit = grid.body_pt
        self.across = max(1, round(grid.width_pt(grid.columns) / self.unit))
        self.all = (1 << self.across) - 1
        self.columns = 0  # squares of basic columns; those of gutters between frames are not counted
        for column in range(grid.columns):
            self.columns |= self._bits(grid.x_pt(column), grid.x_pt(column) + grid.column_pt)

    def _bits(self, left: float, right: float) -> int:
        first = max(0, int(left / self.unit + 0.05))
        last = min(self.across, ceil(right / self.unit - 0.05))
        return (1 << last) - (1 << first) if last > first else 0

    def _row(self, y: float) -> int:
        return int(y / self.sight.layout.grid.leading_pt + 0.02)

    def painted(self, boxes: Iterable[Rect]) -> dict[int, int]:
        """For each line of the page's area the squares that these boxes reach into."""
        rows = dict.fromkeys(self.sight.rows, 0)
        for box in boxes:
            self._paint(rows, box)
        return rows

    def closed_across(self, rows: dict[int, int]) -> dict[int, int]:
        """Squares with the gutters between them."""
        wide = int(self.rules.gutter_most_characters)
        return {row: _closed_across(bits, wide) if bits else 0 for row, bits in rows.items()}

    def _paint(self, rows: dict[int, int], box: Rect) -> None:
        bits = self._bits(box.left, box.right)
        leading = self.sight.layout.grid.leading_pt
        for row in range(self._row(box.top), ceil(box.foot / leading - 0.05)):
            if row in rows:
                rows[row] |= bits

    @cached_property
    def full(self) -> dict[int, int]:
        """For each line of the page's area the squares that are full."""
        page = dict.fromkeys(self.sight.rows, 0)
        for seen in self.sight.seen:
            for row, bits in self._filled(seen).items():
                if row in page:
                    page[row] |= bits
        return page

    @cached_property
    def empty(self) -> dict[int, int]:
        """For each line of the page's area the squares of basic columns that are empty."""
        return {row: self.columns & ~bits for row, bits in self.full.items()}

    @cached_property
    def share(self) -> float:
        """Empty squares, and the white of heads beyond what they may have, of all squares."""
        return self._part(self.empty) + self.over_lines / self._lines

    @cached_property
    def trapped(self) -> float:
        """Those that no white joins to the edge of the page's area, of all squares."""
        return self._part(self.empty) - self._part(self._at_the_edge())

    @property
    def _lines(self) -> int:
        return max(1, len(self.sight.rows)) * self.sight.layout.grid.columns

    @cached_property
    def over_lines(self) -> float:
        """White of all heads beyond what they may have, in lines of one basic column."""
        return sum(white_over(seen) * len(seen.columns) for seen in self.sight.news)

    def _part(self, rows: dict[int, int]) -> float:
        total = max(1, self.columns.bit_count()) * max(1, len(self.sight.rows))
        return sum((bits & self.columns).bit_count() for bits in rows.values()) / total

    def _open(self, row: int) -> int:
        """The empty squares of a line, and those of gutters with empty ones at either side.

        The gutters between frames are no way out of a hole: nobody sees white at a page's edge through them.
        """
        empty = self.empty[row]
        wide = ceil(self.sight.layout.grid.gutter_characters)
        return _closed_across(empty, wide) & ~self.full[row]

    def _at_the_edge(self) -> dict[int, int]:
        """The empty squares that white joins to the edge of the page's area."""
        open_rows = {row: self._open(row) for row in self.full}
        rows = list(open_rows)
        edge = 1 | 1 << (self.across - 1)
        reached = {row: open_rows[row] & edge for row in rows}
        if rows:
            reached[rows[0]], reached[rows[-1]] = open_rows[rows[0]], open_rows[rows[-1]]
        changed = True
        while changed:
            changed = False
            for row in (*rows, *reversed(rows)):
                near = reached.get(row - 1, 0) | reached.get(row + 1, 0) | reached[row]
                grown = near & open_rows[row]
                while (wider := (grown | grown << 1 | grown >> 1) & open_rows[row]) != grown:
                    grown = wider
                if grown != reached[row]:
                    reached[row], changed = grown, True
        return {row: reached[row] & self.empty[row] for row in rows}

    # ------------------------------------------------------------- one item

    def _filled(self, seen: Seen) -> dict[int, int]:
        rows = dict.fromkeys(seen.rows, 0)
        whole = self._bits(seen.rect.left, seen.rect.right)
        if seen.is_advertisement:
            return dict.fromkeys(seen.rows, whole)
        for part in seen.frame.parts:
            if isinstance(part, Rule) and part.border_pt:
                continue
            box = seen.rect_of(part)
            if isinstance(part, VerticalBlock):
                box = Rect(box.left, seen.rect.top, box.right, seen.rect.foot)
            self._paint(rows, box)
        if (zone := head_zone(seen)) is not None:
            self._paint(rows, Rect(seen.rect.left, zone.top, seen.rect.right, zone.foot))
        if seen.boxed and rows:
            rows[seen.rows[-1]] = whole
        return self._closed(rows, whole)

    def _closed(self, rows: dict[int, int], whole: int) -> dict[int, int]:
        """Narrow and shallow white between full squares filled as well; beyond its sides all is full."""
        wide, deep = int(self.rules.gutter_most_characters), self.rules.white_most_lines
        outside = ~whole
        beside = {row: _closed_across(bits | outside, wide) if bits else 0 for row, bits in rows.items()}
        order = list(beside.values())
        for at, row in enumerate(beside):
            for back in range(1, deep + 1):
                over = order[at - back] if at >= back else whole if at + 1 == back else 0
                ahead = 0
                for on in range(1, deep + 2 - back):
                    ahead |= order[at + on] if at + on < len(order) else 0
                rows[row] |= over & ahead
            rows[row] = (rows[row] | order[at]) & whole
        return rows


def _closed_across(bits: int, wide: int) -> int:
    """Gaps of at most `wide` squares filled; what lies left of the first square counts as full."""
    shift = wide + 1
    grown = bits << shift | (1 << shift) - 1
    for _ in range(wide):
        grown |= grown << 1
    for _ in range(wide):
        grown &= grown >> 1
    return bits | grown >> shift


def head_zone(seen: Seen) -> Rect | None:
    """The room of a head over the whole width: from what stands above it to what stands under it."""
    head = around(seen.rect_of(block) for block in seen.head)
    if head is None:
        return None
    others = [
        seen.rect_of(part)
        for part in seen.frame.parts
        if part not in seen.head and not isinstance(part, Rule | VerticalBlock)
    ]
    top = max((box.foot for box in others if box.foot <= head.top + NEAR_PT), default=seen.rect.top)
    foot = min((box.top for box in others if box.top >= head.foot - NEAR_PT), default=head.foot)
    return Rect(seen.rect.left, top, seen.rect.right, foot)


def head_white(seen: Seen) -> tuple[float, int] | None:
    """White of a head in lines, and at how many places it stands: above, between and below its lines."""
    zone = head_zone(seen)
    if zone is None or seen.headline is None:
        return None
    leading = seen.layout.grid.leading_pt
    headline = seen.rect_of(seen.headline)
    # What stands beside the headline takes no depth of its own.
    stacked = [
        block
        for block in seen.head
        if block.kind in HEADING
        and (block is seen.headline or seen.rect_of(block).shared_depth(headline) <= NEAR_PT)
    ]
    lines = [size_pt(block) for block in stacked for _ in block.lines]
    texts = [seen.rect_of(block) for block in seen.head if block.kind not in HEADING]
    text = sum(box.depth for box in _apart(texts))
    white = zone.depth - sum(lines) - text
    return white / leading, len(lines) + len(_apart(texts)) + 1


def white_over(seen: Seen) -> float:
    """White of a head in lines beyond what its band may have."""
    found = head_white(seen)
    return max(0.0, found[0] - seen.layout.rules.band_white_lines[1] * found[1]) if found else 0.0


def _apart(boxes: Iterable[Rect]) -> list[Rect]:
    """Boxes that stand beside each other as one."""
    found: list[Rect] = []
    for box in sorted(boxes, key=lambda one: one.top):
        if found and found[-1].shared_depth(box) > NEAR_PT:
            found[-1] = around((found[-1], box)) or box
        else:
            found.append(box)
    return found


# --------------------------------------------------------------------------- edges between items


def edges_across(sight: Sight, row: int) -> list[bool]:
    """For each basic column whether an item ends or begins at the top of a line.

    The edges of advertisements are none: they are sold as a strip.
    """
    edges = [False] * sight.layout.grid.columns
    for seen in sight.seen:
        if row in (seen.rows.start, seen.rows.stop):
            for column in seen.columns:
                if 0 <= column < len(edges):
                    edges[column] = True
    for seen in sight.seen:
        if row in (seen.rows.start, seen.rows.stop) and seen.is_advertisement:
            for column in seen.columns:
                if 0 <= column < len(edges):
                    edges[column] = False
    return edges


def edges_down(sight: Sight, column: int) -> list[bool]:
    """For each line of the page's area whether an item ends or begins at the left of a basic column."""
    edges = dict.fromkeys(sight.rows, False)
    for seen in sight.news:
        if column in (seen.columns.start, seen.columns.stop):
            edges.update({row: True for row in seen.rows if row in edges})
    return list(edges.values())
