"""A census of an issue's set pages: what a compositor would count before signing them.

It makes the issue up by its plan, paints the press PDF, and counts twice: on the composed lines, and on
what pdfium finds in the finished PDF along them. Exit code 1 when a count that should be 0 is not.
Run it by `make census ISSUE=source/…`, which puts tests/ on Python's path: the prohibition table is theirs.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path

from extracted import EXTRACTORS, not_verbatim, sentences
from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.fonts import Measures
from issue_publisher.layout.model import Layout, LineEnd
from issue_publisher.production.load import Source, load
from issue_publisher.rendering.pages import render_pages
from issue_publisher.typesetting.faces import PaperFaces
from painted import (
    Glyph,
    PaintedPage,
    SetLine,
    one_by_one,
    right_edge,
    runs_forward,
    set_glyphs,
    set_lines,
)
from typesetting.prohibition import CLOSING, NOT_AT_END, NOT_AT_START, OPENING, POINTS

# --------------------------------------------------------------------------- what is right

EDGE_PT = 0.25  # a full line may end so far off its edge
PLACE_PT = 0.05  # a character may be painted so far from where it was set
GRID_PT = 0.1  # a baseline may stand so far off the grid
NATURAL_PT = 0.005  # less squeeze or stretch than this is none
HANGING = "，。、；："

# What stays with the number before it (R3): GB 3100, and the measure words of news.
UNITS = (
    "%‰℃℉°％年月日时分秒岁版期届号次个名位人家项种条台套件只座米克吨升斤里尺寸度倍"
    "瓦伏安赫帕焦弧元角万亿千百毫微纳厘"
)
LATIN_UNITS = re.compile(r"(?:[munkMG]?(?:m|g|Pa|W|Wh|V|A|Hz|J|N|L|K|s|min|h|t|eV)|dB|rpm)(?![A-Za-z])")

BODY = ("body", "list", "question", "answer", "quotation")  # on the grid
FLOW = (*BODY, "crosshead", "brief-head", "verse", "editors-note", "box")  # what fills legs
HEADS = ("crosshead", "brief-head")  # kept with what follows
APART = (
    "table",
    "table-head",
    "table-caption",
    "rubric",
    "ad-label",
)  # labels and cells: may be one character

SHOWN = 10  # lines of a list


# --------------------------------------------------------------------------- what is seen


@dataclass(frozen=True)
class Seen:
    """A line as it was set or as it was painted: its words and where they stand."""

    set_line: SetLine
    text: str
    glyphs: tuple[Glyph, ...]

    @property
    def full(self) -> bool:
        """Whether it should reach the right edge."""
        return self.set_line.line.flush


Paragraph = list[Seen]


@dataclass
class Count:
    """A thing counted, with those that were found."""

    found: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.found)


@dataclass
class Census:
    """All that was counted. `zero` holds what should be 0, as `name → Count`."""

    lines: int = 0
    full_lines: int = 0
    paragraphs: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    zero: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    furthest_x_pt: float = 0.0
    furthest_y_pt: float = 0.0
    furthest_edge_pt: float = 0.0
    natural: int = 0
    squeezed: int = 0
    stretched: int = 0
    forced: int = 0
    stretch_histogram: dict[str, int] = field(default_factory=dict)
    stretch_em: dict[str, float] = field(default_factory=dict)
    stretch_of_stretched_em: dict[str, float] = field(default_factory=dict)
    squeeze_em: dict[str, float] = field(default_factory=dict)
    worst: list[str] = field(default_factory=list)
    han_alone: tuple[int, int] = (0, 0)  # on the character grid, of all
    han_and_marks: tuple[int, int] = (0, 0)
    sentences: int = 0

    @property
    def good(self) -> bool:
        """Whether every count that should be 0 is."""
        return not any(map(len, self.zero.values()))


def take_census(source: Source) -> Census:
    """Make up and paint an issue, and count."""
    faces = PaperFaces(Measures(source.fonts), source.layout.latin_fonts)
    composed = compose_issue(
        source.issue, source.layout, faces, source.pictures, file=source.file, plan=source.plan
    )
    return count(source, composed, faces, render_pages(composed, source.layout, faces, source.pictures))


def count(source: Source, composed: ComposedIssue, faces: PaperFaces, pdf: bytes) -> Census:
    """The census of an issue that is made up and painted."""
    census, layout = Census(), source.layout
    set_pages = [seen_as_set(composed, layout, faces, page) for page in range(len(composed.pages))]
    for page, as_set in enumerate(set_pages):
        as_painted = seen_as_painted(as_set, PaintedPage(pdf, page))
        for how, seen in (("set", as_set), ("painted", as_painted)):
            paragraphs = list(paragraphs_of(seen))
            count_prohibitions(paragraphs, layout, census, how)
            count_last_lines(paragraphs, census, how)
            count_edges(seen, layout, faces, census, how)
            count_baselines(seen, layout, census, how)
        count_legs(list(paragraphs_of(as_set)), census)
        count_places(as_set, as_painted, census)
    lines = [seen for page in set_pages for seen in page]
    census.lines, census.full_lines = len(lines), sum(seen.full for seen in lines)
    census.paragraphs = sum(len(list(paragraphs_of(page))) for page in set_pages)
    census.by_kind = dict(Counter(seen.set_line.kind for seen in lines).most_common())
    count_white(set_pages, layout, census)
    count_character_grid(lines, census)
    count_sentences(source, pdf, census)
    return census


def seen_as_set(composed: ComposedIssue, layout: Layout, faces: PaperFaces, page: int) -> list[Seen]:
    """The lines of a page where typesetting means them to stand."""
    gap_em = layout.typesetting.han_latin_gap_em
    return [
        Seen(
            each,
            each.line.text,
            tuple(one_by_one(set_glyphs(each, faces, gap_em), each.style.size_pt)),
        )
        for each in set_lines(composed, layout, page)
    ]


def seen_as_painted(as_set: Iterable[Seen], page: PaintedPage) -> list[Seen]:
    """The same lines as pdfium finds them."""
    found = []
    for seen in as_set:
        size = seen.set_line.style.size_pt
        glyphs = one_by_one(page.along(seen.glyphs), size) if seen.glyphs else []
        found.append(Seen(seen.set_line, "".join(glyph.char for glyph in glyphs), tuple(glyphs)))
    return found


def paragraphs_of(page: Iterable[Seen]) -> Iterator[Paragraph]:
    """The lines of each paragraph, over the legs it runs through."""
    for (_, kind, _), group in groupby(
        page, key=lambda seen: (seen.set_line.item, seen.set_line.kind, seen.set_line.line.source_line)
    ):
        lines = list(group)
        justified = any(seen.full for seen in lines)
        paragraph: Paragraph = []
        for seen in lines:
            paragraph.append(seen)
            if (justified or kind in BODY) and not seen.full:
                yield paragraph
                paragraph = []
        if paragraph:
            yield paragraph


def place_of(seen: Seen) -> str:
    """Where a line is to be found: page, item, kind."""
    each = seen.set_line
    return f"p{each.page + 1} {each.item} {each.kind}"


# --------------------------------------------------------------------------- prohibition and last lines


def count_prohibitions(paragraphs: list[Paragraph], layout: Layout, census: Census, how: str) -> None:
    """R1–R3 between the lines of every paragraph."""
    forbidden = NOT_AT_START[layout.typesetting.strictness]
    names = (
        "begins with a closing mark",
        "ends with an opening mark",
        "—— or …… split",
        "number parted from unit",
    )
    counts = [census.zero[f"{name} ({how})"] for name in names]
    for paragraph in paragraphs:
        if paragraph[0].set_line.kind in APART:
            continue
        for one, other in pairwise(paragraph):
            ends, begins = one.text.strip(), other.text.strip()
            if not ends or not begins:
                continue
            broken = (
                begins[0] in forbidden,
                ends[-1] in NOT_AT_END,
                begins[0] in "—…" and ends[-1] == begins[0],
                ends[-1].isdigit() and (begins[0] in UNITS or LATIN_UNITS.match(begins) is not None),
            )
            for each, found in zip(counts, broken, strict=True):
                if found:
                    each.found.append(f"{place_of(one)}: …{ends[-8:]}|{begins[:8]}…")


def count_last_lines(paragraphs: list[Paragraph], census: Census, how: str) -> None:
    """R10: last lines of one character, or of a character and a mark."""
    counted = census.zero[f"last line of one character ({how})"]
    for paragraph in paragraphs:
        last = paragraph[-1]
        words = last.text.translate(_NO_MARKS)
        if len(paragraph) > 1 and len(words) <= 1 and last.set_line.kind not in APART:
            counted.found.append(f"{place_of(last)}: …{paragraph[-2].text[-8:]}|{last.text}")


_NO_MARKS = str.maketrans("", "", POINTS + CLOSING + OPENING + "—…·-,.:;!?() \u3000")


# --------------------------------------------------------------------------- edges, baselines, places


def count_edges(seen: list[Seen], layout: Layout, faces: PaperFaces, census: Census, how: str) -> None:
    """Full lines that do not end at their edge."""
    counted = census.zero[f"full line off the edge by more than {EDGE_PT} pt ({how})"]
    gap_em = layout.typesetting.han_latin_gap_em
    hanging = HANGING if layout.typesetting.line_end is LineEnd.HANGING else ""
    for each in seen:
        if not each.full or not each.glyphs:
            continue
        edge = each.set_line.left_pt + each.set_line.line.end_pt  # the measure, indents of the block included
        off = right_edge(each.set_line, each.glyphs, faces, gap_em, hanging) - edge
        if how == "painted":
            census.furthest_edge_pt = max(census.furthest_edge_pt, abs(off))
        if abs(off) > EDGE_PT:
            counted.found.append(f"{place_of(each)}: {off:+.2f} pt {each.text}")


def count_baselines(seen: list[Seen], layout: Layout, census: Census, how: str) -> None:
    """R20: body lines whose baseline is not on the page's grid, or on half of it in a tinted box."""
    counted = census.zero[f"body baseline off the grid ({how})"]
    leading = layout.grid.leading_pt
    offsets = [
        (each, Counter(round(glyph.y_pt, 2) for glyph in each.glyphs).most_common(1)[0][0] % leading)
        for each in seen
        if each.set_line.kind in (*BODY, "box") and each.glyphs
    ]
    if offsets:
        grid = Counter(round(offset, 1) for _, offset in offsets).most_common(1)[0][0]
        for each, offset in offsets:
            step = leading / 2 if each.set_line.tinted else leading
            off = (offset - grid + step / 2) % step - step / 2
            if abs(off) > GRID_PT:
                counted.found.append(f"{place_of(each)}: {off:+.2f} pt {each.text}")


