"""Running commands as a person would, for tests of the command line."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

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
        input=stdin,
        capture_output=True,
        check=False,
        timeout=300,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
