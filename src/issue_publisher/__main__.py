"""`python -m issue_publisher`, and the command `issue-publisher`: a signal is answered at any moment.

From the first one on, and also where Python lets no exception out: in what it calls around a fork, or when
it clears something away.
"""

import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SOON_S = 0.01


def main() -> NoReturn:
    """Load the commands and run one. A signal while they are loaded just ends it: nothing is at stake."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # by nohup, or a shell's background
            signal.signal(number, _leave)
    sys.unraisablehook = _not_lost
    from issue_publisher.cli import main as run_command

    run_command()


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _not_lost(ignored: "sys.UnraisableHookArgs") -> None:
    """An exception that could go nowhere; that of a signal has the signal come again, a moment later."""
    error = ignored.exc_value
    if isinstance(error, KeyboardInterrupt):
        number: object = signal.SIGINT
    else:
        number = error.code - 128 if isinstance(error, SystemExit) and isinstance(error.code, int) else None
    if number in _SIGNALS:
        again = threading.Timer(_SOON_S, signal.raise_signal, (number,))
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(ignored)


if __name__ == "__main__":
    main()