def count_places(as_set: list[Seen], as_painted: list[Seen], census: Census) -> None:
    """Characters that are not painted where they were set, and lines that are painted otherwise."""
    other = census.zero["line painted with other characters than set"]
    off = census.zero[f"line painted more than {PLACE_PT} pt from where it was set"]
    for one, seen in zip(as_set, as_painted, strict=True):
        wanted = "".join(glyph.char for glyph in one.glyphs)
        if seen.text != wanted or not runs_forward(seen.glyphs):
            other.found.append(f"{place_of(one)}: {wanted} → {seen.text}")
            continue
        moved = [
            (abs(a.x_pt - b.x_pt), abs(a.y_pt - b.y_pt))
            for a, b in zip(one.glyphs, seen.glyphs, strict=False)
        ]
        if not moved:
            continue
        x, y = max(x for x, _ in moved), max(y for _, y in moved)
        census.furthest_x_pt, census.furthest_y_pt = (
            max(census.furthest_x_pt, x),
            max(census.furthest_y_pt, y),
        )
        if x > PLACE_PT or y > PLACE_PT:
            at = max(range(len(moved)), key=lambda at: max(moved[at]))
            where = f"at {one.glyphs[at].char} (character {at + 1})"
            off.found.append(f"{place_of(one)}: {x:.3f}, {y:.3f} pt {where} of {wanted}")


