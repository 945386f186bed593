"""`ComposedIssue` → the pages' HTML: ready lines through the layout's print templates, in screen colours."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import groupby
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from issue_publisher.composition.furniture import room_below
from issue_publisher.composition.model import (
    ComposedIssue,
    ComposedPage,
    Frame,
    PictureBox,
    Rule,
    TextBlock,
    VerticalBlock,
)
from issue_publisher.fonts.catalogue import Face, script_runs
from issue_publisher.fonts.gap import FEATURE_AFTER, FEATURE_BEFORE, FEATURE_RAISED, Trim, trimmed
from issue_publisher.fonts.subset import subset_face
from issue_publisher.issue import wording
from issue_publisher.issue.model import Advertisement, Briefs, InlineKind, Item
from issue_publisher.layout.model import Layout
from issue_publisher.pictures import Picture, PreparedPicture, picture_for_press, svg_text
from issue_publisher.pictures.kept import NOTHING_KEPT, Kept, key_of, made_once
from issue_publisher.rendering.pdf import BASE, Resource, write_pdf
from issue_publisher.rendering.structure import Element, Structure, Tagged, tag_frame
from issue_publisher.rendering.templates import environment, render
from issue_publisher.typesetting.faces import PaperFaces
from issue_publisher.typesetting.lines import Line, Run, Style
from issue_publisher.typesetting.marks import Kind, joins_previous, kind
from issue_publisher.typesetting.vertical import Stand, VerticalRun

FURNITURE_ROLES = ("nameplate", "furniture", "folio-title")  # type roles that furniture templates may use
_OVERLAYS = ("text", "mark")
_DOT_BELOW_EM = 0.02  # from a character to the emphasis dot under it
_DOT_CLEAR_EM = 0.04  # from a character's square to the dot at its right
_LEAST_READING_EM = 0.18  # of its base, in lines without white between them
_BOLD = {"hei": "hei-heavy", "song": "song-heavy"}  # what bold words of a drawing are painted in
_SVG_FONTS = ("hei", "hei-heavy")  # font families that drawings may name


def render_pages(
    composed: ComposedIssue,
    layout: Layout,
    faces: PaperFaces,
    pictures: Mapping[str, Picture],
    kept: Kept = NOTHING_KEPT,
) -> bytes:
    """The pages of an issue that is made up, to be looked at: neither tagged nor fit for a press.

    `pictures`: src → picture, of every figure; what is made of them is `kept`. Raises TemplateFault when a
    template is wrong, RenderError when WeasyPrint complains, FontError when a character has no glyph.
    """
    sheets = pages_html(composed, layout, faces, pictures, kept)
    identifier = hashlib.sha256(sheets.html.encode()).digest()[:16]
    return write_pdf(sheets.html, sheets.resources, identifier=identifier)


@dataclass(frozen=True, slots=True)
class Sheets:
    """The printed pages as paginated HTML, with everything it names, and what it says in reading order."""

    html: str
    resources: Mapping[str, Resource]
    structure: tuple[Element, ...]
    page_numbers: tuple[int, ...]


def pages_html(
    composed: ComposedIssue,
    layout: Layout,
    faces: PaperFaces,
    pictures: Mapping[str, Picture],
    kept: Kept = NOTHING_KEPT,
) -> Sheets:
    """The pages of an issue.

    `pictures`: src → picture, of every figure; what is made of them is `kept`. Raises TemplateFault when a
    template is wrong, FontError when a character has no glyph.
    """
    jinja = environment(*layout.template_folders)
    sheet = _Sheet(layout, faces, pictures, _targets(composed), Structure(composed.issue.lang), kept)
    parts = (part for page in composed.pages for frame in page.frames for part in frame.parts)
    boxes = [part for part in parts if isinstance(part, PictureBox)]
    sheet.prepare(box for box in boxes if not box.words)
    pages = [_page(composed, page, sheet, jinja) for page in composed.pages]
    html = render(
        jinja,
        "print/issue.html.j2",
        issue=composed.issue,
        layout=layout,
        pages=pages,
        title=f"{composed.issue.nameplate.title} {composed.issue.nameplate.date_text}",
        font_faces=sheet.font_faces(),
        classes=sheet.classes_css(),
        roles={name: sheet.role_css(name) for name in layout.type},
        ink=layout.ink_rgb,
        pt_per_mm=72 / 25.4,
        lost=any(box.words for box in boxes),
    )
    numbers = tuple(page.page.number for page in composed.pages)
    return Sheets(html, sheet.resources(), tuple(sheet.structure.elements), numbers)


def _targets(composed: ComposedIssue) -> dict[str, str]:
    """The frame that each piece stands in, by its id: what links inside the issue lead to."""
    found: dict[str, str] = {}
    for item in (item for page in composed.pages for item in page.page.items):
        found[item.id] = item.id
        if isinstance(item, Briefs):
            found |= {brief.id: item.id for brief in item.articles}
    return found


# --------------------------------------------------------------------------- what templates see


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the template prints it: text, and a class when it differs from its block."""

    text: str
    css: str = ""
    href: str | None = None
    element: str = ""  # of the structure, when it is not that of its line


