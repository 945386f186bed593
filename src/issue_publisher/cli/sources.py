"""`new` and `extract`: folders of sources."""

from __future__ import annotations

import os
from pathlib import Path

import click

from issue_publisher.cli.group import ExitCode, app


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
