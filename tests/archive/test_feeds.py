"""What the schemas of OPDS ask of a feed, in our own words: they bear no licence that lets them lie here.

OPDS 2.0: feed, feed-metadata and publication, with link, metadata and contributor of the Readium Web
Publication Manifest. OPDS 1.2: its RELAX NG over Atom's (RFC 4287, appendix B).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from archive.test_catalogue import ATOM, shelf
from issue_publisher.production.catalogue import write_catalogue

DC, XML = "{http://purl.org/dc/terms/}", "{http://www.w3.org/XML/1998/namespace}"
URI = re.compile(
    r"(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|\[|\]|%[0-9A-Fa-f]{2})+"
)  # RFC 3986: a URI or a reference
TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
MEDIA = re.compile(r"[^/\s]+/.+")
ACQUISITION = "http://opds-spec.org/acquisition/open-access"
BASES = [None, "https://paper.example/报/e 刊", "http://[::1]:8080"]


@pytest.fixture(scope="module", params=BASES, ids=["relative", "chinese", "address"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = shelf(tmp_path_factory.mktemp("feeds") / "dist", 130)
    return write_catalogue(dist, base_url=request.param).folder


# --------------------------------------------------------------------------- OPDS 2.0


def check_link(link: Any) -> None:
    assert URI.fullmatch(link["href"]), link
    assert MEDIA.fullmatch(link["type"])
    assert all(isinstance(link.get(name, 1), int) and link.get(name, 1) > 0 for name in ("width", "height"))


def check_unique(values: list[Any]) -> None:
    assert values
    assert len({json.dumps(value, sort_keys=True) for value in values}) == len(values)


def check_publication(made: Any) -> None:
    metadata = made["metadata"]
    assert isinstance(metadata["title"], str)
    for name in ("identifier", "@type"):
        assert URI.fullmatch(metadata[name])
        assert ":" in metadata[name]
    assert TAG.fullmatch(metadata["language"])
    date.fromisoformat(metadata["published"])
    datetime.fromisoformat(metadata["modified"])
    assert all(isinstance(name, str) for name in (*metadata["author"], *metadata["subject"]))
    series = metadata["belongsTo"]["series"]
    assert isinstance(series["name"], str)
    assert isinstance(series["position"], int | float)
    assert ACQUISITION in [link["rel"] for link in made["links"]]
    assert {image["type"] for image in made["images"]} <= {"image/jpeg", "image/png", "image/gif"}
    for link in (*made["links"], *made["images"]):
        check_link(link)


def test_json_feeds_keep_to_the_schema(folder: Path) -> None:
    for path in folder.glob("*.json"):
        feed = json.loads(path.read_bytes())
        assert set(feed) - {"publications", "navigation"} == {"metadata", "links"}
        assert feed.get("publications") or feed.get("navigation")
        assert isinstance(feed["metadata"]["title"], str)
        datetime.fromisoformat(feed["metadata"]["modified"])
        for name in ("numberOfItems", "itemsPerPage", "currentPage"):
            assert isinstance(feed["metadata"].get(name, 1), int)
        check_unique(feed["links"])
        assert "self" in [link["rel"] for link in feed["links"]]
        for link in feed["links"]:
            check_link(link)
        if "navigation" in feed:
            check_unique(feed["navigation"])
            for link in feed["navigation"]:
                check_link(link)
                assert link["title"]
        if "publications" in feed:
            check_unique(feed["publications"])
            for made in feed["publications"]:
                check_publication(made)


# --------------------------------------------------------------------------- OPDS 1.2

ONCE = ("id", "title", "updated")
MANY = {"author", "category", "link"}
AT_MOST_ONCE = {"content", "summary"}


def check_construct(element: Any) -> None:
    """What stands in a feed and in an entry alike."""
    counts = Counter(child.tag for child in element if child.tag.startswith(ATOM))
    assert all(counts[f"{ATOM}{name}"] == 1 for name in ONCE)
    assert all(counts[f"{ATOM}{name}"] <= 1 for name in AT_MOST_ONCE)
    known = {f"{ATOM}{name}" for name in (*ONCE, *MANY, *AT_MOST_ONCE, "entry")}
    assert counts.keys() <= known
    assert URI.fullmatch(element.findtext(f"{ATOM}id"))
    datetime.fromisoformat(element.findtext(f"{ATOM}updated"))
    for author in element.findall(f"{ATOM}author"):
        assert [child.tag for child in author] == [f"{ATOM}name"]
    for link in element.findall(f"{ATOM}link"):
        assert set(link.attrib) <= {"href", "rel", "type", "title", "length"}
        assert URI.fullmatch(link.get("href"))
        assert MEDIA.fullmatch(link.get("type"))
        assert ":" not in link.get("rel") or URI.fullmatch(link.get("rel"))
    for category in element.findall(f"{ATOM}category"):
        assert set(category.attrib) == {"term", "label"}
    for said in (*element.findall(f"{ATOM}summary"), *element.findall(f"{ATOM}content")):
        assert said.get("type") == "text"
        assert len(said) == 0


def test_atom_feeds_keep_to_the_schema(folder: Path) -> None:
    for path in folder.glob("*.xml"):
        feed = etree.fromstring(path.read_bytes())
        assert feed.tag == f"{ATOM}feed"
        assert TAG.fullmatch(feed.get(f"{XML}lang") or "")
        assert feed.find(f"{ATOM}author") is not None  # entries that lead on have none
        check_construct(feed)
        entries = feed.findall(f"{ATOM}entry")
        assert list(feed)[len(feed) - len(entries) :] == entries  # nothing follows them
        for entry in entries:
            check_construct(entry)
            others = [child.tag for child in entry if not child.tag.startswith(ATOM)]
            assert set(others) <= {f"{DC}language", f"{DC}publisher", f"{DC}issued"}
            rels = [link.get("rel") for link in entry.findall(f"{ATOM}link")]
            assert ("subsection" in rels) != (ACQUISITION in rels)
            assert entry.find(f"{ATOM}content") is not None or ACQUISITION in rels
