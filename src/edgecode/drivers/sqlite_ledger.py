"""A log in one SQLite file. What it promises is written in `ledger.store`."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apsw

from edgecode.drivers.patience import CHUNK_ENTRIES, TURN_MILLISECONDS
from edgecode.drivers.sqlite import queries
from edgecode.drivers.sqlite_erasing import empty_the_log, lay_out_afresh
from edgecode.drivers.sqlite_inbox import SqliteInbox
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
    storage_unreadable,
)

_TILE_LEVEL_SHIFT = 40
_HAS_ARRAYS = "ENABLE_CARRAY" in apsw.compile_options
_WORTH_AN_ARRAY = 8
_SQL = queries("ledger")


class SqliteLedger(SqliteInbox):
    """The LogStore of one production. One connection for one thread at a time: `ledger.log.Log` locks; an audit takes its own store."""

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def create(self, origin: str) -> None:
        self._durably()
        self._connection.execute(_SQL["create"], (origin,))

    def head(self) -> Head | None:
        rows = self._all("head")
        if not rows:
            return None
        origin, size, stack = rows[0]
        if not isinstance(origin, str) or not isinstance(size, int) or not isinstance(stack, bytes):
            raise storage_unreadable(ValueError())
        return Head(origin, size, split_hashes(stack))

    def append(self, batch: Batch, grow: Callable[[Head], Growth]) -> Growth:
        self._durably()
        self._begin()
        try:
            head = self.head()
            if head is None:
                raise absent()
            growth = grow(head)
            self._write(head.size, batch, growth)
        except apsw.ConstraintError as error:
            self._connection.execute("rollback")
            raise self._refused(batch, error) from error
        except apsw.Error as error:
            self._roll_back()
            raise storage_failed(error) from error
        except BaseException:
            self._roll_back()
            raise
        self._commit()
        return growth

    def entries(self, first: int, end: int) -> Iterator[StoredEntry]:
        # In chunks, so that no statement stays open while the caller thinks or appends.
        while (place := self._next(first)) is not None and place < end:
            stop = min(place + CHUNK_ENTRIES, end)
            sections: defaultdict[int, list[SealedSection]] = defaultdict(list)
            for pk, name, salt, key_id, data in self._rows("sections", place, stop):
                sections[pk].append(SealedSection(name, salt, key_id, data))
            for pk, leaf in self._rows("leaves", place, stop):
                yield StoredEntry(pk, leaf, tuple(sections[pk]))
            first = stop

    def leaves(self, first: int, end: int) -> list[bytes]:
        # One column comes back as a plain list, which halves the cost of a row; a single row as itself.
        found = self._get("only_leaves", first, end)
        return found if isinstance(found, list) else [] if found is None else [found]

    def entry_end(self) -> int:
        return int(self._get("entry_end"))

    def indexes_of(self, ids: Sequence[bytes]) -> dict[bytes, int]:
        if _HAS_ARRAYS and len(ids) >= _WORTH_AN_ARRAY:
            return dict(self._all("indexes_of", apsw.carray(tuple(ids))))
        found = ((id_, self._get("index_of", id_)) for id_ in ids)
        return {id_: pk for id_, pk in found if pk is not None}

    def event_ids(self, after: bytes, limit: int) -> list[tuple[bytes, int]]:
        return self._all("event_ids", after, limit)

    def stray_sections(self, limit: int) -> list[tuple[int, str]]:
        return self._all("stray_sections", limit)

    def tile(self, level: int, number: int) -> bytes | None:
        hashes: bytes | None = self._get("tile", _tile_key(level, number))
        return hashes

    def tile_roots(self, level: int, first: int, end: int) -> list[bytes]:
        rows = self._all("tile_roots", _tile_key(level, first), _tile_key(level, end))
        return [root for (root,) in rows]

    def keep_checkpoint(self, size: int, note: bytes) -> None:
        # It can be signed again from what is durable, so it costs no flush of its own; the next append flushes it too.
        self._connection.execute("pragma synchronous=normal")
        try:
            self._connection.execute(_SQL["keep_checkpoint"], (size, note))
        except apsw.Error as error:
            raise storage_failed(error) from error
        finally:
            self._durably()

    def checkpoint(self) -> bytes | None:
        note: bytes | None = self._get("checkpoint")
        return note

    # ------------------------------------------------------------------------------------------ heads that others signed too

    def keep_cosigned(self, size: int, note: bytes) -> None:
        with self._writing():
            self._connection.execute(_SQL["keep_cosigned"], (size, note))

    def cosigned(self) -> list[tuple[int, bytes]]:
        return self._all("cosigned")

    def freeze(self, evidence: bytes) -> None:
        with self._writing():
            self._connection.execute(_SQL["freeze"], (evidence,))

    def frozen(self) -> bytes | None:
        evidence: bytes | None = self._get("frozen")
        return evidence

    def retire(self, note: bytes, refuse: Callable[[Head], object]) -> None:
        with self._holding_the_head() as head:
            refuse(head)
            self._connection.execute(_SQL["retire"], (note,))

    def reinstate(self, head: Head) -> bool:
        with self._holding_the_head() as there:
            if there == head:
                self._connection.execute(_SQL["reinstate"])
        return there == head

    def marks(self) -> Marks:
        row: Any = self._connection.execute(_SQL["marks"]).fetchone()
        return Marks(*row)

    @contextmanager
    def _holding_the_head(self) -> Iterator[Head]:
        """A durable transaction in which nobody else appends."""
        self._durably()
        self._begin()
        try:
            head = self.head()
            if head is None:
                raise absent()
            yield head
        except apsw.Error as error:
            self._roll_back()
            raise storage_failed(error) from error
        except BaseException:
            self._roll_back()
            raise
        self._commit()

    # ------------------------------------------------------------------------------------------ sections that go or change hands

    def erase_forever(self, sections: Sequence[tuple[int, str]]) -> None:
        with self._replacing_sections():
            self._connection.executemany(_SQL["erase_section"], sections)

    def reseal(self, sections: Sequence[tuple[int, SealedSection]]) -> None:
        with self._replacing_sections():
            for pk, section in sections:
                row = (section.key_id, section.data, pk, section.name, section.salt)
                self._connection.execute(_SQL["reseal_section"], row)
                if not self._connection.changes():
                    raise no_such_section(pk, section.name)

    def sections_under(self, key_id: str) -> list[tuple[int, str]]:
        return self._all("sections_under", key_id)

    def remains(self) -> list[str]:
        return []

    @contextmanager
    def _replacing_sections(self) -> Iterator[None]:
        with self._writing():
            before = self._connection.total_changes()
            yield
            if self._connection.total_changes() > before:
                # An event that was erased may have come through the inbox.
                lay_out_afresh(self._connection, _SQL, "payload", "inbox")
        empty_the_log(self._connection, busy_milliseconds=TURN_MILLISECONDS, what="the sections are")

    @contextmanager
    def reading(self) -> Iterator[None]:
        self._connection.execute("begin")
        try:
            yield
        finally:
            self._roll_back()

    # ------------------------------------------------------------------------------------------ how it is done

    def _begin(self) -> None:
        try:
            self._connection.execute("begin immediate")
        except apsw.Error as error:
            raise storage_failed(error) from error

    def _write(self, first: int, batch: Batch, growth: Growth) -> None:
        run, places = self._connection.executemany, range(first, growth.size)
        if _HAS_ARRAYS and len(batch.leaves) >= _WORTH_AN_ARRAY:
            # One statement that takes all rows without coming back to Python halves the cost of a large batch.
            self._connection.execute(_SQL["add_entries"], (first - 1, apsw.carray(tuple(batch.leaves))))
            self._connection.execute(_SQL["add_event_ids"], (first - 1, apsw.carray(tuple(batch.ids))))
        else:
            run(_SQL["add_entry"], zip(places, batch.leaves, strict=True))
            run(_SQL["add_event_id"], zip(batch.ids, places, strict=True))
        if batch.sections:
            rows = ((first + place, *_section_row(section)) for place, section in batch.sections)
            run(_SQL["add_section"], rows)
        if growth.tiles:
            run(_SQL["add_tile"], [(_tile_key(t.level, t.number), t.root, t.hashes) for t in growth.tiles])
        if batch.taken:
            run(_SQL["take"], [(ticket,) for ticket in batch.taken])
        self._connection.execute(_SQL["set_head"], (growth.size, b"".join(growth.stack)))

    def _commit(self) -> None:
        try:
            self._connection.execute("commit")
        except apsw.IOError as error:
            # After a failed flush the page cache may show what the disk never got: nothing that is read back can be trusted.
            self._roll_back()
            raise storage_failed(error) from error
        except apsw.Error as error:
            self._roll_back()
            raise CommitUnknownError(type(error).__name__) from error

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")

    def _refused(self, batch: Batch, error: apsw.ConstraintError) -> Exception:
        taken = self.indexes_of(batch.ids) or len(set(batch.ids)) < len(batch.ids)
        return TakenIdError() if taken else storage_failed(error)

    def _next(self, place: int) -> int | None:
        pk: int | None = self._get("next_entry", place)
        return pk

    def _rows(self, query: str, first: int, end: int) -> list[tuple[Any, ...]]:
        return self._all(query, first, end)


def _section_row(section: SealedSection) -> tuple[str, bytes, str, bytes]:
    return section.name, section.salt, section.key_id, section.data


def _tile_key(level: int, number: int) -> int:
    return level << _TILE_LEVEL_SHIFT | number
