"""Opening SQLite files, and reading the named queries that belong to them. The only module that decides pragmas.

SQLite before 3.51.3 can lose committed data in WAL mode when two connections meet (sqlite.org/changes.html, 3.51.3: "WAL-reset bug"),
so an older library is refused and the standard library's own is never used.
"""

import os
import re
from functools import cache
from importlib import resources
from pathlib import Path

import apsw

from edgecode.drivers.patience import TURN_MILLISECONDS
from edgecode.errors import UnavailableError

OLDEST_SQLITE = (3, 51, 3)
_CACHE_KIBIBYTES = 65_536
_CHECKPOINT_PAGES = 4_000

_QUERY = re.compile(r"^-- name: ([a-z][a-z0-9_]*)\s*$", re.MULTILINE)


def connect(path: str | Path, *, durable: bool, read_only: bool = False, in_one_file: bool = False) -> apsw.Connection:
    """A connection to the SQLite file at *path* (``:memory:`` for none), created when absent, in WAL mode.

    *durable*: every commit is on disk before it returns (synchronous=FULL) and deleted bytes are overwritten (secure_delete).
    Not durable: a power cut may lose the last commits, never the file (synchronous=NORMAL).
    *read_only*: the file is neither made nor written, and its folder may be one that cannot be written to.
    *in_one_file*: no write-ahead log; between transactions the file alone is whole, at the price of slower commits.
    Raises UnavailableError ``sqlite.too_old`` and ``sqlite.unopened``.
    """
    _refuse_old_library()
    try:
        connection = _opened_to_read(Path(path)) if read_only else apsw.Connection(str(path))
        connection.set_busy_timeout(TURN_MILLISECONDS)
        for pragma in _READING if read_only else _pragmas(durable=durable, in_one_file=in_one_file):
            connection.pragma(*pragma)
        if read_only:
            connection.pragma("schema_version")
    except (apsw.Error, OSError) as error:
        raise UnavailableError(
            "sqlite.unopened",
            f"the database {Path(path).name} cannot be opened: {type(error).__name__}",
            "Check that the folder exists, is on a local disk, has room and may be "
            + ("read" if read_only else "written to"),
        ) from error
    return connection


def _opened_to_read(path: Path) -> apsw.Connection:
    log = path.with_name(f"{path.name}-wal")
    # Where nothing can be written SQLite cannot keep its lock files. A file without a log beside it is whole as it lies;
    # one with a log is being written by somebody, or was left so, and needs the lock file that lies beside it.
    as_it_lies = not os.access(path.parent, os.W_OK) and not (log.is_file() and log.stat().st_size)
    url = f"{path.resolve().as_uri()}?mode=ro{_NOBODY_WRITES if as_it_lies else ''}"
    return apsw.Connection(url, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)


_NOBODY_WRITES = "&im" + "mutable=1"
"""In pieces, because it is SQLite's word (sqlite.org/uri.html) and none that we say of a record."""

_READING: list[tuple[str, str | int]] = [("cache_size", -_CACHE_KIBIBYTES), ("temp_store", "MEMORY")]


def _pragmas(*, durable: bool, in_one_file: bool) -> list[tuple[str, str | int]]:
    # EXTRA flushes the folder too: a rollback journal that came back after a power cut would undo what was committed.
    full = "EXTRA" if in_one_file else "FULL"
    return [
        ("journal_mode", "DELETE" if in_one_file else "WAL"),
        ("synchronous", full if durable else "NORMAL"),
        ("secure_delete", 1 if durable else 0),
        ("foreign_keys", 1),
        ("wal_autocheckpoint", _CHECKPOINT_PAGES),
        ("cache_size", -_CACHE_KIBIBYTES),
        ("temp_store", "MEMORY"),
    ]


def _refuse_old_library() -> None:
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split(".")[:3])
    if version < OLDEST_SQLITE:
        raise UnavailableError(
            "sqlite.too_old",
            f"SQLite {apsw.sqlite_lib_version()} can lose committed data; 3.51.3 or later is needed",
            "Install a newer apsw",
        )


@cache
def queries(name: str) -> dict[str, str]:
    """The named queries of ``drivers/sql/<name>.sql``: ``-- name: closure``, a comment on what it answers, then the SQL.

    Several statements under one name are allowed (for schemas). Raises ValueError when a name occurs twice or there is none.
    """
    text = resources.files("edgecode.drivers").joinpath("sql", f"{name}.sql").read_text("utf-8")
    parts = _QUERY.split(text)
    found = dict(zip(parts[1::2], (body.strip() for body in parts[2::2]), strict=True))
    if not found or len(found) * 2 != len(parts) - 1:
        raise ValueError(f"drivers/sql/{name}.sql: no query, or two of one name")
    return found
