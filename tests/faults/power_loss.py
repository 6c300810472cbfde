"""Power cuts under a production's ledger and keys: a workload on a recording disk, then the disks that a cut may leave."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from edgecode.drivers.key_files import FileSigner, create_key_file
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.ledger.growth import Growth
from edgecode.ledger.store import Batch, Head
from edgecode.people.store import KeyStore
from faults.crash_disk import crash_states, recording
from faults.fault_counts import Counts
from faults.keeper import Keeper
from faults.told import Told, Wrong, judge_folder
from sample_log import Chance

_STEPS = 34


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


# ------------------------------------------------------------------------------------------------ the workload and the cuts


def _stores(folder: Path, *, early: bool) -> tuple[KeyStore, SqliteLedger]:
    ledger = SqliteLedger(folder / "ledger.db")
    keys = SqliteKeys(folder / "keys.db", create=True)
    return keys, EarlyAcknowledging(ledger) if early else ledger  # type: ignore[return-value]


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
            workload(
                Keeper(lambda: _stores(folder / "run", early=early), signer, Chance(seed), disk.tell), steps=_STEPS
            )
        told, played = Told(), 0
        for done, files in crash_states(disk.acts, states=states, random=Random(seed)):
            for act in disk.acts[played:done]:
                if act.kind == "told":
                    act.fact(told)  # type: ignore[operator]
            played = done
            _try_state(folder / "cut", files, signer, told, counts, at=done)
    return counts


def _try_state(
    folder: Path, files: dict[str, bytes], signer: FileSigner, told: Told, counts: Counts, *, at: int
) -> None:
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
