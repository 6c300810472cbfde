"""What is erased from SQLite is in none of its files, however rows of all sizes came and went before."""

from pathlib import Path
from random import Random

import apsw
import pytest

from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import UnavailableError
from edgecode.events.sealed import SealedSection
from edgecode.ledger.log import Log
from edgecode.people.store import id_hash
from edgecode.testing.sample_events import ORIGIN, SeededSigner, sample_event, sample_events


def left_in(folder: Path, secrets: list[bytes]) -> int:
    held = b"".join(path.read_bytes() for path in folder.iterdir())
    return sum(secret in held for secret in secrets)


def test_sections_of_all_sizes_leave_nothing_behind(tmp_path: Path) -> None:
    chance, store = Random(4), SqliteLedger(tmp_path / "ledger.db")
    log = Log.create(store, SeededSigner(), origin=ORIGIN)
    gone: list[bytes] = []
    there: dict[int, SealedSection] = {}
    for batch in range(25):
        events = [
            sample_event(number, key_id="s:1", data_bytes=chance.choice([20, 300, 900, 1_500, 8_000]))
            for number in range(batch * 40, batch * 40 + 40)
        ]
        store.accept(events)
        log.append(events, taken=[ticket for ticket, _ in store.waiting(99)])
        there |= {batch * 40 + place: event.sections[1] for place, event in enumerate(events)}
        if batch % 4 == 0:
            chosen = chance.sample(sorted(there), 30)
            changed = {
                index: SealedSection("text", there[index].salt, "s:2", chance.randbytes(700)) for index in chosen[:15]
            }
            store.reseal(list(changed.items()))
            store.erase_forever([(index, "text") for index in chosen[15:]])
            gone += [there[index].data[:64] for index in chosen] + [there.pop(index).salt for index in chosen[15:]]
            there |= changed

    assert len(gone) > 250
    assert left_in(tmp_path, gone) == 0
    assert {entry.index: section for entry in store.entries(0, 1_000) for section in entry.sections[1:]} == there


def test_deleting_alone_would_leave_bytes_behind(tmp_path: Path) -> None:
    """The reason for copying tables; when this fails, SQLite has become better and copying may be given up."""
    gone: list[bytes] = []
    for seed in (1, 2, 3):
        chance, database = Random(seed), connect(tmp_path / f"{seed}.db", durable=False)
        database.pragma("secure_delete", 1)
        database.execute("create table p(pk integer, s text, d blob, primary key (pk, s)) strict, without rowid")
        rows = {pk: chance.randbytes(chance.choice([30, 60, 200, 400])) for pk in range(6_000)}
        done, alive = 0, list[int]()
        while done < 6_000:
            count = chance.randint(1, 60)
            with database:
                database.executemany(
                    "insert into p values (?, 'text', ?)",
                    [(pk, rows[pk]) for pk in range(done, min(done + count, 6_000))],
                )
            alive += range(done, min(done + count, 6_000))
            done += count
            if chance.random() < 0.3:
                away = set(chance.sample(alive, min(len(alive), 40)))
                with database:
                    database.executemany("delete from p where pk = ?", [(pk,) for pk in away])
                alive = [pk for pk in alive if pk not in away]
                gone += [rows[pk][:24] for pk in away]
        database.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        database.close()

    assert left_in(tmp_path, gone) > 0


def test_destroyed_keys_leave_nothing_behind(tmp_path: Path) -> None:
    chance, keys = Random(5), SqliteKeys(tmp_path / "keys.db", create=True)
    bytes_of = {f"s:{chance.randbytes(8).hex()}": chance.randbytes(32) for _ in range(1_500)}
    with keys.together():
        for key_id, key in bytes_of.items():
            keys.create(key_id, key)
    away = chance.sample(sorted(bytes_of), 500)
    for first in range(0, 500, 50):
        with keys.together():
            for key_id in away[first : first + 50]:
                keys.destroy_forever(key_id)

    assert left_in(tmp_path, [bytes_of[key_id] for key_id in away] + [key_id.encode() for key_id in away]) == 0
    assert {key_id: keys.key(key_id) for key_id in keys.key_ids()} == {
        key_id: key for key_id, key in bytes_of.items() if key_id not in set(away)
    }
    assert keys.destroyed_hashes() == sorted(id_hash(key_id) for key_id in away)


def test_a_reader_that_keeps_erased_bytes_in_the_write_ahead_log_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgecode.drivers.sqlite_erasing.READERS_MILLISECONDS", 200)
    store, other = SqliteLedger(tmp_path / "ledger.db"), SqliteLedger(tmp_path / "ledger.db")
    events = sample_events(3)
    Log.create(store, SeededSigner(), origin=ORIGIN).append(events)
    salt = events[1].sections[1].salt
    with other.reading():
        other.head()
        with pytest.raises(UnavailableError, match=r"somebody is reading it.*ledger\.residue"):
            store.erase_forever([(1, "text")])
        held = left_in(tmp_path, [salt])
    store.erase_forever([(1, "text")])

    assert (held, left_in(tmp_path, [salt])) == (1, 0)
