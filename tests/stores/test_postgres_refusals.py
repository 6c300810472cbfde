"""A PostgreSQL that could lose what it acknowledged is refused in words, before and while it is used; and what it does at its worst."""

import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from edgecode.drivers import postgres as driver
from edgecode.drivers.postgres_keys import PostgresKeys
from edgecode.drivers.postgres_ledger import PostgresLedger
from edgecode.errors import RefusedError, UnavailableError
from edgecode.events.codec import leaf_id
from edgecode.ledger.growth import Growth
from edgecode.ledger.log import Log
from edgecode.ledger.store import Batch, Marks, TakenIdError
from edgecode.testing.claims import refused
from edgecode.testing.sample_events import ORIGIN, SeededSigner, leaves_of, sample_events
from postgres_server import PostgresServer


def new_log(url: str) -> tuple[PostgresLedger, Log]:
    store = PostgresLedger(url)
    return store, Log.create(store, SeededSigner(), origin=ORIGIN)


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(("name", "value"), [("fsync", "off"), ("full_page_writes", "off")])
def test_a_server_that_does_not_flush_is_refused_even_once_it_is_open(
    postgres: PostgresServer, name: str, value: str
) -> None:
    url = postgres.database()
    _, log = new_log(url)
    with postgres.setting(name, value):
        with pytest.raises(RefusedError, match=rf"{name} = off.*could be lost.*postgres\.unsafe"):
            PostgresLedger(url)
        with pytest.raises(RefusedError, match=rf"{name} = off.*postgres\.unsafe"):
            log.append(sample_events(1))

    assert log.append(sample_events(1)).size == 1


@pytest.mark.parametrize(
    ("commit", "standbys", "code"),
    [
        ("off", "", "postgres.unsafe"),
        ("local", "", ""),
        ("remote_write", "", ""),
        ("remote_apply", "", ""),
        ("local", "standby1", "postgres.unsafe"),
        ("remote_write", "standby1", "postgres.unsafe"),
    ],
)
def test_commits_that_wait_for_less_than_they_should_are_refused(
    postgres: PostgresServer, commit: str, standbys: str, code: str
) -> None:
    database = postgres.database()
    name = database.partition("?")[0].rpartition("/")[2]
    postgres.command(f"alter database {name} set synchronous_commit = '{commit}'")
    for open_store in (PostgresLedger, lambda url: PostgresKeys(url, create=True)):
        if standbys:
            with postgres.setting("synchronous_standby_names", standbys):
                assert refused(lambda: open_store(database)) == code  # noqa: B023
        else:
            assert refused(lambda: open_store(database).close()) == code  # noqa: B023


def test_a_setting_that_gets_worse_later_does_not_reach_an_open_store(postgres: PostgresServer) -> None:
    store, log = new_log(postgres.database())
    with postgres.setting("synchronous_commit", "off"):
        log.append(sample_events(1))
        asked = store._session.open().execute("show synchronous_commit").fetchone()

    assert asked == ("on",)


def test_a_table_that_a_crash_would_empty_is_refused(postgres: PostgresServer) -> None:
    url = postgres.database()
    new_log(url)[0].close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("alter table edgecode_ledger.payload set unlogged")

    with pytest.raises(RefusedError, match=r"unlogged.*postgres\.unsafe"):
        PostgresLedger(url)


