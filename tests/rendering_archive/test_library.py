"""METS and ALTO of the sample and of odd issues, read as a library would: `bench/delivered.py`."""

from __future__ import annotations

import hashlib
import os
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from composition.issues import FILE, AnyPicture
from composition.lost import lost_issue_made_up
from composition.test_any_issue import small_issues, tried
from composition.test_jumps import ONE_SHEET, TWO_PAGES
from composition.walk import said
from delivered import (
    ALTO,
    HREF,
    METS,
    MODS,
    TO,
    TOLERANCE_MM,
    Package,
    box,
    faults,
    mods_schema,
    off_place,
    schema_faults,
    words_of,
)
from issue_publisher.composition.compose import compose_issue
from issue_publisher.composition.model import (
    Choice,
    ComposedIssue,
    Frame,
    Placement,
    TextBlock,
    VerticalBlock,
)
from issue_publisher.fonts import Measures
from issue_publisher.issue import wording
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Advertisement, Article, Briefs, InlineKind, Paragraph
from issue_publisher.layout.model import Layout
from issue_publisher.production.load import Source
from issue_publisher.rendering.alto import Software, write_alto
from issue_publisher.rendering.furniture import furniture_of
from issue_publisher.rendering.logical import divided
from issue_publisher.rendering.mets import PackageFile, write_mets
from issue_publisher.rendering.placing import printed_issue
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Style
from issue_publisher.typesetting.vertical import set_vertical
from rendering_archive.conftest import WORDS, inline, made_up, with_words
from rendering_press.sheet import ROW
from rendering_press.sheet import page as painted_page
from typesetting.paper import faces, layout, policy

SOFTWARE = Software("issue-publisher", "0")


def packaged(made: ComposedIssue, on: Layout, measures: PaperFaces, *, furniture: bool = False) -> Package:
    """The METS of an issue and its ALTO files, all in memory."""
    own = furniture_of(made, on, measures) if furniture else [()] * len(made.pages)
    printed = printed_issue(made, on, measures, own)
    files = {
        f"alto/page-{page.at:04}.xml": write_alto(page, printed, made.issue, SOFTWARE, "../pdf/a.pdf")
        for page in printed.pages
    }
    listed = [
        PackageFile("ALTO", name, "text/xml", len(data), hashlib.sha256(data).hexdigest(), at)
        for at, (name, data) in enumerate(files.items(), start=1)
    ]
    return Package(write_mets(made.issue, printed, divided(made, printed), listed, SOFTWARE), files)


@pytest.fixture(scope="session")
def library(source: Source, composed: ComposedIssue) -> Package:
    measures = PaperFaces(Measures(source.fonts), source.layout.latin_fonts)
    return packaged(composed, source.layout, measures, furniture=True)


def bare(words: str) -> str:
    return "".join(words.split())


def articles(package: Package) -> dict[str, etree._Element]:
    return {div.get("LABEL"): div for kind in ("ARTICLE", "ADVERTISEMENT") for div in package.divs(kind)}


# --------------------------------------------------------------------------- the sample


def test_references_lead_somewhere_and_boxes_stand_inside_their_own(library: Package) -> None:
    assert list(faults(library)) == []
    assert len(library.pages) == 4


@pytest.mark.parametrize("spoil", ["box", "reference", "file", "lost", "twice"])
def test_what_is_wrong_is_found(library: Package, spoil: str) -> None:
    name, data = next(iter(library.files.items()))
    mets, alto = library.mets, data
    match spoil:
        case "box":
            root = etree.fromstring(data)
            line = next(root.iter(f"{ALTO}TextLine"))
            line.set("HPOS", str(float(line.get("HPOS")) - 10))
            alto = etree.tostring(root)
        case "reference":
            alto = data.replace(b'STYLEREFS="TS1 ', b'STYLEREFS="TS999 ', 1)
        case "file":
            alto = data.replace("天工".encode(), "天空".encode(), 1)
        case "lost" | "twice":
            root = etree.fromstring(mets)
            area = list(root.iter(f"{METS}area"))[20]
            area.getparent().append(etree.fromstring(etree.tostring(area)))
            if spoil == "lost":
                area.getparent().remove(area.getparent()[-1])
                area.getparent().remove(area)
            mets = etree.tostring(root)
    assert list(faults(Package(mets, {**library.files, name: alto})))


