"""Read `layout.toml` into a `Layout`, and say everything that is wrong with it at once.

The dataclasses of the model are the schema: their names are the tables and keys, their types the
types. What a type cannot say stands in two tables here, `_BOUNDS` for single values and `_RULES`
for values that must agree with each other.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from math import ceil, isfinite
from pathlib import Path, PurePosixPath
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from issue_publisher.layout.errors import LayoutError, LayoutErrors
from issue_publisher.layout.model import (
    PT_PER_MM,
    AdvertisementRole,
    BoxRole,
    Direction,
    Ebook,
    Furniture,
    Grid,
    Head,
    HeadlineRole,
    Layout,
    LostPictureRole,
    Makeup,
    Pages,
    PageSize,
    Pictures,
    Press,
    Rules,
    SoldSize,
    TableRole,
    TypeRole,
    Typesetting,
)
from issue_publisher.toml_lines import Keys, lines_of_keys

# What the pages are made of. A layout sets all of these, and may add roles of its own for its templates.
TYPE_ROLES = (
    "body", "crosshead", "kicker", "deck", "rubric", "band", "byline", "standfirst", "editors-note",
    "signature", "note", "caption", "credit", "pull-quote", "verse", "table", "table-head", "box", "box-head",
    "brief-head", "jump", "strong", "emphasis", "advertisement", "advertisement-head",
    "nameplate", "furniture", "folio-title",
)  # fmt: skip
WEIGHTS = ("lead", "major", "normal", "brief")
# Rules of placement that yield in the layout's order when no page keeps them all.
HARD_RULES = (
    "bumping-headlines",
    "equal-width-rank",
    "foreign-contact",
    "hole",
    "rank",
    "through-cut-horizontal",
    "through-cut-vertical",
)

_MOST_BYTES = 1_000_000  # a layout.toml has some ten thousand
_FONT_ROLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class _Bounds:
    """What a number may be."""

    words: str
    least: float
    most: float = 1e6
    more_than: bool = False  # `least` itself is too small

    def hold(self, number: float) -> bool:
        return (number > self.least if self.more_than else number >= self.least) and number <= self.most


_COUNT = _Bounds("a whole number from 1 to 10000", 1, 10_000)
_FREE = _Bounds("0 or more", 0)
_PLACE = _Bounds("-5000 to 5000 points", -5000, 5000)
_FRACTION = _Bounds("0 to 1", 0, 1)
_PERCENT = _Bounds("0 to 100, percent of ink", 0, 100)
_TYPE_SIZE = _Bounds("more than 0 and at most 2000 points", 0, 2000, more_than=True)
_LENGTH = _Bounds("more than 0 and at most 5080 mm, the largest page of a PDF", 0, 5080, more_than=True)
_EM = _Bounds("0 to 10 em", 0, 10)
_SEED = _Bounds("0 to 2147483647", 0, 2**31 - 1)
_SCALE = _Bounds("more than 0 and at most 1", 0, 1, more_than=True)
_ABOVE_ZERO = _Bounds("more than 0", 0, more_than=True)
_TRACKING = _Bounds("-1 to 10 em", -1, 10)
_QUALITY = _Bounds("1 to 100", 1, 100)

_BOUNDS: dict[type, dict[str, _Bounds]] = {
    PageSize: {"width_mm": _LENGTH, "height_mm": _LENGTH, "top_mm": _FREE},
    Grid: {
        "columns": _COUNT, "column_characters": _COUNT, "gutter_characters": _FREE,
        "body_pt": _TYPE_SIZE, "leading_pt": _TYPE_SIZE, "lines": _COUNT,
    },
    Furniture: {
        "name_width_pt": _ABOVE_ZERO, "ear_width_pt": _ABOVE_ZERO, "ear_depth_pt": _ABOVE_ZERO,
        "ear_size_pt": _TYPE_SIZE, "ear_leading_pt": _TYPE_SIZE, "ear_head_leading_pt": _TYPE_SIZE,
    },
    TypeRole: {
        "size_pt": _TYPE_SIZE, "leading_pt": _TYPE_SIZE, "tracking_em": _TRACKING, "indent_characters": _FREE,
    },
    HeadlineRole: {
        "sizes_pt": _TYPE_SIZE, "max_lines": _COUNT, "min_columns": _COUNT, "max_columns": _COUNT,
        "leading_em": _ABOVE_ZERO, "condense_to": _SCALE, "kicker_em": _ABOVE_ZERO, "deck_em": _ABOVE_ZERO,
        "widest": _SCALE, "space_to_em": _Bounds("0 to 1 em", 0, 1), "fill_from": _FRACTION, "step_em": _EM,
        "wide_columns": _COUNT, "wide_max_lines": _COUNT,
        "large_columns": _COUNT, "large_sizes_pt": _TYPE_SIZE,
        "space_above_lines": _FREE, "space_below_lines": _FREE,
    },
    LostPictureRole: {
        "ratio": _ABOVE_ZERO, "broad_ratio": _ABOVE_ZERO, "natural_ratio": _ABOVE_ZERO,
        "share": _SCALE, "portrait_share": _SCALE, "most_share": _SCALE,
    },
    Head: {
        "genre_fonts_to_pt": _FREE, "smallest_pt": _TYPE_SIZE, "largest_em": _SCALE,
        "side_pad_em": _EM, "side_gap_characters": _FREE, "side_space_to_em": _EM,
        "brief_gap_lines": _Bounds("0 to 10 lines", 0, 10),
        "rubric_under_picture_lines": _Bounds("0 to 10 lines", 0, 10),
        "beside_columns": _COUNT, "beside_gap_em": _EM, "beside_fill": _FRACTION,
    },
    SoldSize: {"columns": _COUNT, "depth_mm": _LENGTH},
    BoxRole: {
        "pad_em": _EM, "border_pt": _FREE, "margin_characters": _FREE, "margin_lines": _COUNT,
    },
    Typesetting: {
        "han_latin_gap_em": _EM, "gap_stretch_em": _EM, "gap_squeeze_em": _EM,
        "mark_squeeze_em": _Bounds("0 to 0.5 em, half a mark's width", 0, 0.5),
        "tracking_stretch_em": _EM, "justify_from_em": _FREE, "last_line_characters": _FREE,
        "squeeze_penalty": _FREE, "stretch_penalty": _FREE, "hyphen_penalty": _FREE,
        "emergency_stretch_em": _EM,
        "super_size_em": _SCALE, "super_raise_em": _EM, "sub_lower_em": _EM, "ruby_em": _SCALE, "dot_em": _EM,
    },
    Makeup: {
        "seed": _SEED, "dearest_option": _FREE, "beam_width": _COUNT, "beam_tolerance_lines": _FREE,
        "penalty_uneven": _FREE,
        "tries": _COUNT, "keep": _COUNT, "rule_pt": _FREE, "rule_at": _FRACTION,
        "cutoff_lines": _FREE, "slack_lines": _FREE,
        "head_extra_lines": _FREE, "leg_min_lines": _COUNT, "price_of_leg": _FREE,
        "price_of_spacing": _FREE, "spacing_share": _FRACTION, "leg_characters": _COUNT,
        "comment_characters": _COUNT, "rank": _FREE,
        "penalty_slack": _FREE, "penalty_place": _FREE, "penalty_headline": _FREE, "penalty_shape": _FREE,
        "penalty_picture": _FREE, "drawing_narrower": _FREE, "penalty_picture_wide": _FREE,
        "picture_wider_columns": _FREE,
        "penalty_fill": _FREE, "penalty_vertical": _FREE, "vertical_fill": _FRACTION,
        "penalty_box": _FREE,
        "penalty_hard": _FREE, "penalty_white": _FREE, "penalty_white_beyond": _FREE,
        "place_per_line": _FREE, "place_per_column": _FREE, "replan_blank": _FRACTION,
        "fit_tries": _COUNT, "remedies": _COUNT,
    },
    Rules: {
        "gutter_most_characters": _FREE, "strip_columns": _FREE, "cut_step_lines": _FREE,
        "hole_lines": _COUNT, "headline_characters": _COUNT,
        "dominant": _FRACTION, "picture_share": _FRACTION, "banknote_mm": _LENGTH, "ink": _FRACTION,
        "centre_across": _FRACTION, "centre_down": _FRACTION, "straight_run": _FRACTION,
        "upright_share": _FRACTION, "headline_fill": _FRACTION, "headline_ragged": _FRACTION,
        "headline_area": _FRACTION, "lead_headline_area": _FRACTION, "boxes_share": _FRACTION,
        "white_share": _FRACTION, "likeness": _FRACTION, "stack": _COUNT, "corner": _COUNT,
    },
    Pages: {
        "most_per_source_page": _Bounds("1 to 4", 1, 4), "sharings": _COUNT,
        "jump_above": _FRACTION, "jump_stays": _FRACTION,
    },
    Pictures: {
        "press_ppi": _ABOVE_ZERO, "press_quality": _QUALITY, "warn_below_ppi": _FREE,
        "max_megapixels": _ABOVE_ZERO, "max_file_mb": _ABOVE_ZERO, "ebook_long_side_px": _COUNT,
        "ebook_quality": _QUALITY, "ebook_most_mb": _ABOVE_ZERO, "crop_limit": _FRACTION,
    },
    Ebook: {"document_kb": _Bounds("10 kB or more", 10), "svg_kb": _ABOVE_ZERO, "svg_shapes": _COUNT},
    Press: {
        "ink_percent": _Bounds("100 to 400 percent", 100, 400), "neutral_percent": _PERCENT,
        "overprint_percent": _PERCENT, "sharpen_percent": _Bounds("0 to 500 percent", 0, 500),
        "sharpen_radius_px": _Bounds("0 to 10 pixels", 0, 10),
        "sharpen_threshold": _Bounds("0 to 255", 0, 255), "least_ppi": _FREE, "smallest_pt": _FREE,
        "reversed_black_pt": _FREE, "reversed_inks_pt": _FREE,
        "hairline_pt": _Bounds("0 to 5 points", 0, 5), "bleed_mm": _Bounds("0 to 20 mm", 0, 20),
        "grey_pages": _COUNT,
    },
    Layout: {"inks": _PERCENT, "furniture_pt": _PLACE},
}  # fmt: skip

# Keys whose values name a role of fonts.toml.
_FONT_KEYS = {"font", "genre_fonts", "latin_fonts"}

_WORDS = {str: "a text in quotation marks", int: "a whole number", float: "a number", bool: "true or false"}
_ACCEPTED: dict[type, tuple[type, ...]] = {str: (str,), int: (int,), float: (int, float), bool: (bool,)}


def read_layout(data: bytes, file: str, folder: Path) -> Layout:
    """Read the bytes of a `layout.toml`; `file` names it in messages, `folder` is where its templates lie.

    Raises `LayoutErrors` with everything that is wrong.
    """
    text, raw = _parse(data, file)
    reading = _Reading(file, lines_of_keys(text))
    values = reading.fields_of(Layout, raw, (), given={"folder": folder, "base_folders": ()})
    # Names count as given even where their values are wrong and were reported already.
    at_hand = values | {f"names of {key}": table for key, table in raw.items() if isinstance(table, dict)}
    for needed, rule in _RULES:
        if all(name in at_hand for name in needed):
            for path, message, hint in rule(*(at_hand[name] for name in needed)):
                reading.wrong(path, message, hint)
    if reading.errors:
        raise LayoutErrors(sorted(reading.errors, key=lambda error: error.line))
    return Layout(**values)


# --------------------------------------------------------------------------- TOML and its lines


def _parse(data: bytes, file: str) -> tuple[str, dict[str, Any]]:
    if len(data) > _MOST_BYTES:
        raise LayoutErrors([LayoutError(file, 1, "too large for a layout", "at most 1 MB")])
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LayoutErrors([LayoutError(file, line, "not UTF-8", "save the file as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        message, line = str(error), text.count("\n") + 1
        if place := re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message):
            message, line = message[: place.start()], int(place[1] or line)
        found = LayoutError(file, line, f"not TOML: {message}", 'name = "text", name = 1.5 or [table]')
        raise LayoutErrors([found]) from error
    except RecursionError as error:
        raise LayoutErrors([LayoutError(file, 1, "not TOML: nested too deeply")]) from error


# --------------------------------------------------------------------------- values, by their types


class _Wrong:
    """In place of a value that was reported."""


_WRONG = _Wrong()


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


class _Reading:
    """One reading of one file: turns raw values into typed ones and collects what is wrong."""

    def __init__(self, file: str, lines: dict[Keys, int]) -> None:
        self.file = file
        self.lines = lines
        self.errors: list[LayoutError] = []

    def wrong(self, path: Keys, message: str, hint: str = "") -> _Wrong:
        while path and path not in self.lines:
            path = path[:-1]
        self.errors.append(LayoutError(self.file, self.lines.get(path, 1), message, hint))
        return _WRONG

    def fields_of(
        self, kind: type, raw: dict[str, Any], path: Keys, given: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The values of a dataclass's fields, those that are right."""
        given = given or {}
        known = [field for field in fields(kind) if field.name not in given]
        names = [field.name for field in known]
        for key in raw.keys() - set(names):
            near = get_close_matches(key, names, 1, 0.6)
            hint = f"is {near[0]} meant?" if near else "there are " + ", ".join(names)
            self.wrong((*path, key), f"unknown key {_dotted((*path, key))}", hint)
        values: dict[str, Any] = dict(given)
        for field in known:
            here = (*path, field.name)
            if field.name in raw:
                bounds = _BOUNDS.get(kind, {}).get(field.name)
                value = self.value(_types(kind)[field.name], raw[field.name], here, bounds)
                if value is not _WRONG:
                    values[field.name] = value
            elif field.default is MISSING and field.default_factory is MISSING:
                self.wrong(here, f"{_dotted(here)} is missing", f"add {self._example(kind, field.name)}")
        return values

    def value(self, kind: Any, raw: Any, path: Keys, bounds: _Bounds | None) -> Any:
        """One value of the type `kind`, or `_WRONG` after reporting."""
        origin = get_origin(kind)
        if origin is UnionType:  # of a key that may be left out
            kind = next(one for one in get_args(kind) if one is not NoneType)
        if origin is tuple:
            return self._row(get_args(kind), raw, path, bounds)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return self._mapping(get_args(kind)[1], raw, path, bounds)
        if is_dataclass(kind) and isinstance(kind, type):
            return self._table(kind, raw, path)
        if issubclass(kind, StrEnum):
            return self._choice(kind, raw, path)
        return self._plain(kind, raw, path, bounds)

    def _table(self, kind: type, raw: Any, path: Keys) -> Any:
        if not isinstance(raw, dict):
            return self.wrong(path, f"{_dotted(path)} is {_shown(raw)}", f"a table: [{_dotted(path)}]")
        before = len(self.errors)
        values = self.fields_of(kind, raw, path)
        return kind(**values) if len(self.errors) == before else _WRONG

    def _mapping(self, kind: Any, raw: Any, path: Keys, bounds: _Bounds | None) -> Any:
        if not isinstance(raw, dict):
            return self.wrong(path, f"{_dotted(path)} is {_shown(raw)}", f"a table: [{_dotted(path)}]")
        read = {name: self.value(kind, inner, (*path, name), bounds) for name, inner in raw.items()}
        return {name: value for name, value in read.items() if value is not _WRONG}

    def _row(self, kinds: tuple[Any, ...], raw: Any, path: Keys, bounds: _Bounds | None) -> Any:
        count = None if kinds[-1] is Ellipsis else len(kinds)
        if not isinstance(raw, list) or not raw or (count and len(raw) != count):
            what = "words" if kinds[0] not in _ACCEPTED else "numbers"
            hint = f"{count} {what} in brackets" if count else f"{what} in brackets, at least one"
            return self.wrong(path, f"{_dotted(path)} is {_shown(raw)}", hint)
        before = len(self.errors)
        row = tuple(self.value(kinds[0], item, path, bounds) for item in raw)
        return row if len(self.errors) == before else _WRONG

    def _choice(self, kind: type[StrEnum], raw: Any, path: Keys) -> Any:
        choices = [member.value for member in kind]
        if raw not in choices:
            return self.wrong(path, f"{_dotted(path)} is {_shown(raw)}", "one of " + ", ".join(choices))
        return kind(raw)

    def _plain(self, kind: type, raw: Any, path: Keys, bounds: _Bounds | None) -> Any:
        if type(raw) not in _ACCEPTED[kind]:
            return self.wrong(path, f"{_dotted(path)} is {_shown(raw)}", _WORDS[kind])
        if isinstance(raw, (int, float)) and not (bounds or _FREE).hold(raw):
            hint = (bounds or _FREE).words
            return self.wrong(path, f"{_dotted(path)} is {_shown(raw)}", hint)
        if isinstance(raw, str) and not raw.strip():
            return self.wrong(path, f"{_dotted(path)} is empty", _WORDS[str])
        if _FONT_KEYS & set(path) and not _FONT_ROLE.fullmatch(raw):
            hint = "a role of fonts.toml: small letters, digits and hyphens, such as song-heavy"
            return self.wrong(path, f"{_dotted(path)} is {_shown(raw)}", hint)
        return float(raw) if kind is float else raw

    @staticmethod
    def _example(kind: type, name: str) -> str:
        wanted = _types(kind)[name]
        if is_dataclass(wanted) or (get_origin(wanted) or object) is Mapping:
            return f"[{name}]"
        return f"{name} = …"


