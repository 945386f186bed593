"""`index` and `search` as somebody in the archive types them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher.cli import main
from production.bound_volume import PLAN, line_of, put, week

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """In a newspaper's folder with three issues, the first of them with a page plan."""
    monkeypatch.chdir(tmp_path)
    for number in range(3):
        put(Path("source") / f"week-{number}", week(number), PLAN if number == 0 else None)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(stopped.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def indexed(run: Run) -> Run:
    assert run("index", "source")[0] == 0
    return run


def test_index_says_what_it_did(run: Run) -> None:
    assert run("index", "source") == (0, "dist/search.sqlite: 3 issues, 18 pieces (3 new)\n", "")
    assert run("index", "source")[1] == "dist/search.sqlite: 3 issues, 18 pieces (nothing new)\n"
    assert run("index", "source", "--rebuild")[1] == "dist/search.sqlite: 3 issues, 18 pieces (3 new)\n"


def test_index_names_the_issue_that_cannot_be_read(indexed: Run) -> None:
    put(Path("source/week-1"), week(1).replace("<kicker>", "<kick>", 1))
    code, out, err = indexed("index", "source")
    assert code == 1
    assert "source/week-1/issue.xml:" in err
    assert "cannot be read; the index says of it what it said before" in err
    assert out.startswith("dist/search.sqlite: 3 issues")


def test_search_shows_place_headline_and_words(indexed: Run) -> None:
    line = line_of("豆浆")
    code, out, err = indexed("search", "豆浆", "--to", "2026-03-02")
    assert (code, err) == (0, "1 found\n")
    assert out == (
        "2026-03-02 临江晨报 第1版 上部通栏  老铁桥今晨开禁\n"
        f"    source/week-0/issue.xml:{line}: 正文："
        "…人把最后一道护栏推开，等在桥头的第一个人是骑车送〔豆浆〕的摊主。桥面换成了耐候钢，不刷漆也不怕锈，一年省下油漆两吨。\n"
    )


def test_on_a_terminal_words_are_bold(indexed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    _, out, _ = indexed("search", "豆浆")
    assert "送\x1b[1m豆浆\x1b[0m的摊主" in out
    assert "〔" not in out


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("铁桥", "-豆浆"), 3),
        (("铁桥", "井"), 0),
        (("古井", "OR", "风筝"), 6),
        (("“一颗 一颗”",), 3),
        (("铁桥", "--page", "2"), 3),
        (("--author", "沈秋帆"), 3),
        (("铁桥", "--from", "2026-03-09", "--to", "2026-03-15"), 2),
        (("铁桥", "--rubric", "城事", "--paper", "临江"), 3),
    ],
)
def test_words_and_options(indexed: Run, words: tuple[str, ...], found: int) -> None:
    code, out, _ = indexed("search", *words, "--json")
    assert code == 0
    assert json.loads(out)["total"] == found


def test_json_holds_the_hit_as_data(indexed: Run) -> None:
    code, out, err = indexed("search", "铁桥", "--json", "--limit", "1", "--to", "2026-03-02")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["query"], found["total"]) == ("铁桥", 2)
    (hit,) = found["hits"]
    assert hit["article"] == "bridge"
    assert (hit["issue"], hit["date"], hit["paper"]) == ("2026-03-02", "2026-03-02", "临江晨报")
    assert (hit["page"], hit["page_title"], hit["place"], hit["columns"]) == (1, "要闻", "上部通栏", [1, 8])
    (start, end) = hit["headline_marks"][0]
    assert hit["headline"][start:end] == "铁桥"
    (start, end) = hit["snippet_marks"][0]
    assert hit["snippet"][start:end] == "铁桥"
    assert Path(hit["file"]).read_text(encoding="utf-8").splitlines()[hit["line"] - 1].count("铁桥")
    assert hit["score"] > 0


def test_nothing_found_is_no_fault(indexed: Run) -> None:
    assert indexed("search", "火车站") == (0, "", "nothing found\n")


def test_there_may_be_more_than_is_shown(indexed: Run) -> None:
    _, out, err = indexed("search", "铁桥", "--limit", "2")
    assert out.count("\n") == 4
    assert err == "the first 2 of 6 found\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no word to look for"),
        (("“铁桥",), "none closes"),
        (("铁桥", "OR"), "OR stands between"),
        (("-铁桥",), "not wanted"),
        (("《》",), "no word"),
        (("铁桥", "--pages", "2"), "No such option: --pages"),
        (("铁桥", "--from", "去年"), "去年"),
        (("铁桥", "--page", "0"), "--page"),
        (("铁桥", "--index", "source/week-0/issue.xml"), "source/week-0/issue.xml"),
        (("铁桥", "--index", "none.sqlite"), "none.sqlite: there is no index (issue-publisher index"),
    ],
)
def test_what_cannot_be_asked_is_told(indexed: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = indexed("search", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "fts5" not in err.lower()
    assert "sql" not in err.lower().replace(".sqlite", "")


def test_a_folder_without_issues_is_told(run: Run) -> None:
    code, _, err = run("index", "nowhere")
    assert code == 2
    assert "nowhere: no folder of issues" in err
