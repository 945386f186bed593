"""From a line of the transcript to the line of the XML that it went to."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace

from issue_publisher.issue.model import Issue, Text
from issue_publisher.transcript.model import Imported, ImportFinding, Transcript

_AROUND = 6  # characters before and behind a finding that are looked for in the XML
_MOST_LOOKED_FOR = 5_000  # findings; of more, those that need it lead to their piece's nearest line


def with_xml_lines(
    transcript: Transcript, findings: Sequence[ImportFinding], made: Imported, xml: str, written: Issue
) -> tuple[ImportFinding, ...]:
    """The findings with the lines of the XML that they lead to.

    The issue as it was `made` carries the lines of the transcript, as it is `written` those of its `xml`.
    Where a line went to several (caption and credit) or was joined to another, the words around a finding
    decide.
    """
    leads = _Leads(transcript, made, xml, written)
    exactly = len(findings) <= _MOST_LOOKED_FOR
    return tuple(
        replace(finding, xml_line=leads.lead(finding, exactly=exactly) if finding.line else 0)
        for finding in findings
    )


class _Leads:
    """What is known of where lines went."""

    def __init__(self, transcript: Transcript, made: Imported, xml: str, written: Issue) -> None:
        self.places = _places(made.issue, written)
        self.known = sorted(self.places)
        self.xml = xml.split("\n")
        pieces = {piece.id: piece.line for piece in (*written.items(), *written.articles())}
        self.starts = sorted({*pieces.values(), *(page.line for page in written.pages), len(self.xml) + 1})
        self.piece = {line: pieces[item] for line, _, item in made.places if item in pieces}
        self.text: dict[int, str] = defaultdict(str)
        for line in transcript.lines:
            self.text[line.number] += line.text

    def lead(self, finding: ImportFinding, *, exactly: bool) -> int:
        """The line of the XML for a finding."""
        at = bisect.bisect_right(self.known, finding.line)
        there = self.places[self.known[at - 1]] if at else (0,)
        nearest = there[0]
        start = self.piece.get(finding.line) or self._start_of(nearest)
        end = self.starts[bisect.bisect_right(self.starts, start)] if start else 0
        if not start <= nearest < end:
            nearest = start
        if not exactly or (finding.line in self.places and len(there) == 1):
            return nearest
        fits = {number: self._fit(finding, number) for number in range(start, end)}
        best = max(fits.values(), default=0)
        fitting = [number for number, fit in fits.items() if fit == best] if best else [nearest]
        return min(fitting, key=lambda number: abs(number - nearest))

    def _start_of(self, xml_line: int) -> int:
        at = bisect.bisect_right(self.starts, xml_line)
        return self.starts[at - 1] if at else 0

    def _fit(self, finding: ImportFinding, xml_line: int) -> int:
        """How many characters from beside the finding stand on a line of the XML: two or more on a side."""
        text, words = self.text[finding.line], self.xml[xml_line - 1]
        end = finding.offset + len(finding.before)
        fit = 0
        for length in range(2, _AROUND + 1):
            before, behind = text[max(0, finding.offset - length) : finding.offset], text[end : end + length]
            fit += sum(len(each) == length and each in words for each in (before, behind))
        return fit


def _places(made: Issue, written: Issue) -> dict[int, tuple[int, ...]]:
    """The lines of the XML that each line of the transcript began something on, texts first."""
    found: dict[int, set[tuple[bool, int]]] = defaultdict(set)
    for line, xml_line, is_text in _pairs(made, written):
        found[line].add((not is_text, xml_line))
    places = {}
    for line, there in found.items():
        texts = sorted(xml_line for not_text, xml_line in there if not not_text)
        places[line] = tuple(texts or sorted(xml_line for _, xml_line in there))
    return places


def _pairs(made: object, written: object) -> Iterator[tuple[int, int, bool]]:
    """The lines of two values that say the same, and whether it is words that stand there."""
    if isinstance(made, tuple) and isinstance(written, tuple):
        for one, other in zip(made, written, strict=False):
            yield from _pairs(one, other)
    elif is_dataclass(made) and is_dataclass(written):
        lines, xml_lines = dict(getattr(made, "lines", ())), dict(getattr(written, "lines", ()))
        for name in lines.keys() & xml_lines.keys():
            yield lines[name], xml_lines[name], True
        line, xml_line = getattr(made, "line", 0), getattr(written, "line", 0)
        if line and xml_line:
            yield line, xml_line, isinstance(made, Text)
        for each in fields(made):
            if each.compare:
                yield from _pairs(getattr(made, each.name), getattr(written, each.name, None))
