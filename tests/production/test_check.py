"""`check`: a book of ours is clean, a spoiled one is told with the source's line, a missing tool is said."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from issue_publisher.issue.model import Article
from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.production import check
from issue_publisher.production.build import Output, build
from issue_publisher.production.check import _with_source, check_book
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import Source


@pytest.fixture(scope="module")
def made(small_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ beside the source/ of the small newspaper."""
    dist = small_source.folder.parent.parent / "dist"
    build(small_source, dist, frozenset({Output.EPUB}))
    return dist / small_source.issue.id


@pytest.fixture(autouse=True)
def no_ace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ace is for `make check-epub`; here it must not slow the suite down, wherever it is installed."""
    monkeypatch.setattr("issue_publisher.production.check.beside_us", lambda place: None)
    monkeypatch.delenv("ACE", raising=False)


def spoiled(made: Path, wrong: str) -> None:
    """A paragraph with an id twice in one article, known to the manifest as if we had made it so."""
    path = next(made.glob("*.epub"))
    out = io.BytesIO()
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(out, "w") as changed:
        for info in book.infolist():
            data = book.read(info)
            if info.filename == wrong:
                data = data.replace(b"</body>", b'<p id="twice">x</p><p id="twice">x</p></body>')
            changed.writestr(info, data)
    path.write_bytes(out.getvalue())
    manifest = json.loads((made / "manifest.json").read_bytes())
    for entry in manifest["outputs"]:
        if entry["name"] == path.name:
            entry["sha256"] = hashlib.sha256(out.getvalue()).hexdigest()
    (made / "manifest.json").write_text(json.dumps(manifest))


def test_a_fault_leads_back_to_the_source(
    made: Path, small_source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = next(made.glob("*.epub"))
    clean = check_book(book)
    assert clean.findings == ()
    assert [(ran.tool, bool(ran.missing)) for ran in clean.tools] == [("EPUBCheck", False), ("Ace", True)]
    article = next(item for item in small_source.issue.pages[0].items if isinstance(item, Article))
    spoiled(made, f"EPUB/article-{article.id}.xhtml")
    said = check._epubcheck(book, str(book))
    monkeypatch.setattr(check, "_epubcheck", lambda *_book: said)  # of the same book it says the same twice
    found = check_book(book)
    assert not found.is_clean
    errors = [one for one in found.findings if one.severity is Severity.ERROR]
    assert errors
    assert all(one.source.endswith(f"issue.xml:{article.line}") for one in errors)
    (made / "manifest.json").unlink()  # of a stranger's book nothing is claimed
    assert {one.source for one in check_book(book).findings} == {""}


def test_a_missing_java_is_said(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = check_book(next(made.glob("*.epub")))
    assert found.tools[0].needed
    assert "default-jre-headless" in found.tools[0].missing


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="no such file"):
        check_book(tmp_path / "none.epub")


def test_a_file_that_is_no_book_needs_no_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "x.epub").write_bytes(b"hello")
    found = check_book(tmp_path / "x.epub")
    assert not found.is_clean
    assert found.tools == ()


def test_a_further_part_of_an_article_leads_to_the_article_s_line() -> None:
    lines = {"article-a.xhtml": "source/x/issue.xml:12"}
    for name, source in (
        ("EPUB/article-a-part-3.xhtml", "source/x/issue.xml:12"),
        ("EPUB/article-a.xhtml", "source/x/issue.xml:12"),
        ("EPUB/article-b-part-3.xhtml", ""),
    ):
        finding = Finding("x.epub", name, 4, Severity.ERROR, "wrong", "", "RSC-005")
        assert _with_source(finding, "EPUB", lines).source == source
