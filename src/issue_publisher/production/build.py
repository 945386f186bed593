"""The order of the stages: one source becomes its products, and these come into `dist/<id>/` together."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from issue_publisher.composition.model import NO_WISHES, ComposedIssue, PagesNotMadeError, Wishes
from issue_publisher.issue.errors import SourceError, SourceErrors
from issue_publisher.production.aside import Aside, can_fork, side_by_side
from issue_publisher.production.cache import NO_CACHE, Cache
from issue_publisher.production.deep_calls import with_room
from issue_publisher.production.enclosed import enclosures
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.load import Source
from issue_publisher.production.manifest import inputs, make_manifest, still_valid
from issue_publisher.production.outputs import Product, replace_file, workshop
from issue_publisher.production.proof import make_proof
from issue_publisher.production.report import ReportData
from issue_publisher.typesetting.faces import PaperFaces

if TYPE_CHECKING:
    from issue_publisher.fonts import FontSet, Measures

OnStep = Callable[[str], None]


class Output(StrEnum):
    """What can be built; the values are the words of `--only`."""

    PRESS = "press"
    ARCHIVE = "archive"
    EPUB = "epub"


ALL_OUTPUTS = frozenset(Output)
PRINTED = frozenset({Output.PRESS, Output.ARCHIVE})  # the pages, which are made up for them


@dataclass(frozen=True, slots=True)
class Ordered:
    """What the desk asks for beyond the outputs themselves."""

    wanted: frozenset[Output] = ALL_OUTPUTS
    makeup: Wishes = NO_WISHES
    embed_fonts: bool = False  # in the e-book
    cache: Cache = NO_CACHE
    forks: bool = True  # pages and book side by side, in processes of their own

    @property
    def aside(self) -> bool:
        """Whether the e-book is made beside the pages."""
        return self.forks and can_fork()


@dataclass(frozen=True, slots=True)
class Built:
    """An issue whose outputs are in place."""

    issue_id: str
    folder: Path
    products: tuple[Product, ...]
    report: ReportData | None = None  # of the make-up, when a proof was asked for
    findings: tuple[SourceError, ...] = ()  # warnings: of make-up, and what was not kept of the page plan


class ProofOnlyError(SourceErrors):
    """The pages could not all be made; `proof` shows those that could, and stands in its place."""

    def __init__(self, errors: Iterable[SourceError], proof: Built) -> None:
        super().__init__(errors)
        self.proof = proof


@with_room
def build(
    source: Source,
    dist: Path,
    wanted: frozenset[Output] = ALL_OUTPUTS,
    *,
    keep_plan: bool = False,
    wishes: Wishes = NO_WISHES,
    embed_fonts: bool = False,
    proof: bool = False,
    strict: bool = False,
    cache: Cache = NO_CACHE,
    forks: bool = True,
    on_step: OnStep = lambda step: None,
) -> Built:
    """Build the wanted outputs of a source and put them in place, the manifest last.

    `wishes`: what the desk asks of make-up beyond the page plan. `embed_fonts`: the e-book carries subsets of
    the layout's fonts. With `keep_plan` the plan is put beside the
    issue, if none is there yet or it was made anew (`wishes.replan`). With `proof` also the pages as pictures
    with their report (`production.proof`), which no manifest lists. With `strict` a warning of make-up is an
    error. `cache`: what is found there is not made again. Without `forks` all is done in this process: where
    several issues are built side by side anyway, more processes only cost.

    Raises one of `FAULTS` when the source is at fault, `EnvironmentFault` when the disk is; then, and when
    it is interrupted, the earlier outputs are as they were. Only a proof is put in place also when pages
    could not be made up: `ProofOnlyError` holds it.
    """
    ordered = Ordered(wanted, wishes, embed_fonts, cache, forks)
    with workshop(dist, source.issue.id) as shop:
        report = None
        with _machine_told(), _collector_at_rest():
            if proof:
                try:
                    products, proofs, report = _proved(source, ordered, on_step)
                except PagesNotMadeError as fault:
                    proofs, report = _proof_of_rest(source, fault, ordered, on_step)
                    shop.put_in_place(proofs)
                    built = Built(source.issue.id, shop.target, proofs, report)
                    raise ProofOnlyError(fault.errors, built) from fault
            else:
                products, proofs = _products(source, ordered, on_step), ()
        said = tuple(finding for product in products for finding in product.findings)
        if strict and said:
            raise SourceErrors(said)
        on_step("putting the outputs in place")
        manifest = make_manifest(source, products)
        if carried := still_valid(shop.target, manifest, products):
            manifest = make_manifest(source, products, carried)
        plan = next((product for product in products if product.role == "page-plan"), None)
        # A plan that is there may hold the desk's own notes.
        if keep_plan and plan and (source.plan is None or wishes.replan):
            with _kept_plan(source.folder / source.plan_name, plan.data, source.plan):
                shop.put_in_place([*products, *proofs, manifest])
        else:
            shop.put_in_place([*products, *proofs, manifest])
    findings = said + (_not_kept(source, plan) if plan and wishes.replan else ())
    return Built(source.issue.id, shop.target, (*products, *proofs, manifest), report, findings)


def _not_kept(source: Source, plan: Product) -> tuple[SourceError, ...]:
    """What a new plan has otherwise than the one beside the issue."""
    from issue_publisher.composition.plan import changes

    if source.plan is None:
        return ()
    return changes(source.plan, plan.data, source.plan_file, source.issue)


@contextmanager
def _kept_plan(path: Path, data: bytes, old: bytes | None) -> Iterator[None]:
    """Put the plan there before the outputs come into place, and take it back if they do not.

    Of an `old` one every table that is the same stays as it was written.
    """
    from issue_publisher.composition.plan import rewritten

    replace_file(path, data if old is None else rewritten(old, data))
    try:
        yield
    except BaseException:
        if old is None:
            path.unlink(missing_ok=True)
        else:
            replace_file(path, old)
        raise


def _products(source: Source, ordered: Ordered, on_step: OnStep) -> list[Product]:
    """The wanted outputs in the order of `Output`; printed pages and e-book are made side by side."""
    printed, epub = bool(ordered.wanted & PRINTED), Output.EPUB in ordered.wanted
    if printed and epub and ordered.aside:
        with Aside(partial(_STAGES[Output.EPUB], source, ordered)) as book:
            return [*_STAGES[Output.PRESS](source, ordered, on_step), *book.result(on_step)]
    stages = [_STAGES[Output.PRESS]] * printed + [_STAGES[Output.EPUB]] * epub
    return [made for stage in stages for made in stage(source, ordered, on_step)]


def _proved(
    source: Source, ordered: Ordered, on_step: OnStep
) -> tuple[list[Product], tuple[Product, ...], ReportData]:
    """The wanted outputs, their proof and the report; the pages are made in any case."""
    wanted = ordered.wanted
    with ExitStack() as stack:
        aside = Output.EPUB in wanted and ordered.aside
        book = stack.enter_context(Aside(partial(_epub, source, ordered))) if aside else None
        pages = _paint(source, ordered, on_step)
        on_step("drawing the proof")
        proofs, report = make_proof(source, pages.composed, pages.faces, pages.shown, pages.composed.findings)
        products = pages.products() if wanted & PRINTED else []
        if book is not None:
            products += book.result(on_step)
        elif Output.EPUB in wanted:
            products += _epub(source, ordered, on_step)
    return products, proofs, report


def _proof_of_rest(
    source: Source, fault: PagesNotMadeError, ordered: Ordered, on_step: OnStep
) -> tuple[tuple[Product, ...], ReportData]:
    """The proof of those pages that could be made, if with holes, and the faults of the others."""
    on_step("drawing the proof")
    from issue_publisher.rendering.pages import render_pages

    pages = sorted((*fault.made, *fault.holed), key=lambda made: made.page.number)
    composed, faces = ComposedIssue(fault.printed, tuple(pages)), _faces(source)
    pdf = render_pages(composed, source.layout, faces, source.pictures, ordered.cache) if pages else None
    return make_proof(source, composed, faces, pdf, fault.errors, holed=fault.holed)


def _faces(source: Source) -> PaperFaces:
    return PaperFaces(_measures(source.fonts), source.layout.latin_fonts)


@lru_cache(maxsize=2)
def _measures(fonts: FontSet) -> Measures:
    """What was measured for one issue, the next one finds."""
    from issue_publisher.fonts import Measures

    return Measures(fonts)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Do without Python's search for cycles: a page's boxes live to its end, and it looks at all of them
    again and again, for a sixth of the time.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


@contextmanager
def _machine_told() -> Iterator[None]:
    """No stage reads or writes a file of the desk's: when the disk fails one, it is the machine's fault."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if "cannot load library" in str(error):  # Pango and others, on the import of WeasyPrint
            raise EnvironmentFault(f"WeasyPrint lacks a library of the system: {error}") from error
        raise EnvironmentFault(
            f"a stage of the build cannot go on: {(error.strerror or str(error)).lower()}"
            " (is there room for temporary files? TMPDIR names another folder)"
        ) from error