# --------------------------------------------------------------------------- legs


def count_legs(paragraphs: list[Paragraph], census: Census) -> None:
    """R22: legs that begin with a paragraph's last line, end with a crosshead or with a lone first line."""
    widows, heads = (
        census.zero["leg begins with a paragraph's last line"],
        census.zero["leg ends with a crosshead"],
    )
    orphans = census.zero["leg ends with a lone first line"]
    flowing = [each for each in paragraphs if each[0].set_line.kind in FLOW]
    for paragraph in flowing:
        for at, (one, other) in enumerate(pairwise(paragraph), 1):
            if not _same_leg(one, other):
                if at == len(paragraph) - 1:
                    widows.found.append(f"{place_of(other)}: {other.text}")
                if at == 1:
                    orphans.found.append(f"{place_of(one)}: {one.text}")
    for one, other in pairwise(flowing):
        last, following = one[-1], other[0]
        same_item = last.set_line.item == following.set_line.item
        if last.set_line.kind in HEADS and same_item and not _same_leg(last, following):
            heads.found.append(f"{place_of(last)}: {last.text}")


def _same_leg(one: Seen, other: Seen) -> bool:
    """Whether two lines stand in one leg: their blocks begin within half a block's width of each other."""
    apart = abs(one.set_line.block.x_pt - other.set_line.block.x_pt)
    return apart < one.set_line.block.width_pt / 2 and one.set_line.top_pt < other.set_line.top_pt


