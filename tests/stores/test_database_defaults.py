"""Whatever a database sets by default, our sessions work in their own ways, and an error says nothing that the server said."""

import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from edgecode.drivers.postgres_index import PostgresIndex
from edgecode.drivers.postgres_keys import PostgresKeys
from edgecode.drivers.postgres_ledger import PostgresLedger
from edgecode.errors import UnavailableError
from edgecode.production import Production
from edgecode.testing.claims import refused
from postgres_server import PostgresServer
from sample_log import Chance, version_seen

DEFAULTS = {
    "default_transaction_isolation": "serializable",
    "default_transaction_read_only": "on",
    "default_transaction_deferrable": "on",
    "statement_timeout": "3s",
    "lock_timeout": "20ms",
    "transaction_timeout": "3s",
    "idle_in_transaction_session_timeout": "3s",
    "idle_session_timeout": "3s",
    "standard_conforming_strings": "off",
    "search_path": "somebody_else, public",
}
OURS = ["read committed", "off", "off", "0", "0", "0", "on"]
ASKED = [
    "transaction_isolation",
    "transaction_read_only",
    "transaction_deferrable",
    "statement_timeout",
    "transaction_timeout",
    "idle_session_timeout",
    "standard_conforming_strings",
]


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """A database with every default set otherwise, and somebody else's tables of our names in front."""
    found = postgres.database()
    with psycopg.connect(found, autocommit=True) as connection:
        connection.execute("create schema somebody_else")
        for table in ("log", "moved", "subject_key", "index_release", "version", "entry"):
            connection.execute(f"create table somebody_else.{table}(pk int)".encode())
    name = found.partition("?")[0].rpartition("/")[2]
    for setting, value in DEFAULTS.items():
        quoted = value if setting == "search_path" else f"'{value}'"
        with suppress(psycopg.errors.UndefinedObject):  # transaction_timeout came with PostgreSQL 17
            postgres.command(f"alter database {name} set {setting} = {quoted}")
    return found


def shown(connection: "psycopg.Connection[Any]") -> list[str]:
    """How a transaction of a session stands."""
    with connection.transaction():
        return [
            "0" if row is None or row[0] is None else row[0]
            for row in (
                connection.execute(f"select current_setting('{name}', true)".encode()).fetchone() for name in ASKED
            )
        ]


def test_defaults_of_a_database_reach_none_of_our_sessions(url: str) -> None:
    ledger, keys, index = PostgresLedger(url), PostgresKeys(url, create=True), PostgresIndex(url)
    connections = [ledger._session.open(), keys._session.open(), index._connection]

    assert [shown(connection) for connection in connections] == [OURS] * 3
    for store in (ledger, keys, index):
        store.close()


def test_several_record_and_project_at_once_whatever_the_defaults_are(url: str, tmp_path: Path) -> None:
    stores, caught = {"ledger": url, "keys": url, "index": url}, list[BaseException]()
    Production.create(tmp_path / "show", title="A Show", stores=stores).close()

    def record(number: int) -> None:
        try:
            with Production.open(tmp_path / "show") as production:
                for _ in range(4):
                    production.append([version_seen(Chance(number))])
                    assert not production.is_behind
        except BaseException as error:
            caught.append(error)

    threads = [threading.Thread(target=record, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Production.open(tmp_path / "show") as production:
        size, made = production.log.size, production.index_dump()
        production.rebuild_index()

        assert (caught, size, made) == ([], 13, production.index_dump())


def test_an_error_of_the_index_repeats_nothing_of_the_server_not_even_as_its_cause(url: str) -> None:
    index, ref, alias = PostgresIndex(url), f"p-{7:032x}", "-".join(("P", "01"))
    with pytest.raises(UnavailableError, match=r"index\.storage_failed") as caught, index.transaction():
        for _ in range(2):
            index.rows("add_person", ref, alias, 0)
    said = "".join(traceback.format_exception(caught.value))
    index.close()

    assert "UniqueViolation" in said
    assert [word for word in (ref, alias, "already exists") if word in said] == []


def test_an_index_goes_on_after_its_connection_was_cut(url: str) -> None:
    index = PostgresIndex(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
        )
    first = refused(lambda: index.rows("watermark"))

    assert (first, index.rows("watermark")) == ("index.storage_failed", [(0, b"")])
    index.close()


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_an_index_that_a_crash_could_damage_in_silence_is_refused(postgres: PostgresServer, name: str) -> None:
    database = postgres.database()
    with postgres.setting(name, "off"):
        assert refused(lambda: PostgresIndex(database)) == "postgres.unsafe"


def test_an_index_in_another_encoding_is_refused(postgres: PostgresServer) -> None:
    postgres.command("create database latin_index encoding 'LATIN1' template template0")

    assert refused(lambda: PostgresIndex(postgres.url("latin_index"))) == "postgres.encoding"
