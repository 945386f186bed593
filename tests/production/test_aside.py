"""A stage beside the main one: it ends with the `with`, whatever it is at."""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn

from issue_publisher.production.aside import Aside

MORE_THAN_A_PIPE_HOLDS = 1 << 20


def late(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TimeoutError("a process of the build was not ended")


def test_it_is_ended_at_any_moment_also_when_nobody_asked_for_what_it_gives() -> None:
    def stop(number: int, _frame: FrameType | None) -> NoReturn:  # as the command line has it
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop), signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    try:
        for _ in range(40):
            with Aside(lambda _: bytes(MORE_THAN_A_PIPE_HOLDS)):
                pass
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGALRM, before[1])
