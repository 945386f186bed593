"""The hard rules of make-up, measured on a finished page: what a page breaks that a paper does not print.

Each takes a page as it is seen and gives what it measured, or None when nothing on the page is under
the rule. The numbers are those of the trade's list of rules; `judge` holds them in a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from issue_publisher.composition.model import RUNNING, TextBlock, VerticalBlock
from issue_publisher.composition.sight import (
    BELOW,
    NEAR_PT,
    Leg,
    Rect,
    Seen,
    Sight,
    around,
    head_white,
    size_pt,
)
from issue_publisher.issue.model import Text, Verse, Weight
from issue_publisher.issue.wording import lacking_data
from issue_publisher.layout.model import PT_PER_MM
from issue_publisher.typesetting.words import break_prices

_BREAKS_SENSE = 1.0  # from this price on a break hurts the sense (typesetting.words)
_NO_START = "的"
_ALL_RECTANGLES = "every item is a rectangle"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rule found: `amount` is 0 when the page keeps it, else how often or how far it is broken."""

    amount: float = 0.0
    items: tuple[str, ...] = ()
    words: str = ""


Breach = tuple[tuple[str, ...], str]  # ids concerned, what is wrong


def counted(breaches: Sequence[Breach], kept: str) -> Measured:
    """So many breaches, each said; or what was measured when there is none."""
    if not breaches:
        return Measured(words=kept)
    items = tuple(dict.fromkeys(chain.from_iterable(ids for ids, _ in breaches)))
    return Measured(float(len(breaches)), items, "; ".join(words for _, words in breaches))


def mm(points: float) -> str:
    """A length for a person."""
    return f"{points / PT_PER_MM:.0f} mm"


# --------------------------------------------------------------------------- 1–3 grid, module, covering


def grid(sight: Sight) -> Measured:
    """1. All items stand in the page's area, none on another; running text stands on the grid's lines."""
    columns = range(sight.layout.grid.columns)
    breaches: list[Breach] = [
        ((seen.id,), f"{seen.id} leaves the area")
        for seen in sight.seen
        if seen.columns.start not in columns
        or seen.columns.stop - 1 not in columns
        or seen.rows.start < sight.rows.start
        or seen.rows.stop > sight.rows.stop
    ]
    breaches += [
        ((one.id, other.id), f"{other.id} overlaps {one.id}")
        for one, other in combinations(sight.seen, 2)
        if one.rect.meets(other.rect) and not (_is_corner(one, other) or _is_corner(other, one))
    ]
    breaches += [((seen.id,), f"{seen.id} is off the grid") for seen in sight.news if _off_the_grid(seen)]
    return counted(breaches, f"{len(sight.seen)} items on the grid")


def _is_corner(outer: Seen, inner: Seen) -> bool:
    """Whether an item stands in the lower right corner of an article that leaves it free."""
    corner, whole = inner.rect, outer.rect
    return (
        inner.place.inside == outer.id
        and abs(corner.right - whole.right) < NEAR_PT
        and abs(corner.foot - whole.foot) < NEAR_PT
        and not any(outer.rect_of(part).meets(corner) for part in outer.frame.parts)
    )


def _off_the_grid(seen: Seen) -> bool:
    leading = seen.layout.grid.leading_pt
    tops = [b.y_pt % leading for b in seen.blocks if b.kind in RUNNING and not seen.in_a_box(b)]
    return any(min(off, leading - off) > NEAR_PT for off in tops)


def module(sight: Sight) -> Measured:
    """2. An article with its pictures and captions is one rectangle: nothing of it stands outside.

    One that ends above another in its corner turns once (an L), where the layout allows that.
    """
    turned = [seen for seen in sight.seen if seen.place.inside]
    breaches: list[Breach] = [
        ((seen.id,), f"{seen.place.inside} turns round {seen.id}")
        for seen in turned
        if not sight.layout.makeup.l_shapes
    ]
    breaches += [
        ((seen.id,), f"{seen.id} reaches beyond its rectangle")
        for seen in sight.seen
        if any(_sticks_out(seen.rect_of(part), seen.rect) for part in seen.frame.parts)
    ]
    corners = ", ".join(f"{seen.place.inside}, an L round {seen.id}" for seen in turned)
    return counted(breaches, f"every item is a rectangle but {corners}" if turned else _ALL_RECTANGLES)


