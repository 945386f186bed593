"""Whatever the text and the measure: what must hold of every line."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Align, LineEnd, Strictness
from issue_publisher.typesetting.lines import Line
from typesetting.paper import SIZE, SONG, lines_of, policy, replace
from typesetting.prohibition import CLOSING, NOT_AT_END, NOT_AT_START, OPENING, POINTS
from typesetting.texts import (
    any_text,
    indents,
    levels,
    line_ends,
    measures,
    newspaper_measures,
    paragraphs,
    prose,
)


def apart(text: str, lines: tuple[Line, ...]) -> list[int]:
    """Where the text is broken: offsets of the first character of each line but the first."""
    places, at = [], 0
    for line in lines:
        while text[at] == " " and not line.text.startswith(" "):
            at += 1
        assert text.startswith(line.text, at)
        places.append(at)
        at += len(line.text)
    assert not text[at:].strip()
    return places[1:]


def ink_end(line: Line, line_end: LineEnd) -> float:
    """Where the ink of the line ends: the empty half of a last mark, or a hanging mark, does not count."""
    last = line.runs[-1]
    end = last.x_pt + last.width_pt + last.after_pt
    mark = last.text[-1]
    if line_end is LineEnd.HANGING and mark in "，。、；：":
        return end - SIZE - last.after_pt
    if mark in POINTS + CLOSING and last.after_pt > -0.01:
        return end - SIZE / 2
    return end


def in_one_piece(text: str) -> bool:
    """Whether there is no place in a line that could take on white."""
    return re.fullmatch(r"[!-~]*[℃‰％～–]*|.|—+|…+", text) is not None


@given(any_text, measures, levels, line_ends, indents)
def test_every_character_comes_out_once_and_in_order(text, measure, level, line_end, indent):
    lines = lines_of(text, measure, policy(level, line_end), indent=indent)
    apart(text, lines)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.text == line.text.strip(" ") for line in lines)


@given(st.lists(st.tuples(paragraphs(3), st.sampled_from(InlineKind)), min_size=1, max_size=6), measures)
def test_inline_markup_costs_no_character(parts, measure):
    fonts = {InlineKind.STRONG: "hei-heavy", InlineKind.EMPHASIS: "kai"}
    pieces = [
        (text, replace(SONG, font=fonts.get(kind, "song"), kinds=frozenset({kind}))) for text, kind in parts
    ]
    lines = lines_of(pieces, measure)
    assert "".join(line.text for line in lines).replace(" ", "") == "".join(t for t, _ in parts).replace(
        " ", ""
    )
    assert {run.style for line in lines for run in line.runs} <= {style for _, style in pieces}


@given(any_text, measures, levels, line_ends)
def test_prohibition_holds_unless_marks_alone_are_wider_than_the_measure(text, measure, level, line_end):
    for at in apart(text, lines_of(text, measure, policy(level, line_end))):
        before, after = text[:at].rstrip(" "), text[at:]
        if after[0] in NOT_AT_START[level] or before[-1] in NOT_AT_END:
            assert narrowest(text, at, level) > measure - 0.01


def narrowest(text: str, at: int, level: Strictness) -> float:
    """Width, in em, that the characters round an offset need when prohibition holds them together."""

    def together(place: int) -> bool:
        left, right = text[:place].rstrip(" ")[-1:], text[place]
        held = right in NOT_AT_START[level] + " " or left in NOT_AT_END
        return held or (left == right and right in "—…")

    first = last = at
    while first > 0 and together(first):
        first -= 1
    while last < len(text) and together(last):
        last += 1
    half = POINTS + CLOSING + OPENING + "·"
    return sum(0.5 if c in half else 0.9 if c.isascii() else 1.0 for c in text[first:last])


@given(any_text, measures, levels)
def test_dashes_and_ellipses_stay_in_pairs(text, measure, level):
    assume(not re.search(r"(?<!—)—(——)*(?!—)|(?<!…)…(……)*(?!…)", text))
    for at in apart(text, lines_of(text, measure, policy(level))):
        if text[at] == text[at - 1] and text[at] in "—…":
            row = re.match("—*|…*", text[at:])
            assert row is not None
            assert len(row[0]) % 2 == 0


@given(any_text, measures, line_ends, indents)
def test_a_flush_line_ends_at_the_measure(text, measure, line_end, indent):
    lines = lines_of(text, measure, policy(line_end=line_end), indent=indent)
    assert all(line.flush for line in lines[:-1])
    for line in lines[:-1]:
        if not in_one_piece(line.text):
            assert abs(ink_end(line, line_end) - measure * SIZE) < 0.02


@given(any_text, measures, line_ends, indents)
def test_nothing_sticks_out_and_nothing_is_set_over_its_neighbour(text, measure, line_end, indent):
    assume(measure >= indent + 2)
    gap = policy().gap_squeeze_em * SIZE
    for line in lines_of(text, measure, policy(line_end=line_end), indent=indent):
        assert ink_end(line, line_end) < measure * SIZE + 0.02
        at = 0.0
        for run in line.runs:
            assert run.tracking_pt > -1e-6
            white = gap if run.gap_before else SIZE / 2 if run.text[0] in OPENING else 0.0
            assert run.x_pt + white > at - 0.01
            white = gap if run.gap_after else SIZE / 2 if run.text[-1] in POINTS + CLOSING else 0.0
            at = run.x_pt + run.width_pt - white


@given(any_text, measures, line_ends, indents)
def test_runs_follow_each_other_by_their_own_arithmetic(text, measure, line_end, indent):
    for number, line in enumerate(lines_of(text, measure, policy(line_end=line_end), indent=indent)):
        at = indent * SIZE if number == 0 else 0.0
        for run in line.runs:
            assert abs(run.x_pt - (at + run.before_pt)) < 1e-6
            at = run.x_pt + run.width_pt + run.after_pt


@given(prose(), st.integers(18, 30), line_ends)
def test_prose_is_set_without_holes(text, measure, line_end):
    """Unbreakable pieces such as 一……”， are a quarter of these measures at most; limits are the layout's."""
    rules = policy(line_end=line_end)
    for line in lines_of(text, measure, rules)[:-1]:
        if not re.search("[!-~]{8}", text):
            assert all(
                run.tracking_pt <= rules.emergency_stretch_em * SIZE for run in line.runs if run.text != " "
            )


