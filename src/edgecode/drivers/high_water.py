"""The last signed head that this machine saw of a log, in a file of its own: an older ledger put back is noticed by it.

The file may lie on another disk than the production (`store.high_water`), so that a whole folder put back is noticed too. Written without
a flush after every append (a power cut may lose the last one, never the file), with one when the record is closed.
"""

import os
from pathlib import Path

from edgecode.drivers.private_files import flush_folder
from edgecode.errors import EdgecodeError, UnavailableError
from edgecode.ledger.notes import Checkpoint, Note

FILE_NAME = "high-water"
_MOST_BYTES = 1 << 16


def keep_high_water(path: Path, note: bytes, *, flush: bool) -> None:
    """Keep a signed head, unless one of this log of at least its size is there; that of another log is kept beside, under the end of
    its name. Raises UnavailableError ``high_water.unwritten`` and ``high_water.unread``."""
    there, head = _head(high_water(path) or b""), _head(note)
    if head is None or (there is not None and there.origin == head.origin and there.size >= head.size):
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
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


def tail_of(origin: str) -> str:
    """The random end of a log's name, as it stands in names of files."""
    tail = origin.rpartition("/")[2]
    return "".join(character if character.isalnum() else "-" for character in tail) or "log"


def _head(note: bytes) -> Checkpoint | None:
    try:
        return Checkpoint.parse(Note.parse(note).text)
    except EdgecodeError:
        return None
