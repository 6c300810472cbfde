"""What every LogStore must pass (`edgecode.ledger.store`). Subclass, and let `open_store` open the same empty place again and again.

Each test needs a place of its own; a runner like pytest makes one for each test by a fixture of the subclass.
"""

from edgecode.errors import DivergedError
from edgecode.events.codec import leaf_id
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.ledger import merkle
from edgecode.ledger.growth import Growth, root_of
from edgecode.ledger.log import Log
from edgecode.ledger.merkle import leaf_hashes
from edgecode.ledger.notes import open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.store import Batch, Head, LogStore, Marks
from edgecode.ledger.verify import verify_proof
from edgecode.testing.claims import refused
from edgecode.testing.sample_events import (
    ORIGIN,
    SeededSigner,
    leaves_of,
    longest_event,
    same_id_other_leaf,
    sample_event,
    sample_events,
)

BOUNDARIES = (1, 254, 255, 256, 257, 511, 512, 513)
STOPPED = "suite.stopped"
"""The code of an error that these tests throw from inside a store's transaction; nobody else sees it."""


class LogStoreSuite:
    """For a store that one connection uses."""

    def open_store(self) -> LogStore:
        """The store at the place of this test; a second call opens another connection to it, where there can be one."""
        raise NotImplementedError

    def new_log(self) -> tuple[LogStore, Log]:
        """An empty log in the store."""
        store = self.open_store()
        return store, Log.create(store, SeededSigner(), origin=ORIGIN)

    # ------------------------------------------------------------------------------------------ entries and the head

    def test_a_place_has_no_head_before_it_has_a_log_and_keeps_the_first_origin(self) -> None:
        store = self.open_store()
        before = store.head()
        store.create("first.example/edgecode/1")
        store.create("second.example/edgecode/1")

        assert (before, store.head()) == (None, Head("first.example/edgecode/1", 0, []))

    def test_entries_come_back_as_they_were_given_in_any_range(self) -> None:
        store, log = self.new_log()
        events = sample_events(1_100)
        for first, end in ((0, 1), (1, 4), (4, 600), (600, 1_100)):
            log.append(events[first:end])

        for first, end in ((0, 1_100), (0, 1), (500, 530), (1_099, 5_000), (1_100, 1_200)):
            assert [(entry.index, entry.leaf, set(entry.sections)) for entry in store.entries(first, end)] == [
                (index, events[index].leaf, set(events[index].sections)) for index in range(first, min(end, 1_100))
            ]
            assert store.leaves(first, end) == leaves_of(events[first:end])
        assert store.entry_end() == 1_100

    def test_head_tiles_and_roots_are_those_of_the_tree_at_every_boundary(self) -> None:
        store, log = self.new_log()
        events, size = sample_events(BOUNDARIES[-1]), 0
        for boundary in BOUNDARIES:
            log.append(events[size:boundary])
            size = boundary
            hashes = leaf_hashes(leaves_of(events[:size]))
            head = store.head()
            full = [hashes[first : first + 256] for first in range(0, size - size % 256, 256)]

            assert head is not None
            assert (head.size, root_of(head.stack)) == (size, merkle.tree_root(hashes))
            assert [store.tile(0, number) for number in range(len(full) + 1)] == [*map(b"".join, full), None]
            assert store.tile_roots(0, 0, 99) == [merkle.tree_root(tile) for tile in full]

    def test_the_longest_leaf_is_kept_and_a_longer_one_is_no_event(self) -> None:
        store, log = self.new_log()
        event = longest_event()
        log.append([event])

        assert store.leaves(0, 1) == [event.leaf]
        assert refused(lambda: sample_event(0, leaf_bytes=len(event.leaf) + 1)) == "record.not_canonical"

    def test_ids_lead_to_their_entries(self) -> None:
        store, log = self.new_log()
        events = sample_events(20)
        log.append(events[:15])
        ids = [leaf_id(event.leaf) for event in events]

        assert store.indexes_of(ids) == {ids[index]: index for index in range(15)}
        assert store.indexes_of([]) == {}
        assert store.event_ids(ids[4], 3) == [(ids[index], index) for index in (5, 6, 7)]
        assert (store.event_ids(b"", 99), store.event_ids(ids[14], 9)) == ([(ids[n], n) for n in range(15)], [])
        assert store.stray_sections(9) == []

    def test_an_id_that_is_taken_lets_nothing_of_the_batch_in(self) -> None:
        store, log = self.new_log()
        for count in (2, 40):
            events = sample_events(count, series=f"{count}")
            size = log.append(events[:1]).size
            wrong = [*events[1:], same_id_other_leaf(events[0])]
            twice = [*events[1:], same_id_other_leaf(events[1])]

            assert refused(lambda: log.append(wrong)) == "ledger.duplicate_event"  # noqa: B023
            assert refused(lambda: log.append(twice)) == "ledger.duplicate_event"  # noqa: B023
            assert (store.entry_end(), log.append(events[1:]).size) == (size, size + count - 1)

    def test_an_event_given_again_keeps_its_place(self) -> None:
        _, log = self.new_log()
        events = sample_events(30)
        log.append(events[:3])
        receipt = log.append([events[1], *events[3:], events[0], events[3]])

        assert (list(receipt.indexes), receipt.size) == ([1, *range(3, 30), 0, 3], 30)

    def test_what_fails_while_the_tree_grows_leaves_the_store_as_it_was(self) -> None:
        store, log = self.new_log()
        events = sample_events(20)
        log.append(events[:5])
        before = store.head()

        def fail(head: Head) -> Growth:
            raise DivergedError(STOPPED, "stopped")

        for few in (events[5:6], events[5:]):
            assert refused(lambda: store.append(batch_of(few), fail)) == STOPPED  # noqa: B023
        assert (store.head(), store.entry_end()) == (before, 5)
        assert log.append(events[5:]).size == 20

    def test_a_log_opened_again_goes_on_under_the_same_head(self) -> None:
        store, log = self.new_log()
        log.append(sample_events(300))
        again = Log.open(store, SeededSigner())

        assert (again.size, again.root, again.checkpoint()) == (300, log.root, log.checkpoint())

    # ------------------------------------------------------------------------------------------ signed heads

    def test_the_signed_head_of_the_largest_size_is_kept(self) -> None:
        store, _ = self.new_log()
        for size, note in ((3, b"three"), (5, b"five"), (4, b"four")):
            store.keep_checkpoint(size, note)

        assert store.checkpoint() == b"five"

    def test_cosigned_heads_are_kept_for_each_size_and_the_last_word_counts(self) -> None:
        store, _ = self.new_log()
        for size, note in ((9, b"nine"), (3, b"one witness"), (3, b"two witnesses")):
            store.keep_cosigned(size, note)

        assert store.cosigned() == [(3, b"two witnesses"), (9, b"nine")]

    def test_a_frozen_log_keeps_the_first_evidence_and_takes_nothing(self) -> None:
        store, log = self.new_log()
        before = store.frozen()
        store.freeze(b"first")
        store.freeze(b"second")

        assert (before, store.frozen()) == (None, b"first")
        assert refused(lambda: log.append(sample_events(1))) == "ledger.frozen"

    def test_a_log_that_moved_takes_nothing_until_its_head_comes_back(self) -> None:
        store, log = self.new_log()
        events = sample_events(9)
        log.append(events[:4])
        head = store.head()
        assert head is not None
        store.retire(b"moved to there at 4 entries", lambda stands: None)
        seen = store.marks()
        closed = refused(lambda: log.append(events[4:])), refused(lambda: Log.open(store, SeededSigner()))
        wrong = store.reinstate(head._replace(size=5)), store.marks()
        back = store.reinstate(head), store.marks()

        assert closed == ("store.moved", "store.moved")
        assert (seen, wrong) == (Marks(None, b"moved to there at 4 entries"), (False, seen))
        assert back == (True, Marks(None, None))
        assert log.append(events[4:]).size == 9

    def test_a_log_is_retired_at_the_head_that_was_taken_along_or_not_at_all(self) -> None:
        store, log = self.new_log()
        log.append(sample_events(3))

        def refuse(head: Head) -> None:
            raise DivergedError(STOPPED, f"{head.size}")

        assert refused(lambda: store.retire(b"moved to there at 2 entries", refuse)) == STOPPED
        assert store.marks() == Marks(None, None)

    # ------------------------------------------------------------------------------------------ sections

    def test_erased_sections_are_gone_and_every_proof_is_as_before(self) -> None:
        store, log = self.new_log()
        events = sample_events(40)
        log.append(events)
        before = log.checkpoint()
        store.erase_forever([(3, "text"), (7, "fact"), (7, "text"), (8, "person"), (99, "text")])
        store.erase_forever([(3, "text")])

        left = {entry.index: {section.name for section in entry.sections} for entry in store.entries(0, 40)}
        assert left == {index: {"fact", "text"} for index in range(40)} | {3: {"fact"}, 7: set()}
        assert log.checkpoint() == before
        for index in range(40):
            report = verify_proof(log.proof(index), entry=events[index].leaf, policy=Policy.of_keys(log.key))
            assert report.findings == ()

    def test_a_section_is_put_under_another_key_or_nothing_is(self) -> None:
        store, log = self.new_log()
        events = sample_events(10, key_id="s:1")
        log.append(events)
        old = {index: events[index].sections[1] for index in (2, 4, 6)}
        new = {index: SealedSection("text", section.salt, "s:2", b"anew") for index, section in old.items()}
        other_salt = SealedSection("text", b"\0" * 32, "s:2", b"anew")
        store.reseal([(2, new[2]), (4, new[4])])

        for wrong in (other_salt, SealedSection("person", old[6].salt, "s:2", b"anew")):
            assert refused(lambda: store.reseal([(6, new[6]), (8, wrong)])) == "ledger.no_section"  # noqa: B023
        assert store.sections_under("s:2") == [(2, "text"), (4, "text")]
        assert store.sections_under("s:1") == [(index, "text") for index in (0, 1, 3, 5, 6, 7, 8, 9)]
        assert [set(entry.sections) for entry in store.entries(2, 3)] == [{events[2].sections[0], new[2]}]

    # ------------------------------------------------------------------------------------------ the inbox

    def test_accepted_events_wait_in_order_until_their_append_takes_them(self) -> None:
        store, log = self.new_log()
        events = sample_events(30)
        tickets = store.accept(events[:20]) + store.accept(events[20:])
        waiting = store.waiting(25)
        log.append(events[:12], taken=tickets[:12])

        assert tickets == sorted(set(tickets))
        assert waiting == list(zip(tickets, events, strict=True))[:25]
        assert store.waiting(99) == list(zip(tickets, events, strict=True))[12:]

    def test_an_append_that_fails_takes_nothing_out_of_the_inbox(self) -> None:
        store, log = self.new_log()
        events = sample_events(12)
        log.append(events[:1])
        tickets = store.accept(events[1:])
        wrong = [*events[1:], same_id_other_leaf(events[0])]

        assert refused(lambda: log.append(wrong, taken=tickets)) == "ledger.duplicate_event"
        assert [ticket for ticket, _ in store.waiting(99)] == tickets

    def test_a_ticket_is_given_out_once(self) -> None:
        store, _ = self.new_log()
        first = store.accept(sample_events(3))
        store.take(first)
        store.erase_forever([(0, "text")])

        assert min(store.accept(sample_events(3))) > max(first)

    def test_refused_events_are_kept_aside(self) -> None:
        store, _ = self.new_log()
        events = sample_events(4)
        tickets = store.accept(events)
        store.refuse(tickets[1:3])

        assert store.waiting(9) == [(tickets[0], events[0]), (tickets[3], events[3])]
        assert store.refused() == [(tickets[1], events[1]), (tickets[2], events[2])]

    def test_one_at_a_time_drains_the_inbox(self) -> None:
        store, _ = self.new_log()
        with store.sequencing() as first, store.sequencing() as second:
            both = first, second
        with store.sequencing() as later:
            assert (both, later) == ((True, False), True)

    def test_waiting_for_work_ends_at_once_when_there_is_some(self) -> None:
        store, _ = self.new_log()
        store.wait_for_work(0.05)
        store.accept(sample_events(1))
        store.wait_for_work(600)

    def test_the_tree_is_right_around_65536_entries(self) -> None:
        store, log = self.new_log()
        events, size = sample_events(65_537), 0
        hashes = leaf_hashes(leaves_of(events))
        for boundary in (65_000, 65_535, 65_536, 65_537):
            for first in range(size, boundary, 5_000):
                log.append(events[first : min(first + 5_000, boundary)])
            size = boundary

            assert (log.size, log.root) == (size, merkle.tree_root(hashes[:size]))
            assert (store.tile(1, 0) is not None) == (size >= 65_536)


def batch_of(events: list[SealedEvent]) -> Batch:
    """What a log hands to a store for *events*."""
    sections = [(place, section) for place, event in enumerate(events) for section in event.sections]
    return Batch(leaves_of(events), [leaf_id(event.leaf) for event in events], sections)


def signed_by_suite(log: Log, note: bytes) -> int:
    """The size that a signed head of *log* covers; raises when the suite's key did not sign it."""
    return open_checkpoint(note, Policy.of_keys(log.key)).checkpoint.size