def _dotted(path: Keys) -> str:
    return ".".join(map(str, path))


def _shown(raw: Any) -> str:
    """A value of the file, briefly."""
    if isinstance(raw, dict):
        return "a table"
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, float) and not isfinite(raw):
        return f"{raw}, no number to measure with"
    shown = f'"{raw}"' if isinstance(raw, str) else str(raw)
    return shown if len(shown) <= 60 else shown[:59] + "…"


# --------------------------------------------------------------------------- values that must agree

Finding = tuple[Keys, str, str]


def _type_area_fits_the_page(page: PageSize, grid: Grid) -> Iterator[Finding]:
    width_mm = grid.width_pt(grid.columns) / PT_PER_MM
    depth_mm = grid.depth_pt(grid.lines) / PT_PER_MM
    if width_mm > page.width_mm:
        yield (
            ("grid", "columns"),
            f"the type area is {width_mm:.1f} mm wide, wider than the page of {page.width_mm:g} mm",
            "fewer columns, fewer characters in a column, or smaller type",
        )
    if depth_mm > page.height_mm - page.top_mm:
        yield (
            ("grid", "lines"),
            f"the type area is {depth_mm:.1f} mm deep, and from top_mm the page has only"
            f" {page.height_mm - page.top_mm:g} mm",
            f"at most {max(0, int((page.height_mm - page.top_mm) * PT_PER_MM / grid.leading_pt))} lines",
        )


