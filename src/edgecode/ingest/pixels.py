"""Pixel digests: SHA-256 of what an EXR's or PNG's pixels are, so that stamping a header does not look like a new picture.

It survives metadata edits, not re-encoding: equal digests prove equal pixels, different ones prove nothing. It is never the
identity. EXR: version flags without long names, of each part the attributes that change what pixels mean, then every byte
from the first chunk on; offset tables and other attributes are left out,
and tables that do not follow from the chunks are refused. PNG: header, palette, color and animation chunks,
pixel data as one stream. Domain lines ``edgecode exr pixels v1`` and ``edgecode png pixels v1``.
"""

import hashlib
from pathlib import Path
from struct import pack, unpack, unpack_from

from edgecode.errors import InputError
from edgecode.ingest.media import exr, png
from edgecode.ingest.media.exr_chunks import chunk_counts, kind_of
from edgecode.ingest.media.window import Window, truncated
from edgecode.terms.cuts import Diagnostic

_EXR_MEANING = frozenset(
    (
        "channels", "chromaticities", "compression", "dataWindow", "displayWindow", "lineOrder", "multiView", "name",
        "pixelAspectRatio", "tiles", "type", "version", "view", "chunkCount",
    )
)  # fmt: skip
_PNG_MEANING = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"cICP",
        b"sBIT",
        b"acTL",
        b"fcTL",
        b"fdAT",
        b"IDAT",
    )
)

_BLOCK = 1 << 20
_ANY_SIZE = 1 << 62


def pixel_digest(path: Path) -> tuple[str, list[Diagnostic]]:
    """The pixel digest in hexadecimal, or "" with the reason: not an EXR or PNG, cut short, or with an incomplete offset table.

    Every chunk is walked first: an unfinished render must not get a name.
    """
    try:
        with Window(path, budget=_ANY_SIZE) as window:
            if window.head.startswith(exr.MAGIC):
                return _exr(window), []
            if window.head.startswith(png.MAGIC):
                return _png(window), []
        return "", [Diagnostic("pixels.not_supported", "pixel digests exist for EXR and PNG only")]
    except InputError as problem:
        return "", [Diagnostic(problem.code, problem.sentence)]
    except OSError as problem:
        return "", [
            Diagnostic("media.unreadable", f"the file cannot be read: {problem.strerror or 'input/output error'}")
        ]
    except (ValueError, IndexError, OverflowError, KeyError):
        return "", [Diagnostic("media.malformed", "its header contradicts its own format")]


def _hash_through(window: Window, digest: "hashlib._Hash", at: int, end: int) -> None:
    while at < end:
        block = window.exactly(at, min(_BLOCK, end - at), "pixels")
        digest.update(block)
        at += len(block)


def _png(window: Window) -> str:
    digest = hashlib.sha256(b"edgecode png pixels v1\n")
    for chunk in png.chunks(window):
        if chunk.kind in _PNG_MEANING:
            if chunk.kind != b"IDAT":  # pieces of IDAT are one stream: writers may cut it anywhere
                digest.update(pack(">I4s", chunk.size, chunk.kind))
            _hash_through(window, digest, chunk.at, chunk.at + chunk.size)
    return digest.hexdigest()


def _exr(window: Window) -> str:
    word, parts, tables = exr.attributes(window)
    meanings = [
        {a.name: window.exactly(a.at, a.size, "attributes") for a in part if a.name in _EXR_MEANING} for part in parts
    ]
    first = _first_chunk(window, word, meanings, tables)
    digest = hashlib.sha256(b"edgecode exr pixels v1\n" + pack("<I", word & ~exr.LONG_NAMES))
    for part, values in zip(parts, meanings, strict=True):
        kept = sorted(
            (a.name.encode(), a.kind.encode("latin-1"), values[a.name]) for a in part if a.name in _EXR_MEANING
        )
        for item in kept:
            for field in item:
                digest.update(pack("<I", len(field)) + field)
        digest.update(b"\0\0\0\0")
    _hash_through(window, digest, first, window.size)
    return digest.hexdigest()


def _first_chunk(window: Window, word: int, meanings: list[dict[str, bytes]], at: int) -> int:
    """Where the first chunk starts. Raises InputError when a chunk is missing, past the end, or before the tables' end, and
    ``pixels.ambiguous`` where the tables would not follow from the chunks."""
    counts = chunk_counts(meanings, word)
    end = at + 8 * sum(counts)
    reached: list[tuple[int, int]] = []
    for values, count in zip(meanings, counts, strict=True):
        table = unpack(f"<{count}Q", window.exactly(at, 8 * count, "offset table"))
        at += 8 * count
        kind = kind_of(values, word)
        before: tuple[int, ...] = ()
        for offset in table:
            if offset < end:
                raise InputError("pixels.incomplete", "its offset table is not whole: the file was not finished")
            lead = 4 if word & exr.MULTI_PART else 0
            reached.append((offset, _chunk_end(window, offset, kind, lead=lead)))
            here = _coordinates(window, offset + lead, kind)
            if here <= before:
                raise _not_one_picture()
            before = here
    reached.sort()
    # Whoever reads follows the tables: bytes that they do not lead to, or lead to twice, would be hashed as other pixels than are seen.
    if [start for start, _ in reached[1:]] + [window.size] != [stop for _, stop in reached]:
        raise _not_one_picture()
    return reached[0][0]


def _not_one_picture() -> InputError:
    return InputError("pixels.ambiguous", "its offset tables lead to its chunks in another order, twice, or not to all")


def _coordinates(window: Window, at: int, kind: str) -> tuple[int, ...]:
    """Where a chunk belongs, in the order of an offset table: its first line, or levels and then row and column of its tile."""
    if kind in ("scanlineimage", "deepscanline"):
        return unpack("<i", window.exactly(at, 4, "pixels"))
    across, down, level_x, level_y = unpack("<4i", window.exactly(at, 16, "pixels"))
    return level_y, level_x, down, across


def _chunk_end(window: Window, offset: int, kind: str, *, lead: int) -> int:
    """Where a chunk ends. Raises InputError ``media.truncated`` for one that the file does not hold."""
    head = window.read(offset, lead + 40)
    if kind == "scanlineimage":
        at, size_at = lead + 8, lead + 4
    elif kind == "tiledimage":
        at, size_at = lead + 20, lead + 16
    else:
        before = lead + (4 if kind == "deepscanline" else 16)
        if len(head) < before + 24:
            raise truncated("pixels")
        table, packed = unpack_from("<QQ", head, before)
        end = int(offset + before + 24 + table + packed)
        if end > window.size:
            raise truncated("pixels")
        return end
    if len(head) < at:
        raise truncated("pixels")
    size = unpack_from("<i", head, size_at)[0]
    if size < 0 or offset + at + size > window.size:
        raise truncated("pixels")
    return int(offset + at + size)
