"""Copying a production between databases: everything arrives, whatever comes between, or the copy is not used."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from edgecode.drivers.postgres_keys import PostgresKeys
from edgecode.drivers.postgres_ledger import PostgresLedger
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import HeldError, InvalidError, RefusedError, UnavailableError, UsageError
from edgecode.events.sealed import SealedSection
from edgecode.index.persons import persons
from edgecode.ledger.log import Log
from edgecode.ledger.reader import Reader
from edgecode.ledger.sequencer import Drained
from edgecode.ledger.store import LogStore
from edgecode.people.store import KeyStore, id_hash
from edgecode.production import Production, audit_of
from edgecode.production.erasing.ordering import erase_person
from edgecode.production.inbox.sequencing import InboxWriter, sequence
from edgecode.production.log import moving
from edgecode.production.log.copying import CopiedKeys, CopiedLog, copy_keys, copy_log, refuse_moved_on
from edgecode.production.log.moving import copy_stores, stores_of
from edgecode.settings import FILE_NAME, read_settings, write_settings
from postgres_server import PostgresServer
from production.erased_person import make_film
from sample_log import Chance, new_production, step_with_prompt, version_seen
from sample_log import Production as Sample

ENTRIES = 700


class Stopped(Exception):
    """Somebody pulled the plug."""


def nothing(done: int, of: int) -> None:
    """Nobody looks."""


def copied(source: LogStore, target: LogStore, told: Callable[[int, int], object] = nothing) -> CopiedLog:
    return copy_log(source, target, random_below=Random(1).randrange, told=told)


def everything_of(log: LogStore) -> dict[str, object]:
    """All that a log's store tells."""
    head = log.head()
    assert head is not None
    tiles = {
        (level, number): log.tile(level, number) for level in range(3) for number in range(head.size >> 8 * (level + 1))
    }
    return {
        "head": head,
        "entries": list(log.entries(0, head.size)),
        "ids": log.indexes_of([bytes.fromhex(f"{i:032x}") for i in range(9)]),
        "tiles": tiles,
        "checkpoint": log.checkpoint(),
        "cosigned": log.cosigned(),
        "frozen": log.frozen(),
        "waiting": [event for _, event in log.waiting(10**6)],
        "refused": [event for _, event in log.refused()],
    }


def keys_of(keys: KeyStore) -> tuple[dict[str, bytes | None], list[bytes]]:
    return {key_id: keys.key(key_id) for key_id in keys.key_ids()}, keys.destroyed_hashes()


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Sample]:
    """A log that has seen everything: erased and resealed sections, cosigned heads, an inbox, destroyed keys, a mark."""
    made = new_production(tmp_path, seed=4)
    for count in (255, 1, 1, ENTRIES - 300, 43):
        made.log.append(made.events(count))
        made.store.keep_cosigned(made.log.size, made.log.checkpoint() + b"\n")
    made.store.erase_forever([(3, "text"), (9, "place"), (700, "bytes")])
    ticket, _ = made.store.accept(made.events(2))
    made.store.refuse([ticket])
    made.keys.create("s:somebody", b"k" * 32)
    made.keys.destroy_forever("s:somebody")
    made.store.freeze(b"it went back in time\n")
    yield made
    made.close()


# ------------------------------------------------------------------------------------------ all of it


def test_a_log_there_and_back_again_is_the_same_log(sample: Sample, postgres: PostgresServer) -> None:
    there, back = PostgresLedger(postgres.database()), SqliteLedger(":memory:")
    before = everything_of(sample.store)
    first, second = copied(sample.store, there), copied(there, back)

    assert everything_of(there) == before
    assert everything_of(back) == before
    assert everything_of(sample.store) == before
    assert first == second
    assert set(first.sizes) >= {255, 256, 257, 657, 700}
    assert first.root == Reader(sample.store).root(ENTRIES)


def test_keys_there_and_back_again_are_the_same_keys(sample: Sample, postgres: PostgresServer) -> None:
    there, back = PostgresKeys(postgres.database(), create=True), SqliteKeys(":memory:", create=True)
    before = keys_of(sample.keys)
    told = copy_keys(sample.keys, there), copy_keys(there, back)

    assert told == (CopiedKeys(len(before[0]), 1),) * 2
    assert (keys_of(there), keys_of(back), keys_of(sample.keys)) == (before, before, before)