def _lines_do_not_collide(grid: Grid) -> Iterator[Finding]:
    if grid.leading_pt < grid.body_pt:
        yield (
            ("grid", "leading_pt"),
            f"the leading of {grid.leading_pt:g} pt is less than the type of {grid.body_pt:g} pt",
            "about one and a half times the type",
        )


def _furniture_leaves_room(grid: Grid, furniture: Furniture) -> Iterator[Finding]:
    for name in ("nameplate_lines", "folio_lines"):
        taken = getattr(furniture, name) + furniture.imprint_lines
        if taken >= grid.lines:
            yield (
                ("furniture", name),
                f"with the imprint it takes {taken} lines, and the page has {grid.lines}",
                "leave lines for the articles",
            )


# What stands in the furniture's rooms, by name in [furniture_pt]; a layout may have other names instead.
_FURNITURE_DEPTHS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("nameplate_lines", ("data_top", "data_depth", "bold_rule")),
    ("folio_lines", ("folio_depth",)),
    ("imprint_lines", ("imprint_depth",)),
)


def _furniture_holds_its_words(
    grid: Grid, furniture: Furniture, roles: Mapping[str, TypeRole], places: Mapping[str, float]
) -> Iterator[Finding]:
    needed = {name: sum(places.get(part, 0.0) for part in parts) for name, parts in _FURNITURE_DEPTHS}
    if "nameplate" in roles:
        needed["nameplate_lines"] = max(needed["nameplate_lines"], roles["nameplate"].leading_pt)
    for name, depth in needed.items():
        room = grid.depth_pt(getattr(furniture, name))
        if depth > room:
            yield (
                ("furniture", name),
                f"furniture.{name}: {getattr(furniture, name)} lines are {room:g} pt deep,"
                f" and what stands there takes {depth:g} pt",
                f"at least {ceil(depth / grid.leading_pt)} lines",
            )


