"""The inbox is drained by one process at a time, and nothing that was accepted is lost, sealed twice or left unsigned."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import UnavailableError
from edgecode.ledger.log import Log
from edgecode.ledger.pool import FrontEnds
from edgecode.ledger.sequencer import Drained, drain, follow
from edgecode.ledger.store import LogStore
from edgecode.testing.sample_events import (
    ORIGIN,
    SeededSigner,
    leaves_of,
    same_id_other_leaf,
    sample_event,
    sample_events,
)

Open = Callable[[], LogStore]


@pytest.fixture(params=["sqlite", "postgres"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as opened:
        if request.param == "sqlite":
            yield lambda: opened.enter_context(closing(SqliteLedger(tmp_path / "ledger.db")))
            return
        from edgecode.drivers.postgres_ledger import PostgresLedger

        url = request.getfixturevalue("postgres").database()
        yield lambda: opened.enter_context(closing(PostgresLedger(url)))


@pytest.fixture
def store(open_store: Open) -> LogStore:
    return open_store()


@pytest.fixture
def log(store: LogStore) -> Log:
    return Log.create(store, SeededSigner(), origin=ORIGIN)


def test_what_was_accepted_is_sealed_in_order_and_signed(store: LogStore, log: Log) -> None:
    events = sample_events(7_000)
    store.accept(events)
    done = drain(store, log)

    assert done == Drained(sealed=7_000)
    assert store.leaves(0, 9_999) == leaves_of(events)
    assert (store.waiting(9), log.size, store.checkpoint()) == ([], 7_000, log.checkpoint())


def test_an_event_that_came_twice_is_sealed_once(store: LogStore, log: Log) -> None:
    events = sample_events(10)
    log.append(events[:2])
    store.accept([events[1], events[5], *events[3:7], events[6]])

    assert drain(store, log) == Drained(sealed=4, known=3)
    assert store.leaves(0, 99) == leaves_of([*events[:2], events[5], events[3], events[4], events[6]])
    store.accept(events[:7])
    assert drain(store, log) == Drained(sealed=1, known=6)
    assert store.accept(events[:1]) and drain(store, log) == Drained(known=1)
    assert (store.waiting(9), store.refused(), log.size) == ([], [], 7)


def test_an_event_that_claims_the_id_of_another_is_kept_aside_and_stops_nobody(store: LogStore, log: Log) -> None:
    events = sample_events(4)
    liars = [same_id_other_leaf(events[0]), same_id_other_leaf(events[2])]
    log.append(events[:1])
    tickets = store.accept([events[1], liars[0], events[2], liars[1], events[3]])

    assert drain(store, log) == Drained(sealed=3, refused=2)
    assert store.refused() == [(tickets[1], liars[0]), (tickets[3], liars[1])]
    assert (store.waiting(9), drain(store, log)) == ([], Drained())


def test_a_signature_that_fails_loses_nothing_and_doubles_nothing(store: LogStore) -> None:
    class Tired(SeededSigner):
        tired = False

        def sign(self, message: bytes) -> bytes:
            if self.tired:
                raise UnavailableError("key.unusable", "the key sleeps")
            return super().sign(message)

    signer = Tired()
    log = Log.create(store, signer, origin=ORIGIN)
    events = sample_events(20)
    store.accept(events)
    signer.tired = True
    with pytest.raises(UnavailableError, match=r"key\.unusable"):
        drain(store, log)
    signer.tired = False
    again = Log.open(store, signer)

    assert (drain(store, again), again.size, store.leaves(0, 99)) == (Drained(), 20, leaves_of(events))


def test_two_that_follow_one_inbox_seal_everything_once_while_others_record(open_store: Open, log: Log) -> None:
    stop, told = threading.Event(), list[Drained]()

    def sequence() -> None:
        own = open_store()
        follow(own, Log.open(own, SeededSigner()), stop, told=told.append, pause_seconds=0.05)

    def put(writer: int) -> None:
        own = open_store()
        for number in range(30):
            own.accept([sample_event(number, series=f"in{writer}")])

    def record(writer: int) -> None:
        own = Log.open(open_store(), SeededSigner())
        for number in range(15):
            own.append([sample_event(number, series=f"own{writer}")])

    with ThreadPoolExecutor(6) as pool:
        sequencers = [pool.submit(sequence) for _ in range(2)]
        others = [pool.submit(work, writer) for work in (put, record) for writer in range(2)]
        for other in others:
            other.result(timeout=60)
        last = open_store()
        while last.waiting(1):
            last.wait_for_work(0.01)
            threading.Event().wait(0.02)
        stop.set()
        for sequencer in sequencers:
            sequencer.result(timeout=60)

    leaves = last.leaves(0, 9_999)
    assert sorted(leaves) == sorted(
        leaf
        for writer in range(2)
        for leaf in leaves_of(sample_events(30, series=f"in{writer}"))
        + leaves_of(sample_events(15, series=f"own{writer}"))
    )
    assert sum(one.sealed for one in told) == 60


def test_front_ends_seal_every_event_once_on_one_history(open_store: Open, log: Log) -> None:
    events = sample_events(300)
    with FrontEnds([Log.open(open_store(), SeededSigner()) for _ in range(4)]) as front_ends:
        futures = [front_ends.submit(event) for event in events]
        receipts = [future.result(timeout=60) for future in futures]
    log.refresh()
    leaves = open_store().leaves(0, 999)

    assert [leaves[receipt.first] for receipt in receipts] == leaves_of(events)
    assert (len(leaves), log.size) == (300, 300)
    assert all(receipt.root == log.root_at(receipt.size) for receipt in receipts)


@pytest.mark.parametrize("count", [0, 5])
def test_a_process_has_one_to_four_front_ends(store: LogStore, log: Log, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        FrontEnds([log] * count)
