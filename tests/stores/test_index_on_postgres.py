"""The index on PostgreSQL says what the index on SQLite says, row by row and byte by byte."""

import threading
from collections.abc import Iterator
from random import Random

import psycopg
import pytest

from edgecode.drivers.postgres_index import PostgresIndex
from edgecode.drivers.postgres_words import queries_for_postgres
from edgecode.drivers.sqlite import queries
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import InvalidError, RefusedError, UnavailableError
from edgecode.index.accounts import accounts
from edgecode.index.dump import dump
from edgecode.index.lineage import closure, impact
from edgecode.index.projector import project, watermark
from edgecode.index.store import IndexStore
from index.cut_of import add_cut, clip
from index.random_show import random_show
from index.small_show import Show, index_of, recorded
from postgres_server import PostgresServer

ROOT = b"\x07" * 32
OF_POSTGRES_ALONE = {
    "session",
    "search",
    "read_only",
    "writer",
    "is_laid",
    "release",
    "set_release",
    "make_schema",
    "drop_tables",
    "before_schema",
    "columns",
    "clear_state",
    "go_on_counting",
}
NO_QUESTION = {
    "schema",
    "schema_of_extents",
    "before_schema",
    "session",
    "read_only",
    "make_schema",
    "drop_tables",
    "settle",
    "go_on_counting",
}
NAMES = sorted(set(queries_for_postgres("index")) - NO_QUESTION)


def projected(store: IndexStore, show: Show) -> None:
    project(store, recorded(show.events), size=len(show.events), root=ROOT)


def tables_of(store: PostgresIndex) -> dict[str, list[object]]:
    """Every row of every table, dense ids and all."""
    names = [f'"{name}"' for (name,) in store.rows("tables")]
    return {name: sorted(map(repr, store._connection.execute(f"select * from {name}".encode()))) for name in names}


def show_with_cuts(steps: int, seed: int) -> Show:
    show = random_show(steps, seed)
    for number in range(3):
        add_cut(show, *(clip(f"v{i}.mov") for i in range(9)), name=f"Cut {number}")
    return show


@pytest.fixture(scope="module")
def laid(postgres: PostgresServer) -> Iterator[PostgresIndex]:
    store = PostgresIndex(postgres.database())
    yield store
    store.close()


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.database()


# ------------------------------------------------------------------------------------------ queries


def test_what_postgresql_says_in_its_own_words_is_said_to_sqlite_too() -> None:
    assert set(queries("index.postgres")) - set(queries("index")) == OF_POSTGRES_ALONE


@pytest.mark.parametrize("name", NAMES)
def test_every_named_query_is_one_that_postgresql_understands(laid: PostgresIndex, name: str) -> None:
    statement = f'prepare "asked_{name}" as {queries_for_postgres("index")[name]}'
    done = laid._connection.execute(statement.encode(), prepare=False)

    assert done.statusmessage == "PREPARE"


# ------------------------------------------------------------------------------------------ equality


@pytest.mark.parametrize("seed", range(4))
def test_random_shows_give_both_indexes_the_same_rows_and_answers(url: str, seed: int) -> None:
    show = show_with_cuts(250, seed)
    one, other = index_of(show.events), PostgresIndex(url)
    projected(other, show)
    ids = [int(str(row[0])) for row in one.rows("all_versions", 0, 10_000)]

    assert dump(other) == dump(one)
    assert other.rows("all_versions", 0, 10_000) == one.rows("all_versions", 0, 10_000)
    assert accounts(other, ids) == accounts(one, ids)
    assert [closure(other, i) for i in ids[:80]] == [closure(one, i) for i in ids[:80]]
    assert [impact(other, i) for i in ids[:80]] == [impact(one, i) for i in ids[:80]]
    assert [other.rows("range_at", cut, at) for cut in (1, 2) for at in range(0, 300, 7)] == [
        one.rows("range_at", cut, at) for cut in (1, 2) for at in range(0, 300, 7)
    ]
    other.close()


