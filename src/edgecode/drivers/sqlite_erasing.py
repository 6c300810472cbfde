"""Overwriting what was deleted from a SQLite file: secure_delete alone does not.

When SQLite spreads rows over pages anew, a page can keep the bytes of rows that moved away in its unused middle; secure_delete only
overwrites a row where it lies when it is deleted (measured: 1 to 6 of 2,000 deleted rows could still be read in the file). So a table
is copied into a fresh one and the old one dropped, which frees, and thereby overwrites, every page it ever had.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import apsw

from edgecode.drivers.patience import READERS_MILLISECONDS
from edgecode.errors import UnavailableError


def flush_file(path: str) -> None:
    """Put what a file holds, and how long it is, on disk. Does nothing when there is no such file; raises OSError."""
    if not path or not Path(path).exists():
        return
    with Path(path).open("rb+") as file:
        os.fsync(file.fileno())


def lay_out_afresh(connection: apsw.Connection, named: Mapping[str, str], *tables: str) -> None:
    """Copy *tables* within the transaction that deleted their rows; needs room for them once more. Queries by name:
    ``set_<table>_aside``, ``schema``, ``bring_<table>_back``."""
    for table in tables:
        connection.execute(named[f"set_{table}_aside"])
        connection.execute(named["schema"])
        connection.execute(named[f"bring_{table}_back"])


def empty_the_log(connection: apsw.Connection, *, busy_milliseconds: int, what: str) -> None:
    """Bring the write-ahead log into the file and cut it to nothing, on disk. Raises UnavailableError ``ledger.residue``."""
    connection.set_busy_timeout(READERS_MILLISECONDS)
    try:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        # SQLite does not flush that cut (wal.c, walCheckpoint): after a power cut the log could be there again with every erased byte.
        flush_file(connection.filename_wal)
    except (apsw.Error, OSError) as error:
        raise UnavailableError(
            "ledger.residue",
            f"{what} erased, but the database's write-ahead log still holds the bytes, because somebody is reading it",
            "End the other edgecode commands of this production, then erase again",
        ) from error
    finally:
        connection.set_busy_timeout(busy_milliseconds)
