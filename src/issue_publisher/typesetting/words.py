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

# Prices. From 1 on a break hurts the sense and is taken only when nothing else fits.
IN_WORD = 8.0  # inside a word, a number, a name
TOGETHER = 5.0  # inside what belongs together: 26|个月, 约|300名, 李明华|代表
BAD_EDGE = 3.0  # a line begins with a particle or ends with a preposition
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


# Words that the dictionary lacks, or takes for another part of speech; one text for each part of
# speech. General words of materials, industry and newspaper headlines.
_ADDED = {
    "n": """
        新材料 新能源 石墨烯 气凝胶 碳纤维 玻璃纤维 芳纶 钙钛矿 高熵合金 非晶合金 镁合金 铝合金 钛合金
        铝锂合金 高温合金 硬质合金 形状记忆合金 不锈钢 特种钢 硅钢 耐蚀钢 手撕钢 轴承钢 高纯铜 薄板 厚板
        带材 型材 棒材 板材 线材 管材 膜材 坯料 锭子 扁锭 钛屑 钢渣 钢水 铁水 矿渣 尾矿 铜矿 镍矿 粉末冶金
        复合材料 超导体 半导体 光伏 硅片 晶圆 晶体 单晶 多晶 靶材 永磁 稀土 熔盐 储热 储能 风电 风机 叶片
        塔筒 电解铝 固态电池 锂电池 动力电池 钠电池 氢能 中试 生产线 回收线 回收率 良品率 锻压机 模锻压机
        熔点 冷板凳 金点子 中国芯 大飞机 复材 碳市场 碳达峰 碳中和 边境税 产业链 供应链 高质量 专精特新
        小巨人 工匠 首批次 首台套 排头兵 领头羊 路线图 时间表 材料账 铝企 钢企 车企 药企""",
    "v": """
        亮相 齐聚 印发 联合印发 落户 打破 攻克 突破 攻关 领跑 跟跑 并跑 共推 共建 共享 共商 热议 聚焦 瞄准
        助力 赋能 造出 用上 换上 走出 走进 搬进 写进 走向 迈向 迎来 变身 交付 入围 入选 获批 获评 当选
        去哪儿 把脉 省下 建成 建起 炼出 造就 撑起 跑出 闯出 计划 打算 时隔 太空飞行 抱团""",
    "vi": """
        落地 投产 量产 揭牌 开工 开幕 闭幕 收官 出炉 出海 上车 上线 下线 上岗 夺冠 摘金 竣工 通车 首飞 首航
        试飞 并网 并网发电 创新高 再创新高 破纪录 创纪录 翻一番 回炉 复工 复产 停产 达产 服役 退役 升空 入轨
        归来 回家""",
    "l": "薄如纸",
    "b": "国产 首个 首座 首艘 首家 万吨级 公里级 自主研发 重载",
    "d": "首次 再次 一次 一举 何时",
}
_TAGS = {word: tag for tag, added in _ADDED.items() for word in added.split()}

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


@lru_cache(maxsize=4096)
def break_prices(text: str) -> tuple[float, ...]:
    """What a break costs at every offset of a text, from 0 to its length.

    The text is a headline's characters. 0.05 behind a mark of its own, up to 0.8 inside a phrase,
    more than 1 where sense would be broken: inside a word, a number with its measure, a name, a
    title in 《》 or a short quotation, before a particle, behind a preposition.
    """
    prices = [IN_WORD] * (len(text) + 1)
    prices[0] = prices[-1] = 0.0
    found = words(text)
    at = 0
    for left, right in pairwise(found):
        at += len(left.text)
        prices[at] = _price(left, right)
    _rows(found, prices)
    _before_quotations(found, prices)
    _inside_quotations(text, prices)
    return tuple(prices)


def words(text: str) -> tuple[Word, ...]:
    """The words of a text in order; joined they are the text."""
    result, at = [], 0
    for word, tag in _dictionary().tag(_LONE.sub("?", text)):
        result.append(Word(text[at : at + len(word)], _TAGS.get(word, tag)))
        at += len(word)
    return tuple(result)


@cache
def _dictionary() -> Any:
    """The dictionary with the words of the trade: 0.1 s and 40 MB, once for each process that needs it."""
    from rjieba import Jieba

    dictionary = Jieba()
    for tag, added in _ADDED.items():
        for word in added.split():
            dictionary.add_word(word, 20_000, tag)
    return dictionary


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], re.Pattern[str], float], ...]:
    return tuple((re.compile(rule.left), re.compile(rule.right), rule.price) for rule in _RULES)


def _price(left: Word, right: Word) -> float:
    if left.text[-1] in _MARKS:
        return AT_MARK
    if left.text == right.text:
        return TOGETHER  # reduplication
    before, behind = f"{left.text}/{left.tag}", f"{right.text}/{right.tag}"
    for first, second, price in _compiled():
        if first.fullmatch(before) and second.fullmatch(behind):
            return price
    return ANY


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
