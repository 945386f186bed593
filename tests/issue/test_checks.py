"""What the checks find in an issue that the schema accepts, each at its very line."""

from __future__ import annotations

import pytest

from issue_publisher.issue.checks import PictureFacts, PictureProblem, check_issue
from issue_publisher.issue.errors import SourceError
from issue_publisher.issue.reader import read_issue

TEXT = "本报讯，新合金通过考核。"


def findings(small: str, old: str = "", new: str = "", **options) -> tuple[SourceError, ...]:
    assert small.count(old) == 1 or not old, old
    return check_issue(read_issue(small.replace(old, new).encode(), "issue.xml"), "issue.xml", **options)


def in_text(small: str, words: str) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in findings(small, TEXT, words)]


def test_a_good_issue_gives_nothing(small: str):
    assert findings(small, missing_glyphs=lambda _: (), pictures={}, strict=True) == ()


# --------------------------------------------------------------------------- characters


@pytest.mark.parametrize(
    ("char", "code", "ordinary"),
    [
        ("\u2f54", "kangxi-radical", "水"),
        ("\u2fd5", "kangxi-radical", "龠"),
        ("\u2ee9", "radical", "黄"),
        ("\u2ee2", "radical", "马"),
        ("\uf900", "compatibility-ideograph", "豈"),
        ("\U0002f800", "compatibility-ideograph", "丽"),
    ],
)
def test_a_lookalike_is_refused_and_the_ordinary_character_named(
    small: str, char: str, code: str, ordinary: str
):
    (finding,) = findings(small, TEXT, f"第一行\n第二行{char}。")
    assert (finding.line, finding.severity, finding.code) == (12, "error", code)
    assert f"U+{ord(char):04X}" in finding.message
    assert f"“{ordinary}”" in finding.message


def test_a_radical_that_nothing_replaces_is_still_refused(small: str):
    assert in_text(small, "第\u2e80。") == [(11, "radical")]


@pytest.mark.parametrize("char", "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩")
def test_the_twelve_unified_ideographs_among_the_compatibility_ones_are_fine(small: str, char: str):
    assert in_text(small, f"姓{char}。") == []


@pytest.mark.parametrize(
    ("char", "code"),
    [
        ("\x85", "control-character"),
        ("\t", "control-character"),
        ("\u200b", "invisible-character"),
        ("\ufeff", "invisible-character"),
        ("\u202e", "invisible-character"),
        ("\u2028", "invisible-character"),
        ("\ue000", "private-use"),
        ("\U000f0000", "private-use"),
        ("\ufffd", "lost-character"),
        ("\ufdd0", "control-character"),
    ],
)
def test_unprintable_characters_are_named_by_code_point(small: str, char: str, code: str):
    (finding,) = findings(small, TEXT, f"新合{char}金。")
    assert (finding.line, finding.severity, finding.code) == (11, "error", code)
    assert f"U+{ord(char):04X}" in finding.message
    assert "新合" in finding.message


def test_a_character_without_glyph_is_named_wherever_it_stands(small: str):
    def missing(words: str) -> set[str]:
        return {"𪚥"} & set(words)

    issue = small.replace("要闻", "要𪚥").replace("首次", "𪚥").replace("合金通过考核", "合金\n𪚥")
    found = findings(issue, missing_glyphs=missing)
    assert [(finding.line, finding.code) for finding in found] == [
        (line, "missing-glyph") for line in (7, 9, 12)
    ]
    assert "“𪚥” (U+2A6A5, CJK UNIFIED IDEOGRAPH-2A6A5)" in found[0].message


def test_fonts_are_asked_once_and_never_for_variation_selectors(small: str):
    asked: list[str] = []

    def missing(words: str) -> str:
        asked.append(words)
        return words[-1]

    assert findings(small, TEXT, "葛\U000e0101城", missing_glyphs=missing) == ()
    assert len(asked) == 1
    assert len(set(asked[0])) == len(asked[0])


