"""Text of the pages against the source: what is misread is named, whatever the order it is read in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issue_publisher.preflight.fonts import read_map
from issue_publisher.preflight.structure import compare_text

CHARACTERS = "江堤上的最后一班岗入夜以水位又涨了三指守人把马灯挂在杨树隔个钟头下去看回尺"


@given(st.permutations(CHARACTERS), st.data())
def test_two_characters_that_changed_places_are_both_named(shuffled: list[str], data: st.DataObject) -> None:
    text = "".join(shuffled)
    first = data.draw(st.integers(2, len(text) - 8))
    second = data.draw(st.integers(first + 5, len(text) - 3))
    one, other = text[first], text[second]
    read = text.translate({ord(one): other, ord(other): one})
    assert compare_text([text], read).misread == {one: other, other: one}


@given(st.permutations(CHARACTERS), st.integers(0, len(CHARACTERS)))
def test_a_text_in_another_order_is_the_same_text(shuffled: list[str], cut: int) -> None:
    text = "".join(shuffled)
    found = compare_text([text[:cut], text[cut:]], text[cut:] + "版心" + text[:cut])
    assert (found.found, found.misread) == (1, {})


def test_a_text_that_is_not_there() -> None:
    found = compare_text([CHARACTERS], "第三版")
    assert (found.found, found.misread) == (0, {})


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"2 beginbfchar\n<01> <6C5F>\n<02> <d842dfb7>\nendbfchar", {1: "江", 2: "𠮷"}),
        (b"1 beginbfrange\n<0001> <0003> <4E00>\nendbfrange", {1: "一", 2: "丁", 3: "丂"}),
        (b"1 beginbfrange\n<01><02>[<6C5F> <0066 0069>]\nendbfrange", {1: "江", 2: "fi"}),
        (b"beginbfrange <00> <FFFFFFFF> <FFFF> endbfrange beginbfchar <zz> endbfchar", None),
        (b"beginbfrange <01> [ <02> endbfrange", None),
    ],
)
def test_maps_from_codes_to_text(data: bytes, found: dict[int, str] | None) -> None:
    read = read_map(data)
    assert len(read) <= 0x10001
    if found is not None:
        assert read == found
