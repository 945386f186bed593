"""The commands. They only connect: what they do is in `production`, imported when a command runs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import click

from issue_publisher.cli import (
    archiving,
    building,
    checking,
    copyfitting,
    exporting,
    importing,
    searching,
    shelf,
    sources,
    verifying,
)
from issue_publisher.cli.group import DEBUG, ExitCode, app

# Each module brings its commands.
__all__ = [
    "app",
    "archiving",
    "building",
    "checking",
    "copyfitting",
    "exporting",
    "importing",
    "main",
    "searching",
    "shelf",
    "sources",
    "verifying",
]


class _Interrupt(KeyboardInterrupt):
    """Ctrl-C, and not KeyboardInterrupt itself.

    When that one passes through `exec` of a text, as dataclasses and named tuples are made by, Python makes a
    note of it and in the end dies of the signal, whatever was made of the exception (`run_eval_code_obj` in
    its pythonrun.c, since 3.8): the exit code would be anything but ours, now and then.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit; whatever happens, no traceback unless it was asked for."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot write Chinese must not stop us
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # by nohup, or a shell's background
            signal.signal(number, _stop)
    try:
        code = _run(arguments)
    except KeyboardInterrupt:  # a second one, while the first was answered
        code = ExitCode.INTERRUPTED
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = app.main(arguments, prog_name="issue-publisher", standalone_mode=False)
        return code if isinstance(code, int) else ExitCode.GOOD
    except click.ClickException as error:
        error.show()
        return ExitCode.ENVIRONMENT
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was not finished is as it was", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.ENVIRONMENT
    except OSError as error:
        if os.environ.get(DEBUG):
            raise
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"issue-publisher: {place}{(error.strerror or str(error)).lower()}", err=True)
        return ExitCode.ENVIRONMENT
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        click.echo(
            f"issue-publisher: a fault of the program: {said} (set {DEBUG}=1 for the traceback)", err=True
        )
        return ExitCode.ENVIRONMENT


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise _Interrupt if number == signal.SIGINT else SystemExit(128 + number)
