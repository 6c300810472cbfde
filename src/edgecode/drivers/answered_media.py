"""Which media a hosted service's answer is, whatever type it says: bytes known by their beginning, and archives of them."""

import io
import zipfile
import zlib
from hashlib import sha256
from typing import Literal

from edgecode.ingest.hosted import SentFile
from edgecode.ingest.hosted_bodies import family_of

FileKind = Literal["image", "video", "audio", "other"]
MEMBERS_AT_MOST = 2_000
EXPANDED_BYTES_AT_MOST = 1 << 30
_BLOCK_BYTES = 1 << 16


def kind_of(content_type: str, head: bytes) -> FileKind:
    """Picture, film or sound: by the type that is said, and where that says none of them, by the first bytes."""
    for family in (content_type.partition("/")[0], family_of(head)):
        if family == "image":
            return "image"
        if family == "video":
            return "video"
        if family == "audio":
            return "audio"
    return "other"


def media_of(content_type: str, head: bytes, data: bytes, *, name: str, digest: str) -> tuple[SentFile, ...] | None:
    """The media that an answer is: itself, or the members of an archive. None for neither. *data*: b"" where it was too long to keep."""
    if head.startswith(b"PK\x03\x04"):
        return _members(data) or None
    kind = kind_of(content_type, head)
    return (SentFile(name, digest, kind),) if kind != "other" else None


def _members(data: bytes) -> tuple[SentFile, ...]:
    found = []
    left = EXPANDED_BYTES_AT_MOST
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MEMBERS_AT_MOST:
                return ()
            for entry in entries:
                digest, head = sha256(), b""
                with archive.open(entry) as member:
                    while block := member.read(_BLOCK_BYTES):
                        left -= len(block)
                        if left < 0:
                            return ()
                        head = head or block[:64]
                        digest.update(block)
                kind = kind_of("", head)
                if kind != "other":
                    found.append(SentFile(entry.filename.rpartition("/")[2], digest.hexdigest(), kind))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return ()  # half an archive is not read as if it were all of it
    return tuple(found)
