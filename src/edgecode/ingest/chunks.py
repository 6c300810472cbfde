"""The two formats of a farm's scan: a chunk says which files to read, a part says what was read. Printed and read strictly.

Decided in docs/decisions/0020-farm-watch-spool.md; both lie in users' farms, so their names carry numbers and a change gets another one.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Annotated, Literal, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta, Struct

from edgecode.errors import InputError, RefusedError
from edgecode.ingest.inspection import unpacked
from edgecode.ingest.walk import MediaRoot

PART_FORMAT: Literal["edgecode.chunk-part/1"] = "edgecode.chunk-part/1"
_SIGNED = f"{PART_FORMAT}\n".encode()

Sign = Callable[[bytes], bytes]
Hex32 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Hex64 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Nanoseconds = Annotated[str, Meta(pattern=r"\A-?[0-9]{1,20}\Z", description="decimal text, nanoseconds since 1970")]
Count = Annotated[int, Meta(ge=0, lt=1 << 53)]
Problem = Literal["missing", "changed", "unreadable", "not-a-file"]


class ChunkFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file to read: *path* below the root as percent-encoded bytes, *size* in bytes, and its mtime, both as listed."""

    path: str
    size: Count
    mtime_ns: Nanoseconds

    def __post_init__(self) -> None:
        steps = self.relative.split("/")
        if not self.path or "" in steps or ".." in steps or "\\" in steps or "\0" in self.relative:
            raise ValueError("a path that does not lie below the root")

    @property
    def relative(self) -> str:
        """The path below the root as Python's file functions take it."""
        return relative_of(self.path)


class Chunk(Struct, frozen=True, forbid_unknown_fields=True, tag_field="schema", tag="edgecode.chunk/1"):
    """The manifest of one unit of work. *names*: under which names the tree of the media root *root* is known; *landmarks*: entries at its
    top, percent-encoded, so that another tree in its place is noticed. *number* counts from 1 up to *of*, within *job*."""

    job: Hex32
    number: Annotated[int, Meta(ge=1)]
    of: Annotated[int, Meta(ge=1)]
    root: str
    names: tuple[str, ...]
    landmarks: tuple[str, ...]
    files: tuple[ChunkFile, ...]

    def __post_init__(self) -> None:
        if self.number > self.of:
            raise ValueError("a number beyond the last")


class PartFile(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="line", tag="file"):
    """What became of one file: its digests in the state that *size* and *mtime_ns* name, read at *read_at_ns*; or the *problem* that kept
    it from being read. *header*: what the header says, as the scan's memory keeps it; *makes*: it carries a record of its making, which is
    not in here."""

    path: str
    sha256: Hex64 | None = None
    xxh128: Hex32 | None = None
    size: Count = 0
    mtime_ns: Nanoseconds = "0"
    read_at_ns: Nanoseconds = "0"
    makes: bool = False
    header: str = ""
    problem: Problem | None = None

    def __post_init__(self) -> None:
        if (self.problem is None) != (self.sha256 is not None) or (self.sha256 is None) != (self.xxh128 is None):
            raise ValueError("a file has either both digests or a problem")


class Part(Struct, frozen=True):
    """A part that was judged: the files in the chunk's order, the release that read them, the public key that signed it ("" for none)."""

    files: tuple[PartFile, ...]
    readers: str
    key: str = ""


class PartHead(Struct, frozen=True, forbid_unknown_fields=True, tag_field="line", tag="head"):
    """The first line: the SHA-256 of the manifest's bytes, how many lines of files follow, the release whose readers read."""

    schema: Literal["edgecode.chunk-part/1"]
    manifest: Hex64
    files: Count
    readers: str


class PartEnd(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="line", tag="end"):
    """The last line: the SHA-256 of every byte before it, and the worker's Ed25519 key and signature (hexadecimal) where it has a key."""

    sha256: Hex64
    key: str = ""
    signature: str = ""


PartLine = PartHead | PartFile | PartEnd
"""What a line of a part may be; ``line`` in it says which."""


def relative_of(path: str) -> str:
    """A percent-encoded path as Python's file functions take it."""
    return unquote_to_bytes(path).decode("utf-8", "surrogateescape")


def names_of(root: MediaRoot) -> tuple[str, ...]:
    """The names that a manifest gives a worker to find the tree under, the one here first."""
    return tuple(dict.fromkeys((str(root.path), *root.aliases)))


