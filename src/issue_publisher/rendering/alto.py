"""A printed page → ALTO 4.4: where every text, picture and rule stands, character by character.

Measures are tenths of a millimetre (mm10), from the upper left corner of the trimmed page: the page is no
scan, and needs no picture to be measured on. Whoever has one scales by its width against the page's.

The schema parts strings by white space, which Chinese does not write: a String is what stands between two
spaces, cut where the look or the language changes; no SP between two Strings means no space. Each
character's place stands in a Glyph. An SP at a line's end says that the text goes on after a space, as Latin
does and Chinese does not. A reading (注音) is an ALTERNATIVE of its base.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from issue_publisher.issue.model import Issue
from issue_publisher.layout.model import PT_PER_MM
from issue_publisher.rendering.printed import (
    Half,
    Look,
    Place,
    PrintedFrame,
    PrintedIssue,
    PrintedLine,
    PrintedPage,
    PrintedPart,
    PrintedPicture,
    PrintedRule,
    PrintedText,
    Sign,
    Word,
)

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = "https://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PROCESSING = "PROC1"
_ALIGN = {"left": "Left", "right": "Right", "centre": "Center", "justify": "Block"}
_LOST = "lost"  # TYPE of the empty place of a picture; the schema leaves the words to whoever writes it
_LOST_SAID = "the picture that was printed here is lost; its place is empty but for the words "
_SUBS = {Half.FIRST: "HypPart1", Half.SECOND: "HypPart2"}


@dataclass(frozen=True, slots=True)
class Software:
    """What the file was made with."""

    name: str
    version: str


def write_alto(
    page: PrintedPage, printed: PrintedIssue, issue: Issue, software: Software, picture: str
) -> bytes:
    """The ALTO file of one page. `picture`: the file that shows it, from where the ALTO lies."""
    return _Writer(page, printed, issue, software, picture).write()


@dataclass(frozen=True, slots=True)
class _Tag:
    """What a block is, or whose; `lost`: the words that stand in place of a picture."""

    kind: str
    label: str
    lost: str = ""


@dataclass
class _Writer:
    """Writes a page; collects the styles and tags that it uses."""

    page: PrintedPage
    printed: PrintedIssue
    issue: Issue
    software: Software
    picture: str
    _looks: dict[Look, str] = field(default_factory=dict)
    _paragraphs: dict[tuple[str, float], str] = field(default_factory=dict)
    _tags: dict[_Tag, str] = field(default_factory=dict)

    def write(self) -> bytes:
        root = etree.Element(f"{{{NAMESPACE}}}alto", nsmap={None: NAMESPACE, "xsi": _XSI})
        root.set("SCHEMAVERSION", "4.4")
        root.set(f"{{{_XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
        self._description(root)
        styles, tags, order = _add(root, "Styles"), _add(root, "Tags"), _add(root, "ReadingOrder")
        self._layout(root)
        self._order(order)
        self._write_styles(styles)
        self._write_tags(tags)
        return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))

    def _description(self, root: etree._Element) -> None:
        described = _add(root, "Description")
        _add(described, "MeasurementUnit").text = "mm10"
        source = _add(described, "sourceImageInformation")
        _add(source, "fileName").text = self.picture
        _add(source, "documentIdentifier").text = self.issue.id
        step = _add(described, "Processing", ID=_PROCESSING)
        _add(step, "processingCategory").text = "contentGeneration"
        _add(step, "processingDateTime").text = self.issue.date.isoformat()
        _add(
            step, "processingStepDescription"
        ).text = "typeset, not recognised: every place is that of the setting"
        software = _add(step, "processingSoftware")
        _add(software, "softwareName").text = self.software.name
        _add(software, "softwareVersion").text = self.software.version

    # ------------------------------------------------------------- what is on the page

    def _layout(self, root: etree._Element) -> None:
        page = self.page
        sheet = _add(
            _add(root, "Layout"), "Page", ID=f"P{page.at}", PHYSICAL_IMG_NR=str(page.at),
            PRINTED_IMG_NR=str(page.number), WIDTH=_mm10(page.width_pt), HEIGHT=_mm10(page.depth_pt),
            PC="1", LANG=self.printed.lang, PROCESSINGREFS=_PROCESSING,
        )  # fmt: skip
        if others := sorted(set(_languages(page))):
            sheet.set("OTHERLANGS", " ".join(others))
        space = _add(sheet, "PrintSpace", ID=f"P{page.at}_PS00001", **_placed(page.area))
        for frame in page.frames:
            self._frame(space, frame)
        for rule in page.rules:
            _add(space, "GraphicalElement", ID=rule.id, **_placed(rule.place))

    def _frame(self, space: etree._Element, frame: PrintedFrame) -> None:
        tags = [self._tag("LayoutTag", frame.kind)]
        if frame.item:
            tags.append(self._tag("StructureTag", frame.item))
        block = _add(
            space,
            "ComposedBlock",
            ID=frame.id,
            TAGREFS=" ".join(tags),
            **_placed(frame.place),
            TYPE=frame.kind,
        )
        for part in frame.parts:
            self._part(block, part)

    def _part(self, block: etree._Element, part: PrintedPart) -> None:
        match part:
            case PrintedRule():
                _add(block, "GraphicalElement", ID=part.id, **_placed(part.place))
            case PrintedPicture():
                tag = self._tag("LayoutTag", "lost-picture" if part.lost else "picture", part.lost)
                picture = _add(block, "Illustration", ID=part.id, TAGREFS=tag, **_placed(part.place))
                if part.lost:
                    picture.set("TYPE", _LOST)
            case PrintedText():
                self._text(block, part)

    def _text(self, block: etree._Element, text: PrintedText) -> None:
        style = f"{self._look(text.lines[0].words[0].look)} {self._paragraph(text.align, text.leading_pt)}"
        tag = self._tag("LayoutTag", text.kind)
        element = _add(block, "TextBlock", ID=text.id, STYLEREFS=style, TAGREFS=tag, **_placed(text.place))
        if text.lang:
            element.set("LANG", text.lang)
        for at, line in enumerate(text.lines, start=1):
            self._line(element, line, f"{text.id}_TL{at:04}", text.lines[0].words[0].look)

    def _line(self, block: etree._Element, line: PrintedLine, name: str, look: Look) -> None:
        place = line.place
        element = _add(block, "TextLine", ID=name, **_placed(place))
        if line.baseline_pt is not None:
            base = _mm10(line.baseline_pt)
            element.set("BASELINE", f"{_mm10(place.x_pt)},{base} {_mm10(place.right_pt)},{base}")
        if line.is_vertical:
            element.set("BASEDIRECTION", "ttb")
        for at, word in enumerate(line.words):
            self._word(element, word, f"{name}_ST{at + 1:03}", look)
            if word.space_after:
                following = line.words[at + 1] if at + 1 < len(line.words) else None
                _add(element, "SP", **_placed(_between(word, following, line.is_vertical)))
        if line.hyphen is not None:
            _add(element, "HYP", CONTENT="-", **_placed(line.hyphen))

    def _word(self, line: etree._Element, word: Word, name: str, look: Look) -> None:
        element = _add(line, "String", ID=name, CONTENT=word.text, **_placed(word.place))
        if word.look != look:
            element.set("STYLEREFS", self._look(word.look))
        if word.lang:
            element.set("LANG", word.lang)
        if word.half is not None:
            element.set("SUBS_TYPE", _SUBS[word.half])
            element.set("SUBS_CONTENT", word.whole)
        if word.reading:
            _add(element, "ALTERNATIVE", PURPOSE="ruby").text = word.reading
        for sign in word.signs:
            _glyph(element, sign)

    # ------------------------------------------------------------- what it refers to

    def _look(self, look: Look) -> str:
        return self._looks.setdefault(look, f"TS{len(self._looks) + 1}")

    def _paragraph(self, align: str, leading_pt: float) -> str:
        return self._paragraphs.setdefault((align, leading_pt), f"PAR{len(self._paragraphs) + 1}")

    def _tag(self, kind: str, label: str, lost: str = "") -> str:
        return self._tags.setdefault(_Tag(kind, label, lost), f"TAG{len(self._tags) + 1}")

    def _write_styles(self, styles: etree._Element) -> None:
        for look, name in self._looks.items():
            style = _add(styles, "TextStyle", ID=name, FONTFAMILY=look.family, FONTSIZE=f"{look.size_pt:g}")
            style.set("FONTCOLOR", look.ink)
            if look.styles:
                style.set("FONTSTYLE", " ".join(look.styles))
        for (align, leading_pt), name in self._paragraphs.items():
            style = _add(styles, "ParagraphStyle", ID=name)
            if align:
                style.set("ALIGN", _ALIGN[align])
            style.set("LINESPACE", _mm10(leading_pt))

    def _write_tags(self, tags: etree._Element) -> None:
        titles = {item.id: getattr(item, "headline", None) for item in self.issue.items()}
        for tag, name in self._tags.items():
            is_item = tag.kind == "StructureTag"
            element = _add(tags, tag.kind, ID=name, TYPE="item" if is_item else "kind", LABEL=tag.label)
            title = titles.get(tag.label) if is_item else None
            if title is not None:
                element.set("DESCRIPTION", title.plain)
            elif tag.lost:
                element.set("DESCRIPTION", f"{_LOST_SAID}{tag.lost}")

    def _order(self, order: etree._Element) -> None:
        """The page's items in the order of the source, each with its texts and pictures in theirs."""
        frames = [frame for frame in self.page.frames if frame.read]
        if not frames:  # no group may be empty
            order.getparent().remove(order)  # type: ignore[union-attr]
            return
        group = _add(order, "OrderedGroup", ID=f"P{self.page.at}_RO")
        for frame in frames:
            inside = _add(group, "OrderedGroup", ID=f"{frame.id}_RO", REF=frame.id)
            for part in frame.read:
                _add(inside, "ElementRef", ID=f"{part.id}_RO", REF=part.id)


