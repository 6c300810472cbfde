"""What an audit has to remember of a damaged record and that may be more than memory holds: in a file that goes when it is closed."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import apsw

from edgecode.drivers.sqlite import queries
from edgecode.errors import UnavailableError

_SQL = queries("spilled")
_CACHE_KIBIBYTES = 16_384


class Spilled:
    """A folder of its own with what is compared, used as a context manager. One thread at a time."""

    def __init__(self, beside: Path | None) -> None:
        """*beside*: the folder to make it in, None for the system's folder of temporary files."""
        self._folder = TemporaryDirectory(prefix=".audit-", dir=beside)
        self._connection = apsw.Connection(str(self.path("compared")))
        # Nothing of it outlives the audit, so nothing is ever flushed or journalled.
        for pragma, value in (("journal_mode", "off"), ("synchronous", "off"), ("cache_size", -_CACHE_KIBIBYTES)):
            self._connection.pragma(pragma, value)
        self._connection.execute(_SQL["schema"])
        self._uses = 0

    def path(self, name: str) -> Path:
        """Where a further file may be made that goes with the rest."""
        return Path(self._folder.name) / name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()
        self._folder.cleanup()

    def lost_ids(self) -> "LostIds":
        """A new place for event ids."""
        self._uses += 1
        return LostIds(self._connection, self._uses)

    def unlike(self, ours: Iterable[bytes], theirs: Iterable[bytes]) -> tuple[int, int]:
        """How many lines are in *ours* alone and in *theirs* alone; each of them has no line twice. Raises UnavailableError
        ``audit.no_room``."""
        run = self._connection.execute
        try:
            run(_SQL["forget_lines"])
            self._connection.executemany(_SQL["add_line"], ((line,) for line in ours))
            only_theirs = 0
            for line in theirs:
                run(_SQL["remove_line"], (line,))
                only_theirs += not self._connection.changes()
            return int(run(_SQL["count_lines"]).get), only_theirs
        except apsw.Error as error:
            raise no_room(error) from error


class LostIds:
    """Finds repeated event ids, see `ledger.verify.Repeated`. Raises UnavailableError ``audit.no_room``."""

    def __init__(self, connection: apsw.Connection, use: int) -> None:
        self._connection = connection
        self._use = use

    def __call__(self, indexes: Sequence[int], ids: Sequence[bytes]) -> list[tuple[int, int]]:
        repeated: list[tuple[int, int]] = []
        try:
            for index, id_ in zip(indexes, ids, strict=True):
                self._connection.execute(_SQL["add_id"], (self._use, id_, index))
                if not self._connection.changes():
                    first = int(self._connection.execute(_SQL["index_of"], (self._use, id_)).get)
                    repeated.append((index, first))
        except apsw.Error as error:
            raise no_room(error) from error
        return repeated


def no_room(error: Exception) -> UnavailableError:
    """What an audit says when it cannot write what it has to remember."""
    return UnavailableError(
        "audit.no_room",
        f"the audit cannot keep what it compares: {type(error).__name__}",
        "Make room on the disk of the production, then audit again",
    )
