"""What an archivist finds in an imported issue: all its articles, whole, and what was doubted."""

from __future__ import annotations

import datetime
import time

import pytest

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.issue.model import (
    Article,
    Briefs,
    BylinePlace,
    Crosshead,
    Figure,
    Issue,
    Paragraph,
    PictureItem,
    PullQuote,
    Table,
    Verse,
    Weight,
)
from issue_publisher.transcript.importer import import_issue
from issue_publisher.transcript.model import Doubt, Imported, Label, Transcript, TranscriptLine
from issue_publisher.transcript.profile import GENERAL, Profile, read_profile
from transcript.texts import NAMEPLATE, WHOLE, transcript

DAY = datetime.date(2026, 5, 12)


def imported(text: str, profile: Profile = GENERAL, *, fix: bool = False) -> Imported:
    return import_issue(transcript(text), profile, fix=fix, date=DAY)


def headlines(issue: Issue) -> list[str]:
    return [article.headline.plain if article.headline else "" for article in issue.articles()]


def one(text: str) -> Article:
    """The only article of a text."""
    (article,) = imported(text).issue.articles()
    return article


def doubts(result: Imported, kind: Doubt) -> list[int]:
    return [finding.line for finding in result.findings if finding.doubt is kind]


def paragraphs(article: Article) -> list[str]:
    return [block.text.plain for block in article.body if isinstance(block, Paragraph)]


# --------------------------------------------------------------------------- a whole paper


@pytest.fixture(scope="module")
def paper() -> Imported:
    return import_issue(transcript(WHOLE), GENERAL)


def test_nameplate_and_id(paper: Imported) -> None:
    plate = paper.issue.nameplate
    assert (paper.issue.id, paper.issue.date) == ("2026-05-12", DAY)
    assert (plate.title, plate.subtitle, plate.level) == ("山海材料报", "SHANHAI MATERIALS NEWS", "行业报")
    assert (plate.date_text, plate.weekday, plate.lunar_date) == ("2026年5月12日", "星期二", "丙午年三月廿六")
    assert (plate.serial_number, plate.running_number) == ("CN 00-0417", 208)
    assert (plate.sponsor, plate.publisher) == ("山海材料学会主办", "山海材料报社出版")
    assert plate.site == "https://shanhai.example"
    assert not plate.ears


def test_pages_with_titles_and_editors(paper: Imported) -> None:
    assert [(page.number, page.title) for page in paper.issue.pages] == [(1, "要闻"), (2, "手记")]
    assert [(each.role, each.name) for each in paper.issue.pages[1].editors] == [
        ("责编", "李默"),
        ("校对", "王禾"),
    ]


def test_articles_in_order_none_merged_none_torn(paper: Imported) -> None:
    assert headlines(paper.issue) == [
        "三号炉大修提前四天点火",
        "矿山通勤车换成了电动的",
        "质检站启用新天平",
        "职工书屋添书三百册",
        "把工期让给安全",
        "听得懂的轴承",
        "夜里的灯",
    ]
    first = paper.issue.pages[0].items[0]
    assert isinstance(first, Article)
    assert first.kicker is not None
    assert first.kicker.plain == "抓好春季检修"
    assert (first.dateline, first.weight, first.genre) == ("本报讯", Weight.LEAD, "news")
    assert first.byline is not None
    assert [(each.role, each.name) for each in first.byline.authors] == [("记者", "周明远")]
    assert len(paragraphs(first)) == 3


def test_briefs_are_a_group_until_another_rubric(paper: Imported) -> None:
    (briefs,) = (item for item in paper.issue.pages[0].items if isinstance(item, Briefs))
    assert briefs.rubric == "简明新闻"
    assert [article.byline.place for article in briefs.articles if article.byline] == ["opening", "end"]
    comment = paper.issue.pages[0].items[-1]
    assert isinstance(comment, Article)
    assert (comment.rubric, comment.genre) == ("快评", "comment")


