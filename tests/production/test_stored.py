"""regenerate where sources and outputs lie in a store: fsspec's own memory, and a disk named by a URL."""

import json
import shutil
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest

from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.regenerate import Run, Wanted
from issue_publisher.production.store import Store
from issue_publisher.production.stored import do_anywhere, issues_in, regenerate_stored
from issue_publisher.production.work import Outcome, Task
from production.small_issues import BOOKS, alter, done, make_sources, run_all

MEMORY = "memory://bucket/晨渡/source"
OUT = "memory://bucket/晨渡/dist"
UNVERIFIED = replace(BOOKS, verify=False)
FIRST, SECOND = "2026-11-30", "2026-12-07"


class Here:
    """A crew of one: this process, which alone sees its memory."""

    size = 1

    def outcomes(self, tasks: Iterable[Task]) -> Generator[tuple[Task, Outcome], None, None]:
        for task in tasks:
            yield task, do_anywhere(task)


_put = Store.put


def until_manifest(self: Store, name: str, data: bytes) -> None:
    if name.endswith("manifest.json"):
        raise KeyboardInterrupt
    _put(self, name, data)


class Breaks(Here):
    """Ends as a killed worker does: while outputs are put back, before the manifest."""

    def outcomes(self, tasks: Iterable[Task]) -> Generator[tuple[Task, Outcome], None, None]:
        for task in tasks:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Store, "put", until_manifest)
                do_anywhere(task)
            yield task, Outcome(task.issue)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """Two issues in a store that this process remembers, and the folder that they came from."""
    source = make_sources(tmp_path, 2)
    store = fsspec.filesystem("memory")
    store.store.clear()
    for path in sorted(one for one in source.rglob("*") if one.is_file()):
        Store(MEMORY).put(path.relative_to(source).as_posix(), path.read_bytes())
    yield source
    store.store.clear()


def run(wanted: Wanted = UNVERIFIED, source: str = MEMORY, dist: str = OUT) -> Run:
    return regenerate_stored(source, dist, wanted, crew=Here())


def put_back(source: Path, issue: str) -> None:
    Store(MEMORY).put(f"{issue}/issue.xml", (source / issue / "issue.xml").read_bytes())


def test_a_store_gets_what_a_disk_gets_and_then_stands(memory: Path) -> None:
    assert done(run(BOOKS)) == {FIRST: "built and verified", SECOND: "built and verified"}
    run_all(memory)
    made = Store(OUT)
    for issue in (FIRST, SECOND):
        names = [f"{issue}/{issue}.epub", f"{issue}/manifest.json"]
        assert [made.read([name])[name] for name in names] == [
            (memory.parent / "dist" / name).read_bytes() for name in names
        ]
    again = run(BOOKS)
    assert done(again) == {FIRST: "nothing to do", SECOND: "nothing to do"}
    assert again.ok


def test_what_was_touched_is_looked_at_and_what_is_other_is_built(memory: Path) -> None:
    run()
    put_back(memory, FIRST)  # the same bytes, written anew
    alter(memory / SECOND / "issue.xml")
    put_back(memory, SECOND)
    assert done(run()) == {FIRST: "looked at", SECOND: "built"}
    book = f"{FIRST}/{FIRST}.epub"
    Store(OUT).put(book, Store(OUT).read([book])[book] + b" ")
    assert done(run()) == {FIRST: "built", SECOND: "nothing to do"}
    assert done(run(replace(UNVERIFIED, everything=True)))[SECOND] == "built"


