"""Both ends of a production's inbox: a writer without a signing key puts events in, a machine with the key takes them into the log."""

import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from edgecode.drivers.private_files import require_own_folder
from edgecode.drivers.world import World
from edgecode.errors import EdgecodeError, HeldError, RefusedError
from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import DatasetKnown, Event, ModelKnown, SequenceSeen, StepPerformed, VersionSeen
from edgecode.events.registry import read_event
from edgecode.events.sealed import SealedEvent
from edgecode.index.memory import Memory
from edgecode.ledger import sequencer
from edgecode.ledger.sequencer import Drained
from edgecode.ledger.store import Stand, moved_away
from edgecode.people.sealing import key_of, open_sections, seal
from edgecode.people.store import KeyStore
from edgecode.production.captures import Captures, captures, keys_at_append
from edgecode.production.log.history import refuse_unfinished_recovery
from edgecode.production.log.stores import MoveGuard, open_keys, open_ledger
from edgecode.production.persons.biometric import seal_late
from edgecode.production.record import Record, refuse_keys_of_another_time
from edgecode.settings import STATE_FOLDER, read_settings
from edgecode.terms.identity import RecordId

NOBODY = "k:" + "0" * 16
"""The actor of events that came through the inbox: no key. Whoever runs the sequencer takes them in and signs the log."""
OBSERVATIONS = {kind.TYPE: kind for kind in (VersionSeen, SequenceSeen, StepPerformed, ModelKnown, DatasetKnown)}
"""What may come through the inbox: what was seen and made. Decisions, and what is said about persons or the log itself, need a key."""


class Objection(StrEnum):
    """Why an event cannot enter the log through the inbox."""

    KIND = "no-observation"
    ACTOR = "actor"
    PARTS = "not-whole"
    UNREAD = "unreadable"
    KEYS = "other-keys"
    TAKEN = "id-taken"
    STEP = "step-recorded"


class InboxWriter:
    """Puts events of a production into its inbox. It needs the production's settings and keys to seal with, and no signing key."""

    def __init__(self, folder: Path, *, world: World | None = None) -> None:
        """Open the ledger and the keys that the settings in *folder* name.

        Raises what `open_ledger` and `open_keys` raise, UnavailableError ``keys.incomplete`` and ``store.moved``, HeldError
        ``recover.unfinished``.
        """
        self._world, self.settings = world or World(), read_settings(folder)
        require_own_folder(folder / STATE_FOLDER)
        refuse_unfinished_recovery(folder / STATE_FOLDER)
        with ExitStack() as opened:
            self.ledger = opened.enter_context(closing(open_ledger(self.settings, folder)))
            self.keys = opened.enter_context(closing(open_keys(self.settings, folder)))
            # A key that is missing would be made anew here, and nobody could open what it sealed.
            refuse_keys_of_another_time(self.keys, self.settings.production)
            self._refuse_moved()
            self._places = MoveGuard(folder, self.settings)
            self._stores = opened.pop_all()

    def accept(self, events: Iterable[Event], *, at: Stand | None = None) -> list[int]:
        """Seal *events* and put them into the inbox, on disk when this returns; a ticket for each. They are accepted, not yet in the log.

        *at*: only when log and inbox stand there, else MovedError.

        Raises RefusedError ``inbox.kind`` for an event that is no observation; nothing was accepted then. UnavailableError
        ``store.moved``: they may have been accepted in a place that nobody takes events from any more.
        """
        given = list(events)
        for event in given:
            if event.TYPE not in OBSERVATIONS:
                raise no_observation(event.TYPE)
        self._places.refuse_moved()
        with self.keys.together():
            sealed = [
                seal(
                    event,
                    id=self._world.new_id(),
                    ts=self._world.milliseconds(),
                    actor=NOBODY,
                    keys=self.keys,
                    production=self.settings.production,
                    randomness=self._world.randomness,
                )
                for event in given
            ]
        tickets = self.ledger.accept(sealed, at=at)
        # The record may have moved in between, and the inbox with it; another machine may have moved it at any time.
        self._places.refuse_moved()
        self._refuse_moved()
        return tickets

    def _refuse_moved(self) -> None:
        if (note := self.ledger.marks().moved) is not None:
            raise moved_away(note)

    def close(self) -> None:
        """Let go of the stores."""
        self._stores.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def sequence(record: Record) -> Drained:
    """Take everything that waits in the inbox into the log and the index. Raises HeldError ``inbox.in_use``, and like `sequencer.drain`."""
    with record.ledger.sequencing() as alone:
        if not alone:
            raise HeldError(
                "inbox.in_use",
                "another process takes the inbox of this production into its log",
                "Leave it to that one, or end it first",
            )
        gate = _Gate(record)
        done = sequencer.drain(record.ledger, record.log, may_enter=gate.may_enter, judging=gate.judging)
        gate.settle()
    return done


