"""What a file is held against: a profile's limits, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

SHIPPED = ("newsprint", "archive")


class ProfileError(Exception):
    """A profile says what it may not; the message is for the desk."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Limits of a press or of an archive. What is `None`, empty or `True` is not asked."""

    name: str
    standard: str = ""  # PDF/X-4
    output_intent: str = ""  # CMYK
    spaces: tuple[str, ...] = ()  # that colours may be told in
    spots: tuple[str, ...] | None = None  # names that the press knows
    transparency: bool = True
    annotations: bool = True
    attachments_allowed: bool = True
    trim_mm: tuple[tuple[float, ...], ...] = ()
    trim_slack_mm: float = 0.5
    pages: tuple[float, ...] = ()
    total_ink_percent: float | None = None
    ppi_error: float | None = None
    ppi_warning: float | None = None
    line_art_ppi: float | None = None
    type_pt: float | None = None
    note_pt: float | None = None  # of superscripts and readings in black alone
    reversed_pt: float | None = None
    reversed_inks_pt: float | None = None
    several_inks_pt: float | None = None
    overprint_below_pt: float | None = None
    line_pt: float | None = None
    pdfa: str = ""  # 3a
    pdfua: str = ""  # 1
    tagged: bool = False
    attachments: tuple[str, ...] = ()
    text_from: str = ""

    @property
    def is_for_press(self) -> bool:
        return bool(self.standard or self.total_ink_percent)


def shipped_profile(name: str) -> Profile:
    """A profile that comes with the program."""
    text = (files("issue_publisher.preflight") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    return read_profile(text, f"profiles/{name}.toml")


def read_profile(text: str, file: str) -> Profile:
    """A profile from its TOML; `base` may name a shipped one that it changes. Raises ProfileError."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{file}: not TOML: {error}") from error
    base = given.pop("base", None)
    if base is not None and base not in SHIPPED:
        raise ProfileError(f"{file}: base: there is no profile {base} ({', '.join(SHIPPED)})")
    name = given.get("name")
    if not isinstance(name, str):
        raise ProfileError(f"{file}: name is missing (what the profile is called)")
    start = shipped_profile(base) if base else Profile(name)
    return with_limits(start, given, file)


def with_limits(profile: Profile, given: Mapping[str, object], file: str) -> Profile:
    """The profile with other limits, such as those of a layout's press. Raises ProfileError."""
    hints = get_type_hints(Profile)
    known = {one.name for one in fields(Profile)}
    changed: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known:
            raise ProfileError(f"{file}: {key} is no limit of a profile (docs/preflight.md lists them)")
        changed[key] = _fitting(value, hints[key], f"{file}: {key}")
    return replace(profile, **changed)


# A layout's [press] table → limits.
_OF_A_LAYOUT = {
    "ink_percent": "total_ink_percent", "least_ppi": "ppi_error", "smallest_pt": "type_pt",
    "reversed_black_pt": "reversed_pt", "reversed_inks_pt": "reversed_inks_pt", "hairline_pt": "line_pt",
}  # fmt: skip


def for_layout(profile: Profile, layout: Mapping[str, Any], file: str) -> Profile:
    """The profile with the limits that the layout of a paper of ours sets: a page's size, its press."""
    page, press, pictures = (layout.get(key) or {} for key in ("page", "press", "pictures"))
    given: dict[str, Any] = {limit: press[key] for key, limit in _OF_A_LAYOUT.items() if key in press}
    if "spots" in press:
        given["spots"] = list(press["spots"].values())
    if "width_mm" in page and "height_mm" in page:
        given["trim_mm"] = [[page["width_mm"], page["height_mm"]]]
    if "warn_below_ppi" in pictures:
        given["ppi_warning"] = pictures["warn_below_ppi"]
    return with_limits(profile, given, file)


def _fitting(value: object, hint: Any, where: str) -> object:
    """The value as its field takes it: lists as tuples, whole numbers as float."""
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    for kind in kinds:
        if get_origin(kind) is tuple and isinstance(value, list):
            return tuple(_fitting(one, get_args(kind)[0], where) for one in value)
        if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
            if value < 0:
                raise ProfileError(f"{where}: {value} is below nothing")
            return float(value)
        if kind in (str, bool) and isinstance(value, kind):
            return value
    raise ProfileError(f"{where}: {value!r} does not fit")
