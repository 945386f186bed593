"""`import` and `export --to text` as an archivist meets them: words, exit codes, files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher.cli import main
from transcript.papers import PLAIN

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """In a folder with a transcript."""
    monkeypatch.chdir(tmp_path)
    Path("paper.txt").write_text(PLAIN, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        said = capsysbinary.readouterr()
        assert b"Traceback" not in said.out + said.err
        return int(stopped.value.code or 0), said.out.decode(), said.err.decode()

    return run


def test_a_transcript_is_imported_exported_and_imported_again(run: Run) -> None:
    code, out, err = run("import", "paper.txt")
    assert (code, err) == (0, "")
    assert out.startswith("paper.txt → source/2026-11-23/issue.xml: issue 2026-11-23, 2 pages, 4 articles, ")
    assert "  paper.txt:21 → issue.xml:" in out
    code, out, err = run("export", "--to", "text", "source/2026-11-23", "--output", "again.txt")
    assert (code, err) == (0, "")
    assert out.startswith("again.txt  ")
    assert run("import", "again.txt", "--output", "again")[0] == 0
    first = Path("source/2026-11-23/issue.xml").read_bytes()
    assert Path("again/2026-11-23/issue.xml").read_bytes() == first
    code, out, err = run("export", "--to", "text", "again/2026-11-23/issue.xml")
    assert (code, out, err) == (0, Path("again.txt").read_text(encoding="utf-8"), "")


def test_the_report_as_data_and_in_a_file(run: Run) -> None:
    code, out, _ = run("import", "paper.txt", "--json", "--report", "report.txt")
    (data,) = json.loads(out)
    assert code == 0
    assert (data["folder"], data["replaced"]) == ("source/2026-11-23", [])
    assert data["files"] == ["import-report.json", "issue.xml", "transcript/paper.txt"]
    assert (
        data["findings"] == json.loads(Path("source/2026-11-23/import-report.json").read_bytes())["findings"]
    )
    assert (
        Path("report.txt").read_text(encoding="utf-8").startswith("paper.txt → source/2026-11-23/issue.xml")
    )
    code, out, _ = run("import", "paper.txt", "--force", "--report", "report.json")
    assert out.startswith("source/2026-11-23/issue.xml  issue 2026-11-23, 2 pages, 4 articles, ")
    assert json.loads(Path("report.json").read_bytes())[0]["issue"]["id"] == "2026-11-23"


def test_an_issue_that_is_there(run: Run) -> None:
    run("import", "paper.txt")
    code, out, err = run("import", "paper.txt")
    assert (code, out) == (2, "")
    assert err.startswith("source/2026-11-23: an issue is there already (--force replaces it")
    code, _, err = run("import", "paper.txt", "--force")
    assert code == 0
    assert err.splitlines() == [
        "source/2026-11-23/import-report.json: replaced",
        "source/2026-11-23/issue.xml: replaced",
        "source/2026-11-23/transcript/paper.txt: replaced",
    ]


def test_one_bad_transcript_does_not_stop_the_others(run: Run) -> None:
    Path("scan.txt").write_bytes(b"%PDF-1.7")
    code, out, err = run("import", "scan.txt", "nowhere.txt", "paper.txt")
    assert code == 1
    assert err.splitlines() == [
        "scan.txt: this is no transcript but a PDF "
        "(a transcript is plain text, Markdown or HTML in UTF-8, UTF-16 or GB 18030)",
        "nowhere.txt: there is no such file (name a transcript)",
    ]
    assert out.startswith("paper.txt → source/2026-11-23/issue.xml")


def test_a_report_that_cannot_be_written(run: Run) -> None:
    code, _, err = run("import", "paper.txt", "--report", "paper.txt/report.txt")
    assert code == 2
    assert "paper.txt/report.txt: cannot be written: a file stands where a folder should" in err
    assert Path("source/2026-11-23/import-report.json").is_file()


def test_an_export_that_cannot_be_written(run: Run) -> None:
    run("import", "paper.txt")
    code, out, err = run("export", "--to", "text", "source/2026-11-23", "--output", "paper.txt/a.txt")
    assert (code, out) == (2, "")
    assert "paper.txt/a.txt: cannot be written" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import",), "Missing argument 'TRANSCRIPT...'"),
        (("import", "paper.txt", "paper.txt", "--id", "a"), "--id: one transcript at a time"),
        (("import", "paper.txt", "--date", "23.11.2026"), "Invalid value for '--date'"),
        (("export", "source"), "Missing option '--to'"),
        (("export", "source", "--to", "docx"), "Invalid value for '--to'"),
        (("export", "source", "--to", "text", "--images"), "--images: means nothing with --to text"),
    ],
)
def test_usage(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert not Path("source").exists()


def test_what_plain_text_cannot_hold_is_said(run: Run, repository: Path) -> None:
    issue = repository / "source" / "2026-11-23" / "issue.xml"
    code, out, err = run("export", "--to", "text", str(issue))
    assert code == 0
    assert out.startswith("〔一期 id=2026-11-23 date=2026-11-23")
    assert f"{issue}: plain text cannot hold superscript <sup>: 7" in err.splitlines()


def test_export_of_what_is_no_issue(run: Run) -> None:
    code, out, err = run("export", "--to", "text", "nothing")
    assert (code, out) == (1, "")
    assert err.startswith("nothing/issue.xml: there is no such file")