def _sticks_out(part: Rect, whole: Rect) -> bool:
    return (
        part.left < whole.left - NEAR_PT
        or part.right > whole.right + NEAR_PT
        or part.top < whole.top - NEAR_PT
        or part.foot > whole.foot + NEAR_PT
    )


def covering(sight: Sight) -> Measured | None:
    """3. Covering (盖文): no text wider than its headline's measure, none above its headline.

    A vertical headline stands beside its text and covers nothing.
    """
    headed = [seen for seen in sight.headed if isinstance(seen.headline, TextBlock) and seen.legs]
    if not headed:
        return None
    breaches: list[Breach] = []
    for seen in headed:
        assert seen.headline is not None
        # Kicker and deck that stand at the headline's sides cover the text with it.
        head = [block for block in seen.head if block.kind in ("kicker", "headline", "deck")]
        over = around(map(seen.rect_of, head)) or seen.rect_of(seen.headline)
        if any(
            leg.rect.left < over.left - NEAR_PT or leg.rect.right > over.right + NEAR_PT for leg in seen.legs
        ):
            breaches.append(((seen.id,), f"the text of {seen.id} is wider than its headline"))
        if any(leg.rect.top < over.top for leg in seen.legs):
            breaches.append(((seen.id,), f"text of {seen.id} stands above its headline"))
    return counted(breaches, "every headline covers its text")


# --------------------------------------------------------------------------- 4 bumping headlines


def bumping_pairs(sight: Sight) -> tuple[list[tuple[Seen, Seen, float]], list[tuple[Seen, Seen, float]]]:
    """Neighbours whose headline bands read as one: those at the top of the page, and all others.

    Two bands bump (碰题) when their items share a gutter and the bands overlap vertically or stand less than
    `bump_lines` apart. No pair are items that the source links, boxes, advertisements, and items of which
    one has a picture at that gutter beside half of the other's band or more. With each pair goes the distance
    in lines, less than 0 when they overlap.
    """
    top: list[tuple[Seen, Seen, float]] = []
    lower: list[tuple[Seen, Seen, float]] = []
    for left, right in sight.neighbours():
        apart = reads_as_one(sight, left, right)
        if apart is None or sight.joined(left, right):
            continue
        at_top = left.rows.start == right.rows.start == sight.rows.start
        (top if at_top else lower).append((left, right, apart))
    return top, lower


def reads_as_one(sight: Sight, left: Seen, right: Seen) -> float | None:
    """The distance of two headline bands at a gutter in lines, if they read as one; else None."""
    if left.band is None or right.band is None or left.boxed or right.boxed:
        return None
    apart = -left.band.shared_depth(right.band) / sight.layout.grid.leading_pt
    if apart >= sight.layout.rules.bump_lines - 0.01:
        return None
    at_left = _picture_parts(left, right.band, left.rect.right)
    return None if at_left or _picture_parts(right, left.band, right.rect.left) else apart


def _picture_parts(seen: Seen, band: Rect, gutter_pt: float) -> bool:
    """Whether a picture of an item, with its caption, stands at a gutter beside half of a band or more."""
    near, half = seen.layout.grid.body_pt, (band.foot - band.top) / 2
    return any(
        min(abs(whole.left - gutter_pt), abs(whole.right - gutter_pt)) < near
        and whole.shared_depth(band) >= half - NEAR_PT
        for _, whole, _ in seen.figures
    )


def bumping_headlines(sight: Sight) -> Measured | None:
    """4. No two headlines side by side read as one; so many as the layout says may at the top of the page."""
    if len(sight.headed) < 2:
        return None
    top, lower = bumping_pairs(sight)
    allowed = sight.layout.rules.top_pairs
    broken = lower + (top if len(top) > allowed else [])
    breaches = [
        ((left.id, right.id), f"{left.id} and {right.id} {_distance(apart)}") for left, right, apart in broken
    ]
    kept = "no headlines side by side"
    if top:
        kept = f"{len(top)} allowed at the top: " + ", ".join(f"{a.id} and {b.id}" for a, b, _ in top)
    return counted(breaches, kept)


def _distance(lines: float) -> str:
    return f"overlap by {-lines:.1f} lines" if lines < 0 else f"are {lines:.1f} lines apart"


# --------------------------------------------------------------------------- 5 through cuts


