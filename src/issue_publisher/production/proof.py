"""`build --proof`: the pages to look at, and what is to be said of them.

A proof is made for a person at the desk who corrects the make-up. So it is also made when a page could not
be, of the pages that could; and it is no output that is published: the manifest does not list it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from issue_publisher.composition.model import ComposedIssue, ComposedPage
from issue_publisher.issue.errors import SourceError
from issue_publisher.production import report as reporting
from issue_publisher.production.load import Source
from issue_publisher.production.outputs import Product
from issue_publisher.production.report import ReportData, make_report
from issue_publisher.typesetting.faces import PaperFaces

FOLDER = "proof"


def make_proof(
    source: Source,
    composed: ComposedIssue,
    faces: PaperFaces,
    press_pdf: bytes | None,
    findings: Sequence[SourceError] = (),
    holed: Collection[ComposedPage] = (),
) -> tuple[tuple[Product, ...], ReportData]:
    """The proof of an issue (pictures, sheet, `report.json`), and the report as data.

    `composed`: the pages that could be made, `press_pdf`: these pages (None when there are none),
    `findings`: why the others could not, and warnings, `holed`: those of the pages that lack an item, which
    no rule is asked of. Raises RenderError when WeasyPrint complains.
    """
    from issue_publisher.composition.judge import judge
    from issue_publisher.rendering.proof import draw_proof, proof_html

    layout = source.layout
    report = make_report(
        source,
        composed.issue.pages,
        [
            judge(page, composed.issue, layout, solved=page.solved)
            for page in composed.pages
            if page not in holed
        ],
        findings,
    )
    drawn = draw_proof(press_pdf, composed, layout, faces) if press_pdf else ()
    pictures: Mapping[int, bytes] = {
        page.page.number: png for page, png in zip(composed.pages, drawn, strict=True)
    }
    names = {number: f"page-{number}.png" for number in pictures}
    html = proof_html(composed, layout, faces, report, names)
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    products = (
        *(Product(f"{FOLDER}/{names[number]}", "proof", png) for number, png in pictures.items()),
        Product(f"{FOLDER}/proof.html", "proof", html.encode()),
        Product(reporting.NAME, "report", text.encode()),
    )
    return products, report
