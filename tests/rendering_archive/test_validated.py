"""Archive PDFs before an outside judge: veraPDF's library, as `make check-pdf` installs it.

VERAPDF names its program (tools/verapdf); without it nothing here runs.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from composition.issues import FILE, AnyPicture
from composition.test_jumps import ONE_SHEET, TWO_PAGES
from issue_publisher.composition.compose import compose_issue
from issue_publisher.pictures import open_picture
from issue_publisher.production.build import Output, build
from issue_publisher.production.load import load
from issue_publisher.rendering.archive_pdf import render_archive
from rendering_archive.conftest import ENCLOSED
from rendering_epub.test_odd_issues import ODD
from rendering_epub.whole_issue import ISSUE, PICTURES
from requirements.gallery import SPECIMENS, paper, place_all
from typesetting.paper import faces, layout

VERAPDF = os.environ.get("VERAPDF")
pytestmark = pytest.mark.skipif(not VERAPDF, reason="VERAPDF names no validator: make check-pdf installs one")


def odd_archives() -> Iterator[tuple[str, bytes]]:
    """Issues of every kind of matter, and pages with every requirement of the typesetting."""
    pictures = {src: open_picture(src, one.data, layout().pictures) for src, one in PICTURES.items()}
    several = {name: one for name, one in ODD.items() if len(list(one.items())) < 100}
    for name, issue in {**several, "everything": ISSUE}.items():
        made = compose_issue(issue, layout(), faces(), pictures, file=FILE)
        yield name, render_archive(made, layout(), faces(), pictures, ENCLOSED)
    jump = compose_issue(TWO_PAGES, ONE_SHEET, faces(), AnyPicture(), file=FILE)
    yield "jump", render_archive(jump, ONE_SHEET, faces(), {}, ())
    yield "specimens", render_archive(place_all(SPECIMENS)[0], paper(), faces(), {}, ())


def validated(folder: Path) -> dict[tuple[str, str], str]:
    """File and profile → pass, or what is wrong."""
    files = sorted(str(path) for path in folder.glob("*.pdf"))
    command = [str(VERAPDF), "3a,ua1", *files]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found: dict[tuple[str, str], str] = {}
    for line in said.splitlines():
        file, profile, verdict, *more = line.split("\t")
        key = Path(file).stem, profile
        found[key] = "pass" if verdict == "pass" else found.get(key, "") + " ".join((verdict, *more)) + "\n"
    return found


def test_odd_issues_are_archive_and_accessible_pdfs(tmp_path: Path) -> None:
    for name, data in odd_archives():
        (tmp_path / f"{name}.pdf").write_bytes(data)
    found = validated(tmp_path)
    assert len(found) == 2 * len(list(tmp_path.glob("*.pdf"))) > 25
    assert {key: words for key, words in found.items() if words != "pass"} == {}


@pytest.mark.parametrize("name", ["broadsheet", "tabloid"])
def test_the_sample_is_one(repository: Path, tmp_path: Path, name: str) -> None:
    source = load(repository / "source" / "2026-11-23", name).source
    assert source is not None
    made = build(source, tmp_path / "dist", frozenset({Output.ARCHIVE}))
    found = validated(made.folder)
    assert set(found.values()) == {"pass"}, found
    assert len(found) == 2


def test_the_judge_is_awake(tmp_path: Path) -> None:
    """A PDF that is neither is told so."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(tmp_path / "plain.pdf")
    found = validated(tmp_path)
    assert all("rule" in words for words in found.values())
    assert len(found) == 2
