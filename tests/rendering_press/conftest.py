"""What the tests of the press PDF share: the sample issue."""

from __future__ import annotations

from pathlib import Path

import pytest

from issue_publisher.production.load import Source, load


@pytest.fixture(scope="session")
def source(repository: Path) -> Source:
    """The sample issue with its pictures, layout and fonts."""
    found = load(repository / "source" / "2026-11-23", None).source
    assert found is not None
    return found