def through_cut_horizontal(sight: Sight) -> Measured | None:
    """5. No boundary from edge to edge, save where one side is a single item or advertisements alone."""
    if len(sight.seen) < 2:
        return None
    breaches: list[Breach] = []
    for row in sorted({seen.rows.start for seen in sight.seen} & set(sight.rows[1:])):
        if any(seen.rows.start < row < seen.rows.stop for seen in sight.seen):
            continue
        over = [seen for seen in sight.news if seen.rows.stop <= row]
        under = [seen for seen in sight.news if seen.rows.start >= row]
        if len(over) > 1 and len(under) > 1:
            breaches.append((tuple(seen.id for seen in under if seen.rows.start == row), f"at line {row}"))
    return counted(breaches, "no boundary from edge to edge")


def through_cut_vertical(sight: Sight) -> Measured | None:
    """5. No gutter from top to foot, save beside a strip of few columns; advertisements are not counted."""
    if len(sight.news) < 2:
        return None
    columns, strip = sight.layout.grid.columns, sight.layout.rules.strip_columns
    breaches: list[Breach] = []
    for column in range(strip + 1, columns - strip):
        if any(seen.columns.start < column < seen.columns.stop for seen in sight.news):
            continue
        beside = tuple(seen.id for seen in sight.news if seen.columns.start == column)
        breaches.append((beside, f"left of column {column + 1}"))
    return counted(breaches, "no gutter from top to foot")


# --------------------------------------------------------------------------- 6 legs


def _with_legs(sight: Sight) -> Iterator[Seen]:
    """Items under the rules of legs: articles that are no briefs.

    Groups of briefs are short by nature and end where the last of them ends; words beside pictures that
    stand alone are a caption; advertisements are set as they were ordered.
    """
    return (seen for seen in sight.news if seen.frame.kind == "article" and seen.legs)


def legs(sight: Sight) -> Measured | None:
    """6. Depth of each leg: within `leg_mm`, under a picture at least `leg_under_picture_mm`.

    A brief may be shorter, as may the one leg of a box; verse is as long as its poet made it.
    """
    rules = sight.layout.rules
    breaches: list[Breach] = []
    measured: list[float] = []
    for seen in _with_legs(sight):
        if any(block.kind == "verse" for leg in seen.legs for block in leg.blocks):
            continue
        short = seen.weight is Weight.BRIEF or (seen.boxed and len(seen.legs) == 1)
        for number, leg in enumerate(seen.legs, 1):
            partly = leg.picture_over or sight.under(seen, leg) > 0
            least = rules.leg_under_picture_mm if partly else rules.leg_mm[0]
            depth = leg.rect.depth / PT_PER_MM
            measured.append(depth)
            if (depth < least and not short) or depth > rules.leg_mm[1]:
                breaches.append(((seen.id,), f"leg {number} of {seen.id} is {depth:.0f} mm deep"))
    if not measured:
        return None
    return counted(breaches, f"{min(measured):.0f} to {max(measured):.0f} mm deep")


def level_feet(sight: Sight) -> Measured | None:
    """6. Legs end level: each at most so many lines above the deepest, the last one a little more."""
    leading = sight.layout.grid.leading_pt
    most, last = sight.layout.rules.leg_short_lines
    several = [seen for seen in _with_legs(sight) if len(seen.legs) > 1]
    if not several:
        return None
    breaches: list[Breach] = []
    for seen in several:
        feet = [leg.rect.foot + sight.under(seen, leg) for leg in seen.legs]
        for number, foot in enumerate(feet, 1):
            short = (max(feet) - foot) / leading
            if short > (last if number == len(seen.legs) else most) + 0.1:
                breaches.append(((seen.id,), f"leg {number} of {seen.id} ends {short:.0f} lines early"))
    return counted(breaches, "level")


def stray_lines(sight: Sight) -> Measured | None:
    """6. No leg opens with a paragraph's or stanza's last line, none ends with a crosshead or next to one.

    Of text that follows a crosshead or pull quote at the foot of a leg there are two lines. A last line does
    not reach the edge and has no indent; in a measure too narrow to be justified, and in a layout without
    indents, it cannot be told apart.
    """
    several = [seen for seen in _with_legs(sight) if len(seen.legs) > 1]
    if not several:
        return None
    breaches: list[Breach] = []
    for seen in several:
        for number, (before, leg) in enumerate(zip(seen.legs, seen.legs[1:], strict=False), 2):
            if _opens_with_a_last_line(seen, leg) or _opens_with_a_last_verse(seen, before, leg):
                breaches.append(((seen.id,), f"leg {number} of {seen.id} opens with a paragraph's last line"))
            if before.blocks[-1].kind == "crosshead":
                breaches.append(((seen.id,), f"leg {number - 1} of {seen.id} ends with a crosshead"))
            elif (display := _line_alone_under(before)) is not None:
                words = f"leg {number - 1} of {seen.id} ends with one line under a {display}"
                breaches.append(((seen.id,), words))
    return counted(breaches, "none")


