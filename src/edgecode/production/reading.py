"""From stored entries to events: every section opened and compared with its commitment, so that no answer rests on an altered row."""

from collections.abc import Iterable, Iterator

from edgecode.events.codec import parse_leaf
from edgecode.events.registry import Opaque, Recorded, read_event
from edgecode.ledger.store import StoredEntry
from edgecode.people.sealing import open_sections
from edgecode.people.store import KeyStore

_DECIDES_NOTHING = frozenset({"text", "graph"})
"""Sections that no answer about frames follows from: an event without them is read as it is."""


def recorded(entries: Iterable[StoredEntry], keys: KeyStore) -> Iterator[Recorded]:
    """The events of *entries*. One that lacks a section which could decide something is opaque: counted as unread, never guessed at.

    Raises what `open_sections` raises.
    """
    for entry in entries:
        leaf = parse_leaf(entry.leaf)
        sections = open_sections(leaf, entry.sections, keys=keys, entry=entry.index)
        is_whole = leaf.commitments.keys() - sections.keys() <= _DECIDES_NOTHING
        event = read_event(leaf.type, sections) if is_whole else Opaque(leaf.type, sections)
        yield Recorded(entry.index, leaf, event)
