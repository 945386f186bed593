"""A body as strips: pieces of whole lines that flow through the legs of an article.

Every strip is a whole number of grid lines deep, so that all legs of a page stand on one baseline
grid whatever they hold (R20). What must stay together says so in `price_after`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from issue_publisher.composition.model import Part, Rule, TextBlock
from issue_publisher.composition.setter import Setter, Words, shift
from issue_publisher.issue import wording
from issue_publisher.issue.model import (
    Block,
    Box,
    Cell,
    Crosshead,
    Exchange,
    Figure,
    ListBlock,
    Note,
    Paragraph,
    PullQuote,
    Quotation,
    Span,
    Table,
    Text,
    Verse,
)
from issue_publisher.layout.model import Align
from issue_publisher.typesetting.lines import Line, Style

KEEP = 1000.0  # price of a break that is taken only when nothing else fits
WIDOW = 400.0  # a leg that begins with a paragraph's last line (NAVY)
ORPHAN = 200.0  # a leg that ends with a lone first line
_DISPLAY = frozenset({"crosshead", "pull-quote"})
_HAIR_PT = 0.05  # rounding
_LEFT_OVER = 0.6  # of the longest line: a shorter last one looks left over


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of a leg: `lines` of the grid deep, its parts placed from the leg's upper left corner."""

    lines: int
    parts: tuple[Part, ...]
    price_after: float = 0.0  # of ending a leg behind it
    paragraph: Changeable | None = field(default=None, compare=False)  # that begins with this strip


@dataclass(frozen=True, slots=True)
class Changeable:
    """A paragraph of `count` strips that can be set in one line fewer or more."""

    count: int
    others: Callable[[], Mapping[int, tuple[tuple[Strip, ...], float]]]  # −1, 1 → its strips, and their cost

    def changed_at_end(self, change: Callable[[Strip], Strip]) -> Changeable:
        """The same with another last strip, however it is set."""

        def others() -> Mapping[int, tuple[tuple[Strip, ...], float]]:
            return {
                by: ((*strips[:-1], change(strips[-1])), cost) for by, (strips, cost) in self.others().items()
            }

        return replace(self, others=others)


def body_strips(
    blocks: Iterable[Block], setter: Setter, measure_pt: float, lang: str | None = None
) -> list[Strip]:
    """The strips of a body at a leg's measure; its figures and tables are let in beside the flow."""
    strips = [
        strip
        for block in blocks
        if not isinstance(block, Figure | Table)
        for strip in _strips(block, setter, measure_pt, lang)
    ]
    for at, (display, strip) in enumerate(pairwise(strips), 1):
        if _is_display(display) and not _is_display(strip):
            strips[at] = _kept_with_next(strip)
    return strips


def _is_display(strip: Strip) -> bool:
    """Whether it is a crosshead or pull quote, which two lines of text follow in the same leg, or nothing."""
    return any(isinstance(part, TextBlock) and part.kind in _DISPLAY for part in strip.parts)


def _kept_with_next(strip: Strip) -> Strip:
    """The strip as one that no leg ends behind, however its paragraph is set."""
    kept = replace(strip, price_after=KEEP)
    if strip.paragraph is None:
        return kept
    paragraph = strip.paragraph

    def others() -> Mapping[int, tuple[tuple[Strip, ...], float]]:
        return {
            by: ((replace(strips[0], price_after=KEEP), *strips[1:]), cost)
            for by, (strips, cost) in paragraph.others().items()
            if strips
        }

    return replace(kept, paragraph=replace(paragraph, others=others))


def _strips(block: Block, setter: Setter, measure: float, lang: str | None) -> Iterator[Strip]:
    match block:
        case Paragraph():
            yield from _running(Matter(block.text, "body", "body"), setter, measure, lang)
        case Crosshead():
            lines = setter.short(block.text, "crosshead", measure, lang)
            yield _centred_strip(lines, setter, "crosshead", measure)
        case ListBlock():
            for number, item in enumerate(block.items, 1):
                mark = f"{number}. " if block.ordered else "■ "
                words = _labelled(mark, item, setter, lang)
                yield from _running(Matter(words, "body", "list"), setter, measure, lang)
        case Quotation():
            yield from _quotation(block, setter, measure, lang)
        case Exchange():
            yield from _exchange(block, setter, measure, lang)
        case Verse():
            yield from _verse(block, setter, measure, lang)
        case PullQuote():
            yield pull_quote_strip(block, setter, measure, lang)
        case Box():
            yield box_strip(block, setter, measure, lang)
        case Table():
            yield table_strip(block, setter, measure, lang)
        case Figure():
            return


