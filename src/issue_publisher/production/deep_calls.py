"""Room for calls deep inside one another, such as WeasyPrint's for boxes in boxes.

Python 3.11 keeps its frames in pieces of 16 KiB. A call that does not fit into a piece asks the system for
the next one, and gives it back when it returns: in a loop at that depth, each time. Pages have such loops; a
build spent a twentieth of its time on nothing else. Later versions keep one piece at hand
(https://github.com/python/cpython/issues/142183); with them this is needed no more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")

# A frame that says it wants half a MiB gets a piece of one MiB, and what is called from it the other half.
# Memory that nobody writes to is not taken from the system.
_WORDS = 1 << 16


def with_room(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """The function, called where half a MiB of frames fits into one piece."""

    def roomy(*given: Given.args, **named: Given.kwargs) -> Found:
        return function(*given, **named)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=_WORDS)
    return wraps(function)(roomy)
