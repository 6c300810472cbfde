"""One process at a time in a short piece of work, on every system: whoever comes second waits."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw

from edgecode.errors import UnavailableError

_WAIT_MILLISECONDS = 30_000


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Within it no other process is within it by the same file *lock*, which stays empty. Raises UnavailableError ``production.busy``."""
    try:
        # An empty database: its lock goes with the process that holds it.
        with closing(apsw.Connection(str(lock))) as connection:
            connection.set_busy_timeout(_WAIT_MILLISECONDS)
            connection.execute("begin exclusive")
            yield
    except apsw.Error as error:
        raise UnavailableError(
            "production.busy",
            f"another process has been changing the settings of this production for {_WAIT_MILLISECONDS // 1000} seconds",
            "Try again",
        ) from error
