"""Marks at the edges of lines and beside each other, gaps, words that are too long: one case at a time."""

from __future__ import annotations

import pytest

from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Align, LineEnd, Strictness
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.marks import forbidden_at_end, forbidden_at_start
from typesetting.paper import SIZE, SONG, faces, lines_of, policy, replace, texts_of

HALF = SIZE / 2


def at(line: Line, char: str) -> float:
    """Where the advance of a character of a plain Chinese line begins."""
    for run in line.runs:
        if char in run.text:
            return run.x_pt + run.text.index(char) * run.width_pt / len(run.text)
    raise AssertionError(f"{char} is not in {line.text}")


# --------------------------------------------------------------------------- prohibition

# What each level forbids, written out from CLREQ and CSS Text 3 (`line-break`) and not from our own tables.
AT_NO_START = "、，。．）》〉」』】〗〕｝］”’～／·—"
AT_NO_START_BUT_LOOSE = "！？：；…‥・–‐°℃‰％々"
AT_NO_START_STRICT = "〜ーぁぃっゃゅょァィッャュョ"
AT_NO_END = "（《〈「『【〖〔｛［“‘￥＄№"


@pytest.mark.parametrize("level", Strictness)
@pytest.mark.parametrize("mark", AT_NO_START + AT_NO_START_BUT_LOOSE + AT_NO_START_STRICT)
def test_which_marks_begin_no_line(level: Strictness, mark: str) -> None:
    held = {
        Strictness.STRICT: True,
        Strictness.NORMAL: mark not in AT_NO_START_STRICT,
        Strictness.LOOSE: mark in AT_NO_START,
    }[level]
    assert forbidden_at_start(mark, level) is held
    lines = texts_of("中国新材料报" + mark + "天宫舱实验", 6, policy(level))
    assert lines[1].startswith(mark) is not held


@pytest.mark.parametrize("mark", AT_NO_END)
def test_which_marks_end_no_line(mark: str) -> None:
    assert forbidden_at_end(mark)
    assert texts_of("中国新材料" + mark + "天宫舱实验室", 6)[0] == "中国新材料"


@pytest.mark.parametrize("mark", "中々国①Ⅷ★□㎡")
def test_what_is_no_mark_begins_a_line(mark: str) -> None:
    if mark != "々":
        assert texts_of("中国新材料报" + mark + "天宫舱实验", 6)[1].startswith(mark)


def test_a_space_does_not_lift_prohibition() -> None:
    assert texts_of("中国新材Ti ）报天宫", 5)[0] != "中国新材Ti"
    assert all(not line.startswith("）") for line in texts_of("中国新材料 ）报天宫", 5))
    assert all(not line.endswith("（") for line in texts_of("中国新材（ 料报天宫", 5))


# --------------------------------------------------------------------------- marks beside each other


@pytest.mark.parametrize(
    "pair",
    [
        "，《",
        "。”",
        "”。",
        "）（",
        "：“",
        "》、",
        "“（",
        "《“",
        "）》",
        "！”",
        "？）",
        "」「",
        "、“",
        "》·",
        "·《",
    ],
)
def test_adjacent_marks_give_up_an_empty_half(pair: str) -> None:
    (line,) = lines_of(f"中{pair}国", 20)
    apart = at(line, pair[1]) - at(line, pair[0])
    interpunct = "·" in pair
    if interpunct:
        assert at(line, "国") - at(line, "中") == pytest.approx(2 * SIZE, abs=0.01)  # 1 + ½ + ½
    else:
        assert apart == pytest.approx(HALF, abs=0.01)


@pytest.mark.parametrize("pair", ["中国", "国，", "，国", "“国", "国“", "中—", "。—"])
def test_other_pairs_keep_their_full_width(pair: str) -> None:
    (line,) = lines_of(f"天{pair}舱", 20)
    assert at(line, pair[1]) - at(line, pair[0]) == pytest.approx(SIZE)


def test_an_interpunct_stands_in_half_an_em() -> None:
    (line,) = lines_of("玛丽·居里", 20)
    assert at(line, "居") - at(line, "丽") == pytest.approx(1.5 * SIZE)
    dot = faces().char_em("·", "song", None) * SIZE
    assert at(line, "·") + dot / 2 == pytest.approx(2 * SIZE + SIZE / 4)


@pytest.mark.parametrize("mark", "“‘（《")
def test_an_opening_mark_at_the_start_of_a_line_is_half_width(mark: str) -> None:
    _, second = lines_of("中国新材料" + mark + "报天宫", 5)
    assert second.text.startswith(mark)
    assert second.runs[0].x_pt == pytest.approx(-HALF)
    assert at(second, "报") == pytest.approx(HALF)