EVERYWHERE = """\
<issue xmlns="urn:issue-publisher:issue" version="1.0" id="i" date="2026-11-23">
<nameplate><title>@</title>
<subtitle>@</subtitle>
<motto>@</motto>
<date>@2026年11月23日</date>
<serial-number>@</serial-number>
<level>@</level>
<sponsor>@</sponsor>
<publisher>@</publisher>
<site>@</site>
<ear>
<headline>@</headline>
<p>@</p>
</ear>
</nameplate>
<page number="1" title="@">
<editor role="责编">@</editor>
<editor role="@">李明</editor>
<folio-line>@</folio-line>
<article id="a"><rubric>@</rubric>
<kicker>@</kicker>
<headline>@</headline>
<deck>@</deck>
<series name="系列" part="1">@</series>
<editors-note>
<p>@</p>
</editors-note>
<standfirst>@</standfirst>
<dateline>@</dateline>
<byline>
<author role="@">李明</author>
<author affiliation="@">李明</author>
<author>@</author>
</byline>
<body>
<p>甲<ruby reading="@">乙</ruby></p>
<p>甲<em><strong>@</strong></em></p>
<crosshead>@</crosshead>
<list>
<item>@</item>
</list>
<quotation><p>@</p>
<source>@</source>
</quotation>
<pull-quote>@<source>甲</source></pull-quote>
<exchange>
<question by="@"><p>甲</p></question><answer><p>甲</p>
<p>@</p></answer>
</exchange>
<verse><stanza><verse-line>甲</verse-line>
<verse-line>@</verse-line></stanza></verse>
<table>
<caption>@</caption>
<row><head-cell>甲</head-cell>
<cell>@</cell></row><row><cell>甲</cell>
<cell>@</cell></row>
</table>
<p>甲
<note>@</note></p>
<figure src="a.jpg" alt="@"/>
<figure src="a.jpg" alt="甲">
<caption>@</caption>
<credit>@</credit></figure>
<box>
<headline>@</headline>
<p>@</p>
</box>
</body>
<affiliation>@</affiliation>
<signature>@</signature>
</article>
<briefs id="b">
<rubric>@</rubric>
<brief id="b1"><body><p>@</p></body></brief></briefs>
<pictures id="c">
<rubric>@</rubric>
<figure src="a.jpg" alt="甲"/>
<p>@</p></pictures>
<advertisement id="d" columns="2" depth-mm="20">
<p>@</p></advertisement>
</page>
<imprint>
<address>@</address>
<post-code>@</post-code>
<telephone label="@">1</telephone>
<telephone>@</telephone>
<price>@</price>
<printer>@</printer>
<distribution>@</distribution>
<note>@</note>
<note>@</note>
</imprint>
</issue>
"""


def test_every_place_that_holds_words_is_checked_and_reported_at_its_line():
    found = check_issue(read_issue(EVERYWHERE.replace("@", "\u2f54").encode(), "issue.xml"), "issue.xml")
    marked = [number for number, line in enumerate(EVERYWHERE.splitlines(), 1) if "@" in line]
    exchange = next(number for number in marked if "by=" in EVERYWHERE.splitlines()[number - 1])
    assert [finding.line for finding in found] == [
        number - 1 if number == exchange else number
        for number in marked  # `by` counts for the exchange
    ]


# --------------------------------------------------------------------------- marks


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ("合金,材料", ","),
        ("考核.", "."),
        ("他说:好", ":"),
        ("好!", "!"),
        ("好?", "?"),
        ("甲;乙", ";"),
        ("“好”,他说", ","),
        ("5G,材料", ","),
        ("材料(新)", "("),
        ("(新)", ")"),
        ("合金(Ti)", "("),
    ],
)
def test_half_width_marks_among_han_characters_are_warned_of(small: str, words: str, mark: str):
    found = findings(small, TEXT, f"第一行\n{words}")
    assert {(finding.line, finding.severity, finding.code) for finding in found} == {
        (12, "warning", "half-width-mark")
    }
    assert any(f"half-width {mark} " in finding.message for finding in found)


@pytest.mark.parametrize(
    "words",
    [
        "共9,000元、3.5%",
        "比分3:2",
        "9:30开会",
        "见https://a.org/b,c,d。",
        "用 Ti (B265), Al",
        "1.材料",
        "写信给a.b@c.org。",
        "<foreign xml:lang='en'>Hello, world!</foreign>",
        "<a href='https://a.org'>看,这里</a>",
        "（新）",
        "don’t",
    ],
)
def test_half_width_marks_of_numbers_addresses_and_foreign_words_are_left_alone(small: str, words: str):
    assert in_text(small, words) == []