def _line_alone_under(leg: Leg) -> str | None:
    """The crosshead or pull quote that a single line of text follows at the foot of a leg."""
    lines = 0
    for block in reversed(leg.blocks):
        if block.kind in ("crosshead", "pull-quote", "pull-quote-source"):
            return block.kind.removesuffix("-source").replace("-", " ") if lines == 1 else None
        lines += len(block.lines)
    return None


def _opens_with_a_last_verse(seen: Seen, before: Leg, leg: Leg) -> bool:
    """Whether a leg opens with the last verse of a stanza that began in the leg before."""
    block, last = leg.blocks[0], before.blocks[-1]
    verses = [inner for inner in getattr(seen.item, "body", ()) if isinstance(inner, Verse)]
    several = all(len(stanza) > 1 for verse in verses for stanza in verse.stanzas)
    return block.kind == last.kind == "verse" and len(block.lines) == 1 and several


def _opens_with_a_last_line(seen: Seen, leg: Leg) -> bool:
    role, policy = seen.layout.type["body"], seen.layout.typesetting
    block = leg.blocks[0]
    kinds = RUNNING | {"quotation"}
    if block.kind not in kinds or block.width_pt < policy.justify_from_em * role.size_pt:
        return False
    if not role.indent_characters or not block.lines[0].runs:
        return False
    line = block.lines[0]
    shifted_pt = role.size_pt if block.kind == "quotation" else 0.0  # it stands in from either side
    indented = line.runs[0].x_pt - shifted_pt > role.indent_characters * role.size_pt / 2
    return not line.flush and not indented


# --------------------------------------------------------------------------- 7–10 headlines


def headline_band(sight: Sight) -> Measured | None:
    """7. White above, between and below the lines of a head: its average within `band_white_lines`."""
    least, most = sight.layout.rules.band_white_lines
    breaches: list[Breach] = []
    averages: list[float] = []
    for seen in sight.headed:
        if (found := head_white(seen)) is None or isinstance(seen.headline, VerticalBlock):
            continue
        average = found[0] / found[1]
        averages.append(average)
        if not least - 0.01 <= average <= most + 0.01:
            breaches.append(((seen.id,), f"{average:.1f} lines at each place in the head of {seen.id}"))
    if not averages:
        return None
    return counted(breaches, f"{min(averages):.1f} to {max(averages):.1f} lines at each place")


def headline_breaks(sight: Sight) -> Measured | None:
    """8. Headlines turn at sense: not in a word or phrase unless the desk says so, no line begins with 的.

    No line has a character alone; a wide article's headline has at most two lines, a narrow one's at most
    as many as its role says.
    """
    if not sight.headed:
        return None
    breaches: list[Breach] = []
    for seen in sight.headed:
        breaches += [((seen.id,), f"the headline of {seen.id} {fault}") for fault in _break_faults(seen)]
    return counted(breaches, "all at sense")


def _break_faults(seen: Seen) -> Iterator[str]:
    lines = headline_lines(seen)
    rules, role = seen.layout.rules, seen.layout.headline[seen.weight.value]
    if isinstance(seen.headline, TextBlock):
        wide = len(seen.columns) >= role.wide_columns
        most = min(role.max_lines, role.wide_max_lines) if wide else role.max_lines
        if len(lines) > most:
            yield f"has {len(lines)} lines"
    for line in lines[1:]:
        if line.startswith(_NO_START):
            yield f"has a line that begins with {_NO_START}"
    if len(lines) > 1 and any(len(line) < rules.headline_characters for line in lines):
        yield "has a character alone"
    source = getattr(seen.item, "headline", None)
    if isinstance(source, Text):
        yield from _hurt_breaks(source, lines, seen.layout.typesetting.words)


