"""The inbox beside a log in one SQLite file: events that are durable and wait for the one process that puts them into the log."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import apsw

from edgecode.drivers.inbox_rows import packed, unpacked
from edgecode.drivers.patience import TURN_MILLISECONDS
from edgecode.drivers.sqlite import connect, queries
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.store import MovedError, Stand, storage_failed, storage_unreadable

_SQL = queries("ledger")
_POLL_SECONDS = 0.02


class SqliteInbox:
    """The inbox's part of LogStore, on a connection that the log's part shares."""

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self._path = str(path)
        self._connection = connect(path, durable=True, read_only=read_only)
        self._alone = threading.Lock()
        self._has_turn = False
        if not read_only:
            self._connection.execute(_SQL["schema"])

    def accept(self, events: Sequence[SealedEvent], *, at: Stand | None = None) -> list[int]:
        rows = [(packed(event),) for event in events]
        with self._writing():
            # The empty deletion takes the lock before anything is read.
            self._connection.execute(_SQL["take"], (0,))
            if at is not None and at != self.stand():
                raise MovedError
            return [int(self._connection.execute(_SQL["accept"], row).get) for row in rows]

    def stand(self) -> Stand:
        size, ticket = self._get("stand")
        return Stand(size, ticket)

    def waiting(self, limit: int) -> list[tuple[int, SealedEvent]]:
        return self._events("waiting", limit)

    def take(self, tickets: Sequence[int]) -> None:
        with self._writing():
            self._connection.executemany(_SQL["take"], [(ticket,) for ticket in tickets])

    def refuse(self, tickets: Sequence[int]) -> None:
        with self._writing():
            self._connection.executemany(_SQL["refuse"], [(ticket,) for ticket in tickets])

    def refused(self) -> list[tuple[int, SealedEvent]]:
        return self._events("refused")

    @contextmanager
    def sequencing(self) -> Iterator[bool]:
        if self._path == ":memory:":
            free = self._alone.acquire(blocking=False)
            try:
                yield free
            finally:
                if free:
                    self._alone.release()
            return
        # A database of its own, empty for ever: the lock goes with the process that holds it, on every system.
        lock = apsw.Connection(f"{self._path}-sequencing")
        try:
            try:
                lock.execute("begin exclusive")
            except apsw.BusyError:
                yield False
            else:
                yield True
        finally:
            lock.close()

    @contextmanager
    def turn(self, *, own: bool) -> Iterator[None]:
        path = f"{self._path}-turn"
        # Until somebody was overtaken too often there is no such file, and nothing to wait for.
        if self._path == ":memory:" or self._has_turn or not (own or Path(path).exists()):
            yield
            return
        with ExitStack() as held:
            with suppress(apsw.Error):
                lock = held.enter_context(closing(apsw.Connection(path)))
                lock.set_busy_timeout(TURN_MILLISECONDS)
                if own:
                    lock.execute("begin exclusive")
                    self._has_turn = True
                    held.callback(setattr, self, "_has_turn", False)
                else:
                    lock.execute("select count(*) from sqlite_schema").fetchall()
            yield

    def wait_for_work(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._get("has_waiting"):
            left = end - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(_POLL_SECONDS, left))

    def _events(self, query: str, *values: int) -> list[tuple[int, SealedEvent]]:
        return [(ticket, unpacked(data, ticket=ticket)) for ticket, data in self._all(query, *values)]

    def _get(self, query: str, *values: Any) -> Any:
        """What `.get` of a named query gives: the one value, or a list of them. Raises what `storage_unreadable` makes."""
        try:
            return self._connection.execute(_SQL[query], values).get
        except apsw.Error as error:
            raise storage_unreadable(error) from error

    def _all(self, query: str, *values: Any) -> list[Any]:
        """Every row of a named query. Raises what `storage_unreadable` makes."""
        try:
            return self._connection.execute(_SQL[query], values).fetchall()
        except apsw.Error as error:
            raise storage_unreadable(error) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One durable transaction of small writes; raises what `storage_failed` makes."""
        self._durably()
        try:
            with self._connection:
                yield
        except apsw.Error as error:
            raise storage_failed(error) from error

    def _durably(self) -> None:
        self._connection.execute("pragma synchronous=full")
