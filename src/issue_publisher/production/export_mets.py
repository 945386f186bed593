"""`issue-publisher export --to mets`: an issue as libraries take it, in a folder of its own.

`mets.xml` lists and describes, `alto/` says what stands where on each page, `pdf/` holds the archive PDF, and
`epub/` and `images/` what there is besides. What a build has left in `dist/<id>/` is taken, if its manifest
says that it was made of the same source by the same programs; whatever lacks is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from issue_publisher import __version__
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.issue.errors import SourceError
from issue_publisher.production import manifest
from issue_publisher.production.aside import side_by_side
from issue_publisher.production.cache import NO_CACHE, Cache
from issue_publisher.production.enclosed import enclosures
from issue_publisher.production.load import Source, shown
from issue_publisher.production.outputs import Product, workshop
from issue_publisher.production.working_folder import whole_folder
from issue_publisher.typesetting.faces import PaperFaces

if TYPE_CHECKING:
    from issue_publisher.rendering.mets import PackageFile

FOLDER = "mets"  # below dist/<id>/
IMAGES_DPI = 200  # the body of 9 pt is 25 pixels high: it can be read, and recognised
_MIMES = {"alto": "text/xml", "images": "image/png", "pdf": "application/pdf", "epub": "application/epub+zip"}
_GROUPS = {"alto": "ALTO", "images": "IMG", "pdf": "PDF", "epub": "EPUB"}

OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """An issue's METS folder that is in place."""

    folder: Path
    files: tuple[str, ...]  # below it
    size: int
    findings: tuple[SourceError, ...] = ()  # warnings of make-up


@dataclass(frozen=True)
class _Left:
    """What a build of the same source has left: role → bytes, each as its manifest says."""

    folder: Path
    outputs: Mapping[str, bytes] = field(default_factory=dict)
    same_programs: bool = False

    def output(self, role: str) -> bytes | None:
        """An output that these programs would make again."""
        return self.outputs.get(role) if self.same_programs else None


def export_mets(
    source: Source,
    dist: Path,
    folder: Path | None = None,
    *,
    images: bool = False,
    cache: Cache = NO_CACHE,
    on_step: OnStep = lambda step: None,
) -> Exported:
    """Write an issue's METS folder: `dist/<id>/mets`, in place of an earlier one, or a new `folder`.

    The pages are those of the page plan beside the source, else of the one in `dist/<id>` if it was made of
    the same source; else they are made up. Raises one of `FAULTS` when the source is at fault,
    `EnvironmentFault` when the disk is; then an earlier folder is as it was.
    """
    left = _left(source, dist / source.issue.id)
    files, findings = _package(source, left, images, cache, on_step)
    on_step("putting the files in place")
    size = sum(map(len, files.values()))
    if folder is not None:
        with whole_folder(folder, "--output names") as made:
            for name, data in files.items():
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).write_bytes(data)
        return Exported(folder, tuple(files), size, findings)
    with workshop(dist, source.issue.id) as shop:
        shop.put_in_place(Product(f"{FOLDER}/{name}", FOLDER, data) for name, data in files.items())
    return Exported(dist / source.issue.id / FOLDER, tuple(files), size, findings)


