"""Proofs: the printed pages under their marks, and the report beside; made also of pages that do not fit."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from issue_publisher.composition import judge as judging
from issue_publisher.composition.model import ComposedPage
from issue_publisher.composition.plan import read_plan
from issue_publisher.composition.report import PageReport, Rung, Solved, Verdict
from issue_publisher.issue.model import Issue
from issue_publisher.layout.model import PT_PER_MM, Layout
from issue_publisher.production import build as stages
from issue_publisher.production.build import Output, ProofOnlyError, build
from issue_publisher.production.load import Source, load
from issue_publisher.rendering.proof import COLOURS, WIDTH_PX

pytestmark = pytest.mark.xdist_group("proof")  # one worker draws them

Tree = Callable[[Path], dict[str, bytes]]
PRESS = frozenset({Output.PRESS})
XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"

VERDICTS = (
    Verdict("covering", hard=True, kept=True, penalty=0),
    Verdict("bumping-headlines", True, False, 60, ("library", "ferry"), "2 lines apart, at least 3"),
    Verdict("grey", hard=False, kept=False, penalty=4.25, items=("ferry",), words="1 window"),
)
SOLVED = Solved("feasible", 64.25, 50.5, 1.75, 12)


def verdict_of_a_reviewer(page: ComposedPage, issue: Issue, layout: Layout, **_: object) -> PageReport:
    """Stands in for the rules, so that a page breaks some of them whatever it looks like."""
    ladder = (Rung("ferry", 46, 1, 8, 13), Rung("library", 24, 1, 8, 60))
    return PageReport(page.page.number, 0.985, 0.015, 0, ladder, VERDICTS, SOLVED)


@pytest.fixture(scope="module")
def plain(small_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small issue's folder, built without a proof."""
    return build(small_source, tmp_path_factory.mktemp("plain"), PRESS).folder


@pytest.fixture(scope="module")
def source(plain: Path, small_source: Source) -> Source:
    """The small issue with its page plan, so that nothing need be solved again."""
    return replace(small_source, plan=(plain / "page-plan.toml").read_bytes())


