"""Outputs come into place whole and together; whatever goes wrong, the earlier ones are as they were."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from issue_publisher.production import outputs
from issue_publisher.production.faults import EnvironmentFault
from issue_publisher.production.outputs import Product, workshop

Tree = Callable[[Path], dict[str, bytes]]
OLD = [
    Product("a.pdf", "press", b"old"),
    Product("proof/1.png", "proof", b"old"),
    Product("proof/2.png", "proof", b"old"),
    Product("manifest.json", "manifest", b"old"),
]
NEW = [
    Product("a.pdf", "press", b"new"),
    Product("b.epub", "epub", b"new"),
    Product("proof/1.png", "proof", b"new"),
    Product("manifest.json", "manifest", b"new"),
]


def put(dist: Path, products: list[Product]) -> None:
    with workshop(dist, "one") as shop:
        shop.put_in_place(products)


def test_outputs_replace_earlier_files_and_whole_folders_and_leave_nothing_else(
    tmp_path: Path, tree: Tree
) -> None:
    dist = tmp_path / "deep" / "dist"
    put(dist, OLD)
    assert (dist / "one" / "proof" / "2.png").exists()
    (dist / "one" / "note.txt").write_bytes(b"the desk's own")
    put(dist, NEW)
    names = {f"one/{product.name}": b"new" for product in NEW}
    assert tree(dist) == {**names, "one/note.txt": b"the desk's own"}


class Broken:
    """Stands in for a function and fails at its n-th call."""

    def __init__(self, real: Callable[..., object], at: int, fault: BaseException) -> None:
        self.real, self.left, self.fault = real, at, fault

    def __call__(self, *arguments: object, **options: object) -> object:
        self.left -= 1
        if self.left == 0:
            raise self.fault
        return self.real(*arguments, **options)


FAULTS = [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), RuntimeError("a slip")]
# Where it may break: the function, and the call that fails.
PLACES = [("_write", n) for n in (1, 2, 3, 4)] + [("_keep", n) for n in (1, 2, 3, 4)] + [("_flush_folder", 1)]


@pytest.mark.parametrize("fault", FAULTS, ids=["full disk", "Ctrl-C", "slip"])
@pytest.mark.parametrize(("place", "call"), PLACES)
@pytest.mark.parametrize("had_outputs", [True, False])
def test_whatever_breaks_the_earlier_outputs_stay(
    tmp_path: Path,
    tree: Tree,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    call: int,
    fault: BaseException,
    had_outputs: bool,
) -> None:
    dist = tmp_path / "dist"
    if had_outputs:
        put(dist, OLD)
    before = tree(tmp_path)
    monkeypatch.setattr(outputs, place, Broken(getattr(outputs, place), call, fault))
    with pytest.raises((EnvironmentFault, KeyboardInterrupt, RuntimeError)) as caught:
        put(dist, NEW)
    assert tree(tmp_path) == before
    assert dist.exists() == had_outputs
    assert not had_outputs or [path.name for path in dist.iterdir()] == ["one"]
    if isinstance(fault, OSError):
        assert "the disk is full" in str(caught.value)


def test_a_real_full_disk(tmp_path: Path, tree: Tree) -> None:
    """A file system of a few pages, where we may mount one."""
    dist = tmp_path / "small"
    dist.mkdir()
    if os.system(f"mount -t tmpfs -o size=96k none {dist} 2>/dev/null") != 0:
        pytest.skip("may not mount here")
    try:
        put(dist, OLD)
        with pytest.raises(EnvironmentFault, match="the disk is full"):
            put(dist, [Product("a.pdf", "press", bytes(100_000)), OLD[-1]])
        assert tree(dist) == {f"one/{product.name}": b"old" for product in OLD}
        assert [path.name for path in dist.iterdir()] == ["one"]
    finally:
        assert os.system(f"umount {dist}") == 0


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("a file")
    with pytest.raises(EnvironmentFault, match="cannot be written: a file stands"):
        put(tmp_path / "dist", NEW)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "one").write_text("a file")
    with pytest.raises(EnvironmentFault, match="cannot be written: a file stands"):
        put(tmp_path / "other", NEW)


def test_a_folder_where_an_output_should_be(tmp_path: Path, tree: Tree) -> None:
    put(tmp_path, OLD)
    (tmp_path / "one" / "b.epub").mkdir()
    with pytest.raises(EnvironmentFault):
        put(tmp_path, NEW)
    assert tree(tmp_path) == {f"one/{product.name}": b"old" for product in OLD}


def test_a_file_where_an_output_folder_should_be(tmp_path: Path, tree: Tree) -> None:
    put(tmp_path, [product for product in OLD if "/" not in product.name])
    (tmp_path / "one" / "proof").write_bytes(b"a note")
    before = tree(tmp_path)
    with pytest.raises(EnvironmentFault, match="a file stands where a folder should"):
        put(tmp_path, NEW)
    assert tree(tmp_path) == before


def test_a_name_too_long_for_the_disk(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="name is too long"), workshop(tmp_path, "x" * 300) as shop:
        shop.put_in_place(NEW)
    assert not list(tmp_path.iterdir())
