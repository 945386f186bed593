"""One clean PDF in, one with a single fault out: any press or archive file with type on page 1 will do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

PT_PER_MM = 72 / 25.4
Change = Callable[[pikepdf.Pdf], None]


def spoiled(clean: bytes, change: Change, **saving: object) -> bytes:
    """The file with a change made by pikepdf."""
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, fix_metadata_version=False, **saving)  # type: ignore[arg-type]
        return out.getvalue()


def painted(pdf: pikepdf.Pdf, content: str, **resources: dict[str, pikepdf.Object]) -> None:
    """Content on top of page 1, upright, its origin 20 mm from the left and from the foot of the trim."""
    page = pdf.pages[0]
    page.contents_add(b"q\n", prepend=True)
    left, bottom = (float(one) + 20 * PT_PER_MM for one in list(page.trimbox)[:2])
    page.contents_add(f"\nQ q 1 0 0 1 {left} {bottom} cm {content} Q".encode())
    for kind, named in resources.items():
        for key, value in named.items():
            if f"/{kind}" not in page.obj.Resources:
                page.obj.Resources[f"/{kind}"] = Dictionary()
            page.obj.Resources[f"/{kind}"][f"/{key}"] = value


def mm(value: float) -> str:
    return f"{value * PT_PER_MM:.4f}"


def type_of_page(pdf: pikepdf.Pdf) -> tuple[str, bytes]:
    """The name of a font of page 1 and some glyphs that stand in it."""
    font = ""
    for one in pikepdf.parse_content_stream(pdf.pages[0]):
        if str(one.operator) == "Tf":
            font = str(one.operands[0])
        if str(one.operator) in ("Tj", "TJ") and font:
            first = one.operands[0]
            parts = [first] if isinstance(first, pikepdf.String) else list(first)
            found = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            if len(found) >= 8:
                return font, found[:8]
    raise AssertionError("no type on page 1")


def with_type(pdf: pikepdf.Pdf, size: float, colour: str, before: str = "", after: str = "") -> None:
    font, glyphs = type_of_page(pdf)
    painted(pdf, f"{before} BT {font} {size} Tf {colour} 2 2 Td <{glyphs.hex()}> Tj ET {after}")


def a_picture(
    pdf: pikepdf.Pdf, space: object, parts: int, ppi: float, side_mm: float = 20, **more: object
) -> None:
    side = round(side_mm / 25.4 * ppi)
    data = bytes(range(256)) * (side * side * parts // 256 + 1)
    picture = pdf.make_stream(
        data[: side * side * parts], Type=Name.XObject, Subtype=Name.Image, Width=side, Height=side,
        ColorSpace=space, BitsPerComponent=8, **more,
    )  # fmt: skip
    painted(pdf, f"{mm(side_mm)} 0 0 {mm(side_mm)} 0 0 cm /Spoil Do", XObject={"Spoil": picture})


def rectangle(side_mm: float = 20) -> str:
    return f"0 0 {mm(side_mm)} {mm(side_mm)} re f"


# --------------------------------------------------------------------------- the press


def rgb_picture(pdf: pikepdf.Pdf) -> None:
    a_picture(pdf, Name.DeviceRGB, 3, 300)


def four_colour_black(pdf: pikepdf.Pdf) -> None:
    with_type(pdf, 9, "0.75 0.68 0.67 0.9 k")


def no_output_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def descriptors(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/Type") == Name.FontDescriptor:
            yield one


def font_not_embedded(pdf: pikepdf.Pdf) -> None:
    for one in descriptors(pdf):
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            if key in one:
                del one[key]


def coarse_picture(pdf: pikepdf.Pdf) -> None:
    a_picture(pdf, Name.DeviceGray, 1, 72, side_mm=30)


def too_much_ink(pdf: pikepdf.Pdf) -> None:
    painted(pdf, f"0.75 0.75 0.75 0.75 k {rectangle()}")


def small_type(pdf: pikepdf.Pdf) -> None:
    with_type(pdf, 5, "0 0 0 1 k")


def small_reversed_type(pdf: pikepdf.Pdf) -> None:
    with_type(pdf, 6, "0 0 0 0 k", before=f"0.5 0.5 0.5 0.5 k {rectangle()}")


def wrong_box(pdf: pikepdf.Pdf) -> None:
    x0, y0, x1, y1 = (float(one) for one in pdf.pages[0].mediabox)
    pdf.pages[0].obj["/TrimBox"] = Array([x0 - 10, y0, x1 + 10, y1])


def annotation(pdf: pikepdf.Pdf) -> None:
    x0, y0 = (float(one) for one in list(pdf.pages[0].trimbox)[:2])
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=Array([x0 + 50, y0 + 50, x0 + 80, y0 + 80]),
        Contents="看一下",
    )
    pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(note)])


def javascript(pdf: pikepdf.Pdf) -> None:
    pdf.Root["/OpenAction"] = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS="app.alert('锣')"))


def transparency(pdf: pikepdf.Pdf) -> None:
    state = Dictionary(Type=Name.ExtGState, ca=0.5)
    painted(pdf, f"/Half gs 0 0 0 0.5 k {rectangle()}", ExtGState={"Half": state})


def spot_colour(pdf: pikepdf.Pdf) -> None:
    tint = Dictionary(
        FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([0.9, 0, 0.8, 0.2]), N=1
    )
    space = Array([Name.Separation, Name("/Kiln Green"), Name.DeviceCMYK, tint])
    painted(pdf, f"/Spot cs 1 scn {rectangle()}", ColorSpace={"Spot": space})


def encrypted(clean: bytes) -> bytes:
    return spoiled(clean, lambda pdf: None, encryption=pikepdf.Encryption(owner="何", user="锣"))


def truncated(clean: bytes) -> bytes:
    return clean[: len(clean) // 3]


# --------------------------------------------------------------------------- the archive


def missing_tag(pdf: pikepdf.Pdf) -> None:
    with_type(pdf, 9, "0 g")


def elements(pdf: pikepdf.Pdf, kind: str) -> Iterator[pikepdf.Object]:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/S") == Name(kind) and "/P" in one:
            yield one


def heading_order(pdf: pikepdf.Pdf) -> None:
    next(elements(pdf, "/H2"))["/S"] = Name("/H4")


def no_alternative_text(pdf: pikepdf.Pdf) -> None:
    del next(elements(pdf, "/Figure"))["/Alt"]


def no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def attachment_removed(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Names["/EmbeddedFiles"]
    if "/AF" in pdf.Root:
        del pdf.Root["/AF"]


def swapped_text(pdf: pikepdf.Pdf, first: str = "锣", second: str = "堤") -> None:
    """Two characters change places in every map from glyphs to text; the glyphs stay."""
    one, other = (char.encode("utf-16-be").hex().encode() for char in (first, second))
    for font in pdf.objects:
        if isinstance(font, Dictionary) and "/ToUnicode" in font:
            stream: Stream = font.ToUnicode
            data = bytes(stream.read_bytes())
            swap = {one: other, other: one}

            def exchanged(found: re.Match[bytes], swap: dict[bytes, bytes] = swap) -> bytes:
                return found[1] + swap.get(found[2].lower(), found[2]) + b">"

            stream.write(re.sub(rb"(<[0-9A-Fa-f]+>\s*<)([0-9A-Fa-f]{4})>", exchanged, data))