def follow(record: Record, stop: threading.Event, *, told: Callable[[Drained], None]) -> None:
    """The same whenever something arrives, until *stop* is set; waits while another process does it. Raises like `sequencer.follow`."""

    gate = _Gate(record)

    def settled(done: Drained) -> None:
        gate.settle()
        told(done)

    sequencer.follow(record.ledger, record.log, stop, told=settled, may_enter=gate.may_enter, judging=gate.judging)


class _Gate:
    """What may enter one record: observations, none that would bring back what was erased, and no step a second time."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._own: Captures | None = None
        self._steps: set[RecordId] = set()
        self._settled = record.log.size

    def judging(self, size: int) -> bool:
        """That it depends on the very size of the log what may enter: somebody may record the same step meanwhile."""
        self._record.catch_up()
        self._own = captures(self._record.index)
        self._steps.clear()
        return True

    def may_enter(self, event: SealedEvent) -> bool:
        """Whether an event is an observation (`observation_in`) against which no erasure stands."""
        said = observation_in(event, keys=self._record.keys, production=self._record.settings.production)
        if isinstance(said, Objection):
            return False
        try:
            if self._own is not None:
                keys_at_append(self._record.index, self._own, [said])
        except RefusedError:
            return False
        return not isinstance(said, StepPerformed) or self._is_new(said.fact.step)

    def _is_new(self, step: RecordId) -> bool:
        is_new = step not in self._steps and not Memory(self._record.index).step_known(step)
        self._steps.add(step)
        return is_new

    def settle(self) -> None:
        """Bring the index up, and seal with people's keys what is their own."""
        self._record.settle()
        seal_late(self._record, self._settled)
        self._settled = self._record.log.size


def observation_in(event: SealedEvent, *, keys: KeyStore, production: RecordId) -> Event | Objection:
    """What an event from the inbox says, or why it cannot enter the log.

    It enters as an observation, signed for by nobody, whole, readable and sealed with the right keys: in the log it stays for ever, and one
    that cannot be read would stop whoever reads.
    """
    leaf = parse_leaf(event.leaf)
    names = [section.name for section in event.sections]
    if leaf.type not in OBSERVATIONS:
        return Objection.KIND
    if leaf.actor != NOBODY:
        return Objection.ACTOR
    if sorted(names) != sorted(leaf.commitments):
        return Objection.PARTS
    try:
        opened = open_sections(leaf, event.sections, keys=keys, entry=0)
        read = read_event(leaf.type, opened)
        if not isinstance(read, OBSERVATIONS[leaf.type]) or opened.keys() != leaf.commitments.keys():
            return Objection.UNREAD
        if leaf.refs != read.refs():
            return Objection.PARTS
        own = all(section.key_id == key_of(read, section.name, production=production) for section in event.sections)
    except (EdgecodeError, ValueError):
        return Objection.UNREAD
    return read if own else Objection.KEYS


def no_observation(kind: str) -> RefusedError:
    """What is said of an event that needs a signing key."""
    return RefusedError(
        "inbox.kind",
        f"an event of kind {kind} does not come through the inbox",
        "Record it on a machine that has the signing key",
    )
