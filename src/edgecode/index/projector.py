"""From the ledger to the index: one reducer for every kind of event, applied in ledger order.

A reducer sees one event and the tables, nothing else, so that projecting in one go, in pieces or again from nothing gives the
same rows by key (promise 8; `dump` is what is compared).
"""

from collections.abc import Callable, Iterable
from typing import cast

from msgspec import Struct

from edgecode.errors import InvalidError
from edgecode.events.kept_kinds import KEPT_KINDS
from edgecode.events.kinds import (
    AnswerGiven,
    AnswerWithdrawn,
    ConformDecided,
    CutAdded,
    DatasetKnown,
    Event,
    ModelKnown,
    ProductionOpened,
    RootNamed,
    SequenceSeen,
    StepPerformed,
    StepWithdrawn,
    VersionSeen,
)
from edgecode.events.record_kinds import KeyRetired, KeyRotated, LogRecovered, PackMade, SectionDisclosed
from edgecode.events.registry import Opaque, Recorded
from edgecode.index.editing import add_cut, decide_conform
from edgecode.index.entries import note_entry
from edgecode.index.keys import key_of, record_of
from edgecode.index.persons import PERSON_REDUCERS, note_right
from edgecode.index.roots import name_root
from edgecode.index.rows import data, number, text
from edgecode.index.settled import give_answer, withdraw_answer
from edgecode.index.steps import perform
from edgecode.index.store import IndexStore, Value
from edgecode.index.versions import know_by_commitment, know_dataset, know_model, see_sequence, see_version
from edgecode.index.withdrawn import withdraw_step
from edgecode.terms.identity import RecordId


def open_production(store: IndexStore, event: ProductionOpened, log_index: int) -> None:
    """The first event of a log names the production."""
    store.run("add_production", key_of(event.fact.production), event.fact.title, log_index)


def say_nothing(store: IndexStore, event: Event, log_index: int) -> None:
    """An event about the record itself changes no answer."""


REDUCERS: dict[type[Event], Callable[..., None]] = {
    ProductionOpened: open_production,
    RootNamed: name_root,
    StepPerformed: perform,
    StepWithdrawn: withdraw_step,
    CutAdded: add_cut,
    ConformDecided: decide_conform,
    AnswerGiven: give_answer,
    AnswerWithdrawn: withdraw_answer,
    **dict.fromkeys((KeyRotated, KeyRetired, LogRecovered, PackMade, SectionDisclosed), say_nothing),
}
"""What each kind of event changes. A kind without a reducer is counted as unread, never guessed at."""

OF_SIGHTINGS: dict[type[Event], Callable[..., None]] = {
    VersionSeen: see_version,
    SequenceSeen: see_sequence,
    ModelKnown: know_model,
    DatasetKnown: know_dataset,
}
"""Those that say which bytes something has: they are told the commitment to that as well, which outlives it."""


def project(store: IndexStore, recorded: Iterable[Recorded], *, size: int, root: bytes) -> None:
    """Apply events in ledger order and stand at tree *size* with *root*, in one transaction.

    Events that are already in are passed over. Raises InvalidError ``index.gap`` when one is missing in between: an index with
    a hole would make unknown things look known.
    """
    with store.transaction():
        expected, _ = watermark(store)
        if expected > size:
            return  # another process has come further meanwhile
        for entry in recorded:
            if entry.index < expected:
                continue
            if entry.index != expected:
                raise _gap(expected)
            _apply(store, entry)
            expected += 1
        if expected != size:
            raise _gap(expected)
        store.run("set_watermark", size, root)


def watermark(store: IndexStore) -> tuple[int, bytes]:
    """The tree size and root that the index stands for; (0, b"") for an empty one."""
    ((size, root),) = store.rows("watermark")
    return number(size), data(root)


def unread(store: IndexStore) -> dict[str, int]:
    """Events by type that this release could not read: what they say is missing from every answer."""
    return {cast(str, type_): number(count) for type_, count in store.rows("unread")}


class Problem(Struct, frozen=True):
    """A record that contradicts others: stable code, the entry of the ledger that showed it, the records concerned where there are any.

    Codes: ``step.cycle`` (an input was left out, the step's output is `dangling-parent`), ``dataset.cycle``, ``step.twice``,
    ``step.unknown`` (a step was taken back that nobody recorded), ``cut.twice``, ``answer.twice``, ``answer.unknown``,
    ``version.two_contents``, ``claim.differs``.
    """

    code: str
    log_index: int
    step: RecordId | None
    version: RecordId | None


def problems(store: IndexStore) -> list[Problem]:
    """Every contradiction found while projecting, in ledger order."""
    return [
        Problem(text(code), number(index), _record(step), _record(version))
        for index, code, step, version in store.rows("problems")
    ]


def _record(key: Value) -> RecordId | None:
    return record_of(key) if isinstance(key, bytes) else None


def _apply(store: IndexStore, entry: Recorded) -> None:
    event = entry.event
    of_persons = PERSON_REDUCERS.get(type(event)) or (note_right if isinstance(event, KEPT_KINDS) else None)
    of_sightings = None if isinstance(event, Opaque) else OF_SIGHTINGS.get(type(event))
    reducer = None if isinstance(event, Opaque) else REDUCERS.get(type(event))
    if of_persons is not None:
        of_persons(store, entry)
    elif of_sightings is not None:
        committed = entry.leaf.commitments.get("bytes", "")
        of_sightings(store, event, entry.index, committed)
        if committed and isinstance(event, _NAMED_BY_BYTES) and event.bytes is None:
            know_by_commitment(store, event.fact.version, committed)
    elif reducer is not None:
        reducer(store, event, entry.index)
    else:
        store.run("add_unread", entry.leaf.type)
    note_entry(store, event, entry.index)


_NAMED_BY_BYTES = (VersionSeen, SequenceSeen, ModelKnown, DatasetKnown)


def _gap(expected: int) -> InvalidError:
    return InvalidError(
        "index.gap", f"entry {expected} of the ledger did not reach the index", "Rebuild the index from the ledger"
    )
