"""Where the pages of a transcript begin: by lines that say so, by page breaks, or by the profile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from issue_publisher.issue.calendar_words import number as number_of
from issue_publisher.transcript.head import Folio, read_editors, read_folio
from issue_publisher.transcript.model import Doubt, ImportFinding, Label
from issue_publisher.transcript.pieces import Lines, Span, Words, said, whole
from issue_publisher.transcript.profile import Profile

_LABEL = re.compile(
    r"第?\s*(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*版?(?:[\s:：]+|$)(?P<title>.*)"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A page begins: the lines of `at` and after belong to it, until the next one begins."""

    at: int
    number: int
    title: Words = ()
    editors: tuple[tuple[Words, Words], ...] = ()
    left: tuple[tuple[str, Span], ...] = ()
    lines: frozenset[int] = frozenset()  # lines that say no more than this


def open_pages(
    lines: Lines, profile: Profile, free: Sequence[int], plate: Mapping[str, str]
) -> tuple[tuple[Opening, ...], tuple[ImportFinding, ...]]:
    """The pages, in order of the transcript. `free` are the lines that are no nameplate and no imprint."""
    openings: list[Opening] = []
    for at in free:
        before = openings[-1].number if openings else 0
        folio = _folio(at, lines, profile, plate)
        if folio is not None:
            number = number_of(folio.number) or before + 1
            left = folio.left
            if openings and number == before:  # a running head of the page that is open
                known = said(openings[-1].title, lines)
                if not folio.title or not known or said(folio.title, lines) == known:
                    openings[-1] = _with(openings[-1], folio, at)
                continue
            openings.append(Opening(at, number, folio.title, folio.editors, left, frozenset({at})))
    editors = {at: each for at in free if (each := _only_editors(at, lines, profile))[0]}
    if not openings:
        openings = _by_breaks(lines, free) or _by_profile(lines, profile, free)
    start = free[0] if free else 0
    if not openings or (openings[0].at > start and openings[0].number != 1):
        openings.insert(0, Opening(start, 1))
    elif openings[0].at > start:
        openings[0] = replace(openings[0], at=start)
    for at, (named, colons) in editors.items():
        to = max(n for n, opening in enumerate(openings) if opening.at <= at)
        opening = openings[to]
        openings[to] = replace(opening, editors=opening.editors + named, left=opening.left + colons,
                               lines=opening.lines | {at})  # fmt: skip
    return tuple(openings), tuple(_doubts(openings, lines, free, profile))


def _folio(at: int, lines: Lines, profile: Profile, plate: Mapping[str, str]) -> Folio | None:
    line = lines[at]
    jumps = (*profile.patterns.get("jump", ()), *profile.patterns.get("continued", ()))
    if any(pattern.fullmatch(line.text) for pattern in jumps):
        return None
    if line.label is None:
        return read_folio(at, line.text, profile, plate)
    if line.label is not Label.PAGE:
        return None
    if found := _LABEL.fullmatch(line.text):
        title = Span(at, *found.span("title"))
        left = (("page number", Span(at, 0, len(line.text[: title.start].rstrip()))),)
        return Folio(found["number"], (title,) if found["title"] else (), (), left)
    return read_folio(at, line.text, profile, plate) or Folio("", whole(at, line))


def _with(opening: Opening, folio: Folio, at: int) -> Opening:
    """A page whose number stands a second time, with what is new in that line."""
    left = folio.left if not opening.title else (*folio.left, *(("folio line", span) for span in folio.title))
    return replace(
        opening,
        title=opening.title or folio.title,
        editors=opening.editors + folio.editors,
        left=opening.left + left,
        lines=opening.lines | {at},
    )


_Editors = tuple[tuple[tuple[Words, Words], ...], tuple[tuple[str, Span], ...]]


def _only_editors(at: int, lines: Lines, profile: Profile) -> _Editors:
    """Editors that have a line to themselves, and the colons between their roles and names."""
    line = lines[at]
    if line.label not in (None, Label.EDITOR) or len(line.text) > 80:
        return (), ()
    editors, left, rest = read_editors(at, line.text, profile, [(0, len(line.text))])
    return (editors, left) if not any(line.text[start:end].strip() for start, end in rest) else ((), ())


def _by_breaks(lines: Lines, free: Sequence[int]) -> list[Opening]:
    openings: list[Opening] = []
    breaks = [at for at, line in enumerate(lines) if line.page_break]
    for at in free:
        if not openings or any(openings[-1].at < each < at for each in breaks):
            openings.append(Opening(at, len(openings) + 1))
    return openings if len(openings) > 1 else []


def _by_profile(lines: Lines, profile: Profile, free: Sequence[int]) -> list[Opening]:
    """Pages that the paper's profile knows by the line that opens them, in their order."""
    openings: list[Opening] = []
    rules = sorted((rule for rule in profile.pages if rule.opens), key=lambda rule: rule.number)
    waiting = list(rules)
    for at in free:
        for rule in waiting:
            if rule.opens and re.search(rule.opens, lines[at].text):
                openings.append(Opening(at, rule.number))
                waiting = [each for each in waiting if each.number > rule.number]
                break
    return openings


def _doubts(
    openings: Sequence[Opening], lines: Lines, free: Sequence[int], profile: Profile
) -> list[ImportFinding]:
    findings = []
    if len(openings) == 1 and not openings[0].lines and free:
        message = "nothing says where pages begin: all was taken for one page"
        findings.append(ImportFinding(Doubt.GUESSED, lines[free[0]].number, message, 0.5, done=True))
    for before, after in pairwise(openings):
        if after.number < before.number:
            message = f"page {after.number} stands after page {before.number}; it was put in its place"
            findings.append(ImportFinding(Doubt.MISPLACED, lines[after.at].number, message, 0.9, done=True))
        if not after.lines and profile.page(after.number) is None:
            message = f"a page ends here: this was taken for page {after.number}"
            findings.append(ImportFinding(Doubt.GUESSED, lines[after.at].number, message, 0.8, done=True))
    return findings
