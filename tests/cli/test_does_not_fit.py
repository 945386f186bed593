"""What the desk reads when a page does not fit, before anything is made; and what --fit leaves out."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from composition.issues import NOTICE, article, figure, issue_of, paragraphs
from issue_publisher.cli import main
from issue_publisher.issue.model import Article, Briefs, Item, Paragraph, Weight, text
from issue_publisher.issue.writer import write_issue
from production.newspaper import jpeg

Run = Callable[..., tuple[int, str]]
LAYOUT = Path(__file__).resolve().parents[2] / "layouts" / "broadsheet"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Build an issue of these pages with little patience: exit code and stderr."""
    monkeypatch.chdir(tmp_path)
    own = shutil.copytree(LAYOUT, tmp_path / "layouts" / "broadsheet") / "layout.toml"
    patient = own.read_text("utf-8")
    own.write_text(
        patient.replace("\nbeam_width = 150", "\nbeam_width = 40").replace("\ntries = 160", "\ntries = 12")
    )

    def run(pages: Iterable[Iterable[Item]], *options: str) -> tuple[int, str]:
        folder = tmp_path / "source" / "2026-11-30"
        (folder / "pictures").mkdir(parents=True, exist_ok=True)
        if not (picture := folder / "pictures" / "1.jpg").exists():
            picture.write_bytes(jpeg(1920, 1260))  # each is another one
        (folder / "issue.xml").write_bytes(write_issue(issue_of(*pages)))
        with pytest.raises(SystemExit) as stopped:
            main(["build", *options, "source/2026-11-30"])
        return int(stopped.value.code or 0), capsys.readouterr().err

    return run


