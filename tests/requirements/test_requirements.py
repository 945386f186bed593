"""R1–R25 on their specimens: each test fails when its requirement is broken, on text that is at stake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pypdfium2
import pytest

from issue_publisher.composition.flow import body_strips
from issue_publisher.composition.legs import fill_legs
from issue_publisher.composition.model import VerticalBlock
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Crosshead, InlineKind, Paragraph
from issue_publisher.layout.model import Strictness
from issue_publisher.typesetting import items
from issue_publisher.typesetting.items import FORBIDDEN, make_items
from issue_publisher.typesetting.lines import Line, Run, Style
from issue_publisher.typesetting.marks import Kind, kind
from issue_publisher.typesetting.vertical import Stand, VerticalRun, VerticalSetting
from requirements.gallery import PPI, glyphs, painted, place_of, press, set_specimen
from requirements.setting import LEG_GAP_PT, article, paper, set_panel
from requirements.specimens import BY_NUMBER, SPECIMENS
from typesetting.paper import SIZE, faces, layout
from typesetting.prohibition import CLOSING, NOT_AT_END, NOT_AT_START, OPENING, POINTS

NEAR = 0.02  # pt
POLICY = layout().typesetting
pytestmark = pytest.mark.xdist_group("requirements")  # one worker paints them


def panel(number: int, at: int = 0) -> tuple[Line, ...]:
    """The lines of a requirement's panel."""
    return set_specimen(number)[at].lines


def panels(number: int) -> list[tuple[Line, ...]]:
    return [found.lines for found in set_specimen(number)]


def source(number: int, at: int = 0) -> str:
    """The words of a panel."""
    body = article(BY_NUMBER[number].panels[at].text).body
    return "".join(block.text.plain for block in body if isinstance(block, Paragraph))


def unruled(number: int, at: int = 0) -> list[str]:
    """The same words broken at the edge and nowhere else, as if there were no rule: what is at stake."""
    measure, lines, line, width = BY_NUMBER[number].panels[at].measure_em, [], "", 2.0
    for char in source(number, at):
        wide = 0.5 if char.isascii() else 1.0
        if width + wide > measure:
            lines.append(line)
            line, width = "", 0.0
        line, width = line + char, width + wide
    return [*lines, line]


def origins(line: Line) -> list[tuple[str, float]]:
    """Every character of a line with the place of its glyph; within a Latin word only the first is exact."""
    return [
        (char, run.x_pt + at * run.width_pt / len(run.text))
        for run in line.runs
        for at, char in enumerate(run.text)
    ]


def full(lines: tuple[Line, ...]) -> list[Line]:
    """Lines that should reach the edge."""
    return [line for line in lines if line.flush]


# --------------------------------------------------------------------------- what holds of every specimen


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen.name)
def test_every_line_keeps_the_limits(specimen) -> None:
    for found in set_specimen(specimen.number):
        assert not [line.text for line in found.lines if line.forced]


@pytest.mark.parametrize("number", [n for n in BY_NUMBER if n not in (6, 18, 19, 20, 22)])
def test_full_lines_end_at_the_edge(number: int) -> None:
    for lines in panels(number):
        for line in full(lines):
            last = line.runs[-1]
            mark = kind(last.text[-1]) is Kind.CLOSING and last.style.lang != "zh-Hant"
            end = last.x_pt + last.width_pt - (last.style.size_pt / 2 if mark else 0.0)
            assert end <= line.measure_pt + NEAR, line.text
            if kind(last.text[-1]) in (Kind.HAN, Kind.LATIN):
                assert end == pytest.approx(line.measure_pt, abs=NEAR), line.text


# --------------------------------------------------------------------------- R1–R6: prohibition and marks


