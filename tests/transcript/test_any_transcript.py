"""Whatever a transcript is made of, no character is lost, added or moved: the account is made again here."""

from __future__ import annotations

import datetime
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.writer import write_issue
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.mending import mend, undo
from issue_publisher.transcript.model import Imported, Transcript
from issue_publisher.transcript.profile import GENERAL
from transcript.texts import NAMEPLATE, transcript

DAY = datetime.date(2026, 5, 12)

_CLAUSE = st.sampled_from(
    ["检修队提前进场", "炉温升得很慢", "大家等在门外", "风从河面吹来", "他把图纸铺开", "the pump stopped",
     "误差不到0.1%", "“先听，再量”", "（见图）", "阀门(左)关了", "生 产 线", "Jos é 来了", "技术 and 设备",
     "《手册》第3版", "“话没说完"]
)  # fmt: skip
_SENTENCE = st.lists(_CLAUSE, min_size=1, max_size=4).map("，".join)
_LINES = st.one_of(
    _SENTENCE.map(lambda words: words + "。"),
    _SENTENCE,
    _SENTENCE.map(lambda words: words + ","),
    _CLAUSE,
    _SENTENCE.map(lambda words: "本报讯（记者 罗青 通讯员 何小满、周明远）" + words + "。"),
    _SENTENCE.map(lambda words: "本报讯 " + words + "。（吴桐）"),
    _SENTENCE.map(lambda words: "编者按 " + words + "。"),
    _SENTENCE.map(lambda words: "▲" + words + "。林舟 摄"),
    _SENTENCE.map(lambda words: "图为" + words),
    _SENTENCE.map(lambda words: words + "。——总工程师 林舟"),
    st.sampled_from(
        ["", "", "", "\f", "□ 罗青", "□ 总工程师、站长 林舟", "记者 罗青 罗明 通讯员 何小满", "——记夜班",
         "快评",
         "简明新闻", "【言论】", "一线手记（上）", "夜航之三", "第2版 要闻", "第二版：科技", "要闻 3版",
         "2026年5月12日 星期二 第4版", "责编：李默 校对：王禾", "林舟 摄", "动力车间 冯大川",
         "作者单位 动力车间",
         "快评｜说两句", "编者按", "本报编辑部", "（下转第2版）", "（上接第1版）",
         "社址：河东路1号 邮编：100000 电话：010-12345678", "山海材料报", "·", "1）", "？！"]
    ),
    st.text("铝合金，。：“”（）AaBb01 \t\u3000·-—%", max_size=30),
)  # fmt: skip
_TEXTS = st.builds(
    lambda head, lines, gap: (NAMEPLATE if head else "") + gap.join(lines),
    st.booleans(),
    st.lists(_LINES, max_size=40),
    st.sampled_from(["\n", "\n\n"]),
)


def characters(words: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", words))


def text_of(imported: Imported) -> Counter[str]:
    """All characters of the XML that people read, attributes with words of the paper's too."""
    root = etree.fromstring(write_issue(imported.issue))
    found = characters("".join(root.itertext()))
    for element in root.iter():
        for name in ("role", "label", "alt", "affiliation", "title"):
            found += characters(element.get(name, ""))
        if etree.QName(element).localname == "series":
            found += characters(element.get("name", ""))
    return found


def account(source: Transcript, imported: Imported) -> None:
    """Every character of the transcript is in the XML, or in a label that was left out by name."""
    assert imported.audit is not None
    lines = mend([(line.number, line.text) for line in source.lines], imported.findings)
    wanted = characters("".join(text for _, text in lines))
    given_ = characters("".join(words for _, _, words in imported.audit.given))
    missing = wanted + given_ - text_of(imported)
    added = text_of(imported) - wanted - given_
    assert not added
    assert sum(missing.values()) == sum(count for _, count in imported.audit.left_out)


@settings(max_examples=150)
@given(text=_TEXTS, fix=st.booleans())
def test_no_character_is_lost_or_added(text: str, fix: bool) -> None:
    source = transcript(text)
    try:
        imported = import_issue(source, GENERAL, fix=fix, date=DAY)
    except SourceErrors as errors:
        imported, said = None, errors.errors
    if imported is None:
        assert [error.message.partition(":")[0] for error in said] in (
            ["no text"],
            ["no words"],
            ["no article"],
        )
        return
    if "\f" not in text:  # a form feed makes two lines of one number
        account(source, imported)
        lines = [(line.number, line.text) for line in source.lines]
        assert list(undo(mend(lines, imported.findings), imported.findings)) == lines
    written = {number for number, _, _ in imported.places}
    assert written == {line.number for line in source.lines if not line.is_blank}


@pytest.mark.parametrize("text", ["", "\n\n \n", "\f\f", "。。。\n！！！", "--- 123 ---"])
def test_nothing_to_read_is_said(text: str) -> None:
    with pytest.raises(SourceErrors, match="no "):
        import_issue(transcript(text), GENERAL, date=DAY)