def test_lines_stand_where_pdfium_reads_them(library: Package, archive: bytes) -> None:
    offs = [off_place(page, archive, at) for at, page in enumerate(library.pages.values())]
    lines = [line for off in offs for line in off.lines]
    assert len(lines) > 1_150
    for values in ("x", "y", "ink"):
        found = [value for off in offs for value in getattr(off, values)]
        assert statistics.median(found) < 0.02
        assert max(found) < TOLERANCE_MM, [
            line for line, value in zip(lines, found, strict=True) if value >= TOLERANCE_MM
        ]


def test_a_character_moved_by_a_millimetre_is_found_out(library: Package, archive: bytes) -> None:
    page = next(iter(library.pages.values()))
    root = etree.fromstring(page.data)
    glyph = [found for found in root.iter(f"{ALTO}Glyph") if found.get("CONTENT") == "焊"][3]
    glyph.set("HPOS", str(float(glyph.get("HPOS")) + 10))
    assert off_place(type(page)(etree.tostring(root)), archive, 0).worst > TOLERANCE_MM


def test_every_character_that_was_set_stands_there_once(library: Package, composed: ComposedIssue) -> None:
    for made, page in zip(composed.pages, library.pages.values(), strict=True):
        wanted = Counter(bare("".join(shown(made.frames))))
        furniture = {"nameplate", "folio", "imprint"}
        found = Counter(
            char
            for block in page.all("ComposedBlock")
            if block.get("TYPE") not in furniture
            for line in block.iter(f"{ALTO}TextLine")
            for char in bare(words_of(line))
        )
        assert found == wanted
        for string in page.all("String"):
            assert string.get("CONTENT").startswith(string[-1].get("CONTENT")) or len(string) > 1
            assert "".join(glyph.get("CONTENT") for glyph in string.iter(f"{ALTO}Glyph")) == string.get(
                "CONTENT"
            )


def shown(frames: tuple[Frame, ...]) -> Iterator[str]:
    for part in (part for frame in frames for part in frame.parts):
        if isinstance(part, TextBlock):
            yield from (line.text for line in part.lines)
        elif isinstance(part, VerticalBlock):
            yield part.setting.text


def test_each_article_says_its_texts_once_and_in_order(library: Package, composed: ComposedIssue) -> None:
    found, checked = articles(library), 0
    for article in composed.issue.articles():
        if article.headline is None:
            continue
        div = found[article.headline.plain]
        whole = bare(library.text(div))
        for text in said(article):
            assert whole.count(bare(text)) >= 1, (article.id, text)
        body = wording.body_as_printed(article)
        paragraphs = [bare(block.text.plain) for block in body if isinstance(block, Paragraph)]
        places = [whole.index(words) for words in paragraphs]
        assert places == sorted(places)
        checked += len(places)
    assert checked > 100


def test_the_logical_map_is_a_newspapers(library: Package, composed: ComposedIssue) -> None:
    logical = library.map("LOGICAL")
    paper, issue = logical[0], logical[0][0]
    assert (paper.get("TYPE"), issue.get("TYPE")) == ("Newspaper", "ISSUE")
    assert [div.get("TYPE") for div in issue if div.tag == f"{METS}div"] == [
        "TITLE_SECTION",
        "CONTENT",
        "PUBLISHING_STATEMENT",
    ]
    sections = [div for div in library.divs("SECTION") if div.getparent().get("TYPE") == "CONTENT"]
    assert [div.get("LABEL") for div in sections] == [page.title for page in composed.issue.pages]
    for page, section in zip(composed.issue.pages, sections, strict=True):
        wanted = [item.headline.plain for item in page.items if isinstance(item, Article) and item.headline]
        labels = [div.get("LABEL") for div in section if div.get("LABEL") in wanted]
        assert labels == wanted
        briefs = sum(len(item.articles) for item in page.items if isinstance(item, Briefs))
        assert len(library.divs("ARTICLE", section)) >= len(wanted) + briefs
        sold = sum(isinstance(item, Advertisement) for item in page.items)
        assert len(library.divs("ADVERTISEMENT", section)) == sold
    lead = articles(library)[composed.issue.pages[0].items[0].headline.plain]
    heading = next(iter(library.divs("HEADING", lead)))
    assert [div.get("TYPE") for div in heading] == ["OVERLINE", "TITLE", "SUBTITLE"]
    assert len(library.divs("ILLUSTRATION", lead)) == 2
    assert [div.get("TYPE") for div in library.divs("ILLUSTRATION", lead)[0]] == [
        "IMAGE",
        "CAPTION",
        "CREDIT",
    ]


