"""Text of all that Unicode can put into an article, in spans of every style, and settings of every kind."""

from __future__ import annotations

from hypothesis import strategies as st

from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Align
from issue_publisher.typesetting.lines import Style
from typesetting.paper import policy, replace
from typesetting.test_tables import EXPECTED

SIZE = 10.0
PLAIN = Style("song", SIZE)
HAN = "中国新材料报天宫舱实验室记者一"
RARE = "𠮷𪚥𫍯𰀀㐂龘"  # CJK Extensions A, B, C, G
JOINED = "\u0301\u0308\u20e3\ufe0f\U000e0101\u200b\u200c\u200d\u2060\ufeff"
EMOJI = ["😀", "👨\u200d👩\u200d👧", "👍\U0001f3fd", "☺\ufe0f", "1\ufe0f\u20e3"]
WORDS = ["NASA", "scandium", "Al-Li", "can’t", "2026", "98.6%", "US$120", "e\u0301tude", "北京A1", "x=5"]
ADDRESS = "https://www.example.org/materials/2026/11/index.html?query=alloy&page=2"
ENGLISH = "international characterisation of microstructural heterogeneity"

_bits = st.one_of(
    st.text(HAN, min_size=1, max_size=12),
    st.text(HAN, min_size=1, max_size=12),
    st.sampled_from("".join(EXPECTED)),
    st.sampled_from("，。、；：？！“”（）《》·"),
    st.sampled_from(["——", "……", " ", "　", ADDRESS, *WORDS, *EMOJI]),
    st.sampled_from(RARE),
    st.sampled_from(JOINED),
)


def one_space(text: str) -> str:
    """As the reader gives texts: no white space at the ends, never two spaces in a row."""
    return " ".join(word for word in text.split(" ") if word)


anything = st.lists(_bits, min_size=8, max_size=40).map("".join).map(one_space)
few = st.lists(_bits, max_size=6).map("".join).map(one_space)
marks_only = st.text("".join(char for char in EXPECTED if char not in "国中A7"), max_size=30)
letters_only = st.text("abcW,.-/", max_size=60)
texts = st.one_of(
    anything, anything, marks_only, letters_only, st.sampled_from(["", "中", "，", "（", "a", " "])
)

_SMALL = [
    PLAIN.marked(frozenset({kind}), policy()) for kind in (InlineKind.SUPERSCRIPT, InlineKind.SUBSCRIPT)
]
_NOTE = PLAIN.marked(frozenset({InlineKind.NOTE}), policy())
_styled = st.one_of(
    few.map(lambda text: (text, PLAIN)),
    few.map(lambda text: (text, PLAIN)),
    few.map(lambda text: (text, replace(PLAIN, font="hei", kinds=frozenset({InlineKind.STRONG})))),
    st.tuples(st.sampled_from(["2", "-1", "注", "[3]"]), st.sampled_from(_SMALL)),
    st.sampled_from("①⑳㊿").map(lambda mark: (mark, _NOTE)),
    st.sampled_from(["天宫", "龘", "实验室"]).map(lambda base: (base, replace(PLAIN, ruby="tiān gōng"))),
    st.just((ENGLISH, replace(PLAIN, lang="en"))),
)
spans = st.lists(_styled, min_size=3, max_size=12)

_quarters = st.integers(16, 80) | st.integers(16, 240)  # newspaper columns are the narrow ones
measures = _quarters.map(lambda quarters: quarters / 4)  # 4 to 60 em
aligns = st.sampled_from(Align)
