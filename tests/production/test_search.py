"""The search index as readers and archivists use it: what is found, and what happens to the file."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issue_publisher.archive.folding import fold
from issue_publisher.archive.pieces import pieces_of
from issue_publisher.archive.query import Query, read_query
from issue_publisher.issue.reader import read_issue
from issue_publisher.production import index_file
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.index import Indexed, update_index
from issue_publisher.production.search import Filters, Found, Hit, search
from production.bound_volume import ISSUE, PAPER, PLAN, line_of, put, week

FORK = multiprocessing.get_context("fork")


def find(index: Path, asked: str, limit: int = 50, **filters: object) -> Found:
    return search(index, read_query(asked) if asked else None, Filters(**filters), limit)  # type: ignore[arg-type]


def ids(index: Path, asked: str, **filters: object) -> list[str]:
    return [hit.id for hit in find(index, asked, **filters).hits]


def only(index: Path, asked: str) -> Hit:
    (hit,) = find(index, asked).hits
    return hit


def answers(index: Path) -> list[Found]:
    """What an index says to a handful of questions."""
    return [
        find(index, asked) for asked in ("铁桥", "的", "井 OR 渡口", "江滩", "工段", "零零三号", "本报讯 -茶")
    ]


def sound(index: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file nor with the full-text index."""
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        return connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one issue with a page plan. Nothing may be changed in it."""
    folder = tmp_path_factory.mktemp("paper")
    put(folder / "source" / "2026-03-02", plan=PLAN)
    update_index(folder / "dist" / "search.sqlite", [folder / "source"])
    return folder / "dist" / "search.sqlite"


# --------------------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("铁桥", ["bridge", "ferry"]),  # a word of two characters; the headline before the body
        ("桥头的第一个人是骑车", ["bridge"]),  # across a line break of the XML
        ("欧阳溪亭", ["bridge"]),  # a name that no dictionary knows
        ("阳溪", ["bridge"]),
        ("不刷漆", ["bridge"]),  # across the end of an element
        ("fe3p", ["bridge"]),
        ("铆子", ["bridge"]),
        ("怕锈，一年", ["bridge"]),  # across a note
        ("锈层致密，能挡住后面的锈", ["bridge"]),  # inside it
        ("老铁桥今晨", ["bridge"]),  # across a break of the headline
        ("封闭改造", ["bridge"]),
        ("自行车先走", ["bridge"]),
        ("铃声", ["bridge"]),  # a caption
        ("晨雾", ["bridge"]),  # its words for who cannot see it
        ("六十二米", ["bridge"]),  # a table
        ("桥的几个数", ["bridge"]),
        ("渡", ["ferry", "bridge"]),
        ("水在桥下停", ["ferry"]),
        ("记于北岸", ["ferry"]),
        ("开秤", ["brief-tea"]),  # each brief on its own
        ("简讯", ["brief-well", "brief-tea"]),
        ("放鸢人", ["kites"]),
        ("顾照野", ["kites", "bridge"]),
        ("检修管道", ["notice"]),
        ("锈 豆浆", ["bridge"]),
        ("江 -豆浆 -茶", ["kites", "ferry"]),
        ("井 OR 风筝", ["kites", "brief-well"]),
        ("“一颗 一颗”", ["bridge"]),
        ("漆锈", []),
        ("今晨行人", []),  # headline and deck do not run together
        ("走水", []),  # nor two lines of verse
    ],
)
def test_what_a_reader_looks_for_is_found(index: Path, asked: str, found: list[str]) -> None:
    assert ids(index, asked) == found


PIECES = tuple(pieces_of(read_issue(ISSUE.encode(), "issue.xml"), {}))


@given(st.data())
def test_any_run_of_characters_finds_the_piece_that_it_stands_in(index: Path, data: st.DataObject) -> None:
    piece = data.draw(st.sampled_from(PIECES))
    words = data.draw(st.sampled_from(piece.passages)).words
    start = data.draw(st.integers(0, len(words) - 1))
    run = fold(words[start : start + data.draw(st.integers(1, 12))])
    if run:
        found = search(index, Query(((run,),)), Filters(), 50).hits
        assert piece.id in [hit.id for hit in found]
        assert all(hit.headline.marks or (hit.snippet and hit.snippet.text.marks) for hit in found)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"page": 2}, ["ferry"]),
        ({"author": "李渡"}, ["bridge"]),
        ({"author": "秋帆"}, ["ferry"]),
        ({"rubric": "城事"}, ["bridge"]),
        ({"paper": "临江"}, ["bridge", "ferry"]),
        ({"paper": "临海"}, []),
        ({"since": date(2026, 3, 2), "until": date(2026, 3, 2)}, ["bridge", "ferry"]),
        ({"since": date(2026, 3, 3)}, []),
        ({"until": date(2026, 3, 1)}, []),
    ],
)
def test_filters(index: Path, filters: dict[str, object], found: list[str]) -> None:
    assert ids(index, "铁桥", **filters) == found


def test_filters_alone_list_pieces_in_order_of_pages(index: Path) -> None:
    everything = ["bridge", "brief-tea", "brief-well", "ferry", "kites", "notice"]
    assert ids(index, "", paper=PAPER) == everything
    found = find(index, "", paper=PAPER, limit=2)
    assert (found.total, len(found.hits)) == (6, 2)
    assert found.hits[0].snippet is not None
    assert found.hits[0].snippet.text.words.startswith("清晨五点四十分")


def test_a_hit_says_where_it_stands(index: Path) -> None:
    hit = only(index, "豆浆")
    assert (hit.paper, hit.date, hit.page, hit.page_title) == (PAPER, date(2026, 3, 2), 1, "要闻")
    assert (hit.place, hit.columns) == ("上部通栏", (1, 8))
    assert (hit.kind, hit.genre, hit.rubric) == ("article", "news", "城事")
    assert hit.authors == ("欧阳溪亭", "李渡")
    assert hit.headline.words == "老铁桥今晨开禁"
    assert hit.snippet is not None
    assert "骑车送〔豆浆〕的摊主" in hit.snippet.text.shown("〔", "〕")
    assert hit.line == line_of("豆浆")
    assert hit.file.endswith("source/2026-03-02/issue.xml")


@pytest.mark.parametrize(
    ("asked", "place", "columns"),
    [
        ("开秤", "右下", (6, 8)),  # a brief stands where its group does
        ("船老大", "", (1, 3)),  # the plan says no more
        ("放鸢", "", (4, 8)),
        ("管道", "", None),  # the plan does not know it
    ],
)
def test_a_place_is_as_exact_as_the_plan(
    index: Path, asked: str, place: str, columns: tuple[int, int] | None
) -> None:
    hit = only(index, asked)
    assert (hit.place, hit.columns) == (place, columns)


@pytest.mark.parametrize(
    "words",
    ["老铁桥", "豆浆", "后面的锈", "致密", "Fe3P", "全桥三万颗", "铃声", "照野", "主跨", "李渡", "城事"],
)
def test_the_line_is_that_of_the_words(index: Path, words: str) -> None:
    written = {"Fe3P": "Fe<sub>", "照野": "顾照野", "老铁桥": "老铁桥", "铃声": "铃声"}.get(words, words)
    assert find(index, words).hits[-1 if words == "照野" else 0].line == line_of(written)


def test_the_newest_of_equals_comes_first(tmp_path: Path) -> None:
    for number in range(3):
        put(tmp_path / "source" / str(number), week(number))
    update_index(tmp_path / "i.sqlite", [tmp_path / "source"])
    hits = find(tmp_path / "i.sqlite", "检修管道").hits
    assert [hit.date.isoformat() for hit in hits] == ["2026-03-16", "2026-03-09", "2026-03-02"]


# --------------------------------------------------------------------------- kept in step


def counts(made: Indexed) -> tuple[int, int, int, int]:
    return made.added, made.refreshed, made.removed, made.unchanged


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for number in range(3):
        put(tmp_path / "source" / f"week-{number}", week(number))
    return tmp_path / "source"


@pytest.fixture
def made(source: Path, tmp_path: Path) -> Path:
    """An index of three issues."""
    index = tmp_path / "dist" / "search.sqlite"
    assert counts(update_index(index, [source])) == (3, 0, 0, 0)
    return index


def test_only_what_has_changed_is_done_again(source: Path, made: Path) -> None:
    assert counts(update_index(made, [source])) == (0, 0, 0, 3)
    put(source / "week-1", week(1).replace("豆浆", "油条"))
    put(source / "week-2", week(2), PLAN.replace("2026-03-02", "2026-03-16"))
    shutil.rmtree(source / "week-0")
    put(source / "2026" / "week-3", week(3))
    put(source / ".kept" / "week-4", week(4))
    assert counts(update_index(made, [source])) == (1, 2, 1, 0)
    assert ids(made, "油条") == ["bridge"]
    assert [hit.issue for hit in find(made, "豆浆").hits] == ["2026-03-23", "2026-03-16"]
    assert [hit.place for hit in find(made, "豆浆").hits] == ["", "上部通栏"]
    assert sound(made)


def test_an_issue_alone_leaves_the_others_as_they_are(source: Path, made: Path, tmp_path: Path) -> None:
    put(source / "week-1", week(1).replace("豆浆", "油条"))
    put(source / "week-2", week(2).replace("豆浆", "油条"))
    assert counts(update_index(made, [source / "week-1"])) == (0, 1, 0, 0)
    assert find(made, "油条").total == 1
    put(tmp_path / "other" / "week-9", week(9))
    assert counts(update_index(made, [tmp_path / "other"])) == (1, 0, 0, 0)
    assert find(made, "检修管道").total == 4


def test_an_issue_that_was_renamed_is_there_once(source: Path, made: Path) -> None:
    (source / "week-1").rename(source / "week-one")
    assert counts(update_index(made, [source / "week-one"])) == (1, 0, 1, 0)
    assert find(made, "检修管道").total == 3


def test_an_issue_that_cannot_be_read_keeps_its_entry(source: Path, made: Path) -> None:
    before = answers(made)
    put(source / "week-1", week(1).replace("</page>", "", 1))
    put(source / "week-7", "这不是 XML")
    done = update_index(made, [source])
    assert counts(done) == (0, 0, 0, 2)
    kept, left_out = (f for f in done.findings if f.code == "index")
    assert "before" in kept.message
    assert "left out" in left_out.message
    assert any(f.line and f.severity == "error" for f in done.findings)
    assert answers(made) == before


def test_a_rebuild_gives_the_same_answers(source: Path, made: Path, tmp_path: Path) -> None:
    for number in (2, 0, 1):  # in another order than the first time
        put(source / f"week-{number}", week(number).replace("豆浆", "油条"))
        update_index(made, [source / f"week-{number}"])
    before = answers(made)
    done = update_index(made, [source], rebuild=True)
    assert (done.issues, done.added, done.pieces) == (3, 3, 18)
    assert answers(made) == before
    update_index(tmp_path / "dist" / "other.sqlite", [source])
    assert answers(tmp_path / "dist" / "other.sqlite") == before


def test_a_folder_that_is_moved_with_its_sources_still_answers(made: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    shutil.move(made.parent, moved / "dist")
    shutil.move(tmp_path / "source", moved / "source")
    hit = find(moved / "dist" / "search.sqlite", "零零二号").hits[0]
    assert Path(hit.file) == moved / "source" / "week-2" / "issue.xml"


@pytest.mark.parametrize("what", ["nothing there", "no issue", "a file"])
def test_a_folder_without_issues_is_an_error(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "source"
    if what == "no issue":
        folder.mkdir()
    elif what == "a file":
        folder.write_text("")
    with pytest.raises(EnvironmentFault, match="source"):
        update_index(tmp_path / "i.sqlite", [folder])


# --------------------------------------------------------------------------- the file


def ruined_head(index: Path) -> None:
    index.write_bytes(b"\0" * 100 + index.read_bytes()[100:])


def cut_off(index: Path) -> None:
    index.write_bytes(index.read_bytes()[: index.stat().st_size // 2])


def ruined_inside(index: Path) -> None:
    data = index.read_bytes()
    index.write_bytes(data[:8192] + b"\xa5" * (len(data) - 12288) + data[-4096:])


@pytest.mark.parametrize("ruin", [ruined_head, cut_off, ruined_inside])
def test_a_damaged_index_is_told_and_made_anew(source: Path, made: Path, ruin: object) -> None:
    before = answers(made)
    ruin(made)  # type: ignore[operator]
    with pytest.raises(EnvironmentFault, match=r"damaged.*issue-publisher index"):
        answers(made)
    done = update_index(made, [source])
    assert "damaged" in done.said[0]
    assert done.added == 3
    assert answers(made) == before
    assert made.with_name("search.sqlite.damaged").is_file()
    assert sorted(path.name for path in made.parent.iterdir()) == ["search.sqlite", "search.sqlite.damaged"]


@pytest.mark.parametrize("change", ["UPDATE meta SET value = '0'", "DROP TABLE meta", "DELETE FROM meta"])
def test_an_index_of_another_version_is_told_and_made_anew(source: Path, made: Path, change: str) -> None:
    before = answers(made)
    with closing(sqlite3.connect(made)) as connection, connection:
        connection.execute(change)
    with pytest.raises(EnvironmentFault, match=r"another version.*issue-publisher index"):
        answers(made)
    done = update_index(made, [source])
    assert "another version" in done.said[0]
    assert answers(made) == before
    assert update_index(made, [source]).said == ()


def test_what_is_no_index_of_ours_is_left_alone(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE letters (words TEXT)")
    xml = source / "week-0" / "issue.xml"
    for file in (other, xml):
        before = file.read_bytes()
        with pytest.raises(EnvironmentFault, match="--index names another file"):
            update_index(file, [source])
        with pytest.raises(EnvironmentFault):
            answers(file)
        assert file.read_bytes() == before
    assert sorted(path.name for path in xml.parent.iterdir()) == ["issue.xml"]


def test_no_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"no index \(issue-publisher index"):
        answers(tmp_path / "search.sqlite")
    (tmp_path / "search.sqlite").touch()
    with pytest.raises(EnvironmentFault, match="no search index"):
        answers(tmp_path / "search.sqlite")
    assert (tmp_path / "search.sqlite").read_bytes() == b""


def test_searching_changes_nothing(made: Path) -> None:
    before = made.read_bytes()
    answers(made)
    assert made.read_bytes() == before
    assert [path.name for path in made.parent.iterdir()] == ["search.sqlite"]


def test_a_full_disk_is_told_and_the_index_is_as_it_was(
    source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answers(made)
    put(source / "week-3", week(3).replace("</p>", "汛期的江水一日三涨。" * 500 + "</p>"))
    opened = index_file._opened

    def opened_on_a_full_disk(path: Path) -> tuple[sqlite3.Connection, str]:
        connection, words = opened(path)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection, words

    with monkeypatch.context() as patch:
        patch.setattr(index_file, "_opened", opened_on_a_full_disk)
        with pytest.raises(EnvironmentFault, match="disk is full"):
            update_index(made, [source])
    assert answers(made) == before
    assert sound(made)
    assert counts(update_index(made, [source])) == (1, 0, 0, 3)


@pytest.fixture
def on_a_shelf(made: Path) -> Iterator[Path]:
    """An index in a folder where nobody may write."""
    shelf = Path(tempfile.mkdtemp())
    index = Path(shutil.copy(made, shelf))
    index.chmod(0o444)
    shelf.chmod(0o555)
    yield index
    shelf.chmod(0o755)
    shutil.rmtree(shelf)


def in_child(work: object) -> int:
    """Do something in a process of its own that may write only what everybody may; 0 when it is true."""

    def run() -> None:
        if os.geteuid() == 0:
            os.seteuid(65534)
        os._exit(0 if work() else 1)  # type: ignore[operator]

    child = FORK.Process(target=run)
    child.start()
    child.join(60)
    return child.exitcode if child.exitcode is not None else 99


def test_an_index_that_can_only_be_read_answers_and_is_not_written(made: Path, on_a_shelf: Path) -> None:
    totals = [found.total for found in answers(made)]
    assert in_child(lambda: [found.total for found in answers(on_a_shelf)] == totals) == 0

    def refused() -> bool:
        try:
            update_index(on_a_shelf, [Path(__file__).parent])
        except EnvironmentFault as fault:
            return "search.sqlite: " in str(fault)
        return False

    assert in_child(refused) == 0


# --------------------------------------------------------------------------- several at once, and killed


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four issues."""
    folder = tmp_path_factory.mktemp("year")
    for number in range(24):
        put(folder / "source" / f"{number:03}", week(number), PLAN)
    update_index(folder / "dist" / "fresh.sqlite", [folder / "source"])
    return folder


