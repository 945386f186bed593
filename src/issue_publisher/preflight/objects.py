"""PDF's objects, read by qpdf: the one place that knows pikepdf.

A file may be damaged, hostile or merely odd. So what is asked of an object is given or not (`None`), never
raised; streams are decoded up to a limit; and a `Budget` counts what was looked at, so that objects that are
drawn within each other again and again come to an end.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pikepdf

MOST_PAGES = 2_000
MOST_OBJECTS = 500_000
MOST_STREAM = 256 << 20  # bytes of any stream, decoded
MOST_CONTENT = 24 << 20  # bytes of what one page or form paints, decoded
MOST_OPERATORS = 1_500_000  # of a whole file, each time it is drawn
MOST_DEPTH = 28  # of objects within objects; Acrobat's own limit for graphics states
_IN_MEMORY = re.compile(r"(stream )?<_io\.BytesIO object at 0x[0-9a-f]+>")
_KEPT = 20_000  # operators of a form that are remembered for when it is drawn again
_TAIL = 2_048  # bytes in which a file must end
_NAMES = 40  # levels of a name or page tree


class UnreadablePdfError(Exception):
    """The file is no PDF that can be looked at: `what` is wrong, and what would be right."""

    def __init__(self, what: str, hint: str, rule: str = "file") -> None:
        super().__init__(what)
        self.what, self.hint, self.rule = what, hint, rule


@dataclass(slots=True)
class Budget:
    """How much of a file may still be looked at. Raises UnreadablePdfError when it is used up."""

    operators: int = MOST_OPERATORS
    broken: int = 0  # streams that could not be read
    content: dict[tuple[int, int], list[Instruction]] = field(default_factory=dict)

    def spend(self, count: int) -> None:
        self.operators -= count
        if self.operators < 0:
            raise UnreadablePdfError(
                "more operators of content than any page has (a PDF bomb?)",
                "a newspaper's page has some ten thousand",
                "size",
            )


@dataclass(frozen=True, slots=True)
class Instruction:
    """One operator of a content stream with its operands; of an inline picture its dictionary and bytes."""

    operator: str
    operands: tuple[Any, ...]  # numbers as float, names with their slash, strings as bytes, others as Node


class Node:
    """An object of the file: a dictionary, an array, a stream, or a plain value."""

    __slots__ = ("_raw",)

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def get(self, key: str) -> Node | None:
        """An entry of a dictionary or of a stream's dictionary."""
        if not isinstance(self._raw, pikepdf.Dictionary | pikepdf.Stream):
            return None
        try:
            found = self._raw.get(key)
        except (pikepdf.PdfError, ValueError, RuntimeError):
            return None
        return None if found is None else Node(found)

    def path(self, *keys: str) -> Node | None:
        found: Node | None = self
        for key in keys:
            found = found.get(key) if found else None
        return found

    def keys(self) -> tuple[str, ...]:
        if not isinstance(self._raw, pikepdf.Dictionary | pikepdf.Stream):
            return ()
        return tuple(str(key) for key in self._raw.keys())  # noqa: SIM118 (it is no Python dict)

    def items(self) -> Iterator[tuple[str, Node]]:
        for key in self.keys():
            found = self.get(key)
            if found is not None:
                yield key, found

    @property
    def is_dictionary(self) -> bool:
        return isinstance(self._raw, pikepdf.Dictionary | pikepdf.Stream)

    @property
    def is_stream(self) -> bool:
        return isinstance(self._raw, pikepdf.Stream)

    @property
    def is_array(self) -> bool:
        return isinstance(self._raw, pikepdf.Array)

    @property
    def array(self) -> tuple[Node, ...]:
        """The parts of an array; of anything else none."""
        if not isinstance(self._raw, pikepdf.Array):
            return ()
        return tuple(Node(self._raw[at]) for at in range(len(self._raw)))

    @property
    def name(self) -> str:
        """A name without its slash, or ""."""
        return str(self._raw)[1:] if isinstance(self._raw, pikepdf.Name) else ""

    @property
    def number(self) -> float | None:
        plain = _plain(self._raw)
        return plain if isinstance(plain, float) else None

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers of an array, if it holds nothing else."""
        found = tuple(part.number for part in self.array)
        return () if None in found else found  # type: ignore[return-value]

    @property
    def truth(self) -> bool:
        return self._raw is True

    @property
    def text(self) -> str:
        """A text string, decoded as PDF says; "" of anything else."""
        return str(self._raw) if isinstance(self._raw, pikepdf.String) else ""

    @property
    def string(self) -> bytes:
        return bytes(self._raw) if isinstance(self._raw, pikepdf.String) else b""

    @property
    def reference(self) -> tuple[int, int]:
        """Number and generation of an indirect object; (0, 0) of one that stands where it is used."""
        return getattr(self._raw, "objgen", (0, 0))

    @property
    def raw_length(self) -> int:
        if not isinstance(self._raw, pikepdf.Stream):
            return 0
        length = self.get("/Length")
        return int(length.number or 0) if length else 0

    def data(self) -> bytes | None:
        """A stream's bytes, decoded; None when they are damaged or more than `MOST_STREAM`."""
        if not isinstance(self._raw, pikepdf.Stream):
            return None
        try:
            return bytes(self._raw.read_bytes())
        except (pikepdf.PdfError, ValueError, RuntimeError, MemoryError):
            return None

    def raw_data(self) -> bytes | None:
        """A stream's bytes as the file has them: those of a JPEG are a JPEG."""
        try:
            return bytes(self._raw.read_raw_bytes())
        except (pikepdf.PdfError, AttributeError, ValueError, RuntimeError):
            return None