@dataclass(frozen=True, slots=True)
class LineView:
    """A line; `css` is a class of its own when it is condensed or stands alone."""

    runs: tuple[RunView, ...]
    css: str = ""


@dataclass(frozen=True, slots=True)
class PartView:
    """A part at its place, in points."""

    tag: str  # text, lines, picture, place, rule, mark
    kind: str
    x: float
    y: float
    width: float
    depth: float
    css: str = ""
    lines: tuple[LineView, ...] = ()
    url: str = ""
    alt: str = ""
    ink: str = ""
    border: float = 0.0
    text: str = ""
    element: str = ""  # of the structure: "7", or "7*2 9*5": its first two lines belong to 7, five more to 9
    bookmark: str = ""


@dataclass(frozen=True, slots=True)
class FrameView:
    """An item of the page."""

    id: str
    kind: str
    x: float
    y: float
    parts: tuple[PartView, ...]
    element: str
    bookmark: str


@dataclass(frozen=True, slots=True)
class PageView:
    """A page: furniture ready as HTML, frames, rules."""

    number: int
    title: str
    head: Markup
    foot: Markup
    frames: tuple[FrameView, ...]
    rules: tuple[PartView, ...]
    element: str
    bookmark: str


def _page(composed: ComposedIssue, made: ComposedPage, sheet: _Sheet, jinja: Environment) -> PageView:
    issue, page = composed.issue, made.page
    values = {
        "issue": issue,
        "nameplate": issue.nameplate,
        "page": page,
        "layout": sheet.layout,
        "wording": wording,
    }
    first, last = (page.number == issue.pages[at].number for at in (0, -1))
    head = render(jinja, "print/nameplate.html.j2" if first else "print/folio.html.j2", **values)
    has_foot = last and (issue.imprint is not None or room_below(sheet.layout) > 0)
    foot = render(jinja, "print/imprint.html.j2", **values) if has_foot else ""
    sheet.furniture(head + foot)
    rules = tuple(_rule(rule, sheet) for rule in made.rules)
    number = sheet.structure.add("Sect", None, title=wording.page_text(page))
    items = {item.id: item for item in page.items}
    frames = tuple(_frame(frame, items.get(frame.placement.item), number, sheet) for frame in made.frames)
    title, element = wording.page_text(page), str(number)
    return PageView(page.number, page.title, Markup(head), Markup(foot), frames, rules, element, title)


def _frame(frame: Frame, item: Item | None, page: int, sheet: _Sheet) -> FrameView:
    grid, place = sheet.layout.grid, frame.placement
    tagged = tag_frame(frame, item, page, sheet.structure)
    parts: list[PartView] = []
    for at, part in enumerate(frame.parts):
        match part:
            case TextBlock():
                parts.extend(_text(part, tagged, at, sheet))
            case VerticalBlock():
                parts.extend(_vertical(part, tagged, at, sheet))
            case PictureBox():
                parts.append(_picture(part, tagged.of[at][0], sheet))
            case Rule():
                parts.append(_rule(part, sheet))
    # Readings and dots last: a sentence that runs from leg to leg is not to be interrupted by them.
    parts.sort(key=lambda part: part.tag in _OVERLAYS)
    x, y = grid.x_pt(place.column), grid.depth_pt(place.row)
    return FrameView(
        place.item, frame.kind, x, y, tuple(parts), str(tagged.number), _bookmark(item) if item else ""
    )


def _bookmark(item: Item) -> str:
    """What an item is called among the bookmarks."""
    if isinstance(item, Briefs):
        return item.rubric
    if item.headline is not None:
        return item.headline.plain
    if isinstance(item, Advertisement):
        return wording.advertisement_text(item.kind)
    return item.rubric or next((figure.caption.plain for figure in item.figures if figure.caption), "")