def test_caption_credit_and_the_lost_picture(paper: Imported) -> None:
    car = next(article for article in paper.issue.articles() if "通勤车" in article.headline.plain)  # type: ignore[union-attr]
    (figure,) = car.figures
    assert figure == Figure("pictures/p1-1.jpg", figure.caption, figure.credit, missing=True)
    assert figure.caption is not None
    assert figure.caption.plain == "电动通勤车停在矿区的充电棚下。"
    assert figure.credit is not None
    assert figure.credit.plain == "林舟 摄"
    assert car.byline is not None
    assert (car.byline.place, car.byline.authors[0].name) == (BylinePlace.END, "钱一鸣")
    assert len(doubts(paper, Doubt.NO_PICTURE)) == 3


def test_series_note_and_signature(paper: Imported) -> None:
    first, second = paper.issue.pages[1].items
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.series is not None
    assert (first.series.name, first.series.part, first.series.label) == ("一线手记", 1, "（上）")
    assert first.editors_note[0].text.plain.startswith("从今天起")
    assert first.signature is not None
    assert first.signature.plain == "动力车间 冯大川"
    assert second.editors_note == ()
    assert len(first.figures) == len(second.figures) == 1


def test_cut_paragraphs_are_joined_and_listed(paper: Imported) -> None:
    joins = {finding.line: finding for finding in paper.findings if finding.doubt is Doubt.CUT_PARAGRAPH}
    lines = WHOLE.split("\n")
    assert [lines[number - 1][:4] for number in joins] == ["除尘同时", "驾驶室里"]
    assert all(finding.done for finding in joins.values())
    comma = next(joins[number] for number in joins if lines[number - 1].startswith("驾驶室里"))
    assert comma.confidence > 0.9


def test_every_line_has_a_place(paper: Imported) -> None:
    written = {number for number, line in enumerate(WHOLE.split("\n"), 1) if line.strip()}
    assert {number for number, _, _ in paper.places} == written
    assert paper.audit is not None
    assert dict(paper.audit.left_out) == {
        "byline": 9, "caption": 1, "editor's note": 3, "page editor": 2, "page number": 6,
        "running_number": 3, "serial_number": 10,
    }  # fmt: skip
    assert paper.audit.given == ()


def test_values_know_their_line_of_the_transcript(paper: Imported) -> None:
    lines = WHOLE.split("\n")
    for article in paper.issue.articles():
        assert article.headline is not None
        assert lines[article.headline.line - 1] == article.headline.plain
        for block in article.body:
            if isinstance(block, Paragraph):
                assert block.text.plain[:5] in lines[block.line - 1]


# --------------------------------------------------------------------------- pieces of an article


def test_heads_without_blank_lines() -> None:
    text = """三号炉大修提前四天点火
本报讯（记者 周明远）三号炉重新点火。
检修队按时撤场。
矿山通勤车换成了电动的
——北山矿减噪手记
□ 罗青
通勤车全部换成电动车。
噪声低在哪里
驾驶室里的噪声低了一半。
"""
    result = imported(text)
    assert headlines(result.issue) == ["三号炉大修提前四天点火", "矿山通勤车换成了电动的"]
    second = list(result.issue.articles())[1]
    assert [deck.plain for deck in second.decks] == ["——北山矿减噪手记"]
    assert [type(block) for block in second.body] == [Paragraph, Crosshead, Paragraph]


def test_a_blank_line_opens_a_piece_where_paragraphs_have_none() -> None:
    text = """三号炉点火
三号炉重新点火。
检修队按时撤场。

通勤车换电
通勤车全部换成电动车。
噪声低了一半。
"""
    assert headlines(imported(text).issue) == ["三号炉点火", "通勤车换电"]


def test_three_headings() -> None:
    text = "青年论坛\n炉前三代\n他们守着同一座炉子\n□ 罗青\n\n祖孙三代都在炉前。\n"
    article = one(text)
    assert (article.rubric, article.kicker, [d.plain for d in article.decks]) == (
        None,
        article.kicker,
        ["他们守着同一座炉子"],
    )
    assert article.headline is not None
    assert article.headline.plain == "炉前三代"


