"""`index` and `search`: find past pieces again."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from issue_publisher.cli.group import ExitCode, app
from issue_publisher.cli.saying import progress
from issue_publisher.production.counted import counted

if TYPE_CHECKING:
    from issue_publisher.archive.query import Query
    from issue_publisher.archive.snippets import Marked
    from issue_publisher.production.index import Indexed
    from issue_publisher.production.search import Filters, Found, Hit

_DEFAULT = Path("dist") / "search.sqlite"
_DATE = click.DateTime(["%Y-%m-%d"])
_HOW = {"help_option_names": ["--help"], "ignore_unknown_options": True}  # -词 is a word not wanted
_MARKS = "〔", "〕"  # round what was asked for, where there is no bold type

index_option = click.option(
    "--index", "file", metavar="FILE", default=_DEFAULT, show_default=True, type=click.Path(path_type=Path),
    help="The search index.",
)  # fmt: skip


@app.command()
@click.argument("folders", metavar="SOURCE_DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@index_option
@click.option("--rebuild", is_flag=True, help="Make the index anew, of these folders alone.")
def index(folders: tuple[Path, ...], file: Path, rebuild: bool) -> None:
    """Bring the search index up to date with all issues below SOURCE_DIR."""
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.index import update_index

    with progress() as line:
        try:
            made = update_index(
                file, folders, rebuild=rebuild, on_step=lambda folder: line.step(folder, "indexing")
            )
        except EnvironmentFault as fault:
            raise click.ClickException(str(fault)) from fault
    for words in (*made.said, *map(_warned, made.findings)):
        click.echo(words, err=True)
    click.echo(_done(made))
    raise click.exceptions.Exit(ExitCode.SOURCE if made.findings else ExitCode.GOOD)


def _warned(finding: Any) -> str:
    place, _, said = str(finding).partition(": ")
    return f"{place}: {'warning: ' if finding.severity == 'warning' else ''}{said}"


def _done(made: Indexed) -> str:
    from issue_publisher.production.load import shown

    counts = ((made.added, "new"), (made.refreshed, "changed"), (made.removed, "gone"))
    said = ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing new"
    issues = counted(made.issues, "issue")
    return f"{shown(made.index)}: {issues}, {counted(made.pieces, 'piece')} ({said})"


@app.command(context_settings=_HOW)
@click.argument("words", metavar="WORDS...", nargs=-1)
@index_option
@click.option("--from", "since", metavar="DATE", type=_DATE, help="Of this day (2026-11-23) or later.")
@click.option("--to", "until", metavar="DATE", type=_DATE, help="Of this day or earlier.")
@click.option("--page", metavar="N", type=click.IntRange(1), help="On this page.")
@click.option("--rubric", metavar="R", help="Under this rubric (栏目), or one that holds these words.")
@click.option("--author", metavar="A", help="With this name among authors, photographers and signatures.")
@click.option("--paper", metavar="P", help="Of this newspaper, or one whose name holds these words.")
@click.option("--limit", metavar="N", type=click.IntRange(1, 10_000), default=20, show_default=True,
              help="At most so many hits.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the hits as JSON.")
def search(
    words: tuple[str, ...],
    file: Path,
    since: datetime | None,
    until: datetime | None,
    page: int | None,
    rubric: str | None,
    author: str | None,
    paper: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Find pieces with all WORDS, best first.

    A phrase stands in quotation marks, OR between two words wants one of them, a dash before a word that must
    not be there. Without WORDS, options say what is listed, newest first.
    """
    from issue_publisher.production.faults import EnvironmentFault
    from issue_publisher.production.search import Filters
    from issue_publisher.production.search import search as search_index

    filters = Filters(
        since.date() if since else None, until.date() if until else None, page, rubric, author, paper
    )
    query = _query(words, filters)
    try:
        found = search_index(file, query, filters, limit)
    except EnvironmentFault as fault:
        raise click.ClickException(str(fault)) from fault
    if as_json:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        click.echo(json.dumps(_as_json(words, found), ensure_ascii=plain, indent=1))
    else:
        _say(found)


def _query(words: tuple[str, ...], filters: Filters) -> Query | None:
    from issue_publisher.archive.query import QueryError, read_query

    for word in words:
        if word.startswith("--"):
            raise click.UsageError(f"No such option: {word}")
    if not words and filters.any:
        return None
    try:
        return read_query(" ".join(words))
    except QueryError as error:
        raise click.UsageError(str(error)) from error


def _say(found: Found) -> None:
    """Two lines a hit, and how many there are."""
    for hit in found.hits:
        click.echo(f"{_where(hit)}  {_shown(hit.headline) or '(无题)'}")
        said = f"{_term(hit.snippet.field)}：{_shown(hit.snippet.text)}" if hit.snippet else ""
        click.echo(f"    {hit.file}:{hit.line}: {said}".rstrip(": "))
    shown = f"the first {len(found.hits)} of " if len(found.hits) < found.total else ""
    click.echo(f"{shown}{found.total} found" if found.total else "nothing found", err=True)


def _where(hit: Hit) -> str:
    page = f"第{hit.page}版" if hit.page is not None else f"待排稿（{hit.page_title}）"
    return " ".join(filter(None, (hit.date.isoformat(), hit.paper, page, hit.place)))


def _term(field: str) -> str:
    from issue_publisher.issue.terms import TERMS

    return TERMS[field]


def _shown(text: Marked) -> str:
    if sys.stdout.isatty():
        return text.shown(*click.style("\0", bold=True).split("\0"))
    return text.shown(*_MARKS)


def _as_json(words: tuple[str, ...], found: Found) -> dict[str, Any]:
    return {"query": " ".join(words), "total": found.total, "hits": [_hit(hit) for hit in found.hits]}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "issue": hit.issue,
        "date": hit.date.isoformat(),
        "paper": hit.paper,
        "page": hit.page,
        "page_title": hit.page_title,
        "place": hit.place or None,
        "columns": hit.columns,
        "article": hit.id,
        "kind": hit.kind,
        "genre": hit.genre or None,
        "rubric": hit.rubric or None,
        "authors": hit.authors,
        "headline": hit.headline.words,
        "headline_marks": hit.headline.marks,
        "field": hit.snippet.field if hit.snippet else None,
        "snippet": hit.snippet.text.words if hit.snippet else None,
        "snippet_marks": hit.snippet.text.marks if hit.snippet else [],
        "file": hit.file,
        "line": hit.line,
        "score": hit.score,
    }
