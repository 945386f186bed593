"""Lost pictures, the whole way: no file is read, every output has an empty place with its words."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from composition.lost import lost_issue, lost_issue_made_up
from issue_publisher.composition.plan import write_plan
from issue_publisher.issue.writer import write_issue
from issue_publisher.preflight.pdf import examine
from issue_publisher.production.build import build
from issue_publisher.production.extract import extract
from issue_publisher.production.load import load
from issue_publisher.rendering.epub import figures
from production.newspaper import jpeg
from rendering_archive.reading import Heard, Reading
from rendering_epub.book import epubcheck

NAME = "2026-11-30"
WORDS = "原图缺"
COUNT = 8
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The issue in its folder, with its page plan and without any picture."""
    folder = tmp_path_factory.mktemp("lost") / "source" / NAME
    folder.mkdir(parents=True)
    (folder / "issue.xml").write_bytes(write_issue(lost_issue()))
    (folder / "page-plan.toml").write_bytes(write_plan(lost_issue_made_up(), "broadsheet"))
    return folder


@pytest.fixture(scope="module")
def built(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = load(folder).source
    assert source is not None
    dist = tmp_path_factory.mktemp("dist")
    build(source, dist)
    return dist / NAME


# --------------------------------------------------------------------------- the source


def test_nothing_is_said_of_a_picture_that_is_lost(folder: Path) -> None:
    loaded = load(folder)
    assert [finding.message for finding in loaded.findings if "picture" in finding.message] == []
    assert loaded.source is not None
    assert loaded.source.pictures == {}


def test_one_that_is_there_after_all_is_said_and_its_place_stays_empty(tmp_path: Path) -> None:
    (tmp_path / "issue.xml").write_bytes(write_issue(lost_issue()))
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "3.jpg").write_bytes(jpeg())
    loaded = load(tmp_path)
    (finding,) = (finding for finding in loaded.findings if finding.code == "picture-found")
    line = (tmp_path / "issue.xml").read_text("utf-8").splitlines()[finding.line - 1]
    assert 'src="pictures/3.jpg"' in line
    assert finding.severity == "warning"
    assert 'leave out missing="true"' in finding.hint
    assert loaded.source is not None
    assert loaded.source.pictures == {}


def test_a_path_out_of_the_folder_is_an_error_all_the_same(tmp_path: Path) -> None:
    xml = write_issue(lost_issue()).replace(b"pictures/1.jpg", b"../secret.jpg")
    (tmp_path / "issue.xml").write_bytes(xml)
    assert "picture-outside" in {finding.code for finding in load(tmp_path).findings}


# --------------------------------------------------------------------------- outputs


def test_the_manifest_and_the_archive_name_no_picture(built: Path, folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text("utf-8"))
    assert "picture" not in {entry["role"] for entry in manifest["inputs"]}
    made = extract(built / f"{NAME}-archive.pdf", tmp_path / "again")
    assert (made.folder / "issue.xml").read_bytes() == (folder / "issue.xml").read_bytes()
    assert not (made.folder / "pictures").exists()


def test_a_picture_that_is_lost_is_heard_as_such_at_its_place(built: Path) -> None:
    reading = Reading((built / f"{NAME}-archive.pdf").read_bytes())
    found: list[Heard] = list(reading.document.all("Figure"))
    captions = [figure.caption.plain for figure in figures(lost_issue()) if figure.caption]
    assert [figure.alt for figure in found] == [f"{WORDS}：{caption}" for caption in captions]
    assert {figure.words for figure in found} == {WORDS}
    elements = reading.pdf.objects
    places = [
        [float(edge) for edge in element.A.BBox]
        for element in elements
        if hasattr(element, "get") and element.get("/S") == "/Figure"
    ]
    assert len(places) == COUNT
    assert all(right - left > 80 and top - foot > 40 for left, foot, right, top in places)


@pytest.mark.parametrize("kind", ["press", "archive"])
def test_no_bitmap_stands_for_it_and_the_pdfs_pass_preflight(built: Path, kind: str) -> None:
    data = (built / f"{NAME}-{kind}.pdf").read_bytes()
    with pikepdf.open(BytesIO(data)) as pdf:
        kinds = [element.get("/Subtype") for element in pdf.objects if isinstance(element, pikepdf.Stream)]
    assert "/Image" not in kinds
    assert [finding for finding in examine(data, kind).findings if finding.severity != "note"] == []


def test_the_book_says_it_in_words(built: Path) -> None:
    path = built / f"{NAME}.epub"
    with zipfile.ZipFile(path) as book:
        names = book.namelist()
        assert not [name for name in names if "/images/" in name]
        pages = [etree.fromstring(book.read(name)) for name in names if name.endswith(".xhtml")]
        package = next(book.read(name).decode() for name in names if name.endswith(".opf"))
        sheet = next(book.read(name).decode() for name in names if name.endswith("style.css"))
    found = [figure for page in pages for figure in page.iter(f"{XHTML}figure")]
    assert [figure.get("class") for figure in found] == ["missing"] * COUNT
    assert ["".join(figure[0].itertext()).strip() for figure in found] == [WORDS] * COUNT
    assert all(figure[1].tag == f"{XHTML}figcaption" for figure in found)
    assert ".place" in sheet
    assert "visual" not in package
    assert "原图已缺的，有文字标明。" in package
    assert epubcheck(path) == []
