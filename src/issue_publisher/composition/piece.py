"""`Piece`: any item of a page in the one form that make-up works on.

Articles, groups of briefs, pictures that stand alone and advertisements differ in what they say,
not in how they are made up: a head over legs of text with pictures let in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

from issue_publisher.composition import flow
from issue_publisher.composition.advertisement import sold_size
from issue_publisher.composition.flow import Strip
from issue_publisher.composition.setter import Setter
from issue_publisher.issue import wording
from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementPlace,
    Article,
    Block,
    Box,
    Briefs,
    Figure,
    Hint,
    Item,
    Note,
    Paragraph,
    PictureItem,
    Table,
    Text,
    Weight,
    text,
)
from issue_publisher.issue.notes import noted

Insert = Figure | Table


@dataclass(frozen=True)
class Piece:
    """One item, ready to be tried in shapes."""

    id: str
    kind: str  # article, briefs, pictures, advertisement
    weight: Weight
    line: int
    characters: int
    strips: Callable[[float], list[Strip]]  # measure in points → the body's strips
    headline: Text | None = None
    genre: str | None = None
    lang: str | None = None
    rubric: str | None = None
    kicker: Text | None = None
    decks: tuple[Text, ...] = ()
    byline: Text | None = None  # the line under the headline
    editors_note: tuple[Paragraph, ...] = ()
    standfirst: Text | None = None
    inserts: tuple[Insert, ...] = ()
    hint: Hint | None = None
    size: tuple[int, float] | None = None  # of an advertisement: columns, depth in mm
    place: AdvertisementPlace | None = None  # of an advertisement
    boxed: bool = False
    may_box: bool = False  # make-up may set it in a box

    @property
    def in_ear(self) -> bool:
        """Whether it is an advertisement that stands in the ear (报眼), outside the area of articles."""
        return self.place is AdvertisementPlace.EAR

    @cached_property
    def bodies(self) -> dict[object, object]:
        """Bodies that its shapes have made, for others to share."""
        return {}


def box_margin_pt(setter: Setter, *, boxed: bool) -> float:
    """White at either side inside the box of a piece; none when it stands in no box."""
    layout = setter.layout
    return layout.box.margin_characters * layout.grid.body_pt if boxed else 0.0


def make_piece(item: Item, setter: Setter) -> Piece:
    """The piece of an item. Its strips are made once for each measure, whatever shapes ask for them."""
    piece = _piece(item, setter)
    return replace(piece, strips=cache(piece.strips))


def _piece(item: Item, setter: Setter) -> Piece:
    match item:
        case Article():
            return _article(item, setter)
        case Briefs():
            return _briefs(item, setter)
        case PictureItem():
            return _pictures(item, setter)
        case Advertisement():
            return _advertisement(item, setter)


def _article(article: Article, setter: Setter) -> Piece:
    article = noted(article)
    body = wording.body_as_printed(article)

    def strips(measure: float) -> list[Strip]:
        closing = (article.affiliation, article.signature)
        return (
            flow.body_strips(body, setter, measure, article.lang)
            + flow.closing_strips(closing, setter, measure, article.lang)
            + flow.note_strips(article.notes, setter, measure, article.lang)
            + flow.closing_strips((article.jump_line,), setter, measure, article.lang, "jump")
        )

    under_headline = wording.head_line(article) or article.continued_line
    rubric = [article.rubric] if article.rubric else []
    if article.series is not None:
        rubric.append(wording.series_text(article.series))
    return Piece(
        article.id,
        "article",
        article.weight,
        article.line,
        _characters((*body, *article.notes)),
        strips,
        headline=article.headline,
        genre=article.genre,
        lang=article.lang,
        rubric="\u3000".join(rubric) or None,
        kicker=article.kicker,
        decks=article.decks,
        byline=under_headline,
        editors_note=_labelled_note(article),
        standfirst=article.standfirst,
        inserts=tuple(_inserts(body)),
        hint=article.hint,
        boxed=bool(article.hint and article.hint.box),
        may_box=_may_box(article, setter),
    )


def _may_box(article: Article, setter: Setter) -> bool:
    """Whether make-up may box an article: of a genre that the layout names, no lead, and no hint says."""
    said = article.hint is not None and article.hint.box is not None
    return not said and article.weight is not Weight.LEAD and article.genre in setter.layout.makeup.box_genres


def _labelled_note(article: Article) -> tuple[Paragraph, ...]:
    """The editor's note with its label run in, bold, unless the desk has written one."""
    label = wording.editors_note_label(article.editors_note)
    if not label:
        return article.editors_note
    first, *rest = article.editors_note
    parts = text(f"【{label}】", first.line).parts + first.text.parts
    return (replace(first, text=replace(first.text, parts=parts)), *rest)


