"""Scars of the text: what is proposed, what --fix does, and that it can be undone."""

from __future__ import annotations

import datetime

import pytest

from issue_publisher.issue.checks import check_issue
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.mending import mend, undo
from issue_publisher.transcript.model import Doubt, Imported
from issue_publisher.transcript.profile import GENERAL, read_profile
from transcript.texts import transcript

DAY = datetime.date(2026, 5, 12)
SCARRED = """守炉 守心

□ 罗青

炉前工说,炉子有脾气:急不得,也慢不得!他的徒弟(二十岁)点头。

徒弟 José 来自国外,师傅 Jos é 也是;两人用技术 and 手势说话。

“先听再看,他说。

参考 https://shanhai.example/a?b=1,2 和 12:30 的记录。

动力车间 冯大川
"""


def imported(*, fix: bool) -> Imported:
    return import_issue(transcript(SCARRED), GENERAL, fix=fix, date=DAY)


def found(result: Imported, doubt: Doubt) -> list[tuple[int, str, str, bool]]:
    return [
        (each.line, each.before, each.after, each.done) for each in result.findings if each.doubt is doubt
    ]


def test_scars_are_proposals_unless_told() -> None:
    result = imported(fix=False)
    assert not any(each.done for each in result.findings if each.before != each.after)
    assert [each[:3] for each in found(result, Doubt.HALF_WIDTH)] == [
        (5, ",", "，"), (5, ":", "："), (5, ",", "，"), (5, "!", "！"), (5, "(", "（"), (5, ")", "）"),
        (7, ",", "，"), (7, ";", "；"), (9, ",", "，"),
    ]  # fmt: skip
    assert found(result, Doubt.FOREIGN_WORD) == [(7, " and ", "和", False)]
    assert [each[:3] for each in found(result, Doubt.STRAY_SPACE)] == [
        (1, " ", "\u3000"), (7, "Jos é", "José"), (13, " ", "\u3000")
    ]  # fmt: skip
    assert [each[0] for each in found(result, Doubt.UNBALANCED)] == [9]
    (article,) = result.issue.articles()
    assert article.headline is not None
    assert article.headline.plain == "守炉 守心"


def test_each_finding_tells_where_its_characters_stand() -> None:
    lines = SCARRED.split("\n")
    for finding in imported(fix=False).findings:
        if finding.before:
            text = lines[finding.line - 1]
            assert text[finding.offset : finding.offset + len(finding.before)] == finding.before


def test_fix_does_what_is_safe_and_no_more() -> None:
    result = imported(fix=True)
    (article,) = result.issue.articles()
    assert article.headline is not None
    assert article.headline.plain == "守炉\u3000守心"
    text = "".join(block.text.plain for block in article.body)  # type: ignore[union-attr]
    assert "炉前工说，炉子有脾气：急不得，也慢不得！他的徒弟（二十岁）点头。" in text
    assert "师傅 José 也是" in text
    assert "技术 and 手势" in text
    assert "https://shanhai.example/a?b=1,2" in text
    done = {finding.doubt for finding in result.findings if finding.done and finding.before != finding.after}
    assert done == {Doubt.HALF_WIDTH, Doubt.STRAY_SPACE}


def test_after_the_mends_validate_has_nothing_to_say_of_them() -> None:
    warnings = {error.code for error in check_issue(imported(fix=True).issue, "issue.xml")}
    assert not warnings & {"half-width-mark", "stray-space"}


def test_mends_can_be_undone() -> None:
    result = imported(fix=True)
    lines = [(number, line.strip()) for number, line in enumerate(SCARRED.split("\n"), 1)]
    mended = mend(lines, result.findings)
    assert mended != tuple(lines)
    assert undo(mended, result.findings) == tuple(lines)


def test_undo_notices_a_text_that_is_not_the_one_mended() -> None:
    result = imported(fix=True)
    with pytest.raises(ValueError, match="line 1"):
        undo([(1, "别的字")], result.findings)


def test_a_profile_says_what_is_safe() -> None:
    careful = read_profile(b'[mends]\nsafe = ["stray-space"]\n', "transcript.toml")
    result = import_issue(transcript(SCARRED), careful, fix=True, date=DAY)
    assert not any(each[3] for each in found(result, Doubt.HALF_WIDTH))
    assert all(each[3] for each in found(result, Doubt.STRAY_SPACE))
