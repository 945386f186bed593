"""`verify` from the command line: one line an issue, findings by file, three exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from issue_publisher.cli import app
from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.production import verify as production
from issue_publisher.production.check import Ran
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.verify import Verified

NOTHING = Ran("mutool", "it is not installed", needed=False)
GOOD = Verified("", "2026-11-30", "a" * 64, (), False, 4, 10, ("press", "epub"), (Ran("pdfium"), NOTHING))
LOST = Finding(
    "press.pdf", "", 0, Severity.ERROR, "“冰” is not there", source="issue.xml:9", page=2, tool="pdfium"
)
STRAY = Finding("notes.txt", "", 0, Severity.WARNING, "no manifest names it")


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three issues: a good one, one with a stray file, one that lost something; the check itself is done."""
    findings = {"a": (), "b": (STRAY,), "c": (LOST,)}
    for name in findings:
        (tmp_path / "dist" / name).mkdir(parents=True)
        (tmp_path / "dist" / name / "manifest.json").write_text("{}")

    def verified(folder: Path, **asked: object) -> Verified:
        return replace(
            GOOD, folder=f"dist/{folder.name}", findings=findings[folder.name], rebuilt=asked["rebuild"]
        )

    monkeypatch.setattr(production, "verify_issue", verified)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "dist"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["verify", *arguments])


def test_a_good_issue_has_one_line(dist: Path) -> None:
    result = run("dist/a", "--rebuild")
    assert result.exit_code == 0
    assert result.stdout == "dist/a: good: 4 outputs; 10 passages in press, epub; built again\n"
    assert "mutool was not asked: it is not installed" in result.stderr
    told = json.loads((dist / "a" / "verification.json").read_bytes())
    assert (told["good"], told["rebuilt"], told["verified"][-1]) == (True, True, "Z")


def test_all_of_dist_is_gone_through_and_the_worst_counts(dist: Path) -> None:
    result = run("dist")
    assert result.exit_code == 1
    assert "press.pdf: page 2: error: “冰” is not there (from issue.xml:9) [pdfium]" in result.stdout
    assert "dist/c: not good: 4 outputs; 10 passages in press, epub (1 error)" in result.stdout
    assert [json.loads((dist / name / "verification.json").read_bytes())["good"] for name in "abc"] == [
        True,
        True,
        False,
    ]


def test_strict_takes_warnings_as_errors(dist: Path) -> None:
    assert run("dist/b").exit_code == 0
    result = run("dist/b", "--strict")
    assert (result.exit_code, "dist/b: not good" in result.stdout) == (1, True)


def test_the_same_for_programs(dist: Path) -> None:
    result = run("dist", "--json")
    assert result.exit_code == 1
    assert [(one["folder"], one["good"]) for one in json.loads(result.stdout)] == [
        ("dist/a", True),
        ("dist/b", True),
        ("dist/c", False),
    ]
    assert json.loads(result.stdout)[2]["findings"][0]["source"] == "issue.xml:9"


def test_the_machine_s_faults_are_no_findings(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("none", "dist/c")
    assert result.exit_code == 2
    assert "none: there is no such folder" in result.stderr
    assert "dist/c: not good" in result.stdout

    def full(*_: object) -> None:
        raise EnvironmentFault("verification.json: cannot be written: the disk is full")

    monkeypatch.setattr(production, "write_verification", full)
    result = run("dist")
    assert result.exit_code == 2
    assert result.stderr.count("the disk is full") == 3
    assert result.stdout.count(" good") == 3
