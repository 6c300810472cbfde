"""Where numbers end: a disk that is full, a clock that jumps, the largest leaf, and the sizes at which tiles fill."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.published import publish
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.drivers.world import World
from edgecode.errors import EdgecodeError, UnavailableError
from edgecode.events.codec import MAX_LEAF_BYTES
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.audit import audit
from edgecode.ledger.log import Log
from edgecode.ledger.merkle import consistency_holds, leaf_hashes, tree_root
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import verify_proof
from edgecode.production import Production
from faults.fault_counts import Counts
from faults.keeper import Keeper
from faults.power_loss import quick_folder
from faults.syscall_faults import judge_published
from faults.told import Told, Wrong, judge_stores, keyless, require
from sample_log import ORIGIN, Chance, version_seen

BOUNDARIES = (255, 256, 257, 65_535, 65_536, 65_537)

# ------------------------------------------------------------------------------------------------ a full disk


def full_disks(*, points: int) -> Counts:
    """A disk with room for 0, 1, 2.. further pages, for each of what a keeper does; then there is room again."""
    counts, refused = Counts("disk full after so many pages"), 0
    for room in range(points):
        for act in ("append", "accept", "erase", "reseal", "cosign"):
            with quick_folder() as folder:
                try:
                    refused += _on_a_full_disk(folder, room=room, act=act)
                    counts.add("fine")
                except Wrong as wrong:
                    counts.add(wrong.kind, f"{act} with {room} pages left: {wrong}")
    if not refused:
        counts.add("corrupt", "nothing was refused, so no disk was full")
    return counts


def _on_a_full_disk(folder: Path, *, room: int, act: str) -> bool:
    """Whether the act was refused; it must be refused or done."""
    signer, told = create_key_file(folder / "log.key"), Told()
    keys, ledger = SqliteKeys(folder / "keys.db", create=True), SqliteLedger(folder / "ledger.db")
    keeper = Keeper(lambda: (keys, ledger), signer, Chance(3), lambda change: change(told))
    keeper.open()
    keeper.append(40)
    refused = False
    with _pages_left(ledger, room), _pages_left(keys, room):
        try:
            keeper.append(60) if act == "append" else getattr(keeper, act)()
        except UnavailableError:
            refused = True
    try:
        keeper.append(3)
        judge_stores(ledger, keys, signer, told)
    except EdgecodeError as error:
        raise Wrong("corrupt", f"with room again: {error.code} {error}") from error
    finally:
        ledger.close()
        keys.close()
    return refused


@contextmanager
def _pages_left(store: SqliteLedger | SqliteKeys, room: int) -> Iterator[None]:
    """SQLite's own limit stands for the disk's: it answers SQLITE_FULL in the same places."""
    connection: apsw.Connection = store._connection
    connection.pragma("max_page_count", int(connection.pragma("page_count")) + room)
    try:
        yield
    finally:
        connection.pragma("max_page_count", 1 << 30)


# ------------------------------------------------------------------------------------------------ a clock that jumps


class Jumping:
    """Goes back ten years, leaps a hundred ahead, stands still."""

    def __init__(self) -> None:
        self.now, self.calls = 1_795_000_000_000, 0

    def __call__(self) -> int:
        self.calls += 1
        year = 365 * 86_400_000
        self.now += (1, 0, 0, -10 * year, 100 * year, -90 * year)[self.calls % 6]
        return max(self.now, 0)


def jumping_clock(*, events: int) -> Counts:
    """A production under such a clock: every event is there once, in the order it was recorded, and everything verifies."""
    counts = Counts("events under a clock that goes back and leaps")
    with quick_folder() as folder:
        world, told = World(milliseconds=Jumping()), list[str]()
        Production.create(folder / "show", title="A Show", world=world).close()
        for _ in range(3):
            with Production.open(folder / "show", world=world) as production:
                for number in range(events // 3):
                    made = version_seen(Chance(len(told) + number))
                    told.append(made.fact.version)
                    production.append([made])
        with Production.open(folder / "show", world=world) as production:
            found = [getattr(one.event.fact, "version", "") for one in production.recorded(1)]
            report = audit(production.ledger, Policy.of_keys(production.log.key)).report
        for place, version in enumerate(told):
            counts.add("fine" if found[place] == version else "lost", f"event {place}")
        if report.findings or len(found) != len(told):
            counts.add("corrupt", f"{len(found)} events of {len(told)}; {report.findings[:1]}")
    return counts


# ------------------------------------------------------------------------------------------------ the largest leaf


def largest_leaves() -> Counts:
    """Leaves of 65,535 bytes are recorded, published and proven; one more byte is refused before anything is written."""
    counts = Counts("leaves of 65,534, 65,535 and 65,536 bytes")
    with quick_folder() as folder:
        signer, chance = create_key_file(folder / "log.key"), Chance(6)
        log = Log.create(SqliteLedger(folder / "ledger.db"), signer, origin=ORIGIN)
        for size in (MAX_LEAF_BYTES - 1, MAX_LEAF_BYTES, MAX_LEAF_BYTES + 1):
            before = log.size
            try:
                receipt = log.append([leaf_of(size, chance, signer.actor)])
                publish(log, folder / "published")
                judge_published(log, folder / "published", at_least=log.size)
                (entry,) = log.entries(receipt.first, receipt.first + 1)
                report = verify_proof(log.proof(receipt.first), entry=entry.leaf, policy=Policy.of_keys(log.key))
                right = size <= MAX_LEAF_BYTES and len(entry.leaf) == size and not report.findings
                counts.add("fine" if right else "accepted", f"{size} bytes")
            except EdgecodeError as error:
                right = size > MAX_LEAF_BYTES and log.refresh() == before
                counts.add("fine" if right else "lost", f"{size} bytes: {error}")
    return counts


def leaf_of(size: int, chance: Chance, actor: str) -> SealedEvent:
    """An event whose leaf has that many bytes: references as far as they go, then a long type. Raises NotCanonicalError."""
    refs = tuple(chance.id() for _ in range(size // 39 - 10))
    identity, ts = chance.id(), chance.now
    short = len(_written(actor, identity, refs, ts, ""))
    return SealedEvent(_written(actor, identity, refs, ts, "x" * (size - short)), ())


def _written(actor: str, identity: str, refs: tuple[str, ...], ts: int, padding: str) -> bytes:
    kind = f"a{padding}.b/1"
    listed = ",".join(f'"{ref}"' for ref in refs)
    body = f'"c":{{}},"id":"{identity}","refs":[{listed}],"ts":{ts},"type":"{kind}"'
    return f'{{"actor":"{actor}",{body},"v":1}}'.encode()


# ------------------------------------------------------------------------------------------------ where tiles fill


def tile_boundaries(*, up_to: int) -> Counts:
    """At each size where a tile fills, one before and one behind: roots, proofs, what is published, and the log opened again."""
    counts = Counts("sizes at which tiles fill")
    with quick_folder() as folder:
        signer, chance = create_key_file(folder / "log.key"), Chance(7)
        log = Log.create(SqliteLedger(folder / "ledger.db"), signer, origin=ORIGIN)
        roots: dict[int, bytes] = {}
        for size in (size for size in BOUNDARIES if size <= up_to):
            while log.size < size:
                log.append(keyless(chance, signer, count=min(size - log.size, 5_000)))
            try:
                _judge_size(log, folder, size, roots)
                log = Log.open(SqliteLedger(folder / "ledger.db"), signer)
                require(log.size == size, "another size after reopening")
                counts.add("fine")
            except Wrong as wrong:
                counts.add(wrong.kind, f"{size} entries: {wrong}")
    return counts


def _judge_size(log: Log, folder: Path, size: int, roots: dict[int, bytes]) -> None:
    leaves = [entry.leaf for entry in log.entries()]
    root = tree_root(leaf_hashes(leaves))
    require((len(leaves), log.root) == (size, root), "the root is not that of the entries", kind="corrupt")
    policy = Policy.of_keys(log.key)
    for index in sorted({0, 254, 255, 256, size // 2, size - 2, size - 1} & set(range(size))):
        report = verify_proof(log.proof(index), entry=leaves[index], policy=policy)
        require(not report.findings, f"the proof of entry {index} does not hold", kind="corrupt")
    for old, old_root in roots.items():
        proof = log.consistency(old, size)
        holds = consistency_holds(old_size=old, new_size=size, proof=proof, old_root=old_root, new_root=root)
        require(holds, f"{old} entries are not shown to be the beginning", kind="corrupt")
    roots[size] = root
    publish(log, folder / "published")
    judge_published(log, folder / "published", at_least=size)
    store = SqliteLedger(folder / "ledger.db")
    findings = audit(store, policy).report.findings
    store.close()
    require(not findings, str(findings[:1]), kind="corrupt")
