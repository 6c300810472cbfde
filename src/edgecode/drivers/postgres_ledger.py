"""A log in one schema of a PostgreSQL database. What it promises is written in `ledger.store`.

The order of entries comes from the lock on the log's row, never from a counter of the database: whoever holds it reads the head and
writes behind it, and the next one sees that only once it is committed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from edgecode.drivers.patience import CHUNK_ENTRIES, READERS_MILLISECONDS
from edgecode.drivers.postgres import BEGIN, COMMIT, psycopg, refuse_unsafe, without_words
from edgecode.drivers.postgres_exchange import Exchange, Statement, integer
from edgecode.drivers.postgres_inbox import PostgresInbox
from edgecode.drivers.sqlite import queries
from edgecode.errors import UnavailableError
from edgecode.events.sealed import SealedSection
from edgecode.ledger.growth import Growth
from edgecode.ledger.merkle import split_hashes
from edgecode.ledger.store import (
    Batch,
    CommitUnknownError,
    Head,
    Marks,
    StoredEntry,
    TakenIdError,
    absent,
    no_such_section,
    storage_failed,
)

_WORTH_A_COPY = 8
_SQL = queries("ledger.postgres")
_EXCHANGED = {"begin": BEGIN, "commit": COMMIT} | {
    name: _SQL[name]
    for name in ("lock_head", "marks", "add_entry", "add_section", "add_tile", "set_head", "keep_checkpoint")
}
_BEGINNING: list[Statement] = [("begin", ()), ("lock_head", ()), ("marks", ())]
_TRUE = b"\x01"
REMAINS = (
    "PostgreSQL's write-ahead log may hold what was erased until its segments are recycled, and its archive until it is deleted",
    "standbys, base backups and dumps of the database hold what was erased until they are renewed or deleted",
)


class PostgresLedger(PostgresInbox):
    """The LogStore of one production. One connection for one thread at a time."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        super().__init__(url, read_only=read_only)
        self._exchange = Exchange(_EXCHANGED)
        self._session.hear = self._exchange.hear
        self._marks: Marks | None = None
        """While an append asks for the tree: the marks that came with the lock."""

    def close(self) -> None:
        """Let go of the connection once it took in what it was sent."""
        if not self._session.lost():
            with suppress(UnavailableError), self._said():
                self._session.open()
        super().close()

    def create(self, origin: str) -> None:
        with self._writing():
            self._session.run("create", origin)

    def head(self) -> Head | None:
        with self._said():
            try:
                rows = self._session.rows("head")
            except psycopg.errors.UndefinedTable:
                return None
        return Head(rows[0][0], rows[0][1], split_hashes(rows[0][2])) if rows else None

    def append(self, batch: Batch, grow: Callable[[Head], Growth]) -> Growth:
        with self._appending(batch):
            head, self._marks = self._begun()
            try:
                growth = grow(head)
            finally:
                self._marks = None
            if len(batch.leaves) >= _WORTH_A_COPY:
                self._copy(head.size, batch)
            if batch.taken:
                self._session.run("take", list(batch.taken))
        with self._appending(batch, committing=True):
            said = self._write_and_commit(head.size, batch, growth)
        self._session.judge_commit(said, unknown=CommitUnknownError, failed=storage_failed)
        return growth

    def entries(self, first: int, end: int) -> Iterator[StoredEntry]:
        # In chunks, so that no statement stays open while the caller thinks or appends.
        while leaves := self._some_leaves(first, end):
            sections: defaultdict[int, list[SealedSection]] = defaultdict(list)
            stop = leaves[-1][0] + 1
            with self._said():
                for pk, name, salt, key_id, data in self._session.rows("sections", first, stop):
                    sections[pk].append(SealedSection(name, salt, key_id, data))
            for pk, leaf in leaves:
                yield StoredEntry(pk, leaf, tuple(sections[pk]))
            first = stop

    def leaves(self, first: int, end: int) -> list[bytes]:
        with self._said():
            return [leaf for _, leaf in self._session.rows("leaves", first, end)]

    def entry_end(self) -> int:
        with self._said():
            return int(self._session.rows("entry_end")[0][0])

    def indexes_of(self, ids: Sequence[bytes]) -> dict[bytes, int]:
        with self._said():
            return dict(self._session.rows("indexes_of", list(ids))) if ids else {}

    def event_ids(self, after: bytes, limit: int) -> list[tuple[bytes, int]]:
        with self._said():
            return [(id_, pk) for id_, pk in self._session.rows("event_ids", after, limit)]

    def stray_sections(self, limit: int) -> list[tuple[int, str]]:
        with self._said():
            return [(pk, name) for pk, name in self._session.rows("stray_sections", limit)]

    def tile(self, level: int, number: int) -> bytes | None:
        return self._one("tile", level, number)

    def tile_roots(self, level: int, first: int, end: int) -> list[bytes]:
        with self._said():
            return [root for (root,) in self._session.rows("tile_roots", level, first, end)]

    def keep_checkpoint(self, size: int, note: bytes) -> None:
        # It can be signed again from what is durable, so it costs no flush of its own, nor is it waited for: whatever this store is
        # asked next comes behind it, and says so if it failed.
        with self._said():
            self._exchange.tell(self._session.open(), ("keep_checkpoint", (integer(size), note)))

    def checkpoint(self) -> bytes | None:
        return self._one("checkpoint")

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._said():
            self._session.begin_reading()
        try:
            yield
        finally:
            self._session.roll_back()

    # ------------------------------------------------------------------------------------------ heads that others signed too

    def keep_cosigned(self, size: int, note: bytes) -> None:
        with self._writing():
            self._session.run("keep_cosigned", size, note)

    def cosigned(self) -> list[tuple[int, bytes]]:
        with self._said():
            return [(size, note) for size, note in self._session.rows("cosigned")]

    def freeze(self, evidence: bytes) -> None:
        with self._writing():
            self._session.run("freeze", evidence)

    def frozen(self) -> bytes | None:
        return self._one("frozen")

    def retire(self, note: bytes, refuse: Callable[[Head], object]) -> None:
        with self._writing():
            refuse(self._head_locked())
            self._session.run("retire", note)

    def reinstate(self, head: Head) -> bool:
        with self._writing():
            is_there = self._head_locked() == head
            if is_there:
                self._session.run("reinstate")
        return is_there

    def marks(self) -> Marks:
        if self._marks is not None:
            return self._marks
        with self._said():
            return Marks(*self._session.rows("marks")[0])

    # ------------------------------------------------------------------------------------------ sections that go or change hands

    def erase_forever(self, sections: Sequence[tuple[int, str]]) -> None:
        if sections:
            with self._writing():
                self._session.run_many("erase_section", sections)
            self._rewrite()

    def reseal(self, sections: Sequence[tuple[int, SealedSection]]) -> None:
        with self._writing():
            for pk, section in sections:
                row = (section.key_id, section.data, pk, section.name, section.salt)
                if not self._session.run("reseal_section", *row).rowcount:
                    raise no_such_section(pk, section.name)
        self._rewrite()

    def sections_under(self, key_id: str) -> list[tuple[int, str]]:
        with self._said():
            return [(pk, name) for pk, name in self._session.rows("sections_under", key_id)]

    def remains(self) -> list[str]:
        return list(REMAINS)

    def _rewrite(self) -> None:
        """Copy what is left into fresh files; the old ones are emptied at once and removed by the server."""
        with self._said(), self._session.impatient(milliseconds=READERS_MILLISECONDS):
            try:
                self._session.run("rewrite_payload")
                self._session.run("rewrite_inbox")
            except psycopg.errors.LockNotAvailable as error:
                raise UnavailableError(
                    "ledger.residue",
                    "the sections are erased, but their dead rows are still in the database, because somebody is reading it",
                    "End the other edgecode commands of this production, then erase again",
                ) from error

    # ------------------------------------------------------------------------------------------ how it is done

    @contextmanager
    def _appending(self, batch: Batch, *, committing: bool = False) -> Iterator[None]:
        """Says what failed. *committing*: the commit is sent within, so after a lost connection nobody knows whether it happened."""
        try:
            yield
        except psycopg.errors.UniqueViolation as error:
            self._session.roll_back()
            raise self._refused(batch, error) from without_words(error)
        except psycopg.Error as error:
            lost = self._session.lost()
            self._session.roll_back()
            if committing and lost:
                raise CommitUnknownError(type(error).__name__) from without_words(error)
            raise storage_failed(error) from without_words(error)
        except BaseException:
            self._session.roll_back()
            raise

    def _head_locked(self) -> Head:
        """The head, for a transaction that was begun; nobody else appends until its end."""
        rows = self._session.rows("lock_head")
        if not rows:
            raise absent()
        origin, size, stack, flushes = rows[0]
        if not flushes:
            refuse_unsafe(self._session.open())
        return Head(origin, size, split_hashes(stack))

    def _begun(self) -> tuple[Head, Marks]:
        # One round trip. The marks are asked for behind the lock by a statement of their own, which sees what was committed meanwhile.
        _, locked, marks = self._session.begin_by(lambda connection: self._exchange.ask(connection, _BEGINNING))
        if not locked.ntuples:
            raise absent()
        origin, size, stack, flushes = (locked.get_value(0, column) or b"" for column in range(4))
        if flushes != _TRUE:
            refuse_unsafe(self._session.open())
        head = Head(origin.decode(), int.from_bytes(size, "big"), split_hashes(stack))
        return head, Marks(marks.get_value(0, 0), marks.get_value(0, 1))

    def _copy(self, first: int, batch: Batch) -> None:
        rows = zip(range(first, first + len(batch.leaves)), batch.ids, batch.leaves, strict=True)
        self._session.copy("copy_entries", ("int8", "bytea", "bytea"), rows)
        if batch.sections:
            beside = ((first + place, s.name, s.salt, s.key_id, s.data) for place, s in batch.sections)
            self._session.copy("copy_sections", ("int8", "text", "bytea", "text", "bytea"), beside)

    def _write_and_commit(self, first: int, batch: Batch, growth: Growth) -> str:
        asked: list[Statement] = [] if len(batch.leaves) >= _WORTH_A_COPY else _few(first, batch)
        asked += [("add_tile", (integer(t.level), integer(t.number), t.root, t.hashes)) for t in growth.tiles]
        asked += [("set_head", (integer(growth.size), b"".join(growth.stack))), ("commit", ())]
        said = self._exchange.ask(self._session.open(), asked)[-1].command_status
        return (said or b"").decode()

    def _refused(self, batch: Batch, error: psycopg.Error) -> Exception:
        taken = self.indexes_of(batch.ids) or len(set(batch.ids)) < len(batch.ids)
        return TakenIdError() if taken else storage_failed(error)

    def _some_leaves(self, first: int, end: int) -> list[tuple[int, bytes]]:
        with self._said():
            return [(pk, leaf) for pk, leaf in self._session.rows("some_leaves", first, end, CHUNK_ENTRIES)]

    def _one(self, query: str, *values: int) -> bytes | None:
        with self._said():
            rows = self._session.rows(query, *values)
        return bytes(rows[0][0]) if rows else None


def _few(first: int, batch: Batch) -> list[Statement]:
    entries = zip(range(first, first + len(batch.leaves)), batch.ids, batch.leaves, strict=True)
    return [("add_entry", (integer(pk), id_, leaf)) for pk, id_, leaf in entries] + [
        ("add_section", (integer(first + place), s.name.encode(), s.salt, s.key_id.encode(), s.data))
        for place, s in batch.sections
    ]
