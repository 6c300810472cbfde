"""Keys in a SQLite file of their own, readable by its owner alone. What it promises is written in `people.store`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from edgecode.drivers.private_files import create_private, require_private
from edgecode.drivers.sqlite import connect, queries
from edgecode.errors import UnavailableError
from edgecode.people.store import KEY_BYTES

_SQL = queries("keys")


class SqliteKeys:
    """The KeyStore of one production: ``keys.db``."""

    def __init__(self, path: str | Path, *, create: bool = False, read_only: bool = False) -> None:
        """Open the keys; only *create* makes a new file, since new keys under old names would hide that the old ones are lost.

        Raises UnavailableError ``keys.absent``, RefusedError ``secret.readable`` and what `connect` raises.
        """
        if str(path) != ":memory:":
            if not Path(path).exists():
                if not create:
                    raise UnavailableError(
                        "keys.absent",
                        f"{Path(path).name} is not there, and without it sealed sections cannot be read",
                        "Bring back the copy that was kept apart; nothing is recorded or answered without it",
                    )
                create_private(Path(path))
            require_private(Path(path))
        self._connection = connect(path, durable=True, read_only=read_only)
        if not read_only:
            self._connection.execute(_SQL["schema"])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def key(self, key_id: str) -> bytes | None:
        return self._row(key_id)[0]

    def create(self, key_id: str, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._run("create", key_id, key)

    def is_destroyed(self, key_id: str) -> bool:
        return self._row(key_id)[1]

    def destroy_forever(self, key_id: str) -> None:
        self._run("destroy", key_id)
        # Deleted bytes are overwritten in the file by secure_delete; the write-ahead log must go as well.
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error as error:
            raise _failed(error) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        try:
            self._connection.execute("begin immediate")
        except apsw.Error as error:
            raise _failed(error) from error
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._run_plain("commit")

    def _row(self, key_id: str) -> tuple[bytes | None, bool]:
        row = self._connection.execute(_SQL["key"], (key_id,)).fetchone()
        return (None, False) if row is None else (row[0], bool(row[1]))

    def _run(self, query: str, *values: str | bytes) -> None:
        try:
            self._connection.execute(_SQL[query], values)
        except apsw.Error as error:
            raise _failed(error) from error

    def _run_plain(self, statement: str) -> None:
        try:
            self._connection.execute(statement)
        except apsw.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            raise _failed(error) from error


def _failed(error: apsw.Error) -> UnavailableError:
    return UnavailableError(
        "keys.unwritten", f"the keys cannot be written: {type(error).__name__}", "Check the disk, then try again"
    )
