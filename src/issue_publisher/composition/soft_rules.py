"""The soft rules of make-up, measured on a finished page: what a page does less well than it might.

Each takes a page as it is seen and gives an amount (0: kept) that `judge` multiplies by the layout's penalty;
an amount of 1 is what that penalty's comment says. None when nothing on the page is under the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby

from issue_publisher.composition.hard_rules import Measured, bumping_pairs, reads_as_one
from issue_publisher.composition.model import RUNNING, Placement, TextBlock, VerticalBlock
from issue_publisher.composition.objective import FEW, jogs
from issue_publisher.composition.series import ordered_pairs, parts_of_series
from issue_publisher.composition.sight import (
    Rect,
    Seen,
    Sight,
    edges_across,
    edges_down,
    head_zone,
    ink_span,
)
from issue_publisher.issue.model import Article, Weight
from issue_publisher.layout.model import PT_PER_MM

_TENTH, _TWENTIETH, _HUNDREDTH = 0.1, 0.05, 0.01  # what an amount of 1 is, where a penalty says so
_ORDER = (Weight.LEAD, Weight.MAJOR, Weight.NORMAL, Weight.BRIEF)


def top_pairs(sight: Sight) -> Measured | None:
    """4. Headlines side by side at the top, even where they are allowed."""
    top, _ = bumping_pairs(sight)
    if len(sight.headed) < 2:
        return None
    items = tuple(dict.fromkeys(seen.id for pair in top for seen in pair[:2]))
    return Measured(float(len(top)), items, f"{len(top)} pairs")


def picture_beside_headline(sight: Sight) -> Measured | None:
    """12. No picture across a gutter from another article's headline, level with it: it seems to be its own.

    Items that the source links may stand so. A box parts them, and pictures that stand alone have a title.
    """
    if len(sight.seen) < 2:
        return None
    found = [
        (one.id, other.id)
        for left, right in sight.neighbours()
        if not (left.boxed or right.boxed or sight.joined(left, right))
        for one, other in ((left, right), (right, left))
        if one.frame.kind != "pictures" and _stands_beside(one, other)
    ]
    items = tuple(dict.fromkeys(chain.from_iterable(found)))
    words = ", ".join(f"one of {one} beside {other}" for one, other in found)
    return Measured(float(len(found)), items, words or "none")


def _stands_beside(one: Seen, other: Seen) -> bool:
    """Whether a picture of an item reaches the gutter for more than a line of the other's headline band.

    A vertical headline stands at the left edge of its item, and counts there.
    """
    near, leading = one.layout.grid.body_pt, one.layout.grid.leading_pt
    at_left = one.rect.left < other.rect.left
    gutter = one.rect.right if at_left else one.rect.left
    band = other.band or (other.headline_ink if at_left else None)
    return band is not None and any(
        min(abs(box.left - gutter), abs(box.right - gutter)) < near and box.shared_depth(band) > leading
        for box in one.pictures
    )


def headline_into_vertical(sight: Sight) -> Measured | None:
    """4. No headline runs up to a vertical one at its right, level with it: the two read as one.

    Items that the source links may stand so, and a box parts them.
    """
    if not any(isinstance(seen.headline, VerticalBlock) for seen in sight.headed):
        return None
    leading = sight.layout.grid.leading_pt
    found = [
        (left.id, right.id)
        for left, right in sight.neighbours()
        if not (left.boxed or right.boxed or sight.joined(left, right))
        and isinstance(right.headline, VerticalBlock)
        and left.band is not None
        and right.headline_ink is not None
        and left.band.shared_depth(right.headline_ink) > leading
    ]
    items = tuple(dict.fromkeys(chain.from_iterable(found)))
    words = ", ".join(f"{one} into {other}" for one, other in found)
    return Measured(float(len(found)), items, words or "none")


def piled_verticals(sight: Sight) -> Measured | None:
    """13. No vertical headline stands right under another at the same edge, where one seems to go on."""
    upright = [seen for seen in sight.headed if isinstance(seen.headline, VerticalBlock) and not seen.boxed]
    if not upright:
        return None
    found = [
        (upper.id, lower.id)
        for upper, lower in sight.stacked()
        if upper in upright and lower in upright and upper.columns.start == lower.columns.start
    ]
    items = tuple(dict.fromkeys(chain.from_iterable(found)))
    words = ", ".join(f"{lower} under {upper}" for upper, lower in found)
    return Measured(float(len(found)), items, words or "none")


def linked_headlines(sight: Sight) -> Measured | None:
    """4. Headlines of linked articles read as one only at the head of the page, where they stand for both."""
    linked = [
        (left, right)
        for left, right in sight.neighbours()
        if sight.joined(left, right) and reads_as_one(sight, left, right) is not None
    ]
    if not any(getattr(seen.item, "links", ()) for seen in sight.headed):
        return None
    found = [
        (left.id, right.id)
        for left, right in linked
        if not left.rows.start == right.rows.start == sight.rows.start
    ]
    items = tuple(dict.fromkeys(chain.from_iterable(found)))
    words = ", ".join(f"{one} and {other}" for one, other in found)
    return Measured(float(len(found)), items, words or "none")


def series_order(sight: Sight) -> Measured | None:
    """19. Numbered parts of a series are read in their order: each pair of them that is not counts.

    What is read first is wholly above, or level and at the left.
    """
    places = {seen.id: seen for seen in sight.news}
    pairs = ordered_pairs(list(places), parts_of_series(sight.page.page.items))
    if not pairs:
        return None
    wrong = [(one, other) for one, other in pairs if _reads_before(places[other], places[one])]
    items = tuple(dict.fromkeys(chain.from_iterable(wrong)))
    words = ", ".join(f"{other} before {one}" for one, other in wrong)
    return Measured(float(len(wrong)), items, words or "in order")


def _reads_before(one: Seen, other: Seen) -> bool:
    level_at_left = one.columns.start < other.columns.start and one.rows.start < other.rows.stop
    return one.rows.stop <= other.rows.start or level_at_left


# --------------------------------------------------------------------------- 1 position


def strength(seen: Seen, sight: Sight) -> float:
    """How strong an item's place is: that of the quarter it begins in, or of a wide piece at the foot."""
    rules, grid, area = sight.layout.rules, sight.layout.grid, sight.area
    left = seen.columns.start < grid.columns / 2
    upper = seen.rows.start < area.top + area.lines / 2
    found = rules.places[(0 if left else 1) + (0 if upper else 2)]
    at_foot = seen.rows.stop >= sight.rows.stop
    return max(found, rules.foot_place) if at_foot and len(seen.columns) >= rules.foot_columns else found


