"""A log in one schema of a PostgreSQL database. What it promises is written in `ledger.store`.

The order of entries comes from the lock on the log's row, never from a counter of the database: whoever holds it reads the head and
writes behind it, and the next one sees that only once it is committed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from edgecode.drivers.postgres import Cursor, Value, psycopg, refuse_unsafe
from edgecode.drivers.postgres_inbox import PostgresInbox
from edgecode.errors import UnavailableError
from edgecode.events.sealed import SealedSection
from edgecode.ledger.growth import Growth
from edgecode.ledger.merkle import split_hashes
from edgecode.ledger.store import (
    Batch,
    CommitUnknownError,
    Head,
    StoredEntry,
    TakenIdError,
    no_such_section,
    storage_failed,
)

_CHUNK_ENTRIES = 512
_WORTH_A_COPY = 8
REWRITE_LOCK_MILLISECONDS = 5_000
"""How long readers may hold up the removal of erased rows from the files."""
REMAINS = (
    "PostgreSQL's write-ahead log may hold what was erased until its segments are recycled, and its archive until it is deleted",
    "standbys, base backups and dumps of the database hold what was erased until they are renewed or deleted",
)


class PostgresLedger(PostgresInbox):
    """The LogStore of one production. One connection for one thread at a time."""

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
            head = self._locked()
            growth = grow(head)
            if len(batch.leaves) >= _WORTH_A_COPY:
                self._copy(head.size, batch)
        with self._appending(batch, committing=True):
            done = self._write_and_commit(head.size, batch, growth)
        self._session.judge_commit(done, unknown=CommitUnknownError, failed=storage_failed)
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
        # It can be signed again from what is durable, so it costs no flush of its own.
        with self._said():
            self._session.run("keep_checkpoint", size, note)

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
        with self._said(), self._session.impatient(milliseconds=REWRITE_LOCK_MILLISECONDS):
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
            raise self._refused(batch, error) from error
        except psycopg.Error as error:
            lost = self._session.lost()
            self._session.roll_back()
            if committing and lost:
                raise CommitUnknownError(type(error).__name__) from error
            raise storage_failed(error) from error
        except BaseException:
            self._session.roll_back()
            raise

    def _locked(self) -> Head:
        connection = self._session.open()
        with connection.pipeline():
            self._session.begin()
            rows = self._session.rows("lock_head")
        if not rows:
            raise UnavailableError("ledger.absent", "there is no log here yet", "Create the production first")
        origin, size, stack, flushes = rows[0]
        if not flushes:
            refuse_unsafe(connection)
        return Head(origin, size, split_hashes(stack))

    def _copy(self, first: int, batch: Batch) -> None:
        rows = zip(range(first, first + len(batch.leaves)), batch.ids, batch.leaves, strict=True)
        self._session.copy("copy_entries", ("int8", "bytea", "bytea"), rows)
        if batch.sections:
            beside = ((first + place, s.name, s.salt, s.key_id, s.data) for place, s in batch.sections)
            self._session.copy("copy_sections", ("int8", "text", "bytea", "text", "bytea"), beside)

    def _write_and_commit(self, first: int, batch: Batch, growth: Growth) -> Cursor:
        run = self._session.run
        with self._session.open().pipeline():
            if len(batch.leaves) < _WORTH_A_COPY:
                run("add_few", *_columns(first, batch))
            for tile in growth.tiles:
                run("add_tile", tile.level, tile.number, tile.root, tile.hashes)
            if batch.taken:
                run("take", list(batch.taken))
            run("set_head", growth.size, b"".join(growth.stack))
            return self._session.send_commit()

    def _refused(self, batch: Batch, error: psycopg.Error) -> Exception:
        taken = self.indexes_of(batch.ids) or len(set(batch.ids)) < len(batch.ids)
        return TakenIdError() if taken else storage_failed(error)

    def _some_leaves(self, first: int, end: int) -> list[tuple[int, bytes]]:
        with self._said():
            return [(pk, leaf) for pk, leaf in self._session.rows("some_leaves", first, end, _CHUNK_ENTRIES)]

    def _one(self, query: str, *values: int) -> bytes | None:
        with self._said():
            rows = self._session.rows(query, *values)
        return bytes(rows[0][0]) if rows else None


def _columns(first: int, batch: Batch) -> tuple[Sequence[Value], ...]:
    sections = [section for _, section in batch.sections]
    return (
        list(range(first, first + len(batch.leaves))),
        list(batch.ids),
        list(batch.leaves),
        [first + place for place, _ in batch.sections],
        [section.name for section in sections],
        [section.salt for section in sections],
        [section.key_id for section in sections],
        [section.data for section in sections],
    )
