"""The audit tells every difference between a stored log's parts and its entries, however many there are, in memory that does not grow."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec import structs

from edgecode.drivers.spilled import Spilled
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.ledger.differences import Told, differences
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.sections import SectionJudge
from edgecode.ledger.verify import Verdict, in_memory
from edgecode.people.sealing import opener
from sample_log import new_production

ENTRIES = 600
MEMORY = Path(__file__).with_name("audit_memory.py")


@dataclass(frozen=True)
class Record:
    folder: Path
    key: VerifierKey


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    production = new_production(tmp_path_factory.mktemp("record"))
    events = production.events(ENTRIES + 2)
    for begin, end in ((0, 1), (1, 300), (300, ENTRIES)):
        production.log.append(events[begin:end])
    production.store.accept(events[ENTRIES:])
    production.close()
    return Record(production.folder, production.log.key)


@dataclass
class Copy:
    """A copy whose database may be written to at will."""

    folder: Path
    key: VerifierKey

    def change(self, *statements: str, bindings: tuple[object, ...] = ()) -> None:
        ledger = connect(self.folder / "ledger.db", durable=False)
        triggers = ledger.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
        for name, _ in triggers:
            ledger.execute(f"drop trigger {name}")
        for statement in statements:
            ledger.execute(statement, bindings)
        ledger.close()

    def told(self, *, lost_ids: Callable = in_memory) -> tuple[Verdict, list[str]]:
        """The verdict, and every difference as ``object [code]``."""
        found: list[str] = []
        told = Told(lambda finding: found.append(f"{finding.object} [{finding.code}]"))
        store, keys = SqliteLedger(self.folder / "ledger.db", read_only=True), SqliteKeys(self.folder / "keys.db")
        judge = SectionJudge(opener(keys), keys.is_destroyed)
        state = differences(store, Policy.of_keys(self.key), told=told, judge=judge, lost_ids=lost_ids)
        store.close()
        keys.close()
        return told.verdict(state.quorum), found


@pytest.fixture
def copy(record: Record, tmp_path: Path) -> Copy:
    shutil.copytree(record.folder, tmp_path / "copy")
    return Copy(tmp_path / "copy", record.key)


def test_an_untouched_log_differs_nowhere(copy: Copy) -> None:
    assert copy.told() == (Verdict.UNWITNESSED, [])


CHANGES = {
    "an id is not in the table": (
        "delete from event_id where pk = 7",
        ["event id of entry 7 [ids.missing]"],
    ),
    "two ids have changed places": (
        "update event_id set pk = case pk when 7 then 8 else 7 end where pk in (7, 8)",
        [
            "event id of entry 7 [ids.elsewhere]",
            "event id of entry 8 [ids.elsewhere]",
            "event id of entry 8 [ids.stray]",
            "event id of entry 7 [ids.stray]",
        ],
    ),
    "the table has an id of nobody": (
        "insert into event_id values (zeroblob(16), 5)",
        ["event id of entry 5 [ids.stray]"],
    ),
    "the root beside a tile is another one": (
        "update tile set root = zeroblob(32) where pk = 1",
        ["tile 1/0 [tile.hash]"],
    ),
    "there is a tile that the log is too short for": (
        "insert into tile select 2, root, hashes from tile where pk = 1",
        ["tiles 0/2 and on [tile.stray]"],
    ),
    "a section lies beside no entry": (
        "insert into payload values (999, 'fact', zeroblob(32), '', x'7b7d')",
        ["section fact of entry 999 [section.stray]"],
    ),
    "a section is gone": (
        "delete from payload where pk = 3 and section = 'text'",
        ["section text of entry 3 [section.missing]"],
    ),
    "the head says another size": (
        f"update log set size = {ENTRIES - 1}",
        ["head [head.size]"],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_part_that_differs_from_the_entries_is_named(copy: Copy, name: str) -> None:
    statement, wanted = CHANGES[name]
    copy.change(statement)

    assert copy.told()[1] == wanted


def test_what_waits_in_the_inbox_is_compared_with_its_commitments(copy: Copy) -> None:
    store = SqliteLedger(copy.folder / "ledger.db")
    ((_, whole), *_) = store.waiting(1)
    altered = [structs.replace(section, salt=bytes(32)) for section in whole.sections if section.name == "fact"]
    (ticket,) = store.accept([structs.replace(whole, sections=(*altered, *whole.sections[1:]))])
    store.close()

    assert copy.told() == (Verdict.INVALID, [f"section fact of ticket {ticket} in the inbox [section.commitment]"])


def test_more_than_a_thousand_differences_are_all_told(copy: Copy) -> None:
    copy.change(
        "update payload set salt = zeroblob(32)", "delete from event_id", "update tile set hashes = zeroblob(8192)"
    )
    verdict, found = copy.told()
    kinds = Counter(one.rpartition("[")[2].rstrip("]") for one in found)
    sections = ENTRIES // 4 * 2 + ENTRIES * 3 // 4 * 3

    assert verdict is Verdict.INVALID
    assert kinds == {"section.commitment": sections, "ids.missing": ENTRIES, "tile.hash": 512}


def test_an_event_id_that_two_entries_share_is_found_although_the_table_knows_it_once(copy: Copy) -> None:
    for index in (200, 590):
        copy.change(f"update entry set leaf = (select leaf from entry where pk = 100) where pk = {index}")

    assert [one for one in copy.told()[1] if "duplicate" in one or "ids" in one] == [
        "entry 200 [entry.duplicate]",
        "entry 590 [entry.duplicate]",
        "event id of entry 200 [ids.stray]",
        "event id of entry 590 [ids.stray]",
    ]


@pytest.mark.parametrize("spilled", [False, True])
def test_shared_event_ids_are_found_when_the_table_is_empty(copy: Copy, tmp_path: Path, spilled: bool) -> None:
    copy.change(
        "update entry set leaf = (select leaf from entry where pk = 100) where pk = 590", "delete from event_id"
    )
    with Spilled(tmp_path) as place:
        found = copy.told(lost_ids=place.lost_ids if spilled else in_memory)[1]

    assert [one for one in found if "duplicate" in one] == ["entry 590 [entry.duplicate]"]
    assert list(tmp_path.glob(".audit-*")) == []


@pytest.mark.slow
@pytest.mark.parametrize("damaged", [False, True])
def test_an_audit_of_a_million_entries_takes_no_more_memory_than_one_of_half_a_million(
    tmp_path: Path, damaged: bool
) -> None:
    peaks = {}
    for entries in (500_000, 1_000_000):
        done = subprocess.run(
            [sys.executable, str(MEMORY), str(tmp_path / str(entries)), str(entries), str(int(damaged))],
            capture_output=True,
            text=True,
            check=True,
        )
        differing, peaks[entries] = map(int, done.stdout.split())
        assert differing == (entries if damaged else 0)
    print(f"\npeak resident memory in MiB by entries, damaged {damaged}: {peaks}")

    # By 500,000 entries the two caches of SQLite are full; what is left is the noise of an allocator.
    assert peaks[1_000_000] - peaks[500_000] < 8
