"""Drawings look the same with outlines for their texts, whatever fonts a reader has, and say their words."""

import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from PIL import Image, ImageChops, ImageStat

from issue_publisher.fonts import FontSet, Measures
from issue_publisher.layout.model import Layout
from issue_publisher.rendering import outlines
from issue_publisher.rendering.epub import render_epub
from issue_publisher.rendering.outlines import outlined
from issue_publisher.rendering.pdf import Resource, write_pdf
from issue_publisher.typesetting.faces import PaperFaces
from rendering_epub.book import epubcheck
from rendering_epub.whole_issue import ISSUE, PICTURES

SVG = "{http://www.w3.org/2000/svg}"


def drawing(inside: str, *, more: str = "") -> bytes:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" {more}>'
    return f'{head}<rect width="400" height="200" fill="#eee"/>{inside}</svg>'.encode()


def painted(svg: bytes, faces: PaperFaces) -> Image.Image:
    """The drawing as WeasyPrint and pdfium show it, with every face of the house at hand."""
    html = "<style>@page{size:400pt 200pt;margin:0}body{margin:0}img{width:400pt;height:200pt;display:block}"
    resources = {"x.svg": Resource(svg, "image/svg+xml")}
    for role in ("hei", "hei-heavy", "song", "kai"):
        html += f'@font-face{{font-family:{role};src:url("issue:/{role}")}}'
        resources[role] = Resource(faces.fonts.face(role).data, "font/ttf")
    pdf = write_pdf(html + '</style><img src="issue:/x.svg">', resources, identifier=b"x" * 16)
    return pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("L")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of tones, 0–255."""
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0])


def paths(svg: bytes) -> list[str]:
    return [str(path.get("d")) for path in etree.fromstring(svg).iter(f"{SVG}path")]


@pytest.mark.parametrize(
    "inside",
    [
        '<text x="20" y="80" font-family="hei" font-size="30">直径2.25米</text>',
        '<text x="200" y="80" font-family="hei" font-size="30" text-anchor="middle">直径2.25米</text>',
        '<text x="380" y="80" font-family="song" font-size="24" text-anchor="end" fill="#b3261e">焊缝</text>',
        '<g font-family="kai" font-size="28" transform="rotate(10)"><text x="60" y="60">旋压</text></g>',
        '<text x="20" y="80" style="font-family:hei; font-size:20pt; fill:#080" opacity="0.5">一二三</text>',
        '<text font-family="hei" font-size="26"><tspan x="20" y="50">第一行</tspan>'
        '<tspan x="20" dy="40" fill="red">第二行</tspan></text>',
        '<text x="20" y="60" font-family="hei" font-size="24">\n   前<tspan dy="10">中</tspan>后\n  </text>',
        '<text x="20 80,140" y="60 70 80" font-family="hei" font-size="24">甲乙丙丁</text>',
        '<text x="10%" y="50%" font-family="hei" font-size="24">百分之十</text>',
        '<text x="20" y="90" font-family="hei" font-size="24" stroke="red" fill="none">空心</text>',
        '<g fill-rule="evenodd"><text x="20" y="90" font-family="hei-heavy" font-size="60">金</text></g>',
        "<style>.a{font-size:30px;fill:#00f} text{font-family:hei}</style>"
        '<text class="a" x="20" y="90">样式</text>',
    ],
)
def test_a_drawing_looks_as_before(inside: str, faces: PaperFaces) -> None:
    before, bare = drawing(inside), drawing("")
    after = outlined(before, faces)
    assert b"<text" not in after
    ink = difference(painted(before, faces), painted(bare, faces))
    assert ink > 0.2  # something is there to see
    assert (
        difference(painted(before, faces), painted(after, faces)) < 0.45 * ink
    )  # letters elsewhere would differ by twice the ink


def test_readers_hear_what_a_text_says(faces: PaperFaces) -> None:
    words = '<text x="9" y="9">\n  焊缝 <tspan font-weight="bold">15.9</tspan>米 &lt;原来&gt;\n </text>'
    root = etree.fromstring(outlined(drawing(words), faces))
    (group,) = [g for g in root.iter(f"{SVG}g") if g.get("role") == "img"]
    assert group.get("aria-label") == "焊缝 15.9米 <原来>"
    assert not "".join(group.itertext()).strip()
    assert not {"x", "y", "font-weight"} & {key for g in root.iter(f"{SVG}g") for key in g.attrib}


def test_heavy_type_comes_from_the_heavy_face(faces: PaperFaces) -> None:
    def path(attributes: str) -> list[str]:
        return paths(outlined(drawing(f'<text y="50" font-size="30" {attributes}>重</text>'), faces))

    assert path('font-family="hei" font-weight="bold"') == path('font-family="hei-heavy"')
    assert path('font-family="song, serif" font-weight="600"') == path('font-family="song-heavy"')
    assert path('font-family="hei" font-weight="500"') == path('font-family="hei"')
    assert path('style="font: bold 30px hei"') == path('font-family="hei-heavy"')
    assert path('font-family="Nobody Has It"') == path('font-family="hei"')
    assert path('font-family="serif"') == path('font-family="song"')


@dataclass
class Box:
    left: float
    right: float


def extent(svg: bytes) -> Box:
    """Where the ink of a drawing's outlines begins and ends, from white pixels of nothing else."""
    pdf = write_pdf(
        "<style>@page{size:400pt 200pt;margin:0}body{margin:0}img{width:400pt;display:block}</style>"
        '<img src="issue:/x.svg">',
        {"x.svg": Resource(svg.replace(b"#eee", b"#fff"), "image/svg+xml")},
        identifier=b"x" * 16,
    )
    shown = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil().convert("L")
    left, _, right, _ = ImageChops.invert(shown).getbbox() or (0, 0, 0, 0)
    return Box(left / 4, right / 4)


