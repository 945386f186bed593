"""The commands. They only connect: what they do is in `production`, imported when a command runs."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from issue_publisher import __version__

if TYPE_CHECKING:
    from issue_publisher.composition.copyfit import Copyfit
    from issue_publisher.issue.errors import SourceError
    from issue_publisher.production.build import Built
    from issue_publisher.production.cache import Cache
    from issue_publisher.production.check import Checked

DEBUG = "ISSUE_PUBLISHER_DEBUG"
CACHE = "ISSUE_PUBLISHER_CACHE"


class ExitCode(IntEnum):
    """What the exit code says."""

    GOOD = 0
    SOURCE = 1  # the source is at fault
    ENVIRONMENT = 2  # usage, the machine, or the program itself
    INTERRUPTED = 130  # Ctrl-C


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="issue-publisher", message="%(prog)s %(version)s")
def app() -> None:
    """Turn the XML of a Chinese newspaper issue into PDFs for press and archive and an EPUB."""


_sources = click.argument(
    "sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
_layout = click.option("--layout", metavar="NAME", help="Use this layout instead of the one the issue names.")
_strict = click.option("--strict", is_flag=True, help="Take warnings as errors.")
_json = click.option("--json", "as_json", is_flag=True, help="Print findings and outputs as JSON.")


@app.command()
@_sources
@_layout
@_strict
@_json
def validate(sources: tuple[Path, ...], layout: str | None, strict: bool, as_json: bool) -> None:
    """Report everything wrong with each SOURCE, an issue's folder or its XML file."""
    from issue_publisher.production.load import load, shown

    reports = []
    with _progress() as progress:
        for given in sources:
            progress.step(shown(given), "checking")
            loaded = load(given, layout)
            progress.clear()
            report = Report(shown(given), loaded.findings, strict)
            report.ok = loaded.stands(strict=strict)
            report.issue = loaded.source.issue.id if loaded.source else None
            reports.append(report)
            if not as_json:
                report.say_findings(to_stderr=False)
                click.echo(report.summary("good" if report.ok else "not fit to build"))
    _finish(reports, as_json)


@app.command()
@_sources
@click.option("--output", metavar="DIR", default="dist", show_default=True, type=click.Path(path_type=Path),
              help="Where the outputs go, each issue in a folder of its own.")  # fmt: skip
@click.option("--only", metavar="press,archive,epub", help="Build only these outputs.")
@click.option(
    "--keep-plan",
    is_flag=True,
    help="Put the page plan beside the issue, to edit or to keep; one that is there stays.",
)
@click.option(
    "--plan-pages", is_flag=True, help="Find pages for copy that has only a section: by weight and room."
)
@click.option("--fit", is_flag=True,
              help="Let a page that is too full do without what the issue marks as optional.")  # fmt: skip
@click.option(
    "--replan",
    is_flag=True,
    help="Follow a page plan that no longer fits as far as it does; with --keep-plan, replace it.",
)
@click.option(
    "--proof",
    is_flag=True,
    help="Draw the pages with grid, frames and blanks laid over, and report on their make-up.",
)
@click.option("--embed-fonts", is_flag=True, help="Put subsets of the layout's fonts into the EPUB.")
@click.option("--cache", metavar="DIR", type=click.Path(path_type=Path), envvar=CACHE, show_envvar=True,
              help="Keep pictures that were made ready here, instead of in the user's cache.")  # fmt: skip
