"""Whatever Unicode brings, however it is set: what must hold of every paragraph."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from issue_publisher.issue.model import InlineKind
from issue_publisher.layout.model import Align, LineEnd, Strictness, Typesetting
from issue_publisher.typesetting.lines import Line, Style
from issue_publisher.typesetting.marks import joins_previous
from issue_publisher.typesetting.paragraph import Setting, prepare, set_paragraph
from typesetting.anything import PLAIN, SIZE, aligns, measures, spans, texts
from typesetting.paper import policy
from typesetting.stub import SquareFaces
from typesetting.test_tables import EXPECTED, LEFT_HALF, LEVELS, OUTSIDE, RIGHT_HALF
from typesetting.texts import indents, levels, line_ends

Pieces = list[tuple[str, Style]]
EM = SIZE
SLIP = 0.02  # pt

any_pieces = st.one_of(texts.map(lambda text: [(text, PLAIN)]), spans)


def lines_of(
    pieces: Pieces, em: float, rules: Typesetting, align: Align = Align.JUSTIFY, indent: float = 0.0
):
    setting = Setting(em * EM, SIZE, align, indent * EM)
    return set_paragraph(pieces, setting, SquareFaces(), rules)


def text_of(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def bare(text: str) -> str:
    """The text without white space, which lines may drop at their ends."""
    return text.replace(" ", "")


# --------------------------------------------------------------------------- characters


@given(any_pieces, measures, levels, line_ends, aligns, indents)
def test_every_character_stands_in_one_line_in_order(pieces, em, level, line_end, align, indent):
    lines = lines_of(pieces, em, policy(level, line_end), align, indent)
    assert bare("".join(line.text for line in lines)) == bare(text_of(pieces))
    for line in lines:
        shown = "".join(run.text for run in line.runs)
        assert shown == line.text + ("-" if line.hyphen else "")
        assert line.text.strip(" ") == line.text != "" or len(lines) == 1


@given(any_pieces, measures, levels, line_ends, aligns)
def test_the_same_input_gives_the_same_lines(pieces, em, level, line_end, align):
    rules = policy(level, line_end)
    assert lines_of(pieces, em, rules, align) == lines_of(pieces, em, rules, align)


@given(any_pieces, measures, levels)
def test_no_line_begins_with_what_belongs_to_the_character_before(pieces, em, level):
    for line in lines_of(pieces, em, policy(level))[1:]:
        assert not joins_previous(line.text[0]) or line.text[0] == "\u200b"


@given(spans, measures, levels, line_ends)
def test_no_line_begins_with_the_mark_of_a_note(pieces, em, level, line_end):
    for line in lines_of(pieces, em, policy(level, line_end))[1:]:
        if InlineKind.NOTE in line.runs[0].style.kinds:
            assert too_wide_together(pieces, em)


@given(any_pieces, measures)
def test_joined_characters_are_not_parted(pieces, em):
    """Emoji of several characters, and what a word joiner holds together."""
    text, at = text_of(pieces), 0
    for line in lines_of(pieces, em, policy())[:-1]:
        at = text.index(line.text, at) + len(line.text)
        if line.text[-1] in "\u200d\u2060\ufeff" and text[at] != " ":
            assert too_wide_together(pieces, em)


# --------------------------------------------------------------------------- prohibition


def clusters(text: str) -> list[str]:
    """Characters with what is joined to them."""
    found: list[str] = []
    for char in text:
        if found and joins_previous(char):
            found[-1] += char
        else:
            found.append(char)
    return found


def held(left: str, right: str, level: int) -> bool:
    """Whether the sources keep two neighbours on one line; `level`: 0 strict, 1 normal, 2 loose."""
    first, then = EXPECTED.get(left[0]), EXPECTED.get(right[0])
    glued = left[-1] in "\u200d\u2060\ufeff" or right == " "
    rows = left[0] == right[0] and left[0] in "—―⸺…⋯․‥"
    return glued or rows or bool((first and first.no_end[level]) or (then and then.no_start[level]))


def narrowest(text: str, level: int) -> float:
    """The widest row of characters that prohibition holds together, all halves given up, in em."""
    widest, row = 0.0, 0.0
    parts = clusters(text)
    for left, right in zip([None, *parts], parts, strict=False):
        width = 0.5 if right[0] in LEFT_HALF + RIGHT_HALF or EXPECTED.get(right[0], _HAN).half else 1.0
        row = row + width if left is not None and held(left, right, level) else width
        widest = max(widest, row)
    return widest


_HAN = EXPECTED["国"]


def too_wide_together(pieces: Pieces, em: float, level: int = 0) -> bool:
    return (
        narrowest(text_of(pieces), level) > em - 2.5
    )  # an indent or a figure's other half may stand beside it


@given(texts, measures, levels, line_ends)
def test_no_prohibition_is_broken_that_could_be_kept(text, em, level, line_end):
    number = LEVELS.index(level)
    lines = lines_of([(text, PLAIN)], em, policy(level, line_end))
    at = 0
    for line, following in pairwise(lines):
        at = text.index(line.text, at) + len(line.text)
        left, right = clusters(line.text)[-1], clusters(following.text)[0]
        if text[at] == " ":  # prohibition looks over a space, joiners do not
            left = left.rstrip("\u200d\u2060\ufeff")
        if held(left, right, number):
            assert too_wide_together([(text, PLAIN)], em, number), (line.text, following.text)


# --------------------------------------------------------------------------- measures


def ink_end(line: Line, line_end: LineEnd) -> float:
    """Where the line's ink ends: neither the empty half of its last mark nor a hanging mark counts."""
    last = line.runs[-1]
    end = last.x_pt + last.width_pt + last.after_pt
    mark = clusters(last.text)[-1][0]
    if line_end is LineEnd.HANGING and mark in OUTSIDE:
        return end - EM - last.after_pt
    return end - EM / 2 if mark in RIGHT_HALF and last.after_pt > -0.01 else end


