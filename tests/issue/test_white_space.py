"""White space that an editor or a formatter put in is no part of the text; what the desk typed is."""

from __future__ import annotations

import pytest

from issue_publisher.issue.model import Article, InlineKind, Issue, Paragraph, Text
from issue_publisher.issue.reader import read_issue


def paragraph(small: str, content: str) -> Text:
    issue = read_issue(small.replace("本报讯，新合金通过考核。", content).encode(), "issue.xml")
    block = first_article(issue).body[0]
    assert isinstance(block, Paragraph)
    return block.text


def first_article(issue: Issue) -> Article:
    article = issue.pages[0].items[0]
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\n   合金\n   材料\n", "合金材料"),
        ("合金，\n材料", "合金，材料"),
        ("合金\n\n\t“材料”\n（新）", "合金“材料”（新）"),
        ("uses\n  titanium", "uses titanium"),
        ("合金\n  Ti", "合金 Ti"),
        ("Ti\n合金", "Ti 合金"),
        ("说“Ti”\nand", "说“Ti” and"),
        ("用 Ti 合金", "用 Ti 合金"),
        ("a  b", "a  b"),
        ("郭　明", "郭　明"),
        ("　　合金", "　　合金"),
        ("合<em>\n金</em>\n材<em>料\n</em>", "合金材料"),
        ("<em> 合金 </em>", "合金"),
        ("合金 <em>Ti</em>\n<strong>Al</strong>", "合金 Ti Al"),
        ("合<!-- 注 -->金<?x y?>材", "合金材"),
        ("<![CDATA[a < b]]>", "a < b"),
        ("&#x5408;&#37329;", "合金"),
        ("𠮷\n𠮷", "𠮷𠮷"),
    ],
)
def test_the_rule_of_white_space(small: str, written: str, read: str):
    assert paragraph(small, written).plain == read


def test_comments_do_not_part_a_text(small: str):
    assert len(paragraph(small, "合<!-- 注 -->金").parts) == 1


def test_attributes_follow_the_same_rule(small: str):
    figure = '<figure src="a.jpg" alt=" 合金\n     材料与 Ti\n     部件 "/></body>'
    issue = read_issue(small.replace("</body>", figure).encode(), "issue.xml")
    assert first_article(issue).figures[0].alt == "合金材料与 Ti 部件"


def test_an_empty_alternative_text_is_none(small: str):
    issue = read_issue(small.replace("</body>", '<figure src="a.jpg" alt=""/></body>').encode(), "issue.xml")
    assert first_article(issue).figures[0].alt is None


def test_a_headline_remembers_its_break_places(small: str):
    headline = "新合金\n        <break/>通过<em>首次\n</em><break/>考核"
    issue = read_issue(small.replace("新合金通过首次考核", headline).encode(), "issue.xml")
    text = first_article(issue).headline
    assert text is not None
    assert (text.plain, text.breaks) == ("新合金通过首次考核", (3, 7))


def test_each_piece_of_a_paragraph_knows_its_lines(small: str):
    text = paragraph(small, "第一行\n第二行<em>甲\n乙</em>\n\n第五行")
    assert text.line == 11
    first, emphasis, last = text.parts
    assert (first.line, first.line_starts) == (11, (3,))
    assert (emphasis.kind, emphasis.line) == (InlineKind.EMPHASIS, 12)
    assert (emphasis.children[0].line, emphasis.children[0].line_starts) == (12, (1,))
    assert (last.text, last.line) == ("第五行", 15)


@pytest.mark.parametrize(
    ("written", "around", "inside"),
    [
        ("合金\n  <note>\n    一种\n    材料\n  </note>\n  通过考核", "合金通过考核", "一种材料"),
        ("合金<note> Ti </note> 与 Al", "合金 与 Al", "Ti"),
        ("考核。\n<note>见<em>\n手册</em>。</note>\n", "考核。", "见手册。"),
        ("Ti\n<note>钛</note>\nAl", "Ti Al", "钛"),
    ],
)
def test_a_note_is_a_text_of_its_own(small: str, written: str, around: str, inside: str):
    text = paragraph(small, written)
    assert (text.plain, [note.plain for note in text.notes]) == (around, [inside])
    assert text.plain_with_notes == around + inside


def test_a_pull_quote_is_parted_from_its_source(small: str):
    quote = "<pull-quote>\n  材料就是\n  生命。\n  <source>老师傅</source>\n</pull-quote></body>"
    issue = read_issue(small.replace("</body>", quote).encode(), "issue.xml")
    block = first_article(issue).body[-1]
    assert (block.text.plain, block.source.plain) == ("材料就是生命。", "老师傅")  # type: ignore[union-attr]
