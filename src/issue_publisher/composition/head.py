"""Heads: rubric, kicker, headline, deck, byline, editor's note and standfirst, stacked over an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from issue_publisher.composition import flow
from issue_publisher.composition.flow import merged, moved
from issue_publisher.composition.legs import fill_legs
from issue_publisher.composition.model import Choice, Part, Rule, TextBlock
from issue_publisher.composition.piece import Piece
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Text
from issue_publisher.layout.model import Align, HeadlineRole
from issue_publisher.layout.model import Head as HeadLook
from issue_publisher.typesetting.headline import HeadlineSetting
from issue_publisher.typesetting.lines import Line


def headline_role(piece: Piece, setter: Setter) -> HeadlineRole:
    """The headline role of a piece's weight."""
    return setter.layout.headline[piece.weight.value]


HEADING = frozenset({"rubric", "kicker", "headline", "deck", "byline"})  # a headline band


def places_in_head(parts: Sequence[Part]) -> tuple[tuple[int, float], ...]:
    """What stands one under another in a head: of each block its lines and their depth in points.

    White stands above, between and below them. A note or a standfirst counts as one line, however long;
    what stands beside the headline takes no depth of its own.
    """
    blocks = [part for part in parts if isinstance(part, TextBlock)]
    headline = next((block for block in blocks if block.kind == "headline"), None)
    if headline is None:
        return ()
    foot = headline.y_pt + len(headline.lines) * headline.leading_pt
    found = []
    for block in blocks:
        if block is not headline and headline.y_pt - 0.01 <= block.y_pt < foot - 0.01:
            continue
        if block.kind in HEADING:
            sizes = [max((run.style.size_pt for run in line.runs), default=0.0) for line in block.lines]
            found.append((len(sizes), sum(sizes)))
        else:
            found.append((1, len(block.lines) * block.leading_pt))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Beside:
    """A headline with its kicker at the left and its decks at the right; measures in points."""

    headline: HeadlineSetting  # in what the words beside it leave of the width
    kicker: tuple[Line, ...]
    kicker_pt: float  # its measure, with the white before the headline
    decks: tuple[Line, ...]  # of all decks, under each other
    decks_pt: float  # their measure, with the white behind the headline


def beside(piece: Piece, choice: Choice, setter: Setter, width_pt: float) -> Beside | None:
    """Kicker and decks at the sides of the headline that was chosen, none deeper than it; None: they cannot.

    Each is as narrow as the headline's depth allows, and the headline must still be set at the size and in
    the lines of the choice.
    """
    if piece.headline is None or not (piece.kicker or piece.decks):
        return None
    role, look = headline_role(piece, setter), setter.layout.head
    depth, gap = choice.headline_lines * choice.headline_pt * role.leading_em, look.beside_gap_em
    kicker: tuple[Line, ...] = ()
    decks: tuple[Line, ...] = ()
    measures = []
    for name, texts, share in (
        ("kicker", (piece.kicker,) if piece.kicker else (), role.kicker_em),
        ("deck", piece.decks, role.deck_em),
    ):
        size = _side_size(look, choice.headline_pt, share)
        most = max(1, int(depth / (size * look.leading_em)))
        found = _narrowest(texts, name, size, most, width_pt / 2, setter, piece.lang)
        if found is None:
            return None
        lines, measure = found
        measures.append(measure + gap * choice.headline_pt if lines else 0.0)
        kicker, decks = (lines, decks) if name == "kicker" else (kicker, lines)
    size, count, rest = choice.headline_pt, choice.headline_lines, width_pt - sum(measures)
    setting = setter.headline(piece.headline, role, piece.genre, rest, size, count, piece.lang)
    return Beside(setting, kicker, measures[0], decks, measures[1]) if setting is not None else None


