"""`export --to mets`: a whole folder or none, of the pages that were built, the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from delivered import METS, faults, read_package
from issue_publisher.production import export_mets as exporting
from issue_publisher.production.build import Output, build
from issue_publisher.production.export_mets import export_mets
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import Source
from issue_publisher.rendering.furniture import furniture_of

Tree = Callable[[Path], dict[str, bytes]]


@pytest.fixture(scope="session")
def dist(small_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built, and exported with pictures."""
    dist = tmp_path_factory.mktemp("dist")
    build(small_source, dist, frozenset({Output.ARCHIVE, Output.EPUB}))
    export_mets(small_source, dist, images=True)
    return dist


@pytest.fixture(scope="session")
def folder(dist: Path) -> Path:
    return dist / "2026-11-30" / "mets"


def test_the_folder_is_whole_and_holds_what_was_built(dist: Path, folder: Path) -> None:
    package = read_package(folder)
    assert list(faults(package)) == []
    assert sorted(package.files) == [
        "alto/page-0001.xml",
        "epub/2026-11-30.epub",
        "images/page-0001.png",
        "pdf/2026-11-30-archive.pdf",
    ]
    for name in ("2026-11-30.epub", "2026-11-30-archive.pdf"):
        built = (dist / "2026-11-30" / name).read_bytes()
        assert built in package.files.values()
    assert b"../images/page-0001.png" in package.files["alto/page-0001.xml"]
    groups = [group.get("USE") for group in package.root.iter(f"{METS}fileGrp")]
    assert groups == ["Text", "Images", "PDF", "EPUB"]


def test_nothing_built_gives_the_same_pages_elsewhere(
    small_source: Source, folder: Path, tmp_path: Path, tree: Tree
) -> None:
    """The archive PDF is painted then, to the same bytes; there is no e-book."""
    place = tmp_path / "另一处"
    where = {**os.environ, "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "4711"}
    where |= {"SOURCE_DATE_EPOCH": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "issue_publisher", "export", str(small_source.folder), "--to", "mets"]
    done = subprocess.run(
        [*command, "--output", place.name],
        cwd=tmp_path,
        env=where,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stderr
    assert "3 files, " in done.stdout
    here, there = tree(folder), tree(place)
    assert there["pdf/2026-11-30-archive.pdf"] == here["pdf/2026-11-30-archive.pdf"]
    picture, pdf = b"../images/page-0001.png", b"../pdf/2026-11-30-archive.pdf"
    assert there["alto/page-0001.xml"] == here["alto/page-0001.xml"].replace(picture, pdf)
    assert [path.name for path in tmp_path.iterdir()] == [place.name]


def test_twice_gives_the_same_bytes_in_place_of_the_first(
    small_source: Source, dist: Path, folder: Path, tree: Tree
) -> None:
    before = tree(folder)
    (folder / "left over").write_text("")
    export_mets(small_source, dist, images=True)
    assert tree(folder) == before


def test_an_altered_output_of_a_build_is_not_handed_on(
    small_source: Source, dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one of another source, nor one that another program made."""
    place = dist / "2026-11-30"
    left = exporting._left(small_source, place)
    assert set(left.outputs) == {"archive", "epub", "page-plan"}
    assert left.output("epub") is not None
    other = replace(small_source, xml=small_source.xml + b"\n")
    assert exporting._left(other, place).outputs == {}
    monkeypatch.setattr(exporting.manifest, "programs", lambda: {"WeasyPrint": "another"})
    newer = exporting._left(small_source, place)
    assert (newer.output("epub"), newer.outputs["page-plan"]) == (None, left.outputs["page-plan"])
    altered = tmp_path / "2026-11-30"
    altered.mkdir()
    for name in ("manifest.json", "2026-11-30.epub", "2026-11-30-archive.pdf"):
        (altered / name).write_bytes((place / name).read_bytes())
    with (altered / "2026-11-30.epub").open("ab") as file:
        file.write(b"\0")
    assert set(exporting._left(small_source, altered).outputs) == {"archive"}


def test_a_folder_that_is_there_is_left_alone(small_source: Source, dist: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("ours")
    with pytest.raises(EnvironmentFault, match="is there already and not empty"):
        export_mets(small_source, dist, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_a_fault_on_the_way_leaves_the_earlier_folder(
    small_source: Source, dist: Path, folder: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(dist)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("issue_publisher.production.outputs._write", fails)
    with pytest.raises(EnvironmentFault, match="the disk is full"):
        export_mets(small_source, dist)
    assert tree(dist) == before


def test_furniture_without_class_or_words_is_no_fault(small_source: Source) -> None:
    from issue_publisher.composition.compose import compose_issue
    from issue_publisher.fonts import Measures
    from issue_publisher.typesetting.faces import PaperFaces

    faces = PaperFaces(Measures(small_source.fonts), small_source.layout.latin_fonts)
    made = compose_issue(
        small_source.issue, small_source.layout, faces, small_source.pictures, file=small_source.file
    )
    (page,) = furniture_of(made, small_source.layout, faces)
    said = [
        "".join(run.text for line in text.lines for run in line) for frame in page for text in frame.texts
    ]
    assert [frame.kind for frame in page] == ["nameplate", "imprint"]  # what the law asks, in the margin
    assert said[:2] == ["晨渡周报", "第1版\u3000要闻2026年11月30日"]
    assert said[2:] == ["2026年11月30日今日1版"]