def printed_chunk(chunk: Chunk) -> bytes:
    """A manifest's bytes; their SHA-256 names it."""
    return msgspec.json.format(msgspec.json.encode(chunk), indent=1) + b"\n"


def read_chunk_file(data: bytes) -> Chunk:
    """The inverse of `printed_chunk`. Raises InputError ``chunk.malformed``."""
    try:
        return msgspec.json.decode(data, type=Chunk)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            "chunk.malformed",
            "the file is no manifest of a chunk (edgecode.chunk/1)",
            "Give one that edgecode scan --emit-chunks wrote",
        ) from error


def digest_of(data: bytes) -> str:
    """What a part names its manifest by."""
    return sha256(data).hexdigest()


def printed_part(
    manifest: bytes, files: Iterable[PartFile], *, readers: str, key: str = "", sign: Sign | None = None
) -> bytes:
    """A part's bytes. *key*: the public key of *sign*, hexadecimal."""
    rows = [msgspec.json.encode(file) for file in files]
    head = msgspec.json.encode(PartHead(PART_FORMAT, digest_of(manifest), len(rows), readers))
    body = b"".join(line + b"\n" for line in (head, *rows))
    digest = sha256(body)
    signature = "" if sign is None else sign(_SIGNED + digest.digest()).hex()
    end = PartEnd(digest.hexdigest(), key if signature else "", signature)
    return body + msgspec.json.encode(end) + b"\n"


def read_part(
    data: bytes, manifest: bytes, chunk: Chunk, *, readers: str | None, signed_by: Sequence[str] = ()
) -> Part:
    """The part that *data* is of the chunk with these bytes, judged whole. *readers*: the release that must have read (None: any);
    *signed_by*: public keys (hexadecimal), one of which must have signed; () asks for none.

    Raises RefusedError: ``part.short``, ``part.altered``, ``part.foreign``, ``part.release``, ``part.unsigned``, ``part.signer``.
    """
    body, end = _ended(data)
    if sha256(body).hexdigest() != end.sha256:
        raise _refused("part.altered", "is not as it was written")
    _judge_signature(end, signed_by)
    first, *rows = body.split(b"\n")[:-1]
    head = _line(first, PartHead)
    if head.manifest != digest_of(manifest):
        raise _refused("part.foreign", "is of another chunk")
    if readers is not None and head.readers != readers:
        raise _refused("part.release", f"was read by release {head.readers[:20]!r}, and this is {readers}")
    files = tuple(_line(row, PartFile) for row in rows)
    if head.files != len(files) or [file.path for file in files] != [file.path for file in chunk.files]:
        raise _refused("part.short", "does not say of every file of the chunk what became of it")
    if any(file.problem is None and unpacked(file.header.encode()) is None for file in files):
        raise _refused("part.altered", "says of headers what no reader of this release says")
    return Part(files, head.readers, end.key)


def _ended(data: bytes) -> tuple[bytes, PartEnd]:
    """The bytes before the last line, and that line."""
    at = data.rfind(b"\n", 0, -1) + 1
    if not data.endswith(b"\n") or not at:
        raise _refused("part.short", "has no end: its worker did not finish")
    try:
        return data[:at], msgspec.json.decode(data[at:], type=PartEnd)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _refused("part.short", "has no end: its worker did not finish") from error


def _judge_signature(end: PartEnd, signed_by: Sequence[str]) -> None:
    if not end.signature:
        if signed_by:
            raise _refused("part.unsigned", "is not signed, and a signature is asked for")
        return
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(end.key))
        key.verify(bytes.fromhex(end.signature), _SIGNED + bytes.fromhex(end.sha256))
    except (ValueError, InvalidSignature) as error:
        raise _refused("part.altered", "has a signature that does not hold") from error
    if signed_by and end.key not in signed_by:
        raise _refused("part.signer", "is signed by a key that was not named")


_Line = TypeVar("_Line")


def _line(data: bytes, of: type[_Line]) -> _Line:
    try:
        return msgspec.json.decode(data, type=of)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused("part.altered", "holds a line that is not of its format") from error


def _refused(code: str, what: str) -> RefusedError:
    return RefusedError(code, f"the part {what}", "Run its chunk's command again, on a machine that you trust")
