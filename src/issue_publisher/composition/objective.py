"""What a page costs: the rules of make-up that concern how pieces stand to one another, as penalties.

The solver's models say the same in their own language; what they find is always judged by the functions
here, and a test holds the two together. Hard rules have prices so high that they yield only when no page
keeps them, in the order that the layout declares (`[makeup] yields`). Numbers in brackets: facts on make-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

from issue_publisher.composition.candidates import Candidate, Option
from issue_publisher.composition.series import ordered_pairs
from issue_publisher.composition.shape import Region
from issue_publisher.layout.model import Layout

BUMPING = "bumping-headlines"
CUT_ACROSS = "through-cut-horizontal"
CUT_DOWN = "through-cut-vertical"
RANK = "equal-width-rank"
LEAD = "rank"
CONTACT = "foreign-contact"
HOLE = "hole"
COVER = "cover"
# Lines that two pictures share at least when they are plainly level: regions are whole lines, and one may be
# white.
PLAINLY_LEVEL = 2
_NO_STEP = 0.01  # of a point: rounding
INTO = "headline-into-vertical"  # soft, too
LINKED = "linked-headlines"  # likewise
PILED = "piled-verticals"  # likewise
BESIDE = "picture-beside-headline"  # soft: its price is a penalty of the judge
SERIES = "series-order"  # likewise
NEAR_CUT = "near-cuts"  # likewise
FEW = 4  # pieces of a page with fewer cannot but lie over each other
RULES = (RANK, CONTACT, CUT_DOWN, CUT_ACROSS, HOLE, BUMPING, LEAD, COVER)


@dataclass(frozen=True, slots=True)
class Room:
    """The grid that news may fill: `lines` of each basic column, counted from the head of the area."""

    depths: tuple[int, ...]  # less where advertisements stand at the foot

    @property
    def columns(self) -> int:
        """Basic columns of the page."""
        return len(self.depths)

    @property
    def lines(self) -> int:
        """Lines of its deepest column."""
        return max(self.depths)

    @property
    def area(self) -> int:
        """Lines of one basic column."""
        return sum(self.depths)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece stands, in which shape; the row counts from the head of the area."""

    column: int
    row: int
    option: Option

    @property
    def right(self) -> int:
        """The basic column behind it."""
        return self.column + self.option.columns

    @property
    def foot(self) -> int:
        """The line below it."""
        return self.row + self.option.lines

    @property
    def band(self) -> tuple[int, int] | None:
        """Lines of the page that its headline takes; none in a box, which parts it from its neighbours."""
        band = None if self.option.outline.boxed else self.option.outline.band
        return band and (self.row + band[0], self.row + band[1])

    @property
    def upright(self) -> tuple[int, int] | None:
        """The same of a vertical headline, at its left edge."""
        lines = None if self.option.outline.boxed else self.option.outline.upright
        return lines and (self.row + lines[0], self.row + lines[1])


Places = Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Broken:
    """A hard rule that a page breaks: by which pieces, or how many lines."""

    rule: str
    items: tuple[str, ...]
    times: int = 1


def price(rule: str, layout: Layout) -> float:
    """Of breaking a rule once: of hard ones the later in the layout's order, the dearer."""
    if rule == COVER:
        return layout.makeup.penalty_white
    if rule == BESIDE:
        return layout.penalties.picture_beside_headline
    if rule == INTO:
        return layout.penalties.headline_into_vertical
    if rule == LINKED:
        return layout.penalties.linked_headlines
    if rule == PILED:
        return layout.penalties.piled_verticals
    if rule == SERIES:
        return layout.penalties.series_order
    if rule == NEAR_CUT:
        return layout.penalties.near_cuts
    return layout.makeup.penalty_hard * float(2 ** layout.makeup.yields.index(rule))