def test_two_processes_at_once_do_no_harm(year: Path) -> None:
    index = year / "dist" / "two.sqlite"
    children = [FORK.Process(target=update_index, args=(index, [year / "source"])) for _ in range(3)]
    for child in children:
        child.start()
    totals: list[int] = []
    while any(child.is_alive() for child in children):
        if index.is_file():
            with suppress(EnvironmentFault):  # until its tables are there
                totals.append(find(index, "检修管道", limit=100).total)
        time.sleep(0.01)
    assert totals == sorted(totals)
    assert totals
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert sound(index)
    assert answers(index) == answers(year / "dist" / "fresh.sqlite")


@pytest.mark.parametrize("rebuild", [False, True])
def test_killed_at_any_moment_the_index_is_whole_and_the_next_run_goes_on(year: Path, rebuild: bool) -> None:
    index = year / "dist" / f"killed-{rebuild}.sqlite"
    if rebuild:
        shutil.copy(year / "dist" / "fresh.sqlite", index)
    fresh = answers(year / "dist" / "fresh.sqlite")
    killed = 0
    for wait in (0.01, 0.03, 0.05, 0.08, 0.12, 0.17):
        child = FORK.Process(
            target=update_index, args=(index, [year / "source"]), kwargs={"rebuild": rebuild}
        )
        child.start()
        child.join(wait)
        if child.is_alive() and child.pid:
            os.kill(child.pid, signal.SIGKILL)
            killed += 1
        child.join()
        if rebuild:
            assert answers(index) == fresh
        elif index.is_file() and index.stat().st_size:
            with closing(sqlite3.connect(index)) as connection:
                pieces = "SELECT count(*) FROM piece GROUP BY issue"
                table = "SELECT count(*) FROM sqlite_schema WHERE name = 'piece'"
                if connection.execute(table).fetchone()[0]:
                    assert {row[0] for row in connection.execute(pieces)} <= {6}
    assert killed
    update_index(index, [year / "source"])
    assert sound(index)
    assert answers(index) == fresh


def test_an_issue_that_changes_while_it_is_read_is_read_again(
    source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(source / "week-1", week(1).replace("豆浆", "油条"))

    def read(data: bytes, file: str) -> object:
        if "油条" in data.decode():
            put(source / "week-1", week(1).replace("豆浆", "烧饼"))
        return read_issue(data, file)

    monkeypatch.setattr("issue_publisher.production.index.read_issue", read)
    assert counts(update_index(made, [source])) == (0, 1, 0, 2)
    assert (find(made, "油条").total, find(made, "烧饼").total) == (0, 1)


def test_answers_are_values(index: Path) -> None:
    found = find(index, "铁桥")
    assert replace(found) == find(index, "铁桥")
