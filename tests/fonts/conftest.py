from __future__ import annotations

import pytest

from issue_publisher.fonts import FontSet, Measures, read_fonts
from issue_publisher.resources import shipped_fonts


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    """The fonts of the house, read once."""
    return read_fonts(shipped_fonts())


@pytest.fixture(scope="session")
def measures(fonts: FontSet) -> Measures:
    return Measures(fonts)
