"""SQLite files that may be lost at any time: telling one that is damaged from one that cannot be reached, and throwing it away."""

from pathlib import Path

import apsw

from edgecode.errors import UnavailableError

DAMAGE = (apsw.NotADBError, apsw.CorruptError)
"""What SQLite says of a file that is no database, or whose pages contradict each other."""


def is_damaged(path: str | Path, error: Exception) -> bool:
    """Whether there is a file whose content is the problem, rather than a missing folder, a full disk or a right."""
    cause = error.__cause__ if isinstance(error, UnavailableError) else error
    return str(path) != ":memory:" and Path(path).is_file() and isinstance(cause, DAMAGE)


def throw_away(path: str | Path) -> None:
    """Remove the file with its log."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