@pytest.mark.parametrize("entries", [0, 1, 256, 512])
def test_logs_of_every_shape_arrive(tmp_path: Path, entries: int) -> None:
    made, target = new_production(tmp_path), SqliteLedger(":memory:")
    made.log.append(made.events(entries))
    copied(made.store, target)

    assert everything_of(target) == everything_of(made.store)


# ------------------------------------------------------------------------------------------ what comes between


@pytest.mark.parametrize("at", [512, 700])
def test_a_copy_that_was_stopped_goes_on_where_it_ended(sample: Sample, postgres: PostgresServer, at: int) -> None:
    def stop(done: int, of: int) -> None:
        if done >= at:
            raise Stopped

    target = PostgresLedger(postgres.database())
    with pytest.raises(Stopped):
        copied(sample.store, target, stop)
    head = target.head()
    copied(sample.store, target)
    copied(sample.store, target)

    assert head is not None
    assert (head.size, everything_of(target)) == (at, everything_of(sample.store))


def test_what_is_erased_between_two_copies_goes_from_the_first(tmp_path: Path, postgres: PostgresServer) -> None:
    made = new_production(tmp_path)
    made.log.append(made.events(40))
    target, keys = PostgresLedger(postgres.database()), PostgresKeys(postgres.database(), create=True)
    made.keys.create("s:one", b"1" * 32)
    copied(made.store, target)
    copy_keys(made.keys, keys)
    (entry,) = made.store.entries(8, 9)
    old = entry.sections[0]
    made.store.erase_forever([(2, "place"), (3, "text")])
    made.store.reseal([(8, SealedSection(old.name, old.salt, "s:two", b"sealed anew"))])
    made.keys.destroy_forever("s:one")
    made.log.append(made.events(5))
    copied(made.store, target)
    copy_keys(made.keys, keys)

    assert everything_of(target) == everything_of(made.store)
    assert keys_of(keys) == keys_of(made.keys)
    assert keys.is_destroyed("s:one")


def test_a_place_that_holds_another_log_is_refused_and_left_alone(tmp_path: Path, sample: Sample) -> None:
    (tmp_path / "other").mkdir()
    other = new_production(tmp_path / "other", seed=9)
    other.log.append(other.events(3))
    before = everything_of(other.store)
    with pytest.raises(RefusedError, match=r"store\.occupied"):
        copied(sample.store, other.store)

    assert everything_of(other.store) == before


def test_a_copy_that_went_its_own_way_is_refused(sample: Sample, tmp_path: Path) -> None:
    target = SqliteLedger(":memory:")
    copied(sample.store, target)
    (tmp_path / "fork").mkdir()
    fork = new_production(tmp_path / "fork", seed=5)
    with pytest.raises(RefusedError, match=r"store\.occupied"):
        copied(fork.store, target)
    fork.log.append(fork.events(ENTRIES + 1))

    with pytest.raises(RefusedError, match=r"store\.occupied"):
        copied(fork.store, target)


def test_an_altered_entry_is_found_by_copying(sample: Sample) -> None:
    connection = sample.store._connection
    for (name,) in connection.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
        connection.execute(f'drop trigger "{name}"')
    leaf = re.sub(rb'"ts":(\d+)', lambda ts: b'"ts":%d' % (int(ts[1]) + 1), sample.store.leaves(600, 601)[0])
    connection.execute("update entry set leaf = ? where pk = 600", (leaf,))

    with pytest.raises(InvalidError, match=r"store\.copy_differs"):
        copied(sample.store, SqliteLedger(":memory:"))


def test_another_key_under_the_same_name_is_refused(sample: Sample) -> None:
    target = SqliteKeys(":memory:", create=True)
    target.create(sample.keys.key_ids()[0], b"o" * 32)

    with pytest.raises(RefusedError, match=r"store\.occupied"):
        copy_keys(sample.keys, target)


def test_keys_of_other_productions_stay_beside(sample: Sample) -> None:
    target = SqliteKeys(":memory:", create=True)
    target.create("p:another", b"o" * 32)
    copy_keys(sample.keys, target)

    assert target.key("p:another") == b"o" * 32
    assert target.is_destroyed("s:somebody")
    assert id_hash("s:somebody") in target.destroyed_hashes()


# ------------------------------------------------------------------------------------------ a production moves


@pytest.fixture
def show(tmp_path: Path) -> Path:
    chance = Chance(3)
    with Production.create(tmp_path / "show", title="A Show") as production:
        production.append([version_seen(chance) for _ in range(300)])
        production.append([step_with_prompt(chance)])
    return tmp_path / "show"


