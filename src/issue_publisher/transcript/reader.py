"""From the bytes of a transcript to its lines, each with what it says that it is.

Plain text is taken line by line; Markdown and HTML go through a parser of their own. Nothing is guessed of
plain text here: that is the importer's.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePath

from issue_publisher.issue.characters import code_point, unprintable
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.issue.terms import NAMESPACE
from issue_publisher.transcript.characters import LINE_END, LOST, UNSEEN
from issue_publisher.transcript.decoding import decode
from issue_publisher.transcript.headings import with_roles
from issue_publisher.transcript.labels import LIKE_A_LABEL, WHITE, read_label
from issue_publisher.transcript.model import Doubt, ImportFinding, Label, Transcript, TranscriptLine
from issue_publisher.transcript.omitted import Omitted, remainder

Lines = tuple[TranscriptLine, ...]
Findings = tuple[ImportFinding, ...]

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])", re.I | re.DOTALL
)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_MARKDOWN = {".md", ".markdown", ".mkd"}
_HTML_NAMES = {".html", ".htm", ".xhtml"}


def read_transcript(data: bytes, name: str) -> Transcript:
    """The lines of a transcript; `name` is the file's, which also tells Markdown and HTML.

    Line ends of all kinds are read, the white space around a line is dropped, and characters that nobody sees
    are taken out and listed. Raises SourceErrors when the file is no text.
    """
    suffix = PurePath(name).suffix.lower()
    declared = _CHARSET.search(data[:4096])
    decoded = decode(data, name, declared=declared[1].decode() if declared else "")
    kind = "markdown" if suffix in _MARKDOWN else "html" if suffix in _HTML_NAMES else "text"
    if kind == "text" and _HTML.match(decoded.text):
        kind = "html"
    _no_xml(decoded.text, name)
    text, found = _without_the_invisible(decoded.text)
    lines, more = _READERS[kind](text)
    if all(line.is_blank for line in lines):
        said = "it holds no text", "is it a page of pictures, or one that a script fills?"
        raise SourceErrors([SourceError(name, 0, *said, code="transcript")])
    return Transcript(name, lines, decoded.encoding, kind, (*found, *more))


def _no_xml(text: str, name: str) -> None:
    start = text[:2000].lstrip()
    if start.startswith("<") and NAMESPACE in start:
        said = "this is an issue's XML already", "validate and build take it as it is"
        raise SourceErrors([SourceError(name, 0, *said, code="transcript")])


# --------------------------------------------------------------------------- characters that nobody sees

_ANY_UNSEEN = re.compile(f"{UNSEEN.pattern}|{LOST.pattern}|{LINE_END.pattern}")


def _without_the_invisible(text: str) -> tuple[str, Findings]:
    """A text without characters that were never printed; each is listed with its place in the file's line."""
    if not UNSEEN.search(text) and not LOST.search(text):
        return text, ()
    kept: list[str] = []
    found: list[ImportFinding] = []
    at, line, start = 0, 1, 0
    for match in _ANY_UNSEEN.finditer(text):
        if LINE_END.fullmatch(match[0]):
            line, start = line + 1, match.end()
            continue
        found.append(_unseen(match[0], line, match.start() - start))
        if not LOST.match(match[0]):
            kept.append(text[at : match.start()])
            at = match.end()
    return "".join((*kept, text[at:])), tuple(found)


def _unseen(chars: str, line: int, offset: int) -> ImportFinding:
    kind, _ = unprintable(chars[0]) or ("invisible character", "")
    codes = " ".join(map(code_point, chars))
    if LOST.match(chars):
        message, after, done = f"{kind} {codes}: it stands for one that is not known", chars, False
    else:
        message, after, done = f"{kind} {codes}: taken out", "", True
    return ImportFinding(
        Doubt.INVISIBLE,
        line,
        message,
        1.0 if done else 0.5,
        chars,
        after,
        safe=done,
        done=done,
        offset=offset,
    )


