"""`regenerate` and `list`: many issues at once."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from issue_publisher.cli.group import (
    CACHE,
    ExitCode,
    app,
    json_option,
    layout_option,
    outputs_named,
    strict_option,
)
from issue_publisher.cli.saying import Progress, size_text
from issue_publisher.production.counted import counted

if TYPE_CHECKING:
    from issue_publisher.production.regenerate import Line, Run, Wanted, Watch
    from issue_publisher.production.state import IssueState


class _Place(click.Path):
    """A folder of the disk, or the URL of one in a store."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A URL stays a word: as a path it would lose a stroke."""
        return value if "://" in str(value) else super().convert(value, param, ctx)


source_argument = click.argument("source", metavar="SOURCE_DIR", type=click.Path(path_type=Path))
output_option = click.option(
    "--output", metavar="DIR", default="dist", show_default=True, type=click.Path(path_type=Path),
    help="Where the outputs are, each issue in a folder of its own.",
)  # fmt: skip


@app.command()
@click.argument("source", metavar="SOURCE_DIR", type=_Place(path_type=Path))
@click.option("--output", metavar="DIR", default="dist", show_default=True, type=_Place(path_type=Path),
              help="Where the outputs are, each issue in a folder of its own.")  # fmt: skip
@click.option("--scheduler", metavar="URL", help="Have a Dask cluster do it, whose scheduler is here.")
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="So many processes; without it one a core.")
@click.option("--limit", metavar="MINUTES", type=click.FloatRange(0, min_open=True), default=30.0,
              show_default=True, help="Give up an issue that takes longer (not on a cluster).")  # fmt: skip
@click.option("--only", metavar="press,archive,epub", help="Build only these outputs.")
@layout_option
@click.option("--no-verify", is_flag=True, help="Build only, and verify another time.")
@click.option("--all", "everything", is_flag=True, help="Build every issue, also those that stand.")
@click.option("--programs", is_flag=True, help="Build also what other versions of the programs built.")
@strict_option
@click.option("--report", metavar="FILE", type=click.Path(path_type=Path),
              help="Write a report of the run here, as JSON if it is called so.")  # fmt: skip