def position(sight: Sight) -> Measured | None:
    """1. Heavy items in strong places: what they lose against the best order of the same places.

    Σ rank × (4 − strength), less what it would be with the strongest places given to the heaviest items, over
    Σ rank: points of strength lost on average. Which places there are is the matter of other rules.
    """
    ranks = sight.layout.makeup.rank
    found = [(ranks.get(seen.weight.value, 0.0), strength(seen, sight), seen.id) for seen in sight.news]
    total = sum(rank for rank, _, _ in found)
    if len(found) < 2 or not total:
        return None
    heaviest = sorted((rank for rank, _, _ in found), reverse=True)
    strongest = sorted((place for _, place, _ in found), reverse=True)
    best = sum(rank * place for rank, place in zip(heaviest, strongest, strict=True))
    lost = round((best - sum(rank * place for rank, place, _ in found)) / total, 6)
    weak = tuple(
        item
        for rank, place, item in found
        if any(lighter < rank and stronger > place for lighter, stronger, _ in found)
    )
    return Measured(lost, weak if lost else (), f"{lost:.2f} points lost on average")


def ladder(sight: Sight) -> Measured | None:
    """9. Headline sizes follow the desk's weights: none larger than that of a heavier item.

    A heavier item whose headline only equals a lighter one's counts half: nothing shows its rank.
    """
    found = [seen for seen in sight.headed if isinstance(seen.item, Article)]
    if len({seen.weight for seen in found}) < 2:
        return None
    pairs = [
        (heavy, light)
        for heavy in found
        for light in found
        if _ORDER.index(heavy.weight) < _ORDER.index(light.weight)
    ]
    larger = dict.fromkeys(light.id for heavy, light in pairs if light.headline_pt > heavy.headline_pt)
    equal = dict.fromkeys(heavy.id for heavy, light in pairs if heavy.headline_pt == light.headline_pt)
    items = tuple(dict.fromkeys((*larger, *equal)))
    words = f"{len(larger)} larger than a heavier item's, {len(equal)} no larger than a lighter one's"
    return Measured(len(larger) + len(equal) / 2, items, words)


