"""What all tests share: where the repository lies, and property tests that give the same result each run."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

# No test finds what another one left, or leaves anything: there is no cache but the one that a test names.
os.environ["ISSUE_PUBLISHER_CACHE"] = os.devnull


# Thousands of tests and all that they import live until the end: looking through them for rubbish again
# and again takes a tenth of the time.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish() -> None:
    """What has been collected is no rubbish."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's top folder."""
    return Path(__file__).resolve().parent.parent
