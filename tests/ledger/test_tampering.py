"""Every class of tampering with the files of a production is found, and the thing that was touched is named."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.key_files import open_key_file
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.ledger import notes
from edgecode.ledger.audit import Audit, audit
from edgecode.ledger.notes import Checkpoint, Note, Signature, VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.reader import Reader
from edgecode.ledger.verify import Verdict
from sample_log import audit_files, new_production

ENTRIES = 600
IN_TILES = 512
TAIL = f"entries {IN_TILES} to {ENTRIES - 1}"


@dataclass(frozen=True)
class Record:
    folder: Path
    key: VerifierKey


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return recorded(tmp_path_factory.mktemp("whole"))


def recorded(folder: Path) -> Record:
    """A production in *folder*, closed."""
    folder.mkdir(exist_ok=True)
    production = new_production(folder)
    events = production.events(ENTRIES)
    for begin, end in ((0, 1), (1, 51), (51, 351), (351, ENTRIES)):
        production.log.append(events[begin:end])
    production.close()
    return Record(production.folder, production.log.key)


class Copy:
    """A copy of the production's files that may be written to at will, with no trigger in the way."""

    def __init__(self, record: Record, folder: Path, random: Random) -> None:
        shutil.copytree(record.folder, folder)
        self.folder, self.random, self.key = folder, random, record.key
        self.ledger = connect(folder / "ledger.db", durable=False)
        self.ledger.pragma("synchronous", 0)
        self.triggers = self.ledger.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
        for name, _ in self.triggers:
            self.ledger.execute(f"drop trigger {name}")

    def flip(self, data: bytes) -> bytes:
        flipped = bytearray(data)
        flipped[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
        return bytes(flipped)

    def entry(self) -> int:
        return self.random.randrange(ENTRIES)

    def leaf(self, index: int) -> bytes:
        return self.ledger.execute("select leaf from entry where pk = ?", (index,)).get

    def set_leaf(self, index: int, leaf: bytes) -> None:
        self.ledger.execute("insert or replace into entry values (?, ?)", (index, leaf))

    def make_room(self, index: int) -> None:
        self.ledger.execute("update entry set pk = -pk - 2 where pk >= ?", (index,))
        self.ledger.execute("update entry set pk = -pk - 1 where pk < 0")

    def note(self) -> bytes:
        return self.ledger.execute("select note from checkpoint").get

    def set_note(self, note: bytes) -> None:
        self.ledger.execute("update checkpoint set note = ?", (note,))

    def section(self, condition: str = "true") -> tuple[int, str, bytes, bytes]:
        rows = self.ledger.execute(
            f"select pk, section, salt, data from payload where {condition} order by pk, section"
        ).fetchall()
        return self.random.choice(rows)

    def audit(self) -> Audit:
        for _, sql in self.triggers:
            self.ledger.execute(sql)
        self.ledger.close()
        return audit_files(self.folder, self.key)


Named = list[set[str]]
"""For each thing that was touched, the objects of which one must be named."""


def there(index: int) -> set[str]:
    """An entry, or, where no full tile covers it, the range that cannot be told apart."""
    return {f"entry {index}"} | ({TAIL} if index >= IN_TILES else set())


def bit_in_entry(copy: Copy) -> Named:
    index = copy.entry()
    copy.set_leaf(index, copy.flip(copy.leaf(index)))
    sections = {f"section {name} of entry {index}" for name in ("fact", "bytes", "place", "text")}
    return [there(index) | (sections if index >= IN_TILES else set())]


def deleted_entry(copy: Copy) -> Named:
    index = copy.entry()
    copy.ledger.execute("delete from entry where pk = ?", (index,))
    return [{f"entry {index}"}]


def inserted_entry(copy: Copy) -> Named:
    index = copy.entry()
    foreign = copy.leaf(0).replace(b'"ts":1', b'"ts":2')
    copy.make_room(index)
    copy.set_leaf(index, foreign)
    return [there(index), {f"entries from {ENTRIES} on"}]


def swapped_entries(copy: Copy) -> Named:
    one, other = copy.random.sample(range(ENTRIES), 2)
    leaves = copy.leaf(one), copy.leaf(other)
    copy.set_leaf(one, leaves[1])
    copy.set_leaf(other, leaves[0])
    tell_tale = {f"section {name} of entry {i}" for name in ("fact", "bytes", "place", "text") for i in (one, other)}
    return [there(one) | tell_tale, there(other) | tell_tale]


def cut_off_tail(copy: Copy) -> Named:
    count = copy.random.randrange(1, 50)
    copy.ledger.execute("delete from entry where pk >= ?", (ENTRIES - count,))
    span = f"entry {ENTRIES - 1}" if count == 1 else f"entries {ENTRIES - count} to {ENTRIES - 1}"
    return [{span}]


def doubled_entry(copy: Copy) -> Named:
    index = copy.random.randrange(ENTRIES - 1)
    leaf = copy.leaf(index)
    copy.make_room(index)
    copy.set_leaf(index, leaf)
    return [{f"entry {index + 1}"}, {f"entries from {ENTRIES} on"}]


def bit_in_tile(copy: Copy) -> Named:
    number = copy.random.randrange(2)
    hashes = copy.ledger.execute("select hashes from tile where pk = ?", (number,)).get
    copy.ledger.execute("update tile set hashes = ? where pk = ?", (copy.flip(hashes), number))
    return [{f"tile 0/{number}"}]


def bit_in_root_of_tile(copy: Copy) -> Named:
    number = copy.random.randrange(2)
    root = copy.ledger.execute("select root from tile where pk = ?", (number,)).get
    copy.ledger.execute("update tile set root = ? where pk = ?", (copy.flip(root), number))
    return [{"tile 1/0"}]


def bit_in_checkpoint(copy: Copy) -> Named:
    copy.set_note(copy.flip(copy.note()))
    return [{"checkpoint", "key"}]


def replaced_size(copy: Copy) -> Named:
    size = ENTRIES + copy.random.choice([-1, 1, -100, 1000])
    copy.set_note(copy.note().replace(b"\n%d\n" % ENTRIES, b"\n%d\n" % size))
    copy.ledger.execute("update log set size = ?", (size,))
    return [{"checkpoint"}]


def signed_by_another_key(copy: Copy) -> Named:
    other = Ed25519PrivateKey.from_private_bytes(copy.random.randbytes(32))
    text = Note.parse(copy.note()).text
    head = Checkpoint.parse(text)
    claims_to_be_ours = copy.random.random() < 0.5
    key = VerifierKey(head.origin, notes.ED25519, other.public_key().public_bytes_raw())
    key_id = copy.key.id if claims_to_be_ours else key.id
    copy.set_note(Note(text, (Signature(head.origin, key_id, other.sign(text.encode())),)).encode())
    return [{"checkpoint"} if claims_to_be_ours else {"key"}]


def appended_unsigned(copy: Copy) -> Named:
    for place in range(copy.random.randrange(1, 5)):
        copy.set_leaf(ENTRIES + place, copy.leaf(place))
    return [{f"entries from {ENTRIES} on"}]


def changed_section(copy: Copy) -> Named:
    index, name, _, data = copy.section()
    copy.ledger.execute("update payload set data = ? where pk = ? and section = ?", (copy.flip(data), index, name))
    return [{f"section {name} of entry {index}"}]


def changed_salt(copy: Copy) -> Named:
    index, name, salt, _ = copy.section()
    copy.ledger.execute("update payload set salt = ? where pk = ? and section = ?", (copy.flip(salt), index, name))
    return [{f"section {name} of entry {index}"}]


def section_moved_to_another_entry(copy: Copy) -> Named:
    one, _, salt, data = copy.section("section = 'place'")
    other = copy.section(f"section = 'place' and pk <> {one}")[0]
    copy.ledger.execute("update payload set salt = ?, data = ? where pk = ? and section = 'place'", (salt, data, other))
    return [{f"section place of entry {other}"}]


def changed_key(copy: Copy) -> Named:
    keys = connect(copy.folder / "keys.db", durable=False)
    keys.pragma("synchronous", 0)
    index, name, *_ = copy.section("key_id like 't:%'")
    key_id = copy.ledger.execute("select key_id from payload where pk = ? and section = ?", (index, name)).get
    keys.execute("update subject_key set dek = ? where key_id = ?", (copy.random.randbytes(32), key_id))
    keys.close()
    return [{f"section {name} of entry {index}"}]


def swapped_keys(copy: Copy) -> Named:
    keys = connect(copy.folder / "keys.db", durable=False)
    keys.pragma("synchronous", 0)
    (one, first), (other, second) = copy.random.sample(
        keys.execute("select key_id, dek from subject_key").fetchall(), 2
    )
    keys.execute("update subject_key set dek = ? where key_id = ?", (second, one))
    keys.execute("update subject_key set dek = ? where key_id = ?", (first, other))
    keys.close()
    rows = copy.ledger.execute("select pk, section from payload where key_id in (?, ?)", (one, other)).fetchall()
    return [{f"section {name} of entry {index}"} for index, name in rows]


CLASSES = [
    bit_in_entry,
    deleted_entry,
    inserted_entry,
    swapped_entries,
    cut_off_tail,
    doubled_entry,
    bit_in_tile,
    bit_in_root_of_tile,
    bit_in_checkpoint,
    replaced_size,
    signed_by_another_key,
    appended_unsigned,
    changed_section,
    changed_salt,
    section_moved_to_another_entry,
    changed_key,
    swapped_keys,
]


def missed(record: Record, tamper: Callable[[Copy], Named], folder: Path, *, mutants: int) -> list[str]:
    """What went unnoticed or unnamed."""
    wrong = []
    for seed in range(mutants):
        copy = Copy(record, folder / str(seed), Random(f"{tamper.__name__} {seed}"))
        named = tamper(copy)
        audit = copy.audit()
        objects = {finding.object for finding in audit.report.findings}
        # A head that only an unknown key has signed shows nothing altered: whose key it is cannot be told.
        due = Verdict.UNVERIFIABLE if objects == {"key"} else Verdict.INVALID
        if audit.verdict is not due or any(not objects & one for one in named):
            wrong.append(
                f"{seed}: {audit.verdict.name}, named {sorted(objects)[:8]}, touched {[sorted(one) for one in named][:8]}"
            )
        shutil.rmtree(copy.folder)
    return wrong


def test_the_untouched_record_has_no_finding_and_every_section_opens(record: Record, tmp_path: Path) -> None:
    audit = Copy(record, tmp_path / "copy", Random(1)).audit()

    assert (audit.verdict, audit.report.findings, set(audit.sections)) == (Verdict.UNWITNESSED, (), {"open"})


@pytest.mark.parametrize("tamper", CLASSES, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_and_the_object_is_named(
    record: Record, tamper: Callable[[Copy], Named], tmp_path: Path
) -> None:
    assert missed(record, tamper, tmp_path, mutants=8) == []


@pytest.mark.slow
@pytest.mark.parametrize("tamper", CLASSES, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_in_thousands_of_ways(
    record: Record, tamper: Callable[[Copy], Named], tmp_path: Path
) -> None:
    assert missed(record, tamper, tmp_path, mutants=360) == []


# ------------------------------------------------------------------------------------------------ what is gone, and said so


def findings(audit: Audit) -> list[str]:
    return [f"{finding} ({finding.verdict.name})" for finding in audit.report.findings]


def test_a_section_that_was_quietly_removed_does_not_look_fine(record: Record, tmp_path: Path) -> None:
    copy = Copy(record, tmp_path / "copy", Random(1))
    copy.ledger.execute("delete from payload where pk = 3 and section = 'text'")

    assert findings(copy.audit()) == ["section text of entry 3: not there, and no erasure covers it (UNVERIFIABLE)"]


def test_a_section_that_no_entry_commits_to_is_found(record: Record, tmp_path: Path) -> None:
    copy = Copy(record, tmp_path / "copy", Random(1))
    copy.ledger.execute("insert into payload values (3, 'terms', zeroblob(32), '', x'7b7d')")

    assert findings(copy.audit()) == ["section terms of entry 3: its entry does not commit to it (INVALID)"]


def test_a_key_that_vanished_is_named_and_a_destroyed_one_is_an_erasure(record: Record, tmp_path: Path) -> None:
    vanished, destroyed = (Copy(record, tmp_path / name, Random(1)) for name in ("vanished", "destroyed"))
    key_id = vanished.ledger.execute("select key_id from payload where pk = 3 and section = 'text'").get
    keys = connect(vanished.folder / "keys.db", durable=True)
    keys.execute("delete from subject_key where key_id = ?", (key_id,))
    keys.close()
    with closing(SqliteKeys(destroyed.folder / "keys.db")) as kept:
        kept.destroy_forever(key_id)

    after = destroyed.audit()

    assert findings(vanished.audit()) == [
        f"key {key_id}: not there, so 1 sealed with it cannot be judged (UNVERIFIABLE)"
    ]
    assert (findings(after), after.verdict, after.sections["erased"]) == ([], Verdict.UNWITNESSED, 1)


def test_a_full_tile_that_is_gone_makes_the_log_unverifiable_not_altered(record: Record, tmp_path: Path) -> None:
    copy = Copy(record, tmp_path / "copy", Random(1))
    copy.ledger.execute("delete from tile where pk = 1")

    assert [line for line in findings(copy.audit()) if line.startswith("tile 0/1")] == [
        "tile 0/1: not there (UNVERIFIABLE)"
    ]


def test_a_signed_head_of_another_history_is_a_divergence(record: Record, tmp_path: Path) -> None:
    signer = open_key_file(record.folder / "log.key")
    head = Checkpoint(record.key.name, 100, bytes(32))
    kept = Note(head.text, (Signature(head.origin, record.key.id, signer.sign(head.text.encode())),)).encode()
    store = SqliteLedger(Copy(record, tmp_path / "copy", Random(1)).folder / "ledger.db")
    report = audit(store, Policy.of_keys(record.key), earlier=[kept]).report

    assert [str(finding) for finding in report.findings] == [
        "checkpoint of 100 entries: it was signed over another history than the log holds"
    ]
    assert report.verdict is Verdict.DIVERGED


def test_heads_signed_earlier_in_the_same_history_are_no_finding(record: Record, tmp_path: Path) -> None:
    store = SqliteLedger(Copy(record, tmp_path / "copy", Random(1)).folder / "ledger.db")
    signer, reader = open_key_file(record.folder / "log.key"), Reader(store)
    heads = [Checkpoint(record.key.name, size, reader.root(size)) for size in (0, 1, 255, 256, 257, 511, 512, 600)]
    kept = [
        Note(head.text, (Signature(head.origin, record.key.id, signer.sign(head.text.encode())),)).encode()
        for head in heads
    ]

    assert audit(store, Policy.of_keys(record.key), earlier=kept).report.findings == ()
