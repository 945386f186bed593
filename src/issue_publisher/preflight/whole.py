"""Checks of a PDF as a whole: what it says that it is, output intent, fonts, actions, attachments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from lxml import etree

from issue_publisher.preflight.finding import Finding, Severity
from issue_publisher.preflight.fonts import Font
from issue_publisher.preflight.marks import Box, Kind, Mark
from issue_publisher.preflight.objects import Node, PdfFile, name_tree
from issue_publisher.preflight.profile import Profile
from issue_publisher.preflight.sheet import Sheet, whole_file

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_MOST_XMP = 4 << 20
_WHOLE_FONT = 1 << 20  # bytes of a font program from which it is looked at
_WHOLE_GLYPH = 2_000  # bytes for each glyph that is used: a subset of Chinese takes a quarter of that
_ICC_CLASSES = {b"CMYK": "CMYK", b"RGB ": "RGB", b"GRAY": "grey", b"Lab ": "Lab"}
# What an action may do without making a printed or archived page another one.
_HARMLESS = frozenset({"GoTo", "GoToR", "URI", "Named", "Thread"})
_HARMFUL = frozenset({"Launch", "SubmitForm", "ImportData", "Movie", "Sound", "Rendition"})
_INKLESS = frozenset({"Popup", "TrapNet", "PrinterMark"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the file."""

    name: str
    relationship: str  # AFRelationship: Source, Data, Supplement, …
    stream: Node | None


def whole_findings(file: PdfFile, name: str, profile: Profile) -> Iterator[Finding]:
    """All that is wrong with the file apart from its pages."""
    for one in file.damage:
        yield whole_file(
            name, _ERROR, "file", f"damaged, and mended to be read: {one}", "ask for the file again"
        )
    if file.encrypted:
        yield whole_file(
            name, _ERROR, "encryption", "encrypted", "the file without a password or restrictions"
        )
    if profile.pages and len(file.pages) not in profile.pages:
        limit = " or ".join(f"{one:g}" for one in profile.pages)
        value = str(len(file.pages))
        yield whole_file(name, _ERROR, "pages", f"{value} pages", f"{limit} pages", value=value, limit=limit)
    yield from _identity(file, name, profile)
    yield from _intent(file, name, profile)
    yield from _actions(file, name)
    layers = file.root.get("/OCProperties")
    if layers is not None and profile.is_for_press:
        severity = _ERROR if layers.get("/Configs") else _WARNING
        yield whole_file(
            name, severity, "layers", "layers, of which some may be hidden", "what is printed, and no more"
        )
    found = attachments(file)
    if found and not profile.attachments_allowed:
        names = ", ".join(one.name for one in found)
        yield whole_file(name, _WARNING, "attachments", f"files inside the file: {names}", "the pages alone")


# --------------------------------------------------------------------------- what it says that it is


def metadata(file: PdfFile) -> Mapping[str, str]:
    """What the XMP says, by local name with its prefix's place: pdfaid:part, pdfxid:GTS_PDFXVersion."""
    stream = file.root.get("/Metadata")
    data = stream.data() if stream else None
    if not data or len(data) > _MOST_XMP:
        return {}
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, str] = {}
    for element in root.iter("{*}*") if root is not None else ():
        if "}" in str(element.tag) and (element.text or "").strip():
            found.setdefault(_short(str(element.tag)), (element.text or "").strip())
        for key, value in element.attrib.items():
            found.setdefault(_short(str(key)), str(value))
    return found


def _short(tag: str) -> str:
    """{http://www.aiim.org/pdfa/ns/id/}part → pdfaid:part."""
    prefixes = {"pdfa/ns/id/": "pdfaid", "pdfua/ns/id/": "pdfuaid", "npes.org/pdfx/ns/id/": "pdfxid"}
    place, _, local = tag.rpartition("}")
    prefix = next((short for ending, short in prefixes.items() if place.endswith(ending)), "")
    return f"{prefix}:{local}" if prefix else local


def _identity(file: PdfFile, name: str, profile: Profile) -> Iterator[Finding]:
    said = metadata(file)
    if profile.standard:
        version = said.get("pdfxid:GTS_PDFXVersion", "")
        if version != profile.standard:
            what = f"it says that it is {version}" if version else "it does not say that it is PDF/X"
            yield whole_file(
                name, _ERROR, "standard", what, profile.standard, value=version, limit=profile.standard
            )
        trapped = file.info.get("/Trapped") if file.info else None
        if trapped is None or trapped.name not in ("True", "False"):
            hint = "Trapped True or False in the document information"
            yield whole_file(name, _ERROR, "standard", "it does not say whether it is trapped", hint)
    if profile.pdfa:
        value = said.get("pdfaid:part", "") + said.get("pdfaid:conformance", "").lower()
        if value != profile.pdfa:
            what = f"it says that it is PDF/A-{value}" if value else "it does not say that it is PDF/A"
            yield whole_file(
                name, _ERROR, "standard", what, f"PDF/A-{profile.pdfa}", value=value, limit=profile.pdfa
            )
    if profile.pdfua and said.get("pdfuaid:part") != profile.pdfua:
        yield whole_file(
            name, _ERROR, "standard", "it does not say that it is PDF/UA", f"PDF/UA-{profile.pdfua}"
        )


def is_archive(file: PdfFile) -> bool:
    """Whether a file says that it is PDF/A."""
    return "pdfaid:part" in metadata(file)


