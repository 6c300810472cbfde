"""How many chunks an OpenEXR must have, and whether its offset tables lead to all of them (openexr.com, "OpenEXR File Layout")."""

from collections.abc import Mapping, Sequence
from struct import unpack

from edgecode.ingest.media.window import Window, malformed
from edgecode.terms.cuts import Diagnostic

TILED = 1 << 9
SHAPE = frozenset(("chunkCount", "compression", "dataWindow", "tiles", "type"))
"""The attributes that say how many chunks there are."""

_CHUNKS_AT_MOST = 4_000_000
_OFFSETS_READ = 8_192
_ROWS = (1, 1, 1, 16, 32, 16, 32, 32, 32, 256, 256, 32)
"""Rows a chunk, by OpenEXR's number of the compression (none, rle, zips, zip, piz, pxr24, b44, b44a, dwaa, dwab, htj2k256, htj2k32)."""


def chunk_counts(parts: Sequence[Mapping[str, bytes]], word: int) -> list[int]:
    """How many chunks each part has, by its raw attributes. Raises InputError ``media.malformed``."""
    counts = [_chunk_count(values, word) for values in parts]
    if sum(counts) > _CHUNKS_AT_MOST:
        raise malformed("it claims more chunks than any picture has")
    return counts


def unfinished(window: Window, parts: Sequence[Mapping[str, bytes]], word: int, tables: int) -> list[Diagnostic]:
    """What the offset tables say of pixels that are not there: the file was cut short, or its render never ended.

    *tables*: where they start. Reads at most 8,192 offsets; what is in the chunks nobody looks at.
    """
    count = sum(chunk_counts(parts, word))
    end = tables + 8 * count
    if end > window.size:
        return [_cut_short("the file ends inside its offset table")]
    read = min(count, _OFFSETS_READ)
    offsets = unpack(f"<{read}Q", window.exactly(tables, 8 * read, "offset table"))
    if any(offset < end for offset in offsets):
        return [_cut_short("its offset table is not whole: the file was not finished")]
    if any(offset >= window.size for offset in offsets):
        return [_cut_short("the file ends inside its pixels")]
    return []


def _cut_short(sentence: str) -> Diagnostic:
    return Diagnostic("media.truncated", sentence, effect="approximate")


def kind_of(values: Mapping[str, bytes], word: int) -> str:
    """``scanlineimage``, ``tiledimage``, ``deepscanline`` or ``deeptile``."""
    written = values.get("type", b"").split(b"\0")[0].decode("latin-1")
    if written in ("scanlineimage", "tiledimage", "deepscanline", "deeptile"):
        return written
    return "tiledimage" if word & TILED else "scanlineimage"


def _chunk_count(values: Mapping[str, bytes], word: int) -> int:
    if "chunkCount" in values and len(values["chunkCount"]) == 4:
        return int(max(0, unpack("<i", values["chunkCount"])[0]))
    if len(values.get("dataWindow", b"")) != 16 or len(values.get("compression", b"")) != 1:
        raise malformed("it has no data window")
    left, top, right, bottom = (int(edge) for edge in unpack("<4i", values["dataWindow"]))
    width, height = right - left + 1, bottom - top + 1
    if width <= 0 or height <= 0:
        raise malformed("its data window is empty")
    if kind_of(values, word) in ("tiledimage", "deeptile"):
        return _tile_count(values.get("tiles", b""), width, height)
    code = values["compression"][0]
    return -(-height // (_ROWS[code] if code < len(_ROWS) else 1))


def _tile_count(tiles: bytes, width: int, height: int) -> int:
    if len(tiles) != 9:
        raise malformed("it is tiled and does not say how")
    across, down, mode = unpack("<IIB", tiles)
    if not across or not down:
        raise malformed("its tiles have no size")
    up, level = bool(mode >> 4), mode & 15

    def levels(size: int) -> int:
        return (size - 1).bit_length() + 1 if up else size.bit_length()

    def size_at(size: int, step: int) -> int:
        return max(1, (size + (1 << step) - 1 if up else size) >> step)

    if level == 0:
        sizes = [(width, height)]
    elif level == 1:
        sizes = [(size_at(width, i), size_at(height, i)) for i in range(levels(max(width, height)))]
    else:
        sizes = [(size_at(width, i), size_at(height, j)) for j in range(levels(height)) for i in range(levels(width))]
    return sum(-(-w // across) * -(-h // down) for w, h in sizes)
