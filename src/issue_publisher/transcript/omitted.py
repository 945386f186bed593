"""What Markdown and HTML hold beside the text of the paper: it is left out, and said once for each kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from issue_publisher.issue.whitespace import HAN
from issue_publisher.transcript.model import Doubt, ImportFinding, Label, TranscriptLine

_HAN = re.compile(f"[{HAN}]")
_SHOWN = 60  # characters of an example


@dataclass
class Omitted:
    """Counts what is left out, by kind, with the line of the first."""

    first: dict[str, tuple[int, str]] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def add(self, kind: str, line: int, example: str = "") -> None:
        """One more of a kind, at a line."""
        self.first.setdefault(kind, (line, " ".join(example.split())))
        self.count[kind] = self.count.get(kind, 0) + 1
        self.words.append(example)

    def take(self, other: Omitted, lines_before: int) -> None:
        """What was left out of a part that begins behind so many lines."""
        for kind, (line, example) in other.first.items():
            self.first.setdefault(kind, (line + lines_before, example))
            self.count[kind] = self.count.get(kind, 0) + other.count[kind]
        self.words += other.words

    def findings(self) -> tuple[ImportFinding, ...]:
        """One for each kind."""
        return tuple(
            ImportFinding(
                Doubt.LEFT_OUT, line, _said(kind, self.count[kind], example), 0.9, example, done=True
            )
            for kind, (line, example) in self.first.items()
        )


def remainder(text: str, lines: Iterable[TranscriptLine], omitted: Omitted) -> tuple[ImportFinding, ...]:
    """Chinese characters of a file that stand in none of its lines and were not said to be left out.

    What a parser drops without a word, such as the title of a link, is found so.
    """
    said = (
        words for line in lines for words in (line.text, line.source or "", *dict(line.attributes).values())
    )
    left = Counter(_HAN.findall(text))
    left.subtract(Counter(char for words in (*said, *omitted.words) for char in _HAN.findall(words)))
    lost = {char: count for char, count in left.items() if count > 0}
    if not lost:
        return ()
    example = "".join(char for char in dict.fromkeys(_HAN.findall(text)) if char in lost)[:_SHOWN]
    message = f"{sum(lost.values())} Chinese characters of the file stand in none of its lines: {example}"
    return (ImportFinding(Doubt.LEFT_OUT, 0, message, 0.5, example, done=True),)


def _said(kind: str, count: int, example: str) -> str:
    times = f" ({count} times, here first)" if count > 1 else ""
    short = example if len(example) <= _SHOWN else example[:_SHOWN] + "…"
    return f"{kind}: left out{times}" + (f": {short}" if short else "")


def picture(number: int, source: str, alt: str, caption: str) -> TranscriptLine:
    """The line of a picture: what names it without a caption of its own is the caption."""
    alt, caption = " ".join(alt.split()), " ".join(caption.split())
    attributes = (("alt", alt),) if caption and alt else ()
    return TranscriptLine(
        number, caption or alt, Label.FIGURE, source=unquote(source) or None, attributes=attributes
    )