def _hurt_breaks(source: Text, lines: Sequence[str], own: tuple[str, ...]) -> Iterator[str]:
    plain, at = source.plain, 0
    prices = break_prices(plain, own)
    for line in lines[:-1]:
        for char in line:
            while at < len(plain) and plain[at] != char:
                at += 1
            at += 1
        ends = {at, at + (len(plain[at:]) - len(plain[at:].lstrip()))}  # white space at the break
        if (
            at < len(plain)
            and not ends & set(source.breaks)
            and min(prices[e] for e in ends) >= _BREAKS_SENSE
        ):
            yield f"is broken inside a phrase: {line[-4:]}|{plain[at : at + 4]}"


def headline_lines(seen: Seen) -> list[str]:
    """The lines of a headline, or the columns of a vertical one, without white space."""
    if isinstance(seen.headline, TextBlock):
        return ["".join(line.text.split()) for line in seen.headline.lines]
    if isinstance(seen.headline, VerticalBlock):
        return ["".join(column.text.split()) for column in seen.headline.setting.columns]
    return []


def rank(sight: Sight) -> Measured | None:
    """9. The lead's headline is the page's largest, `lead_step_pt` above the next.

    With two leads (双头条), as the desk says, the smaller counts.
    """
    leads = [seen for seen in sight.headed if seen.weight is Weight.LEAD]
    others = [seen for seen in sight.headed if seen.weight is not Weight.LEAD]
    if not leads or not others:
        return None
    step = sight.layout.rules.lead_step_pt
    lead = min(leads, key=lambda seen: seen.headline_pt)
    breaches: list[Breach] = [
        ((lead.id, seen.id), f"{lead.id} {lead.headline_pt:g} pt, {seen.id} {seen.headline_pt:g} pt")
        for seen in others
        if seen.headline_pt > lead.headline_pt - step + 0.01
    ]
    largest = max(seen.headline_pt for seen in others)
    return counted(breaches, f"{lead.headline_pt:g} pt over {largest:g} pt")


def equal_width_rank(sight: Sight) -> Measured | None:
    """9. Of articles of equal widths none lower on the page has the larger headline."""
    pairs = [
        (upper, lower)
        for upper in sight.headed
        for lower in sight.headed
        if len(upper.columns) == len(lower.columns) and upper.rows.start < lower.rows.start
    ]
    if not pairs:
        return None
    breaches: list[Breach] = []
    for lower in sight.headed:  # each once, however many stand above it
        small = [up for up, low in pairs if low is lower and up.headline_pt < lower.headline_pt - 0.01]
        if small:
            least = min(small, key=lambda seen: seen.headline_pt)
            breaches.append(
                (
                    (lower.id, least.id),
                    f"{lower.id} {lower.headline_pt:g} pt under {least.id} {least.headline_pt:g} pt,"
                    f" both {len(lower.columns)} columns",
                )
            )
    return counted(breaches, "larger above smaller")


def kicker_deck(sight: Sight) -> Measured | None:
    """10. Kicker and deck never stand alone, and are plainly smaller than their headline."""
    least, most = sight.layout.rules.beside_em
    breaches: list[Breach] = []
    shares: list[float] = []
    for seen in sight.news:
        for part in seen.frame.parts:
            if not isinstance(part, TextBlock | VerticalBlock) or part.kind not in ("kicker", "deck"):
                continue
            if not seen.headline_pt:
                breaches.append(((seen.id,), f"the {part.kind} of {seen.id} stands alone"))
                continue
            shares.append(size_pt(part) / seen.headline_pt)
            if not least - 0.005 <= shares[-1] <= most + 0.005:
                breaches.append(
                    ((seen.id,), f"the {part.kind} of {seen.id} is {shares[-1]:.2f} of its headline")
                )
    if not shares and not breaches:
        return None
    return counted(breaches, f"{min(shares, default=0):.2f} to {max(shares, default=0):.2f} of the headline")


# --------------------------------------------------------------------------- 11–12 pictures


def picture_place(sight: Sight) -> Measured | None:
    """11. No picture in the middle or at the foot of a leg, none between headline and text.

    Captions stand under their picture and within its edges. A table, too, stands below the opening.
    """
    with_pictures = [seen for seen in sight.news if seen.pictures or seen.cells]
    if not with_pictures:
        return None
    breaches: list[Breach] = []
    for seen in with_pictures:
        breaches += [((seen.id,), f"{seen.id}: {fault}") for fault in _place_faults(seen)]
    return counted(breaches, "in their places")


