"""Read all that one issue is built from: its XML, layout, fonts, pictures and page plan.

This is where files are read, and where every file name that a person wrote is looked at first.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path, PurePath, PurePosixPath
from typing import TypeVar

from issue_publisher import resources
from issue_publisher.composition.advertisement import sold_size
from issue_publisher.composition.plan import check_plan, plan_name, read_old_plan
from issue_publisher.fonts.catalogue import CATALOGUE, FontSet, read_fonts
from issue_publisher.issue.checks import PictureFacts, PictureProblem, check_issue
from issue_publisher.issue.errors import SourceError, SourceErrors, in_order
from issue_publisher.issue.hints import hints_in_columns
from issue_publisher.issue.model import (
    Advertisement,
    Article,
    Block,
    Box,
    Briefs,
    Figure,
    Issue,
    PictureItem,
    Text,
)
from issue_publisher.issue.reader import read_issue
from issue_publisher.layout.model import Layout
from issue_publisher.layout.profile import profile_fault
from issue_publisher.layout.reader import read_layout
from issue_publisher.pictures import (
    NOTHING_KEPT,
    Kept,
    Picture,
    PictureError,
    key_of,
    made_once,
    open_picture,
    profile_opens,
    svg_text,
)
from issue_publisher.pictures.crop import PT_PER_INCH
from issue_publisher.production.faults import FAULTS, findings_of
from issue_publisher.toml_lines import lines_of_keys
from issue_publisher.typesetting.words import better_break, hurt_by

AnyPath = TypeVar("AnyPath", bound=PurePath)

ISSUE_FILE = "issue.xml"
LAYOUT_FILE = "layout.toml"

_MOST_XML_BYTES = 64_000_000  # an issue of 17,000 characters has 0.2 MB


@dataclass(frozen=True)
class Source:
    """One issue with all that its outputs are made of."""

    folder: Path
    file: str  # the issue's XML, as messages call it
    xml: bytes = field(repr=False)
    issue: Issue
    layout: Layout
    layout_files: Mapping[str, bytes] = field(repr=False)  # layout.toml and the templates
    fonts: FontSet
    pictures: Mapping[str, Picture]
    plan: bytes | None  # the page plan beside the issue, if there is one

    @property
    def press_profile(self) -> bytes:
        """The ICC profile of press and paper."""
        return self.layout_files[profile_name(self.layout)]

    @property
    def plan_name(self) -> str:
        """The name of the page plan's file: each layout has a plan of its own."""
        return plan_name(self.issue, self.layout.folder.name)

    @property
    def plan_file(self) -> str:
        """The page plan, as messages call it."""
        return shown(self.folder / self.plan_name)


@dataclass(frozen=True)
class Loaded:
    """What came of reading a source: findings, and the source itself when it can be built."""

    findings: tuple[SourceError, ...]
    source: Source | None = None

    def stands(self, *, strict: bool) -> bool:
        """Whether it may be built; with `strict`, warnings count as errors."""
        return self.source is not None and not any(strict or f.severity == "error" for f in self.findings)


def load(
    given: Path, layout_name: str | None = None, *, replan: bool = False, kept: Kept = NOTHING_KEPT
) -> Loaded:
    """Read and check the source that the desk named: an issue's folder or its XML.

    `layout_name` replaces the layout that the issue asks for. With `replan` the page plan may be one that
    the issue has grown away from. `kept`: pictures that were good before are not decoded again.
    """
    xml_file = _xml_file(given)
    folder, file = xml_file.parent, shown(xml_file)
    findings: list[SourceError] = []
    try:
        xml = _read_xml(xml_file, file)
        issue = read_issue(xml, file)
    except SourceErrors as fault:
        if fault.issue is None:
            return Loaded(fault.errors)
        issue = fault.issue
        findings += fault.errors
    layout = _tried(findings, lambda: _layout(folder, issue, file, layout_name))
    fonts = _tried(findings, lambda: fonts_of(fonts_folder(folder)))
    plan = _tried(findings, lambda: _plan(folder, issue, layout, replan=replan)) if layout else None
    if layout:
        issue = _hints_for(layout, folder, issue)
    if layout and fonts:
        findings += _font_roles(layout, fonts)
    pictures, facts = _pictures(folder, issue, layout, fonts, kept) if layout else ({}, None)
    findings += check_issue(issue, file, missing_glyphs=fonts.missing if fonts else None, pictures=facts)
    if layout:
        findings += _wide_pictures(issue, layout, file)
        findings += _found_again(folder, issue, layout, file)
        findings += _hurtful_breaks(issue, layout, file, kept)
    files = _tried(findings, lambda: layout_files(layout)) if layout else None
    if layout and files:
        findings += _press_profile(layout, files)
    if layout is None or files is None or fonts is None:
        return Loaded(in_order(findings))
    source = Source(folder, file, xml, issue, layout, files, fonts, pictures, plan)
    return Loaded(in_order(findings), source)