# --------------------------------------------------------------------------- 2–4 pictures and grey


@dataclass(frozen=True, slots=True)
class _Area:
    """What one picture takes of the page, or all those of a picture story."""

    whole: float
    shown: float  # of it what is not lost, and can be seen
    item: str


def _picture_areas(sight: Sight) -> list[_Area]:
    """Areas of pictures, largest first; the pictures of a picture story count as one."""
    found: list[_Area] = []
    for seen in sight.news:
        areas = [
            _Area(box.area, 0.0 if box in seen.empty_places else box.area, seen.id) for box in seen.pictures
        ]
        if seen.frame.kind == "pictures" and areas:
            whole, shown = sum(one.whole for one in areas), sum(one.shown for one in areas)
            areas = [_Area(whole, shown, seen.id)]
        found += areas
    return sorted(found, key=lambda one: (one.whole, one.item), reverse=True)


def dominant_picture(sight: Sight) -> Measured | None:
    """2. One picture dominates: every other has at most `dominant` of its area.

    Nothing is seen in an empty place, so it is never the one, and is held against the largest that there is.
    """
    areas = _picture_areas(sight)
    largest = max(areas, key=lambda one: one.shown, default=None)
    if largest is None or not largest.shown:
        return _modest_places(sight)
    others = [one for one in areas if one is not largest]
    if not others:
        return None
    most = sight.layout.rules.dominant
    second = others[0].whole / largest.shown
    rivals = [one.item for one in (largest, *others) if one.whole > most * largest.shown]
    over = max(0.0, second - most) / max(_HUNDREDTH, 1 - most)
    words = f"the next has {second:.0%} of the largest"
    return Measured(over, tuple(dict.fromkeys(rivals)) if over else (), words)


def _modest_places(sight: Sight) -> Measured | None:
    """Where all pictures are lost none may stand out: each keeps to its share of the page."""
    places = [(box.area, seen.id) for seen in sight.news for box in seen.empty_places]
    if not places or not sight.rect.area:
        return None
    most = sight.layout.lost_picture.share * sight.rect.area
    large = [item for area, item in places if area > most]
    largest = max(places)[0]
    words = f"the largest empty place has {largest / sight.rect.area:.0%} of the page"
    return Measured(max(0.0, largest / most - 1), tuple(dict.fromkeys(large)), words)


def picture_share(sight: Sight) -> Measured | None:
    """3. Pictures take a fair share of the page; no more than that where some are lost."""
    areas = _picture_areas(sight)
    if not areas or not sight.rect.area:
        return None
    share = sum(one.whole for one in areas) / sight.rect.area
    least, most = sight.layout.rules.picture_share
    lost = any(seen.empty_places for seen in sight.news)
    off = _outside(share, (0.0 if lost else least, most))
    return Measured(off / _TENTH, (), f"{share:.0%} of the page")


def _outside(value: float, limits: tuple[float, float]) -> float:
    """How far a value lies outside its limits."""
    return max(0.0, limits[0] - value, value - limits[1])


def grey(sight: Sight) -> Measured | None:
    """4. Grey: fields as large as a banknote with nothing but running text, counted without overlap."""
    fields = list(grey_fields(sight))
    if not any(block.kind in RUNNING for seen in sight.news for block in seen.blocks):
        return None
    items = tuple(dict.fromkeys(seen.id for field in fields for seen in sight.news if seen.rect.meets(field)))
    width, depth = sight.layout.rules.banknote_mm
    return Measured(float(len(fields)), items, f"{len(fields)} fields of {width:g} × {depth:g} mm")