@pytest.mark.parametrize("mark", "“（《")
def test_a_paragraph_that_opens_with_a_mark_keeps_its_indent(mark: str) -> None:
    """The ink of the mark, which fills the right half of its square, begins two characters in."""
    first, *_ = lines_of(mark + "中国新材料报天宫舱实验室" * 2, 13, indent=2)
    assert first.runs[0].x_pt + HALF == pytest.approx(2 * SIZE)
    plain, *_ = lines_of("中国新材料报天宫舱实验室" * 2, 13, indent=2)
    assert plain.runs[0].x_pt == pytest.approx(2 * SIZE)


@pytest.mark.parametrize("mark", "，。、；：”）》！？")
def test_a_closing_mark_at_the_end_of_a_line_is_half_width(mark: str) -> None:
    first, *_ = lines_of("中国新材料" + mark + "报天宫舱实验", 5.5)
    assert first.text == "中国新材料" + mark
    assert at(first, mark) == pytest.approx(5 * SIZE)
    assert all(run.tracking_pt == pytest.approx(0, abs=1e-6) for run in first.runs)


@pytest.mark.parametrize("mark", "，。、；：")
def test_points_hang_where_the_layout_says_so(mark: str) -> None:
    first, *_ = lines_of("中国新材料" + mark + "报天宫舱实验", 5, policy(line_end=LineEnd.HANGING))
    assert first.text == "中国新材料" + mark
    assert at(first, mark) == pytest.approx(5 * SIZE)


@pytest.mark.parametrize("mark", "”）》！？")
def test_brackets_and_high_marks_do_not_hang(mark: str) -> None:
    first, *_ = lines_of("中国新材料" + mark + "报天宫舱实验", 5, policy(line_end=LineEnd.HANGING))
    assert not first.text.endswith(mark)


def white_behind(line: Line, char: str) -> float:
    """White between a character and the next, beyond their advances, in em."""
    runs = {run.text: run for run in line.runs}
    run = next(run for text, run in runs.items() if text.endswith(char))
    return (run.tracking_pt + run.after_pt) / SIZE


@pytest.mark.parametrize("need", [0.06, 0.2, 0.5, 0.7])
def test_the_gap_between_han_and_latin_takes_white_before_other_places(need: float) -> None:
    text = "中国新材料报15天宫舱实验室新材料报天宫舱"
    natural = 13 + faces().word_em("15", "latin", None) + 2 * 0.125  # 5 + 1 and 7 Han, the figure, its gaps
    first, *_ = lines_of(text, natural + need)
    assert first.text == "中国新材料报15天宫舱实验室新"
    behind = first.stretch_pt / SIZE
    gap = white_behind(first, "15")
    assert gap >= behind
    if need <= 2 * policy().gap_stretch_em:
        assert behind == pytest.approx(0, abs=1e-6)
        assert gap == pytest.approx(need / 2)
    else:
        assert behind > 0


@pytest.mark.parametrize("more", [0.05, 0.1, 0.3, 0.6])
def test_a_line_with_an_address_before_han_is_full(more: float) -> None:
    """A word that is spaced letter by letter takes no white of its own where it meets Han."""
    text = "来稿请登录https://desk.example.org/contribute即可投稿中国新材料报天宫舱实验室"
    for measure in range(14, 24):
        for line in lines_of(text, measure + more)[:-1]:
            last = line.runs[-1]
            end = last.x_pt + last.width_pt - (last.tracking_pt if last.tracking_pt > 0.001 else 0.0)
            assert line.flush
            assert abs(end - line.measure_pt) < 0.05 or last.text[-1] in "。，"


def test_a_squeezed_line_takes_from_the_gap_too() -> None:
    (line,) = lines_of("中国，新15材料", 6 + faces().word_em("15", "latin", None) + 0.25 - 0.3)
    assert line.squeeze_pt > 0
    assert min(run.before_pt for run in line.runs if run.text == "15") < 0


def test_squeeze_comes_before_stretch() -> None:
    """13½ characters with two marks inside go on a line of 13; nothing is spread."""
    first, *_ = lines_of("中国，新材料，报天宫舱实验室新材料报", 13)
    assert first.text == "中国，新材料，报天宫舱实验室"[: len(first.text)]
    assert len(first.text) >= 13
    assert all(run.tracking_pt == pytest.approx(0, abs=1e-6) for run in first.runs)


