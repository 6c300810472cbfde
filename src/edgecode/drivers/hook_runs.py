"""Runs one hook of the compliance team: a command or a Python function in a process of its own, the fact on stdin, a time limit."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Literal

from msgspec import Struct

MOST_ANSWERED = 1_000_000
"""Bytes of a hook's stdout that are read; one that says more is ended there and unreadable."""

_PIECE = 65_536
_GRACE_SECONDS = 5


class HookRun(Struct, frozen=True):
    """How it ended. *status*: its exit status, 128 + n when signal n ended it. *milliseconds*: how long it took. *said*: its stdout."""

    outcome: Literal["done", "failed", "timeout", "unreadable", "missing"]
    status: int = 0
    milliseconds: int = 0
    said: bytes = b""


def run_hook(
    command: Sequence[str],
    *,
    entry: str,
    stdin: bytes,
    folder: Path,
    timeout_seconds: int,
    clock: Callable[[], float] = time.monotonic,
) -> HookRun:
    """Run *command*, or the function *entry* (``module:function``, found in *folder* first), in *folder*.

    Its stderr goes to ours. It is done when it ended and closed its stdout, and nothing of it is waited for when the time is over: its
    process group is ended then, and what it started in a session of its own is left behind unheard.
    """
    whole = [sys.executable, "-m", "edgecode.drivers.hook_entry", entry] if entry else list(command)
    started = clock()
    try:
        process = subprocess.Popen(  # noqa: S603 - running the house's own hook is the purpose; see `allowed_hooks`
            whole, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, start_new_session=True
        )
    except OSError:
        return HookRun("missing", 127, _since(started, clock))
    outcome, said = _heard(process, stdin, timeout_seconds)
    if outcome != "done":
        _end(process)
        return HookRun(outcome, 124 if outcome == "timeout" else 0, _since(started, clock))
    status = process.returncode if process.returncode >= 0 else 128 - process.returncode
    if status:
        return HookRun("failed", status, _since(started, clock))
    return HookRun("done", 0, _since(started, clock), said)


def _heard(
    process: "subprocess.Popen[bytes]", stdin: bytes, seconds: float
) -> tuple[Literal["done", "timeout", "unreadable"], bytes]:
    """What it said before the time was over, and never more than `MOST_ANSWERED` of it."""
    until = time.monotonic() + seconds
    # Whatever keeps a pipe open keeps its thread and no more: nobody waits for these threads, not even at exit.
    Thread(target=_tell, args=(process, stdin), daemon=True).start()
    said = bytearray()
    listening = Thread(target=_listen, args=(process, said), daemon=True)
    listening.start()
    listening.join(seconds)
    if listening.is_alive():
        return "timeout", b""
    if len(said) > MOST_ANSWERED:
        return "unreadable", b""
    try:
        process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return "timeout", b""
    return "done", bytes(said)


def _tell(process: "subprocess.Popen[bytes]", stdin: bytes) -> None:
    assert process.stdin is not None
    # A program that does not read what it is told may still answer.
    with suppress(OSError):
        process.stdin.write(stdin)
    with suppress(OSError):
        process.stdin.close()


def _listen(process: "subprocess.Popen[bytes]", said: bytearray) -> None:
    assert process.stdout is not None
    with process.stdout as pipe:
        while len(said) <= MOST_ANSWERED and (piece := os.read(pipe.fileno(), _PIECE)):
            said += piece


def _since(started: float, clock: Callable[[], float]) -> int:
    return int((clock() - started) * 1000)


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):
        process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
