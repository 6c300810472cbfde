"""Group commit: many callers, one transaction. Whatever waits is appended together; there is no timer."""

import queue
import threading
from concurrent.futures import Future
from types import TracebackType

from edgecode.errors import InputError, InvalidError
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.log import Log, Receipt

MAX_BATCH = 5_000

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
