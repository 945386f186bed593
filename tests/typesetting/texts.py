"""Chinese newspaper text by chance: sentences with marks, Latin words, figures, addresses; and plain soup."""

from __future__ import annotations

from hypothesis import strategies as st

from issue_publisher.layout.model import LineEnd, Strictness

HAN = "中国新材料报天宫舱实验室晶体合金强度温度研制成功记者一二三的了上下高"
WORDS = [
    *("NASA", "Mars", "X", "office", "scandium", "polyvinylidenefluoride"),
    *("Al-Li", "Wi-Fi", "state-of-the-art"),
]
FIGURES = ["3", "2026", "98.6%", "100%", "1,234.5", "15℃", "3‰", "￥120", "10～20", "±0.5"]
ADDRESSES = (
    "https://www.example.org/materials/2026/11/index.html?query=alloy&page=2",
    "www.example.org/a-very-long-path_with_marks/and/still/more",
    "desk@materials.example.org",
)

han = st.text(HAN, min_size=1, max_size=14)
point = st.sampled_from("，。、；：？！")
_inside = st.tuples(han, st.sampled_from(["", "", "。", "！", "……"])).map("".join)
bracketed = st.tuples(st.sampled_from(["“”", "（）", "《》", "‘’", "「」", "【】"]), _inside).map(
    lambda two: two[0][0] + two[1] + two[0][1]
)
latin = st.sampled_from(WORDS) | st.text("abcdefgXYZ", min_size=1, max_size=9)
_piece = st.one_of(
    han,
    han,
    han,
    point,
    bracketed,
    st.sampled_from(["——", "……", "·", "～", " "]),
    latin,
    st.tuples(st.just(" "), latin, st.just(" ")).map("".join),
    st.sampled_from(FIGURES),
    st.sampled_from(ADDRESSES),
)


def _one_space(text: str) -> str:
    """As the reader gives texts: no white space at the ends, never two spaces in a row."""
    return " ".join(text.split())


def paragraphs(most: int = 24) -> st.SearchStrategy[str]:
    """A paragraph of anything that stands in a newspaper, in any order."""
    return st.lists(_piece, min_size=1, max_size=most).map("".join).map(_one_space).filter(bool)


_sentence = st.lists(han | bracketed | latin | st.sampled_from(FIGURES), min_size=2, max_size=6)


@st.composite
def prose(draw: st.DrawFn) -> str:
    """Sentences as people write them: marks one at a time, after words."""
    text = ""
    for number in range(draw(st.integers(1, 5))):
        for at, clause in enumerate(draw(_sentence)):
            text += ("，" if at and not text.endswith(("。", "，")) else "") + clause
        text += "。" if number % 3 else "！"
    return text


soup = st.text("中文报，。“”（）《》—…·～％a1- ", min_size=1, max_size=60).map(_one_space).filter(bool)
any_text = paragraphs() | prose() | soup

measures = st.integers(8, 160).map(lambda quarters: quarters / 4)  # 2 to 40 em
newspaper_measures = st.integers(40, 120).map(lambda quarters: quarters / 4)  # 10 to 30 em
levels = st.sampled_from(Strictness)
line_ends = st.sampled_from(LineEnd)
indents = st.sampled_from([0.0, 2.0])