def state_of(folder: Path) -> tuple[bytes, int, bytes, list[tuple[int, object]]]:
    with Production.open(folder) as production:
        events = [(entry.index, entry.event) for entry in production.recorded()]
        return production.index_dump(), production.log.size, production.log.root, events


def test_a_production_moves_to_postgresql_goes_on_and_comes_back(show: Path, postgres: PostgresServer) -> None:
    before, url = state_of(show), postgres.database()
    to = {"ledger": url, "keys": url, "index": url}
    answer = copy_stores(show, to, switch=True, told=nothing)
    there = state_of(show)
    with Production.open(show) as production:
        production.append([version_seen(Chance(7))])
    grown = state_of(show)
    files = {name: f"sqlite:.edgecode/{name}.db" for name in to}
    again = copy_stores(show, files, switch=True, told=nothing)

    assert (there, state_of(show)) == (before, grown)
    assert (answer.switched, answer.size, again.size) == (True, 302, 303)
    assert audit_of(show)[0].report.findings == ()
    assert [sentence.split(" also ")[0] for sentence in answer.left] == ["The record", "The keys"]
    assert read_settings(show).ledger == "sqlite:.edgecode/ledger.db"


def test_a_copy_alone_leaves_the_settings_as_they_are(show: Path, postgres: PostgresServer) -> None:
    before = (show / FILE_NAME).read_bytes()
    answer = copy_stores(show, {"ledger": postgres.database()}, switch=False, told=nothing)

    assert (answer.switched, (show / FILE_NAME).read_bytes()) == (False, before)


def test_what_somebody_records_meanwhile_is_not_left_behind(show: Path, postgres: PostgresServer) -> None:
    def record(done: int, of: int) -> None:
        with Production.open(show) as production:
            production.append([version_seen(Chance(done))])

    to, before = {"ledger": postgres.database()}, (show / FILE_NAME).read_bytes()
    with pytest.raises(HeldError, match=r"store\.recorded_meanwhile"):
        copy_stores(show, to, switch=True, told=record)
    untouched = (show / FILE_NAME).read_bytes()
    answer = copy_stores(show, to, switch=True, told=nothing)

    assert (untouched, answer.size) == (before, 303)


def test_a_process_that_was_open_records_nothing_in_the_old_place(show: Path, postgres: PostgresServer) -> None:
    with Production.open(show) as production:
        size = production.log.size
        copy_stores(show, {"ledger": postgres.database()}, switch=True, told=nothing)
        with pytest.raises(UnavailableError, match=r"store\.moved"):
            production.append([version_seen(Chance(5))])

        assert production.ledger.entry_end() == size


def second_machine(show: Path, folder: Path) -> Path:
    """Another folder with the same settings and signing key."""
    (folder / ".edgecode").mkdir(parents=True, mode=0o700)
    for name in (FILE_NAME, ".edgecode/signing.key", ".edgecode/log.vkey"):
        (folder / name).write_bytes((show / name).read_bytes())
    (folder / ".edgecode/signing.key").chmod(0o600)
    return folder


def test_a_second_machine_records_nothing_where_the_record_was_until_it_is_back(
    show: Path, tmp_path: Path, postgres: PostgresServer
) -> None:
    one, two = ({name: postgres.database() for name in ("ledger", "keys", "index")} for _ in range(2))
    copy_stores(show, one, switch=True, told=nothing)
    other = second_machine(show, tmp_path / "other")
    with Production.open(other) as open_before:
        copy_stores(show, two, switch=True, told=nothing)
        with pytest.raises(UnavailableError, match=r"moved to postgresql://.* at 302 entries.*store\.moved"):
            open_before.append([version_seen(Chance(5))])
        with pytest.raises(UnavailableError, match=r"store\.moved"):
            Production.open(other)
        with pytest.raises(UnavailableError, match=r"store\.moved"):
            InboxWriter(other)
        with pytest.raises(UnavailableError, match=r"store\.moved"):
            copy_stores(other, {"ledger": postgres.database()}, switch=True, told=nothing)
    with Production.open(show) as production:
        production.append([version_seen(Chance(6))])
    copy_stores(show, one, switch=True, told=nothing)

    assert state_of(other) == state_of(show)
    assert state_of(show)[1] == 303


