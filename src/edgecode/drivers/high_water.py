"""The last signed head that this machine saw of a log, in a file of its own: an older ledger put back is noticed by it.

Written without a flush after every append (a power cut may lose the last one, never the file), with one when the record is closed.
"""

import os
from pathlib import Path

from edgecode.drivers.private_files import flush_folder
from edgecode.errors import EdgecodeError, UnavailableError
from edgecode.ledger.notes import Checkpoint, Note

FILE_NAME = "high-water"
_MOST_BYTES = 1 << 16


def keep_high_water(folder: Path, note: bytes, *, flush: bool) -> None:
    """Keep a signed head, unless one of at least its size is there. Raises UnavailableError ``high_water.unwritten``."""
    path = folder / FILE_NAME
    there = high_water(folder)
    if there is not None and _size(there) >= _size(note):
        return
    temporary = path.with_name(f".{FILE_NAME}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(note)
            if flush:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
        if flush:
            flush_folder(folder)
    except OSError as error:
        raise UnavailableError(
            "high_water.unwritten",
            f"{FILE_NAME} cannot be written ({error.strerror}); what was acknowledged is in the record",
            "Make room on the disk and see that the production's folder may be written to",
        ) from error


def high_water(folder: Path) -> bytes | None:
    """The head that was kept; None when there is none that can be read."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError:
        return None


def _size(note: bytes) -> int:
    try:
        return Checkpoint.parse(Note.parse(note).text).size
    except EdgecodeError:
        return -1
