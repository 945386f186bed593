"""What make-up knows of a drawing's lettering is what preflight measures in the PDF."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issue_publisher.pictures import open_picture
from issue_publisher.preflight.content import read_page
from issue_publisher.preflight.objects import MOST_OPERATORS, Budget, opened
from issue_publisher.rendering.pdf import BASE, Resource, write_pdf
from typesetting.paper import layout

PLACE_PT = 300.0
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


def printed_pt(drawing: bytes, width_pt: float, depth_pt: float) -> float:
    """The smallest type on a page that shows a drawing at a size, as preflight measures it."""
    html = (
        "<!DOCTYPE html><html><head><meta charset=utf-8><style>@page{size:800pt 800pt;margin:0}body{margin:0}"
        f"img{{display:block;width:{width_pt}pt;height:{depth_pt}pt}}</style></head>"
        f'<body><img src="{BASE}drawing" alt=""></body></html>'
    )
    data = write_pdf(html, {"drawing": Resource(drawing, "image/svg+xml")}, identifier=bytes(16))
    with opened(data) as pdf:
        marks = read_page(pdf, pdf.pages[0], Budget(MOST_OPERATORS), {}).marks
    return min(mark.size_pt for mark in marks if mark.text.strip())


def expected_pt(drawing: bytes) -> tuple[float, float]:
    """The same as make-up knows it, and the depth of the place."""
    picture = open_picture("a.svg", drawing, layout().pictures)
    assert picture.lettering is not None
    return picture.lettering * PLACE_PT, PLACE_PT / picture.ratio


SIZES = st.sampled_from(["12", "9.5px", "10pt", "150%", "0.8em", "1.2rem"])
TRANSFORMS = st.sampled_from(
    ["", "scale(.7)", "rotate(30)", "scale(1.5 .8)", "matrix(.9 .1 -.1 .9 5 5)", "translate(3)", "skewX(10)"]
)
ROOTS = st.sampled_from(
    [
        'viewBox="0 0 400 300"',
        'width="500" height="375" viewBox="0 0 400 300"',
        'width="12cm" height="6cm" viewBox="0 0 400 300"',
        'width="100%" height="100%" viewBox="0 0 400 300" font-size="9"',
    ]
)


@st.composite
def inside(draw: st.DrawFn) -> str:
    """A text within groups, viewports and <use>, with sizes said here and there."""
    numbers = draw(st.permutations(range(4)))
    inner = "<text x='20' y='60'>Abc</text>"
    if draw(st.booleans()):
        inner = f"<text x='20' y='60' font-size='{draw(SIZES)}'>Abc</text>"
    for number in numbers[: draw(st.integers(0, 4))]:
        match draw(st.integers(0, 4)):
            case 0:
                inner = f"<g transform='{draw(TRANSFORMS)}'>{inner}</g>"
            case 1:
                inner = f"<g style='font-size: {draw(SIZES)}'>{inner}</g>"
            case 2:
                inner = f"<svg width='300' height='50%' viewBox='0 0 360 270'>{inner}</svg>"
            case 3:
                inner = f"<defs><g id='i{number}'>{inner}</g></defs><use xlink:href='#i{number}'/>"
            case 4:
                rule = f"g.c{number} text {{ font-size: {draw(SIZES)} }}"
                inner = f"<style>{rule}</style><g class='c{number}'>{inner}</g>"
    return inner


@given(st.data(), ROOTS)
@settings(max_examples=40, deadline=None)
def test_type_is_printed_as_large_as_make_up_thinks(data: st.DataObject, root: str) -> None:
    drawing = f"{HEAD}{root}>{data.draw(inside())}</svg>".encode()
    expected, depth_pt = expected_pt(drawing)
    assert printed_pt(drawing, PLACE_PT, depth_pt) == pytest.approx(expected, rel=0.002)