def test_r1_no_closing_mark_begins_a_line() -> None:
    forbidden = NOT_AT_START[Strictness.STRICT]
    assert len([line for line in unruled(1) if line[0] in forbidden]) >= 2
    assert not [line.text for line in panel(1, 0) if line.text[0] in forbidden]
    loose = [line.text[0] for line in panel(1, 1)]
    assert set(loose) & set(forbidden), "the loose level shows nothing"
    assert not set(loose) & set(NOT_AT_START[Strictness.LOOSE])


def test_r2_no_opening_mark_ends_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for lines in panels(2):
        assert not [line.text for line in lines if line.text[-1] in NOT_AT_END]
    monkeypatch.setattr(items, "forbidden_at_end", lambda *_: False)
    for one in BY_NUMBER[2].panels:
        assert any(line.text[-1] in NOT_AT_END for line in set_panel(one).lines), (
            "without the rule they would"
        )


WHOLE = ("Li", "1150℃", "500", "1.8%", "——", "……", "3000吨", "12万", "20年")


def test_r3_what_belongs_together_stays_together() -> None:
    text = source(3)
    assert all(whole in text for whole in WHOLE)
    assert any(whole not in "\n".join(unruled(3, at)) for at in range(2) for whole in WHOLE)
    for lines in panels(3):
        broken = "\n".join(line.text for line in lines)
        assert [whole for whole in WHOLE if whole not in broken] == []


def test_r4_adjacent_marks_are_squeezed() -> None:
    met = 0
    for lines in panels(4):
        for line in lines:
            for (left, x), (right, following) in pairwise(origins(line)):
                if left in POINTS + CLOSING + OPENING and right in POINTS + CLOSING + OPENING:
                    if left in OPENING and right not in OPENING:
                        continue
                    met += 1
                    assert following - x <= SIZE / 2 + line.stretch_pt + NEAR, left + right
    assert met >= 12


def test_r5_an_opening_mark_at_a_lines_start_is_half_an_em_wide() -> None:
    for lines in panels(5):
        starts = [line for line in lines[1:] if line.text[0] in OPENING]
        assert starts
        for line in starts:
            assert line.runs[0].x_pt == pytest.approx(-SIZE / 2, abs=NEAR), line.text


def test_r6_marks_at_a_lines_end_are_half_width_or_hang() -> None:
    for lines, beyond in zip(panels(6), (-SIZE / 2, 0.0), strict=True):
        ends = [line for line in full(lines) if line.text[-1] in "、，。；："]
        assert len(ends) >= 2
        for line in ends:
            assert origins(line)[-1][1] == pytest.approx(line.measure_pt + beyond, abs=NEAR), line.text


# --------------------------------------------------------------------------- R7–R10: fitting lines


def test_r7_squeeze_comes_before_stretch() -> None:
    ours, unsqueezed = panels(7)
    assert any(line.squeeze_pt > SIZE / 4 for line in ours)
    assert not any(line.squeeze_pt for line in unsqueezed)
    for line in ours:
        assert not (line.squeeze_pt and line.stretch_pt)
        assert line.squeeze_pt <= POLICY.mark_squeeze_em * SIZE * sum(
            kind(char) in (Kind.CLOSING, Kind.OPENING) for char in line.text
        )
    added = [sum(line.stretch_pt * line.places for line in lines) for lines in (ours, unsqueezed)]
    assert added[0] < added[1]
    assert len(ours) <= len(unsqueezed)


def test_r8_white_goes_between_all_characters() -> None:
    stretched = [line for lines in panels(8) for line in full(lines) if " " in line.text and line.stretch_pt]
    assert stretched
    for line in stretched:
        spaces = line.text.count(" ")
        assert line.stretch_pt <= POLICY.tracking_stretch_em * SIZE + NEAR
        assert line.places > 2 * spaces, "spaces take it all"
        for run in line.runs:
            if run is not line.runs[-1] and all(kind(char) is Kind.HAN for char in run.text):
                white = run.width_pt + run.after_pt - SIZE * len(run.text)
                assert white == pytest.approx(line.stretch_pt * len(run.text), abs=NEAR)


