"""What an archive asks of a PDF: tags, headings, alternative texts, attachments, text that can be read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.preflight.marks import Kind, Mark
from issue_publisher.preflight.objects import Node, PdfFile
from issue_publisher.preflight.profile import Profile
from issue_publisher.preflight.sheet import Sheet, whole_file
from issue_publisher.preflight.whole import Attachment, attachments

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_MOST_ELEMENTS = 500_000
_HEADING = re.compile(r"^H([1-6])$")
_WHITE = re.compile(r"\s+")
_LEAST_FOUND = 0.85  # of three characters in a row of the source, that the pages must read too
_SURE = 0.5  # of the places of a character that must be misread before it is named
_CHANCE = 0.1  # of them that may look right
_SHOWN = 5
_UNREADABLE = re.compile("[\x00-\x08\ufffd\ue000-\uf8ff]")  # no character, or one that only a font knows
Key = tuple[tuple[int, int], tuple[int, int], int]  # page, form in it or (0, 0), MCID


@dataclass(slots=True)
class _Tree:
    """A structure tree, walked once."""

    content: set[Key] = field(default_factory=set)
    headings: list[int] = field(default_factory=list)
    figures_without_text: int = 0
    figures: int = 0


def archive_findings(
    file: PdfFile, name: str, sheets: Sequence[Sheet], pages: Sequence[Sequence[Mark]], profile: Profile
) -> Iterator[Finding]:
    """All that an archive would hold against the file."""
    if profile.tagged:
        yield from _tags(file, name, sheets, pages)
    found = {one.name: one for one in attachments(file)}
    for wanted in profile.attachments:
        one = found.get(wanted)
        if one is None:
            has = ", ".join(sorted(found)) or "none"
            message = f"{wanted} is not attached (attached: {has})"
            yield whole_file(name, _ERROR, "attachment", message, "the source inside the file", limit=wanted)
        elif not one.relationship:
            message = f"{wanted} is attached without saying what it is to the pages"
            yield whole_file(name, _ERROR, "attachment", message, "AFRelationship Source")
    yield from _readable(sheets, pages)
    source = found.get(profile.text_from) if profile.text_from else None
    if source is not None:
        yield from _same_text(name, source, pages)


# --------------------------------------------------------------------------- tags


def _tags(
    file: PdfFile, name: str, sheets: Sequence[Sheet], pages: Sequence[Sequence[Mark]]
) -> Iterator[Finding]:
    language = file.root.get("/Lang")
    if language is None or not language.text.strip():
        yield whole_file(
            name, _ERROR, "language", "the document has no language", "Lang zh-CN in the catalogue"
        )
    root = file.root.get("/StructTreeRoot")
    marked = file.root.path("/MarkInfo", "/Marked")
    if root is None or marked is None or not marked.truth:
        yield whole_file(
            name, _ERROR, "tags", "not tagged: a reader cannot tell what is what", "a structure tree"
        )
        return
    tree = _walked(root)
    yield from _headings(name, tree.headings)
    if tree.figures_without_text:
        count = tree.figures_without_text
        message = f"{count} of {tree.figures} figures without an alternative text"
        yield whole_file(name, _ERROR, "figure", message, "Alt: what there is to be seen", value=str(count))
    for page, sheet, marks in zip(file.pages, sheets, pages, strict=True):
        yield from _untagged(page, sheet, marks, tree.content)


def _untagged(page: Node, sheet: Sheet, marks: Sequence[Mark], content: set[Key]) -> Iterator[Finding]:
    for mark in marks:
        if mark.is_artifact or (mark.kind is Kind.TEXT and not mark.text.strip()):
            continue
        if mark.content_id is None:
            message = f"{mark.kind} that is neither tagged nor an artefact"
        elif not {(page.reference, scope, mark.content_id) for scope in (mark.scope, (0, 0))} & content:
            message = f"{mark.kind} whose tag is not in the structure tree"
        else:
            continue
        yield sheet.finding(
            _ERROR, "tags", message, "every piece in the structure tree, or an artefact", at=mark.box
        )


def _headings(name: str, headings: Sequence[int]) -> Iterator[Finding]:
    before = 0
    for level in headings:
        if level > before + 1:
            after = f"follows H{before}" if before else "is the first heading"
            message = f"headings out of order: H{level} {after}"
            limit = f"H{before + 1}"
            yield whole_file(
                name,
                _ERROR,
                "headings",
                message,
                f"no level left out: {limit}",
                value=f"H{level}",
                limit=limit,
            )
        before = level


def _walked(root: Node) -> _Tree:
    """Every structure element, in reading order."""
    tree, roles = _Tree(), root.get("/RoleMap")
    stack: list[tuple[Node, Node | None]] = [(root, None)]
    seen: set[tuple[int, int]] = set()
    count = 0
    while stack and count < _MOST_ELEMENTS:
        node, page = stack.pop()
        count += 1
        if node.reference != (0, 0):
            if node.reference in seen:
                continue
            seen.add(node.reference)
        _note(node, roles, tree)
        page = node.get("/Pg") or page
        kids = node.get("/K")
        if kids is None:
            continue
        parts = kids.array if kids.is_array else (kids,)
        for part in parts:
            _take(part, page, tree)
        stack += [
            (part, page) for part in reversed(parts) if part.is_dictionary and part.get("/MCID") is None
        ]
    return tree


def _take(part: Node, page: Node | None, tree: _Tree) -> None:
    """A child that is content: a number, or a reference to marked content."""
    number, scope = part.number, (0, 0)
    if number is None and part.is_dictionary:
        inner, stream = part.get("/MCID"), part.get("/Stm")
        number = inner.number if inner else None
        scope, page = stream.reference if stream else (0, 0), part.get("/Pg") or page
    if number is not None and page is not None:
        tree.content.add((page.reference, scope, int(number)))


def _note(node: Node, roles: Node | None, tree: _Tree) -> None:
    kind = node.get("/S")
    role = kind.name if kind else ""
    for _ in range(8):  # a role map may lead on
        mapped = roles.get(f"/{role}") if roles and role else None
        if mapped is None:
            break
        role = mapped.name
    if level := _HEADING.match(role):
        tree.headings.append(int(level[1]))
    if role == "Figure":
        tree.figures += 1
        said = [node.get(key) for key in ("/Alt", "/ActualText")]
        tree.figures_without_text += not any(one is not None and one.text.strip() for one in said)


# --------------------------------------------------------------------------- text


def _readable(sheets: Sequence[Sheet], pages: Sequence[Sequence[Mark]]) -> Iterator[Finding]:
    """Type that no one can search for or copy."""
    for sheet, marks in zip(sheets, pages, strict=True):
        for mark in marks:
            if mark.kind is not Kind.TEXT or mark.font is None or mark.is_artifact:
                continue
            if mark.font.text is None:
                message = f"the font {mark.font.name} does not say which text its glyphs stand for"
            elif _UNREADABLE.search(mark.text):
                message = f"glyphs of the font {mark.font.name} that stand for no character"
            else:
                continue
            yield sheet.finding(_ERROR, "text", message, "a ToUnicode map of every glyph", at=mark.box)


def _same_text(name: str, source: Attachment, pages: Sequence[Sequence[Mark]]) -> Iterator[Finding]:
    """Whether the pages read as the source inside the file is written."""
    data = source.stream.data() if source.stream else None
    try:
        root = etree.fromstring(data or b"", etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        yield whole_file(
            name, _ERROR, "attachment", f"{source.name} is not XML: {error.msg}", "the source, whole"
        )
        return
    wanted = tuple(_squeezed(str(text)) for text in root.itertext())
    read = _squeezed("".join(mark.text for marks in pages for mark in marks if mark.kind is Kind.TEXT))
    compared = compare_text(wanted, read)
    hint = f"glyphs mapped to the text of {source.name}"
    for char, other in compared.misread.items():
        message = f"“{char}” of {source.name} is read as “{other}” on the pages: the text mapping is wrong"
        yield whole_file(name, _ERROR, "text mapping", message, hint, value=other, limit=char)
    if compared.found < _LEAST_FOUND and not compared.misread:
        message = f"only {compared.found:.0%} of the text of {source.name} is read on the pages"
        yield whole_file(
            name,
            _ERROR,
            "text mapping",
            message,
            hint,
            value=f"{compared.found:.0%}",
            limit=f"{_LEAST_FOUND:.0%}",
        )


def _squeezed(text: str) -> str:
    return _WHITE.sub("", text)


@dataclass(frozen=True, slots=True)
class Compared:
    """How a text is read elsewhere."""

    found: float  # share of its three characters in a row that stand there too
    misread: Mapping[str, str]  # character → what stands in its place


def compare_text(wanted: Sequence[str], read: str) -> Compared:
    """Hold texts against what was read of them, whatever the order in which it was read.

    A character is misread where its neighbours stand as they should and another one stands between them, in
    more than half of its places, and it itself in hardly any. A single such place is chance unless the two
    characters on either side stand there too. The surest is named first, and taken as read that way when the
    next one is looked for, since it spoils the neighbourhood of others.
    """
    between: dict[str, set[str]] = defaultdict(set)
    for at in range(1, len(read) - 1):
        for around in _around(read, at):
            between[around].add(read[at])
    misread: dict[str, str] = {}
    share, surest = _votes(wanted, misread, between)
    while surest and len(misread) < _SHOWN:
        misread[surest[0]] = surest[1]
        _, surest = _votes(wanted, misread, between)
    return Compared(share, misread)


def _votes(
    wanted: Sequence[str], misread: Mapping[str, str], between: Mapping[str, set[str]]
) -> tuple[float, tuple[str, str] | None]:
    """The share of places that read as they should, and the character that most surely does not."""
    right: Counter[str] = Counter()
    places: Counter[str] = Counter()
    wrong: dict[str, Counter[str]] = defaultdict(Counter)
    for text in wanted:
        known = text.translate({ord(char): other for char, other in misread.items()})
        for at in range(1, len(text) - 1):
            char, (near, *wide) = text[at], _around(known, at)
            places[char] += 1
            if known[at] in between.get(near, ()):
                right[char] += 1
                continue
            for around in (near, *wide):
                wrong[char].update(between.get(around, ()))
    sure = [
        (votes, char, other)
        for char, others in wrong.items()
        for other, votes in others.most_common(1)
        if char not in misread
        and votes > max(1, _SURE * places[char])
        and right[char] <= _CHANCE * places[char]
    ]
    total, surest = places.total(), max(sure, default=None)
    return right.total() / total if total else 1.0, surest and surest[1:]


def _around(text: str, at: int) -> list[str]:
    """One character on either side, and two where there are as many."""
    near = text[at - 1] + text[at + 1]
    return [near, text[at - 2 : at] + text[at + 1 : at + 3]] if 2 <= at < len(text) - 2 else [near]