def test_projecting_in_pieces_and_again_from_nothing_gives_the_dump_of_sqlite(url: str) -> None:
    show, rnd, pieces, at = random_show(400, 8), Random(5), PostgresIndex(url), 0
    entries = recorded(show.events)
    while at < len(entries):
        end = min(len(entries), at + rnd.choice((1, 7, 400)))
        project(pieces, entries[at:end], size=end, root=ROOT)
        pieces.settle()
        at = end
    incremental = dump(pieces)
    pieces.reset()
    projected(pieces, show)

    assert (incremental, dump(pieces)) == (dump(index_of(show.events)),) * 2


@pytest.mark.parametrize("seed", range(3))
def test_an_index_that_was_made_near_by_is_the_one_that_is_projected_there_and_goes_on_alike(
    postgres: PostgresServer, seed: int
) -> None:
    show, more = show_with_cuts(250, seed), 40
    entries = recorded(show.events)
    first, size = len(entries) - more, len(entries)
    one, other = PostgresIndex(postgres.database()), PostgresIndex(postgres.database())
    for store in (one, other):
        project(store, entries[:100], size=100, root=ROOT)
    project(one, entries[100:first], size=first, root=ROOT)
    with other.remade() as near:
        project(near, entries[:first], size=first, root=ROOT)
    halfway = dump(one), dump(other), tables_of(one) == tables_of(other)
    for store in (one, other):
        project(store, entries[first:], size=size, root=ROOT)
    ids = [int(str(row[0])) for row in one.rows("all_versions", 0, 10_000)]

    assert halfway[0] == halfway[1]
    assert halfway[2]
    assert tables_of(other) == tables_of(one)
    assert dump(other) == dump(one) == dump(index_of(show.events))
    assert accounts(other, ids) == accounts(one, ids)
    assert [closure(other, i) for i in ids[:80]] == [closure(one, i) for i in ids[:80]]


def test_an_index_that_is_not_made_in_the_end_stays_as_it_was(url: str) -> None:
    store, show = PostgresIndex(url), random_show(60, 1)
    projected(store, show)
    before = dump(store)
    with store.remade():
        pass
    with pytest.raises(InvalidError, match=r"index\.gap"), store.remade() as near:
        project(near, recorded(show.events)[1:], size=len(show.events), root=ROOT)

    assert dump(store) == before


def test_others_read_what_stood_there_while_an_index_is_made(url: str) -> None:
    store, reader, show = PostgresIndex(url), PostgresIndex(url, read_only=True), random_show(60, 1)
    projected(store, random_show(20, 2))
    before = dump(reader)
    with store.remade() as near:
        projected(near, show)
        meanwhile = dump(reader)

    assert meanwhile == before
    assert dump(reader) == dump(index_of(show.events))


def test_names_that_the_server_could_not_hold_or_index_are_kept_to_the_letter(url: str) -> None:
    rnd, show = Random(1), Show()
    names = [
        "nul\0in/a.mov",
        "no\ufdd0sign\ufdd00\0.mov",
        "long/" + rnd.randbytes(6_000).hex() + ".mov",
        "ä/Ä/_/a.mov",
        "B.mov",
    ]
    for name in names:
        show.file(name)
    add_cut(show, *(clip(name) for name in names), name="Cut\0" + rnd.randbytes(3_000).hex())
    one, other = index_of(show.events), PostgresIndex(url)
    projected(other, show)
    backwards = [row[3] for row in one.rows("places_backwards", "", "\U0010ffff")]

    with other.remade() as near:
        projected(near, show)

    assert dump(other) == dump(one)
    assert len(backwards) == len(names)
    assert [other.rows("places_backwards", str(at), f"{at}\U0010ffff") for at in backwards] == [
        one.rows("places_backwards", str(at), f"{at}\U0010ffff") for at in backwards
    ]
    assert other.rows("cuts_named", str(one.rows("cut_listing")[0][2])) == one.rows("cut_listing")


