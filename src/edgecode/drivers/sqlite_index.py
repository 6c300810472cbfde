"""The index in SQLite: named queries of ``sql/index.sql``, and a file of another release's shape started over."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from zlib import crc32

import apsw

from edgecode import __version__
from edgecode.drivers.damaged import DAMAGE, is_damaged, throw_away
from edgecode.drivers.patience import TURN_MILLISECONDS
from edgecode.drivers.sqlite import connect, queries
from edgecode.drivers.sqlite_erasing import empty_the_log
from edgecode.errors import UnavailableError
from edgecode.index.store import Row, Value

SCHEMA_NUMBER = (
    crc32("\n".join((__version__, queries("index")["schema"], queries("index")["schema_of_extents"])).encode()) >> 1
)
"""The release and the shape of the tables. A file with another number is emptied when it is opened: the index is rebuilt, never
migrated, and what an older release made of the same entries is not kept."""


class SqliteIndex:
    """Implements `index.store.IndexStore` on one SQLite file, in memory for ``:memory:``, or for "" in memory as far as there is room and
    then in a file without a name, which goes when it is closed."""

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        """Open or make the file. One that is no database, is damaged or is of another release is replaced by an empty one, which
        the ledger fills again. *read_only*: nothing is made, replaced or written."""
        self._queries = queries("index")
        self._path, self._read_only = path, read_only
        try:
            self._open()
        except (*DAMAGE, UnavailableError) as error:
            if read_only or not is_damaged(path, error):
                raise
            throw_away(path)
            self._open()

    def _open(self) -> None:
        # Not durable: a lost tail is projected again, because the watermark is written with the rows that it describes.
        self._connection = connect(self._path, durable=False, read_only=self._read_only)
        try:
            self.is_of_this_release = self._connection.pragma("user_version") == SCHEMA_NUMBER
            if self._read_only:
                return
            # The index is a cache that is read in bulk; mapping it saves a copy of every page (lineage benchmark, 20 % of a cut's answer).
            self._connection.pragma("mmap_size", 4 << 30)
            # Digests arrive in no order and touch many pages: fewer, larger checkpoints make projecting a show a third faster.
            self._connection.pragma("wal_autocheckpoint", 20_000)
            self._connection.pragma("cache_size", -256_000)
            if not self.is_of_this_release:
                with self.transaction():
                    # Another process may have laid the tables while this one waited for its turn.
                    if self._connection.pragma("user_version") != SCHEMA_NUMBER:
                        self.reset()
        except BaseException:
            self._connection.close()
            raise

    def rows(self, query: str, *values: Value) -> list[Row]:
        """See IndexStore."""
        try:
            return cast("list[Row]", self._connection.execute(self._queries[query], values).fetchall())
        except _OF_THE_DISK as error:
            raise self._failed(error) from error

    def each(self, query: str, *values: Value) -> Iterator[Row]:
        """See IndexStore."""
        try:
            yield from cast("Iterator[Row]", self._connection.execute(self._queries[query], values))
        except _OF_THE_DISK as error:
            raise self._failed(error) from error

    def run(self, query: str, *values: Value) -> None:
        """See IndexStore."""
        try:
            self._connection.execute(self._queries[query], values)
        except _OF_THE_DISK as error:
            raise self._failed(error) from error

    def run_many(self, query: str, rows: Iterable[Row]) -> None:
        """See IndexStore."""
        try:
            self._connection.executemany(self._queries[query], rows)
        except _OF_THE_DISK as error:
            raise self._failed(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See IndexStore."""
        # Nobody else writes from here on, so that what is read inside is still so when it is written: SQLite refuses at once, without
        # waiting, to let a transaction write that has read before another one wrote.
        outermost = not self._read_only and not self._connection.in_transaction
        try:
            if outermost:
                self._connection.execute("begin immediate")
                yield
                self._connection.execute("commit")
            else:
                with self._connection:
                    yield
        except _OF_THE_DISK as error:
            raise self._failed(error) from error
        finally:
            # After a failed write SQLite takes the transaction back itself, sometimes.
            if outermost and self._connection.in_transaction:
                self._connection.execute("rollback")

    def everything_in(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Every row of a table of ``sql/index.sql``, in no particular order, for another store to take over."""
        named = ", ".join(f'"{column}"' for column in columns)
        try:
            # Names of our own tables and columns.
            yield from cast("Iterator[Row]", self._connection.execute(f'select {named} from "{table}"'))  # noqa: S608
        except _OF_THE_DISK as error:
            raise self._failed(error) from error

    def reset(self) -> None:
        """See IndexStore."""
        with self.transaction():
            found = self._connection.execute(self._queries["tables"]).fetchall()
            for (name,) in found:
                self._connection.execute(f'drop table if exists "{name}"')
            for schema in ("schema", "schema_of_extents"):
                self._connection.execute(self._queries[schema])
            self._connection.pragma("user_version", SCHEMA_NUMBER)

    def forget_forever(self) -> None:
        """See IndexStore. Other processes may keep the file open; one that is reading it holds the overwriting up.

        Raises UnavailableError ``ledger.residue``.
        """
        self.reset()
        # Pages that were freed before, and the gaps in used ones, still hold old rows: the file is written anew and cut to what is left.
        try:
            self._connection.execute("vacuum")
        except _OF_THE_DISK as error:
            raise self._failed(error) from error
        empty_the_log(self._connection, busy_milliseconds=TURN_MILLISECONDS, what="the index is")

    def remains(self) -> list[str]:
        """See IndexStore: nowhere."""
        return []

    def settle(self) -> None:
        """Let SQLite look at the data once, so that plans stay right; cheap to call after a large projection."""
        with self.transaction():
            self._connection.execute(self._queries["settle"])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _failed(self, error: apsw.Error) -> UnavailableError:
        """The sentence for a disk that failed. A file that turns out to be damaged is removed, so that the next command makes it again."""
        if not self._read_only and is_damaged(self._path, error):
            throw_away(self._path)
            return UnavailableError(
                "index.damaged",
                "the index is damaged and was thrown away; nothing of the record is lost",
                "Run the command again: the index is made again from the record",
            )
        if isinstance(error, apsw.BusyError):
            return UnavailableError(
                "index.busy",
                f"another edgecode command has been writing to the index for {TURN_MILLISECONDS // 1000} seconds",
                "Wait until it is done, then run this again",
            )
        return UnavailableError(
            "index.storage_failed",
            f"the index cannot be used: {type(error).__name__}",
            "Make room on the disk and try again; .edgecode/index.db may be deleted, it is made again from the record",
        )


_OF_THE_DISK = (
    apsw.FullError,
    apsw.IOError,
    apsw.ReadOnlyError,
    apsw.CantOpenError,
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.BusyError,
    apsw.PermissionsError,
)
