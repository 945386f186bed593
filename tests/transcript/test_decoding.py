"""Encodings are told reliably, with a mark and without; what is no text is refused in words."""

from __future__ import annotations

import codecs
import random

import pytest

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.transcript.decoding import MOST_BYTES, decode
from issue_publisher.transcript.reader import read_transcript

SIMPLIFIED = (
    "第1版 要闻\n\n老炉子的第三个十年\n\n本报讯（记者 王芳）厂里最老的一座炉子，昨天过了三十岁生日。"
    "建炉那年，路还没有铺好，砖是工人们一块一块背上去的。如今它每天出两炉钢水，成分一次比一次稳。\n"
)
TRADITIONAL = (
    "第1版 要聞\n\n老爐子的第三個十年\n\n本報訊（記者 王芳）廠裡最老的一座爐子，昨天過了三十歲生日。"
    "建爐那年，路還沒有鋪好，磚是工人們一塊一塊背上去的。如今它每天出兩爐鋼水，成分一次比一次穩。\n"
)
ENGLISH = "Page 1\n\nThe old furnace is thirty years old.\n"
CODECS = ["utf-8", "utf-16-le", "utf-16-be", "gb18030"]
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "gb18030": "\ufeff".encode("gb18030"),
}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, ENGLISH, "新型合金通过考核", "要闻"])
@pytest.mark.parametrize("marked", [True, False])
def test_each_encoding_is_told(codec: str, text: str, marked: bool) -> None:
    decoded = decode((MARKS[codec] if marked else b"") + text.encode(codec), "paper.txt")
    assert decoded.text == text
    if marked or not text.isascii() or codec.startswith("utf-16"):
        assert decoded.encoding == codec


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (TRADITIONAL, "big5"),
        ("新しい合金が試験に合格しました。研究者は次のように述べています。" * 4, "shift-jis"),
        ("新しい合金が試験に合格しました。研究者は次のように述べています。" * 4, "euc-jp"),
        ("새로운 합금이 시험에 합격했습니다. 연구자들은 이렇게 말했다. " * 4, "euc-kr"),
        ("Новый сплав прошёл испытания. Так говорят исследователи. " * 4, "koi8-r"),
        ("L'alliage a été soumis à l'épreuve, là-bas, dès l'été passé. " * 4, "latin-1"),
    ],
)
def test_other_encodings_are_not_taken_for_gb_18030(text: str, codec: str) -> None:
    with pytest.raises(SourceErrors, match=r"paper\.txt: this is neither UTF-8, UTF-16 nor GB 18030 \(save"):
        decode(text.encode(codec), "paper.txt")


def test_random_bytes_are_no_text() -> None:
    chance = random.Random(8)
    for size in (50, 300, 5000):
        for _ in range(20):
            with pytest.raises(SourceErrors):
                decode(bytes(chance.randrange(1, 256) for _ in range(size)), "paper.txt")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (codecs.BOM_UTF8 + b" \n", "the file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "this is no transcript but a PDF"),
        (b"PK\x03\x04\x14\0", "this is no transcript but a ZIP archive"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "this is no transcript but a JPEG picture"),
        (b"\x89PNG\r\n\x1a\n", "this is no transcript but a PNG picture"),
        (b"\0\x01\x02\x03" * 30, "this is no text: it holds zero bytes"),
        ("甲\x07\x08\x01".encode() * 30, "this is no text: it is full of control characters"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, message: str) -> None:
    with pytest.raises(SourceErrors, match=message) as caught:
        decode(data, "paper.txt")
    assert [error.line for error in caught.value] == [0]
    assert "a transcript is plain text, Markdown or HTML" in str(caught.value)


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(SourceErrors, match="too large for a transcript"):
        decode(bytes(MOST_BYTES + 1), "paper.txt")


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_damaged_file_names_the_line(codec: str) -> None:
    data = SIMPLIFIED.encode(codec)
    at = data.index("昨天".encode(codec))
    with pytest.raises(SourceErrors, match=r"paper\.txt:5: it looks like .* and the bytes FF"):
        decode(data[:at] + b"\xff" + data[at:], "paper.txt")
    with pytest.raises(SourceErrors, match=r"paper\.txt:5: the file ends in the middle of a character"):
        decode(data[: at + 1], "paper.txt")


def test_the_mark_is_believed_and_held_against_the_bytes() -> None:
    with pytest.raises(SourceErrors, match="its mark says that it is UTF-8, and the bytes"):
        decode(codecs.BOM_UTF8 + SIMPLIFIED.encode("gb18030"), "paper.txt")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_line_ends_of_all_kinds(end: str) -> None:
    data = f"甲{end}{end}乙{end}丙".encode()
    lines = read_transcript(data, "paper.txt").lines
    assert [(line.number, line.text) for line in lines] == [(1, "甲"), (2, ""), (3, "乙"), (4, "丙")]


def test_a_form_feed_ends_a_page_and_no_line() -> None:
    lines = read_transcript("甲\n\f乙\n丙\f丁\n".encode(), "paper.txt").lines
    seen = [(line.number, line.text, line.page_break) for line in lines]
    assert seen == [
        (1, "甲", False),
        (2, "", False),
        (2, "", True),
        (2, "乙", False),
        (3, "丙", False),
        (3, "", True),
        (3, "丁", False),
        (4, "", False),
    ]
    assert all(line.is_blank for line in lines if line.page_break)


def test_white_space_around_a_line_is_dropped() -> None:
    (line,) = read_transcript("\t　　甲 乙　".encode(), "paper.txt").lines
    assert line.text == "甲 乙"


def test_characters_that_nobody_sees_are_taken_out_and_can_be_put_back() -> None:
    raw = "甲\u200b乙\ufeff\n　丙\x07丁"
    transcript = read_transcript(raw.encode(), "paper.txt")
    assert [line.text for line in transcript.lines] == ["甲乙", "丙丁"]
    lines = ["甲乙", "　丙丁"]
    for finding in reversed(transcript.findings):
        assert finding.done
        assert finding.after == ""
        line = lines[finding.line - 1]
        lines[finding.line - 1] = line[: finding.offset] + finding.before + line[finding.offset :]
    assert "\n".join(lines) == raw


def test_a_character_that_stands_for_a_lost_one_is_kept_and_doubted() -> None:
    transcript = read_transcript("炉\ufffd照夜，\ue123".encode(), "paper.txt")
    assert transcript.lines[0].text == "炉\ufffd照夜，\ue123"
    assert [(f.offset, f.done) for f in transcript.findings] == [(1, False), (5, False)]


def test_the_xml_of_an_issue_is_no_transcript() -> None:
    with pytest.raises(SourceErrors, match="this is an issue's XML already"):
        read_transcript(b'<?xml version="1.0"?>\n<issue xmlns="urn:issue-publisher:issue"/>', "issue.txt")