def _picture(box: PictureBox, element: int, sheet: _Sheet) -> PartView:
    if box.words:
        return _empty_place(box, element, sheet)
    return PartView(
        "picture", "picture", box.x_pt, box.y_pt, box.width_pt, box.depth_pt,
        url=sheet.picture(box), alt=box.alt, element=str(element),
    )  # fmt: skip


def _empty_place(box: PictureBox, element: int, sheet: _Sheet) -> PartView:
    """The place of a picture that is lost: a quiet ground, a rule round it, and in its middle what it is."""
    look, role = sheet.layout.lost_picture, sheet.layout.type["caption"]
    style = Style(role.font, role.size_pt, role.ink)
    sheet.use(box.words, style)
    rules = [
        _style_css(style, sheet),
        f"background:{sheet.layout.ink_rgb(look.ink)}",
        f"border:{look.rule_pt:g}pt solid {sheet.layout.ink_rgb(look.rule_ink)}",
    ]
    return PartView(
        "place", "place", box.x_pt, box.y_pt, box.width_pt, box.depth_pt,
        sheet.css(";".join(rules)), text=box.words, border=look.rule_pt, element=str(element),
    )  # fmt: skip


def _rule(rule: Rule, sheet: _Sheet) -> PartView:
    ink = sheet.layout.ink_rgb(rule.ink)
    return PartView(
        "rule", "rule", rule.x_pt, rule.y_pt, rule.width_pt, rule.depth_pt, ink=ink, border=rule.border_pt
    )


def _text(block: TextBlock, tagged: Tagged, part: int, sheet: _Sheet) -> Iterator[PartView]:
    """A block as one element of ready lines; condensed lines as elements of their own; then its overlays."""
    base, numbers = _base_style(block.lines), tagged.of[part]
    css = sheet.css(_style_css(base, sheet) + f";line-height:{block.leading_pt:g}pt")
    inlines = [
        sheet.structure.inlines(line, number) for line, number in zip(block.lines, numbers, strict=True)
    ]
    if base.scale != 1.0:
        for at, line in enumerate(block.lines):
            view = _condensed(block, line, at, base, css, sheet, _own(inlines[at][0], numbers[at]))
            yield replace(view, element=str(numbers[at]))
    else:
        lines = tuple(
            _line(line, base, sheet, _own(inlines[at][0], numbers[at])) for at, line in enumerate(block.lines)
        )
        bookmark = "".join(line.text for line in block.lines) if block.kind == "brief-head" else ""
        yield PartView(
            "lines", block.kind, block.x_pt, block.y_pt, block.width_pt, block.depth_pt, css, lines,
            element=_counted(numbers), bookmark=bookmark,
        )  # fmt: skip
    for at, line in enumerate(block.lines):
        yield from _overlays(block, line, block.y_pt + at * block.leading_pt, inlines[at][1], sheet)


def _own(numbers: Iterable[int], around: int) -> tuple[str, ...]:
    """The elements of a line's runs, where they are not that of the line."""
    return tuple("" if number == around else str(number) for number in numbers)


def _counted(numbers: Iterable[int]) -> str:
    """5 5 5 7 7 → 5*3 7*2"""
    groups = [(number, len(list(same))) for number, same in groupby(numbers)]
    if len(groups) == 1:
        return str(groups[0][0])
    return " ".join(f"{number}*{count}" for number, count in groups)


def _condensed(
    block: TextBlock, line: Line, at: int, base: Style, css: str, sheet: _Sheet, elements: tuple[str, ...]
) -> PartView:
    """A condensed line: set at full width, scaled about its left edge."""
    left = line.runs[0].x_pt - line.runs[0].before_pt if line.runs else 0.0
    scaled = Line(
        tuple(
            replace(
                run,
                x_pt=(run.x_pt - left) / base.scale,
                width_pt=run.width_pt / base.scale,
                tracking_pt=run.tracking_pt / base.scale,
                before_pt=run.before_pt / base.scale,
                after_pt=run.after_pt / base.scale,
            )
            for run in line.runs
        ),
        line.measure_pt, line.end_pt,
    )  # fmt: skip
    squeeze = sheet.css(f"transform:scaleX({base.scale:.4f});transform-origin:left top")
    view = _line(scaled, base, sheet, elements)
    y = block.y_pt + at * block.leading_pt
    return PartView(
        "lines",
        block.kind,
        block.x_pt + left,
        y,
        block.width_pt / base.scale,
        block.leading_pt,
        f"{css} {squeeze}",
        (view,),
    )


