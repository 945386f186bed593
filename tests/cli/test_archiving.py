"""`regenerate` and `list` as the archivist meets them."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher.cli import main
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.holders import held
from issue_publisher.production.regenerate import Wanted
from production.small_issues import alter, make_sources, xml_of

A, B = "2026-11-30", "2026-12-07"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a shelf of two issues, one of them with a fault: exit code, stdout, stderr."""
    alter(xml_of(make_sources(tmp_path, 2), B), "pictures/river.jpg", "pictures/lake.jpg")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        out, err = capfd.readouterr()
        return int(stopped.value.code or 0), out, err

    return run


def test_from_a_list_of_new_issues_to_one_that_stands(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("list", "source")
    assert code == 0
    assert out.splitlines()[-1] == "2 issues: 2 new"
    code, out, err = run("regenerate", "source", "--only", "epub", "--report", "run.json")
    assert code == 1
    assert out.startswith("2 issues, 2 to do\n")
    assert "2026-11-30: built and verified (" in out
    assert f"source/{B}/issue.xml:9: picture “pictures/lake.jpg”: there is no such picture" in err
    assert "2 issues: 1 built and verified, 1 not built; catalogue: 1 issue; index: 2 issues, 2 new" in out
    told = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert [(one["issue"], one["before"], one["ok"]) for one in told["issues"]] == [
        (A, "new", True),
        (B, "new", False),
    ]
    assert told["issues"][0]["peak_mib"] > 10
    code, out, _ = run("list", "source", "--json")
    states = {one["issue"]: one for one in json.loads(out)}
    assert (states[A]["state"], states[B]["state"]) == ("verified", "broken")
    assert states[A]["outputs"] == ["epub"]
    code, out, _ = run("list", "source")
    assert [line.split()[3] for line in out.splitlines()[1:3]] == ["verified", "broken"]
    alter(xml_of(Path("source"), B), "pictures/lake.jpg", "pictures/river.jpg")
    code, out, _ = run("regenerate", "source", "--only", "epub", "--no-verify", "--json")
    told = json.loads(out)
    assert (code, told["ok"]) == (0, True)
    assert [one["done"] for one in told["issues"]] == ["nothing to do", "built"]


def test_a_second_run_says_who_is_at_work(run: Run, tmp_path: Path) -> None:
    with held(tmp_path / "dist" / ".regenerate" / "lock", "regenerate"):
        code, out, err = run("regenerate", "source")
    assert (code, out) == (2, "")
    assert f"regenerate is going on here: process {os.getpid()} of" in err


def test_nothing_to_do_it_to_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for command in ("list", "regenerate"):
        code, _, err = run(command, "empty")
        assert (code, err) == (2, "Error: empty: no issue.xml in any folder below\n")


@pytest.mark.parametrize(("given", "seconds"), [((), 1800), (("--limit", "1.5"), 90)])
def test_how_long_an_issue_may_take_is_told_in_minutes(
    run: Run, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], seconds: float
) -> None:
    asked = []

    def regenerate(_source: Path, _dist: Path, wanted: Wanted, **_: object) -> None:
        asked.append(wanted.limit_s)
        raise EnvironmentFault("enough")

    monkeypatch.setattr("issue_publisher.production.regenerate.regenerate", regenerate)
    assert run("regenerate", "source", *given)[0] == 2
    assert asked == [seconds]
    assert run("regenerate", "source", "--limit", "0")[0] == 2
    assert asked == [seconds]
