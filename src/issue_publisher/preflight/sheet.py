"""A page as a sheet of paper: its boxes, and places in mm from the upper left corner of its trim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from issue_publisher.preflight.finding import Area, Finding, Severity
from issue_publisher.preflight.marks import Box
from issue_publisher.preflight.objects import Node, inherited

PT_PER_MM = 72 / 25.4
TOOL = "preflight"
_KEYS = ("MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox")
_INHERITED = ("MediaBox", "CropBox")
_SLACK_PT = 0.02


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a file."""

    file: str
    number: int
    boxes: Mapping[str, Box]  # those that are there
    rotation: int = 0
    unit: float = 1.0  # UserUnit

    @property
    def trim(self) -> Box:
        return next(
            (self.boxes[key] for key in ("TrimBox", "CropBox", "MediaBox") if key in self.boxes),
            Box(0, 0, 595, 842),
        )

    @property
    def bleed(self) -> Box:
        """What may still be seen after trimming that is not exact."""
        return self.boxes.get("BleedBox", self.trim)

    @property
    def size_mm(self) -> tuple[float, float]:
        return self.trim.width * self.unit / PT_PER_MM, self.trim.height * self.unit / PT_PER_MM

    def area(self, box: Box) -> Area:
        scale, trim = self.unit / PT_PER_MM, self.trim
        places = (box.x0 - trim.x0, trim.y1 - box.y1, box.width, box.height)
        left, top, width, height = (round(one * scale, 1) for one in places)
        return Area(left, top, width, height)

    def finding(
        self, severity: Severity, rule: str, message: str, hint: str = "", *,
        at: Box | None = None, value: str = "", limit: str = "",
    ) -> Finding:  # fmt: skip
        """Something wrong on this page."""
        areas = (self.area(at),) if at is not None else ()
        return Finding(
            self.file, "", 0, severity, message, hint, f"{TOOL} {rule}", "", self.number, areas, value, limit
        )


def whole_file(
    file: str,
    severity: Severity,
    rule: str,
    message: str,
    hint: str = "",
    *,
    value: str = "",
    limit: str = "",
) -> Finding:
    """Something wrong with the file as a whole."""
    return Finding(file, "", 0, severity, message, hint, f"{TOOL} {rule}", "", 0, (), value, limit)


def read_sheet(page: Node, number: int, file: str) -> Sheet:
    boxes = {}
    for key in _KEYS:
        found = inherited(page, f"/{key}") if key in _INHERITED else page.get(f"/{key}")
        numbers = found.numbers if found else ()
        if len(numbers) == 4:
            x0, x1 = sorted((numbers[0], numbers[2]))
            y0, y1 = sorted((numbers[1], numbers[3]))
            if x1 > x0 and y1 > y0:
                boxes[key] = Box(x0, y0, x1, y1)
    turn, unit = inherited(page, "/Rotate"), page.get("/UserUnit")
    rotation = int((turn.number if turn else 0) or 0) % 360
    return Sheet(file, number, boxes, rotation, (unit.number if unit else None) or 1.0)


def box_findings(sheet: Sheet) -> Iterator[Finding]:
    """Boxes that are missing or not within each other, pages that are turned or scaled."""
    error, boxes = Severity.ERROR, sheet.boxes
    if "MediaBox" not in boxes:
        yield sheet.finding(error, "page boxes", "no MediaBox", "the sheet's size")
    if "TrimBox" not in boxes:
        hint = "a TrimBox of the size that the page is trimmed to"
        yield sheet.finding(error, "page boxes", "no TrimBox: how large the page is remains a guess", hint)
    if "ArtBox" in boxes:
        yield sheet.finding(error, "page boxes", "an ArtBox", "PDF/X-4 wants a TrimBox and no ArtBox")
    for inner, outer in (("TrimBox", "BleedBox"), ("BleedBox", "MediaBox"), ("TrimBox", "MediaBox")):
        if inner in boxes and outer in boxes and not boxes[inner].within(boxes[outer], _SLACK_PT):
            message = (
                f"the {inner} ({_size(boxes[inner])}) reaches beyond the {outer} ({_size(boxes[outer])})"
            )
            yield sheet.finding(error, "page boxes", message, "TrimBox within BleedBox within MediaBox")
    if (
        "CropBox" in boxes
        and "MediaBox" in boxes
        and not boxes["MediaBox"].within(boxes["CropBox"], _SLACK_PT)
    ):
        message = f"the CropBox ({_size(boxes['CropBox'])}) hides part of the sheet"
        yield sheet.finding(error, "page boxes", message, "a CropBox like the MediaBox, or none")
    if sheet.rotation:
        message = f"the page is turned by {sheet.rotation}°"
        yield sheet.finding(error, "page turned", message, "the page upright, without Rotate")
    if sheet.unit != 1:
        message = f"the page is scaled by {sheet.unit:g}"
        yield sheet.finding(error, "page scaled", message, "the page at its own size, without UserUnit")


def _size(box: Box) -> str:
    return f"{box.width / PT_PER_MM:.1f} × {box.height / PT_PER_MM:.1f} mm"


def size_findings(
    sheets: tuple[Sheet, ...], trims: tuple[tuple[float, ...], ...], slack: float
) -> Iterator[Finding]:
    """Pages of a size that the press does not print, or of another than the first."""
    for sheet in sheets:
        width, height = sheet.size_mm
        value = f"{width:.1f} × {height:.1f} mm"
        if trims and not any(abs(width - w) <= slack and abs(height - h) <= slack for w, h in trims):
            limit = " or ".join(f"{w:g} × {h:g} mm" for w, h in trims)
            yield sheet.finding(
                Severity.ERROR, "page size", f"the page is {value}", f"{limit}, within {slack:g} mm",
                value=value, limit=limit,
            )  # fmt: skip
            continue
        first = sheets[0].size_mm
        if abs(width - first[0]) > slack or abs(height - first[1]) > slack:
            limit = f"{first[0]:.1f} × {first[1]:.1f} mm"
            message = f"the page is {value}, the first one {limit}"
            yield sheet.finding(
                Severity.ERROR, "page size", message, "pages of one size", value=value, limit=limit
            )