def test_nameplate_folio_lines_and_imprint_are_read_too(library: Package, composed: ComposedIssue) -> None:
    issue = composed.issue
    head, foot = library.divs("TITLE_SECTION")[0], library.divs("PUBLISHING_STATEMENT")[0]
    first, last = bare(library.text(head)), bare(library.text(foot))
    for words in (issue.nameplate.title, issue.nameplate.motto, *wording.number_line(issue.nameplate)):
        assert bare(words) in first
    assert issue.imprint is not None
    assert all(bare(words) in last for words in wording.imprint_texts(issue.imprint))
    running = [bare(library.text(div)) for div in library.divs("RUNNING_TITLE")]
    for page, words in zip(issue.pages[1:], running, strict=True):
        assert bare(page.title) in words
        assert bare(wording.editors_text(page.editors)) in words


def test_what_is_said_of_an_article_is_what_the_source_says(
    library: Package, composed: ComposedIssue
) -> None:
    lead = composed.issue.pages[0].items[0]
    assert isinstance(lead, Article)
    name = articles(library)[lead.headline.plain].get("DMDID")
    section = next(found for found in library.root.iter(f"{METS}dmdSec") if found.get("ID") == name)

    def texts(*path: str) -> list[str]:
        return [found.text for found in section.iterfind(".//" + "/".join(f"{MODS}{step}" for step in path))]

    assert texts("titleInfo", "title") == [lead.headline.plain, lead.kicker.plain]
    assert texts("titleInfo", "subTitle") == [deck.plain for deck in lead.decks]
    assert texts("name", "namePart") == [author.name for author in lead.byline.authors]
    assert texts("part", "detail", "title") == ["要闻"]
    assert texts("part", "extent", "start") == ["1"]
    described = {found.get("ID") for found in library.root.iter(f"{METS}dmdSec")}
    assert len(described) == 2 + len(library.divs("ARTICLE"))


def test_what_is_said_of_the_paper_is_what_nameplate_and_imprint_say(
    library: Package, composed: ComposedIssue
) -> None:
    issue, paper = composed.issue, next(library.root.iter(f"{MODS}mods"))
    said = [element.text for element in paper.iter() if element.text and element.text.strip()]
    assert issue.imprint is not None
    assert {issue.nameplate.title, issue.imprint.address, issue.nameplate.site, "CN 00-0862"} <= set(said)
    assert paper.findtext(f"{MODS}originInfo/{MODS}publisher") == "天工新材报社"  # printed: …出版
    assert paper.findtext(f"{MODS}originInfo/{MODS}place/{MODS}placeTerm") == issue.imprint.address


def schemas_at(repository: Path) -> Path:
    schemas = repository / os.environ.get("LIBRARY_SCHEMAS", "../shared/schemas")
    if not (schemas / "alto-4-4.xsd").is_file():
        pytest.skip(f"the schemas of METS and ALTO are not at hand: no {schemas / 'alto-4-4.xsd'}")
    return schemas


def test_the_schemas_of_mets_and_alto_hold(library: Package, repository: Path) -> None:
    schemas = schemas_at(repository)
    assert list(schema_faults(library, schemas)) == []
    wrong = library.mets.replace(b'BETYPE="IDREF"', b'BETYPE="WORDS"', 1)
    assert list(schema_faults(Package(wrong, library.files), schemas))


