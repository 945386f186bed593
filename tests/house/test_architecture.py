"""The code keeps to the tables of docs/architecture.md, and the command line starts quickly."""

import ast
import importlib.metadata
import os
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("architecture")  # one worker reads the code
REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "issue_publisher"
ARCHITECTURE = REPOSITORY / "docs" / "architecture.md"
TOP = {"__init__", "__main__"}  # the package itself and `python -m`, which only calls cli
HEAVY = (
    "distributed",
    "fsspec",
    "weasyprint",
    "ebooklib",
    "PIL",
    "ortools",
    "numpy",
    "pandas",
    "uharfbuzz",
    "fontTools",
    "jinja2",
)


def table(*heading: str) -> list[list[str]]:
    """The rows of the architecture page's table with this heading, without backquotes."""
    wanted = "| " + " | ".join(heading) + " |"
    lines = ARCHITECTURE.read_text(encoding="utf-8").splitlines()
    rows = []
    for line in lines[lines.index(wanted) + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    return rows


def rooms() -> dict[str, set[str]]:
    """Each room with the rooms it may import."""
    rows = table("room", "holds", "may import")
    names = {name for name, _, _ in rows}
    allowed = {"–": set(), "everything": names}
    return {name: allowed.get(may, set(re.split(r",\s*", may))) for name, _, may in rows}


def walls() -> dict[str, set[str]]:
    """Each outside library with the rooms that may import it."""
    rows = table("library", "only in", "why one place")
    return {library: set(re.split(r",\s*", rooms)) for library, rooms, _ in rows}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "starter" not in path.relative_to(PACKAGE).parts)


@cache
def imported(path: Path) -> tuple[tuple[str, int], ...]:
    """Every module that a file imports, at its top or inside a function, with the line."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    here = ("issue_publisher", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: len(here) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            for alias in node.names:  # a name may be a module: `from issue_publisher import fonts`
                yield f"{module}.{alias.name}", node.lineno


def test_every_room_of_the_code_is_in_the_table() -> None:
    assert {room_of(path) for path in modules()} - TOP <= set(rooms())


def test_the_table_allows_only_rooms_above() -> None:
    above: set[str] = set()
    for room, may in rooms().items():
        assert may - {room} <= above | (set(rooms()) if room == "cli" else set()), room
        above.add(room)


def test_imports_between_rooms_follow_the_table() -> None:
    allowed = rooms()
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line}: {room_of(path)} may not import {name.split('.')[1]}"
        for path in modules()
        if room_of(path) not in TOP
        for name, line in imported(path)
        if name.startswith("issue_publisher.")
        and name.split(".")[1] in allowed
        and name.split(".")[1] not in allowed[room_of(path)] | {room_of(path)}
    ]
    assert not wrong, "\n".join(wrong)


def test_the_rows_of_composition_name_all_its_modules_and_use_only_what_stands_above() -> None:
    rows = [re.split(r",\s*", names) for names, _ in table("modules", "hold")]
    row_of = {name: at for at, names in enumerate(rows) for name in names}
    within = "issue_publisher.composition."
    files = [path for path in modules() if room_of(path) == "composition" and path.stem not in TOP]
    assert {path.stem for path in files} == set(row_of)
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line}: {name} stands below {path.stem} in {ARCHITECTURE.name}"
        for path in files
        for name, line in imported(path)
        if name.startswith(within) and row_of[name.split(".")[2]] > row_of[path.stem]
    ]
    assert not wrong, "\n".join(wrong)


def test_outside_libraries_stay_in_their_rooms() -> None:
    wall = walls()
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line}: {library} belongs in {', '.join(wall[library])}"
        for path in modules()
        for name, line in imported(path)
        if (library := name.split(".")[0]) in wall and room_of(path) not in wall[library]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "library", ["weasyprint", "ebooklib", "ortools", "pikepdf", "pypdfium2", "distributed", "fsspec"]
)
def test_one_module_of_a_room_wraps(library: str) -> None:
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        for name, _ in imported(path)
        if name.split(".")[0] == library
    }
    assert len(users) <= len(walls()[library])
    assert len({user.split("/")[0] for user in users}) == len(users), users


def test_what_is_imported_and_what_is_declared_agree() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["cluster"]]
    declared = {re.split(r"[<>=~!]", dependency)[0].lower() for dependency in asked}
    libraries = {name.split(".")[0] for path in modules() for name, _ in imported(path)}
    distributions = importlib.metadata.packages_distributions()
    used = {
        distributions[library][0].lower().replace("_", "-")
        for library in libraries - sys.stdlib_module_names - {"issue_publisher"}
    }
    assert used == declared


def test_the_command_line_imports_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, issue_publisher.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not set(HEAVY) & set(loaded)


def processor_seconds(*arguments: str) -> float:
    """Processor seconds of one Python process; unlike the clock they don't tell what else is running."""
    child = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return usage.ru_utime + usage.ru_stime


def test_help_answers_at_once() -> None:
    bare = statistics.median(processor_seconds("-c", "pass") for _ in range(5))
    help_ = statistics.median(processor_seconds("-m", "issue_publisher", "--help") for _ in range(5))
    assert help_ < max(0.3, 10 * bare)
