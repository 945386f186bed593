"""An issue as METS 1.12: what it is, which files show it, its pages, and its articles to every paragraph.

The names of divisions and the forms of identifiers are those that newspaper libraries use (the national
libraries of Luxembourg and Finland, and ENMAP of Europeana Newspapers): a logical map that points into the
ALTO files by `area`, a physical one of the pages, and links between both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from lxml import etree

from issue_publisher.issue.model import Issue
from issue_publisher.rendering.alto import Software
from issue_publisher.rendering.logical import Area, Division
from issue_publisher.rendering.mods import article_mods, issue_mods, paper_mods
from issue_publisher.rendering.printed import PrintedIssue

NAMESPACE = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMAS = (
    f"{NAMESPACE} https://www.loc.gov/standards/mets/version112/mets.xsd"
    " http://www.loc.gov/mods/v3 https://www.loc.gov/standards/mods/v3/mods-3-7.xsd"
)
_GROUPS = (("ALTO", "Text"), ("IMG", "Images"), ("PDF", "PDF"), ("EPUB", "EPUB"))  # prefix of ids, USE


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file that METS lists; `page`: the sheet side that it shows, 0 for the whole issue."""

    group: str  # ALTO, IMG, PDF, EPUB
    path: str  # from where the METS lies
    mime: str
    size: int
    sha256: str
    page: int = 0


def write_mets(
    issue: Issue,
    printed: PrintedIssue,
    division: Division,
    files: Sequence[PackageFile],
    software: Software,
) -> bytes:
    """The METS file of an issue; `division`: the issue with all its parts."""
    return _Writer(issue, printed, division, files, software).write()