def _place_faults(seen: Seen) -> Iterator[str]:
    if any(leg.picture_inside for leg in seen.legs):
        yield "a picture stands under text in its leg"
    band = seen.band
    if band is not None and seen.legs and seen.frame.kind == "article":
        first = seen.legs[0].rect
        between = [
            box for box, _, _ in seen.figures if box.top >= band.foot and box.foot <= first.top + NEAR_PT
        ]
        if any(box.shared_width(first) > first.width / 2 for box in between):
            yield "a picture stands between headline and text"
        if any(
            band.foot <= cell.top + NEAR_PT
            and cell.foot <= first.top + NEAR_PT
            and cell.shared_width(first) > NEAR_PT
            for cell in seen.cells
        ):
            yield "a table stands before the first paragraph"
    for box, _, words in seen.figures:
        if any(w.left < box.left - NEAR_PT or w.right > box.right + NEAR_PT for w in words):
            yield "a caption reaches beyond its picture"
        if any(w.top < box.foot - NEAR_PT for w in words):
            yield "a caption stands over its picture"


def foreign_contact(sight: Sight) -> Measured | None:
    """12. No two boxes touch, no pictures of two articles meet, no picture meets another's headline.

    A picture meets what lies beyond its item's edge when it reaches the gutter, or stands (with its caption)
    within `contact_lines` of the item's top or foot. Boxes and advertisements have a border that parts
    their pictures from others; advertisements may touch each other.
    """
    if len(sight.seen) < 2:
        return None
    breaches: list[Breach] = []
    for one, other in chain(sight.neighbours(), sight.stacked()):
        if one.boxed and other.boxed and not (one.is_advertisement and other.is_advertisement):
            breaches.append(((one.id, other.id), f"the boxes of {one.id} and {other.id} touch"))
    for left, right in sight.neighbours():
        if not (left.boxed or right.boxed) and _back_to_back(left, right):
            breaches.append(((left.id, right.id), f"pictures of {left.id} and {right.id} side by side"))
    for upper, lower in sight.stacked():
        if not (upper.boxed or lower.boxed):
            breaches += [((upper.id, lower.id), words) for words in _over_each_other(upper, lower)]
    return counted(breaches, "none")


def _back_to_back(left: Seen, right: Seen) -> bool:
    near = left.layout.grid.body_pt
    return any(
        one.right > left.rect.right - near
        and other.left < right.rect.left + near
        and one.shared_depth(other) > left.layout.grid.leading_pt
        for one in left.pictures
        for other in right.pictures
    )


def _over_each_other(upper: Seen, lower: Seen) -> Iterator[str]:
    near = upper.layout.rules.contact_lines * upper.layout.grid.leading_pt
    # Pictures that stand alone have their own title over them and their captions below: nobody mistakes them.
    alone = upper.frame.kind == "pictures"
    hanging = [whole for _, whole, _ in upper.figures if whole.foot > upper.rect.foot - near and not alone]
    standing = [box for box in lower.pictures if box.top < lower.rect.top + near]
    if any(one.shared_width(other) > NEAR_PT for one in hanging for other in standing):
        yield f"a picture of {upper.id} right over one of {lower.id}"
    heads = [lower.band] if lower.band and lower.band.top < lower.rect.top + near else []
    if any(one.shared_width(head) > NEAR_PT for one in hanging for head in heads):
        yield f"a picture of {upper.id} right over the headline of {lower.id}"
    feet = [upper.band] if upper.band and upper.band.foot > upper.rect.foot - near else []
    if any(head.shared_width(box) > NEAR_PT for head in feet for box in standing):
        yield f"a picture of {lower.id} right under the headline of {upper.id}"


# --------------------------------------------------------------------------- 13–16 type, law, advertisements


def type_floor(sight: Sight) -> Measured | None:
    """13. Body at least `body_floor_pt`; type on a ground of ink (reversed) at least `reversed_floor_pt`."""
    rules = sight.layout.rules
    paper = {name for name, parts in sight.layout.inks.items() if not any(parts)}
    breaches: list[Breach] = []
    smallest: list[float] = []
    for seen in sight.news:
        for block in seen.blocks:
            size = size_pt(block)
            if not size:
                continue
            reversed_type = any(run.style.ink in paper for line in block.lines for run in line.runs)
            if block.kind in BELOW:
                smallest.append(size)
            floor = rules.reversed_floor_pt if reversed_type else rules.body_floor_pt
            if size < floor and (reversed_type or block.kind in BELOW):
                breaches.append(((seen.id,), f"{block.kind} of {seen.id} in {size:g} pt"))
    if not smallest and not breaches:
        return None
    return counted(breaches, f"body from {min(smallest, default=0):g} pt")


