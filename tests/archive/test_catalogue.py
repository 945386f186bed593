"""The catalogue of a folder of issues, as readers' programs and people walk through it."""

from __future__ import annotations

import errno
import functools
import http.client
import io
import json
import re
import shutil
import sqlite3
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from PIL import Image

from issue_publisher.issue.errors import SourceErrors
from issue_publisher.production.catalogue import write_catalogue
from issue_publisher.production.faults import EnvironmentFault

ATOM = "{http://www.w3.org/2005/Atom}"
REL_OPEN = "http://opds-spec.org/acquisition/open-access"
FIRST = date(2026, 1, 2)
TITLE = "报 <&\"' 一"


def cover() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "#a33").save(out, "JPEG")
    return out.getvalue()


COVER = cover()


def book(number: int, title: str = TITLE, paper: str = "天工新材报", more: str = "") -> bytes:
    """An EPUB as small as one can be, of the day so many after the first."""
    day = FIRST + timedelta(days=number)
    package = f"""<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:x:{number}</dc:identifier>
<dc:title>{escape(title)} {number}</dc:title><dc:language>zh-CN</dc:language>
<dc:creator>{paper}</dc:creator>
<dc:date>{day}</dc:date><dc:subject>{"要闻" if number % 2 else "副刊"}</dc:subject>
<meta property="belongs-to-collection" id="s">{paper}</meta>
<meta refines="#s" property="group-position">{number}</meta>{more}
</metadata><manifest><item id="c" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
</manifest>
</package>"""
    root = '<container><rootfiles><rootfile full-path="EPUB/p.opf"/></rootfiles></container>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/epub+zip")
        made.writestr("META-INF/container.xml", root)
        made.writestr("EPUB/p.opf", package)
        made.writestr("EPUB/cover.jpg", COVER)
    return out.getvalue()


def shelf(dist: Path, count: int) -> Path:
    for number in range(count):
        folder = dist / f"issue {number}"
        folder.mkdir(parents=True)
        (folder / f"{number}.epub").write_bytes(book(number))
    return dist


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    return shelf(tmp_path / "dist", 3)


def atom(path: Path) -> Any:
    return etree.fromstring(path.read_bytes())


def titles(feed: Any) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def links(element: Any, rel: str) -> list[str]:
    return [link.get("href") for link in element.findall(f"{ATOM}link") if link.get("rel") == rel]


def test_three_hundred_issues_and_two_that_cannot_be_read(tmp_path: Path) -> None:
    dist = shelf(tmp_path / "dist", 300)
    (dist / "torn.epub").write_bytes(book(1)[:300])
    (dist / "text.epub").write_text("hello")
    made = write_catalogue(dist)
    assert made.books == 300
    assert [Path(one.file).name for one in made.findings] == ["text.epub", "torn.epub"]
    found: list[str] = []
    name, pages = "new.xml", 0
    while name:
        feed = atom(made.folder / name)
        data = json.loads((made.folder / name.replace(".xml", ".json")).read_bytes())
        assert [one["metadata"]["title"] for one in data["publications"]] == titles(feed)
        assert data["metadata"]["numberOfItems"] == 300
        found += titles(feed)
        pages += 1
        name = next(iter(links(feed, "next")), "")
    assert pages == 3
    assert found == [f"{TITLE} {number}" for number in reversed(range(300))]  # newest first, each once


def test_feeds_lead_by_month_section_and_series(dist: Path) -> None:
    folder = write_catalogue(dist).folder
    root = atom(folder / "opds.xml")
    assert titles(root) == ["最新", "按年月", "按版面", "按报刊"]
    seen, todo = set(), ["opds.xml"]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        feed = atom(folder / name)
        data = json.loads((folder / name.replace(".xml", ".json")).read_bytes())
        assert all(value for value in data.values())  # no empty array
        assert links(feed, "self") == [name]
        todo += [href for entry in feed.iter(f"{ATOM}entry") for href in links(entry, "subsection")]
    assert seen == {path.name for path in folder.glob("*.xml")}  # none is lost
    assert titles(atom(folder / "month-2026-01.xml")) == [f"{TITLE} {number}" for number in (2, 1, 0)]


