"""Clean PDFs to spoil: a press file and an archive file of one small page, made with WeasyPrint and pikepdf.

They stand in for the press and archive files of an issue: what `spoiled_pdf` does to them asks for nothing
that those would not have.
"""

from __future__ import annotations

import io
import re
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
import weasyprint

FONT = Path(__file__).resolve().parents[2] / "fonts" / "issue-kai.ttf"
ISSUE = """<?xml version="1.0" encoding="UTF-8"?>
<issue><page><article><headline>江堤上的最后一班岗</headline>
<body><p>入夜以后，水位又涨了三指。守堤的人把马灯挂在杨树上，隔一个钟头下去看一回水尺。</p>
<crosshead>老何和他的铜锣</crosshead>
<p>老何说，锣敲得越慢，堤就越稳；他年轻时敲过一回急的，全村人跑了五里地。</p></body></article></page></issue>
"""
_BODY = """<article><h1>江堤上的最后一班岗</h1>
<p>入夜以后，水位又涨了三指。守堤的人把马灯挂在杨树上，隔一个钟头下去看一回水尺。</p>
<img src="{picture}" alt="杨树上的马灯"/>
<h2>老何和他的铜锣</h2>
<p>老何说，锣敲得越慢，堤就越稳；他年轻时敲过一回急的，全村人跑了五里地。</p></article>"""
_STYLE = """@font-face {{ font-family: body; src: url({font}) }}
@page {{ size: 120mm 160mm; margin: 10mm; bleed: 0 }}
html {{ font: 9pt/13.5pt body; color: {ink} }}
h1 {{ font-size: 20pt; line-height: 27pt; margin: 0 0 6pt; border-bottom: .5pt solid {ink} }}
h2 {{ font-size: 11pt; margin: 6pt 0 }} p {{ margin: 0 }} img {{ width: 30mm; image-rendering: pixelated }}"""
# PDF/UA says what it is in a schema that PDF/A wants explained.
_UA = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA</pdfaSchema:schema><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>part of the standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
_DATE = datetime(2026, 11, 30, tzinfo=UTC)


def _picture(mode: str) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    side = round(30 / 25.4 * 300)
    Image.linear_gradient("L").resize((side, side)).convert(mode).save(out, "PNG")
    return out.getvalue()


def _html(ink: str) -> weasyprint.HTML:
    style = _STYLE.format(font=FONT.as_uri(), ink=ink)
    picture = "data:image/png;base64," + b64encode(_picture("L")).decode()
    body = _BODY.format(picture=picture)
    text = (
        f'<html lang="zh-CN"><head><title>江堤</title><style>{style}</style></head><body>{body}</body></html>'
    )
    return weasyprint.HTML(string=text, base_url="file:///issue/")


def icc(space: bytes = b"CMYK") -> bytes:
    """The header of an ICC profile, which is all that preflight reads of it."""
    header = bytearray(132)
    header[:4], header[12:16], header[16:20], header[36:40] = (
        (132).to_bytes(4, "big"),
        b"prtr",
        space,
        b"acsp",
    )
    return bytes(header)


@cache
def clean_press() -> bytes:
    """PDF/X-4 of one page: black text and a rule in K, a grey picture, trim and bleed, output intent."""
    made = _html("device-cmyk(0 0 0 1)").write_pdf()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for page in pdf.pages:
            page.obj["/BleedBox"] = page.obj["/TrimBox"] = page.obj["/MediaBox"]
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
        intent = pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFX, OutputConditionIdentifier="newsprint",
            DestOutputProfile=pdf.make_indirect(pdf.make_stream(icc(), N=4)),
        )  # fmt: skip
        pdf.Root["/OutputIntents"] = pikepdf.Array([intent])
        pdf.docinfo["/Trapped"] = pikepdf.Name("/False")
        xmp = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" rdf:about="">'
            "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion></rdf:Description></rdf:RDF></x:xmpmeta>"
        )
        pdf.Root["/Metadata"] = pdf.make_stream(
            xmp.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
        )
        return _saved(pdf)


@cache
def clean_archive() -> bytes:
    """PDF/A-3a and PDF/UA-1 of the same page, with its source inside."""
    attachment = weasyprint.Attachment(
        string=ISSUE, name="issue.xml", relationship="Source", created=_DATE, modified=_DATE
    )
    made = _html("#000").write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True, attachments=[attachment])
    with pikepdf.open(io.BytesIO(made)) as pdf:
        xmp = bytes(pdf.Root.Metadata.read_bytes()).decode()
        pdf.Root.Metadata.write(re.sub(r"(<(?:\w+:)?RDF[^>]*>)", rf"\1{_UA}", xmp, count=1).encode())
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()