@click.option("--no-cache", is_flag=True, help="Make every picture anew, and keep none.")
@_layout
@_strict
@_json
def build(
    sources: tuple[Path, ...],
    output: Path,
    only: str | None,
    keep_plan: bool,
    plan_pages: bool,
    fit: bool,
    replan: bool,
    proof: bool,
    embed_fonts: bool,
    cache: Path | None,
    no_cache: bool,
    layout: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Build the press PDF, the archive PDF and the EPUB of each SOURCE, an issue's folder or its XML file."""
    from issue_publisher.composition.model import Wishes
    from issue_publisher.production.build import ProofOnlyError
    from issue_publisher.production.build import build as build_source
    from issue_publisher.production.faults import FAULTS, EnvironmentFault, findings_of
    from issue_publisher.production.load import load, shown

    wanted, wishes = _outputs(only), Wishes(fit=fit, replan=replan, plan_pages=plan_pages)
    kept = _cache(cache, no_cache=no_cache)
    reports = []
    with _progress() as progress:
        for given in sources:
            name = shown(given)
            progress.step(name, "reading")
            loaded = load(given, layout, replan=replan, kept=kept)
            report = Report(name, loaded.findings, strict)
            reports.append(report)
            if loaded.source and loaded.stands(strict=strict):
                report.issue = loaded.source.issue.id
                try:
                    report.take(
                        build_source(
                            loaded.source,
                            output,
                            wanted,
                            keep_plan=keep_plan,
                            wishes=wishes,
                            embed_fonts=embed_fonts,
                            proof=proof,
                            strict=strict,
                            cache=kept,
                            on_step=lambda step, name=name: progress.step(name, step),  # type: ignore[misc]
                        )
                    )
                except FAULTS as fault:
                    report.findings += findings_of(fault)
                    if isinstance(fault, ProofOnlyError):
                        report.take(fault.proof, ok=False)
                except EnvironmentFault as fault:
                    report.trouble = str(fault)
            progress.clear()
            if not as_json:
                report.say_findings(to_stderr=True)
                report.say_outputs()
    _finish(reports, as_json)


@app.command()
@click.argument("archive", metavar="ARCHIVE.pdf", type=click.Path(path_type=Path))
@click.option("--output", metavar="DIR", type=click.Path(path_type=Path),
              help="The folder to make; without it one with the issue's name.")  # fmt: skip
@click.option("--made-plan", is_flag=True,
              help="Put the page plan in that these pages were made up by.")  # fmt: skip
def extract(archive: Path, output: Path | None, made_plan: bool) -> None:
    """Put the source of an issue, enclosed in its archive PDF, back into a folder, byte for byte."""
    from issue_publisher.issue.errors import SourceErrors
    from issue_publisher.production.extract import extract as extract_source
    from issue_publisher.production.faults import EnvironmentFault

    try:
        made = extract_source(archive, output, made_plan=made_plan)
    except SourceErrors as fault:
        for finding in fault:
            click.echo(str(finding), err=True)
        raise click.exceptions.Exit(ExitCode.SOURCE) from None
    except EnvironmentFault as fault:
        raise click.ClickException(str(fault)) from fault
    for file in made.files:
        click.echo(made.folder / file)
    layout = f" --layout {made.layout}" if made.layout else ""
    click.echo(f"Next: issue-publisher build{layout} {made.folder}")


@app.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--layout", metavar="NAME", default="broadsheet", show_default=True,
              help="The shipped layout that its issue asks for.")  # fmt: skip
@click.option("--with-layout", is_flag=True, help="Copy that layout too, to change it.")
def new(folder: Path, layout: str, with_layout: bool) -> None:
    """Make a newspaper's working folder DIR, with a small issue to start from."""
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.working_folder import make_working_folder

    try:
        files = make_working_folder(folder, layout=layout, with_layout=with_layout)
    except EnvironmentFault as fault:
        raise click.ClickException(str(fault)) from fault
    for file in files:
        if "layouts" not in file.parts:
            click.echo(folder / file)
    if with_layout:
        click.echo(f"{folder / 'layouts'}{os.sep}")
    issue = next(file.parent for file in files if file.name == "issue.xml")
    click.echo(f"Next: cd {folder} && issue-publisher build {issue}")


@app.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--columns", metavar="1-8", default=None, help="Widths in basic columns: 3, 1-8 or 2,4,6.")
@click.option("--strictness", type=click.Choice(["strict", "normal", "loose"]),
              help="Level of prohibition instead of the layout's own.")  # fmt: skip
@click.option("--show", is_flag=True, help="Print the lines, each with its squeeze (−) or stretch (+) in em.")
@click.option("--article", metavar="ID", help="Only this article of an issue.")
@click.option("--layout", metavar="NAME", default="broadsheet", show_default=True, help="Use this layout.")
@click.option("--json", "as_json", is_flag=True, help="Print the same as data.")
def copyfit(
    file: Path,
    columns: str | None,
    strictness: str | None,
    show: bool,
    article: str | None,
    layout: str,
    as_json: bool,
) -> None:
    """Say how many lines FILE takes at each width, and how deep that is.

    FILE is plain text (a paragraph a line), an article's XML, a whole issue, or - for standard input.
    """
    from issue_publisher.layout.model import Strictness
    from issue_publisher.production.copyfit import copyfit as fit
    from issue_publisher.production.faults import FAULTS, findings_of
    from issue_publisher.production.load import shown

    standard = str(file) == "-"
    try:
        data = sys.stdin.buffer.read() if standard else file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file}: {(error.strerror or str(error)).lower()}") from error
    name = "standard input" if standard else shown(file)
    folder = Path.cwd() if standard else file.resolve().parent
    level = Strictness(strictness) if strictness else None
    try:
        found = fit(
            data, name, folder, _columns(columns), article=article, strictness=level, layout_name=layout
        )
    except FAULTS as fault:
        for finding in findings_of(fault):
            click.echo(str(finding), err=True)
        raise click.exceptions.Exit(ExitCode.SOURCE) from None
    if as_json:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=plain, indent=1))
        return
    for one in found:
        _say_copyfit(one, show=show)