def first_fit(text: str, measure: float, indent: float) -> list[float]:
    """The white at each place when every line takes what fits and never looks ahead, line by line."""
    pieces = make_items([(text, Style("song", SIZE))], faces(), POLICY)
    white, start = [], 0
    while start < len(pieces):
        room = measure - (indent if start == 0 else 0.0) + pieces[start].start_trim
        best, width = None, 0.0
        for end in range(start, len(pieces)):
            width += pieces[end].before + pieces[end].width + pieces[end].after
            if width - pieces[end].end_trim > room + NEAR:
                break
            if pieces[end].break_penalty != FORBIDDEN:
                best = end + 1, (room - width + pieces[end].end_trim) / max(1, end - start)
        else:
            return white
        assert best is not None
        start = best[0]
        white.append(best[1])
    return white


def test_r9_line_ends_are_chosen_for_the_whole_paragraph() -> None:
    for at, lines in enumerate(panels(9)):
        measure = BY_NUMBER[9].panels[at].measure_em * SIZE
        greedy = first_fit(source(9), measure, 2 * SIZE)
        assert max(line.stretch_pt for line in lines) < max(greedy) / 1.5
        assert len(lines) <= len(greedy) + 1


def test_r10_no_last_line_of_one_character() -> None:
    han = [sum(kind(char) is Kind.HAN for char in lines[-1].text) for lines in panels(10)]
    assert han[0] >= 2
    assert han[1] == 1, "without the rule it would be one"


# --------------------------------------------------------------------------- R11–R15: mixed text, indents


def gapped(line: Line) -> Iterator[tuple[Run, str, str]]:
    """The Latin runs of a line, with the characters before and behind."""
    for at, run in enumerate(line.runs):
        if kind(run.text[0]) is Kind.LATIN:
            before = line.runs[at - 1].text[-1] if at else ""
            behind = line.runs[at + 1].text[0] if at + 1 < len(line.runs) else ""
            yield run, before, behind


def test_r11_a_gap_between_han_and_latin() -> None:
    inside = 0
    for lines in panels(11):
        for line in lines:
            for run, before, behind in gapped(line):
                wanted = [bool(char) and kind(char) is Kind.HAN for char in (before, behind)]
                assert [run.gap_before, run.gap_after] == wanted, (before, run.text, behind)
                word = faces().word_em(run.text, run.style.font, None) * SIZE
                tracked = run.tracking_pt * len(run.text)
                gaps = sum(wanted) * POLICY.han_latin_gap_em * SIZE
                assert run.width_pt == pytest.approx(word + tracked + gaps, abs=NEAR)
                inside += sum(wanted)
    assert inside >= 12


def test_r12_latin_from_a_face_of_its_own() -> None:
    for lines in panels(12)[:1]:
        for line in lines:
            for run, _, _ in gapped(line):
                word = "".join(char for char in run.text if kind(char) is Kind.LATIN)
                used = {face.role for face, _ in faces().runs(word, run.style.font, None)}
                assert used == {"latin"}, word


def test_r13_an_indent_of_two_characters_looks_like_two() -> None:
    firsts = [paragraph[0] for paragraph in set_specimen(13)[0].paragraphs]
    assert {line.text[0] for line in firsts} >= {"“", "（", "《"}
    for line in firsts:
        ink = line.runs[0].x_pt + (SIZE / 2 if line.text[0] in OPENING else 0.0)
        assert ink == pytest.approx(2 * SIZE, abs=NEAR), line.text


def test_r14_quotation_marks_are_chinese_and_full_width() -> None:
    for mark in "“”‘’":
        assert faces().char_em(mark, "song", None) == pytest.approx(1.0, abs=1e-3)
        assert [face.role for face, _ in faces().runs(mark, "song", None)] == ["song"]
    beside = [
        (char, x) for lines in panels(14) for line in lines for char, x in origins(line) if char in "“”‘’"
    ]
    assert len(beside) >= 16
    for lines in panels(14):
        for line in lines:
            for (left, x), (right, following) in pairwise(origins(line)):
                if left in "“‘" and kind(right) is Kind.HAN:
                    assert following - x == pytest.approx(SIZE + line.stretch_pt, abs=NEAR)


