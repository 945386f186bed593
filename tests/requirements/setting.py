"""Specimens: what is set for each requirement, and the parts that come of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from issue_publisher.composition.flow import Strip, body_strips, merged, moved
from issue_publisher.composition.head import Head
from issue_publisher.composition.legs import fill_legs, without_strays
from issue_publisher.composition.model import Choice, Part, Rule, TextBlock
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.setter import Setter
from issue_publisher.composition.side import side_head
from issue_publisher.issue.model import Article, Issue
from issue_publisher.issue.reader import read_issue
from issue_publisher.layout.model import Layout
from issue_publisher.typesetting.headline import HeadlineSetting
from issue_publisher.typesetting.lines import Line
from typesetting.paper import faces, layout

TEXTS = Path(__file__).with_name("issue.xml")
GUIDE = "guide"  # ink of guide lines
GUIDE_PT = 0.3
PANEL_GAP_PT = 30.0  # between two panels: hanging marks reach into it
LEG_GAP_PT = 9.0  # the basic columns' gutter


@dataclass(frozen=True)
class Panel:
    """One setting of a text, at one measure and with one policy.

    `text`: id of an article of issue.xml. `measure_em`: in characters of its type role. `policy`: fields of
    the layout's [typesetting] that are other than in the layout. `legs`: columns of text. `headline`: width
    of a headline in points and its number of lines, instead of the body. `vertical`: the size of a vertical
    headline in points and its number of columns, set beside the body.
    """

    text: str
    measure_em: float
    label: str = ""
    role: str = "body"
    policy: Mapping[str, object] = field(default_factory=dict)
    legs: int = 0
    headline: tuple[float, int] | None = None
    vertical: tuple[float, int] | None = None


@dataclass(frozen=True)
class Specimen:
    """What shows one requirement.

    `rule`: what is asked. `source`: where from. `guides`: edges, characters or baselines.
    """

    number: int
    title: str
    chinese: str
    rule: str
    source: str
    panels: tuple[Panel, ...]
    guides: str = "edges"

    @property
    def name(self) -> str:
        """R1 … R25."""
        return f"R{self.number}"

    @property
    def picture(self) -> str:
        """The file of its picture."""
        return f"R{self.number:02}.png"


@dataclass(frozen=True)
class SetPanel:
    """A panel set: its lines by paragraph or leg, and all that is painted, from its upper left corner."""

    paragraphs: tuple[tuple[Line, ...], ...]
    parts: tuple[Part, ...]
    width_pt: float
    depth_pt: float
    size_pt: float

    @property
    def lines(self) -> tuple[Line, ...]:
        """All its lines."""
        return tuple(line for paragraph in self.paragraphs for line in paragraph)

    @property
    def texts(self) -> list[str]:
        """Its lines as strings."""
        return [line.text for line in self.lines]


@cache
def issue() -> Issue:
    """The texts."""
    return read_issue(TEXTS.read_bytes(), TEXTS.name)


@cache
def paper() -> Layout:
    """The house's layout with an ink for guide lines."""
    return replace(layout(), inks={**layout().inks, GUIDE: (45.0, 10.0, 0.0, 0.0)})


def article(name: str) -> Article:
    """A text by its id."""
    return next(item for page in issue().pages for item in page.items if item.id == name)


def set_panel(panel: Panel, guides: str = "edges") -> SetPanel:
    """Set a panel by the same functions that set a newspaper's articles."""
    policy = replace(paper().typesetting, **panel.policy)
    setter = Setter(replace(paper(), typesetting=policy), faces())
    if panel.headline:
        found = _headline(panel, setter)
    elif panel.vertical:
        found = _vertical(panel, setter)
    elif panel.legs:
        found = _legs(panel, setter)
    else:
        found = _paragraphs(panel, setter)
    return replace(found, parts=(*_guides(found, panel, guides, setter), *found.parts))


def _paragraphs(panel: Panel, setter: Setter) -> SetPanel:
    """The paragraphs of a text under each other."""
    role, source = setter.role(panel.role), article(panel.text)
    measure = panel.measure_em * role.size_pt
    paragraphs = tuple(
        setter.lines(block.text, panel.role, measure, lang=source.lang) for block in source.body
    )
    lines = tuple(line for paragraph in paragraphs for line in paragraph)
    block = TextBlock(panel.role, 0.0, 0.0, measure, role.leading_pt, lines)
    return SetPanel(paragraphs, (block,), measure, block.depth_pt, role.size_pt)


