"""Tests that share something dear to make go to one worker, or each worker makes it anew."""

import pytest


@pytest.mark.xdist_group("one-worker")
def test_a_tests_group_reaches_the_scheduler(request: pytest.FixtureRequest) -> None:
    """pytest-xdist hands it on in the name of the test, which a newer pytest may leave as it was."""
    if hasattr(request.config, "workerinput"):
        assert request.node.nodeid.endswith("@one-worker")
