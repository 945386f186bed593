"""From bytes to text: UTF-8, UTF-16 and GB 18030, each with a mark or without; what is no text is refused.

Strict UTF-8 is asked first, since hardly any other text passes for it. What holds zero bytes may be UTF-16.
GB 18030 takes nearly everything for characters, so that it must also read like Chinese: most of a text are
the commonest few hundred characters, and of bytes that mean something else hardly any are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.source import BYTE_ORDER_MARKS, OTHER_KINDS
from issue_publisher.transcript.characters import LINE_END

MOST_BYTES = 50_000_000  # of a transcript: a thousand times a broadsheet of four pages

# The commonest characters of running text: simplified, then those that traditional writing has for them.
COMMON = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天"
    "而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身"
    "些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第"
    "门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市体别处总才场师书比住员九性通目华报"
    "立命张活难数件安表原车白应路期常提感金何更反合放做系计或司利受光王果界及今京务制解各任至清物台象记边共风战干"
    "接它许八特望直服林题建南度统色字请交让认算论百义科元社术结六功指思非流每青管连远资队带条院变联言权往展该领传"
    "近留红治决周保达办运半七必城强步完革深区即求品士转量空众技程告江语基派满式李写识极令德收党未持取设始版双历史"
    "商千容研站广改议形委早火际则首单据导影网专石校观争究包组造落视济报社记者通讯本摄"
    "這來個們說為時會過對學國發點種聲話問機給業間門東電長頭開關實現經與後還當動兩從將進無樣見沒著報記論數處"
    "將義務總統選專業產體當應據導結組設計認識議護變讓車馬員張資質軍運連達進適選邊鐵錢開關陽隊際難電響項領題願類"
)
_CHINESE_MARKS = frozenset("，。、；：？！“”‘’（）《》　—…·「」『』")
_KINDS = (
    *OTHER_KINDS,
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"\0\0\0\x0cjP", "a JPEG 2000 picture"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
)
_GB18030_MARK = b"\x84\x31\x95\x33"
_MARKS = (*BYTE_ORDER_MARKS, (_GB18030_MARK, "gb18030"))
_DECLARED = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
_CALLED = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "gb18030": "GB 18030",
    "big5hkscs": "Big5",
}
_RIGHT = "a transcript is plain text, Markdown or HTML in UTF-8, UTF-16 or GB 18030"
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_LITTLE = 50  # characters, of which chance may make a text
_SAMPLE = 1_000_000  # characters that are looked at to tell an encoding


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, without its mark, and the codec that it was written in."""

    text: str = field(repr=False)
    encoding: str


