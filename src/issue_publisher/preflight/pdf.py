"""A PDF, ours or not, held against a profile: bytes → findings.

Pages are read one after another and forgotten again but for what the checks of the whole file need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from issue_publisher.preflight.content import PageContent, read_page
from issue_publisher.preflight.finding import Finding, Severity, gathered, in_order
from issue_publisher.preflight.fonts import Font
from issue_publisher.preflight.ink import told_ink
from issue_publisher.preflight.marks import Mark
from issue_publisher.preflight.objects import MOST_OPERATORS, Budget, PdfFile, UnreadablePdfError, opened
from issue_publisher.preflight.paint import paint_findings
from issue_publisher.preflight.profile import Profile, shipped_profile
from issue_publisher.preflight.sheet import Sheet, box_findings, read_sheet, size_findings, whole_file
from issue_publisher.preflight.structure import archive_findings
from issue_publisher.preflight.whole import annotation_findings, font_findings, is_archive, whole_findings


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a PDF."""

    findings: tuple[Finding, ...]
    sheets: tuple[Sheet, ...] = ()  # empty when it could not be opened
    profile: Profile | None = None


def examine(
    data: bytes,
    file: str,
    profile: Profile | None = None,
    *,
    count_ink: bool = True,
    operators: int = MOST_OPERATORS,
) -> Examined:
    """All that we ourselves find in a PDF; `file` is its name as the desk knows it.

    Without a profile: `archive` when it says that it is PDF/A, else `newsprint`. With `count_ink` ink is
    added up from the colours that are told, which rendered separations do better. `operators` is how much
    content is looked at before it is called a bomb.
    """
    try:
        with opened(data) as pdf:
            chosen = profile or shipped_profile("archive" if is_archive(pdf) else "newsprint")
            return _examined(pdf, file, chosen, Budget(operators), count_ink=count_ink)
    except UnreadablePdfError as fault:
        return Examined((whole_file(file, Severity.ERROR, fault.rule, fault.what, fault.hint),), (), profile)


def _examined(pdf: PdfFile, file: str, profile: Profile, budget: Budget, *, count_ink: bool) -> Examined:
    found = list(whole_findings(pdf, file, profile))
    sheets = tuple(read_sheet(page, number, file) for number, page in enumerate(pdf.pages, 1))
    if not sheets:
        found.append(whole_file(file, Severity.ERROR, "pages", "no pages", "an issue's pages"))
    if profile.is_for_press:
        found += size_findings(sheets, profile.trim_mm, profile.trim_slack_mm)
    fonts: dict[tuple[int, int], Font] = {}
    pages: list[tuple[Mark, ...]] = []
    for page, sheet in zip(pdf.pages, sheets, strict=True):
        content = read_page(pdf, page, budget, fonts)
        found += _of_page(sheet, content, profile, count_ink=count_ink)
        found += annotation_findings(page, sheet, profile)
        pages.append(tuple(replace(mark, outline=()) for mark in content.marks))
    found += font_findings(file, pages)
    if profile.tagged or profile.attachments:
        found += archive_findings(pdf, file, sheets, pages, profile)
    return Examined(in_order(gathered(found)), sheets, profile)


def _of_page(sheet: Sheet, content: PageContent, profile: Profile, *, count_ink: bool) -> Sequence[Finding]:
    found = list(paint_findings(sheet, content, profile))
    if profile.is_for_press:
        found += box_findings(sheet)
    if count_ink and profile.total_ink_percent:
        found += told_ink(sheet, content, profile.total_ink_percent)
    return found
