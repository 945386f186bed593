"""Many issues brought up to date: what is done, what is left, what is said, whatever comes in between."""

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from issue_publisher.production import manifest
from issue_publisher.production import regenerate as module
from issue_publisher.production.build import build
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.holders import HeldError, folder_for_now, held
from issue_publisher.production.load import load
from issue_publisher.production.regenerate import Line, Watch, states_of
from issue_publisher.production.state import IssueState, State
from issue_publisher.production.work import Outcome, Task
from production.small_issues import BOOKS, alter, done, make_sources, run_all, xml_of

A, B, C = "2026-11-30", "2026-12-07", "2026-12-14"
Tree = Callable[[Path], dict[str, bytes]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three issues, one of them with a fault, regenerated once: their folder of sources."""
    source = make_sources(tmp_path_factory.mktemp("shelf"), 3)
    alter(xml_of(source, B), "pictures/river.jpg", "pictures/lake.jpg")
    run = run_all(source)
    assert done(run) == {A: "built and verified", B: "not built", C: "built and verified"}
    assert (run.catalogue, run.index) == ("2 issues", "3 issues, 3 new")
    (broken,) = (line.outcome for line in run.lines if not line.ok)
    assert broken
    assert not broken.trouble
    assert "lake.jpg" in broken.findings[0].text
    return source


@pytest.fixture
def source(made: Path, tmp_path: Path) -> Path:
    """A copy of them with all that was built."""
    shutil.copytree(made.parent, tmp_path / "paper")
    return tmp_path / "paper" / "source"


def state(source: Path, issue: str = A) -> IssueState:
    return next(one for one in states_of(source, source.parent / "dist") if one.issue == issue)


# --------------------------------------------------------------------------- how an issue stands


def test_a_list_says_how_each_issue_stands(source: Path) -> None:
    stands = state(source)
    assert (stands.state, stands.paper, stands.pages) == (State.VERIFIED, "晨渡周报", 1)
    assert stands.date == A
    assert stands.built_by == manifest.programs()["issue-publisher"]
    assert stands.verified.startswith("20")
    assert stands.size == sum(path.stat().st_size for path in (source.parent / "dist" / A).glob("*.epub"))
    assert state(source, B).state is State.BROKEN
    assert "lake.jpg" in state(source, B).why[0]


def test_times_do_not_matter_and_a_clock_set_back_neither(source: Path) -> None:
    for path in [*source.rglob("*"), *(source.parent / "dist" / A).rglob("*")]:
        os.utime(path, (4_000_000_000, 4_000_000_000))
    assert state(source).state is State.VERIFIED
    for path in source.rglob("*"):
        os.utime(path, (1, 1))
    assert state(source).state is State.VERIFIED
    assert done(run_all(source))[A] == "nothing to do"


def test_a_changed_input_is_found_and_named(source: Path) -> None:
    alter(xml_of(source, A))
    assert (state(source).state, state(source).why) == (State.CHANGED, ("issue.xml is altered",))
    alter(xml_of(source, A), "凌晨", "清晨")
    assert state(source).state is State.VERIFIED
    (source / A / "pictures" / "river.jpg").unlink()
    assert state(source).why == ("pictures/river.jpg is gone",)


def test_a_plan_that_came_since_and_another_layout_are_changes(source: Path, repository: Path) -> None:
    folder = source.parent / "layouts" / "broadsheet"
    shutil.copytree(repository / "layouts" / "broadsheet", folder)
    assert state(source).state is State.VERIFIED  # the same bytes, elsewhere
    (folder / "layout.toml").write_bytes((folder / "layout.toml").read_bytes() + b"\n")
    assert state(source).why == ("layout/layout.toml changed",)


def test_the_plan_that_the_pages_were_made_up_by_is_no_change(source: Path) -> None:
    told = source.parent / "dist" / A / manifest.NAME
    record, plan = json.loads(told.read_bytes()), b"# of these very pages\n"
    sha256 = hashlib.sha256(plan).hexdigest()
    entry = {"role": "page-plan", "name": "page-plan.toml", "size": len(plan), "sha256": sha256}
    told.write_text(json.dumps({**record, "outputs": [*record["outputs"], entry]}), "utf-8")
    for place in (source / A, told.parent):
        (place / "page-plan.toml").write_bytes(plan)
    assert state(source).state is State.BUILT
    (source / A / "page-plan.toml").write_bytes(plan + plan)
    assert state(source).why == ("page-plan.toml new",)


def test_an_output_altered_by_one_byte_is_found_though_its_times_are_the_same(source: Path) -> None:
    book = source.parent / "dist" / A / f"{A}.epub"
    assert state(source).state is State.VERIFIED  # and its hash is remembered
    status, data = book.stat(), bytearray(book.read_bytes())
    data[len(data) // 2] ^= 1
    book.write_bytes(data)
    os.utime(book, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert state(source).state is State.BROKEN
    assert state(source).why[0].endswith(f"{A}.epub: is altered")
    book.write_bytes(data[:-1])
    assert "bytes instead of" in state(source).why[0]
    book.unlink()
    assert state(source).why[0].endswith("is gone")
    assert done(run_all(source))[A] == "built and verified"


def test_a_manifest_edited_by_hand_is_found(source: Path) -> None:
    told = source.parent / "dist" / A / manifest.NAME
    told.write_bytes(told.read_bytes().replace(b'"size": ', b'"size": 1', 1))
    assert state(source).state in (State.CHANGED, State.BROKEN)
    told.write_bytes(b'{"format": 1')
    assert (state(source).state, state(source).roles) == (State.BROKEN, frozenset())
    assert "not JSON" in state(source).why[0]


def test_a_check_holds_for_its_own_manifest_alone(source: Path) -> None:
    result = source.parent / "dist" / A / "verification.json"
    told = json.loads(result.read_bytes())
    result.write_text(json.dumps({**told, "manifest": "0" * 64}))
    assert state(source).state is State.BUILT
    result.write_text(json.dumps({**told, "good": False, "findings": 2}))
    assert (state(source).state, state(source).verified) == (State.BROKEN, "")
    result.write_bytes(b"{")
    assert state(source).state is State.BUILT
    assert done(run_all(source))[A] == "verified"


def test_what_is_remembered_may_be_lost_or_damaged(source: Path) -> None:
    records = source.parent / "dist" / ".regenerate" / "issues"
    (records / f"{A}.json").write_bytes(b"[]")
    (records / f"{C}.json").unlink()
    assert state(source).state is State.VERIFIED
    assert state(source, C).state is State.VERIFIED


def test_other_versions_are_told_and_built_anew_on_demand(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = {**manifest.programs(), "WeasyPrint": "71.0"}
    monkeypatch.setattr(manifest, "programs", lambda: later)
    assert state(source).state is State.VERIFIED
    assert state(source).programs_differ == "WeasyPrint 70.0 (today 71.0)"
    run = module.regenerate(source, source.parent / "dist", BOOKS, jobs=1, work=well)
    assert {line.before.issue for line in run.worked} == {B}
    run = module.regenerate(source, source.parent / "dist", replace(BOOKS, programs=True), jobs=1, work=well)
    assert {line.before.issue for line in run.worked} == {A, B, C}


# --------------------------------------------------------------------------- a run


def well(task: Task) -> Outcome:
    return Outcome(task.issue, built=True, verified=True)


def full(task: Task) -> Outcome:
    return Outcome(task.issue, trouble=f"{task.dist}: cannot be written: the disk is full")


def test_only_what_does_not_stand_is_done_and_the_rest_is_as_it_was(source: Path, tree: Tree) -> None:
    dist = source.parent / "dist"
    before = tree(dist / C)
    alter(xml_of(source, A))
    alter(xml_of(source, B), "pictures/lake.jpg", "pictures/river.jpg")
    run = run_all(source)
    assert run.ok
    assert done(run) == {A: "built and verified", B: "built and verified", C: "nothing to do"}
    assert (run.catalogue, run.index) == ("3 issues", "3 issues, 2 changed")
    assert tree(dist / C) == before
    again = run_all(source)
    assert not again.worked
    assert (again.catalogue, again.index) == ("as it was", "3 issues, as it was")
    assert not [path for path in dist.rglob(".*") if path.name != ".regenerate"]


def test_the_same_bytes_as_build_gives(source: Path, tmp_path: Path, tree: Tree) -> None:
    loaded = load(source / A).source
    assert loaded is not None
    build(loaded, tmp_path / "one", BOOKS.outputs)
    made = tree(source.parent / "dist" / A)
    del made["verification.json"]
    assert tree(tmp_path / "one" / A) == made


def test_an_issue_that_goes_leaves_the_index(source: Path) -> None:
    shutil.rmtree(source / C)
    assert run_all(source).index == "2 issues, 1 gone"


def test_outputs_that_were_never_asked_for_are_built_when_they_are(source: Path) -> None:
    wanted = replace(BOOKS, outputs=module.ALL_OUTPUTS)
    run = module.regenerate(source, source.parent / "dist", wanted, jobs=1, work=well)
    assert {line.before.issue for line in run.worked} == {A, B, C}


def test_two_issues_with_one_id_do_not_overwrite_each_other(source: Path) -> None:
    shutil.copytree(source / A, source / "copy")
    run = run_all(source)
    (line,) = (line for line in run.lines if line.before.name == "copy")
    assert not run.ok
    assert line.outcome
    assert f"the id {A} is also that of" in line.outcome.findings[0].text


def test_two_at_once_and_what_a_killed_run_left(source: Path) -> None:
    dist = source.parent / "dist"
    half = dist / ".building-x1"
    half.mkdir()
    (half / "a.pdf").write_bytes(b"%PDF")
    (dist / A / f".verification.json.{_dead_process()}").write_bytes(b"{")
    with (
        held(dist / ".regenerate" / "lock", "regenerate"),
        pytest.raises(HeldError, match=f"process {os.getpid()} of"),
    ):
        run_all(source)
    assert half.exists()
    run = run_all(source)
    assert not half.exists()
    assert [
        "2 half-finished folders or files of a killed run cleared away" in words for words in run.said
    ] == [True]
    assert not list((dist / A).glob(".*"))


def _dead_process() -> int:
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)
    return process


def _sleeps(task: Task) -> Outcome:
    time.sleep(60)
    return Outcome(task.issue)


def test_an_issue_that_takes_longer_than_the_limit_is_given_up(tmp_path: Path) -> None:
    source = make_sources(tmp_path, 1)
    run = module.regenerate(source, tmp_path / "dist", replace(BOOKS, limit_s=0.2), jobs=1, work=_sleeps)
    (line,) = run.lines
    assert line.outcome is not None
    assert "took too long and was given up" in f"{line.outcome.findings}{line.outcome.trouble}"
    assert not run.ok


def test_a_machine_that_fails_again_and_again_stops_the_run(tmp_path: Path) -> None:
    source = make_sources(tmp_path, 6)
    run = module.regenerate(source, tmp_path / "dist", BOOKS, jobs=1, work=full)
    assert len(run.worked) == 3
    assert run.trouble[0] == "stopped: 3 issues in a row failed through the machine; 3 are left"
    assert {one.state for one in states_of(source, tmp_path / "dist")} == {State.NEW}  # no fault of theirs


def test_a_folder_that_cannot_be_written_or_holds_nothing_is_said(tmp_path: Path) -> None:
    source = make_sources(tmp_path, 1)
    (tmp_path / "dist").write_text("a file")
    with pytest.raises(EnvironmentFault, match="cannot be written: "):
        run_all(source)
    with pytest.raises(EnvironmentFault, match="no folder of issues"):
        run_all(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EnvironmentFault, match=r"no issue\.xml in any folder below"):
        run_all(tmp_path / "empty")


def test_a_disk_that_can_only_be_read(source: Path, tree: Tree) -> None:
    """Where we may mount one."""
    dist = source.parent / "dist"
    if (
        os.system(f"mount --bind {dist} {dist} 2>/dev/null && mount -o remount,ro,bind {dist} 2>/dev/null")
        != 0
    ):
        pytest.skip("may not mount here")
    try:
        before = tree(dist)
        alter(xml_of(source, A))
        assert state(source).state is State.CHANGED
        with pytest.raises(EnvironmentFault, match=os.strerror(errno.EROFS).lower()):
            run_all(source)
        assert tree(dist) == before
    finally:
        assert os.system(f"umount {dist}") == 0


def test_a_disk_that_is_full(tmp_path: Path, tree: Tree) -> None:
    """A file system of a few pages, where we may mount one."""
    source, dist = make_sources(tmp_path, 1), tmp_path / "dist"
    dist.mkdir()
    if os.system(f"mount -t tmpfs -o size=32k none {dist} 2>/dev/null") != 0:
        pytest.skip("may not mount here")
    try:
        run = run_all(source)
        (line,) = run.lines
        assert line.outcome
        assert "the disk is full" in line.outcome.trouble
        assert not run.ok
        assert not [name for name in tree(dist) if name.endswith((".epub", ".pdf", "manifest.json"))]
        assert states_of(source, dist)[0].state is State.NEW
    finally:
        assert os.system(f"umount {dist}") == 0


def slow(task: Task) -> Outcome:
    if task.issue != A:
        with folder_for_now(".building-", Path(task.dist)):
            time.sleep(600)
    return well(task)


def test_a_run_that_is_interrupted_ends_its_processes_and_leaves_nothing(tmp_path: Path) -> None:
    source, dist = make_sources(tmp_path, 3), tmp_path / "dist"
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text()

    def interrupt(_line: Line, _left: int) -> None:
        while not list(dist.glob(".building-*")):
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        module.regenerate(source, dist, BOOKS, jobs=2, watch=Watch(done=interrupt), work=slow)
    assert children.read_text() == before
    assert [path.name for path in dist.iterdir()] == [".regenerate"]
    with held(dist / ".regenerate" / "lock", "regenerate") as said:
        assert not said
