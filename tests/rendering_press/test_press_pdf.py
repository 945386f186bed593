"""The press PDF as plates see it: text in black alone, ink under it kept, nothing of the screen left."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Operator, String
from PIL import Image

from issue_publisher.composition.model import ComposedIssue
from issue_publisher.pictures import WHOLE, open_picture, picture_for_press, plates_of
from issue_publisher.rendering.pdf import RenderError, Resource
from issue_publisher.rendering.press_pdf import Imprint, imprint_of, photographs_of
from pictures.test_plates import encoded
from pictures.test_press_colour import COLOURS, noise
from rendering_press.archived import (
    DPI,
    HEIGHT_MM,
    INKS,
    LAYOUT,
    PROFILE,
    WIDTH_MM,
    archive,
    at_mm,
    box,
    for_press,
    image,
    jpeg,
    needs_ghostscript,
    part,
    peak_percent,
    separations,
    text,
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{}</svg>'
PHOTOGRAPH = jpeg(noise(size=(400, 300)), subsampling=0)


def drawing(inside: str) -> bytes:
    return SVG.format(inside).encode()


@pytest.fixture(scope="module")
def page() -> bytes:
    """Black, red, tinted and reversed words, a rule, a photograph and a drawing."""
    shapes = (
        '<rect width="100" height="50" fill="#1f4e79"/><rect y="50" width="100" height="50" fill="#222"/>'
        '<path d="M0 5H100" stroke="#222" stroke-width="2"/>'
    )
    return archive(
        text(5, 5, "报纸")
        + box(30, 3, 25, 12, "red", css="color:#000") + text(35, 5, "叠印")
        + box(60, 3, 25, 12, "red") + text(64, 5, "反白", "paper")
        + box(5, 20, 20, 6, "pale") + box(30, 20, 20, 6, "grey") + box(55, 22, 30, 0.4, "black")
        + image(5, 30, 40, 30, "a.jpg") + image(55, 30, 30, 30, "b.svg"),
        pictures={"a.jpg": PHOTOGRAPH, "b.svg": drawing(shapes)},
    )  # fmt: skip


@pytest.fixture(scope="module")
def press(page: bytes) -> bytes:
    return for_press(page)


@pytest.fixture(scope="module")
def plates(press: bytes) -> dict[str, Image.Image]:
    return separations(press)


# --------------------------------------------------------------------------- plates


@needs_ghostscript
class TestPlates:
    def test_text_is_on_the_black_plate_alone(self, plates: dict[str, Image.Image]) -> None:
        letters = {ink: part(plates[ink], 4, 4, 24, 11).getextrema()[1] for ink in INKS}
        assert letters == {"Cyan": 0, "Magenta": 0, "Yellow": 0, "Black": 255}

    def test_the_ink_under_black_text_is_kept(self, plates: dict[str, Image.Image]) -> None:
        magenta, yellow = (part(plates[ink], 31, 4, 23, 10).getextrema() for ink in ("Magenta", "Yellow"))
        assert magenta == pytest.approx((0.95 * 255,) * 2, abs=2)
        assert yellow == pytest.approx((0.85 * 255,) * 2, abs=2)
        assert part(plates["Black"], 31, 4, 23, 10).getextrema()[1] == 255

    def test_reversed_words_are_left_out_of_every_plate(self, plates: dict[str, Image.Image]) -> None:
        for ink in ("Magenta", "Yellow", "Black"):
            assert part(plates[ink], 61, 4, 23, 10).getextrema()[0] == 0

    def test_tints_and_rules_are_mixed_as_the_layout_says(self, plates: dict[str, Image.Image]) -> None:
        assert at_mm(plates, 15, 23) == (0, 0, 0, 8)
        assert at_mm(plates, 40, 23) == (0, 0, 0, 55)
        assert at_mm(plates, 32, 14.4) == (0, 95, 85, 10)
        assert at_mm(plates, 70, 22.2) == (0, 0, 0, 100)

    def test_colours_of_drawings_go_through_the_profile_and_dark_greys_are_black(
        self, plates: dict[str, Image.Image]
    ) -> None:
        cyan, _, yellow, black = at_mm(plates, 70, 40)
        assert cyan > 50
        assert yellow < 10
        assert 20 < black < 70
        assert at_mm(plates, 70, 55) == (0, 0, 0, 100)

    def test_no_more_ink_than_the_limit(self, plates: dict[str, Image.Image]) -> None:
        photograph = {ink: part(plates[ink], 5, 30, 40, 30) for ink in INKS}
        assert 150 < peak_percent(photograph) <= LAYOUT.press.ink_percent

    def test_a_black_surface_does_not_print_over_colours(self) -> None:
        shapes = '<rect width="100" height="100" fill="#b3261e"/><rect y="50" width="100" height="50"/>'
        shapes += '<path d="M0 25H100" stroke="#000" stroke-width="4"/>'
        pdf = for_press(archive(image(5, 5, 50, 50, "a.svg"), pictures={"a.svg": drawing(shapes)}))
        found = separations(pdf)
        assert at_mm(found, 30, 45) == (0, 0, 0, 100)
        assert at_mm(found, 30, 17.5)[1] > 80  # the line lies over the red
        assert at_mm(found, 30, 17.5)[3] == 100

    def test_pages_without_colour_use_the_black_plate_alone(self) -> None:
        both = archive(
            *[box(5, 5, 30, 30, "red") + image(45, 5, 40, 30, "a.jpg")] * 2, pictures={"a.jpg": PHOTOGRAPH}
        )
        pdf = for_press(both, pages=2, grey_pages=(2,))
        first, second = separations(pdf, 1), separations(pdf, 2)
        assert at_mm(first, 20, 20) == (0, 95, 85, 10)
        assert {ink: plate.getextrema()[1] for ink, plate in second.items() if ink != "Black"} == {
            "Cyan": 0, "Magenta": 0, "Yellow": 0,
        }  # fmt: skip
        assert 60 < at_mm(second, 20, 20)[3] < 100
        assert part(first["Magenta"], 45, 5, 40, 30).getextrema()[1] > 200

    def test_a_spot_colour_has_a_plate_of_its_own(self) -> None:
        data = archive(box(5, 5, 30, 30, "red") + text(10, 10, "叠印") + text(50, 10, "报纸"))
        found = separations(for_press(data, spots={"red": "PANTONE 485 C"}))
        spot = found.pop("PANTONE 485 C")
        assert part(spot, 6, 6, 28, 28).getextrema() == (255, 255)
        assert found["Magenta"].getextrema() == (0, 0)

    def test_gradients_are_blended_in_press_colours(self) -> None:
        shapes = (
            '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/>'
            '<stop offset="1" stop-color="#e60b22"/></linearGradient></defs>'
            '<rect width="100" height="100" fill="url(#g)"/>'
        )
        pdf = for_press(archive(image(5, 5, 50, 50, "a.svg"), pictures={"a.svg": drawing(shapes)}))
        left, middle, right = (at_mm(separations(pdf), x, 30)[1] for x in (8, 30, 53))
        assert left < 15 < middle < 65 < right

    def test_marks_stand_outside_the_page_on_every_plate(self, page: bytes) -> None:
        found = separations(for_press(page, marks=True))
        sizes = {plate.size for plate in found.values()}
        around = 12 / 25.4 * DPI
        [(width, height)] = sizes
        assert width == pytest.approx(WIDTH_MM / 25.4 * DPI + 2 * around, abs=2)
        for plate in found.values():
            margin = plate.crop((0, 0, width, round(around) - 4))
            assert margin.getextrema()[1] > 100
        inside = part(found["Cyan"], 12.5, 12.5, WIDTH_MM - 1, 2)  # white along the page's upper edge
        assert inside.getextrema()[1] == 0
        assert height > width * 0.6

    def test_a_hairline_is_thick_enough_to_print(self) -> None:
        shapes = '<path d="M0 50H100" stroke="#000" stroke-width="0.01"/>'
        pdf = for_press(archive(image(5, 5, 50, 50, "a.svg"), pictures={"a.svg": drawing(shapes)}))
        with pikepdf.open(BytesIO(pdf)) as opened:
            widths = [operands[0] for _, operands, operator in instructions(opened) if operator == "w"]
        pt_per_unit = 50 / 100 * 72 / 25.4
        assert [float(width) * pt_per_unit for width in widths] == [pytest.approx(0.25, abs=0.001)]
        assert part(separations(pdf)["Black"], 5, 29, 50, 2).getextrema()[1] > 60


# --------------------------------------------------------------------------- what the file holds


def instructions(pdf: pikepdf.Pdf) -> list[tuple[str, list[object], str]]:
    """Every instruction of every stream that is drawn, with the stream it stands in."""
    streams = [("page", page.obj) for page in pdf.pages]
    streams += [
        ("form", found)
        for found in pdf.objects
        if isinstance(found, pikepdf.Stream)
        and (found.get("/Subtype") == Name.Form or "/PatternType" in found)
    ]
    return [
        (kind, list(operands), str(operator))
        for kind, stream in streams
        for operands, operator in pikepdf.parse_content_stream(stream)
    ]


def named_spaces(pdf: pikepdf.Pdf) -> set[str]:
    """Every colour space that any object of the file names."""
    found: set[str] = set()

    def note(value: object) -> None:
        if isinstance(value, Name):
            found.add(str(value))
        elif isinstance(value, Array):
            found.add(str(value[0]))

    for held in pdf.objects:
        if isinstance(held, Dictionary | pikepdf.Stream):
            note(held.get("/ColorSpace"))
            note(held.get("/CS"))
            if isinstance(spaces := held.get("/ColorSpace"), Dictionary):
                for value in spaces.values():
                    note(value)
    return found - {"None"}


def test_nothing_of_the_screen_is_left(press: bytes) -> None:
    with pikepdf.open(BytesIO(press)) as pdf:
        operators = {operator for _, _, operator in instructions(pdf)}
        assert named_spaces(pdf) <= {"/DeviceCMYK", "/DeviceGray"}
        assert not operators & {"rg", "RG", "g", "G", "BDC", "BMC", "EMC", "ri", "sh", "BI"}
        assert {"k", "K", "gs", "TJ"} <= operators
        held = {name for found in pdf.objects if isinstance(found, Dictionary) for name in found.keys()}  # noqa: SIM118
        assert not held & {"/SMask", "/Group", "/ca", "/CA", "/BM", "/Annots", "/StructParents", "/AA", "/A"}


def test_links_bookmarks_tags_scripts_and_attachments_are_left_out(page: bytes) -> None:
    with pikepdf.open(BytesIO(page)) as pdf:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.Root.AA = Dictionary(WC=Dictionary(S=Name.JavaScript, JS=String("app.alert(2)")))
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI=String("https://x.example"))
        )  # fmt: skip
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
        pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(3)")))
        pdf.attachments["issue.xml"] = pikepdf.AttachedFileSpec(pdf, b"<issue/>", mime_type="text/xml")
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("一版", 0))
        file = BytesIO()
        pdf.save(file)
    made = for_press(file.getvalue())
    with pikepdf.open(BytesIO(made)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/Metadata", "/OutputIntents"}
        assert set(pdf.pages[0].obj.keys()) == {
            "/Type", "/Parent", "/MediaBox", "/TrimBox", "/BleedBox", "/Resources", "/Contents",
        }  # fmt: skip
        everything = b"".join(held.unparse() for held in pdf.objects if not isinstance(held, pikepdf.Stream))
    for word in (b"JavaScript", b"/URI", b"/Annot", b"/Filespec", b"/StructElem", b"/Outlines"):
        assert word not in everything


def test_is_pdf_x_4_with_its_intent_and_says_what_it_is(press: bytes) -> None:
    assert press.startswith(b"%PDF-1.6")
    with pikepdf.open(BytesIO(press)) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert intent.S == Name.GTS_PDFX
        assert intent.DestOutputProfile.read_bytes() == PROFILE
        assert intent.DestOutputProfile.N == 4
        assert str(intent.OutputCondition) == LAYOUT.press.condition
        info = {name: str(value) for name, value in pdf.docinfo.items()}
        xmp = pdf.Root.Metadata.read_raw_bytes().decode()  # plain, as the standard asks
    assert info["/Title"] == "晨渡周报 2026年11月30日"
    assert info["/Author"] == "晨渡周报社"
    assert info["/Subject"] == "晨渡周报, 2026-11-30, page 1"
    assert info["/CreationDate"] == info["/ModDate"] == "D:20261130000000Z"
    assert info["/Trapped"] == "/False"
    assert info["/GTS_PDFXVersion"] == "PDF/X-4"
    assert "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>" in xmp
    assert "<pdf:Trapped>False</pdf:Trapped>" in xmp
    assert "pdfaid" not in xmp
    assert xmp.count("2026-11-30T00:00:00Z") == 3
    assert re.search(r"<xmpMM:DocumentID>uuid:[0-9a-f-]{36}<", xmp)


def test_the_imprint_is_that_of_the_issue(composed: ComposedIssue) -> None:
    assert imprint_of(composed) == Imprint("天工新材报", date(2026, 11, 23), (1, 2, 3, 4))


def test_boxes_lie_in_each_other(page: bytes) -> None:
    for changed, bleed_mm, media_mm in (
        ({}, 0, 0),
        ({"bleed_mm": 3}, 3, 3),
        ({"marks": True, "bleed_mm": 3}, 3, 15),
    ):
        with pikepdf.open(BytesIO(for_press(page, **changed))) as pdf:
            boxes = {name: [float(edge) for edge in pdf.pages[0].obj[name]] for name in _BOXES}
        assert boxes["/TrimBox"] == pytest.approx(
            [0, 0, WIDTH_MM * 72 / 25.4, HEIGHT_MM * 72 / 25.4], abs=0.01
        )
        for name, around in (("/BleedBox", bleed_mm), ("/MediaBox", media_mm)):
            larger = [
                edge + sign * around * 72 / 25.4
                for edge, sign in zip(boxes["/TrimBox"], (-1, -1, 1, 1), strict=True)
            ]
            assert boxes[name] == pytest.approx(larger, abs=0.01)


_BOXES = ("/MediaBox", "/BleedBox", "/TrimBox")


def test_pictures_are_no_finer_than_the_press_needs(page: bytes) -> None:
    layout = replace(LAYOUT, pictures=replace(LAYOUT.pictures, press_ppi=127))
    with pikepdf.open(BytesIO(for_press(page, layout))) as pdf:
        [picture] = [
            held
            for held in pdf.objects
            if isinstance(held, pikepdf.Stream) and held.get("/Subtype") == Name.Image
        ]
        assert (picture.Width, picture.Height) == (200, 150)  # of 400 × 300, on 40 mm


def test_plates_are_made_of_the_pixels_that_a_photograph_had_before_its_jpeg() -> None:
    """The archive's JPEG is very coarse here, and the press prints nothing of it."""
    scene = noise(size=(400, 300)).resize((400, 300), Image.Resampling.BILINEAR, (0, 0, 100, 75))
    coarse = replace(LAYOUT.pictures, press_quality=15)
    opened = open_picture("a.tif", encoded(scene, "TIFF"), LAYOUT.pictures)
    prepared = picture_for_press(opened, 40 * 72 / 25.4, 30 * 72 / 25.4, WHOLE, coarse)
    data = archive(image(5, 5, 40, 30, "a.jpg"), pictures={"a.jpg": prepared.data})
    font = Resource(b"", "font/ttf")
    resources = [Resource(prepared.data, prepared.mime, prepared.pixels), font]
    with ThreadPoolExecutor(1) as pool:
        held = photographs_of(resources, LAYOUT, PROFILE, pool)
    exact = plates_of(prepared.pixels, (1e4, 1e4), COLOURS, LAYOUT.pictures.press_quality, grey=False)
    assert len(held) == 1
    assert picture_in(for_press(data, photographs=held)) == exact.data
    assert picture_in(for_press(data)) != exact.data