@given(texts, measures, levels, line_ends, aligns, indents)
def test_no_line_is_over_its_measure_unless_it_says_so(text, em, level, line_end, align, indent):
    for line in lines_of([(text, PLAIN)], em, policy(level, line_end), align, indent):
        if not line.forced:
            assert ink_end(line, line_end) < em * EM + SLIP


@given(texts, measures, levels, line_ends, indents)
def test_full_lines_reach_the_edge_unless_they_say_so(text, em, level, line_end, indent):
    for line in lines_of([(text, PLAIN)], em, policy(level, line_end), indent=indent)[:-1]:
        assert line.flush
        if not line.forced:
            assert abs(ink_end(line, line_end) - em * EM) < SLIP


@given(any_pieces, measures, levels, line_ends, aligns)
def test_squeeze_and_stretch_keep_the_limits_unless_the_line_says_so(pieces, em, level, line_end, align):
    rules = policy(level, line_end, mark_squeeze_em=0.25)
    for line in lines_of(pieces, em, rules, align):
        marks = sum(char in LEFT_HALF + RIGHT_HALF for char in line.text)
        assert 0.0 <= line.squeeze_pt <= marks * 0.25 * EM + SLIP
        assert line.forced or 0.0 <= line.stretch_pt <= rules.tracking_stretch_em * EM + SLIP
        assert not (line.squeeze_pt and line.stretch_pt > 0)
        if align is not Align.JUSTIFY and not line.forced:
            assert line.stretch_pt == 0.0


@given(any_pieces, measures, levels, line_ends, aligns, indents)
def test_runs_follow_each_other(pieces, em, level, line_end, align, indent):
    for line in lines_of(pieces, em, policy(level, line_end), align, indent):
        for left, right in pairwise(line.runs):
            assert abs(right.x_pt - right.before_pt - left.x_pt - left.width_pt - left.after_pt) < 1e-6


@given(any_pieces, measures, levels)
@settings(max_examples=60)
def test_one_line_more_or_fewer_is_the_same_text_within_the_limits(pieces, em, level):
    rules = policy(level)
    copy = prepare(pieces, SquareFaces(), rules)
    setting = Setting(em * EM, SIZE)
    best, found = copy.lines(setting), copy.alternatives(setting)
    if not bare(text_of(pieces)):
        return
    assert found[0].lines == best
    assert found[0].cost == 0.0
    assert set(found) <= {-1, 0, 1}
    for change, other in found.items():
        assert len(other.lines) == len(best) + change
        assert other.cost >= 0.0
        assert bare("".join(line.text for line in other.lines)) == bare(text_of(pieces))
        if change:
            assert not any(line.forced for line in other.lines)
            assert all(line.stretch_pt <= rules.tracking_stretch_em * EM + SLIP for line in other.lines)


def test_the_levels_are_all_there_are() -> None:
    assert set(LEVELS) == set(Strictness)