def _columns(given: str | None) -> tuple[int, ...]:
    """3 → 3; 1-8 → 1 to 8; 2,4 → 2 and 4."""
    found: list[int] = []
    for part in (given or "1-8").split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise click.BadParameter(f"{given} (3, 1-8 or 2,4,6)", param_hint="--columns")
        found += range(int(first), int(last or first) + 1)
    if not found or min(found) < 1 or max(found) > _MOST_COLUMNS:
        raise click.BadParameter(f"{given} (numbers from 1 up to the layout's)", param_hint="--columns")
    return tuple(dict.fromkeys(found))


_MOST_COLUMNS = 24  # of any layout


def _say_copyfit(found: Copyfit, *, show: bool) -> None:
    """A table, a row a width; with `show` the lines of each."""
    click.echo(f"{found.name}: {found.characters} characters, {found.paragraphs} paragraphs")
    click.echo("columns  measure   lines  depth     in legs  depth     last line  short last lines")
    for width in found.widths:
        short = ", ".join(f"¶{one.paragraph}: {one.characters}" for one in width.short)
        row = (
            f"{width.columns:7}  {width.measure_characters:7g}  {width.lines:6}  {width.depth_cm:5.1f} cm  "
            f"{width.legs_lines:7}  {width.legs_depth_cm:5.1f} cm  {width.last_line_characters:9}  {short}"
        )
        click.echo(row.rstrip())
    if not show:
        return
    for width in found.widths:
        click.echo(f"\n{width.columns} columns")
        for number, line in enumerate(width.set_lines, 1):
            white = f"−{line.squeeze_em:.2f}" if line.squeeze_em > 0.005 else ""
            white = f"+{line.stretch_em:.3f}" if line.stretch_em > 0.0005 else white
            mark = " !" if line.forced else ""
            click.echo(f"{number:4}  {white:6}{mark:2}  {line.text}{'-' if line.hyphen else ''}")


@app.command()
@click.argument("given", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_strict
@click.option("--profile", metavar="NAME", help="Hold a PDF against newsprint, archive or a TOML file.")
@click.option("--mark", is_flag=True, help="Draw a PDF's pages with the places of findings, beside it.")
@click.option(
    "--require",
    multiple=True,
    type=click.Choice(["ghostscript", "verapdf", "ace"]),
    help="Fail without this tool; may be given again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print findings and tools as JSON.")
def check(
    given: tuple[Path, ...],
    strict: bool,
    profile: str | None,
    mark: bool,
    require: tuple[str, ...],
    as_json: bool,
) -> None:
    """Check each FILE, a PDF or an EPUB of ours or not.

    A PDF: preflight for a press or an archive, separations by Ghostscript and validity by veraPDF if they are
    there. An EPUB: its container, EPUBCheck, and Ace if it is there.
    """
    from issue_publisher.production.check import check_book, required
    from issue_publisher.production.check_pdf import check_pdf, is_pdf
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.load import shown

    found: list[Checked] = []
    trouble: list[str] = []
    with _progress() as progress:
        for path in given:
            progress.step(shown(path), "checking")
            try:
                checked = check_pdf(path, profile, mark=mark) if is_pdf(path) else check_book(path)
                found.append(required(checked, require))
            except EnvironmentFault as fault:
                trouble.append(str(fault))
            progress.clear()
            if not as_json and found and found[-1].file == shown(path):
                _say_checked(found[-1], strict=strict)
    for words in trouble:
        click.echo(words, err=True)
    if as_json:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=plain, indent=1))
    lacking = any(ran.missing and ran.needed for one in found for ran in one.tools)
    if trouble or lacking:
        raise click.exceptions.Exit(ExitCode.ENVIRONMENT)
    clean = all(one.is_clean and not (strict and one.complaints) for one in found)
    raise click.exceptions.Exit(ExitCode.GOOD if clean else ExitCode.SOURCE)


