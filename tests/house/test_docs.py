"""What the papers say is so: links lead somewhere, commands and options exist."""

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from issue_publisher import __version__
from issue_publisher.cli import app

REPOSITORY = Path(__file__).resolve().parents[2]
PAPERS = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


def links() -> list[tuple[Path, str]]:
    return [
        (paper, target)
        for paper in PAPERS
        for target in LINK.findall(ANY_BLOCK.sub("", paper.read_text(encoding="utf-8")))
    ]


def commands() -> list[list[str]]:
    """The words of every command line in the papers' shell blocks."""
    return [
        words
        for paper in PAPERS
        for block in SHELL_BLOCK.findall(paper.read_text(encoding="utf-8"))
        for line in block.replace("\\\n", " ").splitlines()
        if (words := shlex.split(line, comments=True))
    ]


@pytest.mark.parametrize(("paper", "target"), links(), ids=lambda value: str(value).rpartition("/")[2])
def test_links_lead_to_files(paper: Path, target: str) -> None:
    assert (paper.parent / target).exists(), f"{paper.name}: {target}"


def test_every_command_is_of_a_known_kind() -> None:
    known = {"issue-publisher", "make", "cd", "git"}
    assert {words[0] for words in commands() if not words[0].startswith(".venv/bin/")} <= known


@pytest.mark.parametrize("words", [w for w in commands() if w[0].endswith("issue-publisher")], ids=" ".join)
def test_our_commands_exist_with_their_options(words: list[str]) -> None:
    command: click.Command = app
    context = click.Context(command, info_name="issue-publisher")
    for word in words[1:]:
        if word.startswith("-"):
            known = {option for parameter in command.params for option in parameter.opts}
            known |= set(command.get_help_option_names(context))
            assert word.partition("=")[0] in known, f"{command.name} has no {word}"
        elif isinstance(command, click.Group):
            assert word in command.commands
            command = command.commands[word]


@pytest.mark.parametrize("target", sorted({w[1] for w in commands() if w[0] == "make"}))
def test_make_targets_exist(target: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_changelog_has_a_section_for_this_version() -> None:
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in changelog


def test_ci_runs_make_test_and_nothing_less() -> None:
    script = REPOSITORY / ".ci" / "run"
    dry_run = subprocess.run(
        ["make", "-n", "test"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert script.stat().st_mode & 0o111
    assert "exec make test" in script.read_text(encoding="utf-8")
    assert all(tool in dry_run.stdout for tool in ("ruff check", "ruff format --check", "mypy", "pytest"))
