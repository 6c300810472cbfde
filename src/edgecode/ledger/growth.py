"""Growing the tree of a log: its compact range, and which tiles a batch makes full. No input or output.

Sizes and indexes count entries from zero.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from edgecode.ledger.merkle import EMPTY_ROOT, TILE_HASHES, node_hash, tree_root

Earlier = Callable[[int, int, int], list[bytes]]
"""(level, first, end) to the hashes already at these places of a tile level: leaf hashes at 0, roots of full tiles of level - 1 above."""


class FullTile(NamedTuple):
    """256 hashes of one level, joined, and the root over them."""

    level: int
    number: int
    root: bytes
    hashes: bytes


class Growth(NamedTuple):
    """A tree after entries were added: its size, its compact range (largest subtree first) and the tiles that became full."""

    size: int
    stack: list[bytes]
    tiles: list[FullTile]


def root_of(stack: Sequence[bytes]) -> bytes:
    """The tree's root from its compact range."""
    root = stack[-1] if stack else EMPTY_ROOT
    for subtree in stack[-2::-1]:
        root = node_hash(subtree, root)
    return root


def push(stack: list[bytes], count: int, subtree: bytes) -> None:
    """Add one perfect subtree to a compact range in place; *count*: how many subtrees of that size there are with it."""
    while not count & 1:
        subtree = node_hash(stack.pop(), subtree)
        count >>= 1
    stack.append(subtree)


def integrate(size: int, stack: Sequence[bytes], leaves: Sequence[bytes], earlier: Earlier) -> Growth:
    """The tree of *size* entries with compact range *stack* after the entries with hashes *leaves*.

    *earlier* is asked only for the open part of a tile that becomes full, so a small addition reads nothing.
    """
    end = size + len(leaves)
    tiles = _full_tiles(size, leaves, earlier)
    grown = list(stack)
    if tiles:
        # Below a full tile every subtree is inside it: keep the subtrees of whole tiles, then add tiles, then the open tail.
        grown = grown[: (size >> 8).bit_count()]
        for tile in tiles:
            if tile.level == 0:
                push(grown, tile.number + 1, tile.root)
        size = end & ~0xFF
        leaves = leaves[len(leaves) - (end - size) :]
    for place, leaf in enumerate(leaves, size + 1):
        push(grown, place, leaf)
    return Growth(end, grown, tiles)


def _full_tiles(size: int, leaves: Sequence[bytes], earlier: Earlier) -> list[FullTile]:
    found: list[FullTile] = []
    level, first, hashes = 0, size, list(leaves)
    while (first & 0xFF) + len(hashes) >= TILE_HASHES:
        opened = first & ~0xFF
        if opened < first:
            hashes = earlier(level, opened, first) + hashes
        parts = [hashes[i : i + TILE_HASHES] for i in range(0, len(hashes) - TILE_HASHES + 1, TILE_HASHES)]
        full = [FullTile(level, n, tree_root(part), b"".join(part)) for n, part in enumerate(parts, opened >> 8)]
        found += full
        level, first, hashes = level + 1, opened >> 8, [tile.root for tile in full]
    return found
