"""What an issue's XML says, passage by passage."""

from __future__ import annotations

from issue_publisher.archive.passages import Passage, Said, bare, said_by

XML = """<?xml version="1.0" encoding="UTF-8"?>
<issue xmlns="urn:issue-publisher:issue" version="1.0" id="2026-11-30" date="2026-11-30">
  <nameplate><title>晨渡周报</title><date>2026年11月30日</date><edition>今日4版</edition>
    <ear><p>粮仓里的图书馆（见<ref to="library">2版</ref>）</p></ear></nameplate>
  <page number="1" title="要闻">
    <editor role="责编">李明</editor>
    <article id="ferry">
      <headline>码头<break/>复航</headline>
      <headline-alternative>复航</headline-alternative>
      <byline><author role="记者" affiliation="本报">王芳</author></byline>
      <body>
        <p>头班船<note>载客<em>四十</em>人。</note>准点。</p>
        <p optional="true">渡<ruby reading="bīng dù">冰渡</ruby>口结了冰。</p>
        <pull-quote>江还是那条江。<source>老船工</source></pull-quote>
        <figure src="a.jpg" alt="江面"><caption>今晨的江面。</caption></figure>
      </body>
    </article>
    <briefs id="short"><rubric>简讯</rubric><brief id="b1">
      <body><p>水温<note>实测。</note>八度。</p></body></brief></briefs>
  </page>
  <imprint><note>常年法律顾问</note></imprint>
</issue>
""".encode()


def said() -> Said:
    return said_by(XML, "issue.xml")


def of(words: str) -> Passage:
    [found] = [one for one in said().passages if one.words == words]
    return found


def test_every_element_with_words_is_a_passage_with_its_line() -> None:
    assert [(one.kind, one.words, one.item) for one in said().passages] == [
        ("title", "晨渡周报", "nameplate"),
        ("date", "2026年11月30日", "nameplate"),
        ("edition", "今日4版", "nameplate"),
        ("p", "粮仓里的图书馆（见2版）", "nameplate"),
        ("editor", "李明", ""),
        ("headline", "码头复航", "ferry"),
        ("author", "王芳", "ferry"),
        ("p", "头班船①准点。", "ferry"),
        ("note", "载客四十人。", "ferry"),
        ("p", "渡冰渡口结了冰。", "ferry"),
        ("pull-quote", "江还是那条江。", "ferry"),
        ("source", "老船工", "ferry"),
        ("caption", "今晨的江面。", "ferry"),
        ("rubric", "简讯", "short"),
        ("p", "水温①八度。", "b1"),
        ("note", "实测。", "b1"),
        ("note", "常年法律顾问", "imprint"),
    ]
    assert XML.decode().splitlines()[of("头班船①准点。").line - 1].lstrip().startswith("<p>头班船")


def test_printed_attributes_are_words_too() -> None:
    assert [(one.kind, one.words) for one in said().attributes] == [
        ("page title=", "要闻"),
        ("editor role=", "责编"),
        ("author role=", "记者"),
        ("author affiliation=", "本报"),
        ("ruby reading=", "bīng"),
        ("ruby reading=", "dù"),
    ]
    assert [one.words for one in said().descriptions] == ["江面"]


def test_what_print_may_leave_out_or_say_otherwise_is_known() -> None:
    assert of("码头复航").instead == ("复航",)
    assert of("渡冰渡口结了冰。").optional
    assert not of("头班船①准点。").optional
    assert of("粮仓里的图书馆（见2版）").repaged
    assert of("今日4版").repaged
    assert not of("头班船①准点。").repaged


def test_running_text_is_what_stands_in_its_order() -> None:
    assert [one.words for one in said().passages if one.running and one.item == "ferry"] == [
        "头班船①准点。",
        "渡冰渡口结了冰。",
    ]


def test_forms_of_one_character_are_one() -> None:
    assert bare("︽长 江︾\u3000ﬁ葛\U000e0101\u00ad") == "《长江》fi葛"
