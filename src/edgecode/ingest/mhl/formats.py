"""The hash formats of ASC MHL, from one read of a file, and how hashes of hashes are made (specification 1.0, 6.5.4 and appendix G)."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

import xxhash
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.digests import BLOCK_BYTES, ChangedWhileRead, Mark, NotARegularFile

FORMATS = ("c4", "md5", "sha1", "xxh128", "xxh3", "xxh64")
"""In the order in which the schema wants them (ASCMHL.xsd, HashType); the text of 6.5.4 has the last two the other way."""

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_C4_DIGITS = 88
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_LENGTHS = {"md5": 32, "sha1": 40, "xxh128": 32, "xxh3": 16, "xxh64": 16}


class _Hasher(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...

    def digest(self) -> bytes: ...


_MAKE: Mapping[str, Callable[[], _Hasher]] = {
    "c4": hashlib.sha512,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "xxh128": xxhash.xxh3_128,
    "xxh3": xxhash.xxh3_64,
    "xxh64": xxhash.xxh64,
    "sha256": hashlib.sha256,
}


class FileHashes(Struct, frozen=True):
    """What one read of a file gave: texts by format, SHA-256, size in bytes, and the mark that the file had all along."""

    texts: Mapping[str, str]
    sha256: str
    size: int
    mark: Mark


def hashes_of(path: Path, formats: Iterable[str]) -> FileHashes:
    """Read *path* once. Raises OSError, ChangedWhileRead and NotARegularFile."""
    hashers = {name: _MAKE[name]() for name in ("sha256", *dict.fromkeys(formats))}
    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise NotARegularFile(path)
        mark, total = Mark.of(before), 0
        buffer = memoryview(bytearray(BLOCK_BYTES))
        while total <= mark.size and (count := file.readinto(buffer)):
            for hasher in hashers.values():
                hasher.update(buffer[:count])
            total += count
        if Mark.of(os.fstat(descriptor)) != mark or total != mark.size:
            raise ChangedWhileRead(path)
    texts = {name: text_of(name, hasher.digest()) for name, hasher in hashers.items() if name != "sha256"}
    return FileHashes(texts, hashers["sha256"].digest().hex(), total, mark)


def c4_of(data: bytes) -> str:
    """The C4 id of some bytes (SMPTE ST 2114): ``c4`` and SHA-512 in 88 digits of base 58."""
    return text_of("c4", hashlib.sha512(data).digest())


def text_of(name: str, digest: bytes) -> str:
    """A digest as the format writes it: hexadecimal, and base 58 for C4. Appendix D speaks of base64, its examples are hexadecimal."""
    if name != "c4":
        return digest.hex()
    number, digits = int.from_bytes(digest, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        digits = _BASE58[rest] + digits
    return "c4" + digits.rjust(_C4_DIGITS, _BASE58[0])


def bytes_of(name: str, text: str) -> bytes:
    """A digest's bytes, `text_of` turned round. Raises InputError ``mhl.hash`` for what is none of its format."""
    if not is_hash(name, text):
        raise InputError("mhl.hash", f"a {name} hash of the history is none", "Ask whoever made the history")
    if name != "c4":
        return bytes.fromhex(text)
    number = 0
    for digit in text[2:]:
        number = number * 58 + _BASE58.index(digit)
    return number.to_bytes(64, "big")


def is_hash(name: str, text: str) -> bool:
    """Whether *text* is written as a hash of this format."""
    if name == "c4":
        is_written = len(text) == _C4_DIGITS + 2 and text[:2] == "c4" and all(c in _BASE58 for c in text[2:])
        return is_written and _number(text[2:]) < 1 << 512
    return len(text) == _LENGTHS.get(name, -1) and all(c in "0123456789abcdefABCDEF" for c in text)


def same_hash(name: str, one: str, other: str) -> bool:
    """Whether two texts are one hash: hexadecimal digits may be large or small."""
    return one == other if name == "c4" else one.lower() == other.lower()


def of_hashes(name: str, texts: Iterable[str]) -> str:
    """Appendix G: sort the encoded hashes, put their bytes one behind the other, hash. Of none: the hash of nothing."""
    hasher = _MAKE[name]()
    for text in sorted(texts):
        hasher.update(bytes_of(name, text))
    return text_of(name, hasher.digest())


def named_hash(name: str, called: str, text: str) -> str:
    """Appendix G: the hash of a name in UTF-8 and of the bytes of the named thing's hash, for structure hashes."""
    hasher = _MAKE[name]()
    hasher.update(called.encode("utf-8", "surrogateescape") + bytes_of(name, text))
    return text_of(name, hasher.digest())


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * 58 + _BASE58.index(digit)
    return number
