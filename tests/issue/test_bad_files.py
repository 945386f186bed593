"""Files that are no issue: each gets its line, what is wrong and what would be right, never a traceback."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issue.conftest import SMALL
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.reader import read_issue


def faults(data: str | bytes, file: str = "source/2026-11-23/issue.xml") -> tuple[SourceError, ...]:
    with pytest.raises(SourceErrors) as caught:
        read_issue(data.encode() if isinstance(data, str) else data, file)
    return caught.value.errors


def only_fault(data: str | bytes) -> SourceError:
    (fault,) = faults(data)
    return fault


def spoilt(small: str, old: str, new: str) -> str:
    assert small.count(old) == 1, old
    return small.replace(old, new)


# --------------------------------------------------------------------------- bytes


@pytest.mark.parametrize("data", [b"", b"  \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_called_empty(data: bytes):
    fault = only_fault(data)
    assert (fault.line, fault.code, fault.message) == (1, "empty", "the file is empty")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 \xff\xff", "a PDF"),
        (b"PK\x03\x04\xff", ".docx"),
        ("2026年11月23日，本报讯".encode(), "not XML"),
    ],
)
def test_what_is_not_xml_is_named(data: bytes, kind: str):
    fault = only_fault(data)
    assert (fault.line, fault.code) == (1, "not-xml")
    assert kind in fault.message


def test_a_truncated_file_says_where_it_ends_and_what_was_open(small: str):
    fault = only_fault(small[: small.index("本报讯") + 3])
    assert (fault.line, fault.code) == (11, "truncated")
    assert "inside <p> (段落) of line 11" in fault.message
    assert "</issue>" in fault.hint


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_inside_a_character_is_truncated(small: str, cut: int):
    data = small.encode()
    at = data.index("本报讯".encode()) + cut
    assert (only_fault(data[:at]).line, only_fault(data[:at]).code) == (11, "truncated")


@pytest.mark.parametrize("step", [7])
def test_a_file_cut_anywhere_gives_an_error_and_no_traceback(small: str, step: int):
    data = small.encode()
    for end in range(0, len(data) - len(b"</issue>\n"), step):
        assert all(fault.line > 0 and fault.hint for fault in faults(data[:end]))


def test_gb18030_without_a_declaration_is_recognised(small: str):
    data = spoilt(small, ' encoding="UTF-8"', "").encode("gb18030")
    fault = only_fault(data)
    assert (fault.line, fault.code) == (4, "encoding")  # the first line that holds a Chinese character
    assert "GB 18030" in fault.message
    assert 'encoding="GB18030"' in fault.hint


def test_gb18030_that_says_it_is_utf8_is_recognised(small: str):
    fault = only_fault(small.encode("gb18030"))
    assert (fault.line, fault.code) == (4, "encoding")
    assert "says it is UTF-8" in fault.message
    assert "GB 18030" in fault.message


def test_utf8_that_says_it_is_gb18030_is_recognised(small: str):
    fault = only_fault(spoilt(small, "UTF-8", "GB18030"))
    assert (fault.line, "UTF-8" in fault.message) == (1, True)


def test_a_single_broken_byte_is_found_in_its_line(small: str):
    fault = only_fault(small.replace("通过考核", "通过\udcff考核").encode(errors="surrogateescape"))
    assert (fault.line, fault.code) == (11, "encoding")
    assert "FF" in fault.message


@pytest.mark.parametrize(
    ("codec", "declared"),
    [
        ("gb18030", "GB18030"),
        ("gbk", "GBK"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-8-sig", "UTF-8"),
    ],
)
def test_declared_encodings_read_the_same(small: str, small_issue: object, codec: str, declared: str):
    assert read_issue(spoilt(small, "UTF-8", declared).encode(codec), "issue.xml") == small_issue


def test_an_unknown_encoding_is_refused(small: str):
    assert "“EBCDIC-9”" in only_fault(spoilt(small, "UTF-8", "EBCDIC-9")).message


def test_windows_and_old_mac_line_ends_count_as_lines(small: str, small_issue: object):
    for end in ("\r\n", "\r"):
        assert read_issue(small.replace("\n", end).encode(), "issue.xml") == small_issue
        assert only_fault(spoilt(small, "headline>\n", "headline><deck/>\n").replace("\n", end)).line == 9


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_spoilt_byte_leads_to_anything_but_an_issue_or_errors(data: st.DataObject):
    spoilt_bytes = bytearray(SMALL.encode(data.draw(st.sampled_from(["utf-8", "utf-16", "gb18030"]))))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(spoilt_bytes) - 1))
        spoilt_bytes[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with contextlib.suppress(SourceErrors):
        read_issue(bytes(spoilt_bytes), "issue.xml")


# --------------------------------------------------------------------------- well-formedness and attacks

BOMB = """<!DOCTYPE issue [
  <!ENTITY a "哈哈哈哈哈哈哈哈哈哈">
  <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
"""
EXTERNAL = '<!DOCTYPE issue [<!ENTITY secret SYSTEM "file:///etc/passwd">]>\n'
REMOTE_DTD = '<!DOCTYPE issue SYSTEM "https://example.org/issue.dtd">\n'


@pytest.mark.parametrize("doctype", [BOMB, EXTERNAL, REMOTE_DTD, "<!DOCTYPE issue>\n"])
def test_a_doctype_is_refused_before_anything_of_it_is_read(small: str, doctype: str):
    fault = only_fault(spoilt(small, "<issue ", doctype + "<issue "))
    assert (fault.line, fault.code) == (2, "doctype")
    assert "delete it" in fault.hint


def test_an_entity_bomb_costs_no_time(small: str):
    start = time.perf_counter()
    faults(spoilt(small, "<issue ", BOMB + "<issue ").replace("本报讯", "&c;" * 1000))
    assert time.perf_counter() - start < 1


def test_an_undeclared_entity_is_named(small: str):
    fault = only_fault(spoilt(small, "，", "&nbsp;"))
    assert (fault.line, "&nbsp;" in fault.message) == (11, True)


@pytest.mark.parametrize(("bare", "right"), [("A & B", "&amp;"), ("1 < 2", "&lt;")])
def test_a_bare_mark_of_xml_says_how_to_write_it(small: str, bare: str, right: str):
    fault = only_fault(spoilt(small, "，", bare))
    assert (fault.line, right in fault.hint) == (11, True)


def test_a_tag_left_open_is_named_with_its_line(small: str):
    fault = only_fault(spoilt(small, "</p>", ""))
    assert (fault.line, fault.code) == (12, "not-well-formed")
    assert "</body> closes nothing here: <p> (段落) of line 11 is still open" in fault.message


def test_control_characters_are_found_together_with_other_faults(small: str):
    found = faults(spoilt(small, "，", "\x08\x0b").replace("headline>", "headlne>"))
    assert [(fault.line, fault.code) for fault in found] == [
        (8, "missing-element"),
        (9, "unknown-element"),
        (11, "control-character"),
        (11, "control-character"),
    ]
    assert "U+000B" in found[3].message


def test_elements_nested_without_end_are_refused(small: str):
    fault = only_fault(spoilt(small, "，", "<em>" * 100_000))
    assert (fault.line, fault.code) == (11, "too-deep")


def test_lines_beyond_65535_are_right(small: str):
    padded = spoilt(small, "<body>", "<body>" + "\n" * 70_000)
    fault = only_fault(spoilt(padded, "，", "<blink/>"))
    assert fault.line == 70_011


def test_the_line_of_a_start_tag_of_several_lines_is_its_first(small: str):
    fault = only_fault(spoilt(small, '<article id="a1">', '<article\n id="a1"\n colour="red">'))
    assert (fault.line, "colour" in fault.message) == (8, True)


# --------------------------------------------------------------------------- the schema


def test_an_unknown_element_says_what_may_stand_there(small: str):
    fault = only_fault(spoilt(small, "<body>", "<body><para>甲</para>"))
    assert (fault.line, fault.code) == (10, "unknown-element")
    assert "unknown element <para> in <body> (正文)" in fault.message
    assert "did you mean <p> (段落)?" in fault.hint
    assert "<crosshead> (小标题)" in fault.hint


def test_a_missing_headline_names_the_article(small: str):
    fault = only_fault(small.replace("      <headline>新合金通过首次考核</headline>\n", ""))
    assert (fault.line, fault.code) == (8, "missing-element")
    assert "<article> (稿件) “a1” lacks <headline> (主题)" in fault.message
    assert "before <body> (正文) of line 9" in fault.hint


def test_an_empty_headline_is_as_good_as_none(small: str):
    fault = only_fault(spoilt(small, "新合金通过首次考核", " "))
    assert (fault.line, fault.message) == (9, "<headline> (主题) is empty")


@pytest.mark.parametrize(
    "body",
    [
        "<body/>",
        "<body></body>",
        "<body>\n\n</body>",
        "<body><p> </p><p/></body>",
        '<body><figure src="a.jpg"><caption>说明</caption></figure></body>',
    ],
)
def test_an_empty_article_is_refused(small: str, body: str):
    start, end = small.index("<body>"), small.index("</body>") + len("</body>")
    fault = only_fault(small[:start] + body + small[end:])
    assert fault.code in ("empty-article", "empty-body")
    assert fault.line in (8, 10)
    assert "is empty" in fault.message


def test_an_element_out_of_order_is_told_where_to_go(small: str):
    fault = only_fault(spoilt(small, "</body>", "</body><kicker>引题</kicker>"))
    assert (fault.line, fault.code) == (12, "misplaced-element")
    assert "move it before <headline> (主题) of line 9" in fault.hint


def test_a_headline_after_the_body_is_one_fault_not_two(small: str):
    headline = "      <headline>新合金通过首次考核</headline>\n"
    fault = only_fault(small.replace(headline, "").replace("</body>\n", "</body>\n" + headline))
    assert (fault.line, fault.code) == (12, "misplaced-element")
    assert "move it before <body> (正文) of line 9" in fault.hint


def test_a_second_headline_points_to_the_first(small: str):
    fault = only_fault(spoilt(small, "</headline>", "</headline>\n<headline>又一个</headline>"))
    assert (fault.line, fault.message) == (10, "a second <headline> (主题) in <article> (稿件)")
    assert "line 9" in fault.hint


def test_words_outside_a_paragraph_are_quoted(small: str):
    fault = only_fault(spoilt(small, "<body>", "<body>\n没有段落的话"))
    assert (fault.line, fault.code) == (11, "stray-text")
    assert "没有段落的话" in fault.message
    assert "<p>" in fault.hint


def test_a_wrong_value_says_which_are_right(small: str):
    fault = only_fault(spoilt(small, 'id="a1"', 'id="a1" weight="huge"'))
    assert fault.line == 8
    assert fault.hint == "write lead or major or normal or brief"


def test_an_unknown_attribute_is_guessed_at(small: str):
    fault = only_fault(spoilt(small, 'id="a1"', 'id="a1" wieght="lead"'))
    assert (fault.line, fault.hint) == (8, "did you mean weight=?")


def test_an_issue_without_namespace_is_one_fault(small: str):
    fault = only_fault(spoilt(small, ' xmlns="urn:issue-publisher:issue"', ""))
    assert (fault.line, fault.code) == (2, "root")
    assert 'xmlns="urn:issue-publisher:issue"' in fault.hint


def test_many_faults_are_reported_at_once_in_order_of_lines(small: str):
    bad = (
        small.replace("2026-11-23", "2026-02-30")
        .replace("<title>新材料报</title>", "<title/>")
        .replace('number="1"', 'number="0"')
        .replace("<body>", "<body><blink/>")
        .replace("，", '，<ref to="a9">见</ref>')
    )
    assert [(fault.line, fault.code) for fault in faults(bad)] == [
        (2, "impossible-date"),
        (4, "empty-element"),
        (7, "bad-value"),
        (10, "unknown-element"),
        (11, "dead-link"),
    ]


def test_an_error_reads_as_file_line_message_and_hint(small: str):
    found = faults(spoilt(small, 'date="2026-11-23"', 'date="2026-02-30"'), "source/a/issue.xml")
    assert str(SourceErrors(found)) == (
        "source/a/issue.xml:2: there is no day 2026-02-30 (write the date of the issue, year-month-day)"
    )


# --------------------------------------------------------------------------- versions


def test_another_major_version_is_refused_and_nothing_else_said(small: str):
    fault = only_fault(
        spoilt(small, 'version="1.0" id', 'version="2.0" id')
        .replace("<body>", "<corpus>")
        .replace("</body>", "</corpus>")
    )
    assert (fault.line, fault.code) == (2, "version")


def test_a_newer_minor_version_is_read_when_it_uses_nothing_new(small: str):
    newer = spoilt(small, 'version="1.0" id', 'version="1.3" id')
    assert read_issue(newer.encode(), "issue.xml").version == "1.3"
    fault = only_fault(spoilt(newer, "<body>", "<body><hologram/>"))
    assert "version 1.3, this program knows 1.0" in fault.hint


# --------------------------------------------------------------------------- beyond the schema


def another_article(identity: str) -> str:
    return f'</article>\n<article id="{identity}"><headline>又</headline><body><p>文</p></body></article>'


def test_a_duplicate_id_points_to_the_first(small: str):
    fault = only_fault(spoilt(small, "</article>", another_article("a1")))
    assert (fault.line, fault.code) == (14, "duplicate-id")
    assert "line 8" in fault.hint


def test_a_link_to_nowhere_is_guessed_at(small: str):
    linked = spoilt(small, '<article id="a1">', '<article id="a1">\n<link to="lead-artcle"/>')
    fault = only_fault(spoilt(linked, "</article>", another_article("lead-article")))
    assert (fault.line, fault.code) == (9, "dead-link")
    assert fault.hint == "did you mean “lead-article”?"


def test_a_link_to_itself_is_refused(small: str):
    assert (
        only_fault(spoilt(small, '<article id="a1">', '<article id="a1"><link to="a1"/>')).code == "dead-link"
    )


@pytest.mark.parametrize(("second", "words"), [(1, "a second page 1"), (3, "page 2 stands after page 3")])
def test_page_numbers_must_ascend(small: str, second: int, words: str):
    start, end = small.index("  <page"), small.index("</issue>")
    page = small[start:end].replace("a1", "a2")
    pages = page.replace('number="1"', f'number="{second}"') + page.replace("a2", "a3").replace("1", "2", 1)
    found = faults(small[:end] + pages + "</issue>")
    assert any(words in fault.message and fault.code == "page-number" for fault in found)


WAITING = '<article id="w"><headline>题</headline><body><p>文。</p></body></article>'


def test_copy_waits_for_a_section_that_there_is(small: str):
    copy = f'<copy section="要闻版">{WAITING}</copy>'
    fault = only_fault(spoilt(small, "</issue>", f"{copy}</issue>"))
    assert (fault.line, fault.code, fault.hint) == (15, "no-section", "did you mean “要闻”?")


def test_a_page_without_items_needs_copy_that_waits_for_it(small: str):
    page = '<page number="2" title="副刊"/>'
    fault = only_fault(spoilt(small, "</issue>", f"{page}</issue>"))
    assert (fault.line, fault.code) == (15, "empty-page")
    assert '<copy section="副刊">' in fault.hint
    copy = f'<copy section="副刊">{WAITING}</copy>'
    assert len(read_issue(spoilt(small, "</issue>", f"{page}{copy}</issue>").encode(), "x").pages) == 2


@pytest.mark.parametrize("focal", ["1.5 0.5", "0.5 1.01"])
def test_a_focal_point_outside_the_picture_is_refused(small: str, focal: str):
    fault = only_fault(spoilt(small, "</body>", f'<figure src="a.jpg" focal="{focal}"/></body>'))
    assert (fault.line, fault.code) == (12, "bad-value")


@pytest.mark.parametrize(
    ("size", "hint"),
    [
        ("", "size="),
        ('columns="2"', "depth-mm="),
        ('columns="2" depth-mm="40" size="strip"', "keep"),
        ('place="ear" columns="2"', "alone"),
        ('size="ear" place="foot-left"', "alone"),
    ],
)
def test_an_advertisement_says_its_size_once_and_whole(small: str, size: str, hint: str):
    fault = only_fault(spoilt(small, "</page>", f'<advertisement id="x" {size}/></page>'))
    assert fault.code == "bad-value"
    assert hint in fault.hint


def test_an_advertisement_of_no_depth_is_refused(small: str):
    advertisement = '<advertisement id="x" columns="2" depth-mm="0"/></page>'
    assert only_fault(spoilt(small, "</page>", advertisement)).code == "bad-value"


def test_an_ear_has_no_readings_and_the_hint_says_where_to_write_them(small: str):
    ear = (
        "<ear><headline><em><ruby reading='yì'>镱</ruby></em></headline>\n"
        "<p>预报<ruby reading='máo'>锚</ruby>地风力</p></ear></nameplate>"
    )
    found = faults(spoilt(small, "</nameplate>", ear))
    assert {fault.code for fault in found} == {"misplaced-reading"}
    assert [fault.line - found[0].line for fault in found] == [0, 1]
    assert found[0].message.startswith("<ruby> (注音) in <ear> (报眼)")
    assert found[1].hint == "write the reading behind them: （máo）"
    body = spoilt(small, "通过考核", "通过<ruby reading='kǎo'>考</ruby>核")
    assert read_issue(body.encode(), "issue.xml").id  # elsewhere they are welcome