def objective(candidates: Sequence[Candidate], places: Places, room: Room, layout: Layout) -> float:
    """All penalties of a page."""
    shapes = sum(places[one.id].option.cost + place_cost(one, places[one.id], layout) for one in candidates)
    hard = sum(price(one.rule, layout) * one.times for one in broken(candidates, places, room, layout))
    tops = len(_bumping(candidates, places, layout)[0])
    white = layout.makeup.penalty_white_beyond * white_beyond(places, room, layout)
    soft = price(BESIDE, layout) * _beside_headlines(candidates, places)
    soft += price(INTO, layout) * _into_verticals(candidates, places)
    soft += price(PILED, layout) * _piled_verticals(candidates, places, room)
    soft += price(LINKED, layout) * _linked_headlines(candidates, places, layout)
    soft += price(SERIES, layout) * sum(
        reads_before(places[later], places[earlier]) for earlier, later in in_order(candidates)
    )
    rows = [(places[one.id].row, places[one.id].foot) for one in candidates if not one.at_foot]
    soft += price(NEAR_CUT, layout) * len(jogs(rows, layout))
    return shapes + hard + layout.penalties.top_pairs * tops + white + soft


def white_beyond(places: Places, room: Room, layout: Layout) -> float:
    """White at the feet of legs and between pieces beyond what the page may have, in lines of one column.

    Soft rule 15: what is within its share costs little, what goes beyond shows.
    """
    uncovered = sum(one.times for one in _white(places, room))
    white = uncovered + sum(place.option.white for place in places.values())
    return max(0.0, white - layout.rules.white_share * room.area)


def place_cost(candidate: Candidate, place: Place, layout: Layout) -> float:
    """Heavy articles are drawn to the upper left (soft 1)."""
    per_line, per_column = place_cost_per(candidate, layout)
    return place.row * per_line + place.column * per_column


def place_cost_per(candidate: Candidate, layout: Layout) -> tuple[float, float]:
    """What a line further down and a basic column further to the right cost a piece."""
    if candidate.at_foot:
        return 0.0, 0.0
    drawn = layout.makeup.penalty_place * candidate.rank
    return drawn * layout.makeup.place_per_line, drawn * layout.makeup.place_per_column


def broken(candidates: Sequence[Candidate], places: Places, room: Room, layout: Layout) -> tuple[Broken, ...]:
    """Every hard rule that the page breaks, in the order of its pieces."""
    return (
        *(Broken(BUMPING, pair) for pair in _bumping(candidates, places, layout)[1]),
        *_cuts_across(candidates, places, room),
        *_cuts_down(candidates, places, room, layout),
        *_rank(candidates, places),
        *_lead(candidates, places, layout),
        *_contact(candidates, places, layout),
        *_holes(candidates, places, room, layout),
        *_white(places, room),
    )


# --------------------------------------------------------------------------- bumping headlines (hard 4)


def side_by_side(one: Place, other: Place) -> bool:
    """Whether two pieces share a gutter."""
    return one.right == other.column or other.right == one.column


def bumps(one: Place, other: Place, gap: float) -> bool:
    """Whether the headlines of two pieces at one gutter read as one: less than `gap` lines between them.

    They do not where a picture of one stands at the gutter beside the other's headline.
    """
    a, b = one.band, other.band
    if not (a and b and side_by_side(one, other) and a[0] < b[1] + gap and b[0] < a[1] + gap):
        return False
    return not (_parts(one, other, b) or _parts(other, one, a))


def _parts(one: Place, other: Place, band: tuple[int, int]) -> bool:
    """Whether a picture of a piece stands at its neighbour's gutter beside the neighbour's headline."""
    seen = pictures_at_right(one.option) if one.right == other.column else pictures_at_left(one.option)
    least = lines_that_part(band)
    return any(min(one.row + foot, band[1]) - max(one.row + top, band[0]) >= least for top, foot in seen)


def lines_that_part(band: tuple[int, int]) -> int:
    """Lines of a headline band that a picture across the gutter must stand beside to part it: about half.

    Of both only whole lines are known, so that it is a line more.
    """
    return (band[1] - band[0]) // 2 + 1


def pictures_at_right(option: Option) -> Sequence[tuple[int, int]]:
    """Lines of a piece in which its pictures reach its right edge; the first, and the first below.

    None in a box, whose border parts them from neighbours.
    """
    outline = option.outline
    return _rows([one for one in outline.pictures if one.right == option.columns and not outline.boxed])


