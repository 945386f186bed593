"""`verify --rebuild`: the issue built again by today's program, held against what is there."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from issue_publisher.archive.difference import DPI, entry_differences, page_differences
from issue_publisher.archive.pdfium import UnreadableError
from issue_publisher.archive.record import Entry, Record, read_record
from issue_publisher.composition.model import Wishes
from issue_publisher.issue.errors import SourceError
from issue_publisher.preflight.container import DAMAGED, UnreadableBookError, open_container
from issue_publisher.preflight.finding import Finding
from issue_publisher.production import manifest
from issue_publisher.production.build import Output, build
from issue_publisher.production.cache import Cache
from issue_publisher.production.faults import FAULTS, EnvironmentFault, findings_of
from issue_publisher.production.load import ISSUE_FILE, Source, load, own_places
from issue_publisher.production.outputs import Product
from issue_publisher.production.verify_files import (
    PICTURES,
    Held,
    changes,
    error,
    items_with_less,
    layout_name,
    note,
    program_changes,
    read_bytes,
    warning,
)

OnStep = Callable[[str], None]
_MOST_PICTURES = 40  # of an issue
_MOST_ENTRIES = 20  # of a book that are named
_PAPER = "newspaper"  # the folder that it is built again in
_FONT_FILES = (".otf", ".ttf", ".woff", ".woff2")


@dataclass(frozen=True)
class Rebuilt:
    """What came of building an issue again."""

    findings: tuple[Finding, ...]
    pictures: tuple[Product, ...] = ()  # of pages that differ
    built: bool = True  # whether today's program could build it at all


def rebuild_and_compare(
    issue: Held, place: Path, *, left_out: bool, cache: Cache, on_step: OnStep
) -> Rebuilt:
    """Build the issue again into a folder that is thrown away, and hold each output against the one there.

    `place`: where its source lies or would lie, beside which the newspaper may have layouts and fonts of its
    own. `left_out`: print did without something optional.
    """
    with (
        _room(),
        tempfile.TemporaryDirectory(prefix="issue-publisher-") as scratch,
        _source(issue, place, Path(scratch)) as at,
    ):
        if at is None:
            hint = "the archive PDF does not give it back, and the source folder has another or none"
            return Rebuilt((error(issue.file(manifest.NAME), "it cannot be built again", hint),), built=False)
        source, faults = _loaded(at, layout_name(issue))
        if source is None:
            return Rebuilt(tuple(_not_built(issue, faults, scratch)), built=False)
        products, faults = _built(issue, source, Path(scratch) / "dist", left_out, cache, on_step)
        if products is None:
            return Rebuilt(tuple(_not_built(issue, faults, scratch)), built=False)
    on_step("comparing")
    return _compared(issue, {product.role: product for product in products})


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise EnvironmentFault(
            f"it cannot be built again: {(fault.strerror or str(fault)).lower()}"
            " (is there room for temporary files? TMPDIR names another folder)"
        ) from fault


def _not_built(issue: Held, faults: Sequence[SourceError], scratch: str) -> Iterator[Finding]:
    for one in faults:
        said = f"today's program does not build it: {one.message}"
        file = one.file.removeprefix(f"{scratch}/{_PAPER}/")
        yield replace(error(issue.file(manifest.NAME), said, one.hint), source=f"{file}:{one.line}")


# --------------------------------------------------------------------------- the source


@contextmanager
def _source(issue: Held, place: Path, scratch: Path) -> Iterator[Path | None]:
    """A folder with the very inputs that the manifest names; None when they are not to be had.

    It stands in a newspaper's folder of its own, beside whose source are the layouts and fonts of today.
    """
    files = _inputs(issue, place)
    if files is None:
        yield None
        return
    paper = scratch / _PAPER
    folder = paper / "source" / issue.record.issue
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name in ("layouts", "fonts"):
        own = next((above / name for above in own_places(place) if (above / name).is_dir()), None)
        if own is not None:
            (paper / name).symlink_to(own.resolve(), target_is_directory=True)
    yield folder


def _inputs(issue: Held, place: Path) -> dict[str, bytes] | None:
    """The files of the source as they were, from the archive PDF or from the source folder."""
    found: dict[str, bytes] = {}
    for entry in issue.record.inputs_of("issue", "picture", "page-plan"):
        name = PurePosixPath(entry.name).as_posix()
        path = place / entry.name
        choices = [issue.enclosed.get(name), read_bytes(path) if path.is_file() else None]
        data = next((one for one in choices if one is not None and _is(one, entry)), None)
        if data is None:
            return None
        found[name] = data
    return found if ISSUE_FILE in found else None


def _is(data: bytes, entry: Entry) -> bool:
    return hashlib.sha256(data).hexdigest() == entry.sha256


def _loaded(folder: Path, layout: str) -> tuple[Source | None, tuple[SourceError, ...]]:
    """The source read; a page plan that no longer fits is followed as far as it does."""
    loaded = load(folder, layout)
    if not loaded.stands(strict=False):
        loaded = load(folder, layout, replan=True)
    faults = tuple(one for one in loaded.findings if one.severity == "error")
    return (loaded.source, ()) if loaded.stands(strict=False) else (None, faults)


def _built(
    issue: Held, source: Source, dist: Path, left_out: bool, cache: Cache, on_step: OnStep
) -> tuple[tuple[Product, ...] | None, tuple[SourceError, ...]]:
    """The outputs made again, asked for as they were: the manifest does not say how, the outputs do."""
    wanted = frozenset(Output(role) for role in Output if issue.record.of(role) is not None)
    wishes = Wishes(
        fit=left_out or bool(items_with_less(issue)),
        plan_pages=bool(source.issue.copy),
        replan=source.plan is not None
        and not load(source.folder, source.layout.folder.name).stands(strict=False),
    )
    try:
        built = build(
            source, dist, wanted, wishes=wishes, embed_fonts=_has_fonts(issue), cache=cache, on_step=on_step
        )
    except FAULTS as fault:
        return None, findings_of(fault)
    return built.products, ()


def _has_fonts(issue: Held) -> bool:
    """Whether the e-book carries fonts."""
    entry = issue.record.of("epub")
    if entry is None or not (issue.folder / entry.name).is_file():
        return False
    try:
        names = open_container(read_bytes(issue.folder / entry.name), entry.name).names
    except (UnreadableBookError, *DAMAGED):
        return False
    return any(name.lower().endswith(_FONT_FILES) for name in names)


# --------------------------------------------------------------------------- comparing


def _compared(issue: Held, made: Mapping[str, Product]) -> Rebuilt:
    findings: list[Finding] = []
    pictures: list[Product] = []
    for entry in issue.record.outputs:
        path, product = issue.folder / entry.name, made.get(entry.role)
        if product is None or not path.is_file():
            continue
        was = read_bytes(path)
        if was == product.data:
            continue
        said, drawn = _difference(issue.file(entry.name), entry, was, product.data)
        findings += said
        pictures += drawn[: max(0, _MOST_PICTURES - len(pictures))]
    if findings:
        today = read_record(made["manifest"].data)
        findings += _causes(issue.file(manifest.NAME), issue.record, today)
    return Rebuilt(tuple(findings), tuple(pictures))


def _difference(file: str, entry: Entry, was: bytes, now: bytes) -> tuple[list[Finding], list[Product]]:
    """What is to be said of an output that is made otherwise today, and pictures of its pages."""
    if entry.role == "epub":
        return list(_of_books(file, was, now)), []
    if entry.role not in ("press", "archive"):
        first = next(
            at for at, pair in enumerate(zip(_lines(was), _lines(now), strict=False), 1) if pair[0] != pair[1]
        )
        return [error(file, "today's program makes it otherwise", line=first)], []
    findings, pictures = [], []
    try:
        for one in page_differences(was, now):
            name = f"{PICTURES}/{Path(entry.name).stem}-page-{one.page}.png"
            pictures.append(Product(name, "verification", one.png))
            said = f"today's program makes it otherwise: {one.share:.2%} of its pixels differ at {DPI} dpi"
            findings.append(replace(error(file, said, f"see {name}: was, is, difference"), page=one.page))
    except UnreadableError as fault:
        return [error(file, f"its pages cannot be compared: {fault}")], []
    if not findings:
        findings.append(error(file, "today's program gives other bytes, and the same pixels on every page"))
    return findings, pictures


def _lines(data: bytes) -> list[bytes]:
    return [*data.split(b"\n"), b"\0end"]


def _of_books(file: str, was: bytes, now: bytes) -> Iterator[Finding]:
    try:
        differing = entry_differences(was, now)
    except (UnreadableBookError, *DAMAGED) as fault:
        yield error(file, f"its files cannot be compared: {fault}")
        return
    if not differing:
        yield error(file, "today's program gives other bytes, and the same files inside")
    for one in differing[:_MOST_ENTRIES]:
        yield replace(error(file, f"made by today's program, this file of it {one.how}"), inner=one.name)
    if len(differing) > _MOST_ENTRIES:
        yield error(file, f"and {len(differing) - _MOST_ENTRIES} more of its files")


def _causes(file: str, was: Record, now: Record) -> Iterator[Finding]:
    """Which of the recorded versions changed: a difference without any is the machine's or the file's."""
    found = False
    for what, changed in _changes(was, now):
        if changed:
            found = True
            yield note(file, f"changed since: {what}: {changed}")
    if not found:
        hint = "was a file altered? then the copy is at fault, not the program"
        yield warning(file, "nothing that the manifest records has changed since", hint)


def _changes(was: Record, now: Record) -> Iterator[tuple[str, str]]:
    yield "programs", program_changes(was.programs, now.programs)
    for what, roles in (("layout", ("layout", "template")), ("fonts", ("font",)),
                        ("source", ("issue", "picture", "page-plan"))):  # fmt: skip
        before, after = ({one.name: one.sha256 for one in record.inputs_of(*roles)} for record in (was, now))
        yield what, changes(before, after)
