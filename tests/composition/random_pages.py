"""Pages drawn by lot: articles of real lengths with their pictures, about as much as a page holds.

The same number draws the same page for ever.
"""

from __future__ import annotations

from random import Random

from composition.issues import article, figure, issue_of
from issue_publisher.issue.model import Article, Block, Figure, Issue, Weight, text

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
_WHERE = ["南岸", "县城", "海上平台", "戈壁试验场", "三号车间", "大学实验楼", "北方基地"]
_KICKERS = ["材料周记", "从实验室到车间", "一线见闻", "数据背后"]

_PAGE_LINES = 8 * 98  # lines of a basic column on an inside page of the broadsheet
_CHARACTERS_PER_LINE = 12.2  # of text, with the ends of paragraphs


def random_page(seed: int, articles: int | None = None) -> Issue:
    """An issue of two pages: a full front page that stands for nothing, and the page drawn."""
    return issue_of((article("front", 400, weight=Weight.LEAD),), random_items(seed, articles))


def random_items(seed: int, articles: int | None = None) -> tuple[Article, ...]:
    """Between five and twelve articles of 300 to 3,000 characters with no to three pictures each."""
    chance = Random(seed)
    count = articles or chance.randint(5, 12)
    weights = [Weight.LEAD, *[Weight.MAJOR] * max(1, count // 5), *[Weight.NORMAL] * count][:count]
    shares = [{Weight.LEAD: 2.2, Weight.MAJOR: 1.4}.get(w, 1.0) * chance.uniform(0.6, 1.5) for w in weights]
    pictures = [_pictures(chance, weight) for weight in weights]
    areas = [sum(_picture_lines(columns) for columns in one) for one in pictures]
    heads = [{Weight.LEAD: 52, Weight.MAJOR: 30}.get(weight, 19) for weight in weights]
    room = _PAGE_LINES * 1.0 - sum(areas) - sum(heads)
    made = []
    for number, (weight, share) in enumerate(zip(weights, shares, strict=True)):
        characters = min(3000, max(300, round(room * share / sum(shares) * _CHARACTERS_PER_LINE)))
        made.append(_article(number, seed, characters, weight, pictures[number], chance))
    return tuple(made)


def _pictures(chance: Random, weight: Weight) -> list[int]:
    """How many columns each picture asks for."""
    count = chance.choices([0, 1, 2, 3], [0, 6, 3, 1] if weight is Weight.LEAD else [11, 8, 1, 0])[0]
    return [3 if weight is Weight.LEAD and number == 0 else 2 for number in range(count)]


def _picture_lines(columns: int) -> int:
    """Lines of one column that a picture of 3 : 2 with its caption covers."""
    return columns * round(columns * 117 * 2 / 3 / 13.5 + 2)


def _article(
    number: int, seed: int, characters: int, weight: Weight, pictures: list[int], chance: Random
) -> Article:
    headline = chance.choice(_WHERE) + chance.choice(_WHAT) + chance.choice(_DOES)
    made = article(f"a{number}", characters, seed * 20 + number, weight=weight, headline=text(headline, 7))
    figures: list[Block] = [
        figure(number * 3 + at, src=f"pictures/{seed}-{number}-{at}.jpg", columns=columns)
        for at, columns in enumerate(pictures)
    ]
    assert all(isinstance(one, Figure) for one in figures)
    kicker = text(chance.choice(_KICKERS), 6) if chance.random() < 0.3 else None
    return _with(made, kicker, figures)


def _with(made: Article, kicker: object, figures: list[Block]) -> Article:
    from dataclasses import replace

    body = (*made.body[:1], *figures, *made.body[1:])
    return replace(made, body=body, kicker=kicker)  # type: ignore[arg-type]
