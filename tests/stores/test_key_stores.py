"""The one suite of key stores, over SQLite and over a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.people.store import KeyStore
from edgecode.testing.key_store_suite import KeyStoreSuite
from postgres_server import PostgresServer


class TestKeysInSqlite(KeyStoreSuite):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> Iterator[None]:
        self.path = tmp_path / "keys.db"
        with ExitStack() as self.opened:
            yield

    def open_keys(self, *, create: bool) -> KeyStore:
        return self.opened.enter_context(closing(SqliteKeys(self.path, create=create)))


class TestKeysInPostgres(KeyStoreSuite):
    @pytest.fixture(autouse=True)
    def place(self, postgres: PostgresServer) -> Iterator[None]:
        self.url = postgres.database()
        with ExitStack() as self.opened:
            yield

    def open_keys(self, *, create: bool) -> KeyStore:
        from edgecode.drivers.postgres_keys import PostgresKeys

        return self.opened.enter_context(closing(PostgresKeys(self.url, create=create)))
