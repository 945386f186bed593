"""The RELAX NG schema as a judge that speaks the desk's language and reports every fault, not the first.

libxml2 stops at the first fault of an element and names no remedy. This module reads the same
issue.rng and walks a document against it: a content model is taken apart child by child (Brzozowski
derivatives), so at each place it is known what may stand there, and a fault is mended in thought
before going on. It understands what our schema uses and says so when the schema outgrows it;
tests compare its verdicts with libxml2's.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, reduce
from importlib.resources import files
from typing import NamedTuple

from issue_publisher.issue.errors import SourceError
from issue_publisher.issue.source import Element, parse_xml
from issue_publisher.issue.terms import HABITS, NAMESPACE, PLACES, tag

RELAX_NG = "http://relaxng.org/ns/structure/1.0"

# --------------------------------------------------------------------------- content models


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing more is needed."""


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """No document matches."""


@dataclass(frozen=True, slots=True)
class Words:
    """Any text."""


@dataclass(frozen=True, slots=True)
class Child:
    """An element, by the number of its declaration."""

    declaration: int
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """One after the other."""

    first: Pattern
    then: Pattern


@dataclass(frozen=True, slots=True)
class Choice:
    """One or the other."""

    one: Pattern
    other: Pattern


@dataclass(frozen=True, slots=True)
class OneOrMore:
    """Once or again and again."""

    pattern: Pattern


Pattern = Empty | NotAllowed | Words | Child | Group | Choice | OneOrMore
EMPTY, NOT_ALLOWED, WORDS = Empty(), NotAllowed(), Words()


def _group(first: Pattern, then: Pattern) -> Pattern:
    if NOT_ALLOWED in (first, then):
        return NOT_ALLOWED
    if first == EMPTY:
        return then
    return first if then == EMPTY else Group(first, then)


def _choice(one: Pattern, other: Pattern) -> Pattern:
    if one in (NOT_ALLOWED, other):
        return other
    return one if other == NOT_ALLOWED else Choice(one, other)


def _in_turn(patterns: list[Pattern]) -> Pattern:
    start: Pattern = EMPTY
    return reduce(_group, patterns, start)


@cache
def _may_end(pattern: Pattern) -> bool:
    match pattern:
        case Empty() | Words():
            return True
        case Group(first, then):
            return _may_end(first) and _may_end(then)
        case Choice(one, other):
            return _may_end(one) or _may_end(other)
        case OneOrMore(inner):
            return _may_end(inner)
    return False


@cache
def _after(pattern: Pattern, name: str) -> Pattern:
    """What may follow once a child of this name (or "" for words) has been read."""
    match pattern:
        case Words():
            return WORDS if not name else NOT_ALLOWED
        case Child(_, its_name):
            return EMPTY if name == its_name else NOT_ALLOWED
        case Group(first, then):
            following = _group(_after(first, name), then)
            return _choice(following, _after(then, name)) if _may_end(first) else following
        case Choice(one, other):
            return _choice(_after(one, name), _after(other, name))
        case OneOrMore(inner):
            return _group(_after(inner, name), _choice(pattern, EMPTY))
    return NOT_ALLOWED


@cache
def _may_begin(pattern: Pattern) -> tuple[Child | Words, ...]:
    """What may come next, in the schema's order."""
    match pattern:
        case Words() | Child():
            return (pattern,)
        case Group(first, then):
            begins = _may_begin(first) + (_may_begin(then) if _may_end(first) else ())
        case Choice(one, other):
            begins = _may_begin(one) + _may_begin(other)
        case OneOrMore(inner):
            begins = _may_begin(inner)
        case _:
            return ()
    return tuple(dict.fromkeys(begins))


# --------------------------------------------------------------------------- values of attributes


class Values(NamedTuple):
    """What an attribute or a typed element may say: a test, and the words for it."""

    accepts: Callable[[str], bool]
    wanted: str
    choices: tuple[str, ...] = ()  # all there are, when they can be listed


ANY_VALUE = Values(lambda _: True, "any text")


def _matching(pattern: str, wanted: str) -> Values:
    compiled = re.compile(pattern)
    return Values(lambda value: compiled.fullmatch(" ".join(value.split())) is not None, wanted)


