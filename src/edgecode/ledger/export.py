"""Which static files a log of a size has, and the bundles of entries among them (c2sp.org/tlog-tiles). No input or output."""

from collections.abc import Iterator, Sequence

from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.tiles import TileName, width_at

CHECKPOINT_PATH = "checkpoint"
MAX_ENTRY_BYTES = 65_535


def tiles_of(size: int) -> Iterator[TileName]:
    """Every tile of hashes of a tree of *size* entries, full ones and the partial one of each level."""
    level = 0
    while count := size >> 8 * level:
        for number in range((count + TILE_HASHES - 1) // TILE_HASHES):
            yield TileName(level, number, width_at(size, level=level, number=number))
        level += 1


def bundles_of(size: int) -> Iterator[TileName]:
    """Every bundle of entries of a log of *size* entries."""
    for number in range((size + TILE_HASHES - 1) // TILE_HASHES):
        yield TileName("entries", number, width_at(size, level=0, number=number))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one behind the other, each after its length in two big-endian bytes."""
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise ValueError(f"an entry has at most {MAX_ENTRY_BYTES} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
