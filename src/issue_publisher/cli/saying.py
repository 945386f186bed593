"""What the commands say: findings, outputs and one line for the whole source."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import click

from issue_publisher.cli.group import ExitCode
from issue_publisher.production.counted import counted

if TYPE_CHECKING:
    from issue_publisher.issue.errors import SourceError
    from issue_publisher.production.build import Built


@dataclass
class Report:
    """What is to be said of one source."""

    source: str
    findings: tuple[SourceError, ...]
    strict: bool
    issue: str | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    makeup: dict[str, Any] | None = None  # what report.json holds, with --proof
    trouble: str | None = None  # with the machine, not with the source
    ok: bool = False

    def take(self, built: Built, *, ok: bool = True) -> None:
        """Note what was built; `ok`: everything that was asked for."""
        self.ok = ok
        self.findings += built.findings
        self.makeup = built.report
        self.outputs = [
            {"role": product.role, "path": str(built.folder / product.name), "size": len(product.data)}
            for product in built.products
        ]

    @property
    def exit_code(self) -> ExitCode:
        """What this source alone would exit with."""
        if self.trouble:
            return ExitCode.ENVIRONMENT
        return ExitCode.GOOD if self.ok else ExitCode.SOURCE

    def say_findings(self, *, to_stderr: bool) -> None:
        """One line each; warnings say that they are."""
        for finding in self.findings:
            warning = "warning: " if finding.severity == "warning" and not self.strict else ""
            place, _, said = str(finding).partition(": ")
            click.echo(f"{place}: {warning}{said}", err=to_stderr)
        if self.trouble:
            click.echo(self.trouble, err=True)

    def say_outputs(self) -> None:
        """Each output with its size, and the report on the make-up; or that there is none."""
        for made in self.outputs:
            click.echo(f"{made['path']}  {size_text(made['size'])}")
        if self.makeup is not None:
            _say_makeup(self.makeup)
        if not self.ok:
            kept = "only its proof is new" if self.outputs else "earlier outputs are as they were"
            click.echo(self.summary(f"not built; {kept}"), err=True)

    def summary(self, verdict: str) -> str:
        """One line for the whole source."""
        errors = sum(self.strict or finding.severity == "error" for finding in self.findings)
        counts = [
            counted(count, word)
            for count, word in ((errors, "error"), (len(self.findings) - errors, "warning"))
            if count
        ]
        return f"{self.source}: {verdict}" + (f" ({', '.join(counts)})" if counts else "")

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        findings = [asdict(finding) for finding in self.findings]
        if self.strict:
            findings = [{**finding, "severity": "error"} for finding in findings]
        return {
            "source": self.source,
            "issue": self.issue,
            "ok": self.ok,
            "findings": findings,
            "outputs": self.outputs,
            "report": self.makeup,
            "trouble": self.trouble,
        }


def _say_makeup(makeup: dict[str, Any]) -> None:
    """A table, a row a page; below it each rule that a page breaks, with its price and its items."""
    click.echo(_MAKEUP_HEAD)
    for page in makeup["pages"]:
        click.echo(_makeup_row(page) if page["made"] else f"{page['page']:4}  not made")
    for page in makeup["pages"]:
        broken = [rule for rule in page.get("rules", ()) if not rule["kept"]]
        for rule in sorted(broken, key=lambda rule: not rule["hard"]):
            click.echo(f"{page['page']:4}  {_broken(rule)}")


def _broken(rule: dict[str, Any]) -> str:
    """A broken rule on one line; the items that its words do not name stand behind them."""
    from issue_publisher.composition.report import unnamed

    others = unnamed(rule["items"], rule["words"])
    words = f": {rule['words']}" if rule["words"] else ""
    items = f" [{', '.join(others)}]" if others else ""
    return f"{'hard' if rule['hard'] else 'soft'} {rule['penalty']:7.1f}  {rule['rule']}{words}{items}"


_MAKEUP_HEAD = "page    fill   blank  overset  hard kept  soft kept  penalty  headlines, pt       solver"


def _makeup_row(page: dict[str, Any]) -> str:
    kinds = [[rule["kept"] for rule in page["rules"] if rule["hard"] is hard] for hard in (True, False)]
    hard, soft = (f"{sum(kept)}/{len(kept)}" for kept in kinds)
    sizes = " ".join(f"{rung['size_pt']:g}" for rung in page["ladder"][:6])
    found = page["solved"]
    solver = "by the plan" if found is None else (
        f"{found['status']}, bound {found['bound']:g}, deterministic time {found['deterministic_time']:g}"
    )  # fmt: skip
    return (
        f"{page['page']:4}  {page['fill']:6.1%}  {page['blank']:6.1%}  {page['overset_lines']:7}  "
        f"{hard:>9}  {soft:>9}  {page['penalty']:7.1f}  {sizes:18}  {solver}"
    )


def finish(reports: Sequence[Report], as_json: bool) -> NoReturn:
    """Exit as the worst of the reports says; with `as_json` print them all first."""
    if as_json:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        click.echo(json.dumps([report.as_json() for report in reports], ensure_ascii=plain, indent=1))
    raise click.exceptions.Exit(max(report.exit_code for report in reports))


def size_text(size: int) -> str:
    """Bytes as people read them: 3.9 MB."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


class Progress:
    """One line on the terminal that says what is being done; nothing in a pipe."""

    def __init__(self) -> None:
        self.shows = sys.stderr.isatty()

    def step(self, source: str, step: str) -> None:
        """Say what is being done to a source, in place of what was said before."""
        if self.shows:
            click.echo(f"\r\033[K{source}: {step} …", nl=False, err=True)

    def clear(self) -> None:
        """Leave the line empty."""
        if self.shows:
            click.echo("\r\033[K", nl=False, err=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """The line, cleared at the end."""
    line = Progress()
    try:
        yield line
    finally:
        line.clear()