def test_rubric_and_headline_on_one_line() -> None:
    article = one("时评｜工期与安全\n\n□ 郑一帆\n\n工期可以算，安全不能省。\n")
    assert (article.rubric, article.genre) == ("时评", "comment")
    assert article.headline is not None
    assert article.headline.plain == "工期与安全"


def test_a_series_that_stands_alone_is_the_headline() -> None:
    article = one("看不见的材料（上）\n\n□ 罗青\n\n材料看不见，却到处都是。\n")
    assert article.series is None
    assert article.headline is not None
    assert article.headline.plain == "看不见的材料（上）"


def test_offices_stand_before_a_name() -> None:
    article = one("谈谈检修\n\n□ 北山矿矿长、高级工程师 何小满\n\n检修要先想清楚。\n")
    assert article.byline is not None
    (author,) = article.byline.authors
    assert (author.role, author.name) == ("北山矿矿长、高级工程师", "何小满")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        (
            "□ 本报记者 罗青 何小满 通讯员 林舟",
            [("本报记者", "罗青"), ("本报记者", "何小满"), ("通讯员", "林舟")],
        ),
        ("□ 本报编辑部", [(None, "本报编辑部")]),
        ("□ 罗青、何小满", [(None, "罗青"), (None, "何小满")]),
        ("本报记者 罗　青", [("本报记者", "罗　青")]),
        ("作者：罗青", [(None, "罗青")]),
    ],
)
def test_bylines(line: str, authors: list[tuple[str | None, str]]) -> None:
    article = one(f"谈谈检修\n\n{line}\n\n检修要先想清楚。\n")
    assert article.byline is not None
    assert [(each.role, each.name) for each in article.byline.authors] == authors


def test_a_pull_quote_that_begins_inside_its_sentence() -> None:
    said = "先听炉子的声音再动手。——炉长 何小满"
    text = f"守炉人\n\n{said}\n\n□ 罗青\n\n何小满常说，学徒要先听炉子的声音再动手。他说了二十年。\n"
    result = imported(text)
    (article,) = result.issue.articles()
    quote = article.body[0]
    assert isinstance(quote, PullQuote)
    assert quote.source is not None
    assert quote.source.plain == "炉长 何小满"
    assert doubts(result, Doubt.MISSING_START) == [1, 3]  # no name of the paper; the quote


def test_affiliation_ends_a_piece() -> None:
    text = "夜里的灯\n\n□ 姚岚\n\n夜班的灯有三种颜色。\n\n作者单位 配电所\n\n早班\n\n早班从六点开始。\n"
    first, second = imported(text).issue.articles()
    assert first.affiliation is not None
    assert first.affiliation.plain == "作者单位 配电所"
    assert second.headline is not None
    assert second.headline.plain == "早班"


def test_pictures_that_belong_to_no_piece_are_one_item() -> None:
    text = (
        "夜里的灯\n\n夜班的灯有三种颜色。\n\n配电所 姚岚\n\n图为姚岚在巡视。\n\n"
        "图为北山矿全景。林舟 摄\n\n图为矿区雪后。林舟 摄\n"
    )
    article, pictures = imported(text).issue.pages[0].items
    assert isinstance(article, Article)
    assert len(article.figures) == 1
    assert isinstance(pictures, PictureItem)
    assert [figure.caption.plain for figure in pictures.figures if figure.caption] == [
        "图为北山矿全景。",
        "图为矿区雪后。",
    ]


