"""Scars of the text: half-width marks, stray spaces, foreign words, marks without a partner, lost ends.

Each is found in a line of the transcript, with the characters there and as they would be right. Nothing is
changed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from issue_publisher.issue.checks import FULL_WIDTH, HALF_WIDTH, LATIN_STRETCH, unpaired
from issue_publisher.issue.whitespace import CHINESE, HAN
from issue_publisher.transcript.joining import UNSEEN, Habits
from issue_publisher.transcript.ledger import Edit, Entry
from issue_publisher.transcript.model import Doubt, ImportFinding
from issue_publisher.transcript.pieces import Kind, Lines, Piece, Span, needs_space, said
from issue_publisher.transcript.profile import Profile

_RUNNING = ("paragraph", "editor's note", "item", "quotation", "caption", "cell")  # where no gap is meant
_FULL_MARKS = "，。：；！？、（）《》〈〉「」『』【】〔〕“”"
_SPACES = "[ \u00a0\u2000-\u200a\u202f\u205f]+"
_BESIDE_MARK = re.compile(
    f"(?<=[{_FULL_MARKS}]){_SPACES}(?=[{CHINESE}])|(?<=[{CHINESE}]){_SPACES}(?=[{_FULL_MARKS}])"
)
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]){_SPACES}(?=[{HAN}])")
_BROKEN_NAME = re.compile(r"\b([A-Z][a-z]+) ([ß-öø-ÿ][a-z]*)(?![A-Za-zÀ-ɏ])")
_SPEECH = "“「『"
_NEAR = 4  # characters shown on either side


def mends(entries: Iterable[Entry], lines: Lines, profile: Profile) -> tuple[tuple[ImportFinding, int], ...]:
    """Everything that could be mended in the words of an issue, each with the line it stands in, from 0."""
    foreign = _foreign_pattern(profile)
    found: list[tuple[ImportFinding, int]] = []
    for entry in entries:
        if entry.item in ("nameplate", "imprint"):
            continue
        for span in entry.words:
            text, number = lines[span.at].text, lines[span.at].number
            several = (
                _half_width(text, span, number),
                _stray_spaces(text, span, number, gaps=entry.field not in _RUNNING),
                _broken_names(text, span, number),
                _foreign_words(text, span, number, foreign, profile),
            )
            found += [(finding, span.at) for some in several for finding in some]
    return tuple(sorted(found, key=lambda each: (each[1], each[0].offset)))


def edits_of(findings: Iterable[tuple[ImportFinding, int]]) -> dict[int, list[Edit]]:
    """What findings that are done change, by line; of two that overlap the first."""
    edits: dict[int, list[Edit]] = {}
    for finding, at in sorted(findings, key=lambda each: (each[1], each[0].offset)):
        line = edits.setdefault(at, [])
        if not line or line[-1].end <= finding.offset:
            end = finding.offset + len(finding.before)
            line.append(Edit(finding.offset, end, finding.after))
    return edits


def _half_width(text: str, span: Span, number: int) -> Iterator[ImportFinding]:
    if text.isascii():
        return
    addresses = [range(*match.span()) for match in LATIN_STRETCH.finditer(text)]
    marks = {
        match.start() for match in HALF_WIDTH.finditer(text) if not any(match.start() in a for a in addresses)
    }
    marks |= {other for at in marks if (other := _partner(text, at)) is not None}
    for at in sorted(marks):
        if span.start <= at < span.end:
            right = FULL_WIDTH[text[at]]
            message = f"half-width {text[at]} in Chinese text: 「{_around(text, at, at + 1)}」"
            yield ImportFinding(
                Doubt.HALF_WIDTH, number, message, 0.98, text[at], right, safe=True, offset=at
            )


def _partner(text: str, at: int) -> int | None:
    """The bracket that belongs to one, so that both are of one width."""
    if text[at] == "(":
        end = text.find(")", at)
        return end if end > 0 and "(" not in text[at + 1 : end] else None
    if text[at] == ")":
        start = text.rfind("(", 0, at)
        return start if start >= 0 and ")" not in text[start + 1 : at] else None
    return None


def _stray_spaces(text: str, span: Span, number: int, *, gaps: bool) -> Iterator[ImportFinding]:
    for match in _BESIDE_MARK.finditer(text, span.start, span.end):
        message = f"stray space in Chinese text: 「{_around(text, *match.span())}」"
        yield ImportFinding(
            Doubt.STRAY_SPACE, number, message, 0.95, match[0], "", safe=True, offset=match.start()
        )
    for match in _BETWEEN_HAN.finditer(text, span.start, span.end):
        around = _around(text, *match.span())
        if gaps:
            message = f"a gap between words of a heading or a name is one U+3000: 「{around}」"
            yield ImportFinding(
                Doubt.STRAY_SPACE, number, message, 0.95, match[0], "\u3000", safe=True, offset=match.start()
            )
        else:
            message = f"a space between Chinese characters: 「{around}」"
            yield ImportFinding(Doubt.STRAY_SPACE, number, message, 0.7, match[0], "", offset=match.start())


def _broken_names(text: str, span: Span, number: int) -> Iterator[ImportFinding]:
    for match in _BROKEN_NAME.finditer(text, span.start, span.end):
        yield ImportFinding(
            Doubt.STRAY_SPACE, number, f"a space inside a name: “{match[0]}”", 0.9, match[0],
            match[1] + match[2], safe=True, offset=match.start(),
        )  # fmt: skip


def _foreign_pattern(profile: Profile) -> re.Pattern[str] | None:
    words = "|".join(map(re.escape, sorted(profile.mends.foreign, key=lambda word: (-len(word), word))))
    between = f"{CHINESE}、，。；：！？）》"
    return re.compile(f"(?<=[{between}]) ?({words}) ?(?=[{CHINESE}])") if words else None


def _foreign_words(
    text: str, span: Span, number: int, pattern: re.Pattern[str] | None, profile: Profile
) -> Iterator[ImportFinding]:
    for match in pattern.finditer(text, span.start, span.end) if pattern else ():
        message = f"a foreign word in Chinese text: 「{_around(text, *match.span())}」"
        right = profile.mends.foreign[match[1]]
        yield ImportFinding(Doubt.FOREIGN_WORD, number, message, 0.85, match[0], right, offset=match.start())


def _around(words: str, start: int, end: int) -> str:
    return words[max(start - _NEAR, 0) : end + _NEAR]


# --------------------------------------------------------------------------- what needs whole texts


def losses(
    pieces: Sequence[Piece], lines: Lines, profile: Profile, ways: Habits
) -> tuple[ImportFinding, ...]:
    """Texts without their beginning or end, ends and beginnings that fit, and marks without a partner."""
    findings = [*_unbalanced(pieces, lines)]
    ends = [piece for piece in pieces if _lacks_end(piece, lines, profile)]
    starts = [piece for piece in pieces if _lacks_start(piece, pieces, lines, profile)]
    for piece in ends:
        shown = said(piece.words[-1:], lines)[-10:]
        message = f"a text ends in the middle of a sentence: “…{shown}”"
        number = lines[piece.words[-1].at].number
        findings.append(ImportFinding(Doubt.MISSING_END, number, message, 0.8))
    for piece in starts:
        shown = said(piece.words[:1], lines)[:10]
        message = f"a text begins in the middle of a sentence: “{shown}…”"
        findings.append(ImportFinding(Doubt.MISSING_START, piece.line.number, message, 0.7))
    for end in ends:
        left = said(end.words[-1:], lines)
        for start in starts:
            sure = ways.seam(left, said(start.words[:1], lines))
            if start.at > end.at and sure > UNSEEN:
                message = f"this may be the rest of the text of line {end.line.number}: move it there"
                findings.append(ImportFinding(Doubt.MISPLACED, start.line.number, message, sure - 0.3))
    return tuple(findings)


def _lacks_end(piece: Piece, lines: Lines, profile: Profile) -> bool:
    if piece.kind is not Kind.PARAGRAPH or not piece.words or piece.part("closing"):
        return False
    return said(piece.words[-1:], lines)[-1] not in profile.marks.closing


def _lacks_start(piece: Piece, pieces: Sequence[Piece], lines: Lines, profile: Profile) -> bool:
    if not piece.words:
        return False
    if piece.kind is Kind.PULL_QUOTE:
        return _begins_inside(piece, pieces, lines)
    if piece.kind is not Kind.PARAGRAPH or piece.part("dateline") or piece.part("names"):
        return False
    text = said(piece.words[:1], lines)
    return any(pattern.match(text) for pattern in profile.patterns.get("broken_start", ()))


def _begins_inside(quote: Piece, pieces: Sequence[Piece], lines: Lines) -> bool:
    """Whether a pull quote stands in a text of the issue, but begins there in the middle of a clause."""
    words = said(quote.words, lines).strip(_FULL_MARKS)
    for piece in pieces:
        if piece.kind is Kind.PARAGRAPH:
            text = said(piece.words, lines)
            at = text.find(words)
            if at > 0:
                return text[at - 1] not in _FULL_MARKS
    return False


def _unbalanced(pieces: Sequence[Piece], lines: Lines) -> Iterator[ImportFinding]:
    """Marks without a partner; a quotation of several paragraphs may open each and close the last."""
    texts = [(piece, said(piece.words, lines)) for piece in pieces if piece.words]
    for (piece, text), (after, following) in zip(texts, (*texts[1:], (None, "")), strict=False):
        opened, closed = unpaired(text)
        runs_on = after is not None and after.kind is piece.kind and following[:1] in _SPEECH
        if opened and runs_on and text[opened[0]] == following[:1]:
            opened = opened[1:]
        for offset in sorted(opened + closed):
            at, start = _place(piece.words, offset, lines)
            message = f"{text[offset]} has no partner: 「{_around(text, offset, offset + 1)}」"
            yield ImportFinding(
                Doubt.UNBALANCED, lines[at].number, message, 0.8, text[offset], text[offset], offset=start
            )


def _place(words: Sequence[Span], offset: int, lines: Lines) -> tuple[int, int]:
    """Which character of which line stands at an offset of joined words."""
    reached, before, end = 0, -1, ""
    for span in words:
        more = lines[span.at].text[span.start : span.end]
        reached += len(more) + (before not in (-1, span.at) and needs_space(end, more))
        if offset < reached:
            return span.at, span.end - (reached - offset)
        before, end = span.at, more[-1:]
    return words[-1].at, words[-1].end - 1
