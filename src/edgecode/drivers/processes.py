"""Runs a command for `edgecode run`: its own input and output, its own exit status, nothing of its environment kept."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from edgecode.terms.identity import RecordId

RUN_VARIABLE = "EDGECODE_RUN"
"""Set for the command and its children: the id of the step that is being recorded."""

NOT_FOUND = 127
NOT_EXECUTABLE = 126
_KILLED_BY_SIGNAL = 128


class CommandRun(Struct, frozen=True):
    """How a command ended. *exit_status* is what a shell would give: 127 not found, 126 not executable, 128 + n killed by
    signal n. Times in milliseconds since 1970. *did_start*: whether there was a process at all."""

    exit_status: int
    started: int
    ended: int
    did_start: bool = True


def run_command(
    command: Sequence[str],
    *,
    run: RecordId,
    environment: Mapping[str, str] | None = None,
    now_milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
) -> CommandRun:
    """Run *command* to its end with this process's own streams. An interrupt at the keyboard reaches the command, which decides."""
    started = now_milliseconds()
    variables = {**(os.environ if environment is None else environment), RUN_VARIABLE: run}
    try:
        process = subprocess.Popen(list(command), env=variables)  # noqa: S603 - running the user's own command is the purpose
    except FileNotFoundError:
        return CommandRun(NOT_FOUND, started, now_milliseconds(), did_start=False)
    except OSError:
        return CommandRun(NOT_EXECUTABLE, started, now_milliseconds(), did_start=False)
    status = _waited(process)
    return CommandRun(status if status >= 0 else _KILLED_BY_SIGNAL - status, started, now_milliseconds())


def _waited(process: "subprocess.Popen[bytes]") -> int:
    """Wait to the end; the terminal sends an interrupt to the command as well, so here it only must not end the waiting."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # signals can be set in the main thread only
        return process.wait()
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