@given(any_text, measures, st.sampled_from([Align.LEFT, Align.CENTRE, Align.RIGHT]))
def test_lines_that_are_not_flush_keep_inside_the_measure(text, measure, align):
    for line in lines_of(text, measure, align=align):
        start = line.runs[0].x_pt - line.runs[0].before_pt
        free = measure * SIZE - (ink_end(line, LineEnd.HALF_WIDTH) - start)
        expected = {Align.LEFT: 0.0, Align.CENTRE: free / 2, Align.RIGHT: free}[align]
        assert abs(start - expected) < 0.02


@given(any_text, measures, levels, line_ends)
def test_the_same_text_is_always_set_the_same(text, measure, level, line_end):
    rules = policy(level, line_end)
    assert lines_of(text, measure, rules) == lines_of(text, measure, rules)


# --------------------------------------------------------------------------- last lines


def can_end_well(text: str, measure: float, stretch: float) -> bool:
    """Whether plain text can be set within the limits with two characters in its last line."""
    reached = {0}
    for start in range(len(text)):
        if start not in reached:
            continue
        for end in range(start + 1, len(text) + 1):
            line = text[start:end]
            if end < len(text) and text[end] in "，。":
                continue
            natural = len(line) - (0.5 if line[-1] in "，。" else 0.0)
            squeeze = 0.5 * sum(char in "，。" for char in line[:-1])
            if end == len(text):
                if natural - squeeze <= measure and len(line.strip("，。")) >= 2:
                    return True
            elif natural - squeeze <= measure <= natural + stretch * (len(line) - 1):
                reached.add(end)
    return False


plain = st.lists(st.text("中国新材料报天宫舱", min_size=2, max_size=9), min_size=1, max_size=8).map(
    lambda clauses: "，".join(clauses) + "。"
)


@given(plain, st.integers(6, 20))
def test_no_last_line_of_one_character_when_it_can_be_helped(text, measure):
    rules = policy()
    lines = lines_of(text, measure, rules)
    if len(lines) > 1 and can_end_well(text, measure, rules.tracking_stretch_em):
        assert len(lines[-1].text.strip("，。")) >= 2


# --------------------------------------------------------------------------- words and figures


@given(prose(), newspaper_measures)
def test_figures_and_their_signs_are_not_parted(text, measure):
    for at in apart(text, lines_of(text, measure)):
        assert not re.fullmatch(r"[0-9.,￥±][0-9.,%℃‰]", text[at - 1 : at + 1])


@given(prose(), newspaper_measures.filter(lambda measure: measure >= 13))
def test_words_are_parted_at_hyphens_only(text, measure):
    for at in apart(text, lines_of(text, measure)):
        assert not re.fullmatch("[A-Za-z]{2}", text[at - 1 : at + 1])