def _intent(file: PdfFile, name: str, profile: Profile) -> Iterator[Finding]:
    intents = file.root.get("/OutputIntents")
    wanted = "GTS_PDFX" if profile.standard.startswith("PDF/X") else "GTS_PDFA1" if profile.pdfa else ""
    if not wanted:
        return
    rule, hint = "output intent", f"one output intent {wanted} with the profile of the press"
    found = [one for one in (intents.array if intents else ()) if _says(one, "/S") == wanted]
    if not found:
        yield whole_file(
            name, _ERROR, rule, "no output intent: which press the colours are for is not said", hint
        )
        return
    profiles = {sha256(data).digest(): data for one in found if (data := _profile(one)) is not None}
    if not profiles:
        yield whole_file(name, _ERROR, rule, "the output intent holds no profile", hint)
    if len(profiles) > 1:
        yield whole_file(name, _ERROR, rule, f"{len(profiles)} output intents with different profiles", hint)
    for data in profiles.values():
        if len(data) < 132 or data[36:40] != b"acsp" or int.from_bytes(data[:4], "big") > len(data):
            yield whole_file(
                name, _ERROR, rule, "the output intent's profile is broken", "a whole ICC profile"
            )
            continue
        space = _ICC_CLASSES.get(data[16:20], "another space")
        if profile.output_intent and space != profile.output_intent:
            yield whole_file(
                name, _ERROR, rule, f"the output intent's profile is one for {space}",
                f"one for {profile.output_intent}", value=space, limit=profile.output_intent,
            )  # fmt: skip


def _profile(intent: Node) -> bytes | None:
    stream = intent.get("/DestOutputProfile")
    return stream.data() if stream else None


def _says(node: Node, key: str) -> str:
    found = node.get(key)
    return found.name if found else ""


# --------------------------------------------------------------------------- what it does


def _actions(file: PdfFile, name: str) -> Iterator[Finding]:
    """Scripts, and actions that do more than lead somewhere."""
    found: dict[str, None] = {}
    for one in file.objects():
        for action in (one, one.get("/A"), one.get("/OpenAction")):
            if action is not None and (kind := _does(action)):
                found[kind] = None
    if file.root.get("/AA") is not None or any(page.get("/AA") is not None for page in file.pages):
        found["additional actions"] = None
    if file.root.path("/Names", "/JavaScript") is not None:
        found["JavaScript"] = None
    for kind in found:
        rule = "javascript" if kind == "JavaScript" else "actions"
        yield whole_file(name, _ERROR, rule, f"{kind} in the file", "pages that do nothing", value=kind)


def _does(action: Node) -> str:
    """What an action does, if it is one and does harm."""
    kind = _says(action, "/S")
    if action.get("/JS") is not None or kind == "JavaScript":
        return "JavaScript"
    is_action = _says(action, "/Type") == "Action" or kind in _HARMFUL
    return kind if is_action and kind not in _HARMLESS else ""


def annotation_findings(page: Node, sheet: Sheet, profile: Profile) -> Iterator[Finding]:
    """Links, notes and forms on a page that is printed."""
    annotations = page.get("/Annots")
    if profile.annotations or annotations is None:
        return
    for one in annotations.array:
        kind = _says(one, "/Subtype")
        corners = (one.get("/Rect") or one).numbers
        box = None
        if len(corners) == 4:
            box = Box(*map(min, corners[:2], corners[2:]), *map(max, corners[:2], corners[2:]))
        if kind in _INKLESS or (box is not None and not box.common(sheet.bleed)):
            continue
        what = {"Link": "a link", "Widget": "a field of a form"}.get(
            kind, f"an annotation ({kind or 'of no kind'})"
        )
        yield sheet.finding(_ERROR, "annotation", what, "none on a page that is printed", at=box, value=kind)


def attachments(file: PdfFile) -> tuple[Attachment, ...]:
    """The files inside the file."""
    found = []
    for key, node in name_tree(file.root.path("/Names", "/EmbeddedFiles")):
        title = node.get("/UF") or node.get("/F")
        stream = node.path("/EF", "/UF") or node.path("/EF", "/F")
        found.append(Attachment(title.text if title else key, _says(node, "/AFRelationship"), stream))
    return tuple(found)


# --------------------------------------------------------------------------- fonts


def font_findings(name: str, pages: Sequence[Sequence[Mark]]) -> Iterator[Finding]:
    """Fonts that stay at home, or travel whole; each once, on the page where it is used first."""
    used: dict[int, tuple[Font, int, Mark, set[int]]] = {}
    for number, marks in enumerate(pages, 1):
        for mark in marks:
            if mark.kind is Kind.TEXT and mark.font is not None:
                entry = used.setdefault(id(mark.font), (mark.font, number, mark, set()))
                entry[3].update(mark.codes)
    for font, number, _, codes in used.values():
        on = f"first used on page {number}"
        if not font.embedded:
            message = f"the font {font.name} is not embedded ({on}): another one will be printed"
            yield whole_file(name, _ERROR, "font", message, "every font embedded", value=font.name)
            if font.name.partition(",")[0] == "Courier":
                hint = "the font that was meant: Courier stands in for one that is missing"
                yield whole_file(name, _WARNING, "font", f"Courier ({on})", hint, value="Courier")
        elif font.program_bytes > max(_WHOLE_FONT, _WHOLE_GLYPH * len(codes)):
            size = f"{font.program_bytes / (1 << 20):.1f} MB"
            message = f"the font {font.name} is embedded whole: {size} for {len(codes)} characters ({on})"
            yield whole_file(name, _ERROR, "font", message, "a subset of what is used", value=size)
        elif not font.subset and font.program_bytes:
            message = f"the font {font.name} is not a subset ({on})"
            yield whole_file(name, _WARNING, "font", message, "a subset of what is used", value=font.name)
