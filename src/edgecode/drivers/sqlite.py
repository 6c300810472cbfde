"""Opening SQLite files, and reading the named queries that belong to them. The only module that decides pragmas.

SQLite before 3.51.3 can lose committed data in WAL mode when two connections meet (sqlite.org/changes.html, 3.51.3: "WAL-reset bug"),
so an older library is refused and the standard library's own is never used.
"""

import re
from functools import cache
from importlib import resources
from pathlib import Path

import apsw

from edgecode.errors import UnavailableError

OLDEST_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_MILLISECONDS = 30_000
_CACHE_KIBIBYTES = 65_536
_CHECKPOINT_PAGES = 4_000

_QUERY = re.compile(r"^-- name: ([a-z][a-z0-9_]*)\s*$", re.MULTILINE)


def connect(path: str | Path, *, durable: bool) -> apsw.Connection:
    """A connection to the SQLite file at *path* (``:memory:`` for none), created when absent, in WAL mode.

    *durable*: every commit is on disk before it returns (synchronous=FULL) and deleted bytes are overwritten (secure_delete).
    Not durable: a power cut may lose the last commits, never the file (synchronous=NORMAL).
    Raises UnavailableError ``sqlite.too_old`` and ``sqlite.unopened``.
    """
    _refuse_old_library()
    try:
        connection = apsw.Connection(str(path))
        connection.set_busy_timeout(BUSY_TIMEOUT_MILLISECONDS)
        for pragma in _pragmas(durable=durable):
            connection.pragma(*pragma)
    except (apsw.CantOpenError, apsw.IOError, apsw.ReadOnlyError, apsw.NotADBError, apsw.CorruptError) as error:
        raise UnavailableError(
            "sqlite.unopened",
            f"the database {Path(path).name} cannot be opened: {type(error).__name__}",
            "Check that the folder exists, is on a local disk and may be written to",
        ) from error
    return connection


def _pragmas(*, durable: bool) -> list[tuple[str, str | int]]:
    return [
        ("journal_mode", "WAL"),
        ("synchronous", "FULL" if durable else "NORMAL"),
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
