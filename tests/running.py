"""Running commands as a person would, for tests of the command line."""

import os
import subprocess
import sys
from inspect import signature
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

REASONS = {"no-match", "ambiguous", "offline-media", "range-outside", "no-step", "dangling-parent", "vendor-open"}


class Done(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


def run_command(*arguments: str, cwd: Path, stdin: bytes = b"") -> Done:
    """`edgecode` with these arguments in the folder *cwd*."""
    done = subprocess.run(
        [sys.executable, "-m", "edgecode", *arguments],
        cwd=cwd,
        # As Python knows it: readline sets COLUMNS behind its back, and then lists would be folded.
        env=dict(os.environ),
        input=stdin,
        capture_output=True,
        check=False,
        timeout=300,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def command_runner() -> CliRunner:
    """Runs commands in this process and keeps what they print apart from what they say, with every click that we work with."""
    # click 8.2 always keeps them apart and knows the option no more.
    apart = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
    return CliRunner(**apart)
