"""Total ink coverage (总墨量): from rendered separations, or else from the colours that the file tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from issue_publisher.preflight.content import PageContent
from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.preflight.marks import Box, Kind, Mark
from issue_publisher.preflight.pixels import Coverage, cmyk_coverage, coverage
from issue_publisher.preflight.sheet import PT_PER_MM, Sheet

SQUARE_MM = 15**0.5  # side of the square over which ink is averaged: 15 mm², as GWG2015 has it
DPI = 72  # of the separations
_ROUND = 0.5  # percent; a plate has 256 steps
_MOST_PICTURE = 64_000_000  # bytes of a picture that is added up


def rendered_ink(sheet: Sheet, plates: Mapping[str, bytes], limit: float) -> Iterator[Finding]:
    """Where a page's plates, rendered with DPI from its MediaBox, hold too much ink; and how much at most."""
    found = coverage(tuple(plates.values()), limit + _ROUND, SQUARE_MM * DPI / 25.4)
    if found is None:
        return
    media = sheet.boxes.get("MediaBox", sheet.trim)
    per_pixel = 72 / DPI / sheet.unit
    for left, top, right, bottom in found.places:
        box = Box(
            media.x0 + left * per_pixel, media.y1 - bottom * per_pixel,
            media.x0 + right * per_pixel, media.y1 - top * per_pixel,
        )  # fmt: skip
        if box.common(sheet.bleed):
            yield _too_much(sheet, box, found.mean, limit, "rendered")
    message = f"ink at most {found.mean:.0f} % (mean of 15 mm²), {found.peak:.0f} % in a single spot"
    yield sheet.finding(
        Severity.NOTE,
        "total ink",
        message,
        "rendered separations",
        value=f"{found.mean:.0f} %",
        limit=f"{limit:g} %",
    )


def told_ink(sheet: Sheet, content: PageContent, limit: float) -> Iterator[Finding]:
    """Areas whose colour alone is too much, and pictures in CMYK; what overprints is not added up."""
    least = SQUARE_MM * PT_PER_MM
    for mark in content.marks:
        if min(mark.box.width, mark.box.height) < least or not mark.box.common(sheet.bleed):
            continue
        total = mark.colour.total if mark.kind in (Kind.FILL, Kind.STROKE) else _of_picture(mark, least)
        if total > limit + _ROUND:
            yield _too_much(sheet, mark.box, total, limit, "told by its colours")


def _of_picture(mark: Mark, square_pt: float) -> float:
    """The highest mean of a CMYK picture; 0 of others and of those that cannot be opened."""
    picture = mark.picture
    if mark.kind is not Kind.PICTURE or picture is None or mark.colour.space.true.parts != 4:
        return 0.0
    if picture.width * picture.height * 4 > _MOST_PICTURE or picture.bits != 8:
        return 0.0
    filters = picture.node.get("/Filter")
    names = (
        [one.name for one in filters.array]
        if filters and filters.is_array
        else [filters.name if filters else ""]
    )
    is_jpeg = names[-1] == "DCTDecode" and len(names) == 1
    data = picture.node.raw_data() if is_jpeg else picture.node.data()
    decode = picture.node.get("/Decode")
    inverted = bool(decode and decode.numbers[:2] == (1.0, 0.0))
    side = square_pt * picture.width / max(1.0, mark.box.width)
    found: Coverage | None = cmyk_coverage(
        data or b"", (picture.width, picture.height), side, is_jpeg=is_jpeg, inverted=inverted
    )
    return found.mean if found else 0.0


def _too_much(sheet: Sheet, box: Box, total: float, limit: float, how: str) -> Finding:
    return sheet.finding(
        Severity.ERROR, "total ink", f"{total:.0f} % ink ({how})", f"at most {limit:g} %", at=box,
        value=f"{total:.0f} %", limit=f"{limit:g} %",
    )  # fmt: skip