def _body_stands_on_the_grid(grid: Grid, roles: Mapping[str, TypeRole]) -> Iterator[Finding]:
    body = roles.get("body")
    if body and body.leading_pt != grid.leading_pt:
        yield (
            ("type", "body", "leading_pt"),
            f"the body's leading of {body.leading_pt:g} pt is not that of the grid",
            f"{grid.leading_pt:g}, as in [grid]",
        )
    if body and body.size_pt != grid.body_pt:
        yield (
            ("type", "body", "size_pt"),
            f"the body's size of {body.size_pt:g} pt is not that of the grid",
            f"{grid.body_pt:g}, as body_pt in [grid]",
        )


def _every_role_is_set(roles: Collection[str]) -> Iterator[Finding]:
    for name in TYPE_ROLES:
        if name not in roles:
            near = get_close_matches(name, [role for role in roles if role not in TYPE_ROLES], 1, 0.7)
            yield (
                ("type",),
                f"the type role {name} is missing",
                f"add [type.{name}]" + (f"; is it [type.{near[0]}]?" if near else ""),
            )


def _headlines_fit_the_grid(grid: Grid, headlines: Mapping[str, HeadlineRole]) -> Iterator[Finding]:
    for weight, role in headlines.items():
        path = ("headline", weight)
        if role.min_columns > role.max_columns:
            yield (
                (*path, "min_columns"),
                f"{_dotted(path)}: min_columns {role.min_columns}, but max_columns {role.max_columns}",
                f"at most {role.max_columns}",
            )
        if role.max_columns > grid.columns:
            yield (
                (*path, "max_columns"),
                f"{_dotted(path)}: max_columns {role.max_columns} is more than the grid has",
                f"at most {grid.columns}",
            )
        if role.fill_from > role.widest:
            yield (
                (*path, "widest"),
                f"{_dotted(path)}: a line may fill {role.widest:g} of the measure, but a short one is"
                f" spaced to fill_from {role.fill_from:g}",
                f"at least {role.fill_from:g}",
            )
        if list(role.sizes_pt) != sorted(set(role.sizes_pt), reverse=True):
            yield (
                (*path, "sizes_pt"),
                f"{_dotted(path)}: sizes_pt are out of order",
                "largest first, each once",
            )
        elif list(role.all_sizes_pt) != sorted(set(role.all_sizes_pt), reverse=True):
            yield (
                (*path, "large_sizes_pt"),
                f"{_dotted(path)}: large_sizes_pt are out of order, or no larger than sizes_pt",
                f"largest first, each once, all over {role.sizes_pt[0]:g}",
            )


