"""The inbox beside a log in PostgreSQL: events that are durable and wait for the one session that puts them into the log."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic

from edgecode.drivers.inbox_rows import packed, unpacked
from edgecode.drivers.postgres import Session, psycopg, without_words
from edgecode.drivers.sqlite import queries
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.store import CommitUnknownError, MovedError, Stand, storage_failed

SCHEMA = "edgecode_ledger"
_SQL = queries("ledger.postgres")


class PostgresInbox:
    """The inbox's part of LogStore, on a session that the log's part shares."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Open the log in the schema ``edgecode_ledger`` (or the one that the URL names); lay out an empty one unless *read_only*."""
        self._session = Session(url, _SQL, schema=SCHEMA, read_only=read_only, prepares_itself=True)
        if not read_only:
            try:
                self._session.lay_out()
            except psycopg.Error as error:
                self._session.close()
                raise storage_failed(error) from without_words(error)

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def accept(self, events: Sequence[SealedEvent], *, at: Stand | None = None) -> list[int]:
        rows = [packed(event) for event in events]
        with self._writing():
            if at is not None:
                self._session.rows("lock_head")
                if at != Stand(*self._session.rows("stand")[0]):
                    raise MovedError
            tickets = [int(self._session.rows("accept", row)[0][0]) for row in rows]
            self._session.run("tell")
        return tickets

    def stand(self) -> Stand:
        with self._said():
            return Stand(*self._session.rows("stand")[0])

    def waiting(self, limit: int) -> list[tuple[int, SealedEvent]]:
        with self._said():
            return [(ticket, unpacked(data, ticket=ticket)) for ticket, data in self._session.rows("waiting", limit)]

    def take(self, tickets: Sequence[int]) -> None:
        with self._writing():
            self._session.run("take", list(tickets))

    def refuse(self, tickets: Sequence[int]) -> None:
        with self._writing():
            self._session.run("refuse", list(tickets))

    def refused(self) -> list[tuple[int, SealedEvent]]:
        with self._said():
            return [(ticket, unpacked(data, ticket=ticket)) for ticket, data in self._session.rows("refused")]

    @contextmanager
    def sequencing(self) -> Iterator[bool]:
        # The server counts a session's own locks, so a second try of this store would succeed.
        with self._said():
            free = not self._session.holds_lock and bool(self._session.rows("try_sequencing")[0][0])
        self._session.holds_lock = self._session.holds_lock or free
        try:
            yield free
        finally:
            if free:
                self._session.holds_lock = False
                # A connection that was lost gave the place up already; giving up what another session holds only warns.
                with self._said():
                    self._session.run("end_sequencing")

    @contextmanager
    def turn(self, *, own: bool) -> Iterator[None]:
        held = False
        with self._said(), suppress(psycopg.errors.LockNotAvailable):
            self._session.rows("take_turn" if own else "let_pass")
            held = own
        try:
            yield
        finally:
            if held:
                # As above: a connection that was lost gave the turn up already.
                with self._said():
                    self._session.run("end_turn")

    def wait_for_work(self, seconds: float) -> None:
        end = monotonic() + seconds
        with self._said():
            self._session.listen(on=True)
            if not self._session.rows("has_waiting")[0][0]:
                for _ in self._session.open().notifies(timeout=max(0.0, end - monotonic()), stop_after=1):
                    pass
            self._session.listen(on=False)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One durable transaction of small writes; raises what `storage_failed` makes, and CommitUnknownError."""
        with self._said():
            self._session.begin()
            try:
                yield
            except BaseException:
                self._session.roll_back()
                raise
        self._session.commit(unknown=CommitUnknownError, failed=storage_failed)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise storage_failed(error) from without_words(error)