def test_with_a_base_every_address_is_whole(dist: Path) -> None:
    folder = write_catalogue(dist, base_url="https://paper.example/e", title="晨报").folder
    for path in folder.glob("*.xml"):
        for link in atom(path).iter(f"{ATOM}link"):
            assert link.get("href").startswith("https://paper.example/e/")
    entry = json.loads((folder / "new.json").read_bytes())["publications"][0]
    assert entry["links"][0]["href"] == "https://paper.example/e/issue%202/2.epub"
    assert json.loads((folder / "opds.json").read_bytes())["metadata"]["title"] == "晨报"


def test_a_base_with_chinese_in_it_is_a_uri(dist: Path) -> None:
    folder = write_catalogue(dist, base_url="https://报.example/电子 版//").folder
    entry = json.loads((folder / "new.json").read_bytes())["publications"][0]
    address = "https://xn--4ru.example/%E7%94%B5%E5%AD%90%20%E7%89%88/issue%202/2.epub"
    assert entry["links"][0]["href"] == address
    assert links(next(atom(folder / "new.xml").iter(f"{ATOM}entry")), REL_OPEN) == [address]


def test_a_rubric_of_one_day_has_no_feed_of_its_own(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    for number, rubric in enumerate(("一日一题", "常设栏目", "常设栏目")):
        more = f"<dc:subject>{rubric}</dc:subject>"
        (dist / f"{number}.epub").write_bytes(book(number, more=more))
    folder = write_catalogue(dist).folder
    menu = atom(folder / "section-all.xml")
    assert titles(menu) == ["副刊", "常设栏目"]
    shown = next(atom(folder / "new.xml").iter(f"{ATOM}entry"))
    assert "常设栏目" in [one.get("term") for one in shown.iter(f"{ATOM}category")]
    assert titles(atom(folder / "series-all.xml")) == ["天工新材报"]


def test_a_single_issue_has_no_menu_of_sections(tmp_path: Path) -> None:
    root = atom(write_catalogue(shelf(tmp_path / "dist", 1)).folder / "opds.xml")
    assert titles(root) == ["最新", "按年月", "按报刊"]


@pytest.mark.parametrize(
    ("identifier", "language", "is_kept", "tag"),
    [
        ("urn:isbn:9787000000002", "zh_CN", True, "zh-CN"),
        ("第 3 期: 甲", "中文", False, None),
        ("issue 3", "", False, None),
    ],
)
def test_what_a_book_says_of_itself_wrongly_breaks_no_feed(
    tmp_path: Path, identifier: str, language: str, is_kept: bool, tag: str | None
) -> None:
    data = book(3)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            words = old.read(name)
            if name.endswith(".opf"):
                words = words.replace(b"urn:x:3", identifier.encode()).replace(b"zh-CN", language.encode())
            new.writestr(name, words)
    (tmp_path / "a.epub").write_bytes(made.getvalue())
    (entry,) = json.loads((write_catalogue(tmp_path).folder / "new.json").read_bytes())["publications"]
    assert (entry["metadata"]["identifier"] == identifier) is is_kept
    assert re.fullmatch(r"urn:[a-z]+:[0-9a-f-]+", entry["metadata"]["identifier"])
    assert entry["metadata"].get("language") == tag


def test_the_same_folder_gives_the_same_bytes_and_nothing_old_stays(dist: Path) -> None:
    folder = write_catalogue(dist).folder
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "old.xml").write_text("<old/>")
    write_catalogue(dist)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def held(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its inode, which it keeps for as long as nobody writes it anew."""
    return {path.name: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()}


def from_nothing(dist: Path) -> dict[str, bytes]:
    """What a catalogue of the same books holds that remembers nothing."""
    with tempfile.TemporaryDirectory(dir=dist.parent) as place:
        again = Path(place, "dist")
        shutil.copytree(dist, again, ignore=shutil.ignore_patterns("catalogue", ".regenerate"))
        folder = write_catalogue(again).folder
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def same_as_from_nothing(dist: Path) -> bool:
    folder = dist / "catalogue"
    return {path.name: path.read_bytes() for path in folder.iterdir()} == from_nothing(dist)


def test_only_what_changed_is_written_and_the_whole_is_as_if_it_were_new(dist: Path) -> None:
    first = write_catalogue(dist)
    assert first.written == first.files
    before = held(first.folder)
    assert write_catalogue(dist).written == 0
    assert held(first.folder) == before
    (dist / "issue 40").mkdir()
    (dist / "issue 40" / "40.epub").write_bytes(book(40))  # of February
    made = write_catalogue(dist)
    now = held(first.folder)
    kept = {name for name, held_then in before.items() if now.get(name) == held_then}
    assert made.written == len(now) - len(kept)
    assert {"month-2026-01.xml", "month-2026-01.json"} <= kept
    assert len([name for name in kept if name.endswith(".jpg")]) == 6  # the pictures of three books
    assert same_as_from_nothing(dist)
    (dist / "issue 1" / "1.epub").write_bytes(book(1, title="改"))
    (dist / "issue 2" / "2.epub").unlink()
    write_catalogue(dist, base_url="https://paper.example/")
    write_catalogue(dist)
    assert same_as_from_nothing(dist)


@pytest.mark.parametrize("what", ["touched", "gone", "garbage", "other", "table"])
def test_what_is_remembered_is_never_believed_against_the_disk(dist: Path, what: str) -> None:
    folder = write_catalogue(dist).folder
    memory = dist / ".regenerate" / "catalogue.sqlite"
    assert memory.is_file()
    if what == "touched":
        for path in folder.iterdir():
            path.write_bytes(b"spoilt")
    elif what == "gone":
        next(folder.glob("cover-*")).unlink()
        next(folder.glob("*.json")).unlink()
    elif what == "garbage":
        memory.write_bytes(b"no database" * 1000)
    else:
        with closing(sqlite3.connect(memory)) as rows, rows:
            if what == "other":
                rows.execute("UPDATE maker SET name = 'another program'")
            rows.execute("UPDATE book SET told = '{}'" if what == "other" else "DROP TABLE file")
    write_catalogue(dist)
    assert same_as_from_nothing(dist)
    write_catalogue(dist)
    assert write_catalogue(dist).written == 0  # and it remembers again


def test_without_links_everything_is_made(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    write_catalogue(dist)
    monkeypatch.setattr("os.link", refuse)
    made = write_catalogue(dist)
    assert made.written == made.files
    assert same_as_from_nothing(dist)


def test_a_catalogue_that_breaks_off_leaves_the_one_before(
    dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_catalogue(dist).folder
    before = held(folder)
    (dist / "issue 1" / "1.epub").write_bytes(book(1, title="改"))

    def break_off(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("issue_publisher.archive.opds2.write_feed", break_off)
        with pytest.raises(KeyboardInterrupt):
            write_catalogue(dist)
    assert held(folder) == before
    assert list(dist.parent.glob(".building-*")) == []
    write_catalogue(dist)
    assert same_as_from_nothing(dist)


def test_of_many_books_a_new_one_touches_its_own_year(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many are a thousand; here three."""
    for place in ("archive.shelf", "production.catalogue"):
        monkeypatch.setattr(f"issue_publisher.{place}.MANY", 3)
    for number in (400, 401, 800, 801, 802):  # of 2027 and 2028
        (dist / f"issue {number}").mkdir()
        (dist / f"issue {number}" / f"{number}.epub").write_bytes(book(number))
    undated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(9))) as old, zipfile.ZipFile(undated, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<dc:date>2026-01-11</dc:date>", b""))
    (dist / "undated.epub").write_bytes(undated.getvalue())
    folder = write_catalogue(dist).folder
    assert titles(atom(folder / "new.xml")) == [f"{TITLE} {number}" for number in (802, 801, 800)]
    (series,) = links(next(atom(folder / "series-all.xml").iter(f"{ATOM}entry")), "subsection")
    years = atom(folder / series)
    assert titles(years) == [f"天工新材报　{year}" for year in ("2028年", "2027年", "2026年", "日期不详")]
    listed = [
        title
        for entry in years.iter(f"{ATOM}entry")
        for href in links(entry, "subsection")
        for title in titles(atom(folder / href))
    ]
    assert listed == [f"{TITLE} {number}" for number in (802, 801, 800, 401, 400, 2, 1, 0, 9)]
    assert titles(atom(folder / "years.xml")) == ["2028年", "2027年", "2026年", "日期不详"]
    front = (folder / "index.html").read_text("utf-8")
    pages = sorted(path.name for path in folder.glob("*.html") if path.name != "index.html")
    assert pages == ["month-2026-01.html", "month-2027-02.html", "month-2028-03.html", "undated.html"]
    assert re.findall(r'<a href="([^"]+\.html)">', front) == [*sorted(pages[:3], reverse=True), pages[3]]
    assert f"{TITLE} 401" not in front
    before = held(folder)
    (dist / "issue 803").mkdir()
    (dist / "issue 803" / "803.epub").write_bytes(book(803))
    write_catalogue(dist)
    now = held(folder)
    old = [name for name in before if "2027" in name or "2026" in name]
    assert len(old) >= 12
    assert all(now[name] == before[name] for name in old)
    assert same_as_from_nothing(dist)


def test_strict_writes_nothing(dist: Path) -> None:
    (dist / "text.epub").write_text("hello")
    with pytest.raises(SourceErrors, match="zip file"):
        write_catalogue(dist, strict=True)
    assert not (dist / "catalogue").exists()


def test_an_empty_folder_and_none(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    made = write_catalogue(tmp_path / "dist")
    assert made.books == 0
    assert titles(atom(made.folder / "new.xml")) == []
    assert "还没有" in (made.folder / "index.html").read_text("utf-8")
    with pytest.raises(EnvironmentFault, match="no folder"):
        write_catalogue(tmp_path / "none")


# --------------------------------------------------------------------------- a reader's program


@pytest.fixture
def server(dist: Path) -> Iterator[str]:
    write_catalogue(dist)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    offered = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(dist)))
    threading.Thread(target=offered.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{offered.server_port}/"
    offered.shutdown()


def fetched(url: str) -> tuple[bytes, str]:
    """As KOReader does it: HEAD, then GET; only 200 counts."""
    place = urlsplit(url)
    for method in ("HEAD", "GET"):
        asked = http.client.HTTPConnection(place.netloc, timeout=10)
        asked.request(method, place.path)
        answer = asked.getresponse()
        data = answer.read()
        assert answer.status == 200, (method, url)
        asked.close()
    return data, answer.headers.get_content_type()


def test_koreader_s_way_from_the_start_to_a_book(server: str, dist: Path) -> None:
    url = urljoin(server, "catalogue/opds.xml")
    for _ in range(2):
        data, kind = fetched(url)
        assert kind in ("application/xml", "text/xml", "application/atom+xml")
        feed = etree.fromstring(data)
        entry = next(feed.iter(f"{ATOM}entry"))
        ways = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "subsection"]
        if ways:
            assert ways[0].get("type").startswith("application/atom+xml")
            assert entry.find(f"{ATOM}author") is None  # Thorium would take it for a book
            url = urljoin(url, ways[0].get("href"))
    (way,) = [one for one in entry.findall(f"{ATOM}link") if "acquisition" in one.get("rel")]
    assert way.get("rel").startswith("http://opds-spec.org/acquisition")
    data, _ = fetched(urljoin(url, way.get("href")))
    assert data == (dist / "issue 2" / "2.epub").read_bytes()
    assert int(way.get("length")) == len(data)
    for rel in ("http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail"):
        picture, kind = fetched(urljoin(url, links(entry, rel)[0]))
        assert kind == "image/jpeg"
        assert Image.open(io.BytesIO(picture)).size in ((600, 800), (300, 400))