def _base_style(lines: Iterable[Line]) -> Style:
    """The style of most characters on the baseline of a block, which needs no element of its own."""
    count: dict[Style, int] = defaultdict(int)
    for line in lines:
        for run in line.runs:
            count[run.style] += len(run.text)
    return max(count, key=lambda style: (not style.raise_pt, count[style]))


@dataclass(frozen=True, slots=True)
class _Element:
    """Part of a run that Pango shapes by itself: white beside it, in points, and its features."""

    text: str
    before: float = 0.0
    after: float = 0.0
    features: tuple[str, ...] = ()
    spaced: bool = True  # whether its characters have the run's letter space


def _line(line: Line, base: Style, sheet: _Sheet, own_elements: tuple[str, ...]) -> LineView:
    made: list[tuple[_Element, int]] = []
    for at, run in enumerate(line.runs):
        first, last = at == 0, at == len(line.runs) - 1
        sheet.use(run.text, run.style)
        if not first and not run.text.strip(" ") and (held := _with_space(*made[-1], at, line)):
            made[-1] = held
            continue
        start = run.x_pt if first else run.before_pt
        elements = _elements(replace(run, before_pt=start), first, last, sheet)
        made += [(element, at) for element in elements]
    if line.space and made:  # those who hear the line, or copy it, need the space that its end drops
        element, at = made[-1]
        sheet.use(" ", line.runs[at].style)
        made[-1] = replace(element, text=element.text + " "), at
    own = base.tracking_em * base.size_pt
    views = []
    for element, at in made:
        run = line.runs[at]
        rules = [_style_css(run.style, sheet)] if run.style != base else []
        if abs(run.tracking_pt - own) > 5e-4:
            rules.append(f"letter-spacing:{run.tracking_pt:.3f}pt")
        views.append(_run_view(element, run.style, rules, sheet, own_elements[at]))
    return LineView(tuple(views))


def _with_space(element: _Element, of: int, at: int, line: Line) -> tuple[_Element, int] | None:
    """An element that brings the run of spaces behind it: WeasyPrint paints none that is of spaces alone.

    None when they cannot be one, since they are not of one style or the element's last glyph is its own.
    """
    run, space = line.runs[of], line.runs[at]
    if run.style != space.style or not set(element.features) <= {FEATURE_BEFORE, FEATURE_RAISED}:
        return None
    tracking = run.tracking_pt if element.spaced else 0.0
    after = space.before_pt + space.after_pt + len(space.text) * (space.tracking_pt - tracking)
    return replace(element, text=element.text + space.text, after=element.after + after), of


def _run_view(element: _Element, style: Style, rules: list[str], sheet: _Sheet, number: str) -> RunView:
    rules = list(rules) if element.spaced else [*rules, "letter-spacing:0"]
    if abs(element.before) > 5e-4:
        rules.append(f"margin-left:{element.before:.3f}pt")
    if abs(element.after) > 5e-4:
        rules.append(f"margin-right:{element.after:.3f}pt")
    if element.features:
        rules.append("font-feature-settings:" + ",".join(f"'{name}'" for name in element.features))
    return RunView(element.text, sheet.css(";".join(rules)) if rules else "", sheet.link(style), number)


def _elements(run: Run, first: bool, last: bool, sheet: _Sheet) -> tuple[_Element, ...]:
    """A run as elements: white that belongs to glyphs (`fonts.gap`) is asked for where it stands alone.

    Inside a line a mark that gives up white is an element of its own; at the edges of a line nothing
    overlaps it. A run that brings white between Han and Latin is cut where Pango cuts it, at every face
    and script, so that the first glyph of the first element is the run's first, and its last the last.
    """
    parts = [run.text]
    if run.gap_before or run.gap_after:
        faces = sheet.faces.runs(run.text, run.style.font, run.style.lang)
        parts = [part for _, text in faces for part in script_runs(text)]
    if abs(run.tracking_pt) > 5e-4:
        parts = [piece for part in parts for piece in _DASHES.split(part) if piece]
    before, after = (0.0 if first else run.before_pt), (0.0 if last else run.after_pt)
    front, back = (
        sheet.trim(run.text[0], run.style, before, 0.0),
        sheet.trim(run.text[-1], run.style, 0.0, after),
    )
    if len(run.text) == 1:
        front, back = sheet.trim(run.text, run.style, before, after), None
    if front and len(parts[0]) > 1:
        parts[:1] = [parts[0][0], parts[0][1:]]
    if back and len(parts[-1]) > 1:
        parts[-1:] = [parts[-1][:-1], parts[-1][-1]]
    elements = [_element(part, run, sheet) for part in parts]
    start = elements[0]
    features = start.features + (FEATURE_BEFORE,) * run.gap_before
    elements[0] = replace(start, before=run.before_pt, features=features)
    end = elements[-1]
    features = end.features + (FEATURE_AFTER,) * run.gap_after
    elements[-1] = replace(end, after=end.after + run.after_pt, features=features)
    for place, trim in ((0, front), (-1, back)):
        if trim:
            one = elements[place]
            elements[place] = _Element(
                one.text, one.before + trim.before, one.after + trim.after, (*one.features, trim.feature)
            )
    return tuple(elements)


