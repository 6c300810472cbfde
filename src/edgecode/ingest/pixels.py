"""Pixel digests: SHA-256 of what an EXR's or PNG's pixels are, so that stamping a header does not look like a new picture.

It survives metadata edits, not re-encoding: equal digests prove equal pixels, different ones prove nothing. It is never the
identity. EXR: version flags without long names, of each part the attributes that change what pixels mean, then every byte
from the first chunk on; offset tables and other attributes are left out. PNG: header, palette, color and animation chunks,
pixel data as one stream. Domain lines ``edgecode exr pixels v1`` and ``edgecode png pixels v1``.
"""

import hashlib
from pathlib import Path
from struct import pack, unpack, unpack_from

from edgecode.errors import InputError
from edgecode.ingest.media import exr, png
from edgecode.ingest.media.window import Window, malformed, truncated
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
_ROWS = (1, 1, 1, 16, 32, 16, 32, 32, 32, 256, 256, 32)
"""Rows a chunk, by OpenEXR's number of the compression (none, rle, zips, zip, piz, pxr24, b44, b44a, dwaa, dwab, htj2k256, htj2k32)."""

_CHUNKS_AT_MOST = 4_000_000
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
    """Where the first chunk starts. Raises InputError when a chunk is missing, past the end, or before the tables' end."""
    counts = [_chunk_count(values, word) for values in meanings]
    if sum(counts) > _CHUNKS_AT_MOST:
        raise malformed("it claims more chunks than any picture has")
    end = at + 8 * sum(counts)
    first = window.size
    for values, count in zip(meanings, counts, strict=True):
        table = unpack(f"<{count}Q", window.exactly(at, 8 * count, "offset table"))
        at += 8 * count
        kind = _kind(values, word)
        for offset in table:
            if offset < end:
                raise InputError("pixels.incomplete", "its offset table is not whole: the file was not finished")
            _check_chunk(window, offset, kind, lead=4 if word & exr.MULTI_PART else 0)
            first = min(first, offset)
    return first


def _check_chunk(window: Window, offset: int, kind: str, *, lead: int) -> None:
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
        if offset + before + 24 + table + packed > window.size:
            raise truncated("pixels")
        return
    if len(head) < at:
        raise truncated("pixels")
    size = unpack_from("<i", head, size_at)[0]
    if size < 0 or offset + at + size > window.size:
        raise truncated("pixels")


def _kind(values: dict[str, bytes], word: int) -> str:
    written = values.get("type", b"").split(b"\0")[0].decode("latin-1")
    if written in ("scanlineimage", "tiledimage", "deepscanline", "deeptile"):
        return written
    return "tiledimage" if word & exr.TILED else "scanlineimage"


def _chunk_count(values: dict[str, bytes], word: int) -> int:
    if "chunkCount" in values and len(values["chunkCount"]) == 4:
        return int(max(0, unpack("<i", values["chunkCount"])[0]))
    if len(values.get("dataWindow", b"")) != 16 or len(values.get("compression", b"")) != 1:
        raise malformed("it has no data window")
    left, top, right, bottom = (int(edge) for edge in unpack("<4i", values["dataWindow"]))
    width, height = right - left + 1, bottom - top + 1
    if width <= 0 or height <= 0:
        raise malformed("its data window is empty")
    if _kind(values, word) in ("tiledimage", "deeptile"):
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