def read_source(given: Path) -> tuple[Issue, str]:
    """The issue alone, without layout and pictures, and what messages call its XML.

    Raises SourceErrors with what is wrong in the XML.
    """
    xml_file = _xml_file(given)
    file = shown(xml_file)
    return read_issue(_read_xml(xml_file, file), file), file


def _xml_file(given: Path) -> Path:
    return given if given.suffix.lower() == ".xml" and not given.is_dir() else given / ISSUE_FILE


def shown(path: Path) -> str:
    """A path as the desk knows it: from where it works, if it lies below."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


_Read = TypeVar("_Read")


def _tried(findings: list[SourceError], read: Callable[[], _Read]) -> _Read | None:
    try:
        return read()
    except FAULTS as fault:
        findings += findings_of(fault)
        return None


# --------------------------------------------------------------------------- XML and page plan


def _read_xml(path: Path, file: str) -> bytes:
    if path.is_dir():
        raise _one(file, 0, "this is a folder, not an issue's XML", code="missing-file")
    try:
        if path.stat().st_size > _MOST_XML_BYTES:
            raise _one(file, 0, "too large for an issue", f"at most {_MOST_XML_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise _one(file, 0, *_unreadable(error, _XML_HINT), code="missing-file") from error


_XML_HINT = f"name an issue's folder, with {ISSUE_FILE} in it, or its XML file"


def _plan(folder: Path, issue: Issue, layout: Layout, *, replan: bool) -> bytes | None:
    """The bytes of the plan for a layout, after a look at what is wrong with it; None when there is none."""
    name = layout.folder.name
    path = folder / plan_name(issue, name)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _one(shown(path), 0, *_unreadable(error), code="missing-file") from error
    if replan:
        read_old_plan(data, shown(path), issue, name)
    else:
        check_plan(data, shown(path), issue, name)
    return data


def _unreadable(error: OSError, hint: str = "") -> tuple[str, str]:
    """What to say of a file that cannot be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "there is no such file", hint
    return f"cannot be read: {(error.strerror or str(error)).lower()}", "is it yours to read?"


def _one(file: str, line: int, message: str, hint: str = "", code: str = "source") -> SourceErrors:
    return SourceErrors([SourceError(file, line, message, hint, code=code)])


# --------------------------------------------------------------------------- layout and fonts


def own_places(folder: Path) -> Iterator[Path]:
    """Where a newspaper may keep layouts and fonts of its own: beside its `source/`."""
    yield from places_beside(folder.resolve())


def places_beside(folder: AnyPath) -> Iterator[AnyPath]:
    """The same of a path that leads to no disk."""
    parents = folder.parents
    depth = next((depth for depth, parent in enumerate(parents) if parent.name == "source"), 0)
    yield from parents[: depth + 2]


def sources_below(folder: Path) -> Iterator[Path]:
    """Every folder below that holds an issue, in the order of names; none that is hidden."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if ISSUE_FILE in files:
            folders.clear()
            yield Path(place)


def layout_folder(folder: Path, name: str) -> Path | None:
    """The newspaper's own layout of that name, or the one that comes with the program."""
    places = [*(place / "layouts" for place in own_places(folder)), resources.shipped_layouts()]
    return next((place / name for place in places if (place / name / LAYOUT_FILE).is_file()), None)


def layout_names(folder: Path) -> list[str]:
    """The layouts that an issue in this folder may ask for."""
    places = [*(place / "layouts" for place in own_places(folder)), resources.shipped_layouts()]
    return sorted({path.parent.name for place in places for path in place.glob(f"*/{LAYOUT_FILE}")})


def _layout(folder: Path, issue: Issue, file: str, name: str | None) -> Layout:
    return named_layout(folder, name or issue.layout, file, issue.line)


