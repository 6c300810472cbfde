"""Writes a spool: lines of step/1 in files of one folder, kept until somebody takes them in; what cannot be kept is counted apart.

A line is kept when it is whole on disk. Counts stand in a file of their own with two slots of 512 bytes that are written in turn: it has
its room before the first line has, so a full disk stops no counting, and a write that was torn costs one slot. Decided in
docs/decisions/0020-farm-watch-spool.md.
"""

import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from edgecode.drivers.private_files import flush_folder
from edgecode.errors import UnavailableError

FORMAT = "edgecode.spool-counts/1"
LINES, COUNTS = ".ndjson", ".counts"
PREFIX = "lines-"
LIMIT_BYTES = 1 << 30
LINE_BYTES_AT_MOST = 64 << 20
FILE_BYTES_AT_MOST = 64 << 20
_SLOT_BYTES = 512
_LOOK_AGAIN_AFTER_LINES = 256

Drop = Literal["too-big", "over-limit", "disk-full"]


class DropCounts(Struct, frozen=True, rename="kebab"):
    """How many lines one writer dropped, by reason. *turn* counts up with every write of it."""

    format: str = FORMAT
    turn: int = 0
    too_big: int = 0
    over_limit: int = 0
    disk_full: int = 0

    def by_reason(self) -> dict[str, int]:
        """The counts under the reasons' names."""
        return {"too-big": self.too_big, "over-limit": self.over_limit, "disk-full": self.disk_full}


class SpoolWriter:
    """One writer of a spool folder, with a file of its own; several may write into one folder. Use it as a context manager."""

    def __init__(
        self, folder: Path, *, limit_bytes: int = LIMIT_BYTES, line_bytes_at_most: int = LINE_BYTES_AT_MOST
    ) -> None:
        """Raises UnavailableError ``spool.unwritable`` when not even the counts have room: then nothing was dropped, and nothing kept."""
        self._folder, self._limit_bytes, self._line_bytes_at_most = folder, limit_bytes, line_bytes_at_most
        self._counts = DropCounts()
        self._lines, self._size = -1, 0
        self._since_look = 0
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._name = f"{PREFIX}{os.urandom(8).hex()}"
            self._held = _made(folder / f"{self._name}{COUNTS}")
        except OSError as error:
            raise UnavailableError(
                "spool.unwritable",
                f"the spool cannot be written ({error.strerror or 'input/output error'})",
                "Make room, or give a folder that this user may write; then send the lines again",
            ) from error
        try:
            for _ in range(2):
                self._note(self._counts)
            flush_folder(folder)
        except OSError as error:
            os.close(self._held)
            (folder / f"{self._name}{COUNTS}").unlink(missing_ok=True)
            raise UnavailableError(
                "spool.unwritable",
                f"the spool cannot be written ({error.strerror or 'input/output error'})",
                "Make room, or give a folder that this user may write; then send the lines again",
            ) from error
        self._waiting_bytes = _bytes_in(folder)

    def add(self, line: bytes) -> Drop | None:
        """Keep one line (without its end); None once it is on disk, else why it was dropped, which is counted."""
        data = line.strip() + b"\n"
        reason = self._why_not(data) or self._append(data)
        if reason is not None:
            self._count(reason)
        return reason

    def close(self) -> None:
        """Let go of the files; both stay."""
        self._let_go()
        os.close(self._held)

    def __enter__(self) -> "SpoolWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------ lines

    def _why_not(self, data: bytes) -> Drop | None:
        if len(data) > self._line_bytes_at_most:
            return "too-big"
        self._since_look += 1
        is_over = self._waiting_bytes + len(data) > self._limit_bytes
        if is_over or self._since_look >= _LOOK_AGAIN_AFTER_LINES:
            # Somebody may have cleared what was taken in, and other writers may have filled the folder.
            self._waiting_bytes, self._since_look = _bytes_in(self._folder), 0
        return "over-limit" if self._waiting_bytes + len(data) > self._limit_bytes else None

    def _append(self, data: bytes) -> Drop | None:
        is_written = False
        try:
            if self._lines < 0 or self._size + len(data) > FILE_BYTES_AT_MOST:
                self._next_file()
            _write_all(self._lines, data)
            is_written = True
            os.fsync(self._lines)
        except OSError:
            self._take_back(is_written=is_written)
            return "disk-full"
        self._size += len(data)
        self._waiting_bytes += len(data)
        return None

    def _next_file(self) -> None:
        self._let_go()
        number = 0
        while True:
            path = self._folder / f"{self._name}{f'-{number}' if number else ''}{LINES}"
            try:
                # At the end, wherever that is after a half line was taken back.
                self._lines, self._size = _made(path, os.O_APPEND), 0
                break
            except FileExistsError:
                number += 1
        flush_folder(self._folder)

    def _take_back(self, *, is_written: bool) -> None:
        """What is half written is no line. Where that cannot be undone, and where somebody may have read the line already because only its
        flush failed, the file is left and the next line begins another: nobody's place in it may move."""
        if self._lines < 0:
            return
        try:
            os.ftruncate(self._lines, self._size)
        except OSError:
            is_written = True
        if is_written:
            with suppress(OSError):
                self._let_go()

    def _let_go(self) -> None:
        if self._lines >= 0:
            held, self._lines = self._lines, -1
            os.close(held)

    # ------------------------------------------------------------------------------------------ counts

    def _count(self, reason: Drop) -> None:
        field = reason.replace("-", "_")
        self._counts = msgspec.structs.replace(self._counts, **{field: getattr(self._counts, field) + 1})
        with suppress(OSError):
            self._note(self._counts)

    def _note(self, counts: DropCounts) -> None:
        self._counts = msgspec.structs.replace(counts, turn=counts.turn + 1)
        os.lseek(self._held, self._counts.turn % 2 * _SLOT_BYTES, os.SEEK_SET)
        _write_all(self._held, _slot(self._counts))
        os.fsync(self._held)


def drops_in(data: bytes) -> DropCounts | None:
    """The newest whole slot of a file of counts; None when there is none."""
    slots = (_counts_in(data[at : at + _SLOT_BYTES]) for at in (0, _SLOT_BYTES))
    return max((found for found in slots if found is not None), key=lambda found: found.turn, default=None)


def is_held(path: Path) -> bool:
    """Whether the writer of a file still has it open. Where files cannot be locked, every file is."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _slot(counts: DropCounts) -> bytes:
    text = msgspec.json.encode(counts)
    return b"%s %08x" % (text.ljust(_SLOT_BYTES - 10), zlib.crc32(text)) + b"\n"


def _counts_in(slot: bytes) -> DropCounts | None:
    text = slot[: _SLOT_BYTES - 10].rstrip(b" ")
    try:
        found = msgspec.json.decode(text, type=DropCounts)
        is_whole = int(slot[_SLOT_BYTES - 9 : -1], 16) == zlib.crc32(text)
    except (msgspec.DecodeError, ValueError):
        return None
    return found if is_whole and found.format == FORMAT else None


def _made(path: Path, flags: int = 0) -> int:
    """A new file of this writer's own, held as long as it is open. Raises OSError."""
    flags |= os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _write_all(descriptor: int, data: bytes) -> None:
    """Raises OSError; a write that stops half way is tried on until the system says why."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _bytes_in(folder: Path) -> int:
    """How large the spool is: every file of lines, taken in or not."""
    total = 0
    with suppress(OSError):
        for path in folder.iterdir():
            if path.suffix in (LINES, ".jsonl"):
                with suppress(OSError):
                    total += path.stat().st_size
    return total
