"""The whole way: stages in order, the same bytes anywhere, no network, and a clean stop at any moment."""

import errno
import hashlib
import json
import shutil
import socket
import tempfile
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from issue_publisher.composition.compose import Wishes
from issue_publisher.production import build as stages
from issue_publisher.production.aside import Aside
from issue_publisher.production.build import Output, build
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import Source, load
from issue_publisher.production.manifest import make_manifest
from issue_publisher.production.outputs import Product

Tree = Callable[[Path], dict[str, bytes]]


@pytest.fixture(scope="module")
def built(small_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small issue, built without any network: the attempt alone would fail the test."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("the build asked for the network")

    dist = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto", "bind"):
            patch.setattr(socket.socket, name, refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        steps: list[str] = []
        build(small_source, dist, on_step=steps.append)
    assert len(steps) >= 4
    return dist


def test_all_outputs_are_there_and_in_the_manifest(built: Path, tree: Tree) -> None:
    files = tree(built / "2026-11-30")
    manifest = json.loads(files.pop("manifest.json"))
    assert {(entry["name"], entry["role"]) for entry in manifest["outputs"]} == {
        ("2026-11-30-press.pdf", "press"),
        ("2026-11-30-archive.pdf", "archive"),
        ("2026-11-30.epub", "epub"),
        ("page-plan.toml", "page-plan"),
    }
    for entry in manifest["outputs"]:
        data = files.pop(entry["name"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["size"], entry["sha256"])
    assert not files


def test_the_manifest_names_every_input_and_version(built: Path, small_source: Source) -> None:
    text = (built / "2026-11-30" / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    inputs = {entry["name"]: entry for entry in manifest["inputs"]}
    assert inputs["issue.xml"]["sha256"] == hashlib.sha256(small_source.xml).hexdigest()
    assert inputs["pictures/river.jpg"]["role"] == "picture"
    assert inputs["layout/layout.toml"]["role"] == "layout"
    assert {entry["role"] for entry in manifest["inputs"]} == {
        "issue",
        "picture",
        "layout",
        "template",
        "font",
    }
    for program in ("issue-publisher", "WeasyPrint", "Pango", "HarfBuzz", "Pillow", "lxml", "EbookLib"):
        assert manifest["programs"][program][0].isdigit(), program
    assert {"role", "family", "version", "sha256"} == set(manifest["fonts"][0])
    assert str(small_source.folder) not in text
    assert str(Path.home()) not in text


def test_the_same_source_gives_the_same_bytes_in_another_folder(
    built: Path, small_source: Source, tmp_path: Path, tree: Tree
) -> None:
    folder = shutil.copytree(small_source.folder, tmp_path / "elsewhere" / "moved")
    moved = load(folder).source
    assert moved is not None
    build(moved, tmp_path / "dist")
    assert tree(tmp_path / "dist") == tree(built)


def test_a_kept_plan_gives_the_same_pages(
    built: Path, small_source: Source, tmp_path: Path, tree: Tree
) -> None:
    folder = shutil.copytree(small_source.folder, tmp_path / "kept")
    source = replace(small_source, folder=folder)
    build(source, tmp_path / "dist", frozenset({Output.PRESS}), keep_plan=True)
    plan = (folder / "page-plan.toml").read_bytes()
    assert plan == (built / "2026-11-30" / "page-plan.toml").read_bytes()
    again = load(folder).source
    assert again is not None
    assert again.plan == plan
    build(again, tmp_path / "again")
    pdf = "2026-11-30/2026-11-30-press.pdf"
    files = tree(tmp_path / "again")
    assert files[pdf] == tree(built)[pdf]
    inputs = json.loads(files["2026-11-30/manifest.json"])["inputs"]
    assert "page-plan" in {entry["role"] for entry in inputs}
    noted = b"# the desk's own note\n" + plan
    (folder / "page-plan.toml").write_bytes(noted)
    build(replace(again, plan=noted), tmp_path / "again", frozenset({Output.PRESS}), keep_plan=True)
    assert (folder / "page-plan.toml").read_bytes() == noted


def test_a_plan_made_anew_replaces_the_one_that_no_longer_fits(
    built: Path, small_source: Source, tmp_path: Path
) -> None:
    """The desk's notes on what has not changed stay; what has changed is said."""
    folder = shutil.copytree(small_source.folder, tmp_path / "source" / "2026-11-30")
    plan = (built / "2026-11-30" / "page-plan.toml").read_text("utf-8")
    noted = plan.replace("[page-1.", "# agreed with the chief\n[page-1.")
    noted += "\n[page-1.bridge]\ncolumn = 0\n"
    (folder / "page-plan.toml").write_text(noted, "utf-8")
    assert not load(folder).stands(strict=False)
    source = load(folder, replan=True).source
    assert source is not None
    wishes = Wishes(replan=True)
    made = build(source, tmp_path / "dist", frozenset({Output.PRESS}), keep_plan=True, wishes=wishes)
    said = [finding for finding in made.findings if finding.code == "replan"]
    assert {finding.severity for finding in said} == {"warning"}
    assert any("no longer has bridge" in finding.message for finding in said)
    kept = (folder / "page-plan.toml").read_text("utf-8")
    assert "bridge" not in kept
    before, after = tomllib.loads(plan), tomllib.loads(kept)
    assert after.keys() == before.keys()
    assert after["page-1"].keys() == before["page-1"].keys()
    changed = {name for name, table in after["page-1"].items() if table != before["page-1"][name]}
    assert all(any(f"{name} had " in finding.message for finding in said) for name in changed)
    same = after["page-1"].keys() - changed
    assert same
    assert all(f"# agreed with the chief\n[page-1.{name}]" in kept for name in same)
    assert load(folder).stands(strict=True)


def test_another_layout_has_a_plan_of_its_own(small_source: Source, tmp_path: Path) -> None:
    folder = shutil.copytree(small_source.folder, tmp_path / "source" / "2026-11-30")
    (folder / "page-plan.toml").write_text("[page-1.ferry]\ncolumn = 1\n")
    shutil.copytree(small_source.layout.folder, tmp_path / "layouts" / "narrow")
    (folder / "page-plan-narrow.toml").write_text('layout = "narrow"\n[page-1.ferry]\ncolumn = 2\n')
    source = load(folder, "narrow").source
    assert source is not None
    assert source.plan_file.endswith("page-plan-narrow.toml")
    made = build(source, tmp_path / "dist", frozenset({Output.PRESS}))
    product = next(product for product in made.products if product.role == "page-plan")
    assert product.name == "page-plan-narrow.toml"
    plan = tomllib.loads(product.data.decode())
    assert (plan["layout"], plan["page-1"]["ferry"]["column"]) == ("narrow", 2)
    (folder / "page-plan.toml").write_text('layout = "narrow"\n')
    [error] = load(folder).findings
    assert "the plan of layout narrow, and this is broadsheet" in error.message
    assert "--layout narrow" in error.hint


def test_a_plan_that_cannot_be_kept_leaves_the_earlier_outputs(
    built: Path, small_source: Source, tmp_path: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(small_source.folder, tmp_path / "kept")
    dist = shutil.copytree(built, tmp_path / "dist")
    plan = Product("page-plan.toml", "page-plan", b"# another\n")
    monkeypatch.setitem(stages._STAGES, Output.PRESS, lambda *_: [plan])
    (folder / "page-plan.toml").mkdir()
    with pytest.raises(EnvironmentFault):
        build(replace(small_source, folder=folder), dist, frozenset({Output.PRESS}), keep_plan=True)
    assert tree(dist) == tree(built)


def test_outputs_that_do_not_come_into_place_leave_no_plan_beside_the_issue(
    small_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(small_source.folder, tmp_path / "kept")
    plan = Product("page-plan.toml", "page-plan", b"# another\n")
    monkeypatch.setitem(stages._STAGES, Output.PRESS, lambda *_: [plan])
    (tmp_path / "dist" / "2026-11-30" / "manifest.json").mkdir(parents=True)
    with pytest.raises(EnvironmentFault):
        build(
            replace(small_source, folder=folder),
            tmp_path / "dist",
            frozenset({Output.PRESS}),
            keep_plan=True,
        )
    assert not (folder / "page-plan.toml").exists()


@pytest.mark.parametrize("fault", [None, KeyboardInterrupt])
def test_a_stage_aside_leaves_nothing_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException] | None
) -> None:
    """Its process ends without clearing up: WeasyPrint's folder of fonts would stay with each build."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with suppress(KeyboardInterrupt), Aside(lambda _step: tempfile.mkdtemp()) as stage:
        made = stage.result(lambda _step: None)
        assert Path(made).is_relative_to(tmp_path)
        if fault:
            raise fault
    assert not list(tmp_path.iterdir())


def test_a_full_temporary_folder_is_not_a_fault_of_the_program(
    small_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("issue_publisher.rendering.epub.render_epub", full)
    with pytest.raises(EnvironmentFault, match=r"no space left .*temporary files"):
        build(small_source, tmp_path / "dist", frozenset({Output.EPUB}))
    assert not (tmp_path / "dist").exists()


class TestOneOutputAlone:
    """`--only epub` keeps a press PDF of the same source in the manifest, and none of another."""

    def roles(self, dist: Path) -> set[str]:
        manifest = json.loads((dist / "2026-11-30" / "manifest.json").read_bytes())
        return {entry["role"] for entry in manifest["outputs"]}

    def test_of_the_same_source(self, built: Path, small_source: Source, tmp_path: Path, tree: Tree) -> None:
        dist = shutil.copytree(built, tmp_path / "dist")
        build(small_source, dist, frozenset({Output.EPUB}))
        assert tree(dist) == tree(built)

    def test_of_another_source(self, built: Path, small_source: Source, tmp_path: Path) -> None:
        dist = shutil.copytree(built, tmp_path / "dist")
        build(replace(small_source, xml=small_source.xml + b"\n"), dist, frozenset({Output.EPUB}))
        assert self.roles(dist) == {"epub"}

    def test_of_an_output_that_was_changed(self, built: Path, small_source: Source, tmp_path: Path) -> None:
        dist = shutil.copytree(built, tmp_path / "dist")
        (dist / "2026-11-30" / "2026-11-30-press.pdf").write_bytes(b"changed")
        build(small_source, dist, frozenset({Output.EPUB}))
        assert self.roles(dist) == {"archive", "epub", "page-plan"}

    def test_beside_a_broken_manifest(self, built: Path, small_source: Source, tmp_path: Path) -> None:
        dist = shutil.copytree(built, tmp_path / "dist")
        for broken in (b"", b"[]", b'{"outputs": 3}', b"\xff"):
            (dist / "2026-11-30" / "manifest.json").write_bytes(broken)
            build(small_source, dist, frozenset({Output.EPUB}))
            assert self.roles(dist) == {"epub"}


# Every stage, by the function that it begins with.
STAGES = [
    "issue_publisher.composition.compose.compose_issue",
    "issue_publisher.rendering.pages.pages_html",
    "issue_publisher.rendering.archive_pdf.archive_pdf",
    "issue_publisher.rendering.press_pdf.press_pdf",
    "issue_publisher.composition.plan.write_plan",
    "issue_publisher.pictures.picture_for_screen",
    "issue_publisher.rendering.epub.render_epub",
    "issue_publisher.production.build.make_manifest",
    "issue_publisher.production.build.still_valid",
    "issue_publisher.production.outputs._write",
    "issue_publisher.production.outputs._keep",
    "issue_publisher.production.outputs._flush_folder",
]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
def test_a_stop_in_any_stage_leaves_the_earlier_outputs(
    built: Path,
    small_source: Source,
    tmp_path: Path,
    tree: Tree,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    fault: type[BaseException],
) -> None:
    def stop(*_arguments: object, **_options: object) -> None:
        raise fault

    dist = shutil.copytree(built, tmp_path / "dist")
    source = replace(small_source, xml=small_source.xml + b"\n")
    makes_pages = any(room in stage for room in ("pages", "archive", "press", "composition"))
    if not makes_pages:  # no need to make up the page again
        monkeypatch.setitem(stages._STAGES, Output.PRESS, lambda *_: [])
    monkeypatch.setattr(stage, stop)
    with pytest.raises(fault):
        build(source, dist)
    assert tree(dist) == tree(built)
    assert [path.name for path in dist.iterdir()] == ["2026-11-30"]


def test_a_template_with_an_undefined_name_is_said_with_its_line(
    issue_folder: Path, own_layout: Path, tmp_path: Path
) -> None:
    from issue_publisher.production.faults import findings_of
    from issue_publisher.rendering.templates import TemplateFault

    template = own_layout / "ebook" / "article.xhtml.j2"
    template.write_text("\n{{ headlin }}\n" + template.read_text())
    source = load(issue_folder).source
    assert source is not None
    with pytest.raises(TemplateFault) as caught:
        build(source, tmp_path / "dist", frozenset({Output.EPUB}))
    [finding] = findings_of(caught.value)
    assert finding.file.endswith("layouts/broadsheet/ebook/article.xhtml.j2")
    assert finding.line == 2
    assert "headlin" in finding.message
    assert not (tmp_path / "dist").exists()


def test_manifest_bytes_do_not_depend_on_the_order_of_products(small_source: Source) -> None:
    one, other = Product("a", "press", b"1"), Product("b", "epub", b"2")
    assert make_manifest(small_source, [one, other]) == make_manifest(small_source, [other, one])