def named_layout(folder: Path, name: str, file: str, line: int = 0) -> Layout:
    """The layout of that name with the folders of its base, for an issue in `folder`.

    `file` and `line` are where the name was written. Raises SourceErrors when there is no such layout
    or base, LayoutErrors with everything that is wrong in their `layout.toml`.
    """
    layout = _read_layout(_found(folder, name, "layout", file, line))
    folders = [layout.folder]
    below = layout
    while below.base is not None:
        path = folders[-1] / LAYOUT_FILE
        at = lines_of_keys(path.read_text("utf-8-sig")).get(("base",), 0)
        found = _found(folder, below.base, "base", shown(path), at)
        if Path(shown(found)) in folders:
            hint = "leave out base in the layout that has every template"
            raise _one(shown(path), at, f"base {below.base} leads back to itself", hint, code="layout")
        below = _read_layout(found)
        folders.append(below.folder)
    return replace(layout, base_folders=tuple(folders[1:]))


def _found(folder: Path, name: str, what: str, file: str, line: int) -> Path:
    found = layout_folder(folder, name) if PurePosixPath(name).name == name else None
    if found is None:
        names = layout_names(folder)
        near = get_close_matches(name, names, 1, 0.6)
        hint = f"is {near[0]} meant?" if near else "there are " + ", ".join(names)
        raise _one(file, line, f"there is no {what} {name}", hint, code="layout")
    return found


def _read_layout(folder: Path) -> Layout:
    path = folder / LAYOUT_FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _one(shown(path), 0, *_unreadable(error), code="layout") from error
    return read_layout(data, shown(path), Path(shown(folder)))


def _hints_for(layout: Layout, folder: Path, issue: Issue) -> Issue:
    """The issue with its hints counted in this layout's columns, where it was written for another's."""
    own = layout_folder(folder, issue.layout) if PurePosixPath(issue.layout).name == issue.layout else None
    if own is None or own.name == layout.folder.name:
        return issue
    try:
        written_for = _read_layout(own)
    except FAULTS:  # hints are wishes: nothing that this build needs is wrong
        return issue
    return hints_in_columns(issue, written_for.grid.columns, layout.grid.columns)


def layout_files(layout: Layout) -> dict[str, bytes]:
    """Everything but hidden files in a layout's folder, by its path from there; the base fills the gaps."""
    paths = {
        path.relative_to(place).as_posix(): path
        for place in reversed(layout.template_folders)
        for path in place.rglob("*")
        if place is layout.folder or path.name != LAYOUT_FILE
    }
    try:
        files = {
            name: path.read_bytes()
            for name, path in sorted(paths.items())
            if path.is_file() and not any(part.startswith(".") for part in PurePosixPath(name).parts)
        }
    except OSError as error:
        raise _one(shown(Path(error.filename)), 0, *_unreadable(error), code="layout") from error
    for name, data in files.items():
        if PurePosixPath(name).suffix in _TEXTS:
            _must_be_utf8(data, shown(paths[name]))
    return files


def profile_name(layout: Layout) -> str:
    """The press profile among a layout's files."""
    return f"press/{layout.press.profile}"


def _press_profile(layout: Layout, files: Mapping[str, bytes]) -> Iterator[SourceError]:
    """What is wrong with the profile that the layout names."""
    name = profile_name(layout)
    if name in files:
        fault = profile_fault(files[name])
        if fault is None and not profile_opens(files[name]):
            fault = "its tables are damaged", "fetch it again"
    else:
        there = [Path(other).name for other in files if other.startswith("press/") and other.endswith(".icc")]
        fault = "there is no such file", "there is " + ", ".join(there) if there else f"put it at {name}"
    if fault:
        file = layout.folder / LAYOUT_FILE
        line = lines_of_keys(file.read_text("utf-8-sig")).get(("press", "profile"), 0)
        said = f"the press profile {layout.press.profile}: {fault[0]}"
        yield SourceError(shown(file), line, said, fault[1], code="press-profile")


_TEXTS = {".j2", ".css"}  # what the templates' reader reads


def _must_be_utf8(data: bytes, file: str) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _one(file, line, "not UTF-8", "save the file as UTF-8", code="template") from error


def fonts_folder(folder: Path) -> Path:
    places = [*(place / "fonts" for place in own_places(folder)), resources.shipped_fonts()]
    return Path(shown(next((place for place in places if (place / CATALOGUE).is_file()), places[-1])))


def fonts_of(folder: Path) -> FontSet:
    """The fonts of a folder, read and hashed once by a process that loads many issues."""
    return _read_once(folder, tuple(_stamps(folder)))


@lru_cache(maxsize=2)
def _read_once(folder: Path, stamps: tuple[tuple[str, int, int, int], ...]) -> FontSet:
    return read_fonts(folder)