def test_the_order_of_names_does_not_depend_on_the_language_of_the_server(laid: PostgresIndex) -> None:
    columns = laid._connection.execute(
        "select table_name, column_name, collation_name from information_schema.columns "
        "where table_schema = current_schema() and data_type = 'text'"
    ).fetchall()

    assert len(columns) > 40
    assert [column for column in columns if column[2] != "C"] == []


# ------------------------------------------------------------------------------------------ one writer, all or nothing


def test_a_projection_that_fails_leaves_the_index_as_it_was(url: str) -> None:
    show = random_show(60, 1)
    store = PostgresIndex(url)
    projected(store, show)
    before = dump(store)
    more = recorded(random_show(40, 2).events, len(show.events) + 1)
    with pytest.raises(InvalidError, match=r"index\.gap"):
        project(store, more, size=len(show.events) + 1 + len(more), root=ROOT)

    assert dump(store) == before


def test_what_is_written_is_read_within_the_transaction_and_by_nobody_else_before_its_end(url: str) -> None:
    one, other = PostgresIndex(url), PostgresIndex(url, read_only=True)
    with pytest.raises(KeyError), one.transaction():
        one.run("add_unread", "a.kind/1")
        seen = one.rows("unread"), other.rows("unread")
        raise KeyError
    after = one.rows("unread")

    assert (seen, after) == (([("a.kind/1", 1)], []), [])


def test_two_processes_that_project_at_once_make_one_index(url: str) -> None:
    show = random_show(300, 4)
    stores = [PostgresIndex(url), PostgresIndex(url), PostgresIndex(url)]
    threads = [threading.Thread(target=projected, args=(store, show)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert dump(stores[0]) == dump(index_of(show.events))


# ------------------------------------------------------------------------------------------ opening


def test_an_index_of_another_release_is_emptied(url: str) -> None:
    store = PostgresIndex(url)
    projected(store, random_show(20, 1))
    store.run("set_release", 1)
    store._connection.execute("delete from index_release where number <> 1")
    reader = PostgresIndex(url, read_only=True)
    writer = PostgresIndex(url)

    assert (reader.is_of_this_release, writer.is_of_this_release) == (False, True)
    assert watermark(writer) == (0, b"")
    assert dump(writer) == dump(SqliteIndex(":memory:"))


def test_reading_alone_makes_nothing(url: str) -> None:
    reader = PostgresIndex(url, read_only=True)
    with psycopg.connect(url) as connection:
        schemas = connection.execute("select nspname from pg_namespace where nspname like 'edge%'").fetchall()

    assert (reader.is_of_this_release, schemas) == (False, [])


def test_two_productions_in_one_database_have_a_schema_each(url: str) -> None:
    one, other = PostgresIndex(f"{url}&edgecode_schema=Two%20%22Words%22"), PostgresIndex(url)
    projected(one, random_show(20, 1))

    assert (watermark(one)[0] > 0, watermark(other)) == (True, (0, b""))


def test_a_schema_that_holds_other_tables_is_left_alone(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table entry(pk int); insert into entry values (1)")

    with pytest.raises(RefusedError, match=r"index\.not_ours"):
        PostgresIndex(f"{url}&edgecode_schema=public")

    with psycopg.connect(url) as connection:
        assert connection.execute("select pk from entry").fetchall() == [(1,)]


def test_a_server_that_is_gone_is_said_without_its_password(url: str) -> None:
    store = PostgresIndex(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
        )
    with pytest.raises(UnavailableError, match=r"index\.storage_failed") as lost:
        dump(store)
    with pytest.raises(UnavailableError) as absent:
        PostgresIndex("postgresql://ann:secret@/nowhere?host=/nowhere")

    assert "secret" not in f"{lost.value}{absent.value}"
