"""The benchmark of the book: what it runs, and what it says of the marks."""

import sys
from pathlib import Path

import pytest

import book
from bench import Run


def test_ratios_are_of_the_same_round() -> None:
    ours = [Run(1.0, 1.0, 100.0), Run(4.0, 2.0, 100.0), Run(1.0, 1.0, 300.0)]
    theirs = [Run(10.0, 4.0, 200.0), Run(20.0, 5.0, 200.0), Run(8.0, 10.0, 200.0)]
    assert book.ratios(ours, theirs) == {"time": 0.125, "processor time": 0.25, "peak memory": 0.5}


@pytest.mark.parametrize(("ratio", "said"), [(0.2, "met"), (0.2004, "MISSED"), (0.19, "met")])
def test_a_mark_is_met_or_missed(ratio: float, said: str) -> None:
    assert book.verdict("time", ratio).endswith(f"(at most 0.2: {said})")


def test_memory_of_its_own() -> None:
    assert "the rest is 45 times the book's 2.0 MiB" in book.memory(136.0, 46.0, 2.0)


def test_both_find_their_pictures_cached_and_the_marks_are_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[list[str]] = []
    taken = {"epub": iter([1.0, 0.9]), "press": iter([4.0, 5.0]), "idle": iter([0.4])}

    def measure(command: list[str]) -> Run:
        ran.append(command)
        kind = next((kind for kind in ("epub", "press") if kind in command), "idle")
        if kind == "epub":
            made = Path(command[command.index("--output") + 1]) / "2026-11-30" / "2026-11-30.epub"
            made.parent.mkdir(exist_ok=True)
            made.write_bytes(bytes(2**20))
        seconds = 5.0 if "--no-cache" in command else next(taken[kind])
        return Run(seconds, seconds, 100.0)

    monkeypatch.setattr(book, "measure", measure)
    monkeypatch.setattr(sys, "argv", ["book.py", "source", "--rounds", "1"])
    book.main()
    said = capsys.readouterr().out
    builds = [command for command in ran if "build" in command]
    caches = {tuple(command[command.index("--cache") :][:2]) for command in builds if "--cache" in command}
    assert len(caches) == 1
    assert [command[command.index("--only") + 1 :][:1] for command in builds] == [
        ["epub"], ["press"], ["epub"], ["epub"], ["press"],
    ]  # fmt: skip
    assert (
        "ratio book/press   0.18 time (at most 0.2: met)" in said
    )  # of the round, not of what filled the cache