def _languages(page: PrintedPage) -> Iterable[str]:
    for frame in page.frames:
        for part in frame.read:
            if isinstance(part, PrintedText):
                yield from filter(
                    None, [part.lang, *(word.lang for line in part.lines for word in line.words)]
                )


def _between(word: Word, following: Word | None, is_vertical: bool) -> Place:
    """The white behind a word; none at a line's end."""
    one = word.place
    if is_vertical:
        depth = following.place.y_pt - one.foot_pt if following else 0.0
        return Place(one.x_pt, one.foot_pt, one.width_pt, max(depth, 0.0))
    width = following.place.x_pt - one.right_pt if following else 0.0
    return Place(one.right_pt, one.y_pt, max(width, 0.0), one.depth_pt)


def _glyph(element: etree._Element, sign: Sign) -> None:
    """A glyph has one character: what joins it stands in its String alone."""
    _add(element, "Glyph", CONTENT=sign.text[0], **_placed(sign.place))


def _placed(place: Place) -> dict[str, str]:
    return {
        "HPOS": _mm10(place.x_pt),
        "VPOS": _mm10(place.y_pt),
        "WIDTH": _mm10(place.width_pt),
        "HEIGHT": _mm10(place.depth_pt),
    }


def _mm10(length_pt: float) -> str:
    """Tenths of a millimetre, with one more figure."""
    return f"{length_pt / PT_PER_MM * 10:.1f}"


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    for key, value in attributes.items():
        element.set(key, value)
    return element
