"""Words: where a headline may turn the line without hurting its sense (R19, CLREQ "Headings").

A dictionary cuts the text into words; tables then say which words belong together all the same (a
number and its measure, a name and its title) and what a break costs everywhere else: little between
subject and verb, much inside a row of nouns. Prices are what `headline` weighs against even lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, groupby, pairwise
from typing import Any

from issue_publisher.typesetting.lexicon import NEWS, TRADE
from issue_publisher.typesetting.marks import UNITS

# Prices. From 1 on a break hurts the sense and is taken only when nothing else fits.
IN_WORD = 8.0  # inside a word, a number, a name
TOGETHER = 5.0  # inside what belongs together: 26|个月, 约|300名, 李明华|代表
BAD_EDGE = 3.0  # a line begins with a particle or ends with a preposition
HURTS = 1.0  # from this price on sense is hurt
ORDINAL = 1.2  # between an ordinal and its noun: 第七轮|巡视
AT_MARK = 0.05  # behind a mark or a space of the headline's own
ANY = 0.4  # between two words that no rule knows
_ROW = 0.75  # between two nouns
_PAIRS = 0.32  # between two nouns with two or more of the row on either side: a row falls into pairs


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its part of speech, in the dictionary's letters (n noun, v verb, m number …)."""

    text: str
    tag: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a break between two words costs; both patterns match a whole `word/tag`."""

    left: str
    right: str
    price: float
    reason: str


_ADDED = {word: tag for part in (TRADE, NEWS) for tag, added in part.items() for word in added.split()}

_NOUN = r"(?:n\w*|vn|an|j|s|eng|ng|g)"
_VERB = r"(?:v|vi|vd|vg|vq|l|i)"
_STRAY = r"./(?:v|n|a|ng|vg|nz|zg|q)"
_NUMERAL = "[0-9０-９.,%％一二两三四五六七八九十百千万亿零几数半]"
_ABOUT = "约|近|超|逾|达|超过|突破|每|各|首|仅|满|至|至少|最多|高达|将近"
_PREFIXES = "每|各|该|本|此|某|全|诸|另|这|那|最|更|很|太|非|无|可|超|准|副|总|老|小|大|新|高|低|零|双|多|单"
_SUFFIXES = (
    "性|化|率|者|们|型|式|级|界|度|量|区|省|市|县|州|镇|村|站|厂|矿|港|岛|湾|湖|族|品|物|机|器|员|家|生|师|"
    "料|材|件|剂|仪|炉|膜|线|网|链|群|圈|带|项|路|桥|钢|队|团|会|奖|展|赛|节|法|案|费|价|税|额|值|份|身|高|等"
)
_TITLES = (
    "代表|委员|院士|教授|副教授|研究员|博士|老师|师傅|医生|大夫|工程师|书记|主席|主任|部长|局长|司长|市长|省长|"
    "县长|校长|院长|所长|厂长|经理|总经理|董事长|总裁|总统|总理|团队|课题组|夫妇|记者|同志|先生|女士"
)
# Surnames that are everyday words too; the dictionary knows the others by the name behind them.
_SURNAMES = "段高黄白石金马江陆方何向安于成和车平万时常水路关单连温丁易龙包容文古双越池党乐计从"
_RESULTS = "上下出起住到成进回开完"  # behind a verb in quotation marks: “捞”|出
_COMPLEMENTS = "上|下|出|出来|起|起来|住|到|成|进|去|来|回|开|掉|完|好|满|成为|为"
_INSIDE = "里|中|上|下|内|外|旁|间|前|后|边|侧|处|时|里面|之间|之中|之外|以来|以上|以下|以内|以外"
_HEADS = (
    "企业|公司|集团|大学|学院|研究所|研究院|大会|会议|论坛|行业|基地|粉末|合金|团队|项目|工程|系统|装备|设备|部件|"
    "构件|材料|资源|样品|中心|平台|协会|学会|委员会|车间|工厂"
)
_PARTICLES = "的|了|地|得|着|过|们|吗|呢|吧|啊|么"
_LEADING_ON = (
    "和|与|及|或|在|把|被|对|为|将|向|从|让|使|给|由|于|以|比|跟|同|并|而|是|有|要|再|就|也|还|都|又|才|已|正|自|按|"
    "沿|因|且|但|如|若|关于|对于|通过"
)

# First match wins. What belongs together stands first, then the edges of a line, then phrases.
_RULES = (
    _Rule(rf".*{_NUMERAL}/\w+", rf"{_NUMERAL}+.*/m", TOGETHER, "one number: 40|万吨"),
    _Rule(r"第/\w+", r".*", TOGETHER, "第 with its number"),
    _Rule(rf".*{_NUMERAL}/(?:m|eng|x)", r"后/\w+", TOGETHER, "90|后"),
    _Rule(rf".*\d[\d.,]*/\w+|.*{_NUMERAL}/m", r".{1,2}/(?:q|m|t|f|k)", TOGETHER, "a number, its measure"),
    _Rule(r".*\d[\d.,]*/\w+", r".{1,2}/[^v]\w*", TOGETHER, "a measure that passes for a noun: 100|架份"),
    _Rule(r".*[个双]/[qm]", r"(?:月|小时|百分点)/\w+", TOGETHER, "26个|月"),
    _Rule(rf"(?:{_ABOUT})/\w+", rf"{_NUMERAL}.*/\w+", TOGETHER, "about, over, each: with the number"),
    _Rule(rf"(?:{_PREFIXES})/\w+", r".*", TOGETHER, "a prefix of one character: 新|药剂"),
    _Rule(r".*", rf"(?:{_SUFFIXES})/[^vdpc]\w*", TOGETHER, "a suffix of one character: 耐蚀|钢, 广东|省"),
    _Rule(r".*/nr\w*", rf"(?:{_TITLES})/\w+", TOGETHER, "a name and its title"),
    _Rule(r".{1,2}/nr\w*", r".{1,2}/nr\w*", TOGETHER, "surname and given name"),
    _Rule(rf"[{_SURNAMES}]/\w+", r".{1,2}/nr\w*", TOGETHER, "a surname that looks like a word: 段|向东"),
    _Rule(r".*", r"·/\w+", TOGETHER, "no line begins with the dot of a name"),
    _Rule(r"·/\w+", r".*/nr\w*", TOGETHER, "a foreign name and its dot: 约翰森·|格兰特"),
    _Rule(r"代表/\w+", r"委员/\w+", TOGETHER, "代表委员 is one word of the press"),
    _Rule(r".*/\w+", r"之/\w+", TOGETHER, "之 ties both sides"),
    _Rule(r"之/\w+", r".*", TOGETHER, "之 ties both sides"),
    _Rule(r".*", rf"(?:{_INSIDE})/(?:f|s|t|n|ng)", TOGETHER, "a place word: 盐湖|里"),
    _Rule(r"./(?:v|p|vn)", rf"(?:{_COMPLEMENTS})/\w+", TOGETHER, "a verb and its result: 用|上"),
    _Rule(r".*/v\w*", rf"[{_RESULTS}]/\w+", TOGETHER, "a verb and its result: 延|至"),
    _Rule(r"./v", r"(?:在|到|给|向|于|自|入|为)/\w+", TOGETHER, "写|在, 走|向: a verb and where it leads"),
    _Rule(r"[得不]/\w+", r".*", TOGETHER, "坐得|住, 不|能"),
    _Rule(_STRAY, _STRAY, TOGETHER, "two stray characters are a word that the dictionary lacks"),
    # Edges of a line.
    _Rule(r".*", rf"(?:{_PARTICLES})/\w+", BAD_EDGE, "a line begins with a particle"),
    _Rule(r".*/(?:p|c|cc)", r".*", BAD_EDGE, "a line ends with a preposition or a conjunction"),
    _Rule(rf"(?:{_LEADING_ON})/\w+", r".*", BAD_EDGE, "a line ends with a word that leads on"),
    # Phrases, cheapest where a speaker would draw breath.
    _Rule(r"的/\w+", r".*", 0.22, "behind 的"),
    _Rule(r"[了着过]/u\w+", r".*", 0.22, "behind the verb's particle"),
    _Rule(r".*/d", r".*", 0.8, "an adverb belongs to its verb"),
    _Rule(r".*/vi", r".*", 0.08, "behind a verb that takes no object the clause is over"),
    _Rule(rf".*/{_NOUN}", rf"(?:{_HEADS})/\w+", 0.8, "a word of class holds to the noun: 稀土|企业"),
    _Rule(rf".*/{_NOUN}", r"..+[率量度额值力]/n", 0.3, "what is measured begins anew: 特种钢|国产化率"),
    _Rule(rf".*/{_NOUN}", r"用/p", 0.5, "what it is for: 装备|用特种钢"),
    _Rule(r".*/s", rf".*/{_NOUN}", _ROW, "a place belongs to the noun behind it: 海外|铜矿"),
    _Rule(rf".*/{_NOUN}", r".*/s", 0.2, "a place begins a phrase: 铜业|海外"),
    _Rule(r"[下中后前]/f", rf".*/{_NOUN}", 0.2, "a place word closes its phrase: 目标下|钢厂"),
    _Rule(r".*/(?:a|b|z|ad)", rf".*/{_NOUN}", 0.7, "an adjective belongs to its noun"),
    _Rule(r".*/q", rf".*/(?:{_NOUN}|t)", 0.55, "a classifier belongs to what it counts: 300名|学者"),
    _Rule(r".*/m", rf".*/(?:{_NOUN}|t)", 0.35, "a measure goes with a noun: 3吨|扁锭"),
    _Rule(r".*/(?:m|q|t)", r".*/(?:v\w*|l|i|p|d|ad)", 0.12, "time or measure, then the verb"),
    _Rule(rf".*/(?:{_NOUN}|r|f|l|i)", r".*/(?:p|d|ad)", 0.08, "between subject and predicate"),
    _Rule(rf".*/(?:{_NOUN}|f)", r".*/vi", 0.2, "a subject and all that is said of it: 电池|量产"),
    _Rule(rf".*/(?:{_NOUN}|r|f)", rf".*/{_VERB}", 0.08, "between subject and predicate"),
    _Rule(rf".*/(?:{_NOUN}|f|l|i)", r".*/(?:m|t)", 0.12, "before a number or a time"),
    _Rule(rf".*/(?:{_NOUN}|f)", r".*/(?:c|cc)", 0.3, "before a conjunction"),
    _Rule(rf".*/(?:{_NOUN})", r".*/r", 0.12, "before a question word"),
    _Rule(r".*/(?:ns|nt)", r".*/b", 0.25, "a place, then a new phrase"),
    _Rule(rf".*/(?:{_NOUN})", r".*/(?:a|b|z)", 0.3, "before an adjective"),
    _Rule(rf".*/{_NOUN}", rf".*/{_NOUN}", _ROW, "inside a row of nouns"),
    _Rule(rf".*/{_VERB}", r".*/(?:a|b|z)", 0.2, "between verb and object"),
    _Rule(rf".*/{_VERB}", rf".*/(?:{_NOUN}|r)", 0.25, "between verb and object"),
    _Rule(rf".*/{_VERB}", r".*/m", 0.45, "a verb and how long, how often, how much: 飞行|26个月"),
    _Rule(rf".*/{_VERB}", r".*/(?:p|d|c)", 0.2, "between two predicates"),
    _Rule(rf".*/{_VERB}", rf".*/{_VERB}", 0.35, "between two verbs"),
)  # fmt: skip

_OPENING = "“‘《〈「『（"
_CLOSING = "”’》〉」』）"
_MARKS = "，。；：？！、…— 　"
_SHORT_QUOTATION = 12  # characters; longer ones may be broken inside
_LONE = re.compile("[\ud800-\udfff]")


# Figures with what follows them up to their unit: 330万枚, 1.2亿元.
_FIGURE = re.compile(rf"[0-9０-９][0-9０-９.,]*[十百千万亿]*[余多]?[{''.join(sorted(UNITS))}]?")
_ORDINAL = re.compile(r"第[0-9０-９零〇一二两三四五六七八九十百千]+([轮届批期季代次])")


@lru_cache(maxsize=4096)
def break_prices(text: str, own: tuple[str, ...] = ()) -> tuple[float, ...]:
    """What a break costs at every offset of a text, from 0 to its length.

    The text is a headline's characters, `own` are words of the newspaper. 0.05 behind a mark of its own, up
    to 0.8 inside a phrase, more than 1 where sense would be broken: inside a word, a number with its measure,
    a name, a title in 《》 or a short quotation, behind an ordinal, before a particle, behind a preposition.
    """
    prices = [IN_WORD] * (len(text) + 1)
    prices[0] = prices[-1] = 0.0
    found = words(text, own)
    at = 0
    for left, right in pairwise(found):
        at += len(left.text)
        prices[at] = _price(left, right)
    _rows(found, prices)
    _before_quotations(found, prices)
    _inside_quotations(text, prices)
    _numbers(text, found, prices)
    return tuple(prices)


def words(text: str, own: tuple[str, ...] = (), *, guess: bool = True) -> tuple[Word, ...]:
    """The words of a text in order; joined they are the text. Those of `own` are nouns, and whole.

    With `guess`, single characters that look like a word are taken for one.
    """
    result, at = [], 0
    for word, tag in _dictionary().tag(_LONE.sub("?", text), hmm=guess):
        result.append(Word(text[at : at + len(word)], _ADDED.get(word, tag)))
        at += len(word)
    return _with_own(text, tuple(result), own)


def _with_own(text: str, found: tuple[Word, ...], own: tuple[str, ...]) -> tuple[Word, ...]:
    places = [(m.start(), m.end()) for word in own for m in re.finditer(re.escape(word), text)]
    if not places:
        return found
    ends = [0, *accumulate(len(word.text) for word in found)]
    tags = {start: word.tag for start, word in zip(ends[:-1], found, strict=True)}
    edges = set(ends)
    for start, end in places:
        edges = {edge for edge in edges if not start < edge < end} | {start, end}
        tags[start] = "n"
    cuts = sorted(edges)
    tag = ""
    result = []
    for start, end in pairwise(cuts):
        tag = tags.get(start, tag)
        result.append(Word(text[start:end], tag))
    return tuple(result)


def _numbers(text: str, found: tuple[Word, ...], prices: list[float]) -> None:
    """A figure keeps its unit, and an ordinal (第七轮、第15届) the noun that it counts."""
    for figure in _FIGURE.finditer(text):
        for at in range(figure.start() + 1, figure.end()):
            prices[at] = max(prices[at], TOGETHER)
    ends = dict(zip(accumulate(len(word.text) for word in found), found[1:], strict=False))
    for ordinal in _ORDINAL.finditer(text):
        for at in range(ordinal.start() + 1, ordinal.end()):
            prices[at] = max(prices[at], TOGETHER)
        following = ends.get(ordinal.end())
        counted = _NOUN if ordinal[1] == "次" else rf"{_NOUN}|v"  # 第三次|获奖, but 第七轮巡视
        if following is not None and re.fullmatch(counted, following.tag):
            prices[ordinal.end()] = max(prices[ordinal.end()], ORDINAL)


# --------------------------------------------------------------------------- what the desk has marked


def hurt_by(text: str, at: int, own: tuple[str, ...] = ()) -> str | None:
    """Why a break at an offset of a headline hurts its sense; None: it does not.

    The desk is held only to what is certain: words that stand in the dictionary or the lists, not those that
    it guesses; numbers with their unit; ordinals; particles. What is left to taste is the desk's.
    """
    if not 0 < at < len(text):
        return None
    for pattern, what in ((_FIGURE, "inside the number"), (_ORDINAL, "inside the ordinal")):
        if figure := next((m for m in pattern.finditer(text) if m.start() < at < m.end()), None):
            return f"{what} {figure[0]}"
    for ordinal in _ORDINAL.finditer(text):
        if ordinal.end() == at and break_prices(text, own)[at] >= ORDINAL:
            return f"between {ordinal[0]} and what it counts"
    found = words(text, own, guess=False)
    for start, word in zip(accumulate((len(word.text) for word in found), initial=0), found, strict=False):
        if start < at < start + len(word.text):
            return f"inside {word.text}"
        if start == at and re.fullmatch(rf"(?:{_PARTICLES})/u\w*|的/\w+", f"{word.text}/{word.tag}"):
            return f"before {word.text}"
    return None


def better_break(text: str, at: int, own: tuple[str, ...] = ()) -> int | None:
    """The best place near an offset that leaves three characters on either side; None: there is none."""
    prices = break_prices(text, own)
    places = [place for place in range(3, len(text) - 2) if prices[place] < HURTS]
    return min(places, key=lambda place: (prices[place] + 0.1 * abs(place - at), place), default=None)


@cache
def _dictionary() -> Any:
    """The dictionary with the words of the trade: 0.1 s and 40 MB, once for each process that needs it."""
    from rjieba import Jieba

    dictionary = Jieba()
    for word, tag in _ADDED.items():
        dictionary.add_word(word, 20_000, tag)
    return dictionary


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], re.Pattern[str], _Rule], ...]:
    return tuple((re.compile(rule.left), re.compile(rule.right), rule) for rule in _RULES)


def _rule(left: Word, right: Word) -> _Rule | None:
    """The first rule that two neighbours are under."""
    before, behind = f"{left.text}/{left.tag}", f"{right.text}/{right.tag}"
    for first, second, rule in _compiled():
        if first.fullmatch(before) and second.fullmatch(behind):
            return rule
    return None


def _price(left: Word, right: Word) -> float:
    if left.text[-1] in _MARKS:
        return AT_MARK
    if left.text == right.text:
        return TOGETHER  # reduplication
    rule = _rule(left, right)
    return rule.price if rule is not None else ANY


def _rows(found: tuple[Word, ...], prices: list[float]) -> None:
    """A row of nouns falls into pairs: 江西铜业|海外铜矿, not 江西铜业海外|铜矿."""
    ends = [0, *accumulate(len(word.text) for word in found)]
    for tied, places in groupby(range(1, len(found)), key=lambda place: prices[ends[place]] == _ROW):
        row = list(places)
        if tied and len(row) > 2:
            for place in row[1:-1]:
                prices[ends[place]] = _PAIRS


def _before_quotations(found: tuple[Word, ...], prices: list[float]) -> None:
    """A quotation is a noun to what stands beside it: “暖衣” belongs to the noun before and behind it."""
    at = 0
    for number, word in enumerate(found):
        if word.text[0] in _OPENING and number:
            prices[at] = _price(found[number - 1], Word("X", "n"))
        at += len(word.text)
        following = found[number + 1] if number + 1 < len(found) else None
        if word.text[-1] in _CLOSING and following and following.text[0] not in _MARKS:
            noun = word.text in "”’" and re.fullmatch(_NOUN, following.tag)
            result = following.text[0] in _RESULTS and following.tag != "v"
            prices[at] = TOGETHER if noun or result else _price(Word("X", "n"), following)


def _inside_quotations(text: str, prices: list[float]) -> None:
    """Titles in 《》 and short quotations stay whole."""
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in _OPENING:
            opened.append(at)
        elif char in _CLOSING and opened:
            start = opened.pop()
            if at - start <= _SHORT_QUOTATION or text[start] in "《〈":
                for inside in range(start + 1, at + 1):
                    prices[inside] = max(prices[inside], TOGETHER)
