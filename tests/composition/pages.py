"""Finished pages made by hand, as small as a rule needs them, to be judged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from composition.issues import issue_of
from issue_publisher.composition.judge import judge
from issue_publisher.composition.model import (
    Choice,
    ComposedPage,
    Frame,
    Part,
    PictureBox,
    Placement,
    Rule,
    TextBlock,
    VerticalBlock,
)
from issue_publisher.composition.report import PageReport, Verdict
from issue_publisher.issue.model import Advertisement, Article, Issue, Item, Link, Weight, text
from issue_publisher.layout.model import Layout
from issue_publisher.typesetting.lines import Line, Run, Style
from issue_publisher.typesetting.vertical import VerticalSetting
from typesetting.paper import layout

GRID = layout().grid
TOP = layout().furniture.folio_lines  # first line of an inside page
FOOT = GRID.lines


def line(words: str, size: float, measure: float, *, font: str = "song", **more: object) -> Line:
    """A line as wide as its characters, from the left."""
    run = Run(words, Style(font, size), float(more.pop("x", 0.0)), size * len(words))  # type: ignore[arg-type]
    return Line((run,), measure, run.x_pt + run.width_pt, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Made:
    """An item of a page by hand; a picture is first leg, legs, first line and lines, from its upper left."""

    id: str
    column: int
    row: int
    columns: int
    lines: int
    size: float = 24
    headline: tuple[str, ...] = ("炉台上的数据很平静",)
    font: str = "song-heavy"
    head: int = 4  # lines
    head_columns: int | None = None
    kicker: float = 0.0
    pictures: tuple[tuple[int, int, int, int], ...] = ()
    weight: Weight = Weight.NORMAL
    boxed: bool = False
    links: tuple[str, ...] = ()
    rubric: str | None = None
    short: tuple[int, ...] = ()  # lines that each leg ends early
    begins: int = 0  # lines that the text begins below the head
    body: float = GRID.body_pt
    legs: int | None = None
    strays: bool = False
    crosshead: int = 0  # every so many lines of a leg
    vertical: bool = False
    sold: bool = False  # an advertisement
    label: bool = True
    inside: str = ""  # in whose corner it stands
    more: tuple[Part, ...] = field(default=())

    def frame(self) -> Frame:
        choice = Choice(self.columns, self.legs or self.columns, self.size)
        place = Placement(self.id, self.column, self.row, self.lines, choice, inside=self.inside)
        parts = [*self._border(), *self._head(), *self._text(), *self._pictures(), *self.more]
        return Frame(place, "advertisement" if self.sold else "article", tuple(parts))

    def item(self) -> Item:
        if self.sold:
            return Advertisement(self.id, self.columns, 100)
        headline = text("".join(self.headline)) if self.headline else None
        links = tuple(Link(to) for to in self.links)
        return Article(self.id, headline, weight=self.weight, links=links, rubric=self.rubric)

    @property
    def _width(self) -> float:
        return GRID.width_pt(self.columns)

    def _border(self) -> list[Part]:
        if not self.boxed:
            return []
        depth = GRID.depth_pt(self.lines) - 7
        return [Rule(0, 6.5, self._width, depth, "black", 0.6)]

    def _head(self) -> list[Part]:
        parts: list[Part] = []
        if self.sold and self.label:
            parts.append(TextBlock("ad-label", 0, 4, self._width, 10, (line("广告", 7.5, self._width),)))
        y = GRID.depth_pt(1.25)
        if self.kicker:
            words = line("引题十年跟踪", self.kicker, self._width)
            parts.append(TextBlock("kicker", 0, 2, self._width, self.kicker * 1.2, (words,)))
        if self.vertical:
            setting = VerticalSetting(self.size, (), self.size, self.size * 9, 0.0)
            return [*parts, VerticalBlock("headline", 0, 14, setting)]
        if self.headline and not self.sold:
            width = GRID.width_pt(self.head_columns or self.columns)
            lines = tuple(line(words, self.size, width, font=self.font) for words in self.headline)
            parts.append(TextBlock("headline", 0, y, width, self.size * 1.25, lines))
        return parts

    def _text(self) -> list[Part]:
        legs = self.legs or self.columns
        measure = (self._width - (legs - 1) * GRID.gutter_pt) / legs
        parts: list[Part] = []
        for leg in range(legs):
            over = [top + n for first, span, top, n in self.pictures if first <= leg < first + span]
            under = [top for first, span, top, _ in self.pictures if first <= leg < first + span]
            top = self.head + self.begins
            if under and min(under) <= top:  # a picture at the top of the leg
                top = max(top, *over)
            foot = self.lines - bool(self.boxed) - (self.short[leg] if leg < len(self.short) else 0)
            x = leg * (measure + GRID.gutter_pt)
            parts += self._leg(x, measure, top, min([foot, *(u for u in under if u > top)]), leg)
        return parts

    def _leg(self, x: float, measure: float, top: int, foot: int, leg: int) -> list[Part]:
        count = max(0, int((measure + 0.1) / self.body))
        parts: list[Part] = []
        for row in range(top, foot):
            kind = "crosshead" if self.crosshead and (row - top) % self.crosshead == 1 else "body"
            stray = self.strays and row == top and leg > 0
            words = line("字" * (3 if stray else count), self.body, measure, flush=not stray)
            parts.append(TextBlock(kind, x, GRID.depth_pt(row), measure, GRID.leading_pt, (words,)))
        return parts

    def _pictures(self) -> list[Part]:
        legs = self.legs or self.columns
        measure = (self._width - (legs - 1) * GRID.gutter_pt) / legs
        return [
            PictureBox(
                "a.jpg",
                first * (measure + GRID.gutter_pt),
                GRID.depth_pt(top),
                span * measure + (span - 1) * GRID.gutter_pt,
                GRID.depth_pt(lines),
            )
            for first, span, top, lines in self.pictures
        ]


def page_of(*made: Made, front: bool = False) -> tuple[ComposedPage, Issue]:
    """An inside page of these items, or the front page."""
    items = tuple(one.item() for one in made)
    issue = issue_of(items, ()) if front else issue_of((), items, ())
    page = issue.pages[0 if front else 1]
    return ComposedPage(page, tuple(one.frame() for one in made)), issue


def report(*made: Made, front: bool = False, **changed: object) -> PageReport:
    """The report on such a page, with other limits where given."""
    page, issue = page_of(*made, front=front)
    return judge(page, issue, with_rules(**changed))


def verdict(rule: str, *made: Made, front: bool = False, **changed: object) -> Verdict | None:
    """The verdict of one rule; None when it says nothing."""
    found = report(*made, front=front, **changed).verdicts
    return next((one for one in found if one.rule == rule), None)


def with_rules(**changed: object) -> Layout:
    """The broadsheet with other limits."""
    return replace(layout(), rules=replace(layout().rules, **changed))  # type: ignore[arg-type]