def grey_fields(sight: Sight) -> Iterator[Rect]:
    """The fields, from the top down. Gutters and the white of last lines belong to the text."""
    grid, rules, white = sight.layout.grid, sight.layout.rules, sight.white
    text = _text_squares(sight)
    wide = round(rules.banknote_mm[0] * PT_PER_MM / white.unit)
    deep = round(rules.banknote_mm[1] * PT_PER_MM / grid.leading_pt)
    for top in sight.rows:
        rows = range(top, top + deep)
        if rows.stop > sight.rows.stop:
            return
        bits = white.all
        for row in rows:
            bits &= text[row]
        while (start := _run_of(bits, wide)) is not None:
            field = ((1 << wide) - 1) << start
            bits &= ~field
            for row in rows:
                text[row] &= ~field
            yield Rect(
                start * white.unit,
                grid.depth_pt(top),
                (start + wide) * white.unit,
                grid.depth_pt(rows.stop),
            )


def _run_of(bits: int, wide: int) -> int | None:
    """Where the first run of so many ones begins."""
    left = wide - 1
    step = 1
    while left > 0:
        shift = min(step, left)
        bits &= bits >> shift
        left -= shift
        step *= 2
    return (bits & -bits).bit_length() - 1 if bits else None


def _text_squares(sight: Sight) -> dict[int, int]:
    """For each line of the page's area the squares of running text and of the gutters in and beside it."""
    white = sight.white
    blocks = [
        seen.rect_of(block)
        for seen in sight.news
        for block in seen.blocks
        if block.kind in RUNNING and not seen.in_a_box(block)
    ]
    return white.closed_across(white.painted(blocks))


# --------------------------------------------------------------------------- 5–7 spread


def headlines_everywhere(sight: Sight) -> Measured | None:
    """5. Each quarter and the middle has a headline of several columns.

    A headline counts where at least a basic column of it lies. A quarter full of advertisements is not asked.
    """
    if not sight.headed:
        return None
    several, column = sight.layout.rules.several_columns, sight.layout.grid.column_pt
    bands = [
        seen.rect_of(seen.headline) for seen in sight.headed if seen.headline and len(seen.columns) >= several
    ]
    missing = [
        name
        for name, part in _parts(sight.rect).items()
        if not _sold(sight, part)
        and not any(b.shared_width(part) >= column * 0.95 and b.shared_depth(part) > 0 for b in bands)
    ]
    return Measured(float(len(missing)), (), "none in " + ", ".join(missing) if missing else "in all parts")


def _parts(whole: Rect) -> dict[str, Rect]:
    across, down = (whole.left + whole.right) / 2, (whole.top + whole.foot) / 2
    wide, deep = whole.width / 4, whole.depth / 4
    return {
        "upper left": Rect(whole.left, whole.top, across, down),
        "upper right": Rect(across, whole.top, whole.right, down),
        "lower left": Rect(whole.left, down, across, whole.foot),
        "lower right": Rect(across, down, whole.right, whole.foot),
        "the middle": Rect(across - wide, down - deep, across + wide, down + deep),
    }


def _sold(sight: Sight, part: Rect) -> bool:
    taken = 0.0
    for seen in sight.seen:
        if seen.is_advertisement and seen.rect.meets(part):
            taken += seen.rect.shared_width(part) * seen.rect.shared_depth(part)
    return taken > part.area / 2


def corners(sight: Sight) -> Measured:
    """6. The four corners hold a box, an advertisement, a picture or a strong headline."""
    grid, rules, whole = sight.layout.grid, sight.layout.rules, sight.rect
    wide, deep = grid.width_pt(rules.corner[0]), grid.depth_pt(rules.corner[1])
    places = {
        "upper left": Rect(whole.left, whole.top, whole.left + wide, whole.top + deep),
        "upper right": Rect(whole.right - wide, whole.top, whole.right, whole.top + deep),
        "lower left": Rect(whole.left, whole.foot - deep, whole.left + wide, whole.foot),
        "lower right": Rect(whole.right - wide, whole.foot - deep, whole.right, whole.foot),
    }
    empty = [
        name for name, place in places.items() if not any(_holds(seen, place, sight) for seen in sight.seen)
    ]
    return Measured(float(len(empty)), (), "nothing in " + ", ".join(empty) if empty else "all four")


