"""Locks name their holder and end with it; folders of the dead are told from those of the living."""

import json
import multiprocessing
import os
import pwd
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.holders import HeldError, cleared, folder_for_now, held, ourselves

FORK = multiprocessing.get_context("fork")


def hold(path: Path, there: Connection) -> None:
    """Hold the lock and a folder until killed."""
    with held(path, "regenerate"), folder_for_now(".building-", path.parent) as folder:
        there.send(folder)
        signal.pause()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Another process that holds the lock; its number and its folder."""
    here, there = FORK.Pipe()
    process = FORK.Process(target=hold, args=(tmp_path / "lock", there))
    process.start()
    assert process.pid
    try:
        yield process.pid, here.recv()
    finally:
        process.kill()
        process.join()


def test_a_second_one_is_told_who_is_at_work(tmp_path: Path, other: tuple[int, Path]) -> None:
    wanted = f"process {other[0]} of .* on {ourselves().host}, since 20"
    with pytest.raises(HeldError, match=wanted), held(tmp_path / "lock", "regenerate"):
        pass


def test_the_holder_has_a_name_where_the_environment_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    assert ourselves().user == pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_123)  # nobody's
    assert ourselves().user == "4000000123"


def test_the_lock_of_a_dead_holder_is_taken_over_and_said(tmp_path: Path, other: tuple[int, Path]) -> None:
    os.kill(other[0], signal.SIGKILL)
    os.waitpid(other[0], 0)
    with held(tmp_path / "lock", "regenerate") as said:
        assert f"process {other[0]} of" in said
        assert "taken over" in said
    with held(tmp_path / "lock", "regenerate") as said:
        assert not said  # the one before ended well


def test_a_holder_on_another_machine_cannot_be_known_to_be_dead(tmp_path: Path) -> None:
    told = {"host": "archive-2", "process": 7, "user": "desk", "since": "2026-11-30 06:00:00 UTC"}
    (tmp_path / "lock").write_text(json.dumps(told))
    wanted = r"process 7 of desk on archive-2.*remove"
    with pytest.raises(HeldError, match=wanted), held(tmp_path / "lock", "regenerate"):
        pass


def test_what_stands_in_the_lock_need_not_make_sense(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"\xff{]")
    with held(tmp_path / "lock", "regenerate") as said:
        assert not said


def test_a_lock_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("a file")
    with pytest.raises(EnvironmentFault, match="cannot be written"), held(tmp_path / "dist" / "lock", "it"):
        pass


def test_folders_of_the_dead_go_and_those_of_the_living_stay(tmp_path: Path, other: tuple[int, Path]) -> None:
    (tmp_path / ".building-old").mkdir()
    (tmp_path / ".building-old" / "a.pdf").write_bytes(b"half")
    assert cleared(tmp_path.glob(".building-*")) == 1
    assert other[1].is_dir()
    os.kill(other[0], signal.SIGKILL)
    os.waitpid(other[0], 0)
    assert cleared(tmp_path.glob(".building-*")) == 1
    assert not other[1].exists()