def pictures_at_left(option: Option) -> Sequence[tuple[int, int]]:
    """The same of its left edge; none where a vertical headline stands there."""
    outline = option.outline
    if outline.boxed or outline.upright:
        return ()
    return _rows([one for one in outline.pictures if one.left == 0])


def _rows(regions: Sequence[Region]) -> Sequence[tuple[int, int]]:
    """The lines of some pictures; those of pictures that join, or lie side by side, are one stretch."""
    found: list[tuple[int, int]] = []
    for region in sorted(regions, key=lambda region: region.top):
        if found and region.top <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], region.foot)
        else:
            found.append((region.top, region.foot))
    return found


Pairs = list[tuple[str, str]]


def _bumping(candidates: Sequence[Candidate], places: Places, layout: Layout) -> tuple[Pairs, Pairs]:
    """The pair at the head of the page that is allowed, if any; and all that are not."""
    allowed: Pairs = []
    wrong: Pairs = []
    for one, other in combinations(candidates, 2):
        a, b = places[one.id], places[other.id]
        if _linked(one, other) or not bumps(a, b, layout.rules.bump_lines):
            continue
        at_head = a.row == b.row == 0 and not allowed
        (allowed if at_head else wrong).append((one.id, other.id))
    return allowed, wrong


def _linked_headlines(candidates: Sequence[Candidate], places: Places, layout: Layout) -> int:
    """Headlines of linked pieces that read as one, but at the head, where they stand for both (soft 4)."""
    pairs = ((one, other) for one, other in combinations(candidates, 2) if _linked(one, other))
    return sum(
        bumps(places[one.id], places[other.id], layout.rules.bump_lines)
        and not places[one.id].row == places[other.id].row == 0
        for one, other in pairs
    )


def _linked(one: Candidate, other: Candidate) -> bool:
    return other.id in one.related or one.id in other.related


# --------------------------------------------------------------------------- series


def in_order(candidates: Sequence[Candidate]) -> list[tuple[str, str]]:
    """Ids of numbered parts of a series that are read one after the other, by twos."""
    parts = {one.id: one.part for one in candidates if one.part is not None}
    return ordered_pairs(list(parts), parts)


def reads_before(one: Place, other: Place) -> bool:
    """Whether a reader comes to a piece first: it is wholly above the other, or level with it at its left."""
    return one.foot <= other.row or (one.column < other.column and one.row < other.foot)


# --------------------------------------------------------------------------- through cuts (hard 5)


def _cuts_across(candidates: Sequence[Candidate], places: Places, room: Room) -> Iterator[Broken]:
    news = {one.id: places[one.id] for one in candidates if not one.at_foot}
    for row in sorted({place.row for place in news.values()} - {0}):
        if any(place.row < row < place.foot for place in news.values()):
            continue
        above = [name for name, place in news.items() if place.foot <= row]
        below = [name for name, place in news.items() if place.row >= row]
        if len(above) > 1 and len(below) > 1:
            yield Broken(CUT_ACROSS, (above[-1], below[0]))


def jogs(rows: Sequence[tuple[int, int]], layout: Layout) -> Sequence[int]:
    """The edges across the page that jog by a few lines only, which the eye takes for one: by how many.

    `rows` are those of its pieces, the first and the first below each.
    """
    if len(rows) < FEW:
        return ()
    ends = {row: max((foot for top, foot in rows if top < row), default=0) for row, _ in rows}
    return [foot - row for row, foot in sorted(ends.items()) if 0 < foot - row <= layout.rules.cut_step_lines]


def _cuts_down(
    candidates: Sequence[Candidate], places: Places, room: Room, layout: Layout
) -> Iterator[Broken]:
    news = [places[one.id] for one in candidates if not one.at_foot]
    if len(news) < 2:
        return
    strip = layout.rules.strip_columns
    for column in range(strip + 1, room.columns - strip):
        if not any(place.column < column < place.right for place in news):
            yield Broken(CUT_DOWN, (f"column {column}",))