_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
# W3C XML Schema part 2; whole numbers are kept to nine digits, which no newspaper exceeds.
_TYPES = {
    "NCName": _matching(
        f"[{_NAME_START}][{_NAME_START}\\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*",
        "a name of letters, digits, “-”, “_” and “.”",
    ),
    "positiveInteger": _matching(r"\+?0*[1-9][0-9]{0,8}", "a whole number from 1 to 999999999"),
    "decimal": _matching(r"[+-]?([0-9]{1,9}(\.[0-9]*)?|\.[0-9]+)", "a number such as 120 or 82.5"),
    "boolean": _matching("true|false|1|0", "true or false"),
    "language": _matching("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", "a language such as zh-Hans, en or ja"),
    "anyURI": _matching("[^\x00-\x1f]*", "a path or address"),
}
# The patterns of the schema, in words.
_PATTERNS = {
    r"[0-9]+\.[0-9]+": "two numbers such as 1.0",
    "[0-9]{4}-[0-9]{2}-[0-9]{2}": "year-month-day such as 2026-11-23",
    r"[A-Za-z0-9][A-Za-z0-9._\-]*": "letters, digits, “.”, “_” and “-”, beginning with a letter or digit",
    r"[01](\.[0-9]+)? [01](\.[0-9]+)?": "two fractions such as 0.5 0.3, from the left and from the top",
}

# --------------------------------------------------------------------------- the schema


@dataclass(frozen=True, slots=True)
class Declaration:
    """One element of the schema: its attributes, its content, or the values of its text."""

    name: str
    required: dict[str, Values]
    optional: dict[str, Values]
    content: Pattern
    values: Values | None = None

    @property
    def holds_words(self) -> bool:
        """Whether text may stand in it."""
        return _after(self.content, "") != NOT_ALLOWED


