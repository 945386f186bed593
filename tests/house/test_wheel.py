"""The wheel, installed alone, makes a newspaper far from the repository, by the commands of the README."""

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

MARKED_BLOCK = re.compile(
    r"<!-- tests/house/test_wheel.py runs this block -->\n```sh\n(.*?)^```$", re.M | re.S
)


def run(*command: str | Path, **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, repository)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_wheel_holds_all_that_is_shipped(repository: Path, wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "src/issue_publisher", "layouts", "fonts"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    held = set(zipfile.ZipFile(wheel).namelist())
    missing = {
        name
        for name in listed
        if not name.startswith("fonts/rebuild")
        and name.replace("src/issue_publisher/", "issue_publisher/", 1) not in held
        and f"issue_publisher/_shipped/{name}" not in held
    }
    assert listed
    assert not missing


@pytest.mark.slow
def test_wheel_alone_builds_an_issue_anywhere(repository: Path, wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment)
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    lock = re.search(r"^LOCKED +:= (.*)$", makefile, re.MULTILINE)
    assert lock is not None
    # Our own pip works on the new environment; what is not imported need not be compiled either.
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", environment / "bin" / "python"]
    locked = [*pip, *lock[1].split(), "--no-compile"]
    run(*locked, "-r", repository / "requirements-build.txt")
    run(*locked, "-r", repository / "requirements.txt")
    run(*pip, "install", "--no-compile", "--no-deps", "--no-index", wheel)

    commands = MARKED_BLOCK.search((repository / "README.md").read_text(encoding="utf-8"))
    assert commands is not None
    run(
        "sh",
        "-ec",
        commands[1],
        cwd=tmp_path,
        env={"PATH": f"{environment / 'bin'}:{os.defpath}", "HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )

    [manifest] = (tmp_path / "mypaper" / "dist").glob("*/manifest.json")
    assert json.loads(manifest.read_text(encoding="utf-8"))
    [press] = manifest.parent.glob("*-press.pdf")
    [book] = manifest.parent.glob("*.epub")
    assert press.read_bytes().startswith(b"%PDF-")
    assert zipfile.is_zipfile(book)