@dataclass(frozen=True, slots=True)
class Matter:
    """Running text of a body: what it says, the role it is set in, what it is, and how it stands."""

    words: Words
    role: str
    kind: str
    shift_pt: float = 0.0  # narrower by so much on either side
    price_after: float = 0.0  # of ending a leg behind its last line


def _running(matter: Matter, setter: Setter, measure: float, lang: str | None) -> Iterator[Strip]:
    """A paragraph's strips; the first knows how it is set a line shorter or longer."""
    inner = measure - 2 * matter.shift_pt

    def strips(lines: Sequence[Line]) -> tuple[Strip, ...]:
        made = list(paragraph_strips(shift(lines, matter.shift_pt), setter, matter.kind, measure))
        if made and matter.price_after:
            made[-1] = replace(made[-1], price_after=matter.price_after)
        return tuple(made)

    def others() -> Mapping[int, tuple[tuple[Strip, ...], float]]:
        found = setter.alternatives(matter.words, matter.role, inner, lang)
        return {change: (strips(other.lines), other.cost) for change, other in found.items() if change}

    best = strips(setter.lines(matter.words, matter.role, inner, lang=lang))
    for at, strip in enumerate(best):
        yield strip if at else replace(strip, paragraph=Changeable(len(best), others))


def paragraph_strips(lines: Sequence[Line], setter: Setter, kind: str, measure: float) -> Iterator[Strip]:
    """One strip a line, with the prices of widows and orphans."""
    last = len(lines) - 1
    for at, line in enumerate(lines):
        price = 0.0
        if last > 0 and at == last - 1:
            price = WIDOW
        elif last > 0 and at == 0:
            price = ORPHAN
        block = TextBlock(kind, 0.0, 0.0, measure, setter.leading_pt, (line,), () if at else (0,))
        yield Strip(1, (block,), price)


def _centred_strip(lines: Sequence[Line], setter: Setter, kind: str, measure: float) -> Strip:
    """Lines in the middle of one grid line more than they need, kept with what follows."""
    depth = len(lines) + 1
    block = TextBlock(kind, 0.0, setter.leading_pt / 2, measure, setter.leading_pt, tuple(lines))
    return Strip(depth, (block,), KEEP)


def _labelled(label: str, text: Text, setter: Setter, lang: str | None) -> Words:
    role = setter.role("body")
    bold = setter.role("strong").font
    pieces = [(label, Style(bold, role.size_pt, role.ink, lang=lang))]
    return (*pieces, *((span.text, setter.style(role, span, lang)) for span in text.spans()))


def _quotation(block: Quotation, setter: Setter, measure: float, lang: str | None) -> Iterator[Strip]:
    size = setter.role("body").size_pt
    for at, paragraph in enumerate(block.paragraphs, 1):
        # Its source stands below it, in the same leg.
        ends = at == len(block.paragraphs) and block.source is not None
        price = KEEP if ends else 0.0
        matter = Matter(paragraph.text, "box", "quotation", size, price_after=price)
        yield from _running(matter, setter, measure, lang)
    if block.source is not None:
        lines = shift(
            setter.lines(wording.source_text(block.source), "signature", measure - 2 * size, lang=lang), size
        )
        yield from paragraph_strips(lines, setter, "quotation-source", measure)


def _exchange(block: Exchange, setter: Setter, measure: float, lang: str | None) -> Iterator[Strip]:
    for paragraphs, by, question in (
        (block.question, block.asker, True),
        (block.answer, block.answerer, False),
    ):
        for at, paragraph in enumerate(paragraphs):
            role = setter.role("emphasis" if question else "body")
            pieces = []
            if by and at == 0:
                pieces.append((f"{by}：", Style(setter.role("strong").font, role.size_pt, lang=lang)))
            pieces += [(span.text, setter.style(role, span, lang)) for span in paragraph.text.spans()]
            matter = (
                Matter(tuple(pieces), "body", "question", price_after=KEEP)
                if question
                else Matter(tuple(pieces), "body", "answer")
            )
            yield from _running(matter, setter, measure, lang)


