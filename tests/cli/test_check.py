"""`check` as a prepress technician meets it: a line a finding, exit codes, the same as data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher.cli import main
from preflight import spoiled_pdf as spoil
from preflight.clean_pdf import clean_archive, clean_press

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Without any outside tool, in a folder with four files."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("VERAPDF", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("press.pdf").write_bytes(clean_press())
    Path("archive.pdf").write_bytes(clean_archive())
    Path("spoiled.pdf").write_bytes(spoil.spoiled(clean_press(), spoil.small_type))
    Path("warned.pdf").write_bytes(
        spoil.spoiled(clean_press(), lambda pdf: spoil.with_type(pdf, 7.5, "0 1 1 0 k"))
    )

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(("check", *arguments))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(stopped.value.code or 0), said.out, said.err

    return run


def test_a_clean_file(run: Run) -> None:
    code, out, err = run("press.pdf")
    assert code == 0
    assert out == "press.pdf: good by preflight for newsprint\n"
    assert err.startswith("press.pdf: Ghostscript was not run: there is no gs")


def test_a_spoiled_file(run: Run) -> None:
    code, out, _ = run("press.pdf", "spoiled.pdf")
    assert code == 1
    first, second = out.splitlines()[1:]
    assert first.startswith("spoiled.pdf: page 1, 20.7 mm from the left, 13")
    assert first.endswith(": error: type of 5 pt (at least 7 pt) [preflight type size]")
    assert second == "spoiled.pdf: faulty by preflight for newsprint (1 error)"


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_a_warning_counts_when_it_is_strict(strict: tuple[str, ...], code: int, run: Run) -> None:
    assert run("warned.pdf", *strict)[0] == code


def test_the_same_as_data(run: Run) -> None:
    code, out, _ = run("spoiled.pdf", "--json", "--mark")
    assert code == 1
    (found,) = json.loads(out)
    (one,) = found["findings"]
    assert (one["page"], one["value"], one["limit"], one["severity"]) == (1, "5 pt", "7 pt", "error")
    assert set(one["areas"][0]) == {"left_mm", "top_mm", "width_mm", "height_mm"}
    assert found["marked"] == ["spoiled-marked/page-1.png"]
    assert Path("spoiled-marked/page-1.png").read_bytes().startswith(b"\x89PNG")


def test_a_tool_that_must_be_there(run: Run) -> None:
    assert run("archive.pdf")[0] == 0
    assert run("archive.pdf", "--require", "verapdf")[0] == 2
    assert run("archive.pdf", "--require", "ghostscript")[0] == 0  # plates are none of an archive's business
    assert run("press.pdf", "--require", "ghostscript")[0] == 2


def test_another_profile(run: Run) -> None:
    code, out, _ = run("press.pdf", "--profile", "archive")
    assert code == 1
    assert "it does not say that it is PDF/A (PDF/A-3a)" in out
    code, _, err = run("press.pdf", "--profile", "glossy")
    assert code == 2
    assert err == "glossy: no such file or directory (a TOML file, or newsprint or archive)\n"


def test_several_files_of_which_one_is_missing(run: Run) -> None:
    code, out, err = run("press.pdf", "none.pdf")
    assert code == 2
    assert "good by preflight" in out
    assert "none.pdf: no such file or directory" in err
