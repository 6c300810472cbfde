"""Whether a file carries a C2PA manifest, told by its containers alone: the library that reads manifests is asked for no other file."""

import os
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Literal

from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.regular_files import opened_regular

Where = Literal["", "inside", "beside", "remote"]
"""*inside* the file, *beside* it (a ``.c2pa`` file), *remote*: the file only says where it is; "" for nowhere."""

SIDECAR = ".c2pa"
_PARTS_AT_MOST = 20_000
_PACKET_AT_MOST = 1 << 20
_SEARCHED = 1 << 20
_C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # C2PA 2.4, A.5: the uuid box of ISO-BMFF files
_XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_TIFF_MANIFEST, _TIFF_XMP = 0xCD41, 700  # C2PA 2.4, A.3.5
_PROVENANCE = b"provenance"
"""Of ``dcterms:provenance`` in XMP, which names a remote manifest (C2PA 2.4, 11.4)."""


class Carried(Struct, frozen=True):
    """Where a file's manifest is, and the file's media type as its first bytes tell ("" for one that manifests are not embedded in)."""

    where: Where = ""
    media_type: str = ""


def carried(path: Path) -> Carried:
    """Reads at most the heads of the file's parts. Never raises for what a file holds; an unreadable file carries nothing."""
    try:
        with BufferedReader(opened_regular(path)) as file:
            head = file.read(32)
            media_type, looks = _kind(head)
            return Carried(looks(file), media_type) if looks is not None else Carried("", media_type)
    except (OSError, InputError, ValueError, IndexError, OverflowError):
        return Carried()


def sidecars_of(name: str, sidecars: frozenset[str]) -> tuple[str, ...]:
    """The ``.c2pa`` files of *name* among those of its folder: its own name with ``.c2pa`` behind, and in place of its suffix (C2PA 2.4,
    11.4: where a manifest is not embedded)."""
    names = (f"{name}{SIDECAR}", f"{name.rpartition('.')[0]}{SIDECAR}")
    return tuple(one for one in dict.fromkeys(names) if one in sidecars)


def _kind(head: bytes) -> tuple[str, Callable[[BinaryIO], Where] | None]:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", _in_jpeg
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", _in_png
    if head[:4] == b"RIFF":
        kinds = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/avi"}
        return kinds.get(head[8:12], ""), _in_riff if head[8:12] in kinds else None
    if head[4:8] == b"ftyp":
        return _brand(head[8:12]), _in_boxes
    if head.startswith(b"\0\0\0\x0cJXL "):
        return "image/jxl", _in_boxes
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff", _in_tiff
    for magic, media_type in _SEARCHED_KINDS.items():
        if head.startswith(magic):
            return media_type, _in_head
    return "", None


_SEARCHED_KINDS = {
    b"GIF8": "image/gif",
    b"ID3": "audio/mpeg",
    b"fLaC": "audio/flac",
    b"<svg": "image/svg+xml",
    b"<?xml": "image/svg+xml",
    b"%PDF": "application/pdf",
}


def _brand(brand: bytes) -> str:
    kinds = {b"qt  ": "video/quicktime", b"avif": "image/avif", b"M4A ": "audio/mp4"}
    return kinds.get(brand, "image/heic" if brand in (b"heic", b"heix", b"mif1", b"msf1") else "video/mp4")


def _in_jpeg(file: BinaryIO) -> Where:
    """APP11 with a JUMBF box (C2PA 2.4, A.3.1)."""
    found: Where = ""
    file.seek(2)
    for _ in range(_PARTS_AT_MOST):
        marker = file.read(4)
        if len(marker) < 4 or marker[0] != 0xFF or marker[1] == 0xDA:
            break
        size = int.from_bytes(marker[2:]) - 2
        body = file.read(min(size, 1 << 16))
        if marker[1] == 0xEB and body[:2] == b"JP" and b"jumb" in body[:32]:
            return "inside"
        if marker[1] == 0xE1 and body.startswith(b"http://ns.adobe.com/") and _PROVENANCE in body:
            found = "remote"
    return found


def _in_png(file: BinaryIO) -> Where:
    """A caBX chunk (C2PA 2.4, A.3.2)."""
    found: Where = ""
    for name, size in _chunks(file, 8, "big", trailing=4):
        if name == b"caBX":
            return "inside"
        if name == b"iTXt" and _PROVENANCE in file.read(min(size, _PACKET_AT_MOST)):
            found = "remote"
        if name in (b"IEND", b""):
            break
    return found


def _in_riff(file: BinaryIO) -> Where:
    """A C2PA chunk (C2PA 2.4, A.3.6)."""
    found: Where = ""
    for name, size in _chunks(file, 12, "little", padded=True):
        if name == b"C2PA":
            return "inside"
        if name in (b"XMP ", b"_PMX") and _PROVENANCE in file.read(min(size, _PACKET_AT_MOST)):
            found = "remote"
    return found


def _chunks(
    file: BinaryIO, at: int, order: Literal["big", "little"], *, trailing: int = 0, padded: bool = False
) -> Iterator[tuple[bytes, int]]:
    """Name and size of each chunk, the file standing at its body. PNG says the size first, RIFF the name."""
    for _ in range(_PARTS_AT_MOST):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        name, size = (head[4:], head[:4]) if order == "big" else (head[:4], head[4:])
        length = int.from_bytes(size, order)
        yield name, length
        at += 8 + length + trailing + (length & 1 if padded else 0)


def _in_boxes(file: BinaryIO) -> Where:
    found: Where = ""
    at, end = 0, os.fstat(file.fileno()).st_size
    for _ in range(_PARTS_AT_MOST):
        file.seek(at)
        head = file.read(32)
        if len(head) < 8:
            break
        size, kind = int.from_bytes(head[:4]), head[4:8]
        body = 16 if size == 1 else 8
        size = int.from_bytes(head[8:16]) if size == 1 else size or end - at
        if (kind == b"uuid" and head[body : body + 16] == _C2PA_BOX) or kind == b"jumb":
            return "inside"
        if kind == b"uuid" and head[body : body + 16] == _XMP_BOX:
            file.seek(at)
            found = "remote" if _PROVENANCE in file.read(min(size, _PACKET_AT_MOST)) else found
        if size < body:
            break
        at += size
    return found


def _in_tiff(file: BinaryIO) -> Where:
    file.seek(0)
    head = file.read(8)
    order: Literal["big", "little"] = "big" if head[:2] == b"MM" else "little"
    at = int.from_bytes(head[4:8], order)
    found: Where = ""
    for _ in range(100):
        file.seek(at)
        count = int.from_bytes(file.read(2), order)
        entries = file.read(12 * count)
        for first in range(0, len(entries) - 11, 12):
            tag = int.from_bytes(entries[first : first + 2], order)
            if tag == _TIFF_MANIFEST:
                return "inside"
            if tag == _TIFF_XMP:
                size, place = (int.from_bytes(entries[first + i : first + i + 4], order) for i in (4, 8))
                file.seek(place)
                found = "remote" if _PROVENANCE in file.read(min(size, _PACKET_AT_MOST)) else found
        file.seek(at + 2 + 12 * count)
        at = int.from_bytes(file.read(4), order)
        if not at:
            break
    return found


def _in_head(file: BinaryIO) -> Where:
    """Formats whose containers we do not walk: by the words that a manifest store begins with."""
    file.seek(0)
    head = file.read(_SEARCHED)
    return "inside" if b"c2pa" in head.lower() else ""
