"""Advances: what a line is made of."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issue_publisher.fonts import FontError, Measures, read_fonts
from issue_publisher.resources import shipped_fonts

# Roles of Chinese faces and the language that each sets.
CHINESE = {
    **dict.fromkeys(("song", "song-heavy", "hei", "hei-heavy", "kai"), "zh-Hans"),
    "hant": "zh-Hant",
}
HAN = "新型合金助力天材料名山大川"
# Noto centres ？ and ！ of Traditional text, and the ？ of 楷 fills its em: they have no half-width form.
HALVED = "，。、；：“”‘’（）《》〈〉【】「」『』〔〕"

chinese_faces = pytest.mark.parametrize(("role", "lang"), CHINESE.items())


@functools.cache
def house() -> Measures:
    """The measures for property tests: hypothesis writes its arguments out, and a fixture is one."""
    return Measures(read_fonts(shipped_fonts()))


@functools.cache
def sample(role: str) -> str:
    """Every seventh Han character of a face, or Latin text where it has none."""
    codes = sorted(house().fonts.face(role).shaper.codes())
    return (
        "".join(chr(code) for code in codes if 0x3400 <= code < 0xA000 or code >= 0x20000)[::7] or "abc 012"
    )


@chinese_faces
def test_han_characters_and_marks_stand_on_the_em_square(measures: Measures, role: str, lang: str) -> None:
    widths = {char: measures.advance_em(role, char, lang) for char in "一山，。、；：？！“”（）《》…—"}
    assert widths == dict.fromkeys(widths, 1.0)


@chinese_faces
def test_marks_give_up_half_their_em(measures: Measures, role: str, lang: str) -> None:
    widths = {mark: measures.half_width(role, mark, lang) for mark in HALVED}
    assert widths == dict.fromkeys(HALVED, 0.5)


@pytest.mark.parametrize("role", [role for role in CHINESE if role != "hant"])
def test_contextual_half_width_takes_the_white_between_two_marks(measures: Measures, role: str) -> None:
    assert measures.shape_advance_em(role, "合）。", {"chws": True}) == 2.5
    assert measures.shape_advance_em(role, "天：“合", {"chws": True}) == 3.5


@chinese_faces
def test_a_dash_of_two_is_two_em(measures: Measures, role: str, lang: str) -> None:
    assert measures.shape_advance_em(role, "——", lang=lang) == 2.0


def test_latin_digits_are_of_one_width(measures: Measures) -> None:
    for role in ("latin", "latin-heavy", "latin-italic"):
        widths = [measures.advance_em(role, digit) for digit in "0123456789"]
        assert max(widths) - min(widths) < 0.003


def test_words_are_kerned_as_painted(measures: Measures) -> None:
    apart = sum(measures.advance_em("latin", char) for char in "AVATAR")
    assert measures.shape_advance_em("latin", "AVATAR") < apart
    assert measures.shape_advance_em("latin", "AVATAR", {"kern": False}) == pytest.approx(apart)


def test_a_word_with_a_character_from_a_fallback(measures: Measures) -> None:
    assert measures.word_em("Al铝", "latin") == pytest.approx(
        measures.shape_advance_em("latin", "Al") + measures.advance_em("song", "铝")
    )
    assert measures.char_em("𠀀", "song") == 1.0


def test_a_character_that_the_face_lacks(measures: Measures) -> None:
    with pytest.raises(FontError, match=r"issue-latin\.ttf: no glyph for 铝 U\+94DD"):
        measures.advance_em("latin", "铝")
    with pytest.raises(FontError, match=r"no face has 𓀀 U\+13000"):
        measures.char_em("𓀀", "song")


def test_vertical_measures(measures: Measures) -> None:
    for role in CHINESE:
        extents = measures.extents(role)
        assert 0.8 < extents.ascent_em < 1.2
        assert 0.1 < extents.descent_em < 0.3
        assert 0.6 < extents.cap_height_em < 0.8


@given(st.sampled_from(sorted(CHINESE)), st.text(alphabet=HAN + "，。（）“”", max_size=40))
def test_chinese_text_is_as_wide_as_its_characters(role: str, text: str) -> None:
    advances = (house().advance_em(role, char) for char in text)
    assert house().shape_advance_em(role, text) == pytest.approx(sum(advances))


@settings(max_examples=40)
@given(st.data())
def test_any_text_without_kerning_is_as_wide_as_its_characters(data: st.DataObject) -> None:
    role = data.draw(st.sampled_from(sorted(house().fonts.faces)))
    text = data.draw(st.text(alphabet=st.sampled_from(sample(role)), max_size=30))
    advances = (house().advance_em(role, char) for char in text)
    shaped = house().shape_advance_em(role, text, {"kern": False, "liga": False})
    assert shaped == pytest.approx(sum(advances))