def test_r15_the_interpunct_takes_half_an_em() -> None:
    met = 0
    for lines in panels(15):
        for line in lines:
            places = origins(line)
            for (left, x), (dot, _), (right, following) in zip(places, places[1:], places[2:], strict=False):
                if dot == "·" and kind(left) is kind(right) is Kind.HAN:
                    met += 1
                    wide = 1.5 * SIZE + 2 * line.stretch_pt
                    assert following - x == pytest.approx(wide, abs=NEAR), left + dot + right
    assert met >= 8


# --------------------------------------------------------------------------- R16–R20: what the paper shows


def rows(number: int, size: float) -> list[float]:
    """The baselines of characters of a size, from the top."""
    return sorted(
        {round(y, 1) for char, _, y, of in glyphs(number) if abs(of - size) < 0.05 and "一" <= char <= "鿿"}
    )


def dark(number: int, x: float, y: float, wide: float, deep: float) -> bool:
    """Whether there is ink in a box of a specimen; points from its corner."""
    scale, margin = PPI / 72, 9.0
    box = [
        (x + margin) * scale,
        (y + margin) * scale,
        (x + wide + margin) * scale,
        (y + deep + margin) * scale,
    ]
    return painted(number).convert("L").crop([round(side) for side in box]).getextrema()[0] < 120


def test_r16_dots_stand_under_characters_and_not_under_marks() -> None:
    dotted = [
        (char, run)
        for line in panel(16)
        for run in line.runs
        if InlineKind.DOTS in run.style.kinds
        for char in run.text
    ]
    words = "".join(char for char, _ in dotted)
    assert "，" in words
    assert len(words) > 15
    left = [glyph for glyph in glyphs(16) if glyph[1] < 16 * SIZE + 10 and abs(glyph[3] - SIZE) < 0.05]
    text = "".join(glyph[0] for glyph in left)
    for phrase in ("先下后上，", "儿童须由成人陪同，", "一律停航，", "全额退还。"):
        start = text.index(phrase)
        for char, x, y, size in left[start : start + len(phrase)]:
            under = dark(16, x + 0.38 * size, y + 0.16 * size, 0.24 * size, 0.22 * size)
            assert under == (char not in "，。"), char
    for phrase in ("乘船须知", "不要拥挤"):
        start = text.index(phrase)
        for char, x, y, size in left[start : start + len(phrase)]:
            assert not dark(16, x + 0.38 * size, y + 0.16 * size, 0.24 * size, 0.22 * size), char


def test_r16_and_r17_leave_the_grid_alone() -> None:
    for number in (16, 17):
        steps = {round(low - high, 1) for high, low in pairwise(rows(number, SIZE))}
        assert steps == {layout().grid.leading_pt}


def test_r17_readings_stand_over_the_middle_of_their_bases() -> None:
    small = SIZE * POLICY.ruby_em
    found = glyphs(17)
    top = rows(17, SIZE)[0]
    checked = 0
    for at, line in enumerate(panel(17)):
        baseline = top + at * layout().grid.leading_pt
        runs = [run for run in line.runs if run.style.ruby]
        words = [
            word for run in {run.style.ruby: run for run in runs}.values() for word in run.style.ruby.split()
        ]
        if len(words) != len(runs):
            continue  # one reading over several characters
        places = [
            (char, x)
            for char, x, y, size in found
            if abs(size - small) < 0.05 and SIZE / 2 < baseline - y < SIZE + small and x < 16 * SIZE
        ]
        assert "".join(char for char, _ in places) == "".join(words)
        start = 0
        for run, word in zip(runs, words, strict=True):
            wide = faces().word_em(word, POLICY.ruby_font, None) * small
            middle = places[start][1] + wide / 2
            assert middle == pytest.approx(run.x_pt + SIZE / 2, abs=0.4), word
            start += len(word)
            checked += 1
    assert checked >= 4


