"""Group commit: many callers, one transaction. Whatever waits is appended together; there is no timer."""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from types import TracebackType

from edgecode.errors import InputError, InvalidError
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.log import Log, Receipt

MAX_BATCH = 5_000
MAX_FRONT_ENDS = 4
"""More would only wait for each other at the lock of the log's row, each with less to append."""

_Waiting = tuple[SealedEvent, "Future[Receipt]"]


class GroupCommit:
    """Appends for many threads. Each future is answered once its event is acknowledged: `Receipt.first` is the event's index."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="edgecode group commit", daemon=True)
        self._thread.start()

    def submit(self, event: SealedEvent) -> "Future[Receipt]":
        """Queue one event. The future raises what `Log.append` raises for this event."""
        future: Future[Receipt] = Future()
        self._queue.put((event, future))
        return future

    @property
    def waiting(self) -> int:
        """About how many events are queued."""
        return self._queue.qsize()

    def close(self) -> None:
        """Append what waits, then stop."""
        self._queue.put(None)
        self._thread.join()

    def __enter__(self) -> "GroupCommit":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            waiting = [self._queue.get()]
            while waiting[-1] is not None and len(waiting) < MAX_BATCH:
                try:
                    waiting.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            self._answer([one for one in waiting if one is not None])
            if waiting[-1] is None:
                return

    def _answer(self, waiting: list[_Waiting]) -> None:
        if not waiting:
            return
        try:
            receipt = self._log.append([event for event, _ in waiting])
        except (InputError, InvalidError) as error:
            # One event that is refused does not take the others with it.
            if len(waiting) == 1:
                waiting[0][1].set_exception(error)
                return
            for one in waiting:
                self._answer([one])
        except BaseException as error:
            for _, future in waiting:
                future.set_exception(error)
        else:
            for index, (_, future) in zip(receipt.indexes, waiting, strict=True):
                future.set_result(receipt._replace(first=index, indexes=(index,)))


class FrontEnds:
    """Up to four group commits in one process, each over a `Log` whose store has a connection of its own; one is enough for SQLite.

    An event goes to the one where the fewest wait, the first of these: so a process with little to do uses one, and shares its commits.
    Events of one caller may stand in the log in another order than they were submitted, unless it waits for each.
    """

    def __init__(self, logs: Sequence[Log]) -> None:
        """Raises ValueError for no log, or more than `MAX_FRONT_ENDS`."""
        if not 1 <= len(logs) <= MAX_FRONT_ENDS:
            raise ValueError(f"a process has 1 to {MAX_FRONT_ENDS} front ends")
        self._front_ends = [GroupCommit(log) for log in logs]

    def submit(self, event: SealedEvent) -> "Future[Receipt]":
        """Queue one event; see `GroupCommit.submit`."""
        return min(self._front_ends, key=lambda one: one.waiting).submit(event)

    def close(self) -> None:
        """Append what waits, then stop."""
        for one in self._front_ends:
            one.close()

    def __enter__(self) -> "FrontEnds":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
