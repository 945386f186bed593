"""Issues that tests index: a small paper of two pages, and as many weeks of it as are wanted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

PAPER = "临江晨报"

ISSUE = """<?xml version="1.0" encoding="UTF-8"?>
<issue xmlns="urn:issue-publisher:issue" version="1.0" id="2026-03-02" date="2026-03-02">
  <nameplate><title>临江晨报</title><date>2026年3月2日</date></nameplate>
  <page number="1" title="要闻">
    <article id="bridge" weight="lead" genre="news">
      <rubric>城事</rubric>
      <kicker>封闭改造一百八十天</kicker>
      <headline>老铁桥<break/>今晨开禁</headline>
      <deck>行人与自行车先走一个月</deck>
      <dateline>本报讯</dateline>
      <byline place="opening"><author role="记者">欧阳溪亭</author>
        <author role="通讯员">李渡</author></byline>
      <body>
        <p>清晨五点四十分，守桥人把最后一道护栏推开，等在桥头的第一个人
           是骑车送豆浆的摊主。桥面换成了耐候钢，<em>不刷</em>漆也不怕锈<note>耐候钢的锈层致密，能挡住
           后面的锈。</note>，一年省下油漆两吨。</p>
        <p>钢里的碳降到0.07%，磷化物Fe<sub>3</sub>P也少了。老工人管铆钉叫<ruby reading="mǎo">铆</ruby>子，
           全桥三万颗，一颗一颗敲过。</p>
        <figure src="pictures/bridge.jpg" alt="晨雾里的铁桥"><caption>桥上第一趟车铃声。</caption>
          <credit>顾照野摄</credit></figure>
        <table><caption>桥的几个数</caption>
          <row><head-cell>项目</head-cell><head-cell>数值</head-cell></row>
          <row><cell>主跨</cell><cell>一百六十二米</cell></row></table>
      </body>
    </article>
    <briefs id="briefs">
      <rubric>简讯</rubric>
      <brief id="brief-tea"><headline>早茶铺子排长队</headline>
        <body><p>雨后新芽上市，临江茶市昨天一早开秤。</p></body></brief>
      <brief id="brief-well"><headline>古井清淤见底</headline>
        <body><p>井底捞出铜钱四十一枚。</p></body></brief>
    </briefs>
  </page>
  <page number="2" title="副刊">
    <article id="ferry" genre="essay">
      <headline>渡口旧事</headline>
      <byline><author>沈秋帆</author></byline>
      <body><p>铁桥没有修起来的时候，两岸的人都靠渡船。船老大姓江，话少。</p>
        <verse><stanza><verse-line>桥在水上走</verse-line><verse-line>水在桥下停</verse-line></stanza></verse></body>
      <signature>二月廿八 记于北岸</signature>
    </article>
    <pictures id="kites"><headline>风筝上了天</headline>
      <figure src="pictures/kites.jpg" alt="一片风筝"><caption>江滩上的放鸢人。</caption>
        <credit>顾照野摄</credit></figure>
    </pictures>
    <advertisement id="notice" size="strip" kind="notice"><headline>停水通知</headline>
      <p>本周四夜间，北岸三条街检修管道。</p></advertisement>
  </page>
</issue>
"""

PLAN = """issue = "2026-03-02"
layout = "broadsheet"

[page-1.bridge]
column = 0
columns = 8
row = 13
lines = 60

[page-1.briefs]
column = 5
columns = 3
row = 73
lines = 29

[page-2.ferry]
column = 0
columns = 3

[page-2.kites]
column = 3
columns = 5
row = 4
lines = 50
"""


def put(folder: Path, xml: str = ISSUE, plan: str | None = None) -> Path:
    """An issue's folder with its XML, and its page plan if there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "issue.xml").write_text(xml, encoding="utf-8")
    if plan is not None:
        (folder / "page-plan.toml").write_text(plan, encoding="utf-8")
    return folder


def week(number: int) -> str:
    """The paper of a later week: another date, and a number of its own in its words."""
    day = (date(2026, 3, 2) + timedelta(weeks=number)).isoformat()
    words = "".join("零一二三四五六七八九"[int(digit)] for digit in f"{number:03}")
    return ISSUE.replace("2026-03-02", day).replace("一百八十天", f"{words}号工段")


def line_of(words: str) -> int:
    """The line of the XML on which some words stand."""
    return next(number for number, line in enumerate(ISSUE.splitlines(), 1) if words in line)
