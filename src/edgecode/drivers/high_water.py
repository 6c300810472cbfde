"""The last signed head that this machine saw of a log, in a file of its own: an older ledger put back is noticed by it.

The file may lie on another disk than the production (`store.high_water`), so that a whole folder put back is noticed too. Written without
a flush after every append (a power cut may lose the last one, never the file), with one when the record is closed.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path

from edgecode.drivers.private_files import flush_folder
from edgecode.errors import EdgecodeError, UnavailableError
from edgecode.ledger.notes import Checkpoint, Note

FILE_NAME = "high-water"
HEADS = "heads"
"""The file of earlier signed heads in the state folder."""
_BETWEEN_HEADS = 64
_MOST_BYTES = 1 << 16


def keep_high_water(path: Path, note: bytes, *, flush: bool) -> None:
    """Keep a signed head, unless one of this log of at least its size is there; that of another log is kept beside, under the end of
    its name. Raises UnavailableError ``high_water.unwritten`` and ``high_water.unread``."""
    there, head = _head(high_water(path) or b""), _head(note)
    if head is None or (there is not None and there.origin == head.origin and there.size >= head.size):
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        if there is not None and there.origin != head.origin:
            path.replace(path.with_name(f"{path.name}.{tail_of(there.origin)}"))
        with temporary.open("wb") as file:
            file.write(note)
            if flush:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
        if flush:
            flush_folder(path.parent)
    except OSError as error:
        raise UnavailableError(
            "high_water.unwritten",
            f"{path.name} cannot be written ({error.strerror}); what was acknowledged is in the record",
            "Make room on the disk and see that its folder (store.high_water) is there and may be written to",
        ) from error


def high_water(path: Path) -> bytes | None:
    """The head that was kept; None when there is none yet.

    Raises UnavailableError ``high_water.unread`` when its folder is not there or it cannot be read: what it knows cannot be asked.
    """
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        if isinstance(error, FileNotFoundError) and path.parent.is_dir():
            return None
        raise UnavailableError(
            "high_water.unread",
            f"{path.name} cannot be read ({error.strerror}), so it cannot be told whether the ledger here is the newest",
            "Mount the disk that store.high_water names, or see that the file may be read",
        ) from error


def note_head(path: Path, note: bytes, *, last: int) -> int:
    """Add a signed head to those kept in *path*, unless hardly anything came since the size *last*; returns the size of the last one there.

    Between two of them lies at most a 64th of the log, so that the file grows with the logarithm of its size. They are a help when a
    ledger is damaged, so a disk that is full is no error.
    """
    head = _head(note)
    if head is None or head.size < last + max(1, last // _BETWEEN_HEADS):
        return last
    try:
        with path.open("ab") as file:
            file.write(note.hex().encode() + b"\n")
    except OSError:
        return last
    return head.size


def noted_heads(path: Path) -> list[bytes]:
    """The signed heads that `note_head` kept, oldest first; a line that was cut off in a crash is passed over."""
    try:
        lines = path.read_text("ascii", "replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        with suppress(ValueError):
            found.append(bytes.fromhex(line))
    return found


def last_noted(path: Path, origin: str) -> int:
    """The size of the last head of a log that `note_head` kept; 0 when there is none."""
    heads = (_head(note) for note in reversed(noted_heads(path)))
    return next((head.size for head in heads if head is not None and head.origin == origin), 0)


def tail_of(origin: str) -> str:
    """The random end of a log's name, as it stands in names of files."""
    tail = origin.rpartition("/")[2]
    return "".join(character if character.isalnum() else "-" for character in tail) or "log"


def _head(note: bytes) -> Checkpoint | None:
    try:
        return Checkpoint.parse(Note.parse(note).text)
    except EdgecodeError:
        return None
