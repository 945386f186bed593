"""What is handed in as a picture: good ones are measured upright, bad ones are named for what they are."""

import base64
import struct
import zlib
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from issue_publisher.layout.model import Pictures
from issue_publisher.layout.reader import read_layout
from issue_publisher.pictures import PictureError, open_picture, svg_text


@pytest.fixture(scope="module")
def settings(repository: Path) -> Pictures:
    folder = repository / "layouts" / "broadsheet"
    return read_layout((folder / "layout.toml").read_bytes(), "layout.toml", folder).pictures


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photograph(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    return Image.effect_noise((width, height), 80).convert(mode)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, in a few hundred bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(bytes(1000)))
        + png_chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("TIFF", "CMYK"),
        ("TIFF", "I;16"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("BMP", "RGB"),
    ],
)
class TestEveryFormat:
    def data(self, kind: str, mode: str) -> bytes:
        if mode == "I;16":
            return encoded(Image.frombytes("I;16", (300, 200), bytes(range(250)) * 480), kind)
        return encoded(photograph().convert(mode), kind)

    def test_is_opened(self, kind: str, mode: str, settings: Pictures) -> None:
        picture = open_picture("a", self.data(kind, mode), settings)
        assert (picture.format, picture.width_px, picture.height_px) == (kind, 300, 200)
        assert not picture.is_vector

    @pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
    @pytest.mark.parametrize("lenient", [False, True])  # as WeasyPrint sets Pillow when it is imported
    def test_is_refused_when_truncated(
        self,
        kind: str,
        mode: str,
        share: float,
        lenient: bool,
        settings: Pictures,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
        data = self.data(kind, mode)
        with pytest.raises(PictureError, match="truncated"):
            open_picture("a", data[: int(len(data) * share)], settings)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_jpeg_2000_is_opened_and_refused_when_its_end_is_missing(mode: str, settings: Pictures) -> None:
    data = encoded(photograph().convert(mode), "JPEG2000")
    picture = open_picture("a.jp2", data, settings)
    assert (picture.format, picture.width_px, picture.height_px) == ("JPEG2000", 300, 200)
    for share in (0.2, 0.6, 0.9):
        with pytest.raises(PictureError, match="damaged"):
            open_picture("a.jp2", data[: int(len(data) * share)], settings)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_size_is_that_of_the_picture_turned_upright(orientation: int, settings: Pictures) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = open_picture("a.jpg", encoded(photograph(), "JPEG", exif=exif.tobytes()), settings)
    assert (picture.width_px, picture.height_px) == ((200, 300) if orientation >= 5 else (300, 200))


def test_two_hundred_megapixels_are_refused_without_decoding(settings: Pictures) -> None:
    with pytest.raises(PictureError, match="200 megapixels") as caught:
        open_picture("a.png", png_of(20_000, 10_000), settings)
    assert "100 megapixels" in caught.value.hint


def test_a_picture_larger_than_the_layout_allows_is_refused(settings: Pictures) -> None:
    data = encoded(photograph(), "PNG")
    with pytest.raises(PictureError, match="MB"):
        open_picture("a.png", data, replace(settings, max_file_mb=len(data) / 2e6))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        ("春天来了。\n".encode(), "text file"),
        ("春天来了。\n".encode("gb18030"), "text file"),
        (b"%PDF-1.7\n\0", "a PDF"),
        (b"PK\x03\x04\0\0", "ZIP"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "heic"),
        (bytes(100), "no picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "damaged"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "damaged"),
        (b"<html><body/></html>", "not SVG"),
        (encoded(Image.new("RGB", (2, 2)), "PNG"), "2 × 2 pixels"),
        (encoded(Image.new("RGB", (2000, 10)), "PNG"), "strip"),
        (encoded(Image.new("F", (20, 20)), "TIFF"), "measured values"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, said: str, settings: Pictures) -> None:
    with pytest.raises(PictureError, match=said):
        open_picture("a", data, settings)


def test_damage_anywhere_never_escapes_as_another_error(settings: Pictures) -> None:
    for kind in ("JPEG", "PNG", "GIF", "TIFF", "WEBP"):
        good = encoded(photograph(60, 40, "P" if kind == "GIF" else "RGB"), kind)
        for at in range(0, min(len(good), 600), 7):
            bad = bytearray(good)
            bad[at] ^= 0xFF
            with suppress(PictureError):
                open_picture("a", bytes(bad), settings)


# --------------------------------------------------------------------------- drawings

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 0 400 300">{}</svg>'
)
EMBEDDED = base64.b64encode(encoded(photograph(40, 30), "PNG")).decode()


def svg(inner: str, before: str = "") -> bytes:
    return (before + SVG.format(inner)).encode()


@pytest.mark.parametrize(
    "inner",
    [
        '<defs><linearGradient id="g"/></defs><rect fill="url(#g)"/>',
        '<g id="a"/><use href="#a"/><use xlink:href="#a"/>',
        f'<image href="data:image/png;base64,{EMBEDDED}"/>',
        "<style>rect { fill: red }</style>",
        '<text style="font-family: hei">单位：米</text>',
    ],
)
def test_a_drawing_that_stands_alone_is_good(inner: str, settings: Pictures) -> None:
    picture = open_picture("a.svg", svg(inner), settings)
    assert picture.is_vector
    assert picture.ratio == pytest.approx(4 / 3)


@pytest.mark.parametrize(
    "inner",
    [
        '<image href="http://example.org/a.png"/>',
        '<image xlink:href="file:///etc/passwd"/>',
        '<image xlink:href="../other.png"/>',
        '<image href="//example.org/a.png"/>',
        '<image href="data:image/svg+xml,%3Csvg/%3E"/>',
        '<image href="data:text/html,x"/>',
        '<use href="other.svg#x"/>',
        '<a href="https://example.org"><text>x</text></a>',
        '<rect style="fill: url(http://example.org/a)"/>',
        '<rect style="fill: u\\72l( http://example.org/a)"/>',
        '<rect style="fill: url/**/(x); mask: url( &quot;a.svg#m&quot; )"/>',
        '<rect fill="url(other.svg#g)"/>',
        "<style>@import 'a.css';</style>",
        "<style>@\\69mport 'a.css';</style>",
        "<style>@font-face { src: url(a.woff) }</style>",
        "<style>rect { background: image-set('a.png' 1x) }</style>",
        '<g xml:base="http://example.org/"/>',
    ],
)
def test_a_drawing_that_refers_outside_itself_is_refused(inner: str, settings: Pictures) -> None:
    with pytest.raises(PictureError, match="outside itself"):
        open_picture("a.svg", svg(inner), settings)


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)"/>',
        '<svg onload="alert(1)"/>',
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        '<animate attributeName="href" to="javascript:1"/>',
        "<x:script xmlns:x='http://www.w3.org/2000/svg'/>",
    ],
)
def test_a_drawing_that_runs_something_is_refused(inner: str, settings: Pictures) -> None:
    with pytest.raises(PictureError):
        open_picture("a.svg", svg(inner), settings)