@pytest.mark.parametrize(
    "words", ["合 金", "合\u00a0金", "合金， 材料", "合金 。", "张　　明", "“ 好”", "　　本报讯", "好　"]
)
def test_stray_spaces_are_warned_of(small: str, words: str):
    assert in_text(small, f"第一行\n{words}")[:1] == [(12, "stray-space")] or in_text(small, words) == [
        (11, "stray-space")
    ]


@pytest.mark.parametrize("words", ["郭　明", "用 Ti 合金", "2026 年", "甲　乙　丙", "Al 与 Ti"])
def test_spaces_that_are_meant_are_left_alone(small: str, words: str):
    assert in_text(small, words) == []


def test_a_poem_may_be_indented(small: str):
    verse = "</p><verse><stanza><verse-line>　　春眠</verse-line></stanza></verse><p>文"
    assert in_text(small, verse.join(["文", ""])) == []


def paragraphs(*words: str) -> str:
    return "</p>\n<p>".join(words)


@pytest.mark.parametrize(
    "words",
    [
        "他说：“好。”",
        "“外‘内’外”",
        "《书〈篇〉》",
        "（甲（乙））",
        "「甲」『乙』",
        "1）甲；2）乙",
        "（1）甲",
        "the workers’ don’t",
        paragraphs("他说：“甲。", "“乙。", "“丙。”"),
        paragraphs("「甲", "「乙」"),
    ],
)
def test_balanced_marks_are_left_alone(small: str, words: str):
    assert in_text(small, words) == []


@pytest.mark.parametrize(
    ("words", "line", "mark"),
    [
        ("甲\n他说：“好。", 12, "“"),
        ("甲\n好。”", 12, "”"),
        ("“外‘内”", 11, "‘"),
        ("《书", 11, "《"),
        ("甲）", 11, "）"),
        (paragraphs("他说：“甲。", "乙。”"), 11, "“"),
        (paragraphs("他说：“甲。", "“乙。", "丙。"), 12, "“"),
    ],
)
def test_unbalanced_marks_are_warned_of_at_their_line(small: str, words: str, line: int, mark: str):
    found = findings(small, TEXT, words)
    assert (found[0].line, found[0].severity, found[0].code) == (line, "warning", "unbalanced-mark")
    assert f"unbalanced {mark} " in found[0].message


def test_a_quotation_may_run_over_the_lines_of_a_poem(small: str):
    verse = "<verse><stanza><verse-line>“甲</verse-line><verse-line>乙”</verse-line></stanza></verse>"
    assert in_text(small, f"文</p>{verse}<p>文") == []


# --------------------------------------------------------------------------- nameplate


@pytest.mark.parametrize(
    ("element", "right", "wrong", "says"),
    [
        ("weekday", ("星期一", "周一"), ("星期二", "Monday"), "星期一"),
        (
            "lunar-date",
            (
                "丙午年十月十五",
                "农历丙午年十月十五",
                "丙午马年十月十五",
                "丙午（马）年十月十五",
                "农历十月十五",
                "丙午年十月十五　小雪",
            ),
            (
                "丙午年十月十六",
                "丙午年闰十月十五",
                "乙巳年十月十五",
                "丙午蛇年十月十五",
                "丙午年十月二十五",
                "过年",
            ),
            "丙午年十月十五",
        ),
        ("edition", ("今日1版", "今日一版"), ("今日4版", "今日八版"), "1版"),
    ],
)
def test_what_the_nameplate_says_of_the_day_must_be_true(
    small: str, element: str, right: tuple[str, ...], wrong: tuple[str, ...], says: str
):
    for words in right:
        assert findings(small, "</date>", f"</date>\n<{element}>{words}</{element}>") == ()
    for words in wrong:
        (finding,) = findings(small, "</date>", f"</date>\n<{element}>{words}</{element}>")
        assert (finding.line, finding.severity, finding.code) == (6, "warning", element)
        assert says in str(finding)


