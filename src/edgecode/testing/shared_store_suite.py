"""What a LogStore must pass that several connections use at once: threads and processes, each with a store of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

from edgecode.ledger import merkle
from edgecode.ledger.log import Log, Receipt
from edgecode.testing.log_store_suite import LogStoreSuite, signed_by_suite
from edgecode.testing.sample_events import ORIGIN, SeededSigner, leaves_of, sample_event, sample_events

WRITERS, BATCHES, EACH = 4, 12, 3


class SharedLogStoreSuite(LogStoreSuite):
    """For a store that is opened several times."""

    def test_a_reader_sees_one_state_while_another_appends(self) -> None:
        _, log = self.new_log()
        log.append(sample_events(3))
        other = self.open_store()
        with other.reading():
            before = other.head(), other.entry_end()
            log.append(sample_events(300, first=3))
            during = other.head(), other.entry_end()
        after = other.head()

        assert before == during
        assert (before[1], after and after.size) == (3, 303)

    def test_what_one_appended_another_goes_on_from(self) -> None:
        _, one = self.new_log()
        other = Log.open(self.open_store(), SeededSigner())
        events = sample_events(30)
        for first in range(0, 30, 3):
            (one if first % 2 else other).append(events[first : first + 3])

        assert (one.refresh(), other.refresh()) == (30, 30)
        assert {one.root, other.root} == {merkle.tree_root(merkle.leaf_hashes(leaves_of(events)))}

    def test_many_writers_make_one_order_and_one_history(self) -> None:
        store, log = self.new_log()

        def write(writer: int) -> list[tuple[Receipt, list[bytes]]]:
            own = Log.open(self.open_store(), SeededSigner())
            told = []
            for batch in range(BATCHES):
                events = sample_events(1 if batch % 2 else EACH * 4, first=batch * 100, series=f"{writer}")
                told.append((own.append(events), leaves_of(events)))
            return told

        with ThreadPoolExecutor(WRITERS) as pool:
            told = [one for each in pool.map(write, range(WRITERS)) for one in each]
        leaves = store.leaves(0, 1 << 40)
        hashes = merkle.leaf_hashes(leaves)

        assert len(leaves) == len(set(leaves)) == WRITERS * BATCHES * (1 + EACH * 4) // 2
        for receipt, given in told:
            assert [leaves[index] for index in receipt.indexes] == given
            assert receipt.root == merkle.tree_root(hashes[: receipt.size])
            assert signed_by_suite(log, receipt.checkpoint) == receipt.size

    def test_two_connections_do_not_drain_one_inbox(self) -> None:
        store, _ = self.new_log()
        other = self.open_store()
        with store.sequencing() as first, other.sequencing() as second:
            both = first, second
        with other.sequencing() as later, store.sequencing() as again:
            assert (both, later, again) == ((True, False), True, False)

    def test_whoever_begins_a_try_waits_while_another_has_a_turn_of_its_own(self) -> None:
        store, _ = self.new_log()
        other, order, begun = self.open_store(), list[str](), threading.Event()

        def beside() -> None:
            begun.set()
            with other.turn(own=False):
                order.append("beside")

        with store.turn(own=True), store.turn(own=False):
            trying = threading.Thread(target=beside)
            trying.start()
            begun.wait(30)
            sleep(0.3)
            order.append("own")
        trying.join(60)
        with other.turn(own=True):
            order.append("again")

        assert order == ["own", "beside", "again"]

    def test_whoever_waits_for_work_is_woken_by_another_connection(self) -> None:
        store, _ = self.new_log()
        other, begun = self.open_store(), monotonic()
        waker = threading.Timer(0.2, lambda: other.accept([sample_event(1)]))
        waker.start()
        store.wait_for_work(30)
        waited = monotonic() - begun
        waker.join()

        assert 0.1 < waited < 10
        assert len(store.waiting(9)) == 1

    def test_two_that_begin_a_log_begin_one(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            logs = list(pool.map(lambda _: Log.create(self.open_store(), SeededSigner(), origin=ORIGIN), range(2)))

        assert [log.append(sample_events(1)).size for log in logs] == [1, 1]
