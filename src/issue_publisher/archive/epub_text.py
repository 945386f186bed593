"""What an EPUB says, document by document in the order of its spine; by zipfile and lxml alone."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from issue_publisher.archive.witness import Reading
from issue_publisher.preflight.container import DAMAGED, Container, UnreadableBookError, open_container

_MOST_DOCUMENT = 64 << 20  # bytes
_MOST_DOCUMENTS = 20_000
_OPF = "{http://www.idpf.org/2007/opf}"
_XHTML = "{http://www.w3.org/1999/xhtml}"


def read_epub(data: bytes, name: str) -> Reading:
    """The words of an EPUB; readings over characters and descriptions of pictures apart.

    Raises UnreadableBookError.
    """
    container = open_container(data, name)
    try:
        package = _xml(container, container.package)
        folder = posixpath.dirname(container.package)
        hrefs = {item.get("id"): unquote(item.get("href") or "") for item in package.iter(f"{_OPF}item")}
        spine = [hrefs.get(item.get("idref"), "") for item in package.iter(f"{_OPF}itemref")]
        read = [_document(_xml(container, posixpath.join(folder, href))) for href in spine[:_MOST_DOCUMENTS]]
    except (etree.XMLSyntaxError, KeyError, *DAMAGED) as error:
        raise UnreadableBookError(()) from error
    pages, beside, described = zip(*read, strict=True) if read else ((), (), ())
    return Reading("zipfile and lxml", tuple(pages), "\n".join(described), "\n".join(beside))


def _xml(container: Container, name: str) -> Any:
    return etree.fromstring(
        container.read(name, _MOST_DOCUMENT),
        etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False),
    )


def _document(root: Any) -> tuple[str, str, str]:
    """Its words, its readings, its descriptions."""
    body = root.find(f"{_XHTML}body")
    if body is None:
        return "", "", ""
    described = [image.get("alt") or "" for image in body.iter(f"{_XHTML}img")]
    readings = ["".join(rt.itertext()) for rt in body.iter(f"{_XHTML}rt")]
    return "".join(_words(body)), "".join(readings), "\n".join(described)


def _words(element: Any) -> Iterator[str]:
    """All words in document order but readings; blocks by themselves."""
    for event, one in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start":
            if one.tag != f"{_XHTML}rt":
                yield one.text or ""
        elif one is not element:
            yield one.tail or ""
