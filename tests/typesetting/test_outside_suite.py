"""The outside suite of line breaking holds, or says why not; when it is not at hand, this says so."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from issue_publisher.layout.model import Strictness


@pytest.fixture(scope="module")
def linebreak(repository: Path) -> ModuleType:
    """bench/linebreak.py"""
    spec = importlib.util.spec_from_file_location("bench_linebreak", repository / "bench" / "linebreak.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def suite(repository: Path) -> Path:
    """The suite's folder; it belongs to others and comes with no checkout of ours."""
    folder = repository / os.environ.get("LINEBREAK_SUITE", "../shared/linebreak")
    if not (folder / "run.py").is_file():
        pytest.skip(f"the outside suite of line breaking is not at hand: no {folder / 'run.py'}")
    return folder


def test_every_case_of_the_outside_suite_holds_or_has_its_reason(linebreak: ModuleType, suite: Path) -> None:
    found = linebreak.outcomes(suite)
    assert list(linebreak.faults(found)) == []
    core = {outcome.name: outcome.held for outcome in found if "core" in outcome.name}
    assert core["strict, core, clreq"] >= 121


def test_a_breaker_that_knows_no_prohibition_is_found_out(linebreak: ModuleType, suite: Path) -> None:
    def greedy(text: str, measure_em: float, level: Strictness) -> list[str]:
        step = int(measure_em)
        return [text[at : at + step] for at in range(0, len(text), step)]

    wrong = list(linebreak.faults(linebreak.outcomes(suite, greedy)))
    assert len([line for line in wrong if line.startswith("strict, core") and "must hold" in line]) > 90
    assert any("without a reason" in line for line in wrong)


def test_each_reason_names_its_source_and_its_cases(linebreak: ModuleType) -> None:
    for reason in linebreak.reasons():
        assert any(source in reason.source for source in ("CLREQ", "GB/T 158", "UAX #14"))
        assert reason.why
        assert reason.cases


def test_without_the_suite_the_command_says_where_it_looked(
    linebreak: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["linebreak.py", str(tmp_path)])
    assert linebreak.main() == 2
    assert f"not at hand: no {tmp_path / 'run.py'}" in capsys.readouterr().err
