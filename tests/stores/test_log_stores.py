"""The one suite of log stores, over SQLite in a file and in memory and over a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.ledger.store import LogStore
from edgecode.testing.log_store_suite import LogStoreSuite
from edgecode.testing.shared_store_suite import SharedLogStoreSuite
from postgres_server import PostgresServer


class OnSqlite:
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> Iterator[None]:
        self.path = tmp_path / "ledger.db"
        with ExitStack() as self.opened:
            yield

    def open_store(self) -> LogStore:
        return self.opened.enter_context(closing(SqliteLedger(self.path)))


class OnPostgres:
    @pytest.fixture(autouse=True)
    def place(self, postgres: PostgresServer) -> Iterator[None]:
        self.url = postgres.database()
        with ExitStack() as self.opened:
            yield

    def open_store(self) -> LogStore:
        from edgecode.drivers.postgres_ledger import PostgresLedger

        return self.opened.enter_context(closing(PostgresLedger(self.url)))


class TestLogInSqliteFile(OnSqlite, SharedLogStoreSuite):
    pass


class TestLogInMemory(LogStoreSuite):
    def open_store(self) -> LogStore:
        return SqliteLedger(":memory:")


class TestLogInPostgres(OnPostgres, SharedLogStoreSuite):
    pass
