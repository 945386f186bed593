"""An EPUB's container: what a reader can trust opens, all else is refused with a reason."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issue_publisher.preflight.container import CONTAINER, MIMETYPE, UnreadableBookError, open_container

PACKAGE = "EPUB/content.opf"
ROOT = (
    b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    b'<rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    b"</container>"
)
FILES = {"mimetype": MIMETYPE, CONTAINER: ROOT, PACKAGE: b"<package/>"}


def packed(files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda info: None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            change(info)
            book.writestr(info, data)
    return out.getvalue()


def as_link(info: zipfile.ZipInfo) -> None:
    if info.filename == PACKAGE:
        info.external_attr = (stat.S_IFLNK | 0o777) << 16


def without(name: str) -> dict[str, bytes]:
    return {key: data for key, data in FILES.items() if key != name}


def test_a_good_one_opens() -> None:
    opened = open_container(packed(FILES), "good.epub")
    assert opened.package == PACKAGE
    assert opened.read(PACKAGE) == b"<package/>"


WRONG = {
    "no zip": (b"%PDF-1.7", "an EPUB is a zip file"),
    "empty": (b"", "an EPUB is a zip file"),
    "cut off": (packed(FILES)[:-40], "broken"),
    "no mimetype": (packed(without("mimetype")), "mimetype is missing"),
    "another mimetype": (packed({**FILES, "mimetype": b"application/zip"}), "says something else"),
    "no container": (packed(without(CONTAINER)), f"{CONTAINER} is missing"),
    "container not XML": (packed({**FILES, CONTAINER: b"<container"}), "not XML"),
    "no package": (packed(without(PACKAGE)), "the package document EPUB/content.opf is missing"),
    "leads out": (packed({**FILES, "../evil": b"x"}), "leads out of the book"),
    "from the root": (packed({**FILES, "/etc/passwd": b"x"}), "leads out of the book"),
    "a drive": (packed({**FILES, "C:\\evil": b"x"}), "leads out of the book"),
    "a bomb": (packed({**FILES, "EPUB/big": bytes(24 << 20)}), "a zip bomb?"),
    "many files": (packed({**FILES, **{f"f{n}": b"" for n in range(20_001)}}), "files in the container"),
    "a link": (packed(FILES, as_link), "a link to another file"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_trusted_is_refused_with_a_reason(name: str) -> None:
    data, words = WRONG[name]
    with pytest.raises(UnreadableBookError) as caught:
        open_container(data, "wrong.epub")
    assert any(words in str(one) for one in caught.value.findings), caught.value
    assert all(str(one).startswith("wrong.epub") for one in caught.value.findings)


def test_a_name_that_is_there_twice() -> None:
    out = io.BytesIO(packed(FILES))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as book:
        book.writestr(PACKAGE, b"<another/>")
    with pytest.raises(UnreadableBookError, match="there twice"):
        open_container(out.getvalue(), "twice.epub")


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_one_never_ends_in_a_traceback(data: st.DataObject) -> None:
    whole = bytearray(packed(FILES))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    for damaged in (bytes(whole), bytes(whole[:cut])):
        with suppress(UnreadableBookError):
            open_container(damaged, "damaged.epub")