# --------------------------------------------------------------------------- squeeze and stretch


def count_white(pages: list[list[Seen]], layout: Layout, census: Census) -> None:
    """How the full lines came to their measure, and those that went beyond the layout's limit."""
    limit = layout.typesetting.tracking_stretch_em
    each_em: list[tuple[float, str]] = []
    squeezes: list[float] = []
    for page in pages:
        for paragraph in paragraphs_of(page):
            for one, other in pairwise([*paragraph, None]):
                if one is None or not one.full:
                    continue
                size = one.set_line.style.size_pt
                line = one.set_line.line
                squeeze, stretch = line.squeeze_pt, line.stretch_pt
                if squeeze > NATURAL_PT:
                    census.squeezed += 1
                    squeezes.append(squeeze / size)
                elif abs(stretch) > NATURAL_PT:
                    census.stretched += 1
                else:
                    census.natural += 1
                forced = line.forced or abs(stretch) / size > limit + 1e-4
                following = f" | {other.text[:16]}…" if other else ""
                how = f"{stretch / size:+.3f} em a place{' forced' if forced else ''}"
                words = f"{how}  {place_of(one)}: {one.text}{following}"
                census.forced += forced
                each_em.append((stretch / size, words))
    stretches = sorted(em for em, _ in each_em)
    census.stretch_em = quantiles(stretches)
    census.stretch_of_stretched_em = quantiles([em for em in stretches if em > 1e-3])
    census.squeeze_em = quantiles(sorted(squeezes))
    census.stretch_histogram = histogram(stretches, limit)
    census.worst = [words for _, words in sorted(each_em, key=lambda pair: -abs(pair[0]))[:SHOWN]]


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """Median, 90 %, 99 % and the largest of sorted values."""
    if not values:
        return {}
    shares = {"median": 0.5, "90 %": 0.9, "99 %": 0.99, "max": 1.0}
    return {
        name: round(values[min(len(values) - 1, int(share * len(values)))], 4)
        for name, share in shares.items()
    }


def histogram(values: Sequence[float], limit: float) -> dict[str, int]:
    """How many lines are stretched by how much, in steps of a third of the layout's limit."""
    steps = [0.001, limit / 3, limit * 2 / 3, limit + 1e-4, limit * 2, limit * 4]
    result = {}
    low = -1.0
    for high in [*steps, float("inf")]:
        name = "none" if low < 0 else f"{low:.3f}–{high:.3f} em"
        result[name] = sum(low < value <= high for value in values)
        low = high
    return result


