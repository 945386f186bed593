"""The group that every command belongs to, and the options that several share."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from issue_publisher import __version__

if TYPE_CHECKING:
    from issue_publisher.production.cache import Cache

DEBUG = "ISSUE_PUBLISHER_DEBUG"
CACHE = "ISSUE_PUBLISHER_CACHE"


class ExitCode(IntEnum):
    """What the exit code says."""

    GOOD = 0
    SOURCE = 1  # the source is at fault
    ENVIRONMENT = 2  # usage, the machine, or the program itself
    INTERRUPTED = 130  # Ctrl-C


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="issue-publisher", message="%(prog)s %(version)s")
def app() -> None:
    """Turn the XML of a Chinese newspaper issue into PDFs for press and archive and an EPUB."""


sources_argument = click.argument(
    "sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
layout_option = click.option(
    "--layout", metavar="NAME", help="Use this layout instead of the one the issue names."
)
strict_option = click.option("--strict", is_flag=True, help="Take warnings as errors.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print findings and outputs as JSON.")


def cache_in(folder: Path | None, *, no_cache: bool) -> Cache:
    """The cache that the options ask for."""
    from issue_publisher.production.cache import Cache, user_folder

    return Cache(None if no_cache else folder or user_folder())


def outputs_named(only: str | None) -> frozenset[Any]:
    """The outputs that `--only` names; all without it."""
    from issue_publisher.production.build import ALL_OUTPUTS, Output

    if only is None:
        return ALL_OUTPUTS
    names = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Output)]
    if unknown or not names:
        known = ", ".join(Output)
        raise click.BadParameter(
            f"{', '.join(unknown) or 'nothing'} (one or more of {known})", param_hint="--only"
        )
    return frozenset(Output(name) for name in names)