@dataclass(slots=True)
class Grammar:
    """The declarations of a schema, each worked out when first asked for."""

    start: Pattern
    defines: dict[str, Element]
    elements: list[Element] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)  # id of an <element> → its declaration's number
    worked_out: dict[int, Declaration] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The names of all elements."""
        return frozenset(
            _its_name(each)
            for define in self.defines.values()
            for each in define.walk()
            if each.name == "element"
        )

    def declarations(self) -> Iterator[Declaration]:
        """All declarations, from the root down."""
        seen, waiting = set[int](), [begin for begin in _may_begin(self.start) if isinstance(begin, Child)]
        while waiting:
            child = waiting.pop(0)
            if child.declaration not in seen:
                seen.add(child.declaration)
                declaration = self.declaration(child)
                yield declaration
                waiting += _children(declaration.content)

    def declaration(self, child: Child) -> Declaration:
        """What the schema says of an element."""
        number = child.declaration
        if number not in self.worked_out:
            required: dict[str, Values] = {}
            optional: dict[str, Values] = {}
            typed: list[Values] = []
            parts = [
                self._pattern(part, required, optional, typed, needed=True)
                for part in self.elements[number].elements
                if part.name != "name"
            ]
            self.worked_out[number] = Declaration(
                child.name, required, optional, _in_turn(parts), typed[0] if typed else None
            )
        return self.worked_out[number]

    def _pattern(
        self,
        node: Element,
        required: dict[str, Values],
        optional: dict[str, Values],
        typed: list[Values],
        *,
        needed: bool,
    ) -> Pattern:
        """The content model of a part of the schema; attributes and types met on the way are put aside."""

        def inner(node: Element, needed: bool = needed) -> Pattern:
            parts = [self._pattern(part, required, optional, typed, needed=needed) for part in node.elements]
            return _in_turn(parts)

        match node.name:
            case "ref":
                return inner(self.defines[node.attributes["name"]])
            case "group":
                return inner(node)
            case "element":
                number = self.numbers.setdefault(id(node), len(self.elements))
                if number == len(self.elements):
                    self.elements.append(node)
                return Child(number, _its_name(node))
            case "attribute":
                (required if needed else optional)[_its_name(node)] = self._values(node)
                return EMPTY
            case "optional":
                return _choice(inner(node, needed=False), EMPTY)
            case "zeroOrMore":
                return _choice(OneOrMore(inner(node)), EMPTY)
            case "oneOrMore":
                return OneOrMore(inner(node))
            case "choice":
                return reduce(
                    _choice,
                    [self._pattern(part, required, optional, typed, needed=False) for part in node.elements],
                )
            case "text":
                return WORDS
            case "empty":
                return EMPTY
            case "data":
                typed.append(_data(node))
                return WORDS
        raise ValueError(f"issue.rng, line {node.line}: <{node.name}> is not understood; teach grammar.py")

    def _values(self, attribute: Element) -> Values:
        options = [part for part in attribute.elements if part.name != "name"]
        while len(options) == 1 and options[0].name in ("ref", "choice"):
            options = (
                self.defines[options[0].attributes["name"]].elements
                if options[0].name == "ref"
                else options[0].elements
            )
        if not options or options[0].name == "text":
            return ANY_VALUE
        if all(option.name == "value" for option in options):
            words = [_words_of(option) for option in options]
            return Values(lambda value: " ".join(value.split()) in words, " or ".join(words), tuple(words))
        kinds = [_data(option) for option in options]
        return Values(lambda value: any(kind.accepts(value) for kind in kinds), kinds[-1].wanted)


def _its_name(node: Element) -> str:
    name = node.elements[0]
    prefix = "" if name.attributes.get("ns", NAMESPACE) in ("", NAMESPACE) else "xml:"
    return prefix + _words_of(name)


def _words_of(node: Element) -> str:
    return "".join(child.text for child in node.children if not isinstance(child, Element)).strip()


def _data(node: Element) -> Values:
    if node.name != "data":
        raise ValueError(f"issue.rng, line {node.line}: <{node.name}> is not understood; teach grammar.py")
    for param in node.elements:
        return _matching(_words_of(param), _PATTERNS.get(_words_of(param), _words_of(param)))
    return _TYPES[node.attributes["type"]]


def _children(pattern: Pattern) -> list[Child]:
    match pattern:
        case Child():
            return [pattern]
        case Group(one, other) | Choice(one, other):
            return _children(one) + _children(other)
        case OneOrMore(inner):
            return _children(inner)
    return []


@cache
def issue_grammar() -> Grammar:
    """The grammar of the issue format, from the schema that ships with this package."""
    data = files("issue_publisher.issue").joinpath("schema", "issue.rng").read_bytes()
    tree, _ = parse_xml(data, "issue.rng", RELAX_NG)
    defines = {node.attributes["name"]: node for node in tree.elements if node.name == "define"}
    grammar = Grammar(NOT_ALLOWED, defines)
    start = next(node for node in tree.elements if node.name == "start")
    grammar.start = grammar._pattern(start.elements[0], {}, {}, [], needed=True)
    return grammar


# --------------------------------------------------------------------------- judging a document


def validate(root: Element, file: str) -> list[SourceError]:
    """Everything in which a document departs from the schema."""
    grammar = issue_grammar()
    (start,) = (begin for begin in _may_begin(grammar.start) if isinstance(begin, Child))
    if root.name != start.name:
        unnamed = root.name == f"{{}}{start.name}"
        message = (
            f"<{start.name}> has no namespace" if unnamed else f"the root element is <{_shown(root.name)}>"
        )
        hint = f'an issue begins with <{start.name} xmlns="{NAMESPACE}" version="1.0" …>'
        return [SourceError(file, root.line, message, hint, code="root")]
    return list(_Judge(grammar, file).element(root, grammar.declaration(start)))


def _shown(name: str) -> str:
    return name.rpartition("}")[2]


def _listed(begins: tuple[Child | Words, ...]) -> str:
    names = [tag(begin.name) if isinstance(begin, Child) else "text" for begin in begins]
    return ", ".join(names[:14]) + (" …" if len(names) > 14 else "")


@dataclass(frozen=True, slots=True)
class _Judge:
    grammar: Grammar
    file: str

    def element(self, element: Element, declaration: Declaration) -> Iterator[SourceError]:
        yield from self._attributes(element, declaration)
        if declaration.values is not None:
            yield from self._typed(element, declaration.values)
        else:
            yield from self._content(element, declaration)

    def _error(self, line: int, message: str, hint: str, code: str) -> SourceError:
        return SourceError(self.file, line, message, hint, code=code)

    def _attributes(self, element: Element, declaration: Declaration) -> Iterator[SourceError]:
        allowed = declaration.required | declaration.optional
        for name, value in element.attributes.items():
            if name not in allowed:
                near = difflib.get_close_matches(name, allowed, 1)
                hint = (
                    f"did you mean {near[0]}=?"
                    if near
                    else (f"it may have {', '.join(allowed)}" if allowed else "it has no attributes")
                )
                yield self._error(
                    element.line,
                    f"{tag(element.name)} has no attribute {_shown(name)}=",
                    hint,
                    "unknown-attribute",
                )
            elif not allowed[name].accepts(value):
                shown = value if len(value) <= 60 else value[:60] + "…"
                yield self._error(
                    element.line,
                    f"{name}=“{shown}” of {tag(element.name)} is not valid",
                    f"write {allowed[name].wanted}",
                    "bad-value",
                )
        for name, values in declaration.required.items():
            if name not in element.attributes:
                yield self._error(
                    element.line,
                    f"{_named(element)} lacks the attribute {name}=",
                    f"write {values.wanted}",
                    "missing-attribute",
                )

    def _typed(self, element: Element, values: Values) -> Iterator[SourceError]:
        for child in element.elements:
            yield self._error(
                child.line,
                f"<{_shown(child.name)}> may not stand in {tag(element.name)}",
                f"write {values.wanted}",
                "misplaced-element",
            )
        words = _words_of(element)
        if not values.accepts(words):
            yield self._error(
                element.line,
                f"“{words[:60]}” is not valid in {tag(element.name)}",
                f"write {values.wanted}",
                "bad-value",
            )

    def _content(self, element: Element, declaration: Declaration) -> Iterator[SourceError]:
        """Walk the children along the content model, mending each fault in thought."""
        content = declaration.content
        past: list[tuple[Pattern, Element]] = []  # what was expected where each child stood
        out_of_place: set[str] = set()  # needed earlier, found later
        in_stray_words = False
        strangers = False
        children = element.children
        for at, child in enumerate(children):
            if not isinstance(child, Element):
                if not child.text.strip(" \t\r\n"):
                    continue
                following = _after(content, "")
                if following != NOT_ALLOWED:
                    content = following
                elif not in_stray_words:
                    strangers = True
                    yield self._stray_words(child.text.strip(), child.line, element, content)
                in_stray_words = following == NOT_ALLOWED
                continue
            in_stray_words = False
            following = _after(content, child.name)
            if following == NOT_ALLOWED:
                for needed in self._needed_before(content, child.name):
                    later = next(
                        (
                            later
                            for later in children[at:]
                            if isinstance(later, Element) and later.name == needed
                        ),
                        None,
                    )
                    if later:
                        out_of_place.add(needed)
                        yield self._error(
                            later.line,
                            f"{tag(needed)} stands after {tag(child.name)}",
                            f"move it before {tag(child.name)} of line {child.line}",
                            "misplaced-element",
                        )
                    else:
                        yield self._missing(element, needed, f"before {tag(child.name)} of line {child.line}")
                    content = _after(content, needed)
                    following = _after(content, child.name)
            if following != NOT_ALLOWED:
                past.append((content, child))
                content = following
            elif child.name in out_of_place:
                out_of_place.remove(child.name)
            else:
                strangers = True
                yield self._unexpected(child, element, declaration, content, past)
            yield from self._inside(child, declaration)
        while not _may_end(content):
            match _needed(content):
                case (Child(_, name),):
                    yield self._missing(element, name, "")
                    content = _after(content, name)
                case alternatives:
                    if not past and not strangers:
                        yield self._error(
                            element.line,
                            f"{_named(element)} is empty",
                            f"it must hold at least one of {_listed(alternatives)}",
                            f"empty-{element.name}",
                        )
                    return

    def _inside(self, child: Element, declaration: Declaration) -> Iterator[SourceError]:
        """Judge a child by its own declaration; one of another name is left alone."""
        own = next((begin for begin in _children(declaration.content) if begin.name == child.name), None)
        if own:
            yield from self.element(child, self.grammar.declaration(own))
            return
        elsewhere = [each for each in self.grammar.declarations() if each.name == child.name]
        if len(elsewhere) == 1:
            yield from self.element(child, elsewhere[0])

    def _needed_before(self, content: Pattern, name: str) -> list[str]:
        """The elements that must be put in before `name` can stand here; none when that does not help."""
        paths: list[tuple[list[str], Pattern]] = [([], content)]
        for _ in range(3):
            paths = [
                ([*put_in, begin.name], _after(pattern, begin.name))
                for put_in, pattern in paths
                for begin in _needed(pattern)
                if isinstance(begin, Child)
            ]
            for put_in, pattern in paths:
                if _after(pattern, name) != NOT_ALLOWED:
                    return put_in
        return []

    def _missing(self, element: Element, name: str, where: str) -> SourceError:
        hint = f"add <{name}>…</{name}>" + (f" {where}" if where else " at its end")
        return self._error(element.line, f"{_named(element)} lacks {tag(name)}", hint, "missing-element")

    def _stray_words(self, words: str, line: int, element: Element, content: Pattern) -> SourceError:
        begins = _may_begin(content)
        paragraph = any(isinstance(begin, Child) and begin.name == "p" for begin in begins)
        hint = (
            "put them in <p>…</p>"
            if paragraph
            else f"put them in one of {_listed(begins)}"
            if begins
            else "delete them or move them"
        )
        shown = words if len(words) <= 12 else words[:12] + "…"
        return self._error(
            line, f"words stand directly in {tag(element.name)}: “{shown}”", hint, "stray-text"
        )

    def _unexpected(
        self,
        child: Element,
        element: Element,
        declaration: Declaration,
        content: Pattern,
        past: list[tuple[Pattern, Element]],
    ) -> SourceError:
        here = _listed(_may_begin(content))
        allowed = f"here may stand {here}" if here else f"nothing more may stand in {tag(element.name)}"
        if child.name.startswith("{"):
            return self._error(
                child.line,
                f"<{_shown(child.name)}> is of another namespace",
                f"the namespace of an issue is {NAMESPACE}",
                "unknown-element",
            )
        if child.name not in self.grammar.names:
            inside = [begin.name for begin in _children(declaration.content)]
            near = (
                [HABITS[child.name]]
                if child.name in HABITS
                else (
                    difflib.get_close_matches(child.name, inside, 1)
                    or difflib.get_close_matches(child.name, sorted(self.grammar.names), 1, 0.75)
                )
            )
            hint = f"did you mean {tag(near[0])}? {allowed}" if near else allowed
            return self._error(
                child.line, f"unknown element <{child.name}> in {tag(element.name)}", hint, "unknown-element"
            )
        for pattern, earlier in past:
            if earlier.name == child.name:
                return self._error(
                    child.line,
                    f"a second {tag(child.name)} in {tag(element.name)}",
                    f"the first is in line {earlier.line}; keep one",
                    "misplaced-element",
                )
            if _after(pattern, child.name) != NOT_ALLOWED:
                return self._error(
                    child.line,
                    f"{tag(child.name)} stands too late in {tag(element.name)}",
                    f"move it before {tag(earlier.name)} of line {earlier.line}",
                    "misplaced-element",
                )
        return self._error(
            child.line,
            f"{tag(child.name)} may not stand in {tag(element.name)} here",
            PLACES.get(child.name, allowed),
            "misplaced-element",
        )


def _needed(pattern: Pattern) -> tuple[Child | Words, ...]:
    """What must come next: the alternatives of the first part that may not be left out."""
    match pattern:
        case Group(first, then):
            return _needed(then) if _may_end(first) else _needed(first)
        case OneOrMore(inner):
            return _needed(inner)
    return _may_begin(pattern)


def _named(element: Element) -> str:
    identity = element.attributes.get("id") or element.attributes.get("number")
    return tag(element.name) + (f" “{identity}”" if identity else "")
