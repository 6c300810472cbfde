"""Power cuts under a production's ledger and keys: a workload on a recording disk, then the disks that a cut may leave."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from edgecode.drivers.key_files import FileSigner, create_key_file, open_key_file
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.events.codec import leaf_id
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.ledger.log import Log
from edgecode.ledger.merkle import Growth, root_of
from edgecode.ledger.notes import Checkpoint, Note
from edgecode.ledger.store import Batch, Head, LogStore
from faults.crash_disk import RecordingDisk, crash_states, recording
from faults.fault_counts import Counts
from faults.told import Told, Wrong, judge_folder
from sample_log import ORIGIN, Chance, sealed, step_with_prompt, version_seen

_STEPS = 34
_FILES = ("ledger.db", "keys.db")

Change = Callable[[Told], None]
"""What a moment changes in what was told; kept as facts among the acts, and played again up to the cut."""


class EarlyAcknowledging:
    """A control: a store that says "written" before it has written; the batch goes in with the next call."""

    def __init__(self, store: SqliteLedger) -> None:
        self.store, self.late = store, list[Callable[[], object]]()

    def __getattr__(self, name: str) -> object:
        self.catch_up()
        return getattr(self.store, name)

    def catch_up(self) -> None:
        late, self.late = self.late, []
        for one in late:
            one()

    def append(self, batch: Batch, grow: Callable[[Head], Growth]) -> Growth:
        self.catch_up()
        head = self.store.head()
        assert head is not None
        growth = grow(head)
        self.late.append(lambda: self.store.append(batch, lambda _: growth))
        return growth

    def keep_checkpoint(self, size: int, note: bytes) -> None:
        self.late.append(lambda: self.store.keep_checkpoint(size, note))


@dataclass
class Keeper:
    """Does with a production what edgecode does, and tells the disk what was begun and what was acknowledged."""

    folder: Path
    disk: RecordingDisk
    chance: Chance
    signer: FileSigner
    early: bool = False
    texts: dict[tuple[int, str], tuple[str, bytes]] = field(default_factory=dict)

    def open(self) -> None:
        """Open, or begin, the stores."""
        self.keys = SqliteKeys(self.folder / "keys.db", create=True)
        ledger = SqliteLedger(self.folder / "ledger.db")
        self.ledger: LogStore = EarlyAcknowledging(ledger) if self.early else ledger  # type: ignore[assignment]
        self.log = Log.create(self.ledger, self.signer, origin=ORIGIN)
        self.tell(lambda told: setattr(told, "begun", True))

    def close(self) -> None:
        self.ledger.close()  # type: ignore[attr-defined]
        self.keys.close()

    def tell(self, change: Change) -> None:
        self.disk.tell(change)

    def sealed(self, count: int) -> list[SealedEvent]:
        """Events whose keys were acknowledged."""
        with self.keys.together():
            made = [self.one() for _ in range(count)]
        names = {section.key_id for event in made for section in event.sections if section.key_id}
        self.tell(partial(_keys_made, names=names))
        return made

    def one(self) -> SealedEvent:
        make = step_with_prompt if self.chance.random.random() < 0.3 else version_seen
        return sealed(make(self.chance), self.chance, self.keys, self.signer)

    def append(self, count: int) -> None:
        events = self.sealed(count)
        receipt = self.log.append(events)
        self.acknowledge(events, list(receipt.indexes), receipt.size, receipt.root)

    def acknowledge(self, events: Sequence[SealedEvent], indexes: list[int], size: int, root: bytes) -> None:
        for index, event in zip(indexes, events, strict=True):
            self.texts |= {(index, one.name): (one.key_id, one.data) for one in event.sections if one.name == "text"}
        self.tell(partial(_appended, events=events, indexes=indexes, size=size, root=root))

    def erase(self) -> None:
        """Key first, then sections, as an erasure does."""
        if not self.texts:
            return
        place = self.chance.random.choice(sorted(self.texts))
        key_id, data = self.texts.pop(place)
        key = self.keys.key(key_id)
        assert key is not None
        self.tell(partial(_erasing, place=place, key_id=key_id))
        self.keys.destroy_forever(key_id)
        self.tell(partial(_destroyed, key_id=key_id, key=key))
        self.ledger.erase_forever([place])
        self.tell(partial(_erased, place=place, data=data))

    def reseal(self) -> None:
        """The same plain bytes and salt under another key; here a new name and other bytes stand for it."""
        if not self.texts:
            return
        place = self.chance.random.choice(sorted(self.texts))
        old_id, old = self.texts[place]
        (entry,) = self.ledger.entries(place[0], place[0] + 1)
        (before,) = [one for one in entry.sections if one.name == place[1]]
        after = resealed(before, entry.leaf, self.keys, self.chance, new_id=f"t:{self.chance.id()}")
        self.tell(partial(_keys_made, names={after.key_id}))
        self.tell(partial(_resealing, place=place, either={old_id, after.key_id}))
        self.ledger.reseal([(place[0], after)])
        self.texts[place] = after.key_id, after.data
        self.tell(partial(_resealed, place=place, key_id=after.key_id, old=old))

    def cosign(self) -> None:
        """Keep the head as witnesses would have signed it; the words below it do not matter to the store."""
        note = self.log.checkpoint()
        size = Checkpoint.parse(Note.parse(note).text).size
        note += b"\xe2\x80\x94 guild.example/w1 " + self.chance.bytes(8).hex().encode() + b"\n"
        self.tell(partial(_cosigning, size=size, note=note))
        self.ledger.keep_cosigned(size, note)
        self.tell(partial(_cosigned, size=size, note=note))

    def accept(self) -> None:
        events = self.sealed(self.chance.random.randrange(1, 6))
        self.ledger.accept(events)
        ids = {leaf_id(event.leaf) for event in events}
        self.tell(lambda told: told.accepted.update(ids))

    def drain(self) -> None:
        """What a sequencer does: take what waits into the log, in one transaction."""
        waiting = self.ledger.waiting(100)
        if not waiting:
            return
        events = [event for _, event in waiting]
        batch = Batch(
            [event.leaf for event in events],
            [leaf_id(event.leaf) for event in events],
            [(place, section) for place, event in enumerate(events) for section in event.sections],
            [ticket for ticket, _ in waiting],
        )
        first = self.log.size
        growth = self.ledger.append(batch, lambda head: self.log._grown(head, batch))
        self.log.refresh()
        self.acknowledge(events, list(range(first, growth.size)), growth.size, root_of(growth.stack))

    def freeze(self) -> None:
        self.ledger.freeze(b"evidence for people")
        self.tell(lambda told: setattr(told, "frozen", b"evidence for people"))

    def reopen(self) -> None:
        self.close()
        self.open()


def resealed(
    section: SealedSection, leaf: bytes, keys: SqliteKeys, chance: Chance, *, new_id: str
) -> SealedSection:
    """*section* under a new key, made here."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from edgecode.events.codec import parse_leaf
    from edgecode.people.sealing import NONCE_BYTES, open_section

    parsed = parse_leaf(leaf)
    plain = open_section(parsed, section, keys=keys)
    assert plain is not None
    key, nonce = chance.bytes(32), chance.bytes(NONCE_BYTES)
    keys.create(new_id, key)
    place = parsed.id.encode() + b"\n" + section.name.encode()
    return SealedSection(section.name, section.salt, new_id, nonce + AESGCM(key).encrypt(nonce, plain, place))


