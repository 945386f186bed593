"""The wording that print pages and e-books share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from issue_publisher.issue import wording
from issue_publisher.issue.model import (
    Article,
    Author,
    Byline,
    BylinePlace,
    Crosshead,
    Editor,
    Figure,
    Imprint,
    Issue,
    Nameplate,
    Page,
    Paragraph,
    SeriesPart,
    Telephone,
    text,
)

AUTHORS = (Author("郭某", "记者"), Author("王某", "记者"), Author("李某", "通讯员", "某校"))


@pytest.mark.parametrize(
    ("authors", "place", "said"),
    [
        (AUTHORS, BylinePlace.OPENING, "本报讯（记者 郭某 王某 通讯员 李某〔某校〕）"),
        (AUTHORS, BylinePlace.HEAD, "记者 郭某 王某　通讯员 李某（某校）"),
        (AUTHORS, BylinePlace.END, "（记者 郭某 王某 通讯员 李某〔某校〕）"),
        ((Author("郭某"), Author("王某")), BylinePlace.HEAD, "郭某　王某"),
        ((), BylinePlace.END, ""),
    ],
)
def test_bylines(authors: tuple[Author, ...], place: BylinePlace, said: str) -> None:
    assert wording.byline_text(Byline(authors, place), "本报讯") == said


def test_bylines_run_into_the_text() -> None:
    first, last = Paragraph(text("近日，")), Paragraph(text("完。"))
    opening = Article(
        "a",
        dateline="本报讯",
        byline=Byline(AUTHORS[:1], BylinePlace.OPENING),
        body=(Figure("x"), first, last),
    )
    assert [block.text.plain for block in wording.body_as_printed(opening)[1:]] == [
        "本报讯（记者 郭某）近日，",
        "完。",
    ]  # type: ignore[union-attr]
    ending = Article("a", byline=Byline(AUTHORS[:1], BylinePlace.END), body=(first, last, Figure("x")))
    assert [block.text.plain for block in wording.body_as_printed(ending)[:2]] == [
        "近日，",
        "完。（记者 郭某）",
    ]  # type: ignore[union-attr]
    alone = Article(
        "a", dateline="本报讯", byline=Byline(AUTHORS[:1], BylinePlace.END), body=(Crosshead(text("题")),)
    )
    assert [block.text.plain for block in wording.body_as_printed(alone)] == [
        "本报讯　",
        "题",
        "（记者 郭某）",
    ]  # type: ignore[union-attr]


def test_what_the_desk_has_written_is_not_said_twice() -> None:
    assert wording.labelled("地址", "地址：某路") == "地址：某路"
    assert wording.serial_number_text("国内统一连续出版物号 CN 00-0000").count("国内") == 1
    assert wording.serial_number_text("CN 00-0000") == "国内统一连续出版物号 CN 00-0000"
    assert wording.speaker_text("问：") == wording.speaker_text("问") == "问："
    assert wording.source_dash(text("——某书")) == ""
    assert wording.editors_note_label((Paragraph(text("【编者按】本期起……")),)) == ""
    assert wording.editors_note_label((Paragraph(text("本期起……")),)) == "编者按"


def test_series_editors_and_imprint() -> None:
    assert wording.series_text(SeriesPart("看不见的材料", 1, "上")) == "看不见的材料（上）"
    assert wording.series_text(SeriesPart("看不见的材料", 3, "之三")) == "看不见的材料之三"
    assert wording.series_text(SeriesPart("量得准", 1, "“量得准”专题")) == "“量得准”专题"
    editors = (Editor("赵某", "责编"), Editor("钱某", "校对"), Editor("孙某", "校对"))
    assert wording.editors_text(editors) == "责编 赵某　校对 钱某 孙某"
    imprint = Imprint(
        "某路1号", telephones=(Telephone("000", "编辑部"), Telephone("001")), notes=("许可证 1",)
    )
    assert wording.imprint_texts(imprint) == ("地址：某路1号", "编辑部：000", "001", "许可证 1")


def test_an_imprint_says_again_what_the_nameplate_says_and_it_does_not() -> None:
    plate = Nameplate(
        "晨渡周报",
        "2026年11月30日",
        edition="今日2版",
        running_number=1862,
        serial_number="CN 00-0862",
        sponsor="晨渡航运学会主办",
        publisher="晨渡周报社出版",
    )
    issue = Issue("2026-11-30", date(2026, 11, 30), plate, (Page(1, "要闻", ()), Page(2, "综合", ())))
    everything = (
        "晨渡航运学会主办",
        "晨渡周报社出版",
        "国内统一连续出版物号 CN 00-0862",
        "2026年11月30日",
        "总第1862期",
        "今日2版",
    )
    assert wording.repeated_texts(issue) == everything
    own = Imprint("晨渡路一号", notes=("国内统一连续出版物号：CN 00-0862", "晨渡航运学会 主办"))
    assert wording.repeated_texts(replace(issue, imprint=own)) == (everything[1], *everything[3:])
    bare = replace(issue, nameplate=Nameplate("晨渡周报", "2026年11月30日"))
    assert wording.repeated_texts(bare) == ("2026年11月30日", "今日2版")
    assert wording.lacking_data(replace(issue, imprint=own)) == ("printer", "distribution", "price")
    assert wording.body_name("晨渡周报社出版") == "晨渡周报社"
    assert wording.body_name("主办") == "主办"