def _seen(lines: Lines) -> tuple[Lines, Findings]:
    """Lines without the invisible characters that mark-up wrote as &#8203; and the like."""
    cleaned, found = [], []
    for line in lines:
        text, here = _without_the_invisible(line.text)
        attributes = tuple((name, UNSEEN.sub("", value)) for name, value in line.attributes)
        done = text != line.text or attributes != line.attributes
        cleaned.append(replace(line, text=text.strip(), attributes=attributes) if done else line)
        found += [replace(each, line=line.number) for each in here if each.done]
    return tuple(cleaned), tuple(found)


# --------------------------------------------------------------------------- plain text


def _text(text: str) -> tuple[Lines, Findings]:
    raw = list(_pieces(text))
    written = next((line for _, line, _ in raw if line.strip()), "")
    head = read_label(written.strip())
    if head and head[0] is Label.ISSUE:
        lines = tuple(_labelled_line(*each) for each in raw)
    else:
        lines = tuple(_line(*each) for each in raw)
    return lines, tuple(_unknown_labels(raw)) if any(line.label for line in lines) else ()


def _pieces(text: str) -> Iterator[tuple[int, str, bool]]:
    """(number, what stands on it, whether it is a page's end); a form feed parts pages, within a line too."""
    for number, line in enumerate(LINE_END.split(text), 1):
        for at, page in enumerate(line.split("\f")):
            if at:
                yield number, "", True
            if page or not at:
                for part in page.split("\v"):
                    yield number, part, False


def _line(number: int, raw: str, page_break: bool) -> TranscriptLine:
    text = raw.strip()
    found = read_label(text) if text.startswith("〔") else None
    if found is None:
        return TranscriptLine(number, text, page_break=page_break)
    label, attributes, said = found
    said = said.strip() if label is not Label.VERSE else said  # verse may be indented
    return TranscriptLine(number, said, label, source=_source(label, attributes), attributes=attributes)


def _labelled_line(number: int, raw: str, page_break: bool) -> TranscriptLine:
    """A line of a transcript that is labelled throughout: what stands behind a label is taken as it is."""
    found = read_label(raw.strip(WHITE)) if raw.lstrip(WHITE).startswith("〔") else None
    if found is None:
        text = raw.strip()
        return TranscriptLine(number, text, Label.PARAGRAPH if text else None, page_break=page_break)
    label, attributes, said = found
    return TranscriptLine(number, said, label, source=_source(label, attributes), attributes=attributes)


def _source(label: Label, attributes: tuple[tuple[str, str], ...]) -> str | None:
    return dict(attributes).get("src") if label is Label.FIGURE else None


def _unknown_labels(raw: list[tuple[int, str, bool]]) -> Iterator[ImportFinding]:
    """Where labels are used, what looks like one and is none; 〔2026〕3号 is common in other transcripts."""
    words = [label.value for label in Label]
    for number, line, _ in raw:
        found = LIKE_A_LABEL.match(line.strip())
        if found and read_label(line.strip()) is None:
            near = difflib.get_close_matches(found[1], words, 1, 0.5)
            meant = f": is 〔{near[0]}〕 meant?" if near else ""
            message = f"{found[0]} is no label{meant}; the line is taken as text"
            yield ImportFinding(Doubt.UNKNOWN, number, message, 0.5, found[0], found[0])


# --------------------------------------------------------------------------- mark-up


def _markdown(text: str) -> tuple[Lines, Findings]:
    from issue_publisher.transcript.markdown import markdown_lines

    return _marked_up(text, markdown_lines)


def _html(text: str) -> tuple[Lines, Findings]:
    from issue_publisher.transcript.hypertext import html_lines

    return _marked_up(text, html_lines)


def _marked_up(text: str, parsed: Callable[[str, Omitted], Lines]) -> tuple[Lines, Findings]:
    text = "\n".join(LINE_END.split(text))
    omitted = Omitted()
    lines, unseen = _seen(with_roles(parsed(text, omitted)))
    return lines, (*omitted.findings(), *unseen, *remainder(text, lines, omitted))


_READERS = {"text": _text, "markdown": _markdown, "html": _html}
