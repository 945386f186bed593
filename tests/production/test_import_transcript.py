"""A transcript becomes a folder of source, whole or not at all, and never over another issue unasked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.reader import read_issue
from issue_publisher.production import import_transcript as importing
from issue_publisher.production.export_text import export_text
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.import_transcript import import_transcript
from issue_publisher.transcript.audit import LossyImportError
from issue_publisher.transcript.model import Doubt
from transcript.papers import MARKDOWN, PLAIN

Tree = Callable[[Path], dict[str, bytes]]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "scans" / "paper.txt"
    path.parent.mkdir()
    path.write_bytes(PLAIN.encode("gb18030"))
    return path


def test_the_folder_holds_issue_report_and_the_transcript_itself(
    paper: Path, tmp_path: Path, tree: Tree
) -> None:
    made = import_transcript(paper, tmp_path / "source")
    assert made.folder == tmp_path / "source" / "2026-11-23"
    files = tree(made.folder)
    assert sorted(files) == ["import-report.json", "issue.xml", "transcript/paper.txt"]
    assert files["transcript/paper.txt"] == paper.read_bytes()
    report = json.loads(files["import-report.json"])
    assert report["transcript"]["sha256"] == sha256(paper.read_bytes()).hexdigest()
    assert report["transcript"]["encoding"] == "gb18030"
    assert read_issue(files["issue.xml"], "issue.xml") == made.report.issue
    assert not [path for path in (tmp_path / "source").iterdir() if path.name != "2026-11-23"]


def test_the_same_bytes_from_another_folder(paper: Path, tmp_path: Path, tree: Tree) -> None:
    elsewhere = tmp_path / "elsewhere" / "paper.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(paper.read_bytes())
    first = import_transcript(paper, tmp_path / "source")
    assert tree(import_transcript(elsewhere, tmp_path / "again").folder) == tree(first.folder)


def test_import_export_import_is_a_fixed_point(paper: Path, tmp_path: Path) -> None:
    first = import_transcript(paper, tmp_path / "source")
    text = export_text(first.folder)
    assert text.lost == ()
    exported = tmp_path / "exported.txt"
    exported.write_bytes(text.data)
    second = import_transcript(exported, tmp_path / "again")
    assert second.xml.read_bytes() == first.xml.read_bytes()
    assert export_text(second.folder).data == text.data
    assert second.report.findings == ()
    assert len(second.report.places) == sum(bool(line.strip()) for line in text.data.decode().split("\n"))


def test_an_issue_that_is_there_is_not_touched(paper: Path, tmp_path: Path, tree: Tree) -> None:
    made = import_transcript(paper, tmp_path / "source")
    before = tree(made.folder)
    with pytest.raises(EnvironmentFault, match=r"an issue is there already \(--force replaces it"):
        import_transcript(paper, tmp_path / "source")
    assert tree(made.folder) == before


def test_force_replaces_and_says_what(paper: Path, tmp_path: Path, tree: Tree) -> None:
    made = import_transcript(paper, tmp_path / "source")
    (made.folder / "pictures").mkdir()
    (made.folder / "pictures" / "p1-1.jpg").write_bytes(b"found again")
    (made.folder / "transcript" / "earlier.txt").write_bytes(b"earlier")
    other = paper.with_name("other.txt")
    other.write_text(PLAIN.replace("炉子不会老", "炉子永远年轻"), encoding="utf-8")
    again = import_transcript(other, tmp_path / "source", force=True)
    assert [path.as_posix() for path in again.replaced] == ["import-report.json", "issue.xml"]
    files = tree(made.folder)
    assert sorted(files) == [
        "import-report.json", "issue.xml", "pictures/p1-1.jpg", "transcript/earlier.txt",
        "transcript/other.txt", "transcript/paper.txt",
    ]  # fmt: skip
    assert "炉子永远年轻" in files["issue.xml"].decode()


def test_a_folder_that_waits_with_its_pictures_becomes_an_issue(paper: Path, tmp_path: Path) -> None:
    pictures = tmp_path / "source" / "2026-11-23" / "pictures"
    pictures.mkdir(parents=True)
    (pictures / "p1-1.jpg").write_bytes(b"a picture")
    made = import_transcript(paper, tmp_path / "source")
    assert made.replaced == ()
    assert (pictures / "p1-1.jpg").read_bytes() == b"a picture"


@pytest.mark.parametrize("force", [False, True])
def test_a_fault_on_the_way_leaves_everything_as_it_was(
    paper: Path, tmp_path: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    if force:
        import_transcript(paper, tmp_path / "source")
    before = tree(tmp_path)

    def full(_: Path, __: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr("issue_publisher.production.outputs._write", full)
    with pytest.raises(EnvironmentFault, match=r"source/2026-11-23: cannot be (made|written)"):
        import_transcript(paper, tmp_path / "source", force=force)
    assert tree(tmp_path) == before
    assert (tmp_path / "source").exists() is force


def test_pictures_come_along_or_are_said_to_be_missing(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(
        MARKDOWN + "\n![图为恒温间。](pictures/room.jpg)\n\n![图为标准尺。](pictures/rule.jpg)\n\n"
        "![图为量具。](../secret.jpg)\n\n![图为砝码。](https://example.org/a/weights.jpg)\n",
        encoding="utf-8",
    )
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "room.jpg").write_bytes(b"a picture")
    made = import_transcript(paper, tmp_path / "source")
    figures = list(made.report.issue.pages[1].items[0].figures)
    assert [(figure.src, figure.missing) for figure in figures] == [
        ("pictures/room.jpg", False),
        ("pictures/rule.jpg", True),
        ("pictures/secret.jpg", True),
        ("pictures/weights.jpg", True),
    ]
    assert (made.folder / "pictures" / "room.jpg").read_bytes() == b"a picture"
    lost = [f.before for f in made.report.findings if f.doubt is Doubt.NO_PICTURE and f.before]
    assert lost[-3:] == ["pictures/rule.jpg", "../secret.jpg", "https://example.org/a/weights.jpg"]


def test_a_link_out_of_the_folder_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"not ours")
    paper = tmp_path / "in" / "paper.md"
    paper.parent.mkdir()
    paper.write_text(MARKDOWN + "\n![图为恒温间。](room.jpg)\n", encoding="utf-8")
    (paper.parent / "room.jpg").symlink_to(tmp_path / "secret.jpg")
    made = import_transcript(paper, tmp_path / "source")
    assert made.report.issue.pages[1].items[0].figures[0].missing


@pytest.mark.parametrize(
    "src",
    ["/etc/a.jpg", "a/../../b.jpg", "~/a.jpg", "C:\\a.jpg", "issue.xml", "Transcript/a.jpg", "", "a\tb.jpg"],
)
def test_names_that_are_no_places_of_pictures(src: str) -> None:
    assert not importing._lies_below(src)
    assert importing._lies_below(importing._place_of(src))


def test_id_and_date_win(paper: Path, tmp_path: Path) -> None:
    made = import_transcript(paper, tmp_path / "source", issue_id="xcl-1024", day=date(2026, 11, 24))
    assert (made.report.issue.id, made.report.issue.date) == ("xcl-1024", date(2026, 11, 24))
    exported = tmp_path / "exported.txt"
    exported.write_bytes(export_text(made.folder).data)
    again = import_transcript(exported, tmp_path / "again", issue_id="other")
    assert (again.report.issue.id, again.report.issue.date) == ("other", date(2026, 11, 24))


def test_the_papers_profile_lies_beside_its_source(paper: Path, tmp_path: Path) -> None:
    (tmp_path / "transcript.toml").write_text('[paper]\nid = "xcl"\n', encoding="utf-8")
    made = import_transcript(paper, tmp_path / "source")
    assert made.folder.name == "xcl-2026-11-23"
    assert json.loads((made.folder / "import-report.json").read_bytes())["profile"] == "transcript.toml"
    (tmp_path / "transcript.toml").write_text("[paper]\nid = 3\n", encoding="utf-8")
    with pytest.raises(SourceErrors, match=r"transcript\.toml:2: "):
        import_transcript(paper, tmp_path / "source", force=True)


def test_an_import_that_would_lose_words_is_none(
    paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lossy(*_: object, **__: object) -> None:
        raise LossyImportError("line 3: “甲” is lost")

    monkeypatch.setattr(importing, "import_issue", lossy)
    with pytest.raises(EnvironmentFault, match=r"a fault of the program, .*: line 3: “甲” is lost \(nothing"):
        import_transcript(paper, tmp_path / "source")
    assert not (tmp_path / "source").exists()


def test_what_is_no_transcript_makes_nothing(tmp_path: Path) -> None:
    for name, data in (("a.txt", b"\0\x01\x02" * 99), ("b.txt", b"%PDF-1.7"), ("c.txt", b"")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceErrors):
            import_transcript(tmp_path / name, tmp_path / "source")
    for path in (tmp_path, tmp_path / "nowhere.txt"):
        with pytest.raises(SourceErrors):
            import_transcript(path, tmp_path / "source")
    assert not (tmp_path / "source").exists()


def test_what_the_format_refuses_is_told_of_the_transcript(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text(
        "〔一期 id=a date=2026-11-23〕\n〔报头 part=title〕报\n〔报头 part=date〕日\n〔版〕1 要闻\n"
        "〔稿件 id=b〕\n〔主题〕题\n",
        encoding="utf-8",
    )
    with pytest.raises(SourceErrors, match=r"paper\.txt: .*\(line \d+ of its XML\)"):
        import_transcript(paper, tmp_path / "source")
    assert not (tmp_path / "source").exists()
