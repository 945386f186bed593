"""`import`."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issue_publisher.cli.group import ExitCode, app
from issue_publisher.cli.saying import progress

if TYPE_CHECKING:
    from issue_publisher.production.import_transcript import ImportedIssue


@app.command("import")
@click.argument(
    "transcripts", metavar="TRANSCRIPT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--output", metavar="DIR", type=click.Path(path_type=Path), default=Path("source"),
              show_default=True, help="Where each issue gets a folder of its own.")  # fmt: skip
@click.option("--profile", metavar="FILE", type=click.Path(path_type=Path),
              help="The paper's profile; without it transcript.toml beside DIR, or none.")  # fmt: skip
@click.option("--fix", is_flag=True, help="Do the mends that change no word; each is listed.")
@click.option("--id", "issue_id", metavar="ID", help="The issue's id; without it made of paper and date.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="The issue's date, year-month-day; without it that of the nameplate.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace an issue that is there, and say what was replaced.")
@click.option("--report", "report_file", metavar="FILE", type=click.Path(path_type=Path),
              help="Write the whole report into FILE, not on the screen; as JSON if named so.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(
    transcripts: tuple[Path, ...],
    output: Path,
    profile: Path | None,
    fix: bool,
    issue_id: str | None,
    day: datetime | None,
    force: bool,
    report_file: Path | None,
    as_json: bool,
) -> None:
    """Turn each TRANSCRIPT of a printed issue into DIR/<issue>/issue.xml, and report on how.

    Plain text, with labels or without, Markdown or HTML. What was joined, mended, doubted or left out stands
    in the report, with the lines of transcript and XML.
    """
    if len(transcripts) > 1 and (issue_id or day):
        raise click.BadParameter("one transcript at a time", param_hint="--id" if issue_id else "--date")
    from issue_publisher.issue.errors import SourceErrors
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.import_transcript import import_transcript

    worst, made = ExitCode.GOOD, []
    with progress() as line:
        for transcript in transcripts:
            line.step(str(transcript), "importing")
            try:
                issue = import_transcript(
                    transcript, output, profile=profile, fix=fix, force=force,
                    issue_id=issue_id, day=day.date() if day else None,
                )  # fmt: skip
            except (SourceErrors, EnvironmentFault) as fault:
                line.clear()
                click.echo(str(fault), err=True)
                is_source = isinstance(fault, SourceErrors)
                worst = max(worst, ExitCode.SOURCE if is_source else ExitCode.ENVIRONMENT)
            else:
                made.append(issue)
    _say(made, report_file, as_json)
    raise click.exceptions.Exit(worst)


def _say(made: list[ImportedIssue], report_file: Path | None, as_json: bool) -> None:
    """The reports, where they were asked for, and what was made."""
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.import_transcript import as_data, as_text
    from issue_publisher.production.outputs import replace_file
    from issue_publisher.transcript.report import summary

    def data(*, plain: bool) -> str:
        return json.dumps([as_data(issue) for issue in made], ensure_ascii=plain, indent=1) + "\n"

    if report_file is not None:
        text = "\n".join(as_text(issue) for issue in made)
        is_json = report_file.suffix.lower() == ".json"
        try:
            replace_file(report_file, (data(plain=False) if is_json else text).encode())
        except EnvironmentFault as fault:
            raise click.ClickException(str(fault)) from fault
    if as_json:
        click.echo(data(plain=not (sys.stdout.encoding or "").lower().startswith("utf")), nl=False)
    elif report_file is not None:
        for issue in made:
            click.echo(f"{issue.xml}  {summary(issue.report)}")
    else:
        click.echo("\n".join(as_text(issue, every=False) for issue in made), nl=False)
    for issue in made:
        for file in issue.replaced:
            click.echo(f"{issue.folder / file}: replaced", err=True)