def test_an_issue_whose_worker_died_before_the_manifest_is_not_done(memory: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        regenerate_stored(MEMORY, OUT, UNVERIFIED, crew=Breaks())
    assert f"{FIRST}/{FIRST}.epub" in Store(OUT).files()
    assert f"{FIRST}/manifest.json" not in Store(OUT).files()
    assert done(run()) == {FIRST: "built", SECOND: "built"}


def test_findings_name_the_store_and_one_broken_issue_does_not_stop_the_rest(memory: Path) -> None:
    alter(memory / FIRST / "issue.xml", "</headline>", "")
    put_back(memory, FIRST)
    found = run()
    assert done(found) == {FIRST: "not built", SECOND: "built"}
    outcome = found.lines[0].outcome
    assert outcome is not None
    assert outcome.findings[0].text.startswith(f"{MEMORY.replace('//', '///')}/{FIRST}/issue.xml:")


def test_the_id_of_another_issue_is_an_error(memory: Path) -> None:
    run()
    alter(memory / SECOND / "issue.xml", f'id="{SECOND}"', f'id="{FIRST}"')
    put_back(memory, SECOND)
    found = run()
    assert done(found)[SECOND] == "not built"
    outcome = found.lines[1].outcome
    assert outcome is not None
    assert f"the id {FIRST} is also that of {MEMORY}/{FIRST}" in outcome.findings[0].text.replace("///", "//")


def test_a_layout_of_the_newspapers_own_comes_along(memory: Path, repository: Path) -> None:
    own = Store("memory://bucket/晨渡/layouts/broadsheet")
    shipped = repository / "layouts" / "broadsheet"
    for path in sorted(shipped.rglob("*")):
        if path.is_file():
            own.put(path.relative_to(shipped).as_posix(), path.read_bytes())
    fsspec.filesystem("memory").rm(f"/bucket/晨渡/source/{SECOND}", recursive=True)
    run()
    told = json.loads(Store(OUT).read([f"{FIRST}/manifest.json"])[f"{FIRST}/manifest.json"])
    style = next(name for name in own.files() if name.endswith(".css") and "ebook" in name)
    own.put(style, own.read([style])[style] + b"\nem { color: #123456 }\n")
    assert done(run()) == {FIRST: "built"}
    now = json.loads(Store(OUT).read([f"{FIRST}/manifest.json"])[f"{FIRST}/manifest.json"])
    assert [entry["name"] for entry in now["inputs"] if entry not in told["inputs"]] == [f"layout/{style}"]


def test_a_disk_named_by_a_url_and_processes_of_this_machine(tmp_path: Path) -> None:
    source, dist = make_sources(tmp_path, 2), tmp_path / "dist"
    found = regenerate_stored(f"file://{source}", f"file://{dist}", UNVERIFIED, jobs=2)
    assert done(found) == {FIRST: "built", SECOND: "built"}
    shutil.rmtree(dist / ".regenerate")  # then the bytes themselves are looked at
    assert done(regenerate_stored(f"file://{source}", f"file://{dist}", UNVERIFIED, crew=Here())) == {
        FIRST: "looked at",
        SECOND: "looked at",
    }
    assert not [path for path in dist.rglob(".*") if path.is_file()]


def test_issues_are_told_from_a_listing() -> None:
    names = (
        "a/issue.xml",
        "a/pictures/1.jpg",
        "a/old/issue.xml",
        "b/2/issue.xml",
        ".c/issue.xml",
        "d/x",
        "e/.f",
    )
    found = issues_in(dict.fromkeys(names, ""))
    assert {name: sorted(files) for name, files in found.items()} == {
        "a": ["issue.xml", "old/issue.xml", "pictures/1.jpg"],
        "b/2": ["issue.xml"],
    }


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("memory://bucket/nothing", "no issue.xml in any folder below"),
        ("nosuch://bucket/source", "cannot be opened"),
    ],
)
def test_a_store_that_has_nothing_or_cannot_be_had(url: str, said: str) -> None:
    with pytest.raises(EnvironmentFault, match=said):
        run(source=url)


def test_a_name_that_leads_out_of_the_folder_is_refused() -> None:
    store = fsspec.filesystem("memory")
    store.store.clear()
    store.pipe_file("/bucket/晨渡/source/a/issue.xml", b"")
    store.store["/bucket/晨渡/source/a/../../x"] = store.store["/bucket/晨渡/source/a/issue.xml"]
    with pytest.raises(EnvironmentFault, match="leads out of its folder"):
        run()
    store.store.clear()
