"""`copyfit`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from issue_publisher.cli.group import ExitCode, app

if TYPE_CHECKING:
    from issue_publisher.composition.copyfit import Copyfit


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
