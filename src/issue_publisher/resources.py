"""Where the layouts, fonts and the starter folder that come with the program lie.

In a checkout `layouts/` and `fonts/` stand at the top, where the desk edits them; in a wheel they travel
inside the package. The rest of the program asks here and need not know which.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent
_SHIPPED = _PACKAGE / "_shipped"


def shipped_layouts() -> Path:
    """Return the folder of the layouts that come with the program; each is a folder with a `layout.toml`."""
    return _shipped("layouts")


def shipped_fonts() -> Path:
    """Return the folder of the fonts that come with the program, with its `fonts.toml`."""
    return _shipped("fonts")


def starter() -> Path:
    """Return the folder that `issue-publisher new` copies: a folder with a small issue."""
    return _PACKAGE / "starter"


def _shipped(name: str) -> Path:
    inside_wheel = _SHIPPED / name
    return inside_wheel if inside_wheel.is_dir() else _CHECKOUT / name
