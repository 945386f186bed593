"""The source comes out of its archive PDF byte for byte, and builds again; nothing comes out of others."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.layout.model import Archive
from issue_publisher.production.build import Output, build
from issue_publisher.production.extract import extract
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import Source, load

Tree = Callable[[Path], dict[str, bytes]]
ONLY = frozenset({Output.ARCHIVE})
NAME = "2026-11-30/2026-11-30-archive.pdf"


@pytest.fixture(scope="module")
def built(small_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All outputs of the small issue."""
    dist = tmp_path_factory.mktemp("dist")
    build(small_source, dist)
    return dist


@pytest.fixture(scope="module")
def archive(built: Path) -> Path:
    return built / NAME


def test_the_source_comes_out_and_builds_to_the_same_bytes(
    small_source: Source, built: Path, archive: Path, tmp_path: Path, tree: Tree
) -> None:
    made = extract(archive, tmp_path / "source" / "again")
    assert tree(made.folder) == tree(small_source.folder)
    assert [str(path) for path in made.files] == ["issue.xml", "pictures/river.jpg"]
    assert (made.issue_id, made.layout) == ("2026-11-30", None)
    source = load(made.folder).source
    assert source is not None
    build(source, tmp_path / "dist")
    assert tree(tmp_path / "dist") == tree(built)


def test_the_plan_of_the_pages_comes_out_when_asked(built: Path, archive: Path, tmp_path: Path) -> None:
    made = extract(archive, tmp_path / "again", made_plan=True)
    plan = (made.folder / "page-plan.toml").read_bytes()
    assert plan == (built / "2026-11-30" / "page-plan.toml").read_bytes()
    assert load(made.folder).stands(strict=True)


def test_a_plan_that_came_with_the_issue_comes_out(
    small_source: Source, built: Path, tmp_path: Path, tree: Tree
) -> None:
    folder = shutil.copytree(small_source.folder, tmp_path / "source" / "2026-11-30")
    shutil.copy(built / "2026-11-30" / "page-plan.toml", folder)
    source = load(folder).source
    assert source is not None
    build(source, tmp_path / "dist", ONLY)
    assert tree(extract(tmp_path / "dist" / NAME, tmp_path / "again").folder) == tree(folder)


def test_another_layout_is_named(small_source: Source, tmp_path: Path) -> None:
    tabloid = load(small_source.folder, "tabloid").source
    assert tabloid is not None
    build(tabloid, tmp_path / "dist", ONLY)
    assert extract(tmp_path / "dist" / NAME, tmp_path / "again").layout == "tabloid"


def test_it_holds_the_manifest_of_its_inputs(built: Path, archive: Path) -> None:
    manifest = json.loads((built / "2026-11-30" / "manifest.json").read_bytes())
    with pikepdf.open(archive) as document:
        enclosed = json.loads(document.attachments["manifest.json"].get_file().read_bytes())
    manifest.pop("outputs")
    assert enclosed == manifest


def test_one_output_alone(small_source: Source, archive: Path, tmp_path: Path) -> None:
    made = build(small_source, tmp_path / "dist", ONLY)
    assert {product.role for product in made.products} == {"archive", "page-plan", "manifest"}
    assert (tmp_path / "dist" / NAME).read_bytes() == archive.read_bytes()


# --------------------------------------------------------------------------- bad input


def refused(archive: Path, folder: Path, words: str) -> None:
    """It is said, and nothing is left behind."""
    before = sorted(folder.iterdir())
    with pytest.raises(SourceErrors, match=words):
        extract(archive, folder / "again")
    assert sorted(folder.iterdir()) == before


def altered(archive: Path, target: Path, change: Callable[[Any], None]) -> Path:
    with pikepdf.open(archive) as document:
        change(document)
        document.save(target)
    return target


