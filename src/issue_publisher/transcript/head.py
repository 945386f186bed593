"""The furniture of a transcript: nameplate (报头), folio lines (版头) and imprint (报尾)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from issue_publisher.transcript.model import Label
from issue_publisher.transcript.pieces import Lines, Span, Words, stripped
from issue_publisher.transcript.profile import Patterns, Profile

Left = tuple[tuple[str, Span], ...]
_WHOLE_LINE = ("title", "subtitle", "motto")  # said by a line of its own
_SENTENCE = re.compile("[。！？；]")
_LONGEST = 300  # characters of a line of furniture
_MOST_STRANGERS = 3  # lines between the data of a nameplate that nobody knows


@dataclass(frozen=True, slots=True)
class Said:
    """Data that lines of furniture say: (field, its words), what is left out, and what nobody knows."""

    data: tuple[tuple[str, Words], ...] = ()
    parts: tuple[tuple[str, Words], ...] = ()  # labels of telephones and roles, in the order of `data`
    left: Left = ()
    unknown: tuple[Words, ...] = ()
    lines: frozenset[int] = field(default=frozenset())  # which lines they are

    def words(self, name: str) -> Words:
        """What it says of one thing, or nothing."""
        return dict(self.data).get(name, ())


def read_nameplate(lines: Lines, profile: Profile) -> Said:
    """The nameplate at the head of a transcript; empty when there is none."""
    written = [at for at, line in enumerate(lines) if not line.is_blank][: profile.lengths.head]
    found: dict[int, Said] = {}
    seen: set[str] = set()
    strangers = 0
    for at in written:
        line = lines[at]
        if (
            line.label not in (None, Label.NAMEPLATE)
            or _SENTENCE.search(line.text)
            or len(line.text) > _LONGEST
        ):
            break
        said = _of_line(at, lines, profile, seen, first=seen <= {"subtitle", "level"})
        if said is None:
            if is_page_line(line.text, profile):
                continue
            strangers += 1
            if strangers > _MOST_STRANGERS:
                break
            continue
        found[at] = said
        seen.update(name for name, _ in said.data)
    if seen <= {"subtitle", "level"} or (seen <= {"title", "subtitle"} and written[0] not in found):
        return Said()  # a line of English is no nameplate by itself
    if not seen & {
        "date",
        "running_number",
        "serial_number",
    }:  # no more than a name: nothing after it belongs
        found = {at: said for at, said in found.items() if at <= written[0]}
    if not found:
        return Said()
    between = [
        at
        for at in written
        if at < max(found) and at not in found and not is_page_line(lines[at].text, profile)
    ]
    strange = tuple(stripped(Span(at, 0, len(lines[at].text)), lines[at].text) for at in between)
    whole = [said for _, said in sorted(found.items())]
    return Said(
        tuple(pair for said in whole for pair in said.data),
        (),
        tuple(pair for said in whole for pair in said.left),
        tuple(sorted([words for said in whole for words in said.unknown] + list(strange))),
        frozenset(found) | frozenset(between),
    )


def _of_line(at: int, lines: Lines, profile: Profile, seen: set[str], *, first: bool) -> Said | None:
    """What one line says of the nameplate; None when it says nothing."""
    text = lines[at].text
    if name := _whole_line(text, profile, seen, first=first or lines[at].label is Label.NAMEPLATE):
        return Said(((name, stripped(Span(at, 0, len(text)), text)),))
    patterns = {
        name: each for name, each in profile.nameplate.items() if name not in _WHOLE_LINE and name not in seen
    }
    said = data_of(at, text, patterns)
    known = sum(span.end - span.start for _, words in said.data for span in words)
    strange = sum(span.end - span.start for words in said.unknown for span in words)
    return said if said.data and (strange <= known or lines[at].label is Label.NAMEPLATE) else None


def _whole_line(text: str, profile: Profile, seen: set[str], *, first: bool) -> str | None:
    said = {"title": profile.paper.name, "motto": profile.paper.motto, "level": profile.paper.level}
    for name, words in said.items():
        if words and name not in seen and _bare(words) == _bare(text):
            return name
    may_be = [name for name in _WHOLE_LINE if name not in seen]
    if profile.paper.name or not first:
        may_be = [name for name in may_be if name != "title"]
    known = profile.nameplate
    return next((name for name in may_be if any(each.fullmatch(text) for each in known.get(name, ()))), None)


def _bare(words: str) -> str:
    return re.sub(r"\s", "", words)


def data_of(at: int, text: str, patterns: Patterns) -> Said:
    """All that patterns find in a line, each once, and what is left over between."""
    free = [(0, len(text))]
    data: list[tuple[str, Words]] = []
    parts: list[tuple[str, Words]] = []
    left: list[tuple[str, Span]] = []
    for name, several in patterns.items():
        for pattern in several:
            match = next((m for start, end in free if (m := pattern.search(text, start, end))), None)
            while match is not None and match["words"]:
                data.append((name, (Span(at, *match.span("words")),)))
                label = "label" if "label" in pattern.groupindex else "role"
                inner = [match.span("words")]
                if label in pattern.groupindex and match[label]:
                    parts.append((name, (Span(at, *match.span(label)),)))
                    inner.append(match.span(label))
                elif name == "telephone":
                    parts.append((name, ()))
                left += _outside(at, text, match.span(), inner, name)
                free = _without(free, match.span())
                again = name in ("telephone", "note")
                match = next((m for s, e in free if again and (m := pattern.search(text, s, e))), None)
            if any(each == name for each, _ in data) and name not in ("telephone", "note"):
                break
    unknown = [words for start, end in free if (words := stripped(Span(at, start, end), text))]
    return Said(tuple(data), tuple(parts), tuple(left), tuple(unknown), frozenset({at}))


def _outside(
    at: int, text: str, whole: tuple[int, int], inner: Iterable[tuple[int, int]], name: str
) -> list[tuple[str, Span]]:
    left: list[Span] = []
    reached = whole[0]
    for start, end in sorted(inner):
        left += stripped(Span(at, reached, start), text)
        reached = end
    left += stripped(Span(at, reached, whole[1]), text)
    return [(name, span) for span in left]


def _without(free: list[tuple[int, int]], taken: tuple[int, int]) -> list[tuple[int, int]]:
    rest: list[tuple[int, int]] = []
    for start, end in free:
        if start <= taken[0] and taken[1] <= end:
            rest += [(start, taken[0]), (taken[1], end)]
        else:
            rest.append((start, end))
    return rest


# --------------------------------------------------------------------------- folio lines and imprint


@dataclass(frozen=True, slots=True)
class Folio:
    """A line that begins a page: its number and title, its editors; the rest is the nameplate's again."""

    number: str
    title: Words = ()
    editors: tuple[tuple[Words, Words], ...] = ()  # role, names
    left: Left = ()