def _kickers_are_below_their_headline(head: Head, headlines: Mapping[str, HeadlineRole]) -> Iterator[Finding]:
    for weight, role in headlines.items():
        for name in ("kicker_em", "deck_em"):
            if getattr(role, name) > head.largest_em:
                yield (
                    ("headline", weight, name),
                    f"headline.{weight}.{name} is {getattr(role, name):g}, more than head.largest_em allows",
                    f"at most {head.largest_em:g}",
                )


def _every_weight_has_a_headline(headlines: Collection[str]) -> Iterator[Finding]:
    for weight in WEIGHTS:
        if weight not in headlines:
            yield ("headline",), f"headline.{weight} is missing", f"add [headline.{weight}]"
    for weight in headlines:
        if weight not in WEIGHTS:
            yield ("headline", weight), f"unknown weight {weight}", "one of " + ", ".join(WEIGHTS)


def _inks_of_roles_are_known(inks: Collection[str], roles: Mapping[str, TypeRole]) -> Iterator[Finding]:
    for name, role in roles.items():
        yield from _known_ink(inks, role.ink, ("type", name, "ink"))


def _ink_of_rules_is_known(inks: Collection[str], makeup: Makeup) -> Iterator[Finding]:
    yield from _known_ink(inks, makeup.rule_ink, ("makeup", "rule_ink"))


