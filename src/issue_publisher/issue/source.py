"""From bytes to a tree of elements with exact lines: encodings, well-formedness, nothing fetched or expanded.

We read with expat and not with lxml because it gives the line where a tag *begins* and the line of
every piece of text, however long the file (libxml2 keeps 16 bits of a text's line, and the last line of a
start tag), and because it asks before it reads a DOCTYPE.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.terms import tag

MAX_DEPTH = 64  # elements inside one another; the deepest sensible issue needs about twelve
XML = "http://www.w3.org/XML/1998/namespace"


class Characters(NamedTuple):
    """A piece of text that stands on one line (a line break is a piece of its own)."""

    text: str
    line: int


@dataclass(slots=True)
class Element:
    """An element of the tree; its name is local in the vocabulary read, {namespace}name in any other."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element | Characters] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        """The elements directly inside."""
        return [child for child in self.children if isinstance(child, Element)]

    def walk(self) -> Iterator[Element]:
        """This element and all inside it, in document order."""
        yield self
        for child in self.elements:
            yield from child.walk()


def parse_xml(data: bytes, file: str, namespace: str) -> tuple[Element, list[SourceError]]:
    """The tree of a file, and what was wrong in it but did not hinder reading on.

    Raises SourceErrors when there is no tree to be had.
    """
    decoded = _decode(data, file)
    found = list(_forbidden_characters(decoded, file))
    if found:
        decoded = _FORBIDDEN.sub("\ufffd", decoded)
    return _TreeBuilder(file, namespace, found).build(decoded), found


# --------------------------------------------------------------------------- encodings

# How a file begins that is not text at all.
OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (.docx, .odt, .epub)"),
    (b"\xd0\xcf\x11\xe0", "an old Word document (.doc)"),
    (b"{\\rtf", "an RTF document"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"\x1f\x8b", "a gzip archive"),
)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Declared name → codec. GB 18030 holds all of GB 2312 and GBK.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
}
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
# What Python's codecs say of a character that the end of the file cuts off.
_CUT_OFF = ("unexpected end of data", "incomplete multibyte sequence", "truncated data")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SAVE_AS_UTF8 = "save the file as UTF-8"


def _decode(data: bytes, file: str) -> str:
    if not data.removeprefix(codecs.BOM_UTF8).strip(b" \t\r\n\0"):
        _fail(file, 1, "the file is empty", "an issue begins with <issue …>", "empty")
    for start, kind in OTHER_KINDS:
        if data.startswith(start):
            _fail(file, 1, f"this is not XML but {kind}", "an issue is an XML file", "not-xml")
    for mark, codec in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], codec, codec, file)
    if data.startswith(b"<\0"):
        return _decode_as(data, "utf-16-le", "UTF-16", file)
    if data.startswith(b"\0<"):
        return _decode_as(data, "utf-16-be", "UTF-16", file)
    declaration = _DECLARATION.match(data)
    declared = declaration[1].decode("ascii", "replace") if declaration else ""
    if not declared:
        return _decode_as(data, "utf-8", "", file)
    name = declared.lower().replace("_", "-")
    if name.startswith(("utf-16", "utf-32", "ucs")):
        really = "GB18030" if _looks_like_gb18030(data, "utf-8") else "UTF-8"
        _fail(
            file,
            1,
            f"the file says it is {declared}, but it is not",
            f'its bytes look like {really}: write encoding="{really}"',
            "encoding",
        )
    if name not in _ENCODINGS:
        _fail(
            file,
            1,
            f"unknown encoding “{declared}”",
            f"UTF-8, UTF-16, GB18030 and Big5 are read; {_SAVE_AS_UTF8}",
            "encoding",
        )
    codec = _ENCODINGS[name]
    if codec == "gb18030" and _is_surely_utf8(data):
        _fail(
            file,
            1,
            f"the file says it is {declared}, but its bytes are UTF-8",
            'write <?xml version="1.0" encoding="UTF-8"?> in the first line',
            "encoding",
        )
    return _decode_as(data, codec, declared, file)


def _decode_as(data: bytes, codec: str, declared: str, file: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = _lines_in(data[: error.start].decode(codec, "replace")) + 1
        if error.reason in _CUT_OFF and not _looks_like_gb18030(data, codec):
            _fail(
                file,
                line,
                "the file ends in the middle of a character: it is truncated",
                "fetch the file again, or restore its end",
                "truncated",
            )
        says = f"the file says it is {declared}" if declared else "the file does not name its encoding"
        if _looks_like_gb18030(data, codec):
            _fail(
                file,
                line,
                f"{says}, and the bytes here are GB 18030 (or GBK), not UTF-8",
                'write <?xml version="1.0" encoding="GB18030"?> in the first line, or ' + _SAVE_AS_UTF8,
                "encoding",
            )
        wrong = " ".join(f"{byte:02X}" for byte in data[error.start : error.start + 3])
        _fail(
            file,
            line,
            f"{says}, but the bytes {wrong} are not {declared or 'UTF-8'}",
            _SAVE_AS_UTF8,
            "encoding",
        )


def _is_surely_utf8(data: bytes) -> bool:
    try:
        return len(data.decode("utf-8").encode("ascii", "ignore")) < len(data) - 12
    except UnicodeDecodeError:
        return False


def _looks_like_gb18030(data: bytes, not_codec: str) -> bool:
    """Whether the bytes beyond ASCII, read as GB 18030, are nearly all Han characters and their marks."""
    if not_codec not in ("utf-8", "ascii"):
        return False
    as_utf8 = [char for char in data.decode("utf-8", "replace") if char > "\x7f"]
    if as_utf8.count("\ufffd") < 0.3 * len(as_utf8):
        return False
    beyond = [char for char in data.decode("gb18030", "replace") if char > "\x7f"]
    chinese = sum(
        "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or char in "，。：；？！（）“”‘’—…·"
        for char in beyond
    )
    return bool(beyond) and chinese >= 0.8 * len(beyond)


def _lines_in(text: str) -> int:
    return len(_LINE_END.findall(text))


# --------------------------------------------------------------------------- characters XML forbids

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _forbidden_characters(text: str, file: str) -> Iterator[SourceError]:
    line, counted = 1, 0
    for match in _FORBIDDEN.finditer(text):
        line, counted = line + _lines_in(text[counted : match.start()]), match.start()
        yield SourceError(
            file,
            line,
            f"control character U+{ord(match[0]):04X}",
            "delete it; XML cannot hold it",
            code="control-character",
        )


# --------------------------------------------------------------------------- the tree


class _TreeBuilder:
    """Feeds expat and gathers the tree; refuses a DOCTYPE before anything of it is read."""

    def __init__(self, file: str, namespace: str, found: list[SourceError]) -> None:
        self.file, self.namespace, self.found = file, namespace, found
        self.open: list[Element] = []
        self.root: Element | None = None
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.buffer_text = False  # each line of text comes by itself, with its line
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def build(self, text: str) -> Element:
        data = text.encode()
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            self._fail(error.lineno, *self._explain(error, data))
        assert self.root is not None  # expat refuses a document without an element
        return self.root

    def _name(self, name: str, own: str) -> str:
        namespace, _, local = name.rpartition(" ")
        if namespace == own:
            return local
        if namespace == XML:
            return f"xml:{local}"
        return f"{{{namespace}}}{local}"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        element = Element(
            self._name(name, self.namespace),
            {self._name(key, ""): value for key, value in attributes.items()},
            line,
        )
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)
        if len(self.open) > MAX_DEPTH:
            self._fail(
                line,
                f"elements stand more than {MAX_DEPTH} deep inside one another",
                "an end tag such as </em> is probably missing above",
                "too-deep",
            )

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _characters(self, text: str) -> None:
        self.open[-1].children.append(Characters(text, self.parser.CurrentLineNumber))

    def _doctype(self, name: str, *_: object) -> None:
        self._fail(
            self.parser.CurrentLineNumber,
            f"<!DOCTYPE {name}> is not allowed: entities and DTDs are never read",
            "delete it; write characters as themselves, and & as &amp;",
            "doctype",
        )

    def _explain(self, error: expat.ExpatError, data: bytes) -> tuple[str, str, str]:
        """What is wrong, what would be right and the code, of an error of expat."""
        at = max(self.parser.ErrorByteIndex, 0)
        after = data[at : at + 200].decode("utf-8", "replace")
        before = data[max(at - 40, 0) : at].decode("utf-8", "replace")
        message = expat.ErrorString(error.code) or "not well-formed"
        match message:
            case expat.errors.XML_ERROR_NO_ELEMENTS if self.root is None:
                return "this is not XML: it holds no element", "an issue begins with <issue …>", "not-xml"
            case (
                expat.errors.XML_ERROR_NO_ELEMENTS
                | expat.errors.XML_ERROR_UNCLOSED_TOKEN
                | expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION
                | expat.errors.XML_ERROR_PARTIAL_CHAR
            ):
                error.lineno = 1 + _lines_in(data.decode("utf-8", "replace").rstrip())
                innermost = self.open[-1] if self.open else None
                inside = f" inside {tag(innermost.name)} of line {innermost.line}" if innermost else ""
                return (
                    f"the file ends{inside}: it is truncated, or an end tag is missing",
                    "fetch the file again, or restore its end down to </issue>",
                    "truncated",
                )
            case expat.errors.XML_ERROR_TAG_MISMATCH:
                closing = re.match(r"(?:</)?([^\s<>/]+)", after)
                innermost = self.open[-1]
                return (
                    f"</{closing[1] if closing else '…'}> closes nothing here: "
                    f"{tag(innermost.name)} of line {innermost.line} is still open",
                    f"close it with </{innermost.name}> first",
                    "not-well-formed",
                )
            case expat.errors.XML_ERROR_UNDEFINED_ENTITY:
                entity = re.match(r"&([^;\s]+);", after)
                return (
                    f"unknown entity &{entity[1] if entity else '…'};",
                    "write the character itself, or its number such as &#x2014;",
                    "entity",
                )
            case expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE:
                return "an attribute is given twice in one tag", "keep one of them", "not-well-formed"
            case expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
                return (
                    "something stands after the end of the issue",
                    "the root element was closed above; one file holds one issue",
                    "not-well-formed",
                )
            case expat.errors.XML_ERROR_UNBOUND_PREFIX:
                prefix = re.match(r"<([^\s:>]+):", after)
                return (
                    f"unknown namespace prefix “{prefix[1] if prefix else ''}:”",
                    "the format uses no prefix but xml:",
                    "not-well-formed",
                )
            case expat.errors.XML_ERROR_MISPLACED_XML_PI:
                return (
                    "the XML declaration <?xml …?> does not stand at the very beginning of the file",
                    "delete what stands before it",
                    "not-well-formed",
                )
            case expat.errors.XML_ERROR_BAD_CHAR_REF:
                return "a character reference names no character of XML", "delete it", "control-character"
        if self.root is None and not data.lstrip().startswith(b"<"):
            return "this is not XML: it does not begin with <", "an issue begins with <issue …>", "not-xml"
        if before.endswith("&") or after.startswith("&"):
            return "a bare & in the text", "write &amp;", "not-well-formed"
        if before.endswith("<") or after.startswith("< "):
            return "a bare < in the text", "write &lt;", "not-well-formed"
        near = f"{before[-8:]}{after[:8]}".strip().splitlines()
        return (
            f"not well-formed XML ({message}) near “{near[-1] if near else ''}”",
            "attribute values stand in quotes, every tag is closed, & is &amp; and < is &lt;",
            "not-well-formed",
        )

    def _fail(self, line: int, message: str, hint: str, code: str) -> NoReturn:
        raise SourceErrors([*self.found, SourceError(self.file, line, message, hint, code=code)])


def _fail(file: str, line: int, message: str, hint: str, code: str) -> NoReturn:
    raise SourceErrors([SourceError(file, line, message, hint, code=code)])
