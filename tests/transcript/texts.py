"""Transcripts of papers that never were, as they come out of a recogniser or from a typist's hand."""

from __future__ import annotations

from issue_publisher.transcript.model import Transcript, TranscriptLine


def transcript(text: str, name: str = "old.txt") -> Transcript:
    """A plain text as the reader hands it over; a form feed is a page's end."""
    lines: list[TranscriptLine] = []
    for number, line in enumerate(text.split("\n"), 1):
        for n, part in enumerate(line.split("\f")):
            if n:
                lines.append(TranscriptLine(number, "", page_break=True))
            lines.append(TranscriptLine(number, part.strip()))
    return Transcript(name, tuple(lines))


NAMEPLATE = """山海材料报

SHANHAI MATERIALS NEWS

行业报

国内统一连续出版物号 CN 00-0417 星期二 2026年5月12日 丙午年三月廿六

山海材料学会主办 山海材料报社出版 https://shanhai.example 总第208期
"""

FRONT = """
抓好春季检修

三号炉大修提前四天点火

本报讯（记者 周明远）三号炉在检修后重新点火，比计划提前四天。检修队把上百项工序拆成六个班次，水冷和
除尘同时推进。

“最难的是炉底，温度还没有降下来，人只能在边上等。”检修队队长何小满说。

点火以后，炉温按曲线上升，到傍晚已接近工作温度。

矿山通勤车换成了电动的

本报讯 5月起，北山矿的二十辆通勤车全部换成电动车。每辆车一天跑三趟，比柴油车每年省下近三万元油钱，

驾驶室里的噪声也低了一半。

▲电动通勤车停在矿区的充电棚下。

林舟 摄

矿工们说，最大的变化是不再闻到柴油味。（钱一鸣）

简明新闻

质检站启用新天平

本报讯（记者 罗青）质检站新到的天平可以称到十万分之一克，上周启用。

职工书屋添书三百册

本报讯 职工书屋新添图书三百册，其中一半是职工自己点的。（吴桐）

快评

把工期让给安全

□ 郑一帆

提前四天是好消息，可更好的消息是，没有人因为赶工受伤。

工期可以算，安全不能省。
"""

SECOND = """
一线手记（上）

编者按 从今天起，本报连续刊登一线职工写的短文，讲他们和机器相处的日子。

听得懂的轴承

我在风机房工作了十一年。轴承好不好，我先用耳朵听，再用仪器量。

有一次仪器说一切正常，我却听出里面有沙子一样的声音。拆开一看，滚珠上已经有了麻点。

动力车间 冯大川

图为冯大川(左)在听风机。

夜里的灯

夜班的灯有三种颜色：黄的是走廊，白的是操作台，红的是警示。

三种颜色我都熟悉，最怕的是红的忽然亮起来。

配电所 姚岚

图为姚岚在配电所巡视。
"""

WHOLE = f"{NAMEPLATE}\n第1版 要闻\n{FRONT}\n第2版 手记\n责编：李默 校对：王禾\n{SECOND}"