def _stamps(folder: Path) -> Iterator[tuple[str, int, int, int]]:
    """What tells that a file is the one that was read: it changes when it is written or replaced."""
    with suppress(OSError):  # the reader says what is wrong
        for path in sorted(folder.iterdir()):
            status = path.stat()
            yield path.name, status.st_ino, status.st_size, status.st_mtime_ns


def _font_roles(layout: Layout, fonts: FontSet) -> Iterator[SourceError]:
    """A role that the layout names and no face has."""
    asked = {f"type.{name}": role.font for name, role in layout.type.items()}
    asked |= {f"headline.{name}": role.font for name, role in layout.headline.items()}
    asked |= {f"genre_fonts.{name}": font for name, font in layout.genre_fonts.items()}
    asked |= {f"latin_fonts.{name}": font for name, font in layout.latin_fonts.items()}
    wrong = {place: font for place, font in asked.items() if font not in fonts.faces}
    if wrong:
        file = layout.folder / LAYOUT_FILE
        lines = {
            ".".join(map(str, keys)): at for keys, at in lines_of_keys(file.read_text("utf-8-sig")).items()
        }
        for place, font in wrong.items():
            yield SourceError(
                shown(file),
                lines.get(f"{place}.font") or lines.get(place, 0),
                f"{place}: no face has the role {font}",
                "the roles of the fonts are " + ", ".join(fonts.faces),
                code="layout",
            )


# --------------------------------------------------------------------------- pictures


Uses = list[tuple[Figure, int]]  # figures with the most basic columns that each may be set wide