def is_page_line(text: str, profile: Profile) -> bool:
    """Whether a line says no more than a page's number and title."""
    return any(pattern.fullmatch(text) for pattern in profile.patterns.get("page", ()))


def read_folio(at: int, text: str, profile: Profile, plate: Mapping[str, str]) -> Folio | None:
    """A page's number with what else stands beside it; None when the line is something else.

    `plate` is what the nameplate says: its name, date and numbers stand again in folio lines.
    """
    if len(text) > 80:
        return None
    left: list[tuple[str, Span]] = []
    free = [(0, len(text))]
    for known in plate.values():
        start = text.find(known) if known else -1
        if start >= 0 and any(a <= start and start + len(known) <= b for a, b in free):
            left.append(("folio line", Span(at, start, start + len(known))))
            free = _without(free, (start, start + len(known)))
    editors, colons, free = read_editors(at, text, profile, free)
    left += colons
    rest = [words[0] for start, end in free if (words := stripped(Span(at, start, end), text))]
    if not rest:
        return None
    first, last = rest[0].start, rest[-1].end
    if any(first < span.start < last for _, span in left) or (len(rest) > 1 and not editors):
        length = sum(span.end - span.start for span in rest)
        return None if length > 20 else _scattered(at, text, rest, profile, tuple(left), editors)
    for pattern in profile.patterns.get("page", ()):
        if match := pattern.fullmatch(text, first, last):
            title = _group(match, at, "title")
            outside = _outside(at, text, match.span(), [(s.start, s.end) for s in title], "page number")
            return Folio(match["number"], title, editors, (*left, *outside))
    return None


def _scattered(
    at: int,
    text: str,
    rest: list[Span],
    profile: Profile,
    left: Left,
    editors: tuple[tuple[Words, Words], ...],
) -> Folio | None:
    """Page number and title with other data between them: 3 … 2026年11月23日 … 科技."""
    number = next(
        (s for s in rest if re.fullmatch("第?[0-9一二三四五六七八九十]{1,3}版?", text[s.start : s.end])), None
    )
    others = [span for span in rest if span is not number]
    if number is None or not left or len(others) > 1:
        return None
    said = text[number.start : number.end].removeprefix("第").removesuffix("版")
    title: Words = (others[0],) if others else ()
    return Folio(said, title, editors, (*left, ("page number", number)))


def _group(match: re.Match[str], at: int, name: str) -> Words:
    if name not in match.re.groupindex or not match[name]:
        return ()
    return stripped(Span(at, *match.span(name)), match.string)


def read_editors(
    at: int, text: str, profile: Profile, free: list[tuple[int, int]]
) -> tuple[tuple[tuple[Words, Words], ...], Left, list[tuple[int, int]]]:
    """Editors that a line names (责编：李明 版式：张华), the colons between, and what else is in the line."""
    editors: list[tuple[Words, Words]] = []
    left: list[tuple[str, Span]] = []
    for pattern in profile.patterns.get("editor", ()):
        for match in list(pattern.finditer(text)):
            if any(start <= match.start() and match.end() <= end for start, end in free):
                editors.append((_group(match, at, "role"), _group(match, at, "name")))
                left += _outside(
                    at, text, match.span(), [match.span("role"), match.span("name")], "page editor"
                )
                free = _without(free, match.span())
    return tuple(editors), tuple(left), free


def read_imprint(lines: Lines, profile: Profile, free: Iterable[int]) -> Said:
    """The imprint at the foot of a transcript; empty when there is none."""
    found: list[Said] = []
    for at in sorted(free, reverse=True):
        line = lines[at]
        if line.label not in (None, Label.IMPRINT) or len(line.text) > _LONGEST:
            break
        said = data_of(at, line.text, profile.imprint)
        kinds = {name for name, _ in said.data}
        strange = sum(span.end - span.start for words in said.unknown for span in words)
        enough = len(kinds) >= 2 or kinds & {"address", "telephone"} or (found and kinds)
        if not enough or strange > len(line.text) // 2:
            if line.label is Label.IMPRINT:
                found.append(Said((("note", stripped(Span(at, 0, len(line.text)), line.text)),), (), (), (),
                                  frozenset({at})))  # fmt: skip
                continue
            break
        found.append(said)
    found.reverse()
    once: set[str] = set()
    data: list[tuple[str, Words]] = []
    for said in found:
        for name, words in said.data:
            data.append((name if name not in once or name in ("telephone", "note") else "note", words))
            once.add(name)
        data += [("note", words) for words in said.unknown]
    return Said(
        tuple(data),
        tuple(part for said in found for part in said.parts),
        tuple(left for said in found for left in said.left),
        (),
        frozenset(at for said in found for at in said.lines),
    )
