"""Both ends of a production's inbox: a writer without a signing key puts events in, a machine with the key takes them into the log."""

import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Self

from edgecode.drivers.world import World
from edgecode.errors import EdgecodeError, HeldError, RefusedError
from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import DatasetKnown, Event, ModelKnown, SequenceSeen, StepPerformed, VersionSeen
from edgecode.events.registry import read_event
from edgecode.events.sealed import SealedEvent
from edgecode.ledger import sequencer
from edgecode.ledger.sequencer import Drained
from edgecode.people.sealing import key_of, open_sections, seal
from edgecode.people.store import KeyStore
from edgecode.production.record import Record
from edgecode.production.stores import open_keys, open_ledger
from edgecode.settings import read_settings
from edgecode.terms.identity import RecordId

NOBODY = "k:" + "0" * 16
"""The actor of events that came through the inbox: no key. Whoever runs the sequencer takes them in and signs the log."""
OBSERVATIONS = {kind.TYPE: kind for kind in (VersionSeen, SequenceSeen, StepPerformed, ModelKnown, DatasetKnown)}
"""What may come through the inbox: what was seen and made. Decisions, and what is said about persons or the log itself, need a key."""


class InboxWriter:
    """Puts events of a production into its inbox. It needs the production's settings and keys to seal with, and no signing key."""

    def __init__(self, folder: Path, *, world: World | None = None) -> None:
        """Open the ledger and the keys that the settings in *folder* name. Raises what `open_ledger` and `open_keys` raise."""
        self._world, self._settings = world or World(), read_settings(folder)
        with ExitStack() as opened:
            self._ledger = opened.enter_context(closing(open_ledger(self._settings, folder)))
            self._keys = opened.enter_context(closing(open_keys(self._settings, folder)))
            self._stores = opened.pop_all()

    def accept(self, events: Iterable[Event]) -> list[int]:
        """Seal *events* and put them into the inbox, on disk when this returns; a ticket for each. They are accepted, not yet in the log.

        Raises RefusedError ``inbox.kind`` for an event that is no observation; nothing was accepted then.
        """
        given = list(events)
        for event in given:
            if event.TYPE not in OBSERVATIONS:
                raise RefusedError(
                    "inbox.kind",
                    f"an event of kind {event.TYPE} does not come through the inbox",
                    "Record it on a machine that has the signing key",
                )
        with self._keys.together():
            sealed = [
                seal(
                    event,
                    id=self._world.new_id(),
                    ts=self._world.milliseconds(),
                    actor=NOBODY,
                    keys=self._keys,
                    production=self._settings.production,
                    randomness=self._world.randomness,
                )
                for event in given
            ]
        return self._ledger.accept(sealed)

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
        done = sequencer.drain(record.ledger, record.log, may_enter=_gate(record))
        record.settle()
    return done


def follow(record: Record, stop: threading.Event, *, told: Callable[[Drained], None]) -> None:
    """The same whenever something arrives, until *stop* is set; waits while another process does it. Raises like `sequencer.follow`."""

    def settled(done: Drained) -> None:
        record.settle()
        told(done)

    sequencer.follow(record.ledger, record.log, stop, told=settled, may_enter=_gate(record))


def _gate(record: Record) -> sequencer.MayEnter:
    return lambda event: may_enter(event, keys=record.keys, production=record.settings.production)


def may_enter(event: SealedEvent, *, keys: KeyStore, production: RecordId) -> bool:
    """Whether an event from the inbox is an observation, signed for by nobody, whole, readable and sealed with the right keys: in the log
    it stays for ever, and one that cannot be read would stop whoever reads."""
    leaf = parse_leaf(event.leaf)
    names = [section.name for section in event.sections]
    if leaf.type not in OBSERVATIONS or leaf.actor != NOBODY or sorted(names) != sorted(leaf.commitments):
        return False
    try:
        opened = open_sections(leaf, event.sections, keys=keys, entry=0)
        read = read_event(leaf.type, opened)
        if not isinstance(read, OBSERVATIONS[leaf.type]) or opened.keys() != leaf.commitments.keys():
            return False
        return leaf.refs == read.refs() and all(
            section.key_id == key_of(read, section.name, production=production) for section in event.sections
        )
    except (EdgecodeError, ValueError):
        return False
