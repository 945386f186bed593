"""An issue written as a labelled transcript reads back the same, and says what plain text cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issue.strategies import issues
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Figure, Issue, Text, Verse
from issue_publisher.issue.reader import read_issue
from issue_publisher.issue.writer import write_issue
from issue_publisher.transcript.labelled import issue_of_labelled
from issue_publisher.transcript.labelled_blocks import cells_of
from issue_publisher.transcript.labels import join_cells, part_cells, read_label, write_label
from issue_publisher.transcript.model import Doubt, Label, TranscriptLine
from issue_publisher.transcript.reader import read_transcript
from issue_publisher.transcript.writer import write_transcript
from transcript.plain import plain

HEAD = (
    "〔一期 id=2026-11-23 date=2026-11-23〕\n〔报头 part=title〕新材料报\n〔报头 part=date〕2026年11月23日\n"
)
PAGE = HEAD + "〔版〕1 要闻\n〔稿件 id=a〕\n"


def read(text: str) -> Issue:
    return issue_of_labelled(read_transcript(text.encode(), "paper.txt"))


def faults(text: str) -> list[str]:
    with pytest.raises(SourceErrors) as caught:
        read(text)
    return [str(error) for error in caught.value]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(issues())
def test_what_is_written_reads_back_and_is_written_the_same(issue: Issue) -> None:
    data, _ = write_transcript(issue)
    transcript = read_transcript(data, "paper.txt")
    assert transcript.is_labelled
    assert transcript.findings == ()
    back = issue_of_labelled(transcript)
    assert back == plain(issue)
    assert write_transcript(back) == (data, ())


def test_the_sample_keeps_all_its_characters(repository: Path) -> None:
    sample = read_issue((repository / "source/2026-11-23/issue.xml").read_bytes(), "issue.xml")
    data, lost = write_transcript(sample)
    back = issue_of_labelled(read_transcript(data, "paper.txt"))
    assert back == plain(sample)
    assert read_issue(write_issue(back), "issue.xml") == back
    assert "superscript <sup>: 7" in lost
    assert all(word.rpartition(": ")[2].isdigit() for word in lost)


def test_the_text_is_one_that_people_read(repository: Path) -> None:
    sample = read_issue((repository / "source/2026-11-23/issue.xml").read_bytes(), "issue.xml")
    lines = write_transcript(sample)[0].decode().split("\n")
    at = lines.index("〔主题〕一张铝锂合金板旋出火箭整体箱底")
    assert lines[at - 2] == "〔稿件 id=p1-lead weight=lead genre=news place=top〕"
    assert lines[at + 4] == "〔署名 role=通讯员〕岑默"
    assert lines[at + 5].startswith("11月20日，澜江材料工程研究院公布：")


def test_the_example_of_the_docs_is_an_issue(repository: Path) -> None:
    page = (repository / "docs" / "import-formats.md").read_text(encoding="utf-8")
    example = page.partition("reads this block -->\n```text\n")[2].partition("```")[0]
    issue = read(example)
    assert write_transcript(issue) == (example.encode(), ())
    assert read_issue(write_issue(issue), "issue.xml") == issue
    labels = {line.label for line in read_transcript(example.encode(), "paper.txt").lines if line.label}
    assert set(Label) - labels == {Label.FOLIO_LINE, Label.COPY, Label.ALTERNATIVE}


def test_values_carry_the_lines_of_the_transcript() -> None:
    issue = read(PAGE + "〔主题〕甲\n\n乙\n〔图 src=a.jpg〕丙\n")
    article = next(issue.articles())
    assert (article.line, article.headline.line, article.body[0].line, article.body[1].caption.line) == (
        5,
        6,
        8,
        9,
    )


@given(
    st.text(st.sampled_from('甲｜\\ "〕〔=a　'), max_size=8),
    st.text(st.sampled_from('乙"\\〕 ='), max_size=6),
)
def test_any_words_stand_behind_a_label_and_in_it(words: str, value: str) -> None:
    line = write_label(Label.HEADLINE, words.strip(" "), [("note", value), ("none", None)])
    assert read_label(line) == (Label.HEADLINE, (("note", value),), words.strip(" "))


@given(st.lists(st.text(st.sampled_from("甲｜\\　"), max_size=4), min_size=1, max_size=4))
def test_any_cells_stand_in_a_row(cells: list[str]) -> None:
    assert part_cells(join_cells(cells)) == tuple(cells)


def test_the_cells_of_a_row() -> None:
    head, cell = cells_of(TranscriptLine(1, "合金 ｜ 980", Label.TABLE_ROW, attributes=(("head", "1"),)))
    assert (head.text.plain, head.head, cell.text.plain, cell.head) == ("合金", True, "980", False)


def test_what_looks_like_a_label_in_the_text_stays_text() -> None:
    body = read(PAGE + "〔主题〕甲\n〔文〕〔引题〕不是引题\n〔文〕　缩进两格\n").pages[0].items[0].body
    assert [block.text.plain for block in body] == ["〔引题〕不是引题", "　缩进两格"]


def test_an_indented_verse_line_keeps_its_indent() -> None:
    issue = read(
        PAGE + "〔主题〕甲\n〔诗行〕炉火照夜白，\n〔诗行〕　　铁水映天红。\n〔诗行 stanza=true〕又一节\n"
    )
    verse = issue.pages[0].items[0].body[0]
    assert isinstance(verse, Verse)
    assert [[line.plain for line in stanza] for stanza in verse.stanzas] == [
        ["炉火照夜白，", "　　铁水映天红。"],
        ["又一节"],
    ]


def test_an_unknown_label_is_text_and_is_doubted() -> None:
    transcript = read_transcript((PAGE + "〔主題〕甲\n正文。\n").encode(), "paper.txt")
    (finding,) = transcript.findings
    assert (finding.doubt, finding.line) == (Doubt.UNKNOWN, 6)
    assert finding.message == "〔主題〕 is no label: is 〔主题〕 meant?; the line is taken as text"
    assert transcript.lines[5].text == "〔主題〕甲"


def test_brackets_of_a_transcript_without_labels_are_no_labels() -> None:
    transcript = read_transcript("〔2026〕3号文件\n\n〔新华社电〕正文。\n".encode(), "paper.txt")
    assert transcript.findings == ()
    assert {line.label for line in transcript.lines} == {None}


def test_a_label_in_another_transcript_tells_what_its_line_is() -> None:
    lines = read_transcript(
        "〔引题〕　历时三年\n标题\n〔图 src=a.jpg〕图为炉前。\n".encode(), "paper.txt"
    ).lines
    assert [(line.label, line.text, line.source) for line in lines[:3]] == [
        (Label.KICKER, "历时三年", None),
        (None, "标题", None),
        (Label.FIGURE, "图为炉前。", "a.jpg"),
    ]


def test_everything_wrong_is_said_at_once() -> None:
    found = faults(
        "〔一期 id=x date=2026-13-01〕\n〔报头 part=titel〕报\n〔版〕要闻\n散文字\n"
        "〔稿件 weight=heavy idd=a〕\n〔主题〕甲\n〔主题〕乙\n"
        "〔出处〕丙\n〔问〕丁\n〔花边框〕戊\n〔广告 id=b columns=four〕\n〔署名〕己\n"
    )
    for said in (
        "paper.txt:1: 〔一期〕 without the day of the issue (write date=2026-11-23)",
        "paper.txt:2: 〔报头 part=titel〕 is not known (part= is one of title, subtitle",
        "paper.txt:3: 〔版〕要闻 (number and title with a space between: 〔版〕1 要闻)",
        "paper.txt:4: 〔文〕散文字 cannot stand in 〔版〕, outside its pieces",
        "paper.txt:5: weight=heavy (one of lead, major, normal, brief)",
        "paper.txt:5: 〔稿件〕 does not know idd= (is id meant?)",
        "paper.txt:5: 〔稿件〕 without an id (write 〔稿件 id=…〕)",
        "paper.txt:7: a second 〔主题〕 (the first stands in line 6)",
        "paper.txt:8: 〔出处〕 stands alone (it belongs behind a quotation",
        "paper.txt:9: a question without an answer",
        "paper.txt:10: a box that does not end",
        "paper.txt:11: columns=four is no number",
        "paper.txt:12: 〔署名〕己 cannot stand in 〔广告〕",
    ):
        assert any(line.startswith(said) for line in found), (said, found)


def test_nothing_is_dropped_without_a_word() -> None:
    found = faults(
        PAGE.replace("〔稿件 id=a〕", "〔稿件 id=a〕散落的文字")
        + "〔主题〕甲\n〔注释 at=1〕题注\n乙\n〔报尾〕地址在河东\n"
    )
    assert found == [
        "paper.txt:5: 〔稿件〕 holds no text: 散落的文字 (write the text on a line below,"
        " with its own label)",
        "paper.txt:7: 〔主题〕 holds no notes (put it behind the line of the text that it stands in)",
        "paper.txt:9: 〔报尾 part=〕 is not known (part= is one of address, post-code, price, printer,"
        " distribution, telephone, note)",
    ]


def test_boxes_without_end_are_bounded() -> None:
    (said,) = faults(PAGE + "〔主题〕甲\n" + "〔花边框〕乙\n" * 5000)
    assert said.startswith("paper.txt:23: boxes deep in one another")


@pytest.mark.parametrize("at", ["", " at=9", " at=x"])
def test_a_note_without_its_place(at: str) -> None:
    assert any(
        "a note without a place" in said for said in faults(PAGE + f"〔主题〕甲\n乙\n〔注释{at}〕丙\n")
    )


def test_a_lost_picture_and_an_alternative_text() -> None:
    issue = read(
        PAGE + '〔主题〕甲\n乙\n〔图 src=pictures/p1-1.jpg missing=true alt="一座 炉"〕\n〔摄影〕郭明\n'
    )
    figure = issue.pages[0].items[0].body[1]
    assert figure == Figure("pictures/p1-1.jpg", None, Text(figure.credit.parts), "一座 炉", missing=True)


def test_what_plain_text_cannot_hold_is_counted() -> None:
    xml = write_issue(read(PAGE + "〔主题〕甲\n乙\n")).replace(
        "<p>乙</p>".encode(), "<p>10<sup>2</sup><em>乙</em><em>丙</em>\u2028\u00ad丁</p>".encode()
    )
    data, lost = write_transcript(read_issue(xml, "issue.xml"))
    assert data.decode().endswith("\n102乙丙 丁\n")
    assert lost == (
        "emphasis <em>: 2",
        "superscript <sup>: 1",
        "invisible character or line end inside a text: 2",
    )
