"""Appending, acknowledging, proving and reopening, on a real file; one history whatever fails and whoever writes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest

from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import DivergedError, InputError, InvalidError, NotFoundError, UnavailableError, UnverifiableError
from edgecode.events.codec import NotCanonicalError, leaf_id
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.growth import Growth
from edgecode.ledger.log import Log
from edgecode.ledger.merkle import EMPTY_ROOT, consistency_holds, leaf_hashes, node_hash
from edgecode.ledger.notes import open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.pool import GroupCommit
from edgecode.ledger.store import Batch, CommitUnknownError, Head
from edgecode.ledger.verify import Verdict, verify_proof
from sample_log import CLOCK, ORIGIN, Production, new_production, reopened, sealed, version_seen

WRITER = Path(__file__).with_name("writing_process.py")


@pytest.fixture
def production(tmp_path: Path) -> Production:
    return new_production(tmp_path)


def by_definition(hashes: list[bytes]) -> bytes:
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(by_definition(hashes[:k]), by_definition(hashes[k:]))


def test_a_receipt_names_the_places_and_the_root_over_everything_before(production: Production) -> None:
    events = production.events(300)
    receipts = [
        production.log.append(events[:1]),
        production.log.append(events[1:270]),
        production.log.append(events[270:]),
    ]
    leaves = [event.leaf for event in events]
    heads = [open_checkpoint(receipt.checkpoint, Policy.of_keys(production.log.key)).checkpoint for receipt in receipts]

    assert [(receipt.first, receipt.size, list(receipt.indexes)) for receipt in receipts] == [
        (0, 1, [0]),
        (1, 270, list(range(1, 270))),
        (270, 300, list(range(270, 300))),
    ]
    assert [(head.origin, head.size, head.root) for head in heads] == [
        (ORIGIN, size, by_definition(leaf_hashes(leaves[:size]))) for size in (1, 270, 300)
    ]


def test_entries_come_back_with_their_sections_as_they_were_given(production: Production) -> None:
    events = production.events(520)
    production.log.append(events)

    assert [(entry.index, entry.leaf, set(entry.sections)) for entry in production.log.entries(3, 518)] == [
        (index, events[index].leaf, set(events[index].sections)) for index in range(3, 518)
    ]


def test_roots_and_proofs_hold_at_every_size_a_log_ever_had(production: Production) -> None:
    events = production.events(700)
    roots = {0: EMPTY_ROOT}
    for begin in range(0, 700, 50):
        receipt = production.log.append(events[begin : begin + 50])
        roots[receipt.size] = receipt.root
    log = reopened(production).log

    assert {size: log.root_at(size) for size in roots} == roots
    for old in roots:
        for new in (size for size in roots if size >= old):
            proof = log.consistency(old, new)
            assert consistency_holds(old_size=old, new_size=new, proof=proof, old_root=roots[old], new_root=roots[new])


def test_every_entry_has_a_proof_that_an_outsider_can_check(production: Production) -> None:
    events = production.events(300)
    production.log.append(events[:100])
    earlier = production.log.checkpoint()
    production.log.append(events[100:])
    policy = Policy.of_keys(production.log.key)

    for checkpoint, size in ((None, 300), (earlier, 100)):
        reports = [
            verify_proof(production.log.proof(i, checkpoint=checkpoint), entry=events[i].leaf, policy=policy)
            for i in range(size)
        ]
        assert {(report.verdict, report.findings) for report in reports} == {(Verdict.UNWITNESSED, ())}


def test_a_proof_of_one_entry_says_nothing_of_another(production: Production) -> None:
    events = production.events(10)
    production.log.append(events)
    report = verify_proof(production.log.proof(3), entry=events[4].leaf, policy=Policy.of_keys(production.log.key))

    assert [str(finding) for finding in report.findings] == [
        "entry 3: the proof does not lead from it to the signed root"
    ]


def test_there_is_no_proof_of_what_is_not_there(production: Production) -> None:
    with pytest.raises(NotFoundError, match=r"has no entry 0"):
        production.log.proof(0)


def test_no_flip_of_a_single_bit_of_a_proof_is_accepted(production: Production) -> None:
    events = production.events(300)
    production.log.append(events)
    proof, policy = production.log.proof(137), Policy.of_keys(production.log.key)
    accepted = []
    for bit in range(len(proof) * 8):
        flipped = bytearray(proof)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        if not verify_proof(bytes(flipped), entry=events[137].leaf, policy=policy).findings:
            accepted.append(bit)

    assert accepted == []


def test_an_event_given_twice_keeps_its_first_place(production: Production) -> None:
    events = production.events(5)
    production.log.append(events[:3])
    receipt = production.log.append([events[1], events[3], events[0], events[3], events[4]])

    assert (list(receipt.indexes), receipt.first, receipt.size) == ([1, 3, 0, 3, 4], 1, 5)
    assert production.audit().report.findings == ()


def test_another_event_under_a_known_id_is_refused(production: Production) -> None:
    event = production.events(1)[0]
    forged = SealedEvent(event.leaf.replace(b'"ts":%d' % (CLOCK + 2), b'"ts":%d' % (CLOCK + 3)), ())
    production.log.append([event])

    assert leaf_id(forged.leaf) == leaf_id(event.leaf)
    assert forged.leaf != event.leaf
    for batch in ([forged], [*production.events(2), forged]):
        with pytest.raises(InputError, match=r"ledger\.duplicate_event"):
            production.log.append(batch)
    assert production.log.size == 1


def test_bytes_that_are_no_leaf_cannot_become_an_event(production: Production) -> None:
    with pytest.raises(NotCanonicalError):
        SealedEvent(b"{}", ())


def test_an_empty_append_acknowledges_what_is_there(production: Production) -> None:
    production.log.append(production.events(2))
    receipt = production.log.append([])

    assert (receipt.first, receipt.size, list(receipt.indexes)) == (2, 2, [])


def test_an_empty_log_has_the_empty_root_and_a_signed_head(production: Production) -> None:
    head = open_checkpoint(production.log.checkpoint(), Policy.of_keys(production.log.key)).checkpoint

    assert (head.size, head.root) == (0, EMPTY_ROOT)
    assert production.audit().verdict is Verdict.UNWITNESSED


def test_a_log_that_was_never_begun_is_not_found(tmp_path: Path) -> None:
    store = SqliteLedger(tmp_path / "ledger.db")
    signer = new_production(
        Path(tmp_path, "other").resolve() if Path(tmp_path, "other").mkdir() else tmp_path / "other"
    ).signer

    with pytest.raises(NotFoundError, match=r"ledger\.absent"):
        Log.open(store, signer)


def test_entries_cannot_be_changed_or_deleted_through_the_database(production: Production) -> None:
    production.log.append(production.events(3))
    production.close()
    connection = connect(production.folder / "ledger.db", durable=True)

    for statement in ("delete from entry where pk = 1", "update entry set leaf = x'00' where pk = 1"):
        with pytest.raises(apsw.ConstraintError, match="entries stay"):
            connection.execute(statement)


def test_many_callers_share_commits_and_each_learns_its_own_place(production: Production) -> None:
    events = production.events(400)
    with GroupCommit(production.log) as group, ThreadPoolExecutor(8) as threads:
        futures = list(threads.map(group.submit, events))
        places = {future.result().first: event for future, event in zip(futures, events, strict=True)}

    assert {entry.index: entry.leaf for entry in production.log.entries()} == {i: e.leaf for i, e in places.items()}
    assert production.log.size == 400


def test_one_refused_event_does_not_take_its_neighbours_with_it(production: Production) -> None:
    events = production.events(6)
    production.log.append(events[:1])
    forged = SealedEvent(events[0].leaf.replace(b'"ts":%d' % (CLOCK + 2), b'"ts":%d' % (CLOCK + 3)), ())
    group = GroupCommit(production.log)
    futures = [group.submit(event) for event in [*events[1:4], forged, *events[4:]]]
    group.close()

    assert [isinstance(future.exception(), InputError) for future in futures] == [False] * 3 + [True] + [False] * 2
    assert production.log.size == 6


# ------------------------------------------------------------------------------------------------ what can fail


class Failing:
    """The store of a production with one failure: before a write (not persisted), or after it (persisted, but told as failed)."""

    def __init__(self, store: SqliteLedger) -> None:
        self.store = store
        self.failure: tuple[str, str, Exception] | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)

    def _around(self, name: str, call: Callable[[], object]) -> object:
        failure, self.failure = self.failure, None
        if failure is None or failure[0] != name:
            self.failure = failure
            return call()
        if failure[1] == "after":
            call()
        raise failure[2]

    def append(self, batch: Batch, grow: Callable[[Head], Growth]) -> object:
        return self._around("append", lambda: self.store.append(batch, grow))

    def keep_checkpoint(self, size: int, note: bytes) -> object:
        return self._around("keep_checkpoint", lambda: self.store.keep_checkpoint(size, note))


@pytest.mark.parametrize("where", ["append", "keep_checkpoint", "sign"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_anywhere_leaves_one_history_and_a_second_try_succeeds(
    production: Production, where: str, when: str
) -> None:
    failing = Failing(production.store)
    log = Log.open(failing, production.signer)
    events = production.events(300)
    log.append(events[:200])
    acknowledged = log.checkpoint()
    error = CommitUnknownError("told so by the test") if where == "append" else UnavailableError("test", "told so")
    if where == "sign":
        key, sign = production.signer, production.signer.sign
        calls = iter([error])

        def failing_sign(message: bytes) -> bytes:
            if (failure := next(calls, None)) is not None:
                raise failure
            return sign(message)

        key.sign = failing_sign  # type: ignore[method-assign]
    else:
        failing.failure = (where, when, error)
    told = None
    try:
        told = log.append(events[200:])
    except UnavailableError:
        assert log.checkpoint() == acknowledged or where == "keep_checkpoint"
        told = log.append(events[200:])

    assert (list(told.indexes), told.size) == (list(range(200, 300)), 300)
    assert production.audit().report.findings == ()
    assert consistency_holds(
        old_size=200, new_size=300, proof=log.consistency(200, 300), old_root=log.root_at(200), new_root=told.root
    )


def test_a_commit_that_is_told_as_unknown_but_happened_is_acknowledged_at_once(production: Production) -> None:
    failing = Failing(production.store)
    log = Log.open(failing, production.signer)
    failing.failure = ("append", "after", CommitUnknownError("told so by the test"))
    receipt = log.append(production.events(3))

    assert (list(receipt.indexes), receipt.size) == ([0, 1, 2], 3)


def test_what_was_committed_but_not_signed_before_a_crash_is_signed_at_the_next_opening(production: Production) -> None:
    log, events = production.log, production.events(5)
    log.append(events[:2])
    production.signer.sign = lambda message: (_ for _ in ()).throw(UnavailableError("test", "the power is gone"))  # type: ignore[method-assign]
    with pytest.raises(UnavailableError):
        log.append(events[2:])
    unsealed = production.audit().report
    again = reopened(production)

    assert [finding.code for finding in unsealed.findings] == ["entry.unsealed", "head.size"]
    assert again.log.size == 5
    assert again.audit().report.findings == ()


def test_a_store_that_was_rolled_back_behind_its_signed_head_is_not_continued(production: Production) -> None:
    production.log.append(production.events(2))
    state = production.store.head()
    production.log.append(production.events(1))
    production.close()
    connection = connect(production.folder / "ledger.db", durable=True)
    connection.execute("drop trigger entry_stays")
    connection.execute("delete from entry where pk = 2")
    connection.execute("update log set size = 2, stack = ?", (b"".join(state.stack),))
    connection.close()

    with pytest.raises(DivergedError, match=r"does not continue the head that was signed at 3 entries"):
        Log.open(SqliteLedger(production.folder / "ledger.db"), production.signer)


ONE_CHARACTER_OF_THE_SIGNATURE = """
with before as (select cast(note as text) as t from checkpoint)
update checkpoint set note = (select cast(
  substr(t, 1, length(t) - 20) || iif(substr(t, length(t) - 19, 1) = 'A', 'B', 'A') || substr(t, length(t) - 18) as blob) from before)
