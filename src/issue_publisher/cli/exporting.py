"""`export`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from issue_publisher.cli.group import CACHE, app, cache_in, layout_option
from issue_publisher.cli.saying import Report, progress, size_text

DIST = Path("dist")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked for."""

    given: Path
    output: Path | None
    layout: str | None
    images: bool


def _mets(asked: Asked) -> None:
    """METS and ALTO, in a folder."""
    from issue_publisher.production.export_mets import export_mets
    from issue_publisher.production.faults import FAULTS, EnvironmentFault, findings_of
    from issue_publisher.production.load import load, shown

    kept = cache_in(Path(os.environ[CACHE]) if os.environ.get(CACHE) else None, no_cache=False)
    with progress() as line:
        name = shown(asked.given)
        line.step(name, "reading")
        loaded = load(asked.given, asked.layout, kept=kept)
        report = Report(name, loaded.findings, strict=False)
        if loaded.source and loaded.stands(strict=False):
            try:
                made = export_mets(
                    loaded.source, DIST, asked.output,
                    images=asked.images, cache=kept, on_step=lambda step: line.step(name, step),
                )  # fmt: skip
                report.findings += made.findings
                report.ok = True
            except FAULTS as fault:
                report.findings += findings_of(fault)
            except EnvironmentFault as fault:
                report.trouble = str(fault)
        line.clear()
    report.say_findings(to_stderr=True)
    if report.ok:
        click.echo(f"{made.folder}{os.sep}  {len(made.files)} files, {size_text(made.size)}")
    else:
        click.echo(report.summary("not exported"), err=True)
    raise click.exceptions.Exit(report.exit_code)


FORMATS: dict[str, Callable[[Asked], None]] = {"mets": _mets}


@app.command()
@click.argument("issue", metavar="ISSUE", type=click.Path(path_type=Path))
@click.option("--to", "form", required=True, type=click.Choice(sorted(FORMATS)),
              help="mets: METS with an ALTO file a page and the archive PDF, for a library.")  # fmt: skip
@click.option("--output", metavar="DIR", type=click.Path(path_type=Path),
              help="The folder to make; without it dist/<issue>/mets, which is replaced.")  # fmt: skip
@click.option("--images", is_flag=True, help="With mets: the pages as pictures too.")
@layout_option
def export(issue: Path, form: str, output: Path | None, images: bool, layout: str | None) -> None:
    """Write ISSUE, its folder or its XML file, in a form that others take."""
    FORMATS[form](Asked(issue, output, layout, images))
