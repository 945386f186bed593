"""Whatever was lost or changed of a built issue is found and named; what is whole is good."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from issue_publisher import __version__
from issue_publisher.issue.model import Article, Issue, Paragraph, text
from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.production import manifest
from issue_publisher.production.build import Output, build
from issue_publisher.production.cache import NO_CACHE
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import Source, load
from issue_publisher.production.verify import Verified, issue_folders, verify_issue, write_verification
from issue_publisher.production.verify_files import Held, held, inputs_of_today, source_place, with_enclosures
from issue_publisher.production.verify_rebuild import rebuild_and_compare
from production.newspaper import jpeg

ISSUE = """<?xml version="1.0" encoding="UTF-8"?>
<issue xmlns="urn:issue-publisher:issue" version="1.0" id="2026-11-30" date="2026-11-30">
  <nameplate><title>晨渡周报</title><date>2026年11月30日</date></nameplate>
  <page number="1" title="要闻">
    <article id="ferry" weight="lead">
      <headline>晨渡码头今晨复航</headline>
      <body>
        <p>今天清晨六时整，一声汽笛划过江面，停航四个月的晨渡码头<note>建于一九三六年。</note>重新开航。</p>
        <p>头班船载着四十名乘客驶向对岸，船长老周把速度压得很低。</p>
        <p>码头上的人站到船影看不见才散，有人说这一冬总算有了声响。</p>
        <figure src="pictures/river.jpg" columns="2" alt="清晨的江面"><caption>今晨的江面。</caption></figure>
      </body>
    </article>
    <article id="library">
      <headline>老粮仓里开出图书馆</headline>
      <body>
        <p>空置多年的北岸三号粮仓，上周末换了身份，<ruby reading="cāng">仓</ruby>门上挂出了借阅时间。</p>
      </body>
    </article>
  </page>
</issue>
"""
SECOND = "头班船载着四十名乘客驶向对岸，船长老周把速度压得很低。"
TURNED = "船长老周把速度压得很低，头班船载着四十名乘客驶向对岸。"
ID = "2026-11-30"
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newspaper's folder: source/ and, once built, dist/."""
    folder = tmp_path_factory.mktemp("paper")
    issue = folder / "source" / ID
    (issue / "pictures").mkdir(parents=True)
    (issue / "issue.xml").write_text(ISSUE, encoding="utf-8")
    (issue / "pictures" / "river.jpg").write_bytes(jpeg())
    return folder


@pytest.fixture(scope="module")
def source(paper: Path) -> Source:
    found = load(paper / "source" / ID).source
    assert found is not None
    return found


@pytest.fixture(scope="module")
def built(source: Source, paper: Path) -> Path:
    build(source, paper / "dist")
    return paper


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A copy of the newspaper, to be spoiled; its issue's folder."""
    shutil.copytree(built, tmp_path / "paper")
    return tmp_path / "paper" / "dist" / ID


def looked_at(folder: Path) -> tuple[Finding, ...]:
    """All but the words, which take a while."""
    found = held(folder)
    if not isinstance(found, Held):
        return found
    issue = with_enclosures(found)
    return (*issue.findings, *inputs_of_today(issue, source_place(issue, None), is_given=False))


def said(findings: tuple[Finding, ...], severity: Severity = Severity.ERROR) -> list[str]:
    return [str(one) for one in findings if one.severity is severity]


def test_what_build_wrote_is_good(built: Path) -> None:
    found = verify_issue(built / "dist" / ID)
    assert (found.findings, found.good, found.rebuilt, found.issue) == ((), True, False, ID)
    assert (found.read, found.passages) == (("press", "archive", "epub"), 10)
    assert pickle.loads(pickle.dumps(found)) == found


# --------------------------------------------------------------------------- files


@pytest.mark.parametrize("name", [f"{ID}-press.pdf", f"{ID}-archive.pdf", f"{ID}.epub", "page-plan.toml"])
@pytest.mark.parametrize("place", [0.0, 0.5, 0.999])
def test_one_byte_is_found(copy: Path, name: str, place: float) -> None:
    data = bytearray((copy / name).read_bytes())
    data[int(len(data) * place)] ^= 1
    (copy / name).write_bytes(data)
    assert any(f"{name}: error: altered" in one for one in said(looked_at(copy)))