# --------------------------------------------------------------------------- rank and contact (hard 9, 12)


def _rank(candidates: Sequence[Candidate], places: Places) -> Iterator[Broken]:
    """Of equal widths none lower on the page has the larger headline, level, vertical or in a box (NAVY)."""
    for one, other in combinations(candidates, 2):
        a, b = places[one.id], places[other.id]
        if a.option.columns != b.option.columns:
            continue
        upper, lower = (a, b) if a.row <= b.row else (b, a)
        sizes = upper.option.choice.headline_pt, lower.option.choice.headline_pt
        if upper.row < lower.row and 0 < sizes[0] < sizes[1]:
            yield Broken(RANK, (one.id, other.id))


def largest_under(lead_pt: float, layout: Layout) -> float:
    """The largest headline that may stand on a page whose lead has one of `lead_pt` (KRO)."""
    return lead_pt - layout.rules.lead_step_pt + _NO_STEP


def _lead(candidates: Sequence[Candidate], places: Places, layout: Layout) -> Iterator[Broken]:
    """The lead's headline is a step above all others; of two leads (双头条) the smaller counts."""
    sizes = {one.id: places[one.id].option.choice.headline_pt for one in candidates}
    leads = [one.id for one in candidates if one.leads and sizes[one.id]]
    if not leads:
        return
    lead = min(leads, key=lambda name: sizes[name])
    most = largest_under(sizes[lead], layout)
    for one in candidates:
        if not one.leads and sizes[one.id] > most:
            yield Broken(LEAD, (lead, one.id))


def back_to_back(one: Place, other: Place) -> bool:
    """Whether pictures of two pieces stand at either side of a gutter, plainly level; a border parts them."""
    if one.right != other.column:
        return other.right == one.column and back_to_back(other, one)
    return any(
        one.row + a[0] + PLAINLY_LEVEL <= other.row + b[1]
        and other.row + b[0] + PLAINLY_LEVEL <= one.row + a[1]
        for a in pictures_at_right(one.option)
        for b in pictures_at_left(other.option)
    )


def meets_below(upper: Place, lower: Place, layout: Layout) -> bool:
    """Whether a picture at the foot of a piece stands right over a picture or headline of the next."""
    columns = range(max(upper.column, lower.column), min(upper.right, lower.right))
    return upper.foot == lower.row and any(
        ends_with_picture(upper.option, column - upper.column, layout)
        and begins_with_mark(lower.option, column - lower.column, layout)
        for column in columns
    )


def ends_with_picture(option: Option, column: int, layout: Layout) -> bool:
    """Whether a picture reaches the foot of its piece in one of the piece's columns.

    A border parts it from what stands below; pictures that stand alone have their captions under them.
    """
    outline, near = option.outline, option.lines - layout.rules.contact_lines
    return not (outline.boxed or outline.alone) and any(
        region.foot > near and region.left <= column < region.right for region in outline.pictures
    )


def begins_with_mark(option: Option, column: int, layout: Layout) -> bool:
    """Whether a piece begins with its headline or, in one of its columns, with a picture."""
    outline, near = option.outline, layout.rules.contact_lines
    if outline.boxed:
        return False
    if outline.band is not None and outline.band[0] < near:
        return True
    return any(region.top < near and region.left <= column < region.right for region in outline.pictures)


def picture_beside_headline(one: Place, other: Place) -> bool:
    """Whether a picture of a piece stands at the gutter beside another's headline, whose it seems to be.

    A border parts it from its neighbour, and pictures that stand alone have a title of their own over them.
    """
    outline, at_left = one.option.outline, one.right == other.column
    band = other.band or (other.upright if at_left else None)
    if band is None or outline.boxed or outline.alone or not side_by_side(one, other):
        return False
    pictures = pictures_at_right(one.option) if at_left else pictures_at_left(one.option)
    return any(one.row + top < band[1] and band[0] < one.row + foot for top, foot in pictures)


