"""Hypothesis strategies for whole issues and their parts, in the form in which the reader gives them."""

from __future__ import annotations

import datetime
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from issue_publisher.issue.model import (
    Advertisement,
    AdvertisementKind,
    AdvertisementPlace,
    AdvertisementSize,
    Article,
    Author,
    Box,
    Briefs,
    Byline,
    BylinePlace,
    Cell,
    Copy,
    Crosshead,
    Ear,
    Editor,
    Exchange,
    Figure,
    Hint,
    Imprint,
    Inline,
    InlineKind,
    Issue,
    Link,
    ListBlock,
    Nameplate,
    Page,
    Paragraph,
    PictureItem,
    PullQuote,
    Quotation,
    Relation,
    SeriesPart,
    Table,
    Telephone,
    Text,
    Verse,
    Weight,
)

FIRST = "first"  # the id of the first article of each issue: every link leads there
WHITE = " \t\r\n"

_HAN = "中国新材料报天宫舱实验室晶体合金强度温度研制成功記者通讯员一二三〇𠮷𪚥"
_ALPHABET = _HAN + "，。：；！？、（）《》“”‘’—…·" + "abcXYZ0189 &<>\"'%/-.,é℃" + "\u3000\u00a0\u2082"

# --------------------------------------------------------------------------- words

raw_words = st.text(_ALPHABET, min_size=1, max_size=10).filter(lambda words: bool(words.strip()))


@cache
def words() -> st.SearchStrategy[str]:
    """The words of an element without markup."""
    return raw_words.map(lambda raw: raw.strip(WHITE))


@cache
def attribute_words() -> st.SearchStrategy[str]:
    """The words of an attribute: no two spaces in a row."""
    return raw_words.map(lambda raw: " ".join(filter(None, raw.split(" "))))


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    """It or None."""
    return st.none() | strategy


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,8}", fullmatch=True)
few = st.integers(1, 8)
languages = st.sampled_from(["en", "ja", "zh-Hant", "de-CH"])
addresses = st.sampled_from(["https://example.org/a?b=1&c=2", "mailto:desk@example.org", "文/件.html"])


def _leaf() -> st.SearchStrategy[Inline]:
    return raw_words.map(lambda raw: Inline(InlineKind.TEXT, raw))


def _element(children: st.SearchStrategy[tuple[Inline, ...]]) -> st.SearchStrategy[Inline]:
    plain = [
        InlineKind.EMPHASIS,
        InlineKind.STRONG,
        InlineKind.DOTS,
        InlineKind.SUPERSCRIPT,
        InlineKind.SUBSCRIPT,
    ]
    return st.one_of(
        st.builds(Inline, st.sampled_from(plain), children=children),
        st.builds(Inline, st.just(InlineKind.RUBY), children=children, ruby=attribute_words()),
        st.builds(Inline, st.just(InlineKind.FOREIGN), children=children, lang=languages),
        st.builds(Inline, st.just(InlineKind.LINK), children=children, href=addresses),
        st.builds(
            Inline, st.just(InlineKind.GLYPH), children=children, variant=st.sampled_from(["E0101", "trad"])
        ),
    )


