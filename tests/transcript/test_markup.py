"""Markdown and HTML of a paper are read as its plain text is, and what they hold besides is said."""

from __future__ import annotations

import pytest

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Issue
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.model import Doubt, Label, Transcript
from issue_publisher.transcript.profile import GENERAL
from issue_publisher.transcript.reader import read_transcript
from transcript.papers import HTML, MARKDOWN, PLAIN


def issue_of(data: bytes, name: str) -> Issue:
    return import_issue(read_transcript(data, name), GENERAL).issue


def read(text: str, name: str = "paper.md") -> Transcript:
    return read_transcript(text.encode(), name)


def rows(transcript: Transcript) -> list[tuple[int, Label | None, str]]:
    return [(line.number, line.label, line.text) for line in transcript.lines if not line.is_blank]


def test_markdown_and_html_give_the_same_issue_as_plain_text() -> None:
    issue = issue_of(PLAIN.encode(), "paper.txt")
    assert [len(page.items) for page in issue.pages] == [2, 1]
    assert issue_of(MARKDOWN.encode(), "paper.md") == issue
    assert issue_of(HTML.encode("gb18030"), "paper.html") == issue
    assert issue_of(HTML.encode("utf-16"), "paper.html") == issue
    assert issue_of(HTML.encode(), "saved-page.txt") == issue, "its bytes are UTF-8, whatever it says"


def test_what_is_no_text_of_the_paper_is_left_out_and_said() -> None:
    transcript = read_transcript(HTML.encode("gb18030"), "paper.html")
    assert (transcript.encoding, transcript.kind) == ("gb18030", "html")
    assert [(f.doubt, f.line, f.message.partition(":")[0]) for f in transcript.findings] == [
        (Doubt.LEFT_OUT, 2, "title of the document"),
        (Doubt.LEFT_OUT, 3, "style sheet"),
        (Doubt.LEFT_OUT, 8, "comment"),
        (Doubt.LEFT_OUT, 28, "script"),
    ]
    (finding,) = read_transcript(MARKDOWN.encode(), "paper.md").findings
    assert (finding.line, finding.message) == (16, "emphasis inside a line: left out")


def test_headings_mean_what_the_document_uses_them_for() -> None:
    assert [line.label for line in read("# 甲\n\n正文。\n\n## 乙\n\n正文。\n").lines if line.level] == [
        Label.HEADLINE,
        Label.CROSSHEAD,
    ]
    assert [
        line.label
        for line in read("## 甲栏\n\n### 乙\n\n正文。\n\n## 丙栏\n\n### 丁\n\n文\n").lines
        if line.level
    ] == [
        Label.RUBRIC,
        Label.HEADLINE,
        Label.RUBRIC,
        Label.HEADLINE,
    ]
    assert [
        line.label
        for line in read("# 报\n\n2026年1月2日\n\n# 一版\n\n### 乙\n\n文\n\n#### 丙\n").lines
        if line.level
    ] == [
        Label.HEADLINE,
        Label.PAGE,
        Label.CROSSHEAD,
        Label.CROSSHEAD,
    ]


def test_blocks_of_markdown() -> None:
    text = """\
甲一
甲二  
乙

- 先
- 后

1. 首先

> 引一
>
> 引二

| 表 | 头 |
|---|---|
| a\\|b | 丁 |

![图为炉前。](pictures/a%20b.jpg)
![炉口](b.jpg "图为炉口。")

    缩进的一行

***
**加重的一行**
"""  # noqa: W291 (a hard break of Markdown)
    transcript = read(text)
    assert rows(transcript) == [
        (1, None, "甲一甲二"),
        (3, None, "乙"),
        (5, Label.LIST_ITEM, "先"),
        (6, Label.LIST_ITEM, "后"),
        (8, Label.LIST_ITEM, "首先"),
        (10, Label.QUOTATION, "引一"),
        (12, Label.QUOTATION, "引二"),
        (14, Label.TABLE_ROW, "表｜头"),
        (16, Label.TABLE_ROW, "a|b｜丁"),
        (18, Label.FIGURE, "图为炉前。"),
        (19, Label.FIGURE, "图为炉口。"),
        (21, None, "缩进的一行"),
        (24, None, "加重的一行"),
    ]
    by_text = {line.text: line for line in transcript.lines}
    assert by_text["图为炉前。"].source == "pictures/a b.jpg"
    assert by_text["图为炉口。"].attribute("alt") == "炉口"
    assert by_text["首先"].attributes == (("new", "true"), ("ordered", "true"))
    assert by_text["表｜头"].attribute("head") == "true"
    assert by_text["加重的一行"].strong
    assert [line.number for line in transcript.lines if line.page_break] == [23]


def test_html_inside_markdown_and_form_feeds() -> None:
    transcript = read("甲<br>乙<!-- 丙 -->\n\n<div>\n丁\n<script>戊</script></div>\n\n\f己\n")
    assert rows(transcript) == [(1, None, "甲"), (1, None, "乙"), (4, None, "丁"), (7, None, "己")]
    assert [line.number for line in transcript.lines if line.page_break] == [7]
    assert {finding.line for finding in transcript.findings} == {1, 5}


def test_old_html_is_read_as_browsers_read_it() -> None:
    text = (
        "<HTML><BODY><TABLE><TR><TD><P>甲<P>乙<BR>丙</TD></TR></TABLE>\n"
        "<table><tr><th>合金<th>强度<tr><td>旧<td>980</table>\n"
        "<figure><img src='a.jpg' alt='炉'><figcaption>图为<b>炉前</b>。</figcaption></figure>\n"
        "<ol><li>首先<li>其次</ol><pre>一\n二</pre><hr>&#8203;丁<ruby>镱<rt>yì</rt></ruby>"
    )
    transcript = read(text, "paper.htm")
    assert rows(transcript) == [
        (1, None, "甲"),
        (1, None, "乙"),
        (1, None, "丙"),
        (2, Label.TABLE_ROW, "合金｜强度"),
        (2, Label.TABLE_ROW, "旧｜980"),
        (3, Label.FIGURE, "图为炉前。"),
        (4, Label.LIST_ITEM, "首先"),
        (4, Label.LIST_ITEM, "其次"),
        (4, None, "一"),
        (5, None, "二"),
        (5, None, "丁镱"),
    ]
    assert [f.message for f in transcript.findings] == [
        "reading over a word (ruby): left out: yì",
        "invisible character U+200B: taken out",
    ]


def test_what_a_parser_drops_without_a_word_is_said() -> None:
    (_, finding) = read("见[词典](a.html '本书')。\n").findings
    assert finding.message == "2 Chinese characters of the file stand in none of its lines: 本书"


def test_tags_hundreds_deep_are_read() -> None:
    lines = read("<html><body>" + "<font>" * 200 + "文字", "paper.html").lines
    assert [line.text for line in lines] == ["文字"]


def test_mark_up_without_text_is_refused() -> None:
    with pytest.raises(SourceErrors, match="it holds no text"):
        read("<html><script>document.write('甲')</script></html>", "paper.html")