def _narrowest(
    texts: Sequence[Text], name: str, size: float, most: int, widest: float, setter: Setter, lang: str | None
) -> tuple[tuple[Line, ...], float] | None:
    """Texts under each other in at most so many lines, in the least measure of whole characters.

    None where that would break a word or a name, or be wider than `widest`.
    """
    if not texts:
        return (), 0.0
    measure = 0.0
    for one in texts:
        widths = (
            setter.narrowest(one, name, size, count, lang) for count in range(most // len(texts), 0, -1)
        )
        width = next((found for found in widths if found is not None), None)
        if width is None:
            return None
        measure = max(measure, ceil(width / size - 1e-6) * size)
    align = Align.RIGHT if name == "kicker" else Align.LEFT
    lines = tuple(line for one in texts for line in setter.sized(one, name, size, measure, lang, align))
    return (lines, measure) if len(lines) <= most and measure <= widest else None


def _side_size(look: HeadLook, headline_pt: float, share_em: float) -> float:
    """A size for kicker or deck in half points: none too small to read, none that rivals the headline."""
    size = max(look.smallest_pt, round(headline_pt * share_em * 2) / 2)
    return min(size, int(headline_pt * look.largest_em * 2) / 2)


@dataclass(frozen=True)
class _NoteLegs:
    """An editor's note filled into legs: where each ends, and what of their depth stays empty."""

    strips: tuple[flow.Strip, ...]
    ends: tuple[int, ...]
    depth: int
    step_pt: float  # from a leg's left edge to the next one's
    empty_lines: int


class Head:
    """Stacks a head: rubric, kicker, headline, deck, byline, editor's note, standfirst."""

    def __init__(
        self,
        piece: Piece,
        setter: Setter,
        width_pt: float,
        x_pt: float,
        headline: HeadlineSetting | None,
        *,
        under_picture: bool,
        beside: bool = False,
        sides: Beside | None = None,
    ) -> None:
        self.piece, self.setter, self.headline = piece, setter, headline
        self.width, self.x, self.under_picture, self.beside = width_pt, x_pt, under_picture, beside
        self.sides = sides
        # Over text with its headline at the left they stand at that side: elsewhere they would float.
        self.align = Align.LEFT if beside else None
        self.leading, self.look = setter.leading_pt, setter.layout.head
        self.y = setter.layout.makeup.cutoff_lines * self.leading
        self.parts: list[Part] = []

    def build(self) -> tuple[tuple[Part, ...], float]:
        """The parts from the piece's upper left corner, and how deep they are in points."""
        piece = self.piece
        if piece.kind == "advertisement":
            return self._advertisement()
        if self.under_picture:
            # The pictures above it hold the cut-off rule's line; a rubric keeps off their captions.
            self.y = self.look.rubric_under_picture_lines * self.leading if piece.rubric else 0.0
        if piece.kind == "briefs" and self.beside:
            pass  # the band stands at the left
        elif piece.kind == "briefs":
            self._band(piece.rubric or "")
        elif piece.rubric:
            self._rubric(piece.rubric)
        self._headline()
        if piece.editors_note:  # the desk's: over the byline, or its author seems to have written it
            self._note()
        if piece.byline is not None:
            self._add(
                "byline",
                piece.byline,
                before=self.look.byline_above_lines,
                after=self.look.byline_below_lines,
            )
        if piece.standfirst is not None:
            self._standfirst(piece.standfirst)
        return tuple(self.parts), self.y

    def _add(
        self, role_name: str, text: Text, *, before: float, after: float, size_pt: float | None = None
    ) -> None:
        role = self.setter.role(role_name)
        if size_pt is None:
            lines, leading = (
                self.setter.lines(text, role_name, self.width, align=self.align, lang=self.piece.lang),
                role.leading_pt,
            )
        else:
            sized = self.setter.sized(text, role_name, size_pt, self.width, lang=self.piece.lang)
            lines, leading = sized, size_pt * self.look.leading_em
        self.y += before * self.leading
        self.parts.append(TextBlock(role_name, self.x, self.y, self.width, leading, lines))
        self.y += len(lines) * leading + after * self.leading

    def _rubric(self, words: str) -> None:
        role = self.setter.role("rubric")
        measure = self.width - role.size_pt  # its ground reaches half a character beyond it
        line = self.setter.lines(self.setter.plain(words, "rubric"), "rubric", measure, align=Align.LEFT)
        wide = max(one.end_pt for one in line) + role.size_pt
        depth = role.leading_pt * len(line) + 2 * self.look.rubric_pad_pt
        share = {Align.LEFT: 0.0, Align.RIGHT: 1.0}.get(self.align or role.align, 0.5)
        x = self.x + (self.width - wide) * share
        self.parts.append(Rule(x, self.y, wide, depth, self.look.rubric_ink))
        self.parts.append(
            TextBlock(
                "rubric",
                x + role.size_pt / 2 + role.size_pt * role.tracking_em / 2,
                self.y + self.look.rubric_pad_pt,
                wide,
                role.leading_pt,
                line,
            )
        )
        self.y += depth + self.look.rubric_gap_lines * self.leading

    def _band(self, words: str) -> None:
        """A rubric over a whole piece: words large, a rule beneath."""
        lines = self.setter.lines(self.setter.plain(words, "band"), "band", self.width)
        leading = self.setter.role("band").leading_pt
        self.parts.append(TextBlock("band", self.x, self.y, self.width, leading, lines))
        self.y += leading * len(lines) + self.look.band_rule_pt
        self.parts.append(
            Rule(self.x, self.y, self.width, self.look.band_rule_pt, self.setter.role("band").ink)
        )
        self.y += self.look.gap_lines * self.leading

    def _headline(self) -> None:
        setting = self.headline if self.sides is None else self.sides.headline
        if setting is None:
            return
        role = headline_role(self.piece, self.setter)
        self.y += role.space_above_lines * self.leading
        if self.sides is not None:
            self._headline_with_sides(self.sides)
            return
        if self.piece.kicker is not None:
            size = _side_size(self.look, setting.size_pt, role.kicker_em)
            self._add("kicker", self.piece.kicker, before=0.0, after=self.look.kicker_gap_lines, size_pt=size)
        block = TextBlock("headline", self.x, self.y, self.width, setting.leading_pt, setting.lines)
        self.parts.append(block)
        self.y += setting.depth_pt
        for deck in self.piece.decks:
            size = _side_size(self.look, setting.size_pt, role.deck_em)
            self._add("deck", deck, before=self.look.deck_gap_lines, after=0.0, size_pt=size)
        self.y += role.space_below_lines * self.leading

    def _headline_with_sides(self, sides: Beside) -> None:
        """Kicker, headline and decks side by side, their lines level where there are as many.

        What a headline leaves of its room stands at the sides of all three: words that white parts from their
        headline are lost.
        """
        role = headline_role(self.piece, self.setter)
        setting = sides.headline
        x, width = self.x + sides.kicker_pt, self.width - sides.kicker_pt - sides.decks_pt
        gap = self.look.beside_gap_em * setting.size_pt
        left = min(line.runs[0].x_pt for line in setting.lines) if sides.kicker else 0.0
        right = width - max(line.end_pt for line in setting.lines) if sides.decks else 0.0
        kicker = tuple(line.shifted(left) for line in sides.kicker)
        self._at_side("kicker", kicker, self.x, sides.kicker_pt - gap + left, setting, role.kicker_em)
        lines = tuple(line.shifted(-left) for line in setting.lines)
        x, width = x + left, width - left - right
        self.parts.append(TextBlock("headline", x, self.y, width, setting.leading_pt, lines))
        self._at_side(
            "deck", sides.decks, x + width + gap, sides.decks_pt - gap + right, setting, role.deck_em
        )
        self.y += setting.depth_pt + role.space_below_lines * self.leading

    def _at_side(
        self,
        kind: str,
        lines: tuple[Line, ...],
        x: float,
        measure: float,
        setting: HeadlineSetting,
        em: float,
    ) -> None:
        if not lines:
            return
        leading = _side_size(self.look, setting.size_pt, em) * self.look.leading_em
        if len(lines) == len(setting.lines):
            leading = setting.leading_pt
        y = self.y + (setting.depth_pt - len(lines) * leading) / 2
        self.parts.append(TextBlock(kind, x, y, measure, leading, lines))

    def _note(self) -> None:
        """编者按 over the whole width, in as many legs as its measure asks for, a rule above and below."""
        gap, ink = self.look.gap_lines * self.leading, self.setter.layout.makeup.rule_ink
        self.parts.append(Rule(self.x, self.y + gap / 2, self.width, self.look.note_rule_pt, ink))
        self.y += gap * 1.3
        legs = self._note_legs()
        start = 0
        for leg, end in enumerate(legs.ends):
            y = self.y
            placed: list[Part] = []
            for strip in legs.strips[start:end]:
                placed += [moved(part, self.x + leg * legs.step_pt, y) for part in strip.parts]
                y += strip.lines * self.leading
            self.parts += merged(placed)
            start = end
        self.y += legs.depth * self.leading + gap * 0.8
        self.parts.append(Rule(self.x, self.y, self.width, self.look.note_rule_pt, ink))
        self.y += gap

    def _note_legs(self) -> _NoteLegs:
        """The note in as many legs as its measure asks for, one more or one less if that leaves no hole."""
        measure_pt = self.look.note_characters * self.setter.role("editors-note").size_pt
        asked = max(1, round(self.width / measure_pt))
        whole = self._note_in(1)
        ways = [self._note_in(legs) for legs in (asked, asked - 1, asked + 1) if legs > 1]
        return (
            whole if whole.depth == 1 or not ways else min(ways, key=lambda way: (way.depth, way.empty_lines))
        )

    def _note_in(self, legs: int) -> _NoteLegs:
        gutter = self.setter.layout.grid.gutter_pt * 2
        measure = (self.width - (legs - 1) * gutter) / legs
        strips = flow.editors_note_strips(self.piece.editors_note, self.setter, measure, self.piece.lang)
        lines = sum(strip.lines for strip in strips)
        depth = -(-lines // legs)
        while (filled := fill_legs(strips, [depth] * legs)) is None:
            depth += 1
        return _NoteLegs(tuple(strips), tuple(filled[0]), depth, measure + gutter, legs * depth - lines)

    def _standfirst(self, text: Text) -> None:
        role = self.setter.role("standfirst")
        wide = self.width > self.look.note_characters * role.size_pt
        inner = self.width - 4 * role.size_pt if wide else self.width
        inset = (self.width - inner) / 2
        lines = self.setter.lines(text, "standfirst", inner, lang=self.piece.lang)
        self.parts.append(TextBlock("standfirst", self.x + inset, self.y, inner, role.leading_pt, lines))
        self.y += len(lines) * role.leading_pt + self.look.gap_lines * self.leading

    def _advertisement(self) -> tuple[tuple[Part, ...], float]:
        """The label that the law asks for, and the headline as large as it goes on one line."""
        caption = self.setter.role("caption")
        label = self.setter.lines(
            self.setter.plain(self.piece.rubric or "", "caption"), "caption", self.width, align=Align.RIGHT
        )
        look = self.setter.layout.advertisement
        self.y = look.label_above_lines * self.leading
        self.parts.append(TextBlock("ad-label", self.x, self.y, self.width, caption.leading_pt, label))
        if self.piece.headline is not None:
            role = self.setter.role("advertisement-head")
            longest = len(self.piece.headline.plain)
            size = min(role.size_pt, int(2 * self.width / max(1, longest)) / 2)
            fits = size >= role.size_pt * 0.6
            self._add(
                "advertisement-head",
                self.piece.headline,
                before=look.headline_above_lines,
                after=look.headline_below_lines,
                size_pt=size if fits else role.size_pt * 0.75,
            )
        return tuple(self.parts), self.y
