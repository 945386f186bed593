"""What a line is by its own looks: a label's word, a pattern's, or its length and its marks.

Nothing is decided here that needs the lines around it: a short line without a full stop is a heading of some
kind, and `structure` finds out which, or that it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from issue_publisher.transcript.model import Label, TranscriptLine
from issue_publisher.transcript.names import are_names, is_name
from issue_publisher.transcript.pieces import Kind, Lines, Piece, Span, Words, joined, stripped, taken, whole
from issue_publisher.transcript.profile import Profile

_LABELLED = {
    Label.PAGE: Kind.PAGE, Label.EDITOR: Kind.EDITOR, Label.BRIEFS: Kind.BRIEFS,
    Label.PICTURES: Kind.PICTURES, Label.ARTICLE: Kind.ARTICLE, Label.BRIEF: Kind.ARTICLE,
    Label.RUBRIC: Kind.RUBRIC, Label.SERIES: Kind.SERIES,
    Label.KICKER: Kind.KICKER, Label.HEADLINE: Kind.HEADLINE, Label.ALTERNATIVE: Kind.ALTERNATIVE,
    Label.DECK: Kind.DECK, Label.EDITORS_NOTE: Kind.NOTE, Label.STANDFIRST: Kind.STANDFIRST,
    Label.DATELINE: Kind.DATELINE, Label.BYLINE: Kind.BYLINE, Label.AFFILIATION: Kind.AFFILIATION,
    Label.SIGNATURE: Kind.SIGNATURE, Label.PARAGRAPH: Kind.PARAGRAPH, Label.CROSSHEAD: Kind.CROSSHEAD,
    Label.PULL_QUOTE: Kind.PULL_QUOTE, Label.QUOTATION: Kind.QUOTATION, Label.SOURCE: Kind.SOURCE,
    Label.FIGURE: Kind.CAPTION, Label.CREDIT: Kind.CREDIT, Label.LIST_ITEM: Kind.LIST_ITEM,
    Label.VERSE: Kind.VERSE, Label.TABLE_ROW: Kind.TABLE_ROW,
}  # fmt: skip
# Kinds whose pattern must match the whole line, in the order in which they are tried.
_WHOLE_LINES = (
    ("headline", Kind.HEADLINE), ("kicker", Kind.KICKER), ("crosshead", Kind.CROSSHEAD),
    ("standfirst", Kind.STANDFIRST), ("paragraph", Kind.PARAGRAPH), ("rubric", Kind.RUBRIC),
    ("rubric_headline", Kind.HEADLINE), ("caption", Kind.CAPTION), ("credit_line", Kind.CREDIT),
    ("deck", Kind.DECK), ("affiliation", Kind.AFFILIATION), ("byline", Kind.BYLINE),
    ("series", Kind.SERIES), ("signature", Kind.SIGNATURE), ("pull_quote", Kind.PULL_QUOTE),
)  # fmt: skip
_SPOKEN = {"“": "”", "「": "」", "『": "』", '"': '"'}
_FEW_LINES = 12  # too few to tell how wide they are


def classify(
    lines: Lines, profile: Profile, free: Iterable[int], wrapped_em: float | None = None
) -> tuple[Piece, ...]:
    """Each line that is no furniture, taken for something by itself; wrapped lines of a paragraph as one."""
    wanted = set(free)
    pieces: list[Piece] = []
    blanks = 0
    for at, line in enumerate(lines):
        if line.is_blank:
            blanks += 1
            continue
        if at in wanted:
            piece = replace(_piece(at, line, profile), blanks=blanks)
            before = pieces[-1] if pieces else None
            if wrapped_em and before is not None and blanks == 0 and _wraps(before, piece, lines, wrapped_em):
                rest = paragraph(at, line, profile)
                pieces[-1] = joined(replace(before, kind=Kind.PARAGRAPH, doubtful=False), rest)
            else:
                pieces.append(piece)
        blanks = 0
    return tuple(pieces)


def wrapped_at(lines: Lines, profile: Profile, free: Iterable[int]) -> float | None:
    """How wide lines are, in em, when a third of them are full and go on in the next; None otherwise."""
    own = [at for at in free if lines[at].label is None]
    widths = sorted(_width_em(lines[at].text) for at in own)
    if len(widths) < _FEW_LINES or widths[-1] > profile.lengths.wrapped:
        return None
    widest = widths[len(widths) * 19 // 20]
    going_on = [
        at for at, after in pairwise(own)
        if after == at + 1 and _width_em(lines[at].text) >= widest - 2
    ]  # fmt: skip
    return widest if len(going_on) * 3 > len(widths) else None


def _wraps(before: Piece, piece: Piece, lines: Lines, wrapped_em: float) -> bool:
    """Whether a line goes on in the next: it is a full one, and neither is more than text."""
    text = (Kind.PARAGRAPH, Kind.TITLE)
    last = before.words[-1].at if before.words else before.at
    return (
        before.kind in text
        and piece.kind in text
        and not before.part("closing")
        and piece.line.label is None
        and before.line.label is None
        and not piece.part("dateline")
        and _width_em(lines[last].text) >= wrapped_em - 2
    )


def _width_em(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _piece(at: int, line: TranscriptLine, profile: Profile) -> Piece:
    if line.label is not None:
        return _labelled(at, line, profile)
    for pattern in profile.patterns.get("editors_note", ()):  # the only kind of whole lines that may be long
        if match := pattern.fullmatch(line.text):
            return _matched(at, line, profile, Kind.NOTE, "editors_note", match)
    if len(line.text) <= profile.lengths.caption:
        for name, kind in (("jump", Kind.JUMP), ("continued", Kind.CONTINUED)):
            if any(pattern.fullmatch(line.text) for pattern in profile.patterns.get(name, ())):
                return Piece(kind, line, (), ((name, whole(at, line)),), sure=True)
        for name, kind in _WHOLE_LINES:
            for pattern in profile.patterns.get(name, ()):
                match = pattern.fullmatch(line.text)
                if match and _fits(kind, match, profile):
                    return _matched(at, line, profile, kind, name, match)
        if profile.rubric(line.text):
            return Piece(Kind.RUBRIC, line, whole(at, line), sure=True)
        if found := _tail(line.text, profile, "credit", profile.lengths.caption):
            return _with_credit(Piece(Kind.CAPTION, line, whole(at, line)), at, found)
    if is_heading(line.text, profile) or (line.strong and len(line.text) <= profile.lengths.headline):
        return Piece(Kind.TITLE, line, whole(at, line), doubtful=_is_doubtful(line, profile))
    return paragraph(at, line, profile)


def _labelled(at: int, line: TranscriptLine, profile: Profile) -> Piece:
    kind = _LABELLED.get(line.label or Label.PARAGRAPH, Kind.PARAGRAPH)
    if kind is Kind.CAPTION:
        piece = Piece(kind, line, whole(at, line), sure=True)
        found = _tail(line.text, profile, "credit", profile.lengths.caption)
        return _with_credit(piece, at, found) if found and not line.source else piece
    name = "editors_note" if kind is Kind.NOTE else next((n for n, each in _WHOLE_LINES if each is kind), "")
    if kind in (Kind.BYLINE, Kind.SERIES, Kind.NOTE, Kind.PULL_QUOTE):
        for pattern in profile.patterns.get(name, ()):
            if match := pattern.fullmatch(line.text):
                return _matched(at, line, profile, kind, name, match)
        if kind is Kind.BYLINE:
            return Piece(kind, line, (), parts=(("names", whole(at, line)),), sure=True)
    if kind is Kind.PARAGRAPH:
        return replace(paragraph(at, line, profile), sure=True)
    return Piece(kind, line, whole(at, line), sure=True)


def _matched(
    at: int, line: TranscriptLine, profile: Profile, kind: Kind, name: str, match: re.Match[str]
) -> Piece:
    groups, left = taken(match, at, name.replace("_", " "))
    words = groups.pop("words", ())
    if name == "editors_note" and groups.get("label"):
        words, groups, left = _note_label(at, line, words, groups, left, profile)
    if name == "credit_line":
        words = groups.pop("credit")
    sure = kind is not Kind.SIGNATURE
    piece = Piece(kind, line, words, tuple(groups.items()), left, sure=sure or line.label is not None)
    if kind is Kind.CAPTION and (found := _tail(line.text, profile, "credit", profile.lengths.caption)):
        return _with_credit(piece, at, found)
    return piece


def _note_label(
    at: int,
    line: TranscriptLine,
    words: Words,
    groups: dict[str, Words],
    left: tuple[tuple[str, Span], ...],
    profile: Profile,
) -> tuple[Words, dict[str, Words], tuple[tuple[str, Span], ...]]:
    """编者按 is printed again by the layout; any other word (编后) belongs to the note."""
    (label,) = groups.pop("label")
    word = line.text[label.start : label.end]
    if any(re.fullmatch(each, word) for each in profile.labels.words):
        return words, groups, (*left, ("editor's note", label))
    return whole(at, line), groups, ()


def _fits(kind: Kind, match: re.Match[str], profile: Profile) -> bool:
    """What a pattern cannot say of a line."""
    text = match.string
    if kind in (Kind.SERIES, Kind.DECK, Kind.HEADLINE, Kind.KICKER):
        return is_heading(text, profile) or kind in (Kind.HEADLINE, Kind.KICKER)
    if kind is Kind.SIGNATURE:
        return is_name(match["name"], profile.names)
    if kind is Kind.PULL_QUOTE:
        return len(text) <= profile.lengths.pull_quote
    if kind is Kind.BYLINE:
        return _says_who(match["names"], text[0] in "□☐" or match.start("names") > 1, profile)
    if kind is Kind.CREDIT:
        return len(text) <= 30
    return True


def _says_who(words: str, marked: bool, profile: Profile) -> bool:
    if words[-1] in profile.marks.closing and words[-1] not in "）)」』”":
        return False
    tokens = words.replace("、", " ").replace("，", " ").split()
    if are_names(words, profile) or any(is_name(token, profile.names) for token in tokens[-1:]):
        return True
    return (marked and len(words) <= 12) or re.match("本[报報刊]", words) is not None


def is_heading(text: str, profile: Profile) -> bool:
    """Whether a line may be a heading: short, of one sentence at most, and not ending as a text does."""
    marks = profile.marks
    return (
        0 < len(text) <= profile.lengths.headline
        and text[-1] not in marks.open_end
        and not any(mark in text[:-1] for mark in marks.sentence)
        and not (text[-1] in marks.doubtful_end and re.match(marks.speaker, text))
    )


def _is_doubtful(line: TranscriptLine, profile: Profile) -> bool:
    text = line.text
    spoken = _SPOKEN.get(text[0]) == text[-1] and text[:1] not in text[1:]
    return not line.strong and (spoken or text[-1] in profile.marks.doubtful_end)


def paragraph(at: int, line: TranscriptLine, profile: Profile) -> Piece:
    """A line of running text: dateline and byline at its start, byline at its end."""
    text = line.text
    parts: list[tuple[str, Words]] = []
    left: list[tuple[str, Span]] = []
    start, end = 0, len(text)
    if head := _head(text, profile):
        parts.append(("continued", stripped(Span(at, *head.span()), text)))
        start = head.end()
    for pattern in profile.patterns.get("opening", ()) if not start else ():
        match = pattern.match(text, 0, profile.lengths.opening)
        if match and match.end() < end:
            groups, labels = taken(match, at, "byline")
            parts += groups.items()
            left += labels
            start = match.end()
            break
    jump = _tail(text, profile, "jump", profile.lengths.closing)
    if jump and jump.start() > start:
        parts.append(("jump", stripped(Span(at, *jump.span()), text)))
        end = jump.start()
    match = None if jump else _tail(text, profile, "closing", profile.lengths.closing)
    if match and match.start() > start and are_names(match["names"], profile):
        groups, labels = taken(match, at, "byline")
        parts += [("closing", groups["names"])]
        left += labels
        end = match.start()
    return Piece(Kind.PARAGRAPH, line, stripped(Span(at, start, end), text), tuple(parts), tuple(left))


def _head(text: str, profile: Profile) -> re.Match[str] | None:
    """上接第1版, before the text that goes on."""
    for pattern in profile.patterns.get("continued", ()):
        match = pattern.match(text, 0, profile.lengths.opening)
        if match and match.end() < len(text):
            return match
    return None


def _tail(text: str, profile: Profile, name: str, length: int) -> re.Match[str] | None:
    """What a pattern finds that reaches to the end of a line."""
    for pattern in profile.patterns.get(name, ()):
        for match in pattern.finditer(text, max(0, len(text) - length)):
            if match.end() == len(text):
                return match
    return None


def _with_credit(piece: Piece, at: int, match: re.Match[str]) -> Piece:
    """A caption whose credit stands on the same line."""
    credit = stripped(Span(at, *match.span("credit")), match.string)
    words = tuple(
        kept
        for span in piece.words
        for kept in stripped(Span(at, span.start, min(span.end, credit[0].start)), match.string)
    )
    if not words:
        return piece
    return replace(piece, words=words, parts=(*piece.parts, ("credit", credit)))
