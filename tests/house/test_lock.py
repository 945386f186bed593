"""The lock files name every package exactly, by hash, and no index."""

import re
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LOCKS = [
    "requirements.txt",
    "requirements-build.txt",
    "requirements-dev.txt",
    "requirements-cluster.txt",
    "requirements-compare.txt",
    "tools/verapdf/requirements.txt",
]
ENTRY = re.compile(
    r"""^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)
        (?:\s;\s(?P<marker>[^\\\n]+?))?\s
        (?:\\\n\s+--hash=sha256:[0-9a-f]{64}\s?)+$""",
    re.VERBOSE | re.MULTILINE,
)


def entries(lock: str) -> list[re.Match[str]]:
    return list(ENTRY.finditer((REPOSITORY / lock).read_text(encoding="utf-8")))


def versions(lock: str) -> set[tuple[str, str, str | None]]:
    return {(entry["name"], entry["version"], entry["marker"]) for entry in entries(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_exact_versions_and_hashes_and_nothing_else(lock: str) -> None:
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    rest = ENTRY.sub("", text)
    assert entries(lock)
    assert [line for line in rest.splitlines() if line.strip() and not line.startswith("#")] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address(lock: str) -> None:
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|index-url|find-links|trusted-host", text)


def test_a_package_has_the_same_version_in_every_lock() -> None:
    assert versions("requirements.txt") <= versions("requirements-dev.txt")
    shared = {name for name, _, _ in versions("requirements-build.txt")}
    for lock in ("requirements.txt", "requirements-dev.txt"):
        assert {entry for entry in versions(lock) if entry[0] in shared} <= versions("requirements-build.txt")


def test_compiled_packages_have_hashes_for_several_platforms() -> None:
    count = {entry["name"]: entry[0].count("--hash=") for entry in entries("requirements.txt")}
    assert all(count[name] > 5 for name in ("lxml", "pillow", "uharfbuzz", "numpy", "ortools"))


def test_every_runtime_dependency_is_locked_within_its_range() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[<>=~!]", dependency)[0] for dependency in project["dependencies"]}
    assert wanted <= {name for name, _, _ in versions("requirements.txt")}
