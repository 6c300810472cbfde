"""From stored entries to events: every section opened and compared with its commitment, so that no answer rests on an altered row."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, Protocol

from edgecode.errors import EdgecodeError
from edgecode.events.codec import commitment_holds, parse_leaf
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import ApproverNamed, PersonDepicted, PersonErased
from edgecode.events.registry import Opaque, Recorded, read_event
from edgecode.ledger.store import LogStore, StoredEntry
from edgecode.people.sealing import open_sections
from edgecode.people.store import KeyStore
from edgecode.production.log.approvals import is_approved
from edgecode.terms.identity import RecordId

_DECIDES_NOTHING = frozenset({"text", "graph"})
"""Sections that no answer about frames follows from: an event without them is read as it is."""

_LEAVES = 2_000
_OF_ERASURES = f'"type":"{PersonErased.TYPE}"'.encode()
_OF_APPROVERS = f'"type":"{ApproverNamed.TYPE}"'.encode()
_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')
_ACTOR = re.compile(rb'\{"actor":"(k:[0-9a-f]{16})"')


class Covers(Protocol):
    """Which sections of events may be absent."""

    @property
    def sections(self) -> frozenset[tuple[RecordId, str]]:
        """(event, section) of everything that was erased."""

    @property
    def unapproved(self) -> frozenset[int]:
        """Entries that state an erasure which two people did not approve: they erase nothing."""


class Covered(NamedTuple):
    """Sections that are known to be erased, or will be."""

    sections: frozenset[tuple[RecordId, str]]
    unapproved: frozenset[int] = frozenset()


class StatedErasure(NamedTuple):
    """An erasure as it stands in the log. *ts*: its leaf's time, milliseconds since 1970. *approved*: two people who could approved it."""

    entry: int
    ts: int
    event: PersonErased
    approved: bool


class Erasures:
    """What the erasures in one log cover. The log is read through for them when something is missing, and not before."""

    def __init__(self, ledger: LogStore) -> None:
        self._ledger = ledger

    @cached_property
    def stated(self) -> tuple[StatedErasure, ...]:
        """Every erasure in the log, oldest first; one whose fact is not what its entry commits to is passed over.

        Each is judged by the approvers and the signing keys that the entries before it tell of. Reads every leaf once, about 1 µs each.
        """
        found: list[StatedErasure] = []
        known: dict[RecordId, tuple[str, bool]] = {}
        signing: set[str] = set()
        for first in range(0, self._ledger.entry_end(), _LEAVES):
            leaves = self._ledger.leaves(first, first + _LEAVES)
            signing |= {match[1].decode() for leaf in leaves if (match := _ACTOR.match(leaf))}
            if not any(_OF_ERASURES in leaf or _OF_APPROVERS in leaf for leaf in leaves):
                continue
            for entry in self._ledger.entries(first, first + _LEAVES):
                ts, event = _of_erasing(entry)
                if isinstance(event, ApproverNamed):
                    known[event.fact.approver] = event.fact.key, not event.fact.retired
                elif isinstance(event, PersonErased):
                    approved = is_approved(event.fact, known, signing=signing)
                    found.append(StatedErasure(entry.index, ts, event, approved))
        return tuple(found)

    def events(self) -> Iterator[tuple[int, PersonErased]]:
        """Every erasure that two people approved with its entry's index, oldest first; others cover nothing."""
        return ((one.entry, one.event) for one in self.stated if one.approved)

    @cached_property
    def unapproved(self) -> frozenset[int]:
        """Entries that state an erasure which two people did not approve: they erase nothing."""
        return frozenset(one.entry for one in self.stated if not one.approved)

    @cached_property
    def sections(self) -> frozenset[tuple[RecordId, str]]:
        """(event, section) of everything that was erased."""
        return frozenset(
            (gone.event, name) for _, event in self.events() for gone in event.fact.erased for name in gone.sections
        )

    def places(self) -> frozenset[tuple[int, str]]:
        """The same as (index, section)."""
        indexes = indexes_of_events(self._ledger, {event for event, _ in self.sections})
        return frozenset((indexes[event], name) for event, name in self.sections if event in indexes)


def indexes_of_events(ledger: LogStore, events: Collection[RecordId]) -> dict[RecordId, int]:
    """Where the log has these events; those it does not have are left out.

    The table of ids is a help that nothing signs: what it does not lead to rightly is looked for in the leaves, about 1 µs each.
    """
    by_key = ledger.indexes_of([_key(event) for event in events])
    found = {event: by_key[_key(event)] for event in events if _key(event) in by_key}
    for event, index in list(found.items()):
        if [_id_in(leaf) for leaf in ledger.leaves(index, index + 1)] != [event]:
            del found[event]
    lacking = set(events) - found.keys()
    for first in range(0, ledger.entry_end() if lacking else 0, _LEAVES):
        found |= {
            event: entry.index
            for entry in ledger.entries(first, first + _LEAVES)
            if (event := _id_in(entry.leaf)) in lacking
        }
    return found


def recorded(entries: Iterable[StoredEntry], keys: KeyStore, *, erasures: Covers | None = None) -> Iterator[Recorded]:
    """The events of *entries*. One that lacks a section which could decide something is opaque: counted as unread, never guessed at,
    unless *erasures* cover what it lacks: then it is read as far as it goes. An erasure that two people did not approve is opaque too.

    Raises what `open_sections` raises.
    """
    for entry in entries:
        leaf = parse_leaf(entry.leaf)
        sections = open_sections(leaf, entry.sections, keys=keys, entry=entry.index)
        lacking = leaf.commitments.keys() - sections.keys() - _DECIDES_NOTHING
        is_whole = not lacking or (
            erasures is not None and all((leaf.id, name) in erasures.sections for name in lacking)
        )
        # That somebody is in a version is said by the fact alone: without whom, they are unknown, and never nobody.
        of_somebody = leaf.type == PersonDepicted.TYPE and "fact" in sections
        event = read_event(leaf.type, sections) if is_whole or of_somebody else Opaque(leaf.type, sections)
        if isinstance(event, PersonErased) and erasures is not None and entry.index in erasures.unapproved:
            event = Opaque(leaf.type, sections)
        yield Recorded(entry.index, leaf, event)


def _of_erasing(entry: StoredEntry) -> tuple[int, Event | Opaque | None]:
    """Time and event of an entry about an erasure or an approver; None for others, and for those that say what nobody committed to."""
    if _OF_ERASURES not in entry.leaf and _OF_APPROVERS not in entry.leaf:
        return 0, None
    try:
        leaf = parse_leaf(entry.leaf)
        for section in entry.sections:
            committed = leaf.commitments.get("fact", "")
            if section.name == "fact" and commitment_holds(section.salt, section.data, committed):
                return leaf.ts, read_event(leaf.type, {"fact": section.data})
    except EdgecodeError:
        return 0, None
    return 0, None


def _id_in(leaf: bytes) -> RecordId:
    found = _ID.search(leaf)
    return found[1].decode() if found else ""


def _key(event: RecordId) -> bytes:
    return bytes.fromhex(event.replace("-", ""))
