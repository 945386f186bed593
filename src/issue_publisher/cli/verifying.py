"""`verify`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issue_publisher.cli.group import ExitCode, app, strict_option
from issue_publisher.cli.saying import progress
from issue_publisher.production.counted import counted

if TYPE_CHECKING:
    from issue_publisher.production.verify import Verified


@app.command()
@click.argument("given", metavar="FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", metavar="DIR", type=click.Path(path_type=Path),
              help="The issue's source, or the folder of all; without it source/ beside dist/.")  # fmt: skip
@click.option("--rebuild", is_flag=True,
              help="Build each issue again by today's program, and show the pages that differ.")  # fmt: skip
@strict_option
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
def verify(given: tuple[Path, ...], source: Path | None, rebuild: bool, strict: bool, as_json: bool) -> None:
    """Prove that nothing of the issues in each FOLDER, dist or dist/<issue>, was lost or changed."""
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.verify import verify_issue, write_verification

    found: list[Verified] = []
    trouble: list[str] = []
    with progress() as line:
        for folder in _folders(given, trouble):
            try:
                now = datetime.now(UTC)
                one = verify_issue(
                    folder, source=source, rebuild=rebuild, now=now,
                    on_step=lambda step, folder=folder: line.step(str(folder), step),  # type: ignore[misc]
                )  # fmt: skip
                found.append(one)
                line.clear()
                if not as_json:
                    _say(one, strict=strict)
                write_verification(folder, one, now)
            except EnvironmentFault as fault:
                trouble.append(str(fault))
            line.clear()
    _finish(found, trouble, strict=strict, as_json=as_json)


def _folders(given: tuple[Path, ...], trouble: list[str]) -> list[Path]:
    """The folders of issues that were named, each once."""
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.verify import issue_folders

    found: list[Path] = []
    for folder in given:
        try:
            found += issue_folders(folder)
        except EnvironmentFault as fault:
            trouble.append(str(fault))
    return list(dict.fromkeys(found))


def _say(one: Verified, *, strict: bool) -> None:
    """A line a finding, what did not run, and one line for the whole issue."""
    for finding in one.findings:
        click.echo(str(finding))
    for ran in one.tools:
        if ran.missing:
            click.echo(f"{one.folder}: {ran.tool} was not asked: {ran.missing}", err=True)
    for picture in one.pictures:
        click.echo(picture)
    click.echo(f"{one.folder}: {_verdict(one, strict=strict)}")


def _verdict(one: Verified, *, strict: bool) -> str:
    counts = {
        kind: sum(finding.severity == kind for finding in one.findings)
        for kind in ("error", "warning", "note")
    }
    said = ", ".join(counted(count, kind) for kind, count in counts.items() if count)
    verdict = "good" if one.stands(strict=strict) else "not good"
    done = [f"{one.files} outputs"] if one.files else []
    if one.passages:
        done.append(f"{one.passages} passages in {', '.join(one.read)}")
    if one.rebuilt:
        done.append("built again")
    return verdict + (": " + "; ".join(done) if done else "") + (f" ({said})" if said else "")


def _finish(found: list[Verified], trouble: list[str], *, strict: bool, as_json: bool) -> None:
    for words in trouble:
        click.echo(words, err=True)
    if as_json:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        told = [{**asdict(one), "good": one.stands(strict=strict)} for one in found]
        click.echo(json.dumps(told, ensure_ascii=plain, indent=1))
    if trouble:
        raise click.exceptions.Exit(ExitCode.ENVIRONMENT)
    good = all(one.stands(strict=strict) for one in found)
    raise click.exceptions.Exit(ExitCode.GOOD if good else ExitCode.SOURCE)