@pytest.mark.parametrize(
    ("day", "lunar"),
    [
        ("2025-08-01", "乙巳年闰六月初八"),
        ("2026-02-16", "乙巳年十二月廿九"),
        ("2026-02-17", "丙午年正月初一"),
        ("2026-02-16", "乙巳年腊月二十九"),
        ("1978-09-17", "戊午年八月十五"),  # calendars made from older tables are a day out here
        ("2033-12-22", "癸丑年闰十一月初一"),
    ],
)
def test_lunar_dates_agree_with_the_published_calendar(small: str, day: str, lunar: str):
    issue = small.replace('date="2026-11-23"', f'date="{day}"')
    found = findings(issue, "</date>", f"</date><lunar-date>{lunar}</lunar-date>")
    assert [finding.code for finding in found] == ["date-text"]  # only the printed solar date is wrong


@pytest.mark.parametrize("day", ["0001-01-01", "1582-10-10", "1645-01-28", "1872-04-30", "9999-12-31"])
def test_no_date_is_too_old_or_too_far_away(small: str, day: str):
    issue = small.replace('date="2026-11-23"', f'date="{day}"')
    assert findings(issue, "</date>", "</date><lunar-date>正月初一</lunar-date>")


def test_the_printed_date_must_be_that_of_the_issue(small: str):
    (finding,) = findings(small, "2026年11月23日", "2026年11月22日")
    assert (finding.line, finding.code) == (5, "date-text")
    assert findings(small, "2026年11月23日", "二○二六年十一月二十三日") == ()


# --------------------------------------------------------------------------- pictures and tables


def with_figure(small: str, figure: str) -> str:
    return small.replace("</body>", f"\n{figure}</body>")


def test_a_figure_without_alternative_text_is_warned_of(small: str):
    (finding,) = findings(with_figure(small, '<figure src="a.jpg"/>'))
    assert (finding.line, finding.severity, finding.code) == (13, "warning", "missing-alt")


@pytest.mark.parametrize(
    "src",
    [
        "/etc/a.jpg",
        "../a.jpg",
        "a/../../b.jpg",
        "https://a.org/b.jpg",
        "file:///a.jpg",
        "C:\\a.jpg",
        "a\\b.jpg",
        "//a/b",
        "data:image/png;base64,AAAA",
    ],
)
def test_a_picture_outside_the_folder_is_refused(small: str, src: str):
    (finding,) = findings(with_figure(small, f'<figure src="{src}" alt="甲"/>'), pictures={})
    assert (finding.line, finding.severity, finding.code) == (13, "error", "picture-outside")


def test_what_is_wrong_with_a_picture_is_reported_where_it_is_used(small: str):
    issue = with_figure(small, '<figure src="a.jpg" alt="甲"/>')
    (missing,) = findings(issue, pictures={})
    assert (missing.line, missing.severity, missing.code) == (13, "error", "picture-missing")
    (broken,) = findings(issue, pictures={"a.jpg": PictureProblem("it is cut off", "fetch it again")})
    assert (broken.line, broken.severity, broken.hint) == (13, "error", "fetch it again")
    (small_one,) = findings(issue, pictures={"a.jpg": PictureFacts(300, 200, needed_width_px=1400)})
    assert (small_one.line, small_one.severity, small_one.code) == (13, "warning", "picture-resolution")
    assert "1400" in small_one.hint
    assert findings(issue, pictures={"a.jpg": PictureFacts(1400, 900, needed_width_px=1400)}) == ()
    assert findings(issue, pictures={"a.jpg": PictureFacts(3, 2, is_vector=True, needed_width_px=9)}) == ()


def test_rows_of_unequal_length_are_warned_of(small: str):
    table = "<table><row><cell>甲</cell><cell>乙</cell></row>\n<row><cell>甲</cell></row></table>"
    (finding,) = findings(with_figure(small, table))
    assert (finding.line, finding.code) == (14, "ragged-table")


# --------------------------------------------------------------------------- all together


def test_everything_is_reported_at_once_in_order_of_lines(small: str):
    issue = small.replace("要闻", "要 闻").replace("首次", "\u2f54").replace(TEXT, "甲,乙\n“丙\u200b")
    assert [(finding.line, finding.code) for finding in findings(issue)] == [
        (7, "stray-space"),
        (9, "kangxi-radical"),
        (11, "half-width-mark"),
        (12, "invisible-character"),
        (12, "unbalanced-mark"),
    ]


def test_strict_makes_errors_of_warnings(small: str):
    assert [each.severity for each in findings(small, "要闻", "要 闻")] == ["warning"]
    assert [each.severity for each in findings(small, "要闻", "要 闻", strict=True)] == ["error"]