def test_a_switch_that_was_stopped_behind_its_mark_is_finished_by_the_same_command(
    show: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*given: object) -> None:
        raise Stopped

    to = {"ledger": postgres.database()}
    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(moving, "write_settings", stop)
        copy_stores(show, to, switch=True, told=nothing)
    with pytest.raises(UnavailableError, match=r"store\.moved"):
        Production.open(show)
    answer = copy_stores(show, to, switch=True, told=nothing)

    assert (answer.switched, state_of(show)[1]) == (True, 302)


def test_what_a_writer_without_the_key_leaves_until_the_switch_goes_along(
    show: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, late = InboxWriter(show), list[int]()

    def refuse(source: LogStore, size: int) -> None:
        """The inbox and the keys were copied before this is asked."""
        if not late:
            late.extend(writer.accept([step_with_prompt(Chance(8))]))
        refuse_moved_on(source, size)

    monkeypatch.setattr(moving, "refuse_moved_on", refuse)
    url = postgres.database()
    copy_stores(show, {"ledger": url, "keys": url}, switch=True, told=nothing)
    with Production.open(show) as production:
        done = sequence(production)
    with pytest.raises(UnavailableError, match=r"store\.moved"):
        writer.accept([step_with_prompt(Chance(9))])
    writer.close()

    assert (len(late), done) == (1, Drained(sealed=1))


def test_settings_that_change_otherwise_stop_nobody(show: Path, tmp_path: Path) -> None:
    with Production.open(show) as production:
        (tmp_path / "media").mkdir()
        production.add_root(tmp_path / "media")
        write_settings(show, read_settings(show))
        production.append([version_seen(Chance(5))])

        assert production.log.size == 304


def test_nobody_moves_a_log_while_its_inbox_is_drained(show: Path, postgres: PostgresServer) -> None:
    with Production.open(show) as production, production.ledger.sequencing() as alone:
        assert alone
        with pytest.raises(HeldError, match=r"store\.in_use"):
            copy_stores(show, {"ledger": postgres.database()}, switch=True, told=nothing)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ({}, r"store\.nothing"),
        ({"keys": "sqlite:.edgecode/keys.db"}, r"store\.same"),
        ({"index": "x:y"}, r"store\.scheme"),
    ],
)
def test_a_move_to_nowhere_is_wrong_usage(show: Path, to: dict[str, str], code: str) -> None:
    with pytest.raises(UsageError, match=code):
        copy_stores(show, to, switch=True, told=nothing)


def test_stores_are_shown_with_their_settings_and_without_passwords(show: Path, postgres: PostgresServer) -> None:
    url = postgres.database()
    copy_stores(show, {"ledger": f"{url}&password=hush", "index": url}, switch=True, told=nothing)
    ledger, keys, index = stores_of(show).stores

    assert (ledger.name, keys.url, index.name) == ("ledger", "sqlite:.edgecode/keys.db", "index")
    assert "hush" not in ledger.url
    assert ledger.url.endswith("&password=***")
    assert (ledger.settings["fsync"], keys.settings) == ("on", {})
    assert all(store.bytes is not None and store.bytes > 8_000 for store in (ledger, keys, index))
    assert ledger.remains
    assert keys.remains == ()


def test_a_log_continues_after_the_move_under_the_same_key(show: Path, postgres: PostgresServer) -> None:
    with Production.open(show) as production:
        old = production.log.checkpoint()
    copy_stores(show, {"ledger": postgres.database()}, switch=True, told=nothing)
    with Production.open(show) as production:
        production.append([version_seen(Chance(9))])
        proof = Reader(production.ledger).consistency(302, 303)

        assert production.log.checkpoint() != old
        assert proof
        assert isinstance(production.log, Log)


def test_a_record_with_persons_moves_and_what_was_erased_stays_erased(tmp_path: Path, postgres: PostgresServer) -> None:
    film, url = make_film(tmp_path / "film"), postgres.database()
    copy_stores(film.folder, {"ledger": url, "keys": url}, switch=False, told=nothing)
    with film.open() as production:
        noted = persons(production.index)
        erase_person(production, film.order(production, also_text=[film.ids["step"]]))
    before = state_of(film.folder)
    copy_stores(film.folder, {"ledger": url, "keys": url, "index": url}, switch=True, told=nothing)
    keys, there = PostgresKeys(url), audit_of(film.folder)[0]

    assert state_of(film.folder) == before
    assert (there.report.findings, there.sections["erased"]) == ((), 10)
    assert keys.is_destroyed(f"s:{noted[0].ref}")
    assert keys.key(f"s:{noted[0].ref}") is None
