"""How a command that goes on by itself ends: as a service that was asked to stop."""

import signal
from types import FrameType


def end_on_sigterm() -> None:
    """From here on SIGTERM, as service managers send it, leaves the program by the way of an ordinary end, with status 0."""
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
