"""What the elements of the issue format mean, in the desk's words; for messages and the documentation."""

from __future__ import annotations

NAMESPACE = "urn:issue-publisher:issue"

TERMS = {
    "issue": "一期报纸",
    # 报头
    "nameplate": "报头",
    "title": "报名",
    "subtitle": "外文报名",
    "motto": "报头口号",
    "date": "日期",
    "weekday": "星期",
    "lunar-date": "农历",
    "edition": "版数",
    "running-number": "总期号",
    "serial-number": "国内统一连续出版物号",
    "level": "报纸级别",
    "sponsor": "主管主办",
    "publisher": "出版",
    "site": "网址",
    "ear": "报眼",
    # 报尾
    "imprint": "报尾",
    "address": "地址",
    "post-code": "邮编",
    "telephone": "电话",
    "price": "定价",
    "printer": "印刷",
    "distribution": "发行",
    "note": "注",  # of a text; in the imprint one of its other lines
    # 版
    "page": "版",
    "editor": "版面编辑",
    "folio-line": "版头文字",
    "copy": "待排稿",
    "hint": "版面建议",
    # 稿件
    "article": "稿件",
    "link": "相关稿件",
    "rubric": "栏目",
    "kicker": "引题",
    "headline": "主题",
    "headline-alternative": "备用标题",
    "deck": "副题",
    "series": "系列",
    "editors-note": "编者按",
    "standfirst": "提要",
    "dateline": "电头",
    "byline": "署名",
    "author": "作者",
    "body": "正文",
    "affiliation": "作者单位",
    "signature": "落款",
    "briefs": "简讯",
    "brief": "一则简讯",
    "pictures": "图片新闻",
    "advertisement": "广告",
    # 正文
    "p": "段落",
    "crosshead": "小标题",
    "list": "列表",
    "item": "列表项",
    "quotation": "引文",
    "pull-quote": "摘引",
    "source": "出处",
    "exchange": "问答",
    "question": "问",
    "answer": "答",
    "verse": "诗",
    "stanza": "诗节",
    "verse-line": "诗行",
    "table": "表格",
    "caption": "图表说明",
    "row": "表行",
    "head-cell": "表头格",
    "cell": "表格单元",
    "figure": "图片",
    "credit": "摄影",
    "box": "花边框",
    # 行内
    "em": "强调",
    "strong": "加重",
    "dots": "着重号",
    "ruby": "注音",
    "foreign": "外文",
    "sup": "上标",
    "sub": "下标",
    "a": "网址链接",
    "ref": "见某篇",
    "glyph": "异体字形",
    "break": "断行处",
}

# Where an element stands that people look for a place for.
PLACES = {
    "note": "a note stands behind the word that it explains, in a paragraph, list item, verse line or cell"
    " of an article, not inside other marks or another note",
}

# What people write who come from HTML, and what the same thing is called here.
HABITS = {
    "h1": "headline",
    "h2": "crosshead",
    "h3": "crosshead",
    "subhead": "crosshead",
    "subheadline": "deck",
    "para": "p",
    "paragraph": "p",
    "b": "strong",
    "i": "em",
    "br": "break",
    "img": "figure",
    "image": "figure",
    "picture": "figure",
    "ul": "list",
    "ol": "list",
    "li": "item",
    "tr": "row",
    "td": "cell",
    "th": "head-cell",
    "blockquote": "quotation",
    "aside": "box",
    "ad": "advertisement",
    "lead": "standfirst",
    "abstract": "standfirst",
    "author-note": "affiliation",
    "footnote": "note",
    "fn": "note",
    "endnote": "note",
}


def tag(name: str) -> str:
    """An element as messages name it: <headline> (主题)."""
    meaning = TERMS.get(name)
    return f"<{name}> ({meaning})" if meaning else f"<{name}>"