def test_a_caption_over_two_lines_inside_a_paragraph() -> None:
    text = """谈谈检修

□ 罗青

检修队把上百项工序拆成六个班次，炉衬、水冷和除尘同

图为检修队在更换
炉衬。林舟 摄

时推进，谁也不等谁。除尘同时进行，省下四天。
"""
    result = imported(text)
    (article,) = result.issue.articles()
    body, figure = article.body
    assert isinstance(body, Paragraph)
    assert (
        body.text.plain
        == "检修队把上百项工序拆成六个班次，炉衬、水冷和除尘同时推进，谁也不等谁。除尘同时进行，省下四天。"
    )
    assert isinstance(figure, Figure)
    assert figure.caption is not None
    assert figure.caption.plain == "图为检修队在更换炉衬。"
    assert doubts(result, Doubt.MISPLACED) == [7]


def test_a_paragraph_whose_rest_is_lost_is_not_joined_to_the_next() -> None:
    text = """谈谈检修

□ 罗青

何小满说，检修先要停炉。

何小满还说，停炉以后等三天，期间不

何小满最后说，急不得。

何小满走了。
"""
    result = imported(text)
    (article,) = result.issue.articles()
    assert len(paragraphs(article)) == 4
    assert doubts(result, Doubt.MISSING_END) == [7]


def test_a_short_beginning_of_a_cut_paragraph_is_no_crosshead() -> None:
    text = """谈谈检修

□ 罗青

检修队进场以后，先看图纸，再看炉子。

停炉以后，检修

队进场的人先等三天。

三天里只做一件事
"""
    (article,) = imported(text).issue.articles()
    assert paragraphs(article)[1] == "停炉以后，检修队进场的人先等三天。"
    assert not any(isinstance(block, Crosshead) for block in article.body)


def test_lines_of_a_poem() -> None:
    text = "炉火\n\n□ 姚岚\n\n炉火照着夜班\n\n照着墙上的钟\n\n钟走得很慢\n\n我们走得很快\n"
    (block,) = one(text).body
    assert isinstance(block, Verse)
    assert [line.plain for line in block.stanzas[0]] == [
        "炉火照着夜班",
        "照着墙上的钟",
        "钟走得很慢",
        "我们走得很快",
    ]


def test_rows_of_a_table() -> None:
    rows = ["釉色 成分 用量", "黄 氧化铁 3%", "绿 氧化铜 2%"]
    text = "谈谈釉色\n\n□ 姚岚\n\n颜色是请来的客人。\n\n" + "\n\n".join(rows) + "\n\n客人不能多。\n"
    block = one(text).body[1]
    assert isinstance(block, Table)
    assert [[cell.text.plain for cell in row] for row in block.rows] == [row.split() for row in rows]


def test_questions_and_answers_are_no_crossheads() -> None:
    said = ["读者：一丝是多少？", "姚岚：通常指0.01毫米。", "读者：为什么要等？", "姚岚：等温。"]
    text = "答读者问\n\n□ 姚岚\n\n" + "\n\n".join(said) + "\n"
    assert [type(block) for block in one(text).body] == [Paragraph] * 4


# --------------------------------------------------------------------------- pages


def test_eight_pages_of_one_paper() -> None:
    pages = "".join(
        f"\n第{number}版 {title}\n\n{title}版的头条\n\n本报讯（记者 罗青）这是{title}版的第一条消息。\n"
        for number, title in enumerate(["要闻", "综合", "科技", "矿山", "冶炼", "生活", "副刊", "影像"], 1)
    )
    result = import_issue(transcript(NAMEPLATE + pages), GENERAL)
    assert [page.number for page in result.issue.pages] == list(range(1, 9))
    assert [page.title for page in result.issue.pages][-1] == "影像"
    assert not doubts(result, Doubt.GUESSED)


def test_folio_lines_repeat_the_nameplate() -> None:
    folio = "山海材料报 2026年5月12日 星期二 第2版 科技 责编：李默"
    text = f"{NAMEPLATE}\n头条\n\n本报讯 第一条。\n\n{folio}\n\n次条\n\n本报讯 第二条。\n"
    result = import_issue(transcript(text), GENERAL)
    assert [(page.number, page.title) for page in result.issue.pages] == [(1, "版面"), (2, "科技")]
    assert result.issue.pages[1].editors[0].name == "李默"
    assert result.audit is not None
    assert dict(result.audit.left_out)["folio line"] == len("山海材料报2026年5月12日星期二")


