"""WeasyPrint, behind one function. Its workarounds stay here.

- Only what it is handed is fetched: fonts, pictures and what these hold, no more; no network and no disk.
- Its warnings are faults, not noise: a missing glyph or a font that it could not subset would
  only be seen on paper.
- White between glyphs is written in thousandths of an em with their fractions. WeasyPrint cuts those off
  (`int(kerning)` in its `draw/text.py`), and the last character of a stretched line of twenty stands a
  fifth of a point too far left. Its module is given an `int` that keeps them.
- Its tags are replaced by those of whoever is handed in (`Tagging`): `Stream.marked` and `Stream.artifact`
  mark what is painted, `pdf.add_tags` writes the tree.
- tinyhtml5 2.1, its reader of HTML, compiles the pattern of every run of characters anew: it remembers them
  by the wrong key (`chars_until` in its `inputstream.py`). Its dictionary is given the right ones.
- What it does again and again for ready lines it does once (`once`).
- Dates and the file identifier are fixed by the caller, so that the same input gives the same bytes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from issue_publisher.rendering import once

if TYPE_CHECKING:
    from issue_publisher.pictures import Pixels


class RenderError(Exception):
    """What WeasyPrint complained of, as text for the desk."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that the HTML names: a font or a picture."""

    data: bytes
    mime: str
    pixels: Pixels | None = None  # of a photograph, as they were before its JPEG


class Tagging(Protocol):
    """Who tags a PDF, and finishes it. Documents, boxes and streams are WeasyPrint's, the PDF is pydyf's."""

    variant: str  # as WeasyPrint calls it

    def read(self, document: Any) -> None:
        """Look at all boxes before they are painted."""

    def marked(self, stream: Any, box: Any) -> AbstractContextManager[None]:
        """Mark what is painted; `box` is None for what is no content."""

    def write(self, pdf: Any, document: Any, streams: Sequence[Any]) -> None:
        """Write the structure; a stream for each page."""

    def finish(self, document: Any, pdf: Any) -> None:
        """Whatever else goes into the PDF."""


BASE = "issue:/"  # scheme of everything the HTML may name


def warm() -> None:
    """Import WeasyPrint now, so that processes that are forked later need not."""
    from weasyprint import HTML

    assert HTML


def write_pdf(
    html: str,
    resources: Mapping[str, Resource],
    *,
    identifier: bytes,
    tagging: Tagging | None = None,
) -> bytes:
    """Paginated HTML → PDF.

    `resources`: what the HTML may name, by path behind `issue:/`. `identifier`: the file's ID. `tagging`: who
    tags it, when it is to be tagged. Raises RenderError with every warning of WeasyPrint.
    """

    def paint(document: Any) -> bytes | None:
        if tagging is not None:
            return _tagged(document, identifier, tagging)
        data: bytes | None = document.write_pdf(pdf_identifier=identifier)
        return data

    data = read_pages(html, resources, paint)
    if data is None:
        raise RenderError("WeasyPrint gave no PDF")
    return bytes(data)


Read = TypeVar("Read")


def read_pages(html: str, resources: Mapping[str, Resource], read: Callable[[Any], Read]) -> Read:
    """What `read` finds in paginated HTML once WeasyPrint has laid it out; it is given WeasyPrint's document.

    Raises RenderError with every warning of WeasyPrint.
    """
    import weasyprint  # late: it takes most of a second
    from weasyprint import HTML
    from weasyprint.draw import text as drawing
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    once.remember(weasyprint)
    drawing.int = _with_fraction
    import_module("tinyhtml5.inputstream").characters_until_regex = _RUNS  # type: ignore[attr-defined]
    fonts, document = FontConfiguration(), None
    try:
        with _Complaints() as complaints:
            page = HTML(string=html, base_url=BASE, url_fetcher=_fetcher(resources))
            once.leave_out_notes(page, html)
            document = page.render(font_config=fonts)
            found = read(document)
    except FatalURLFetchingError as error:
        raise RenderError(str(error)) from None
    finally:
        once.let_go(fonts, document)
        # It keeps its fonts in a folder that it removes when it is collected, which is never if the
        # process ends first.
        fonts.__del__()
    if complaints.found:
        raise RenderError("\n".join(map(_with_remedy, complaints.found)))
    return found


