"""`validate` and `build`."""

from __future__ import annotations

from pathlib import Path

import click

from issue_publisher.cli.group import (
    CACHE,
    app,
    cache_in,
    json_option,
    layout_option,
    outputs_named,
    sources_argument,
    strict_option,
)
from issue_publisher.cli.saying import Report, finish, progress


@app.command()
@sources_argument
@layout_option
@strict_option
@json_option
def validate(sources: tuple[Path, ...], layout: str | None, strict: bool, as_json: bool) -> None:
    """Report everything wrong with each SOURCE, an issue's folder or its XML file."""
    from issue_publisher.production.load import load, shown

    reports = []
    with progress() as line:
        for given in sources:
            line.step(shown(given), "checking")
            loaded = load(given, layout)
            line.clear()
            report = Report(shown(given), loaded.findings, strict)
            report.ok = loaded.stands(strict=strict)
            report.issue = loaded.source.issue.id if loaded.source else None
            reports.append(report)
            if not as_json:
                report.say_findings(to_stderr=False)
                click.echo(report.summary("good" if report.ok else "not fit to build"))
    finish(reports, as_json)


@app.command()
@sources_argument
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
@layout_option
@strict_option
@json_option
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

    wanted, wishes = outputs_named(only), Wishes(fit=fit, replan=replan, plan_pages=plan_pages)
    kept = cache_in(cache, no_cache=no_cache)
    reports = []
    with progress() as line:
        for given in sources:
            name = shown(given)
            line.step(name, "reading")
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
                            on_step=lambda step, name=name: line.step(name, step),  # type: ignore[misc]
                        )
                    )
                except FAULTS as fault:
                    report.findings += findings_of(fault)
                    if isinstance(fault, ProofOnlyError):
                        report.take(fault.proof, ok=False)
                except EnvironmentFault as fault:
                    report.trouble = str(fault)
            line.clear()
            if not as_json:
                report.say_findings(to_stderr=True)
                report.say_outputs()
    finish(reports, as_json)
