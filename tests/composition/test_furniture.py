"""Nameplate, folio lines and imprint: words that have no room are said; none run over their neighbours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composition.issues import FILE, article, issue_of
from issue_publisher.composition.furniture import furniture_faults
from issue_publisher.composition.setter import Setter
from issue_publisher.issue.model import Ear, Imprint, Issue, Paragraph, text
from typesetting.paper import faces, layout

SETTER = Setter(layout(), faces())


def said(issue: Issue) -> list[str]:
    return [str(fault) for fault in furniture_faults(issue, SETTER, FILE)]


@pytest.fixture
def issue() -> Issue:
    return issue_of([article("a", 300)], [article("b", 300)], imprint=True)


def test_a_plain_issue_has_room(issue: Issue) -> None:
    assert said(issue) == []


@pytest.mark.parametrize(("lines", "over"), [(4, 0), (5, 1), (9, 5)])
def test_an_ear_says_how_many_lines_it_is_over(issue: Issue, lines: int, over: int) -> None:
    paragraphs = tuple(Paragraph(text("渡口复航，先坐三天。")) for _ in range(lines))
    nameplate = replace(issue.nameplate, ears=(Ear(paragraphs, text("本期导读"), line=12),))
    found = said(replace(issue, nameplate=nameplate))
    assert len(found) == (over > 0)
    if over:
        assert found[0].startswith(f"{FILE}:12: the ear is {over} lines too long (cut about")


def test_two_ears_share_their_room(issue: Issue) -> None:
    ear = Ear((Paragraph(text("渡口复航")),), line=12)
    assert said(replace(issue, nameplate=replace(issue.nameplate, ears=(ear, ear)))) == []
    many = replace(issue, nameplate=replace(issue.nameplate, ears=(ear,) * 8))
    assert "no room for 8 ears" in said(many)[0]


def test_a_wide_line_under_the_nameplate(issue: Issue) -> None:
    wide = replace(issue, nameplate=replace(issue.nameplate, level="一级" * 60, line=3))
    assert said(wide)[0].startswith(f"{FILE}:3: the line under the nameplate is too wide (shorten")


def test_a_wide_folio_line_names_its_page(issue: Issue) -> None:
    first, second = issue.pages
    wide = replace(issue, pages=(first, replace(second, folio_line="特别策划" * 20, line=40)))
    assert said(wide)[0].startswith(f"{FILE}:40: the folio line of page 2 is too wide")


def test_an_imprint_says_how_many_lines_it_is_over(issue: Issue) -> None:
    imprint = Imprint(
        "晨渡路一号", notes=tuple("本报为样报，所载机构、人物、电话均属虚构。" * 3 for _ in range(6)), line=90
    )
    assert said(replace(issue, imprint=imprint))[0].startswith(f"{FILE}:90: the imprint is")