# —— is one glyph in most faces and two in others: white between its halves is white behind it.
_DASHES = re.compile("([—―⸺…⋯]{2,})")


def _element(part: str, run: Run, sheet: _Sheet) -> _Element:
    """Part of a run: a row of dashes or points keeps the letter space that it has behind it."""
    if abs(run.tracking_pt) <= 5e-4 or not _DASHES.fullmatch(part):
        return _Element(part, features=(FEATURE_RAISED,) * sheet.raises(run.style))
    white = run.tracking_pt
    if part == run.text:
        em = sum(sheet.faces.char_em(char, run.style.font, run.style.lang) for char in part)
        white = run.width_pt - em * run.style.size_pt
    return _Element(part, after=white, spaced=False)


def _style_css(style: Style, sheet: _Sheet) -> str:
    rules = [sheet.family_css(style.font, style.lang), f"color:{sheet.layout.ink_rgb(style.ink)}"]
    if style.tracking_em:
        rules.append(f"letter-spacing:{style.tracking_em * style.size_pt:.3f}pt")
    else:
        rules.append("letter-spacing:0")
    if style.raise_pt:
        # line-height 0: a smaller run would push its line off the baseline grid.
        rules.append("line-height:0")
        if not sheet.raises(style):
            rules.append(f"vertical-align:{style.raise_pt:.2f}pt")
    rules.append(f"font-size:{style.size_pt:g}pt")
    return ";".join(rules)


def _overlays(
    block: TextBlock, line: Line, y: float, rubies: tuple[int, ...], sheet: _Sheet
) -> Iterator[PartView]:
    """Emphasis dots and ruby: painted over the lines, so that the text itself stays whole."""
    middle = y + block.leading_pt / 2
    for run in line.runs:
        if InlineKind.DOTS in run.style.kinds:
            yield from _dots(run, block.x_pt, middle, sheet)
    numbers = iter(rubies)
    for ruby, runs in groupby(line.runs, key=lambda run: run.style.ruby):
        if ruby:
            number = sheet.structure.add("RT", next(numbers), painted=True)
            yield from _readings(ruby, tuple(runs), block, line, middle, sheet, str(number))


def _dots(run: Run, x_pt: float, middle_pt: float, sheet: _Sheet) -> Iterator[PartView]:
    """A dot under each character, none under marks and spaces (R16, CLREQ "Emphasis dots").

    Under Latin letters they stand lower, clear of descenders.
    """
    style, policy, faces = run.style, sheet.layout.typesetting, sheet.faces
    size, dot = style.size_pt, style.size_pt * policy.dot_em
    wide = size * style.scale
    x, ink = x_pt + run.x_pt, sheet.layout.ink_rgb(style.ink)
    letters = [char for char in run.text if kind(char) is Kind.LATIN]
    feet = max([1.0, *(faces.ink(char, style.font, style.lang).bottom_em for char in letters)]) - 0.5
    if run.gap_before:
        x += policy.han_latin_gap_em * wide
    for char in run.text:
        advance = 0.0 if joins_previous(char) else faces.char_em(char, style.font, style.lang) * wide
        if advance and char.isalnum():
            low = feet if kind(char) is Kind.LATIN else 0.5
            top = middle_pt + (low + _DOT_BELOW_EM) * size
            yield PartView("mark", "dot", x + (advance - dot) / 2, top, dot, dot, ink=ink)
        x += advance + (run.tracking_pt if advance else 0.0)