def line_of(tmp_path: Path, words: str) -> int:
    lines = (tmp_path / "source/2026-11-30/issue.xml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


FULL = (article("one", 4_000, 1), article("two", 4_500, 2), article("three", 3_000, 3))


def test_too_much_says_how_much_what_to_cut_and_where_there_is_room(run: Run, tmp_path: Path) -> None:
    code, err = run([FULL, [article("small", 500, 4)]], "--only", "press")
    assert code == 1
    said = re.search(
        r"issue\.xml:(\d+): page 1: its items are (\d+) lines \((\d+) characters\) too long", err
    )
    assert said is not None
    assert int(said[1]) == line_of(tmp_path, '<page number="1"')
    assert int(said[3]) == int(said[2]) * 13
    assert re.search(r"move three to page 2, where \d+ lines are free", err)
    assert f"cut about {said[2]} lines ({said[3]} characters) from two" in err
    assert not list((tmp_path / "dist").glob("*/*.pdf"))


def test_one_article_too_long_for_any_page(run: Run, tmp_path: Path) -> None:
    code, err = run([[article("flood", 40_000)]], "--only", "press")
    assert code == 1
    line = line_of(tmp_path, 'id="flood"')
    assert re.search(rf"issue\.xml:{line}: article flood is \d+ lines too long for page 1 by itself", err)
    assert "page 1: " not in err


def test_one_article_too_long_beside_others_names_page_and_article(run: Run) -> None:
    _, err = run([[article("flood", 20_000), article("small", 500, 4)]], "--only", "press")
    assert "article flood is" in err
    assert "page 1: its items are" in err


def test_too_little_is_made_with_a_warning_that_says_how_much_is_missing(run: Run) -> None:
    code, err = run([[article("short", 300)]], "--only", "press")
    assert code == 0
    assert re.search(r"warning: page 1: \d+ lines \(\d+ characters\) of text are missing", err)
    assert "give it more items" in err


def test_with_strict_too_little_is_an_error(run: Run, tmp_path: Path) -> None:
    code, err = run([[article("short", 300)]], "--only", "press", "--strict")
    assert code == 1
    assert "of text are missing" in err
    assert not list((tmp_path / "dist").glob("*/*.pdf"))


def test_one_article_for_a_whole_page(run: Run) -> None:
    body = (figure(1, columns=4), *paragraphs(6_200, 4))
    assert run([[article("all", 1, 4, weight=Weight.LEAD, body=body)]], "--only", "press")[0] == 0


def test_a_picture_wider_than_the_page(run: Run, tmp_path: Path) -> None:
    code, err = run([[article("wide", 1, body=(figure(1, columns=12), *paragraphs(900)))]], "--only", "press")
    assert code == 0
    line = line_of(tmp_path, "<figure")
    assert f"issue.xml:{line}: warning: picture pictures/1.jpg asks for 12 columns" in err


def test_an_advertisement_larger_than_the_page(run: Run, tmp_path: Path) -> None:
    large = replace(NOTICE, columns=9, depth_mm=600)
    code, err = run([[article("one", 300), large]], "--only", "press")
    assert code == 1
    line = line_of(tmp_path, "<advertisement")
    assert f"issue.xml:{line}: advertisement notice is 9 columns wide, and the page has 8" in err
    assert f"issue.xml:{line}: advertisement notice is 600 mm deep" in err


def test_a_page_without_articles(run: Run, tmp_path: Path) -> None:
    run([[article("one", 300)]], "--only", "epub")
    file = tmp_path / "source/2026-11-30/issue.xml"
    empty = re.sub("<article.*</article>", "", file.read_text("utf-8"), flags=re.DOTALL)
    file.write_text(empty, "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["build", "source/2026-11-30"])
    assert stopped.value.code == 1


def test_a_page_without_articles_but_with_advertisements_is_made(run: Run) -> None:
    code, err = run([[NOTICE]], "--only", "press")
    assert code == 0
    assert "of text are missing" in err


def test_forty_briefs(run: Run) -> None:
    briefs = tuple(article(f"b{n}", 60, n, weight=Weight.BRIEF) for n in range(40))
    two = [Briefs("a", "简明新闻", briefs[:20], line=40), Briefs("b", "一句话新闻", briefs[20:], line=41)]
    assert run([two], "--only", "press")[0] == 0
    code, err = run(
        [
            [
                Briefs(
                    "all",
                    "简明新闻",
                    tuple(replace(b, body=paragraphs(120, n)) for n, b in enumerate(briefs)),
                )
            ]
        ]
    )
    assert code == 1
    assert "divide it into two groups" in err


# --------------------------------------------------------------------------- --fit

OPTIONAL = Paragraph(text("这一段是版面放得下才登的话，放不下也不可惜。" * 52), optional=True)


def crowded() -> tuple[Article, ...]:
    """A page that a paragraph makes a little too full."""
    first = article("first", 486, 10)
    return (
        article("lead", 1_500, 1, weight=Weight.LEAD),
        article("major", 1_100, 2, weight=Weight.MAJOR, body=(figure(1, columns=2), *paragraphs(1_100, 2))),
        replace(first, body=(*first.body, OPTIONAL)),
        *(article(f"n{n}", 486 + 60 * n, 10 + n) for n in range(1, 7)),
    )


def test_a_full_page_names_what_is_optional_and_fit_leaves_it_out(run: Run, tmp_path: Path) -> None:
    code, err = run([crowded()], "--only", "press")
    assert code == 1
    assert re.search(r"build with --fit, \d+ lines are marked as optional", err)
    code, err = run([crowded()], "--fit", "--keep-plan")
    assert code == 0
    line = line_of(tmp_path, '<p optional="true">')
    assert f"issue.xml:{line}: warning: left out to fit: paragraph 4 of first, “这一段是" in err
    assert 'left_out = ["paragraph 4"]' in (tmp_path / "source/2026-11-30/page-plan.toml").read_text("utf-8")
    with zipfile.ZipFile(next((tmp_path / "dist").glob("*/*.epub"))) as book:
        words = b"".join(book.read(name) for name in book.namelist() if name.endswith("xhtml")).decode()
    assert OPTIONAL.text.plain[:20] in words
    first = next((tmp_path / "dist").glob("*/*.pdf")).read_bytes()
    code, err = run([crowded()], "--only", "press")  # by the plan: the same page, and the same words about it
    assert code == 0
    assert "left out to fit: paragraph 4 of first" in err
    assert next((tmp_path / "dist").glob("*/*.pdf")).read_bytes() == first
