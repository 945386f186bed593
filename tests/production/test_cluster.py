"""regenerate on a Dask cluster: two workers of this machine, one that is killed, a cluster that goes away."""

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import KilledWorker, LocalCluster
from distributed.utils import get_mp_context

import kills
from issue_publisher.cli import main
from issue_publisher.production import cluster as module
from issue_publisher.production import program
from issue_publisher.production.cluster import Cluster, cluster_at
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.regenerate import Run, Watch, regenerate
from issue_publisher.production.stored import regenerate_stored
from issue_publisher.production.work import CrewGoneError, Task
from production.small_issues import BOOKS, done, make_sources

pytestmark = pytest.mark.xdist_group("cluster")
FIRST, SECOND, THIRD = "2026-11-30", "2026-12-07", "2026-12-14"
UNVERIFIED = replace(BOOKS, verify=False)
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Any]:
    """A scheduler in this process and two workers in others, which take the killing of one calmly."""
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        get_mp_context().set_forkserver_preload(["distributed", "production.warm"])
        with LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL"
        ) as made:
            yield made


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run without a cluster makes of three issues."""
    source = make_sources(tmp_path_factory.mktemp("local"), 3)
    regenerate(source, source.parent / "dist", UNVERIFIED, jobs=1)
    return source.parent / "dist"


def some_of(local: Path, folder: Path, count: int) -> Path:
    """The sources of so many of the same issues."""
    for issue in sorted((local.parent / "source").iterdir())[:count]:
        shutil.copytree(issue, folder / "source" / issue.name)
    return folder / "source"


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        out, err = capfd.readouterr()
        return int(stopped.value.code or 0), out, err

    return run


def same_books(dist: Path, local: Path, *issues: str) -> bool:
    """Whether issues have the bytes that a run without a cluster gives them."""
    names = [f"{issue}/{name}" for issue in issues for name in (f"{issue}.epub", "manifest.json")]
    return all((dist / name).read_bytes() == (local / name).read_bytes() for name in names)


def run_on(crew: Cluster, source: Path, watch: Watch | None = None) -> Run:
    return regenerate(source, source.parent / "dist", UNVERIFIED, crew=crew, watch=watch)


def test_a_cluster_gives_the_same_bytes(
    two_workers: Any, tmp_path: Path, local: Path, command: Command
) -> None:
    source = some_of(local, tmp_path, 3)
    arguments = ["regenerate", str(source), "--output", str(tmp_path / "dist"), "--only", "epub"]
    code, out, err = command(*arguments, "--scheduler", two_workers.scheduler_address)
    assert code == 0, err
    assert "3 issues: 3 built and verified; catalogue: 3 issues; index: 3 issues, 3 new" in out
    assert same_books(tmp_path / "dist", local, FIRST, SECOND, THIRD)
    with cluster_at(two_workers.scheduler_address) as crew:
        assert set(done(run_on(crew, source)).values()) == {"nothing to do"}


def test_a_cluster_works_in_a_store(two_workers: Any, tmp_path: Path, local: Path, command: Command) -> None:
    source, dist = f"file://{some_of(local, tmp_path, 1)}", f"file://{tmp_path}/dist"
    arguments = ["regenerate", source, "--output", dist, "--only", "epub"]
    code, out, err = command(*arguments, "--scheduler", two_workers.scheduler_address)
    assert code == 0, err
    assert f"{source}/{FIRST}/issue.xml:9: warning: " in err
    assert "1 issue: 1 built and verified; catalogue: not kept in a store" in out
    assert same_books(tmp_path / "dist", local, FIRST)
    assert not regenerate_stored(source, dist, BOOKS).worked


class Killer:
    """Kills a worker with SIGKILL while it is at an issue."""

    def __init__(self, crew: Cluster, dist: Path) -> None:
        self.client, self.dist = crew.client, dist
        self.processes = self.client.run(os.getpid)
        self.killed: list[str] = []
        self.thread = threading.Thread(target=self._work)

    def __enter__(self) -> "Killer":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.thread.join(timeout=30)

    def _work(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if list(self.dist.glob(".building-*")):
                busy = next(worker for worker, keys in self.client.processing().items() if keys)
                os.kill(self.processes[busy], signal.SIGKILL)
                self.killed.append(busy)
                return
            time.sleep(0.005)


def test_a_worker_killed_in_mid_issue_costs_nothing(two_workers: Any, tmp_path: Path, local: Path) -> None:
    source = some_of(local, tmp_path, 1)
    dist = tmp_path / "dist"
    with cluster_at(two_workers.scheduler_address) as crew:
        with Killer(crew, dist) as killer:
            run = run_on(crew, source)
        assert killer.killed
    assert run.ok, run.lines
    assert done(run) == {FIRST: "built"}
    assert same_books(dist, local, FIRST)
    assert not list(dist.glob(".building-*"))


class Ended:
    """A task whose workers died as often as the scheduler allows."""

    status = "error"

    def exception(self, timeout: float) -> Exception:
        return KilledWorker("issue-a", "tcp://127.0.0.1:9", 3)


def test_an_issue_that_kills_its_workers_is_a_finding(two_workers: Any) -> None:
    with cluster_at(two_workers.scheduler_address) as crew:
        outcome = crew._outcome(Task("source/a", "dist", "a"), Ended())
    assert outcome.trouble == "source/a: its worker was ended from outside, 4 times (is memory short?)"
    assert not outcome.ok


def test_another_program_on_the_workers_is_refused(two_workers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    other = {**program.made_by(), "WeasyPrint": "69.0"}
    monkeypatch.setattr(program, "_made_by", lambda: other)  # here, and not in their processes
    with (
        pytest.raises(
            EnvironmentFault, match=r"would make other bytes: it has WeasyPrint 70\.0 \(here 69\.0\)"
        ),
        cluster_at(two_workers.scheduler_address),
    ):
        pass


def test_a_worker_that_comes_later_with_another_program_ends_the_run(two_workers: Any) -> None:
    with cluster_at(two_workers.scheduler_address) as crew:
        stranger = replace(crew, digest="of another program")
        with pytest.raises(CrewGoneError, match="a worker that came later would make other bytes"):
            list(stranger.outcomes([Task("source/a", "dist", "a")]))


def test_nobody_there_and_nothing_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    arguments = ["regenerate", str(tmp_path), "--scheduler", "tcp://127.0.0.1:9"]
    monkeypatch.setattr(module, "_CONNECT_S", 0.2)
    code, _, err = command(*arguments)
    assert code == 2
    assert err.startswith("Error: tcp://127.0.0.1:9: no cluster answers (is the scheduler running there")
    assert len(err.splitlines()) == 1
    code, _, err = command(*arguments, "--jobs", "2")
    assert code == 2
    assert "--jobs is for this machine" in err
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = command(*arguments)
    assert code == 2
    assert "pip install 'issue-publisher[cluster]'" in err


def test_a_cluster_that_goes_away_loses_nothing(two_workers: Any, tmp_path: Path, local: Path) -> None:
    """The last one: nobody works there any more."""
    source = some_of(local, tmp_path, 3)
    dist = tmp_path / "dist"
    gone = threading.Thread(target=two_workers.close)
    with cluster_at(two_workers.scheduler_address) as crew:
        run = run_on(crew, source, Watch(done=lambda line, left: gone.is_alive() or gone.start()))
    gone.join()
    assert not run.ok
    assert "the cluster does not answer any more" in run.trouble[0]
    finished = [line.before.name for line in run.lines if line.ok]
    assert 1 <= len(finished) < 3
    assert not kills.faults(kills.Paper(tmp_path), set())
    again = done(regenerate(source, dist, UNVERIFIED, jobs=1))
    assert {again[name] for name in finished} == {"nothing to do"}
    assert len(again) == 3
    assert same_books(dist, local, FIRST, SECOND, THIRD)