def test_a_line_of_plain_han_stands_on_the_character_grid() -> None:
    for line in lines_of("中国新材料报天宫舱实验室" * 4, 13)[:-1]:
        assert [run.text for run in line.runs] == [line.text]
        assert line.runs[0].x_pt == 0.0
        assert line.runs[0].width_pt == pytest.approx(13 * SIZE)


# --------------------------------------------------------------------------- Latin and figures


def test_a_gap_of_an_eighth_stands_between_han_and_latin() -> None:
    gap = policy().han_latin_gap_em * SIZE
    assert policy().han_latin_gap_em == 0.125
    (line,) = lines_of("在NASA里", 20)
    latin = faces().word_em("NASA", "song", None) * SIZE
    assert at(line, "里") == pytest.approx(SIZE + gap + latin + gap)


@pytest.mark.parametrize("text", ["（NASA）", "“NASA”", "，NASA。", "NASA"])
def test_no_gap_beside_marks_or_at_the_edges(text: str) -> None:
    (line,) = lines_of(text, 20)
    ends = line.runs[-1].x_pt + line.runs[-1].width_pt
    marks = len(text) - 4
    latin = faces().word_em("NASA", "song", None) * SIZE
    trimmed = HALF if text[0] in "（“" else 0.0
    assert ends == pytest.approx(latin + marks * SIZE - trimmed)


def test_indices_stand_close_to_what_they_belong_to() -> None:
    small = SONG.marked(frozenset({InlineKind.SUPERSCRIPT}), policy())
    below = SONG.marked(frozenset({InlineKind.SUBSCRIPT}), policy())
    pieces = [("平方米", SONG), ("2", small), ("与铝合金H", SONG), ("2", below), ("O中国新材料报", SONG)]
    for measure in range(8, 16):
        for line in lines_of(pieces, measure):
            assert not line.text.startswith("2")
            for left, right in zip(line.runs, line.runs[1:], strict=False):
                if right.text.startswith("2"):
                    assert right.x_pt == pytest.approx(left.x_pt + left.width_pt, abs=0.01)


def test_the_mark_of_a_note_stays_with_what_it_belongs_to() -> None:
    small = SONG.marked(frozenset({InlineKind.NOTE}), policy())
    pieces = [
        ("平方米合金", SONG),
        ("①", small),
        ("与铝合金的数据。", SONG),
        ("②", small),
        ("中国新材料报", SONG),
    ]
    for measure in range(8, 16):
        for line in lines_of(pieces, measure):
            assert line.text[0] not in "①②"
            for left, right in zip(line.runs, line.runs[1:], strict=False):
                if right.text in "①②":
                    white = (
                        HALF if left.text.endswith("。") else 0.0
                    )  # the empty half of the stop is given up
                    assert right.x_pt == pytest.approx(left.x_pt + left.width_pt - white, abs=0.01)


FIGURES = ["100%", "98.6%", "1,234.5", "15℃", "3‰", "2026", "12:30", "3.1415926535897932", "￥120", "±0.5"]


@pytest.mark.parametrize("figure", FIGURES)
def test_figures_stay_whole(figure: str) -> None:
    for filler in range(8, 14):
        lines = texts_of("新" * filler + figure + "中国新材料报天宫舱", 13)
        assert any(figure in line for line in lines)


@pytest.mark.parametrize("figure", ["2026年", "15米", "30吨", "3倍", "330万枚", "12亿元", "5000人"])
def test_figures_rarely_part_from_their_units(figure: str) -> None:
    """Dear, not forbidden: a line may not be torn open for it."""
    kept = 0
    for filler in range(12):
        text = "中国，新材" + "新" * filler + figure + "，“中国新材”，料报天宫舱"
        kept += any(figure in line for line in texts_of(text, 13))
    assert kept >= 10


def test_a_no_break_space_holds() -> None:
    for filler in range(8, 14):
        lines = texts_of("新" * filler + "第\u00a0六" + "中国新材料报天宫舱", 13)
        assert any("第 六" in line for line in lines)


URL = "https://www.example.org/materials/2026/11/index.html?query=alloy&page=2"


@pytest.mark.parametrize("measure", [8, 11, 13, 18, 27])
def test_a_long_address_breaks_behind_its_own_marks(measure: int) -> None:
    lines = texts_of(f"见{URL}。", measure)
    assert "".join(lines) == f"见{URL}。"
    assert len(lines) > 1
    for line in lines[:-1]:
        assert line[-1] in "/.-_?&=:@" or line == "见"


def test_white_in_an_address_goes_between_its_letters() -> None:
    """Gaps at its marks alone would read as spaces, and come out as spaces when the text is extracted."""
    for measure in (11, 13, 14, 18):
        for line in lines_of(f"见{URL}。", measure):
            for left, right in zip(line.runs, line.runs[1:], strict=False):
                if left.text[-1].isascii() and right.text[0].isascii():
                    assert right.x_pt - left.x_pt - left.width_pt < 0.1 * SIZE


