"""The index in SQLite: named queries of ``sql/index.sql``, and a file of another release's shape started over."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from edgecode.drivers.sqlite import connect, queries
from edgecode.index.store import Row, Value

SCHEMA_NUMBER = 1
"""The shape of the tables. A file with another number is emptied when it is opened: the index is rebuilt, never migrated."""


class SqliteIndex:
    """Implements `index.store.IndexStore` on one SQLite file, or in memory for ``:memory:``."""

    def __init__(self, path: str | Path) -> None:
        self._queries = queries("index")
        # Not durable: a lost tail is projected again, because the watermark is written with the rows that it describes.
        self._connection = connect(path, durable=False)
        # The index is a cache that is read in bulk; mapping it saves a copy of every page (lineage benchmark, 20 % of a cut's answer).
        self._connection.pragma("mmap_size", 4 << 30)
        # Digests arrive in no order and touch many pages: fewer, larger checkpoints make projecting a show a third faster.
        self._connection.pragma("wal_autocheckpoint", 20_000)
        self._connection.pragma("cache_size", -256_000)
        if self._connection.pragma("user_version") != SCHEMA_NUMBER:
            self.reset()

    def rows(self, query: str, *values: Value) -> list[Row]:
        """See IndexStore."""
        return cast("list[Row]", self._connection.execute(self._queries[query], values).fetchall())

    def run(self, query: str, *values: Value) -> None:
        """See IndexStore."""
        self._connection.execute(self._queries[query], values)

    def run_many(self, query: str, rows: Iterable[Row]) -> None:
        """See IndexStore."""
        self._connection.executemany(self._queries[query], rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See IndexStore."""
        with self._connection:
            yield

    def reset(self) -> None:
        """See IndexStore."""
        with self._connection:
            found = self._connection.execute(self._queries["tables"]).fetchall()
            for (name,) in found:
                self._connection.execute(f'drop table if exists "{name}"')
            self._connection.execute(self._queries["schema"])
            self._connection.pragma("user_version", SCHEMA_NUMBER)

    def settle(self) -> None:
        """Let SQLite look at the data once, so that plans stay right; cheap to call after a large projection."""
        self._connection.execute(self._queries["settle"])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