@pytest.fixture(scope="module")
def proved(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, built with a proof."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "judge", verdict_of_a_reviewer)
        return build(source, tmp_path_factory.mktemp("proved"), PRESS, proof=True).folder


@pytest.fixture
def too_long(newspaper: Path, source: Source) -> Source:
    """A plan that gives an article of two pages' newspaper less room than its text takes."""
    folder = newspaper / "source" / "2026-11-30"
    file = folder / "issue.xml"
    text = file.read_text(encoding="utf-8")
    first = text[text.index("<page") : text.index("</issue>")]
    second = first.replace('number="1"', 'number="2"').replace('"ferry"', '"ferry2"')
    second = second.replace('"library"', '"library2"').replace('weight="lead"', "")
    second = second.replace("开航。</p>", "开航。" + "江面上汽笛长鸣，人们挥手。" * 40 + "</p>")
    file.write_text(text.replace("</issue>", second + "</issue>"), encoding="utf-8")
    shape = "columns = 4\nrow = 4\nlines = 9\nlegs = 4\nheadline_pt = 20\nheadline_lines = 1\n"
    (folder / "page-plan.toml").write_text(
        source.plan.decode()
        + f"[page-2.ferry2]\ncolumn = 0\npictures = [1]\n{shape}[page-2.library2]\ncolumn = 4\n{shape}",
        encoding="utf-8",
    )
    source = load(folder).source
    assert source is not None
    return source


def sheet(folder: Path) -> etree._Element:
    """The proof's sheet, which must be well-formed."""
    return etree.fromstring((folder / "proof" / "proof.html").read_bytes())


def test_a_page_a_picture_and_a_sheet_that_shows_them(proved: Path) -> None:
    assert sorted(path.name for path in (proved / "proof").iterdir()) == ["page-1.png", "proof.html"]
    html = sheet(proved)
    assert [img.get("src") for img in html.iter(f"{XHTML}img")] == ["page-1.png"]
    words = "".join(html.itertext())
    assert "晨渡码头今晨复航" in words
    assert "no page can have less than 50.5" in words
    assert "deterministic time 1.75" in words


def test_the_sheet_needs_nothing_but_its_pictures(proved: Path) -> None:
    text = (proved / "proof" / "proof.html").read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|@import|javascript:", text)
    addresses = re.findall(r"""(?:src|href)="([^"]*)"|url\("?([^")]*)""", text)
    for one, other in addresses:
        assert re.match(r"#page-|page-1\.png|data:font/", one or other), one or other


def test_a_broken_rule_lights_up_the_frames_it_concerns(proved: Path) -> None:
    html = sheet(proved)
    frames = {
        rect.findtext(f"{SVG}title").split()[0]: rect.get("class").split()[0]
        for rect in html.iter(f"{SVG}rect")
    }
    [row] = [row for row in html.iter(f"{XHTML}tr") if "bumping" in "".join(row.itertext())]
    assert set(row.get("class").split()) == {"rule", *(frames[item].replace("f", "c") for item in frames)}
    [row] = [row for row in html.iter(f"{XHTML}tr") if "grey" in "".join(row.itertext())]
    assert set(row.get("class").split()) == {"rule", frames["ferry"].replace("f", "c")}
    style = next(html.iter(f"{XHTML}style")).text
    assert all(f".c{name[1:]}:is(:hover, :focus)) .{name}" in style for name in frames.values())


def test_frames_are_outlined_where_they_are_printed(proved: Path, source: Source) -> None:
    """The outline's colour runs down the left edge of every frame, from its first line to its last."""
    layout, picture = source.layout, Image.open(proved / "proof" / "page-1.png")
    plan = read_plan((proved / "page-plan.toml").read_bytes(), "", source.issue)
    assert picture.width == WIDTH_PX
    scale = WIDTH_PX / (layout.page.width_mm * PT_PER_MM)
    colour = tuple(bytes.fromhex(COLOURS["article"][1:]))
    for place in plan.values():
        x = round((layout.left_mm * PT_PER_MM + layout.grid.x_pt(place.column)) * scale)
        top = (layout.page.top_mm * PT_PER_MM + layout.grid.depth_pt(place.row)) * scale
        foot = top + layout.grid.depth_pt(place.lines) * scale
        for y in range(round(top) + 2, round(foot) - 2):
            near = [picture.getpixel((x + by, y)) for by in (-1, 0, 1)]
            assert any(max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 60 for pixel in near), (
                place.item,
                y,
            )


def test_the_report_says_what_the_rules_said(proved: Path, source: Source) -> None:
    report = json.loads((proved / "report.json").read_bytes())
    assert report["made"]
    [page] = report["pages"]
    assert (page["fill"], page["blank"], page["overset_lines"], page["penalty"]) == (0.985, 0.015, 0, 64.25)
    assert [rung["headline"] for rung in page["ladder"]] == ["晨渡码头今晨复航", "老粮仓里开出图书馆"]
    assert [rule["rule"] for rule in page["rules"] if not rule["kept"]] == ["bumping-headlines", "grey"]
    assert page["solved"]["bound"] == 50.5
    assert str(source.folder) not in json.dumps(report)


def test_the_same_source_gives_the_same_proof(
    proved: Path, source: Source, tmp_path: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "judge", verdict_of_a_reviewer)
    build(source, tmp_path, PRESS, proof=True)
    assert tree(tmp_path / "2026-11-30") == tree(proved)


def test_a_proof_changes_no_other_output_and_is_in_no_manifest(
    proved: Path, source: Source, tmp_path: Path, tree: Tree
) -> None:
    without, with_proof = tree(build(source, tmp_path, PRESS).folder), tree(proved)
    assert {name: with_proof[name] for name in without} == without
    assert set(with_proof) - set(without) == {"proof/page-1.png", "proof/proof.html", "report.json"}


def test_only_the_ebook_with_a_proof(source: Source, tmp_path: Path, tree: Tree) -> None:
    """What --only names is built, whatever the proof needs; and the real rules are asked."""
    built = build(source, tmp_path, frozenset({Output.EPUB}), proof=True)
    assert set(tree(built.folder)) == {
        "2026-11-30.epub",
        "manifest.json",
        "proof/page-1.png",
        "proof/proof.html",
        "report.json",
    }
    assert built.report is not None
    assert built.report == json.loads((built.folder / "report.json").read_bytes())
    assert built.report["pages"][0]["rules"]


def test_pages_of_a_longer_issue_do_not_stay(source: Source, tmp_path: Path, tree: Tree) -> None:
    folder = tmp_path / "2026-11-30" / "proof"
    folder.mkdir(parents=True)
    (folder / "page-9.png").write_bytes(b"of the issue when it had nine pages")
    build(source, tmp_path, PRESS, proof=True)
    assert sorted(path.name for path in folder.iterdir()) == ["page-1.png", "proof.html"]


def test_a_page_that_does_not_fit_is_shown_with_what_is_over(
    too_long: Source, tmp_path: Path, tree: Tree
) -> None:
    dist = tmp_path / "dist"
    earlier = dist / "2026-11-30" / "2026-11-30-press.pdf"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(b"earlier")
    with pytest.raises(ProofOnlyError, match=r"ferry2 is \d+ lines too long") as caught:
        build(too_long, dist, PRESS, proof=True)
    assert set(tree(dist)) == {
        f"2026-11-30/{name}"
        for name in (
            "2026-11-30-press.pdf",
            "proof/page-1.png",
            "proof/page-2.png",
            "proof/proof.html",
            "report.json",
        )
    }
    assert earlier.read_bytes() == b"earlier"
    report = caught.value.proof.report
    assert report is not None
    assert [page["made"] for page in report["pages"]] == [True, False]
    [finding] = report["pages"][1]["findings"]
    assert "ferry2" in finding["message"]
    html = sheet(dist / "2026-11-30")
    assert "could not be made" in "".join(html.itertext())
    labels = [title.text for title in html.iter(f"{SVG}title")]
    assert [label.partition(" ")[0] for label in labels if ", overset" in label] == ["ferry2"]
    picture = Image.open(BytesIO((dist / "2026-11-30" / "proof" / "page-2.png").read_bytes()))
    red = tuple(bytes.fromhex(COLOURS["overset"][1:]))
    assert red in {colour for _, colour in picture.getcolors(1 << 24)}


def test_without_a_proof_a_page_that_does_not_fit_writes_nothing(too_long: Source, tmp_path: Path) -> None:
    with pytest.raises(stages.PagesNotMadeError):
        build(too_long, tmp_path / "dist", PRESS)
    assert not (tmp_path / "dist").exists()


def test_a_fault_that_is_not_of_the_make_up_writes_nothing(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(source, fonts=replace(source.fonts, faces={}))
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is, nothing is written
        build(bare, tmp_path / "dist", PRESS, proof=True)
    assert not (tmp_path / "dist").exists()


def test_a_warning_stands_with_its_page_and_keeps_no_page_from_being_made(
    small_source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(judging, "judge", verdict_of_a_reviewer)
    report = build(small_source, tmp_path / "dist", PRESS, proof=True).report  # half a page of text
    assert report is not None
    assert report["made"]
    [finding] = report["pages"][0]["findings"]
    assert (finding["code"], finding["severity"]) == ("underset", "warning")
    assert finding["message"] in "".join(sheet(tmp_path / "dist" / "2026-11-30").itertext())
