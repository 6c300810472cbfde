"""Names and contents of static log files as in c2sp.org/tlog-tiles: tile paths, partial widths, bundles of entries.

Part of the trusted path: standard library only, no input or output.
"""

from typing import Literal, NamedTuple

from edgecode.errors import InvalidError
from edgecode.ledger.merkle import TILE_HASHES


class TileName(NamedTuple):
    """A tile or a bundle of entries; *width* is 256 for a full one."""

    level: int | Literal["entries"]
    number: int
    width: int = TILE_HASHES


def tile_path(name: TileName) -> str:
    """``tile/0/x001/x234/067``, with ``.p/112`` behind it for a partial one."""
    if name.number < 0 or not 0 < name.width <= TILE_HASHES:
        raise ValueError("a tile has a number from 0 and a width of 1 to 256")
    rest = name.number
    parts = [f"{rest % 1000:03d}"]
    while rest := rest // 1000:
        parts.insert(0, f"x{rest % 1000:03d}")
    partial = "" if name.width == TILE_HASHES else f".p/{name.width}"
    return f"tile/{name.level}/{'/'.join(parts)}{partial}"


def width_at(size: int, *, level: int, number: int) -> int:
    """How many hashes tile *number* of *level* has in a tree of *size* entries: 0 to 256."""
    return max(0, min(TILE_HASHES, (size >> 8 * level) - (number << 8)))


def decode_bundle(data: bytes, *, width: int) -> list[bytes]:
    """The *width* entries of a bundle. Raises InvalidError ``tiles.bundle`` when there are more, fewer or half ones."""
    entries: list[bytes] = []
    place = 0
    while place < len(data):
        length = int.from_bytes(data[place : place + 2], "big")
        entries.append(data[place + 2 : place + 2 + length])
        place += 2 + length
    if place != len(data) or len(entries) != width:
        raise InvalidError("tiles.bundle", f"a bundle does not hold exactly {width} whole entries", "Ask for it again")
    return entries