def _package(
    source: Source, left: _Left, images: bool, cache: Cache, on_step: OnStep
) -> tuple[dict[str, bytes], tuple[SourceError, ...]]:
    """The files of the folder, METS first."""
    from issue_publisher.composition.plan import write_plan
    from issue_publisher.fonts import Measures
    from issue_publisher.rendering.alto import Software, write_alto
    from issue_publisher.rendering.furniture import furniture_of
    from issue_publisher.rendering.logical import divided
    from issue_publisher.rendering.mets import write_mets
    from issue_publisher.rendering.placing import printed_issue

    faces = PaperFaces(Measures(source.fonts), source.layout.latin_fonts)
    on_step("making up the pages")
    composed = _composed(source, left, faces)
    plan = write_plan(composed, source.layout.folder.name)
    on_step("finding where everything stands")
    furniture = furniture_of(composed, source.layout, faces, cache)
    printed = printed_issue(composed, source.layout, faces, furniture)
    pdf = left.output("archive") if left.outputs.get("page-plan") == plan else None
    if pdf is None:
        on_step("painting the pages")
        pdf = _archive(source, composed, faces, plan, cache)
    files = {f"pdf/{source.issue.id}-archive.pdf": pdf}
    if images:
        on_step("drawing the pages")
        files |= _drawn(pdf, source)
    if (book := left.output("epub")) is not None:
        files[f"epub/{source.issue.id}.epub"] = book
    on_step("writing ALTO and METS")
    software = Software("issue-publisher", __version__)
    for page in printed.pages:
        picture = f"images/{_page(page.at)}.png" if images else next(iter(files))
        alto = write_alto(page, printed, composed.issue, software, f"../{picture}")
        files[f"alto/{_page(page.at)}.xml"] = alto
    listed = [_listed(name, data) for name, data in sorted(files.items())]
    mets = write_mets(composed.issue, printed, divided(composed, printed), listed, software)
    return {"mets.xml": mets, **dict(sorted(files.items()))}, composed.findings


def _composed(source: Source, left: _Left, faces: PaperFaces) -> ComposedIssue:
    from issue_publisher.composition.compose import compose_issue

    plan, plan_file = source.plan, source.plan_file
    if plan is None and "page-plan" in left.outputs:
        plan, plan_file = left.outputs["page-plan"], shown(left.folder / source.plan_name)
    return compose_issue(
        source.issue, source.layout, faces, source.pictures,
        file=source.file, plan=plan, plan_file=plan_file, side_by_side=side_by_side,
    )  # fmt: skip


def _archive(source: Source, composed: ComposedIssue, faces: PaperFaces, plan: bytes, cache: Cache) -> bytes:
    from issue_publisher.rendering.archive_pdf import render_archive

    enclosed = enclosures(source, plan)
    pdf = render_archive(composed, source.layout, faces, source.pictures, enclosed, cache)
    cache.tidy()
    return pdf


def _drawn(pdf: bytes, source: Source) -> dict[str, bytes]:
    from issue_publisher.pictures import pixels_as_png
    from issue_publisher.rendering.pixels import draw_pages

    width = round(source.layout.page.width_mm / 25.4 * IMAGES_DPI)
    return {
        f"images/{_page(at)}.png": pixels_as_png(pixels.rows, pixels.width_px, pixels.height_px)
        for at, pixels in enumerate(draw_pages(pdf, width), start=1)
    }


def _page(at: int) -> str:
    return f"page-{at:04}"


def _listed(name: str, data: bytes) -> PackageFile:
    from issue_publisher.rendering.mets import PackageFile

    kind, _, file = name.partition("/")
    page = int(Path(file).stem.removeprefix("page-")) if kind in ("alto", "images") else 0
    return PackageFile(_GROUPS[kind], name, _MIMES[kind], len(data), hashlib.sha256(data).hexdigest(), page)


# --------------------------------------------------------------------------- what a build has left


def _left(source: Source, folder: Path) -> _Left:
    """The outputs in `folder` that its manifest says were made of this source, and that are as it says."""
    try:
        told = json.loads((folder / manifest.NAME).read_bytes())
        now = json.loads(manifest.manifest_of_inputs(source))
        if any(told[key] != now[key] for key in ("format", "issue", "inputs")):
            return _Left(folder)
        outputs = dict(_held(folder, told["outputs"]))
        return _Left(folder, outputs, told["programs"] == now["programs"])
    except (OSError, ValueError, KeyError, TypeError):
        return _Left(folder)


def _held(folder: Path, entries: list[dict[str, str]]) -> Iterator[tuple[str, bytes]]:
    for entry in entries:
        if entry["role"] not in ("archive", "epub", "page-plan"):
            continue
        try:
            data = (folder / Path(entry["name"]).name).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(data).hexdigest() == entry["sha256"]:
            yield entry["role"], data
