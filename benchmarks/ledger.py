"""How fast the record takes events, as ratios within one run: ours against a plain INSERT with the same durability, and against pymerkle.

    python benchmarks/ledger.py [--folder DIR] [--rounds 5]

Absolute figures move with the disk and its neighbours; the ratios of one run are what counts. Contenders take turns, and each ratio is
the median over rounds. pymerkle (GPL) is a rival measured here when it is installed, never a dependency.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.key_files import FileSigner
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.events.codec import Leaf, commitment
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.ledger.log import Log
from edgecode.terms.identity import record_id

COMMITS = {1: 1_000, 100: 300, 1_000: 100}
"""Commits per round, by events in a commit: enough for several folds of the write-ahead log into the file, which are part of the cost."""

AIMS = {("ours", 1): 0.65, ("ours", 1_000): 0.50, ("ours v. pymerkle", 1): 1.8}


def events(count: int, *, sections: bool) -> list[SealedEvent]:
    """Events with two sections, in the order of their ids."""
    now = time.time_ns() // 1_000_000
    return [_event(now + place // 16, sections=sections) for place in range(count)]


def _event(ts: int, *, sections: bool) -> SealedEvent:
    parts = {"fact": b'{"media":{"media_class":"still"},"version":"%s"}' % os.urandom(16).hex().encode()}
    parts["bytes"] = b'{"sha256":"%s","size":1048576}' % os.urandom(32).hex().encode()
    salts = {name: os.urandom(32) for name in parts}
    committed = {name: commitment(salts[name], data) for name, data in parts.items()}
    id_ = record_id(ts, os.urandom(10))
    leaf = Leaf(id_, ts, "version.seen/1", "k:0123456789abcdef", (id_,), committed).encode()
    beside = tuple(SealedSection(name, salts[name], "", data) for name, data in parts.items())
    return SealedEvent(leaf, beside if sections else ())


Append = Callable[[list[SealedEvent]], object]


def plain(folder: Path) -> Append:
    """One INSERT for each event, one commit for each batch, WAL and synchronous=FULL."""
    connection = connect(folder / "plain.db", durable=True)
    connection.execute("create table entry(pk integer primary key, leaf blob not null)")

    def append(batch: list[SealedEvent]) -> None:
        connection.execute("begin immediate")
        connection.executemany("insert into entry(leaf) values (?)", [(event.leaf,) for event in batch])
        connection.execute("commit")

    return append


def ours(folder: Path) -> Append:
    """Entries, event ids, tiles and a signed checkpoint."""
    signer = FileSigner(Ed25519PrivateKey.generate())
    return Log.create(SqliteLedger(folder / "ours.db"), signer, origin="bench.example/edgecode/1").append


def pymerkle_default(folder: Path) -> Append | None:
    """pymerkle's SQLite tree as it comes: journal DELETE, one entry at a time."""
    try:
        from pymerkle import SqliteTree
    except ImportError:
        return None
    tree = SqliteTree(str(folder / "pymerkle.db"))

    def append(batch: list[SealedEvent]) -> None:
        for event in batch:
            tree.append_entry(event.leaf)

    return append


def seconds(append: Append, batches: list[list[SealedEvent]]) -> float:
    """How long all batches take."""
    start = time.perf_counter()
    for batch in batches:
        append(batch)
    return time.perf_counter() - start


def measured(folder: Path, *, rounds: int) -> Iterator[tuple[str, int, list[float]]]:
    """(contender, batch, events a second in each round)."""
    for size, commits in COMMITS.items():
        contenders: dict[str, tuple[Append | None, bool]] = {
            "plain": (plain(_new(folder)), False),
            "ours": (ours(_new(folder)), False),
            "ours with sections": (ours(_new(folder)), True),
        }
        if size == 1:
            contenders["pymerkle"] = (pymerkle_default(_new(folder)), False)
        rates: dict[str, list[float]] = {name: [] for name, (append, _) in contenders.items() if append}
        for _ in range(rounds):
            for name in rates:
                append, sections = contenders[name]
                given = events(size * commits, sections=sections)
                batches = [given[i : i + size] for i in range(0, len(given), size)]
                if append:
                    rates[name].append(len(given) / seconds(append, batches))
        yield from ((name, size, found) for name, found in rates.items())


def _new(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where to write; a disk, not a RAM disk")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(
        f"SQLite {apsw.sqlite_lib_version()}, leaves of {len(events(1, sections=False)[0].leaf)} bytes, {given.rounds} rounds"
    )
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        found = {(name, size): rates for name, size, rates in measured(Path(folder), rounds=given.rounds)}
    print(f"{'contender':22}{'batch':>7}{'events/s':>12}{'v. plain':>10}")
    for (name, size), rates in found.items():
        ratio = median(own / base for own, base in zip(rates, found["plain", size], strict=True))
        print(f"{name:22}{size:7}{median(rates):12,.0f}{ratio:10.2f}{_aim(name, size, ratio)}")
    if ("pymerkle", 1) in found:
        pairs = zip(found["ours", 1], found["pymerkle", 1], strict=True)
        ratio = median(own / rival for own, rival in pairs)
        print(f"{'ours v. pymerkle':22}{1:7}{'':12}{ratio:10.2f}{_aim('ours v. pymerkle', 1, ratio)}")
    else:
        print("pymerkle is not installed here: not measured")


def _aim(name: str, size: int, ratio: float) -> str:
    aim = AIMS.get((name, size))
    return "" if aim is None else f"   aim {aim:.2f}: {'met' if ratio >= aim else 'MISSED'}"


if __name__ == "__main__":
    main()
