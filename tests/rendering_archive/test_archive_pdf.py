"""The archive PDF's shell: what it says of itself, bookmarks, labels, links, enclosures, colours, bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from issue_publisher.composition.model import ComposedIssue
from issue_publisher.issue.model import Issue, Nameplate, Page
from issue_publisher.production.load import Source
from issue_publisher.rendering.archive_pdf import render_archive
from issue_publisher.rendering.enclosures import Enclosure, EnclosureError, enclosures_of
from issue_publisher.rendering.pages import render_pages
from issue_publisher.rendering.xmp import archive_xmp
from rendering_archive.conftest import ENCLOSED
from rendering_archive.reading import Reading
from rendering_press.places import painted
from typesetting.paper import faces

PRISM = "{http://prismstandard.org/namespaces/basic/2.1/}"


def xmp(reading: Reading) -> ET.Element:
    return ET.fromstring(reading.pdf.Root.Metadata.read_bytes())


def test_it_names_both_standards_in_one_description(reading: Reading) -> None:
    packet = xmp(reading)
    [rdf] = packet.findall("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")
    told = {one.tag.partition("}")[2]: one.text for one in rdf[0]}
    assert (told["part"], told["conformance"]) == ("1", "A")  # of UA last
    assert rdf[0].findtext("{http://www.aiim.org/pdfa/ns/id/}part") == "3"
    assert rdf[0].findtext("{http://www.aiim.org/pdfua/ns/id/}part") == "1"


def test_prism_says_what_the_nameplate_does(source: Source, reading: Reading) -> None:
    said = {one.tag.removeprefix(PRISM): one.text for one in xmp(reading).iter() if one.tag.startswith(PRISM)}
    paper = source.issue.nameplate
    assert said == {
        "aggregationType": "newspaper",
        "publicationName": paper.title,
        "productCode": paper.serial_number,
        "number": str(paper.running_number),
        "edition": paper.edition,
        "issueIdentifier": "2026-11-23",
        "issueName": f"{paper.title} {paper.date_text} {paper.weekday} {paper.lunar_date}",
        "publicationDate": "2026-11-23",
        "coverDate": "2026-11-23",
        "coverDisplayDate": paper.date_text,
        "pageCount": "4",
    }


def test_an_issn_is_told_from_a_cn_number() -> None:
    paper = Nameplate("小报 <&>", "1956年7月1日", serial_number="ISSN 1000-386X")
    issue = Issue("x", date(1956, 7, 1), paper, (Page(1, "一版", ()),))
    data = archive_xmp(issue, title="小报 <&>", creator="社", tool="t", producer="p", identifier="0" * 32)
    told = {one.tag: one.text for one in ET.fromstring(data).iter()}
    assert told[PRISM + "issn"] == "1000-386X"
    assert PRISM + "productCode" not in told
    assert told[PRISM + "publicationName"] == "小报 <&>"


def test_every_property_of_prism_has_its_description(reading: Reading) -> None:
    used = {one.tag.removeprefix(PRISM) for one in xmp(reading).iter() if one.tag.startswith(PRISM)}
    described = {one.text for one in xmp(reading).iter("{http://www.aiim.org/pdfa/ns/property#}name")}
    assert used < described


def test_title_and_dates_are_the_issue_s(source: Source, reading: Reading) -> None:
    info = reading.pdf.docinfo
    assert str(info.Title) == "天工新材报 2026年11月23日"
    assert str(info.CreationDate) == str(info.ModDate) == "D:20261123"
    assert bool(reading.pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(reading.pdf.Root.MarkInfo.Marked)


def test_bookmarks_lead_to_pages_and_articles(source: Source, reading: Reading) -> None:
    with reading.pdf.open_outline() as outline:
        pages = list(outline.root)
        assert [page.title for page in pages] == [
            "第1版　要闻", "第2版　专题·案例", "第3版　人物·亲历", "第4版　副刊·百工",
        ]  # fmt: skip
        for page, printed in zip(pages, source.issue.pages, strict=True):
            assert len(page.children) == len(printed.items)
        [briefs] = [one for one in pages[0].children if one.title == "简明新闻"]
        assert [one.title for one in briefs.children][:2] == ["金属粉末有了“履历表”", "长成120千克蓝宝石"]


def test_pages_are_called_by_their_numbers(source: Source, composed: ComposedIssue, reading: Reading) -> None:
    assert [page.label for page in reading.pdf.pages] == ["1", "2", "3", "4"]
    pages = tuple(
        replace(made, page=replace(made.page, number=number))
        for made, number in zip(composed.pages[1:3], (5, 7), strict=True)
    )
    some = ComposedIssue(replace(composed.issue, pages=tuple(made.page for made in pages)), pages)
    found = Reading(render_archive(some, source.layout, faces(), source.pictures, ()))
    assert [page.label for page in found.pdf.pages] == ["5", "7"]


def test_links_are_alive(reading: Reading) -> None:
    names = list(reading.pdf.Root.Names.Dests.Names)[::2]
    links = [link for page in reading.pdf.pages for link in page.get("/Annots", ())]
    inside = [str(link.Dest) for link in links if "/Dest" in link]
    assert inside
    assert set(inside) <= {str(name) for name in names}
    assert all(str(link.Contents) and link.F == 4 and "/StructParent" in link for link in links)


def test_the_parent_tree_leads_back(reading: Reading) -> None:
    numbers = list(reading.pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for page in reading.pdf.pages:
        for mark, element in enumerate(parents[int(page.StructParents)]):
            assert holds(element, page, mark)
        for link in page.get("/Annots", ()):
            assert parents[int(link.StructParent)].S == "/Link"


def holds(element: Any, page: Any, mark: int) -> bool:
    for kid in element.K:
        if isinstance(kid, int):
            if kid == mark and element.Pg.objgen == page.obj.objgen:
                return True
        elif kid.get("/MCID") == mark and kid.Pg.objgen == page.obj.objgen:
            return True
    return False


def test_enclosures_come_out_as_they_went_in(archive: bytes, reading: Reading) -> None:
    found = {one.name: one for one in enclosures_of(archive)}
    assert found == {one.name: one for one in ENCLOSED}
    told = {str(one.UF): (str(one.AFRelationship), str(one.EF.F.Subtype)) for one in reading.pdf.Root.AF}
    assert told == {
        "issue.xml": ("/Source", "/text/xml"),
        "pictures/图一.jpg": ("/Source", "/image/jpeg"),
        "manifest.json": ("/Data", "/application/json"),
    }
    assert set(reading.pdf.attachments) == set(told)  # viewers find them in the name tree


def test_colours_are_of_screens(source: Source, composed: ComposedIssue, archive: bytes) -> None:
    operators = set()
    colours = set()
    for operands, operator in operations(archive):
        operators.add(str(operator))
        if str(operator) == "rg":
            colours.add(tuple(round(float(part) * 255) for part in operands))
    assert not operators & {"k", "K", "scn", "SCN"}
    inks = set(source.layout.screen_inks.values())
    assert {source.layout.screen_inks["red"], source.layout.screen_inks["black"]} <= colours
    assert len(colours & inks) >= 4
    assert colours - inks <= set(colours_of_drawings(source))


def colours_of_drawings(source: Source) -> Iterator[tuple[int, ...]]:
    """What the sample's drawings name; they mix none."""
    for picture in source.pictures.values():
        if picture.is_vector:
            for named in re.findall(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", picture.data.decode()):
                full = named if len(named) == 6 else "".join(2 * digit for digit in named)
                yield tuple(bytes.fromhex(full))


def operations(pdf: bytes) -> Iterator[tuple[Any, Any]]:
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            yield from pikepdf.parse_content_stream(page)


@pytest.mark.parametrize("number", range(2))
def test_nothing_moves_between_press_and_archive(
    source: Source, composed: ComposedIssue, archive: bytes, number: int
) -> None:
    one = replace(composed, pages=composed.pages[number : number + 1])
    press = render_pages(one, source.layout, faces(), source.pictures)
    assert sorted(painted(press)) == sorted(painted(archive, number))


def test_inks_that_differ_on_paper_differ_on_screens(source: Source) -> None:
    inks = {**source.layout.inks, "rich": (60.0, 40.0, 40.0, 100.0), "again": (0.0, 0.0, 0.0, 100.0)}
    found = replace(source.layout, inks=inks).screen_inks
    assert found["again"] == found["black"] == (0, 0, 0)
    assert found["rich"] == (0, 0, 1)


# --------------------------------------------------------------------------- the same bytes

SCRIPT = """
import sys
sys.path[:0] = {paths!r}
from rendering_archive.conftest import ENCLOSED, made_up, with_words
from issue_publisher.rendering.archive_pdf import render_archive
from typesetting.paper import faces, layout
import hashlib
pdf = render_archive(made_up(with_words("同样的字节，另一个时区。")), layout(), faces(), {{}}, ENCLOSED)
print(hashlib.sha256(pdf).hexdigest())
"""


def test_the_same_bytes_in_another_folder_zone_and_order(repository: Path, tmp_path: Path) -> None:
    paths = [str(repository / "src"), str(repository / "tests")]
    found = set()
    for seed, zone, locale in (("1", "Asia/Shanghai", "C"), ("77", "America/Lima", "C.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        folder = tmp_path / seed
        folder.mkdir()
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT.format(paths=paths)],
            env=environment, cwd=folder, capture_output=True, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        found.add(ran.stdout)
    assert len(found) == 1


def test_another_enclosure_is_another_file(source: Source, composed: ComposedIssue) -> None:
    one = replace(composed, pages=composed.pages[3:])
    ids = set()
    for data in (b"<issue/>", b"<issue />"):
        pdf = render_archive(one, source.layout, faces(), source.pictures, (Enclosure("issue.xml", data),))
        with pikepdf.open(BytesIO(pdf)) as document:
            ids.add(bytes(document.trailer.ID[0]))
    assert len(ids) == 2


# --------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a PDF"),
        (b"%PDF-1.7\n", "not a PDF"),
        (b"PK\x03\x04", "not a PDF"),
        (b"\x00" * 5000, "not a PDF"),
    ],
)
def test_what_is_no_pdf_is_said_so(data: bytes, words: str) -> None:
    with pytest.raises(EnclosureError, match=words):
        enclosures_of(data)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_one_is_said_so(archive: bytes, share: float) -> None:
    with pytest.raises(EnclosureError, match="damaged"):
        enclosures_of(archive[: int(len(archive) * share)])


