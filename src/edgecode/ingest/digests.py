"""SHA-256 and xxh128 of a file from one read, bound to the state the file was in while it was read."""

import os
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import xxhash
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.terms.places import readable

BLOCK_BYTES = 1 << 20
RACY_NANOSECONDS = 2_000_000_000
"""FAT and exFAT count time in steps of two seconds: a file changed that shortly before it was read may change unseen."""

_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Mark(Struct, frozen=True):
    """What tells a file from a changed one without reading it. *size* in bytes, times in nanoseconds since 1970."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Mark":
        """The mark in what `os.stat` says."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def is_settled(self, read_at_ns: int) -> bool:
        """Whether a later change must show: the file was last touched more than two seconds before it was read."""
        return read_at_ns - max(self.mtime_ns, self.ctime_ns) > RACY_NANOSECONDS

    def is_same_file(self, other: "Mark", *, weak: bool = False) -> bool:
        """Whether nothing moved. *weak*: size and mtime alone, for shares that make up inodes or ctimes."""
        if weak:
            return (self.size, self.mtime_ns) == (other.size, other.mtime_ns)
        return self == other


class Digests(Struct, frozen=True):
    """Both digests in bytes, the size in bytes, and the mark the file had before and after the read."""

    sha256: bytes
    xxh128: bytes
    size: int
    mark: Mark


class ChangedWhileRead(InputError):
    """A file that changed while it was read has no digest."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            "file.changed_while_read",
            f"{readable(str(path))} changed while it was read",
            "Scan again when it is written",
        )


class NotARegularFile(InputError):
    """A pipe, socket or device has no content of its own."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            "file.not_regular", f"{readable(str(path))} is a pipe, socket or device", "Give the path of a file"
        )


def digests(path: Path | str, advance: Callable[[int], None] | None = None) -> Digests:
    """Read *path* once. *advance* hears of every block in bytes and may raise to stop.

    Raises OSError, ChangedWhileRead (size, times or inode moved during the read) and NotARegularFile.
    """
    # Not blocking on open: a pipe that took a file's name must not hang the scan. Regular files do not notice.
    descriptor = os.open(path, _FLAGS)
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise NotARegularFile(path)
        mark = Mark.of(before)
        strong, quick, total = _read_through(descriptor, mark.size, advance)
        if Mark.of(os.fstat(descriptor)) != mark or total != mark.size:
            raise ChangedWhileRead(path)
        return Digests(strong, quick, total, mark)
    finally:
        os.close(descriptor)


def _read_through(descriptor: int, expected: int, advance: Callable[[int], None] | None) -> tuple[bytes, bytes, int]:
    """SHA-256, xxh128 and the count of bytes up to the end. hashlib and xxhash release the GIL, so threads add up.

    Stops once there is more than *expected*: a recording that still runs would never end.
    """
    strong, quick, total = sha256(), xxhash.xxh3_128(), 0
    with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as file:
        buffer = memoryview(bytearray(BLOCK_BYTES))
        while total <= expected and (count := file.readinto(buffer)):
            block = buffer[:count]
            strong.update(block)
            quick.update(block)
            total += count
            if advance is not None:
                advance(count)
    return strong.digest(), quick.digest(), total
