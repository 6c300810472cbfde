"""Recording without a signing key: lines of steps are read as ever, and what they say waits in the inbox for the machine with the key."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Self

from edgecode.drivers.scan_cache import ScanCache
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.drivers.world import World
from edgecode.events.kinds import Event
from edgecode.index.memory import Memory
from edgecode.index.projector import project, watermark
from edgecode.index.roots import root_names
from edgecode.index.store import IndexStore
from edgecode.ingest.intake import Intake
from edgecode.ingest.known import KnownSoFar
from edgecode.ingest.lookup import MediaLookup
from edgecode.ingest.records import RecordedStep, read_record
from edgecode.ledger.growth import root_of
from edgecode.ledger.reader import Reader
from edgecode.ledger.store import Stand
from edgecode.production.held_back import WithoutErased, erased_files
from edgecode.production.inbox.sequencing import OBSERVATIONS, InboxWriter, Objection, observation_in
from edgecode.production.lines import Told, line_secret, mounted_roots, take_lines
from edgecode.production.log.history import continues, trace_of_index
from edgecode.production.log.reading import Erasures, recorded
from edgecode.production.log.stores import OpenIndex, has_index, open_index
from edgecode.production.record import unmoved
from edgecode.settings import STATE_FOLDER
from edgecode.terms.cuts import Diagnostic

_EVERYTHING = 1 << 31


class LineWriter:
    """Records steps of a production through its inbox. It needs settings, ledger, keys that seal; an index that is there saves
    reading the whole log."""

    def __init__(self, folder: Path, *, world: World | None = None) -> None:
        """Open the stores of the production in *folder* without its signing key; the index only to be read. Raises what `InboxWriter`
        and `open_index` raise."""
        self._world, self._folder = world or World(), folder
        with ExitStack() as opened:
            self._inbox = opened.enter_context(InboxWriter(folder, world=self._world))
            self._index = opened.enter_context(closing(self._readable_index(folder)))
            self._cache = opened.enter_context(closing(ScanCache.open(folder / STATE_FOLDER / "scan-cache.db")))
            self._stores = opened.pop_all()

    def record_lines(self, lines: Iterable[bytes], *, told: Told = lambda answer: None) -> Intake:
        """Put the steps of NDJSON lines (step/1) into the inbox, as `Production.record_lines` puts them into the log. Each line is accepted
        before the next one is read.

        What the index does not hold yet, in the log or in the inbox, is known too: a line that is sent again before it was taken into the
        log is one step. Raises like `InboxWriter.accept`.
        """
        before = KnownSoFar(Memory(self._index))
        known = KnownSoFar(before)
        roots = mounted_roots(self._inbox.settings, root_names(self._index))
        look = WithoutErased(
            MediaLookup(roots, cache=self._cache, known=known, new_id=self._world.new_id),
            erased_files(self._folder, self._inbox.keys, self._inbox.settings.production),
        )
        secret = line_secret(self._inbox.keys, self._inbox.settings.production)
        stands = Stand(watermark(self._index)[0], 0)

        def judge(line: bytes, number: int) -> Sequence[RecordedStep | Diagnostic]:
            known.forget()
            return read_record(line, number, known=known, look=look, secret=secret)

        def keep(judged: Callable[[], Sequence[Event]]) -> None:
            def tried() -> None:
                nonlocal stands
                stands = self._note_new(before, after=stands)
                events = judged()
                tickets = self._inbox.accept(events, at=stands)
                before.note(events)
                stands = Stand(stands.size, (stands.ticket, *tickets)[-1])

            unmoved(self._inbox.ledger, tried)

        return take_lines(lines, judge=judge, before=before, index=self._index, keep=keep, told=told)

    def close(self) -> None:
        """Let go of the stores."""
        self._stores.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _readable_index(self, folder: Path) -> OpenIndex:
        """The index as it stands; one in memory where there is none, or where it is no index of this log and this release."""
        settings = self._inbox.settings
        if has_index(settings, folder):
            index = open_index(settings, folder, read_only=True)
            if index.is_of_this_release and self._is_of_this_log(index):
                return index
            index.close()
        ledger, own = self._inbox.ledger, SqliteIndex(":memory:")
        head = ledger.head()
        if head is not None:
            entries = recorded(ledger.entries(0, head.size), self._inbox.keys, erasures=Erasures(ledger))
            project(own, entries, size=head.size, root=root_of(head.stack))
        return own

    def _is_of_this_log(self, index: IndexStore) -> bool:
        seen, head = trace_of_index(index, self._inbox.settings.production), self._inbox.ledger.head()
        return seen is not None and head is not None and continues(seen, head.size, Reader(self._inbox.ledger).root)

    def _note_new(self, known: KnownSoFar, *, after: Stand) -> Stand:
        """Note what log and inbox hold behind *after*; returns how far they were read. The inbox is read first: what is in it goes into
        the log."""
        ledger, keys, production = self._inbox.ledger, self._inbox.keys, self._inbox.settings.production
        now = ledger.stand()
        if now == after:
            return now
        waiting = ledger.waiting(_EVERYTHING)
        for entry in recorded(ledger.entries(after.size, now.size), keys, erasures=Erasures(ledger)):
            if entry.leaf.type in OBSERVATIONS and isinstance(entry.event, OBSERVATIONS[entry.leaf.type]):
                known.note([entry.event])
        for ticket, event in waiting:
            found = (
                observation_in(event, keys=keys, production=production) if ticket > after.ticket else Objection.TAKEN
            )
            if not isinstance(found, Objection):
                known.note([found])
        return now