def _uses(issue: Issue, layout: Layout) -> Uses:
    """Every figure of the issue; without a hint of the desk a picture takes half its article at most."""
    uses: Uses = []
    for item in issue.items():
        if isinstance(item, Advertisement):
            uses += [(figure, sold_size(item, layout)[0]) for figure in _figures(item.blocks)]
            continue
        widest = layout.headline[item.weight].max_columns
        match item:
            case PictureItem():
                uses += [(figure, figure.columns or widest) for figure in item.figures]
            case Article():
                uses += [(figure, figure.columns or -(-widest // 2)) for figure in _figures(item.body)]
            case Briefs():
                bodies = (block for article in item.articles for block in article.body)
                uses += [(figure, figure.columns or 1) for figure in _figures(bodies)]
    return uses


def _wide_pictures(issue: Issue, layout: Layout, file: str) -> Iterator[SourceError]:
    """Pictures that would be wider than the page; make-up sets them as wide as it can."""
    most = layout.grid.columns
    for figure, _ in _uses(issue, layout):
        if figure.columns and figure.columns > most:
            said = f"picture {figure.src} asks for {figure.columns} columns, and the page has {most}"
            hint = f"columns={most} or less, or another layout; it is set as wide as its item allows"
            yield SourceError(file, figure.line, said, hint, severity="warning", code="picture-too-wide")


def _found_again(folder: Path, issue: Issue, layout: Layout, file: str) -> Iterator[SourceError]:
    """Pictures that are said to be lost and lie where they should."""
    for figure, _ in _uses(issue, layout):
        if not figure.missing:
            continue
        try:
            picture_path(folder, figure.src)
        except PictureError:
            continue
        said = f"picture {figure.src} is said to be lost, and it is there"
        hint = 'leave out missing="true"; its place stays empty'
        yield SourceError(file, figure.line, said, hint, severity="warning", code="picture-found")


def _headlines(issue: Issue) -> Iterator[Text]:
    """All headlines, with those for a page that is too full."""
    for item in issue.items():
        articles = item.articles if isinstance(item, Briefs) else (item,)
        for article in articles:
            if article.headline is not None:
                yield article.headline
            if isinstance(article, Article):
                yield from article.alternatives


def _hurtful_breaks(issue: Issue, layout: Layout, file: str, kept: Kept) -> Iterator[SourceError]:
    """Places that the desk marked in a headline where a break hurts its sense; obeyed all the same."""
    own = layout.typesetting.words
    marked = [(text.line, text.plain, at) for text in _headlines(issue) for at in text.breaks]
    if not marked:
        return
    # The dictionary takes a quarter of a second and 40 MB: an issue with the headlines it had goes without.
    key = key_of("breaks", [(plain, at) for _, plain, at in marked], own)
    judged = made_once(
        kept, key, lambda: json.dumps([_hurt(text, at, own) for _, text, at in marked]).encode()
    )
    for (line, _, _), found in zip(marked, json.loads(judged), strict=True):
        if found is not None:
            said, hint = found
            yield SourceError(file, line, said, hint, severity="warning", code="headline-break")


def _hurt(plain: str, at: int, own: tuple[str, ...]) -> tuple[str, str] | None:
    """What is said of a break, and what would be right; None when nothing is."""
    if (why := hurt_by(plain, at, own)) is None:
        return None
    better = better_break(plain, at, own)
    hint = f"{plain[:better]}<break/>{plain[better:]}" if better else "leave <break/> out"
    return f"the headline breaks {why}: {plain[:at]}|{plain[at:]}", hint


def _figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Box):
            yield from _figures(block.blocks)


Facts = dict[str, PictureFacts | PictureProblem]


def _pictures(
    folder: Path, issue: Issue, layout: Layout, fonts: FontSet | None, kept: Kept
) -> tuple[dict[str, Picture], Facts]:
    """The pictures of an issue that are good, and what is to be said of each that is not lost."""
    uses = [use for use in _uses(issue, layout) if not use[0].missing]
    pictures: dict[str, Picture] = {}
    facts: Facts = {}
    for src, columns in sorted({figure.src: columns for figure, columns in sorted(uses, key=_width)}.items()):
        try:
            path = picture_path(folder, src)
            data = _picture_bytes(path, int(layout.pictures.max_file_mb * 1e6))
            picture = open_picture(src, data, layout.pictures, kept)
            if picture.is_vector and fonts:
                _check_glyphs(picture, fonts)
        except PictureError as error:
            facts[src] = PictureProblem(error.message, error.hint, error.code)
            continue
        inches = layout.grid.width_pt(min(columns, layout.grid.columns)) / PT_PER_INCH
        needed = round(inches * layout.pictures.warn_below_ppi)
        facts[src] = PictureFacts(picture.width_px, picture.height_px, picture.is_vector, needed)
        pictures[src] = picture
    return pictures, facts


def _width(use: tuple[Figure, int]) -> int:
    return use[1]


def _check_glyphs(picture: Picture, fonts: FontSet) -> None:
    missing = fonts.missing(svg_text(picture))
    if missing:
        named = ", ".join(f"{char} U+{ord(char):04X}" for char in sorted(missing))
        raise PictureError(f"no font has {named}", "use another character in the drawing", "missing-glyph")


def picture_path(folder: Path, src: str) -> Path:
    """The file of a picture, which must lie in the issue's own folder, whatever links lead to it."""
    hint = "name a file in the issue's folder, such as pictures/bridge.jpg"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", src):
        raise PictureError("a picture cannot be fetched from an address", hint, "picture-outside")
    if "\\" in src:
        raise PictureError("a path is written with /, not \\", hint, "picture-outside")
    parts = PurePosixPath(src).parts
    if src.startswith(("/", "~")) or ".." in parts:
        raise PictureError("the picture lies outside the issue's folder", hint, "picture-outside")
    try:
        path = folder.joinpath(*parts).resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise PictureError(*_no_picture(folder, src, error), "picture-missing") from error
    if not path.is_relative_to(folder.resolve()):
        raise PictureError(
            "the picture lies outside the issue's folder: a link leads there",
            "put the file itself into the folder",
            "picture-outside",
        )
    if not path.is_file():
        raise PictureError("this is not a file", hint, "picture-missing")
    return path


def _no_picture(folder: Path, src: str, error: Exception) -> tuple[str, str]:
    if isinstance(error, PermissionError):
        return "the picture cannot be read", "is it yours to read?"
    if isinstance(error, RuntimeError) or getattr(error, "errno", None) == errno.ELOOP:
        return "the picture is a link that leads to itself", "put the file itself into the folder"
    place = folder / PurePosixPath(src).parent
    names = [path.name for path in place.iterdir()] if place.is_dir() else []
    wanted = PurePosixPath(src).name
    near = [name for name in names if name.casefold() == wanted.casefold()]
    near = near or get_close_matches(wanted, names, 1, 0.75)
    return "there is no such picture", f"is {near[0]} meant?" if near else "is it in the issue's folder?"


def _picture_bytes(path: Path, limit: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > limit:
            raise PictureError(
                f"the picture's file has {size / 1e6:.1f} MB",
                f"at most {limit / 1e6:g} MB; save it smaller",
                "picture-too-large",
            )
        return path.read_bytes()
    except OSError as error:
        raise PictureError(*_unreadable(error), "picture-missing") from error