def _verse(block: Verse, setter: Setter, measure: float, lang: str | None) -> Iterator[Strip]:
    """Stanzas with a line of white between; the whole stands in the middle of the leg."""
    role = setter.role("verse")
    stanzas = [
        [setter.lines(v, "verse", measure, indent_characters=0, lang=lang) for v in s] for s in block.stanzas
    ]
    widest = max((line.end_pt for stanza in stanzas for verse in stanza for line in verse), default=0.0)
    indent = max(0.0, min((measure - widest) / 2, role.indent_characters * role.size_pt * 4))
    for number, stanza in enumerate(stanzas):
        flat = [(line, () if part else (0,)) for verse in stanza for part, line in enumerate(verse)]
        for at, (line, starts) in enumerate(flat):
            line = line.shifted(indent)
            placed = TextBlock("verse", 0.0, 0.0, measure, setter.leading_pt, (line,), starts)
            white = 1 if at == len(flat) - 1 and number < len(stanzas) - 1 else 0
            price = 0.0 if at == len(flat) - 1 else WIDOW if at == len(flat) - 2 else ORPHAN
            yield Strip(1 + white, (placed,), price)


def pull_quote_strip(block: PullQuote, setter: Setter, measure: float, lang: str | None = None) -> Strip:
    """摘引: large words between two rules, a whole number of grid lines deep."""
    role = setter.role("pull-quote")
    lines = setter.short(block.text, "pull-quote", measure, lang)
    depth = len(lines) * role.leading_pt
    parts: list[Part] = []
    source: tuple[Line, ...] = ()
    if block.source is not None:
        source = setter.lines(wording.source_text(block.source), "signature", measure, lang=lang)
        depth += len(source) * setter.leading_pt
    look = setter.layout.pull_quote
    total = setter.depth_lines(depth + setter.leading_pt * look.white_lines)
    top = (total * setter.leading_pt - depth) / 2
    rule_y = setter.leading_pt * 0.45
    parts.append(Rule(0.0, rule_y, measure, look.rule_above_pt, role.ink))
    parts.append(TextBlock("pull-quote", 0.0, top, measure, role.leading_pt, lines))
    if source:
        y = top + len(lines) * role.leading_pt
        parts.append(TextBlock("pull-quote-source", 0.0, y, measure, setter.leading_pt, source))
    parts.append(Rule(0.0, total * setter.leading_pt - rule_y, measure, look.rule_below_pt, role.ink))
    return Strip(total, tuple(parts))


def box_strip(block: Box, setter: Setter, measure: float, lang: str | None = None) -> Strip:
    """花边框: a tinted box in one piece; its text in the box's own face."""
    look = setter.layout.box
    pad = setter.role("body").size_pt * look.pad_em
    inner = measure - 2 * pad
    leading = setter.leading_pt
    parts: list[Part] = []
    y = leading
    if block.headline is not None:
        role = setter.role("box-head")
        lines = shift(setter.lines(block.headline, "box-head", inner, lang=lang), pad)
        depth = len(lines) * role.leading_pt
        y = setter.depth_lines(leading / 2 + depth) * leading  # its text stands on the grid of the page (R20)
        parts.append(TextBlock("box-head", 0.0, y - depth, measure, role.leading_pt, lines))
    for inside in block.blocks:
        for strip in _box_strips(inside, setter, inner, lang):
            parts.extend(moved(part, pad, y) for part in strip.parts)
            y += strip.lines * leading
    total = setter.depth_lines(y + leading * 0.75)
    tint = Rule(0.0, leading * 0.25, measure, total * leading - leading * 0.5, look.ink)
    return Strip(total, (tint, *parts))


def _box_strips(block: Block, setter: Setter, inner: float, lang: str | None) -> Iterator[Strip]:
    if isinstance(block, Paragraph):
        yield from paragraph_strips(setter.lines(block.text, "box", inner, lang=lang), setter, "box", inner)
    else:
        yield from _strips(block, setter, inner, lang)


