"""Roots and proofs at any size of a log, from its full tiles and its tail; inner hashes of recently used tiles are remembered."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Protocol

from edgecode.errors import InvalidError
from edgecode.ledger.growth import root_of
from edgecode.ledger.merkle import HASH_BYTES, TILE_HASHES, leaf_hash, pair_up, split_hashes
from edgecode.ledger.tiles import width_at

_REMEMBERED_TILES = 512
"""16 KB each, 8 MB in all."""


class Tree(Protocol):
    """What a tree is computed from; every LogStore is one, and a published folder."""

    def leaves(self, first: int, end: int) -> list[bytes]:
        """The entries with *first* <= index < *end*, without gaps."""

    def tile(self, level: int, number: int) -> bytes | None:
        """The 256 hashes of a full tile; None when it is not there."""

    def tile_roots(self, level: int, first: int, end: int) -> list[bytes]:
        """The roots of the full tiles of a level, *first* <= number < *end*."""


class Reader:
    """Computes what a log's tree says of itself. Sizes beyond what is stored raise InvalidError."""

    def __init__(self, store: Tree) -> None:
        self._store = store
        self._remembered: OrderedDict[tuple[int, int, int], list[list[bytes]]] = OrderedDict()

    def root(self, size: int) -> bytes:
        """The root over the first *size* entries."""
        return self._over(0, size, size)

    def stack(self, size: int) -> list[bytes]:
        """The compact range of the first *size* entries, largest subtree first."""
        return [self._perfect(level, number, size) for level, number in _perfect_subtrees(0, size)]

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that entry *index* is in the tree of *size* entries, leaf side first (RFC 9162 2.1.3.1)."""
        if not 0 <= index < size:
            raise ValueError(f"entry {index} is not in a tree of {size}")
        first, end, proof = 0, size, list[bytes]()
        while end - first > 1:
            middle = first + _largest_power_below(end - first)
            if index < middle:
                proof.append(self._over(middle, end, size))
                end = middle
            else:
                proof.append(self._over(first, middle, size))
                first = middle
        return proof[::-1]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the tree of *new* entries begins with that of *old* (RFC 9162 2.1.4.1)."""
        if not 0 <= old <= new:
            raise ValueError(f"{old} entries are not the beginning of {new}")
        if old == 0:
            return []
        first, end, proof, whole = 0, new, list[bytes](), True
        while old != end:
            middle = first + _largest_power_below(end - first)
            if old <= middle:
                proof.append(self._over(middle, end, new))
                end = middle
            else:
                proof.append(self._over(first, middle, new))
                first, whole = middle, False
        if not whole:
            proof.append(self._over(first, end, new))
        return proof[::-1]

    def hashes(self, level: int, number: int, size: int) -> list[bytes]:
        """The hashes of a tile, full or partial, as it is in the tree of *size* entries."""
        return self._inner(level, number, size)[0]

    def _over(self, first: int, end: int, size: int) -> bytes:
        return root_of([self._perfect(level, number, size) for level, number in _perfect_subtrees(first, end)])

    def _perfect(self, level: int, number: int, size: int) -> bytes:
        tile_level, height = divmod(level, 8)
        inner = self._inner(tile_level, number << height >> 8, size)
        return inner[height][number & ((TILE_HASHES >> height) - 1)]

    def _inner(self, level: int, number: int, size: int) -> list[list[bytes]]:
        width = width_at(size, level=level, number=number)
        key = (level, number, width)
        known = self._remembered.get(key)
        if known is None:
            known = [self._stored(level, number, width)]
            for _ in range(8):
                known.append(pair_up(known[-1]))
            self._remembered[key] = known
            if len(self._remembered) > _REMEMBERED_TILES:
                self._remembered.popitem(last=False)
        else:
            self._remembered.move_to_end(key)
        return known

    def _stored(self, level: int, number: int, width: int) -> list[bytes]:
        first = number * TILE_HASHES
        if width == TILE_HASHES:
            joined = self._store.tile(level, number)
            found = [] if joined is None or len(joined) != TILE_HASHES * HASH_BYTES else split_hashes(joined)
        elif level == 0:
            found = [leaf_hash(leaf) for leaf in self._store.leaves(first, first + width)]
        else:
            found = self._store.tile_roots(level - 1, first, first + width)
        if len(found) != width or not width:
            raise InvalidError(
                "ledger.material_missing", f"tile {level}/{number} of the log is not whole", "Run: edgecode log verify"
            )
        return found


def _largest_power_below(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _perfect_subtrees(first: int, end: int) -> Iterator[tuple[int, int]]:
    """The largest aligned subtrees over [first, end): (level, place on that level), left to right."""
    while first < end:
        level = (end - first).bit_length() - 1
        if first:
            level = min(level, (first & -first).bit_length() - 1)
        yield level, first >> level
        first += 1 << level