def changed(archive: bytes, change: Any, **options: Any) -> bytes:
    with pikepdf.open(BytesIO(archive)) as document:
        change(document)
        out = BytesIO()
        document.save(out, **options)
    return out.getvalue()


def test_a_file_that_was_changed_is_told(archive: bytes) -> None:
    def change(document: Any) -> None:
        stream = document.Root.AF[0].EF.F
        stream.write(stream.read_bytes().replace(b"i", b"j"))

    with pytest.raises(EnclosureError, match=r"issue\.xml is not what it was"):
        enclosures_of(changed(archive, change))


def test_a_bomb_is_not_unpacked(archive: bytes) -> None:
    """A file of 400 MB that says it has nine bytes: no more than ten of them are unpacked."""

    def change(document: Any) -> None:
        described = document.Root.AF[0]
        described.EF.F.write(bytes(400_000_000))

    with pytest.raises(EnclosureError, match=r"issue\.xml is not what it was"):
        enclosures_of(changed(archive, change))


def test_one_that_says_it_is_huge_is_refused(archive: bytes) -> None:
    def change(document: Any) -> None:
        document.Root.AF[0].EF.F.Params.Size = 10**12

    with pytest.raises(EnclosureError, match="says that it has 1000000000000 bytes"):
        enclosures_of(changed(archive, change))


def test_an_encrypted_one_is_refused(archive: bytes) -> None:
    data = changed(archive, lambda _: None, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(EnclosureError, match="encrypted"):
        enclosures_of(data)


def test_two_files_of_one_name_are_refused(archive: bytes) -> None:
    def change(document: Any) -> None:
        document.Root.AF.append(document.Root.AF[0])

    with pytest.raises(EnclosureError, match=r"holds issue\.xml twice"):
        enclosures_of(changed(archive, change))


def test_a_pdf_without_files_holds_none(source: Source, composed: ComposedIssue) -> None:
    one = replace(composed, pages=composed.pages[3:])
    assert enclosures_of(render_pages(one, source.layout, faces(), source.pictures)) == ()


def test_enclosures_are_known_by_their_sum(reading: Reading) -> None:
    for described in reading.pdf.Root.AF:
        data = described.EF.F.read_bytes()
        assert bytes(described.EF.F.Params.CheckSum) == hashlib.md5(data).digest()
        assert str(described.EF.F.Params.ModDate) == "D:20261123000000Z"
