"""White between Han and Latin that belongs to glyphs: words keep their shape, and get room on either side."""

from __future__ import annotations

import functools
import io

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from issue_publisher.fonts import FontSet, Measures, read_fonts, subset_face
from issue_publisher.fonts.gap import takes_gap, trimmed
from issue_publisher.fonts.harfbuzz import Shaper
from issue_publisher.resources import shipped_fonts

GAP_EM = 0.125
LATIN_BEARING = (
    *("song", "song-heavy", "hei", "hei-heavy", "kai", "hant", "brush"),
    *("latin", "latin-heavy", "latin-italic"),
)
BEFORE, AFTER = {"GAPB": True}, {"GAPA": True}
BOTH = {**BEFORE, **AFTER}
# Words whose letters kern, or join beside the edges.
WORDS = (
    "AV",
    "VA",
    "To",
    "fi",
    "fi1",
    "office",
    "fjord",
    "Ti-6Al-4V",
    "11",
    "1",
    "(a)",
    "Ab\u0301",
    "e\u0323",
)

faces = pytest.mark.parametrize("role", LATIN_BEARING)


@functools.cache
def house() -> FontSet:
    return read_fonts(shipped_fonts())


@functools.cache
def letters(role: str) -> str:
    """The Latin, Greek and Cyrillic of a face."""
    face = house().face(role)
    codes = (*range(0x21, 0x180), *range(0x370, 0x460), *range(0x1E00, 0x1F00))
    return "".join(c for c in map(chr, codes) if takes_gap(c) and face.has(c))


@functools.cache
def held(role: str) -> str:
    """What the subsets of these tests hold."""
    return letters(role) + ("铝" if house().face(role).has("铝") else "")


@functools.cache
def data(role: str) -> bytes:
    return subset_face(house().face(role), held(role), "Press", gap_em=GAP_EM)


@functools.cache
def shaper(role: str) -> Shaper:
    return Shaper(data(role))


Drawn = list[tuple[str, tuple[float, ...]]]


def is_moved(drawn: Drawn, plain: Drawn, by_em: float, up_em: float = 0.0) -> bool:
    """Whether an outline is another one, moved to the right and up."""
    if [command for command, _ in drawn] != [command for command, _ in plain]:
        return False
    x, y = (
        [new - old for (_, after), (_, before) in zip(drawn, plain, strict=True)
         for new, old in zip(after[axis::2], before[axis::2], strict=True)]
        for axis in (0, 1)
    )  # fmt: skip
    return all(abs(dx - by_em) < 1e-6 for dx in x) and all(abs(dy - up_em) < 1e-6 for dy in y)


def check(role: str, word: str) -> None:
    """A word with white: the same ink, moved by the white before it; as wide as the word and its white."""
    plain, plain_advance = shaper(role).outline(word, "zh-Hans")
    for features, before, white in ((BEFORE, GAP_EM, 1), (AFTER, 0, 1), (BOTH, GAP_EM, 2)):
        drawn, advance = shaper(role).outline(word, "zh-Hans", features)
        assert advance == pytest.approx(plain_advance + white * GAP_EM, abs=1e-9), (role, word, features)
        assert is_moved(drawn, plain, before), (role, word, features)


@settings(max_examples=400)
@given(st.data())
def test_a_word_with_white_is_the_same_word_moved(data: st.DataObject) -> None:
    role = data.draw(st.sampled_from(LATIN_BEARING))
    word = data.draw(st.text(st.sampled_from(letters(role)), min_size=1, max_size=8))
    check(role, word)


@faces
def test_words_that_kern_and_join_at_their_edges(role: str) -> None:
    for word in WORDS:
        if all(char in letters(role) for char in word):
            check(role, word)


@faces
def test_every_letter_can_stand_at_an_edge(role: str) -> None:
    for letter in letters(role):
        check(role, letter)


@settings(max_examples=200)
@given(st.data())
def test_nothing_changes_for_words_without_white(data: st.DataObject) -> None:
    role = data.draw(st.sampled_from(LATIN_BEARING))
    word = data.draw(st.text(st.sampled_from(letters(role)), min_size=1, max_size=8))
    assert shaper(role).advance_em(word, "zh-Hans", {}) == pytest.approx(
        Measures(house()).shape_advance_em(role, word)
    )


CHINESE = ("song", "song-heavy", "hei", "hei-heavy", "kai", "hant")
MARKS = "，。、；：？！（）《》〈〉【】「」『』“”‘’·"


@functools.cache
def marks(role: str) -> Shaper:
    return Shaper(subset_face(house().face(role), MARKS, "Press", gap_em=GAP_EM))


