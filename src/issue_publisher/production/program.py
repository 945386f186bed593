"""All of the program that has a say in bytes, so that two machines can tell whether theirs is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from issue_publisher import resources
from issue_publisher.fonts.catalogue import CATALOGUE
from issue_publisher.production import manifest
from issue_publisher.production.cache import our_code

CODE, LAYOUTS, FONTS = "code of issue-publisher", "layouts", "fonts"


def made_by() -> dict[str, str]:
    """Versions, our own code, and the layouts and fonts that come with it, by what each is called."""
    return dict(_made_by())


@cache
def _made_by() -> Mapping[str, str]:
    layouts, place = hashlib.sha256(), resources.shipped_layouts()
    for path in sorted(place.rglob("*")):
        if path.is_file():
            name = path.relative_to(place).as_posix()
            layouts.update(f"{name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    fonts = (resources.shipped_fonts() / CATALOGUE).read_bytes()  # which knows its files by sha256
    return {
        **manifest.programs(),
        CODE: our_code()[:12],
        LAYOUTS: layouts.hexdigest()[:12],
        FONTS: hashlib.sha256(fonts).hexdigest()[:12],
    }


def digest_of(programs: Mapping[str, str]) -> str:
    """Tells whether two programs are the same."""
    return hashlib.sha256(repr(sorted(programs.items())).encode()).hexdigest()