def _beside_headlines(candidates: Sequence[Candidate], places: Places) -> int:
    """How often a picture stands so, but for pieces that the source links."""
    return sum(picture_beside_headline(*pair) for pair in _unlinked(candidates, places))


def runs_into(left: Place, right: Place) -> bool:
    """Whether a headline is level with a vertical one that begins the next piece at its right."""
    a, b = left.band, right.upright
    return bool(a and b and left.right == right.column and a[0] < b[1] and b[0] < a[1])


def _into_verticals(candidates: Sequence[Candidate], places: Places) -> int:
    """How many headlines do, but for pieces that the source links."""
    return sum(runs_into(*pair) for pair in _unlinked(candidates, places))


def _piled_verticals(candidates: Sequence[Candidate], places: Places, room: Room) -> int:
    """Vertical headlines right under another at the same edge: the eye runs from one into the next."""
    news = [(one.id, places[one.id]) for one in candidates if not one.at_foot]
    found = {
        (above, below)
        for column in range(room.columns)
        for (above, upper), (below, lower) in pairwise(_pile(news, column))
        if upper.upright and lower.upright and upper.column == lower.column
    }
    return len(found)


def _pile(news: Sequence[tuple[str, Place]], column: int) -> list[tuple[str, Place]]:
    """Pieces in a basic column, from its head down."""
    found = [(name, place) for name, place in news if place.column <= column < place.right]
    return sorted(found, key=lambda pair: pair[1].row)


def _unlinked(candidates: Sequence[Candidate], places: Places) -> Iterator[tuple[Place, Place]]:
    """All pairs of the newspaper's own pieces, either way, but for those that the source links."""
    for one, other in permutations([one for one in candidates if not one.at_foot], 2):
        if not _linked(one, other):
            yield places[one.id], places[other.id]


def boxes_touch(one: Place, other: Place) -> bool:
    """Whether two boxes have an edge in common."""
    boxed = one.option.outline.boxed and other.option.outline.boxed
    return boxed and _touch(
        Region(one.column, one.right, one.row, one.foot),
        Region(other.column, other.right, other.row, other.foot),
    )


def _touch(one: Region, other: Region) -> bool:
    """At either side of a gutter, or one right over the other."""
    beside = one.right == other.left or other.right == one.left
    level = one.top < other.foot and other.top < one.foot
    over = one.foot == other.top or other.foot == one.top
    under = one.left < other.right and other.left < one.right
    return (beside and level) or (over and under)


def _contact(candidates: Sequence[Candidate], places: Places, layout: Layout) -> Iterator[Broken]:
    news = [one for one in candidates if not one.at_foot]
    for one, other in combinations(news, 2):
        a, b = places[one.id], places[other.id]
        over = meets_below(a, b, layout) or meets_below(b, a, layout)
        if over or back_to_back(a, b) or boxes_touch(a, b):
            yield Broken(CONTACT, (one.id, other.id))


def is_hole(lines: int, layout: Layout) -> bool:
    """Whether so many uncovered lines with something beneath them are white that no paper prints."""
    return lines >= layout.rules.hole_lines


def _holes(candidates: Sequence[Candidate], places: Places, room: Room, layout: Layout) -> Iterator[Broken]:
    """White over a piece, or over what stands at the foot already: once for what lies above and below it.

    White that nothing lies beneath is open to the foot of the page, and no hole.
    """
    news = [(one.id, places[one.id]) for one in candidates if not one.at_foot]
    found: dict[tuple[str, str, int], tuple[str, ...]] = {}
    for column, depth in enumerate(room.depths):
        over, free = "", 0
        for name, place in _pile(news, column):
            if is_hole(place.row - free, layout):
                found[over, name, 0] = (over, name) if over else (name,)
            over, free = name, place.foot
        if depth < room.lines and is_hole(depth - free, layout):
            found[over, "", depth] = (over,) if over else ()
    yield from (Broken(HOLE, items) for items in found.values())


def _white(places: Places, room: Room) -> Iterator[Broken]:
    covered = sum(place.option.area for place in places.values() if place.row < room.depths[place.column])
    if covered < room.area:
        yield Broken(COVER, (), room.area - covered)