def _tagged(document: Any, identifier: bytes, tagging: Tagging) -> bytes | None:
    document.metadata.include_in_pdf = lambda *_, **__: None  # its XMP; who tags says more
    tagging.read(document)
    with _tags_of(tagging):
        data: bytes | None = document.write_pdf(
            pdf_variant=tagging.variant, pdf_identifier=identifier, finisher=tagging.finish
        )
    return data


@contextmanager
def _tags_of(tagging: Tagging) -> Iterator[None]:
    """WeasyPrint with other tags than its own."""
    from weasyprint import pdf
    from weasyprint.pdf.stream import Stream

    before = Stream.marked, Stream.artifact, pdf.add_tags
    Stream.marked = lambda stream, box, tag: tagging.marked(stream, box)
    Stream.artifact = lambda stream: tagging.marked(stream, None)
    pdf.add_tags = lambda pdf, document, version, streams: tagging.write(pdf, document, streams)
    try:
        yield
    finally:
        Stream.marked, Stream.artifact, pdf.add_tags = before


# What WeasyPrint and fontTools complain of, and what helps.
_REMEDIES = (
    ("instead of HarfBuzz-Subset", "install HarfBuzz's subset library, libharfbuzz-subset0"),
    ("Unable to subset", "install HarfBuzz's subset library, libharfbuzz-subset0"),
    (".notdef glyph", "validate says which character no face has"),
    ("Failed to load image", "open the picture in an editor and export it again"),
    ("Failed to render SVG", "open the drawing in an editor and export it again"),
    ("Font-face", "is it the file that fonts.toml names?"),
    ("Unsupported color space", "write the colour as #rrggbb"),
    ("No anchor", "the template links to something that the pages do not hold"),
)


def _with_remedy(complaint: str) -> str:
    remedy = next((remedy for part, remedy in _REMEDIES if part in complaint), "")
    return f"{complaint} ({remedy})" if remedy else complaint


def _with_fraction(number: float) -> float:
    """A number for a PDF, to a hundredth of its unit; whole numbers without a point."""
    rounded = round(number, 2)
    return int(rounded) if rounded == int(rounded) else rounded


class _Runs(dict[tuple[Collection[str], bool], re.Pattern[str]]):
    """Patterns of runs of some characters, or of all others, made when they are first asked for."""

    def __missing__(self, key: tuple[Collection[str], bool]) -> re.Pattern[str]:
        characters, these = key
        ranged = "".join(f"\\x{ord(char):02x}" for char in characters)
        found = self[key] = re.compile(f"[{'' if these else '^'}{ranged}]+")
        return found


_RUNS = _Runs()


def _fetcher(resources: Mapping[str, Resource]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:image/"):  # inside a drawing, where it was checked when that was opened
                return super().fetch(url, headers)
            path = url.removeprefix(BASE)
            if path == url or path not in resources:
                raise FatalURLFetchingError(f"the page asks for {url}, which the issue does not hold")
            found = resources[path]
            return URLFetcherResponse(url, body=found.data, headers={"Content-Type": found.mime})

    return Fetcher()


class _Complaints(logging.Handler):
    """Collects what WeasyPrint and fontTools log as warnings while rendering."""

    _HARMLESS = ("Ignored",)  # declarations that WeasyPrint does not know: harmless to what it paints

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not message.startswith(self._HARMLESS) and message not in self.found:
            self.found.append(message)

    def __enter__(self) -> _Complaints:
        logger = logging.getLogger("weasyprint")
        self._was = (logger.propagate, list(logger.handlers))
        logger.propagate, logger.handlers = False, [self]
        return self

    def __exit__(self, *_: object) -> None:
        logger = logging.getLogger("weasyprint")
        logger.propagate, logger.handlers = self._was