def _holds(seen: Seen, corner: Rect, sight: Sight) -> bool:
    if not seen.rect.meets(corner):
        return False
    strong = seen.headline_pt >= sight.layout.rules.corner_pt and seen.headline_ink is not None
    return (
        seen.boxed
        or any(tint.meets(corner) for tint in seen.tints)
        or any(box.meets(corner) for box in seen.pictures)
        or (strong and seen.headline_ink is not None and seen.headline_ink.meets(corner))
    )


def balance(sight: Sight) -> Measured | None:
    """7. Centre of ink within its limits, across and down the page's area for articles."""
    picture, headline, text = sight.layout.rules.ink
    ground = sum(sight.layout.inks[sight.layout.lost_picture.ink]) / 100  # of an empty place
    total = across = down = 0.0
    for seen in sight.seen:
        for part in seen.frame.parts:
            if isinstance(part, TextBlock):
                box = seen.ink_of(part)
                ink = headline if part.kind == "headline" else text
            elif isinstance(part, VerticalBlock):
                box, ink = seen.rect_of(part), headline
            else:
                continue
            total, across, down = _weighed(box, ink, (total, across, down))
        for box in seen.pictures:
            ink = ground if box in seen.empty_places else picture
            total, across, down = _weighed(box, ink, (total, across, down))
    whole = sight.rect
    if not total or not whole.area:
        return None
    x, y = (across / total - whole.left) / whole.width, (down / total - whole.top) / whole.depth
    rules = sight.layout.rules
    off = (_outside(x, rules.centre_across) + _outside(y, rules.centre_down)) / _TWENTIETH
    return Measured(off, (), f"{x:.0%} across, {y:.0%} down")


def _weighed(box: Rect, ink: float, sums: tuple[float, float, float]) -> tuple[float, float, float]:
    weight = box.area * ink
    return (
        sums[0] + weight,
        sums[1] + weight * (box.left + box.right) / 2,
        sums[2] + weight * (box.top + box.foot) / 2,
    )


# --------------------------------------------------------------------------- 8–9 edges and shapes


def straight_runs(sight: Sight) -> Measured | None:
    """8. (length ÷ page)² of every edge beyond half the page that items share, advertisements apart."""
    if len(sight.seen) < 2:
        return None
    limit, columns = sight.layout.rules.straight_run, sight.layout.grid.columns
    found: list[tuple[float, str]] = []
    for row in sight.rows[1:]:
        found += [(run, f"at line {row}") for run in _runs(edges_across(sight, row))]
    for column in range(1, columns):
        found += [(run, f"left of column {column + 1}") for run in _runs(edges_down(sight, column))]
    long = [(run, where) for run, where in found if run > limit + 1e-9]
    words = ", ".join(f"{run:.0%} {where}" for run, where in long)
    return Measured(sum(run * run for run, _ in long), (), words or "none")


def near_cuts(sight: Sight) -> Measured | None:
    """5. An edge across the page that jogs by a few lines only is seen as one (断版)."""
    if len(sight.news) < FEW:
        return None
    head = sight.rows.start
    found = jogs([(seen.rows.start - head, seen.rows.stop - head) for seen in sight.news], sight.layout)
    words = ", ".join(f"an edge across the page jogs by {jog} line{'s' * (jog > 1)}" for jog in found)
    return Measured(float(len(found)), (), words or "none")


def _runs(edges: list[bool]) -> list[float]:
    return [len(list(run)) / len(edges) for edge, run in groupby(edges) if edge]


def upright_shapes(sight: Sight) -> Measured | None:
    """9. Horizontal shapes are preferred: so many of the articles at most are deeper than wide."""
    articles = [seen for seen in sight.news if seen.frame.kind == "article"]
    if len(articles) < 2:
        return None
    upright = [seen.id for seen in articles if seen.rect.depth > seen.rect.width]
    share = len(upright) / len(articles)
    over = max(0.0, share - sight.layout.rules.upright_share) / _TENTH
    return Measured(
        over, tuple(upright) if over else (), f"{len(upright)} of {len(articles)} deeper than wide"
    )