def test_several_editors_of_one_role() -> None:
    text = "第1版 要闻\n\n责编 李默、王禾 校对：林舟\n\n头条\n\n本报讯 第一条。\n"
    editors = imported(text).issue.pages[0].editors
    assert [(each.role, each.name) for each in editors] == [
        ("责编", "李默"),
        ("责编", "王禾"),
        ("校对", "林舟"),
    ]


def test_form_feeds_part_pages() -> None:
    text = "头条\n\n本报讯 第一条。\n\f次条\n\n本报讯 第二条。\n"
    assert [page.number for page in imported(text).issue.pages] == [1, 2]


def test_one_page_is_said_as_a_doubt() -> None:
    result = imported("头条\n\n本报讯 第一条。\n")
    assert doubts(result, Doubt.GUESSED) == [1]


def test_pages_that_the_profile_knows_by_a_line() -> None:
    profile = read_profile(
        '[paper]\nname = "山海材料报"\nid = "shanhai"\n[[pages]]\nnumber = 1\ntitle = "要闻"\n'
        '[[pages]]\nnumber = 2\ntitle = "手记"\nopens = "^一线手记"\ngenre = "voice"\n'.encode(),
        "transcript.toml",
    )
    result = import_issue(transcript(WHOLE.replace("第1版 要闻", "").replace("第2版 手记", "")), profile)
    assert result.issue.id == "shanhai-2026-05-12"
    assert [(page.number, page.title) for page in result.issue.pages] == [(1, "要闻"), (2, "手记")]
    assert result.audit is not None
    assert result.audit.given == (("page-1", "title", "要闻"), ("page-2", "title", "手记"))


def test_pages_out_of_order_are_put_in_order_and_said() -> None:
    text = "第2版 科技\n\n次条\n\n本报讯 第二条。\n\n第1版 要闻\n\n头条\n\n本报讯 第一条。\n"
    result = imported(text)
    assert headlines(result.issue) == ["头条", "次条"]
    assert doubts(result, Doubt.MISPLACED) == [7]


def test_imprint_at_the_foot() -> None:
    foot = "社址：河东路1号 邮编：100000 编辑部：010-12345678 定价：每份1元 山海印刷厂印刷"
    text = f"头条\n\n本报讯 第一条。\n\n{foot}\n"
    imprint = imported(text).issue.imprint
    assert imprint is not None
    assert (imprint.address, imprint.post_code) == ("社址：河东路1号", "邮编：100000")
    assert [(each.label, each.number) for each in imprint.telephones] == [("编辑部", "010-12345678")]
    assert (imprint.price, imprint.printer) == ("定价：每份1元", "山海印刷厂印刷")


# --------------------------------------------------------------------------- other shapes


def test_without_a_nameplate_the_date_must_be_told() -> None:
    with pytest.raises(SourceErrors, match="no date") as error:
        import_issue(transcript("头条\n\n本报讯 第一条。\n"), GENERAL)
    assert "--date" in str(error.value)
    result = imported("头条\n\n本报讯 第一条。\n")
    assert result.issue.id == "2026-05-12"
    assert result.issue.nameplate.title == "报名不详"
    assert ("nameplate", "date", "2026年5月12日") in result.audit.given  # type: ignore[union-attr]


def test_a_day_that_does_not_exist() -> None:
    text = WHOLE.replace("2026年5月12日", "2026年2月30日")
    with pytest.raises(SourceErrors, match="2026年2月30日 is no day") as error:
        import_issue(transcript(text), GENERAL)
    assert str(error.value).startswith("old.txt:7: ")


def test_a_date_that_is_told_wins_and_is_doubted() -> None:
    result = import_issue(transcript(WHOLE), GENERAL, date=datetime.date(2026, 5, 13), issue_id="special")
    assert (result.issue.id, result.issue.date.day) == ("special", 13)
    assert any("2026年5月12日" in finding.message for finding in result.findings)