@dataclass
class _Writer:
    issue: Issue
    printed: PrintedIssue
    division: Division
    files: Sequence[PackageFile]
    software: Software
    _file_ids: dict[PackageFile, str] = field(default_factory=dict)
    _count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _described: list[tuple[str, Callable[[], etree._Element]]] = field(default_factory=list)
    _links: list[tuple[str, str]] = field(default_factory=list)

    def _next(self, prefix: str, digits: int = 0) -> str:
        self._count[prefix] += 1
        return f"{prefix}{self._count[prefix]:0{digits}}"

    def write(self) -> bytes:
        spaces = {"mets": NAMESPACE, "xlink": XLINK, "xsi": _XSI}
        root = etree.Element(f"{{{NAMESPACE}}}mets", nsmap=spaces)
        root.set(f"{{{_XSI}}}schemaLocation", _SCHEMAS)
        root.set("OBJID", self.issue.id)
        root.set("LABEL", self.division.label)
        root.set("TYPE", "Newspaper")
        for group, _ in _GROUPS:
            for file in self._of(group):
                self._file_ids[file] = self._next(group, 5)
        physical, logical = self._physical(), self._logical()
        self._header(root)
        for name, described in self._described:
            wrap = _add(_add(root, "dmdSec", ID=name), "mdWrap", MDTYPE="MODS", MIMETYPE="text/xml")
            wrap.set("LABEL", "Bibliographic metadata")
            _add(wrap, "xmlData").append(described())
        self._file_section(root)
        root.append(physical)
        root.append(logical)
        links = _add(root, "structLink")
        for one, other in self._links:
            _add(links, "smLink", **{f"{{{XLINK}}}from": one, f"{{{XLINK}}}to": other})
        etree.cleanup_namespaces(root, keep_ns_prefixes=["mods", "xsi", "xlink"])
        etree.indent(root)
        return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"

    def _header(self, root: etree._Element) -> None:
        header = _add(root, "metsHdr", CREATEDATE=_moment(self.issue.date))
        made = _add(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
        _add(made, "name").text = f"{self.software.name} {self.software.version}"
        if self.issue.nameplate.publisher:
            owner = _add(header, "agent", ROLE="IPOWNER", TYPE="ORGANIZATION")
            _add(owner, "name").text = self.issue.nameplate.publisher

    # ------------------------------------------------------------- files

    def _of(self, group: str) -> list[PackageFile]:
        return [file for file in self.files if file.group == group]

    def _file_section(self, root: etree._Element) -> None:
        section = _add(root, "fileSec")
        for group, use in _GROUPS:
            if not self._of(group):
                continue
            element = _add(section, "fileGrp", ID=f"{group}GRP", USE=use)
            for at, file in enumerate(self._of(group), start=1):
                one = _add(
                    element, "file", ID=self._file_ids[file], SEQ=str(at), MIMETYPE=file.mime,
                    SIZE=str(file.size), CREATED=_moment(self.issue.date),
                    CHECKSUM=file.sha256, CHECKSUMTYPE="SHA-256",
                )  # fmt: skip
                place = _add(one, "FLocat", LOCTYPE="URL")
                place.set(f"{{{XLINK}}}type", "simple")
                place.set(f"{{{XLINK}}}href", quote(file.path))

    # ------------------------------------------------------------- maps

    def _physical(self) -> etree._Element:
        """The pages, each with the files that show it; the whole issue with those that hold it all."""
        root = _element("structMap", TYPE="PHYSICAL", LABEL="Physical Structure")
        whole = _add(
            root, "div", ID=self._next("DIVP"), TYPE="Newspaper", LABEL=self.division.label,
            DMDID=self._describe("MODSMD_PRINT", lambda: paper_mods(self.issue)),
        )  # fmt: skip
        for file in self.files:
            if not file.page:
                _add(whole, "fptr", FILEID=self._file_ids[file])
        for page in self.printed.pages:
            element = _add(
                whole, "div", ID=_page_id(page.at), TYPE="PAGE", ORDER=str(page.at),
                ORDERLABEL=str(page.number), LABEL=f"Page {page.number}",
            )  # fmt: skip
            for file in self.files:
                if file.page == page.at:
                    _add(element, "fptr", FILEID=self._file_ids[file])
        return root

    def _logical(self) -> etree._Element:
        root = _element("structMap", TYPE="LOGICAL", LABEL="Logical Structure")
        paper = _add(
            root, "div", ID=self._next("DIVL"), TYPE="Newspaper", LABEL=self.issue.nameplate.title,
            DMDID="MODSMD_PRINT",
        )  # fmt: skip
        self._division(paper, self.division, 1)
        return root

    def _division(self, parent: etree._Element, division: Division, at: int) -> None:
        element = _add(parent, "div", ID=self._next("DIVL"), TYPE=division.type, ORDER=str(at))
        if division.label:
            element.set("LABEL", division.label)
        pages = sorted({area.page for area in division.all_areas()})
        if name := self._description(division, pages):
            element.set("DMDID", name)
            self._links += [(element.get("ID", ""), _page_id(page)) for page in pages]
        if division.areas:
            self._areas(_add(element, "fptr"), division.areas)
        for number, inside in enumerate(division.inside, start=1):
            self._division(element, inside, number)

    def _description(self, division: Division, pages: Sequence[int]) -> str:
        """The name of what is said of a division: of the issue, and of every article."""
        if division.type == "ISSUE":
            return self._describe("MODSMD_ISSUE1", lambda: issue_mods(self.issue, len(self.printed.pages)))
        if division.type != "ARTICLE" or not pages:
            return ""
        numbers = [self.printed.pages[page - 1].number for page in pages]
        said = division.label, division.article, division.section
        return self._describe(self._next("MODSMD_ARTICLE"), lambda: article_mods(self.issue, *said, numbers))

    def _describe(self, name: str, described: Callable[[], etree._Element]) -> str:
        self._described.append((name, described))
        return name

    def _areas(self, pointer: etree._Element, areas: Iterable[Area]) -> None:
        """Where a text stands; one that is parted is read in this order."""
        found = list(areas)
        holder = _add(pointer, "seq") if len(found) > 1 else pointer
        for area in found:
            file = next(file for file in self._of("ALTO") if file.page == area.page)
            _add(holder, "area", FILEID=self._file_ids[file], BEGIN=area.block, BETYPE="IDREF")


def _page_id(page: int) -> str:
    return f"DIVP_PAGE{page}"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _element(name: str, **attributes: str) -> etree._Element:
    element = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={"mets": NAMESPACE})
    for key, value in attributes.items():
        element.set(key, value)
    return element


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    for key, value in attributes.items():
        element.set(key, value)
    return element
