"""Draining the inbox into the log: what writers without a signing key left there is committed, signed, and only then gone from it."""

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from edgecode.events.codec import leaf_id
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.log import Log
from edgecode.ledger.pool import MAX_BATCH
from edgecode.ledger.store import PATIENCE, LogStore, MovedError, TakenIdError

PAUSE_SECONDS = 1.0


class Drained(NamedTuple):
    """What became of events of the inbox: *sealed* into the log; *known*, in the log before; *refused*, set aside and kept.

    Refused is an event whose id another leaf has, or that may not enter: `LogStore.refused` hands it out for a person to look at.
    """

    sealed: int = 0
    known: int = 0
    refused: int = 0

    def and_then(self, other: "Drained") -> "Drained":
        """Both together."""
        return Drained(*(one + two for one, two in zip(self, other, strict=True)))


class _Sorted(NamedTuple):
    """Tickets and events of one batch, by what will become of them."""

    new: list[tuple[int, SealedEvent]]
    known: list[int]
    refused: list[int]


MayEnter = Callable[[SealedEvent], bool]
"""Whether an event may be sealed: in the log it stays for ever, and one that cannot be read stops whoever reads."""


def anything(event: SealedEvent) -> bool:
    """Lets every event in."""
    return True


Judging = Callable[[int], bool]
"""Told the size of the log that `MayEnter` will judge by; says whether what was judged holds for this size alone."""


def at_any_size(size: int) -> bool:
    """What may enter does not depend on the log."""
    return False


def drain(store: LogStore, log: Log, *, may_enter: MayEnter = anything, judging: Judging = at_any_size) -> Drained:
    """Empty the inbox in batches of at most 5,000 events; each is on disk and under a signed head before the next begins.

    *store* is the log's own; call this within its `sequencing`. An event that stands twice in the inbox, or in the log already, is
    sealed once. Raises what `Log.append` raises; whatever was not sealed is still in the inbox then.
    """
    total = Drained()

    def once() -> Drained:
        return _drain_batch(store, log, waiting, may_enter, judging)

    while waiting := store.waiting(MAX_BATCH):
        for _ in range(PATIENCE):
            with store.turn(own=False):
                done = once()
            if any(done):
                break
        else:
            with store.turn(own=True):
                while not any(done := once()):
                    pass
        total = total.and_then(done)
    return total


def follow(
    store: LogStore,
    log: Log,
    stop: threading.Event,
    *,
    told: Callable[[Drained], None],
    may_enter: MayEnter = anything,
    judging: Judging = at_any_size,
    pause_seconds: float = PAUSE_SECONDS,
) -> None:
    """Drain the inbox whenever there is something in it, until *stop* is set; while another process does so, wait for its place.

    *told* is called behind every drain that did anything. Looks at *stop* at least every *pause_seconds*. Raises like `drain`, and gives
    its place up then: call it again once the store is there again.
    """
    while not stop.is_set():
        with store.sequencing() as alone:
            while alone and not stop.is_set():
                done = drain(store, log, may_enter=may_enter, judging=judging)
                if any(done):
                    told(done)
                store.wait_for_work(pause_seconds)
        if not alone:
            stop.wait(pause_seconds)


def _drain_batch(
    store: LogStore, log: Log, waiting: Sequence[tuple[int, SealedEvent]], may_enter: MayEnter, judging: Judging
) -> Drained:
    size = log.refresh()
    at = size if judging(size) else None
    found = _sorted(store, waiting, may_enter)
    if found.refused:
        store.refuse(found.refused)
    sealed = len(found.new)
    if found.new:
        try:
            log.append(
                [event for _, event in found.new], taken=[*(ticket for ticket, _ in found.new), *found.known], at=at
            )
        except (TakenIdError, MovedError):
            # Somebody else recorded in between, one of the ids perhaps: the next round finds the log as it is then.
            return Drained(refused=len(found.refused))
    elif found.known:
        log.refresh()
        store.take(found.known)
    return Drained(sealed, len(found.known), len(found.refused))


def _sorted(store: LogStore, waiting: Sequence[tuple[int, SealedEvent]], may_enter: MayEnter) -> _Sorted:
    ids = {ticket: leaf_id(event.leaf) for ticket, event in waiting}
    leaves = {id_: store.leaves(index, index + 1)[0] for id_, index in store.indexes_of([*ids.values()]).items()}
    found = _Sorted([], [], [])
    for ticket, event in waiting:
        first = leaves.get(ids[ticket])
        if first == event.leaf:
            found.known.append(ticket)
        elif first is None and may_enter(event):
            leaves[ids[ticket]] = event.leaf
            found.new.append((ticket, event))
        else:
            found.refused.append(ticket)
    return found
