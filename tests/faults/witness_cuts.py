"""Power cuts under a witness: what it told that it signed it must know when power is back, or it could sign a second history."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.drivers.witness_server import Witness
from edgecode.drivers.witness_store import WitnessStore
from edgecode.errors import UnavailableError
from edgecode.ledger.log import Log
from edgecode.ledger.notes import Checkpoint, Note
from edgecode.ledger.policy import Policy
from edgecode.ledger.witness import Request
from faults.bit_flips import ORIGIN, SECONDS, WITNESSES, signer
from faults.crash_disk import crash_states, recording
from faults.fault_counts import Counts
from faults.power_loss import quick_folder
from faults.told import keyless
from sample_log import Chance

_HEADS = 60
_FILE = "witness.db"


def witness_cuts(*, states: int, seed: int = 1, synchronous: str = "", name: str = "") -> Counts:
    """Try about *states* disks that a power cut may leave while a witness signs head after head of a log."""
    counts = Counts(name or "power cut under a witness", must_fail=bool(synchronous))
    bodies = list(_requests(seed))
    with quick_folder() as folder:
        (folder / "run").mkdir()
        with recording(synchronous=synchronous, wal_pages=8) as disk:
            store = WitnessStore.create(folder / "run" / _FILE, key=WITNESSES[0].key)
            witness = _witness(store)
            for number, (size, body) in enumerate(bodies):
                if number == len(bodies) // 2:
                    store.close()
                    store = WitnessStore(folder / "run" / _FILE, key=WITNESSES[0].key)
                    witness = _witness(store)
                if witness.add_checkpoint(body).status == 200:
                    disk.tell(size)
            store.close()
        for done, files in crash_states(disk.acts, states=states, random=Random(seed)):
            sizes = [act.fact for act in disk.acts[:done] if isinstance(act.fact, int)]
            what = _forgot(folder / "cut", files, at_least=max(sizes, default=0))
            counts.add("lost" if what else "fine", f"after act {done}: {what}")
    return counts


def _witness(store: WitnessStore) -> Witness:
    logs = Policy.parse(f"log {_log_key()}\nquorum none\n".encode())
    return Witness(store, WITNESSES[0], lambda: logs, lambda: SECONDS)


def _log_key() -> str:
    return str(Log.create(SqliteLedger(":memory:"), signer("log"), origin=ORIGIN).key)


def _requests(seed: int) -> Iterator[tuple[int, bytes]]:
    """A log that grows, and what is asked of the witness at each head."""
    log, chance, old = Log.create(SqliteLedger(":memory:"), signer("log"), origin=ORIGIN), Chance(seed), 0
    for _ in range(_HEADS):
        log.append(keyless(chance, signer("log"), count=chance.random.randrange(1, 5)))
        yield log.size, Request(old, tuple(log.consistency(old, log.size)), log.checkpoint()).encode()
        old = log.size


def _forgot(folder: Path, files: dict[str, bytes], *, at_least: int) -> str:
    """What the witness no longer knows; "" when it knows everything that it told."""
    folder.mkdir()
    try:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        if not (folder / _FILE).exists():
            return "its file is gone" if at_least else ""
        with closing(WitnessStore(folder / _FILE, key=WITNESSES[0].key)) as store:
            latest = store.latest(ORIGIN)
        size = 0 if latest is None else Checkpoint.parse(Note.parse(latest).text).size
        return "" if size >= at_least else f"it knows of {size} entries and told of {at_least}"
    except UnavailableError as error:
        # Refusing to begin before anything was told costs a key, and no second history.
        return str(error) if at_least or error.code != "witness.state_lost" else ""
    except Exception as error:  # whatever a damaged file leads to: it is counted, not hidden
        return f"{type(error).__name__} {error}"
    finally:
        shutil.rmtree(folder)
