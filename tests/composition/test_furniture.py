"""Nameplate, folio lines and imprint: words that have no room are said; none run over their neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from composition.issues import FILE, article, issue_of
from issue_publisher.composition.furniture import furniture_faults
from issue_publisher.composition.setter import Setter
from issue_publisher.issue import wording
from issue_publisher.issue.model import Ear, Imprint, Issue, Paragraph, Text, text
from typesetting.paper import faces, layout

LAYOUT = layout()
SETTER = Setter(LAYOUT, faces())


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
    first, *others = issue.pages
    titled = replace(issue, pages=(replace(first, title="国际科学技术新闻" * 10), *others))
    assert "edition or the page's title by" in said(titled)[0]


def test_a_wide_folio_line_names_its_page(issue: Issue) -> None:
    first, second = issue.pages
    wide = replace(issue, pages=(first, replace(second, folio_line="特别策划" * 20, line=40)))
    assert said(wide)[0].startswith(f"{FILE}:40: the folio line of page 2 is too wide")


def test_an_imprint_says_how_many_lines_it_is_over(issue: Issue) -> None:
    imprint = Imprint(
        "晨渡路一号", notes=tuple("本报为样报，所载机构、人物、电话均属虚构。" * 3 for _ in range(6)), line=90
    )
    assert said(replace(issue, imprint=imprint))[0].startswith(f"{FILE}:90: the imprint is")


def test_the_nameplate_s_data_need_room_in_the_imprint_too(issue: Issue) -> None:
    """One that was just full is not, when sponsor, publisher and numbers are said in it once more."""
    notes = tuple("本报为样报，所载机构、人物、电话均属虚构。" for _ in range(12))
    full = replace(issue, imprint=Imprint("晨渡路一号", notes=notes, line=90))
    assert said(full) == []
    plate = replace(issue.nameplate, sponsor="晨渡航运学会主办" * 4, serial_number="CN 00-0862")
    assert said(replace(full, nameplate=plate))[0].startswith(f"{FILE}:90: the imprint is 1 lines too long")


def test_without_an_imprint_the_margin_has_two_lines_for_the_nameplate_s_data(issue: Issue) -> None:
    def sponsored(times: int) -> list[str]:
        body = "晨渡航运学会主办" * times
        plate = replace(issue.nameplate, sponsor=body, publisher=body, line=3)
        return said(replace(issue, imprint=None, nameplate=plate))

    assert sponsored(7) == []
    assert sponsored(14)[0].startswith(f"{FILE}:3: the imprint is 1 lines too long (shorten sponsor")
    bare = replace(
        LAYOUT, furniture_pt={k: v for k, v in LAYOUT.furniture_pt.items() if k != "imprint_below"}
    )
    nowhere = replace(issue, imprint=None, nameplate=replace(issue.nameplate, sponsor="晨渡" * 600))
    assert furniture_faults(nowhere, Setter(bare, faces()), FILE) == []


@pytest.mark.parametrize(
    ("marked", "role", "said", "wholes"),
    [
        (wording.credit_text, "credit", "美国航空航天局（CC0），本报着色 / 长乐未央摄", ("本报", "长乐未央")),
        (wording.source_text, "signature", "溪流研究院党委书记、总工程师 长乐央", ("长乐央",)),
    ],
    ids=["credit", "source of a quotation"],
)
def test_neither_the_paper_nor_a_name_is_parted(
    marked: Callable[[Text], Text], role: str, said: str, wholes: tuple[str, ...]
) -> None:
    def whole_at(words: Text, width: float) -> bool:
        lines = ["".join(run.text for run in line.runs) for line in SETTER.lines(words, role, width)]
        return all(any(whole in line for line in lines) for whole in wholes)

    assert marked(text(said)).plain == said
    widths = range(45, 160, 3)
    assert all(whole_at(marked(text(said)), width) for width in widths)
    assert not all(whole_at(text(said), width) for width in widths)  # where nothing is marked
