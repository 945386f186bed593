"""What a press PDF says of itself: PDF/X-4 (ISO 15930-7), its output intent, title, paper, date and pages."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from issue_publisher.layout.model import Press
from issue_publisher.rendering.pdf_objects import Array, Dictionary, Name, Object, Pdf, String

if TYPE_CHECKING:
    from issue_publisher.rendering.press_pdf import Imprint

CONFORMANCE = "PDF/X-4"

# ISO 15930-7, 6.5 and 6.10: what the metadata of a PDF/X-4 file must hold.
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<pdfxid:GTS_PDFXVersion>{conformance}</pdfxid:GTS_PDFXVersion>
<pdf:Trapped>False</pdf:Trapped>
<pdf:Producer>{producer}</pdf:Producer>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{identity}</xmpMM:DocumentID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


def add(pdf: Pdf, press: Press, profile: bytes, imprint: Imprint, identity: bytes) -> None:
    """Give the file its output intent, its document information and its metadata."""
    told = {name: str(pdf.docinfo.get(f"/{name}", "")) for name in ("Title", "Author", "Creator", "Producer")}
    title = told["Title"] or imprint.paper
    subject = f"{imprint.paper}, {imprint.date.isoformat()}, {_page_numbers(imprint.pages)}"
    pdf.Root.OutputIntents = Array([_intent(pdf, press, profile)])
    info = {
        "/Title": String(title),
        "/Author": String(told["Author"]),
        "/Subject": String(subject),
        "/Creator": String(told["Creator"]),
        "/Producer": String(told["Producer"]),
        "/CreationDate": String(f"D:{imprint.date:%Y%m%d}000000Z"),
        "/ModDate": String(f"D:{imprint.date:%Y%m%d}000000Z"),
        "/Trapped": Name("/False"),
        "/GTS_PDFXVersion": String(CONFORMANCE),
    }
    pdf.trailer.Info = pdf.make_indirect(Dictionary(info))
    values = {"title": title, "subject": subject, "author": told["Author"], "tool": told["Creator"]}
    values |= {"producer": told["Producer"], "moment": f"{imprint.date.isoformat()}T00:00:00Z"}
    values |= {"conformance": CONFORMANCE, "identity": str(uuid.UUID(bytes=identity[:16], version=5))}
    xmp = _XMP.format(**{name: escape(value) for name, value in values.items()})
    metadata = pdf.make_stream(xmp.encode(), {"/Type": Name.Metadata, "/Subtype": Name.XML})
    pdf.Root.Metadata = metadata


def _intent(pdf: Pdf, press: Press, profile: bytes) -> Object:
    """For which press and paper the colours are mixed, with the profile that says how they look there."""
    return pdf.make_indirect(
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFX,
            OutputConditionIdentifier=String(re.sub(r"[^\x20-\x7e]", "?", press.condition)),
            OutputCondition=String(press.condition),
            Info=String(press.condition),
            DestOutputProfile=pdf.make_stream(profile, {"/N": 4}),
        )
    )


def _page_numbers(pages: tuple[int, ...]) -> str:
    if len(pages) > 1 and list(pages) == list(range(pages[0], pages[-1] + 1)):
        return f"pages {pages[0]}–{pages[-1]}"
    return f"page{'s' * (len(pages) > 1)} " + ", ".join(map(str, pages))