"""


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("update log set size = size - 1", "ledger.state"),
        ("update log set stack = zeroblob(length(stack))", "ledger.state"),
        ("insert into entry values (3, x'00')", "ledger.unsealed"),
        (ONE_CHARACTER_OF_THE_SIGNATURE, "note.signature"),
    ],
)
def test_a_log_whose_state_does_not_fit_is_not_opened(production: Production, damage: str, code: str) -> None:
    production.log.append(production.events(3))
    production.close()
    connection = connect(production.folder / "ledger.db", durable=True)
    connection.execute(damage)
    connection.close()

    with pytest.raises(InvalidError) as refused:
        Log.open(SqliteLedger(production.folder / "ledger.db"), production.signer)
    assert refused.value.code in (code, "note.malformed")


def test_a_log_is_not_opened_with_another_key(production: Production, tmp_path: Path) -> None:
    other = create_key_file(tmp_path / "other.key")

    with pytest.raises(UnverifiableError, match=r"note\.key"):
        Log.open(production.store, other)


# ------------------------------------------------------------------------------------------------ several processes


def start_writer(folder: Path, *, seed: int, batches: int, each: int) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(WRITER.parents[1]), *sys.path])}
    arguments = [sys.executable, str(WRITER), str(folder), str(seed), str(batches), str(each)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)


def test_two_processes_on_one_file_write_one_history(production: Production) -> None:
    writers = [start_writer(production.folder, seed=seed, batches=40, each=3) for seed in (11, 12)]
    told = [json.loads(line) for writer in writers for line in writer.communicate(timeout=120)[0].splitlines()]
    production.log.refresh()

    assert sorted(place for ack in told for place in ack["indexes"]) == list(range(240))
    assert all(production.log.root_at(ack["size"]).hex() == ack["root"] for ack in told)
    assert production.audit().report.findings == ()


@pytest.mark.parametrize("round_", range(4))
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(production: Production, round_: int) -> None:
    told, again = killed_in_the_middle(production, rounds=1, seed=round_)

    assert (told != [], lost(told, again), again.audit().report.findings) == (True, [], ())


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_forty_kills_in_a_row(production: Production) -> None:
    told, again = killed_in_the_middle(production, rounds=40, seed=100)

    assert (len(told) >= 40, lost(told, again), again.audit().report.findings) == (True, [], ())


def killed_in_the_middle(production: Production, *, rounds: int, seed: int) -> tuple[list[dict], Production]:
    """What writers that were killed had acknowledged, and the production as it is found after them."""
    told: list[dict] = []
    for number in range(rounds):
        writer = start_writer(production.folder, seed=seed * 1_000 + number + 1, batches=100_000, each=7)
        assert writer.stdout is not None
        told.append(json.loads(writer.stdout.readline()))
        time.sleep(production.chance.random.uniform(0.0, 0.2))
        writer.send_signal(signal.SIGKILL)
        told += [json.loads(line) for line in writer.stdout.read().splitlines() if line.endswith("}")]
        writer.wait()
    return told, reopened(production)


def lost(told: list[dict], again: Production) -> list[dict]:
    """What was acknowledged and is not there, or stands under another root."""
    leaves = {entry.index: entry.leaf for entry in again.log.entries()}
    return [
        ack
        for ack in told
        if again.log.root_at(ack["size"]).hex() != ack["root"]
        or [leaf_id(leaves[place]).hex() if place in leaves else None for place in ack["indexes"]] != ack["ids"]
    ]


def test_a_reader_learns_what_another_process_wrote(production: Production) -> None:
    other = Log.open(SqliteLedger(production.folder / "ledger.db"), production.signer)
    event = sealed(version_seen(production.chance), production.chance, production.keys, production.signer)
    production.log.append([event])

    assert (other.size, other.refresh(), other.root) == (0, 1, production.log.root)


def test_a_damaged_database_is_said_to_be_unreadable_whatever_is_asked(tmp_path: Path) -> None:
    production = new_production(tmp_path)
    production.log.append(production.events(300))
    production.close()
    path = next(tmp_path.glob("*.db"))
    connection = apsw.Connection(str(path))
    connection.pragma("journal_mode", "delete")
    size, pages = connection.pragma("page_size"), connection.pragma("page_count")
    connection.close()
    data = bytearray(path.read_bytes())
    data[size:] = b"\xff" * (size * (pages - 1))
    path.write_bytes(data)
    store = SqliteLedger.__new__(SqliteLedger)
    store._path, store._connection = str(path), apsw.Connection(str(path))
    asked: list[Callable[[], object]] = [
        store.head,
        store.checkpoint,
        store.cosigned,
        store.frozen,
        store.entry_end,
        store.refused,
        lambda: store.waiting(9),
        lambda: store.leaves(0, 9),
        lambda: list(store.entries(0, 9)),
        lambda: store.indexes_of([bytes(16)]),
        lambda: store.event_ids(b"", 9),
        lambda: store.stray_sections(9),
        lambda: store.tile(0, 0),
        lambda: store.tile_roots(0, 0, 9),
        lambda: store.sections_under("k"),
    ]
    codes = []
    for ask in asked:
        with pytest.raises(UnavailableError) as said:
            ask()
        codes.append(said.value.code)
    store.close()

    assert codes == ["ledger.unreadable"] * len(asked)


def test_a_head_without_its_hashes_is_unreadable_and_no_defect(tmp_path: Path) -> None:
    store = SqliteLedger(tmp_path / "ledger.db")
    store.create(ORIGIN)
    store._connection.execute("drop table log")
    store._connection.execute("create table log(id, origin, size, stack)")
    store._connection.execute("insert into log values (0, 'x', 1, null)")

    with pytest.raises(UnavailableError, match=r"ledger\.unreadable"):
        store.head()
    store.close()
