"""From a transcript to a verified paper with EPUB, METS and a search hit, by the README's commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from issue_publisher.cli import main
from transcript.papers import PLAIN

MARK = "<!-- tests/cli/test_past_issues.py runs these commands -->"
LENT = "../docs/examples/2026-11-23.txt"  # four pages take a minute to make up: the test has a paper of two


def commands(repository: Path) -> list[list[str]]:
    """The commands of the README's block, without the shell's own."""
    block = (repository / "README.md").read_text(encoding="utf-8").partition(MARK)[2].split("```")[1]
    return [line.split()[1:] for line in re.findall(r"^\$ (issue-publisher .*)$", block, re.MULTILINE)]


def run(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


def test_four_commands_make_a_verified_paper_of_a_transcript(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ISSUE_PUBLISHER_CACHE", str(tmp_path / "cache"))
    Path("paper.txt").write_text(PLAIN, encoding="utf-8")
    asked = commands(repository)
    assert [each[0] for each in asked] == ["import", "regenerate", "export", "search"]
    assert asked[0][1] == LENT
    assert (repository / "README.md").parent.joinpath(LENT.removeprefix("../")).is_file()
    asked[0][1], asked[3][1] = "paper.txt", "涂层"
    assert [run(each) for each in asked] == [0, 0, 0, 0]
    said = capsys.readouterr().out
    assert "built and verified" in said
    assert "〔涂层〕" in said
    built = tmp_path / "dist" / "2026-11-23"
    names = {path.name for path in built.iterdir()}
    assert names >= {"2026-11-23-press.pdf", "2026-11-23-archive.pdf", "2026-11-23.epub", "verification.json"}
    etree.parse(built / "mets" / "mets.xml")
