"""What is painted, through forms, patterns, shadings and glyphs: each rule on both sides of its limit."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from issue_publisher.preflight.finding import Finding
from issue_publisher.preflight.pdf import examine
from issue_publisher.preflight.profile import Profile, shipped_profile
from preflight import spoiled_pdf as spoil
from preflight.clean_pdf import clean_press
from preflight.spoiled_pdf import mm, painted, rectangle, with_type

NEWSPRINT = shipped_profile("newsprint")
RECT = rectangle()


def found(change: spoil.Change, profile: Profile = NEWSPRINT) -> list[Finding]:
    return list(examine(spoil.spoiled(clean_press(), change), "x.pdf", profile).findings)


def rules(change: spoil.Change) -> set[str]:
    return {one.tool.removeprefix("preflight ") for one in found(change)}


def content(text: str, **resources: Callable[[pikepdf.Pdf], dict[str, pikepdf.Object]]) -> spoil.Change:
    return lambda pdf: painted(pdf, text, **{kind: make(pdf) for kind, make in resources.items()})


def form(data: bytes, **more: object) -> Callable[[pikepdf.Pdf], dict[str, pikepdf.Object]]:
    return lambda pdf: {
        "F": pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 100]), **more)
    }


def tiling(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    return {
        "P": pdf.make_stream(
            b"0 1 0 rg 0 0 5 5 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1,
            BBox=Array([0, 0, 9, 9]), XStep=9, YStep=9, Resources=Dictionary(),
        )
    }  # fmt: skip


def shading(pdf: pikepdf.Pdf) -> Dictionary:
    ramp = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 0, 0]), C1=Array([0, 0, 1]), N=1)
    return Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 9, 9]), Function=ramp)


def type3(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    glyph = pdf.make_stream(b"700 0 d0 1 0 0 rg 0 0 700 700 re f")
    return {
        "T": Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 700, 700]), FirstChar=97, LastChar=97,
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(a=glyph), Widths=Array([700]),
            Encoding=Dictionary(Differences=Array([97, Name.a])),
        )
    }  # fmt: skip


RGB_ANYWHERE: dict[str, spoil.Change] = {
    "area": content(f"1 0 0 rg {RECT}"),
    "line": content("0 1 0 RG 2 w 0 0 m 9 9 l S"),
    "type": lambda pdf: with_type(pdf, 9, "0.2 0.2 0.2 rg"),
    "ICC": lambda pdf: painted(
        pdf, f"/I cs 1 0 0 scn {RECT}", ColorSpace={"I": Array([Name.ICCBased, pdf.make_stream(b"", N=3)])}
    ),
    "Lab": lambda pdf: painted(
        pdf,
        f"/L cs 50 9 9 scn {RECT}",
        ColorSpace={"L": Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))])},
    ),
    "indexed picture": lambda pdf: spoil.a_picture(
        pdf, Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(b"\0\0\0\xff\xff\xff")]), 1, 300
    ),
    "inline picture": content(
        f"{mm(5)} 0 0 {mm(5)} 0 0 cm BI /W 60 /H 60 /CS /RGB /BPC 8 /F /AHx ID {'7F' * 60 * 60 * 3}> EI"
    ),
    "form": content("/F Do", XObject=form(b"1 0 0 rg 0 0 50 50 re f")),
    "pattern": content(f"/Pattern cs /P scn {RECT}", Pattern=tiling),
    "shading": content(f"{RECT[:-1]}W n /S sh", Shading=lambda pdf: {"S": shading(pdf)}),
    "shading pattern": content(
        f"/Pattern cs /P scn {RECT}",
        Pattern=lambda pdf: {"P": Dictionary(Type=Name.Pattern, PatternType=2, Shading=shading(pdf))},
    ),
    "glyph of a Type 3 font": content("BT /T 20 Tf 0 g (a) Tj ET", Font=type3),
}


@pytest.mark.parametrize("where", RGB_ANYWHERE)
def test_rgb_is_found_wherever_it_is_told(where: str) -> None:
    assert "colour space" in rules(RGB_ANYWHERE[where])


@pytest.mark.parametrize("where", ["q 0 0 1 1 re W n 50 50 m", "q 0 0 0 0 re W n"])
def test_what_is_clipped_away_is_not_there(where: str) -> None:
    assert rules(content(f"{where} 1 0 0 rg 30 30 20 20 re f Q")) == set()


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("0 0 0 1 K 0.25 w 0 0 m 50 0 l S", False),
        ("0 0 0 1 K 0.24 w 0 0 m 50 0 l S", True),
        ("0 0 0 1 K 0 w 0 0 m 50 0 l S", True),
        ("0.1 0 0 0.1 0 0 cm 0 0 0 1 K 2 w 0 0 m 50 0 l S", True),
        ("1 0 0 0.1 0 0 cm 0 0 0 1 K 2 w 0 0 m 50 0 l S", True),
        ("0 0 0 1 k 0 0 50 0.2 re f", True),
        ("0 0 0 1 k 0 0 50 0.3 re f", False),
    ],
)
def test_hairlines_are_measured_as_they_are_printed(text: str, is_found: bool) -> None:
    assert rules(content(text)) == ({"hairline"} if is_found else set())


@pytest.mark.parametrize(
    ("ground", "size", "colour", "is_found"),
    [
        ("0 0 0 1 k", 10, "0 0 0 0 k", False),  # one ink: 10 pt
        ("0 0 0 1 k", 9, "0 0 0 0 k", True),
        ("0 0.95 0.85 0.1 k", 12, "0 0 0 0 k", False),  # several inks: 12 pt
        ("0 0.95 0.85 0.1 k", 11, "0 0 0 0 k", True),
        ("0 0 0 1 k", 9, "0 0 0 0.3 k", True),  # light grey is reversed too
        ("0 0 0 0.1 k", 9, "0 0 0 0 k", False),  # a pale ground is none
        ("0 0 0 0.5 k", 9, "0 0 0 1 k", False),  # dark type is not reversed
        ("0 0 0 0 k", 9, "0 0 0 0 k", False),  # white on white
    ],
)
def test_reversed_type_is_told_by_what_lies_beneath(
    ground: str, size: float, colour: str, is_found: bool
) -> None:
    told = rules(lambda pdf: with_type(pdf, size, colour, before=f"{ground} {RECT}"))
    assert ("reversed type" in told) == is_found


def test_white_paper_over_a_dark_ground_is_the_ground() -> None:
    before = f"0 0 0 1 k {RECT} 0 0 0 0 k 0 0 40 40 re f"
    assert rules(lambda pdf: with_type(pdf, 8, "0 0 0 0 k", before=before)) == set()


def test_type_that_stands_in_the_hole_of_an_outline_is_not_on_it() -> None:
    frame = f"0 0 0 1 k 0 0 {mm(40)} {mm(40)} re 0 {mm(30)} {mm(30)} {mm(-30)} re f"
    assert "reversed type" not in rules(lambda pdf: with_type(pdf, 8, "0 0 0 0 k", before=frame))


@pytest.mark.parametrize(("overprint", "mode"), [(True, 1), (False, 0)])
def test_black_type_on_colour_overprints(overprint: bool, mode: int) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        spoil.painted(pdf, "", ExtGState={"O": Dictionary(op=overprint, OP=overprint, OPM=mode)})
        with_type(pdf, 9, "/O gs 0 0 0 1 k", before=f"0.2 0 0 0 k {RECT}")

    assert rules(change) == (set() if overprint else {"black overprint"})


@pytest.mark.parametrize(("space", "parts"), [(Name.DeviceCMYK, 4), (Name.DeviceGray, 1)])
def test_black_type_on_a_picture_overprints_unless_it_is_grey(space: pikepdf.Name, parts: int) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        spoil.a_picture(pdf, space, parts, 300)
        with_type(pdf, 9, "0 0 0 1 k")

    told = rules(change)
    assert ("black overprint" in told) == (parts == 4)


def test_white_type_that_overprints_disappears() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        spoil.painted(pdf, "", ExtGState={"O": Dictionary(op=True, OP=True, OPM=1)})
        with_type(pdf, 14, "/O gs 0 0 0 0 k", before=f"0 0 0 1 k {RECT}")

    assert rules(change) == {"white overprint"}


def test_a_reading_beside_larger_type_may_be_smaller() -> None:
    font, glyphs = "", b""

    def change(pdf: pikepdf.Pdf) -> None:
        nonlocal font, glyphs
        font, glyphs = spoil.type_of_page(pdf)
        reading = f"BT {font} 4.5 Tf 0 0 0 1 k 2 11 Td <{glyphs[:4].hex()}> Tj ET"
        with_type(pdf, 9, "0 0 0 1 k", after=reading)

    assert rules(change) == set()


def test_the_resolution_of_a_picture_in_a_form_counts_all_matrices() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        picture = pdf.make_stream(
            bytes(200 * 200), Type=Name.XObject, Subtype=Name.Image, Width=200, Height=200,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        inside = pdf.make_stream(
            b"2 0 0 2 0 0 cm /P Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
            Matrix=Array([12, 0, 0, 12, 0, 0]), Resources=Dictionary(XObject=Dictionary(P=picture)),
        )  # fmt: skip
        painted(pdf, "3 0 0 6 0 0 cm /F Do", XObject={"F": inside})

    (one,) = found(change)
    assert one.value == "100 ppi"  # 200 pixels on 6 × 12 × 2 = 144 pt


@pytest.mark.parametrize("save", ["JPEG", "samples"])
def test_ink_of_a_cmyk_picture_is_added_up(save: str) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        picture, out = Image.new("CMYK", (300, 300), (200, 200, 200, 100)), io.BytesIO()
        picture.save(out, "JPEG", quality=95)
        shape = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=300, Height=300, BitsPerComponent=8,
                           ColorSpace=Name.DeviceCMYK)  # fmt: skip
        stream = pdf.make_stream(picture.tobytes(), shape)
        if save == "JPEG":
            stream.write(out.getvalue(), filter=Name.DCTDecode)
            stream["/Decode"] = Array([1, 0] * 4)  # Pillow writes CMYK the way Adobe does, inverted
        painted(pdf, f"{mm(20)} 0 0 {mm(20)} 0 0 cm /P Do", XObject={"P": stream})

    (one,) = found(change)
    assert one.tool == "preflight total ink"
    assert abs(float(one.value.split()[0]) - 700 / 255 * 100) < 3


def test_a_spot_colour_that_the_press_knows() -> None:
    known = shipped_profile("newsprint").__class__(**{**_fields(NEWSPRINT), "spots": ("Kiln Green",)})
    assert not found(spoil.spot_colour, known)


def _fields(profile: Profile) -> dict[str, object]:
    return {name: getattr(profile, name) for name in profile.__slots__}


def test_a_character_without_a_glyph() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        font, _ = spoil.type_of_page(pdf)
        painted(pdf, f"BT {font} 9 Tf 0 0 0 1 k <0000> Tj ET")

    (one,) = found(change)
    assert one.message == "a character without a glyph (.notdef)"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda pdf: pdf.pages[0].obj.__setitem__("/Rotate", 90), "page turned"),
        (lambda pdf: pdf.pages[0].obj.__setitem__("/UserUnit", 2), "page scaled"),
        (lambda pdf: pdf.pages[0].obj.__delitem__("/TrimBox"), "page boxes"),
        (lambda pdf: pdf.pages[0].obj.__setitem__("/CropBox", Array([9, 9, 99, 99])), "page boxes"),
        (lambda pdf: pdf.pages[0].obj.__setitem__("/Contents", pdf.make_stream(b"")), "empty page"),
        (lambda pdf: pdf.add_blank_page(page_size=(99, 99)), "page size"),
        (lambda pdf: pdf.docinfo.__delitem__("/Trapped"), "standard"),
        (lambda pdf: pdf.Root.__delitem__("/Metadata"), "standard"),
        (lambda pdf: pdf.Root.__setitem__("/OCProperties", Dictionary(Configs=Array([]))), "layers"),
        (lambda pdf: painted(pdf, "/F gs", ExtGState={"F": Dictionary(SMask=Name.None_)}), ""),
        (content(f"/All cs 1 scn {RECT}", ColorSpace=lambda pdf: {"All": Array([
            Name.Separation, Name.All, Name.DeviceCMYK,
            Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0] * 4), C1=Array([1] * 4))])}),
         "spot colour"),
        (content("/F Do", XObject=form(b"", Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB))),
         "transparency"),
    ],
)  # fmt: skip
def test_what_else_is_wrong(change: spoil.Change, rule: str) -> None:
    assert (rule in rules(change)) if rule else not rules(change)


def test_an_output_intent_of_another_kind() -> None:
    def with_profile(data: bytes) -> spoil.Change:
        return lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(data)

    profile = bytearray(132)
    profile[:4], profile[16:20], profile[36:40] = (132).to_bytes(4, "big"), b"RGB ", b"acsp"
    (one,) = found(with_profile(bytes(profile)))
    assert one.message == "the output intent's profile is one for RGB"
    (one,) = found(with_profile(bytes(profile[:100])))
    assert one.message == "the output intent's profile is broken"