def _inks_of_boxes_are_known(inks: Collection[str], box: BoxRole) -> Iterator[Finding]:
    yield from _known_ink(inks, box.ink, ("box", "ink"))
    yield from _known_ink(inks, box.border_ink, ("box", "border_ink"))


def _empty_places_can_be_seen(
    inks: Collection[str], lost: LostPictureRole, press: Press
) -> Iterator[Finding]:
    yield from _known_ink(inks, lost.ink, ("lost_picture", "ink"))
    yield from _known_ink(inks, lost.rule_ink, ("lost_picture", "rule_ink"))
    if 0 < lost.rule_pt < press.hairline_pt:
        message = f"lost_picture.rule_pt is {lost.rule_pt:g} pt, thinner than the press prints"
        yield ("lost_picture", "rule_pt"), message, f"at least {press.hairline_pt:g}, press.hairline_pt"


def _empty_places_have_shapes(lost: LostPictureRole) -> Iterator[Finding]:
    for name in ("ratio", "broad_ratio"):
        least, most = getattr(lost, name)
        if least > most:
            message = f"lost_picture.{name}: the least, {least:g}, is more than the most, {most:g}"
            yield ("lost_picture", name), message, f"[{most:g}, {least:g}]"


def _sizes_fit_the_grid(grid: Grid, advertisement: AdvertisementRole) -> Iterator[Finding]:
    deepest = grid.depth_pt(grid.lines) / PT_PER_MM
    for name, size in advertisement.sizes.items():
        path = ("advertisement", "sizes", name)
        if size.columns > grid.columns:
            message = f"{_dotted(path)}: {size.columns} columns are more than the grid has"
            yield (*path, "columns"), message, f"at most {grid.columns}"
        if size.depth_mm > deepest:
            message = f"{_dotted(path)}: {size.depth_mm:g} mm are deeper than the type area"
            yield (*path, "depth_mm"), message, f"at most {int(deepest)}"