def _legs(panel: Panel, setter: Setter) -> SetPanel:
    """A body in legs, as composition fills them: as few lines as part nothing that should stay."""
    source, size, leading = article(panel.text), setter.role("body").size_pt, setter.leading_pt
    measure = panel.measure_em * size
    strips = body_strips(source.body, setter, measure, source.lang)
    depth, strips, ends = _levelled(strips, panel.legs)
    parts: list[Part] = []
    legs, start = [], 0
    for leg, end in enumerate(ends):
        placed: list[Part] = []
        y = 0.0
        for strip in strips[start:end]:
            placed += [moved(part, leg * (measure + LEG_GAP_PT), y) for part in strip.parts]
            y += strip.lines * leading
        parts += merged(placed)
        legs.append(tuple(line for part in placed if isinstance(part, TextBlock) for line in part.lines))
        start = end
    width = panel.legs * (measure + LEG_GAP_PT) - LEG_GAP_PT
    return SetPanel(tuple(legs), tuple(parts), width, depth * leading, size)


def _levelled(strips: Sequence[Strip], legs: int) -> tuple[int, Sequence[Strip], tuple[int, ...]]:
    """The fewest lines deep in which nothing that should stay together is parted, and where each leg ends."""
    ways = []
    least = -(-sum(strip.lines for strip in strips) // legs)
    for depth in range(least, least + 3):
        filled = fill_legs(strips, [depth] * legs)
        if filled is not None:
            set_so, ends = without_strays(strips, [depth] * legs, filled)
            parted = sum(set_so[end - 1].price_after for end in ends[:-1])
            ways.append((parted, depth, set_so, ends))
    _, depth, set_so, ends = min(ways, key=lambda way: way[:2])
    return depth, set_so, ends


def _headline(panel: Panel, setter: Setter) -> SetPanel:
    """A whole head as composition stacks it: kicker, headline, decks."""
    assert panel.headline is not None
    width, count = panel.headline
    piece = make_piece(article(panel.text), setter)
    assert piece.headline is not None
    setting = _best(setter, piece.headline, piece.weight.value, width, count)
    parts, depth = Head(piece, setter, width, 0.0, setting, under_picture=True).build()
    return SetPanel((setting.lines,), parts, width, depth, setting.size_pt)


def _vertical(panel: Panel, setter: Setter) -> SetPanel:
    """A vertical headline with its kicker beside the body, as composition places it."""
    assert panel.vertical is not None
    size, count = panel.vertical
    piece = make_piece(article(panel.text), setter)
    side = side_head(piece, Choice(1, headline_pt=size, headline_lines=count, vertical=True), setter)
    assert side is not None
    assert side.possible
    text = _paragraphs(panel, setter)
    depth = max(text.depth_pt, side.depth_pt)
    beside = tuple(moved(part, side.taken_pt, 0.0) for part in text.parts)
    parts = (*side.parts(0.0, 0.0, depth), *beside)
    return SetPanel(text.paragraphs, parts, side.taken_pt + text.width_pt, depth, size)


def _best(setter: Setter, text: object, weight: str, width: float, count: int) -> HeadlineSetting:
    role = setter.layout.headline[weight]
    found = setter.headlines(text, role, None, width)  # type: ignore[arg-type]
    return next(setting for setting in found if len(setting.lines) == count)


# --------------------------------------------------------------------------- guide lines


def _guides(found: SetPanel, panel: Panel, guides: str, setter: Setter) -> Iterator[Rule]:
    """Thin lines: the edges of each measure, and the grid of characters or baselines if asked for."""
    measures = [(0.0, found.width_pt)]
    if panel.legs:
        measure = panel.measure_em * found.size_pt
        measures = [(leg * (measure + LEG_GAP_PT), measure) for leg in range(panel.legs)]
    for x, width in measures:
        places = [0.0, width]
        if guides == "characters":
            places = [at * found.size_pt for at in range(round(width / found.size_pt) + 1)]
        for place in places:
            yield Rule(x + place - GUIDE_PT / 2, -3.0, GUIDE_PT, found.depth_pt + 6.0, GUIDE)
    if guides == "baselines":
        role = setter.role("body" if panel.legs else panel.role)
        leading, size = role.leading_pt, role.size_pt
        for line in range(round(found.depth_pt / leading)):
            y = line * leading + leading / 2 + 0.38 * size  # as press and subsets place a baseline
            yield Rule(-6.0, y, found.width_pt + 12.0, GUIDE_PT, GUIDE)