def _say_checked(checked: Checked, *, strict: bool) -> None:
    """A line a finding, what did not run, and one line for the whole book."""
    for finding in checked.findings:
        click.echo(str(finding))
    for ran in checked.tools:
        if ran.missing:
            click.echo(f"{checked.file}: {ran.tool} was not run: {ran.missing}", err=True)
    counts = {
        kind: sum(one.severity == kind for one in checked.findings) for kind in ("error", "warning", "note")
    }
    said = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count)
    by = " and ".join(ran.tool for ran in checked.tools if not ran.missing) or "its container alone"
    for picture in checked.marked:
        click.echo(picture)
    good = checked.is_clean and not (strict and checked.complaints)
    click.echo(f"{checked.file}: {'good' if good else 'faulty'} by {by}" + (f" ({said})" if said else ""))


@app.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--base-url", metavar="URL", help="Where DIR can be reached; without it links are relative.")
@click.option("--title", metavar="WORDS", help="The catalogue's title; without it the paper's name.")
@_strict
def catalogue(folder: Path, base_url: str | None, title: str | None, strict: bool) -> None:
    """Write DIR/catalogue: OPDS feeds and a page for all issues below DIR, for any static file server."""
    from issue_publisher.issue.errors import SourceErrors
    from issue_publisher.production.catalogue import write_catalogue
    from issue_publisher.production.faults import EnvironmentFault

    if base_url is not None and not base_url.lower().startswith(("http://", "https://")):
        raise click.BadParameter(f"{base_url} (https://…)", param_hint="--base-url")
    try:
        made = write_catalogue(folder, base_url=base_url, title=title, strict=strict)
    except SourceErrors as fault:
        for finding in fault:
            click.echo(str(finding), err=True)
        raise click.exceptions.Exit(ExitCode.SOURCE) from None
    except EnvironmentFault as fault:
        raise click.ClickException(str(fault)) from fault
    for finding in made.findings:
        click.echo(f"{finding.file}: warning: {finding.message} ({finding.hint})", err=True)
    left = f", {len(made.findings)} left out" if made.findings else ""
    click.echo(f"{made.folder}{os.sep}  {made.books} issues, {made.files} files{left}")


# --------------------------------------------------------------------------- what the commands say


@dataclass
class Report:
    """What is to be said of one source."""

    source: str
    findings: tuple[SourceError, ...]
    strict: bool
    issue: str | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    makeup: dict[str, Any] | None = None  # what report.json holds, with --proof
    trouble: str | None = None  # with the machine, not with the source
    ok: bool = False

    def take(self, built: Built, *, ok: bool = True) -> None:
        """Note what was built; `ok`: everything that was asked for."""
        self.ok = ok
        self.findings += built.findings
        self.makeup = built.report
        self.outputs = [
            {"role": product.role, "path": str(built.folder / product.name), "size": len(product.data)}
            for product in built.products
        ]

    @property
    def exit_code(self) -> ExitCode:
        """What this source alone would exit with."""
        if self.trouble:
            return ExitCode.ENVIRONMENT
        return ExitCode.GOOD if self.ok else ExitCode.SOURCE

    def say_findings(self, *, to_stderr: bool) -> None:
        """One line each; warnings say that they are."""
        for finding in self.findings:
            warning = "warning: " if finding.severity == "warning" and not self.strict else ""
            place, _, said = str(finding).partition(": ")
            click.echo(f"{place}: {warning}{said}", err=to_stderr)
        if self.trouble:
            click.echo(self.trouble, err=True)

    def say_outputs(self) -> None:
        """Each output with its size, and the report on the make-up; or that there is none."""
        for made in self.outputs:
            click.echo(f"{made['path']}  {_size(made['size'])}")
        if self.makeup is not None:
            _say_makeup(self.makeup)
        if not self.ok:
            kept = "only its proof is new" if self.outputs else "earlier outputs are as they were"
            click.echo(self.summary(f"not built; {kept}"), err=True)

    def summary(self, verdict: str) -> str:
        """One line for the whole source."""
        errors = sum(self.strict or finding.severity == "error" for finding in self.findings)
        counts = [
            f"{count} {word}{'s' if count > 1 else ''}"
            for count, word in ((errors, "error"), (len(self.findings) - errors, "warning"))
            if count
        ]
        return f"{self.source}: {verdict}" + (f" ({', '.join(counts)})" if counts else "")

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        findings = [asdict(finding) for finding in self.findings]
        if self.strict:
            findings = [{**finding, "severity": "error"} for finding in findings]
        return {
            "source": self.source,
            "issue": self.issue,
            "ok": self.ok,
            "findings": findings,
            "outputs": self.outputs,
            "report": self.makeup,
            "trouble": self.trouble,
        }


