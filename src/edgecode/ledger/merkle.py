"""The RFC 6962 SHA-256 tree: hashes, compact ranges, full tiles, and the checking of inclusion and consistency proofs.

Part of the trusted path: standard library only, no input or output. Sizes and indexes count entries from zero.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

HASH_BYTES = 32
TILE_HASHES = 256
EMPTY_ROOT = sha256(b"").digest()

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


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one log entry."""
    # RFC 6962 2.1: leaves and nodes are hashed with different first bytes, or a node could be passed off as a leaf.
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Hashes of log entries, in order."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def split_hashes(joined: bytes) -> list[bytes]:
    """The hashes in a tile or a stored compact range."""
    return [joined[i : i + HASH_BYTES] for i in range(0, len(joined), HASH_BYTES)]


def pair_up(hashes: Sequence[bytes]) -> list[bytes]:
    """The next inner level: one node for every two hashes; an odd last one is left out."""
    pairs = iter(hashes)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Root over 1, 2, 4 … hashes."""
    while len(hashes) > 1:
        hashes = pair_up(hashes)
    return hashes[0]


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
        full = [FullTile(level, n, perfect_root(part), b"".join(part)) for n, part in enumerate(parts, opened >> 8)]
        found += full
        level, first, hashes = level + 1, opened >> 8, [tile.root for tile in full]
    return found


def inclusion_holds(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether *proof* shows that the entry with hash *leaf* stands at *index* in the tree of *size* entries with *root*."""
    # RFC 9162 2.1.3.2, with the length settled beforehand. Without the check of 32 bytes an empty root would pass for an empty leaf.
    if not 0 <= index < size or any(len(item) != HASH_BYTES for item in (leaf, root, *proof)):
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        return False
    for level, sibling in enumerate(proof):
        right = level >= inner or index >> level & 1
        leaf = node_hash(sibling, leaf) if right else node_hash(leaf, sibling)
    return leaf == root


def consistency_holds(
    *, old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether *proof* shows that the tree of *new_size* entries begins with the whole tree of *old_size* entries."""
    if not 0 <= old_size <= new_size or any(len(item) != HASH_BYTES for item in (old_root, new_root, *proof)):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    # RFC 9162 2.1.4.2, steps 1-7. A power of two is its own subtree, so its root is left out of the proof (step 2).
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        return False
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:  # step 4
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]  # step 5
    for sibling in path[1:]:  # step 6
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(sibling, fr), node_hash(sibling, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root  # step 7