def _readings(
    ruby: str,
    runs: tuple[Run, ...],
    block: TextBlock,
    line: Line,
    middle_pt: float,
    sheet: _Sheet,
    element: str,
) -> Iterator[PartView]:
    """A reading over its base: one over each character when there are as many, else one over them all.

    It is no larger than the white between two lines, so that it never touches the line above, and stays
    inside the measure: at the ends of a line it moves inwards (CLREQ, "Ruby").
    """
    size, policy = runs[0].style.size_pt, sheet.layout.typesetting
    small = _reading_size(size, block.leading_pt, policy.ruby_em)
    style = Style(policy.ruby_font, small, runs[0].style.ink)
    css = sheet.css(_style_css(style, sheet) + f";line-height:{small:g}pt")
    words = ruby.split()
    over = [(word, run, run) for word, run in zip(words, runs, strict=False)]
    if len(words) != len(runs):
        over = [(ruby, runs[0], runs[-1])]
    for word, first, last in over:
        sheet.use(word, style)
        wide = sheet.faces.word_em(word, style.font, None) * small
        left = (first.x_pt + last.x_pt + last.width_pt - last.tracking_pt - wide) / 2
        left = max(0.0, min(left, max(line.measure_pt, line.end_pt) - wide))
        top = middle_pt - size / 2 - small * 1.04
        # Centred in a box with room to spare: the renderer may find it a hair wider.
        x, width = block.x_pt + left - size, wide + 2 * size
        yield PartView("text", "ruby", x, top, width, small, css, text=word, element=element)


def _reading_size(size_pt: float, leading_pt: float, ruby_em: float) -> float:
    return size_pt * min(ruby_em, max(leading_pt / size_pt - 1, _LEAST_READING_EM))


# --------------------------------------------------------------------------- vertical text


def _vertical(block: VerticalBlock, tagged: Tagged, part: int, sheet: _Sheet) -> Iterator[PartView]:
    """Vertical text, as few elements as its places allow: WeasyPrint knows no `writing-mode`.

    Characters that follow each other at one distance are lines of one element; what is turned, or narrowed to
    fit its square, is an element of its own.
    """
    element = tagged.of[part][0]
    for column in block.setting.columns:
        painted = [run for run in column.runs if run.stand is not Stand.WHITE]
        for runs in _even(painted):
            yield _vertical_runs(block, runs, sheet, str(element))
    for column in block.setting.columns:
        for run in column.runs:
            yield from _vertical_dots(block, run, sheet)
        for ruby, group in groupby(column.runs, key=lambda run: run.style.ruby):
            if ruby:
                yield from _vertical_readings(block, ruby, tuple(group), sheet, str(element))


def _even(runs: Iterable[VerticalRun]) -> Iterator[tuple[VerticalRun, ...]]:
    """Runs in order, those together that one element with one line height can paint."""
    group: list[VerticalRun] = []
    for run in runs:
        if group and not _goes_on(group, run):
            yield tuple(group)
            group = []
        group.append(run)
    if group:
        yield tuple(group)


def _goes_on(group: list[VerticalRun], run: VerticalRun) -> bool:
    last = group[-1]
    step = run.y_pt - last.y_pt
    return (
        run.stand is last.stand is Stand.UPRIGHT
        and run.style == last.style
        and abs(run.x_pt - last.x_pt) < 1e-3
        and run.scale == last.scale == 1.0
        and step > 0.5 * run.style.size_pt
        and (len(group) == 1 or abs(step - (last.y_pt - group[-2].y_pt)) < 1e-3)
    )


def _vertical_runs(
    block: VerticalBlock, runs: tuple[VerticalRun, ...], sheet: _Sheet, element: str
) -> PartView:
    first, style = runs[0], runs[0].style
    size = style.size_pt
    pitch = runs[1].y_pt - first.y_pt if len(runs) > 1 else size
    upright = replace(style, tracking_em=0.0, raise_pt=0.0)
    rules = _style_css(style if first.stand is Stand.TURNED else upright, sheet)
    rules += f";line-height:{pitch:.4f}pt"
    if first.stand is Stand.UPRIGHT:
        rules += ';font-feature-settings:"vert"'
    elif first.stand is Stand.TURNED:
        stretch = "" if first.scale == 1.0 else f" scaleX({first.scale:.4f})"
        rules += f";transform:rotate(90deg){stretch};transform-origin:left top"
    if first.stand is not Stand.TURNED and first.scale != 1.0:
        rules += f";transform:scaleX({first.scale:.4f});transform-origin:left top"
    for run in runs:
        sheet.use(run.text, run.style)
    return PartView(
        "lines",
        block.kind,
        block.x_pt + first.x_pt,
        block.y_pt + first.y_pt - (pitch - size) / 2,
        max(size, first.length_pt),
        pitch * len(runs),
        sheet.css(rules),
        tuple(LineView((RunView(run.text, href=sheet.link(run.style)),)) for run in runs),
        element=element,
    )


