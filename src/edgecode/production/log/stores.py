"""Opening the stores that a production's settings name: the only place that chooses a driver, by the scheme of a URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from edgecode.drivers.mounts import refuse_network_file_system
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import NotFoundError, RefusedError, UnavailableError, UsageError
from edgecode.index.store import IndexStore
from edgecode.ledger.store import LogStore
from edgecode.people.store import KeyStore
from edgecode.settings import FILE_NAME, Settings, read_settings

SQLITE, POSTGRES = "sqlite", ("postgresql", "postgres")


class OpenLedger(LogStore, Protocol):
    """A LogStore that holds a file or a connection."""

    def close(self) -> None:
        """Let go of it."""


class OpenKeys(KeyStore, Protocol):
    """A KeyStore that holds a file or a connection."""

    def close(self) -> None:
        """Let go of it."""


class OpenIndex(IndexStore, Protocol):
    """An IndexStore that holds a file or a connection."""

    @property
    def is_of_this_release(self) -> bool:
        """Whether the tables were made by this release; one opened for writing always is, emptied where it was not."""

    def settle(self) -> None:
        """Let the database look at the data, so that plans stay right; cheap to call after every projection."""

    def close(self) -> None:
        """Let go of it."""


def open_ledger(settings: Settings, folder: Path, *, read_only: bool = False, create: bool = False) -> OpenLedger:
    """The store of the log. *create*: a place where no log is yet is laid out.

    Raises UsageError ``store.scheme``, NotFoundError ``ledger.absent``, RefusedError ``store.network_file_system`` and what drivers raise.
    """
    if is_postgres(settings.ledger, "ledger"):
        _require_postgres()
        from edgecode.drivers.postgres_ledger import PostgresLedger

        with _named("ledger"):
            return PostgresLedger(settings.ledger, read_only=read_only)
    path = sqlite_path(settings.ledger, folder, "ledger")
    if not create and not path.exists():
        raise NotFoundError(
            "ledger.absent", f"{path.name}, the record of this production, is not there", "Bring back the newest copy"
        )
    return SqliteLedger(path, read_only=read_only)


def open_keys(settings: Settings, folder: Path, *, create: bool = False, read_only: bool = False) -> OpenKeys:
    """The store of the keys. Only *create* makes a new one. Raises UnavailableError ``keys.absent`` and what `open_ledger` raises."""
    if is_postgres(settings.keys, "keys"):
        _require_postgres()
        from edgecode.drivers.postgres_keys import PostgresKeys

        with _named("keys"):
            return PostgresKeys(settings.keys, create=create, read_only=read_only)
    return SqliteKeys(sqlite_path(settings.keys, folder, "keys"), create=create, read_only=read_only)


def open_index(settings: Settings, folder: Path, *, read_only: bool = False) -> OpenIndex:
    """The index. *read_only*: nothing is made or emptied; ask `has_index` first. Raises what `open_ledger` raises."""
    if is_postgres(settings.index, "index"):
        _require_postgres()
        from edgecode.drivers.postgres_index import PostgresIndex

        with _named("index"):
            return PostgresIndex(settings.index, read_only=read_only)
    return SqliteIndex(sqlite_path(settings.index, folder, "index"), read_only=read_only)


@contextmanager
def _named(store: str) -> Iterator[None]:
    """Says of a server that cannot be used which setting named it; the URL itself may hold a password."""
    try:
        yield
    except UnavailableError as error:
        if error.code != "postgres.unreachable":
            raise
        what = f"{error.sentence} (the store of the {store}: {store} under [store] in edgecode.toml)"
        raise UnavailableError(error.code, what, error.remedy) from error


def _require_postgres() -> None:
    """Raises UnavailableError ``extra.missing`` before a driver asks for psycopg by itself."""
    import edgecode.drivers.postgres  # noqa: F401


def has_index(settings: Settings, folder: Path) -> bool:
    """Whether there may be an index to read; in PostgreSQL only opening it tells."""
    return is_postgres(settings.index, "index") or sqlite_path(settings.index, folder, "index").exists()


def may_read_keys(settings: Settings, folder: Path) -> bool:
    """False where there are keys in a file that this user has no right to read: what they sealed stays sealed here."""
    if is_postgres(settings.keys, "keys"):
        return True
    path = sqlite_path(settings.keys, folder, "keys")
    return not path.exists() or os.access(path, os.R_OK)


def is_postgres(url: str, store: str) -> bool:
    """Whether a URL names PostgreSQL rather than SQLite. *store*: the setting, for the error UsageError ``store.scheme``."""
    scheme, separator, rest = url.partition(":")
    if not separator or not rest or scheme not in (SQLITE, *POSTGRES):
        raise UsageError(
            "store.scheme",
            # What stands there is not repeated: libpq's other way to write an address (host=… password=…) has no scheme to tell by.
            f"store.{store} names no database of a kind that is known here",
            f'Write store.{store} = "sqlite:PATH" or "postgresql://…"',
        )
    return scheme in POSTGRES


def sqlite_path(url: str, folder: Path, store: str) -> Path:
    """The file of a SQLite store, in *folder* unless it is absolute. Raises RefusedError ``store.network_file_system`` and
    UsageError ``store.scheme``."""
    if is_postgres(url, store):
        raise UsageError("store.scheme", f"store.{store} is no file", f'Write store.{store} = "sqlite:PATH"')
    path = folder / url.partition(":")[2]
    if path.parent.is_dir():
        refuse_network_file_system(path.parent)
    return path


def facts_of(settings: Settings, folder: Path, store: str) -> tuple[int | None, dict[str, str]]:
    """(bytes that a store takes up, None where it is not there; what its database says of itself). *store*: ledger, keys or index."""
    url = str(getattr(settings, store))
    if is_postgres(url, store):
        _require_postgres()
        from edgecode.drivers.postgres_facts import facts_of as facts

        return facts(url, f"edgecode_{store}")
    path = sqlite_path(url, folder, store)
    sizes = [part.stat().st_size for part in (path, path.with_name(f"{path.name}-wal")) if part.exists()]
    return sum(sizes) if sizes else None, {}


class MoveGuard:
    """Notices that edgecode.toml names other stores than those that are open: a process that goes on would record in the old place."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder, self._open = folder, (settings.ledger, settings.keys)
        self._seen = self._stamp()

    def refuse_moved(self) -> None:
        """Raises UnavailableError ``store.moved``. Costs one look at the file's time."""
        stamp = self._stamp()
        if stamp == self._seen:
            return
        settings = read_settings(self._folder)
        if (settings.ledger, settings.keys) != self._open:
            raise UnavailableError(
                "store.moved", "the record of this production was moved to another place", "Run the command again"
            )
        self._seen = stamp

    def _stamp(self) -> tuple[int, int]:
        found = (self._folder / FILE_NAME).stat()
        return found.st_mtime_ns, found.st_ino


def refuse_occupied(ledger: LogStore) -> None:
    """Raises RefusedError ``store.occupied`` when there is a log already."""
    if ledger.head() is not None:
        raise RefusedError(
            "store.occupied", "the database holds a log already", "Give the URL of a database without one"
        )