@dataclass(frozen=True, slots=True)
class PdfFile:
    """An open PDF."""

    pdf: Any  # pikepdf's
    root: Node
    info: Node | None
    trailer: Node
    pages: tuple[Node, ...]
    version: str
    encrypted: bool
    damage: tuple[str, ...]  # what qpdf had to mend

    def objects(self) -> Iterator[Node]:
        """Every indirect object."""
        for one in self.pdf.objects:
            yield Node(one)

    def instructions(self, content: Node, budget: Budget) -> Iterable[Instruction]:
        """What a content stream says, or several in a row. Raises UnreadablePdfError when it is too much."""
        key = content.reference
        kept = budget.content.get(key)
        if kept is not None and key != (0, 0):
            budget.spend(len(kept))
            return kept
        parsed = self._parsed(content, budget)
        budget.spend(len(parsed))
        if len(parsed) > _KEPT:
            return map(_instruction, parsed)
        budget.content[key] = [_instruction(one) for one in parsed]
        return budget.content[key]

    def _parsed(self, content: Node, budget: Budget) -> Sequence[Any]:
        """As pikepdf has it."""
        parts = content.array if content.is_array else (content,)
        data, size = [], 0
        for part in parts:
            one = part.data()
            size += len(one or b"")
            if size > MOST_CONTENT:
                raise UnreadablePdfError(
                    f"content of more than {MOST_CONTENT >> 20} MB on one page or in one form (a PDF bomb?)",
                    "a newspaper's page has less than one", "size",
                )  # fmt: skip
            budget.broken += one is None
            data.append(one or b"")
        try:
            return pikepdf.parse_content_stream(pikepdf.Stream(self.pdf, b"\n".join(data)))
        except (pikepdf.PdfError, pikepdf.PdfParsingError, ValueError, RuntimeError):
            budget.broken += 1
            return []


def _instruction(found: Any) -> Instruction:
    if isinstance(found, pikepdf.ContentStreamInlineImage):
        return Instruction("INLINE", (Node(found.iimage.obj),))
    return Instruction(str(found.operator), tuple(_plain(one) for one in found.operands))


def _plain(raw: Any) -> Any:
    """Numbers as float, names as str with their slash, strings as bytes, all else as Node."""
    if isinstance(raw, bool):
        return Node(raw)
    if isinstance(raw, int | float):
        return float(raw)
    kind = getattr(raw, "_type_code", None)
    if kind is None:  # Decimal
        return float(raw) if raw is not None else Node(raw)
    if isinstance(raw, pikepdf.Name):
        return str(raw)
    if isinstance(raw, pikepdf.String):
        return bytes(raw)
    return Node(raw)