def test_letters_along_a_path_are_refused_since_they_would_be_printed_on_a_straight_line(
    settings: Pictures,
) -> None:
    with pytest.raises(PictureError, match=r"along a path, which must be outlines, in its line 1"):
        open_picture("a.svg", svg('<text><textPath href="#p">沿路</textPath></text>'), settings)


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg SYSTEM "http://example.org/a.dtd">',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "a" [<!ATTLIST image href CDATA "file:///etc/passwd">]>',
        '<?xml-stylesheet href="a.css"?>',
    ],
)
def test_entities_dtds_and_style_sheets_are_refused(before: str, settings: Pictures) -> None:
    with pytest.raises(PictureError):
        open_picture("a.svg", svg("<image/>", before), settings)


def test_the_doctype_that_drawing_programs_write_is_harmless(settings: Pictures) -> None:
    doctype = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert open_picture("a.svg", svg("", doctype), settings).is_vector


def test_a_drawing_that_repeats_itself_without_end_is_refused(settings: Pictures) -> None:
    groups = "".join(f'<g id="g{i}">' + f'<use href="#g{i + 1}"/>' * 10 + "</g>" for i in range(20))
    for inner in (
        groups + '<g id="g20"><rect/></g>',
        '<g id="a"><use href="#a"/></g>',
        "<g>" * 300 + "</g>" * 300,
    ):
        with pytest.raises(PictureError):
            open_picture("a.svg", svg(inner), settings)


def test_the_embedded_picture_is_looked_at_too(settings: Pictures) -> None:
    bomb = base64.b64encode(png_of(20_000, 10_000)).decode()
    with pytest.raises(PictureError, match="200 megapixels"):
        open_picture("a.svg", svg(f'<image href="data:image/png;base64,{bomb}"/>'), settings)


@pytest.mark.parametrize("root", ['width="4cm" height="3cm"', "", 'viewBox="0 0 0 10"', 'viewBox="0 0 x y"'])
def test_a_drawing_without_size_is_refused(root: str, settings: Pictures) -> None:
    with pytest.raises(PictureError, match=r"viewBox|large"):
        open_picture("a.svg", f'<svg xmlns="http://www.w3.org/2000/svg" {root}/>'.encode(), settings)


def test_text_of_a_drawing(settings: Pictures) -> None:
    inner = "<title>不印</title><text>单<tspan>位</tspan></text><g><text>米</text></g>"
    assert svg_text(open_picture("a.svg", svg(inner), settings)) == "单位米"
