"""Runs one hook of the compliance team: a command or a Python function in a process of its own, the fact on stdin, a time limit."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

MOST_ANSWERED = 1_000_000
"""Bytes of a hook's stdout that are read; one that says more is unreadable."""


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

    Its stderr goes to ours. When the time is over the whole process group is ended: what a hook started does not outlive it.
    """
    whole = [sys.executable, "-m", "edgecode.drivers.hook_entry", entry] if entry else list(command)
    started = clock()
    try:
        process = subprocess.Popen(  # noqa: S603 - running the house's own hook is the purpose; see `allowed_hooks`
            whole, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, start_new_session=True
        )
    except OSError:
        return HookRun("missing", 127, _since(started, clock))
    try:
        said, _ = process.communicate(stdin, timeout=timeout_seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return HookRun("timeout", 124, _since(started, clock))
    status = process.returncode if process.returncode >= 0 else 128 - process.returncode
    if status:
        return HookRun("failed", status, _since(started, clock))
    if len(said) > MOST_ANSWERED:
        return HookRun("unreadable", 0, _since(started, clock))
    return HookRun("done", 0, _since(started, clock), said)


def _since(started: float, clock: Callable[[], float]) -> int:
    return int((clock() - started) * 1000)


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):
        process.kill()
    process.communicate()
