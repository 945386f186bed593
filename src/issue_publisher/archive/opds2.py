"""OPDS 2.0: the same feeds as JSON, publications as Readium's web publication manifest has them."""

from __future__ import annotations

import json
from typing import Any

from issue_publisher.archive.address import Addresses
from issue_publisher.archive.shelf import PAGE, Entry, Feed

ENDING = ".json"
_TYPE = "application/opds+json"
_REL = "http://opds-spec.org/acquisition/open-access"

Json = dict[str, Any]


def write_feed(feed: Feed, addresses: Addresses, root: str) -> bytes:
    """One page of a feed; `root` is the name of the feed to start from. No array is empty."""
    links = [_link("self", addresses.own(feed.name + ENDING)), _link("start", addresses.own(root + ENDING))]
    if feed.up:
        links.append(_link("up", addresses.own(feed.up + ENDING)))
    metadata: Json = {"title": feed.title, "modified": f"{feed.updated.isoformat()}T00:00:00Z"}
    if feed.lists_books:
        metadata |= {"numberOfItems": feed.total, "itemsPerPage": PAGE, "currentPage": feed.page}
        for rel, page in (
            ("first", 1),
            ("previous", feed.page - 1),
            ("next", feed.page + 1),
            ("last", feed.pages),
        ):
            if feed.pages > 1 and 1 <= page <= feed.pages:
                links.append(_link(rel, addresses.own(feed.page_name(page) + ENDING)))
    made: Json = {"metadata": metadata, "links": links}
    if feed.entries:
        made["publications"] = [_publication(entry, addresses) for entry in feed.entries]
    else:  # a feed that lists nothing leads back
        ways = [(link.feed, link.title, link.words) for link in feed.links] or [(root, "返回", "")]
        made["navigation"] = [
            {
                "href": addresses.own(name + ENDING),
                "title": f"{title}（{words}）" if words else title,
                "type": _TYPE,
                "rel": "subsection",
            }
            for name, title, words in ways
        ]
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _link(rel: str, href: str) -> Json:
    return {"rel": rel, "href": href, "type": _TYPE}


def _publication(one: Entry, addresses: Addresses) -> Json:
    book = one.book
    metadata: Json = {
        "@type": "http://schema.org/PublicationIssue",
        "title": book.title,
        "identifier": one.id,
    }
    if book.authors:
        metadata["author"] = list(book.authors)
    if book.publisher:
        metadata["publisher"] = book.publisher
    if book.language:
        metadata["language"] = book.language
    if book.issued:
        metadata["published"] = book.issued.isoformat()
        metadata["modified"] = f"{book.issued.isoformat()}T00:00:00Z"
    if book.subjects:
        metadata["subject"] = list(book.subjects)
    if book.description:
        metadata["description"] = book.description
    if book.series:
        series: Json = {"name": book.series.name}
        if book.series.position is not None:
            place = book.series.position
            series["position"] = int(place) if place.is_integer() else place
        metadata["belongsTo"] = {"series": series}
    made: Json = {
        "metadata": metadata,
        "links": [
            {
                "rel": _REL,
                "href": addresses.book(book.path),
                "type": "application/epub+zip",
                "title": "EPUB",
                "properties": {"size": book.size},
            }
        ],
    }
    pictures = [picture for picture in (one.cover, one.thumbnail) if picture is not None]
    if pictures:
        made["images"] = [
            {
                "href": addresses.own(picture.file),
                "type": picture.mime,
                "width": picture.width_px,
                "height": picture.height_px,
            }
            for picture in pictures
        ]
    return made
