"""Names in bylines: 记者 王某 通讯员 李某; 全国政协委员、某厂厂长 张某; 郭　明."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from issue_publisher.transcript.pieces import Lines, Span, Words
from issue_publisher.transcript.profile import Names, Profile

_HAN = "\u3400-\u9fff"
_TOKEN = re.compile(r"[^\s、，,；;]+")
_ONE_HAN = re.compile(f"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Named:
    """A person of a byline, as spans: role, name and office."""

    name: Words
    role: Words = ()
    shares_role: bool = False  # with the one before; the role stands once


@cache
def _roles(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"({pattern})[:：]?(.*)")


def is_name(words: str, names: Names) -> bool:
    """Whether this looks like a person's name: it begins with a surname, or it is a foreign one (a·b)."""
    bare = re.sub(r"\s", "", words)
    if "·" in bare:
        return re.fullmatch(f"[{_HAN}]{{1,8}}(·[{_HAN}A-Za-z.]{{1,10}})+", bare) is not None
    if not re.fullmatch(f"[{_HAN}]{{2,4}}", bare):
        return False
    if bare[:2] in names.compound:
        return len(bare) >= 3
    return bare[0] in names.surnames and len(bare) <= 3


def are_names(words: str, profile: Profile) -> bool:
    """Whether a bracket behind a text says who wrote it."""
    roles = _roles(profile.labels.roles)
    tokens = [words[start:end] for start, end in _tokens(words)]
    for token in tokens:
        found = roles.fullmatch(token)
        if not is_name(found[2] if found and found[2] else token, profile.names) and not found:
            return False
    return bool(tokens)


def people(words: Words, lines: Lines, profile: Profile) -> tuple[Named, ...]:
    """Who is named; where that cannot be told, the words as one name."""
    if len(words) != 1:
        return (Named(words),)
    (span,) = words
    text = lines[span.at].text[span.start : span.end]
    tokens = _tokens(text)

    def place(start: int, end: int) -> Words:
        return (Span(span.at, span.start + start, span.start + end),)

    if office := _office(text, profile.names):
        return (Named(place(*office[1]), place(*office[0])),)
    roles = _roles(profile.labels.roles)
    named: list[Named] = []
    role: Words = ()
    shared = False
    for start, end in tokens:
        found = roles.fullmatch(text[start:end])
        if found and len(found[2]) == 1:  # 本报编辑部 is no 编辑 of the name 部
            found = None
        if found and (found[2] or (start, end) != tokens[-1]):
            role, shared = place(start + found.start(1), start + found.end(1)), False
            start += found.start(2)
        if start < end:
            known = found or is_name(text[start:end], profile.names)
            if not known and not (role and re.fullmatch(f"[{_HAN}　]{{2,5}}", text[start:end])):
                return (Named(words),)
            named.append(Named(place(start, end), role, shared))
            shared = bool(role)
    return tuple(named) if named else (Named(words),)


def _office(text: str, names: Names) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Offices before a single name: 全国政协委员，某集团党组书记、董事长 段某."""
    found = re.fullmatch(rf"(\S.{{3,}}?)[\s　]+([{_HAN}]{{2,4}}|[{_HAN}]　[{_HAN}])", text)
    if found is None or not is_name(found[2], names):
        return None
    first = re.split(r"[\s、，,]+", found[1])
    if all(is_name(each, names) for each in first) or _is_role(found[1]):
        return None
    return found.span(1), found.span(2)


def _is_role(words: str) -> bool:
    return re.search("(记者|記者|通讯员|通訊員)", words) is not None


def _tokens(text: str) -> list[tuple[int, int]]:
    """Where its words stand; two single characters with a gap between are one name (郭　明)."""
    tokens: list[tuple[int, int]] = []
    single = False
    for match in _TOKEN.finditer(text):
        is_single = _ONE_HAN.fullmatch(match[0]) is not None
        if single and is_single and not text[tokens[-1][1] : match.start()].strip():
            tokens[-1] = (tokens[-1][0], match.end())
            single = False
        else:
            tokens.append(match.span())
            single = is_single
    return tokens
