"""Notes (注释): where they may stand, what is said of others, and how they are taken out of a text."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given, settings

from issue.strategies import articles, briefs
from issue_publisher.issue.checks import check_issue
from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import Article, Briefs, Inline, InlineKind, Issue, Paragraph, text
from issue_publisher.issue.notes import MARKS, has_marks, noted
from issue_publisher.issue.reader import read_issue
from issue_publisher.issue.writer import write_issue

TEXT = "本报讯，新合金通过考核。"


def read(small: str, words: str, old: str = TEXT) -> Issue:
    assert small.count(old) == 1, old
    return read_issue(small.replace(old, words).encode(), "issue.xml")


def faults(small: str, words: str, old: str = TEXT) -> list[tuple[int, str]]:
    with pytest.raises(SourceErrors) as caught:
        read(small, words, old)
    return [(fault.line, fault.code) for fault in caught.value.errors]


def first_article(issue: Issue) -> Article:
    article = issue.pages[0].items[0]
    assert isinstance(article, Article)
    return article


# --------------------------------------------------------------------------- what is refused

ADVERTISEMENT = (
    '</article><advertisement id="x" columns="2" depth-mm="20">\n<p>启事<note>注。</note></p></advertisement>'
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("合金\n<note> </note>", [(12, "empty-element")]),
        ("合金<note>一<em>\n二<note>三</note></em></note>", [(12, "misplaced-element")]),
        ("合金<em>材料\n<note>一</note></em>", [(12, "misplaced-element")]),
        ("<note>一</note>合金", [(11, "misplaced-note")]),
        ("<note>一</note>\n<note>二</note>合金", [(11, "misplaced-note"), (12, "misplaced-note")]),
        ("\n<note>一</note>", [(8, "empty-article"), (12, "misplaced-note")]),
        ("一</p>\n<p><note>二</note>", [(12, "empty-element"), (12, "misplaced-note")]),
        ("合金" + "\n<note>注</note>" * (len(MARKS) + 2), [(11 + len(MARKS) + 1, "too-many-notes")]),
    ],
)
def test_a_bad_note_is_named_at_its_line(small: str, words: str, found: list[tuple[int, str]]):
    assert faults(small, words) == found


def test_a_headline_holds_no_note_and_the_hint_says_what_does(small: str):
    with pytest.raises(SourceErrors) as caught:
        read(small, "通过首次<note>一</note>考核", "通过首次考核")
    (fault,) = caught.value.errors
    assert (fault.line, fault.code) == (9, "misplaced-element")
    assert "behind the word that it explains, in a paragraph, list item, verse line or cell" in fault.hint


def test_an_advertisement_holds_no_note(small: str):
    assert faults(small, ADVERTISEMENT, "</article>") == [(14, "misplaced-note")]


@pytest.mark.parametrize("name", ["footnote", "fn", "endnote"])
def test_what_others_call_it_is_understood(small: str, name: str):
    with pytest.raises(SourceErrors) as caught:
        read(small, f"合金<{name}>一</{name}>")
    assert "did you mean <note>" in caught.value.errors[0].hint


def test_as_many_notes_as_there_are_marks_are_fine(small: str):
    article = first_article(read(small, "合金" + "<note>注</note>" * len(MARKS)))
    assert "".join(note.mark for note in noted(article).notes) == MARKS


def test_marks_and_characters_of_a_note_are_checked_apart_from_its_text(small: str):
    issue = read(small, "他说：“合金\n<note>（一种,材料。</note>好。”")
    found = [(finding.line, finding.code) for finding in check_issue(issue, "issue.xml")]
    assert sorted(found) == [(12, "half-width-mark"), (12, "unbalanced-mark")]


# --------------------------------------------------------------------------- taken out


def test_marks_are_numbered_through_an_article_and_its_notes_follow_in_order(small: str):
    body = (
        "合金<note>甲</note>，材料<note>乙，见<em>手册</em></note></p>"
        "<list><item>条目<note>丙</note></item></list>"
        "<table><row><cell>格<note>丁</note></cell></row></table>"
        "<box><p>框<note>戊</note></p></box><p>尾。"
    )
    article = noted(first_article(read(small, body)))
    assert isinstance(article.body[0], Paragraph)
    assert article.body[0].text.plain == "合金①，材料②"
    assert [(note.mark, note.text.plain) for note in article.notes] == list(
        zip("①②③④⑤", ["甲", "乙，见手册", "丙", "丁", "戊"], strict=True)
    )
    assert has_marks(article.body[0].text)
    assert not has_marks(article.body[-1].text)  # type: ignore[union-attr]


def test_an_editors_note_is_numbered_first(small: str):
    note = "</headline><editors-note><p>按<note>甲</note></p></editors-note>"
    issue = read(small.replace(TEXT, "文<note>乙</note>"), note, "</headline>")
    assert [note.text.plain for note in noted(first_article(issue)).notes] == ["甲", "乙"]


def test_a_mark_knows_its_note_where_ids_are_asked_for(small: str):
    article = first_article(read(small, "合金<note>甲</note><note>乙</note>"))
    made = noted(article, "n-")
    assert [note.id for note in made.notes] == ["n-1", "n-2"]
    assert isinstance(made.body[0], Paragraph)
    assert [part.to for part in made.body[0].text.parts[1:]] == ["n-1", "n-2"]
    assert [note.id for note in noted(article).notes] == [None, None]


def test_notes_that_are_out_cannot_be_written_into_a_source(small: str):
    issue = read(small, "合金<note>甲</note>。")
    (page,) = issue.pages
    made = replace(issue, pages=(replace(page, items=(noted(first_article(issue)),)),))
    with pytest.raises(ValueError, match="cannot hold all of “a1”"):
        write_issue(made)


def everything(value: object) -> Counter[str]:
    """Every character that readers see of the texts of a value, and how often."""
    if isinstance(value, Inline):
        children = value.children
        return sum(map(everything, children), Counter(value.text))
    if isinstance(value, tuple):
        return sum(map(everything, value), Counter())
    if is_dataclass(value):
        held = [getattr(value, each.name) for each in fields(value)]
        return sum((everything(each) for each in held if not isinstance(each, str)), Counter())
    return Counter()


@settings(max_examples=60, deadline=None)
@given(articles() | briefs().map(lambda group: group.articles[0]))
def test_no_character_is_lost_and_a_mark_comes_for_each_note(article: Article):
    made = noted(article)
    marks = Counter(note.mark for note in made.notes)
    assert everything(made) == everything(article) + marks
    assert "".join(note.mark for note in made.notes) == MARKS[: len(made.notes)]
    assert noted(made) is made
    assert (made is article) == (not made.notes)


def test_a_text_without_notes_has_none():
    assert text("合金").notes == ()
    assert Inline(InlineKind.NOTE, children=(Inline(InlineKind.TEXT, "甲"),)).plain == ""


def test_briefs_count_each_from_one(small: str):
    group = (
        '</article><briefs id="b"><rubric>简讯</rubric>'
        '<brief id="b1"><body><p>一<note>甲</note></p></body></brief>'
        '<brief id="b2"><body><p>二<note>乙</note></p></body></brief></briefs>'
    )
    issue = read(small, group, "</article>")
    item = issue.pages[0].items[1]
    assert isinstance(item, Briefs)
    assert [noted(brief).notes[0].mark for brief in item.articles] == ["①", "①"]
