"""Drawings in the e-book: SVG where every reader draws it, else pixels."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from issue_publisher.issue.model import Article, Figure
from issue_publisher.layout.model import Layout
from issue_publisher.pictures import open_picture, reader_hazard
from issue_publisher.rendering.ebook_drawings import drawing_for_readers
from issue_publisher.rendering.epub import render_epub
from rendering_epub.book import XHTML, Opened, epubcheck
from rendering_epub.test_epub import BARE
from rendering_epub.whole_issue import COVER, Picture, paragraph, words
from typesetting.paper import faces

BAR = '<rect x="20" y="20" width="160" height="60" fill="#c00"/>'


def svg(inside: str, head: str = "") -> bytes:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {space} viewBox="0 0 200 100">{head}{inside}</svg>'.encode()


def dot() -> str:
    made = io.BytesIO()
    Image.new("RGB", (20, 20), "#00c").save(made, "PNG")
    return f"data:image/png;base64,{base64.b64encode(made.getvalue()).decode()}"


SHADOW = '<defs><filter id="f"><feOffset dx="9" dy="9"/></filter></defs>'
MASK = '<defs><mask id="m"><rect width="100" height="100" fill="#fff"/></mask></defs>'
UNSAFE = {
    "filter": (svg(BAR.replace("<rect", '<rect filter="url(#f)"'), SHADOW), "filter"),
    "mask": (svg(BAR.replace("<rect", '<rect mask="url(#m)"'), MASK), "mask"),
    "pixels": (svg(f'<image x="20" y="20" width="160" height="60" xlink:href="{dot()}"/>'), "pixels"),
    "film": (svg(BAR, "<style>@keyframes go { to { opacity: 0 } } rect { animation: go }</style>"), "@key"),
    "dark": (svg(BAR, "<style>@media (min-width: 9em) { rect { fill: #fff } }</style>"), "@media"),
    "blend": (svg(BAR.replace("<rect", '<rect style="mix-blend-mode: multiply"')), "mix-blend-mode"),
    "wide": (svg(f'{BAR}<text font-family="hei" x="20" y="95" textLength="150">温度</text>'), ""),
    "shapes": (svg(BAR + '<path d="M0 0"/>' * 6000), "6002 shapes"),
    "large": (svg(f'<path d="{"M1 1L9 9" * 40_000}"/>{BAR}'), "kB"),
}  # fmt: skip
SAFE = {
    "plain": svg(BAR),
    "letters": svg(f'{BAR}<text x="30" y="60" font-family="hei" font-size="20">温度</text>'),
    "clip": svg(f'<clipPath id="c"><path d="M0 0H90V90Z"/></clipPath><g clip-path="url(#c)">{BAR}</g>'),
    "again": svg(f'<defs><g id="g">{BAR}</g></defs><use xlink:href="#g"/>'),
    "styles": svg(BAR, "<style>/* @media */ rect { fill: #c00; filter: none }</style>"),
    "none": svg(BAR.replace("<rect", '<rect filter="none" mask="none"')),
}


def shown(data: bytes, layout: Layout) -> Image.Image:
    made = drawing_for_readers(data, 1000, 500, layout, faces())
    assert (made.mime, made.width_px, made.height_px) == ("image/png", 1680, 840)
    return Image.open(io.BytesIO(made.data)).convert("RGB")


@pytest.mark.parametrize("name", UNSAFE)
def test_what_some_reader_would_draw_wrongly_becomes_pixels(name: str, layout: Layout) -> None:
    data, why = UNSAFE[name]
    picture = open_picture("a.svg", data, layout.pictures)  # a good drawing for the press
    assert picture.is_vector
    image = shown(data, layout)
    assert image.getpixel((3, 3)) == (255, 255, 255)
    assert image.getpixel((840, 420)) in ((204, 0, 0), (0, 0, 204), (255, 255, 255))
    assert len(image.getcolors(1 << 24) or ()) > 1  # something is drawn
    if name != "wide":  # outlines come first: this one keeps its letters as text
        found = reader_hazard(data, layout.ebook.svg_kb, layout.ebook.svg_shapes)
        assert found is not None
        assert why in found


@pytest.mark.parametrize("name", SAFE)
def test_what_every_reader_draws_stays_a_drawing(name: str, layout: Layout) -> None:
    made = drawing_for_readers(SAFE[name], 1000, 500, layout, faces())
    assert (made.mime, made.width_px, made.height_px) == ("image/svg+xml", 1000, 500)
    assert b"<text" not in made.data


def test_pixels_show_the_letters_in_our_own_face(layout: Layout) -> None:
    """The bar is red, the stretched letters are black: some of each is there."""
    colours = {colour for _, colour in shown(UNSAFE["wide"][0], layout).getcolors(1 << 24) or ()}
    assert {(204, 0, 0), (0, 0, 0)} <= colours


def test_a_photograph_in_a_drawing_is_no_huge_png(layout: Layout) -> None:
    made = io.BytesIO()
    Image.effect_noise((600, 300), 90).convert("RGB").save(made, "JPEG", quality=80)
    held = base64.b64encode(made.getvalue()).decode()
    data = svg(f'<image width="200" height="100" xlink:href="data:image/jpeg;base64,{held}"/>')
    assert drawing_for_readers(data, 1000, 500, layout, faces()).mime == "image/jpeg"


def test_limits_are_the_layout_s(layout: Layout) -> None:
    tight = replace(layout, ebook=replace(layout.ebook, svg_shapes=2))
    two = svg(BAR * 2)
    assert drawing_for_readers(two, 1000, 500, layout, faces()).mime == "image/svg+xml"
    assert drawing_for_readers(two, 1000, 500, tight, faces()).mime == "image/png"


def test_a_book_with_both_keeps_descriptions_and_is_the_same_twice(layout: Layout, tmp_path: Path) -> None:
    pictures = {
        f"{name}.svg": Picture(data, "image/svg+xml", 1000, 500)
        for name, data in {**SAFE, **{name: data for name, (data, _) in UNSAFE.items()}}.items()
    }
    body = [Figure(src, caption=words("图"), alt=f"{src}的说明") for src in pictures]
    article = Article("a", words("图集"), body=(*body, paragraph("话。")))
    issue = replace(BARE, pages=(replace(BARE.pages[0], items=(article,)),))
    data = render_epub(issue, layout, pictures, COVER, faces())
    images = list(Opened(data).xml("article-a.xhtml").iter(f"{XHTML}img"))
    assert [image.get("alt") for image in images] == [f"{src}的说明" for src in pictures]
    endings = [image.get("src").rpartition(".")[2] for image in images]
    assert endings == ["svg"] * len(SAFE) + ["png"] * len(UNSAFE)
    path = tmp_path / "drawings.epub"
    path.write_bytes(data)
    assert epubcheck(path) == []
    assert render_epub(issue, layout, pictures, COVER, faces()) == data
