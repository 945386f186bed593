"""`export`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from issue_publisher.cli.group import CACHE, ExitCode, app, cache_in, layout_option
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


def _text(asked: Asked) -> None:
    """A labelled transcript, printed or in a file."""
    from issue_publisher.issue.errors import SourceErrors
    from issue_publisher.production.export_text import export_text
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.outputs import replace_file

    if asked.images or asked.layout:
        option = "--images" if asked.images else "--layout"
        raise click.BadParameter("means nothing with --to text", param_hint=option)
    try:
        made = export_text(asked.given)
        if asked.output is None:
            click.echo(made.data, nl=False)  # bytes: UTF-8 whatever the terminal
        else:
            replace_file(asked.output, made.data)
            click.echo(f"{asked.output}  {size_text(len(made.data))}")
    except SourceErrors as fault:
        click.echo(str(fault), err=True)
        raise click.exceptions.Exit(ExitCode.SOURCE) from None
    except EnvironmentFault as fault:
        raise click.ClickException(str(fault)) from fault
    for lost in made.lost:
        click.echo(f"{made.file}: plain text cannot hold {lost}", err=True)


FORMATS: dict[str, Callable[[Asked], None]] = {"mets": _mets, "text": _text}


@app.command()
@click.argument("issue", metavar="ISSUE", type=click.Path(path_type=Path))
@click.option("--to", "form", required=True, type=click.Choice(sorted(FORMATS)),
              help="mets: METS with an ALTO file a page and the archive PDF, for a library; "
                   "text: a labelled transcript, which import reads back.")  # fmt: skip
@click.option("--output", metavar="PATH", type=click.Path(path_type=Path),
              help="With mets: the folder to make; without it dist/<issue>/mets, which is replaced. "
                   "With text: the file; without it the text is printed.")  # fmt: skip
@click.option("--images", is_flag=True, help="With mets: the pages as pictures too.")
@layout_option
def export(issue: Path, form: str, output: Path | None, images: bool, layout: str | None) -> None:
    """Write ISSUE, its folder or its XML file, in a form that others take."""
    FORMATS[form](Asked(issue, output, layout, images))