def narrow_headlines(sight: Sight) -> Measured | None:
    """9. Few headlines of one column."""
    if not sight.headed:
        return None
    narrow = [seen.id for seen in sight.headed if len(seen.columns) == 1]
    over = max(0, len(narrow) - sight.layout.rules.narrow_headlines)
    return Measured(float(over), tuple(narrow) if over else (), f"{len(narrow)} of one column")


def stacks(sight: Sight) -> Measured | None:
    """9. No more than so many items of one width under each other."""
    if len(sight.news) < 2:
        return None
    under = {
        upper.id: lower
        for upper, lower in sight.stacked()
        if upper.columns == lower.columns and not upper.is_advertisement and not lower.is_advertisement
    }
    below = {lower.id for lower in under.values()}
    over, items, deepest = 0, [], 1
    for seen in sight.news:
        if seen.id in below:
            continue
        stack = [seen.id]
        while stack[-1] in under and under[stack[-1]].id not in stack:
            stack.append(under[stack[-1]].id)
        deepest = max(deepest, len(stack))
        if len(stack) > sight.layout.rules.stack:
            over += len(stack) - sight.layout.rules.stack
            items += stack
    return Measured(float(over), tuple(items), f"{deepest} at most")


# --------------------------------------------------------------------------- 10–13 headlines


def headline_fill(sight: Sight) -> Measured | None:
    """10. The longest line of a headline fills its measure well, the shortest is not much shorter.

    Lines condensed to their measure fill it wholly: the limit above holds for what stands in its own width.
    """
    headed = [(seen, seen.headline) for seen in sight.headed if isinstance(seen.headline, TextBlock)]
    if not headed:
        return None
    rules = sight.layout.rules
    broken: list[str] = []
    for seen, block in headed:
        spans = [ink_span(line) for line in block.lines if line.runs]
        wide = [right - left for left, right in spans]
        if not wide or not max(wide) or not block.width_pt:
            continue
        uneven = min(wide) / max(wide) < rules.headline_ragged
        if uneven or _outside(max(wide) / block.width_pt, rules.headline_fill) > 0.005:
            broken.append(f"{seen.id} {max(wide) / block.width_pt:.0%}")
    items = tuple(one.split()[0] for one in broken)
    return Measured(float(len(broken)), items, ", ".join(broken) or "all within limits")


def headline_area(sight: Sight) -> Measured | None:
    """11. Heads take a fair share of their article; the lead's may take more, a brief's is not asked."""
    rules = sight.layout.rules
    broken: list[str] = []
    judged = 0
    for seen in sight.headed:
        zone = head_zone(seen)
        if zone is None or seen.frame.kind != "article" or seen.weight is Weight.BRIEF or not seen.rect.area:
            continue
        judged += 1
        most = rules.lead_headline_area if seen.weight is Weight.LEAD else rules.headline_area[1]
        share = zone.area / seen.rect.area
        if _outside(share, (rules.headline_area[0], most)) > 0.005:
            broken.append(f"{seen.id} {share:.0%}")
    if not judged:
        return None
    items = tuple(one.split()[0] for one in broken)
    return Measured(float(len(broken)), items, ", ".join(broken) or "all within limits")


def faces(sight: Sight) -> Measured | None:
    """12. Few families and sizes of headlines. A family is a role without its weight: song-heavy is song."""
    styles = [style for seen in sight.headed for style in _styles(seen)]
    if not styles:
        return None
    families = {font.split("-")[0] for font, _ in styles}
    sizes = {round(seen.headline_pt, 1) for seen in sight.headed}
    rules = sight.layout.rules
    over = max(0, len(families) - rules.families) + max(0, len(sizes) - rules.sizes)
    shown = " ".join(f"{size:g}" for size in sorted(sizes, reverse=True))
    return Measured(float(over), (), f"{len(families)} families, {len(sizes)} sizes: {shown} pt")


def _styles(seen: Seen) -> Iterator[tuple[str, float]]:
    if isinstance(seen.headline, TextBlock):
        for line in seen.headline.lines:
            yield from ((run.style.font, run.style.size_pt) for run in line.runs)
    elif isinstance(seen.headline, VerticalBlock):
        for column in seen.headline.setting.columns:
            yield from ((run.style.font, run.style.size_pt) for run in column.runs)


