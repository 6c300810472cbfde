"""The RFC 6962 SHA-256 tree: hashes, roots, and the checking of inclusion and consistency proofs.

Part of the trusted path: standard library only, no input or output. Sizes and indexes count entries from zero.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
TILE_HASHES = 256
EMPTY_ROOT = sha256(b"").digest()


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


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """Root over any number of hashes."""
    while len(hashes) > 1:
        hashes = pair_up(hashes) + list(hashes[len(hashes) & ~1 :])
    return hashes[0] if hashes else EMPTY_ROOT


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
