"""What a witness has signed, in a SQLite file: one note a log, checked and replaced in one transaction and on disk before it is told.

The file alone is whole whenever nobody is signing: no write-ahead log lies beside it that a copy could miss. It says whose memory it is,
and nothing but `create` makes one, since a witness without its memory would sign a second history.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from edgecode.drivers.damaged import is_damaged
from edgecode.drivers.sqlite import connect, queries
from edgecode.errors import UnavailableError
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.witness import Answer, monitoring_name

_SQL = queries("witness")
_REMEDY = "Bring back the newest copy; without it retire this witness and its key, and begin another"


class WitnessStore:
    """The state of one witness. Threads may share it, and processes the file."""

    def __init__(self, path: Path, *, key: VerifierKey) -> None:
        """Open the state of the witness that others know by *key*.

        Raises UnavailableError ``witness.state_absent``, ``witness.state_lost`` for a file that is empty, damaged or another witness's,
        and what `connect` raises.
        """
        if not path.exists():
            what = f"{path.name}, what this witness has signed, is not there"
            raise UnavailableError("witness.state_absent", what, _REMEDY)
        if path.stat().st_size == 0:
            raise _lost(path, "is empty")
        try:
            self._connection = connect(path, durable=True, in_one_file=True)
        except UnavailableError as error:
            if is_damaged(path, error):
                raise _lost(path, "is no database") from error
            raise
        try:
            whose = self._connection.execute(_SQL["whose"]).get
        except apsw.Error as error:
            self._connection.close()
            raise _lost(path, f"is not what a witness wrote ({type(error).__name__})") from error
        if whose != str(key):
            self._connection.close()
            raise _lost(path, "is the memory of another witness" if whose else "does not say whose memory it is")
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path, *, key: VerifierKey) -> "WitnessStore":
        """Begin the memory of a witness that has signed nothing yet, in a new or empty file. Raises what `connect` raises."""
        connection = connect(path, durable=True, in_one_file=True)
        try:
            with connection:
                connection.execute(_SQL["schema"])
                connection.execute(_SQL["begin"], (str(key),))
        finally:
            connection.close()
        return cls(path, key=key)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def latest(self, origin: str) -> bytes | None:
        """The note that was cosigned last of a log; None for none yet. Raises UnavailableError ``witness.unwritten``."""
        with self._lock, _said():
            note: bytes | None = self._connection.execute(_SQL["latest"], (origin,)).get
        return note

    def latest_named(self, name: str) -> bytes | None:
        """The same by the name of `monitoring_name`."""
        with self._lock, _said():
            origins = [origin for (origin,) in self._connection.execute(_SQL["origins"])]
        origin = next((origin for origin in origins if monitoring_name(origin) == name), None)
        return None if origin is None else self.latest(origin)

    def answer(self, origin: str, decide: Callable[[bytes | None], Answer]) -> Answer:
        """Ask *decide* about the log's latest note and keep what it answers, with nobody between; on disk when this returns.

        Raises UnavailableError ``witness.unwritten``: then nothing may be told, though it may have been kept.
        """
        with self._lock:
            try:
                with _said():
                    self._connection.execute("begin immediate")
                    answer = decide(self._connection.execute(_SQL["latest"], (origin,)).get)
                    if answer.latest is not None:
                        self._connection.execute(_SQL["keep"], (origin, answer.latest))
                    self._connection.execute("commit")
            finally:
                self._end()
        return answer

    def _end(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise UnavailableError(
            "witness.unwritten",
            f"what the witness signs cannot be kept: {type(error).__name__}",
            "Check the disk, then ask again",
        ) from error


def _lost(path: Path, what: str) -> UnavailableError:
    return UnavailableError("witness.state_lost", f"{path.name}, what this witness has signed, {what}", _REMEDY)