@contextmanager
def opened(data: bytes) -> Iterator[PdfFile]:
    """The PDF that `data` is. Raises UnreadablePdfError when it cannot be looked at."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MOST_STREAM, run_length_max_memory=MOST_STREAM, png_max_memory=MOST_STREAM,
        tiff_max_memory=MOST_STREAM, dct_max_memory=MOST_STREAM, parser_max_container_size=2_000_000,
        doc_max_warnings=5_000, dct_max_progressive_scans=100,
    )  # fmt: skip
    if b"%PDF-" not in data[:1024]:
        raise UnreadablePdfError(
            "this is no PDF: it does not begin with %PDF-", "a PDF, as it left its program"
        )
    try:
        pdf = pikepdf.open(io.BytesIO(data), inherit_page_attributes=False)
    except pikepdf.PasswordError as error:
        raise UnreadablePdfError(
            "encrypted: it opens with a password only", "the file without a password", "encryption"
        ) from error
    except (pikepdf.PdfError, ValueError, RuntimeError, MemoryError) as error:
        cut = "cut off: its end is missing, and the rest" if b"%%EOF" not in data[-_TAIL:] else "damaged: it"
        raise UnreadablePdfError(
            f"{cut} cannot be mended ({_said(error)})", "ask for the file again"
        ) from error
    with pdf:
        yield _checked(pdf)


def _said(error: object) -> str:
    """qpdf's own words, without the name it gives to a file in memory."""
    words = _IN_MEMORY.sub("", str(error)).strip(" :,") or type(error).__name__
    return words.splitlines()[0]


def _checked(pdf: Any) -> PdfFile:
    try:
        root, count = Node(pdf.Root), len(pdf.objects)
        if count > MOST_OBJECTS:
            raise UnreadablePdfError(f"{count} objects", f"at most {MOST_OBJECTS}", "size")
        pages = tuple(_pages(root))
        info = pdf.trailer.get("/Info")
        damage = tuple(_said(one) for one in pdf.get_warnings()[:5])
        return PdfFile(
            pdf, root, None if info is None else Node(info), Node(pdf.trailer), pages,
            str(pdf.pdf_version), bool(pdf.is_encrypted), damage,
        )  # fmt: skip
    except (pikepdf.PdfError, AttributeError, KeyError, RuntimeError, ValueError) as error:
        raise UnreadablePdfError(
            f"damaged beyond repair: {_said(error)}", "ask for the file again"
        ) from error


def _pages(root: Node) -> Iterator[Node]:
    """The page tree's leaves. Our own walk: a tree that leads back into itself must end."""
    top = root.get("/Pages")
    if top is None or not top.is_dictionary:
        raise UnreadablePdfError("it has no page tree", "ask for the file again", "pages")
    above: set[tuple[int, int]] = set()
    count = 0
    stack: list[tuple[Node, int]] = [(top, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > _NAMES or (node.reference != (0, 0) and node.reference in above):
            raise UnreadablePdfError(
                "its page tree leads back into itself", "ask for the file again", "pages"
            )
        kids = node.get("/Kids")
        if kids is not None:
            above.add(node.reference)
            stack += [(kid, depth + 1) for kid in reversed(kids.array) if kid.is_dictionary]
            if len(stack) > MOST_PAGES:
                raise UnreadablePdfError(f"more than {MOST_PAGES} pages", "a part of it at a time", "pages")
            continue
        count += 1
        if count > MOST_PAGES:
            raise UnreadablePdfError(f"more than {MOST_PAGES} pages", "a part of it at a time", "pages")
        yield node


def inherited(page: Node, key: str) -> Node | None:
    """An entry of a page that its parents may hold for it."""
    node: Node | None = page
    for _ in range(_NAMES):
        if node is None:
            return None
        found = node.get(key)
        if found is not None:
            return found
        node = node.get("/Parent")
    return None


def name_tree(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The entries of a name tree; a part that is reached twice is told once."""
    stack = [node] if node is not None else []
    seen: set[tuple[int, int]] = set()
    while stack and len(seen) < MOST_OBJECTS:
        node = stack.pop()
        if node.reference != (0, 0) and node.reference in seen:
            continue
        seen.add(node.reference)
        names, kids = node.get("/Names"), node.get("/Kids")
        parts = names.array if names is not None else ()
        for key, value in zip(parts[::2], parts[1::2], strict=False):
            yield key.text, value
        stack += reversed(
            [kid for kid in (kids.array if kids is not None else ()) if kid.reference != (0, 0)]
        )