@pytest.mark.parametrize(
    "name",
    [
        "../issue.xml", "/etc/passwd", "a/../../b", "~/x", "a\\b", "C:x", "", ".", "a//b", "a/./b", "a\nb",
        "pictures/\x00", "..",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(archive: Path, tmp_path: Path, name: str) -> None:
    def change(document: Any) -> None:
        for described in document.Root.AF:
            if str(described.UF) == "pictures/river.jpg":
                described.UF = name
        manifest = json.loads(document.attachments["manifest.json"].get_file().read_bytes())
        manifest["inputs"] = [one for one in manifest["inputs"] if one["role"] != "picture"]
        document.attachments["manifest.json"] = pikepdf.AttachedFileSpec(
            document, json.dumps(manifest).encode(), filename="manifest.json"
        )
        named = document.attachments["manifest.json"].obj
        named.AFRelationship = pikepdf.Name.Data
        files = [one for one in document.Root.AF if str(one.UF) != "manifest.json"]
        document.Root.AF = pikepdf.Array([*files, named])

    bad = altered(archive, tmp_path / "bad.pdf", change)
    refused(bad, tmp_path, r"it encloses a file named")


def test_a_file_that_is_a_folder_is_refused(archive: Path, tmp_path: Path) -> None:
    def change(document: Any) -> None:
        for described in document.Root.AF:
            if str(described.UF) == "made/page-plan.toml":
                described.UF, described.AFRelationship = "issue.xml/plan.toml", pikepdf.Name.Source

    refused(altered(archive, tmp_path / "bad.pdf", change), tmp_path, "issue.xml is a file and a folder")


def test_a_pdf_of_others_is_refused(archive: Path, tmp_path: Path) -> None:
    def strip(document: Any) -> None:
        del document.Root.AF

    refused(altered(archive, tmp_path / "bad.pdf", strip), tmp_path, r"encloses no issue\.xml")
    blank = tmp_path / "blank.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(blank)
    refused(blank, tmp_path, r"encloses no issue\.xml")


def test_a_missing_picture_is_named(small_source: Source, tmp_path: Path) -> None:
    layout = replace(small_source.layout, archive=Archive(originals=False))
    build(replace(small_source, layout=layout), tmp_path / "dist", ONLY)
    refused(tmp_path / "dist" / NAME, tmp_path, r"does not enclose pictures/river\.jpg")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"no PDF at all"])
def test_no_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(data)
    refused(path, tmp_path, r"bad\.pdf.*: not a PDF, or a damaged one")


def test_a_truncated_one_is_refused(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(archive.read_bytes()[:-2000])
    refused(path, tmp_path, "damaged")


def test_one_that_is_not_there_is_said(tmp_path: Path) -> None:
    refused(tmp_path / "none.pdf", tmp_path, r"none\.pdf.*: cannot be read: no such file")


def test_a_folder_that_holds_something_stays_as_it_is(archive: Path, tmp_path: Path, tree: Tree) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "issue.xml").write_bytes(b"mine")
    with pytest.raises(EnvironmentFault, match="already and not empty"):
        extract(archive, folder)
    assert tree(tmp_path) == {"there/issue.xml": b"mine"}
    (folder / "issue.xml").unlink()
    assert extract(archive, folder).folder == folder


def test_a_disk_that_fails_leaves_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.suffix == ".jpg":
            raise OSError(28, "No space left on device")
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(EnvironmentFault, match="no space left"):
        extract(archive, tmp_path / "new" / "again")
    assert not list(tmp_path.iterdir())


def test_an_id_that_is_no_name_is_refused(archive: Path, tmp_path: Path) -> None:
    def change(document: Any) -> None:
        stream = document.attachments["manifest.json"].get_file().obj
        data = stream.read_bytes().replace(b'"2026-11-30"', b'"../outside"', 1)
        stream.write(data)
        stream.Params.Size, stream.Params.CheckSum = len(data), pikepdf.String(hashlib.md5(data).digest())

    bad = altered(archive, tmp_path / "bad.pdf", change)
    with pytest.raises(SourceErrors, match="named"):
        extract(bad)
