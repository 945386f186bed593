"""`issue-publisher new`: a newspaper's working folder, with a small issue to start from."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from issue_publisher import resources
from issue_publisher.production.faults import EnvironmentFault

_LAYOUT = "broadsheet"  # what the starter's issue asks for


def make_working_folder(folder: Path, *, layout: str = _LAYOUT, with_layout: bool = False) -> list[Path]:
    """Make the folder whole or not at all; the files in it, relative to it.

    Its issue asks for `layout`, one of those that come with the program; `with_layout` copies that too.
    Raises `EnvironmentFault` when there is no such layout, when something is there already, and when it
    cannot be written.
    """
    folder = folder.absolute()
    known = sorted(path.parent.name for path in resources.shipped_layouts().glob("*/layout.toml"))
    if layout not in known:
        raise EnvironmentFault(f"there is no layout {layout} (there are {', '.join(known)})")
    with whole_folder(folder, "name") as made:
        shutil.copytree(resources.starter(), made, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        for issue in made.glob("source/*/issue.xml"):
            asked = issue.read_bytes().replace(
                b'layout="%b"' % _LAYOUT.encode(), b'layout="%b"' % layout.encode(), 1
            )
            issue.write_bytes(asked)
        if with_layout:
            shutil.copytree(resources.shipped_layouts() / layout, made / "layouts" / layout)
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


@contextmanager
def whole_folder(folder: Path, name: str) -> Iterator[Path]:
    """The path of a folder to make and fill aside; it comes into its place at the end, or not at all.

    `name`: what the desk does to name another one. Raises `EnvironmentFault` when something is there already,
    and when it cannot be written.
    """
    missing: list[Path] = []
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise EnvironmentFault(f"{folder}: is there already and not empty ({name} a new folder)")
        missing = [place for place in folder.parents if not place.exists()]
        folder.parent.mkdir(parents=True, exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            made = waiting / "whole"
            yield made
            made.chmod(0o777 & ~umask())
            made.replace(folder)  # an empty folder gives way
            missing = []
        finally:
            shutil.rmtree(waiting, ignore_errors=True)
            with suppress(OSError):
                for place in missing:
                    place.rmdir()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EnvironmentFault(f"{folder}: cannot be made: {why} ({name} another folder)") from error


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
