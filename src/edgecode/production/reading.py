"""From stored entries to events: every section opened and compared with its commitment, so that no answer rests on an altered row."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, Protocol

from edgecode.events.codec import commitment_holds, parse_leaf
from edgecode.events.person_kinds import PersonErased
from edgecode.events.registry import Opaque, Recorded, read_event
from edgecode.ledger.store import LogStore, StoredEntry
from edgecode.people.sealing import open_sections
from edgecode.people.store import KeyStore
from edgecode.terms.identity import RecordId

_DECIDES_NOTHING = frozenset({"text", "graph"})
"""Sections that no answer about frames follows from: an event without them is read as it is."""

_LEAVES = 2_000
_OF_ERASURES = f'"type":"{PersonErased.TYPE}"'.encode()


class Covers(Protocol):
    """Which sections of events may be absent."""

    @property
    def sections(self) -> frozenset[tuple[RecordId, str]]:
        """(event, section) of everything that was erased."""


class Covered(NamedTuple):
    """Sections that are known to be erased, or will be."""

    sections: frozenset[tuple[RecordId, str]]


class Erasures:
    """What the erasures in one log cover. The log is read through for them when something is missing, and not before."""

    def __init__(self, ledger: LogStore) -> None:
        self._ledger = ledger

    def events(self) -> Iterator[tuple[int, PersonErased]]:
        """Every erasure with its entry's index, oldest first; one whose fact is not what its entry commits to covers nothing."""
        for first in range(0, self._ledger.entry_end(), _LEAVES):
            leaves = self._ledger.leaves(first, first + _LEAVES)
            if not any(_OF_ERASURES in leaf for leaf in leaves):
                continue
            for entry in self._ledger.entries(first, first + _LEAVES):
                event = _erasure(entry) if _OF_ERASURES in entry.leaf else None
                if event is not None:
                    yield entry.index, event

    @cached_property
    def sections(self) -> frozenset[tuple[RecordId, str]]:
        """(event, section) of everything that was erased."""
        return frozenset(
            (gone.event, name) for _, event in self.events() for gone in event.fact.erased for name in gone.sections
        )

    def places(self) -> frozenset[tuple[int, str]]:
        """The same as (index, section)."""
        events = sorted({event for event, _ in self.sections})
        indexes = self._ledger.indexes_of([_key(event) for event in events])
        return frozenset((indexes[_key(event)], name) for event, name in self.sections if _key(event) in indexes)


def recorded(entries: Iterable[StoredEntry], keys: KeyStore, *, erasures: Covers | None = None) -> Iterator[Recorded]:
    """The events of *entries*. One that lacks a section which could decide something is opaque: counted as unread, never guessed at,
    unless *erasures* cover what it lacks: then it is read as far as it goes.

    Raises what `open_sections` raises.
    """
    for entry in entries:
        leaf = parse_leaf(entry.leaf)
        sections = open_sections(leaf, entry.sections, keys=keys, entry=entry.index)
        lacking = leaf.commitments.keys() - sections.keys() - _DECIDES_NOTHING
        is_whole = not lacking or (
            erasures is not None and all((leaf.id, name) in erasures.sections for name in lacking)
        )
        event = read_event(leaf.type, sections) if is_whole else Opaque(leaf.type, sections)
        yield Recorded(entry.index, leaf, event)


def _erasure(entry: StoredEntry) -> PersonErased | None:
    leaf = parse_leaf(entry.leaf)
    for section in entry.sections:
        committed = leaf.commitments.get("fact", "")
        if section.name == "fact" and commitment_holds(section.salt, section.data, committed):
            event = read_event(leaf.type, {"fact": section.data})
            return event if isinstance(event, PersonErased) else None
    return None


def _key(event: RecordId) -> bytes:
    return bytes.fromhex(event.replace("-", ""))
