"""The cache: it saves work, never changes a byte, trusts nothing that it finds, and keeps its bounds."""

import errno
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher.pictures import raster
from issue_publisher.production import cache as caching
from issue_publisher.production.build import Output, build
from issue_publisher.production.cache import NO_CACHE, Cache, user_folder
from issue_publisher.production.load import Source, load

pytestmark = pytest.mark.xdist_group("cache")  # one worker fills it

Tree = Callable[[Path], dict[str, bytes]]


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def opened(folder: Path, **more: int) -> Cache:
    return Cache(folder, maker="one", **more)


class TestEntries:
    def test_come_out_as_they_went_in(self, tmp_path: Path) -> None:
        cache = opened(tmp_path / "a" / "b")
        data = bytes(range(256)) * 40
        assert cache.get("river") is None
        cache.put("river", data)
        cache.put("nothing", b"")
        assert (cache.get("river"), cache.get("nothing")) == (data, b"")
        assert opened(tmp_path / "a" / "b").get("river") == data
        assert [path.stat().st_mode & 0o077 for path in entries(tmp_path)] == [0, 0]

    def test_of_other_versions_are_not_found(self, tmp_path: Path) -> None:
        opened(tmp_path).put("river", b"old")
        newer = Cache(tmp_path, maker="two")
        assert newer.get("river") is None
        newer.put("river", b"new")
        assert (opened(tmp_path).get("river"), newer.get("river")) == (b"old", b"new")

    def test_without_a_folder_are_not_kept(self) -> None:
        NO_CACHE.put("river", b"data")
        assert NO_CACHE.get("river") is None
        NO_CACHE.tidy()


def _cut(data: bytes) -> bytes:
    return data[:-1]


def _longer(data: bytes) -> bytes:
    return data + b"\0"


def _turned(data: bytes) -> bytes:
    return data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]


def _other_sum(data: bytes) -> bytes:
    return data[:30] + bytes([data[30] ^ 128]) + data[31:]


def _other_head(data: bytes) -> bytes:
    return b"I" + data[1:]