def decode(data: bytes, name: str, *, declared: str = "") -> Decoded:
    """The text of a transcript. `declared`: the encoding that the file says it has, as HTML does.

    Raises SourceErrors when it is no text, or is damaged.
    """
    if len(data) > MOST_BYTES:
        _fail(
            name, 0, "too large for a transcript", f"at most {MOST_BYTES // 1_000_000} MB; one issue a file"
        )
    for start, kind in _KINDS:
        if data.startswith(start) and not (start == b"BM" and data[:64].isascii() and b"\0" not in data[:64]):
            _fail(name, 0, f"this is no transcript but {kind}", _RIGHT)
    decoded = _decoded(data, name, declared)
    if not decoded.text.strip("\x00\x1a\ufeff \t\r\n\f\v"):
        _fail(name, 0, "the file is empty", _RIGHT)
    controls = len(_CONTROL.findall(decoded.text))
    guessed_of_little = len(decoded.text) <= _LITTLE and decoded.encoding != "utf-8"
    if controls > (0 if guessed_of_little else max(2, len(decoded.text) // 100)):
        _fail(name, 0, "this is no text: it is full of control characters", _RIGHT)
    return decoded


def _decoded(data: bytes, name: str, declared: str) -> Decoded:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], codec, name, f"its mark says that it is {_CALLED[codec]}")
    if b"\0" in data:  # neither UTF-8 nor GB 18030 writes one
        found = [each for each in map(_Candidate.utf_16, (data, data), ("utf-16-le", "utf-16-be")) if each]
        if not found:
            _fail(name, 0, "this is no text: it holds zero bytes", _RIGHT)
        return max(found, key=lambda each: each.sense).decoded
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        pass
    if said := _DECLARED.get(declared.lower().replace("_", "-")):
        return _strictly(data, said, name, f"it says that it is {declared}")
    tried = (
        _Candidate.gb18030(data),
        _Candidate.utf_16(data, "utf-16-le"),
        _Candidate.utf_16(data, "utf-16-be"),
    )
    if found := [each for each in tried if each]:
        return max(found, key=lambda each: each.sense).decoded
    raise _explained(data, name)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text that the bytes may be, and which part of it makes sense as Chinese."""

    decoded: Decoded
    sense: float

    @classmethod
    def gb18030(cls, data: bytes) -> _Candidate | None:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            return None
        sense = _sense(_BEYOND_ASCII.findall(text[:_SAMPLE]))
        return cls(Decoded(text, "gb18030"), sense) if sense else None

    @classmethod
    def utf_16(cls, data: bytes, codec: str) -> _Candidate | None:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            return None
        sample = text[:_SAMPLE]
        ascii_ = sum(char.isascii() and (char.isprintable() or char in "\r\n\t\f") for char in sample)
        beyond = _BEYOND_ASCII.findall(sample)
        sense = (ascii_ + _sense(beyond) * len(beyond)) / max(len(sample), 1)
        return cls(Decoded(text, codec), sense) if sense >= _LEAST else None


_LEAST = 0.2  # the share of common characters; running Chinese has 0.6
_FEW = 12  # characters of which no share can be told


def _sense(beyond: list[str]) -> float:
    """The share of characters beyond ASCII that running Chinese is made of; 0 when that is no Chinese."""
    words = [char for char in beyond if char not in _CHINESE_MARKS]
    if len(beyond) <= _FEW:
        usual = sum(char in COMMON or _is_of_level_1(char) for char in words)
        return float(bool(words) and usual >= 0.75 * len(words))
    share = sum(char in COMMON for char in words) / max(len(words), 1)
    return share if share >= _LEAST else 0.0


def _is_of_level_1(char: str) -> bool:
    """Whether it is one of the 3,755 usual characters of GB 2312."""
    return b"\xb0\xa1" <= char.encode("gb18030") <= b"\xd7\xf9" and "\u4e00" <= char <= "\u9fff"


def _strictly(data: bytes, codec: str, name: str, says: str) -> Decoded:
    try:
        return Decoded(data.decode(codec), codec)
    except UnicodeDecodeError as error:
        _wrong_bytes(data, error, codec, name, says)


def _explained(data: bytes, name: str) -> SourceErrors:
    """Say of bytes that are no text whether they nearly are one, and where not."""
    for codec in ("utf-8", "gb18030"):
        text = data.decode(codec, "replace")
        beyond = _BEYOND_ASCII.findall(text[:_SAMPLE])
        wrong = beyond.count("\ufffd")
        nearly = wrong <= max(1, 0.1 * len(beyond)) and len(beyond) > wrong
        if nearly and (codec == "utf-8" or _sense([char for char in beyond if char != "\ufffd"])):
            _strictly(data, codec, name, f"it looks like {_CALLED[codec]}")
    return _error(name, 0, "this is neither UTF-8, UTF-16 nor GB 18030", f"save it as UTF-8; {_RIGHT}")


def _wrong_bytes(data: bytes, error: UnicodeDecodeError, codec: str, name: str, says: str) -> NoReturn:
    line = len(LINE_END.findall(data[: error.start].decode(codec, "replace"))) + 1
    wrong = " ".join(f"{byte:02X}" for byte in data[error.start : error.start + 4])
    if error.end >= len(data) and len(data) - error.start < 4:
        _fail(name, line, "the file ends in the middle of a character", "fetch it again, or restore its end")
    _fail(name, line, f"{says}, and the bytes {wrong} are not", "fetch it again, or save it as UTF-8")


def _fail(name: str, line: int, message: str, hint: str) -> NoReturn:
    raise _error(name, line, message, hint)


def _error(name: str, line: int, message: str, hint: str) -> SourceErrors:
    return SourceErrors([SourceError(name, line, message, hint, code="transcript")])
