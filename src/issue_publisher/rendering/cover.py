"""The e-book's cover: a newspaper front in little, for a shelf where each issue is a stamp of its own.

Issue → HTML (layouts/<name>/ebook/cover-page.html.j2) → PDF (WeasyPrint) → pixels (pdfium) → JPEG. The
template is the design: it asks the `Cover` for its texts at the size that fits, and for the photograph cut to
a box. One point of its page is one pixel.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from markupsafe import Markup

from issue_publisher.fonts.subset import subset_face
from issue_publisher.issue import wording
from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Figure,
    InlineKind,
    Issue,
    Item,
    Page,
    Paragraph,
    PictureItem,
    Text,
    Weight,
    text,
)
from issue_publisher.layout.model import HeadlineRole, Layout
from issue_publisher.pictures import Picture, crop_for, picture_for_press, pixels_as_jpeg
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept
from issue_publisher.rendering.ebook_plan import item_title, numbers_are_printed
from issue_publisher.rendering.pdf import BASE, Resource, write_pdf
from issue_publisher.rendering.pixels import draw_pages
from issue_publisher.rendering.templates import environment, render
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.headline import set_headline
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.paragraph import Setting, set_paragraph

WIDTH_PX, HEIGHT_PX = 1200, 1600  # 3:4, what shops and shelves show
_QUALITY = 88
_PT_PER_INCH = 72  # as picture_for_press counts: at so many pixels an inch, a point is a pixel
_SMALL_PX = 400  # a photograph narrower than this is shown only for want of another
_SMALLEST_PX = 16.0  # below it nobody reads a cover at its full size
_SENTENCE = re.compile("[。！？][”’」』）]*")
_CLAUSE = re.compile("[，；：]")


def draw_cover(
    issue: Issue,
    layout: Layout,
    faces: PaperFaces,
    pictures: Mapping[str, Picture],
    kept: Kept = NOTHING_KEPT,
) -> bytes:
    """The cover as a JPEG of 1200 × 1600 pixels; the same bytes for the same issue, layout and pictures.

    `pictures`: src → picture. One that is missing there is not shown; the cut one is `kept`. Raises
    TemplateFault when the template is wrong, RenderError when WeasyPrint complains, FontError when a
    character has no glyph.
    """
    cover = Cover(issue, layout, faces, pictures, kept)
    html = render(
        environment(*layout.template_folders),
        "ebook/cover-page.html.j2",
        cover=cover,
        issue=issue,
        layout=layout,
        wording=wording,
        ink=layout.ink_rgb,
        width=WIDTH_PX,
        height=HEIGHT_PX,
    )
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    (drawn,) = draw_pages(write_pdf(html, cover.resources(), identifier=identifier), WIDTH_PX)
    return pixels_as_jpeg(drawn.rows, drawn.width_px, drawn.height_px, _QUALITY)


# --------------------------------------------------------------------------- what the template sees


@dataclass(frozen=True, slots=True)
class Story:
    """A piece that the cover announces, and the number of its page."""

    title: Text
    page: int
    item: Item

    @property
    def article(self) -> Article | None:
        """It, when it is an article: kicker, decks and body are asked of it."""
        return self.item if isinstance(self.item, Article) else None


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a line, and a style attribute where they need one."""

    text: str
    css: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines set at one size in one face."""

    size: float
    css: str
    lines: tuple[tuple[Piece, ...], ...]


@dataclass
class Cover:
    """The issue as its cover tells it; collects the characters and the photograph that the template uses."""

    issue: Issue
    layout: Layout
    faces: PaperFaces
    pictures: Mapping[str, Picture]
    kept: Kept = NOTHING_KEPT
    _used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _shown: dict[str, Resource] = field(default_factory=dict)

    @cached_property
    def lead(self) -> Story | None:
        """The lead (头条) of the first page that has anything to read."""
        for page in self.issue.pages:
            if stories := _stories(page):
                return stories[0]
        return None

    @property
    def numbers_are_printed(self) -> bool:
        """Whether the source's numbers of pages, and how many there are, are those in print."""
        return numbers_are_printed(self.issue, self.layout)

    def place(self, story: Story) -> str:
        """Where a story stands: 2版, or its section where print may have other numbers than the source."""
        page = next(page for page in self.issue.pages if page.number == story.page)
        return page.title if page.title and not self.numbers_are_printed else f"{story.page}版"

    def others(self, most: int) -> tuple[Story, ...]:
        """Further stories in the order of the paper: of each page its first, then the next ones."""
        pages = [[story for story in _stories(page) if story != self.lead] for page in self.issue.pages]
        deepest = max(map(len, pages), default=0)
        ranked = [page[rank] for rank in range(deepest) for page in pages if rank < len(page)]
        return tuple(sorted(ranked[:most], key=lambda story: story.page))

    @cached_property
    def figure(self) -> Figure | None:
        """The dominant photograph of the lead, or else of its page; drawings say too little so small."""
        if self.lead is None:
            return None
        page = next(page for page in self.issue.pages if page.number == self.lead.page)
        items = [item for item in page.items if isinstance(item, Article | PictureItem)]
        photographs = [
            (item is self.lead.item, figure.columns or 0, picture.width_px, figure)
            for item in items
            for figure in item.figures
            if (picture := self.pictures.get(figure.src)) is not None and not picture.is_vector
        ]
        large = [one for one in photographs if one[2] >= _SMALL_PX]
        return max(large or photographs, key=lambda one: one[:3])[3] if photographs else None

    @property
    def ratio(self) -> float:
        """Width over height of the photograph."""
        return self.pictures[self.figure.src].ratio if self.figure else 1.0

    def photograph(self, width: float, depth: float) -> str:
        """The address of the photograph, cut around what must stay in view so that it fills a box."""
        assert self.figure is not None
        picture = self.pictures[self.figure.src]
        ratio, whole = width / depth, 1.0
        crop = crop_for(picture.width_px, picture.height_px, ratio, self.figure.focal, whole)
        settings = replace(self.layout.pictures, press_ppi=_PT_PER_INCH)
        made = picture_for_press(picture, width, depth, crop, settings, self.kept)
        self._shown["photograph"] = Resource(made.data, made.mime)
        return f"{BASE}photograph"

    def font_for(self, words: str, *wanted: str) -> str:
        """The first of the font roles whose own face has every character, or else the last."""
        known = self.faces.fonts.faces
        able = (role for role in wanted if role in known and all(map(known[role].has, words)))
        return next(able, wanted[-1])

    def fit(
        self, words: Text | str, font: str, sizes: Sequence[float], measure: float, most_lines: int = 1
    ) -> Block:
        """A heading at the first of the sizes, largest first, that it fits at; smaller if it fits at none.

        It breaks where the desk would have it.
        """
        return self.fit_alike([words], font, sizes, measure, most_lines)[0]

    def fit_alike(
        self,
        headings: Sequence[Text | str],
        font: str,
        sizes: Sequence[float],
        measure: float,
        most_lines: int,
    ) -> tuple[Block, ...]:
        """Headings that stand side by side, all at one size: the first of the sizes that each fits at.

        Where none will do they are set smaller, and none is cut short.
        """
        told = [text(words) if isinstance(words, str) else words for words in headings]
        best: tuple[float, list[tuple[Line, ...]]] | None = None
        least = float("inf")
        for size in (*sizes, *_smaller(sizes[-1])):
            if size < sizes[-1] and best is not None:
                break  # small type is for want of anything else
            small = len(told) * (1 - size / sizes[0])
            if least <= small:
                break  # nothing smaller can be better
            role = HeadlineRole(font, (size,), most_lines, 1, 1, condense_to=1.0)
            found = [self._heading(words, role, size, measure) for words in told]
            price = sum(price for price, _ in found) + small
            if price < least:
                best, least = (size, [lines for _, lines in found]), price
        if best is None:
            size = _SMALLEST_PX
            best = size, [self._shortened(words.plain, font, size, measure, most_lines) for words in told]
        size, headed = best
        return tuple(
            self._block(font, size, [line.shifted(line.end_pt - measure) for line in lines])
            for lines in headed
        )

    def _heading(
        self, words: Text, role: HeadlineRole, size: float, measure: float
    ) -> tuple[float, tuple[Line, ...]]:
        """A heading at a size and what it costs: infinitely much where it does not fit.

        It has as many lines as the desk has given it, or else as few as look best.
        """
        pieces, own = tuple(self._pieces(words, role.font, size)), len(words.breaks) + 1
        best: tuple[float, tuple[Line, ...]] = float("inf"), ()
        for count in sorted(range(1, role.max_lines + 1), key=lambda count: count != own):
            found = set_headline(
                pieces, words.breaks, count, measure, role, self.faces, self.layout.typesetting
            )
            if found and found.badness < best[0]:
                best = found.badness, found.lines
            if found and count == own > 1:
                break
        return best

    def column(self, article: Article, font: str, size: float, measure: float, most_lines: int) -> Block:
        """The beginning of an article's running text, both edges flush, up to the end of a sentence."""
        lines: list[Line] = []
        for block in wording.body_as_printed(article):
            if isinstance(block, Paragraph) and len(lines) < most_lines:
                setting = Setting(measure, size, indent_pt=2 * size)
                pieces = tuple(self._pieces(block.text, font, size))
                set_lines = self._sentences(pieces, setting, most_lines - len(lines), must=not lines)
                lines += set_lines
                if not set_lines:
                    break
        return self._block(font, size, lines[:most_lines])

    def _sentences(
        self, pieces: Sequence[tuple[str, Style]], setting: Setting, most: int, *, must: bool
    ) -> tuple[Line, ...]:
        """As many whole sentences of a paragraph as so many lines hold; if it `must`, its opening and …… ."""
        plain = "".join(words for words, _ in pieces)
        ends = [found.end() for found in _SENTENCE.finditer(plain)]
        for end in sorted({len(plain), *ends}, reverse=True):
            lines = set_paragraph(_up_to(pieces, end), setting, self.faces, self.layout.typesetting)
            if len(lines) <= most:
                return tuple(lines)
        clauses = [found.start() for found in _CLAUSE.finditer(plain)] if must else []
        for end in reversed(clauses):
            opening = [*_up_to(pieces, end), ("……", pieces[-1][1])]
            lines = set_paragraph(opening, setting, self.faces, self.layout.typesetting)
            if len(lines) <= most:
                return tuple(lines)
        return ()

    def _pieces(self, words: Text, font: str, size: float) -> Iterator[tuple[str, Style]]:
        kept = {InlineKind.SUPERSCRIPT, InlineKind.SUBSCRIPT}
        for span in words.spans():
            style = Style(font, size, lang=span.lang or self.issue.lang)
            yield span.text, style.marked(span.kinds & kept, self.layout.typesetting)

    def _shortened(self, words: str, font: str, size: float, measure: float, most: int) -> tuple[Line, ...]:
        setting, style = Setting(measure, size), Style(font, size, lang=self.issue.lang)
        lines: tuple[Line, ...] = ()
        for length in range(min(len(words), int(most * 2 * measure / max(size, _SMALLEST_PX))), 0, -1):
            shown = words[:length].rstrip("，、；：。 ") + "…" if length < len(words) else words
            lines = set_paragraph([(shown, style)], setting, self.faces, self.layout.typesetting)
            if len(lines) <= most:
                break
        return lines[:most]

    def _block(self, font: str, size: float, lines: Sequence[Line]) -> Block:
        family = ",".join(self.faces.chain(font, self.issue.lang))
        set_lines = tuple(tuple(self._painted(line, font)) for line in lines)
        return Block(size, f"font-family:{family};font-size:{size:g}pt", set_lines)

    def _painted(self, line: Line, font: str) -> Iterator[Piece]:
        for at, run in enumerate(line.runs):
            self._used[font].update(run.text)
            rules = {"letter-spacing": run.tracking_pt, "margin-right": run.after_pt}
            rules["margin-left"] = run.before_pt if at else run.x_pt
            css = [f"{name}:{value:.2f}pt" for name, value in rules.items() if abs(value) > 0.005]
            if run.style.raise_pt:
                css.append(f"font-size:{run.style.size_pt:g}pt;line-height:0")
                css.append(f"vertical-align:{run.style.raise_pt:.2f}pt")
            yield Piece(run.text, ";".join(css))

    # ---- what the HTML names

    def _subsets(self) -> dict[str, set[str]]:
        subsets: dict[str, set[str]] = defaultdict(set)
        for font, characters in self._used.items():
            for face, part in self.faces.runs("".join(sorted(characters)), font, self.issue.lang):
                subsets[face.role].update(part)
        return dict(sorted(subsets.items()))

    def font_faces(self) -> Markup:
        """`@font-face` rules for what was set so far: the last word of the template."""
        return Markup("\n").join(
            Markup('@font-face{{font-family:{0};src:url("{1}font/{0}")}}').format(role, BASE)
            for role in self._subsets()
        )

    def resources(self) -> dict[str, Resource]:
        """Fonts and the photograph by path."""
        found = dict(self._shown)
        for role, characters in self._subsets().items():
            data = subset_face(self.faces.fonts.face(role), characters, f"Cover {role}")
            found[f"font/{role}"] = Resource(data, "font/ttf")
        return found


def _smaller(size: float) -> Iterator[float]:
    """Sizes below one, for a heading that is longer than a cover was drawn for."""
    while size * 0.92 >= _SMALLEST_PX:
        size *= 0.92
        yield size


def _up_to(pieces: Sequence[tuple[str, Style]], end: int) -> Iterator[tuple[str, Style]]:
    """The first so many characters."""
    at = 0
    for words, style in pieces:
        if at < end:
            yield words[: end - at], style
        at += len(words)


_RANK = {Weight.LEAD: 0, Weight.MAJOR: 1, Weight.NORMAL: 2, Weight.BRIEF: 3}


def _stories(page: Page) -> list[Story]:
    """What there is to read on a page, the heaviest first; advertisements are not announced."""
    pieces = [item for item in page.items if not isinstance(item, Advertisement)]
    return [
        Story(_title(item), page.number, item) for item in sorted(pieces, key=lambda item: _RANK[item.weight])
    ]


def _title(item: Item) -> Text:
    headline = item.headline if isinstance(item, Article | PictureItem) else None
    return headline if headline is not None and headline.plain.strip() else text(item_title(item))
