"""An EPUB's container, before any tool opens it: a zip that a reader can trust.

EPUB 3.3 section 4.2 (OCF). Nothing is unpacked but `mimetype` and `container.xml`; sizes are those that the
zip's directory claims, and reading stops where a file goes beyond its claim.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from issue_publisher.preflight.finding import Finding, Severity

MIMETYPE = b"application/epub+zip"
CONTAINER = "META-INF/container.xml"
MOST_FILES = 20_000
MOST_BYTES = 2 << 30  # unpacked
MOST_RATIO = 200  # unpacked against packed, of a file that matters
# All that a damaged zip makes Python's readers of it raise.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError,
    ValueError,
)  # fmt: skip
_MATTERS = 16 << 20  # a smaller file may be as dense as it likes
_MOST_XML = 4 << 20  # of a container or package document


class UnreadableBookError(Exception):
    """The file is no EPUB that can be opened; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(one.message for one in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Container:
    """An EPUB that can be opened: its files by name, and where its package document is."""

    data: bytes
    names: tuple[str, ...]
    package: str

    def read(self, name: str, most: int = MOST_BYTES) -> bytes:
        """A file of the book, at most so many bytes of it. Raises KeyError and `DAMAGED`."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as book, book.open(name) as file:
            return file.read(most)


def open_container(data: bytes, file: str) -> Container:
    """The container of an EPUB. Raises UnreadableBookError naming all that makes it unfit to be opened.

    `file` is its name as the desk knows it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            infos = book.infolist()
            wrong = list(_unsafe(infos, file))
            if not wrong:
                wrong = list(_mimetype(book, infos, file))
            if not wrong:
                return Container(data, tuple(info.filename for info in infos), _package(book, file))
    except DAMAGED as error:
        what = "an EPUB is a zip file, and this is none" if not data.startswith(b"PK") else f"broken: {error}"
        wrong = [_error(file, "", what, "ask for the file again, or export it anew")]
    raise UnreadableBookError(tuple(wrong))


def _error(file: str, inner: str, message: str, hint: str = "") -> Finding:
    return Finding(file, inner, 0, Severity.ERROR, message, hint, "container")


def _unsafe(infos: list[zipfile.ZipInfo], file: str) -> Iterator[Finding]:
    """What must not even be unpacked: bombs, names that lead out of the folder, links, locked files."""
    if len(infos) > MOST_FILES:
        yield _error(file, "", f"{len(infos)} files in the container", f"at most {MOST_FILES}")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_BYTES:
        size = f"{unpacked / (1 << 30):.1f} GB unpacked"
        yield _error(file, "", f"a zip bomb? {size}", f"at most {MOST_BYTES >> 30} GB")
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        if info.file_size > _MATTERS and info.file_size > MOST_RATIO * max(1, info.compress_size):
            yield _error(file, name, f"a zip bomb? {info.file_size >> 20} MB packed into a {MOST_RATIO}th")
        if _leads_out(name):
            yield _error(file, "", f"the name {name!r} leads out of the book", "names without .. and /")
        if stat.S_ISLNK(info.external_attr >> 16):
            yield _error(file, name, "a link to another file", "the file itself")
        if info.flag_bits & 1:
            yield _error(file, name, "locked with a password", "a book without one")
        if name in seen:
            yield _error(file, name, "there twice", "each name once")
        seen.add(name)


def _leads_out(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\")) or ".." in parts or bool(re.match(r"[A-Za-z]:", name)) or "\0" in name


def _mimetype(book: zipfile.ZipFile, infos: list[zipfile.ZipInfo], file: str) -> Iterator[Finding]:
    """EPUB 3.3 section 4.2.6.3: the first file, stored, holding the media type and nothing else."""
    first = infos[0] if infos else None
    if first is None or all(info.filename != "mimetype" for info in infos):
        yield _error(
            file, "", "mimetype is missing", f"the first file, stored, with {MIMETYPE.decode()} in it"
        )
        return
    if book.read("mimetype")[:64].strip() != MIMETYPE:
        yield _error(file, "mimetype", "says something else than an EPUB's", MIMETYPE.decode())
    if CONTAINER not in {info.filename for info in infos}:
        yield _error(file, "", f"{CONTAINER} is missing", "it names the package document")


def _package(book: zipfile.ZipFile, file: str) -> str:
    """The name of the package document."""
    with book.open(CONTAINER) as stream:
        data = stream.read(_MOST_XML)
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        found = root.find(".//{*}rootfile")
        name = found.get("full-path") if found is not None else None
    except etree.XMLSyntaxError as error:
        raise UnreadableBookError((_error(file, CONTAINER, f"not XML: {error.msg}"),)) from error
    if not name or name not in book.namelist():
        what = f"the package document {name} is missing" if name else "no package document is named"
        raise UnreadableBookError((_error(file, CONTAINER, what, "<rootfile full-path=…>"),))
    return name