def _say_makeup(makeup: dict[str, Any]) -> None:
    """A table, a row a page; below it each rule that a page breaks, with its price and its items."""
    click.echo(_MAKEUP_HEAD)
    for page in makeup["pages"]:
        click.echo(_makeup_row(page) if page["made"] else f"{page['page']:4}  not made")
    for page in makeup["pages"]:
        broken = [rule for rule in page.get("rules", ()) if not rule["kept"]]
        for rule in sorted(broken, key=lambda rule: not rule["hard"]):
            click.echo(f"{page['page']:4}  {_broken(rule)}")


def _broken(rule: dict[str, Any]) -> str:
    """A broken rule on one line; the items that its words do not name stand behind them."""
    from issue_publisher.composition.report import unnamed

    others = unnamed(rule["items"], rule["words"])
    words = f": {rule['words']}" if rule["words"] else ""
    items = f" [{', '.join(others)}]" if others else ""
    return f"{'hard' if rule['hard'] else 'soft'} {rule['penalty']:7.1f}  {rule['rule']}{words}{items}"


_MAKEUP_HEAD = "page    fill   blank  overset  hard kept  soft kept  penalty  headlines, pt       solver"


def _makeup_row(page: dict[str, Any]) -> str:
    kinds = [[rule["kept"] for rule in page["rules"] if rule["hard"] is hard] for hard in (True, False)]
    hard, soft = (f"{sum(kept)}/{len(kept)}" for kept in kinds)
    sizes = " ".join(f"{rung['size_pt']:g}" for rung in page["ladder"][:6])
    found = page["solved"]
    solver = "by the plan" if found is None else (
        f"{found['status']}, bound {found['bound']:g}, deterministic time {found['deterministic_time']:g}"
    )  # fmt: skip
    return (
        f"{page['page']:4}  {page['fill']:6.1%}  {page['blank']:6.1%}  {page['overset_lines']:7}  "
        f"{hard:>9}  {soft:>9}  {page['penalty']:7.1f}  {sizes:18}  {solver}"
    )


def _finish(reports: Sequence[Report], as_json: bool) -> NoReturn:
    if as_json:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        click.echo(json.dumps([report.as_json() for report in reports], ensure_ascii=plain, indent=1))
    raise click.exceptions.Exit(max(report.exit_code for report in reports))


def _cache(folder: Path | None, *, no_cache: bool) -> Cache:
    from issue_publisher.production.cache import Cache, user_folder

    return Cache(None if no_cache else folder or user_folder())


def _outputs(only: str | None) -> frozenset[Any]:
    from issue_publisher.production.build import ALL_OUTPUTS, Output

    if only is None:
        return ALL_OUTPUTS
    names = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Output)]
    if unknown or not names:
        known = ", ".join(Output)
        raise click.BadParameter(
            f"{', '.join(unknown) or 'nothing'} (one or more of {known})", param_hint="--only"
        )
    return frozenset(Output(name) for name in names)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


class _Progress:
    """One line on the terminal that says what is being done; nothing in a pipe."""

    def __init__(self) -> None:
        self.shows = sys.stderr.isatty()

    def step(self, source: str, step: str) -> None:
        if self.shows:
            click.echo(f"\r\033[K{source}: {step} …", nl=False, err=True)

    def clear(self) -> None:
        if self.shows:
            click.echo("\r\033[K", nl=False, err=True)


@contextmanager
def _progress() -> Iterator[_Progress]:
    progress = _Progress()
    try:
        yield progress
    finally:
        progress.clear()


# --------------------------------------------------------------------------- the way in


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit; whatever happens, no traceback unless it was asked for."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot write Chinese must not stop us
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = app.main(arguments, prog_name="issue-publisher", standalone_mode=False)
        return code if isinstance(code, int) else ExitCode.GOOD
    except click.ClickException as error:
        error.show()
        return ExitCode.ENVIRONMENT
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was not finished is as it was", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.ENVIRONMENT
    except OSError as error:
        if os.environ.get(DEBUG):
            raise
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"issue-publisher: {place}{(error.strerror or str(error)).lower()}", err=True)
        return ExitCode.ENVIRONMENT
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        click.echo(
            f"issue-publisher: a fault of the program: {said} (set {DEBUG}=1 for the traceback)", err=True
        )
        return ExitCode.ENVIRONMENT


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