def picture_in(pdf: bytes) -> bytes:
    """The one picture of a press PDF."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        [held] = [one for one in opened.objects if isinstance(one, pikepdf.Stream) and "/Width" in one]
        return bytes(held.read_raw_bytes())


@pytest.mark.parametrize(
    "command",
    [["qpdf", "--check"], ["mutool", "draw", "-q", "-o", os.devnull], ["pdffonts"]],
    ids=lambda c: c[0],
)
def test_other_programs_have_nothing_to_say(press: bytes, tmp_path: Path, command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed: make test-packages installs it")
    file = tmp_path / "press.pdf"
    file.write_bytes(press)
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in (done.stdout + done.stderr).lower().replace(
        "no syntax or stream encoding errors", ""
    ).replace("errors that qpdf cannot detect", "")


def test_the_same_bytes_in_another_folder_zone_locale_and_hash_seed(
    page: bytes, press: bytes, tmp_path: Path
) -> None:
    script = (
        "import sys, pathlib\n"
        "from rendering_press.archived import for_press\n"
        "sys.stdout.buffer.write(for_press(pathlib.Path(sys.argv[1]).read_bytes()))\n"
    )
    for seed, zone, locale in (("1", "Asia/Shanghai", "C.UTF-8"), ("77", "America/New_York", "POSIX")):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        file = folder / "archive.pdf"
        file.write_bytes(page)
        paths = os.pathsep.join(path for path in sys.path if path)
        where = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": paths}
        command = [sys.executable, "-c", script, str(file)]
        done = subprocess.run(command, cwd=folder, env=where, capture_output=True, check=True)
        assert done.stdout == press


# --------------------------------------------------------------------------- what is an error


def faults(data: bytes, **press: object) -> str:
    with pytest.raises(RenderError) as caught:
        for_press(data, **press)
    return str(caught.value)


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (
            '<rect width="50" height="50" fill="#b3261e" opacity="0.5"/>',
            "something is transparent (opacity 0.5)",
        ),
        ('<rect width="50" height="50" fill="#b3261e" fill-opacity="0.25"/>', "(opacity 0.25)"),
        (
            '<defs><mask id="m"><rect width="40" height="40" fill="#888"/></mask></defs>'
            '<rect width="50" height="50" fill="#b3261e" mask="url(#m)"/>',
            "a soft mask",
        ),
    ],
)
def test_a_transparent_drawing_is_an_error_with_its_page(shapes: str, said: str) -> None:
    data = archive(text(5, 5, "报纸"), image(5, 5, 50, 50, "a.svg"), pictures={"a.svg": drawing(shapes)})
    fault = faults(data, pages=2)
    assert said in fault
    assert fault.startswith("page 2: ")
    assert "draw it in the tint" in fault


def test_blending_is_an_error(page: bytes) -> None:
    with pikepdf.open(BytesIO(page)) as pdf:
        states = pdf.pages[0].obj.Resources.ExtGState
        states["/blend"] = Dictionary(BM=Name.Multiply)
        start = pdf.make_stream(b"/blend gs\n")
        pdf.pages[0].obj.Contents = Array([start, pdf.pages[0].obj.Contents])
        file = BytesIO()
        pdf.save(file)
    assert "is blended with what lies below it (/Multiply)" in faults(file.getvalue())


def test_a_picture_that_would_be_enlarged_is_an_error(page: bytes) -> None:
    small = archive(image(5, 5, 80, 60, "a.jpg"), pictures={"a.jpg": jpeg(noise(size=(160, 120)))})
    fault = faults(small)
    assert "a picture of 160 × 120 pixels is printed 80 mm wide, at 51 pixels to the inch" in fault
    assert "at least 72, press.least_ppi" in fault
    assert for_press(small, least_ppi=50)


def test_a_transparent_picture_is_an_error_and_one_that_only_could_be_is_none() -> None:
    clear, full = (Image.new("RGBA", (200, 150), (200, 30, 30, alpha)) for alpha in (90, 255))
    for picture, is_wrong in ((clear, True), (full, False)):
        file = BytesIO()
        picture.save(file, "PNG")
        data = archive(image(5, 5, 40, 30, "a.png"), pictures={"a.png": file.getvalue()})
        if is_wrong:
            assert "a picture of 200 × 150 pixels is transparent" in faults(data)
        else:
            assert for_press(data)


@pytest.mark.parametrize(
    ("ground", "size_pt", "said"),
    [
        (
            "red",
            11,
            "type of 11.0 pt is reversed out of several inks (at least 12 pt, press.reversed_inks_pt)",
        ),
        ("black", 9, "type of 9.0 pt is reversed out of one ink (at least 10 pt, press.reversed_black_pt)"),
        ("grey", 9, "type of 9.0 pt is reversed out of one ink"),
        ("red", 12, ""),
        ("black", 10, ""),
        ("pale", 8, ""),
        ("paper", 8, ""),
    ],
)
def test_type_that_is_reversed_and_too_small_is_an_error(ground: str, size_pt: float, said: str) -> None:
    data = archive(box(30, 3, 25, 12, ground) + text(35, 5, "反白", "paper", size_pt))
    if said:
        assert said in faults(data)
    else:
        assert for_press(data)
    assert for_press(archive(box(30, 3, 25, 12, ground) + text(65, 5, "反白", "paper", size_pt)))  # beside it


def test_type_reversed_out_of_a_photograph_or_a_page_in_black_alone() -> None:
    data = archive(
        image(5, 5, 40, 30, "a.jpg") + text(15, 15, "反白", "paper", 11), pictures={"a.jpg": PHOTOGRAPH}
    )
    assert "reversed out of several inks" in faults(data)
    red = archive(box(30, 3, 25, 12, "red") + text(35, 5, "反白", "paper", 11))
    assert "several inks" in faults(red)
    assert for_press(red, grey_pages=(1,))
    assert for_press(red, spots={"red": "PANTONE 485 C"})


def spoiled_font(page: bytes, spoil: str) -> bytes:
    with pikepdf.open(BytesIO(page)) as pdf:
        [font] = pdf.pages[0].obj.Resources.Font.values()
        descriptor = font.DescendantFonts[0].FontDescriptor
        [program] = [name for name in ("/FontFile2", "/FontFile3") if name in descriptor]
        if spoil == "whole":
            descriptor[program] = pdf.make_stream(os.urandom(1_500_000))
        elif spoil == "missing":
            del descriptor[program]
        elif spoil == "name":
            font.BaseFont = Name("/hei")
        else:
            end = pdf.make_stream(
                b"\nBT /%s 9 Tf <0000> Tj ET\n"
                % next(iter(pdf.pages[0].obj.Resources.Font.keys()))[1:].encode()
            )
            pdf.pages[0].obj.Contents = Array([pdf.pages[0].obj.Contents, end])
        file = BytesIO()
        pdf.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("whole", "was embedded whole: 1.5 MB for"),
        ("missing", "is not embedded"),
        ("name", "the font hei is not embedded"),
        ("notdef", "a character has no glyph in the font"),
    ],
)
def test_a_bad_font_is_an_error(page: bytes, spoil: str, said: str) -> None:
    assert said in faults(spoiled_font(page, spoil))


def test_every_fault_is_said_once_with_all_its_pages() -> None:
    shapes = drawing('<rect width="50" height="50" fill="#b3261e" opacity="0.5"/>')
    data = archive(*[image(5, 5, 50, 50, "a.svg")] * 3, pictures={"a.svg": shapes})
    assert faults(data, pages=3).startswith("pages 1, 2, 3: something is transparent")


def test_a_colour_in_an_unknown_space_is_an_error(page: bytes) -> None:
    with pikepdf.open(BytesIO(page)) as pdf:
        extra = [([Name("/lab-d50")], Operator("cs")), ([50, 10, 10], Operator("scn"))]
        end = pdf.make_stream(b"\n" + pikepdf.unparse_content_stream(extra))
        pdf.pages[0].obj.Contents = Array([pdf.pages[0].obj.Contents, end])
        file = BytesIO()
        pdf.save(file)
    assert "a colour is given in /lab-d50" in faults(file.getvalue())