@pytest.mark.parametrize("word", ["polyvinylidenefluoride", "i" * 40 + "W" * 40, "9" * 60, "X" * 12 + "，"])
@pytest.mark.parametrize("measure", [2, 3, 5, 8])
def test_a_word_wider_than_the_measure_comes_apart(word: str, measure: int) -> None:
    lines = lines_of(f"中国{word}。中国", measure)
    assert "".join(line.text for line in lines) == f"中国{word}。中国"
    for line in lines:
        end = line.runs[-1].x_pt + line.runs[-1].width_pt
        assert end <= measure * SIZE + HALF + 0.02
        assert all(run.tracking_pt > -1e-6 for run in line.runs)


def test_one_letter_is_as_wide_as_it_is_painted() -> None:
    """A word that comes apart is measured letter by letter: i and W differ."""
    first, *_ = lines_of("i" * 20 + "W" * 20, 10)
    natural = sum(faces().word_em(letter, "song", None) for letter in first.text) * SIZE
    assert natural <= 10 * SIZE
    assert first.runs[0].tracking_pt * (len(first.text) - 1) == pytest.approx(10 * SIZE - natural, abs=0.01)


@pytest.mark.parametrize("row", ["—" * 40, "…" * 40, "，" * 60, "（" * 60, "·" * 80, "”" * 50])
def test_rows_of_marks_wider_than_a_line_do_not_fall_on_each_other(row: str) -> None:
    text = "中国新材料报" * 4 + row + "中国新材料报" * 4
    lines = lines_of(text, 13)
    assert "".join(line.text for line in lines) == text
    assert len(lines) >= 6
    assert all(run.tracking_pt > -1e-6 for line in lines for run in line.runs)


def test_a_word_set_in_two_faces_comes_apart_when_it_must() -> None:
    bold = replace(SONG, font="hei-heavy")
    pieces = [("abcdefghij", SONG), ("klmnopqrst", bold), ("uvwxyzabcd", SONG)]
    assert len(lines_of(pieces, 20)) == 1
    lines = lines_of(pieces, 6)
    assert len(lines) > 2
    assert all(run.tracking_pt > -1e-6 for line in lines for run in line.runs)


def test_the_short_line_is_taken_when_the_fuller_one_would_stick_out() -> None:
    """A short line before a word that just does not fit is spread, not overprinted."""
    lines = lines_of("中文中文中polyvinylidenefluoride中文中文中", 13)
    assert lines[0].text == "中文中文中"


# --------------------------------------------------------------------------- faces


def test_ruby_keeps_its_base_together() -> None:
    ruby = Style("song", SIZE, ruby="tiān gōng")
    for filler in range(8, 14):
        lines = lines_of([("新" * filler, SONG), ("天宫", ruby), ("中国新材料报天宫舱", SONG)], 13)
        assert any("天宫" in line.text for line in lines)


@pytest.mark.parametrize("char", ["𠮷", "𫍯", "邉\U000e0101", "龘", "€"])
def test_rare_characters_have_a_width(char: str) -> None:
    (line,) = lines_of(f"中{char}国", 20)
    assert line.text == f"中{char}国"
    assert line.runs[-1].x_pt + line.runs[-1].width_pt <= 3 * SIZE + 0.01


def test_a_variation_selector_is_never_alone() -> None:
    text = "新邉\U000e0101" * 30
    for line in lines_of(text, 5, align=Align.JUSTIFY):
        assert not line.text.startswith("\U000e0101")


# --------------------------------------------------------------------------- lines that a person can read

GOLDEN = [
    (
        "本报讯（记者 江南）11月20日，我国自主研制的新一代钛合金“天工-3”在海试平台上完成1,000小时耐蚀"
        "试验，失重率仅为0.8%——比上一代降低六成。“数据很平静，”课题组负责人说，“平静正是我们想要的。”",
        """
本报讯（记者 江南）11月
20日，我国自主研制的新一代
钛合金“天工-3”在海试平台
上完成1,000小时耐蚀试验，失
重率仅为0.8%——比上一代降
低六成。“数据很平静，”课题
组负责人说，“平静正是我们想
要的。”
""",
    ),
]


@pytest.mark.parametrize(("text", "lines"), GOLDEN)
def test_a_paragraph_of_the_paper(text: str, lines: str) -> None:
    assert "\n".join(texts_of(text, 13, indent=2)) == lines.strip()
