"""A small newspaper on the disk: one page, two articles, one photograph."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher.production.load import Source, load
from production.newspaper import ISSUE, jpeg


@pytest.fixture
def newspaper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder, which is also where the desk works."""
    folder = tmp_path / "paper"
    issue = folder / "source" / "2026-11-30"
    (issue / "pictures").mkdir(parents=True)
    (issue / "issue.xml").write_text(ISSUE, encoding="utf-8")
    (issue / "pictures" / "river.jpg").write_bytes(jpeg())
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def issue_folder(newspaper: Path) -> Path:
    return newspaper / "source" / "2026-11-30"


@pytest.fixture(scope="session")
def small_source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The same, read: reading all the fonts takes a while."""
    folder = tmp_path_factory.mktemp("small") / "source" / "2026-11-30"
    (folder / "pictures").mkdir(parents=True)
    (folder / "issue.xml").write_text(ISSUE, encoding="utf-8")
    (folder / "pictures" / "river.jpg").write_bytes(jpeg())
    source = load(folder).source
    assert source is not None
    return source


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    """Everything below a folder, hidden files included."""

    def read(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return read


@pytest.fixture
def own_layout(newspaper: Path, repository: Path) -> Path:
    """The broadsheet, copied beside `source/` to be changed."""
    return shutil.copytree(repository / "layouts" / "broadsheet", newspaper / "layouts" / "broadsheet")