def _briefs(briefs: Briefs, setter: Setter) -> Piece:
    articles = tuple(map(noted, briefs.articles))

    def strips(measure: float) -> list[Strip]:
        result: list[Strip] = []
        for brief in articles:
            if brief.headline is not None:
                result = flow.with_white_below(result, setter.layout.head.brief_gap_lines)
                lines = setter.short(brief.headline, "brief-head", measure, brief.lang)
                heads = list(flow.paragraph_strips(lines, setter, "brief-head", measure))
                result += [replace(head, price_after=flow.KEEP) for head in heads]
            if head := wording.head_line(brief):
                lines = setter.lines(head, "byline", measure, lang=brief.lang)
                names = flow.paragraph_strips(lines, setter, "byline", measure)
                result += [replace(name, price_after=flow.KEEP) for name in names]
            result += flow.body_strips(wording.body_as_printed(brief), setter, measure, brief.lang)
            result += flow.closing_strips((brief.signature,), setter, measure, brief.lang)
            result += flow.note_strips(brief.notes, setter, measure, brief.lang)
        return result

    bodies = [block for brief in articles for block in brief.body]
    notes = [note for brief in articles for note in brief.notes]
    return Piece(
        briefs.id,
        "briefs",
        Weight.BRIEF,
        briefs.line,
        _characters((*bodies, *notes)),
        strips,
        rubric=briefs.rubric,
        inserts=tuple(_inserts(bodies)),
        hint=briefs.hint,
    )


def _pictures(item: PictureItem, setter: Setter) -> Piece:
    return Piece(
        item.id,
        "pictures",
        Weight.BRIEF,
        item.line,
        _characters(item.text),
        lambda measure: flow.body_strips(item.text, setter, measure),
        headline=item.headline,
        rubric=item.rubric,
        inserts=item.figures,
        hint=item.hint,
    )


def _advertisement(item: Advertisement, setter: Setter) -> Piece:
    def strips(measure: float) -> list[Strip]:
        return flow.advertisement_strips(item.blocks, setter, measure, centred)

    characters = _characters(item.blocks)
    centred = characters < setter.layout.advertisement.few_characters
    return Piece(
        item.id,
        "advertisement",
        Weight.NORMAL,
        item.line,
        characters,
        strips,
        headline=item.headline,
        rubric=wording.advertisement_text(item.kind),
        inserts=tuple(_inserts(item.blocks)),
        size=sold_size(item, setter.layout),
        place=AdvertisementPlace.EAR if item.in_ear else item.place,
        boxed=True,
    )


def _inserts(blocks: Iterable[Block]) -> Iterator[Insert]:
    """Figures and tables let in beside the flow. A box in one piece keeps its tables but not its figures."""
    for block in blocks:
        if isinstance(block, Figure | Table):
            yield block
        elif isinstance(block, Box):
            yield from (inside for inside in _inserts(block.blocks) if isinstance(inside, Figure))


def _characters(blocks: Iterable[Block | Note]) -> int:
    """Roughly how long a body is, to begin the search for shapes somewhere sensible."""
    return sum(len(part.plain) for block in blocks for part in _texts(block))


def _texts(block: object) -> list[Text]:
    if isinstance(block, Text):
        return [block]
    if isinstance(block, Figure | Table):
        return []
    if isinstance(block, tuple):
        return [found for part in block for found in _texts(part)]
    fields = getattr(block, "__dataclass_fields__", {})
    return [found for name in fields for found in _texts(getattr(block, name))]