def vertical_headlines(sight: Sight) -> Measured | None:
    """13. Few vertical headlines."""
    found = [seen.id for seen in sight.headed if isinstance(seen.headline, VerticalBlock)]
    if not found:
        return None
    over = max(0, len(found) - sight.layout.rules.vertical_headlines)
    return Measured(float(over), tuple(found) if over else (), f"{len(found)}")


# --------------------------------------------------------------------------- 14–18


def boxes(sight: Sight) -> Measured | None:
    """14. Few articles in boxes, and a small part of the page."""
    found = [seen for seen in sight.news if seen.boxed]
    if not found or not sight.rect.area:
        return None
    rules = sight.layout.rules
    share = sum(seen.rect.area for seen in found) / sight.rect.area
    over = max(0, len(found) - rules.boxes) + max(0.0, share - rules.boxes_share) / _TENTH
    items = tuple(seen.id for seen in found) if over else ()
    return Measured(over, items, f"{len(found)}, {share:.0%} of the page")


def white(sight: Sight) -> Measured:
    """15. White without a reason: up to `white_share` it passes at the edge, but not what is trapped inside.

    Trapped white counts `trapped_times`, from its first square.
    """
    rules, found = sight.layout.rules, sight.white
    at_edge = found.share - found.trapped if found.share > rules.white_share else 0.0
    over = at_edge + rules.trapped_times * found.trapped
    return Measured(over / _HUNDREDTH, (), f"{found.share:.1%}, {found.trapped:.1%} of it trapped")


def measure(sight: Sight) -> Measured | None:
    """16. Text is set neither too narrow nor too wide; [makeup] says how many characters are good to read."""
    makeup, body = sight.layout.makeup, sight.layout.grid.body_pt
    broken: list[str] = []
    widths: list[float] = []
    for seen in sight.news:
        comment = getattr(seen.item, "genre", None) == "comment"
        limits = makeup.comment_characters if comment else makeup.leg_characters
        for leg in seen.legs:
            if any(block.kind in RUNNING for block in leg.blocks):
                widths.append(leg.rect.width / body)
                if _outside(widths[-1], limits) > 0.6:
                    broken.append(seen.id)
    if not widths:
        return None
    items = tuple(dict.fromkeys(broken))
    return Measured(float(len(items)), items, f"{min(widths):.0f} to {max(widths):.0f} characters")


def fold(sight: Sight) -> Measured | None:
    """17. No headline in the fold: half the page's height."""
    rules, page = sight.layout.rules, sight.layout.page
    if not rules.fold_mm or not sight.headed:
        return None
    middle = (page.height_mm / 2 - page.top_mm) * PT_PER_MM
    clear = rules.fold_mm * PT_PER_MM
    band = Rect(sight.rect.left, middle - clear, sight.rect.right, middle + clear)
    found = [seen.id for seen in sight.headed if seen.headline_ink and seen.headline_ink.meets(band)]
    return Measured(float(len(found)), tuple(found), f"{len(found)} headlines within {rules.fold_mm:g} mm")


def likeness(sight: Sight) -> Measured | None:
    """18. Not made up like the last issue: of the edges between items few stand where they stood."""
    if not sight.last:
        return None
    now, then = _edges(seen.place for seen in sight.seen), _edges(sight.last)
    alike = len(now & then) / max(1, len(now | then))
    limit = sight.layout.rules.likeness
    over = max(0.0, alike - limit) / max(_HUNDREDTH, 1 - limit)
    return Measured(over, (), f"{alike:.0%} of the edges")


Edge = tuple[str, int, int]


def _edges(places: Iterable[Placement]) -> frozenset[Edge]:
    found: set[Edge] = set()
    for place in places:
        columns = range(place.column, place.column + place.choice.columns)
        rows = range(place.row, place.row + place.lines)
        found |= {("across", row, column) for row in (rows.start, rows.stop) for column in columns}
        found |= {("down", row, column) for row in rows for column in (columns.start, columns.stop)}
    return frozenset(found)
