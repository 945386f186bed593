"""`export` as the desk calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from issue_publisher.cli import main


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(words)
    return int(left.value.code or 0)


def test_a_source_at_fault_is_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "issue.xml").write_text("<issue/>", encoding="utf-8")
    assert run("export", "issue.xml", "--to", "mets") == 1
    said = capsys.readouterr().err
    assert "issue.xml:1: " in said
    assert "issue.xml: not exported (" in said
    assert [path.name for path in tmp_path.iterdir()] == ["issue.xml"]


def test_a_form_that_is_not_known_is_a_fault_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", "source/x", "--to", "marc") == 2
    assert "'mets'" in capsys.readouterr().err
