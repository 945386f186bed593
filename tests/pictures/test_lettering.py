"""The smallest lettering of drawings: in widths of the drawing, however a program has said it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issue_publisher.layout.model import Pictures
from issue_publisher.pictures import PictureError, open_picture
from typesetting.paper import layout

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
WIDE = 400


def settings() -> Pictures:
    return layout().pictures


def lettering(inner: str, root: str = f'viewBox="0 0 {WIDE} 300"') -> float | None:
    """The smallest type of a drawing, in units of one 400 wide."""
    found = open_picture("a.svg", f"{HEAD}{root}>{inner}</svg>".encode(), settings()).lettering
    return None if found is None else round(found * WIDE, 3)


def words(size: str = "20", more: str = "", said: str = "单位：米") -> str:
    return f'<text x="9" y="90" font-size="{size}" {more}>{said}</text>'


@pytest.mark.parametrize(
    ("inner", "size"),
    [
        (words("20") + words("14") + words("30"), 14),
        (words("15pt"), 20),
        (words("1e1px"), 10),
        (words("50%"), 8),  # of 16, which is what nothing said means
        (words("2em"), 32),
        ("<text>米</text>", 16),
        ('<g font-size="12"><g><text>米</text></g></g>', 12),
        ('<g font-size="12"><text font-size="inherit">米</text></g>', 12),
        ('<g style="font-size: 12px"><text font-size="150%">米</text></g>', 18),
        ('<g font-size="12"><text><tspan x="0" y="9" font-size=".75em">单位：米</tspan></text></g>', 9),
        (words("20", 'style="font-size:11px"'), 11),
        ('<text style="font: bold 13px/1.5 hei, sans-serif">米</text>', 13),
        ("<style>text { font-size: 9px }</style>" + words("20"), 9),
        ("<style>.a { font-size: 9px } #b { font-size: 11px }</style>" + words("20", 'class="a" id="b"'), 11),
        ("<style>g.axis > text { font-size: 8px !important }</style>"
         '<g class="axis">' + words("20", 'style="font-size: 30px"') + "</g>", 8),
        ("<style>@media screen { text { font-size: 3px } } a:hover text { font-size: 2px }</style>"
         + words("20"), 20),
        ("<style>/* text { font-size: 3px } */ text[x='9'] { font-size: 19px }</style>" + words("20"), 19),
    ],
)  # fmt: skip
def test_the_smallest_type_is_found_wherever_its_size_is_said(inner: str, size: float) -> None:
    assert lettering(inner) == size


@pytest.mark.parametrize(
    ("transform", "scale"),
    [
        ("scale(.5)", 0.5),
        ("scale(3, .5)", 0.5),  # the size of type is its depth
        ("translate(10 20) scale(.5) rotate(30)", 0.5),
        ("rotate(90) scale(2)", 2),
        ("rotate(90 100 100)", 1),
        ("matrix(.5 0 0 .25 10 10)", 0.25),
        ("matrix(0,.5,-.5,0,10,10)", 0.5),
        ("scale(.5)scale(.5)", 0.25),
        ("translate(1e2-3)", 1),
        ("skewX(0)", 1),
        ("wobble(3)", 1),
        ("scale()", 1),
        ("scale(", 1),
        ("", 1),
    ],
)
def test_transforms_scale_it(transform: str, scale: float) -> None:
    assert lettering(f'<g transform="{transform}">{words("20")}</g>') == pytest.approx(20 * scale, abs=1e-3)
    assert lettering(words("20", f'transform="{transform}"')) == pytest.approx(20 * scale, abs=1e-3)


def test_nested_transforms_multiply() -> None:
    inner = words("20", 'transform="scale(4)"')
    for turn in ("scale(.5)", "rotate(45)", "scale(.5, 1)", "rotate(-45)"):
        inner = f'<g transform="{turn}">{inner}</g>'
    # Squeezed to a half along a diagonal an upright stroke leans and is √(0.75² + 0.25²) long.
    assert lettering(inner) == pytest.approx(20 * 4 * (0.75**2 + 0.25**2) ** 0.5 * 0.5, abs=0.01)


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('viewBox="0 0 400 300"', 20),
        ('viewBox="0 0 800 600"', 10),
        ('viewBox="-50 -50 800 600"', 10),
        ('width="8cm" height="6cm" viewBox="0 0 800 600"', 10),
        ('width="100%" height="100%" viewBox="0 0 800 600"', 10),
        ('width="100%" viewBox="0 0 800 600"', 10),
        (
            'width="400" height="300" viewBox="0 0 400 600"',
            10,
        ),  # a tall drawing in the middle of a wide place
        ('width="400" height="300" viewBox="0 0 800 300" preserveAspectRatio="none"', 20),
        ('width="400" height="300" viewBox="0 0 800 300" preserveAspectRatio="xMidYMid slice"', 20),
        ('width="400" height="300" viewBox="0 0 800 300"', 10),
    ],
)
def test_it_is_measured_in_widths_of_the_drawing(root: str, size: float) -> None:
    assert lettering(words("20"), root) == size


@pytest.mark.parametrize(
    ("inner", "size"),
    [
        ('<svg width="200" height="150" viewBox="0 0 400 300">' + words("20") + "</svg>", 10),
        ('<svg width="50%" height="50%" viewBox="0 0 400 300">' + words("20") + "</svg>", 10),
        ('<svg x="9" width="200" height="150">' + words("20") + "</svg>", 20),
        ('<svg viewBox="0 0 9 9">' + words("20") + "</svg>", 20),  # of no size: as large as it is
        ("<defs>" + words("5", 'id="a"') + '</defs><use href="#a" transform="scale(2)"/>', 10),
        ("<defs>" + words("5", 'id="a"') + '</defs><use xlink:href="#a"/>' + words("20"), 5),
        ("<defs>" + words("5") + "</defs>" + words("20"), 20),
        ('<defs><text id="a">米</text></defs><g font-size="7"><use href="#a"/></g>', 7),
        ('<symbol id="a" viewBox="0 0 40 30">' + words("10") + "</symbol>"
         '<use href="#a" width="20" height="15"/>', 5),
        ('<symbol id="a"><g id="b">' + words("10") + '</g></symbol><use href="#a"/><use href="#b"/>', 10),
        ('<clipPath id="a">' + words("2") + "</clipPath>" + words("20"), 20),
        ('<use href="#nowhere"/><use/>' + words("20"), 20),
    ],
)  # fmt: skip
def test_viewports_and_what_is_drawn_again(inner: str, size: float) -> None:
    assert lettering(inner) == size


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<title>不印</title><path d='M0 0h9'/>",
        "<text/><text>  </text><text><title>不印</title></text>",
        words("20", 'display="none"'),
        '<g style="display:none">' + words("20") + "</g>",
        '<g visibility="hidden">' + words("20") + "</g>",
        words("0"),
        '<g transform="scale(0)">' + words("20") + "</g>",
    ],
)
def test_a_drawing_whose_letters_are_outlines_or_not_seen_has_none(inner: str) -> None:
    assert lettering(inner) is None


def test_hidden_letters_do_not_count_and_shown_ones_inside_do() -> None:
    assert lettering(words("20") + words("3", 'visibility="hidden"')) == 20
    assert lettering('<g visibility="hidden">' + words("6", 'visibility="visible"') + "</g>") == 6


@pytest.mark.parametrize(
    ("inner", "size"),
    [
        ('<text font-size="20">10 m<tspan dy="-6" font-size="11">2</tspan></text>', 20),
        ('<text font-size="20"><tspan font-size="11">14</tspan>C</text>', 20),
        ('<text font-size="20">约<tspan font-size="11">超过八个字符的一段小字</tspan></text>', 11),
        ('<text font-size="20">题<tspan x="0" y="40" font-size="11">来源：本报</tspan></text>', 11),
        ('<text font-size="20"><tspan x="0" font-size="11">2</tspan></text>', 11),
        ('<text font-size="20"><tspan font-size="11">2</tspan></text>', 11),
    ],
)
def test_superscripts_may_be_smaller_and_small_words_may_not(inner: str, size: float) -> None:
    assert lettering(inner) == size


@pytest.mark.parametrize(
    "size", ["", "large", "-3", "calc(1px)", "1e999", "12 px px", "NaN", "var(--a)", "50", "٣", "1" * 400]
)
def test_a_size_that_says_nothing_is_inherited(size: str) -> None:
    expected = 50 if size == "50" else 12
    assert lettering(f'<g font-size="12">{words(size)}</g>') == expected


@pytest.mark.parametrize("root", ["", 'width="400" height="300"', 'viewBox="0 0 0 300"', 'viewBox="a b c d"'])
def test_a_drawing_with_lettering_and_no_size_is_refused_as_before(root: str) -> None:
    with pytest.raises(PictureError, match=r"viewBox|large"):
        lettering(words(), root)


@given(
    st.text("<>&;{}():.#%-eE0123456789 ,/*@!", max_size=40), st.sampled_from(["style", "font-size", "font"])
)
def test_nonsense_in_styles_is_no_crash(nonsense: str, where: str) -> None:
    escaped = nonsense.replace("&", "&amp;").replace("<", "&lt;")
    inner = f"<style>{escaped}</style>" if where == "style" else f'<g {where}="{escaped}">{words()}</g>'
    inner += f'<g transform="{escaped}">{words()}</g>'
    found = lettering(inner)
    assert found is None or found >= 0


def test_what_repeats_itself_by_a_second_name_is_refused() -> None:
    first_is_meant = '<g id="a"><use href="#a"/></g><rect id="a"/>'
    old_name_is_meant = '<g id="a"><use href="#b" xlink:href="#a"/></g><rect id="b"/>'
    for inner in (first_is_meant, old_name_is_meant):
        with pytest.raises(PictureError, match="repeats itself"):
            lettering(inner + words())


def test_it_is_kept_with_the_verdict_that_a_drawing_is_good() -> None:
    class Memory(dict[str, bytes]):
        def put(self, key: str, data: bytes) -> None:
            self[key] = data

    memory = Memory()
    data = f'{HEAD}viewBox="0 0 400 300">{words("7.3")}</svg>'.encode()
    made = open_picture("a.svg", data, settings(), memory)
    assert memory
    assert open_picture("a.svg", data, settings(), memory) == made
    assert made.lettering == pytest.approx(7.3 / 400)


def test_the_drawings_of_the_sample(repository: Path) -> None:
    folder = repository / "source" / "2026-11-23" / "pictures"
    found = {
        path.stem: open_picture(path.name, path.read_bytes(), settings()).lettering
        for path in sorted(folder.glob("*.svg"))
    }
    assert found["p1-conductivity"] == pytest.approx(22.5 / 600)
    assert all(found.values())