def by_law(sight: Sight) -> Measured | None:
    """14. Advertisements say what they are; on the front page the paper's name is larger than all else.

    The last page is told which data of publication its imprint has not got: make-up cannot cure that, so it
    is no breach. Page numbers and the imprint's print are the templates', and are not seen here.
    """
    number, pages = sight.page.page.number, sight.issue.pages
    front, last = bool(pages) and number == pages[0].number, bool(pages) and number == pages[-1].number
    advertisements = [seen for seen in sight.seen if seen.is_advertisement]
    if not front and not last and not advertisements:
        return None
    breaches: list[Breach] = [
        ((seen.id,), f"{seen.id} does not say that it is an advertisement")
        for seen in advertisements
        if not any(block.kind == "ad-label" and block.lines for block in seen.blocks)
    ]
    name = sight.layout.type["nameplate"].size_pt
    if front:
        for seen in sight.seen:
            largest = max(
                (size_pt(b) for b in seen.frame.parts if isinstance(b, TextBlock | VerticalBlock)), default=0
            )
            if largest >= name:
                breaches.append(
                    ((seen.id,), f"{seen.id} has type of {largest:g} pt, the nameplate {name:g} pt")
                )
    kept = ["the paper's name is the largest"] if front else []
    kept += ["advertisements are labelled"] if advertisements else []
    if last:
        lacking = lacking_data(sight.issue)
        kept += [f"the imprint lacks {', '.join(lacking)}" if lacking else "the imprint has its data"]
    return counted(breaches, "; ".join(kept))


def advertisements(sight: Sight) -> Measured | None:
    """16. Advertisements stand at the foot, or on each other: no news beneath them."""
    sold = [seen for seen in sight.seen if seen.is_advertisement]
    if not sold:
        return None
    breaches: list[Breach] = []
    for seen in sold:
        under = [
            n.id for n in sight.news if n.rows.start >= seen.rows.stop and n.rect.shared_width(seen.rect) > 0
        ]
        if under:
            breaches.append(((seen.id, *under), f"{', '.join(under)} under {seen.id}"))
    return counted(breaches, "at the foot")


# --------------------------------------------------------------------------- 17 holes


def hole(sight: Sight) -> Measured:
    """17. No hole: a column that nothing covers for `hole_lines`, with an item or advertisement beneath.

    White that is open to the foot of the page is none; it counts as white. Columns side by side are one hole.
    """
    rows = sight.rows
    breaches: list[Breach] = []
    runs: list[tuple[int, range]] = []  # column and rows of what may be parts of one hole
    for column in range(sight.layout.grid.columns):
        here = sorted((seen.rows.start, seen.rows.stop) for seen in sight.seen if column in seen.columns)
        free = rows.start
        for top, foot in here:
            if top - free >= sight.layout.rules.hole_lines:
                runs.append((column, range(free, top)))
            free = max(free, foot)
    for part in _joined_runs(runs):
        columns = {column for column, _ in part}
        top, foot = min(run.start for _, run in part), max(run.stop for _, run in part)
        beside = tuple(
            seen.id
            for seen in sight.seen
            if columns & set(seen.columns) and {seen.rows.start, seen.rows.stop} & set(range(top, foot + 1))
        )
        size = f"{len(columns)} × {foot - top} at line {top} of column {min(columns) + 1}"
        breaches.append((beside, size))
    return counted(breaches, "none")


def _joined_runs(runs: Sequence[tuple[int, range]]) -> Iterator[list[tuple[int, range]]]:
    """Runs of lines, sorted by column, in groups that lie side by side."""
    left = list(runs)
    while left:
        group = [left.pop(0)]
        for column, run in group:  # grows while it is gone through
            near = [
                (c, other)
                for c, other in left
                if c == column + 1 and other.start < run.stop and run.start < other.stop
            ]
            group += near
            left = [one for one in left if one not in near]
        yield group