@pytest.mark.parametrize("role", CHINESE)
def test_a_squeezed_mark_is_the_same_mark_with_less_white(role: str) -> None:
    squeezed = 0
    for mark in MARKS:
        plain, advance = marks(role).outline(mark, "zh-Hans")
        for before in (0.0, -0.125, -0.25, -0.5):
            for after in (0.0, -0.125, -0.25, -0.5):
                if (found := trimmed(mark, advance, before, after)) is None:
                    continue
                assert found.before <= -before + 1e-9
                assert found.after <= -after + 1e-9
                drawn, less = marks(role).outline(mark, "zh-Hans", {found.feature: True})
                assert less == pytest.approx(advance - found.before - found.after)
                assert is_moved(drawn, plain, -found.before)
                squeezed += 1
    assert squeezed > 100


def test_the_trim_comes_within_half_a_step() -> None:
    for hundredths in range(7, 51):
        for mark, before, after in (("（", -hundredths / 100, 0.0), ("，", 0.0, -hundredths / 100)):
            found = trimmed(mark, 1.0, before, after)
            assert found is not None
            assert abs(found.before + found.after - hundredths / 100) <= 0.0625 + 1e-9
    assert trimmed("·", 0.33, -0.25, -0.25) is None
    assert trimmed("铝", 1.0, -0.25, -0.25) is None


@faces
def test_superscripts_are_the_same_letters_higher_up(role: str) -> None:
    held = "".join(char for char in "AVTo1234+-n" if char in letters(role))
    shaped = Shaper(subset_face(house().face(role), held, "Press", gap_em=GAP_EM, raised=held, raise_em=0.58))
    for word in ("AV", "To", "14", "-n", "3+"):
        plain, advance = shaped.outline(word, "zh-Hans")
        for features, before, white in (({}, 0.0, 0), (AFTER, 0.0, 1), (BOTH, GAP_EM, 2)):
            drawn, wide = shaped.outline(word, "zh-Hans", {"RAIS": True, **features})
            assert wide == pytest.approx(advance + white * GAP_EM)
            assert is_moved(drawn, plain, before, 0.58)


def test_invisible_characters_do_not_hide_a_word_s_edge(fonts: FontSet) -> None:
    for joined in ("A\u200b", "\u2060A", "A\ufe0e", "A\u200d"):
        advance = shaper("hei").advance_em
        assert advance(joined, "zh-Hans", BOTH) == pytest.approx(advance("A", "zh-Hans", {}) + 2 * GAP_EM)


def test_white_stands_at_the_edges_of_a_run_alone() -> None:
    advance = shaper("hei").advance_em
    assert advance("铝2铝", "zh-Hans", BOTH) == advance("铝2铝", "zh-Hans", {})
    assert advance("2铝", "zh-Hans", BOTH) == pytest.approx(advance("2铝", "zh-Hans", {}) + GAP_EM)


@faces
def test_a_face_with_white_is_the_same_every_time(role: str) -> None:
    again = subset_face(house().face(role), held(role)[::-1], "Press", gap_em=GAP_EM)
    assert again == data(role)


@faces
def test_tables_agree_on_the_number_of_glyphs(role: str) -> None:
    font = TTFont(io.BytesIO(data(role)))
    count = font["maxp"].numGlyphs
    assert len(font.getGlyphOrder()) == len(font["hmtx"].metrics) == count
    for tag in ("GSUB", "GPOS"):
        if tag in font:
            font[tag].ensureDecompiled(recurse=True)


def test_a_face_whose_glyphs_are_numbered_to_the_end_still_takes_more(fonts: FontSet) -> None:
    face = fonts.face("song")
    rare = [chr(code) for code in sorted(face.shaper.codes()) if code > 0x9000]
    shaped = Shaper(subset_face(face, [*rare, "A"], "Press", gap_em=GAP_EM)).advance_em
    assert shaped("A", "zh-Hans", BOTH) == pytest.approx(shaped("A", "zh-Hans", {}) + 2 * GAP_EM)


def test_without_white_no_glyph_is_added(fonts: FontSet) -> None:
    plain = TTFont(io.BytesIO(subset_face(fonts.face("latin"), "Al", "Press")))
    white = TTFont(io.BytesIO(subset_face(fonts.face("latin"), "Al", "Press", gap_em=GAP_EM)))
    assert white["maxp"].numGlyphs == plain["maxp"].numGlyphs + 6
    assert not {"GAPA", "GAPB"} & {r.FeatureTag for r in plain["GSUB"].table.FeatureList.FeatureRecord}
