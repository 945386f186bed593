"""Damaged and hostile PDFs, and those of other programs: a clear word, within bounds, never a traceback."""

from __future__ import annotations

import io
import os
import resource
import shutil
import subprocess
import zlib
from functools import cache
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from issue_publisher.preflight.finding import Severity
from issue_publisher.preflight.pdf import Examined, examine
from issue_publisher.preflight.profile import shipped_profile
from preflight import spoiled_pdf as spoil
from preflight.clean_pdf import clean_archive, clean_press


def looked_at(data: bytes, **more: int) -> Examined:
    """Through both profiles; the findings of the first."""
    examine(data, "x.pdf", shipped_profile("archive"), **more)
    return examine(data, "x.pdf", shipped_profile("newsprint"), **more)


def words(found: Examined) -> str:
    return "\n".join(str(one) for one in found.findings if one.severity is Severity.ERROR)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "this is no PDF"),
        (b"PK\x03\x04", "this is no PDF"),
        (b"%PDF-1.7\n", "cannot be mended"),
        (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF", "no /Kids array"),
    ],
)
def test_what_is_no_pdf(data: bytes, said: str) -> None:
    found = looked_at(data)
    assert said in words(found)
    assert found.sheets == ()


def made(change: spoil.Change) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 300))
    change(pdf)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_page_tree_that_leads_back_into_itself() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)

    assert "Loop detected in /Pages" in words(looked_at(made(change)))


def test_parents_that_lead_back_into_themselves() -> None:
    data = made(lambda pdf: None).replace(b"/MediaBox", b"/MediaXox")
    looped = spoil.spoiled(data, lambda pdf: pdf.Root.Pages.__setitem__("/Parent", pdf.Root.Pages))
    assert "damaged, and mended to be read: object 1 0" in words(looked_at(looped))


def test_a_form_that_paints_itself() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(b"/Self Do 1 0 0 rg 0 0 99 99 re f", Type=Name.XObject, Subtype=Name.Form,
                               BBox=Array([0, 0, 99, 99]))  # fmt: skip
        form["/Resources"] = Dictionary(XObject=Dictionary(Self=form))
        pdf.pages[0].obj["/Resources"] = Dictionary(XObject=Dictionary(Self=form))
        pdf.pages[0].obj["/Contents"] = pdf.make_stream(b"/Self Do")

    assert "area in RGB" in words(looked_at(made(change)))


def test_forms_that_paint_each_other_a_million_times() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        inner = pdf.make_stream(
            b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])
        )
        for _ in range(12):
            outer = pdf.make_stream(
                b"/X Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])
            )
            outer["/Resources"] = Dictionary(XObject=Dictionary(X=inner))
            inner = outer
        pdf.pages[0].obj["/Resources"] = Dictionary(XObject=Dictionary(X=inner))
        pdf.pages[0].obj["/Contents"] = pdf.make_stream(b"/X Do")

    assert "a PDF bomb?" in words(looked_at(made(change), operators=50_000))


@cache
def bomb(size: int) -> bytes:
    """So many zeros, packed to a thousandth."""
    packer = zlib.compressobj(9)
    piece = bytes(1 << 20)
    return b"".join(packer.compress(piece) for _ in range(size >> 20)) + packer.flush()


@pytest.mark.parametrize("key", ["content", "metadata", "text map"])
def test_a_stream_that_unpacks_to_half_a_gigabyte(key: str) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(b"")
        stream.write(bomb(512 << 20), filter=Name.FlateDecode)
        if key == "content":
            pdf.pages[0].obj["/Contents"] = stream
        elif key == "metadata":
            pdf.Root["/Metadata"] = stream
        else:
            font = next(one for one in pdf.objects if isinstance(one, Dictionary) and "/ToUnicode" in one)
            font["/ToUnicode"] = stream

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = looked_at(spoil.spoiled(clean_press(), change))
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 700  # MB
    if key == "content":
        assert "content that cannot be read" in words(found)


def test_a_content_stream_that_is_damaged() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(b"")
        stream.write(b"no zlib at all", filter=Name.FlateDecode)
        pdf.pages[0].obj["/Contents"] = stream

    assert "content that cannot be read" in words(looked_at(made(change)))