def count_character_grid(lines: list[Seen], census: Census) -> None:
    """R21: full lines of Han characters whose characters stand on whole ems from the line's left edge."""
    counts = {"alone": [0, 0], "marks": [0, 0]}
    for each in lines:
        words = each.text.translate(_NO_MARKS)
        if not each.full or not words or not all("\u4e00" <= char <= "\u9fff" for char in words):
            continue
        han = [glyph.x_pt for glyph in each.glyphs if "\u4e00" <= glyph.char <= "\u9fff"]
        size = each.set_line.style.size_pt
        left = each.set_line.left_pt + each.set_line.line.end_pt - each.set_line.line.measure_pt
        on = all(abs((x - left + size / 2) % size - size / 2) < PLACE_PT for x in han)
        tally = counts["alone" if words == each.text else "marks"]
        tally[0] += on
        tally[1] += 1
    census.han_alone = (counts["alone"][0], counts["alone"][1])
    census.han_and_marks = (counts["marks"][0], counts["marks"][1])


# --------------------------------------------------------------------------- text


def count_sentences(source: Source, pdf: bytes, census: Census) -> None:
    """Sentences of the XML that an extractor does not give verbatim."""
    wanted = sentences(source.issue, spaces=True)
    census.sentences = len(wanted)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "press.pdf"
        path.write_bytes(pdf)
        for name, extract in EXTRACTORS.items():
            census.zero[f"sentence not verbatim by {name}"].found = not_verbatim(wanted, extract(path))


# --------------------------------------------------------------------------- telling


def told(census: Census, name: str) -> Iterator[str]:
    """The census as lines of a table."""
    kinds = ", ".join(f"{kind} {number}" for kind, number in census.by_kind.items())
    yield f"{name}: {census.lines} lines ({census.full_lines} full), {census.paragraphs} paragraphs"
    yield f"  {kinds}"
    yield ""
    yield "should be 0"
    for what, counted in census.zero.items():
        yield f"  {len(counted):5}  {what}"
        yield from (f"           {each}" for each in counted.found[:SHOWN])
    yield ""
    x, y = census.furthest_x_pt, census.furthest_y_pt
    yield f"furthest from where it was set: {x:.3f} pt across, {y:.3f} pt down"
    yield f"furthest from its edge, as painted: {census.furthest_edge_pt:.3f} pt"
    ways = f"{census.natural} natural, {census.squeezed} squeezed, {census.stretched} stretched"
    yield f"full lines: {ways}; {census.forced} forced or beyond the limit"
    yield f"stretch a place, em, all full lines: {_said(census.stretch_em)}"
    yield f"stretch a place, em, stretched ones: {_said(census.stretch_of_stretched_em)}"
    yield f"squeeze a line, em, squeezed ones:   {_said(census.squeeze_em)}"
    for step, number in census.stretch_histogram.items():
        yield f"  {number:5}  {step:16} {'▇' * round(60 * number / max(1, census.full_lines))}"
    yield f"on the character grid, of Han alone:     {_share(census.han_alone)}"
    yield f"on the character grid, of Han and marks: {_share(census.han_and_marks)}"
    yield "worst lines"
    yield from (f"  {each}" for each in census.worst)


def _said(values: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in values.items()) or "none"


def _share(of: tuple[int, int]) -> str:
    return f"{of[0]} of {of[1]} lines ({100 * of[0] / max(1, of[1]):.1f} %)"


def as_data(census: Census) -> dict[str, object]:
    """The census as JSON's values."""
    data = {name: value for name, value in vars(census).items() if name != "zero"}
    data["zero"] = {name: len(counted) for name, counted in census.zero.items()}
    data["found"] = {name: counted.found for name, counted in census.zero.items() if counted.found}
    return {**data, "good": census.good}


def main() -> int:
    """Count an issue and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder of the issue")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the counts there too")
    options = parser.parse_args()
    loaded = load(options.source)
    if loaded.source is None or not loaded.stands(strict=False):
        print(*loaded.findings, sep="\n", file=sys.stderr)
        return 1
    census = take_census(loaded.source)
    print(*told(census, str(options.source)), sep="\n")
    if options.json:
        options.json.write_text(
            json.dumps(as_data(census), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    return 0 if census.good else 1


if __name__ == "__main__":
    sys.exit(main())
