"""SIGKILL of a whole run: never half a file in place, and the next run finishes the work.

`make check-kills` does so fifty times, with index and build among them.
"""

from pathlib import Path

import pytest

import kills


@pytest.mark.slow
def test_killed_at_any_moment_the_next_run_finishes(tmp_path: Path) -> None:
    paper = kills.make_paper(tmp_path, 2, only="epub")
    assert kills.killed(paper.command("regenerate"), 0.7)
    assert not kills.faults(paper, set())
    kills.killed(paper.command("regenerate"), 2.0)
    assert not kills.faults(paper, set())
    kills.altered(paper, 1)
    assert not kills.finished(paper)


def test_half_a_file_would_be_found(tmp_path: Path) -> None:
    paper = kills.Paper(tmp_path)
    issue = paper.dist / "2026-11-30"
    issue.mkdir(parents=True)
    (issue / "2026-11-30-press.pdf").write_bytes(b"%PDF-1.6\n1 0 obj")
    (issue / "2026-11-30.epub").write_bytes(b"PK\x03\x04")
    (issue / "manifest.json").write_bytes(b"{")
    (paper.dist / "search.sqlite").write_bytes(b"SQLite format 3\0")
    found = kills.faults(paper, {"2026-12-07/2026-12-07.epub"})
    assert len(found) == 5
    assert sum(": half" in one for one in found) == 3
    assert any("is lost" in one for one in found)
