"""Keys in a SQLite file of their own, readable by its owner alone. What it promises is written in `people.store`."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import apsw

from edgecode.drivers.patience import TURN_MILLISECONDS
from edgecode.drivers.private_files import create_private, require_private
from edgecode.drivers.sqlite import connect, queries
from edgecode.drivers.sqlite_erasing import empty_the_log, lay_out_afresh
from edgecode.errors import UnavailableError
from edgecode.people.store import KEY_BYTES, id_hash

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
        self._gone = False
        self._connection = connect(path, durable=True, read_only=read_only)
        if not read_only:
            self._connection.execute(_SQL["schema"])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def key(self, key_id: str) -> bytes | None:
        key: bytes | None = self._connection.execute(_SQL["key"], (key_id,)).get
        return key

    def create(self, key_id: str, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._run("create", key_id, key, id_hash(key_id))

    def is_destroyed(self, key_id: str) -> bool:
        return bool(self._connection.execute(_SQL["is_destroyed"], (id_hash(key_id),)).get)

    def destroy_forever(self, key_id: str) -> None:
        with nullcontext() if self._connection.in_transaction else self.together():
            self._run("remember", id_hash(key_id))
            self._run("destroy", key_id)
            self._gone = True

    def key_ids(self) -> list[str]:
        return [key_id for (key_id,) in self._connection.execute(_SQL["key_ids"])]

    def destroyed_hashes(self) -> list[bytes]:
        return [key_hash for (key_hash,) in self._connection.execute(_SQL["destroyed"])]

    def forget_forever(self, key_hash: bytes) -> None:
        for key_id in self.key_ids():
            if id_hash(key_id) == key_hash:
                self.destroy_forever(key_id)
        self._run("remember", key_hash)

    def remains(self) -> list[str]:
        return []

    @contextmanager
    def together(self) -> Iterator[None]:
        self._gone = False
        self._statement("begin immediate")
        try:
            yield
            if self._gone:
                lay_out_afresh(self._connection, _SQL, "keys")
            self._statement("commit")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            if isinstance(error, apsw.Error):
                raise _failed(error) from error
            raise
        if self._gone:
            empty_the_log(self._connection, busy_milliseconds=TURN_MILLISECONDS, what="the keys are")

    def _run(self, query: str, *values: str | bytes) -> None:
        try:
            self._connection.execute(_SQL[query], values)
        except apsw.Error as error:
            raise _failed(error) from error

    def _statement(self, statement: str) -> None:
        try:
            self._connection.execute(statement)
        except apsw.Error as error:
            raise _failed(error) from error


def _failed(error: apsw.Error) -> UnavailableError:
    return UnavailableError(
        "keys.unwritten", f"the keys cannot be written: {type(error).__name__}", "Check the disk, then try again"
    )