def test_a_damaged_pdf_ends_in_findings(copy: Path) -> None:
    for name in (f"{ID}-press.pdf", f"{ID}.epub"):
        data = bytearray((copy / name).read_bytes())
        data[len(data) // 4 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 4)
        (copy / name).write_bytes(data)
    data = (copy / f"{ID}-archive.pdf").read_bytes()
    (copy / f"{ID}-archive.pdf").write_bytes(data[: len(data) // 2])
    found = said(verify_issue(copy).findings)
    assert any("press.pdf: error: altered" in one for one in found)
    assert any("archive.pdf: error: cut short" in one for one in found)
    assert any("archive.pdf: error: it does not give its source back" in one for one in found)
    assert any(".epub: error: altered" in one for one in found)


def test_a_lost_output_and_a_stray_file_are_named(copy: Path) -> None:
    (copy / f"{ID}.epub").unlink()
    (copy / "notes.txt").write_text("x")
    for name in ("proof", "mets", "verification"):
        (copy / name).mkdir()
    (copy / "report.json").write_text("{}")
    found = looked_at(copy)
    assert len(found) == 2
    assert f"{ID}.epub: error: there is no such file" in said(found)[0]
    assert "notes.txt: warning: no manifest names it" in said(found, Severity.WARNING)[0]


def test_a_link_that_leads_out_is_refused(copy: Path, tmp_path: Path) -> None:
    (copy / f"{ID}-press.pdf").rename(tmp_path / "press.pdf")
    (copy / f"{ID}-press.pdf").symlink_to(tmp_path / "press.pdf")
    assert "a link that leads out of the folder" in said(looked_at(copy))[0]


def rewritten(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    told = json.loads((folder / manifest.NAME).read_bytes())
    change(told)
    (folder / manifest.NAME).write_text(json.dumps(told, indent=1))


def test_a_manifest_made_to_fit_does_not_fit_the_archive(copy: Path) -> None:
    """Whoever alters the XML's sha256 in the manifest has the archive PDF against them."""

    def change(told: dict[str, Any]) -> None:
        told["inputs"][0]["sha256"] = "0" * 64
        told["programs"]["Pillow"] = "1.0"

    rewritten(copy, change)
    found = said(looked_at(copy))
    assert any("it encloses another issue.xml than the manifest names" in one for one in found)
    assert any("manifest.json: error: programs: not what the archive PDF encloses" in one for one in found)


def test_a_manifest_that_is_none_is_said_with_its_line(copy: Path) -> None:
    rewritten(copy, lambda told: told["outputs"][0].update(size="big"))
    [found] = said(looked_at(copy))
    assert ".json:" in found
    assert 'has the size "big"' in found
    (copy / manifest.NAME).unlink()
    assert "manifest.json: error: there is no such file" in said(looked_at(copy))[0]


# --------------------------------------------------------------------------- inputs


def test_one_character_of_the_source_is_found(copy: Path) -> None:
    place = copy.parents[1] / "source" / ID / "issue.xml"
    place.write_text(ISSUE.replace("四十名", "四百名"), encoding="utf-8")
    [found] = said(looked_at(copy))
    assert "issue.xml: error: not what the issue was built from; altered" in found


def test_a_source_that_is_gone_is_a_note(copy: Path) -> None:
    shutil.rmtree(copy.parents[1] / "source")
    found = looked_at(copy)
    assert not said(found)
    assert "the source is not there" in said(found, Severity.NOTE)[0]
    assert verify_issue(copy).good  # the words are those that the archive PDF encloses
    with pytest.raises(EnvironmentFault, match="no such folder"):
        verify_issue(copy, source=copy / "none")


def test_a_source_elsewhere_may_be_named(copy: Path, tmp_path: Path) -> None:
    (copy.parents[1] / "source").rename(tmp_path / "texts")
    issue = held(copy)
    assert isinstance(issue, Held)
    for given in (tmp_path / "texts", tmp_path / "texts" / ID):
        assert source_place(issue, given) == tmp_path / "texts" / ID


def test_a_plan_that_has_come_since_is_a_note(copy: Path) -> None:
    plan = copy.parents[1] / "source" / ID / "page-plan.toml"
    shutil.copy(copy / "page-plan.toml", plan)
    [found] = said(looked_at(copy), Severity.NOTE)
    assert "a page plan has come since, the one of these pages" in found
    plan.write_bytes(plan.read_bytes() + b"\n# mine\n")
    assert "another one" in said(looked_at(copy), Severity.WARNING)[0]


# --------------------------------------------------------------------------- words


def without(issue: Issue, change: Callable[[Paragraph], Paragraph | None]) -> Issue:
    """The issue as a faulty reader or make-up would give it."""

    def changed(article: Any) -> Any:
        assert isinstance(article, Article)
        body = (change(block) if isinstance(block, Paragraph) else block for block in article.body)
        return replace(article, body=tuple(block for block in body if block is not None))

    pages = (replace(page, items=tuple(map(changed, page.items))) for page in issue.pages)
    return replace(issue, pages=tuple(pages))


def test_outputs_that_hash_well_and_lack_words_are_found(source: Source, tmp_path: Path) -> None:
    """Manifest and enclosures are of the whole XML; the pages and the book are not."""

    def spoiled(block: Paragraph) -> Paragraph | None:
        if block.text.plain == SECOND:
            return replace(block, text=text(TURNED))
        return None if block.text.plain.startswith("码头上的人") else block

    build(replace(source, issue=without(source.issue, spoiled)), tmp_path / "dist")
    found = verify_issue(tmp_path / "dist" / ID, source=source.folder)
    assert not found.good
    lines = {n for n, line in enumerate(ISSUE.splitlines(), 1) if SECOND in line or "<p>码头上的人" in line}
    for name in (f"{ID}-press.pdf", f"{ID}-archive.pdf", f"{ID}.epub"):
        of_file = [one for one in found.findings if one.file.endswith(name)]
        errors = [one for one in of_file if one.severity is Severity.ERROR]
        assert {int(one.source.rpartition(":")[2]) for one in errors} == lines
        assert all(one.message.startswith("ferry: p “") for one in errors)
        assert all(one.page for one in errors)
        assert [
            "words that the XML does not have" in one.message for one in of_file if one not in errors
        ] == [True]
    pdf = [one.tool for one in found.findings if one.file.endswith("-press.pdf")]
    assert all(tools.startswith("pdfium") for tools in pdf)


# --------------------------------------------------------------------------- built again


def test_built_again_by_another_layout_it_names_causes_and_draws_pages(copy: Path, repository: Path) -> None:
    layout = shutil.copytree(
        repository / "layouts" / "broadsheet", copy.parents[1] / "layouts" / "broadsheet"
    )
    css = layout / "print" / "furniture.css.j2"
    css.write_text(css.read_text("utf-8") + "\n.nameplate { transform: translateY(2pt) }\n", encoding="utf-8")
    (copy / "verification").mkdir()
    (copy / "verification" / "old.png").write_bytes(b"of an earlier check")
    found = verify_issue(copy, rebuild=True)
    assert (found.good, found.rebuilt) == (False, True)
    assert "furniture.css.j2 changed" in said(found.findings, Severity.WARNING)[0]
    assert any(
        "changed since: layout: layout/print/furniture.css.j2" in one
        for one in said(found.findings, Severity.NOTE)
    )
    assert {Path(one.file).name for one in found.findings if one.page} == {
        f"{ID}-press.pdf",
        f"{ID}-archive.pdf",
    }
    pictures = sorted((copy / "verification").iterdir())
    assert [one.name for one in pictures] == [f"{ID}-archive-page-1.png", f"{ID}-press-page-1.png"]
    with Image.open(pictures[0]) as picture:
        assert picture.width > 3 * 390 / 25.4 * 100


def test_built_again_by_the_same_program_it_is_the_same(copy: Path) -> None:
    shutil.rmtree(copy.parents[1] / "source")  # from what the archive PDF encloses
    (copy / "verification").mkdir()
    found = verify_issue(copy, rebuild=True)
    assert (said(found.findings), found.rebuilt, found.pictures) == ([], True, ())
    assert not (copy / "verification").exists()


def test_other_bytes_with_the_same_pixels_are_said_as_such(copy: Path) -> None:
    """Both files say the same to the eye; the manifest says that they were altered."""
    press, book = copy / f"{ID}-press.pdf", copy / f"{ID}.epub"
    press.write_bytes(press.read_bytes() + b"% a line more\n")
    with zipfile.ZipFile(book, "a") as file:
        file.writestr("EPUB/more.txt", "more")
    found = "\n".join(said(verify_issue(copy, rebuild=True).findings))
    assert "press.pdf: error: today's program gives other bytes, and the same pixels" in found
    assert "!/EPUB/more.txt: error: made by today's program, this file of it is gone" in found
    assert not (copy / "verification").exists()


def test_what_today_s_program_does_not_build_is_said_where_it_stands(copy: Path, repository: Path) -> None:
    layout = copy.parents[1] / "layouts" / "broadsheet"
    shutil.copytree(repository / "layouts" / "broadsheet", layout)
    told = (layout / "layout.toml").read_text("utf-8")
    (layout / "layout.toml").write_text(told + "\n[more]\nthan = 1\n", encoding="utf-8")
    issue = held(copy)
    assert isinstance(issue, Held)
    place = source_place(issue, None)
    found = rebuild_and_compare(issue, place, left_out=False, cache=NO_CACHE, on_step=lambda _: None)
    assert not found.built
    assert all("today's program does not build it" in str(one) for one in found.findings)
    assert {one.source.rpartition(":")[0] for one in found.findings} == {"layouts/broadsheet/layout.toml"}


def test_without_its_inputs_it_cannot_be_built_again(copy: Path) -> None:
    shutil.rmtree(copy.parents[1] / "source")
    issue = held(copy)
    assert isinstance(issue, Held)  # whose archive PDF was not looked at
    place = source_place(issue, None)
    found = rebuild_and_compare(issue, place, left_out=False, cache=NO_CACHE, on_step=lambda _: None)
    assert (found.built, "it cannot be built again" in found.findings[0].message) == (False, True)


# --------------------------------------------------------------------------- the result


def result(*severities: Severity) -> Verified:
    return Verified("dist/x", ID, "a" * 64, tuple(Finding("f", "", 0, one, "m") for one in severities))


def test_the_result_is_written_beside(copy: Path) -> None:
    write_verification(copy, result(Severity.ERROR, Severity.WARNING, Severity.NOTE), NOON)
    assert json.loads((copy / "verification.json").read_bytes()) == {
        "format": 1,
        "manifest": "a" * 64,
        "verified": "2026-12-01T12:00:00Z",
        "good": False,
        "rebuilt": False,
        "findings": 2,
        "program": __version__,
    }
    assert not looked_at(copy)


def test_strict_counts_warnings() -> None:
    assert result(Severity.NOTE).stands(strict=True)
    assert result(Severity.WARNING).stands(strict=False)
    assert not result(Severity.WARNING).stands(strict=True)


@pytest.mark.parametrize(
    ("earlier", "words"),
    [
        (NOON + timedelta(days=400), "verified in the future, 2028-01-05 12:00"),
        (NOON - timedelta(days=1), ""),
    ],
)
def test_a_clock_that_was_set_back_is_told(
    built: Path, tmp_path: Path, earlier: datetime, words: str
) -> None:
    only = tmp_path / "dist" / ID
    shutil.copytree(built / "dist" / ID, only)
    digest = hashlib.sha256((only / manifest.NAME).read_bytes()).hexdigest()
    write_verification(only, replace(result(), manifest=digest), earlier)
    found = verify_issue(only, now=NOON, source=built / "source")
    assert [words in str(one) for one in found.findings] == [True] * bool(words)


def test_a_result_of_an_earlier_build_is_no_result(copy: Path) -> None:
    write_verification(copy, result(), NOON)
    [found] = verify_issue(copy, now=NOON).findings
    assert "it is of an earlier build" in str(found)


def test_a_folder_that_cannot_be_written_is_said(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(EnvironmentFault, match=r"verification\.json: cannot be written: it is not ours"):
        write_verification(copy, result(), NOON)


# --------------------------------------------------------------------------- folders


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for name in ("a", "b", "catalogue", ".building-x"):
        (tmp_path / "dist" / name).mkdir(parents=True)
    for name in ("a", ".building-x"):
        (tmp_path / "dist" / name / manifest.NAME).write_text("{}")
    (tmp_path / "dist" / "b" / "b-press.pdf").write_bytes(b"")  # its manifest was lost
    return tmp_path / "dist"


def test_dist_stands_for_all_its_issues(shelf: Path) -> None:
    assert issue_folders(shelf) == (shelf / "a", shelf / "b")
    assert issue_folders(shelf / "a") == (shelf / "a",)
    assert issue_folders(shelf / "b") == (shelf / "b",)


def test_a_folder_without_issues_is_said(shelf: Path) -> None:
    with pytest.raises(EnvironmentFault, match="no issue is in it"):
        issue_folders(shelf / "catalogue")
    with pytest.raises(EnvironmentFault, match="no such folder"):
        issue_folders(shelf / "none")


def test_only_what_was_built_is_looked_at(source: Source, tmp_path: Path) -> None:
    build(source, tmp_path / "dist", frozenset({Output.EPUB}))
    found = verify_issue(tmp_path / "dist" / ID, source=source.folder)
    assert (found.findings, found.read) == ((), ("epub",))