def verticals(at: int) -> dict[str, VerticalSetting]:
    """What runs from top to bottom in a panel of R18, by kind."""
    parts = set_specimen(18)[at].parts
    return {part.kind: part.setting for part in parts if isinstance(part, VerticalBlock)}


def test_r18_headlines_run_from_top_to_bottom() -> None:
    head = verticals(0)["headline"]
    assert [column.text for column in head.columns] == ["“慢船”复航——", "晨渡码头12月开渡"]
    assert head.columns[0].x_pt > head.columns[1].x_pt, "the first column stands at the right"
    kicker = verticals(0)["kicker"]
    assert kicker.text == "停航四个月　两岸盼船归"
    assert kicker.depth_pt <= head.depth_pt
    for setting in (head, kicker, verticals(1)["headline"]):
        for column in setting.columns:
            ends = [run.start_pt + run.length_pt for run in column.runs]
            assert all(end <= after.start_pt + NEAR for end, after in pairwise_ends(ends, column.runs))
    stands = {run.text: run.stand for column in head.columns for run in column.runs}
    stands |= {run.text: run.stand for column in verticals(1)["headline"].columns for run in column.runs}
    assert stands["12"] is Stand.TOGETHER
    assert stands["EPUB"] is Stand.TURNED
    assert stands["船"] is stands["江"] is Stand.UPRIGHT


def pairwise_ends(ends: list[float], runs: tuple[VerticalRun, ...]) -> Iterator[tuple[float, VerticalRun]]:
    """Each run's end with the run below it."""
    return zip(ends, runs[1:], strict=False)


WORDS = ("晨渡", "码头", "今晨", "复航", "首日", "运客", "三千", "人次", "三千人次")
BRIEF_WORDS = ("江心洲", "候鸟", "两年", "增加", "四成")


def test_r19_headlines_break_at_sense() -> None:
    for found, words in zip(set_specimen(19), (WORDS, BRIEF_WORDS), strict=True):
        assert len(found.lines) == 2
        assert [word for word in words if word not in "\n".join(found.texts)] == []
        for line in found.lines:
            assert len(line.text) >= 3
            ends = [run.x_pt + run.width_pt for run in line.runs]
            assert max(ends) <= found.width_pt + 0.05
            assert all(run.style.scale >= 0.9 for run in line.runs)


