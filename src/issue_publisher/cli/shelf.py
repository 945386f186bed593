"""`catalogue`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from issue_publisher.cli.group import ExitCode, app, strict_option
from issue_publisher.production.counted import counted


@app.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--base-url", metavar="URL", help="Where DIR can be reached; without it links are relative.")
@click.option("--title", metavar="WORDS", help="The catalogue's title; without it the paper's name.")
@strict_option
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
    click.echo(f"{made.folder}{os.sep}  {counted(made.books, 'issue')}, {counted(made.files, 'file')}{left}")
