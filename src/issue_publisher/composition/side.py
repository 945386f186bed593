"""Vertical words at the left of a piece: a band (竖栏头) down a group of briefs, or a headline (竖题)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil

from issue_publisher.composition.head import headline_role
from issue_publisher.composition.model import Choice, Part, Rule, VerticalBlock
from issue_publisher.composition.piece import Piece
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Text, text
from issue_publisher.layout.model import Direction
from issue_publisher.typesetting.vertical import VerticalSetting

_MOST_COLUMNS = 3  # of a kicker or deck beside a vertical headline


@dataclass(frozen=True)
class SideHead:
    """Settings from right to left in a strip; all lengths in points."""

    words: tuple[tuple[str, VerticalSetting], ...]  # what each is, in reading order
    pad_pt: float  # white at either side of the words and between them
    width_pt: float  # of the strip, words at its right
    taken_pt: float  # from the measure of the text: the strip and its white, in whole characters
    depth_pt: float  # least depth: a character of white above and below (makeup rule: characters + 2)
    ground: str | None = None  # ink behind the words
    tail: str | None = None  # ink of the ground below them, to the foot
    possible: bool = True  # whether the words can be set as asked for

    def parts(self, x_pt: float, top_pt: float, bottom_pt: float) -> list[Part]:
        """Its parts in a strip from an upper left corner down."""
        found: list[Part] = []
        first = max((setting.size_pt for _, setting in self.words), default=0.0)
        tallest = max((setting.depth_pt for _, setting in self.words), default=0.0)
        if self.ground is not None:
            # A strong ink down the whole group would outweigh its news, and the lead's headline.
            foot = min(bottom_pt, top_pt + 2 * first + tallest)
            found.append(Rule(x_pt, top_pt, self.width_pt, foot - top_pt, self.ground))
            if self.tail is not None and foot < bottom_pt:
                found.append(Rule(x_pt, foot, self.width_pt, bottom_pt - foot, self.tail))
        if not self.words:
            return found
        right = x_pt + self.width_pt - (self.pad_pt if self.ground is not None else 0.0)
        # A band begins at the top, a headline stands in the middle of its article's depth.
        y = top_pt + first if self.ground is not None else top_pt + (bottom_pt - top_pt - tallest) / 2
        for kind, setting in self.words:
            found.append(VerticalBlock(kind, right - setting.width_pt, y, setting))
            right -= setting.width_pt + self.pad_pt
        return found


def side_head(piece: Piece, choice: Choice, setter: Setter, room_pt: float = 0.0) -> SideHead | None:
    """The vertical words of a piece in a choice; None when it has none.

    `room_pt`: the depth beside the text, of which a short headline takes on letter space to fill its share.
    """
    if piece.kind == "briefs" and piece.rubric and setter.layout.head.band is Direction.VERTICAL:
        return _band(piece.rubric, setter)
    if choice.vertical and piece.headline is not None:
        return _headline(piece, choice, setter, room_pt)
    return None


def _band(words: str, setter: Setter) -> SideHead:
    role, look = setter.role("band"), setter.layout.head
    setting = setter.vertical(
        text(words), role.font, role.size_pt, 1, look.leading_em, ink=role.ink, tracking_em=role.tracking_em
    )
    pad = look.side_pad_em * role.size_pt
    found = [("band", setting)] if setting is not None else []
    return _strip(found, pad, setter, ground=look.side_ink, tail=setter.layout.box.ink)


def _headline(piece: Piece, choice: Choice, setter: Setter, room_pt: float) -> SideHead:
    """Kicker, headline and decks from right to left, none deeper than the headline.

    The headline has the face of its weight: thin ones of a genre look lost between two columns of text.
    """
    role = headline_role(piece, setter)
    assert piece.headline is not None
    size = choice.headline_pt or role.sizes_pt[0]
    pad = setter.layout.head.side_pad_em * size
    set_open = partial(
        setter.vertical,
        piece.headline, role.font, size, choice.headline_lines, role.leading_em, lang=piece.lang,
    )  # fmt: skip
    setting = set_open()
    if setting is None:
        return _strip([], pad, setter)
    lacks = role.fill_from * room_pt - setting.depth_pt
    if lacks > 0:
        tracking = min(setter.layout.head.side_space_to_em, lacks / setting.depth_pt)
        setting = set_open(tracking_em=int(tracking * 20) / 20) or setting
    found = [("headline", setting)]
    if piece.kicker is not None:
        found[:0] = _beside("kicker", piece.kicker, size * role.kicker_em, setting, piece, setter)
    for deck in piece.decks:
        found += _beside("deck", deck, size * role.deck_em, setting, piece, setter)
    wanted = 1 + bool(piece.kicker) + len(piece.decks)
    return _strip(found, pad, setter, possible=len(found) == wanted)


def _beside(
    name: str, words: Text, size: float, headline: VerticalSetting, piece: Piece, setter: Setter
) -> Iterator[tuple[str, VerticalSetting]]:
    look = setter.layout.head
    size = max(look.smallest_pt, round(size * 2) / 2)
    for count in range(1, _MOST_COLUMNS + 1):
        setting = setter.vertical(
            words, setter.role(name).font, size, count, look.leading_em,
            lang=piece.lang, ink=setter.role(name).ink, depth_pt=headline.depth_pt,
        )  # fmt: skip
        if setting is not None:
            yield name, setting
            return


def _strip(
    words: list[tuple[str, VerticalSetting]],
    pad: float,
    setter: Setter,
    *,
    ground: str | None = None,
    tail: str | None = None,
    possible: bool = True,
) -> SideHead:
    grid, look = setter.layout.grid, setter.layout.head
    inner = sum(setting.width_pt for _, setting in words) + pad * max(0, len(words) - 1)
    width = inner + (2 * pad if ground is not None else 0.0)
    taken = ceil(width / grid.body_pt + look.side_gap_characters - 1e-6) * grid.body_pt
    # All reaches to the white before the text: what is left over stands at the left, or in the ground.
    width = taken - look.side_gap_characters * grid.body_pt
    if ground is not None:
        pad = (width - inner) / 2
    depth = max((setting.depth_pt + 2 * setting.size_pt for _, setting in words), default=0.0)
    return SideHead(tuple(words), pad, width, taken, depth, ground, tail, possible and bool(words))