def test_r20_all_columns_stand_on_one_grid() -> None:
    leading = layout().grid.leading_pt
    lines = rows(20, SIZE)
    assert len(lines) >= 8
    assert {round((y - lines[0]) % leading, 1) % leading for y in lines} <= {0.0, round(leading, 1)}
    bold = rows(20, layout().type["crosshead"].size_pt)
    assert bold, "a crosshead stands between the lines"
    measure = BY_NUMBER[20].panels[0].measure_em * SIZE
    columns = {
        int((x + 1) // (measure + LEG_GAP_PT)) for _, x, _, size in glyphs(20) if size == pytest.approx(SIZE)
    }
    assert columns == {0, 1, 2}


# --------------------------------------------------------------------------- R21–R25


def test_r21_han_stands_on_the_character_grid() -> None:
    lines = panel(21)
    measure = int(BY_NUMBER[21].panels[0].measure_em)
    assert len(lines) >= 4
    for at, line in enumerate(lines):
        assert line.squeeze_pt == line.stretch_pt == 0
        assert len(line.text) == measure - (2 if at == 0 else 0) or at == len(lines) - 1
        for char, x in origins(line):
            assert x % SIZE == pytest.approx(0, abs=NEAR) or x % SIZE == pytest.approx(SIZE, abs=NEAR), char
    on_it = [line for line in full(panel(21, 1)) if not line.stretch_pt and not line.squeeze_pt]
    assert len(on_it) >= 4, "lines with marks keep to the grid where they can"


def strays(legs: list[list[str]]) -> list[str]:
    """First lines of paragraphs and crossheads at a column's foot, and last lines at a column's head."""
    blocks = article("r22").body
    paragraphs = [block.text.plain for block in blocks if isinstance(block, Paragraph)]
    heads = [block.text.plain for block in blocks if isinstance(block, Crosshead)]
    found = []
    for above, below in pairwise(legs):
        foot, head = above[-1], below[0]
        found += [foot] if foot in heads else []
        found += [foot for words in paragraphs if words.startswith(foot) and words != foot]
        found += [head for words in paragraphs if words.endswith(head) and words != head]
    return found


def test_r22_columns_begin_and_end_as_they_should() -> None:
    legs = [[line.text for line in leg] for leg in set_specimen(22)[0].paragraphs]
    assert "".join(line for leg in legs for line in leg) == "".join(
        block.text.plain for block in article("r22").body if isinstance(block, Paragraph | Crosshead)
    )
    assert strays(legs) == []
    depths = [len(leg) + sum(line == "一把伞的来历" for line in leg) for leg in legs]  # it is two lines deep
    assert max(depths) - min(depths) <= 1
    # Filled as if nothing had to stay together, the same columns would part a paragraph.
    setter, measure = Setter(paper(), faces()), BY_NUMBER[22].panels[0].measure_em * SIZE
    strips = [replace(one, price_after=0.0) for one in body_strips(article("r22").body, setter, measure)]
    filled = fill_legs(strips, [max(depths)] * len(legs))
    assert filled is not None
    cut = [
        [line.text for strip in strips[start:end] for line in strip.parts[0].lines]
        for start, end in pairwise((0, *filled[0]))
    ]
    assert strays(cut)


def test_r23_addresses_break_behind_their_marks_and_words_with_a_hyphen() -> None:
    broken = hyphened = 0
    for lines in panels(23):
        for line, following in pairwise(lines):
            if line.hyphen:
                hyphened += 1
                assert line.runs[-1].text.endswith("-")
                assert re.search("[a-z]{2}$", line.text)
                assert re.match("[a-z]{3}", following.text)
            elif re.search(r"[!-~]$", line.text) and re.match(r"[!-~]", following.text) and "." in line.text:
                broken += 1
                assert line.text[-1] in "/.-?&=@:", line.text
    assert broken >= 4
    assert hyphened >= 1


def test_r24_rare_characters_come_from_a_face_that_has_them() -> None:
    text = source(24)
    rare = [char for char in text if ord(char) > 0xFFFF]
    assert len(rare) >= 8
    roles = set()
    for font in ("song", "kai"):
        for char in rare:
            face = faces().fonts.face_for(font, char)
            assert face is not None
            assert face.has(char)
            roles.add(face.role)
            assert faces().char_em(char, font, None) == pytest.approx(1.0, abs=1e-3)
    assert len(roles) >= 3, roles
    page = pypdfium2.PdfDocument(press()[0])[place_of(24).page]
    on_paper = page.get_textpage().get_text_range()
    assert all(on_paper.count(char) == 2 * text.count(char) for char in rare)


def test_r25_traditional_text_has_its_own_glyphs_and_marks() -> None:
    for line in panel(25, 1):
        for run in line.runs:
            assert run.style.lang == "zh-Hant"
            used = {face.role for face, _ in faces().runs(run.text, run.style.font, run.style.lang)}
            assert used == {"hant"}, run.text
    assert {
        face.role
        for line in panel(25)
        for run in line.runs
        for face, _ in faces().runs(run.text, "song", "zh-Hans")
    } == {"song"}
    text = source(25, 1)
    assert "「" in text
    assert "“" not in text
    on_paper = "".join(char for char, *_ in glyphs(25))
    assert all(char in on_paper for char in set(text))