# ------------------------------------------------------------------------------------------------ what each moment changes


def _keys_made(told: Told, *, names: set[str]) -> None:
    told.keys |= names


def _appended(told: Told, *, events: Sequence[SealedEvent], indexes: list[int], size: int, root: bytes) -> None:
    told.heads[size] = root
    for index, event in zip(indexes, events, strict=True):
        told.places[leaf_id(event.leaf)] = index
        told.sections |= {(index, one.name): one.key_id for one in event.sections}


def _erasing(told: Told, *, place: tuple[int, str], key_id: str) -> None:
    told.may_be_erased.add(place)
    told.may_be_destroyed.add(key_id)


def _destroyed(told: Told, *, key_id: str, key: bytes) -> None:
    told.destroyed[key_id] = key


def _erased(told: Told, *, place: tuple[int, str], data: bytes) -> None:
    told.erased[place] = data


def _resealing(told: Told, *, place: tuple[int, str], either: set[str]) -> None:
    told.resealed[place] = either


def _resealed(told: Told, *, place: tuple[int, str], key_id: str, old: bytes) -> None:
    told.resealed[place] = {key_id}
    told.replaced.append(old)


def _cosigning(told: Told, *, size: int, note: bytes) -> None:
    if size in told.cosigned:
        told.cosigned[size] = {*told.cosigned[size], note}


def _cosigned(told: Told, *, size: int, note: bytes) -> None:
    told.cosigned[size] = {note}


# ------------------------------------------------------------------------------------------------ the workload and the cuts


def workload(keeper: Keeper, *, steps: int) -> None:
    """Appends of one and of many, heads kept, erasures, resealing, cosigned heads, the inbox, and closing in between."""
    random = keeper.chance.random
    keeper.open()
    keeper.append(1)
    for number in range(steps):
        act = random.choice(
            (
                *[lambda: keeper.append(1)] * 4,
                *[lambda: keeper.append(random.choice((2, 5, 30)))] * 2,
                *[keeper.erase, keeper.reseal, keeper.cosign, keeper.accept, keeper.drain],
            )
        )
        act()
        if number == steps // 3:
            keeper.append(200)
        if number == steps * 2 // 3:
            keeper.reopen()
    keeper.drain()
    if random.random() < 0.3:
        keeper.freeze()
    keeper.close()


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is one: no test here depends on the real disk."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="edgecode-faults-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def power_cuts(
    *, states: int, seed: int = 1, synchronous: str = "", early: bool = False, own_flushes: bool = True, name: str = ""
) -> Counts:
    """Try about *states* disks that a power cut may leave at any moment of one workload. The flags are controls that must fail."""
    counts = Counts(name or "power cut", must_fail=bool(synchronous) or early or not own_flushes)
    with quick_folder() as folder:
        (folder / "run").mkdir()
        signer = create_key_file(folder / "log.key")
        with recording(synchronous=synchronous, own_flushes=own_flushes) as disk:
            workload(Keeper(folder / "run", disk, Chance(seed), signer, early=early), steps=_STEPS)
        told, played = Told(), 0
        for done, files in crash_states(disk.acts, states=states, random=Random(seed)):
            for act in disk.acts[played:done]:
                if act.kind == "told":
                    act.fact(told)  # type: ignore[operator]
            played = done
            _try_state(folder / "cut", files, open_key_file(folder / "log.key"), told, counts, at=done)
    return counts


def _try_state(folder: Path, files: dict[str, bytes], signer: FileSigner, told: Told, counts: Counts, *, at: int) -> None:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    try:
        judge_folder(folder, signer, told)
        counts.add("fine")
    except Wrong as wrong:
        counts.add(wrong.kind, f"after act {at}: {wrong}")
    finally:
        shutil.rmtree(folder)