def table_strip(block: Table, setter: Setter, measure: float, lang: str | None = None) -> Strip:
    """A table in one piece: columns as wide as their words ask for, rules above, below and under the head."""
    leading, ink, look = setter.leading_pt, setter.layout.makeup.rule_ink, setter.layout.table
    widths = _column_widths(block, setter, measure)
    parts: list[Part] = []
    y = leading * 0.5
    if block.caption is not None:
        lines = setter.lines(block.caption, "table-head", measure, align=Align.CENTRE, lang=lang)
        parts.append(TextBlock("table-caption", 0.0, y, measure, leading, lines))
        y += len(lines) * leading
    parts.append(Rule(0.0, y, measure, look.rule_pt, ink))
    for row in block.rows:
        deepest, x = 1, 0.0
        for cell, width in zip(row, widths, strict=False):
            lines = _cell_lines(cell, setter, width, lang)
            parts.append(TextBlock("table-head" if cell.head else "table", x, y, width, leading, lines))
            deepest, x = max(deepest, len(lines)), x + width
        y += deepest * leading
        if all(cell.head for cell in row):
            parts.append(Rule(0.0, y, measure, look.head_rule_pt, ink))
    parts.append(Rule(0.0, y, measure, look.rule_pt, ink))
    return Strip(setter.depth_lines(y + leading * 0.5), tuple(parts))


def _cell_lines(cell: Cell, setter: Setter, width: float, lang: str | None) -> tuple[Line, ...]:
    role = "table-head" if cell.head else "table"
    pad = setter.layout.table.pad_pt
    return shift(setter.lines(cell.text, role, width - 2 * pad, align=Align.LEFT, lang=lang), pad)


def _column_widths(block: Table, setter: Setter, measure: float) -> list[float]:
    """Shares of the measure after the longest words of each column, none below a fair minimum."""
    count = max(len(row) for row in block.rows)
    size = setter.role("table").size_pt
    wanted = [3.0 * size] * count
    for row in block.rows:
        for at, cell in enumerate(row):
            wanted[at] = max(wanted[at], min(len(cell.text.plain), 12) * size)
    widths = [measure * width / sum(wanted) for width in wanted]
    least = _least_widths(block, setter)
    narrow = [at for at, width in enumerate(widths) if width < least[at]]
    free, asked = measure - sum(least[at] for at in narrow), sum(widths) - sum(widths[at] for at in narrow)
    return [least[at] if at in narrow else width * max(0.0, free) / asked for at, width in enumerate(widths)]


def table_fits(block: Table, setter: Setter, measure: float) -> bool:
    """Whether a table's columns can be so wide that no number or word in it is broken."""
    return sum(_least_widths(block, setter)) <= measure


def _least_widths(block: Table, setter: Setter) -> list[float]:
    """The width of each column's longest number, word or character, with its padding."""
    least = [0.0] * max(len(row) for row in block.rows)
    for row in block.rows:
        for at, cell in enumerate(row):
            role = setter.role("table-head" if cell.head else "table")
            for word in _WORD.findall(cell.text.plain):
                wide = setter.faces.word_em(word, role.font, None) if word.isascii() else 1.0
                least[at] = max(least[at], wide * role.size_pt + 2 * setter.layout.table.pad_pt + 0.1)
    return least


_WORD = re.compile(r"[!-~]+|[^!-~\s]")


def editors_note_strips(
    paragraphs: Iterable[Paragraph], setter: Setter, measure: float, lang: str | None
) -> list[Strip]:
    """编者按: in the note's own face.

    Three lines in two legs leave one of them alone whatever is done: the second leg shall be the short one.
    """
    strips: list[Strip] = []
    for paragraph in paragraphs:
        lines = setter.lines(paragraph.text, "editors-note", measure, lang=lang)
        set_ = paragraph_strips(lines, setter, "editors-note", measure)
        strips.extend(replace(strip, price_after=0.0) if len(lines) == 3 else strip for strip in set_)
    return strips


def advertisement_strips(
    blocks: Iterable[Block], setter: Setter, measure: float, centred: bool
) -> list[Strip]:
    """An advertisement's words in a type role of their own, in the middle when there are few of them."""
    role = setter.role("advertisement")
    strips: list[Strip] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines = setter.lines(
                block.text, "advertisement", measure,
                align=Align.CENTRE if centred else None, indent_characters=0 if centred else None,
            )  # fmt: skip
            depth = setter.depth_lines(len(lines) * role.leading_pt)
            top = (depth * setter.leading_pt - len(lines) * role.leading_pt) / 2
            strips.append(
                Strip(depth, (TextBlock("advertisement", 0.0, top, measure, role.leading_pt, lines),))
            )
        else:
            strips += body_strips([block], setter, measure)
    return strips


