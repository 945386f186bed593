"""Frames of deep calls lie in one piece: no loop at any depth has the system give and take memory."""

import resource
from collections.abc import Callable

import pytest

from issue_publisher.production.deep_calls import with_room

DEPTHS = 300  # of frames that together fill more than one of Python's pieces
CALLS = 200


def leaf() -> int:
    """A call from a loop."""
    return 1


def looped(depth: int) -> int:
    """Page faults of a loop at each depth down to this one, the most that any had."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        leaf()
    here = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return max(here, looped(depth - 1)) if depth else here


def test_no_depth_is_dear() -> None:
    assert with_room(looped)(DEPTHS) < CALLS / 2


def fails(words: str) -> None:
    """A fault of whatever is called."""
    raise ValueError(words)


def test_a_function_is_called_as_it_would_be_without() -> None:
    given: Callable[..., dict[str, int]] = with_room(dict)
    assert given(a=1, b=2) == {"a": 1, "b": 2}
    assert with_room(leaf).__doc__ == leaf.__doc__
    with pytest.raises(ValueError, match="wide"):
        with_room(fails)("wide")
