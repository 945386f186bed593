"""What the levels of headings in Markdown and HTML mean: by what a document uses, not by their numbers.

1. A heading that names a page (第2版 要闻, 2版, A3版：科技) is one.
2. A heading of its own level that comes first, above deeper ones, is the paper's name.
3. Of the levels that are left, the highest is that of headlines, and what stands below is crossheads; unless
   none of its headings has text of its own, only deeper headings: then it is that of rubrics, and headlines
   are one level below. A single heading without text of its own is a rubric, too, if the first piece below
   it opens like one: 本报讯, （记者 …）, □.
Where no heading names a page, a rule (`<hr>`, `---`) ends one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from issue_publisher.transcript.model import Label, TranscriptLine

_NUMBER = r"[0-9０-９一二三四五六七八九十]{1,3}"
_PAGE = re.compile(rf"(?:第\s*{_NUMBER}\s*版|[A-Z]?{_NUMBER}\s*版)(?:$|[\s　：:·・—－-]|\b)")


def with_roles(lines: Sequence[TranscriptLine]) -> tuple[TranscriptLine, ...]:
    """The lines with the labels that their levels stand for."""
    roles = dict(_roles(lines))
    names_pages = Label.PAGE in roles.values()
    return tuple(
        replace(line, label=roles[at])
        if at in roles
        else replace(line, page_break=False)
        if line.page_break and names_pages
        else line
        for at, line in enumerate(lines)
    )


def _roles(lines: Sequence[TranscriptLine]) -> Iterator[tuple[int, Label]]:
    headings = [at for at, line in enumerate(lines) if line.level and line.label is None and line.text]
    pages = {at for at in headings if _PAGE.match(lines[at].text)}
    rest = [at for at in headings if at not in pages]
    name = _name(lines, headings, rest)
    if name is not None:
        rest.remove(name)
        yield name, Label.NAMEPLATE
    levels = sorted({lines[at].level for at in rest})
    highest = [at for at in rest if lines[at].level == levels[0]] if levels else []
    rubrics = all(_is_bare(lines, at) for at in highest) and len(levels) > 1
    yield from ((at, Label.PAGE) for at in pages)
    headline_level = 0
    for at in rest:
        level = lines[at].level
        if level == levels[0] and (rubrics or _holds_pieces(lines, at)):
            headline_level = 0  # that of the next heading
            yield at, Label.RUBRIC
        elif level <= (headline_level or level):
            headline_level = level
            yield at, Label.HEADLINE
        else:
            yield at, Label.CROSSHEAD


def _name(lines: Sequence[TranscriptLine], headings: list[int], rest: list[int]) -> int | None:
    """The paper's name: the first heading of all, above all others, with pages or two levels below it."""
    if not rest or rest[0] != headings[0]:
        return None
    first, others = lines[rest[0]], [lines[at] for at in headings[1:]]
    if not others or any(other.level <= first.level for other in others):
        return None
    has_pages = len(headings) > len(rest)
    return rest[0] if has_pages or _is_a_name(lines, rest[0]) else None


# How a piece opens, with dateline or byline.
_OPENING = re.compile(
    r"(?:本[报報]|□|■|[\[（(【]?(?:本[报報])?(?:[记記]者|通[讯訊][员員]))|.{0,12}[讯訊电電][\s（　]"
)


def _holds_pieces(lines: Sequence[TranscriptLine], at: int) -> bool:
    """Whether pieces stand below a heading without text of its own, and no crossheads of a piece."""
    if not _is_bare(lines, at):
        return False
    written = [line for line in lines[at + 1 : at + 20] if line.text or line.label]
    return next((bool(_OPENING.match(line.text)) for line in written if not line.level), False)


_DATE = re.compile(r"(?:19|20)\d{2}\s*年|\d{4}-\d{1,2}-\d{1,2}|星期|总第|国内统一")


def _is_a_name(lines: Sequence[TranscriptLine], at: int) -> bool:
    """Whether the data of a nameplate follow, before the next heading."""
    for line in lines[at + 1 :]:
        if line.level:
            return False
        if _DATE.search(line.text):
            return True
    return False


def _is_bare(lines: Sequence[TranscriptLine], at: int) -> bool:
    """Whether a deeper heading follows a heading at once."""
    below = next((line for line in lines[at + 1 :] if line.text or line.label), None)
    return below is not None and below.level > lines[at].level