def closing_strips(
    texts: Iterable[Text | None], setter: Setter, measure: float, lang: str | None, role: str = "signature"
) -> list[Strip]:
    """Affiliation and signature at an article's end (作者单位、落款), or its jump line."""
    strips: list[Strip] = []
    for text in texts:
        if text is not None:
            lines = _at_sense(text, setter, role, measure, lang)
            lines = lines or evenly(text, setter, role, measure, lang)
            strips.extend(
                replace(strip, price_after=ORPHAN) for strip in paragraph_strips(lines, setter, role, measure)
            )
    if strips:
        strips[-1] = replace(strips[-1], price_after=0.0)
    return strips


def _at_sense(
    text: Text, setter: Setter, role: str, measure: float, lang: str | None
) -> tuple[Line, ...] | None:
    """Lines at the right of a measure that part no word; None where more are needed, or a rest is left."""
    lines = setter.short(text, role, measure, lang)
    over = max(line.end_pt for line in lines) - measure
    wide = [line.end_pt - line.runs[0].x_pt for line in lines]
    fewest = len(lines) == len(setter.lines(text, role, measure, lang=lang))
    if not fewest or over > _HAIR_PT or wide[-1] <= _LEFT_OVER * max(wide):
        return None
    return shift(lines, -over) if over > 0 else lines


def evenly(
    text: Text, setter: Setter, role: str, measure: float, lang: str | None = None
) -> tuple[Line, ...]:
    """Lines at the right of a measure; several of about one length, so that none looks left over."""
    lines = setter.lines(text, role, measure, lang=lang)
    size = setter.role(role).size_pt
    width = setter.narrowest(text, role, size, len(lines), lang) if len(lines) > 1 else None
    if width is None or width >= measure:
        return lines
    even = setter.lines(text, role, width, lang=lang)
    return shift(even, measure - width) if len(even) == len(lines) else lines


def note_strips(notes: Sequence[Note], setter: Setter, measure: float, lang: str | None) -> list[Strip]:
    """注释 at an article's end, in a face and size of their own: a label, then each behind its mark."""
    role = setter.role("note")
    label = Style(setter.role("strong").font, role.size_pt, role.ink, lang=lang)
    face = setter.style(role, Span(""), lang)
    strips: list[Strip] = []
    for at, note in enumerate(notes):
        words = [(wording.NOTES_LABEL, label)] if at == 0 else []
        words.append((note.mark, face))
        words += [(span.text, setter.style(role, span, lang)) for span in note.text.spans()]
        strips += paragraph_strips(setter.lines(words, "note", measure, lang=lang), setter, "note", measure)
    return strips


def is_crosshead(strip: Strip) -> bool:
    """Whether it is a crosshead (小标题)."""
    return any(isinstance(part, TextBlock) and part.kind == "crosshead" for part in strip.parts)


def with_white_below(strips: Sequence[Strip], lines: int) -> list[Strip]:
    """Strips with lines of white under the last of them, however its paragraph is set.

    The white belongs to what it follows: at the head of a leg there is none.
    """
    if not strips or not lines:
        return list(strips)

    def deeper(last: Strip) -> Strip:
        return replace(last, lines=last.lines + lines)

    result = [*strips[:-1], deeper(strips[-1])]
    for at, strip in enumerate(result):
        paragraph = strip.paragraph
        if paragraph is not None and at + paragraph.count == len(result):
            result[at] = replace(strip, paragraph=paragraph.changed_at_end(deeper))
    return result


def moved(part: Part, dx_pt: float, dy_pt: float) -> Part:
    """A part at another place."""
    return replace(part, x_pt=part.x_pt + dx_pt, y_pt=part.y_pt + dy_pt)


def merged(parts: list[Part]) -> list[Part]:
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
            starts = last.starts + tuple(len(last.lines) + at for at in part.starts)
            result[-1] = replace(last, lines=last.lines + part.lines, starts=starts)
        else:
            result.append(part)
    return result
