"""The unpacked book of a small issue, as it lies in `golden/`: its changes are diffs that a person can read.

RENEW_GOLDEN=1 writes it anew.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from issue_publisher import __version__
from rendering_epub.book import Opened

GOLDEN = Path(__file__).with_name("golden")
_TEXT = (".xhtml", ".opf", ".ncx", ".css", ".xml", "mimetype")


def unpacked(book: Opened) -> dict[str, str]:
    """Every text file as it is; of all others only what they are, in one list."""
    files: dict[str, str] = {}
    others = []
    for info in book.zip.infolist():
        data = book.zip.read(info)
        if info.filename.endswith(_TEXT):
            files[info.filename] = data.decode().replace(f"issue-publisher {__version__}", "issue-publisher")
        else:
            others.append(f"{hashlib.sha256(data).hexdigest()}  {len(data)}  {info.filename}")
    order = [info.filename for info in book.zip.infolist()]
    return {**files, "order.txt": "\n".join(order) + "\n", "others.txt": "\n".join(others) + "\n"}


def test_the_book_is_the_golden_one(book: Opened) -> None:
    made = unpacked(book)
    if os.environ.get("RENEW_GOLDEN"):
        for old in sorted(GOLDEN.rglob("*"), reverse=True):
            old.unlink() if old.is_file() else old.rmdir()
        for name, words in made.items():
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(words, encoding="utf-8", newline="\n")
    kept = {
        path.relative_to(GOLDEN).as_posix(): path.read_text("utf-8")
        for path in GOLDEN.rglob("*")
        if path.is_file()
    }
    assert made.keys() == kept.keys()
    for name, words in made.items():
        assert words == kept[name], f"{name} has changed; RENEW_GOLDEN=1 writes it anew"
