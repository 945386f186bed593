"""Pages drawn by lot as a desk would plan them: one lead, one or two majors, the rest normal, some brief.

Articles have real lengths with their pictures, and fill the page in the shapes that suit each best but for
a few lines. The same number draws the same page for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from random import Random

from composition.issues import AnyPicture, article, figure, issue_of
from composition.walk import figures_of
from issue_publisher.composition.area import page_area
from issue_publisher.composition.candidates import Candidate, candidate
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.composition.piece import make_piece
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Article, Crosshead, Issue, Text, Weight, text
from issue_publisher.layout.model import Layout
from issue_publisher.pictures import Picture, open_picture

_WHERE = ["南岸", "县城", "海上平台", "戈壁试验场", "三号车间", "大学实验楼", "北方基地"]
_WHAT = [
    "铝锂合金",
    "钛屑",
    "钙钛矿组件",
    "气凝胶",
    "碳纤维",
    "月壤砖",
    "高熵合金",
    "蓝宝石",
    "航天器",
    "老窑口",
    "原子钟",
]
_DOES = [
    "走下生产线",
    "通过低温考核",
    "晒足三百天",
    "一次熔成扁锭",
    "进入第二轮试验",
    "有了自己的登记簿",
    "减重两成",
    "完成首件交付",
]
_SHORT = ["上新", "复航", "验收", "降价", "投产", "试运行", "开炉", "过冬"]
_KICKERS = ["材料周记", "从实验室到车间", "一线见闻", "数据背后", "十年跟踪"]
_DECKS = ["三千组数据首次公开", "误差不到千分之三", "下一步在海上平台试用", "登记簿从此向读者开放"]
_CROSSHEADS = ["从一炉开始", "数据说话", "下一步更难", "慢慢来"]

FEWEST, MOST = 4, 24  # articles of a page
MANY = 12  # with more of them there is room for short ones only
_ROOM = 8 * 98  # lines of a basic column on an inside page of the broadsheet
_FILL = (0.97, 1.02)  # of it, by the figures here: 0.93 to 1.05, mostly, in the shapes that suit each best
_CHARACTERS_PER_LINE = 12.0  # of text in a basic column, with the ends of paragraphs
_PICTURES = 0.33  # most of the page that they cover


@dataclass(frozen=True)
class _Kind:
    """What articles of a weight are like."""

    characters: tuple[int, int]  # as long as that, where the page has room
    head: int  # lines of one column that headline and white take
    kicker: float  # how often there is one
    deck: float
    pictures: tuple[int, int, int, int]  # how often there are none, one, two, three
    headline: tuple[int, int]  # characters


_KINDS = {
    Weight.LEAD: _Kind((1200, 3000), 30, 0.6, 0.6, (1, 6, 3, 1), (10, 18)),
    Weight.MAJOR: _Kind((700, 1800), 21, 0.35, 0.4, (4, 6, 1, 0), (9, 20)),
    Weight.NORMAL: _Kind((400, 1500), 9, 0.15, 0.15, (6, 3, 0, 0), (8, 18)),
    Weight.BRIEF: _Kind((300, 420), 7, 0.0, 0.0, (1, 0, 0, 0), (8, 12)),
}
_FEW = _Kind((120, 260), 7, 0.0, 0.0, (1, 0, 0, 0), (8, 12))  # a brief among more than `MANY`
_KICKER, _DECK = 5, 10  # lines of one column that it takes


def random_page(seed: int, articles: int | None = None) -> Issue:
    """An issue of two pages: a front page that stands for nothing, and the page drawn."""
    return issue_of((article("front", 400, weight=Weight.LEAD),), random_items(seed, articles))


def random_items(seed: int, articles: int | None = None) -> tuple[Article, ...]:
    """From five to twelve articles, or as many as are asked for (4 to 24), the heaviest first.

    300 to 3,000 characters with no to three pictures each; briefs are shorter where there are more than
    twelve articles.
    """
    if articles is not None and not FEWEST <= articles <= MOST:
        raise ValueError(f"a page is drawn with {FEWEST} to {MOST} articles, not {articles}")
    chance = Random(seed)
    count = articles or chance.randint(5, MANY)
    drafts = [_draft(weight, count, chance) for weight in _weights(count, chance)]
    wanted = round(_ROOM * chance.uniform(*_FILL))
    drafts = _with_room_for_text(drafts, wanted, chance)
    lengths = _lengths(drafts, wanted, chance)
    return tuple(
        _article(number, seed, draft, length, chance)
        for number, (draft, length) in enumerate(zip(drafts, lengths, strict=True))
    )


def candidates_of(issue: Issue, setter: Setter) -> tuple[list[Candidate], int]:
    """What the solver is given for the page drawn, and the lines of the page; the lead begins it."""
    page = issue.pages[1]
    lines = page_area(issue, page, setter.layout).lines
    found = []
    for item in page.items:
        piece = make_piece(item, setter)
        one = candidate(piece, setter, AnyPicture(), lines)
        found.append(replace(one, column=0, row=0) if piece.weight is Weight.LEAD else one)
    return found, lines


# --------------------------------------------------------------------------- what a page is of


@dataclass(frozen=True)
class _Draft:
    """An article but for its length."""

    weight: Weight
    kind: _Kind
    kicker: bool
    deck: bool
    pictures: tuple[tuple[int, bool], ...]  # columns of each, and whether it is upright

    @property
    def lines(self) -> int:
        """Lines of one column that all but the text takes."""
        heads = self.kind.head + _KICKER * self.kicker + _DECK * self.deck
        return heads + sum(_picture_lines(*one) for one in self.pictures)


def _weights(count: int, chance: Random) -> list[Weight]:
    """One lead, one or two majors; of twelve articles three to five are briefs."""
    majors = 1 if count < 8 else chance.choice([1, 2])
    briefs = 0 if count < 7 else max(1, round((count - 5) * 0.55) + chance.choice([-1, 0, 1]))
    if count > MANY:
        briefs = round(count * 0.6)
    normal = count - 1 - majors - briefs
    return [
        Weight.LEAD,
        *[Weight.MAJOR] * majors,
        *[Weight.NORMAL] * normal,
        *[Weight.BRIEF] * briefs,
    ]


def _draft(weight: Weight, count: int, chance: Random) -> _Draft:
    kind = _FEW if weight is Weight.BRIEF and count > MANY else _KINDS[weight]
    kicker, deck = chance.random() < kind.kicker, chance.random() < kind.deck
    pictures = chance.choices(range(4), kind.pictures)[0]
    widths = [3 if weight is Weight.LEAD and number == 0 else chance.choice([1, 2, 2]) for number in range(3)]
    upright = [width < 3 and chance.random() < 0.25 for width in widths]
    return _Draft(weight, kind, kicker, deck, tuple(zip(widths, upright, strict=True))[:pictures])


def _picture_lines(columns: int, upright: bool) -> int:
    """Lines of one column that a picture of 3 : 2 or 2 : 3 with its caption covers."""
    return columns * round(columns * 117 * (3 / 2 if upright else 2 / 3) / 13.5 + 2.5)


def _with_room_for_text(drafts: list[_Draft], wanted: int, chance: Random) -> list[_Draft]:
    """Fewer pictures, then plainer headings, until every article has room for its shortest text."""

    def least(draft: _Draft) -> float:
        return draft.lines + draft.kind.characters[0] / _CHARACTERS_PER_LINE

    while True:
        pictured = [number for number, draft in enumerate(drafts) if draft.pictures]
        covered = sum(_picture_lines(*one) for draft in drafts for one in draft.pictures)
        short = sum(map(least, drafts)) > wanted
        if not pictured or (not short and covered <= _PICTURES * _ROOM):
            break
        number = pictured[-1]
        drafts[number] = replace(drafts[number], pictures=drafts[number].pictures[:-1])
    return [replace(draft, kicker=False, deck=False) for draft in drafts] if short else drafts


def _lengths(drafts: Sequence[_Draft], wanted: int, chance: Random) -> list[int]:
    """Characters of every article, so that all together fill the page."""
    middles = [sum(draft.kind.characters) / 2 * chance.uniform(0.6, 1.4) for draft in drafts]
    text_lines = wanted - sum(draft.lines for draft in drafts)
    least = 120 if len(drafts) > MANY else 300  # only a brief keeps to its most
    low, high = 0.0, 20.0
    for _ in range(40):
        factor = (low + high) / 2
        lengths = [
            min(
                draft.kind.characters[1] if draft.weight is Weight.BRIEF else 3000,
                max(least, middle * factor),
            )
            for draft, middle in zip(drafts, middles, strict=True)
        ]
        low, high = (factor, high) if sum(lengths) < text_lines * _CHARACTERS_PER_LINE else (low, factor)
    return [round(length) for length in lengths]


# --------------------------------------------------------------------------- words


def _article(number: int, seed: int, draft: _Draft, characters: int, chance: Random) -> Article:
    made = article(f"a{number}", characters, seed * 50 + number, weight=draft.weight)
    pictures = tuple(
        figure(number * 3 + at, src=f"pictures/{'tall-' * upright}{seed}-{number}-{at}.jpg", columns=columns)
        for at, (columns, upright) in enumerate(draft.pictures)
    )
    body = (*made.body[:1], *pictures, *made.body[1:])
    if characters > 1100:
        middle = len(body) - len(made.body) // 2
        body = (*body[:middle], Crosshead(text(chance.choice(_CROSSHEADS), 8)), *body[middle:])
    return replace(
        made,
        headline=_headline(*draft.kind.headline, chance),
        kicker=text(chance.choice(_KICKERS), 6) if draft.kicker else None,
        decks=(text(chance.choice(_DECKS), 8),) if draft.deck else (),
        body=body,
    )


def _headline(least: int, most: int, chance: Random) -> Text:
    """A headline of so many characters."""
    while True:
        does = chance.choice(_DOES if chance.random() < 0.7 else _SHORT)
        words = chance.choice(_WHERE) + chance.choice(_WHAT) + does
        if least <= len(words) <= most:
            return text(words, 7)


# --------------------------------------------------------------------------- pages as pictures


def proof_of(made: ComposedIssue, setter: Setter) -> bytes:
    """The proof of the page drawn, as a PNG; its photographs are plain tones."""
    from issue_publisher.rendering.pages import render_pages
    from issue_publisher.rendering.proof import draw_proof

    layout, page = setter.layout, made.pages[1]
    pictures = {src: _photograph(src, layout) for src in figures_of(page.page.items)}
    shown = replace(made, pages=(page,))
    pdf = render_pages(shown, layout, setter.faces, pictures)
    return draw_proof(pdf, shown, layout, setter.faces)[0]


def _photograph(src: str, layout: Layout) -> Picture:
    from PIL import Image

    size = AnyPicture()[src]
    file = BytesIO()
    Image.linear_gradient("L").resize((size.width_px, size.height_px)).save(file, "JPEG", quality=60)
    return open_picture(src, file.getvalue(), layout.pictures)
