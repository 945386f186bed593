"""What an archive PDF says of itself: XMP, with PRISM for serials and the schemas that PDF/A asks for."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from xml.sax.saxutils import escape

from issue_publisher.issue import wording
from issue_publisher.issue.model import Issue

_SPACE = uuid.UUID("7d0d43a5-5a3b-5d2e-9a4c-6f1f6d1b1c11")  # of our document identifiers
_ISSN = re.compile(r"\b(\d{4}-\d{3}[\dXx])\b")
_PRISM = "http://prismstandard.org/namespaces/basic/2.1/"

# Properties that PDF/A does not know of itself (ISO 19005-3, 6.6.2.3): name, type, what it says.
_PRISM_PROPERTIES = (
    ("aggregationType", "Text", "Kind of publication: newspaper"),
    ("publicationName", "Text", "Title of the newspaper"),
    ("issn", "Text", "ISSN of the newspaper"),
    ("productCode", "Text", "Serial number of the newspaper where it is no ISSN (CN number)"),
    ("number", "Text", "Running number of the issue"),
    ("edition", "Text", "Edition as printed"),
    ("issueIdentifier", "Text", "Identifier of the issue"),
    ("issueName", "Text", "What the issue is called: newspaper and date as printed"),
    ("publicationDate", "Text", "Date of publication, ISO 8601"),
    ("coverDate", "Text", "Date on the front page, ISO 8601"),
    ("coverDisplayDate", "Text", "Date on the front page as printed"),
    ("pageCount", "Integer", "Number of printed pages"),
)
_UA_PROPERTIES = (("part", "Integer", "Part of ISO 14289 that the file follows"),)

_FRAME = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:prism="%s"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
%s
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


def archive_xmp(
    issue: Issue, *, title: str, creator: str, tool: str, producer: str, identifier: str
) -> bytes:
    """The XMP packet of an issue's archive PDF; `identifier`: of exactly this file."""
    paper, day = issue.nameplate, issue.date.isoformat()
    document = uuid.uuid5(_SPACE, f"{paper.title} {issue.id}")
    lines = [
        *_simple("pdfaid", part="3", conformance="A"),
        *_simple("pdfuaid", part="1"),
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>',
        _listed("creator", "Seq", [creator]),
        _listed("publisher", "Bag", [paper.publisher] if paper.publisher else []),
        _listed("date", "Seq", [day]),
        _listed("language", "Bag", [issue.lang]),
        _listed("type", "Bag", ["Text"]),
        *_simple("dc", identifier=issue.id, format="application/pdf"),
        *_simple("xmp", CreateDate=day, ModifyDate=day, MetadataDate=day, CreatorTool=tool),
        *_simple("pdf", Producer=producer),
        *_simple("xmpMM", DocumentID=f"uuid:{document}", InstanceID=f"uuid:{identifier}"),
        *_simple("prism", **_serial(issue)),
        "<pdfaExtension:schemas><rdf:Bag>",
        *_schema("PRISM basic metadata", _PRISM, "prism", "external", _PRISM_PROPERTIES),
        *_schema(
            "PDF/UA identification", "http://www.aiim.org/pdfua/ns/id/", "pdfuaid", "internal", _UA_PROPERTIES
        ),
        "</rdf:Bag></pdfaExtension:schemas>",
    ]
    return (_FRAME % (_PRISM, "\n".join(line for line in lines if line))).encode()


def _serial(issue: Issue) -> dict[str, str]:
    """What PRISM says of the issue; nothing that the nameplate does not."""
    paper = issue.nameplate
    number = paper.serial_number or ""
    issn = _ISSN.search(number) if "ISSN" in number.upper() else None
    said = {
        "aggregationType": "newspaper",
        "publicationName": paper.title,
        "issn": issn[1] if issn else "",
        "productCode": "" if issn else number,
        "number": "" if paper.running_number is None else str(paper.running_number),
        "edition": paper.edition or "",
        "issueIdentifier": issue.id,
        "issueName": " ".join((paper.title, *wording.date_line(paper))),
        "publicationDate": issue.date.isoformat(),
        "coverDate": issue.date.isoformat(),
        "coverDisplayDate": paper.date_text,
        "pageCount": str(len(issue.pages)),
    }
    return {name: words for name, words in said.items() if words}


def _simple(prefix: str, /, **values: str) -> Iterable[str]:
    for name, words in values.items():
        yield f"<{prefix}:{name}>{escape(words)}</{prefix}:{name}>"


def _listed(name: str, kind: str, values: Iterable[str]) -> str:
    inner = "".join(f"<rdf:li>{escape(words)}</rdf:li>" for words in values)
    return f"<dc:{name}><rdf:{kind}>{inner}</rdf:{kind}></dc:{name}>" if inner else ""


def _schema(
    words: str, space: str, prefix: str, category: str, properties: Iterable[tuple[str, str, str]]
) -> Iterable[str]:
    """The description of a schema that PDF/A does not know."""
    yield '<rdf:li rdf:parseType="Resource">'
    yield from _simple("pdfaSchema", schema=words, namespaceURI=space, prefix=prefix)
    yield "<pdfaSchema:property><rdf:Seq>"
    for name, kind, said in properties:
        yield '<rdf:li rdf:parseType="Resource">'
        yield from _simple("pdfaProperty", name=name, valueType=kind, category=category, description=said)
        yield "</rdf:li>"
    yield "</rdf:Seq></pdfaSchema:property></rdf:li>"