def test_an_old_server_and_another_encoding_are_refused(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.command("create database latin encoding 'LATIN1' template template0")
    assert refused(lambda: PostgresLedger(postgres.url("latin"))) == "postgres.encoding"
    monkeypatch.setattr(driver, "OLDEST_SERVER", 990_000)
    assert refused(lambda: PostgresLedger(postgres.database())) == "postgres.too_old"


def test_a_standby_is_refused(durable_postgres: PostgresServer) -> None:
    url = durable_postgres.database()
    new_log(url)[0].close()
    durable_postgres.stop(immediately=False)
    durable_postgres.become_standby()
    durable_postgres.start()

    assert refused(lambda: PostgresLedger(url, read_only=True)) == "postgres.standby"


def test_no_message_holds_a_password(postgres: PostgresServer) -> None:
    words = []
    for url in (
        "postgresql://somebody:sesame@localhost:1/nowhere",
        "postgresql://somebody:sesame@@@/x?y",
        postgres.url("missing", password="sesame"),
        postgres.url("postgres", sesame="sesame"),
    ):
        with pytest.raises(UnavailableError, match=r"postgres\.unreachable") as caught:
            PostgresLedger(url)
        words.append(str(caught.value))

    assert [word for word in words if "sesame" in word or "somebody" in word] == []


# ------------------------------------------------------------------------------------------------ what stays


@pytest.mark.parametrize("statement", ["update {} set pk = 9", "delete from {}", "truncate {}"])
@pytest.mark.parametrize("table", ["entry", "tile"])
def test_entries_and_tiles_are_neither_changed_nor_removed(
    postgres: PostgresServer, table: str, statement: str
) -> None:
    url = postgres.database()
    store, log = new_log(url)
    log.append(sample_events(300))
    with psycopg.connect(url, autocommit=True) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute(
            statement.replace("pk", "level" if table == "tile" else "pk").format(f"edgecode_ledger.{table}")
        )

    assert (store.entry_end(), store.tile(0, 0) is not None) == (300, True)


def test_what_an_earlier_release_laid_out_gets_what_is_missing_and_keeps_what_is_there(
    postgres: PostgresServer,
) -> None:
    url = postgres.database()
    store, log = new_log(url)
    log.append(sample_events(300))
    store.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop table edgecode_ledger.moved")
    store = PostgresLedger(url)

    assert store.marks() == Marks(None, None)
    assert Log.open(store, SeededSigner()).append(sample_events(3, series="b")).size == 303


def test_two_productions_in_one_database_keep_apart_by_schema(postgres: PostgresServer) -> None:
    url = postgres.database()
    one, two = (new_log(f"{url}&edgecode_schema={name}") for name in ("show_a", "Show B"))
    one[1].append(sample_events(3))
    one[0].accept(sample_events(2))
    two[1].append(sample_events(5, series="b"))
    with one[0].sequencing() as first, two[0].sequencing() as second:
        assert (first, second) == (True, True)

    assert [(store.entry_end(), len(store.waiting(9))) for store, _ in (one, two)] == [(3, 2), (5, 0)]


# ------------------------------------------------------------------------------------------------ at its worst


def test_a_store_goes_on_after_its_connection_was_cut(postgres: PostgresServer) -> None:
    url = postgres.database()
    store, log = new_log(url)
    keys = PostgresKeys(url, create=True)
    log.append(sample_events(3))
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(cut)
        assert (store.entry_end(), keys.key("s:1")) == (3, None)
        with pytest.raises(UnavailableError, match=r"postgres\.unreachable|keys\.unwritten"), keys.together():
            keys.create("s:1", b"k" * 32)
            connection.execute(cut)
            keys.create("s:2", b"k" * 32)
    with store.sequencing(), psycopg.connect(url, autocommit=True) as connection:
        connection.execute(cut)
        with pytest.raises(UnavailableError, match=r"ledger\.storage_failed"):
            store.waiting(1)

    assert (log.append(sample_events(20)).size, len(store.leaves(0, 99)), keys.key_ids()) == (20, 20, [])


def test_what_a_standby_did_not_confirm_is_not_acknowledged(postgres: PostgresServer) -> None:
    url = postgres.database()
    store, log = new_log(url)
    events = sample_events(2)
    log.append(events[:1])
    caught: list[BaseException] = []

    def append() -> None:
        try:
            log.append(events[1:])
        except UnavailableError as error:
            caught.append(error)

    waits = "select pid from pg_stat_activity where wait_event = 'SyncRep' and datname = current_database()"
    with postgres.setting("synchronous_standby_names", "nobody"):
        appending = threading.Thread(target=append)
        appending.start()
        with psycopg.connect(url, autocommit=True) as connection:
            # The append itself, and then the new connection that would settle it: both waits are called off.
            for _ in range(2):
                for _ in range(200):
                    if waiting := connection.execute(waits).fetchall():
                        connection.execute("select pg_cancel_backend(%s)", waiting[0])
                        time.sleep(0.2)
                        break
                    time.sleep(0.05)
        appending.join(timeout=30)
        assert not appending.is_alive()
    size = log.size

    assert [type(error).__name__ for error in caught] == ["UnavailableError"]
    assert (size, log.append(events).indexes, store.leaves(0, 9)) == (1, [0, 1], leaves_of(events))


def test_a_crash_of_the_server_loses_no_acknowledged_event(durable_postgres: PostgresServer) -> None:
    url = durable_postgres.database()
    _, log = new_log(url)
    keys = PostgresKeys(url, create=True)
    keys.create("s:1", b"k" * 32)
    events, size = sample_events(400), 0
    for count in (1, 30, 1, 200):
        size = log.append(events[size : size + count]).size
    durable_postgres.stop(immediately=True)
    with pytest.raises(UnavailableError):
        log.append(events[size:])
    durable_postgres.start()
    with closing(PostgresLedger(url)) as store:
        again = Log.open(store, SeededSigner())
        assert (again.size, store.leaves(0, 999)) == (size, leaves_of(events[:size]))
    assert (log.append(events[size:]).size, keys.key("s:1")) == (400, b"k" * 32)


def test_erasing_says_where_bytes_may_still_lie_and_leaves_none_in_the_tables(durable_postgres: PostgresServer) -> None:
    url = durable_postgres.database()
    store, log = new_log(url)
    keys = PostgresKeys(url, create=True)
    events = sample_events(300, key_id="s:1")
    log.append(events)
    secret = bytes(range(64, 96))
    keys.create("s:1", secret)
    before = durable_postgres.files_with(events[7].sections[1].salt), durable_postgres.files_with(secret)
    store.erase_forever([(index, "text") for index in range(10)])
    keys.destroy_forever("s:1")
    after = durable_postgres.files_with(events[7].sections[1].salt), durable_postgres.files_with(secret)

    assert all(any(part.parts[0] == "base" for part in files) for files in before)
    assert [part for files in after for part in files if part.parts[0] != "pg_wal"] == []
    assert [len(remains()) for remains in (store.remains, keys.remains)] == [2, 2]


def test_a_reader_that_holds_up_an_erasure_is_named(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgecode.drivers.postgres_ledger.READERS_MILLISECONDS", 200)
    url = postgres.database()
    store, log = new_log(url)
    log.append(sample_events(3))
    other = PostgresLedger(url)
    with other.reading():
        list(other.entries(0, 3))
        with pytest.raises(UnavailableError, match=r"somebody is reading.*ledger\.residue"):
            store.erase_forever([(1, "text")])
    store.erase_forever([(1, "text")])

    assert [len(entry.sections) for entry in store.entries(0, 3)] == [2, 1, 2]


def test_no_driver_is_loaded_where_psycopg_is_missing(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = """
import sys
sys.modules["psycopg"] = None
from edgecode.errors import UnavailableError
try:
    import edgecode.drivers.postgres_ledger
except UnavailableError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)

    assert done.stdout.strip().endswith("Run: pip install 'edgecode[postgres]'. [extra.missing]")


def test_appends_that_are_refused_do_not_cost_the_ledger_the_statements_it_prepared(postgres: PostgresServer) -> None:
    store, log = new_log(postgres.database())
    events = sample_events(12)
    log.append(events[:1])
    for event in events[1:]:
        # More than the five times after which psycopg would prepare it too, and forget everything at the next rollback.
        store.head()
        with pytest.raises(TakenIdError):
            store.append(Batch([event.leaf], [leaf_id(events[0].leaf)], []), lambda head: Growth(1, head.stack, []))
        log.append([event])

    assert store.leaves(0, 12) == leaves_of(events)


def test_a_head_that_could_not_be_kept_is_told_by_what_is_asked_next_and_signed_again_later(
    postgres: PostgresServer,
) -> None:
    url = postgres.database()
    store, log = new_log(url)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("alter table edgecode_ledger.checkpoint rename to hidden")
        log.append(sample_events(1))
        with pytest.raises(UnavailableError, match=r"ledger\.storage_failed"):
            store.head()
        other.execute("alter table edgecode_ledger.hidden rename to checkpoint")
    with closing(PostgresLedger(url)) as later:
        again = Log.open(later, SeededSigner())

        assert (again.size, later.checkpoint()) == (1, log.checkpoint())