def _merged(parts: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Pieces of text side by side as one, as the reader gives them."""
    merged: list[Inline] = []
    for part in parts:
        if merged and part.kind is merged[-1].kind is InlineKind.TEXT:
            merged[-1] = replace(part, text=merged[-1].text + part.text)
        else:
            merged.append(part)
    return tuple(merged)


def _parts(inlines: st.SearchStrategy[Inline], most: int) -> st.SearchStrategy[tuple[Inline, ...]]:
    return st.lists(inlines, min_size=1, max_size=most).map(tuple).map(_merged)


def _stripped(parts: tuple[Inline, ...], end: int) -> tuple[Inline, ...]:
    """The first (0) or last (-1) piece of text without the white space at that end."""
    part = next(part for part in parts[:: end or 1] if part.text or part.children)
    at = parts.index(part) if end == 0 else len(parts) - 1 - parts[::-1].index(part)
    if part.text:
        part = replace(part, text=part.text.lstrip(WHITE) if end == 0 else part.text.rstrip(WHITE))
    else:
        part = replace(part, children=_stripped(part.children, end))
    return (*parts[:at], part, *parts[at + 1 :])


def _text(parts: tuple[Inline, ...]) -> Text:
    return Text(_stripped(_stripped(parts, 0), -1))


_PLAIN = _leaf().map(lambda leaf: _text((leaf,)))
_INLINE = _leaf() | _element(_parts(_leaf(), 1)) | _element(_parts(_leaf() | _element(_parts(_leaf(), 1)), 2))
_BREAK = st.just(Inline(InlineKind.BREAK))
_TEXTS = _PLAIN | _PLAIN | _parts(_INLINE, 3).map(_text)
_HEADLINES = _PLAIN | st.tuples(_parts(_INLINE | _BREAK, 3), _leaf()).map(
    lambda two: _text(_merged((*two[0], two[1])))
)


@cache
def texts() -> st.SearchStrategy[Text]:
    """A text with inline markup."""
    return _TEXTS


@cache
def running_texts() -> st.SearchStrategy[Text]:
    """A text that may hold notes, behind a word of it."""
    return st.one_of(_TEXTS, _TEXTS, st.builds(_annotated, _TEXTS, several(_TEXTS), st.booleans()))


def _annotated(text: Text, said: tuple[Text, ...], inside: bool) -> Text:
    """A text with notes behind its first piece, or inside it, and the last of them at its end."""
    first, *rest = text.parts
    half = len(first.text) // 2
    if inside and first.text[:half].strip():
        first, rest = replace(first, text=first.text[:half]), [replace(first, text=first.text[half:]), *rest]
    notes = [Inline(InlineKind.NOTE, children=each.parts) for each in said]
    return Text((first, *notes[:1], *rest, *notes[1:]))


@cache
def headlines() -> st.SearchStrategy[Text]:
    """A text that may hold break places."""
    return _HEADLINES


def without_readings(text: Text) -> Text:
    """The text with emphasis in place of readings: an ear has none."""
    return Text(tuple(map(_unread, text.parts)))


def _unread(part: Inline) -> Inline:
    kind = InlineKind.EMPHASIS if part.kind is InlineKind.RUBY else part.kind
    return replace(part, kind=kind, ruby=None, children=tuple(map(_unread, part.children)))


def _referring(text: Text) -> Text:
    reference = Inline(InlineKind.REFERENCE, children=(Inline(InlineKind.TEXT, "见某篇"),), to=FIRST)
    return Text((*text.parts, reference))


# --------------------------------------------------------------------------- blocks


def several(strategy: st.SearchStrategy, least: int = 1, most: int = 2) -> st.SearchStrategy[tuple]:
    """A few of them, as a tuple."""
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


@cache
def paragraphs() -> st.SearchStrategy[Paragraph]:
    """Paragraphs of an article."""
    return st.builds(Paragraph, running_texts())


@cache
def short_paragraphs() -> st.SearchStrategy[Paragraph]:
    """Paragraphs of an ear or beside pictures: they hold no notes."""
    return st.builds(Paragraph, texts())


@cache
def body_paragraphs() -> st.SearchStrategy[Paragraph]:
    """Paragraphs of a body, which may be optional."""
    return st.builds(Paragraph, running_texts(), st.booleans())


@cache
def figures() -> st.SearchStrategy[Figure]:
    """Pictures."""
    fraction = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
    return st.builds(
        Figure,
        src=st.sampled_from(["a.jpg", "图/晶体.svg", "pictures/b 2.png"]),
        caption=maybe(texts()),
        credit=maybe(texts()),
        alt=maybe(attribute_words()),
        focal=st.tuples(fraction, fraction),
        optional=st.booleans(),
        columns=maybe(few),
        missing=st.booleans(),
    )


@cache
def _simple_blocks() -> st.SearchStrategy:
    cells = st.builds(Cell, running_texts() | st.just(Text()), head=st.booleans())
    return st.one_of(
        body_paragraphs(),
        st.builds(Crosshead, texts()),
        st.builds(ListBlock, several(running_texts()), st.booleans()),
        st.builds(Quotation, several(paragraphs()), maybe(texts())),
        st.builds(PullQuote, texts(), maybe(texts()), st.booleans()),
        st.builds(
            Exchange,
            several(paragraphs()),
            several(paragraphs()),
            maybe(attribute_words()),
            maybe(attribute_words()),
        ),
        st.builds(Verse, several(several(running_texts()))),
        st.builds(Table, several(several(cells)), maybe(texts())),
        figures(),
    )


@cache
def blocks() -> st.SearchStrategy:
    """Any block of a body."""
    simple = _simple_blocks()
    return simple | st.builds(Box, several(simple), maybe(headlines()))


@cache
def bodies() -> st.SearchStrategy[tuple]:
    """A body with at least one paragraph."""
    return st.tuples(several(blocks(), 0), body_paragraphs(), several(blocks(), 0)).map(
        lambda three: (*three[0], three[1], *three[2])
    )


# --------------------------------------------------------------------------- items and issues


@cache
def bylines() -> st.SearchStrategy[Byline]:
    """Bylines."""
    authors = st.builds(Author, words(), maybe(attribute_words()), maybe(attribute_words()))
    return st.builds(Byline, several(authors), st.sampled_from(BylinePlace))


@cache
def hints() -> st.SearchStrategy[Hint]:
    """Hints for make-up."""
    places = st.sampled_from(["top", "bottom-right", "centre"])
    return st.builds(Hint, maybe(few), maybe(few), maybe(places), maybe(st.booleans()), maybe(st.just(1)))


@cache
def articles(identity: str = "a1", *, links: bool = False) -> st.SearchStrategy[Article]:
    """An article; with `links`, it may point to the first article of the issue."""
    link = st.builds(Link, st.just(FIRST), st.sampled_from(Relation))
    standfirst = texts().map(_referring) if links else texts()
    return st.builds(
        Article,
        id=st.just(identity),
        headline=headlines(),
        alternatives=several(headlines(), 0),
        kicker=maybe(texts()),
        decks=several(texts(), 0),
        rubric=maybe(words()),
        series=maybe(st.builds(SeriesPart, attribute_words(), few, words())),
        editors_note=several(paragraphs(), 0),
        standfirst=maybe(standfirst),
        dateline=maybe(words()),
        byline=maybe(bylines()),
        affiliation=maybe(texts()),
        signature=maybe(texts()),
        body=bodies(),
        links=several(link, 0) if links else st.just(()),
        weight=st.sampled_from(Weight),
        genre=maybe(st.sampled_from(["news", "comment", "verse"])),
        lang=maybe(languages),
        hint=maybe(hints()),
    )


@cache
def briefs(identity: str = "b1") -> st.SearchStrategy[Briefs]:
    """A group of briefs."""

    def brief(number: int) -> st.SearchStrategy[Article]:
        return st.builds(
            Article,
            id=st.just(f"{identity}-{number}"),
            headline=maybe(headlines()),
            dateline=maybe(words()),
            byline=maybe(bylines()),
            body=bodies(),
            signature=maybe(texts()),
            weight=st.just(Weight.BRIEF),
            lang=maybe(languages),
        )

    return st.builds(
        Briefs,
        id=st.just(identity),
        rubric=words(),
        articles=st.tuples(brief(1), brief(2)) | st.tuples(brief(1)),
        weight=st.sampled_from(Weight),
        hint=maybe(hints()),
    )


@cache
def picture_items(identity: str = "p1") -> st.SearchStrategy[PictureItem]:
    """Pictures that stand alone."""
    return st.builds(
        PictureItem,
        id=st.just(identity),
        figures=several(figures()),
        rubric=maybe(words()),
        headline=maybe(headlines()),
        text=several(short_paragraphs(), 0),
        weight=st.sampled_from(Weight),
        hint=maybe(hints()),
    )


def _without_notes(value: Any) -> Any:
    """A value of the model without its notes: an advertisement holds none."""
    if isinstance(value, tuple):
        kept = tuple(
            _without_notes(part) for part in value if getattr(part, "kind", None) is not InlineKind.NOTE
        )
        return _merged(kept) if kept and isinstance(kept[0], Inline) else kept
    if not is_dataclass(value):
        return value
    return replace(value, **{each.name: _without_notes(getattr(value, each.name)) for each in fields(value)})


@cache
def advertisements(identity: str = "x1") -> st.SearchStrategy[Advertisement]:
    """Advertisements and notices."""
    words = {
        "id": st.just(identity),
        "kind": st.sampled_from(AdvertisementKind),
        "headline": maybe(headlines()),
        "blocks": several(blocks(), 0).map(_without_notes),
    }
    at_foot = st.sampled_from([place for place in AdvertisementPlace if place is not AdvertisementPlace.EAR])
    named = st.sampled_from([size for size in AdvertisementSize if size is not AdvertisementSize.EAR])
    depths = st.integers(1, 50000).map(lambda hundredths: hundredths / 100)
    return st.one_of(
        st.builds(Advertisement, columns=few, depth_mm=depths, place=at_foot, **words),
        st.builds(Advertisement, size=named, place=at_foot, **words),
        st.builds(Advertisement, size=maybe(st.just(AdvertisementSize.EAR)), place=st.just(EAR), **words),
    )


EAR = AdvertisementPlace.EAR


@cache
def nameplates() -> st.SearchStrategy[Nameplate]:
    """Nameplates."""
    optional = [
        each.name for each in fields(Nameplate) if each.default is None and each.name != "running_number"
    ]
    plain = short_paragraphs().map(lambda one: replace(one, text=without_readings(one.text)))
    ears = st.builds(Ear, several(plain), maybe(headlines().map(without_readings)))
    return st.builds(
        Nameplate,
        title=words(),
        date_text=words(),
        running_number=maybe(st.integers(1, 99999)),
        ears=several(ears, 0),
        **{name: maybe(words()) for name in sorted(optional)},
    )


@cache
def imprints() -> st.SearchStrategy[Imprint]:
    """Imprints."""
    return st.builds(
        Imprint,
        address=maybe(words()),
        post_code=maybe(words()),
        telephones=several(st.builds(Telephone, words(), maybe(attribute_words())), 0),
        price=maybe(words()),
        printer=maybe(words()),
        distribution=maybe(words()),
        notes=several(words(), 0),
    )


@st.composite
def issues(draw: st.DrawFn, *, most_pages: int = 2, most_items: int = 2) -> Issue:
    """A whole issue with ids of its own and links that lead somewhere."""
    kinds = [lambda identity: articles(identity, links=True), briefs, picture_items, advertisements]
    pages = []
    for number in range(1, draw(st.integers(1, most_pages)) + 1):
        items = [draw(articles(FIRST))] if number == 1 else []
        for at in range(draw(st.integers(1 - len(items), most_items - len(items)))):
            kind = draw(st.sampled_from(kinds))
            items.append(draw(kind(f"i{number}.{at}")))
        editors = st.builds(Editor, words(), attribute_words())
        pages.append(
            Page(
                number, draw(attribute_words()), tuple(items), draw(several(editors, 0)), draw(maybe(words()))
            )
        )
    return Issue(
        id=draw(names),
        date=draw(st.dates(datetime.date(1949, 1, 1), datetime.date(2099, 12, 31))),
        nameplate=draw(nameplates()),
        pages=tuple(pages),
        imprint=draw(maybe(imprints())),
        lang=draw(languages),
        layout=draw(st.sampled_from(["broadsheet", "tabloid"])),
        version=draw(st.sampled_from(["1.0", "1.7"])),
        copy=tuple(
            Copy(page.title, (draw(draw(st.sampled_from(kinds))(f"w{page.number}")),))
            for page in pages
            if draw(st.booleans())
        ),
    )
