"""Jumps (下转第N版 / 上接第N版): an article that stands in two parts, on two pages.

The parts are articles themselves, so that make-up knows nothing of it: the first ends with a jump line, the
second has the headline again, as small as a brief's, and a line that says where it comes from. Every
character of the body is in one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from issue_publisher.issue import wording
from issue_publisher.issue.model import (
    Article,
    Block,
    BylinePlace,
    Crosshead,
    Inline,
    InlineKind,
    Paragraph,
    Text,
    Weight,
)
from issue_publisher.issue.notes import noted
from issue_publisher.layout.model import PT_PER_MM

if TYPE_CHECKING:
    from issue_publisher.composition.flow import Strip
    from issue_publisher.composition.setter import Setter

_REST = "--2"  # what the second part's id has beyond the first's


def rest_id(article: str) -> str:
    """The id of an article's second part."""
    return article + _REST


def jump_place(article: Article, setter: Setter) -> int | None:
    """The block that an article's second part begins with, or None when it cannot jump.

    Between two paragraphs, or before a crosshead, with as much text in basic columns on either side as the
    layout asks for ([pages] jump_before_mm, jump_after_mm), and next to the share that should stay
    (jump_stays).
    """
    article = noted(article)
    rules, body = setter.layout.pages, article.body
    depths = [
        sum(strip.lines for strip in _strips(article, body[:at], setter)) for at in range(len(body) + 1)
    ]
    mm = [setter.layout.grid.depth_pt(lines) / PT_PER_MM for lines in depths]
    wanted = mm[-1] * rules.jump_stays
    places = [
        at
        for at in range(1, len(body))
        if isinstance(body[at], Paragraph | Crosshead)
        and not isinstance(body[at - 1], Crosshead)
        and mm[at] >= rules.jump_before_mm
        and mm[-1] - mm[at] >= rules.jump_after_mm
    ]
    return min(places, key=lambda at: (abs(mm[at] - wanted), at), default=None)


def parts(article: Article, at: int) -> tuple[Article, Article]:
    """An article in two, the second beginning with block `at`; neither says yet where the other is."""
    article = noted(article)  # numbered as one; all its notes stand at the end of the second part
    ends = article.byline is not None and article.byline.place is BylinePlace.END
    first = replace(
        article,
        body=article.body[:at],
        byline=None if ends else article.byline,
        affiliation=None,
        signature=None,
        notes=(),
    )
    rest = Article(
        rest_id(article.id),
        article.headline,
        byline=article.byline if ends else None,
        affiliation=article.affiliation,
        signature=article.signature,
        body=article.body[at:],
        notes=article.notes,
        weight=Weight.BRIEF,
        genre=article.genre,
        lang=article.lang,
        line=article.line,
        lines=article.lines,
    )
    return first, rest


def joined(article: Article, pages: Mapping[str, int]) -> Article:
    """A part with the line that leads to the other one. `pages`: item id → number of its printed page."""
    rest, first = rest_id(article.id), article.id.removesuffix(_REST)
    if rest in pages:
        return replace(article, jump_line=_link(wording.jump_text(pages[rest]), rest))
    if first != article.id and first in pages:
        return replace(article, continued_line=_link(wording.continued_text(pages[first]), first))
    return article


def _strips(article: Article, blocks: tuple[Block, ...], setter: Setter) -> list[Strip]:
    from issue_publisher.composition.flow import body_strips  # late: a plan is read without setting a line

    return body_strips(blocks, setter, setter.layout.grid.column_pt, article.lang)


def _link(words: str, to: str) -> Text:
    return Text((Inline(InlineKind.REFERENCE, to=to, children=(Inline(InlineKind.TEXT, words),)),))