@dataclass(frozen=True)
class _Painted:
    """The pages made up and painted."""

    source: Source
    composed: ComposedIssue
    faces: PaperFaces
    plan: bytes
    shown: bytes  # the pages in screen colours
    pdfs: Mapping[Output, bytes]

    def products(self) -> list[Product]:
        """The PDFs, and the page plan that they were made up by."""
        issue, findings = self.composed.issue, self.composed.findings
        made = [
            Product(f"{issue.id}-{output}.pdf", output.value, pdf, () if at else findings)
            for at, (output, pdf) in enumerate(self.pdfs.items())
        ]
        return [*made, Product(self.source.plan_name, "page-plan", self.plan)]


def _printed(source: Source, ordered: Ordered, on_step: OnStep) -> list[Product]:
    return _paint(source, ordered, on_step).products()


def _paint(source: Source, ordered: Ordered, on_step: OnStep) -> _Painted:
    on_step("making up the pages")
    from issue_publisher.composition.compose import compose_issue, one_by_one

    faces = _faces(source)
    composed = compose_issue(
        source.issue,
        source.layout,
        faces,
        source.pictures,
        file=source.file,
        plan=source.plan,
        plan_file=source.plan_file,
        wishes=ordered.makeup,
        side_by_side=side_by_side if ordered.forks else one_by_one,
    )
    from issue_publisher.composition.plan import write_plan

    plan = write_plan(composed, source.layout.folder.name)
    on_step("painting the pages")
    archive, press = _pdfs(source, composed, faces, plan, ordered, on_step)
    ordered.cache.tidy()
    pdfs = {Output.PRESS: press, Output.ARCHIVE: archive if Output.ARCHIVE in ordered.wanted else None}
    made = {output: pdf for output, pdf in pdfs.items() if pdf is not None}
    return _Painted(source, composed, faces, plan, archive, made)