def _vertical_dots(block: VerticalBlock, run: VerticalRun, sheet: _Sheet) -> Iterator[PartView]:
    """Emphasis dots stand at the right of vertical text (CLREQ, "Emphasis dots"), none beside marks."""
    if InlineKind.DOTS not in run.style.kinds or not run.text[0].isalnum():
        return
    size, policy = run.style.size_pt, sheet.layout.typesetting
    dot, ink = size * policy.dot_em, sheet.layout.ink_rgb(run.style.ink)
    right = run.x_pt if run.stand is Stand.TURNED else run.x_pt + size
    x = block.x_pt + right + size * _DOT_CLEAR_EM
    count = len(run.text) if run.stand is Stand.TURNED else 1
    each = run.length_pt / count
    for at in range(count):
        y = block.y_pt + run.start_pt + each * (at + 0.5) - dot / 2
        yield PartView("mark", "dot", x, y, dot, dot, ink=ink)


def _vertical_readings(
    block: VerticalBlock, ruby: str, runs: tuple[VerticalRun, ...], sheet: _Sheet, element: str
) -> Iterator[PartView]:
    """Readings at the right of their bases, turned as pinyin is beside vertical text."""
    size = runs[0].style.size_pt
    small = size * sheet.layout.typesetting.ruby_em
    style = Style(sheet.layout.typesetting.ruby_font, small, runs[0].style.ink)
    css = sheet.css(
        f"{_style_css(style, sheet)};line-height:{small:g}pt;"
        "transform:rotate(90deg);transform-origin:left top"
    )
    words = ruby.split()
    over = [(word, run, run) for word, run in zip(words, runs, strict=False)]
    if len(words) != len(runs):
        over = [(ruby, runs[0], runs[-1])]
    right = max(run.x_pt if run.stand is Stand.TURNED else run.x_pt + size for run in runs)
    for word, first, last in over:
        sheet.use(word, style)
        top, bottom = first.start_pt - size, last.start_pt + last.length_pt + size
        x = block.x_pt + right + small * 1.04
        y = block.y_pt + top
        yield PartView("text", "ruby", x, y, bottom - top, small, css, text=word, element=element)


# --------------------------------------------------------------------------- what pages share


def _font_face(family: str, role: str, weight: str = "normal") -> str:
    return f'@font-face{{font-family:{family};font-weight:{weight};src:url("{BASE}font/{role}")}}'


