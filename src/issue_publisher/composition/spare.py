"""What a page can spare (可删内容): the parts that are marked as optional, and an item without some of them.

Pure: items in, smaller items out. What is spared is named by its kind and its number among all of its kind in
the item, in order of the source: picture 2, paragraph 5, headline 1. Page plans and messages use that name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Block,
    Box,
    Briefs,
    Crosshead,
    Figure,
    Item,
    Page,
    Paragraph,
    PictureItem,
    PullQuote,
    Weight,
)
from issue_publisher.issue.notes import has_marks
from issue_publisher.layout.model import FitStep

_KINDS = {
    FitStep.PULL_QUOTES: "pull quote",
    FitStep.HEADLINES: "headline",
    FitStep.PICTURES: "picture",
    FitStep.PARAGRAPHS: "paragraph",
}
_OPENING = 12  # characters by which a message calls a text


@dataclass(frozen=True, slots=True)
class Spare:
    """One part of an item that print can do without. For a spared headline an alternative is printed."""

    step: FitStep
    item: str  # id of the page's item
    number: int  # among all of its kind in the item, from 1; of a headline: the alternative's
    weight: Weight  # of the item
    optional: bool  # the desk said so
    words: str  # its first words, or the picture's file
    line: int  # in the issue's XML
    characters: int = 0
    at: tuple[int, ...] = ()  # path of block numbers to it; of an alternative, nothing

    @property
    def name(self) -> str:
        """What a page plan calls it: picture 2."""
        return f"{_KINDS[self.step]} {self.number}"


def spares(item: Item) -> tuple[Spare, ...]:
    """All parts of an item that could be spared, in order of the source; `optional` says which may be."""
    found: list[Spare] = []
    if isinstance(item, Article) and item.headline is not None:
        for number, alternative in enumerate(item.alternatives, 1):
            found.append(
                Spare(
                    FitStep.HEADLINES, item.id, number, item.weight, True,
                    item.headline.plain, alternative.line or item.line,
                )
            )  # fmt: skip
    weight = item.weight if isinstance(item, Article | PictureItem) else Weight.BRIEF
    numbers = Counter[FitStep]()
    for path, block in _blocks(item):
        match block:
            case Figure():
                step, words, characters = FitStep.PICTURES, block.src, 0
            case PullQuote():
                step, words, characters = (
                    FitStep.PULL_QUOTES,
                    _opening(block.text.plain),
                    len(block.text.plain),
                )
            case Paragraph():
                step, words, characters = (
                    FitStep.PARAGRAPHS,
                    _opening(block.text.plain),
                    len(block.text.plain_with_notes),
                )
            case _:
                continue
        numbers[step] += 1
        found.append(
            Spare(
                step, item.id, numbers[step], weight, block.optional and not _marked(block),
                words, block.line or item.line, characters, path,
            )
        )  # fmt: skip
    return tuple(found)


def may_go(item: Item, gone: Collection[Spare], spare: Spare) -> bool:
    """Whether a part may go when others are gone: something must stay of every article, box and group."""
    if spare.step is FitStep.HEADLINES:
        return all(other.step is not FitStep.HEADLINES for other in gone)
    paths = {other.at for other in gone} | {spare.at}
    some = any(path not in paths for path in _some_must_stay(item, spare.at))
    return some and spare.at not in {other.at for other in gone}


def all_optional(item: Item) -> tuple[Spare, ...]:
    """All that may go together of what an item has that is optional; of its alternatives the first."""
    gone: list[Spare] = []
    for spare in spares(item):
        if spare.optional and may_go(item, gone, spare):
            gone.append(spare)
    return tuple(gone)


def without(item: Item, gone: Collection[Spare]) -> Item:
    """An item without some of its parts; a crosshead that nothing is left to stand over goes with them."""
    paths = frozenset(spare.at for spare in gone if spare.at)
    match item:
        case Article():
            return _headlined(replace(item, body=_kept(item.body, (), paths)), gone)
        case Briefs():
            briefs = tuple(
                replace(brief, body=_kept(brief.body, (at,), paths)) for at, brief in enumerate(item.articles)
            )
            return replace(item, articles=briefs)
        case PictureItem():
            figures = tuple(figure for at, figure in enumerate(item.figures) if (at,) not in paths)
            return replace(item, figures=figures)
        case _:
            return item


def page_without(page: Page, gone: Collection[Spare]) -> Page:
    """A page without some parts of its items."""
    items = tuple(without(item, [spare for spare in gone if spare.item == item.id]) for item in page.items)
    return replace(page, items=items)


def crossheads_gone(item: Item, gone: Collection[Spare]) -> tuple[Crosshead, ...]:
    """The crossheads that go because nothing is left under them."""
    before = [block for _, block in _blocks(item) if isinstance(block, Crosshead)]
    after = Counter(id(block) for _, block in _blocks(without(item, gone)) if isinstance(block, Crosshead))
    return tuple(block for block in before if not after[id(block)])


def _headlined(article: Article, gone: Collection[Spare]) -> Article:
    chosen = next((spare.number for spare in gone if spare.step is FitStep.HEADLINES), None)
    if chosen is None:
        return article
    return replace(article, headline=article.alternatives[chosen - 1], alternatives=())


def _blocks(item: Item) -> Iterator[tuple[tuple[int, ...], Block]]:
    """Every block of an item with the way to it; advertisements are as large as they were sold."""
    match item:
        case Article():
            yield from _inside(item.body, ())
        case Briefs():
            for at, brief in enumerate(item.articles):
                yield from _inside(brief.body, (at,))
        case PictureItem():
            yield from _inside(item.figures, ())
        case Advertisement():
            return


def _inside(blocks: tuple[Block, ...], path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Block]]:
    for at, block in enumerate(blocks):
        yield (*path, at), block
        if isinstance(block, Box):
            yield from _inside(block.blocks, (*path, at))


def _some_must_stay(item: Item, path: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """The blocks beside a part of which one at least stays: words where there are words."""
    beside = [(at, block) for at, block in _blocks(item) if at[:-1] == path[:-1]]
    words = tuple(at for at, block in beside if not isinstance(block, Figure | PullQuote | Crosshead))
    return words or tuple(at for at, _ in beside)


def _kept(
    blocks: tuple[Block, ...], path: tuple[int, ...], gone: frozenset[tuple[int, ...]]
) -> tuple[Block, ...]:
    kept: list[Block] = []
    cut = False  # whether something went since the last block that was kept
    for at, block in enumerate(blocks):
        here = (*path, at)
        if here in gone:
            cut = True
            continue
        if isinstance(block, Crosshead) and cut and kept and isinstance(kept[-1], Crosshead):
            kept.pop()
        cut = False
        kept.append(
            replace(block, blocks=_kept(block.blocks, here, gone)) if isinstance(block, Box) else block
        )
    if cut and kept and isinstance(kept[-1], Crosshead):
        kept.pop()
    return tuple(kept)


def _marked(block: Block) -> bool:
    """Whether marks stand in it whose notes were taken out: on another page, they would stay without it."""
    return isinstance(block, Paragraph) and has_marks(block.text)


def _opening(words: str) -> str:
    return words if len(words) <= _OPENING else f"{words[:_OPENING]}…"