def test_an_id_must_be_one() -> None:
    with pytest.raises(SourceErrors, match="is no id of an issue"):
        import_issue(transcript(WHOLE), GENERAL, issue_id="../up")


def test_traditional_chinese() -> None:
    text = """山海材料報
國內統一連續出版物號 CN 00-0417 星期二 2026年5月12日 總第208期
第1版 要聞
三號爐大修提前四天點火
本報訊（記者 周明遠）三號爐重新點火，檢修隊按時撤場。
▲檢修隊在更換爐襯。林舟 攝
「最難的是爐底。」隊長說。
時評
把工期讓給安全
□ 鄭一帆
編者按 這是一篇短評。
工期可以算，安全不能省。
作者單位 質檢站
"""
    result = import_issue(transcript(text), GENERAL)
    issue = result.issue
    assert issue.lang == "zh-Hant"
    assert (issue.nameplate.serial_number, issue.nameplate.running_number) == ("CN 00-0417", 208)
    first, second = issue.articles()
    assert first.dateline == "本報訊"
    assert first.byline is not None
    assert first.byline.authors[0].role == "記者"
    assert first.figures[0].credit is not None
    assert (second.rubric, second.genre) == ("時評", "comment")
    assert second.editors_note[0].text.plain == "這是一篇短評。"
    assert second.affiliation is not None


def test_english_mixed_in() -> None:
    text = """A Letter from the Mine

□ Anna Berg

The first shift starts at six. We meet at the gate, drink tea and talk about the weather.

那里的工人把 shift 叫作“班”，和我们一样。

At noon the whistle blows, and

everybody goes to lunch.
"""
    article = one(text)
    assert article.headline is not None
    assert article.headline.plain == "A Letter from the Mine"
    assert paragraphs(article)[-1] == "At noon the whistle blows, and everybody goes to lunch."


def test_lines_that_a_column_broke() -> None:
    words = "检修队把上百项工序拆成六个班次，炉衬、水冷和除尘同时推进，谁也不等谁。" * 6
    lines = [words[at : at + 20] for at in range(0, len(words), 20)]
    text = "三号炉点火\n\n" + "\n".join(lines) + "\n\n" + "\n".join(lines) + "\n"
    result = imported(text)
    (article,) = result.issue.articles()
    assert paragraphs(article) == [words, words]
    assert any("broken at 20" in finding.message for finding in result.findings)


def test_a_megabyte_in_one_paragraph() -> None:
    text = "三号炉点火\n\n" + "检修队把上百项工序拆成六个班次，" * 22_000 + "谁也不等谁。\n"
    started = time.process_time()
    result = imported(text)
    assert time.process_time() - started < 15
    assert len(paragraphs(next(result.issue.articles()))[0]) > 350_000


def test_a_text_without_a_headline_gets_a_mark_for_it() -> None:
    result = imported(
        "这是一段没有标题的文字，它从中间开始，到这里结束，比任何一个标题都要长得多，所以只能是正文。\n"
    )
    assert headlines(result.issue) == ["标题缺"]
    assert 1 in doubts(result, Doubt.MISSING_START)


def test_control_characters_are_refused_with_their_line() -> None:
    with pytest.raises(SourceErrors, match=r"old.txt:3: U\+0007") as error:
        imported("头条\n\n本报讯 第\x07一条。\n")
    assert "delete it" in str(error.value)


# --------------------------------------------------------------------------- labels