def _pdfs(
    source: Source,
    composed: ComposedIssue,
    faces: PaperFaces,
    plan: bytes,
    ordered: Ordered,
    on_step: OnStep,
) -> tuple[bytes, bytes | None]:
    """The archive PDF, painted once, and the press PDF that is derived from it, if it is wanted.

    The press PDF is made of the pages alone: where it is all that is wanted, nothing is enclosed.
    """
    from issue_publisher.rendering.archive_pdf import archive_pdf
    from issue_publisher.rendering.pages import pages_html
    from issue_publisher.rendering.press_pdf import imprint_of, photographs_of, press_pdf

    layout = source.layout
    enclosed = enclosures(source, plan) if Output.ARCHIVE in ordered.wanted else ()
    sheets = pages_html(composed, layout, faces, source.pictures, ordered.cache)
    if Output.PRESS not in ordered.wanted:
        return archive_pdf(sheets, composed.issue, layout, enclosed), None
    profile = source.press_profile
    with ThreadPoolExecutor(1) as pool:
        photographs = photographs_of(sheets.resources.values(), layout, profile, pool)
        archive = archive_pdf(sheets, composed.issue, layout, enclosed)
        on_step("making the plates")
        return archive, press_pdf(archive, layout, profile, imprint_of(composed), photographs)


def _epub(source: Source, ordered: Ordered, on_step: OnStep) -> list[Product]:
    """The e-book, with a cover drawn from the issue."""
    on_step("making the pictures of the e-book")
    from issue_publisher.pictures import made_once, picture_for_screen
    from issue_publisher.rendering.epub import render_epub

    settings, cache = source.layout.pictures, ordered.cache
    pictures = {src: picture_for_screen(picture, settings, cache) for src, picture in source.pictures.items()}
    on_step("drawing the cover")
    cover = made_once(cache, _cover_key(source), lambda: _cover(source, cache))
    on_step("writing the e-book")
    book = render_epub(
        source.issue.in_sections(),
        source.layout,
        pictures,
        cover,
        _faces(source),
        embed_fonts=ordered.embed_fonts,
        kept=cache,
    )
    cache.tidy()
    return [Product(f"{source.issue.id}.epub", Output.EPUB.value, book, tuple(_too_large(source, book)))]


def _cover(source: Source, cache: Cache) -> bytes:
    from issue_publisher.rendering.cover import draw_cover

    issue = source.issue.in_sections()
    return draw_cover(issue, source.layout, _faces(source), source.pictures, cache)


def _cover_key(source: Source) -> str:
    """All that is read but the page plan, which the cover does not follow.

    Any change of a text draws it anew: to find out which of them it shows takes half as long as to draw it.
    """
    from issue_publisher.pictures import key_of

    read = [entry for entry in inputs(source) if entry["role"] != "page-plan"]
    roles = [(role, face.sha256) for role, face in sorted(source.fonts.faces.items())]
    return key_of("cover", read, roles, source.layout.name, source.layout.version)


def _too_large(source: Source, book: bytes) -> Iterator[SourceError]:
    """Shops and mail services turn away a book that is too large, and say nothing."""
    most = source.layout.pictures.ebook_most_mb
    if len(book) > most * 1e6:
        yield SourceError(
            source.file,
            0,
            f"the e-book has {len(book) / 1e6:.1f} MB",
            f"from {most:g} MB on readers fail to open or to send it: make [pictures] ebook_long_side_px or"
            " ebook_quality smaller, or leave pictures out",
            "warning",
            "ebook-size",
        )


_STAGES: dict[Output, Callable[[Source, Ordered, OnStep], list[Product]]] = {
    Output.PRESS: _printed,
    Output.EPUB: _epub,
}