def test_several_faces_and_letter_space_count_for_the_anchor(faces: PaperFaces) -> None:
    start, end = (
        extent(
            outlined(
                drawing(
                    f'<text x="{x}" y="99" text-anchor="{anchor}" font-family="hei" font-weight="bold"'
                    ' font-size="20" letter-spacing="0.2em">'
                    '氦<tspan font-weight="400" font-size="12">4</tspan>口口</text>'
                ),
                faces,
            )
        )
        for x, anchor in ((20, "start"), (380, "end"))
    )
    assert end.right - end.left == pytest.approx(start.right - start.left, abs=0.5)
    assert start.left == pytest.approx(21, abs=1.5)
    assert end.right == pytest.approx(380 - 4 - 2, abs=2)  # letter space and side bearing follow the last


@pytest.mark.parametrize(
    "words",
    [
        '<text><textPath href="#p">沿路</textPath></text>',
        '<text rotate="10 20">转动</text>',
        '<text textLength="300">拉长</text>',
        '<text style="writing-mode: vertical-rl">竖排</text>',
        '<text text-decoration="underline">下线</text>',
        "<text>没有\U000f0000字形</text>",
        '<text font-size="large">多大</text>',
        '<clipPath id="c"><text>剪影</text></clipPath>',
    ],
)
def test_what_outlines_would_not_keep_stays_text(words: str, faces: PaperFaces) -> None:
    treated = '<text x="9" y="99">其他的字</text>'
    after = etree.fromstring(outlined(drawing(treated + words), faces))
    left = ["".join(text.itertext()) for text in after.iter(f"{SVG}text")]
    assert left == ["".join(etree.fromstring(words).itertext())]
    assert outlined(drawing(words), faces) == drawing(words)


@pytest.mark.parametrize("css", ["g text{fill:red}", "@media print{text{fill:red}}", "text:hover{fill:red}"])
def test_a_style_sheet_that_is_not_understood_is_left_alone(css: str, faces: PaperFaces) -> None:
    svg = drawing(f'<style>{css}</style><text y="20">字</text>')
    assert outlined(svg, faces) == svg


def test_same_bytes(faces: PaperFaces) -> None:
    svg = drawing(
        '<text x="9" y="50" font-size="17.3">钙钛矿（PbI<tspan baseline-shift="sub">2</tspan>）</text>'
    )
    assert outlined(svg, faces) == outlined(svg, faces)
    assert outlined(outlined(svg, faces), faces) == outlined(svg, faces)
    assert outlined(drawing(""), faces) == drawing("")


def test_small_type_keeps_its_shape(faces: PaperFaces) -> None:
    """Rounding is by the size of the type, not by the unit of the drawing."""
    text = '<text x="0.05" y="0.3" font-size="0.25" font-family="hei">字</text>'
    tiny = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0.8 0.4">{text}</svg>'.encode()
    large = (
        tiny.replace(b"0.05", b"25")
        .replace(b"0.3", b"150")
        .replace(b"0.25", b"125")
        .replace(b"0.8 0.4", b"400 200")
    )
    assert difference(painted(outlined(tiny, faces), faces), painted(outlined(large, faces), faces)) < 0.3


@dataclass(frozen=True)
class Drawing:
    data: bytes
    mime: str = "image/svg+xml"
    width_px: int = 400
    height_px: int = 200


def test_the_drawings_of_an_e_book(layout: Layout, faces: PaperFaces, tmp_path: Path) -> None:
    svg = drawing('<g class="k"><text x="20" y="50" fill="red">盐<tspan dy="9">雾</tspan>箱</text></g>')
    pictures = {src: Drawing(svg) if src.endswith(".svg") else picture for src, picture in PICTURES.items()}
    plain, book = (render_epub(ISSUE, layout, pictures, None, given) for given in (None, faces))
    shown = [
        {name: files.read(name) for name in files.namelist() if name.endswith(".svg")}
        for files in (zipfile.ZipFile(io.BytesIO(data)) for data in (plain, book))
    ]
    assert set(shown[0].values()) == {svg}
    assert set(shown[1].values()) == {outlined(svg, faces)}
    (tmp_path / "book.epub").write_bytes(book)
    assert epubcheck(tmp_path / "book.epub") == []


class _Remembered(dict[str, bytes]):
    def put(self, key: str, data: bytes) -> None:
        self[key] = data


def test_a_drawing_is_outlined_once_with_the_same_faces(
    faces: PaperFaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg, other = (drawing(f'<text x="10" y="40">{words}</text>') for words in ("水位", "流量"))
    kept = _Remembered()
    made = outlined(svg, faces, kept)
    assert made == outlined(svg, faces) != svg
    outlined(other, faces, kept)
    outlined(svg, replace(faces, latin_fonts={}), kept)
    heavy = FontSet(dict(faces.fonts.faces) | {"hei": replace(faces.fonts.face("hei"), sha256="0" * 64)})
    outlined(svg, replace(faces, measures=Measures(heavy)), kept)
    assert len(kept) == 4
    monkeypatch.setattr(outlines, "_drawn", lambda *_: pytest.fail("it was drawn again"))
    assert outlined(svg, faces, kept) == made
