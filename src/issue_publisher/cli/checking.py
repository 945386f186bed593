"""`check`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issue_publisher.cli.group import ExitCode, app, strict_option
from issue_publisher.cli.saying import progress
from issue_publisher.production.counted import counted

if TYPE_CHECKING:
    from issue_publisher.production.check import Checked


@app.command()
@click.argument("given", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@strict_option
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
    with progress() as line:
        for path in given:
            line.step(shown(path), "checking")
            try:
                checked = check_pdf(path, profile, mark=mark) if is_pdf(path) else check_book(path)
                found.append(required(checked, require))
            except EnvironmentFault as fault:
                trouble.append(str(fault))
            line.clear()
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
    said = ", ".join(counted(count, kind) for kind, count in counts.items() if count)
    by = " and ".join(ran.tool for ran in checked.tools if not ran.missing) or "its container alone"
    for picture in checked.marked:
        click.echo(picture)
    good = checked.is_clean and not (strict and checked.complaints)
    click.echo(f"{checked.file}: {'good' if good else 'faulty'} by {by}" + (f" ({said})" if said else ""))
