"""What is made once for all workers of a run: the first that asks makes it, the others take it as it is."""

from __future__ import annotations

import fcntl
import pickle
from collections.abc import Callable
from typing import TypeVar

import pytest

Made = TypeVar("Made")


def once(temporary: pytest.TempPathFactory, name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, a value that can be pickled; `name` tells it from all others of the run.

    The folder of a run is its workers' common one; without workers there is but one that asks.
    """
    base = temporary.getbasetemp()
    folder = base.parent if base.name.startswith("popen-gw") else base
    kept = folder / f"{name}.pickle"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who comes second waits; let go when the file is closed
        if kept.exists():
            return pickle.loads(kept.read_bytes())
        made = make()
        kept.write_bytes(pickle.dumps(made))
        return made