def test_nonsense_in_a_content_stream_is_passed_over() -> None:
    content = (
        b"q Q Q Q 1 0 cm /N Do /N gs /N Tf (x) Tj [(y)] TJ 1 2 re f 0 0 9 9 re f BT ET EMC /A BDC nonsense"
    )
    found = looked_at(made(lambda pdf: pdf.pages[0].obj.__setitem__("/Contents", pdf.make_stream(content))))
    assert "empty page" not in words(found)


def test_a_name_tree_that_branches_into_itself() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        tree = pdf.Root.Names.EmbeddedFiles
        tree["/Kids"] = Array([pdf.make_indirect(Dictionary(Names=Array([])))] * 2)
        for kid in tree.Kids:
            kid["/Kids"] = tree.Kids

    assert "issue.xml" not in words(
        Examined(examine(spoil.spoiled(clean_archive(), change), "x.pdf").findings)
    )


def test_maps_of_many_ranges_come_to_an_end() -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        for font in pdf.objects:
            if isinstance(font, Dictionary) and "/ToUnicode" in font:
                font.ToUnicode.write(b"beginbfrange " + b"<0000> <ffff> <4e00> " * 90_000 + b" endbfrange")
            if isinstance(font, Dictionary) and "/W" in font:
                font["/W"] = Array([0, 65535, 500] * 90_000)

    assert looked_at(spoil.spoiled(clean_press(), change)).sheets


def test_one_page_that_stands_twice_in_the_tree_is_two_pages() -> None:
    data = made(lambda pdf: pdf.Root.Pages.Kids.append(pdf.Root.Pages.Kids[0]))
    assert len(looked_at(data).sheets) == 2


def test_what_an_owner_restricts_can_be_read_but_is_told() -> None:
    locked = spoil.spoiled(
        clean_press(), lambda pdf: None, encryption=pikepdf.Encryption(owner="何", user="")
    )
    assert "error: encrypted (the file without a password or restrictions)" in words(looked_at(locked))


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_one_never_ends_in_a_traceback(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([clean_press(), clean_archive()])))
    for _ in range(data.draw(st.integers(1, 30))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(whole) // 2, len(whole)))
    for damaged in (bytes(whole), bytes(whole[:cut])):
        looked_at(damaged)


# --------------------------------------------------------------------------- other programs

HTML = """<html lang="zh"><style>div{background:linear-gradient(red,blue);height:3cm;opacity:.5}</style>
<h1>堤上的灯</h1><div>灯</div><p><a href="https://example.org">水位</a></p>
<svg width="99" height="99"><circle cx="9" cy="9" r="9" stroke-width=".1" stroke="#000"/></svg>"""


def test_weasyprint_as_it_comes() -> None:
    found = looked_at(weasyprint.HTML(string=HTML).write_pdf())
    told = words(found)
    for rule in ("colour space", "hairline", "output intent", "annotation", "transparency"):
        assert f"preflight {rule}" in told, told


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium")
def test_chromium(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(HTML, encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--print-to-pdf=x.pdf", "x.html"]
    home = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120, env=home)
    told = words(looked_at((tmp_path / "x.pdf").read_bytes()))
    assert "preflight colour space" in told
    assert "no TrimBox" in told


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(HTML, encoding="utf-8")
    command = ["soffice", "--headless", "--convert-to", "pdf:writer_web_pdf_Export", "x.html"]
    home = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120, env=home)
    assert "no TrimBox" in words(looked_at((tmp_path / "x.pdf").read_bytes()))


def test_typst() -> None:
    typst = pytest.importorskip("typst")
    source = (
        "#set page(width: 9cm, height: 6cm)\n= 堤上的灯\n#rect(fill: cmyk(80%, 80%, 80%, 80%), width: 3cm)"
    )
    told = words(looked_at(typst.compile(source.encode())))
    assert "320 % ink" in told


@pytest.mark.parametrize(
    "path", sorted(Path("/usr/share/doc").rglob("*.pdf"))[:8], ids=lambda path: path.name
)
def test_manuals_that_lie_about(path: Path) -> None:
    assert looked_at(path.read_bytes()).sheets
