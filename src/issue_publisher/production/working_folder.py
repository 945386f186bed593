"""`issue-publisher new`: a newspaper's working folder, with a small issue to start from."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from issue_publisher import resources
from issue_publisher.production.faults import EnvironmentFault

_LAYOUT = "broadsheet"


def make_working_folder(folder: Path, *, with_layout: bool = False) -> list[Path]:
    """Make the folder whole or not at all; the files in it, relative to it.

    Raises `EnvironmentFault` when something is there already or it cannot be written.
    """
    folder = folder.absolute()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise EnvironmentFault(f"{folder}: is there already and not empty (name a new folder)")
        missing = [place for place in folder.parents if not place.exists()]
        folder.parent.mkdir(parents=True, exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            made = waiting / "whole"
            shutil.copytree(resources.starter(), made, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
            if with_layout:
                shutil.copytree(resources.shipped_layouts() / _LAYOUT, made / "layouts" / _LAYOUT)
            made.chmod(0o777 & ~_umask())
            made.replace(folder)  # an empty folder gives way
            missing = []
        finally:
            shutil.rmtree(waiting, ignore_errors=True)
            for place in missing:
                place.rmdir()
    except OSError as error:
        raise EnvironmentFault(
            f"{folder}: cannot be made: {(error.strerror or str(error)).lower()} (name another folder)"
        ) from error
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