def _known_ink(inks: Collection[str], ink: str, path: Keys) -> Iterator[Finding]:
    if ink not in inks:
        yield path, f"{_dotted(path)}: there is no ink {ink}", "one of " + ", ".join(inks)


def _measures_are_in_order(makeup: Makeup) -> Iterator[Finding]:
    for name in ("leg_characters", "comment_characters"):
        narrowest, widest = getattr(makeup, name)
        if narrowest > widest:
            yield (
                ("makeup", name),
                f"makeup.{name}: the narrowest, {narrowest}, is more than the widest, {widest}",
                f"[{widest}, {narrowest}]",
            )


# Pairs of [rules] that are the least and the most of something.
_SPANS = (
    "leg_mm", "band_white_lines", "beside_em", "picture_share", "centre_across", "centre_down",
    "headline_fill", "headline_area",
)  # fmt: skip


def _limits_are_in_order(rules: Rules) -> Iterator[Finding]:
    for name in _SPANS:
        least, most = getattr(rules, name)
        if least > most:
            yield (
                ("rules", name),
                f"rules.{name}: the least, {least:g}, is more than the most, {most:g}",
                f"[{most:g}, {least:g}]",
            )


def _no_kind_is_left_out_twice(makeup: Makeup) -> Iterator[Finding]:
    for kind in sorted({kind for kind in makeup.fit if makeup.fit.count(kind) > 1}):
        yield ("makeup", "fit"), f"makeup.fit names {kind} twice", "each kind once, what goes first in front"


def _hard_rules_yield_in_some_order(makeup: Makeup) -> Iterator[Finding]:
    if sorted(makeup.yields) != sorted(HARD_RULES):
        yield ("makeup", "yields"), "not every hard rule once", "in some order: " + ", ".join(HARD_RULES)


def _every_weight_has_its_own(makeup: Makeup) -> Iterator[Finding]:
    for name in ("rank", "picture_wider_columns"):
        for weight in WEIGHTS:
            if weight not in getattr(makeup, name):
                yield ("makeup", name), f"makeup.{name} lacks {weight}", f"{name} = {{ {weight} = …, … }}"


def _profile_is_a_file_of_the_folder(press: Press) -> Iterator[Finding]:
    if PurePosixPath(press.profile).name != press.profile:
        yield (
            ("press", "profile"),
            f"press.profile is {_shown(press.profile)}, no plain file name",
            "the name of a file in the folder press/ beside layout.toml",
        )


_Inks = tuple[float, float, float, float]


