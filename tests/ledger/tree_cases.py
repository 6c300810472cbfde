"""Trees for comparing with verifiers of other people: our roots and proofs over leaves that anybody can make again.

Leaf number i is i in four big-endian bytes. Proofs come from `ledger.reader` over a real SQLite store, as they do in use.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.ledger import merkle
from edgecode.ledger.growth import Growth, integrate
from edgecode.ledger.reader import Reader
from edgecode.ledger.store import Batch, Head

EDGES = (1, 2, 3, 127, 128, 129, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537)
"""Sizes at which tiles and subtrees begin and end."""


def leaf(index: int) -> bytes:
    return index.to_bytes(4, "big")


def leaf_hash(index: int) -> bytes:
    return merkle.leaf_hash(leaf(index))


@dataclass(frozen=True)
class Trees:
    """*inclusion*: (index, size), *consistency*: (old, new), each with our proof; *roots* of every size that occurs."""

    leaves: int
    roots: dict[int, bytes]
    inclusion: list[tuple[int, int, list[bytes]]]
    consistency: list[tuple[int, int, list[bytes]]]

    def write(self, path: Path) -> None:
        """As the oracles read it: hashes in hexadecimal, those of a proof joined."""
        given = {
            "leaves": self.leaves,
            "roots": {str(size): root.hex() for size, root in self.roots.items()},
            "inclusion": [[*place, b"".join(proof).hex()] for *place, proof in self.inclusion],
            "consistency": [[*place, b"".join(proof).hex()] for *place, proof in self.consistency],
        }
        path.write_text(json.dumps(given))


def grown_store(leaves: int, random: Random) -> SqliteLedger:
    """A store of so many leaves, appended in batches of random sizes."""
    store = SqliteLedger(":memory:")
    store.create("example.org/edgecode/trees")
    done = 0
    while done < leaves:
        end = min(leaves, done + random.choice([1, 7, 255, 256, 1_000, 5_000]))
        batch = Batch([leaf(i) for i in range(done, end)], [i.to_bytes(16, "big") for i in range(done, end)], ())
        store.append(batch, lambda head, batch=batch: _grown(store, head, batch))
        done = end
    return store


def _grown(store: SqliteLedger, head: Head, batch: Batch) -> Growth:
    def earlier(level: int, first: int, end: int) -> list[bytes]:
        if level:
            return store.tile_roots(level - 1, first, end)
        return merkle.leaf_hashes(store.leaves(first, end))

    return integrate(head.size, head.stack, merkle.leaf_hashes(batch.leaves), earlier)


def trees_of(store: SqliteLedger, *, places: Iterable[tuple[int, int]], pairs: Iterable[tuple[int, int]]) -> Trees:
    """Our proofs for (index, size) *places* and (old, new) *pairs*."""
    reader = Reader(store)
    inclusion = [(index, size, reader.inclusion(index, size)) for index, size in places]
    consistency = [(old, new, reader.consistency(old, new)) for old, new in pairs]
    sizes = {size for _, size, _ in inclusion} | {size for pair in consistency for size in pair[:2]}
    return Trees(store.entry_end(), {size: reader.root(size) for size in sorted(sizes)}, inclusion, consistency)


def every_tree(bound: int) -> Trees:
    """Every entry of every tree, and every pair of trees from one entry on, up to *bound* entries."""
    return trees_of(
        grown_store(bound, Random(bound)),
        places=[(index, size) for size in range(1, bound + 1) for index in range(size)],
        pairs=[(old, new) for new in range(1, bound + 1) for old in range(1, new + 1)],
    )


def large_trees(leaves: int, count: int) -> Trees:
    """*count* entries and *count* pairs of trees up to *leaves* entries: random ones, and around the edges of tiles."""
    random = Random(leaves + count)
    edges = [size for size in EDGES if size <= leaves] + [leaves]

    def size() -> int:
        return random.choice(edges) if random.random() < 0.3 else random.randint(1, leaves)

    places = [(index if index < (n := size()) else random.randrange(n), n) for index in (size() for _ in range(count))]
    pairs = [(min(pair), max(pair)) for pair in ((size(), size()) for _ in range(count))]
    return trees_of(grown_store(leaves, random), places=places, pairs=pairs)
