"""Steps that fail, or happen and are told as failed: each call of store, keys and signer in turn, over any store.

After the failure the keeper goes on with what comes next, as a program would; then the stores are opened afresh and compared with what
was acknowledged. The idea is Sunlight's (TestSequenceErrors).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from random import Random

from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import UnavailableError
from edgecode.ledger.log import Log
from edgecode.ledger.notes import Checkpoint
from edgecode.ledger.store import CommitUnknownError, LogStore, Signer
from edgecode.people.store import KeyStore
from edgecode.testing.fault_stores import Fault, Faults, RecordingSigner, faulty
from faults.fault_counts import Counts
from faults.keeper import Keeper
from faults.power_loss import EarlyAcknowledging, quick_folder
from faults.told import Told, Wrong, judge_stores, require
from sample_log import Chance

Stores = tuple[KeyStore, LogStore]
Fresh = Callable[[], AbstractContextManager[Callable[[], Stores]]]
"""Room for one trial: within it, a function that opens its stores, as often as it is called."""

WRITES = (
    "append",
    "keep_checkpoint",
    "keep_cosigned",
    "erase_forever",
    "reseal",
    "accept",
    "sign",
    "create",
    "destroy_forever",
)


@contextmanager
def sqlite_room() -> Iterator[Callable[[], Stores]]:
    """Files in a folder of their own."""
    with quick_folder() as folder:
        yield lambda: (SqliteKeys(folder / "keys.db", create=True), SqliteLedger(folder / "ledger.db"))


@contextmanager
def early_room() -> Iterator[Callable[[], Stores]]:
    """A control: a store that says "written" before it has written."""
    with sqlite_room() as stores:

        def early() -> Stores:
            keys, ledger = stores()
            return keys, EarlyAcknowledging(ledger)  # type: ignore[arg-type,return-value]

        yield early


@dataclass
class CarefulSigner(RecordingSigner):
    """Refuses, for good, to sign what is not durable: *durable* reads the size past the store that is being tried."""

    durable: Callable[[], int] = lambda: 0

    def sign(self, message: bytes) -> bytes:
        size = Checkpoint.parse(message.decode()).size
        require(size <= self.durable(), f"{size} entries were signed before they were durable")
        return super().sign(message)


@contextmanager
def _key() -> Iterator[Signer]:
    with quick_folder() as folder:
        yield create_key_file(folder / "log.key")


def signing_too_early() -> Counts:
    """The control: one undisturbed trial over a store that acknowledges before it commits."""
    counts = Counts("control: a store that acknowledges before its commit", must_fail=True)
    with _key() as key:
        try:
            _trial(early_room, key, Faults())
            counts.add("fine")
        except Wrong as wrong:
            counts.add(wrong.kind, str(wrong))
    return counts


def step_failures(fresh: Fresh, *, points: int | None, name: str, seed: int = 1) -> Counts:
    """Let *points* calls fail, one in each trial (None: every call there is)."""
    counts = Counts(name)
    with _key() as key:
        whole = Faults()
        _trial(fresh, key, whole)
        every = [fault for step, calls in whole.calls.items() for fault in _faults_of(step, calls)]
        chosen = every if points is None else _spread(every, points, Random(seed))
        for fault in chosen:
            try:
                _trial(fresh, key, Faults(fault))
                counts.add("fine")
            except Wrong as wrong:
                counts.add(wrong.kind, f"{_words(fault)}: {wrong}")
    return counts


def _faults_of(step: str, calls: int) -> Iterator[Fault]:
    told_unknown = CommitUnknownError("told so by a test")
    told_failed = UnavailableError("ledger.storage_failed", "told so by a test", "Try again")
    for number in range(1, calls + 1):
        for persisted in (False, True) if step in WRITES else (False,):
            yield Fault(step, number, told_failed, persisted)
            if step == "append":
                yield Fault(step, number, told_unknown, persisted)


def _spread(faults: list[Fault], points: int, random: Random) -> list[Fault]:
    """Every kind of step, failed and persisted, before any of them twice."""
    random.shuffle(faults)
    kinds: dict[tuple[str, bool, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.step, fault.persisted, type(fault.error).__name__), []).append(fault)
    rounds = [kind[place] for place in range(points) for kind in kinds.values() if place < len(kind)]
    return rounds[:points]


def _words(fault: Fault) -> str:
    how = "done and told as failed" if fault.persisted else "failed"
    return f"{fault.step} {fault.number} {how} ({type(fault.error).__name__})"


def _trial(fresh: Fresh, key: Signer, faults: Faults) -> None:
    told, failed = Told(), 0
    with fresh() as stores:
        keys, ledger = stores()
        beside = stores()
        signer = CarefulSigner(key, durable=lambda: (beside[1].head() or (0, 0))[1])
        keeper = Keeper(
            lambda: (faulty(keys, faults), faulty(ledger, faults)),
            faulty(signer, faults),
            Chance(5),
            lambda change: change(told),
        )
        try:
            failed = sum(not _done(act) for act in _acts(keeper))
            require(failed <= 1, f"{failed} steps failed although one call did")
        finally:
            _close(keys, ledger, *beside)
        keys, ledger = stores()
        signer.durable = lambda: (ledger.head() or (0, 0))[1]
        try:
            judge_stores(ledger, keys, signer, told)
            _no_fork(Log.open(ledger, signer), signer.messages)
        except UnavailableError as error:
            raise Wrong("corrupt", f"after the failure: {error.code} {error}") from error
        finally:
            _close(keys, ledger)


def _acts(keeper: Keeper) -> list[Callable[[], None]]:
    return [
        lambda: _opened(keeper),
        lambda: keeper.append(1),
        lambda: keeper.append(300),
        lambda: keeper.accept(),
        lambda: keeper.reseal(),
        lambda: keeper.cosign(),
        lambda: keeper.drain(),
        lambda: keeper.erase(),
        lambda: keeper.append(2),
        lambda: keeper.append(1),
    ]


def _opened(keeper: Keeper) -> None:
    """Opening may fail; the next one must not."""
    try:
        keeper.open()
    except UnavailableError:
        keeper.open()


def _done(act: Callable[[], None]) -> bool:
    try:
        act()
    except UnavailableError:
        return False
    return True


def _no_fork(log: Log, messages: list[bytes]) -> None:
    for message in messages:
        head = Checkpoint.parse(message.decode())
        require(head.size <= log.size and log.root_at(head.size) == head.root, f"a fork was signed at {head.size}")


def _close(*stores: object) -> None:
    for one in stores:
        one.close()  # type: ignore[attr-defined]
