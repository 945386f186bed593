"""One worker's death is its own task's, which is tried again; the rest goes on."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from issue_publisher.production.pool import Pool
from issue_publisher.production.work import Outcome, Task


def named(*names: str) -> list[Task]:
    return [Task(name, "dist", name) for name in names]


def outcomes(pool: Pool, tasks: list[Task]) -> dict[str, Outcome]:
    return {task.issue: outcome for task, outcome in pool.outcomes(tasks)}


def well(task: Task) -> Outcome:
    """Says which process did it."""
    return Outcome(task.issue, built=True, mib=float(os.getpid()) / 1e9)


def dies(task: Task) -> Outcome:
    if task.issue == "bad":
        os.kill(os.getpid(), signal.SIGKILL)
    return well(task)


def dies_once(folder: Path) -> Callable[[Task], Outcome]:
    def work(task: Task) -> Outcome:
        mark = folder / task.issue
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return well(task)

    return work


def hangs(task: Task) -> Outcome:
    if task.issue == "bad":
        time.sleep(600)
    return well(task)


def test_all_tasks_are_done_by_so_many_processes(tmp_path: Path) -> None:
    found = outcomes(Pool(well, 2, tmp_path), named(*"abcdefgh"))
    assert set(found) == set("abcdefgh")
    assert len({one.mib for one in found.values()}) <= 2


def test_a_process_leaves_after_so_many_tasks(tmp_path: Path) -> None:
    found = outcomes(Pool(well, 1, tmp_path, most_tasks=2), named(*"abcdef"))
    assert len({one.mib for one in found.values()}) == 3


def test_a_killed_process_costs_its_task_alone_and_that_only_the_second_time(tmp_path: Path) -> None:
    found = outcomes(Pool(dies, 2, tmp_path), named("a", "bad", "b", "c"))
    assert found["bad"].trouble == "bad: its process was ended from outside (is memory short?), 2 times"
    assert all(found[name].built for name in "abc")
    again = outcomes(Pool(dies_once(tmp_path), 2, tmp_path), named("a", "b"))
    assert all(one.built for one in again.values())


def test_a_process_that_hangs_is_given_up(tmp_path: Path) -> None:
    found = outcomes(Pool(hangs, 2, tmp_path, hangs_after_s=0.2), named("bad", "a"))
    assert "took too long" in found["bad"].trouble
    assert found["a"].built


def test_when_nobody_asks_any_more_no_process_stays(tmp_path: Path) -> None:
    before = set(children())
    going = Pool(hangs, 2, tmp_path).outcomes(named("a", "bad", "b"))
    next(going)
    assert set(children()) > before
    going.close()
    assert set(children()) == before


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