@click.option("--cache", metavar="DIR", type=click.Path(path_type=Path), envvar=CACHE, show_envvar=True,
              help="Keep pictures that were made ready here; without it none are kept.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def regenerate(
    source: Path | str,
    output: Path | str,
    scheduler: str | None,
    jobs: int | None,
    limit: float,
    only: str | None,
    layout: str | None,
    no_verify: bool,
    everything: bool,
    programs: bool,
    strict: bool,
    report: Path | None,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Build and verify all issues below SOURCE_DIR that are new, changed, broken or unverified.

    Catalogue and search index follow. A run that was stopped, by whatever, goes on where it was. SOURCE_DIR
    and --output may both be URLs of folders in a store (s3://...), where no catalogue and no index is kept.
    """
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.outputs import replace_file
    from issue_publisher.production.regenerate import Wanted, Watch

    wanted = Wanted(
        outputs_named(only),
        layout,
        not no_verify,
        everything,
        programs,
        strict,
        str(cache) if cache else None,
        limit * 60,
    )
    going = _Going(quiet=as_json)
    try:
        watch = Watch(going.began, going.done, going.step)
        run = _run_all(source, output, wanted, jobs or 0, scheduler, watch)
    except EnvironmentFault as fault:
        raise click.ClickException(str(fault)) from fault
    finally:
        going.line.clear()
    if report is not None:
        text = _as_json(run) if report.suffix == ".json" else "".join(f"{line}\n" for line in _as_text(run))
        try:
            replace_file(report, text.encode())
        except EnvironmentFault as fault:
            raise click.ClickException(str(fault)) from fault
    if as_json:
        click.echo(_as_json(run), nl=False)
    else:
        _say_end(run)
    _finish(run)


def _run_all(
    source: Path | str, output: Path | str, wanted: Wanted, jobs: int, scheduler: str | None, watch: Watch
) -> Run:
    """Here or on a cluster, on a disk or in a store."""
    from issue_publisher.production.regenerate import regenerate as on_disk
    from issue_publisher.production.stored import do_anywhere, regenerate_stored

    if jobs and scheduler:
        raise click.UsageError("--jobs is for this machine; a cluster has as many processes as workers")
    with ExitStack() as stack:
        crew = None
        if scheduler:
            from issue_publisher.production.cluster import cluster_at

            crew = stack.enter_context(cluster_at(scheduler, do_anywhere))
        if isinstance(source, Path) and isinstance(output, Path):
            return on_disk(source, output, wanted, jobs=jobs, watch=watch, crew=crew)
        if isinstance(source, str) and isinstance(output, str):
            return regenerate_stored(source, output, wanted, jobs=jobs, watch=watch, crew=crew)
        raise click.UsageError("SOURCE_DIR and --output are both folders, or both URLs (file:// for a disk)")


class _Going:
    """How a run goes: a line on the terminal with rate and remaining time; in a pipe a line an issue."""

    def __init__(self, *, quiet: bool) -> None:
        self.line, self.quiet = Progress(), quiet
        self.started, self.to_do = time.monotonic(), 0

    def began(self, to_do: int, of: int) -> None:
        self.started, self.to_do = time.monotonic(), to_do
        if not self.quiet:
            click.echo(f"{counted(of, 'issue')}, {to_do} to do")

    def step(self, words: str) -> None:
        self.line.step("regenerate", words)

    def done(self, line: Line, left: int) -> None:
        outcome = line.outcome
        self.line.clear()
        if outcome is not None and not self.quiet:
            for one in outcome.findings:
                if one.severity != "note":
                    place, _, said = one.text.partition(": ")
                    mark = "warning: " if one.severity == "warning" else ""
                    click.echo(f"{place}: {mark}{said}", err=True)
            if outcome.trouble:
                click.echo(outcome.trouble, err=True)
            if not self.line.shows or not line.ok:
                click.echo(f"{line.before.name}: {line.done} ({outcome.seconds:.1f} s)")
        elapsed = time.monotonic() - self.started
        finished = self.to_do - left
        rate = finished / elapsed * 60 if elapsed else 0.0
        remaining = elapsed / finished * left
        self.line.step(f"{finished}/{self.to_do}", f"{rate:.1f} a minute, {_lasting(remaining)} to go")


def _lasting(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _say_end(run: Run) -> None:
    for words in run.said:
        click.echo(words, err=True)
    for words in run.trouble:
        click.echo(words, err=True)
    for line in run.lines:
        if not line.ok and line.outcome is not None and line.outcome.issue and not line.outcome.seconds:
            for one in line.outcome.findings:
                click.echo(one.text, err=True)
    click.echo(_summary(run))


def _summary(run: Run) -> str:
    counts = Counter(line.done for line in run.lines)
    said = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    rate = f", {len(run.worked) / run.seconds * 60:.1f} a minute" if run.worked else ""
    return (
        f"{counted(len(run.lines), 'issue')}: {said}; catalogue: {run.catalogue}; index: {run.index}"
        f" ({_lasting(run.seconds)}{rate})"
    )


def _as_text(run: Run) -> list[str]:
    """The report for people: a row an issue."""
    rows = ["issue  before  done  seconds  peak MiB  findings"]
    for line in run.lines:
        out = line.outcome
        row = [line.before.name, line.before.state.value, line.done]
        if out is not None:
            row += [f"{out.seconds:.1f}", f"{out.peak_mib:.0f}", str(len(out.findings))]
        rows.append("  ".join(row))
        if out is not None:
            rows += [f"    {one.severity}: {one.text}" for one in out.findings]
            rows += [f"    {out.trouble}"] if out.trouble else []
    return [*rows, *run.said, *run.trouble, _summary(run)]


def _as_json(run: Run) -> str:
    """The same for programs."""
    told = {
        "ok": run.ok,
        "seconds": round(run.seconds, 3),
        "jobs": run.jobs,
        "catalogue": run.catalogue,
        "index": run.index,
        "said": run.said,
        "trouble": run.trouble,
        "issues": [_line_as_json(line) for line in run.lines],
    }
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(told, ensure_ascii=plain, indent=1) + "\n"


def _line_as_json(line: Line) -> dict[str, Any]:
    out = line.outcome
    told: dict[str, Any] = {
        "source": line.before.name,
        "issue": out.issue if out else line.before.issue,
        "before": line.before.state.value,
        "why": line.before.why,
        "done": line.done,
        "ok": line.ok,
    }
    if out is not None:
        told |= {
            "seconds": round(out.seconds, 3),
            "processor_seconds": round(out.processor_seconds, 3),
            "peak_mib": round(out.peak_mib, 1),
            "mib": round(out.mib, 1),
            "findings": [{"severity": one.severity, "text": one.text} for one in out.findings],
            "trouble": out.trouble or None,
        }
    return told


def _finish(run: Run) -> None:
    machine = run.trouble or any(line.outcome and line.outcome.trouble for line in run.lines)
    if machine:
        raise click.exceptions.Exit(ExitCode.ENVIRONMENT)
    raise click.exceptions.Exit(ExitCode.GOOD if run.ok else ExitCode.SOURCE)


# --------------------------------------------------------------------------- list


@app.command("list")
@source_argument
@output_option
@layout_option
@json_option
def list_issues(source: Path, output: Path, layout: str | None, as_json: bool) -> None:
    """Show every issue below SOURCE_DIR: new, changed, built, verified or broken."""
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.regenerate import states_of

    try:
        states = states_of(source, output, layout)
    except EnvironmentFault as fault:
        raise click.ClickException(str(fault)) from fault
    if as_json:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        click.echo(json.dumps([_state_as_json(state) for state in states], ensure_ascii=plain, indent=1))
        return
    rows = [("issue", "date", "pages", "state", "built by", "verified on", "size", "paper")]
    for state in states:
        size = size_text(state.size) if state.size else ""
        by = state.built_by + (" and others" if state.programs_differ else "")
        rows.append((state.issue, state.date, str(state.pages or ""), state.state.value, by,
                     state.verified[:10], size, state.paper))  # fmt: skip
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)]
    for row, about in zip(rows, [None, *states], strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]).rstrip())
        for why in about.why if about else ():
            click.echo(f"    {why}")
    counts = Counter(state.state.value for state in states)
    click.echo(
        f"{counted(len(states), 'issue')}: "
        + ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    )


def _state_as_json(state: IssueState) -> dict[str, Any]:
    return {
        "issue": state.issue,
        "source": str(state.source),
        "date": state.date or None,
        "paper": state.paper or None,
        "pages": state.pages or None,
        "state": state.state.value,
        "why": state.why,
        "built_by": state.built_by or None,
        "programs_differ": state.programs_differ or None,
        "verified": state.verified or None,
        "size": state.size,
        "outputs": sorted(state.roles),
    }