def _inks_keep_to_the_limit(inks: Mapping[str, _Inks], press: Press) -> Iterator[Finding]:
    for name, ink in inks.items():
        if sum(ink) > press.ink_percent and name not in press.spots:
            message = f"the ink {name} lays on {sum(ink):g} percent"
            yield ("inks", name), message, f"at most {press.ink_percent:g}, press.ink_percent"


def _spots_are_inks(inks: Collection[str], press: Press) -> Iterator[Finding]:
    for name in press.spots:
        yield from _known_ink(inks, name, ("press", "spots", name))


def _type_is_large_enough(roles: Mapping[str, TypeRole], press: Press) -> Iterator[Finding]:
    for name, role in roles.items():
        if role.size_pt < press.smallest_pt:
            yield (
                ("type", name, "size_pt"),
                f"type.{name} is {role.size_pt:g} pt, too small for the press",
                f"at least {press.smallest_pt:g}, press.smallest_pt",
            )


_REVERSED_UP_TO = 20  # percent: type in so little ink is seen only as the ground round it


def _reversed_type_is_large_enough(
    roles: Mapping[str, TypeRole], inks: Mapping[str, _Inks], head: Head, press: Press
) -> Iterator[Finding]:
    grounds = {"rubric": head.rubric_ink}
    if head.band is Direction.VERTICAL:
        grounds["band"] = head.side_ink
    for name, ground in grounds.items():
        if name not in roles or roles[name].ink not in inks or ground not in inks:
            continue
        if sum(inks[roles[name].ink]) > _REVERSED_UP_TO or sum(inks[ground]) <= _REVERSED_UP_TO:
            continue
        alone = ground in press.spots or sum(part > 0 for part in inks[ground]) == 1
        key = "reversed_black_pt" if alone else "reversed_inks_pt"
        least = getattr(press, key)
        if roles[name].size_pt < least:
            yield (
                ("type", name, "size_pt"),
                f"type.{name} is {roles[name].size_pt:g} pt and reversed out of the ink {ground}",
                f"at least {least:g}, press.{key}",
            )


def _rules_are_thick_enough(
    makeup: Makeup, box: BoxRole, table: TableRole, press: Press
) -> Iterator[Finding]:
    widths = {("makeup", "rule_pt"): makeup.rule_pt, ("box", "border_pt"): box.border_pt}
    widths |= {("table", key): getattr(table, key) for key in ("rule_pt", "head_rule_pt")}
    for path, width in widths.items():
        if 0 < width < press.hairline_pt:
            message = f"{_dotted(path)} is {width:g} pt, thinner than the press prints"
            yield path, message, f"at least {press.hairline_pt:g}, press.hairline_pt"


_RULES: tuple[tuple[tuple[str, ...], Callable[..., Iterator[Finding]]], ...] = (
    (("page", "grid"), _type_area_fits_the_page),
    (("grid",), _lines_do_not_collide),
    (("grid", "furniture"), _furniture_leaves_room),
    (("grid", "furniture", "type", "furniture_pt"), _furniture_holds_its_words),
    (("grid", "type"), _body_stands_on_the_grid),
    (("names of type",), _every_role_is_set),
    (("grid", "headline"), _headlines_fit_the_grid),
    (("head", "headline"), _kickers_are_below_their_headline),
    (("names of headline",), _every_weight_has_a_headline),
    (("names of inks", "type"), _inks_of_roles_are_known),
    (("grid", "advertisement"), _sizes_fit_the_grid),
    (("names of inks", "box"), _inks_of_boxes_are_known),
    (("names of inks", "makeup"), _ink_of_rules_is_known),
    (("names of inks", "lost_picture", "press"), _empty_places_can_be_seen),
    (("lost_picture",), _empty_places_have_shapes),
    (("makeup",), _measures_are_in_order),
    (("rules",), _limits_are_in_order),
    (("makeup",), _no_kind_is_left_out_twice),
    (("makeup",), _hard_rules_yield_in_some_order),
    (("makeup",), _every_weight_has_its_own),
    (("press",), _profile_is_a_file_of_the_folder),
    (("inks", "press"), _inks_keep_to_the_limit),
    (("names of inks", "press"), _spots_are_inks),
    (("type", "press"), _type_is_large_enough),
    (("type", "inks", "head", "press"), _reversed_type_is_large_enough),
    (("makeup", "box", "table", "press"), _rules_are_thick_enough),
)