# Not MODS: it knows the version of a description and nothing else. It imports as MODS does.
LIKE_MODS = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.loc.gov/mods/v3"
    xmlns:xlink="http://www.w3.org/1999/xlink">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://none.example/xml.xsd"/>
  <xs:import namespace="http://www.w3.org/1999/xlink" schemaLocation="http://none.example/xlink.xsd"/>
  <xs:element name="mods"><xs:complexType>
    <xs:sequence><xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="version" fixed="3.7"/>
    <xs:attribute ref="xml:lang"/><xs:attributeGroup ref="xlink:simpleLink"/>
  </xs:complexType></xs:element>
</xs:schema>"""


def test_mods_is_held_against_the_newest_schema_that_is_there(
    library: Package, repository: Path, tmp_path: Path
) -> None:
    for file in schemas_at(repository).glob("*.xsd"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for old in tmp_path.glob("mods*"):
        old.unlink()
    assert mods_schema(tmp_path) is None
    assert list(schema_faults(library, tmp_path)) == []
    for name in ("mods-3-7.xsd", "mods-3-10.xsd", "mods-3-9.xsd"):
        (tmp_path / name).write_text(LIKE_MODS)
    assert mods_schema(tmp_path) == tmp_path / "mods-3-10.xsd"
    assert list(schema_faults(library, tmp_path)) == []
    wrong = library.mets.replace(b'version="3.7"', b'version="1"')
    assert any("version" in fault for fault in schema_faults(Package(wrong, library.files), tmp_path))


# --------------------------------------------------------------------------- what the sample has not


def test_a_broken_word_is_whole_in_either_half() -> None:
    made = made_up(with_words("实验室的告示写道：", inline(InlineKind.FOREIGN, WORDS, lang="en"), "。"))
    package = packaged(made, layout(), faces())
    assert list(faults(package)) == []
    page = next(iter(package.pages.values()))
    firsts = [found for found in page.all("String") if found.get("SUBS_TYPE") == "HypPart1"]
    seconds = [found for found in page.all("String") if found.get("SUBS_TYPE") == "HypPart2"]
    assert firsts
    assert len(firsts) == len(seconds) == len(list(page.all("HYP")))
    for one, other in zip(firsts, seconds, strict=True):
        whole = one.get("SUBS_CONTENT")
        assert whole == other.get("SUBS_CONTENT") == one.get("CONTENT") + other.get("CONTENT")
        assert whole in WORDS
        assert one.getnext().tag == f"{ALTO}HYP"
    body = next(div for div in package.divs("PARAGRAPH") if WORDS[:9] in package.text(div))
    assert package.text(body) == f"实验室的告示写道：{WORDS}。"  # spaces too, also those at ends of lines
    assert {found.get("LANG") for found in page.all("String")} == {None, "en"}


def test_readings_notes_and_indices_stay_out_of_the_text() -> None:
    parts = (
        inline(InlineKind.RUBY, "颛顼", ruby="zhuān xū"), "之墟，有水",
        inline(InlineKind.SUBSCRIPT, "2"), "立方米。",
    )  # fmt: skip
    package = packaged(made_up(with_words(*parts)), layout(), faces())
    page = next(iter(package.pages.values()))
    readings = {found.getparent().get("CONTENT"): found.text for found in page.all("ALTERNATIVE")}
    assert readings == {"颛顼": "zhuān xū"}
    assert any("颛顼之墟，有水2立方米。" in package.text(div) for div in package.divs("PARAGRAPH"))
    styles = {style.get("ID"): style.get("FONTSTYLE") for style in page.all("TextStyle")}
    index = next(
        found for found in page.all("String") if found.get("CONTENT") == "2" and found.get("STYLEREFS")
    )
    assert styles[index.get("STYLEREFS")] == "subscript"
    line = box(index.getparent())
    assert box(index).top > line.top + 0.5


def test_vertical_headlines_are_columns_with_their_characters_in_place(
    source: Source, composed: ComposedIssue
) -> None:
    words = "“天宫”里炼出单晶——我国（空间）材料实验28项、253次全部完成"
    setting = set_vertical([(words, Style("song-heavy", 40.0))], 2, 800, 1.3, faces(), policy())
    assert setting is not None
    block = VerticalBlock("headline", 20.0, 0.0, setting)
    frame = Frame(Placement("vertical", 0, ROW, 60, Choice(8)), "article", (block,))
    made = replace(composed, pages=(replace(composed.pages[0], frames=(frame,), rules=()),))
    package = packaged(made, source.layout, faces())
    page = next(iter(package.pages.values()))
    lines = list(page.all("TextLine"))
    assert [line.get("BASEDIRECTION") for line in lines] == ["ttb", "ttb"]
    assert "".join(map(words_of, lines)) == words
    assert box(lines[0]).left > box(lines[1]).right
    off = off_place(page, painted_page(source, (block,)), 0)
    assert max(off.ink) < TOLERANCE_MM


def test_an_article_that_jumps_is_one_division_on_two_pages() -> None:
    made = compose_issue(TWO_PAGES, ONE_SHEET, faces(), AnyPicture(), file=FILE)
    package = packaged(made, ONE_SHEET, faces())
    assert list(faults(package)) == []
    texts = [bare(block.text.plain) for block in TWO_PAGES.pages[0].items[0].body]
    (div,) = [found for found in package.divs("ARTICLE") if texts[0] in bare(package.text(found))]
    linked = [
        link.get(TO) for link in package.root.iter(f"{METS}smLink") if link.values()[0] == div.get("ID")
    ]
    assert linked == ["DIVP_PAGE1", "DIVP_PAGE2"]
    whole = bare(package.text(div))
    assert [words for words in texts if words not in whole.replace("（下转第2版）", "")] == []
    assert [bare(package.text(found)) for found in package.divs("CONTINUATION", div)]


def test_the_empty_places_of_lost_pictures_are_known_by_name(repository: Path) -> None:
    package = packaged(lost_issue_made_up(), layout(), faces())
    assert list(faults(package)) == []
    words = layout().lost_picture.words
    places = [(file, place) for file, page in package.pages.items() for place in page.all("Illustration")]
    assert len(places) == 8
    for file, place in places:
        tag = package.pages[file].by_id[place.get("TAGREFS")]
        assert (place.get("TYPE"), tag.get("LABEL")) == ("lost", "lost-picture")
        assert tag.get("DESCRIPTION").endswith(words)
    assert package.divs("IMAGE") == []
    images = package.divs("LOST_IMAGE")
    pointed = {(area.get("FILEID"), area.get("BEGIN")) for div in images for area in div.iter(f"{METS}area")}
    assert pointed == {(file, place.get("ID")) for file, place in places}
    for image in images:
        around, caption = image.getparent(), image.getnext()
        assert around.get("TYPE") == "ILLUSTRATION"
        assert caption.get("TYPE") == "CAPTION"
        assert image.get("LABEL") == f"{words}：{package.text(caption)}"  # what is not seen is said first
    schemas = schemas_at(repository)
    assert list(schema_faults(package, schemas)) == []


def test_pictures_that_are_there_are_not_called_lost(library: Package) -> None:
    places = [place for page in library.pages.values() for place in page.all("Illustration")]
    assert places
    assert {place.get("TYPE") for place in places} == {None}
    assert len(library.divs("IMAGE")) == len(places)
    assert library.divs("LOST_IMAGE") == []


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=3)
@given(small_issues())
def test_any_issue_is_placed_whole(issue):
    made = tried(issue)
    if isinstance(made, SourceErrors):
        return
    package = packaged(made, layout(), faces())
    assert list(faults(package)) == []
    for page, alto in zip(made.pages, package.pages.values(), strict=True):
        found = Counter(bare("".join(map(words_of, alto.all("TextLine")))))
        assert found == Counter(bare("".join(shown(page.frames))))


def test_files_are_named_and_typed(library: Package) -> None:
    for file in library.root.iter(f"{METS}file"):
        assert file.get("CHECKSUMTYPE") == "SHA-256"
        assert (file.get("MIMETYPE"), file[0].get(HREF)[:5]) == ("text/xml", "alto/")