@pytest.mark.parametrize(
    "spoil", [_cut, _longer, _turned, _other_sum, _other_head, lambda _: b"", lambda _: b"GIF89a" * 50]
)
def test_a_damaged_entry_is_thrown_away(spoil: Callable[[bytes], bytes], tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.put("river", b"the picture's bytes")
    (path,) = entries(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    assert cache.get("river") is None
    assert not entries(tmp_path)
    cache.put("river", b"made again")
    assert cache.get("river") == b"made again"


def test_a_good_entry_in_anothers_place_is_thrown_away(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.put("river", b"a river")
    (river,) = entries(tmp_path)
    cache.put("bridge", b"a bridge")
    (bridge,) = set(entries(tmp_path)) - {river}
    shutil.copy(bridge, river)
    assert cache.get("river") is None
    assert cache.get("bridge") == b"a bridge"


class TestAFolderThatCannotBeUsed:
    def test_because_a_file_stands_there(self, tmp_path: Path) -> None:
        (tmp_path / "cache").write_text("notes")
        cache = opened(tmp_path / "cache")
        cache.put("river", b"data")
        assert cache.get("river") is None
        cache.tidy()
        assert (tmp_path / "cache").read_text() == "notes"

    @pytest.mark.parametrize("fault", [errno.EACCES, errno.EROFS, errno.ENOSPC])
    @pytest.mark.parametrize("step", ["mkstemp", "fdopen", "replace"])
    def test_because_the_disk_does_not_let_us(
        self, step: str, fault: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_arguments: object, **_options: object) -> None:
            raise OSError(fault, os.strerror(fault))

        cache = opened(tmp_path)
        where: dict[str, object] = {"mkstemp": tempfile, "fdopen": os, "replace": Path}
        with monkeypatch.context() as patch:
            patch.setattr(where[step], step, refuse)
            cache.put("river", b"data")
        assert cache.get("river") is None
        assert not entries(tmp_path)


def at(path: Path, second: int) -> None:
    os.utime(path, (second, second))


class TestBounds:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Ten entries of some 1,000 bytes, the first the oldest."""
        for number in range(10):
            before = set(entries(tmp_path))
            opened(tmp_path).put(f"{number}", bytes(1000))
            (path,) = set(entries(tmp_path)) - before
            at(path, 1_000_000 + number)
        return tmp_path

    def kept(self, folder: Path) -> list[int]:
        return [number for number in range(11) if opened(folder).get(f"{number}") is not None]

    def test_the_oldest_go(self, folder: Path) -> None:
        cache = opened(folder, most_bytes=5500)
        cache.put("10", bytes(1000))
        cache.tidy()
        assert self.kept(folder) == [6, 7, 8, 9, 10]

    def test_what_was_asked_for_stays(self, folder: Path) -> None:
        cache = opened(folder, most_bytes=3500)
        cache.put("10", bytes(1000))
        assert cache.get("0") is not None
        cache.tidy()
        assert self.kept(folder) == [0, 9, 10]

    def test_nothing_goes_while_there_is_room_or_nothing_new(self, folder: Path) -> None:
        opened(folder, most_bytes=1).tidy()
        roomy = opened(folder, most_bytes=20_000)
        roomy.put("10", bytes(1000))
        roomy.tidy()
        assert self.kept(folder) == list(range(11))

    def test_the_files_of_others_stay(self, folder: Path) -> None:
        shelf = entries(folder)[0].parent
        others = [
            folder / "notes.txt",
            shelf / "notes.txt",
            folder / ("a" * 64),
            folder / "photos" / ("b" * 64),
        ]
        for other in others:
            other.parent.mkdir(exist_ok=True)
            other.write_text("ours")
            at(other, 1)
        cache = opened(folder, most_bytes=0)
        cache.put("10", bytes(1000))
        cache.tidy()
        assert self.kept(folder) == []
        assert entries(folder) == sorted(others)

    def test_what_a_stopped_build_left_behind_goes(self, folder: Path) -> None:
        shelf = entries(folder)[0].parent
        old, fresh = shelf / ".waiting-old", shelf / ".waiting-fresh"
        for path in (old, fresh):
            path.write_bytes(b"half")
        at(old, 1_000_000)
        cache = opened(folder)
        cache.put("10", b"")
        cache.tidy()
        assert (old.exists(), fresh.exists()) == (False, True)


def _busy(folder: Path, most_bytes: int) -> None:
    """Reads, writes and tidies; whatever is there must be whole."""
    cache = opened(folder, most_bytes=most_bytes)
    for turn in range(120):
        key = f"{turn % 7}"
        if cache.get(key) not in (None, key.encode() * 5000):
            os._exit(3)
        cache.put(key, key.encode() * 5000)
        cache.tidy()
    os._exit(0)


@pytest.mark.parametrize("most_bytes", [12_000, 1_000_000])
def test_several_processes_do_each_other_no_harm(most_bytes: int, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_busy, args=(tmp_path, most_bytes)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert not [path for path in entries(tmp_path) if path.name.startswith(".")]
    assert len(entries(tmp_path)) == (2 if most_bytes == 12_000 else 7)


class TestWhere:
    def test_the_users_cache_folder(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere/cache")
        assert user_folder() == Path("/somewhere/cache/issue-publisher")

    @pytest.mark.parametrize("named", ["", "relative/cache"])
    def test_or_else_the_one_at_home(self, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", named)
        monkeypatch.setenv("HOME", "/home/desk")
        assert user_folder() == Path("/home/desk/.cache/issue-publisher")


def test_the_makers_versions_and_our_own_code_are_part_of_every_key(tmp_path: Path) -> None:
    maker = caching.this_program()
    for name in ("Pillow", "libjpeg-turbo", "WeasyPrint", "pypdfium2", "lxml", "rjieba"):
        assert f"'{name}', '" in maker
    package = tmp_path / "package"
    (package / "room").mkdir(parents=True)
    (package / "room" / "one.py").write_text("a = 1\n")
    before = caching._code_sum(package)
    (package / "room" / "notes.txt").write_text("no code")
    assert caching._code_sum(package) == before
    (package / "room" / "one.py").write_text("a = 2\n")
    assert caching._code_sum(package) != before
    assert caching._code_sum(Path(caching.__file__).parents[1]) in maker


# --------------------------------------------------------------------------- whole builds


@pytest.fixture(scope="module")
def plain(small_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small issue's outputs without a cache."""
    dist = tmp_path_factory.mktemp("plain")
    build(small_source, dist)
    return dist


@pytest.fixture(scope="module")
def filled(small_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which everything of the small issue is kept."""
    folder = tmp_path_factory.mktemp("filled")
    cache = Cache(folder)
    assert load(small_source.folder, kept=cache).source is not None
    build(small_source, tmp_path_factory.mktemp("first"), cache=cache)
    return folder


@pytest.fixture
def nothing_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a picture is decoded or converted, or a cover drawn."""

    def fail(*_arguments: object) -> None:
        raise AssertionError("it was made again")  # travels from the process of the book, too

    monkeypatch.setattr(raster, "check_raster", fail)
    monkeypatch.setattr(raster, "upright", fail)
    monkeypatch.setattr("issue_publisher.rendering.cover.draw_cover", fail)


@pytest.mark.usefixtures("nothing_made")
def test_from_the_cache_comes_the_same_book_and_nothing_is_made(
    plain: Path, filled: Path, small_source: Source, tmp_path: Path, tree: Tree
) -> None:
    cache = Cache(filled)
    source = load(small_source.folder, kept=cache).source
    assert source == small_source
    build(source, tmp_path / "dist", frozenset({Output.EPUB}), cache=cache)
    [(name, book)] = [(name, data) for name, data in tree(tmp_path / "dist").items() if name.endswith("epub")]
    assert book == tree(plain)[name]


def test_from_the_cache_comes_the_same(
    plain: Path, filled: Path, small_source: Source, tmp_path: Path, tree: Tree
) -> None:
    build(small_source, tmp_path / "dist", cache=Cache(filled))
    assert tree(tmp_path / "dist") == tree(plain)


def test_a_book_from_the_cache_loads_nothing_that_sets_or_paints(
    filled: Path, small_source: Source, tmp_path: Path
) -> None:
    arguments = ["build", str(small_source.folder), "--only", "epub", "--output", str(tmp_path / "dist")]
    script = (
        "import sys\n"
        "from issue_publisher.cli import _run\n"
        f"assert _run({[*arguments, '--cache', str(filled)]!r}) == 0\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"issue_publisher.rendering.epub", "PIL"} <= loaded
    late = {"weasyprint", "pypdfium2", "ortools", "fontTools", "multiprocessing", "rjieba"}
    assert not loaded & {*late, "issue_publisher.typesetting.paragraph", "issue_publisher.rendering.pages"}


@pytest.mark.parametrize("state", ["empty", "damaged", "gone"])
def test_whatever_the_cache_is_like_the_outputs_are_the_same(
    state: str, plain: Path, filled: Path, small_source: Source, tmp_path: Path, tree: Tree
) -> None:
    folder = tmp_path / "cache"
    if state == "damaged":
        shutil.copytree(filled, folder)
        for path in entries(folder):
            data = path.read_bytes()
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif state == "gone":
        folder.write_text("a file, not a folder")
    cache = Cache(folder)
    source = load(small_source.folder, kept=cache).source
    assert source == small_source
    build(source, tmp_path / "dist", cache=cache)
    assert tree(tmp_path / "dist") == tree(plain)
    if state != "gone":
        assert {path.name: path.read_bytes() for path in entries(folder)} == {
            path.name: path.read_bytes() for path in entries(filled)
        }
