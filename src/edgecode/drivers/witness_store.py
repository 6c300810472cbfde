"""What a witness has signed, in a SQLite file: one note a log, checked and replaced in one transaction and on disk before it is told."""

import threading
from collections.abc import Callable
from pathlib import Path

import apsw

from edgecode.drivers.sqlite import connect, queries
from edgecode.errors import UnavailableError
from edgecode.ledger.witness import Answer, monitoring_name

_SQL = queries("witness")


class WitnessStore:
    """The state of one witness. Threads may share it, and processes the file."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the state; only *create* makes a new file, since a witness without its memory would sign a second history.

        Raises UnavailableError ``witness.state_absent`` and what `connect` raises.
        """
        if not create and not path.exists():
            raise UnavailableError(
                "witness.state_absent",
                f"{path.name}, what this witness has signed, is not there",
                "Bring it back; without it retire this witness and its key, and begin another",
            )
        self._connection = connect(path, durable=True)
        self._connection.execute(_SQL["schema"])
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def latest(self, origin: str) -> bytes | None:
        """The note that was cosigned last of a log; None for none yet."""
        with self._lock:
            note: bytes | None = self._connection.execute(_SQL["latest"], (origin,)).get
        return note

    def latest_named(self, name: str) -> bytes | None:
        """The same by the name of `monitoring_name`."""
        with self._lock:
            origins = [origin for (origin,) in self._connection.execute(_SQL["origins"])]
        origin = next((origin for origin in origins if monitoring_name(origin) == name), None)
        return None if origin is None else self.latest(origin)

    def answer(self, origin: str, decide: Callable[[bytes | None], Answer]) -> Answer:
        """Ask *decide* about the log's latest note and keep what it answers, with nobody between; on disk when this returns.

        Raises UnavailableError ``witness.unwritten``: then nothing may be told, though it may have been kept.
        """
        with self._lock:
            try:
                self._connection.execute("begin immediate")
                answer = decide(self._connection.execute(_SQL["latest"], (origin,)).get)
                if answer.latest is not None:
                    self._connection.execute(_SQL["keep"], (origin, answer.latest))
                self._connection.execute("commit")
            except apsw.Error as error:
                raise UnavailableError(
                    "witness.unwritten",
                    f"what the witness signs cannot be kept: {type(error).__name__}",
                    "Check the disk, then ask again",
                ) from error
            finally:
                self._end()
        return answer

    def _end(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")