def test_labels_are_taken_at_their_word() -> None:
    said = [
        (Label.PAGE, "1 要闻"), (Label.RUBRIC, "一线"), (Label.KICKER, "他们说"),
        (Label.HEADLINE, "不是正文。"), (Label.DECK, "副题一"), (Label.BYLINE, "罗青"),
        (Label.PARAGRAPH, "短"), (Label.CROSSHEAD, "像正文。"), (Label.PARAGRAPH, "没有说完的"),
        (Label.PARAGRAPH, "另一段。"), (Label.FIGURE, "一张图"), (Label.CREDIT, "林舟 摄"),
        (Label.LIST_ITEM, "其一"), (Label.LIST_ITEM, "其二"), (Label.QUOTATION, "先听。"),
        (Label.VERSE, "炉火"), (Label.TABLE_ROW, "旧｜新"), (Label.SIGNATURE, "动力车间"),
        (Label.HEADLINE, "第二篇"), (Label.PARAGRAPH, "完。"),
    ]  # fmt: skip
    lines = tuple(TranscriptLine(n, text, label) for n, (label, text) in enumerate(said, 1))
    result = import_issue(Transcript("old.md", lines), GENERAL, date=DAY)
    first, second = result.issue.articles()
    kinds = [type(block).__name__ for block in first.body]
    assert " ".join(kinds) == "Paragraph Crosshead Paragraph Paragraph Figure ListBlock Quotation Verse Table"
    assert first.headline is not None
    assert (first.rubric, first.headline.plain) == ("一线", "不是正文。")
    assert first.signature is not None
    assert second.headline is not None
    assert not doubts(result, Doubt.GUESSED)
    assert not doubts(result, Doubt.UNKNOWN)
    assert not doubts(result, Doubt.CUT_PARAGRAPH)


def test_a_picture_that_the_transcript_names_is_not_missing() -> None:
    lines = (
        TranscriptLine(1, "头条", Label.HEADLINE),
        TranscriptLine(2, "第一条。", Label.PARAGRAPH),
        TranscriptLine(3, "炉前", Label.FIGURE, source="img/炉.jpg", attributes=(("alt", "炉火映红了脸"),)),
    )
    (article,) = import_issue(Transcript("old.md", lines), GENERAL, date=DAY).issue.articles()
    (figure,) = article.figures
    assert (figure.src, figure.missing, figure.alt) == ("img/炉.jpg", False, "炉火映红了脸")


# --------------------------------------------------------------------------- pieces over two pages

JUMPING = """第1版 要闻

三号炉点火

本报讯（记者 罗青）三号炉重新点火。检修队把工序拆成六个班次，水冷和（下转第2版）

通勤车换电

本报讯 通勤车全部换成电动车。

第2版 综合

（上接第1版）除尘同时推进，谁也不等谁。

大家都说值得。（吴桐）

书屋添书

本报讯 书屋新添图书三百册。
"""


def test_a_piece_that_jumps_is_one_again() -> None:
    result = imported(JUMPING)
    assert headlines(result.issue) == ["三号炉点火", "通勤车换电", "书屋添书"]
    first = next(result.issue.articles())
    assert paragraphs(first) == [
        "三号炉重新点火。检修队把工序拆成六个班次，水冷和除尘同时推进，谁也不等谁。",
        "大家都说值得。（吴桐）",
    ]
    assert first.hint is not None
    assert first.hint.jump == 2
    assert result.audit is not None
    assert dict(result.audit.left_out)["jump line"] == len("（下转第2版）（上接第1版）")
    assert not doubts(result, Doubt.MISSING_END)


def test_a_jump_line_of_its_own_with_the_headline_again() -> None:
    text = JUMPING.replace("（下转第2版）", "\n\n下转第2版").replace(
        "（上接第1版）", "三号炉点火\n\n上接第1版\n\n"
    )
    first = next(imported(text).issue.articles())
    assert [type(block).__name__ for block in first.body] == [
        "Paragraph",
        "Crosshead",
        "Paragraph",
        "Paragraph",
    ]


def test_a_jump_without_its_rest_is_said() -> None:
    result = imported(JUMPING.replace("（上接第1版）", ""))
    assert 5 in doubts(result, Doubt.MISSING_END)
    assert "（下转第2版）" in paragraphs(next(result.issue.articles()))[0]
    result = imported(JUMPING.replace("（下转第2版）", ""))
    assert 13 in doubts(result, Doubt.MISSING_START)
