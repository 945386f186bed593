"""`manifest.json`: what went in, what came out, and what made it, so that an archive can prove it."""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from issue_publisher import __version__
from issue_publisher.pictures.raster import codec_versions
from issue_publisher.production.load import ISSUE_FILE, LAYOUT_FILE, Source
from issue_publisher.production.outputs import Product

NAME = "manifest.json"
FORMAT = 1

# What the bytes of the outputs depend on besides the inputs.
_PACKAGES = {
    "WeasyPrint": "weasyprint",
    "pydyf": "pydyf",
    "pikepdf": "pikepdf",
    "Pillow": "pillow",
    "lxml": "lxml",
    "Jinja2": "jinja2",
    "EbookLib": "ebooklib",
    "uharfbuzz": "uharfbuzz",
    "fontTools": "fonttools",
    "OR-Tools": "ortools",
    "pypdfium2": "pypdfium2",
    "rjieba": "rjieba",
}

Entry = dict[str, Any]


def make_manifest(source: Source, products: Iterable[Product], carried: Iterable[Entry] = ()) -> Product:
    """The manifest of the products of a source; `carried` are entries of earlier outputs that still hold."""
    outputs = sorted(
        [*(_entry(product.role, product.name, product.data) for product in products), *carried],
        key=lambda entry: entry["name"],
    )
    return Product(NAME, "manifest", _written(source, {"outputs": outputs}))


def manifest_of_inputs(source: Source) -> bytes:
    """What a manifest says of all but the outputs: an output itself can hold it."""
    return _written(source, {})


def _written(source: Source, outputs: Mapping[str, list[Entry]]) -> bytes:
    manifest = {
        "format": FORMAT,
        "issue": source.issue.id,
        "date": source.issue.date.isoformat(),
        "layout": {"name": source.layout.name, "version": source.layout.version},
        "inputs": inputs(source),
        **outputs,
        "fonts": [
            {"role": face.role, "family": face.family, "version": face.version, "sha256": face.sha256}
            for _, face in sorted(source.fonts.faces.items())
        ],
        "programs": programs(),
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def inputs(source: Source) -> list[Entry]:
    """Everything that was read; names are from the issue's folder, or begin with `layout/` or `fonts/`."""
    entries = [_entry("issue", ISSUE_FILE, source.xml)]
    entries += [
        {"role": "picture", "name": src, "size": len(picture.data), "sha256": picture.sha256}
        for src, picture in sorted(source.pictures.items())
    ]
    if source.plan is not None:
        entries.append(_entry("page-plan", source.plan_name, source.plan))
    for name, data in source.layout_files.items():
        entries.append(_entry("layout" if name == LAYOUT_FILE else "template", f"layout/{name}", data))
    for _, face in sorted(source.fonts.faces.items()):
        size = len(face.data)
        entries.append(
            {"role": "font", "name": f"fonts/{face.path.name}", "size": size, "sha256": face.sha256}
        )
    return entries


def still_valid(folder: Path, manifest: Product, made: Iterable[Product]) -> list[Entry]:
    """Entries of outputs that an earlier build left, when it had the same inputs and programs as `manifest`.

    So `build --only epub` keeps the press PDF of the same source in the manifest, and never one of another.
    """
    try:
        earlier = json.loads((folder / NAME).read_bytes())
        now = json.loads(manifest.data)
        same = all(earlier[key] == now[key] for key in ("format", "issue", "inputs", "programs"))
        names = {product.name for product in made}
        return [entry for entry in earlier["outputs"] if same and entry["name"] not in names
                and _holds(folder, entry)]  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _holds(folder: Path, entry: Mapping[str, Any]) -> bool:
    data = (folder / Path(entry["name"]).name).read_bytes()
    return bool(hashlib.sha256(data).hexdigest() == entry["sha256"])


def _entry(role: str, name: str, data: bytes) -> Entry:
    return {"role": role, "name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@cache
def programs() -> dict[str, str]:
    """Versions of the program and of all that has a say in its bytes."""
    found = {"issue-publisher": __version__}
    found |= {name: _version(package) for name, package in _PACKAGES.items()}
    found |= {"Pango": _library("pango-1.0", "pango_version_string")}
    found |= {"HarfBuzz": _library("harfbuzz", "hb_version_string")}
    return found | codec_versions()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _library(name: str, asks: str) -> str:
    """The version of a shared library that WeasyPrint loads, as the library itself says it."""
    for file in (f"lib{name}.so.0", ctypes.util.find_library(name)):
        try:
            ask = getattr(ctypes.CDLL(file), asks) if file else None
        except (OSError, AttributeError):
            continue
        if ask:
            ask.restype = ctypes.c_char_p
            return str(ask().decode())
    return "none"
