"""The issue's furniture, of what the transcript says of it: nameplate and imprint."""

from __future__ import annotations

import datetime

from issue_publisher.issue.model import (
    Ear,
    Imprint,
    Inline,
    InlineKind,
    Nameplate,
    Paragraph,
    Telephone,
    Text,
)
from issue_publisher.transcript.head import Said
from issue_publisher.transcript.ledger import Ledger
from issue_publisher.transcript.pieces import Lines, Words
from issue_publisher.transcript.profile import Profile


def nameplate(plate: Said, day: datetime.date, profile: Profile, ledger: Ledger) -> Nameplate:
    """The nameplate: what it must have and the transcript lacks comes from the profile and the order."""
    ledger.leave_out(plate.left)
    words = {name: ledger.say("nameplate", name, spans) for name, spans in plate.data}
    paper, number = profile.paper, words.get("running_number")
    return Nameplate(
        title=words.get("title") or ledger.give("nameplate", "title", paper.name or paper.unnamed),
        date_text=words.get("date")
        or ledger.give("nameplate", "date", f"{day.year}年{day.month}月{day.day}日"),
        subtitle=words.get("subtitle"),
        motto=words.get("motto"),
        weekday=words.get("weekday"),
        lunar_date=words.get("lunar_date"),
        edition=words.get("edition"),
        running_number=int(number) if number else None,
        serial_number=words.get("serial_number"),
        level=words.get("level"),
        sponsor=words.get("sponsor"),
        publisher=words.get("publisher"),
        site=words.get("site"),
        ears=_ear(plate, ledger),
        line=line_of(plate.data[0][1], ledger.lines) if plate.data else 0,
    )


def _ear(plate: Said, ledger: Ledger) -> tuple[Ear, ...]:
    """What stands in the head and says not what it is."""
    paragraphs = []
    for spans in plate.unknown:
        line = line_of(spans, ledger.lines)
        text = Text((Inline(InlineKind.TEXT, ledger.say("nameplate", "ear", spans), line=line),), line)
        paragraphs.append(Paragraph(text, line=line))
    return (Ear(tuple(paragraphs), line=paragraphs[0].line),) if paragraphs else ()


def imprint(foot: Said, ledger: Ledger) -> Imprint | None:
    """The imprint; nothing when the transcript has none."""
    if not foot.data:
        return None
    ledger.leave_out(foot.left)
    words: dict[str, str] = {}
    notes: list[str] = []
    telephones: list[Telephone] = []
    labels = iter(words for name, words in foot.parts if name == "telephone")
    for name, spans in foot.data:
        if name == "telephone":
            label = next(labels, ())
            called = ledger.say("imprint", "label", label) if label else None
            number = ledger.say("imprint", name, spans)
            telephones.append(Telephone(number, called, line_of(spans, ledger.lines)))
        elif name == "note":
            notes.append(ledger.say("imprint", name, spans))
        else:
            words[name] = ledger.say("imprint", name, spans)
    return Imprint(
        address=words.get("address"),
        post_code=words.get("post_code"),
        telephones=tuple(telephones),
        price=words.get("price"),
        printer=words.get("printer"),
        distribution=words.get("distribution"),
        notes=tuple(notes),
        line=line_of(foot.data[0][1], ledger.lines),
    )


def line_of(words: Words, lines: Lines) -> int:
    """The line of the transcript in which words begin."""
    return lines[words[0].at].number
