"""`copyfit` as a sub-editor meets it: numbers before a piece is placed, and clear words for what is wrong."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from issue_publisher.cli import main
from typesetting.paper import texts_of

Run = Callable[..., tuple[int, str, str]]

PARAGRAPHS = (
    "今天清晨六时整，一声汽笛划过江面，停航四个月的晨渡码头重新开航。首班渡船载着一百二十六名乘客，十一分钟后抵达南岸。",
    "老人们说，江上有了汽笛，日子才算完整。",
)
PLAIN = "".join(f"\u3000\u3000{words}\n\n" for words in PARAGRAPHS)
ARTICLE = (
    '<article id="ferry">\n  <headline>晨渡码头今晨复航</headline>\n  <body>\n'
    + "".join(f"    <p>{words}</p>\n" for words in PARAGRAPHS)
    + "  </body>\n</article>\n"
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(("copyfit", *arguments))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(stopped.value.code or 0), said.out, said.err

    return run


def written(data: bytes | str, name: str = "copy.txt") -> str:
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    return name


def data_of(run: Run, *arguments: str) -> list[dict]:
    code, out, _ = run(*arguments, "--json")
    assert code == 0
    return json.loads(out)


@pytest.mark.parametrize("columns", range(1, 9))
def test_the_lines_are_those_that_typesetting_sets(run: Run, columns: int) -> None:
    (found,) = data_of(run, written(PLAIN), "--columns", str(columns))
    (width,) = found["widths"]
    measure = 13 * columns + columns - 1
    lines = [line for words in PARAGRAPHS for line in texts_of(words, measure, indent=2)]
    assert width["measure_characters"] == measure
    assert [line["text"] for line in width["set_lines"]] == lines
    assert width["lines"] == len(lines)
    assert width["depth_cm"] == pytest.approx(len(lines) * 13.5 / 72 * 2.54)
    assert found["characters"] == sum(map(len, PARAGRAPHS))
    assert found["paragraphs"] == 2


def test_legs_of_a_basic_column_share_the_lines(run: Run) -> None:
    (found,) = data_of(run, written(PLAIN * 4))
    first, *rest = found["widths"]
    assert first["legs_lines"] == first["lines"]
    for width in rest:
        assert width["legs_lines"] >= -(-first["lines"] // width["columns"])
        assert width["legs_lines"] <= -(-first["lines"] // width["columns"]) + 2


def test_notes_are_counted_and_set_at_the_end(run: Run) -> None:
    words = "汽笛响三声为开船。"
    noted = ARTICLE.replace("一声汽笛", f"一声汽笛<note>{words}</note>")
    (found,) = data_of(run, written(noted, "article.xml"), "--columns", "2")
    (plain,) = data_of(run, written(ARTICLE, "article.xml"), "--columns", "2")
    assert found["characters"] == plain["characters"] + len(words)
    lines = [line["text"] for line in found["widths"][0]["set_lines"]]
    assert lines[-1] == f"注：①{words}"
    assert any("一声汽笛①划过" in line for line in lines)
    assert (len(lines), found["paragraphs"]) == (len(plain["widths"][0]["set_lines"]) + 1, 2)


def test_a_character_that_no_face_has_is_named_in_a_note_too(run: Run) -> None:
    noted = ARTICLE.replace("一声汽笛", "一声汽笛<note>鸣\U0001f6a2</note>")
    code, _, said = run(written(noted, "article.xml"))
    assert code == 1
    assert "no face has \U0001f6a2" in said


def test_an_article_alone_and_in_an_issue_give_the_same(run: Run, repository: Path) -> None:
    alone = data_of(run, written(ARTICLE, "article.xml"))
    assert [one["name"] for one in alone] == ["ferry"]
    (plain,) = data_of(run, written(PLAIN))
    assert alone[0]["widths"] == plain["widths"]
    issue = str(repository / "source" / "2026-11-23" / "issue.xml")
    (lead,) = data_of(run, issue, "--article", "p1-lead", "--columns", "3")
    assert lead["name"] == "p1-lead"
    assert lead["widths"][0]["columns"] == 3
    assert len(data_of(run, issue, "--columns", "1")) > 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_do_not_matter(run: Run, encoding: str, end: str) -> None:
    (found,) = data_of(run, written(PLAIN.replace("\n", end).encode(encoding)))
    assert found["paragraphs"] == 2
    assert found["widths"][0]["set_lines"][0]["text"] == texts_of(PARAGRAPHS[0], 13, indent=2)[0]


def test_standard_input_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(ARTICLE.encode())))
    (found,) = data_of(run, "-")
    assert found["name"] == "ferry"


def test_the_table_and_the_lines_can_be_read(run: Run) -> None:
    code, out, _ = run(written(PLAIN), "--columns", "1,3", "--show")
    assert code == 0
    assert "77 characters" in out or f"{sum(map(len, PARAGRAPHS))} characters" in out
    rows = [line.split() for line in out.splitlines() if "cm" in line]
    assert [row[0] for row in rows] == ["1", "3"]
    for line in texts_of(PARAGRAPHS[0], 13, indent=2):
        assert line in out
    assert "−0.50" in out  # 老人们说，… gives up half an em


def test_strictness_is_the_desk_s_choice(run: Run) -> None:
    file = written("渡口" * 6 + "渡！" + "渡口" * 9)
    loose = data_of(run, file, "--columns", "1", "--strictness", "loose")
    strict = data_of(run, file, "--columns", "1", "--strictness", "strict")
    assert not any(line["text"].startswith("！") for line in strict[0]["widths"][0]["set_lines"])
    assert loose[0]["characters"] == strict[0]["characters"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "copy.txt: there is no text in it"),
        (b"\n \n", "copy.txt: there is no text in it"),
        ("渡口\n渡\x07口\n", "copy.txt:2: control character U+0007"),
        ("渡口\n渡\u200b口\n", "copy.txt:2: invisible character U+200B"),
        ("渡口\n渡\U0001f600口\n", "copy.txt:2: no face has \U0001f600"),
        ("渡口\n⼀口\n", "copy.txt:2: Kangxi radical U+2F00"),
        (b"abc\n\xff\xff\xff", "copy.txt:2: not text in UTF-8, UTF-16 or GB 18030"),
        ("<article id='a'><headline>渡</headline></article>", "copy.txt:1: "),
        ("<article", "copy.txt:1: "),
    ],
)
def test_bad_input_is_named_with_its_line(run: Run, data: bytes | str, said: str) -> None:
    code, out, err = run(written(data))
    assert code == 1
    assert not out
    assert said in err


def test_all_faults_are_said_at_once(run: Run) -> None:
    _, _, err = run(written("渡\x07口\n渡口\n渡\U0001f600口\n"))
    assert [line.split(": ")[0] for line in err.splitlines()] == ["copy.txt:1", "copy.txt:3"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("absent.txt",), 2, "absent.txt: no such file"),
        (("copy.txt", "--columns", "0"), 2, "--columns"),
        (("copy.txt", "--columns", "a-b"), 2, "--columns"),
        (("copy.txt", "--columns", "12"), 1, "broadsheet has 8"),
        (("copy.txt", "--layout", "nowhere"), 1, "there is no layout nowhere"),
        (("copy.txt", "--strictness", "wild"), 2, "wild"),
        ((".",), 2, "is a directory"),
    ],
)
def test_what_cannot_be_asked_is_said(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    written(PLAIN)
    found, _, err = run(*arguments)
    assert found == code
    assert said in err


def test_an_article_that_is_not_there(run: Run, repository: Path) -> None:
    issue = str(repository / "source" / "2026-11-23" / "issue.xml")
    code, _, err = run(issue, "--article", "nobody")
    assert code == 1
    assert "there is no article nobody" in err