@dataclass
class _Sheet:
    """Collects, while pages are made, the classes, characters and pictures that they use."""

    layout: Layout
    faces: PaperFaces
    pictures: Mapping[str, Picture]
    targets: Mapping[str, str]
    structure: Structure
    kept: Kept = NOTHING_KEPT
    _classes: dict[str, str] = field(default_factory=dict)
    _pictures: dict[str, Resource] = field(default_factory=dict)
    _prepared: dict[PictureBox, PreparedPicture] = field(default_factory=dict)
    _used: dict[tuple[str, str | None], set[str]] = field(default_factory=lambda: defaultdict(set))
    _raised: set[str] = field(default_factory=set)

    def link(self, style: Style) -> str | None:
        """Where a click leads: an address, or the frame of another piece."""
        if style.to is not None and style.to in self.targets:
            return "#" + quote(self.targets[style.to])
        return style.href

    def css(self, rules: str) -> str:
        """The class that holds these declarations."""
        return self._classes.setdefault(rules, f"c{len(self._classes)}")

    def classes_css(self) -> Markup:
        """All classes."""
        return Markup("\n".join(f".{name}{{{rules}}}" for rules, name in self._classes.items()))

    def family_css(self, font: str, lang: str | None = None) -> str:
        """`font-family` for a font role, with the fallbacks in the order typesetting looked."""
        return "font-family:" + ",".join(f"{role}" for role in self.faces.chain(font, lang))

    def role_css(self, name: str) -> Markup:
        """The declarations of a type role, for furniture templates."""
        role = self.layout.type[name]
        rules = [
            self.family_css(role.font),
            f"font-size:{role.size_pt:g}pt",
            f"line-height:{role.leading_pt:g}pt",
            f"color:{self.layout.ink_rgb(role.ink)}",
            f"letter-spacing:{role.tracking_em:g}em",
        ]
        return Markup(";".join(rules))

    def use(self, text: str, style: Style) -> None:
        """Note the characters that a style must be able to paint."""
        self._used[style.font, style.lang].update(text)
        if self.raises(style):
            self._raised.update(text)

    def raises(self, style: Style) -> bool:
        """Whether this style is raised in its glyphs: superscripts of the layout's measure are."""
        return style.raise_pt > 0 and abs(style.raise_pt / style.size_pt - self._raise_em) < 1e-6

    @property
    def _raise_em(self) -> float:
        policy = self.layout.typesetting
        return policy.super_raise_em / policy.super_size_em

    def trim(self, char: str, style: Style, before_pt: float, after_pt: float) -> Trim | None:
        """How a mark's own glyph gives up white; None when it has none to give, or gives next to none."""
        if min(before_pt, after_pt) >= 0:
            return None
        size = style.size_pt
        advance = self.faces.char_em(char, style.font, style.lang)
        found = trimmed(char, advance, before_pt / size, after_pt / size)
        return found and Trim(found.feature, found.before * size, found.after * size)

    def furniture(self, html: str) -> None:
        """Note the characters of rendered furniture, for every role that furniture may use."""
        text = unescape(re.sub(r"<style.*?</style>|<[^>]*>", "", html, flags=re.S))
        for name in FURNITURE_ROLES:
            self._used[self.layout.type[name].font, None].update(text)

    def prepare(self, boxes: Iterable[PictureBox]) -> None:
        """Make all pictures ready for their boxes, side by side: decoding and encoding leave Python alone."""
        boxes = list(dict.fromkeys(boxes))
        with ThreadPoolExecutor() as pool:
            self._prepared = dict(zip(boxes, pool.map(self._prepare, boxes), strict=True))

    def _prepare(self, box: PictureBox) -> PreparedPicture:
        picture, settings = self.pictures[box.src], self.layout.pictures
        return picture_for_press(picture, box.width_pt, box.depth_pt, box.crop, settings, self.kept)

    def picture(self, box: PictureBox) -> str:
        """The address of a picture made ready for its box."""
        picture, made = self.pictures[box.src], self._prepared[box]
        path = f"picture/{hashlib.sha256(made.data).hexdigest()[:20]}{made.suffix}"
        self._pictures[path] = Resource(made.data, made.mime, made.pixels)
        if picture.is_vector:
            for font in _SVG_FONTS:
                self._used[font, None].update(svg_text(picture))
        return BASE + path

    def font_faces(self) -> Markup:
        """`@font-face` rules for the faces that are used."""
        roles = self._subsets()
        rules = [_font_face(role, role) for role in roles]
        rules += [_font_face(light, heavy, "bold") for light, heavy in _BOLD.items() if heavy in roles]
        return Markup("\n".join(rules))

    def _subsets(self) -> dict[str, set[str]]:
        subsets: dict[str, set[str]] = defaultdict(set)
        for (font, lang), characters in self._used.items():
            text = "".join(sorted(char for char in characters if char != "\n"))
            for face, part in self.faces.runs(text, font, lang):
                subsets[face.role].update(part)
        return dict(sorted(subsets.items()))

    def _subset(self, face: Face, characters: set[str], raised: set[str], gap_em: float) -> bytes:
        family, raise_em = f"Issue {face.role}", self._raise_em

        def make() -> bytes:
            return subset_face(face, characters, family, gap_em=gap_em, raised=raised, raise_em=raise_em)

        cut = family, "".join(sorted(characters)), "".join(sorted(raised)), gap_em, raise_em
        return made_once(self.kept, key_of("subset", face.sha256, *cut), make)

    def resources(self) -> dict[str, Resource]:
        """Fonts and pictures by path."""
        found = dict(self._pictures)
        gap = self.layout.typesetting.han_latin_gap_em
        for role, characters in self._subsets().items():
            face = self.faces.fonts.face(role)
            raised = characters & self._raised
            found[f"font/{role}"] = Resource(self._subset(face, characters, raised, gap), "font/ttf")
        return found
